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
  gint64 offered;     /* bits per second */
  gint64 lost;        /* ... of which so many passed before, or would have */
  int event;          /* -1: it was so from the start */
  gboolean blameless; /* no event, and nothing else that happened */
  gboolean kept_out;  /* ... but what took their hosts kept them from passing: no interruption */
  gboolean censored, gone;
  SimTime back; /* of those that are gone: when the last of them passed again, or never */
} Interruption;

static GArray *find_interruptions(const Engine *engine) {
  GArray *found = g_array_new(FALSE, FALSE, sizeof(Interruption));
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    const FlowInterruption *over = record->detail;
    const gboolean kept_out = record->kind == &FLOW_KEPT_OUT;
    if (!kept_out &&
        (record->kind != &FLOW_RESTORED || over->down == 0 || over->since.ns == record->at.ns))
      continue;
    const Interruption one = {
        .traffic = record->subject,
        .since = over->since,
        .until = record->at,
        .flows = over->flows,
        .offered = over->bits_per_second,
        .lost = over->bits_per_second - over->missed_anyway,
        .event = windows_event_of(engine, kept_out ? id : over->down),
        .blameless = !kept_out && engine_record_get(engine, over->down)->cause == 0,
        .kept_out = kept_out,
        .censored = over->censored,
        .gone = over->gone,
        .back = over->flows_back == over->flows ? over->back_at : SIM_TIME_NEVER};
    g_array_append_val(found, one);
  }
  return found;
}

#define EACH(array, type, name)                                                                    \
  (guint name##_at = 0; name##_at < (array)->len;                                                  \
   name##_at++) for (const type *name = &g_array_index(array, type, name##_at); name != NULL;      \
                     name = NULL)

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
  for (guint i = 0; i < G_N_ELEMENTS(times); i++)
    if (is_past_the_end(row, times[i].span, end))
      return windows_complain(row, event, times[i].name, sim_time_seconds(times[i].span),
                              sim_time_seconds(end));
  for (guint i = 0; i < MEASURE_COUNT; i++) {
    const MeasureSpec *spec = measure_spec((Measure)i);
    if (spec->unit == UNIT_FLOWS && measure_count(row, (Measure)i) > row->flows)
      return windows_complain(row, event, spec->name, (double)measure_count(row, (Measure)i),
                              (double)row->flows);
  }
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
             : windows_complain(row, event, "the last row of routes.csv, programmed_s",
                                sim_time_seconds(last), sim_time_seconds(row->programmed));
}

/* Of one traffic, or (NULL) of all. */
static double overload_of(const Engine *engine, int event, const char *traffic) {
  double bytes = 0;
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    if (record->kind == &FLOW_OVERLOAD && windows_event_of(engine, id) == event &&
        (traffic == NULL || strcmp(record->subject, traffic) == 0))
      bytes += (double)record->value;
  }
  return bytes;
}

static double bytes_of(const Interruption *one, gint64 bits_per_second) {
  return (double)bits_per_second / 8 * sim_time_seconds(sim_time_sub(one->until, one->since));
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
        return windows_complain(row, event, "an interruption before its event",
                                sim_time_seconds(one->since), sim_time_seconds(row->at));
      any = TRUE;
      censored |= one->censored;
      longest = sim_time_max(longest, sim_time_sub(one->until, one->since));
      bytes += bytes_of(one, one->lost);
      const SimTime passed = one->gone ? one->back : one->until;
      lost |= sim_time_is_never(passed);
      if (sim_time_is_never(restored) || passed.ns - row->at.ns > restored.ns)
        restored = sim_time_sub(passed, row->at);
    }
  if (any != (row->flows_interrupted > 0))
    return windows_complain(row, event, "interruptions, flows_interrupted", any,
                            (double)row->flows_interrupted);
  if (longest.ns != row->outage.ns)
    return windows_complain(row, event, "longest interruption, outage_s", sim_time_seconds(longest),
                            sim_time_seconds(row->outage));
  if (censored != row->censored)
    return windows_complain(row, event, "not over in the end, censored", censored, row->censored);
  if (censored || lost)
    restored = SIM_TIME_NEVER;
  if (restored.ns != row->restored.ns)
    return windows_complain(row, event, "the last flow is back, restored_s",
                            sim_time_seconds(restored), sim_time_seconds(row->restored));
  if (!sim_time_is_never(restored) && restored.ns < row->outage.ns)
    return windows_complain(row, event, "restored_s, outage_s", sim_time_seconds(restored),
                            sim_time_seconds(row->outage));
  if (fabs(bytes - (double)row->lost_bytes) > 1e-9 * bytes + interruptions->len + 1)
    return windows_complain(row, event, "bytes of its interruptions, lost_bytes", bytes,
                            (double)row->lost_bytes);
  return NULL;
}

