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

/* How far an estimate from so many runs can lie from what endless runs would give: with probability
 * INTERVAL_LEVEL the interval holds that. An end is NaN where the runs are too few to give one. */
#define INTERVAL_LEVEL 0.95
typedef struct {
  double low, high;
} Interval;
typedef struct {
  Interval mean, p50, p95, p99;
} Intervals;

/* For qsort() of known doubles: the least first. */
int double_compare(const void *left, const void *right);

/* The summary of `count` known values (sorted in place) and `censored` unknown ones
 * that lie above the run's end. Quantiles are exact, type 7 (Hyndman and Fan
 * 1996; gsl_stats_quantile_from_sorted_data), over known and censored values
 * together, NaN where they would fall among censored ones. The mean and the max
 * are NaN when anything is censored. Sums run in sorted order, so that the
 * result does not depend on the order of runs. */
Summary summary_of(double *values, guint count, guint censored, guint runs);

/* Student's interval of the mean of `count` values, in whose order it is summed; NaN below two. */
Interval mean_interval(const double *values, guint count);
/* Half of its width, of a sum of squares of deviations from the mean. */
double mean_uncertainty(guint count, double squares);
/* The intervals of a summary: `sorted` are the known values as summary_of() left them. That of the
 * mean is Student's, and NaN when anything is censored. Those of quantiles lie between two of the
 * values, whatever their distribution is: the ranks l and u are the closest for which a binomial
 * variable of n trials and the quantile's probability lies below l, and at u or above, with at most
 * (1 - INTERVAL_LEVEL) / 2 each (David and Nagaraja, Order Statistics, 7.1). A rank that n values
 * do not have, or that falls among censored ones, is NaN. */
Intervals summary_intervals(const double *sorted, guint count, guint censored);
/* Of a statistic that has one; NaN at both ends for the least and the greatest. */
Interval intervals_of(const Intervals *intervals, Statistic statistic);
/* The value of a statistic. */
double summary_value(const Summary *summary, Statistic statistic);
