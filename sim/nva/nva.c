/* Virtual appliances; see the header. */
#include "routesim/nva/nva.h"

#include "nva_private.h"

/* One session, as the appliance treats it. */
typedef struct {
  NvaPeerConfig config;
  gboolean waits; /* with its first UPDATE ... */
  SimTime until;  /* ... up to then */
  RandomStream stream;
} Peer;

const BgpRole nva_role_site = {"site"};

static const RouteOrigin connected_origin = {.name = "Connected", .rank = 0};
static const RouteOrigin learned_origin = {.name = "BGP", .rank = 1, .dynamic = TRUE};

static Peer *peer_of(const Nva *nva, const BgpPeer *peer) {
  for (guint i = 0; i < nva->peers->len; i++) {
    Peer *each = nva->peers->pdata[i];
    if (each->config.peer == peer)
      return each;
  }
  return NULL;
}

/* ---- what it learned, as routes of its own --------------------------------------------- */

/* What came from the far end of a tunnel goes there; all else is the subnet's business. */
static void install(gpointer data, const BgpEntry *entry) {
  const Nva *nva = data;
  /* That it announces a prefix itself is no way there. */
  const BgpPeer *source = entry->learned != NULL ? entry->learned->source : NULL;
  const Peer *peer = source != NULL ? peer_of(nva, source) : NULL;
  NextHop hop = {.kind = HOP_ONWARD};
  if (nva->routes == NULL)
    return;
  if (peer != NULL && peer->config.tunnel)
    hop = (NextHop){.kind = HOP_TUNNEL, .address = bgp_peer_remote_address(source)};
  if (source != NULL)
    route_table_put(nva->routes, entry->prefix, &learned_origin, &hop, 1);
  else
    route_table_drop(nva->routes, entry->prefix, &learned_origin);
}

static void selection_changed(gpointer data, const BgpEntry *entry) {
  element_heard(((const Nva *)data)->element, entry->prefix);
}

static void cleared(gpointer data) { element_forgot(((const Nva *)data)->element); }

static gboolean is_site(const BgpPeer *peer) { return bgp_peer_role(peer) == &nva_role_site; }

static const char *nva_import(gpointer data, BgpPeer *peer, Prefix prefix,
                              const BgpAttributes *attributes) {
  (void)data;
  (void)prefix;
  (void)attributes;
  return is_site(peer) ? "a site is announced by `advertise`" : NULL;
}

static void install_visit(const BgpEntry *entry, gpointer data) { install(data, entry); }

/* In place of `first_update` in sessions that come up after a start of its process; NULL: none. */
static const Distribution *update_delay(const Nva *nva) {
  const Distribution *law = &nva->config.design->update_delay.law;
  return law->kind == DISTRIBUTION_CONSTANT && law->a.ns == 0 ? NULL : law;
}

/* The start of a process draws once for all its sessions. */
static void become_fresh(Nva *nva) {
  nva->fresh = TRUE;
  const Distribution *law = update_delay(nva);
  if (law != NULL)
    nva->update_wait = distribution_draw(law, &nva->update_stream);
}

void nva_process_started(Nva *nva) {
  become_fresh(nva);
  bgp_foreach(nva->speaker, install_visit, nva);
}

/* ---- sessions ----------------------------------------------------------------------------- */

static void first_update_due(gpointer data, gpointer item) {
  Nva *nva = data;
  Peer *peer = item;
  if (!peer->waits || peer->until.ns != engine_now(nva->engine).ns)
    return; /* that session is no more */
  peer->waits = FALSE;
  nva->fresh = FALSE;
  bgp_refresh_exports(nva->speaker);
  bgp_peer_end_first_updates(peer->config.peer);
}

static gboolean session_changed(gpointer data, BgpPeer *session, gboolean up) {
  Nva *nva = data;
  Peer *peer = peer_of(nva, session);
  if (is_site(session) && nva->sites_changed != NULL)
    nva->sites_changed(nva->sites_data);
  if (peer == NULL || is_site(session))
    return TRUE;
  const Distribution *fresh = nva->fresh ? update_delay(nva) : NULL;
  const Distribution *law = fresh != NULL ? fresh : peer->config.first_update;
  if (law == NULL)
    return TRUE;
  peer->waits = up;
  if (!up)
    return TRUE;
  const SimTime wait = fresh != NULL ? nva->update_wait : distribution_draw(law, &peer->stream);
  peer->until = sim_time_add(engine_now(nva->engine), wait);
  agenda_set_stage(nva->first_updates, stage_new(engine_arena(nva->engine),
                                                 "first UPDATE of a session", law->ground, NULL));
  agenda_add(nva->first_updates, peer->until, peer);
  return FALSE;
}

