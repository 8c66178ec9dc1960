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
