/* Gateways; see the header. */
#include "routesim/cloud/gateway.h"

#include "gateway_private.h"

const TraceKind GATEWAY_LIMIT = {"connection-limit"};

#define CEASE_MOST_PREFIXES 1 /* RFC 4486 section 4 */
#define CIRCUIT_WEIGHT 32769  /* as LOCAL_PREF it goes no further than the AS */

/* ---- whose ranges -------------------------------------------------------------------- */

/* TRUE where the gateway's links carry the prefix's family, and tell of it. */
static gboolean carries(const Gateway *gateway, Prefix prefix) {
  return gateway->class->ipv4_only == NULL || prefix.address.family == IP_V4;
}

/* How many ranges it knows of a network that it serves; a peering may be limited to subnets. */
static guint known_ranges(const Gateway *gateway, const CloudNetwork *network) {
  return gateway_serves(gateway, network)
             ? cloud_known_range_count(gateway->topology, gateway_network(gateway), network)
             : 0;
}
static Prefix known_range(const Gateway *gateway, const CloudNetwork *network, guint index) {
  return cloud_known_range(gateway->topology, gateway_network(gateway), network, index);
}

typedef gboolean (*PrefixTest)(Prefix range, Prefix prefix);

static gboolean any_range(const Gateway *gateway, Prefix prefix, PrefixTest test) {
  for (guint i = 0; carries(gateway, prefix) && i < gateway->topology->networks->len; i++) {
    const CloudNetwork *network = gateway->topology->networks->pdata[i];
    const guint count = known_ranges(gateway, network);
    for (guint j = 0; j < count; j++)
      if (test(known_range(gateway, network, j), prefix))
        return TRUE;
  }
  return FALSE;
}

/* ---- static routes --------------------------------------------------------------------------- */

/* An instance originates the prefix for those sites that have it and whose tunnels are up. */
static void originate_static(GatewayInstance *instance, Prefix prefix) {
  const GPtrArray *statics = instance->gateway->statics;
  router_forsake(instance->router, prefix);
  for (guint i = 0; i < statics->len; i++) {
    const GatewayStatic *one = statics->pdata[i];
    if (prefix_equal(one->prefix, prefix) && gateway_has_tunnel(instance, one->site))
      router_reach(instance->router, prefix, one->attributes, one->site);
  }
}

/* A static route goes with its tunnel, which the session watches: then the sister's is used. */
static gboolean instance_session(gpointer data, BgpPeer *peer, gboolean up) {
  GatewayInstance *instance = data;
  const GPtrArray *statics = instance->gateway->statics;
  for (guint i = 0; i < instance->watches->len; i++) {
    GatewayWatch *watch = instance->watches->pdata[i];
    if (watch->peer != peer || watch->down == !up)
      continue;
    watch->down = !up;
    for (guint j = 0; j < statics->len; j++) {
      const GatewayStatic *one = statics->pdata[j];
      if (one->site == watch->site)
        originate_static(instance, one->prefix);
    }
  }
  return TRUE;
}

void gateway_watch_tunnel(Gateway *gateway, guint index, const Site *site, const BgpPeer *peer) {
  GatewayWatch *watch = arena_new0(gateway->topology->arena, GatewayWatch);
  *watch = (GatewayWatch){.peer = peer, .site = site};
  g_ptr_array_add(gateway->instances[index].watches, watch);
}

/* ---- what it takes and tells --------------------------------------------------------------- */

static gboolean is_default(Prefix prefix) { return prefix.length == 0; }

/* The class may not take everything: what is refused has a reason. */
static const char *instance_import(gpointer data, BgpPeer *peer, Prefix prefix,
                                   const BgpAttributes *attributes) {
  const Gateway *gateway = ((const GatewayInstance *)data)->gateway;
  (void)attributes;
  const BgpRole *role = bgp_peer_role(peer);
  if (role == &gateway_role_static || role == &gateway_role_clients)
    return "the site's prefixes are static";
  if (!carries(gateway, prefix))
    return gateway->no_ipv6;
  if (role != &gateway_role_site)
    return NULL;
  if (gateway->kind->refuses_networks != NULL && any_range(gateway, prefix, prefix_covers))
    return gateway->in_networks;
  return NULL;
}

