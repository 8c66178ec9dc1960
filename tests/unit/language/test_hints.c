/* Words of Terraform, of `az` and of `aws`: each is told what it is called here, at the level where
 * it stands. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/language/scenario.h"
#include "support/story.h"

#define TOP "name: x\nduration: 1m\n"
#define NETWORKS                                                                                   \
  "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}}}}\n"

/* A scenario with a key more at each level, whose name and value come from the test. */
static const struct {
  const char *level; /* path of the table */
  const char *before, *after;
} levels[] = {
    {"", TOP NETWORKS, "\n"},
    {"networks.*", TOP "networks: {hub: {prefixes: [10.0.0.0/16], ", "}}\n"},
    {"networks.*.subnets.*",
     TOP "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24, ",
     "}}}}\n"},
    {"route_servers.*", TOP NETWORKS "route_servers: {rs: {network: hub, ", "}}\n"},
    {"route_servers.*.aws",
     TOP NETWORKS "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {}, ", "}}}\n"},
    {"route_servers.*.azure", TOP NETWORKS "route_servers: {rs: {network: hub, azure: {", "}}}\n"},
    {"nvas.*", TOP NETWORKS "nvas: {fw: {subnet: hub/app, asn: 65010, ", "}}\n"},
    {"nvas.*.aws", TOP NETWORKS "nvas: {fw: {subnet: hub/app, asn: 65010, aws: {", "}}}\n"},
    {"nvas.*.advertise", TOP NETWORKS "nvas: {fw: {subnet: hub/app, asn: 65010, advertise: [{",
     "}]}}\n"},
    {"nvas.*.peers.*", TOP NETWORKS "nvas: {fw: {subnet: hub/app, asn: 65010, peers: {rs: {",
     "}}}}\n"},
    {"nvas.*.peers.*.aws",
     TOP NETWORKS "nvas: {fw: {subnet: hub/app, asn: 65010, peers: {rs: {aws: {", "}}}}}\n"},
    {"nvas.*.peers.*.bfd",
     TOP NETWORKS "nvas: {fw: {subnet: hub/app, asn: 65010, peers: {rs: {bfd: {", "}}}}}\n"},
    {"peerings.*", TOP NETWORKS "peerings: {p: {from: hub, to: hub, ", "}}\n"},
    {"route_tables.*", TOP NETWORKS "route_tables: {t: {network: hub, ", "}}\n"},
    {"route_tables.*.routes",
     TOP NETWORKS "route_tables: {t: {network: hub, routes: [{to: 10.9.0.0/16, via: none, ",
     "}]}}\n"},
    {"gateways.*", TOP NETWORKS "gateways: {g: {kind: vpn, network: hub, ", "}}\n"},
    {"gateways.*.aws", TOP NETWORKS "gateways: {g: {kind: transit, aws: {attach: [hub], ", "}}}\n"},
    {"circuits.*", TOP NETWORKS "circuits: {c: {site: dc, ", "}}\n"},
    {"sites.*", TOP NETWORKS "sites: {dc: {prefixes: [192.168.0.0/16], ", "}}\n"},
    {"sites.*.via.*", TOP NETWORKS "sites: {dc: {prefixes: [192.168.0.0/16], via: {g: {", "}}}}\n"},
};

/* What is said of `word` as a key of `level`; the caller frees. */
static char *said_at(const char *level, const char *word) {
  for (guint i = 0; i < G_N_ELEMENTS(levels); i++)
    if (strcmp(levels[i].level, level) == 0) {
      g_autofree char *text = g_strconcat(levels[i].before, word, ": 1", levels[i].after, NULL);
      return story_diagnostics(text);
    }
  cr_assert_fail("no level '%s' in this test", level);
  return NULL;
}

static void find_path(const char *path, const KeySpec *spec, gpointer data) {
  const char **wanted = data;
  (void)spec;
  if (*wanted != NULL && strcmp(path, *wanted) == 0)
    *wanted = NULL;
}

