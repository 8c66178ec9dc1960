/* What a speaker sends: the Adj-RIB-Out of each peer (RFC 4271 sections 3.2 and 9.2). */
#include "bgp_private.h"

static gboolean is_internal(const BgpPeer *peer) {
  return peer->far->speaker->config.asn == peer->speaker->config.asn;
}

gboolean bgp_may_pass_on(const BgpSpeaker *speaker, const BgpEntry *entry, gboolean internal) {
  const BgpCandidate *best = entry->selected[0];
  const BgpSpeakerConfig *config = &speaker->config;
  if (best->source == NULL)
    return TRUE;
  if (config->obeys_no_advertise &&
      bgp_attributes_has_community(best->attributes, BGP_NO_ADVERTISE))
    return FALSE;
  return !config->obeys_no_export || internal ||
         !(bgp_attributes_has_community(best->attributes, BGP_NO_EXPORT) ||
           bgp_attributes_has_community(best->attributes, BGP_NO_EXPORT_SUBCONFED));
}

/* Which routes go to which peers says RFC 4271 9.2. */
static gboolean may_send(const BgpPeer *peer, const BgpEntry *entry) {
  const BgpSpeaker *speaker = peer->speaker;
  const BgpCandidate *best = entry->selected[0];
  if (peer->held_back || best->source == (gconstpointer)peer)
    return FALSE;
  if (best->internal && is_internal(peer) && !speaker->config.reflects)
    return FALSE;
  if (!bgp_may_pass_on(speaker, entry, is_internal(peer)))
    return FALSE;
  return speaker->policy == NULL || speaker->policy->export == NULL ||
         speaker->policy->export(speaker->data, (BgpPeer *)peer, entry);
}

/* RFC 6996 reserves two ranges. */
static gboolean is_private_asn(guint32 asn) {
  return (asn >= 64512 && asn <= 65534) || (asn >= 4200000000 && asn <= 4294967294);
}

/* The AS path as the session's settings leave it, before the own AS number is added. */
static void edit_path(const BgpPeer *peer, BgpAttributes *attributes) {
  guint32 *path =
      arena_array(engine_arena(peer->speaker->engine), guint32, attributes->as_path_length + 1);
  guint length = 0;
  for (guint i = 0; i < attributes->as_path_length; i++) {
    guint32 asn = attributes->as_path[i];
    gboolean strip = peer->end.remove_private_as && is_private_asn(asn);
    for (guint j = 0; j < peer->end.strip_as_count; j++)
      strip |= peer->end.strip_as[j] == asn;
    if (strip)
      continue;
    if (peer->end.as_override && asn == peer->far->speaker->config.asn)
      asn = peer->speaker->config.asn;
    path[length++] = asn;
  }
  attributes->as_path = path;
  attributes->as_path_length = length;
}

/* `seen` becomes the entry with `route` as the chosen one. */
static const BgpEntry *see(BgpEntry *seen, const BgpEntry *entry,
                           const BgpCandidate *const *route) {
  *seen = *entry;
  seen->selected = (const BgpCandidate **)route; /* nobody writes there */
  seen->selected_count = 1;
  seen->external = NULL;
  return seen;
}

/* The entry as it is for this peer. Where it hears the best external route (BgpEnd.best_external),
 * that is what is chosen; where what is originated is not for it, the best learned route is. `seen`
 * is room for that. Gives the attributes before the route map and the rules of 5.1; NULL: nothing
 * is for this peer. */
static const BgpEntry *entry_for(const BgpPeer *peer, const BgpEntry *entry, BgpEntry *seen,
                                 const BgpAttributes **attributes) {
  const BgpSpeaker *speaker = peer->speaker;
  const BgpPolicy *policy = speaker->policy;
  *attributes = NULL;
  if (entry->selected_count == 0)
    return entry;
  const BgpEntry *whole = entry;
  if (entry->external != NULL && peer->end.best_external && is_internal(peer))
    entry = see(seen, whole, &whole->external);
  *attributes = entry->selected[0]->attributes;
  if (entry->selected[0]->source != NULL || policy == NULL || policy->originated == NULL)
    return entry;
  *attributes = policy->originated(speaker->data, (BgpPeer *)peer, entry);
  if (*attributes != NULL || entry->learned == NULL)
    return entry;
  *attributes = whole->learned->attributes;
  return see(seen, whole, &whole->learned);
}

/* What the best route looks like to `peer`: next hop self towards other ASes, MED
 * and local preference kept within the AS (RFC 4271 5.1.3 to 5.1.5). */
