/* What Azure Route Server refuses, warns of, and does when peerings come, in whole scenarios. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/facts.h"
#include "support/story.h"

#define HUB                                                                                        \
  "name: story\nduration: 10m\nmodels: [azure]\n"                                                  \
  "networks:\n"                                                                                    \
  "  hub:\n    prefixes: [10.0.0.0/16]\n    subnets:\n"                                            \
  "      app: {prefix: 10.0.0.0/24, vms: 20}\n"                                                    \
  "      nva: {prefix: 10.0.1.0/24, vms: 0}\n"
#define SPOKE                                                                                      \
  "  spoke:\n    prefixes: [10.1.0.0/16]\n    subnets: {app: {prefix: 10.1.0.0/24, vms: 10}}\n"
#define SERVER "route_servers:\n  rs: {network: hub, azure: {program: 1s}}\n"
#define ONE "nvas:\n  fw-a: {subnet: hub/nva, asn: 65010, peers: {rs: }}\n"

static void assert_silent(const char *text, const char *words) {
  g_autofree char *said = story_diagnostics(text);
  cr_assert_null(strstr(said, words), "'%s' in:\n%s", words, said);
}

/* ---- the subnet ------------------------------------------------------------------------- */

/* It is a /26, and a /27 with a warning, under its fixed name, and dedicated. No UDR leads it. */
Test(azure_rules, the_route_servers_subnet) {
  const char *const more = SERVER ONE;
  static const struct {
    const char *line, *severity, *words;
  } cases[] = {
      {"      RouteServerSubnet: {prefix: 10.0.2.0/27}\n", "warning", "AZ-13.2"},
      {"      RouteServerSubnet: {prefix: 10.0.2.0/28}\n", "error", "AZ-1.2"},
      {"      RouteServerSubnet: {prefix: 10.0.2.0/26, vms: 3}\n", "error", "AZ-1.1"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strconcat(HUB, cases[i].line, more, NULL);
    story_assert_says(text, cases[i].severity, cases[i].words);
  }
  assert_silent(HUB "      RouteServerSubnet: {prefix: 10.0.2.0/26}\n" SERVER ONE, "AZ-");
  story_assert_says(HUB "      RouteServerSubnet: {prefix: 10.0.2.0/26}\n" SERVER ONE
                        "route_tables: {mine: {network: hub, subnets: [RouteServerSubnet]}}\n",
                    "error", "AZ-1.10");
  story_assert_says(HUB SERVER
                    "nvas:\n  fw-a: {subnet: hub/nva, asn: 65010, peers: {rs: }}\n"
                    "  fw-b: {subnet: hub/RouteServerSubnet, asn: 65010, peers: {rs: }}\n",
                    "error", "unknown subnet");
  FACTS("AZ-1.1", "AZ-1.2", "AZ-1.10", "AZ-13.2");
}

static gboolean routes_name(const RunResult *result, const char *table) {
  for (guint i = 0; i < result->route_count; i++)
    if (g_str_has_prefix(result->routes[i].table, table))
      return TRUE;
  return FALSE;
}

/* The route server's own subnet is not programmed; others are. */
Test(azure_rules, the_route_servers_subnet_is_not_fed) {
  g_autoptr(Story) story = story_text(
      HUB "      RouteServerSubnet: {prefix: 10.0.2.0/26}\n" SERVER
          "nvas:\n  fw-a: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{prefix: "
          "192.168.0.0/16}]}\nevents: [{at: 60s, fail: fw-a, how: shutdown}]\n");
  RunResult *result = story_run(story, "azure", 0);
  cr_assert(routes_name(result, "hub/app"));
  cr_assert_not(routes_name(result, "hub/RouteServerSubnet"));
  run_result_free(result);
}

/* To delete a route server cuts the gateway beside it off, which no kind of failure shows: it is
 * told of an orderly stop of the whole, and of nothing else. */
Test(azure_rules, deletion_beside_a_gateway) {
#define STOPPED(model, gateway, event)                                                             \
  "name: story\nduration: 10m\nmodels: [" model "]\nnetworks:\n"                                   \
  "  hub: {prefixes: [10.0.0.0/16], subnets: {nva: {prefix: 10.0.1.0/24, vms: 0}}}\n"              \
  "  far: {prefixes: [10.9.0.0/16], subnets: {nva: {prefix: 10.9.1.0/24, vms: 0}}}\n"              \
  "route_servers:\n  rs: {network: hub, aws: {asn: 65000, endpoints: {e: hub/nva}}}\n" ONE         \
  "gateways: {g: {" gateway "}}\nevents: [{at: 60s, fail: " event "}]\n"
  static const char *const told[] = {
      STOPPED("azure", "kind: vpn, network: hub", "rs, how: shutdown"),
      STOPPED("azure, aws", "kind: circuit, network: hub", "rs, how: drain"),
  };
  static const char *const untold[] = {
      STOPPED("azure", "kind: vpn, network: hub", "rs, how: silent"),
      STOPPED("azure", "kind: vpn, network: hub", "rs/0, how: shutdown"),
      STOPPED("azure", "kind: vpn, network: far", "rs, how: shutdown"),
      STOPPED("azure", "kind: internet, network: hub", "rs, how: shutdown"),
      STOPPED("aws", "kind: vpn, network: hub", "rs, how: shutdown"),
  };
  for (guint i = 0; i < G_N_ELEMENTS(told); i++)
    story_assert_says(told[i], "warning", "about 10 minutes under azure (AZ-1.13)");
  for (guint i = 0; i < G_N_ELEMENTS(untold); i++)
    assert_silent(untold[i], "AZ-1.13");
  FACTS("AZ-1.13");
}

/* ---- capacity ------------------------------------------------------------------------------ */

/* Eight peers; more by a second tier. */
Test(azure_rules, peers) {
  for (guint count = 8; count <= 9; count++) {
    g_autoptr(GString) text = g_string_new(HUB SERVER "nvas:\n");
    for (guint i = 1; i <= count; i++)
      g_string_append_printf(text, "  fw-%u: {subnet: hub/nva, asn: 65010, peers: {rs: }}\n", i);
    if (count == 8)
      assert_silent(text->str, "AZ-");
    else
      story_assert_says(text->str, "error", "AZ-9.11");
  }
  FACTS("AZ-3.1", "AZ-9.11", "AZ-14.5");
}

/* VMs by routing infrastructure units; VNets; prefixes. */
Test(azure_rules, capacity) {
  static const struct {
    const char *azure, *vms, *words;
  } cases[] = {
      {"{}", "4000", NULL},
      {"{}", "4001", "AZ-1.15"},
      {"{routing_infrastructure_units: 3}", "5000", NULL},
      {"{routing_infrastructure_units: 3}", "5001", "AZ-3.8"},
      {"{routing_infrastructure_units: 48}", "50000", NULL},
      {"{max_networks: 1}", "10", NULL},
      {"{max_routes_total: 4}", "10", NULL},
      {"{max_routes_total: 3}", "10", "AZ-3.10"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text =
        g_strdup_printf("name: story\nduration: 10m\nmodels: [azure]\nnetworks:\n  hub:\n"
                        "    prefixes: [10.0.0.0/16]\n    subnets:\n"
                        "      app: {prefix: 10.0.0.0/24, vms: %s}\n"
                        "      nva: {prefix: 10.0.1.0/24, vms: 0}\n"
                        "route_servers:\n  rs: {network: hub, azure: %s}\n"
                        "nvas:\n  fw-a: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: "
                        "[{prefix: 172.16.0.0/24, count: 2}]}\n"
                        "  fw-b: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: "
                        "[{prefix: 172.17.0.0/24}]}\n",
                        cases[i].vms, cases[i].azure);
    if (cases[i].words == NULL)
      assert_silent(text, "AZ-");
    else
      story_assert_says(text, "warning", cases[i].words);
  }
  story_assert_says(HUB SPOKE
                    "peerings: {p: {from: spoke, to: hub}}\n"
                    "route_servers:\n  rs: {network: hub, azure: {max_networks: 1}}\n" ONE,
                    "warning", "AZ-3.9");
  FACTS("AZ-1.15", "AZ-3.8", "AZ-3.9", "AZ-3.10");
}

/* IPv6 near a route server. */
Test(azure_rules, ipv6) {
  story_assert_says("name: story\nduration: 10m\nmodels: [azure]\nnetworks:\n"
                    "  hub: {prefixes: [10.0.0.0/16, \"2001:db8::/48\"], subnets: {nva: {prefix: "
                    "10.0.1.0/24}}}\n" SERVER ONE,
                    "warning", "AZ-1.11");
  FACTS("AZ-1.11");
}

/* ---- peers and what they announce ------------------------------------------------------------ */

/* In a peered VNet, yes; elsewhere, no. */
Test(azure_rules, appliances_elsewhere) {
  static const char far[] =
      HUB SPOKE SERVER "nvas:\n  fw-a: {subnet: spoke/app, asn: 65010, peers: {rs: }}\n";
  g_autofree char *peered = g_strconcat(far, "peerings: {p: {from: spoke, to: hub}}\n", NULL);
  story_assert_says(far, "error", "AZ-2.18");
  assert_silent(peered, "AZ-");
  FACTS("AZ-2.18");
}

Test(azure_rules, one_instance_is_a_warning) {
  story_assert_says(
      HUB SERVER
      "nvas:\n  fw-a: {subnet: hub/nva, asn: 65010, peers: {rs: {azure: {instances: 1}}}}\n",
      "warning", "AZ-2.6");
  FACTS("AZ-2.6");
}

/* What cannot be steered. */
Test(azure_rules, prefixes_inside_a_vnet) {
  story_assert_says(HUB SERVER
                    "nvas:\n  fw-a: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: "
                    "[{prefix: 10.0.0.0/24}]}\n",
                    "warning", "AZ-6.9");
  assert_silent(HUB SERVER "nvas:\n  fw-a: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: "
                           "[{prefix: 10.0.0.0/15}]}\n",
                "AZ-");
  FACTS("AZ-6.4", "AZ-6.9");
}

Test(azure_rules, routes_of_a_peer) {
  static const struct {
    guint count;
    const char *peering, *words;
  } cases[] = {
      {4001, "on", "AZ-3.4"}, {4000, "on", NULL}, {2001, "off", "AZ-3.6"}, {2000, "off", NULL}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB SPOKE SERVER "peerings: {p: {from: spoke, to: hub, connected: %s}}\n"
                         "nvas:\n  fw-a: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: "
                         "[{prefix: 172.16.0.0/24, count: %u}]}\n",
        cases[i].peering, cases[i].count);
    if (cases[i].words == NULL)
      assert_silent(text, "AZ-");
    else
      story_assert_says(text, "warning", cases[i].words);
  }
  FACTS("AZ-3.2", "AZ-3.4", "AZ-3.6");
}

/* Nobody answers there. */
Test(azure_rules, the_route_server_answers_no_ping) {
  static const char with_subnet[] =
      HUB "      RouteServerSubnet: {prefix: 10.0.2.0/26}\n" SERVER ONE;
  g_autofree char *ping =
      g_strconcat(with_subnet, "probes: {ping: {from: hub/app, to: 10.0.2.4}}\n", NULL);
  g_autofree char *other =
      g_strconcat(with_subnet, "probes: {ping: {from: hub/app, to: 10.0.1.9}}\n", NULL);
  story_assert_says(ping, "error", "AZ-1.8");
  assert_silent(other, "AZ-");
  FACTS("AZ-1.8");
}

/* A UDR on GatewaySubnet that covers the VNet; propagation there. */
Test(azure_rules, the_gateways_own_routes) {
  static const struct {
    const char *table, *severity, *words;
  } cases[] = {
      {"routes: [{to: 10.0.0.0/16, via: fw-a}]", "warning", "AZ-2.20"},
      {"routes: [{to: 10.0.0.0/8, via: 10.0.1.4}]", "warning", "AZ-2.20"},
      {"routes: [{to: 10.0.0.0/16, via: fw-a}, {to: 10.0.2.0/26, via: local}]", NULL, NULL},
      {"routes: [{to: 10.0.0.0/24, via: fw-a}]", NULL, NULL},
      {"propagate: off", "error", "AZ-6.7"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text =
        g_strdup_printf(HUB "      RouteServerSubnet: {prefix: 10.0.2.0/26}\n"
                            "      GatewaySubnet: {prefix: 10.0.3.0/27, vms: 0}\n" SERVER ONE
                            "gateways: {er: {kind: circuit, network: hub}}\n"
                            "route_tables: {gw: {network: hub, subnets: [GatewaySubnet], %s}}\n",
                        cases[i].table);
    if (cases[i].words == NULL)
      assert_silent(text, "AZ-");
    else
      story_assert_says(text, cases[i].severity, cases[i].words);
  }
  FACTS("AZ-2.20", "AZ-6.7");
}

/* What a peer is told in place of the rest is what counts for it. */
Test(azure_rules, routes_that_only_one_peer_is_told) {
  story_assert_says(HUB SERVER
                    "nvas:\n  fw-a:\n    subnet: hub/nva\n    asn: 65010\n    advertise: "
                    "[{prefix: 172.16.0.0/16}]\n    peers: {rs: {advertise: [{prefix: "
                    "172.16.0.0/24, count: 4001}]}}\n",
                    "warning", "AZ-3.2");
}

/* Static routes never share a prefix. */
Test(azure_rules, two_static_routes) {
  story_assert_says(HUB SERVER ONE
                    "route_tables: {mine: {network: hub, subnets: [app], routes: [{to: "
                    "0.0.0.0/0, via: fw-a}, {to: 0.0.0.0/0, via: internet}]}}\n",
                    "error", "AZ-6.10");
  FACTS("AZ-6.10");
}

/* ---- a peering comes ------------------------------------------------------------------------- */

#define LATER                                                                                      \
  HUB SPOKE SERVER                                                                                 \
      "peerings: {p: {from: spoke, to: hub, use_remote_gateway: %s, connected: off}}\n"            \
      "nvas:\n  fw-a: {subnet: hub/nva, asn: 65010, peers: {rs: {route_refresh: %s}}, advertise: " \
      "[{prefix: 172.16.0.0/24, count: %u}, {prefix: 10.1.7.0/24}]}\n"                             \
      "traffic:\n  hub-spoke: {from: hub/app, to: spoke/app, flows: 10}\n"                         \
      "  spoke-out: {from: spoke/app, to: 172.16.0.9, flows: 10}\n"                                \
      "  hub-out: {from: hub/app, to: 172.16.0.9, flows: 10}\n"                                    \
      "events: [{at: 60s, connect: p}]\n"

static const char *via_at(const RunResult *result, const char *traffic, double at) {
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (strcmp(row->traffic, traffic) == 0 && row->direction == FLOW_FORWARD &&
        sim_time_seconds(row->from) <= at && at < sim_time_seconds(row->to))
      return row->via;
  }
  return "nothing";
}

static guint records(const RunResult *result, const TraceKind *kind) {
  guint count = 0;
  for (RecordId id = 1; id <= engine_record_count(result->engine); id++)
    count += engine_record_get(result->engine, id)->kind == kind;
  return count;
}

/* The peering's routes are there at once, those of the route server (AZ-6.1, where the spoke uses
 * it) with the next programming; what the appliance announced inside the spoke leaves; each
 * instance asks the appliance once, and nothing else changes. */
Test(azure_rules, a_peering_is_made) {
  for (guint uses = 0; uses < 2; uses++) {
    g_autofree char *text = g_strdup_printf(LATER, uses ? "on" : "off", "on", 3);
    g_autoptr(Story) story = story_text(text);
    RunResult *result = story_run(story, "azure", 0);
    cr_assert_str_eq(via_at(result, "hub-spoke", 59), "dropped:blackhole");
    cr_assert_str_eq(via_at(result, "hub-spoke", 60.5), "direct");
    cr_assert_str_eq(via_at(result, "spoke-out", 60.5), "dropped:blackhole");
    cr_assert_str_eq(via_at(result, "spoke-out", 62), uses ? "fw-a" : "dropped:blackhole");
    cr_assert_str_eq(via_at(result, "hub-out", 300), "fw-a");
    cr_assert_str_eq(story_hops(result, "hub/app@rs/0", "10.1.7.0/24"), "");
    cr_assert_eq(records(result, &BGP_REFRESH_ASKED), 2);
    cr_assert_eq(records(result, &BGP_SESSION_DOWN), 0);
    run_result_free(result);
  }
  FACTS("AZ-2.16", "AZ-6.1", "AZ-6.4");
}

/* Who does not know ROUTE-REFRESH is reset; who is above half of the limit loses its sessions. The
 * appliance hears of the spoke either way. */
Test(azure_rules, what_a_peering_can_cost) {
  static const struct {
    const char *refresh;
    guint count;
    guint downs;
  } cases[] = {{"on", 1999, 0}, {"on", 2001, 4}, {"off", 3, 4}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(LATER, "on", cases[i].refresh, cases[i].count);
    g_autoptr(Story) story = story_text(text);
    RunResult *result = story_run(story, "azure", 0);
    cr_assert_eq(records(result, &BGP_SESSION_DOWN), cases[i].downs, "case %u: %u", i,
                 records(result, &BGP_SESSION_DOWN));
    cr_assert_str_eq(via_at(result, "hub-out", 500), "fw-a");
    run_result_free(result);
  }
  FACTS("AZ-2.16", "AZ-3.6", "AZ-5.1");
}

/* AWS has no such thing: the peering is there from the start. */
Test(azure_rules, a_peering_under_aws) {
  story_assert_says("name: story\nduration: 10m\nmodels: [aws]\nnetworks:\n"
                    "  hub: {prefixes: [10.0.0.0/16], subnets: {a: {prefix: 10.0.0.0/24}}}\n" SPOKE
                    "peerings: {p: {from: spoke, to: hub, connected: off}}\n",
                    "warning", "from the start");
}

/* ---- chained appliances ---------------------------------------------------------------------- */

/* The NIC of the appliance that a route names is programmed too, so it sends to itself; with
 * propagation off and UDRs of its own it does not. */
Test(azure_rules, an_appliance_that_sends_to_itself) {
  static const char *const tables[] = {
      "", "route_tables:\n  own: {network: hub, subnets: [b], propagate: off, routes: [{to: "
          "192.168.0.0/16, via: none}]}\n"};
  for (guint i = 0; i < 2; i++) {
    g_autofree char *text = g_strconcat(
        HUB "      b: {prefix: 10.0.2.0/24, vms: 0}\n" SERVER
            "nvas:\n  fw-a: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{prefix: "
            "192.168.0.0/16, next_hop: fw-b}]}\n  fw-b: {subnet: hub/b, asn: 65011}\n"
            "traffic: {out: {from: hub/app, to: 192.168.0.9, flows: 10}}\n",
        tables[i], NULL);
    g_autoptr(Story) story = story_text(text);
    RunResult *result = story_run(story, "azure", 0);
    cr_assert_str_eq(via_at(result, "out", 10), i == 0 ? "dropped:loop" : "dropped:blackhole");
    run_result_free(result);
  }
  FACTS("AZ-5.12", "AZ-6.7");
}

/* ---- route maps ----------------------------------------------------------------------------- */

#define MAPPED                                                                                     \
  HUB "route_servers:\n  rs: {network: hub, azure: {program: 1s, branch_to_branch: on}}\n"         \
      "nvas:\n"                                                                                    \
      "  fw-a: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{prefix: 192.168.0.0/24, " \
      "community: \"65010:1\"}, {prefix: 192.168.1.0/24}]}\n"                                      \
      "  fw-b: {subnet: hub/nva, asn: 65011, peers: {rs: {azure: {%s: m}}}, advertise: [{prefix: " \
      "192.168.0.0/24}]}\n"                                                                        \
      "traffic: {out: {from: hub/app, to: 192.168.0.9, flows: 100}}\n"                             \
      "route_maps: {m: {rules: [%s]}}\n"                                                           \
      "events: [{at: 60s, fail: rs/0, how: silent}]\n"

/* Flows of `out` over fw-a and fw-b before anything happens. */
static void assert_shares(const char *bound, const char *rules, gboolean a, gboolean b) {
  g_autofree char *text = g_strdup_printf(MAPPED, bound, rules);
  g_autoptr(Story) story = story_text(text);
  RunResult *result = story_run(story, "azure", 0);
  gboolean over[2] = {FALSE, FALSE};
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (row->from.ns == 0 && row->direction == FLOW_FORWARD) {
      over[0] |= strcmp(row->via, "fw-a") == 0;
      over[1] |= strcmp(row->via, "fw-b") == 0;
    }
  }
  cr_assert(over[0] == a && over[1] == b, "%s %s: fw-a %d, fw-b %d", bound, rules, over[0],
            over[1]);
  run_result_free(result);
}

