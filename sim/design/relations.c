/* How the parts of a design stand to each other. */
#include <string.h>

#include "routesim/design/design.h"
#include "routesim/net/fabric.h"

/* ---- networks ----------------------------------------------------------------------------- */

/* An end that could not be read may be any network. */
static gboolean is_end(const NameRef *end, const char *network) {
  return end->text[0] == '\0' || strcmp(end->text, network) == 0;
}

gboolean design_peering_joins(const DesignPeering *peering, const char *a, const char *b) {
  return (is_end(&peering->from, a) && is_end(&peering->to, b)) ||
         (is_end(&peering->from, b) && is_end(&peering->to, a));
}

gboolean design_are_peered(const Design *design, const char *a, const char *b) {
  gboolean joined = strcmp(a, b) == 0 || !keys_sound(&design->head, "peerings");
  for (guint i = 0; i < design->peerings->len; i++)
    joined |= design_peering_joins(design->peerings->pdata[i], a, b);
  return joined;
}

const GPtrArray *design_peering_limits(const DesignPeering *peering, guint cloud,
                                       const char *network) {
  const NameRef *sides[2] = {&peering->from, &peering->to};
  for (guint side = 0; side < 2; side++)
    if (peering->limits[cloud][side] != NULL && strcmp(sides[side]->text, network) == 0)
      return peering->limits[cloud][side];
  return NULL;
}

gboolean design_peering_includes(const DesignPeering *peering, guint cloud, const char *network,
                                 const DesignSubnet *subnet) {
  const GPtrArray *limits = peering != NULL ? design_peering_limits(peering, cloud, network) : NULL;
  return limits == NULL || (subnet != NULL && (design_names_hold(limits, subnet->full_name) ||
                                               design_names_hold(limits, subnet->head.name)));
}

gboolean design_is_served(const Design *design, const char *network, const char *by) {
  if (strcmp(network, by) == 0)
    return TRUE;
  for (guint i = 0; i < design->peerings->len; i++) {
    const DesignPeering *peering = design->peerings->pdata[i];
    if (peering->use_remote_gateway && strcmp(peering->from.text, network) == 0 &&
        strcmp(peering->to.text, by) == 0)
      return TRUE;
  }
  return FALSE;
}

gboolean design_ranges_cover(const GPtrArray *ranges, Prefix prefix) {
  for (guint i = 0; i < ranges->len; i++)
    if (prefix_covers(((const PrefixValue *)ranges->pdata[i])->value, prefix))
      return TRUE;
  return FALSE;
}

const char *design_network_of_address(const Design *design, IpAddress address) {
  for (guint i = 0; i < design->networks->len; i++) {
    const DesignNetwork *network = design->networks->pdata[i];
    for (guint j = 0; j < network->prefixes->len; j++)
      if (prefix_contains(((const PrefixValue *)network->prefixes->pdata[j])->value, address))
        return network->head.name;
  }
  return NULL;
}

const DesignSubnet *design_find_subnet(const Design *design, const char *full_name,
                                       const DesignNetwork **network) {
  for (guint i = 0; i < design->networks->len; i++) {
    const DesignNetwork *candidate = design->networks->pdata[i];
    for (guint j = 0; j < candidate->subnets->len; j++) {
      const DesignSubnet *subnet = candidate->subnets->pdata[j];
      if (strcmp(subnet->full_name, full_name) == 0) {
        if (network != NULL)
          *network = candidate;
        return subnet;
      }
    }
  }
  return NULL;
}

const DesignSubnet *design_subnet_of_address(const Design *design, IpAddress address) {
  for (guint i = 0; i < design->networks->len; i++) {
    const DesignNetwork *network = design->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const DesignSubnet *subnet = network->subnets->pdata[j];
      if (subnet->prefix.given && prefix_contains(subnet->prefix.value, address))
        return subnet;
    }
  }
  return NULL;
}

const DesignPeering *design_peering_between(const Design *design, const char *a, const char *b) {
  for (guint i = 0; strcmp(a, b) != 0 && i < design->peerings->len; i++)
    if (design_peering_joins(design->peerings->pdata[i], a, b))
      return design->peerings->pdata[i];
  return NULL;
}

/* ---- route tables ------------------------------------------------------------------------- */

