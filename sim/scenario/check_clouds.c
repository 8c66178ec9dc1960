/* What each cloud says of appliances, route tables and gateways. */
#include <string.h>

#include "scenario_private.h"

/* ---- appliances -------------------------------------------------------------------------- */

static void add_site_prefixes(const ScenarioBody *body, const ScenarioSite *site, const char *link,
                              GArray *prefixes) {
  g_autoptr(GArray) told = scenario_site_told(body, site, link);
  for (guint i = 0; i < told->len; i++)
    g_array_append_val(prefixes, g_array_index(told, ScenarioTold, i).prefix);
}

static GArray *announced_by(const ScenarioBody *body, const ScenarioNva *nva) {
  GArray *prefixes = g_array_new(FALSE, FALSE, sizeof(Prefix));
  for (guint i = 0; i < nva->advertise->len; i++) {
    const ScenarioAnnouncement *announcement = nva->advertise->pdata[i];
    const ScenarioSite *site = announcement->site.text != NULL
                                   ? scenario_find(body->sites, announcement->site.text)
                                   : NULL;
    if (site != NULL)
      add_site_prefixes(body, site, nva->head.name, prefixes);
    else if (announcement->prefix.given)
      g_array_append_val(prefixes, announcement->prefix.value);
  }
  return prefixes;
}

/* Of sites behind the VPN and circuit gateways of the appliance's network. */
static GArray *behind_gateways(const ScenarioBody *body, const ScenarioNva *nva) {
  GArray *prefixes = g_array_new(FALSE, FALSE, sizeof(Prefix));
  ScenarioNetwork *own = NULL;
  check_find_subnet(body, nva->subnet.text, &own);
  for (guint i = 0; own != NULL && i < body->sites->len; i++) {
    const ScenarioSite *site = body->sites->pdata[i];
    if (scenario_site_is_behind(body, site, own->head.name))
      add_site_prefixes(body, site, NULL, prefixes);
  }
  return prefixes;
}

static gboolean propagates(gpointer data, const char *name) {
  const ScenarioBody *body = data;
  ScenarioNetwork *network = NULL;
  const ScenarioSubnet *subnet = check_find_subnet(body, name, &network);
  const ScenarioRouteTable *table = subnet != NULL
                                        ? check_table_of(body, network->head.name, subnet)
                                        : scenario_find(body->route_tables, name);
  return table == NULL || table->propagate;
}

static void check_appliance(Check *check, guint c, const ScenarioNva *nva) {
  g_autoptr(GArray) announced = announced_by(check->body, nva);
  g_autoptr(GArray) behind = behind_gateways(check->body, nva);
  const CloudClass *cloud = cloud_at(c);
  CloudApplianceCheck question = {.name = nva->head.name,
                                  .mark = nva->head.mark,
                                  .asn = nva->asn,
                                  .address = nva->address,
                                  .config = nva->configs[c],
                                  .announced = (const Prefix *)announced->data,
                                  .announced_count = announced->len,
                                  .behind_gateways = (const Prefix *)behind->data,
                                  .behind_gateways_count = behind->len,
                                  .propagates = propagates,
                                  .data = (gpointer)check->body,
                                  .forwards = check_forwards(check->body, nva),
                                  .diagnostics = check->reader->diagnostics};
  for (guint i = 0; i < nva->peers->len; i++) {
    const ScenarioPeer *peer = nva->peers->pdata[i];
    const ScenarioRouteServer *server = scenario_find(check->body->route_servers, peer->head.name);
    const char *why;
    if (server == NULL || server->configs[c] == NULL)
      continue;
    question.sessions +=
        cloud->count_peer_parts(server->configs[c], nva->subnet.text, peer->configs[c], &why);
    if (question.server_config == NULL)
      question.server_config = server->configs[c];
  }
  check_under(check, cloud);
  cloud->check_appliance(&question);
  check_under(check, NULL);
}

/* ---- networks ---------------------------------------------------------------------------- */

static const BlockHead *gateway_in(const ScenarioBody *body, const char *network) {
  for (guint i = 0; i < body->gateways->len; i++) {
    const ScenarioGateway *gateway = body->gateways->pdata[i];
    if ((gateway->kind == SCENARIO_VPN || gateway->kind == SCENARIO_CIRCUIT) &&
        g_strcmp0(gateway->network.text, network) == 0)
      return &gateway->head;
  }
  return NULL;
}

