/* AWS VPC Route Server: traits, profile and hooks. */
#include "routesim/cloud/aws.h"

#include <string.h>

#include "aws_private.h"

/* ---- traits --------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  Mark mark;
  const char *subnet;
  Mark subnet_mark;
} Endpoint;

typedef struct {
  gboolean on;
  Duration wait; /* after BGP is back */
} PersistRoutes;

typedef struct {
  BlockHead head;
  Duration interval;
  gint64 multiplier;
} AwsBfd;

typedef struct {
  BlockHead head;
  gint64 asn;
  GPtrArray *endpoints;    /* Endpoint *, by name */
  GPtrArray *propagate_to; /* NameRef * */
  PersistRoutes persist_routes;
  Duration keepalive, hold;
  AwsBfd *bfd;
  Duration process, program, table_jitter, boot;
  gboolean prefer_oldest;
} AwsConfig;

typedef struct {
  BlockHead head;
  GPtrArray *endpoints; /* NameRef * */
} AwsPeerConfig;

static int compare_endpoints(gconstpointer a, gconstpointer b) {
  return strcmp((*(Endpoint *const *)a)->name, (*(Endpoint *const *)b)->name);
}

/* {a1: hub/fw-a, a2: hub/fw-a} */
static void read_endpoints(KeyReader *reader, const Node *node, gpointer field) {
  GPtrArray **endpoints = field;
  *endpoints = arena_ptr_array(reader->arena);
  if (node == NULL)
    return;
  if (node->kind != NODE_MAPPING) {
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                    "expected a mapping of endpoint names to subnets, found %s",
                    node_kind_name(node));
    return;
  }
  for (guint i = 0; i < node->keys->len; i++) {
    const Node *key = node->keys->pdata[i], *value = node->values->pdata[i];
    if (value->kind != NODE_SCALAR || value->text[0] == '\0') {
      diagnostics_add(reader->diagnostics, SEVERITY_ERROR, value->mark,
                      "expected a subnet such as hub/fw-a, found %s", node_kind_name(value));
      continue;
    }
    Endpoint *endpoint = arena_new0(reader->arena, Endpoint);
    *endpoint = (Endpoint){key->text, key->mark, value->text, value->mark};
    g_ptr_array_add(*endpoints, endpoint);
  }
  g_ptr_array_sort(*endpoints, compare_endpoints);
}

/* `off`, `on` (1 min, AWS-6.10), or 1m to 5m. */
static void read_persist_routes(KeyReader *reader, const Node *node, gpointer field) {
  PersistRoutes *persist = field;
  *persist = (PersistRoutes){.on = FALSE};
  if (node == NULL || (node->kind == NODE_SCALAR &&
                       (strcmp(node->text, "off") == 0 || strcmp(node->text, "false") == 0)))
    return;
  persist->on = TRUE;
  if (node->kind == NODE_SCALAR &&
      (strcmp(node->text, "on") == 0 || strcmp(node->text, "true") == 0)) {
    persist->wait.law = distribution_constant(sim_time_s(60));
    return;
  }
  if (!keys_read_duration(reader, node, &persist->wait))
    return;
  if (persist->wait.law.kind == DISTRIBUTION_CONSTANT &&
      (persist->wait.law.a.ns < sim_time_s(60).ns || persist->wait.law.a.ns > sim_time_s(300).ns))
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                    "persist_routes is off, or from 1m to 5m (AWS-6.10)");
}

#define FIELD(name) G_STRUCT_OFFSET(AwsConfig, name)

static const KeySpec bfd_specs[] = {
    {"interval", KEY_DURATION, KEY_ONE, G_STRUCT_OFFSET(AwsBfd, interval), 0, "300ms",
     BASIS_ASSUMED, "AWS-3.11", "transmit and receive interval of the endpoints", 0},
    {"multiplier", KEY_COUNT, KEY_ONE, G_STRUCT_OFFSET(AwsBfd, multiplier), 0, "3", BASIS_ASSUMED,
     "AWS-3.11", "detection multiplier of the endpoints", .least = 1, .most = 255},
};
static const KeyTable bfd_keys = KEY_TABLE("route_servers.*.aws.bfd", AwsBfd, bfd_specs);

