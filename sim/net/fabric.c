/* Networks, subnets, elements, sites; see the header. */
#include "routesim/net/fabric.h"

#include <string.h>

#include "place_private.h"

typedef struct {
  RouteTable *table;
  guint hosts;
} HostGroup;

const char *const source_translations[] = {
    [SNAT_OFF] = "off", [SNAT_INTERNET] = "internet", [SNAT_ON] = "on", NULL};

Fabric *fabric_new(Engine *engine) {
  Arena *arena = engine_arena(engine);
  Fabric *fabric = arena_new0(arena, Fabric);
  fabric->engine = engine;
  fabric->arena = arena;
  fabric->watches = arena_ptr_array(arena);
  fabric->sites = arena_ptr_array(arena);
  fabric->element_list = arena_ptr_array(arena);
  fabric->peerings = arena_ptr_array(arena);
  fabric->elements = trie_new(arena);
  fabric->balancers = trie_new(arena);
  fabric->claims = trie_new(arena);
  fabric->claimed = 1;
  fabric->known = arena_array(arena, KnownOwner, KNOWN_OWNERS);
  fabric->parts = arena_growing_array(arena, sizeof(PartState));
  fabric_part_new(fabric); /* FABRIC_ANYTHING */
  fabric->peered = fabric_part_new(fabric);
  return fabric;
}

Engine *fabric_engine(const Fabric *fabric) { return fabric->engine; }

static void element_changed(gpointer data) {
  const Element *element = data;
  fabric_changed(element->fabric, element->part);
}

static void link_changed(gpointer data) {
  const Link *link = data;
  fabric_changed(link->site->fabric, link->part);
}

/* ---- networks ------------------------------------------------------------------- */

Network *network_new(Fabric *fabric, const char *name) {
  Network *network = arena_new0(fabric->arena, Network);
  network->fabric = fabric;
  network->name = arena_strdup(fabric->arena, name);
  network->prefixes = arena_growing_array(fabric->arena, sizeof(Prefix));
  return network;
}

void network_add_prefix(Network *network, Prefix prefix) {
  g_array_append_val(network->prefixes, prefix);
  fabric_claim(network->fabric, prefix)->network = network;
}

const char *network_name(const Network *network) { return network->name; }
guint network_prefix_count(const Network *network) { return network->prefixes->len; }
Prefix network_prefix(const Network *network, guint index) {
  return g_array_index(network->prefixes, Prefix, index);
}

gboolean network_contains(const Network *network, IpAddress address) {
  for (guint i = 0; i < network->prefixes->len; i++)
    if (prefix_contains(network_prefix(network, i), address))
      return TRUE;
  return FALSE;
}

Subnet *subnet_new(Network *network, const char *name, Prefix prefix) {
  Arena *arena = network->fabric->arena;
  Subnet *subnet = arena_new0(arena, Subnet);
  subnet->network = network;
  subnet->part = fabric_part_new(network->fabric);
  subnet->name = arena_strdup(arena, name);
  subnet->prefix = prefix;
  subnet->groups = arena_growing_array(arena, sizeof(HostGroup));
  subnet->host = arena_new0(arena, HostPlace);
  Claim *claim = fabric_claim(network->fabric, prefix);
  claim->network = network;
  claim->subnet = subnet;
  return subnet;
}

const char *subnet_name(const Subnet *subnet) { return subnet->name; }
Prefix subnet_prefix(const Subnet *subnet) { return subnet->prefix; }

void subnet_add_group(Subnet *subnet, RouteTable *table, guint count) {
  const HostGroup group = {table, count};
  g_array_append_val(subnet->groups, group);
  subnet->hosts += count;
  fabric_owners_changed(subnet->network->fabric);
}

void subnet_add_host(Subnet *subnet, IpAddress address) {
  Claim *claim = fabric_claim(subnet->network->fabric, prefix_host(address));
  claim->network = subnet->network;
  claim->subnet = subnet;
  claim->host = TRUE;
}

