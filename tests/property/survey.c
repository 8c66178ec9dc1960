/* What a survey says of a failure is what a run says that has it as an event; it does not depend on
 * what else may fail, nor on what was tried before in the same world; and what is proven to change
 * nothing changes nothing. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/base/random.h"
#include "routesim/check/check.h"
#include "routesim/check/names.h"
#include "routesim/run/survey.h"
#include "support/scenarios.h"
#include "support/topology.h"

#define COUNT TOPOLOGY_COUNT(12)
#define PARTS 4
#define FIRSTS 3 /* failures of one design */

static guint64 proofs; /* of this process, which is one part */

typedef struct {
  const char *text;
  const CloudClass *cloud;
  const Design *design;
  RunOptions options;
  GArray *cases; /* SurveyCase */
  RandomStream stream;
} Trial;

static const SurveyCase *case_at(const Trial *trial, guint number) {
  return &g_array_index(trial->cases, SurveyCase, number);
}

/* Every element that the model has, each by a kind that fits it. */
static void draw_cases(Trial *trial, Arena *arena) {
  const GPtrArray *elements =
      check_names_elements(check_names_new(arena, trial->design, trial->cloud));
  for (guint i = 0; i < elements->len; i++) {
    const SurveyCase one = {elements->pdata[i], fault_kind_at((guint)(random_bits(&trial->stream) %
                                                                      fault_kind_count()))};
    const SurveyCase silent = {one.target, fault_kind_find("silent")};
    g_array_append_val(trial->cases,
                       *(check_can_fail(trial->design, one.target, one.how) ? &one : &silent));
  }
}

static char *complain(const Trial *trial, guint first, guint second, const char *what) {
  GString *out = g_string_new(what);
  g_string_append_printf(out, ": %s %s", case_at(trial, first)->target,
                         case_at(trial, first)->how->name);
  if (second < trial->cases->len)
    g_string_append_printf(out, ", then %s %s", case_at(trial, second)->target,
                           case_at(trial, second)->how->name);
  return g_string_free(out, FALSE);
}

static gboolean is_same(const SurveyRow *a, const SurveyRow *b) {
  return a->settled == b->settled && a->at.ns == b->at.ns && a->detected.ns == b->detected.ns &&
         a->outage.ns == b->outage.ns && a->flows == b->flows && a->gone == b->gone &&
         a->lost == b->lost && a->interrupted == b->interrupted &&
         a->sessions_broken == b->sessions_broken && a->returning_broken == b->returning_broken &&
         a->load == b->load && ip_address_equal(a->load_at, b->load_at);
}

/* The same failure in a world of its own, in which nothing else may fail. */
static char *check_alone(const Trial *trial, guint number, const SurveyRow *row) {
  g_autoptr(SurveyWorld) world =
      survey_world_new(trial->design, trial->cloud, &trial->options, case_at(trial, number), 1);
  SurveyRow alone;
  survey_fail(world, 0);
  survey_return(world, 0, &alone);
  return is_same(row, &alone) ? NULL : complain(trial, number, G_MAXUINT, "alone it costs another");
}

/* The same failure as the one event of a scenario that ends a day later. */
static char *check_as_event(const Trial *trial, guint number, const SurveyRow *row) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autofree char *events =
      g_strdup_printf("[{at: %" G_GINT64_FORMAT "ns, fail: \"%s\", how: %s}]", row->at.ns,
                      case_at(trial, number)->target, case_at(trial, number)->how->name);
  const ScenarioSetting settings[] = {{"duration", "1d"}, {"events", events}};
  g_autoptr(ScenarioFile) file =
      check_read("survey.yaml", g_strdup(trial->text), strlen(trial->text), settings,
                 G_N_ELEMENTS(settings), diagnostics);
  if (file == NULL || diagnostics_errors(diagnostics) > 0 || trial->design->cold_start)
    return NULL; /* some design refuses what has these events */
  g_autoptr(RunResult) result =
      run_scenario(scenario_file_get(file, 0), trial->cloud, &trial->options);
  const MetricRow *event = &result->rows[0];
  if (event->detected.ns != row->detected.ns || event->flows_interrupted != row->interrupted ||
      event->sessions_broken != row->sessions_broken || event->flows_gone != row->gone ||
      (row->lost == 0 && event->outage.ns != row->outage.ns)) {
    g_autofree char *what = g_strdup_printf(
        "as an event it costs another: detected %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT
        ", interrupted %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT ", broken %" G_GUINT64_FORMAT
        " and %" G_GUINT64_FORMAT ", gone %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT
        ", outage %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT,
        event->detected.ns, row->detected.ns, event->flows_interrupted, row->interrupted,
        event->sessions_broken, row->sessions_broken, event->flows_gone, row->gone,
        event->outage.ns, row->outage.ns);
    return complain(trial, number, G_MAXUINT, what);
  }
  return NULL;
}

