/* Resilient hashing: a fixed number of buckets, each of which one next hop serves. When a next
 * hop goes, only its buckets are given to others; when one comes, it takes what is its share and no
 * more. All choices go by order, so the same history gives the same buckets. */
#include <string.h>

#include "table_private.h"

static gboolean same_hop(const NextHop *a, const NextHop *b) {
  return a->kind == b->kind && a->network == b->network && a->balancer == b->balancer &&
         ip_address_equal(a->address, b->address);
}

#define NOBODY 255

/* Index in `hops` of the one that served the bucket, or NOBODY. */
static guint8 keeper(const NextHop *before, const NextHop *hops, guint count) {
  for (guint i = 0; before != NULL && i < count; i++)
    if (same_hop(before, &hops[i]))
      return (guint8)i;
  return NOBODY;
}

/* The one with the fewest (most < 0) or the most buckets; the first of equals. */
static guint extreme(const guint *held, guint count, gboolean fewest) {
  guint found = 0;
  for (guint i = 1; i < count; i++)
    if (fewest ? held[i] < held[found] : held[i] > held[found])
      found = i;
  return found;
}

const guint8 *buckets_assign(Arena *arena, guint size, const TableRoute *before,
                             const NextHop *hops, guint count) {
  guint8 *buckets = arena_array(arena, guint8, size);
  guint held[NOBODY] = {0};
  g_assert(count < NOBODY);
  for (guint b = 0; b < size; b++) {
    const NextHop *old =
        before != NULL && before->buckets != NULL ? &before->hops[before->buckets[b]] : NULL;
    buckets[b] = keeper(old, hops, count);
    if (buckets[b] != NOBODY)
      held[buckets[b]]++;
  }
  for (guint b = 0; b < size; b++)
    if (buckets[b] == NOBODY) {
      buckets[b] = (guint8)extreme(held, count, TRUE);
      held[buckets[b]]++;
    }
  /* Who came takes its share, one bucket at a time from whoever has the most. */
  for (;;) {
    const guint poor = extreme(held, count, TRUE), rich = extreme(held, count, FALSE);
    if (held[rich] - held[poor] < 2)
      return buckets;
    for (guint b = 0; b < size; b++)
      if (buckets[b] == rich) {
        buckets[b] = (guint8)poor;
        break;
      }
    held[rich]--;
    held[poor]++;
  }
}
