/* What `check` tells of designs: what Azure refuses, what cannot work, what is paid for nothing;
 * and that it keeps quiet where nothing is wrong. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/facts.h"
#include "support/story.h"

#define TOP(models) "name: story\nduration: 10m\nmodels: [" models "]\n"
#define HUB                                                                                        \
  "  hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "                        \
  "nva: {prefix: 10.0.1.0/24, vms: 0}, fw: {prefix: 10.0.2.0/24, vms: 0}}}\n"
#define SPOKE(n)                                                                                   \
  "  s" n ": {prefixes: [10." n ".0.0/16], subnets: {app: {prefix: 10." n ".0.0/24}, "             \
  "nva: {prefix: 10." n ".1.0/24, vms: 0}}}\n"

static void assert_silent(const char *text) {
  g_autofree char *said = story_diagnostics(text);
  cr_assert_str_eq(said, "");
}

/* ---- what Azure refuses ---------------------------------------------------------------------- */

/* One remote gateway, none beside one's own, and one that is there; gateways count as route servers
 * do. Under aws the key means nothing. */
Test(checks, remote_gateways) {
#define USES(from, to) "  " from "-" to ": {from: " from ", to: " to ", use_remote_gateway: on}\n"
  const char *const one = TOP("azure") "networks:\n" HUB SPOKE("1") "peerings:\n" USES("s1", "hub");
  g_autofree char *served = g_strconcat(one, "route_servers: {rs: {network: hub}}\n", NULL);
  g_autofree char *gateway = g_strconcat(one, "gateways: {g: {kind: vpn, network: hub}}\n", NULL);
  g_autofree char *internet =
      g_strconcat(one, "gateways: {g: {kind: internet, network: hub}}\n", NULL);
  assert_silent(served);
  assert_silent(gateway);
  story_assert_says(internet, "error", "AZ-1.17");
  story_assert_says(one, "error", "AZ-1.17");
  story_assert_says(
      TOP("azure") "networks:\n" HUB SPOKE("1") SPOKE("2") "peerings:\n" USES("s1", "hub")
          USES("s1", "s2") "route_servers: {a: {network: hub}, b: {network: s2}}\n",
      "error", "AZ-1.17");
  story_assert_says(TOP("azure") "networks:\n" HUB SPOKE("1") "peerings:\n" USES(
                        "s1", "hub") "route_servers: {a: {network: hub}, b: {network: s1}}\n",
                    "error", "AZ-1.17");
  story_assert_says(
      TOP("azure") "networks:\n" HUB SPOKE("1") "peerings:\n" USES(
          "s1",
          "hub") "gateways: {a: {kind: vpn, network: hub}, b: {kind: circuit, network: s1}}\n",
      "error", "AZ-1.17");
  /* AWS-8.6: nothing that it runs under knows the key. */
  story_assert_says(TOP("aws") "networks:\n" HUB SPOKE("1") "peerings:\n" USES("s1", "hub"),
                    "warning", "AWS-8.6");
  FACTS("AWS-8.6", "AZ-1.17");
}

