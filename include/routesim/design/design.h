/* What a user describes: one typed, cloud-neutral Design that the language, the checks, the clouds
 * and the world all read.
 *
 * A Design is made once, from one variant of a scenario file, and never changes after that; many
 * runs read it at once, on any thread. It holds what stands in the file, and the few derived values
 * that everybody needs (full names, addresses of interfaces):
 * networks and their subnets, route servers, appliances with their peers, sites with what they
 * tell, gateways and circuits, route tables, traffic, and the events of the run. Every block begins
 * with a BlockHead, by which later messages still point into the file: a mark for each key, and
 * which of its keys could not be understood.
 *
 * What only one cloud knows of a thing (the subnets that a peering is limited to, the endpoints of
 * a route server) stands in `configs`, one struct a cloud, which everybody else passes on unread;
 * those of gateways and circuits are the same for all clouds (GatewayTraits, CircuitTraits).
 *
 * Lists of blocks are sorted by name, so that the order of keys in a file cannot matter; events,
 * expectations and links stand in their order. Queries that several ask are at the end. */
#pragma once
#include "routesim/base/keys.h"
#include "routesim/base/statistics.h"
#include "routesim/net/fabric.h"
#include "routesim/net/liveness.h"

/* Room for what each cloud has of its own, by its place in the registry, which asserts that no more
 * clouds are registered. */
#define CLOUD_MOST 8

struct CloudClass;
struct NvaClass;
struct NvaSoftware;
struct FaultKind;
typedef struct DesignCheck DesignCheck; /* by which messages are told: tell.h */

/* ---- kinds: each with the words for it in a file, NULL-terminated (words.c) ---------------- */

/* What moves traffic away from an appliance that failed. */
typedef enum { FAILOVER_ROUTE_SERVER, FAILOVER_LOAD_BALANCER, FAILOVER_API } FailoverMethod;
extern const char *const failover_methods[];

typedef enum {
  DESIGN_GATEWAY_INTERNET,
  DESIGN_GATEWAY_VPN,
  DESIGN_GATEWAY_CIRCUIT,
  DESIGN_GATEWAY_TRANSIT,
  DESIGN_GATEWAY_NAT,
} DesignGatewayKind;
extern const char *const design_gateway_kinds[];

/* What a member of a cluster is at first. */
typedef enum { DESIGN_CLUSTER_ACTIVE, DESIGN_CLUSTER_PASSIVE } DesignClusterState;
extern const char *const design_cluster_states[];

/* While what is announced. */
typedef enum { DESIGN_ANNOUNCE_ALWAYS, DESIGN_ANNOUNCE_HEALTHY } DesignAnnounceTime;
extern const char *const design_announce_times[];

/* What follows the rule of a route map that matched. */
typedef enum { DESIGN_RULE_TERMINATES, DESIGN_RULE_CONTINUES } DesignRuleNext;
extern const char *const design_rule_nexts[];

typedef enum { DESIGN_TCP, DESIGN_UDP } DesignProtocol;
extern const char *const design_protocols[];

/* What an impairment is of. */
typedef enum { DESIGN_PLANE_CONTROL, DESIGN_PLANE_DATA } DesignPlane;
extern const char *const design_planes[];

/* What an operator may do to persisted routes. */
typedef enum { DESIGN_PERSIST_ENABLE, DESIGN_PERSIST_DISABLE, DESIGN_PERSIST_RESET } DesignPersist;
extern const char *const design_persist_actions[];

/* Words that may stand in place of a name (NameRef.word): where a route leads, ... */
typedef enum { DESIGN_VIA_INTERNET = 1, DESIGN_VIA_LOCAL, DESIGN_VIA_NONE } DesignViaWord;
extern const char *const design_via_words[];
/* ... where traffic and probes begin and end, ... */
typedef enum { DESIGN_END_INTERNET = 1 } DesignEndWord;
extern const char *const design_end_words[];
/* What the site is called that is all that nobody else owns. */
#define DESIGN_INTERNET_SITE design_end_words[DESIGN_END_INTERNET - 1]
/* ... and what an appliance checks. */
typedef enum { DESIGN_CHECKS_DATA_PLANE = 1 } DesignCheckWord;
extern const char *const design_check_words[];

