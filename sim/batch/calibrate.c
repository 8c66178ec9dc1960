/* From names and gaps to fitted laws and how well they agree; see the header. */
#include "routesim/batch/calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calibrate_private.h"

struct Calibration {
  Arena *arena;
  const ScenarioFile *file;
  const CalibrationOptions *options;
  Model model;
  guint count;
  CalibrationName names[CALIBRATION_TRAITS];
  guint simulated;
  Response *response; /* of the last call, and for what it was made */
  guint runs, response_runs;
  double longest;
  double *before; /* gaps with the scenario's own traits, sorted, of so many runs */
  guint before_count;
};

guint calibration_runs(guint count) { return CLAMP(4 * count, 500, 4000); }

/* ---- names ---------------------------------------------------------------------------------- */

static const Design *design_of(const Calibration *calibration) {
  return scenario_file_get(calibration->file, 0)->design;
}

static gboolean read_own_law(Calibration *calibration, CalibrationName *name, const KeySpec *spec,
                             const Node *value) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  KeyReader reader = {calibration->arena, diagnostics, NULL};
  Duration duration = {.given = FALSE};
  name->has_own =
      value != NULL ? keys_read_duration(&reader, value, &duration) : spec->fallback != NULL;
  if (name->has_own)
    name->own = value != NULL ? duration.law : keys_default_law(calibration->arena, spec);
  return TRUE;
}

static gboolean find_trait(Calibration *calibration, const char *text, GError **error) {
  ScenarioTraitPlace place = {NULL};
  const char *wrong;
  const KeySpec *spec =
      scenario_find_trait(calibration->arena, design_of(calibration), text, &place, &wrong);
  if (spec == NULL)
    return calibrate_refuse(error, "--fit: %s", wrong);
  if (spec->type != KEY_DURATION || spec->arity != KEY_ONE)
    return calibrate_refuse(error, "--fit: '%s' is no duration: only these can be fitted",
                            place.path);
  if (place.places == 0)
    return calibrate_refuse(error, "--fit: this scenario has no place for '%s'", place.path);
  for (guint i = 0; i < calibration->count; i++)
    if (strcmp(calibration->names[i].path, place.path) == 0)
      return calibrate_refuse(error, "--fit names '%s' twice", place.path);
  if (calibration->count == CALIBRATION_TRAITS)
    return calibrate_refuse(error, "--fit takes %d traits at the most", CALIBRATION_TRAITS);
  CalibrationName *name = &calibration->names[calibration->count++];
  name->path = place.path;
  name->key = place.key;
  return read_own_law(calibration, name, spec, place.value);
}

static const CloudClass *cloud_of(const char *path) {
  g_auto(GStrv) steps = g_strsplit(path, ".", -1);
  for (guint i = 0; steps[i] != NULL; i++)
    if (cloud_find(steps[i]) != NULL)
      return cloud_find(steps[i]);
  return NULL;
}

/* Gaps were measured in one cloud. */
static gboolean find_cloud(Calibration *calibration, GError **error) {
  const CloudClass *cloud = calibration->options->batch->model;
  guint named = 0;
  for (guint i = 0; i < calibration->count; i++) {
    const CloudClass *own = cloud_of(calibration->names[i].key);
    if (own != NULL && cloud != NULL && own != cloud)
      return calibrate_refuse(error, "--fit: '%s' means nothing under %s",
                              calibration->names[i].path, cloud->name);
    cloud = own != NULL ? own : cloud;
  }
  for (guint i = 0; cloud == NULL && i < cloud_count(); i++)
    named += design_of(calibration)->models[i];
  for (guint i = 0; named == 1 && i < cloud_count(); i++)
    if (design_of(calibration)->models[i])
      cloud = cloud_at(i);
  calibration->model.cloud = cloud;
  return cloud != NULL ||
         calibrate_refuse(error, "under which model was this measured? --model says it");
}

static gboolean find_measure(Calibration *calibration, GError **error) {
  const CalibrationOptions *options = calibration->options;
  const Design *design = design_of(calibration);
  Model *model = &calibration->model;
  if (g_str_has_prefix(options->measure, "probe:")) {
    model->probe = options->measure + strlen("probe:");
    for (guint i = 0; i < design->probes->len; i++)
      if (strcmp(((const DesignProbe *)design->probes->pdata[i])->head.name, model->probe) == 0)
        return TRUE;
    return calibrate_refuse(error, "--measure: this scenario has no probe '%s'", model->probe);
  }
  for (guint i = 0; i < MEASURE_COUNT; i++)
    if (strcmp(measure_name((Measure)i), options->measure) == 0 && measure_is_time((Measure)i)) {
      model->measure = (Measure)i;
      return options->event < design->events->len ||
             calibrate_refuse(error, "--event %u: this scenario has %u event%s, from 0",
                              options->event, design->events->len,
                              design->events->len == 1 ? "" : "s");
    }
  return calibrate_refuse(error,
                          "--measure takes outage, another measure in seconds, or probe:NAME, not "
                          "'%s'",
                          options->measure);
}

static gboolean find_all(Calibration *calibration, GError **error) {
  const char *const *fit = calibration->options->fit;
  for (guint i = 0; fit[i] != NULL; i++)
    if (!find_trait(calibration, fit[i], error))
      return FALSE;
  if (calibration->count == 0)
    return calibrate_refuse(error,
                            "--fit names the traits to be fitted, as in --fit azure.program");
  return find_cloud(calibration, error) && find_measure(calibration, error);
}

