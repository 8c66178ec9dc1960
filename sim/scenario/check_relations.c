/* How the parts of a design stand to each other, as far as checks ask. */
#include <string.h>

#include "scenario_private.h"

/* ---- networks ----------------------------------------------------------------------------- */

/* An end that could not be read may be any network. */
static gboolean is_end(const NameRef *end, const char *network) {
  return end->text[0] == '\0' || strcmp(end->text, network) == 0;
}

gboolean check_joins(const ScenarioPeering *peering, const char *a, const char *b) {
  return (is_end(&peering->from, a) && is_end(&peering->to, b)) ||
         (is_end(&peering->from, b) && is_end(&peering->to, a));
}

gboolean check_peered(const ScenarioBody *body, const char *a, const char *b) {
  gboolean joined = strcmp(a, b) == 0 || !keys_sound(&body->head, "peerings");
  for (guint i = 0; i < body->peerings->len; i++)
    joined |= check_joins(body->peerings->pdata[i], a, b);
  return joined;
}

gboolean check_is_served(const ScenarioBody *body, const char *network, const char *by) {
  if (strcmp(network, by) == 0)
    return TRUE;
  for (guint i = 0; i < body->peerings->len; i++) {
    const ScenarioPeering *peering = body->peerings->pdata[i];
    if (peering->use_remote_gateway && strcmp(peering->from.text, network) == 0 &&
        strcmp(peering->to.text, by) == 0)
      return TRUE;
  }
  return FALSE;
}

const char *check_network_of_address(const ScenarioBody *body, IpAddress address) {
  for (guint i = 0; i < body->networks->len; i++) {
    const ScenarioNetwork *network = body->networks->pdata[i];
    for (guint j = 0; j < network->prefixes->len; j++)
      if (prefix_contains(((const PrefixValue *)network->prefixes->pdata[j])->value, address))
        return network->head.name;
  }
  return NULL;
}

const ScenarioSubnet *check_subnet_of_address(const ScenarioBody *body, IpAddress address) {
  for (guint i = 0; i < body->networks->len; i++) {
    const ScenarioNetwork *network = body->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const ScenarioSubnet *subnet = network->subnets->pdata[j];
      if (subnet->prefix.given && prefix_contains(subnet->prefix.value, address))
        return subnet;
    }
  }
  return NULL;
}

gboolean check_is_of_cloud(const ScenarioBody *body, const ScenarioSubnet *subnet) {
  for (guint c = 0; c < cloud_count(); c++)
    if (body->models[c] && (g_strcmp0(cloud_at(c)->dedicated_subnet, subnet->head.name) == 0 ||
                            g_strcmp0(cloud_at(c)->gateway_subnet, subnet->head.name) == 0))
      return TRUE;
  return FALSE;
}

/* ---- next hops ---------------------------------------------------------------------------- */

const ScenarioPeering *check_peering_of(const ScenarioBody *body, const char *a, const char *b) {
  for (guint i = 0; strcmp(a, b) != 0 && i < body->peerings->len; i++)
    if (check_joins(body->peerings->pdata[i], a, b))
      return body->peerings->pdata[i];
  return NULL;
}

const GPtrArray *check_peering_limits_of(const ScenarioPeering *peering, guint cloud,
                                         const char *network) {
  const NameRef *sides[2] = {&peering->from, &peering->to};
  for (guint side = 0; peering->configs[cloud] != NULL && side < 2; side++) {
    const GPtrArray *names = cloud_at(cloud)->peering_subnets(peering->configs[cloud], side);
    if (strcmp(sides[side]->text, network) == 0 && names->len > 0)
      return names;
  }
  return NULL;
}

gboolean check_peering_has(const ScenarioPeering *peering, guint cloud, const char *network,
                           const ScenarioSubnet *subnet) {
  const GPtrArray *limits =
      peering != NULL ? check_peering_limits_of(peering, cloud, network) : NULL;
  return limits == NULL || (subnet != NULL && (scenario_names_hold(limits, subnet->full_name) ||
                                               scenario_names_hold(limits, subnet->head.name)));
}

