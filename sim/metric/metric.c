/* From trace to rows: each measure is folded from what counts for its event. */
#include "routesim/metric/metric.h"

#include <string.h>

#include "metric_private.h"

#define ROW(ID, field, ...) [MEASURE_##ID] = metric_fold_##field,
static const MetricFold folds[MEASURE_COUNT] = {METRIC_MEASURES(ROW)};
#undef ROW

/* ---- rows ----------------------------------------------------------------------------------- */

void metric_rows(const MetricInput *input, MetricRow *rows) {
  MetricTrace trace = metric_trace_new(input, input->event_count);
  for (RecordId id = 1; id <= engine_record_count(input->engine); id++) {
    const TraceRecord *record = engine_record_get(input->engine, id);
    const int event = metric_counts_for(input, id);
    if (record->kind == input->event)
      trace.happened[record->value] = id;
    if (event >= 0)
      g_array_append_val(trace.records[event], id);
  }
  for (guint event = 0; event < input->event_count; event++) {
    rows[event] = (MetricRow){.at = input->events[event].at,
                              .never_happened = input->events[event].never_happens,
                              .target = input->events[event].target,
                              .how = input->events[event].how};
    for (guint measure = 0; measure < MEASURE_COUNT; measure++)
      folds[measure](&trace, event, &rows[event]);
  }
  metric_trace_clear(&trace, input->event_count);
}

/* ---- what one traffic lost ------------------------------------------------------------------ */

static gboolean is_loss(const TraceRecord *record) {
  return record->kind == &FLOW_OVERLOAD || record->kind == &FLOW_BROKEN ||
         record->kind == &FLOW_RESTORED;
}

void metric_losses(const Engine *engine, const TraceKind *event_kind, guint event,
                   const char *traffic, MetricRow *row) {
  const MetricInput input = {.engine = engine, .event = event_kind};
  MetricTrace trace = metric_trace_new(&input, event + 1);
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    if (is_loss(record) && (traffic == NULL || strcmp(traffic, record->subject) == 0) &&
        metric_counts_for(&input, id) == (int)event)
      g_array_append_val(trace.records[event], id);
  }
  metric_fold_lost_bytes(&trace, event, row);
  metric_fold_sessions_broken(&trace, event, row);
  metric_fold_session_outage(&trace, event, row);
  metric_trace_clear(&trace, event + 1);
}
