/* What must be there in every cloud, and which members belong together; the headers of the classes
 * say the same in words. A class that breaks a rule ends the program when it is registered: later a
 * NULL hook would do so in the middle of somebody's run. */
#include "routesim/cloud/gateway.h"

/* The message says which cloud it is that breaks the rule. */
static void assert_rule(const CloudClass *cloud, gboolean holds, const char *rule, int line) {
  if (holds)
    return;
  g_autofree char *text = g_strdup_printf("cloud '%s' is not whole: %s", cloud->name, rule);
  g_assertion_message(G_LOG_DOMAIN, __FILE__, line, G_STRFUNC, text);
}

#define MUST(holds) assert_rule(cloud, (holds), #holds, __LINE__)

static void assert_fabric(const CloudClass *cloud) {
  const FabricClass *fabric = cloud->fabric;
  MUST(fabric->build_tables != NULL && fabric->static_origin != NULL);
  MUST(!fabric->static_origin->dynamic);
}

static void assert_subnet_peering(const CloudClass *cloud) {
  const SubnetPeeringClass *peering = cloud->subnet_peering;
  if (peering == NULL)
    return;
  MUST(peering->keys != NULL && peering->subnets != NULL);
  MUST(peering->most_subnets > 0 && peering->fact != NULL);
}

static void assert_edges(const CloudClass *cloud) {
  const EdgeClass *edges = cloud->edges;
  if (edges == NULL)
    return;
  MUST(edges->transit_keys != NULL && edges->check_transit != NULL);
  MUST(edges->nat_keys != NULL && edges->check_nat != NULL && edges->nat_boot != NULL);
}

static void assert_appliances(const CloudClass *cloud) {
  const ApplianceClass *appliances = cloud->appliances;
  MUST(appliances == NULL || (appliances->keys != NULL && appliances->transit_refusal != NULL));
}

static void assert_server(const CloudClass *cloud) {
  const RouteServerClass *server = cloud->server;
  MUST(server->keys != NULL && server->profile != NULL);
  MUST(server->profile->rule_count > 0);
  MUST(server->profile->multipath_rules == 0 || server->profile->max_paths >= 1);
  MUST(server->profile->max_paths <= PLAN_MOST_HOPS);
  MUST(server->origin != NULL && server->origin->dynamic);
  MUST(server->program_stage != NULL && server->program_stage->basis != BASIS_NONE);
  MUST(server->build != NULL && server->liveness != NULL && server->boot != NULL);
  MUST(server->plan != NULL && server->advertise != NULL);
  MUST(server->table_full == NULL || server->admit != NULL);
}

static void assert_peers(const CloudClass *cloud) {
  const PeersClass *peers = cloud->peers;
  MUST(peers->part_at != NULL && peers->peers_with != NULL);
  MUST(peers->named_part == NULL || peers->keys != NULL);
}

static void assert_route_maps(const CloudClass *cloud) {
  const RouteMapClass *maps = cloud->route_maps;
  if (maps == NULL)
    return;
  MUST(maps->of_peer != NULL && maps->of_gateway != NULL);
  MUST(maps->refuse_asn != NULL && maps->keeps_community != NULL);
  MUST(cloud->peers->keys != NULL);
}

static void assert_gateways(const CloudClass *cloud) {
  const GatewayClass *gateways = cloud->gateways;
  MUST(gateways->instances >= 1 && gateways->instances <= GATEWAY_MOST_INSTANCES);
  MUST(gateways->profile != NULL);
  for (guint i = 0; i < GATEWAY_KINDS; i++) {
    const GatewayKindClass *kind = &gateways->kinds[i];
    MUST(kind->keys != NULL && kind->origin != NULL && kind->static_origin != NULL);
  }
}

static void assert_circuits(const CloudClass *cloud) {
  const CircuitClass *circuits = cloud->circuits;
  if (circuits == NULL)
    return;
  MUST(circuits->keys != NULL && circuits->profile != NULL);
  MUST(circuits->edges >= 1 && circuits->edges <= CIRCUIT_MOST_EDGES);
  MUST((circuits->most_on_gateway + circuits->most_in_location > 0) ==
       (circuits->most_fact != NULL));
}

static void assert_failover(const CloudClass *cloud) {
  const FailoverClass *failover = cloud->failover;
  MUST(failover->load_balancer_keys != NULL && failover->api_keys != NULL);
  MUST((failover->least_probe_interval.ns > 0) == (failover->least_probe_fact != NULL));
  MUST((failover->most_deregistration_delay.ns > 0) ==
       (failover->most_deregistration_fact != NULL));
}

static void assert_rules(const CloudClass *cloud) {
  for (guint rule = 0; rule < CLOUD_RULES; rule++)
    MUST(cloud->rules[rule] == NULL || g_str_has_prefix(cloud->rules[rule], cloud->facts));
}

void cloud_assert_whole(const CloudClass *cloud) {
  g_assert(cloud->name != NULL);
  MUST(cloud->title != NULL);
  MUST(cloud->facts != NULL && g_str_has_suffix(cloud->facts, "-"));
  MUST(cloud->fabric != NULL && cloud->server != NULL && cloud->peers != NULL);
  MUST(cloud->gateways != NULL && cloud->failover != NULL);
  MUST(cloud->checks != NULL && cloud->telling != NULL);
  assert_fabric(cloud);
  assert_subnet_peering(cloud);
  assert_edges(cloud);
  assert_appliances(cloud);
  assert_server(cloud);
  assert_peers(cloud);
  assert_route_maps(cloud);
  assert_gateways(cloud);
  assert_circuits(cloud);
  assert_failover(cloud);
  MUST(cloud->checks->server != NULL && cloud->checks->refuse_asn != NULL);
  MUST((cloud->telling->deletion_cuts != NULL) == (cloud->rules[RULE_DELETION_CUTS] != NULL));
  assert_rules(cloud);
}
