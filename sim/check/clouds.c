/* What each cloud says of appliances, route tables and gateways. */
#include <string.h>

#include "check_private.h"

/* ---- appliances -------------------------------------------------------------------------- */

static void add_site_prefixes(const Design *design, const DesignSite *site, const char *link,
                              GArray *prefixes) {
  g_autoptr(GArray) told = design_site_told(design, site, link);
  for (guint i = 0; i < told->len; i++)
    g_array_append_val(prefixes, g_array_index(told, DesignTold, i).prefix);
}

static GArray *announced_by(const Design *design, const DesignNva *nva) {
  GArray *prefixes = g_array_new(FALSE, FALSE, sizeof(Prefix));
  for (guint i = 0; i < nva->advertise->len; i++) {
    const DesignAnnouncement *announcement = nva->advertise->pdata[i];
    const DesignSite *site = announcement->site.text != NULL
                                   ? design_find(design->sites, announcement->site.text)
                                   : NULL;
    if (site != NULL)
      add_site_prefixes(design, site, nva->head.name, prefixes);
    else if (announcement->prefix.given)
      g_array_append_val(prefixes, announcement->prefix.value);
  }
  return prefixes;
}

/* Of sites behind the VPN and circuit gateways of the appliance's network. */
static GArray *behind_gateways(const Design *design, const DesignNva *nva) {
  GArray *prefixes = g_array_new(FALSE, FALSE, sizeof(Prefix));
  const DesignNetwork *own = NULL;
  design_find_subnet(design, nva->subnet.text, &own);
  for (guint i = 0; own != NULL && i < design->sites->len; i++) {
    const DesignSite *site = design->sites->pdata[i];
    if (design_site_is_behind(design, site, own->head.name))
      add_site_prefixes(design, site, NULL, prefixes);
  }
  return prefixes;
}

static gboolean propagates(gpointer data, const char *name) {
  const Design *design = data;
  const DesignNetwork *network = NULL;
  const DesignSubnet *subnet = design_find_subnet(design, name, &network);
  const DesignRouteTable *table = subnet != NULL
                                        ? design_table_of(design, network->head.name, subnet)
                                        : design_find(design->route_tables, name);
  return table == NULL || table->propagate;
}

static void check_appliance(DesignCheck *check, guint c, const DesignNva *nva) {
  g_autoptr(GArray) announced = announced_by(check->design, nva);
  g_autoptr(GArray) behind = behind_gateways(check->design, nva);
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
                                  .data = (gpointer)check->design,
                                  .forwards = design_nva_forwards(check->design, nva),
                                  .diagnostics = check->reader->diagnostics};
  for (guint i = 0; i < nva->peers->len; i++) {
    const DesignPeer *peer = nva->peers->pdata[i];
    const DesignRouteServer *server = design_find(check->design->route_servers, peer->head.name);
    const char *why;
    if (server == NULL || server->configs[c] == NULL)
      continue;
    question.sessions +=
        cloud->count_peer_parts(server->configs[c], nva->subnet.text, peer->configs[c], &why);
    if (question.server_config == NULL)
      question.server_config = server->configs[c];
  }
  tell_under(check, cloud->name);
  cloud->check_appliance(&question);
  tell_under(check, NULL);
}

/* ---- networks ---------------------------------------------------------------------------- */

static const BlockHead *gateway_in(const Design *design, const char *network) {
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *gateway = design->gateways->pdata[i];
    if ((gateway->kind == DESIGN_GATEWAY_VPN || gateway->kind == DESIGN_GATEWAY_CIRCUIT) &&
        g_strcmp0(gateway->network.text, network) == 0)
      return &gateway->head;
  }
  return NULL;
}

static const BlockHead *server_in(const Design *design, const char *network) {
  for (guint i = 0; i < design->route_servers->len; i++) {
    const DesignRouteServer *server = design->route_servers->pdata[i];
    if (strcmp(server->network.text, network) == 0)
      return &server->head;
  }
  return NULL;
}

