/* What appliances do with sessions and packets: addresses translated, states shared, two legs,
 * health checks of their own way, and what their software does when it ends. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/nva/nva.h"
#include "support/facts.h"
#include "support/story.h"

#define SILENT "events:\n  - {at: 60s, fail: fw-a, how: silent}\n"
#define FAST "{keepalive: 1s, hold: 3s}"

/* ---- source translation ------------------------------------------------------------------- */

/* Two firewalls, equal for both directions, between two subnets of peered networks: each
 * direction hashes for itself. */
#define BETWEEN(more)                                                                              \
  "name: between\nmodels: [azure]\nduration: 5m\n"                                                 \
  "networks:\n"                                                                                    \
  "  hub: {prefixes: [10.0.0.0/16], subnets: {nva: {prefix: 10.0.1.0/24, vms: 0}}}\n"              \
  "  left: {prefixes: [10.1.0.0/16], subnets: {app: {prefix: 10.1.0.0/24, vms: 10}}}\n"            \
  "  right: {prefixes: [10.2.0.0/16], subnets: {web: {prefix: 10.2.0.0/24, vms: 10}}}\n"           \
  "peerings:\n  l: {from: left, to: hub, use_remote_gateway: on}\n"                                \
  "  r: {from: right, to: hub, use_remote_gateway: on}\n"                                          \
  "route_servers:\n  rs: {network: hub}\n"                                                         \
  "nvas:\n"                                                                                        \
  "  fw-a: {kind: firewall, subnet: hub/nva, asn: 65010, peers: {rs: " FAST                        \
  "}, advertise: [{prefix: 10.0.0.0/8}]" more "}\n"                                                \
  "  fw-b: {kind: firewall, subnet: hub/nva, asn: 65010, peers: {rs: " FAST                        \
  "}, advertise: [{prefix: 10.0.0.0/8}]" more "}\n"                                                \
  "traffic:\n  flows: {from: left/app, to: right/web, flows: 1000, rate: 1Gbps}\n" SILENT

/* Half of the flows meet the other firewall on their way back, and never open. */
Test(appliances, stateful_appliances_side_by_side_lose_half) {
  g_autoptr(Story) story = story_text(BETWEEN(""));
  g_autoptr(RunResult) result = story_run(story, "azure", 0);
  const double lost = story_share(result, SIM_TIME_ZERO, "forward", "dropped:asymmetric");
  cr_assert(lost > 0.45 && lost < 0.55, "%g", lost);
  FACTS("AZ-6.14");
}

/* With translated sources the answers come back to the same firewall. */
Test(appliances, translated_sources_come_back) {
  g_autoptr(Story) story = story_text(BETWEEN(", snat: on"));
  g_autoptr(RunResult) result = story_run(story, "azure", 0);
  cr_assert_eq(story_share(result, SIM_TIME_ZERO, "forward", "dropped:asymmetric"), 0);
  cr_assert_gt(story_share(result, SIM_TIME_ZERO, "forward", "fw-a"), 0.4);
  cr_assert_eq(story_share(result, SIM_TIME_ZERO, "forward", "fw-a"),
               story_share(result, SIM_TIME_ZERO, "reverse", "fw-a"));
  cr_assert_eq(story_share(result, SIM_TIME_ZERO, "forward", "fw-b"),
               story_share(result, SIM_TIME_ZERO, "reverse", "fw-b"));
  cr_assert_gt(result->rows[0].sessions_broken, 400u); /* the translations die with fw-a */
  FACTS("AZ-6.14", "AZ-9.7");
}

/* With synchronised states any of them passes any packet, and outlives the other. */
Test(appliances, synchronised_states_know_no_asymmetry) {
  g_autoptr(Story) story = story_text(BETWEEN(", state_sync: pair"));
  g_autoptr(RunResult) result = story_run(story, "azure", 0);
  cr_assert_eq(story_share(result, SIM_TIME_ZERO, "forward", "dropped:asymmetric"), 0);
  cr_assert_gt(result->rows[0].flows_interrupted, 400u);
  cr_assert_eq(result->rows[0].sessions_broken, 0u);
  FACTS("AWS-6.2");
}

