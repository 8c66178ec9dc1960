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

static void changed(RouteTable *table, TableSlot *slot) {
  slot->changed_by = engine_cause(table->fabric->engine);
  fabric_changed(table->fabric);
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
      changed(table, slot);
      return TRUE;
    }
    if (route->origin->rank > origin->rank)
      break;
  }
  const TableRoute route = made(table, NULL, origin, copy, count);
  g_array_insert_val(slot->routes, index, route);
  table->dynamic += origin->dynamic ? 1 : 0;
  changed(table, slot);
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
      changed(table, slot);
      return TRUE;
    }
  return FALSE;
}

static RouteView view_of(const RouteTable *table, const TableSlot *slot, guint index) {
  const TableRoute *route = &g_array_index(slot->routes, TableRoute, index);
  return (RouteView){slot->prefix, route->origin,  route->hops,   route->hop_count,
                     index == 0,   route->buckets, table->buckets};
}

typedef struct {
  const RouteTable *table;
  RouteVisit visit;
  gpointer data;
} Visit;

static void visit_slot(Prefix prefix, gpointer value, gpointer data) {
  const TableSlot *slot = value;
  const Visit *visit = data;
  (void)prefix;
  for (guint i = 0; i < slot->routes->len; i++) {
    const RouteView view = view_of(visit->table, slot, i);
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
      *out = view_of(table, slot, i);
      return TRUE;
    }
  return FALSE;
}

/* The longest prefix with a route wins, but for origins that beat longer dynamic
 * routes. *changed_by becomes the latest change to any prefix that covers `address`,
 * also one that has no route left. */
static gboolean match(const RouteTable *table, IpAddress address, RouteView *out,
                      RecordId *changed_by) {
  gpointer slots[129];
  const guint count = trie_match_all(table->slots, address, slots, G_N_ELEMENTS(slots));
  gboolean found = FALSE;
  for (guint i = 0; i < count; i++) {
    const TableSlot *slot = slots[i];
    *changed_by = MAX(*changed_by, slot->changed_by);
    if (slot->routes->len == 0)
      continue;
    const RouteView view = view_of(table, slot, 0);
    if (!found || (out->origin->dynamic && !out->origin->keeps_longest &&
                   view.origin->beats_longer_dynamic)) {
      *out = view;
      found = TRUE;
    }
  }
  return found;
}

gboolean route_table_match(const RouteTable *table, IpAddress address, RouteView *out) {
  RecordId ignored = 0;
  return match(table, address, out, &ignored);
}

/* ---- walking ---------------------------------------------------------------------- */

static void deliver(Passage *passage) { passage->delivered = TRUE; }

static void drop(Passage *passage, const char *reason, const char *where) {
  passage->delivered = FALSE;
  passage->reason = reason;
  passage->where = where;
}

static const Link *link_to(const Element *element, const Site *site) {
  for (guint i = 0; i < element->links->len; i++)
    if (((const Link *)element->links->pdata[i])->site == site)
      return element->links->pdata[i];
  return NULL;
}

static void meet(Passage *passage, const NetNode *node) {
  passage->changed_by = MAX(passage->changed_by, net_node_changed_by(node));
}

/* The packet takes `link`; where that is down, the walk is over. */
static gboolean cross(Passage *passage, const Link *link) {
  meet(passage, link->node);
  const gboolean up = !net_node_is(link->node, NODE_CUT) && !net_node_is(link->node, NODE_DARK);
  if (!up)
    drop(passage, "link-down", net_node_name(link->node));
  return up;
}

/* From one element to the next: over a link where one of them is a site's router. Returns
 * FALSE where the walk is over. */
static gboolean reach(Passage *passage, const Element *from, const Element *to) {
  const Link *link = NULL;
  if (from == NULL)
    return TRUE;
  if (to->router_of != NULL)
    link = link_to(from, to->router_of);
  else if (from->router_of != NULL)
    link = link_to(to, from->router_of);
  else
    return TRUE;
  if (link == NULL)
    drop(passage, "no-such-next-hop", from->config.name);
  return link != NULL && cross(passage, link);
}

/* At the site: its router, where it has one, takes the packet. */
static void arrive(Passage *passage, const Site *site) {
  const NetNode *router = site->router != NULL ? site->router->config.node : NULL;
  if (router != NULL)
    meet(passage, router);
  if (router == NULL || net_node_forwards(router))
    deliver(passage);
  else
    drop(passage, "site-down", site->name);
}

