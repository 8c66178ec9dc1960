/* Who has which address: what the scenario gives, and what falls to those to whom it gives none. */
#include <string.h>

#include "routesim/design/design.h"
#include "routesim/net/fabric.h"

#define FIRST_LEG 4 /* the first address of a subnet that clouds hand out */

static gboolean is_given_to_appliance(const Design *design, IpAddress address) {
  for (guint i = 0; i < design->nvas->len; i++) {
    const AddressValue *given = &((const DesignNva *)design->nvas->pdata[i])->address;
    if (given->given && ip_address_equal(given->value, address))
      return TRUE;
  }
  return FALSE;
}

gboolean design_is_given(const Design *design, IpAddress address) {
  for (guint i = 0; i < design->load_balancers->len; i++) {
    const AddressValue *given =
        &((const DesignLoadBalancer *)design->load_balancers->pdata[i])->address;
    if (given->given && ip_address_equal(given->value, address))
      return TRUE;
  }
  return is_given_to_appliance(design, address);
}

/* ---- legs whose address the scenario does not say ------------------------------------------- */

/* NULL: there is no such leg. */
static const char *subnet_of_leg(const DesignNva *nva, guint leg) {
  if (leg == 0)
    return nva->address.given ? NULL : nva->subnet.text;
  return nva->interfaces != NULL ? nva->interfaces->out.text : NULL;
}

typedef gboolean (*LegVisit)(const DesignNva *nva, guint leg, IpAddress address, gpointer data);

/* Until a visit returns TRUE. Legs of one subnet take the next address that nobody was given, in the
 * order of the names of their appliances; second legs come behind. */
static gboolean foreach_leg_in(const Design *design, const DesignSubnet *subnet, LegVisit visit,
                               gpointer data) {
  guint64 offset = FIRST_LEG;
  for (guint leg = 0; leg < 2; leg++)
    for (guint i = 0; i < design->nvas->len; i++) {
      const DesignNva *nva = design->nvas->pdata[i];
      IpAddress address = ip_address_add(subnet->prefix.value.address, offset);
      if (g_strcmp0(subnet_of_leg(nva, leg), subnet->full_name) != 0)
        continue;
      while (design_is_given(design, address))
        address = ip_address_add(subnet->prefix.value.address, ++offset);
      if (visit(nva, leg, address, data))
        return TRUE;
      offset++;
    }
  return FALSE;
}

typedef struct {
  const DesignNva *nva;
  guint leg;
  IpAddress address;
} Search;

static gboolean is_leg(const DesignNva *nva, guint leg, IpAddress address, gpointer data) {
  Search *search = data;
  search->address = address;
  return search->nva == nva && search->leg == leg;
}

static gboolean is_address(const DesignNva *nva, guint leg, IpAddress address, gpointer data) {
  (void)nva;
  (void)leg;
  return ip_address_equal(((const Search *)data)->address, address);
}

IpAddress design_leg_address(const Design *design, const DesignNva *nva, guint leg) {
  Search search = {.nva = nva, .leg = leg};
  if (leg == 0 && nva->address.given)
    return nva->address.value;
  const gboolean found = foreach_leg_in(
      design, design_find_subnet(design, subnet_of_leg(nva, leg), NULL), is_leg, &search);
  g_assert(found);
  return search.address;
}

/* A subnet that is too small, which is an error of its own, has no more than it holds. */
static gboolean is_chosen(const Design *design, const DesignSubnet *subnet, IpAddress address) {
  Search search = {.address = address};
  return !subnet_keeps(subnet->prefix.value, address) &&
         foreach_leg_in(design, subnet, is_address, &search);
}

/* ---- interfaces --------------------------------------------------------------------------- */

gboolean design_has_unread_ranges(const Design *design) {
  gboolean unread = !design_is_read(design, design->networks);
  for (guint i = 0; i < design->networks->len; i++) {
    const DesignNetwork *network = design->networks->pdata[i];
    unread |= !keys_sound(&network->head, "prefixes") || !keys_sound(&network->head, "subnets");
    for (guint j = 0; j < network->subnets->len; j++)
      unread |= !((const DesignSubnet *)network->subnets->pdata[j])->prefix.given;
  }
  return unread;
}

static gboolean has_leg_in(const Design *design, const DesignNva *nva, const char *network) {
  const char *legs[2] = {nva->subnet.text,
                         nva->interfaces != NULL ? nva->interfaces->out.text : NULL};
  for (guint i = 0; i < 2 && legs[i] != NULL; i++) {
    const DesignNetwork *owner = NULL;
    if (design_find_subnet(design, legs[i], &owner) == NULL ||
        strcmp(owner->head.name, network) == 0)
      return TRUE;
  }
  return FALSE;
}

gboolean design_is_interface(const Design *design, const char *network, const char *hop) {
  const DesignNva *nva = design_find(design->nvas, hop);
  const DesignSubnet *subnet;
  IpAddress address;
  if (nva != NULL)
    return has_leg_in(design, nva, network);
  if (!ip_address_parse(hop, &address))
    return design_find(design->load_balancers, hop) == NULL;
  if (design_has_unread_ranges(design) || !design_is_read(design, design->nvas) ||
      design->failover != FAILOVER_ROUTE_SERVER) /* nobody hears of next hops */
    return TRUE;
  subnet = design_subnet_of_address(design, address);
  return g_strcmp0(design_network_of_address(design, address), network) == 0 && subnet != NULL &&
         (is_given_to_appliance(design, address) || is_chosen(design, subnet, address));
}

/* ---- room --------------------------------------------------------------------------------- */

static guint count_legs(const Design *design, const DesignSubnet *subnet) {
  guint count = 0;
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    count += strcmp(nva->subnet.text, subnet->full_name) == 0;
    count += nva->interfaces != NULL && strcmp(nva->interfaces->out.text, subnet->full_name) == 0;
  }
  return count;
}

static guint count_front_ends(const Design *design, const DesignSubnet *subnet) {
  guint count = 0;
  for (guint i = 0; i < design->load_balancers->len; i++) {
    const AddressValue *address =
        &((const DesignLoadBalancer *)design->load_balancers->pdata[i])->address;
    count += address->given && prefix_contains(subnet->prefix.value, address->value);
  }
  return count;
}

static guint count_nat_gateways(const Design *design, const DesignSubnet *subnet) {
  guint count = 0;
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *gateway = design->gateways->pdata[i];
    count += gateway->kind == DESIGN_GATEWAY_NAT &&
             g_strcmp0(gateway->subnet.text, subnet->full_name) == 0;
  }
  return count;
}

guint64 design_inhabitants(const Design *design, const DesignSubnet *subnet,
                           gboolean nat_gateways) {
  return (guint64)subnet->vms + count_legs(design, subnet) + count_front_ends(design, subnet) +
         (nat_gateways ? count_nat_gateways(design, subnet) : 0);
}
