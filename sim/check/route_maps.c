/* Checks of route maps: what a rule may not do, and the names that bind them. */
#include <string.h>

#include "check_private.h"

static void check_as_numbers(DesignCheck *check, const DesignRouteMapRule *rule,
                             const GPtrArray *numbers, gboolean matched) {
  for (guint c = 0; c < cloud_count(); c++)
    for (guint i = 0; i < numbers->len && cloud_at(c)->route_maps != NULL; i++) {
      const gint64 asn = *(const gint64 *)numbers->pdata[i];
      const char *why = cloud_at(c)->route_maps->refuse_asn((guint32)asn, matched);
      if (why != NULL)
        tell_error(check, rule->head.mark,
                   "a route map cannot %s AS number %" G_GINT64_FORMAT " %s a path%s: %s",
                   matched ? "find" : "put", asn, matched ? "in" : "into",
                   cloud_cite(cloud_at(c), check->reader->arena, RULE_ROUTE_MAPS), why);
    }
}

static void check_taken_away(DesignCheck *check, const NameRef *name, guint32 community) {
  for (guint c = 0; c < cloud_count(); c++) {
    const RouteMapClass *class = cloud_at(c)->route_maps;
    const char *why = class != NULL ? class->keeps_community(community) : NULL;
    if (why != NULL)
      tell_error(check, name->mark, "a route map must not take %s", why);
  }
}

static void check_communities(DesignCheck *check, const GPtrArray *names, gboolean takes_away) {
  for (guint i = 0; i < names->len; i++) {
    const NameRef *name = names->pdata[i];
    guint32 community;
    if (!bgp_community_parse(name->text, &community))
      tell_error(check, name->mark,
                 "a community is no-advertise, no-export, no-export-subconfed, or two numbers "
                 "as in 65010:1");
    else if (takes_away)
      check_taken_away(check, name, community);
  }
}

/* The address space of networks cannot be changed. */
static void check_not_a_network(DesignCheck *check, const PrefixValue *prefix) {
  for (guint i = 0; i < check->design->networks->len; i++) {
    const DesignNetwork *network = check->design->networks->pdata[i];
    for (guint j = 0; j < network->prefixes->len; j++)
      if (prefix_covers(((PrefixValue *)network->prefixes->pdata[j])->value, prefix->value))
        tell_error(check, prefix->mark,
                   "the prefix is in the address space of network '%s', which a route map cannot "
                   "change%s",
                   network->head.name, check_cite(check, RULE_ROUTE_MAPS));
  }
}

static void check_rule(DesignCheck *check, const DesignRouteMapRule *rule) {
  const DesignRouteMapMatch *match = rule->match;
  const guint paths = (rule->as_path_add->len > 0) + (rule->as_path_replace->len > 0);
  const guint prefixes = rule->replace_prefix.given + rule->summarize.given;
  const gboolean changes = rule->community_add->len > 0 || rule->community_remove->len > 0;
  if (rule->drop && (paths + prefixes > 0 || changes || rule->community_replace->len > 0))
    tell_error(check, rule->head.mark, "a rule that drops the route does nothing else to it");
  if (prefixes > 1)
    tell_error(check, rule->head.mark, "a rule has either `replace_prefix` or `summarize`");
  if (paths > 1)
    tell_error(check, rule->head.mark, "a rule has either `as_path_add` or `as_path_replace`");
  if (changes && rule->community_replace->len > 0)
    tell_error(check, rule->head.mark,
               "a rule either replaces the communities, or adds and removes some");
  check_as_numbers(check, rule, rule->as_path_add, FALSE);
  check_as_numbers(check, rule, rule->as_path_replace, FALSE);
  check_as_numbers(check, rule, match->as_path_equals, TRUE);
  check_as_numbers(check, rule, match->as_path_contains, TRUE);
  check_communities(check, match->community_equals, FALSE);
  check_communities(check, match->community_contains, FALSE);
  check_communities(check, rule->community_add, FALSE);
  check_communities(check, rule->community_replace, FALSE);
  check_communities(check, rule->community_remove, TRUE);
  for (guint i = 0; i < match->prefix_equals->len && !rule->drop; i++)
    check_not_a_network(check, match->prefix_equals->pdata[i]);
  if (rule->replace_prefix.given)
    check_not_a_network(check, &rule->replace_prefix);
  if (rule->summarize.given)
    check_not_a_network(check, &rule->summarize);
}