/* What could not be read may be the gateway, or stand in the network. */
static gboolean may_have_gateway(const Design *design, const char *network) {
  gboolean may = design_find(design->networks, network) == NULL ||
                 !keys_sound(&design->head, "gateways") || !keys_sound(&design->head, "route_servers");
  for (guint i = 0; i < design->gateways->len; i++) {
    const BlockHead *head = design->gateways->pdata[i];
    may |= !keys_sound(head, "kind") || !keys_sound(head, "network");
  }
  for (guint i = 0; i < design->route_servers->len; i++)
    may |= !keys_sound(design->route_servers->pdata[i], "network");
  return may || gateway_in(design, network) != NULL || server_in(design, network) != NULL;
}

static GArray *remote_uses(const Design *design, const char *network) {
  GArray *uses = g_array_new(FALSE, FALSE, sizeof(CloudRemoteCheck));
  for (guint i = 0; i < design->peerings->len; i++) {
    const DesignPeering *peering = design->peerings->pdata[i];
    const CloudRemoteCheck use = {peering->to.text, peering->head.mark,
                                  may_have_gateway(design, peering->to.text)};
    if (peering->use_remote_gateway && strcmp(peering->from.text, network) == 0)
      g_array_append_val(uses, use);
  }
  return uses;
}

/* AZ-1.17. */
static gboolean may_use_remote(const Design *design, const char *network) {
  g_autoptr(GArray) uses = remote_uses(design, network);
  return uses->len == 0 && !may_have_gateway(design, network);
}

static void add_dweller(GArray *dwellers, const DesignNetwork *network, const NameRef *subnet,
                        const DesignNva *nva) {
  const gsize length = strlen(network->head.name);
  if (strncmp(subnet->text, network->head.name, length) != 0 || subnet->text[length] != '/')
    return;
  const CloudDweller dweller = {nva->head.name, subnet->text + length + 1, subnet->mark};
  g_array_append_val(dwellers, dweller);
}

static void add_front_ends(const Design *design, GArray *dwellers,
                           const DesignNetwork *network) {
  for (guint i = 0; i < design->load_balancers->len; i++) {
    const DesignLoadBalancer *balancer = design->load_balancers->pdata[i];
    const DesignSubnet *subnet =
        balancer->address.given ? design_subnet_of_address(design, balancer->address.value) : NULL;
    if (subnet == NULL || !g_ptr_array_find(network->subnets, subnet, NULL))
      continue;
    const CloudDweller dweller = {balancer->head.name, subnet->head.name, balancer->address.mark};
    g_array_append_val(dwellers, dweller);
  }
}

static void check_network(DesignCheck *check, guint c, const DesignNetwork *network) {
  const Design *design = check->design;
  g_autoptr(GArray) uses = remote_uses(design, network->head.name);
  g_autoptr(GArray) dwellers = g_array_new(FALSE, FALSE, sizeof(CloudDweller));
  g_autofree Prefix *prefixes = g_new0(Prefix, network->prefixes->len + 1);
  g_autofree Prefix *subnets = g_new0(Prefix, network->subnets->len + 1);
  g_autofree const char **names = g_new0(const char *, network->subnets->len + 1);
  gboolean unread = !keys_sound(&network->head, "subnets"); /* it may be anywhere */
  const Mark none = {NULL, 0, 0, 0, 0};
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    add_dweller(dwellers, network, &nva->subnet, nva);
    if (nva->interfaces != NULL)
      add_dweller(dwellers, network, &nva->interfaces->out, nva);
  }
  add_front_ends(design, dwellers, network);
  for (guint i = 0; i < network->subnets->len; i++) {
    const DesignSubnet *subnet = network->subnets->pdata[i];
    const CloudDweller hosts = {NULL, subnet->head.name, subnet->head.mark};
    if (subnet->vms > 0)
      g_array_append_val(dwellers, hosts);
    subnets[i] = subnet->prefix.value;
    names[i] = subnet->head.name;
    unread |= !subnet->prefix.given;
  }
  for (guint i = 0; i < network->prefixes->len; i++)
    prefixes[i] = ((const PrefixValue *)network->prefixes->pdata[i])->value;
  const BlockHead *gateway = gateway_in(design, network->head.name);
  const BlockHead *server = server_in(design, network->head.name);
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
  tell_under(check, cloud_at(c)->name);
  cloud_at(c)->check_network(&question);
  tell_under(check, NULL);
}

