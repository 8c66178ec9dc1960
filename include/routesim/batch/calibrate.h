/* Traits fitted to what a user measured: the laws with which the model gives the gaps that were
 * seen.
 *
 *     scenario, trait --> the same runs at seven values of the trait, and at 0 --> Response:
 *                           the gap of each run as a function of the value
 *                     --> and once with a law --> which quantile of the law each run's gap follows
 *     gaps, half of them --> the law under which they are the likeliest, of seven kinds (BIC)
 *                     --> 90 % interval of its median --> judged by the other half
 *
 * A gap holds more than the trait: how long nobody noticed, and where two instances change their
 * routes the slower of both. All that is in the runs, and the same in all of them, because they
 * share their random numbers; what is left to be explained is the trait. Where a run draws it
 * several times, what counts is the draw that the gap ended with, and how that one ranks among them
 * is in the quantiles that the gaps follow. Those are found with a law near the one that is fitted,
 * so fitting and finding take turns.
 *
 * Where a gap is the trait and next to nothing else, the interval is that of order statistics and
 * holds whatever the law; elsewhere data and runs are drawn anew 200 times and fitted again. Below
 * CALIBRATION_FEW values all are fitted, and each is judged by what was fitted to the others.
 *
 * Several traits at once keep the form of their laws, and each is made longer or shorter. What the
 * gaps do not tell apart has a wide interval: it holds all factors that are likely enough whatever
 * the other traits are. */
#pragma once
#include "routesim/batch/batch.h"

#define CALIBRATION_LEAST 10 /* values that tell anything */
#define CALIBRATION_FEW 40   /* below that no half is left to judge by */
#define CALIBRATION_LEVEL 0.9
#define CALIBRATION_QUANTILES 5
#define CALIBRATION_TRAITS 4 /* at the most, together */

typedef struct {
  const char *const *fit; /* names of traits, in full or short; NULL-terminated */
  const char *measure;    /* a measure in seconds, or "probe:NAME" */
  guint event;
  const BatchOptions *batch; /* `runs` 0: as many as calibration_runs() says */
  const ScenarioChanges *changes;
} CalibrationOptions;

typedef struct {
  const char *path;         /* that --traits takes */
  char *before;             /* the law of the scenario; NULL: nothing says it */
  char *law;                /* the fitted one, as a scenario writes it */
  double low, median, high; /* seconds: of the median, with CALIBRATION_LEVEL */
} CalibrationTrait;

typedef struct {
  const CloudClass *cloud;
  guint count, fitted, judged, runs;
  gboolean one_left_out; /* all were fitted, and each judged by the others */
  gboolean is_direct;    /* a gap is the trait and next to nothing else */
  guint trait_count;
  CalibrationTrait traits[CALIBRATION_TRAITS];
  /* The greatest distance between the distribution functions of what was measured and what the
   * model gives, and what it stays under in 95 of 100 cases where both are the same; after the fit
   * the model is known no better than the values that were fitted tell it. */
  double before, before_critical, after, after_critical;
  double percent[CALIBRATION_QUANTILES];
  double measured[CALIBRATION_QUANTILES], with_before[CALIBRATION_QUANTILES],
      with_after[CALIBRATION_QUANTILES];
} CalibrationResult;

typedef struct Calibration Calibration;

/* How many runs are enough for so many gaps. */
guint calibration_runs(guint count);
/* NULL and a GError (G_OPTION_ERROR) where a name means no trait that is a duration and stands in
 * this scenario, the measure is none, or it is not clear under which model. All is borrowed. */
Calibration *calibration_new(const ScenarioFile *file, const CalibrationOptions *options,
                             GError **error);
void calibration_free(Calibration *calibration);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Calibration, calibration_free)
/* NULL and a GError: of G_OPTION_ERROR where these gaps are too few, or no value of the traits
 * gives them; G_THREAD_ERROR. What the model answers is kept for the next call. */
CalibrationResult *calibration_fit(Calibration *calibration, const double *gaps, guint count,
                                   GError **error);
void calibration_result_free(CalibrationResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CalibrationResult, calibration_result_free)
