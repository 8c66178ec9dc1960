/* Circuits of a world: their edges, and the sessions with gateways and sites. */
#include <string.h>

#include "world_private.h"

/* Routers outside the networks have link-local addresses (RFC 3927), which nothing routes. */
#define EDGE_ADDRESSES 0xA9FE8000u

static Gateway *find_gateway(const World *world, const char *name) {
  for (guint i = 0; i < world->gateways->len; i++)
    if (strcmp(gateway_name(world->gateways->pdata[i]), name) == 0)
      return world->gateways->pdata[i];
  return NULL;
}

/* Where the provider's edge has no AS number of its own, it has that gateway's. NULL: nothing is
 * connected. */
static Gateway *gateway_on(const World *world, const DesignCircuit *circuit) {
  const DesignGateway *gateway = design_gateway_on(world->design, circuit);
  return gateway != NULL ? find_gateway(world, gateway->head.name) : NULL;
}

static void edge_started(gpointer data) { router_restarted(data); }

static void build_circuit(World *world, const DesignCircuit *from, guint number) {
  const CircuitClass *class = world->cloud->circuits;
  const Gateway *gateway = gateway_on(world, from);
  if (gateway == NULL || class == NULL)
    return;
  WorldCircuit *circuit = arena_new0(world->arena, WorldCircuit);
  const CircuitConfig config = {.name = from->head.name,
                                .class = class,
                                .traits = from->configs[cloud_place(world->cloud)],
                                .asn = class->asn != 0 ? class->asn : gateway_asn(gateway),
                                .first_address = ip_address_v4(EDGE_ADDRESSES + 4 * number)};
  circuit->config = from;
  circuit->circuit = circuit_new(&world->topology, &config);
  circuit->site = world_site(world, from->site.text);
  for (guint i = 0; i < circuit_edge_count(circuit->circuit); i++) {
    Router *edge = circuit_edge(circuit->circuit, i);
    circuit->victims[i] = world_add_victim(
        world, arena_printf(world->arena, "circuit/%s", router_name(edge)), router_node(edge),
        router_speaker(edge), gateway_config(gateway)->traits->boot.law);
    circuit->victims[i]->process_started = edge_started;
    circuit->victims[i]->data = edge;
    circuit->victims[i]->drain_prepend =
        (guint)config.traits->maintenance_prepend; /* Facts: AZ-8.16. */
  }
  g_ptr_array_add(world->circuits, circuit);
}

void world_build_circuits(World *world) {
  for (guint i = 0; i < world->design->circuits->len; i++)
    build_circuit(world, world->design->circuits->pdata[i], i);
}

/* ---- sessions ------------------------------------------------------------------------------ */

static SimTime trait_of(const World *world, const WorldCircuit *circuit, const char *key,
                        const Duration *duration) {
  g_autofree char *name = g_strdup_printf("%s.%s", world->cloud->name, key);
  return world_draw(world, circuit->config->head.name, name, duration);
}

static WorldPlace place_of(const WorldCircuit *circuit) {
  return (WorldPlace){.circuit = circuit->config};
}

/* An instance of a gateway opens the session with an edge. Facts: AZ-8.3, AZ-8.17. */
static BgpPeer *join_gateway(World *world, WorldCircuit *circuit, guint number, Gateway *gateway,
                             guint instance) {
  const GatewayTraits *traits = gateway_config(gateway)->traits;
  const Router *edge = circuit_edge(circuit->circuit, number);
  const char *name = gateway_instance_name(gateway, instance);
  const SimTime keepalive = gateway_setting(gateway, "keepalive", &traits->keepalive);
  const SimTime hold = gateway_setting(gateway, "hold", &traits->hold);
  const SimTime retry = gateway_setting(gateway, "connect_retry", &traits->connect_retry);
  const WorldJoin join = {
      .victims = {world_victim(world, name), circuit->victims[number]},
      .places = {{.network = gateway_network(gateway)}, place_of(circuit)},
      .stream = arena_printf(world->arena, "%s~%s", name, router_name(edge)),
      .ends = {
          {.speaker = gateway_instance_speaker(gateway, instance),
           .name = name,
           .role = &gateway_role_edge,
           .connection = circuit->circuit,
           .address = element_address(gateway_instance_element(gateway, instance)),
           .keepalive = keepalive,
           .hold = hold,
           .hold_ground = traits->hold.law.ground,
           .keepalive_jitter_off = traits->keepalive_jitter == LIVENESS_JITTER_OFF,
           .next_hop_self = TRUE, /* an edge of the same AS knows no other way */
           .establish = &traits->establish.law,
           .connect_retry = retry,
           .connect_retry_ground = traits->connect_retry.law.ground,
           .weight = (guint32)circuit->config->weight,
           /* How many it takes says gateway_add_connection(). */
           .prefix_limit = {.fact = keys_fact(gateway_kind(gateway)->keys, "most_advertised")}},
          {.speaker = router_speaker(edge),
           .name = router_name(edge),
           .address = element_address(router_element(edge)),
           .keepalive = keepalive,
           .hold = hold,
           .hold_ground = traits->hold.law.ground,
           .next_hop_self = TRUE, /* a gateway of its AS does not reach the site's router */
           .passive = TRUE,
           .connect_retry = retry}}};
  return bgp_session_peer(world_join(world, &join)->bgp, 0);
}

