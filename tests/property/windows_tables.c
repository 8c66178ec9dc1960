/* Tables at a moment. What `show` calls Active is what look-ups use: between two neighbours of all
 * the beginnings and ends of a table's prefixes every address meets the same route, so one look-up
 * for each of these tries them all. A row that is Active and meets nobody is one whose every
 * address longer Active rows cover. And routes.csv, replayed from the start, gives what dynamic
 * origins have in the tables. */
#include <string.h>

#include "property/windows.h"

/* ---- rows as text ------------------------------------------------------------------------- */

typedef struct {
  const CloudTopology *topology;
  const CloudNetwork *network;
  const RouteTable *table;
  const CloudListing *listing;
  GPtrArray *views; /* RouteView *: of every row */
  GHashTable *rows; /* char *: "10.0.0.0/16 10.0.1.4", what the listing calls Active */
} Table;

static guint column(const CloudListing *listing, const char *name) {
  for (guint i = 0; i < listing->column_count; i++)
    if (strcmp(listing->columns[i], name) == 0)
      return i;
  g_assert_not_reached();
}

static gboolean is_effective(const CloudListing *listing) {
  return strcmp(listing->key, "effective-routes") == 0;
}

/* Azure names addresses of next hops, AWS what stands there. */
static void list_rows(Table *table) {
  const CloudListing *listing = table->listing;
  const gboolean effective = is_effective(listing);
  const guint prefix = column(listing, effective ? "Address Prefix" : "Destination");
  const guint hop = column(listing, effective ? "Next Hop IP" : "Target");
  const guint state = column(listing, "State");
  for (guint i = 0; i < listing->rows->len; i++) {
    const char *const *row = listing->rows->pdata[i];
    if (!effective || strcmp(row[state], "Active") == 0)
      g_hash_table_add(table->rows,
                       g_strdup_printf("%s %s", row[prefix], row[hop] != NULL ? row[hop] : "-"));
  }
}

static char *row_text(const Table *table, const RouteView *route, const NextHop *hop) {
  Arena *arena = table->topology->arena;
  g_autofree char *prefix = prefix_to_string(route->prefix);
  const char *to = "-";
  if (!is_effective(table->listing))
    to = hop->kind != HOP_LOCAL ? cloud_text_hop(table->topology, hop)
         : hop->network == table->network->network
             ? "local"
             : arena_printf(arena, "peering with %s", cloud_text_hop(table->topology, hop));
  else if (hop->kind == HOP_ELEMENT)
    to = cloud_text_address(arena, hop->address);
  return g_strdup_printf("%s %s", prefix, to);
}

/* The first row of the route that the listing does not call Active; NULL: it has all. */
static char *missing_row(const Table *table, const RouteView *route) {
  for (guint i = 0; i < route->hop_count; i++) {
    char *text = row_text(table, route, &route->hops[i]);
    if (!g_hash_table_contains(table->rows, text))
      return text;
    g_free(text);
  }
  return NULL;
}

/* ---- look-ups -------------------------------------------------------------------------------- */

static void keep_view(const RouteView *route, gpointer data) {
  RouteView *copy = g_new(RouteView, 1);
  *copy = *route;
  g_ptr_array_add(data, copy);
}

static gboolean is_end(Prefix prefix) { /* of its family: nothing follows */
  Prefix next;
  return !prefix_following(prefix, 1, &next);
}

/* Where each prefix begins, and what follows it. */
static GArray *boundaries_of(const Table *table) {
  GArray *found = g_array_new(FALSE, FALSE, sizeof(IpAddress));
  for (guint i = 0; i < table->views->len; i++) {
    const RouteView *view = table->views->pdata[i];
    Prefix next;
    g_array_append_val(found, view->prefix.address);
    if (!is_end(view->prefix) && prefix_following(view->prefix, 1, &next))
      g_array_append_val(found, next.address);
  }
  return found;
}

static gboolean is_same(const RouteView *a, const RouteView *b) {
  return a->origin == b->origin && prefix_equal(a->prefix, b->prefix);
}

static char *complain(const Table *table, const char *row, IpAddress address, const char *what) {
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "table %s, row '%s', address ", route_table_name(table->table), row);
  ip_address_append(address, text);
  g_string_append_printf(text, ": %s", what);
  return g_string_free(text, FALSE);
}

/* Nobody uses it: do longer rows cover all of its addresses? */
static char *check_unused(const Table *table, const RouteView *route, const GArray *boundaries) {
  for (guint i = 0; i < boundaries->len; i++) {
    const IpAddress address = g_array_index(boundaries, IpAddress, i);
    RouteView met;
    if (!prefix_contains(route->prefix, address))
      continue;
    if (!route_table_match(table->table, address, &met) ||
        met.prefix.length <= route->prefix.length) {
      g_autofree char *row = row_text(table, route, &route->hops[0]);
      return complain(table, row, address, "Active, but a look-up does not use it");
    }
  }
  return NULL;
}