/* Which next hop an appliance tells a peer: `next_hop_self` is not said, on, or off. */
typedef enum { NEXT_HOP_AS_RFC, NEXT_HOP_SELF, NEXT_HOP_KEPT } NextHopChoice;

/* Places that `links` and the names of zones may mean: a bit for each. */
typedef enum {
  DESIGN_PLACE_NONE = 0,
  DESIGN_PLACE_NETWORK = 1 << 0,
  DESIGN_PLACE_REGION = 1 << 1,
  DESIGN_PLACE_SITE = 1 << 2,
  DESIGN_PLACE_CIRCUIT = 1 << 3,
  DESIGN_PLACE_LOCATION = 1 << 4, /* where circuits meet the provider */
} DesignPlaceKind;
#define DESIGN_PLACES_OF_ZONES (DESIGN_PLACE_NETWORK | DESIGN_PLACE_REGION)
#define DESIGN_PLACES ((DESIGN_PLACE_LOCATION << 1) - 1)

typedef struct {
  DesignPlaceKind kind;
  gconstpointer thing; /* DesignNetwork *, DesignSite *, DesignCircuit *; NULL: a region or
                          location, which is nothing but its name */
  const char *name;    /* as the design has it */
} DesignPlace;

/* ---- the parts: each struct is filled by the key table of its name ------------------------ */

/* How long the data plane of what failed goes on: never, for a while, or throughout. */
typedef struct {
  gboolean given; /* FALSE: as the kind of failure has it */
  gboolean on;
  SimTime span;  /* not 0: on for so long, then off */
  Ground ground; /* what `span` rests on */
} DesignForwards;

typedef struct {
  BlockHead head; /* name: "app" */
  PrefixValue prefix;
  NameRef zone;
  gint64 vms;
  const char *full_name; /* "hub/app" */
} DesignSubnet;

typedef struct {
  BlockHead head;
  GPtrArray *prefixes; /* PrefixValue * */
  NameRef region;
  GPtrArray *subnets; /* DesignSubnet *, by name */
} DesignNetwork;

typedef struct {
  BlockHead head;
  NameRef network;
  const Node *clouds[CLOUD_MOST]; /* raw block of each cloud, by its place in the registry */
  gpointer configs[CLOUD_MOST];   /* the same, read by the cloud's table */
} DesignRouteServer;

typedef struct {
  BlockHead head;
  Duration interval;
  gint64 multiplier;
  LivenessJitterKind jitter;
} DesignBfd;

typedef struct {
  BlockHead head; /* name: the route server, or another appliance */
  Duration keepalive, hold;
  LivenessJitterKind keepalive_jitter;
  DesignBfd *bfd; /* NULL: none */
  gboolean route_refresh;
  const Node *clouds[CLOUD_MOST];
  gpointer configs[CLOUD_MOST];
  GPtrArray *advertise; /* DesignAnnouncement *; said, also as an empty list, or not */
  gint64 asn;           /* of another appliance; 0: not said */
  NextHopChoice next_hop_self;
  gboolean as_override;
  GPtrArray *strip_as; /* gint64 * */
  gboolean tunnel;
  Duration establish; /* `given`, or the appliance's */
  Duration first_update;
  GPtrArray *part_lists; /* DesignPartList * */
} DesignPeer;

/* What one part of a cloud's route server is announced, in place of the peer's list. */
typedef struct {
  const struct CloudClass *cloud;
  const char *part;     /* "a1" */
  GPtrArray *advertise; /* DesignAnnouncement * */
} DesignPartList;

typedef enum { HEALTH_NEED_ANY = 1, HEALTH_NEED_ALL = 0 } HealthNeed; /* or a number */

typedef struct {
  BlockHead head;
  NameRef target; /* NULL: what the kind checks, or the data plane */
  Duration check, poll;
  gint64 fall, rise, poll_fall, poll_rise;
  gint64 need;
  Ground grounds[4]; /* of `check` and `fall`, `check` and `rise`, and the same of `poll` */
} DesignHealth;

typedef struct {
  BlockHead head;
  NameRef in, out;
} DesignInterfaces;

/* `vip`: that its virtual address is announced, and while what. */
typedef struct {
  gboolean given;
  DesignAnnounceTime when;
} DesignVip;

