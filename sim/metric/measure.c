/* Measures: named fields of a row, and their summaries over runs. */
#include <math.h>
#include <string.h>

#include "routesim/metric/metric.h"

static const struct {
  const char *name;
  gboolean is_time;
  gsize offset;
} measures[MEASURE_COUNT] = {
    [MEASURE_DETECTED] = {"detected", TRUE, G_STRUCT_OFFSET(MetricRow, detected)},
    [MEASURE_WITHDRAWN] = {"withdrawn", TRUE, G_STRUCT_OFFSET(MetricRow, withdrawn)},
    [MEASURE_DECIDED] = {"decided", TRUE, G_STRUCT_OFFSET(MetricRow, decided)},
    [MEASURE_PROGRAMMED] = {"programmed", TRUE, G_STRUCT_OFFSET(MetricRow, programmed)},
    [MEASURE_RESTORED] = {"restored", TRUE, G_STRUCT_OFFSET(MetricRow, restored)},
    [MEASURE_OUTAGE] = {"outage", TRUE, G_STRUCT_OFFSET(MetricRow, outage)},
    [MEASURE_SESSION_OUTAGE] = {"session_outage", TRUE, G_STRUCT_OFFSET(MetricRow, session_outage)},
    [MEASURE_LOST_BYTES] = {"lost_bytes", FALSE, G_STRUCT_OFFSET(MetricRow, lost_bytes)},
    [MEASURE_FLOWS_INTERRUPTED] = {"flows_interrupted", FALSE,
                                   G_STRUCT_OFFSET(MetricRow, flows_interrupted)},
    [MEASURE_FLOWS_MOVED] = {"flows_moved", FALSE, G_STRUCT_OFFSET(MetricRow, flows_moved)},
    [MEASURE_FLOWS_GONE] = {"flows_gone", FALSE, G_STRUCT_OFFSET(MetricRow, flows_gone)},
    [MEASURE_SESSIONS_BROKEN] = {"sessions_broken", FALSE,
                                 G_STRUCT_OFFSET(MetricRow, sessions_broken)},
    [MEASURE_ALARM] = {"alarm", TRUE, G_STRUCT_OFFSET(MetricRow, alarm)},
};

const char *const summary_statistics[] = {"mean", "min", "p50", "median", "p95", "p99", "max", NULL};

const char *measure_name(Measure measure) { return measures[measure].name; }
gboolean measure_is_time(Measure measure) { return measures[measure].is_time; }

gboolean measure_find(const char *name, Measure *out) {
  for (guint i = 0; i < MEASURE_COUNT; i++)
    if (strcmp(measures[i].name, name) == 0) {
      *out = (Measure)i;
      return TRUE;
    }
  return FALSE;
}

/* A restoration that the run's end cut off is known to be later than that. */
gboolean measure_value(const MetricRow *row, Measure measure, double *value, gboolean *censored) {
  const gboolean ends_with_flows = measure == MEASURE_OUTAGE || measure == MEASURE_SESSION_OUTAGE ||
                                   measure == MEASURE_RESTORED || measure == MEASURE_LOST_BYTES;
  *censored = row->censored && ends_with_flows;
  if (!measures[measure].is_time) {
    *value = (double)G_STRUCT_MEMBER(guint64, row, measures[measure].offset);
    return TRUE;
  }
  const SimTime time = G_STRUCT_MEMBER(SimTime, row, measures[measure].offset);
  if (*censored)
    return TRUE;
  if (sim_time_is_never(time))
    return FALSE;
  *value = sim_time_seconds(time);
  return TRUE;
}

Summary measure_summary(Measure measure, const MetricRow *const *rows, guint count) {
  g_autofree double *values = g_new0(double, count + 1);
  guint known = 0, censored_count = 0;
  for (guint i = 0; i < count; i++) {
    gboolean censored;
    double value = 0;
    if (!measure_value(rows[i], measure, &value, &censored))
      continue;
    if (censored)
      censored_count++;
    else
      values[known++] = value;
  }
  return summary_of(values, known, censored_count, count);
}

gboolean summary_statistic(const Summary *summary, const char *name, double *value) {
  const struct {
    const char *name;
    double value;
  } statistics[] = {{"mean", summary->mean}, {"min", summary->min}, {"p50", summary->p50},
                    {"median", summary->p50}, {"p95", summary->p95}, {"p99", summary->p99},
                    {"max", summary->max}};
  for (guint i = 0; i < G_N_ELEMENTS(statistics); i++)
    if (strcmp(statistics[i].name, name) == 0) {
      *value = statistics[i].value;
      return !isnan(*value);
    }
  return FALSE;
}
