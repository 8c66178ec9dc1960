/* What the facts say of the routing around a route server: gateways, peerings, transit. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/facts.h"
#include "support/story.h"

static void assert_way_at(gint64 at_s, const char *text, const char *traffic, const char *direction,
                          const char *via) {
  g_autoptr(Story) story = story_text(text);
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  const guint flows = story_flows(result, traffic, at_s, direction, via);
  for (guint i = 0; flows != 1000 && i < result->traffic_count; i++)
    cr_log_error("%s %s %s: %u", result->traffic[i].traffic,
                 flow_directions[result->traffic[i].direction], result->traffic[i].via,
                 result->traffic[i].flows);
  cr_assert_eq(flows, 1000, "%u flows %s by %s", flows, direction, via);
}

static void assert_way(const char *text, const char *traffic, const char *direction,
                       const char *via) {
  assert_way_at(0, text, traffic, direction, via);
}

/* ---- transit gateways (AWS-11.4 to AWS-11.7, AWS-8.5) ------------------------------------- */

/* Two VPCs with hosts in zones a and b, joined by a transit gateway as `aws` says. */
#define JOINED(aws, more)                                                                          \
  "name: joined\nmodels: [aws]\nduration: 5m\n"                                                    \
  "networks:\n"                                                                                    \
  "  one:\n    prefixes: [10.1.0.0/16]\n    region: west\n    subnets:\n"                          \
  "      a: {prefix: 10.1.0.0/24, zone: a}\n"                                                      \
  "      b: {prefix: 10.1.1.0/24, zone: b}\n"                                                      \
  "  two:\n    prefixes: [10.2.0.0/16]\n    subnets:\n"                                            \
  "      a: {prefix: 10.2.0.0/24, zone: a}\n"                                                      \
  "      b: {prefix: 10.2.1.0/24, zone: b}\n"                                                      \
  "gateways: {tgw: {kind: transit, aws: " aws "}}\n"                                               \
  "route_tables:\n"                                                                                \
  "  one: {network: one, subnets: [a, b], routes: [{to: 10.0.0.0/8, via: tgw}, "                   \
  "{to: 192.168.0.0/16, via: tgw}]}\n"                                                             \
  "  two: {network: two, subnets: [a, b], routes: [{to: 10.0.0.0/8, via: tgw}]}\n"                 \
  "traffic: {t: {from: one/a, to: two/b, flows: 1000}}\n" more

Test(aws_edges, a_transit_gateway_joins_what_it_is_attached_to) {
  assert_way(JOINED("{attach: [one, two]}", ""), "t", "forward", "tgw");
  assert_way(JOINED("{attach: [one]}", ""), "t", "forward", "dropped:no-route");
  assert_way(JOINED("{attach: [two]}", ""), "t", "forward", "dropped:not-attached");
}

/* Hosts in a zone without an attachment cannot reach it; a target VPC that is not in the packet's
 * zone is reached through any of its zones. */
Test(aws_edges, zones_of_attachments) {
  assert_way(JOINED("{attach: [one/b, two]}", ""), "t", "forward", "dropped:no-attachment-in-zone");
  assert_way(JOINED("{attach: [one, two/b]}", ""), "t", "forward", "tgw");
  assert_way_at(
      61, JOINED("{attach: [one, two/a]}", "events: [{at: 60s, fail: zone/two/a, how: silent}]\n"),
      "t", "forward", "dropped:no-attachment-in-zone");
  FACTS("AWS-11.4");
}

/* VPC attachments never share: a table of a transit gateway takes one target for each prefix, so of
 * two appliances which could carry the flows one carries all. */
