/* Gateways of a world and their sessions with route servers. */
#include <string.h>

#include "scenario_private.h"

/* ---- gateways ------------------------------------------------------------------------ */

/* GatewaySubnet: the one of the scenario, or from free space (AZ-5.10). */
static CloudSubnet *gateway_subnet(World *world, CloudNetwork *network) {
  const char *name = arena_printf(world->arena, "%s/GatewaySubnet", network->name);
  CloudSubnet *subnet = cloud_find_subnet(&world->topology, name);
  Prefix prefix = network_prefix(network->network, 0);
  if (subnet != NULL)
    return subnet;
  cloud_free_prefix(&world->topology, network, 27, &prefix);
  subnet = arena_new0(world->arena, CloudSubnet);
  subnet->name = name;
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

void world_build_gateways(World *world) {
  for (guint i = 0; i < world->body->gateways->len; i++) {
    const ScenarioGateway *from = world->body->gateways->pdata[i];
    if (from->kind == SCENARIO_INTERNET || from->kind == SCENARIO_TRANSIT)
      continue;
    const GatewayConfig config = {from->head.name, from->kind == 1 ? GATEWAY_VPN : GATEWAY_CIRCUIT,
                                  gateway_subnet(world, world_network(world, from->network.text))};
    Gateway *gateway = gateway_new(world->cloud, &world->topology, &config);
    g_ptr_array_add(world->gateways, gateway);
    for (guint j = 0; j < gateway_instance_count(gateway); j++)
      world_add_victim(world, gateway_instance_name(gateway, j), gateway_instance_node(gateway, j),
                       gateway_instance_speaker(gateway, j), distribution_constant(sim_time_s(60)));
  }
}

/* The managed session between an instance of a gateway and a part of the route server
 * (AZ-8.2); its timers are those of AZ-8.5 and AZ-8.9. */
static void add_gateway_session(World *world, Gateway *gateway, guint index,
                                RouteServerPart *part) {
  static const Distribution at_once = {.kind = DISTRIBUTION_CONSTANT, .a = {SIM_SECOND}};
  const char *names[2] = {gateway_instance_name(gateway, index), route_server_part_name(part)};
  WorldSession *session = arena_new0(world->arena, WorldSession);
  session->ends[0] = names[0];
  session->ends[1] = names[1];
  session->path = path_new(world->engine, arena_printf(world->arena, "%s~%s", names[0], names[1]),
                           gateway_instance_node(gateway, index), route_server_part_node(part),
                           &world->body->link_delay.law, world->options->seed, world->options->run);
  BgpEnd ends[2] = {
      {.speaker = gateway_instance_speaker(gateway, index),
       .name = names[0],
       .address = element_address(gateway_instance_element(gateway, index)),
       .keepalive = sim_time_s(60),
       .hold = sim_time_s(180),
       .establish = &at_once,
       .connect_retry = sim_time_s(120)},
      {.speaker = route_server_unit_speaker(route_server_part_unit(part)),
       .name = names[1],
       .tag = gateway_tag(gateway),
       .address = route_server_part_address(part),
       .keepalive = sim_time_s(60),
       .hold = sim_time_s(180),
       .passive = TRUE,
       .connect_retry = sim_time_s(120)},
  };
  world_bind_gateway_maps(world, route_server_unit_server(route_server_part_unit(part)),
                          gateway_name(gateway), &ends[1]);
  const BgpSessionConfig config = {.stream = path_name(session->path),
                                   .liveness = world->liveness,
                                   .jitter = {0.75, 1},
                                   .tcp_timeout = world->body->tcp_timeout.law.a,
                                   .seed = world->options->seed,
                                   .run = world->options->run};
  session->bgp = bgp_session_new(world->engine, session->path, ends, &config);
  for (guint side = 0; side < 2; side++)
    g_ptr_array_add(world_victim(world, names[side])->peers, bgp_session_peer(session->bgp, side));
  g_ptr_array_add(world->sessions, session);
}

void world_build_gateway_sessions(World *world) {
  for (guint i = 0; i < world->gateways->len; i++) {
    Gateway *gateway = world->gateways->pdata[i];
    for (guint j = 0; j < world->servers->len; j++) {
      const RouteServer *server = world->servers->pdata[j];
      if (route_server_config(server)->network != gateway_network(gateway))
        continue;
      for (guint k = 0; k < gateway_instance_count(gateway); k++)
        for (guint l = 0; l < route_server_part_count(server); l++)
          if (gateway_instance_speaker(gateway, k) != NULL)
            add_gateway_session(world, gateway, k, route_server_part(server, l));
    }
  }
}
