/* VPN and circuit gateways: where sites come into a network.
 *
 * A cloud's GatewayClass says what its gateways are: how many instances one has, how these decide,
 * what they are to a route server and to each other. Its `kinds` say where the two differ: the
 * numbers that a scenario may set, what one takes and tells, and how tables call its routes. Both
 * kinds are there in every cloud, also where it has no such gateway. What stands behind a circuit
 * gateway is circuit.h's business.
 *
 * An instance is a Router as soon as something speaks BGP with it: the cloud's route server, a
 * circuit, or a site with routers of its own. Where no route server stands in the network, the
 * gateway itself programs the tables. Networks that are peered use it over `use_remote_gateway`,
 * unless the cloud's peerings end with their two networks (FabricClass). */
#pragma once
#include "routesim/cloud/cloud.h"
#include "routesim/cloud/router.h"

typedef enum { GATEWAY_VPN, GATEWAY_CIRCUIT } GatewayKind;
#define GATEWAY_KINDS 2
#define GATEWAY_MOST_INSTANCES 2

/* What gateways are to a route server. */
extern const BgpRole gateway_role_vpn, gateway_role_circuit;
/* What others are to a gateway: the route server, a sister instance, the other side of the same
 * gateway (VPN and private lines, see `one_a_network`), an edge of a circuit (whose
 * sessions are one connection), a site over a tunnel, by BGP or only watched, point-to-site
 * clients. To an edge a site is a site. */
extern const BgpRole gateway_role_server, gateway_role_sister, gateway_role_side, gateway_role_edge,
    gateway_role_site, gateway_role_static, gateway_role_clients;

/* The numbers of one gateway: the struct of every kind's `keys`. Keys that a kind has not
 * stay 0. */
typedef struct {
  BlockHead head;
  gint64 asn;
  Duration boot;
  Duration establish, connect_retry;
  Duration keepalive, hold;                      /* with the route server and with circuits */
  Duration site_keepalive, site_hold;            /* with sites over tunnels */
  LivenessJitterKind keepalive_jitter;           /* of what it sends itself */
  gboolean negotiates;                           /* the site's lower timers count */
  Duration failover_planned, failover_unplanned; /* active-standby */
  Duration program;                              /* into tables, where no route server does */
  gboolean ecmp_beside_route_server;
  gint64 most_advertised; /* prefixes towards one circuit; 0: any number */
  gint64 most_learned;    /* prefixes from one site; 0: any number */
} GatewayTraits;

/* What differs between the two kinds. Every member is there, but for those of which it is said what
 * NULL means. */
typedef struct {
  const KeyTable *keys;             /* GatewayTraits: `gateways.*.CLOUD` */
  const RouteOrigin *origin;        /* of what it learned by BGP, in tables */
  const RouteOrigin *static_origin; /* of static routes; may be the same */
  gboolean is_target;               /* user routes may name it */
  gboolean exchanges_neighbors;     /* tells neighbors what it heard from others of its own kind */
  const char *refuses_networks; /* the fact that it neither tells nor takes routes to 0.0.0.0/0 or
                                   into the networks' own ranges, but for these themselves; NULL:
                                   it does */
  const char *bfd_refusal;      /* over tunnels: why not, with fact id; NULL: it has BFD */
  void (*check)(DesignCheck *check, const DesignGateway *gateway); /* what it refuses; or NULL */
} GatewayKindClass;

/* What the cloud's gateways are, of either kind. Every member is there, but for those of which it
 * is said what NULL means. */
struct GatewayClass {
  GatewayKindClass kinds[GATEWAY_KINDS];
  guint instances;           /* when active-active: 1 to GATEWAY_MOST_INSTANCES */
  guint32 asn;               /* where the traits have none; of `one_a_network`: its traits' own */
  const BgpProfile *profile; /* how an instance decides */
  const BgpProfile *server_profile; /* ... that stands beside a route server, and has sessions with
                                       it then: one connection carries all; NULL: none has */
  Ground sight; /* see net_node_set_sight(): what an instance still finds out that has failed */
  const char *ipv4_only;     /* the fact that they know and carry no IPv6; NULL: they do */
  const char *one_a_network; /* what both kinds together are called, "virtual private gateway",
                                where they are one gateway of their network, which tells each
                                neighbor what it heard from the others; NULL: they are not */
  gboolean static_alone;     /* sites with static routes over tunnels, which no BGP tells of, see
                                the networks and are seen by them, and nothing else */
};

