/* How well gaps of runs agree with those that were measured. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calibrate_private.h"

gboolean calibrate_refuse(GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text);
  return FALSE;
}

guint drop_none(double *gaps, guint count) {
  guint kept = 0;
  for (guint i = 0; i < count; i++)
    if (gaps[i] > 0)
      gaps[kept++] = gaps[i];
  qsort(gaps, kept, sizeof *gaps, double_compare);
  return kept;
}

double quantile_of(const double *sorted, guint count, double share) {
  const double place = share * (count - 1);
  const guint whole = MIN((guint)place, count - 1), next = MIN(whole + 1, count - 1);
  return sorted[whole] + (place - whole) * (sorted[next] - sorted[whole]);
}

/* The distribution function of the model lies beside the right one as far as that of the runs, and
 * that of the values which were fitted: so many that come to the same as one after the other. */
static guint known_by(guint runs, guint fitted) {
  return (guint)MAX((guint64)runs * fitted / ((guint64)runs + fitted), 1);
}

void judge_parts(const Case *own, double *after, guint after_count, CalibrationResult *result) {
  static const double percent[CALIBRATION_QUANTILES] = {5, 25, 50, 75, 95};
  const Sample *judge = own->judge;
  const guint n = sample_count(judge), before_count = own->before_count;
  g_autofree double *before = g_memdup2(own->before, before_count * sizeof *before);
  sample_round(judge, before, before_count);
  sample_round(judge, after, after_count);
  result->before =
      before_count > 0 ? ks_distance(sample_sorted(judge), n, before, before_count) : 1;
  result->before_critical = ks_critical(n, MAX(before_count, 1));
  result->after = ks_distance(sample_sorted(judge), n, after, after_count);
  result->after_critical = ks_critical(n, known_by(after_count, sample_count(own->fitted)));
  for (guint i = 0; i < CALIBRATION_QUANTILES; i++) {
    result->percent[i] = percent[i];
    result->measured[i] = quantile_of(sample_sorted(judge), n, percent[i] / 100);
    result->with_before[i] =
        before_count > 0 ? quantile_of(before, before_count, percent[i] / 100) : NAN;
    result->with_after[i] = quantile_of(after, after_count, percent[i] / 100);
  }
}

/* ---- each by the others --------------------------------------------------------------------- */

static double share_below(const double *sorted, guint count, double value) {
  guint below = 0, equal = 0;
  while (below < count && sorted[below] < value)
    below++;
  while (below + equal < count && sorted[below + equal] <= value)
    equal++;
  return (below + equal / 2.) / count;
}

/* Where each value lies among the gaps that follow from all others: evenly, if all is right. */
void judge_each_by_others(const Case *own, guint runs,
                          void (*fit)(gpointer data, const Sample *others, double *gaps),
                          gpointer data, CalibrationResult *result) {
  const guint n = own->gap_count;
  g_autofree double *model = g_new(double, runs), *others = g_new(double, n);
  g_autofree double *shares = g_new(double, n);
  for (guint i = 0; i < n; i++) {
    memcpy(others, own->gaps, i * sizeof *others);
    memcpy(others + i, own->gaps + i + 1, (n - i - 1) * sizeof *others);
    g_autoptr(Sample) sample = sample_new(others, n - 1);
    fit(data, sample, model);
    sample_round(own->all, model, runs);
    shares[i] = share_below(model, runs, own->gaps[i]);
  }
  qsort(shares, n, sizeof *shares, double_compare);
  result->after = ks_distance(shares, n, NULL, 0);
  result->after_critical = ks_critical(n, 0);
}
