/* Azure Route Server: traits and the class. */
#include "azure_private.h"
#include "describe.h"

/* ---- traits of a route server --------------------------------------------------------- */

static const char *const routing_preferences[] = {[PREFER_EXPRESSROUTE] = "expressroute",
                                                  [PREFER_VPN] = "vpn",
                                                  [PREFER_AS_PATH] = "aspath",
                                                  NULL};
static const char *const ecmp_hashes[] = {
    [HASH_MODULO] = "modulo", [HASH_RESILIENT] = "resilient", NULL};
static const char *const total_losses[] = {
    [TOTAL_LOSS_FREEZE] = "freeze", [TOTAL_LOSS_FLUSH] = "flush", NULL};
static const char *const reflections[] = {[REFLECT_WITH_BRANCHES] = "branch-to-branch",
                                          [REFLECT_ALWAYS] = "on",
                                          [REFLECT_NEVER] = "off",
                                          NULL};
static const char *const limit_counts[] = {
    [BGP_COUNT_HELD] = "held", [BGP_COUNT_HELD_AND_INCOMING] = "incoming", NULL};

#define GATEWAY_FIELD(name) G_STRUCT_OFFSET(AzureGatewayConfig, name)

static const KeySpec gateway_specs[] = {
    {"inbound", KEY_NAME, KEY_ONE, GATEWAY_FIELD(inbound), .basis = BASIS_DOCUMENTED,
     .fact = "AZ-9.18", .doc = "route map on what the gateway announces"},
    {"outbound", KEY_NAME, KEY_ONE, GATEWAY_FIELD(outbound), .basis = BASIS_DOCUMENTED,
     .fact = "AZ-9.18", .doc = "route map on what it is told"},
};
static const KeyTable gateway_keys =
    KEY_TABLE("route_servers.*.azure.gateways.*", AzureGatewayConfig, gateway_specs);

#define PEERING_FIELD(side)                                                                        \
  (G_STRUCT_OFFSET(AzurePeeringConfig, subnets) + (side) * sizeof(GPtrArray *))

static const KeySpec peering_specs[] = {
    {"local_subnets", KEY_NAME, KEY_LIST, PEERING_FIELD(0), .basis = BASIS_DOCUMENTED,
     .fact = "AZ-5.16",
     .doc = "subnets of `from` that it is limited to; the others neither see nor are seen"},
    {"remote_subnets", KEY_NAME, KEY_LIST, PEERING_FIELD(1), .basis = BASIS_DOCUMENTED,
     .fact = "AZ-5.16", .doc = "the same of `to`"},
};
static const KeyTable peering_keys =
    KEY_TABLE("peerings.*.azure", AzurePeeringConfig, peering_specs);

static const GPtrArray *azure_peering_subnets(gconstpointer config, guint side) {
  return ((const AzurePeeringConfig *)config)->subnets[side];
}

#define FIELD(name) G_STRUCT_OFFSET(AzureConfig, name)

/* The defaults are the object's own: exchange off, ExpressRoute preferred. `process` is 0, because
 * what was measured, and `program` draws from, has it in it.
 * Facts: AZ-1.9, AZ-11.6, AZ-14.7, AZ-14.12, AZ-14.13. */
