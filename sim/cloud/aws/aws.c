/* AWS VPC Route Server: traits, profile and building; its other hooks stand beside this file. */
#include <string.h>

#include "aws_private.h"
#include "check.h"
#include "describe.h"
#include "persist.h"
#include "transit.h"

/* ---- traits --------------------------------------------------------------------------- */

static int compare_endpoints(gconstpointer a, gconstpointer b) {
  return strcmp((*(AwsEndpoint *const *)a)->name, (*(AwsEndpoint *const *)b)->name);
}

/* The value is such as {a1: hub/fw-a, a2: hub/fw-a}. */
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
    AwsEndpoint *endpoint = arena_new0(reader->arena, AwsEndpoint);
    *endpoint = (AwsEndpoint){key->text, key->mark, value->text, value->mark};
    g_ptr_array_add(*endpoints, endpoint);
  }
  g_ptr_array_sort(*endpoints, compare_endpoints);
}

static gboolean is_word(const Node *node, const char *word, const char *other) {
  return node->kind == NODE_SCALAR &&
         (strcmp(node->text, word) == 0 || strcmp(node->text, other) == 0);
}

/* The value is `off`, `on` (1 min), or 1m to 5m. */
static void read_persist_routes(KeyReader *reader, const Node *node, gpointer field) {
  AwsPersist *persist = field;
  *persist = (AwsPersist){.wait.law = distribution_constant(sim_time_s(60))};
  persist->wait.law.ground = (Ground){BASIS_DOCUMENTED, "AWS-6.10"};
  if (node == NULL || is_word(node, "off", "false"))
    return;
  persist->on = TRUE;
  if (is_word(node, "on", "true") || !keys_read_duration(reader, node, &persist->wait))
    return;
  const Distribution *law = &persist->wait.law;
  if (distribution_quantile(law, 0x1p-53).ns < sim_time_s(60).ns ||
      distribution_quantile(law, 1 - 0x1p-53).ns > sim_time_s(300).ns)
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                    "persist_routes is off, or from 1m to 5m (AWS-6.10)");
}

#define FIELD(name) G_STRUCT_OFFSET(AwsConfig, name)

static const KeySpec bfd_specs[] = {
    {"interval", KEY_DURATION, KEY_ONE, G_STRUCT_OFFSET(AwsBfd, interval), .fallback = "300ms",
     .basis = BASIS_ASSUMED, .fact = "AWS-3.11",
     .doc = "transmit and receive interval of the endpoints", .low = "100ms", .high = "500ms",
     .why = "judgement: Direct Connect has 300 ms as its least (AWS-3.10), appliances offer down "
            "to 100 ms, and detection below a second, as AWS claims it (AWS-3.12), takes two "
            "packets of at most 500 ms."},
    {"multiplier", KEY_COUNT, KEY_ONE, G_STRUCT_OFFSET(AwsBfd, multiplier), .fallback = "3",
     .basis = BASIS_ASSUMED, .fact = "AWS-3.11", .doc = "detection multiplier of the endpoints",
     .low = "2", .high = "5",
     .why = "judgement: with 1 a single lost packet ends the session, and with more than 5 even "
            "packets of 200 ms break the claim of detection below a second (AWS-3.12).",
     .least = 1, .most = 255},
    {"jitter", KEY_CHOICE, KEY_ONE, G_STRUCT_OFFSET(AwsBfd, jitter), .fallback = "rfc",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-3.11, RFC 5880 6.8.7",
     .doc = "of the packets of the endpoints: rfc, or off", .choices = liveness_jitters},
};
static const KeyTable bfd_keys = KEY_TABLE("route_servers.*.aws.bfd", AwsBfd, bfd_specs);

#define LIMIT(name) G_STRUCT_OFFSET(AwsLimits, name)

