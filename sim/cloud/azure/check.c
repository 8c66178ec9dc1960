/* What a scenario may not ask of Azure Route Server. */
#include "azure_private.h"

#include <string.h>

static void say(const CloudCheck *check, Severity severity, Mark mark, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void say(const CloudCheck *check, Severity severity, Mark mark, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  diagnostics_add(check->diagnostics, severity, mark, "%s", text);
}

/* Where an AS number may not stand: as an appliance's, in what a route map makes of a path, or in
 * what it looks for in one. */
enum { OF_PEERS = 1, IN_ACTIONS = 2, IN_MATCHES = 4 };

/* AZ-2.2, AZ-2.3, AZ-2.5. The actions of a route map refuse less (AZ-9.25): what is Azure's own.
 * Whatever may be in a path can be looked for, of two bytes (AZ-9.21). */
static const struct {
  guint32 first, last;
  guint where;
  const char *why;
} refused[] = {
    {65515, 65515, OF_PEERS | IN_ACTIONS, "65515 is the route server's own (AZ-2.2)"},
    {8074, 8075, OF_PEERS | IN_ACTIONS, "reserved by Azure (AZ-2.5)"},
    {12076, 12076, OF_PEERS | IN_ACTIONS, "reserved by Azure (AZ-2.5)"},
    {65517, 65520, OF_PEERS | IN_ACTIONS, "reserved by Azure (AZ-2.5)"},
    {23456, 23456, OF_PEERS, "reserved by IANA (AZ-2.5)"},
    {64496, 64511, OF_PEERS, "reserved by IANA (AZ-2.5)"},
    {65535, 65551, OF_PEERS, "reserved by IANA (AZ-2.5)"},
    {65536, G_MAXUINT32, OF_PEERS | IN_ACTIONS | IN_MATCHES,
     "Azure takes 2-byte AS numbers only (AZ-2.3)"},
};

static const char *refuse(guint where, guint32 asn) {
  for (guint i = 0; i < G_N_ELEMENTS(refused); i++)
    if ((refused[i].where & where) != 0 && asn >= refused[i].first && asn <= refused[i].last)
      return refused[i].why;
  return NULL;
}

const char *azure_refuse_asn(gconstpointer config, guint32 asn) {
  (void)config;
  return refuse(OF_PEERS, asn);
}

const char *azure_refuse_path_asn(guint32 asn, gboolean matched) {
  return refuse(matched ? IN_MATCHES : IN_ACTIONS, asn);
}

/* ---- the subnet --------------------------------------------------------------------------- */

static const CloudCheckNetwork *network_named(const CloudCheck *check, const char *name) {
  for (guint i = 0; i < check->network_count; i++)
    if (strcmp(check->networks[i].name, name) == 0)
      return &check->networks[i];
  return NULL;
}

static void check_subnet(const CloudCheck *check, const CloudCheckSubnet *subnet) {
  for (guint i = 0; i < check->addressed_count; i++)
    if (prefix_contains(subnet->prefix, check->addressed[i].value))
      say(check, SEVERITY_ERROR, check->addressed[i].mark,
          "the addresses of a route server answer nobody but its peers, no ping either (AZ-1.8)");
  if (subnet->prefix.length > 27)
    say(check, SEVERITY_ERROR, subnet->mark,
        AZURE_SUBNET " is a /%u: azure needs a /26 or larger (AZ-1.2)", subnet->prefix.length);
  else if (subnet->prefix.length == 27)
    say(check, SEVERITY_WARNING, subnet->mark,
        AZURE_SUBNET " is a /27, which azure took until 2024: make it a /26 (AZ-1.2, AZ-13.2)");
  if (subnet->user_table != NULL)
    say(check, SEVERITY_ERROR, subnet->mark,
        AZURE_SUBNET " follows route table '%s': azure allows no UDR there (AZ-1.10)",
        subnet->user_table);
}

/* The fixed name AZ-1.1, in the network of the route server. */
static void check_subnets(const CloudCheck *check, const AzureConfig *config) {
  const CloudCheckNetwork *network = network_named(check, check->network);
  g_autofree char *name = g_strdup_printf("%s/" AZURE_SUBNET, check->network);
  const CloudCheckSubnet *found = NULL;
  for (guint i = 0; network != NULL && i < network->subnet_count; i++)
    if (strcmp(network->subnets[i].name, name) == 0)
      found = &network->subnets[i];
  if (config->subnet.text != NULL && strcmp(config->subnet.text, name) != 0)
    say(check, SEVERITY_ERROR, config->subnet.mark,
        "the route server's subnet is '%s': azure knows it by this name only (AZ-1.1)", name);
  else if (config->subnet.text != NULL && found == NULL)
    say(check, SEVERITY_ERROR, config->subnet.mark, "unknown subnet '%s'", name);
  if (found != NULL)
    check_subnet(check, found);
}

/* ---- peers -------------------------------------------------------------------------------- */

static guint64 routes_of(const CloudCheckPeer *peer) {
  guint64 count = 0;
  for (guint i = 0; i < peer->route_count; i++)
    count += peer->routes[i].count;
  return count;
}

/* The first of the announced prefixes that a range keeps out of the tables; see azure_plan(). */
static gboolean find_inside(Prefix range, const CloudCheckRoutes *routes, Prefix *inside) {
  const Prefix first = routes->first;
  Prefix last = first;
  prefix_following(first, routes->count - 1, &last);
  *inside = first;
  if (prefix_covers(range, first))
    return TRUE;
  if (range.address.family != first.address.family || first.length < range.length)
    return FALSE;
  *inside = prefix_make(range.address, first.length);
  return prefix_compare(first, *inside) < 0 && prefix_compare(*inside, last) <= 0;
}

/* AZ-6.4, AZ-6.9; AZ-6.22: of the VNets that the route server serves, as far as it knows of them
 * (AZ-5.16). */
static void check_announced(const CloudCheck *check, const CloudCheckRoutes *routes) {
  for (guint i = 0; i < check->network_count; i++) {
    const CloudCheckNetwork *network = &check->networks[i];
    for (guint j = 0; network->served && j < network->known_count; j++) {
      Prefix inside;
      if (!find_inside(network->known[j], routes, &inside))
        continue;
      g_autofree char *prefix = prefix_to_string(inside);
      say(check, SEVERITY_WARNING, routes->mark,
          "azure never injects a prefix equal to or inside the address space of a VNet, here %s "
          "in that of '%s' (AZ-6.4): traffic within VNets is steered by UDRs (AZ-6.9), or by a "
          "supernet",
          prefix, network->name);
    }
  }
}

/* AZ-6.23: a route whose next hop is not in the NIC's VNet, nor in one peered with it, stays chosen
 * and drops. */
static void check_hops(const CloudCheck *check, const CloudCheckNetwork *network,
                       const CloudCheckSubnet *subnet, const CloudCheckPeer *peer) {
  for (guint i = 0; i < peer->route_count; i++) {
    const CloudCheckRoutes *routes = &peer->routes[i];
    const char *why = check->hop_beyond(check->data, check->cloud, subnet->name, routes->hop);
    if (why != NULL)
      say(check, SEVERITY_WARNING, routes->mark,
          "the next hop %s: in '%s' the route is chosen and its packets are dropped (AZ-6.23); a "
          "next hop lies in '%s', or in what is peered with it directly",
          why, network->name, network->name);
  }
}

/* AZ-5.13: a load balancer whose front end is announced. */
static void check_regions(const CloudCheck *check, const CloudCheckPeer *peer) {
  const CloudCheckNetwork *network = network_named(check, check->network);
  for (guint i = 0; network != NULL && network->region != NULL && i < peer->route_count; i++) {
    const CloudCheckRoutes *routes = &peer->routes[i];
    const char *region = check->balancer_region(check->data, routes->hop);
    if (region != NULL && strcmp(region, network->region) != 0)
      say(check, SEVERITY_ERROR, routes->hop_mark,
          "the load balancer '%s' stands in region '%s', and the route server in '%s': as a next "
          "hop it has to be in the region of the route server (AZ-5.13)",
          routes->hop, region, network->region);
  }
}

/* AZ-1.11. */
static void check_families(const CloudCheck *check, const CloudCheckPeer *peer) {
  for (guint i = 0; i < peer->route_count; i++) {
    g_autofree char *prefix = prefix_to_string(peer->routes[i].first);
    if (peer->routes[i].first.address.family == IP_V6)
      say(check, SEVERITY_WARNING, peer->routes[i].mark,
          "a route server of azure has no IPv6: it does not take %s (AZ-1.11)", prefix);
  }
}

static void check_fed(const CloudCheck *check, const CloudCheckPeer *peer) {
  for (guint i = 0; i < check->network_count; i++) {
    const CloudCheckNetwork *network = &check->networks[i];
    for (guint j = 0; network->served && j < network->subnet_count; j++)
      if (network->subnets[j].hosts > 0 && network->subnets[j].fed)
        check_hops(check, network, &network->subnets[j], peer);
  }
}

/* AZ-6.26: what reaches the Internet with a private source gets no answer. */
static void check_default(const CloudCheck *check, const CloudCheckPeer *peer) {
  for (guint i = 0; check->internet_asked && !peer->translates && i < peer->route_count; i++)
    if (peer->routes[i].first.length == 0)
      say(check, SEVERITY_WARNING, peer->routes[i].mark,
          "'%s' draws the traffic for the Internet, but does not translate it: no answer comes "
          "back (AZ-6.26); give it `snat: internet`",
          peer->appliance);
}

/* AZ-9.24. */
static void check_map_place(const CloudCheck *check, const CloudCheckPeer *peer) {
  const AzurePeerConfig *config = peer->config;
  if (config == NULL || strcmp(peer->network, check->network) == 0 ||
      g_strcmp0(peer->outer_network, check->network) == 0)
    return;
  const NameRef *maps[] = {&config->inbound, &config->outbound};
  for (guint i = 0; i < G_N_ELEMENTS(maps); i++)
    if (maps[i]->text != NULL)
      say(check, SEVERITY_ERROR, maps[i]->mark,
          "'%s' stands in network '%s': azure takes a route map only for a peer whose address lies "
          "in the route server's own VNet, '%s' (AZ-9.24)",
          peer->appliance, peer->network, check->network);
}

/* User routes, and the VNet of the route server that they may lead away from. */
typedef struct {
  const CloudRouteCheck *routes;
  guint route_count;
  const Prefix *ranges;
  guint range_count;
  const Prefix *subnet; /* of the route server; NULL: not written, so somewhere in the ranges */
} ServerWays;

static gboolean keeps_local(const CloudRouteCheck *route) {
  return route->via == CLOUD_VIA_LOCAL || route->via == CLOUD_VIA_PEERING;
}

/* The longest route, of at least so many bits, to `place`, where it leads away; NULL: none does. Of
 * a place that is not known a part that stays may be the one. */
static const CloudRouteCheck *leads_away(const ServerWays *ways, Prefix place, guint least) {
  const CloudRouteCheck *best = NULL;
  for (guint i = 0; i < ways->route_count; i++) {
    const CloudRouteCheck *route = &ways->routes[i];
    if (prefix_covers(route->to, place) && route->to.length >= least &&
        (best == NULL || route->to.length > best->to.length))
      best = route;
    if (ways->subnet == NULL && keeps_local(route) && prefix_covers(place, route->to))
      return NULL;
  }
  return best != NULL && !keeps_local(best) ? best : NULL;
}

typedef void (*AwayVisit)(gconstpointer asker, gconstpointer data, const CloudRouteCheck *route);

/* Visits the routes that lead away from an instance: they have the first two addresses that azure
 * hands out (AZ-1.3). `beats`: only those that are no shorter than the system's, to the VNet. */
static void foreach_away(const ServerWays *ways, gboolean beats, AwayVisit visit,
                         gconstpointer asker, gconstpointer data) {
  for (guint i = 0; i < ways->range_count; i++) {
    const guint least = beats ? ways->ranges[i].length : 0;
    Prefix places[2] = {ways->ranges[i], ways->ranges[i]};
    if (ways->subnet != NULL && !prefix_covers(ways->ranges[i], *ways->subnet))
      continue;
    for (guint j = 0; ways->subnet != NULL && j < 2; j++)
      places[j] = prefix_host(ip_address_add(ways->subnet->address, 4 + j));
    for (guint j = 0; j < 2; j++) {
      const CloudRouteCheck *route = leads_away(ways, places[j], least);
      if (route != NULL)
        visit(asker, data, route);
    }
  }
}

static void tell_way(gconstpointer asker, gconstpointer data, const CloudRouteCheck *route) {
  const CloudCheck *check = asker;
  const CloudCheckPeer *peer = data;
  say(check, SEVERITY_WARNING, route->to_mark,
      "the session of '%s' with '%s' takes this route too, away from the route server's subnet: "
      "in Azure it flaps (AZ-2.18, AZ-2.19; here it stays); add a more specific route for "
      AZURE_SUBNET " with `via: local`",
      peer->appliance, check->name);
}

/* AZ-2.18, AZ-2.19: a session whose packets a user route leads elsewhere hangs on routes that it
 * brings itself. System routes to VNets are longer than what only covers them. */
static void check_way(const CloudCheck *check, const CloudCheckPeer *peer) {
  const CloudCheckNetwork *network = network_named(check, check->network);
  const Prefix *subnet = NULL;
  if (network == NULL)
    return; /* an error of its own */
  for (guint i = 0; i < network->subnet_count; i++)
    if (g_str_has_suffix(network->subnets[i].name, "/" AZURE_SUBNET))
      subnet = &network->subnets[i].prefix;
  const ServerWays ways = {peer->user_routes, peer->user_route_count, network->prefixes,
                           network->prefix_count, subnet};
  foreach_away(&ways, TRUE, tell_way, check, peer);
}

static void check_peer(const CloudCheck *check, const AzureConfig *config,
                       const CloudCheckPeer *peer) {
  const guint64 routes = routes_of(peer), most = (guint64)config->max_routes_per_peer;
  const CloudCheckNetwork *network = network_named(check, peer->network);
  gboolean changes = FALSE;
  if (azure_peers_with(peer->config, 0) != azure_peers_with(peer->config, 1))
    say(check, SEVERITY_WARNING, peer->mark,
        "'%s' peers with one instance: azure demands both (AZ-2.6), and VMs fed by the other one "
        "miss its routes (AZ-2.7)",
        peer->appliance);
  if (network != NULL && !network->near)
    say(check, SEVERITY_ERROR, peer->mark,
        "'%s' stands in network '%s', which is not peered with '%s': the instances cannot be "
        "reached (AZ-2.18)",
        peer->appliance, peer->network, check->network);
  for (guint i = 0; i < check->network_count; i++)
    changes |= check->networks[i].joins_later;
  if (routes > most)
    say(check, SEVERITY_WARNING, peer->mark,
        "'%s' announces %" G_GUINT64_FORMAT " routes, more than %" G_GUINT64_FORMAT " (AZ-3.2): "
        "its sessions end whenever it sends them (AZ-3.4)",
        peer->appliance, routes, most);
  else if (changes && config->limit_count == BGP_COUNT_HELD_AND_INCOMING && routes * 2 > most &&
           !peer->no_route_refresh)
    say(check, SEVERITY_WARNING, peer->mark,
        "'%s' announces more than half of the %" G_GUINT64_FORMAT " routes that it may: a new "
        "peering makes it send them again, and its sessions end (AZ-2.16, AZ-3.3, AZ-3.6)",
        peer->appliance, most);
  for (guint i = 0; i < peer->route_count; i++)
    check_announced(check, &peer->routes[i]);
  check_regions(check, peer);
  check_families(check, peer);
  check_fed(check, peer);
  check_default(check, peer);
  check_map_place(check, peer);
  check_way(check, peer);
}

/* ---- capacity ------------------------------------------------------------------------------ */

#define VMS_OF_TWO_UNITS 4000 /* AZ-1.15 */
#define VMS_OF_A_UNIT 1000

static void check_capacity(const CloudCheck *check, const AzureConfig *config) {
  const guint64 vms_most =
      VMS_OF_TWO_UNITS + VMS_OF_A_UNIT * (guint64)(config->routing_infrastructure_units - 2);
  guint64 vms = 0, networks = 0, prefixes = check->gateway_routes;
  for (guint i = 0; i < check->network_count; i++) {
    const CloudCheckNetwork *network = &check->networks[i];
    if (!network->near)
      continue;
    networks++;
    prefixes += network->prefix_count;
    for (guint j = 0; j < network->subnet_count; j++)
      vms += network->subnets[j].hosts;
    for (guint j = 0; j < network->prefix_count; j++)
      if (network->prefixes[j].address.family == IP_V6) {
        say(check, SEVERITY_WARNING, network->mark,
            "network '%s' has IPv6: a route server does not support it, and breaks the IPv6 "
            "traffic of its own VNet (AZ-1.11)",
            network->name);
        break;
      }
  }
  for (guint i = 0; i < check->peer_count; i++)
    prefixes += routes_of(&check->peers[i]);
  if (vms > vms_most)
    say(check, SEVERITY_WARNING, check->mark,
        "%" G_GUINT64_FORMAT " VMs in the VNet and those peered with it: %" G_GINT64_FORMAT
        " routing infrastructure units carry %" G_GUINT64_FORMAT
        " (AZ-1.15, AZ-3.8); raise `routing_infrastructure_units`",
        vms, config->routing_infrastructure_units, vms_most);
  if (networks > (guint64)config->max_networks)
    say(check, SEVERITY_WARNING, check->mark,
        "%" G_GUINT64_FORMAT " VNets, more than the %" G_GINT64_FORMAT
        " that azure supports (AZ-3.9)",
        networks, config->max_networks);
  if (prefixes > (guint64)config->max_routes_total)
    say(check, SEVERITY_WARNING, check->mark,
        "%" G_GUINT64_FORMAT " prefixes from all sources, more than %" G_GINT64_FORMAT
        " (AZ-3.10); what azure does then is not documented, and the model takes them",
        prefixes, config->max_routes_total);
}

void azure_check(const CloudCheck *check) {
  const AzureConfig *config = check->config;
  if (check->network_siblings > 0)
    say(check, SEVERITY_ERROR, check->mark,
        "network '%s' has more than one route server: azure allows exactly one for "
        "each VNet (AZ-1.1)",
        check->network);
  if (840 % config->hash_buckets != 0)
    say(check, SEVERITY_ERROR, check->mark,
        "'hash_buckets' is a divisor of 840 (such as 120), so that 2 to 6 or 8 ways are even");
  for (guint i = 0; i < check->peer_count; i++) {
    if (i == (guint)config->max_peers)
      say(check, SEVERITY_ERROR, check->peers[i].mark,
          "'%s' is peer number %u: azure allows %" G_GINT64_FORMAT
          " (AZ-3.1); with more appliances, let some of them relay the routes of the others with "
          "their next hop (`next_hop`), as a second tier (AZ-9.11)",
          check->peers[i].appliance, i + 1, config->max_peers);
    check_peer(check, config, &check->peers[i]);
  }
  check_subnets(check, config);
  check_capacity(check, config);
}

/* ---- route tables ------------------------------------------------------------------------- */

static gboolean follows(const CloudTableCheck *table, const char *subnet) {
  for (guint i = 0; i < table->followers; i++)
    if (strcmp(table->follower_names[i], subnet) == 0)
      return TRUE;
  return FALSE;
}

static void tell(const CloudTableCheck *table, Severity severity, Mark mark, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void tell(const CloudTableCheck *table, Severity severity, Mark mark, const char *format,
                 ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  diagnostics_add(table->diagnostics, severity, mark, "%s", text);
}

/* AZ-2.20: what GatewaySubnet sends to its own VNet by a UDR takes the way of the BGP sessions with
 * the route server too. */
static void tell_diverted(gconstpointer asker, gconstpointer data, const CloudRouteCheck *route) {
  (void)data;
  if (route->to.length > 0) /* refused, see below */
    tell(asker, SEVERITY_WARNING, route->to_mark,
         "on GatewaySubnet this route also diverts the gateways' BGP sessions with "
         "the route server, and in Azure they go down (AZ-2.20; here they stay): add "
         "a more specific one for " AZURE_SUBNET " with `via: local`");
}

/* AZ-6.7: it must hear of routes. */
static void check_gateway_subnet(const CloudTableCheck *table) {
  if (!table->propagate)
    tell(table, SEVERITY_ERROR, table->mark,
         "route table '%s' has `propagate: off`, which azure refuses on GatewaySubnet (AZ-6.7)",
         table->name);
  for (guint i = 0; i < table->route_count; i++) {
    const CloudRouteCheck *route = &table->routes[i];
    if (route->to.length == 0)
      tell(table, SEVERITY_ERROR, route->to_mark,
           "azure refuses a route table with this route on GatewaySubnet (AZ-6.24): name the "
           "prefixes that are meant");
  }
  const ServerWays ways = {table->routes, table->route_count, table->prefixes, table->prefix_count,
                           table->dedicated};
  if (table->server_config != NULL)
    foreach_away(&ways, FALSE, tell_diverted, table, NULL);
}

static void check_target(const CloudTableCheck *table, const CloudRouteCheck *route) {
  const gboolean hop = route->via == CLOUD_VIA_APPLIANCE || route->via == CLOUD_VIA_ADDRESS;
  if (route->via == CLOUD_VIA_GATEWAY && route->via_circuit)
    tell(table, SEVERITY_ERROR, route->via_mark,
         "'%s' is an ExpressRoute gateway: a user-defined route can name a VPN gateway only "
         "(AZ-6.25)",
         route->via_text);
  else if (route->via == CLOUD_VIA_GATEWAY && route->via_beside)
    tell(table, SEVERITY_ERROR, route->via_mark,
         "'%s' stands beside an ExpressRoute gateway: then a user-defined route can name neither "
         "(AZ-6.25)",
         route->via_text);
  else if (route->via == CLOUD_VIA_GATEWAY && route->via_network != NULL && !route->via_used)
    tell(table, SEVERITY_WARNING, route->via_mark,
         "'%s' is the gateway of network '%s', which '%s' does not use: packets of this route are "
         "dropped (AZ-6.8, AZ-6.25)%s",
         route->via_text, route->via_network, table->network,
         table->may_use_remote
             ? "; a peering with `use_remote_gateway: on` would lead there"
             : "; nor may it, beside what it has or uses (AZ-1.17)");
  if (hop && route->via_beyond != NULL)
    tell(table, SEVERITY_WARNING, route->via_mark,
         "'%s' %s: the route is chosen, and its packets are dropped (AZ-6.23)", route->via_text,
         route->via_beyond);
  if (route->via == CLOUD_VIA_APPLIANCE && route->to.length == 0 && table->internet_asked &&
      !route->via_translates)
    tell(table, SEVERITY_WARNING, route->via_mark,
         "'%s' does not translate what it passes on to the Internet: no answer comes back "
         "(AZ-6.26); give it `snat: internet`",
         route->via_text);
}

void azure_check_table(const CloudTableCheck *table) {
  for (guint i = 0; i < table->route_count; i++)
    check_target(table, &table->routes[i]);
  if (follows(table, azure_gateway_subnet))
    check_gateway_subnet(table);
}

/* ---- networks ----------------------------------------------------------------------------- */

/* AZ-1.17. */
static void check_remote(const CloudNetworkCheck *network, const CloudRemoteCheck *use,
                         const CloudRemoteCheck *first) {
  const char *own = network->gateway != NULL ? network->gateway : network->route_server;
  if (own != NULL)
    diagnostics_add(network->diagnostics, SEVERITY_ERROR, use->mark,
                    "network '%s' has '%s' of its own: it cannot use the gateway or route server of "
                    "'%s' (AZ-1.17)",
                    network->name, own, use->to);
  else if (use != first)
    diagnostics_add(network->diagnostics, SEVERITY_ERROR, use->mark,
                    "network '%s' uses the gateway or route server of '%s' already: azure takes one "
                    "remote gateway for each VNet (AZ-1.17)",
                    network->name, first->to);
  if (!use->to_has_gateway)
    diagnostics_add(network->diagnostics, SEVERITY_ERROR, use->mark,
                    "network '%s' has no gateway and no route server that '%s' could use (AZ-1.17)",
                    use->to, network->name);
}

/* Where nothing but gateways, or the route server (AZ-1.1), stands. */
static void check_dweller(const CloudNetworkCheck *network, const CloudDweller *dweller) {
  g_autofree char *who = dweller->name != NULL ? g_strdup_printf("'%s' stands", dweller->name)
                                               : g_strdup("VMs stand");
  /* No fact says that VMs are refused there. */
  const Severity severity = dweller->name != NULL ? SEVERITY_ERROR : SEVERITY_WARNING;
  if (strcmp(dweller->subnet, azure_gateway_subnet) == 0)
    diagnostics_add(network->diagnostics, severity, dweller->mark,
                    "%s in GatewaySubnet, where azure has nothing but gateways", who);
  else if (strcmp(dweller->subnet, AZURE_SUBNET) == 0)
    diagnostics_add(network->diagnostics, SEVERITY_ERROR, dweller->mark,
                    "%s in " AZURE_SUBNET ", where azure has nothing but a route server (AZ-1.1)",
                    who);
}

/* What it finds is taken then. */
static gboolean find_room(const CloudNetworkCheck *network, guint length, GArray *taken) {
  Prefix found;
  if (!cloud_topmost_free(network->prefixes, network->prefix_count, length, taken, &found))
    return FALSE;
  g_array_append_val(taken, found);
  return TRUE;
}

static gboolean has_subnet(const CloudNetworkCheck *network, const char *name) {
  for (guint i = 0; i < network->subnet_count; i++)
    if (strcmp(network->subnet_names[i], name) == 0)
      return TRUE;
  return FALSE;
}

/* For the subnets that the user leaves to azure: first that of gateways (AZ-5.10). */
static void check_room(const CloudNetworkCheck *network) {
  g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(Prefix));
  g_array_append_vals(taken, network->subnets, network->subnet_count);
  if (network->prefix_count == 0)
    return;
  if (network->gateway != NULL && !has_subnet(network, azure_gateway_subnet) &&
      !find_room(network, 27, taken))
    diagnostics_add(network->diagnostics, SEVERITY_ERROR, network->gateway_mark,
                    "network '%s' has no room for a /27 called GatewaySubnet, where azure's gateways "
                    "stand (AZ-5.10)",
                    network->name);
  if (network->route_server != NULL && !has_subnet(network, AZURE_SUBNET) &&
      !find_room(network, 26, taken))
    diagnostics_add(network->diagnostics, SEVERITY_ERROR, network->server_mark,
                    "network '%s' has no room for a /26 called " AZURE_SUBNET
                    ", which azure needs (AZ-1.2)",
                    network->name);
}

void azure_check_network(const CloudNetworkCheck *network) {
  check_room(network);
  for (guint i = 0; i < network->remote_count; i++)
    check_remote(network, &network->remote[i], &network->remote[0]);
  for (guint i = 0; i < network->dweller_count; i++)
    check_dweller(network, &network->dwellers[i]);
}
