/* What every session of a world is made of: its ends, and what watches them. */
#include "world_private.h"

static void bfd_changed(gpointer data, BfdState state, BfdDiagnostic diagnostic) {
  (void)diagnostic;
  if (state == BFD_DOWN)
    bgp_peer_bfd_down(data);
}

void world_add_bfd(World *world, WorldSession *session, const BfdEnd ends[2], const char *stream,
                   FaultVictim *const victims[2]) {
  session->bfd = bfd_session_new(world->engine, session->path, ends, stream, world->liveness,
                                 world->options->seed, world->options->run);
  for (guint side = 0; side < 2; side++) {
    const BfdSessionEnd end = {session->bfd, side};
    bfd_session_subscribe(session->bfd, side, bfd_changed, bgp_session_peer(session->bgp, side));
    g_array_append_val(victims[side]->bfd_ends, end);
  }
}

void world_add_bgp(World *world, WorldSession *session, const BgpEnd ends[2], const char *stream,
                   FaultVictim *const victims[2]) {
  const BgpSessionConfig config = {.stream = stream,
                                   .liveness = world->liveness,
                                   .tcp_timeout = world->design->tcp_timeout.law.a,
                                   .tcp_timeout_ground = world->design->tcp_timeout.law.ground,
                                   .seed = world->options->seed,
                                   .run = world->options->run};
  session->bgp = bgp_session_new(world->engine, session->path, ends, &config);
  for (guint side = 0; side < 2; side++)
    g_ptr_array_add(victims[side]->peers, bgp_session_peer(session->bgp, side));
  g_ptr_array_add(world->sessions, session);
}

BgpEnd world_nva_end(World *world, const WorldNva *nva, const DesignPeer *peer,
                     const char *setting) {
  guint32 *strip = arena_array(world->arena, guint32, peer->strip_as->len + 1);
  for (guint i = 0; i < peer->strip_as->len; i++)
    strip[i] = (guint32) * (gint64 *)peer->strip_as->pdata[i];
  return (BgpEnd){
      .speaker = nva_speaker(nva->nva),
      .name = nva_name(nva->nva),
      .address = nva_address(nva->nva),
      .keepalive = world_draw(world, setting, "keepalive", &peer->keepalive),
      .hold = world_draw(world, setting, "hold", &peer->hold),
      .hold_ground = peer->hold.law.ground,
      .keepalive_jitter_off = peer->keepalive_jitter == LIVENESS_JITTER_OFF,
      .establish = peer->establish.given ? &peer->establish.law : &nva->config->establish.law,
      .connect_retry =
          world_draw(world, nva_name(nva->nva), "connect_retry", &nva->config->connect_retry),
      .connect_retry_ground = nva->config->connect_retry.law.ground,
      .no_route_refresh = !peer->route_refresh,
      .next_hop_self = peer->next_hop_self == NEXT_HOP_SELF,
      .keeps_next_hop = peer->next_hop_self == NEXT_HOP_KEPT,
      .as_override = peer->as_override,
      .strip_as = strip,
      .strip_as_count = peer->strip_as->len};
}

void world_add_nva_peer(WorldNva *nva, const DesignPeer *peer, const char *name,
                        const GPtrArray *list, gboolean tunnel, BgpPeer *session) {
  const Distribution *law = &peer->first_update.law;
  const gboolean at_once = law->kind == DISTRIBUTION_CONSTANT && law->a.ns == 0;
  const NvaPeerConfig config = {.peer = session,
                                .name = name,
                                .scope = list,
                                .tunnel = tunnel,
                                .first_update = at_once ? NULL : law};
  nva_add_peer(nva->nva, &config);
}
