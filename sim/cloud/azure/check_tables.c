/* What a scenario may not ask of route tables and VNets under Azure. */
#include <string.h>

#include "routesim/design/tell.h"
#include "ways.h"

/* ---- ways to a route server --------------------------------------------------------------- */

static gboolean keeps_local(const AzureWays *ways, const DesignRoute *route) {
  const DesignHopKind via = design_hop(ways->design, ways->from, &route->via).kind;
  return via == DESIGN_HOP_LOCAL || via == DESIGN_HOP_PEERING;
}

/* The longest route, of at least so many bits, to `place`, where it leads away; NULL: none does. Of
 * a place that is not known (`vague`) a part that stays may be the one. */
static const DesignRoute *leads_away(const AzureWays *ways, Prefix place, guint least,
                                     gboolean vague) {
  const DesignRoute *best = NULL;
  for (guint i = 0; i < ways->routes->len; i++) {
    const DesignRoute *route = ways->routes->pdata[i];
    const Prefix to = route->to.value;
    if (!design_route_is_sound(ways->design, route))
      continue; /* told */
    if (prefix_covers(to, place) && to.length >= least &&
        (best == NULL || to.length > best->to.value.length))
      best = route;
    if (vague && prefix_covers(place, to) && keeps_local(ways, route))
      return NULL;
  }
  return best != NULL && !keeps_local(ways, best) ? best : NULL;
}

void azure_foreach_away(const AzureWays *ways, gboolean beats, AzureAwayVisit visit,
                        gconstpointer asker, gconstpointer data) {
  const DesignSubnet *subnet = design_find(ways->network->subnets, AZURE_SUBNET);
  for (guint i = 0; i < ways->network->prefixes->len; i++) {
    const Prefix range = ((const PrefixValue *)ways->network->prefixes->pdata[i])->value;
    if (subnet != NULL && !prefix_covers(range, subnet->prefix.value))
      continue;
    for (guint j = 0; j < 2; j++) {
      const Prefix place =
          subnet != NULL ? prefix_host(ip_address_add(subnet->prefix.value.address, 4 + j)) : range;
      const DesignRoute *route = leads_away(ways, place, beats ? range.length : 0, subnet == NULL);
      if (route != NULL)
        visit(asker, data, route);
    }
  }
}

/* ---- route tables ------------------------------------------------------------------------- */

static gboolean follows(const DesignRouteTable *table, const char *subnet) {
  for (guint i = 0; i < table->subnets->len; i++) {
    const char *full = ((const NameRef *)table->subnets->pdata[i])->text;
    const char *slash = strrchr(full, '/');
    if (strcmp(slash != NULL ? slash + 1 : full, subnet) == 0)
      return TRUE;
  }
  return FALSE;
}

/* What GatewaySubnet sends to its own VNet by a user route takes the way of the BGP sessions with
 * the route server too. Facts: AZ-2.20. */
static void tell_diverted(gconstpointer asker, gconstpointer data, const DesignRoute *route) {
  (void)data;
  if (route->to.value.length > 0) /* refused, see below */
    tell_warning((DesignCheck *)asker, route->to.mark,
                 "on GatewaySubnet this route also diverts the gateways' BGP sessions with "
                 "the route server, and in Azure they go down (AZ-2.20; here they stay): add "
                 "a more specific one for " AZURE_SUBNET " with `via: local`");
}

/* GatewaySubnet must hear of routes. Facts: AZ-6.7. */
static void check_gateway_subnet(DesignCheck *check, const DesignRouteTable *table,
                                 const DesignNetwork *network, const GPtrArray *routes) {
  const DesignRouteServer *server = design_server_in(check->design, network->head.name);
  const AzureWays ways = {check->design, network->head.name, routes, network};
  if (!table->propagate)
    tell_error(check, table->head.mark,
               "route table '%s' has `propagate: off`, which azure refuses on GatewaySubnet "
               "(AZ-6.7)",
               table->head.name);
  for (guint i = 0; i < routes->len; i++) {
    const DesignRoute *route = routes->pdata[i];
    if (design_route_is_sound(check->design, route) && route->to.value.length == 0)
      tell_error(check, route->to.mark,
                 "azure refuses a route table with this route on GatewaySubnet (AZ-6.24): name the "
                 "prefixes that are meant");
  }
  if (server != NULL && cloud_config(check, server->configs) != NULL)
    azure_foreach_away(&ways, FALSE, tell_diverted, check, NULL);
}

/* Does the network have the gateway, or use it over a peering? TRUE also where nobody knows. */
static gboolean uses(const Design *design, const char *network, const DesignGateway *gateway) {
  return !design_is_read(design, design->peerings) || gateway->network.text == NULL ||
         design_is_served(design, network, gateway->network.text);
}

