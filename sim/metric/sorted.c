/* The trace sorted by event: each record counts for the event at the root of its causes. */
#include "metric_private.h"

int metric_event_of(const MetricInput *input, RecordId id) {
  const RecordId root = engine_record_root(input->engine, id);
  if (root == 0)
    return -1;
  const TraceRecord *record = engine_record_get(input->engine, root);
  return record->kind == input->event ? (int)record->value : -1;
}

int metric_counts_for(const MetricInput *input, RecordId id) {
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

MetricTrace metric_trace_new(const MetricInput *input, guint event_count) {
  MetricTrace trace = {.input = input,
                       .records = g_new0(GArray *, event_count + 1),
                       .happened = g_new0(RecordId, event_count + 1)};
  for (guint i = 0; i < event_count; i++)
    trace.records[i] = g_array_new(FALSE, FALSE, sizeof(RecordId));
  return trace;
}

void metric_trace_clear(MetricTrace *trace, guint event_count) {
  for (guint i = 0; i < event_count; i++)
    g_array_unref(trace->records[i]);
  g_free(trace->records);
  g_free(trace->happened);
}
