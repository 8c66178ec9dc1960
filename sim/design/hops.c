/* What a route leads to, what stands at the edge of a network, and how near networks are. */
#include <string.h>

#include "routesim/design/design.h"

/* ---- gateways and route servers of a network ---------------------------------------------- */

static gboolean is_for_sites(const DesignGateway *gateway) {
  return gateway->kind == DESIGN_GATEWAY_VPN || gateway->kind == DESIGN_GATEWAY_CIRCUIT;
}

const DesignGateway *design_gateway_in(const Design *design, const char *network) {
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *gateway = design->gateways->pdata[i];
    if (is_for_sites(gateway) && g_strcmp0(gateway->network.text, network) == 0)
      return gateway;
  }
  return NULL;
}

const DesignGateway *design_gateway_beside(const Design *design, const DesignGateway *one) {
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *other = design->gateways->pdata[i];
    if (other != one && other->kind != one->kind && is_for_sites(other) &&
        g_strcmp0(other->network.text, one->network.text) == 0)
      return other;
  }
  return NULL;
}

const DesignGateway *design_gateway_on(const Design *design, const DesignCircuit *circuit) {
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *gateway = design->gateways->pdata[i];
    if (gateway->kind == DESIGN_GATEWAY_CIRCUIT &&
        design_names_hold(gateway->circuits, circuit->head.name))
      return gateway;
  }
  return NULL;
}

const DesignRouteServer *design_server_in(const Design *design, const char *network) {
  for (guint i = 0; i < design->route_servers->len; i++) {
    const DesignRouteServer *server = design->route_servers->pdata[i];
    if (g_strcmp0(server->network.text, network) == 0)
      return server;
  }
  return NULL;
}

guint design_server_siblings(const Design *design, const DesignRouteServer *server) {
  guint siblings = 0;
  for (guint i = 0; i < design->route_servers->len; i++) {
    const DesignRouteServer *other = design->route_servers->pdata[i];
    siblings += other != server && g_strcmp0(other->network.text, server->network.text) == 0;
  }
  return siblings;
}

gboolean design_may_lend(const Design *design, const char *network) {
  gboolean may = design_find(design->networks, network) == NULL ||
                 !design_is_read(design, design->gateways) ||
                 !design_is_read(design, design->route_servers);
  for (guint i = 0; i < design->gateways->len; i++) {
    const BlockHead *head = design->gateways->pdata[i];
    may |= !keys_sound(head, "kind") || !keys_sound(head, "network");
  }
  for (guint i = 0; i < design->route_servers->len; i++)
    may |= !keys_sound(design->route_servers->pdata[i], "network");
  return may || design_gateway_in(design, network) != NULL ||
         design_server_in(design, network) != NULL;
}

gboolean design_borrows(const DesignPeering *peering, const char *network) {
  return peering->use_remote_gateway && strcmp(peering->from.text, network) == 0;
}

gboolean design_may_borrow(const Design *design, const char *network) {
  for (guint i = 0; i < design->peerings->len; i++)
    if (design_borrows(design->peerings->pdata[i], network))
      return FALSE;
  return !design_may_lend(design, network);
}

DesignNearness design_nearness(const Design *design, const char *a, const char *b) {
  DesignNearness nearness = DESIGN_FAR;
  if (strcmp(a, b) == 0 || !design_is_read(design, design->peerings))
    return DESIGN_NEAR;
  for (guint i = 0; i < design->peerings->len; i++) {
    const DesignPeering *peering = design->peerings->pdata[i];
    if (design_peering_joins(peering, a, b))
      nearness = MAX(nearness, peering->connected ? DESIGN_NEAR : DESIGN_NEAR_LATER);
  }
  return nearness;
}

/* ---- next hops ---------------------------------------------------------------------------- */

DesignHopKind design_gateway_hop(const DesignGateway *gateway) {
  static const DesignHopKind kinds[] = {[DESIGN_GATEWAY_INTERNET] = DESIGN_HOP_INTERNET,
                                        [DESIGN_GATEWAY_VPN] = DESIGN_HOP_GATEWAY,
                                        [DESIGN_GATEWAY_CIRCUIT] = DESIGN_HOP_GATEWAY,
                                        [DESIGN_GATEWAY_TRANSIT] = DESIGN_HOP_TRANSIT,
                                        [DESIGN_GATEWAY_NAT] = DESIGN_HOP_NAT};
  return kinds[gateway->kind];
}

