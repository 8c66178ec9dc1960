/* What explain and reach say of every scenario of the tree agrees with what the run says: steps
 * follow upon each other and sum to the outage; who reaches whom is what traffic shows. */
#include <criterion/criterion.h>
#include <string.h>

#include "property/windows.h"
#include "routesim/check/check.h"
#include "routesim/report/facts.h"
#include "routesim/run/explain.h"
#include "routesim/run/inspect.h"
#include "support/scenarios.h"

typedef void (*ModelCheck)(const Scenario *scenario, const CloudClass *cloud);

/* `data`: the ModelCheck *. */
static void each_model(const Scenario *scenario, gpointer data) {
  const ModelCheck check = *(ModelCheck *)data;
  for (guint c = 0; c < cloud_count(); c++)
    if (scenario->design->models[c])
      check(scenario, cloud_at(c));
}

/* Every variant of the tree's scenarios, under every model that it has: of how many files. */
static guint each_file(ModelCheck check) { return scenarios_each("scenarios", each_model, &check); }

/* ---- steps --------------------------------------------------------------------------------- */

static void assert_steps(const GPtrArray *steps, SimTime end) {
  cr_assert_geq(steps->len, 1);
  for (guint i = 0; i < steps->len; i++) {
    const ExplainedStep *step = steps->pdata[i];
    cr_assert_not_null(step->what);
    if (i == 0) {
      cr_assert(sim_time_is_never(step->took), "the first step has no cause");
      continue;
    }
    const ExplainedStep *before = steps->pdata[i - 1];
    cr_assert_eq(before->at.ns + step->took.ns, step->at.ns, "'%s' leaves a gap", step->what);
    cr_assert(step->took.ns == 0 || step->passed != NULL, "nobody says what passed before '%s'",
              step->what);
  }
  cr_assert_eq(((ExplainedStep *)steps->pdata[steps->len - 1])->at.ns, end.ns);
}

/* What counts of the steps, and what came before the event that ended it, is all of the outage; and
 * `run` splits it as `explain` does. */
static void assert_parts(const Explanation *found, const MetricRow *row) {
  SimTime counted = SIM_TIME_ZERO, split = SIM_TIME_ZERO;
  for (guint i = 0; i < found->restored->len; i++)
    counted = sim_time_add(counted, ((const ExplainedStep *)found->restored->pdata[i])->counts);
  cr_assert_eq(found->waited.ns + counted.ns, found->until.ns - found->since.ns);
  cr_assert(found->waited.ns == 0 || found->repaired);
  if (found->gone)
    return;
  for (guint i = 0; i < BASIS_COUNT; i++)
    split = sim_time_add(split, row->outage_basis.by_basis[i]);
  cr_assert_eq(split.ns, counted.ns);
}

static void steps_sum_to_the_outage(const Scenario *scenario, const CloudClass *cloud) {
  for (guint run = 0; run < 2; run++) {
    const RunOptions options = {.seed = 11, .run = run};
    g_autoptr(RunResult) result = run_scenario(scenario, cloud, &options);
    for (guint event = 0; event < result->row_count; event++) {
      const MetricRow *row = &result->rows[event];
      Explanation found;
      const gboolean any = explain_outage(result, event, NULL, &found);
      cr_assert_eq(any, row->outage.ns > 0, "%s %s: event %u", scenario->design->name, cloud->name,
                   event);
      if (!any)
        continue;
      cr_assert_eq(found.until.ns - found.since.ns, row->outage.ns, "%s %s: event %u",
                   scenario->design->name, cloud->name, event);
      assert_steps(found.stopped, found.since);
      if (found.censored)
        continue;
      assert_steps(found.restored, found.until);
      assert_parts(&found, row);
    }
  }
}

Test(explain, steps_follow_upon_each_other_and_sum_to_the_outage) {
  cr_assert_geq(each_file(steps_sum_to_the_outage), 10);
}

/* ---- what each step rests on --------------------------------------------------------------- */

