/* What AWS refuses of route servers and appliances, with the fact and the way people go instead. */
#include <string.h>

#include "check.h"
#include "routesim/design/tell.h"

/* ---- route servers ------------------------------------------------------------------------- */

/* A route server, and the appliances that peer with it. */
typedef struct {
  DesignCheck *check;
  const Design *design;
  const DesignRouteServer *server;
  const AwsConfig *config;
  GPtrArray *peers; /* DesignServerPeer * */
} ServerCheck;

static const DesignServerPeer *peer_at(const ServerCheck *of, guint index) {
  return of->peers->pdata[index];
}

static const DesignAnnounced *announced_at(const DesignServerPeer *peer, guint index) {
  return &g_array_index(peer->announced, DesignAnnounced, index);
}

/* The config of the `index`-th route server where its name comes before; NULL: it has none under
 * AWS, or comes behind. */
static const AwsConfig *config_before(const ServerCheck *of, guint index) {
  const DesignRouteServer *other = of->design->route_servers->pdata[index];
  return strcmp(other->head.name, of->server->head.name) < 0
             ? cloud_config(of->check, other->configs)
             : NULL;
}

static guint count_endpoints(const AwsConfig *config, const char *subnet) {
  guint count = 0;
  for (guint i = 0; i < config->endpoints->len; i++)
    count += strcmp(((const AwsEndpoint *)config->endpoints->pdata[i])->subnet, subnet) == 0;
  return count;
}

/* Each endpoint has an address of its subnet. Facts: AWS-1.4. */
static void check_room(const ServerCheck *of, const DesignSubnet *subnet) {
  const guint64 room = subnet_room(subnet->prefix.value);
  guint64 endpoints = count_endpoints(of->config, subnet->full_name);
  if (endpoints == 0)
    return;
  const guint64 taken = design_inhabitants(of->design, subnet, TRUE);
  for (guint i = 0; i < of->design->route_servers->len; i++) {
    const AwsConfig *before = config_before(of, i);
    endpoints += before != NULL ? count_endpoints(before, subnet->full_name) : 0;
  }
  if (taken <= room && taken + endpoints > room)
    tell_error(of->check, subnet->head.mark,
               "subnet '%s' has %" G_GUINT64_FORMAT " addresses to give, %" G_GUINT64_FORMAT
               " of them taken: there is no room for %" G_GUINT64_FORMAT
               " endpoints of route servers (AWS-1.4)",
               subnet->full_name, room, taken, endpoints);
}

static void tell_unknown_place(DesignCheck *check, const char *what, const NameRef *name) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  tell_add_subnet_names(check, names);
  tell_add_names(check, names, check->design->route_tables);
  tell_unknown(check, what, name, names);
}

static void check_place(const ServerCheck *of, const AwsEndpoint *endpoint) {
  const DesignNetwork *network = NULL;
  const NameRef name = {endpoint->subnet, endpoint->subnet_mark};
  if (design_find_subnet(of->design, endpoint->subnet, &network) == NULL)
    tell_unknown_place(of->check, "subnet", &name);
  else if (strcmp(network->head.name, of->server->network.text) != 0)
    tell_error(of->check, endpoint->subnet_mark,
               "subnet '%s' is not in network '%s', which the route server serves (AWS-1.3)",
               endpoint->subnet, of->server->network.text);
}

static void check_endpoints(const ServerCheck *of) {
  const AwsConfig *config = of->config;
  const AwsLimits *limits = config->limits;
  for (guint i = 0; i < of->design->networks->len; i++) {
    const DesignNetwork *network = of->design->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++)
      check_room(of, network->subnets->pdata[j]);
  }
  if (config->endpoints->len > limits->endpoints)
    tell_error(of->check, of->server->head.mark,
               "a route server has at most %d endpoints (AWS-9.2)", (int)limits->endpoints);
  for (guint i = 0; i < config->endpoints->len; i++) {
    const AwsEndpoint *endpoint = config->endpoints->pdata[i];
    guint in_subnet = 0;
    check_place(of, endpoint);
    for (guint j = 0; j <= i; j++)
      in_subnet +=
          strcmp(((AwsEndpoint *)config->endpoints->pdata[j])->subnet, endpoint->subnet) == 0;
    if (in_subnet > limits->endpoints_per_subnet)
      tell_error(of->check, endpoint->mark,
                 "a route server has at most %d endpoints in one subnet (AWS-9.3)",
                 (int)limits->endpoints_per_subnet);
  }
}

