/* Folds over the trace: one row for each event of a run, and summaries over runs. */
#pragma once
#include "routesim/base/statistics.h"
#include "routesim/bgp/speaker.h"
#include "routesim/flow/traffic.h"

typedef enum { METRIC_FAILURE, METRIC_RESTORE, METRIC_CHANGE } MetricEventKind;

/* What the fold must know of an event beside the trace. */
typedef struct {
  MetricEventKind kind;
  SimTime at;
  SimTime mends_from; /* from then on it may repair something; NEVER: it only fails things */
  const char *target, *how;
  GPtrArray *appliances; /* const char *: the target, or for a zone every appliance in it */
} MetricEvent;

/* What a unit of a route server had selected at the start. */
typedef struct {
  const char *unit;
  GPtrArray *selections; /* const BgpSelection * */
} MetricUnit;

/* The part of an outage that rests on each basis (index: Basis). */
typedef struct {
  SimTime by_basis[BASIS_COUNT];
} MetricBasis;

/* One row of failovers.csv. Times count from the event; SIM_TIME_NEVER: never. */
typedef struct {
  SimTime at;
  const char *target, *how;
  SimTime detected, withdrawn, decided, programmed, restored;
  gboolean restored_by_network;
  guint restored_by; /* number of the event, where not by the network */
  SimTime outage, session_outage;
  gboolean censored;         /* the outage, and with it what it ends */
  gboolean session_censored; /* the session outage, be the outage over or not */
  guint64 lost_bytes;
  guint64 flows, flows_interrupted, flows_moved, flows_gone, sessions_broken;
  SimTime alarm; /* a rule that watches the sessions of the route server would ring */
  MetricBasis outage_basis; /* of the longest interruption that ended */
} MetricRow;

/* Kinds of record that other folders own. */
typedef struct {
  const TraceKind *event; /* value: the event's number */
  const TraceKind *table; /* a table changed */
  const TraceKind *lost;  /* subject: a unit whose process ended */
} MetricKinds;

/* Fills `rows`, one for each event. */
void metric_rows(const Engine *engine, const MetricKinds *kinds, const MetricEvent *events,
                 guint count, const MetricUnit *units, guint unit_count, guint64 flows,
                 MetricRow *rows);

/* Fills what `event` cost: lost_bytes, sessions_broken and session_outage, of one traffic or (NULL)
 * of all. */
void metric_losses(const Engine *engine, const TraceKind *event_kind, guint event,
                   const char *traffic, MetricRow *row);

/* ---- measures over runs -------------------------------------------------------------- */

/* In the order of the columns of failovers.csv. */
typedef enum {
  MEASURE_DETECTED, MEASURE_WITHDRAWN, MEASURE_DECIDED, MEASURE_PROGRAMMED, MEASURE_RESTORED,
  MEASURE_OUTAGE, MEASURE_SESSION_OUTAGE, MEASURE_LOST_BYTES, MEASURE_FLOWS,
  MEASURE_FLOWS_INTERRUPTED, MEASURE_FLOWS_MOVED, MEASURE_FLOWS_GONE, MEASURE_SESSIONS_BROKEN,
  MEASURE_ALARM,
} Measure;
#define MEASURE_COUNT 14

typedef enum { UNIT_SECONDS, UNIT_BYTES, UNIT_FLOWS } MeasureUnit;

/* "outage": as in `expect`, `measured` and summary.csv. */
const char *measure_name(Measure measure);
/* "outage_s": the column of failovers.csv. */
const char *measure_column(Measure measure);
/* What it tells, as the reference has it. */
const char *measure_meaning(Measure measure);
MeasureUnit measure_unit(Measure measure);
/* "s", "B", "flows": as in summary.csv. */
const char *measure_unit_name(Measure measure);
/* TRUE for seconds, FALSE for counts. */
gboolean measure_is_time(Measure measure);
/* The value of a measure that is a count, or a time (SIM_TIME_NEVER: it never happened). */
guint64 measure_count(const MetricRow *row, Measure measure);
SimTime measure_time(const MetricRow *row, Measure measure);
gboolean measure_find(const char *name, Measure *out);
/* TRUE where the row has a value for it. *censored: it is only known to be longer. */
gboolean measure_value(const MetricRow *row, Measure measure, double *value, gboolean *censored);
/* Over the rows of one event in many runs. */
Summary measure_summary(Measure measure, const MetricRow *const *rows, guint count);

/* "p95": as in `expect`; mean, min, p50 (also median), p95, p99, max. */
gboolean summary_statistic(const Summary *summary, const char *name, double *value);
extern const char *const summary_statistics[]; /* NULL-terminated */
