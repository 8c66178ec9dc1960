/* Tables that take so many dynamic routes and no more: who has a place; see fabric.h. All that ask
 * stand in one queue, by the instant and then by prefix; its head is in. */
#include "table_private.h"

/* What asks for one place of a table: the routes to one prefix that count as one. */
struct PlaceClaim {
  SimTime at;
  Prefix prefix;
  const RouteOrigin *origin; /* that they count as */
  guint32 ranks;             /* of the origins that ask; 0: none does, and it stands in no queue */
  struct PlaceClaim *next;   /* of the same prefix */
};

typedef struct {
  RoutePlaceChanged handler;
  gpointer data;
} RoutePlaceWatch;

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

const RouteOrigin *route_origin_counted(const RouteOrigin *origin) {
  return origin->counts_as != NULL ? origin->counts_as : origin;
}

static int compare_claims(const PlaceClaim *a, const PlaceClaim *b) {
  int order = COMPARE(a->at.ns, b->at.ns);
  if (order == 0)
    order = prefix_compare(a->prefix, b->prefix);
  return order != 0 ? order : COMPARE(a->origin->rank, b->origin->rank);
}

TableSlot *route_table_slot(RouteTable *table, Prefix prefix) {
  TableSlot *slot = trie_get(table->slots, prefix);
  if (slot == NULL) {
    Arena *arena = table->fabric->arena;
    slot = arena_new0(arena, TableSlot);
    slot->prefix = prefix;
    slot->routes = arena_growing_array(arena, sizeof(TableRoute));
    trie_set(table->slots, prefix, slot);
  }
  return slot;
}

/* Where the claim stands, or would stand. */
static guint place_of(const RouteTable *table, const PlaceClaim *claim) {
  guint from = 0, to = table->claims->len;
  while (from < to) {
    const guint middle = from + (to - from) / 2;
    if (compare_claims(table->claims->pdata[middle], claim) < 0)
      from = middle + 1;
    else
      to = middle;
  }
  return from;
}

/* Who stands there has got a place, or lost it. */
static void tell(const RouteTable *table, guint place) {
  if (place >= table->claims->len)
    return;
  const PlaceClaim *claim = table->claims->pdata[place];
  for (guint i = 0; table->place_watches != NULL && i < table->place_watches->len; i++) {
    const RoutePlaceWatch *watch = &g_array_index(table->place_watches, RoutePlaceWatch, i);
    watch->handler(watch->data, (RouteTable *)table, claim->prefix, claim->origin);
  }
}

static PlaceClaim *find_claim(const TableSlot *slot, const RouteOrigin *origin) {
  PlaceClaim *claim = slot != NULL ? slot->claims : NULL;
  while (claim != NULL && claim->origin != route_origin_counted(origin))
    claim = claim->next;
  return claim;
}

static gboolean has_places(const RouteTable *table, const RouteOrigin *origin) {
  return table->quota > 0 && origin->dynamic;
}

void route_table_set_quota(RouteTable *table, guint quota) {
  const guint before = table->quota;
  g_assert(quota > 0);
  if (table->claims == NULL)
    table->claims = arena_ptr_array(table->fabric->arena);
  table->quota = quota;
  for (guint place = MIN(before, quota); before > 0 && place < MAX(before, quota); place++)
    tell(table, place);
}

void route_table_watch_places(RouteTable *table, RoutePlaceChanged handler, gpointer data) {
  const RoutePlaceWatch watch = {handler, data};
  if (table->place_watches == NULL)
    table->place_watches = arena_growing_array(table->fabric->arena, sizeof(RoutePlaceWatch));
  g_array_append_val(table->place_watches, watch);
}

gboolean route_table_ask(RouteTable *table, Prefix prefix, const RouteOrigin *origin) {
  if (!has_places(table, origin))
    return FALSE;
  TableSlot *slot = route_table_slot(table, prefix);
  PlaceClaim *claim = find_claim(slot, origin);
  if (claim == NULL) {
    claim = arena_new0(table->fabric->arena, PlaceClaim);
    *claim = (PlaceClaim){
        .prefix = prefix, .origin = route_origin_counted(origin), .next = slot->claims};
    slot->claims = claim;
  }
  const gboolean new = claim->ranks == 0;
  claim->ranks |= 1u << origin->rank;
  if (!new)
    return FALSE;
  claim->at = engine_now(table->fabric->engine);
  const guint place = place_of(table, claim);
  g_ptr_array_insert(table->claims, (gint)place, claim);
  if (place < table->quota)
    tell(table, table->quota);
  return TRUE;
}

void route_table_give_up(RouteTable *table, Prefix prefix, const RouteOrigin *origin) {
  PlaceClaim *claim =
      has_places(table, origin) ? find_claim(trie_get(table->slots, prefix), origin) : NULL;
  if (claim == NULL || claim->ranks == 0)
    return;
  claim->ranks &= ~(1u << origin->rank);
  if (claim->ranks != 0)
    return;
  const guint place = place_of(table, claim);
  g_ptr_array_remove_index(table->claims, place);
  if (place < table->quota)
    tell(table, table->quota - 1);
}

gboolean route_table_has_place(const RouteTable *table, Prefix prefix, const RouteOrigin *origin) {
  if (!has_places(table, origin))
    return TRUE;
  const PlaceClaim *claim = find_claim(trie_get(table->slots, prefix), origin);
  return claim != NULL && claim->ranks != 0 && place_of(table, claim) < table->quota;
}

gboolean route_table_lacks_place(const RouteTable *table, IpAddress address) {
  for (guint i = table->quota; table->quota > 0 && i < table->claims->len; i++)
    if (prefix_contains(((const PlaceClaim *)table->claims->pdata[i])->prefix, address))
      return TRUE;
  return FALSE;
}
