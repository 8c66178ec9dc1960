/* Route servers: the machine that all clouds share, and what a cloud adds to it.
 *
 * The machine drives a cloud's RouteServerClass in a fixed order: session event, import, RIB,
 * decide, plan, program, advertise. It knows no cloud: what differs between them should be readable
 * in their `plan` and `advertise`.
 *
 *     UPDATE -> import -> RIB -> decide -> plan -> (change interval) -> program -> admit -> table
 *                          |                                                      |
 *                          +-> advertise -> rewrite -> UPDATE to other peers      +-> rejected
 *
 * A route server has parts (nodes on which sessions stand: instances, endpoints) and units (RIBs).
 * Under one cloud each instance is a unit, under another all endpoints share one. Each table that a
 * route server programs is fed by one unit at a time; when that unit is lost, the machine lets
 * another one that is ready feed it, and gives it back when its own is.
 *
 * A route server lives as long as its run. `build` is called once, from route_server_new(), when
 * the tables of the topology stand; `liveness` for each session that is made. From then on the
 * hooks answer events. `plan`, `admit`, `advertise` and `passes_on` are pure: they are asked as
 * often as the machine likes, and change nothing. */
#pragma once
#include "routesim/bgp/speaker.h"
#include "routesim/cloud/topology.h"

typedef struct CloudClass CloudClass;
typedef struct RouteServer RouteServer;
typedef struct RouteServerUnit RouteServerUnit;
typedef struct RouteServerPart RouteServerPart;

struct RouteServerConfig {
  const char *name; /* "rs" */
  CloudNetwork *network;
  gconstpointer config; /* the struct of the class's key table */
};

/* How a cloud's end of a session behaves. */
typedef struct {
  SimTime keepalive, hold;
  gboolean keepalive_jitter_off, bfd_jitter_off; /* of what it sends */
  gboolean bfd;                                  /* the cloud's end speaks BFD when asked */
  SimTime bfd_interval;
  guint bfd_multiplier;
  Ground hold_ground, bfd_interval_ground, bfd_multiplier_ground;
  BgpPrefixLimit prefix_limit; /* on what the appliance announces */
} CloudLiveness;

/* A route that a unit wants in tables. It says neither in which (those that the unit feeds: see
 * route_server_feed()) nor with what origin and rank among others there (the class's RouteOrigin):
 * no cloud lets either differ from one route of a unit to the next. */
#define PLAN_MOST_HOPS 16
typedef struct {
  guint count; /* 0: none */
  NextHop hops[PLAN_MOST_HOPS];
  const char *rejected; /* why the best route may not be installed (static), or NULL */
} RoutePlan;

/* ---- what a cloud's route server is ------------------------------------------------------- */

/* Every member is there, but for those of which it is said what NULL means. */
typedef struct {
  const KeyTable *keys;      /* its block in a route server; also its traits */
  const BgpProfile *profile; /* how a unit decides; its max_paths are at most PLAN_MOST_HOPS */
  const RouteOrigin *origin; /* of what it programs: a dynamic one */
  /* From the decision to the table, as the cloud's defaults have it; what a law itself rests on
   * counts first. And the same of the wait for the change interval; NULL: it never waits. */
  const Stage *program_stage, *interval_stage;
  Ground part_sight; /* see net_node_set_sight(): what a part still finds out that has failed */
  gboolean advertises_networks; /* it tells appliances the networks' ranges */

  /* The cloud makes units and parts with route_server_add_unit() and route_server_add_part(), and
   * names the tables that they feed with route_server_feed(). The parts are those of
   * PeersClass.part_at. */
  void (*build)(RouteServer *server, CloudTopology *topology);
  CloudLiveness (*liveness)(RouteServer *server);
  /* How long a part is away when power comes back to it. */
  Distribution (*boot)(gconstpointer config);

  /* Why what `peer` announces is not taken (static, with fact id), or NULL: it is. NULL hook: all
   * is taken that the speaker takes. */
  const char *(*import)(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer, Prefix prefix,
                        const BgpAttributes *attributes);
  /* Pure: what the selection of `entry`, which is not empty, should put into the tables. `plan` is
   * empty when it is asked; hops are added with route_plan_add(), in any order: the machine puts
   * them into that of the selection, on which flows depend. */
  void (*plan)(const RouteServer *server, const BgpEntry *entry, RoutePlan *plan);
  /* Pure: why `plan` may not stand in this table now (static, with fact id), or NULL; asked again
   * whenever the table changes, so that the order in which routes come does not matter. NULL hook:
   * any may. */
  const char *(*admit)(const RouteServer *server, const RouteTable *table, Prefix prefix,
                       const RoutePlan *plan);
  /* Why what has no place in a table with a quota is not in it (static, with fact id). NULL: no
   * table has one. Never there without `admit`. */
  const char *table_full;

  /* Does it tell one peer what another told: among appliances, or else? As `advertise` has it, of a
   * configuration. NULL: never. */
  gboolean (*passes_on)(gconstpointer config, gboolean among_appliances);
  /* Does `peer` hear of the selection of `entry`? The machine itself sends nothing back where it
   * came from. */
  gboolean (*advertise)(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer,
                        const BgpEntry *entry);
  /* What goes to `peer` in place of `attributes`. NULL hook: these. */
  const BgpAttributes *(*rewrite)(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer,
                                  const BgpEntry *entry, const BgpAttributes *attributes);

  /* A session came up or went down; FALSE keeps the routes of one that went down. NULL: none are
   * kept. */
  gboolean (*session)(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer, gboolean up);
  /* An operator enables, disables or resets persisted routes. NULL: there are none. */
  void (*persist)(RouteServer *server, DesignPersist action);
} RouteServerClass;