Test(aws_edges, a_transit_gateway_does_not_share_over_vpcs) {
#define TWO_WAYS(routes)                                                                           \
  "name: ways\nmodels: [aws]\nduration: 5m\nnetworks:\n"                                           \
  "  one: {prefixes: [10.1.0.0/16], subnets: {a: {prefix: 10.1.0.0/24, vms: 10}}}\n"               \
  "  two: {prefixes: [10.2.0.0/16], subnets: {a: {prefix: 10.2.0.0/24, vms: 0}}}\n"                \
  "  three: {prefixes: [10.3.0.0/16], subnets: {a: {prefix: 10.3.0.0/24, vms: 0}}}\n"              \
  "nvas: {fw-2: {subnet: two/a, asn: 65002, aws: {source_dest_check: off}}, "                      \
  "fw-3: {subnet: three/a, asn: 65003, aws: {source_dest_check: off}}}\n"                          \
  "sites: {dc: {prefixes: [192.168.0.0/16], via: [fw-2, fw-3]}}\n"                                 \
  "gateways: {tgw: {kind: transit, aws: {attach: [one, two, three], routes: [" routes "]}}}\n"     \
  "route_tables:\n"                                                                                \
  "  one: {network: one, subnets: [a], routes: [{to: 192.168.0.0/16, via: tgw}]}\n"                \
  "  two: {network: two, subnets: [a], routes: [{to: 192.168.0.0/16, via: fw-2}, "                 \
  "{to: 10.0.0.0/8, via: tgw}]}\n"                                                                 \
  "  three: {network: three, subnets: [a], routes: [{to: 192.168.0.0/16, via: fw-3}, "             \
  "{to: 10.0.0.0/8, via: tgw}]}\n"                                                                 \
  "traffic: {t: {from: one/a, to: dc, flows: 1000}}\n"
#define TO_TWO "{to: 192.168.0.0/16, via: two}"
  g_autofree char *twice = story_diagnostics(TWO_WAYS(TO_TWO ", {to: 192.168.0.0/16, via: three}"));
  cr_assert_not_null(strstr(twice, "the table has a route to this prefix already"), "%s", twice);
  assert_way(TWO_WAYS(TO_TWO), "t", "forward", "tgw+fw-2");
  assert_way(TWO_WAYS(TO_TWO ", {to: 192.168.0.0/16, via: three, prefix_list: pl-1}"), "t",
             "forward", "tgw+fw-2");
  FACTS("AWS-11.6");
}

/* Static before prefix list before the VPCs' own ranges. */
Test(aws_edges, the_order_of_routes_in_a_transit_gateway) {
  assert_way(JOINED("{attach: [one, two], routes: [{to: 10.2.0.0/16, via: none}]}", ""), "t",
             "forward", "dropped:blackhole");
  assert_way(JOINED("{attach: [one, two], "
                    "routes: [{to: 10.2.0.0/16, via: none, prefix_list: pl-1}]}",
                    ""),
             "t", "forward", "dropped:blackhole");
  assert_way(JOINED("{attach: [one, two], routes: [{to: 10.2.0.0/16, via: two}, "
                    "{to: 10.2.0.0/16, via: none, prefix_list: pl-1}]}",
                    ""),
             "t", "forward", "tgw");
  /* The longest prefix comes first, whatever its origin. */
  assert_way(JOINED("{attach: [one, two], routes: [{to: 10.0.0.0/8, via: none}]}", ""), "t",
             "forward", "tgw");
  FACTS("AWS-11.7");
}

/* What an appliance in VPC two announces reaches the tables of VPC two, not the gateway's. */
#define BEHIND_TWO                                                                                 \
  "route_servers: {rs: {network: two, aws: {asn: 65000, endpoints: {e1: two/b}, "                  \
  "propagate_to: [two]}}}\n"                                                                       \
  "nvas: {fw: {subnet: two/b, asn: 65010, peers: {rs: {}}, "                                       \
  "advertise: [{prefix: 192.168.0.0/16}]}}\n"                                                      \
  "sites: {dc: {prefixes: [192.168.0.0/16], via: [fw]}}\n"

