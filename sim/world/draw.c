/* What is drawn when a world is made, and how long something is under way in it. */
#include <string.h>

#include "world_private.h"

SimTime world_draw(const World *world, const char *name, const char *key,
                   const Duration *duration) {
  return cloud_draw_setting(&world->topology, name, key, duration);
}

static gboolean is_at(const WorldPlace *place, const char *name) {
  return (place->network != NULL && (strcmp(place->network->name, name) == 0 ||
                                     g_strcmp0(place->network->region, name) == 0)) ||
         g_strcmp0(place->name, name) == 0 || g_strcmp0(place->location, name) == 0;
}

const Distribution *world_delay(const World *world, const WorldPlace *a, const WorldPlace *b) {
  for (guint i = 0; i < world->design->links->len; i++) {
    const DesignLink *link = world->design->links->pdata[i];
    const char *const ends[2] = {((const NameRef *)link->between->pdata[0])->text,
                                 ((const NameRef *)link->between->pdata[1])->text};
    if ((is_at(a, ends[0]) && is_at(b, ends[1])) || (is_at(a, ends[1]) && is_at(b, ends[0])))
      return &link->delay.law;
  }
  return &world->design->link_delay.law;
}
