/* What AWS refuses, with the fact and the way people go instead. */
#include <string.h>

#include "aws_private.h"

static void complain(Diagnostics *diagnostics, Severity severity, Mark mark, const char *format,
                     ...) G_GNUC_PRINTF(4, 5);

static void complain(Diagnostics *diagnostics, Severity severity, Mark mark, const char *format,
                     ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  diagnostics_add(diagnostics, severity, mark, "%s", text);
}

#define ERROR(mark, ...) complain(check->diagnostics, SEVERITY_ERROR, (mark), __VA_ARGS__)
#define WARNING(mark, ...) complain(check->diagnostics, SEVERITY_WARNING, (mark), __VA_ARGS__)

/* ---- route servers ------------------------------------------------------------------------- */

static guint count_endpoints(const AwsConfig *config, const char *subnet) {
  guint count = 0;
  for (guint i = 0; i < config->endpoints->len; i++)
    count += strcmp(((const AwsEndpoint *)config->endpoints->pdata[i])->subnet, subnet) == 0;
  return count;
}

/* AWS-1.4: each has an address of its subnet. */
static void check_room(const CloudCheck *check, const CloudCheckSubnet *subnet) {
  const guint64 room = subnet_room(subnet->prefix);
  guint64 endpoints = count_endpoints(check->config, subnet->name);
  if (endpoints == 0)
    return;
  for (guint i = 0; check->sibling_configs != NULL && i < check->sibling_configs->len; i++)
    endpoints += count_endpoints(check->sibling_configs->pdata[i], subnet->name);
  if (subnet->taken <= room && subnet->taken + endpoints > room)
    ERROR(subnet->mark,
          "subnet '%s' has %" G_GUINT64_FORMAT " addresses to give, %" G_GUINT64_FORMAT
          " of them taken: there is no room for %" G_GUINT64_FORMAT
          " endpoints of route servers (AWS-1.4)",
          subnet->name, room, subnet->taken, endpoints);
}

static void check_endpoints(const CloudCheck *check, const AwsConfig *config) {
  const AwsLimits *limits = config->limits;
  const char *network;
  for (guint i = 0; i < check->network_count; i++)
    for (guint j = 0; j < check->networks[i].subnet_count; j++)
      check_room(check, &check->networks[i].subnets[j]);
  if (config->endpoints->len > limits->endpoints)
    ERROR(check->mark, "a route server has at most %d endpoints (AWS-9.2)", (int)limits->endpoints);
  for (guint i = 0; i < config->endpoints->len; i++) {
    const AwsEndpoint *endpoint = config->endpoints->pdata[i];
    guint in_subnet = 0;
    if (check->resolve(check->data, endpoint->subnet, &network) != CLOUD_NAME_SUBNET)
      check->unknown(check->data, "subnet",
                     &(NameRef){endpoint->subnet, endpoint->subnet_mark});
    else if (strcmp(network, check->network) != 0)
      ERROR(endpoint->subnet_mark,
            "subnet '%s' is not in network '%s', which the route server serves (AWS-1.3)",
            endpoint->subnet, check->network);
    for (guint j = 0; j <= i; j++)
      in_subnet +=
          strcmp(((AwsEndpoint *)config->endpoints->pdata[j])->subnet, endpoint->subnet) == 0;
    if (in_subnet > limits->endpoints_per_subnet)
      ERROR(endpoint->mark, "a route server has at most %d endpoints in one subnet (AWS-9.3)",
            (int)limits->endpoints_per_subnet);
  }
}

