/* Azure Route Server: BGP as a service.
 *
 *     appliance --BGP--> instance 0 --> RIB --> equal paths --> its share of the NICs
 *          |                 |   ^ branch-to-branch
 *          |                 v   v
 *          |             gateways (VPN, ExpressRoute) --> sites
 *          +----BGP--> instance 1 --> RIB --> equal paths --> the other NICs
 *
 * Two instances with AS number 65515 stand in RouteServerSubnet, and an appliance peers with both.
 * Each has a RIB of its own, decides for itself, and programs its share of the NICs of the VNet and
 * of peered VNets that use it; when one is lost, the other takes its NICs over. All equal paths
 * become next hops, over which flows are shared by hash. A prefix changes again on an instance no
 * earlier than 30 s after its last change. Instances announce the ranges of the networks to
 * appliances, and with branch-to-branch on they pass on what gateways and appliances told them.
 *
 * In this folder azure.c has the traits and the class; routes.c what is taken, chosen,
 * installed and passed on (`import`, `plan`, `advertise`); tables.c the system routes of NICs, the
 * instances that feed them, and peerings that come; azure_gateways.c VPN and ExpressRoute gateways;
 * relations.c which instance an appliance peers with; check.c and check_tables.c what is refused;
 * describe.c what the command line shows; forbids.c the rule behind a loss; failover.c the traits
 * of what people use in its place. The cloud itself is the way out to the Internet.
 * Facts: AZ-1 to AZ-8. */
#pragma once
#include "routesim/cloud/design.h"
#include "routesim/cloud/gateway.h"
#include "routesim/cloud/shipped.h"

/* Nobody can choose these. Facts: AZ-1.1, AZ-1.3, AZ-2.1, AZ-14.1, AZ-14.2. */
#define AZURE_ASN 65515
#define AZURE_INSTANCES 2
#define AZURE_SUBNET "RouteServerSubnet"

typedef enum { TOTAL_LOSS_FREEZE, TOTAL_LOSS_FLUSH } TotalLoss;
typedef enum { REFLECT_WITH_BRANCHES, REFLECT_ALWAYS, REFLECT_NEVER } Reflection;
typedef enum { PREFER_EXPRESSROUTE, PREFER_VPN, PREFER_AS_PATH } RoutingPreference;
typedef enum { HASH_MODULO, HASH_RESILIENT } EcmpHash;

/* Its block in a route server. */
typedef struct {
  BlockHead head;
  NameRef subnet;
  gboolean branch_to_branch;
  Reflection reflection;
  RoutingPreference routing_preference;
  gboolean obey_no_export, relay_community;
  Duration keepalive, hold;
  LivenessJitterKind keepalive_jitter;
  Duration process, program, table_jitter, change_interval;
  Duration takeover, boot, alarm_interval;
  gint64 base_price, unit_price;
  double nic_share;
  gint64 max_paths;
  EcmpHash ecmp_hash;
  gint64 hash_buckets;
  TotalLoss total_loss;
  gint64 max_peers, max_routes_per_peer, max_routes_total, max_networks;
  BgpPrefixCount limit_count;
  gint64 routing_infrastructure_units;
  GPtrArray *gateways; /* AzureGatewayConfig *, by name */
} AzureConfig;

/* Route maps of a gateway's connection. */
typedef struct {
  BlockHead head;
  NameRef inbound, outbound;
} AzureGatewayConfig;

/* Its block in a peering. */
typedef struct {
  BlockHead head;
  GPtrArray *subnets[2]; /* NameRef *: of `from` and of `to`; empty: all */
} AzurePeeringConfig;

/* Its block in an appliance's peer. */
typedef struct {
  BlockHead head;
  GPtrArray *instances; /* gint64 *: 0, 1; empty: both */
  NameRef inbound, outbound;
} AzurePeerConfig;

/* Its instances, as a design has them. */
gboolean azure_part_at(const Design *design, const DesignRouteServer *server, gconstpointer config,
                       guint index, CloudPart *part);
/* Does a peer block (NULL: all defaults) mean this instance? */
gboolean azure_peers_with(const AzurePeerConfig *peer, guint instance);

/* Ranks of the origins in NICs' tables. Of two gateways the one with circuits is the primary link
 * at the same prefix, whatever the path length. Facts: AZ-6.2, AZ-8.20. */
enum {
  AZURE_RANK_USER = 1,
  AZURE_RANK_SERVER,
  AZURE_RANK_CIRCUIT,
  AZURE_RANK_VPN,
  AZURE_RANK_NETWORK,
  AZURE_RANK_SYSTEM,
};

/* tables.c: VNets, NICs and the instances that feed them. */
extern const RouteOrigin azure_gateway_origin, azure_user_origin;
extern const char azure_gateway_subnet[];
/* The route server whose instances program the NICs of `network`, by these peerings or by those
 * that stand; NULL: none. */
const RouteServerConfig *azure_server_over(const CloudTopology *topology,
                                           const CloudNetwork *network, const GPtrArray *peerings);
const RouteServerConfig *azure_server_of(const CloudTopology *topology,
                                         const CloudNetwork *network);
/* Do the instances of this route server program the NICs of `network`? */
gboolean azure_serves(const CloudTopology *topology, const RouteServerConfig *server,
                      const CloudNetwork *network);
void azure_build_tables(CloudTopology *topology);
void azure_set_user_routes(CloudTopology *topology, CloudUserTable *user, GArray *routes);
void azure_build(RouteServer *server, CloudTopology *topology);
void azure_connect(CloudTopology *topology, const CloudPeering *peering,
                   const GPtrArray *route_servers);

/* routes.c: what is taken, chosen, installed and passed on. */
extern const BgpProfile azure_profiles[]; /* by RoutingPreference */
const char *azure_import(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer, Prefix prefix,
                         const BgpAttributes *attributes);
const char *azure_admit(const RouteServer *server, const RouteTable *table, Prefix prefix,
                        const RoutePlan *plan);
void azure_plan(const RouteServer *server, const BgpEntry *entry, RoutePlan *plan);
gboolean azure_passes_on(gconstpointer config, gboolean among_appliances);
gboolean azure_advertise(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer,
                         const BgpEntry *entry);
const BgpAttributes *azure_rewrite(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer,
                                   const BgpEntry *entry, const BgpAttributes *attributes);

/* failover.c: what people use in place of it. */
extern const KeyTable azure_load_balancer_keys, azure_api_failover_keys;

/* check.c: what a scenario may not ask for. */
void azure_check_server(DesignCheck *check, const DesignRouteServer *server);
const char *azure_refuse_asn(gconstpointer config, guint32 asn);
const char *azure_refuse_path_asn(guint32 asn, gboolean matched);
/* check_tables.c. */
void azure_check_table(DesignCheck *check, const DesignRouteTable *table, const GPtrArray *routes);
void azure_check_network(DesignCheck *check, const DesignNetwork *network);

/* azure_gateways.c. */
extern const GatewayClass azure_gateways[GATEWAY_KINDS];
