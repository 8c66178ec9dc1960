/* The seam for clouds: what a cloud is made of, and the route-server machine that all
 * of them share.
 *
 * A cloud is a CloudClass and a folder: a table of traits, a BGP profile, and hooks.
 * The machine drives the hooks in a fixed order: session event, import, RIB, decide,
 * plan, program, advertise. `plan` is pure. What differs between clouds should be
 * readable in their `plan` and `advertise`.
 *
 * A route server has parts (nodes on which sessions stand: instances, endpoints) and
 * units (RIBs). Under one cloud each instance is a unit, under another all endpoints
 * share one. Each table that a route server programs is fed by one unit at a time. */
#pragma once
#include "routesim/base/keys.h"
#include "routesim/bgp/speaker.h"
#include "routesim/net/fabric.h"

typedef struct CloudClass CloudClass;
typedef struct RouteServer RouteServer;
typedef struct RouteServerUnit RouteServerUnit;
typedef struct RouteServerPart RouteServerPart;
typedef struct GatewayClass GatewayClass;

/* ---- the topology that a cloud builds on ---------------------------------------- */

typedef struct CloudNetwork CloudNetwork;
typedef struct CloudUserTable CloudUserTable;

typedef struct {
  const char *name; /* "hub/app" */
  const char *zone; /* or NULL */
  Subnet *subnet;
  CloudNetwork *network;
  guint hosts;
  CloudUserTable *user_table; /* NULL: one of its own */
  GPtrArray *tables;          /* RouteTable *, one for each group of hosts; by build_tables */
} CloudSubnet;

struct CloudNetwork {
  const char *name;
  const char *region;
  Network *network;
  GPtrArray *subnets; /* CloudSubnet *, by name */
  GPtrArray *zones;   /* const char *, sorted */
  GArray *reserved;    /* Prefix: given out by cloud_free_prefix() */
  gboolean has_route_server;
  gpointer cloud_data; /* the cloud's own */
};

typedef struct {
  const char *name;
  CloudNetwork *from, *to;
  gboolean use_remote_gateway; /* `from` uses the gateways and route server of `to` */
} CloudPeering;

typedef struct {
  Prefix to;
  NextHop hop;
} CloudUserRoute;

struct CloudUserTable {
  const char *name;
  CloudNetwork *network;
  gboolean propagate; /* gateway and route-server routes enter it */
  gboolean propagate_given;
  GArray *routes; /* CloudUserRoute */
  RouteTable *table; /* where the cloud has one table for all its subnets */
};

typedef struct RouteServerConfig RouteServerConfig;

typedef struct {
  Engine *engine;
  Fabric *fabric;
  Arena *arena;
  guint64 seed;
  guint32 run;
  GPtrArray *networks;    /* CloudNetwork *, by name */
  GPtrArray *peerings;    /* CloudPeering *, by name */
  GPtrArray *user_tables; /* CloudUserTable *, by name */
  GPtrArray *route_servers; /* RouteServerConfig *, by name */
} CloudTopology;

/* A setting whose law is drawn once a run, by the stream "setting/NAME.KEY". */
SimTime cloud_draw_setting(const CloudTopology *topology, const char *name, const char *key,
                           const Duration *duration);
/* A prefix of this length in the network's address space that no subnet and no earlier
 * answer overlaps; FALSE where there is none. */
gboolean cloud_free_prefix(CloudTopology *topology, CloudNetwork *network, guint length,
                           Prefix *out);
CloudSubnet *cloud_find_subnet(const CloudTopology *topology, const char *name);
CloudUserTable *cloud_find_user_table(const CloudTopology *topology, const char *name);

/* ---- a route server as configured --------------------------------------------------- */

struct RouteServerConfig {
  const char *name; /* "rs" */
  CloudNetwork *network;
  gconstpointer config; /* the struct of the class's key table */
};

