/* Route maps, as sessions and gateways have them. */
#include <string.h>

#include "world_private.h"

static BgpWords words_of_numbers(Arena *arena, const GPtrArray *numbers) {
  guint32 *words = arena_array(arena, guint32, numbers->len + 1);
  for (guint i = 0; i < numbers->len; i++)
    words[i] = (guint32) * (const gint64 *)numbers->pdata[i];
  return (BgpWords){words, numbers->len};
}

static BgpWords words_of_communities(Arena *arena, const GPtrArray *names) {
  guint32 *words = arena_array(arena, guint32, names->len + 1);
  for (guint i = 0; i < names->len; i++)
    bgp_community_parse(((NameRef *)names->pdata[i])->text, &words[i]);
  return (BgpWords){words, names->len};
}

static BgpPrefixes prefixes_of(Arena *arena, const GPtrArray *values) {
  Prefix *prefixes = arena_array(arena, Prefix, values->len + 1);
  for (guint i = 0; i < values->len; i++)
    prefixes[i] = ((PrefixValue *)values->pdata[i])->value;
  return (BgpPrefixes){prefixes, values->len};
}

static BgpRouteMapRule rule_of(Arena *arena, const DesignRouteMapRule *from) {
  const DesignRouteMapMatch *match = from->match;
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
      .goes_on = from->next == DESIGN_RULE_CONTINUES};
}

const BgpRouteMap *world_route_map(const World *world, const NameRef *name) {
  if (name->text == NULL)
    return NULL;
  const DesignRouteMap *from = design_find(world->design->route_maps, name->text);
  BgpRouteMap *map = arena_new0(world->arena, BgpRouteMap);
  BgpRouteMapRule *rules = arena_array(world->arena, BgpRouteMapRule, from->rules->len + 1);
  for (guint i = 0; i < from->rules->len; i++)
    rules[i] = rule_of(world->arena, from->rules->pdata[i]);
  *map = (BgpRouteMap){from->head.name, rules, from->rules->len};
  return map;
}

void world_bind_gateway_maps(const World *world, const RouteServer *server, const char *gateway,
                             BgpEnd *end) {
  gconstpointer config = route_server_config(server)->config;
  NameRef name;
  const NameRef *names[2];
  for (guint i = 0; world->cloud->route_maps != NULL &&
                    world->cloud->route_maps->of_gateway(config, i, &name, names);
       i++)
    if (strcmp(name.text, gateway) == 0) {
      end->inbound = world_route_map(world, names[0]);
      end->outbound = world_route_map(world, names[1]);
    }
}
