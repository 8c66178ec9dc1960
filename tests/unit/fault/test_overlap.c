/* Each failure takes back what it did, and only that. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/story.h"

static const char pair[] = STORY_PAIR("router", "", ", prepend: 3");

/* Flows of fw-a at the end of the run, forward. */
static guint flows_of_a(const char *model, const char *events) {
  g_autofree char *more = g_strconcat("events:\n", events, NULL);
  g_autoptr(Story) story = story_new(pair, more);
  g_autoptr(RunResult) result = story_run(story, model, 0);
  guint flows = 0;
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (row->to.ns == 600 * SIM_SECOND && row->direction == FLOW_FORWARD &&
        strcmp(row->via, "fw-a") == 0)
      flows += row->flows;
  }
  return flows;
}

Test(fault, every_kind_gives_back_the_data_plane) {
  for (guint kind = 0; kind < fault_kind_count(); kind++)
    for (guint c = 0; c < cloud_count(); c++) {
      g_autofree char *events =
          g_strdup_printf("  - {at: 20s, fail: fw-a, how: %s, forwards: off}\n"
                          "  - {at: 120s, restore: fw-a}\n",
                          fault_kind_at(kind)->name);
      cr_assert_eq(flows_of_a(cloud_at(c)->name, events), 1000u, "%s under %s",
                   fault_kind_at(kind)->name, cloud_at(c)->name);
    }
}

Test(fault, who_is_held_back_twice_announces_when_both_are_over) {
  static const char both[] = "  - {at: 20s, fail: fw-a, how: withdraw}\n"
                             "  - {at: 30s, fail: zone/west/a, how: drain, forwards: on}\n"
                             "  - {at: 40s, restore: zone/west/a}\n";
  for (guint c = 0; c < cloud_count(); c++) {
    g_autofree char *restored = g_strconcat(both, "  - {at: 300s, restore: fw-a}\n", NULL);
    cr_assert_eq(flows_of_a(cloud_at(c)->name, both), 0u, "%s", cloud_at(c)->name);
    cr_assert_eq(flows_of_a(cloud_at(c)->name, restored), 1000u, "%s", cloud_at(c)->name);
  }
}