/* ---- route tables ------------------------------------------------------------------------ */

static CloudVia via_of_gateway(const DesignGateway *gateway) {
  static const CloudVia vias[] = {[DESIGN_GATEWAY_INTERNET] = CLOUD_VIA_INTERNET,
                                  [DESIGN_GATEWAY_VPN] = CLOUD_VIA_GATEWAY,
                                  [DESIGN_GATEWAY_CIRCUIT] = CLOUD_VIA_GATEWAY,
                                  [DESIGN_GATEWAY_TRANSIT] = CLOUD_VIA_TRANSIT,
                                  [DESIGN_GATEWAY_NAT] = CLOUD_VIA_NAT};
  return vias[gateway->kind];
}

/* Seen from network `own`. */
static const char *network_of_peering(const DesignPeering *peering, const char *own) {
  const gboolean joins = design_peering_joins(peering, own, peering->to.text) ||
                         design_peering_joins(peering, own, peering->from.text);
  return joins ? own : peering->from.text;
}

/* What could not be read may be the gateway. */
static gboolean may_have_internet_gateway(const Design *design, const char *network) {
  gboolean may = !keys_sound(&design->head, "gateways");
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *gateway = design->gateways->pdata[i];
    may |= !keys_sound(&gateway->head, "kind") || !keys_sound(&gateway->head, "network") ||
           (gateway->kind == DESIGN_GATEWAY_INTERNET && g_strcmp0(gateway->network.text, network) == 0);
  }
  return may;
}

static CloudVia via_of(const Design *design, const char *own, const char *text,
                       const char **network) {
  static const struct {
    const char *word;
    CloudVia via;
  } words[] = {
      {"internet", CLOUD_VIA_INTERNET}, {"local", CLOUD_VIA_LOCAL}, {"none", CLOUD_VIA_NONE}};
  const DesignNva *nva = design_find(design->nvas, text);
  const DesignGateway *gateway = design_find(design->gateways, text);
  const DesignPeering *peering = design_find(design->peerings, text);
  IpAddress address;
  *network = strcmp(text, "internet") == 0 && may_have_internet_gateway(design, own) ? own : NULL;
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (strcmp(text, words[i].word) == 0)
      return words[i].via;
  if (nva != NULL) {
    const DesignNetwork *owner = NULL;
    if (design_find_subnet(design, nva->subnet.text, &owner) != NULL)
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
    *network = design_network_of_address(design, address);
  return CLOUD_VIA_ADDRESS;
}

static gconstpointer server_config_in(const DesignCheck *check, guint c, const char *network) {
  for (guint i = 0; i < check->design->route_servers->len; i++) {
    const DesignRouteServer *server = check->design->route_servers->pdata[i];
    if (strcmp(server->network.text, network) == 0)
      return server->configs[c];
  }
  return NULL;
}

/* No address, and nothing of that name; or a gateway of no known kind. */
static gboolean is_unknown(const Design *design, const char *text, CloudVia via) {
  const DesignGateway *gateway = design_find(design->gateways, text);
  IpAddress address;
  if (gateway != NULL && !keys_sound(&gateway->head, "kind"))
    return TRUE;
  return via == CLOUD_VIA_ADDRESS && !ip_address_parse(text, &address);
}

static const DesignGateway *gateway_beside(const Design *design, const DesignGateway *one) {
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *other = design->gateways->pdata[i];
    if (other != one && other->kind != one->kind && via_of_gateway(other) == CLOUD_VIA_GATEWAY &&
        g_strcmp0(other->network.text, one->network.text) == 0)
      return other;
  }
  return NULL;
}