/* All that is proven to change nothing after the first one, done all the same. */
static char *check_proofs(const Trial *trial, SurveyWorld *world, guint first) {
  char *complaint = NULL;
  SurveyMark *settled = survey_mark(world);
  SurveyRow without, with;
  survey_ask(world);
  g_autofree gboolean *cold = g_new0(gboolean, trial->cases->len);
  for (guint second = 0; second < trial->cases->len; second++)
    cold[second] = second != first && survey_is_cold(world, second);
  survey_return_to(world, settled);
  survey_finish(world, &without);
  for (guint second = 0; second < trial->cases->len && complaint == NULL; second++) {
    if (!cold[second])
      continue;
    survey_return_to(world, settled);
    survey_fail(world, second);
    survey_finish(world, &with);
    with.detected = without.detected;
    proofs++;
    if (!is_same(&with, &without))
      complaint = complain(trial, first, second, "what was proven to change nothing did");
  }
  survey_return_to(world, settled);
  survey_mark_free(settled);
  return complaint;
}

static char *check_first(const Trial *trial, SurveyWorld *world, guint first) {
  SurveyRow row;
  survey_fail(world, first);
  char *complaint = check_proofs(trial, world, first);
  if (complaint != NULL)
    return complaint;
  survey_return(world, first, &row);
  complaint = check_alone(trial, first, &row);
  return complaint != NULL || !row.settled ? complaint : check_as_event(trial, first, &row);
}

static char *survey_agrees(const char *text, const Scenario *scenario, const CloudClass *cloud,
                           guint64 seed) {
  g_autoptr(Arena) arena = arena_new();
  Trial trial = {.text = text,
                 .cloud = cloud,
                 .design = scenario->design,
                 .options = {.seed = seed, .liveness_given = TRUE, .liveness = LIVENESS_LAZY},
                 .cases = arena_growing_array(arena, sizeof(SurveyCase)),
                 .stream = random_stream(seed, 0, "survey")};
  draw_cases(&trial, arena);
  g_autoptr(SurveyWorld) world = survey_world_new(
      trial.design, cloud, &trial.options, (const SurveyCase *)trial.cases->data, trial.cases->len);
  SurveyMark *healthy = survey_mark(world);
  char *complaint = NULL;
  for (guint i = 0; i < FIRSTS && trial.cases->len > 0 && complaint == NULL; i++) {
    complaint = check_first(&trial, world, (guint)(random_bits(&trial.stream) % trial.cases->len));
    survey_return_to(world, healthy);
  }
  survey_mark_free(healthy);
  return complaint;
}

static void check_part(guint part) {
  static const TopologyOptions wide = {.wide = TRUE};
  const guint designs =
      topology_check_part(part, PARTS, 800001, PARTS * COUNT, &wide, survey_agrees);
  if (topology_is_long())
    g_printerr("survey, part %u: %u designs, %" G_GUINT64_FORMAT " proofs\n", part, designs,
               proofs);
}

/* Shipped designs, by brute force: of all ordered pairs of silent failures, in three runs, those
 * that are proven to be without effect are run all the same. */
static guint64 prove_all(const Design *design, const CloudClass *cloud, guint run) {
  g_autoptr(Arena) arena = arena_new();
  Trial trial = {
      .cloud = cloud,
      .design = design,
      .options = {.seed = 1, .run = run, .liveness_given = TRUE, .liveness = LIVENESS_LAZY},
      .cases = arena_growing_array(arena, sizeof(SurveyCase))};
  const GPtrArray *elements = check_names_elements(check_names_new(arena, design, cloud));
  const guint64 before = proofs;
  for (guint i = 0; i < elements->len; i++) {
    const SurveyCase one = {elements->pdata[i], fault_kind_find("silent")};
    g_array_append_val(trial.cases, one);
  }
  g_autoptr(SurveyWorld) world = survey_world_new(
      design, cloud, &trial.options, (const SurveyCase *)trial.cases->data, trial.cases->len);
  SurveyMark *healthy = survey_mark(world);
  for (guint first = 0; first < trial.cases->len; first++) {
    survey_fail(world, first);
    g_autofree char *complaint = check_proofs(&trial, world, first);
    cr_assert_null(complaint, "%s under %s, run %u: %s", design->name, cloud->name, run, complaint);
    survey_return_to(world, healthy);
  }
  survey_mark_free(healthy);
  return proofs - before;
}

static void prove_shipped(const char *path) {
  g_autoptr(ScenarioFile) file = scenarios_load(path);
  const Design *design = scenario_file_get(file, 0)->design;
  for (guint cloud = 0; cloud < cloud_count(); cloud++) {
    guint64 found = 0;
    for (guint run = 0; run < 3; run++)
      found += prove_all(design, cloud_at(cloud), run);
    cr_assert_gt(found, 0u, "nothing is proven of %s under %s", path, cloud_at(cloud)->name);
  }
}

Test(survey, proofs_of_two_zones) { prove_shipped("scenarios/designs/two-zones.yaml"); }
Test(survey, proofs_of_a_circuit) { prove_shipped("scenarios/designs/sd-wan-circuit.yaml"); }

Test(survey, agrees_0) { check_part(0); }
Test(survey, agrees_1) { check_part(1); }
Test(survey, agrees_2) { check_part(2); }
Test(survey, agrees_3) { check_part(3); }
