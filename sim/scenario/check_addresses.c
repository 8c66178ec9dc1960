/* Checks of addresses: each has one owner, and a subnet holds no more than a cloud hands out. */
#include <string.h>

#include "scenario_private.h"

/* ---- owners ------------------------------------------------------------------------------- */

/* An address that the scenario gives to somebody; what the cloud gives keeps out of its way. */
typedef struct {
  AddressValue address;
  const char *what, *name; /* "appliance", "fw-a" */
} Owned;

static void claim(Check *check, GArray *owned, const AddressValue *address, const char *what,
                  const char *name) {
  const Owned mine = {*address, what, name};
  if (!address->given)
    return;
  for (guint i = 0; i < owned->len; i++) {
    const Owned *other = &g_array_index(owned, Owned, i);
    if (ip_address_equal(other->address.value, address->value))
      check_error(check, address->mark, "the address is that of %s '%s' already", other->what,
                  other->name);
  }
  g_array_append_val(owned, mine);
}

gboolean check_virtual_address(const ScenarioNva *nva, Prefix *out) {
  const NvaClass *class = nva_class_at((guint)nva->kind);
  return class->virtual_address != NULL && keys_sound(&nva->head, "kind") &&
         nva->class_keys != NULL && class->virtual_address(nva->class_keys, out);
}

/* Several appliances may announce one virtual address, which none of them has as its own. */
static void check_virtual(Check *check, const GArray *owned, const ScenarioNva *nva) {
  Prefix prefix;
  if (!check_virtual_address(nva, &prefix))
    return;
  for (guint i = 0; i < owned->len; i++) {
    const Owned *other = &g_array_index(owned, Owned, i);
    if (prefix_equal(prefix, prefix_host(other->address.value)))
      check_error(check, nva->head.mark, "the virtual address of '%s' is that of %s '%s' already",
                  nva->head.name, other->what, other->name);
  }
}

