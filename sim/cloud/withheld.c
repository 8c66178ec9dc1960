/* Where news of a way ends; see withheld.h. */
#include "routesim/cloud/withheld.h"

/* Asks who would have told `peer`: one that knows no way either is asked in its turn. What it has
 * from the asker itself is no news. */
static void ask(BgpPeer *peer, IpAddress address, GPtrArray *without, GArray *found) {
  BgpPeer *far = bgp_peer_far(peer);
  BgpSpeaker *speaker = bgp_peer_speaker(far);
  if (bgp_peer_state(far) != BGP_ESTABLISHED)
    return;
  const BgpEntry *entry = bgp_match(speaker, address);
  if (entry == NULL && !g_ptr_array_find(without, speaker, NULL))
    g_ptr_array_add(without, speaker);
  if (entry == NULL || entry->selected[0]->source == (gconstpointer)far)
    return;
  const CloudWithheld withheld = {far, entry, bgp_peer_sent(far, entry->prefix)};
  g_array_append_val(found, withheld);
}

GArray *cloud_find_withheld(BgpSpeaker *speaker, IpAddress address) {
  GArray *found = g_array_new(FALSE, FALSE, sizeof(CloudWithheld));
  g_autoptr(GPtrArray) without = g_ptr_array_new();
  if (bgp_match(speaker, address) == NULL)
    g_ptr_array_add(without, speaker);
  for (guint i = 0; i < without->len; i++) {
    const GPtrArray *peers = bgp_speaker_peers(without->pdata[i]);
    for (guint j = 0; j < peers->len; j++)
      ask(peers->pdata[j], address, without, found);
  }
  return found;
}

gboolean cloud_withheld_as_loop(const CloudWithheld *withheld) {
  const BgpSpeaker *far = bgp_peer_speaker(bgp_peer_far(withheld->peer));
  return withheld->sent != NULL &&
         bgp_attributes_path_has(withheld->sent, bgp_speaker_asn(far));
}

static gboolean knows(const BgpSpeaker *speaker, IpAddress address) {
  return bgp_match(speaker, address) != NULL;
}

static const char *limit_of(const BgpPeer *peer) {
  const char *fact = bgp_peer_broken_limit(peer);
  return fact != NULL ? fact : bgp_peer_broken_limit(bgp_peer_far(peer));
}

const char *cloud_find_broken_limit(BgpSpeaker *speaker, IpAddress address) {
  const gboolean known = knows(speaker, address);
  g_autoptr(GPtrArray) alike = g_ptr_array_new();
  g_ptr_array_add(alike, speaker);
  for (guint i = 0; i < alike->len; i++) {
    const GPtrArray *peers = bgp_speaker_peers(alike->pdata[i]);
    for (guint j = 0; j < peers->len; j++) {
      BgpPeer *peer = peers->pdata[j];
      BgpSpeaker *far = bgp_peer_speaker(bgp_peer_far(peer));
      if (knows(far, address) == known) {
        if (bgp_peer_state(peer) == BGP_ESTABLISHED && !g_ptr_array_find(alike, far, NULL))
          g_ptr_array_add(alike, far);
      } else if (limit_of(peer) != NULL) {
        return limit_of(peer);
      }
    }
  }
  return NULL;
}