static const KeySpec limit_specs[] = {
    {"routes_per_peer", KEY_COUNT, KEY_ONE, LIMIT(routes_per_peer), .fallback = "100",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-9.5, AWS-13.11",
     .doc = "routes of one peer that are used; more stay in the RIB", .least = 1, .most = 1000000},
    {"fib_routes", KEY_COUNT, KEY_ONE, LIMIT(fib_routes), .fallback = "100",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-9.6, AWS-13.11",
     .doc = "prefixes in the FIB; more stay in the RIB", .least = 1, .most = 1000000},
    {"propagated_routes", KEY_COUNT, KEY_ONE, LIMIT(propagated_routes),
     .fallback = G_STRINGIFY(AWS_PROPAGATED_ROUTES), .basis = BASIS_DOCUMENTED,
     .fact = "AWS-9.7, AWS-13.11", .doc = "propagated routes in one route table; more are rejected",
     .least = 1, .most = 1000000},
    {"static_routes", KEY_COUNT, KEY_ONE, LIMIT(static_routes),
     .fallback = G_STRINGIFY(AWS_STATIC_ROUTES), .basis = BASIS_DOCUMENTED, .fact = "AWS-9.8",
     .doc = "static routes in one route table, IPv4 and IPv6 each; adjustable up to 1000",
     .least = 1, .most = 1000},
    {"endpoints", KEY_COUNT, KEY_ONE, LIMIT(endpoints), .fallback = "10", .basis = BASIS_DOCUMENTED,
     .fact = "AWS-9.2, AWS-13.12", .doc = "endpoints of the route server; adjustable", .least = 1,
     .most = 1000},
    {"endpoints_per_subnet", KEY_COUNT, KEY_ONE, LIMIT(endpoints_per_subnet), .fallback = "2",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-9.3, AWS-13.12",
     .doc = "endpoints of the route server in one subnet", .least = 1, .most = 1000},
    {"sessions_per_interface", KEY_COUNT, KEY_ONE, LIMIT(sessions_per_interface), .fallback = "20",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-9.4, AWS-13.12",
     .doc = "sessions of one network interface of an appliance; adjustable", .least = 1,
     .most = 1000},
    {"route_servers", KEY_COUNT, KEY_ONE, LIMIT(route_servers), .fallback = "5",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-9.1, AWS-13.12",
     .doc = "route servers of one VPC; adjustable", .least = 1, .most = 1000},
};
static const KeyTable limit_keys = KEY_TABLE("route_servers.*.aws.limits", AwsLimits, limit_specs);

static const char *const precedences[] = {
    [AWS_ROUTE_SERVER_WINS] = "rs", [AWS_VGW_WINS] = "vgw", NULL};

