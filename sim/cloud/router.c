/* Routers at the edge of a cloud; see the header. */
#include "routesim/cloud/router.h"

#include <string.h>

struct Router {
  RouterConfig config;
  Fabric *fabric;
  NetNode *node;
  Element *element;
  BgpSpeaker *speaker;
  RouteTable *table;
  Trie *sites; /* Site *, by what it originates for them */
};

#define MOST_HOPS 16

static const RouteOrigin bgp_origin = {.name = "BGP", .rank = 0, .dynamic = TRUE};
/* To a range inside a network it leads no more than what BGP tells does. */
static const RouteOrigin static_origin = {.name = "static", .rank = 0, .dynamic = TRUE};
static const RouteOrigin originated_origin = {
    .name = "BGP (originated)", .rank = 0, .beats_longer_dynamic = TRUE};

static gboolean goes_onward(const Router *router, const BgpCandidate *candidate) {
  return candidate->source == NULL ||
         (router->config.onward_role != NULL && candidate->role == router->config.onward_role);
}

/* The site without BGP that the entry stands for, where nobody told of a better way; NULL: none. */
static Site *site_for(const Router *router, const BgpEntry *entry) {
  return entry->selected_count > 0 && entry->selected[0]->source == NULL
             ? trie_get(router->sites, entry->prefix)
             : NULL;
}

/* Next hops are the neighbors themselves: each of them is one link away. */
static guint next_hops(const Router *router, const BgpEntry *entry, NextHop *hops) {
  guint count = 0;
  Site *site = site_for(router, entry);
  if (site != NULL) {
    hops[0] = (NextHop){.kind = HOP_SITE, .site = site};
    return 1;
  }
  if (entry->selected_count > 0 && goes_onward(router, entry->selected[0])) {
    hops[0] = (NextHop){.kind = HOP_ONWARD};
    return router->config.onward != NULL ? 1 : 0;
  }
  for (guint i = 0; i < entry->selected_count && count < MOST_HOPS; i++) {
    const BgpCandidate *candidate = entry->selected[i];
    gboolean known = goes_onward(router, candidate);
    for (guint j = 0; j < count; j++)
      known |= ip_address_equal(hops[j].address, candidate->peer_address);
    if (!known)
      hops[count++] = (NextHop){.kind = HOP_ELEMENT, .address = candidate->peer_address};
  }
  return count;
}

void router_table_keep(RouteTable *table, Prefix prefix) {
  static const RouteOrigin network_origin = {
      .name = "network", .rank = 0, .beats_longer_dynamic = TRUE};
  const NextHop onward = {.kind = HOP_ONWARD};
  route_table_put(table, prefix, &network_origin, &onward, 1);
}

void router_table_reach(RouteTable *table, Prefix prefix, Site *site) {
  const NextHop hop = {.kind = HOP_SITE, .site = site};
  RouteView held;
  if (site_has(site, prefix) || !route_table_find(table, prefix, &static_origin, &held))
    route_table_put(table, prefix, &static_origin, &hop, 1);
}

void router_reach(Router *router, Prefix prefix, const BgpAttributes *attributes, Site *site) {
  if (site_has(site, prefix) || trie_get(router->sites, prefix) == NULL)
    trie_set(router->sites, prefix, site);
  bgp_originate(router->speaker, prefix, attributes);
}

void router_forsake(Router *router, Prefix prefix) {
  trie_remove(router->sites, prefix);
  bgp_originate(router->speaker, prefix, NULL);
}

static const RouteOrigin *origin_of(const Router *router, const BgpEntry *entry) {
  const BgpCandidate *best = entry->selected_count > 0 ? entry->selected[0] : NULL;
  if (site_for(router, entry) != NULL)
    return &static_origin;
  return router->config.keeps_originated && best != NULL && best->internal &&
                 best->attributes->as_path_length == 0
             ? &originated_origin
             : &bgp_origin;
}

/* All that BGP put there goes, but for what is of the origin `kept` (NULL: nothing). */
static void forget(const Router *router, Prefix prefix, const RouteOrigin *kept) {
  static const RouteOrigin *const origins[] = {&bgp_origin, &originated_origin, &static_origin};
  for (guint i = 0; i < G_N_ELEMENTS(origins); i++)
    if (origins[i] != kept)
      route_table_drop(router->table, prefix, origins[i]);
}

static void router_selected(gpointer data, const BgpEntry *entry) {
  const Router *router = data;
  const BgpPolicy *policy = router->config.policy;
  NextHop hops[MOST_HOPS];
  const RouteOrigin *origin = origin_of(router, entry);
  const guint count = next_hops(router, entry, hops);
  if (count > 0)
    route_table_put(router->table, entry->prefix, origin, hops, count);
  forget(router, entry->prefix, count > 0 ? origin : NULL);
  if (policy != NULL && policy->selected != NULL)
    policy->selected(router->config.data, entry);
}

