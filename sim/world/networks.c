/* Networks, peerings, the addresses of appliances and the tables that users write, as a
 * world has them. */
#include <string.h>

#include "world_private.h"

/* ---- networks ------------------------------------------------------------------------- */

static int compare_text(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_zone(CloudNetwork *network, const char *zone) {
  for (guint i = 0; i < network->zones->len; i++)
    if (strcmp(network->zones->pdata[i], zone) == 0)
      return;
  g_ptr_array_add(network->zones, (gpointer)zone);
  g_ptr_array_sort(network->zones, compare_text);
}

void world_build_network(World *world, const DesignNetwork *config) {
  CloudNetwork *network = arena_new0(world->arena, CloudNetwork);
  network->config = config;
  network->name = config->head.name;
  network->region = config->region.text;
  network->network = network_new(world->fabric, config->head.name);
  network->subnets = arena_ptr_array(world->arena);
  network->zones = arena_ptr_array(world->arena);
  for (guint i = 0; i < config->prefixes->len; i++)
    network_add_prefix(network->network, ((PrefixValue *)config->prefixes->pdata[i])->value);
  for (guint i = 0; i < config->subnets->len; i++) {
    const DesignSubnet *from = config->subnets->pdata[i];
    CloudSubnet *subnet = arena_new0(world->arena, CloudSubnet);
    subnet->name = from->full_name;
    subnet->zone = from->zone.text;
    subnet->subnet = subnet_new(network->network, from->full_name, from->prefix.value);
    subnet_set_zone(subnet->subnet, subnet->zone);
    subnet->network = network;
    subnet->hosts = (guint)from->vms;
    subnet->tables = arena_ptr_array(world->arena);
    if (subnet->zone != NULL)
      add_zone(network, subnet->zone);
    g_ptr_array_add(network->subnets, subnet);
  }
  g_ptr_array_add(world->topology.networks, network);
}

CloudNetwork *world_network(const World *world, const char *name) {
  for (guint i = 0; i < world->topology.networks->len; i++) {
    CloudNetwork *network = world->topology.networks->pdata[i];
    if (strcmp(network->name, name) == 0)
      return network;
  }
  return NULL;
}

/* The subnet of a network that is called "app" or "hub/app". */
static CloudSubnet *subnet_named(const World *world, const CloudNetwork *network,
                                 const char *name) {
  CloudSubnet *subnet =
      cloud_find_subnet(&world->topology, arena_printf(world->arena, "%s/%s", network->name, name));
  return subnet != NULL ? subnet : cloud_find_subnet(&world->topology, name);
}

static void limit_peering(World *world, const DesignPeering *config, CloudPeering *peering) {
  const CloudNetwork *sides[2] = {peering->from, peering->to};
  for (guint side = 0; side < 2; side++) {
    const GPtrArray *names = config->limits[cloud_place(world->cloud)][side];
    GPtrArray *limits = arena_ptr_array(world->arena);
    for (guint i = 0; names != NULL && i < names->len; i++) {
      CloudSubnet *subnet =
          subnet_named(world, sides[side], ((const NameRef *)names->pdata[i])->text);
      g_ptr_array_add(limits, subnet);
      peering_limit(peering->peering, subnet->subnet);
    }
    peering->limits[side] = limits;
  }
}

void world_build_peerings(World *world) {
  for (guint i = 0; i < world->design->peerings->len; i++) {
    const DesignPeering *config = world->design->peerings->pdata[i];
    CloudPeering *peering = arena_new0(world->arena, CloudPeering);
    const gboolean later = !config->connected && world->cloud->fabric->connect != NULL;
    *peering = (CloudPeering){config->head.name, world_network(world, config->from.text),
                              world_network(world, config->to.text), config->use_remote_gateway};
    peering->peering =
        peering_new(world->fabric, config->head.name, peering->from->network, peering->to->network);
    if (later)
      peering_set_up(peering->peering, FALSE);
    if (world->cloud->fabric->peerings_end != NULL)
      peering_set_no_transit(peering->peering);
    limit_peering(world, config, peering);
    g_ptr_array_add(later ? world->topology.pending_peerings : world->topology.peerings, peering);
  }
}

static int compare_peerings(gconstpointer a, gconstpointer b) {
  return strcmp((*(CloudPeering *const *)a)->name, (*(CloudPeering *const *)b)->name);
}

static CloudPeering *find_peering(const GPtrArray *peerings, const char *name) {
  for (guint i = 0; i < peerings->len; i++) {
    CloudPeering *peering = peerings->pdata[i];
    if (strcmp(peering->name, name) == 0)
      return peering;
  }
  return NULL;
}

static void recheck_next_hops(World *world) {
  for (guint i = 0; i < world->nvas->len; i++) {
    ENGINE_KEEP_CAUSE(world->engine);
    bgp_recheck_next_hops(nva_speaker(((WorldNva *)world->nvas->pdata[i])->nva));
  }
  for (guint i = 0; i < world->gateways->len; i++)
    for (guint j = 0; j < gateway_instance_count(world->gateways->pdata[i]); j++) {
      BgpSpeaker *speaker = gateway_instance_speaker(world->gateways->pdata[i], j);
      ENGINE_KEEP_CAUSE(world->engine);
      if (speaker != NULL)
        bgp_recheck_next_hops(speaker);
    }
}

void world_connect(World *world, const char *name) {
  CloudPeering *peering = find_peering(world->topology.pending_peerings, name);
  if (peering == NULL)
    return; /* there already, or from the start under this cloud */
  g_ptr_array_remove(world->topology.pending_peerings, peering);
  g_ptr_array_add(world->topology.peerings, peering);
  g_ptr_array_sort(world->topology.peerings, compare_peerings);
  peering_set_up(peering->peering, TRUE);
  world->cloud->fabric->connect(&world->topology, peering, world->servers);
  recheck_next_hops(world);
  fabric_touch(world->fabric);
}

/* ---- gateways at the edge --------------------------------------------------------------- */

/* TRUE where the scenario gives the address to an appliance or a front end, or another NAT gateway
 * has it. */
static gboolean address_taken(const World *world, IpAddress address) {
  for (guint i = 0; i < world->topology.edges->len; i++)
    if (ip_address_equal(((const CloudEdge *)world->topology.edges->pdata[i])->address, address))
      return TRUE;
  return design_is_given(world->design, address);
}

/* A NAT gateway has an address of its subnet: from the top down, below the one that clouds keep,
 * in the order of names. */
static IpAddress nat_address(const World *world, const CloudSubnet *subnet) {
  const Prefix prefix = subnet_prefix(subnet->subnet);
  guint64 offset = prefix_size(prefix) - 2;
  IpAddress address = ip_address_add(prefix.address, offset);
  while (address_taken(world, address))
    address = ip_address_add(prefix.address, --offset);
  return address;
}

static gboolean is_edge(const DesignGateway *gateway) {
  return gateway->kind == DESIGN_GATEWAY_INTERNET || gateway->kind == DESIGN_GATEWAY_TRANSIT ||
         gateway->kind == DESIGN_GATEWAY_NAT;
}

/* Gateways at the edge are built where the cloud gives them tables of their own. Next hops name
 * those that have no interface in a subnet by link-local addresses (RFC 3927), which no host of a
 * scenario can have. */
void world_build_edges(World *world) {
  static const CloudEdgeKind kinds[] = {[DESIGN_GATEWAY_INTERNET] = CLOUD_EDGE_INTERNET,
                                        [DESIGN_GATEWAY_TRANSIT] = CLOUD_EDGE_TRANSIT,
                                        [DESIGN_GATEWAY_NAT] = CLOUD_EDGE_NAT};
  const guint cloud = cloud_place(world->cloud);
  for (guint i = 0; world->cloud->edges != NULL && i < world->design->gateways->len; i++) {
    const DesignGateway *from = world->design->gateways->pdata[i];
    if (!is_edge(from))
      continue;
    CloudEdge *edge = arena_new0(world->arena, CloudEdge);
    *edge = (CloudEdge){
        .name = from->head.name,
        .kind = kinds[from->kind],
        .network = from->network.text != NULL ? world_network(world, from->network.text) : NULL,
        .address = ip_address_v4(0xA9FE0101u + i),
        .capacity = from->capacity,
        .config = from->configs[cloud]};
    if (edge->kind == CLOUD_EDGE_NAT) {
      CloudSubnet *subnet = cloud_find_subnet(&world->topology, from->subnet.text);
      edge->address = nat_address(world, subnet);
      edge->subnet = subnet;
    }
    g_ptr_array_add(world->topology.edges, edge);
  }
}

/* Of the gateways at the edge a NAT gateway is the one that fails, with its zone or by itself. */
void world_add_edge_victims(World *world) {
  for (guint i = 0; i < world->topology.edges->len; i++) {
    const CloudEdge *edge = world->topology.edges->pdata[i];
    if (edge->kind == CLOUD_EDGE_NAT)
      world_add_victim(world, edge->name, element_node(edge->element), NULL,
                       world->cloud->edges->nat_boot(edge->config));
  }
}

/* ---- user tables ----------------------------------------------------------------------------- */

static gboolean uses_remote(const GPtrArray *peerings, const CloudNetwork *from,
                            const CloudNetwork *to) {
  for (guint i = 0; i < peerings->len; i++) {
    const CloudPeering *peering = peerings->pdata[i];
    if (peering->from == from && peering->to == to && peering->use_remote_gateway)
      return TRUE;
  }
  return FALSE;
}

/* A network has its own gateways, and those of one network that it uses over a peering; whether
 * that peering is up the packets find out. Facts: AZ-1.17. */
static gboolean has_target(const World *world, const CloudNetwork *network,
                           const CloudTarget *target) {
  return target->network == network ||
         uses_remote(world->topology.peerings, network, target->network) ||
         uses_remote(world->topology.pending_peerings, network, target->network);
}

/* Where the cloud's gateways are elements the word means the one of the network, and the cloud's
 * checks refuse it where there is none. Facts: AWS-5.21. */
static NextHop hop_to_internet(const World *world, const CloudNetwork *network) {
  for (guint i = 0; i < world->topology.edges->len; i++) {
    const CloudEdge *edge = world->topology.edges->pdata[i];
    if (edge->kind == CLOUD_EDGE_INTERNET && edge->network == network)
      return (NextHop){.kind = HOP_ELEMENT, .address = edge->address};
  }
  g_assert(world->cloud->edges == NULL);
  return (NextHop){.kind = HOP_INTERNET};
}

static NextHop hop_over_peering(const World *world, const CloudNetwork *network, const char *name) {
  const CloudPeering *peering = find_peering(world->topology.peerings, name);
  if (peering == NULL)
    peering = find_peering(world->topology.pending_peerings, name);
  g_assert(peering != NULL);
  return (NextHop){.kind = HOP_LOCAL,
                   .network =
                       peering->from == network ? peering->to->network : peering->from->network};
}

/* A NAT gateway that is no element of its own is a property of a subnet: what names it means the
 * Internet. Other gateways lead nowhere where the cloud has none of them, or none that a route may
 * name. */
static NextHop hop_via(const World *world, const CloudNetwork *network, const NameRef *via) {
  const DesignHop hop = design_hop(world->design, network->name, via);
  const CloudEdge *edge = hop.gateway != NULL ? cloud_find_edge(&world->topology, via->text) : NULL;
  NextHop to = {.kind = HOP_ELEMENT};
  if (edge != NULL)
    return (NextHop){.kind = HOP_ELEMENT, .address = edge->address};
  switch (hop.kind) {
  case DESIGN_HOP_APPLIANCE:
    to.address = hop.nva->legs[0];
    return to;
  case DESIGN_HOP_ADDRESS:
    ip_address_parse(via->text, &to.address);
    return to;
  case DESIGN_HOP_PEERING:
    return hop_over_peering(world, network, via->text);
  case DESIGN_HOP_INTERNET:
  case DESIGN_HOP_NAT:
    return hop_to_internet(world, network);
  case DESIGN_HOP_LOCAL:
    return (NextHop){.kind = HOP_LOCAL, .network = network->network};
  case DESIGN_HOP_GATEWAY:
  case DESIGN_HOP_TRANSIT:
  case DESIGN_HOP_NONE:
    return (NextHop){.kind = HOP_NONE};
  }
  g_assert_not_reached();
}

GArray *world_user_routes(const World *world, const CloudNetwork *network,
                          const GPtrArray *routes) {
  GArray *list = arena_growing_array(world->arena, sizeof(CloudUserRoute));
  for (guint i = 0; i < routes->len; i++) {
    const DesignRoute *from = routes->pdata[i];
    const CloudTarget *target = cloud_find_target(&world->topology, from->via.text);
    const gboolean refused = target != NULL && !has_target(world, network, target);
    const CloudUserRoute route = {.to = from->to.value,
                                  .hop = hop_via(world, network, &from->via),
                                  .prefix_list = from->prefix_list.text != NULL,
                                  .target = refused ? NULL : target,
                                  .refused = refused ? target : NULL};
    g_array_append_val(list, route);
  }
  return list;
}

void world_build_user_tables(World *world) {
  for (guint i = 0; i < world->design->route_tables->len; i++) {
    const DesignRouteTable *config = world->design->route_tables->pdata[i];
    CloudUserTable *table = arena_new0(world->arena, CloudUserTable);
    table->name = config->head.name;
    table->network = world_network(world, config->network.text);
    table->propagate = config->propagate;
    table->routes = world_user_routes(world, table->network, config->routes);
    if (config->gateway.text != NULL && world->cloud->edges != NULL) {
      table->edge = cloud_find_edge(&world->topology, config->gateway.text);
      table->gateway = config->gateway.text;
    }
    for (guint j = 0; j < config->subnets->len; j++) {
      const char *name = ((NameRef *)config->subnets->pdata[j])->text;
      CloudSubnet *subnet = cloud_find_subnet(&world->topology, name);
      if (subnet == NULL)
        subnet = cloud_find_subnet(&world->topology,
                                   arena_printf(world->arena, "%s/%s", table->network->name, name));
      subnet->user_table = table;
    }
    g_ptr_array_add(world->topology.user_tables, table);
  }
}
