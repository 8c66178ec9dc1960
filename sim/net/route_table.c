/* Route tables; see fabric.h. */
#include <string.h>

#include "table_private.h"

typedef struct {
  RouteTableChanged handler;
  gpointer data;
} RouteTableWatch;

RouteTable *route_table_new(Fabric *fabric, const char *name) {
  RouteTable *table = arena_new0(fabric->arena, RouteTable);
  table->fabric = fabric;
  table->name = arena_strdup(fabric->arena, name);
  table->slots = trie_new(fabric->arena);
  table->shields = trie_new(fabric->arena);
  table->part = fabric_part_new(fabric);
  return table;
}

const char *route_table_name(const RouteTable *table) { return table->name; }

void route_table_watch(RouteTable *table, RouteTableChanged handler, gpointer data) {
  const RouteTableWatch watch = {handler, data};
  if (table->watches == NULL)
    table->watches = arena_growing_array(table->fabric->arena, sizeof(RouteTableWatch));
  g_array_append_val(table->watches, watch);
}

void route_table_set_buckets(RouteTable *table, guint buckets) {
  g_assert(buckets == 0 || 840 % buckets == 0);
  table->buckets = buckets;
}

static void changed(RouteTable *table, TableSlot *slot, const RouteOrigin *origin) {
  slot->changed_by = engine_cause(table->fabric->engine);
  fabric_changed(table->fabric, table->part);
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
        route->hops[i].balancer != hops[i].balancer || route->hops[i].site != hops[i].site ||
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

static gboolean has_shield(const TableSlot *slot) {
  for (guint i = 0; i < slot->routes->len; i++)
    if (g_array_index(slot->routes, TableRoute, i).origin->beats_longer_dynamic)
      return TRUE;
  return FALSE;
}

/* The slot has one route more of this origin, or one less. */
static void set_shield(RouteTable *table, TableSlot *slot, const RouteOrigin *origin) {
  if (origin->beats_longer_dynamic && has_shield(slot))
    trie_set(table->shields, slot->prefix, slot);
  else if (origin->beats_longer_dynamic)
    trie_remove(table->shields, slot->prefix);
}

gboolean route_table_put(RouteTable *table, Prefix prefix, const RouteOrigin *origin,
                         const NextHop *hops, guint count) {
  TableSlot *slot = route_table_slot(table, prefix);
  NextHop *copy = arena_array(table->fabric->arena, NextHop, count);
  guint index = 0;
  g_assert(count > 0);
  route_table_ask(table, prefix, origin);
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
  set_shield(table, slot, origin);
  changed(table, slot, origin);
  return TRUE;
}

gboolean route_table_put_aside(RouteTable *table, Prefix prefix, const RouteOrigin *origin) {
  TableSlot *slot = trie_get(table->slots, prefix);
  if (slot == NULL)
    return FALSE;
  for (guint i = 0; i < slot->routes->len; i++)
    if (g_array_index(slot->routes, TableRoute, i).origin == origin) {
      g_array_remove_index(slot->routes, i);
      set_shield(table, slot, origin);
      changed(table, slot, origin);
      return TRUE;
    }
  return FALSE;
}

gboolean route_table_drop(RouteTable *table, Prefix prefix, const RouteOrigin *origin) {
  const gboolean was = route_table_put_aside(table, prefix, origin);
  route_table_give_up(table, prefix, origin);
  return was;
}

/* ---- which routes are used ---------------------------------------------------------- */

/* What follows for routes that hold one address from the others that do. */
typedef struct {
  const RouteTable *table;
  IpAddress address;
  guint shielded_from; /* dynamic routes at least so long are not used */
} Rules;

enum { LONGER_THAN_ANY = 129 };

static Rules rules_for(const RouteTable *table, IpAddress address) {
  return (Rules){table, address, trie_shortest_match(table->shields, address, LONGER_THAN_ANY)};
}

static gboolean is_shielded(const Rules *rules, guint length, const RouteOrigin *origin) {
  return origin->dynamic && !origin->keeps_longest && length >= rules->shielded_from;
}

/* Does 0.0.0.0/0 lead through an element? */
static gboolean default_leads_away(const Rules *rules) {
  const TableSlot *slot = trie_get(rules->table->slots, prefix_make(rules->address, 0));
  for (guint i = 0; slot != NULL && i < slot->routes->len; i++) {
    const TableRoute *route = &g_array_index(slot->routes, TableRoute, i);
    if (!is_shielded(rules, 0, route->origin))
      return route->hops[0].kind == HOP_ELEMENT || route->hops[0].kind == HOP_BALANCER;
  }
  return FALSE;
}

static gboolean may_use(const Rules *rules, guint length, const RouteOrigin *origin) {
  return !is_shielded(rules, length, origin) &&
         !(origin->yields_to_default && default_leads_away(rules));
}

/* The route that is used among those to one prefix: of the lowest rank. NULL: none may be. */
static const TableRoute *best_of(const Rules *rules, const TableSlot *slot) {
  for (guint i = 0; i < slot->routes->len; i++) {
    const TableRoute *route = &g_array_index(slot->routes, TableRoute, i);
    if (may_use(rules, slot->prefix.length, route->origin))
      return route;
  }
  return NULL;
}

gboolean route_table_would_use(const RouteTable *table, Prefix prefix, const RouteOrigin *origin) {
  const Rules rules = rules_for(table, prefix.address);
  return may_use(&rules, prefix.length, origin);
}

static RouteView view_of(const Rules *rules, const TableSlot *slot, const TableRoute *route,
                         const TableRoute *best) {
  return (RouteView){.prefix = slot->prefix,
                     .origin = route->origin,
                     .hops = route->hops,
                     .hop_count = route->hop_count,
                     .active = best == route,
                     .hidden = !may_use(rules, slot->prefix.length, route->origin) ||
                               (best != route && best != NULL && best->origin->dynamic &&
                                route->origin->leaves_to_dynamic),
                     .buckets = route->buckets,
                     .bucket_count = rules->table->buckets};
}

typedef struct {
  const RouteTable *table;
  RouteVisit visit;
  gpointer data;
} Visit;

static void visit_slot(Prefix prefix, gpointer value, gpointer data) {
  const TableSlot *slot = value;
  const Visit *visit = data;
  const Rules rules = rules_for(visit->table, prefix.address);
  const TableRoute *best = best_of(&rules, slot);
  for (guint i = 0; i < slot->routes->len; i++) {
    const RouteView view = view_of(&rules, slot, &g_array_index(slot->routes, TableRoute, i), best);
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
      const Rules rules = rules_for(table, prefix.address);
      *out =
          view_of(&rules, slot, &g_array_index(slot->routes, TableRoute, i), best_of(&rules, slot));
      return TRUE;
    }
  return FALSE;
}

gboolean route_table_look_up(const RouteTable *table, IpAddress address, RouteView *out,
                             RecordId *changed_by) {
  gpointer slots[LONGER_THAN_ANY];
  const guint count = trie_match_all(table->slots, address, slots, G_N_ELEMENTS(slots));
  const Rules rules = rules_for(table, address);
  const TableRoute *best = NULL;
  fabric_note(table->fabric, table->part);
  for (guint i = 0; i < count; i++) {
    const TableSlot *slot = slots[i];
    *changed_by = MAX(*changed_by, slot->changed_by);
    if (best == NULL && (best = best_of(&rules, slot)) != NULL)
      *out = view_of(&rules, slot, best, best);
  }
  return best != NULL;
}

gboolean route_table_match(const RouteTable *table, IpAddress address, RouteView *out) {
  RecordId ignored = 0;
  return route_table_look_up(table, address, out, &ignored);
}
