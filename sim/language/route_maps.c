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
                    "a route map cannot match the length of a prefix%s; name the prefixes in "
                    "`prefix_equals`",
                    clouds_cite(NULL, reader->arena, RULE_ROUTE_MAPS));
}

static const KeySpec match_specs[] = {
    {"prefix_equals", KEY_PREFIX, KEY_LIST, MATCH(prefix_equals), .fact = "AZ-9.20",
     .doc = "the route's prefix is one of these"},
    {"prefix_contains", KEY_PREFIX, KEY_LIST, MATCH(prefix_contains), .fact = "AZ-9.20",
     .doc = "one of these holds the route's prefix"},
    {"community_equals", KEY_NAME, KEY_LIST, MATCH(community_equals), .fact = "AZ-9.20",
     .doc = "the route has exactly these communities"},
    {"community_contains", KEY_NAME, KEY_LIST, MATCH(community_contains), .fact = "AZ-9.20",
     .doc = "the route has one of these communities"},
    {"as_path_equals", KEY_COUNT, KEY_LIST, MATCH(as_path_equals), .fact = "AZ-9.20",
     .doc = "the AS path is this one", .least = 1, .most = MOST_ASN},
    {"as_path_contains", KEY_COUNT, KEY_LIST, MATCH(as_path_contains), .fact = "AZ-9.20",
     .doc = "one of these AS numbers is in the AS path", .least = 1, .most = MOST_ASN},
    {"prefix_length", KEY_CUSTOM, KEY_ONE, MATCH(head), .fact = "AZ-9.21",
     .doc = "not supported: an error", .read = refuse_length},
};
static const KeyTable match_keys =
    KEY_TABLE("route_maps.*.rules.match", DesignRouteMapMatch, match_specs);

static const KeySpec rule_specs[] = {
    {"match", KEY_BLOCK, KEY_ONE, RULE(match), .flags = KEY_ALWAYS, .fact = "AZ-9.20",
     .doc = "conditions, which all must hold; without any the rule matches every route",
     .table = &match_keys},
    {"drop", KEY_BOOL, KEY_ONE, RULE(drop), .fallback = "off", .fact = "AZ-9.20",
     .doc = "drops the route"},
    {"replace_prefix", KEY_PREFIX, KEY_ONE, RULE(replace_prefix), .fact = "AZ-9.20",
     .doc = "the route's prefix becomes this one"},
    {"summarize", KEY_PREFIX, KEY_ONE, RULE(summarize), .fact = "AZ-9.20, AZ-9.21",
     .doc = "all routes that match become this one, and lose AS path and communities"},
    {"as_path_add", KEY_COUNT, KEY_LIST, RULE(as_path_add), .fact = "AZ-9.20",
     .doc = "AS numbers put in front of the AS path", .least = 1, .most = MOST_ASN},
    {"as_path_replace", KEY_COUNT, KEY_LIST, RULE(as_path_replace), .fact = "AZ-9.20",
     .doc = "AS numbers in place of the AS path", .least = 1, .most = MOST_ASN},
    {"community_add", KEY_NAME, KEY_LIST, RULE(community_add), .fact = "AZ-9.20",
     .doc = "communities added"},
    {"community_replace", KEY_NAME, KEY_LIST, RULE(community_replace), .fact = "AZ-9.20",
     .doc = "communities in place of those of the route"},
    {"community_remove", KEY_NAME, KEY_LIST, RULE(community_remove), .fact = "AZ-9.20",
     .doc = "communities taken away"},
    {"next", KEY_CHOICE, KEY_ONE, RULE(next), .fallback = "terminate", .fact = "AZ-9.20",
     .doc = "after a match: terminate, or continue with the next rule",
     .choices = design_rule_nexts},
};
static const KeyTable rule_keys = KEY_TABLE("route_maps.*.rules", DesignRouteMapRule, rule_specs);

static const KeySpec map_specs[] = {
    {"rules", KEY_BLOCK, KEY_LIST, G_STRUCT_OFFSET(DesignRouteMap, rules), .flags = KEY_REQUIRED,
     .fact = "AZ-9.20", .doc = "rules, in order; what none of them matches passes as it is",
     .table = &rule_keys},
};
const KeyTable scenario_route_map_keys = KEY_TABLE("route_maps.*", DesignRouteMap, map_specs);