static const KeySpec aws_specs[] = {
    {"asn", KEY_COUNT, KEY_ONE, FIELD(asn), .flags = KEY_REQUIRED, .basis = BASIS_DOCUMENTED,
     .fact = "AWS-2.1", .doc = "Amazon-side AS number", .least = 1, .most = 4294967295},
    {"endpoints", KEY_CUSTOM, KEY_ONE, FIELD(endpoints), .flags = KEY_REQUIRED,
     .basis = BASIS_DOCUMENTED, .fact = "AWS-1.4", .doc = "endpoints, each with its subnet",
     .read = read_endpoints},
    {"propagate_to", KEY_NAME, KEY_LIST, FIELD(propagate_to), .basis = BASIS_DOCUMENTED,
     .fact = "AWS-1.9", .doc = "route tables to write to; a subnet names its own"},
    {"persist_routes", KEY_CUSTOM, KEY_ONE, FIELD(persist_routes), .fallback = "off",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-6.7, AWS-6.10",
     .doc = "keep routes while all sessions are down; then this long after BGP is back",
     .read = read_persist_routes},
    /* Keepalives watch a session alone, unless an appliance asks for BFD.
     * Facts: AWS-13.1, AWS-13.3. */
    {"keepalive", KEY_DURATION, KEY_ONE, FIELD(keepalive), .fallback = "10s",
     .basis = BASIS_ASSUMED, .fact = "AWS-3.7",
     .doc = "keepalive interval that the endpoints offer", .low = "3s", .high = "30s",
     .why = "judgement: a third of the hold times from 9 s to 90 s, as the services beside it have "
            "it (AWS-3.5)."},
    {"keepalive_jitter", KEY_CHOICE, KEY_ONE, FIELD(keepalive_jitter), .fallback = "rfc",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-3.7, RFC 4271 10",
     .doc = "of the KEEPALIVEs of the endpoints: rfc (0.75 to 1 of the interval), or off",
     .choices = liveness_jitters},
    {"hold", KEY_DURATION, KEY_ONE, FIELD(hold), .fallback = "30s", .basis = BASIS_ASSUMED,
     .fact = "AWS-3.7",
     .doc = "hold time that the endpoints offer; the smaller of both ends counts (AWS-3.6)",
     .low = "9s", .high = "90s",
     .why = "judgement: one author states 90 s (AWS-3.3) and the one measurement speaks for 30 s "
            "(AWS-3.4), while a server that asks everybody for less than 9 s would lose sessions "
            "of appliances that are only busy."},
    /* A session that BFD takes down ends as any other does. Facts: AWS-3.14, AWS-13.2. */
    {"bfd", KEY_BLOCK, KEY_ONE, FIELD(bfd), .flags = KEY_ALWAYS, .fact = "AWS-3.11",
     .doc = "BFD of the endpoints, where an appliance asks for it", .table = &bfd_keys},
    {"process", KEY_DURATION, KEY_ONE, FIELD(process), .fallback = "0s", .basis = BASIS_ASSUMED,
     .fact = "AWS-7.4", .doc = "from a change in the RIB to the decision; 0: part of `program`",
     .low = "0s", .high = "500ms",
     .why = "AWS-7.4: 0.5 s of the 3 s; at 0 they are part of `program`"},
    /* A first announcement takes as long as a failover. No prefix waits for an earlier change of
     * its own: AWS has no flap damping that is known. Facts: AWS-6.19, AWS-7.6, AWS-13.4. */
    {"program", KEY_DURATION, KEY_ONE, FIELD(program), .fallback = "uniform 500ms 5500ms",
     .basis = BASIS_ASSUMED, .fact = "AWS-7.2, AWS-7.3",
     .doc = "from the decision to the route tables, one draw for each FIB push", AWS_PROGRAM_RANGE},
    {"table_jitter", KEY_DURATION, KEY_ONE, FIELD(table_jitter), .fallback = "0s",
     .basis = BASIS_ASSUMED, .fact = "AWS-7.5", .doc = "added to `program` for each route table",
     .low = "0s", .high = "{uniform: [0s, 3s]}",
     .why = "judgement: no source tells an order (AWS-7.5): all tables change together, or each "
            "lags by as much again as a usual programming, which is 3 s (AWS-7.4)."},
    {"endpoint_price", KEY_COUNT, KEY_ONE, FIELD(endpoint_price), .fallback = "75",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-10.4",
     .doc = "price of an endpoint, in US cents an hour", .least = 0, .most = 1000000},
    {"alarm_interval", KEY_DURATION, KEY_ONE, FIELD(alarm_interval), .fallback = "0s",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-10.1, AWS-10.2",
     .doc = "how often a rule looks at the sessions; 0: it is told by event log or SNS"},
    {"boot", KEY_DURATION, KEY_ONE, FIELD(boot), .fallback = "60s", .basis = BASIS_ASSUMED,
     .fact = "AWS-13.17", .doc = "from power back to the sessions of an endpoint", AWS_BOOT_RANGE},
    {"prefer_oldest", KEY_BOOL, KEY_ONE, FIELD(prefer_oldest), .fallback = "off",
     .basis = BASIS_ASSUMED, .fact = "AWS-4.16",
     .doc = "among equal routes keep the oldest, before the lowest address", .low = "off",
     .high = "on",
     .why = "judgement: RFC 4271 ends ties by the lowest identifier and address, many routers keep "
            "the oldest route, and a winner that never changed (AWS-4.15) fits both."},
    {"fail_back", KEY_DURATION, KEY_ONE, FIELD(fail_back), .fallback = "0s", .basis = BASIS_ASSUMED,
     .fact = "AWS-6.14, AWS-6.15",
     .doc =
         "from a session's return until its routes replace what is in use; 0: preemptive at once",
     .low = "0s", .high = "83s",
     .why =
         "AWS-6.14, AWS-6.15: documented is at once, and the greatest delay that was seen is 83 s"},
    {"modify", KEY_DURATION, KEY_ONE, FIELD(modify), .fallback = "0s", .basis = BASIS_ASSUMED,
     .fact = "AWS-6.11", .doc = "from a persist-routes action to its effect", .low = "0s",
     .high = "60s",
     .why = "judgement: a reset is documented to act at once (AWS-6.12), but there are states for "
            "the time meanwhile (AWS-6.11), which such changes hardly stay in beyond a minute."},
    {"rs_vs_vgw", KEY_CHOICE, KEY_ONE, FIELD(rs_vs_vgw), .fallback = "rs", .basis = BASIS_ASSUMED,
     .fact = "AWS-5.10, AWS-13.15",
     .doc = "rs or vgw: whose route counts where both propagate one prefix into a table",
     .low = "rs", .high = "vgw",
     .why = "judgement: the list of priorities names the routes of a virtual private gateway and "
            "no route server (AWS-5.10), so either may win.",
     .choices = precedences},
    {"multipath", KEY_BOOL, KEY_ONE, FIELD(multipath), .fallback = "off", .basis = BASIS_DOCUMENTED,
     .fact = "AWS-4.3, AWS-4.5",
     .doc =
         "equal routes share flows; claimed without a test, against what is documented and seen"},
    {"inner_host_routes", KEY_BOOL, KEY_ONE, FIELD(inner_host_routes), .fallback = "off",
     .basis = BASIS_ASSUMED, .fact = "AWS-5.14, AWS-5.23",
     .doc = "a /32 inside the VPC's range enters every propagated table, as one guide expects",
     .low = "off", .high = "on",
     .why = "AWS-5.14, AWS-5.23: the rule for static routes forbids it, one guide expects it"},
    {"explicit_association", KEY_BOOL, KEY_ONE, FIELD(explicit_association), .fallback = "off",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-5.2, AWS-5.22",
     .doc = "a table with neither subnets nor a gateway takes no routes, as the guide to EVS says"},
    {"limits", KEY_BLOCK, KEY_ONE, FIELD(limits), .flags = KEY_ALWAYS, .fact = "AWS-9.9",
     .doc = "quotas", .table = &limit_keys},
};
static const KeyTable aws_keys = KEY_TABLE("route_servers.*.aws", AwsConfig, aws_specs);

