/* Several traits at once: each keeps its form and is made longer or shorter. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calibrate_private.h"

#define NUDGE 0.25        /* by which a factor is moved to see what hangs on it */
#define TURNS 8           /* of running and fitting, at the most */
#define FARTHEST G_LN2    /* that the logarithm of a factor moves in one turn */
#define SETTLED 0.02      /* ... and does not any more */
#define WIDEST 5          /* logarithm of a factor that is as good as none, or all */
#define PROFILE_STEP 0.05 /* of that logarithm */
#define NEARBY 1          /* that is far enough for a last fit */
#define LIKELY 1.3527717  /* half the 90th percentile of chi-squared with one degree of freedom */

/* Runs with factors of the traits near the likeliest, and how their gaps move with each of these.
 * A place has the logarithm of each factor. */
typedef struct {
  const Model *model;
  const CalibrationName *names;
  guint count, asked, runs;
  double factor[CALIBRATION_TRAITS]; /* where the runs were made */
  double *gaps;                      /* there */
  double *slope[CALIBRATION_TRAITS]; /* of a run's gap in the logarithm of a factor */
  guint *which;                      /* of the runs with a gap */
} Joint;

static void joint_free(Joint *joint) {
  if (joint == NULL)
    return;
  g_free(joint->gaps);
  g_free(joint->which);
  for (guint i = 0; i < joint->count; i++)
    g_free(joint->slope[i]);
  g_free(joint);
}

/* A trait of no length has no form to keep: its factor is its seconds. */
static gboolean has_length(const CalibrationName *name) {
  return name->has_own && distribution_mean(&name->own).ns > 0;
}

static char *joint_law(const CalibrationName *name, double factor) {
  const Law constant = {.kind = LAW_CONSTANT, .a = factor};
  return has_length(name) ? law_text_of(&name->own, factor) : law_text(&constant);
}

static double joint_median(const CalibrationName *name, double factor) {
  return has_length(name) ? factor * sim_time_seconds(distribution_quantile(&name->own, 0.5))
                          : factor;
}

static char *joint_traits(const CalibrationName *names, guint count, const double *factors) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < count; i++) {
    g_autofree char *law = joint_law(&names[i], factors[i]);
    g_string_append_printf(out, "%s: %s\n", names[i].path, law);
  }
  return g_string_free(out, FALSE);
}

static double *gaps_at(const Joint *joint, const double *factors, GError **error) {
  g_autofree char *traits = joint_traits(joint->names, joint->count, factors);
  return model_gaps(joint->model, traits, joint->asked, error);
}

/* The runs where the factors are, and with each of them a little longer. */
static gboolean run_here(Joint *joint, GError **error) {
  g_free(joint->gaps);
  joint->gaps = gaps_at(joint, joint->factor, error);
  for (guint i = 0; joint->gaps != NULL && i < joint->count; i++) {
    double nudged[CALIBRATION_TRAITS];
    memcpy(nudged, joint->factor, sizeof nudged);
    nudged[i] *= 1 + NUDGE;
    g_free(joint->slope[i]);
    joint->slope[i] = gaps_at(joint, nudged, error);
    if (joint->slope[i] == NULL)
      return FALSE;
    for (guint run = 0; run < joint->asked; run++)
      joint->slope[i][run] = (joint->slope[i][run] - joint->gaps[run]) / NUDGE;
  }
  joint->runs = 0;
  for (guint run = 0; joint->gaps != NULL && run < joint->asked; run++)
    if (joint->gaps[run] > 0)
      joint->which[joint->runs++] = run;
  return joint->gaps != NULL;
}

/* Gaps are straight in a factor: they are in a delay that they hold. */
static double gap_of(const Joint *joint, guint run, const double *place) {
  double gap = joint->gaps[run];
  for (guint i = 0; i < joint->count; i++)
    gap += joint->slope[i][run] * (portable_exp(place[i]) / joint->factor[i] - 1);
  return fmax(gap, 0);
}

static void joint_gaps(const Joint *joint, const double *place, double *gaps) {
  for (guint i = 0; i < joint->runs; i++)
    gaps[i] = gap_of(joint, joint->which[i], place);
  qsort(gaps, joint->runs, sizeof *gaps, double_compare);
}

/* ---- fitting ----------------------------------------------------------------------------- */

typedef struct {
  const Joint *joint;
  const Sample *sample;
  double *gaps;
  double reach; /* how far from where the runs were made */
  int fixed;    /* the number of a trait that stays where it is; -1: none */
  double at;    /* where that is */
} Search;

static void unfold(const Search *search, const double *free, double *place) {
  for (guint i = 0, next = 0; i < search->joint->count; i++) {
    const double middle = portable_log(search->joint->factor[i]);
    place[i] = (int)i == search->fixed
                   ? search->at
                   : CLAMP(free[next], middle - search->reach, middle + search->reach);
    next += (int)i != search->fixed;
  }
}

static double unlikeliness(const double *free, gpointer data) {
  const Search *search = data;
  double place[CALIBRATION_TRAITS] = {0};
  unfold(search, free, place);
  for (guint i = 0; i < search->joint->runs; i++)
    search->gaps[i] = gap_of(search->joint, search->joint->which[i], place);
  return sample_unlikeliness(search->sample, search->gaps, search->joint->runs);
}

static double joint_fit(const Joint *joint, const Sample *sample, double reach, double *place) {
  g_autofree double *gaps = g_new(double, joint->asked);
  Search search = {joint, sample, gaps, reach, -1, 0};
  double free[CALIBRATION_TRAITS] = {0};
  for (guint i = 0; i < joint->count; i++)
    free[i] = portable_log(joint->factor[i]);
  const double least = find_least(unlikeliness, &search, free, joint->count, 0.2);
  unfold(&search, free, place);
  return least;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Joint, joint_free)

