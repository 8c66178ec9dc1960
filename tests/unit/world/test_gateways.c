/* Gateways, circuits and the routers of sites in whole worlds, rule by rule. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/facts.h"
#include "support/replay.h"

/* A hub and what comes behind it. */
#define HUB                                                                                        \
  "name: x\nduration: 20m\nlink_delay: 1ms\n"                                                      \
  "networks: {hub: {prefixes: [10.0.0.0/16], region: west, subnets: {"                             \
  "app: {prefix: 10.0.0.0/24, vms: 10}, nva: {prefix: 10.0.1.0/24, vms: 0}}}}\n"
#define AZURE_RS "route_servers: {rs: {network: hub, azure: {branch_to_branch: on, program: 1s}}}\n"
#define AWS_RS                                                                                     \
  "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {e: hub/nva}, "                 \
  "propagate_to: [hub/app], program: 1s}}}\n"
#define TRAFFIC "traffic: {t: {from: hub/app, to: dc, flows: 200}}\n"
#define CUT_C1 "events: [{at: 60s, fail: circuit/c1, how: cut}]\n"
#define TWO_CIRCUITS                                                                               \
  "sites: {dc: {prefixes: [192.168.0.0/16], asn: 65100}}\n"                                        \
  "circuits: {c1: {site: dc}, c2: {site: dc}}\n"

static double down_at(const Replay *replay, const char *end) {
  return replay_first(replay, &BGP_SESSION_DOWN, end, 60);
}

/* ---- ExpressRoute: timers ------------------------------------------------------------------ */

/* 60/180, the smaller hold time of both ends counts, but none below 10 s. */
Test(gateways, circuit_timers_negotiate_down_to_a_least) {
  static const struct {
    const char *timers;
    double least, most;
  } cases[] = {{"", 120, 181},
               {", keepalive: 10s, hold: 30s", 20, 31},
               {", keepalive: 3s, hold: 10s", 6.9, 10.1},
               {", keepalive: 1s, hold: 3s", 6.9, 10.1}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text =
        g_strdup_printf("models: azure\n" HUB TRAFFIC CUT_C1
                        "sites: {dc: {prefixes: [192.168.0.0/16]}}\ncircuits: {c1: {site: dc%s}}\n"
                        "gateways: {er: {kind: circuit, network: hub, circuits: [c1]}}\n",
                        cases[i].timers);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    const double at = down_at(replay, "c1/0") - 60;
    cr_assert(at > cases[i].least && at < cases[i].most, "%s: %.3f s", cases[i].timers, at);
  }
  FACTS("AZ-8.9");
}

/* The MSEE has BFD at 300 ms with the site's multiplier; without the site's there is none. So has
 * Direct Connect. */
Test(gateways, circuit_bfd_is_the_site_s_to_enable) {
  static const char *const models[] = {"azure", "aws"};
  for (guint i = 0; i < 2; i++)
    for (guint multiplier = 3; multiplier <= 6; multiplier += 3) {
      g_autofree char *text = g_strdup_printf(
          HUB "models: %s\n" TRAFFIC CUT_C1 "sites: {dc: {prefixes: [192.168.0.0/16]}}\n"
              "circuits: {c1: {site: dc, bfd: {interval: 100ms, multiplier: %u}}}\n"
              "gateways: {er: {kind: circuit, network: hub, circuits: [c1]}}\n",
          models[i], multiplier);
      g_autoptr(Replay) replay = replay_new(text, models[i]);
      const double at = down_at(replay, "c1/0") - 60;
      cr_assert(at > 0.3 * (multiplier - 1) - 0.01 && at < 0.3 * multiplier + 0.01, "%s: %.3f s",
                models[i], at);
    }
  FACTS("AWS-3.10", "AZ-8.10");
}

/* Direct Connect offers 30/90 and goes down to 1/3. */
Test(gateways, direct_connect_timers) {
  static const struct {
    const char *timers;
    double least, most;
  } cases[] = {{"", 60, 91}, {", keepalive: 1s, hold: 3s", 1.9, 3.1}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB "models: aws\n" TRAFFIC CUT_C1
            "sites: {dc: {prefixes: [192.168.0.0/16]}}\ncircuits: {c1: {site: dc%s}}\n"
            "gateways: {er: {kind: circuit, network: hub, circuits: [c1], aws: {program: 2s}}}\n",
        cases[i].timers);
    g_autoptr(Replay) replay = replay_new(text, "aws");
    const double at = down_at(replay, "c1/0") - 60;
    cr_assert(at > cases[i].least && at < cases[i].most, "%s: %.3f s", cases[i].timers, at);
    /* AWS-8.7: the gateway's route leaves the route table, the detection and 2 s later. */
    const double gone = replay_change(replay, "hub/app", "192.168.0.0/16", 60, NULL) - 60;
    cr_assert_float_eq(gone, at + 2, 0.01, "%.3f s, not %.3f", gone, at + 2);
  }
  FACTS("AWS-3.5", "AWS-8.7");
}

/* What the gateways hear of a lost site they hear up to a minute later, BFD or not. */
Test(gateways, an_edge_keeps_a_lost_site_for_a_while) {
  g_autoptr(Replay) replay = replay_new(
      HUB AZURE_RS TRAFFIC CUT_C1 "models: azure\n"
                                  "sites: {dc: {prefixes: [192.168.0.0/16]}}\n"
                                  "circuits: {c1: {site: dc, bfd: {}, azure: {converge: 40s}}}\n"
                                  "gateways: {er: {kind: circuit, network: hub, circuits: [c1]}}\n",
      "azure");
  const double at = down_at(replay, "c1/0");
  cr_assert_lt(at, 61);
  cr_assert_float_eq(replay_first(replay, &BGP_WITHDRAWN, "er/0", at), at + 40, 0.01);
  FACTS("AZ-8.11");
}