static const KeySpec aws_specs[] = {
    {"asn", KEY_COUNT, KEY_ONE, FIELD(asn), KEY_REQUIRED, NULL, BASIS_DOCUMENTED, "AWS-2.1",
     "Amazon-side AS number", .least = 1, .most = 4294967295},
    {"endpoints", KEY_CUSTOM, KEY_ONE, FIELD(endpoints), KEY_REQUIRED, NULL, BASIS_DOCUMENTED,
     "AWS-1.4", "endpoints, each with its subnet", .read = read_endpoints},
    {"propagate_to", KEY_NAME, KEY_LIST, FIELD(propagate_to), 0, NULL, BASIS_DOCUMENTED, "AWS-1.9",
     "route tables to write to; a subnet names its own", 0},
    {"persist_routes", KEY_CUSTOM, KEY_ONE, FIELD(persist_routes), 0, "off", BASIS_DOCUMENTED,
     "AWS-6.7, AWS-6.10", "keep routes while all sessions are down; then this long after BGP is back",
     .read = read_persist_routes},
    {"keepalive", KEY_DURATION, KEY_ONE, FIELD(keepalive), 0, "10s", BASIS_ASSUMED, "AWS-3.7",
     "keepalive interval that the endpoints offer", 0},
    {"hold", KEY_DURATION, KEY_ONE, FIELD(hold), 0, "30s", BASIS_ASSUMED, "AWS-3.7",
     "hold time that the endpoints offer; the smaller of both ends counts (AWS-3.6)", 0},
    {"bfd", KEY_BLOCK, KEY_ONE, FIELD(bfd), KEY_ALWAYS, NULL, BASIS_NONE, "AWS-3.11",
     "BFD of the endpoints, where an appliance asks for it", .table = &bfd_keys},
    {"process", KEY_DURATION, KEY_ONE, FIELD(process), 0, "0s", BASIS_ASSUMED, "AWS-7.4",
     "from a change in the RIB to the decision; 0: part of `program`", 0},
    {"program", KEY_DURATION, KEY_ONE, FIELD(program), 0, "uniform 500ms 5500ms", BASIS_ASSUMED,
     "AWS-7.2, AWS-7.3", "from the decision to the route tables, one draw for each FIB push", 0},
    {"table_jitter", KEY_DURATION, KEY_ONE, FIELD(table_jitter), 0, "0s", BASIS_ASSUMED, "AWS-7.5",
     "added to `program` for each route table", 0},
    {"boot", KEY_DURATION, KEY_ONE, FIELD(boot), 0, "60s", BASIS_ASSUMED, "AWS-13.17",
     "from power back to the sessions of an endpoint", 0},
    {"prefer_oldest", KEY_BOOL, KEY_ONE, FIELD(prefer_oldest), 0, "off", BASIS_ASSUMED, "AWS-4.16",
     "among equal routes keep the oldest, before the lowest address", 0},
};
static const KeyTable aws_keys = KEY_TABLE("route_servers.*.aws", AwsConfig, aws_specs);

static const KeySpec peer_specs[] = {
    {"endpoints", KEY_NAME, KEY_LIST, G_STRUCT_OFFSET(AwsPeerConfig, endpoints), 0, NULL,
     BASIS_DOCUMENTED, "AWS-2.8", "endpoints to peer with, in place of those in its own subnet", 0},
};
static const KeyTable peer_keys = KEY_TABLE("nvas.*.peers.*.aws", AwsPeerConfig, peer_specs);

/* ---- decision process ----------------------------------------------------------------------- */