/* An active and a passive one that name each other, on both clouds. */
Test(appliances, a_failover_with_synchronised_states) {
  static const char *const models[] = {"azure", "aws"};
  g_autoptr(Story) alone = story_new(STORY_PAIR("firewall", FAST, ", prepend: 2"), SILENT);
  g_autoptr(Story) synced = story_new_set(STORY_PAIR("firewall", FAST, ", prepend: 2"), SILENT,
                                          "nvas.fw-a.state_sync=fw-b");
  for (guint i = 0; i < G_N_ELEMENTS(models); i++) {
    story_assert_range(story_range(alone, models[i], 0, "sessions_broken", 3), 1000, 1000);
    story_assert_range(story_range(synced, models[i], 0, "sessions_broken", 3), 0, 0);
    story_assert_range(story_range(synced, models[i], 0, "flows_interrupted", 3), 1000, 1000);
  }
  FACTS("AWS-6.2");
}

/* ---- two legs ------------------------------------------------------------------------------ */

#define LEGS(out)                                                                                  \
  "  fw-a: {kind: firewall, interfaces: {in: hub/a, out: " out                                     \
  "}, snat: internet, asn: 65010, peers: {rs: " FAST "}, advertise: [{prefix: 0.0.0.0/0}]}\n"      \
  "  fw-b: {subnet: hub/b, asn: 65010}\n"
#define OUTSIDE                                                                                    \
  "route_tables:\n  out: {network: hub, subnets: [hub/b], propagate: off}\n"                       \
  "probes:\n  p: {from: hub/app, to: 203.0.113.9, every: 1s}\n"

static guint64 probes_lost(const char *nvas, const char *more) {
  g_autoptr(Story) story = story_new(nvas, more);
  g_autoptr(RunResult) result = story_run(story, "azure", 0);
  cr_assert_gt(result->probes[0].sent, 500u);
  return result->probes[0].lost;
}

/* What announces the default route loses its own way out by the leg that learns it; a second leg in
 * a subnet without propagation has it. */
Test(appliances, the_second_leg_has_a_way_out) {
  cr_assert_eq(probes_lost(LEGS("hub/b"), "models: [azure]\n" OUTSIDE), 0u);
  g_autoptr(Story) bare =
      story_new_set(LEGS("hub/b"), "models: [azure]\n" OUTSIDE, "nvas.fw-a.snat=off");
  g_autoptr(RunResult) result = story_run(bare, "azure", 0); /* AZ-6.26 */
  cr_assert_eq(result->probes[0].lost, result->probes[0].sent);
  cr_assert_gt(
      probes_lost("  fw-a: {kind: firewall, subnet: hub/a, snat: on, asn: 65010, peers: {rs: " FAST
                  "}, advertise: [{prefix: 0.0.0.0/0}]}\n"
                  "  fw-b: {subnet: hub/b, asn: 65010}\n",
                  "models: [azure]\n" OUTSIDE),
      500u);
  FACTS("AZ-5.11", "AZ-6.7", "AZ-6.26");
}

/* A session stands on the leg in the endpoint's subnet, and names that as next hop. */
Test(appliances, a_session_stands_on_the_leg_of_the_endpoint) {
  g_autoptr(Story) story =
      story_new("  fw-a: {interfaces: {in: hub/app, out: hub/a}, asn: 65010, peers: {rs: " FAST
                "}, advertise: [{site: dc}]}\n  fw-b: {subnet: hub/b, asn: 65011}\n",
                "models: [aws]\n" SILENT);
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  cr_assert_str_eq(story_way(result, "forward"), "fw-a");
  FACTS("AWS-2.8");
}

/* ---- health -------------------------------------------------------------------------------- */