/* A router's own table first; where that leaves it to the subnet's, that one, or the table of
 * its outer leg for what the subnet's does not deliver itself. *table becomes the one that said. */
static gboolean match_at(const Element *at, const RouteTable **table, IpAddress to,
                         RouteView *route, RecordId *changed_by) {
  gboolean found = match(*table, to, route, changed_by);
  if (at == NULL)
    return found;
  if (at->config.onward != NULL && (!found || route->hops[0].kind == HOP_ONWARD)) {
    *table = at->config.onward;
    found = match(*table, to, route, changed_by);
  }
  const gboolean own =
      found && (route->hops[0].kind == HOP_LOCAL || route->hops[0].kind == HOP_TUNNEL);
  if (at->config.outer != NULL && !own) {
    *table = at->config.outer;
    found = match(*table, to, route, changed_by);
  }
  return found;
}

/* The tunnel's own packets go as any others: by the table of the subnet, at best directly. */
static gboolean carries_tunnel(const Element *at, IpAddress end, RecordId *changed_by) {
  RouteView route;
  const RouteTable *under = at->config.onward != NULL ? at->config.onward : at->config.table;
  if (!match(under, end, &route, changed_by))
    return FALSE;
  const NextHop *hop = &route.hops[0];
  return hop->kind == HOP_LOCAL ? network_contains(hop->network, end)
                                : hop->kind == HOP_ELEMENT && ip_address_equal(hop->address, end);
}

/* The way on from `element` where its link to the site is down. */
static gboolean has_tunnel(const Element *element, IpAddress to, RecordId *changed_by) {
  RouteView route;
  return element->config.onward != NULL && match(element->config.table, to, &route, changed_by) &&
         route.hops[0].kind == HOP_TUNNEL;
}

gboolean element_has_own_way(const Element *element, IpAddress to) {
  const Site *site = trie_match(element->fabric->site_index, to, NULL);
  const Link *link = site != NULL ? link_to(element, site) : NULL;
  RecordId ignored = 0;
  return (link != NULL && !net_node_is(link->node, NODE_CUT) &&
          !net_node_is(link->node, NODE_DARK)) ||
         has_tunnel(element, to, &ignored);
}

/* The link to the site that has `to`. A site of everything that is nowhere else does not have
 * what the element's own table knows. */
static const Link *link_towards(const Fabric *fabric, const Element *element, IpAddress to) {
  Prefix place;
  RouteView route;
  const Site *site = trie_match(fabric->site_index, to, &place);
  if (site == NULL ||
      (place.length == 0 && element->config.table != NULL &&
       route_table_match(element->config.table, to, &route) && route.prefix.length > 0))
    return NULL;
  return link_to(element, site);
}

/* See element_serve(). */
static gboolean ends_here(const Element *element, IpAddress to, RecordId *changed_by) {
  const Site *site = trie_match(element->fabric->site_index, to, NULL);
  Prefix served;
  RouteView route;
  const RouteTable *table = element->config.table;
  if (ip_address_equal(to, element->config.address) || ip_address_equal(to, element->nat_address))
    return TRUE;
  if (trie_match(element->served, to, &served) == NULL || served.length == 0)
    return FALSE;
  if (served.length == ip_family_bits(to.family))
    return TRUE;
  if (site != NULL && strcmp(site->name, "internet") != 0)
    return FALSE; /* a place of its own, elsewhere */
  if (table == NULL || !match_at(element, &table, to, &route, changed_by))
    return TRUE;
  const NextHop *hop = &route.hops[0];
  if (hop->kind == HOP_LOCAL && network_contains(hop->network, to))
    return FALSE; /* hosts of the network: it stands in front of them */
  if (hop->kind == HOP_TUNNEL)
    return route.prefix.length < served.length;
  const gboolean on =
      hop->kind != HOP_NONE &&
      !(hop->kind == HOP_ELEMENT && fabric_element_at(element->fabric, hop->address) == element);
  return route.prefix.length <= served.length || !on;
}

