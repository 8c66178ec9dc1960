/* Whole worlds under every cloud, the toy one too: each kind of failure that is shipped, of an
 * appliance and of a part of a route server, under each method of failover. A plan that leads
 * nowhere, or a member that may be NULL and is called all the same, shows here first. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/run/inspect.h"
#include "support/cloud_settings.h"
#include "support/fault_kinds.h"
#include "support/story.h"
#include "support/toy_cloud.h"

static const char appliances[] =
    "nvas:\n"
    "  fw-a: {subnet: hub/a, asn: 65010, peers: {rs: {keepalive: 1s, hold: 3s}}, advertise: "
    "[{prefix: 192.168.0.0/16}]}\n"
    "  fw-b: {subnet: hub/b, asn: 65010, peers: {rs: {keepalive: 1s, hold: 3s}}, advertise: "
    "[{prefix: 192.168.0.0/16, prepend: 2}]}\n"
    "sites:\n"
    "  dc: {prefixes: [192.168.0.0/16], via: [fw-a, fw-b]}\n"
    "traffic:\n"
    "  flows: {from: hub/app, to: dc, flows: 100, rate: 1Gbps}\n";

#define FAILED_S 60
#define RESTORED_S 360
#define END_S 900

/* A load balancer hands flows to members of any zone here: where it does not, those of a zone whose
 * one member is lost never come back (AWS-11.11).
 * `more`: networks beside the hub; `last`: the end of the text, from peerings to events. */
static Story *story_with(const CloudClass *cloud, const char *method, const char *more,
                         const char *last) {
  g_autofree char *text =
      g_strdup_printf("name: worlds\n"
                      "models: [%s]\n"
                      "duration: %ds\n"
                      "failover: %s\n"
                      "load_balancer: {%s: {cross_zone: on}}\n"
                      "networks:\n"
                      "  hub:\n"
                      "    prefixes: [10.0.0.0/16]\n"
                      "    subnets:\n"
                      "      app: {prefix: 10.0.0.0/24, zone: a, vms: 20}\n"
                      "      a: {prefix: 10.0.1.0/24, zone: a, vms: 0}\n"
                      "      b: {prefix: 10.0.2.0/24, zone: b, vms: 0}\n"
                      "%s"
                      "route_servers: {rs: {network: hub, %s: %s}}\n"
                      "%s%s",
                      cloud->name, END_S, method, cloud->name, more, cloud->name,
                      cloud_settings(cloud, SETTINGS_OF_TWO_ZONES), appliances, last);
  return story_text(text);
}

static Story *story_of(const CloudClass *cloud, const char *method, const char *victim,
                       const char *how) {
  g_autofree char *events = g_strdup_printf("events:\n"
                                            "  - {at: %ds, fail: %s, how: %s}\n"
                                            "  - {at: %ds, restore: %s}\n",
                                            FAILED_S, victim, how, RESTORED_S, victim);
  return story_with(cloud, method, "", events);
}

/* How many flows are delivered both ways at `at` seconds. */
static guint delivered(const RunResult *result, gint64 at) {
  guint least = G_MAXUINT;
  for (guint direction = 0; direction < FLOW_DIRECTIONS; direction++) {
    guint flows = 0;
    for (guint i = 0; i < result->traffic_count; i++) {
      const RunTrafficRow *row = &result->traffic[i];
      if (row->direction == direction && row->dropped == DROP_NONE &&
          row->from.ns <= at * SIM_SECOND && row->to.ns > at * SIM_SECOND)
        flows += row->flows;
    }
    least = MIN(least, flows);
  }
  return least;
}

/* What people ask while it has failed: everything that there is to show, and who reaches whom. */
static void ask(const Story *story, const CloudClass *cloud, const char *what) {
  const RunOptions options = {.seed = 1};
  g_autoptr(Inspection) inspection =
      inspection_new(story_scenario(story), cloud, &options, sim_time_s(RESTORED_S - 1));
  cr_assert_gt(inspection_listings(inspection, NULL)->len, 0, "%s", what);
  cr_assert_gt(inspection_ways(inspection, "flows")->len, 0, "%s", what);
  for (guint from = 0; from < inspection_place_count(inspection); from++)
    for (guint to = 0; to < inspection_place_count(inspection); to++)
      if (inspection_is_pair(inspection, from, to) && inspection_place_sends(inspection, from))
        cr_assert_leq(inspection_reach(inspection, from, to).verdict, REACH_YES, "%s", what);
}

