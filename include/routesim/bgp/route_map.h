/* Route maps: ordered rules that change or drop routes on their way in or out of a
 * session.
 *
 * All conditions of a rule must hold; a rule without conditions matches every route. What
 * no rule matches passes as it is. A map is data: it owns nothing, and whoever makes it
 * keeps it alive as long as the sessions that it is bound to. */
#pragma once
#include "routesim/bgp/route.h"

typedef struct {
  const guint32 *words;
  guint count; /* 0: no condition, or nothing to do */
} BgpWords;

typedef struct {
  const Prefix *prefixes;
  guint count;
} BgpPrefixes;

typedef struct {
  /* Conditions. */
  BgpPrefixes prefix_equals;   /* the route's prefix is one of these ... */
  BgpPrefixes prefix_contains; /* ... or lies in one of these */
  BgpWords community_equals;   /* it has exactly these communities, in any order */
  BgpWords community_contains; /* it has one of these */
  BgpWords as_path_equals;     /* its AS path is this one */
  BgpWords as_path_contains;   /* its AS path has one of these */
  /* What is done, in this order. */
  gboolean drop;
  gboolean replaces_prefix; /* by `prefix`; several routes that become one are one route */
  gboolean summarizes;      /* ... and its AS path and communities are lost */
  Prefix prefix;
  gboolean replaces_as_path, replaces_communities; /* by what is given, even nothing */
  BgpWords as_path;            /* put in front, or instead */
  BgpWords communities;        /* added, or instead */
  BgpWords communities_removed;
  gboolean goes_on; /* to the next rule, with the route as it is now */
} BgpRouteMapRule;

typedef struct {
  const char *name;
  const BgpRouteMapRule *rules;
  guint count;
} BgpRouteMap;

/* FALSE: the route is dropped. Otherwise *prefix and *attributes are what becomes of it. */
gboolean bgp_route_map_apply(const BgpRouteMap *map, Arena *arena, Prefix *prefix,
                             const BgpAttributes **attributes);
