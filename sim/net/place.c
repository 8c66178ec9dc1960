/* Who owns an address, and what joins the networks; see fabric.h. */
#include "place_private.h"
#include "routesim/base/random.h"

/* ---- owners ------------------------------------------------------------------------- */

Claim *fabric_claim(Fabric *fabric, Prefix prefix) {
  Claim *claim = trie_get(fabric->claims, prefix);
  if (claim == NULL) {
    claim = arena_new0(fabric->arena, Claim);
    trie_set(fabric->claims, prefix, claim);
  }
  fabric_owners_changed(fabric);
  return claim;
}

Element *fabric_element_at(const Fabric *fabric, IpAddress address) {
  return trie_get(fabric->elements, prefix_host(address));
}

/* The subnet that `address` lies in, and its network; NULL: none. */
static const Claim *fabric_place(const Fabric *fabric, IpAddress address) {
  const Claim *claim = trie_match(fabric->claims, address, NULL);
  return claim != NULL && claim->network != NULL ? claim : NULL;
}

const Claim *element_place(const Element *element, IpAddress address) {
  const Fabric *fabric = element->fabric;
  if (element->place->claimed != fabric->claimed)
    *element->place = (ElementPlace){.claimed = fabric->claimed,
                                     .address = fabric_place(fabric, element->config.address),
                                     .nat_address = fabric_place(fabric, element->nat_address)};
  if (ip_address_equal(address, element->config.address))
    return element->place->address;
  return ip_address_equal(address, element->nat_address) ? element->place->nat_address
                                                         : fabric_place(fabric, address);
}

#define KEPT_FIRST 4 /* addresses at the beginning of a subnet */

gboolean subnet_keeps(Prefix subnet, IpAddress address) {
  return ip_address_compare(address, ip_address_add(subnet.address, KEPT_FIRST)) < 0 ||
         !prefix_contains(subnet, ip_address_add(address, 1));
}

guint64 subnet_room(Prefix subnet) {
  const guint64 size = prefix_size(subnet);
  return size > KEPT_FIRST ? size - KEPT_FIRST - 1 : 0;
}

/* Subnets have IPv4 ranges alone: in IPv6 every address of a network is taken for a host's. */
static gboolean has_hosts(const Claim *claim, IpAddress address) {
  return claim->host || address.family == IP_V6 ||
         (claim->subnet != NULL && claim->subnet->hosts > 0 &&
          !subnet_keeps(claim->subnet->prefix, address));
}

const Balancer *fabric_balancer_at(const Fabric *fabric, IpAddress address) {
  return trie_size(fabric->balancers) > 0 ? trie_get(fabric->balancers, prefix_host(address))
                                          : NULL;
}

static AddressOwner find_owner(const Fabric *fabric, IpAddress address) {
  const Claim *claim = trie_match(fabric->claims, address, NULL);
  AddressOwner owner = {.element = fabric_element_at(fabric, address),
                        .balancer = fabric_balancer_at(fabric, address)};
  if (claim != NULL) {
    owner.network = claim->network;
    owner.subnet = claim->subnet;
    owner.site = claim->site;
  }
  if (owner.element != NULL)
    owner.kind = OWNER_ELEMENT;
  else if (owner.balancer != NULL)
    owner.kind = OWNER_BALANCER;
  else if (owner.network != NULL)
    owner.kind = has_hosts(claim, address) ? OWNER_HOST : OWNER_VACANT;
  else if (owner.site != NULL && owner.site != fabric->internet)
    owner.kind = OWNER_SITE;
  else if (ip_address_is_public(address))
    owner = (AddressOwner){.kind = OWNER_INTERNET, .site = fabric->internet};
  else
    owner.kind = OWNER_NOBODY;
  return owner;
}

AddressOwner fabric_owner(const Fabric *fabric, IpAddress address) {
  KnownOwner *known = &fabric->known[random_mix64(address.hi ^ address.lo) % KNOWN_OWNERS];
  if (known->claimed != fabric->claimed || !ip_address_equal(known->address, address))
    *known = (KnownOwner){fabric->claimed, address, find_owner(fabric, address)};
  return known->owner;
}

/* The host has the first address of those that every cloud hands out and that no appliance or front
 * end has. */
static IpAddress find_host_address(const Subnet *subnet) {
  const Fabric *fabric = subnet->network->fabric;
  const IpAddress first = ip_address_add(subnet->prefix.address, KEPT_FIRST);
  for (IpAddress address = first; !subnet_keeps(subnet->prefix, address);
       address = ip_address_add(address, 1))
    if (fabric_element_at(fabric, address) == NULL && fabric_balancer_at(fabric, address) == NULL)
      return address;
  return first;
}

IpAddress subnet_host_address(const Subnet *subnet) {
  const guint claimed = subnet->network->fabric->claimed;
  if (subnet->host->claimed != claimed)
    *subnet->host = (HostPlace){claimed, find_host_address(subnet)};
  return subnet->host->address;
}

/* ---- peerings ----------------------------------------------------------------------- */

Peering *peering_new(Fabric *fabric, const char *name, Network *a, Network *b) {
  Peering *peering = arena_new0(fabric->arena, Peering);
  *peering = (Peering){.fabric = fabric,
                       .name = arena_strdup(fabric->arena, name),
                       .ends = {a, b},
                       .limits = {arena_ptr_array(fabric->arena), arena_ptr_array(fabric->arena)},
                       .up = TRUE};
  g_ptr_array_add(fabric->peerings, peering);
  return peering;
}

void peering_set_up(Peering *peering, gboolean up) {
  peering->up = up;
  peering->changed_by = engine_cause(peering->fabric->engine);
  fabric_changed(peering->fabric, peering->fabric->peered);
}

void peering_set_no_transit(Peering *peering) { peering->no_transit = TRUE; }

void peering_limit(Peering *peering, Subnet *subnet) {
  g_ptr_array_add(peering->limits[subnet->network == peering->ends[0] ? 0 : 1], subnet);
}

const Peering *fabric_peering(const Fabric *fabric, const Network *a, const Network *b) {
  for (guint i = 0; i < fabric->peerings->len; i++) {
    const Peering *peering = fabric->peerings->pdata[i];
    if (peering->up && ((peering->ends[0] == a && peering->ends[1] == b) ||
                        (peering->ends[0] == b && peering->ends[1] == a)))
      return peering;
  }
  return NULL;
}

/* A peering limited to subnets carries nothing for a place whose subnet is unknown. */
static gboolean admits(const Peering *peering, const Network *network, const Subnet *subnet) {
  const GPtrArray *limits = peering->limits[network == peering->ends[0] ? 0 : 1];
  return limits->len == 0 || g_ptr_array_find((GPtrArray *)limits, subnet, NULL);
}

gboolean fabric_joins(const Fabric *fabric, const Network *a, const Subnet *in_a, const Network *b,
                      const Subnet *in_b, RecordId *changed_by) {
  if (a == NULL || b == NULL || a == b)
    return TRUE;
  fabric_note(fabric, fabric->peered);
  const Peering *peering = fabric_peering(fabric, a, b);
  if (peering == NULL)
    return FALSE;
  *changed_by = MAX(*changed_by, peering->changed_by);
  return admits(peering, a, in_a) && admits(peering, b, in_b);
}