const DesignRouteTable *design_table_of(const Design *design, const char *network,
                                        const DesignSubnet *subnet) {
  for (guint i = 0; i < design->route_tables->len; i++) {
    const DesignRouteTable *table = design->route_tables->pdata[i];
    for (guint j = 0; j < table->subnets->len; j++) {
      const char *name = ((const NameRef *)table->subnets->pdata[j])->text;
      if (strcmp(name, subnet->full_name) == 0 ||
          (strcmp(name, subnet->head.name) == 0 && strcmp(table->network.text, network) == 0))
        return table;
    }
  }
  return NULL;
}

/* The table that its outer leg follows, and the network of that; NULL: none, or nobody knows. */
static const DesignRouteTable *table_of_appliance(const Design *design, const DesignNva *nva,
                                                  const char **network) {
  const char *name = nva->interfaces != NULL ? nva->interfaces->out.text : nva->subnet.text;
  const DesignNetwork *owner = NULL;
  const DesignSubnet *subnet = design_find_subnet(design, name, &owner);
  *network = subnet != NULL ? owner->head.name : NULL;
  return subnet != NULL ? design_table_of(design, owner->head.name, subnet) : NULL;
}

/* ---- the Internet ------------------------------------------------------------------------- */

static gboolean is_everything(Prefix prefix) { return prefix.length == 0; }

/* An address that belongs to nothing of the scenario. */
static gboolean is_outside(const Design *design, const char *end) {
  IpAddress address;
  if (!ip_address_parse(end, &address) || !ip_address_is_public(address) ||
      design_network_of_address(design, address) != NULL)
    return FALSE;
  for (guint i = 0; i < design->sites->len; i++) {
    const DesignSite *site = design->sites->pdata[i];
    for (guint j = 0; j < site->prefixes->len; j++)
      if (prefix_contains(((const PrefixValue *)site->prefixes->pdata[j])->value, address))
        return FALSE;
  }
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    for (guint j = 0; j < nva->advertise->len; j++) {
      const PrefixValue *prefix = &((const DesignAnnouncement *)nva->advertise->pdata[j])->prefix;
      if (prefix->given && !is_everything(prefix->value) && prefix_contains(prefix->value, address))
        return FALSE;
    }
  }
  return TRUE;
}

static gboolean is_internet(const Design *design, const NameRef *end) {
  return end->word == DESIGN_END_INTERNET || is_outside(design, end->text);
}

gboolean design_asks_internet(const Design *design) {
  gboolean asked = FALSE;
  for (guint i = 0; i < design->traffic->len; i++) {
    const DesignTraffic *traffic = design->traffic->pdata[i];
    asked |= is_internet(design, &traffic->from) || is_internet(design, &traffic->to);
  }
  for (guint i = 0; i < design->probes->len; i++) {
    const DesignProbe *probe = design->probes->pdata[i];
    asked |= is_internet(design, &probe->from) || is_internet(design, &probe->to);
  }
  return asked;
}

/* A site that has everything, or says so to what it is joined to, has a way out of its own.
 * Facts: AZ-8.19. */
static gboolean has_way_out(const Design *design, const DesignSite *site, const char *link) {
  g_autoptr(GArray) told = design_site_told(design, site, link);
  gboolean out = FALSE;
  for (guint i = 0; i < told->len; i++)
    out |= is_everything(g_array_index(told, DesignTold, i).prefix);
  for (guint i = 0; i < site->prefixes->len; i++)
    out |= is_everything(((const PrefixValue *)site->prefixes->pdata[i])->value);
  return out;
}

/* Is it behind a gateway that `network` has, or uses over a peering? */
static gboolean is_served_by_gateway(const Design *design, const DesignSite *site,
                                     const char *network) {
  for (guint i = 0; i < design->networks->len; i++) {
    const char *hub = ((const DesignNetwork *)design->networks->pdata[i])->head.name;
    if (design_is_served(design, network, hub) && design_site_is_behind(design, site, hub))
      return TRUE;
  }
  return FALSE;
}

static gboolean leads_to_internet(const Design *design, const NameRef *via) {
  const DesignGateway *gateway = design_find(design->gateways, via->text);
  return via->word == DESIGN_VIA_INTERNET ||
         (gateway != NULL && gateway->kind == DESIGN_GATEWAY_INTERNET);
}

/* TRUE where another appliance, a site with a way out, or what its own table says may lead there.
 */
