/* What the model answers to values and laws of a trait. */
#pragma once
#include "laws_private.h"
#include "routesim/batch/calibrate.h"

/* What is run: the file as it stands, under one model. */
typedef struct {
  const ScenarioFile *file;
  const CalibrationOptions *options;
  const CloudClass *cloud;
  Measure measure;
  const char *probe; /* in place of the measure, or NULL */
  guint *simulated;  /* times, for progress */
} Model;

/* The gap of each run with `traits` ("PATH: VALUE" lines): 0 where there is none; of one that did
 * not end, as long as was looked. NULL and a GError; of G_OPTION_ERROR where a check does not let
 * this pass. Caller frees. */
double *model_gaps(const Model *model, const char *traits, guint runs, GError **error);

/* The gaps of the same runs at other values of a trait. */
typedef struct Response Response;

/* NULL and a GError: of G_OPTION_ERROR where it takes no value, or no gap hangs on it. Gaps up to
 * `longest` seconds are to be explained. All is borrowed. */
Response *response_new(const Model *model, const char *trait, guint runs, double longest,
                       GError **error);
void response_free(Response *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Response, response_free)
/* Runs with this law tell which quantile of it each gap follows. FALSE and a GError. */
gboolean response_follow(Response *response, const Law *law, GError **error);
/* Runs that have a gap. */
guint response_runs(const Response *response);
/* The gap of a run where the trait takes `seconds`; and where it follows the law. */
double response_gap(const Response *response, guint run, double seconds);
double response_gap_of(const Response *response, guint run, const Law *law);
/* The share of runs whose gap follows a quantile of at most `u`; exact where what is counted is one
 * draw, or the longer of two. */
double response_share(const Response *response, double u);
/* Where a gap is the trait: the quantiles that gaps follow lie evenly, as those of endless runs. */
void response_even(Response *response);
/* The gaps where the trait takes the least that it can, and the most that was tried; sorted. */
const double *response_least(const Response *response);
const double *response_most(const Response *response);