/* A site or a circuit is told of the gateway's networks and of what it learned elsewhere, from
 * neighbors of its own kind only where the class says so. What holds a network passes, what lies in
 * one may not. */
static gboolean tells_neighbor(const Gateway *gateway, const BgpEntry *entry) {
  const BgpCandidate *best = entry->selected[0];
  if (best->source == NULL && any_range(gateway, entry->prefix, prefix_equal))
    return TRUE;
  if (!gateway->kind->exchanges_neighbors && gateway_role_is_outside(best->role))
    return FALSE;
  if (gateway->class->static_alone &&
      bgp_attributes_has_community(best->attributes, BGP_NO_ADVERTISE))
    return FALSE;
  return gateway->kind->refuses_networks == NULL ||
         (!is_default(entry->prefix) && !any_range(gateway, entry->prefix, prefix_covers));
}

/* The sites behind it that have no routers know its networks' ranges, and what it would tell those
 * that have. */
static gboolean knows(gpointer data, IpAddress address, gboolean last, Prefix *known) {
  const GatewayInstance *instance = data;
  const Gateway *gateway = instance->gateway;
  *known = prefix_host(address);
  if (any_range(gateway, prefix_host(address), prefix_covers))
    return TRUE;
  if (instance->router == NULL ||
      (gateway->class->static_alone && gateway->config.kind == GATEWAY_VPN))
    return FALSE;
  const BgpSpeaker *speaker = router_speaker(instance->router);
  const BgpEntry *entry = bgp_match(speaker, address);
  BgpEntry before;
  if (entry == NULL && last && bgp_match_last(speaker, address, &before))
    entry = &before;
  if (entry == NULL || !tells_neighbor(gateway, entry))
    return FALSE;
  *known = entry->prefix;
  return TRUE;
}

static gboolean instance_export(gpointer data, BgpPeer *peer, const BgpEntry *entry) {
  const Gateway *gateway = ((const GatewayInstance *)data)->gateway;
  const BgpCandidate *best = entry->selected[0];
  const BgpRole *role = bgp_peer_role(peer);
  if (role == &gateway_role_clients ||
      (role == &gateway_role_static && gateway->class->static_alone))
    return best->source == NULL && any_range(gateway, entry->prefix, prefix_equal);
  if (gateway_role_is_outside(role))
    return tells_neighbor(gateway, entry);
  return best->source != NULL || !any_range(gateway, entry->prefix, prefix_equal);
}

/* A circuit tells its gateways also what they or those of other networks told it: by a path with
 * their AS number, which says nothing about what lies behind the circuit. */
gboolean gateway_is_marked(const BgpCandidate *candidate) {
  const BgpAttributes *attributes = candidate->attributes;
  if (attributes->has_local_pref && attributes->local_pref >= CIRCUIT_WEIGHT)
    return TRUE;
  return candidate->role == &gateway_role_edge &&
         !bgp_attributes_path_has(attributes, bgp_speaker_asn(bgp_peer_speaker(candidate->source)));
}

/* What a circuit told goes to the route server and to the sister with its mark, which
 * they and other gateways of the AS see. */
static const BgpAttributes *instance_rewrite(gpointer data, BgpPeer *peer, const BgpEntry *entry,
                                             const BgpAttributes *attributes) {
  const Gateway *gateway = ((const GatewayInstance *)data)->gateway;
  const BgpRole *role = bgp_peer_role(peer);
  const gboolean by_hand = role == &gateway_role_static || role == &gateway_role_clients;
  if (!by_hand && (gateway_role_is_outside(role) || !gateway_is_marked(entry->selected[0])))
    return attributes;
  BgpAttributes *marked = arena_new0(gateway->topology->arena, BgpAttributes);
  *marked = *attributes;
  if (by_hand) { /* what its people configured there has no AS path that could loop */
    marked->as_path_length = 0;
    return marked;
  }
  marked->has_local_pref = TRUE;
  marked->local_pref = CIRCUIT_WEIGHT;
  return marked;
}

static void instance_cleared(gpointer data) {
  element_forgot(((const GatewayInstance *)data)->element);
}

