/* A scenario as typed values: what the key tables read from a file, checked.
 *
 * A file is read once into a tree of nodes. Each variant is a copy of the tree with
 * some values set anew, read through the same tables. A Scenario is immutable and may
 * be run by many threads at once. */
#pragma once
#include "routesim/cloud/failover.h"
#include "routesim/cloud/gateway.h"
#include "routesim/fault/fault.h"
#include "routesim/flow/traffic.h"
#include "routesim/metric/metric.h"
#include "routesim/nva/nva.h"

/* ---- what a file holds: each struct is filled by the key table of its name --------------- */

typedef struct {
  BlockHead head; /* name: "app" */
  PrefixValue prefix;
  NameRef zone;
  gint64 vms;
  const char *full_name; /* "hub/app" */
} ScenarioSubnet;

typedef struct {
  BlockHead head;
  GPtrArray *prefixes; /* PrefixValue * */
  NameRef region;
  GPtrArray *subnets; /* ScenarioSubnet *, by name */
} ScenarioNetwork;

typedef struct {
  BlockHead head;
  NameRef network;
  const Node *clouds[8]; /* raw block of each cloud, by its place in the registry */
  gpointer configs[8];   /* the same, read by the cloud's table */
  gboolean doubtful[8];  /* something in it is wrong, and was told */
} ScenarioRouteServer;

typedef struct {
  BlockHead head;
  Duration interval;
  gint64 multiplier;
  gboolean jitter_off;
} ScenarioBfd;

typedef struct {
  BlockHead head; /* name: the route server, or another appliance */
  Duration keepalive, hold;
  int keepalive_jitter; /* LIVENESS_JITTER_... */
  ScenarioBfd *bfd;     /* NULL: none */
  gboolean route_refresh;
  const Node *clouds[8];
  gpointer configs[8];
  GPtrArray *advertise; /* ScenarioAnnouncement *; see advertise_given */
  gint64 asn;           /* of another appliance; 0: not said */
  int next_hop_self;    /* a NextHopChoice */
  gboolean as_override;
  GPtrArray *strip_as; /* gint64 * */
  gboolean tunnel;
  Duration establish; /* `given`, or the appliance's */
  Duration first_update;
  GPtrArray *part_lists; /* ScenarioPartList * */
} ScenarioPeer;

/* What one part of a cloud's route server is announced, in place of the peer's list. */
typedef struct {
  const CloudClass *cloud;
  const char *part;     /* "a1" */
  GPtrArray *advertise; /* ScenarioAnnouncement * */
} ScenarioPartList;

typedef enum { NEXT_HOP_AS_RFC, NEXT_HOP_SELF, NEXT_HOP_KEPT } NextHopChoice;
typedef enum { HEALTH_NEED_ANY = 1, HEALTH_NEED_ALL = 0 } HealthNeed; /* or a number */

typedef struct {
  BlockHead head;
  NameRef target; /* NULL: what the kind checks, or the data plane */
  Duration check, poll;
  gint64 fall, rise, poll_fall, poll_rise;
  gint64 need;
  Mark need_mark;
} ScenarioHealth;

typedef struct {
  BlockHead head;
  NameRef in, out;
} ScenarioInterfaces;

typedef struct {
  BlockHead head;
  PrefixValue prefix;
  gint64 count; /* consecutive prefixes from `prefix` on */
  NameRef site;
  gint64 prepend;
  gint64 med; /* -1: none */
  GPtrArray *communities; /* NameRef *: "no-advertise", "65010:1" */
  NameRef next_hop;       /* an address or an NVA */
  int vip, when;          /* index in announcement_times, in tables_nvas.c; vip -1: none */
} ScenarioAnnouncement;

/* Of several appliances of one name one works at a time. */
typedef struct {
  BlockHead head;
  NameRef name;
  int state; /* 0: active, 1: passive */
  Duration takes_over;
} ScenarioCluster;

/* What an appliance tells the router of a site. */
typedef struct {
  BlockHead head;       /* name: the site */
  GPtrArray *advertise; /* ScenarioAnnouncement * */
} ScenarioNvaSite;

