/* VNets and NICs of Azure: system routes, the instances that feed NICs, peerings that come. */
#include "azure_private.h"

#include <string.h>

/* ---- tables ----------------------------------------------------------------------------- */

/* User routes come before BGP's, and those before the system's; routes of a VNet or a peering beat
 * longer ones of BGP. Facts: AZ-6.2, AZ-6.3. */
const RouteOrigin azure_user_origin = {.name = "User", .rank = AZURE_RANK_USER, .written = TRUE};
const RouteOrigin azure_gateway_origin = {
    .name = "VirtualNetworkGateway", .rank = AZURE_RANK_SERVER, .dynamic = TRUE};
static const RouteOrigin local_origin = {
    .name = "VNetLocal", .rank = AZURE_RANK_NETWORK, .beats_longer_dynamic = TRUE};
const RouteOrigin azure_peering_origin = {
    .name = "VNetPeering", .rank = AZURE_RANK_NETWORK, .beats_longer_dynamic = TRUE};
static const RouteOrigin system_origin = {
    .name = "Default", .rank = AZURE_RANK_SYSTEM, .leaves_to_dynamic = TRUE};
/* These leave when an appliance or a gateway overrides the default route. Facts: AZ-6.20. */
static const RouteOrigin drop_origin = {
    .name = "Default", .rank = AZURE_RANK_SYSTEM, .yields_to_default = TRUE};

/* What NICs of `own` know of `network`, the same or a peered one. */
static void put_network(const CloudTopology *topology, RouteTable *table, const CloudNetwork *own,
                        const CloudNetwork *network, const RouteOrigin *origin) {
  const NextHop hop = {.kind = HOP_LOCAL, .network = network->network};
  const guint count = cloud_known_range_count(topology, own, network);
  for (guint i = 0; i < count; i++)
    route_table_put(table, cloud_known_range(topology, own, network, i), origin, &hop, 1);
}

static void put_text(RouteTable *table, const char *text, HopKind kind) {
  const NextHop hop = {.kind = kind};
  const char *why;
  Prefix prefix;
  const gboolean valid = prefix_parse(text, &prefix, &why);
  g_assert(valid);
  route_table_put(table, prefix, kind == HOP_NONE ? &drop_origin : &system_origin, &hop, 1);
}

/* Where a peering is limited to subnets, the others know nothing of it. Facts: AZ-5.16. */
static void put_peering(const CloudTopology *topology, RouteTable *table, const CloudSubnet *subnet,
                        const CloudPeering *peering) {
  const CloudNetwork *network = subnet->network;
  if ((peering->from == network || peering->to == network) && cloud_peering_has(peering, subnet))
    put_network(topology, table, network, peering->from == network ? peering->to : peering->from,
                &azure_peering_origin);
}

/* The Internet is the default, and private ranges outside lead nowhere. Facts: AZ-6.5, AZ-6.6. */
static void put_system_routes(const CloudTopology *topology, RouteTable *table,
                              const CloudSubnet *subnet) {
  const CloudNetwork *network = subnet->network;
  put_text(table, "0.0.0.0/0", HOP_INTERNET);
  put_text(table, "10.0.0.0/8", HOP_NONE);
  put_text(table, "172.16.0.0/12", HOP_NONE);
  put_text(table, "192.168.0.0/16", HOP_NONE);
  put_text(table, "100.64.0.0/10", HOP_NONE);
  put_network(topology, table, network, network, &local_origin);
  for (guint i = 0; i < topology->peerings->len; i++)
    put_peering(topology, table, subnet, topology->peerings->pdata[i]);
}

static void put_user_routes(RouteTable *table, const CloudUserTable *user) {
  for (guint i = 0; i < user->routes->len; i++) {
    const CloudUserRoute *route = &g_array_index(user->routes, CloudUserRoute, i);
    guint count;
    const NextHop *hops = cloud_user_route_hops(route, &count);
    route_table_put(table, route->to, &azure_user_origin, hops, count);
  }
}

/* A user writes a UDR table anew: every NIC whose subnet follows it has the new routes. */
void azure_set_user_routes(CloudTopology *topology, CloudUserTable *user, GArray *routes) {
  GArray *old = user->routes;
  user->routes = routes;
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const CloudSubnet *subnet = network->subnets->pdata[j];
      for (guint k = 0; subnet->user_table == user && k < subnet->tables->len; k++) {
        for (guint l = 0; l < old->len; l++)
          route_table_drop(subnet->tables->pdata[k], g_array_index(old, CloudUserRoute, l).to,
                           &azure_user_origin);
        put_user_routes(subnet->tables->pdata[k], user);
      }
    }
  }
}

