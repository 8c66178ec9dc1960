/* The ground that a cloud builds on: networks with their subnets, peerings, gateways at the edge,
 * and the route tables that users wrote.
 *
 * The world fills a CloudTopology from the design, in the order of names, before it asks the cloud
 * for anything. The cloud then adds what only it knows: the tables of each subnet (`tables`), the
 * elements of edges (`element`). All of it is the arena's and
 * lives as long as the run; during the run only peerings are added, by an operator who connects
 * two networks, and next hops of targets move, as gateways fail and come back.
 *
 * The queries below the structs are questions that clouds, gateways and the world share; they
 * change nothing, but for cloud_free_prefix(), which gives an address range away. */
#pragma once
#include "routesim/base/keys.h"
#include "routesim/design/design.h"
#include "routesim/net/fabric.h"

typedef struct CloudNetwork CloudNetwork;
typedef struct CloudUserTable CloudUserTable;

typedef struct {
  const char *name; /* "hub/app" */
  const char *zone; /* or NULL */
  Subnet *subnet;
  CloudNetwork *network;
  guint hosts;
  gboolean hidden;            /* of gateways that stand in no subnet of the user's */
  CloudUserTable *user_table; /* NULL: one of its own */
  GPtrArray *tables;          /* RouteTable *, one for each group of hosts; by build_tables */
} CloudSubnet;

struct CloudNetwork {
  const DesignNetwork *config;
  const char *name;
  const char *region;
  Network *network;
  GPtrArray *subnets; /* CloudSubnet *, by name */
  GPtrArray *zones;   /* const char *, sorted */
  GArray *reserved;   /* Prefix: given out by cloud_free_prefix() */
  gboolean has_route_server;
};

typedef struct {
  const char *name;
  CloudNetwork *from, *to;
  gboolean use_remote_gateway; /* `from` uses the gateways and route server of `to` */
  Peering *peering;            /* what packets pass */
  const GPtrArray *limits[2];  /* CloudSubnet *: of `from` and of `to`, the only ones that it joins;
                                  NULL or empty: all */
} CloudPeering;

/* Gateways at the edge of networks that packets walk through, and that route tables name. */
typedef enum { CLOUD_EDGE_INTERNET, CLOUD_EDGE_TRANSIT, CLOUD_EDGE_NAT } CloudEdgeKind;

typedef struct {
  const char *name; /* "igw" */
  CloudEdgeKind kind;
  CloudNetwork *network; /* NULL: of no single one */
  CloudSubnet *subnet;   /* of a NAT gateway */
  IpAddress address;     /* by which next hops name it; no host has it */
  gint64 capacity;       /* bits per second; 0: no limit */
  gconstpointer config;  /* struct of the EdgeClass's `transit_keys` or `nat_keys`, or NULL */
  Element *element;      /* by build_tables */
} CloudEdge;

/* A gateway that user routes name: its instances that work, or did last. The gateway keeps it up to
 * date, and moves the routes. */
#define CLOUD_TARGET_MOST_HOPS 2
typedef struct {
  const char *name; /* of the gateway */
  const CloudNetwork *network;
  guint count;
  NextHop hops[CLOUD_TARGET_MOST_HOPS];
} CloudTarget;

typedef struct {
  Prefix to;
  NextHop hop;
  gboolean prefix_list;       /* it comes from a managed prefix list */
  const CloudTarget *target;  /* a gateway, in place of `hop`; or NULL */
  const CloudTarget *refused; /* a gateway that the network does not use; or NULL */
} CloudUserRoute;

/* What the route leads to now; flows share equal next hops. */
const NextHop *cloud_user_route_hops(const CloudUserRoute *route, guint *count);

struct CloudUserTable {
  const char *name;
  CloudNetwork *network;
  gboolean propagate;    /* gateway and route-server routes enter it */
  GArray *routes;        /* CloudUserRoute */
  RouteTable *table;     /* where the cloud has one table for all its subnets */
  const CloudEdge *edge; /* whose inbound traffic follows it; NULL: none's */
  const char *gateway;   /* the same for a gateway of any kind */
};

typedef struct RouteServerConfig RouteServerConfig;

typedef struct {
  Engine *engine;
  Fabric *fabric;
  Arena *arena;
  guint64 seed;
  guint32 run;
  GPtrArray *networks;         /* CloudNetwork *, by name */
  GPtrArray *peerings;         /* CloudPeering *, by name */
  GPtrArray *pending_peerings; /* CloudPeering *, by name: made during the run; or NULL */
  GPtrArray *user_tables;      /* CloudUserTable *, by name */
  GPtrArray *edges;            /* CloudEdge *, by name; only where the cloud has an EdgeClass */
  GPtrArray *route_servers;    /* RouteServerConfig *, by name */
  GPtrArray *targets;          /* CloudTarget *, by name; or NULL */
} CloudTopology;

/* A setting whose law is drawn once a run, by the stream "setting/NAME.KEY". */
SimTime cloud_draw_setting(const CloudTopology *topology, const char *name, const char *key,
                           const Duration *duration);
/* The topmost prefix of this length in the IPv4 ones of `count` spaces that none of `taken`
 * (Prefix) overlaps; FALSE where there is none, and *out is anything. */
gboolean cloud_topmost_free(const Prefix *spaces, guint count, guint length, const GArray *taken,
                            Prefix *out);
/* The same in the network's address space, beside its subnets and all earlier answers. */
gboolean cloud_free_prefix(CloudTopology *topology, CloudNetwork *network, guint length,
                           Prefix *out);
/* TRUE in the network, or in one that is peered with it directly: where its interfaces' packets go
 * without anybody between. */
gboolean cloud_is_near(const CloudTopology *topology, const CloudNetwork *network,
                       IpAddress address);
/* The subnet by the name that a user gave it, so never one of a gateway's own. */
CloudSubnet *cloud_find_subnet(const CloudTopology *topology, const char *name);
CloudUserTable *cloud_find_user_table(const CloudTopology *topology, const char *name);
/* The one between the two, whoever asked for it; NULL: none is. */
const CloudPeering *cloud_peering_between(const CloudTopology *topology, const CloudNetwork *a,
                                          const CloudNetwork *b);
/* TRUE where it is limited to some subnets of either side. */
gboolean cloud_peering_is_limited(const CloudPeering *peering);
/* Does the peering join this subnet of one of its sides? */
gboolean cloud_peering_has(const CloudPeering *peering, const CloudSubnet *subnet);
/* What is known in `from` of the ranges of `network`, which is the same or peered with it: all, or
 * those of the subnets that the peering is limited to. */
guint cloud_known_range_count(const CloudTopology *topology, const CloudNetwork *from,
                              const CloudNetwork *network);
Prefix cloud_known_range(const CloudTopology *topology, const CloudNetwork *from,
                         const CloudNetwork *network, guint index);
CloudEdge *cloud_find_edge(const CloudTopology *topology, const char *name);
CloudTarget *cloud_find_target(const CloudTopology *topology, const char *name);
/* The one that has an instance at `address`. */
const CloudTarget *cloud_target_at(const CloudTopology *topology, IpAddress address);
