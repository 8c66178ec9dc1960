/* What the facts say of Azure Route Server as a whole, asserted on the rows of a run. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/facts.h"
#include "support/story.h"

#define AZURE "azure"
#define RUNS 40
#define SLOW "{keepalive: 10s, hold: 30s}"
#define STANDBY ", prepend: 2"
#define SILENT "models: [azure]\nevents:\n  - {at: 60s, fail: fw-a, how: silent}\n"

/* Least and greatest programming delay (AZ-11.6). */
#define PROGRAM_LEAST 0.9
#define PROGRAM_GREATEST 5.6
#define WIRE 0.002 /* two one-way delays, rounded up */

/* TRUE where all of `traffic` goes over `via` from `from` on. */
static gboolean all_via(const RunResult *result, const char *traffic, SimTime from,
                        const char *via) {
  gboolean any = FALSE;
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (strcmp(row->traffic, traffic) != 0 || row->to.ns <= from.ns)
      continue;
    any = TRUE;
    if (strcmp(row->via, via) != 0)
      return FALSE;
  }
  return any;
}

/* Only the hold timer helps: 120 to 180 s with 60/180, 20 to 30 s with 10/30, 2 to 3 s with 1/3,
 * plus programming. The instances offer 60/180; the appliance may negotiate lower values; any that
 * RFC 4271 allows; values that were seen to run. */
Test(azure_facts, silent_death_waits_for_the_hold_timer) {
  static const struct {
    const char *peer;
    double least, greatest;
  } cases[] = {{"{keepalive: 60s, hold: 180s}", 120, 180},
               {"{keepalive: 60s, hold: 300s}", 120, 180},
               {"{keepalive: 20s, hold: 60s}", 40, 60},
               {"{keepalive: 10s, hold: 30s}", 20, 30},
               {"{keepalive: 1s, hold: 3s}", 2, 3}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *nvas =
        g_strdup_printf(STORY_PAIR("router", "%s", STANDBY), cases[i].peer, cases[i].peer);
    g_autoptr(Story) story = story_new(nvas, SILENT);
    story_assert_range(story_range(story, AZURE, 0, "detected", RUNS), cases[i].least - WIRE,
                       cases[i].greatest + WIRE);
    story_assert_range(story_range(story, AZURE, 0, "outage", RUNS),
                       cases[i].least + PROGRAM_LEAST - WIRE,
                       cases[i].greatest + PROGRAM_GREATEST + WIRE);
  }
  FACTS("AZ-2.8", "AZ-2.9", "AZ-2.10", "AZ-2.11", "AZ-2.12", "AZ-7.2", "AZ-14.3");
}

/* The kernel closes TCP when the BGP process ends, and the route server reacts in the same second.
 * It keeps no stale routes. */
Test(azure_facts, the_end_of_a_process_is_heard_at_once) {
  static const char *const kinds[] = {"crash", "shutdown"};
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    g_autofree char *more =
        g_strdup_printf("models: [azure]\nevents:\n  - {at: 60s, fail: fw-a, how: %s}\n", kinds[i]);
    g_autoptr(Story) story = story_new(STORY_PAIR("router", SLOW, STANDBY), more);
    story_assert_range(story_range(story, AZURE, 0, "detected", RUNS), 0, WIRE);
    story_assert_range(story_range(story, AZURE, 0, "withdrawn", RUNS), 0, 1);
    /* AZ-6.16: from BGP event to data plane 1 to 5.6 s. */
    story_assert_range(story_range(story, AZURE, 0, "programmed", RUNS), PROGRAM_LEAST,
                       PROGRAM_GREATEST + WIRE);
  }
  FACTS("AZ-2.15", "AZ-6.16", "AZ-7.1", "AZ-14.14", "AZ-14.18");
}

/* The data plane is dead and BGP lives: a blackhole that nothing reports. */
Test(azure_facts, a_dead_data_plane_is_not_noticed) {
  g_autoptr(Story) story =
      story_new(STORY_PAIR("router", SLOW, STANDBY),
                "models: [azure]\nevents:\n  - {at: 60s, fail: fw-a, how: freeze}\n");
  cr_assert(story_never(story, AZURE, 0, "detected", RUNS));
  cr_assert(story_never(story, AZURE, 0, "restored", RUNS));
  g_autoptr(RunResult) result = story_run(story, AZURE, 0);
  cr_assert(all_via(result, "flows", sim_time_s(60), "dropped:next-hop-down"));
  FACTS("AZ-7.3");
}

