/* A script that replaces routes through the cloud's API; see failover.h. */
#include <string.h>

#include "routesim/cloud/cloud.h"

typedef struct Script Script;

/* A table that the script writes to: it writes to all but those where the user has a route of its
 * own, and those that do not take such a route. */
typedef struct {
  RouteTable *table;
  const RouteOrigin *origin;
} Target;

/* The appliances that have one prefix, and the one in use. */
typedef struct {
  Script *script;
  Prefix prefix;
  GArray *routes;  /* FailoverRoute, the best first */
  guint used;      /* index in `routes`: that the script wants in the tables */
  guint *active;   /* by member: the member that it takes for the one in use */
  GArray *targets; /* Target */
  guint called;    /* calls of the API so far */
  guint in_force;  /* the latest call that the tables show */
} Group;

/* One call of the API, on its way into the tables. */
typedef struct {
  Group *group;
  guint used;
  guint sequence; /* of the group's calls */
} Write;

struct Script {
  CloudTopology *topology;
  const FailoverConfig *config;
  GPtrArray *checks;  /* HealthCheck *, one for each member; empty where devices watch each other */
  GArray *heartbeats; /* FailoverHeartbeat: of each two devices */
  gboolean *taken_out; /* the same: an operator did */
  GPtrArray *groups;
  Agenda *calls;  /* Group * */
  Agenda *writes; /* Write * */
  RandomStream call_stream, propagate_stream;
};

static NextHop hop_of(const Group *group, guint used) {
  const FailoverRoute *route = &g_array_index(group->routes, FailoverRoute, used);
  const FailoverMember *member =
      &g_array_index(group->script->config->members, FailoverMember, route->member);
  return (NextHop){.kind = HOP_ELEMENT, .address = element_address(member->element)};
}

static guint member_at(const Group *group, guint index) {
  return g_array_index(group->routes, FailoverRoute, index).member;
}

/* Does one device hear another? Itself it does. */
static gboolean hears(const Script *script, guint observer, guint member) {
  for (guint i = 0; i < script->heartbeats->len; i++) {
    const FailoverHeartbeat *heartbeat = &g_array_index(script->heartbeats, FailoverHeartbeat, i);
    for (guint side = 0; side < 2; side++)
      if (heartbeat->members[side] == observer && heartbeat->members[!side] == member)
        return bfd_session_state(heartbeat->session, side) == BFD_UP;
  }
  return observer == member;
}

/* `observer` is the device that decides; the script itself knows what its polls say. */
static gboolean is_good(const Group *group, guint index, guint observer) {
  const Script *script = group->script;
  const ApiFailoverConfig *traits = script->config->config;
  const guint member = member_at(group, index);
  if (script->taken_out[member])
    return FALSE;
  return traits->trigger == API_TRIGGER_DEVICE
             ? hears(script, observer, member)
             : health_check_is_healthy(script->checks->pdata[member]);
}

/* The best that is good is chosen; the one in use where none is, or where it is good and nothing
 * preempts it. */
static guint choose(const Group *group, guint observer) {
  const ApiFailoverConfig *traits = group->script->config->config;
  if (!traits->preempt && is_good(group, group->used, observer))
    return group->used;
  for (guint i = 0; i < group->routes->len; i++)
    if (is_good(group, i, observer))
      return i;
  return group->used;
}

static void write_table(const Script *script, const Write *write, const Target *target) {
  RouteTable *table = target->table;
  const RouteOrigin *origin = target->origin;
  Engine *engine = script->topology->engine;
  NextHop *hop = arena_new0(script->topology->arena, NextHop);
  TableChange *change = arena_new0(script->topology->arena, TableChange);
  const Prefix prefix = write->group->prefix;
  RouteView held;
  *hop = hop_of(write->group, write->used);
  if (route_table_find(table, prefix, origin, &held) &&
      ip_address_equal(held.hops[0].address, hop->address))
    return; /* it thought better of it meanwhile */
  *change = (TableChange){route_table_name(table), prefix, "replace", 1, hop, origin->name};
  ENGINE_DUE_TO(engine, engine_record(engine, &CLOUD_PROGRAMMED, script->config->name,
                                      change->table, 0, change));
  route_table_put(table, prefix, origin, hop, 1);
}

/* A call that a later one has overtaken changes nothing. */
static void write_due(gpointer data, gpointer item) {
  const Script *script = data;
  const Write *write = item;
  if (write->sequence < write->group->in_force)
    return;
  write->group->in_force = write->sequence;
  for (guint i = 0; i < write->group->targets->len; i++)
    write_table(script, write, &g_array_index(write->group->targets, Target, i));
}

/* The API took the call; what it changed is in force a while later, one draw for each call as
 * for each batch of a route server. */
static void call_due(gpointer data, gpointer item) {
  Script *script = data;
  Group *group = item;
  const ApiFailoverConfig *traits = script->config->config;
  Write *write = arena_new0(script->topology->arena, Write);
  *write = (Write){group, group->used, ++group->called};
  agenda_add(script->writes,
             sim_time_add(engine_now(script->topology->engine),
                          distribution_draw(&traits->propagate.law, &script->propagate_stream)),
             write);
}

