/* Traits moved one by one and all together; see the header. */
#include "routesim/batch/sensitivity.h"

#include <math.h>
#include <string.h>

#include "routesim/check/check.h"
#include "sensitivity_private.h"

struct Sensitivity {
  Arena *arena;
  ScenarioFile *file;
  const SensitivityOptions *options;
  GPtrArray *traits; /* SensitivityTrait * */
  GArray *cells;     /* SensitivityCell */
  guint refused;     /* joint points that a check did not let pass ... */
  const char *why;   /* ... the first of them, or NULL */
  guint64 done, all; /* batches */
};

/* ---- one point ------------------------------------------------------------------------ */

/* The answer of a cell: infinite where it lies among runs that were not over. */
static double answer_of(const Sensitivity *sensitivity, const BatchCell *cell, guint event) {
  const SensitivityOptions *options = sensitivity->options;
  if (event >= cell->event_count)
    return NAN;
  const Summary summary = batch_summary(cell, event, options->measure);
  const double value = summary_value(&summary, options->statistic);
  return isnan(value) && summary.n > 0 ? HUGE_VAL : value;
}

/* Progress is told in batches of the whole. */
static void tell(gpointer data, guint64 done, guint64 all) {
  const Sensitivity *sensitivity = data;
  const BatchOptions *batch = sensitivity->options->batch;
  (void)done;
  (void)all;
  batch->progress(batch->progress_data, sensitivity->done, sensitivity->all);
}

static Batch *run_file(Sensitivity *sensitivity, ScenarioFile *file, guint most_runs,
                       GError **error) {
  BatchOptions batch = *sensitivity->options->batch;
  if (batch.runs == 0)
    batch.runs = (guint)scenario_file_get(sensitivity->file, 0)->design->runs;
  if (most_runs > 0)
    batch.runs = MIN(batch.runs, most_runs);
  batch.no_detail = TRUE;
  batch.progress = batch.progress != NULL ? tell : NULL;
  batch.progress_data = sensitivity;
  sensitivity->done++;
  return batch_run(file, &batch, error);
}

/* The file with these settings behind those of the command line; NULL and what is wrong. */
static ScenarioFile *read_with(const Sensitivity *sensitivity, const GArray *settings,
                               char **wrong) {
  const SensitivityOptions *options = sensitivity->options;
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(ScenarioSetting));
  gsize length;
  const char *text = scenario_file_text(sensitivity->file, &length);
  ScenarioChanges changes = options->changes != NULL ? *options->changes : (ScenarioChanges){0};
  g_array_append_vals(all, changes.settings, changes.count);
  g_array_append_vals(all, settings->data, settings->len);
  changes.settings = (const ScenarioSetting *)all->data;
  changes.count = all->len;
  ScenarioFile *file =
      check_read_changed(scenario_file_get(sensitivity->file, 0)->path, g_memdup2(text, length + 1),
                         length, &changes, diagnostics);
  if (diagnostics_errors(diagnostics) == 0)
    return file;
  for (guint i = 0; i < diagnostics_count(diagnostics); i++)
    if (diagnostics_get(diagnostics, i)->severity == SEVERITY_ERROR) {
      *wrong = g_strdup(diagnostics_get(diagnostics, i)->message);
      break;
    }
  scenario_file_free(file);
  return NULL;
}

/* ---- one by one ------------------------------------------------------------------------ */

static gboolean is_of(const SensitivityTrait *trait, const CloudClass *cloud) {
  const CloudClass *own = sensitivity_cloud_of(trait->path);
  return own == NULL || own == cloud;
}

static gboolean runs_under(const Sensitivity *sensitivity, const SensitivityTrait *trait) {
  for (guint i = 0; i < sensitivity->cells->len; i++)
    if (is_of(trait, g_array_index(sensitivity->cells, SensitivityCell, i).cloud))
      return TRUE;
  return FALSE;
}

static void take_answers(Sensitivity *sensitivity, const SensitivityTrait *trait,
                         const Batch *batch, gboolean high) {
  for (guint i = 0; i < sensitivity->cells->len; i++) {
    SensitivityCell *cell = &g_array_index(sensitivity->cells, SensitivityCell, i);
    if (!is_of(trait, cell->cloud))
      continue;
    if (!high) {
      const SensitivityEffect effect = {trait, NAN, NAN};
      g_array_append_val(cell->effects, effect);
    }
    SensitivityEffect *last =
        &g_array_index(cell->effects, SensitivityEffect, cell->effects->len - 1);
    *(high ? &last->at_high : &last->at_low) =
        answer_of(sensitivity, batch_cell(batch, i), sensitivity->options->event);
  }
}

/* The file with a trait at one end; NULL and what is wrong with that. */
static ScenarioFile *read_at(const Sensitivity *sensitivity, const SensitivityTrait *trait,
                             const char *value, char **wrong) {
  ValueTree *tree = value_tree_new(sensitivity->arena);
  value_tree_add(tree, trait, value);
  g_autoptr(GArray) settings = value_tree_settings(tree);
  return read_with(sensitivity, settings, wrong);
}

