/* All cells of a survey, one run a task: see the header. */
#include "routesim/batch/survey.h"

#include <math.h>
#include <stdlib.h>

#include "routesim/batch/pool.h"
#include "routesim/check/names.h"

struct Survey {
  Arena *arena;
  GPtrArray *cells; /* SurveyCell * */
  const SurveyOptions *options;
  const SurveyCell *cell; /* that ran last; NULL: none */
  SurveyRow *rows, *pairs;
  SurveyWorld *world; /* of that cell: it names elements */
};

/* ---- cells -------------------------------------------------------------------------- */

static void add_case(GArray *cases, const Design *design, const char *target,
                     const SurveyOptions *options) {
  for (guint i = 0; i < options->how_count; i++) {
    const SurveyCase one = {target, options->how[i]};
    if (check_can_fail(design, target, one.how))
      g_array_append_val(cases, one);
  }
}

static void add_cell(Survey *survey, const Scenario *scenario, const CloudClass *cloud,
                     const SurveyOptions *options) {
  const BatchOptions *batch = options->batch;
  const Design *design = scenario->design;
  const GPtrArray *elements = check_names_elements(check_names_new(survey->arena, design, cloud));
  GArray *cases = arena_growing_array(survey->arena, sizeof(SurveyCase));
  for (guint i = 0; i < elements->len; i++)
    add_case(cases, design, elements->pdata[i], options);
  SurveyCell *cell = arena_new0(survey->arena, SurveyCell);
  *cell = (SurveyCell){.scenario = scenario,
                       .cloud = cloud,
                       .seed = batch->seed_given ? batch->seed : (guint64)design->seed,
                       .first_run = batch->only_run_given ? batch->only_run : 0,
                       .run_count = batch->only_run_given ? 1 : batch->runs,
                       .cases = (const SurveyCase *)cases->data,
                       .case_count = cases->len,
                       .element_count = elements->len};
  g_ptr_array_add(survey->cells, cell);
}

static void add_cells(Survey *survey, const ScenarioFile *file, const SurveyOptions *options) {
  for (guint variant = 0; variant < scenario_file_count(file); variant++) {
    const Scenario *scenario = scenario_file_get(file, variant);
    for (guint i = 0; i < cloud_count(); i++)
      if (scenario->design->models[i] &&
          (options->batch->model == NULL || options->batch->model == cloud_at(i)))
        add_cell(survey, scenario, cloud_at(i), options);
  }
}

static gsize row_count(const SurveyCell *cell) { return (gsize)cell->run_count * cell->case_count; }

static void forget_rows(Survey *survey) {
  g_clear_pointer(&survey->world, survey_world_free);
  g_clear_pointer(&survey->rows, g_free);
  g_clear_pointer(&survey->pairs, g_free);
  survey->cell = NULL;
}

static void make_rows(Survey *survey, const SurveyCell *cell) {
  const RunOptions run = {.seed = cell->seed};
  forget_rows(survey);
  survey->cell = cell;
  survey->world = survey_world_new(cell->scenario->design, cell->cloud, &run, NULL, 0);
  survey->rows = g_new0(SurveyRow, row_count(cell));
  if (survey->options->pairs)
    survey->pairs = g_new0(SurveyRow, row_count(cell) * cell->case_count);
}

/* ---- runs --------------------------------------------------------------------------- */

static SurveyRow *row_at(const Survey *survey, guint number, guint place) {
  return &survey->rows[(gsize)number * survey->cell->run_count + place];
}

static SurveyRow *pair_at(const Survey *survey, guint first, guint second, guint place) {
  const SurveyCell *cell = survey->cell;
  return &survey->pairs[((gsize)first * cell->case_count + second) * cell->run_count + place];
}

static gboolean is_pair(const SurveyCell *cell, guint first, guint second) {
  return first != second && cell->cases[first].how == cell->cases[second].how;
}

