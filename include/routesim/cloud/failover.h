/* What people use in place of a route server, over the same appliances, prefixes and tables: a
 * load balancer in front of the appliances, or a script that replaces routes through the cloud's
 * API. Each cloud says in two key tables what its load balancer and its API do by default; the
 * mechanism is one for all.
 *
 * A load balancer stands in the tables from the start and changes none: it hands each flow to a
 * member that its health check calls healthy. A script polls the appliances and, when the one in
 * use fails, writes another one into every table; or (`trigger: device`) the appliances watch each
 * other, and one that hears the one in use go makes that call itself. */
#pragma once
#include "routesim/bfd/bfd.h"
#include "routesim/cloud/topology.h"
#include "routesim/net/health_check.h"

typedef struct CloudClass CloudClass;

/* What a cloud says of both. Every member is there, but for those of which it is said what NULL
 * means; load balancers that stand by themselves in a design read the same keys. */
typedef struct {
  const KeyTable *load_balancer_keys; /* LoadBalancerConfig, at least the health check's */
  const KeyTable *api_keys;           /* ApiFailoverConfig, all of it */
  /* The origin of a route which the two write to `prefix` in this table. NULL: the table does not
   * take it, and *why tells (static, with fact id). NULL hook: FabricClass.static_origin. */
  const RouteOrigin *(*written_origin)(const CloudTopology *topology, const RouteTable *table,
                                       Prefix prefix, const char **why);
  SimTime least_probe_interval;      /* of its load balancer's health check; 0: any, and no fact */
  const char *least_probe_fact;      /* its id; NULL: there is none */
  SimTime most_deregistration_delay; /* that it takes; 0: any, and no fact */
  const char *most_deregistration_fact; /* its id; NULL: there is none */
  /* what appliances with two legs need behind it, with fact id; or NULL */
  const char *two_leg_rule;
} FailoverClass;

/* What open sessions do when their member is lost, and what a balancer does with new ones when all
 * its members are; each with the words for it, NULL-terminated. */
typedef enum { LOAD_BALANCER_FLOWS_STAY, LOAD_BALANCER_FLOWS_MOVE } LoadBalancerFlows;
extern const char *const load_balancer_flows[];
typedef enum { LOAD_BALANCER_DROPS, LOAD_BALANCER_OPENS } LoadBalancerAllDown;
extern const char *const load_balancer_all_down[];

/* Filled by FailoverClass.load_balancer_keys. */
typedef struct {
  BlockHead head;
  Duration interval, timeout; /* of the health check */
  gint64 unhealthy, healthy;  /* probes in a row */
  /* Where a cloud has no such key, 0. */
  LoadBalancerFlows existing_flows;
  LoadBalancerAllDown all_down;
  gboolean cross_zone;            /* members of other zones are used too */
  LoadBalancerFlows existing_udp; /* with `stay`: as existing_flows */
  Duration deregistration_delay; /* with `move`: open sessions of one taken out move after it ... */
  Duration flow_sync;            /* ... and after this */
  Duration flap_window;          /* of the health check */
} LoadBalancerConfig;

typedef enum { API_TRIGGER_POLL, API_TRIGGER_DEVICE } ApiTrigger;
extern const char *const api_triggers[];

/* Filled by FailoverClass.api_keys. */
typedef struct {
  BlockHead head;
  ApiTrigger trigger;
  Duration poll, timeout;
  gint64 failures, successes; /* polls in a row */
  Duration heartbeat;         /* between the appliances */
  gint64 misses;              /* heartbeats in a row */
  Duration call;              /* from the decision until the API has taken the call */
  Duration propagate;         /* from there until a route table carries traffic anew */
  gboolean preempt;           /* back to the preferred appliance when it is good again */
} ApiFailoverConfig;

/* An appliance in front of which the load balancer stands, or that the script watches. */
typedef struct {
  const char *name;
  const char *zone; /* or NULL */
  Element *element;
} FailoverMember;

/* What it would announce. */
typedef struct {
  Prefix prefix;
  guint member;       /* index */
  guint64 preference; /* lower is better: AS path length, then MED, then the order of members */
} FailoverRoute;

/* A table, and the zone of the hosts that follow it (NULL: none, or several). */
typedef struct {
  RouteTable *table;
  const char *zone;
} FailoverTable;

typedef struct {
  const char *name; /* of the route server that it stands for */
  const CloudClass *class;
  gconstpointer config;      /* LoadBalancerConfig or ApiFailoverConfig */
  GArray *members;           /* FailoverMember, by name */
  GArray *routes;            /* FailoverRoute */
  GArray *tables;            /* FailoverTable */
  LivenessMode liveness;     /* of heartbeats, and ... */
  const Distribution *delay; /* ... one way */
} FailoverConfig;

/* Two members that watch each other. */
typedef struct {
  guint members[2]; /* index */
  Path *path;
  BfdSession *session;
} FailoverHeartbeat;

/* What an operator can do. */
typedef struct {
  /* An appliance goes out before planned work, or comes back. */
  void (*take_out)(gpointer data, guint member, gboolean out);
  gpointer data;
  const GArray *heartbeats; /* FailoverHeartbeat, not begun; NULL: there are none */
} FailoverHandle;

/* Both put their routes into the tables at once, where failover_origin() lets them, and act from
 * then on. The arrays stay borrowed. Made before engine_seal(). */
FailoverHandle load_balancer_start(CloudTopology *topology, const FailoverConfig *config);
/* A load balancer by itself, with its front end at `address`, that a next hop may name.
 * `members` are copied. */
void load_balancer_stand_at(CloudTopology *topology, const CloudClass *class, const char *name,
                            const LoadBalancerConfig *traits, IpAddress address,
                            const FailoverMember *members, guint count);
FailoverHandle api_failover_start(CloudTopology *topology, const FailoverConfig *config);
/* An operator did so: subject and object as those of the health checks. */
extern const TraceKind FAILOVER_TAKEN_OUT, FAILOVER_PUT_BACK;
void failover_record_operator(const CloudTopology *topology, const FailoverConfig *config,
                              guint member, gboolean out);
/* The origin of what they write to `prefix` in the table; NULL: the user has a route of its own
 * there, which wins, as over a route server, or (recorded) the cloud does not take it. */
const RouteOrigin *failover_origin(const CloudTopology *topology, const FailoverConfig *config,
                                   const RouteTable *table, Prefix prefix);