/* A peer is an endpoint, the appliance's address, its AS number and how it is watched, so that
 * there is no place for a password. Facts: AWS-1.6. */
static void refuse_password(KeyReader *reader, const Node *node, gpointer field) {
  (void)field;
  if (node != NULL)
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                    "AWS VPC Route Server has no MD5 or TCP-AO authentication (AWS-2.7)");
}

/* The announcements stay a node, because the scenario's own reader reads them. */
typedef struct {
  BlockHead head;
  const Node *advertise;
} AwsPeerEndpoint;

static const KeySpec peer_endpoint_specs[] = {
    {"advertise", KEY_NODE, KEY_ONE, G_STRUCT_OFFSET(AwsPeerEndpoint, advertise), .fact = "AWS-5.5",
     .doc = "what is announced to this endpoint, in place of the peer's list"},
};
static const KeyTable peer_endpoint_keys =
    KEY_TABLE("nvas.*.peers.*.aws.endpoints.*", AwsPeerEndpoint, peer_endpoint_specs);

static int compare_peer_endpoints(gconstpointer a, gconstpointer b) {
  return strcmp((*(AwsPeerEndpoint *const *)a)->head.name,
                (*(AwsPeerEndpoint *const *)b)->head.name);
}

/* The value is such as [a1, b1], or {a1: {advertise: [...]}, b1: }. */
static void read_peer_endpoints(KeyReader *reader, const Node *node, gpointer field) {
  static const KeySpec name_spec = {.name = "endpoints", .type = KEY_NAME};
  AwsPeerConfig *peer =
      (AwsPeerConfig *)((char *)field - G_STRUCT_OFFSET(AwsPeerConfig, endpoints));
  peer->endpoints = arena_ptr_array(reader->arena);
  peer->blocks = arena_ptr_array(reader->arena);
  if (node == NULL)
    return;
  const guint count = node->kind == NODE_SEQUENCE ? node->values->len : 1;
  for (guint i = 0; node->kind != NODE_MAPPING && i < count; i++) {
    NameRef *name = arena_new0(reader->arena, NameRef);
    if (keys_read_value(reader, &name_spec,
                        node->kind == NODE_SEQUENCE ? node->values->pdata[i] : node, name))
      g_ptr_array_add(peer->endpoints, name);
  }
  if (node->kind != NODE_MAPPING)
    return;
  g_autoptr(GPtrArray) read = g_ptr_array_new();
  for (guint i = 0; i < node->keys->len; i++)
    g_ptr_array_add(read, keys_read_named(reader, &peer_endpoint_keys, node->keys->pdata[i],
                                          node->values->pdata[i]));
  g_ptr_array_sort(read, compare_peer_endpoints);
  for (guint i = 0; i < read->len; i++) {
    const AwsPeerEndpoint *endpoint = read->pdata[i];
    NameRef *name = arena_new0(reader->arena, NameRef);
    *name = (NameRef){endpoint->head.name, endpoint->head.mark, 0};
    g_ptr_array_add(peer->endpoints, name);
    g_ptr_array_add(peer->blocks, (gpointer)endpoint->head.node);
  }
}

