/* Azure's VPN and ExpressRoute gateways, and ExpressRoute circuits: traits and checks. */
#include "azure_private.h"

#define TRAIT(name) G_STRUCT_OFFSET(GatewayTraits, name)
#define CIRCUIT(name) G_STRUCT_OFFSET(CircuitTraits, name)

/* What both kinds have. */
#define COMMON_SPECS                                                                               \
  {"keepalive",                                                                                    \
   KEY_DURATION,                                                                                   \
   KEY_ONE,                                                                                        \
   TRAIT(keepalive),                                                                               \
   .fallback = "60s",                                                                              \
   .basis = BASIS_ASSUMED,                                                                         \
   .fact = "AZ-8.2, AZ-8.17",                                                                      \
   .doc = "keepalive interval of its sessions with the route server and circuits",                 \
   .low = "3s",                                                                                    \
   .high = "60s",                                                                                  \
   .why = "AZ-8.9, AZ-8.17: from the least that a circuit's edge takes to its default"},           \
      {"hold",                                                                                     \
       KEY_DURATION,                                                                               \
       KEY_ONE,                                                                                    \
       TRAIT(hold),                                                                                \
       .fallback = "180s",                                                                         \
       .basis = BASIS_ASSUMED,                                                                     \
       .fact = "AZ-8.2, AZ-8.17",                                                                  \
       .doc = "hold time of its sessions with the route server and circuits",                      \
       .low = "10s",                                                                               \
       .high = "180s",                                                                             \
       .why = "AZ-8.9, AZ-8.17: from the least that a circuit's edge takes to its default"},       \
      {"establish",                                                                                \
       KEY_DURATION,                                                                               \
       KEY_ONE,                                                                                    \
       TRAIT(establish),                                                                           \
       .fallback = "1s",                                                                           \
       .basis = BASIS_ASSUMED,                                                                     \
       .fact = "AZ-2.17",                                                                          \
       .doc = "from ready (or a failed session) to the next attempt to connect",                   \
       .low = "350ms",                                                                             \
       .high = "5700ms",                                                                           \
       .why = "D-10: the least and the greatest time until a BIRD's routes were back after a FIN " \
              "or Cease",                                                                          \
       .least = KEY_RETRY_LEAST},                                                                  \
      {"keepalive_jitter",                                                                         \
       KEY_CHOICE,                                                                                 \
       KEY_ONE,                                                                                    \
       TRAIT(keepalive_jitter),                                                                    \
       .fallback = "rfc",                                                                          \
       .basis = BASIS_DOCUMENTED,                                                                  \
       .fact = "AZ-8.2, RFC 4271 10",                                                              \
       .doc = "of the KEEPALIVEs that it sends: rfc (0.75 to 1 of the interval), or off",          \
       .choices = liveness_jitters},                                                               \
      {"connect_retry",                                                                            \
       KEY_DURATION,                                                                               \
       KEY_ONE,                                                                                    \
       TRAIT(connect_retry),                                                                       \
       .fallback = "120s",                                                                         \
       .basis = BASIS_DOCUMENTED,                                                                  \
       .fact = "RFC 4271 10",                                                                      \
       .doc = "ConnectRetryTimer, with jitter 0.75 to 1",                                          \
       .least = KEY_RETRY_LEAST},                                                                  \
      {"boot",                                                                                     \
       KEY_DURATION,                                                                               \
       KEY_ONE,                                                                                    \
       TRAIT(boot),                                                                                \
       .fallback = "60s",                                                                          \
       .basis = BASIS_ASSUMED,                                                                     \
       .fact = "AZ-8.17",                                                                          \
       .doc = "from power back to the BGP process of an instance",                                 \
       .low = "10s",                                                                               \
       .high = "5m",                                                                               \
       .why = "judgement: a planned failover takes 10 s at the least (AZ-8.7), as the restart of " \
              "a process does, and a virtual machine that starts anew takes up to 5 min."},        \
  {                                                                                                \
    "program", KEY_DURATION, KEY_ONE, TRAIT(program),                                              \
        .fallback = "1800ms", .basis = BASIS_ASSUMED, .fact = "AZ-14.8",                           \
        .doc = "from a learned route to the NICs, where no route server stands in the VNet",       \
        .low = "900ms", .high = "5600ms",                                                          \
        .why = "AZ-14.8, AZ-11.6: the least and the greatest of 13 samples, which are a route "    \
               "server's"                                                                          \
  }