static RouteTable *add_table(CloudTopology *topology, CloudSubnet *subnet, const char *name,
                             guint hosts, guint buckets) {
  RouteTable *table = route_table_new(topology->fabric, name);
  route_table_set_buckets(table, buckets);
  put_system_routes(topology, table, subnet);
  if (subnet->user_table != NULL)
    put_user_routes(table, subnet->user_table);
  subnet_add_group(subnet->subnet, table, hosts);
  g_ptr_array_add(subnet->tables, table);
  return table;
}

/* Only the route server stands in such a subnet. Facts: AZ-1.1. */
static gboolean is_dedicated(const CloudSubnet *subnet) {
  return g_str_has_suffix(subnet->name, "/" AZURE_SUBNET);
}

/* Each NIC is fed by one instance, a fixed share by NIC; so it is where a peering will come only
 * later. Facts: AZ-1.5, AZ-14.16. */
static void build_subnet_tables(CloudTopology *topology, CloudSubnet *subnet) {
  const RouteServerConfig *server = azure_server_of(topology, subnet->network);
  if (server == NULL)
    server = azure_server_over(topology, subnet->network, topology->pending_peerings);
  if (server == NULL || is_dedicated(subnet)) {
    add_table(topology, subnet, subnet->name, subnet->hosts, 0);
    return;
  }
  const AzureConfig *config = server->config;
  const guint first = (guint)((double)subnet->hosts * config->nic_share + 0.5);
  for (guint i = 0; i < 2; i++) {
    const guint hosts = i == 0 ? first : subnet->hosts - first;
    if (hosts == 0 && i > 0)
      continue; /* the first group stays: appliances and gateways stand in it */
    const char *name = arena_concat(topology->arena, subnet->name, "@", server->name, "/",
                                    arena_decimal(topology->arena, i), NULL);
    add_table(topology, subnet, name, hosts,
              config->ecmp_hash == HASH_RESILIENT ? (guint)config->hash_buckets : 0);
  }
}

void azure_build_tables(CloudTopology *topology) {
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++)
      build_subnet_tables(topology, network->subnets->pdata[j]);
  }
}

/* ---- building ----------------------------------------------------------------------------- */

/* An instance originates the IPv4 address spaces of its VNet and of peered VNets that use it.
 * Facts: AZ-1.11, AZ-5.1. */
static void originate(CloudTopology *topology, BgpSpeaker *speaker, const CloudNetwork *own,
                      const CloudNetwork *network) {
  BgpAttributes *attributes = arena_new0(topology->arena, BgpAttributes);
  const guint count = cloud_known_range_count(topology, own, network);
  for (guint i = 0; i < count; i++) {
    const Prefix range = cloud_known_range(topology, own, network, i);
    if (range.address.family == IP_V4)
      bgp_originate(speaker, range, attributes);
  }
}

static void originate_networks(CloudTopology *topology, const CloudNetwork *own,
                               BgpSpeaker *speaker, const RouteServerConfig *server) {
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    if (network == own || azure_serves(topology, server, network))
      originate(topology, speaker, own, network);
  }
}

/* The peering over which `network` uses the route server of `own`; NULL: it stands there itself. */
static const CloudPeering *peering_to_server(const CloudTopology *topology,
                                             const CloudNetwork *network, const CloudNetwork *own) {
  for (guint i = 0; network != own && i < topology->peerings->len; i++) {
    const CloudPeering *peering = topology->peerings->pdata[i];
    if (peering->from == network && peering->to == own && peering->use_remote_gateway)
      return peering;
  }
  return NULL;
}

/* From now on the instances feed the NICs of `network`, of hosts, gateways and the appliances
 * themselves, but for subnets whose route table has propagation off.
 * Facts: AZ-5.10, AZ-5.11, AZ-6.7. */
static void feed_network(RouteServer *server, const CloudNetwork *network) {
  const CloudPeering *over = peering_to_server(route_server_topology(server), network,
                                               route_server_config(server)->network);
  for (guint j = 0; j < network->subnets->len; j++) {
    const CloudSubnet *subnet = network->subnets->pdata[j];
    if ((over != NULL && !cloud_peering_has(over, subnet)) ||
        (subnet->user_table != NULL && !subnet->user_table->propagate) || is_dedicated(subnet))
      continue;
    for (guint k = 0; k < subnet->tables->len; k++)
      route_server_feed(server, route_server_unit(server, k), subnet->tables->pdata[k]);
  }
}

static void feed_tables(RouteServer *server, CloudTopology *topology) {
  const RouteServerConfig *own = route_server_config(server);
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    if (azure_serves(topology, own, network))
      feed_network(server, network);
  }
}

static const RouteServerConfig *config_named(const CloudTopology *topology, const char *name) {
  for (guint i = 0; i < topology->route_servers->len; i++)
    if (strcmp(((RouteServerConfig *)topology->route_servers->pdata[i])->name, name) == 0)
      return topology->route_servers->pdata[i];
  g_assert_not_reached();
}

