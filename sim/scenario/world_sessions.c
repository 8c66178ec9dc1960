/* Route servers of a world and the sessions with them. */
#include <string.h>

#include "scenario_private.h"

/* ---- route servers and sessions
 * ---------------------------------------------------------------------- */

static void part_ended(gpointer data) { route_server_part_lost(data); }
static void part_started(gpointer data) { route_server_part_back(data); }

void world_build_server(World *world, const RouteServerConfig *config) {
  RouteServer *server = route_server_new(world->cloud, &world->topology, config);
  g_ptr_array_add(world->servers, server);
  for (guint i = 0; i < route_server_part_count(server); i++) {
    RouteServerPart *part = route_server_part(server, i);
    const gboolean own = route_server_part_owns_process(part);
    FaultVictim *victim =
        world_add_victim(world, route_server_part_name(part), route_server_part_node(part),
                         own ? route_server_unit_speaker(route_server_part_unit(part)) : NULL,
                         world->cloud->boot(config->config));
    victim->shared_process = !own;
    victim->process_ended = part_ended;
    victim->process_started = part_started;
    victim->data = part;
  }
}

static void bfd_changed(gpointer data, BfdState state, BfdDiagnostic diagnostic) {
  (void)diagnostic;
  if (state == BFD_DOWN)
    bgp_peer_bfd_down(data);
}

static void add_bfd(World *world, WorldSession *session, const ScenarioBfd *bfd,
                    const char *setting, const char *stream, const CloudLiveness *far) {
  const BfdEnd ends[2] = {
      {session->ends[0], world_draw(world, setting, "bfd.interval", &bfd->interval),
       (guint)bfd->multiplier},
      {session->ends[1], far->bfd_interval, far->bfd_multiplier},
  };
  session->bfd = bfd_session_new(world->engine, session->path, ends, stream, world->liveness,
                                 !bfd->jitter_off, world->options->seed, world->options->run);
  for (guint side = 0; side < 2; side++) {
    const BfdSessionEnd end = {session->bfd, side};
    bfd_session_subscribe(session->bfd, side, bfd_changed, bgp_session_peer(session->bgp, side));
    g_array_append_val(world_victim(world, session->ends[side])->bfd_ends, end);
  }
}

static void add_session(World *world, WorldNva *nva, const ScenarioPeer *peer,
                        RouteServerPart *part, guint number) {
  static const NameRef none = {NULL};
  const NameRef *maps[2] = {&none, &none};
  gconstpointer peer_config = peer->configs[scenario_cloud_index(world->cloud)];
  RouteServer *server = route_server_unit_server(route_server_part_unit(part));
  const CloudLiveness far = world->cloud->liveness(server);
  const guint64 seed = world->options->seed;
  const guint32 run = world->options->run;
  const char *setting =
      arena_printf(world->arena, "nvas.%s.peers.%s", nva_name(nva->nva), peer->head.name);
  WorldSession *session = arena_new0(world->arena, WorldSession);
  session->ends[0] = nva_name(nva->nva);
  session->ends[1] = route_server_part_name(part);
  session->path = path_new(
      world->engine, arena_printf(world->arena, "%s~%s", session->ends[0], session->ends[1]),
      nva_node(nva->nva), route_server_part_node(part),
      world_delay(world, &(WorldPlace){.network = nva->subnet->network},
                  &(WorldPlace){.network = route_server_config(server)->network}),
      seed, run);
  if (world->cloud->peer_route_maps != NULL && peer_config != NULL)
    world->cloud->peer_route_maps(peer_config, maps);
  /* The appliance opens the session (AWS-1.13, AZ-2.17). */
  const BgpEnd ends[2] = {
      {.speaker = nva_speaker(nva->nva),
       .name = session->ends[0],
       .address = nva_address(nva->nva),
       .keepalive = world_draw(world, setting, "keepalive", &peer->keepalive),
       .hold = world_draw(world, setting, "hold", &peer->hold),
       .establish = &nva->config->establish.law,
       .connect_retry =
           world_draw(world, nva_name(nva->nva), "connect_retry", &nva->config->connect_retry),
       .no_route_refresh = !peer->route_refresh},
      {.speaker = route_server_unit_speaker(route_server_part_unit(part)),
       .name = session->ends[1],
       .address = route_server_part_address(part),
       .keepalive = far.keepalive,
       .hold = far.hold,
       .passive = TRUE,
       .connect_retry = sim_time_s(120),
       .prefix_limit = far.prefix_limit,
       .inbound = world_route_map(world, maps[0]),
       .outbound = world_route_map(world, maps[1])},
  };
  const gboolean jitter = peer->keepalive_jitter == 0;
  /* By number, not by the part's name: both models meet the same luck. */
  const char *stream =
      arena_printf(world->arena, "%s/%s/%u", session->ends[0], route_server_name(server), number);
  const BgpSessionConfig config = {.stream = stream,
                                   .liveness = world->liveness,
                                   .jitter = {jitter ? 0.75 : 1, 1},
                                   .tcp_timeout = world->body->tcp_timeout.law.a,
                                   .seed = seed,
                                   .run = run};
  session->bgp = bgp_session_new(world->engine, session->path, ends, &config);
  for (guint side = 0; side < 2; side++)
    g_ptr_array_add(world_victim(world, session->ends[side])->peers,
                    bgp_session_peer(session->bgp, side));
  if (peer->bfd != NULL && far.bfd)
    add_bfd(world, session, peer->bfd, setting, stream, &far);
  g_ptr_array_add(world->sessions, session);
}

RouteServer *world_server(const World *world, const char *name) {
  for (guint i = 0; i < world->servers->len; i++) {
    RouteServer *server = world->servers->pdata[i];
    if (strcmp(route_server_name(server), name) == 0)
      return server;
  }
  return NULL;
}

void world_build_sessions(World *world) {
  const guint cloud = scenario_cloud_index(world->cloud);
  for (guint i = 0; i < world->nvas->len; i++) {
    WorldNva *nva = world->nvas->pdata[i];
    for (guint j = 0; j < nva->config->peers->len; j++) {
      const ScenarioPeer *peer = nva->config->peers->pdata[j];
      RouteServer *server = world_server(world, peer->head.name);
      const PeerRequest request = {nva->subnet, peer->configs[cloud]};
      g_autoptr(GPtrArray) parts = g_ptr_array_new();
      world->cloud->peer_parts(server, &request, parts);
      for (guint k = 0; k < parts->len; k++)
        add_session(world, nva, peer, parts->pdata[k], k);
    }
  }
}