/* Inbound before the best path is chosen, outbound after it. What a rule can do. */
Test(azure_rules, route_maps) {
  assert_shares("inbound", "{match: {prefix_equals: 10.99.0.0/16}, drop: on}", TRUE, TRUE);
  assert_shares("inbound", "{drop: on}", TRUE, FALSE);
  assert_shares("inbound", "{as_path_add: 65011}", TRUE, FALSE);
  assert_shares("inbound", "{match: {as_path_contains: 65011}, as_path_add: 65011}", TRUE, FALSE);
  assert_shares("inbound", "{match: {community_contains: \"1:1\"}, drop: on}", TRUE, TRUE);
  assert_shares("inbound",
                "{community_add: \"1:1\", next: continue}, {match: {community_contains: \"1:1\"}, "
                "drop: on}",
                TRUE, FALSE);
  assert_shares("inbound", "{summarize: 192.168.0.0/16}", TRUE, FALSE);
  assert_shares("outbound", "{drop: on}", TRUE, TRUE);
  assert_shares("outbound", "{as_path_add: 65011}", TRUE, TRUE);
  FACTS("AZ-9.18", "AZ-9.19", "AZ-9.20");
}

/* Gateways' connections have route maps too: drop what an ExpressRoute gateway announces, and the
 * appliance's copy counts, which it beat; or what it is told. */
