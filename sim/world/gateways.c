/* Gateways of a world and their sessions with route servers and with each other. */
#include <string.h>

#include "world_private.h"

/* ---- gateways ------------------------------------------------------------------------ */

#define HIDDEN_SUBNETS 0xA9FEC000u /* link-local (RFC 3927), which no network has */

static CloudSubnet *hidden_subnet(const CloudNetwork *network, const char *gateway) {
  for (guint i = 0; i < network->subnets->len; i++) {
    CloudSubnet *subnet = network->subnets->pdata[i];
    if (subnet->hidden && strcmp(subnet->name, gateway) == 0)
      return subnet;
  }
  return NULL;
}

/* The subnet that the cloud keeps for gateways is the one of the scenario, or comes from free
 * space. Where the cloud has no such subnet, it is one of the gateway's own, which people know by
 * the gateway's name; a network without free space has such a gateway all the same. Facts: AZ-5.10.
 */
static CloudSubnet *gateway_subnet(World *world, const DesignGateway *gateway) {
  CloudNetwork *network = world_network(world, gateway->network.text);
  const char *known = world->cloud->fabric->gateway_subnet;
  const char *name = known != NULL ? arena_printf(world->arena, "%s/%s", network->name, known)
                                   : gateway->head.name;
  CloudSubnet *subnet =
      known != NULL ? cloud_find_subnet(&world->topology, name) : hidden_subnet(network, name);
  Prefix prefix;
  if (subnet != NULL)
    return subnet;
  if (!cloud_free_prefix(&world->topology, network, 27, &prefix)) {
    guint number = 0;
    while (world->design->gateways->pdata[number] != gateway)
      number++;
    prefix = prefix_make(ip_address_v4(HIDDEN_SUBNETS + 32 * number), 27);
  }
  subnet = arena_new0(world->arena, CloudSubnet);
  subnet->name = name;
  subnet->hidden = known == NULL;
  subnet->subnet = subnet_new(network->network, name, prefix);
  subnet->network = network;
  subnet->tables = arena_ptr_array(world->arena);
  g_ptr_array_add(network->subnets, subnet);
  return subnet;
}

static GatewayKind kind_of(const DesignGateway *gateway) {
  return gateway->kind == DESIGN_GATEWAY_VPN ? GATEWAY_VPN : GATEWAY_CIRCUIT;
}

void world_reserve_gateway_subnets(World *world) {
  for (guint i = 0; i < world->design->gateways->len; i++) {
    const DesignGateway *config = world->design->gateways->pdata[i];
    if (cloud_gateway_kind(world->cloud, config) != NULL)
      gateway_subnet(world, config);
  }
}

void world_build_targets(World *world) {
  for (guint i = 0; i < world->design->gateways->len; i++) {
    const DesignGateway *from = world->design->gateways->pdata[i];
    const GatewayKindClass *kind = cloud_gateway_kind(world->cloud, from);
    if (kind == NULL || !kind->is_target)
      continue;
    CloudTarget *target = arena_new0(world->arena, CloudTarget);
    const CloudSubnet *subnet = gateway_subnet(world, from);
    target->name = from->head.name;
    target->network = world_network(world, from->network.text);
    target->count = gateway_class_instances(world->cloud->gateways, from->active_active);
    g_assert(target->count <= CLOUD_TARGET_MOST_HOPS);
    for (guint j = 0; j < target->count; j++)
      target->hops[j] =
          (NextHop){.kind = HOP_ELEMENT, .address = gateway_address(subnet, kind_of(from), j)};
    g_ptr_array_add(world->topology.targets, target);
  }
}

static const DesignGateway *other_side(const World *world, const DesignGateway *gateway) {
  return cloud_other_side(world->design, world->cloud, gateway);
}

