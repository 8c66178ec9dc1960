/* A load balancer in front of appliances; see failover.h. */
#include <string.h>

#include "routesim/cloud/cloud.h"

const char *const load_balancer_flows[] = {
    [LOAD_BALANCER_FLOWS_STAY] = "stay", [LOAD_BALANCER_FLOWS_MOVE] = "move", NULL};
const char *const load_balancer_all_down[] = {
    [LOAD_BALANCER_DROPS] = "drop", [LOAD_BALANCER_OPENS] = "open", NULL};

/* One appliance and the balancers that it is a member of. */
typedef struct {
  const FailoverMember *member;
  GPtrArray *balancers;
  gboolean healthy, taken_out;
  gboolean moves; /* open sessions leave it when it is lost, or taken out for a while */
  SimTime delay;  /* that while */
  Timer *delay_timer;
} Target;

typedef struct {
  const CloudTopology *topology;
  const FailoverConfig *config;
  Target **targets; /* by member */
} LoadBalancer;

static void for_each(const Target *target,
                     void (*act)(Balancer *balancer, const Element *element, gboolean what),
                     gboolean what) {
  for (guint i = 0; i < target->balancers->len; i++)
    act(target->balancers->pdata[i], target->member->element, what);
}

static void delay_over(gpointer data) { for_each(data, balancer_release, TRUE); }

/* Open sessions leave a lost member at once, and one that was taken out after the deregistration
 * delay, where the balancer moves them at all. */
static void move_sessions(Target *target) {
  if (!target->moves)
    return;
  if (target->healthy && target->taken_out && target->delay.ns > 0) {
    timer_arm_after(target->delay_timer, target->delay);
    return;
  }
  timer_cancel(target->delay_timer);
  for_each(target, balancer_release, !target->healthy || target->taken_out);
}

static void health_changed(gpointer data, gboolean healthy) {
  Target *target = data;
  target->healthy = healthy;
  move_sessions(target);
  for_each(target, balancer_set_healthy, healthy);
}

static void take_out(gpointer data, guint member, gboolean out) {
  const LoadBalancer *load_balancer = data;
  Target *target = load_balancer->targets[member];
  if (target->taken_out == out)
    return;
  target->taken_out = out;
  failover_record_operator(load_balancer->topology, load_balancer->config, member, out);
  move_sessions(target);
  for_each(target, balancer_take_out, out);
}

/* Keys have the names that the cloud gives them. */
static void find_stages(Arena *arena, const KeyTable *table, const LoadBalancerConfig *traits,
                        const Stage *stages[2]) {
  static const char *const falls[] = {"interval",  "probe",   "unhealthy",
                                      "threshold", "timeout", NULL};
  static const char *const rises[] = {"interval", "probe", "healthy", "recovery_threshold", NULL};
  static const char *const at_once[] = {"interval", "probe", "unhealthy", "threshold", NULL};
  const gboolean waits =
      traits->timeout.law.kind != DISTRIBUTION_CONSTANT || traits->timeout.law.a.ns > 0;
  const char *const *keys[] = {waits ? falls : at_once, rises};
  for (guint i = 0; i < 2; i++)
    stages[i] = stage_new(arena, "health check of the load balancer",
                          keys_ground(arena, table, traits->head.node, keys[i]), NULL);
}

static Target *add_target(CloudTopology *topology, const CloudClass *class, const char *balancer,
                          const LoadBalancerConfig *traits, const FailoverMember *member) {
  Target *target = arena_new0(topology->arena, Target);
  const Stage *stages[2];
  const HealthCheckTimes times = {
      .interval =
          cloud_draw_setting(topology, balancer, "load_balancer.interval", &traits->interval),
      .timeout = cloud_draw_setting(topology, balancer, "load_balancer.timeout", &traits->timeout),
      .unhealthy = (guint)traits->unhealthy,
      .healthy = (guint)traits->healthy,
      .flap_window = cloud_draw_setting(topology, balancer, "load_balancer.flap_window",
                                        &traits->flap_window)};
  target->member = member;
  target->balancers = arena_ptr_array(topology->arena);
  target->moves = traits->existing_flows == LOAD_BALANCER_FLOWS_MOVE;
  target->delay = sim_time_add(
      cloud_draw_setting(topology, balancer, "load_balancer.deregistration_delay",
                         &traits->deregistration_delay),
      cloud_draw_setting(topology, balancer, "load_balancer.flow_sync", &traits->flow_sync));
  target->delay_timer =
      timer_new(engine_owner(topology->engine, arena_printf(topology->arena, "deregistration/%s/%s",
                                                            balancer, member->name)),
                PHASE_TIMER, delay_over, target);
  timer_set_stage(target->delay_timer, stage_new(topology->arena, "deregistration delay",
                                                 traits->deregistration_delay.law.ground, NULL));
  find_stages(topology->arena, class->failover->load_balancer_keys, traits, stages);
  target->healthy = health_check_is_healthy(health_check_new(
      topology->engine, arena_printf(topology->arena, "%s/%s", balancer, member->name),
      element_node(member->element), &times, stages, topology->seed, topology->run, health_changed,
      target));
  return target;
}

