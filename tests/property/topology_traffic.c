/* Offered is delivered and dropped, in random topologies: the rows of traffic.csv of each traffic
 * and direction tile the run without a gap, and in each interval they sum to all flows and to all
 * bits that are offered. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/topology.h"

/* Topologies of one test, at -O2. */
#define COUNT TOPOLOGY_COUNT(850)

static gboolean is_of(const RunTrafficRow *row, const DesignTraffic *traffic,
                      const char *direction) {
  return strcmp(row->traffic, traffic->head.name) == 0 &&
         strcmp(flow_directions[row->direction], direction) == 0;
}

static char *complain(const DesignTraffic *traffic, const char *direction, SimTime at,
                      const char *what, gint64 value) {
  return g_strdup_printf("%s %s at %" G_GINT64_FORMAT " ns: %s %" G_GINT64_FORMAT,
                         traffic->head.name, direction, at.ns, what, value);
}

/* Rows are in the order of their beginning. */
static char *direction_tiles(const RunResult *result, const DesignTraffic *traffic,
                             const char *direction, SimTime end) {
  SimTime at = SIM_TIME_ZERO;
  for (guint i = 0; i < result->traffic_count;) {
    const RunTrafficRow *first = &result->traffic[i];
    gint64 flows = 0, bits = 0, rows = 0;
    if (!is_of(first, traffic, direction)) {
      i++;
      continue;
    }
    if (first->from.ns != at.ns)
      return complain(traffic, direction, at, "a gap until", first->from.ns);
    for (; i < result->traffic_count && result->traffic[i].from.ns == first->from.ns; i++)
      if (is_of(&result->traffic[i], traffic, direction)) {
        if (result->traffic[i].to.ns != first->to.ns)
          return complain(traffic, direction, at, "rows that end apart, one at",
                          result->traffic[i].to.ns);
        flows += result->traffic[i].flows;
        bits += result->traffic[i].bits_per_second;
        rows++;
      }
    if (flows != traffic->flows)
      return complain(traffic, direction, at, "flows are only", flows);
    if (bits > traffic->rate || bits <= traffic->rate - rows) /* each row rounds down */
      return complain(traffic, direction, at, "bits are only", bits);
    at = first->to;
  }
  return at.ns == end.ns ? NULL : complain(traffic, direction, at, "nothing until", end.ns);
}

static char *all_is_delivered_or_dropped(const char *text, const Scenario *scenario,
                                         const CloudClass *cloud, guint64 seed) {
  static const char *const directions[] = {"forward", "reverse"};
  const RunOptions options = {.seed = seed, .detail = TRUE};
  g_autoptr(RunResult) result = run_scenario(scenario, cloud, &options);
  char *complaint = NULL;
  (void)text;
  for (guint t = 0; t < scenario->design->traffic->len; t++)
    for (guint d = 0; d < G_N_ELEMENTS(directions) && complaint == NULL; d++)
      complaint = direction_tiles(result, scenario->design->traffic->pdata[t], directions[d],
                                  scenario->design->duration.law.a);
  return complaint;
}

static void check_part(guint part) {
  static const TopologyOptions any = {FALSE};
  topology_check(1 + part * COUNT, COUNT, &any, all_is_delivered_or_dropped);
}

Test(topology, offered_is_delivered_and_dropped_0) { check_part(0); }
Test(topology, offered_is_delivered_and_dropped_1) { check_part(1); }
Test(topology, offered_is_delivered_and_dropped_2) { check_part(2); }
Test(topology, offered_is_delivered_and_dropped_3) { check_part(3); }
