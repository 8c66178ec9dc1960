/* failovers.csv, held to the two files that say what happened: an interruption of flows is what
 * traffic.csv shows as dropped, at every moment and to the byte; what an event programmed last is
 * its last row of routes.csv. The trace says which interruption is whose. */
#include <math.h>
#include <string.h>

#include "property/windows.h"

static const char *const directions[] = {"forward", "reverse"};

/* ---- interruptions, by the trace ---------------------------------------------------------- */

typedef struct {
  const char *traffic;
  SimTime since, until;
  guint flows;
  gint64 bits_per_second;
  int event;          /* -1: it was so from the start */
  gboolean blameless; /* no event, and nothing else that happened */
  gboolean kept_out;  /* ... but what took their hosts kept them from passing: no interruption */
  gboolean censored, gone;
  SimTime back; /* of those that are gone: when the last of them passed again, or never */
} Interruption;

static int event_of(const Engine *engine, RecordId id) {
  const RecordId root = engine_record_root(engine, id);
  const TraceRecord *record = root != 0 ? engine_record_get(engine, root) : NULL;
  return record != NULL && record->kind == &FAULT_EVENT ? (int)record->value : -1;
}

static GArray *find_interruptions(const Engine *engine) {
  GArray *found = g_array_new(FALSE, FALSE, sizeof(Interruption));
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    const FlowInterruption *over = record->detail;
    const gboolean kept_out = record->kind == &FLOW_KEPT_OUT;
    if (!kept_out && (record->kind != &FLOW_RESTORED || over->down == 0 ||
                      over->since.ns == record->at.ns))
      continue;
    const Interruption one = {.traffic = record->subject,
                              .since = over->since,
                              .until = record->at,
                              .flows = over->flows,
                              .bits_per_second = over->bits_per_second,
                              .event = event_of(engine, kept_out ? id : over->down),
                              .blameless = !kept_out &&
                                           engine_record_get(engine, over->down)->cause == 0,
                              .kept_out = kept_out,
                              .censored = over->censored,
                              .gone = over->gone,
                              .back = over->flows_back == over->flows ? over->back_at
                                                                      : SIM_TIME_NEVER};
    g_array_append_val(found, one);
  }
  return found;
}

#define EACH(array, type, name)                                                                    \
  (guint name##_at = 0; name##_at < (array)->len;                                                  \
   name##_at++) for (const type *name = &g_array_index(array, type, name##_at); name != NULL;      \
                     name = NULL)

static char *complain(const MetricRow *row, guint event, const char *what, double left,
                      double right) {
  return g_strdup_printf("%s (event %u, %s %s): %.9g and %.9g", what, event, row->how, row->target,
                         left, right);
}

/* ---- the numbers of one event --------------------------------------------------------------- */

static gboolean is_past_the_end(const MetricRow *row, SimTime span, SimTime end) {
  return !sim_time_is_never(span) && (span.ns < 0 || row->at.ns + span.ns > end.ns);
}

static char *check_sane(const MetricRow *row, guint event, SimTime end) {
  const struct {
    const char *name;
    SimTime span;
  } times[] = {{"detected_s", row->detected}, {"withdrawn_s", row->withdrawn},
               {"decided_s", row->decided},   {"programmed_s", row->programmed},
               {"restored_s", row->restored}, {"outage_s", row->outage}};
  const struct {
    const char *name;
    guint64 count;
  } counts[] = {{"flows_interrupted", row->flows_interrupted},
                {"flows_moved", row->flows_moved},
                {"flows_gone", row->flows_gone},
                {"sessions_broken", row->sessions_broken}};
  for (guint i = 0; i < G_N_ELEMENTS(times); i++)
    if (is_past_the_end(row, times[i].span, end))
      return complain(row, event, times[i].name, sim_time_seconds(times[i].span),
                      sim_time_seconds(end));
  for (guint i = 0; i < G_N_ELEMENTS(counts); i++)
    if (counts[i].count > row->flows)
      return complain(row, event, counts[i].name, (double)counts[i].count, (double)row->flows);
  return NULL;
}