typedef struct {
  BlockHead head;
  int kind; /* index in the NVA classes */
  NameRef subnet;
  AddressValue address;
  gint64 asn;
  NameRef zone;
  GPtrArray *peers;     /* ScenarioPeer *, by name */
  GPtrArray *advertise; /* ScenarioAnnouncement * */
  GPtrArray *sites;     /* ScenarioNvaSite *, by name: those that are told a list of their own */
  Duration establish, connect_retry, boot;
  ScenarioInterfaces *interfaces; /* NULL: one leg */
  int snat; /* a SourceTranslation */
  ScenarioCluster *cluster; /* NULL: in none */
  NameRef state_sync;     /* another appliance, or a name that several have in common */
  gint64 capacity;        /* bits per second; 0: no limit */
  ScenarioHealth *health; /* NULL: nothing is checked */
  const NvaSoftware *software;
  FaultForwards crash_forwards;
  gboolean stop_is_silent; /* an orderly stop closes TCP without NOTIFICATION */
  gboolean loop_check;
  Duration update_delay;
  const Node *peers_node;
  gpointer class_keys; /* struct of the kind's own keys; or NULL */
  const Node *clouds[8];
  gpointer configs[8]; /* with defaults where the file has no block */
} ScenarioNva;

typedef struct {
  BlockHead head;
  Duration keepalive, hold; /* not given: those of the far end, or 30 s and 90 s */
  int keepalive_jitter; /* LIVENESS_JITTER_... */
  ScenarioBfd *bfd;         /* NULL: none */
} ScenarioDetect;

typedef struct {
  BlockHead head;
  PrefixValue prefix;
  gint64 count; /* consecutive prefixes from `prefix` on */
  gint64 prepend;
  gint64 med;             /* -1: none */
  GPtrArray *communities; /* NameRef *: "no-advertise", "65010:1" */
} ScenarioSiteAnnouncement;

typedef struct {
  BlockHead head; /* name: an appliance, a gateway or a circuit */
  gint64 prefer;
  gboolean bgp, clients;
  ScenarioDetect *detect;
  GPtrArray *advertise; /* ScenarioSiteAnnouncement *: in place of the site's, where it is said */
} ScenarioSiteLink;

typedef struct {
  GPtrArray *names; /* NameRef * */
  GPtrArray *links; /* ScenarioSiteLink *, by name; NULL where `via` is a list */
} ScenarioVia;

typedef struct {
  BlockHead head;
  GPtrArray *prefixes; /* PrefixValue * */
  GPtrArray *advertise; /* ScenarioSiteAnnouncement *: in place of its prefixes, where it is said */
  ScenarioVia via;
  gint64 asn;
  gboolean transit;
  Duration establish, connect_retry;
} ScenarioSite;

typedef struct {
  BlockHead head;
  NameRef site, location;
  Duration keepalive, hold; /* of the site's router; not given: the provider's */
  int keepalive_jitter; /* LIVENESS_JITTER_... */
  ScenarioBfd *bfd;         /* NULL: none */
  gint64 weight;
  const Node *clouds[8];
  gpointer configs[8]; /* CircuitTraits, for every cloud */
} ScenarioCircuit;

typedef struct {
  BlockHead head;
  GPtrArray *between; /* NameRef *: two regions, networks, sites or locations */
  Duration delay;
} ScenarioLink;

typedef struct {
  BlockHead head;
  NameRef from, to;
  gboolean use_remote_gateway;
  gboolean connected; /* from the start; otherwise by an event */
  const Node *clouds[8];
  gpointer configs[8]; /* with defaults where the file has no block; NULL: the cloud has none */
} ScenarioPeering;

typedef struct {
  BlockHead head;
  GPtrArray *prefix_equals, *prefix_contains;       /* PrefixValue * */
  GPtrArray *community_equals, *community_contains; /* NameRef * */
  GPtrArray *as_path_equals, *as_path_contains;     /* gint64 * */
} ScenarioRouteMapMatch;

