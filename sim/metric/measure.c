/* Measures: named fields of a row, and their summaries over runs. One table makes the columns of
 * failovers.csv, the rows of summary.csv and the words of `expect`, so that a measure stands in all
 * of them or in none. */
#include <math.h>
#include <string.h>

#include "routesim/metric/metric.h"

static const struct {
  const char *name, *column, *meaning;
  MeasureUnit unit;
  gsize offset;
} measures[MEASURE_COUNT] = {
#define ROW(field, column, unit, meaning) \
  {#field, column, meaning, unit, G_STRUCT_OFFSET(MetricRow, field)}
#define SECONDS(field, meaning) ROW(field, #field "_s", UNIT_SECONDS, meaning)
#define FLOWS(field, meaning) ROW(field, #field, UNIT_FLOWS, meaning)
    [MEASURE_DETECTED] = SECONDS(
        detected, "the first moment at which any end of a session left Established, BFD left Up, a "
                  "withdrawal arrived, or a probe or poller gave the target up; of a restoration, "
                  "at which a session was Established, or a route announced, again"),
    [MEASURE_WITHDRAWN] = SECONDS(
        withdrawn, "when the last instance of a route server stopped using the target (of a zone: "
                   "every appliance in it) in a best path; empty where none did or one never "
                   "stops, and of a restoration"),
    [MEASURE_DECIDED] = SECONDS(decided, "the last change of best paths that the event caused"),
    [MEASURE_PROGRAMMED] = SECONDS(
        programmed, "the last change of a route table (aws) or a NIC's routes (azure) that it "
                    "caused; empty where none"),
    [MEASURE_RESTORED] = SECONDS(
        restored, "when the last interrupted flow could be delivered again; empty where none was "
                  "interrupted, or one still is"),
    [MEASURE_OUTAGE] = SECONDS(
        outage, "the longest interruption of any flow because of the event; 0 where none"),
    [MEASURE_SESSION_OUTAGE] = SECONDS(
        session_outage, "the same as a user feels it: until broken sessions are open again"),
    [MEASURE_LOST_BYTES] = ROW(lost_bytes, "lost_bytes", UNIT_BYTES,
                               "offered and not delivered because of the event"),
    [MEASURE_FLOWS] = FLOWS(flows, "all of them"),
    [MEASURE_FLOWS_INTERRUPTED] = FLOWS(flows_interrupted, "undeliverable for a time"),
    [MEASURE_FLOWS_MOVED] = FLOWS(
        flows_moved, "whose `via` differs, in either direction, between just before this event and "
                     "just before the next"),
    [MEASURE_FLOWS_GONE] = FLOWS(
        flows_gone, "whose own host, at either end, failed: counted nowhere else"),
    [MEASURE_SESSIONS_BROKEN] = FLOWS(
        sessions_broken, "whose state died with its holder, or whose packets reach a stateful "
                         "appliance that lacks it; once an event"),
    [MEASURE_ALARM] = SECONDS(
        alarm, "when a rule that watches the sessions of the route server would ring: its first "
               "look after a BGP or BFD session went down there because of the event; empty where "
               "none did"),
#undef FLOWS
#undef SECONDS
#undef ROW
};

static const char *const units[] = {
    [UNIT_SECONDS] = "s", [UNIT_BYTES] = "B", [UNIT_FLOWS] = "flows"};

const char *const summary_statistics[] = {"mean", "min", "p50", "median", "p95", "p99", "max", NULL};

const char *measure_name(Measure measure) { return measures[measure].name; }
const char *measure_column(Measure measure) { return measures[measure].column; }
const char *measure_meaning(Measure measure) { return measures[measure].meaning; }
MeasureUnit measure_unit(Measure measure) { return measures[measure].unit; }
const char *measure_unit_name(Measure measure) { return units[measures[measure].unit]; }
gboolean measure_is_time(Measure measure) { return measures[measure].unit == UNIT_SECONDS; }

guint64 measure_count(const MetricRow *row, Measure measure) {
  g_assert(!measure_is_time(measure));
  return G_STRUCT_MEMBER(guint64, row, measures[measure].offset);
}

SimTime measure_time(const MetricRow *row, Measure measure) {
  g_assert(measure_is_time(measure));
  return G_STRUCT_MEMBER(SimTime, row, measures[measure].offset);
}

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
  *censored = (row->censored && ends_with_flows) ||
              (row->session_censored && measure == MEASURE_SESSION_OUTAGE);
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