/* The first has failed, and the network has settled. */
static void try_seconds(const Survey *survey, SurveyWorld *world, guint first, guint place) {
  const SurveyCell *cell = survey->cell;
  SurveyMark *settled = survey_mark(world);
  survey_ask(world);
  for (guint second = 0; second < cell->case_count; second++)
    if (is_pair(cell, first, second))
      pair_at(survey, first, second, place)->proven = survey_is_cold(world, second);
  for (guint second = 0; second < cell->case_count; second++) {
    SurveyRow *row = pair_at(survey, first, second, place);
    if (!is_pair(cell, first, second) || row->proven)
      continue;
    survey_return_to(world, settled);
    survey_fail(world, second);
    survey_finish(world, row);
  }
  survey_return_to(world, settled);
  survey_mark_free(settled);
}

static void try_case(const Survey *survey, SurveyWorld *world, guint number, guint place) {
  survey_fail(world, number);
  if (survey->pairs != NULL)
    try_seconds(survey, world, number, place);
  survey_return(world, number, row_at(survey, number, place));
}

/* All cases of one run of the cell. */
static void do_run(gpointer data, guint64 number) {
  const Survey *survey = data;
  const BatchOptions *batch = survey->options->batch;
  const SurveyCell *cell = survey->cell;
  const RunOptions run = {.seed = cell->seed,
                          .run = cell->first_run + (guint)number,
                          .liveness_given = TRUE,
                          .liveness = batch->liveness_given ? batch->liveness : LIVENESS_LAZY};
  g_autoptr(SurveyWorld) world =
      survey_world_new(cell->scenario->design, cell->cloud, &run, cell->cases, cell->case_count);
  SurveyMark *healthy = survey_mark(world);
  for (guint i = 0; i < cell->case_count; i++) {
    try_case(survey, world, i, (guint)number);
    survey_return_to(world, healthy);
  }
  survey_mark_free(healthy);
}

/* What is proven to change nothing leaves what the first one alone did. */
static void fill_proven(const Survey *survey) {
  const SurveyCell *cell = survey->cell;
  for (guint first = 0; first < cell->case_count; first++)
    for (guint second = 0; second < cell->case_count; second++)
      for (guint place = 0; place < cell->run_count; place++) {
        SurveyRow *row = pair_at(survey, first, second, place);
        if (!row->proven)
          continue;
        *row = *row_at(survey, first, place);
        row->proven = TRUE;
        row->returning_broken = 0;
      }
}

gboolean survey_run(Survey *survey, guint index, GError **error) {
  const SurveyCell *cell = survey_cell(survey, index);
  const BatchOptions *batch = survey->options->batch;
  const PoolWork work = {.tasks = cell->run_count,
                         .jobs = batch->jobs,
                         .task = do_run,
                         .data = survey,
                         .progress = batch->progress,
                         .progress_data = batch->progress_data};
  make_rows(survey, cell);
  if (!pool_run(&work, error))
    return FALSE;
  if (survey->options->pairs)
    fill_proven(survey);
  return TRUE;
}

/* ---- beginning and end -------------------------------------------------------------- */

Survey *survey_new(ScenarioFile *const *files, guint count, const SurveyOptions *options) {
  Survey *survey = g_new0(Survey, 1);
  survey->arena = arena_new();
  survey->cells = g_ptr_array_new();
  survey->options = options;
  for (guint i = 0; i < count; i++)
    add_cells(survey, files[i], options);
  return survey;
}

void survey_free(Survey *survey) {
  if (survey == NULL)
    return;
  forget_rows(survey);
  g_ptr_array_unref(survey->cells);
  arena_free(survey->arena);
  g_free(survey);
}

/* ---- reading ------------------------------------------------------------------------ */

guint survey_count(const Survey *survey) { return survey->cells->len; }

const SurveyCell *survey_cell(const Survey *survey, guint index) {
  g_assert(index < survey->cells->len);
  return survey->cells->pdata[index];
}

const SurveyCell *survey_cell_run(const Survey *survey) { return survey->cell; }

