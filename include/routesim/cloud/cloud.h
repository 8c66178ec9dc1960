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
#include "routesim/design/design.h"
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
  gboolean hidden;            /* of gateways that stand in no subnet of the user's */
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
  gconstpointer config;  /* struct of the class's `gateway_keys` or `nat_keys`, or NULL */
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
  gboolean prefix_list; /* it comes from a managed prefix list */
  const CloudTarget *target; /* a gateway, in place of `hop`; or NULL */
  const CloudTarget *refused; /* a gateway that the network does not use; or NULL */
} CloudUserRoute;

/* What the route leads to now; flows share equal next hops. */
const NextHop *cloud_user_route_hops(const CloudUserRoute *route, guint *count);

struct CloudUserTable {
  const char *name;
  CloudNetwork *network;
  gboolean propagate; /* gateway and route-server routes enter it */
  gboolean propagate_given;
  GArray *routes; /* CloudUserRoute */
  RouteTable *table; /* where the cloud has one table for all its subnets */
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
  GPtrArray *networks;    /* CloudNetwork *, by name */
  GPtrArray *peerings;    /* CloudPeering *, by name */
  GPtrArray *pending_peerings; /* CloudPeering *, by name: made during the run; or NULL */
  GPtrArray *user_tables; /* CloudUserTable *, by name */
  GPtrArray *edges;       /* CloudEdge *, by name; only where the class has `edge_gateways` */
  GPtrArray *route_servers; /* RouteServerConfig *, by name */
  GPtrArray *targets;       /* CloudTarget *, by name; or NULL */
} CloudTopology;

/* A setting whose law is drawn once a run, by the stream "setting/NAME.KEY". */
SimTime cloud_draw_setting(const CloudTopology *topology, const char *name, const char *key,
                           const Duration *duration);
/* The topmost prefix of this length in the IPv4 ones of `count` spaces that none of `taken` (Prefix)
 * overlaps; FALSE where there is none, and *out is anything. */
gboolean cloud_topmost_free(const Prefix *spaces, guint count, guint length, const GArray *taken,
                            Prefix *out);
/* The same in the network's address space, beside its subnets and all earlier answers. */
gboolean cloud_free_prefix(CloudTopology *topology, CloudNetwork *network, guint length,
                           Prefix *out);
/* In the network, or in one that is peered with it directly: where its interfaces' packets go
 * without anybody between. */
gboolean cloud_is_near(const CloudTopology *topology, const CloudNetwork *network,
                       IpAddress address);
/* By the name that a user gave it, so never one of a gateway's own. */
CloudSubnet *cloud_find_subnet(const CloudTopology *topology, const char *name);
CloudUserTable *cloud_find_user_table(const CloudTopology *topology, const char *name);
/* The one between the two, whoever asked for it; NULL: none is. */
const CloudPeering *cloud_peering_between(const CloudTopology *topology, const CloudNetwork *a,
                                          const CloudNetwork *b);
/* To some subnets of either side. */
gboolean cloud_peering_is_limited(const CloudPeering *peering);
/* Does the peering join this subnet of one of its sides? */
gboolean cloud_peering_has(const CloudPeering *peering, const CloudSubnet *subnet);
/* What is known in `from` of the ranges of `network`, which is the same or peered with it: all, or
 * those of the subnets that the peering is limited to (AZ-5.16). */
guint cloud_known_range_count(const CloudTopology *topology, const CloudNetwork *from,
                              const CloudNetwork *network);
Prefix cloud_known_range(const CloudTopology *topology, const CloudNetwork *from,
                         const CloudNetwork *network, guint index);
CloudEdge *cloud_find_edge(const CloudTopology *topology, const char *name);
CloudTarget *cloud_find_target(const CloudTopology *topology, const char *name);
/* The one that has an instance at `address`. */
const CloudTarget *cloud_target_at(const CloudTopology *topology, IpAddress address);

/* ---- a route server as configured --------------------------------------------------- */

struct RouteServerConfig {
  const char *name; /* "rs" */
  CloudNetwork *network;
  gconstpointer config; /* the struct of the class's key table */
};

/* A part of a route server that is only described. */
typedef struct {
  const char *name; /* without the server's: "e1" */
  const char *zone; /* NULL: in none */
} CloudPart;