static const BgpRule aws_rules[] = {
    {"shortest AS path", "AWS-4.7", bgp_filter_as_path_length},
    {"lowest MED, always compared", "AWS-4.8, AWS-4.10", bgp_filter_med_always},
    {"lowest appliance address", "AWS-4.16", bgp_filter_peer_address},
    {"lowest endpoint", "AWS-4.16", bgp_filter_endpoint},
};
static const BgpRule aws_rules_prefer_oldest[] = {
    {"shortest AS path", "AWS-4.7", bgp_filter_as_path_length},
    {"lowest MED, always compared", "AWS-4.8, AWS-4.10", bgp_filter_med_always},
    {"oldest", "AWS-4.16", bgp_filter_oldest},
    {"lowest appliance address", "AWS-4.16", bgp_filter_peer_address},
    {"lowest endpoint", "AWS-4.16", bgp_filter_endpoint},
};

/* AWS-4.3, AWS-4.4: one route, no multipath. */
static const BgpProfile aws_profile = {
    .name = "aws", .rules = aws_rules, .rule_count = G_N_ELEMENTS(aws_rules), .max_paths = 1};
static const BgpProfile aws_profile_prefer_oldest = {
    .name = "aws, oldest first",
    .rules = aws_rules_prefer_oldest,
    .rule_count = G_N_ELEMENTS(aws_rules_prefer_oldest),
    .max_paths = 1};

/* ---- tables ------------------------------------------------------------------------------------ */

/* AWS-11.1, AWS-5.6: longest prefix, then local, static, propagated. */
/* AWS-5.13: local wins over longer routes of a virtual private gateway, but (AWS-5.12) not
 * over those of a route server. */
static const RouteOrigin local_origin = {"CreateRouteTable", 0, FALSE, TRUE};
static const RouteOrigin static_origin = {"CreateRoute", 1, FALSE, FALSE};
static const RouteOrigin advertisement_origin = {"Advertisement", 3, TRUE, FALSE, TRUE};

static RouteTable *new_table(CloudTopology *topology, const char *name,
                             const CloudNetwork *network) {
  RouteTable *table = route_table_new(topology->fabric, name);
  const NextHop hop = {.kind = HOP_LOCAL, .network = network->network};
  for (guint i = 0; i < network_prefix_count(network->network); i++)
    route_table_put(table, network_prefix(network->network, i), &local_origin, &hop, 1);
  return table;
}

/* AWS-11.2: one route table for each subnet, which may serve many. */
static void aws_build_tables(CloudTopology *topology) {
  for (guint i = 0; i < topology->user_tables->len; i++) {
    CloudUserTable *user = topology->user_tables->pdata[i];
    user->table = new_table(topology, user->name, user->network);
    for (guint j = 0; j < user->routes->len; j++) {
      const CloudUserRoute *route = &g_array_index(user->routes, CloudUserRoute, j);
      route_table_put(user->table, route->to, &static_origin, &route->hop, 1);
    }
  }
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      CloudSubnet *subnet = network->subnets->pdata[j];
      RouteTable *table = subnet->user_table != NULL
                              ? subnet->user_table->table
                              : new_table(topology, subnet->name, network);
      subnet_add_group(subnet->subnet, table, subnet->hosts);
      g_ptr_array_add(subnet->tables, table);
    }
  }
}

/* ---- building ------------------------------------------------------------------------------------ */

/* State of one route server. */
typedef struct {
  gboolean persisted;
  Timer *persist_timer;
  SimTime persist_wait;
} AwsState;

static void persist_over(gpointer data);

static void feed_named(RouteServer *server, RouteServerUnit *unit, const CloudTopology *topology,
                       const char *name) {
  const CloudUserTable *user = cloud_find_user_table(topology, name);
  const CloudSubnet *subnet = user == NULL ? cloud_find_subnet(topology, name) : NULL;
  g_assert(user != NULL || subnet != NULL); /* checked */
  route_server_feed(server, unit, user != NULL ? user->table : subnet->tables->pdata[0]);
}