static gboolean relays(gpointer data, BgpPeer *session) {
  const Peer *peer = peer_of(data, session);
  return peer == NULL || !peer->config.only_list;
}

static gboolean may_export(gpointer data, BgpPeer *session, const BgpEntry *entry) {
  const Peer *peer = peer_of(data, session);
  if (entry->selected[0]->source != NULL && !relays(data, session))
    return FALSE;
  return peer == NULL || !peer->waits;
}

/* Static routes to its own network are for sites only. */
static gboolean is_own_network(const Nva *nva, Prefix prefix) {
  for (guint i = 0; nva->tells_network && i < network_prefix_count(nva->config.network); i++)
    if (prefix_equal(network_prefix(nva->config.network, i), prefix))
      return TRUE;
  return FALSE;
}

static const BgpAttributes *originated(gpointer data, BgpPeer *session, const BgpEntry *entry) {
  const Nva *nva = data;
  const Peer *peer = peer_of(nva, session);
  const BgpAttributes *told = nva_originated(nva, entry, peer != NULL ? peer->config.scope : NULL);
  if (!is_site(session) || (peer != NULL && peer->config.only_list))
    return told;
  if (told == NULL)
    return is_own_network(nva, entry->prefix) ? entry->selected[0]->attributes : NULL;
  /* A next hop in the cloud is none for a site: the way there is the appliance (RFC 4271 5.1.3). */
  BgpAttributes *copy = arena_new0(engine_arena(nva->engine), BgpAttributes);
  *copy = *told;
  copy->next_hop = (IpAddress){.family = IP_NONE};
  return copy;
}

/* The neighbors that it has sessions with stand at the far end of a link or tunnel. */
static gboolean reaches(gpointer data, const BgpPeer *session, IpAddress next_hop) {
  const Nva *nva = data;
  const GPtrArray *sessions = bgp_speaker_peers(nva->speaker);
  (void)session;
  for (guint i = 0; i < sessions->len; i++)
    if (ip_address_equal(bgp_peer_remote_address(sessions->pdata[i]), next_hop))
      return TRUE;
  return nva->config.reaches != NULL ? nva->config.reaches(nva->config.reaches_data, next_hop)
                                     : network_contains(nva->config.network, next_hop);
}

static const BgpPolicy nva_policy = {.import = nva_import,
                                     .selected = selection_changed,
                                     .cleared = cleared,
                                     .decided = install,
                                     .session = session_changed,
                                     .export = may_export,
                                     .relays = relays,
                                     .originated = originated,
                                     .reaches = reaches};

void nva_watch_sites(Nva *nva, ChangeHandler handler, gpointer data) {
  nva->sites_changed = handler;
  nva->sites_data = data;
}

void nva_tell_network(Nva *nva) {
  const BgpAttributes *attributes = arena_new0(engine_arena(nva->engine), BgpAttributes);
  nva->tells_network = TRUE;
  for (guint i = 0; i < network_prefix_count(nva->config.network); i++)
    bgp_originate(nva->speaker, network_prefix(nva->config.network, i), attributes);
}

void nva_add_peer(Nva *nva, const NvaPeerConfig *config) {
  Arena *arena = engine_arena(nva->engine);
  Peer *peer = arena_new0(arena, Peer);
  guint before = 0;
  for (guint i = 0; i < nva->peers->len; i++)
    before += ((const Peer *)nva->peers->pdata[i])->config.name != NULL;
  peer->config = *config;
  if (config->name != NULL)
    peer->stream =
        random_stream(nva->seed, nva->run,
                      arena_concat(arena, "first-update/", nva_name(nva), "/", config->name, "/",
                                   arena_decimal(arena, before), NULL));
  g_ptr_array_add(nva->peers, peer);
}

/* ---- making --------------------------------------------------------------------------------- */

/* What it can tell the sites behind it: the network that it stands in, and every route it has, but
 * for those that it announces to a peer alone, or must keep to itself. */