/* ---- several circuits ---------------------------------------------------------------------- */

/* Equal cost over all circuits; beside a route server one connection, with both its links, unless a
 * setting brings the rest back. */
Test(gateways, circuits_share_but_beside_a_route_server) {
  static const struct {
    const char *server, *weights, *gateway, *ways;
  } cases[] = {
      {"", "", "", "er/0+c1/0 er/0+c2/0 er/1+c1/1 er/1+c2/1"},
      {"", ", weight: 10", "", "er/0+c2/0 er/1+c2/1"},
      {AZURE_RS, "", "", "er/0+c1/0 er/1+c1/1"},
      {AZURE_RS, ", weight: 10", "", "er/0+c2/0 er/1+c2/1"},
      {AZURE_RS, "", ", azure: {ecmp_beside_route_server: on}",
       "er/0+c1/0 er/0+c2/0 er/1+c1/1 er/1+c2/1"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text =
        g_strdup_printf(HUB "models: azure\n" TRAFFIC "%s"
                            "sites: {dc: {prefixes: [192.168.0.0/16], asn: 65100}}\n"
                            "circuits: {c1: {site: dc}, c2: {site: dc%s}}\n"
                            "gateways: {er: {kind: circuit, network: hub, circuits: [c1, c2]%s}}\n",
                        cases[i].server, cases[i].weights, cases[i].gateway);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    replay_assert_ways(replay, "t", "forward", 10, cases[i].ways);
  }
  FACTS("AZ-8.12", "AZ-8.13", "AZ-13.13", "AZ-14.17");
}

/* The site prefers a circuit, and shares equal ones. */
Test(gateways, a_site_prefers_circuits) {
  static const struct {
    const char *via, *ways;
  } cases[] = {{"", "c1/0+er/0 c1/1+er/1 c2/0+er/0 c2/1+er/1"},
               {", via: {c2: {prefer: 200}}", "c2/0+er/0 c2/1+er/1"},
               {", via: {c1: {prefer: 50}}", "c2/0+er/0 c2/1+er/1"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB "models: azure\n" TRAFFIC "sites: {dc: {prefixes: [192.168.0.0/16]%s}}\n"
            "circuits: {c1: {site: dc}, c2: {site: dc}}\n"
            "gateways: {er: {kind: circuit, network: hub, circuits: [c1, c2]}}\n",
        cases[i].via);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    replay_assert_ways(replay, "t", "reverse", 10, cases[i].ways);
  }
}

/* An instance is one BGP speaker of two; the edges find out by 60/180, the hosts' routes by the
 * route server's session with it. */
Test(gateways, loss_of_a_gateway_instance) {
  g_autoptr(Replay) replay = replay_new(
      HUB AZURE_RS TRAFFIC "models: azure\n"
                           "events: [{at: 60s, fail: er/0, how: silent}]\n"
                           "sites: {dc: {prefixes: [192.168.0.0/16]}}\ncircuits: {c1: {site: dc}}\n"
                           "gateways: {er: {kind: circuit, network: hub, circuits: [c1]}}\n",
      "azure");
  const double edge = down_at(replay, "c1/0") - 60, server = down_at(replay, "rs/0") - 60;
  cr_assert(edge > 119 && edge < 181, "%.3f s", edge);
  cr_assert(server > 119 && server < 181, "%.3f s", server);
  replay_assert_ways(replay, "t", "forward", 59, "er/0+c1/0 er/1+c1/1");
  replay_assert_ways(replay, "t", "forward", 245, "er/1+c1/0 er/1+c1/1");
  replay_assert_ways(replay, "t", "reverse", 245, "c1/0+er/1 c1/1+er/1");
  FACTS("AZ-8.17");
}

/* ---- how many prefixes ----------------------------------------------------------------------- */

/* With more prefixes than the circuit takes the connection is down until there are fewer again;
 * what is not to be advertised does not count. */
Test(gateways, too_many_prefixes_for_a_circuit) {
  static const struct {
    guint most;
    const char *community;
    gboolean falls;
  } cases[] = {{3, "", FALSE}, {2, "", TRUE}, {2, ", community: [no-advertise]", FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB AZURE_RS TRAFFIC
        "models: azure\n"
        "nvas: {fw: {kind: router, subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: "
        "[{prefix: 172.16.1.0/24}]}}\n"
        "events: [{at: 60s, set: nvas.fw.advertise, to: [{prefix: 172.16.1.0/24}, {prefix: "
        "172.16.2.0/24%s}]}, {at: 5m, set: nvas.fw.advertise, to: [{prefix: 172.16.1.0/24}]}]\n"
        "sites: {dc: {prefixes: [192.168.0.0/16]}}\ncircuits: {c1: {site: dc}}\n"
        "gateways: {er: {kind: circuit, network: hub, circuits: [c1], azure: {most_advertised: "
        "%u}}}\n",
        cases[i].community, cases[i].most);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    cr_assert_eq(replay_count(replay, &GATEWAY_LIMIT, "er"), cases[i].falls ? 2u : 0u, "case %u",
                 i);
    replay_assert_ways(replay, "t", "forward", 200,
                       cases[i].falls ? "dropped:blackhole" : "er/0+c1/0 er/1+c1/1");
    replay_assert_ways(replay, "t", "forward", 400, "er/0+c1/0 er/1+c1/1");
  }
  FACTS("AZ-3.11", "AZ-4.7");
}

/* 4,000 prefixes of a site on a Standard circuit, 10,000 on a Premium one; a VPN gateway takes
 * 4,000. Beyond, the session is dropped, again and again. */
Test(gateways, too_many_prefixes_of_a_site) {
  static const struct {
    const char *rest, *edge;
    gboolean falls;
  } cases[] = {
      {"circuits: {c1: {site: dc, azure: {most_learned: 2}}}\ngateways: {g: {kind: circuit, "
       "network: hub, circuits: [c1]}}\n",
       "c1/0", TRUE},
      {"circuits: {c1: {site: dc, azure: {most_learned: 3}}}\ngateways: {g: {kind: circuit, "
       "network: hub, circuits: [c1]}}\n",
       "c1/0", FALSE},
      {"circuits: {c1: {site: dc, azure: {most_learned: 2, premium: on, most_learned_premium: "
       "3}}}\ngateways: {g: {kind: circuit, network: hub, circuits: [c1]}}\n",
       "c1/0", FALSE},
      {"gateways: {g: {kind: vpn, network: hub, azure: {most_learned: 2}}}\n", "g/0", TRUE},
      {"gateways: {g: {kind: vpn, network: hub, azure: {most_learned: 3}}}\n", "g/0", FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB "models: azure\n" TRAFFIC "sites: {dc: {prefixes: [192.168.0.0/16, 172.17.0.0/16, "
            "172.18.0.0/16], via: {%s: {}}}}\n%s",
        strstr(cases[i].rest, "circuits:") != NULL ? "c1" : "g", cases[i].rest);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    const guint falls = replay_count(replay, &BGP_SESSION_DOWN, cases[i].edge);
    cr_assert(cases[i].falls ? falls > 2 : falls == 0, "case %u: %u times", i, falls);
  }
  FACTS("AZ-3.12", "AZ-3.13");
}

/* The traits' defaults are the documented numbers. */
Test(gateways, documented_limits) {
  g_autoptr(Replay) replay = replay_new(
      HUB "models: azure\n" TRAFFIC TWO_CIRCUITS
          "gateways: {er: {kind: circuit, network: hub, circuits: [c1, c2]}, vpn: {kind: "
          "vpn, network: hub}}\n",
      "azure");
  const Design *body = scenario_file_get(replay->file, 0)->design;
  const DesignGateway *er = body->gateways->pdata[0], *vpn = body->gateways->pdata[1];
  const DesignCircuit *circuit = body->circuits->pdata[0];
  const CircuitTraits *traits = circuit->configs[0];
  cr_assert_eq(((const GatewayTraits *)er->configs[0])->most_advertised, 1000);
  cr_assert_eq(((const GatewayTraits *)vpn->configs[0])->most_learned, 4000);
  cr_assert_eq(traits->most_learned, 4000);
  cr_assert_eq(traits->most_learned_premium, 10000);
  FACTS("AZ-3.11", "AZ-3.12", "AZ-3.13");
}

/* A private line may end at the gateway itself: its end then has the timers that it has towards a
 * circuit, and the smaller hold time of both ends counts. */
Test(gateways, line_without_a_circuit_has_the_gateway_s_timers) {
  static const struct {
    const char *model, *detect;
    double least, most;
  } cases[] = {{"azure", "", 120, 180},
               {"aws", "", 60, 90},
               {"azure", "detect: {hold: 30s, keepalive: 10s}", 20, 30},
               {"aws", "detect: {hold: 30s, keepalive: 10s}", 20, 30},
               {"azure", "detect: {hold: 240s, keepalive: 80s}", 120, 180}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB "models: %s\n" TRAFFIC
            "sites: {dc: {prefixes: [192.168.0.0/16], asn: 65101, via: {er: {%s}}}}\n"
            "gateways: {er: {kind: circuit, network: hub}}\n"
            "events: [{at: 60s, fail: link/dc/er/0, how: cut}]\n",
        cases[i].model, cases[i].detect);
    g_autoptr(Replay) replay = replay_new(text, cases[i].model);
    const double site = down_at(replay, "dc") - 60, gateway = down_at(replay, "er/0") - 60;
    cr_assert(site >= cases[i].least && site <= cases[i].most, "case %u: %.3f s", i, site);
    cr_assert(gateway >= cases[i].least && gateway <= cases[i].most, "case %u: %.3f s", i, gateway);
  }
  FACTS("AWS-3.5", "AZ-8.2", "AZ-8.17");
}