typedef struct {
  BlockHead head;
  PrefixValue prefix;
  gint64 count; /* consecutive prefixes from `prefix` on */
  NameRef site;
  gint64 prepend;
  gint64 med;             /* -1: none */
  GPtrArray *communities; /* NameRef *: "no-advertise", "65010:1" */
  NameRef next_hop;       /* an address or an NVA */
  DesignVip vip;
  DesignAnnounceTime when; /* see design_is_conditional() */
} DesignAnnouncement;

/* Of several appliances of one name one works at a time. */
typedef struct {
  BlockHead head;
  NameRef name;
  DesignClusterState state;
  Duration takes_over;
} DesignCluster;

/* What an appliance tells the router of a site. */
typedef struct {
  BlockHead head;       /* name: the site */
  GPtrArray *advertise; /* DesignAnnouncement * */
} DesignNvaSite;

typedef struct {
  BlockHead head;
  const struct NvaClass *kind; /* never NULL: the first where none could be read */
  NameRef subnet;
  AddressValue address;
  gint64 asn;
  NameRef zone;
  GPtrArray *peers;     /* DesignPeer *, by name */
  GPtrArray *advertise; /* DesignAnnouncement * */
  GPtrArray *sites;     /* DesignNvaSite *, by name: those that are told a list of their own */
  Duration establish, connect_retry, boot;
  DesignInterfaces *interfaces; /* NULL: one leg */
  SourceTranslation snat;
  DesignCluster *cluster; /* NULL: in none */
  NameRef state_sync;     /* another appliance, or a name that several have in common */
  gint64 capacity;        /* bits per second; 0: no limit */
  DesignHealth *health;   /* NULL: nothing is checked */
  const struct NvaSoftware *software;
  DesignForwards crash_forwards;
  gboolean stop_is_silent; /* an orderly stop closes TCP without NOTIFICATION */
  gboolean loop_check;
  Duration update_delay;
  const Node *peers_node;
  gpointer class_keys;         /* struct of the kind's own keys; or NULL */
  PrefixValue virtual_address; /* that it announces as its `vip`, as its kind has it */
  IpAddress legs[2]; /* addresses of its interface and of its second one, said or given to it;
                        IP_NONE: it has no such leg, or something is wrong with its subnet */
  const Node *clouds[CLOUD_MOST];
  gpointer configs[CLOUD_MOST]; /* with defaults where the file has no block */
} DesignNva;

typedef struct {
  BlockHead head;
  Duration keepalive, hold; /* not given: those of the far end, or 30 s and 90 s */
  LivenessJitterKind keepalive_jitter;
  DesignBfd *bfd; /* NULL: none */
} DesignDetect;

typedef struct {
  BlockHead head;
  PrefixValue prefix;
  gint64 count; /* consecutive prefixes from `prefix` on */
  gint64 prepend;
  gint64 med;             /* -1: none */
  GPtrArray *communities; /* NameRef *: "no-advertise", "65010:1" */
} DesignSiteAnnouncement;

typedef struct {
  BlockHead head; /* name: an appliance, a gateway or a circuit */
  gint64 prefer;
  gboolean bgp, clients;
  DesignDetect *detect;
  GPtrArray *advertise; /* DesignSiteAnnouncement *: in place of the site's, where it is said */
} DesignSiteLink;

typedef struct {
  GPtrArray *names; /* NameRef * */
  GPtrArray *links; /* DesignSiteLink *, by name; NULL where `via` is a list */
} DesignVia;

typedef struct {
  BlockHead head;
  GPtrArray *prefixes;  /* PrefixValue * */
  GPtrArray *advertise; /* DesignSiteAnnouncement *: in place of its prefixes, where it is said */
  DesignVia via;
  gint64 asn;
  gboolean transit;
  Duration establish, connect_retry;
} DesignSite;

typedef struct {
  BlockHead head;
  NameRef site, location;
  Duration keepalive, hold; /* of the site's router; not given: the provider's */
  LivenessJitterKind keepalive_jitter;
  DesignBfd *bfd; /* NULL: none */
  gint64 weight;
  const Node *clouds[CLOUD_MOST];
  gpointer configs[CLOUD_MOST]; /* CircuitTraits, for every cloud */
} DesignCircuit;

typedef struct {
  BlockHead head;
  GPtrArray *between;  /* NameRef *: two places */
  DesignPlace ends[2]; /* what these mean; DESIGN_PLACE_NONE: nothing */
  Duration delay;
} DesignLink;

