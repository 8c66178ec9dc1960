/* The folds: how each measure of an event is worked out of what counts for the event. */
#include <string.h>

#include "metric_private.h"
#include "routesim/bfd/bfd.h"
#include "routesim/cloud/failover.h"
#include "routesim/net/health_check.h"
#include "routesim/nva/nva.h"

static SimTime earlier(SimTime a, SimTime b) { return sim_time_min(a, b); }
static SimTime later(SimTime a, SimTime b) { return sim_time_is_never(a) ? b : sim_time_max(a, b); }

/* The first or the last moment, counted from the event, of the records that a fold is after. */
typedef gboolean (*IsWanted)(const MetricInput *input, guint event, const TraceRecord *record);

static SimTime first_of(const MetricTrace *trace, guint event, SimTime at, IsWanted is_wanted) {
  SimTime first = SIM_TIME_NEVER;
  for (guint i = 0; i < metric_record_count(trace, event); i++) {
    const TraceRecord *record = metric_record(trace, event, i, NULL);
    if (is_wanted(trace->input, event, record))
      first = earlier(first, sim_time_sub(record->at, at));
  }
  return first;
}

static SimTime last_of(const MetricTrace *trace, guint event, SimTime at, IsWanted is_wanted) {
  SimTime last = SIM_TIME_NEVER;
  for (guint i = 0; i < metric_record_count(trace, event); i++) {
    const TraceRecord *record = metric_record(trace, event, i, NULL);
    if (is_wanted(trace->input, event, record))
      last = later(last, sim_time_sub(record->at, at));
  }
  return last;
}

/* The values of the records of one kind, together. */
static guint64 sum_of(const MetricTrace *trace, guint event, const TraceKind *kind) {
  guint64 sum = 0;
  for (guint i = 0; i < metric_record_count(trace, event); i++) {
    const TraceRecord *record = metric_record(trace, event, i, NULL);
    if (record->kind == kind)
      sum += (guint64)record->value;
  }
  return sum;
}

/* ---- detection and convergence ------------------------------------------------------------- */

static gboolean is_detection(const MetricInput *input, guint event, const TraceRecord *record) {
  const gboolean bad = record->kind == &BGP_SESSION_DOWN || record->kind == &BFD_SESSION_DOWN ||
                       record->kind == &BGP_WITHDRAWN || record->kind == &HEALTH_CHECK_GAVE_UP ||
                       record->kind == &FAILOVER_TAKEN_OUT ||
                       (record->kind == &NVA_HEALTH && record->value == 0);
  const gboolean good = record->kind == &BGP_SESSION_UP || record->kind == &BGP_ANNOUNCED ||
                        record->kind == &HEALTH_CHECK_GOOD_AGAIN ||
                        record->kind == &FAILOVER_PUT_BACK;
  switch (input->events[event].kind) {
  case METRIC_FAILURE:
    return bad;
  case METRIC_RESTORE:
    return good;
  case METRIC_CHANGE:
    return bad || good;
  }
  return FALSE;
}

void metric_fold_detected(const MetricTrace *trace, guint event, MetricRow *row) {
  row->detected = first_of(trace, event, row->at, is_detection);
}

static gboolean is_decision(const MetricInput *input, guint event, const TraceRecord *record) {
  (void)event;
  if (record->kind != &BGP_SELECTED)
    return FALSE;
  for (guint i = 0; i < input->unit_count; i++)
    if (strcmp(input->units[i].unit, record->subject) == 0)
      return TRUE;
  return FALSE;
}

void metric_fold_decided(const MetricTrace *trace, guint event, MetricRow *row) {
  row->decided = last_of(trace, event, row->at, is_decision);
}

static gboolean is_programming(const MetricInput *input, guint event, const TraceRecord *record) {
  (void)event;
  return record->kind == input->table;
}

void metric_fold_programmed(const MetricTrace *trace, guint event, MetricRow *row) {
  row->programmed = last_of(trace, event, row->at, is_programming);
}

