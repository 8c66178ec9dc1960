/* Events of a run: what happens when one is due, and what metrics have to know of it. */
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

WorldEvent *run_event_new(World *world, guint number, const DesignEvent *config) {
  WorldEvent *event = arena_new0(world->arena, WorldEvent);
  event->number = number;
  Owner *owner =
      engine_owner(world->engine, arena_printf(world->arena, "event/%06u", event->number));
  event->world = world;
  event->config = config;
  event->at = event->over_at = SIM_TIME_NEVER;
  event->timer = timer_new(owner, PHASE_FAULT, event_due, event);
  event->end_timer = timer_new(owner, PHASE_FAULT, impairment_over, event);
  timer_set_stage(event->end_timer, &impairment_stage);
  prepare_event(world, event);
  return event;
}

void run_event_at(WorldEvent *event, SimTime at) {
  event->number = event->world->events->len;
  event->at = at;
  g_ptr_array_add(event->world->events, event);
  if (is_in_time(event))
    timer_arm(event->timer, at);
}

void run_add_events(World *world) {
  for (guint i = 0; i < world->design->events->len; i++) {
    const DesignEvent *config = world->design->events->pdata[i];
    WorldEvent *event = run_event_new(world, i, config);
    run_event_at(event,
                 sim_time_add(draw_event(world, config->flap, "at", &config->at), config->later));
  }
}

/* ---- as metrics see them --------------------------------------------------------------------- */

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

MetricEvent run_event_for_metrics(const WorldEvent *event) {
  World *world = event->world;
  GPtrArray *appliances = arena_ptr_array(world->arena);
  if (event->config->action == EVENT_FAIL)
    world_appliances_of(world, event->config->target, appliances);
  return (MetricEvent){.kind = kind_of(event->config),
                       .at = event->at,
                       .never_happens = !is_in_time(event),
                       .mends_from = mends_from(event),
                       .target = event->config->target,
                       .how = how_of(event->config),
                       .appliances = appliances};
}
