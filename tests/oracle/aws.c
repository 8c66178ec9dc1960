/* Route tables of VPCs, of their subnets and of their internet gateways: every candidate, then the
 * rules that keep one out, each named by its fact. */
#include "oracle/oracle.h"

/* One table of a VPC. */
typedef OracleHolder Vpc;

/* ---- candidates ------------------------------------------------------------------------------ */

static void add_local(Vpc *vpc) {
  const DesignNetwork *network = &vpc->design->networks[vpc->network];
  for (guint i = 0; i < network->range_count; i++)
    oracle_add(vpc,
               (OracleRoute){.to = network->ranges[i], .kind = VIA_LOCAL, .index = vpc->network});
}

static void add_fib(Vpc *vpc) {
  const OracleRib *rib = &vpc->oracle->ribs[vpc->network][0];
  for (guint i = 0; vpc->propagated && i < rib->count; i++)
    if (rib->paths[i].best) /* AWS-4.2, AWS-5.4 */
      oracle_add(vpc, (OracleRoute){.to = rib->paths[i].to,
                                    .source = FROM_BGP,
                                    .kind = VIA_ADDRESS,
                                    .address = rib->paths[i].hop});
}

static void add_vgw_route(Vpc *vpc, Range to) {
  for (guint i = 0; i < vpc->table->count; i++) /* whoever tells it, it is one route */
    if (vpc->table->routes[i].source == FROM_VGW && range_equal(vpc->table->routes[i].to, to))
      return;
  oracle_add(vpc, (OracleRoute){.to = to,
                                .source = FROM_VGW,
                                .kind = VIA_GATEWAY,
                                .index = vpc->network,
                                .gateway = PATH_VPN});
}

static void add_vgw_site(Vpc *vpc, guint site, guint link) {
  const DesignTold *told = design_told(vpc->design, site, link);
  if (!design_tells(told))
    add_vgw_route(vpc, vpc->design->sites[site].range);
  for (guint i = 0; i < MOST_TOLD; i++)
    if (told[i].used)
      add_vgw_route(vpc, told[i].to);
}

/* A VPC has one virtual private gateway, for tunnels and private lines (AWS-11.14). */
static void add_vgw(Vpc *vpc) {
  const Design *design = vpc->design;
  for (guint s = 0; vpc->vgw && s < MOST_SITES; s++) {
    const DesignSite *site = &design->sites[s];
    if (site->used && site->vpns >> vpc->network & 1)
      add_vgw_site(vpc, s, LINK_VPN(vpc->network));
    if (site->used && site->circuits >> vpc->network & 1)
      add_vgw_site(vpc, s, LINK_CIRCUIT(vpc->network));
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
    oracle_add(vpc, added);
  }
}

/* ---- rules that keep out --------------------------------------------------------------------- */

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

/* One guide's claim, as a knob: a /32 enters every table (AWS-5.23). */
static gboolean is_inner_host(const Vpc *vpc, Range range) {
  return vpc->design->networks[vpc->network].inner_hosts && range.length == 32 &&
         is_inside(vpc, range);
}

/* The table of an internet gateway takes a block of the VPC or the range of a subnet. */
static gboolean not_for_a_gateway(const Vpc *vpc, const OracleRoute *route) {
  return route->source == FROM_BGP && vpc->edge && !is_a_block(vpc, route->to) &&
         !is_a_subnet(vpc, route->to) && !is_inner_host(vpc, route->to);
}

/* Inside the VPC's range a subnet's table takes whole subnets; what a route server writes never
 * replaces the local route (only what is written does: AWS-5.20). */
static gboolean not_a_whole_subnet(const Vpc *vpc, const OracleRoute *route) {
  return route->source == FROM_BGP && !vpc->edge && is_inside(vpc, route->to) &&
         !is_a_subnet(vpc, route->to) && !is_inner_host(vpc, route->to);
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

static const OracleRule rules[] = {
    {"AWS-4.19", no_interface_of_the_vpc, .unlisted = TRUE},
    {"AWS-5.19", not_for_a_gateway, .unlisted = TRUE},
    {"AWS-5.14", not_a_whole_subnet, .unlisted = TRUE},
    {"AWS-5.13", inside_local, .unlisted = TRUE},
    {"AWS-11.1", outranked, .unlisted = TRUE},
    {"AWS-5.20", local_is_replaced, .unlisted = TRUE},
};

static void work_out(Vpc *vpc) {
  add_local(vpc);
  add_fib(vpc);
  add_vgw(vpc);
  add_user(vpc);
  oracle_leave_out(vpc, rules, G_N_ELEMENTS(rules));
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