static gboolean run_once(Joint *joint, const Sample *sample, gboolean *is_settled, GError **error) {
  double place[CALIBRATION_TRAITS] = {0};
  if (!run_here(joint, error))
    return FALSE;
  if (joint->runs == 0)
    return calibrate_refuse(error, "under %s this scenario has no such gap: nothing can be fitted",
                            joint->model->cloud->name);
  joint_fit(joint, sample, FARTHEST, place);
  *is_settled = TRUE;
  for (guint i = 0; i < joint->count; i++)
    *is_settled &= fabs(place[i] - portable_log(joint->factor[i])) <= SETTLED;
  for (guint i = 0; i < joint->count && !*is_settled; i++)
    joint->factor[i] = portable_exp(place[i]);
  return TRUE;
}

static Joint *joint_new(const Case *own, GError **error) {
  Joint *joint = g_new0(Joint, 1);
  gboolean is_settled = FALSE;
  *joint = (Joint){own->model, own->names, own->name_count, own->runs, 0, {0}, NULL, {NULL}, NULL};
  joint->which = g_new(guint, own->runs);
  for (guint i = 0; i < joint->count; i++)
    joint->factor[i] = has_length(&own->names[i])
                           ? 1
                           : 0.05 * sample_sorted(own->fitted)[sample_count(own->fitted) / 2];
  for (guint turn = 0; turn < TURNS && !is_settled; turn++)
    if (!run_once(joint, own->fitted, &is_settled, error)) {
      joint_free(joint);
      return NULL;
    }
  return joint;
}

/* As far as a factor can go before it is not likely any more, whatever the others are then. */
static double profile_end(const Joint *joint, const Sample *sample, guint trait, const double *best,
                          double least, double step) {
  g_autofree double *gaps = g_new(double, joint->asked);
  Search search = {joint, sample, gaps, WIDEST, (int)trait, best[trait]};
  double free[CALIBRATION_TRAITS] = {0};
  for (guint i = 0, next = 0; i < joint->count; i++)
    if (i != trait)
      free[next++] = best[i];
  while (fabs(search.at - best[trait]) < WIDEST) {
    search.at += step;
    if (find_least(unlikeliness, &search, free, joint->count - 1, 0.1) > least + LIKELY)
      return search.at;
  }
  return step < 0 ? -HUGE_VAL : HUGE_VAL;
}

static void joint_interval(const Joint *joint, const Sample *sample, guint trait,
                           const double *best, double *low, double *high) {
  g_autofree double *gaps = g_new(double, joint->asked);
  Search search = {joint, sample, gaps, WIDEST, -1, 0};
  const double least = unlikeliness(best, &search);
  *low = profile_end(joint, sample, trait, best, least, -PROFILE_STEP);
  *high = profile_end(joint, sample, trait, best, least, PROFILE_STEP);
}

/* ---- the whole --------------------------------------------------------------------------- */

typedef struct {
  const Joint *joint;
} Refit;

static void fit_others(gpointer data, const Sample *others, double *gaps) {
  const Refit *refit = data;
  double place[CALIBRATION_TRAITS] = {0};
  joint_fit(refit->joint, others, NEARBY, place);
  joint_gaps(refit->joint, place, gaps);
}

static void take_traits(const Case *own, const Joint *joint, const double *place,
                        CalibrationResult *result) {
  result->trait_count = own->name_count;
  for (guint i = 0; i < own->name_count; i++) {
    const CalibrationName *name = &own->names[i];
    CalibrationTrait *trait = &result->traits[i];
    double low, high;
    joint_interval(joint, own->fitted, i, place, &low, &high);
    trait->path = name->path;
    trait->before = name->has_own ? law_text_of(&name->own, 1) : NULL;
    trait->law = joint_law(name, portable_exp(place[i]));
    trait->low = isinf(low) ? 0 : joint_median(name, portable_exp(low));
    trait->median = joint_median(name, portable_exp(place[i]));
    trait->high = isinf(high) ? HUGE_VAL : joint_median(name, portable_exp(high));
  }
}

static gboolean check_form(const CalibrationResult *result, GError **error) {
  const double most = ONE_IN_THOUSAND * result->after_critical;
  return result->after <= most ||
         calibrate_refuse(error,
                          "these gaps are none that these traits can give: with the likeliest "
                          "laws the distribution functions are %.3f apart, and chance alone goes "
                          "beyond %.3f once in a thousand times",
                          result->after, most);
}

static double *gaps_after(const Case *own, const double *place, guint *count, GError **error) {
  double factors[CALIBRATION_TRAITS];
  for (guint i = 0; i < own->name_count; i++)
    factors[i] = portable_exp(place[i]);
  g_autofree char *traits = joint_traits(own->names, own->name_count, factors);
  double *gaps = model_gaps(own->model, traits, own->runs, error);
  if (gaps != NULL)
    *count = drop_none(gaps, own->runs);
  return gaps;
}

gboolean calibrate_several(const Case *own, CalibrationResult *result, GError **error) {
  double place[CALIBRATION_TRAITS] = {0};
  guint count;
  g_autoptr(Joint) joint = joint_new(own, error);
  if (joint == NULL)
    return FALSE;
  joint_fit(joint, own->fitted, NEARBY, place);
  take_traits(own, joint, place, result);
  g_autofree double *after = gaps_after(own, place, &count, error);
  if (after == NULL)
    return FALSE;
  judge_parts(own, after, count, result);
  if (!check_form(result, error))
    return FALSE;
  Refit refit = {joint};
  if (own->one_left_out)
    judge_each_by_others(own, joint->runs, fit_others, &refit, result);
  return TRUE;
}
