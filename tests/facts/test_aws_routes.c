/* What AWS route tables do with routes that are written and announced, in whole scenarios. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/facts.h"
#include "support/story.h"

static void assert_by(const RunResult *result, gint64 at_s, const char *direction,
                      const char *via) {
  const guint flows = story_flows(result, NULL, at_s, direction, via);
  for (guint i = 0; flows != 1000 && i < result->traffic_count; i++)
    cr_log_error("from %.3f: %s %s: %u", sim_time_seconds(result->traffic[i].from),
                 flow_directions[result->traffic[i].direction], result->traffic[i].via,
                 result->traffic[i].flows);
  cr_assert_eq(flows, 1000, "%u flows %s by %s at %d s", flows, direction, via, (int)at_s);
}

/* ---- the target of a local route (AWS-5.20) ------------------------------------------------- */

#define INSPECTED(routes, events)                                                                  \
  "name: inspected\nmodels: [aws]\nduration: 5m\n"                                                 \
  "networks: {vpc: {prefixes: [10.0.0.0/16, \"2001:db8::/56\"], subnets: {"                        \
  "fw: {prefix: 10.0.1.0/24, vms: 0}, app: {prefix: 10.0.2.0/24}, db: {prefix: 10.0.3.0/24}}}}\n"  \
  "route_tables: {work: {network: vpc, subnets: [app, db], routes: [" routes "]}}\n"               \
  "nvas: {fw: {kind: firewall, subnet: vpc/fw, asn: 65001}}\n"                                     \
  "traffic: {t: {from: vpc/app, to: vpc/db, flows: 1000}}\nevents: [" events "]\n"

Test(aws_routes, a_written_route_to_a_block_replaces_the_local_target) { /* AWS-5.20 */
  g_autoptr(Story) story = story_text(INSPECTED(
      "{to: 10.0.0.0/16, via: fw}",
      "{at: 60s, fail: fw, how: silent}, {at: 2m, set: route_tables.work.routes, to: []}"));
  g_autoptr(RunResult) result = story_run(story, "aws", 0);
  assert_by(result, 1, "forward", "fw");
  assert_by(result, 1, "reverse", "fw");
  assert_by(result, 61, "forward", "dropped:next-hop-down");
  assert_by(result, 121, "forward", "direct"); /* restored */
  FACTS("AWS-5.20");
}

/* The route to local is the restoration; another block keeps its own. */
Test(aws_routes, a_route_to_local_replaces_nothing) {
  g_autoptr(Story) local = story_text(INSPECTED("{to: 10.0.0.0/16, via: local}", ""));
  g_autoptr(RunResult) to_local = story_run(local, "aws", 0);
  assert_by(to_local, 1, "forward", "direct");
  g_autoptr(Story) other = story_text(INSPECTED("{to: \"2001:db8::/56\", via: fw}", ""));
  g_autoptr(RunResult) to_other = story_run(other, "aws", 0);
  assert_by(to_other, 1, "forward", "direct");
  FACTS("AWS-5.20");
}

/* By an interface or a NAT gateway, not by a gateway or a peering. */
Test(aws_routes, what_may_replace_a_local_target) {
  static const char text[] =
      "name: x\nmodels: [aws]\nduration: 5m\n"
      "networks: {vpc: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.2.0/24}}}}\n"
      "gateways: {igw: {kind: internet, network: vpc}}\n"
      "route_tables: {work: {network: vpc, subnets: [app], "
      "routes: [{to: 10.0.0.0/16, via: igw}]}}\n";
  g_autofree char *said = story_diagnostics(text);
  cr_assert(strstr(said, "AWS-5.20") != NULL, "%s", said);
  FACTS("AWS-5.20");
}

/* ---- tables of internet gateways (AWS-5.19, AWS-5.12) ---------------------------------------- */

#define INGRESS(edge, announced)                                                                   \
  "name: ingress\nmodels: [aws]\nduration: 5m\n"                                                   \
  "networks: {vpc: {prefixes: [10.0.0.0/16], subnets: {"                                           \
  "fw: {prefix: 10.0.1.0/24, vms: 0}, app: {prefix: 10.0.2.0/24}}}}\n"                             \
  "gateways: {igw: {kind: internet, network: vpc}}\n"                                              \
  "route_tables:\n  edge: {network: vpc, gateway: igw, routes: [" edge "]}\n"                      \
  "  app: {network: vpc, subnets: [app], routes: [{to: 0.0.0.0/0, via: fw}]}\n"                    \
  "  fw: {network: vpc, subnets: [fw], routes: [{to: 0.0.0.0/0, via: igw}]}\n"                     \
  "route_servers: {rs: {network: vpc, aws: {asn: 65000, endpoints: {e: vpc/fw}, "                  \
  "propagate_to: [edge]}}}\n"                                                                      \
  "nvas: {fw: {kind: firewall, subnet: vpc/fw, asn: 65001, peers: {rs: }, "                        \
  "advertise: [" announced "]}}\n"                                                                 \
  "traffic: {t: {from: vpc/app, to: internet, flows: 1000}}\n"

