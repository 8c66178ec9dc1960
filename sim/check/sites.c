/* Checks of sites, gateways, route tables and traffic. */
#include <string.h>

#include "check_private.h"

#define MOST_PROBES 100000000

/* ---- sites, tables, traffic ---------------------------------------------------------------- */

static void check_site_via(DesignCheck *check, const NameRef *name) {
  const DesignGateway *gateway = design_find(check->design->gateways, name->text);
  if (gateway != NULL && gateway->kind == DESIGN_GATEWAY_INTERNET)
    tell_error(check, name->mark, "an internet gateway reaches the internet only");
  if (gateway != NULL && gateway->kind == DESIGN_GATEWAY_TRANSIT)
    tell_error(check, name->mark,
               "a transit gateway joins networks only; behind it stand "
               "appliances and gateways that reach sites");
  if (gateway != NULL && gateway->kind == DESIGN_GATEWAY_NAT)
    tell_error(check, name->mark, "a nat gateway passes on what leaves; it reaches no site");
  if (gateway != NULL || design_find(check->design->circuits, name->text) != NULL ||
      design_find(check->design->nvas, name->text) != NULL)
    return;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  tell_add_names(check, names, check->design->nvas);
  tell_add_names(check, names, check->design->gateways);
  tell_add_names(check, names, check->design->circuits);
  tell_unknown(check, "appliance, gateway or circuit", name, names);
}

void check_sites(DesignCheck *check) {
  const GPtrArray *sites = check->design->sites;
  for (guint i = 0; i < sites->len; i++) {
    const DesignSite *site = sites->pdata[i];
    if (strcmp(site->head.name, DESIGN_INTERNET_SITE) == 0)
      tell_error(check, site->head.mark, "the site '%s' is built in", site->head.name);
    for (guint j = 0; j < site->via.names->len; j++) {
      const NameRef *name = site->via.names->pdata[j];
      check_site_via(check, name);
      for (guint k = 0; k < j; k++)
        if (strcmp(((NameRef *)site->via.names->pdata[k])->text, name->text) == 0)
          tell_error(check, name->mark, "'%s' stands twice", name->text);
    }
    check_site_ranges(check, site);
    check_site_announcements(check, site);
  }
}

static void check_via(DesignCheck *check, const NameRef *via) {
  IpAddress address;
  const Design *design = check->design;
  const char *meant = keys_value_hint(check->reader, "via", via->text);
  const DesignGateway *gateway = design_find(design->gateways, via->text);
  const gboolean named = design_find(design->nvas, via->text) != NULL || gateway != NULL ||
                         design_find(design->peerings, via->text) != NULL;
  /* An internet gateway of that name is what the word means. */
  const gboolean same = gateway != NULL && gateway->kind == DESIGN_GATEWAY_INTERNET;
  if (check_word(check, via, named && !(via->word == DESIGN_VIA_INTERNET && same)))
    return;
  if (ip_address_parse(via->text, &address) || named)
    return;
  const DesignLoadBalancer *balancer = design_find(design->load_balancers, via->text);
  g_autoptr(GString) front_end = g_string_new("the address of its front end");
  if (balancer != NULL && balancer->address.given) {
    g_string_append(front_end, ", ");
    ip_address_append(balancer->address.value, front_end);
  }
  if (balancer != NULL)
    meant = front_end->str;
  if (meant != NULL) {
    tell_error(check, via->mark, "unknown next hop '%s'; here that is %s", via->text, meant);
    diagnostics_hint(check->reader->diagnostics, "here that is %s", meant);
    return;
  }
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  tell_add_names(check, names, design->nvas);
  tell_add_names(check, names, design->peerings);
  tell_add_names(check, names, design->gateways);
  tell_unknown(check, "next hop", via, names);
}

/* Where a next hop or an end of traffic may be named, an address may stand too. */
static void check_names(DesignCheck *check) {
  const Design *design = check->design;
  const GPtrArray *const sections[] = {design->nvas, design->gateways, design->peerings,
                                       design->sites, design->load_balancers};
  for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
    for (guint j = 0; j < sections[i]->len; j++) {
      const BlockHead *head = sections[i]->pdata[j];
      IpAddress address;
      if (ip_address_parse(head->name, &address))
        tell_error(check, head->mark, "'%s' reads as an address: give it another name", head->name);
    }
}

