/* Gateways of a world and their sessions with route servers and with each other. */
#include <string.h>

#include "scenario_private.h"

/* ---- gateways ------------------------------------------------------------------------ */

/* GatewaySubnet: the one of the scenario, or from free space (AZ-5.10). Where the cloud has no such
 * subnet, one that no user can name. */
static CloudSubnet *gateway_subnet(World *world, CloudNetwork *network) {
  const char *known = world->cloud->gateway_subnet;
  const char *name =
      arena_printf(world->arena, "%s/%s", network->name, known != NULL ? known : "#gateways");
  CloudSubnet *subnet = cloud_find_subnet(&world->topology, name);
  Prefix prefix = network_prefix(network->network, 0);
  if (subnet != NULL)
    return subnet;
  cloud_free_prefix(&world->topology, network, 27, &prefix);
  subnet = arena_new0(world->arena, CloudSubnet);
  subnet->name = name;
  subnet->hidden = known == NULL;
  subnet->subnet = subnet_new(network->network, name, prefix);
  subnet->network = network;
  subnet->tables = arena_ptr_array(world->arena);
  g_ptr_array_add(network->subnets, subnet);
  return subnet;
}

void world_reserve_gateway_subnets(World *world) {
  for (guint i = 0; i < world->body->gateways->len; i++) {
    const ScenarioGateway *config = world->body->gateways->pdata[i];
    if (config->kind != SCENARIO_INTERNET && config->kind != SCENARIO_TRANSIT)
      gateway_subnet(world, world_network(world, config->network.text));
  }
}

/* Circuits, or sites with routers of their own. */
static gboolean has_neighbors(const World *world, const ScenarioGateway *gateway) {
  if (gateway->circuits->len > 0)
    return TRUE;
  for (guint i = 0; i < world->body->sites->len; i++) {
    const ScenarioSite *site = world->body->sites->pdata[i];
    if (scenario_site_has_router(world->body, site) &&
        scenario_names_hold(site->via.names, gateway->head.name))
      return TRUE;
  }
  return FALSE;
}

typedef struct {
  Gateway *gateway;
  guint index;
} InstanceRef;

static void instance_ended(gpointer data) {
  const InstanceRef *ref = data;
  gateway_instance_changed(ref->gateway, ref->index, FALSE);
}
static void instance_started(gpointer data) {
  const InstanceRef *ref = data;
  gateway_instance_changed(ref->gateway, ref->index, TRUE);
}

static void add_gateway_victim(World *world, Gateway *gateway, guint index) {
  static const Stage failover_stage = {"failover to the standby", BASIS_DOCUMENTED, "AZ-8.7"};
  const GatewayTraits *traits = gateway_config(gateway)->traits;
  InstanceRef *ref = arena_new0(world->arena, InstanceRef);
  FaultVictim *victim = world_add_victim(
      world, gateway_instance_name(gateway, index), gateway_instance_node(gateway, index),
      gateway_instance_speaker(gateway, index), traits->boot.law);
  *ref = (InstanceRef){gateway, index};
  victim->process_ended = instance_ended;
  victim->process_started = instance_started;
  victim->data = ref;
  if (gateway_config(gateway)->active_active || gateway_class(gateway)->instances == 1)
    return;
  victim->standby_planned = &traits->failover_planned.law;
  victim->standby_unplanned = &traits->failover_unplanned.law;
  victim->standby_stage = &failover_stage;
}

/* The instances exchange what they learned (AZ-8.8). */
static void add_sister_session(World *world, Gateway *gateway) {
  const GatewayTraits *traits = gateway_config(gateway)->traits;
  const WorldPlace place = {.network = gateway_network(gateway)};
  WorldJoin join = {.places = {place, place},
                    .stream = arena_printf(world->arena, "%s/sister", gateway_name(gateway))};
  for (guint i = 0; i < 2; i++) {
    join.victims[i] = world_victim(world, gateway_instance_name(gateway, i));
    join.ends[i] = (BgpEnd){.speaker = gateway_instance_speaker(gateway, i),
                            .name = gateway_instance_name(gateway, i),
                            .role = &gateway_role_sister,
                            .address = element_address(gateway_instance_element(gateway, i)),
                            .keepalive = gateway_setting(gateway, "keepalive", &traits->keepalive),
                            .hold = gateway_setting(gateway, "hold", &traits->hold),
                            .next_hop_self = TRUE,
                            .passive = i == 1,
                            .establish = &traits->establish.law,
                            .connect_retry =
                                gateway_setting(gateway, "connect_retry", &traits->connect_retry)};
  }
  world_join(world, &join);
}

