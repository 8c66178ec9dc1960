/* Summary of one measure over runs, with censoring.
 *
 * A run ends at its end: what was not over by then is known to have lasted longer, not how long.
 * A Summary therefore counts such values apart, gives each quantile that they leave determined,
 * and NaN for what they leave open, instead of leaving them out. All that prints a distribution
 * over runs (summary.csv, `compare`, pictures) has its numbers from here. */
#pragma once
#include <glib.h>

typedef struct {
  guint runs;     /* all runs */
  guint n;        /* runs in which it happened: values plus censored ones */
  guint censored; /* happened, but the run ended before it was over: the value is
                     only known to be larger than what was seen */
  double mean, min, p50, p95, p99, max; /* NaN where not known */
} Summary;

/* One of them; with their names, NULL-terminated. The median has two. */
typedef enum {
  STATISTIC_MEAN,
  STATISTIC_MIN,
  STATISTIC_P50,
  STATISTIC_MEDIAN,
  STATISTIC_P95,
  STATISTIC_P99,
  STATISTIC_MAX
} Statistic;
extern const char *const summary_statistics[];

/* For qsort() of known doubles: the least first. */
int double_compare(const void *left, const void *right);

/* The summary of `count` known values (sorted in place) and `censored` unknown ones
 * that lie above the run's end. Quantiles are exact, type 7 (Hyndman and Fan
 * 1996; gsl_stats_quantile_from_sorted_data), over known and censored values
 * together, NaN where they would fall among censored ones. The mean and the max
 * are NaN when anything is censored. Sums run in sorted order, so that the
 * result does not depend on the order of runs. */
Summary summary_of(double *values, guint count, guint censored, guint runs);
