/* One trait: what its gaps can be, the law that they speak for, and how sure that is. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calibrate_private.h"

#define TURNS 4              /* of finding what gaps follow and fitting, at the most */
#define SETTLED 0.01         /* a median that moved by less */
#define NO_FACTOR 0.02       /* of a law that is as it was */
#define NEXT_TO_NOTHING 0.05 /* of the trait: what a gap may hold beside it and still be it */

/* ---- gaps that cannot be ----------------------------------------------------------------- */

/* How far above the function of `a` that of `b` lies at the most. */
static double lies_above(const double *a, guint a_count, const double *b, guint b_count) {
  double most = 0;
  for (guint i = 0, j = 0; j < b_count; j++) {
    while (i < a_count && a[i] <= b[j])
      i++;
    most = fmax(most, (double)(j + 1) / b_count - (double)i / a_count);
  }
  return most;
}

/* Runs are no more than a sample: what lies a little beyond all of them may be chance. */
static double beyond(const double *sorted, guint count, double value) {
  return 0.05 * (sorted[count - 1] - sorted[0]) + 0.02 * value;
}

static gboolean check_gaps(const Case *own, GError **error) {
  const Response *response = own->response;
  const Sample *sample = own->all;
  const guint runs = response_runs(response), n = sample_count(sample);
  const double *least = response_least(response), *most = response_most(response);
  const double *gaps = sample_sorted(sample);
  const char *path = own->names[0].path;
  const double shortest = gaps[0], longest = gaps[n - 1];
  if (shortest < least[0] - beyond(least, runs, least[0]))
    return calibrate_refuse(
        error,
        "a gap of %.3f s is none that any value of %s can give: without it, a gap of "
        "this scenario has at least %.3f s",
        shortest, path, least[0]);
  if (longest > most[runs - 1] + beyond(most, runs, longest))
    return calibrate_refuse(
        error,
        "a gap of %.3f s is none that any value of %s can give: whatever it is, a gap "
        "of this scenario has at the most %.3f s",
        longest, path, most[runs - 1]);
  if (lies_above(least, runs, gaps, n) > 1.2 * ks_critical(n, runs))
    return calibrate_refuse(
        error,
        "these gaps are none that any value of %s can give: half of them are below "
        "%.3f s, and without it half of this scenario's are above %.3f s",
        path, gaps[n / 2], least[runs / 2]);
  return TRUE;
}

/* ---- a gap that is the trait ------------------------------------------------------------- */

/* What a gap holds beside the trait, and how far that spreads, where the trait is so long. */
static double beside(const Response *response, double seconds, double *spread) {
  const guint runs = response_runs(response);
  g_autofree double *rest = g_new(double, runs);
  for (guint run = 0; run < runs; run++)
    rest[run] = response_gap(response, run, seconds) - seconds;
  qsort(rest, runs, sizeof *rest, double_compare);
  *spread = rest[runs - 1 - runs / 20] - rest[runs / 20];
  return rest[runs / 2];
}

/* The same rest at the median and at twice that, and hardly a spread of it. */
static gboolean is_direct(const Response *response, double median, double *rest) {
  double spread, spread_beyond;
  *rest = beside(response, median, &spread);
  const double rest_beyond = beside(response, 2 * median, &spread_beyond);
  const double nothing = NEXT_TO_NOTHING * median;
  return spread <= nothing && spread_beyond <= nothing && fabs(rest_beyond - *rest) <= nothing;
}

/* The interval between two values of the data that holds the quantile at `share`, whatever the law
 * (David and Nagaraja 2003, 7.1). */
static void order_interval(const Sample *sample, double share, double rest, double *low,
                           double *high) {
  const guint n = sample_count(sample);
  const double tail = (1 - CALIBRATION_LEVEL) / 2;
  guint below = 0, above = n;
  while (below < n && gsl_cdf_binomial_P(below, share, n) <= tail)
    below++;
  while (above > 0 && gsl_cdf_binomial_Q(above - 1, share, n) <= tail)
    above--;
  const double *sorted = sample_sorted(sample);
  const double half_step = sample_step(sample) / 2;
  *low = below == 0 ? 0 : fmax(sorted[below - 1] - rest - half_step, 0);
  *high = sorted[MIN(above, n - 1)] - rest + half_step;
}

/* The data themselves, less the rest; of many their quantiles. */
static Law table_law(const Response *response, const Sample *sample, double rest) {
  const guint n = sample_count(sample);
  Law law = {.kind = LAW_TABLE, .count = MIN(n, LAW_TABLE_VALUES)};
  for (guint i = 0; i < law.count; i++) {
    const double u = (i + 0.5) / law.count, share = response_share(response, u);
    const double place = CLAMP((share * n - 0.5) / (n - 1.), 0, 1);
    law.values[i] = fmax(quantile_of(sample_sorted(sample), n, place) - rest, 0);
  }
  return law;
}

/* ---- fitting ----------------------------------------------------------------------------- */

typedef struct {
  const Case *own;
  const Distribution *law; /* of the scenario, or NULL */
  gboolean is_direct;
  double rest; /* where it is */
} Fitter;

static void gaps_of(const Response *response, const Law *law, double *gaps) {
  for (guint run = 0; run < response_runs(response); run++)
    gaps[run] = response_gap_of(response, run, law);
  qsort(gaps, response_runs(response), sizeof *gaps, double_compare);
}

static double distance_of(const Response *response, const Law *law, const Sample *sample) {
  const guint runs = response_runs(response);
  g_autofree double *gaps = g_new(double, runs);
  gaps_of(response, law, gaps);
  sample_round(sample, gaps, runs);
  return ks_distance(sample_sorted(sample), sample_count(sample), gaps, runs);
}