/* Where an appliance asks to peer. */
typedef struct {
  CloudSubnet *subnet;       /* of the appliance's interface */
  gconstpointer peer_config; /* struct of the class's `peer_keys`, or NULL */
} PeerRequest;

/* How a cloud's end of a session behaves. */
typedef struct {
  SimTime keepalive, hold;
  gboolean keepalive_jitter_off, bfd_jitter_off; /* of what it sends */
  gboolean bfd; /* the cloud's end speaks BFD when asked */
  SimTime bfd_interval;
  guint bfd_multiplier;
  Ground hold_ground, bfd_interval_ground, bfd_multiplier_ground;
  BgpPrefixLimit prefix_limit; /* on what the appliance announces */
} CloudLiveness;

/* A route that a unit wants in the tables that it feeds. */
#define PLAN_MOST_HOPS 16
typedef struct {
  guint count; /* 0: none */
  NextHop hops[PLAN_MOST_HOPS];
  const char *rejected; /* why the best route may not be installed (static), or NULL */
} RoutePlan;

typedef enum { CLOUD_PEER_APPLIANCE, CLOUD_PEER_GATEWAY } CloudPeerKind;

/* ---- telling people -------------------------------------------------------------------- */

/* A table as one of the cloud's own tools prints it, of text cells. */
typedef struct {
  const char *key;            /* what kind of table, for programs: "effective-routes" */
  GPtrArray *names;           /* const char *: what it is about, then others that lead to it */
  const char *title;          /* the tool's call, and what it is asked about */
  const char *const *columns; /* static */
  guint column_count;
  GPtrArray *rows;            /* const char *const *: column_count cells; NULL: empty */
} CloudListing;

/* Makes an empty one and appends it to `listings`; all is the arena's. More names may be added. */
CloudListing *cloud_listing_new(Arena *arena, GPtrArray *listings, const char *key,
                                const char *about, const char *title, const char *const *columns,
                                guint column_count);
/* Copies the pointers of `cells`, one for each column. */
void cloud_listing_add(Arena *arena, CloudListing *listing, const char *const *cells);
/* TRUE where both have the same rows. */
gboolean cloud_listing_same_rows(const CloudListing *a, const CloudListing *b);
/* Text of the arena's, for cells. */
const char *cloud_text_address(Arena *arena, IpAddress address);
const char *cloud_text_prefix(Arena *arena, Prefix prefix);
const char *cloud_text_as_path(Arena *arena, const BgpAttributes *attributes, const char *between);
/* What a next hop names: the element there, the network, or "internet" and "none". */
const char *cloud_text_hop(const CloudTopology *topology, const NextHop *hop);
/* All of a route's, with `between` them. */
const char *cloud_text_hops(const CloudTopology *topology, Arena *arena, const NextHop *hops,
                            guint count, const char *between);

/* One end of a question about reachability: hosts of a subnet, a site behind an element, or
 * the Internet. */
typedef struct {
  const CloudSubnet *subnet;   /* the hosts'; NULL: a site */
  const CloudNetwork *network; /* of the hosts, or of the element before the site; NULL: none */
  CloudPeerKind door;          /* what that element is */
  BgpSpeaker *speaker;         /* of that element; NULL: it speaks no BGP */
  gboolean internet;
  IpAddress address;           /* that packets to it are for */
} CloudPlace;

/* Packets that do not arrive. */
typedef struct {
  CloudPlace from, to;   /* who sends them, or whose router ends it; whom they are for */
  const GPtrArray *gateways; /* Gateway *, all that there are (gateway.h); NULL: none */
  DropReason reason;     /* of the walk */
  const CloudSubnet *at; /* whose table ended it; NULL: an element did, or they never
                            entered the cloud */
  const RouteTable *table; /* that ended it; NULL: none did */
  const Element *passed;   /* the last element that they passed; NULL: none */
  BgpSpeaker *speaker;     /* by whom that table, or the site, would know a way; NULL: nobody */
  const CloudNetwork *hop_network; /* of the next hop that they could not be handed to, or of the
                                      network that the route names; NULL: nobody knows */
  const RouteOrigin *origin; /* of the route that they followed last; NULL: none matched */
  gboolean by_default;       /* that route is the default one */
  gboolean by_hash;          /* where it ended is one of equal next hops, or of the members of a
                                balancer, and both directions pass one of these */
  gboolean by_balancers;     /* likewise, and each direction met a load balancer */
  gboolean by_appliances;    /* one ended it, or they go round between appliances alone */
  gboolean refused_gateway;  /* that route is a user's, to a gateway that the network does not use */
} CloudBlock;

