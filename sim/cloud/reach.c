/* What a cloud asks when it checks a design: how far packets go without anybody between. Nothing
 * here needs the registry, which knows every cloud. */
#include <string.h>

#include "routesim/cloud/design.h"

gconstpointer cloud_config(const DesignCheck *check, const gpointer configs[]) {
  return configs[check->place];
}

/* ---- next hops ---------------------------------------------------------------------------- */

/* TRUE where what could not be read may be the network that has an address. */
static gboolean has_unread_prefixes(const Design *design) {
  gboolean unread = !keys_sound(&design->head, "networks");
  for (guint i = 0; i < design->networks->len; i++)
    unread |= !keys_sound(design->networks->pdata[i], "prefixes");
  return unread;
}

typedef struct {
  const char *network;        /* NULL: in none */
  const DesignSubnet *subnet; /* NULL: in none */
} HopPlace;

static guint places_of_address(const Design *design, IpAddress address, HopPlace places[2]) {
  places[0].network = design_network_of_address(design, address);
  places[0].subnet = design_subnet_of_address(design, address);
  return places[0].network != NULL || !has_unread_prefixes(design) ? 1 : 0;
}

static guint places_of_appliance(const Design *design, const DesignNva *nva, HopPlace places[2]) {
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

/* How many places the hop has. 0: nobody knows; 2: the legs of an appliance. */
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

static const char *beyond(const DesignCheck *check, const char *network, const DesignSubnet *subnet,
                          const HopPlace *hop) {
  Arena *arena = check->reader->arena;
  const Design *design = check->design;
  if (hop->network == NULL)
    return "lies in no network";
  if (!design_are_peered(design, network, hop->network))
    return arena_printf(arena, "lies in network '%s', which is not peered with '%s'", hop->network,
                        network);
  const DesignPeering *peering = design_peering_between(design, network, hop->network);
  if (!design_peering_includes(peering, check->place, hop->network, hop->subnet))
    return arena_printf(arena,
                        "lies in network '%s', in none of the subnets that peering '%s' joins (%s)",
                        hop->network, peering->head.name, check->cloud->subnet_peering->fact);
  if (subnet != NULL && !design_peering_includes(peering, check->place, network, subnet))
    return arena_printf(arena, "lies in network '%s', and peering '%s' leaves subnet '%s' out (%s)",
                        hop->network, peering->head.name, subnet->full_name,
                        check->cloud->subnet_peering->fact);
  return NULL;
}

const char *cloud_hop_beyond(const DesignCheck *check, const char *network,
                             const DesignSubnet *subnet, const char *hop) {
  HopPlace places[2];
  const guint count = places_of_hop(check->design, hop, places);
  const char *why = NULL;
  for (guint i = 0; i < count; i++) {
    why = beyond(check, network, subnet, &places[i]);
    if (why == NULL)
      return NULL;
  }
  return why;
}

const char *cloud_table_hop_beyond(const DesignCheck *check, const DesignRouteTable *table,
                                   const char *hop) {
  const Design *design = check->design;
  const DesignNetwork *network = design_find(design->networks, table->network.text);
  const char *own = network->head.name, *why = NULL;
  for (guint i = 0; why == NULL && i < network->subnets->len; i++) {
    const DesignSubnet *subnet = network->subnets->pdata[i];
    if (design_table_of(design, own, subnet) == table)
      why = cloud_hop_beyond(check, own, subnet, hop);
  }
  return why != NULL || table->subnets->len > 0 ? why : cloud_hop_beyond(check, own, NULL, hop);
}

/* ---- what a route server has to do with a network ----------------------------------------- */

GArray *cloud_known_ranges(const DesignCheck *check, const DesignNetwork *network, const char *to) {
  GArray *known = g_array_new(FALSE, FALSE, sizeof(Prefix));
  const DesignPeering *peering = design_peering_between(check->design, network->head.name, to);
  const gboolean limited =
      peering != NULL && design_peering_limits(peering, check->place, network->head.name) != NULL;
  for (guint i = 0; !limited && i < network->prefixes->len; i++)
    g_array_append_val(known, ((PrefixValue *)network->prefixes->pdata[i])->value);
  for (guint i = 0; limited && i < network->subnets->len; i++) {
    const DesignSubnet *subnet = network->subnets->pdata[i];
    if (design_peering_includes(peering, check->place, network->head.name, subnet))
      g_array_append_vals(known, &subnet->prefix.value, 1);
  }
  return known;
}

gboolean cloud_feeds(const DesignCheck *check, const char *by, const DesignNetwork *network,
                     const DesignSubnet *subnet) {
  const Design *design = check->design;
  const DesignRouteTable *table = design_table_of(design, network->head.name, subnet);
  const DesignPeering *peering = design_peering_between(design, network->head.name, by);
  return (table == NULL || table->propagate) &&
         design_peering_includes(peering, check->place, network->head.name, subnet);
}