Test(azure_rules, route_maps_of_gateways) {
  static const struct {
    const char *maps, *via, *heard;
  } cases[] = {{"{}", "er/", "er/"},
               {"{er: {inbound: m}}", "fw-a", "er/"},
               {"{er: {outbound: m}}", "er/", "fw-a"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        HUB
        "route_servers:\n  rs: {network: hub, azure: {branch_to_branch: on, gateways: %s}}\n"
        "nvas:\n  fw-a: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{site: branch}, "
        "{prefix: 192.168.0.0/16}]}\n"
        "gateways: {er: {kind: circuit, network: hub}}\n"
        "sites:\n  dc: {prefixes: [192.168.0.0/16], via: [er, fw-a]}\n"
        "  branch: {prefixes: [172.16.0.0/16], via: [fw-a]}\n"
        "route_maps: {m: {rules: [{drop: on}]}}\n"
        "traffic:\n  out: {from: hub/app, to: dc, flows: 1}\n"
        "  dc-branch: {from: dc, to: branch, flows: 1}\n",
        cases[i].maps);
    g_autoptr(Story) story = story_text(text);
    RunResult *result = story_run(story, "azure", 0);
    const char *via = via_at(result, "out", 10), *heard = via_at(result, "dc-branch", 10);
    cr_assert(g_str_has_prefix(via, cases[i].via), "case %u: %s", i, via);
    cr_assert(g_str_has_prefix(heard, cases[i].heard), "case %u: %s", i, heard);
    run_result_free(result);
  }
  FACTS("AZ-4.14", "AZ-9.18");
}

