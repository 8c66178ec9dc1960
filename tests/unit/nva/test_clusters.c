/* Clusters: one member works at a time. The times are worked out by hand: a takeover is
 * 2 s after the failure, a session opens 1 s after that (and some messages of 1 ms), and a route
 * stands in the tables 1 s after that. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/fault/cluster.h"
#include "support/facts.h"
#include "support/replay.h"

#define MEMBER(name, state)                                                                        \
  "  " name ": {kind: firewall, subnet: hub/a, asn: 65010, advertise: [{site: dc}], "              \
  "peers: {rs: {keepalive: 3s, hold: 9s}}, state_sync: fw, boot: 60s, establish: 1s, "             \
  "cluster: {name: fw, state: " state ", takes_over: 2s}}\n"
#define BASE(via, more, events)                                                                    \
  "name: cluster\nmodels: [aws]\nduration: 20m\nlink_delay: 1ms\n"                                 \
  "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "               \
  "a: {prefix: 10.0.1.0/24, vms: 0}}}}\n"                                                          \
  "route_servers: {rs: {network: hub, aws: {asn: 65001, endpoints: {a1: hub/a}, "                  \
  "propagate_to: [hub/app], program: 1s}}}\n"                                                      \
  "nvas:\n" MEMBER("fw-a", "active") MEMBER("fw-b", "passive") more                                \
      "sites: {dc: {prefixes: [192.168.0.0/16], asn: 65100, via: " via "}}\n"                      \
      "traffic: {t: {from: hub/app, to: dc, flows: 100}}\nevents:\n" events
#define PAIR(events) BASE("[fw-a, fw-b]", "", events)

typedef struct {
  double at;
  const char *way;
} Moment;

static void assert_ways(const char *text, const Moment *moments, guint count) {
  g_autoptr(Replay) replay = replay_new(text, "aws");
  for (guint i = 0; i < count; i++)
    replay_assert_ways(replay, "t", "forward", moments[i].at, moments[i].way);
}
#define ASSERT_WAYS(text, ...)                                                                     \
  assert_ways(text, (const Moment[]){__VA_ARGS__}, G_N_ELEMENTS(((const Moment[]){__VA_ARGS__})))

/* The dead one's route stays until its hold timer ends (6 to 9 s, and 1 s to program); the one that
 * was restored is passive, and takes over in its turn. */
Test(clusters, a_silent_member_is_replaced_and_comes_back_passive) {
  static const char text[] =
      PAIR("  - {at: 60s, fail: fw-a, how: silent}\n  - {at: 300s, restore: fw-a}\n"
           "  - {at: 600s, fail: fw-b, how: crash}\n");
  ASSERT_WAYS(text, {59.9, "fw-a"}, {61, "dropped:next-hop-down"}, {65, "dropped:next-hop-down"},
              {71, "fw-b"}, {500, "fw-b"}, {603.9, "dropped:no-route"}, {604.1, "fw-a"});
  g_autoptr(Replay) replay = replay_new(text, "aws");
  cr_assert_eq(replay_first(replay, &CLUSTER_TAKEOVER, "fw-b", 0), 62);
  cr_assert_eq(replay_first(replay, &CLUSTER_TAKEOVER, "fw-a", 0), 602);
  cr_assert_float_eq(replay_first(replay, &BGP_SESSION_UP, "fw-b", 0), 63, 0.01);
  /* Back since 360 s, and without a session until it takes over. */
  cr_assert_float_eq(replay_first(replay, &BGP_SESSION_UP, "fw-a", 60), 603, 0.01);
  FACTS("AWS-10.6");
}

