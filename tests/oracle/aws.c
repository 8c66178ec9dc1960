/* Route tables of VPCs, of their subnets and of their internet gateways: every candidate, then the
 * rules that keep one out, each named by its fact. */
#include "oracle/oracle.h"

typedef struct {
  const Oracle *oracle;
  const Design *design;
  guint network;
  const UserTable *user; /* or NULL */
  gboolean edge;         /* of the internet gateway */
  gboolean propagated;   /* the route server writes to it */
  gboolean vgw;          /* the virtual private gateway does */
  OracleTable *table;
} Vpc;

static void add(Vpc *vpc, OracleRoute route) {
  g_assert(vpc->table->count < MOST_TABLE_ROUTES);
  vpc->table->routes[vpc->table->count++] = route;
}

/* ---- candidates ------------------------------------------------------------------------------ */

static void add_local(Vpc *vpc) {
  const DesignNetwork *network = &vpc->design->networks[vpc->network];
  for (guint i = 0; i < network->range_count; i++)
    add(vpc, (OracleRoute){.to = network->ranges[i], .kind = VIA_LOCAL, .index = vpc->network});
}

static void add_fib(Vpc *vpc) {
  const OracleRib *rib = &vpc->oracle->ribs[vpc->network][0];
  for (guint i = 0; vpc->propagated && i < rib->count; i++)
    if (rib->paths[i].best) /* AWS-4.2, AWS-5.4 */
      add(vpc, (OracleRoute){.to = rib->paths[i].to,
                             .source = FROM_BGP,
                             .kind = VIA_ADDRESS,
                             .address = rib->paths[i].hop});
}

static void add_vgw_route(Vpc *vpc, Range to) {
  for (guint i = 0; i < vpc->table->count; i++) /* whoever tells it, it is one route */
    if (vpc->table->routes[i].source == FROM_VGW && range_equal(vpc->table->routes[i].to, to))
      return;
  add(vpc, (OracleRoute){.to = to,
                         .source = FROM_VGW,
                         .kind = VIA_GATEWAY,
                         .index = vpc->network,
                         .gateway = PATH_VPN});
}

/* A VPC has one virtual private gateway, for tunnels and private lines (AWS-11.14). */
static void add_vgw(Vpc *vpc) {
  const Design *design = vpc->design;
  for (guint s = 0; vpc->vgw && s < MOST_SITES; s++) {
    const DesignSite *site = &design->sites[s];
    if (!site->used || !((site->vpns | site->circuits) >> vpc->network & 1))
      continue;
    if (!design_tells(site->told))
      add_vgw_route(vpc, site->range);
    for (guint i = 0; i < MOST_TOLD; i++)
      if (site->told[i].used)
        add_vgw_route(vpc, site->told[i].to);
  }
}

static void add_user(Vpc *vpc) {
  for (guint i = 0; vpc->user != NULL && i < MOST_ROUTES; i++) {
    const UserRoute *route = &vpc->user->routes[i];
    if (!route->used)
      continue;
    OracleRoute added = {.to = route->to,
                         .source = FROM_USER,
                         .prefix_list = route->prefix_list,
                         .index = vpc->network};
    switch (route->kind) {
    case TARGET_NVA:
      added.kind = VIA_ADDRESS;
      added.address = design_nva_hop(vpc->design, route->index);
      break;
    case TARGET_NONE:
      added.kind = VIA_NONE;
      break;
    case TARGET_INTERNET:
      added.kind = VIA_INTERNET;
      break;
    case TARGET_PEERING: {
      const DesignPeering *peering = &vpc->design->peerings[route->index];
      added.kind = VIA_PEER;
      added.index = peering->from == vpc->network ? peering->to : peering->from;
      break;
    }
    case TARGET_TRANSIT:
      added.kind = VIA_TRANSIT;
      break;
    case TARGET_NAT:
      added.kind = VIA_NAT;
      break;
    case TARGET_GATEWAY:
      added.kind = VIA_GATEWAY;
      added.gateway = PATH_VPN;
      break;
    default:
      continue;
    }
    add(vpc, added);
  }
}

/* ---- rules that keep out ------------------------------------------------------------------------
 */

static gboolean is_a_block(const Vpc *vpc, Range range) {
  const DesignNetwork *network = &vpc->design->networks[vpc->network];
  for (guint i = 0; i < network->range_count; i++)
    if (range_equal(network->ranges[i], range))
      return TRUE;
  return FALSE;
}

static gboolean is_a_subnet(const Vpc *vpc, Range range) {
  for (guint i = 0; i < MOST_SUBNETS; i++)
    if (range_equal(design_subnet(vpc->design, vpc->network, i), range))
      return TRUE;
  return FALSE;
}

static gboolean is_inside(const Vpc *vpc, Range range) {
  const DesignNetwork *network = &vpc->design->networks[vpc->network];
  for (guint i = 0; i < network->range_count; i++)
    if (range_covers(network->ranges[i], range))
      return TRUE;
  return FALSE;
}

/* A third-party next hop must belong to an interface in the VPC. */
static gboolean no_interface_of_the_vpc(const Vpc *vpc, const OracleRoute *route) {
  if (route->source != FROM_BGP)
    return FALSE;
  const guint nva = design_nva_at(vpc->design, route->address);
  return nva == NOWHERE || vpc->design->nvas[nva].network != vpc->network;
}