/* Something of a design that is paid by the hour. */
typedef struct {
  const char *what; /* static */
  guint64 count;
  gint64 cents;     /* US cents an hour for each; -1: no fact tells */
  const char *fact; /* static */
} CloudPrice;
#define CLOUD_MOST_PRICES 4

struct CloudClass {
  const char *name;    /* "azure": as in `models` and as the key of its blocks */
  const char *title;   /* "Azure Route Server" */
  const char *facts;   /* what the ids of facts about it begin with: "AZ-"; NULL: there are none */
  const KeyTable *keys;         /* its block in a route server; also its traits */
  const KeyTable *peer_keys;    /* its block in an appliance's peer, or NULL */
  /* The `index`-th of the parts that such a block names, and what it says of that part (raw; NULL:
   * nothing). FALSE: there are no more. NULL: it names none. */
  gboolean (*peer_part)(gconstpointer peer_config, guint index, const char **part,
                        const Node **block);
  /* Its blocks in `load_balancer` and `api_failover` (see failover.h), and the origin of the
   * routes that these two put into tables. */
  const KeyTable *load_balancer_keys;
  const KeyTable *api_failover_keys;
  const RouteOrigin *static_origin;
  /* That of a route which they write to `prefix` in this table. NULL: the table does not take it,
   * and *why tells (static, with fact id). NULL hook: static_origin everywhere. */
  const RouteOrigin *(*written_origin)(const CloudTopology *topology, const RouteTable *table,
                                       Prefix prefix, const char **why);
  SimTime least_probe_interval; /* of its load balancer's health check, with the fact's id */
  const char *least_probe_fact;
  const char *two_leg_rule; /* what appliances with two legs need behind it (static), or NULL */
  const KeyTable *appliance_keys; /* its block in an appliance, or NULL */
  const KeyTable *peering_keys;   /* its block in a peering; NULL: it has none */
  /* Names of the subnets (NameRef *) that a peering so configured is limited to, of `from` (side 0) or
   * `to` (side 1); with `peering_keys`. */
  const GPtrArray *(*peering_subnets)(gconstpointer config, guint side);
  const KeyTable *gateway_keys;   /* its block in a transit gateway; NULL: it has none */
  const KeyTable *nat_keys;       /* its block in a NAT gateway; NULL: it has none */
  const BgpProfile *profile;
  const RouteOrigin *origin;    /* of what the route server programs */
  /* Deciding to table, and waiting for the change interval (NULL: none), as the cloud's defaults
   * have them; what a law itself rests on counts first. */
  const Stage *program_stage, *interval_stage;
  Ground part_sight; /* see net_node_set_sight(): what a part still finds out that has failed */
  const GatewayClass *gateways;  /* by GatewayKind (gateway.h) */
  gboolean advertises_networks;  /* its route server tells appliances the networks' ranges */
  gboolean peerings_end_at_networks; /* a peering takes nothing from beyond the network (AWS-8.6) */
  gboolean edge_gateways; /* internet and transit gateways are elements with tables of their own;
                             elsewhere the cloud itself is the way out */
  gboolean peer_log;            /* it keeps an event log of its route servers' peers */
  const char *bfd_refusal;      /* why its route server has no BFD, with fact id; NULL: it has */
  const char *bfd_advice;       /* what BFD with its route server asks of firewalls, with fact id; NULL:
                                   nothing */
  const char *dedicated_subnet; /* name of a subnet where only its route server stands, or NULL */
  const char *gateway_subnet;   /* name of the subnet of gateways, if users may declare it */

