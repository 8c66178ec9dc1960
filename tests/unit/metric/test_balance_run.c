/* Balance of a whole run: what crosses zones, and what is even. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/facts.h"
#include "support/story.h"

static double value_at(const RunResult *result, const char *direction, const char *measure,
                       SimTime at) {
  for (guint i = 0; i < result->balance_count; i++) {
    const RunBalanceRow *row = &result->balance[i];
    if (strcmp(flow_directions[row->direction], direction) == 0 &&
        strcmp(row->measure, measure) == 0 && row->from.ns <= at.ns && at.ns < row->to.ns)
      return row->value;
  }
  return -1;
}

/* Hosts stand in zone a, fw-a too, fw-b in b. Azure spreads over both by a hash that knows no
 * zones, so what fw-b has crosses; under aws one way has all, and it crosses once that is fw-b. The
 * site stands in no zone. */
Test(balance_run, what_the_other_zone_carries_crosses) {
  static const char *const directions[] = {"forward", "reverse"};
  g_autoptr(Story) story =
      story_new(STORY_PAIR("router", "{}", ""), "events: [{at: 60s, fail: fw-a, how: crash}]\n");
  g_autoptr(RunResult) azure = story_run(story, "azure", 0), aws = story_run(story, "aws", 0);
  const SimTime before = sim_time_s(10), after = sim_time_s(200);
  for (guint d = 0; d < G_N_ELEMENTS(directions); d++) {
    const double fw_b = story_share(azure, before, directions[d], "fw-b");
    cr_assert(fw_b > 0.4 && fw_b < 0.6);
    cr_assert_float_eq(value_at(azure, directions[d], "cross_zone", before), fw_b, 1e-9);
    cr_assert_eq(value_at(azure, directions[d], "ways", before), 2);
    cr_assert_float_eq(value_at(azure, directions[d], "jain", before),
                       1 / (2 * (fw_b * fw_b + (1 - fw_b) * (1 - fw_b))), 1e-9);
    cr_assert_eq(value_at(azure, directions[d], "cross_zone", after), 1);
    cr_assert_eq(value_at(aws, directions[d], "cross_zone", before), 0);
    cr_assert_eq(value_at(aws, directions[d], "cross_zone", after), 1);
    cr_assert_eq(value_at(aws, directions[d], "ways", after), 1);
  }
  FACTS("AWS-4.3", "AZ-6.11");
}

/* A NAT gateway stands in the zone of its subnet: what hosts of the other one send by it crosses,
 * there and back. The internet gateway behind it stands in none. */
Test(balance_run, a_gateway_has_a_zone_too) {
  static const char text[] =
      "name: nat\nmodels: [aws]\nduration: 1m\n"
      "networks:\n  vpc:\n    prefixes: [10.0.0.0/16]\n    subnets:\n"
      "      app-a: {prefix: 10.0.0.0/24, zone: a}\n      app-b: {prefix: 10.0.1.0/24, zone: b}\n"
      "      pub-a: {prefix: 10.0.8.0/24, zone: a, vms: 0}\n"
      "gateways: {igw: {kind: internet, network: vpc}, nat: {kind: nat, subnet: vpc/pub-a}}\n"
      "route_tables:\n"
      "  public: {network: vpc, subnets: [pub-a], routes: [{to: 0.0.0.0/0, via: igw}]}\n"
      "  app: {network: vpc, subnets: [app-a, app-b], routes: [{to: 0.0.0.0/0, via: nat}]}\n"
      "traffic: {t: {from: vpc/app-%c, to: internet}}\n";
  for (char zone = 'a'; zone <= 'b'; zone++) {
    g_autofree char *own = g_strdup_printf(text, zone);
    g_autoptr(Story) story = story_text(own);
    g_autoptr(RunResult) aws = story_run(story, "aws", 0);
    cr_assert_str_eq(aws->traffic[0].via, "nat+igw");
    for (guint d = 0; d < FLOW_DIRECTIONS; d++)
      cr_assert_eq(value_at(aws, flow_directions[d], "cross_zone", sim_time_s(1)), zone == 'b',
                   "%s, zone %c", flow_directions[d], zone);
  }
}