static const BlockHead *server_in(const ScenarioBody *body, const char *network) {
  for (guint i = 0; i < body->route_servers->len; i++) {
    const ScenarioRouteServer *server = body->route_servers->pdata[i];
    if (strcmp(server->network.text, network) == 0)
      return &server->head;
  }
  return NULL;
}

/* What could not be read may be the gateway, or stand in the network. */
static gboolean may_have_gateway(const ScenarioBody *body, const char *network) {
  gboolean may = scenario_find(body->networks, network) == NULL ||
                 !keys_sound(&body->head, "gateways") || !keys_sound(&body->head, "route_servers");
  for (guint i = 0; i < body->gateways->len; i++) {
    const BlockHead *head = body->gateways->pdata[i];
    may |= !keys_sound(head, "kind") || !keys_sound(head, "network");
  }
  for (guint i = 0; i < body->route_servers->len; i++)
    may |= !keys_sound(body->route_servers->pdata[i], "network");
  return may || gateway_in(body, network) != NULL || server_in(body, network) != NULL;
}

static GArray *remote_uses(const ScenarioBody *body, const char *network) {
  GArray *uses = g_array_new(FALSE, FALSE, sizeof(CloudRemoteCheck));
  for (guint i = 0; i < body->peerings->len; i++) {
    const ScenarioPeering *peering = body->peerings->pdata[i];
    const CloudRemoteCheck use = {peering->to.text, peering->head.mark,
                                  may_have_gateway(body, peering->to.text)};
    if (peering->use_remote_gateway && strcmp(peering->from.text, network) == 0)
      g_array_append_val(uses, use);
  }
  return uses;
}

/* AZ-1.17. */
static gboolean may_use_remote(const ScenarioBody *body, const char *network) {
  g_autoptr(GArray) uses = remote_uses(body, network);
  return uses->len == 0 && !may_have_gateway(body, network);
}

static void add_dweller(GArray *dwellers, const ScenarioNetwork *network, const NameRef *subnet,
                        const ScenarioNva *nva) {
  const gsize length = strlen(network->head.name);
  if (strncmp(subnet->text, network->head.name, length) != 0 || subnet->text[length] != '/')
    return;
  const CloudDweller dweller = {nva->head.name, subnet->text + length + 1, subnet->mark};
  g_array_append_val(dwellers, dweller);
}

static void add_front_ends(const ScenarioBody *body, GArray *dwellers,
                           const ScenarioNetwork *network) {
  for (guint i = 0; i < body->load_balancers->len; i++) {
    const ScenarioLoadBalancer *balancer = body->load_balancers->pdata[i];
    const ScenarioSubnet *subnet =
        balancer->address.given ? check_subnet_of_address(body, balancer->address.value) : NULL;
    if (subnet == NULL || !g_ptr_array_find(network->subnets, subnet, NULL))
      continue;
    const CloudDweller dweller = {balancer->head.name, subnet->head.name, balancer->address.mark};
    g_array_append_val(dwellers, dweller);
  }
}

