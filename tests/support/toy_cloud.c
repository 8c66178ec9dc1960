/* See the header. */
#include "support/toy_cloud.h"

#include "routesim/cloud/gateway.h"

typedef struct {
  BlockHead head;
  Duration program, keepalive, hold, boot;
} ToyConfig;

#define FIELD(name) G_STRUCT_OFFSET(ToyConfig, name)

static const KeySpec specs[] = {
    {"program", KEY_DURATION, KEY_ONE, FIELD(program), .fallback = "2s", .basis = BASIS_ASSUMED,
     .fact = "TOY-1", .doc = "from the decision to the tables"},
    {"keepalive", KEY_DURATION, KEY_ONE, FIELD(keepalive), .fallback = "20s",
     .basis = BASIS_ASSUMED, .fact = "TOY-2", .doc = "keepalive interval of the instance"},
    {"hold", KEY_DURATION, KEY_ONE, FIELD(hold), .fallback = "60s", .basis = BASIS_ASSUMED,
     .fact = "TOY-2", .doc = "hold time of the instance"},
    {"boot", KEY_DURATION, KEY_ONE, FIELD(boot), .fallback = "5s", .basis = BASIS_ASSUMED,
     .fact = "TOY-3", .doc = "from power to the process"},
};
static const KeyTable keys = KEY_TABLE("route_servers.*.toy", ToyConfig, specs);

static const BgpRule rules[] = {
    {"shortest AS path", "TOY-4", bgp_filter_as_path_length},
    {"lowest appliance address", "TOY-4", bgp_filter_peer_address},
};
static const BgpProfile profile = {.name = "toy",
                                   .rules = rules,
                                   .rule_count = G_N_ELEMENTS(rules),
                                   .multipath_rules = 1,
                                   .max_paths = 2};

static const RouteOrigin user_origin = {.name = "User", .rank = 2};
static const RouteOrigin local_origin = {.name = "Local", .rank = 0};
static const RouteOrigin toy_origin = {.name = "RouteServer", .rank = 1, .dynamic = TRUE};

static void toy_check_server(DesignCheck *check, const DesignRouteServer *server) {
  (void)check;
  (void)server;
}

static const char *toy_refuse_asn(gconstpointer config, guint32 asn) {
  (void)config;
  return asn == 64999 ? "64999 is the route server's own (TOY-5)" : NULL;
}

static void toy_build_tables(CloudTopology *topology) {
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    const NextHop local = {.kind = HOP_LOCAL, .network = network->network};
    for (guint j = 0; j < network->subnets->len; j++) {
      CloudSubnet *subnet = network->subnets->pdata[j];
      RouteTable *table = route_table_new(topology->fabric, subnet->name);
      for (guint k = 0; k < network_prefix_count(network->network); k++)
        route_table_put(table, network_prefix(network->network, k), &local_origin, &local, 1);
      subnet_add_group(subnet->subnet, table, subnet->hosts);
      g_ptr_array_add(subnet->tables, table);
    }
  }
}

static void toy_build(RouteServer *server, CloudTopology *topology) {
  const RouteServerConfig *own = route_server_config(server);
  const ToyConfig *config = own->config;
  const RouteServerTimes times = {.program = &config->program.law};
  Prefix place;
  route_server_set_times(server, &times);
  cloud_free_prefix(topology, own->network, 28, &place);
  RouteServerUnit *unit = route_server_add_unit(server, own->name, 64999, place.address, NULL);
  route_server_add_part(server, unit, arena_printf(topology->arena, "%s/0", own->name),
                        place.address, NULL, TRUE);
  for (guint i = 0; i < own->network->subnets->len; i++) {
    const CloudSubnet *subnet = own->network->subnets->pdata[i];
    route_server_feed(server, unit, subnet->tables->pdata[0]);
  }
}