static char *check_programmed(const RunResult *result, const MetricRow *row, guint event) {
  g_autofree char *cause = g_strdup_printf("event %u:", event);
  SimTime last = SIM_TIME_NEVER;
  for (guint i = 0; i < result->route_count; i++)
    if (g_str_has_prefix(result->routes[i].cause, cause))
      last = sim_time_sub(result->routes[i].at, row->at);
  return last.ns == row->programmed.ns
             ? NULL
             : complain(row, event, "the last row of routes.csv, programmed_s",
                        sim_time_seconds(last), sim_time_seconds(row->programmed));
}

/* Of one traffic, or (NULL) of all. */
static double overload_of(const Engine *engine, int event, const char *traffic) {
  double bytes = 0;
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    if (record->kind == &FLOW_OVERLOAD && event_of(engine, id) == event &&
        (traffic == NULL || strcmp(record->subject, traffic) == 0))
      bytes += (double)record->value;
  }
  return bytes;
}

static double bytes_of(const Interruption *one) {
  return (double)one->bits_per_second / 8 * sim_time_seconds(sim_time_sub(one->until, one->since));
}

static char *check_interruptions(const RunResult *result, const GArray *interruptions,
                                 const MetricRow *row, guint event) {
  SimTime longest = SIM_TIME_ZERO, restored = SIM_TIME_NEVER;
  double bytes = overload_of(result->engine, (int)event, NULL);
  gboolean censored = FALSE, any = FALSE, lost = FALSE;
  for
    EACH(interruptions, Interruption, one) {
      if (one->event != (int)event || one->kept_out)
        continue;
      if (one->since.ns < row->at.ns)
        return complain(row, event, "an interruption before its event",
                        sim_time_seconds(one->since), sim_time_seconds(row->at));
      any = TRUE;
      censored |= one->censored;
      longest = sim_time_max(longest, sim_time_sub(one->until, one->since));
      bytes += bytes_of(one);
      const SimTime passed = one->gone ? one->back : one->until;
      lost |= sim_time_is_never(passed);
      if (sim_time_is_never(restored) || passed.ns - row->at.ns > restored.ns)
        restored = sim_time_sub(passed, row->at);
    }
  if (any != (row->flows_interrupted > 0))
    return complain(row, event, "interruptions, flows_interrupted", any,
                    (double)row->flows_interrupted);
  if (longest.ns != row->outage.ns)
    return complain(row, event, "longest interruption, outage_s", sim_time_seconds(longest),
                    sim_time_seconds(row->outage));
  if (censored != row->censored)
    return complain(row, event, "not over in the end, censored", censored, row->censored);
  if (censored || lost)
    restored = SIM_TIME_NEVER;
  if (restored.ns != row->restored.ns)
    return complain(row, event, "the last flow is back, restored_s", sim_time_seconds(restored),
                    sim_time_seconds(row->restored));
  if (!sim_time_is_never(restored) && restored.ns < row->outage.ns)
    return complain(row, event, "restored_s, outage_s", sim_time_seconds(restored),
                    sim_time_seconds(row->outage));
  if (fabs(bytes - (double)row->lost_bytes) > 1e-9 * bytes + interruptions->len + 1)
    return complain(row, event, "bytes of its interruptions, lost_bytes", bytes,
                    (double)row->lost_bytes);
  return NULL;
}

/* ---- traffic.csv -------------------------------------------------------------------------------
 */

/* Flows that a direction drops, but for those whose own host is down. */
static guint dropped_at(const RunResult *result, const char *traffic, const char *direction,
                        SimTime at) {
  guint flows = 0;
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (row->from.ns <= at.ns && at.ns < row->to.ns && strcmp(row->traffic, traffic) == 0 &&
        strcmp(row->direction, direction) == 0 && g_str_has_prefix(row->via, "dropped:") &&
        strcmp(row->via, "dropped:host-down") != 0)
      flows += row->flows;
  }
  return flows;
}

/* ... or kept out. */
static guint interrupted_at(const GArray *interruptions, const char *traffic, SimTime at) {
  guint flows = 0;
  for
    EACH(interruptions, Interruption, one)
  if (one->since.ns <= at.ns && at.ns < one->until.ns && strcmp(one->traffic, traffic) == 0)
    flows += one->flows;
  return flows;
}