/* What a name in `propagate_to` means. */
typedef enum {
  PLACE_UNKNOWN,
  PLACE_TABLE,         /* of subnets, a subnet, or of an internet gateway */
  PLACE_LOOSE_TABLE,   /* that nothing follows */
  PLACE_GATEWAY_TABLE, /* of a VPN or circuit gateway */
  PLACE_TRANSIT,       /* a transit gateway, or a table of one */
} Place;

static Place place_of_table(const Design *design, const DesignRouteTable *table) {
  const DesignGateway *gateway =
      table->gateway.text != NULL ? design_find(design->gateways, table->gateway.text) : NULL;
  if (gateway != NULL && gateway->kind == DESIGN_GATEWAY_TRANSIT)
    return PLACE_TRANSIT;
  if (gateway != NULL)
    return design_gateway_hop(gateway) == DESIGN_HOP_GATEWAY ? PLACE_GATEWAY_TABLE : PLACE_TABLE;
  return table->subnets->len == 0 && keys_sound(&table->head, "subnets") &&
                 keys_sound(&table->head, "gateway")
             ? PLACE_LOOSE_TABLE
             : PLACE_TABLE;
}

static Place place_of(const Design *design, const char *name, const char **network) {
  const DesignNetwork *owner = NULL;
  const DesignRouteTable *table = design_find(design->route_tables, name);
  const DesignGateway *gateway = design_find(design->gateways, name);
  if (design_find_subnet(design, name, &owner) != NULL) {
    *network = owner->head.name;
    return PLACE_TABLE;
  }
  if (table != NULL) {
    *network = table->network.text;
    return place_of_table(design, table);
  }
  return gateway != NULL && gateway->kind == DESIGN_GATEWAY_TRANSIT ? PLACE_TRANSIT : PLACE_UNKNOWN;
}

/* A route server may write to any number of tables, but not to each kind.
 * Facts: AWS-5.2, AWS-5.3, AWS-9.10. */
static void check_propagation(const ServerCheck *of, const NameRef *name) {
  const char *network = "";
  switch (place_of(of->design, name->text, &network)) {
  case PLACE_UNKNOWN:
    tell_unknown_place(of->check, "route table or subnet", name);
    return;
  case PLACE_GATEWAY_TABLE:
    tell_error(of->check, name->mark,
               "'%s' is the route table of a virtual private gateway, which takes no routes of a "
               "route server (AWS-5.3): propagate to the tables of subnets or of an internet "
               "gateway",
               name->text);
    return;
  case PLACE_TRANSIT:
    tell_error(of->check, name->mark,
               "'%s' is a transit gateway, whose route tables take no routes of a route server "
               "(AWS-5.3, AWS-8.5): write a static route into its `aws: {routes: [...]}`, or use "
               "Transit Gateway Connect",
               name->text);
    return;
  case PLACE_LOOSE_TABLE:
    tell_warning(of->check, name->mark,
                 "no subnet is associated with '%s': %s (AWS-5.22, explicit_association)",
                 name->text,
                 of->config->explicit_association
                     ? "it takes no routes, as the guide to EVS says, against AWS-5.2"
                     : "it takes routes all the same (AWS-5.2), but the guide to EVS says that "
                       "none are advertised to it");
    break;
  case PLACE_TABLE:
    break;
  }
  if (network[0] != '\0' && strcmp(network, of->server->network.text) != 0)
    tell_error(of->check, name->mark,
               "'%s' is not in network '%s': a route server writes to route tables of its own VPC "
               "only (AWS-8.4)",
               name->text, of->server->network.text);
}

/* Each table has the FIB of one route server; which of two would win no source says.
 * Facts: AWS-5.4. */
static void check_only_writer(const ServerCheck *of, const NameRef *name) {
  for (guint i = 0; i < of->design->route_servers->len; i++) {
    const AwsConfig *other = config_before(of, i);
    for (guint j = 0; other != NULL && j < other->propagate_to->len; j++)
      if (strcmp(((const NameRef *)other->propagate_to->pdata[j])->text, name->text) == 0)
        tell_error(of->check, name->mark,
                   "another route server propagates to '%s' already: give each a table of its own "
                   "(AWS-5.4, AWS-5.5)",
                   name->text);
  }
}

