/* This file builds the world of one run: networks, tables, appliances, gateways, sites, circuits,
 * route servers, sessions; then the converged start. Things are made in the order of their names,
 * so that the order of keys in a file cannot matter. */
#include <string.h>

#include "world_private.h"

/* ---- starting ------------------------------------------------------------------------------ */

static void begin_nvas(World *world, gboolean cold) {
  for (guint i = 0; i < world->nvas->len; i++)
    nva_begin(((WorldNva *)world->nvas->pdata[i])->nva, cold);
}

static void start_ends(const World *world, const WorldSession *session) {
  for (guint side = 0; side < 2; side++) {
    if (!world_end_runs(world, session, side))
      continue;
    bgp_peer_start(bgp_session_peer(session->bgp, side));
    if (session->bfd != NULL)
      bfd_session_start(session->bfd, side);
  }
}

/* What would be told too much has ended its sessions long ago, and then others know less. */
static void settle(World *world, const GPtrArray *speakers) {
  gboolean ended = TRUE;
  while (ended) {
    ended = FALSE;
    bgp_converge((BgpSpeaker *const *)speakers->pdata, speakers->len);
    for (guint i = 0; i < world->gateways->len; i++)
      ended |= gateway_begin_limits(world->gateways->pdata[i]);
  }
}

static void converge(World *world) {
  g_autoptr(GPtrArray) speakers = g_ptr_array_new();
  for (guint i = 0; i < world->sessions->len; i++) {
    const WorldSession *session = world->sessions->pdata[i];
    if (!world_end_runs(world, session, 0) || !world_end_runs(world, session, 1)) {
      start_ends(world, session);
      continue;
    }
    bgp_session_begin_established(session->bgp);
    if (session->bfd != NULL)
      bfd_session_begin_up(session->bfd);
  }
  begin_nvas(world, FALSE);
  for (guint i = 0; i < world->nvas->len; i++)
    g_ptr_array_add(speakers, nva_speaker(((WorldNva *)world->nvas->pdata[i])->nva));
  for (guint i = 0; i < world->gateways->len; i++)
    for (guint j = 0; j < gateway_instance_count(world->gateways->pdata[i]); j++)
      if (gateway_instance_speaker(world->gateways->pdata[i], j) != NULL)
        g_ptr_array_add(speakers, gateway_instance_speaker(world->gateways->pdata[i], j));
  for (guint i = 0; i < world->servers->len; i++) {
    const RouteServer *server = world->servers->pdata[i];
    for (guint j = 0; j < route_server_unit_count(server); j++)
      g_ptr_array_add(speakers, route_server_unit_speaker(route_server_unit(server, j)));
  }
  for (guint i = 0; i < world->circuits->len; i++) {
    const Circuit *circuit = ((WorldCircuit *)world->circuits->pdata[i])->circuit;
    for (guint j = 0; j < circuit_edge_count(circuit); j++)
      g_ptr_array_add(speakers, router_speaker(circuit_edge(circuit, j)));
  }
  for (guint i = 0; i < world->sites->len; i++) {
    const WorldSite *site = world->sites->pdata[i];
    if (site->router != NULL)
      g_ptr_array_add(speakers, router_speaker(site->router));
  }
  settle(world, speakers);
  begin_nvas(world, FALSE); /* again: what they check may lie behind what they have learned */
  settle(world, speakers);
  for (guint i = 0; i < world->gateways->len; i++)
    gateway_begin(world->gateways->pdata[i]);
  for (guint i = 0; i < world->servers->len; i++)
    route_server_begin(world->servers->pdata[i]); /* last: what it may install they decide too */
}

static void start_cold(World *world) {
  for (guint i = 0; i < world->gateways->len; i++)
    gateway_begin(world->gateways->pdata[i]);
  begin_nvas(world, TRUE);
  for (guint i = 0; i < world->sessions->len; i++)
    start_ends(world, world->sessions->pdata[i]);
}

typedef struct {
  World *world;
  GPtrArray *selections;
} SelectionVisit;

static void note_selection(const BgpEntry *entry, gpointer data) {
  const SelectionVisit *visit = data;
  BgpSelection *selection = arena_new0(visit->world->arena, BgpSelection);
  const char **ends = arena_array(visit->world->arena, const char *, entry->selected_count + 1);
  guint count = 0;
  for (guint i = 0; i < entry->selected_count; i++)
    if (entry->selected[i]->source != NULL)
      ends[count++] = bgp_peer_remote_name(entry->selected[i]->source);
  *selection = (BgpSelection){entry->prefix, count, ends, entry->rule};
  g_ptr_array_add(visit->selections, selection);
}