static gboolean knows(gpointer data, IpAddress address, gboolean last, Prefix *known) {
  const Nva *nva = data;
  *known = prefix_host(address);
  if (network_contains(nva->config.network, address))
    return TRUE;
  const BgpEntry *entry = bgp_match(nva->speaker, address);
  BgpEntry before;
  if (entry == NULL && last && bgp_match_last(nva->speaker, address, &before)) {
    *known = before.prefix;
    return bgp_may_pass_on(nva->speaker, &before, FALSE);
  }
  if (entry == NULL || entry->selected[0]->source == NULL)
    return entry != NULL && nva_announces(nva, address, known);
  *known = entry->prefix;
  return bgp_may_pass_on(nva->speaker, entry, FALSE);
}

static void add_routes(Nva *nva) {
  const NextHop onward = {.kind = HOP_ONWARD};
  Arena *arena = engine_arena(nva->engine);
  nva->routes = route_table_new(nva->fabric, arena_concat(arena, nva_name(nva), " (own)", NULL));
  for (guint i = 0; i < network_prefix_count(nva->config.network); i++)
    route_table_put(nva->routes, network_prefix(nva->config.network, i), &connected_origin, &onward,
                    1);
}

static void add_element(Nva *nva) {
  const NvaConfig *config = &nva->config;
  const DesignNva *design = config->design;
  if (config->tunnels)
    add_routes(nva);
  const ElementConfig element = {.name = design->head.name,
                                 .node = nva->node,
                                 .address = design->legs[0],
                                 .network = config->network,
                                 .table = nva->routes != NULL ? nva->routes : config->table,
                                 .stateful = design->kind->stateful,
                                 .onward = nva->routes != NULL ? config->table : NULL,
                                 .outer = config->outer_table,
                                 .snat = design->snat,
                                 .state_group = config->state_group,
                                 .capacity = design->capacity,
                                 .refuses_transit = config->refuses_transit,
                                 .zone = config->zone};
  nva->element = element_new(nva->fabric, &element);
  if (design->legs[1].family != IP_NONE)
    element_add_address(nva->element, design->legs[1]);
  element_set_knows(nva->element, knows, nva);
}

Nva *nva_new(Engine *engine, Fabric *fabric, const NvaConfig *config, guint64 seed, guint32 run) {
  Arena *arena = engine_arena(engine);
  const DesignNva *design = config->design;
  const char *name = design->head.name;
  Nva *nva = arena_new0(arena, Nva);
  nva->healthy = TRUE;
  nva->config = *config;
  nva->engine = engine;
  nva->fabric = fabric;
  nva->seed = seed;
  nva->run = run;
  nva->peers = arena_ptr_array(arena);
  nva->lists = arena_ptr_array(arena);
  nva->originated = arena_growing_array(arena, sizeof(Prefix));
  nva->first_updates = agenda_new(engine_owner(engine, arena_concat(arena, "nva/", name, NULL)),
                                  PHASE_DECIDE, first_update_due, nva);
  nva->update_stream = random_stream(seed, run, arena_concat(arena, "update-delay/", name, NULL));
  nva->node = net_node_new(engine, name);
  add_element(nva);
  const BgpSpeakerConfig speaker = {.name = name,
                                    .asn = (guint32)design->asn,
                                    .router_id = design->legs[0],
                                    .profile = &bgp_profile_rfc4271,
                                    .obeys_no_advertise = TRUE,
                                    .obeys_no_export = TRUE,
                                    .allows_own_as = !design->loop_check};
  nva->speaker = bgp_speaker_new(engine, &speaker, &nva_policy, nva, seed, run);
  return nva;
}

/* Sessions that are up for long have told all. */
void nva_begin(Nva *nva, gboolean cold) {
  agenda_clear(nva->first_updates);
  nva->fresh = FALSE;
  if (cold)
    become_fresh(nva);
  for (guint i = 0; i < nva->peers->len; i++)
    ((Peer *)nva->peers->pdata[i])->waits = FALSE;
  if (nva->monitor != NULL)
    nva_monitor_begin(nva->monitor, cold);
}

const char *nva_name(const Nva *nva) { return nva->config.design->head.name; }
const NvaClass *nva_class(const Nva *nva) { return nva->config.design->kind; }
const NvaConfig *nva_config(const Nva *nva) { return &nva->config; }
NetNode *nva_node(const Nva *nva) { return nva->node; }
Element *nva_element(const Nva *nva) { return nva->element; }
BgpSpeaker *nva_speaker(const Nva *nva) { return nva->speaker; }
IpAddress nva_address(const Nva *nva) { return nva->config.design->legs[0]; }
Fabric *nva_fabric(const Nva *nva) { return nva->fabric; }
Engine *nva_engine(const Nva *nva) { return nva->engine; }