static void use(Group *group, guint chosen) {
  Script *script = group->script;
  const ApiFailoverConfig *traits = script->config->config;
  if (chosen == group->used)
    return;
  group->used = chosen;
  agenda_add(script->calls,
             sim_time_add(engine_now(script->topology->engine),
                          distribution_draw(&traits->call.law, &script->call_stream)),
             group);
}

/* The appliance that is in use when all has been up for long. */
static guint first_good(const Group *group) {
  for (guint i = 0; group->script->checks->len > 0 && i < group->routes->len; i++)
    if (is_good(group, i, 0))
      return i;
  return 0;
}

/* The script decides, or on an operator's word the device in use. */
static void decide(Script *script) {
  for (guint i = 0; i < script->groups->len; i++) {
    Group *group = script->groups->pdata[i];
    use(group, choose(group, member_at(group, group->used)));
    for (guint j = 0; j < script->config->members->len; j++)
      group->active[j] = member_at(group, group->used);
  }
}

static void health_changed(gpointer data, gboolean healthy) {
  (void)healthy;
  decide(data);
}

/* ---- devices that watch each other ------------------------------------------------------- */

typedef struct {
  Script *script;
  guint observer, subject; /* members */
} Watch;

static gboolean can_call(const Script *script, guint member) {
  const NetNode *node =
      element_node(g_array_index(script->config->members, FailoverMember, member).element);
  return !net_node_is(node, NODE_DARK) && !net_node_is(node, NODE_CUT) &&
         !net_node_is(node, NODE_CONTROL_CUT);
}

/* Only a change that a device itself hears makes it act: one that starts while the device in use
 * is dead triggers nothing, and nor does that one when it is back. Of two that do not
 * hear each other any more the standby takes over, and the other goes on as the active one that it
 * was; once they hear each other, both know who has the routes. */
static void heard(gpointer data, BfdState state, BfdDiagnostic diagnostic) {
  const Watch *watch = data;
  Script *script = watch->script;
  const ApiFailoverConfig *traits = script->config->config;
  (void)diagnostic;
  for (guint i = 0; can_call(script, watch->observer) && i < script->groups->len; i++) {
    Group *group = script->groups->pdata[i];
    guint *active = &group->active[watch->observer];
    const gboolean lost = state == BFD_DOWN && *active == watch->subject;
    ENGINE_KEEP_CAUSE(script->topology->engine);
    if (lost || (state == BFD_UP && traits->preempt))
      use(group, choose(group, watch->observer));
    if (lost || state == BFD_UP)
      *active = member_at(group, group->used);
  }
}

static const char *const heartbeat_keys[] = {"heartbeat", "misses", NULL};
static const char *const fail_keys[] = {"poll", "failures", "timeout", NULL};
static const char *const return_keys[] = {"poll", "successes", NULL};

static const Stage *stage_of(const Script *script, const char *name, const char *const *keys) {
  const ApiFailoverConfig *traits = script->config->config;
  Arena *arena = script->topology->arena;
  return stage_new(
      arena, name,
      keys_ground(arena, script->config->class->failover->api_keys, traits->head.node, keys), NULL);
}

static void watch_each_other(Script *script, guint a, guint b) {
  const FailoverConfig *config = script->config;
  const ApiFailoverConfig *traits = config->config;
  CloudTopology *topology = script->topology;
  const guint members[2] = {a, b};
  BfdEnd ends[2];
  NetNode *nodes[2];
  for (guint side = 0; side < 2; side++) {
    const FailoverMember *member = &g_array_index(config->members, FailoverMember, members[side]);
    nodes[side] = element_node(member->element);
    ends[side] = (BfdEnd){.name = member->name,
                          .interval = cloud_draw_setting(
                              topology, config->name, "api_failover.heartbeat", &traits->heartbeat),
                          .multiplier = (guint)traits->misses};
  }
  const char *name =
      arena_printf(topology->arena, "heartbeat/%s/%s~%s", config->name, ends[0].name, ends[1].name);
  Path *path = path_new(topology->engine, name, nodes[0], nodes[1], config->delay, topology->seed,
                        topology->run);
  const FailoverHeartbeat heartbeat = {{a, b},
                                       path,
                                       bfd_session_new(topology->engine, path, ends, name,
                                                       config->liveness, topology->seed,
                                                       topology->run)};
  bfd_session_set_stage(heartbeat.session,
                        stage_of(script, "heartbeats between the appliances", heartbeat_keys));
  for (guint side = 0; side < 2; side++) {
    Watch *watch = arena_new0(topology->arena, Watch);
    *watch = (Watch){script, members[side], members[!side]};
    bfd_session_subscribe(heartbeat.session, side, heard, watch);
  }
  g_array_append_val(script->heartbeats, heartbeat);
}

/* ---- planned work ------------------------------------------------------------------------- */