/* The network at the other end of the peering, seen from `own`. */
static const char *network_of_peering(const DesignPeering *peering, const char *own) {
  const gboolean joins = design_peering_joins(peering, own, peering->to.text) ||
                         design_peering_joins(peering, own, peering->from.text);
  return joins ? own : peering->from.text;
}

/* What could not be read may be the gateway. */
static gboolean may_have_internet_gateway(const Design *design, const char *network) {
  gboolean may = !design_is_read(design, design->gateways);
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *gateway = design->gateways->pdata[i];
    may |= !keys_sound(&gateway->head, "kind") || !keys_sound(&gateway->head, "network") ||
           (gateway->kind == DESIGN_GATEWAY_INTERNET &&
            g_strcmp0(gateway->network.text, network) == 0);
  }
  return may;
}

static DesignHop hop_of_word(const Design *design, const char *from, DesignViaWord word) {
  static const DesignHopKind kinds[] = {[DESIGN_VIA_INTERNET] = DESIGN_HOP_INTERNET,
                                        [DESIGN_VIA_LOCAL] = DESIGN_HOP_LOCAL,
                                        [DESIGN_VIA_NONE] = DESIGN_HOP_NONE};
  const gboolean leads_out = word == DESIGN_VIA_INTERNET && may_have_internet_gateway(design, from);
  return (DesignHop){.kind = kinds[word], .network = leads_out ? from : NULL};
}

DesignHop design_hop(const Design *design, const char *from, const NameRef *via) {
  const DesignNva *nva = design_find(design->nvas, via->text);
  const DesignGateway *gateway = design_find(design->gateways, via->text);
  const DesignPeering *peering = design_find(design->peerings, via->text);
  const DesignNetwork *owner = NULL;
  IpAddress address;
  DesignHop hop = {.kind = DESIGN_HOP_ADDRESS};
  if (via->word != 0)
    return hop_of_word(design, from, (DesignViaWord)via->word);
  if (nva != NULL) {
    design_find_subnet(design, nva->subnet.text, &owner);
    return (DesignHop){.kind = DESIGN_HOP_APPLIANCE,
                       .network = owner != NULL ? owner->head.name : NULL,
                       .nva = nva};
  }
  if (gateway != NULL)
    return (DesignHop){
        .kind = design_gateway_hop(gateway), .network = gateway->network.text, .gateway = gateway};
  if (peering != NULL)
    return (DesignHop){.kind = DESIGN_HOP_PEERING, .network = network_of_peering(peering, from)};
  if (ip_address_parse(via->text, &address))
    hop.network = design_network_of_address(design, address);
  return hop;
}

gboolean design_hop_is_interface(DesignHopKind kind) {
  return kind == DESIGN_HOP_APPLIANCE || kind == DESIGN_HOP_ADDRESS;
}

gboolean design_route_is_sound(const Design *design, const DesignRoute *route) {
  const DesignGateway *gateway = design_find(design->gateways, route->via.text);
  IpAddress address;
  if (!route->to.given || (gateway != NULL && !keys_sound(&gateway->head, "kind")))
    return FALSE;
  return design_hop(design, "", &route->via).kind != DESIGN_HOP_ADDRESS ||
         ip_address_parse(route->via.text, &address);
}

gboolean design_routes_clash(const DesignRoute *a, const DesignRoute *b) {
  return a->to.given && b->to.given && prefix_equal(a->to.value, b->to.value) &&
         (a->prefix_list.text == NULL) == (b->prefix_list.text == NULL);
}

gboolean design_takes_gateway_routes(const Design *design, const char *name) {
  const DesignNetwork *network = NULL;
  const DesignSubnet *subnet = design_find_subnet(design, name, &network);
  const DesignRouteTable *table = subnet != NULL
                                      ? design_table_of(design, network->head.name, subnet)
                                      : design_find(design->route_tables, name);
  return table == NULL || table->propagate;
}

const char *design_balancer_region(const Design *design, const char *hop) {
  for (guint i = 0; i < design->load_balancers->len; i++) {
    const DesignLoadBalancer *balancer = design->load_balancers->pdata[i];
    IpAddress address;
    if (!balancer->address.given ||
        (strcmp(balancer->head.name, hop) != 0 &&
         !(ip_address_parse(hop, &address) && ip_address_equal(address, balancer->address.value))))
      continue;
    const char *name = design_network_of_address(design, balancer->address.value);
    const DesignNetwork *network = name != NULL ? design_find(design->networks, name) : NULL;
    return network != NULL ? network->region.text : NULL;
  }
  return NULL;
}
