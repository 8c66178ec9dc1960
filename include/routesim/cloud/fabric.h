/* The fabric of a cloud: the tables of its subnets, the subnets that it keeps for itself, and what
 * stands between networks.
 *
 * The world makes networks, subnets, peerings and edges as the design has them, and asks the class
 * once for the tables (`build_tables`), before any route server or gateway is made: they need
 * something to program. During the run an operator may connect two networks (`connect`) or write a
 * table anew (`set_user_routes`). How packets walk is net/'s business: the class only puts routes
 * and elements there. */
#pragma once
#include "routesim/cloud/topology.h"

/* Every member is there, but for those of which it is said what NULL means. */
typedef struct {
  /* Every subnet gets its tables, with what the cloud itself puts there. */
  void (*build_tables)(CloudTopology *topology);
  const RouteOrigin *static_origin; /* of the routes that users write */
  /* An operator writes the routes of a table anew (GArray of CloudUserRoute). NULL: they stay. */
  void (*set_user_routes)(CloudTopology *topology, CloudUserTable *table, GArray *routes);

  const char *dedicated_subnet; /* name of a subnet where only its route server stands, or NULL */
  const char *gateway_subnet;   /* name of that of gateways, if users may declare it; or NULL */

  /* A peering is made during the run; it is in the topology by now. NULL: the cloud itself does
   * nothing then, and peerings are there from the start. `route_servers`: RouteServer *. */
  void (*connect)(CloudTopology *topology, const CloudPeering *peering,
                  const GPtrArray *route_servers);
  /* The fact by which a peering takes nothing from beyond its two networks, and lends neither the
   * gateways nor the route server of the far one. NULL: it may. */
  const char *peerings_end;
} FabricClass;