static char *check_table(Windows *windows, const Table *table) {
  g_autoptr(GArray) boundaries = boundaries_of(table);
  g_autofree gboolean *used = g_new0(gboolean, table->views->len + 1);
  for (guint i = 0; i < boundaries->len; i++) {
    const IpAddress address = g_array_index(boundaries, IpAddress, i);
    RouteView met;
    if (!route_table_match(table->table, address, &met))
      continue;
    g_autofree char *missing = missing_row(table, &met);
    windows->checks++;
    if (missing != NULL)
      return complain(table, missing, address, "a look-up uses it, but it is not Active");
    for (guint j = 0; j < table->views->len; j++)
      used[j] |= is_same(table->views->pdata[j], &met);
  }
  for (guint i = 0; i < table->views->len; i++) {
    const RouteView *view = table->views->pdata[i];
    g_autofree char *missing = missing_row(table, view);
    if (used[i])
      continue;
    windows->checks++;
    /* Another origin may have the same prefix and next hop: then the row may be its. */
    char *complaint =
        missing == NULL && view->active ? check_unused(table, view, boundaries) : NULL;
    if (complaint != NULL)
      return complaint;
    if (missing != NULL && view->active)
      return complain(table, missing, view->prefix.address, "active, but not Active in show");
  }
  return NULL;
}

/* What the listing calls Active, and the table does not have. */
static char *check_listing(Windows *windows, const Table *table) {
  GHashTableIter iter;
  gpointer row;
  g_hash_table_iter_init(&iter, table->rows);
  while (g_hash_table_iter_next(&iter, &row, NULL)) {
    gboolean found = FALSE;
    for (guint i = 0; i < table->views->len && !found; i++) {
      const RouteView *view = table->views->pdata[i];
      for (guint j = 0; j < view->hop_count && view->active && !found; j++) {
        g_autofree char *text = row_text(table, view, &view->hops[j]);
        found = strcmp(text, row) == 0;
      }
    }
    windows->checks++;
    if (!found)
      return g_strdup_printf("table %s: show has '%s' Active, which no look-up may use",
                             route_table_name(table->table), (const char *)row);
  }
  return NULL;
}

/* ---- explain --------------------------------------------------------------------------------- */

/* Each look-up that `explain` tells at this table is an Active row. */
static char *check_steps(Windows *windows, const Table *table, const GPtrArray *steps) {
  for (guint i = 0; i < steps->len; i++) {
    const WayStep *step = steps->pdata[i];
    gboolean found = FALSE;
    if (step->prefix == NULL || strcmp(step->at, route_table_name(table->table)) != 0)
      continue;
    for (guint j = 0; j < table->views->len && !found; j++) {
      const RouteView *view = table->views->pdata[j];
      g_autofree char *prefix = prefix_to_string(view->prefix), *missing = missing_row(table, view);
      found = view->active && missing == NULL && strcmp(prefix, step->prefix) == 0 &&
              strcmp(view->origin->name, step->origin) == 0;
    }
    windows->checks++;
    if (!found)
      return g_strdup_printf(
          "explain looks up %s (%s) in table %s, where show has no such Active row", step->prefix,
          step->origin, step->at);
  }
  return NULL;
}

static char *check_explain(Windows *windows, const Table *table) {
  const GPtrArray *traffic = windows->scenario->design->traffic;
  char *complaint = NULL;
  for (guint i = 0; i < traffic->len && complaint == NULL; i++) {
    const DesignTraffic *one = traffic->pdata[i];
    complaint = check_steps(windows, table, inspection_ways(windows->look, one->head.name));
  }
  return complaint;
}

/* ---- all tables
 * ------------------------------------------------------------------------------------ */

static char *check_listed(Windows *windows, const CloudListing *listing, const CloudSubnet *subnet,
                          const RouteTable *table) {
  g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  Table one = {inspection_topology(windows->look), subnet->network, table, listing, views, rows};
  list_rows(&one);
  route_table_foreach(table, keep_view, views);
  char *complaint = check_table(windows, &one);
  if (complaint == NULL)
    complaint = check_listing(windows, &one);
  if (complaint == NULL)
    complaint = check_explain(windows, &one);
  return complaint;
}

static gboolean is_about(const CloudListing *listing, const char *name) {
  if (strcmp(listing->key, "effective-routes") != 0 && strcmp(listing->key, "route-table") != 0)
    return FALSE;
  for (guint i = 0; i < listing->names->len; i++)
    if (strcmp(listing->names->pdata[i], name) == 0)
      return TRUE;
  return FALSE;
}

/* One of the listings of the subnet is the table's: groups of NICs that are alike share one. */
static char *check_subnet_table(Windows *windows, const GPtrArray *listings,
                                const CloudSubnet *subnet, const RouteTable *table) {
  char *first = NULL;
  guint count = 0;
  for (guint i = 0; i < listings->len; i++) {
    if (!is_about(listings->pdata[i], subnet->name))
      continue;
    char *complaint = check_listed(windows, listings->pdata[i], subnet, table);
    count++;
    if (complaint == NULL) {
      g_free(first);
      return NULL;
    }
    if (first == NULL)
      first = g_steal_pointer(&complaint);
    g_free(complaint);
  }
  return count > 0 || subnet->hidden ? first
                                     : g_strdup_printf("show has no table for %s", subnet->name);
}

char *windows_tables(Windows *windows) {
  const CloudTopology *topology = inspection_topology(windows->look);
  const GPtrArray *listings = inspection_listings(windows->look, NULL);
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const CloudSubnet *subnet = network->subnets->pdata[j];
      for (guint k = 0; k < subnet->tables->len; k++) {
        char *complaint = check_subnet_table(windows, listings, subnet, subnet->tables->pdata[k]);
        if (complaint != NULL)
          return complaint;
      }
    }
  }
  return NULL;
}
