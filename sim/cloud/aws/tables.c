/* What stands in AWS route tables, and what a route server may put there. */
#include "aws_private.h"
#include "transit.h"

/* The longest prefix wins, then local, static, prefix list, propagated. A propagated route of a
 * virtual private gateway never beats local, even where it is more specific; what a route server
 * puts there does. A written route to one of the VPC's blocks is the local route with another
 * target, and precedes all. Facts: AWS-5.6, AWS-5.12, AWS-5.13, AWS-5.20, AWS-11.1. */
static const RouteOrigin replaced_local_origin = {
    .name = "CreateRoute", .rank = 0, .beats_longer_dynamic = TRUE, .written = TRUE};
const RouteOrigin aws_local_origin = {
    .name = "CreateRouteTable", .rank = 1, .beats_longer_dynamic = TRUE};
const RouteOrigin aws_static_origin = {.name = "CreateRoute", .rank = 2, .written = TRUE};
const RouteOrigin aws_prefix_list_origin = {
    .name = "CreateRoute (prefix list)", .rank = 3, .written = TRUE};
const RouteOrigin aws_advertisement_origin = {
    .name = "Advertisement", .rank = 4, .dynamic = TRUE, .keeps_longest = TRUE};
/* A virtual private gateway prefers Direct Connect, then VPN static, then VPN by BGP, and
 * propagates one of them, so that the three take one place of the table together. */
const RouteOrigin aws_vgw_origin = {
    .name = "EnableVgwRoutePropagation", .rank = 5, .dynamic = TRUE};
const RouteOrigin aws_vpn_static_origin = {.name = "EnableVgwRoutePropagation (static)",
                                           .rank = 6,
                                           .dynamic = TRUE,
                                           .counts_as = &aws_vgw_origin};
const RouteOrigin aws_vpn_bgp_origin = {.name = "EnableVgwRoutePropagation (VPN)",
                                        .rank = 7,
                                        .dynamic = TRUE,
                                        .counts_as = &aws_vgw_origin};
/* In a gateway's table whatever is put there replaces the target of local, also what a route
 * server writes. Facts: AWS-5.19. */
static const RouteOrigin gateway_local_origin = {
    .name = "CreateRouteTable", .rank = 8, .beats_longer_dynamic = TRUE};

#define VGW_WINS "a virtual private gateway propagates the same prefix (AWS-5.10)"

/* ---- building ------------------------------------------------------------------------------ */

static RouteTable *new_table(CloudTopology *topology, const char *name, const CloudNetwork *network,
                             const RouteOrigin *local) {
  RouteTable *table = route_table_new(topology->fabric, name);
  route_table_set_quota(table, AWS_PROPAGATED_ROUTES);
  const NextHop hop = {.kind = HOP_LOCAL, .network = network->network};
  for (guint i = 0; i < network_prefix_count(network->network); i++)
    route_table_put(table, network_prefix(network->network, i), local, &hop, 1);
  return table;
}

static gboolean is_block(const CloudNetwork *network, Prefix prefix) {
  for (guint i = 0; i < network_prefix_count(network->network); i++)
    if (prefix_equal(network_prefix(network->network, i), prefix))
      return TRUE;
  return FALSE;
}

static gboolean is_of_gateway(const CloudUserTable *user) {
  return user->edge != NULL || user->gateway != NULL;
}

/* A static route to the VPC's own block replaces the local route, but in tables of gateways.
 * Facts: AWS-5.20. */
static const RouteOrigin *written_to(const CloudNetwork *network, gboolean of_gateway, Prefix to) {
  return !of_gateway && is_block(network, to) ? &replaced_local_origin : &aws_static_origin;
}

/* A route that leads to local restores what another one replaced. Facts: AWS-5.20. */
static const RouteOrigin *origin_of(const CloudUserTable *user, const CloudUserRoute *route) {
  if (route->prefix_list)
    return &aws_prefix_list_origin;
  return route->hop.kind == HOP_LOCAL ? &aws_static_origin
                                      : written_to(user->network, is_of_gateway(user), route->to);
}

/* What users write stays theirs, beside what a route server or gateway puts there.
 * Facts: AWS-5.16. */
static void put_user_routes(const CloudUserTable *user) {
  for (guint i = 0; i < user->routes->len; i++) {
    const CloudUserRoute *route = &g_array_index(user->routes, CloudUserRoute, i);
    guint count;
    const NextHop *hops = cloud_user_route_hops(route, &count);
    route_table_put(user->table, route->to, origin_of(user, route), hops, count);
  }
}

/* Changes only what differs: routes that are written as they were stay untouched. */
void aws_set_user_routes(CloudTopology *topology, CloudUserTable *user, GArray *routes) {
  (void)topology;
  for (guint i = 0; i < user->routes->len; i++) {
    const CloudUserRoute *old = &g_array_index(user->routes, CloudUserRoute, i);
    gboolean kept = FALSE;
    for (guint j = 0; j < routes->len; j++) {
      const CloudUserRoute *new = &g_array_index(routes, CloudUserRoute, j);
      kept |= prefix_equal(new->to, old->to) && origin_of(user, new) == origin_of(user, old);
    }
    if (!kept)
      route_table_drop(user->table, old->to, origin_of(user, old));
  }
  user->routes = routes;
  put_user_routes(user);
}