/* A route names a VPN gateway that its network has or uses, and none of circuits.
 * Facts: AZ-6.8, AZ-6.25. */
static void check_gateway(DesignCheck *check, const char *own, const NameRef *via,
                          const DesignGateway *gateway) {
  if (gateway->kind == DESIGN_GATEWAY_CIRCUIT)
    tell_error(check, via->mark,
               "'%s' is an ExpressRoute gateway: a user-defined route can name a VPN gateway only "
               "(AZ-6.25)",
               via->text);
  else if (design_gateway_beside(check->design, gateway) != NULL)
    tell_error(check, via->mark,
               "'%s' stands beside an ExpressRoute gateway: then a user-defined route can name "
               "neither (AZ-6.25)",
               via->text);
  else if (!uses(check->design, own, gateway))
    tell_warning(check, via->mark,
                 "'%s' is the gateway of network '%s', which '%s' does not use: packets of this "
                 "route are dropped (AZ-6.8, AZ-6.25)%s",
                 via->text, gateway->network.text, own,
                 design_may_borrow(check->design, own)
                     ? "; a peering with `use_remote_gateway: on` would lead there"
                     : "; nor may it, beside what it has or uses (AZ-1.17)");
}

static void check_target(DesignCheck *check, const DesignRouteTable *table,
                         const DesignRoute *route) {
  const Design *design = check->design;
  const NameRef *via = &route->via;
  const DesignHop hop = design_hop(design, table->network.text, via);
  const char *beyond =
      design_hop_is_interface(hop.kind) ? cloud_table_hop_beyond(check, table, via->text) : NULL;
  if (hop.kind == DESIGN_HOP_GATEWAY)
    check_gateway(check, table->network.text, via, hop.gateway);
  if (beyond != NULL)
    tell_warning(check, via->mark,
                 "'%s' %s: the route is chosen, and its packets are dropped (AZ-6.23)", via->text,
                 beyond);
  if (hop.nva != NULL && route->to.value.length == 0 && design_asks_internet(design) &&
      !design_nva_translates(design, hop.nva))
    tell_warning(check, via->mark,
                 "'%s' does not translate what it passes on to the Internet: no answer comes back "
                 "(AZ-6.26); give it `snat: internet`",
                 via->text);
}

void azure_check_table(DesignCheck *check, const DesignRouteTable *table, const GPtrArray *routes) {
  const DesignNetwork *network = design_find(check->design->networks, table->network.text);
  for (guint i = 0; i < routes->len; i++)
    if (design_route_is_sound(check->design, routes->pdata[i]))
      check_target(check, table, routes->pdata[i]);
  if (follows(table, azure_gateway_subnet))
    check_gateway_subnet(check, table, network, routes);
}

/* ---- networks ----------------------------------------------------------------------------- */

/* `first` is the first peering by which the network uses a remote gateway. Facts: AZ-1.17. */
static void check_remote(DesignCheck *check, const DesignNetwork *network, const DesignPeering *use,
                         const DesignPeering *first) {
  const char *name = network->head.name, *to = use->to.text;
  const DesignGateway *gateway = design_gateway_in(check->design, name);
  const DesignRouteServer *server = design_server_in(check->design, name);
  if (gateway != NULL || server != NULL)
    tell_error(check, use->head.mark,
               "network '%s' has '%s' of its own: it cannot use the gateway or route server of "
               "'%s' (AZ-1.17)",
               name, gateway != NULL ? gateway->head.name : server->head.name, to);
  else if (use != first)
    tell_error(check, use->head.mark,
               "network '%s' uses the gateway or route server of '%s' already: azure takes one "
               "remote gateway for each VNet (AZ-1.17)",
               name, first->to.text);
  if (!design_may_lend(check->design, to))
    tell_error(check, use->head.mark,
               "network '%s' has no gateway and no route server that '%s' could use (AZ-1.17)", to,
               name);
}

static void check_remotes(DesignCheck *check, const DesignNetwork *network) {
  const DesignPeering *first = NULL;
  for (guint i = 0; i < check->design->peerings->len; i++) {
    const DesignPeering *peering = check->design->peerings->pdata[i];
    if (!design_borrows(peering, network->head.name))
      continue;
    first = first != NULL ? first : peering;
    check_remote(check, network, peering, first);
  }
}

/* Is `full` this subnet of the network? */
static gboolean is_subnet(const DesignNetwork *network, const char *full, const char *subnet) {
  const gsize length = strlen(network->head.name);
  return strncmp(full, network->head.name, length) == 0 && full[length] == '/' &&
         strcmp(full + length + 1, subnet) == 0;
}