/* AWS-5.2, AWS-5.3: which tables a route server may write to. AWS-9.10: any number of them. */
static void check_propagation(const CloudCheck *check, const NameRef *name) {
  const AwsConfig *config = check->config;
  const char *network = NULL;
  switch (check->resolve(check->data, name->text, &network)) {
  case CLOUD_NAME_UNKNOWN:
  case CLOUD_NAME_NETWORK:
    check->unknown(check->data, "route table or subnet", name);
    return;
  case CLOUD_NAME_GATEWAY_TABLE:
    ERROR(name->mark,
          "'%s' is the route table of a virtual private gateway, which takes no routes of a route "
          "server (AWS-5.3): propagate to the tables of subnets or of an internet gateway",
          name->text);
    return;
  case CLOUD_NAME_TRANSIT:
    ERROR(name->mark,
          "'%s' is a transit gateway, whose route tables take no routes of a route server "
          "(AWS-5.3, AWS-8.5): write a static route into its `aws: {routes: [...]}`, or use "
          "Transit Gateway Connect",
          name->text);
    return;
  case CLOUD_NAME_LOOSE_TABLE:
    WARNING(name->mark, "no subnet is associated with '%s': %s (AWS-5.22, explicit_association)",
            name->text,
            config->explicit_association
                ? "it takes no routes, as the guide to EVS says, against AWS-5.2"
                : "it takes routes all the same (AWS-5.2), but the guide to EVS says that none are "
                  "advertised to it");
    break;
  case CLOUD_NAME_SUBNET:
  case CLOUD_NAME_TABLE:
    break;
  }
  if (network[0] != '\0' && strcmp(network, check->network) != 0)
    ERROR(name->mark,
          "'%s' is not in network '%s': a route server writes to route tables of its own VPC only "
          "(AWS-8.4)",
          name->text, check->network);
}

/* Each table has the FIB of one route server (AWS-5.4); which of two would win no source says. */
static void check_only_writer(const CloudCheck *check, const NameRef *name) {
  for (guint i = 0; check->sibling_configs != NULL && i < check->sibling_configs->len; i++) {
    const AwsConfig *other = check->sibling_configs->pdata[i];
    for (guint j = 0; j < other->propagate_to->len; j++)
      if (strcmp(((const NameRef *)other->propagate_to->pdata[j])->text, name->text) == 0)
        ERROR(name->mark,
              "another route server propagates to '%s' already: give each a table of its own "
              "(AWS-5.4, AWS-5.5)",
              name->text);
  }
}

/* A /32 inside the VPC's range: AWS-5.14 and a guide disagree. */
static void check_inner_hosts(const CloudCheck *check, const CloudCheckNetwork *own) {
  const AwsConfig *config = check->config;
  for (guint i = 0; i < check->peer_count; i++)
    for (guint j = 0; j < check->peers[i].route_count; j++) {
      const CloudCheckRoutes *routes = &check->peers[i].routes[j];
      gboolean inside = FALSE;
      for (guint k = 0; k < own->prefix_count; k++)
        inside |= prefix_covers(own->prefixes[k], routes->first);
      if (!inside || routes->first.address.family != IP_V4 || routes->first.length != 32)
        continue;
      g_autofree char *prefix = prefix_to_string(routes->first);
      WARNING(routes->mark,
              "'%s' announces %s inside the VPC's own range: %s (AWS-5.23, "
              "inner_host_routes)",
              check->peers[i].appliance, prefix,
              config->inner_host_routes
                  ? "that route tables take it is what one guide expects, against AWS-5.14"
                  : "route tables reject it (AWS-5.14), although one guide expects it in them");
    }
}

/* AWS-4.19, an assumption. What is wrong with the peer's own interface is told elsewhere. */
static void check_hops(const CloudCheck *check) {
  for (guint i = 0; i < check->peer_count; i++)
    for (guint j = 0; j < check->peers[i].route_count; j++) {
      const CloudCheckRoutes *routes = &check->peers[i].routes[j];
      if (strcmp(routes->hop, check->peers[i].appliance) != 0 &&
          !check->is_interface(check->data, check->network, routes->hop))
        WARNING(routes->hop_mark,
                "the next hop '%s' is no network interface of an appliance in '%s': route tables "
                "reject the route (AWS-4.19, assumed)",
                routes->hop, check->network);
    }
}

/* How many peers announce `prefix`; up to 32 may, by one page (AWS-9.11). */
static guint count_announcers(const CloudCheck *check, Prefix prefix) {
  guint count = 0;
  for (guint i = 0; i < check->peer_count; i++) {
    const CloudCheckPeer *peer = &check->peers[i];
    for (guint j = 0; j < peer->route_count; j++)
      if (peer->routes[j].count == 1 && prefix_equal(peer->routes[j].first, prefix)) {
        count += peer->sessions;
        break;
      }
  }
  return count;
}