/* RouteServerSubnet is the network's own, or comes from free space. Facts: AZ-1.1, AZ-1.2. */
static Prefix own_subnet(CloudTopology *topology, CloudNetwork *network) {
  Prefix prefix = network_prefix(network->network, 0);
  for (guint i = 0; i < network->subnets->len; i++)
    if (is_dedicated(network->subnets->pdata[i]))
      return subnet_prefix(((CloudSubnet *)network->subnets->pdata[i])->subnet);
  cloud_free_prefix(topology, network, 26, &prefix);
  return prefix;
}

/* There are two instances (one author's third address is left out), in different zones where there
 * are some. They are no elements, because packets never pass them.
 * Facts: AZ-1.3, AZ-1.6, AZ-1.7, AZ-5.7, AZ-7.8, AZ-14.1, AZ-14.15. */
void azure_build(RouteServer *server, CloudTopology *topology) {
  const RouteServerConfig *own = route_server_config(server);
  const AzureConfig *config = own->config;
  CloudNetwork *network = own->network;
  const Prefix subnet = own_subnet(topology, network);
  const RouteServerTimes times = {
      .process = &config->process.law,
      .program = &config->program.law,
      .table_jitter = &config->table_jitter.law,
      .change_interval = cloud_draw_setting(topology, own->name, "azure.change_interval",
                                            &config->change_interval),
      .change_interval_ground = config->change_interval.law.ground,
      .takeover_ground = config->takeover.law.ground,
      .takeover = cloud_draw_setting(topology, own->name, "azure.takeover", &config->takeover),
  };
  BgpProfile *profile = arena_new0(topology->arena, BgpProfile);
  *profile = azure_profiles[config->routing_preference];
  profile->max_paths = (guint)config->max_paths;
  route_server_set_times(server, &times);
  route_server_set_flushes(server, config->total_loss == TOTAL_LOSS_FLUSH);
  route_server_set_speech(server, &(RouteServerSpeech){.obeys_no_export = config->obey_no_export,
                                                       .next_hop_self = TRUE});
  for (guint i = 0; i < AZURE_INSTANCES; i++) {
    const char *name =
        arena_concat(topology->arena, own->name, "/", arena_decimal(topology->arena, i), NULL);
    const IpAddress address = ip_address_add(subnet.address, 4 + i);
    const char *zone =
        network->zones->len == 0 ? NULL : network->zones->pdata[MIN(i, network->zones->len - 1)];
    RouteServerUnit *unit = route_server_add_unit(server, name, AZURE_ASN, address, profile);
    route_server_add_part(server, unit, name, address, zone, TRUE);
    originate_networks(topology, network, route_server_unit_speaker(unit),
                       config_named(topology, own->name));
  }
  feed_tables(server, topology);
}

/* ---- a peering comes ------------------------------------------------------------------------ */

static void join_network(const CloudTopology *topology, const CloudNetwork *network,
                         const CloudPeering *peering) {
  for (guint i = 0; i < network->subnets->len; i++) {
    const CloudSubnet *subnet = network->subnets->pdata[i];
    for (guint j = 0; j < subnet->tables->len; j++)
      put_peering(topology, subnet->tables->pdata[j], subnet, peering);
  }
}

/* The instances ask every appliance for its routes anew. Facts: AZ-2.16. */
static void ask_appliances(const RouteServer *server) {
  Engine *engine = route_server_topology(server)->engine;
  for (guint i = 0; i < route_server_unit_count(server); i++) {
    const GPtrArray *peers =
        bgp_speaker_peers(route_server_unit_speaker(route_server_unit(server, i)));
    for (guint j = 0; j < peers->len; j++) {
      ENGINE_KEEP_CAUSE(engine);
      if (bgp_peer_role(peers->pdata[j]) == NULL)
        bgp_peer_ask_refresh(peers->pdata[j]);
    }
  }
}

/* A spoke that uses the route server is fed from now on; and whatever the peering is, its ranges
 * may keep out what was injected. Facts: AZ-6.1, AZ-6.4. */
void azure_connect(CloudTopology *topology, const CloudPeering *peering,
                   const GPtrArray *route_servers) {
  join_network(topology, peering->from, peering);
  join_network(topology, peering->to, peering);
  for (guint i = 0; i < route_servers->len; i++) {
    RouteServer *server = route_servers->pdata[i];
    const CloudNetwork *own = route_server_config(server)->network;
    if (own != peering->from && own != peering->to)
      continue;
    const RouteServerConfig *uses = azure_server_of(topology, peering->from);
    if (uses != NULL && uses->network == own && own == peering->to) {
      for (guint j = 0; j < route_server_unit_count(server); j++)
        originate(topology, route_server_unit_speaker(route_server_unit(server, j)), own,
                  peering->from);
      feed_network(server, peering->from);
    }
    route_server_plan_anew(server);
    ask_appliances(server);
  }
}