static void instance_selected(gpointer data, const BgpEntry *entry) {
  const GatewayInstance *instance = data;
  Gateway *gateway = instance->gateway;
  element_heard(instance->element, entry->prefix);
  if (gateway->side == NULL)
    gateway_selected(gateway, entry->prefix);
  if (gateway->connections->len > 0 && !timer_is_armed(gateway->limit_timer))
    timer_arm_after(gateway->limit_timer, sim_time_ns(1)); /* sessions fall in an earlier phase */
}

/* What the other side of the gateway is preferred for is in the tables too. */
static void instance_decided(gpointer data, const BgpEntry *entry) {
  Gateway *gateway = ((const GatewayInstance *)data)->gateway;
  if (gateway->side != NULL)
    gateway_selected(gateway, entry->prefix);
}

static gboolean instance_reaches(gpointer data, const BgpPeer *peer, IpAddress next_hop) {
  const Gateway *gateway = ((const GatewayInstance *)data)->gateway;
  (void)peer;
  return cloud_is_near(gateway->topology, gateway_network(gateway), next_hop);
}

static const BgpPolicy instance_policy = {.import = instance_import,
                                          .export = instance_export,
                                          .rewrite = instance_rewrite,
                                          .selected = instance_selected,
                                          .decided = instance_decided,
                                          .cleared = instance_cleared,
                                          .session = instance_session,
                                          .reaches = instance_reaches};

/* ---- how many prefixes a circuit takes ------------------------------------------------------ */

typedef struct {
  const Gateway *gateway;
  guint count;
} Told;

static void count_told(const BgpEntry *entry, gpointer data) {
  Told *told = data;
  told->count += entry->selected_count > 0 && tells_neighbor(told->gateway, entry) &&
                 !bgp_attributes_has_community(entry->selected[0]->attributes, BGP_NO_ADVERTISE);
}

static void set_connection(Gateway *gateway, GatewayConnection *connection, gboolean down,
                           guint count) {
  Engine *engine = gateway->topology->engine;
  if (connection->down == down)
    return;
  connection->down = down;
  const RecordId record =
      engine_record(engine, &GATEWAY_LIMIT, gateway->config.name, connection->circuit, count, NULL);
  for (guint i = 0; i < connection->peers->len; i++) {
    ENGINE_DUE_TO(engine, record);
    if (down)
      bgp_peer_stop(connection->peers->pdata[i], CEASE_MOST_PREFIXES);
    else
      bgp_peer_start(connection->peers->pdata[i]);
  }
}

static guint told_count(const Gateway *gateway) {
  guint count = 0;
  for (guint i = 0; i < gateway->count; i++) {
    Told told = {gateway, 0};
    bgp_foreach(router_speaker(gateway->instances[i].router), count_told, &told);
    count = MAX(count, told.count);
  }
  return count;
}

static void limit_due(gpointer data) {
  Gateway *gateway = data;
  const guint count = told_count(gateway);
  for (guint i = 0; i < gateway->connections->len; i++)
    set_connection(gateway, gateway->connections->pdata[i],
                   count > gateway->config.traits->most_advertised, count);
}

gboolean gateway_begin_limits(Gateway *gateway) {
  gboolean any = FALSE;
  if (gateway->connections->len == 0 ||
      told_count(gateway) <= gateway->config.traits->most_advertised)
    return FALSE;
  for (guint i = 0; i < gateway->connections->len; i++) {
    GatewayConnection *connection = gateway->connections->pdata[i];
    for (guint j = 0; !connection->down && j < connection->peers->len; j++)
      bgp_peer_begin_ended(connection->peers->pdata[j], TRUE);
    any |= !connection->down;
    connection->down = TRUE;
  }
  return any;
}

void gateway_add_connection(Gateway *gateway, const char *circuit, GPtrArray *peers) {
  GatewayConnection *connection = arena_new0(gateway->topology->arena, GatewayConnection);
  if (gateway->config.traits->most_advertised == 0)
    return;
  *connection = (GatewayConnection){circuit, peers, FALSE};
  g_ptr_array_add(gateway->connections, connection);
}

