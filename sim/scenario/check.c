/* Checks of a scenario that need more than one key. All of them run, so that a user sees
 * all that is wrong at once. */
#include <string.h>

#include "scenario_private.h"

#define MOST_PROBES 100000000

typedef struct {
  KeyReader *reader;
  ScenarioBody *body;
} Check;

static void error_at(Check *check, Mark mark, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void error_at(Check *check, Mark mark, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  diagnostics_add(check->reader->diagnostics, SEVERITY_ERROR, mark, "%s", text);
}

guint scenario_cloud_index(const CloudClass *cloud) {
  for (guint i = 0; i < cloud_count(); i++)
    if (cloud_at(i) == cloud)
      return i;
  g_assert_not_reached();
}

gpointer scenario_find(const GPtrArray *blocks, const char *name) {
  for (guint i = 0; i < blocks->len; i++)
    if (strcmp(((BlockHead *)blocks->pdata[i])->name, name) == 0)
      return blocks->pdata[i];
  return NULL;
}

static ScenarioSubnet *find_subnet(const ScenarioBody *body, const char *full_name,
                                   ScenarioNetwork **network) {
  for (guint i = 0; i < body->networks->len; i++) {
    ScenarioNetwork *candidate = body->networks->pdata[i];
    for (guint j = 0; j < candidate->subnets->len; j++) {
      ScenarioSubnet *subnet = candidate->subnets->pdata[j];
      if (strcmp(subnet->full_name, full_name) == 0) {
        if (network != NULL)
          *network = candidate;
        return subnet;
      }
    }
  }
  return NULL;
}

/* "unknown X 'y'", with the nearest of the names. */
static void unknown(Check *check, const char *what, const NameRef *name, GPtrArray *names) {
  g_ptr_array_add(names, NULL);
  const char *near = closest_name(name->text, (const char *const *)names->pdata);
  if (near != NULL)
    error_at(check, name->mark, "unknown %s '%s' (did you mean '%s'?)", what, name->text, near);
  else
    error_at(check, name->mark, "unknown %s '%s'", what, name->text);
}

static void add_names(GPtrArray *names, const GPtrArray *blocks) {
  for (guint i = 0; i < blocks->len; i++)
    g_ptr_array_add(names, (gpointer)((BlockHead *)blocks->pdata[i])->name);
}

static void add_subnet_names(GPtrArray *names, const ScenarioBody *body) {
  for (guint i = 0; i < body->networks->len; i++) {
    const ScenarioNetwork *network = body->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++)
      g_ptr_array_add(names, (gpointer)((ScenarioSubnet *)network->subnets->pdata[j])->full_name);
  }
}

static gpointer need(Check *check, const char *what, const NameRef *name, const GPtrArray *blocks) {
  gpointer found = scenario_find(blocks, name->text);
  if (found == NULL) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    add_names(names, blocks);
    unknown(check, what, name, names);
  }
  return found;
}

static ScenarioSubnet *need_subnet(Check *check, const NameRef *name, ScenarioNetwork **network) {
  ScenarioSubnet *subnet = find_subnet(check->body, name->text, network);
  if (subnet == NULL) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    add_subnet_names(names, check->body);
    unknown(check, "subnet", name, names);
  }
  return subnet;
}

/* ---- networks ----------------------------------------------------------------------------- */

static void check_subnet(Check *check, const ScenarioNetwork *network, guint index) {
  const ScenarioSubnet *subnet = network->subnets->pdata[index];
  gboolean inside = FALSE;
  for (guint i = 0; i < network->prefixes->len; i++)
    inside |= prefix_covers(((PrefixValue *)network->prefixes->pdata[i])->value,
                            subnet->prefix.value);
  if (!inside)
    error_at(check, subnet->prefix.mark, "the subnet is not inside the prefixes of network '%s'",
             network->head.name);
  for (guint i = 0; i < index; i++) {
    const ScenarioSubnet *other = network->subnets->pdata[i];
    if (prefix_overlaps(other->prefix.value, subnet->prefix.value))
      error_at(check, subnet->prefix.mark, "the prefix overlaps that of subnet '%s'",
               other->full_name);
  }
}