typedef struct {
  BlockHead head;
  ScenarioRouteMapMatch *match; /* never NULL */
  gboolean drop;
  PrefixValue replace_prefix, summarize;
  GPtrArray *as_path_add, *as_path_replace;                          /* gint64 * */
  GPtrArray *community_add, *community_replace, *community_remove; /* NameRef * */
  int next; /* 0: terminate, 1: continue */
} ScenarioRouteMapRule;

typedef struct {
  BlockHead head;
  GPtrArray *rules; /* ScenarioRouteMapRule *, in order */
} ScenarioRouteMap;

typedef struct {
  BlockHead head;
  int kind; /* 0: internet, 1: vpn, 2: circuit, 3: transit, 4: nat */
  NameRef network; /* of a NAT gateway: its subnet's */
  NameRef subnet;  /* of a NAT gateway */
  gboolean active_active;
  GPtrArray *circuits; /* NameRef * */
  gint64 capacity;     /* of each instance; 0: without limit */
  const Node *clouds[8];
  gpointer configs[8]; /* vpn, circuit: GatewayTraits; nat: the cloud's own, where it has some;
                          transit: NULL where the file has no block */
} ScenarioGateway;
#define SCENARIO_INTERNET 0
#define SCENARIO_VPN 1
#define SCENARIO_CIRCUIT 2
#define SCENARIO_TRANSIT 3
#define SCENARIO_NAT 4

typedef struct {
  BlockHead head;
  PrefixValue to;
  NameRef via;
  NameRef prefix_list;
} ScenarioRoute;

typedef struct {
  BlockHead head;
  NameRef network;
  GPtrArray *subnets; /* NameRef * */
  NameRef gateway; /* whose inbound traffic follows it; NULL: of subnets */
  gboolean propagate;
  GPtrArray *routes; /* ScenarioRoute * */
} ScenarioRouteTable;

typedef struct {
  BlockHead head;
  AddressValue address;
  GPtrArray *members; /* NameRef * */
} ScenarioLoadBalancer;

typedef struct {
  BlockHead head;
  NameRef from, to;
  gint64 flows;
  gint64 rate;
  Duration reconnect;
  int protocol; /* 0: tcp, 1: udp */
} ScenarioTraffic;

typedef struct {
  BlockHead head;
  NameRef from, to;
  Duration every;
} ScenarioProbe;

typedef enum {
  EVENT_FAIL,
  EVENT_RESTORE,
  EVENT_IMPAIR,
  EVENT_SET,
  EVENT_SET_ROUTES,
  EVENT_PERSIST,
  EVENT_CONNECT,
} EventAction;

/* One event; a flap stands as many. The number of an event is its place in the list. */
typedef struct {
  EventAction action;
  Mark mark;
  Duration at;
  SimTime later; /* added to `at`: the place within a flap */
  guint flap;    /* events of one flap share a draw of `at`: number of its first event */
  const char *target; /* FAIL, RESTORE, CONNECT: a name; IMPAIR: "a, b"; SET, SET_ROUTES: the path */
  Mark target_mark;
  const FaultKind *how; /* FAIL */
  FaultForwards forwards;
  Mark forwards_mark;
  Duration wait; /* drain */
  const char *ends[2]; /* IMPAIR */
  double loss;
  Duration delay, jitter, span;
  gboolean control, data; /* planes */
  const Node *value;      /* SET */
  GPtrArray *advertise;   /* SET nvas.X.advertise: ScenarioAnnouncement * */
  GPtrArray *routes;      /* SET_ROUTES route_tables.X.routes: ScenarioRoute * */
  CloudPersistAction persist; /* PERSIST */
} ScenarioEvent;

typedef struct {
  BlockHead head;
  NameRef model; /* NULL: every model */
  gint64 event;
  NameRef variant;
  int measure; /* Measure */
  int stat;    /* index in summary_statistics */
  const Node *at_most_node, *at_least_node;
  gboolean has_at_most, has_at_least;
  double at_most, at_least; /* seconds or count */
  /* In place of a measure: does one place reach another at a moment? */
  GPtrArray *reach; /* NameRef *: from and to; empty: not asked */
  gboolean is;
  Duration reach_at;
} ScenarioExpect;

