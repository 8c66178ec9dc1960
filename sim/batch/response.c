/* Runs at values of a trait, and what their gaps follow. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "response_private.h"
#include "routesim/check/check.h"

#define VALUES 8      /* 0, and seven that double up to the longest gap */
#define USUALLY 13    /* times that all runs are made, for progress */
#define MATTERS 0.001 /* of a value: a gap that moves by less does not hang on it */

/* ---- runs ----------------------------------------------------------------------------------- */

static ScenarioFile *read_with(const Model *model, const char *traits, GError **error) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  const ScenarioChanges *own = model->options->changes;
  g_autofree ScenarioTraits *all = g_new(ScenarioTraits, own->traits_count + 1);
  gsize length;
  const char *text = scenario_file_text(model->file, &length);
  for (guint i = 0; i < own->traits_count; i++)
    all[i] = own->traits[i];
  all[own->traits_count] = (ScenarioTraits){"calibrate", traits, strlen(traits)};
  ScenarioChanges changes = *own;
  changes.traits = all;
  changes.traits_count += traits[0] != '\0';
  changes.base_only = TRUE;
  ScenarioFile *file =
      check_read_changed(scenario_file_get(model->file, 0)->path, g_memdup2(text, length + 1),
                         length, &changes, diagnostics);
  for (guint i = 0; i < diagnostics_count(diagnostics); i++) {
    const Diagnostic *one = diagnostics_get(diagnostics, i);
    if (one->severity != SEVERITY_ERROR)
      continue;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s", one->message);
    scenario_file_free(file);
    return NULL;
  }
  return file;
}

static double probe_of(const BatchCell *cell, guint run, const char *name) {
  for (guint i = 0; i < cell->probe_count; i++) {
    const ProbeResult *probe = &cell->probes[(gsize)run * cell->probe_count + i];
    if (strcmp(probe->name, name) == 0)
      return sim_time_seconds(probe->longest_gap);
  }
  return 0;
}

static double gap_of(const Model *model, const BatchCell *cell, guint run) {
  gboolean censored;
  double value = 0;
  if (model->probe != NULL)
    return probe_of(cell, run, model->probe);
  const MetricRow *row = batch_row(cell, run, model->options->event);
  if (!measure_value(row, model->measure, &value, &censored))
    return 0;
  return censored ? sim_time_seconds(sim_time_sub(cell->scenario->design->duration.law.a, row->at))
                  : value;
}

double *model_gaps(const Model *model, const char *traits, guint runs, GError **error) {
  BatchOptions batch = *model->options->batch;
  ScenarioFile *file = read_with(model, traits, error);
  double *gaps = NULL;
  if (file == NULL)
    return NULL;
  batch.runs = runs;
  batch.model = model->cloud;
  batch.no_detail = TRUE;
  batch.progress = NULL;
  g_autoptr(Batch) done = batch_run(file, &batch, error);
  if (done != NULL) {
    gaps = g_new(double, runs);
    for (guint run = 0; run < runs; run++)
      gaps[run] = gap_of(model, batch_cell(done, 0), run);
  }
  scenario_file_free(file);
  ++*model->simulated;
  if (model->options->batch->progress != NULL)
    model->options->batch->progress(model->options->batch->progress_data,
                                    (guint64)*model->simulated * runs,
                                    (guint64)MAX(*model->simulated + 1, USUALLY) * runs);
  return gaps;
}

/* ---- values ---------------------------------------------------------------------------------- */

struct Response {
  const Model *model;
  const char *trait;
  guint asked, runs; /* all runs, and those with a gap */
  guint *which;      /* of the runs with a gap: their number among all */
  guint values;
  double value[VALUES];
  double *gaps[VALUES]; /* by run that has one */
  double *least, *most; /* sorted */
  double *u, *z;        /* what each gap follows; z is the normal quantile of u ... */
  double *beside;       /* ... and seconds that it differs from that */
  double *sorted_u;
  Law followed;
};

void response_free(Response *response) {
  if (response == NULL)
    return;
  for (guint i = 0; i < response->values; i++)
    g_free(response->gaps[i]);
  g_free(response->which);
  g_free(response->least);
  g_free(response->most);
  g_free(response->u);
  g_free(response->z);
  g_free(response->beside);
  g_free(response->sorted_u);
  g_free(response);
}

static double *gaps_with(const Response *response, const Law *law, GError **error) {
  g_autofree char *text = law_text(law);
  g_autofree char *traits = g_strdup_printf("%s: %s\n", response->trait, text);
  return model_gaps(response->model, traits, response->asked, error);
}