/* Appliances take addresses from the fourth on; the last one of a subnet is nobody's. */
static void check_room(Check *check, const ScenarioSubnet *subnet) {
  guint64 appliances = 0;
  gboolean automatic = FALSE;
  for (guint i = 0; i < check->body->nvas->len; i++) {
    const ScenarioNva *nva = check->body->nvas->pdata[i];
    if (strcmp(nva->subnet.text, subnet->full_name) != 0)
      continue;
    appliances++;
    automatic |= !nva->address.given;
  }
  if (automatic && prefix_size(subnet->prefix.value) < appliances + 5)
    error_at(check, subnet->prefix.mark,
             "the subnet is too small for its appliances: its first four addresses and its last "
             "are taken");
}

static void check_networks(Check *check) {
  const GPtrArray *networks = check->body->networks;
  if (networks->len == 0)
    error_at(check, check->body->head.mark, "a scenario needs at least one network");
  for (guint i = 0; i < networks->len; i++) {
    ScenarioNetwork *network = networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      ScenarioSubnet *subnet = network->subnets->pdata[j];
      check_subnet(check, network, j);
      if (subnet->prefix.value.address.family == IP_V6)
        error_at(check, subnet->prefix.mark,
                 "a subnet is named by its IPv4 prefix; put IPv6 into the network's prefixes");
      check_room(check, subnet);
    }
    for (guint j = 0; j < i; j++) {
      const ScenarioNetwork *other = networks->pdata[j];
      for (guint a = 0; a < network->prefixes->len; a++)
        for (guint b = 0; b < other->prefixes->len; b++) {
          const PrefixValue *mine = network->prefixes->pdata[a];
          if (prefix_overlaps(mine->value, ((PrefixValue *)other->prefixes->pdata[b])->value))
            error_at(check, mine->mark, "the prefix overlaps one of network '%s'",
                     other->head.name);
        }
    }
  }
}

/* ---- route servers and appliances ------------------------------------------------------------ */

static CloudNameKind resolve(gpointer data, const char *name, const char **network) {
  const Check *check = data;
  ScenarioNetwork *owner = NULL;
  *network = NULL;
  if (find_subnet(check->body, name, &owner) != NULL) {
    *network = owner->head.name;
    return CLOUD_NAME_SUBNET;
  }
  const ScenarioRouteTable *table = scenario_find(check->body->route_tables, name);
  if (table == NULL)
    return CLOUD_NAME_UNKNOWN;
  *network = table->network.text;
  return CLOUD_NAME_TABLE;
}

static gboolean has_required_key(const KeyTable *table) {
  for (guint i = 0; i < table->count; i++)
    if (table->keys[i].flags & KEY_REQUIRED)
      return TRUE;
  return FALSE;
}

static void check_cloud_timers(Check *check, const Node *block);

static void check_server(Check *check, ScenarioRouteServer *server) {
  if (need(check, "network", &server->network, check->body->networks) == NULL)
    return;
  for (guint c = 0; c < cloud_count(); c++)
    if (server->clouds[c] != NULL)
      check_cloud_timers(check, server->clouds[c]);
  for (guint c = 0; c < cloud_count(); c++) {
    const CloudClass *cloud = cloud_at(c);
    if (!check->body->models[c])
      continue;
    if (server->configs[c] == NULL && has_required_key(cloud->keys)) {
      error_at(check, server->head.mark,
               "route server '%s' has no `%s:` block, which model %s needs (or name the other "
               "models in `models:`)", server->head.name, cloud->name, cloud->name);
      continue;
    }
    if (server->configs[c] == NULL)
      server->configs[c] = keys_read(check->reader, cloud->keys, NULL);
    guint siblings = 0;
    for (guint i = 0; i < check->body->route_servers->len; i++) {
      const ScenarioRouteServer *other = check->body->route_servers->pdata[i];
      siblings += other != server && other->network.text != NULL &&
                  strcmp(other->network.text, server->network.text) == 0;
    }
    const CloudCheck question = {server->head.name, server->head.mark, server->network.text,
                                 server->configs[c], siblings, resolve, check,
                                 check->reader->diagnostics};
    cloud->check(&question);
  }
}

/* The ends of what a duration can be in a run. */
static SimTime least_of(const Duration *duration) {
  return distribution_quantile(&duration->law, 0x1p-53);
}
static SimTime most_of(const Duration *duration) {
  return distribution_quantile(&duration->law, 1 - 0x1p-53);
}

