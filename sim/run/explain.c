/* From a trace to sentences; see the header. */
#include "routesim/run/explain.h"
#include "routesim/fault/cluster.h"

#include <string.h>

#include "run_private.h"

/* ---- records as sentences ---------------------------------------------------------------- */

static const char *keep(Arena *arena, GString *text) {
  const char *kept = arena_strdup(arena, text->str);
  g_string_free(text, TRUE);
  return kept;
}

static const char *tell_event(const RunResult *result, const TraceRecord *record) {
  return arena_printf(result->arena, "event %d: %s %s", (int)record->value, record->subject,
                      record->object);
}

static const char *tell_session_down(const RunResult *result, const TraceRecord *record) {
  return arena_printf(result->arena, "%s loses its session with %s: %s", record->subject,
                      record->object, bgp_down_reason_name((BgpDownReason)record->value));
}

static const char *tell_session_up(const RunResult *result, const TraceRecord *record) {
  return arena_printf(result->arena, "%s has its session with %s", record->subject, record->object);
}

static const char *tell_bfd(const RunResult *result, const TraceRecord *record) {
  return arena_printf(result->arena, "BFD of %s with %s goes %s", record->subject, record->object,
                      record->kind == &BFD_SESSION_UP ? "up" : "down");
}

static const char *tell_operator(const RunResult *result, const TraceRecord *record) {
  return arena_printf(result->arena, "%s is %s at what stands for %s", record->object,
                      record->kind == &FAILOVER_TAKEN_OUT ? "taken out" : "put back",
                      record->subject);
}

static const char *tell_health(const RunResult *result, const TraceRecord *record) {
  return arena_printf(result->arena, "the health check of %s %s", record->object,
                      record->kind == &HEALTH_CHECK_GAVE_UP ? "gives it up"
                                                            : "finds it good again");
}

static const char *tell_nva_health(const RunResult *result, const TraceRecord *record) {
  return arena_printf(result->arena, "%s takes %s for %s", record->subject,
                      record->object == nva_own_health ? "itself" : record->object,
                      record->value != 0 ? "healthy" : "down");
}

static const char *tell_route(const RunResult *result, const TraceRecord *record) {
  const Prefix *prefix = record->detail;
  return arena_printf(result->arena, "%s hears from %s that %s is %s", record->subject,
                      record->object, cloud_text_prefix(result->arena, *prefix),
                      record->kind == &BGP_ANNOUNCED ? "there" : "gone");
}

static const char *tell_refusal(const RunResult *result, const TraceRecord *record) {
  return arena_printf(result->arena, "%s refuses a route of %s: %s", record->subject,
                      record->object, (const char *)record->detail);
}

static const char *tell_refresh(const RunResult *result, const TraceRecord *record) {
  return arena_printf(result->arena, "%s asks %s for all its routes again", record->subject,
                      record->object);
}

static const char *tell_selection(const RunResult *result, const TraceRecord *record) {
  const BgpSelection *selection = record->detail;
  const char *prefix = cloud_text_prefix(result->arena, selection->prefix);
  if (selection->count == 0)
    return arena_printf(result->arena, "%s has no route to %s any more", record->subject, prefix);
  if (strcmp(selection->ends[0], record->subject) == 0)
    return arena_printf(result->arena, "%s has %s of its own", record->subject, prefix);
  GString *text = g_string_new(record->subject);
  g_string_append(text, " chooses ");
  for (guint i = 0; i < selection->count; i++)
    g_string_append_printf(text, "%s%s", i > 0 ? " and " : "", selection->ends[i]);
  g_string_append_printf(text, " for %s", prefix);
  if (selection->rule != NULL)
    g_string_append_printf(text, " by %s (%s)", selection->rule->name, selection->rule->clause);
  return keep(result->arena, text);
}

static const char *tell_table(const RunResult *result, const TraceRecord *record) {
  const TableChange *change = record->detail;
  const char *prefix = cloud_text_prefix(result->arena, change->prefix);
  if (change->hop_count == 0)
    return arena_printf(result->arena, "%s loses %s", change->table, prefix);
  return arena_printf(
      result->arena, "%s leads %s to %s", change->table, prefix,
      cloud_text_hops(result->topology, result->arena, change->hops, change->hop_count, " and "));
}

