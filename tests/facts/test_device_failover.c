/* Appliances that watch each other and call the cloud's API themselves (AWS-12.22), in place of a
 * function that polls them. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/facts.h"
#include "support/story.h"

#define RUNS 60
#define PEERS "{keepalive: 10s, hold: 30s}"
#define STANDBY ", prepend: 2"
#define PAIR STORY_PAIR("firewall", PEERS, STANDBY)
#define DEVICE(more)                                                                               \
  "failover: api\napi_failover: {aws: {trigger: device" more "}, azure: {trigger: device" more     \
  "}}\n"
#define FAIL(how) "events:\n  - {at: 60s, fail: fw-a, how: " how "}\n"

/* Three heartbeats of a second: two to three seconds, whatever the phase; then what the API takes,
 * 0.5 to 5.5 s or 10 to 60 s. No poll, no time-out. */
Test(device_failover, it_is_the_heartbeat_and_the_call) {
  static const char *const how[] = {FAIL("silent"), FAIL("cut")};
  for (guint i = 0; i < G_N_ELEMENTS(how); i++) {
    g_autofree char *more = g_strconcat(DEVICE(""), how[i], NULL);
    g_autoptr(Story) story = story_new(PAIR, more);
    story_assert_range(story_range(story, "aws", 0, "detected", RUNS), 2, 3.1);
    story_assert_range(story_range(story, "aws", 0, "outage", RUNS), 2.5, 8.6);
    story_assert_range(story_range(story, "azure", 0, "detected", RUNS), 2, 3.1);
    story_assert_range(story_range(story, "azure", 0, "outage", RUNS), 12, 63.1);
    g_autoptr(RunResult) result = story_run(story, "aws", 0);
    cr_assert_str_eq(story_hops(result, "hub/app", "192.168.0.0/16"), "fw-b");
  }
  FACTS("AWS-12.22", "AZ-10.8", "AZ-10.11");
}

Test(device_failover, interval_and_misses_are_keys) {
  g_autoptr(Story) story =
      story_new(PAIR, DEVICE(", heartbeat: 200ms, misses: 6, propagate: 1s") FAIL("silent"));
  story_assert_range(story_range(story, "aws", 0, "outage", RUNS), 2,
                     2.21); /* 1.0 to 1.2 s, and 1 s */
}

/* A process that lives answers, whatever becomes of its data plane, or of BGP beside it. */
Test(device_failover, a_frozen_data_plane_is_not_noticed) {
  g_autoptr(Story) frozen = story_new(PAIR, DEVICE("") FAIL("freeze"));
  g_autoptr(Story) crashed = story_new(PAIR, DEVICE("") FAIL("crash"));
  g_autoptr(RunResult) result = story_run(frozen, "aws", 0);
  cr_assert(result->rows[0].censored);
  cr_assert_eq(result->route_count, 0u);
  g_autoptr(RunResult) other = story_run(crashed, "aws", 0);
  cr_assert_eq(other->rows[0].flows_interrupted, 0);
  cr_assert_eq(other->route_count, 0u);
}

/* An orderly stop says so: no heartbeat is waited for; it forwards for two more seconds. */
Test(device_failover, an_orderly_stop_is_told) {
  g_autoptr(Story) story = story_new(PAIR, DEVICE(", propagate: 1500ms") FAIL("shutdown"));
  story_assert_range(story_range(story, "aws", 0, "programmed", RUNS), 1.5, 1.6);
  story_assert_range(story_range(story, "aws", 0, "outage", RUNS), 0, 0);
}

#define BOTH                                                                                       \
  "events:\n  - {at: 60s, fail: fw-a, how: silent}\n  - {at: 60s, fail: fw-b, how: silent}\n"      \
  "  - {at: 2m, restore: fw-b}\n  - {at: 5m, restore: fw-a}\n"

/* The standby is back first and has heard nobody go: nothing triggers until the first one is back,
 * 240 s after the failure. A poller finds the standby, 60 s after it at the earliest. */
Test(device_failover, nothing_triggers_until_the_first_unit_is_back) {
  g_autoptr(Story) device = story_new_set(PAIR, DEVICE("") BOTH, "nvas.*.boot=0s");
  g_autoptr(Story) poller = story_new_set(PAIR, "failover: api\n" BOTH, "nvas.*.boot=0s");
  g_autoptr(RunResult) result = story_run(device, "aws", 0);
  cr_assert_float_eq(sim_time_seconds(result->rows[0].outage), 240, 1e-6);
  cr_assert_eq(result->route_count, 0u);
  story_assert_range(story_range(poller, "aws", 0, "outage", RUNS), 60, 131);
  FACTS("AWS-12.22");
}

