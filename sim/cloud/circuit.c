/* Circuits: the provider's edge routers; see the header. */
#include "routesim/cloud/circuit.h"

#include "routesim/cloud/gateway.h"

/* An edge gave the routes of its lost site up. Subject: edge; object: site. */
static const TraceKind CIRCUIT_CONVERGED = {"circuit-converged"};

typedef struct {
  Engine *engine;
  Router *router;
  gboolean joins; /* see CircuitClass.joins_networks */
  const Distribution *converge;
  RandomStream stream;
  BgpPeer *lost; /* the site's, whose routes stay until the timer ends */
  Timer *timer;
} Edge;

struct Circuit {
  CircuitConfig config;
  guint count;
  Edge edges[CIRCUIT_MOST_EDGES];
};

static void converged(gpointer data) {
  const Edge *edge = data;
  Engine *engine = edge->engine;
  engine_go_on(engine, &CIRCUIT_CONVERGED, router_name(edge->router),
               bgp_peer_remote_name(edge->lost), 0, NULL);
  bgp_flush(router_speaker(edge->router), edge->lost);
}

/* Routes of a site whose session fell stay for a while: from link to gateway it takes up to a
 * minute even where BFD has found out at once. What fell before the start is long over. */
static gboolean session_changed(gpointer data, BgpPeer *peer, gboolean up) {
  Edge *edge = data;
  if (bgp_peer_role(peer) != &gateway_role_site)
    return TRUE;
  if (up) {
    timer_cancel(edge->timer);
    if (edge->lost != NULL)
      bgp_flush(router_speaker(edge->router), peer);
    return TRUE;
  }
  edge->lost = peer;
  if (!engine_is_sealed(edge->engine))
    return TRUE;
  const SimTime wait = distribution_draw(edge->converge, &edge->stream);
  if (wait.ns == 0)
    return TRUE;
  timer_arm_after(edge->timer, wait);
  return FALSE;
}

/* What a gateway told goes to the site, and to other gateways where the circuit joins networks. */
static gboolean edge_export(gpointer data, BgpPeer *peer, const BgpEntry *entry) {
  const Edge *edge = data;
  return edge->joins || bgp_peer_role(peer) == &gateway_role_site ||
         entry->selected[0]->role == &gateway_role_site;
}

static const BgpPolicy edge_policy = {.export = edge_export, .session = session_changed};

static void add_edge(Circuit *circuit, CloudTopology *topology, guint index) {
  const CircuitConfig *config = &circuit->config;
  Edge *edge = &circuit->edges[index];
  const char *name = arena_printf(topology->arena, "%s/%u", config->name, index);
  const RouterConfig router = {.name = name,
                               .asn = config->asn,
                               .address = ip_address_add(config->first_address, index),
                               .profile = config->class->profile,
                               .keeps_originated = TRUE,
                               .policy = &edge_policy,
                               .data = edge,
                               .seed = topology->seed,
                               .run = topology->run};
  edge->engine = topology->engine;
  edge->joins = config->class->joins_networks;
  edge->converge = &config->traits->converge.law;
  edge->stream = random_stream(topology->seed, topology->run,
                               arena_printf(topology->arena, "converge/%s", name));
  edge->timer =
      timer_new(engine_owner(topology->engine, arena_printf(topology->arena, "converge/%s", name)),
                PHASE_TIMER, converged, edge);
  timer_set_stage(edge->timer, stage_new(topology->arena, "convergence of the circuit",
                                         edge->converge->ground, NULL));
  edge->router = router_new(topology->fabric, &router);
}

Circuit *circuit_new(CloudTopology *topology, const CircuitConfig *config) {
  Circuit *circuit = arena_new0(topology->arena, Circuit);
  circuit->config = *config;
  circuit->count = config->class->edges;
  g_assert(circuit->count <= CIRCUIT_MOST_EDGES);
  for (guint i = 0; i < circuit->count; i++)
    add_edge(circuit, topology, i);
  return circuit;
}

const CircuitConfig *circuit_config(const Circuit *circuit) { return &circuit->config; }
guint circuit_edge_count(const Circuit *circuit) { return circuit->count; }
Router *circuit_edge(const Circuit *circuit, guint index) { return circuit->edges[index].router; }
