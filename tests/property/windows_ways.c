/* Which ways flows take at a moment, and who reaches whom: traffic.csv shows what flows do;
 * `explain` and `reach` ask the same of sessions that need not exist, for every group of hosts and
 * every choice among equal next hops. So traffic.csv shows no way that `explain` does not tell, and
 * with many flows all of them. A balancer keeps open sessions where they are, whatever becomes of
 * new ones: where there is one, that holds until something happens. */
#include <string.h>

#include "property/windows.h"
#include "routesim/metric/stops.h"

static const char *const directions[] = {"forward", "reverse"};

/* ---- rows of traffic.csv ------------------------------------------------------------------ */

typedef struct {
  guint flows, dropped;
  GPtrArray *ways; /* const char *, of those with flows */
} Seen;

static gboolean has(const GPtrArray *names, const char *name) {
  for (guint i = 0; i < names->len; i++)
    if (strcmp(names->pdata[i], name) == 0)
      return TRUE;
  return FALSE;
}

static Seen see(const Windows *windows, const char *traffic, const char *direction) {
  Seen seen = {.ways = g_ptr_array_new()};
  for (guint i = 0; i < windows->result->traffic_count; i++) {
    const RunTrafficRow *row = &windows->result->traffic[i];
    if (strcmp(row->traffic, traffic) != 0 ||
        strcmp(flow_directions[row->direction], direction) != 0 || row->from.ns > windows->at.ns ||
        windows->at.ns >= row->to.ns || row->flows == 0)
      continue;
    seen.flows += row->flows;
    seen.dropped += g_str_has_prefix(row->via, "dropped:") ? row->flows : 0;
    g_ptr_array_add(seen.ways, (gpointer)row->via);
  }
  return seen;
}

static char *join(const GPtrArray *names) {
  GString *text = g_string_new("{");
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", (const char *)names->pdata[i]);
  g_string_append_c(text, '}');
  return g_string_free(text, FALSE);
}

static char *complain(const Windows *windows, const DesignTraffic *traffic, const char *direction,
                      const char *what, const GPtrArray *left, const GPtrArray *right) {
  g_autofree char *a = join(left), *b = join(right);
  return g_strdup_printf("at %.9f s, %s %s: %s: %s and %s", sim_time_seconds(windows->at),
                         traffic->head.name, direction, what, a, b);
}

/* Some flow stays where a balancer put it, whatever a new one would do. */
static gboolean may_stick(const Windows *windows) {
  const Design *body = windows->scenario->design;
  if (body->failover != FAILOVER_LOAD_BALANCER && body->load_balancers->len == 0)
    return FALSE;
  for (guint i = 0; i < body->events->len; i++) {
    const DesignEvent *event = body->events->pdata[i];
    if (event->at.law.a.ns + event->later.ns <= windows->at.ns)
      return TRUE;
  }
  return FALSE;
}

static gboolean shows_all(const DesignTraffic *traffic) { return traffic->flows >= MANY_FLOWS; }

/* ---- explain --------------------------------------------------------------------------------- */

static GPtrArray *told_ways(const GPtrArray *steps, const char *direction) {
  GPtrArray *ways = g_ptr_array_new();
  for (guint i = 0; i < steps->len; i++) {
    const WayStep *step = steps->pdata[i];
    if (strcmp(flow_directions[step->direction], direction) == 0 && !has(ways, step->way))
      g_ptr_array_add(ways, (gpointer)step->way);
  }
  return ways;
}

static gboolean all_in(const GPtrArray *some, const GPtrArray *all) {
  for (guint i = 0; i < some->len; i++)
    if (!has(all, some->pdata[i]))
      return FALSE;
  return TRUE;
}

static char *explain_agrees(Windows *windows, const DesignTraffic *traffic, const Seen *seen) {
  const GPtrArray *steps = inspection_ways(windows->look, traffic->head.name);
  char *complaint = NULL;
  for (guint d = 0; d < 2 && complaint == NULL; d++) {
    g_autoptr(GPtrArray) told = told_ways(steps, directions[d]);
    windows->checks++;
    if (!all_in(seen[d].ways, told))
      complaint = complain(windows, traffic, directions[d], "traffic.csv has, explain tells",
                           seen[d].ways, told);
    else if (shows_all(traffic) && !all_in(told, seen[d].ways))
      complaint = complain(windows, traffic, directions[d],
                           "explain tells more ways than traffic.csv has", told, seen[d].ways);
  }
  return complaint;
}

/* ---- reach ----------------------------------------------------------------------------------- */

/* A flow that does not pass is dropped in one direction, or in both. */
static gboolean fits(ReachVerdict verdict, const Seen *seen, gboolean all) {
  const guint flows = seen[0].flows, least = MAX(seen[0].dropped, seen[1].dropped);
  const guint most = MIN(flows, seen[0].dropped + seen[1].dropped);
  switch (verdict) {
  case REACH_YES:
    return most == 0;
  case REACH_NO:
    return most == flows;
  case REACH_PARTLY:
    return !all || (least < flows && most > 0);
  }
  return FALSE;
}