/* ---- VPN gateways ---------------------------------------------------------------------------- */

#define VPN_SITE "sites: {dc: {prefixes: [192.168.0.0/16], asn: 65101, via: {vpn: {%s}}}}\n"

/* The gateway keeps to 60/180, so a site that offers less than 60 s sees its session flap; where it
 * negotiates, all is well. */
Test(gateways, fixed_timers_make_short_ones_flap) {
  static const struct {
    const char *detect, *negotiates;
    gboolean flaps;
  } cases[] = {{"", "off", FALSE},
               {"detect: {keepalive: 10s, hold: 30s}", "off", TRUE},
               {"detect: {keepalive: 10s, hold: 30s}", "on", FALSE},
               {"detect: {keepalive: 30s, hold: 90s}", "off", FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text =
        g_strdup_printf(HUB "models: azure\n" TRAFFIC VPN_SITE
                            "gateways: {vpn: {kind: vpn, network: hub, azure: {negotiates: %s}}}\n",
                        cases[i].detect, cases[i].negotiates);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    const guint downs = replay_count(replay, &BGP_SESSION_DOWN, "dc");
    cr_assert(cases[i].flaps ? downs > 40 : downs == 0, "case %u: %u times", i, downs);
  }
  FACTS("AZ-8.5", "AZ-13.6");
}

/* No BFD; the general key is ignored, with a warning. */
Test(gateways, no_bfd_over_tunnels) {
  const char *text = HUB "models: azure\n" TRAFFIC
                         "sites: {dc: {prefixes: [192.168.0.0/16], via: {vpn: {detect: {bfd: "
                         "{}}}}}}\ngateways: {vpn: {kind: vpn, network: hub}}\n"
                         "events: [{at: 60s, fail: vpn/0, how: silent}]\n";
  g_autofree char *said = replay_trouble(text);
  cr_assert(strstr(said, "warning: Azure VPN gateways have no BFD (AZ-8.6): ignored under azure"),
            "%s", said);
  g_autoptr(Replay) replay = replay_new(text, "azure");
  cr_assert_gt(down_at(replay, "dc"), 60 + 119);
  cr_assert_eq(replay_count(replay, &BFD_SESSION_DOWN, "dc"), 0);
  FACTS("AZ-8.6");
}

/* The name of what passed last before the first record of a kind. */
static const char *stage_before(const Replay *replay, const TraceKind *kind) {
  const Engine *engine = replay->result->engine;
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    if (record->kind == kind)
      return record->stage != NULL ? record->stage->name : "nothing";
  }
  return "no record";
}

