/* Metrics are folds over the trace: one row for each event of a run, and summaries over runs.
 *
 *     trace of a run --> metric_rows() --> MetricRow of event 0, 1, ...   a line of failovers.csv
 *     rows of one event over many runs --> measure_summary() --> Summary  a line of summary.csv
 *
 * A run leaves a trace in which every record has a cause. A record counts for the event that its
 * causes lead back to, an interruption for what began it. Records are sorted by that once
 * (sorted.c), and then each measure is worked out by a fold of its own, a function that goes
 * through the records of one event (folds.c). Nothing here asks the world: what a fold has to know
 * beside the trace is handed in as MetricInput.
 *
 * A Measure is a row of METRIC_MEASURES (measures.h), which makes the field of MetricRow, its name,
 * its column, its unit and the sentence that explains it: tables and bounds go through this
 * list, and only sentences and a few columns name one. A time that never came is SIM_TIME_NEVER. A
 * value that the end of the run cut off is censored: it is known to be longer, and a summary keeps
 * it as that.
 *
 * An outage is split by what its stages rest on (MetricBasis): so many seconds documented, measured
 * or assumed. Beside the folds stand the balance of load over ways (balance.h) and where packets
 * ended and why (stops.h). */
#pragma once
#include "routesim/base/statistics.h"
#include "routesim/bgp/speaker.h"
#include "routesim/flow/traffic.h"
#include "routesim/metric/measures.h"

typedef enum { METRIC_FAILURE, METRIC_RESTORE, METRIC_CHANGE } MetricEventKind;

/* What the fold must know of an event beside the trace. */
typedef struct {
  MetricEventKind kind;
  SimTime at;
  gboolean never_happens; /* it is due at the end of the run or later */
  SimTime mends_from;     /* from then on it may repair something; NEVER: it only fails things */
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

/* How much of a wait lies in an outage that began at `since`: what came before, while the flows
 * still passed, is no part of it. */
SimTime metric_part_of_outage(SimTime since, SimTime from, SimTime to);

/* One row of failovers.csv: a field for each measure, and what is told beside them. Times count
 * from the event; SIM_TIME_NEVER: never. */
typedef struct {
  SimTime at;              /* or when it was due */
  gboolean never_happened; /* it was due at the end of the run or later: no measure has a value */
  const char *target, *how;
#define METRIC_FIELD_SECONDS SimTime
#define METRIC_FIELD_BYTES guint64
#define METRIC_FIELD_FLOWS guint64
#define ROW(ID, field, UNIT, ...) METRIC_FIELD_##UNIT field;
  METRIC_MEASURES(ROW)
#undef ROW
  gboolean restored_by_network;
  guint restored_by;         /* number of the event, where not by the network */
  gboolean censored;         /* the outage, and with it what it ends */
  gboolean session_censored; /* the session outage, be the outage over or not */
  MetricBasis outage_basis;  /* of the longest interruption that ended */
} MetricRow;

/* What the folds read: a run's trace, and what other folders know of its records. */
typedef struct {
  const Engine *engine;
  const TraceKind *event; /* kind of record; value: the event's number */
  const TraceKind *table; /* a table changed */
  const TraceKind *lost;  /* subject: a unit whose process ended */
  const MetricEvent *events;
  guint event_count;
  const MetricUnit *units;
  guint unit_count;
  guint64 flows; /* of all traffic */
  /* When a rule would ring that saw this session go down; NEVER: nobody watches it. */
  SimTime (*alarm_at)(gconstpointer data, const TraceRecord *down);
  gconstpointer alarm_data;
} MetricInput;

/* `rows` has room for one row for each event. */
void metric_rows(const MetricInput *input, MetricRow *rows);

/* `row` gets what `event` cost: lost_bytes, sessions_broken and session_outage, of one traffic or
 * (NULL) of all. */
void metric_losses(const Engine *engine, const TraceKind *event_kind, guint event,
                   const char *traffic, MetricRow *row);

/* ---- measures over runs -------------------------------------------------------------- */

typedef enum {
#define ROW(ID, ...) MEASURE_##ID,
  METRIC_MEASURES(ROW)
#undef ROW
      MEASURE_COUNT
} Measure;

typedef enum { UNIT_SECONDS, UNIT_BYTES, UNIT_FLOWS } MeasureUnit;

/* A measure stands in both files or in none. */
typedef enum {
  MEASURE_IN_FAILOVERS = 1,
  MEASURE_IN_SUMMARY = 2,
  MEASURE_IN_BOTH = MEASURE_IN_FAILOVERS | MEASURE_IN_SUMMARY
} MeasureFile;

/* What the end of the run leaves open: a measure that waits for it is known to be longer. */
typedef enum { MEASURE_FLOWS_OUT = 1, MEASURE_SESSIONS_OUT = 2 } MeasureCutOff;

/* A row of METRIC_MEASURES. */
typedef struct {
  const char *name;    /* "outage": as in `expect`, `measured` and summary.csv */
  const char *column;  /* "outage_s": of failovers.csv */
  const char *meaning; /* what it tells, as the reference has it */
  MeasureUnit unit;
  gsize offset;       /* of its field in MetricRow */
  guint files;        /* MeasureFile */
  gboolean bounds;    /* `expect` and `measured` may name it; only what stands in summary.csv */
  guint cut_off_with; /* MeasureCutOff; 0: it never waits */
  gboolean compared;  /* a column of `compare` */
  guint run_rank;     /* a column of `run`, lower ranks first; 0: none */
  guint curve_rank;   /* a curve over the runs may show it, lower ranks first; 0: none does */
  const char *curve;  /* what its axis counts then */
} MeasureSpec;

const MeasureSpec *measure_spec(Measure measure);
const char *measure_name(Measure measure);
/* "s", "B", "flows": as in summary.csv. */
const char *measure_unit_name(Measure measure);
/* TRUE for seconds, FALSE for counts. */
gboolean measure_is_time(Measure measure);
gboolean measure_stands_in(Measure measure, MeasureFile file);
/* Those that have a rank, lowest first and otherwise in their order: how many. `out` has room for
 * all of them. */
typedef guint (*MeasureRank)(const MeasureSpec *spec);
guint measure_ranked(MeasureRank rank, Measure *out);
/* The value of a measure of an event that happened: a count, or a time (SIM_TIME_NEVER: this never
 * happened). */
guint64 measure_count(const MetricRow *row, Measure measure);
SimTime measure_time(const MetricRow *row, Measure measure);
/* TRUE where the row has a value for it. *censored: it is only known to be longer. */
gboolean measure_value(const MetricRow *row, Measure measure, double *value, gboolean *censored);
/* `rows` are those of one event in many runs. */
Summary measure_summary(Measure measure, const MetricRow *const *rows, guint count);
/* How far each of its statistics can lie from those of endless runs. */
Intervals measure_intervals(Measure measure, const MetricRow *const *rows, guint count);