/* Values that all are where the scenario's own law has its own are told from values beside these by
 * the least that a factor is off. */
static Law without_factor(const Law *law) {
  Law whole = *law;
  if (law->kind == LAW_OWN && fabs(law->a - 1) <= NO_FACTOR)
    whole.a = 1;
  return whole;
}

/* A law of few numbers, unless the data speak against it and say all by themselves. */
static Law best_law(const Fitter *fitter, const Sample *sample) {
  const Response *response = fitter->own->response;
  const guint n = sample_count(sample);
  const Law likeliest = fit_law(response, sample, fitter->law);
  double low, high;
  if (!fitter->is_direct)
    return likeliest;
  const Law law = without_factor(&likeliest);
  order_interval(sample, response_share(response, 0.5), fitter->rest, &low, &high);
  const double median = law_median(&law);
  const gboolean agrees =
      distance_of(response, &law, sample) <= ks_critical(n, response_runs(response));
  return agrees && median >= low && median <= high ? law
                                                   : table_law(response, sample, fitter->rest);
}

/* What the gaps follow is found near the fitted law, until that stays. */
static gboolean settle(Fitter *fitter, const Sample *sample, Law *law, GError **error) {
  Response *response = fitter->own->response;
  Law last = {.kind = LAW_CONSTANT, .a = 0};
  *law = fit_law(response, sample, fitter->law);
  fitter->is_direct = is_direct(response, law_median(law), &fitter->rest);
  for (guint turn = 0; turn < TURNS && !fitter->is_direct && law->kind != LAW_CONSTANT; turn++) {
    const double median = law_median(law);
    /* Runs that followed a law of another form tell little of this one, wherever its median is. */
    if (law->kind == last.kind && fabs(median - law_median(&last)) <= SETTLED * median)
      break;
    last = *law;
    if (!response_follow(response, law, error))
      return FALSE;
    *law = fit_law(response, sample, fitter->law);
  }
  if (fitter->is_direct)
    response_even(response);
  *law = best_law(fitter, sample);
  return TRUE;
}

/* That no law gives such gaps is said where chance would do so once in a thousand times. */
static gboolean check_form(const Fitter *fitter, const Sample *sample, const Law *law,
                           GError **error) {
  const Response *response = fitter->own->response;
  const double most = ONE_IN_THOUSAND * ks_critical(sample_count(sample), response_runs(response));
  const double distance = distance_of(response, law, sample);
  if (fitter->is_direct || distance <= most)
    return TRUE;
  return calibrate_refuse(
      error,
      "these gaps are none that any law of %s can give: with the likeliest one the "
      "distribution functions are %.3f apart, and chance alone goes beyond %.3f once in "
      "a thousand times; timers, traffic or --measure are others than where they were "
      "measured",
      fitter->own->names[0].path, distance, most);
}

static void find_interval(const Fitter *fitter, const Sample *sample, CalibrationTrait *trait) {
  const Case *own = fitter->own;
  if (fitter->is_direct)
    order_interval(sample, response_share(own->response, 0.5), fitter->rest, &trait->low,
                   &trait->high);
  else
    fit_interval(own->response, sample, fitter->law, own->seed, &trait->low, &trait->high);
}

/* ---- the whole --------------------------------------------------------------------------- */

/* Through the whole model, unless a gap is the trait: then that is the same. */
static double *gaps_after(const Fitter *fitter, const Law *law, const char *text, guint *count,
                          GError **error) {
  const Case *own = fitter->own;
  g_autofree char *traits = g_strdup_printf("%s: %s\n", own->names[0].path, text);
  double *gaps;
  if (fitter->is_direct) {
    *count = response_runs(own->response);
    gaps = g_new(double, *count);
    gaps_of(own->response, law, gaps);
    return gaps;
  }
  gaps = model_gaps(own->model, traits, own->runs, error);
  if (gaps != NULL)
    *count = drop_none(gaps, own->runs);
  return gaps;
}

static void fit_others(gpointer data, const Sample *others, double *gaps) {
  const Fitter *fitter = data;
  const Law law = best_law(fitter, others);
  gaps_of(fitter->own->response, &law, gaps);
}

static void take_trait(const Fitter *fitter, const Law *law, CalibrationResult *result) {
  const CalibrationName *name = &fitter->own->names[0];
  CalibrationTrait *trait = &result->traits[0];
  result->trait_count = 1;
  result->is_direct = fitter->is_direct;
  trait->path = name->path;
  trait->before = name->has_own ? law_text_of(&name->own, 1) : NULL;
  trait->law = law_text(law);
  trait->median = law_median(law);
  find_interval(fitter, fitter->own->fitted, trait);
}

gboolean calibrate_one(const Case *own, CalibrationResult *result, GError **error) {
  const CalibrationName *name = &own->names[0];
  Fitter fitter = {own, name->has_own ? &name->own : NULL, FALSE, 0};
  Law law;
  guint count;
  if (!check_gaps(own, error) || !settle(&fitter, own->fitted, &law, error) ||
      !check_form(&fitter, own->fitted, &law, error))
    return FALSE;
  take_trait(&fitter, &law, result);
  g_autofree double *after = gaps_after(&fitter, &law, result->traits[0].law, &count, error);
  if (after == NULL)
    return FALSE;
  judge_parts(own, after, count, result);
  if (own->one_left_out)
    judge_each_by_others(own, response_runs(own->response), fit_others, &fitter, result);
  return TRUE;
}