/* `hold` and `keepalive` of either end of a session. */
static void check_timers(Check *check, const Duration *keepalive, const Duration *hold) {
  const gboolean none = most_of(hold).ns == 0;
  if (!none && least_of(hold).ns < 3 * SIM_SECOND)
    error_at(check, hold->mark, "a hold time is 0 or at least 3s (RFC 4271 4.2)");
  if (most_of(hold).ns > 65535 * SIM_SECOND)
    error_at(check, hold->mark, "a hold time is at most 65535s (RFC 4271 4.2)");
  if (!none && least_of(keepalive).ns < SIM_SECOND)
    error_at(check, keepalive->mark, "a keepalive interval is at least 1s (RFC 4271 4.4)");
}

static void check_bfd_interval(Check *check, const Duration *interval) {
  if (least_of(interval).ns < 1000 || most_of(interval).ns > 4294 * SIM_SECOND)
    error_at(check, interval->mark, "a BFD interval is from 1us to 4294s (RFC 5880 4.1)");
}

/* The same keys in a cloud's block, whose struct only the cloud knows. */
static void check_cloud_timers(Check *check, const Node *block) {
  const Node *keepalive = node_get(block, "keepalive"), *hold = node_get(block, "hold");
  const Node *interval = node_get(node_get(block, "bfd"), "interval");
  Duration read[2] = {{.law = distribution_constant(sim_time_s(1))},
                      {.law = distribution_constant(sim_time_s(3))}};
  Duration bfd;
  if (keepalive != NULL)
    keys_read_duration(check->reader, keepalive, &read[0]);
  if (hold != NULL)
    keys_read_duration(check->reader, hold, &read[1]);
  check_timers(check, &read[0], &read[1]);
  if (interval != NULL && keys_read_duration(check->reader, interval, &bfd))
    check_bfd_interval(check, &bfd);
}

static void check_peer(Check *check, const ScenarioNva *nva, const ScenarioPeer *peer) {
  const NameRef name = {peer->head.name, peer->head.mark};
  const ScenarioRouteServer *server =
      need(check, "route server", &name, check->body->route_servers);
  check_timers(check, &peer->keepalive, &peer->hold);
  if (peer->bfd != NULL)
    check_bfd_interval(check, &peer->bfd->interval);
  if (server == NULL)
    return;
  for (guint c = 0; c < cloud_count(); c++) {
    const CloudClass *cloud = cloud_at(c);
    const char *why = NULL;
    if (!check->body->models[c] || server->configs[c] == NULL)
      continue;
    why = cloud->refuse_asn(server->configs[c], (guint32)nva->asn);
    if (why != NULL)
      error_at(check, nva->head.mark, "AS number %" G_GINT64_FORMAT " cannot peer under %s: %s",
               nva->asn, cloud->name, why);
    if (cloud->count_peer_parts(server->configs[c], nva->subnet.text, peer->configs[c], &why) == 0)
      error_at(check, peer->head.mark, "'%s' has nothing to peer with under %s: %s",
               nva->head.name, cloud->name, why);
    if (peer->bfd != NULL && cloud->bfd_refusal != NULL)
      diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, peer->bfd->head.mark,
                      "%s: ignored under %s", cloud->bfd_refusal, cloud->name);
  }
}

static void check_announcement(Check *check, const ScenarioAnnouncement *announcement) {
  IpAddress address;
  const gboolean has_prefix = announcement->prefix.given, has_site = announcement->site.text != NULL;
  if (has_prefix == has_site)
    error_at(check, announcement->head.mark, "an announcement has either `prefix` or `site`");
  if (has_site)
    need(check, "site", &announcement->site, check->body->sites);
  if (announcement->next_hop.text != NULL &&
      !ip_address_parse(announcement->next_hop.text, &address))
    need(check, "appliance", &announcement->next_hop, check->body->nvas);
  for (guint i = 0; i < announcement->communities->len; i++) {
    const NameRef *name = announcement->communities->pdata[i];
    guint32 ignored;
    if (!scenario_parse_community(name->text, &ignored))
      error_at(check, name->mark,
               "a community is no-advertise, no-export, or two numbers as in 65010:1");
  }
}

static void check_announcements(Check *check, const GPtrArray *announcements) {
  for (guint i = 0; i < announcements->len; i++) {
    const ScenarioAnnouncement *announcement = announcements->pdata[i];
    check_announcement(check, announcement);
    for (guint j = 0; j < i; j++) {
      const ScenarioAnnouncement *other = announcements->pdata[j];
      if (announcement->prefix.given && other->prefix.given &&
          prefix_equal(announcement->prefix.value, other->prefix.value))
        error_at(check, announcement->prefix.mark, "the prefix is announced twice");
    }
  }
}