#define CHECKED(health, when)                                                                      \
  "  fw-a: {kind: firewall, subnet: hub/a, asn: 65010, peers: {rs: " FAST "}, health: " health     \
  ", advertise: [{prefix: 192.168.0.0/16" when "}]}\n"                                             \
  "  fw-b: {kind: firewall, subnet: hub/b, asn: 65010, peers: {rs: " FAST                          \
  "}, advertise: [{prefix: 192.168.0.0/16, prepend: 2}]}\n"
#define FREEZE "events:\n  - {at: 60s, fail: fw-a, how: freeze}\n  - {at: 5m, restore: fw-a}\n"

/* Nobody but the appliance notices that its data plane is dead. */
Test(appliances, a_freeze_is_noticed_by_the_appliance_alone) {
  static const char *const models[] = {"azure", "aws"};
  g_autoptr(Story) checked = story_new(CHECKED("{target: data-plane}", ", when: healthy"), FREEZE);
  g_autoptr(Story) blind = story_new(CHECKED("{target: data-plane}", ""), FREEZE);
  for (guint i = 0; i < G_N_ELEMENTS(models); i++) {
    story_assert_range(story_range(checked, models[i], 0, "withdrawn", 20), 4, 6.001);
    story_assert_range(story_range(checked, models[i], 0, "outage", 20), 4.5, 6.001 + 5.6);
    story_assert_range(story_range(blind, models[i], 0, "outage", 3), 240, 240);
  }
  FACTS("AWS-6.18", "AZ-7.3");
}

/* Nobody checks a next hop either; whoever announces it for others has to. */
Test(appliances, a_watcher_checks_whom_it_names) {
  static const char *const nvas =
      "  fw-a: {kind: firewall, subnet: hub/a, asn: 65010}\n"
      "  fw-b: {kind: firewall, subnet: hub/b, asn: 65010, peers: {rs: " FAST
      "}, advertise: [{prefix: 192.168.0.0/16, prepend: 1}]}\n"
      "  watcher: {subnet: hub/b, asn: 65011, peers: {rs: " FAST
      "}, health: {target: fw-a, check: 1s, fall: 2}, "
      "advertise: [{prefix: 192.168.0.0/16, next_hop: fw-a, when: healthy}]}\n";
  g_autoptr(Story) story = story_new(nvas, "models: [azure]\n" SILENT);
  g_autoptr(Story) blind =
      story_new_set(nvas, "models: [azure]\n" SILENT, "nvas.watcher.advertise.0.when=always");
  story_assert_range(story_range(story, "azure", 0, "outage", 20), 1.9, 2.001 + 5.6);
  cr_assert(story_never(blind, "azure", 0, "programmed", 5));
  FACTS("AZ-5.15", "AZ-7.4");
}

/* A check of the site holds the announcement back while the appliance's own link to it is down,
 * although the table of its subnet has a way by the other one. */
Test(appliances, a_site_is_checked_by_the_own_way) {
  g_autoptr(Story) story = story_new(CHECKED("{target: dc, check: 1s, fall: 1}", ", when: healthy"),
                                     "events:\n  - {at: 60s, fail: link/dc/fw-a, how: cut}\n");
  story_assert_range(story_range(story, "azure", 0, "decided", 20), 0, 1.001);
  g_autoptr(RunResult) result = story_run(story, "azure", 0);
  cr_assert_str_eq(story_hops(result, "hub/app@rs/0", "192.168.0.0/16"), "fw-b");
  FACTS("AWS-6.16");
}

/* The active router is back 60 s before its own way to the data centre is; the table of its subnet
 * leads there all the time, by the other router. */