static void check_announcers(const CloudCheck *check) {
  for (guint i = 0; i < check->peer_count; i++)
    for (guint j = 0; j < check->peers[i].route_count; j++) {
      const CloudCheckRoutes *routes = &check->peers[i].routes[j];
      const guint count = count_announcers(check, routes->first);
      if (routes->count > 1 || count <= AWS_MOST_PEERS)
        continue;
      g_autofree char *prefix = prefix_to_string(routes->first);
      WARNING(routes->mark, "%u peers announce %s: at most %d may, for one route table (AWS-9.11)",
              count, prefix, AWS_MOST_PEERS);
      return;
    }
}

/* AWS-1.6: in the VPC, with either leg. */
static void check_interfaces(const CloudCheck *check) {
  for (guint i = 0; i < check->peer_count; i++) {
    const CloudCheckPeer *peer = &check->peers[i];
    if (strcmp(peer->network, check->network) != 0 &&
        g_strcmp0(peer->outer_network, check->network) != 0)
      ERROR(peer->mark, "'%s' has no network interface in '%s': a peer needs one there (AWS-1.6)",
            peer->appliance, check->network);
  }
}

/* Each once, however many peers announce it; no more than tell that there are too many. */
static void add_prefixes(const CloudCheckRoutes *routes, guint64 most, GHashTable *prefixes) {
  for (guint64 i = 0; i < MIN(routes->count, most + 1); i++) {
    Prefix prefix;
    if (prefix_following(routes->first, i, &prefix))
      g_hash_table_add(prefixes, prefix_to_string(prefix));
  }
}

static guint64 routes_of(const CloudCheckPeer *peer) {
  guint64 count = 0;
  for (guint i = 0; i < peer->route_count; i++)
    count += peer->routes[i].count;
  return count;
}

/* What goes beyond stays in the RIB (AWS-9.9). */
static void check_route_limits(const CloudCheck *check) {
  const AwsLimits *limits = ((const AwsConfig *)check->config)->limits;
  g_autoptr(GHashTable) prefixes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < check->peer_count; i++) {
    const CloudCheckPeer *peer = &check->peers[i];
    const guint64 count = routes_of(peer);
    if (count > (guint64)limits->routes_per_peer)
      WARNING(peer->mark,
              "'%s' announces %" G_GUINT64_FORMAT " prefixes: a route server takes %" G_GINT64_FORMAT
              " of a peer (AWS-9.5), and the rest stays in its RIB",
              peer->appliance, count, limits->routes_per_peer);
    for (guint j = 0; j < peer->route_count; j++)
      add_prefixes(&peer->routes[j], (guint64)limits->fib_routes, prefixes);
  }
  if (g_hash_table_size(prefixes) > limits->fib_routes)
    WARNING(check->mark,
            "its peers announce more than the %" G_GINT64_FORMAT
            " prefixes that a route server uses (AWS-9.6): the rest stays in its RIB",
            limits->fib_routes);
}

/* AWS-2.1, AWS-2.2: any number is allowed, private ones are advised. */
static gboolean is_private_asn(gint64 asn) {
  return (asn >= 64512 && asn <= 65534) || asn >= 4200000000;
}

void aws_check(const CloudCheck *check) {
  const AwsConfig *config = check->config;
  check_endpoints(check, config);
  if (check->network_siblings >= config->limits->route_servers)
    ERROR(check->mark, "a VPC has at most %d route servers (AWS-9.1)",
          (int)config->limits->route_servers);
  if (keys_sound(&config->head, "asn") && !is_private_asn(config->asn))
    WARNING(check->mark,
            "AS number %" G_GINT64_FORMAT " is not private: AWS advises 64512-65534 or "
            "4200000000-4294967295 (AWS-2.1)",
            config->asn);
  if (config->multipath)
    WARNING(check->mark,
            "`multipath: on` follows an untested claim (AWS-4.5): what is documented and measured "
            "is a single route (AWS-4.3, AWS-4.4)");
  for (guint i = 0; i < check->network_count; i++)
    if (strcmp(check->networks[i].name, check->network) == 0)
      check_inner_hosts(check, &check->networks[i]);
  check_hops(check);
  check_announcers(check);
  check_interfaces(check);
  check_route_limits(check);
  for (guint i = 0; i < config->propagate_to->len; i++) {
    check_propagation(check, config->propagate_to->pdata[i]);
    check_only_writer(check, config->propagate_to->pdata[i]);
  }
}