static const BgpAttributes *attributes_for(const BgpPeer *peer, const BgpEntry *entry,
                                           const BgpAttributes *mapped) {
  const BgpSpeaker *speaker = peer->speaker;
  const BgpCandidate *best = entry->selected[0];
  const gboolean internal = is_internal(peer);
  BgpAttributes edited = *mapped;
  if (peer->end.strip_as_count > 0 || peer->end.as_override || peer->end.remove_private_as)
    edit_path(peer, &edited);
  BgpAttributes *attributes =
      bgp_attributes_prepend(engine_arena(speaker->engine), &edited, speaker->config.asn,
                             internal ? 0 : 1 + peer->prepend);
  if (!internal) {
    attributes->has_local_pref = FALSE;
    attributes->local_pref = 0;
    if (best->source != NULL) {
      attributes->has_med = FALSE;
      attributes->med = 0;
      if (!peer->end.keeps_next_hop)
        attributes->next_hop = peer->end.address;
    }
  }
  if (attributes->next_hop.family == IP_NONE ||
      (best->source != NULL && (speaker->config.next_hop_self || peer->end.next_hop_self)))
    attributes->next_hop = peer->end.address;
  if (speaker->policy != NULL && speaker->policy->rewrite != NULL)
    return speaker->policy->rewrite(speaker->data, (BgpPeer *)peer, entry, attributes);
  return attributes;
}

static void queue_announcement(BgpPeer *peer, Prefix prefix, const BgpAttributes *attributes) {
  Arena *arena = engine_arena(peer->speaker->engine);
  BgpAnnouncement *announcement = arena_new0(arena, BgpAnnouncement);
  *announcement = (BgpAnnouncement){prefix, attributes};
  if (peer->pending.announced == NULL)
    peer->pending.announced = arena_ptr_array(arena);
  g_ptr_array_add(peer->pending.announced, announcement);
}

static void queue_withdrawal(BgpPeer *peer, Prefix prefix) {
  if (peer->pending.withdrawn == NULL)
    peer->pending.withdrawn =
        arena_growing_array(engine_arena(peer->speaker->engine), sizeof(Prefix));
  g_array_append_val(peer->pending.withdrawn, prefix);
}

/* `is` is what `peer` should have of a prefix (NULL: no route); only a change of it is sent. */
static void export_route(BgpPeer *peer, Prefix prefix, const BgpAttributes *is) {
  const BgpAttributes *was = trie_get(peer->sent, prefix);
  if (bgp_attributes_equal(was, is))
    return;
  if (is != NULL) {
    trie_set(peer->sent, prefix, (gpointer)is);
    queue_announcement(peer, prefix, is);
  } else {
    trie_remove(peer->sent, prefix);
    queue_withdrawal(peer, prefix);
  }
}

void bgp_peer_export(BgpPeer *peer, const BgpEntry *whole) {
  BgpEntry seen;
  const BgpAttributes *attributes;
  if (peer->state != BGP_ESTABLISHED)
    return;
  const BgpEntry *entry = entry_for(peer, whole, &seen, &attributes);
  if (attributes != NULL && !may_send(peer, entry))
    attributes = NULL;
  Prefix target = entry->prefix, affected[2];
  if (attributes != NULL && peer->end.outbound != NULL && entry->selected[0]->source != NULL &&
      !bgp_route_map_apply(peer->end.outbound, engine_arena(peer->speaker->engine), &target,
                           &attributes))
    attributes = NULL;
  if (attributes != NULL)
    attributes = attributes_for(peer, entry, attributes);
  if (peer->mapped_out == NULL) {
    export_route(peer, target, attributes);
    return;
  }
  const guint count = bgp_mapped_set(peer->mapped_out, entry->prefix, target, attributes, affected);
  for (guint i = 0; i < count; i++)
    export_route(peer, affected[i], bgp_mapped_get(peer->mapped_out, affected[i]));
}

static void export_visit(const BgpEntry *entry, gpointer data) { bgp_peer_export(data, entry); }

static void export_all(BgpPeer *peer) {
  bgp_foreach(peer->speaker, export_visit, peer);
  bgp_peer_send_pending(peer);
}

void bgp_speaker_send_all(BgpPeer *peer) {
  peer->sent = trie_new(engine_arena(peer->speaker->engine));
  if (peer->mapped_out != NULL)
    peer->mapped_out = bgp_mapped_new(engine_arena(peer->speaker->engine));
  export_all(peer);
}

void bgp_refresh_exports(BgpSpeaker *speaker) {
  for (guint i = 0; i < speaker->peers->len; i++)
    export_all(speaker->peers->pdata[i]);
}

void bgp_peer_hold_back(BgpPeer *peer, gboolean hold_back) {
  peer->held_back = hold_back;
  export_all(peer);
}

void bgp_peer_prepend(BgpPeer *peer, guint times) {
  peer->prepend = times;
  export_all(peer);
}