guint subnet_group_count(const Subnet *subnet) { return subnet->groups->len; }
RouteTable *subnet_group_table(const Subnet *subnet, guint group) {
  return g_array_index(subnet->groups, HostGroup, group).table;
}
guint subnet_group_hosts(const Subnet *subnet, guint group) {
  return g_array_index(subnet->groups, HostGroup, group).hosts;
}

void subnet_set_zone(Subnet *subnet, const char *zone) { subnet->zone = zone; }
const char *subnet_zone(const Subnet *subnet) { return subnet->zone; }
void subnet_set_on_link(Subnet *subnet, gboolean on_link) { subnet->on_link = on_link; }

void subnet_adjust_dark(Subnet *subnet, int by) {
  g_assert(by == 1 || (by == -1 && subnet->dark > 0));
  subnet->dark += by;
  subnet->changed_by = engine_cause(subnet->network->fabric->engine);
  fabric_changed(subnet->network->fabric, subnet->part);
}

gboolean subnet_is_dark(const Subnet *subnet) { return subnet->dark > 0; }
RecordId subnet_changed_by(const Subnet *subnet) { return subnet->changed_by; }

/* ---- elements and sites ----------------------------------------------------------- */

Element *element_new(Fabric *fabric, const ElementConfig *config) {
  Element *element = arena_new0(fabric->arena, Element);
  element->config = *config;
  element->config.name = arena_strdup(fabric->arena, config->name);
  element->fabric = fabric;
  element->links = arena_ptr_array(fabric->arena);
  element->served = trie_new(fabric->arena);
  element->place = arena_new0(fabric->arena, ElementPlace);
  trie_set(fabric->elements, prefix_host(config->address), element);
  fabric_owners_changed(fabric);
  element->nat_address = config->address;
  g_ptr_array_add(fabric->element_list, element);
  element->part = fabric_part_new(fabric);
  net_node_watch(config->node, element_changed, element);
  return element;
}

const char *element_name(const Element *element) { return element->config.name; }
const char *element_zone(const Element *element) { return element->config.zone; }
NetNode *element_node(const Element *element) { return element->config.node; }
gboolean element_is_stateful(const Element *element) { return element->config.stateful; }
IpAddress element_address(const Element *element) { return element->config.address; }
IpAddress element_nat_address(const Element *element) { return element->nat_address; }
void element_set_capacity(Element *element, gint64 capacity) {
  element->config.capacity = capacity;
}
gint64 element_capacity(const Element *element) { return element->config.capacity; }

gboolean element_translates(const Element *element) { return element->config.snat == SNAT_ON; }

gboolean element_lets_in(const Element *element) {
  const Site *internet = element->fabric->internet;
  return element->config.snat != SNAT_OFF ||
         (internet != NULL && element_link_to(element, internet) != NULL);
}

void element_add_address(Element *element, IpAddress address) {
  g_assert(ip_address_equal(element->nat_address, element->config.address));
  trie_set(element->fabric->elements, prefix_host(address), element);
  fabric_owners_changed(element->fabric);
  element->nat_address = address;
}

gboolean element_shares_state(const Element *a, const Element *b) {
  return a == b || (a->config.state_group != NULL && b->config.state_group != NULL &&
                    strcmp(a->config.state_group, b->config.state_group) == 0);
}

gboolean element_state_is_at(const Element *element, const NetNode *node) {
  const GPtrArray *all = element->fabric->element_list;
  for (guint i = 0; i < all->len; i++)
    if (element_node(all->pdata[i]) == node && element_shares_state(element, all->pdata[i]))
      return TRUE;
  return FALSE;
}

gboolean element_state_is_lost(const Element *element, RecordId *cause) {
  const GPtrArray *all = element->fabric->element_list;
  RecordId latest = 0;
  for (guint i = 0; i < all->len; i++) {
    const NetNode *node = ((const Element *)all->pdata[i])->config.node;
    if (!element_shares_state(element, all->pdata[i]))
      continue;
    if (!net_node_is(node, NODE_DARK))
      return FALSE;
    latest = MAX(latest, net_node_since(node, NODE_DARK));
  }
  *cause = latest;
  return TRUE;
}

