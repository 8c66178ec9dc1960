/* One run: the world, its events, and what the trace says in the end. */
#include "routesim/run/run.h"

#include <string.h>

#include "run_private.h"

/* ---- rows ---------------------------------------------------------------------------------- */

void run_fold(World *world, RunResult *result) {
  const guint count = world->events->len;
  g_autofree MetricEvent *events = g_new0(MetricEvent, count + 1);
  g_autofree MetricUnit *units = g_new0(MetricUnit, world->units->len + 1);
  for (guint i = 0; i < count; i++)
    events[i] = run_event_for_metrics(world->events->pdata[i]);
  for (guint i = 0; i < world->units->len; i++)
    units[i] = *(MetricUnit *)world->units->pdata[i];
  result->row_count = count;
  result->rows = arena_array(world->arena, MetricRow, count + 1);
  const MetricInput input = {.engine = world->engine,
                             .event = &FAULT_EVENT,
                             .table = &CLOUD_PROGRAMMED,
                             .lost = &CLOUD_UNIT_LOST,
                             .events = events,
                             .event_count = count,
                             .units = units,
                             .unit_count = world->units->len,
                             .flows = traffic_flows(world->traffic),
                             .alarm_at = world_alarm_at,
                             .alarm_data = world};
  metric_rows(&input, result->rows);
  result->probe_count = traffic_probe_count(world->traffic);
  result->probes = arena_array(world->arena, ProbeResult, result->probe_count + 1);
  for (guint i = 0; i < result->probe_count; i++)
    result->probes[i] = traffic_probe(world->traffic, i);
}

/* ---- detail: traffic.csv --------------------------------------------------------------------- */

/* What the first flows offer: so what rounding takes from one row is in the next, and their sum is
 * what is offered, to the bit. */
static gint64 bits_up_to(const FlowShares *shares, guint64 flows) {
  return (gint64)((__int128)shares->bits_per_second * (gint64)flows / (gint64)shares->flows);
}

static void add_traffic_rows(World *world, const TraceRecord *record, SimTime until, GArray *rows) {
  const FlowShares *shares = record->detail;
  guint64 flows = 0;
  if (until.ns == record->at.ns)
    return; /* replaced at once */
  for (guint i = 0; i < shares->count; i++) {
    const FlowShare *share = &shares->shares[i];
    const RunTrafficRow row = {.from = record->at,
                               .to = until,
                               .traffic = record->subject,
                               .direction = shares->direction,
                               .way = share->way,
                               .via = share->way->text,
                               .dropped = share->way->dropped,
                               .flows = share->flows,
                               .bits_per_second = bits_up_to(shares, flows + share->flows) -
                                                  bits_up_to(shares, flows) - share->lacking,
                               .share = (double)share->flows / (double)shares->flows};
    flows += share->flows;
    g_array_append_val(rows, row);
  }
  (void)world;
}

static int compare_traffic_rows(gconstpointer a, gconstpointer b) {
  const RunTrafficRow *left = a, *right = b;
  const gint64 by_time = (left->from.ns > right->from.ns) - (left->from.ns < right->from.ns);
  int order = (int)by_time;
  if (order == 0)
    order = strcmp(left->traffic, right->traffic);
  if (order == 0)
    order = (int)left->direction - (int)right->direction;
  return order != 0 ? order : strcmp(left->via, right->via);
}

static void collect_traffic(World *world, RunResult *result) {
  const Engine *engine = world->engine;
  GArray *rows = arena_growing_array(world->arena, sizeof(RunTrafficRow));
  const guint count = engine_record_count(engine);
  for (RecordId id = 1; id <= count; id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    SimTime until = world->design->duration.law.a;
    if (record->kind != &FLOW_SHARES)
      continue;
    const FlowShares *shares = record->detail;
    for (RecordId next = id + 1; next <= count; next++) {
      const TraceRecord *later = engine_record_get(engine, next);
      if (later->kind == &FLOW_SHARES && strcmp(later->subject, record->subject) == 0 &&
          ((const FlowShares *)later->detail)->direction == shares->direction) {
        until = later->at;
        break;
      }
    }
    add_traffic_rows(world, record, until, rows);
  }
  g_array_sort(rows, compare_traffic_rows);
  result->traffic = (RunTrafficRow *)rows->data;
  result->traffic_count = rows->len;
}

/* ---- detail: routes.csv ---------------------------------------------------------------------- */

static const char *hop_text(World *world, const NextHop *hops, guint count) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < count; i++) {
    const Element *element =
        hops[i].kind == HOP_ELEMENT ? fabric_element_at(world->fabric, hops[i].address) : NULL;
    if (i > 0)
      g_string_append_c(text, ' ');
    if (element != NULL)
      g_string_append(text, element_name(element));
    else
      ip_address_append(hops[i].address, text);
  }
  const char *kept = arena_strdup(world->arena, text->str);
  g_string_free(text, TRUE);
  return kept;
}

static const char *cause_text(World *world, RecordId id) {
  const RecordId root = engine_record_root(world->engine, id);
  const TraceRecord *record = engine_record_get(world->engine, root);
  if (record->kind != &FAULT_EVENT)
    return record->kind->name;
  return arena_printf(world->arena, "event %d: %s %s", (int)record->value, record->subject,
                      record->object);
}

static void collect_routes(World *world, RunResult *result) {
  GArray *rows = arena_growing_array(world->arena, sizeof(RunRouteRow));
  for (RecordId id = 1; id <= engine_record_count(world->engine); id++) {
    const TraceRecord *record = engine_record_get(world->engine, id);
    if (record->kind != &CLOUD_PROGRAMMED)
      continue;
    const TableChange *change = record->detail;
    g_autofree char *prefix = prefix_to_string(change->prefix);
    const RunRouteRow row = {record->at,
                             change->table,
                             arena_strdup(world->arena, prefix),
                             change->action,
                             hop_text(world, change->hops, change->hop_count),
                             change->origin,
                             cause_text(world, id)};
    g_array_append_val(rows, row);
  }
  result->routes = (RunRouteRow *)rows->data;
  result->route_count = rows->len;
}

/* ---- running ------------------------------------------------------------------------------- */

World *world_begin(Arena *arena, const Design *design, const CloudClass *cloud,
                   const RunOptions *options) {
  World *world = world_new(arena, design, cloud, options);
  run_add_events(world);
  engine_seal(world->engine);
  traffic_begin(world->traffic);
  return world;
}

RunResult *run_scenario(const Scenario *scenario, const CloudClass *cloud,
                        const RunOptions *options) {
  Arena *arena = arena_new();
  RunResult *result = arena_new0(arena, RunResult);
  World *world = world_begin(arena, scenario->design, cloud, options);
  engine_run(world->engine, scenario->design->duration.law.a);
  traffic_mark(world->traffic, world->last_event);
  traffic_end(world->traffic);
  result->arena = arena;
  result->engine = world->engine;
  result->topology = &world->topology;
  result->cloud = world->cloud;
  result->servers = world->servers;
  result->events = engine_events(world->engine);
  run_fold(world, result);
  if (options->detail) {
    collect_traffic(world, result);
    run_collect_balance(world, result);
    collect_routes(world, result);
  }
  return result;
}

void run_result_free(RunResult *result) {
  if (result != NULL)
    arena_free(result->arena);
}
