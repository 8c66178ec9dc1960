/* Which routes of one peer take part in decisions: a limit of routes in use, and the settling of
 * a session that is back. */
#include "bgp_private.h"

void bgp_peer_count_route(BgpPeer *source, BgpCandidate *candidate) {
  const guint limit = source->speaker->config.peer_routes;
  candidate->excess = limit > 0 && source->held - source->excess >= limit;
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