static const KeySpec vpn_specs[] = {
    COMMON_SPECS,
    {"asn", KEY_COUNT, KEY_ONE, TRAIT(asn), .fallback = "65515", .basis = BASIS_DOCUMENTED,
     .fact = "AZ-8.1", .doc = "its AS number; beside a route server 65515", .least = 1,
     .most = 4294967294},
    {"site_keepalive", KEY_DURATION, KEY_ONE, TRAIT(site_keepalive), .fallback = "60s",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-8.5", .doc = "keepalive interval towards sites"},
    {"site_hold", KEY_DURATION, KEY_ONE, TRAIT(site_hold), .fallback = "180s",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-8.5", .doc = "hold time towards sites"},
    {"negotiates", KEY_BOOL, KEY_ONE, TRAIT(negotiates), .fallback = "off",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-8.5, AZ-13.6",
     .doc = "a site's lower timers count (measured once); off: they do not, and such "
            "a session flaps"},
    {"failover_planned", KEY_DURATION, KEY_ONE, TRAIT(failover_planned),
     .fallback = "uniform 10s 15s", .basis = BASIS_DOCUMENTED, .fact = "AZ-8.7, AZ-14.22",
     .doc = "active-standby: from an orderly stop until the standby works"},
    {"failover_unplanned", KEY_DURATION, KEY_ONE, TRAIT(failover_unplanned),
     .fallback = "uniform 60s 180s", .basis = BASIS_DOCUMENTED, .fact = "AZ-8.7, AZ-13.11",
     .doc = "active-standby: from a failure until the standby works"},
    {"most_learned", KEY_COUNT, KEY_ONE, TRAIT(most_learned), .fallback = "4000",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-3.13",
     .doc = "prefixes from one site; beyond, its session is dropped", .least = 1, .most = 1000000},
};
static const KeyTable vpn_keys = KEY_TABLE("gateways.*.azure", GatewayTraits, vpn_specs);

static const KeySpec circuit_gateway_specs[] = {
    COMMON_SPECS,
    {"ecmp_beside_route_server", KEY_BOOL, KEY_ONE, TRAIT(ecmp_beside_route_server),
     .fallback = "off", .basis = BASIS_DOCUMENTED, .fact = "AZ-8.13, AZ-13.13, AZ-14.17",
     .doc = "several circuits share the load also where a route server stands in the VNet"},
    {"most_advertised", KEY_COUNT, KEY_ONE, TRAIT(most_advertised), .fallback = "1000",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-3.11",
     .doc = "prefixes towards a circuit; beyond, the connection is down", .least = 1,
     .most = 1000000},
};
static const KeyTable circuit_gateway_keys =
    KEY_TABLE("gateways.*.azure", GatewayTraits, circuit_gateway_specs);

static const KeySpec circuit_specs[] = {
    {"keepalive", KEY_DURATION, KEY_ONE, CIRCUIT(keepalive), .fallback = "60s",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-8.9, AZ-14.23",
     .doc = "keepalive interval of the MSEEs"},
    {"hold", KEY_DURATION, KEY_ONE, CIRCUIT(hold), .fallback = "180s", .basis = BASIS_DOCUMENTED,
     .fact = "AZ-8.9, AZ-14.23",
     .doc = "hold time that the MSEEs offer; the smaller of both ends counts"},
    {"least_keepalive", KEY_DURATION, KEY_ONE, CIRCUIT(least_keepalive), .fallback = "3s",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-8.9", .doc = "lowest keepalive interval that counts"},
    {"least_hold", KEY_DURATION, KEY_ONE, CIRCUIT(least_hold), .fallback = "10s",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-8.9", .doc = "lowest hold time that counts"},
    {"bfd_interval", KEY_DURATION, KEY_ONE, CIRCUIT(bfd_interval), .fallback = "300ms",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-8.10, AZ-14.23",
     .doc = "BFD interval of the MSEEs, with the multiplier of the site"},
    {"converge", KEY_DURATION, KEY_ONE, CIRCUIT(converge), .fallback = "uniform 0s 60s",
     .basis = BASIS_ASSUMED, .fact = "AZ-8.11",
     .doc = "from the loss of the site at an MSEE until the gateways hear of it; documented is "
            "the upper end",
     .low = "0s", .high = "60s",
     .why = "AZ-8.11: up to a minute, and nothing is said of the least"},
    {"maintenance_prepend", KEY_COUNT, KEY_ONE, CIRCUIT(maintenance_prepend), .fallback = "3",
     .basis = BASIS_ASSUMED, .fact = "AZ-8.16",
     .doc = "planned work at an MSEE (`drain`): how often it prepends, to move traffic away",
     .low = "1", .high = "5",
     .why = "judgement: one AS number more is the least that moves traffic (AZ-8.16), and "
            "operators hardly prepend more than five, as longer paths move nothing more.",
     .least = 0, .most = 20},
    {"premium", KEY_BOOL, KEY_ONE, CIRCUIT(premium), .fallback = "off", .basis = BASIS_DOCUMENTED,
     .fact = "AZ-3.12", .doc = "a Premium circuit: more prefixes from the site"},
    {"most_learned", KEY_COUNT, KEY_ONE, CIRCUIT(most_learned), .fallback = "4000",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-3.12",
     .doc = "prefixes from the site; beyond, its session is dropped", .least = 1, .most = 1000000},
    {"most_learned_premium", KEY_COUNT, KEY_ONE, CIRCUIT(most_learned_premium), .fallback = "10000",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-3.12", .doc = "the same on a Premium circuit",
     .least = 1, .most = 1000000},
};
static const KeyTable circuit_keys = KEY_TABLE("circuits.*.azure", CircuitTraits, circuit_specs);

static void check_vpn(DesignCheck *check, const DesignGateway *gateway) {
  const GatewayTraits *traits = cloud_config(check, gateway->configs);
  if (design_server_in(check->design, gateway->network.text) == NULL)
    return;
  if (!gateway->active_active)
    tell_error(check, gateway->head.mark,
               "a VPN gateway beside a route server is active-active (AZ-8.1): leave "
               "`active_active` on");
  if (traits->asn != AZURE_ASN)
    tell_error(check, gateway->head.mark,
               "a VPN gateway beside a route server has AS number 65515 (AZ-8.1)");
}

static void check_circuit_gateway(DesignCheck *check, const DesignGateway *gateway) {
  if (!gateway->active_active)
    tell_error(check, gateway->head.mark,
               "an ExpressRoute gateway is always active-active (AZ-8.3): leave `active_active` "
               "on");
}

/* A connection's weight decides, otherwise all share at equal cost. What a sister learned is used
 * only where the own path is gone. Beside a route server one connection carries all, over both its
 * links. Facts: AZ-8.8, AZ-8.12, AZ-8.13. */
static const BgpRule gateway_rules[] = {
    {"weight of a circuit", "AZ-8.21", gateway_filter_marked},
    {"highest weight", "AZ-8.12", bgp_filter_weight},
    {"shortest AS path", "RFC 4271 9.1.2.2 a", bgp_filter_as_path_length},
    {"external over internal", "AZ-8.8", bgp_filter_external},
    {"sister instance", "AZ-8.8", gateway_filter_sister},
    {"one connection", "AZ-8.13", bgp_filter_first_connection},
};
static const BgpProfile gateway_profile = {.name = "gateway",
                                           .rules = gateway_rules,
                                           .rule_count = 5,
                                           .multipath_rules = 5,
                                           .max_paths = 8};
static const BgpProfile single_profile = {.name = "gateway, one connection",
                                          .rules = gateway_rules,
                                          .rule_count = 6,
                                          .multipath_rules = 6,
                                          .max_paths = 8};

/* An edge sees the whole AS path and takes the shortest; equal ones share. */
static const BgpRule edge_rules[] = {
    {"shortest AS path", "AZ-8.15", bgp_filter_as_path_length},
};
static const BgpProfile edge_profile = {.name = "circuit edge",
                                        .rules = edge_rules,
                                        .rule_count = 1,
                                        .multipath_rules = 1,
                                        .max_paths = 8};

static const RouteOrigin circuit_origin = {
    .name = "VirtualNetworkGateway", .rank = AZURE_RANK_CIRCUIT, .dynamic = TRUE};
static const RouteOrigin vpn_origin = {
    .name = "VirtualNetworkGateway", .rank = AZURE_RANK_VPN, .dynamic = TRUE};

const GatewayClass azure_gateways = {
    .kinds =
        {
            [GATEWAY_VPN] = {.keys = &vpn_keys,
                             .origin = &vpn_origin,
                             .static_origin = &vpn_origin,
                             .is_target = TRUE, /* Facts: AZ-6.25. */
                             .exchanges_neighbors = TRUE,
                             .refuses_networks = "AZ-8.4", /* Facts: AZ-8.18. */
                             .bfd_refusal = "Azure VPN gateways have no BFD (AZ-8.6)",
                             .check = check_vpn},
            [GATEWAY_CIRCUIT] = {.keys = &circuit_gateway_keys,
                                 .origin = &circuit_origin,
                                 .static_origin = &circuit_origin,
                                 .check = check_circuit_gateway},
        },
    .instances = 2,   /* Facts: AZ-8.1, AZ-8.3, AZ-8.8. */
    .asn = AZURE_ASN, /* Facts: AZ-8.2. */
    .profile = &gateway_profile,
    .server_profile = &single_profile,
    .sight = {BASIS_ASSUMED, "AZ-8.17"},
};

const CircuitClass azure_circuits = {
    .keys = &circuit_keys,
    .edges = 2,   /* Facts: AZ-8.3. */
    .asn = 12076, /* Facts: AZ-8.3. */
    .profile = &edge_profile,
    .joins_networks = TRUE, /* Facts: AZ-8.15. */
    .strips_private = TRUE, /* Facts: AZ-8.14. */
    .most_on_gateway = 16,
    .most_in_location = 4,
    .most_fact = "AZ-8.12",
};