static const char *tell_damped(const RunResult *result, const TraceRecord *record) {
  const Prefix *prefix = record->detail;
  return arena_printf(result->arena, "%s holds a change of %s back: it changed before",
                      record->subject, cloud_text_prefix(result->arena, *prefix));
}

static const char *tell_released(const RunResult *result, const TraceRecord *record) {
  const Prefix *prefix = record->detail;
  return arena_printf(result->arena, "%s lets the change of %s go on", record->subject,
                      cloud_text_prefix(result->arena, *prefix));
}

static const char *tell_persisted(const RunResult *result, const TraceRecord *record) {
  return arena_printf(result->arena, "%s %s", record->subject,
                      record->value != 0 ? "keeps its routes: all sessions are down"
                                         : "no longer keeps old routes");
}

static const char *tell_lost(const RunResult *result, const TraceRecord *record) {
  return arena_printf(result->arena, "the process of %s ends", record->subject);
}

static const char *tell_flows(const RunResult *result, const TraceRecord *record) {
  const FlowStop *stop = record->kind == &FLOW_INTERRUPTED ? record->detail : NULL;
  const FlowInterruption *over = record->kind == &FLOW_RESTORED ? record->detail : NULL;
  return arena_printf(result->arena, "%d flows of %s %s%s%s%s", (int)record->value, record->subject,
                      stop != NULL ? "stop: "
                      : over->gone ? "are gone with their host"
                                   : "pass again",
                      stop != NULL ? drop_reason_name(stop->reason) : "",
                      stop != NULL && stop->where.name != NULL ? " at " : "",
                      stop != NULL && stop->where.name != NULL ? stop->where.name : "");
}

static const char *tell_booted(const RunResult *result, const TraceRecord *record) {
  return arena_printf(result->arena, "%s runs again", record->subject);
}

static const char *tell_takeover(const RunResult *result, const TraceRecord *record) {
  return arena_printf(result->arena, "%s takes over from %s", record->subject, record->object);
}

static const char *tell_standby(const RunResult *result, const TraceRecord *record) {
  return arena_printf(result->arena, "the standby of %s works", record->subject);
}

static const char *tell_stopped(const RunResult *result, const TraceRecord *record) {
  return arena_printf(result->arena, "%s stops%s", record->subject,
                      record->value == FAULT_STOPPED_FORWARDING ? " forwarding" : "");
}

/* `passed`: what took the time before such a record where no stage did. */
static const struct {
  const TraceKind *kind;
  const char *(*tell)(const RunResult *result, const TraceRecord *record);
  const char *passed;
} sentences[] = {
    {&FAULT_EVENT, tell_event, NULL},
    {&FAULT_BOOTED, tell_booted, "boot"},
    {&FAULT_STANDBY, tell_standby, NULL},
    {&FAULT_STOPPED, tell_stopped, NULL},
    {&CLUSTER_TAKEOVER, tell_takeover, NULL},
    {&BGP_SESSION_DOWN, tell_session_down, "message on its way"},
    {&BGP_SESSION_UP, tell_session_up, "connecting"},
    {&BFD_SESSION_DOWN, tell_bfd, "message on its way"},
    {&BFD_SESSION_UP, tell_bfd, "connecting"},
    {&HEALTH_CHECK_GAVE_UP, tell_health, "health check"},
    {&HEALTH_CHECK_GOOD_AGAIN, tell_health, "health check"},
    {&FAILOVER_TAKEN_OUT, tell_operator, NULL},
    {&FAILOVER_PUT_BACK, tell_operator, NULL},
    {&NVA_HEALTH, tell_nva_health, "health check"},
    {&BGP_ANNOUNCED, tell_route, "message on its way"},
    {&BGP_WITHDRAWN, tell_route, "message on its way"},
    {&BGP_REFUSED, tell_refusal, "message on its way"},
    {&BGP_REFRESH_ASKED, tell_refresh, "message on its way"},
    {&BGP_SELECTED, tell_selection, "decision"},
    {&CLOUD_PROGRAMMED, tell_table, "programming"},
    {&CLOUD_DAMPED, tell_damped, NULL},
    {&CLOUD_RELEASED, tell_released, NULL},
    {&CLOUD_PERSISTED, tell_persisted, "wait for persisted routes"},
    {&CLOUD_UNIT_LOST, tell_lost, NULL},
    {&FLOW_INTERRUPTED, tell_flows, "forwarding went on"},
    {&FLOW_RESTORED, tell_flows, NULL},
};