/* Both ends, or neither: a trait of which a check refuses one is not moved, and told. */
static void find_refused(Sensitivity *sensitivity) {
  for (guint i = 0; i < sensitivity->traits->len; i++) {
    SensitivityTrait *trait = sensitivity->traits->pdata[i];
    const char *const ends[] = {trait->low, trait->high};
    for (guint end = 0; end < 2 && runs_under(sensitivity, trait) && trait->refused == NULL;
         end++) {
      g_autofree char *wrong = NULL;
      ScenarioFile *file = read_at(sensitivity, trait, ends[end], &wrong);
      if (file == NULL)
        trait->refused = arena_printf(sensitivity->arena, "at %s: %s", ends[end], wrong);
      scenario_file_free(file);
    }
  }
}

static gboolean move_to(Sensitivity *sensitivity, const SensitivityTrait *trait, gboolean high,
                        GError **error) {
  g_autofree char *wrong = NULL;
  ScenarioFile *file = read_at(sensitivity, trait, high ? trait->high : trait->low, &wrong);
  g_assert(file != NULL); /* find_refused() has seen it */
  g_autoptr(Batch) batch = run_file(sensitivity, file, 0, error);
  if (batch != NULL)
    take_answers(sensitivity, trait, batch, high);
  scenario_file_free(file);
  return batch != NULL;
}