static void note_units(World *world) {
  for (guint i = 0; i < world->servers->len; i++) {
    const RouteServer *server = world->servers->pdata[i];
    for (guint j = 0; j < route_server_unit_count(server); j++) {
      MetricUnit *unit = arena_new0(world->arena, MetricUnit);
      unit->unit = route_server_unit_name(route_server_unit(server, j));
      unit->selections = arena_ptr_array(world->arena);
      SelectionVisit visit = {world, unit->selections};
      bgp_foreach(route_server_unit_speaker(route_server_unit(server, j)), note_selection, &visit);
      g_ptr_array_add(world->units, unit);
    }
  }
}

static World *world_bare(Arena *arena, const Design *design, const CloudClass *cloud,
                         const RunOptions *options) {
  World *world = arena_new0(arena, World);
  world->design = design;
  world->cloud = cloud;
  world->options = options;
  world->liveness = options->liveness_given ? options->liveness : design->liveness;
  world->arena = arena;
  world->engine = engine_new(arena);
  world->fabric = fabric_new(world->engine);
  world->topology = (CloudTopology){.engine = world->engine,
                                    .fabric = world->fabric,
                                    .arena = arena,
                                    .seed = options->seed,
                                    .run = options->run,
                                    .networks = arena_ptr_array(arena),
                                    .peerings = arena_ptr_array(arena),
                                    .pending_peerings = arena_ptr_array(arena),
                                    .user_tables = arena_ptr_array(arena),
                                    .edges = arena_ptr_array(arena),
                                    .route_servers = arena_ptr_array(arena),
                                    .targets = arena_ptr_array(arena)};
  world->servers = arena_ptr_array(arena);
  world->nvas = arena_ptr_array(arena);
  world->gateways = arena_ptr_array(arena);
  world->sites = arena_ptr_array(arena);
  world->circuits = arena_ptr_array(arena);
  world->sessions = arena_ptr_array(arena);
  world->heartbeats = arena_ptr_array(arena);
  world->victims = arena_ptr_array(arena);
  world->parts = arena_ptr_array(arena);
  world->events = arena_ptr_array(arena);
  world->units = arena_ptr_array(arena);
  return world;
}

static void note_servers(World *world) {
  const guint cloud = cloud_place(world->cloud);
  for (guint i = 0; i < world->design->route_servers->len; i++) {
    const DesignRouteServer *from = world->design->route_servers->pdata[i];
    RouteServerConfig *config = arena_new0(world->arena, RouteServerConfig);
    *config = (RouteServerConfig){from->head.name, world_network(world, from->network.text),
                                  from->configs[cloud]};
    config->network->has_route_server = world->design->failover == FAILOVER_ROUTE_SERVER;
    g_ptr_array_add(world->topology.route_servers, config);
  }
}

World *world_new(Arena *arena, const Design *design, const CloudClass *cloud,
                 const RunOptions *options) {
  World *world = world_bare(arena, design, cloud, options);
  for (guint i = 0; i < design->networks->len; i++)
    world_build_network(world, design->networks->pdata[i]);
  world_build_peerings(world);
  world_build_edges(world);
  world_reserve_gateway_subnets(world);
  world_build_targets(world);
  world_build_user_tables(world);
  note_servers(world);
  cloud->fabric->build_tables(&world->topology);
  world_add_edge_victims(world);
  for (guint i = 0; i < design->nvas->len; i++)
    world_build_nva(world, design->nvas->pdata[i]);
  world_build_clusters(world); /* before whatever looks at who works */
  world_build_load_balancers(world);
  world_build_gateways(world);
  world_build_sites(world);
  world_build_circuits(world);
  world_build_health(world);
  for (guint i = 0; i < world->topology.route_servers->len; i++)
    world_build_server(world, world->topology.route_servers->pdata[i]);
  if (design->failover == FAILOVER_ROUTE_SERVER) {
    world_build_sessions(world);
    world_build_gateway_sessions(world);
  }
  world_build_circuit_sessions(world);
  world_build_nva_sessions(world);
  for (guint i = 0; i < world->nvas->len; i++) {
    WorldNva *nva = world->nvas->pdata[i];
    world_announce(world, nva, nva->config->advertise);
  }
  if (design->failover != FAILOVER_ROUTE_SERVER)
    world_start_failover(world);
  world_build_traffic(world);
  if (design->cold_start)
    start_cold(world);
  else
    converge(world);
  note_units(world);
  return world;
}