Calibration *calibration_new(const ScenarioFile *file, const CalibrationOptions *options,
                             GError **error) {
  Calibration *calibration = g_new0(Calibration, 1);
  calibration->arena = arena_new();
  calibration->file = file;
  calibration->options = options;
  calibration->model =
      (Model){.file = file, .options = options, .simulated = &calibration->simulated};
  if (find_all(calibration, error))
    return calibration;
  calibration_free(calibration);
  return NULL;
}

void calibration_free(Calibration *calibration) {
  if (calibration == NULL)
    return;
  response_free(calibration->response);
  g_free(calibration->before);
  arena_free(calibration->arena);
  g_free(calibration);
}

void calibration_result_free(CalibrationResult *result) {
  if (result == NULL)
    return;
  for (guint i = 0; i < result->trait_count; i++) {
    g_free(result->traits[i].before);
    g_free(result->traits[i].law);
  }
  g_free(result);
}

/* ---- what is there before ---------------------------------------------------------------- */

/* Of the same runs and about as long gaps as last time all is known. */
static gboolean begin_following(Calibration *calibration, GError **error) {
  const Law wide = {.kind = LAW_LOGNORMAL, .a = calibration->longest / 8, .b = 1};
  return response_follow(calibration->response, &wide, error);
}

static gboolean prepare(Calibration *calibration, guint runs, double longest, GError **error) {
  if (calibration->before == NULL || calibration->runs != runs) {
    g_free(calibration->before);
    calibration->before = model_gaps(&calibration->model, "", runs, error);
    if (calibration->before == NULL)
      return FALSE;
    calibration->before_count = drop_none(calibration->before, runs);
  }
  calibration->runs = runs;
  if (calibration->count > 1)
    return TRUE;
  if (calibration->response != NULL && calibration->response_runs == runs &&
      longest <= calibration->longest && longest > calibration->longest / 8)
    return begin_following(calibration, error); /* it followed what was fitted then */
  response_free(calibration->response);
  calibration->response_runs = runs;
  calibration->longest = 1e-3;
  while (calibration->longest < longest)
    calibration->longest *= 2;
  calibration->response = response_new(&calibration->model, calibration->names[0].path, runs,
                                       calibration->longest, error);
  return calibration->response != NULL && begin_following(calibration, error);
}

/* ---- the whole --------------------------------------------------------------------------- */

static int compare_keyed(const void *a, const void *b) {
  const double *left = a, *right = b;
  return (left[0] > right[0]) - (left[0] < right[0]);
}

/* In an order of the seed's. Caller frees. */
static double *shuffled(guint64 seed, const double *gaps, guint count) {
  RandomStream stream = random_stream(seed, 0, "calibrate/halves");
  double(*keyed)[2] = g_malloc_n(count, sizeof *keyed);
  double *order = g_new(double, count);
  for (guint i = 0; i < count; i++) {
    keyed[i][0] = random_uniform(&stream);
    keyed[i][1] = gaps[i];
  }
  qsort(keyed, count, sizeof *keyed, compare_keyed);
  for (guint i = 0; i < count; i++)
    order[i] = keyed[i][1];
  g_free(keyed);
  return order;
}

static gboolean check_numbers(const double *gaps, guint count, GError **error) {
  if (count < CALIBRATION_LEAST)
    return calibrate_refuse(error, "%u value%s tell%s too little: at least %d are needed", count,
                            count == 1 ? "" : "s", count == 1 ? "s" : "", CALIBRATION_LEAST);
  for (guint i = 0; i < count; i++)
    if (!(gaps[i] > 0) || isinf(gaps[i]))
      return calibrate_refuse(error, "a gap is a number above 0");
  return TRUE;
}

static guint64 seed_of(const Calibration *calibration) {
  const BatchOptions *batch = calibration->options->batch;
  return batch->seed_given ? batch->seed : (guint64)design_of(calibration)->seed;
}

static CalibrationResult *fit_parts(const Calibration *calibration, const double *order,
                                    guint count, GError **error) {
  const gboolean is_few = count < CALIBRATION_FEW;
  const guint half = is_few ? count : count - count / 2;
  g_autoptr(Sample) all = sample_new(order, count), fitted = sample_new(order, half);
  g_autoptr(Sample) rest = is_few ? NULL : sample_new(order + half, count - half);
  const Case own = {&calibration->model,
                    calibration->names,
                    calibration->count,
                    calibration->runs,
                    seed_of(calibration),
                    calibration->response,
                    calibration->before,
                    calibration->before_count,
                    order,
                    count,
                    all,
                    fitted,
                    is_few ? all : rest,
                    is_few};
  CalibrationResult *result = g_new0(CalibrationResult, 1);
  result->cloud = calibration->model.cloud;
  result->count = count;
  result->fitted = half;
  result->judged = sample_count(own.judge);
  result->runs = calibration->runs;
  result->one_left_out = is_few;
  if (own.name_count > 1 ? calibrate_several(&own, result, error)
                         : calibrate_one(&own, result, error))
    return result;
  calibration_result_free(result);
  return NULL;
}

CalibrationResult *calibration_fit(Calibration *calibration, const double *gaps, guint count,
                                   GError **error) {
  const BatchOptions *batch = calibration->options->batch;
  const guint runs = batch->runs > 0 ? batch->runs : calibration_runs(count);
  double longest = 0;
  if (!check_numbers(gaps, count, error))
    return NULL;
  for (guint i = 0; i < count; i++)
    longest = fmax(longest, gaps[i]);
  if (!prepare(calibration, runs, longest, error))
    return NULL;
  g_autofree double *order = shuffled(seed_of(calibration), gaps, count);
  return fit_parts(calibration, order, count, error);
}
