/* Measures: the fields of a row by name, as METRIC_MEASURES lists them, and their summaries over
 * runs. */
#include <stdlib.h>
#include <string.h>

#include "routesim/metric/metric.h"

#define SUFFIX_SECONDS "_s"
#define SUFFIX_BYTES ""
#define SUFFIX_FLOWS ""
#define ROW(ID, field, UNIT, text, ...)                                                            \
  [MEASURE_##ID] = {.name = #field,                                                                \
                    .column = #field SUFFIX_##UNIT,                                                \
                    .meaning = (text),                                                             \
                    .unit = UNIT_##UNIT,                                                           \
                    .offset = G_STRUCT_OFFSET(MetricRow, field),                                   \
                    __VA_ARGS__},
static const MeasureSpec measures[MEASURE_COUNT] = {METRIC_MEASURES(ROW)};
#undef ROW

static const struct {
  const char *name;
  gboolean is_time;
} units[] = {[UNIT_SECONDS] = {.name = "s", .is_time = TRUE},
             [UNIT_BYTES] = {.name = "B"},
             [UNIT_FLOWS] = {.name = "flows"}};

const MeasureSpec *measure_spec(Measure measure) { return &measures[measure]; }
const char *measure_name(Measure measure) { return measures[measure].name; }
const char *measure_unit_name(Measure measure) { return units[measures[measure].unit].name; }
gboolean measure_is_time(Measure measure) { return units[measures[measure].unit].is_time; }

gboolean measure_stands_in(Measure measure, MeasureFile file) {
  return (measures[measure].files & file) != 0;
}

guint measure_ranked(MeasureRank rank, Measure *out) {
  guint count = 0;
  for (guint i = 0; i < MEASURE_COUNT; i++) {
    const guint own = rank(&measures[i]);
    guint place = count;
    if (own == 0)
      continue;
    for (; place > 0 && rank(&measures[out[place - 1]]) > own; place--)
      out[place] = out[place - 1];
    out[place] = (Measure)i;
    count++;
  }
  return count;
}

guint64 measure_count(const MetricRow *row, Measure measure) {
  g_assert(!measure_is_time(measure));
  return G_STRUCT_MEMBER(guint64, row, measures[measure].offset);
}

SimTime measure_time(const MetricRow *row, Measure measure) {
  g_assert(measure_is_time(measure));
  return G_STRUCT_MEMBER(SimTime, row, measures[measure].offset);
}

/* A restoration that the run's end cut off is known to be later than that. */
gboolean measure_value(const MetricRow *row, Measure measure, double *value, gboolean *censored) {
  if (row->never_happened) {
    *censored = FALSE;
    return FALSE;
  }
  const guint waits_for = measures[measure].cut_off_with;
  *censored = (row->censored && (waits_for & MEASURE_FLOWS_OUT) != 0) ||
              (row->session_censored && (waits_for & MEASURE_SESSIONS_OUT) != 0);
  if (!measure_is_time(measure)) {
    *value = (double)measure_count(row, measure);
    return TRUE;
  }
  const SimTime time = measure_time(row, measure);
  if (*censored)
    return TRUE;
  if (sim_time_is_never(time))
    return FALSE;
  *value = sim_time_seconds(time);
  return TRUE;
}

/* What is known goes to `values`: how many; *censored counts what is only known to be longer. */
static guint known_values(Measure measure, const MetricRow *const *rows, guint count,
                          double *values, guint *censored) {
  guint known = 0;
  *censored = 0;
  for (guint i = 0; i < count; i++) {
    gboolean longer;
    double value = 0;
    if (!measure_value(rows[i], measure, &value, &longer))
      continue;
    if (longer)
      ++*censored;
    else
      values[known++] = value;
  }
  return known;
}

Summary measure_summary(Measure measure, const MetricRow *const *rows, guint count) {
  g_autofree double *values = g_new0(double, count + 1);
  guint censored;
  const guint known = known_values(measure, rows, count, values, &censored);
  return summary_of(values, known, censored, count);
}

Intervals measure_intervals(Measure measure, const MetricRow *const *rows, guint count) {
  g_autofree double *values = g_new0(double, count + 1);
  guint censored;
  const guint known = known_values(measure, rows, count, values, &censored);
  qsort(values, known, sizeof *values, double_compare);
  return summary_intervals(values, known, censored);
}
