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

/* Interruptions that are not over, by the record that began them. */
typedef struct {
  RecordId down;
  guint64 flows;
} OpenStop;

static void note_begun(GArray *open, RecordId id, guint64 flows) {
  const OpenStop stop = {id, flows};
  g_array_append_val(open, stop);
}

static void note_over(GArray *open, const FlowInterruption *over) {
  for (guint i = 0; i < open->len; i++) {
    OpenStop *stop = &g_array_index(open, OpenStop, i);
    if (stop->down == over->down)
      stop->flows -= MIN(stop->flows, over->flows);
  }
}

/* A class of flows that splits goes on under the record of the whole. */
static GArray *open_before(const Engine *engine, const TraceKind *event_kind, guint event) {
  GArray *open = g_array_new(FALSE, FALSE, sizeof(OpenStop));
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    if (record->kind == event_kind && record->value == (gint64)event)
      break;
    if (record->kind == &FLOW_INTERRUPTED)
      note_begun(open, id, (guint64)record->value);
    else if (record->kind == &FLOW_RESTORED)
      note_over(open, record->detail);
  }
  return open;
}

GArray *metric_stops_before(const Engine *engine, const TraceKind *event_kind, guint event) {
  GArray *stops = g_array_new(FALSE, FALSE, sizeof(MetricStop));
  g_autoptr(GArray) open = open_before(engine, event_kind, event);
  for (guint i = 0; i < open->len; i++) {
    const OpenStop *one = &g_array_index(open, OpenStop, i);
    const TraceRecord *record = engine_record_get(engine, one->down);
    const FlowStop *why = record->detail;
    MetricStop *same = NULL;
    for (guint j = 0; j < stops->len && same == NULL; j++) {
      MetricStop *other = &g_array_index(stops, MetricStop, j);
      if (other->reason == why->reason && drop_place_is(other->where, why->where))
        same = other;
    }
    const MetricStop stop = {record->subject, why->reason, why->where,
                             one->flows,      record->at,  event_of(engine, event_kind, one->down)};
    if (same != NULL)
      same->flows += one->flows;
    else if (one->flows > 0)
      g_array_append_val(stops, stop);
  }
  return stops;
}
