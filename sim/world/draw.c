/* What is drawn when a world is made, and how long something is under way in it. */
#include "world_private.h"

SimTime world_draw(const World *world, const char *name, const char *key,
                   const Duration *duration) {
  return cloud_draw_setting(&world->topology, name, key, duration);
}

static gboolean is_at(const WorldPlace *place, const DesignPlace *end) {
  return (place->network != NULL && design_place_has_network(end, place->network->config)) ||
         (place->site != NULL && design_place_has_site(end, place->site)) ||
         (place->circuit != NULL && design_place_has_circuit(end, place->circuit));
}

const Distribution *world_delay(const World *world, const WorldPlace *a, const WorldPlace *b) {
  for (guint i = 0; i < world->design->links->len; i++) {
    const DesignLink *link = world->design->links->pdata[i];
    const DesignPlace *one = &link->ends[0], *other = &link->ends[1];
    if ((is_at(a, one) && is_at(b, other)) || (is_at(a, other) && is_at(b, one)))
      return &link->delay.law;
  }
  return &world->design->link_delay.law;
}