static void join_gateways(World *world, WorldCircuit *circuit) {
  for (guint i = 0; i < world->design->gateways->len; i++) {
    const DesignGateway *from = world->design->gateways->pdata[i];
    if (from->kind != DESIGN_GATEWAY_CIRCUIT ||
        !design_names_hold(from->circuits, circuit->config->head.name))
      continue;
    Gateway *gateway = find_gateway(world, from->head.name);
    GPtrArray *peers = arena_ptr_array(world->arena);
    for (guint j = 0; j < gateway_instance_count(gateway); j++)
      for (guint k = 0; k < circuit_edge_count(circuit->circuit); k++)
        g_ptr_array_add(peers, join_gateway(world, circuit, k, gateway, j));
    gateway_add_connection(gateway, circuit->config->head.name, peers);
  }
}

/* The site's router opens the session; its timers are negotiated down to what the provider takes at
 * least. Facts: AZ-8.9, AWS-3.5. */
static void join_site(World *world, WorldCircuit *circuit, guint number) {
  const DesignCircuit *config = circuit->config;
  const CircuitTraits *traits = circuit_config(circuit->circuit)->traits;
  const CircuitClass *class = circuit_config(circuit->circuit)->class;
  Router *edge = circuit_edge(circuit->circuit, number);
  const WorldSite *site = circuit->site;
  const SimTime retry =
      world_draw(world, site->config->head.name, "connect_retry", &site->config->connect_retry);
  const DesignSiteLink *said = design_site_link(world->design, site->config, config->head.name);
  const gint64 most = traits->premium ? traits->most_learned_premium : traits->most_learned;
  const SimTime keepalive = trait_of(world, circuit, "keepalive", &traits->keepalive);
  const SimTime hold = trait_of(world, circuit, "hold", &traits->hold);
  const gboolean jitter_off = config->keepalive_jitter == LIVENESS_JITTER_OFF;
  NetNode *link = site_routed_link(site->site, router_element(edge));
  world_tell(world, circuit->site, circuit->circuit, config->head.name);
  world_add_victim(world, net_node_name(link), link, NULL, distribution_constant(SIM_TIME_ZERO));
  const WorldJoin join = {
      .victims = {site->victim, circuit->victims[number]},
      .places = {{.site = site->config}, place_of(circuit)},
      .stream = arena_printf(world->arena, "%s~%s", site->config->head.name, router_name(edge)),
      .link = link,
      .bfd = config->bfd,
      .bfd_interval = trait_of(world, circuit, "bfd_interval", &traits->bfd_interval),
      .ends = {
          {.speaker = router_speaker(site->router),
           .name = router_name(site->router),
           .connection = circuit->circuit,
           .address = element_address(router_element(site->router)),
           .keepalive =
               sim_time_max(config->keepalive.given ? world_draw(world, config->head.name,
                                                                 "keepalive", &config->keepalive)
                                                    : keepalive,
                            trait_of(world, circuit, "least_keepalive", &traits->least_keepalive)),
           .hold = sim_time_max(config->hold.given
                                    ? world_draw(world, config->head.name, "hold", &config->hold)
                                    : hold,
                                trait_of(world, circuit, "least_hold", &traits->least_hold)),
           .hold_ground = config->hold.given ? config->hold.law.ground : traits->hold.law.ground,
           .keepalive_jitter_off = jitter_off,
           .establish = &site->config->establish.law,
           .connect_retry = retry,
           .connect_retry_ground = site->config->connect_retry.law.ground,
           .weight = said != NULL ? (guint32)said->prefer : 100,
           .as_override = site->config->transit},
          {.speaker = router_speaker(edge),
           .name = router_name(edge),
           .role = &gateway_role_site,
           .address = element_address(router_element(edge)),
           .keepalive = keepalive,
           .hold = hold,
           .hold_ground = traits->hold.law.ground,
           .keepalive_jitter_off = jitter_off,
           .remove_private_as = class->strips_private,
           .passive = TRUE,
           .connect_retry = retry,
           .prefix_limit = {.most = (guint)most, .fact = keys_fact(class->keys, "most_learned")}}}};
  world_join(world, &join);
}

void world_build_circuit_sessions(World *world) {
  for (guint i = 0; i < world->circuits->len; i++) {
    WorldCircuit *circuit = world->circuits->pdata[i];
    join_gateways(world, circuit);
    for (guint j = 0; j < circuit_edge_count(circuit->circuit); j++)
      join_site(world, circuit, j);
  }
}
