/* Virtual private gateways with VPN tunnels or Direct Connect: traits. */
#include "aws_private.h"

#define TRAIT(name) G_STRUCT_OFFSET(GatewayTraits, name)
#define CIRCUIT(name) G_STRUCT_OFFSET(CircuitTraits, name)

#define COMMON_SPECS                                                                               \
  {"asn",                                                                                          \
   KEY_COUNT,                                                                                      \
   KEY_ONE,                                                                                        \
   TRAIT(asn),                                                                                     \
   .fallback = "64512",                                                                            \
   .basis = BASIS_ASSUMED,                                                                         \
   .fact = "RFC 6996",                                                                             \
   .doc = "Amazon-side AS number of the virtual private gateway",                                  \
   .least = 1,                                                                                     \
   .most = 4294967294},                                                                            \
      {"establish",                                                                                \
       KEY_DURATION,                                                                               \
       KEY_ONE,                                                                                    \
       TRAIT(establish),                                                                           \
       .fallback = "1s",                                                                           \
       .basis = BASIS_ASSUMED,                                                                     \
       .fact = "AWS-2.9",                                                                          \
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
       .fact = "AWS-3.5, RFC 4271 10",                                                             \
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
       .fact = "AWS-13.17",                                                                        \
       .doc = "from power back to the BGP process of the gateway",                                 \
       AWS_BOOT_RANGE},                                                                            \
  {                                                                                                \
    "program", KEY_DURATION, KEY_ONE, TRAIT(program),                                              \
        .fallback = "uniform 500ms 5500ms", .basis = BASIS_ASSUMED, .fact = "AWS-7.2, AWS-7.3",    \
        .doc = "from a learned (or lost) route to the route tables", AWS_PROGRAM_RANGE             \
  }

static const KeySpec vpn_specs[] = {
    COMMON_SPECS,
    {"site_keepalive", KEY_DURATION, KEY_ONE, TRAIT(site_keepalive), .fallback = "10s",
     .basis = BASIS_ASSUMED, .fact = "AWS-3.5", .doc = "keepalive interval towards sites",
     .low = "10s", .high = "30s",
     .why = "AWS-3.5: the timers of Transit Gateway Connect and of Direct Connect"},
    {"site_hold", KEY_DURATION, KEY_ONE, TRAIT(site_hold), .fallback = "30s",
     .basis = BASIS_ASSUMED, .fact = "AWS-3.5",
     .doc = "hold time towards sites; the smaller of both ends counts", .low = "30s", .high = "90s",
     .why = "AWS-3.5: the timers of Transit Gateway Connect and of Direct Connect"},
    {"negotiates", KEY_BOOL, KEY_ONE, TRAIT(negotiates), .fallback = "on", .basis = BASIS_ASSUMED,
     .fact = "AWS-3.6", .doc = "a site's lower timers count", .low = "off", .high = "on",
     .why = "judgement: RFC 4271 asks for it and Direct Connect does it (AWS-3.6), but a VPN "
            "gateway of another cloud is documented not to."},
};
static const KeyTable vpn_keys = KEY_TABLE("gateways.*.aws", GatewayTraits, vpn_specs);

static const KeySpec circuit_gateway_specs[] = {
    COMMON_SPECS,
    {"keepalive", KEY_DURATION, KEY_ONE, TRAIT(keepalive), .fallback = "30s",
     .basis = BASIS_ASSUMED, .fact = "AWS-3.5",
     .doc = "keepalive interval of its session with a circuit's edge, and with the gateway's VPN "
            "side",
     .low = "10s", .high = "30s",
     .why = "AWS-3.5: the timers of Transit Gateway Connect and of Direct Connect"},
    {"hold", KEY_DURATION, KEY_ONE, TRAIT(hold), .fallback = "90s", .basis = BASIS_ASSUMED,
     .fact = "AWS-3.5",
     .doc = "hold time of its session with a circuit's edge, and with the gateway's VPN side",
     .low = "30s", .high = "90s",
     .why = "AWS-3.5: the timers of Transit Gateway Connect and of Direct Connect"},
};
static const KeyTable circuit_gateway_keys =
    KEY_TABLE("gateways.*.aws", GatewayTraits, circuit_gateway_specs);

