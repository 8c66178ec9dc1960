/* What the folds share. */
#pragma once
#include "routesim/metric/metric.h"

/* The trace of a run, sorted by event. */
typedef struct {
  const MetricInput *input;
  GArray **records;   /* RecordId of what counts for each event, in the order of time */
  RecordId *happened; /* the record of each event; 0: it never happened */
} MetricTrace;

guint metric_record_count(const MetricTrace *trace, guint event);
const TraceRecord *metric_record(const MetricTrace *trace, guint event, guint index, RecordId *id);
/* The event that a record goes back to, or -1. */
int metric_event_of(const MetricInput *input, RecordId id);

/* One fold a measure: fills its field of the row, whose `at` is known, and what the row tells
 * beside it (`restored_by`, `censored`, `outage_basis`). No fold reads what another one wrote. */
typedef void (*MetricFold)(const MetricTrace *trace, guint event, MetricRow *row);
#define ROW(ID, field, ...) void metric_fold_##field(const MetricTrace *, guint, MetricRow *);
METRIC_MEASURES(ROW)
#undef ROW