/* What is the route server's own, or reserved, cannot be put into a path, but found there; of more
 * than two bytes neither; a prefix cannot be matched by its length, and the address space of VNets
 * stays as it is. So do the route server's communities. */
Test(azure_rules, what_route_maps_cannot_do) {
  static const struct {
    const char *rule, *words;
  } cases[] = {{"{as_path_add: 65515}", "AZ-9.21"},
               {"{as_path_replace: 12076}", "AZ-2.5"},
               {"{as_path_add: 65536}", "AZ-2.3"},
               {"{as_path_replace: 4200000000}", "AZ-2.3"},
               {"{match: {as_path_equals: 65536}, as_path_add: 65010}", "AZ-2.3"},
               {"{match: {as_path_contains: [65010, 70000]}, drop: on}", "AZ-2.3"},
               {"{match: {prefix_length: 24}, drop: on}", "AZ-9.21"},
               {"{match: {prefix_equals: 10.0.0.0/16}, as_path_add: 65011}", "AZ-9.21"},
               {"{summarize: 10.0.0.0/16}", "AZ-9.21"},
               {"{community_remove: \"65518:4\"}", "AZ-4.9"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(MAPPED, "inbound", cases[i].rule);
    story_assert_says(text, "error", cases[i].words);
  }
  static const char *const accepted[] = {"64496", "64511", "65010", "23456", "65535"}; /* AZ-9.25 */
  for (guint i = 0; i < G_N_ELEMENTS(accepted); i++) {
    g_autofree char *rule = g_strdup_printf(
        "{match: {as_path_contains: [%s, 12076]}, as_path_add: %s}", accepted[i], accepted[i]);
    g_autofree char *text = g_strdup_printf(MAPPED, "inbound", rule);
    assert_silent(text, "error");
  }
  story_assert_says(HUB SERVER ONE "route_maps: {m: {rules: [{drop: on}]}}\n", "warning",
                    "bound to no");
  story_assert_says(
      HUB "route_servers:\n  rs: {network: hub, azure: {gateways: {er: {inbound: m}}}}\n" ONE,
      "error", "unknown gateway");
  FACTS("AZ-2.3", "AZ-4.9", "AZ-9.21", "AZ-9.25");
}