/* Some subnets are for gateways, or for the route server, alone. `name`: of an appliance or a load
 * balancer; NULL: the VMs of the subnet, which no fact says are refused in GatewaySubnet.
 * Facts: AZ-1.1. */
static void check_dweller(DesignCheck *check, const DesignNetwork *network, const char *name,
                          const char *subnet, Mark mark) {
  g_autofree char *who =
      name != NULL ? g_strdup_printf("'%s' stands", name) : g_strdup("VMs stand");
  const gboolean in_gateways = is_subnet(network, subnet, azure_gateway_subnet);
  if (in_gateways && name != NULL)
    tell_error(check, mark, "%s in GatewaySubnet, where azure has nothing but gateways", who);
  else if (in_gateways)
    tell_warning(check, mark, "%s in GatewaySubnet, where azure has nothing but gateways", who);
  else if (is_subnet(network, subnet, AZURE_SUBNET))
    tell_error(check, mark,
               "%s in " AZURE_SUBNET ", where azure has nothing but a route server (AZ-1.1)", who);
}

/* Appliances (with either leg), front ends and VMs dwell in subnets. */
static void check_dwellers(DesignCheck *check, const DesignNetwork *network) {
  const Design *design = check->design;
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    const NameRef *legs[] = {&nva->subnet, nva->interfaces != NULL ? &nva->interfaces->out : NULL};
    for (guint j = 0; j < G_N_ELEMENTS(legs) && legs[j] != NULL; j++)
      check_dweller(check, network, nva->head.name, legs[j]->text, legs[j]->mark);
  }
  for (guint i = 0; i < design->load_balancers->len; i++) {
    const DesignLoadBalancer *balancer = design->load_balancers->pdata[i];
    const AddressValue *address = &balancer->address;
    const DesignSubnet *subnet =
        address->given ? design_subnet_of_address(design, address->value) : NULL;
    if (subnet != NULL)
      check_dweller(check, network, balancer->head.name, subnet->full_name, address->mark);
  }
  for (guint i = 0; i < network->subnets->len; i++) {
    const DesignSubnet *subnet = network->subnets->pdata[i];
    if (subnet->vms > 0)
      check_dweller(check, network, NULL, subnet->full_name, subnet->head.mark);
  }
}

/* A free prefix of that length, where there is one, becomes a taken one. */
static gboolean find_room(const DesignNetwork *network, guint length, GArray *taken) {
  g_autoptr(GArray) ranges = g_array_new(FALSE, FALSE, sizeof(Prefix));
  Prefix found;
  for (guint i = 0; i < network->prefixes->len; i++)
    g_array_append_vals(ranges, &((const PrefixValue *)network->prefixes->pdata[i])->value, 1);
  if (!cloud_topmost_free((const Prefix *)ranges->data, ranges->len, length, taken, &found))
    return FALSE;
  g_array_append_val(taken, found);
  return TRUE;
}

/* The subnets that the user leaves to azure need room, first that of gateways. A subnet that could
 * not be read may be anywhere, and then nobody knows what is free. Facts: AZ-5.10. */
static void check_room(DesignCheck *check, const DesignNetwork *network) {
  const char *name = network->head.name;
  const DesignGateway *gateway = design_gateway_in(check->design, name);
  const DesignRouteServer *server = design_server_in(check->design, name);
  g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(Prefix));
  gboolean unread = !keys_sound(&network->head, "subnets") || network->prefixes->len == 0;
  for (guint i = 0; i < network->subnets->len; i++) {
    const DesignSubnet *subnet = network->subnets->pdata[i];
    unread |= !subnet->prefix.given;
    g_array_append_vals(taken, &subnet->prefix.value, 1);
  }
  if (unread)
    return;
  if (gateway != NULL && design_find(network->subnets, azure_gateway_subnet) == NULL &&
      !find_room(network, 27, taken))
    tell_error(check, gateway->head.mark,
               "network '%s' has no room for a /27 called GatewaySubnet, where azure's gateways "
               "stand (AZ-5.10)",
               name);
  if (server != NULL && design_find(network->subnets, AZURE_SUBNET) == NULL &&
      !find_room(network, 26, taken))
    tell_error(check, server->head.mark,
               "network '%s' has no room for a /26 called " AZURE_SUBNET ", which azure needs "
               "(AZ-1.2)",
               name);
}

void azure_check_network(DesignCheck *check, const DesignNetwork *network) {
  check_room(check, network);
  check_remotes(check, network);
  check_dwellers(check, network);
}
