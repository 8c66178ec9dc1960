/* Route tables; see fabric.h. */
#include <string.h>

#include "fabric_private.h"

RouteTable *route_table_new(Fabric *fabric, const char *name) {
  RouteTable *table = arena_new0(fabric->arena, RouteTable);
  table->fabric = fabric;
  table->name = arena_strdup(fabric->arena, name);
  table->slots = trie_new(fabric->arena);
  return table;
}

const char *route_table_name(const RouteTable *table) { return table->name; }
guint route_table_dynamic_count(const RouteTable *table) { return table->dynamic; }

void route_table_watch(RouteTable *table, RouteTableChanged handler, gpointer data) {
  const RouteTableWatch watch = {handler, data};
  if (table->watches == NULL)
    table->watches =
        arena_own(table->fabric->arena, g_array_new(FALSE, FALSE, sizeof(RouteTableWatch)),
                  (GDestroyNotify)g_array_unref);
  g_array_append_val(table->watches, watch);
}

void route_table_set_buckets(RouteTable *table, guint buckets) {
  g_assert(buckets == 0 || 840 % buckets == 0);
  table->buckets = buckets;
}

static TableSlot *slot_for(RouteTable *table, Prefix prefix) {
  TableSlot *slot = trie_get(table->slots, prefix);
  if (slot == NULL) {
    Arena *arena = table->fabric->arena;
    slot = arena_new0(arena, TableSlot);
    slot->prefix = prefix;
    slot->routes = arena_own(arena, g_array_new(FALSE, TRUE, sizeof(TableRoute)),
                             (GDestroyNotify)g_array_unref);
    trie_set(table->slots, prefix, slot);
  }
  return slot;
}

static void changed(RouteTable *table, TableSlot *slot, const RouteOrigin *origin) {
  slot->changed_by = engine_cause(table->fabric->engine);
  fabric_changed(table->fabric);
  for (guint i = 0; table->watches != NULL && i < table->watches->len; i++) {
    const RouteTableWatch *watch = &g_array_index(table->watches, RouteTableWatch, i);
    watch->handler(watch->data, slot->prefix, origin);
  }
}

static gboolean same_hops(const TableRoute *route, const NextHop *hops, guint count) {
  if (route->hop_count != count)
    return FALSE;
  for (guint i = 0; i < count; i++)
    if (route->hops[i].kind != hops[i].kind || route->hops[i].network != hops[i].network ||
        route->hops[i].balancer != hops[i].balancer ||
        !ip_address_equal(route->hops[i].address, hops[i].address))
      return FALSE;
  return TRUE;
}

static TableRoute made(const RouteTable *table, const TableRoute *before, const RouteOrigin *origin,
                       NextHop *hops, guint count) {
  return (TableRoute){
      origin, hops, count,
      table->buckets > 0 ? buckets_assign(table->fabric->arena, table->buckets, before, hops, count)
                         : NULL};
}

gboolean route_table_put(RouteTable *table, Prefix prefix, const RouteOrigin *origin,
                         const NextHop *hops, guint count) {
  TableSlot *slot = slot_for(table, prefix);
  NextHop *copy = arena_array(table->fabric->arena, NextHop, count);
  guint index = 0;
  g_assert(count > 0);
  memcpy(copy, hops, count * sizeof *hops);
  for (; index < slot->routes->len; index++) {
    TableRoute *route = &g_array_index(slot->routes, TableRoute, index);
    if (route->origin == origin) {
      if (same_hops(route, hops, count))
        return FALSE;
      *route = made(table, route, origin, copy, count);
      changed(table, slot, origin);
      return TRUE;
    }
    if (route->origin->rank > origin->rank)
      break;
  }
  const TableRoute route = made(table, NULL, origin, copy, count);
  g_array_insert_val(slot->routes, index, route);
  table->dynamic += origin->dynamic ? 1 : 0;
  changed(table, slot, origin);
  return TRUE;
}

gboolean route_table_drop(RouteTable *table, Prefix prefix, const RouteOrigin *origin) {
  TableSlot *slot = trie_get(table->slots, prefix);
  if (slot == NULL)
    return FALSE;
  for (guint i = 0; i < slot->routes->len; i++)
    if (g_array_index(slot->routes, TableRoute, i).origin == origin) {
      g_array_remove_index(slot->routes, i);
      table->dynamic -= origin->dynamic ? 1 : 0;
      changed(table, slot, origin);
      return TRUE;
    }
  return FALSE;
}

/* ---- which routes are used ---------------------------------------------------------- */

/* All slots that hold one address, longest prefix first, and what follows from them for each. */
typedef struct {
  gpointer slots[129]; /* TableSlot *, from `first` to before `count` */
  guint first, count;
  guint shielded_from;         /* dynamic routes at least so long are not used; 129: all are */
  gboolean default_leads_away; /* 0.0.0.0/0 leads through an element */
} Chain;