static void check_nva(Check *check, const ScenarioNva *nva) {
  ScenarioNetwork *network;
  const ScenarioSubnet *subnet = need_subnet(check, &nva->subnet, &network);
  if (subnet != NULL && nva->address.given &&
      !prefix_contains(subnet->prefix.value, nva->address.value))
    error_at(check, nva->address.mark, "the address is not in subnet '%s'", subnet->full_name);
  for (guint i = 0; i < check->body->nvas->len; i++) {
    const ScenarioNva *other = check->body->nvas->pdata[i];
    if (other == nva)
      break;
    if (nva->address.given && other->address.given &&
        ip_address_equal(nva->address.value, other->address.value))
      error_at(check, nva->address.mark, "the address is that of appliance '%s' already",
               other->head.name);
  }
  if (scenario_find(check->body->route_servers, nva->head.name) != NULL)
    error_at(check, nva->head.mark, "'%s' is the name of something else already", nva->head.name);
  for (guint i = 0; i < nva->peers->len; i++)
    check_peer(check, nva, nva->peers->pdata[i]);
  check_announcements(check, nva->advertise);
}

/* ---- sites, tables, traffic ---------------------------------------------------------------------- */

static void check_site_via(Check *check, const NameRef *name) {
  const ScenarioGateway *gateway = scenario_find(check->body->gateways, name->text);
  if (gateway != NULL && gateway->kind == 0)
    error_at(check, name->mark, "an internet gateway reaches the internet only");
  if (gateway == NULL)
    need(check, "appliance or gateway", name, check->body->nvas);
}

/* Ranges may nest (the longest counts), but one range cannot be in two places. */
static void check_site_prefixes(Check *check, const ScenarioSite *site, const ScenarioSite *other) {
  for (guint i = 0; i < site->prefixes->len; i++)
    for (guint j = 0; j < other->prefixes->len; j++) {
      const PrefixValue *mine = site->prefixes->pdata[i];
      if (prefix_equal(mine->value, ((PrefixValue *)other->prefixes->pdata[j])->value))
        error_at(check, mine->mark, "the prefix is that of site '%s' already", other->head.name);
    }
}

static void check_sites(Check *check) {
  const GPtrArray *sites = check->body->sites;
  for (guint i = 0; i < sites->len; i++) {
    const ScenarioSite *site = sites->pdata[i];
    if (strcmp(site->head.name, "internet") == 0)
      error_at(check, site->head.mark, "the site 'internet' is built in");
    for (guint j = 0; j < site->via->len; j++) {
      const NameRef *name = site->via->pdata[j];
      check_site_via(check, name);
      for (guint k = 0; k < j; k++)
        if (strcmp(((NameRef *)site->via->pdata[k])->text, name->text) == 0)
          error_at(check, name->mark, "'%s' stands twice", name->text);
    }
    for (guint j = 0; j < i; j++)
      check_site_prefixes(check, site, sites->pdata[j]);
    for (guint j = 0; j < site->prefixes->len; j++) {
      const PrefixValue *prefix = site->prefixes->pdata[j];
      for (guint k = 0; k < check->body->networks->len; k++) {
        const ScenarioNetwork *network = check->body->networks->pdata[k];
        for (guint l = 0; l < network->prefixes->len; l++)
          if (prefix_overlaps(((PrefixValue *)network->prefixes->pdata[l])->value, prefix->value))
            error_at(check, prefix->mark, "the prefix overlaps one of network '%s'",
                     network->head.name);
      }
    }
  }
}

static void check_via(Check *check, const NameRef *via) {
  IpAddress address;
  const char *const words[] = {"internet", "local", "none"};
  const ScenarioBody *body = check->body;
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (strcmp(via->text, words[i]) == 0)
      return;
  if (ip_address_parse(via->text, &address) || scenario_find(body->nvas, via->text) != NULL ||
      scenario_find(body->peerings, via->text) != NULL ||
      scenario_find(body->gateways, via->text) != NULL)
    return;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  add_names(names, body->nvas);
  add_names(names, body->peerings);
  add_names(names, body->gateways);
  unknown(check, "next hop", via, names);
}

