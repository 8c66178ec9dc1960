/* What stands in place of the route servers of a world: the appliances that would peer with one,
 * what they would announce, and the tables that it would program. */
#include <string.h>

#include "world_private.h"

/* What the appliance would announce to the route server; NULL: it does not peer with it. */
static const GPtrArray *list_for(const WorldNva *nva, const char *server) {
  for (guint i = 0; i < nva->config->peers->len; i++) {
    const DesignPeer *peer = nva->config->peers->pdata[i];
    if (strcmp(peer->head.name, server) == 0)
      return design_has_own_list(peer) ? peer->advertise : nva->advertise;
  }
  return NULL;
}

/* Routes are preferred by AS path, then MED, as a route server would. */
static void add_routes(const World *world, const WorldNva *nva, const GPtrArray *advertise,
                       FailoverConfig *config) {
  g_autoptr(GArray) list = world_announcements(world, nva, advertise);
  for (guint i = 0; i < list->len; i++) {
    const NvaAnnouncement *one = &g_array_index(list, NvaAnnouncement, i);
    const FailoverRoute route = {one->prefix, config->members->len,
                                 (guint64)one->prepend << 32 | one->med};
    g_array_append_val(config->routes, route);
  }
}

static void add_members(World *world, FailoverConfig *config) {
  for (guint i = 0; i < world->nvas->len; i++) {
    const WorldNva *nva = world->nvas->pdata[i];
    const GPtrArray *advertise = list_for(nva, config->name);
    if (advertise == NULL)
      continue;
    const FailoverMember member = {nva_name(nva->nva), nva_config(nva->nva)->zone,
                                   nva_element(nva->nva)};
    add_routes(world, nva, advertise, config);
    g_array_append_val(config->members, member);
  }
}

/* The zone of the hosts that follow a table, where all are in one. */
static const char *zone_of(const World *world, const RouteTable *table) {
  const char *zone = NULL;
  gboolean any = FALSE;
  for (guint i = 0; i < world->topology.networks->len; i++) {
    const CloudNetwork *network = world->topology.networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const CloudSubnet *subnet = network->subnets->pdata[j];
      for (guint k = 0; k < subnet->tables->len; k++) {
        if (subnet->tables->pdata[k] != table)
          continue;
        if (any && g_strcmp0(zone, subnet->zone) != 0)
          return NULL;
        zone = subnet->zone;
        any = TRUE;
      }
    }
  }
  return zone;
}

typedef struct {
  const FailoverConfig *config;
  FailoverHandle handle;
} WorldFailover;

/* Heartbeats live and die with the appliances. */
static void begin_heartbeats(World *world, const WorldFailover *failover) {
  const GArray *heartbeats = failover->handle.heartbeats;
  for (guint i = 0; i < heartbeats->len; i++) {
    const FailoverHeartbeat *heartbeat = &g_array_index(heartbeats, FailoverHeartbeat, i);
    const char *names[2];
    for (guint side = 0; side < 2; side++) {
      const BfdSessionEnd end = {heartbeat->session, side};
      names[side] =
          g_array_index(failover->config->members, FailoverMember, heartbeat->members[side]).name;
      g_array_append_val(world_victim(world, names[side])->bfd_ends, end);
      if (world->design->cold_start)
        bfd_session_start(heartbeat->session, side);
    }
    if (!world->design->cold_start)
      bfd_session_begin_up(heartbeat->session);
    WorldSession *session = arena_new0(world->arena, WorldSession);
    *session = (WorldSession){heartbeat->path, {names[0], names[1]}, NULL, heartbeat->session};
    g_ptr_array_add(world->heartbeats, session);
  }
}

static void start_for(World *world, const RouteServer *server, GPtrArray *failovers) {
  const guint cloud = cloud_place(world->cloud);
  FailoverConfig *config = arena_new0(world->arena, FailoverConfig);
  config->name = route_server_name(server);
  config->class = world->cloud;
  config->members = arena_growing_array(world->arena, sizeof(FailoverMember));
  config->routes = arena_growing_array(world->arena, sizeof(FailoverRoute));
  config->tables = arena_growing_array(world->arena, sizeof(FailoverTable));
  config->liveness = world->liveness;
  config->delay = &world->design->link_delay.law;
  add_members(world, config);
  for (guint i = 0; i < route_server_table_count(server); i++) {
    RouteTable *table = route_server_table(server, i);
    const FailoverTable one = {table, zone_of(world, table)};
    g_array_append_val(config->tables, one);
  }
  WorldFailover *failover = arena_new0(world->arena, WorldFailover);
  failover->config = config;
  if (world->design->failover == FAILOVER_LOAD_BALANCER) {
    config->config = world->design->load_balancer[cloud];
    failover->handle = load_balancer_start(&world->topology, config);
  } else {
    config->config = world->design->api_failover[cloud];
    failover->handle = api_failover_start(&world->topology, config);
    begin_heartbeats(world, failover);
  }
  g_ptr_array_add(failovers, failover);
}

/* ---- planned work ------------------------------------------------------------------------- */

typedef struct {
  Engine *engine;
  const char *name;           /* of the appliance */
  const GPtrArray *failovers; /* WorldFailover * */
} Operator;

/* Whoever plans work takes the appliance out first, where it is in use. Facts: AWS-11.13. */
static void held_back(gpointer data, gboolean on) {
  const Operator *operator= data;
  for (guint i = 0; i < operator->failovers->len; i++) {
    const WorldFailover *failover = operator->failovers->pdata[i];
    const GArray *members = failover->config->members;
    ENGINE_KEEP_CAUSE(operator->engine);
    for (guint j = 0; j < members->len; j++)
      if (strcmp(g_array_index(members, FailoverMember, j).name, operator->name) == 0)
        failover->handle.take_out(failover->handle.data, j, on);
  }
}

void world_start_failover(World *world) {
  GPtrArray *failovers = arena_ptr_array(world->arena);
  for (guint i = 0; i < world->servers->len; i++)
    start_for(world, world->servers->pdata[i], failovers);
  for (guint i = 0; i < world->nvas->len; i++) {
    const WorldNva *nva = world->nvas->pdata[i];
    Operator *operator= arena_new0(world->arena, Operator);
    *operator=(Operator){world->engine, nva_name(nva->nva), failovers};
    nva->victim->held_back = held_back;
    nva->victim->held_back_data = operator;
  }
}

void world_build_load_balancers(World *world) {
  const LoadBalancerConfig *traits = world->design->load_balancer[cloud_place(world->cloud)];
  for (guint i = 0; traits != NULL && i < world->design->load_balancers->len; i++) {
    const DesignLoadBalancer *from = world->design->load_balancers->pdata[i];
    g_autofree FailoverMember *members = g_new0(FailoverMember, from->members->len + 1);
    for (guint j = 0; j < from->members->len; j++) {
      const WorldNva *nva = world_nva(world, ((NameRef *)from->members->pdata[j])->text);
      members[j] =
          (FailoverMember){nva_name(nva->nva), nva_config(nva->nva)->zone, nva_element(nva->nva)};
    }
    load_balancer_stand_at(&world->topology, world->cloud, from->head.name, traits,
                           from->address.value, members, from->members->len);
  }
}
