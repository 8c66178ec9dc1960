/* What an appliance brings to its sessions, and sessions of appliances with each other. */
#include <string.h>

#include "world_private.h"

/* ---- appliance to appliance ------------------------------------------------------------------ */

static const DesignPeer *peer_named(const DesignNva *nva, const char *name) {
  return design_find(nva->peers, name);
}

gboolean world_nva_tunnels(const World *world, const DesignNva *nva) {
  for (guint i = 0; i < world->design->nvas->len; i++) {
    const DesignNva *other = world->design->nvas->pdata[i];
    const DesignPeer *here = peer_named(nva, other->head.name);
    const DesignPeer *there = peer_named(other, nva->head.name);
    if ((here != NULL && here->tunnel) || (there != NULL && there->tunnel))
      return TRUE;
  }
  return FALSE;
}

static void add_bfd_between(World *world, WorldSession *session, const DesignPeer *peers[2],
                            const char *const settings[2], const char *stream,
                            FaultVictim *const victims[2]) {
  BfdEnd ends[2];
  for (guint side = 0; side < 2; side++) {
    const DesignBfd *bfd = peers[side]->bfd;
    if (bfd == NULL)
      return; /* both have to speak it */
    ends[side] = (BfdEnd){session->ends[side],
                          world_draw(world, settings[side], "bfd.interval", &bfd->interval),
                          (guint)bfd->multiplier, .jitter_off = bfd->jitter == LIVENESS_JITTER_OFF};
  }
  world_add_bfd(world, session, ends, stream, victims);
}

/* Two appliances have one session, whether one end or both speak of it; an end that does not has
 * the other's settings. The one with the first name opens it, so that there is nothing to collide
 * (RFC 4271 6.8). */
static void add_between(World *world, WorldNva *nvas[2], const DesignPeer *own[2]) {
  const DesignPeer *peers[2] = {own[0] != NULL ? own[0] : own[1], own[1] != NULL ? own[1] : own[0]};
  const char *names[2] = {nva_name(nvas[0]->nva), nva_name(nvas[1]->nva)};
  const gboolean tunnel = peers[0]->tunnel || peers[1]->tunnel;
  const char *settings[2];
  BgpEnd ends[2];
  FaultVictim *const victims[2] = {nvas[0]->victim, nvas[1]->victim};
  WorldSession *session = arena_new0(world->arena, WorldSession);
  for (guint side = 0; side < 2; side++) {
    session->ends[side] = names[side];
    settings[side] = arena_printf(world->arena, "nvas.%s.peers.%s", names[side], names[!side]);
    ends[side] = world_nva_end(world, nvas[side], peers[side], settings[side]);
    if (own[side] == NULL) { /* what it does to routes is each end's own business */
      ends[side].next_hop_self = ends[side].keeps_next_hop = ends[side].as_override = FALSE;
      ends[side].strip_as_count = 0;
    }
  }
  ends[1].passive = TRUE;
  session->path =
      path_new(world->engine, arena_printf(world->arena, "%s~%s", names[0], names[1]),
               nva_node(nvas[0]->nva), nva_node(nvas[1]->nva), &world->design->link_delay.law,
               world->options->seed, world->options->run);
  const char *stream = arena_printf(world->arena, "%s/%s/0", names[0], names[1]);
  world_add_bgp(world, session, ends, stream, victims);
  for (guint side = 0; side < 2; side++)
    world_add_nva_peer(nvas[side], peers[side], names[!side],
                       own[side] != NULL && design_has_own_list(own[side]) ? own[side]->advertise
                                                                           : NULL,
                       tunnel, bgp_session_peer(session->bgp, side));
  add_bfd_between(world, session, peers, settings, stream, victims);
}

void world_build_nva_sessions(World *world) {
  for (guint i = 0; i < world->nvas->len; i++)
    for (guint j = i + 1; j < world->nvas->len; j++) {
      WorldNva *nvas[2] = {world->nvas->pdata[i], world->nvas->pdata[j]};
      const DesignPeer *own[2] = {peer_named(nvas[0]->config, nva_name(nvas[1]->nva)),
                                  peer_named(nvas[1]->config, nva_name(nvas[0]->nva))};
      if (own[0] != NULL || own[1] != NULL)
        add_between(world, nvas, own);
    }
}
