/* AWS VPC Route Server: failover orchestration.
 *
 *     appliance --BGP--> endpoint a1 --+
 *     appliance --BGP--> endpoint b1 --+--> one RIB --> one FIB --> route tables that are named
 *                                            (the winner alone)       (admitted, or rejected)
 *
 * Endpoints stand in subnets, and an appliance peers with those in its own, or with those that it
 * names. All endpoints feed one RIB, so a route leaves with the last session of its appliance. Of
 * the routes to a prefix one wins, and its appliance's network interface becomes the target in each
 * table of `propagate_to`, where a stronger route of the same prefix can keep it out. Nothing is
 * advertised to anybody. A session may be watched by BFD, and routes can be persisted: kept,
 * frozen, while all sessions are down.
 *
 * In this folder aws.c has the traits, the decision process and the class with `plan` and
 * `advertise`; tables.c what stands in route tables and what they admit; persist.c persisted routes
 * and the return of sessions; transit.c and aws_gateways.c transit and virtual private gateways;
 * relations.c which endpoint an appliance peers with; check.c and check_tables.c what is refused;
 * describe.c and states.c what the API shows; forbids.c the rule behind a loss; failover.c the
 * traits of what people use in its place. A subnet has one table, which its own or others share;
 * gateways at the edge are elements with tables of their own. Facts: AWS-1 to AWS-8. */
#pragma once
#include "aws_traits.h"
#include "routesim/cloud/gateway.h"
#include "routesim/cloud/shipped.h"

/* What people use in place of it stands in failover.c, */
extern const KeyTable aws_load_balancer_keys, aws_api_failover_keys;

extern const RouteOrigin aws_local_origin, aws_static_origin, aws_prefix_list_origin,
    aws_advertisement_origin, aws_vgw_origin, aws_vpn_static_origin, aws_vpn_bgp_origin;

/* virtual private gateways in aws_gateways.c, */
extern const GatewayClass aws_gateways;
extern const CircuitClass aws_circuits;

/* what route tables hold, and what may enter them, in tables.c, */
void aws_build_tables(CloudTopology *topology);
const char *aws_admit(const RouteServer *server, const RouteTable *table, Prefix prefix,
                      const RoutePlan *plan);
const RouteOrigin *aws_written_origin(const CloudTopology *topology, const RouteTable *table,
                                      Prefix prefix, const char **why);
void aws_set_user_routes(CloudTopology *topology, CloudUserTable *user, GArray *routes);
const char *aws_route_state(const CloudTopology *topology, const RouteView *route);
/* and objects as the API shows them in states.c. */
typedef struct {
  const char *kind;   /* "endpoint" */
  const char *name;   /* "rs/a1" */
  const char *state;  /* "available" */
  const char *detail; /* or NULL */
} AwsObject;
typedef void (*AwsObjectVisit)(const AwsObject *object, gpointer data);
void aws_objects(const RouteServer *server, AwsObjectVisit visit, gpointer data);
extern const char aws_table_full[];
/* An appliance peers with the endpoints in its own subnet, or with those that it names. `asked` may
 * be NULL. Facts: AWS-2.8. */
gboolean aws_peers_with(const AwsEndpoint *endpoint, const char *subnet,
                        const AwsPeerConfig *asked);
gboolean aws_part_at(const Design *design, const DesignRouteServer *server, gconstpointer config,
                     guint index, CloudPart *part);
gboolean aws_peers_with_part(gconstpointer config, guint index, const char *subnet,
                             gconstpointer peer_config);
/* With how many endpoints an appliance peers; 0 where the cloud refuses the peer. */
guint aws_count_parts(const AwsConfig *config, const char *subnet, const AwsPeerConfig *asked);
const char *aws_refuse_peer(gconstpointer config, const char *subnet, gconstpointer peer_config);