/* Gateways, appliances, sites and route servers share names of things that fail. */
static void check_gateway(Check *check, const ScenarioGateway *gateway) {
  const ScenarioBody *body = check->body;
  if (scenario_find(body->nvas, gateway->head.name) != NULL ||
      scenario_find(body->route_servers, gateway->head.name) != NULL)
    error_at(check, gateway->head.mark, "'%s' is the name of something else already",
             gateway->head.name);
  for (guint i = 0; i < body->gateways->len; i++) {
    const ScenarioGateway *other = body->gateways->pdata[i];
    if (other != gateway && other->kind == gateway->kind && gateway->kind != 0 &&
        g_strcmp0(other->network.text, gateway->network.text) == 0 && other < gateway)
      error_at(check, gateway->head.mark, "network '%s' has two gateways of this kind",
               gateway->network.text);
  }
}

static void check_tables(Check *check) {
  const ScenarioBody *body = check->body;
  g_autoptr(GHashTable) followed = g_hash_table_new(NULL, NULL); /* subnet to its table */
  for (guint i = 0; i < body->route_tables->len; i++) {
    const ScenarioRouteTable *table = body->route_tables->pdata[i];
    need(check, "network", &table->network, body->networks);
    for (guint j = 0; j < table->subnets->len; j++) {
      const NameRef *name = table->subnets->pdata[j];
      g_autofree char *full = g_strdup_printf("%s/%s", table->network.text, name->text);
      ScenarioNetwork *owner = NULL;
      const ScenarioSubnet *subnet = find_subnet(body, full, &owner);
      if (subnet == NULL)
        subnet = need_subnet(check, name, &owner);
      if (subnet == NULL)
        continue;
      if (strcmp(owner->head.name, table->network.text) != 0)
        error_at(check, name->mark, "subnet '%s' is not in network '%s'", subnet->full_name,
                 table->network.text);
      const ScenarioRouteTable *other = g_hash_table_lookup(followed, subnet);
      if (other != NULL)
        error_at(check, name->mark, "subnet '%s' follows route table '%s' already",
                 subnet->full_name, other->head.name);
      g_hash_table_insert(followed, (gpointer)subnet, (gpointer)table);
    }
    for (guint j = 0; j < table->routes->len; j++)
      check_via(check, &((ScenarioRoute *)table->routes->pdata[j])->via);
  }
  for (guint i = 0; i < body->peerings->len; i++) {
    const ScenarioPeering *peering = body->peerings->pdata[i];
    need(check, "network", &peering->from, body->networks);
    need(check, "network", &peering->to, body->networks);
    if (strcmp(peering->from.text, peering->to.text) == 0)
      error_at(check, peering->to.mark, "a network cannot be peered with itself");
  }
  for (guint i = 0; i < body->gateways->len; i++)
    check_gateway(check, body->gateways->pdata[i]);
  for (guint i = 0; i < body->gateways->len; i++)
    need(check, "network", &((ScenarioGateway *)body->gateways->pdata[i])->network, body->networks);
}

static void check_end(Check *check, const NameRef *end, gboolean source) {
  IpAddress address;
  const ScenarioBody *body = check->body;
  if (find_subnet(body, end->text, NULL) != NULL || scenario_find(body->sites, end->text) != NULL ||
      strcmp(end->text, "internet") == 0)
    return;
  if (!source && ip_address_parse(end->text, &address))
    return;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  add_names(names, body->sites);
  add_subnet_names(names, body);
  unknown(check, source ? "subnet or site" : "site, subnet or address", end, names);
}

static void check_hosts(Check *check, const NameRef *end, const char *verb) {
  const ScenarioSubnet *subnet = find_subnet(check->body, end->text, NULL);
  if (subnet != NULL && subnet->vms == 0)
    error_at(check, end->mark, "subnet '%s' has no vms to send %s", subnet->full_name, verb);
}

static void check_ends(Check *check, Mark mark, const NameRef *from, const NameRef *to) {
  IpAddress address;
  check_hosts(check, from, "from");
  check_hosts(check, to, "to");
  check_end(check, from, TRUE);
  check_end(check, to, FALSE);
  if (find_subnet(check->body, from->text, NULL) == NULL && ip_address_parse(to->text, &address))
    error_at(check, mark, "traffic to an address starts in a subnet");
  if (strcmp(from->text, to->text) == 0)
    error_at(check, mark, "both ends are '%s'", from->text);
}