static const KeySpec azure_specs[] = {
    {"subnet", KEY_NAME, KEY_ONE, FIELD(subnet), .basis = BASIS_DOCUMENTED, .fact = "AZ-1.1",
     .doc =
         "NETWORK/RouteServerSubnet; by default the network's subnet of that name, or free space"},
    {"branch_to_branch", KEY_BOOL, KEY_ONE, FIELD(branch_to_branch), .fallback = "off",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-5.3",
     .doc = "exchange routes between gateways and appliances, and among appliances"},
    {"reflect", KEY_CHOICE, KEY_ONE, FIELD(reflection), .fallback = "branch-to-branch",
     .basis = BASIS_MEASURED, .fact = "AZ-5.4, AZ-13.3",
     .doc = "routes from appliance to appliance: with branch_to_branch only, always, or never",
     .low = "branch-to-branch", .high = "on",
     .why = "AZ-5.4, AZ-13.3: labs differ between these two, and none saw that it is never done",
     .choices = reflections},
    {"routing_preference", KEY_CHOICE, KEY_ONE, FIELD(routing_preference),
     .fallback = "expressroute", .basis = BASIS_DOCUMENTED, .fact = "AZ-4.10",
     .doc = "hub routing preference", .choices = routing_preferences},
    {"obey_no_export", KEY_BOOL, KEY_ONE, FIELD(obey_no_export), .fallback = "off",
     .basis = BASIS_ASSUMED, .fact = "AZ-4.8",
     .doc =
         "NO_EXPORT keeps a route from other autonomous systems; off: a community like any other",
     .low = "off", .high = "on",
     .why = "judgement: RFC 1997 asks a speaker to obey it, and what is written on communities "
            "names NO_ADVERTISE alone (AZ-4.7, AZ-4.8), so either is possible."},
    {"relay_community", KEY_BOOL, KEY_ONE, FIELD(relay_community), .fallback = "on",
     .basis = BASIS_MEASURED, .fact = "AZ-4.9",
     .doc = "adds 65517:65517 to what goes from appliance to appliance", .low = "off", .high = "on",
     .why = "judgement: one lab shows it (AZ-4.9), and nothing promises that it is always added."},
    {"keepalive", KEY_DURATION, KEY_ONE, FIELD(keepalive), .fallback = "60s",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-2.8",
     .doc = "keepalive interval that the instances offer"},
    {"keepalive_jitter", KEY_CHOICE, KEY_ONE, FIELD(keepalive_jitter), .fallback = "rfc",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-2.8, RFC 4271 10",
     .doc = "of the KEEPALIVEs of the instances: rfc (0.75 to 1 of the interval), or off",
     .choices = liveness_jitters},
    /* A silent death waits for it. Facts: AZ-7.2. */
    {"hold", KEY_DURATION, KEY_ONE, FIELD(hold), .fallback = "180s", .basis = BASIS_DOCUMENTED,
     .fact = "AZ-2.8",
     .doc = "hold time that the instances offer; the smaller of both ends counts (AZ-2.9)"},
    {"process", KEY_DURATION, KEY_ONE, FIELD(process), .fallback = "0s", .basis = BASIS_ASSUMED,
     .fact = "AZ-14.7", .doc = "from a change in the RIB to the decision; 0: part of `program`",
     .low = "0s", .high = "1s",
     .why = "AZ-6.17: an appliance heard of another one's withdrawal within the same log second; "
            "at 0 it is part of `program`"},
    /* From BGP event to data plane it took 1 to 5.6 s. Facts: AZ-6.16. */
    {"program", KEY_DURATION, KEY_ONE, FIELD(program),
     .fallback =
         "table 0.90s 1.00s 1.22s 1.50s 1.50s 1.53s 1.77s 1.85s 2.42s 4.14s 4.20s 5.19s 5.60s",
     .basis = BASIS_ASSUMED, .fact = "AZ-11.6",
     .doc = "from the decision to the NICs' routes, one draw for each batch", .low = "900ms",
     .high = "5600ms", .why = "AZ-11.6: the least and the greatest of 13 samples"},
    {"table_jitter", KEY_DURATION, KEY_ONE, FIELD(table_jitter), .fallback = "0s",
     .basis = BASIS_ASSUMED, .fact = "AZ-14.8", .doc = "added to `program` for each group of NICs",
     .low = "0s", .high = "{uniform: [0s, 4700ms]}",
     .why = "judgement: all NICs change together where one push feeds them, and at the most the "
            "whole spread of the 13 samples (AZ-11.6), which is 4.7 s, lies between NICs."},
    {"change_interval", KEY_DURATION, KEY_ONE, FIELD(change_interval), .fallback = "30s",
     .basis = BASIS_MEASURED, .fact = "AZ-6.18",
     .doc = "a prefix changes again on an instance no earlier than this", .low = "22.5s",
     .high = "35s",
     .why = "judgement: about 30 s were seen (AZ-6.18); if that is the advertisement interval of "
            "BGP (AZ-6.19), jitter may shorten it to 22.5 s (RFC 4271 10), and more than 35 s "
            "would have been noticed."}, /* Facts: AZ-6.19,
AZ-14.9. */
    {"takeover", KEY_DURATION, KEY_ONE, FIELD(takeover), .fallback = "0s", .basis = BASIS_ASSUMED,
     .fact = "AZ-7.6",
     .doc = "after the loss of an instance, until the other one programs its NICs, whatever else "
            "fails "
            "meanwhile",
     .low = "0s", .high = "180s",
     .why = "judgement: the survivor takes over at once where it knows all NICs anyway, and after "
            "the hold time of 180 s (AZ-2.8) every BGP speaker has noticed the loss."},
    {"base_price", KEY_COUNT, KEY_ONE, FIELD(base_price), .fallback = "45", .basis = BASIS_ASSUMED,
     .fact = "AZ-12.5",
     .doc = "price of a route server with two routing infrastructure units, in US cents an hour",
     .least = 0, .most = 1000000},
    {"unit_price", KEY_COUNT, KEY_ONE, FIELD(unit_price), .fallback = "10",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-12.1",
     .doc = "price of a routing infrastructure unit beyond two, in US cents an hour", .least = 0,
     .most = 1000000},
    {"alarm_interval", KEY_DURATION, KEY_ONE, FIELD(alarm_interval), .fallback = "5m",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-2.21",
     .doc = "how often a rule looks at the metric of the sessions"},
    {"boot", KEY_DURATION, KEY_ONE, FIELD(boot), .fallback = "60s", .basis = BASIS_ASSUMED,
     .fact = "AZ-1.16", .doc = "from power back to the BGP process of an instance", .low = "10s",
     .high = "5m",
     .why = "judgement: a process starts anew within 10 s, and a virtual machine that maintenance "
            "(AZ-1.16) puts in its place takes up to 5 min."},
    {"nic_share", KEY_SHARE, KEY_ONE, FIELD(nic_share), .fallback = "50%", .basis = BASIS_ASSUMED,
     .fact = "AZ-14.16", .doc = "NICs of a subnet that instance 0 programs", .low = "30%",
     .high = "70%",
     .why = "judgement: some NICs had the routes of one instance and others did not, up to half "
            "the traffic (AZ-2.7), and a spread of few NICs by chance easily leaves a third to one "
            "instance."},
    {"max_paths", KEY_COUNT, KEY_ONE, FIELD(max_paths), .fallback = "8", .basis = BASIS_DOCUMENTED,
     .fact = "AZ-6.12", .doc = "equal next hops at most", .least = 1, .most = 8},
    /* Modulo is the worst case, and no source knows better. Facts: AZ-6.13, AZ-14.11. */
    {"ecmp_hash", KEY_CHOICE, KEY_ONE, FIELD(ecmp_hash), .fallback = "modulo",
     .basis = BASIS_ASSUMED, .fact = "AZ-6.13",
     .doc = "flows among equal next hops: modulo their number, or resilient (over fixed buckets)",
     .low = "modulo", .high = "resilient",
     .why = "judgement: no source tells (AZ-6.13): plain modulo moves the most flows when a next "
            "hop leaves, and resilient hashing the fewest.",
     .choices = ecmp_hashes},
    {"hash_buckets", KEY_COUNT, KEY_ONE, FIELD(hash_buckets), .fallback = "120",
     .basis = BASIS_ASSUMED, .fact = "AZ-6.13",
     .doc = "resilient: number of buckets, a divisor of 840", .low = "8", .high = "840",
     .why = "judgement: fewer buckets than the 8 next hops (AZ-6.12) cannot serve all, and a group "
            "of next hops rarely has more than some hundreds.",
     .least = 8, .most = 840},
    {"total_loss", KEY_CHOICE, KEY_ONE, FIELD(total_loss), .fallback = "freeze",
     .basis = BASIS_ASSUMED, .fact = "AZ-7.8",
     .doc = "what the NICs keep when both instances are lost", .low = "freeze", .high = "flush",
     .why = "judgement: no source tells (AZ-7.8): what programs NICs leaves them as they are when "
            "it dies, or takes its routes with it.",
     .choices = total_losses},
    {"max_peers", KEY_COUNT, KEY_ONE, FIELD(max_peers), .fallback = "8", .basis = BASIS_DOCUMENTED,
     .fact = "AZ-3.1, AZ-14.5", .doc = "appliances that may peer", .least = 1, .most = 1000},
    {"max_routes_per_peer", KEY_COUNT, KEY_ONE, FIELD(max_routes_per_peer), .fallback = "4000",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-3.2, AZ-13.1, AZ-14.5",
     .doc = "routes that a peer may announce (1000 until 2025-09); beyond it the session ends "
            "(AZ-3.4)",
     .least = 1, .most = 1000000},
    {"limit_count", KEY_CHOICE, KEY_ONE, FIELD(limit_count), .fallback = "incoming",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-3.3, AZ-14.6",
     .doc = "what counts: routes held and all that an UPDATE brings (incoming), or those held then "
            "(held)",
     .choices = limit_counts},
    {"max_routes_total", KEY_COUNT, KEY_ONE, FIELD(max_routes_total), .fallback = "10000",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-3.10",
     .doc = "prefixes from all sources; more is a warning", .least = 1, .most = 1000000},
    {"max_networks", KEY_COUNT, KEY_ONE, FIELD(max_networks), .fallback = "500",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-3.9",
     .doc = "VNets, its own and peered ones; more is a warning", .least = 1, .most = 1000000},
    {"routing_infrastructure_units", KEY_COUNT, KEY_ONE, FIELD(routing_infrastructure_units),
     .fallback = "2", .basis = BASIS_DOCUMENTED, .fact = "AZ-1.15, AZ-3.8",
     .doc =
         "capacity: 4000 VMs for two units, 1000 more for each further one; more VMs are a warning",
     .least = 2, .most = 48},
    {"gateways", KEY_BLOCK, KEY_MAP, FIELD(gateways), .basis = BASIS_DOCUMENTED, .fact = "AZ-9.18",
     .doc = "VPN and circuit gateways of its network whose connections have route maps",
     .table = &gateway_keys},
};