static void add_endpoints(RouteServer *server, RouteServerUnit *unit, CloudTopology *topology) {
  const RouteServerConfig *own = route_server_config(server);
  const AwsConfig *config = own->config;
  for (guint i = 0; i < config->endpoints->len; i++) {
    const Endpoint *endpoint = config->endpoints->pdata[i];
    const CloudSubnet *subnet = cloud_find_subnet(topology, endpoint->subnet);
    guint before = 0; /* AWS chooses the address (AWS-1.4); here the next from the tenth on */
    for (guint j = 0; j < i; j++)
      before += strcmp(((Endpoint *)config->endpoints->pdata[j])->subnet, endpoint->subnet) == 0;
    route_server_add_part(
        server, unit, arena_printf(topology->arena, "%s/%s", own->name, endpoint->name),
        ip_address_add(subnet_prefix(subnet->subnet).address, 10 + before), subnet->zone, FALSE);
  }
}

static void aws_build(RouteServer *server, CloudTopology *topology) {
  const RouteServerConfig *own = route_server_config(server);
  const AwsConfig *config = own->config;
  AwsState *state = arena_new0(topology->arena, AwsState);
  const RouteServerTimes times = {.process = &config->process.law,
                                  .program = &config->program.law,
                                  .table_jitter = &config->table_jitter.law};
  route_server_set_times(server, &times);
  route_server_set_data(server, state);
  state->persist_wait =
      cloud_draw_setting(topology, own->name, "aws.persist_routes", &config->persist_routes.wait);
  state->persist_timer = timer_new(
      engine_owner(topology->engine, arena_printf(topology->arena, "persist/%s", own->name)),
      PHASE_TIMER, persist_over, server);
  /* One RIB and one FIB (AWS-1.1), whatever the number of endpoints. */
  RouteServerUnit *unit = route_server_add_unit(
      server, own->name, (guint32)config->asn, ip_address_v4((guint32)config->asn),
      config->prefer_oldest ? &aws_profile_prefer_oldest : NULL);
  add_endpoints(server, unit, topology);
  for (guint i = 0; i < config->propagate_to->len; i++)
    feed_named(server, unit, topology, ((NameRef *)config->propagate_to->pdata[i])->text);
}

static gboolean is_asked_for(const AwsPeerConfig *asked, const char *name) {
  for (guint i = 0; i < asked->endpoints->len; i++)
    if (strcmp(((NameRef *)asked->endpoints->pdata[i])->text, name) == 0)
      return TRUE;
  return FALSE;
}

/* The endpoints in the appliance's own subnet (AWS-2.8), or those it names. */
static gboolean peers_with(const Endpoint *endpoint, const char *subnet,
                           const AwsPeerConfig *asked) {
  if (asked != NULL && asked->endpoints->len > 0)
    return is_asked_for(asked, endpoint->name);
  return strcmp(endpoint->subnet, subnet) == 0;
}

static void aws_peer_parts(RouteServer *server, const PeerRequest *request, GPtrArray *parts) {
  const RouteServerConfig *own = route_server_config(server);
  const AwsConfig *config = own->config;
  const gsize prefix = strlen(own->name) + 1;
  for (guint i = 0; i < route_server_part_count(server); i++) {
    RouteServerPart *part = route_server_part(server, i);
    for (guint j = 0; j < config->endpoints->len; j++) {
      const Endpoint *endpoint = config->endpoints->pdata[j];
      if (strcmp(endpoint->name, route_server_part_name(part) + prefix) == 0 &&
          peers_with(endpoint, request->subnet->name, request->peer_config))
        g_ptr_array_add(parts, part);
    }
  }
}

