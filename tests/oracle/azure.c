/* Effective routes of NICs: every candidate, then the rules that leave one out, each named by its
 * fact. */
#include "oracle/oracle.h"

#define IP(a, b, c, d) (((guint32)(a) << 24) | ((guint32)(b) << 16) | ((guint32)(c) << 8) | (d))

/* The NICs of one subnet. */
typedef OracleHolder Nics;

/* ---- candidates ----------------------------------------------------------------------------- */

/* A peering that is limited to others tells them nothing (AZ-5.16). Of GatewaySubnet no fact tells;
 * walks stop there. */
static gboolean sees(const Nics *nics, guint network) {
  for (guint s = 0; s < MOST_SUBNETS; s++)
    if (design_joined(nics->design, nics->network, nics->subnet, network, s))
      return TRUE;
  return network == nics->network;
}

static void add_system(Nics *nics) {
  static const struct {
    guint32 at;
    guint8 length;
  } dropped[] = {{IP(10, 0, 0, 0), 8},
                 {IP(172, 16, 0, 0), 12},
                 {IP(192, 168, 0, 0), 16},
                 {IP(100, 64, 0, 0), 10}};
  const Design *design = nics->design;
  for (guint n = 0; n < MOST_NETWORKS; n++) {
    const gboolean own = n == nics->network;
    Range range;
    for (guint i = 0; sees(nics, n) && design_known(design, nics->network, n, i, &range); i++)
      oracle_add(nics, (OracleRoute){.to = range, .kind = own ? VIA_LOCAL : VIA_PEER, .index = n});
  }
  oracle_add(nics, (OracleRoute){.to = range_make(0, 0), .kind = VIA_INTERNET});
  for (guint i = 0; i < G_N_ELEMENTS(dropped); i++) /* AZ-6.6 */
    oracle_add(nics,
               (OracleRoute){.to = range_make(dropped[i].at, dropped[i].length), .kind = VIA_NONE});
}

static void add_bgp(Nics *nics) {
  const guint serving =
      design_serving_subnet(nics->design, nics->network, nics->subnet); /* AZ-6.1, AZ-6.8 */
  if (serving == NOWHERE)
    return;
  const OracleRib *rib = &nics->oracle->ribs[serving][nics->instance];
  for (guint i = 0; i < rib->count; i++) {
    const OraclePath *path = &rib->paths[i];
    const gboolean nva = path->class == PATH_NVA;
    gboolean twice = FALSE; /* one next hop counts once */
    for (guint j = 0; j < i; j++)
      twice |= rib->paths[j].best && rib->paths[j].class == path->class &&
               rib->paths[j].hop == path->hop && rib->paths[j].instance == path->instance &&
               range_equal(rib->paths[j].to, path->to);
    if (path->best && !twice)
      oracle_add(nics, (OracleRoute){.to = path->to,
                                     .source = FROM_BGP,
                                     .kind = nva ? VIA_ADDRESS : VIA_GATEWAY,
                                     .address = path->hop,
                                     .index = serving,
                                     .instance = path->instance,
                                     .gateway = path->class});
  }
}

static void add_user(Nics *nics) {
  for (guint i = 0; nics->user != NULL && i < MOST_ROUTES; i++) {
    const UserRoute *route = &nics->user->routes[i];
    if (!route->used)
      continue;
    OracleRoute added = {.to = route->to, .source = FROM_USER, .index = nics->network};
    switch (route->kind) {
    case TARGET_NVA:
      added.kind = VIA_ADDRESS;
      added.address = design_nva_hop(nics->design, route->index);
      break;
    case TARGET_ADDRESS:
      added.kind = VIA_ADDRESS;
      added.address = route->address;
      break;
    case TARGET_NONE:
      added.kind = VIA_NONE;
      break;
    case TARGET_INTERNET:
      added.kind = VIA_INTERNET;
      break;
    case TARGET_LOCAL:
      added.kind = VIA_LOCAL;
      break;
    case TARGET_GATEWAY:
      added.kind = VIA_GATEWAY; /* each of its instances */
      added.gateway = PATH_VPN;
      oracle_add(nics, added);
      added.instance = 1;
      break;
    default:
      continue;
    }
    oracle_add(nics, added);
  }
}

/* ---- rules that leave out -------------------------------------------------------------------- */

/* ... as far as `from` knows of it (AZ-5.16). */
static gboolean inside_network(const Design *design, guint from, guint network, Range range) {
  Range known;
  for (guint i = 0; design_known(design, from, network, i, &known); i++)
    if (range_covers(known, range))
      return TRUE;
  return FALSE;
}

static gboolean propagation_is_off(const Nics *nics, const OracleRoute *route) {
  return route->source == FROM_BGP && nics->user != NULL && !nics->user->propagate;
}

