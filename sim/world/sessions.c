/* Route servers of a world and the sessions with them. */
#include <string.h>

#include "world_private.h"

/* ---- route servers and sessions ------------------------------------------------------------ */

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
                         world->cloud->server->boot(config->config));
    victim->shared_process = !own;
    victim->process_ended = part_ended;
    victim->process_started = part_started;
    victim->data = part;
  }
}

/* The leg that stands in the far end's subnet, or else in its network. */
static IpAddress address_towards(const WorldNva *nva, const RouteServerPart *part) {
  const RouteServer *server = route_server_unit_server(route_server_part_unit(part));
  const CloudNetwork *network = route_server_config(server)->network;
  const IpAddress far = route_server_part_address(part);
  const CloudSubnet *outer = nva->outer;
  if (outer == NULL || prefix_contains(subnet_prefix(nva->subnet->subnet), far) ||
      (!prefix_contains(subnet_prefix(outer->subnet), far) &&
       (outer->network != network || nva->subnet->network == network)))
    return nva_address(nva->nva);
  return nva->config->legs[1];
}

/* The appliance opens the session. Facts: AWS-1.13, AZ-2.17. */
static void add_session(World *world, WorldNva *nva, const DesignPeer *peer, RouteServerPart *part,
                        guint number) {
  static const NameRef none = {NULL};
  const NameRef *maps[2] = {&none, &none};
  gconstpointer peer_config = peer->configs[cloud_place(world->cloud)];
  RouteServer *server = route_server_unit_server(route_server_part_unit(part));
  const CloudLiveness far = world->cloud->server->liveness(server);
  const char *setting =
      arena_concat(world->arena, "nvas.", nva_name(nva->nva), ".peers.", peer->head.name, NULL);
  WorldSession *session = arena_new0(world->arena, WorldSession);
  session->ends[0] = nva_name(nva->nva);
  session->ends[1] = route_server_part_name(part);
  session->path = path_new(
      world->engine, arena_concat(world->arena, session->ends[0], "~", session->ends[1], NULL),
      nva_node(nva->nva), route_server_part_node(part),
      world_delay(world, &(WorldPlace){.network = nva->subnet->network},
                  &(WorldPlace){.network = route_server_config(server)->network}),
      world->options->seed, world->options->run);
  if (world->cloud->route_maps != NULL && peer_config != NULL)
    world->cloud->route_maps->of_peer(peer_config, maps);
  BgpEnd ends[2] = {
      world_nva_end(world, nva, peer, setting),
      {.speaker = route_server_unit_speaker(route_server_part_unit(part)),
       .name = session->ends[1],
       .address = route_server_part_address(part),
       .keepalive = far.keepalive,
       .hold = far.hold,
       .hold_ground = far.hold_ground,
       .keepalive_jitter_off = far.keepalive_jitter_off,
       .passive = TRUE,
       .connect_retry = sim_time_s(120),
       .remote_asn = (guint32)peer->asn,
       .prefix_limit = far.prefix_limit,
       .inbound = world_route_map(world, maps[0]),
       .outbound = world_route_map(world, maps[1])},
  };
  ends[0].address = address_towards(nva, part);
  /* The stream is named by number, not by the part's name, so that both models meet the same luck.
   */
  const char *stream = arena_concat(world->arena, session->ends[0], "/", route_server_name(server),
                                    "/", arena_decimal(world->arena, number), NULL);
  FaultVictim *const victims[2] = {world_victim(world, session->ends[0]),
                                   world_victim(world, session->ends[1])};
  world_add_bgp(world, session, ends, stream, victims);
  const char *part_name = strrchr(session->ends[1], '/');
  world_add_nva_peer(
      nva, peer, peer->head.name,
      design_list_for(peer, world->cloud, part_name != NULL ? part_name + 1 : session->ends[1]),
      FALSE, bgp_session_peer(session->bgp, 0));
  if (peer->bfd != NULL && far.bfd) {
    const BfdEnd bfd[2] = {
        {session->ends[0], world_draw(world, setting, "bfd.interval", &peer->bfd->interval),
         (guint)peer->bfd->multiplier, .jitter_off = peer->bfd->jitter == LIVENESS_JITTER_OFF},
        {session->ends[1], far.bfd_interval, far.bfd_multiplier, far.bfd_interval_ground,
         far.bfd_multiplier_ground, far.bfd_jitter_off},
    };
    world_add_bfd(world, session, bfd, stream, victims);
  }
}

/* The route server of this name; NULL: there is none. */
static RouteServer *world_server(const World *world, const char *name) {
  for (guint i = 0; i < world->servers->len; i++) {
    RouteServer *server = world->servers->pdata[i];
    if (strcmp(route_server_name(server), name) == 0)
      return server;
  }
  return NULL;
}

void world_build_sessions(World *world) {
  const guint cloud = cloud_place(world->cloud);
  for (guint i = 0; i < world->nvas->len; i++) {
    WorldNva *nva = world->nvas->pdata[i];
    for (guint j = 0; j < nva->config->peers->len; j++) {
      const DesignPeer *peer = nva->config->peers->pdata[j];
      RouteServer *server = world_server(world, peer->head.name);
      g_autoptr(GPtrArray) parts = g_ptr_array_new();
      if (server == NULL)
        continue; /* another appliance */
      route_server_parts_for(server, nva->subnet->name, peer->configs[cloud], parts);
      if (parts->len == 0 && nva->outer != NULL)
        route_server_parts_for(server, nva->outer->name, peer->configs[cloud], parts);
      for (guint k = 0; k < parts->len; k++)
        add_session(world, nva, peer, parts->pdata[k], k);
    }
  }
}
