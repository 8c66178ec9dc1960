/* Azure's gateways beside each other, beside a route server, and as targets of written routes. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/facts.h"
#include "support/replay.h"

#define HUB                                                                                        \
  "name: x\nduration: 20m\nmodels: azure\nlink_delay: 1ms\n"                                       \
  "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24, vms: 10}, "      \
  "nva: {prefix: 10.0.1.0/24, vms: 0}, GatewaySubnet: {prefix: 10.0.2.0/27, vms: 0}}}}\n"
#define BOTH                                                                                       \
  "gateways: {er: {kind: circuit, network: hub, circuits: [c1]}, vpn: {kind: vpn, network: "       \
  "hub}}\n"                                                                                        \
  "circuits: {c1: {site: dc}}\n"
#define TRAFFIC "traffic: {t: {from: hub/app, to: dc, flows: 200}}\n"

/* At the same prefix the circuit carries, although its path (12076 65100) is longer than the VPN's
 * (65100); the VPN does when the circuit goes, and gives back when it returns. What one withdraws
 * the other keeps. */
Test(gateway_ranks, a_circuit_stands_before_a_vpn) {
  g_autoptr(Replay) replay =
      replay_new(HUB BOTH TRAFFIC
                 "sites: {dc: {prefixes: [192.168.0.0/16], via: {vpn: {prefer: 50}}}}\n"
                 "events: [{at: 60s, fail: circuit/c1, how: cut}, {at: 6m, restore: circuit/c1}, "
                 "{at: 12m, fail: vpn, how: silent}]\n",
                 "azure");
  replay_assert_ways(replay, "t", "forward", 59, "er/0+c1/0 er/1+c1/1");
  replay_assert_ways(replay, "t", "forward", 350, "vpn/0 vpn/1");
  replay_assert_ways(replay, "t", "reverse", 350, "vpn/0 vpn/1");
  replay_assert_ways(replay, "t", "forward", 700, "er/0+c1/0 er/1+c1/1");
  replay_assert_ways(replay, "t", "forward", 1190, "er/0+c1/0 er/1+c1/1");
  FACTS("AZ-8.20");
}

/* The longest prefix comes first, whoever has it. */
Test(gateway_ranks, a_longer_prefix_of_the_vpn_stands_before_a_circuit) {
  g_autoptr(Replay) replay = replay_new(
      HUB BOTH TRAFFIC "sites: {dc: {prefixes: [192.168.0.0/16], via: {vpn: {advertise: [{prefix: "
                       "192.168.0.0/17}]}}}}\n",
      "azure");
  replay_assert_ways(replay, "t", "forward", 10, "vpn/0 vpn/1");
  FACTS("AZ-8.20");
}

#define RS(settings) "route_servers: {rs: {network: hub, azure: {" settings "}}}\n"
#define ANNOUNCES                                                                                  \
  "nvas: {n: {kind: router, subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{site: "       \
  "dc}]}}\n"

/* What the circuit told weighs more at its gateway than the shorter path that the route server
 * tells, so the route server has both to choose from, with branch-to-branch on and off. */
Test(gateway_ranks, a_circuit_weighs_more_than_a_route_server) {
  static const struct {
    const char *server, *ways;
  } cases[] = {{RS("branch_to_branch: on"), "er/0+c1/0 er/1+c1/1"},
               {RS("branch_to_branch: off"), "er/0+c1/0 er/1+c1/1"},
               {RS("branch_to_branch: on, routing_preference: aspath"), "n"},
               {RS("branch_to_branch: on, routing_preference: vpn"), "n"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB ANNOUNCES TRAFFIC
        "%s"
        "gateways: {er: {kind: circuit, network: hub, circuits: [c1]}}\n"
        "circuits: {c1: {site: dc}}\nsites: {dc: {prefixes: [192.168.0.0/16], via: {n: {}}}}\n",
        cases[i].server);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    replay_assert_ways(replay, "t", "forward", 10, cases[i].ways);
  }
  FACTS("AZ-8.21");
}

