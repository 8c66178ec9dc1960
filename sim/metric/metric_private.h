/* What the folds share. */
#pragma once
#include "routesim/metric/metric.h"

/* The trace of a run, sorted by event. */
typedef struct {
  const MetricInput *input;
  GArray **records;   /* RecordId of what counts for each event, in the order of time */
  RecordId *happened; /* the record of each event; 0: it never happened */
} MetricTrace;

/* The event that a record goes back to, or -1. */
int metric_event_of(const MetricInput *input, RecordId id);
/* The event that a record counts for: an interruption counts for what began it. */
int metric_counts_for(const MetricInput *input, RecordId id);
/* A trace in which nothing is yet. */
MetricTrace metric_trace_new(const MetricInput *input, guint event_count);
void metric_trace_clear(MetricTrace *trace, guint event_count);
guint metric_record_count(const MetricTrace *trace, guint event);
const TraceRecord *metric_record(const MetricTrace *trace, guint event, guint index, RecordId *id);

/* One fold a measure: fills its field of the row, whose `at` is known, and what the row tells
 * beside it (`restored_by`, `censored`, `outage_basis`). No fold reads what another one wrote. */
typedef void (*MetricFold)(const MetricTrace *trace, guint event, MetricRow *row);
#define ROW(ID, field, ...) void metric_fold_##field(const MetricTrace *, guint, MetricRow *);
METRIC_MEASURES(ROW)
#undef ROW
