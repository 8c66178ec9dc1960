/* Key tables of route maps. */
#include <string.h>

#include "language_private.h"

#define MATCH(field) G_STRUCT_OFFSET(DesignRouteMapMatch, field)
#define RULE(field) G_STRUCT_OFFSET(DesignRouteMapRule, field)
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
    KEY_TABLE("route_maps.*.rules.match", DesignRouteMapMatch, match_specs);

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
    {"community_remove", KEY_NAME, KEY_LIST, RULE(community_remove), 0, NULL, BASIS_NONE, "AZ-9.20",
     "communities taken away", 0},
    {"next", KEY_CHOICE, KEY_ONE, RULE(next), 0, "terminate", BASIS_NONE, "AZ-9.20",
     "after a match: terminate, or continue with the next rule", .choices = design_rule_nexts},
};
static const KeyTable rule_keys = KEY_TABLE("route_maps.*.rules", DesignRouteMapRule, rule_specs);

static const KeySpec map_specs[] = {
    {"rules", KEY_BLOCK, KEY_LIST, G_STRUCT_OFFSET(DesignRouteMap, rules), KEY_REQUIRED, NULL,
     BASIS_NONE, "AZ-9.20", "rules, in order; what none of them matches passes as it is",
     .table = &rule_keys},
};
const KeyTable scenario_route_map_keys = KEY_TABLE("route_maps.*", DesignRouteMap, map_specs);
