/* Route maps: their key tables, their checks, and how sessions get them. */
#include <string.h>

#include "scenario_private.h"

#define MATCH(field) G_STRUCT_OFFSET(ScenarioRouteMapMatch, field)
#define RULE(field) G_STRUCT_OFFSET(ScenarioRouteMapRule, field)
#define MOST_ASN 4294967295

static void refuse_length(KeyReader *reader, const Node *node, gpointer field) {
  (void)field;
  if (node != NULL)
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                    "a route map cannot match the length of a prefix (AZ-9.21); name the prefixes "
                    "in `prefix_equals`");
}

static const KeySpec match_specs[] = {
    {"prefix_equals", KEY_PREFIX, KEY_LIST, MATCH(prefix_equals), 0, NULL, BASIS_NONE, "AZ-9.20",
     "the route's prefix is one of these", 0},
    {"prefix_contains", KEY_PREFIX, KEY_LIST, MATCH(prefix_contains), 0, NULL, BASIS_NONE,
     "AZ-9.20", "one of these holds the route's prefix", 0},
    {"community_equals", KEY_NAME, KEY_LIST, MATCH(community_equals), 0, NULL, BASIS_NONE,
     "AZ-9.20", "the route has exactly these communities", 0},
    {"community_contains", KEY_NAME, KEY_LIST, MATCH(community_contains), 0, NULL, BASIS_NONE,
     "AZ-9.20", "the route has one of these communities", 0},
    {"as_path_equals", KEY_COUNT, KEY_LIST, MATCH(as_path_equals), 0, NULL, BASIS_NONE, "AZ-9.20",
     "the AS path is this one", .least = 1, .most = MOST_ASN},
    {"as_path_contains", KEY_COUNT, KEY_LIST, MATCH(as_path_contains), 0, NULL, BASIS_NONE,
     "AZ-9.20", "one of these AS numbers is in the AS path", .least = 1, .most = MOST_ASN},
    {"prefix_length", KEY_CUSTOM, KEY_ONE, MATCH(head), 0, NULL, BASIS_NONE, "AZ-9.21",
     "not supported: an error", .read = refuse_length},
};
static const KeyTable match_keys =
    KEY_TABLE("route_maps.*.rules.match", ScenarioRouteMapMatch, match_specs);

static const char *const next_steps[] = {"terminate", "continue", NULL};
static const KeySpec rule_specs[] = {
    {"match", KEY_BLOCK, KEY_ONE, RULE(match), KEY_ALWAYS, NULL, BASIS_NONE, "AZ-9.20",
     "conditions, which all must hold; without any the rule matches every route",
     .table = &match_keys},
    {"drop", KEY_BOOL, KEY_ONE, RULE(drop), 0, "off", BASIS_NONE, "AZ-9.20", "drops the route", 0},
    {"replace_prefix", KEY_PREFIX, KEY_ONE, RULE(replace_prefix), 0, NULL, BASIS_NONE, "AZ-9.20",
     "the route's prefix becomes this one", 0},
    {"summarize", KEY_PREFIX, KEY_ONE, RULE(summarize), 0, NULL, BASIS_NONE, "AZ-9.20, AZ-9.21",
     "all routes that match become this one, and lose AS path and communities", 0},
    {"as_path_add", KEY_COUNT, KEY_LIST, RULE(as_path_add), 0, NULL, BASIS_NONE, "AZ-9.20",
     "AS numbers put in front of the AS path", .least = 1, .most = MOST_ASN},
    {"as_path_replace", KEY_COUNT, KEY_LIST, RULE(as_path_replace), 0, NULL, BASIS_NONE, "AZ-9.20",
     "AS numbers in place of the AS path", .least = 1, .most = MOST_ASN},
    {"community_add", KEY_NAME, KEY_LIST, RULE(community_add), 0, NULL, BASIS_NONE, "AZ-9.20",
     "communities added", 0},
    {"community_replace", KEY_NAME, KEY_LIST, RULE(community_replace), 0, NULL, BASIS_NONE,
     "AZ-9.20", "communities in place of those of the route", 0},
    {"community_remove", KEY_NAME, KEY_LIST, RULE(community_remove), 0, NULL, BASIS_NONE,
     "AZ-9.20", "communities taken away", 0},
    {"next", KEY_CHOICE, KEY_ONE, RULE(next), 0, "terminate", BASIS_NONE, "AZ-9.20",
     "after a match: terminate, or continue with the next rule", .choices = next_steps},
};
static const KeyTable rule_keys =
    KEY_TABLE("route_maps.*.rules", ScenarioRouteMapRule, rule_specs);

