/* What somebody published, asked of the shipped scenario that repeats it. The scenario's own
 * `expect` holds what a measure of an event can say; here stands what a probe saw, and what a table
 * held. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/run/inspect.h"
#include "support/facts.h"
#include "support/story.h"

#define PUBLISHED(name) "scenarios/published/" name ".yaml"
#define RUNS 60

/* An orderly stop goes on forwarding for so long (AWS-7.3), in seconds. */
#define FORWARDS 2
/* What a packet of BGP may be on its way, in seconds. */
#define WIRE 0.002

static double gap_of(const RunResult *result) {
  cr_assert_eq(result->probe_count, 1);
  return sim_time_seconds(result->probes[0].longest_gap);
}

static double programmed(const RunResult *result, guint event) {
  cr_assert_not(sim_time_is_never(result->rows[event].programmed));
  return sim_time_seconds(result->rows[event].programmed);
}

static const char *cell_of(const CloudListing *listing, const char *const *row,
                           const char *column) {
  for (guint i = 0; i < listing->column_count; i++)
    if (strcmp(listing->columns[i], column) == 0)
      return row[i];
  cr_assert_fail("there is no column %s", column);
  return NULL;
}

/* The cell of a column in the row that begins with `first`, and is in the FIB where a database says
 * so; NULL: there is no such row. */
static const char *cell(Inspection *inspection, const char *name, const char *key,
                        const char *first, const char *column) {
  const GPtrArray *listings = inspection_listings(inspection, name);
  const gboolean database = strcmp(key, "routing-database") == 0;
  for (guint i = 0; i < listings->len; i++) {
    const CloudListing *listing = listings->pdata[i];
    for (guint j = 0; strcmp(listing->key, key) == 0 && j < listing->rows->len; j++) {
      const char *const *row = listing->rows->pdata[j];
      if (strcmp(row[0], first) == 0 &&
          (!database || strcmp(cell_of(listing, row, "RouteStatus"), "in-fib") == 0))
        return cell_of(listing, row, column);
    }
  }
  return NULL;
}

static Inspection *look(const Story *story, gint64 at_s) {
  const RunOptions options = {.seed = 1};
  return inspection_new(story_scenario(story), cloud_find("aws"), &options, sim_time_s(at_s));
}

/* The lab's 33 s are what a silent stop may cost: 20 to 30 s of a hold time of 30 s, and a
 * programming; a stop that is heard never costs so much. With BFD its 5 to 7 s are the upper end of
 * ours. */
Test(published, frr_stops_unheard) {
  g_autoptr(Story) keepalive = story_file(PUBLISHED("aws-frr-keepalive"), "events.0.how=silent");
  const StoryRange hold = story_range(keepalive, "aws", 0, "detected", RUNS);
  const StoryRange moved = story_range(keepalive, "aws", 0, "programmed", RUNS);
  story_assert_range(hold, 20 - WIRE, 30 + WIRE);
  cr_assert(moved.least <= 33 && moved.greatest >= 33, "%g to %g s", moved.least, moved.greatest);
  g_autoptr(Story) heard = story_file(PUBLISHED("aws-frr-keepalive"), NULL);
  story_assert_range(story_range(heard, "aws", 0, "programmed", RUNS), 0.5, 5.5 + WIRE);

  g_autoptr(Story) bfd = story_file(PUBLISHED("aws-frr-bfd"), "events.0.how=silent");
  const StoryRange told = story_range(bfd, "aws", 0, "programmed", RUNS);
  story_assert_range(story_range(bfd, "aws", 0, "detected", RUNS), 0, 1);
  cr_assert(told.greatest >= 5 && told.greatest <= 7, "%g to %g s", told.least, told.greatest);
  FACTS("AWS-12.1", "AWS-12.2");
}

/* Both routers are away for 270 s, and the routes persist for 1 min: they stay all the time, as
 * that minute counts from the return. The one with MED 0 wins again. */
Test(published, routes_persist_for_a_whole_outage) {
  static const char *const prefix = "192.168.100.0/24";
  g_autoptr(Story) story = story_file(PUBLISHED("aws-persisted-routes"), NULL);
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  cr_assert(gap_of(result) >= 240 && gap_of(result) <= 400, "%g s", gap_of(result));
  for (gint64 at = 62; at < 330; at += 60) {
    g_autoptr(Inspection) away = look(story, at);
    cr_assert_not_null(cell(away, "lab/client", "route-table", prefix, "Target"), "%d s", (int)at);
    cr_assert_str_eq(cell(away, "rs", "routing-database", prefix, "NextHopIp"), "10.0.1.4");
  }
  g_autoptr(Inspection) back = look(story, 600);
  cr_assert_str_eq(cell(back, "lab/client", "route-table", prefix, "Target"), "frr-1");
  cr_assert_str_eq(cell(back, "rs", "routing-database", prefix, "RouteServerPeerId"), "frr-1");
  cr_assert_str_eq(cell(back, "rs", "routing-database", prefix, "Med"), "0");
  FACTS("AWS-12.3");
}