/* What a cloud may ask about a scenario when it checks a route server. */
typedef enum { CLOUD_NAME_UNKNOWN, CLOUD_NAME_SUBNET, CLOUD_NAME_TABLE } CloudNameKind;
typedef struct {
  const char *name; /* of the route server */
  Mark mark;
  const char *network;
  gconstpointer config;
  guint network_siblings; /* other route servers in the same network */
  /* What `name` is, and the network that it belongs to. */
  CloudNameKind (*resolve)(gpointer data, const char *name, const char **network);
  gpointer data;
  Diagnostics *diagnostics;
} CloudCheck;

/* Where an appliance asks to peer. */
typedef struct {
  CloudSubnet *subnet;       /* of the appliance's interface */
  gconstpointer peer_config; /* struct of the class's `peer_keys`, or NULL */
} PeerRequest;

/* How a cloud's end of a session behaves. */
typedef struct {
  SimTime keepalive, hold;
  gboolean bfd; /* the cloud's end speaks BFD when asked */
  SimTime bfd_interval;
  guint bfd_multiplier;
} CloudLiveness;

/* A route that a unit wants in the tables that it feeds. */
#define PLAN_MOST_HOPS 16
typedef struct {
  guint count; /* 0: none */
  NextHop hops[PLAN_MOST_HOPS];
  const char *rejected; /* why the best route may not be installed (static), or NULL */
} RoutePlan;

typedef enum { CLOUD_PEER_APPLIANCE, CLOUD_PEER_GATEWAY } CloudPeerKind;

struct CloudClass {
  const char *name;    /* "azure": as in `models` and as the key of its blocks */
  const char *title;   /* "Azure Route Server" */
  const KeyTable *keys;         /* its block in a route server; also its traits */
  const KeyTable *peer_keys;    /* its block in an appliance's peer, or NULL */
  const BgpProfile *profile;
  const RouteOrigin *origin;    /* of what the route server programs */
  const Stage *program_stage;   /* deciding to table */
  const Stage *interval_stage;  /* waiting for the change interval; NULL: none */
  const GatewayClass *gateways;  /* by GatewayKind (gateway.h) */
  gboolean advertises_networks;  /* its route server tells appliances the networks' ranges */
  const char *bfd_refusal;      /* why its route server has no BFD, with fact id; NULL: it has */

  /* Late checks of one route server, each reported at its mark. */
  void (*check)(const CloudCheck *check);
  /* Why an appliance with this AS number may not peer (static, with fact id), or NULL. */
  const char *(*refuse_asn)(gconstpointer config, guint32 asn);
  /* Makes the tables of every subnet, with what the cloud itself puts there. */
  void (*build_tables)(CloudTopology *topology);
  /* Makes units and parts with route_server_add_unit() and route_server_add_part(),
   * and names the tables it feeds with route_server_feed(). */
  void (*build)(RouteServer *server, CloudTopology *topology);
  /* The parts that an appliance's `peers: {rs: ...}` means. Appends RouteServerPart *. */
  void (*peer_parts)(RouteServer *server, const PeerRequest *request, GPtrArray *parts);
  /* The same question about a scenario that is only checked: how many parts; 0 with a
   * reason (static, with fact id) in *why. `subnet` is the appliance's. */
  guint (*count_peer_parts)(gconstpointer config, const char *subnet, gconstpointer peer_config,
                            const char **why);
  CloudLiveness (*liveness)(RouteServer *server);
  /* How long a part is away when power comes back to it. */
  Distribution (*boot)(gconstpointer config);
  const char *(*import)(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer, Prefix prefix,
                        const BgpAttributes *attributes);
  /* Pure: what the selection of `entry` should put into the tables. */
  void (*plan)(const RouteServer *server, const BgpEntry *entry, RoutePlan *plan);
  gboolean (*advertise)(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer,
                        const BgpEntry *entry);
  /* A session came up or went down; FALSE keeps the routes of one that went down.
   * NULL: nothing special. */
  gboolean (*session)(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer, gboolean up);
  /* A part lost its process, or has it again. NULL: nothing special; the machine itself
   * sees to it that a table whose unit is lost is fed by another that is ready, and by its
   * own again when that is. */
  void (*part_changed)(RouteServer *server, RouteServerPart *part, gboolean up);
};

/* Every cloud that a scenario may name, in the order of output. */
guint cloud_count(void);
const CloudClass *cloud_at(guint index);
const CloudClass *cloud_find(const char *name);

