/* Summaries with censoring. A censored value is larger than all known ones, so that the known
 * values are the lower end of the sorted sample and every quantile that rests on them alone is
 * exact. GSL computes the quantiles where all values are known. */
#include "routesim/base/statistics.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

const char *const summary_statistics[] = {[STATISTIC_MEAN] = "mean", [STATISTIC_MIN] = "min",
                                          [STATISTIC_P50] = "p50",   [STATISTIC_MEDIAN] = "median",
                                          [STATISTIC_P95] = "p95",   [STATISTIC_P99] = "p99",
                                          [STATISTIC_MAX] = "max",   NULL};

int double_compare(const void *left, const void *right) {
  const double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* Type 7: the value at position (n - 1) p of the sorted sample, between neighbours by weight. */
static double quantile(const double *sorted, guint count, guint n, guint percent) {
  if (count == n)
    return gsl_stats_quantile_from_sorted_data(sorted, 1, n, percent / 100.0);
  /* In integers, so that no rounding error asks for a neighbour that has no weight. */
  const guint64 position = (guint64)(n - 1) * percent;
  const guint64 below = position / 100;
  const double weight = (double)(position % 100) / 100;
  if (below >= count || (weight > 0 && below + 1 >= count))
    return NAN;
  return weight > 0 ? (1 - weight) * sorted[below] + weight * sorted[below + 1] : sorted[below];
}

static double mean_of(const double *sorted, guint count) {
  double sum = 0;
  for (guint i = 0; i < count; i++)
    sum += sorted[i];
  return sum / count;
}

Summary summary_of(double *values, guint count, guint censored, guint runs) {
  const guint n = count + censored;
  g_assert(n >= count && n <= runs);
  for (guint i = 0; i < count; i++)
    g_assert(!isnan(values[i]));
  if (count > 1)
    qsort(values, count, sizeof *values, double_compare);
  Summary summary = {.runs = runs,
                     .n = n,
                     .censored = censored,
                     .mean = NAN,
                     .min = NAN,
                     .p50 = NAN,
                     .p95 = NAN,
                     .p99 = NAN,
                     .max = NAN};
  if (count == 0)
    return summary;
  summary.min = values[0];
  summary.p50 = quantile(values, count, n, 50);
  summary.p95 = quantile(values, count, n, 95);
  summary.p99 = quantile(values, count, n, 99);
  if (censored == 0) {
    summary.mean = mean_of(values, count);
    summary.max = values[count - 1];
  }
  return summary;
}

double summary_value(const Summary *summary, Statistic statistic) {
  const double values[] = {[STATISTIC_MEAN] = summary->mean, [STATISTIC_MIN] = summary->min,
                           [STATISTIC_P50] = summary->p50,   [STATISTIC_MEDIAN] = summary->p50,
                           [STATISTIC_P95] = summary->p95,   [STATISTIC_P99] = summary->p99,
                           [STATISTIC_MAX] = summary->max};
  return values[statistic];
}

/* ---- intervals ----------------------------------------------------------------------------- */

static const double tail = (1 - INTERVAL_LEVEL) / 2;
static const Interval unknown = {NAN, NAN};

/* GSL's tail of Student's law goes by way of libm, whose last bit depends on the CPU; nine decimals
 * are more than an interval is good for, and the same everywhere. */
static double student(guint freedom) {
  return floor(gsl_cdf_tdist_Pinv(1 - tail, freedom) * 1e9 + 0.5) / 1e9;
}

double mean_uncertainty(guint count, double squares) {
  return count < 2 ? NAN : student(count - 1) * sqrt(squares / (count - 1) / count);
}

Interval mean_interval(const double *values, guint count) {
  double squares = 0;
  if (count < 2)
    return unknown;
  const double mean = mean_of(values, count);
  for (guint i = 0; i < count; i++)
    squares += (values[i] - mean) * (values[i] - mean);
  const double half = mean_uncertainty(count, squares);
  return (Interval){mean - half, mean + half};
}

/* The least k for which a binomial variable of n trials is at most k with more than `probability`.
 */
static guint first_above(guint n, double share, double probability) {
  guint low = 0, high = n; /* there it is certain */
  while (low < high) {
    const guint middle = low + (high - low) / 2;
    if (gsl_cdf_binomial_P(middle, share, n) > probability)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* Ranks count from 1: the lower one is k where all below k have no more than the tail. */
static Interval quantile_interval(const double *sorted, guint count, guint n, double share) {
  const guint lower = first_above(n, share, tail);
  const guint upper = first_above(n, share, 1 - tail) + 1;
  return (Interval){lower >= 1 && lower <= count ? sorted[lower - 1] : NAN,
                    upper <= count ? sorted[upper - 1] : NAN};
}

Intervals summary_intervals(const double *sorted, guint count, guint censored) {
  const guint n = count + censored;
  if (n == 0)
    return (Intervals){unknown, unknown, unknown, unknown};
  return (Intervals){.mean = censored == 0 ? mean_interval(sorted, count) : unknown,
                     .p50 = quantile_interval(sorted, count, n, 0.50),
                     .p95 = quantile_interval(sorted, count, n, 0.95),
                     .p99 = quantile_interval(sorted, count, n, 0.99)};
}

Interval intervals_of(const Intervals *intervals, Statistic statistic) {
  switch (statistic) {
  case STATISTIC_MEAN:
    return intervals->mean;
  case STATISTIC_P50:
  case STATISTIC_MEDIAN:
    return intervals->p50;
  case STATISTIC_P95:
    return intervals->p95;
  case STATISTIC_P99:
    return intervals->p99;
  default:
    return unknown;
  }
}