/* A standby works 10 to 15 s after planned work, 60 to 180 s after a failure; while it is at work
 * there is no other one. */
Test(gateways, a_standby_takes_over) {
  static const struct {
    const char *how;
    double least, most;
  } cases[] = {{"shutdown", 10, 15},
               {"silent", 60, 180},
               {"cut", 60, 180},
               {"crash", 60, 180},
               {"drain, wait: 20s", 30, 35}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB "models: azure\n" TRAFFIC "sites: {dc: {prefixes: [192.168.0.0/16], via: [vpn]}}\n"
            "gateways: {vpn: {kind: vpn, network: hub, active_active: off}}\n"
            "events: [{at: 60s, fail: vpn, how: %s}, {at: 5m, fail: vpn/0, how: silent}, {at: 10m, "
            "restore: vpn}, {at: 15m, restore: vpn/0}]\n",
        cases[i].how);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    const double at = replay_first(replay, &FAULT_STANDBY, "vpn/0", 0) - 60;
    cr_assert(at >= cases[i].least && at <= cases[i].most, "%s: %.3f s", cases[i].how, at);
    cr_assert_str_eq(stage_before(replay, &FAULT_STANDBY), "failover to the standby");
    replay_assert_ways(replay, "t", "forward", 290, "vpn/0");
    replay_assert_ways(replay, "t", "forward", 599, "dropped:blackhole"); /* no third one */
    replay_assert_ways(replay, "t", "forward", 1190, "vpn/0");
  }
  FACTS("AZ-8.7", "AZ-13.11", "AZ-14.22");
}

/* Hosts have one next hop for each instance. An instance whose tunnel is down sends over its
 * sister. */
Test(gateways, a_sister_instance_helps_out) {
  g_autoptr(Replay) replay = replay_new(
      HUB AZURE_RS TRAFFIC "models: azure\n"
                           "sites: {dc: {prefixes: [192.168.0.0/16], asn: 65101, via: {vpn: {}}}}\n"
                           "gateways: {vpn: {kind: vpn, network: hub}}\n"
                           "events: [{at: 60s, fail: link/dc/vpn/0, how: cut}]\n",
      "azure");
  const double at = down_at(replay, "vpn/0");
  replay_assert_ways(replay, "t", "forward", 59, "vpn/0 vpn/1");
  cr_assert(at > 60 + 119 && at < 60 + 181);
  replay_assert_ways(replay, "t", "forward", at + 0.5,
                     "vpn/0+vpn/1 vpn/1"); /* hosts follow 1 s later */
  replay_assert_ways(replay, "t", "forward", at + 2, "vpn/1");
  FACTS("AZ-5.9", "AZ-8.8");
}

/* Static prefixes of a site are handed to the route server although no session carries them. The
 * sister's way is used when the own tunnel is gone, as its session finds out. */
Test(gateways, static_sites) {
  g_autofree char *text = g_strdup_printf(
      HUB AZURE_RS TRAFFIC "models: azure\n" VPN_SITE "gateways: {vpn: {kind: vpn, network: hub}}\n"
                           "events: [{at: 60s, fail: link/dc/vpn/0, how: cut}]\n",
      "bgp: off");
  g_autoptr(Replay) replay = replay_new(text, "azure");
  replay_assert_ways(replay, "t", "forward", 10, "vpn/0 vpn/1");
  replay_assert_ways(replay, "t", "forward", 100, "dropped:link-down vpn/1");
  replay_assert_ways(replay, "t", "forward", 600, "vpn/1");
  FACTS("AZ-8.1", "AZ-8.8");
}