static gboolean aws_peer_part(gconstpointer config, guint index, const char **part,
                              const Node **block) {
  const AwsPeerConfig *peer = config;
  if (index >= peer->blocks->len)
    return FALSE;
  *part = ((const NameRef *)peer->endpoints->pdata[index])->text;
  *block = peer->blocks->pdata[index];
  return TRUE;
}

static const KeySpec peer_specs[] = {
    {"endpoints", KEY_CUSTOM, KEY_ONE, G_STRUCT_OFFSET(AwsPeerConfig, endpoints),
     .basis = BASIS_DOCUMENTED, .fact = "AWS-2.8",
     .doc = "endpoints to peer with, in place of those in its own subnet: a list, or a mapping to "
            "what is "
            "particular to each",
     .read = read_peer_endpoints, .table = &peer_endpoint_keys},
    {"password", KEY_CUSTOM, KEY_ONE, G_STRUCT_OFFSET(AwsPeerConfig, head), .fact = "AWS-2.7",
     .doc = "not supported: an error", .read = refuse_password},
};
#define APPLIANCE(name) G_STRUCT_OFFSET(AwsApplianceConfig, name)
static const KeySpec appliance_specs[] = {
    {"source_dest_check", KEY_BOOL, KEY_ONE, APPLIANCE(source_dest_check), .fallback = "off",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-5.17",
     .doc = "the check of the network interface, which what forwards must have off; AWS has it on, "
            "a working appliance off"},
};
static const KeyTable appliance_keys = KEY_TABLE("nvas.*.aws", AwsApplianceConfig, appliance_specs);

/* AWS manages a NAT gateway, as it does an endpoint: nobody says how long one is away. */
static const KeySpec nat_specs[] = {
    {"boot", KEY_DURATION, KEY_ONE, G_STRUCT_OFFSET(AwsNatConfig, boot), .fallback = "60s",
     .basis = BASIS_ASSUMED, .fact = "AWS-13.17",
     .doc = "from power back until it passes traffic on", AWS_BOOT_RANGE},
};
static const KeyTable nat_keys = KEY_TABLE("gateways.*.aws", AwsNatConfig, nat_specs);

static const KeyTable peer_keys = KEY_TABLE("nvas.*.peers.*.aws", AwsPeerConfig, peer_specs);

/* ---- decision process ----------------------------------------------------------------------- */

/* The AS path comes before MED, as a transit gateway has it; a missing MED counts as 0. ORIGIN,
 * LOCAL_PREF and communities are not looked at, and the last steps are an assumption. Each prefix
 * decides for itself; the longest wins in the route tables.
 * Facts: AWS-4.9, AWS-4.11 to AWS-4.15, AWS-4.18, AWS-13.6. */
static const BgpRule aws_rules[] = {
    {"not freshly returned", "AWS-6.15", bgp_filter_settled},
    {"shortest AS path", "AWS-4.7", bgp_filter_as_path_length},
    {"lowest MED, always compared", "AWS-4.8, AWS-4.10", bgp_filter_med_always},
    {"lowest appliance address", "AWS-4.16", bgp_filter_peer_address},
    {"lowest endpoint", "AWS-4.16", bgp_filter_endpoint},
};
static const BgpRule aws_rules_prefer_oldest[] = {
    {"not freshly returned", "AWS-6.15", bgp_filter_settled},
    {"shortest AS path", "AWS-4.7", bgp_filter_as_path_length},
    {"lowest MED, always compared", "AWS-4.8, AWS-4.10", bgp_filter_med_always},
    {"oldest", "AWS-4.16", bgp_filter_oldest},
    {"lowest appliance address", "AWS-4.16", bgp_filter_peer_address},
    {"lowest endpoint", "AWS-4.16", bgp_filter_endpoint},
};