/* ---- traffic.csv ----------------------------------------------------------------------------- */

/* Flows that a direction drops, but for those whose own host is down. */
static guint dropped_at(const RunResult *result, const char *traffic, const char *direction,
                        SimTime at) {
  guint flows = 0;
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (row->from.ns <= at.ns && at.ns < row->to.ns && strcmp(row->traffic, traffic) == 0 &&
        strcmp(flow_directions[row->direction], direction) == 0 &&
        g_str_has_prefix(row->via, "dropped:") && strcmp(row->via, "dropped:host-down") != 0)
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
            record->at.ns < one->since.ns && windows_event_of(result->engine, id) == one->event)
          gone += (guint64)record->value;
      }
      if (one->kept_out && gone < one->flows)
        return g_strdup_printf("event %d keeps %u flows of %s out at %.9f s, and took the hosts of "
                               "%" G_GUINT64_FORMAT,
                               one->event, one->flows, one->traffic, sim_time_seconds(one->since),
                               gone);
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
    if (strcmp(row->traffic, traffic) == 0 &&
        strcmp(flow_directions[row->direction], direction) == 0 &&
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
  const double seconds = sim_time_seconds(windows->scenario->design->duration.law.a);
  /* Rates are rounded down to whole bits for each row and class. */
  double bytes = 0, rounding = seconds * (interruptions->len + 1) + 1e-9 * (forward + reverse);
  for
    EACH(interruptions, Interruption, one)
  if (strcmp(one->traffic, traffic) == 0)
    bytes += bytes_of(one, one->offered);
  windows->checks++;
  if (bytes >= MAX(forward, reverse) - rounding && bytes <= forward + reverse + rounding)
    return NULL;
  return g_strdup_printf("%s: %.0f bytes of interruptions, but traffic.csv drops %.0f forward and "
                         "%.0f reverse",
                         traffic, bytes, forward, reverse);
}

/* ---- what does not fit
 * ------------------------------------------------------------------------------ */

/* What a direction drops, for want of capacity or (`all`) for whatever reason but its own hosts. */
static gint64 dropped_bits(const RunResult *result, const char *traffic, guint direction,
                           SimTime at, gboolean all) {
  gint64 bits = 0;
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (row->from.ns <= at.ns && at.ns < row->to.ns && strcmp(row->traffic, traffic) == 0 &&
        row->direction == direction &&
        (strcmp(row->via, "dropped:capacity") == 0 ||
         (all && g_str_has_prefix(row->via, "dropped:") &&
          strcmp(row->via, "dropped:host-down") != 0)))
      bits += row->bits_per_second;
  }
  return bits;
}

static gint64 lacking_of(const RunResult *result, const char *traffic, SimTime at) {
  return MAX(dropped_bits(result, traffic, 0, at, FALSE),
             dropped_bits(result, traffic, 1, at, FALSE));
}

static int compare_times(gconstpointer a, gconstpointer b) {
  const gint64 left = ((const SimTime *)a)->ns, right = ((const SimTime *)b)->ns;
  return (left > right) - (left < right);
}

/* What is lost beyond what did not fit at the start lies in between these. */
typedef struct {
  double least, most;
} Bounds;

/* Bits per second that flows offer which are interrupted, or kept out. */
static gint64 offered_at(const GArray *interruptions, const char *traffic, SimTime at,
                         gboolean kept_out) {
  gint64 bits = 0;
  for
    EACH(interruptions, Interruption, one)
  if (one->since.ns <= at.ns && at.ns < one->until.ns && one->kept_out == kept_out &&
      strcmp(one->traffic, traffic) == 0)
    bits += one->offered;
  return bits;
}

/* What stops flows in one direction loses the whole of them. Where they arrive in the other one the
 * file does not tell how much of what does not fit there is theirs, and so lost already. A cold
 * start has no state at 0. */
