/* From the traffic of a run to rows of balance.csv: each interval in which the shares of a traffic
 * and direction stand still, by each measure. */
#include <string.h>

#include "routesim/metric/balance.h"
#include "run_private.h"

static const char *zone_of_end(const World *world, const NameRef *end) {
  const Subnet *subnet = world_traffic_end(world, end->text).subnet;
  return subnet != NULL ? subnet_zone(subnet) : NULL;
}

/* Do two places in a row, of those whose zone is known, lie in different ones? */
static gboolean crosses_zones(const World *world, const RunTrafficRow *row) {
  const DesignTraffic *traffic = design_find(world->design->traffic, row->traffic);
  const gboolean forward = row->direction == FLOW_FORWARD;
  const char *last = zone_of_end(world, forward ? &traffic->from : &traffic->to);
  for (guint i = 0; i <= row->way->count; i++) {
    const char *zone = i < row->way->count
                           ? element_zone(row->way->elements[i])
                           : zone_of_end(world, forward ? &traffic->to : &traffic->from);
    if (zone != NULL && last != NULL && strcmp(zone, last) != 0)
      return TRUE;
    last = zone != NULL ? zone : last;
  }
  return FALSE;
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