/* The tunnel of each of two static sites is watched, and each is moved by its own. */
Test(gateways, static_sites_beside_each_other) {
  for (guint i = 0; i < 2; i++) {
    const char *const cut = i == 0 ? "dc" : "aa";
    g_autofree char *text =
        g_strdup_printf(HUB AZURE_RS TRAFFIC
                        "models: azure\nsites: {aa: {prefixes: [172.20.0.0/16], asn: 65101, via: "
                        "{vpn: {bgp: off}}}, "
                        "dc: {prefixes: [192.168.0.0/16], asn: 65102, via: {vpn: {bgp: off}}}}\n"
                        "gateways: {vpn: {kind: vpn, network: hub}}\n"
                        "events: [{at: 60s, fail: link/%s/vpn/0, how: cut}]\n",
                        cut);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    replay_assert_ways(replay, "t", "forward", 10, "vpn/0 vpn/1");
    replay_assert_ways(replay, "t", "forward", 600, i == 0 ? "vpn/1" : "vpn/0 vpn/1");
  }
}

/* ---- aws
 * ------------------------------------------------------------------------------------------ */

/* Among propagated routes Direct Connect, then VPN static, then VPN by BGP. A route server's route
 * comes before them. */
Test(gateways, order_of_propagated_routes) {
  static const struct {
    const char *er, *via, *server, *ways;
  } cases[] = {
      {"er: {kind: circuit, network: hub, circuits: [c1]}, ", "{}", "", "er/0+c1/0"},
      {"", "{}", "", "vpn/0"},
      {"er: {kind: circuit, network: hub, circuits: [c1]}, ", "{bgp: off}", "", "er/0+c1/0"},
      {"er: {kind: circuit, network: hub, circuits: [c1]}, ", "{}",
       AWS_RS "nvas: {fw: {kind: router, subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: "
              "[{prefix: 192.168.0.0/16}]}}\n",
       "fw+er/0+c1/0"}, /* fw leads on: no site stands behind it */
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB "models: aws\n" TRAFFIC "sites: {dc: {prefixes: [192.168.0.0/16], via: {vpn: %s}}}\n"
            "circuits: {c1: {site: dc}}\n"
            "gateways: {%svpn: {kind: vpn, network: hub}}\n%s",
        cases[i].via, cases[i].er, cases[i].server);
    g_autoptr(Replay) replay = replay_new(text, "aws");
    replay_assert_ways(replay, "t", "forward", 10, cases[i].ways);
  }
  FACTS("AWS-5.10", "AWS-11.1");
}

/* Local routes win over longer ones of a gateway; not over those of a route server. */
Test(gateways, ranks_of_aws_origins) {
  const GatewayKindClass *kinds = cloud_find("aws")->gateways->kinds;
  const RouteOrigin *const order[] = {cloud_find("aws")->server->origin,
                                      kinds[GATEWAY_CIRCUIT].origin,
                                      kinds[GATEWAY_VPN].static_origin, kinds[GATEWAY_VPN].origin};
  for (guint i = 0; i + 1 < G_N_ELEMENTS(order); i++)
    cr_assert_lt(order[i]->rank, order[i + 1]->rank, "%s, %s", order[i]->name, order[i + 1]->name);
  for (guint i = 1; i < G_N_ELEMENTS(order); i++)
    cr_assert(order[i]->dynamic && !order[i]->keeps_longest, "%s", order[i]->name);
  cr_assert(order[0]->keeps_longest);
  FACTS("AWS-5.12", "AWS-5.13");
}

/* A peered VPC does not get at the gateway. A peered VNet may. */
Test(gateways, use_over_a_peering) {
  static const struct {
    const char *model, *ways;
  } cases[] = {{"azure", "er/0+c1/0 er/1+c1/1"}, {"aws", "dropped:no-route"}};
  for (guint i = 0; i < 2; i++) {
    g_autoptr(Replay) replay = replay_new(
        "name: x\nduration: 1m\nnetworks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: "
        "10.0.0.0/24}}}, spoke: {prefixes: [10.1.0.0/16], subnets: {app: {prefix: "
        "10.1.0.0/24}}}}\npeerings: {p: {from: spoke, to: hub, use_remote_gateway: on}}\n"
        "sites: {dc: {prefixes: [192.168.0.0/16]}}\ncircuits: {c1: {site: dc}}\n"
        "gateways: {er: {kind: circuit, network: hub, circuits: [c1]}}\n"
        "traffic: {t: {from: spoke/app, to: dc, flows: 100}}\n",
        cases[i].model);
    replay_assert_ways(replay, "t", "forward", 10, cases[i].ways);
  }
  FACTS("AWS-8.6", "AZ-6.1");
}

/* ---- sites' own routers
 * ------------------------------------------------------------------------------ */

#define TWO_EDGES                                                                                  \
  "nvas: {a: {kind: sd-wan, subnet: hub/nva, asn: 65010, peers: {rs: {keepalive: 1s, hold: 3s}}, " \
  "advertise: [{site: dc}]}, b: {kind: sd-wan, subnet: hub/nva, asn: 65010, peers: {rs: "          \
  "{keepalive: 1s, hold: 3s}}, advertise: [{site: dc, prepend: 1}]}}\n"                            \
  "sites: {dc: {prefixes: [192.168.0.0/16], asn: 65101, via: {a: {prefer: 200, detect: "           \
  "{keepalive: 10s, hold: 30s}}, b: {}}}}\n"

