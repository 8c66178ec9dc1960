/* Routers at the edge of a cloud: instances of gateways, the provider's routers at a
 * circuit's end, a site's own. Each is an element of the data plane with a BGP speaker
 * whose selections fill its table.
 *
 * A gateway stands in a subnet whose table the cloud fills ("onward"): what it learned
 * from a route server, or originates itself, its packets follow there. */
#pragma once
#include "routesim/bgp/speaker.h"
#include "routesim/net/fabric.h"

typedef struct {
  const char *name;
  guint32 asn;
  IpAddress address;
  Network *network;           /* or NULL */
  RouteTable *onward;         /* or NULL */
  const BgpRole *onward_role; /* routes from such peers are the subnet's business; or NULL */
  const BgpProfile *profile;
  gboolean allows_own_as;
  gboolean tells_all;        /* what it may tell is its owner's to say, also of NO_ADVERTISE */
  gboolean keeps_originated; /* what a router of its AS has itself goes there, whatever longer route
                                others told */
  gboolean reflects;         /* to its own AS what it heard there (RFC 4456) */
  const BgpPolicy *policy;   /* of its owner, called with `data`; or NULL */
  gpointer data;
  guint64 seed;
  guint32 run;
} RouterConfig;

typedef struct Router Router;

Router *router_new(Fabric *fabric, const RouterConfig *config);
const char *router_name(const Router *router);
NetNode *router_node(const Router *router);
Element *router_element(const Router *router);
BgpSpeaker *router_speaker(const Router *router);
RouteTable *router_table(const Router *router);
/* It originates `prefix` for `site`, a neighbor without BGP, and goes over its own link there
 * unless somebody told it of a better way. Of several such sites the one that has the range is
 * meant. */
void router_reach(Router *router, Prefix prefix, const BgpAttributes *attributes, Site *site);
/* It does not originate `prefix` any more, for whatever site. */
void router_forsake(Router *router, Prefix prefix);
/* The same as router_reach() in the table of an edge that speaks no BGP. */
void router_table_reach(RouteTable *table, Prefix prefix, Site *site);
/* What it learns of this range, or inside it, does not count: that goes onward. */
void router_table_keep(RouteTable *table, Prefix prefix);
/* Its process started anew: what the table still has of the one before goes. */
void router_restarted(Router *router);