static void check_traffic(Check *check) {
  const ScenarioBody *body = check->body;
  for (guint i = 0; i < body->traffic->len; i++) {
    const ScenarioTraffic *traffic = body->traffic->pdata[i];
    check_ends(check, traffic->head.mark, &traffic->from, &traffic->to);
  }
  for (guint i = 0; i < body->probes->len; i++) {
    const ScenarioProbe *probe = body->probes->pdata[i];
    check_ends(check, probe->head.mark, &probe->from, &probe->to);
    const SimTime least = least_of(&probe->every);
    if (least.ns <= 0)
      error_at(check, probe->every.mark, "a probe's interval is more than 0");
    else if (body->duration.law.a.ns / least.ns > MOST_PROBES)
      error_at(check, probe->every.mark, "that is more than %d million probes in a run",
               MOST_PROBES / 1000000);
  }
}

/* ---- events -------------------------------------------------------------------------------------------- */

static gboolean is_link_target(const char *name) { return g_str_has_prefix(name, "link/"); }

static gboolean is_appliance(const ScenarioBody *body, const char *name) {
  return scenario_find(body->nvas, name) != NULL;
}

static void check_failure(Check *check, const ScenarioEvent *event) {
  if (event->how == NULL)
    return;
  if (is_link_target(event->target) && !event->how->for_links)
    error_at(check, event->mark, "a link can fail silent or cut, not %s", event->how->name);
  else if (event->how->scope == FAULT_OF_APPLIANCES && !is_appliance(check->body, event->target))
    error_at(check, event->mark, "'%s' makes sense for an appliance only, not for '%s'",
             event->how->name, event->target);
}

static gboolean fails_somewhere(const ScenarioBody *body, const char *target) {
  for (guint i = 0; i < body->events->len; i++) {
    const ScenarioEvent *event = body->events->pdata[i];
    if (event->action == EVENT_FAIL && strcmp(event->target, target) == 0)
      return TRUE;
  }
  return FALSE;
}

static void check_events(Check *check) {
  const ScenarioBody *body = check->body;
  const SimTime end = body->duration.law.a;
  for (guint i = 0; i < body->events->len; i++) {
    const ScenarioEvent *event = body->events->pdata[i];
    if (event->at.law.kind == DISTRIBUTION_CONSTANT && event->later.ns > end.ns - event->at.law.a.ns)
      error_at(check, event->at.mark, "the event is later than the end of the run");
    if (event->action == EVENT_FAIL)
      check_failure(check, event);
    if (event->action == EVENT_SET && !is_appliance(body, event->ends[0]))
      error_at(check, event->target_mark, "unknown appliance '%s'", event->ends[0]);
    if (event->advertise != NULL)
      check_announcements(check, event->advertise);
  }
}

static gboolean has_session_between(const ScenarioBody *body, const CloudClass *cloud,
                                    const char *const ends[2]) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(GPtrArray) paths = g_ptr_array_new();
  const RunOptions options = {.seed = (guint64)body->seed};
  world_paths_between(world_new(arena, body, cloud, &options), ends[0], ends[1], paths);
  return paths->len > 0;
}

/* Names that may fail differ by model, so a trial world of each is asked. */
static void check_targets(Check *check) {
  const ScenarioBody *body = check->body;
  for (guint i = 0; i < body->events->len; i++) {
    const ScenarioEvent *event = body->events->pdata[i];
    gboolean anywhere = FALSE, everywhere = TRUE, sessions = FALSE;
    if (event->flap != i)
      continue; /* the first part of this flap spoke for it */
    for (guint c = 0; c < cloud_count(); c++) {
      if (!body->models[c] || event->action == EVENT_SET)
        continue;
      const char *const *names = event->action == EVENT_IMPAIR ? event->ends : &event->target;
      gboolean known = TRUE;
      for (guint k = 0; k < (event->action == EVENT_IMPAIR ? 2 : 1); k++)
        known &= scenario_has_target(body, cloud_at(c), names[k]);
      if (event->action == EVENT_IMPAIR && known)
        sessions |= has_session_between(body, cloud_at(c), event->ends);
      anywhere |= known;
      everywhere &= known;
    }
    if (event->action == EVENT_IMPAIR && anywhere && !sessions)
      error_at(check, event->target_mark, "there is no session between '%s' and '%s'",
               event->ends[0], event->ends[1]);
    if (event->action == EVENT_RESTORE && anywhere && !fails_somewhere(body, event->target))
      diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, event->target_mark,
                      "nothing fails under the name '%s', so there is nothing to restore",
                      event->target);
    if (event->action == EVENT_SET || everywhere)
      continue;
    if (!anywhere) {
      g_autoptr(GPtrArray) names = g_ptr_array_new();
      const char *target = event->action == EVENT_IMPAIR ? event->ends[0] : event->target;
      const NameRef name = {target, event->target_mark};
      add_names(names, body->nvas);
      add_names(names, body->route_servers);
      unknown(check, "thing that can fail", &name, names);
    } else {
      diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, event->target_mark,
                      "'%s' does not exist under every model: the event does nothing there",
                      event->target);
    }
  }
}