/* What the rules up to MED leave equal is shared, where a scenario wants that, by as many peers as
 * may announce one prefix to one table. Facts: AWS-4.5, AWS-9.11. */
#define AWS_GRADE 3
/* The profiles by `prefer_oldest`, then by `multipath`. AWS takes one route, because a route table
 * has one target for each destination. Facts: AWS-4.3, AWS-4.4, AWS-4.6, AWS-13.7. */
static const BgpProfile aws_profiles[2][2] = {
    {{.name = "aws", .rules = aws_rules, .rule_count = G_N_ELEMENTS(aws_rules)},
     {.name = "aws, multipath",
      .rules = aws_rules,
      .rule_count = G_N_ELEMENTS(aws_rules),
      .multipath_rules = AWS_GRADE,
      .max_paths = AWS_MOST_PEERS}},
    {{.name = "aws, oldest first",
      .rules = aws_rules_prefer_oldest,
      .rule_count = G_N_ELEMENTS(aws_rules_prefer_oldest)},
     {.name = "aws, oldest first, multipath",
      .rules = aws_rules_prefer_oldest,
      .rule_count = G_N_ELEMENTS(aws_rules_prefer_oldest),
      .multipath_rules = AWS_GRADE,
      .max_paths = AWS_MOST_PEERS}},
};

/* ---- building ------------------------------------------------------------------------------ */

/* A table that is named holds the server's routes, one that is not holds none. Facts: AWS-5.18. */
static void feed_named(RouteServer *server, RouteServerUnit *unit, const CloudTopology *topology,
                       const char *name) {
  const CloudUserTable *user = cloud_find_user_table(topology, name);
  const CloudSubnet *subnet = user == NULL ? cloud_find_subnet(topology, name) : NULL;
  g_assert(user != NULL || subnet != NULL); /* checked */
  RouteTable *table = user != NULL ? user->table : subnet->tables->pdata[0];
  const AwsConfig *config = route_server_config(server)->config;
  route_table_set_quota(table, (guint)config->limits->propagated_routes);
  route_server_feed(server, unit, table);
}

/* How many endpoints of all route servers in its subnet come before the `index`-th of `own`. */
static guint endpoints_before(const CloudTopology *topology, const RouteServerConfig *own,
                              guint index) {
  const char *subnet =
      ((const AwsEndpoint *)((const AwsConfig *)own->config)->endpoints->pdata[index])->subnet;
  guint count = 0;
  for (guint i = 0; i < topology->route_servers->len; i++) {
    const RouteServerConfig *server = topology->route_servers->pdata[i];
    const GPtrArray *endpoints = ((const AwsConfig *)server->config)->endpoints;
    for (guint j = 0; j < endpoints->len; j++) {
      if (strcmp(server->name, own->name) == 0 && j == index)
        return count;
      count += strcmp(((const AwsEndpoint *)endpoints->pdata[j])->subnet, subnet) == 0;
    }
  }
  return count;
}

/* AWS chooses the address; here it is, of those that AWS hands out, the next from the tenth on that
 * nobody has. Facts: AWS-1.4. */
static IpAddress endpoint_address(const CloudTopology *topology, Prefix subnet, guint before) {
  const guint64 room = subnet_room(subnet);
  IpAddress address = subnet.address;
  for (guint64 i = 0; i < room; i++) {
    address = ip_address_add(subnet.address, 4 + (6 + i) % room);
    const OwnerKind kind = fabric_owner(topology->fabric, address).kind;
    if (kind != OWNER_ELEMENT && kind != OWNER_BALANCER && before-- == 0)
      break;
  }
  return address;
}

static void add_endpoints(RouteServer *server, RouteServerUnit *unit, CloudTopology *topology) {
  const RouteServerConfig *own = route_server_config(server);
  const AwsConfig *config = own->config;
  for (guint i = 0; i < config->endpoints->len; i++) {
    const AwsEndpoint *endpoint = config->endpoints->pdata[i];
    const CloudSubnet *subnet = cloud_find_subnet(topology, endpoint->subnet);
    const IpAddress address = endpoint_address(topology, subnet_prefix(subnet->subnet),
                                               endpoints_before(topology, own, i));
    route_server_add_part(server, unit,
                          arena_concat(topology->arena, own->name, "/", endpoint->name, NULL),
                          address, subnet->zone, FALSE);
  }
}

