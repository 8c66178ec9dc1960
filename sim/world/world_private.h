/* What the files of a world share. */
#pragma once
#include "routesim/cloud/design.h"
#include "routesim/world/world.h"

/* Where the end of a session stands, for its delay: one of these, the others are NULL. */
typedef struct {
  const CloudNetwork *network;
  const DesignSite *site;
  const DesignCircuit *circuit;
} WorldPlace;

/* A session that is not between an appliance and a route server. */
typedef struct {
  FaultVictim *victims[2];
  BgpEnd ends[2];
  WorldPlace places[2];
  const char *stream;
  NetNode *link;        /* that it runs over; or NULL */
  const DesignBfd *bfd; /* of end 0; NULL: none */
  SimTime bfd_interval; /* of end 1, with the same multiplier */
} WorldJoin;

typedef struct {
  gconstpointer connection; /* of the peers that hear it: see BgpEnd */
  GPtrArray *told;          /* BgpAnnouncement * */
} WorldTelling;

/* A setting whose law is drawn once a run, by the stream "setting/NAME.KEY". */
SimTime world_draw(const World *world, const char *name, const char *key, const Duration *duration);
void world_build_network(World *world, const DesignNetwork *config);
void world_build_peerings(World *world);
/* Internet, transit and NAT gateways are there before route tables name them. */
void world_build_edges(World *world);
void world_add_edge_victims(World *world); /* once the cloud has made their elements */
/* A scenario's route map as sessions use it; NULL where `name` has no text. */
const BgpRouteMap *world_route_map(const World *world, const NameRef *name);
/* `end`, the route server's, gets the route maps of its session with a gateway. */
void world_bind_gateway_maps(const World *world, const RouteServer *server, const char *gateway,
                             BgpEnd *end);
void world_build_user_tables(World *world);
/* Something that can fail; `node` and `speaker` may be NULL. */
FaultVictim *world_add_victim(World *world, const char *name, NetNode *node, BgpSpeaker *speaker,
                              Distribution boot);
FaultVictim *world_victim(const World *world, const char *name); /* NULL: none */
void world_build_nva(World *world, const DesignNva *config);
void world_build_sites(World *world);
/* The site's router announces to peers of `connection` what the scenario says for its link `name`.
 * It is called before their sessions are made. */
void world_tell(World *world, WorldSite *site, gconstpointer connection, const char *name);
void world_build_server(World *world, const RouteServerConfig *config);
void world_build_sessions(World *world);
WorldSession *world_join(World *world, const WorldJoin *join);
/* One-way delay of a session between two places; borrowed from the scenario. */
const Distribution *world_delay(const World *world, const WorldPlace *a, const WorldPlace *b);
void world_build_circuits(World *world);
/* Clusters become passive and active before sessions begin. */
void world_build_clusters(World *world);
/* Whether the process at that end runs when the run begins. */
gboolean world_end_runs(const World *world, const WorldSession *session, guint side);
void world_build_circuit_sessions(World *world);
/* One end of a session of an appliance, but for what depends on the far end. */
BgpEnd world_nva_end(World *world, const WorldNva *nva, const DesignPeer *peer,
                     const char *setting);
void world_add_nva_peer(WorldNva *nva, const DesignPeer *peer, const char *name,
                        const GPtrArray *list, gboolean tunnel, BgpPeer *session);
/* `session` gets its BGP session; its path and ends are there. */
void world_add_bgp(World *world, WorldSession *session, const BgpEnd ends[2], const char *stream,
                   FaultVictim *const victims[2]);
void world_add_bfd(World *world, WorldSession *session, const BfdEnd ends[2], const char *stream,
                   FaultVictim *const victims[2]);
/* These are the sessions of appliances with each other. */
void world_build_nva_sessions(World *world);
/* Has the appliance a tunnel to one of its peers, by its own word or theirs? */
gboolean world_nva_tunnels(const World *world, const DesignNva *nva);
/* Health checks, and what kinds add, need the sites to be there. */
void world_build_health(World *world);
/* GatewaySubnets must be there before the clouds make their tables, and what user routes may name
 * before these are read. */
void world_reserve_gateway_subnets(World *world);
void world_build_targets(World *world);
void world_build_gateways(World *world);
void world_build_gateway_sessions(World *world);
/* What a list announces now, one for each prefix: NvaAnnouncement; the caller frees. */
GArray *world_announcements(const World *world, const WorldNva *nva, const GPtrArray *advertise);
/* Where the scenario says so, puts something else in place of the route servers; after all
 * appliances announce what they have. */
void world_start_failover(World *world);
/* The load balancers that next hops may name are made after the appliances. */
void world_build_load_balancers(World *world);
void world_build_traffic(World *world);