static gboolean move_each(Sensitivity *sensitivity, GError **error) {
  for (guint i = 0; i < sensitivity->traits->len; i++) {
    const SensitivityTrait *trait = sensitivity->traits->pdata[i];
    if (trait->refused != NULL || !runs_under(sensitivity, trait))
      continue;
    if (!move_to(sensitivity, trait, FALSE, error) || !move_to(sensitivity, trait, TRUE, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- all together ----------------------------------------------------------------------- */

/* Where each point lies in the range of a trait: one in each of as many strata, in an order of the
 * trait's own. */
static void draw_strata(const Sensitivity *sensitivity, const char *path, double *places) {
  const Design *design = scenario_file_get(sensitivity->file, 0)->design;
  const BatchOptions *batch = sensitivity->options->batch;
  const guint64 seed = batch->seed_given ? batch->seed : (guint64)design->seed;
  g_autofree char *name = g_strconcat("sensitivity/", path, NULL);
  RandomStream stream = random_stream(seed, 0, name);
  random_strata(&stream, SENSITIVITY_POINTS, places);
}

static void widen(const Sensitivity *sensitivity, SensitivityCell *cell, const BatchCell *point) {
  for (guint event = 0; event < cell->event_count; event++) {
    SensitivityRange *range = &cell->ranges[event];
    const double answer = answer_of(sensitivity, point, event);
    if (isnan(answer))
      continue;
    range->least = fmin(range->least, answer);
    range->most = fmax(range->most, answer);
  }
}

/* A point that no check lets pass, as ends that each pass may not do together, is left out. */
static gboolean try_point(Sensitivity *sensitivity, const double *places, guint point,
                          GError **error) {
  g_autoptr(Arena) arena = arena_new();
  g_autofree char *wrong = NULL;
  ValueTree *tree = value_tree_new(arena);
  for (guint i = 0; i < sensitivity->traits->len; i++) {
    const SensitivityTrait *trait = sensitivity->traits->pdata[i];
    const double place = places[(gsize)i * SENSITIVITY_POINTS + point];
    if (trait->refused == NULL && runs_under(sensitivity, trait))
      value_tree_add(tree, trait, sensitivity_value_at(arena, trait, place));
  }
  g_autoptr(GArray) settings = value_tree_settings(tree);
  ScenarioFile *file = read_with(sensitivity, settings, &wrong);
  if (file == NULL) {
    if (sensitivity->refused++ == 0)
      sensitivity->why = arena_strdup(sensitivity->arena, wrong);
    sensitivity->done++;
    return TRUE;
  }
  g_autoptr(Batch) batch = run_file(sensitivity, file, SENSITIVITY_POINT_RUNS, error);
  for (guint i = 0; batch != NULL && i < sensitivity->cells->len; i++)
    widen(sensitivity, &g_array_index(sensitivity->cells, SensitivityCell, i),
          batch_cell(batch, i));
  scenario_file_free(file);
  return batch != NULL;
}

static gboolean move_all(Sensitivity *sensitivity, GError **error) {
  g_autofree double *places =
      g_new(double, (gsize)(sensitivity->traits->len + 1) * SENSITIVITY_POINTS);
  for (guint i = 0; i < sensitivity->traits->len; i++) {
    const SensitivityTrait *trait = sensitivity->traits->pdata[i];
    draw_strata(sensitivity, trait->path, places + (gsize)i * SENSITIVITY_POINTS);
  }
  for (guint point = 0; point < SENSITIVITY_POINTS; point++)
    if (!try_point(sensitivity, places, point, error))
      return FALSE;
  return TRUE;
}

/* ---- the whole -------------------------------------------------------------------------- */

double sensitivity_span(const SensitivityEffect *effect) {
  const double span = fabs(effect->at_high - effect->at_low);
  return isinf(effect->at_low) && isinf(effect->at_high) ? 0 : isnan(span) ? 0 : span;
}

static int compare_effects(gconstpointer a, gconstpointer b) {
  const SensitivityEffect *left = a, *right = b;
  const double one = sensitivity_span(left), other = sensitivity_span(right);
  const int order = (one < other) - (one > other);
  return order != 0 ? order : strcmp(left->trait->path, right->trait->path);
}

static void take_base(Sensitivity *sensitivity, const Batch *batch) {
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    const SensitivityCell own = {cell->scenario, cell->cloud, cell->event_count,
                                 g_new(SensitivityRange, cell->event_count),
                                 g_array_new(FALSE, FALSE, sizeof(SensitivityEffect))};
    for (guint event = 0; event < own.event_count; event++) {
      const double base = answer_of(sensitivity, cell, event);
      own.ranges[event] =
          (SensitivityRange){base, isnan(base) ? HUGE_VAL : base, isnan(base) ? -HUGE_VAL : base};
    }
    g_array_append_val(sensitivity->cells, own);
  }
}

static gboolean find_base(Sensitivity *sensitivity, GError **error) {
  if (sensitivity->options->base != NULL) {
    take_base(sensitivity, sensitivity->options->base);
    return TRUE;
  }
  g_autoptr(Batch) batch = run_file(sensitivity, sensitivity->file, 0, error);
  if (batch != NULL)
    take_base(sensitivity, batch);
  return batch != NULL;
}

/* How many batches there will be, as far as no point is refused. */
static guint64 count_batches(const Sensitivity *sensitivity) {
  const SensitivityOptions *options = sensitivity->options;
  return (options->base == NULL) + (options->joint_only ? 0 : 2 * sensitivity->traits->len) +
         SENSITIVITY_POINTS;
}

static gboolean run_all(Sensitivity *sensitivity, GError **error) {
  sensitivity->all = count_batches(sensitivity);
  if (!find_base(sensitivity, error))
    return FALSE;
  find_refused(sensitivity);
  return (sensitivity->options->joint_only || move_each(sensitivity, error)) &&
         move_all(sensitivity, error);
}

Sensitivity *sensitivity_run(ScenarioFile *file, const SensitivityOptions *options,
                             GError **error) {
  Sensitivity *sensitivity = g_new0(Sensitivity, 1);
  sensitivity->arena = arena_new();
  sensitivity->file = file;
  sensitivity->options = options;
  sensitivity->cells = g_array_new(FALSE, FALSE, sizeof(SensitivityCell));
  sensitivity->traits = sensitivity_find_traits(
      sensitivity->arena, scenario_file_get(file, 0)->design, options->ranges, error);
  if (sensitivity->traits == NULL || !run_all(sensitivity, error)) {
    sensitivity_free(sensitivity);
    return NULL;
  }
  for (guint i = 0; i < sensitivity->cells->len; i++)
    g_array_sort(g_array_index(sensitivity->cells, SensitivityCell, i).effects, compare_effects);
  return sensitivity;
}

void sensitivity_free(Sensitivity *sensitivity) {
  if (sensitivity == NULL)
    return;
  for (guint i = 0; i < sensitivity->cells->len; i++) {
    const SensitivityCell *cell = &g_array_index(sensitivity->cells, SensitivityCell, i);
    g_array_unref(cell->effects);
    g_free(cell->ranges);
  }
  g_array_unref(sensitivity->cells);
  arena_free(sensitivity->arena);
  g_free(sensitivity);
}

guint sensitivity_count(const Sensitivity *sensitivity) { return sensitivity->cells->len; }

const SensitivityCell *sensitivity_cell(const Sensitivity *sensitivity, guint index) {
  g_assert(index < sensitivity->cells->len);
  return &g_array_index(sensitivity->cells, SensitivityCell, index);
}

const SensitivityRange *sensitivity_range(const Sensitivity *sensitivity,
                                          const SensitivityCell *cell) {
  static const SensitivityRange none = {NAN, HUGE_VAL, -HUGE_VAL};
  const guint event = sensitivity->options->event;
  return event < cell->event_count ? &cell->ranges[event] : &none;
}

guint sensitivity_refused(const Sensitivity *sensitivity, const char **why) {
  *why = sensitivity->why;
  return sensitivity->refused;
}

const GPtrArray *sensitivity_traits(const Sensitivity *sensitivity) { return sensitivity->traits; }