/* The ways that `reach` names are those of flows that get through; traffic.csv has those of the
 * other direction's losses too. */
static char *named_ways_agree(const Windows *windows, const DesignTraffic *traffic,
                              const Reachability *cell, const Seen *seen) {
  const char *const named[] = {cell->forward, cell->reverse};
  char *complaint = NULL;
  for (guint d = 0; d < 2 && complaint == NULL && named[d] != NULL; d++) {
    g_auto(GStrv) names = g_strsplit(named[d], " or ", -1);
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    for (guint i = 0; names[i] != NULL; i++)
      g_ptr_array_add(list, names[i]);
    if (shows_all(traffic) && !all_in(list, seen[d].ways))
      complaint = complain(windows, traffic, directions[d],
                           "reach names more ways than traffic.csv has", list, seen[d].ways);
    else if (cell->verdict == REACH_YES && !all_in(seen[d].ways, list))
      complaint = complain(windows, traffic, directions[d], "traffic.csv has, reach names",
                           seen[d].ways, list);
  }
  return complaint;
}

static char *reach_agrees(Windows *windows, const DesignTraffic *traffic, const Seen *seen) {
  static const char *const verdicts[] = {"no", "partly", "yes"};
  const int from = windows_place(windows->look, traffic->from.text);
  const int to = windows_place(windows->look, traffic->to.text);
  if (from < 0 || to < 0)
    return NULL; /* to an address */
  const Reachability cell = inspection_reach(windows->look, (guint)from, (guint)to);
  windows->checks++;
  if (!fits(cell.verdict, seen, shows_all(traffic)))
    return g_strdup_printf("at %.9f s, %s: reach says %s (%s), but of %u flows %u forward and %u "
                           "reverse are dropped",
                           sim_time_seconds(windows->at), traffic->head.name,
                           verdicts[cell.verdict], drop_reason_name(cell.reason), seen[0].flows,
                           seen[0].dropped, seen[1].dropped);
  return named_ways_agree(windows, traffic, &cell, seen);
}

char *windows_ways(Windows *windows) {
  const GPtrArray *traffic = windows->scenario->design->traffic;
  char *complaint = NULL;
  for (guint i = 0; i < traffic->len && complaint == NULL && !may_stick(windows); i++) {
    const DesignTraffic *one = traffic->pdata[i];
    Seen seen[2] = {see(windows, one->head.name, directions[0]),
                    see(windows, one->head.name, directions[1])};
    complaint = explain_agrees(windows, one, seen);
    if (complaint == NULL)
      complaint = reach_agrees(windows, one, seen);
    for (guint d = 0; d < 2; d++)
      g_ptr_array_unref(seen[d].ways);
  }
  return complaint;
}

/* ---- where packets ended --------------------------------------------------------------------- */

/* "dropped:v0" at the start, one for each place. */
static GPtrArray *stops_of(const RunResult *result, const char *traffic) {
  g_autoptr(GArray) stops = metric_stops(result->engine, &FAULT_EVENT);
  GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < stops->len; i++) {
    const MetricStop *stop = &g_array_index(stops, MetricStop, i);
    /* What lacks capacity is load: every flow is where it would go. */
    if (stop->since.ns == 0 && strcmp(stop->traffic, traffic) == 0 && stop->reason != DROP_CAPACITY)
      g_ptr_array_add(
          found, g_strdup_printf("%s at %s", drop_reason_name(stop->reason), stop->where.name));
  }
  return found;
}

static char *stops_agree(Windows *windows, const DesignTraffic *traffic) {
  const int from = windows_place(windows->start, traffic->from.text);
  const int to = windows_place(windows->start, traffic->to.text);
  if (from < 0 || to < 0)
    return NULL;
  const Reachability cell = inspection_reach(windows->start, (guint)from, (guint)to);
  g_autoptr(GPtrArray) stops = stops_of(windows->result, traffic->head.name);
  g_autoptr(GPtrArray) named = g_ptr_array_new_with_free_func(g_free);
  if (cell.verdict != REACH_YES)
    g_ptr_array_add(named, g_strdup_printf("%s at %s", drop_reason_name(cell.reason), cell.where));
  windows->checks++;
  if (stops->len > 0 && cell.verdict == REACH_YES)
    return complain(windows, traffic, "at the start", "run has stops, reach says yes", stops,
                    named);
  if (traffic->flows >= MANY_FLOWS && !all_in(named, stops))
    return complain(windows, traffic, "at the start", "reach says, run says that packets ended",
                    named, stops);
  return NULL;
}

char *windows_stops(Windows *windows) {
  const GPtrArray *traffic = windows->scenario->design->traffic;
  char *complaint = NULL;
  for (guint i = 0; i < traffic->len && complaint == NULL; i++)
    complaint = stops_agree(windows, traffic->pdata[i]);
  return complaint;
}
