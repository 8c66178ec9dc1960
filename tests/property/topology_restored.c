/* What failed and was restored leaves nothing behind: a quarter of an hour after any failures of
 * anything, each of them restored, tables, RIBs and ways are those of the same scenario in which
 * nothing happened. The exception: a session without a hold timer, one end of which lost power,
 * stays half open for ever (RFC 4271 6.8); these scenarios have none. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/topology.h"

/* Topologies of one test, at -O2. */
#define COUNT TOPOLOGY_COUNT(500)

/* ---- the state as text ----------------------------------------------------------------------- */

static void say_route(const RouteView *route, gpointer data) {
  GString *text = data;
  prefix_append(route->prefix, text);
  g_string_append_printf(text, " %s", route->origin->name);
  for (guint i = 0; i < route->hop_count; i++) {
    g_string_append_printf(text, " %d:", (int)route->hops[i].kind);
    if (route->hops[i].kind == HOP_ELEMENT)
      ip_address_append(route->hops[i].address, text);
  }
  g_string_append_c(text, '\n');
}

static void say_entry(const BgpEntry *entry, gpointer data) {
  GString *text = data;
  if (entry->candidates->len == 0)
    return; /* there was one once */
  prefix_append(entry->prefix, text);
  for (guint i = 0; i < entry->candidates->len; i++) {
    const BgpCandidate *candidate = entry->candidates->pdata[i];
    g_string_append_printf(text, " %s@%d",
                           candidate->source != NULL ? bgp_peer_remote_name(candidate->source)
                                                     : "itself",
                           bgp_entry_place(entry, candidate->source));
  }
  g_string_append_c(text, '\n');
}

static void say_subnets(const CloudTopology *topology, GString *text) {
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const CloudSubnet *subnet = network->subnets->pdata[j];
      for (guint k = 0; k < subnet->tables->len; k++) {
        g_string_append_printf(text, "table %s\n", route_table_name(subnet->tables->pdata[k]));
        route_table_foreach(subnet->tables->pdata[k], say_route, text);
      }
    }
  }
}

static void say_server(const RouteServer *server, GString *text) {
  for (guint i = 0; i < route_server_unit_count(server); i++) {
    const RouteServerUnit *unit = route_server_unit(server, i);
    const GPtrArray *peers = bgp_speaker_peers(route_server_unit_speaker(unit));
    g_string_append_printf(text, "RIB %s\n", route_server_unit_name(unit));
    bgp_foreach(route_server_unit_speaker(unit), say_entry, text);
    for (guint j = 0; j < peers->len; j++) {
      g_string_append_printf(text, "RIB %s: session %s\n", bgp_peer_name(peers->pdata[j]),
                             bgp_state_name(bgp_peer_state(peers->pdata[j])));
      bgp_foreach(bgp_peer_speaker(bgp_peer_far(peers->pdata[j])), say_entry, text);
    }
  }
  /* Without sessions an instance that returns has nothing to take a table back for. */
  for (guint i = 0; i < route_server_table_count(server); i++) {
    const RouteServerUnit *unit = route_server_table_unit(server, i);
    if (bgp_speaker_peers(route_server_unit_speaker(route_server_unit(server, 0)))->len == 0)
      continue;
    g_string_append_printf(text, "%s is fed by %s\n",
                           route_table_name(route_server_table(server, i)),
                           unit != NULL ? route_server_unit_name(unit) : "nobody");
  }
}

static int compare_lines(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Rows stand in the order of their beginning, which is not the same. */
static void say_ways(const RunResult *result, SimTime end, GString *text) {
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (row->to.ns == end.ns)
      g_ptr_array_add(lines,
                      g_strdup_printf("%s %s %s: %u\n", row->traffic,
                                      flow_directions[row->direction], row->via, row->flows));
  }
  g_ptr_array_sort(lines, compare_lines);
  g_string_append(text, "ways\n");
  for (guint i = 0; i < lines->len; i++)
    g_string_append(text, lines->pdata[i]);
}

static char *state_of(const Scenario *scenario, const CloudClass *cloud, guint64 seed) {
  const RunOptions options = {.seed = seed, .detail = TRUE};
  g_autoptr(RunResult) result = run_scenario(scenario, cloud, &options);
  GString *text = g_string_new(NULL);
  say_subnets(result->topology, text);
  for (guint i = 0; i < result->servers->len; i++)
    say_server(result->servers->pdata[i], text);
  say_ways(result, scenario->design->duration.law.a, text);
  return g_string_free(text, FALSE);
}

/* ---- comparing
 * ----------------------------------------------------------------------------------- */

/* The first line that differs, and the heading above it. */
static char *difference(const char *before, const char *after) {
  g_auto(GStrv) left = g_strsplit(before, "\n", -1);
  g_auto(GStrv) right = g_strsplit(after, "\n", -1);
  const char *heading = "";
  for (guint i = 0; left[i] != NULL && right[i] != NULL; i++) {
    if (strcmp(left[i], right[i]) != 0)
      return g_strdup_printf("%s: '%s' became '%s'", heading, left[i], right[i]);
    if (g_str_has_prefix(left[i], "RIB") || g_str_has_prefix(left[i], "table") ||
        strcmp(left[i], "ways") == 0)
      heading = left[i];
  }
  return g_strdup("lines are missing");
}

/* What a shrunken scenario may have lost. */
static gboolean all_is_restored(const Design *body) {
  for (guint i = 0; i < body->events->len; i++) {
    const DesignEvent *failure = body->events->pdata[i];
    gboolean restored = failure->action != EVENT_FAIL;
    for (guint j = 0; j < body->events->len && !restored; j++) {
      const DesignEvent *event = body->events->pdata[j];
      restored = event->action == EVENT_RESTORE && strcmp(event->target, failure->target) == 0 &&
                 event->at.law.a.ns + event->later.ns > failure->at.law.a.ns + failure->later.ns;
    }
    if (!restored)
      return FALSE;
  }
  return TRUE;
}

static char *all_is_as_before(const char *text, const Scenario *scenario, const CloudClass *cloud,
                              guint64 seed) {
  if (!all_is_restored(scenario->design))
    return NULL;
  g_autofree char *calm_text = topology_without_events(text);
  g_autoptr(ScenarioFile) calm = topology_load(calm_text, NULL);
  g_autofree char *before = state_of(scenario_file_get(calm, 0), cloud, seed);
  g_autofree char *after = state_of(scenario, cloud, seed);
  return strcmp(before, after) == 0 ? NULL : difference(before, after);
}

static void check_part(guint part) {
  static const TopologyOptions restored = {.only_failures = TRUE, .quiet_end = TRUE};
  topology_check(300001 + part * COUNT, COUNT, &restored, all_is_as_before);
}

Test(topology, restoration_brings_everything_back_0) { check_part(0); }
Test(topology, restoration_brings_everything_back_1) { check_part(1); }
Test(topology, restoration_brings_everything_back_2) { check_part(2); }
Test(topology, restoration_brings_everything_back_3) { check_part(3); }