static gboolean has_another_way(const Design *design, const DesignNva *nva) {
  const char *network;
  const DesignRouteTable *table = table_of_appliance(design, nva, &network);
  const gboolean hears = network != NULL && (table == NULL || table->propagate);
  for (guint i = 0; table != NULL && i < table->routes->len; i++) {
    const DesignRoute *route = table->routes->pdata[i];
    if (route->to.given && is_everything(route->to.value) &&
        !leads_to_internet(design, &route->via))
      return TRUE;
  }
  for (guint i = 0; i < nva->peers->len; i++)
    if (design_find(design->nvas, ((const DesignPeer *)nva->peers->pdata[i])->head.name) != NULL)
      return TRUE;
  for (guint i = 0; i < design->sites->len; i++) {
    const DesignSite *site = design->sites->pdata[i];
    if ((design_names_hold(site->via.names, nva->head.name) &&
         has_way_out(design, site, nva->head.name)) ||
        (hears && is_served_by_gateway(design, site, network) && has_way_out(design, site, NULL)))
      return TRUE;
  }
  return FALSE;
}

gboolean design_nva_translates(const Design *design, const DesignNva *nva) {
  return nva->snat != SNAT_OFF || has_another_way(design, nva);
}

/* ---- what an appliance does ----------------------------------------------------------------- */

static gboolean routes_name(const GPtrArray *routes, const DesignNva *nva) {
  IpAddress address;
  for (guint i = 0; i < routes->len; i++) {
    const char *via = ((const DesignRoute *)routes->pdata[i])->via.text;
    if (strcmp(via, nva->head.name) == 0 ||
        (nva->address.given && ip_address_parse(via, &address) &&
         ip_address_equal(address, nva->address.value)))
      return TRUE;
  }
  return FALSE;
}

/* `own` says that the list is its own, so that without a next hop it names itself. */
static gboolean announcements_name(const GPtrArray *announcements, const DesignNva *nva,
                                   gboolean own) {
  for (guint i = 0; i < announcements->len; i++) {
    const DesignAnnouncement *announcement = announcements->pdata[i];
    if (announcement->next_hop.text == NULL
            ? own
            : strcmp(announcement->next_hop.text, nva->head.name) == 0)
      return TRUE;
  }
  return FALSE;
}

/* What it learned from one appliance, it tells another peer with itself as next hop, unless that
 * peer is of its own AS or the next hop is kept (RFC 4271 5.1.3). */
static gboolean relays(const Design *design, const DesignNva *nva) {
  for (guint i = 0; i < nva->peers->len; i++) {
    const DesignPeer *to = nva->peers->pdata[i];
    const DesignNva *far_end = design_find(design->nvas, to->head.name);
    const gboolean same_as = far_end != NULL && far_end->asn == nva->asn;
    if (to->next_hop_self == NEXT_HOP_KEPT || (to->next_hop_self == NEXT_HOP_AS_RFC && same_as))
      continue;
    for (guint j = 0; j < nva->peers->len; j++)
      if (j != i &&
          design_find(design->nvas, ((const DesignPeer *)nva->peers->pdata[j])->head.name) != NULL)
        return TRUE;
  }
  return FALSE;
}

static gboolean is_behind_balancer(const Design *design, const DesignNva *nva) {
  for (guint i = 0; i < design->load_balancers->len; i++)
    if (design_names_hold(((const DesignLoadBalancer *)design->load_balancers->pdata[i])->members,
                          nva->head.name))
      return TRUE;
  return FALSE;
}

gboolean design_nva_forwards(const Design *design, const DesignNva *nva) {
  gboolean named = relays(design, nva) || is_behind_balancer(design, nva);
  for (guint i = 0; i < design->route_tables->len; i++)
    named |= routes_name(((const DesignRouteTable *)design->route_tables->pdata[i])->routes, nva);
  for (guint i = 0; i < design->sites->len; i++)
    named |=
        design_names_hold(((const DesignSite *)design->sites->pdata[i])->via.names, nva->head.name);
  for (guint i = 0; i < design->events->len; i++) {
    const DesignEvent *event = design->events->pdata[i];
    named |= event->routes != NULL && routes_name(event->routes, nva);
    named |= event->advertise != NULL &&
             announcements_name(event->advertise, nva, strcmp(event->ends[0], nva->head.name) == 0);
  }
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *other = design->nvas->pdata[i];
    named |= announcements_name(other->advertise, nva, other == nva);
    for (guint j = 0; j < other->peers->len; j++)
      named |= announcements_name(((const DesignPeer *)other->peers->pdata[j])->advertise, nva,
                                  other == nva);
  }
  return named;
}
