/* What a route map makes of the routes of one direction of a session: several routes may
 * become one, which lives as long as any of them. */
#include "bgp_private.h"

/* One route as it was, and what it has become. */
typedef struct {
  Prefix source, target;
  const BgpAttributes *attributes;
} Mapped;

struct BgpMapped {
  Arena *arena;
  Trie *by_source; /* Mapped * */
  Trie *by_target; /* GPtrArray * of Mapped *, by source: the first one speaks for all */
};

BgpMapped *bgp_mapped_new(Arena *arena) {
  BgpMapped *mapped = arena_new0(arena, BgpMapped);
  mapped->arena = arena;
  mapped->by_source = trie_new(arena);
  mapped->by_target = trie_new(arena);
  return mapped;
}

guint bgp_mapped_count(const BgpMapped *mapped) { return trie_size(mapped->by_source); }

static void add_to_target(BgpMapped *mapped, Mapped *route) {
  GPtrArray *routes = trie_get(mapped->by_target, route->target);
  if (routes == NULL) {
    routes = arena_ptr_array(mapped->arena);
    trie_set(mapped->by_target, route->target, routes);
  }
  guint place = routes->len;
  while (place > 0 &&
         prefix_compare(((Mapped *)routes->pdata[place - 1])->source, route->source) > 0)
    place--;
  g_ptr_array_insert(routes, (gint)place, route);
}

guint bgp_mapped_set(BgpMapped *mapped, Prefix source, Prefix target,
                     const BgpAttributes *attributes, Prefix affected[2]) {
  Mapped *route = trie_get(mapped->by_source, source);
  guint count = 0;
  if (route != NULL) {
    affected[count++] = route->target;
    g_ptr_array_remove(trie_get(mapped->by_target, route->target), route);
    trie_remove(mapped->by_source, source);
  }
  if (attributes == NULL)
    return count;
  if (route == NULL)
    route = arena_new0(mapped->arena, Mapped);
  *route = (Mapped){source, target, attributes};
  trie_set(mapped->by_source, source, route);
  add_to_target(mapped, route);
  if (count == 0 || !prefix_equal(affected[0], target))
    affected[count++] = target;
  return count;
}

const BgpAttributes *bgp_mapped_get(const BgpMapped *mapped, Prefix target) {
  const GPtrArray *routes = trie_get(mapped->by_target, target);
  return routes == NULL || routes->len == 0 ? NULL
                                            : ((const Mapped *)routes->pdata[0])->attributes;
}
