/* From trace to rows: each record counts for the event at the root of its causes. */
#include "routesim/metric/metric.h"

#include <string.h>

#include "routesim/bfd/bfd.h"
#include "routesim/cloud/failover.h"
#include "routesim/net/health_check.h"
#include "routesim/nva/nva.h"

/* The event that a record goes back to, or -1. */
static int event_of(const Engine *engine, const TraceKind *event_kind, RecordId id) {
  const RecordId root = engine_record_root(engine, id);
  if (root == 0)
    return -1;
  const TraceRecord *record = engine_record_get(engine, root);
  return record->kind == event_kind ? (int)record->value : -1;
}

static SimTime earlier(SimTime a, SimTime b) { return sim_time_min(a, b); }
static SimTime later(SimTime a, SimTime b) {
  return sim_time_is_never(a) ? b : sim_time_max(a, b);
}

/* ---- detection and convergence ------------------------------------------------------------- */

static gboolean is_detection(MetricEventKind kind, const TraceRecord *record) {
  const gboolean bad = record->kind == &BGP_SESSION_DOWN || record->kind == &BFD_SESSION_DOWN ||
                       record->kind == &BGP_WITHDRAWN || record->kind == &HEALTH_CHECK_GAVE_UP ||
                       record->kind == &FAILOVER_TAKEN_OUT ||
                       (record->kind == &NVA_HEALTH && record->value == 0);
  const gboolean good = record->kind == &BGP_SESSION_UP || record->kind == &BGP_ANNOUNCED ||
                        record->kind == &HEALTH_CHECK_GOOD_AGAIN ||
                        record->kind == &FAILOVER_PUT_BACK;
  switch (kind) {
  case METRIC_FAILURE:
    return bad;
  case METRIC_RESTORE:
    return good;
  case METRIC_CHANGE:
    return bad || good;
  }
  return FALSE;
}

static gboolean is_unit(const MetricUnit *units, guint count, const char *name) {
  for (guint i = 0; i < count; i++)
    if (strcmp(units[i].unit, name) == 0)
      return TRUE;
  return FALSE;
}

/* ---- which units use the target ------------------------------------------------------------- */

static gboolean uses(const BgpSelection *selection, const GPtrArray *appliances) {
  for (guint i = 0; i < selection->count; i++)
    for (guint j = 0; j < appliances->len; j++)
      if (strcmp(selection->ends[i], appliances->pdata[j]) == 0)
        return TRUE;
  return FALSE;
}

/* The selections of a unit, and how many of them use the target. */
typedef struct {
  const GPtrArray *appliances;
  Trie *selections; /* const BgpSelection * */
  guint using;
} Usage;

static void note_selection(Usage *usage, const BgpSelection *selection) {
  const BgpSelection *before = trie_get(usage->selections, selection->prefix);
  usage->using -= before != NULL && uses(before, usage->appliances) ? 1 : 0;
  usage->using += uses(selection, usage->appliances) ? 1 : 0;
  trie_set(usage->selections, selection->prefix, (gpointer)selection);
}

/* How a unit's use of the target ended. */
typedef enum {
  USE_NONE,      /* it did not use it, or died with it */
  USE_GOES_ON,
  USE_ENDED,     /* because of the event */
  USE_ENDED_OTHERWISE,
} UseEnd;

/* Replays the selections of the unit. A process that ends forgets all of them, before the event as
 * after it: what it selects when it is back it selects anew. */
static UseEnd end_of_use(const Engine *engine, const MetricKinds *kinds, const MetricEvent *event,
                         RecordId event_record, const MetricUnit *unit, SimTime *at) {
  g_autoptr(Arena) arena = arena_new();
  Usage usage = {event->appliances, trie_new(arena), 0};
  for (guint i = 0; i < unit->selections->len; i++)
    note_selection(&usage, unit->selections->pdata[i]);
  gboolean looked = FALSE;
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    looked |= id == event_record;
    if (id == event_record && usage.using == 0)
      return USE_NONE;
    const gboolean lost = record->kind == kinds->lost;
    if ((!lost && record->kind != &BGP_SELECTED) || strcmp(record->subject, unit->unit) != 0)
      continue;
    if (lost && looked)
      return USE_NONE;
    if (lost)
      usage = (Usage){event->appliances, trie_new(arena), 0};
    else
      note_selection(&usage, record->detail);
    *at = record->at;
    if (looked && usage.using == 0)
      return record->root == event_record ? USE_ENDED : USE_ENDED_OTHERWISE;
  }
  return USE_GOES_ON;
}