/* Gateways, appliances, sites and route servers share names of things that fail. */
static void check_gateway(DesignCheck *check, const DesignGateway *gateway) {
  const Design *design = check->design;
  if (design_find(design->nvas, gateway->head.name) != NULL ||
      design_find(design->route_servers, gateway->head.name) != NULL)
    tell_error(check, gateway->head.mark, "'%s' is the name of something else already",
               gateway->head.name);
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *other = design->gateways->pdata[i];
    if (other != gateway && other->kind == gateway->kind &&
        (gateway->kind == DESIGN_GATEWAY_VPN || gateway->kind == DESIGN_GATEWAY_CIRCUIT ||
         gateway->kind == DESIGN_GATEWAY_INTERNET) &&
        keys_sound(&gateway->head, "kind") && keys_sound(&other->head, "kind") &&
        gateway->network.text != NULL &&
        g_strcmp0(other->network.text, gateway->network.text) == 0 && other < gateway)
      tell_error(check, gateway->head.mark, "network '%s' has two gateways of this kind",
                 gateway->network.text);
  }
}

static void check_nat_subnet(DesignCheck *check, const DesignGateway *gateway) {
  const DesignNetwork *owner = NULL;
  if (gateway->kind != DESIGN_GATEWAY_NAT) {
    if (gateway->subnet.text != NULL && keys_sound(&gateway->head, "kind"))
      tell_error(check, gateway->subnet.mark, "only a gateway of kind nat stands in a `subnet`");
    return;
  }
  if (gateway->subnet.text == NULL && keys_sound(&gateway->head, "subnet"))
    tell_error(check, gateway->head.mark, "missing key 'subnet'");
  else if (gateway->subnet.text != NULL &&
           tell_need_subnet(check, &gateway->subnet, &owner) != NULL &&
           gateway->network.text != NULL && strcmp(owner->head.name, gateway->network.text) != 0)
    tell_error(check, gateway->network.mark, "subnet '%s' is not in network '%s'",
               gateway->subnet.text, gateway->network.text);
}

/* Subnets may be named with their network ("hub/app") or without. */
static void check_followers(DesignCheck *check, const DesignRouteTable *table,
                            GHashTable *followed) {
  const Design *design = check->design;
  const DesignNetwork *network = design_find(design->networks, table->network.text);
  for (guint j = 0; j < table->subnets->len; j++) {
    const NameRef *name = table->subnets->pdata[j];
    g_autofree char *full = g_strdup_printf("%s/%s", table->network.text, name->text);
    const DesignNetwork *owner = NULL;
    const DesignSubnet *subnet = design_find_subnet(design, full, &owner);
    if (subnet == NULL && strchr(name->text, '/') == NULL &&
        (network == NULL || !keys_sound(&network->head, "subnets")))
      continue; /* the network was told */
    if (subnet == NULL)
      subnet = tell_need_subnet(check, name, &owner);
    if (subnet == NULL)
      continue;
    if (network != NULL && owner != network)
      tell_error(check, name->mark, "subnet '%s' is not in network '%s'", subnet->full_name,
                 table->network.text);
    const DesignRouteTable *other = g_hash_table_lookup(followed, subnet);
    if (other != NULL)
      tell_error(check, name->mark, "subnet '%s' follows route table '%s' already",
                 subnet->full_name, other->head.name);
    g_hash_table_insert(followed, (gpointer)subnet, (gpointer)table);
  }
}

void check_routes(DesignCheck *check, const GPtrArray *routes) {
  for (guint j = 0; j < routes->len; j++) {
    const DesignRoute *route = routes->pdata[j];
    check_via(check, &route->via);
    for (guint k = 0; k < j; k++)
      if (design_routes_clash(route, routes->pdata[k]))
        tell_error(check, route->to.mark,
                   "the table has a route to this prefix already: two static routes never share "
                   "it%s",
                   check_cite(check, RULE_ONE_STATIC));
  }
}

static gboolean has_transit(const CloudClass *cloud) { return cloud->edges != NULL; }

static void check_gateway_network(DesignCheck *check, const DesignGateway *gateway) {
  if (gateway->network.text != NULL)
    tell_need(check, "network", &gateway->network, check->design->networks);
  else if (gateway->kind != DESIGN_GATEWAY_TRANSIT && keys_sound(&gateway->head, "network") &&
           keys_sound(&gateway->head, "kind"))
    tell_error(check, gateway->head.mark, "missing key 'network'");
  if (gateway->network.text != NULL && gateway->kind == DESIGN_GATEWAY_TRANSIT)
    tell_error(check, gateway->network.mark,
               "a transit gateway belongs to no network: its `%s:` block names those that it joins",
               check_cloud_with(check, has_transit));
}