static void check_network(Check *check, guint c, const ScenarioNetwork *network) {
  const ScenarioBody *body = check->body;
  g_autoptr(GArray) uses = remote_uses(body, network->head.name);
  g_autoptr(GArray) dwellers = g_array_new(FALSE, FALSE, sizeof(CloudDweller));
  g_autofree Prefix *prefixes = g_new0(Prefix, network->prefixes->len + 1);
  g_autofree Prefix *subnets = g_new0(Prefix, network->subnets->len + 1);
  g_autofree const char **names = g_new0(const char *, network->subnets->len + 1);
  gboolean unread = !keys_sound(&network->head, "subnets"); /* it may be anywhere */
  const Mark none = {NULL, 0, 0, 0, 0};
  for (guint i = 0; i < body->nvas->len; i++) {
    const ScenarioNva *nva = body->nvas->pdata[i];
    add_dweller(dwellers, network, &nva->subnet, nva);
    if (nva->interfaces != NULL)
      add_dweller(dwellers, network, &nva->interfaces->out, nva);
  }
  add_front_ends(body, dwellers, network);
  for (guint i = 0; i < network->subnets->len; i++) {
    const ScenarioSubnet *subnet = network->subnets->pdata[i];
    const CloudDweller hosts = {NULL, subnet->head.name, subnet->head.mark};
    if (subnet->vms > 0)
      g_array_append_val(dwellers, hosts);
    subnets[i] = subnet->prefix.value;
    names[i] = subnet->head.name;
    unread |= !subnet->prefix.given;
  }
  for (guint i = 0; i < network->prefixes->len; i++)
    prefixes[i] = ((const PrefixValue *)network->prefixes->pdata[i])->value;
  const BlockHead *gateway = gateway_in(body, network->head.name);
  const BlockHead *server = server_in(body, network->head.name);
  const CloudNetworkCheck question = {.name = network->head.name,
                                      .gateway = gateway != NULL ? gateway->name : NULL,
                                      .route_server = server != NULL ? server->name : NULL,
                                      .gateway_mark = gateway != NULL ? gateway->mark : none,
                                      .server_mark = server != NULL ? server->mark : none,
                                      .prefixes = prefixes,
                                      .prefix_count = unread ? 0 : network->prefixes->len,
                                      .subnets = subnets,
                                      .subnet_names = names,
                                      .subnet_count = network->subnets->len,
                                      .remote = (const CloudRemoteCheck *)uses->data,
                                      .remote_count = uses->len,
                                      .dwellers = (const CloudDweller *)dwellers->data,
                                      .dweller_count = dwellers->len,
                                      .diagnostics = check->reader->diagnostics};
  check_under(check, cloud_at(c));
  cloud_at(c)->check_network(&question);
  check_under(check, NULL);
}

/* ---- route tables ------------------------------------------------------------------------ */

static CloudVia via_of_gateway(const ScenarioGateway *gateway) {
  static const CloudVia vias[] = {[SCENARIO_INTERNET] = CLOUD_VIA_INTERNET,
                                  [SCENARIO_VPN] = CLOUD_VIA_GATEWAY,
                                  [SCENARIO_CIRCUIT] = CLOUD_VIA_GATEWAY,
                                  [SCENARIO_TRANSIT] = CLOUD_VIA_TRANSIT,
                                  [SCENARIO_NAT] = CLOUD_VIA_NAT};
  return vias[gateway->kind];
}

/* Seen from network `own`. */
static const char *network_of_peering(const ScenarioPeering *peering, const char *own) {
  const gboolean joins = check_joins(peering, own, peering->to.text) ||
                         check_joins(peering, own, peering->from.text);
  return joins ? own : peering->from.text;
}

/* What could not be read may be the gateway. */
static gboolean may_have_internet_gateway(const ScenarioBody *body, const char *network) {
  gboolean may = !keys_sound(&body->head, "gateways");
  for (guint i = 0; i < body->gateways->len; i++) {
    const ScenarioGateway *gateway = body->gateways->pdata[i];
    may |= !keys_sound(&gateway->head, "kind") || !keys_sound(&gateway->head, "network") ||
           (gateway->kind == SCENARIO_INTERNET && g_strcmp0(gateway->network.text, network) == 0);
  }
  return may;
}

static CloudVia via_of(const ScenarioBody *body, const char *own, const char *text,
                       const char **network) {
  static const struct {
    const char *word;
    CloudVia via;
  } words[] = {
      {"internet", CLOUD_VIA_INTERNET}, {"local", CLOUD_VIA_LOCAL}, {"none", CLOUD_VIA_NONE}};
  const ScenarioNva *nva = scenario_find(body->nvas, text);
  const ScenarioGateway *gateway = scenario_find(body->gateways, text);
  const ScenarioPeering *peering = scenario_find(body->peerings, text);
  IpAddress address;
  *network = strcmp(text, "internet") == 0 && may_have_internet_gateway(body, own) ? own : NULL;
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (strcmp(text, words[i].word) == 0)
      return words[i].via;
  if (nva != NULL) {
    ScenarioNetwork *owner = NULL;
    if (check_find_subnet(body, nva->subnet.text, &owner) != NULL)
      *network = owner->head.name;
    return CLOUD_VIA_APPLIANCE;
  }
  if (gateway != NULL) {
    *network = gateway->network.text;
    return via_of_gateway(gateway);
  }
  if (peering != NULL) {
    *network = network_of_peering(peering, own);
    return CLOUD_VIA_PEERING;
  }
  if (ip_address_parse(text, &address))
    *network = check_network_of_address(body, address);
  return CLOUD_VIA_ADDRESS;
}