/* The table that a gateway's inbound traffic follows: the one associated with it, else the
 * local routes of its VPC. */
static RouteTable *edge_table(CloudTopology *topology, const CloudEdge *edge) {
  for (guint i = 0; i < topology->user_tables->len; i++) {
    const CloudUserTable *user = topology->user_tables->pdata[i];
    if (user->edge == edge)
      return user->table;
  }
  return new_table(topology, edge->name, edge->network, &gateway_local_origin);
}

/* It passes to the Internet what interfaces of its own VPC send. Facts: AWS-5.21. */
static void build_internet_gateway(CloudTopology *topology, CloudEdge *edge) {
  const ElementConfig config = {.name = edge->name,
                                .node = net_node_new(topology->engine, edge->name),
                                .address = edge->address,
                                .network = edge->network->network,
                                .table = edge_table(topology, edge),
                                .internet_exit = TRUE};
  edge->element = element_new(topology->fabric, &config);
}

/* It stands in a subnet and follows its table: what leaves has its address as source, answers come
 * back to it, and nothing else comes in by it. */
static void build_nat_gateway(CloudTopology *topology, CloudEdge *edge) {
  const ElementConfig config = {.name = edge->name,
                                .node = net_node_new(topology->engine, edge->name),
                                .address = edge->address,
                                .network = edge->network->network,
                                .table = edge->subnet->tables->pdata[0],
                                .stateful = TRUE,
                                .snat = SNAT_ON,
                                .capacity = edge->capacity,
                                .zone = edge->subnet->zone};
  edge->element = element_new(topology->fabric, &config);
}

/* Each subnet has one route table; a table may serve many subnets, or none. It applies to what
 * leaves the subnet. Facts: AWS-5.2, AWS-11.2, AWS-11.3. */
void aws_build_tables(CloudTopology *topology) {
  for (guint i = 0; i < topology->user_tables->len; i++) {
    CloudUserTable *user = topology->user_tables->pdata[i];
    user->table = new_table(topology, user->name, user->network,
                            is_of_gateway(user) ? &gateway_local_origin : &aws_local_origin);
    put_user_routes(user);
  }
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      CloudSubnet *subnet = network->subnets->pdata[j];
      RouteTable *table = subnet->user_table != NULL
                              ? subnet->user_table->table
                              : new_table(topology, subnet->name, network, &aws_local_origin);
      subnet_set_on_link(subnet->subnet, TRUE);
      subnet_add_group(subnet->subnet, table, subnet->hosts);
      g_ptr_array_add(subnet->tables, table);
    }
  }
  for (guint i = 0; i < topology->edges->len; i++) {
    CloudEdge *edge = topology->edges->pdata[i];
    static void (*const build[])(CloudTopology *,
                                 CloudEdge *) = {[CLOUD_EDGE_INTERNET] = build_internet_gateway,
                                                 [CLOUD_EDGE_TRANSIT] = aws_build_transit,
                                                 [CLOUD_EDGE_NAT] = build_nat_gateway};
    build[edge->kind](topology, edge);
  }
}

/* ---- admission ----------------------------------------------------------------------------- */

/* The origins whose route keeps one of the route server out for an equal prefix. */
static const struct {
  const RouteOrigin *origin;
  gboolean only_if_vgw_wins;
  const char *reason;
} stronger[] = {
    {&aws_local_origin, FALSE, "the local route has the same prefix (AWS-11.1)"},
    {&aws_static_origin, FALSE,
     "a static route has the same prefix (AWS-5.8)" /* Facts: AWS-13.14. */},
    {&aws_prefix_list_origin, FALSE, "a prefix-list route has the same prefix (AWS-5.11)"},
    {&aws_vgw_origin, TRUE, VGW_WINS},
    {&aws_vpn_static_origin, TRUE, VGW_WINS},
    {&aws_vpn_bgp_origin, TRUE, VGW_WINS},
};

static gboolean has_ipv6(const CloudNetwork *network) {
  for (guint i = 0; i < network_prefix_count(network->network); i++)
    if (network_prefix(network->network, i).address.family == IP_V6)
      return TRUE;
  return FALSE;
}

static gboolean is_inside(const CloudNetwork *network, Prefix prefix) {
  for (guint i = 0; i < network_prefix_count(network->network); i++)
    if (prefix_covers(network_prefix(network->network, i), prefix))
      return TRUE;
  return FALSE;
}

static gboolean is_whole_subnet(const CloudNetwork *network, Prefix prefix) {
  for (guint i = 0; i < network->subnets->len; i++) {
    const CloudSubnet *subnet = network->subnets->pdata[i];
    if (prefix_equal(subnet_prefix(subnet->subnet), prefix))
      return TRUE;
  }
  return FALSE;
}

