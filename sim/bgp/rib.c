/* The RIB itself: entries, who takes part, and what a change makes due. What a speaker decides is
 * in speaker.c, which routes of a peer count in peer_routes.c, what is sent in export.c. */
#include <string.h>

#include "bgp_private.h"

static int compare_peers(gconstpointer a, gconstpointer b) {
  return strcmp((*(BgpPeer *const *)a)->name, (*(BgpPeer *const *)b)->name);
}

void bgp_speaker_add_peer(BgpSpeaker *speaker, BgpPeer *peer) {
  g_ptr_array_add(speaker->peers, peer);
  g_ptr_array_sort(speaker->peers, compare_peers);
  speaker->tells_external |= peer->end.best_external;
}

gboolean bgp_is_same_route(const BgpCandidate *a, const BgpCandidate *b) {
  return a == b || (a != NULL && b != NULL && a->source == b->source &&
                    bgp_attributes_equal(a->attributes, b->attributes));
}

/* The route is among the candidates, and may be chosen. */
static gboolean stands(const BgpEntry *entry, const BgpCandidate *route) {
  for (guint i = 0; i < entry->candidates->len; i++) {
    const BgpCandidate *candidate = entry->candidates->pdata[i];
    if (candidate->source == route->source)
      return !candidate->excess && !candidate->unreachable && bgp_is_same_route(candidate, route);
  }
  return FALSE;
}

static gboolean all_stand(const BgpEntry *entry) {
  for (guint i = 0; i < entry->selected_count; i++)
    if (!stands(entry, entry->selected[i]))
      return FALSE;
  return TRUE;
}

void bgp_speaker_touch(BgpSpeaker *speaker, BgpEntry *entry) {
  const gboolean lost = !speaker->direct && !all_stand(entry);
  entry->dirty_cause = engine_cause(speaker->engine);
  if (lost && !entry->lost)
    entry->lost_cause = entry->dirty_cause;
  entry->lost = lost;
  if (entry->dirty)
    return;
  entry->dirty = TRUE;
  g_ptr_array_add(speaker->dirty, entry);
  if (speaker->direct || timer_is_armed(speaker->decide_timer))
    return;
  SimTime delay = SIM_TIME_ZERO;
  if (speaker->config.process != NULL)
    delay = distribution_draw(speaker->config.process, &speaker->process_stream);
  timer_arm_after(speaker->decide_timer, delay);
}

void bgp_peer_clear_mapped(BgpPeer *peer) {
  Arena *arena = engine_arena(peer->speaker->engine);
  peer->mapped_in = peer->end.inbound != NULL ? bgp_mapped_new(arena) : NULL;
  peer->mapped_out = peer->end.outbound != NULL ? bgp_mapped_new(arena) : NULL;
}

typedef struct {
  BgpEntryVisit visit;
  gpointer data;
} Visit;

static void visit_entry(Prefix prefix, gpointer value, gpointer data) {
  const Visit *visit = data;
  (void)prefix;
  visit->visit(value, visit->data);
}

void bgp_foreach(const BgpSpeaker *speaker, BgpEntryVisit visit, gpointer data) {
  Visit both = {visit, data};
  trie_foreach(speaker->rib, visit_entry, &both);
}