/* Nobody checks a third-party next hop: its speaker lives, so the route stays. The speaker and the
 * next hop are independent. */
Test(azure_facts, a_third_party_next_hop_is_not_checked) {
  static const char text[] =
      "name: watcher\nduration: 10m\nmodels: [azure]\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "
      "n: {prefix: 10.0.1.0/24, vms: 0}}}}\n"
      "route_servers: {rs: {network: hub}}\n"
      "nvas:\n"
      "  watcher: {subnet: hub/n, asn: 65010, peers: {rs: {}}, "
      "advertise: [{prefix: 10.100.0.1/32, next_hop: vm}]}\n"
      "  vm: {subnet: hub/n, asn: 65011, advertise: [{prefix: 10.100.0.1/32}]}\n"
      "traffic: {vip: {from: hub/app, to: 10.100.0.1, flows: 10}}\n"
      "events:\n  - {at: 60s, fail: %s, how: silent}\n";
  g_autofree char *vm_dies = g_strdup_printf(text, "vm"),
                  *watcher_dies = g_strdup_printf(text, "watcher");
  g_autoptr(Story) vm = story_text(vm_dies);
  g_autoptr(RunResult) dead = story_run(vm, AZURE, 0);
  cr_assert(all_via(dead, "vip", sim_time_s(60), "dropped:next-hop-down"));
  g_autoptr(Story) watcher = story_text(watcher_dies);
  g_autoptr(RunResult) lost = story_run(watcher, AZURE, 0);
  cr_assert_str_eq(story_hops(lost, "hub/app@rs/0", "10.100.0.1/32"), "");
  FACTS("AZ-5.15", "AZ-7.4");
}

/* One instance is lost: connectivity stays; its NICs keep their routes and move to the survivor;
 * what happens meanwhile reaches all NICs. The instances stand in different zones. */
Test(azure_facts, one_instance_is_lost) {
  g_autoptr(Story) story =
      story_new(STORY_PAIR("router", SLOW, STANDBY),
                "models: [azure]\nevents:\n  - {at: 60s, fail: rs/0, how: silent}\n"
                "  - {at: 3m, fail: fw-a, how: crash}\n  - {at: 6m, fail: rs, how: silent}\n"
                "  - {at: 7m, restore: fw-a}\n");
  story_assert_range(story_range(story, AZURE, 0, "outage", RUNS), 0, 0);
  cr_assert(story_never(story, AZURE, 0, "programmed", RUNS));
  g_autoptr(RunResult) result = story_run(story, AZURE, 0);
  /* The last change is the survivor's, for its own NICs and for those of the other. */
  cr_assert_str_eq(story_hops(result, "hub/app@rs/0", "192.168.0.0/16"), "fw-b");
  cr_assert_str_eq(story_hops(result, "hub/app@rs/1", "192.168.0.0/16"), "fw-b");
  FACTS("AZ-1.6", "AZ-1.16", "AZ-7.5", "AZ-7.6", "AZ-7.7");
}

/* The instances stand in different zones, so a zone takes one of them. */
Test(azure_facts, a_zone_takes_one_instance) {
  g_autoptr(Story) story =
      story_new(STORY_PAIR("router", SLOW, STANDBY),
                "models: [azure]\nevents:\n  - {at: 60s, fail: zone/west/b, how: silent}\n");
  g_autoptr(RunResult) result = story_run(story, AZURE, 0);
  guint lost = 0;
  for (RecordId id = 1; id <= engine_record_count(result->engine); id++) {
    const TraceRecord *record = engine_record_get(result->engine, id);
    if (record->kind == &CLOUD_UNIT_LOST) {
      lost++;
      cr_assert_str_eq(record->subject, "rs/1");
    }
  }
  cr_assert_eq(lost, 1);
  cr_assert_eq(result->rows[0].outage.ns, 0);
  FACTS("AZ-1.6");
}

