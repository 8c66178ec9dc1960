/* The parts of a world, by name. */
#include <string.h>

#include "world_private.h"

FaultVictim *world_add_victim(World *world, const char *name, NetNode *node, BgpSpeaker *speaker,
                              Distribution boot) {
  FaultVictim *victim = arena_new0(world->arena, FaultVictim);
  victim->name = name;
  victim->node = node;
  victim->speaker = speaker;
  victim->boot = boot;
  victim->peers = arena_ptr_array(world->arena);
  victim->subnets = arena_ptr_array(world->arena);
  victim->bfd_ends = arena_growing_array(world->arena, sizeof(BfdSessionEnd));
  g_ptr_array_add(world->victims, victim);
  return victim;
}

FaultVictim *world_victim(const World *world, const char *name) {
  for (guint i = 0; i < world->victims->len; i++) {
    FaultVictim *victim = world->victims->pdata[i];
    if (strcmp(victim->name, name) == 0)
      return victim;
  }
  return NULL;
}

WorldNva *world_nva(const World *world, const char *name) {
  for (guint i = 0; i < world->nvas->len; i++) {
    WorldNva *nva = world->nvas->pdata[i];
    if (strcmp(nva_name(nva->nva), name) == 0)
      return nva;
  }
  return NULL;
}

WorldSite *world_site(const World *world, const char *name) {
  for (guint i = 0; i < world->sites->len; i++) {
    WorldSite *site = world->sites->pdata[i];
    if (strcmp(site_name(site->site), name) == 0)
      return site;
  }
  return NULL;
}