  /* What it refuses, told at the marks of what is checked; each is called only where what it names
   * is there. NULL: no rules. Of a route server that has a block of the cloud, in a network: */
  void (*check_server)(DesignCheck *check, const DesignRouteServer *server);
  /* what of one does nothing, in a design in which nothing is wrong; */
  void (*check_unused)(DesignCheck *check, const DesignRouteServer *server);
  void (*check_network)(DesignCheck *check, const DesignNetwork *network);
  /* a route table that a user wrote, with its own routes or those that an event gives it; */
  void (*check_table)(DesignCheck *check, const DesignRouteTable *table, const GPtrArray *routes);
  void (*check_appliance)(DesignCheck *check, const DesignNva *nva);
  /* a transit gateway with a block of the cloud, where it has `gateway_keys`; a NAT gateway, where
   * it has `nat_keys`. */
  void (*check_transit)(DesignCheck *check, const DesignGateway *gateway);
  void (*check_nat)(DesignCheck *check, const DesignGateway *gateway);
  Distribution (*nat_boot)(gconstpointer config); /* how long it is away when power comes back */
  /* Why an appliance so configured passes on no traffic of others (static), or NULL. */
  DropReason (*transit_refusal)(gconstpointer appliance_config);
  /* Why an appliance with this AS number may not peer (static, with fact id), or NULL. */
  const char *(*refuse_asn)(gconstpointer config, guint32 asn);
  /* The same for a route map that puts it into a path, or looks for it there (`matched`); NULL: the
   * cloud has no route maps. */
  const char *(*refuse_path_asn)(guint32 asn, gboolean matched);
  /* Makes the tables of every subnet, with what the cloud itself puts there. */
  void (*build_tables)(CloudTopology *topology);
  /* Makes units and parts with route_server_add_unit() and route_server_add_part(),
   * and names the tables it feeds with route_server_feed(). */
  void (*build)(RouteServer *server, CloudTopology *topology);
  /* A peering is made during the run; it is in the topology by now. NULL: the cloud itself does
   * nothing then, and peerings are there from the start. `route_servers`: RouteServer *. */
  void (*connect)(CloudTopology *topology, const CloudPeering *peering,
                  const GPtrArray *route_servers);
  /* The fact by which no peering lends the gateways and route server of the far network; NULL: one
   * may. */
  const char *lends_nothing;
  /* The parts that an appliance's `peers: {rs: ...}` means. Appends RouteServerPart *. */
  void (*peer_parts)(RouteServer *server, const PeerRequest *request, GPtrArray *parts);
  /* The `index`-th part that a route server so configured will have, by name; FALSE: there are no
   * more. Does an appliance whose interface stands in `subnet` peer with it? As `build` and
   * `peer_parts` have it. */
  gboolean (*part_at)(const Design *design, const DesignRouteServer *server, gconstpointer config,
                      guint index, CloudPart *part);
  gboolean (*peers_with)(gconstpointer config, guint index, const char *subnet,
                         gconstpointer peer_config);
  /* The same question about a scenario that is only checked: how many parts; 0 with a
   * reason (static, with fact id) in *why. `subnet` is the appliance's. */
  guint (*count_peer_parts)(gconstpointer config, const char *subnet, gconstpointer peer_config,
                            const char **why);
  /* Names of the route maps in `peer_config`, inbound and outbound, each may have no text. NULL:
   * the cloud has no route maps. */
  void (*peer_route_maps)(gconstpointer peer_config, const NameRef *names[2]);
  /* The n-th gateway whose session with a route server so configured has route maps; FALSE: there
   * are no more. NULL: no gateway's has. */
  gboolean (*gateway_route_maps)(gconstpointer config, guint index, NameRef *gateway,
                                 const NameRef *names[2]);
  CloudLiveness (*liveness)(RouteServer *server);
  /* What a route server costs; fills at most CLOUD_MOST_PRICES. NULL: nothing is known. */
  guint (*prices)(gconstpointer config, CloudPrice *prices);
  /* How often a monitoring rule looks at its sessions; 0: it is told at once. NULL: never. */
  SimTime (*alarm_interval)(RouteServer *server);
  /* How long a part is away when power comes back to it. */
  Distribution (*boot)(gconstpointer config);
  const char *(*import)(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer, Prefix prefix,
                        const BgpAttributes *attributes);
  /* Pure: why `plan` may not stand in this table now (static, with fact id), or NULL; asked again
   * whenever the table changes, so that the order in which routes come does not matter. NULL: any
   * may. */
  const char *(*admit)(const RouteServer *server, const RouteTable *table, Prefix prefix,
                       const RoutePlan *plan);
  const char *table_full; /* why what has no place in a table with a quota is not in it (static,
                             with fact id); with `admit` */
  /* Pure: what the selection of `entry` should put into the tables. */
  void (*plan)(const RouteServer *server, const BgpEntry *entry, RoutePlan *plan);
  /* Does it tell one peer what another told: among appliances, or else? NULL: never. */
  gboolean (*passes_on)(gconstpointer config, gboolean among_appliances);
  gboolean (*advertise)(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer,
                        const BgpEntry *entry);
  /* What goes to `peer` in place of `attributes`; NULL: those. */
  const BgpAttributes *(*rewrite)(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer,
                                  const BgpEntry *entry, const BgpAttributes *attributes);
  /* A session came up or went down; FALSE keeps the routes of one that went down.
   * NULL: nothing special. */
  gboolean (*session)(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer, gboolean up);
  /* An operator enables, disables or resets persisted routes; NULL: there are none. */
  void (*persist)(RouteServer *server, DesignPersist action);
  /* An operator writes the routes of a table anew (GArray of CloudUserRoute); NULL: they stay. */
  void (*set_user_routes)(CloudTopology *topology, CloudUserTable *table, GArray *routes);
  /* Appends what the cloud's own tools print now (CloudListing *, of the topology's arena).
   * `servers`: RouteServer *, by name. NULL: nothing. */
  void (*describe)(const CloudTopology *topology, const GPtrArray *servers, GPtrArray *listings);
  /* The rule that keeps packets from arriving: fact ids, separated by ", " (static), or NULL
   * where no rule of the cloud does. NULL: never. */
  const char *(*forbids)(const CloudTopology *topology, const GPtrArray *servers,
                         const CloudBlock *block);
  /* A part lost its process, or has it again. NULL: nothing special; the machine itself
   * sees to it that a table whose unit is lost is fed by another that is ready, and by its
   * own again when that is. */
  void (*part_changed)(RouteServer *server, RouteServerPart *part, gboolean up);
};