static Bounds lost_at(const Windows *windows, const GArray *interruptions, const char *traffic,
                      SimTime at) {
  const RunResult *result = windows->result;
  const gboolean plain = !windows->scenario->design->cold_start &&
                         interrupted_at(interruptions, traffic, SIM_TIME_ZERO) == 0;
  const gint64 from_the_start = lacking_of(result, traffic, SIM_TIME_ZERO);
  const gint64 shown =
      MAX(dropped_bits(result, traffic, 0, at, TRUE), dropped_bits(result, traffic, 1, at, TRUE));
  const gint64 interrupted = offered_at(interruptions, traffic, at, FALSE);
  const gint64 most = interrupted + lacking_of(result, traffic, at) - (plain ? from_the_start : 0);
  return (Bounds){(double)MAX(shown - from_the_start, 0) / 8,
                  (double)(MAX(most, 0) + offered_at(interruptions, traffic, at, TRUE)) / 8};
}

static double lost_by_events(const Windows *windows, const GArray *interruptions,
                             const char *traffic) {
  double bytes = 0;
  for (int event = -1; event < (int)windows->result->row_count; event++)
    bytes += overload_of(windows->result->engine, event, traffic);
  for
    EACH(interruptions, Interruption, one)
  if (strcmp(one->traffic, traffic) == 0)
    bytes += bytes_of(one, one->lost);
  return bytes;
}

/* Of one traffic: what events lost, and what was lost from the start, is what its rows drop. */
static char *check_lost_of(Windows *windows, const GArray *interruptions, const char *traffic,
                           const GArray *times) {
  Bounds shown = {0, 0};
  for (guint i = 0; i + 1 < times->len; i++) {
    const SimTime from = g_array_index(times, SimTime, i),
                  to = g_array_index(times, SimTime, i + 1);
    const double span = sim_time_seconds(sim_time_sub(to, from));
    const Bounds at =
        to.ns > from.ns ? lost_at(windows, interruptions, traffic, from) : (Bounds){0, 0};
    shown.least += at.least * span;
    shown.most += at.most * span;
  }
  const double told = lost_by_events(windows, interruptions, traffic);
  const double seconds = sim_time_seconds(windows->scenario->design->duration.law.a);
  const double rounding = 1e-9 * shown.most + seconds * (interruptions->len + 1) +
                          2.0 * (times->len + engine_record_count(windows->result->engine));
  windows->checks++;
  if (told <= shown.most + rounding && told >= shown.least - rounding)
    return NULL;
  return g_strdup_printf("%s in traffic.csv: %.0f to %.0f bytes are lost beyond what did not fit "
                         "at the start; events lost %.0f",
                         traffic, shown.least, shown.most, told);
}

static char *check_lost(Windows *windows, const GArray *interruptions) {
  const RunResult *result = windows->result;
  const GPtrArray *traffic = windows->scenario->design->traffic;
  g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(SimTime));
  const SimTime end = windows->scenario->design->duration.law.a;
  char *complaint = NULL;
  for (guint i = 0; i < result->traffic_count; i++)
    g_array_append_val(times, result->traffic[i].from);
  g_array_append_val(times, end);
  g_array_sort(times, compare_times);
  for (guint i = 0; i < traffic->len && complaint == NULL; i++)
    complaint = check_lost_of(windows, interruptions,
                              ((const DesignTraffic *)traffic->pdata[i])->head.name, times);
  return complaint;
}

/* ---- what an element carries ----------------------------------------------------------------- */

/* Bits per second through each element that has a name of its own in `via`, by the direction in
 * which packets cross it: out of the cloud, and into it. */
typedef struct {
  GHashTable *carried[2]; /* name to gint64 * */
} Crossed;

static void add_crossing(GHashTable *carried, const char *name, gint64 bits) {
  gint64 *sum = g_hash_table_lookup(carried, name);
  if (sum == NULL) {
    sum = g_new0(gint64, 1);
    g_hash_table_insert(carried, g_strdup(name), sum);
  }
  *sum += bits;
}

static gboolean is_site(const Scenario *scenario, const char *name) {
  for (guint i = 0; i < scenario->design->sites->len; i++)
    if (strcmp(((const DesignSite *)scenario->design->sites->pdata[i])->head.name, name) == 0)
      return TRUE;
  return strcmp(name, "internet") == 0;
}