/* The moment from which, because of the event, no unit uses the target any more; NEVER if
 * one still does, or none did, or the last of them stopped because of something else. */
static SimTime withdrawn_at(const Engine *engine, const MetricKinds *kinds,
                            const MetricEvent *event, RecordId event_record,
                            const MetricUnit *units, guint count) {
  SimTime last = SIM_TIME_NEVER, otherwise = SIM_TIME_ZERO;
  if (event->kind != METRIC_FAILURE || event->appliances->len == 0 || event_record == 0)
    return SIM_TIME_NEVER;
  for (guint u = 0; u < count; u++) {
    SimTime at = SIM_TIME_ZERO;
    switch (end_of_use(engine, kinds, event, event_record, &units[u], &at)) {
    case USE_NONE:
      break;
    case USE_GOES_ON:
      return SIM_TIME_NEVER;
    case USE_ENDED:
      last = later(last, at);
      break;
    case USE_ENDED_OTHERWISE:
      otherwise = sim_time_max(otherwise, at);
      break;
    }
  }
  return otherwise.ns > last.ns ? SIM_TIME_NEVER : last;
}

/* ---- losses ------------------------------------------------------------------------------------ */

/* The event that what the record tells of flows counts for: an interruption for what began it. */
static int event_of_flows(const Engine *engine, const TraceKind *event_kind, RecordId id) {
  const TraceRecord *record = engine_record_get(engine, id);
  const FlowInterruption *over = record->kind == &FLOW_RESTORED ? record->detail : NULL;
  return event_of(engine, event_kind, over != NULL && over->down != 0 ? over->down : id);
}

static gboolean is_loss(const TraceRecord *record) {
  return record->kind == &FLOW_OVERLOAD || record->kind == &FLOW_BROKEN ||
         record->kind == &FLOW_RESTORED;
}

static void take_loss(const TraceRecord *record, MetricRow *row) {
  if (record->kind == &FLOW_OVERLOAD)
    row->lost_bytes += (guint64)record->value;
  if (record->kind == &FLOW_BROKEN)
    row->sessions_broken += (guint64)record->value;
  if (record->kind != &FLOW_RESTORED)
    return;
  const FlowInterruption *over = record->detail;
  row->session_outage = sim_time_max(row->session_outage, over->session_outage);
  row->session_censored |= over->session_censored;
  if (over->down != 0)
    row->lost_bytes += (guint64)flow_bytes(over->bits_per_second - over->missed_anyway,
                                           sim_time_sub(record->at, over->since));
}

void metric_losses(const Engine *engine, const TraceKind *event_kind, guint event,
                   const char *traffic, MetricRow *row) {
  row->lost_bytes = row->sessions_broken = 0;
  row->session_outage = SIM_TIME_ZERO;
  row->session_censored = FALSE;
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    if (is_loss(record) && (traffic == NULL || strcmp(traffic, record->subject) == 0) &&
        event_of_flows(engine, event_kind, id) == (int)event)
      take_loss(record, row);
  }
  /* Bytes are rounded down interruption by interruption, and those that others were spared in one. */
  if ((gint64)row->lost_bytes < 0)
    row->lost_bytes = 0;
}

/* ---- interruptions ----------------------------------------------------------------------------- */

SimTime metric_part_of_outage(SimTime since, SimTime from, SimTime to) {
  return to.ns > since.ns ? sim_time_sub(to, sim_time_max(since, from)) : SIM_TIME_ZERO;
}

/* What the time from `since` to `id` was spent on, by basis. */
static MetricBasis basis_of(const Engine *engine, RecordId id, SimTime since) {
  MetricBasis basis = {{{0}}};
  for (; id != 0; id = engine_record_get(engine, id)->cause) {
    g_autoptr(GArray) passed = engine_record_passed(engine, id);
    for (guint i = 0; i < passed->len; i++) {
      const Passed *part = &g_array_index(passed, Passed, i);
      const Basis kind = part->stage != NULL ? part->stage->basis : BASIS_NONE;
      basis.by_basis[kind] = sim_time_add(
          basis.by_basis[kind], metric_part_of_outage(since, part->from, part->to));
    }
  }
  return basis;
}

