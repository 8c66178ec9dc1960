/* NAT gateways of AWS (AWS-5.14, AWS-5.20, AWS-5.21): the default route of a private subnet. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/facts.h"
#include "support/story.h"

/* Private subnets in two zones behind the NAT gateway of the first. */
#define PRIVATE(nat, public, routes, more)                                                         \
  "name: private\nmodels: [aws]\nduration: 10m\nnetworks:\n  vpc:\n    prefixes: [10.0.0.0/16]\n"  \
  "    subnets:\n"                                                                                 \
  "      app-a: {prefix: 10.0.0.0/24, zone: a}\n      app-b: {prefix: 10.0.1.0/24, zone: b}\n"     \
  "      pub-a: {prefix: 10.0.8.0/24, zone: a, vms: 0}\n"                                          \
  "      fw: {prefix: 10.0.9.0/24, zone: b, vms: 0}\n"                                             \
  "gateways:\n  igw: {kind: internet, network: vpc}\n  nat: {kind: nat, subnet: vpc/pub-a" nat     \
  "}\n"                                                                                            \
  "route_tables:\n  public: {network: vpc, subnets: [pub-a], routes: [" public "]}\n"              \
                                                                               "  app: {network: " \
                                                                               "vpc, subnets: "    \
                                                                               "[app-a, app-b], "  \
                                                                               "routes: [" routes  \
                                                                               "]}\n"              \
                                                                               "traffic: {t: "     \
                                                                               "{from: "           \
                                                                               "vpc/app-b, to: "   \
                                                                               "internet, flows: " \
                                                                               "1000, rate: "      \
                                                                               "1Gbps}}\n" more

#define OUT "{to: 0.0.0.0/0, via: igw}"
#define BY_NAT "{to: 0.0.0.0/0, via: nat}"

static RunResult *run(const char *text) {
  g_autoptr(Story) story = story_text(text);
  return story_run(story, "aws", 0);
}

static guint flows_of(const char *text, gint64 at_s, const char *direction, const char *via) {
  g_autoptr(RunResult) result = run(text);
  return story_flows(result, NULL, at_s, direction, via);
}

Test(aws_nat, a_private_subnet_reaches_the_internet_by_it) { /* AWS-5.21 */
  cr_assert_eq(flows_of(PRIVATE("", OUT, BY_NAT, ""), 1, "forward", "nat+igw"), 1000);
  cr_assert_eq(flows_of(PRIVATE("", OUT, BY_NAT, ""), 1, "reverse", "igw+nat"), 1000);
  cr_assert_eq(flows_of(PRIVATE("", "", BY_NAT, ""), 1, "forward", "dropped:no-route"), 1000);
  FACTS("AWS-5.21");
}

/* What comes in by itself has no translation to go back by. */
Test(aws_nat, nobody_is_reached_through_it) {
  static const char text[] = PRIVATE("", OUT, BY_NAT,
                                     "expect:\n  - {reach: [vpc/app-a, internet], is: on}\n"
                                     "  - {reach: [vpc/app-a, vpc/app-b], is: on}\n");
  g_autoptr(Story) story = story_text(text);
  g_autoptr(GString) in = g_string_new(text);
  g_string_replace(in, "from: vpc/app-b, to: internet", "from: internet, to: vpc/app-b", 0);
  cr_assert_eq(flows_of(in->str, 1, "forward", "dropped:asymmetric"), 1000);
}

/* It is away by name, with its zone, and until it has booted. */
Test(aws_nat, it_fails_by_name_and_with_its_zone) {
  static const char *const targets[] = {"nat", "zone/vpc/a"};
  for (guint i = 0; i < G_N_ELEMENTS(targets); i++) {
    g_autofree char *text =
        g_strdup_printf(PRIVATE("", OUT, BY_NAT,
                                "events:\n  - {at: 60s, fail: %s, how: silent}\n"
                                "  - {at: 2m, restore: %s}\n"),
                        targets[i], targets[i]);
    g_autoptr(RunResult) result = run(text);
    cr_assert_eq(story_flows(result, NULL, 59, "forward", "nat+igw"), 1000);
    cr_assert_eq(story_flows(result, NULL, 61, "forward", "dropped:next-hop-down"), 1000);
    cr_assert_eq(story_flows(result, NULL, 181, "forward", "nat+igw"), 1000);
    cr_assert_eq(result->rows[0].sessions_broken, 1000, "it holds the translations");
  }
  cr_assert_eq(flows_of(PRIVATE("", OUT, BY_NAT, "events: [{at: 60s, fail: zone/vpc/b}]\n"), 61,
                        "forward", "dropped:next-hop-down"),
               0, "the other zone is none of its business");
}