#define UPSTREAM(when)                                                                             \
  "name: upstream\nmodels: [azure]\nduration: 10m\n"                                               \
  "networks:\n  hub:\n    prefixes: [10.0.0.0/16]\n    subnets:\n"                                 \
  "      app: {prefix: 10.0.0.0/24, vms: 20}\n      r: {prefix: 10.0.1.0/24, vms: 0}\n"            \
  "route_servers:\n  rs: {network: hub}\n"                                                         \
  "nvas:\n"                                                                                        \
  "  r-a: {subnet: hub/r, asn: 65010, boot: 10s, health: {target: dc}, peers: {rs: " FAST          \
  ", wan: {tunnel: on, establish: 60s, advertise: []}}, "                                          \
  "advertise: [{prefix: 192.168.0.0/16" when "}]}\n"                                               \
  "  r-b: {subnet: hub/r, asn: 65010, peers: {rs: " FAST                                           \
  ", wan: {tunnel: on, advertise: []}}, advertise: [{prefix: 192.168.0.0/16, prepend: 2}]}\n"      \
  "  wan: {subnet: hub/r, asn: 65030, advertise: [{site: dc}]}\n"                                  \
  "sites:\n  dc: {prefixes: [192.168.0.0/16], via: [wan]}\n"                                       \
  "traffic:\n  flows: {from: hub/app, to: dc, flows: 100, rate: 1Gbps}\n"                          \
  "events:\n  - {at: 60s, fail: r-a, how: silent}\n  - {at: 2m, restore: r-a}\n"

/* Who comes back too early draws traffic that it cannot deliver. */
Test(appliances, the_way_of_another_does_not_count) {
  g_autoptr(Story) early = story_text(UPSTREAM(""));
  g_autoptr(Story) checked = story_text(UPSTREAM(", when: healthy"));
  story_assert_range(story_range(early, "azure", 1, "outage", 5), 60 - 3 - 5.6, 60);
  story_assert_range(story_range(checked, "azure", 1, "outage", 5), 0, 0);
  FACTS("AWS-6.16");
}

/* ---- software ------------------------------------------------------------------------------ */

#define CRASH "events:\n  - {at: 60s, fail: fw-a, how: crash}\n"

/* D-13: BIRD's routes stay in the kernel; FRR's go 15 ms after the end. The event's own word wins,
 * and so does the scenario's. */
Test(appliances, what_a_crash_does_to_packets) {
  static const struct {
    const char *set;
    gboolean interrupted;
  } cases[] = {{"nvas.fw-a.software=bird", FALSE},
               {"nvas.fw-a.software=frr", TRUE},
               {"nvas.fw-a.crash_forwards=off", TRUE},
               {"nvas.fw-a.software=exabgp", FALSE},
               {"events.0.forwards=off", TRUE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Story) story =
        story_new_set(STORY_PAIR("router", FAST, ", prepend: 2"), CRASH, cases[i].set);
    const double flows = cases[i].interrupted ? 1000 : 0;
    story_assert_range(story_range(story, "azure", 0, "flows_interrupted", 3), flows, flows);
  }
}

/* D-7: the timers that a software offers, unless the scenario says otherwise: FRR's 180 s
 * with the 180 s of Azure's end. */
Test(appliances, software_sets_timers) {
  g_autoptr(Story) frr =
      story_new_set(STORY_PAIR("router", "{}", ", prepend: 2"), SILENT, "nvas.*.software=frr");
  g_autoptr(Story) own =
      story_new_set(STORY_PAIR("router", FAST, ", prepend: 2"), SILENT, "nvas.*.software=frr");
  story_assert_range(story_range(frr, "azure", 0, "detected", 10), 120, 180);
  story_assert_range(story_range(own, "azure", 0, "detected", 10), 2, 3);
  FACTS("AZ-2.8");
}

/* An orderly stop that sends no NOTIFICATION still closes TCP: both are seen at once. */
Test(appliances, an_orderly_stop_without_a_word) {
  g_autoptr(Story) story =
      story_new_set(STORY_PAIR("router", FAST, ", prepend: 2"),
                    "events:\n  - {at: 60s, fail: fw-a, how: shutdown}\n", "nvas.fw-a.stop=close");
  story_assert_range(story_range(story, "azure", 0, "detected", 3), 0, 0.002);
  g_autoptr(RunResult) result = story_run(story, "azure", 0);
  guint closed = 0;
  for (RecordId id = 1; id <= engine_record_count(result->engine); id++) {
    const TraceRecord *record = engine_record_get(result->engine, id);
    closed += record->kind == &BGP_SESSION_DOWN && record->value == BGP_DOWN_TCP_CLOSED;
  }
  cr_assert_eq(closed, 2u);
  FACTS("AWS-3.16");
}

