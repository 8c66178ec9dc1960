/* What stands in route tables. */
#pragma once
#include "fabric_private.h"

typedef struct PlaceClaim PlaceClaim; /* route_places.c */

typedef struct {
  const RouteOrigin *origin;
  NextHop *hops;
  guint hop_count;
  const guint8 *buckets; /* index in `hops` that serves each; NULL: the table hashes modulo */
} TableRoute;

/* All routes to one prefix; stays when the last one goes, to remember who took it. */
typedef struct {
  Prefix prefix;
  GArray *routes; /* TableRoute, by rank */
  RecordId changed_by;
  PlaceClaim *claims; /* or NULL */
} TableSlot;

struct RouteTable {
  Fabric *fabric;
  FabricPart part;
  const char *name;
  Trie *slots;
  guint buckets;         /* 0: flows are shared out modulo the number of next hops */
  guint quota;           /* places for dynamic routes; 0: any number */
  GPtrArray *claims;     /* PlaceClaim *, all that ask, in the order in which they have places; NULL
                            without a quota */
  Trie *shields;         /* by prefix: the slots whose routes keep longer dynamic ones out */
  GArray *watches;       /* in the order of their coming; NULL: none */
  GArray *place_watches; /* RoutePlaceWatch, likewise */
};

/* The slot of a prefix, made where there is none. */
TableSlot *route_table_slot(RouteTable *table, Prefix prefix);
/* Which next hop serves each of `size` buckets, after `before` (NULL: nothing) served them. */
const guint8 *buckets_assign(Arena *arena, guint size, const TableRoute *before,
                             const NextHop *hops, guint count);
/* The longest prefix with a route that may be used. *changed_by becomes the latest change to any
 * prefix that covers `address`, also one that has no route left. */
gboolean route_table_look_up(const RouteTable *table, IpAddress address, RouteView *out,
                             RecordId *changed_by);
