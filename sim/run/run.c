/* One run: the world, its events, and what the trace says in the end. */
#include "routesim/run/run.h"

#include <string.h>

#include "run_private.h"

/* ---- events ----------------------------------------------------------------------------- */

static void impairment_over(gpointer data) {
  WorldEvent *event = data;
  event->over_at = engine_now(event->world->engine);
  for (guint i = 0; i < event->paths->len; i++)
    path_unimpair(event->paths->pdata[i], &event->impairment);
}

static void begin_impairment(WorldEvent *event) {
  World *world = event->world;
  for (guint i = 0; i < event->paths->len; i++)
    path_impair(event->paths->pdata[i], &event->impairment);
  if (event->config->span.given)
    timer_arm_after(event->end_timer, cloud_draw_setting(&world->topology, event->config->target,
                                                         "for", &event->config->span));
}

/* Every failure of this name that is active ends. */
static void restore(WorldEvent *event) {
  World *world = event->world;
  for (guint i = 0; i < world->events->len; i++) {
    WorldEvent *other = world->events->pdata[i];
    if (other->config->action == EVENT_FAIL && other->fault != NULL &&
        strcmp(other->config->target, event->config->target) == 0)
      fault_end(other->fault);
  }
}

static const char *const persist_names[] = {[DESIGN_PERSIST_ENABLE] = "enable",
                                            [DESIGN_PERSIST_DISABLE] = "disable",
                                            [DESIGN_PERSIST_RESET] = "reset"};

static const char *how_of(const DesignEvent *event) {
  switch (event->action) {
  case EVENT_FAIL:
    return event->how->name;
  case EVENT_RESTORE:
    return "restore";
  case EVENT_IMPAIR:
    return "impair";
  case EVENT_SET:
  case EVENT_SET_ROUTES:
    return "set";
  case EVENT_PERSIST:
    return persist_names[event->persist];
  case EVENT_CONNECT:
    return "connect";
  }
  g_assert_not_reached();
}

static void set_routes(World *world, const DesignEvent *event) {
  CloudUserTable *table = cloud_find_user_table(&world->topology, event->ends[0]);
  if (world->cloud->fabric->set_user_routes != NULL)
    world->cloud->fabric->set_user_routes(&world->topology, table,
                                          world_user_routes(world, table->network, event->routes));
}

static void act_on_persistence(World *world, const DesignEvent *event) {
  for (guint i = 0; world->cloud->server->persist != NULL && i < world->servers->len; i++) {
    RouteServer *server = world->servers->pdata[i];
    if (strcmp(route_server_name(server), event->target) == 0)
      world->cloud->server->persist(server, event->persist);
  }
}

static void event_due(gpointer data) {
  WorldEvent *event = data;
  World *world = event->world;
  const DesignEvent *config = event->config;
  traffic_mark(world->traffic, world->last_event);
  engine_set_cause(world->engine, 0);
  event->record = engine_go_on(world->engine, &FAULT_EVENT, config->target, how_of(config),
                               event->number, NULL);
  world->last_event = event->record;
  switch (config->action) {
  case EVENT_FAIL:
    if (event->fault != NULL)
      fault_begin(event->fault);
    break;
  case EVENT_RESTORE:
    restore(event);
    break;
  case EVENT_IMPAIR:
    begin_impairment(event);
    break;
  case EVENT_SET:
    world_announce(world, world_nva(world, config->ends[0]), config->advertise);
    break;
  case EVENT_SET_ROUTES:
    set_routes(world, config);
    break;
  case EVENT_PERSIST:
    act_on_persistence(world, config);
    break;
  case EVENT_CONNECT:
    world_connect(world, config->target);
    break;
  }
}

static SimTime draw_event(const World *world, guint number, const char *key,
                          const Duration *duration) {
  return cloud_draw_setting(&world->topology, arena_printf(world->arena, "events.%u", number), key,
                            duration);
}