static gboolean is_peered_with(const CloudCheck *check, const AwsEndpoint *endpoint) {
  for (guint i = 0; i < check->peer_count; i++) {
    const CloudCheckPeer *peer = &check->peers[i];
    if (aws_peers_with(endpoint, peer->subnet, peer->config) ||
        (peer->outer_subnet != NULL && aws_peers_with(endpoint, peer->outer_subnet, peer->config)))
      return TRUE;
  }
  return FALSE;
}

/* AWS-10.4: each is paid by the hour. */
void aws_check_unused(const CloudCheck *check) {
  const AwsConfig *config = check->config;
  for (guint i = 0; i < config->endpoints->len; i++) {
    const AwsEndpoint *endpoint = config->endpoints->pdata[i];
    if (!is_peered_with(check, endpoint))
      WARNING(endpoint->mark,
              "nobody peers with endpoint '%s': it costs %d.%02d USD an hour and does nothing "
              "(AWS-10.4)",
              endpoint->name, (int)(config->endpoint_price / 100),
              (int)(config->endpoint_price % 100));
  }
}

const char *aws_refuse_asn(gconstpointer config, guint32 asn) {
  return ((const AwsConfig *)config)->asn == asn
             ? "the route server has the same AS number: only eBGP is modelled (AWS-2.3)"
             : NULL;
}

/* ---- appliances ---------------------------------------------------------------------------- */

/* Some table takes routes of both. */
static gboolean meets_gateways(const CloudApplianceCheck *check, const AwsConfig *server) {
  for (guint i = 0; i < server->propagate_to->len; i++)
    if (check->propagates(check->data, ((const NameRef *)server->propagate_to->pdata[i])->text))
      return TRUE;
  return FALSE;
}

/* AWS-5.10: no source says who wins. */
static void check_against_gateways(const CloudApplianceCheck *check, const AwsConfig *server) {
  if (!meets_gateways(check, server))
    return;
  for (guint i = 0; i < check->announced_count; i++)
    for (guint j = 0; j < check->behind_gateways_count; j++)
      if (prefix_equal(check->announced[i], check->behind_gateways[j])) {
        g_autofree char *prefix = prefix_to_string(check->announced[i]);
        WARNING(check->mark,
                "'%s' announces %s, which a virtual private gateway propagates too: that the route "
                "of the %s counts is assumed (AWS-5.10, rs_vs_vgw)",
                check->name, prefix,
                server->rs_vs_vgw == AWS_VGW_WINS ? "gateway" : "route server");
      }
}

void aws_check_appliance(const CloudApplianceCheck *check) {
  const AwsConfig *server = check->server_config;
  const AwsApplianceConfig *own = check->config;
  if (own != NULL && own->source_dest_check && check->forwards)
    WARNING(check->mark,
            "'%s' has the source/destination check on and so drops what it should forward "
            "(AWS-5.17)",
            check->name);
  if (server == NULL)
    return;
  check_against_gateways(check, server);
  if (check->asn != 0 && !is_private_asn(check->asn))
    WARNING(check->mark,
            "AS number %" G_GINT64_FORMAT " of '%s' is not private: AWS advises 64512-65534 or "
            "4200000000-4294967295 (AWS-2.2)",
            check->asn, check->name);
  if (check->address.given && check->address.value.family != IP_V4)
    ERROR(check->address.mark,
          "a route server peers with IPv4 addresses only (AWS-2.5); IPv6 routes travel over the "
          "IPv4 session (AWS-2.6)");
  if (check->sessions > server->limits->sessions_per_interface)
    ERROR(check->mark,
          "'%s' has %u sessions: a network interface has at most %d (AWS-9.4); name fewer "
          "endpoints in `aws: {endpoints: [...]}`",
          check->name, check->sessions, (int)server->limits->sessions_per_interface);
}

