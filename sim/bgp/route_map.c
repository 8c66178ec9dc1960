/* Route maps; see the header. */
#include "routesim/bgp/route_map.h"

#include <string.h>

static gboolean has_word(BgpWords words, guint32 word) {
  for (guint i = 0; i < words.count; i++)
    if (words.words[i] == word)
      return TRUE;
  return FALSE;
}

static gboolean any_word(BgpWords wanted, BgpWords there) {
  for (guint i = 0; i < wanted.count; i++)
    if (has_word(there, wanted.words[i]))
      return TRUE;
  return FALSE;
}

static gboolean same_set(BgpWords a, BgpWords b) {
  for (guint i = 0; i < a.count; i++)
    if (!has_word(b, a.words[i]))
      return FALSE;
  for (guint i = 0; i < b.count; i++)
    if (!has_word(a, b.words[i]))
      return FALSE;
  return TRUE;
}

static gboolean any_prefix(BgpPrefixes wanted, Prefix prefix, gboolean exactly) {
  for (guint i = 0; i < wanted.count; i++)
    if (exactly ? prefix_equal(wanted.prefixes[i], prefix)
                : prefix_covers(wanted.prefixes[i], prefix))
      return TRUE;
  return FALSE;
}

static gboolean matches(const BgpRouteMapRule *rule, Prefix prefix,
                        const BgpAttributes *attributes) {
  const BgpWords communities = {attributes->communities, attributes->community_count};
  const BgpWords path = {attributes->as_path, attributes->as_path_length};
  if (rule->prefix_equals.count > 0 && !any_prefix(rule->prefix_equals, prefix, TRUE))
    return FALSE;
  if (rule->prefix_contains.count > 0 && !any_prefix(rule->prefix_contains, prefix, FALSE))
    return FALSE;
  if (rule->community_equals.count > 0 && !same_set(rule->community_equals, communities))
    return FALSE;
  if (rule->community_contains.count > 0 && !any_word(rule->community_contains, communities))
    return FALSE;
  if (rule->as_path_equals.count > 0 &&
      (rule->as_path_equals.count != path.count ||
       memcmp(rule->as_path_equals.words, path.words, path.count * sizeof *path.words) != 0))
    return FALSE;
  return rule->as_path_contains.count == 0 || any_word(rule->as_path_contains, path);
}

static void set_as_path(const BgpRouteMapRule *rule, Arena *arena, BgpAttributes *attributes) {
  const guint kept = rule->replaces_as_path ? 0 : attributes->as_path_length;
  guint32 *path = arena_array(arena, guint32, rule->as_path.count + kept + 1);
  if (rule->as_path.count > 0)
    memcpy(path, rule->as_path.words, rule->as_path.count * sizeof *path);
  if (kept > 0)
    memcpy(path + rule->as_path.count, attributes->as_path, kept * sizeof *path);
  attributes->as_path = path;
  attributes->as_path_length = rule->as_path.count + kept;
}

static void set_communities(const BgpRouteMapRule *rule, Arena *arena, BgpAttributes *attributes) {
  const guint most = attributes->community_count + rule->communities.count;
  guint32 *communities = arena_array(arena, guint32, most + 1);
  BgpWords now = {communities, 0};
  for (guint i = 0; i < attributes->community_count && !rule->replaces_communities; i++)
    if (!has_word(rule->communities_removed, attributes->communities[i]))
      communities[now.count++] = attributes->communities[i];
  for (guint i = 0; i < rule->communities.count; i++)
    if (!has_word(now, rule->communities.words[i]))
      communities[now.count++] = rule->communities.words[i];
  attributes->communities = communities;
  attributes->community_count = now.count;
}

static const BgpAttributes *changed(const BgpRouteMapRule *rule, Arena *arena,
                                    const BgpAttributes *attributes) {
  BgpAttributes *copy = arena_new0(arena, BgpAttributes);
  *copy = *attributes;
  if (rule->summarizes) {
    copy->as_path_length = 0;
    copy->community_count = 0;
  }
  if (rule->replaces_as_path || rule->as_path.count > 0)
    set_as_path(rule, arena, copy);
  if (rule->replaces_communities || rule->communities.count + rule->communities_removed.count > 0)
    set_communities(rule, arena, copy);
  return copy;
}

gboolean bgp_route_map_apply(const BgpRouteMap *map, Arena *arena, Prefix *prefix,
                             const BgpAttributes **attributes) {
  for (guint i = 0; i < map->count; i++) {
    const BgpRouteMapRule *rule = &map->rules[i];
    if (!matches(rule, *prefix, *attributes))
      continue;
    if (rule->drop)
      return FALSE;
    *attributes = changed(rule, arena, *attributes);
    if (rule->replaces_prefix)
      *prefix = rule->prefix;
    if (!rule->goes_on)
      break;
  }
  return TRUE;
}
