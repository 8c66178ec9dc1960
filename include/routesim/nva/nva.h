/* Network virtual appliances: what stands in the cloud, speaks BGP with route servers
 * and with each other, and passes traffic on or answers for a virtual address.
 *
 *     Nva "fw-a" = NetNode (power) + Element (data plane) + BgpSpeaker (routing process)
 *       peers   sessions, each with the list that it is told, and when its first UPDATE goes
 *       lists   what it announces: to all, or to who has a list of its own
 *       monitor health checks -> route daemon -> healthy or not -> what is announced
 *
 * An appliance is a node, an element on it and a speaker that run together: faults end the process
 * and keep the data plane, or take the power of all. The world makes it from the design, adds its
 * peers, and tells it what to announce; nva_begin() starts it, converged or cold. From then on it
 * announces its lists as its process starts and ends, as sessions with sites' routers come and go
 * (the world watches, and announces anew), and as its health changes: what is marked so is
 * announced only while the health checks say that the appliance is well, a state that debounces
 * what it reads, as the software does (health.c).
 *
 * Two things make appliances differ, and both are data. A kind (NvaClass) says what it holds of the
 * sessions that pass, has keys of its own, and may build parts beside the appliance, such as the
 * backends of a load balancer; a kind is one file, its name in NVA_KINDS (nva_private.h) and its
 * line in the reference. A software (NvaSoftware) is a row of defaults for keys that every
 * appliance has: timers, jitter, boot. A scenario's word wins over both. */
#pragma once
#include "routesim/base/keys.h"
#include "routesim/bfd/bfd.h"
#include "routesim/bgp/speaker.h"
#include "routesim/design/design.h"
#include "routesim/net/fabric.h"

typedef struct Nva Nva;

/* ---- defaults ---------------------------------------------------------------------- */

/* The default of a key of every appliance under one kind or software, in place of the language's
 * own. A scenario's word wins. */
typedef struct {
  const char *key;   /* "boot", or "peers.*.hold" */
  const char *value; /* as KeySpec.fallback */
  Basis basis;
  const char *fact;
} NvaDefault;

typedef struct {
  const NvaDefault *rows;
  guint count;
} NvaDefaults;
#define NVA_DEFAULTS(table)                                                                        \
  { .rows = table, .count = G_N_ELEMENTS(table) }

/* A copy of the table with these defaults; `prefix` ("peers.*.") is what its keys stand under. */
const KeyTable *nva_defaults_apply(const NvaDefaults *defaults, const KeyTable *table,
                                   const char *prefix, Arena *arena);

/* ---- kinds ------------------------------------------------------------------------- */

/* Something of an appliance that can fail by itself. */
typedef struct {
  const char *name;  /* "lb-w/backend/0": as events name it */
  const char *group; /* "lb-w/backends": all of its like; or NULL */
  NetNode *node;
  Distribution boot; /* from power back to its process */
  void (*process_ended)(gpointer data), (*process_started)(gpointer data);
  gpointer data;
} NvaPart;

/* `name` and `meaning` are there. */
typedef struct NvaClass {
  const char *name;     /* "firewall": as in `kind` */
  const char *meaning;  /* as the reference has it */
  gboolean stateful;    /* drops packets of sessions whose opening it did not see */
  NvaDefaults defaults; /* what it is by nature: a NAT appliance translates */
  const KeyTable *keys; /* its own keys, beside those of every appliance; or NULL */
  /* What is wrong with its own keys, in a design that is only checked; or NULL. */
  void (*check)(DesignCheck *check, const DesignNva *nva);
  /* What it adds beside the appliance: parts (NvaPart *, of the engine's arena) that stand in
   * `subnet`. Before the engine is sealed. NULL: nothing. */
  void (*build)(Nva *nva, Subnet *subnet, GPtrArray *parts);
  /* The subnet of those parts ("west/app"). There exactly where `build` is. */
  const char *(*parts_stand_in)(gconstpointer keys);
  /* The name of the `index`-th part that `build` adds to an appliance of this name, and that of all
   * of its like (NULL: none); FALSE: there are no more. NULL: it adds none. */
  gboolean (*part_at)(const char *nva, gconstpointer keys, guint index, Arena *arena,
                      const char **name, const char **group);
  gboolean checks_parts; /* health checks concern what `build` adds, not the appliance */
  /* The address that `advertise: [{vip: ...}]` means; FALSE: the kind has none. NULL: none. */
  gboolean (*virtual_address)(gconstpointer keys, Prefix *out);
} NvaClass;

guint nva_class_count(void);
const NvaClass *nva_class_at(guint index);
const NvaClass *nva_class_find(const char *name);

/* ---- software ---------------------------------------------------------------------- */

/* A software is data: a row of the table in sim/nva/software.c, and its lines in the reference. */
typedef struct NvaSoftware {
  const char *name; /* "frr" */
  const char *title;
  NvaDefaults defaults;
} NvaSoftware;