/* What took the hosts of flows, and nothing else, keeps these out: they count as gone there. */
static char *check_kept_out(const RunResult *result, const GArray *interruptions) {
  for
    EACH(interruptions, Interruption, one) {
      guint64 gone = 0;
      for (RecordId id = 1; id <= engine_record_count(result->engine); id++) {
        const TraceRecord *record = engine_record_get(result->engine, id);
        if (record->kind == &FLOW_GONE && strcmp(record->subject, one->traffic) == 0 &&
            record->at.ns < one->since.ns && event_of(result->engine, id) == one->event)
          gone += (guint64)record->value;
      }
      if (one->kept_out && gone < one->flows)
        return g_strdup_printf("event %d keeps %u flows of %s out at %.9f s, and took the hosts of "
                               "%" G_GUINT64_FORMAT,
                               one->event, one->flows, one->traffic,
                               sim_time_seconds(one->since), gone);
    }
  return NULL;
}

/* A flow that is interrupted is dropped in one direction, or in both. */
static char *check_moment(Windows *windows, const GArray *interruptions, const char *traffic,
                          SimTime at) {
  const guint forward = dropped_at(windows->result, traffic, directions[0], at);
  const guint reverse = dropped_at(windows->result, traffic, directions[1], at);
  const guint flows = interrupted_at(interruptions, traffic, at);
  windows->checks++;
  if (flows >= MAX(forward, reverse) && flows <= forward + reverse)
    return NULL;
  return g_strdup_printf(
      "at %.9f s, %s: %u flows are interrupted, but traffic.csv drops %u forward "
      "and %u reverse",
      sim_time_seconds(at), traffic, flows, forward, reverse);
}

/* At the beginning and at the end of every row. */
static char *check_moments(Windows *windows, const GArray *interruptions) {
  char *complaint = NULL;
  SimTime last = {-1};
  for (guint i = 0; i < windows->result->traffic_count && complaint == NULL; i++) {
    const RunTrafficRow *row = &windows->result->traffic[i];
    if (i > 0 && row->from.ns == last.ns && strcmp(row->traffic, row[-1].traffic) == 0)
      continue;
    last = row->from;
    complaint = check_moment(windows, interruptions, row->traffic, row->from);
    if (complaint == NULL)
      complaint = check_moment(windows, interruptions, row->traffic, sim_time_ns(row->to.ns - 1));
  }
  return complaint;
}

static gboolean some_are_gone(const RunResult *result) {
  for (guint i = 0; i < result->row_count; i++)
    if (result->rows[i].flows_gone > 0)
      return TRUE;
  return FALSE;
}

/* What is interrupted because of nothing at all was so from the start, or since its hosts are back.
 * Not all that happens is an event's: a session flaps whose timers do not fit (AZ-8.5). */
static char *check_causes(const RunResult *result, const GArray *interruptions) {
  if (some_are_gone(result))
    return NULL;
  for
    EACH(interruptions, Interruption, one)
  if (one->blameless && one->since.ns > 0)
    return g_strdup_printf("%u flows of %s are interrupted at %.9f s, and no event is to blame",
                           one->flows, one->traffic, sim_time_seconds(one->since));
  return NULL;
}

/* Bytes that a direction drops. */
static double integral(const RunResult *result, const char *traffic, const char *direction) {
  double bytes = 0;
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (strcmp(row->traffic, traffic) == 0 && strcmp(row->direction, direction) == 0 &&
        g_str_has_prefix(row->via, "dropped:") && strcmp(row->via, "dropped:host-down") != 0 &&
        strcmp(row->via, "dropped:capacity") != 0)
      bytes +=
          (double)row->bits_per_second / 8 * sim_time_seconds(sim_time_sub(row->to, row->from));
  }
  return bytes;
}

static char *check_bytes(Windows *windows, const GArray *interruptions, const char *traffic) {
  const double forward = integral(windows->result, traffic, directions[0]);
  const double reverse = integral(windows->result, traffic, directions[1]);
  const double seconds = sim_time_seconds(windows->scenario->body->duration.law.a);
  /* Rates are rounded down to whole bits for each row and class. */
  double bytes = 0, rounding = seconds * (interruptions->len + 1) + 1e-9 * (forward + reverse);
  for
    EACH(interruptions, Interruption, one)
  if (strcmp(one->traffic, traffic) == 0)
    bytes += bytes_of(one);
  windows->checks++;
  if (bytes >= MAX(forward, reverse) - rounding && bytes <= forward + reverse + rounding)
    return NULL;
  return g_strdup_printf("%s: %.0f bytes of interruptions, but traffic.csv drops %.0f forward and "
                         "%.0f reverse",
                         traffic, bytes, forward, reverse);
}