static const KeySpec circuit_specs[] = {
    {"keepalive", KEY_DURATION, KEY_ONE, CIRCUIT(keepalive), .fallback = "30s",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-3.5",
     .doc = "keepalive interval of the Direct Connect router"},
    {"hold", KEY_DURATION, KEY_ONE, CIRCUIT(hold), .fallback = "90s", .basis = BASIS_DOCUMENTED,
     .fact = "AWS-3.5", .doc = "hold time that it offers; the smaller of both ends counts"},
    {"least_keepalive", KEY_DURATION, KEY_ONE, CIRCUIT(least_keepalive), .fallback = "1s",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-3.5", .doc = "lowest keepalive interval that counts"},
    {"least_hold", KEY_DURATION, KEY_ONE, CIRCUIT(least_hold), .fallback = "3s",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-3.5", .doc = "lowest hold time that counts"},
    {"bfd_interval", KEY_DURATION, KEY_ONE, CIRCUIT(bfd_interval), .fallback = "300ms",
     .basis = BASIS_DOCUMENTED, .fact = "AWS-3.10",
     .doc = "BFD interval of the Direct Connect router, always on, with the site's multiplier"},
    {"converge", KEY_DURATION, KEY_ONE, CIRCUIT(converge), .fallback = "0s", .basis = BASIS_ASSUMED,
     .fact = "AWS-12.19",
     .doc = "from the loss of the site at the Direct Connect router until the gateways hear of it",
     .low = "0s", .high = "60s",
     .why = "judgement: what is published ends with the detection (AWS-12.19), and of the like way "
            "from a provider's edge another cloud says up to a minute."},
};
static const KeyTable circuit_keys = KEY_TABLE("circuits.*.aws", CircuitTraits, circuit_specs);

static void check_gateway(DesignCheck *check, const DesignGateway *gateway) {
  if (!gateway->active_active)
    tell_warning(check, gateway->head.mark,
                 "a virtual private gateway has no standby to choose: `active_active: off` is "
                 "ignored under aws");
}

/* The VPC's own ranges come first, the others as they rank in tables; a static route has no AS
 * path. Facts: AWS-5.13. */
static int rank(const BgpCandidate *candidate) {
  if (gateway_is_marked(candidate))
    return candidate->source == NULL ? 0 : 1;
  return candidate->attributes->as_path_length == 0 ? 2 : 3;
}
static int by_rank(const BgpCandidate *a, const BgpCandidate *b) { return rank(a) - rank(b); }
static guint ranked_first(const BgpCandidate **candidates, guint count) {
  return bgp_keep_best(candidates, count, by_rank);
}
/* Equal private lines share, equal tunnels do not: among those AWS prefers one and does not say
 * which (re:Post, "How do I configure my Site-to-Site VPN connection to prefer tunnel A over tunnel
 * B?"; ECMP over VPN is a transit gateway's). Of lines a third party tells it (S. Wang, "VPC VGW
 * multi-path scenario", 2016), who measured the same of tunnels. That it is the lowest address is
 * assumed. Facts: AWS-11.6. */
static guint one_tunnel(const BgpCandidate **candidates, guint count) {
  return gateway_is_marked(candidates[0]) ? count : bgp_filter_peer_address(candidates, count);
}
/* The order of the first rule is that of the page on route priority. Facts: AWS-5.13, AWS-11.1. */
static const BgpRule gateway_rules[] = {
    {"Direct Connect, then VPN static, then VPN by BGP", "AWS-11.1", ranked_first},
    {"highest weight", "circuits.*.weight", bgp_filter_weight},
    {"shortest AS path", "RFC 4271 9.1.2.2 a", bgp_filter_as_path_length},
    {"lowest MED of one neighboring AS", "RFC 4271 9.1.2.2 c", bgp_filter_med_same_as},
    {"external over internal", "RFC 4271 9.1.2.2 d", bgp_filter_external},
    {"one tunnel of several", "RFC 4271 9.1.2.2 g", one_tunnel},
};
static const BgpProfile gateway_profile = {.name = "virtual private gateway",
                                           .rules = gateway_rules,
                                           .rule_count = G_N_ELEMENTS(gateway_rules),
                                           .multipath_rules = G_N_ELEMENTS(gateway_rules),
                                           .max_paths = 8};

/* An edge is the gateway's own end of a private line, so that what it hears from the gateway but
 * for the VPC's ranges is the gateway's choice of what others told. */
static int by_origination(const BgpCandidate *a, const BgpCandidate *b) {
  return (a->attributes->as_path_length > 0) - (b->attributes->as_path_length > 0);
}
static guint originated_first(const BgpCandidate **candidates, guint count) {
  return bgp_keep_best(candidates, count, by_origination);
}
static const BgpRule edge_rules[] = {
    {"the VPC's own range", "AWS-5.13", originated_first},
    {"what the customer told over the line", "AWS-11.1", bgp_filter_external},
    {"shortest AS path", "RFC 4271 9.1.2.2 a", bgp_filter_as_path_length},
};
static const BgpProfile edge_profile = {.name = "Direct Connect router",
                                        .rules = edge_rules,
                                        .rule_count = 3,
                                        .multipath_rules = 3,
                                        .max_paths = 8};

/* VPN and private lines end in one gateway, which tells each neighbor what it heard from the others
 * by BGP (CloudHub). Routes may name it. It speaks no BGP with a route server, and serves nobody
 * over a peering. Facts: AWS-5.26, AWS-8.6, AWS-8.7, AWS-11.14. */
const GatewayClass aws_gateways = {
    .kinds =
        {
            [GATEWAY_VPN] = {.keys = &vpn_keys,
                             .origin = &aws_vpn_bgp_origin,
                             .static_origin = &aws_vpn_static_origin,
                             .is_target = TRUE,
                             .exchanges_neighbors = TRUE,
                             .check = check_gateway},
            [GATEWAY_CIRCUIT] = {.keys = &circuit_gateway_keys,
                                 .origin = &aws_vgw_origin,
                                 .static_origin = &aws_vgw_origin,
                                 .is_target = TRUE,
                                 .exchanges_neighbors = TRUE,
                                 .check = check_gateway},
        },
    .instances = 1,
    .asn = 64512,
    .profile = &gateway_profile,
    .sight = {BASIS_ASSUMED, "AWS-13.17"},
    .ipv4_only = "AWS-5.26",
    .one_a_network = "virtual private gateway",
    .static_alone = TRUE,
};

const CircuitClass aws_circuits = {
    .keys = &circuit_keys,
    .edges = 1,
    .profile = &edge_profile,
};