/* The route maps that a peer block names under a cloud; names without text where there are none. */
static void names_of(const CloudClass *cloud, gconstpointer config, const NameRef *names[2]) {
  static const NameRef none = {NULL};
  names[0] = names[1] = &none;
  if (cloud->route_maps != NULL && config != NULL)
    cloud->route_maps->of_peer(config, names);
}

void check_route_maps_of_peer(DesignCheck *check, const CloudClass *cloud,
                              gconstpointer peer_config) {
  const NameRef *names[2];
  names_of(cloud, peer_config, names);
  for (guint i = 0; i < 2; i++)
    if (names[i]->text != NULL)
      tell_need(check, "route map", names[i], check->design->route_maps);
}

/* A route server's block may name gateways with route maps. */
static void check_gateway_maps(DesignCheck *check, const CloudClass *cloud,
                               const DesignRouteServer *server) {
  const Design *design = check->design;
  gconstpointer config = server->configs[cloud_place(cloud)];
  NameRef name;
  const NameRef *names[2];
  for (guint i = 0; cloud->route_maps != NULL && config != NULL &&
                    cloud->route_maps->of_gateway(config, i, &name, names);
       i++) {
    const DesignGateway *gateway = tell_need(check, "gateway", &name, design->gateways);
    if (gateway != NULL && g_strcmp0(gateway->network.text, server->network.text) != 0)
      tell_error(check, name.mark, "gateway '%s' is not in network '%s' of the route server",
                 name.text, server->network.text);
    for (guint k = 0; k < 2; k++)
      if (names[k]->text != NULL)
        tell_need(check, "route map", names[k], design->route_maps);
  }
}

static gboolean is_bound_to_gateway(const Design *design, const char *map) {
  for (guint i = 0; i < design->route_servers->len; i++)
    for (guint c = 0; c < cloud_count(); c++) {
      gconstpointer config = ((DesignRouteServer *)design->route_servers->pdata[i])->configs[c];
      NameRef name;
      const NameRef *names[2];
      for (guint j = 0; cloud_at(c)->route_maps != NULL && config != NULL &&
                        cloud_at(c)->route_maps->of_gateway(config, j, &name, names);
           j++)
        if (g_strcmp0(names[0]->text, map) == 0 || g_strcmp0(names[1]->text, map) == 0)
          return TRUE;
    }
  return FALSE;
}

static gboolean is_bound(const Design *design, const char *name) {
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    for (guint j = 0; j < nva->peers->len; j++)
      for (guint c = 0; c < cloud_count(); c++) {
        const NameRef *names[2];
        names_of(cloud_at(c), ((DesignPeer *)nva->peers->pdata[j])->configs[c], names);
        if (g_strcmp0(names[0]->text, name) == 0 || g_strcmp0(names[1]->text, name) == 0)
          return TRUE;
      }
  }
  return is_bound_to_gateway(design, name);
}

static gboolean has_route_maps(const CloudClass *cloud) { return cloud->route_maps != NULL; }

void check_route_maps(DesignCheck *check) {
  for (guint i = 0; i < check->design->route_servers->len; i++)
    for (guint c = 0; c < cloud_count(); c++)
      if (check->design->models[c])
        check_gateway_maps(check, cloud_at(c), check->design->route_servers->pdata[i]);
  for (guint i = 0; i < check->design->route_maps->len; i++) {
    const DesignRouteMap *map = check->design->route_maps->pdata[i];
    for (guint j = 0; j < map->rules->len; j++)
      check_rule(check, map->rules->pdata[j]);
    if (!is_bound(check->design, map->head.name))
      diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, map->head.mark,
                      "route map '%s' is bound to no session (`%s: {inbound: %s}`), so it does "
                      "nothing",
                      map->head.name, check_cloud_with(check, has_route_maps), map->head.name);
  }
}