/* The site keeps sending into a dead appliance until its own hold timer ends, long after the
 * cloud knows; it comes back to the preferred link when that is up. */
Test(gateways, a_site_finds_out_for_itself) {
  static const char *const models[] = {"azure", "aws"};
  static const char *const servers[] = {AZURE_RS, AWS_RS};
  for (guint i = 0; i < 2; i++) {
    g_autofree char *text =
        g_strdup_printf(HUB "models: %s\n%s" TRAFFIC TWO_EDGES
                            "events: [{at: 60s, fail: a, how: silent}, {at: 5m, restore: a}]\n",
                        models[i], servers[i]);
    g_autoptr(Replay) replay = replay_new(text, models[i]);
    const double cloud = down_at(replay, i == 0 ? "rs/0" : "rs/e") - 60;
    const double site = down_at(replay, "dc") - 60;
    cr_assert_lt(cloud, 3.1);
    cr_assert(site > 19 && site < 30.1, "%s: %.3f s", models[i], site);
    replay_assert_ways(replay, "t", "forward", 66, "b");
    replay_assert_ways(replay, "t", "reverse", 60 + site - 0.1, "dropped:next-hop-down");
    replay_assert_ways(replay, "t", "reverse", 60 + site + 0.1, "b");
    replay_assert_ways(replay, "t", "reverse", 1190, "a");
    /* AWS-8.3: the appliance's static route to its own network is for the site alone. */
    cr_assert_eq(replay_change(replay, "hub/app", "10.0.0.0/16", 0, NULL), -1);
    replay_assert_ways(replay, "t", "forward", 1190, "a");
  }
  FACTS("AWS-8.3");
}

/* An appliance announces the site only while the session with it is up. */
Test(gateways, a_cut_tunnel_withdraws_the_site) {
  g_autoptr(Replay) replay =
      replay_new(HUB AWS_RS TRAFFIC TWO_EDGES "models: aws\n"
                                              "events: [{at: 60s, fail: link/dc/a, how: cut}]\n",
                 "aws");
  const double at = down_at(replay, "a");
  cr_assert(at > 60 + 19 && at < 60 + 30.1, "%.3f s", at);
  replay_assert_ways(replay, "t", "forward", at - 0.1, "dropped:link-down");
  cr_assert_float_eq(replay_first(replay, &BGP_WITHDRAWN, "rs/e", 60), at, 0.1);
  replay_assert_ways(replay, "t", "forward", at + 1.1, "b");
}

/* An instance whose BGP process has crashed has nothing to tell a site any more, and that sends by
 * the other one from that moment on, before anybody else has noticed; back comes what it knows,
 * and with it the traffic. */
Test(gateways, an_instance_that_crashed_tells_a_site_of_nothing) {
  g_autoptr(Replay) replay =
      replay_new(HUB "models: azure\ngateways: {vpn: {kind: vpn, network: hub}}\n"
                     "sites:\n  dc: {prefixes: [192.168.0.0/16], via: {vpn: {}}}\n"
                     "  branch: {prefixes: [172.16.0.0/16], asn: 65101, via: [vpn]}\n"
                     "traffic: {t: {from: branch, to: dc, flows: 10}}\n"
                     "events: [{at: 60s, fail: vpn/0, how: crash, forwards: on}, "
                     "{at: 6m, restore: vpn/0}]\n",
                 "azure");
  replay_assert_ways(replay, "t", "forward", 59, "vpn/0");
  cr_assert_eq(replay_first(replay, &FLOW_SHARES, "t", 60), 60.0);
  replay_assert_ways(replay, "t", "forward", 60, "vpn/1");
  cr_assert_gt(down_at(replay, "dc"), 60.0);
  replay_assert_ways(replay, "t", "forward", 600, "vpn/0");
}

/* `links` tell how long messages are under way. */
Test(gateways, links_delay_sessions) {
  static const struct {
    const char *links;
    double delay;
  } cases[] = {
      {"", 0.001},
      {"links: [{between: [dc, west], delay: 70ms}]\n", 0.07},
      {"links: [{between: [hub, dc], delay: 90ms}, {between: [dc, west], delay: 70ms}]\n", 0.09}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text =
        g_strdup_printf(HUB AWS_RS TRAFFIC TWO_EDGES "models: aws\n%s"
                                                     "events: [{at: 60s, fail: a, how: crash}]\n",
                        cases[i].links);
    g_autoptr(Replay) replay = replay_new(text, "aws");
    cr_assert_float_eq(down_at(replay, "dc") - 60, cases[i].delay, 1e-6, "case %u", i);
  }
}

/* ---- more of ExpressRoute
 * ---------------------------------------------------------------------------- */

#define ONE_CIRCUIT                                                                                \
  "sites: {dc: {prefixes: [192.168.0.0/16]}}\ncircuits: {c1: {site: dc}}\n"                        \
  "gateways: {er: {kind: circuit, network: hub, circuits: [c1]}}\n"

/* A gateway instance has two sessions with 12076 and, with a route server, two with 65515; and one
 * with its sister. From a cold start everything comes up by itself. */