typedef struct {
  BlockHead head;
  NameRef from, to;
  gboolean use_remote_gateway;
  gboolean connected; /* from the start; otherwise by an event */
  const Node *clouds[CLOUD_MOST];
  /* With defaults where the file has no block; NULL: the cloud has none. */
  gpointer configs[CLOUD_MOST];
  /* NameRef *: the subnets of `from` and of `to` that it is limited to under a cloud; NULL: it
   * joins all of them. */
  const GPtrArray *limits[CLOUD_MOST][2];
} DesignPeering;

typedef struct {
  BlockHead head;
  GPtrArray *prefix_equals, *prefix_contains;       /* PrefixValue * */
  GPtrArray *community_equals, *community_contains; /* NameRef * */
  GPtrArray *as_path_equals, *as_path_contains;     /* gint64 * */
} DesignRouteMapMatch;

typedef struct {
  BlockHead head;
  DesignRouteMapMatch *match; /* never NULL */
  gboolean drop;
  PrefixValue replace_prefix, summarize;
  GPtrArray *as_path_add, *as_path_replace;                        /* gint64 * */
  GPtrArray *community_add, *community_replace, *community_remove; /* NameRef * */
  DesignRuleNext next;
} DesignRouteMapRule;

typedef struct {
  BlockHead head;
  GPtrArray *rules; /* DesignRouteMapRule *, in order */
} DesignRouteMap;

typedef struct {
  BlockHead head;
  DesignGatewayKind kind;
  NameRef network; /* of a NAT gateway: its subnet's */
  NameRef subnet;  /* of a NAT gateway */
  gboolean active_active;
  GPtrArray *circuits; /* NameRef * */
  gint64 capacity;     /* of each instance; 0: without limit */
  const Node *clouds[CLOUD_MOST];
  /* vpn, circuit: GatewayTraits; nat: the cloud's own, where it has some; transit: NULL where the
   * file has no block. */
  gpointer configs[CLOUD_MOST];
} DesignGateway;

typedef struct {
  BlockHead head;
  PrefixValue to;
  NameRef via; /* its words are those of its key: DesignViaWord in a table of a network */
  NameRef prefix_list;
} DesignRoute;

typedef struct {
  BlockHead head;
  NameRef network;
  GPtrArray *subnets; /* NameRef * */
  NameRef gateway;    /* whose inbound traffic follows it; NULL: of subnets */
  gboolean propagate;
  GPtrArray *routes; /* DesignRoute * */
} DesignRouteTable;

typedef struct {
  BlockHead head;
  AddressValue address;
  GPtrArray *members; /* NameRef * */
} DesignLoadBalancer;

typedef struct {
  BlockHead head;
  NameRef from, to;
  gint64 flows;
  gint64 rate;
  Duration reconnect, sessions_last;
  DesignProtocol protocol;
} DesignTraffic;

typedef struct {
  BlockHead head;
  NameRef from, to;
  Duration every;
} DesignProbe;

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
  /* FAIL, RESTORE, CONNECT: a name; IMPAIR: "a, b"; SET, SET_ROUTES: the path */
  const char *target;
  Mark target_mark;
  const struct FaultKind *how; /* FAIL */
  DesignForwards forwards;
  Mark forwards_mark;
  Duration wait;       /* drain */
  const char *ends[2]; /* IMPAIR */
  double loss;
  Duration delay, jitter, span;
  const Node *value;     /* SET */
  GPtrArray *advertise;  /* SET nvas.X.advertise: DesignAnnouncement * */
  GPtrArray *routes;     /* SET_ROUTES route_tables.X.routes: DesignRoute * */
  DesignPersist persist; /* PERSIST */
} DesignEvent;

typedef enum { EXPECT_NO_SURVEY, EXPECT_SURVEY_SINGLE, EXPECT_SURVEY_PAIRS } ExpectSurvey;