/* The route table that the gateway of this network, whatever its kind, follows. Facts: AWS-5.27. */
static RouteTable *inbound_table(const World *world, const DesignGateway *gateway) {
  const DesignGateway *other = other_side(world, gateway);
  for (guint i = 0; i < world->topology.user_tables->len; i++) {
    const CloudUserTable *table = world->topology.user_tables->pdata[i];
    if (table->gateway != NULL &&
        (strcmp(table->gateway, gateway->head.name) == 0 ||
         (other != NULL && strcmp(table->gateway, other->head.name) == 0)))
      return table->table;
  }
  return NULL;
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

static void instance_held(gpointer data, gboolean on) {
  const InstanceRef *ref = data;
  gateway_instance_held(ref->gateway, ref->index, on);
}

static void add_gateway_victim(World *world, Gateway *gateway, guint index) {
  const GatewayTraits *traits = gateway_config(gateway)->traits;
  InstanceRef *ref = arena_new0(world->arena, InstanceRef);
  FaultVictim *victim = world_add_victim(
      world, gateway_instance_name(gateway, index), gateway_instance_node(gateway, index),
      gateway_instance_speaker(gateway, index), traits->boot.law);
  *ref = (InstanceRef){gateway, index};
  victim->process_ended = instance_ended;
  victim->process_started = instance_started;
  victim->data = ref;
  victim->held_back = instance_held;
  victim->held_back_data = ref;
  if (gateway_config(gateway)->active_active || gateway_class(gateway)->instances == 1)
    return;
  victim->standby_planned = &traits->failover_planned.law;
  victim->standby_unplanned = &traits->failover_unplanned.law;
}

/* The instances exchange what they learned. Facts: AZ-8.8. */
static void add_sister_session(World *world, Gateway *gateway) {
  const GatewayTraits *traits = gateway_config(gateway)->traits;
  const WorldPlace place = {.network = gateway_network(gateway)};
  WorldJoin join = {.places = {place, place},
                    .stream = arena_printf(world->arena, "%s/sister", gateway_name(gateway))};
  for (guint i = 0; i < 2; i++) {
    join.victims[i] = world_victim(world, gateway_instance_name(gateway, i));
    join.ends[i] =
        (BgpEnd){.speaker = gateway_instance_speaker(gateway, i),
                 .name = gateway_instance_name(gateway, i),
                 .role = &gateway_role_sister,
                 .address = element_address(gateway_instance_element(gateway, i)),
                 .keepalive = gateway_setting(gateway, "keepalive", &traits->keepalive),
                 .hold = gateway_setting(gateway, "hold", &traits->hold),
                 .hold_ground = traits->hold.law.ground,
                 .keepalive_jitter_off = traits->keepalive_jitter == LIVENESS_JITTER_OFF,
                 .next_hop_self = TRUE,
                 .passive = i == 1,
                 .establish = &traits->establish.law,
                 .connect_retry = gateway_setting(gateway, "connect_retry", &traits->connect_retry),
                 .connect_retry_ground = traits->connect_retry.law.ground};
  }
  world_join(world, &join);
}

/* The two sides of one gateway tell each other what each heard outside. They keep up their session
 * with the timers of the side that has any of its own: no side believes another for longer that it
 * does not hear any more. Facts: AWS-11.14. */
static void join_sides(World *world, Gateway *a, Gateway *b) {
  Gateway *const sides[2] = {a, b};
  const Gateway *timed = gateway_config(a)->kind == GATEWAY_CIRCUIT ? a : b;
  const GatewayTraits *timers = gateway_config(timed)->traits;
  const WorldPlace place = {.network = gateway_network(a)};
  WorldJoin join = {.places = {place, place},
                    .stream =
                        arena_printf(world->arena, "%s~%s", gateway_name(a), gateway_name(b))};
  for (guint i = 0; i < 2; i++) {
    const GatewayTraits *traits = gateway_config(sides[i])->traits;
    join.victims[i] = world_victim(world, gateway_instance_name(sides[i], 0));
    join.ends[i] = (BgpEnd){.speaker = gateway_instance_speaker(sides[i], 0),
                            .name = gateway_instance_name(sides[i], 0),
                            .role = &gateway_role_side,
                            .address = element_address(gateway_instance_element(sides[i], 0)),
                            .keepalive = gateway_setting(timed, "keepalive", &timers->keepalive),
                            .hold = gateway_setting(timed, "hold", &timers->hold),
                            .hold_ground = timers->hold.law.ground,
                            .keepalive_jitter_off = traits->keepalive_jitter == LIVENESS_JITTER_OFF,
                            .next_hop_self = TRUE,
                            .passive = i == 1,
                            .establish = &traits->establish.law,
                            .connect_retry =
                                gateway_setting(sides[i], "connect_retry", &traits->connect_retry),
                            .connect_retry_ground = traits->connect_retry.law.ground};
  }
  world_join(world, &join);
}

static void join_all_sides(World *world) {
  for (guint i = 0; i < world->gateways->len; i++)
    for (guint j = 0; j < i && world->cloud->gateways->one_a_network != NULL; j++) {
      Gateway *a = world->gateways->pdata[j], *b = world->gateways->pdata[i];
      if (gateway_network(a) != gateway_network(b))
        continue;
      gateway_join_sides(a, b);
      if (gateway_config(a)->has_neighbors)
        join_sides(world, a, b);
    }
}

void world_build_gateways(World *world) {
  const guint cloud = cloud_place(world->cloud);
  for (guint i = 0; i < world->design->gateways->len; i++) {
    const DesignGateway *from = world->design->gateways->pdata[i];
    if (cloud_gateway_kind(world->cloud, from) == NULL)
      continue;
    const GatewayConfig config = {
        .name = from->head.name,
        .kind = kind_of(from),
        .subnet = gateway_subnet(world, from),
        .traits = from->configs[cloud],
        .active_active = from->active_active,
        .has_neighbors = cloud_gateway_has_neighbors(world->design, world->cloud, from),
        .capacity = from->capacity,
        .asn = cloud_gateway_asn(world->design, world->cloud, from),
        .inbound = inbound_table(world, from)};
    Gateway *gateway = gateway_new(world->cloud, &world->topology, &config);
    g_ptr_array_add(world->gateways, gateway);
    for (guint j = 0; j < gateway_instance_count(gateway); j++)
      add_gateway_victim(world, gateway, j);
    if (config.has_neighbors && gateway_instance_count(gateway) == 2)
      add_sister_session(world, gateway);
  }
  join_all_sides(world);
}

static gboolean server_jitter_off(const World *world, const RouteServerPart *part) {
  return world->cloud->server->liveness(route_server_unit_server(route_server_part_unit(part)))
      .keepalive_jitter_off;
}

/* The cloud manages the session between an instance of a gateway and a part of the route server.
 * Facts: AZ-5.9, AZ-8.2. */
static void add_server_session(World *world, Gateway *gateway, guint index, RouteServerPart *part) {
  const GatewayTraits *traits = gateway_config(gateway)->traits;
  const char *const names[2] = {gateway_instance_name(gateway, index),
                                route_server_part_name(part)};
  const WorldPlace place = {.network = gateway_network(gateway)};
  const SimTime keepalive = gateway_setting(gateway, "keepalive", &traits->keepalive);
  const SimTime hold = gateway_setting(gateway, "hold", &traits->hold);
  const SimTime retry = gateway_setting(gateway, "connect_retry", &traits->connect_retry);
  WorldJoin join = {
      .victims = {world_victim(world, names[0]), world_victim(world, names[1])},
      .places = {place, place},
      .stream = arena_printf(world->arena, "%s~%s", names[0], names[1]),
      .ends = {{.speaker = gateway_instance_speaker(gateway, index),
                .name = names[0],
                .role = &gateway_role_server,
                .best_external = TRUE, /* the routing preference has both to choose from */
                .address = element_address(gateway_instance_element(gateway, index)),
                .keepalive = keepalive,
                .hold = hold,
                .hold_ground = traits->hold.law.ground,
                .keepalive_jitter_off = traits->keepalive_jitter == LIVENESS_JITTER_OFF,
                .next_hop_self = TRUE,
                .establish = &traits->establish.law,
                .connect_retry = retry,
                .connect_retry_ground = traits->connect_retry.law.ground},
               {.speaker = route_server_unit_speaker(route_server_part_unit(part)),
                .name = names[1],
                .role = gateway_role(gateway),
                .address = route_server_part_address(part),
                .keepalive = keepalive,
                .hold = hold,
                .hold_ground = traits->hold.law.ground,
                .keepalive_jitter_off = server_jitter_off(world, part),
                .passive = TRUE,
                .connect_retry = retry}}};
  world_bind_gateway_maps(world, route_server_unit_server(route_server_part_unit(part)),
                          gateway_name(gateway), &join.ends[1]);
  world_join(world, &join);
}

void world_build_gateway_sessions(World *world) {
  for (guint i = 0; i < world->gateways->len; i++) {
    Gateway *gateway = world->gateways->pdata[i];
    for (guint j = 0; gateway_class(gateway)->server_profile != NULL && j < world->servers->len;
         j++) {
      const RouteServer *server = world->servers->pdata[j];
      if (route_server_config(server)->network != gateway_network(gateway))
        continue;
      for (guint k = 0; k < gateway_instance_count(gateway); k++)
        for (guint l = 0; l < route_server_part_count(server); l++)
          add_server_session(world, gateway, k, route_server_part(server, l));
    }
  }
}
