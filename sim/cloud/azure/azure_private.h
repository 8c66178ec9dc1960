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
#include "azure_traits.h"
#include "routesim/cloud/gateway.h"
#include "routesim/cloud/shipped.h"

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

/* VNets, NICs and the instances that feed them stand in tables.c, */
extern const RouteOrigin azure_gateway_origin, azure_user_origin, azure_peering_origin;
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

/* what is taken, chosen, installed and passed on in routes.c, */
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

/* what people use in place of it in failover.c, */
extern const KeyTable azure_load_balancer_keys, azure_api_failover_keys;

/* what a scenario may not ask for in check.c, */
void azure_check_server(DesignCheck *check, const DesignRouteServer *server);
const char *azure_refuse_asn(gconstpointer config, guint32 asn);
const char *azure_refuse_path_asn(guint32 asn, gboolean matched);
const char *azure_keeps_community(guint32 community);
/* of tables and networks in check_tables.c, */
void azure_check_table(DesignCheck *check, const DesignRouteTable *table, const GPtrArray *routes);
void azure_check_network(DesignCheck *check, const DesignNetwork *network);

/* and VPN and ExpressRoute gateways in azure_gateways.c. */
extern const GatewayClass azure_gateways;
extern const CircuitClass azure_circuits;