/* What could not be read may be the network that has it. */
static gboolean has_unread_prefixes(const ScenarioBody *body) {
  gboolean unread = !keys_sound(&body->head, "networks");
  for (guint i = 0; i < body->networks->len; i++)
    unread |= !keys_sound(body->networks->pdata[i], "prefixes");
  return unread;
}

typedef struct {
  const char *network;          /* NULL: in none */
  const ScenarioSubnet *subnet; /* NULL: in none */
} HopPlace;

static guint places_of_address(const ScenarioBody *body, IpAddress address, HopPlace places[2]) {
  places[0].network = check_network_of_address(body, address);
  places[0].subnet = check_subnet_of_address(body, address);
  return places[0].network != NULL || !has_unread_prefixes(body) ? 1 : 0;
}

static guint places_of_appliance(const ScenarioBody *body, const ScenarioNva *nva,
                                 HopPlace places[2]) {
  const char *legs[2] = {nva->subnet.text,
                         nva->interfaces != NULL ? nva->interfaces->out.text : NULL};
  guint count = 0;
  for (guint i = 0; i < 2 && legs[i] != NULL; i++) {
    ScenarioNetwork *owner = NULL;
    const ScenarioSubnet *subnet = check_find_subnet(body, legs[i], &owner);
    if (subnet != NULL)
      places[count++] = (HopPlace){owner->head.name, subnet};
  }
  return count;
}

/* 0: nobody knows; 2: the legs of an appliance. */
static guint places_of_hop(const ScenarioBody *body, const char *hop, HopPlace places[2]) {
  const ScenarioNva *nva = scenario_find(body->nvas, hop);
  const ScenarioLoadBalancer *balancer = scenario_find(body->load_balancers, hop);
  IpAddress address;
  if (nva != NULL)
    return places_of_appliance(body, nva, places);
  if (balancer != NULL)
    return balancer->address.given ? places_of_address(body, balancer->address.value, places) : 0;
  return ip_address_parse(hop, &address) ? places_of_address(body, address, places) : 0;
}

static const char *beyond(Arena *arena, const ScenarioBody *body, guint cloud, const char *network,
                          const ScenarioSubnet *subnet, const HopPlace *hop) {
  if (hop->network == NULL)
    return "lies in no network";
  if (!check_peered(body, network, hop->network))
    return arena_printf(arena, "lies in network '%s', which is not peered with '%s'", hop->network,
                        network);
  const ScenarioPeering *peering = check_peering_of(body, network, hop->network);
  if (!check_peering_has(peering, cloud, hop->network, hop->subnet))
    return arena_printf(arena,
                        "lies in network '%s', in none of the subnets that peering '%s' joins "
                        "(AZ-5.16)",
                        hop->network, peering->head.name);
  if (subnet != NULL && !check_peering_has(peering, cloud, network, subnet))
    return arena_printf(arena,
                        "lies in network '%s', and peering '%s' leaves subnet '%s' out (AZ-5.16)",
                        hop->network, peering->head.name, subnet->full_name);
  return NULL;
}

const char *check_hop_beyond(Arena *arena, const ScenarioBody *body, guint cloud,
                             const char *network, const ScenarioSubnet *subnet, const char *hop) {
  HopPlace places[2];
  const guint count = places_of_hop(body, hop, places);
  const char *why = NULL;
  for (guint i = 0; i < count; i++) {
    why = beyond(arena, body, cloud, network, subnet, &places[i]);
    if (why == NULL)
      return NULL;
  }
  return why;
}

/* ---- route tables ------------------------------------------------------------------------- */

const ScenarioRouteTable *check_table_of(const ScenarioBody *body, const char *network,
                                         const ScenarioSubnet *subnet) {
  for (guint i = 0; i < body->route_tables->len; i++) {
    const ScenarioRouteTable *table = body->route_tables->pdata[i];
    for (guint j = 0; j < table->subnets->len; j++) {
      const char *name = ((const NameRef *)table->subnets->pdata[j])->text;
      if (strcmp(name, subnet->full_name) == 0 ||
          (strcmp(name, subnet->head.name) == 0 && strcmp(table->network.text, network) == 0))
        return table;
    }
  }
  return NULL;
}

