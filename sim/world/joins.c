/* Sessions of gateways, circuits and sites. */
#include <string.h>

#include "world_private.h"

static void add_bfd(World *world, WorldSession *session, const WorldJoin *join) {
  const BfdEnd ends[2] = {
      {session->ends[0], world_draw(world, join->stream, "bfd.interval", &join->bfd->interval),
       (guint)join->bfd->multiplier, .jitter_off = join->bfd->jitter == LIVENESS_JITTER_OFF},
      {session->ends[1], join->bfd_interval, (guint)join->bfd->multiplier,
       .jitter_off = join->bfd->jitter == LIVENESS_JITTER_OFF},
  };
  world_add_bfd(world, session, ends, join->stream, join->victims);
}

WorldSession *world_join(World *world, const WorldJoin *join) {
  WorldSession *session = arena_new0(world->arena, WorldSession);
  for (guint side = 0; side < 2; side++)
    session->ends[side] = join->ends[side].name;
  session->path = path_new(world->engine,
                           arena_printf(world->arena, "%s~%s", session->ends[0], session->ends[1]),
                           join->victims[0]->node, join->victims[1]->node,
                           world_delay(world, &join->places[0], &join->places[1]),
                           world->options->seed, world->options->run);
  if (join->link != NULL)
    path_set_link(session->path, join->link);
  world_add_bgp(world, session, join->ends, join->stream, join->victims);
  if (join->bfd != NULL)
    add_bfd(world, session, join);
  return session;
}