static gboolean toy_part_at(const Design *design, const DesignRouteServer *server,
                            gconstpointer config, guint index, CloudPart *part) {
  (void)design;
  (void)server;
  (void)config;
  *part = (CloudPart){"0", NULL};
  return index == 0;
}

static gboolean toy_peers_with(gconstpointer config, guint index, const char *subnet,
                               gconstpointer peer_config) {
  (void)config;
  (void)index;
  (void)subnet;
  (void)peer_config;
  return TRUE;
}

static CloudLiveness toy_liveness(RouteServer *server) {
  const RouteServerConfig *own = route_server_config(server);
  const ToyConfig *config = own->config;
  const CloudTopology *topology = route_server_topology(server);
  return (CloudLiveness){
      .keepalive = cloud_draw_setting(topology, own->name, "toy.keepalive", &config->keepalive),
      .hold = cloud_draw_setting(topology, own->name, "toy.hold", &config->hold),
      .bfd = TRUE,
      .bfd_interval = sim_time_ms(100),
      .bfd_multiplier = 3,
  };
}

static Distribution toy_boot(gconstpointer config) { return ((const ToyConfig *)config)->boot.law; }

static void toy_plan(const RouteServer *server, const BgpEntry *entry, RoutePlan *plan) {
  (void)server;
  for (guint i = entry->selected_count; i > 0; i--) /* backwards: the machine puts it right */
    route_plan_add(plan, (NextHop){.kind = HOP_ELEMENT,
                                   .address = entry->selected[i - 1]->attributes->next_hop});
}

static gboolean toy_advertise(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer,
                              const BgpEntry *entry) {
  (void)server;
  (void)unit;
  (void)peer;
  (void)entry;
  return TRUE; /* the machine sends nothing back by itself */
}

static const KeySpec gateway_specs[] = {
    {"boot", KEY_DURATION, KEY_ONE, G_STRUCT_OFFSET(GatewayTraits, boot), .fallback = "5s",
     .basis = BASIS_ASSUMED, .fact = "TOY-3", .doc = "from power to the process"},
};
static const KeyTable gateway_keys = KEY_TABLE("gateways.*.toy", GatewayTraits, gateway_specs);
#define TOY_KIND                                                                                   \
  { .keys = &gateway_keys, .origin = &toy_origin, .static_origin = &toy_origin }
static const GatewayClass gateways = {
    .kinds = {[GATEWAY_VPN] = TOY_KIND, [GATEWAY_CIRCUIT] = TOY_KIND},
    .instances = 1,
    .asn = 64999,
    .profile = &profile,
};

static const Stage program_stage = {"programming", BASIS_ASSUMED, "TOY-1"};

static const FabricClass fabric = {
    .build_tables = toy_build_tables,
    .static_origin = &user_origin,
};

static const RouteServerClass server = {
    .keys = &keys,
    .profile = &profile,
    .origin = &toy_origin,
    .program_stage = &program_stage,
    .build = toy_build,
    .liveness = toy_liveness,
    .boot = toy_boot,
    .plan = toy_plan,
    .advertise = toy_advertise,
};

static const PeersClass peers = {.part_at = toy_part_at, .peers_with = toy_peers_with};