/* There is one RIB and one FIB, whatever the number of endpoints: a route leaves with the last
 * session of its appliance. Facts: AWS-1.1, AWS-4.1, AWS-4.2, AWS-6.3, AWS-6.4. */
static void aws_build(RouteServer *server, CloudTopology *topology) {
  const RouteServerConfig *own = route_server_config(server);
  const AwsConfig *config = own->config;
  AwsState *state = arena_new0(topology->arena, AwsState);
  const RouteServerTimes times = {.process = &config->process.law,
                                  .program = &config->program.law,
                                  .table_jitter = &config->table_jitter.law};
  const AwsLimits *limits = config->limits;
  const RouteServerLimits most = {
      .peer_routes = (guint)limits->routes_per_peer,
      .fib_routes = (guint)limits->fib_routes,
      .peer_reason = "the peer has as many routes in use as it may (AWS-9.5)",
      .fib_reason = "the route server has as many routes as it may (AWS-9.6)"};
  route_server_set_times(server, &times);
  route_server_set_limits(server, &most);
  route_server_set_data(server, state);
  state->persist_wait =
      cloud_draw_setting(topology, own->name, "aws.persist_routes", &config->persist_routes.wait);
  aws_persist_begin(server, state);
  RouteServerUnit *unit = route_server_add_unit(
      server, own->name, (guint32)config->asn, ip_address_v4((guint32)config->asn),
      &aws_profiles[config->prefer_oldest][config->multipath]);
  add_endpoints(server, unit, topology);
  for (guint i = 0; i < config->propagate_to->len; i++)
    feed_named(server, unit, topology, ((NameRef *)config->propagate_to->pdata[i])->text);
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
      .keepalive_jitter_off = config->keepalive_jitter == LIVENESS_JITTER_OFF,
      .bfd_jitter_off = config->bfd->jitter == LIVENESS_JITTER_OFF,
      .hold_ground = config->hold.law.ground,
      .bfd_interval_ground = config->bfd->interval.law.ground,
      .bfd_multiplier_ground = keys_ground(topology->arena, &bfd_keys, config->bfd->head.node,
                                           (const char *const[]){"multiplier", NULL}),
  };
}

static Distribution aws_boot(gconstpointer config) { return ((const AwsConfig *)config)->boot.law; }

static Distribution aws_nat_boot(gconstpointer config) {
  return ((const AwsNatConfig *)config)->boot.law;
}

/* ---- routes -------------------------------------------------------------------------------- */

/* Detection, RIB, FIB and route tables follow each other; this is the last step. Whatever wins is
 * written, so that a better route takes over again when it is back, also when its appliance has no
 * upstream yet. The target is the network interface of the appliance, so that packets never pass
 * the route server; a next hop that is nobody's in the VPC cannot be installed.
 * Facts: AWS-1.14, AWS-4.19, AWS-5.1, AWS-6.1, AWS-6.14, AWS-6.16, AWS-13.10. */
static void aws_plan(const RouteServer *server, const BgpEntry *entry, RoutePlan *plan) {
  const Network *network = route_server_config(server)->network->network;
  for (guint i = 0; i < entry->selected_count; i++) {
    const IpAddress next_hop = entry->selected[i]->attributes->next_hop;
    if (fabric_element_at(route_server_topology(server)->fabric, next_hop) != NULL &&
        network_contains(network, next_hop))
      route_plan_add(plan, (NextHop){.kind = HOP_ELEMENT, .address = next_hop});
  }
  if (plan->count == 0)
    plan->rejected = "the next hop is no network interface of the VPC (AWS-4.19)";
}

/* What forwards must have the check of its network interface off. Facts: AWS-5.17. */
static DropReason aws_transit_refusal(gconstpointer config) {
  const AwsApplianceConfig *appliance = config;
  return appliance->source_dest_check ? DROP_SOURCE_DEST_CHECK : DROP_NONE;
}

/* A route server announces nothing to anybody, so it is no reflector either.
 * Facts: AWS-8.1, AWS-8.3, AWS-13.8. */