/* ---- the machine ------------------------------------------------------------------------ */

/* Numbers of the machine, already drawn for this run; laws stay borrowed. */
typedef struct {
  const Distribution *process;      /* RIB change to decision */
  const Distribution *program;      /* decision to table, one draw for each batch */
  const Distribution *table_jitter; /* added for each table */
  SimTime change_interval;          /* a prefix changes again no earlier; 0: at any time */
  SimTime takeover; /* from the loss of a unit until another one feeds its tables */
} RouteServerTimes;

RouteServer *route_server_new(const CloudClass *class, CloudTopology *topology,
                              const RouteServerConfig *config);
const CloudClass *route_server_class(const RouteServer *server);
const char *route_server_name(const RouteServer *server);
const RouteServerConfig *route_server_config(const RouteServer *server);
CloudTopology *route_server_topology(const RouteServer *server);
void route_server_set_times(RouteServer *server, const RouteServerTimes *times);
gpointer route_server_data(const RouteServer *server); /* the cloud's own state */
void route_server_set_data(RouteServer *server, gpointer data);

/* `profile` NULL: the class's. */
RouteServerUnit *route_server_add_unit(RouteServer *server, const char *name, guint32 asn,
                                       IpAddress router_id, const BgpProfile *profile);
/* `own_process`: the unit lives and dies with this part. */
RouteServerPart *route_server_add_part(RouteServer *server, RouteServerUnit *unit, const char *name,
                                       IpAddress address, const char *zone, gboolean own_process);
/* `table` is fed by `unit` while that can. */
void route_server_feed(RouteServer *server, RouteServerUnit *unit, RouteTable *table);

guint route_server_unit_count(const RouteServer *server);
RouteServerUnit *route_server_unit(const RouteServer *server, guint index);
BgpSpeaker *route_server_unit_speaker(const RouteServerUnit *unit);
const char *route_server_unit_name(const RouteServerUnit *unit);
RouteServer *route_server_unit_server(const RouteServerUnit *unit);
guint route_server_part_count(const RouteServer *server);
RouteServerPart *route_server_part(const RouteServer *server, guint index); /* by name */
const char *route_server_part_name(const RouteServerPart *part);            /* "rs/a1" */
const char *route_server_part_zone(const RouteServerPart *part);
NetNode *route_server_part_node(const RouteServerPart *part);
IpAddress route_server_part_address(const RouteServerPart *part);
RouteServerUnit *route_server_part_unit(const RouteServerPart *part);
gboolean route_server_part_owns_process(const RouteServerPart *part);

/* Installs what all units want, at once and without records: the converged start. */
void route_server_begin(RouteServer *server);
/* While frozen, a unit's decisions do not reach the tables; thawed, they all do. */
void route_server_freeze(RouteServerUnit *unit, gboolean frozen);
gboolean route_server_is_frozen(const RouteServerUnit *unit);
/* The process of a part ended, or started with empty state. */
void route_server_part_lost(RouteServerPart *part);
void route_server_part_back(RouteServerPart *part);
/* Takes everything out of the tables where no unit is left alive. */
void route_server_flush_if_all_dead(RouteServer *server);
/* Ready: alive, and in possession of the routes of at least as many peers as any other
 * unit has sessions with. */
gboolean route_server_unit_is_ready(const RouteServerUnit *unit);
guint route_server_unit_established(const RouteServerUnit *unit);

/* A change to a route table or to the routes of a group of NICs. */
typedef struct {
  const char *table;
  Prefix prefix;
  const char *action; /* "install", "replace", "remove" */
  guint hop_count;
  const NextHop *hops;
  const char *origin;
} TableChange;
/* Subject: route server; object: table; detail: const TableChange *. */
extern const TraceKind CLOUD_PROGRAMMED;
/* Subject: unit; value: nanoseconds that the change waits for the interval. */
extern const TraceKind CLOUD_DAMPED;
/* Subject: route server; value: 1 persisted (frozen), 0 over. */
extern const TraceKind CLOUD_PERSISTED;
/* Subject: unit, whose process ended. */
extern const TraceKind CLOUD_UNIT_LOST;