/* Of packets between hosts and a site, which way they go: 0 out, 1 in; 2: this is none of these. */
static guint crossing_of(const Scenario *scenario, const RunTrafficRow *row) {
  const GPtrArray *all = scenario->design->traffic;
  for (guint i = 0; i < all->len; i++) {
    const DesignTraffic *traffic = all->pdata[i];
    const gboolean out = strchr(traffic->from.text, '/') != NULL;
    if (strcmp(traffic->head.name, row->traffic) != 0)
      continue;
    if (!is_site(scenario, out ? traffic->to.text : traffic->from.text) ||
        (!out && strchr(traffic->to.text, '/') == NULL))
      return 2;
    return out == (row->direction == FLOW_FORWARD) ? 0 : 1;
  }
  return 2;
}

/* Of an appliance, or of each instance of a gateway; 0: without limit. */
static gint64 capacity_of(const Scenario *scenario, const char *name) {
  for (guint i = 0; i < scenario->design->nvas->len; i++) {
    const DesignNva *nva = scenario->design->nvas->pdata[i];
    if (strcmp(nva->head.name, name) == 0)
      return nva->capacity;
  }
  for (guint i = 0; i < scenario->design->gateways->len; i++) {
    const DesignGateway *gateway = scenario->design->gateways->pdata[i];
    const size_t length = strlen(gateway->head.name);
    if (strncmp(gateway->head.name, name, length) == 0 &&
        (name[length] == 0 || name[length] == '/'))
      return gateway->capacity;
  }
  return 0;
}

static char *check_carried(Windows *windows, GHashTable *carried, SimTime at) {
  GHashTableIter iter;
  gpointer name, bits;
  g_hash_table_iter_init(&iter, carried);
  while (g_hash_table_iter_next(&iter, &name, &bits)) {
    const gint64 capacity = capacity_of(windows->scenario, name);
    windows->checks++;
    if (capacity > 0 && *(gint64 *)bits > capacity)
      return g_strdup_printf("at %.9f s %s passes %" G_GINT64_FORMAT
                             " bit/s in one direction, of %" G_GINT64_FORMAT,
                             sim_time_seconds(at), (char *)name, *(gint64 *)bits, capacity);
  }
  return NULL;
}

static char *check_capacities_at(Windows *windows, SimTime at) {
  const RunResult *result = windows->result;
  char *complaint = NULL;
  Crossed crossed;
  for (guint way = 0; way < 2; way++)
    crossed.carried[way] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    const guint way = crossing_of(windows->scenario, row);
    if (row->from.ns > at.ns || at.ns >= row->to.ns || way > 1 ||
        g_str_has_prefix(row->via, "dropped:"))
      continue;
    g_auto(GStrv) names = g_strsplit(row->via, "+", -1);
    for (guint j = 0; names[j] != NULL; j++)
      add_crossing(crossed.carried[way], names[j], row->bits_per_second);
  }
  for (guint way = 0; way < 2; way++) {
    if (complaint == NULL)
      complaint = check_carried(windows, crossed.carried[way], at);
    g_hash_table_unref(crossed.carried[way]);
  }
  return complaint;
}

/* No element passes more than its capacity in the direction in which packets cross it, whichever
 * way of a session they go. */
static char *check_capacities(Windows *windows) {
  char *complaint = NULL;
  SimTime last = {-1};
  for (guint i = 0; i < windows->result->traffic_count && complaint == NULL; i++) {
    const SimTime at = windows->result->traffic[i].from;
    if (at.ns != last.ns)
      complaint = check_capacities_at(windows, at);
    last = at;
  }
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
    complaint = check_sane(row, i, windows->scenario->design->duration.law.a);
    if (complaint == NULL)
      complaint = check_programmed(result, row, i);
    if (complaint == NULL)
      complaint = check_interruptions(result, interruptions, row, i);
  }
  return complaint;
}

char *windows_events(Windows *windows) {
  const GPtrArray *traffic = windows->scenario->design->traffic;
  g_autoptr(GArray) interruptions = find_interruptions(windows->result->engine);
  char *complaint = check_rows(windows, interruptions);
  if (complaint == NULL)
    complaint = check_lost(windows, interruptions);
  if (complaint == NULL)
    complaint = check_capacities(windows);
  if (complaint == NULL)
    complaint = check_causes(windows->result, interruptions);
  if (complaint == NULL)
    complaint = check_kept_out(windows->result, interruptions);
  if (complaint == NULL)
    complaint = check_moments(windows, interruptions);
  for (guint i = 0; i < traffic->len && complaint == NULL; i++)
    complaint =
        check_bytes(windows, interruptions, ((const DesignTraffic *)traffic->pdata[i])->head.name);
  return complaint;
}