typedef struct {
  BlockHead head;
  NameRef model; /* NULL: every model */
  gint64 event;
  NameRef variant;
  const Node *measure_node;
  int measure; /* a Measure, or of a survey a SurveyMeasure: known from metric/ on */
  Statistic stat;
  const Node *at_most_node, *at_least_node;
  gboolean has_at_most, has_at_least;
  double at_most, at_least; /* seconds or count */
  /* In place of a measure: does one place reach another at a moment? */
  GPtrArray *reach; /* NameRef *: from and to; empty: not asked */
  gboolean is;
  Duration reach_at;
  /* In place of an event: every element that fails, or every pair. */
  int survey;        /* an ExpectSurvey */
  NameRef how;       /* NULL: in whatever way it failed */
  GPtrArray *except; /* NameRef *: but for these */
} DesignExpect;

typedef struct {
  BlockHead head;
  NameRef model;
  gint64 event;
  NameRef variant;
  int measure;   /* as above */
  NameRef probe; /* in place of a measure: its longest gap */
  const Node *low_node, *high_node;
  double low, high; /* seconds or count */
  const char *source;
  GPtrArray *used_to_set; /* NameRef *: traits that this number fixed; empty: a validation */
  const char *note;
} DesignMeasured;

/* ---- the whole --------------------------------------------------------------------------- */

typedef struct {
  BlockHead head;
  const char *name, *title;
  const char *traits;  /* a file, as given, whose values stand in here already; or NULL */
  const char *variant; /* of the file, by its name, that this is the design of */
  gint64 seed, runs;
  Duration duration;
  Duration month; /* that prices are for */
  gboolean cold_start;
  LivenessMode liveness;
  gboolean models[CLOUD_MOST]; /* by place of the cloud in the registry, as the others */
  Duration link_delay;
  Duration tcp_timeout;
  FailoverMethod failover;
  gpointer load_balancer[CLOUD_MOST]; /* LoadBalancerConfig * */
  gpointer api_failover[CLOUD_MOST];  /* ApiFailoverConfig * */
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
  GPtrArray *events; /* DesignEvent * */
  GPtrArray *expect, *measured;
  GPtrArray *failures; /* DesignFailure * */
  GPtrArray *links;    /* DesignLink * */
} Design;

/* ---- queries ---------------------------------------------------------------------------- */

/* The block of this name (`head.name`); NULL: none. */
gpointer design_find(const GPtrArray *blocks, const char *name);
/* Does a list of names (NameRef *) hold this one? */
gboolean design_names_hold(const GPtrArray *names, const char *name);

/* The kinds of place that are called so, of those in `kinds`. A network alone in a region of its
 * own name is one place with that, and so is a circuit alone at its location. A name of several
 * kinds is refused where it is used. */
guint design_place_kinds(const Design *design, const char *name, guint kinds);
/* The place; of several the first kind. */
DesignPlace design_place(const Design *design, const char *name, guint kinds);
/* Is it the network, the site, the circuit, or around it? */
gboolean design_place_has_network(const DesignPlace *place, const DesignNetwork *network);
gboolean design_place_has_site(const DesignPlace *place, const DesignSite *site);
gboolean design_place_has_circuit(const DesignPlace *place, const DesignCircuit *circuit);

/* What the name of something that fails is about. */
typedef enum {
  DESIGN_TARGET_THING,   /* "fw-a", "rs/a1": what is called so */
  DESIGN_TARGET_PART,    /* "rs/#0": of a route server, by its number among them */
  DESIGN_TARGET_ZONE,    /* "zone/west/a": of a region or a network */
  DESIGN_TARGET_LINK,    /* "link/dc/fw-a": of a site */
  DESIGN_TARGET_CIRCUIT, /* "circuit/c1", "circuit/c1/0" */
} DesignTargetKind;
typedef struct {
  DesignTargetKind kind;
  const char *rest; /* behind the word of its kind, borrowed from the name; else all of that */
  const DesignRouteServer *server; /* of a part ... */
  guint number;                    /* ... the 0 of "#0": parts count by name */
  DesignPlace place;               /* of a zone, ... */
  const char *zone;                /* ... and what it is called there */
} DesignTarget;
DesignTarget design_target(const Design *design, const char *name);

/* Could this list of the design's blocks be read? */
gboolean design_is_read(const Design *design, const GPtrArray *blocks);

/* "hub/app"; NULL: none. `network` may be NULL. */
const DesignSubnet *design_find_subnet(const Design *design, const char *full_name,
                                       const DesignNetwork **network);
