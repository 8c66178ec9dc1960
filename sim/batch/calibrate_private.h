/* What the files of calibration share: one case, and the ways to fit and judge it. */
#pragma once
#include "response_private.h"
#include "sample_private.h"

/* A trait that is to be fitted. */
typedef struct {
  const char *path, *key; /* that --traits takes, and of the reference */
  gboolean has_own;
  Distribution own; /* what the scenario, or the default, says of it */
} CalibrationName;

/* Data, and all that is known of the scenario before any trait is fitted. All is borrowed. */
typedef struct {
  const Model *model;
  const CalibrationName *names;
  guint name_count, runs;
  guint64 seed;
  Response *response;   /* of the first trait where that is the only one */
  const double *before; /* gaps as the scenario stands, sorted */
  guint before_count;
  const double *gaps; /* all data, in an order of the seed's */
  guint gap_count;
  const Sample *all, *fitted, *judge;
  gboolean one_left_out; /* both parts are all of it */
} Case;

/* `result` gets traits and judgement. FALSE and a GError, as calibration_fit(). */
gboolean calibrate_one(const Case *own, CalibrationResult *result, GError **error);
gboolean calibrate_several(const Case *own, CalibrationResult *result, GError **error);
/* FALSE and a GError of G_OPTION_ERROR. */
gboolean calibrate_refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* ---- fitting ----------------------------------------------------------------------------------
 */

/* The likeliest law. `own`: that of the scenario, or NULL. */
Law fit_law(const Response *response, const Sample *sample, const Distribution *own);
/* A 90 % interval of its median: data and runs are drawn anew. */
void fit_interval(const Response *response, const Sample *sample, const Distribution *own,
                  guint64 seed, double *low, double *high);

/* ---- judging ----------------------------------------------------------------------------------
 */

/* A distance that chance goes beyond once in a thousand times, over ks_critical(). */
#define ONE_IN_THOUSAND (1.949 / 1.358)

/* Gaps of runs that have one, sorted; their number. */
guint drop_none(double *gaps, guint count);
/* `after` is sorted. */
void judge_parts(const Case *own, double *after, guint after_count, CalibrationResult *result);
/* Each value by what is fitted to all others: `fit` fills the gaps of `runs` runs, sorted. */
void judge_each_by_others(const Case *own, guint runs,
                          void (*fit)(gpointer data, const Sample *others, double *gaps),
                          gpointer data, CalibrationResult *result);
double quantile_of(const double *sorted, guint count, double share);
