/* Every interruption is some event's, and counts once for it: whole scenarios. */
#include <criterion/criterion.h>

#include "support/replay.h"

/* A hub whose appliances differ, and a site behind some of them. */
#define HUB                                                                                        \
  "networks:\n"                                                                                    \
  "  hub:\n"                                                                                       \
  "    prefixes: [10.0.0.0/16]\n"                                                                  \
  "    region: west\n"                                                                             \
  "    subnets:\n"                                                                                 \
  "      app: {prefix: 10.0.0.0/24, zone: a, vms: 4}\n"                                            \
  "      nva: {prefix: 10.0.1.0/24, zone: b}\n"                                                    \
  "      servers: {prefix: 10.0.2.0/24, zone: b, vms: 2}\n"                                        \
  "route_servers:\n"                                                                               \
  "  rs:\n"                                                                                        \
  "    network: hub\n"                                                                             \
  "    azure: {program: 1s}\n"                                                                     \
  "    aws: {asn: 65000, endpoints: {e1: hub/nva}, propagate_to: [hub/app], program: 1s}\n"

static const MetricRow *row(const Replay *replay, guint event) {
  cr_assert_lt(event, replay->result->row_count);
  return &replay->result->rows[event];
}

static const char *const models[] = {"azure", "aws"};

/* An appliance that is frozen again and again while its sessions flap for want of packets: the
 * routes go and come because of event 0, and between that because of the others. */
Test(blame, an_event_interrupts_a_flow_once) {
  static const char text[] =
      "name: once\nduration: 20m\nmodels: [aws]\n" HUB "nvas:\n"
      "  fw: {kind: firewall, subnet: hub/nva, asn: 65010, peers: {rs: {bfd: {}}},\n"
      "       advertise: [{site: dc}]}\n"
      "sites: {dc: {prefixes: [192.168.0.0/16], via: [fw]}}\n"
      "traffic: {t: {from: hub/app, to: dc, flows: 1000}}\n"
      "events:\n"
      "  - {at: 60s, impair: [fw, rs], loss: 25%}\n"
      "  - {at: 2m, flap: fw, how: freeze, down: 10s, up: 60s, times: 8}\n";
  g_autoptr(Replay) replay = replay_new(text, "aws");
  guint spells = 0;
  for (RecordId id = 1; id <= engine_record_count(replay->result->engine); id++) {
    const TraceRecord *record = engine_record_get(replay->result->engine, id);
    const TraceRecord *root =
        engine_record_get(replay->result->engine, engine_record_root(replay->result->engine, id));
    spells += record->kind == &FLOW_INTERRUPTED && root->kind == &FAULT_EVENT && root->value == 0;
  }
  cr_assert_gt(spells, 2, "there is nothing to count twice");
  for (guint i = 0; i < replay->result->row_count; i++) {
    cr_assert_leq(row(replay, i)->flows_interrupted, 1000, "event %u", i);
    cr_assert_leq(row(replay, i)->sessions_broken, 1000, "event %u", i);
  }
}

/* Event 0 stops all flows; 30 s later their hosts are gone, and with them the flows. */
#define GONE                                                                                       \
  "name: gone\nduration: 200s\n" HUB "nvas:\n"                                                     \
  "  a: {kind: router, subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{site: dc}]}\n"     \
  "sites: {dc: {prefixes: [192.168.0.0/16], via: [a]}}\n"                                          \
  "traffic: {t: {from: hub/app, to: dc, flows: 1000, rate: 8Mbps}}\n"                              \
  "events:\n"                                                                                      \
  "  - {at: 60s, fail: a, how: freeze}\n"                                                          \
  "  - {at: 90s, fail: zone/west/a, how: silent}\n"

Test(blame, what_is_gone_keeps_its_earlier_outage) {
  static const char text[] = GONE "  - {at: 120s, restore: zone/west/a}\n";
  for (guint m = 0; m < G_N_ELEMENTS(models); m++) {
    g_autoptr(Replay) replay = replay_new(text, models[m]);
    cr_assert_eq(row(replay, 0)->flows_interrupted, 1000);
    cr_assert_eq(row(replay, 0)->flows_gone, 0);
    cr_assert(row(replay, 0)->censored, "the appliance is never back, the hosts are");
    /* 30 s, and from 120 s to the end once more: a megabyte each second. */
    cr_assert_eq(row(replay, 0)->lost_bytes, (30 + 80) * 1000000);
    cr_assert_eq(row(replay, 1)->flows_interrupted, 0);
    cr_assert_eq(row(replay, 1)->flows_gone, 1000);
  }
}