void check_tables(DesignCheck *check) {
  const Design *design = check->design;
  g_autoptr(GHashTable) followed = g_hash_table_new(NULL, NULL); /* subnet to its table */
  check_names(check);
  for (guint i = 0; i < design->route_tables->len; i++) {
    const DesignRouteTable *table = design->route_tables->pdata[i];
    tell_need(check, "network", &table->network, design->networks);
    check_followers(check, table, followed);
    if (table->gateway.text != NULL)
      tell_need(check, "gateway", &table->gateway, design->gateways);
    check_routes(check, table->routes);
  }
  for (guint i = 0; i < design->gateways->len; i++)
    check_gateway(check, design->gateways->pdata[i]);
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *gateway = design->gateways->pdata[i];
    check_nat_subnet(check, gateway);
    if (gateway->kind != DESIGN_GATEWAY_NAT)
      check_gateway_network(check, gateway);
  }
}

void check_end(DesignCheck *check, const NameRef *end, gboolean source) {
  IpAddress address;
  const Design *design = check->design;
  if (design_find_subnet(design, end->text, NULL) != NULL ||
      design_find(design->sites, end->text) != NULL || end->word == DESIGN_END_INTERNET)
    return;
  if (!source && ip_address_parse(end->text, &address))
    return;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  tell_add_names(check, names, design->sites);
  tell_add_subnet_names(check, names);
  tell_unknown(check, source ? "subnet or site" : "site, subnet or address", end, names);
}

void check_hosts(DesignCheck *check, const NameRef *end, const char *verb) {
  const DesignSubnet *subnet = design_find_subnet(check->design, end->text, NULL);
  if (subnet != NULL && subnet->vms == 0)
    tell_error(check, end->mark, "subnet '%s' has no vms to send %s", subnet->full_name, verb);
}

/* A circuit whose site could not be read may end there. */
static gboolean may_have_router(const Design *design, const DesignSite *site) {
  for (guint i = 0; i < design->circuits->len; i++)
    if (((const DesignCircuit *)design->circuits->pdata[i])->site.text[0] == '\0')
      return TRUE;
  return design_site_has_router(design, site) || !keys_sound(&site->head, "via") ||
         !keys_sound(&design->head, "circuits");
}

static void check_ends(DesignCheck *check, Mark mark, const NameRef *from, const NameRef *to) {
  IpAddress address;
  check_hosts(check, from, "from");
  check_hosts(check, to, "to");
  check_end(check, from, TRUE);
  check_end(check, to, FALSE);
  const DesignSite *site = design_find(check->design->sites, from->text);
  if (ip_address_parse(to->text, &address) &&
      (from->word == DESIGN_END_INTERNET ||
       (site != NULL && !may_have_router(check->design, site))))
    tell_error(check, mark,
               "traffic to an address starts in a subnet, or at a site with a router "
               "of its own");
  if (from->text[0] != '\0' && strcmp(from->text, to->text) == 0)
    tell_error(check, mark, "both ends are '%s'", from->text);
}

/* Bytes are counted in 64 bits: what all traffic offers in a run has to fit, so that no sum
 * wraps. */
static void check_offered(DesignCheck *check) {
  const Design *design = check->design;
  unsigned __int128 rate = 0;
  for (guint i = 0; i < design->traffic->len; i++) {
    const DesignTraffic *traffic = design->traffic->pdata[i];
    const Node *said = node_get(traffic->head.node, "rate");
    rate += (guint64)traffic->rate;
    if (rate <= G_MAXINT64 &&
        rate * (guint64)design->duration.law.a.ns / 8 / SIM_SECOND <= G_MAXINT64)
      continue;
    tell_error(check, said != NULL ? said->mark : traffic->head.mark,
               "that is more than 9.2 EB (2^63 bytes) offered in one run, beyond what is counted; "
               "lower 'rate' or 'duration'");
    return;
  }
}

void check_traffic(DesignCheck *check) {
  const Design *design = check->design;
  for (guint i = 0; i < design->traffic->len; i++) {
    const DesignTraffic *traffic = design->traffic->pdata[i];
    check_ends(check, traffic->head.mark, &traffic->from, &traffic->to);
  }
  if (design->duration.law.a.ns > 0)
    check_offered(check);
  for (guint i = 0; i < design->probes->len; i++) {
    const DesignProbe *probe = design->probes->pdata[i];
    check_ends(check, probe->head.mark, &probe->from, &probe->to);
    const SimTime least = check_least_of(&probe->every);
    if (least.ns <= 0)
      tell_error(check, probe->every.mark, "a probe's interval is more than 0");
    else if (design->duration.law.a.ns / least.ns > MOST_PROBES)
      tell_error(check, probe->every.mark, "that is more than %d million probes in a run",
                 MOST_PROBES / 1000000);
  }
}