static void set_stage(const RunResult *result, ExplainedStep *step, const Stage *stage) {
  step->stage = stage;
  if (stage != NULL && stage->fact != NULL)
    step->fact = cloud_own_facts(result->cloud, result->arena, stage->fact);
}

static void tell(const RunResult *result, const TraceRecord *record, ExplainedStep *step) {
  set_stage(result, step, record->stage);
  for (guint i = 0; i < G_N_ELEMENTS(sentences); i++)
    if (sentences[i].kind == record->kind) {
      step->what = sentences[i].tell(result, record);
      step->passed = sentences[i].passed;
      break;
    }
  if (step->what == NULL)
    step->what = arena_printf(result->arena, "%s: %s%s%s", record->kind->name, record->subject,
                              record->object != NULL ? " " : "",
                              record->object != NULL ? record->object : "");
  if (record->stage != NULL)
    step->passed = record->stage->name;
}

/* ---- the way back ---------------------------------------------------------------------------- */

/* What a session that opens had to wait for: the end, at `at`, of the one before it, which its far
 * end still had. NULL: nothing. */
static const TraceRecord *end_of_the_one_before(const RunResult *result, RecordId opens,
                                                SimTime at) {
  const TraceRecord *session = engine_record_get(result->engine, opens);
  for (RecordId id = opens - 1; session->kind == &BGP_SESSION_UP && id > 0; id--) {
    const TraceRecord *record = engine_record_get(result->engine, id);
    if (record->at.ns < at.ns)
      break;
    if (record->at.ns == at.ns && record->kind == &BGP_SESSION_DOWN &&
        (strcmp(record->subject, session->subject) == 0 ||
         strcmp(record->subject, session->object) == 0) &&
        (strcmp(record->object, session->subject) == 0 ||
         strcmp(record->object, session->object) == 0))
      return record;
  }
  return NULL;
}

/* What passed before the last of several stages, as a step of its own. */
static ExplainedStep *step_of_stage(const RunResult *result, RecordId id, const Passed *passed) {
  const TraceRecord *ended = end_of_the_one_before(result, id, passed->to);
  ExplainedStep *step = arena_new0(result->arena, ExplainedStep);
  const char *name = passed->stage != NULL ? passed->stage->name : "a wait";
  *step = (ExplainedStep){.at = passed->to,
                          .took = sim_time_sub(passed->to, passed->from),
                          .what = ended != NULL ? tell_session_down(result, ended)
                                                : arena_printf(result->arena, "over: %s", name),
                          .passed = name};
  set_stage(result, step, passed->stage);
  return step;
}

/* The record, behind the stages that led to it from its cause. */
static void add_steps(const RunResult *result, RecordId id, GPtrArray *steps) {
  const TraceRecord *record = engine_record_get(result->engine, id);
  g_autoptr(GArray) passed = engine_record_passed(result->engine, id);
  ExplainedStep *step = arena_new0(result->arena, ExplainedStep);
  SimTime before = SIM_TIME_ZERO;
  if (record->cause != 0)
    before = engine_record_get(result->engine, record->cause)->at;
  for (guint i = 0; i + 1 < passed->len; i++) {
    const Passed *part = &g_array_index(passed, Passed, i);
    g_ptr_array_add(steps, step_of_stage(result, id, part));
    before = part->to;
  }
  *step = (ExplainedStep){.at = record->at, .took = SIM_TIME_NEVER};
  tell(result, record, step);
  if (record->cause != 0)
    step->took = sim_time_sub(record->at, before);
  g_ptr_array_add(steps, step);
}