/* That its outer leg follows, and the network of that; NULL: none, or nobody knows. */
static const ScenarioRouteTable *table_of_appliance(const ScenarioBody *body,
                                                    const ScenarioNva *nva, const char **network) {
  const char *name = nva->interfaces != NULL ? nva->interfaces->out.text : nva->subnet.text;
  ScenarioNetwork *owner = NULL;
  const ScenarioSubnet *subnet = check_find_subnet(body, name, &owner);
  *network = subnet != NULL ? owner->head.name : NULL;
  return subnet != NULL ? check_table_of(body, owner->head.name, subnet) : NULL;
}

/* ---- the Internet ------------------------------------------------------------------------- */

static gboolean is_everything(Prefix prefix) { return prefix.length == 0; }

/* An address that belongs to nothing of the scenario. */
static gboolean is_outside(const ScenarioBody *body, const char *end) {
  IpAddress address;
  if (!ip_address_parse(end, &address) || !ip_address_is_public(address) ||
      check_network_of_address(body, address) != NULL)
    return FALSE;
  for (guint i = 0; i < body->sites->len; i++) {
    const ScenarioSite *site = body->sites->pdata[i];
    for (guint j = 0; j < site->prefixes->len; j++)
      if (prefix_contains(((const PrefixValue *)site->prefixes->pdata[j])->value, address))
        return FALSE;
  }
  for (guint i = 0; i < body->nvas->len; i++) {
    const ScenarioNva *nva = body->nvas->pdata[i];
    for (guint j = 0; j < nva->advertise->len; j++) {
      const PrefixValue *prefix = &((const ScenarioAnnouncement *)nva->advertise->pdata[j])->prefix;
      if (prefix->given && !is_everything(prefix->value) && prefix_contains(prefix->value, address))
        return FALSE;
    }
  }
  return TRUE;
}

static gboolean is_internet(const ScenarioBody *body, const NameRef *end) {
  return strcmp(end->text, "internet") == 0 || is_outside(body, end->text);
}

gboolean check_internet_asked(const ScenarioBody *body) {
  gboolean asked = FALSE;
  for (guint i = 0; i < body->traffic->len; i++) {
    const ScenarioTraffic *traffic = body->traffic->pdata[i];
    asked |= is_internet(body, &traffic->from) || is_internet(body, &traffic->to);
  }
  for (guint i = 0; i < body->probes->len; i++) {
    const ScenarioProbe *probe = body->probes->pdata[i];
    asked |= is_internet(body, &probe->from) || is_internet(body, &probe->to);
  }
  return asked;
}

/* A site that has everything, or says so to what it is joined to, has a way out of its own
 * (AZ-8.19). */
static gboolean has_way_out(const ScenarioBody *body, const ScenarioSite *site, const char *link) {
  g_autoptr(GArray) told = scenario_site_told(body, site, link);
  gboolean out = FALSE;
  for (guint i = 0; i < told->len; i++)
    out |= is_everything(g_array_index(told, ScenarioTold, i).prefix);
  for (guint i = 0; i < site->prefixes->len; i++)
    out |= is_everything(((const PrefixValue *)site->prefixes->pdata[i])->value);
  return out;
}

/* Is it behind a gateway that `network` has, or uses over a peering? */
static gboolean is_served_by_gateway(const ScenarioBody *body, const ScenarioSite *site,
                                     const char *network) {
  for (guint i = 0; i < body->networks->len; i++) {
    const char *hub = ((const ScenarioNetwork *)body->networks->pdata[i])->head.name;
    if (check_is_served(body, network, hub) && scenario_site_is_behind(body, site, hub))
      return TRUE;
  }
  return FALSE;
}

/* Another appliance, a site with a way out, or what its own table says may lead there. */
static gboolean has_another_way(const ScenarioBody *body, const ScenarioNva *nva) {
  const char *network;
  const ScenarioRouteTable *table = table_of_appliance(body, nva, &network);
  const gboolean hears = network != NULL && (table == NULL || table->propagate);
  for (guint i = 0; table != NULL && i < table->routes->len; i++) {
    const ScenarioRoute *route = table->routes->pdata[i];
    if (route->to.given && is_everything(route->to.value) &&
        strcmp(route->via.text, "internet") != 0)
      return TRUE;
  }
  for (guint i = 0; i < nva->peers->len; i++)
    if (scenario_find(body->nvas, ((const ScenarioPeer *)nva->peers->pdata[i])->head.name) != NULL)
      return TRUE;
  for (guint i = 0; i < body->sites->len; i++) {
    const ScenarioSite *site = body->sites->pdata[i];
    if ((scenario_names_hold(site->via.names, nva->head.name) &&
         has_way_out(body, site, nva->head.name)) ||
        (hears && is_served_by_gateway(body, site, network) && has_way_out(body, site, NULL)))
      return TRUE;
  }
  return FALSE;
}