static gconstpointer server_config_in(const Check *check, guint c, const char *network) {
  for (guint i = 0; i < check->body->route_servers->len; i++) {
    const ScenarioRouteServer *server = check->body->route_servers->pdata[i];
    if (strcmp(server->network.text, network) == 0)
      return server->configs[c];
  }
  return NULL;
}

/* No address, and nothing of that name; or a gateway of no known kind. */
static gboolean is_unknown(const ScenarioBody *body, const char *text, CloudVia via) {
  const ScenarioGateway *gateway = scenario_find(body->gateways, text);
  IpAddress address;
  if (gateway != NULL && !keys_sound(&gateway->head, "kind"))
    return TRUE;
  return via == CLOUD_VIA_ADDRESS && !ip_address_parse(text, &address);
}

static const ScenarioGateway *gateway_beside(const ScenarioBody *body, const ScenarioGateway *one) {
  for (guint i = 0; i < body->gateways->len; i++) {
    const ScenarioGateway *other = body->gateways->pdata[i];
    if (other != one && other->kind != one->kind && via_of_gateway(other) == CLOUD_VIA_GATEWAY &&
        g_strcmp0(other->network.text, one->network.text) == 0)
      return other;
  }
  return NULL;
}

GArray *check_user_routes(const ScenarioBody *body, const char *network, const GPtrArray *routes) {
  GArray *checks = g_array_new(FALSE, FALSE, sizeof(CloudRouteCheck));
  for (guint i = 0; i < routes->len; i++) {
    const ScenarioRoute *route = routes->pdata[i];
    const ScenarioGateway *gateway = scenario_find(body->gateways, route->via.text);
    const ScenarioNva *nva = scenario_find(body->nvas, route->via.text);
    CloudRouteCheck each = {.to = route->to.value,
                            .to_mark = route->to.mark,
                            .via_mark = route->via.mark,
                            .via_text = route->via.text,
                            .prefix_list = route->prefix_list.text != NULL};
    each.via = via_of(body, network, route->via.text, &each.via_network);
    if (!route->to.given || is_unknown(body, route->via.text, each.via))
      continue; /* told */
    each.via_circuit = gateway != NULL && gateway->kind == SCENARIO_CIRCUIT;
    each.via_used = !keys_sound(&body->head, "peerings") ||
                    (each.via_network != NULL && check_is_served(body, network, each.via_network));
    each.via_beside = each.via == CLOUD_VIA_GATEWAY && gateway_beside(body, gateway) != NULL;
    each.via_translates = nva != NULL && check_translates(body, nva);
    g_array_append_val(checks, each);
  }
  return checks;
}

/* Of the first subnet from which it is; a table that nothing follows is asked about its network. */
static const char *table_hop_beyond(Check *check, guint c, const ScenarioRouteTable *table,
                                    const ScenarioNetwork *network, const char *hop) {
  const ScenarioBody *body = check->body;
  const char *why = NULL;
  for (guint i = 0; why == NULL && i < network->subnets->len; i++) {
    const ScenarioSubnet *subnet = network->subnets->pdata[i];
    if (check_table_of(body, network->head.name, subnet) == table)
      why = check_hop_beyond(check->reader->arena, body, c, network->head.name, subnet, hop);
  }
  return why != NULL || table->subnets->len > 0
             ? why
             : check_hop_beyond(check->reader->arena, body, c, network->head.name, NULL, hop);
}