static gboolean add_value(Response *response, double seconds, GError **error) {
  const Law law = {.kind = LAW_CONSTANT, .a = seconds};
  double *gaps = gaps_with(response, &law, error);
  if (gaps == NULL)
    return FALSE;
  response->value[response->values] = seconds;
  response->gaps[response->values++] = gaps;
  return TRUE;
}

/* A value that a check refuses is left out, as it is none of the trait. */
static gboolean add_values(Response *response, double longest, GError **error) {
  for (guint i = 0; i < VALUES; i++) {
    const double seconds = i == 0 ? 0 : ldexp(longest, (int)i - (VALUES - 1));
    g_autoptr(GError) own = NULL;
    if (add_value(response, seconds, &own))
      continue;
    /* The longest is the last. */
    if (own->domain != G_OPTION_ERROR || (i == VALUES - 1 && response->values < 2)) {
      g_propagate_prefixed_error(error, g_steal_pointer(&own),
                                 "%s takes no such value: ", response->trait);
      return FALSE;
    }
  }
  return TRUE;
}

/* What came with a shorter value and not with a longer one came behind the end of the run. */
static gboolean has_gap(const Response *response, guint run) {
  gboolean any = response->gaps[0][run] > 0;
  for (guint i = 1; i < response->values; i++) {
    any |= response->gaps[i][run] > 0;
    if (response->gaps[i][run] <= 0)
      response->gaps[i][run] = response->gaps[i - 1][run];
  }
  return any;
}

/* Runs that the event interrupts nothing in tell nothing. */
static void keep_runs_with_gaps(Response *response) {
  response->which = g_new(guint, response->asked);
  for (guint run = 0; run < response->asked; run++) {
    if (!has_gap(response, run))
      continue;
    for (guint i = 0; i < response->values; i++)
      response->gaps[i][response->runs] = response->gaps[i][run];
    response->which[response->runs++] = run;
  }
}

static double *sorted_copy(const double *values, guint count) {
  double *sorted = g_memdup2(values, count * sizeof *values);
  qsort(sorted, count, sizeof *sorted, double_compare);
  return sorted;
}

static gboolean check_gaps(const Response *response, GError **error) {
  const guint last = response->values - 1;
  guint moving = 0;
  for (guint run = 0; run < response->runs; run++)
    moving += response->gaps[last][run] - response->gaps[0][run] >
              MATTERS * (response->value[last] - response->value[0]);
  if (response->runs == 0)
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "under %s this scenario has no such gap in any of %u runs: nothing can be fitted",
                response->model->cloud->name, response->asked);
  else if (moving * 10 < response->runs)
    g_set_error(
        error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "under %s these gaps do not hang on %s: they stay as they are from %gs to %gs of it",
        response->model->cloud->name, response->trait, response->value[0], response->value[last]);
  return response->runs > 0 && moving * 10 >= response->runs;
}

Response *response_new(const Model *model, const char *trait, guint runs, double longest,
                       GError **error) {
  Response *response = g_new0(Response, 1);
  response->model = model;
  response->trait = trait;
  response->asked = runs;
  if (!add_values(response, longest, error)) {
    response_free(response);
    return NULL;
  }
  keep_runs_with_gaps(response);
  if (!check_gaps(response, error)) {
    response_free(response);
    return NULL;
  }
  response->least = sorted_copy(response->gaps[0], response->runs);
  response->most = sorted_copy(response->gaps[response->values - 1], response->runs);
  response->u = g_new(double, response->runs);
  response->z = g_new(double, response->runs);
  response->beside = g_new(double, response->runs);
  return response;
}

guint response_runs(const Response *response) { return response->runs; }
const double *response_least(const Response *response) { return response->least; }
const double *response_most(const Response *response) { return response->most; }

/* A straight line between two values, and beyond the last one as before it. */
double response_gap(const Response *response, guint run, double seconds) {
  guint k = 1;
  while (k + 1 < response->values && response->value[k] < seconds)
    k++;
  const double from = response->value[k - 1], to = response->value[k];
  const double a = response->gaps[k - 1][run], b = response->gaps[k][run];
  return a + (b - a) * (fmax(seconds, response->value[0]) - from) / (to - from);
}

/* ---- what gaps follow -------------------------------------------------------------------- */

