/* What must be there in every cloud, and which members belong together; the headers of the classes
 * say the same in words. A class that breaks a rule ends the program when it is registered: later a
 * NULL hook would do so in the middle of somebody's run. */
#include "routesim/cloud/gateway.h"

#define EQUALLY(a, b) g_assert(((a) != NULL) == ((b) != NULL))
#define ONLY_WITH(a, b) g_assert((a) == NULL || (b) != NULL)

static void assert_fabric(const FabricClass *fabric) {
  g_assert(fabric->build_tables != NULL && fabric->static_origin != NULL);
  g_assert(!fabric->static_origin->dynamic);
  EQUALLY(fabric->peering_keys, fabric->peering_subnets);
  EQUALLY(fabric->peering_keys, fabric->peering_limit_fact);
  ONLY_WITH(fabric->transit_refusal, fabric->appliance_keys);
  g_assert(fabric->edge_gateways == (fabric->nat_boot != NULL));
  ONLY_WITH(fabric->nat_keys, fabric->nat_boot);
  ONLY_WITH(fabric->transit_keys, fabric->nat_boot); /* where gateways at the edge are elements */
}

static void assert_server(const RouteServerClass *server) {
  g_assert(server->keys != NULL && server->profile != NULL);
  g_assert(server->profile->rule_count > 0);
  g_assert(server->profile->max_paths >= 1 && server->profile->max_paths <= PLAN_MOST_HOPS);
  g_assert(server->origin != NULL && server->origin->dynamic);
  g_assert(server->program_stage != NULL && server->program_stage->basis != BASIS_NONE);
  g_assert(server->build != NULL && server->liveness != NULL && server->boot != NULL);
  g_assert(server->plan != NULL && server->advertise != NULL);
  ONLY_WITH(server->table_full, server->admit);
}

static void assert_peers(const PeersClass *peers) {
  g_assert(peers->part_at != NULL && peers->peers_with != NULL);
  ONLY_WITH(peers->named_part, peers->keys);
  ONLY_WITH(peers->route_maps, peers->keys);
  ONLY_WITH(peers->gateway_route_maps, peers->route_maps);
}

static void assert_gateways(const GatewayClass *gateways) {
  for (guint kind = 0; kind < GATEWAY_KINDS; kind++) {
    const GatewayClass *class = &gateways[kind];
    g_assert(class->keys != NULL && class->profile != NULL);
    g_assert(class->origin != NULL && class->static_origin != NULL);
    g_assert(class->instances >= 1 && class->instances <= GATEWAY_MOST_INSTANCES);
    g_assert(class->circuit_edges <= CIRCUIT_MOST_EDGES);
    g_assert((class->circuit_keys != NULL) == (class->circuit_edges > 0));
    EQUALLY(class->circuit_keys, class->edge_profile);
  }
}

static void assert_failover(const FailoverClass *failover) {
  g_assert(failover->load_balancer_keys != NULL && failover->api_keys != NULL);
  g_assert((failover->least_probe_interval.ns > 0) == (failover->least_probe_fact != NULL));
}

void cloud_assert_whole(const CloudClass *cloud) {
  g_assert(cloud->name != NULL && cloud->title != NULL);
  g_assert(cloud->facts != NULL && g_str_has_suffix(cloud->facts, "-"));
  g_assert(cloud->fabric != NULL && cloud->server != NULL && cloud->peers != NULL);
  g_assert(cloud->gateways != NULL && cloud->failover != NULL);
  g_assert(cloud->checks != NULL && cloud->telling != NULL);
  assert_fabric(cloud->fabric);
  assert_server(cloud->server);
  assert_peers(cloud->peers);
  assert_gateways(cloud->gateways);
  assert_failover(cloud->failover);
  g_assert(cloud->checks->server != NULL && cloud->checks->refuse_asn != NULL);
  EQUALLY(cloud->fabric->transit_keys, cloud->checks->transit);
  EQUALLY(cloud->fabric->nat_keys, cloud->checks->nat);
  EQUALLY(cloud->peers->route_maps, cloud->checks->refuse_path_asn);
}
