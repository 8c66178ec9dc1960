/* AWS: one virtual private gateway of a VPC, as a target and with a route table of its own. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/facts.h"
#include "support/replay.h"

#define VPC                                                                                        \
  "name: x\nduration: 20m\nmodels: aws\nlink_delay: 1ms\n"                                         \
  "networks: {vpc: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24, vms: 10}, "      \
  "fw: {prefix: 10.0.1.0/24, vms: 0}}}}\n"
#define BOTH                                                                                       \
  "gateways: {vpn: {kind: vpn, network: vpc, aws: {program: 1s}}, dx: {kind: circuit, network: "   \
  "vpc, circuits: [c1, c2], aws: {program: 1s}}}\n"                                                \
  "circuits: {c1: {site: office}, c2: {site: lab}}\n"
#define BRANCH "branch: {prefixes: [192.168.1.0/24], asn: 65001, via: {vpn: {}}}"
#define OFFICE "office: {prefixes: [192.168.2.0/24], asn: 65002}"
#define LAB "lab: {prefixes: [192.168.3.0/24], asn: 65003}"

/* The ways of both directions at 10 s; where `reverse` is NULL of the first alone. */
static void assert_ways(const Replay *replay, const char *traffic, const char *forward,
                        const char *reverse) {
  replay_assert_ways(replay, traffic, "forward", 10, forward);
  if (reverse != NULL)
    replay_assert_ways(replay, traffic, "reverse", 10, reverse);
}

/* Every neighbor hears what the others told by BGP, over VPN and over private lines, two of one
 * gateway included. Who has static routes hears of nobody but the VPC, and nobody of him. */
Test(virtual_private_gateway, tells_each_neighbor_of_the_others) {
  static const struct {
    const char *branch, *second;
    gboolean joined;
  } cases[] = {{"via: {vpn: {}}", "via: {vpn: {}}", TRUE},
               {"via: {vpn: {bgp: off}}", "via: {vpn: {}}", FALSE},
               {"via: {vpn: {bgp: off}}", "via: {vpn: {bgp: off}}", FALSE},
               {"via: [vpn]", "via: {vpn: {}}", FALSE},
               {"via: [vpn]", "via: [vpn]", FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        VPC BOTH "sites: {branch: {prefixes: [192.168.1.0/24], asn: 65001, %s}, " OFFICE ", " LAB
                 ", second: {prefixes: [192.168.4.0/24], asn: 65004, %s}}\n"
                 "traffic: {bo: {from: branch, to: office, flows: 10}, ol: {from: office, to: lab, "
                 "flows: 10}, bs: {from: branch, to: second, flows: 10}, va: {from: vpc/app, to: "
                 "branch, flows: 10}}\n",
        cases[i].branch, cases[i].second);
    g_autoptr(Replay) replay = replay_new(text, "aws");
    assert_ways(replay, "ol", "c1/0+dx/0+c2/0", NULL);
    assert_ways(replay, "va", "vpn/0", NULL);
    static const char *const apart[] = {"bo", "bs"};
    for (guint j = 0; !cases[i].joined && j < 2; j++) {
      g_autofree char *ways = replay_ways(replay, apart[j], "forward", 10);
      cr_assert(g_str_has_prefix(ways, "dropped:"), "case %u, %s: %s", i, apart[j], ways);
    }
    if (!cases[i].joined)
      continue;
    assert_ways(replay, "bo", "vpn/0+dx/0+c1/0", "c1/0+dx/0+vpn/0");
    assert_ways(replay, "bs", "vpn/0", "vpn/0");
  }
  FACTS("AWS-11.14");
}

/* Of one prefix the private line's route is used, also for what comes by the VPN, whose route takes
 * over. What one side of the gateway loses the other knows at once; that it is dead the other finds
 * out when their hold timer of 90 s expires. */