/* The standby's longer path is installed only when the primary's goes away. */
Test(azure_facts, active_and_passive) {
  g_autoptr(Story) story = story_new(STORY_PAIR("router", SLOW, STANDBY), SILENT);
  g_autoptr(RunResult) result = story_run(story, AZURE, 0);
  cr_assert_str_eq(result->traffic[0].via, "fw-a");
  cr_assert_eq(result->traffic[0].flows, 1000);
  cr_assert_str_eq(story_hops(result, "hub/app@rs/0", "192.168.0.0/16"), "fw-b");
  FACTS("AZ-4.1", "AZ-6.15");
}

/* Of equal length, all; only the length counts; MED does not. Flows are shared out, each with its
 * packets on one way. */
Test(azure_facts, equal_paths_share) {
  g_autoptr(Story) story = story_new(STORY_PAIR("router", SLOW, ", med: 50"), "models: [azure]\n");
  g_autoptr(RunResult) result = story_run(story, AZURE, 0);
  guint by_a = 0, by_b = 0;
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (row->direction == FLOW_FORWARD) {
      by_a += strcmp(row->via, "fw-a") == 0 ? row->flows : 0;
      by_b += strcmp(row->via, "fw-b") == 0 ? row->flows : 0;
    }
  }
  cr_assert_eq(by_a + by_b, 1000);
  cr_assert(by_a > 400 && by_b > 400);
  FACTS("AZ-4.1", "AZ-4.2", "AZ-4.3", "AZ-6.11");
}

/* With branch-to-branch a withdrawal is relayed to the other appliance within a second. Not where
 * both have the same AS number, which is in the path. */
Test(azure_facts, a_withdrawal_is_relayed) {
  for (guint same = 0; same < 2; same++) {
    g_autofree char *nvas = g_strdup_printf("  fw-a: {subnet: hub/a, asn: 65010, peers: {rs: {}}, "
                                            "advertise: [{prefix: 172.16.0.0/16}]}\n"
                                            "  fw-b: {subnet: hub/b, asn: %s, peers: {rs: {}}, "
                                            "advertise: [{prefix: 192.168.0.0/16}]}\n",
                                            same ? "65010" : "65011");
    g_autoptr(Story) story = story_new_set(nvas,
                                           "models: [azure]\nevents:\n"
                                           "  - {at: 60s, set: nvas.fw-a.advertise, to: []}\n",
                                           "route_servers.rs.azure.branch_to_branch=on");
    g_autoptr(RunResult) result = story_run(story, AZURE, 0);
    SimTime heard = SIM_TIME_NEVER;
    for (RecordId id = 1; id <= engine_record_count(result->engine); id++) {
      const TraceRecord *record = engine_record_get(result->engine, id);
      if (record->kind == &BGP_SELECTED && strcmp(record->subject, "fw-b") == 0)
        heard = record->at;
    }
    if (same)
      cr_assert(sim_time_is_never(heard));
    else
      cr_assert(heard.ns > 60 * SIM_SECOND && heard.ns <= 61 * SIM_SECOND);
  }
  FACTS("AZ-4.17", "AZ-6.17", "AZ-11.5");
}

/* An appliance that loses the route server drops the VNet's prefixes after its hold timer. */
Test(azure_facts, an_appliance_that_loses_the_route_server) {
  g_autoptr(Story) story =
      story_new(STORY_PAIR("router", SLOW, STANDBY),
                "models: [azure]\nevents:\n  - {at: 60s, fail: rs, how: silent}\n");
  g_autoptr(RunResult) result = story_run(story, AZURE, 0);
  SimTime dropped = SIM_TIME_NEVER;
  for (RecordId id = 1; id <= engine_record_count(result->engine); id++) {
    const TraceRecord *record = engine_record_get(result->engine, id);
    if (record->kind == &BGP_SELECTED && strcmp(record->subject, "fw-a") == 0 &&
        ((const BgpSelection *)record->detail)->count == 0)
      dropped = record->at;
  }
  cr_assert(dropped.ns >= 80 * SIM_SECOND - SIM_SECOND / 100 &&
            dropped.ns <= 90 * SIM_SECOND + SIM_SECOND / 100);
  /* AZ-7.8, AZ-14.15: what was programmed stays. */
  story_assert_range(story_range(story, AZURE, 0, "outage", 5), 0, 0);
  FACTS("AZ-7.8", "AZ-7.10", "AZ-14.15");
}