/* ---- the machine ------------------------------------------------------------------------ */

/* Numbers of the machine, already drawn for this run; laws stay borrowed. */
typedef struct {
  const Distribution *process;      /* RIB change to decision */
  const Distribution *program;      /* decision to table, one draw for each batch */
  const Distribution *table_jitter; /* added for each table */
  SimTime change_interval;          /* what is programmed of a prefix changes again no earlier; 0:
                                       at any time */
  SimTime takeover;                 /* from the loss of a unit until another one feeds its tables */
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
/* When no unit is left, the tables lose all that they have of the server; else they keep it. */
void route_server_set_flushes(RouteServer *server, gboolean flushes);
gpointer route_server_data(const RouteServer *server); /* the cloud's own state */
void route_server_set_data(RouteServer *server, gpointer data);

/* `profile` NULL: the class's. */
RouteServerUnit *route_server_add_unit(RouteServer *server, const char *name, guint32 asn,
                                       IpAddress router_id, const BgpProfile *profile);
/* `own_process`: the unit lives and dies with this part. */
RouteServerPart *route_server_add_part(RouteServer *server, RouteServerUnit *unit, const char *name,
                                       IpAddress address, const char *zone, gboolean own_process);
/* `table` is fed by `unit` while that can; during a run, from now on. Each table once, also where
 * several subnets follow it. */
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

/* `parts` gets those that an appliance means by `peers: {rs: ...}` whose interface stands in
 * the subnet of this name; `peer_config` is its block of the class's PeersClass.keys, or NULL. */
void route_server_parts_for(RouteServer *server, const char *subnet, gconstpointer peer_config,
                            GPtrArray *parts);

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

/* A next hop that the plan has already, or has no room for, is left out. */
void route_plan_add(RoutePlan *plan, NextHop hop);

/* What all units want is installed at once and without records: the converged start. */
void route_server_begin(RouteServer *server);
/* While frozen, a unit's decisions do not reach the tables; thawed, they all do. */
void route_server_freeze(RouteServerUnit *unit, gboolean frozen);
/* What `plan` depends on has changed: it is asked anew about every selection. */
void route_server_plan_anew(RouteServer *server);
/* A property test asks: the tables of a frozen unit may differ from what it selects. */
gboolean route_server_is_frozen(const RouteServerUnit *unit);
/* The process of a part ended, or started with empty state. */
void route_server_part_lost(RouteServerPart *part);
void route_server_part_back(RouteServerPart *part);
/* Ready to feed tables: alive, not cut off, and in possession of the routes of each of its peers
 * that another unit has a session with; and, where it came back empty, of those of one peer at
 * least. */
gboolean route_server_unit_is_ready(const RouteServerUnit *unit);
guint route_server_unit_established(const RouteServerUnit *unit);

/* One route of the database, and what became of it in one table: one call for each table of
 * a route in the FIB, one without a table for each that is only in the RIB or that no table is
 * there for. The FIB of a frozen unit is what it gave out last. */
typedef struct {
  const RouteServerUnit *unit;
  Prefix prefix;
  const BgpAttributes *attributes;
  const BgpPeer *source; /* the route server's end of the session; NULL: the FIB alone has it */
  gboolean in_fib;
  gboolean passed_over; /* the RIB's choice, which a frozen FIB does not follow */
  const char *table;    /* NULL: in no table */
  gboolean installed;   /* what the FIB has now */
  const char *reason;   /* why not in use, or rejected; NULL: another route is better, or the
                           change is on its way */
} RouteInstallation;
typedef void (*RouteInstallationVisit)(const RouteInstallation *installation, gpointer data);
/* Units as they were added, prefixes in order, sources by name, behind what has none. */
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