static gboolean aws_advertise(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer,
                              const BgpEntry *entry) {
  (void)server;
  (void)unit;
  (void)peer;
  (void)entry;
  return FALSE;
}

static const Stage program_stage = {"programming of route tables", BASIS_ASSUMED,
                                    "AWS-7.2, AWS-7.3"};

static const FabricClass fabric = {
    .build_tables = aws_build_tables,
    .static_origin = &aws_static_origin,
    .set_user_routes = aws_set_user_routes,
    .peerings_end = "AWS-8.6",
};

static const ApplianceClass appliances = {
    .keys = &appliance_keys,
    .transit_refusal = aws_transit_refusal,
};

static const EdgeClass edges = {
    .transit_keys = &aws_transit_keys,
    .check_transit = aws_check_transit,
    .nat_keys = &nat_keys,
    .check_nat = aws_check_nat,
    .nat_boot = aws_nat_boot,
};

/* There is no graceful restart: what a lost zone or all endpoints took along is decided anew at
 * once, unless it is persisted. Facts: AWS-3.15, AWS-6.5, AWS-6.6, AWS-13.13. */
static const RouteServerClass server = {
    .keys = &aws_keys,
    .profile = &aws_profiles[0][0],
    .origin = &aws_advertisement_origin,
    .program_stage = &program_stage,
    .part_sight = {BASIS_ASSUMED, "AWS-6.4"},
    .build = aws_build,
    .liveness = aws_liveness,
    .boot = aws_boot,
    .plan = aws_plan,
    .admit = aws_admit,
    .table_full = aws_table_full,
    .advertise = aws_advertise,
    .session = aws_session,
    .persist = aws_persist,
};

static const PeersClass peers = {
    .part_at = aws_part_at,
    .peers_with = aws_peers_with_part,
    .refuse = aws_refuse_peer,
    .keys = &peer_keys,
    .named_part = aws_peer_part,
};

static const FailoverClass failover = {
    .load_balancer_keys = &aws_load_balancer_keys,
    .api_keys = &aws_api_failover_keys,
    .written_origin = aws_written_origin,
    .most_deregistration_delay = {3600 * SIM_SECOND},
    .most_deregistration_fact = "AWS-11.13",
};

static const ChecksClass checks = {
    .server = aws_check_server,
    .unused = aws_check_unused,
    .table = aws_check_table,
    .appliance = aws_check_appliance,
    .refuse_asn = aws_refuse_asn,
};

static const TellingClass telling = {
    .describe = aws_describe,
    .forbids = aws_forbids,
    .prices = aws_prices,
    .alarm_interval = aws_alarm_interval,
    .peer_log = TRUE, /* Facts: AWS-10.1. */
    .bfd_advice = "let UDP 3784 and 3785 through to the endpoints: labs saw BFD fail to come up, "
                  "one until it opened the second by hand (AWS-3.13)",
};

const CloudClass aws_cloud = {
    .name = "aws",
    .title = "AWS VPC Route Server",
    .facts = "AWS-",
    .fabric = &fabric,
    .edges = &edges,
    .appliances = &appliances,
    .server = &server,
    .peers = &peers,
    .gateways = &aws_gateways,
    .circuits = &aws_circuits,
    .failover = &failover,
    .checks = &checks,
    .telling = &telling,
    .rules =
        {
            [RULE_WRONG_ASN] = "AWS-2.4",
            [RULE_PEER_IS_FIXED] = "AWS-1.8",
            [RULE_PERSISTS] = "AWS-6.11",
            [RULE_TELLS_GATEWAYS] = "AWS-8.1",
            [RULE_TAKES_BACK] = "AWS-6.18",
            [RULE_LOGS_PEERS] = "AWS-10.1",
            [RULE_MOVES_NO_ADDRESS] = "AWS-5.1",
            [RULE_ONE_STATIC] = "AWS-4.6",
            [RULE_GATEWAY_TABLES] = "AWS-5.2",
            [RULE_TRANSIT] = "AWS-8.5",
            [RULE_ONE_A_NETWORK] = "AWS-11.14",
            [RULE_STATIC_SITES] = "AWS-11.1",
            [RULE_BALANCER_SHARES] = "AWS-11.10",
            [RULE_API_MOVES_ADDRESS] = "AWS-12.14",
            [RULE_DEVICES_WATCH] = "AWS-12.22",
        },
};