Test(virtual_private_gateway, prefers_private_lines) {
  static const struct {
    double at;
    const char *branch, *vpc; /* the ways of each; NULL: not asked */
  } expected[] = {{59, "vpn/0+dx/0+c1/0", "dx/0+c1/0"},
                  {290, "vpn/0", "vpn/0"},
                  {590, "vpn/0+dx/0+c1/0", NULL},
                  {659, "dropped:next-hop-down", NULL},
                  {691, "vpn/0", "vpn/0"},
                  {1190, "vpn/0+dx/0+c1/0", "dx/0+c1/0"}};
  g_autoptr(Replay) replay = replay_new(
      VPC BOTH "sites: {" BRANCH ", office: {prefixes: [192.168.2.0/24], asn: 65002, via: {vpn: "
               "{prefer: 10}}}, " LAB "}\n"
               "traffic: {t: {from: branch, to: office, flows: 10}, v: {from: vpc/app, to: office, "
               "flows: 10}}\n"
               "events: [{at: 60s, fail: circuit/c1, how: cut}, {at: 5m, restore: circuit/c1}, "
               "{at: 10m, fail: dx/0, how: silent}, {at: 15m, restore: dx/0}]\n",
      "aws");
  for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
    if (expected[i].branch != NULL)
      replay_assert_ways(replay, "t", "forward", expected[i].at, expected[i].branch);
    if (expected[i].vpc != NULL)
      replay_assert_ways(replay, "v", "forward", expected[i].at, expected[i].vpc);
  }
  FACTS("AWS-11.1", "AWS-11.14");
}

/* Between the sides runs a session as any other: silence is noticed by its hold timer, at most a
 * keepalive interval early, and no sooner; what closes it, or says so, at once. */
Test(virtual_private_gateway, a_side_hears_of_the_other_by_their_session) {
  static const struct {
    const char *how, *timers;
    double least, most;
  } cases[] = {{"silent", "", 60, 90},  {"cut", "", 60, 90},
               {"isolate", "", 60, 90}, {"silent", ", aws: {keepalive: 3s, hold: 9s}", 6, 9},
               {"crash", "", 0, 0.01},  {"shutdown", "", 0, 0.01}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        VPC "gateways: {vpn: {kind: vpn, network: vpc}, dx: {kind: circuit, network: vpc, "
            "circuits: [c1]%s}}\ncircuits: {c1: {site: office}}\n"
            "sites: {" OFFICE "}\nevents: [{at: 60s, fail: dx/0, how: %s}]\n",
        cases[i].timers, cases[i].how);
    g_autoptr(Replay) replay = replay_new(text, "aws");
    const double at = replay_first(replay, &BGP_SESSION_DOWN, "vpn/0", 0) - 60;
    cr_assert(at >= cases[i].least && at <= cases[i].most, "case %u: %.3f s", i, at);
  }
  FACTS("AWS-11.14");
}

/* One gateway has one AS number; a side that says nothing has that of the other. So a branch whose
 * own number is the default of a gateway that has another one hears of the office. */
Test(virtual_private_gateway, has_one_as_number) {
  static const struct {
    const char *vpn, *dx, *branch;
    gboolean wrong;
  } cases[] = {{"", "", "65001", FALSE},
               {"asn: 64600", "", "64512", FALSE},
               {"", "asn: 64600", "64512", FALSE},
               {"asn: 64600", "asn: 64600", "64512", FALSE},
               {"asn: 64600", "asn: 64601", "65001", TRUE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        VPC
        "gateways: {vpn: {kind: vpn, network: vpc, aws: {%s}}, dx: {kind: circuit, network: vpc, "
        "circuits: [c1], aws: {%s}}}\ncircuits: {c1: {site: office}}\n"
        "sites: {branch: {prefixes: [192.168.1.0/24], asn: %s, via: {vpn: {}}}, " OFFICE "}\n"
        "traffic: {t: {from: branch, to: office, flows: 10}}\n",
        cases[i].vpn, cases[i].dx, cases[i].branch);
    g_autofree char *trouble = replay_trouble(text);
    cr_assert_eq(strstr(trouble, "AWS-11.14") != NULL, cases[i].wrong, "case %u: %s", i, trouble);
    if (cases[i].wrong)
      continue;
    g_autoptr(Replay) replay = replay_new(text, "aws");
    assert_ways(replay, "t", "vpn/0+dx/0+c1/0", NULL);
  }
  FACTS("AWS-11.14");
}