Test(gateways, sessions_of_a_gateway) {
  static const struct {
    const char *server;
    guint sessions;
  } cases[] = {{"", 3}, {AZURE_RS, 5}};
  for (guint i = 0; i < 2; i++) {
    g_autofree char *text =
        g_strdup_printf(HUB "models: azure\nstart: cold\n%s" TRAFFIC ONE_CIRCUIT, cases[i].server);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    cr_assert_eq(replay_count(replay, &BGP_SESSION_UP, "er/0"), cases[i].sessions);
    cr_assert_eq(replay_count(replay, &BGP_SESSION_UP, "c1/0"), 3u);
    replay_assert_ways(replay, "t", "forward", 100, "er/0+c1/0 er/1+c1/1");
  }
  FACTS("AZ-8.3", "AZ-8.8");
}

/* Planned work at an MSEE prepends first, so that both directions move to the other link before it
 * stops, and nothing is lost. When it is over, both links are as good again as they were. */
Test(gateways, planned_work_at_an_edge) {
  g_autoptr(Replay) replay = replay_new(HUB AZURE_RS TRAFFIC ONE_CIRCUIT
                                        "models: azure\n"
                                        "events: [{at: 60s, fail: circuit/c1/0, how: drain}, "
                                        "{at: 5m, restore: circuit/c1/0}]\n",
                                        "azure");
  replay_assert_ways(replay, "t", "forward", 59, "er/0+c1/0 er/1+c1/1");
  replay_assert_ways(replay, "t", "forward", 62, "er/0+c1/1 er/1+c1/1");
  replay_assert_ways(replay, "t", "reverse", 62, "c1/1+er/0 c1/1+er/1");
  replay_assert_ways(replay, "t", "forward", 299, "er/0+c1/1 er/1+c1/1");
  replay_assert_ways(replay, "t", "forward", 1190, "er/0+c1/0 er/1+c1/1");
  cr_assert_eq(replay->result->rows[0].flows_interrupted, 0u);
  cr_assert_eq(replay->result->rows[0].flows_moved, 150u, "%u",
               (guint)replay->result->rows[0].flows_moved);
  FACTS("AZ-8.16");
}

/* With branch-to-branch a data centre reaches what appliances announce, without it it does not;
 * from the gateway straight to the appliance, as GatewaySubnet's routes say. NO_ADVERTISE keeps a
 * route from the gateway, not from hosts. */
Test(gateways, a_data_centre_reaches_appliances) {
  static const struct {
    const char *switched, *community, *ways;
  } cases[] = {{"on", "", "c1/0+er/0+fw c1/1+er/1+fw"},
               {"off", "", "dropped:no-route"},
               {"on", ", community: [no-advertise]", "dropped:no-route"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB "models: azure\nroute_servers: {rs: {network: hub, azure: {branch_to_branch: %s}}}\n"
            "nvas: {fw: {kind: router, subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: "
            "[{prefix: 10.255.0.1/32%s}]}}\n" ONE_CIRCUIT
            "traffic: {t: {from: dc, to: 10.255.0.1, flows: 100}, h: {from: hub/app, to: "
            "10.255.0.1, flows: 100}}\n",
        cases[i].switched, cases[i].community);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    replay_assert_ways(replay, "t", "forward", 10, cases[i].ways);
    replay_assert_ways(replay, "h", "forward", 10, "fw");
  }
  FACTS("AZ-4.7", "AZ-5.2", "AZ-5.3", "AZ-5.10");
}

/* A site's router may fail as a whole: both clouds find out by the timers of their sessions with
 * it, and the gateway's route goes. */
Test(gateways, loss_of_a_site) {
  static const struct {
    const char *model;
    double least, most;
  } cases[] = {{"azure", 120, 181}, {"aws", 60, 91}};
  for (guint i = 0; i < 2; i++) {
    g_autofree char *text = g_strdup_printf(
        HUB "models: %s\n" TRAFFIC "sites: {dc: {prefixes: [192.168.0.0/16]}}\n"
            "circuits: {c1: {site: dc, azure: {converge: 0s}}}\n"
            "gateways: {er: {kind: circuit, network: hub, circuits: [c1], azure: {program: 1s}, "
            "aws: {program: 1s}}}\n"
            "events: [{at: 60s, fail: dc, how: silent}, {at: 6m, restore: dc}]\n",
        cases[i].model);
    g_autoptr(Replay) replay = replay_new(text, cases[i].model);
    const char *hops = NULL;
    const double gone = replay_change(replay, "hub/app", "192.168.0.0/16", 60, &hops) - 60;
    cr_assert(gone > cases[i].least && gone < cases[i].most + 1.1, "%s: %.3f s", cases[i].model,
              gone);
    replay_assert_ways(replay, "t", "forward", 61, "dropped:site-down");
    g_autofree char *before = replay_ways(replay, "t", "forward", 59);
    replay_assert_ways(replay, "t", "forward", 1190, before);
  }
  FACTS("AWS-3.5", "AZ-8.9");
}

/* A gateway joins a circuit with its network, not with another circuit. */
Test(gateways, a_circuit_is_no_way_to_another_one) {
  g_autoptr(Replay) replay = replay_new(
      HUB AZURE_RS "models: azure\n"
                   "sites: {dc: {prefixes: [192.168.0.0/16], asn: 65100}, dc2: {prefixes: "
                   "[172.16.0.0/16], asn: 65102}}\n"
                   "circuits: {c1: {site: dc}, c2: {site: dc2}}\n"
                   "gateways: {er: {kind: circuit, network: hub, circuits: [c1, c2]}}\n"
                   "traffic: {t: {from: dc, to: dc2, flows: 10}, u: {from: dc, to: "
                   "hub/app, flows: 10}}\n",
      "azure");
  replay_assert_ways(replay, "t", "forward", 10, "dropped:no-route");
  replay_assert_ways(replay, "u", "forward", 10, "c1/0+er/0 c1/1+er/1");
}