/* `routes`: the table's own, or those that an event gives it. */
static void check_table(Check *check, guint c, const ScenarioRouteTable *table,
                        const GPtrArray *routes) {
  const ScenarioNetwork *network = scenario_find(check->body->networks, table->network.text);
  const ScenarioGateway *gateway = table->gateway.text != NULL
                                       ? scenario_find(check->body->gateways, table->gateway.text)
                                       : NULL;
  if (network == NULL || (gateway != NULL && !keys_sound(&gateway->head, "kind")))
    return; /* reported */
  g_autoptr(GArray) checks = check_user_routes(check->body, network->head.name, routes);
  g_autofree Prefix *prefixes = g_new0(Prefix, network->prefixes->len + 1);
  g_autofree Prefix *subnets = g_new0(Prefix, network->subnets->len + 1);
  g_autofree const char **followers = g_new0(const char *, table->subnets->len + 1);
  for (guint i = 0; i < checks->len; i++) {
    CloudRouteCheck *each = &g_array_index(checks, CloudRouteCheck, i);
    if (each->via == CLOUD_VIA_APPLIANCE || each->via == CLOUD_VIA_ADDRESS)
      each->via_beyond = table_hop_beyond(check, c, table, network, each->via_text);
  }
  for (guint i = 0; i < table->subnets->len; i++) {
    const char *full = ((const NameRef *)table->subnets->pdata[i])->text;
    const char *slash = strrchr(full, '/');
    followers[i] = slash != NULL ? slash + 1 : full;
  }
  for (guint i = 0; i < network->prefixes->len; i++)
    prefixes[i] = ((const PrefixValue *)network->prefixes->pdata[i])->value;
  const Prefix *dedicated = NULL;
  for (guint i = 0; i < network->subnets->len; i++) {
    const ScenarioSubnet *subnet = network->subnets->pdata[i];
    subnets[i] = subnet->prefix.value;
    if (g_strcmp0(cloud_at(c)->dedicated_subnet, subnet->head.name) == 0)
      dedicated = &subnets[i];
  }
  const CloudTableCheck question = {.name = table->head.name,
                                    .mark = table->head.mark,
                                    .network = network->head.name,
                                    .prefixes = prefixes,
                                    .prefix_count = network->prefixes->len,
                                    .subnets = subnets,
                                    .subnet_count = network->subnets->len,
                                    .dedicated = dedicated,
                                    .gateway =
                                        gateway != NULL ? via_of_gateway(gateway) : CLOUD_VIA_NONE,
                                    .gateway_name = table->gateway.text,
                                    .gateway_network =
                                        gateway != NULL ? gateway->network.text : NULL,
                                    .gateway_mark = table->gateway.mark,
                                    .followers = table->subnets->len,
                                    .follower_names = followers,
                                    .may_use_remote =
                                        may_use_remote(check->body, network->head.name),
                                    .propagate = table->propagate,
                                    .propagate_said =
                                        node_get(table->head.node, "propagate") != NULL,
                                    .routes = (const CloudRouteCheck *)checks->data,
                                    .route_count = checks->len,
                                    .server_config = server_config_in(check, c, network->head.name),
                                    .internet_asked = check_internet_asked(check->body),
                                    .diagnostics = check->reader->diagnostics};
  check_under(check, cloud_at(c));
  cloud_at(c)->check_table(&question);
  check_under(check, NULL);
}

/* Tables of gateways are a matter of clouds whose gateways have some. */
static void check_gateway_table(Check *check, guint c, const ScenarioRouteTable *table) {
  if (table->gateway.text != NULL && !cloud_at(c)->edge_gateways)
    diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, table->gateway.mark,
                    "%s has no route tables of gateways (AWS-5.2): ignored under %s",
                    cloud_at(c)->title, cloud_at(c)->name);
}

static void check_tables_under(Check *check, guint c) {
  const ScenarioBody *body = check->body;
  for (guint i = 0; i < body->route_tables->len; i++) {
    const ScenarioRouteTable *table = body->route_tables->pdata[i];
    check_gateway_table(check, c, table);
    if (cloud_at(c)->check_table != NULL)
      check_table(check, c, table, table->routes);
  }
  for (guint i = 0; i < body->events->len; i++) {
    const ScenarioEvent *event = body->events->pdata[i];
    const ScenarioRouteTable *table = event->action == EVENT_SET_ROUTES
                                          ? scenario_find(body->route_tables, event->ends[0])
                                          : NULL;
    if (table != NULL && cloud_at(c)->check_table != NULL)
      check_table(check, c, table, event->routes);
  }
}

/* ---- transit gateways ---------------------------------------------------------------------- */

/* Route tables may have the names of networks; here only what can be attached counts. */
static CloudNameKind resolve_attachable(gpointer data, const char *name, const char **network) {
  const Check *check = data;
  ScenarioNetwork *owner = NULL;
  *network = NULL;
  if (check_find_subnet(check->body, name, &owner) != NULL) {
    *network = owner->head.name;
    return CLOUD_NAME_SUBNET;
  }
  if (scenario_find(check->body->networks, name) == NULL)
    return CLOUD_NAME_UNKNOWN;
  *network = name;
  return CLOUD_NAME_NETWORK;
}