static void take_out(gpointer data, guint member, gboolean out) {
  Script *script = data;
  if (script->taken_out[member] == out)
    return;
  script->taken_out[member] = out;
  failover_record_operator(script->topology, script->config, member, out);
  decide(script);
}

static int compare_routes(gconstpointer a, gconstpointer b) {
  const FailoverRoute *left = a, *right = b;
  if (left->preference != right->preference)
    return left->preference < right->preference ? -1 : 1;
  return (left->member > right->member) - (left->member < right->member);
}

static Group *group_for(Script *script, Prefix prefix) {
  Arena *arena = script->topology->arena;
  for (guint i = 0; i < script->groups->len; i++)
    if (prefix_equal(((Group *)script->groups->pdata[i])->prefix, prefix))
      return script->groups->pdata[i];
  Group *group = arena_new0(arena, Group);
  group->script = script;
  group->prefix = prefix;
  group->routes = arena_growing_array(arena, sizeof(FailoverRoute));
  group->targets = arena_growing_array(arena, sizeof(Target));
  group->active = arena_array(arena, guint, script->config->members->len + 1);
  g_ptr_array_add(script->groups, group);
  return group;
}

static void add_check(Script *script, const FailoverMember *member) {
  static const char polls[] = "polls of the script";
  const Stage *stages[2] = {stage_of(script, polls, fail_keys),
                            stage_of(script, polls, return_keys)};
  const FailoverConfig *config = script->config;
  const ApiFailoverConfig *traits = config->config;
  CloudTopology *topology = script->topology;
  const HealthCheckTimes times = {
      .interval = cloud_draw_setting(topology, config->name, "api_failover.poll", &traits->poll),
      .timeout =
          cloud_draw_setting(topology, config->name, "api_failover.timeout", &traits->timeout),
      .unhealthy = (guint)traits->failures,
      .healthy = (guint)traits->successes};
  g_ptr_array_add(
      script->checks,
      health_check_new(topology->engine,
                       arena_printf(topology->arena, "%s/%s", config->name, member->name),
                       element_node(member->element), &times, stages, topology->seed, topology->run,
                       health_changed, script));
}

static void start_agendas(Script *script) {
  const ApiFailoverConfig *traits = script->config->config;
  CloudTopology *topology = script->topology;
  const char *name = arena_printf(topology->arena, "api-failover/%s", script->config->name);
  Owner *owner = engine_owner(topology->engine, name);
  script->calls = agenda_new(owner, PHASE_DECIDE, call_due, script);
  agenda_set_stage(script->calls, stage_new(topology->arena, "call of the cloud's API",
                                            traits->call.law.ground, NULL));
  script->writes = agenda_new(owner, PHASE_PROGRAM, write_due, script);
  agenda_set_stage(script->writes, stage_new(topology->arena, "propagation of the replaced route",
                                             traits->propagate.law.ground, NULL));
  script->call_stream =
      random_stream(topology->seed, topology->run, arena_printf(topology->arena, "%s/call", name));
  script->propagate_stream = random_stream(topology->seed, topology->run,
                                           arena_printf(topology->arena, "%s/propagate", name));
}

/* The run starts from these routes. */
static void put_first(Group *group, const FailoverConfig *config) {
  const NextHop hop = hop_of(group, group->used);
  for (guint i = 0; i < config->tables->len; i++) {
    RouteTable *table = g_array_index(config->tables, FailoverTable, i).table;
    const Target target = {table,
                           failover_origin(group->script->topology, config, table, group->prefix)};
    if (target.origin == NULL)
      continue;
    g_array_append_val(group->targets, target);
    route_table_put(table, group->prefix, target.origin, &hop, 1);
  }
}

FailoverHandle api_failover_start(CloudTopology *topology, const FailoverConfig *config) {
  const ApiFailoverConfig *traits = config->config;
  Script *script = arena_new0(topology->arena, Script);
  script->topology = topology;
  script->config = config;
  script->checks = arena_ptr_array(topology->arena);
  script->taken_out = arena_array(topology->arena, gboolean, config->members->len + 1);
  script->groups = arena_ptr_array(topology->arena);
  script->heartbeats = arena_growing_array(topology->arena, sizeof(FailoverHeartbeat));
  start_agendas(script);
  for (guint i = 0; i < config->members->len; i++)
    if (traits->trigger == API_TRIGGER_POLL)
      add_check(script, &g_array_index(config->members, FailoverMember, i));
    else
      for (guint j = 0; j < i; j++)
        watch_each_other(script, j, i);
  for (guint i = 0; i < config->routes->len; i++) {
    const FailoverRoute *route = &g_array_index(config->routes, FailoverRoute, i);
    g_array_append_val(group_for(script, route->prefix)->routes, *route);
  }
  for (guint i = 0; i < script->groups->len; i++) {
    Group *group = script->groups->pdata[i];
    g_array_sort(group->routes, compare_routes);
    group->used = first_good(group);
    for (guint j = 0; j < config->members->len; j++)
      group->active[j] = member_at(group, group->used);
    put_first(group, config);
  }
  return (FailoverHandle){take_out, script, script->heartbeats};
}