/* The table of an internet gateway takes a block of the VPC or the range of a subnet. */
static gboolean not_for_a_gateway(const Vpc *vpc, const OracleRoute *route) {
  return route->source == FROM_BGP && vpc->edge && !is_a_block(vpc, route->to) &&
         !is_a_subnet(vpc, route->to);
}

/* Inside the VPC's range a subnet's table takes whole subnets; what a route server writes never
 * replaces the local route (only what is written does: AWS-5.20). */
static gboolean not_a_whole_subnet(const Vpc *vpc, const OracleRoute *route) {
  return route->source == FROM_BGP && !vpc->edge && is_inside(vpc, route->to) &&
         !is_a_subnet(vpc, route->to);
}

/* A written route to a block of the VPC replaces the local route's target; in the table of a
 * gateway so does a route server's (AWS-5.19). */
static gboolean local_is_replaced(const Vpc *vpc, const OracleRoute *route) {
  for (guint i = 0; i < vpc->table->count && route->source == FROM_SYSTEM; i++) {
    const OracleRoute *other = &vpc->table->routes[i];
    if (other->out == NULL && other->source != FROM_SYSTEM && range_equal(other->to, route->to))
      return TRUE;
  }
  return FALSE;
}

/* Local wins over what a virtual private gateway propagates, even a longer one (AWS-5.13). */
static gboolean inside_local(const Vpc *vpc, const OracleRoute *route) {
  return route->source == FROM_VGW && is_inside(vpc, route->to);
}

/* Static, then prefix list, then propagated; of those the route server's or the gateway's, by the
 * knob (AWS-5.8, AWS-5.10, AWS-5.11, AWS-11.1). */
static guint rank(const Vpc *vpc, const OracleRoute *route) {
  if (route->source == FROM_USER)
    return route->prefix_list ? 1 : 0;
  return (route->source == FROM_VGW) == vpc->design->networks[vpc->network].rs_vs_vgw ? 2 : 3;
}

static gboolean outranked(const Vpc *vpc, const OracleRoute *route) {
  for (guint i = 0; i < vpc->table->count && route->source != FROM_SYSTEM; i++) {
    const OracleRoute *other = &vpc->table->routes[i];
    if (other->out == NULL && other->source != FROM_SYSTEM && range_equal(other->to, route->to) &&
        rank(vpc, other) < rank(vpc, route))
      return TRUE;
  }
  return FALSE;
}

static const struct {
  const char *fact;
  gboolean (*keeps_out)(const Vpc *vpc, const OracleRoute *route);
} rules[] = {
    {"AWS-4.19", no_interface_of_the_vpc},
    {"AWS-5.19", not_for_a_gateway},
    {"AWS-5.14", not_a_whole_subnet},
    {"AWS-5.13", inside_local},
    {"AWS-11.1", outranked},
    {"AWS-5.20", local_is_replaced},
};

static void work_out(Vpc *vpc) {
  add_local(vpc);
  add_fib(vpc);
  add_vgw(vpc);
  add_user(vpc);
  for (guint r = 0; r < G_N_ELEMENTS(rules); r++)
    for (guint i = 0; oracle_holds(rules[r].fact) && i < vpc->table->count; i++) {
      OracleRoute *route = &vpc->table->routes[i];
      if (route->out == NULL && rules[r].keeps_out(vpc, route)) {
        route->out = rules[r].fact;
        route->unlisted = TRUE;
      }
    }
}

static const UserTable *table_of(const DesignNetwork *network, guint subnet) {
  for (guint t = 0; t < MOST_TABLES; t++)
    if (network->tables[t].used && network->tables[t].subnets >> subnet & 1)
      return &network->tables[t];
  return NULL;
}

/* A table that several subnets share is written to where one of them is named. */
static gboolean is_propagated(const DesignNetwork *network, guint subnet) {
  const UserTable *table = table_of(network, subnet);
  const guint subnets = table != NULL ? table->subnets : 1u << subnet;
  return network->server && (network->propagate_to & subnets) != 0;
}

void oracle_aws_tables(Oracle *oracle) {
  const Design *design = &oracle->design;
  for (guint n = 0; n < MOST_NETWORKS; n++) {
    const DesignNetwork *network = &design->networks[n];
    if (!network->used)
      continue;
    for (guint s = 0; s < MOST_SUBNETS; s++) {
      const UserTable *user = table_of(network, s);
      Vpc vpc = {.oracle = oracle,
                 .design = design,
                 .network = n,
                 .user = user,
                 .propagated = is_propagated(network, s),
                 .vgw = (network->vpn || network->circuit) && (user == NULL || user->propagate),
                 .table = &oracle->tables[n][s][0]};
      work_out(&vpc);
    }
    const UserTable *edge = &network->tables[EDGE_TABLE];
    Vpc vpc = {.oracle = oracle,
               .design = design,
               .network = n,
               .user = edge->used ? edge : NULL,
               .edge = TRUE,
               .propagated =
                   network->server && edge->used && network->propagate_to >> MOST_SUBNETS & 1,
               .table = &oracle->edges[n]};
    work_out(&vpc);
    const UserTable *of_vgw = &network->tables[VGW_TABLE]; /* AWS-5.27, AWS-5.3 */
    Vpc behind = {.oracle = oracle,
                  .design = design,
                  .network = n,
                  .user = of_vgw->used ? of_vgw : NULL,
                  .edge = TRUE,
                  .table = &oracle->vgws[n]};
    work_out(&behind);
  }
}