static const char *zone_of(gpointer data, const char *name) {
  const ScenarioSubnet *subnet = check_find_subnet(((const Check *)data)->body, name, NULL);
  return subnet != NULL ? subnet->zone.text : NULL;
}

static void check_transit(Check *check, guint c, const ScenarioGateway *gateway) {
  const CloudClass *cloud = cloud_at(c);
  if (gateway->kind != SCENARIO_TRANSIT)
    return;
  if (cloud->gateway_keys == NULL) {
    diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, gateway->head.mark,
                    "%s has no transit gateway (AWS-8.5): ignored under %s, routes to it drop",
                    cloud->title, cloud->name);
    return;
  }
  if (gateway->configs[c] == NULL && !keys_sound(&gateway->head, cloud->name))
    return;
  if (gateway->configs[c] == NULL) {
    check_error(check, gateway->head.mark,
                "transit gateway '%s' has no `%s:` block, which names the networks that it joins",
                gateway->head.name, cloud->name);
    return;
  }
  const CloudCheck question = {.name = gateway->head.name,
                               .mark = gateway->head.mark,
                               .config = gateway->configs[c],
                               .resolve = resolve_attachable,
                               .zone_of = zone_of,
                               .data = check,
                               .diagnostics = check->reader->diagnostics};
  check_under(check, cloud);
  cloud->check_transit(&question);
  check_under(check, NULL);
}

/* ---- NAT gateways -------------------------------------------------------------------------- */

static void check_nat(Check *check, guint c, const ScenarioGateway *gateway) {
  const CloudClass *cloud = cloud_at(c);
  const ScenarioBody *body = check->body;
  ScenarioNetwork *owner = NULL;
  const ScenarioSubnet *subnet =
      gateway->kind == SCENARIO_NAT && gateway->subnet.text != NULL
          ? check_find_subnet(body, gateway->subnet.text, &owner)
          : NULL;
  if (subnet == NULL)
    return; /* reported */
  if (cloud->nat_keys == NULL) {
    diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, gateway->head.mark,
                    "under %s a NAT gateway is a property of subnets and nothing that a route "
                    "names: '%s' is ignored there, and a route to it leads to the Internet",
                    cloud->name, gateway->head.name);
    return;
  }
  const ScenarioRouteTable *table = check_table_of(body, owner->head.name, subnet);
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  g_autoptr(GPtrArray) servers = g_ptr_array_new();
  g_autoptr(GArray) routes =
      check_user_routes(body, owner->head.name, table != NULL ? table->routes : none);
  for (guint i = 0; i < body->route_servers->len; i++) {
    const ScenarioRouteServer *server = body->route_servers->pdata[i];
    if (g_strcmp0(server->network.text, gateway->network.text) == 0 && server->configs[c] != NULL)
      g_ptr_array_add(servers, server->configs[c]);
  }
  const CloudNatCheck question = {.name = gateway->head.name,
                                  .mark = gateway->head.mark,
                                  .subnet = subnet->full_name,
                                  .table = table != NULL ? table->head.name : NULL,
                                  .routes = (const CloudRouteCheck *)routes->data,
                                  .route_count = routes->len,
                                  .server_configs = servers,
                                  .diagnostics = check->reader->diagnostics};
  check_under(check, cloud);
  cloud->check_nat(&question);
  check_under(check, NULL);
}

void check_clouds(Check *check) {
  const ScenarioBody *body = check->body;
  for (guint c = 0; c < cloud_count(); c++) {
    if (!body->models[c])
      continue;
    for (guint i = 0; i < body->nvas->len; i++)
      if (cloud_at(c)->check_appliance != NULL)
        check_appliance(check, c, body->nvas->pdata[i]);
    for (guint i = 0; i < body->networks->len; i++)
      if (cloud_at(c)->check_network != NULL)
        check_network(check, c, body->networks->pdata[i]);
    check_tables_under(check, c);
    for (guint i = 0; i < body->gateways->len; i++) {
      check_transit(check, c, body->gateways->pdata[i]);
      check_nat(check, c, body->gateways->pdata[i]);
    }
  }
}