/* Every cloud that a scenario may name, in the order of output. */
guint cloud_count(void);
const CloudClass *cloud_at(guint index);
const CloudClass *cloud_find(const char *name);
/* Its index in the registry. */
guint cloud_place(const CloudClass *cloud);
/* The facts of a list ("AWS-2.9, AZ-2.17") without those about other clouds; all where no more than
 * these are there. */
const char *cloud_own_facts(const CloudClass *cloud, Arena *arena, const char *facts);

/* ---- the machine ------------------------------------------------------------------------ */

/* Numbers of the machine, already drawn for this run; laws stay borrowed. */
typedef struct {
  const Distribution *process;      /* RIB change to decision */
  const Distribution *program;      /* decision to table, one draw for each batch */
  const Distribution *table_jitter; /* added for each table */
  SimTime change_interval;          /* what is programmed of a prefix changes again no earlier; 0:
                                       at any time */
  SimTime takeover; /* from the loss of a unit until another one feeds its tables */
  Ground change_interval_ground, takeover_ground;
} RouteServerTimes;

/* Prefixes that a unit has in its FIB at most; more wait in its RIB, in the order of their
 * coming, for one that leaves. Routes of one peer likewise. Reasons are static texts with the
 * fact id; 0: any number. */
typedef struct {
  guint peer_routes, fib_routes;
  const char *peer_reason, *fib_reason;
} RouteServerLimits;

/* How the units speak; set before they are added. */
typedef struct {
  gboolean obeys_no_export; /* RFC 1997 */
  gboolean next_hop_self;   /* also towards speakers of their own autonomous system */
} RouteServerSpeech;

RouteServer *route_server_new(const CloudClass *class, CloudTopology *topology,
                              const RouteServerConfig *config);
const CloudClass *route_server_class(const RouteServer *server);
const char *route_server_name(const RouteServer *server);
const RouteServerConfig *route_server_config(const RouteServer *server);
CloudTopology *route_server_topology(const RouteServer *server);
void route_server_set_times(RouteServer *server, const RouteServerTimes *times);
/* Before units are added. */
void route_server_set_limits(RouteServer *server, const RouteServerLimits *limits);
void route_server_set_speech(RouteServer *server, const RouteServerSpeech *speech);
gpointer route_server_data(const RouteServer *server); /* the cloud's own state */
void route_server_set_data(RouteServer *server, gpointer data);