/* ---- route tables -------------------------------------------------------------------------- */

static gboolean is_block(const CloudTableCheck *check, Prefix prefix) {
  for (guint i = 0; i < check->prefix_count; i++)
    if (prefix_equal(check->prefixes[i], prefix))
      return TRUE;
  return FALSE;
}

static gboolean is_own(const CloudTableCheck *check, Prefix prefix) {
  for (guint i = 0; i < check->prefix_count; i++)
    if (prefix_covers(check->prefixes[i], prefix))
      return TRUE;
  return FALSE;
}

static gboolean is_whole_subnet(const CloudTableCheck *check, Prefix prefix) {
  for (guint i = 0; i < check->subnet_count; i++)
    if (prefix_equal(check->subnets[i], prefix))
      return TRUE;
  return FALSE;
}

static gboolean is_interface(CloudVia via) {
  return via == CLOUD_VIA_APPLIANCE || via == CLOUD_VIA_ADDRESS;
}

/* AWS-5.15, AWS-5.19; AWS-5.27: a virtual private gateway's takes the same, but no IPv6. */
static void check_gateway_route(const CloudTableCheck *check, const CloudRouteCheck *route) {
  const gboolean internet = check->gateway == CLOUD_VIA_INTERNET;
  const char *kind = internet ? "an internet gateway" : "a virtual private gateway";
  const char *fact = internet ? "AWS-5.15" : "AWS-5.27", *whole = internet ? "AWS-5.19" : "AWS-5.27";
  if (!is_interface(route->via) && route->via != CLOUD_VIA_LOCAL)
    ERROR(route->via_mark,
          "in the route table of %s a route goes to a network interface or local (%s)", kind, fact);
  if (route->prefix_list)
    ERROR(route->to_mark, "the route table of %s takes no prefix list (%s)", kind, whole);
  if (!internet && route->to.address.family == IP_V6)
    ERROR(route->to_mark, "the route table of %s takes no IPv6 (%s)", kind, fact);
  if (!is_own(check, route->to))
    ERROR(route->to_mark, "the route table of %s takes destinations in its VPC only (%s)", kind,
          fact);
  else if (!is_block(check, route->to) && !is_whole_subnet(check, route->to))
    ERROR(route->to_mark,
          "the route table of %s takes a block of the VPC or the range of a subnet, each whole (%s)",
          kind, whole);
}

static void check_private_route(const CloudTableCheck *check, const CloudRouteCheck *route) {
  if (!is_interface(route->via) && route->via != CLOUD_VIA_LOCAL)
    ERROR(route->via_mark,
          "in the route table of a virtual private gateway a route goes to a network interface or "
          "local (AWS-5.27)");
  if (route->to.address.family == IP_V6)
    ERROR(route->to_mark, "the route table of a virtual private gateway takes no IPv6 (AWS-5.27)");
  else if (route->prefix_list || (!is_block(check, route->to) && !is_whole_subnet(check, route->to)))
    ERROR(route->to_mark,
          "the route table of a virtual private gateway takes a block of the VPC or the range of a "
          "subnet, each whole, and no prefix list (AWS-5.27)");
}

/* AWS-5.14; AWS-5.20 for one of the blocks, whose local route it replaces. */
static void check_subnet_route(const CloudTableCheck *check, const CloudRouteCheck *route) {
  const gboolean block = is_block(check, route->to);
  if (!is_own(check, route->to) || route->via == CLOUD_VIA_LOCAL || (block && route->prefix_list))
    return;
  if (!block && !is_whole_subnet(check, route->to))
    ERROR(route->to_mark,
          "a route inside the VPC's own range has the prefix of a whole subnet (AWS-5.14)");
  if (!is_interface(route->via) && route->via != CLOUD_VIA_NAT)
    ERROR(route->via_mark,
          block ? "the local route's target is replaced by a network interface or a NAT gateway "
                  "(AWS-5.20)"
                : "a route inside the VPC's own range goes to a network interface or a NAT gateway "
                  "(AWS-5.14)");
}