Test(aws_edges, routes_of_a_route_server_do_not_enter_a_transit_gateway) { /* AWS-8.5 */
  g_autofree char *without = g_strconcat(JOINED("{attach: [one, two]}", BEHIND_TWO), NULL);
  char *to = strstr(without, "to: two/b");
  memcpy(to, "to: dc   ", strlen("to: two/b"));
  assert_way(without, "t", "forward", "dropped:no-route");
  g_autofree char *with = g_strconcat(
      JOINED("{attach: [one, two], routes: [{to: 192.168.0.0/16, via: two}]}", BEHIND_TWO), NULL);
  to = strstr(with, "to: two/b");
  memcpy(to, "to: dc   ", strlen("to: two/b"));
  assert_way(with, "t", "forward", "tgw+fw");
  assert_way(with, "t", "reverse", "fw+tgw");
  FACTS("AWS-8.5");
}

/* Two spokes and a VPC between them with a firewall in each of its zones, which have tables of
 * their own: what a flow meets shows its zone. */
#define INSPECTED(attach, mode, more)                                                              \
  "name: inspected\nmodels: [aws]\nduration: 5m\n"                                                 \
  "networks:\n"                                                                                    \
  "  mid:\n    prefixes: [10.0.0.0/16]\n    region: mid\n    subnets:\n"                           \
  "      a: {prefix: 10.0.0.0/24, zone: a, vms: 0}\n"                                              \
  "      b: {prefix: 10.0.1.0/24, zone: b, vms: 0}\n"                                              \
  "      fw-a: {prefix: 10.0.2.0/24, zone: a, vms: 0}\n"                                           \
  "      fw-b: {prefix: 10.0.3.0/24, zone: b, vms: 0}\n"                                           \
  "  one: {prefixes: [10.1.0.0/16], subnets: {a: {prefix: 10.1.0.0/24, zone: a}, "                 \
  "c: {prefix: 10.1.2.0/24, zone: c}}}\n"                                                          \
  "  two: {prefixes: [10.2.0.0/16], subnets: {a: {prefix: 10.2.0.0/24, zone: a}, "                 \
  "b: {prefix: 10.2.1.0/24, zone: b}}}\n"                                                          \
  "nvas:\n"                                                                                        \
  "  fw-a: {kind: firewall, subnet: mid/fw-a, asn: 65010}\n"                                       \
  "  fw-b: {kind: firewall, subnet: mid/fw-b, asn: 65010}\n"                                       \
  "gateways: {tgw: {kind: transit, aws: {attach: [" attach ", one, two], appliance_mode: " mode    \
  ", tables: {spokes: {attachments: [one, two], propagate: off, "                                  \
  "routes: [{to: 10.0.0.0/8, via: mid}]}}}}}\n"                                                    \
  "route_tables:\n"                                                                                \
  "  mid-a: {network: mid, subnets: [a], routes: [{to: 10.0.0.0/8, via: fw-a}]}\n"                 \
  "  mid-b: {network: mid, subnets: [b], routes: [{to: 10.0.0.0/8, via: fw-b}]}\n"                 \
  "  fws: {network: mid, subnets: [fw-a, fw-b], routes: [{to: 10.0.0.0/8, via: tgw}]}\n"           \
  "  one: {network: one, subnets: [a, c], routes: [{to: 10.0.0.0/8, via: tgw}]}\n"                 \
  "  two: {network: two, subnets: [a, b], routes: [{to: 10.0.0.0/8, via: tgw}]}\n"                 \
  "traffic:\n"                                                                                     \
  "  near: {from: one/a, to: two/a, flows: 1000}\n"                                                \
  "  far: {from: one/a, to: two/b, flows: 1000}\n"                                                 \
  "  third: {from: one/c, to: two/a, flows: 1000}\n" more

Test(aws_edges, a_packet_keeps_to_its_zone) { /* AWS-11.4 */
  assert_way(INSPECTED("mid/a, mid/b", "off", ""), "near", "forward", "tgw+fw-a+tgw");
  assert_way(INSPECTED("mid/a, mid/b", "off", ""), "far", "forward", "dropped:asymmetric");
  FACTS("AWS-11.4");
}

