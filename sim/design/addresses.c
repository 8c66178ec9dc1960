/* Who has which address, and how many are taken. */
#include <string.h>

#include "routesim/design/design.h"

gboolean design_is_given(const Design *design, IpAddress address) {
  for (guint i = 0; i < design->load_balancers->len; i++) {
    const AddressValue *given =
        &((const DesignLoadBalancer *)design->load_balancers->pdata[i])->address;
    if (given->given && ip_address_equal(given->value, address))
      return TRUE;
  }
  for (guint i = 0; i < design->nvas->len; i++) {
    const AddressValue *given = &((const DesignNva *)design->nvas->pdata[i])->address;
    if (given->given && ip_address_equal(given->value, address))
      return TRUE;
  }
  return FALSE;
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

static gboolean is_leg(const Design *design, IpAddress address) {
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    if (ip_address_equal(nva->legs[0], address) || ip_address_equal(nva->legs[1], address))
      return TRUE;
  }
  return FALSE;
}

gboolean design_is_interface(const Design *design, const char *network, const char *hop) {
  const DesignNva *nva = design_find(design->nvas, hop);
  IpAddress address;
  if (nva != NULL)
    return has_leg_in(design, nva, network);
  if (!ip_address_parse(hop, &address))
    return design_find(design->load_balancers, hop) == NULL;
  if (design_has_unread_ranges(design) || !design_is_read(design, design->nvas) ||
      design->failover != FAILOVER_ROUTE_SERVER) /* nobody hears of next hops */
    return TRUE;
  return g_strcmp0(design_network_of_address(design, address), network) == 0 &&
         design_subnet_of_address(design, address) != NULL && is_leg(design, address);
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