/* Of a /32 inside the VPC's range the documentation and a guide disagree. Facts: AWS-5.14. */
static void check_inner_hosts(const ServerCheck *of, const DesignServerPeer *peer) {
  const DesignNetwork *own = design_find(of->design->networks, of->server->network.text);
  for (guint j = 0; j < peer->announced->len; j++) {
    const DesignAnnounced *routes = announced_at(peer, j);
    if (!design_ranges_cover(own->prefixes, routes->first) ||
        routes->first.address.family != IP_V4 || routes->first.length != 32)
      continue;
    g_autofree char *prefix = prefix_to_string(routes->first);
    tell_warning(of->check, routes->mark,
                 "'%s' announces %s inside the VPC's own range: %s (AWS-5.23, inner_host_routes)",
                 peer->nva->head.name, prefix,
                 of->config->inner_host_routes
                     ? "that route tables take it is what one guide expects, against AWS-5.14"
                     : "route tables reject it (AWS-5.14), although one guide expects it in them");
  }
}

/* That a next hop has to be an interface of the VPC is an assumption. What is wrong with the peer's
 * own interface is told elsewhere. Facts: AWS-4.19. */
static void check_hops(const ServerCheck *of, const DesignServerPeer *peer) {
  const char *network = of->server->network.text;
  for (guint j = 0; j < peer->announced->len; j++) {
    const DesignAnnounced *routes = announced_at(peer, j);
    if (strcmp(routes->hop, peer->nva->head.name) != 0 &&
        !design_is_interface(of->design, network, routes->hop))
      tell_warning(of->check, routes->hop_mark,
                   "the next hop '%s' is no network interface of an appliance in '%s': route "
                   "tables reject the route (AWS-4.19, assumed)",
                   routes->hop, network);
  }
}

/* How many peers announce `prefix`; up to 32 may, by one page. Facts: AWS-9.11. */
static guint count_announcers(const ServerCheck *of, Prefix prefix) {
  guint count = 0;
  for (guint i = 0; i < of->peers->len; i++) {
    const DesignServerPeer *peer = peer_at(of, i);
    for (guint j = 0; j < peer->announced->len; j++)
      if (announced_at(peer, j)->count == 1 && prefix_equal(announced_at(peer, j)->first, prefix)) {
        count += aws_count_parts(of->config, peer->subnet->full_name,
                                 cloud_config(of->check, peer->block->configs));
        break;
      }
  }
  return count;
}

static void check_announcers(const ServerCheck *of) {
  for (guint i = 0; i < of->peers->len; i++)
    for (guint j = 0; j < peer_at(of, i)->announced->len; j++) {
      const DesignAnnounced *routes = announced_at(peer_at(of, i), j);
      const guint count = count_announcers(of, routes->first);
      if (routes->count > 1 || count <= AWS_MOST_PEERS)
        continue;
      g_autofree char *prefix = prefix_to_string(routes->first);
      tell_warning(of->check, routes->mark,
                   "%u peers announce %s: at most %d may, for one route table (AWS-9.11)", count,
                   prefix, AWS_MOST_PEERS);
      return;
    }
}

/* A peer has an interface in the VPC, with either leg. Facts: AWS-1.6. */
static void check_interfaces(const ServerCheck *of, const DesignServerPeer *peer) {
  const char *network = of->server->network.text;
  if (strcmp(peer->network->head.name, network) != 0 &&
      (peer->outer == NULL || strcmp(peer->outer->head.name, network) != 0))
    tell_error(of->check, peer->block->head.mark,
               "'%s' has no network interface in '%s': a peer needs one there (AWS-1.6)",
               peer->nva->head.name, network);
}

/* Each prefix is counted once, however many peers announce it, and no more than tell that there are
 * too many. */
static void add_prefixes(const DesignAnnounced *routes, guint64 most, GHashTable *prefixes) {
  for (guint64 i = 0; i < MIN(routes->count, most + 1); i++) {
    Prefix prefix;
    if (prefix_following(routes->first, i, &prefix))
      g_hash_table_add(prefixes, prefix_to_string(prefix));
  }
}

/* What goes beyond a limit stays in the RIB. Facts: AWS-9.9. */
static void check_route_limits(const ServerCheck *of) {
  const AwsLimits *limits = of->config->limits;
  g_autoptr(GHashTable) prefixes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < of->peers->len; i++) {
    const DesignServerPeer *peer = peer_at(of, i);
    const guint64 count = design_count_announced(peer);
    if (count > (guint64)limits->routes_per_peer)
      tell_warning(of->check, peer->block->head.mark,
                   "'%s' announces %" G_GUINT64_FORMAT
                   " prefixes: a route server takes %" G_GINT64_FORMAT
                   " of a peer (AWS-9.5), and the rest stays in its RIB",
                   peer->nva->head.name, count, limits->routes_per_peer);
    for (guint j = 0; j < peer->announced->len; j++)
      add_prefixes(announced_at(peer, j), (guint64)limits->fib_routes, prefixes);
  }
  if (g_hash_table_size(prefixes) > limits->fib_routes)
    tell_warning(of->check, of->server->head.mark,
                 "its peers announce more than the %" G_GINT64_FORMAT
                 " prefixes that a route server uses (AWS-9.6): the rest stays in its RIB",
                 limits->fib_routes);
}