/* From a zone that the VPC between is not in, any zone, flow by flow; what meets the firewall of
 * zone b comes back through zone a and is dropped. */
Test(aws_edges, from_another_zone_any) {
  g_autoptr(Story) story = story_text(INSPECTED("mid/a, mid/b", "off", ""));
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  const guint passed = story_flows(result, "third", 0, "forward", "tgw+fw-a+tgw");
  const guint dropped = story_flows(result, "third", 0, "forward", "dropped:asymmetric");
  cr_assert(passed > 400 && dropped > 400, "%u, %u", passed, dropped);
  cr_assert_eq(passed + dropped, 1000);
  FACTS("AWS-11.4");
}

Test(aws_edges, appliance_mode_pins_a_flow_to_a_zone) { /* AWS-11.5 */
  g_autoptr(Story) story = story_text(INSPECTED("mid/a, mid/b", "on", ""));
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  static const char *const names[] = {"near", "far", "third"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    const guint a = story_flows(result, names[i], 0, "forward", "tgw+fw-a+tgw");
    const guint b = story_flows(result, names[i], 0, "forward", "tgw+fw-b+tgw");
    cr_assert(a > 400 && b > 400 && a + b == 1000, "%s: %u, %u", names[i], a, b);
    cr_assert_eq(story_flows(result, names[i], 0, "reverse", "tgw+fw-a+tgw"), a);
    cr_assert_eq(story_flows(result, names[i], 0, "reverse", "tgw+fw-b+tgw"), b);
  }
  FACTS("AWS-11.5");
}

/* A zone that is lost is left out: its flows take the other one. */
Test(aws_edges, appliance_mode_leaves_a_dead_zone_out) {
  g_autoptr(Story) story = story_text(
      INSPECTED("mid/a, mid/b", "on", "events:\n  - {at: 60s, fail: zone/mid/b, how: silent}\n"));
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  guint last = 0;
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (strcmp(row->traffic, "far") == 0 && row->direction == FLOW_FORWARD &&
        strcmp(row->via, "tgw+fw-a+tgw") == 0)
      last = row->flows;
  }
  cr_assert_eq(last, 1000);
}

/* ---- peerings and gateways (AWS-8.6) --------------------------------------------------------- */

#define PEERED                                                                                     \
  "name: peered\nmodels: [aws]\nduration: 5m\n"                                                    \
  "networks:\n"                                                                                    \
  "  hub: {prefixes: [10.0.0.0/16], subnets: {nva: {prefix: 10.0.0.0/24}}}\n"                      \
  "  spoke: {prefixes: [10.1.0.0/16], subnets: {app: {prefix: 10.1.0.0/24}}}\n"                    \
  "peerings: {p: {from: spoke, to: hub}}\n"                                                        \
  "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {e1: hub/nva}, "                \
  "propagate_to: [hub/nva]}}}\n"                                                                   \
  "nvas: {fw: {subnet: hub/nva, asn: 65010, peers: {rs: {}}, advertise: [{site: dc}]}}\n"          \
  "sites: {dc: {prefixes: [192.168.0.0/16], via: [fw]}}\n"                                         \
  "route_tables: {spoke: {network: spoke, subnets: [app], routes: "                                \
  "[{to: 192.168.0.0/16, via: p}, {to: 10.0.0.0/16, via: p}]}}\n"

Test(aws_edges, a_peering_is_not_transitive) { /* AWS-8.6: not to what the hub has learned */
  assert_way(PEERED "traffic: {t: {from: spoke/app, to: dc, flows: 1000}}\n", "t", "forward",
             "dropped:peering-refuses");
  FACTS("AWS-8.6");
}

/* ---- IPv6 over the IPv4 session (AWS-2.6) ---------------------------------------------------- */

