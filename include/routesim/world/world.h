/* The world of one run: a design, a cloud and a run number made into what runs.
 *
 *     Design + CloudClass + seed, run
 *       networks, peerings, edges       networks.c           fabric: what packets meet
 *       tables                          the cloud's FabricClass
 *       appliances, clusters, balancers nvas.c, clusters.c   nodes, elements, speakers
 *       gateways, sites, circuits       gateways.c, ...
 *       route servers                   sessions.c           the cloud's RouteServerClass
 *       sessions between all of these   *sessions.c, joins.c paths, BGP, BFD
 *       announcements, traffic          nvas.c, traffic.c
 *       converged start (or cold)       world.c
 *
 * The world is where modules that do not know each other meet. bgp/ knows no appliance, flow/ knows
 * no cloud, fault/ knows of a design only a few types: the world makes the objects of each from the
 * design, and binds them to each other by handlers and by hooks of the cloud. It decides nothing by
 * itself; it asks the design what stands where, and the cloud what that comes to.
 *
 * A world is built in the order of names, so that the order of keys in a file cannot matter.
 * Whatever can fail is a FaultVictim with its name, and world_resolve() says which ones a name of
 * an event means. At the start all sessions have been up for long and all routes have been
 * exchanged, without any time passing; run/ adds the events, seals the engine and looks at the
 * traffic for the first time. Then the run's timers move it, and what changes in it later (a
 * list that is announced anew, a peering that comes) goes through the functions below.
 *
 * The world hangs off one arena, and shares nothing with another. */
#pragma once
#include "routesim/cloud/failover.h"
#include "routesim/cloud/gateway.h"
#include "routesim/design/design.h"
#include "routesim/fault/fault.h"
#include "routesim/flow/traffic.h"
#include "routesim/metric/metric.h"
#include "routesim/nva/nva.h"

/* How a run is to be made, beside its design. */
typedef struct {
  guint64 seed;
  guint32 run;
  gboolean detail;         /* record traffic shares and table changes for the CSV files */
  gboolean walks_anew;     /* flows are walked at every change: slower, and nothing else */
  gboolean liveness_given; /* use `liveness` in place of the scenario's */
  LivenessMode liveness;
} RunOptions;

typedef struct {
  const DesignNva *config;
  Nva *nva;
  CloudSubnet *subnet;
  CloudSubnet *outer; /* of a second leg; NULL: none */
  const CloudTopology *topology;
  FaultVictim *victim;
  const GPtrArray *advertise; /* DesignAnnouncement *, in force now */
} WorldNva;

/* Something of an appliance that can fail by itself. */
typedef struct {
  const char *group; /* "lb-w/backends", or NULL */
  const Subnet *subnet;
  FaultVictim *victim;
  WorldNva *nva;
} WorldPart;

typedef struct {
  const DesignSite *config; /* NULL: the built-in internet */
  Site *site;
  GPtrArray *links;      /* NetNode *, parallel to link_names */
  GPtrArray *link_names; /* const char *: NVA */
  Router *router;        /* its own; or NULL */
  FaultVictim *victim;   /* the router */
  GPtrArray *tellings;   /* WorldTelling *: what the router announces, one for each connection */
} WorldSite;

typedef struct {
  const DesignCircuit *config;
  Circuit *circuit;
  WorldSite *site;
  FaultVictim *victims[CIRCUIT_MOST_EDGES]; /* the edges */
} WorldCircuit;

typedef struct {
  Path *path;
  const char *ends[2]; /* "fw-a", "rs/0" */
  BgpSession *bgp;
  BfdSession *bfd; /* or NULL */
} WorldSession;

typedef struct World World;

typedef struct {
  World *world;
  guint number;
  const DesignEvent *config;
  SimTime at;
  Timer *timer;
  Timer *end_timer; /* an impairment's end */
  SimTime over_at;  /* ... when it was; NEVER: it is still to come */
  Fault *fault;
  GPtrArray *victims;
  Impairment impairment;
  GPtrArray *paths; /* impaired */
  RecordId record;
} WorldEvent;

struct World {
  const Design *design;
  const CloudClass *cloud;
  const RunOptions *options;
  LivenessMode liveness;
  Arena *arena;
  Engine *engine;
  Fabric *fabric;
  CloudTopology topology;
  GPtrArray *servers;    /* RouteServer *, by name */
  GPtrArray *nvas;       /* WorldNva *, by name */
  GPtrArray *gateways;   /* Gateway *, by name: vpn and circuit */
  GPtrArray *sites;      /* WorldSite * */
  GPtrArray *circuits;   /* WorldCircuit *, by name; only those with a site */
  GPtrArray *sessions;   /* WorldSession * */
  GPtrArray *heartbeats; /* WorldSession *: appliances that watch each other, without BGP */
  GPtrArray *victims;    /* FaultVictim *, all, made with the things that they are */
  GPtrArray *parts;      /* WorldPart *: of appliances */
  Traffic *traffic;
  GPtrArray *events;   /* WorldEvent * */
  GPtrArray *units;    /* MetricUnit * */
  RecordId last_event; /* record of the event that happened last */
};

/* The world of one run, converged (or cold), up to but not including
 * engine_seal(). */
World *world_new(Arena *arena, const Design *design, const CloudClass *cloud,
                 const RunOptions *options);
/* `victims` gets the victims that `name` means; FALSE where nothing has that name. */
gboolean world_resolve(World *world, const char *name, GPtrArray *victims);
/* `paths` gets the paths between two names (appliances, route servers, parts). */
void world_paths_between(World *world, const char *a, const char *b, GPtrArray *paths);
void world_announce(World *world, WorldNva *nva, const GPtrArray *advertise);
WorldNva *world_nva(const World *world, const char *name);         /* NULL: none */
WorldSite *world_site(const World *world, const char *name);       /* NULL: none */
CloudNetwork *world_network(const World *world, const char *name); /* NULL: none */
/* Of a list of a table of `network`: CloudUserRoute; the caller frees. */
GArray *world_user_routes(const World *world, const CloudNetwork *network, const GPtrArray *routes);
/* The peering of an event is made now. */
void world_connect(World *world, const char *peering);
/* `names` gets `target`'s appliances: what `withdrawn` looks for. */
void world_appliances_of(World *world, const char *target, GPtrArray *names);
TrafficEnd world_traffic_end(const World *world, const char *name);
/* When a rule that watches the sessions of a route server rings that saw this one go down; NEVER:
 * it is no session of a route server. `data` is the World. */
SimTime world_alarm_at(gconstpointer data, const TraceRecord *down);