/* An initial-advertisement delay of 66 to 83 s, only after a start of the process. */
Test(appliances, the_first_announcement_after_a_start_is_late) {
  g_autoptr(Story) story = story_new_set(
      STORY_PAIR("router", FAST, ", prepend: 2"),
      "events:\n  - {at: 60s, fail: fw-a, how: crash}\n  - {at: 70s, restore: fw-a}\n",
      "nvas.fw-a.software=ios-xe");
  /* Established after 1 to 3 s. */
  story_assert_range(story_range(story, "azure", 1, "decided", 20), 67, 86.01);
  FACTS("AWS-6.15", "AZ-2.17");
}

/* D-12: FRR's first UPDATE comes 1.15 s after Established. */
Test(appliances, the_first_update_of_frr) {
  g_autoptr(Story) story = story_new_set(
      STORY_PAIR("router", FAST, ", prepend: 2"),
      "events:\n  - {at: 60s, fail: fw-a, how: crash}\n  - {at: 70s, restore: fw-a}\n",
      "nvas.fw-a.software=frr");
  story_assert_range(story_range(story, "azure", 1, "decided", 20), 2.15, 4.16);
}

#define SISTERS(software)                                                                          \
  "  fw-a: {subnet: hub/a, asn: 65010, peers: {rs: " FAST "}, advertise: [{prefix: "               \
  "192.168.0.0/16}]}\n"                                                                            \
  "  fw-b: {software: " software ", subnet: hub/b, asn: 65010, peers: {rs: {keepalive: 1s, hold: " \
  "3s}}}\n"

/* What comes from its sister by the route server carries its own AS number, so an appliance drops
 * it, but for ExaBGP, which does not look. */
Test(appliances, routes_of_the_sister) {
  static const char *const texts[] = {SISTERS("bird"), SISTERS("exabgp")};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(Story) story = story_new_set(
        texts[i],
        "models: [azure]\nevents:\n"
        "  - {at: 60s, set: nvas.fw-a.advertise, to: [{prefix: 192.168.0.0/16, prepend: 1}]}\n",
        "route_servers.rs.azure.branch_to_branch=on");
    g_autoptr(RunResult) result = story_run(story, "azure", 0);
    guint refused = 0, taken = 0;
    for (RecordId id = 1; id <= engine_record_count(result->engine); id++) {
      const TraceRecord *record = engine_record_get(result->engine, id);
      refused += record->kind == &BGP_REFUSED && strcmp(record->subject, "fw-b") == 0;
      taken += record->kind == &BGP_ANNOUNCED && strcmp(record->subject, "fw-b") == 0;
    }
    cr_assert_eq(refused > 0, i == 0);
    cr_assert_eq(taken > 0, i == 1);
  }
  FACTS("AZ-4.17");
}

/* The state lives until the last of the group dies, and breaks with that one: not with the first,
 * which the other one outlived. */
Test(appliances, the_last_of_a_state_group_takes_the_sessions_along) {
  static const char *const models[] = {"azure", "aws"};
  g_autoptr(Story) story = story_new_set(STORY_PAIR("firewall", FAST, ", prepend: 2"),
                                         SILENT "  - {at: 120s, fail: fw-b, how: silent}\n",
                                         "nvas.fw-a.state_sync=fw-b");
  for (guint i = 0; i < G_N_ELEMENTS(models); i++) {
    story_assert_range(story_range(story, models[i], 0, "sessions_broken", 3), 0, 0);
    story_assert_range(story_range(story, models[i], 1, "sessions_broken", 3), 1000, 1000);
  }
  FACTS("AWS-6.2");
}