/* Equal to, or inside, a network that the route server serves: its own and those that use it as a
 * remote gateway (scope: AZ-6.22). What a gateway tells is held back by AZ-8.4 already. */
static gboolean of_a_served_network(const Nics *nics, const OracleRoute *route) {
  const guint serving = design_serving(nics->design, nics->network);
  if (route->source != FROM_BGP || serving == NOWHERE || !nics->design->networks[serving].server)
    return FALSE;
  for (guint n = 0; n < MOST_NETWORKS; n++)
    if (nics->design->networks[n].used && design_serving(nics->design, n) == serving &&
        inside_network(nics->design, serving, n, route->to))
      return TRUE;
  return FALSE;
}

/* Equal to, or inside, what the NIC has by its own network or a peering of it (AZ-6.3, AZ-6.21). */
static gboolean of_an_own_peering(const Nics *nics, const OracleRoute *route) {
  for (guint n = 0; n < MOST_NETWORKS; n++)
    if (route->source == FROM_BGP && sees(nics, n) &&
        inside_network(nics->design, nics->network, n, route->to))
      return TRUE;
  return FALSE;
}

/* UDR, then BGP, then system, for the same prefix; what the rules above took out beats nobody. */
static gboolean beaten_at_equal_length(const Nics *nics, const OracleRoute *route) {
  for (guint i = 0; i < nics->table->count; i++) {
    const OracleRoute *other = &nics->table->routes[i];
    if (other->out == NULL && range_equal(other->to, route->to) && other->source > route->source)
      return TRUE;
  }
  return FALSE;
}

/* A None route, while 0.0.0.0/0 goes to an appliance or a gateway (AZ-6.20). */
static gboolean beside_an_overridden_default(const Nics *nics, const OracleRoute *route) {
  if (route->source != FROM_SYSTEM || route->kind != VIA_NONE)
    return FALSE;
  for (guint i = 0; i < nics->table->count; i++) {
    const OracleRoute *other = &nics->table->routes[i];
    if (other->out == NULL && other->to.length == 0 &&
        (other->kind == VIA_ADDRESS || other->kind == VIA_GATEWAY))
      return TRUE;
  }
  return FALSE;
}

static const OracleRule rules[] = {
    {"AZ-6.7", propagation_is_off, .unlisted = TRUE},
    {"AZ-6.4", of_a_served_network, .unlisted = TRUE},
    {"AZ-6.21", of_an_own_peering, .may_be_listed = TRUE},
    {"AZ-6.2", beaten_at_equal_length, .may_be_listed = TRUE},
    {"AZ-6.20", beside_an_overridden_default, .unlisted = TRUE},
};

/* In tables the system default is listed, as Invalid, under a user's, and not under one of BGP
 * (AZ-6.20); on NICs of the route server's own network what a peering covers is not listed
 * (AZ-6.22). */
static void tell_what_is_listed(Nics *nics) {
  for (guint i = 0; i < nics->table->count; i++) {
    OracleRoute *route = &nics->table->routes[i];
    if (route->out == NULL)
      continue;
    if (route->source == FROM_BGP && nics->design->networks[nics->network].server &&
        of_an_own_peering(nics, route)) {
      route->unlisted = TRUE;
      route->may_be_listed = FALSE;
    }
    if (route->source != FROM_SYSTEM || route->kind != VIA_INTERNET)
      continue;
    for (guint j = 0; j < nics->table->count; j++) {
      const OracleRoute *other = &nics->table->routes[j];
      if (other->out == NULL && other->to.length == 0) {
        route->unlisted = other->source == FROM_BGP && oracle_holds("AZ-6.20");
        route->may_be_listed = FALSE;
      }
    }
  }
}

static void work_out(Nics *nics) {
  add_system(nics);
  add_bgp(nics);
  add_user(nics);
  oracle_leave_out(nics, rules, G_N_ELEMENTS(rules));
  tell_what_is_listed(nics);
}

void oracle_azure_tables(Oracle *oracle) {
  const Design *design = &oracle->design;
  for (guint n = 0; n < MOST_NETWORKS; n++)
    for (guint s = 0; design->networks[n].used && s <= GATEWAY_SUBNET; s++) {
      Nics nics = {.oracle = oracle, .design = design, .network = n, .subnet = s};
      for (guint t = 0; t < MOST_TABLES && s < MOST_SUBNETS; t++)
        if (design->networks[n].tables[t].used && design->networks[n].tables[t].subnets >> s & 1)
          nics.user = &design->networks[n].tables[t];
      for (nics.instance = 0; nics.instance < INSTANCES; nics.instance++) {
        nics.table = &oracle->tables[n][s][nics.instance];
        work_out(&nics);
      }
    }
}