Test(aws_edges, ipv6_routes_over_the_ipv4_session) {
  static const char text[] =
      "name: six\nmodels: [aws]\nduration: 5m\n"
      "networks:\n"
      "  hub:\n    prefixes: [10.0.0.0/16, \"2001:db8:1::/56\"]\n    subnets:\n"
      "      app: {prefix: 10.0.0.0/24}\n      a: {prefix: 10.0.1.0/24}\n"
      "      b: {prefix: 10.0.2.0/24}\n"
      "route_servers: {rs: {network: hub, aws: {asn: 65000, "
      "endpoints: {e1: hub/a, e2: hub/b}, propagate_to: [hub/app]}}}\n"
      "nvas:\n"
      "  fw-a: {subnet: hub/a, asn: 65010, peers: {rs: {}}, advertise: [{site: six}]}\n"
      "  fw-b: {subnet: hub/b, asn: 65010, peers: {rs: {}}, "
      "advertise: [{prefix: \"2001:db8:9::/48\", prepend: 1}]}\n"
      "sites: {six: {prefixes: [\"2001:db8:9::/48\"], via: [fw-a, fw-b]}}\n"
      "traffic: {t: {from: hub/app, to: six, flows: 1000}}\n"
      "events:\n  - {at: 60s, fail: fw-a, how: shutdown}\n";
  assert_way(text, "t", "forward", "fw-a");
  g_autoptr(Story) story = story_text(text);
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  cr_assert_str_eq(story_hops(result, "hub/app", "2001:db8:9::/48"), "fw-b");
}

/* ---- a static route that goes (AWS-5.8, AWS-5.9) --------------------------------------------- */

Test(aws_edges, a_static_route_is_taken_out_by_an_operator) {
  static const char text[] =
      "name: statics\nmodels: [aws]\nduration: 5m\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "
      "nva: {prefix: 10.0.1.0/24}, old: {prefix: 10.0.2.0/24}}}}\n"
      "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {e1: hub/nva}, "
      "propagate_to: [app]}}}\n"
      "nvas:\n"
      "  fw: {subnet: hub/nva, asn: 65010, peers: {rs: {}}, advertise: [{site: dc}]}\n"
      "  old: {subnet: hub/old, asn: 65020}\n"
      "sites: {dc: {prefixes: [192.168.0.0/16], via: [fw, old]}}\n"
      "route_tables: {app: {network: hub, subnets: [app], "
      "routes: [{to: 192.168.0.0/16, via: old}]}}\n"
      "traffic: {t: {from: hub/app, to: dc, flows: 1000}}\n"
      "events:\n"
      "  - {at: 60s, set: route_tables.app.routes, to: []}\n";
  assert_way(text, "t", "forward", "old");
  g_autoptr(Story) story = story_text(text);
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  cr_assert_str_eq(story_hops(result, "app", "192.168.0.0/16"), "fw");
  cr_assert_eq(result->route_count, 1);
  const gint64 since = result->routes[0].at.ns - 60 * SIM_SECOND;
  cr_assert(since >= SIM_SECOND / 2 && since <= 11 * SIM_SECOND / 2, "as any push");
}

/* ---- many tables, and a winner for each zone (AWS-9.10, AWS-5.4, AWS-5.5) -------------------- */

Test(aws_edges, any_number_of_tables) { /* AWS-9.10 */
  g_autoptr(GString) text = g_string_new(
      "name: many\nmodels: [aws]\nduration: 5m\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {nva: {prefix: 10.0.0.0/24}");
  for (guint i = 1; i <= 60; i++)
    g_string_append_printf(text, ", s%u: {prefix: 10.0.%u.0/24}", i, i);
  g_string_append(text, "}}}\nroute_servers: {rs: {network: hub, aws: {asn: 65000, "
                        "endpoints: {e1: hub/nva}, propagate_to: [hub/nva");
  for (guint i = 1; i <= 60; i++)
    g_string_append_printf(text, ", hub/s%u", i);
  g_string_append(text, "]}}}\nnvas: {fw: {subnet: hub/nva, asn: 65010, peers: {rs: {}}}}\n"
                        "events:\n  - {at: 60s, set: nvas.fw.advertise, "
                        "to: [{prefix: 192.168.0.0/16}]}\n");
  g_autoptr(Story) story = story_text(text->str);
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  cr_assert_eq(result->route_count, 61);
  FACTS("AWS-9.10");
}