/* Whoever looks each `every` loses a packet exactly where the swap comes after the router stopped;
 * returns in how many runs none was lost. */
static guint unnoticed(const Story *story, double every) {
  guint none = 0;
  for (guint run = 0; run < RUNS; run++) {
    g_autoptr(RunResult) result = story_run(story, "aws", run);
    const double late = programmed(result, 0) - FORWARDS;
    const gboolean lost = result->probes[0].lost > 0;
    cr_assert(lost ? late > 0 : late <= every, "run %u: %u lost, %g s late", run,
              (guint)result->probes[0].lost, late);
    cr_assert(lost || gap_of(result) <= 0.056, "run %u: a gap of %g s", run, gap_of(result));
    none += !lost;
  }
  return none;
}

/* No packet at 0.1 s, nor at 109 packets a second, where the routes are swapped before the router
 * stops. */
Test(published, a_graceful_stop_loses_no_packet) {
  g_autoptr(Story) slow = story_file(PUBLISHED("aws-graceful-stop"), NULL);
  cr_assert_gt(unnoticed(slow, 0.1), 0);
  g_autoptr(Story) fast = story_file(PUBLISHED("aws-graceful-stop"), "probes.ping.every=9174us");
  cr_assert_gt(unnoticed(fast, 0.009174), 0);
  FACTS("AWS-12.4", "AWS-12.6");
}

/* 0.9 s of BFD at most, then the swap, and nothing else: 0.9 s and little more is what the author
 * estimates, whose swap was quick. */
Test(published, a_sudden_death_costs_bfd_and_the_swap) {
  g_autoptr(Story) story = story_file(PUBLISHED("aws-graceful-stop"), "events.0.how=silent");
  for (guint run = 0; run < RUNS; run++) {
    g_autoptr(RunResult) result = story_run(story, "aws", run);
    const double bfd = sim_time_seconds(result->rows[0].detected);
    const double swap = programmed(result, 0) - bfd;
    cr_assert(bfd >= 0.6 - WIRE && bfd <= 0.9 + WIRE, "run %u: %g s", run, bfd);
    cr_assert_float_eq(gap_of(result), bfd + swap, 0.1, "run %u: %g s, swapped in %g s", run,
                       gap_of(result), swap);
    cr_assert(swap >= 0.5 && swap <= 5.5, "run %u: %g s", run, swap);
  }
  cr_assert_leq(story_range(story, "aws", 0, "programmed", 200).least, 1.2);
  FACTS("AWS-12.8");
}

/* A node that goes on forwarding until the tables have moved loses no ping, and each later one may.
 */
Test(published, a_terminated_worker_is_not_missed) {
  g_autoptr(Story) usual = story_file(PUBLISHED("aws-three-workers"), NULL);
  cr_assert_gt(unnoticed(usual, 1), 0);
  g_autoptr(Story) longer = story_file(PUBLISHED("aws-three-workers"), "events.0.forwards=10s");
  for (guint run = 0; run < RUNS; run++) {
    g_autoptr(RunResult) result = story_run(longer, "aws", run);
    cr_assert_eq(result->probes[0].lost, 0, "run %u: %u lost", run, (guint)result->probes[0].lost);
    cr_assert_str_neq(story_hops(result, "vpc/app", "10.128.0.0/14"), "w1", "run %u", run);
  }
  FACTS("AWS-12.9");
}

/* Ctrl-C and kill -9 are both heard at once, not after the 30 s of the hold time. What curl sees is
 * one programming: 0.9 to 5.6 s, and below 2 s about as often as not. */
Test(published, a_speaker_that_stops_is_heard_at_once) {
  static const char *const how[] = {"events.0.how=shutdown", "events.0.how=crash"};
  for (guint i = 0; i < G_N_ELEMENTS(how); i++) {
    g_autoptr(Story) story = story_file(PUBLISHED("azure-exabgp"), how[i]);
    guint below = 0;
    for (guint run = 0; run < RUNS; run++) {
      g_autoptr(RunResult) result = story_run(story, "azure", run);
      const double gap = gap_of(result);
      cr_assert(gap >= 0.8 && gap <= 5.7, "%s, run %u: %g s", how[i], run, gap);
      below += gap < 2;
    }
    cr_assert(below >= RUNS / 4 && below < RUNS, "%s: %u of %d below 2 s", how[i], below, RUNS);
  }
  FACTS("AZ-11.1", "AZ-11.3");
}

/* The return is counted from the start of the process: a connection within some 3 s, and a
 * programming; no run waits for 30 s, as the change before is two minutes old. */