/* A firewall that is back attracts sessions that it does not know. Its return breaks them, also
 * where it cannot pass them on yet, and not the repair of the link behind it. */
Test(appliances, a_return_breaks_sessions_before_the_way_behind_it_is_up) {
  static const char *const models[] = {"azure", "aws"};
  g_autoptr(Story) story = story_new(STORY_PAIR("firewall", FAST, ", prepend: 2"),
                                     SILENT "  - {at: 60s, fail: link/dc/fw-a, how: cut}\n"
                                            "  - {at: 120s, restore: fw-a}\n"
                                            "  - {at: 400s, restore: link/dc/fw-a}\n");
  for (guint i = 0; i < G_N_ELEMENTS(models); i++) {
    story_assert_range(story_range(story, models[i], 0, "sessions_broken", 3), 1000, 1000);
    story_assert_range(story_range(story, models[i], 2, "sessions_broken", 3), 1000, 1000);
    story_assert_range(story_range(story, models[i], 3, "sessions_broken", 3), 0, 0);
  }
  FACTS("AWS-6.16");
}

/* An orderly stop forwards on for 2 s, so the outage begins in the middle of the programming:
 * what it rests on is no longer than itself. */
Test(appliances, an_outage_rests_on_no_more_than_its_own_length) {
  static const char *const models[] = {"azure", "aws"};
  g_autoptr(Story) story = story_new(STORY_PAIR("router", FAST, ", prepend: 2"),
                                     "events:\n  - {at: 60s, fail: fw-a, how: shutdown}\n");
  for (guint i = 0; i < 2 * G_N_ELEMENTS(models); i++) {
    g_autoptr(RunResult) result = story_run(story, models[i % 2], i / 2);
    const MetricRow *row = &result->rows[0];
    SimTime sum = SIM_TIME_ZERO;
    for (guint basis = 0; basis < G_N_ELEMENTS(row->outage_basis.by_basis); basis++)
      sum = sim_time_add(sum, row->outage_basis.by_basis[basis]);
    cr_assert_eq(sum.ns, row->outage.ns);
  }
}

#define BEHIND_A_TUNNEL                                                                            \
  "name: tunnel\nduration: 2m\n"                                                                   \
  "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "               \
  "n: {prefix: 10.0.1.0/24, vms: 0}}}}\n"                                                          \
  "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {e1: hub/n, e2: hub/n}, "       \
  "propagate_to: [hub/app]}}}\n"                                                                   \
  "nvas:\n"                                                                                        \
  "  r: {subnet: hub/n, asn: 65010, health: {target: dc}, advertise: [{prefix: 192.168.0.0/16, "   \
  "when: healthy}], peers: {rs: {}, wan: {tunnel: on, advertise: []}}}\n"                          \
  "  wan: {subnet: hub/n, asn: 65030, advertise: [{site: dc}]}\n"                                  \
  "sites: {dc: {prefixes: [192.168.0.0/16], via: [wan]}}\n"                                        \
  "traffic: {flows: {from: hub/app, to: dc, flows: 10}}\n"

/* A converged start has converged, also where what is checked lies behind a tunnel whose far end
 * had to tell of it: nothing changes afterwards. */
Test(appliances, a_check_behind_a_tunnel_is_good_from_the_start) {
  static const char *const models[] = {"azure", "aws"};
  g_autoptr(Story) story = story_text(BEHIND_A_TUNNEL);
  for (guint i = 0; i < G_N_ELEMENTS(models); i++) {
    g_autoptr(RunResult) result = story_run(story, models[i], 0);
    for (RecordId id = 1; id <= engine_record_count(result->engine); id++)
      cr_assert_neq(engine_record_get(result->engine, id)->kind, &NVA_HEALTH);
    cr_assert_str_eq(story_way(result, "forward"), "r+wan");
  }
  FACTS("AWS-6.16");
}
