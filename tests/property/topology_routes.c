/* No route without a live or a persisted cause, in random topologies.
 *
 * At any moment: what is in a RIB came over a session that is up, or is persisted. What is in a
 * table is what the unit that feeds it wants, because of routes that are in use in its RIB; a table
 * may lag behind for as long as a change may take. A table that no unit feeds, and one whose unit
 * is frozen, keeps what it has (AZ-7.8, AWS-6.13).
 *
 * A quarter of an hour after the last event nothing lags any more: every table has all that its
 * unit wants and nothing else, both ends of every session agree that it is up, and who announced a
 * route announces it still. Only a session without a hold timer may go on with a far end that is
 * gone. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/fault/fault.h"
#include "support/topology.h"

/* Topologies of one test, at -O2. */
#define COUNT TOPOLOGY_COUNT(1150)

/* The longest change interval, programming, jitter and takeover of a random topology. */
#define LAG (30 + 6 + 2 + 2)

typedef struct {
  const RunResult *result;
  RouteServer *server;
  RouteServerUnit *unit;
  const RouteTable *table;
  SimTime end;
  gboolean quiet;
  char *complaint; /* the first one */
} Look;

static void complain(Look *look, Prefix prefix, const char *what) {
  g_autofree char *text = prefix_to_string(prefix);
  if (look->complaint == NULL)
    look->complaint =
        g_strdup_printf("%s, %s, %s: %s", route_server_unit_name(look->unit),
                        look->table != NULL ? route_table_name(look->table) : "RIB", text, what);
}

/* ---- RIBs --------------------------------------------------------------------------------- */

static void check_source(Look *look, Prefix prefix, BgpPeer *source) {
  const BgpPeer *far = bgp_peer_far(source);
  if (bgp_peer_state(source) != BGP_ESTABLISHED) {
    complain(look, prefix, "its session is down");
    return;
  }
  if (!look->quiet || bgp_peer_hold(source).ns == 0)
    return;
  if (bgp_peer_state(far) != BGP_ESTABLISHED)
    complain(look, prefix, "the far end of its session is down");
  else if (bgp_peer_sent(far, prefix) == NULL)
    complain(look, prefix, "its announcer does not announce it");
  else if (bgp_find(bgp_peer_speaker(far), prefix) == NULL ||
           bgp_find(bgp_peer_speaker(far), prefix)->selected_count == 0)
    complain(look, prefix, "its announcer does not have it");
}

static void check_entry(const BgpEntry *entry, gpointer data) {
  Look *look = data;
  for (guint i = 0; i < entry->candidates->len; i++) {
    const BgpCandidate *candidate = entry->candidates->pdata[i];
    if (candidate->source != NULL)
      check_source(look, entry->prefix, candidate->source);
  }
}

/* ---- tables ---------------------------------------------------------------------------------- */

/* Did anything happen of late that a table may lag behind? */
static gboolean is_on_its_way(const Look *look) {
  const TraceKind *const kinds[] = {&BGP_SELECTED,    &BGP_SESSION_UP,  &BGP_SESSION_DOWN,
                                    &CLOUD_UNIT_LOST, &CLOUD_PERSISTED, &FAULT_EVENT};
  for (RecordId id = engine_record_count(look->result->engine); id > 0; id--) {
    const TraceRecord *record = engine_record_get(look->result->engine, id);
    if (record->at.ns + LAG * SIM_SECOND < look->end.ns)
      return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
      if (record->kind == kinds[i])
        return TRUE;
  }
  return FALSE;
}

static gboolean is_wanted(const RouteView *route, const RoutePlan *wanted) {
  if (wanted == NULL || wanted->count != route->hop_count)
    return FALSE;
  for (guint i = 0; i < wanted->count; i++)
    if (wanted->hops[i].kind != route->hops[i].kind ||
        !ip_address_equal(wanted->hops[i].address, route->hops[i].address))
      return FALSE;
  return TRUE;
}

static void check_route(const RouteView *route, gpointer data) {
  Look *look = data;
  if (route->origin != route_server_class(look->server)->server->origin)
    return;
  const BgpEntry *entry = bgp_find(route_server_unit_speaker(look->unit), route->prefix);
  if (!is_wanted(route, route_server_wanted(look->unit, route->prefix))) {
    if (look->quiet || !is_on_its_way(look))
      complain(look, route->prefix, "in the table, but its unit does not want it");
  } else if ((entry == NULL || entry->selected_count == 0) &&
             (look->quiet || !is_on_its_way(look))) {
    complain(look, route->prefix, "wanted, but the RIB has no such route");
  }
}

static void check_installation(const RouteInstallation *installation, gpointer data) {
  Look *look = data;
  const RoutePlan *wanted = route_server_wanted(installation->unit, installation->prefix);
  if (installation->in_fib && installation->table != NULL && !installation->installed &&
      installation->reason == NULL && wanted->count > 0 &&
      !route_server_is_frozen(installation->unit))
    complain(look, installation->prefix, "in the FIB, but not in the table");
}

/* ---- whole ----------------------------------------------------------------------------------- */

static void check_server(Look *look) {
  for (guint i = 0; i < route_server_unit_count(look->server); i++) {
    look->unit = route_server_unit(look->server, i);
    look->table = NULL;
    if (!route_server_is_frozen(look->unit))
      bgp_foreach(route_server_unit_speaker(look->unit), check_entry, look);
  }
  for (guint i = 0; i < route_server_table_count(look->server); i++) {
    look->unit = route_server_table_unit(look->server, i);
    look->table = route_server_table(look->server, i);
    if (look->unit != NULL && !route_server_is_frozen(look->unit))
      route_table_foreach(look->table, check_route, look);
  }
  look->unit = route_server_unit(look->server, 0);
  look->table = NULL;
  if (look->quiet)
    route_server_foreach_installation(look->server, check_installation, look);
}

static char *routes_have_causes(const Scenario *scenario, const CloudClass *cloud, guint64 seed,
                                gboolean quiet) {
  const RunOptions options = {.seed = seed};
  g_autoptr(RunResult) result = run_scenario(scenario, cloud, &options);
  Look look = {.result = result, .end = scenario->design->duration.law.a, .quiet = quiet};
  for (guint i = 0; i < result->servers->len && look.complaint == NULL; i++) {
    look.server = result->servers->pdata[i];
    check_server(&look);
  }
  return look.complaint;
}

static char *at_any_moment(const char *text, const Scenario *scenario, const CloudClass *cloud,
                           guint64 seed) {
  (void)text;
  return routes_have_causes(scenario, cloud, seed, FALSE);
}

static char *when_settled(const char *text, const Scenario *scenario, const CloudClass *cloud,
                          guint64 seed) {
  (void)text;
  return routes_have_causes(scenario, cloud, seed, TRUE);
}

static void check_any(guint part) {
  static const TopologyOptions any = {FALSE};
  topology_check(100001 + part * COUNT, COUNT, &any, at_any_moment);
}

static void check_settled(guint part) {
  static const TopologyOptions settled = {.quiet_end = TRUE};
  topology_check(200001 + part * COUNT, COUNT, &settled, when_settled);
}

Test(topology, routes_have_a_cause_at_any_moment_0) { check_any(0); }
Test(topology, routes_have_a_cause_at_any_moment_1) { check_any(1); }
Test(topology, routes_have_a_cause_when_settled_0) { check_settled(0); }
Test(topology, routes_have_a_cause_when_settled_1) { check_settled(1); }