/* The table of its subnet, and that of the internet gateway, may put a firewall behind it. */
Test(aws_nat, it_follows_the_table_of_its_subnet) {
  g_autoptr(GString) text =
      g_string_new(PRIVATE("", "{to: 0.0.0.0/0, via: fw}", BY_NAT,
                           "nvas: {fw: {kind: firewall, subnet: vpc/fw, asn: 65001}}\n"));
  g_string_replace(text, "  app: {network",
                   "  fw: {network: vpc, subnets: [fw], routes: [" OUT "]}\n"
                   "  edge: {network: vpc, gateway: igw, routes: [{to: 10.0.8.0/24, via: fw}]}\n"
                   "  app: {network",
                   0);
  g_autoptr(RunResult) result = run(text->str);
  cr_assert_eq(story_flows(result, NULL, 1, "forward", "nat+fw+igw"), 1000);
  cr_assert_eq(story_flows(result, NULL, 1, "reverse", "igw+fw+nat"), 1000);
  FACTS("AWS-5.19", "AWS-11.2");
}

/* It may take the place of local. */
Test(aws_nat, it_may_replace_a_local_target) {
  g_autoptr(GString) text = g_string_new(PRIVATE("", OUT, "{to: 10.0.0.0/16, via: nat}", ""));
  g_string_replace(text, "to: internet", "to: vpc/app-a", 0);
  cr_assert_eq(flows_of(text->str, 1, "forward", "nat"), 1000);
  FACTS("AWS-5.20");
}

static double dropped_bits(const char *text) {
  g_autoptr(RunResult) result = run(text);
  double bits = 0;
  for (guint i = 0; i < result->traffic_count; i++)
    if (strcmp(result->traffic[i].via, "dropped:capacity") == 0 &&
        result->traffic[i].direction == FLOW_FORWARD)
      bits += (double)result->traffic[i].bits_per_second;
  return bits;
}

Test(aws_nat, a_capacity_where_one_is_given) {
  cr_assert_float_eq(dropped_bits(PRIVATE("", OUT, BY_NAT, "")), 0, 1);
  cr_assert_float_eq(dropped_bits(PRIVATE(", capacity: 400Mbps", OUT, BY_NAT, "")), 6e8, 1);
}

/* AWS-5.21: central egress. The internet gateway serves interfaces of its own VPC alone, so what
 * comes over the transit gateway needs the translation. */
#define CENTRAL(way)                                                                               \
  "name: central\nmodels: [aws]\nduration: 5m\nnetworks:\n"                                        \
  "  spoke: {prefixes: [10.1.0.0/16], subnets: {app: {prefix: 10.1.0.0/24, zone: a}}}\n"           \
  "  egress: {prefixes: [10.2.0.0/16], subnets: {in: {prefix: 10.2.0.0/24, zone: a, vms: 0}, "     \
  "pub: {prefix: 10.2.1.0/24, zone: a, vms: 0}}}\n"                                                \
  "gateways:\n  igw: {kind: internet, network: egress}\n"                                          \
  "  nat: {kind: nat, subnet: egress/pub}\n"                                                       \
  "  tgw: {kind: transit, aws: {attach: [spoke/app, egress/in], "                                  \
  "routes: [{to: 0.0.0.0/0, via: egress}]}}\n"                                                     \
  "route_tables:\n  app: {network: spoke, subnets: [app], routes: [{to: 0.0.0.0/0, via: tgw}]}\n"  \
  "  in: {network: egress, subnets: [in], routes: [{to: 0.0.0.0/0, via: " way "}, "                \
  "{to: 10.1.0.0/16, via: tgw}]}\n"                                                                \
  "  pub: {network: egress, subnets: [pub], routes: [" OUT ", {to: 10.1.0.0/16, via: tgw}]}\n"     \
  "traffic: {t: {from: spoke/app, to: internet, flows: 1000}}\n"