static gboolean may_use(const Chain *chain, guint length, const RouteOrigin *origin) {
  if (origin->dynamic && !origin->keeps_longest && length >= chain->shielded_from)
    return FALSE;
  return !origin->yields_to_default || !chain->default_leads_away;
}

static gboolean is_usable(const Chain *chain, const TableSlot *slot, const TableRoute *route) {
  return may_use(chain, slot->prefix.length, route->origin);
}

/* The route that is used among those to one prefix: of the lowest rank. NULL: none may be. */
static const TableRoute *best_of(const Chain *chain, const TableSlot *slot) {
  for (guint i = 0; i < slot->routes->len; i++) {
    const TableRoute *route = &g_array_index(slot->routes, TableRoute, i);
    if (is_usable(chain, slot, route))
      return route;
  }
  return NULL;
}

/* `longest`: slots of longer prefixes are left out. */
static void chain_make(Chain *chain, const RouteTable *table, IpAddress address, guint longest) {
  chain->first = 0;
  chain->count = trie_match_all(table->slots, address, chain->slots, G_N_ELEMENTS(chain->slots));
  chain->shielded_from = G_N_ELEMENTS(chain->slots);
  chain->default_leads_away = FALSE;
  for (guint i = 0; i < chain->count; i++) {
    const TableSlot *slot = chain->slots[i];
    if (slot->prefix.length > longest) {
      chain->first = i + 1;
      continue;
    }
    for (guint j = 0; j < slot->routes->len; j++)
      if (g_array_index(slot->routes, TableRoute, j).origin->beats_longer_dynamic)
        chain->shielded_from = slot->prefix.length;
  }
  const TableSlot *last = chain->first < chain->count ? chain->slots[chain->count - 1] : NULL;
  const TableRoute *out = last != NULL && last->prefix.length == 0 ? best_of(chain, last) : NULL;
  chain->default_leads_away =
      out != NULL && (out->hops[0].kind == HOP_ELEMENT || out->hops[0].kind == HOP_BALANCER);
}

gboolean route_table_would_use(const RouteTable *table, Prefix prefix, const RouteOrigin *origin) {
  Chain chain;
  chain_make(&chain, table, prefix.address, prefix.length);
  return may_use(&chain, prefix.length, origin);
}

static RouteView view_of(const RouteTable *table, const Chain *chain, const TableSlot *slot,
                         const TableRoute *route, const TableRoute *best) {
  return (RouteView){.prefix = slot->prefix,
                     .origin = route->origin,
                     .hops = route->hops,
                     .hop_count = route->hop_count,
                     .active = best == route,
                     .hidden = !is_usable(chain, slot, route) ||
                               (best != route && best != NULL && best->origin->dynamic &&
                                route->origin->leaves_to_dynamic),
                     .buckets = route->buckets,
                     .bucket_count = table->buckets};
}

typedef struct {
  const RouteTable *table;
  RouteVisit visit;
  gpointer data;
} Visit;

static void visit_slot(Prefix prefix, gpointer value, gpointer data) {
  const TableSlot *slot = value;
  const Visit *visit = data;
  Chain chain;
  chain_make(&chain, visit->table, prefix.address, prefix.length);
  const TableRoute *best = best_of(&chain, slot);
  for (guint i = 0; i < slot->routes->len; i++) {
    const RouteView view =
        view_of(visit->table, &chain, slot, &g_array_index(slot->routes, TableRoute, i), best);
    visit->visit(&view, visit->data);
  }
}

void route_table_foreach(const RouteTable *table, RouteVisit visit, gpointer data) {
  Visit both = {table, visit, data};
  trie_foreach(table->slots, visit_slot, &both);
}

gboolean route_table_find(const RouteTable *table, Prefix prefix, const RouteOrigin *origin,
                          RouteView *out) {
  const TableSlot *slot = trie_get(table->slots, prefix);
  for (guint i = 0; slot != NULL && i < slot->routes->len; i++)
    if (g_array_index(slot->routes, TableRoute, i).origin == origin) {
      Chain chain;
      chain_make(&chain, table, prefix.address, prefix.length);
      *out = view_of(table, &chain, slot, &g_array_index(slot->routes, TableRoute, i),
                     best_of(&chain, slot));
      return TRUE;
    }
  return FALSE;
}

gboolean route_table_look_up(const RouteTable *table, IpAddress address, RouteView *out,
                             RecordId *changed_by) {
  Chain chain;
  const TableRoute *best = NULL;
  chain_make(&chain, table, address, G_MAXUINT);
  for (guint i = chain.first; i < chain.count; i++) {
    const TableSlot *slot = chain.slots[i];
    *changed_by = MAX(*changed_by, slot->changed_by);
    if (best == NULL && (best = best_of(&chain, slot)) != NULL)
      *out = view_of(table, &chain, slot, best, best);
  }
  return best != NULL;
}

gboolean route_table_match(const RouteTable *table, IpAddress address, RouteView *out) {
  RecordId ignored = 0;
  return route_table_look_up(table, address, out, &ignored);
}