const SurveyRow *survey_rows(const Survey *survey, guint number) {
  g_assert(survey->cell != NULL && number < survey->cell->case_count);
  return row_at(survey, number, 0);
}

const SurveyRow *survey_pair(const Survey *survey, guint first, guint second) {
  return survey->pairs != NULL && is_pair(survey->cell, first, second)
             ? pair_at(survey, first, second, 0)
             : NULL;
}

const char *survey_element(const Survey *survey, IpAddress address) {
  return survey_world_element(survey->world, address);
}

/* ---- outcomes ----------------------------------------------------------------------- */

#define SHARE_ROUNDING 1e-9
#define LONGER_BY 1.0 /* seconds */

/* A quantile that nobody knows lies above every other. */
static double known_or_more(const Summary *outage, double quantile) {
  return outage->n > 0 && isnan(quantile) ? HUGE_VAL : quantile;
}

static gboolean costs_more(const SurveySummary *pair, const SurveySummary *first,
                           const SurveySummary *second) {
  const double longer = MAX(known_or_more(&first->outage, first->outage.p50),
                            known_or_more(&second->outage, second->outage.p50));
  return pair->lost_of_all > first->lost_of_all + second->lost_of_all + SHARE_ROUNDING ||
         (known_or_more(&pair->outage, pair->outage.p50) > longer + LONGER_BY && !isinf(longer));
}

static int compare_pairs(gconstpointer a, gconstpointer b) {
  const SurveyOutcome *left = a, *right = b;
  const Summary *one = &left->summary.outage, *other = &right->summary.outage;
  const double longest = known_or_more(one, one->p95), shorter = known_or_more(other, other->p95);
  int order = left->mends - right->mends;
  if (order == 0)
    order = (left->summary.lost < right->summary.lost) - (left->summary.lost > right->summary.lost);
  if (order == 0)
    order = (longest < shorter) - (longest > shorter);
  if (order == 0)
    order = (left->first > right->first) - (left->first < right->first);
  return order != 0 ? order : (left->second > right->second) - (left->second < right->second);
}

/* `outcomes` begins with those of single failures. */
static void add_pair(const Survey *survey, guint first, guint second, GArray *outcomes,
                     SurveyTotals *totals) {
  const SurveyCell *cell = survey->cell;
  const SurveyRow *rows = survey_pair(survey, first, second);
  if (rows == NULL)
    return;
  totals->pairs++;
  for (guint i = 0; i < cell->run_count; i++)
    *(rows[i].proven ? &totals->runs_proven : &totals->runs_made) += 1;
  const SurveySummary one = g_array_index(outcomes, SurveyOutcome, first).summary;
  const SurveySummary other = g_array_index(outcomes, SurveyOutcome, second).summary;
  SurveyOutcome both = {&cell->cases[first], &cell->cases[second],
                        survey_summary(rows, cell->run_count), FALSE};
  both.mends = both.summary.lost_of_all + both.summary.gone < one.lost_of_all - SHARE_ROUNDING;
  if (both.mends || costs_more(&both.summary, &one, &other))
    g_array_append_val(outcomes, both);
}

GArray *survey_outcomes(const Survey *survey, SurveyTotals *totals) {
  const SurveyCell *cell = survey->cell;
  GArray *outcomes = g_array_new(FALSE, FALSE, sizeof(SurveyOutcome));
  *totals = (SurveyTotals){0};
  for (guint i = 0; i < cell->case_count; i++) {
    const SurveyOutcome alone = {&cell->cases[i], NULL,
                                 survey_summary(survey_rows(survey, i), cell->run_count), FALSE};
    g_array_append_val(outcomes, alone);
  }
  for (guint first = 0; first < cell->case_count; first++)
    for (guint second = 0; second < cell->case_count; second++)
      add_pair(survey, first, second, outcomes, totals);
  if (outcomes->len > cell->case_count)
    qsort(&g_array_index(outcomes, SurveyOutcome, cell->case_count),
          outcomes->len - cell->case_count, sizeof(SurveyOutcome), compare_pairs);
  return outcomes;
}