/* Came it over a circuit, to this gateway or to one of its AS that handed the mark on? */
gboolean gateway_is_marked(const BgpCandidate *candidate);
/* For profiles: what circuits told before anything else; what a sister instance told before the
 * same from a route server, whose hosts' routes lead back here. */
guint gateway_filter_marked(const BgpCandidate **candidates, guint count);
guint gateway_filter_sister(const BgpCandidate **candidates, guint count);

typedef struct {
  const char *name; /* "er" */
  GatewayKind kind;
  CloudSubnet *subnet; /* where its interfaces stand */
  const GatewayTraits *traits;
  gboolean active_active;
  gboolean has_neighbors; /* circuits, or sites with routers of their own */
  gint64 capacity;        /* of each instance, bits per second; 0: no limit */
  guint32 asn;            /* in place of that of the traits; 0: theirs */
  RouteTable *inbound;    /* for what comes from outside; NULL: that of `subnet` */
} GatewayConfig;

typedef struct Gateway Gateway;

/* Where its instances stand, and how many there are, before it is made. */
guint gateway_class_instances(const GatewayClass *class, gboolean active_active);
IpAddress gateway_address(const CloudSubnet *subnet, GatewayKind kind, guint index);

Gateway *gateway_new(const CloudClass *class, CloudTopology *topology, const GatewayConfig *config);
const GatewayClass *gateway_class(const Gateway *gateway);
const GatewayKindClass *gateway_kind(const Gateway *gateway);
const GatewayConfig *gateway_config(const Gateway *gateway);
const char *gateway_name(const Gateway *gateway);
const BgpRole *gateway_role(const Gateway *gateway); /* to a route server */
CloudNetwork *gateway_network(const Gateway *gateway);
guint gateway_instance_count(const Gateway *gateway);
const char *gateway_instance_name(const Gateway *gateway, guint index); /* "er/0" */
Element *gateway_instance_element(const Gateway *gateway, guint index);
NetNode *gateway_instance_node(const Gateway *gateway, guint index);
Router *gateway_instance_router(const Gateway *gateway, guint index);
/* NULL where nothing speaks BGP with it. */
BgpSpeaker *gateway_instance_speaker(const Gateway *gateway, guint index);
/* Into *longest, around the address, of the prefixes that it would put into tables itself, where no
 * route server does; FALSE: none. */
gboolean gateway_leads(const Gateway *gateway, IpAddress address, Prefix *longest);
guint32 gateway_asn(const Gateway *gateway);
/* The timers of its end of the session with a site's router, drawn for this run. A private line
 * that ends at the gateway itself has those of one that comes by a circuit, and negotiates as that
 * does. */
typedef struct {
  SimTime keepalive, hold;
  Ground hold_ground;
  gboolean fixed; /* the site's lower timers do not count */
} GatewayTimers;
GatewayTimers gateway_site_timers(const Gateway *gateway);
/* A setting of its traits, drawn for this run. */
SimTime gateway_setting(const Gateway *gateway, const char *key, const Duration *duration);
/* The two are one gateway: written routes that name the one lead to the other where it is down. */
void gateway_join_sides(Gateway *a, Gateway *b);
/* `site` is behind links to its instances and is known to have `prefix`: a route that no session
 * carries, and that has no AS path; behind a circuit that of AS `asn`. `alone`: the networks may
 * use it, and nobody else is told. */
void gateway_reach(Gateway *gateway, Site *site, Prefix prefix, guint32 asn, gboolean alone);
/* `peer`, the instance's end of a session with `site`, watches the tunnel: while it is down the
 * instance does without what it reaches there. */
void gateway_watch_tunnel(Gateway *gateway, guint index, const Site *site, const BgpPeer *peer);
/* The sessions with one circuit, at the gateway's end: they fall together when it would be
 * told more prefixes than it takes, and come back when that is over. */
void gateway_add_connection(Gateway *gateway, const char *circuit, GPtrArray *peers);
/* For the converged start: those that would be told more have been down for long. FALSE: all that
 * are up may be. */
gboolean gateway_begin_limits(Gateway *gateway);
/* All is converged: the tables that it programs itself are filled. */
void gateway_begin(Gateway *gateway);
/* The process of an instance ended, or started with empty state. */
void gateway_instance_changed(Gateway *gateway, guint index, gboolean up);
/* Planned work takes an instance out of use, though it works on, or puts it back. */
void gateway_instance_held(Gateway *gateway, guint index, gboolean on);

/* A circuit has too many prefixes, or no longer. Subject: gateway; object: circuit; value: how
 * many. */
extern const TraceKind GATEWAY_LIMIT;