/* Any AS number is allowed, private ones are advised. Facts: AWS-2.1, AWS-2.2. */
static gboolean is_private_asn(gint64 asn) {
  return (asn >= 64512 && asn <= 65534) || asn >= 4200000000;
}

static void check_itself(const ServerCheck *of) {
  const AwsConfig *config = of->config;
  const Mark mark = of->server->head.mark;
  if (design_server_siblings(of->design, of->server) >= config->limits->route_servers)
    tell_error(of->check, mark, "a VPC has at most %d route servers (AWS-9.1)",
               (int)config->limits->route_servers);
  if (keys_sound(&config->head, "asn") && !is_private_asn(config->asn))
    tell_warning(of->check, mark,
                 "AS number %" G_GINT64_FORMAT " is not private: AWS advises 64512-65534 or "
                 "4200000000-4294967295 (AWS-2.1)",
                 config->asn);
  if (config->multipath)
    tell_warning(of->check, mark,
                 "`multipath: on` follows an untested claim (AWS-4.5): what is documented and "
                 "measured is a single route (AWS-4.3, AWS-4.4)");
}

static ServerCheck server_check(DesignCheck *check, const DesignRouteServer *server) {
  return (ServerCheck){check, check->design, server, cloud_config(check, server->configs),
                       design_server_peers(check->design, server, check->cloud)};
}

void aws_check_server(DesignCheck *check, const DesignRouteServer *server) {
  const ServerCheck of = server_check(check, server);
  g_autoptr(GPtrArray) peers = of.peers;
  check_endpoints(&of);
  check_itself(&of);
  for (guint i = 0; i < peers->len; i++)
    check_inner_hosts(&of, peers->pdata[i]);
  for (guint i = 0; i < peers->len; i++)
    check_hops(&of, peers->pdata[i]);
  check_announcers(&of);
  for (guint i = 0; i < peers->len; i++)
    check_interfaces(&of, peers->pdata[i]);
  check_route_limits(&of);
  for (guint i = 0; i < of.config->propagate_to->len; i++) {
    check_propagation(&of, of.config->propagate_to->pdata[i]);
    check_only_writer(&of, of.config->propagate_to->pdata[i]);
  }
}

static gboolean is_peered_with(const ServerCheck *of, const AwsEndpoint *endpoint) {
  for (guint i = 0; i < of->peers->len; i++) {
    const DesignServerPeer *peer = peer_at(of, i);
    const AwsPeerConfig *asked = cloud_config(of->check, peer->block->configs);
    if (aws_peers_with(endpoint, peer->subnet->full_name, asked) ||
        (peer->outer != NULL && aws_peers_with(endpoint, peer->nva->interfaces->out.text, asked)))
      return TRUE;
  }
  return FALSE;
}

/* Each endpoint is paid by the hour, also one that nobody peers with. Facts: AWS-10.4. */
void aws_check_unused(DesignCheck *check, const DesignRouteServer *server) {
  const ServerCheck of = server_check(check, server);
  const AwsConfig *config = of.config;
  for (guint i = 0; i < config->endpoints->len; i++) {
    const AwsEndpoint *endpoint = config->endpoints->pdata[i];
    if (!is_peered_with(&of, endpoint))
      tell_warning(check, endpoint->mark,
                   "nobody peers with endpoint '%s': it costs %d.%02d USD an hour and does "
                   "nothing (AWS-10.4)",
                   endpoint->name, (int)(config->endpoint_price / 100),
                   (int)(config->endpoint_price % 100));
  }
  g_ptr_array_unref(of.peers);
}

const char *aws_refuse_asn(gconstpointer config, guint32 asn) {
  return ((const AwsConfig *)config)->asn == asn
             ? "the route server has the same AS number: only eBGP is modelled (AWS-2.3)"
             : NULL;
}

/* ---- appliances ---------------------------------------------------------------------------- */

