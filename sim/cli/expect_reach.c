/* Expectations about who reaches whom: the first replication, stopped at their moment. */
#include <stdio.h>
#include <string.h>

#include "results_private.h"
#include "routesim/run/inspect.h"

static guint place_named(const Inspection *inspection, const char *name) {
  guint index = 0;
  while (strcmp(inspection_place(inspection, index), name) != 0)
    index++; /* checked: it is there */
  return index;
}

static void tell(const ScenarioFile *file, const DesignExpect *expect, const CloudClass *cloud,
                 const ScenarioVariant *variant, const Reachability *found) {
  const NameRef *from = expect->reach->pdata[0], *to = expect->reach->pdata[1];
  g_autoptr(GString) out = g_string_new(NULL);
  append_expect_place(out, &expect->head.mark, file);
  g_string_append_printf(out, ": expect failed: %s -> %s under %s", from->text, to->text,
                         cloud->name);
  if (!variant->is_base)
    g_string_append_printf(out, ", variant %s,", variant->name);
  g_string_append_printf(out, " at ");
  sim_time_append_human(expect->reach_at.law.a, out);
  g_string_append_printf(out, " is %s",
                         found->verdict == REACH_YES  ? "on"
                         : found->verdict == REACH_NO ? "off"
                                                      : "on in part");
  if (found->verdict != REACH_NO)
    g_string_append_printf(out, " (%s)", found->forward);
  if (found->verdict != REACH_YES)
    g_string_append_printf(out, " (%s at %s%s%s)", drop_reason_name(found->reason), found->where,
                           found->rule != NULL ? ", " : "", found->rule != NULL ? found->rule : "");
  g_string_append_printf(out, ", not %s", expect->is ? "on" : "off");
  tell_line(out->str);
}

static Status judge(const ScenarioFile *file, const Scenario *scenario, const DesignExpect *expect,
                    const CloudClass *cloud) {
  const RunOptions options = {.seed = (guint64)scenario->design->seed};
  g_autoptr(Inspection) inspection =
      inspection_new(scenario, cloud, &options, expect->reach_at.law.a);
  const Reachability found = inspection_reach(
      inspection, place_named(inspection, ((NameRef *)expect->reach->pdata[0])->text),
      place_named(inspection, ((NameRef *)expect->reach->pdata[1])->text));
  if (found.verdict == (expect->is ? REACH_YES : REACH_NO))
    return STATUS_DONE;
  tell(file, expect, cloud, scenario->variant, &found);
  return STATUS_EXPECT;
}

static gboolean is_about(const DesignExpect *expect, const Scenario *scenario,
                         const CloudClass *cloud, guint index) {
  const char *variant = scenario_variant_meant(expect->variant.text);
  return expect->reach->len > 0 && scenario->design->models[index] &&
         (expect->model.text == NULL || strcmp(expect->model.text, cloud->name) == 0) &&
         strcmp(variant, scenario->variant->name) == 0;
}

Status check_reach_expectations(const ScenarioFile *file) {
  const GPtrArray *all = scenario_file_get(file, 0)->design->expect;
  Status status = STATUS_DONE;
  for (guint i = 0; i < all->len; i++)
    for (guint v = 0; v < scenario_file_count(file); v++)
      for (guint c = 0; c < cloud_count(); c++)
        if (is_about(all->pdata[i], scenario_file_get(file, v), cloud_at(c), c))
          status = status_worse(
              status, judge(file, scenario_file_get(file, v), all->pdata[i], cloud_at(c)));
  return status;
}
