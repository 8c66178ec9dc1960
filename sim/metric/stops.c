/* This fold is about what stopped flows; see the header. */
#include "routesim/metric/stops.h"

#include <string.h>

typedef struct {
  guint64 flows; /* at `at` */
  SimTime at;
} Moment;

static guint place_of(GArray *stops, GArray *moments, const MetricStop *stop) {
  static const Moment never = {0, {-1}};
  for (guint i = 0; i < stops->len; i++) {
    const MetricStop *other = &g_array_index(stops, MetricStop, i);
    if (strcmp(other->traffic, stop->traffic) == 0 && other->reason == stop->reason &&
        drop_place_is(other->where, stop->where))
      return i;
  }
  g_array_append_vals(stops, stop, 1);
  g_array_append_vals(moments, &never, 1);
  return stops->len - 1;
}

static int event_of(const Engine *engine, const TraceKind *event_kind, RecordId id) {
  const RecordId root = engine_record_root(engine, id);
  const TraceRecord *record = root != 0 ? engine_record_get(engine, root) : NULL;
  return record != NULL && record->kind == event_kind ? (int)record->value : -1;
}

GArray *metric_stops(const Engine *engine, const TraceKind *event_kind) {
  GArray *stops = g_array_new(FALSE, FALSE, sizeof(MetricStop));
  g_autoptr(GArray) moments = g_array_new(FALSE, FALSE, sizeof(Moment));
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    const gboolean full = record->kind == &FLOW_FULL;
    if (!full && record->kind != &FLOW_INTERRUPTED && record->kind != &FLOW_STOP_MOVED)
      continue;
    const FlowStop *why = record->detail;
    const MetricStop stop = {
        record->subject, why->reason, why->where, 0, record->at, event_of(engine, event_kind, id)};
    const guint place = place_of(stops, moments, &stop);
    Moment *moment = &g_array_index(moments, Moment, place);
    if (moment->at.ns != record->at.ns)
      *moment = (Moment){0, record->at};
    /* One of these tells of all flows that lack capacity there. */
    moment->flows = full ? (guint64)record->value : moment->flows + (guint64)record->value;
    MetricStop *known = &g_array_index(stops, MetricStop, place);
    known->flows = MAX(known->flows, moment->flows);
  }
  return stops;
}