/* "RFC 4271 6.5", or a fact of the sheets; of what the scenario sets, and of what no source gives,
 * the key. */
static gboolean is_ground(const Stage *stage, const char *fact) {
  g_auto(GStrv) ids = g_strsplit(fact, ", ", -1);
  for (guint i = 0; ids[i] != NULL; i++)
    if (fact_find(ids[i]) == NULL && !g_str_has_prefix(ids[i], "RFC ") &&
        stage->basis != BASIS_SET && strcmp(ids[i], "link_delay") != 0)
      return FALSE;
  return ids[0] != NULL;
}

static void assert_grounds(const GPtrArray *steps, const char *where) {
  for (guint i = 0; i < steps->len; i++) {
    const ExplainedStep *step = steps->pdata[i];
    if (sim_time_is_never(step->took) || step->took.ns == 0)
      continue;
    cr_assert_not_null(step->stage, "%s: nothing says what passed before '%s'", where, step->what);
    cr_assert(step->stage->basis != BASIS_NONE && step->fact != NULL,
              "%s: '%s' before '%s' rests on nothing", where, step->stage->name, step->what);
    cr_assert(is_ground(step->stage, step->fact), "%s: '%s' before '%s' rests on '%s'", where,
              step->stage->name, step->what, step->fact);
  }
}

static void steps_have_grounds(const Scenario *scenario, const CloudClass *cloud) {
  const RunOptions options = {.seed = 11};
  g_autoptr(RunResult) result = run_scenario(scenario, cloud, &options);
  for (guint event = 0; event < result->row_count; event++) {
    g_autofree char *where = g_strdup_printf("%s %s event %u (%s)", scenario->design->name,
                                             cloud->name, event, result->rows[event].how);
    Explanation found;
    assert_grounds(explain_last_change(result, event), where);
    cr_assert_eq(result->rows[event].outage_basis.by_basis[BASIS_NONE].ns, 0, "%s", where);
    if (!explain_outage(result, event, NULL, &found))
      continue;
    assert_grounds(found.stopped, where);
    assert_grounds(found.restored, where);
  }
}

Test(explain, every_step_says_what_it_rests_on) {
  cr_assert_geq(each_file(steps_have_grounds), 10);
}

/* The same of every kind of failure: each failure of a file happens in each way that it can. */
static void fail_in_every_way(const char *path) {
  ModelCheck check = steps_have_grounds;
  g_autoptr(ScenarioFile) plain = scenarios_load(path);
  const GPtrArray *events = scenario_file_get(plain, 0)->design->events;
  for (guint kind = 0; kind < fault_kind_count(); kind++)
    for (guint e = 0; e < events->len; e++) {
      g_autofree char *key = g_strdup_printf("events.%u.how", e);
      const ScenarioSetting setting = {key, fault_kind_at(kind)->name};
      g_autoptr(Diagnostics) diagnostics = diagnostics_new();
      if (((const DesignEvent *)events->pdata[e])->action != EVENT_FAIL)
        continue;
      g_autoptr(ScenarioFile) file = check_load(path, &setting, 1, diagnostics, NULL);
      if (file == NULL || diagnostics_errors(diagnostics) > 0)
        continue; /* not everything can fail in every way */
      each_model(scenario_file_get(file, 0), &check);
    }
}

Test(explain, every_step_of_every_kind_of_failure_says_what_it_rests_on) {
  g_autoptr(GPtrArray) paths = scenarios_find("scenarios");
  cr_assert_geq(paths->len, 10);
  for (guint i = 0; i < paths->len; i++)
    fail_in_every_way(paths->pdata[i]);
}

/* ---- who reaches whom ------------------------------------------------------------------------ */