static const KeyTable azure_keys = KEY_TABLE("route_servers.*.azure", AzureConfig, azure_specs);

/* ---- its block in a peer ----------------------------------------------------------------- */

static void refuse(KeyReader *reader, const Node *node, const char *why) {
  if (node != NULL)
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark, "%s", why);
}

#define NO_BFD "Azure Route Server has no BFD (AZ-2.13)"

static void refuse_bfd(KeyReader *reader, const Node *node, gpointer field) {
  (void)field;
  refuse(reader, node, NO_BFD "; lower `hold` and `keepalive` of the peer instead (AZ-2.9)");
}
static void refuse_password(KeyReader *reader, const Node *node, gpointer field) {
  (void)field;
  refuse(reader, node, "Azure Route Server has no MD5 or TCP-AO authentication (AZ-2.14)");
}

#define PEER_FIELD(name) G_STRUCT_OFFSET(AzurePeerConfig, name)

static const KeySpec peer_specs[] = {
    {"instances", KEY_COUNT, KEY_LIST, PEER_FIELD(instances), .basis = BASIS_DOCUMENTED,
     .fact = "AZ-2.6", .doc = "instances to peer with, 0 and 1; by default both, as Azure demands",
     .least = 0, .most = 1},
    {"inbound", KEY_NAME, KEY_ONE, PEER_FIELD(inbound), .basis = BASIS_DOCUMENTED,
     .fact = "AZ-9.18, AZ-9.19",
     .doc = "route map on what the appliance announces, before the best path is chosen"},
    {"outbound", KEY_NAME, KEY_ONE, PEER_FIELD(outbound), .basis = BASIS_DOCUMENTED,
     .fact = "AZ-9.18, AZ-9.19",
     .doc = "route map on what it is told, after the best path is chosen"},
    {"bfd", KEY_CUSTOM, KEY_ONE, PEER_FIELD(head), .fact = "AZ-2.13",
     .doc = "not supported: an error", .read = refuse_bfd},
    {"password", KEY_CUSTOM, KEY_ONE, PEER_FIELD(head), .fact = "AZ-2.14",
     .doc = "not supported: an error", .read = refuse_password},
};