/* ---- decision process ---------------------------------------------------------------------- */

guint gateway_filter_sister(const BgpCandidate **candidates, guint count) {
  return bgp_keep_role(candidates, count, &gateway_role_sister, TRUE);
}

static int by_mark(const BgpCandidate *a, const BgpCandidate *b) {
  return gateway_is_marked(b) - gateway_is_marked(a);
}
guint gateway_filter_marked(const BgpCandidate **candidates, guint count) {
  return bgp_keep_best(candidates, count, by_mark);
}

/* ---- making -------------------------------------------------------------------------------- */

/* What comes back over a circuit must not count for more than what the gateway knows itself. */
static void originate_networks(Gateway *gateway, BgpSpeaker *speaker) {
  static const BgpAttributes own = {.has_local_pref = TRUE, .local_pref = CIRCUIT_WEIGHT};
  for (guint i = 0; i < gateway->topology->networks->len; i++) {
    const CloudNetwork *network = gateway->topology->networks->pdata[i];
    const guint count = known_ranges(gateway, network);
    for (guint j = 0; j < count; j++)
      if (carries(gateway, known_range(gateway, network, j)))
        bgp_originate(speaker, known_range(gateway, network, j), &own);
  }
}

/* What lies in the networks goes there, whatever longer route a site told. */
static void keep_networks(const Gateway *gateway, RouteTable *routes) {
  for (guint i = 0; i < gateway->topology->networks->len; i++) {
    const CloudNetwork *network = gateway->topology->networks->pdata[i];
    const guint count = known_ranges(gateway, network);
    for (guint j = 0; j < count; j++)
      router_table_keep(routes, known_range(gateway, network, j));
  }
}

/* What comes from outside follows a route table of the gateway's own, or else that of its subnet.
 */
static RouteTable *inbound_table(const Gateway *gateway) {
  return gateway->config.inbound != NULL ? gateway->config.inbound
                                         : gateway->config.subnet->tables->pdata[0];
}

static void add_router(Gateway *gateway, GatewayInstance *instance, IpAddress address) {
  const CloudTopology *topology = gateway->topology;
  const CloudSubnet *subnet = gateway->config.subnet;
  const gboolean single =
      gateway->beside_server && !gateway->config.traits->ecmp_beside_route_server;
  const RouterConfig router = {.name = instance->name,
                               .asn = gateway_asn(gateway),
                               .address = address,
                               .network = subnet->network->network,
                               .onward = inbound_table(gateway),
                               .reflects = gateway->class->one_a_network != NULL,
                               .onward_role = &gateway_role_server,
                               .profile = single ? gateway->class->server_profile
                                                 : gateway->class->profile,
                               .allows_own_as = gateway->config.kind == GATEWAY_CIRCUIT,
                               .tells_all = gateway->class->one_a_network != NULL,
                               .policy = &instance_policy,
                               .data = instance,
                               .seed = topology->seed,
                               .run = topology->run};
  instance->router = router_new(topology->fabric, &router);
  instance->node = router_node(instance->router);
  instance->element = router_element(instance->router);
  instance->routes = router_table(instance->router);
  if (gateway->config.has_neighbors)
    originate_networks(gateway, router_speaker(instance->router));
}

static void add_instance(Gateway *gateway, guint index) {
  CloudTopology *topology = gateway->topology;
  const CloudSubnet *subnet = gateway->config.subnet;
  GatewayInstance *instance = &gateway->instances[index];
  const IpAddress address = gateway_address(subnet, gateway->config.kind, index);
  instance->gateway = gateway;
  instance->index = index;
  instance->watches = arena_ptr_array(topology->arena);
  instance->name = arena_printf(topology->arena, "%s/%u", gateway->config.name, index);
  if (gateway->beside_server || gateway->config.has_neighbors) {
    add_router(gateway, instance, address);
  } else {
    instance->node = net_node_new(topology->engine, instance->name);
    instance->routes = route_table_new(topology->fabric, instance->name);
    const ElementConfig element = {.name = instance->name,
                                   .node = instance->node,
                                   .address = address,
                                   .network = subnet->network->network,
                                   .table = instance->routes,
                                   .onward = inbound_table(gateway)};
    instance->element = element_new(topology->fabric, &element);
  }
  keep_networks(gateway, instance->routes);
  net_node_set_sight(instance->node, gateway->class->sight);
  net_node_watch(instance->node, gateway_instance_moved, instance);
  element_set_knows(instance->element, knows, instance);
  element_set_capacity(instance->element, gateway->config.capacity);
}