/* At the start: a traffic is dropped in no part, in all, or in some, as its cell says. */
static void assert_cell(const RunResult *result, const char *traffic, const Reachability *cell) {
  guint passing = 0, dropped = 0;
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (row->from.ns != 0 || strcmp(row->traffic, traffic) != 0)
      continue;
    if (g_str_has_prefix(row->via, "dropped:"))
      dropped += row->flows;
    else
      passing += row->flows;
  }
  cr_assert(cell->verdict != REACH_YES || dropped == 0, "%s: reached, but dropped", traffic);
  cr_assert(cell->verdict != REACH_NO || cell->reason != DROP_NONE);
  cr_assert(passing == 0 || cell->forward != NULL || cell->verdict == REACH_NO);
  cr_assert(dropped == 0 || cell->verdict != REACH_YES);
}

static void reach_agrees_with_traffic(const Scenario *scenario, const CloudClass *cloud) {
  const RunOptions options = {.seed = 11, .detail = TRUE};
  const GPtrArray *traffic = scenario->design->traffic;
  g_autoptr(RunResult) result = run_scenario(scenario, cloud, &options);
  g_autoptr(Inspection) inspection = inspection_new(scenario, cloud, &options, SIM_TIME_ZERO);
  for (guint i = 0; i < traffic->len; i++) {
    const DesignTraffic *one = traffic->pdata[i];
    const int from = windows_place(inspection, one->from.text);
    const int to = windows_place(inspection, one->to.text);
    if (from < 0 || to < 0)
      continue; /* to an address */
    const Reachability cell = inspection_reach(inspection, (guint)from, (guint)to);
    assert_cell(result, one->head.name, &cell);
    cr_assert_gt(inspection_ways(inspection, one->head.name)->len, 0);
  }
}

Test(reach, agrees_with_traffic) { cr_assert_geq(each_file(reach_agrees_with_traffic), 10); }

/* A rule is named by facts that exist; both directions of a new session pass or none. */
static void rules_exist_and_cells_mirror(const Scenario *scenario, const CloudClass *cloud) {
  const RunOptions options = {.seed = 11};
  g_autoptr(Inspection) inspection = inspection_new(scenario, cloud, &options, SIM_TIME_ZERO);
  const guint count = inspection_place_count(inspection);
  for (guint from = 0; from < count; from++)
    for (guint to = 0; to < count; to++) {
      if (from == to)
        continue;
      const Reachability cell = inspection_reach(inspection, from, to);
      g_auto(GStrv) ids = g_strsplit(cell.rule != NULL ? cell.rule : "", ", ", -1);
      for (guint i = 0; ids[i] != NULL; i++)
        cr_assert_not_null(fact_find(ids[i]), "there is no fact %s", ids[i]);
      cr_assert_eq(cell.verdict != REACH_NO, cell.forward != NULL);
      cr_assert_eq(cell.verdict != REACH_YES, cell.reason != DROP_NONE && cell.where != NULL);
    }
}

Test(reach, rules_are_facts_and_cells_are_whole) {
  cr_assert_geq(each_file(rules_exist_and_cells_mirror), 10);
}

/* ---- an inspection is the run, stopped ------------------------------------------------------- */

static void assert_same_listings(const GPtrArray *a, const GPtrArray *b) {
  cr_assert_eq(a->len, b->len);
  for (guint i = 0; i < a->len; i++)
    cr_assert(cloud_listing_same_rows(a->pdata[i], b->pdata[i]), "%s",
              ((CloudListing *)a->pdata[i])->title);
}

static void looking_changes_nothing(const Scenario *scenario, const CloudClass *cloud) {
  const RunOptions options = {.seed = 11};
  g_autoptr(Inspection) one = inspection_new(scenario, cloud, &options, sim_time_s(90));
  g_autoptr(Inspection) two = inspection_new(scenario, cloud, &options, sim_time_s(90));
  for (guint from = 0; from < inspection_place_count(one); from++)
    for (guint to = 0; to < inspection_place_count(one); to++)
      if (from != to)
        inspection_reach(one, from, to);
  assert_same_listings(inspection_listings(one, NULL), inspection_listings(two, NULL));
}

Test(show, looking_changes_nothing) { cr_assert_geq(each_file(looking_changes_nothing), 10); }
