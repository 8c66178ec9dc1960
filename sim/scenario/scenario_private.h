/* What the files of this folder share. */
#pragma once
#include "routesim/cloud/gateway.h"
#include "routesim/scenario/run.h"

/* ---- reading -------------------------------------------------------------------------- */

/* Reads the body of a tree; what is wrong goes to the reader's diagnostics. */
ScenarioBody *scenario_read_body(KeyReader *reader, const Node *root);
/* Checks that need more than one key; only on a body whose keys were all right. */
void scenario_check(KeyReader *reader, ScenarioBody *body);
/* Index of a cloud in the registry. */
guint scenario_cloud_index(const CloudClass *cloud);
gpointer scenario_find(const GPtrArray *blocks, const char *name); /* by head.name */

/* ---- a world -------------------------------------------------------------------------- */

typedef struct {
  const ScenarioNva *config;
  Nva *nva;
  CloudSubnet *subnet;
  FaultVictim *victim;
  const GPtrArray *advertise; /* ScenarioAnnouncement *, in force now */
} WorldNva;

typedef struct {
  const ScenarioSite *config; /* NULL: the built-in internet */
  Site *site;
  GPtrArray *links;        /* NetNode *, parallel to link_names */
  GPtrArray *link_names;   /* const char *: NVA */
} WorldSite;

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
  const ScenarioEvent *config;
  SimTime at;
  Timer *timer;
  Timer *end_timer; /* an impairment's end */
  Fault *fault;
  GPtrArray *victims;
  Impairment impairment;
  GPtrArray *paths; /* impaired */
  RecordId record;
} WorldEvent;

struct World {
  const ScenarioBody *body;
  const CloudClass *cloud;
  const RunOptions *options;
  LivenessMode liveness;
  Arena *arena;
  Engine *engine;
  Fabric *fabric;
  CloudTopology topology;
  GPtrArray *servers;  /* RouteServer *, by name */
  GPtrArray *nvas;     /* WorldNva *, by name */
  GPtrArray *gateways; /* Gateway *, by name: vpn and circuit */
  GPtrArray *sites;    /* WorldSite * */
  GPtrArray *sessions; /* WorldSession * */
  GPtrArray *victims;  /* FaultVictim *, all, made with the things that they are */
  Traffic *traffic;
  GPtrArray *events;   /* WorldEvent * */
  GPtrArray *units;    /* MetricUnit * */
  RecordId last_event; /* record of the event that happened last */
};

/* Builds the world of one run, converged (or cold), up to but not including
 * engine_seal(). */
World *world_new(Arena *arena, const ScenarioBody *body, const CloudClass *cloud,
                 const RunOptions *options);
void world_add_events(World *world);
/* Appends the victims that `name` means; FALSE where nothing has that name. */
gboolean world_resolve(World *world, const char *name, GPtrArray *victims);
/* Appends the paths between two names (appliances, route servers, parts). */
void world_paths_between(World *world, const char *a, const char *b, GPtrArray *paths);
void world_announce(World *world, WorldNva *nva, const GPtrArray *advertise);
WorldNva *world_nva(const World *world, const char *name);
/* Adds `target`'s appliances by name: what `withdrawn` looks for. */
void world_appliances_of(World *world, const char *target, GPtrArray *names);
/* "no-advertise", "no-export" or "65010:1" (RFC 1997). */
gboolean scenario_parse_community(const char *text, guint32 *out);