/* The mark goes on over the route server: a VPN gateway sends what comes from a branch over the
 * circuit, although its own tunnel has a shorter path. What the route server chooses does not
 * depend on who spoke first: converged, from a cold start, and after the tunnels' return. */
Test(gateway_ranks, a_vpn_gateway_prefers_the_circuit) {
  static const struct {
    const char *preference, *ways, *branch;
  } cases[] = {
      {"expressroute", "er/0+c1/0 er/1+c1/1", "vpn/0+er/0+c1/0 vpn/1+er/1+c1/1"},
      {"vpn", "vpn/0 vpn/1", "vpn/0 vpn/1"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    for (guint cold = 0; cold < 2; cold++) {
      g_autofree char *text = g_strdup_printf(
          HUB BOTH
          "%s"
          "route_servers: {rs: {network: hub, azure: {branch_to_branch: on, routing_preference: "
          "%s}}}\n"
          "sites: {dc: {prefixes: [192.168.0.0/16], asn: 65100, via: {vpn: {prefer: 50}}}, branch: "
          "{prefixes: [172.16.0.0/16], asn: 65101, via: {vpn: {}}}}\n"
          "traffic: {t: {from: hub/app, to: dc, flows: 200}, b: {from: branch, to: dc, flows: "
          "200}}\n"
          "events: [{at: 5m, fail: link/dc/vpn/0, how: cut}, {at: 5m, fail: link/dc/vpn/1, how: "
          "cut}, {at: 12m, restore: link/dc/vpn/0}, {at: 12m, restore: link/dc/vpn/1}]\n",
          cold ? "start: cold\n" : "", cases[i].preference);
      g_autoptr(Replay) replay = replay_new(text, "azure");
      replay_assert_ways(replay, "t", "forward", 290, cases[i].ways);
      replay_assert_ways(replay, "b", "forward", 290, cases[i].branch);
      replay_assert_ways(replay, "t", "forward", 700, "er/0+c1/0 er/1+c1/1");
      replay_assert_ways(replay, "t", "forward", 1190, cases[i].ways);
      replay_assert_ways(replay, "b", "forward", 1190, cases[i].branch);
    }
  FACTS("AZ-8.21");
}

/* Both halves of the default route pass a VPN gateway, and so does what holds its VNet; the default
 * route itself does not. */
Test(gateway_ranks, halves_pass_a_vpn_gateway) {
  static const struct {
    const char *advertise, *ways;
  } cases[] = {{"{prefix: 0.0.0.0/1}, {prefix: 128.0.0.0/1}", "vpn/0+n vpn/1+n"},
               {"{prefix: 8.0.0.0/7}", "vpn/0+n vpn/1+n"},
               {"{prefix: 0.0.0.0/0}", "dropped:no-route"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB RS(
            "branch_to_branch: on") "nvas: {n: {kind: router, subnet: hub/nva, asn: 65010, snat: "
                                    "on, peers: {rs: }, advertise: "
                                    "[%s]}}\n"
                                    "route_tables: {nva: {network: hub, subnets: [nva], routes: "
                                    "[{to: 0.0.0.0/0, via: "
                                    "internet}, {to: 0.0.0.0/1, via: internet}, {to: 128.0.0.0/1, "
                                    "via: internet}, {to: "
                                    "8.0.0.0/7, via: internet}]}}\n"
                                    "gateways: {vpn: {kind: vpn, network: hub}}\n"
                                    "sites: {branch: {prefixes: [172.16.0.0/16], via: {vpn: {}}}}\n"
                                    "traffic: {t: {from: branch, to: 8.8.8.8, flows: 100}}\n",
        cases[i].advertise);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    replay_assert_ways(replay, "t", "forward", 10, cases[i].ways);
  }
  FACTS("AZ-8.4", "AZ-8.18");
}

/* A written route to a VPN gateway leads to both instances, and to the other when one dies and
 * again to both when it is back. It goes out as the gateway knows, and no further. */
Test(gateway_ranks, a_vpn_gateway_as_target) {
  g_autoptr(Replay) replay = replay_new(
      HUB "gateways: {vpn: {kind: vpn, network: hub, azure: {program: 2s, boot: 30s}}}\n"
          "sites: {dc: {prefixes: [192.168.0.0/16], via: {vpn: {}}}}\n"
          "route_tables: {app: {network: hub, subnets: [app], propagate: off, routes: [{to: "
          "192.168.0.0/16, via: vpn}, {to: 0.0.0.0/0, via: vpn}]}}\n"
          "traffic: {t: {from: hub/app, to: dc, flows: 200}, i: {from: hub/app, to: 8.8.8.8, "
          "flows: 10}}\n"
          "events: [{at: 60s, fail: vpn/0, how: silent}, {at: 5m, restore: vpn/0}]\n",
      "azure");
  const char *hops = NULL;
  replay_assert_ways(replay, "t", "forward", 59, "vpn/0 vpn/1");
  cr_assert_float_eq(replay_change(replay, "hub/app", "192.168.0.0/16", 60, &hops), 62, 0.01);
  cr_assert_str_eq(hops, "vpn/1");
  replay_assert_ways(replay, "t", "forward", 63, "vpn/1");
  cr_assert_float_eq(replay_change(replay, "hub/app", "192.168.0.0/16", 63, &hops), 332, 1);
  replay_assert_ways(replay, "t", "forward", 1190, "vpn/0 vpn/1");
  g_autofree char *internet = replay_ways(replay, "i", "forward", 59);
  cr_assert(g_str_has_prefix(internet, "dropped:"), "%s", internet);
  FACTS("AZ-6.25");
}

/* An instance that nothing works of stays the target, as there is no other. */
Test(gateway_ranks, a_standby_takes_a_target_s_place) {
  g_autoptr(Replay) replay = replay_new(
      HUB "gateways: {vpn: {kind: vpn, network: hub, active_active: off, azure: "
          "{failover_unplanned: 60s}}}\n"
          "sites: {dc: {prefixes: [192.168.0.0/16], via: {vpn: {}}}}\n"
          "route_tables: {app: {network: hub, subnets: [app], propagate: off, routes: [{to: "
          "192.168.0.0/16, via: vpn}]}}\n" TRAFFIC
          "events: [{at: 60s, fail: vpn/0, how: silent}]\n",
      "azure");
  replay_assert_ways(replay, "t", "forward", 59, "vpn/0");
  replay_assert_ways(replay, "t", "forward", 70, "dropped:next-hop-down");
  cr_assert_float_eq(replay_change(replay, "hub/app", "192.168.0.0/16", 60, NULL), -1, 0.01);
  replay_assert_ways(replay, "t", "forward", 1190, "vpn/0");
  FACTS("AZ-6.25");
}

/* A route table of GatewaySubnet steers what comes from on-premises, by a VPN gateway and by a
 * circuit. */
Test(gateway_ranks, a_table_of_gatewaysubnet_steers_what_comes_in) {
  static const struct {
    const char *gateways, *via, *ways;
  } cases[] = {
      {"gateways: {vpn: {kind: vpn, network: hub}}\n", ", via: {vpn: {}}", "vpn/0+fw vpn/1+fw"},
      {"gateways: {vpn: {kind: vpn, network: hub}}\n", ", via: [vpn]", "vpn/0+fw vpn/1+fw"},
      {"gateways: {er: {kind: circuit, network: hub, circuits: [c1]}}\ncircuits: {c1: {site: "
       "dc}}\n",
       "", "c1/0+er/0+fw c1/1+er/1+fw"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB "%s"
            "nvas: {fw: {kind: router, subnet: hub/nva, asn: 65010}}\n"
            "route_tables: {g: {network: hub, subnets: [GatewaySubnet], routes: [{to: 10.0.0.0/24, "
            "via: fw}]}}\n"
            "sites: {dc: {prefixes: [192.168.0.0/16]%s}}\n"
            "traffic: {t: {from: hub/app, to: dc, flows: 200}}\n",
        cases[i].gateways, cases[i].via);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    replay_assert_ways(replay, "t", "reverse", 10, cases[i].ways);
  }
  FACTS("AZ-5.10");
}