static void prepare_event(World *world, WorldEvent *event) {
  const DesignEvent *config = event->config;
  event->victims = arena_ptr_array(world->arena);
  event->paths = arena_ptr_array(world->arena);
  if (config->action == EVENT_FAIL && world_resolve(world, config->target, event->victims)) {
    const FaultConfig fault = {
        .name = arena_printf(world->arena, "%06u %s", event->number, config->target),
        .kind = config->how,
        .forwards = config->forwards,
        .drain_wait = draw_event(world, event->number, "wait", &config->wait),
        .drain_ground = config->wait.law.ground,
        .seed = world->options->seed,
        .run = world->options->run};
    event->fault = fault_new(world->engine, &fault, event->victims);
  } else if (config->action == EVENT_IMPAIR) {
    world_paths_between(world, config->ends[0], config->ends[1], event->paths);
    event->impairment =
        (Impairment){config->loss, draw_event(world, event->number, "delay", &config->delay),
                     draw_event(world, event->number, "jitter", &config->jitter)};
  }
}

/* At the end of the run nothing has any time to happen. */
static gboolean is_in_time(const WorldEvent *event) {
  return event->at.ns < event->world->design->duration.law.a.ns;
}

static const Stage impairment_stage = {"impairment", BASIS_SET, "for"};

static void add_events(World *world) {
  for (guint i = 0; i < world->design->events->len; i++) {
    const DesignEvent *config = world->design->events->pdata[i];
    WorldEvent *event = arena_new0(world->arena, WorldEvent);
    Owner *owner = engine_owner(world->engine, arena_printf(world->arena, "event/%06u", i));
    event->world = world;
    event->number = i;
    event->config = config;
    event->over_at = SIM_TIME_NEVER;
    event->timer = timer_new(owner, PHASE_FAULT, event_due, event);
    event->end_timer = timer_new(owner, PHASE_FAULT, impairment_over, event);
    timer_set_stage(event->end_timer, &impairment_stage);
    event->at = sim_time_add(draw_event(world, config->flap, "at", &config->at), config->later);
    prepare_event(world, event);
    if (is_in_time(event))
      timer_arm(event->timer, event->at);
    g_ptr_array_add(world->events, event);
  }
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* The end of an impairment is a part of its event; that of a failure is another event. */
static SimTime mends_from(const WorldEvent *event) {
  switch (event->config->action) {
  case EVENT_FAIL:
    return SIM_TIME_NEVER;
  case EVENT_IMPAIR:
    return event->over_at;
  case EVENT_RESTORE:
  case EVENT_SET:
  case EVENT_SET_ROUTES:
  case EVENT_PERSIST:
  case EVENT_CONNECT:
    return event->at;
  }
  g_assert_not_reached();
}

static MetricEventKind kind_of(const DesignEvent *event) {
  switch (event->action) {
  case EVENT_FAIL:
  case EVENT_IMPAIR:
    return METRIC_FAILURE;
  case EVENT_RESTORE:
    return METRIC_RESTORE;
  case EVENT_SET:
  case EVENT_SET_ROUTES:
  case EVENT_PERSIST:
  case EVENT_CONNECT:
    return METRIC_CHANGE;
  }
  g_assert_not_reached();
}

static void fold(World *world, RunResult *result) {
  const guint count = world->events->len;
  g_autofree MetricEvent *events = g_new0(MetricEvent, count + 1);
  g_autofree MetricUnit *units = g_new0(MetricUnit, world->units->len + 1);
  for (guint i = 0; i < count; i++) {
    const WorldEvent *event = world->events->pdata[i];
    GPtrArray *appliances = arena_ptr_array(world->arena);
    if (event->config->action == EVENT_FAIL)
      world_appliances_of(world, event->config->target, appliances);
    events[i] = (MetricEvent){.kind = kind_of(event->config),
                              .at = event->at,
                              .never_happens = !is_in_time(event),
                              .mends_from = mends_from(event),
                              .target = event->config->target,
                              .how = how_of(event->config),
                              .appliances = appliances};
  }
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
  add_events(world);
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
  fold(world, result);
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