/* ---- what does not fit
 * ------------------------------------------------------------------------------ */

static gint64 lacking_of(const RunResult *result, const char *traffic, SimTime at) {
  gint64 lacking[2] = {0, 0};
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (row->from.ns <= at.ns && at.ns < row->to.ns && strcmp(row->traffic, traffic) == 0 &&
        strcmp(row->via, "dropped:capacity") == 0)
      lacking[strcmp(row->direction, directions[1]) == 0] += row->bits_per_second;
  }
  return MAX(lacking[0], lacking[1]);
}

static int compare_times(gconstpointer a, gconstpointer b) {
  const gint64 left = ((const SimTime *)a)->ns, right = ((const SimTime *)b)->ns;
  return (left > right) - (left < right);
}

/* Of one traffic, beyond what of it did not fit at the start: another one's better luck makes up for
 * none of it. A cold start has no state at 0, and what does not fit then is of no event. */
static char *check_overload_of(Windows *windows, const char *traffic, const GArray *times) {
  const RunResult *result = windows->result;
  const gboolean cold = windows->scenario->body->cold_start;
  const gint64 from_the_start = cold ? 0 : lacking_of(result, traffic, SIM_TIME_ZERO);
  double shown = 0, told = 0;
  for (guint i = 0; i + 1 < times->len; i++) {
    const SimTime from = g_array_index(times, SimTime, i),
                  to = g_array_index(times, SimTime, i + 1);
    if (to.ns > from.ns)
      shown += (double)MAX(lacking_of(result, traffic, from) - from_the_start, 0) / 8 *
               sim_time_seconds(sim_time_sub(to, from));
  }
  for (int event = cold ? 0 : -1; event < (int)result->row_count; event++)
    told += overload_of(result->engine, event, traffic);
  windows->checks++;
  const double rounding = 1e-9 * shown + 2.0 * (times->len + engine_record_count(result->engine));
  if (told <= shown + rounding && (cold || told >= shown - rounding))
    return NULL;
  return g_strdup_printf(
      "%s in traffic.csv: %.0f bytes do not fit beyond those at the start; events lost %.0f", traffic,
      shown, told);
}

static char *check_overload(Windows *windows) {
  const RunResult *result = windows->result;
  const GPtrArray *traffic = windows->scenario->body->traffic;
  g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(SimTime));
  const SimTime end = windows->scenario->body->duration.law.a;
  char *complaint = NULL;
  for (guint i = 0; i < result->traffic_count; i++)
    g_array_append_val(times, result->traffic[i].from);
  g_array_append_val(times, end);
  g_array_sort(times, compare_times);
  for (guint i = 0; i < traffic->len && complaint == NULL; i++)
    complaint = check_overload_of(windows, ((const ScenarioTraffic *)traffic->pdata[i])->head.name,
                                  times);
  return complaint;
}

/* ---- whole
 * -------------------------------------------------------------------------------------------- */

static char *check_rows(Windows *windows, const GArray *interruptions) {
  const RunResult *result = windows->result;
  char *complaint = NULL;
  for (guint i = 0; i < result->row_count && complaint == NULL; i++) {
    const MetricRow *row = &result->rows[i];
    windows->checks += 3;
    complaint = check_sane(row, i, windows->scenario->body->duration.law.a);
    if (complaint == NULL)
      complaint = check_programmed(result, row, i);
    if (complaint == NULL)
      complaint = check_interruptions(result, interruptions, row, i);
  }
  return complaint;
}

char *windows_events(Windows *windows) {
  const GPtrArray *traffic = windows->scenario->body->traffic;
  g_autoptr(GArray) interruptions = find_interruptions(windows->result->engine);
  char *complaint = check_rows(windows, interruptions);
  if (complaint == NULL)
    complaint = check_overload(windows);
  if (complaint == NULL)
    complaint = check_causes(windows->result, interruptions);
  if (complaint == NULL)
    complaint = check_kept_out(windows->result, interruptions);
  if (complaint == NULL)
    complaint = check_moments(windows, interruptions);
  for (guint i = 0; i < traffic->len && complaint == NULL; i++)
    complaint = check_bytes(windows, interruptions,
                            ((const ScenarioTraffic *)traffic->pdata[i])->head.name);
  return complaint;
}