/* The firewall is stateful: the answers arrive only where they pass it too. */
Test(aws_routes, ingress_by_a_block_or_a_subnet) {
  static const char *const texts[] = {
      INGRESS("{to: 10.0.0.0/16, via: fw}", ""), INGRESS("{to: 10.0.2.0/24, via: fw}", ""),
      INGRESS("", "{prefix: 10.0.0.0/16}"), INGRESS("", "{prefix: 10.0.2.0/24}")};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(Story) story = story_text(texts[i]);
    g_autoptr(RunResult) result = story_run(story, "aws", 0);
    cr_assert_eq(story_flows(result, NULL, 1, "reverse", "igw+fw") +
                     story_flows(result, NULL, 1, "reverse", "fw"),
                 1000, "design %u", i);
  }
  static const char *const others[] = {INGRESS("", ""), INGRESS("", "{prefix: 10.0.2.0/25}"),
                                       INGRESS("", "{prefix: 10.0.0.0/8}"),
                                       INGRESS("", "{prefix: 10.0.2.4/32}")};
  for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
    g_autoptr(Story) story = story_text(others[i]);
    g_autoptr(RunResult) result = story_run(story, "aws", 0);
    assert_by(result, 1, "reverse", "dropped:asymmetric");
  }
}

/* ---- knobs where sources disagree ------------------------------------------------------------ */

#define KNOB(knob, table)                                                                          \
  "name: knob\nmodels: [aws]\nduration: 5m\n"                                                      \
  "networks: {vpc: {prefixes: [10.0.0.0/16], subnets: {"                                           \
  "fw: {prefix: 10.0.1.0/24, vms: 0}, app: {prefix: 10.0.2.0/24}}}}\n"                             \
  "route_tables: {loose: {network: vpc}}\n"                                                        \
  "route_servers: {rs: {network: vpc, aws: {asn: 65000, endpoints: {e: vpc/fw}, "                  \
  "propagate_to: [" table "]" knob "}}}\n"                                                         \
  "nvas:\n"                                                                                        \
  "  a: {subnet: vpc/fw, asn: 65001, peers: {rs: }, advertise: [{prefix: 10.0.2.9/32}, "           \
  "{site: dc}]}\n"                                                                                 \
  "  b: {subnet: vpc/fw, asn: 65001, peers: {rs: }, advertise: [{site: dc}]}\n"                    \
  "sites: {dc: {prefixes: [192.168.0.0/16], via: [a, b]}}\n"                                       \
  "traffic: {t: {from: vpc/app, to: dc, flows: 1000}}\n"                                           \
  "events: [{at: 60s, fail: a, how: shutdown}]\n"

/* What the failure of `a` changes in a table. */
static const char *change_of(const RunResult *result, const char *prefix) {
  for (guint i = 0; i < result->route_count; i++) {
    if (strcmp(result->routes[i].prefix, prefix) == 0)
      return result->routes[i].action;
  }
  return "none";
}

static char *warned(const char *text, const char *fact) {
  g_autofree char *said = story_diagnostics(text);
  const char *at = strstr(said, fact);
  return g_strdup(at != NULL ? at : "");
}

Test(aws_routes, a_host_route_inside_the_vpc) { /* AWS-5.23 */
  static const struct {
    const char *text, *change;
  } cases[] = {{KNOB("", "vpc/app"), "none"},
               {KNOB(", inner_host_routes: on", "vpc/app"), "remove"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Story) story = story_text(cases[i].text);
    g_autoptr(RunResult) result = story_run(story, "aws", 0);
    cr_assert_str_eq(change_of(result, "10.0.2.9/32"), cases[i].change);
    g_autofree char *said = warned(cases[i].text, "AWS-5.23");
    cr_assert_str_neq(said, "", "the conflict is told");
  }
  FACTS("AWS-5.23");
}

Test(aws_routes, a_table_without_a_subnet) { /* AWS-5.22, AWS-5.2 */
  static const struct {
    const char *text, *change;
  } cases[] = {{KNOB("", "loose"), "replace"},
               {KNOB(", explicit_association: on", "loose"), "none"},
               {KNOB(", explicit_association: on", "vpc/app"), "replace"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Story) story = story_text(cases[i].text);
    g_autoptr(RunResult) result = story_run(story, "aws", 0);
    cr_assert_str_eq(change_of(result, "192.168.0.0/16"), cases[i].change, "design %u", i);
    g_autofree char *said = warned(cases[i].text, "AWS-5.22");
    cr_assert_eq(said[0] != '\0', i < 2, "the conflict is told");
  }
  FACTS("AWS-5.2", "AWS-5.22");
}

