/* The rows of failovers.csv: what they say of each other, and of the traffic they count. */
#include <string.h>

#include "property/stories.h"
#include "support/fault_kinds.h"

/* ---- times -------------------------------------------------------------------------------- */

static char *check_times(const Windows *windows, const MetricRow *row, guint event) {
  const Design *design = windows->scenario->design;
  const SimTime left = sim_time_sub(design->duration.law.a, row->at);
  if (row->session_outage.ns < row->outage.ns)
    return windows_complain(row, event, "session_outage_s, outage_s",
                            sim_time_seconds(row->session_outage), sim_time_seconds(row->outage));
  if (row->session_outage.ns > MAX(left.ns, 0))
    return windows_complain(row, event, "session_outage_s, what is left of the run",
                            sim_time_seconds(row->session_outage), sim_time_seconds(left));
  /* A zone may take the ends with it that would have found out; the RIB loses its routes then. */
  if (!g_str_has_prefix(row->target, "zone/") && !sim_time_is_never(row->withdrawn) &&
      !sim_time_is_never(row->detected) && row->detected.ns > row->withdrawn.ns)
    return windows_complain(row, event, "detected_s, withdrawn_s", sim_time_seconds(row->detected),
                            sim_time_seconds(row->withdrawn));
  return NULL;
}

/* Whoever repaired it had begun by then, and is no failure. */
static char *check_restored_by(const RunResult *result, const MetricRow *row, guint event) {
  if (sim_time_is_never(row->restored) || row->restored_by_network)
    return NULL;
  if (row->restored_by >= result->row_count)
    return windows_complain(row, event, "restored_by, events", row->restored_by, result->row_count);
  const MetricRow *by = &result->rows[row->restored_by];
  if (fault_kind_find(by->how) != NULL)
    return windows_complain(row, event, "restored_by, an event that repairs nothing",
                            row->restored_by, 0);
  if (by->at.ns > row->at.ns + row->restored.ns)
    return windows_complain(row, event, "restored at, by an event at",
                            sim_time_seconds(sim_time_add(row->at, row->restored)),
                            sim_time_seconds(by->at));
  return NULL;
}

/* ---- counts ------------------------------------------------------------------------------- */

typedef struct {
  guint64 interrupted, gone, broken; /* flows of one traffic, of one event */
} Counts;

static Counts count(const Engine *engine, guint event, const char *traffic) {
  Counts counts = {0};
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    const FlowInterruption *over = record->kind == &FLOW_RESTORED ? record->detail : NULL;
    const RecordId blamed = over != NULL ? over->down : id;
    if (strcmp(record->subject, traffic) != 0 || windows_event_of(engine, blamed) != (int)event)
      continue;
    if (over != NULL && over->down != 0 && !over->again && record->at.ns > over->since.ns)
      counts.interrupted += over->flows;
    if (record->kind == &FLOW_GONE)
      counts.gone += (guint64)record->value;
    if (record->kind == &FLOW_BROKEN)
      counts.broken += (guint64)record->value;
  }
  return counts;
}

/* Of each traffic no more than it has: no flow counts twice for one event. */
static char *check_counts(Windows *windows, const MetricRow *row, guint event) {
  const GPtrArray *traffic = windows->scenario->design->traffic;
  Counts all = {0};
  for (guint i = 0; i < traffic->len; i++) {
    const DesignTraffic *one = traffic->pdata[i];
    const guint64 flows = (guint64)one->flows;
    const Counts own = count(windows->result->engine, event, one->head.name);
    windows->checks++;
    if (own.interrupted + own.gone > flows || own.broken > flows)
      return windows_complain(row, event,
                              "flows interrupted, gone or broken, of so many in one traffic",
                              (double)MAX(own.interrupted + own.gone, own.broken), (double)flows);
    all = (Counts){all.interrupted + own.interrupted, all.gone + own.gone, all.broken + own.broken};
  }
  if (all.interrupted != row->flows_interrupted || all.gone != row->flows_gone ||
      all.broken != row->sessions_broken)
    return windows_complain(
        row, event, "flows of all traffics, of the row",
        (double)(all.interrupted + all.gone + all.broken),
        (double)(row->flows_interrupted + row->flows_gone + row->sessions_broken));
  return NULL;
}

/* Routes may follow what a data plane does: by health checks, or what stands in for a route server.
 */
static gboolean follows_data_plane(const Design *design) {
  gboolean follows = design->failover != FAILOVER_ROUTE_SERVER || design->load_balancers->len > 0;
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    follows |= nva->health != NULL || nva->cluster != NULL;
  }
  return follows;
}

/* A data plane comes back, and nothing else: all failures that the restoration ends are freezes. */
static gboolean is_thaw(const Design *design, const RunResult *result, guint event) {
  const MetricRow *row = &result->rows[event];
  guint frozen = 0, others = 0;
  if (((const DesignEvent *)design->events->pdata[event])->action != EVENT_RESTORE)
    return FALSE;
  for (guint i = 0; i < result->row_count; i++) {
    const DesignEvent *other = design->events->pdata[i];
    const gboolean fails = other->action == EVENT_FAIL && strcmp(other->target, row->target) == 0 &&
                           result->rows[i].at.ns <= row->at.ns;
    frozen += fails && !fault_is_heard(other->how);
    others += fails && fault_is_heard(other->how);
  }
  return frozen > 0 && others == 0 && !follows_data_plane(design);
}

/* Hosts stand in zones, and go with these alone. */
static char *check_gone(const MetricRow *row, guint event) {
  const gboolean takes_hosts =
      g_str_has_prefix(row->target, "zone/") && strcmp(row->how, "restore") != 0;
  return row->flows_gone > 0 && !takes_hosts
             ? windows_complain(row, event, "flows_gone, and it takes no hosts",
                                (double)row->flows_gone, 0)
             : NULL;
}