guint nva_software_count(void);
const NvaSoftware *nva_software_at(guint index); /* the first one changes nothing */
const NvaSoftware *nva_software_find(const char *name);

/* ---- appliances ---------------------------------------------------------------------- */

/* One thing that it announces. */
typedef struct {
  Prefix prefix;
  guint prepend;
  gboolean has_med;
  guint32 med;
  const guint32 *communities;
  guint community_count;
  IpAddress next_hop; /* IP_NONE: itself */
  gboolean healthy_only;
} NvaAnnouncement;

/* What a world adds to what the design says of an appliance, whose addresses (`legs`) are known. */
typedef struct {
  const DesignNva *design;
  Network *network;
  RouteTable *table;
  RouteTable *outer_table; /* of its second leg; NULL: it has none */
  gboolean tunnels;        /* it has a tunnel to a peer: it needs routes of its own */
  const char *state_group; /* or NULL */
  /* Packets from its interfaces reach the address, as a next hop; NULL: in its network. */
  gboolean (*reaches)(gpointer data, IpAddress address);
  gpointer reaches_data;
  DropReason refuses_transit; /* see ElementConfig */
  const char *zone;           /* its own, or its subnet's; or NULL */
} NvaConfig;

Nva *nva_new(Engine *engine, Fabric *fabric, const NvaConfig *config, guint64 seed, guint32 run);
const char *nva_name(const Nva *nva);
const NvaClass *nva_class(const Nva *nva);
const NvaConfig *nva_config(const Nva *nva);
NetNode *nva_node(const Nva *nva);
Element *nva_element(const Nva *nva);
BgpSpeaker *nva_speaker(const Nva *nva);
IpAddress nva_address(const Nva *nva);
Fabric *nva_fabric(const Nva *nva);
Engine *nva_engine(const Nva *nva);

/* How it treats one of its sessions. */
typedef struct {
  BgpPeer *peer;
  const char *name;    /* names its random streams: "rs-a"; of a site: NULL */
  gconstpointer scope; /* peers that are announced one list, told apart by address; or NULL */
  gboolean only_list;  /* it is told that list, and nothing that the appliance learned */
  gboolean tunnel;     /* traffic to what it learned there goes to the far end in a tunnel */
  const Distribution *first_update; /* from Established to the first UPDATE; NULL: at once */
} NvaPeerConfig;
void nva_add_peer(Nva *nva, const NvaPeerConfig *config);

/* The list takes the place of all that it announces to the peers of `scope` (an address of the
 * caller's); NULL: to those whose scope has no list. One UPDATE with what changed, so a route whose
 * attributes change is replaced implicitly. Packets to an announced prefix that belongs to no site
 * behind the appliance end at the appliance itself (see element_serve()). */
void nva_announce(Nva *nva, gconstpointer scope, const NvaAnnouncement *announcements, guint count);
/* All is built: it has been up for long, or (cold) nothing has happened yet. Before routes are
 * exchanged. */
void nva_begin(Nva *nva, gboolean cold);
/* The routing process runs again, with nothing learned. */
void nva_process_started(Nva *nva);

/* ---- health ---------------------------------------------------------------------------- */

/* Is the target well now? `because`: the record that makes it so, or keeps it from it; 0: none. */
typedef gboolean (*NvaTargetIsWell)(gpointer data, RecordId *because);

typedef struct {
  const char *name;
  NvaTargetIsWell well;
  gpointer data;
} NvaTarget;

/* It checks as its design says (`health`, not NULL) in the rhythm that the run drew: a check asks
 * each target every `check`; after `fall` failures in a row it is down, after `rise` successes up
 * again. Where `poll` is not 0, a route daemon reads so often whether enough targets are up, and
 * believes it after `poll_fall` or `poll_rise` readings in a row. */
void nva_set_health(Nva *nva, SimTime check, SimTime poll);
/* Targets need nva_set_health() first. */
void nva_add_target(Nva *nva, const NvaTarget *target);

/* A check or the route daemon changed its mind. Subject: the appliance; object: the target, or
 * "announcement"; value: 1 up, 0 down. */
extern const TraceKind NVA_HEALTH;
/* The object of NVA_HEALTH where all targets together are meant; told by its address. */
extern const char nva_own_health[];

/* Tag of an appliance's sessions with routers of sites. What such a router says is not
 * taken: a site is announced by `advertise`, while its session is up. */
extern const BgpRole nva_role_site;
/* `handler` is called when a session with a site's router came up or went down. */
void nva_watch_sites(Nva *nva, ChangeHandler handler, gpointer data);
/* It has static routes to its own network, and tells sites of it, where no route server does.
 * Facts: AWS-8.3. */
void nva_tell_network(Nva *nva);