/* An orderly stop and a crash withdraw at once: 2 s, 1 s and 1 s. */
Test(clusters, what_counts_as_a_failure) {
  ASSERT_WAYS(PAIR("  - {at: 60s, fail: fw-a, how: shutdown}\n"), {63.9, "dropped:no-route"},
              {64.1, "fw-b"});
  ASSERT_WAYS(PAIR("  - {at: 60s, fail: fw-a, how: crash}\n"), {63.9, "dropped:no-route"},
              {64.1, "fw-b"});
  /* Cut off, it is replaced as if it were dead; the way back is no reason to change again. */
  ASSERT_WAYS(PAIR("  - {at: 60s, fail: fw-a, how: cut}\n  - {at: 100s, restore: fw-a}\n"),
              {61, "dropped:next-hop-down"}, {71, "fw-b"}, {300, "fw-b"});
  /* A dead data plane is nothing that the members watch. */
  ASSERT_WAYS(PAIR("  - {at: 60s, fail: fw-a, how: freeze}\n"), {61, "dropped:next-hop-down"},
              {600, "dropped:next-hop-down"});
}

Test(clusters, what_changes_nothing) {
  /* Over before the takeover. */
  ASSERT_WAYS(PAIR("  - {at: 60s, fail: fw-a, how: crash}\n  - {at: 61s, restore: fw-a}\n"),
              {70, "fw-a"}, {600, "fw-a"});
  /* The passive one fails. */
  ASSERT_WAYS(PAIR("  - {at: 60s, fail: fw-b, how: silent}\n"), {61, "fw-a"}, {600, "fw-a"});
  /* Nobody is there to take over, until the active one is back after its boot. */
  ASSERT_WAYS(
      PAIR("  - {at: 30s, fail: fw-b, how: silent}\n  - {at: 60s, fail: fw-a, how: silent}\n"
           "  - {at: 100s, restore: fw-a}\n"),
      {159, "dropped:no-route"}, {163, "fw-a"});
}

/* The passive one is back first, at 160 s: it takes over 2 s later. */
Test(clusters, whoever_is_well_first) {
  ASSERT_WAYS(
      PAIR("  - {at: 30s, fail: fw-b, how: silent}\n  - {at: 60s, fail: fw-a, how: silent}\n"
           "  - {at: 100s, restore: fw-b}\n  - {at: 110s, restore: fw-a}\n"),
      {163.9, "dropped:no-route"}, {164.1, "fw-b"}, {600, "fw-b"});
}

/* The first passive one by name that is well. */
Test(clusters, three_members) {
  ASSERT_WAYS(BASE("[fw-a, fw-b, fw-c]", MEMBER("fw-c", "passive"),
                   "  - {at: 60s, fail: fw-a, how: shutdown}\n"),
              {64.1, "fw-b"});
  ASSERT_WAYS(BASE("[fw-a, fw-b, fw-c]", MEMBER("fw-c", "passive"),
                   "  - {at: 30s, fail: fw-b, how: silent}\n"
                   "  - {at: 60s, fail: fw-a, how: shutdown}\n  - {at: 100s, restore: fw-b}\n"
                   "  - {at: 600s, fail: fw-c, how: shutdown}\n"),
              {64.1, "fw-c"}, {500, "fw-c"}, {604.1, "fw-b"});
}

/* A site's own router has a session with the member that works alone; after the takeover it opens
 * one with the other. */
Test(clusters, a_site_with_a_router) {
  g_autoptr(Replay) replay = replay_new(
      BASE("{fw-a: {detect: {keepalive: 1s, hold: 3s}}, fw-b: {detect: {keepalive: 1s, hold: 3s}}}",
           "", "  - {at: 300s, fail: fw-a, how: silent}\n"),
      "aws");
  replay_assert_ways(replay, "t", "reverse", 299, "fw-a");
  replay_assert_ways(replay, "t", "reverse", 600, "fw-b");
  replay_assert_ways(replay, "t", "forward", 600, "fw-b");
}

/* It answers no probe, so a load balancer gives it no flows from the first on, and finds it good
 * when it has taken over. */
Test(clusters, before_a_load_balancer) {
  g_autofree char *text = g_strconcat("failover: load-balancer\n",
                                      PAIR("  - {at: 60s, fail: fw-a, how: silent}\n"), NULL);
  ASSERT_WAYS(text, {0, "fw-a"}, {59, "fw-a"}, {200, "fw-b"});
}