static const KeyTable peer_keys = KEY_TABLE("nvas.*.peers.*.azure", AzurePeerConfig, peer_specs);

/* ---- sessions -------------------------------------------------------------------------------- */

/* An appliance peers with both instances, or with those that the block names. Facts: AZ-2.6. */
static gboolean azure_peers_with_part(gconstpointer config, guint index, const char *subnet,
                                      gconstpointer peer_config) {
  (void)config;
  (void)subnet;
  return azure_peers_with(peer_config, index);
}

static void azure_peer_route_maps(gconstpointer peer_config, const NameRef *names[2]) {
  const AzurePeerConfig *peer = peer_config;
  names[0] = &peer->inbound;
  names[1] = &peer->outbound;
}

static gboolean azure_gateway_route_maps(gconstpointer config, guint index, NameRef *gateway,
                                         const NameRef *names[2]) {
  const GPtrArray *gateways = ((const AzureConfig *)config)->gateways;
  if (index >= gateways->len)
    return FALSE;
  const AzureGatewayConfig *one = gateways->pdata[index];
  *gateway = (NameRef){one->head.name, one->head.mark, 0};
  names[0] = &one->inbound;
  names[1] = &one->outbound;
  return TRUE;
}

/* The smaller hold time counts, and any that RFC 4271 allows, as labs ran it; a third of it is the
 * most between keepalives. There is no BFD. The limit is each peer's own: beyond it the session
 * ends, on both instances, as both get the same UPDATE; the appliance comes back after its
 * ConnectRetryTimer. Facts: AZ-2.9 to AZ-2.12, AZ-3.4, AZ-3.5, AZ-3.7, AZ-14.3, AZ-14.4. */