GArray *check_user_routes(const Design *design, const char *network, const GPtrArray *routes) {
  GArray *checks = g_array_new(FALSE, FALSE, sizeof(CloudRouteCheck));
  for (guint i = 0; i < routes->len; i++) {
    const DesignRoute *route = routes->pdata[i];
    const DesignGateway *gateway = design_find(design->gateways, route->via.text);
    const DesignNva *nva = design_find(design->nvas, route->via.text);
    CloudRouteCheck each = {.to = route->to.value,
                            .to_mark = route->to.mark,
                            .via_mark = route->via.mark,
                            .via_text = route->via.text,
                            .prefix_list = route->prefix_list.text != NULL};
    each.via = via_of(design, network, route->via.text, &each.via_network);
    if (!route->to.given || is_unknown(design, route->via.text, each.via))
      continue; /* told */
    each.via_circuit = gateway != NULL && gateway->kind == DESIGN_GATEWAY_CIRCUIT;
    each.via_used = !keys_sound(&design->head, "peerings") ||
                    (each.via_network != NULL && design_is_served(design, network, each.via_network));
    each.via_beside = each.via == CLOUD_VIA_GATEWAY && gateway_beside(design, gateway) != NULL;
    each.via_translates = nva != NULL && design_nva_translates(design, nva);
    g_array_append_val(checks, each);
  }
  return checks;
}

/* Of the first subnet from which it is; a table that nothing follows is asked about its network. */
static const char *table_hop_beyond(DesignCheck *check, guint c, const DesignRouteTable *table,
                                    const DesignNetwork *network, const char *hop) {
  const Design *design = check->design;
  const char *why = NULL;
  for (guint i = 0; why == NULL && i < network->subnets->len; i++) {
    const DesignSubnet *subnet = network->subnets->pdata[i];
    if (design_table_of(design, network->head.name, subnet) == table)
      why = cloud_hop_beyond(check->reader->arena, design, c, network->head.name, subnet, hop);
  }
  return why != NULL || table->subnets->len > 0
             ? why
             : cloud_hop_beyond(check->reader->arena, design, c, network->head.name, NULL, hop);
}

/* `routes`: the table's own, or those that an event gives it. */
static void check_table(DesignCheck *check, guint c, const DesignRouteTable *table,
                        const GPtrArray *routes) {
  const DesignNetwork *network = design_find(check->design->networks, table->network.text);
  const DesignGateway *gateway = table->gateway.text != NULL
                                       ? design_find(check->design->gateways, table->gateway.text)
                                       : NULL;
  if (network == NULL || (gateway != NULL && !keys_sound(&gateway->head, "kind")))
    return; /* reported */
  g_autoptr(GArray) checks = check_user_routes(check->design, network->head.name, routes);
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
    const DesignSubnet *subnet = network->subnets->pdata[i];
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
                                        may_use_remote(check->design, network->head.name),
                                    .propagate = table->propagate,
                                    .propagate_said =
                                        node_get(table->head.node, "propagate") != NULL,
                                    .routes = (const CloudRouteCheck *)checks->data,
                                    .route_count = checks->len,
                                    .server_config = server_config_in(check, c, network->head.name),
                                    .internet_asked = design_asks_internet(check->design),
                                    .diagnostics = check->reader->diagnostics};
  tell_under(check, cloud_at(c)->name);
  cloud_at(c)->check_table(&question);
  tell_under(check, NULL);
}

/* Tables of gateways are a matter of clouds whose gateways have some. */
static void check_gateway_table(DesignCheck *check, guint c, const DesignRouteTable *table) {
  if (table->gateway.text != NULL && !cloud_at(c)->edge_gateways)
    diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, table->gateway.mark,
                    "%s has no route tables of gateways (AWS-5.2): ignored under %s",
                    cloud_at(c)->title, cloud_at(c)->name);
}

