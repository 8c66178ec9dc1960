/* Which routes of one peer take part in decisions: next hops that can be reached, a limit of routes
 * in use, and the settling of a session that is back. */
#include "bgp_private.h"

static gboolean is_own_address(const BgpSpeaker *speaker, IpAddress address) {
  for (guint i = 0; i < speaker->peers->len; i++)
    if (ip_address_equal(((const BgpPeer *)speaker->peers->pdata[i])->end.address, address))
      return TRUE;
  return FALSE;
}

/* A route counts only where its next hop is within reach; who has no policy asks for none.
 * Facts: D-18. */
gboolean bgp_speaker_reaches(const BgpSpeaker *speaker, const BgpPeer *source, IpAddress next_hop) {
  const BgpPolicy *policy = speaker->policy;
  if (source == NULL || policy == NULL || policy->reaches == NULL || next_hop.family == IP_NONE)
    return TRUE;
  if (is_own_address(speaker, next_hop))
    return FALSE;
  return ip_address_equal(source->far->end.address, next_hop) ||
         policy->reaches(speaker->data, source, next_hop);
}

void bgp_recheck_next_hops(BgpSpeaker *speaker) {
  for (guint i = 0; i < speaker->entries->len; i++) {
    BgpEntry *entry = speaker->entries->pdata[i];
    for (guint j = 0; j < entry->candidates->len; j++) {
      BgpCandidate *candidate = entry->candidates->pdata[j];
      const gboolean was = candidate->unreachable;
      candidate->unreachable =
          !bgp_speaker_reaches(speaker, candidate->source, candidate->attributes->next_hop);
      if (candidate->unreachable != was)
        bgp_speaker_touch(speaker, entry);
    }
  }
}

void bgp_peer_count_route(BgpPeer *source, BgpCandidate *candidate) {
  const guint limit = source->speaker->config.peer_routes;
  candidate->excess = limit > 0 && source->held >= limit;
  source->held++;
  source->excess += candidate->excess;
}

/* The excess route of `peer` that came first, and its entry. */
static BgpCandidate *first_excess(const BgpSpeaker *speaker, const BgpPeer *peer,
                                  BgpEntry **entry) {
  BgpCandidate *first = NULL;
  for (guint i = 0; i < speaker->entries->len; i++) {
    BgpEntry *each = speaker->entries->pdata[i];
    for (guint j = 0; j < each->candidates->len; j++) {
      BgpCandidate *candidate = each->candidates->pdata[j];
      if (candidate->source != (gconstpointer)peer || !candidate->excess ||
          (first != NULL && first->age <= candidate->age))
        continue;
      first = candidate;
      *entry = each;
    }
  }
  return first;
}

void bgp_peer_fill_up(BgpPeer *peer) {
  while (peer != NULL && peer->excess > 0 &&
         peer->held - peer->excess < peer->speaker->config.peer_routes) {
    BgpEntry *entry = NULL;
    first_excess(peer->speaker, peer, &entry)->excess = FALSE;
    peer->excess--;
    bgp_speaker_touch(peer->speaker, entry);
  }
}

void bgp_peer_settle(BgpPeer *peer, gboolean settling) {
  BgpSpeaker *speaker = peer->speaker;
  peer->settling = settling;
  for (guint i = 0; !settling && i < speaker->entries->len; i++) {
    BgpEntry *entry = speaker->entries->pdata[i];
    for (guint j = 0; j < entry->candidates->len; j++) {
      BgpCandidate *candidate = entry->candidates->pdata[j];
      if (candidate->source != (gconstpointer)peer || !candidate->unsettled)
        continue;
      candidate->unsettled = FALSE;
      bgp_speaker_touch(speaker, entry);
    }
  }
}

/* TRUE where the candidate is one of them itself (*itself), or leads by the same next hop as one.
 */
static gboolean is_used(const BgpCandidate *candidate, const BgpCandidate *const *chosen,
                        guint count, gboolean *itself) {
  gboolean used = FALSE;
  *itself = FALSE;
  for (guint i = 0; i < count; i++) {
    used |= ip_address_equal(chosen[i]->attributes->next_hop, candidate->attributes->next_hop);
    *itself |= chosen[i] == candidate;
  }
  return used;
}

gboolean bgp_entry_settle(const BgpEntry *entry, const BgpCandidate *const *chosen, guint count) {
  gboolean others = FALSE;
  for (guint i = 0; i < entry->candidates->len; i++) {
    BgpCandidate *candidate = entry->candidates->pdata[i];
    gboolean itself;
    if (!candidate->unsettled || candidate->excess || candidate->unreachable ||
        !is_used(candidate, chosen, count, &itself))
      continue;
    candidate->unsettled = FALSE;
    others |= !itself;
  }
  return others;
}