/* One route server has one winner, so zones have winners of their own by route servers of their
 * own. */
Test(aws_edges, a_route_server_for_each_zone) {
  static const char text[] =
      "name: zones\nmodels: [aws]\nduration: 5m\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app-a: {prefix: 10.0.0.0/24, zone: a}, "
      "app-b: {prefix: 10.0.1.0/24, zone: b}, a: {prefix: 10.0.2.0/24, zone: a}, "
      "b: {prefix: 10.0.3.0/24, zone: b}}}}\n"
      "route_servers:\n"
      "  rs-a: {network: hub, aws: {asn: 65000, endpoints: {e1: hub/a}, "
      "propagate_to: [hub/app-a]}}\n"
      "  rs-b: {network: hub, aws: {asn: 65000, endpoints: {e1: hub/b}, "
      "propagate_to: [hub/app-b]}}\n"
      "nvas:\n"
      "  fw-a: {subnet: hub/a, asn: 65010, peers: {rs-a: {}}, advertise: [{site: dc}]}\n"
      "  fw-b: {subnet: hub/b, asn: 65010, peers: {rs-b: {}}, advertise: [{site: dc}]}\n"
      "sites: {dc: {prefixes: [192.168.0.0/16], via: [fw-a, fw-b]}}\n"
      "traffic: {a: {from: hub/app-a, to: dc, flows: 1000}, "
      "b: {from: hub/app-b, to: dc, flows: 1000}}\n";
  assert_way(text, "a", "forward", "fw-a");
  assert_way(text, "b", "forward", "fw-b");
  FACTS("AWS-5.4", "AWS-5.5");
}

/* AWS-5.5: with opposite prepending towards the two route servers each zone also has a firewall to
 * fall back on; where both route servers are told the same, both zones have the same winner. */
#define OPPOSITE(prepend_a, prepend_b, events)                                                     \
  "name: zones\nmodels: [aws]\nduration: 5m\n"                                                     \
  "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app-a: {prefix: 10.0.0.0/24, zone: a}, "    \
  "app-b: {prefix: 10.0.1.0/24, zone: b}, a: {prefix: 10.0.2.0/24, zone: a}, "                     \
  "b: {prefix: 10.0.3.0/24, zone: b}}}}\n"                                                         \
  "route_servers:\n"                                                                               \
  "  rs-a: {network: hub, aws: {asn: 65000, endpoints: {e1: hub/a, e2: hub/b}, "                   \
  "propagate_to: [hub/app-a]}}\n"                                                                  \
  "  rs-b: {network: hub, aws: {asn: 65000, endpoints: {e1: hub/a, e2: hub/b}, "                   \
  "propagate_to: [hub/app-b]}}\n"                                                                  \
  "nvas:\n"                                                                                        \
  "  fw-a: {subnet: hub/a, asn: 65010, advertise: [{site: dc}], peers: {rs-a: {}, rs-b: "          \
  "{advertise: [{site: dc, prepend: " prepend_a "}]}}}\n"                                          \
  "  fw-b: {subnet: hub/b, asn: 65010, advertise: [{site: dc, prepend: " prepend_b                 \
  "}], peers: {rs-a: {}, rs-b: {advertise: [{site: dc}]}}}\n"                                      \
  "sites: {dc: {prefixes: [192.168.0.0/16], via: [fw-a, fw-b]}}\n"                                 \
  "traffic: {a: {from: hub/app-a, to: dc, flows: 1000}, "                                          \
  "b: {from: hub/app-b, to: dc, flows: 1000}}\n" events