/* Nor do two that hear each other come, while the one that has the traffic is still away. */
Test(device_failover, whoever_comes_up_together_calls_nobody) {
  g_autoptr(Story) story = story_new_set(
      PAIR "  fw-c: {kind: firewall, subnet: hub/b, asn: 65010, peers: {rs: " PEERS
           "}, advertise: [{prefix: 192.168.0.0/16, prepend: 4}]}\n",
      DEVICE("") BOTH "  - {at: 60s, fail: fw-c, how: silent}\n  - {at: 2m, restore: fw-c}\n",
      "nvas.*.boot=0s");
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  cr_assert_float_eq(sim_time_seconds(result->rows[0].outage), 240, 1e-6);
  cr_assert_eq(result->route_count, 0u);
}

/* Two that do not hear each other: the standby takes over from one that works. */
Test(device_failover, a_split_pair) {
  g_autoptr(Story) story = story_new(
      PAIR, DEVICE("") "events:\n  - {at: 60s, impair: [fw-a, fw-b], loss: 100%, for: 30s}\n");
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  cr_assert_eq(result->route_count, 1u);
  cr_assert_str_eq(story_hops(result, "hub/app", "192.168.0.0/16"), "fw-b");
}

/* ... and where the standby had taken over before it died too, its return is what ends it. */
Test(device_failover, traffic_waits_for_whoever_held_it) {
  g_autoptr(Story) story = story_new_set(
      PAIR,
      DEVICE("") "events:\n  - {at: 60s, fail: fw-a, how: silent}\n"
                 "  - {at: 2m, fail: fw-b, how: silent}\n  - {at: 3m, restore: fw-a}\n"
                 "  - {at: 5m, restore: fw-b}\n",
      "nvas.*.boot=0s");
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  cr_assert_float_eq(sim_time_seconds(result->rows[1].outage), 180, 1e-6);
  cr_assert_str_eq(story_hops(result, "hub/app", "192.168.0.0/16"), "fw-b");
}

Test(device_failover, the_preferred_one_takes_it_back_where_it_preempts) {
  for (guint preempt = 0; preempt < 2; preempt++) {
    g_autofree char *more =
        g_strdup_printf("failover: api\nmodels: [aws]\n"
                        "api_failover: {aws: {trigger: device, preempt: %s}}\n" FAIL(
                            "silent") "  - {at: 3m, restore: fw-a}\n",
                        preempt ? "on" : "off");
    g_autoptr(Story) story = story_new(PAIR, more);
    g_autoptr(RunResult) result = story_run(story, "aws", 0);
    cr_assert_str_eq(story_hops(result, "hub/app", "192.168.0.0/16"), preempt ? "fw-a" : "fw-b");
  }
}

/* Who cannot reach the API calls nobody: the isolated one's standby takes over. */
Test(device_failover, whoever_is_cut_off_calls_nobody) {
  g_autoptr(Story) story =
      story_new(PAIR, DEVICE("") "events:\n  - {at: 60s, fail: fw-b, how: isolate}\n");
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  cr_assert_eq(result->route_count, 0u);
}

/* Planned work is handed over by the one in use. */
Test(device_failover, planned_work) {
  g_autoptr(Story) story =
      story_new(PAIR, DEVICE("") "events:\n  - {at: 60s, fail: fw-a, how: drain, wait: 60s}\n");
  story_assert_range(story_range(story, "aws", 0, "programmed", RUNS), 0.5, 5.5);
  story_assert_range(story_range(story, "aws", 0, "outage", RUNS), 0, 0);
}

Test(device_failover, a_lonely_appliance_is_a_warning) {
  g_autofree char *said = story_diagnostics(
      "name: x\nmodels: [aws]\nduration: 5m\nfailover: api\napi_failover: {aws: {trigger: "
      "device}}\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {n: {prefix: 10.0.1.0/24}}}}\n"
      "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {e: hub/n}}}}\n"
      "nvas: {fw: {subnet: hub/n, asn: 65001, peers: {rs: }, "
      "advertise: [{prefix: 192.168.0.0/16}]}}\n");
  cr_assert(strstr(said, "AWS-12.22") != NULL, "%s", said);
}