Test(aws_routes, equal_routes_share_only_where_a_scenario_says_so) { /* AWS-4.5, AWS-4.3 */
  g_autoptr(Story) one = story_text(KNOB("", "vpc/app"));
  g_autoptr(RunResult) single = story_run(one, "aws", 0);
  assert_by(single, 1, "forward", "a");
  g_autoptr(Story) two = story_text(KNOB(", multipath: on", "vpc/app"));
  g_autoptr(RunResult) shared = story_run(two, "aws", 0);
  const guint by_a = story_flows(shared, NULL, 1, "forward", "a"),
              by_b = story_flows(shared, NULL, 1, "forward", "b");
  cr_assert_eq(by_a + by_b, 1000);
  cr_assert(by_a > 400 && by_b > 400, "%u and %u", by_a, by_b);
  g_autofree char *said = warned(KNOB(", multipath: on", "vpc/app"), "AWS-4.5");
  cr_assert_str_neq(said, "");
  FACTS("AWS-4.3", "AWS-4.5");
}

/* ---- more peers than one page allows (AWS-9.11)
 * -------------------------------------------------- */

Test(aws_routes, more_than_32_peers_with_one_prefix) {
  for (guint count = 16; count <= 17; count++) {
    g_autoptr(GString) text = g_string_new(
        "name: many\nmodels: [aws]\nduration: 5m\n"
        "networks: {vpc: {prefixes: [10.0.0.0/16], subnets: {fw: {prefix: 10.0.1.0/24}}}}\n"
        "route_servers: {rs: {network: vpc, aws: {asn: 65000, endpoints: {e: vpc/fw, f: vpc/fw}, "
        "propagate_to: [vpc/fw]}}}\nnvas:\n");
    for (guint i = 0; i < count; i++)
      g_string_append_printf(text,
                             "  n%u: {subnet: vpc/fw, asn: 65001, peers: {rs: }, "
                             "advertise: [{prefix: 192.168.0.0/16}]}\n",
                             i);
    g_autofree char *said = warned(text->str, "AWS-9.11");
    cr_assert_eq(said[0] != '\0', count == 17);
  }
  FACTS("AWS-9.11");
}

/* ---- a route of a virtual private gateway (AWS-5.10, AWS-13.15) ------------------------------ */

#define PREFERRED(start, wins)                                                                     \
  "name: preferred\nmodels: [aws]\nduration: 15m\n" start                                          \
  "networks: {vpc: {prefixes: [10.0.0.0/16], subnets: {"                                           \
  "app: {prefix: 10.0.0.0/24}, fw: {prefix: 10.0.1.0/24, vms: 0}}}}\n"                             \
  "gateways: {vgw: {kind: vpn, network: vpc}}\n"                                                   \
  "route_servers: {rs: {network: vpc, aws: {asn: 65000, endpoints: {e: vpc/fw}, "                  \
  "propagate_to: [vpc/app], rs_vs_vgw: " wins "}}}\n"                                              \
  "nvas: {fw: {kind: sd-wan, subnet: vpc/fw, asn: 65001, peers: {rs: }, "                          \
  "advertise: [{prefix: 192.168.0.0/16}]}}\n"                                                      \
  "sites: {dc: {prefixes: [192.168.0.0/16], via: {vgw: {prefer: 200}, fw: {prefer: 100}}}}\n"      \
  "traffic: {t: {from: vpc/app, to: dc, flows: 1000}}\n"                                           \
  "events: [{at: 5m, fail: link/dc/vgw/0, how: cut}, {at: 10m, restore: link/dc/vgw/0}]\n"

Test(aws_routes, the_gateways_route_stands_from_the_start) {
  static const char *const starts[] = {PREFERRED("", "vgw"), PREFERRED("start: cold\n", "vgw")};
  for (guint i = 0; i < G_N_ELEMENTS(starts); i++) {
    g_autoptr(Story) story = story_text(starts[i]);
    g_autoptr(RunResult) result = story_run(story, "aws", 0);
    assert_by(result, 60, "forward", "vgw/0");
    assert_by(result, 360, "forward", "fw"); /* hold time, two times `program` */
    assert_by(result, 800, "forward", "vgw/0");
  }
  g_autoptr(Story) other = story_text(PREFERRED("", "rs"));
  g_autoptr(RunResult) result = story_run(other, "aws", 0);
  assert_by(result, 60, "forward", "fw");
}
