/* The ways that flows take, each of which a traffic has once; see the header. */
#include <string.h>

#include "traffic_private.h"

static guint way_hash(gconstpointer data) {
  const FlowWay *way = data;
  guint hash = way->dropped;
  for (guint i = 0; i < way->count; i++)
    hash = hash * 31 + g_direct_hash(way->elements[i]);
  return hash;
}

static gboolean way_equal(gconstpointer a, gconstpointer b) {
  const FlowWay *one = a, *other = b;
  return one->dropped == other->dropped && one->count == other->count &&
         memcmp(one->elements, other->elements, one->count * sizeof *one->elements) == 0;
}

GHashTable *ways_new(Arena *arena) { return arena_hash_table(arena, way_hash, way_equal); }

static const char *text_of(Arena *arena, const FlowWay *way) {
  if (way->dropped != DROP_NONE)
    return drop_reason_label(way->dropped);
  if (way->count == 0)
    return FLOW_DIRECT;
  if (way->count == 1)
    return element_name(way->elements[0]);
  g_autoptr(GString) names = g_string_new(element_name(way->elements[0]));
  for (guint i = 1; i < way->count; i++)
    g_string_append_printf(names, "+%s", element_name(way->elements[i]));
  return arena_strdup(arena, names->str);
}

/* The one that is as `way`, but for its text. */
static const FlowWay *known(Traffic *traffic, const FlowWay *way) {
  FlowWay *kept = g_hash_table_lookup(traffic->ways, way);
  if (kept == NULL) {
    kept = arena_new0(traffic->arena, FlowWay);
    *kept = *way;
    kept->text = text_of(traffic->arena, way);
    g_hash_table_add(traffic->ways, kept);
  }
  return kept;
}

const FlowWay *way_dropped(Traffic *traffic, DropReason reason) {
  g_assert(reason != DROP_NONE);
  return known(traffic, &(FlowWay){.dropped = reason});
}

const FlowWay *way_of(Traffic *traffic, const Passage *passage) {
  FlowWay way = {.count = passage->via_count};
  if (!passage->delivered)
    return way_dropped(traffic, passage->reason);
  memcpy(way.elements, passage->via, way.count * sizeof *way.elements);
  return known(traffic, &way);
}

int way_compare(const FlowWay *a, const FlowWay *b) {
  const int by_text = strcmp(a->text, b->text);
  return by_text != 0 ? by_text : (a->count > b->count) - (a->count < b->count);
}

const FlowWay *way_shown(Traffic *traffic, const FlowClass *class, guint direction) {
  return class->gone ? way_dropped(traffic, DROP_HOST_DOWN) : class->fate->ways[direction];
}