/* AZ-6.24, and not for a longer route; a circuit's gateway never, the VPN gateway alone. */
Test(checks, user_routes_that_azure_refuses) {
#define TABLE(subnet, to, via)                                                                     \
  "route_tables: {t: {network: hub, subnets: [" subnet "], routes: [{to: " to ", via: " via "}]}}" \
  "\n"
#define GATEWAY_HUB                                                                                \
  "  hub: {prefixes: [10.0.0.0/16], subnets: {GatewaySubnet: {prefix: 10.0.9.0/26, vms: 0}, "      \
  "app: {prefix: 10.0.0.0/24}, fw: {prefix: 10.0.2.0/24, vms: 0}}}\n"
#define FW "nvas: {fw: {subnet: hub/fw, asn: 65001}}\n"
  const char *const top = TOP("azure") "networks:\n" GATEWAY_HUB FW;
  static const struct {
    const char *more, *fact;
  } cases[] = {
      {TABLE("GatewaySubnet", "0.0.0.0/0", "fw"), "AZ-6.24"},
      {TABLE("GatewaySubnet", "0.0.0.0/1", "fw"), NULL},
      {TABLE("app", "0.0.0.0/0", "fw"), NULL},
      {TABLE("app", "192.168.0.0/16", "er") "gateways: {er: {kind: circuit, network: hub}}\n",
       "AZ-6.25"},
      {TABLE("app", "192.168.0.0/16", "vpn") "gateways: {vpn: {kind: vpn, network: hub}}\n", NULL},
      {TABLE(
           "app", "192.168.0.0/16",
           "vpn") "gateways: {vpn: {kind: vpn, network: hub}, er: {kind: circuit, network: hub}}\n",
       "AZ-6.25"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strconcat(top, cases[i].more, NULL);
    if (cases[i].fact != NULL)
      story_assert_says(text, "error", cases[i].fact);
    else
      assert_silent(text);
  }
  FACTS("AZ-6.24", "AZ-6.25");
}

/* By the leg in the route server's own VNet, or not at all. */
Test(checks, route_maps_of_remote_peers) {
#define MAPPED(nva)                                                                                \
  TOP("azure")                                                                                     \
  "networks:\n" HUB SPOKE(                                                                         \
      "1") "peerings: {p: {from: s1, to: hub}}\n"                                                  \
           "route_servers: {rs: {network: hub}}\nroute_maps: {m: {rules: [{drop: on}]}}\n"         \
           "nvas: {n: {" nva ", asn: 65001, peers: {rs: {azure: {inbound: m}}}}}\n"
  assert_silent(MAPPED("subnet: hub/nva"));
  story_assert_says(MAPPED("subnet: s1/nva"), "error", "AZ-9.24");
  assert_silent(MAPPED("interfaces: {in: s1/nva, out: hub/nva}"));
  FACTS("AZ-9.24");
}

/* ---- what cannot work ------------------------------------------------------------------------ */

/* Of user routes, by name or by address, and of announced next hops, in every network that gets
 * them. */
Test(checks, next_hops_out_of_reach) {
#define HOP(via, peerings)                                                                         \
  TOP("azure")                                                                                     \
  "networks:\n" HUB SPOKE(                                                                         \
      "1") "nvas: {n: {subnet: s1/nva, address: 10.1.1.9, asn: 65001}}\n"                          \
           "route_tables: {t: {network: hub, subnets: [app], routes: [{to: 10.9.0.0/16, via: " via \
           "}]}}\n" peerings
  story_assert_says(HOP("n", ""), "warning", "AZ-6.23");
  story_assert_says(HOP("10.1.1.9", ""), "warning", "AZ-6.23");
  assert_silent(HOP("n", "peerings: {p: {from: hub, to: s1}}\n"));
  assert_silent(HOP("n", "peerings: {p: {from: s1, to: hub, connected: off}}\n"
                         "events: [{at: 1m, connect: p}]\n"));
#define ANNOUNCED(peerings)                                                                        \
  TOP("azure")                                                                                     \
  "networks:\n" HUB SPOKE("1")                                                                     \
      SPOKE("2") "route_servers: {rs: {network: hub}}\n"                                           \
                 "nvas: {n: {subnet: s1/nva, asn: 65001, peers: {rs: }, advertise: [{prefix: "     \
                 "192.168.0.0/16}]}}\n"                                                            \
                 "peerings:\n" USES("s2", "hub") "  h: {from: hub, to: s1}\n" peerings
  story_assert_says(ANNOUNCED(""), "warning", "AZ-6.23");
  assert_silent(ANNOUNCED("  x: {from: s2, to: s1}\n"));
  FACTS("AZ-6.23");
}

/* The range of a VNet that the hub is merely peered with is injected into spokes; that of a VNet
 * which the route server serves is not. */
Test(checks, ranges_of_networks) {
#define RANGE(use)                                                                                 \
  TOP("azure")                                                                                     \
  "networks:\n" HUB SPOKE("1") "route_servers: {rs: {network: hub}}\n"                             \
                               "nvas: {n: {subnet: hub/nva, asn: 65001, peers: {rs: }, "           \
                               "advertise: [{prefix: 10.1.0.0/16}]}}\n"                            \
                               "peerings: {p: {from: s1, to: hub, use_remote_gateway: " use "}}\n"
  assert_silent(RANGE("off"));
  story_assert_says(RANGE("on"), "warning", "AZ-6.4");
  FACTS("AZ-6.4", "AZ-6.22");
}

/* Told where something of the scenario is about the Internet, and the appliance neither translates
 * nor has another way. AWS translates at its gateway. */
Test(checks, internet_without_translation) {
#define OUT(model, nva, to)                                                                        \
  TOP(model)                                                                                       \
  "networks:\n" HUB "nvas: {n: {subnet: hub/nva, asn: 65001" nva "}}\n"                            \
  "route_tables: {t: {network: hub, subnets: [app], routes: [{to: 0.0.0.0/0, via: n}]}}\n"         \
  "traffic: {t: {from: hub/app, to: " to "}}\n"
  story_assert_says(OUT("azure", "", "internet"), "warning", "AZ-6.26");
  story_assert_says(OUT("azure", "", "8.8.8.8"), "warning", "AZ-6.26");
  assert_silent(OUT("azure", ", snat: internet", "internet"));
  assert_silent(OUT("azure", ", snat: on", "internet"));
  assert_silent(OUT("azure", "", "10.0.0.9"));
  assert_silent(OUT("aws", "", "internet"));
  assert_silent(OUT("azure", ", peers: {m: }}, m: {subnet: hub/fw, asn: 65002", "internet"));
  story_assert_says(TOP("azure") "networks:\n" HUB "route_servers: {rs: {network: hub}}\n"
                                 "nvas: {n: {subnet: hub/nva, asn: 65001, peers: {rs: }, "
                                 "advertise: [{prefix: 0.0.0.0/0}]}}\n"
                                 "probes: {p: {from: hub/app, to: internet}}\n",
                    "warning", "AZ-6.26");
  FACTS("AZ-6.26");
}

/* A user route that leads the session itself away. Longer system routes win over what only covers
 * the VNet. */
Test(checks, ways_of_sessions) {
#define WAY(to)                                                                                    \
  TOP("azure")                                                                                     \
  "networks:\n" HUB "route_servers: {rs: {network: hub}}\n"                                        \
  "nvas:\n  n: {subnet: hub/nva, asn: 65001, peers: {rs: }}\n  f: {subnet: hub/fw, asn: 65002}\n"  \
  "route_tables: {t: {network: hub, subnets: [nva], routes: [{to: " to ", via: f}]}}\n"
  story_assert_says(WAY("10.0.0.0/16"), "warning", "AZ-2.18");
  assert_silent(WAY("10.0.0.0/8"));
  assert_silent(WAY("0.0.0.0/0"));
  assert_silent(WAY("10.0.0.0/24"));
  FACTS("AZ-2.18");
}

/* ---- what is paid for nothing, or never happens ---------------------------------------------- */

#define RS                                                                                         \
  "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {a: hub/nva, b: hub/fw}}}}\n"

Test(checks, endpoints_nobody_peers_with) {
#define PEER(more)                                                                                 \
  TOP("aws") "networks:\n" HUB RS "nvas:\n  n: {subnet: hub/nva, asn: 65001, " more "}\n"
  story_assert_says(PEER("peers: {rs: }"), "warning", "nobody peers with endpoint 'b'");
  assert_silent(PEER("peers: {rs: {aws: {endpoints: [a, b]}}}"));
  story_assert_says(PEER("peers: {rs: {aws: {endpoints: [b]}}}"), "warning", "endpoint 'a'");
  story_assert_says(PEER("peers: {rs: }"), "warning", "0.75 USD");
  FACTS("AWS-10.4");
}

/* Not of an appliance through which nothing goes, such as a route reflector. */
Test(checks, reflectors_need_not_forward) {
#define REFLECTOR(rr)                                                                              \
  TOP("aws")                                                                                       \
  "networks:\n" HUB                                                                                \
  "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {a: hub/nva}}}}\n"              \
  "nvas:\n  rr: {subnet: hub/nva, asn: 65001, aws: {source_dest_check: on}, peers: {" rr           \
  "gw: }}\n"                                                                                       \
  "  gw: {subnet: hub/fw, asn: 65001, advertise: [{prefix: 172.31.9.1/32}]}\n"
  assert_silent(REFLECTOR("rs: {next_hop_self: off}, "));
  story_assert_says(REFLECTOR("rs: , "), "warning", "AWS-5.17");
  FACTS("AWS-5.17");
}

Test(checks, sites_that_nobody_finds) {
#define SITE(nva, more)                                                                            \
  TOP("aws")                                                                                       \
  "networks:\n" HUB RS "nvas:\n  n: {subnet: hub/nva, asn: 65001, "                                \
  "peers: {rs: {aws: {endpoints: [a, b]}}}" nva "}\n" more
#define DC "sites: {dc: {prefixes: [192.168.0.0/16], via: [n]}}\n"
  story_assert_says(SITE("", DC), "warning", "nobody announces site 'dc'");
  assert_silent(SITE(", advertise: [{site: dc}]", DC));
  assert_silent(SITE(", advertise: [{prefix: 192.168.7.0/24}]", DC));
  assert_silent(SITE("", DC "route_tables: {t: {network: hub, subnets: [app], "
                            "routes: [{to: 192.168.0.0/16, via: n}]}}\n"));
  story_assert_says(SITE("", "sites: {dc: {prefixes: [192.168.0.0/16], via: {n: {}}}}\n"),
                    "warning", "nobody announces site 'dc'");
  assert_silent(
      SITE(", advertise: [{site: hq}]",
           "sites: {hq: {prefixes: [192.0.0.0/8], via: [n]}, dc: {prefixes: [192.168.0.0/16], "
           "via: {n: {}}}}\n"));
  story_assert_says(SITE(", advertise: [{site: dc}]",
                         "  m: {subnet: hub/nva, asn: 65002}\n"
                         "sites: {dc: {prefixes: [192.168.0.0/16], via: [m]}}\n"),
                    "warning", "'n' has no link to site 'dc'");
}

Test(checks, addresses_where_nobody_stands) {
#define TO(address)                                                                                \
  TOP("aws")                                                                                       \
  "networks:\n" HUB "nvas: {n: {subnet: hub/nva, asn: 65001}}\n"                                   \
  "traffic: {s: {from: hub/app, to: 10.0.1.4}, t: {from: hub/app, to: " address "}}\n"
  story_assert_says(TO("10.0.2.9"), "warning", "nobody stands at 10.0.2.9");
  story_assert_says(TO("10.0.99.9"), "warning", "in none of its subnets");
  assert_silent(TO("10.0.0.9"));
  assert_silent(TO("10.0.1.4"));
  assert_silent(TO("172.16.0.1"));
}

/* ---- which model ----------------------------------------------------------------------------- */

/* A warning that holds under one of several models says which; one model needs no name. */
Test(checks, warnings_name_the_model) {
#define ALONE(models)                                                                              \
  TOP(models) "networks:\n" HUB RS "nvas:\n  n: {subnet: hub/nva, asn: 65001, peers: {rs: }}\n"
  story_assert_says(ALONE("azure, aws"), "warning", "(under aws)");
  g_autofree char *said = story_diagnostics(ALONE("aws"));
  cr_assert_null(strstr(said, "under aws"), "%s", said);
}