gboolean check_translates(const ScenarioBody *body, const ScenarioNva *nva) {
  return nva->snat != SNAT_OFF || has_another_way(body, nva);
}

/* ---- what an appliance does ----------------------------------------------------------------- */

static gboolean routes_name(const GPtrArray *routes, const ScenarioNva *nva) {
  IpAddress address;
  for (guint i = 0; i < routes->len; i++) {
    const char *via = ((const ScenarioRoute *)routes->pdata[i])->via.text;
    if (strcmp(via, nva->head.name) == 0 ||
        (nva->address.given && ip_address_parse(via, &address) &&
         ip_address_equal(address, nva->address.value)))
      return TRUE;
  }
  return FALSE;
}

/* `own`: the list is its own, so that without a next hop it names itself. */
static gboolean announcements_name(const GPtrArray *announcements, const ScenarioNva *nva,
                                   gboolean own) {
  for (guint i = 0; i < announcements->len; i++) {
    const ScenarioAnnouncement *announcement = announcements->pdata[i];
    if (announcement->next_hop.text == NULL
            ? own
            : strcmp(announcement->next_hop.text, nva->head.name) == 0)
      return TRUE;
  }
  return FALSE;
}

/* What it learned from one appliance, it tells another peer with itself as next hop, unless that
 * peer is of its own AS or the next hop is kept (RFC 4271 5.1.3). */
static gboolean relays(const ScenarioBody *body, const ScenarioNva *nva) {
  for (guint i = 0; i < nva->peers->len; i++) {
    const ScenarioPeer *to = nva->peers->pdata[i];
    const ScenarioNva *far_end = scenario_find(body->nvas, to->head.name);
    const gboolean same_as = far_end != NULL && far_end->asn == nva->asn;
    if (to->next_hop_self == NEXT_HOP_KEPT || (to->next_hop_self == NEXT_HOP_AS_RFC && same_as))
      continue;
    for (guint j = 0; j < nva->peers->len; j++)
      if (j != i && scenario_find(body->nvas,
                                  ((const ScenarioPeer *)nva->peers->pdata[j])->head.name) != NULL)
        return TRUE;
  }
  return FALSE;
}

static gboolean is_behind_balancer(const ScenarioBody *body, const ScenarioNva *nva) {
  for (guint i = 0; i < body->load_balancers->len; i++)
    if (scenario_names_hold(((const ScenarioLoadBalancer *)body->load_balancers->pdata[i])->members,
                            nva->head.name))
      return TRUE;
  return FALSE;
}

gboolean check_forwards(const ScenarioBody *body, const ScenarioNva *nva) {
  gboolean named = relays(body, nva) || is_behind_balancer(body, nva);
  for (guint i = 0; i < body->route_tables->len; i++)
    named |= routes_name(((const ScenarioRouteTable *)body->route_tables->pdata[i])->routes, nva);
  for (guint i = 0; i < body->sites->len; i++)
    named |= scenario_names_hold(((const ScenarioSite *)body->sites->pdata[i])->via.names,
                                 nva->head.name);
  for (guint i = 0; i < body->events->len; i++) {
    const ScenarioEvent *event = body->events->pdata[i];
    named |= event->routes != NULL && routes_name(event->routes, nva);
    named |= event->advertise != NULL &&
             announcements_name(event->advertise, nva, strcmp(event->ends[0], nva->head.name) == 0);
  }
  for (guint i = 0; i < body->nvas->len; i++) {
    const ScenarioNva *other = body->nvas->pdata[i];
    named |= announcements_name(other->advertise, nva, other == nva);
    for (guint j = 0; j < other->peers->len; j++)
      named |= announcements_name(((const ScenarioPeer *)other->peers->pdata[j])->advertise, nva,
                                  other == nva);
  }
  return named;
}
