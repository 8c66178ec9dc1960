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
  cloud->check_appliance(&question);
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

static CloudVia via_of(const ScenarioBody *body, const char *text, const char **network) {
  static const struct {
    const char *word;
    CloudVia via;
  } words[] = {
      {"internet", CLOUD_VIA_INTERNET}, {"local", CLOUD_VIA_LOCAL}, {"none", CLOUD_VIA_NONE}};
  const ScenarioNva *nva = scenario_find(body->nvas, text);
  const ScenarioGateway *gateway = scenario_find(body->gateways, text);
  *network = NULL;
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
  return scenario_find(body->peerings, text) != NULL ? CLOUD_VIA_PEERING : CLOUD_VIA_ADDRESS;
}

static gconstpointer server_config_in(const Check *check, guint c, const char *network) {
  for (guint i = 0; i < check->body->route_servers->len; i++) {
    const ScenarioRouteServer *server = check->body->route_servers->pdata[i];
    if (strcmp(server->network.text, network) == 0)
      return server->configs[c];
  }
  return NULL;
}

static GArray *route_checks(const ScenarioBody *body, const GPtrArray *routes) {
  GArray *checks = g_array_new(FALSE, FALSE, sizeof(CloudRouteCheck));
  for (guint i = 0; i < routes->len; i++) {
    const ScenarioRoute *route = routes->pdata[i];
    CloudRouteCheck each = {.to = route->to.value,
                            .to_mark = route->to.mark,
                            .via_mark = route->via.mark,
                            .via_text = route->via.text,
                            .prefix_list = route->prefix_list.text != NULL};
    each.via = via_of(body, route->via.text, &each.via_network);
    g_array_append_val(checks, each);
  }
  return checks;
}

/* `routes`: the table's own, or those that an event gives it. */
static void check_table(Check *check, guint c, const ScenarioRouteTable *table,
                        const GPtrArray *routes) {
  const ScenarioNetwork *network = scenario_find(check->body->networks, table->network.text);
  const ScenarioGateway *gateway = table->gateway.text != NULL
                                       ? scenario_find(check->body->gateways, table->gateway.text)
                                       : NULL;
  if (network == NULL)
    return; /* reported */
  g_autoptr(GArray) checks = route_checks(check->body, routes);
  g_autofree Prefix *prefixes = g_new0(Prefix, network->prefixes->len + 1);
  g_autofree Prefix *subnets = g_new0(Prefix, network->subnets->len + 1);
  g_autofree const char **followers = g_new0(const char *, table->subnets->len + 1);
  for (guint i = 0; i < table->subnets->len; i++) {
    const char *full = ((const NameRef *)table->subnets->pdata[i])->text;
    const char *slash = strrchr(full, '/');
    followers[i] = slash != NULL ? slash + 1 : full;
  }
  for (guint i = 0; i < network->prefixes->len; i++)
    prefixes[i] = ((const PrefixValue *)network->prefixes->pdata[i])->value;
  for (guint i = 0; i < network->subnets->len; i++)
    subnets[i] = ((const ScenarioSubnet *)network->subnets->pdata[i])->prefix.value;
  const CloudTableCheck question = {.name = table->head.name,
                                    .mark = table->head.mark,
                                    .network = network->head.name,
                                    .prefixes = prefixes,
                                    .prefix_count = network->prefixes->len,
                                    .subnets = subnets,
                                    .subnet_count = network->subnets->len,
                                    .gateway =
                                        gateway != NULL ? via_of_gateway(gateway) : CLOUD_VIA_NONE,
                                    .gateway_mark = table->gateway.mark,
                                    .followers = table->subnets->len,
                                    .follower_names = followers,
                                    .propagate = table->propagate,
                                    .propagate_said =
                                        node_get(table->head.node, "propagate") != NULL,
                                    .routes = (const CloudRouteCheck *)checks->data,
                                    .route_count = checks->len,
                                    .server_config = server_config_in(check, c, network->head.name),
                                    .diagnostics = check->reader->diagnostics};
  cloud_at(c)->check_table(&question);
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
                               .data = check,
                               .diagnostics = check->reader->diagnostics};
  cloud->check_transit(&question);
}

/* ---- NAT gateways -------------------------------------------------------------------------- */

static const ScenarioRouteTable *table_of(const ScenarioBody *body, const ScenarioSubnet *subnet) {
  for (guint i = 0; i < body->route_tables->len; i++) {
    const ScenarioRouteTable *table = body->route_tables->pdata[i];
    for (guint j = 0; j < table->subnets->len; j++) {
      const char *name = ((const NameRef *)table->subnets->pdata[j])->text;
      g_autofree char *full = g_strdup_printf("%s/%s", table->network.text, name);
      if (strcmp(name, subnet->full_name) == 0 || strcmp(full, subnet->full_name) == 0)
        return table;
    }
  }
  return NULL;
}

static void check_nat(Check *check, guint c, const ScenarioGateway *gateway) {
  const CloudClass *cloud = cloud_at(c);
  const ScenarioBody *body = check->body;
  const ScenarioSubnet *subnet = gateway->kind == SCENARIO_NAT && gateway->subnet.text != NULL
                                     ? check_find_subnet(body, gateway->subnet.text, NULL)
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
  const ScenarioRouteTable *table = table_of(body, subnet);
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  g_autoptr(GPtrArray) servers = g_ptr_array_new();
  g_autoptr(GArray) routes = route_checks(body, table != NULL ? table->routes : none);
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
  cloud->check_nat(&question);
}

void check_clouds(Check *check) {
  const ScenarioBody *body = check->body;
  for (guint c = 0; c < cloud_count(); c++) {
    if (!body->models[c])
      continue;
    for (guint i = 0; i < body->nvas->len; i++)
      if (cloud_at(c)->check_appliance != NULL)
        check_appliance(check, c, body->nvas->pdata[i]);
    check_tables_under(check, c);
    for (guint i = 0; i < body->gateways->len; i++) {
      check_transit(check, c, body->gateways->pdata[i]);
      check_nat(check, c, body->gateways->pdata[i]);
    }
  }
}
