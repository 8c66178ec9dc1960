/* Routers at the edge of a cloud; see the header. */
#include "routesim/cloud/router.h"

#include <string.h>

const TraceKind ROUTER_LIMIT = {"prefix-limit"};

#define CEASE_MOST_PREFIXES 1 /* RFC 4486 section 4 */

typedef struct {
  Router *router;
  BgpPeer *peer;
  guint64 most, found;
  Timer *timer; /* counts when all of an UPDATE has arrived */
} PeerLimit;

struct Router {
  RouterConfig config;
  Fabric *fabric;
  NetNode *node;
  Element *element;
  BgpSpeaker *speaker;
  RouteTable *table;
  GPtrArray *limits; /* PeerLimit * */
};

#define MOST_HOPS 16

static const RouteOrigin bgp_origin = {"BGP", 0, TRUE, FALSE};

static gboolean goes_onward(const Router *router, const BgpCandidate *candidate) {
  return candidate->source == NULL || (router->config.onward_tag != NULL &&
                                       g_strcmp0(candidate->tag, router->config.onward_tag) == 0);
}

/* Next hops are the neighbors themselves: each of them is one link away. */
static guint next_hops(const Router *router, const BgpEntry *entry, NextHop *hops) {
  guint count = 0;
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

static void router_selected(gpointer data, const BgpEntry *entry) {
  const Router *router = data;
  const BgpPolicy *policy = router->config.policy;
  NextHop hops[MOST_HOPS];
  const guint count = next_hops(router, entry, hops);
  if (count > 0)
    route_table_put(router->table, entry->prefix, &bgp_origin, hops, count);
  else
    route_table_drop(router->table, entry->prefix, &bgp_origin);
  if (policy != NULL && policy->selected != NULL)
    policy->selected(router->config.data, entry);
}

static void count_prefix(const BgpEntry *entry, gpointer data) {
  PeerLimit *limit = data;
  for (guint i = 0; i < entry->candidates->len; i++)
    limit->found += ((const BgpCandidate *)entry->candidates->pdata[i])->source == limit->peer;
}

static void limit_due(gpointer data) {
  PeerLimit *limit = data;
  Engine *engine = fabric_engine(limit->router->fabric);
  limit->found = 0;
  bgp_foreach(limit->router->speaker, count_prefix, limit);
  if (limit->found <= limit->most)
    return;
  engine_set_cause(engine,
                   engine_record(engine, &ROUTER_LIMIT, limit->router->config.name,
                                 bgp_peer_remote_name(limit->peer), (gint64)limit->found, NULL));
  bgp_peer_stop(limit->peer, CEASE_MOST_PREFIXES);
  bgp_peer_start(limit->peer);
}

static void look_at_limit(const Router *router, const BgpPeer *peer) {
  for (guint i = 0; i < router->limits->len; i++) {
    const PeerLimit *limit = router->limits->pdata[i];
    if (limit->peer == peer && !timer_is_armed(limit->timer))
      timer_arm_after(limit->timer, sim_time_ns(1)); /* sessions fall in an earlier phase */
  }
}

void router_limit_peer(Router *router, BgpPeer *peer, guint64 most) {
  Engine *engine = fabric_engine(router->fabric);
  Arena *arena = engine_arena(engine);
  PeerLimit *limit = arena_new0(arena, PeerLimit);
  Owner *owner = engine_owner(engine, arena_printf(arena, "limit/%s", bgp_peer_name(peer)));
  *limit = (PeerLimit){.router = router, .peer = peer, .most = most};
  limit->timer = timer_new(owner, PHASE_TIMER, limit_due, limit);
  g_ptr_array_add(router->limits, limit);
}

static const char *router_import(gpointer data, BgpPeer *peer, Prefix prefix,
                                 const BgpAttributes *attributes) {
  const Router *router = data;
  const BgpPolicy *policy = router->config.policy;
  look_at_limit(router, peer);
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

static const BgpPolicy router_policy = {.import = router_import,
                                        .export = router_export,
                                        .selected = router_selected,
                                        .session = router_session};

Router *router_new(Fabric *fabric, const RouterConfig *config) {
  Engine *engine = fabric_engine(fabric);
  Router *router = arena_new0(engine_arena(engine), Router);
  router->config = *config;
  router->fabric = fabric;
  router->node = net_node_new(engine, config->name);
  router->table = route_table_new(fabric, config->name);
  router->limits = arena_ptr_array(engine_arena(engine));
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
                                    .obeys_no_advertise = TRUE,
                                    .allows_own_as = config->allows_own_as};
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
      route_table_drop(router->table, prefix, &bgp_origin);
  }
}