/* The table of the scenario that this one was made of; NULL: it is a subnet's own. */
static const CloudUserTable *user_table_of(const CloudTopology *topology, const RouteTable *table) {
  for (guint i = 0; i < topology->user_tables->len; i++) {
    const CloudUserTable *user = topology->user_tables->pdata[i];
    if (user->table == table)
      return user;
  }
  return NULL;
}

static gboolean is_followed(const CloudUserTable *user) {
  for (guint i = 0; i < user->network->subnets->len; i++)
    if (((const CloudSubnet *)user->network->subnets->pdata[i])->user_table == user)
      return TRUE;
  return FALSE;
}

/* One guide has them enter every table, against what is documented; a scenario can follow it.
 * Facts: AWS-5.14, AWS-5.19. */
static gboolean is_inner_host(const AwsConfig *config, Prefix prefix) {
  return config->inner_host_routes && prefix.address.family == IP_V4 && prefix.length == 32;
}

/* Which destinations a table takes follows from what it belongs to, whoever writes. NULL: this
 * one. */
static const char *refuse_destination(const CloudNetwork *network, gboolean of_gateway,
                                      Prefix prefix) {
  if (!is_inside(network, prefix))
    return of_gateway ? "the table of an internet gateway takes destinations in the VPC only "
                        "(AWS-5.15)"
                      : NULL;
  if (is_whole_subnet(network, prefix) || is_block(network, prefix))
    return NULL;
  return of_gateway ? "the table of an internet gateway takes a block of the VPC or the range of a "
                      "subnet, each whole (AWS-5.19)"
                    : "more specific than local, but not the prefix of a whole subnet (AWS-5.14)";
}

static const CloudNetwork *network_of(const CloudTopology *topology, const RouteTable *table) {
  const CloudUserTable *user = user_table_of(topology, table);
  for (guint i = 0; user == NULL && i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++)
      if (g_ptr_array_find(((const CloudSubnet *)network->subnets->pdata[j])->tables, table, NULL))
        return network;
  }
  g_assert(user != NULL);
  return user->network;
}

const RouteOrigin *aws_written_origin(const CloudTopology *topology, const RouteTable *table,
                                      Prefix prefix, const char **why) {
  const CloudNetwork *network = network_of(topology, table);
  const CloudUserTable *user = user_table_of(topology, table);
  const gboolean of_gateway = user != NULL && is_of_gateway(user);
  *why = refuse_destination(network, of_gateway, prefix);
  return *why == NULL ? written_to(network, of_gateway, prefix) : NULL;
}

/* A route that was kept out enters when what kept it out goes, a static one for example: the
 * machine asks again whenever the table changes. Facts: AWS-5.9, AWS-5.24. */
const char *aws_admit(const RouteServer *server, const RouteTable *table, Prefix prefix,
                      const RoutePlan *plan) {
  const RouteServerConfig *own = route_server_config(server);
  const AwsConfig *config = own->config;
  const CloudUserTable *user = user_table_of(route_server_topology(server), table);
  RouteView view;
  (void)plan; /* its hops are network interfaces of the VPC: see aws_plan() */
  if (prefix.address.family == IP_V6 && !has_ipv6(own->network))
    return "the VPC has no IPv6 prefix (AWS-2.6)";
  for (guint i = 0; i < G_N_ELEMENTS(stronger); i++)
    if ((!stronger[i].only_if_vgw_wins || config->rs_vs_vgw == AWS_VGW_WINS) &&
        route_table_find(table, prefix, stronger[i].origin, &view) && !view.hidden)
      return stronger[i].reason; /* what may not be used itself keeps nobody out */
  const gboolean of_gateway = user != NULL && user->gateway != NULL;
  const char *why = refuse_destination(own->network, of_gateway, prefix);
  if (why != NULL && !(is_inside(own->network, prefix) && is_inner_host(config, prefix)))
    return why;
  if (config->explicit_association && user != NULL && !of_gateway && !is_followed(user))
    return "the table is associated with no subnet (AWS-5.22)";
  return NULL;
}

/* A route whose target is not there (its instance is stopped) stays and drops; it does not give way
 * to a shorter one. Facts: AWS-5.7, AWS-6.17, AWS-13.16. */
const char *aws_route_state(const CloudTopology *topology, const RouteView *route) {
  for (guint i = 0; i < route->hop_count; i++) {
    const NextHop *hop = &route->hops[i];
    const Element *element =
        hop->kind == HOP_ELEMENT ? fabric_element_at(topology->fabric, hop->address) : NULL;
    if (hop->kind == HOP_NONE || (hop->kind == HOP_ELEMENT && element == NULL) ||
        (element != NULL && net_node_is(element_node(element), NODE_DARK)))
      return "blackhole";
  }
  return "active";
}