static void live_through(const CloudClass *cloud, const char *method, const char *victim,
                         const FaultKind *kind) {
  g_autofree char *what =
      g_strdup_printf("%s, %s, %s of %s", cloud->name, method, kind->name, victim);
  g_autoptr(Story) story = story_of(cloud, method, victim, kind->name);
  g_autoptr(RunResult) result = story_run(story, cloud->name, 0);
  const gboolean by_routes = strcmp(method, "route-server") == 0;
  ask(story, cloud, what);
  cr_assert_eq(result->row_count, 2, "%s", what);
  cr_assert_eq(delivered(result, FAILED_S - 1), 100, "%s: before it fails", what);
  cr_assert_eq(delivered(result, END_S - 1), 100, "%s: at the end", what);
  /* Whoever asks the appliance itself finds out; no protocol sees a data plane that is dead behind
   * living sessions. */
  if (!by_routes || fault_is_heard(kind))
    cr_assert_eq(delivered(result, RESTORED_S - 1), 100, "%s: before it is restored", what);
  for (guint i = 0; by_routes && i < result->route_count; i++) {
    const char *hops = story_hops(result, result->routes[i].table, "192.168.0.0/16");
    cr_assert_str_eq(hops, "fw-a", "%s: %s is as it was", what, result->routes[i].table);
  }
}

/* "rs/b1"; the caller frees. */
static char *last_part(const CloudClass *cloud) {
  g_autoptr(Story) story = story_with(cloud, "route-server", "", "");
  const Design *design = story_body(story);
  const DesignRouteServer *server = design->route_servers->pdata[0];
  CloudPart part, last = {NULL, NULL};
  for (guint i = 0;
       cloud->peers->part_at(design, server, server->configs[cloud_place(cloud)], i, &part); i++)
    last = part;
  cr_assert_not_null(last.name, "%s", cloud->name);
  return g_strdup_printf("rs/%s", last.name);
}

static void live_through_all(const CloudClass *cloud) {
  g_autofree char *part = last_part(cloud);
  for (guint method = 0; failover_methods[method] != NULL; method++)
    for (guint i = 0; i < fault_kind_count(); i++) {
      const FaultKind *kind = fault_kind_at(i);
      live_through(cloud, failover_methods[method], "fw-a", kind);
      if (kind->scope == FAULT_OF_ALL && method == 0)
        live_through(cloud, failover_methods[method], part, kind);
    }
}

static void each_cloud(void (*visit)(const CloudClass *cloud)) {
  cloud_register(&toy_cloud);
  for (guint i = 0; i < cloud_count(); i++)
    visit(cloud_at(i));
}

Test(worlds, every_cloud_lives_through_every_kind_of_failure) { each_cloud(live_through_all); }

/* What operators do that not every cloud knows: a peering that is made late, a table that is
 * written anew. */
static void let_operators_work(const CloudClass *cloud) {
  g_autoptr(Story) story = story_with(
      cloud, "route-server",
      "  far:\n"
      "    prefixes: [10.1.0.0/16]\n"
      "    subnets:\n"
      "      app: {prefix: 10.1.0.0/24, vms: 1}\n",
      "peerings: {p: {from: far, to: hub, connected: off}}\n"
      "route_tables: {mine: {network: hub, subnets: [app], routes: [{to: 192.168.7.0/24, via: "
      "fw-b}]}}\n"
      "events:\n"
      "  - {at: 60s, connect: p}\n"
      "  - {at: 120s, set: route_tables.mine.routes, to: [{to: 192.168.8.0/24, via: fw-a}]}\n");
  g_autoptr(RunResult) result = story_run(story, cloud->name, 0);
  cr_assert_eq(delivered(result, FAILED_S - 1), 100, "%s", cloud->name);
  cr_assert_eq(delivered(result, END_S - 1), 100, "%s", cloud->name);
}

Test(worlds, every_cloud_lives_through_what_operators_do) { each_cloud(let_operators_work); }
