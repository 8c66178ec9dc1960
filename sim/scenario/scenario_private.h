/* What the files of this folder share. */
#pragma once
#include "routesim/cloud/gateway.h"
#include "routesim/scenario/run.h"

/* ---- reading -------------------------------------------------------------------------- */

/* Reads the body of a tree; what is wrong goes to the reader's diagnostics. */
ScenarioBody *scenario_read_body(KeyReader *reader, const Node *root);
/* Checks that need more than one key. `sound`: nothing was wrong with the keys. */
void scenario_check(KeyReader *reader, ScenarioBody *body, gboolean sound);
/* Parts of the language that a file of its own reads (tables_*.c). */
void scenario_read_route_servers(KeyReader *reader, const Node *node, gpointer field);
void scenario_read_nvas(KeyReader *reader, const Node *node, gpointer field);
/* A copy of `table` with one raw key for each cloud, at `offset`; and such a block as the cloud's
 * `keys` read it (NULL: it has no settings of its own for `thing`, an error where there are). */
const KeyTable *scenario_with_clouds(Arena *arena, const KeyTable *table, gsize offset);
gpointer scenario_read_cloud_block(KeyReader *reader, const CloudClass *cloud, const KeyTable *keys,
                                   const Node *block, const char *thing);
GPtrArray *scenario_read_peers(KeyReader *reader, const NvaSoftware *software, const Node *node);
/* Was a list given to this peer, also an empty one? */
gboolean scenario_has_own_list(const ScenarioPeer *peer);
/* What a part of the peer ("a1") is announced; NULL: the appliance's own list. */
const GPtrArray *scenario_list_for(const ScenarioPeer *peer, const CloudClass *cloud,
                                   const char *part);
/* on, off or a duration. */
void scenario_read_forwards(KeyReader *reader, const char *key, const NameRef *name,
                            FaultForwards *forwards);
void scenario_read_gateways(KeyReader *reader, const Node *node, gpointer field);
void scenario_read_circuits(KeyReader *reader, const Node *node, gpointer field);
/* Is the key `advertise` there, also with an empty list? */
gboolean scenario_says_advertise(const BlockHead *head);
/* What a site announces over a link (an appliance, gateway or circuit; NULL: where nothing else is
 * said), as ScenarioTold; the caller frees. */
typedef struct {
  Prefix prefix;
  const ScenarioSiteAnnouncement *how; /* NULL: plainly */
} ScenarioTold;
GArray *scenario_site_told(const ScenarioBody *body, const ScenarioSite *site, const char *link);
void scenario_read_bfd_jitter(KeyReader *reader, const Node *node, gpointer field);
/* A mapping of names to blocks whose struct has one raw key for each cloud at `offset`. */
GPtrArray *scenario_read_map_with_clouds(KeyReader *reader, const KeyTable *table, gsize offset,
                                         const Node *node);
extern const KeyTable scenario_site_keys, scenario_link_keys, scenario_site_announcement_keys;
/* The class of a vpn or circuit gateway; NULL: it is of another kind. */
const GatewayClass *scenario_gateway_class(const CloudClass *cloud, const ScenarioGateway *gateway);
/* Where a network has one gateway for everything: the one of the other kind; NULL: none. */
const ScenarioGateway *scenario_other_side(const ScenarioBody *body, const CloudClass *cloud,
                                           const ScenarioGateway *gateway);
/* Of a vpn or circuit gateway; one for both sides. */
guint32 scenario_gateway_asn(const ScenarioBody *body, const CloudClass *cloud,
                             const ScenarioGateway *gateway);
void scenario_gateway_keys_foreach(KeyVisit visit, gpointer data);
void scenario_read_load_balancer(KeyReader *reader, const Node *node, gpointer field);
void scenario_read_api_failover(KeyReader *reader, const Node *node, gpointer field);
void scenario_read_events(KeyReader *reader, const Node *node, gpointer field);
/* Bounds and measured values, whose unit the measure tells. */
void scenario_read_bounds(KeyReader *reader, ScenarioBody *body);
extern const KeyTable scenario_route_map_keys;
extern const KeyTable scenario_health_keys;
extern const KeyTable scenario_server_keys, scenario_peer_keys, scenario_nva_keys,
    scenario_gateway_keys, scenario_route_table_keys, scenario_route_keys,
    scenario_announcement_keys, scenario_event_keys, scenario_expect_keys, scenario_measured_keys;