Test(blame, an_outage_that_ends_with_the_hosts_is_no_censored_one) {
  static const char text[] = GONE;
  for (guint m = 0; m < G_N_ELEMENTS(models); m++) {
    g_autoptr(Replay) replay = replay_new(text, models[m]);
    cr_assert_eq(row(replay, 0)->outage.ns, 30 * SIM_SECOND);
    cr_assert_eq(row(replay, 0)->flows_interrupted, 1000);
    cr_assert_eq(row(replay, 0)->lost_bytes, 30000000);
    cr_assert_not(row(replay, 0)->censored);
    cr_assert(sim_time_is_never(row(replay, 0)->restored), "they never came back");
  }
}

/* The address is the appliance's own as long as it announces it. */
Test(blame, who_no_longer_announces_an_address_interrupts_its_flows) {
  static const char text[] =
      "name: own\nduration: 200s\n" HUB "nvas:\n"
      "  a: {kind: router, subnet: hub/nva, asn: 65010, peers: {rs: },\n"
      "      advertise: [{prefix: 172.16.1.0/24}]}\n"
      "traffic: {t: {from: hub/app, to: 172.16.1.5, flows: 1000, rate: 8Mbps}}\n"
      "events:\n"
      "  - {at: 60s, set: nvas.a.advertise, to: [{prefix: 10.251.0.1/32}]}\n";
  for (guint m = 0; m < G_N_ELEMENTS(models); m++) {
    g_autoptr(Replay) replay = replay_new(text, models[m]);
    cr_assert_eq(row(replay, 0)->flows_interrupted, 1000);
    cr_assert_eq(row(replay, 0)->lost_bytes, 140000000);
  }
}

/* The servers' processes end; their kernels go on for 7 s, which helps no request. */
Test(blame, backends_that_crash_interrupt_flows) {
  static const char text[] =
      "name: backends\nduration: 200s\n" HUB "nvas:\n"
      "  lb: {kind: load-balancer, subnet: hub/nva, asn: 65010, vip: 10.252.0.1/32,\n"
      "       backends: {in: hub/servers, count: 2}, peers: {rs: }, advertise: [{vip: always}]}\n"
      "traffic: {t: {from: hub/app, to: 10.252.0.1, flows: 1000, rate: 8Mbps}}\n"
      "events:\n"
      "  - {at: 60s, fail: lb/backends, how: crash, forwards: 7s}\n";
  for (guint m = 0; m < G_N_ELEMENTS(models); m++) {
    g_autoptr(Replay) replay = replay_new(text, models[m]);
    cr_assert_eq(row(replay, 0)->flows_interrupted, 1000);
    cr_assert_eq(row(replay, 0)->outage.ns, 140 * SIM_SECOND);
  }
}

/* A site without a router answers over what the session came through, also where that put its own
 * address as source. */
Test(blame, answers_to_a_translator_come_back_over_it) {
  static const char text[] =
      "name: translator\nduration: 200s\n" HUB "nvas:\n"
      "  a: {kind: router, subnet: hub/nva, asn: 65010}\n"
      "  b: {kind: router, subnet: hub/nva, asn: 65011, snat: on, peers: {rs: },\n"
      "      advertise: [{site: dc}]}\n"
      "sites: {dc: {prefixes: [192.168.0.0/16], via: [a, b]}}\n"
      "traffic: {t: {from: hub/app, to: dc, flows: 1000, rate: 8Mbps}}\n"
      "events:\n"
      "  - {at: 60s, fail: link/dc/a, how: cut}\n"
      "  - {at: 90s, fail: link/dc/b, how: cut}\n";
  for (guint m = 0; m < G_N_ELEMENTS(models); m++) {
    g_autoptr(Replay) replay = replay_new(text, models[m]);
    replay_assert_ways(replay, "t", "forward", 10, "b");
    replay_assert_ways(replay, "t", "reverse", 10, "b");
    cr_assert_eq(row(replay, 0)->flows_interrupted, 0);
    cr_assert_eq(row(replay, 1)->flows_interrupted, 1000);
  }
}