/* TRUE where some table takes routes of the route server and of a gateway. */
static gboolean meets_gateways(const Design *design, const AwsConfig *server) {
  for (guint i = 0; i < server->propagate_to->len; i++)
    if (design_takes_gateway_routes(design,
                                    ((const NameRef *)server->propagate_to->pdata[i])->text))
      return TRUE;
  return FALSE;
}

static gboolean holds(const GArray *prefixes, Prefix prefix) {
  for (guint i = 0; i < prefixes->len; i++)
    if (prefix_equal(g_array_index(prefixes, Prefix, i), prefix))
      return TRUE;
  return FALSE;
}

/* No source says who wins where a gateway propagates the same prefix. Facts: AWS-5.10. */
static void check_against_gateways(DesignCheck *check, const DesignNva *nva,
                                   const AwsConfig *server, const GArray *behind, Prefix prefix) {
  if (!holds(behind, prefix))
    return;
  g_autofree char *text = prefix_to_string(prefix);
  tell_warning(check, nva->head.mark,
               "'%s' announces %s, which a virtual private gateway propagates too: that the route "
               "of the %s counts is assumed (AWS-5.10, rs_vs_vgw)",
               nva->head.name, text,
               server->rs_vs_vgw == AWS_VGW_WINS ? "gateway" : "route server");
}

static void check_announced(DesignCheck *check, const DesignNva *nva, const AwsConfig *server) {
  const DesignNetwork *own = NULL;
  if (design_find_subnet(check->design, nva->subnet.text, &own) == NULL ||
      !meets_gateways(check->design, server))
    return;
  g_autoptr(GArray) behind = design_told_behind(check->design, own->head.name);
  for (guint i = 0; i < nva->advertise->len; i++) {
    const DesignAnnouncement *announcement = nva->advertise->pdata[i];
    const DesignSite *site = announcement->site.text != NULL
                                 ? design_find(check->design->sites, announcement->site.text)
                                 : NULL;
    if (site == NULL && announcement->prefix.given)
      check_against_gateways(check, nva, server, behind, announcement->prefix.value);
    if (site == NULL)
      continue;
    g_autoptr(GArray) told = design_site_told(check->design, site, nva->head.name);
    for (guint j = 0; j < told->len; j++)
      check_against_gateways(check, nva, server, behind, g_array_index(told, DesignTold, j).prefix);
  }
}

/* The config of the first route server that it peers with; NULL: with none. */
static const AwsConfig *server_of(const DesignCheck *check, const DesignNva *nva, guint *sessions) {
  const AwsConfig *first = NULL;
  *sessions = 0;
  for (guint i = 0; i < nva->peers->len; i++) {
    const DesignPeer *peer = nva->peers->pdata[i];
    const DesignRouteServer *server = design_find(check->design->route_servers, peer->head.name);
    const AwsConfig *config = server != NULL ? cloud_config(check, server->configs) : NULL;
    if (config == NULL)
      continue;
    *sessions += aws_count_parts(config, nva->subnet.text, cloud_config(check, peer->configs));
    first = first != NULL ? first : config;
  }
  return first;
}

void aws_check_appliance(DesignCheck *check, const DesignNva *nva) {
  const AwsApplianceConfig *own = cloud_config(check, nva->configs);
  guint sessions;
  const AwsConfig *server = server_of(check, nva, &sessions);
  if (own != NULL && own->source_dest_check && design_nva_forwards(check->design, nva))
    tell_warning(check, nva->head.mark,
                 "'%s' has the source/destination check on and so drops what it should forward "
                 "(AWS-5.17)",
                 nva->head.name);
  if (server == NULL)
    return;
  check_announced(check, nva, server);
  if (nva->asn != 0 && !is_private_asn(nva->asn))
    tell_warning(check, nva->head.mark,
                 "AS number %" G_GINT64_FORMAT " of '%s' is not private: AWS advises 64512-65534 "
                 "or 4200000000-4294967295 (AWS-2.2)",
                 nva->asn, nva->head.name);
  if (nva->address.given && nva->address.value.family != IP_V4)
    tell_error(check, nva->address.mark,
               "a route server peers with IPv4 addresses only (AWS-2.5); IPv6 routes travel over "
               "the IPv4 session (AWS-2.6)");
  if (sessions > server->limits->sessions_per_interface)
    tell_error(check, nva->head.mark,
               "'%s' has %u sessions: a network interface has at most %d (AWS-9.4); name fewer "
               "endpoints in `aws: {endpoints: [...]}`",
               nva->head.name, sessions, (int)server->limits->sessions_per_interface);
}