static gboolean has_endpoint(const AwsConfig *config, const char *name) {
  for (guint i = 0; i < config->endpoints->len; i++)
    if (strcmp(((Endpoint *)config->endpoints->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

static guint aws_count_peer_parts(gconstpointer config_pointer, const char *subnet,
                                  gconstpointer peer_config, const char **why) {
  const AwsConfig *config = config_pointer;
  const AwsPeerConfig *asked = peer_config;
  guint count = 0;
  for (guint i = 0; asked != NULL && i < asked->endpoints->len; i++)
    if (!has_endpoint(config, ((NameRef *)asked->endpoints->pdata[i])->text)) {
      *why = "`aws: {endpoints: [...]}` names an endpoint that the route server does not have";
      return 0;
    }
  for (guint i = 0; i < config->endpoints->len; i++)
    count += peers_with(config->endpoints->pdata[i], subnet, peer_config);
  *why = count > 0 ? NULL
                   : "no endpoint of the route server stands in the appliance's subnet, and "
                     "`aws: {endpoints: [...]}` names none (AWS-2.8)";
  return count;
}

static CloudLiveness aws_liveness(RouteServer *server) {
  const RouteServerConfig *own = route_server_config(server);
  const AwsConfig *config = own->config;
  const CloudTopology *topology = route_server_topology(server);
  return (CloudLiveness){
      .keepalive = cloud_draw_setting(topology, own->name, "aws.keepalive", &config->keepalive),
      .hold = cloud_draw_setting(topology, own->name, "aws.hold", &config->hold),
      .bfd = TRUE,
      .bfd_interval =
          cloud_draw_setting(topology, own->name, "aws.bfd.interval", &config->bfd->interval),
      .bfd_multiplier = (guint)config->bfd->multiplier,
  };
}

static Distribution aws_boot(gconstpointer config) { return ((const AwsConfig *)config)->boot.law; }

/* ---- checks -------------------------------------------------------------------------------------- */

static void check_endpoints(const CloudCheck *check, const AwsConfig *config) {
  const char *network;
  if (config->endpoints->len > 10)
    diagnostics_add(check->diagnostics, SEVERITY_ERROR, check->mark,
                    "a route server has at most 10 endpoints (AWS-9.2)");
  for (guint i = 0; i < config->endpoints->len; i++) {
    const Endpoint *endpoint = config->endpoints->pdata[i];
    guint in_subnet = 0;
    if (check->resolve(check->data, endpoint->subnet, &network) != CLOUD_NAME_SUBNET)
      diagnostics_add(check->diagnostics, SEVERITY_ERROR, endpoint->subnet_mark,
                      "unknown subnet '%s'", endpoint->subnet);
    else if (strcmp(network, check->network) != 0)
      diagnostics_add(check->diagnostics, SEVERITY_ERROR, endpoint->subnet_mark,
                      "subnet '%s' is not in network '%s', which the route server serves "
                      "(AWS-1.3)", endpoint->subnet, check->network);
    for (guint j = 0; j <= i; j++)
      in_subnet += strcmp(((Endpoint *)config->endpoints->pdata[j])->subnet, endpoint->subnet) == 0;
    if (in_subnet > 2)
      diagnostics_add(check->diagnostics, SEVERITY_ERROR, endpoint->mark,
                      "a route server has at most 2 endpoints in one subnet (AWS-9.3)");
  }
}

static void aws_check(const CloudCheck *check) {
  const AwsConfig *config = check->config;
  const char *network;
  check_endpoints(check, config);
  if (check->network_siblings > 4)
    diagnostics_add(check->diagnostics, SEVERITY_ERROR, check->mark,
                    "a VPC has at most 5 route servers (AWS-9.1)");
  for (guint i = 0; i < config->propagate_to->len; i++) {
    const NameRef *name = config->propagate_to->pdata[i];
    if (check->resolve(check->data, name->text, &network) == CLOUD_NAME_UNKNOWN)
      diagnostics_add(check->diagnostics, SEVERITY_ERROR, name->mark,
                      "unknown route table or subnet '%s'", name->text);
    else if (strcmp(network, check->network) != 0)
      diagnostics_add(check->diagnostics, SEVERITY_ERROR, name->mark,
                      "'%s' is not in network '%s': a route server writes to route tables of its "
                      "own VPC only (AWS-8.4)", name->text, check->network);
  }
}

static const char *aws_refuse_asn(gconstpointer config, guint32 asn) {
  return ((const AwsConfig *)config)->asn == asn
             ? "the route server has the same AS number: only eBGP is modelled (AWS-2.3)"
             : NULL;
}

/* ---- routes --------------------------------------------------------------------------------------- */

/* One winner: the network interface of its appliance (AWS-5.1). A next hop that is nobody's
 * in the VPC cannot be installed (AWS-4.19). */
static void aws_plan(const RouteServer *server, const BgpEntry *entry, RoutePlan *plan) {
  const IpAddress next_hop = entry->selected[0]->attributes->next_hop;
  if (fabric_element_at(route_server_topology(server)->fabric, next_hop) == NULL) {
    plan->rejected = "the next hop is no network interface of the VPC (AWS-4.19)";
    return;
  }
  plan->count = 1;
  plan->hops[0] = (NextHop){.kind = HOP_ELEMENT, .address = next_hop};
}

/* Nothing, to nobody (AWS-8.1). */
static gboolean aws_advertise(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer,
                              const BgpEntry *entry) {
  (void)server;
  (void)unit;
  (void)peer;
  (void)entry;
  return FALSE;
}

/* ---- persisted routes (AWS-6.7 to AWS-6.13) ---------------------------------------------------------- */

static void record_persisted(RouteServer *server, gboolean persisted) {
  Engine *engine = route_server_topology(server)->engine;
  engine_set_cause(engine, engine_record(engine, &CLOUD_PERSISTED, route_server_name(server), NULL,
                                         persisted, NULL));
}

/* The wait after BGP came back is over: what was not announced again goes, and the live
 * routes decide. */
static void persist_over(gpointer data) {
  RouteServer *server = data;
  AwsState *state = route_server_data(server);
  RouteServerUnit *unit = route_server_unit(server, 0);
  BgpSpeaker *speaker = route_server_unit_speaker(unit);
  const GPtrArray *peers = bgp_speaker_peers(speaker);
  state->persisted = FALSE;
  record_persisted(server, FALSE);
  for (guint i = 0; i < peers->len; i++)
    bgp_flush(speaker, peers->pdata[i]);
  route_server_freeze(unit, FALSE);
}

static gboolean aws_session(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer,
                            gboolean up) {
  const AwsConfig *config = route_server_config(server)->config;
  AwsState *state = route_server_data(server);
  (void)peer;
  if (up) {
    if (state->persisted && !timer_is_armed(state->persist_timer))
      timer_arm_after(state->persist_timer, state->persist_wait);
    return TRUE;
  }
  /* Only when every session has ended (AWS-6.9); one that ends while others live is an
   * ordinary withdrawal. */
  if (!config->persist_routes.on || route_server_unit_established(unit) > 0)
    return !state->persisted;
  timer_cancel(state->persist_timer); /* all down again within the wait: it starts anew */
  if (!state->persisted) {
    state->persisted = TRUE;
    route_server_freeze(unit, TRUE);
    record_persisted(server, TRUE);
  }
  return FALSE;
}

static const Stage program_stage = {"programming of route tables", BASIS_ASSUMED,
                                    "AWS-7.2, AWS-7.3"};

const CloudClass aws_cloud = {
    .name = "aws",
    .title = "AWS VPC Route Server",
    .keys = &aws_keys,
    .peer_keys = &peer_keys,
    .profile = &aws_profile,
    .origin = &advertisement_origin,
    .program_stage = &program_stage,
    .gateways = aws_gateways,
    .check = aws_check,
    .refuse_asn = aws_refuse_asn,
    .build_tables = aws_build_tables,
    .build = aws_build,
    .peer_parts = aws_peer_parts,
    .count_peer_parts = aws_count_peer_parts,
    .liveness = aws_liveness,
    .boot = aws_boot,
    .plan = aws_plan,
    .advertise = aws_advertise,
    .session = aws_session,
};