static const KeySpec map_specs[] = {
    {"rules", KEY_BLOCK, KEY_LIST, G_STRUCT_OFFSET(ScenarioRouteMap, rules), KEY_REQUIRED, NULL,
     BASIS_NONE, "AZ-9.20", "rules, in order; what none of them matches passes as it is",
     .table = &rule_keys},
};
const KeyTable scenario_route_map_keys = KEY_TABLE("route_maps.*", ScenarioRouteMap, map_specs);

/* ---- as sessions use it -------------------------------------------------------------------- */

static BgpWords words_of_numbers(Arena *arena, const GPtrArray *numbers) {
  guint32 *words = arena_array(arena, guint32, numbers->len + 1);
  for (guint i = 0; i < numbers->len; i++)
    words[i] = (guint32) * (const gint64 *)numbers->pdata[i];
  return (BgpWords){words, numbers->len};
}

static BgpWords words_of_communities(Arena *arena, const GPtrArray *names) {
  guint32 *words = arena_array(arena, guint32, names->len + 1);
  for (guint i = 0; i < names->len; i++)
    scenario_parse_community(((NameRef *)names->pdata[i])->text, &words[i]);
  return (BgpWords){words, names->len};
}

static BgpPrefixes prefixes_of(Arena *arena, const GPtrArray *values) {
  Prefix *prefixes = arena_array(arena, Prefix, values->len + 1);
  for (guint i = 0; i < values->len; i++)
    prefixes[i] = ((PrefixValue *)values->pdata[i])->value;
  return (BgpPrefixes){prefixes, values->len};
}

static BgpRouteMapRule rule_of(Arena *arena, const ScenarioRouteMapRule *from) {
  const ScenarioRouteMapMatch *match = from->match;
  const gboolean path = from->as_path_replace->len > 0, all = from->community_replace->len > 0;
  return (BgpRouteMapRule){
      .prefix_equals = prefixes_of(arena, match->prefix_equals),
      .prefix_contains = prefixes_of(arena, match->prefix_contains),
      .community_equals = words_of_communities(arena, match->community_equals),
      .community_contains = words_of_communities(arena, match->community_contains),
      .as_path_equals = words_of_numbers(arena, match->as_path_equals),
      .as_path_contains = words_of_numbers(arena, match->as_path_contains),
      .drop = from->drop,
      .replaces_prefix = from->replace_prefix.given || from->summarize.given,
      .summarizes = from->summarize.given,
      .prefix = from->summarize.given ? from->summarize.value : from->replace_prefix.value,
      .replaces_as_path = path,
      .as_path = words_of_numbers(arena, path ? from->as_path_replace : from->as_path_add),
      .replaces_communities = all,
      .communities =
          words_of_communities(arena, all ? from->community_replace : from->community_add),
      .communities_removed = words_of_communities(arena, from->community_remove),
      .goes_on = from->next == 1};
}

const BgpRouteMap *world_route_map(const World *world, const NameRef *name) {
  if (name->text == NULL)
    return NULL;
  const ScenarioRouteMap *from = scenario_find(world->body->route_maps, name->text);
  BgpRouteMap *map = arena_new0(world->arena, BgpRouteMap);
  BgpRouteMapRule *rules = arena_array(world->arena, BgpRouteMapRule, from->rules->len + 1);
  for (guint i = 0; i < from->rules->len; i++)
    rules[i] = rule_of(world->arena, from->rules->pdata[i]);
  *map = (BgpRouteMap){from->head.name, rules, from->rules->len};
  return map;
}