static const KeySpec load_balancer_specs[] = {
    {"interval", KEY_DURATION, KEY_ONE, G_STRUCT_OFFSET(LoadBalancerConfig, interval),
     .fallback = "5s", .basis = BASIS_ASSUMED, .fact = "TOY-6", .doc = "between probes"},
    {"timeout", KEY_DURATION, KEY_ONE, G_STRUCT_OFFSET(LoadBalancerConfig, timeout),
     .fallback = "2s", .basis = BASIS_ASSUMED, .fact = "TOY-6", .doc = "for an answer to a probe"},
    {"unhealthy", KEY_COUNT, KEY_ONE, G_STRUCT_OFFSET(LoadBalancerConfig, unhealthy),
     .fallback = "2", .basis = BASIS_ASSUMED, .fact = "TOY-6", .doc = "probes in a row that fail",
     .least = 1, .most = 10},
    {"healthy", KEY_COUNT, KEY_ONE, G_STRUCT_OFFSET(LoadBalancerConfig, healthy), .fallback = "2",
     .basis = BASIS_ASSUMED, .fact = "TOY-6", .doc = "probes in a row that succeed", .least = 1,
     .most = 10},
    {"cross_zone", KEY_BOOL, KEY_ONE, G_STRUCT_OFFSET(LoadBalancerConfig, cross_zone),
     .fallback = "off", .basis = BASIS_ASSUMED, .fact = "TOY-6",
     .doc = "members of other zones take flows too"},
};
static const KeyTable load_balancer_keys =
    KEY_TABLE("load_balancer.toy", LoadBalancerConfig, load_balancer_specs);

#define API(name) G_STRUCT_OFFSET(ApiFailoverConfig, name)
static const KeySpec api_specs[] = {
    {"trigger", KEY_CHOICE, KEY_ONE, API(trigger), .fallback = "poll", .basis = BASIS_ASSUMED,
     .fact = "TOY-7", .doc = "who looks: poll or device", .choices = api_triggers},
    {"poll", KEY_DURATION, KEY_ONE, API(poll), .fallback = "10s", .basis = BASIS_ASSUMED,
     .fact = "TOY-7", .doc = "between polls"},
    {"timeout", KEY_DURATION, KEY_ONE, API(timeout), .fallback = "2s", .basis = BASIS_ASSUMED,
     .fact = "TOY-7", .doc = "for an answer to a poll"},
    {"failures", KEY_COUNT, KEY_ONE, API(failures), .fallback = "2", .basis = BASIS_ASSUMED,
     .fact = "TOY-7", .doc = "polls in a row that fail", .least = 1, .most = 10},
    {"successes", KEY_COUNT, KEY_ONE, API(successes), .fallback = "2", .basis = BASIS_ASSUMED,
     .fact = "TOY-7", .doc = "polls in a row that succeed", .least = 1, .most = 10},
    {"heartbeat", KEY_DURATION, KEY_ONE, API(heartbeat), .fallback = "1s", .basis = BASIS_ASSUMED,
     .fact = "TOY-7", .doc = "between the appliances"},
    {"misses", KEY_COUNT, KEY_ONE, API(misses), .fallback = "3", .basis = BASIS_ASSUMED,
     .fact = "TOY-7", .doc = "heartbeats in a row that fail", .least = 1, .most = 10},
    {"call", KEY_DURATION, KEY_ONE, API(call), .fallback = "1s", .basis = BASIS_ASSUMED,
     .fact = "TOY-7", .doc = "until the API has taken the call"},
    {"propagate", KEY_DURATION, KEY_ONE, API(propagate), .fallback = "1s", .basis = BASIS_ASSUMED,
     .fact = "TOY-7", .doc = "until the table carries traffic anew"},
    {"preempt", KEY_BOOL, KEY_ONE, API(preempt), .fallback = "on", .basis = BASIS_ASSUMED,
     .fact = "TOY-7", .doc = "back to the preferred appliance"},
};
static const KeyTable api_keys = KEY_TABLE("api_failover.toy", ApiFailoverConfig, api_specs);

static const FailoverClass failover = {
    .load_balancer_keys = &load_balancer_keys,
    .api_keys = &api_keys,
};

static const ChecksClass checks = {.server = toy_check_server, .refuse_asn = toy_refuse_asn};

static const TellingClass telling = {NULL};

const CloudClass toy_cloud = {
    .name = "toy",
    .title = "Toy Route Server",
    .facts = "TOY-",
    .only_named = TRUE,
    .fabric = &fabric,
    .server = &server,
    .peers = &peers,
    .gateways = &gateways,
    .failover = &failover,
    .checks = &checks,
    .telling = &telling,
};