/* Whoever watches an end from outside takes one of which nothing is heard any more for down. */
static gboolean is_down(const TraceRecord *record) {
  return record->kind == &BGP_SESSION_DOWN || record->kind == &BGP_SESSION_ENDED ||
         record->kind == &BFD_SESSION_DOWN || record->kind == &BFD_SESSION_ENDED;
}

void metric_fold_alarm(const MetricTrace *trace, guint event, MetricRow *row) {
  const MetricInput *input = trace->input;
  row->alarm = SIM_TIME_NEVER;
  for (guint i = 0; i < metric_record_count(trace, event); i++) {
    const TraceRecord *record = metric_record(trace, event, i, NULL);
    if (!is_down(record))
      continue;
    const SimTime rings = input->alarm_at(input->alarm_data, record);
    if (!sim_time_is_never(rings))
      row->alarm = earlier(row->alarm, sim_time_sub(rings, row->at));
  }
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
  USE_NONE, /* it did not use it, or died with it */
  USE_GOES_ON,
  USE_ENDED, /* because of the event */
  USE_ENDED_OTHERWISE,
} UseEnd;

/* The selections of the unit are replayed. A process that ends forgets all of them, before the
 * event as after it: what it selects when it is back it selects anew. */
static UseEnd end_of_use(const MetricInput *input, const MetricEvent *event, RecordId event_record,
                         const MetricUnit *unit, SimTime *at) {
  const Engine *engine = input->engine;
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
    const gboolean lost = record->kind == input->lost;
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
static SimTime end_of_all_use(const MetricTrace *trace, guint event) {
  const MetricInput *input = trace->input;
  const MetricEvent *failure = &input->events[event];
  const RecordId event_record = trace->happened[event];
  SimTime last = SIM_TIME_NEVER, otherwise = SIM_TIME_ZERO;
  if (failure->kind != METRIC_FAILURE || failure->appliances->len == 0 || event_record == 0)
    return SIM_TIME_NEVER;
  for (guint u = 0; u < input->unit_count; u++) {
    SimTime at = SIM_TIME_ZERO;
    switch (end_of_use(input, failure, event_record, &input->units[u], &at)) {
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

void metric_fold_withdrawn(const MetricTrace *trace, guint event, MetricRow *row) {
  const SimTime at = end_of_all_use(trace, event);
  row->withdrawn = sim_time_is_never(at) ? at : sim_time_sub(at, row->at);
}

/* ---- flows ---------------------------------------------------------------------------------- */

void metric_fold_flows(const MetricTrace *trace, guint event, MetricRow *row) {
  (void)event;
  row->flows = trace->input->flows;
}

void metric_fold_flows_moved(const MetricTrace *trace, guint event, MetricRow *row) {
  row->flows_moved = sum_of(trace, event, &FLOW_MOVED);
}

void metric_fold_flows_gone(const MetricTrace *trace, guint event, MetricRow *row) {
  row->flows_gone = sum_of(trace, event, &FLOW_GONE);
}

void metric_fold_sessions_broken(const MetricTrace *trace, guint event, MetricRow *row) {
  row->sessions_broken = sum_of(trace, event, &FLOW_BROKEN);
}

void metric_fold_session_outage(const MetricTrace *trace, guint event, MetricRow *row) {
  row->session_outage = SIM_TIME_ZERO;
  row->session_censored = FALSE;
  for (guint i = 0; i < metric_record_count(trace, event); i++) {
    const TraceRecord *record = metric_record(trace, event, i, NULL);
    if (record->kind != &FLOW_RESTORED)
      continue;
    const FlowInterruption *over = record->detail;
    row->session_outage = sim_time_max(row->session_outage, over->session_outage);
    row->session_censored |= over->session_censored;
  }
}

void metric_fold_lost_bytes(const MetricTrace *trace, guint event, MetricRow *row) {
  gint64 lost = (gint64)sum_of(trace, event, &FLOW_OVERLOAD);
  for (guint i = 0; i < metric_record_count(trace, event); i++) {
    const TraceRecord *record = metric_record(trace, event, i, NULL);
    const FlowInterruption *over = record->kind == &FLOW_RESTORED ? record->detail : NULL;
    if (over != NULL && over->down != 0)
      lost += flow_bytes(over->bits_per_second - over->missed_anyway,
                         sim_time_sub(record->at, over->since));
  }
  /* Bytes are rounded down interruption by interruption, but those that were lost anyway in one. */
  row->lost_bytes = (guint64)MAX(lost, 0);
}

/* ---- interruptions -------------------------------------------------------------------------- */

/* The interruption that ended with this record, where it took any time; else NULL. */
static const FlowInterruption *interruption_of(const TraceRecord *record) {
  const FlowInterruption *over = record->kind == &FLOW_RESTORED ? record->detail : NULL;
  return over != NULL && over->down != 0 && record->at.ns != over->since.ns ? over : NULL;
}

void metric_fold_flows_interrupted(const MetricTrace *trace, guint event, MetricRow *row) {
  row->flows_interrupted = 0;
  for (guint i = 0; i < metric_record_count(trace, event); i++) {
    const FlowInterruption *over = interruption_of(metric_record(trace, event, i, NULL));
    if (over != NULL && !over->again)
      row->flows_interrupted += over->flows;
  }
}

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
      basis.by_basis[kind] =
          sim_time_add(basis.by_basis[kind], metric_part_of_outage(since, part->from, part->to));
    }
  }
  return basis;
}

void metric_fold_outage(const MetricTrace *trace, guint event, MetricRow *row) {
  static const MetricBasis none = {{{0}}};
  row->outage = SIM_TIME_ZERO;
  row->censored = FALSE;
  for (guint i = 0; i < metric_record_count(trace, event); i++) {
    RecordId id;
    const TraceRecord *record = metric_record(trace, event, i, &id);
    const FlowInterruption *over = interruption_of(record);
    if (over == NULL)
      continue;
    const SimTime span = sim_time_sub(record->at, over->since);
    row->censored |= over->censored;
    if (span.ns <= row->outage.ns)
      continue;
    row->outage = span;
    row->outage_basis =
        over->censored || over->gone ? none : basis_of(trace->input->engine, id, over->since);
  }
}

/* A failure repairs nothing: what happens because of it (a session that it ended opens again, a
 * route that it took away makes room for another) the network does by itself. */
static void note_repair(const MetricEvent *events, int index, int by, SimTime at, MetricRow *row) {
  row->restored_by_network = by < 0 || by == index || at.ns < events[by].mends_from.ns;
  row->restored_by = row->restored_by_network ? 0 : (guint)by;
}

/* Interruptions of which some flow never passes again are not over. */
void metric_fold_restored(const MetricTrace *trace, guint event, MetricRow *row) {
  gboolean still_down = FALSE;
  row->restored = SIM_TIME_NEVER;
  for (guint i = 0; i < metric_record_count(trace, event); i++) {
    RecordId id;
    const TraceRecord *record = metric_record(trace, event, i, &id);
    const FlowInterruption *over = interruption_of(record);
    if (over == NULL)
      continue;
    if (over->censored || (over->gone && over->flows_back < over->flows)) {
      still_down = TRUE;
      continue;
    }
    const SimTime back_at = over->gone ? over->back_at : record->at;
    const SimTime restored = sim_time_sub(back_at, row->at);
    if (!sim_time_is_never(row->restored) && restored.ns < row->restored.ns)
      continue;
    row->restored = restored;
    note_repair(trace->input->events, (int)event,
                metric_event_of(trace->input, over->gone ? over->back_by : id), back_at, row);
  }
  if (still_down)
    row->restored = SIM_TIME_NEVER;
}
