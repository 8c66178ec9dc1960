/* What a design comes to under one cloud; see the header. */
#include "routesim/cloud/design.h"

#include <string.h>

/* ---- subnets and peerings ------------------------------------------------------------------- */

gboolean cloud_keeps_subnet(const Design *design, const DesignSubnet *subnet) {
  for (guint c = 0; c < cloud_count(); c++)
    if (design->models[c] && (g_strcmp0(cloud_at(c)->dedicated_subnet, subnet->head.name) == 0 ||
                            g_strcmp0(cloud_at(c)->gateway_subnet, subnet->head.name) == 0))
      return TRUE;
  return FALSE;
}

const GPtrArray *cloud_peering_limits(const DesignPeering *peering, guint cloud,
                                         const char *network) {
  const NameRef *sides[2] = {&peering->from, &peering->to};
  for (guint side = 0; peering->configs[cloud] != NULL && side < 2; side++) {
    const GPtrArray *names = cloud_at(cloud)->peering_subnets(peering->configs[cloud], side);
    if (strcmp(sides[side]->text, network) == 0 && names->len > 0)
      return names;
  }
  return NULL;
}

gboolean cloud_peering_includes(const DesignPeering *peering, guint cloud, const char *network,
                           const DesignSubnet *subnet) {
  const GPtrArray *limits =
      peering != NULL ? cloud_peering_limits(peering, cloud, network) : NULL;
  return limits == NULL || (subnet != NULL && (design_names_hold(limits, subnet->full_name) ||
                                               design_names_hold(limits, subnet->head.name)));
}

/* What could not be read may be the network that has it. */
static gboolean has_unread_prefixes(const Design *design) {
  gboolean unread = !keys_sound(&design->head, "networks");
  for (guint i = 0; i < design->networks->len; i++)
    unread |= !keys_sound(design->networks->pdata[i], "prefixes");
  return unread;
}

typedef struct {
  const char *network;          /* NULL: in none */
  const DesignSubnet *subnet; /* NULL: in none */
} HopPlace;

static guint places_of_address(const Design *design, IpAddress address, HopPlace places[2]) {
  places[0].network = design_network_of_address(design, address);
  places[0].subnet = design_subnet_of_address(design, address);
  return places[0].network != NULL || !has_unread_prefixes(design) ? 1 : 0;
}

static guint places_of_appliance(const Design *design, const DesignNva *nva,
                                 HopPlace places[2]) {
  const char *legs[2] = {nva->subnet.text,
                         nva->interfaces != NULL ? nva->interfaces->out.text : NULL};
  guint count = 0;
  for (guint i = 0; i < 2 && legs[i] != NULL; i++) {
    const DesignNetwork *owner = NULL;
    const DesignSubnet *subnet = design_find_subnet(design, legs[i], &owner);
    if (subnet != NULL)
      places[count++] = (HopPlace){owner->head.name, subnet};
  }
  return count;
}

/* 0: nobody knows; 2: the legs of an appliance. */
static guint places_of_hop(const Design *design, const char *hop, HopPlace places[2]) {
  const DesignNva *nva = design_find(design->nvas, hop);
  const DesignLoadBalancer *balancer = design_find(design->load_balancers, hop);
  IpAddress address;
  if (nva != NULL)
    return places_of_appliance(design, nva, places);
  if (balancer != NULL)
    return balancer->address.given ? places_of_address(design, balancer->address.value, places) : 0;
  return ip_address_parse(hop, &address) ? places_of_address(design, address, places) : 0;
}

static const char *beyond(Arena *arena, const Design *design, guint cloud, const char *network,
                          const DesignSubnet *subnet, const HopPlace *hop) {
  if (hop->network == NULL)
    return "lies in no network";
  if (!design_are_peered(design, network, hop->network))
    return arena_printf(arena, "lies in network '%s', which is not peered with '%s'", hop->network,
                        network);
  const DesignPeering *peering = design_peering_between(design, network, hop->network);
  if (!cloud_peering_includes(peering, cloud, hop->network, hop->subnet))
    return arena_printf(arena,
                        "lies in network '%s', in none of the subnets that peering '%s' joins "
                        "(AZ-5.16)",
                        hop->network, peering->head.name);
  if (subnet != NULL && !cloud_peering_includes(peering, cloud, network, subnet))
    return arena_printf(arena,
                        "lies in network '%s', and peering '%s' leaves subnet '%s' out (AZ-5.16)",
                        hop->network, peering->head.name, subnet->full_name);
  return NULL;
}

const char *cloud_hop_beyond(Arena *arena, const Design *design, guint cloud,
                             const char *network, const DesignSubnet *subnet, const char *hop) {
  HopPlace places[2];
  const guint count = places_of_hop(design, hop, places);
  const char *why = NULL;
  for (guint i = 0; i < count; i++) {
    why = beyond(arena, design, cloud, network, subnet, &places[i]);
    if (why == NULL)
      return NULL;
  }
  return why;
}

/* ---- gateways ------------------------------------------------------------------------------- */

const GatewayClass *cloud_gateway_class(const CloudClass *cloud,
                                           const DesignGateway *gateway) {
  switch (gateway->kind) {
  case DESIGN_GATEWAY_VPN:
    return &cloud->gateways[GATEWAY_VPN];
  case DESIGN_GATEWAY_CIRCUIT:
    return &cloud->gateways[GATEWAY_CIRCUIT];
  default:
    return NULL;
  }
}

const DesignGateway *cloud_other_side(const Design *design, const CloudClass *cloud,
                                           const DesignGateway *gateway) {
  const GatewayClass *class = cloud_gateway_class(cloud, gateway);
  for (guint i = 0; class != NULL && class->one_a_network && i < design->gateways->len; i++) {
    const DesignGateway *other = design->gateways->pdata[i];
    if (other != gateway && cloud_gateway_class(cloud, other) != NULL &&
        g_strcmp0(other->network.text, gateway->network.text) == 0)
      return other;
  }
  return NULL;
}

/* The number that either side says, where the other says nothing. */
guint32 cloud_gateway_asn(const Design *design, const CloudClass *cloud,
                             const DesignGateway *gateway) {
  const guint c = cloud_place(cloud);
  const DesignGateway *other = cloud_other_side(design, cloud, gateway);
  const guint32 unsaid = cloud_gateway_class(cloud, gateway)->asn;
  const GatewayTraits *own = gateway->configs[c];
  const GatewayTraits *theirs = other != NULL ? other->configs[c] : own;
  const gint64 asn = own->asn != unsaid ? own->asn : theirs->asn;
  return asn != 0 ? (guint32)asn : unsaid;
}