gpointer scenario_find(const GPtrArray *blocks, const char *name); /* by head.name */

/* ---- checks, each part in a file of its own (check_*.c) ------------------------------------ */

typedef struct {
  KeyReader *reader;
  ScenarioBody *body;
  gboolean names_partial; /* of the names collected now, some could not be read */
} Check;

void check_error(Check *check, Mark mark, const char *format, ...) G_GNUC_PRINTF(3, 4);
void check_warn(Check *check, Mark mark, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* " (AZ-5.16)": of these fact ids those about a model that the scenario names; "" where none is. */
const char *check_cite(const Check *check, const char *facts);
/* Until the next call, warnings say that they hold under this model, where there are others. */
void check_under(Check *check, const CloudClass *cloud);
/* "unknown WHAT 'name'", with the nearest of the names; nothing where the name, or a place that
 * defines such names, could not be read. */
void check_unknown(Check *check, const char *what, const NameRef *name, GPtrArray *names);
/* Could these blocks be read? */
gboolean check_is_read(const ScenarioBody *body, const GPtrArray *blocks);
void check_add_names(Check *check, GPtrArray *names, const GPtrArray *blocks);
void check_add_subnet_names(Check *check, GPtrArray *names);
/* The least that a law can draw. */
SimTime check_least_of(const Duration *duration);
/* The block or subnet of this name; NULL with an error where there is none. */
gpointer check_need(Check *check, const char *what, const NameRef *name, const GPtrArray *blocks);
ScenarioSubnet *check_need_subnet(Check *check, const NameRef *name, ScenarioNetwork **network);
/* "hub/app"; NULL: none. `network` may be NULL. */
ScenarioSubnet *check_find_subnet(const ScenarioBody *body, const char *full_name,
                                  ScenarioNetwork **network);
/* One owner for each address, and room for all of a subnet's (check_addresses.c). */
void check_addresses(Check *check);
/* That the appliance announces as its `vip`; FALSE: it has none. */
gboolean check_virtual_address(const ScenarioNva *nva, Prefix *out);
/* Does the scenario give it to an appliance or a front end? */
gboolean check_is_given(const ScenarioBody *body, IpAddress address);
/* Is the next hop, an address, appliance or load balancer, an interface of an appliance in the network?
 * TRUE also where nobody knows. */
gboolean check_is_interface(const ScenarioBody *body, const char *network, const char *hop);
/* How many addresses of the subnet are taken by what the scenario puts there. */
guint64 check_inhabitants(const ScenarioBody *body, const ScenarioSubnet *subnet);
void check_server(Check *check, ScenarioRouteServer *server);
void check_nva(Check *check, const ScenarioNva *nva);
/* `nva`: whose they are; NULL: unknown. */
void check_announcements(Check *check, const ScenarioNva *nva, const GPtrArray *announcements);
/* What belongs to appliances alone (check_nvas.c). */
void check_announcement_of(Check *check, const ScenarioNva *nva,
                           const ScenarioAnnouncement *announcement);
void check_nva_peer(Check *check, const ScenarioNva *nva, const ScenarioPeer *peer,
                    const ScenarioRouteServer *server);
void check_nva_parts(Check *check, const ScenarioNva *nva);
/* How parts of a design stand to each other (check_relations.c); names that nothing has are in no
 * relation. One network, or peered now or during the run. */
gboolean check_joins(const ScenarioPeering *peering, const char *a, const char *b);
gboolean check_peered(const ScenarioBody *body, const char *a, const char *b);
/* Does `network` get the routes of a route server in network `by`? */
gboolean check_is_served(const ScenarioBody *body, const char *network, const char *by);
const char *check_network_of_address(const ScenarioBody *body, IpAddress address);
const ScenarioSubnet *check_subnet_of_address(const ScenarioBody *body, IpAddress address);
/* Does a cloud of the scenario keep the subnet for its route servers or gateways? */
gboolean check_is_of_cloud(const ScenarioBody *body, const ScenarioSubnet *subnet);
/* The peering that joins both; NULL: none, or they are the same. */
const ScenarioPeering *check_peering_of(const ScenarioBody *body, const char *a, const char *b);
/* The subnets of `network` that a peering is limited to under a cloud (NameRef *, with the name of
 * the network or without); NULL: it joins all of them. */
const GPtrArray *check_peering_limits_of(const ScenarioPeering *peering, guint cloud,
                                         const char *network);
/* Is it one of those? `peering` NULL: of one's own network. */
gboolean check_peering_has(const ScenarioPeering *peering, guint cloud, const char *network,
                           const ScenarioSubnet *subnet);
/* Why packets of `network`, or of a subnet of it (else NULL), cannot go straight to `hop`: an
 * address, appliance or load balancer; NULL: they can, or nobody knows where that is. */
const char *check_hop_beyond(Arena *arena, const ScenarioBody *body, guint cloud,
                             const char *network, const ScenarioSubnet *subnet, const char *hop);
/* NULL: the subnet has a table of its own. */
const ScenarioRouteTable *check_table_of(const ScenarioBody *body, const char *network,
                                         const ScenarioSubnet *subnet);
/* Is any traffic or probe from or to the Internet? */
gboolean check_internet_asked(const ScenarioBody *body);
/* Does the appliance translate what it passes on, or has it a way to the Internet that may? */
gboolean check_translates(const ScenarioBody *body, const ScenarioNva *nva);
/* Does a next hop name the appliance, or does it announce something with itself as next hop? */
gboolean check_forwards(const ScenarioBody *body, const ScenarioNva *nva);
/* User routes of a table of `network` as a cloud asks about them: CloudRouteCheck without
 * `via_beyond`. Routes in which something is wrong are left out. The caller frees. */
GArray *check_user_routes(const ScenarioBody *body, const char *network, const GPtrArray *routes);
/* What each cloud says of appliances and route tables (check_clouds.c). */
void check_clouds(Check *check);
void check_sites(Check *check);
/* Parts of check_sites(). */
void check_site_ranges(Check *check, const ScenarioSite *site);
void check_site_announcements(Check *check, const ScenarioSite *site);
/* `hold` and `keepalive` of either end of a session; a BFD interval. */
void check_session_timers(Check *check, const Duration *keepalive, const Duration *hold);
void check_bfd_interval(Check *check, const Duration *interval);
void check_gateways(Check *check);
void check_sides(Check *check); /* part of check_gateways() */
void check_hearing(Check *check); /* likewise */
void check_tables(Check *check);
void check_via(Check *check, const NameRef *via); /* of a route */
void check_routes(Check *check, const GPtrArray *routes); /* ScenarioRoute *, of one table */
/* Whether `name` is that word of the language; an error where something is called so (`named`). */
gboolean check_word(Check *check, const NameRef *name, const char *word, gboolean named);
void check_traffic(Check *check);
/* An end of traffic: a subnet with hosts, a site, the Internet, or (not a source) an address. */
void check_end(Check *check, const NameRef *end, gboolean source);
void check_hosts(Check *check, const NameRef *end, const char *verb);
/* FALSE where the expectation is about a measure; else it is checked. */
gboolean check_reach(Check *check, const ScenarioExpect *expect);
void check_failover(Check *check);
extern const KeyTable scenario_load_balancer_keys;
void check_events(Check *check);
/* Could this be the name of something that fails? Parts of route servers are not looked at. */
gboolean check_is_target(const ScenarioBody *body, const char *target);
/* What events name. `sound`: nothing is wrong, so that a world can be asked. */
void check_targets(Check *check, gboolean sound);
/* What is missing from a file in which nothing is wrong (check_whole.c). */
void check_whole(Check *check);
void check_expected(Check *check);
/* Fills in what a cloud may ask about the rest of the scenario. */
void check_surroundings(Check *check, const ScenarioRouteServer *server, const CloudClass *cloud,
                        CloudCheck *question);
/* The route maps that a peer's block names, under one cloud; each NULL where there is none. */
void check_route_maps_of_peer(Check *check, const CloudClass *cloud, gconstpointer peer_config);
void check_route_maps(Check *check);
void check_peerings(Check *check);

/* ---- a world -------------------------------------------------------------------------- */

typedef struct {
  const ScenarioNva *config;
  Nva *nva;
  CloudSubnet *subnet;
  CloudSubnet *outer; /* of a second leg; NULL: none */
  const CloudTopology *topology;
  FaultVictim *victim;
  const GPtrArray *advertise; /* ScenarioAnnouncement *, in force now */
} WorldNva;

/* Something of an appliance that can fail by itself. */
typedef struct {
  const char *group; /* "lb-w/backends", or NULL */
  const Subnet *subnet;
  FaultVictim *victim;
  WorldNva *nva;
} WorldPart;

typedef struct {
  const ScenarioSite *config; /* NULL: the built-in internet */
  Site *site;
  GPtrArray *links;      /* NetNode *, parallel to link_names */
  GPtrArray *link_names; /* const char *: NVA */
  Router *router;        /* its own; or NULL */
  FaultVictim *victim;   /* the router */
  GPtrArray *tellings;   /* WorldTelling *: what the router announces, one for each connection */
} WorldSite;

typedef struct {
  gconstpointer connection; /* of the peers that hear it: see BgpEnd */
  GPtrArray *told;          /* BgpAnnouncement * */
} WorldTelling;

typedef struct {
  const ScenarioCircuit *config;
  Circuit *circuit;
  WorldSite *site;
  FaultVictim *victims[CIRCUIT_MOST_EDGES]; /* the edges */
} WorldCircuit;

/* Where the end of a session stands, for its delay. */
typedef struct {
  const CloudNetwork *network; /* or NULL */
  const char *name, *location; /* of a site or circuit; or NULL */
} WorldPlace;

/* A session that is not between an appliance and a route server. */
typedef struct {
  FaultVictim *victims[2];
  BgpEnd ends[2];
  WorldPlace places[2];
  const char *stream;
  NetNode *link;          /* that it runs over; or NULL */
  const ScenarioBfd *bfd; /* of end 0; NULL: none */
  SimTime bfd_interval;   /* of end 1, with the same multiplier */
} WorldJoin;

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
  SimTime over_at;  /* ... when it was; NEVER: it is still to come */
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
  GPtrArray *circuits; /* WorldCircuit *, by name; only those with a site */
  GPtrArray *sessions; /* WorldSession * */
  GPtrArray *heartbeats; /* WorldSession *: appliances that watch each other, without BGP */
  GPtrArray *victims;  /* FaultVictim *, all, made with the things that they are */
  GPtrArray *parts;    /* WorldPart *: of appliances */
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
/* A world with its events, sealed, ready for engine_run(). `options` stay the caller's. */
World *world_begin(Arena *arena, const ScenarioBody *body, const CloudClass *cloud,
                   const RunOptions *options);
/* Appends the victims that `name` means; FALSE where nothing has that name. */
gboolean world_resolve(World *world, const char *name, GPtrArray *victims);
/* Appends the paths between two names (appliances, route servers, parts). */
void world_paths_between(World *world, const char *a, const char *b, GPtrArray *paths);
void world_announce(World *world, WorldNva *nva, const GPtrArray *advertise);
WorldNva *world_nva(const World *world, const char *name);
/* ---- parts of a world, each in a file of its own (world_*.c) -------------------------------- */

/* A setting whose law is drawn once a run, by the stream "setting/NAME.KEY". */
SimTime world_draw(const World *world, const char *name, const char *key, const Duration *duration);
void world_build_network(World *world, const ScenarioNetwork *config);
CloudNetwork *world_network(const World *world, const char *name); /* NULL: none */
void world_build_peerings(World *world);
/* Internet and transit gateways, before route tables name them. */
void world_build_edges(World *world);
void world_add_edge_victims(World *world); /* once the cloud has made their elements */
GArray *world_user_routes(const World *world, const CloudNetwork *network, const GPtrArray *routes);
/* The peering of an event is made now. */
void world_connect(World *world, const char *peering);
/* A scenario's route map as sessions use it; NULL where `name` has no text. */
const BgpRouteMap *world_route_map(const World *world, const NameRef *name);
/* Those of a gateway's session with a route server, into `end`, the route server's. */
void world_bind_gateway_maps(const World *world, const RouteServer *server, const char *gateway,
                             BgpEnd *end);
void world_build_user_tables(World *world);
IpAddress world_nva_address(const World *world, const ScenarioNva *nva);
IpAddress world_nva_outer_address(const World *world, const ScenarioNva *nva); /* has two legs */
/* Something that can fail; `node` and `speaker` may be NULL. */
FaultVictim *world_add_victim(World *world, const char *name, NetNode *node, BgpSpeaker *speaker,
                              Distribution boot);
FaultVictim *world_victim(const World *world, const char *name); /* NULL: none */
void world_build_nva(World *world, const ScenarioNva *config);
WorldSite *world_site(const World *world, const char *name); /* NULL: none */
void world_build_sites(World *world);
/* The site's router announces to peers of `connection` what the scenario says for its link `name`;
 * before their sessions are made. */
void world_tell(World *world, WorldSite *site, gconstpointer connection, const char *name);
void world_build_server(World *world, const RouteServerConfig *config);
RouteServer *world_server(const World *world, const char *name); /* NULL: none */
void world_build_sessions(World *world);
WorldSession *world_join(World *world, const WorldJoin *join);
/* One-way delay of a session between two places; borrowed from the scenario. */
const Distribution *world_delay(const World *world, const WorldPlace *a, const WorldPlace *b);
/* TRUE where the site has a router of its own: `via` is a mapping, or a circuit ends there. */
gboolean scenario_site_has_router(const ScenarioBody *body, const ScenarioSite *site);
/* Does a circuit of the gateway end at the site? */
gboolean scenario_circuit_leads_to(const ScenarioBody *body, const ScenarioGateway *gateway,
                                   const ScenarioSite *site);
/* What the site's `via` says of a link to `name`, or of a gateway on circuit `name`; NULL:
 * nothing. */
const ScenarioSiteLink *scenario_site_link(const ScenarioBody *body, const ScenarioSite *site,
                                           const char *name);
/* FALSE: static routes, or point-to-site clients. NULL: nothing is said of it, and it does. */
gboolean scenario_link_speaks_bgp(const ScenarioSiteLink *link);
/* Behind a vpn or circuit gateway of this network. */
gboolean scenario_site_is_behind(const ScenarioBody *body, const ScenarioSite *site,
                                 const char *network);
/* Does a list of names hold this one? */
gboolean scenario_names_hold(const GPtrArray *names, const char *name);
void world_build_circuits(World *world);
/* Before sessions begin. */
void world_build_clusters(World *world);
/* Whether the process at that end runs when the run begins. */
gboolean world_end_runs(const World *world, const WorldSession *session, guint side);
void world_build_circuit_sessions(World *world);
/* One end of a session of an appliance, but for what depends on the far end. */
BgpEnd world_nva_end(World *world, const WorldNva *nva, const ScenarioPeer *peer,
                     const char *setting);
void world_add_nva_peer(WorldNva *nva, const ScenarioPeer *peer, const char *name,
                        const GPtrArray *list, gboolean tunnel, BgpPeer *session);
/* Makes the BGP session of `session`, whose path and ends are there. */
void world_add_bgp(World *world, WorldSession *session, const BgpEnd ends[2], const char *stream,
                   FaultVictim *const victims[2]);
void world_add_bfd(World *world, WorldSession *session, const BfdEnd ends[2], const char *stream,
                   FaultVictim *const victims[2]);
/* Sessions of appliances with each other. */
void world_build_nva_sessions(World *world);
/* Has the appliance a tunnel to one of its peers, by its own word or theirs? */
gboolean world_nva_tunnels(const World *world, const ScenarioNva *nva);
/* Health checks, and what kinds add; when sites are there. */
void world_build_health(World *world);
/* GatewaySubnets must be there before the clouds make their tables, and what user routes may name
 * before these are read. */
void world_reserve_gateway_subnets(World *world);
void world_build_targets(World *world);
void world_build_gateways(World *world);
void world_build_gateway_sessions(World *world);
/* What a list announces now, one for each prefix: NvaAnnouncement; the caller frees. */
GArray *world_announcements(const World *world, const WorldNva *nva, const GPtrArray *advertise);
/* Fills in when a rule that watches the sessions would ring for each event. After the run. */
void world_ring_alarms(const World *world, MetricRow *rows, guint count);
/* Rows of balance.csv; after those of traffic.csv. */
void run_collect_balance(World *world, RunResult *result);
/* Where the scenario says so, puts something else in place of the route servers; after all
 * appliances announce what they have. */
void world_start_failover(World *world);
/* Load balancers that next hops may name; after the appliances. */
void world_build_load_balancers(World *world);
void world_build_traffic(World *world);
TrafficEnd world_traffic_end(const World *world, const char *name);
/* Adds `target`'s appliances by name: what `withdrawn` looks for. */
void world_appliances_of(World *world, const char *target, GPtrArray *names);
/* A word such as "no-export" (RFC 1997), or "65010:1". */
gboolean scenario_parse_community(const char *text, guint32 *out);