/* The way of a traffic's flows when the run ends. */
static void assert_end(const char *text, const char *traffic, const char *via) {
  g_autoptr(Story) story = story_text(text);
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  const RunTrafficRow *last = NULL;
  for (guint i = 0; i < result->traffic_count; i++)
    if (strcmp(result->traffic[i].traffic, traffic) == 0 &&
        result->traffic[i].direction == FLOW_FORWARD &&
        (last == NULL || result->traffic[i].from.ns > last->from.ns))
      last = &result->traffic[i];
  cr_assert(last != NULL);
  cr_assert_str_eq(last->via, via);
  cr_assert_eq(last->flows, 1000);
}

Test(aws_edges, zones_fall_back_on_each_other) {
  assert_way(OPPOSITE("2", "2", ""), "a", "forward", "fw-a");
  assert_way(OPPOSITE("2", "2", ""), "b", "forward", "fw-b");
  assert_way(OPPOSITE("0", "2", ""), "b", "forward", "fw-a");
  assert_end(OPPOSITE("2", "2", "events: [{at: 60s, fail: fw-a, how: crash}]\n"), "a", "fw-b");
  assert_end(OPPOSITE("2", "2", "events: [{at: 60s, fail: fw-a, how: crash}]\n"), "b", "fw-b");
  assert_end(OPPOSITE("2", "2", "events: [{at: 60s, fail: fw-b, how: crash}]\n"), "b", "fw-a");
}

/* ---- advice (AWS-2.1, AWS-2.2, AWS-5.10, AWS-5.17)
 * -------------------------------------------------- */

static void assert_said(const char *nvas, const char *asn, const char *more, const char *expected) {
  g_autofree char *text = g_strdup_printf(
      "name: advice\nmodels: [aws]\nduration: 5m\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {nva: {prefix: 10.0.1.0/24}}}}\n"
      "route_servers: {rs: {network: hub, aws: {asn: %s, endpoints: {e1: hub/nva}, "
      "propagate_to: [hub/nva]}}}\nnvas:\n%s%s",
      asn, nvas, more);
  g_autofree char *said = story_diagnostics(text);
  if (expected == NULL)
    cr_assert_str_eq(said, "");
  else
    cr_assert(strstr(said, expected) != NULL, "%s", said);
}

Test(aws_edges, advice) {
  static const char plain[] = "  fw: {subnet: hub/nva, asn: 65010, peers: {rs: {}}}\n";
  assert_said(plain, "65000", "", NULL);
  assert_said(plain, "4200000000", "", NULL); /* AWS-2.1: 32 bits */
  assert_said(plain, "3356", "", "AWS-2.1");
  assert_said("  fw: {subnet: hub/nva, asn: 4294967294, peers: {rs: {}}}\n", "65000", "", NULL);
  assert_said("  fw: {subnet: hub/nva, asn: 3356, peers: {rs: {}}}\n", "65000", "", "AWS-2.2");
  assert_said("  fw: {subnet: hub/nva, asn: 65000, peers: {rs: {}}}\n", "65000", "", "AWS-2.3");
  assert_said("  fw: {subnet: hub/nva, address: \"2001:db8::4\", asn: 65010, peers: {rs: {}}}\n",
              "65000", "", "AWS-2.5");
  assert_said("  fw: {subnet: hub/nva, asn: 65010, peers: {rs: {}}, "
              "advertise: [{prefix: 192.168.0.0/16}], aws: {source_dest_check: on}}\n",
              "65000", "", "AWS-5.17");
  assert_said("  fw: {subnet: hub/nva, asn: 65010, peers: {rs: {}}, " /* it forwards nothing */
              "aws: {source_dest_check: on}}\n",
              "65000", "", NULL);
  assert_said("  fw: {subnet: hub/nva, asn: 65010, peers: {rs: {}}, "
              "advertise: [{prefix: 192.168.0.0/16}]}\n",
              "65000",
              "gateways: {vpn: {kind: vpn, network: hub}}\n"
              "sites: {dc: {prefixes: [192.168.0.0/16], via: [vpn]}}\n",
              "AWS-5.10");
  FACTS("AWS-2.1", "AWS-2.2", "AWS-2.3", "AWS-2.5");
}