void element_set_refuses(Element *element, ElementRefuses refuses, gpointer data) {
  element->refuses = refuses;
  element->refuses_data = data;
}

void element_set_knows(Element *element, ElementKnows knows, gpointer data) {
  element->knows = knows;
  element->knows_data = data;
}

void element_set_relay(Element *element, ElementRelay relay, gpointer data) {
  element->relay = relay;
  element->relay_data = data;
}

static void note_change(Element *element, Trie **changes, Prefix prefix) {
  Arena *arena = element->fabric->arena;
  const RecordId cause = engine_cause(element->fabric->engine);
  if (cause == 0)
    return;
  if (*changes == NULL)
    *changes = trie_new(arena);
  RecordId *record = trie_get(*changes, prefix);
  if (record == NULL)
    trie_set(*changes, prefix, record = arena_new0(arena, RecordId));
  *record = cause;
}

static RecordId latest_change(const Trie *changes, IpAddress address) {
  gpointer records[TRIE_DEEPEST];
  RecordId latest = 0;
  if (changes == NULL)
    return 0;
  const guint count = trie_match_all(changes, address, records, G_N_ELEMENTS(records));
  for (guint i = 0; i < count; i++)
    latest = MAX(latest, *(const RecordId *)records[i]);
  return latest;
}

RecordId element_changed_by(const Element *element, IpAddress address) {
  return latest_change(element->changes, address);
}

void element_heard(Element *element, Prefix prefix) {
  note_change(element, &element->heard, prefix);
  fabric_changed(element->fabric, element->part);
}

void element_forgot(Element *element) {
  static const IpAddress first[] = {{.family = IP_V4}, {.family = IP_V6}};
  for (guint i = 0; i < G_N_ELEMENTS(first); i++)
    element_heard(element, prefix_make(first[i], 0));
}

static void hold(Element *element, Trie *held, Prefix prefix, gboolean on) {
  if (on == (trie_get(held, prefix) != NULL))
    return;
  if (on)
    trie_set(held, prefix, element);
  else
    trie_remove(held, prefix);
  note_change(element, &element->changes, prefix);
  fabric_changed(element->fabric, element->part);
}

void element_serve(Element *element, Prefix prefix, gboolean serve) {
  hold(element, element->served, prefix, serve);
}

void element_own(Element *element, Prefix prefix, gboolean own) {
  if (element->owned == NULL)
    element->owned = trie_new(element->fabric->arena);
  hold(element, element->owned, prefix, own);
}

Site *site_new(Fabric *fabric, const char *name) {
  Site *site = arena_new0(fabric->arena, Site);
  site->fabric = fabric;
  site->name = arena_strdup(fabric->arena, name);
  site->prefixes = arena_growing_array(fabric->arena, sizeof(Prefix));
  site->links = arena_ptr_array(fabric->arena);
  site->exits = trie_new(fabric->arena);
  g_ptr_array_add(fabric->sites, site);
  return site;
}

void site_add_prefix(Site *site, Prefix prefix) {
  if (prefix.length == 0) {
    site_add_exit(site, prefix);
    return;
  }
  g_array_append_val(site->prefixes, prefix);
  fabric_claim(site->fabric, prefix)->site = site;
}

gboolean site_has(const Site *site, Prefix prefix) {
  for (guint i = 0; i < site->prefixes->len; i++)
    if (prefix_equal(g_array_index(site->prefixes, Prefix, i), prefix))
      return TRUE;
  return FALSE;
}

void site_add_exit(Site *site, Prefix prefix) {
  trie_set(site->exits, prefix, site);
  fabric_touch(site->fabric);
}

void site_tell(Site *site, Element *element, const Prefix *ranges, guint count) {
  for (guint i = 0; i < element->links->len; i++) {
    Link *link = element->links->pdata[i];
    if (link->site != site)
      continue;
    link->told = trie_new(site->fabric->arena);
    for (guint j = 0; j < count; j++)
      trie_set(link->told, ranges[j], link);
  }
  fabric_touch(site->fabric);
}