typedef struct {
  BlockHead head;
  NameRef model;
  gint64 event;
  NameRef variant;
  int measure;
  NameRef probe; /* in place of a measure: its longest gap */
  const Node *low_node, *high_node;
  double low, high; /* seconds or count */
  const char *source;
  GPtrArray *used_to_set; /* NameRef *: traits that this number fixed; empty: a validation */
  const char *note;
} ScenarioMeasured;

typedef struct {
  BlockHead head;
  const char *name, *title;
  gint64 seed, runs;
  Duration duration;
  Duration month; /* that prices are for */
  gboolean cold_start;
  LivenessMode liveness;
  gboolean models[8]; /* by place in the registry */
  Duration link_delay;
  Duration tcp_timeout;
  int failover;               /* FailoverMethod */
  gpointer load_balancer[8]; /* LoadBalancerConfig *, by place of the cloud in the registry */
  gpointer api_failover[8];  /* ApiFailoverConfig * */
  /* By name. */
  GPtrArray *networks;
  GPtrArray *route_servers;
  GPtrArray *nvas;
  GPtrArray *sites;
  GPtrArray *peerings;
  GPtrArray *gateways;
  GPtrArray *circuits;
  GPtrArray *route_tables;
  GPtrArray *load_balancers;
  GPtrArray *route_maps;
  GPtrArray *traffic;
  GPtrArray *probes;
  /* In order. */
  GPtrArray *events; /* ScenarioEvent * */
  GPtrArray *expect, *measured;
  GPtrArray *links; /* ScenarioLink * */
} ScenarioBody;

/* ---- files, variants --------------------------------------------------------------------- */

typedef struct ScenarioFile ScenarioFile;

typedef struct {
  const char *path, *value; /* --set PATH=VALUE, or what a variant sets */
} ScenarioSetting;

/* What users call the file as it stands; no variant has this name. */
#define SCENARIO_BASE "base"

typedef struct {
  const char *name; /* SCENARIO_BASE for the file as it stands; never empty */
  gboolean is_base;
  const ScenarioSetting *settings;
  guint count;
} ScenarioVariant;

/* The name of the variant that a user means by `word`; NULL or "": the file as it stands. */
const char *scenario_variant_meant(const char *word);

/* One variant of a file, typed and checked. */
typedef struct {
  const ScenarioBody *body;
  const ScenarioVariant *variant;
  const char *path; /* of the file, as the user named it */
} Scenario;

/* Reads a file ("-": standard input) with all its variants. `settings` are the command
 * line's, applied to every variant. What is wrong goes to `diagnostics`; an unreadable
 * file is a GError (then NULL). Returns NULL where the tree could not be read at all.
 * Check diagnostics_errors() before running anything. Free with scenario_file_free(). */
ScenarioFile *scenario_file_load(const char *path, const ScenarioSetting *settings, guint count,
                                 Diagnostics *diagnostics, GError **error);
/* The same from a text that is in memory already, which the file takes over (g_free()); `path` only
 * names it in messages. */
ScenarioFile *scenario_file_read(const char *path, char *text, gsize length,
                                 const ScenarioSetting *settings, guint count,
                                 Diagnostics *diagnostics);
void scenario_file_free(ScenarioFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScenarioFile, scenario_file_free)
/* The file as it stands comes first, then its variants by name. */
guint scenario_file_count(const ScenarioFile *file);
const Scenario *scenario_file_get(const ScenarioFile *file, guint index);
/* The bytes as read, for a checksum. */
const char *scenario_file_text(const ScenarioFile *file, gsize *length);

/* All key tables, from the top: for documentation and its test. */
extern const KeyTable scenario_keys;
/* Every table that hangs below: the scenario's and each cloud's. */
void scenario_keys_foreach(KeyVisit visit, gpointer data);

/* Words of Terraform and of the clouds' command lines, and what they are called here. */
extern const KeyHints scenario_hints;

/* The names that may fail in this scenario under one model, for messages:
 * TRUE where `name` is one. */
gboolean scenario_has_target(const ScenarioBody *body, const CloudClass *cloud, const char *name);
