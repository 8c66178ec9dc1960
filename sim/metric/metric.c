/* From trace to rows: each record counts for the event at the root of its causes, and each measure
 * is folded from what counts for its event. */
#include "routesim/metric/metric.h"

#include <string.h>

#include "metric_private.h"

#define ROW(ID, field, ...) [MEASURE_##ID] = metric_fold_##field,
static const MetricFold folds[MEASURE_COUNT] = {METRIC_MEASURES(ROW)};
#undef ROW

/* ---- what counts for which event ------------------------------------------------------------ */

int metric_event_of(const MetricInput *input, RecordId id) {
  const RecordId root = engine_record_root(input->engine, id);
  if (root == 0)
    return -1;
  const TraceRecord *record = engine_record_get(input->engine, root);
  return record->kind == input->event ? (int)record->value : -1;
}

/* What the record tells counts for this event: an interruption for what began it. */
static int counts_for(const MetricInput *input, RecordId id) {
  const TraceRecord *record = engine_record_get(input->engine, id);
  const FlowInterruption *over = record->kind == &FLOW_RESTORED ? record->detail : NULL;
  return metric_event_of(input, over != NULL && over->down != 0 ? over->down : id);
}

guint metric_record_count(const MetricTrace *trace, guint event) {
  return trace->records[event]->len;
}

const TraceRecord *metric_record(const MetricTrace *trace, guint event, guint index, RecordId *id) {
  const RecordId found = g_array_index(trace->records[event], RecordId, index);
  if (id != NULL)
    *id = found;
  return engine_record_get(trace->input->engine, found);
}

static MetricTrace trace_new(const MetricInput *input, guint event_count) {
  MetricTrace trace = {.input = input,
                       .records = g_new0(GArray *, event_count + 1),
                       .happened = g_new0(RecordId, event_count + 1)};
  for (guint i = 0; i < event_count; i++)
    trace.records[i] = g_array_new(FALSE, FALSE, sizeof(RecordId));
  return trace;
}

static void trace_clear(MetricTrace *trace, guint event_count) {
  for (guint i = 0; i < event_count; i++)
    g_array_unref(trace->records[i]);
  g_free(trace->records);
  g_free(trace->happened);
}

/* ---- rows ----------------------------------------------------------------------------------- */

SimTime metric_part_of_outage(SimTime since, SimTime from, SimTime to) {
  return to.ns > since.ns ? sim_time_sub(to, sim_time_max(since, from)) : SIM_TIME_ZERO;
}

void metric_rows(const MetricInput *input, MetricRow *rows) {
  MetricTrace trace = trace_new(input, input->event_count);
  for (RecordId id = 1; id <= engine_record_count(input->engine); id++) {
    const TraceRecord *record = engine_record_get(input->engine, id);
    const int event = counts_for(input, id);
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
  trace_clear(&trace, input->event_count);
}

/* ---- what one traffic lost ------------------------------------------------------------------ */

static gboolean is_loss(const TraceRecord *record) {
  return record->kind == &FLOW_OVERLOAD || record->kind == &FLOW_BROKEN ||
         record->kind == &FLOW_RESTORED;
}

void metric_losses(const Engine *engine, const TraceKind *event_kind, guint event,
                   const char *traffic, MetricRow *row) {
  const MetricInput input = {.engine = engine, .event = event_kind};
  MetricTrace trace = trace_new(&input, event + 1);
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    if (is_loss(record) && (traffic == NULL || strcmp(traffic, record->subject) == 0) &&
        counts_for(&input, id) == (int)event)
      g_array_append_val(trace.records[event], id);
  }
  metric_fold_lost_bytes(&trace, event, row);
  metric_fold_sessions_broken(&trace, event, row);
  metric_fold_session_outage(&trace, event, row);
  trace_clear(&trace, event + 1);
}