/* The packet is at `element`. Returns TRUE where the walk is over. */
static gboolean pass_element(const Fabric *fabric, const Element *element, IpAddress to,
                             Passage *passage) {
  meet(passage, element->config.node);
  for (guint i = 0; i < passage->via_count; i++)
    if (passage->via[i] == element && element->relay == NULL) {
      drop(passage, "loop", element->config.name);
      return TRUE;
    }
  if (!net_node_forwards(element->config.node)) {
    drop(passage, element->router_of != NULL ? "site-down" : "next-hop-down", element->config.name);
    return TRUE;
  }
  if (passage->via_count == PASSAGE_MOST_ELEMENTS) {
    drop(passage, "too-many-hops", element->config.name);
    return TRUE;
  }
  const Site *site = trie_match(fabric->site_index, to, NULL);
  if (site != NULL && site == element->router_of) {
    arrive(passage, site); /* the end is no way to it */
    return TRUE;
  }
  passage->via[passage->via_count++] = element;
  passage->network = element->config.network;
  passage->zone = element->config.zone;
  if (element->config.refuses_transit != NULL && !ip_address_equal(to, element->config.address)) {
    drop(passage, element->config.refuses_transit, element->config.name);
    return TRUE;
  }
  const Link *link = link_towards(fabric, element, to);
  if (link != NULL && !link->routed) {
    if (cross(passage, link))
      arrive(passage, site);
    else if (has_tunnel(element, to, &passage->changed_by))
      return FALSE;
    return TRUE;
  }
  if (!ends_here(element, to, &passage->changed_by))
    return FALSE;
  RecordId changed_by = 0;
  const char *why = element->refuses != NULL && trie_match(element->served, to, NULL) != NULL
                        ? element->refuses(element->refuses_data, &changed_by)
                        : NULL;
  passage->changed_by = MAX(passage->changed_by, changed_by);
  if (why == NULL)
    deliver(passage);
  else
    drop(passage, why, element->config.name);
  return TRUE;
}

static void deliver_internet(const Fabric *fabric, const RouteTable *table, IpAddress to,
                             Passage *passage) {
  const Site *site = trie_match(fabric->site_index, to, NULL);
  if (site != NULL && strcmp(site->name, "internet") == 0)
    deliver(passage);
  else
    drop(passage, "not-on-internet", table->name);
}

/* The table that a packet at `element`, come from `network` and `zone`, follows next; NULL where
 * the walk is over. */
static const RouteTable *relayed(const Element *element, IpAddress to, HashClass hash,
                                 const Network *network, const char *zone, Passage *passage) {
  if (element->relay == NULL)
    return element->config.table;
  const RelayRequest request = {to, network, zone, hash};
  RelayAnswer answer = {.table = NULL};
  element->relay(element->relay_data, &request, &answer);
  passage->changed_by = MAX(passage->changed_by, answer.changed_by);
  passage->split = answer.split;
  passage->split_pin = answer.split_pin;
  passage->network = answer.network;
  passage->zone = answer.zone;
  if (answer.table == NULL && answer.split == 0)
    drop(passage, answer.reason, element->config.name);
  return answer.table;
}

/* The element that a next hop names or chooses; NULL where the walk is over. */
static const Element *element_of(const Fabric *fabric, const RouteTable *table, const NextHop *hop,
                                 HashClass hash, Passage *passage) {
  const Balancer *balancer = hop->balancer;
  if (hop->kind != HOP_BALANCER) {
    const Element *element = fabric_element_at(fabric, hop->address);
    if (element != NULL)
      return element;
    balancer = trie_get(fabric->balancers, prefix_host(hop->address));
  }
  if (balancer == NULL) {
    drop(passage, "no-such-next-hop", table->name);
    return NULL;
  }
  const Element *element = balancer_choose(balancer, hash, passage);
  if (element == NULL && passage->split == 0)
    drop(passage, "no-healthy-member", balancer_name(balancer));
  passage->pinned = element;
  passage->balancer = balancer;
  return element;
}

/* Among how many values of its hash a flow must be known to tell its next hop. Modulo: when a
 * member leaves, all flows are shared out anew (AZ-6.13, AZ-14.11). */
static guint choices_of(const RouteView *route) {
  return route->hop_count == 1    ? 1
         : route->buckets != NULL ? route->bucket_count
                                  : route->hop_count;
}