static void router_decided(gpointer data, const BgpEntry *entry) {
  const Router *router = data;
  const BgpPolicy *policy = router->config.policy;
  if (policy != NULL && policy->decided != NULL)
    policy->decided(router->config.data, entry);
}

/* The table of the router stays: its kernel goes on with what it had. */
static void router_cleared(gpointer data) {
  const Router *router = data;
  const BgpPolicy *policy = router->config.policy;
  if (policy != NULL && policy->cleared != NULL)
    policy->cleared(router->config.data);
}

static const char *router_import(gpointer data, BgpPeer *peer, Prefix prefix,
                                 const BgpAttributes *attributes) {
  const Router *router = data;
  const BgpPolicy *policy = router->config.policy;
  return policy == NULL || policy->import == NULL
             ? NULL
             : policy->import(router->config.data, peer, prefix, attributes);
}

static gboolean router_export(gpointer data, BgpPeer *peer, const BgpEntry *entry) {
  const Router *router = data;
  const BgpPolicy *policy = router->config.policy;
  return policy == NULL || policy->export == NULL ||
         policy->export(router->config.data, peer, entry);
}

static gboolean router_session(gpointer data, BgpPeer *peer, gboolean up) {
  const Router *router = data;
  const BgpPolicy *policy = router->config.policy;
  return policy == NULL || policy->session == NULL ||
         policy->session(router->config.data, peer, up);
}

static const BgpAttributes *router_rewrite(gpointer data, BgpPeer *peer, const BgpEntry *entry,
                                           const BgpAttributes *attributes) {
  const Router *router = data;
  const BgpPolicy *policy = router->config.policy;
  return policy == NULL || policy->rewrite == NULL
             ? attributes
             : policy->rewrite(router->config.data, peer, entry, attributes);
}

static const BgpAttributes *router_originated(gpointer data, BgpPeer *peer, const BgpEntry *entry) {
  const Router *router = data;
  const BgpPolicy *policy = router->config.policy;
  return policy == NULL || policy->originated == NULL
             ? entry->selected[0]->attributes
             : policy->originated(router->config.data, peer, entry);
}

/* A router reaches its neighbors, each of them one link away, and what its owner knows of beside
 * them. */
static gboolean router_reaches(gpointer data, const BgpPeer *peer, IpAddress next_hop) {
  const Router *router = data;
  const BgpPolicy *policy = router->config.policy;
  const GPtrArray *peers = bgp_speaker_peers(router->speaker);
  for (guint i = 0; i < peers->len; i++)
    if (ip_address_equal(bgp_peer_remote_address(peers->pdata[i]), next_hop))
      return TRUE;
  return policy != NULL && policy->reaches != NULL &&
         policy->reaches(router->config.data, peer, next_hop);
}

static const BgpPolicy router_policy = {.import = router_import,
                                        .export = router_export,
                                        .rewrite = router_rewrite,
                                        .originated = router_originated,
                                        .selected = router_selected,
                                        .decided = router_decided,
                                        .cleared = router_cleared,
                                        .session = router_session,
                                        .reaches = router_reaches};

Router *router_new(Fabric *fabric, const RouterConfig *config) {
  Engine *engine = fabric_engine(fabric);
  Router *router = arena_new0(engine_arena(engine), Router);
  router->config = *config;
  router->fabric = fabric;
  router->node = net_node_new(engine, config->name);
  router->table = route_table_new(fabric, config->name);
  router->sites = trie_new(engine_arena(engine));
  const ElementConfig element = {.name = config->name,
                                 .node = router->node,
                                 .address = config->address,
                                 .network = config->network,
                                 .table = router->table,
                                 .onward = config->onward};
  router->element = element_new(fabric, &element);
  const BgpSpeakerConfig speaker = {.name = config->name,
                                    .asn = config->asn,
                                    .router_id = config->address,
                                    .profile = config->profile,
                                    .obeys_no_advertise = !config->tells_all,
                                    .allows_own_as = config->allows_own_as,
                                    .reflects = config->reflects};
  router->speaker =
      bgp_speaker_new(engine, &speaker, &router_policy, router, config->seed, config->run);
  return router;
}

const char *router_name(const Router *router) { return router->config.name; }
NetNode *router_node(const Router *router) { return router->node; }
Element *router_element(const Router *router) { return router->element; }
BgpSpeaker *router_speaker(const Router *router) { return router->speaker; }
RouteTable *router_table(const Router *router) { return router->table; }

static void note_prefix(const RouteView *route, gpointer data) {
  g_array_append_val((GArray *)data, route->prefix);
}

void router_restarted(Router *router) {
  g_autoptr(GArray) prefixes = g_array_new(FALSE, FALSE, sizeof(Prefix));
  route_table_foreach(router->table, note_prefix, prefixes);
  for (guint i = 0; i < prefixes->len; i++) {
    const Prefix prefix = g_array_index(prefixes, Prefix, i);
    const BgpEntry *entry = bgp_find(router->speaker, prefix);
    if (entry == NULL || entry->selected_count == 0)
      forget(router, prefix, NULL);
  }
}