#define TWO_REGIONS                                                                                \
  "name: x\nduration: 5m\nmodels: azure\n"                                                         \
  "networks: {west: {prefixes: [10.1.0.0/16], subnets: {app: {prefix: 10.1.0.0/24}, lb: {prefix: " \
  "10.1.1.0/24}}}, east: {prefixes: [10.2.0.0/16], subnets: {lb: {prefix: 10.2.1.0/24}}}}\n"       \
  "route_servers: {rs-w: {network: west, azure: {branch_to_branch: on}}, rs-e: {network: east, "   \
  "azure: {branch_to_branch: on}}}\n"                                                              \
  "nvas: {lb-w: {kind: router, subnet: west/lb, asn: 65010, peers: {rs-w: }, advertise: "          \
  "[{prefix: 10.255.0.1/32}]}, lb-e: {kind: router, subnet: east/lb, asn: 65011, peers: {rs-e: "   \
  "}, advertise: [{prefix: 10.255.0.1/32, prepend: 2}]}}\n"                                        \
  "traffic: {t: {from: dc, to: 10.255.0.1, flows: 200}, h: {from: west/app, to: 10.255.0.1, "      \
  "flows: 10}}\nevents: [{at: 60s, fail: lb-w, how: withdraw}]\n"

/* On one circuit the site's packets follow the shorter path, and the other region within a second
 * of the withdrawal; the hosts of the first region do not. Over two circuits the site sees no
 * prepend and shares. Joined by a WAN they pass routes on. */
Test(gateways, one_address_in_two_regions) {
  static const struct {
    const char *east, *site, *before, *after, *hosts;
  } cases[] = {
      {"c1", "", "c1/0+er-w/0+lb-w c1/1+er-w/1+lb-w", "c1/0+er-e/0+lb-e c1/1+er-e/1+lb-e",
       "dropped:blackhole"},
      {"c2", "", "c1/0+er-w/0+lb-w c1/1+er-w/1+lb-w c2/0+er-e/0+lb-e c2/1+er-e/1+lb-e",
       "c2/0+er-e/0+lb-e c2/1+er-e/1+lb-e", "dropped:blackhole"},
      {"c2", ", transit: on", "c1/0+er-w/0+lb-w c1/1+er-w/1+lb-w",
       "c2/0+er-e/0+lb-e c2/1+er-e/1+lb-e",
       "er-w/0+c1/0+dc+c2/0+er-e/0+lb-e er-w/1+c1/1+dc+c2/1+er-e/1+lb-e"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        TWO_REGIONS "sites: {dc: {prefixes: [192.168.0.0/16]%s}}\n"
                    "circuits: {c1: {site: dc}, c2: {site: dc}}\n"
                    "gateways: {er-w: {kind: circuit, network: west, circuits: "
                    "[c1]}, er-e: {kind: circuit, network: east, circuits: [%s]}}\n",
        cases[i].site, cases[i].east);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    replay_assert_ways(replay, "t", "forward", 59, cases[i].before);
    replay_assert_ways(replay, "t", "forward", i < 2 ? 61 : 100, cases[i].after);
    replay_assert_ways(replay, "h", "forward", 59, "lb-w");
    replay_assert_ways(replay, "h", "forward", 120, cases[i].hosts);
  }
  FACTS("AZ-5.6", "AZ-8.14", "AZ-8.15", "AZ-9.7", "AZ-9.8");
}

/* Branch-to-branch joins ExpressRoute and sites behind a VPN gateway, by BGP or static, but not
 * point-to-site clients, which reach the networks only. */
Test(gateways, transit_between_gateways) {
  static const struct {
    const char *link;
    gboolean passes;
  } cases[] = {{"", TRUE}, {"bgp: off", TRUE}, {"clients: on", FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB AZURE_RS
        "models: azure\n"
        "sites: {dc: {prefixes: [192.168.0.0/16], asn: 65100}, branch: {prefixes: "
        "[172.16.0.0/16], asn: 65101, via: {vpn: {%s}}}}\ncircuits: {c1: {site: dc}}\n"
        "gateways: {er: {kind: circuit, network: hub, circuits: [c1]}, vpn: {kind: vpn, "
        "network: hub}}\n"
        "traffic: {t: {from: branch, to: dc, flows: 10}, u: {from: branch, to: hub/app, "
        "flows: 10}}\n",
        cases[i].link);
    g_autoptr(Replay) replay = replay_new(text, "azure");
    replay_assert_ways(replay, "u", "forward", 10, "vpn/0 vpn/1");
    replay_assert_ways(replay, "u", "reverse", 10, "vpn/0 vpn/1");
    replay_assert_ways(replay, "t", "forward", 10,
                       cases[i].passes ? "vpn/0+er/0+c1/0 vpn/1+er/1+c1/1" : "dropped:no-route");
    replay_assert_ways(replay, "t", "reverse", 10,
                       cases[i].passes ? "c1/0+er/0+vpn/0 c1/1+er/1+vpn/1" : "dropped:no-route");
  }
  FACTS("AZ-5.5", "AZ-8.1");
}