static CloudLiveness azure_liveness(RouteServer *server) {
  const RouteServerConfig *own = route_server_config(server);
  const AzureConfig *config = own->config;
  const CloudTopology *topology = route_server_topology(server);
  return (CloudLiveness){
      .keepalive = cloud_draw_setting(topology, own->name, "azure.keepalive", &config->keepalive),
      .hold = cloud_draw_setting(topology, own->name, "azure.hold", &config->hold),
      .keepalive_jitter_off = config->keepalive_jitter == LIVENESS_JITTER_OFF,
      .hold_ground = config->hold.law.ground,
      .prefix_limit = {(guint)config->max_routes_per_peer, config->limit_count, "AZ-3.4"},
  };
}

static SimTime azure_alarm_interval(RouteServer *server) {
  const RouteServerConfig *own = route_server_config(server);
  const AzureConfig *config = own->config;
  return cloud_draw_setting(route_server_topology(server), own->name, "azure.alarm_interval",
                            &config->alarm_interval);
}

/* Two units are the base. Its price page could not be read; others tell the price.
 * Facts: AZ-1.15, AZ-12.5. */
static guint azure_prices(gconstpointer config, CloudPrice *prices) {
  const AzureConfig *own = config;
  const guint64 more = (guint64)MAX(own->routing_infrastructure_units - 2, 0);
  prices[0] = (CloudPrice){"route server", 1, own->base_price, "AZ-12.5"};
  prices[1] = (CloudPrice){"further routing infrastructure unit", more, own->unit_price, "AZ-12.1"};
  return more > 0 ? 2 : 1;
}

static Distribution azure_boot(gconstpointer config) {
  return ((const AzureConfig *)config)->boot.law;
}

/* ---- the class ----------------------------------------------------------------------------- */

static const Stage program_stage = {"programming of NICs", BASIS_ASSUMED, "AZ-11.6"};
static const Stage interval_stage = {"30 s change interval", BASIS_MEASURED, "AZ-6.18"};

static const FabricClass fabric = {
    .build_tables = azure_build_tables,
    .static_origin = &azure_user_origin,
    .set_user_routes = azure_set_user_routes,
    .dedicated_subnet = AZURE_SUBNET,
    .gateway_subnet = azure_gateway_subnet,
    .connect = azure_connect,
};

static const SubnetPeeringClass subnet_peering = {
    .keys = &peering_keys,
    .subnets = azure_peering_subnets,
    .most_subnets = 200,
    .fact = "AZ-5.16",
};