static void check_expectations(Check *check) {
  const ScenarioBody *body = check->body;
  for (guint i = 0; i < body->expect->len; i++) {
    const ScenarioExpect *expect = body->expect->pdata[i];
    if (expect->event >= (gint64)body->events->len)
      error_at(check, expect->head.mark, "there is no event %" G_GINT64_FORMAT, expect->event);
    if (expect->model.text != NULL && cloud_find(expect->model.text) == NULL)
      error_at(check, expect->model.mark, "unknown model '%s'", expect->model.text);
    if (!expect->has_at_most && !expect->has_at_least)
      error_at(check, expect->head.mark, "an expectation has `at_most`, `at_least` or both");
  }
  for (guint i = 0; i < body->measured->len; i++) {
    const ScenarioMeasured *measured = body->measured->pdata[i];
    if (measured->event >= (gint64)body->events->len)
      error_at(check, measured->head.mark, "there is no event %" G_GINT64_FORMAT, measured->event);
    if (cloud_find(measured->model.text) == NULL)
      error_at(check, measured->model.mark, "unknown model '%s'", measured->model.text);
    if (measured->low > measured->high)
      error_at(check, measured->low_node->mark, "'low' is above 'high'");
    if (measured->probe.text != NULL)
      need(check, "probe", &measured->probe, body->probes);
  }
}

/* Of the run itself: these are one value for all runs. */
static void check_run(Check *check) {
  const ScenarioBody *body = check->body;
  if (body->duration.law.kind != DISTRIBUTION_CONSTANT || body->duration.law.a.ns <= 0)
    error_at(check, body->duration.mark, "'duration' is one duration, more than 0");
  if (body->tcp_timeout.law.kind != DISTRIBUTION_CONSTANT ||
      body->tcp_timeout.law.a.ns < SIM_SECOND / 1000)
    error_at(check, body->tcp_timeout.mark, "'tcp_timeout' is one duration, at least 1ms");
}

void scenario_check(KeyReader *reader, ScenarioBody *body) {
  Check check = {reader, body};
  const guint before = diagnostics_errors(reader->diagnostics);
  if (body->name[0] == '\0' ||
      strspn(body->name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(body->name))
    error_at(&check, node_get(body->head.node, "name")->mark,
             "the name of a scenario is of a-z, 0-9 and -");
  check_run(&check);
  for (guint i = 0; i < body->networks->len; i++) {
    const ScenarioNetwork *network = body->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      ScenarioSubnet *subnet = network->subnets->pdata[j];
      subnet->full_name =
          arena_printf(reader->arena, "%s/%s", network->head.name, subnet->head.name);
    }
  }
  check_networks(&check);
  for (guint i = 0; i < body->route_servers->len; i++)
    check_server(&check, body->route_servers->pdata[i]);
  for (guint i = 0; i < body->nvas->len; i++)
    check_nva(&check, body->nvas->pdata[i]);
  check_sites(&check);
  check_tables(&check);
  check_traffic(&check);
  check_events(&check);
  check_expectations(&check);
  if (diagnostics_errors(reader->diagnostics) == before)
    check_targets(&check);
}

gboolean scenario_parse_community(const char *text, guint32 *out) {
  guint64 high, low;
  if (strcmp(text, "no-advertise") == 0 || strcmp(text, "no-export") == 0) {
    *out = strcmp(text, "no-advertise") == 0 ? BGP_NO_ADVERTISE : BGP_NO_EXPORT;
    return TRUE;
  }
  g_auto(GStrv) parts = g_strsplit(text, ":", -1);
  if (g_strv_length(parts) != 2 || !g_ascii_string_to_unsigned(parts[0], 10, 0, 65535, &high, NULL) ||
      !g_ascii_string_to_unsigned(parts[1], 10, 0, 65535, &low, NULL))
    return FALSE;
  *out = (guint32)(high << 16 | low);
  return TRUE;
}