/* Each flow keeps to one way (AZ-6.11). NULL: not enough is known of the hash. */
static const NextHop *hop_for(const RouteView *route, HashClass hash) {
  const guint choices = choices_of(route);
  if (choices == 1)
    return &route->hops[0];
  if (hash.modulus % choices != 0)
    return NULL;
  const guint choice = hash.residue % choices;
  return &route->hops[route->buckets != NULL ? route->buckets[choice] : choice];
}

/* `at`: the element that the packet is at; NULL: a host. */
static void walk(const Fabric *fabric, const Element *at, const RouteTable *table, IpAddress to,
                 HashClass hash, Passage *passage) {
  while (table != NULL) {
    const Network *network = passage->network;
    const char *zone = passage->zone;
    RouteView route;
    const gboolean found = match_at(at, &table, to, &route, &passage->changed_by);
    passage->look_ups[passage->look_up_count++] = table;
    if (!found) {
      drop(passage, "no-route", table->name);
      return;
    }
    const NextHop *hop = hop_for(&route, hash);
    if (hop == NULL) {
      passage->split = choices_of(&route);
      return;
    }
    const Element *element;
    switch (hop->kind) {
    case HOP_LOCAL:
      if (network_contains(hop->network, to))
        deliver(passage);
      else
        drop(passage, "no-route", table->name);
      return;
    case HOP_INTERNET:
      deliver_internet(fabric, table, to, passage);
      return;
    case HOP_NONE:
    case HOP_ONWARD:
      drop(passage, "blackhole", table->name);
      return;
    case HOP_TUNNEL:
      if (!carries_tunnel(at, hop->address, &passage->changed_by)) {
        drop(passage, "tunnel-down", table->name);
        return;
      }
      /* fall through */
    case HOP_ELEMENT:
    case HOP_BALANCER:
      element = element_of(fabric, table, hop, hash, passage);
      if (element == NULL)
        return;
      if (!reach(passage, at, element) || pass_element(fabric, element, to, passage))
        return;
      at = element;
      table = relayed(element, to, hash, network, zone, passage);
      if (table == NULL && element->relay != NULL)
        return;
    }
  }
  drop(passage, "no-route", at != NULL ? at->config.name : NULL);
}

void fabric_walk_from_table(const Fabric *fabric, const RouteTable *table, IpAddress to,
                            HashClass hash, Passage *passage) {
  *passage = (Passage){.delivered = FALSE};
  walk(fabric, NULL, table, to, hash, passage);
}

void fabric_walk_from_router(const Fabric *fabric, const Site *site, IpAddress to, HashClass hash,
                             Passage *passage) {
  *passage = (Passage){.delivered = FALSE};
  meet(passage, site->router->config.node);
  if (!net_node_forwards(site->router->config.node)) {
    drop(passage, "site-down", site->name);
    return;
  }
  walk(fabric, site->router, site->router->config.table, to, hash, passage);
}

void fabric_walk_from_element(const Fabric *fabric, const Element *element, IpAddress to,
                              HashClass hash, Passage *passage) {
  *passage = (Passage){.delivered = FALSE};
  if (!pass_element(fabric, element, to, passage))
    walk(fabric, element, element->config.table, to, hash, passage);
}

void fabric_walk_from_subnet(const Fabric *fabric, const Subnet *subnet, const RouteTable *table,
                             IpAddress to, HashClass hash, Passage *passage) {
  *passage = (Passage){.network = subnet->network, .zone = subnet->zone};
  if (subnet->on_link && prefix_contains(subnet->prefix, to)) {
    deliver(passage);
    return;
  }
  walk(fabric, NULL, table, to, hash, passage);
}

void fabric_walk_from_site(const Fabric *fabric, const Site *site, const Element *element,
                           IpAddress to, HashClass hash, Passage *passage) {
  *passage = (Passage){.delivered = FALSE};
  const Link *link = link_to(element, site);
  if (link == NULL && strcmp(site->name, "internet") == 0) {
    /* It answers to the public address that it saw, which is the element's. */
    fabric_walk_from_element(fabric, element, to, hash, passage);
    return;
  }
  if (link == NULL) {
    drop(passage, "no-route", site->name);
    return;
  }
  if (!cross(passage, link) || pass_element(fabric, element, to, passage))
    return;
  walk(fabric, element, element->config.table, to, hash, passage);
}