void fabric_set_internet(Fabric *fabric, Site *site) {
  fabric->internet = site;
  fabric_owners_changed(fabric);
}
gboolean site_is_internet(const Site *site) { return site == site->fabric->internet; }

const char *site_name(const Site *site) { return site->name; }

IpAddress site_address(const Site *site) {
  g_assert(site->prefixes->len > 0);
  const Prefix prefix = g_array_index(site->prefixes, Prefix, 0);
  return prefix_size(prefix) > 1 ? ip_address_add(prefix.address, 1) : prefix.address;
}

static NetNode *add_link(Site *site, Element *element, gboolean routed) {
  Arena *arena = site->fabric->arena;
  Link *link = arena_new0(arena, Link);
  link->site = site;
  link->element = element;
  link->routed = routed;
  link->node = net_node_new(site->fabric->engine, arena_concat(arena, "link/", site->name, "/",
                                                               element->config.name, NULL));
  link->part = fabric_part_new(site->fabric);
  net_node_watch(link->node, link_changed, link);
  g_ptr_array_add(element->links, link);
  g_ptr_array_add(site->links, link);
  return link->node;
}

NetNode *site_link(Site *site, Element *element) { return add_link(site, element, FALSE); }
NetNode *site_routed_link(Site *site, Element *element) { return add_link(site, element, TRUE); }

void site_set_router(Site *site, Element *router) {
  site->router = router;
  router->router_of = site;
}

Element *site_router(const Site *site) { return site->router; }

const Link *element_link_to(const Element *element, const Site *site) {
  for (guint i = 0; i < element->links->len; i++)
    if (((const Link *)element->links->pdata[i])->site == site)
      return element->links->pdata[i];
  return NULL;
}

gboolean link_is_up(const Link *link) {
  return !net_node_is(link->node, NODE_CUT) && !net_node_is(link->node, NODE_DARK);
}

/* A site takes nothing from a link over which it announces the same itself. */
static gboolean would_tell(const Link *link, IpAddress address, gboolean last) {
  const Element *element = link->element;
  Prefix known;
  return element->knows != NULL && element->knows(element->knows_data, address, last, &known) &&
         (link->told == NULL || trie_get(link->told, known) == NULL);
}

static gboolean is_told_over(const Link *link, IpAddress address) {
  return link_is_up(link) && !net_node_is(link->element->config.node, NODE_PASSIVE) &&
         would_tell(link, address, FALSE);
}

/* What keeps a link from telling is no reason where it had nothing to tell. */
DropReason site_why_no_way(const Site *site, IpAddress address, DropPlace *where) {
  fabric_note(site->fabric, FABRIC_ANYTHING);
  for (guint i = 0; i < site->links->len; i++) {
    const Link *link = site->links->pdata[i];
    const NetNode *node = link->element->config.node;
    if (!would_tell(link, address, TRUE))
      continue;
    *where = link_is_up(link) ? (DropPlace){AT_ELEMENT, link->element, link->element->config.name}
                              : (DropPlace){AT_LINK, link->node, net_node_name(link->node)};
    if (!link_is_up(link))
      return DROP_LINK_DOWN;
    if (!net_node_forwards(node))
      return net_node_why_idle(node);
  }
  *where = (DropPlace){AT_SITE, site, site->name};
  return DROP_NOT_ANNOUNCED;
}

gboolean site_is_masked(const Site *site) {
  for (guint i = 0; i < site->links->len; i++)
    if (((const Link *)site->links->pdata[i])->element->config.snat != SNAT_ON)
      return FALSE;
  return site->links->len > 0;
}

const Element *site_way_to(const Site *site, IpAddress address, RecordId *changed_by) {
  fabric_note(site->fabric, FABRIC_ANYTHING);
  for (guint i = 0; i < site->links->len; i++) {
    const Link *link = site->links->pdata[i];
    const Element *element = link->element;
    *changed_by = MAX(*changed_by, net_node_changed_by(link->node));
    *changed_by = MAX(*changed_by, net_node_changed_by(element->config.node));
    *changed_by = MAX(*changed_by, latest_change(element->heard, address));
    if (is_told_over(link, address))
      return element;
  }
  return NULL;
}
