/* What appliances tell each of their peers, and each other. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/facts.h"
#include "support/replay.h"
#include "support/story.h"

/* Two hubs with a route server each, a spoke for each, and `nvas`. */
#define REGIONS(nvas, more)                                                                        \
  "name: regions\nmodels: [azure]\nduration: 5m\n"                                                 \
  "networks:\n"                                                                                    \
  "  hub-e: {prefixes: [10.1.0.0/16], subnets: {nva: {prefix: 10.1.1.0/24, vms: 0}}}\n"            \
  "  hub-w: {prefixes: [10.0.0.0/16], subnets: {nva: {prefix: 10.0.1.0/24, vms: 0}}}\n"            \
  "  spoke-e: {prefixes: [10.2.0.0/16], subnets: {web: {prefix: 10.2.0.0/24, vms: 10}}}\n"         \
  "  spoke-w: {prefixes: [10.3.0.0/16], subnets: {app: {prefix: 10.3.0.0/24, vms: 10}}}\n"         \
  "peerings:\n  hubs: {from: hub-w, to: hub-e}\n"                                                  \
  "  e: {from: spoke-e, to: hub-e, use_remote_gateway: on}\n"                                      \
  "  w: {from: spoke-w, to: hub-w, use_remote_gateway: on}\n"                                      \
  "route_servers:\n  rs-e: {network: hub-e}\n  rs-w: {network: hub-w}\n"                           \
  "traffic:\n  flows: {from: spoke-w/app, to: spoke-e/web, flows: 100, rate: 100Mbps}\n"           \
  "nvas:\n" nvas more

#define EAST(rs, peer)                                                                             \
  "  nva-e: {subnet: hub-e/nva, asn: 65020, peers: {rs-e: " rs ", nva-w: " peer "}}\n"
#define WEST(asn, rs, more)                                                                        \
  "  nva-w: {subnet: hub-w/nva, asn: " asn ", peers: {rs-w: " rs "}" more "}\n"

static void assert_way(const char *text, const char *expected) {
  g_autoptr(Story) story = story_text(text);
  g_autoptr(RunResult) result = story_run(story, "azure", 0);
  cr_assert_str_eq(story_way(result, "forward"), expected);
}

/* Appliances of two regions, each putting its own AS number in the route server's place. */
Test(peers, two_regions_reach_each_other) {
  g_autoptr(Story) story = story_text(
      REGIONS(EAST("{as_override: on}", "{tunnel: on}"), WEST("65010", "{as_override: on}", "")));
  g_autoptr(RunResult) result = story_run(story, "azure", 0);
  cr_assert_str_eq(story_way(result, "forward"), "nva-w+nva-e");
  cr_assert_str_eq(story_way(result, "reverse"), "nva-e+nva-w");
  FACTS("AZ-4.16", "AZ-9.5");
}

/* With 65515 in the path the other route server takes nothing; taking the number out (BIRD's
 * delete) is as good as putting another in its place. */
Test(peers, the_as_path_between_route_servers) {
  assert_way(REGIONS(EAST("", "{tunnel: on}"), WEST("65010", "", "")), "dropped:blackhole");
  assert_way(REGIONS(EAST("{strip_as: [65515]}", "{tunnel: on}"),
                     WEST("65010", "{strip_as: [65515]}", "")),
             "nva-w+nva-e");
  FACTS("AZ-4.15", "AZ-4.16");
}

/* Without a tunnel the packet is the cloud's again, whose route points back. */
Test(peers, without_a_tunnel_the_packet_comes_back) {
  assert_way(REGIONS(EAST("{as_override: on}", ""), WEST("65010", "{as_override: on}", "")),
             "dropped:loop");
  FACTS("AZ-5.12");
}

/* The tunnel's own packets need a way: here the peering of the hubs. */
Test(peers, a_tunnel_needs_a_way_of_its_own) {
  g_autofree char *text = g_strdup(
      REGIONS(EAST("{as_override: on}", "{tunnel: on}"), WEST("65010", "{as_override: on}", "")));
  char *peering = strstr(text, "  hubs: {from: hub-w, to: hub-e}\n");
  memmove(peering, peering + strlen("  hubs: {from: hub-w, to: hub-e}\n"),
          strlen(peering + strlen("  hubs: {from: hub-w, to: hub-e}\n")) + 1);
  assert_way(text, "dropped:tunnel-down");
}

/* Equal AS numbers make the session between the hubs internal, as in the lab of a self-made virtual
 * WAN: over an external one each would find its own number in the path, and take nothing. */