/* A written route may name either side; it goes out as the gateway knows, and 0.0.0.0/0 delivers no
 * more than that. It beats an equal propagated route. */
Test(virtual_private_gateway, is_a_target) {
  static const struct {
    const char *route, *ways;
  } cases[] = {{"{to: 192.168.2.0/24, via: dx}", "dx/0+c1/0"},
               {"{to: 192.168.2.0/24, via: vpn}", "vpn/0+dx/0+c1/0"},
               {"{to: 0.0.0.0/0, via: dx}", "dx/0+c1/0"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    for (guint propagated = 0; propagated < 2; propagated++) {
      g_autofree char *text = g_strdup_printf(
          VPC BOTH "sites: {" BRANCH ", " OFFICE ", " LAB "}\n"
                   "route_tables: {app: {network: vpc, subnets: [app], propagate: %s, routes: "
                   "[%s]}}\n"
                   "traffic: {t: {from: vpc/app, to: office, flows: 10}, i: {from: vpc/app, to: "
                   "8.8.8.8, flows: 10}}\n",
          propagated ? "on" : "off", cases[i].route);
      g_autoptr(Replay) replay = replay_new(text, "aws");
      /* With propagation the longer propagated route stands before the default. */
      assert_ways(replay, "t", cases[i].ways, NULL);
      g_autofree char *internet = replay_ways(replay, "i", "forward", 10);
      cr_assert(g_str_has_prefix(internet, "dropped:"), "%s", internet);
    }
  FACTS("AWS-5.26");
}

/* What comes in by the gateway follows its route table, by VPN and by private line, whichever of
 * the two the table names. */
Test(virtual_private_gateway, has_a_route_table) {
  static const struct {
    const char *gateway, *to;
  } cases[] = {{"vpn", "10.0.0.0/24"}, {"dx", "10.0.0.0/24"}, {"dx", "10.0.0.0/16"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        VPC BOTH "nvas: {fw: {kind: firewall, subnet: vpc/fw, asn: 65001}}\n"
                 "sites: {" BRANCH ", " OFFICE
                 ", lab: {prefixes: [192.168.3.0/24], asn: 65003, via: "
                 "[dx]}}\n"
                 "route_tables: {edge: {network: vpc, gateway: %s, routes: [{to: %s, via: fw}]}, "
                 "app: {network: vpc, subnets: [app], routes: [{to: 192.168.1.0/24, via: fw}, {to: "
                 "192.168.2.0/24, via: fw}]}}\n"
                 "traffic: {b: {from: branch, to: vpc/app, flows: 10}, o: {from: office, to: "
                 "vpc/app, flows: 10}}\n",
        cases[i].gateway, cases[i].to);
    g_autoptr(Replay) replay = replay_new(text, "aws");
    assert_ways(replay, "b", "vpn/0+fw", "fw+vpn/0");
    assert_ways(replay, "o", "c1/0+dx/0+fw", NULL);
  }
  FACTS("AWS-5.27");
}

/* The same of a gateway that speaks no BGP with anybody. */
Test(virtual_private_gateway, has_a_route_table_without_bgp) {
  g_autoptr(Replay) replay = replay_new(
      VPC
      "gateways: {vpn: {kind: vpn, network: vpc}}\n"
      "nvas: {fw: {kind: firewall, subnet: vpc/fw, asn: 65001}}\n"
      "sites: {branch: {prefixes: [192.168.1.0/24], via: [vpn]}}\n"
      "route_tables: {edge: {network: vpc, gateway: vpn, routes: [{to: 10.0.0.0/24, via: fw}]}, "
      "app: {network: vpc, subnets: [app], routes: [{to: 192.168.1.0/24, via: fw}]}}\n"
      "traffic: {b: {from: branch, to: vpc/app, flows: 10}}\n",
      "aws");
  assert_ways(replay, "b", "vpn/0+fw", "fw+vpn/0");
}
