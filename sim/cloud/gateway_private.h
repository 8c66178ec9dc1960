/* What the files of gateways share. */
#pragma once
#include "routesim/cloud/gateway.h"

/* The session over a tunnel to a site whose prefixes are static. */
typedef struct {
  const BgpPeer *peer; /* the gateway's end */
  const Site *site;
  gboolean down;
} GatewayWatch;

/* A route that no session carries. */
typedef struct {
  Site *site;
  Prefix prefix;
  const BgpAttributes *attributes;
} GatewayStatic;

typedef struct {
  Gateway *gateway;
  guint index;
  const char *name;
  NetNode *node;
  Element *element;
  Router *router;     /* NULL: nothing speaks BGP with it */
  RouteTable *routes; /* its own: the router's, where there is one */
  GPtrArray *watches; /* GatewayWatch * */
  gboolean down;      /* its process */
  guint held;         /* planned work that takes it out of use */
} GatewayInstance;

/* The sessions with one circuit. */
typedef struct {
  const char *circuit;
  GPtrArray *peers; /* BgpPeer * */
  gboolean down;    /* too many prefixes */
} GatewayConnection;

struct Gateway {
  const CloudClass *cloud;
  const GatewayClass *class;
  const GatewayKindClass *kind;
  CloudTopology *topology;
  GatewayConfig config;
  guint count;
  GatewayInstance instances[GATEWAY_MOST_INSTANCES];
  gboolean beside_server;            /* it has sessions with the route server of its network */
  const char *no_ipv6, *in_networks; /* why it does not take a route, with the fact of its class */
  gboolean programs;                 /* the tables: no route server does */
  gboolean begun;
  RandomStream program_stream, move_stream;
  Agenda *programming; /* BgpEntry's prefixes, as Prefix * */
  CloudTarget *target; /* that user routes name; NULL: none may */
  Gateway *side;       /* the other one of one gateway, see GatewayClass.one_a_network; or NULL */
  Agenda *moving;      /* the gateway itself: what leads to its instances moves */
  SimTime move_asked;  /* when that was last put off */
  GPtrArray *prefixes; /* Prefix *, all that it ever programmed */
  Trie *by_prefix;     /* the same */
  Trie *fixed;         /* by prefix: of sites without BGP */
  GPtrArray *statics;  /* GatewayStatic *, in the order in which they were written */
  GPtrArray *crowded;  /* RouteTable *, whose places for routes it watches */
  GPtrArray *connections;
  Timer *limit_timer;
};

/* Its own network, or one that uses it over a peering. */
gboolean gateway_serves(const Gateway *gateway, const CloudNetwork *network);
/* The same of one subnet: a peering may be limited to others. */
gboolean gateway_serves_subnet(const Gateway *gateway, const CloudSubnet *subnet);
/* Is what has this role to a gateway outside the networks? */
gboolean gateway_role_is_outside(const BgpRole *role);

/* Is the session that watches the tunnel to this site up, or is there none to watch it? */
gboolean gateway_has_tunnel(const GatewayInstance *instance, const Site *site);
/* Has the instance a static route to this range whose tunnel is up? Tunnels without a session are.
 */
gboolean gateway_has_static(const GatewayInstance *instance, Prefix prefix);

/* gateway_tables.c: what it puts into tables. */
typedef struct {
  guint count;
  NextHop hops[GATEWAY_MOST_INSTANCES];
} GatewayHops;
/* The selection of an instance for this prefix changed. */
void gateway_selected(Gateway *gateway, Prefix prefix);
/* An instance (data) works again, or no longer: written routes that name the gateway move. */
void gateway_instance_moved(gpointer data);
/* A static route stands in tables from the start, whatever BGP says. */
void gateway_put_fixed(Gateway *gateway, Prefix prefix);
/* Handlers for agendas of the gateway, whose items are a Prefix and the gateway. */
void gateway_program_due(gpointer data, gpointer item);
void gateway_move_due(gpointer data, gpointer item);
