/* What a cloud refuses of a design.
 *
 * check/ walks through the design once for each model and asks the class at the places below; the
 * class tells what is wrong, and what an architect should hear of, by tell_error() and its sisters
 * (design/tell.h), at the marks of what is checked. Nothing here builds a world or changes the
 * design. A hook is called only where what it names is there; what is not sound in itself (a key of
 * the wrong type, a name that nothing has) was told before and is left out. What is refused of a
 * gateway or a route map stands with the rest about it: in gateway.h, edge.h and route_map.h.
 *
 * Every hook but `server` and `refuse_asn` may be NULL: the cloud has no such rule. */
#pragma once
#include "routesim/design/design.h"

typedef struct {
  /* A route server that has a block of the cloud, in a network. */
  void (*server)(DesignCheck *check, const DesignRouteServer *server);
  /* What of one does nothing, in a design in which nothing is wrong. */
  void (*unused)(DesignCheck *check, const DesignRouteServer *server);
  void (*network)(DesignCheck *check, const DesignNetwork *network);
  /* A route table that a user wrote, with its own routes or those that an event gives it. */
  void (*table)(DesignCheck *check, const DesignRouteTable *table, const GPtrArray *routes);
  void (*appliance)(DesignCheck *check, const DesignNva *nva);
  /* Why an appliance with this AS number may not peer (static, with fact id), or NULL: it may. */
  const char *(*refuse_asn)(gconstpointer config, guint32 asn);
} ChecksClass;
