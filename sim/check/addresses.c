/* Checks of addresses: each has one owner, and a subnet holds no more than a cloud hands out. */
#include <string.h>

#include "check_private.h"

/* ---- owners ------------------------------------------------------------------------------- */

/* An address that the scenario gives to somebody; what the cloud gives keeps out of its way. */
typedef struct {
  AddressValue address;
  const char *what, *name; /* "appliance", "fw-a" */
} Owned;

static void claim(DesignCheck *check, GArray *owned, const AddressValue *address, const char *what,
                  const char *name) {
  const Owned mine = {*address, what, name};
  if (!address->given)
    return;
  for (guint i = 0; i < owned->len; i++) {
    const Owned *other = &g_array_index(owned, Owned, i);
    if (ip_address_equal(other->address.value, address->value))
      tell_error(check, address->mark, "the address is that of %s '%s' already", other->what,
                 other->name);
  }
  g_array_append_val(owned, mine);
}

/* Several appliances may announce one virtual address, which none of them has as its own. */
static void check_virtual(DesignCheck *check, const GArray *owned, const DesignNva *nva) {
  if (!nva->virtual_address.given)
    return;
  for (guint i = 0; i < owned->len; i++) {
    const Owned *other = &g_array_index(owned, Owned, i);
    if (prefix_equal(nva->virtual_address.value, prefix_host(other->address.value)))
      tell_error(check, nva->head.mark, "the virtual address of '%s' is that of %s '%s' already",
                 nva->head.name, other->what, other->name);
  }
}

static void check_owners(DesignCheck *check) {
  const Design *design = check->design;
  g_autoptr(GArray) owned = g_array_new(FALSE, FALSE, sizeof(Owned));
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    claim(check, owned, &nva->address, "appliance", nva->head.name);
  }
  for (guint i = 0; i < design->load_balancers->len; i++) {
    const DesignLoadBalancer *balancer = design->load_balancers->pdata[i];
    claim(check, owned, &balancer->address, "load balancer", balancer->head.name);
  }
  for (guint i = 0; i < design->nvas->len; i++)
    check_virtual(check, owned, design->nvas->pdata[i]);
}

/* ---- ranges ------------------------------------------------------------------------------- */

static const struct {
  guint32 first;
  guint length;
  const char *what;
} special[] = {{0x00000000u, 8, "'this network' (RFC 1122 3.2.1.3)"},
               {0x7F000000u, 8, "loopback (RFC 1122 3.2.1.3)"},
               {0xA9FE0000u, 16, "link-local (RFC 3927)"},
               {0xE0000000u, 4, "multicast (RFC 5771)"},
               {0xF0000000u, 4, "reserved (RFC 1112 4)"}};

/* What covers such a range is fine: a default route, or a half of it. */
static void check_special(DesignCheck *check, const PrefixValue *prefix) {
  for (guint i = 0; i < G_N_ELEMENTS(special); i++)
    if (prefix->value.length > 0 &&
        prefix_covers(prefix_make(ip_address_v4(special[i].first), special[i].length),
                      prefix->value))
      tell_error(check, prefix->mark, "nobody has these addresses: they are %s", special[i].what);
}

/* `nested`: one range may lie in another. */
static void check_list(DesignCheck *check, const GPtrArray *prefixes, gboolean nested) {
  for (guint i = 0; i < prefixes->len; i++) {
    const PrefixValue *mine = prefixes->pdata[i];
    check_special(check, mine);
    for (guint j = 0; j < i; j++) {
      const Prefix other = ((const PrefixValue *)prefixes->pdata[j])->value;
      if (nested ? prefix_equal(mine->value, other) : prefix_overlaps(mine->value, other))
        tell_error(check, mine->mark, "the prefix %s another one of this list",
                   nested ? "equals" : "overlaps");
    }
  }
}

static void check_ranges(DesignCheck *check) {
  const Design *design = check->design;
  for (guint i = 0; i < design->networks->len; i++)
    check_list(check, ((const DesignNetwork *)design->networks->pdata[i])->prefixes, FALSE);
  for (guint i = 0; i < design->sites->len; i++)
    check_list(check, ((const DesignSite *)design->sites->pdata[i])->prefixes, TRUE);
}

/* ---- places ------------------------------------------------------------------------------- */

static void check_kept(DesignCheck *check, const AddressValue *address,
                       const DesignSubnet *subnet) {
  if (subnet_keeps(subnet->prefix.value, address->value))
    tell_error(check, address->mark,
               "the address is the cloud's own: the first four addresses of subnet '%s' and its "
               "last are taken",
               subnet->full_name);
}

static void check_appliance(DesignCheck *check, const DesignNva *nva) {
  const DesignSubnet *subnet = design_find_subnet(check->design, nva->subnet.text, NULL);
  if (!nva->address.given || subnet == NULL || !subnet->prefix.given)
    return;
  if (!prefix_contains(subnet->prefix.value, nva->address.value))
    tell_error(check, nva->address.mark, "the address is not in subnet '%s'", subnet->full_name);
  else
    check_kept(check, &nva->address, subnet);
}

static void check_front_end(DesignCheck *check, const AddressValue *address) {
  const DesignSubnet *subnet = design_subnet_of_address(check->design, address->value);
  const char *network = design_network_of_address(check->design, address->value);
  if (subnet != NULL)
    check_kept(check, address, subnet);
  else if (network != NULL && !design_has_unread_ranges(check->design))
    tell_error(check, address->mark, "the front end is in no subnet of network '%s'", network);
  else if (!design_has_unread_ranges(check->design))
    tell_error(check, address->mark, "the front end is in no network");
}

/* ---- room --------------------------------------------------------------------------------- */

/* Have NAT gateways addresses under any cloud of the design? */
static gboolean have_nat_gateways(const Design *design) {
  for (guint c = 0; c < cloud_count(); c++)
    if (design->models[c] && cloud_at(c)->edges != NULL)
      return TRUE;
  return FALSE;
}

static void check_room(DesignCheck *check, const DesignSubnet *subnet) {
  const guint64 wanted =
      design_inhabitants(check->design, subnet, have_nat_gateways(check->design));
  const guint64 room = subnet_room(subnet->prefix.value);
  if (subnet->prefix.value.address.family == IP_V4 && wanted > room)
    tell_error(check, subnet->prefix.mark,
               "subnet '%s' has %" G_GUINT64_FORMAT " addresses to give, as clouds keep the first "
               "four and the last, and %" G_GUINT64_FORMAT
               " are needed: for its vms, legs of appliances, front ends and NAT gateways",
               subnet->full_name, room, wanted);
}

void check_addresses(DesignCheck *check) {
  const Design *design = check->design;
  check_ranges(check);
  check_owners(check);
  for (guint i = 0; i < design->nvas->len; i++)
    check_appliance(check, design->nvas->pdata[i]);
  for (guint i = 0; i < design->load_balancers->len; i++) {
    const DesignLoadBalancer *balancer = design->load_balancers->pdata[i];
    if (balancer->address.given)
      check_front_end(check, &balancer->address);
  }
  for (guint i = 0; i < design->networks->len; i++) {
    const DesignNetwork *network = design->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const DesignSubnet *subnet = network->subnets->pdata[j];
      if (subnet->prefix.given)
        check_room(check, subnet);
    }
  }
}
