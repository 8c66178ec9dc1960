/* Summaries with censoring. A censored value is larger than all known ones, so that the known
 * values are the lower end of the sorted sample and every quantile that rests on them alone is
 * exact. GSL computes the quantiles where all values are known. */
#include "routesim/base/statistics.h"

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
