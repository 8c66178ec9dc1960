/* Circuits: the provider's edge routers; see gateway.h. */
#include "routesim/cloud/gateway.h"

struct Circuit {
  CircuitConfig config;
  guint count;
  Router *edges[CIRCUIT_MOST_EDGES];
};

/* AZ-8.15: an edge sees the whole AS path and takes the shortest; equal ones share. */
static const BgpRule edge_rules[] = {
    {"shortest AS path", "AZ-8.15", bgp_filter_as_path_length},
    {"external over internal", "RFC 4271 9.1.2.2 d", bgp_filter_external},
};
static const BgpProfile edge_profile = {"circuit edge", edge_rules, G_N_ELEMENTS(edge_rules),
                                        G_N_ELEMENTS(edge_rules), 8};

static const Stage converge_stage = {"convergence of the circuit", BASIS_ASSUMED, "AZ-8.11"};

Circuit *circuit_new(CloudTopology *topology, const CircuitConfig *config) {
  Circuit *circuit = arena_new0(topology->arena, Circuit);
  const Distribution *converge = &config->traits->converge.law;
  const gboolean at_once = converge->kind == DISTRIBUTION_CONSTANT && converge->a.ns == 0;
  circuit->config = *config;
  circuit->count = config->class->circuit_edges;
  g_assert(circuit->count <= CIRCUIT_MOST_EDGES);
  for (guint i = 0; i < circuit->count; i++) {
    const RouterConfig edge = {.name = arena_printf(topology->arena, "%s/%u", config->name, i),
                               .asn = config->asn,
                               .address = ip_address_add(config->first_address, i),
                               .profile = &edge_profile,
                               .process = at_once ? NULL : converge,
                               .process_stage = &converge_stage,
                               .seed = topology->seed,
                               .run = topology->run};
    circuit->edges[i] = router_new(topology->fabric, &edge);
  }
  return circuit;
}

const CircuitConfig *circuit_config(const Circuit *circuit) { return &circuit->config; }
guint circuit_edge_count(const Circuit *circuit) { return circuit->count; }
Router *circuit_edge(const Circuit *circuit, guint index) { return circuit->edges[index]; }
