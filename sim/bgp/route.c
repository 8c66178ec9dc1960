/* Path attributes. */
#include "routesim/bgp/route.h"

#include <string.h>

static gboolean same_words(const guint32 *a, guint a_count, const guint32 *b, guint b_count) {
  return a_count == b_count && (a_count == 0 || memcmp(a, b, a_count * sizeof *a) == 0);
}

gboolean bgp_attributes_equal(const BgpAttributes *a, const BgpAttributes *b) {
  if (a == b)
    return TRUE;
  if (a == NULL || b == NULL)
    return FALSE;
  return a->origin == b->origin && a->has_med == b->has_med && a->med == b->med &&
         a->has_local_pref == b->has_local_pref && a->local_pref == b->local_pref &&
         ip_address_equal(a->next_hop, b->next_hop) &&
         same_words(a->as_path, a->as_path_length, b->as_path, b->as_path_length) &&
         same_words(a->communities, a->community_count, b->communities, b->community_count);
}

static const struct {
  const char *name;
  guint32 community;
} well_known[] = {
    {"no-export", BGP_NO_EXPORT},
    {"no-advertise", BGP_NO_ADVERTISE},
    {"no-export-subconfed", BGP_NO_EXPORT_SUBCONFED},
};

const char *bgp_community_name(guint32 community) {
  for (guint i = 0; i < G_N_ELEMENTS(well_known); i++)
    if (well_known[i].community == community)
      return well_known[i].name;
  return NULL;
}

gboolean bgp_community_find(const char *name, guint32 *out) {
  for (guint i = 0; i < G_N_ELEMENTS(well_known); i++)
    if (strcmp(well_known[i].name, name) == 0) {
      *out = well_known[i].community;
      return TRUE;
    }
  return FALSE;
}

gboolean bgp_community_parse(const char *text, guint32 *out) {
  guint64 high, low;
  if (bgp_community_find(text, out))
    return TRUE;
  g_auto(GStrv) parts = g_strsplit(text, ":", -1);
  if (g_strv_length(parts) != 2 ||
      !g_ascii_string_to_unsigned(parts[0], 10, 0, 65535, &high, NULL) ||
      !g_ascii_string_to_unsigned(parts[1], 10, 0, 65535, &low, NULL))
    return FALSE;
  *out = (guint32)(high << 16 | low);
  return TRUE;
}

static gboolean contains(const guint32 *words, guint count, guint32 word) {
  for (guint i = 0; i < count; i++)
    if (words[i] == word)
      return TRUE;
  return FALSE;
}

gboolean bgp_attributes_has_community(const BgpAttributes *attributes, guint32 community) {
  return contains(attributes->communities, attributes->community_count, community);
}

gboolean bgp_attributes_path_has(const BgpAttributes *attributes, guint32 asn) {
  return contains(attributes->as_path, attributes->as_path_length, asn);
}

BgpAttributes *bgp_attributes_prepend(Arena *arena, const BgpAttributes *attributes, guint32 asn,
                                      guint times) {
  BgpAttributes *copy = arena_new0(arena, BgpAttributes);
  *copy = *attributes;
  copy->as_path_length = attributes->as_path_length + times;
  guint32 *path = arena_array(arena, guint32, copy->as_path_length);
  for (guint i = 0; i < times; i++)
    path[i] = asn;
  if (attributes->as_path_length > 0)
    memcpy(path + times, attributes->as_path, attributes->as_path_length * sizeof *path);
  copy->as_path = path;
  return copy;
}
