/* From the traffic of a run to rows of balance.csv: each interval in which the shares of a traffic
 * and direction stand still, by each measure. */
#include <string.h>

#include "routesim/metric/balance.h"
#include "run_private.h"

static const char *zone_of_end(const World *world, const char *name) {
  const CloudSubnet *subnet = cloud_find_subnet(&world->topology, name);
  return subnet != NULL ? subnet->zone : NULL;
}

static const char *zone_of_way(const World *world, const char *name) {
  const WorldNva *nva = world_nva(world, name);
  return nva != NULL ? nva_config(nva->nva)->zone : NULL;
}

/* Do two places in a row, of those whose zone is known, lie in different ones? */
static gboolean crosses_zones(const World *world, const RunTrafficRow *row) {
  const DesignTraffic *traffic = design_find(world->design->traffic, row->traffic);
  const gboolean forward = row->direction == FLOW_FORWARD;
  g_auto(GStrv) ways = g_strsplit(row->via, "+", -1);
  const char *last = zone_of_end(world, forward ? traffic->from.text : traffic->to.text);
  for (guint i = 0;; i++) {
    const char *zone = ways[i] != NULL
                           ? zone_of_way(world, ways[i])
                           : zone_of_end(world, forward ? traffic->to.text : traffic->from.text);
    if (zone != NULL && last != NULL && strcmp(zone, last) != 0)
      return TRUE;
    if (ways[i] == NULL)
      return FALSE;
    last = zone != NULL ? zone : last;
  }
}

static gboolean same_interval(const RunTrafficRow *a, const RunTrafficRow *b) {
  return a->from.ns == b->from.ns && strcmp(a->traffic, b->traffic) == 0 &&
         a->direction == b->direction;
}

void run_collect_balance(World *world, RunResult *result) {
  GArray *rows = arena_growing_array(world->arena, sizeof(RunBalanceRow));
  for (guint first = 0, end; first < result->traffic_count; first = end) {
    const RunTrafficRow *start = &result->traffic[first];
    g_autoptr(GArray) shares = g_array_new(FALSE, FALSE, sizeof(BalanceShare));
    for (end = first; end < result->traffic_count && same_interval(start, &result->traffic[end]);
         end++) {
      const RunTrafficRow *row = &result->traffic[end];
      const BalanceShare share = {row->via, row->bits_per_second, row->dropped == DROP_NONE,
                                  crosses_zones(world, row)};
      g_array_append_val(shares, share);
    }
    for (guint i = 0; i < balance_measure_count(); i++) {
      const BalanceMeasure *measure = balance_measure_at(i);
      RunBalanceRow row = {start->from,      start->to,     start->traffic,
                           start->direction, measure->name, 0};
      if (measure->compute((const BalanceShare *)shares->data, shares->len, &row.value))
        g_array_append_val(rows, row);
    }
  }
  result->balance = (RunBalanceRow *)rows->data;
  result->balance_count = rows->len;
}
