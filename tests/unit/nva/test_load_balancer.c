/* Load balancers with route health injection, as a user sees them. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/facts.h"
#include "support/story.h"

#define RUNS 40

/* Two of them in front of one address, and what happens. */
#define BALANCER(name, more)                                                                       \
  "  " name ": {kind: load-balancer, subnet: hub/lb, asn: 65010, vip: 10.255.0.1/32, "             \
  "peers: {rs: {keepalive: 10s, hold: 30s}}, backends: {in: hub/web, count: 4}, "                  \
  "advertise: [{vip: healthy}]" more "}\n"
#define BALANCERS(more, events)                                                                    \
  "name: balancers\nmodels: [azure]\nduration: 5m\n"                                               \
  "networks:\n  hub:\n    prefixes: [10.0.0.0/16]\n    subnets:\n"                                 \
  "      app: {prefix: 10.0.0.0/24, vms: 20}\n      lb: {prefix: 10.0.1.0/24, vms: 0}\n"           \
  "      web: {prefix: 10.0.2.0/24, vms: 8}\n"                                                     \
  "route_servers:\n  rs: {network: hub}\n"                                                         \
  "nvas:\n" BALANCER("lb-a", more) BALANCER(                                                       \
      "lb-b", "") "traffic:\n  flows: {from: hub/app, to: 10.255.0.1, flows: 1000, rate: 1Gbps}\n" \
                  "events:\n" events

/* 4 to 6 s of the check and 2 to 3 s of the poll, up to 9 s from the death of the backends to the
 * withdrawal; BGP itself sees nothing. */
Test(load_balancer, from_dead_backends_to_the_withdrawal) {
  g_autoptr(Story) story =
      story_text(BALANCERS("", "  - {at: 60s, fail: lb-a/backends, how: silent}\n"));
  story_assert_range(story_range(story, "azure", 0, "detected", RUNS), 4, 6);
  story_assert_range(story_range(story, "azure", 0, "withdrawn", RUNS), 6, 9.001);
  story_assert_range(story_range(story, "azure", 0, "outage", RUNS), 6.9, 9.001 + 5.6);
  FACTS("AZ-7.3", "AZ-9.16", "AZ-14.21");
}

/* What comes back within 30 s of the withdrawal waits for the change interval. */
Test(load_balancer, the_return_waits_for_the_change_interval) {
  g_autoptr(Story) story =
      story_text(BALANCERS("", "  - {at: 60s, fail: lb-a/backends, how: silent}\n"
                               "  - {at: 75s, restore: lb-a/backends}\n"));
  const StoryRange decided = story_range(story, "azure", 1, "decided", RUNS);
  story_assert_range(decided, 2, 5.001);
  /* Withdrawn at 66 to 69 s, so no earlier than 96 s; after 75 s that is 21 s. */
  story_assert_range(story_range(story, "azure", 1, "programmed", RUNS), 21.9, 24.001 + 5.6);
  FACTS("AZ-6.18", "AZ-9.17");
}

/* A session ends in the load balancer that it was opened on, so it does not survive on the other
 * one. */
Test(load_balancer, sessions_do_not_survive_on_the_other) {
  g_autoptr(Story) story =
      story_text(BALANCERS("", "  - {at: 60s, fail: lb-a/backends, how: silent}\n"));
  for (guint run = 0; run < 5; run++) {
    g_autoptr(RunResult) result = story_run(story, "azure", run);
    cr_assert_gt(result->rows[0].flows_interrupted, 400u);
    cr_assert_eq(result->rows[0].sessions_broken, result->rows[0].flows_interrupted);
  }
  FACTS("AZ-6.14", "AZ-9.9");
}

/* A request to a dead backend is given to another: one dead backend is nothing to the flows. */
Test(load_balancer, one_backend_is_enough) {
  g_autoptr(Story) story =
      story_text(BALANCERS("", "  - {at: 60s, fail: lb-a/backend/0, how: crash}\n"
                               "  - {at: 70s, fail: lb-a/backend/1, how: cut}\n"
                               "  - {at: 80s, fail: lb-a/backend/2, how: silent}\n"));
  for (guint event = 0; event < 3; event++) {
    story_assert_range(story_range(story, "azure", event, "flows_interrupted", 5), 0, 0);
    cr_assert(story_never(story, "azure", event, "withdrawn", 5));
  }
}