/* Instances that come and go are the machine's business: the NICs of one that is lost move to the
 * survivor, which then programs all; when both are lost they keep what they have, or lose it.
 * Sessions and announcements end with the instances, and appliances forget what they learned when
 * their hold timers end. No stale routes are kept for a lost session, as there is no graceful
 * restart; so the class has no `session` hook. The change interval lies between changes of what is
 * programmed. Facts: AZ-7.5 to AZ-7.10, AZ-2.15, AZ-14.9, AZ-14.14, AZ-14.15. */
static const RouteServerClass server = {
    .keys = &azure_keys,
    .profile = &azure_profiles[PREFER_EXPRESSROUTE],
    .origin = &azure_gateway_origin,
    .program_stage = &program_stage,
    .interval_stage = &interval_stage,
    .part_sight = {BASIS_ASSUMED, "AZ-7.6"},
    .advertises_networks = TRUE, /* Facts: AZ-5.1. */
    .build = azure_build,
    .liveness = azure_liveness,
    .boot = azure_boot,
    .import = azure_import,
    .plan = azure_plan,
    .admit = azure_admit,
    .passes_on = azure_passes_on,
    .advertise = azure_advertise,
    .rewrite = azure_rewrite,
};

static const PeersClass peers = {
    .part_at = azure_part_at,
    .peers_with = azure_peers_with_part,
    .bfd_refusal = NO_BFD,
    .keys = &peer_keys,
};

/* Both directions of a session take the same member. Facts: AZ-10.6, AZ-13.7. */
static const FailoverClass failover = {
    .load_balancer_keys = &azure_load_balancer_keys,
    .api_keys = &azure_api_failover_keys,
    .least_probe_interval = {5 * SIM_SECOND},
    .least_probe_fact = "AZ-10.1",
    .two_leg_rule = "an appliance with two legs stands between two load balancers, which choose "
                    "apart: answers come back to it only with `snat: on` (AZ-10.6)",
};

static const RouteMapClass route_maps = {
    .of_peer = azure_peer_route_maps,
    .of_gateway = azure_gateway_route_maps,
    .refuse_asn = azure_refuse_path_asn,
    .keeps_community = azure_keeps_community,
};

static const ChecksClass checks = {
    .server = azure_check_server,
    .network = azure_check_network,
    .table = azure_check_table,
    .refuse_asn = azure_refuse_asn,
};

static const TellingClass telling = {
    .describe = azure_describe,
    .forbids = azure_forbids,
    .prices = azure_prices,
    .alarm_interval = azure_alarm_interval,
    .deletion_cuts = "about 10 minutes",
};

const CloudClass azure_cloud = {
    .name = "azure",
    .title = "Azure Route Server",
    .facts = "AZ-",
    .fabric = &fabric,
    .subnet_peering = &subnet_peering,
    .server = &server,
    .peers = &peers,
    .route_maps = &route_maps,
    .gateways = &azure_gateways,
    .circuits = &azure_circuits,
    .failover = &failover,
    .checks = &checks,
    .telling = &telling,
    .rules =
        {
            [RULE_PEER_IS_FIXED] = "AZ-1.9",
            [RULE_DELETION_CUTS] = "AZ-1.13",
            [RULE_TELLS_GATEWAYS] = "AZ-5.3",
            [RULE_FOREIGN_NEXT_HOP] = "AZ-5.13",
            [RULE_TAKES_BACK] = "AZ-9.15",
            [RULE_MOVES_NO_ADDRESS] = "AZ-5.8",
            [RULE_ROUTE_MAPS] = "AZ-9.21",
            [RULE_ONE_STATIC] = "AZ-6.10",
            [RULE_STATIC_SITES] = "AZ-8.1",
            [RULE_VPN_CLIENTS] = "AZ-5.5",
            [RULE_PAIR_PEERS_ONCE] = "AZ-5.16",
            [RULE_BALANCER_SHARES] = "AZ-10.5",
            [RULE_BALANCER_KEEPS_ADDRESS] = "AZ-10.5",
            [RULE_API_MOVES_ADDRESS] = "AZ-10.8",
        },
};
