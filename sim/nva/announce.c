/* What an appliance announces, and to whom. The RIB holds each prefix once, bare; what a peer
 * is told of it is worked out for that peer (BgpPolicy.originated). */
#include <string.h>

#include "nva_private.h"

static NvaList *list_of(const Nva *nva, gconstpointer scope) {
  for (guint i = 0; i < nva->lists->len; i++) {
    NvaList *list = nva->lists->pdata[i];
    if (list->scope == scope)
      return list;
  }
  return NULL;
}

static gboolean is_announced(const Nva *nva, const NvaAnnouncement *announcement) {
  return !announcement->healthy_only || nva->healthy;
}

static const NvaAnnouncement *find(const Nva *nva, const NvaList *list, Prefix prefix) {
  return list == NULL ? NULL : trie_get(nva->healthy ? list->all : list->steady, prefix);
}

static void index_list(NvaList *list, Arena *arena) {
  list->all = trie_new(arena);
  list->steady = trie_new(arena);
  for (guint i = list->count; i-- > 0;) { /* so that the first of a prefix stays */
    NvaAnnouncement *announcement = &list->announcements[i];
    trie_set(list->all, announcement->prefix, announcement);
    if (!announcement->healthy_only)
      trie_set(list->steady, announcement->prefix, announcement);
  }
}

/* The list of the peer's own scope, or the one for everybody. */
const BgpAttributes *nva_originated(const Nva *nva, const BgpEntry *entry, gconstpointer scope) {
  const NvaList *own = scope != NULL ? list_of(nva, scope) : NULL;
  const NvaAnnouncement *announcement =
      find(nva, own != NULL ? own : list_of(nva, NULL), entry->prefix);
  if (announcement == NULL)
    return NULL;
  const BgpAttributes bare = {.next_hop = announcement->next_hop,
                              .has_med = announcement->has_med,
                              .med = announcement->med,
                              .communities = announcement->communities,
                              .community_count = announcement->community_count};
  return bgp_attributes_prepend(engine_arena(nva->engine), &bare, (guint32)nva->config.design->asn,
                                announcement->prepend);
}

gboolean nva_announces(const Nva *nva, IpAddress address, Prefix *out) {
  const NvaList *list = list_of(nva, NULL);
  return list != NULL && trie_match(nva->healthy ? list->all : list->steady, address, out) != NULL;
}

static int compare_prefixes(gconstpointer a, gconstpointer b) {
  return prefix_compare(*(const Prefix *)a, *(const Prefix *)b);
}

/* Each prefix is there once, sorted. */
static void collect_announced(const Nva *nva, GArray *prefixes) {
  guint kept = 0;
  for (guint i = 0; i < nva->lists->len; i++) {
    const NvaList *list = nva->lists->pdata[i];
    for (guint j = 0; j < list->count; j++)
      if (is_announced(nva, &list->announcements[j]))
        g_array_append_val(prefixes, list->announcements[j].prefix);
  }
  g_array_sort(prefixes, compare_prefixes);
  for (guint i = 0; i < prefixes->len; i++) {
    const Prefix prefix = g_array_index(prefixes, Prefix, i);
    if (kept == 0 || !prefix_equal(prefix, g_array_index(prefixes, Prefix, kept - 1)))
      g_array_index(prefixes, Prefix, kept++) = prefix;
  }
  g_array_set_size(prefixes, kept);
}

void nva_refresh_announcements(Nva *nva) {
  static const BgpAttributes bare = {.origin = BGP_ORIGIN_IGP};
  g_autoptr(GArray) before = g_array_new(FALSE, FALSE, sizeof(Prefix));
  g_array_append_vals(before, nva->originated->data, nva->originated->len);
  g_array_set_size(nva->originated, 0);
  collect_announced(nva, nva->originated);
  for (guint i = 0; i < before->len; i++)
    if (!g_array_binary_search(nva->originated, &g_array_index(before, Prefix, i), compare_prefixes,
                               NULL))
      bgp_originate(nva->speaker, g_array_index(before, Prefix, i), NULL);
  for (guint i = 0; i < nva->originated->len; i++) {
    const Prefix prefix = g_array_index(nva->originated, Prefix, i);
    bgp_originate(nva->speaker, prefix, &bare);
    bgp_reoriginate(nva->speaker, prefix);
  }
}

/* What it serves does not depend on health: the address is there, whether or not told. */
static void serve(Nva *nva, const NvaList *list, gboolean on) {
  for (guint i = 0; list != NULL && i < list->count; i++)
    element_serve(nva->element, list->announcements[i].prefix, on);
}

void nva_announce(Nva *nva, gconstpointer scope, const NvaAnnouncement *announcements,
                  guint count) {
  Arena *arena = engine_arena(nva->engine);
  NvaList *list = list_of(nva, scope);
  serve(nva, list, FALSE);
  if (list == NULL) {
    list = arena_new0(arena, NvaList);
    list->scope = scope;
    g_ptr_array_add(nva->lists, list);
  }
  list->announcements = arena_array(arena, NvaAnnouncement, count + 1);
  if (count > 0)
    memcpy(list->announcements, announcements, count * sizeof *announcements);
  list->count = count;
  index_list(list, arena);
  for (guint i = 0; i < nva->lists->len; i++)
    serve(nva, nva->lists->pdata[i], TRUE);
  nva_refresh_announcements(nva);
}