guint gateway_class_instances(const GatewayClass *class, gboolean active_active) {
  return active_active ? class->instances : 1; /* a standby has the same addresses, and nothing to
                                                  do until it stands in */
}

IpAddress gateway_address(const CloudSubnet *subnet, GatewayKind kind, guint index) {
  return ip_address_add(subnet_prefix(subnet->subnet).address, 4 + kind * 2 + index);
}

Gateway *gateway_new(const CloudClass *class, CloudTopology *topology,
                     const GatewayConfig *config) {
  Gateway *gateway = arena_new0(topology->arena, Gateway);
  const char *name = arena_printf(topology->arena, "gateway/%s", config->name);
  Owner *owner = engine_owner(topology->engine, name);
  static const char *const limit_keys[] = {"most_advertised", NULL};
  gateway->cloud = class;
  gateway->class = class->gateways;
  gateway->kind = &class->gateways->kinds[config->kind];
  gateway->beside_server =
      class->gateways->server_profile != NULL && config->subnet->network->has_route_server;
  gateway->no_ipv6 =
      arena_printf(topology->arena, "no IPv6 at this gateway (%s)", gateway->class->ipv4_only);
  gateway->in_networks =
      arena_printf(topology->arena, "equal to or inside a range of the networks (%s)",
                   gateway->kind->refuses_networks);
  gateway->topology = topology;
  gateway->config = *config;
  gateway->programs = config->has_neighbors && !gateway->beside_server;
  gateway->program_stream = random_stream(
      topology->seed, topology->run, arena_printf(topology->arena, "program/%s", config->name));
  gateway->programming = agenda_new(owner, PHASE_PROGRAM, gateway_program_due, gateway);
  const Stage *program_stage = stage_new(topology->arena, "programming of gateway routes",
                                         config->traits->program.law.ground, NULL);
  agenda_set_stage(gateway->programming, program_stage);
  gateway->target = cloud_find_target(topology, config->name);
  gateway->move_stream = random_stream(topology->seed, topology->run,
                                       arena_printf(topology->arena, "move/%s", config->name));
  gateway->moving = agenda_new(owner, PHASE_PROGRAM, gateway_move_due, gateway);
  gateway->move_asked = sim_time_ns(-1);
  agenda_set_stage(gateway->moving, program_stage);
  gateway->limit_timer = timer_new(owner, PHASE_TIMER, limit_due, gateway);
  const Ground limit_ground = keys_ground(topology->arena, gateway->kind->keys, NULL, limit_keys);
  timer_set_stage(gateway->limit_timer,
                  stage_new(topology->arena, "counting prefixes", limit_ground, NULL));
  gateway->prefixes = arena_ptr_array(topology->arena);
  gateway->by_prefix = trie_new(topology->arena);
  gateway->fixed = trie_new(topology->arena);
  gateway->statics = arena_ptr_array(topology->arena);
  gateway->crowded = arena_ptr_array(topology->arena);
  gateway->connections = arena_ptr_array(topology->arena);
  gateway->count = gateway_class_instances(gateway->class, config->active_active);
  g_assert(gateway->count <= GATEWAY_MOST_INSTANCES);
  for (guint i = 0; i < gateway->count; i++)
    add_instance(gateway, i);
  return gateway;
}

/* ---- queries ------------------------------------------------------------------------------- */