/* Does one of these (PrefixValue *) cover the prefix? */
gboolean design_ranges_cover(const GPtrArray *ranges, Prefix prefix);
/* Whose range holds the address; NULL: nobody's. */
const char *design_network_of_address(const Design *design, IpAddress address);
const DesignSubnet *design_subnet_of_address(const Design *design, IpAddress address);
/* The table of the user's own that the subnet follows; NULL: none. */
const DesignRouteTable *design_table_of(const Design *design, const char *network,
                                        const DesignSubnet *subnet);

/* An end that could not be read may be any network. */
gboolean design_peering_joins(const DesignPeering *peering, const char *a, const char *b);
/* TRUE for one network, and for two that are peered now or during the run. */
gboolean design_are_peered(const Design *design, const char *a, const char *b);
/* The peering that joins both; NULL: none, or they are the same. */
const DesignPeering *design_peering_between(const Design *design, const char *a, const char *b);
/* The subnets of `network` that it is limited to under the cloud at this place, with the name of
 * the network or without; NULL: it joins all of them. */
const GPtrArray *design_peering_limits(const DesignPeering *peering, guint cloud,
                                       const char *network);
/* Is it one of those? `peering` NULL: of one's own network. */
gboolean design_peering_includes(const DesignPeering *peering, guint cloud, const char *network,
                                 const DesignSubnet *subnet);
/* Does `network` get the routes of a route server in network `by`? */
gboolean design_is_served(const Design *design, const char *network, const char *by);
/* Is `b` the same as `a`, or peered with it from the start, or only by an event of the run? */
typedef enum { DESIGN_FAR, DESIGN_NEAR_LATER, DESIGN_NEAR } DesignNearness;
DesignNearness design_nearness(const Design *design, const char *a, const char *b);

/* The first vpn or circuit gateway of a network, and its first route server; NULL: none. */
const DesignGateway *design_gateway_in(const Design *design, const char *network);
const DesignRouteServer *design_server_in(const Design *design, const char *network);
/* Other route servers of the same network. */
guint design_server_siblings(const Design *design, const DesignRouteServer *server);
/* The first circuit gateway on the circuit; NULL: nothing is connected. */
const DesignGateway *design_gateway_on(const Design *design, const DesignCircuit *circuit);
/* A gateway of the other kind, vpn or circuit, in the same network; NULL: none. */
const DesignGateway *design_gateway_beside(const Design *design, const DesignGateway *one);
/* Has it a gateway or route server that a peered network could use? TRUE also where nobody
 * knows. */
gboolean design_may_lend(const Design *design, const char *network);
/* Does `network` use those of the far network over this peering? */
gboolean design_borrows(const DesignPeering *peering, const char *network);
/* Could it use those of another network: it has none of its own, and uses none yet? */
gboolean design_may_borrow(const Design *design, const char *network);

/* TRUE where the site has a router of its own: `via` is a mapping, or a circuit ends there. */
gboolean design_site_has_router(const Design *design, const DesignSite *site);
/* Does a circuit of the gateway end at the site? */
gboolean design_circuit_leads_to(const Design *design, const DesignGateway *gateway,
                                 const DesignSite *site);
/* TRUE where the site is behind a vpn or circuit gateway of this network. */
gboolean design_site_is_behind(const Design *design, const DesignSite *site, const char *network);
/* What the site's `via` says of a link to `name`, or of a gateway on circuit `name`; NULL:
 * nothing. */
const DesignSiteLink *design_site_link(const Design *design, const DesignSite *site,
                                       const char *name);
/* FALSE: static routes, or point-to-site clients. NULL: nothing is said of it, and it does. */
gboolean design_link_speaks_bgp(const DesignSiteLink *link);

/* Is it announced only while the health checks of the appliance say so, by `when` or by `vip`? */
gboolean design_is_conditional(const DesignAnnouncement *announcement);
/* Was a list given to this peer, also an empty one? */
gboolean design_has_own_list(const DesignPeer *peer);
/* What a part of the peer ("a1") is announced; NULL: the appliance's own list. */
const GPtrArray *design_list_for(const DesignPeer *peer, const struct CloudClass *cloud,
                                 const char *part);
/* What a site announces over a link (an appliance, gateway or circuit; NULL: where nothing else is
 * said), as DesignTold; the caller frees. */
typedef struct {
  Prefix prefix;
  const DesignSiteAnnouncement *how; /* NULL: plainly */
} DesignTold;
GArray *design_site_told(const Design *design, const DesignSite *site, const char *link);