static void check_tables_under(DesignCheck *check, guint c) {
  const Design *design = check->design;
  for (guint i = 0; i < design->route_tables->len; i++) {
    const DesignRouteTable *table = design->route_tables->pdata[i];
    check_gateway_table(check, c, table);
    if (cloud_at(c)->check_table != NULL)
      check_table(check, c, table, table->routes);
  }
  for (guint i = 0; i < design->events->len; i++) {
    const DesignEvent *event = design->events->pdata[i];
    const DesignRouteTable *table = event->action == EVENT_SET_ROUTES
                                          ? design_find(design->route_tables, event->ends[0])
                                          : NULL;
    if (table != NULL && cloud_at(c)->check_table != NULL)
      check_table(check, c, table, event->routes);
  }
}

/* ---- transit gateways ---------------------------------------------------------------------- */

/* Route tables may have the names of networks; here only what can be attached counts. */
static CloudNameKind resolve_attachable(gpointer data, const char *name, const char **network) {
  const DesignCheck *check = data;
  const DesignNetwork *owner = NULL;
  *network = NULL;
  if (design_find_subnet(check->design, name, &owner) != NULL) {
    *network = owner->head.name;
    return CLOUD_NAME_SUBNET;
  }
  if (design_find(check->design->networks, name) == NULL)
    return CLOUD_NAME_UNKNOWN;
  *network = name;
  return CLOUD_NAME_NETWORK;
}

static const char *zone_of(gpointer data, const char *name) {
  const DesignSubnet *subnet = design_find_subnet(((const DesignCheck *)data)->design, name, NULL);
  return subnet != NULL ? subnet->zone.text : NULL;
}

static void check_transit(DesignCheck *check, guint c, const DesignGateway *gateway) {
  const CloudClass *cloud = cloud_at(c);
  if (gateway->kind != DESIGN_GATEWAY_TRANSIT)
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
    tell_error(check, gateway->head.mark,
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
  tell_under(check, cloud->name);
  cloud->check_transit(&question);
  tell_under(check, NULL);
}

/* ---- NAT gateways -------------------------------------------------------------------------- */

static void check_nat(DesignCheck *check, guint c, const DesignGateway *gateway) {
  const CloudClass *cloud = cloud_at(c);
  const Design *design = check->design;
  const DesignNetwork *owner = NULL;
  const DesignSubnet *subnet =
      gateway->kind == DESIGN_GATEWAY_NAT && gateway->subnet.text != NULL
          ? design_find_subnet(design, gateway->subnet.text, &owner)
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
  const DesignRouteTable *table = design_table_of(design, owner->head.name, subnet);
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  g_autoptr(GPtrArray) servers = g_ptr_array_new();
  g_autoptr(GArray) routes =
      check_user_routes(design, owner->head.name, table != NULL ? table->routes : none);
  for (guint i = 0; i < design->route_servers->len; i++) {
    const DesignRouteServer *server = design->route_servers->pdata[i];
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
  tell_under(check, cloud->name);
  cloud->check_nat(&question);
  tell_under(check, NULL);
}

void check_clouds(DesignCheck *check) {
  const Design *design = check->design;
  for (guint c = 0; c < cloud_count(); c++) {
    if (!design->models[c])
      continue;
    for (guint i = 0; i < design->nvas->len; i++)
      if (cloud_at(c)->check_appliance != NULL)
        check_appliance(check, c, design->nvas->pdata[i]);
    for (guint i = 0; i < design->networks->len; i++)
      if (cloud_at(c)->check_network != NULL)
        check_network(check, c, design->networks->pdata[i]);
    check_tables_under(check, c);
    for (guint i = 0; i < design->gateways->len; i++) {
      check_transit(check, c, design->gateways->pdata[i]);
      check_nat(check, c, design->gateways->pdata[i]);
    }
  }
}
