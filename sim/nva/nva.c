/* Virtual appliances; see the header. */
#include "routesim/nva/nva.h"

#include <string.h>

static const NvaClass classes[] = {
    {"router", "router", FALSE},
    {"firewall", "stateful firewall", TRUE},
    {"sd-wan", "SD-WAN edge", FALSE},
};

guint nva_class_count(void) { return G_N_ELEMENTS(classes); }
const NvaClass *nva_class_at(guint index) { return &classes[index]; }

const NvaClass *nva_class_find(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(classes); i++)
    if (strcmp(classes[i].name, name) == 0)
      return &classes[i];
  return NULL;
}

struct Nva {
  NvaConfig config;
  Engine *engine;
  Fabric *fabric;
  NetNode *node;
  Element *element;
  BgpSpeaker *speaker;
  NvaAnnouncement *announced;
  guint announced_count;
  ChangeHandler sites_changed;
  gpointer sites_data;
  gboolean tells_network;
};

const char nva_tag_site[] = "site";

static void selection_changed(gpointer data, const BgpEntry *entry) {
  const Nva *nva = data;
  (void)entry;
  fabric_touch(nva->fabric);
}

static gboolean is_site(const BgpPeer *peer) {
  return g_strcmp0(bgp_peer_tag(peer), nva_tag_site) == 0;
}

static const char *nva_import(gpointer data, BgpPeer *peer, Prefix prefix,
                              const BgpAttributes *attributes) {
  (void)data;
  (void)prefix;
  (void)attributes;
  return is_site(peer) ? "a site is announced by `advertise`" : NULL;
}

/* Static routes to its own network go to sites only. */
static gboolean nva_export(gpointer data, BgpPeer *peer, const BgpEntry *entry) {
  const Nva *nva = data;
  if (!nva->tells_network || is_site(peer) || entry->selected[0]->source != NULL)
    return TRUE;
  for (guint i = 0; i < network_prefix_count(nva->config.network); i++)
    if (prefix_equal(network_prefix(nva->config.network, i), entry->prefix))
      return FALSE;
  return TRUE;
}

static gboolean session_changed(gpointer data, BgpPeer *peer, gboolean up) {
  const Nva *nva = data;
  (void)up;
  if (is_site(peer) && nva->sites_changed != NULL)
    nva->sites_changed(nva->sites_data);
  return TRUE;
}

static const BgpPolicy nva_policy = {.import = nva_import,
                                     .export = nva_export,
                                     .selected = selection_changed,
                                     .session = session_changed};

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

/* What it can tell the sites behind it: the network that it stands in, and every route
 * it has. */
static gboolean knows(gpointer data, IpAddress address) {
  const Nva *nva = data;
  return network_contains(nva->config.network, address) || bgp_match(nva->speaker, address) != NULL;
}

Nva *nva_new(Engine *engine, Fabric *fabric, const NvaConfig *config, guint64 seed, guint32 run) {
  Nva *nva = arena_new0(engine_arena(engine), Nva);
  nva->config = *config;
  nva->engine = engine;
  nva->fabric = fabric;
  nva->node = net_node_new(engine, config->name);
  const ElementConfig element = {.name = config->name,
                                 .node = nva->node,
                                 .address = config->address,
                                 .network = config->network,
                                 .table = config->table,
                                 .stateful = config->class->stateful,
                                 .refuses_transit = config->refuses_transit,
                                 .zone = config->zone};
  nva->element = element_new(fabric, &element);
  element_set_knows(nva->element, knows, nva);
  const BgpSpeakerConfig speaker = {.name = config->name,
                                    .asn = config->asn,
                                    .router_id = config->address,
                                    .profile = &bgp_profile_rfc4271,
                                    .obeys_no_advertise = TRUE,
                                    .obeys_no_export = TRUE};
  nva->speaker = bgp_speaker_new(engine, &speaker, &nva_policy, nva, seed, run);
  return nva;
}

const char *nva_name(const Nva *nva) { return nva->config.name; }
const NvaClass *nva_class(const Nva *nva) { return nva->config.class; }
NetNode *nva_node(const Nva *nva) { return nva->node; }
Element *nva_element(const Nva *nva) { return nva->element; }
BgpSpeaker *nva_speaker(const Nva *nva) { return nva->speaker; }
IpAddress nva_address(const Nva *nva) { return nva->config.address; }

static const BgpAttributes *attributes_of(const Nva *nva, const NvaAnnouncement *announcement) {
  Arena *arena = engine_arena(nva->engine);
  const BgpAttributes bare = {.next_hop = announcement->next_hop,
                              .has_med = announcement->has_med,
                              .med = announcement->med,
                              .communities = announcement->communities,
                              .community_count = announcement->community_count};
  return bgp_attributes_prepend(arena, &bare, nva->config.asn, announcement->prepend);
}

void nva_announce(Nva *nva, const NvaAnnouncement *announcements, guint count) {
  for (guint i = 0; i < nva->announced_count; i++) {
    const Prefix prefix = nva->announced[i].prefix;
    gboolean kept = FALSE;
    for (guint j = 0; j < count; j++)
      kept |= prefix_equal(prefix, announcements[j].prefix);
    if (kept)
      continue;
    bgp_originate(nva->speaker, prefix, NULL);
    element_serve(nva->element, prefix, FALSE);
  }
  for (guint i = 0; i < count; i++) {
    bgp_originate(nva->speaker, announcements[i].prefix, attributes_of(nva, &announcements[i]));
    element_serve(nva->element, announcements[i].prefix, TRUE);
  }
  nva->announced = arena_array(engine_arena(nva->engine), NvaAnnouncement, count + 1);
  if (count > 0)
    memcpy(nva->announced, announcements, count * sizeof *announcements);
  nva->announced_count = count;
}