static void check_route(const CloudTableCheck *check, const CloudRouteCheck *route) {
  if (route->via == CLOUD_VIA_APPLIANCE && route->via_network != NULL &&
      strcmp(route->via_network, check->network) != 0)
    ERROR(route->via_mark,
          "'%s' stands in network '%s': a route goes to network interfaces of its own VPC, and a "
          "peering carries nothing on to a third party (AWS-8.6); use a transit gateway",
          route->via_text, route->via_network);
  if ((route->via == CLOUD_VIA_INTERNET || route->via == CLOUD_VIA_GATEWAY ||
       route->via == CLOUD_VIA_NAT) &&
      route->via_network != NULL && strcmp(route->via_network, check->network) != 0)
    ERROR(route->via_mark,
          "gateway '%s' belongs to network '%s': there is no edge-to-edge routing through another "
          "VPC's gateway (AWS-8.6)",
          route->via_text, route->via_network);
  if (check->gateway == CLOUD_VIA_INTERNET || check->gateway == CLOUD_VIA_GATEWAY)
    check_gateway_route(check, route);
  else if (check->gateway == CLOUD_VIA_GATEWAY)
    check_private_route(check, route);
  else
    check_subnet_route(check, route);
}

void aws_check_table(const CloudTableCheck *check) {
  const AwsConfig *server = check->server_config;
  const guint most =
      server != NULL ? (guint)server->limits->static_routes : (guint)AWS_STATIC_ROUTES;
  guint counts[2] = {0, 0}; /* IPv4, IPv6 */
  for (guint i = 0; i < check->route_count; i++) {
    const CloudRouteCheck *route = &check->routes[i];
    check_route(check, route);
    counts[route->to.address.family == IP_V6]++;
  }
  for (guint i = 0; i < 2; i++)
    if (counts[i] > most)
      ERROR(check->mark, "a route table has at most %u static %s routes (AWS-9.8)", most,
            i == 0 ? "IPv4" : "IPv6");
  if (check->gateway == CLOUD_VIA_GATEWAY && check->propagate && check->propagate_said)
    ERROR(check->gateway_mark,
          "a route table into which a gateway propagates cannot be associated with a virtual "
          "private gateway (AWS-5.27): leave `propagate` out");
  if (check->gateway == CLOUD_VIA_TRANSIT)
    ERROR(check->gateway_mark,
          "a transit gateway has route tables of its own: `aws: {routes: [...]}` of the gateway "
          "(AWS-8.5)");
  if (check->gateway == CLOUD_VIA_NAT)
    ERROR(check->gateway_mark,
          "a NAT gateway has no route table of its own: it follows that of its subnet (AWS-11.2)");
  if (check->gateway != CLOUD_VIA_NONE && check->followers > 0)
    ERROR(check->gateway_mark, "a route table is associated with subnets or with a gateway, not "
                               "with both (AWS-5.15)");
}

/* ---- NAT gateways -------------------------------------------------------------------------- */

/* An internet gateway, or an interface that may lead on to one. */
static gboolean leads_out(const CloudRouteCheck *route) {
  return route->via == CLOUD_VIA_INTERNET || is_interface(route->via);
}

static gboolean is_propagated_to(const CloudNatCheck *check) {
  for (guint i = 0; i < check->server_configs->len; i++) {
    const AwsConfig *config = check->server_configs->pdata[i];
    for (guint j = 0; j < config->propagate_to->len; j++) {
      const char *name = ((const NameRef *)config->propagate_to->pdata[j])->text;
      if (strcmp(name, check->subnet) == 0 || g_strcmp0(name, check->table) == 0)
        return TRUE;
    }
  }
  return FALSE;
}

void aws_check_nat(const CloudNatCheck *check) {
  for (guint i = 0; i < check->route_count; i++)
    if (leads_out(&check->routes[i]))
      return;
  if (!is_propagated_to(check))
    WARNING(check->mark,
            "the route table of subnet '%s' has no way to an internet gateway, so nothing that NAT "
            "gateway '%s' translates gets out (AWS-5.21)",
            check->subnet, check->name);
}