/* With `need: all` the first dead backend withdraws the address. */
Test(load_balancer, all_backends_needed) {
  g_autoptr(Story) story = story_text(
      BALANCERS(", health: {need: all}", "  - {at: 60s, fail: lb-a/backend/3, how: silent}\n"));
  story_assert_range(story_range(story, "azure", 0, "withdrawn", RUNS), 6, 9.001);
  story_assert_range(story_range(story, "azure", 0, "flows_interrupted", 5), 0, 0);
  FACTS("AZ-9.15");
}

/* Every number is a setting: a check of 1 s, once, and a poll of 2 s, once. */
Test(load_balancer, each_number_is_a_setting) {
  g_autoptr(Story) story =
      story_text(BALANCERS(", health: {check: 1s, fall: 1, poll: 2s, poll_fall: 1}",
                           "  - {at: 60s, fail: lb-a/backends, how: silent}\n"));
  story_assert_range(story_range(story, "azure", 0, "detected", RUNS), 0, 1);
  story_assert_range(story_range(story, "azure", 0, "withdrawn", RUNS), 0, 3.001);
}

/* A split of the outage by what its parts rest on. */
Test(load_balancer, the_time_can_be_split) {
  g_autoptr(Story) story =
      story_text(BALANCERS("", "  - {at: 60s, fail: lb-a/backends, how: silent}\n"));
  g_autoptr(RunResult) result = story_run(story, "azure", 0);
  const MetricBasis *basis = &result->rows[0].outage_basis;
  const double documented = (double)basis->by_basis[BASIS_DOCUMENTED].ns / SIM_SECOND;
  const double assumed = (double)basis->by_basis[BASIS_ASSUMED].ns / SIM_SECOND;
  cr_assert(documented >= 2 && documented <= 3, "the poll: %g s", documented);
  cr_assert(assumed >= 4.9 && assumed <= 11.6, "check and programming: %g s", assumed);
  FACTS("AZ-9.16");
}

/* Servers on the hosts of a zone lose power with it and boot when it is back, as they do by their
 * own name: nobody announces them before. What kind leaves power on leaves them running. */
Test(load_balancer, servers_boot_behind_their_zone) {
  static const struct {
    const char *how;
    double least, greatest; /* from the restoration to the announcement */
  } cases[] = {{"silent", 50, 60}, {"cut", 2, 10}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        "name: servers\nmodels: [azure]\nduration: 10m\n"
        "networks:\n  hub:\n    prefixes: [10.0.0.0/16]\n    subnets:\n"
        "      app: {prefix: 10.0.0.0/24, zone: a, vms: 20}\n"
        "      lb: {prefix: 10.0.1.0/24, zone: a, vms: 0}\n"
        "      web: {prefix: 10.0.2.0/24, zone: c, vms: 8}\n"
        "      other: {prefix: 10.0.3.0/24, zone: b, vms: 0}\n"
        "route_servers:\n  rs: {network: hub}\n"
        "nvas:\n  lb: {kind: load-balancer, subnet: hub/lb, asn: 65010, vip: 10.255.0.1/32, "
        "peers: {rs: {keepalive: 10s, hold: 30s}}, advertise: [{vip: healthy}], "
        "backends: {in: hub/web, count: 4, boot: 50s}}\n"
        "traffic:\n  flows: {from: hub/app, to: 10.255.0.1, flows: 1000}\n"
        "events:\n  - {at: 60s, fail: zone/hub/c, how: %s}\n"
        "  - {at: 5m, restore: zone/hub/c}\n",
        cases[i].how);
    g_autoptr(Story) story = story_text(text);
    story_assert_range(story_range(story, "azure", 1, "decided", 10), cases[i].least,
                       cases[i].greatest);
  }
}