void world_build_gateways(World *world) {
  const guint cloud = cloud_place(world->cloud);
  for (guint i = 0; i < world->body->gateways->len; i++) {
    const ScenarioGateway *from = world->body->gateways->pdata[i];
    if (from->kind == SCENARIO_INTERNET || from->kind == SCENARIO_TRANSIT)
      continue;
    const GatewayConfig config = {
        .name = from->head.name,
        .kind = from->kind == SCENARIO_VPN ? GATEWAY_VPN : GATEWAY_CIRCUIT,
        .subnet = gateway_subnet(world, world_network(world, from->network.text)),
        .traits = from->configs[cloud],
        .active_active = from->active_active,
        .has_neighbors = has_neighbors(world, from),
        .capacity = from->capacity};
    Gateway *gateway = gateway_new(world->cloud, &world->topology, &config);
    g_ptr_array_add(world->gateways, gateway);
    for (guint j = 0; j < gateway_instance_count(gateway); j++)
      add_gateway_victim(world, gateway, j);
    if (config.has_neighbors && gateway_instance_count(gateway) == 2)
      add_sister_session(world, gateway);
  }
}

/* The managed session between an instance of a gateway and a part of the route server
 * (AZ-8.2). */
static void add_server_session(World *world, Gateway *gateway, guint index, RouteServerPart *part) {
  const GatewayTraits *traits = gateway_config(gateway)->traits;
  const char *const names[2] = {gateway_instance_name(gateway, index),
                                route_server_part_name(part)};
  const WorldPlace place = {.network = gateway_network(gateway)};
  const SimTime keepalive = gateway_setting(gateway, "keepalive", &traits->keepalive);
  const SimTime hold = gateway_setting(gateway, "hold", &traits->hold);
  const SimTime retry = gateway_setting(gateway, "connect_retry", &traits->connect_retry);
  WorldJoin join = {.victims = {world_victim(world, names[0]), world_victim(world, names[1])},
                    .places = {place, place},
                    .stream = arena_printf(world->arena, "%s~%s", names[0], names[1]),
                    .ends = {{.speaker = gateway_instance_speaker(gateway, index),
                              .name = names[0],
                              .role = &gateway_role_server,
                              .address = element_address(gateway_instance_element(gateway, index)),
                              .keepalive = keepalive,
                              .hold = hold,
                              .next_hop_self = TRUE, /* AZ-5.9 */
                              .establish = &traits->establish.law,
                              .connect_retry = retry},
                             {.speaker = route_server_unit_speaker(route_server_part_unit(part)),
                              .name = names[1],
                              .role = gateway_role(gateway),
                              .address = route_server_part_address(part),
                              .keepalive = keepalive,
                              .hold = hold,
                              .passive = TRUE,
                              .connect_retry = retry}}};
  world_bind_gateway_maps(world, route_server_unit_server(route_server_part_unit(part)),
                          gateway_name(gateway), &join.ends[1]);
  world_join(world, &join);
}

void world_build_gateway_sessions(World *world) {
  for (guint i = 0; i < world->gateways->len; i++) {
    Gateway *gateway = world->gateways->pdata[i];
    for (guint j = 0; gateway_class(gateway)->exchanges && j < world->servers->len; j++) {
      const RouteServer *server = world->servers->pdata[j];
      if (route_server_config(server)->network != gateway_network(gateway))
        continue;
      for (guint k = 0; k < gateway_instance_count(gateway); k++)
        for (guint l = 0; l < route_server_part_count(server); l++)
          add_server_session(world, gateway, k, route_server_part(server, l));
    }
  }
}