Test(aws_nat, central_egress) {
  cr_assert_eq(flows_of(CENTRAL("nat"), 1, "forward", "tgw+nat+igw"), 1000);
  cr_assert_eq(flows_of(CENTRAL("nat"), 1, "reverse", "igw+nat+tgw"), 1000);
  cr_assert_eq(flows_of(CENTRAL("igw"), 1, "forward", "dropped:not-translated"), 1000);
}

/* Two of one subnet, beside an appliance that has an address of the same end. */
Test(aws_nat, each_has_an_address_of_its_own) {
  g_autoptr(GString) text =
      g_string_new(PRIVATE("", OUT, "{to: 0.0.0.0/1, via: nat}, {to: 128.0.0.0/1, via: other}",
                           "nvas: {x: {subnet: vpc/pub-a, asn: 65001, address: 10.0.8.253}}\n"));
  g_string_replace(text, "gateways:\n", "gateways:\n  other: {kind: nat, subnet: vpc/pub-a}\n", 0);
  cr_assert_eq(flows_of(text->str, 1, "forward", "other+igw"), 1000); /* 203.0.113.1 */
}

/* ---- checks -------------------------------------------------------------------------------- */

static gboolean says(const char *text, const char *words) {
  g_autofree char *said = story_diagnostics(text);
  if (strstr(said, words) == NULL)
    cr_log_error("%s", said);
  return strstr(said, words) != NULL;
}

Test(aws_nat, what_is_wrong_with_it) {
  g_autofree char *right = story_diagnostics(PRIVATE("", OUT, BY_NAT, ""));
  cr_assert_str_eq(right, "");
  cr_assert(says(PRIVATE("", "", BY_NAT, ""), "no way to an internet gateway"));
  g_autoptr(GString) azure = g_string_new(PRIVATE("", OUT, BY_NAT, ""));
  g_string_replace(azure, "models: [aws]", "models: [azure]", 0);
  cr_assert(says(azure->str, "a property of subnets"));
  g_autoptr(GString) table = g_string_new(PRIVATE("", OUT, BY_NAT, ""));
  g_string_replace(table, "subnets: [pub-a]", "gateway: nat", 0);
  cr_assert(says(table->str, "follows that of its subnet"));
  g_autoptr(GString) site = g_string_new(
      PRIVATE("", OUT, BY_NAT, "sites: {dc: {prefixes: [192.168.0.0/16], via: [nat]}}\n"));
  cr_assert(says(site->str, "reaches no site"));
  g_autoptr(GString) nowhere = g_string_new(PRIVATE("", OUT, BY_NAT, ""));
  g_string_replace(nowhere, "kind: nat, subnet: vpc/pub-a", "kind: nat, network: vpc", 0);
  cr_assert(says(nowhere->str, "missing key 'subnet'"));
  g_autoptr(GString) other = g_string_new(PRIVATE("", OUT, BY_NAT, ""));
  g_string_replace(other, "kind: internet, network: vpc",
                   "kind: internet, network: vpc, subnet: vpc/pub-a", 0);
  cr_assert(says(other->str, "only a gateway of kind nat stands in a `subnet`"));
}

/* Only in tables of its own VPC. */
Test(aws_nat, it_belongs_to_its_vpc) {
  g_autoptr(GString) text = g_string_new(PRIVATE("", OUT, BY_NAT, ""));
  g_string_replace(text, "networks:\n",
                   "networks:\n  far: {prefixes: [10.9.0.0/16], subnets: {app: {prefix: "
                   "10.9.0.0/24}}}\n",
                   0);
  g_string_replace(text, "route_tables:\n",
                   "route_tables:\n  far: {network: far, subnets: [app], routes: [" BY_NAT "]}\n",
                   0);
  cr_assert(says(text->str, "AWS-8.6"));
  FACTS("AWS-8.6");
}