/* The steps from the root of the causes of `id` to `id` itself. */
static GPtrArray *steps_to(const RunResult *result, RecordId id) {
  g_autoptr(GArray) chain = g_array_new(FALSE, FALSE, sizeof id);
  GPtrArray *steps = arena_ptr_array(result->arena);
  for (; id != 0; id = engine_record_get(result->engine, id)->cause)
    g_array_append_val(chain, id);
  for (guint i = chain->len; i-- > 0;)
    add_steps(result, g_array_index(chain, RecordId, i), steps);
  return steps;
}

/* The same steps from the end of an outage, with what counts of each; *waited: before the first. */
static GPtrArray *steps_back(const RunResult *result, RecordId id, SimTime since, SimTime *waited) {
  GPtrArray *steps = steps_to(result, id);
  for (guint i = 0; i < steps->len; i++) {
    ExplainedStep *step = steps->pdata[i];
    if (!sim_time_is_never(step->took))
      step->counts = metric_part_of_outage(since, sim_time_sub(step->at, step->took), step->at);
  }
  *waited = metric_part_of_outage(since, since, ((const ExplainedStep *)steps->pdata[0])->at);
  return steps;
}

/* The number of the event that a record goes back to; -1: none. */
static int event_of(const RunResult *result, RecordId id) {
  const RecordId root = engine_record_root(result->engine, id);
  if (root == 0)
    return -1;
  const TraceRecord *record = engine_record_get(result->engine, root);
  return record->kind == &FAULT_EVENT ? (int)record->value : -1;
}

static gboolean is_longer(const RunResult *result, RecordId id, RecordId than) {
  if (than == 0)
    return TRUE;
  const TraceRecord *a = engine_record_get(result->engine, id);
  const TraceRecord *b = engine_record_get(result->engine, than);
  const FlowInterruption *mine = a->detail, *other = b->detail;
  if (mine->censored != other->censored)
    return mine->censored;
  return sim_time_sub(a->at, mine->since).ns > sim_time_sub(b->at, other->since).ns;
}

gboolean explain_outage(const RunResult *result, guint event, const char *traffic,
                        Explanation *out) {
  RecordId longest = 0;
  for (RecordId id = 1; id <= engine_record_count(result->engine); id++) {
    const TraceRecord *record = engine_record_get(result->engine, id);
    const FlowInterruption *over = record->detail;
    if (record->kind == &FLOW_RESTORED && over->down != 0 && record->at.ns > over->since.ns &&
        (traffic == NULL || strcmp(traffic, record->subject) == 0) &&
        event_of(result, over->down) == (int)event && is_longer(result, id, longest))
      longest = id;
  }
  if (longest == 0)
    return FALSE;
  const TraceRecord *record = engine_record_get(result->engine, longest);
  const FlowInterruption *over = record->detail;
  const FlowStop *stop = engine_record_get(result->engine, over->down)->detail;
  const int by = event_of(result, longest);
  *out = (Explanation){.traffic = record->subject,
                       .flows = over->flows,
                       .reason = stop->reason,
                       .where = stop->where.name,
                       .since = over->since,
                       .until = record->at,
                       .censored = over->censored,
                       .gone = over->gone,
                       .stopped = steps_to(result, over->down),
                       .restored = arena_ptr_array(result->arena),
                       .repaired = !over->censored && by >= 0 && by != (int)event,
                       .repaired_by = by >= 0 ? (guint)by : 0};
  if (!over->censored)
    out->restored = steps_back(result, longest, over->since, &out->waited);
  return TRUE;
}

void explain_losses(const RunResult *result, guint event, const char *traffic, MetricRow *row) {
  metric_losses(result->engine, &FAULT_EVENT, event, traffic, row);
}

GPtrArray *explain_last_change(const RunResult *result, guint event) {
  for (RecordId id = engine_record_count(result->engine); id > 0; id--)
    if (engine_record_get(result->engine, id)->kind == &CLOUD_PROGRAMMED &&
        event_of(result, id) == (int)event)
      return steps_to(result, id);
  return arena_ptr_array(result->arena);
}
