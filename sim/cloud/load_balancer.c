/* A load balancer in front of appliances; see failover.h. */
#include <string.h>

#include "routesim/cloud/failover.h"

const char *const failover_methods[] = {"route-server", "load-balancer", "api", NULL};
const char *const load_balancer_flows[] = {"stay", "move", NULL};
const char *const load_balancer_all_down[] = {"drop", "open", NULL};

/* One appliance and the balancers that it is a member of. */
typedef struct {
  const FailoverMember *member;
  GPtrArray *balancers;
} Target;

static void health_changed(gpointer data, gboolean healthy) {
  const Target *target = data;
  for (guint i = 0; i < target->balancers->len; i++)
    balancer_set_healthy(target->balancers->pdata[i], target->member->element, healthy);
}

static Target *add_target(CloudTopology *topology, const FailoverConfig *config,
                          const FailoverMember *member) {
  static const Stage stage = {"health check of the load balancer", BASIS_DOCUMENTED,
                              "AZ-10.3, AWS-11.9"};
  const LoadBalancerConfig *traits = config->config;
  Target *target = arena_new0(topology->arena, Target);
  const HealthCheckTimes times = {
      .interval = cloud_draw_setting(topology, config->name, "load_balancer.interval",
                                     &traits->interval),
      .timeout =
          cloud_draw_setting(topology, config->name, "load_balancer.timeout", &traits->timeout),
      .unhealthy = (guint)traits->unhealthy,
      .healthy = (guint)traits->healthy};
  target->member = member;
  target->balancers = arena_ptr_array(topology->arena);
  health_check_new(topology->engine,
                   arena_printf(topology->arena, "%s/%s", config->name, member->name),
                   element_node(member->element), &times, &stage, topology->seed, topology->run,
                   health_changed, target);
  return target;
}

/* Without cross-zone a balancer of a zone has the members of that zone only (AWS-11.11). */
static gboolean serves(const LoadBalancerConfig *traits, const char *zone,
                       const FailoverMember *member) {
  return traits->cross_zone || zone == NULL || g_strcmp0(zone, member->zone) == 0;
}

static void put_balancer(CloudTopology *topology, const FailoverConfig *config, Prefix prefix,
                         const FailoverTable *table, Target *const *targets) {
  const LoadBalancerConfig *traits = config->config;
  Balancer *balancer =
      balancer_new(topology->fabric, arena_printf(topology->arena, "%s/load-balancer", config->name),
                   traits->existing_flows == 0, traits->all_down == 1);
  const NextHop hop = {.kind = HOP_BALANCER, .balancer = balancer};
  for (guint i = 0; i < config->routes->len; i++) {
    const FailoverRoute *route = &g_array_index(config->routes, FailoverRoute, i);
    const FailoverMember *member = &g_array_index(config->members, FailoverMember, route->member);
    if (!prefix_equal(route->prefix, prefix) || !serves(traits, table->zone, member))
      continue;
    balancer_add(balancer, member->element);
    g_ptr_array_add(targets[route->member]->balancers, balancer);
  }
  route_table_put(table->table, prefix, config->class->static_origin, &hop, 1);
}

static gboolean is_first_of_prefix(const FailoverConfig *config, guint index) {
  const Prefix prefix = g_array_index(config->routes, FailoverRoute, index).prefix;
  for (guint i = 0; i < index; i++)
    if (prefix_equal(g_array_index(config->routes, FailoverRoute, i).prefix, prefix))
      return FALSE;
  return TRUE;
}

void load_balancer_start(CloudTopology *topology, const FailoverConfig *config) {
  Target **targets = arena_array(topology->arena, Target *, config->members->len + 1);
  for (guint i = 0; i < config->members->len; i++)
    targets[i] = add_target(topology, config, &g_array_index(config->members, FailoverMember, i));
  for (guint i = 0; i < config->routes->len; i++)
    for (guint j = 0; is_first_of_prefix(config, i) && j < config->tables->len; j++)
      put_balancer(topology, config, g_array_index(config->routes, FailoverRoute, i).prefix,
                   &g_array_index(config->tables, FailoverTable, j), targets);
}
