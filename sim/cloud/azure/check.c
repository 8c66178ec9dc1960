/* What a scenario may not ask of Azure Route Server. */
#include <string.h>

#include "routesim/design/tell.h"
#include "ways.h"

/* Where an AS number may not stand: as an appliance's, in what a route map makes of a path, or in
 * what it looks for in one. */
enum { OF_PEERS = 1, IN_ACTIONS = 2, IN_MATCHES = 4 };

/* The actions of a route map refuse less than peers: what is Azure's own. Whatever may be in a path
 * can be looked for, of two bytes. Facts: AZ-2.2, AZ-2.3, AZ-2.5, AZ-9.21, AZ-9.25. */
static const struct {
  guint32 first, last;
  guint where;
  const char *why;
} refused[] = {
    {.first = 65515,
     .last = 65515,
     .where = OF_PEERS | IN_ACTIONS,
     .why = "65515 is the route server's own (AZ-2.2)"},
    {.first = 8074,
     .last = 8075,
     .where = OF_PEERS | IN_ACTIONS,
     .why = "reserved by Azure (AZ-2.5)"},
    {.first = 12076,
     .last = 12076,
     .where = OF_PEERS | IN_ACTIONS,
     .why = "reserved by Azure (AZ-2.5)"},
    {.first = 65517,
     .last = 65520,
     .where = OF_PEERS | IN_ACTIONS,
     .why = "reserved by Azure (AZ-2.5)"},
    {.first = 23456, .last = 23456, .where = OF_PEERS, .why = "reserved by IANA (AZ-2.5)"},
    {.first = 64496, .last = 64511, .where = OF_PEERS, .why = "reserved by IANA (AZ-2.5)"},
    {.first = 65535, .last = 65551, .where = OF_PEERS, .why = "reserved by IANA (AZ-2.5)"},
    {.first = 65536,
     .last = G_MAXUINT32,
     .where = OF_PEERS | IN_ACTIONS | IN_MATCHES,
     .why = "Azure takes 2-byte AS numbers only (AZ-2.3)"},
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

const char *azure_keeps_community(guint32 community) {
  return community >> 16 == 65517 || community >> 16 == 65518
             ? "communities of 65517 and 65518 away: they are the route server's own (AZ-4.9)"
             : NULL;
}

/* ---- the subnet --------------------------------------------------------------------------- */

/* A route server, and what of the design concerns it; worked out once. */
typedef struct {
  DesignCheck *check;
  const Design *design;
  const DesignRouteServer *server;
  const AzureConfig *config;
  const DesignNetwork *network;
  GPtrArray *peers; /* DesignServerPeer * */
  GPtrArray *known; /* GArray * of Prefix, for each network: what it knows of the ranges; NULL where
                       the network is not served */
  gboolean internet_asked; /* something of the design is about the Internet */
} ServerCheck;

/* The subnet that the scenario writes for it; NULL: it is not written. */
static const DesignSubnet *server_subnet(const DesignNetwork *network) {
  return design_find(network->subnets, AZURE_SUBNET);
}

static void check_addressed(DesignCheck *check, const DesignSubnet *subnet, const NameRef *end) {
  IpAddress address;
  if (ip_address_parse(end->text, &address) && prefix_contains(subnet->prefix.value, address))
    tell_error(check, end->mark,
               "the addresses of a route server answer nobody but its peers, no ping either "
               "(AZ-1.8)");
}

static void check_subnet(const ServerCheck *of, const DesignSubnet *subnet) {
  const Design *design = of->design;
  const guint length = subnet->prefix.value.length;
  const DesignRouteTable *table = design_table_of(design, of->network->head.name, subnet);
  for (guint i = 0; i < design->traffic->len; i++)
    check_addressed(of->check, subnet, &((const DesignTraffic *)design->traffic->pdata[i])->to);
  for (guint i = 0; i < design->probes->len; i++)
    check_addressed(of->check, subnet, &((const DesignProbe *)design->probes->pdata[i])->to);
  if (length > 27)
    tell_error(of->check, subnet->head.mark,
               AZURE_SUBNET " is a /%u: azure needs a /26 or larger (AZ-1.2)", length);
  else if (length == 27)
    tell_warning(of->check, subnet->head.mark,
                 AZURE_SUBNET
                 " is a /27, which azure took until 2024: make it a /26 (AZ-1.2, AZ-13.2)");
  if (table != NULL)
    tell_error(of->check, subnet->head.mark,
               AZURE_SUBNET " follows route table '%s': azure allows no UDR there (AZ-1.10)",
               table->head.name);
}

/* The subnet has a fixed name, and lies in the network of the route server. Facts: AZ-1.1. */
static void check_subnets(const ServerCheck *of) {
  const NameRef *said = &of->config->subnet;
  g_autofree char *name = g_strdup_printf("%s/" AZURE_SUBNET, of->network->head.name);
  const DesignSubnet *found = server_subnet(of->network);
  if (said->text != NULL && strcmp(said->text, name) != 0)
    tell_error(of->check, said->mark,
               "the route server's subnet is '%s': azure knows it by this name only (AZ-1.1)",
               name);
  else if (said->text != NULL && found == NULL)
    tell_error(of->check, said->mark, "unknown subnet '%s'", name);
  if (found != NULL)
    check_subnet(of, found);
}

/* ---- peers -------------------------------------------------------------------------------- */

static const DesignAnnounced *announced_at(const DesignServerPeer *peer, guint index) {
  return &g_array_index(peer->announced, DesignAnnounced, index);
}

/* The first of the announced prefixes that a range keeps out of the tables; see azure_plan(). */
static gboolean find_inside(Prefix range, const DesignAnnounced *routes, Prefix *inside) {
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

/* What lies in the range of a VNet that the route server serves, as far as it knows of it, is not
 * injected. Facts: AZ-5.16, AZ-6.4, AZ-6.9, AZ-6.22. */
static void check_announced(const ServerCheck *of, const DesignAnnounced *routes) {
  for (guint i = 0; i < of->known->len; i++) {
    const DesignNetwork *network = of->design->networks->pdata[i];
    const GArray *known = of->known->pdata[i];
    for (guint j = 0; known != NULL && j < known->len; j++) {
      Prefix inside;
      if (!find_inside(g_array_index(known, Prefix, j), routes, &inside))
        continue;
      g_autofree char *prefix = prefix_to_string(inside);
      tell_warning(of->check, routes->mark,
                   "azure never injects a prefix equal to or inside the address space of a VNet, "
                   "here %s in that of '%s' (AZ-6.4): traffic within VNets is steered by UDRs "
                   "(AZ-6.9), or by a supernet",
                   prefix, network->head.name);
    }
  }
}

/* A route whose next hop is not in the NIC's VNet, nor in one peered with it, stays chosen and
 * drops. Facts: AZ-6.23. */
static void check_hops(const ServerCheck *of, const DesignNetwork *network,
                       const DesignSubnet *subnet, const DesignServerPeer *peer) {
  const char *name = network->head.name;
  for (guint i = 0; i < peer->announced->len; i++) {
    const DesignAnnounced *routes = announced_at(peer, i);
    const char *why = cloud_hop_beyond(of->check, name, subnet, routes->hop);
    if (why != NULL)
      tell_warning(of->check, routes->mark,
                   "the next hop %s: in '%s' the route is chosen and its packets are dropped "
                   "(AZ-6.23); a next hop lies in '%s', or in what is peered with it directly",
                   why, name, name);
  }
}

/* A load balancer that is a next hop stands in the region of the route server. Facts: AZ-5.13. */
static void check_regions(const ServerCheck *of, const DesignServerPeer *peer) {
  const char *own = of->network->region.text;
  for (guint i = 0; own != NULL && i < peer->announced->len; i++) {
    const DesignAnnounced *routes = announced_at(peer, i);
    const char *region = design_balancer_region(of->design, routes->hop);
    if (region != NULL && strcmp(region, own) != 0)
      tell_error(of->check, routes->hop_mark,
                 "the load balancer '%s' stands in region '%s', and the route server in '%s': as a "
                 "next hop it has to be in the region of the route server (AZ-5.13)",
                 routes->hop, region, own);
  }
}

/* The route server takes routes of one family alone. Facts: AZ-1.11. */
static void check_families(const ServerCheck *of, const DesignServerPeer *peer) {
  for (guint i = 0; i < peer->announced->len; i++) {
    const DesignAnnounced *routes = announced_at(peer, i);
    g_autofree char *prefix = prefix_to_string(routes->first);
    if (routes->first.address.family == IP_V6)
      tell_warning(of->check, routes->mark,
                   "a route server of azure has no IPv6: it does not take %s (AZ-1.11)", prefix);
  }
}

static void check_fed(const ServerCheck *of, const DesignServerPeer *peer) {
  for (guint i = 0; i < of->design->networks->len; i++) {
    const DesignNetwork *network = of->design->networks->pdata[i];
    for (guint j = 0; of->known->pdata[i] != NULL && j < network->subnets->len; j++) {
      const DesignSubnet *subnet = network->subnets->pdata[j];
      if (subnet->vms > 0 && cloud_feeds(of->check, of->network->head.name, network, subnet))
        check_hops(of, network, subnet, peer);
    }
  }
}

/* What reaches the Internet with a private source gets no answer. Facts: AZ-6.26. */
static void check_default(const ServerCheck *of, const DesignServerPeer *peer) {
  if (!of->internet_asked || design_nva_translates(of->design, peer->nva))
    return;
  for (guint i = 0; i < peer->announced->len; i++)
    if (announced_at(peer, i)->first.length == 0)
      tell_warning(of->check, announced_at(peer, i)->mark,
                   "'%s' draws the traffic for the Internet, but does not translate it: no answer "
                   "comes back (AZ-6.26); give it `snat: internet`",
                   peer->nva->head.name);
}

/* Route maps belong to peers in the VNet of the route server itself. Facts: AZ-9.24. */
static void check_map_place(const ServerCheck *of, const DesignServerPeer *peer) {
  const AzurePeerConfig *config = cloud_config(of->check, peer->block->configs);
  if (config == NULL || peer->network == of->network || peer->outer == of->network)
    return;
  const NameRef *maps[] = {&config->inbound, &config->outbound};
  for (guint i = 0; i < G_N_ELEMENTS(maps); i++)
    if (maps[i]->text != NULL)
      tell_error(of->check, maps[i]->mark,
                 "'%s' stands in network '%s': azure takes a route map only for a peer whose "
                 "address lies in the route server's own VNet, '%s' (AZ-9.24)",
                 peer->nva->head.name, peer->network->head.name, of->network->head.name);
}

static void tell_way(gconstpointer asker, gconstpointer data, const DesignRoute *route) {
  const ServerCheck *of = asker;
  const DesignServerPeer *peer = data;
  tell_warning(of->check, route->to.mark,
               "the session of '%s' with '%s' takes this route too, away from the route server's "
               "subnet: in Azure it flaps (AZ-2.18, AZ-2.19; here it stays); add a more specific "
               "route for " AZURE_SUBNET " with `via: local`",
               peer->nva->head.name, of->server->head.name);
}

/* A session whose packets a user route leads elsewhere hangs on routes that it brings itself.
 * System routes to VNets are longer than what only covers them. Facts: AZ-2.18, AZ-2.19. */
static void check_way(const ServerCheck *of, const DesignServerPeer *peer) {
  const DesignRouteTable *table =
      design_table_of(of->design, peer->network->head.name, peer->subnet);
  if (table == NULL)
    return;
  const AzureWays ways = {of->design, peer->network->head.name, table->routes, of->network};
  azure_foreach_away(&ways, TRUE, tell_way, of, peer);
}

/* A peer may announce too many routes, at once or when it has to send them again. */
static void check_count(const ServerCheck *of, const DesignServerPeer *peer) {
  const Design *design = of->design;
  const guint64 routes = design_count_announced(peer);
  const guint64 most = (guint64)of->config->max_routes_per_peer;
  gboolean changes = FALSE;
  for (guint i = 0; i < design->networks->len; i++)
    changes |= design_nearness(design, ((const BlockHead *)design->networks->pdata[i])->name,
                               of->network->head.name) == DESIGN_NEAR_LATER;
  if (routes > most)
    tell_warning(of->check, peer->block->head.mark,
                 "'%s' announces %" G_GUINT64_FORMAT " routes, more than %" G_GUINT64_FORMAT
                 " (AZ-3.2): its sessions end whenever it sends them (AZ-3.4)",
                 peer->nva->head.name, routes, most);
  else if (changes && of->config->limit_count == BGP_COUNT_HELD_AND_INCOMING && routes * 2 > most &&
           peer->block->route_refresh)
    tell_warning(of->check, peer->block->head.mark,
                 "'%s' announces more than half of the %" G_GUINT64_FORMAT
                 " routes that it may: a new peering makes it send them again, and its sessions "
                 "end (AZ-2.16, AZ-3.3, AZ-3.6)",
                 peer->nva->head.name, most);
}

static void check_peer(const ServerCheck *of, const DesignServerPeer *peer) {
  const AzurePeerConfig *config = cloud_config(of->check, peer->block->configs);
  const char *network = peer->network->head.name, *own = of->network->head.name;
  if (azure_peers_with(config, 0) != azure_peers_with(config, 1))
    tell_warning(of->check, peer->block->head.mark,
                 "'%s' peers with one instance: azure demands both (AZ-2.6), and VMs fed by the "
                 "other one miss its routes (AZ-2.7)",
                 peer->nva->head.name);
  if (design_nearness(of->design, network, own) == DESIGN_FAR)
    tell_error(of->check, peer->block->head.mark,
               "'%s' stands in network '%s', which is not peered with '%s': the instances cannot "
               "be reached (AZ-2.18)",
               peer->nva->head.name, network, own);
  check_count(of, peer);
  for (guint i = 0; i < peer->announced->len; i++)
    check_announced(of, announced_at(peer, i));
  check_regions(of, peer);
  check_families(of, peer);
  check_fed(of, peer);
  check_default(of, peer);
  check_map_place(of, peer);
  check_way(of, peer);
}

/* ---- capacity ------------------------------------------------------------------------------ */

#define VMS_OF_TWO_UNITS 4000 /* Facts: AZ-1.15. */
#define VMS_OF_A_UNIT 1000

static void check_ipv6(DesignCheck *check, const DesignNetwork *network) {
  for (guint i = 0; i < network->prefixes->len; i++)
    if (((const PrefixValue *)network->prefixes->pdata[i])->value.address.family == IP_V6) {
      tell_warning(check, network->head.mark,
                   "network '%s' has IPv6: a route server does not support it, and breaks the IPv6 "
                   "traffic of its own VNet (AZ-1.11)",
                   network->head.name);
      return;
    }
}

static guint64 count_vms(const DesignNetwork *network) {
  guint64 vms = 0;
  for (guint i = 0; i < network->subnets->len; i++)
    vms += (guint64)((const DesignSubnet *)network->subnets->pdata[i])->vms;
  return vms;
}

static guint64 count_prefixes(const ServerCheck *of) {
  g_autoptr(GArray) behind = design_told_behind(of->design, of->network->head.name);
  guint64 count = behind->len;
  for (guint i = 0; i < of->peers->len; i++)
    count += design_count_announced(of->peers->pdata[i]);
  return count;
}

static void check_capacity(const ServerCheck *of) {
  const AzureConfig *config = of->config;
  const Mark mark = of->server->head.mark;
  const guint64 vms_most =
      VMS_OF_TWO_UNITS + VMS_OF_A_UNIT * (guint64)(config->routing_infrastructure_units - 2);
  guint64 vms = 0, networks = 0, prefixes = count_prefixes(of);
  for (guint i = 0; i < of->design->networks->len; i++) {
    const DesignNetwork *network = of->design->networks->pdata[i];
    if (design_nearness(of->design, network->head.name, of->network->head.name) == DESIGN_FAR)
      continue;
    networks++;
    prefixes += network->prefixes->len;
    vms += count_vms(network);
    check_ipv6(of->check, network);
  }
  if (vms > vms_most)
    tell_warning(of->check, mark,
                 "%" G_GUINT64_FORMAT " VMs in the VNet and those peered with it: %" G_GINT64_FORMAT
                 " routing infrastructure units carry %" G_GUINT64_FORMAT
                 " (AZ-1.15, AZ-3.8); raise `routing_infrastructure_units`",
                 vms, config->routing_infrastructure_units, vms_most);
  if (networks > (guint64)config->max_networks)
    tell_warning(of->check, mark,
                 "%" G_GUINT64_FORMAT " VNets, more than the %" G_GINT64_FORMAT
                 " that azure supports (AZ-3.9)",
                 networks, config->max_networks);
  if (prefixes > (guint64)config->max_routes_total)
    tell_warning(of->check, mark,
                 "%" G_GUINT64_FORMAT " prefixes from all sources, more than %" G_GINT64_FORMAT
                 " (AZ-3.10); what azure does then is not documented, and the model takes them",
                 prefixes, config->max_routes_total);
}

static void free_ranges(gpointer ranges) {
  if (ranges != NULL)
    g_array_unref(ranges);
}

static GPtrArray *known_ranges(const DesignCheck *check, const char *own) {
  const Design *design = check->design;
  GPtrArray *known = g_ptr_array_new_with_free_func(free_ranges);
  for (guint i = 0; i < design->networks->len; i++) {
    const DesignNetwork *network = design->networks->pdata[i];
    g_ptr_array_add(known, design_is_served(design, network->head.name, own)
                               ? cloud_known_ranges(check, network, own)
                               : NULL);
  }
  return known;
}

void azure_check_server(DesignCheck *check, const DesignRouteServer *server) {
  const Design *design = check->design;
  const AzureConfig *config = cloud_config(check, server->configs);
  g_autoptr(GPtrArray) peers = design_server_peers(design, server, check->cloud);
  g_autoptr(GPtrArray) known = known_ranges(check, server->network.text);
  const ServerCheck of = {check,
                          design,
                          server,
                          config,
                          design_find(design->networks, server->network.text),
                          peers,
                          known,
                          design_asks_internet(design)};
  if (design_server_siblings(design, server) > 0)
    tell_error(check, server->head.mark,
               "network '%s' has more than one route server: azure allows exactly one for each "
               "VNet (AZ-1.1)",
               server->network.text);
  if (840 % config->hash_buckets != 0)
    tell_error(check, server->head.mark,
               "'hash_buckets' is a divisor of 840 (such as 120), so that 2 to 6 or 8 ways are "
               "even");
  for (guint i = 0; i < peers->len; i++) {
    const DesignServerPeer *peer = peers->pdata[i];
    if (i == (guint)config->max_peers)
      tell_error(check, peer->block->head.mark,
                 "'%s' is peer number %u: azure allows %" G_GINT64_FORMAT
                 " (AZ-3.1); with more appliances, let some of them relay the routes of the others "
                 "with their next hop (`next_hop`), as a second tier (AZ-9.11)",
                 peer->nva->head.name, i + 1, config->max_peers);
    check_peer(&of, peer);
  }
  check_subnets(&of);
  check_capacity(&of);
}