/* A route server that is deleted stops in an orderly way: the sessions with both its instances end
 * at once, and with them all that it announced. What it had programmed stays. */
Test(azure_facts, a_route_server_is_deleted) {
  g_autoptr(Story) story =
      story_new(STORY_PAIR("router", SLOW, STANDBY),
                "models: [azure]\nevents:\n  - {at: 60s, fail: rs, how: shutdown}\n");
  g_autoptr(RunResult) result = story_run(story, AZURE, 0);
  guint ended = 0, down = 0, forgotten = 0;
  for (RecordId id = 1; id <= engine_record_count(result->engine); id++) {
    const TraceRecord *record = engine_record_get(result->engine, id);
    const gboolean soon = record->at.ns >= 60 * SIM_SECOND && record->at.ns < 61 * SIM_SECOND;
    ended += soon && record->kind == &BGP_SESSION_ENDED && g_str_has_prefix(record->subject, "rs/");
    down += soon && record->kind == &BGP_SESSION_DOWN && g_str_has_prefix(record->object, "rs/");
    forgotten += soon && record->kind == &BGP_SELECTED &&
                 g_str_has_prefix(record->subject, "fw-") &&
                 ((const BgpSelection *)record->detail)->count == 0;
  }
  cr_assert_eq(ended, 4, "two instances, two appliances: %u", ended);
  cr_assert_eq(down, 4, "%u", down);
  cr_assert_geq(forgotten, 2, "%u", forgotten);
  story_assert_range(story_range(story, AZURE, 0, "outage", 5), 0, 0);
  FACTS("AZ-7.9");
}

/* A change costs what programming costs, and no time of its own before it: with a fixed programming
 * time that is all, unless a scenario adds to it. */
Test(azure_facts, a_decision_takes_no_time_of_its_own) {
  static const char crash[] = "models: [azure]\nevents:\n  - {at: 60s, fail: fw-a, how: crash}\n";
  g_autoptr(Story) usual = story_new_set(STORY_PAIR("router", SLOW, STANDBY), crash,
                                         "route_servers.rs.azure.program=2s");
  story_assert_range(story_range(usual, AZURE, 0, "programmed", 5), 2, 2 + WIRE);
  g_autoptr(Story) set = story_new_set(STORY_PAIR("router", SLOW, STANDBY), crash,
                                       "route_servers.rs.azure={program: 2s, process: 100ms}");
  story_assert_range(story_range(set, AZURE, 0, "programmed", 5), 2.1, 2.1 + WIRE);
  FACTS("AZ-14.7");
}

/* The route server forwards nothing: no flow ever goes over it. */
Test(azure_facts, the_route_server_is_not_in_the_data_path) {
  g_autoptr(Story) story = story_new(STORY_PAIR("router", SLOW, ""), SILENT);
  g_autoptr(RunResult) result = story_run(story, AZURE, 0);
  for (guint i = 0; i < result->traffic_count; i++)
    cr_assert(!g_str_has_prefix(result->traffic[i].via, "rs"));
  FACTS("AZ-1.7");
}

/* An instance takes no timers, password or BFD for a peer; BFD that an appliance asks for is
 * ignored with a warning; there is no key for a password. */
Test(azure_facts, what_a_peer_cannot_have) {
  static const char text[] =
      "name: wishes\nduration: 1m\nmodels: [azure]\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {n: {prefix: 10.0.1.0/24}}}}\n"
      "route_servers: {rs: {network: hub}}\n"
      "nvas: {r: {subnet: hub/n, asn: 65010, peers: {rs: %s}}}\n";
  static const struct {
    const char *peer, *said;
  } cases[] = {
      {"{bfd: {interval: 300ms}}", "warning: Azure Route Server has no BFD (AZ-2.13)"},
      {"{azure: {bfd: {interval: 300ms}}}", "error: Azure Route Server has no BFD (AZ-2.13)"},
      {"{password: secret}", "error: unknown key 'password'"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *whole = g_strdup_printf(text, cases[i].peer);
    g_autofree char *said = story_diagnostics(whole);
    cr_assert(g_str_has_prefix(said, cases[i].said), "%s", said);
  }
  FACTS("AZ-1.9", "AZ-2.13", "AZ-2.14", "AZ-14.4");
}
