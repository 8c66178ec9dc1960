/* Gateways; see the header. */
#include "routesim/cloud/gateway.h"

const char gateway_tag_vpn[] = "vpn";
const char gateway_tag_circuit[] = "circuit";

#define EXPRESSROUTE_ASN 12076 /* AZ-8.3 */

typedef struct {
  const char *name;
  NetNode *node;
  Element *element;
  BgpSpeaker *speaker;
} Instance;

struct Gateway {
  const CloudClass *class;
  CloudTopology *topology;
  GatewayConfig config;
  guint count;
  Instance instances[GATEWAY_MOST_INSTANCES];
};

static void selection_changed(gpointer data, const BgpEntry *entry) {
  const Gateway *gateway = data;
  (void)entry;
  fabric_touch(gateway->topology->fabric);
}

static const BgpPolicy gateway_policy = {.selected = selection_changed};

/* What it can tell the sites behind it: its own network's ranges, those of networks that
 * use it, and what it learned. */
static gboolean knows(const Gateway *gateway, const BgpSpeaker *speaker, IpAddress address) {
  const CloudNetwork *own = gateway->config.subnet->network;
  if (network_contains(own->network, address))
    return TRUE;
  for (guint i = 0; i < gateway->topology->peerings->len; i++) {
    const CloudPeering *peering = gateway->topology->peerings->pdata[i];
    if (gateway->class->gateway_speaks && peering->to == own && peering->use_remote_gateway &&
        network_contains(peering->from->network, address))
      return TRUE;
  }
  return speaker != NULL && bgp_match(speaker, address) != NULL;
}

static gboolean knows_0(gpointer data, IpAddress address) {
  return knows(data, ((Gateway *)data)->instances[0].speaker, address);
}
static gboolean knows_1(gpointer data, IpAddress address) {
  return knows(data, ((Gateway *)data)->instances[1].speaker, address);
}

static void add_instance(Gateway *gateway, guint index) {
  static const ElementKnows knows_by_index[] = {knows_0, knows_1};
  CloudTopology *topology = gateway->topology;
  const CloudSubnet *subnet = gateway->config.subnet;
  Instance *instance = &gateway->instances[index];
  const IpAddress address =
      ip_address_add(subnet_prefix(subnet->subnet).address, 4 + gateway->config.kind * 2 + index);
  instance->name = arena_printf(topology->arena, "%s/%u", gateway->config.name, index);
  instance->node = net_node_new(topology->engine, instance->name);
  const ElementConfig element = {.name = instance->name,
                                 .node = instance->node,
                                 .address = address,
                                 .network = subnet->network->network,
                                 .table = subnet->tables->pdata[0]};
  instance->element = element_new(topology->fabric, &element);
  element_set_knows(instance->element, knows_by_index[index], gateway);
  if (!gateway->class->gateway_speaks || !subnet->network->has_route_server)
    return;
  const BgpSpeakerConfig speaker = {.name = instance->name,
                                    .asn = gateway->class->gateway_asn,
                                    .router_id = address,
                                    .profile = &bgp_profile_rfc4271,
                                    .obeys_no_advertise = TRUE};
  instance->speaker = bgp_speaker_new(topology->engine, &speaker, &gateway_policy, gateway,
                                      topology->seed, topology->run);
}

Gateway *gateway_new(const CloudClass *class, CloudTopology *topology,
                     const GatewayConfig *config) {
  Gateway *gateway = arena_new0(topology->arena, Gateway);
  gateway->class = class;
  gateway->topology = topology;
  gateway->config = *config;
  gateway->count = class->gateway_instances;
  g_assert(gateway->count <= GATEWAY_MOST_INSTANCES);
  for (guint i = 0; i < gateway->count; i++)
    add_instance(gateway, i);
  return gateway;
}

const char *gateway_name(const Gateway *gateway) { return gateway->config.name; }
const char *gateway_tag(const Gateway *gateway) {
  return gateway->config.kind == GATEWAY_VPN ? gateway_tag_vpn : gateway_tag_circuit;
}
CloudNetwork *gateway_network(const Gateway *gateway) { return gateway->config.subnet->network; }
guint gateway_instance_count(const Gateway *gateway) { return gateway->count; }
const char *gateway_instance_name(const Gateway *gateway, guint index) {
  return gateway->instances[index].name;
}
Element *gateway_instance_element(const Gateway *gateway, guint index) {
  return gateway->instances[index].element;
}
NetNode *gateway_instance_node(const Gateway *gateway, guint index) {
  return gateway->instances[index].node;
}
BgpSpeaker *gateway_instance_speaker(const Gateway *gateway, guint index) {
  return gateway->instances[index].speaker;
}

/* Without a route server in between, the cloud puts the route into the tables of the
 * network, and of networks that use its gateways, unless propagation is off. */
static void put_into_tables(Gateway *gateway, Prefix prefix) {
  NextHop hops[GATEWAY_MOST_INSTANCES];
  CloudTopology *topology = gateway->topology;
  const CloudNetwork *own = gateway->config.subnet->network;
  for (guint i = 0; i < gateway->count; i++)
    hops[i] = (NextHop){.kind = HOP_ELEMENT,
                        .address = element_address(gateway->instances[i].element)};
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    gboolean uses = network == own;
    for (guint j = 0; j < topology->peerings->len && gateway->class->gateway_speaks; j++) {
      const CloudPeering *peering = topology->peerings->pdata[j];
      uses |= peering->from == network && peering->to == own && peering->use_remote_gateway;
    }
    for (guint j = 0; uses && j < network->subnets->len; j++) {
      const CloudSubnet *subnet = network->subnets->pdata[j];
      if (subnet == gateway->config.subnet ||
          (subnet->user_table != NULL && !subnet->user_table->propagate))
        continue;
      for (guint k = 0; k < subnet->tables->len; k++)
        route_table_put(subnet->tables->pdata[k], prefix, gateway->class->gateway_origin, hops,
                        gateway->count);
    }
  }
}

void gateway_reach(Gateway *gateway, Prefix prefix, guint32 asn) {
  if (gateway->instances[0].speaker == NULL) {
    put_into_tables(gateway, prefix);
    return;
  }
  const BgpAttributes bare = {.origin = BGP_ORIGIN_IGP};
  const BgpAttributes *attributes =
      bgp_attributes_prepend(gateway->topology->arena, &bare, asn, 1);
  if (gateway->config.kind == GATEWAY_CIRCUIT)
    attributes = bgp_attributes_prepend(gateway->topology->arena, attributes, EXPRESSROUTE_ASN, 1);
  for (guint i = 0; i < gateway->count; i++)
    bgp_originate(gateway->instances[i].speaker, prefix, attributes);
}
