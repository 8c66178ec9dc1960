/* Where news of a way ends; see withheld.h. */
#include "routesim/cloud/withheld.h"

typedef struct {
  IpAddress address;
  const BgpEntry *known; /* by who lacks a better way; NULL: nothing */
  GPtrArray *without;    /* BgpSpeaker *: who knows no better */
  GArray *found;
} Search;

/* A range around the address that is no way to it, such as a site's own, is no news to anybody. */
static gboolean is_news(const Search *search, const BgpEntry *entry) {
  return entry != NULL &&
         (search->known == NULL || entry->prefix.length > search->known->prefix.length);
}

/* Who would have told `peer` is asked: one that knows no better, and would pass it on, is asked in
 * its turn. What it has from the asker itself is no news. */
static void ask(const Search *search, BgpPeer *peer) {
  BgpPeer *far = bgp_peer_far(peer);
  BgpSpeaker *speaker = bgp_peer_speaker(far);
  if (bgp_peer_state(far) != BGP_ESTABLISHED)
    return;
  const BgpEntry *entry = bgp_match(speaker, search->address);
  if (!is_news(search, entry)) {
    if (bgp_peer_relays(far) && !g_ptr_array_find(search->without, speaker, NULL))
      g_ptr_array_add(search->without, speaker);
    return;
  }
  if (entry->selected[0]->source == (gconstpointer)far)
    return;
  const CloudWithheld withheld = {far, entry, bgp_peer_sent(far, entry->prefix)};
  g_array_append_val(search->found, withheld);
}

GArray *cloud_find_withheld(BgpSpeaker *speaker, IpAddress address) {
  GArray *found = g_array_new(FALSE, FALSE, sizeof(CloudWithheld));
  g_autoptr(GPtrArray) without = g_ptr_array_new();
  const Search search = {address, bgp_match(speaker, address), without, found};
  g_ptr_array_add(without, speaker);
  for (guint i = 0; i < without->len; i++) {
    const GPtrArray *peers = bgp_speaker_peers(without->pdata[i]);
    for (guint j = 0; j < peers->len; j++)
      ask(&search, peers->pdata[j]);
  }
  return found;
}

gboolean cloud_withheld_as_loop(const CloudWithheld *withheld) {
  const BgpSpeaker *far = bgp_peer_speaker(bgp_peer_far(withheld->peer));
  return withheld->sent != NULL && bgp_attributes_path_has(withheld->sent, bgp_speaker_asn(far));
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