static void check_owners(Check *check) {
  const ScenarioBody *body = check->body;
  g_autoptr(GArray) owned = g_array_new(FALSE, FALSE, sizeof(Owned));
  for (guint i = 0; i < body->nvas->len; i++) {
    const ScenarioNva *nva = body->nvas->pdata[i];
    claim(check, owned, &nva->address, "appliance", nva->head.name);
  }
  for (guint i = 0; i < body->load_balancers->len; i++) {
    const ScenarioLoadBalancer *balancer = body->load_balancers->pdata[i];
    claim(check, owned, &balancer->address, "load balancer", balancer->head.name);
  }
  for (guint i = 0; i < body->nvas->len; i++)
    check_virtual(check, owned, body->nvas->pdata[i]);
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
static void check_special(Check *check, const PrefixValue *prefix) {
  for (guint i = 0; i < G_N_ELEMENTS(special); i++)
    if (prefix->value.length > 0 &&
        prefix_covers(prefix_make(ip_address_v4(special[i].first), special[i].length),
                      prefix->value))
      check_error(check, prefix->mark, "nobody has these addresses: they are %s", special[i].what);
}

/* `nested`: one range may lie in another. */
static void check_list(Check *check, const GPtrArray *prefixes, gboolean nested) {
  for (guint i = 0; i < prefixes->len; i++) {
    const PrefixValue *mine = prefixes->pdata[i];
    check_special(check, mine);
    for (guint j = 0; j < i; j++) {
      const Prefix other = ((const PrefixValue *)prefixes->pdata[j])->value;
      if (nested ? prefix_equal(mine->value, other) : prefix_overlaps(mine->value, other))
        check_error(check, mine->mark, "the prefix %s another one of this list",
                    nested ? "equals" : "overlaps");
    }
  }
}

static void check_ranges(Check *check) {
  const ScenarioBody *body = check->body;
  for (guint i = 0; i < body->networks->len; i++)
    check_list(check, ((const ScenarioNetwork *)body->networks->pdata[i])->prefixes, FALSE);
  for (guint i = 0; i < body->sites->len; i++)
    check_list(check, ((const ScenarioSite *)body->sites->pdata[i])->prefixes, TRUE);
}

/* ---- places ------------------------------------------------------------------------------- */

static void check_kept(Check *check, const AddressValue *address, const ScenarioSubnet *subnet) {
  if (subnet_keeps(subnet->prefix.value, address->value))
    check_error(check, address->mark,
                "the address is the cloud's own: the first four addresses of subnet '%s' and its "
                "last are taken",
                subnet->full_name);
}

static void check_appliance(Check *check, const ScenarioNva *nva) {
  const ScenarioSubnet *subnet = check_find_subnet(check->body, nva->subnet.text, NULL);
  if (!nva->address.given || subnet == NULL || !subnet->prefix.given)
    return;
  if (!prefix_contains(subnet->prefix.value, nva->address.value))
    check_error(check, nva->address.mark, "the address is not in subnet '%s'", subnet->full_name);
  else
    check_kept(check, &nva->address, subnet);
}

/* What could not be read may be the network or the subnet. */
static gboolean may_be_elsewhere(const ScenarioBody *body) {
  gboolean may = !keys_sound(&body->head, "networks");
  for (guint i = 0; i < body->networks->len; i++) {
    const ScenarioNetwork *network = body->networks->pdata[i];
    may |= !keys_sound(&network->head, "prefixes") || !keys_sound(&network->head, "subnets");
    for (guint j = 0; j < network->subnets->len; j++)
      may |= !((const ScenarioSubnet *)network->subnets->pdata[j])->prefix.given;
  }
  return may;
}

static void check_front_end(Check *check, const AddressValue *address) {
  const ScenarioSubnet *subnet = check_subnet_of_address(check->body, address->value);
  const char *network = check_network_of_address(check->body, address->value);
  if (subnet != NULL)
    check_kept(check, address, subnet);
  else if (network != NULL && !may_be_elsewhere(check->body))
    check_error(check, address->mark, "the front end is in no subnet of network '%s'", network);
  else if (!may_be_elsewhere(check->body))
    check_error(check, address->mark, "the front end is in no network");
}

/* ---- interfaces --------------------------------------------------------------------------- */

static gboolean is_given_to_appliance(const ScenarioBody *body, IpAddress address) {
  for (guint i = 0; i < body->nvas->len; i++) {
    const AddressValue *given = &((const ScenarioNva *)body->nvas->pdata[i])->address;
    if (given->given && ip_address_equal(given->value, address))
      return TRUE;
  }
  return FALSE;
}

gboolean check_is_given(const ScenarioBody *body, IpAddress address) {
  for (guint i = 0; i < body->load_balancers->len; i++) {
    const AddressValue *given =
        &((const ScenarioLoadBalancer *)body->load_balancers->pdata[i])->address;
    if (given->given && ip_address_equal(given->value, address))
      return TRUE;
  }
  return is_given_to_appliance(body, address);
}

/* Legs whose address the scenario does not say. */
static guint count_chosen_legs(const ScenarioBody *body, const ScenarioSubnet *subnet) {
  guint count = 0;
  for (guint i = 0; i < body->nvas->len; i++) {
    const ScenarioNva *nva = body->nvas->pdata[i];
    count += !nva->address.given && strcmp(nva->subnet.text, subnet->full_name) == 0;
    count += nva->interfaces != NULL && strcmp(nva->interfaces->out.text, subnet->full_name) == 0;
  }
  return count;
}

/* They have the first addresses that nobody was given (see world_nva_address()). */
static gboolean is_chosen(const ScenarioBody *body, const ScenarioSubnet *subnet,
                          IpAddress address) {
  guint left = count_chosen_legs(body, subnet);
  IpAddress each = subnet->prefix.value.address;
  while (left > 0 && prefix_contains(subnet->prefix.value, each)) {
    const gboolean free = !subnet_keeps(subnet->prefix.value, each) && !check_is_given(body, each);
    if (free && ip_address_equal(each, address))
      return TRUE;
    left -= free;
    each = ip_address_add(each, 1);
  }
  return FALSE;
}

static gboolean has_leg_in(const ScenarioBody *body, const ScenarioNva *nva, const char *network) {
  const char *legs[2] = {nva->subnet.text,
                         nva->interfaces != NULL ? nva->interfaces->out.text : NULL};
  for (guint i = 0; i < 2 && legs[i] != NULL; i++) {
    ScenarioNetwork *owner = NULL;
    if (check_find_subnet(body, legs[i], &owner) == NULL ||
        strcmp(owner->head.name, network) == 0)
      return TRUE;
  }
  return FALSE;
}

gboolean check_is_interface(const ScenarioBody *body, const char *network, const char *hop) {
  const ScenarioNva *nva = scenario_find(body->nvas, hop);
  const ScenarioSubnet *subnet;
  IpAddress address;
  if (nva != NULL)
    return has_leg_in(body, nva, network);
  if (!ip_address_parse(hop, &address))
    return scenario_find(body->load_balancers, hop) == NULL;
  if (may_be_elsewhere(body) || !keys_sound(&body->head, "nvas") ||
      body->failover != FAILOVER_ROUTE_SERVER) /* nobody hears of next hops */
    return TRUE;
  subnet = check_subnet_of_address(body, address);
  return g_strcmp0(check_network_of_address(body, address), network) == 0 && subnet != NULL &&
         (is_given_to_appliance(body, address) || is_chosen(body, subnet, address));
}

/* ---- room --------------------------------------------------------------------------------- */

static guint count_legs(const ScenarioBody *body, const ScenarioSubnet *subnet) {
  guint count = 0;
  for (guint i = 0; i < body->nvas->len; i++) {
    const ScenarioNva *nva = body->nvas->pdata[i];
    count += strcmp(nva->subnet.text, subnet->full_name) == 0;
    count += nva->interfaces != NULL && strcmp(nva->interfaces->out.text, subnet->full_name) == 0;
  }
  return count;
}

static guint count_front_ends(const ScenarioBody *body, const ScenarioSubnet *subnet) {
  guint count = 0;
  for (guint i = 0; i < body->load_balancers->len; i++) {
    const AddressValue *address =
        &((const ScenarioLoadBalancer *)body->load_balancers->pdata[i])->address;
    count += address->given && prefix_contains(subnet->prefix.value, address->value);
  }
  return count;
}

static guint count_nat_gateways(const ScenarioBody *body, const ScenarioSubnet *subnet) {
  gboolean stand = FALSE;
  guint count = 0;
  for (guint c = 0; c < cloud_count(); c++)
    stand |= body->models[c] && cloud_at(c)->nat_keys != NULL;
  for (guint i = 0; stand && i < body->gateways->len; i++) {
    const ScenarioGateway *gateway = body->gateways->pdata[i];
    count += gateway->kind == SCENARIO_NAT &&
             g_strcmp0(gateway->subnet.text, subnet->full_name) == 0;
  }
  return count;
}

guint64 check_inhabitants(const ScenarioBody *body, const ScenarioSubnet *subnet) {
  return (guint64)subnet->vms + count_legs(body, subnet) + count_front_ends(body, subnet) +
         count_nat_gateways(body, subnet);
}

static void check_room(Check *check, const ScenarioSubnet *subnet) {
  const guint64 wanted = check_inhabitants(check->body, subnet);
  const guint64 room = subnet_room(subnet->prefix.value);
  if (subnet->prefix.value.address.family == IP_V4 && wanted > room)
    check_error(check, subnet->prefix.mark,
                "subnet '%s' has %" G_GUINT64_FORMAT " addresses to give, as clouds keep the first "
                "four and the last, and %" G_GUINT64_FORMAT
                " are needed: for its vms, legs of appliances, front ends and NAT gateways",
                subnet->full_name, room, wanted);
}

void check_addresses(Check *check) {
  const ScenarioBody *body = check->body;
  check_ranges(check);
  check_owners(check);
  for (guint i = 0; i < body->nvas->len; i++)
    check_appliance(check, body->nvas->pdata[i]);
  for (guint i = 0; i < body->load_balancers->len; i++) {
    const ScenarioLoadBalancer *balancer = body->load_balancers->pdata[i];
    if (balancer->address.given)
      check_front_end(check, &balancer->address);
  }
  for (guint i = 0; i < body->networks->len; i++) {
    const ScenarioNetwork *network = body->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const ScenarioSubnet *subnet = network->subnets->pdata[j];
      if (subnet->prefix.given)
        check_room(check, subnet);
    }
  }
}