Test(peers, one_as_number_on_both) {
  assert_way(REGIONS(EAST("{as_override: on}", "{tunnel: on, next_hop_self: on}"),
                     WEST("65020", "{as_override: on}", "")),
             "nva-w+nva-e");
  FACTS("AZ-9.6");
}

/* RFC 4271 8: an AS number that the other end does not have is a mistake of the file. */
Test(peers, the_as_number_of_the_peer_is_checked) {
  g_autofree char *said =
      story_diagnostics(REGIONS(EAST("", "{asn: 65011}"), WEST("65010", "", "")));
  cr_assert_not_null(strstr(said, "'nva-w' has AS number 65010, not 65011"));
}

/* ---- each peer its own list --------------------------------------------------------------- */

#define LISTS(lists)                                                                               \
  "  fw-a: {subnet: hub/a, asn: 65010, peers: {rs: {" lists                                        \
  "}}, advertise: [{prefix: 192.168.0.0/16}]}\n"                                                   \
  "  fw-b: {subnet: hub/b, asn: 65010, peers: {rs: }, advertise: [{prefix: 192.168.0.0/16, "       \
  "prepend: 1}]}\n"

/* The list of a peer takes the place of the appliance's own, so that what wins by the one loses by
 * the other. */
Test(peers, the_list_of_a_peer_wins) {
  static const char *const events = "events:\n  - {at: 60s, fail: fw-b, how: withdraw}\n";
  g_autoptr(Story) own = story_new(LISTS(""), events);
  g_autoptr(Story) other =
      story_new(LISTS("advertise: [{prefix: 192.168.0.0/16, prepend: 2}]"), events);
  g_autoptr(RunResult) first = story_run(own, "azure", 0);
  g_autoptr(RunResult) second = story_run(other, "azure", 0);
  cr_assert_str_eq(story_way(first, "forward"), "fw-a");
  cr_assert_str_eq(story_way(second, "forward"), "fw-b");
  FACTS("AZ-6.15");
}

/* An empty list tells a peer nothing, and a `set` of the appliance's own does not change that. */
Test(peers, an_empty_list_is_a_list) {
  g_autoptr(Story) story = story_new(
      LISTS("advertise: []"),
      "events:\n  - {at: 60s, set: nvas.fw-a.advertise, to: [{prefix: 192.168.0.0/16}]}\n");
  g_autoptr(RunResult) result = story_run(story, "azure", 0);
  cr_assert_str_eq(story_way(result, "forward"), "fw-b");
  cr_assert_eq(result->rows[0].flows_moved, 0u);
}

/* A change of what is announced reaches the route server as one implicit replacement, which costs
 * no change interval. */
Test(peers, a_change_of_the_list_is_a_replacement) {
  g_autoptr(Story) story = story_new(
      LISTS(""), "events:\n  - {at: 60s, set: nvas.fw-a.advertise, to: [{prefix: 192.168.0.0/16, "
                 "prepend: 2}]}\n");
  const StoryRange range = story_range(story, "azure", 0, "programmed", 10);
  cr_assert(range.least >= 0.9 && range.greatest <= 5.602);
  g_autoptr(RunResult) result = story_run(story, "azure", 0);
  cr_assert_eq(result->rows[0].flows_moved, 1000u);
  FACTS("AZ-6.18");
}

/* ---- a second tier ------------------------------------------------------------------------- */

#define TIERS(hop)                                                                                 \
  "  fw-a: {subnet: hub/a, asn: 65020, peers: {relay: {keepalive: 3s, hold: 9s}}, "                \
  "advertise: [{site: dc}]}\n"                                                                     \
  "  fw-b: {subnet: hub/b, asn: 65021, peers: {relay: {keepalive: 3s, hold: 9s}}, "                \
  "advertise: [{site: dc, prepend: 1}]}\n"                                                         \
  "  relay: {subnet: hub/a, asn: 65010, peers: {rs: " hop "}}\n"

/* The relay keeps the next hop that it learned, so no packet passes it. */
Test(peers, a_relay_keeps_the_next_hop) {
  g_autoptr(Story) kept = story_new(TIERS("{next_hop_self: off}"), "models: [azure]\n");
  g_autoptr(Story) self = story_new(TIERS("{}"), "models: [azure]\n");
  g_autoptr(RunResult) first = story_run(kept, "azure", 0);
  g_autoptr(RunResult) second = story_run(self, "azure", 0);
  cr_assert_str_eq(story_way(first, "forward"), "fw-a");
  cr_assert_str_eq(story_way(second, "forward"), "dropped:loop");
  FACTS("AZ-5.13", "AZ-9.11");
}