/* A failure repairs nothing: what happens because of it (a session that it ended opens again, a
 * route that it took away makes room for another) the network does by itself. */
static void note_repair(const MetricEvent *events, int index, int by, SimTime at, MetricRow *row) {
  row->restored_by_network = by < 0 || by == index || at.ns < events[by].mends_from.ns;
  row->restored_by = row->restored_by_network ? 0 : (guint)by;
}

static void take_interruption(const Engine *engine, const TraceKind *event_kind,
                              const MetricEvent *events, RecordId id, MetricRow *rows,
                              gboolean *still_down) {
  static const MetricBasis none = {{{0}}};
  const TraceRecord *record = engine_record_get(engine, id);
  const FlowInterruption *over = record->detail;
  const int index = event_of_flows(engine, event_kind, id);
  if (index < 0)
    return;
  MetricRow *row = &rows[index];
  const SimTime span = sim_time_sub(record->at, over->since);
  if (over->down == 0 || span.ns == 0)
    return;
  if (!over->again)
    row->flows_interrupted += over->flows;
  if (span.ns > row->outage.ns)
    row->outage_basis =
        over->censored || over->gone ? none : basis_of(engine, id, over->since);
  row->outage = sim_time_max(row->outage, span);
  row->censored |= over->censored;
  if (over->censored || (over->gone && over->flows_back < over->flows)) {
    still_down[index] = TRUE; /* they never pass again */
    return;
  }
  const SimTime restored = sim_time_sub(over->gone ? over->back_at : record->at, row->at);
  if (!sim_time_is_never(row->restored) && restored.ns < row->restored.ns)
    return;
  const int by = event_of(engine, event_kind, over->gone ? over->back_by : id);
  row->restored = restored;
  note_repair(events, index, by, over->gone ? over->back_at : record->at, row);
}

/* ---- rows ------------------------------------------------------------------------------------------ */

static void take_record(const Engine *engine, const MetricKinds *kinds, const MetricEvent *events,
                        const MetricUnit *units, guint unit_count, RecordId id, MetricRow *rows) {
  const TraceRecord *record = engine_record_get(engine, id);
  const int index = event_of(engine, kinds->event, id);
  if (index < 0)
    return;
  MetricRow *row = &rows[index];
  const SimTime since = sim_time_sub(record->at, row->at);
  if (is_detection(events[index].kind, record))
    row->detected = earlier(row->detected, since);
  if (record->kind == &BGP_SELECTED && is_unit(units, unit_count, record->subject))
    row->decided = later(row->decided, since);
  else if (record->kind == kinds->table)
    row->programmed = later(row->programmed, since);
  else if (record->kind == &FLOW_MOVED)
    row->flows_moved += (guint64)record->value;
  else if (record->kind == &FLOW_GONE)
    row->flows_gone += (guint64)record->value;
}

void metric_rows(const Engine *engine, const MetricKinds *kinds, const MetricEvent *events,
                 guint count, const MetricUnit *units, guint unit_count, guint64 flows,
                 MetricRow *rows) {
  g_autofree gboolean *still_down = g_new0(gboolean, count + 1);
  g_autofree RecordId *event_records = g_new0(RecordId, count + 1);
  for (guint i = 0; i < count; i++)
    rows[i] = (MetricRow){.at = events[i].at,
                          .never_happened = events[i].never_happens,
                          .target = events[i].target, .how = events[i].how,
                          .detected = SIM_TIME_NEVER, .withdrawn = SIM_TIME_NEVER,
                          .decided = SIM_TIME_NEVER, .programmed = SIM_TIME_NEVER,
                          .restored = SIM_TIME_NEVER, .alarm = SIM_TIME_NEVER, .flows = flows};
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    if (record->kind == kinds->event)
      event_records[record->value] = id;
    take_record(engine, kinds, events, units, unit_count, id, rows);
    if (record->kind == &FLOW_RESTORED)
      take_interruption(engine, kinds->event, events, id, rows, still_down);
  }
  for (guint i = 0; i < count; i++) {
    metric_losses(engine, kinds->event, i, NULL, &rows[i]);
    const SimTime at = withdrawn_at(engine, kinds, &events[i], event_records[i], units, unit_count);
    if (!sim_time_is_never(at))
      rows[i].withdrawn = sim_time_sub(at, rows[i].at);
    if (still_down[i])
      rows[i].restored = SIM_TIME_NEVER;
  }
}