/* Every row names a key that there is, and says so where the word stands in its table. */
Test(hints, every_row) {
  cr_assert_geq(scenario_hints.key_count, 100);
  for (guint i = 0; i < scenario_hints.key_count; i++) {
    const KeyHint *hint = &scenario_hints.keys[i];
    const char *missing = hint->path;
    if (hint->path == NULL)
      continue;
    scenario_keys_foreach(find_path, &missing);
    cr_assert_null(missing, "%s: no key '%s'", hint->word, hint->path);
    const char *dot = strrchr(hint->path, '.');
    if (strcmp(dot != NULL ? dot + 1 : hint->path, hint->word) == 0)
      continue; /* the same word, at another level */
    g_autofree char *level =
        dot != NULL ? g_strndup(hint->path, (gsize)(dot - hint->path)) : g_strdup("");
    g_autofree char *said = said_at(level, hint->word);
    g_autofree char *expected = g_strdup_printf("unknown key '%s'; here that is '%s'", hint->word,
                                                dot != NULL ? dot + 1 : hint->path);
    cr_assert(strstr(said, expected) != NULL, "%s at '%s': %s", expected, level, said);
  }
}

/* As people write them, at the level where Terraform and the command lines have them. */
Test(hints, words_as_people_write_them) {
  static const struct {
    const char *level, *word, *says;
  } cases[] = {
      {"", "vpcs", "here that is 'networks'"},
      {"", "vnets", "here that is 'networks'"},
      {"", "virtual_networks", "here that is 'networks'"},
      {"", "vpc_route_server", "here that is 'route_servers'"},
      {"", "virtual_network_gateway", "here that is 'gateways', `kind: vpn`"},
      {"", "internet_gateway", "here that is 'gateways', `kind: internet`"},
      {"", "transit_gateway", "here that is 'gateways', `kind: transit`"},
      {"", "nat_gateway", "here that is 'gateways', `kind: nat`"},
      {"", "express_route_circuit", "here that is 'circuits'"},
      {"", "local_network_gateway", "here that is 'sites'"},
      {"", "customer_gateway", "here that is 'sites'"},
      {"", "security_group", "no packet filters"},
      {"", "network_security_group", "no packet filters"},
      {"", "vnet_peerings", "here that is 'peerings'"},
      {"", "udr", "here that is 'route_tables'"},
      {"networks.*", "cidr_block", "here that is 'prefixes'"},
      {"networks.*", "cidr", "here that is 'prefixes'"},
      {"networks.*", "address_space", "here that is 'prefixes'"},
      {"networks.*", "address_prefixes", "here that is 'prefixes'"},
      {"networks.*", "location", "here that is 'region'"},
      {"networks.*.subnets.*", "cidr_block", "here that is 'prefix'"},
      {"networks.*.subnets.*", "address_prefixes", "here that is 'prefix'"},
      {"networks.*.subnets.*", "availability_zone", "here that is 'zone'"},
      {"networks.*.subnets.*", "security_group", "no packet filters"},
      {"route_servers.*", "amazon_side_asn", "here that is `aws: {asn: ...}`"},
      {"route_servers.*.aws", "amazon_side_asn", "here that is 'asn'"},
      {"route_servers.*", "allow_branch_to_branch_traffic",
       "here that is `azure: {branch_to_branch: ...}`"},
      {"route_servers.*.azure", "branch_to_branch_traffic_enabled",
       "here that is 'branch_to_branch'"},
      {"route_servers.*.azure", "hub_routing_preference", "here that is 'routing_preference'"},
      {"route_servers.*", "virtual_router_asn", "AZ-2.1"},
      {"route_servers.*.azure", "virtual_router_ips", "rs/0"},
      {"route_servers.*", "route_server_endpoints", "here that is `aws: {endpoints: ...}`"},
      {"route_servers.*.aws", "vpc_route_server_endpoint", "here that is 'endpoints'"},
      {"route_servers.*.aws", "endpoint", "here that is 'endpoints'"},
      {"route_servers.*.aws", "propagations", "here that is 'propagate_to'"},
      {"route_servers.*.aws", "persist_routes_duration", "here that is 'persist_routes'"},
      {"nvas.*", "bgp_asn", "here that is 'asn'"},
      {"nvas.*", "peer_asn", "here that is 'asn'"},
      {"nvas.*", "peer_ip", "here that is 'address'"},
      {"nvas.*", "subnet_id", "here that is 'subnet'"},
      {"nvas.*", "availability_zone", "here that is 'zone'"},
      {"nvas.*.peers.*", "peer_liveness_detection", "here that is 'bfd'"},
      {"nvas.*.peers.*", "keepalive_interval", "here that is 'keepalive'"},
      {"nvas.*.peers.*", "hold_time", "here that is 'hold'"},
      {"nvas.*.peers.*", "endpoint", "here that is `aws: {endpoints: ...}`"},
      {"peerings.*", "use_remote_gateways", "here that is 'use_remote_gateway'"},
      {"peerings.*", "use_remote_virtual_network_gateways", "here that is 'use_remote_gateway'"},
      {"peerings.*", "allow_gateway_transit", "here that is 'use_remote_gateway'"},
      {"peerings.*", "allow_forwarded_traffic", "carries forwarded traffic"},
      {"route_tables.*", "disable_bgp_route_propagation", "here that is 'propagate'"},
      {"route_tables.*", "bgp_route_propagation_enabled", "here that is 'propagate'"},
      {"route_tables.*", "route", "here that is 'routes'"},
      {"route_tables.*.routes", "address_prefix", "here that is 'to'"},
      {"route_tables.*.routes", "destination_cidr_block", "here that is 'to'"},
      {"route_tables.*.routes", "next_hop_type", "here that is 'via'"},
      {"route_tables.*.routes", "next_hop_in_ip_address", "here that is 'via'"},
      {"route_tables.*.routes", "next_hop_ip_address", "here that is 'via'"},
      {"gateways.*", "type", "here that is 'kind'"},
      {"gateways.*", "transit_gateway_vpc_attachment", "here that is `aws: {attach: ...}`"},
      {"sites.*", "address_space", "here that is 'prefixes'"},
      {"sites.*", "bgp_asn", "here that is 'asn'"},
      /* Elsewhere than in its table: the whole path. */
      {"networks.*", "amazon_side_asn", "here that is `route_servers.*.aws.asn`"},
      {"", "hold_time", "here that is `nvas.*.peers.*.hold`"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *said = said_at(cases[i].level, cases[i].word);
    g_autofree char *unknown = g_strdup_printf("unknown key '%s'; ", cases[i].word);
    cr_assert(strstr(said, unknown) != NULL && strstr(said, cases[i].says) != NULL,
              "%s at '%s': %s", cases[i].word, cases[i].level, said);
  }
}

/* A word in place of a required key is that key: it is not missing besides. */
Test(hints, what_is_meant_is_not_missing) {
  g_autofree char *said =
      story_diagnostics(TOP "networks: {hub: {cidr_block: 10.0.0.0/16, subnets: "
                            "{app: {prefix: 10.0.0.0/24}}}}\n");
  cr_assert_str_eq(said, "error: unknown key 'cidr_block'; here that is 'prefixes'\n");
}

Test(hints, values) {
  static const struct {
    const char *text, *says;
  } cases[] = {
      {"route_tables: {t: {network: hub, routes: [{to: 10.9.0.0/16, via: VirtualAppliance}]}}\n",
       "unknown next hop 'VirtualAppliance'; here that is the appliance's name"},
      {"route_tables: {t: {network: hub, routes: [{to: 10.9.0.0/16, via: VnetLocal}]}}\n",
       "here that is 'local'"},
      {"route_tables: {t: {network: hub, routes: [{to: 10.9.0.0/16, via: "
       "VirtualNetworkGateway}]}}\n",
       "here that is the gateway's name"},
      {"route_tables: {t: {network: hub, routes: [{to: 10.9.0.0/16, via: Internet}]}}\n",
       "here that is 'internet'"},
      {"route_tables: {t: {network: hub, routes: [{to: 10.9.0.0/16, via: None}]}}\n",
       "here that is 'none'"},
      {"gateways: {g: {kind: ExpressRoute, network: hub}}\n", "did you mean 'circuit'"},
      {"gateways: {g: {kind: Vpn, network: hub}}\n", "did you mean 'vpn'"},
      {"gateways: {g: {kind: igw, network: hub}}\n", "did you mean 'internet'"},
      {"route_servers: {rs: {network: hub, azure: {routing_preference: VpnGateway}}}\n",
       "did you mean 'vpn'"},
      {"route_servers: {rs: {network: hub, azure: {routing_preference: ASPath}}}\n",
       "did you mean 'aspath'"},
      {"route_servers: {rs: {network: hub, azure: {branch_to_branch: Enabled}}}\n",
       "did you mean 'on'"},
      {"route_servers: {rs: {network: hub, azure: {branch_to_branch: Disabled}}}\n",
       "did you mean 'off'"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strconcat(TOP "models: [azure]\n" NETWORKS, cases[i].text, NULL);
    g_autofree char *said = story_diagnostics(text);
    cr_assert(strstr(said, cases[i].says) != NULL, "%s: %s", cases[i].text, said);
  }
}