/* What an appliance's death costs behind a relay: the relay's hold time, 6 to 9 s. */
Test(peers, a_relay_waits_for_its_own_hold_timer) {
  g_autoptr(Story) story =
      story_new(TIERS("{next_hop_self: off}"),
                "models: [azure]\nevents:\n  - {at: 60s, fail: fw-a, how: silent}\n");
  const StoryRange range = story_range(story, "azure", 0, "outage", 30);
  cr_assert(range.least >= 6.9 && range.greatest <= 9.002 + 5.6, "%g to %g", range.least,
            range.greatest);
  FACTS("AZ-9.11");
}

/* Who tells peers late what it has forgets at once what a peer told when their session ends (RFC
 * 4271 8.2.2): what it costs is the same hold time. */
Test(peers, a_relay_that_tells_late_does_not_forget_late) {
  g_autoptr(Story) story =
      story_new(TIERS("{next_hop_self: off}, fw-a: {first_update: 2s, keepalive: 3s, hold: 9s}, "
                      "fw-b: {first_update: 2s, keepalive: 3s, hold: 9s}"),
                "models: [azure]\nevents:\n  - {at: 60s, fail: fw-a, how: silent}\n");
  const StoryRange range = story_range(story, "azure", 0, "outage", 30);
  cr_assert(range.least >= 6.9 && range.greatest <= 9.002 + 5.6, "%g to %g", range.least,
            range.greatest);
}

/* After a start only peers wait for the first UPDATE. A site behind the appliance is told as soon
 * as its session is up, by a list of its own (`dc`) as without one (`lab`). */
Test(peers, a_site_does_not_wait_for_the_first_update) {
  static const char *const waits[] = {"update_delay: 100s, peers: {rs: }",
                                      "peers: {rs: {first_update: 100s}}"};
  for (guint i = 0; i < G_N_ELEMENTS(waits); i++) {
    g_autofree char *text = g_strdup_printf(
        "name: x\nmodels: [azure]\nduration: 10m\n"
        "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {nva: {prefix: 10.0.1.0/24}}}}\n"
        "route_servers: {rs: {network: hub}}\n"
        "nvas: {fw: {subnet: hub/nva, asn: 65010, boot: 0s, %s, advertise: [{site: dc}], "
        "sites: {dc: {advertise: [{prefix: 10.0.0.0/8}]}}}}\n"
        "sites: {dc: {prefixes: [192.168.0.0/16], asn: 65100, via: {fw: {}}}, "
        "lab: {prefixes: [172.16.0.0/16], asn: 65101, via: {fw: {}}}}\n"
        "traffic: {t: {from: hub/nva, to: dc}}\n"
        "events: [{at: 60s, fail: fw, how: crash}, {at: 2m, restore: fw}]\n",
        waits[i]);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    static const struct {
      const char *who;
      double wait;
    } told[] = {{"dc", 0}, {"lab", 0}, {"rs/0", 100}};
    for (guint j = 0; j < G_N_ELEMENTS(told); j++) {
      const double up = replay_first(replay, &BGP_SESSION_UP, told[j].who, 120);
      const double at = replay_first(replay, &BGP_ANNOUNCED, told[j].who, 120);
      cr_assert_gt(up, 120);
      cr_expect_float_eq(at - up, told[j].wait, 0.01, "%s after %g s", told[j].who, at - up);
    }
  }
  FACTS("AWS-6.15");
}

/* RFC 5882 4.3: appliances may speak BFD with each other under any cloud. */
Test(peers, bfd_between_appliances) {
  g_autoptr(Story) story =
      story_new("  fw-a: {subnet: hub/a, asn: 65020, peers: {relay: {bfd: {interval: 300ms}}}, "
                "advertise: [{site: dc}]}\n"
                "  fw-b: {subnet: hub/b, asn: 65021, peers: {relay: {}}, advertise: [{site: dc, "
                "prepend: 1}]}\n"
                "  relay: {subnet: hub/a, asn: 65010, peers: {rs: {next_hop_self: off}}}\n",
                "models: [azure]\nevents:\n  - {at: 60s, fail: fw-a, how: silent}\n");
  const StoryRange range = story_range(story, "azure", 0, "detected", 20);
  cr_assert(range.least >= 0.6 && range.greatest <= 0.902, "%g to %g", range.least, range.greatest);
}