/* All that is told to vpn and circuit gateways of this network (Prefix); the caller frees. */
GArray *design_told_behind(const Design *design, const char *network);

/* What the `via` of a route means, seen from the network of its table. */
typedef enum {
  DESIGN_HOP_APPLIANCE,
  DESIGN_HOP_ADDRESS,
  DESIGN_HOP_PEERING,
  DESIGN_HOP_INTERNET, /* an internet gateway, or the word `internet` */
  DESIGN_HOP_GATEWAY,  /* vpn or circuit */
  DESIGN_HOP_TRANSIT,
  DESIGN_HOP_NAT, /* a NAT gateway */
  DESIGN_HOP_LOCAL,
  DESIGN_HOP_NONE,
} DesignHopKind;
typedef struct {
  DesignHopKind kind;
  const char *network;  /* that it belongs to: of a peering `from`, where it joins that, and one of
                           its own where not; of the word `internet` `from`, if that has an internet
                           gateway or nobody knows; NULL: none */
  const DesignNva *nva; /* an appliance, ... */
  const DesignGateway *gateway; /* ... a gateway of any kind; else NULL */
} DesignHop;
DesignHop design_hop(const Design *design, const char *from, const NameRef *via);
DesignHopKind design_gateway_hop(const DesignGateway *gateway);
/* An appliance or an address. */
gboolean design_hop_is_interface(DesignHopKind kind);
/* FALSE: its prefix or what it names is wrong, which is told. */
gboolean design_route_is_sound(const Design *design, const DesignRoute *route);
/* TRUE where one table cannot have both: routes of prefix lists stand beside static ones. */
gboolean design_routes_clash(const DesignRoute *a, const DesignRoute *b);
/* Do routes of gateways enter the table of this name, or that of the subnet? */
gboolean design_takes_gateway_routes(const Design *design, const char *name);
/* The region of the load balancer that a next hop names, by its address too; NULL: it names none,
 * or nobody knows. */
const char *design_balancer_region(const Design *design, const char *hop);
/* Is the next hop, an address, appliance or load balancer, an interface of an appliance in the
 * network? TRUE also where nobody knows. */
gboolean design_is_interface(const Design *design, const char *network, const char *hop);

/* Does the scenario give it to an appliance or a front end? */
gboolean design_is_given(const Design *design, IpAddress address);
/* How many addresses of the subnet are taken by what the scenario puts there, with NAT gateways
 * where clouds have these. */
guint64 design_inhabitants(const Design *design, const DesignSubnet *subnet, gboolean nat_gateways);
/* Could a network or subnet that could not be read have any address? */
gboolean design_has_unread_ranges(const Design *design);

/* What an appliance announces, at the start. */
typedef struct {
  Prefix first;
  guint64 count; /* consecutive prefixes from `first` on */
  Mark mark;
  const char *hop; /* their next hop: an address, an appliance or a load balancer */
  Mark hop_mark;   /* `mark` where no next hop is said */
} DesignAnnounced;
/* What a list of announcements comes to (DesignAnnounced); the caller frees. */
GArray *design_announced(const Design *design, const DesignNva *nva, const GPtrArray *list);
/* An appliance that peers with a route server. */
typedef struct {
  const DesignNva *nva;
  const DesignPeer *block;
  const DesignNetwork *network; /* of its interface, ... */
  const DesignSubnet *subnet;
  const DesignNetwork *outer; /* ... and of its second leg; NULL: none */
  GArray *announced; /* DesignAnnounced: to that part of the route server that is told most */
} DesignServerPeer;
/* By name, those whose subnet is there (DesignServerPeer *); the caller frees. */
GPtrArray *design_server_peers(const Design *design, const DesignRouteServer *server,
                               const struct CloudClass *cloud);
guint64 design_count_announced(const DesignServerPeer *peer);

/* Does the appliance translate what it passes on, or has it a way to the Internet that may? */
gboolean design_nva_translates(const Design *design, const DesignNva *nva);
/* Does a next hop name the appliance, or does it announce something with itself as next hop? */
gboolean design_nva_forwards(const Design *design, const DesignNva *nva);
/* Is any traffic or probe from or to the Internet? */
gboolean design_asks_internet(const Design *design);