/* `profile` NULL: the class's. */
RouteServerUnit *route_server_add_unit(RouteServer *server, const char *name, guint32 asn,
                                       IpAddress router_id, const BgpProfile *profile);
/* `own_process`: the unit lives and dies with this part. */
RouteServerPart *route_server_add_part(RouteServer *server, RouteServerUnit *unit, const char *name,
                                       IpAddress address, const char *zone, gboolean own_process);
/* `table` is fed by `unit` while that can; during a run, from now on. */
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

/* The tables that it programs, in the order of route_server_feed(). */
guint route_server_table_count(const RouteServer *server);
RouteTable *route_server_table(const RouteServer *server, guint index);
/* The unit that a table follows now; NULL: none, it keeps what it has. */
RouteServerUnit *route_server_table_unit(const RouteServer *server, guint index);
/* The unit of any of `servers` (RouteServer *) that programs `table` now; NULL: none. */
RouteServerUnit *route_servers_unit_of(const GPtrArray *servers, const RouteTable *table);
/* ... and the one that the speaker belongs to; NULL: none. */
RouteServerUnit *route_servers_unit_with(const GPtrArray *servers, const BgpSpeaker *speaker);
/* What a unit wants in its tables for a prefix; NULL: it never wanted anything. */
const RoutePlan *route_server_wanted(const RouteServerUnit *unit, Prefix prefix);

/* Installs what all units want, at once and without records: the converged start. */
void route_server_begin(RouteServer *server);
/* While frozen, a unit's decisions do not reach the tables; thawed, they all do. */
void route_server_freeze(RouteServerUnit *unit, gboolean frozen);
/* Asks `plan` anew about every selection: what it depends on has changed. */
void route_server_plan_anew(RouteServer *server);
gboolean route_server_is_frozen(const RouteServerUnit *unit);
/* The process of a part ended, or started with empty state. */
void route_server_part_lost(RouteServerPart *part);
void route_server_part_back(RouteServerPart *part);
/* Takes everything out of the tables where no unit is left alive. */
void route_server_flush_if_all_dead(RouteServer *server);
/* Ready to feed tables: alive, not cut off, and in possession of the routes of each of its peers that
 * another unit has a session with; and, where it came back empty, of those of one peer at least. */
gboolean route_server_unit_is_ready(const RouteServerUnit *unit);
guint route_server_unit_established(const RouteServerUnit *unit);

/* One route of the database, and what became of it in one table: one call for each table of
 * a route in the FIB, one without a table for each that is only in the RIB or that no table is
 * there for (AWS-4.1, AWS-4.2). */
typedef struct {
  const RouteServerUnit *unit;
  Prefix prefix;
  const BgpAttributes *attributes;
  const BgpPeer *source; /* the route server's end of the session */
  gboolean in_fib;
  const char *table;  /* NULL: in no table */
  gboolean installed; /* what is wanted now */
  const char *reason; /* why not in use, or rejected; NULL: another route is better, or the
                         change is on its way */
} RouteInstallation;
typedef void (*RouteInstallationVisit)(const RouteInstallation *installation, gpointer data);
/* Units as they were added, prefixes in order, sources by name. */
void route_server_foreach_installation(const RouteServer *server, RouteInstallationVisit visit,
                                       gpointer data);

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
/* A route that a table does not take, or that the FIB has no room for. */
typedef struct {
  Prefix prefix;
  const char *reason;
} RouteRejection;
/* Subject: route server; object: table, or NULL for the FIB; detail: const RouteRejection *. */
extern const TraceKind CLOUD_REJECTED;
/* Subject: unit; value: nanoseconds that the change waits for the interval; detail: const
 * Prefix *. */
extern const TraceKind CLOUD_DAMPED;
/* The wait is over. Subject: unit; detail: const Prefix *. */
extern const TraceKind CLOUD_RELEASED;
/* Subject: route server; value: 1 persisted (frozen), 0 over. */
extern const TraceKind CLOUD_PERSISTED;
/* Subject: unit, whose process ended. */
extern const TraceKind CLOUD_UNIT_LOST;