/* ---- causes ------------------------------------------------------------------------------- */

/* What dies in the data plane alone ends no session: its protocols live on. */
static gboolean ends_no_session(const Design *design, int event) {
  const DesignEvent *one = event >= 0 ? design->events->pdata[event] : NULL;
  return one != NULL && (one->action == EVENT_SET_ROUTES ||
                         (one->action == EVENT_FAIL && !fault_is_heard(one->how)));
}

/* Timers that cannot agree end a session without any event. */
static gboolean ends_by_itself(const Windows *windows, guint64 seed, const TraceRecord *down) {
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  Design design = *windows->scenario->design;
  Scenario scenario = *windows->scenario;
  const RunOptions options = {.seed = seed};
  design.events = none;
  scenario.design = &design;
  g_autoptr(RunResult) result = run_scenario(&scenario, windows->cloud, &options);
  for (RecordId id = 1; id <= engine_record_count(result->engine); id++) {
    const TraceRecord *record = engine_record_get(result->engine, id);
    if (record->kind == down->kind && strcmp(record->subject, down->subject) == 0 &&
        strcmp(record->object, down->object) == 0)
      return TRUE;
  }
  return FALSE;
}

/* The latest of its losses of power and restorations is a loss. At one instant it boots first. */
static gboolean is_without_power(const RunResult *result, const char *name, SimTime now) {
  SimTime last = SIM_TIME_ZERO;
  gboolean lost = FALSE;
  for (guint i = 0; i < result->row_count; i++) {
    const MetricRow *row = &result->rows[i];
    const FaultKind *kind = fault_kind_find(row->how);
    const gboolean loses = kind != NULL && kind->takes_power;
    if (strcmp(row->target, name) != 0 || (!loses && strcmp(row->how, "restore") != 0) ||
        row->at.ns < last.ns || row->at.ns > now.ns || (loses && row->at.ns == now.ns))
      continue;
    last = row->at;
    lost = loses;
  }
  return lost;
}

/* When the hosts at an end of a traffic lose power next, from the record on; or never. */
static SimTime gone_after(const Engine *engine, RecordId id) {
  const char *traffic = engine_record_get(engine, id)->subject;
  for (; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    if (record->kind == &FLOW_GONE && strcmp(record->subject, traffic) == 0)
      return record->at;
  }
  return SIM_TIME_NEVER;
}

/* Nobody waits for a session to open whose host is gone. */
static char *check_session(const Engine *engine, RecordId id) {
  const TraceRecord *record = engine_record_get(engine, id);
  const FlowInterruption *over = record->detail;
  if (record->kind != &FLOW_RESTORED)
    return NULL;
  const SimTime gone = gone_after(engine, id);
  const SimTime open = sim_time_add(over->since, over->session_outage);
  if (sim_time_is_never(gone) || open.ns <= gone.ns)
    return NULL;
  return g_strdup_printf(
      "sessions of %s would be open at %.9f s, and their flows are gone at %.9f s", record->subject,
      sim_time_seconds(open), sim_time_seconds(gone));
}

static char *check_record(const Windows *windows, guint64 seed, RecordId id) {
  const Engine *engine = windows->result->engine;
  const TraceRecord *record = engine_record_get(engine, id);
  const int event = windows_event_of(engine, id);
  const gboolean down = record->kind == &BGP_SESSION_DOWN || record->kind == &BFD_SESSION_DOWN;
  if (record->cause >= id ||
      (record->cause != 0 && engine_record_get(engine, record->cause)->at.ns > record->at.ns))
    return g_strdup_printf("record %u (%s) comes before its cause", id, record->kind->name);
  /* An end that gives up while a session opens for the first time is due to nothing that is told.
   */
  if (down && event < 0 && !windows->scenario->design->cold_start &&
      !ends_by_itself(windows, seed, record))
    return g_strdup_printf("%s of %s %s at %.9f s is of no event", record->kind->name,
                           record->subject, record->object, sim_time_seconds(record->at));
  if (record->kind == &FAULT_BOOTED &&
      is_without_power(windows->result, record->subject, record->at))
    return g_strdup_printf("%s starts at %g s without power", record->subject,
                           sim_time_seconds(record->at));
  if (down && ends_no_session(windows->scenario->design, event))
    return g_strdup_printf("%s of %s goes back to event %d, which touches the data plane alone",
                           record->kind->name, record->subject, event);
  return check_session(engine, id);
}

char *stories_rows(Windows *windows, guint64 seed) {
  const RunResult *result = windows->result;
  char *complaint = NULL;
  for (guint i = 0; i < result->row_count && complaint == NULL; i++) {
    const MetricRow *row = &result->rows[i];
    windows->checks += 2;
    complaint = check_times(windows, row, i);
    if (complaint == NULL)
      complaint = check_restored_by(result, row, i);
    if (complaint == NULL)
      complaint = check_counts(windows, row, i);
    if (complaint == NULL)
      complaint = check_gone(row, i);
    if (complaint == NULL && is_thaw(windows->scenario->design, result, i)) {
      windows->checks++;
      if (row->sessions_broken > 0) /* it leads nobody away from where its session's state lives */
        complaint =
            windows_complain(row, i, "sessions broken by a thaw", (double)row->sessions_broken, 0);
    }
  }
  for (RecordId id = 1; id <= engine_record_count(result->engine) && complaint == NULL; id++)
    complaint = check_record(windows, seed, id);
  windows->checks += engine_record_count(result->engine);
  return complaint;
}