const GatewayClass *gateway_class(const Gateway *gateway) { return gateway->class; }
const GatewayKindClass *gateway_kind(const Gateway *gateway) { return gateway->kind; }
const GatewayConfig *gateway_config(const Gateway *gateway) { return &gateway->config; }
const char *gateway_name(const Gateway *gateway) { return gateway->config.name; }
const BgpRole *gateway_role(const Gateway *gateway) {
  return gateway->config.kind == GATEWAY_VPN ? &gateway_role_vpn : &gateway_role_circuit;
}
CloudNetwork *gateway_network(const Gateway *gateway) { return gateway->config.subnet->network; }
guint gateway_instance_count(const Gateway *gateway) { return gateway->count; }
const char *gateway_instance_name(const Gateway *gateway, guint index) {
  return gateway->instances[index].name;
}
Element *gateway_instance_element(const Gateway *gateway, guint index) {
  return gateway->instances[index].element;
}
NetNode *gateway_instance_node(const Gateway *gateway, guint index) {
  return gateway->instances[index].node;
}
Router *gateway_instance_router(const Gateway *gateway, guint index) {
  return gateway->instances[index].router;
}
BgpSpeaker *gateway_instance_speaker(const Gateway *gateway, guint index) {
  const Router *router = gateway->instances[index].router;
  return router != NULL ? router_speaker(router) : NULL;
}
guint32 gateway_asn(const Gateway *gateway) {
  const gint64 asn = gateway->config.asn != 0 ? gateway->config.asn : gateway->config.traits->asn;
  return asn != 0 ? (guint32)asn : gateway->class->asn;
}

SimTime gateway_setting(const Gateway *gateway, const char *key, const Duration *duration) {
  g_autofree char *name = g_strdup_printf("%s.%s", gateway->cloud->name, key);
  return cloud_draw_setting(gateway->topology, gateway->config.name, name, duration);
}

GatewayTimers gateway_site_timers(const Gateway *gateway) {
  const GatewayTraits *traits = gateway->config.traits;
  if (gateway->config.kind == GATEWAY_CIRCUIT)
    return (GatewayTimers){.keepalive = gateway_setting(gateway, "keepalive", &traits->keepalive),
                           .hold = gateway_setting(gateway, "hold", &traits->hold),
                           .hold_ground = traits->hold.law.ground};
  return (GatewayTimers){.keepalive =
                             gateway_setting(gateway, "site_keepalive", &traits->site_keepalive),
                         .hold = gateway_setting(gateway, "site_hold", &traits->site_hold),
                         .hold_ground = traits->site_hold.law.ground,
                         .fixed = !traits->negotiates};
}

void gateway_join_sides(Gateway *a, Gateway *b) {
  a->side = b;
  b->side = a;
}

void gateway_reach(Gateway *gateway, Site *site, Prefix prefix, guint32 asn, gboolean alone) {
  static const guint32 no_advertise[] = {BGP_NO_ADVERTISE};
  if (!carries(gateway, prefix) ||
      (gateway->kind->refuses_networks != NULL && any_range(gateway, prefix, prefix_covers)))
    return; /* as if it had come by BGP */
  alone |= gateway->class->static_alone && gateway->config.kind == GATEWAY_VPN;
  const BgpAttributes bare = {
      .origin = BGP_ORIGIN_IGP, .communities = no_advertise, .community_count = alone ? 1 : 0};
  const BgpAttributes *attributes = bgp_attributes_prepend(gateway->topology->arena, &bare, 0, 0);
  if (gateway->config.kind == GATEWAY_CIRCUIT) {
    BgpAttributes *told = bgp_attributes_prepend(gateway->topology->arena, &bare, asn, 1);
    const CircuitClass *circuits = gateway->cloud->circuits;
    if (circuits != NULL && circuits->asn != 0)
      told = bgp_attributes_prepend(gateway->topology->arena, told, circuits->asn, 1);
    told->has_local_pref = TRUE;
    told->local_pref = CIRCUIT_WEIGHT;
    attributes = told;
  }
  GatewayStatic *one = arena_new0(gateway->topology->arena, GatewayStatic);
  *one = (GatewayStatic){site, prefix, attributes};
  g_ptr_array_add(gateway->statics, one);
  if (!gateway->beside_server)
    gateway_put_fixed(gateway, prefix);
  for (guint i = 0; i < gateway->count; i++)
    if (gateway->instances[i].router != NULL)
      router_reach(gateway->instances[i].router, prefix, attributes, site);
    else
      router_table_reach(gateway->instances[i].routes, prefix, site);
}