static void add_to(Balancer *balancer, Target *target) {
  balancer_add(balancer, target->member->element);
  if (!target->healthy)
    balancer_set_healthy(balancer, target->member->element, FALSE);
  g_ptr_array_add(target->balancers, balancer);
}

/* All balancers that stand in the tables are one, so that both directions of a session take the
 * same member. Without cross-zone a balancer of a zone has the members of that zone only. */
static gboolean serves(const LoadBalancerConfig *traits, const char *zone,
                       const FailoverMember *member) {
  return traits->cross_zone || zone == NULL || g_strcmp0(zone, member->zone) == 0;
}

/* What moves open TCP sessions is move_sessions(). */
static Balancer *new_balancer(const CloudTopology *topology, const char *name,
                              const LoadBalancerConfig *traits, gconstpointer part_of) {
  const BalancerConfig config = {.name = name,
                                 .keeps_tcp = TRUE,
                                 .keeps_udp = traits->existing_udp == LOAD_BALANCER_FLOWS_STAY,
                                 .fails_open = traits->all_down == LOAD_BALANCER_OPENS,
                                 .part_of = part_of};
  return balancer_new(topology->fabric, &config);
}

static void put_balancer(CloudTopology *topology, const FailoverConfig *config, Prefix prefix,
                         const FailoverTable *table, Target *const *targets) {
  const LoadBalancerConfig *traits = config->config;
  const RouteOrigin *origin = failover_origin(topology, config, table->table, prefix);
  if (origin == NULL)
    return;
  Balancer *balancer = new_balancer(
      topology, arena_printf(topology->arena, "%s/load-balancer", config->name), traits, config);
  const NextHop hop = {.kind = HOP_BALANCER, .balancer = balancer};
  for (guint i = 0; i < config->routes->len; i++) {
    const FailoverRoute *route = &g_array_index(config->routes, FailoverRoute, i);
    const FailoverMember *member = &g_array_index(config->members, FailoverMember, route->member);
    if (!prefix_equal(route->prefix, prefix) || !serves(traits, table->zone, member))
      continue;
    add_to(balancer, targets[route->member]);
  }
  route_table_put(table->table, prefix, origin, &hop, 1);
}

static gboolean is_first_of_prefix(const FailoverConfig *config, guint index) {
  const Prefix prefix = g_array_index(config->routes, FailoverRoute, index).prefix;
  for (guint i = 0; i < index; i++)
    if (prefix_equal(g_array_index(config->routes, FailoverRoute, i).prefix, prefix))
      return FALSE;
  return TRUE;
}

FailoverHandle load_balancer_start(CloudTopology *topology, const FailoverConfig *config) {
  LoadBalancer *load_balancer = arena_new0(topology->arena, LoadBalancer);
  Target **targets = arena_array(topology->arena, Target *, config->members->len + 1);
  *load_balancer = (LoadBalancer){topology, config, targets};
  for (guint i = 0; i < config->members->len; i++)
    targets[i] = add_target(topology, config->class, config->name, config->config,
                            &g_array_index(config->members, FailoverMember, i));
  for (guint i = 0; i < config->routes->len; i++)
    for (guint j = 0; is_first_of_prefix(config, i) && j < config->tables->len; j++)
      put_balancer(topology, config, g_array_index(config->routes, FailoverRoute, i).prefix,
                   &g_array_index(config->tables, FailoverTable, j), targets);
  return (FailoverHandle){take_out, load_balancer};
}

void load_balancer_stand_at(CloudTopology *topology, const CloudClass *class, const char *name,
                            const LoadBalancerConfig *traits, IpAddress address,
                            const FailoverMember *members, guint count) {
  Balancer *balancer = new_balancer(topology, name, traits, NULL);
  balancer_set_address(balancer, address);
  for (guint i = 0; i < count; i++) {
    FailoverMember *member = arena_new0(topology->arena, FailoverMember);
    *member = members[i];
    add_to(balancer, add_target(topology, class, name, traits, member));
  }
}