Test(published, a_speaker_that_returns_is_back_in_seconds) {
  g_autoptr(Story) story = story_file(PUBLISHED("azure-exabgp"), NULL);
  guint below = 0;
  for (guint run = 0; run < RUNS; run++) {
    g_autoptr(RunResult) result = story_run(story, "azure", run);
    cr_assert_leq(programmed(result, 1), 3 + 5.6 + WIRE, "run %u", run);
    cr_assert_str_eq(story_hops(result, "vnet/client@rs/0", "10.100.0.1/32"), "vm-1");
    below += programmed(result, 1) < 5;
  }
  cr_assert_gt(below, RUNS / 2);
  FACTS("AZ-11.2");
}

/* The second change of a prefix takes effect 30 s after the first, which is 20 s after the return;
 * and then it costs its programming, 0.9 to 5.6 s. */
Test(published, a_second_change_waits_for_the_thirtieth_second) {
  g_autoptr(Story) story = story_file(PUBLISHED("azure-damping"), NULL);
  story_assert_range(story_range(story, "azure", 1, "programmed", RUNS), 20 + 0.9, 20 + 5.6 + WIRE);
  g_autoptr(Story) late = story_file(PUBLISHED("azure-damping"), "events.1.at=100s");
  story_assert_range(story_range(late, "azure", 1, "programmed", RUNS), 0.9, 3 + 5.6 + WIRE);
  FACTS("AZ-11.4");
}

/* Withdrawn at 60 s and announced at 61 s: two changes, of which the second counts from the first,
 * so 29 s after its own event, and the VIP is gone for about 30 s. In one update it is one change.
 */
Test(published, withdraw_and_announce_are_two_changes) {
  g_autoptr(Story) two = story_file(PUBLISHED("azure-next-hop-replace"),
                                    "events=[{at: 60s, set: nvas.watcher.advertise, to: []}, {at: "
                                    "61s, set: nvas.watcher.advertise, "
                                    "to: [{prefix: 10.100.0.1/32, next_hop: vm-2}]}]");
  story_assert_range(story_range(two, "azure", 1, "programmed", RUNS), 29 + 0.9, 29 + 5.6 + WIRE);
  double sum = 0;
  for (guint run = 0; run < RUNS; run++) {
    g_autoptr(RunResult) result = story_run(two, "azure", run);
    sum += gap_of(result);
  }
  cr_assert_float_eq(sum / RUNS, 30, 1, "%g s", sum / RUNS);
  g_autoptr(Story) one = story_file(PUBLISHED("azure-next-hop-replace"), NULL);
  story_assert_range(story_range(one, "azure", 0, "programmed", RUNS), 0.9, 5.6 + WIRE);
  FACTS("AZ-11.7");
}

/* The firewalls' subnets keep their own default to the internet gateway and their summary to the
 * transit gateway, whatever the route server announces, and whether or not it may write there. */
Test(published, static_routes_of_the_firewalls_stay) {
  static const char *const propagated[] = {"[hub/app]", "[hub/app, firewalls]"};
  for (guint i = 0; i < G_N_ELEMENTS(propagated); i++) {
    g_autofree char *set = g_strdup_printf("route_servers.rs.aws.propagate_to=%s", propagated[i]);
    g_autoptr(Story) story = story_new_set(
        "  fw-a: {subnet: hub/a, asn: 65010, peers: {rs: }, "
        "advertise: [{prefix: 0.0.0.0/0}, {prefix: 10.0.0.0/8}]}\n"
        "  fw-b: {subnet: hub/b, asn: 65010, peers: {rs: }, "
        "advertise: [{prefix: 0.0.0.0/0, prepend: 2}, {prefix: 10.0.0.0/8, prepend: 2}]}\n",
        "models: [aws]\n"
        "gateways:\n"
        "  igw: {kind: internet, network: hub}\n"
        "  tgw: {kind: transit, aws: {attach: [hub]}}\n"
        "route_tables:\n"
        "  firewalls: {network: hub, subnets: [a, b], "
        "routes: [{to: 0.0.0.0/0, via: igw}, {to: 10.0.0.0/8, via: tgw}]}\n"
        "events: [{at: 60s, fail: fw-a, how: crash}]\n",
        set);
    for (gint64 at = 0; at <= 120; at += 120) {
      g_autoptr(Inspection) seen = look(story, at);
      cr_assert_str_eq(cell(seen, "firewalls", "route-table", "0.0.0.0/0", "Target"), "igw");
      cr_assert_str_eq(cell(seen, "firewalls", "route-table", "10.0.0.0/8", "Target"), "tgw");
      cr_assert_str_eq(cell(seen, "hub/app", "route-table", "0.0.0.0/0", "Target"),
                       at == 0 ? "fw-a" : "fw-b");
    }
  }
  FACTS("AWS-5.16");
}