/* The value with which the run's gap is this one; NaN: its gaps are all alike there. */
static double seconds_of(const Response *response, guint run, double gap) {
  const guint last = response->values - 1;
  for (guint k = 1; k <= last; k++) {
    const double a = response->gaps[k - 1][run], b = response->gaps[k][run];
    const double from = response->value[k - 1], to = response->value[k];
    const gboolean is_here = (gap >= a && gap < b) || (k == last && b > a && gap >= a);
    if (is_here && b - a > MATTERS * (to - from))
      return from + (to - from) * (gap - a) / (b - a);
  }
  return gap < response->gaps[0][run] ? response->value[0] : NAN;
}

/* A place in the law whose value is the nearest to these seconds: of a table's equal ones, and of
 * all that lie alike, the middle. */
static double place_near(const Law *law, double seconds) {
  double ends[2];
  for (guint end = 0; end < 2; end++) {
    double low = 0, high = 1;
    for (guint i = 0; i < 30; i++) {
      const double middle = (low + high) / 2;
      const double value = law_quantile(law, middle, portable_normal_quantile(middle));
      *(value < seconds || (end == 1 && value <= seconds) ? &low : &high) = middle;
    }
    ends[end] = (low + high) / 2;
  }
  return CLAMP((ends[0] + ends[1]) / 2, 1e-6, 1 - 1e-6);
}

/* What the law does not say of the run's gap, as that another instance noticed earlier, is beside
 * it and stays. */
static void find_place(Response *response, guint run, double seconds, const Law *law) {
  const double u = isnan(seconds) ? 0.5 : place_near(law, seconds);
  response->u[run] = u;
  response->z[run] = portable_normal_quantile(u);
  response->beside[run] = isnan(seconds) ? 0 : seconds - law_quantile(law, u, response->z[run]);
}

static gboolean is_same(const Law *a, const Law *b) {
  return a->kind == b->kind && a->a == b->a && a->b == b->b && a->own == b->own && a->count == 0 &&
         b->count == 0;
}

gboolean response_follow(Response *response, const Law *law, GError **error) {
  if (response->sorted_u != NULL && is_same(law, &response->followed))
    return TRUE;
  g_autofree double *gaps = gaps_with(response, law, error);
  if (gaps == NULL)
    return FALSE;
  for (guint run = 0; run < response->runs; run++)
    find_place(response, run, seconds_of(response, run, gaps[response->which[run]]), law);
  g_free(response->sorted_u);
  response->sorted_u = sorted_copy(response->u, response->runs);
  response->followed = *law;
  return TRUE;
}

double response_gap_of(const Response *response, guint run, const Law *law) {
  return response_gap(
      response, run, law_quantile(law, response->u[run], response->z[run]) + response->beside[run]);
}

static double counted_share(const Response *response, double u) {
  guint count = 0;
  while (count < response->runs && response->sorted_u[count] <= u)
    count++;
  return (double)count / response->runs;
}

/* How many draws a gap is the longest of: 1, 2, or 0 where it is neither. Three standard errors of
 * a share are taken for chance; of few runs both may lie within that, and the nearer one is it. */
static guint longest_of(const Response *response) {
  const double half = counted_share(response, 0.5), error = 1.5 / sqrt(response->runs);
  const double from_one = fabs(half - 0.5), from_two = fabs(half - 0.25);
  return MIN(from_one, from_two) >= error ? 0 : from_one < from_two ? 1 : 2;
}

double response_share(const Response *response, double u) {
  const guint draws = longest_of(response);
  return draws == 1 ? u : draws == 2 ? u * u : counted_share(response, u);
}

typedef struct {
  double u;
  guint run;
} Ranked;

static int compare_ranked(const void *a, const void *b) {
  const Ranked *left = a, *right = b;
  const int order = (left->u > right->u) - (left->u < right->u);
  return order != 0 ? order : (left->run > right->run) - (left->run < right->run);
}

void response_even(Response *response) {
  const guint runs = response->runs, draws = longest_of(response);
  g_autofree Ranked *ranked = g_new(Ranked, runs);
  for (guint run = 0; run < runs; run++)
    ranked[run] = (Ranked){response->u[run], run};
  qsort(ranked, runs, sizeof *ranked, compare_ranked);
  for (guint i = 0; draws > 0 && i < runs; i++) {
    const double share = (i + 0.5) / runs;
    response->sorted_u[i] = draws == 1 ? share : sqrt(share);
    response->u[ranked[i].run] = response->sorted_u[i];
    response->z[ranked[i].run] = portable_normal_quantile(response->sorted_u[i]);
    response->beside[ranked[i].run] = 0;
  }
}
