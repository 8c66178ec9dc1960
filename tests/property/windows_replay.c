/* routes.csv from the start to a moment, and the tables at that moment. It has what route servers,
 * gateways and scripts put there; what users write and what the cloud itself has is not in it. */
#include <string.h>

#include "property/windows.h"

typedef struct {
  const Windows *windows;
  const CloudTopology *topology;
  const RouteTable *table;
  GHashTable *routes; /* "TABLE PREFIX ORIGIN" to next hops */
} State;

/* A script's routes are of the origin of users' own. */
static gboolean has_scripts_alone(const Windows *windows) {
  const Design *body = windows->scenario->design;
  if (body->failover != FAILOVER_API)
    return FALSE;
  for (guint i = 0; i < body->events->len; i++)
    if (((const DesignEvent *)body->events->pdata[i])->action == EVENT_SET_ROUTES)
      return FALSE;
  return TRUE;
}

static gboolean is_told(const State *state, const RouteOrigin *origin) {
  return origin->dynamic ||
         (strcmp(origin->name, state->windows->cloud->fabric->static_origin->name) == 0 &&
          has_scripts_alone(state->windows));
}

/* As routes.csv has it. */
static char *hops_text(const State *state, const RouteView *route) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < route->hop_count; i++) {
    const NextHop *hop = &route->hops[i];
    const Element *element =
        hop->kind == HOP_ELEMENT ? fabric_element_at(state->topology->fabric, hop->address) : NULL;
    g_string_append(text, i > 0 ? " " : "");
    if (element != NULL)
      g_string_append(text, element_name(element));
    else
      ip_address_append(hop->address, text);
  }
  return g_string_free(text, FALSE);
}

static void take_route(const RouteView *route, gpointer data) {
  State *state = data;
  g_autofree char *prefix = prefix_to_string(route->prefix);
  if (is_told(state, route->origin))
    g_hash_table_insert(
        state->routes,
        g_strdup_printf("%s %s %s", route_table_name(state->table), prefix, route->origin->name),
        hops_text(state, route));
}

static void take_table(State *state, const RouteTable *table) {
  if (table == NULL)
    return;
  state->table = table;
  route_table_foreach(table, take_route, state);
}

static GHashTable *state_of(const Windows *windows, const Inspection *inspection) {
  State state = {.windows = windows,
                 .topology = inspection_topology(inspection),
                 .routes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
  for (guint i = 0; i < state.topology->networks->len; i++) {
    const CloudNetwork *network = state.topology->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const CloudSubnet *subnet = network->subnets->pdata[j];
      for (guint k = 0; k < subnet->tables->len; k++)
        take_table(&state, subnet->tables->pdata[k]);
    }
  }
  for (guint i = 0; i < state.topology->user_tables->len; i++)
    take_table(&state, ((const CloudUserTable *)state.topology->user_tables->pdata[i])->table);
  return state.routes;
}

/* An action fits what was there: nothing that is there is installed, nothing else is replaced. */
static char *replay_row(GHashTable *routes, const RunRouteRow *row) {
  char *key = g_strdup_printf("%s %s %s", row->table, row->prefix, row->origin);
  const char *had = g_hash_table_lookup(routes, key);
  const gboolean installs = strcmp(row->action, "install") == 0;
  if (installs != (had == NULL)) {
    char *complaint =
        g_strdup_printf("routes.csv at %.9f s: %s of %s, which was %s", sim_time_seconds(row->at),
                        row->action, key, had != NULL ? had : "not there");
    g_free(key);
    return complaint;
  }
  if (strcmp(row->action, "remove") == 0) {
    g_hash_table_remove(routes, key);
    g_free(key);
  } else {
    g_hash_table_insert(routes, key, g_strdup(row->next_hops));
  }
  return NULL;
}

static char *first_not_in(GHashTable *some, GHashTable *others, const char *what) {
  g_autoptr(GList) keys = g_list_sort(g_hash_table_get_keys(some), (GCompareFunc)strcmp);
  for (const GList *each = keys; each != NULL; each = each->next) {
    const char *mine = g_hash_table_lookup(some, each->data);
    const char *other = g_hash_table_lookup(others, each->data);
    if (g_strcmp0(mine, other) != 0)
      return g_strdup_printf("%s: %s is '%s' and '%s'", what, (const char *)each->data, mine,
                             other != NULL ? other : "not there");
  }
  return NULL;
}

char *windows_replay(Windows *windows) {
  g_autoptr(GHashTable) replayed = state_of(windows, windows->start);
  g_autoptr(GHashTable) there = state_of(windows, windows->look);
  for (guint i = 0; i < windows->result->route_count; i++) {
    const RunRouteRow *row = &windows->result->routes[i];
    if (row->at.ns == 0 || row->at.ns > windows->at.ns)
      continue; /* the state at 0 has it; or it comes later */
    if (strcmp(row->origin, windows->cloud->fabric->static_origin->name) == 0 &&
        !has_scripts_alone(windows))
      continue;
    char *complaint = replay_row(replayed, row);
    if (complaint != NULL)
      return complaint;
  }
  windows->checks += g_hash_table_size(replayed) + 1;
  g_autofree char *what =
      g_strdup_printf("at %.9f s, routes.csv and the table", sim_time_seconds(windows->at));
  char *complaint = first_not_in(replayed, there, what);
  if (complaint != NULL)
    return complaint;
  g_autofree char *back =
      g_strdup_printf("at %.9f s, the table and routes.csv", sim_time_seconds(windows->at));
  return first_not_in(there, replayed, back);
}
