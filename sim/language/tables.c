/* The key tables of the scenario language, from the top; blocks with more to them have files of
 * their own. */
#include <string.h>

#include "language_private.h"

#define OFFSET(Struct, field) G_STRUCT_OFFSET(Struct, field)

/* ---- networks --------------------------------------------------------------------------- */

static const KeySpec subnet_specs[] = {
    {"prefix", KEY_PREFIX, KEY_ONE, OFFSET(DesignSubnet, prefix), KEY_REQUIRED, NULL, BASIS_NONE,
     NULL, "address range, inside one of the network's", 0},
    {"zone", KEY_NAME, KEY_ONE, OFFSET(DesignSubnet, zone), 0, NULL, BASIS_NONE, NULL,
     "availability zone; the default of what stands in the subnet", 0},
    {"vms", KEY_COUNT, KEY_ONE, OFFSET(DesignSubnet, vms), 0, "2", BASIS_NONE, NULL,
     "hosts, each with one NIC, that traffic comes from and goes to", .least = 0, .most = 50000},
};
static const KeyTable subnet_keys = KEY_TABLE("networks.*.subnets.*", DesignSubnet, subnet_specs);

static const KeySpec network_specs[] = {
    {"prefixes", KEY_PREFIX, KEY_LIST, OFFSET(DesignNetwork, prefixes), KEY_REQUIRED, NULL,
     BASIS_NONE, NULL, "address space, IPv4 and IPv6", 0},
    {"region", KEY_NAME, KEY_ONE, OFFSET(DesignNetwork, region), 0, NULL, BASIS_NONE, NULL,
     "region, for the names of zones", 0},
    {"subnets", KEY_BLOCK, KEY_MAP, OFFSET(DesignNetwork, subnets), 0, NULL, BASIS_NONE, NULL,
     "subnets by name", .table = &subnet_keys},
};
static const KeyTable network_keys = KEY_TABLE("networks.*", DesignNetwork, network_specs);

/* ---- peerings, tables, traffic --------------------------------------------- */

static const KeySpec peering_specs[] = {
    {"from", KEY_NAME, KEY_ONE, OFFSET(DesignPeering, from), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "network (the spoke, where it matters)", 0},
    {"to", KEY_NAME, KEY_ONE, OFFSET(DesignPeering, to), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "network (the hub)", 0},
    {"use_remote_gateway", KEY_BOOL, KEY_ONE, OFFSET(DesignPeering, use_remote_gateway), 0, "off",
     BASIS_DOCUMENTED, "AZ-6.1, AZ-1.17",
     "`from` uses the route server and gateways of `to`; under azure one peering of a network, and "
     "none where it has its own",
     0},
    {"connected", KEY_BOOL, KEY_ONE, OFFSET(DesignPeering, connected), 0, "on", BASIS_NONE,
     "AZ-2.16", "there from the start; off: an event `connect` makes it", 0},
};
static const KeyTable peering_keys = KEY_TABLE("peerings.*", DesignPeering, peering_specs);

static void read_peerings(KeyReader *reader, const Node *node, gpointer field) {
  GPtrArray *peerings =
      scenario_read_map_with_clouds(reader, &peering_keys, OFFSET(DesignPeering, clouds), node);
  for (guint i = 0; i < peerings->len; i++) {
    DesignPeering *peering = peerings->pdata[i];
    for (guint c = 0; c < cloud_count(); c++)
      peering->configs[c] = scenario_read_cloud_block(
          reader, cloud_at(c), cloud_at(c)->fabric->peering_keys, peering->clouds[c], "a peering");
  }
  *(GPtrArray **)field = peerings;
}

static const KeySpec traffic_specs[] = {
    {"from", KEY_NAME, KEY_ONE, OFFSET(DesignTraffic, from), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "a subnet or a site", .choices = design_end_words},
    {"to", KEY_NAME, KEY_ONE, OFFSET(DesignTraffic, to), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "a site, a subnet or an address", .choices = design_end_words},
    {"flows", KEY_COUNT, KEY_ONE, OFFSET(DesignTraffic, flows), 0, "1000", BASIS_NONE, NULL,
     "flows, each with a 5-tuple of its own", .least = 1, .most = 10000000},
    {"rate", KEY_RATE, KEY_ONE, OFFSET(DesignTraffic, rate), 0, "1Gbps", BASIS_NONE, NULL,
     "what all flows together offer", 0},
    {"reconnect", KEY_DURATION, KEY_ONE, OFFSET(DesignTraffic, reconnect), 0, "5s", BASIS_ASSUMED,
     "AWS-6.2", "an application gives a dead session up, and tries anew, this often", 0},
    {"protocol", KEY_CHOICE, KEY_ONE, OFFSET(DesignTraffic, protocol), 0, "tcp", BASIS_NONE,
     "AZ-10.4", "tcp, or udp: a load balancer may treat the open sessions of either otherwise",
     .choices = design_protocols},
};
static const KeyTable traffic_keys = KEY_TABLE("traffic.*", DesignTraffic, traffic_specs);

static const KeySpec probe_specs[] = {
    {"from", KEY_NAME, KEY_ONE, OFFSET(DesignProbe, from), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "a subnet (its first host) or a site", .choices = design_end_words},
    {"to", KEY_NAME, KEY_ONE, OFFSET(DesignProbe, to), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "a site, a subnet or an address", .choices = design_end_words},
    {"every", KEY_DURATION, KEY_ONE, OFFSET(DesignProbe, every), 0, "1s", BASIS_NONE, NULL,
     "a new connection is tried this often", 0},
};
static const KeyTable probe_keys = KEY_TABLE("probes.*", DesignProbe, probe_specs);

/* ---- the top ------------------------------------------------------------------------------- */

static void read_models(KeyReader *reader, const Node *node, gpointer field) {
  gboolean *models = field;
  const char *names[CLOUD_MOST + 1] = {NULL};
  const KeySpec choice = {.name = "models", .type = KEY_CHOICE, .choices = names};
  for (guint i = 0; i < cloud_count(); i++) {
    names[i] = cloud_at(i)->name;
    models[i] = node == NULL && !cloud_at(i)->only_named;
  }
  if (node == NULL)
    return;
  const guint count = node->kind == NODE_SEQUENCE ? node->values->len : 1;
  for (guint i = 0; i < count; i++) {
    const Node *item = node->kind == NODE_SEQUENCE ? node->values->pdata[i] : node;
    int index = 0;
    if (keys_read_value(reader, &choice, item, &index))
      models[index] = TRUE;
  }
  if (count == 0)
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark, "'models' names no model");
}

static void read_start(KeyReader *reader, const Node *node, gpointer field) {
  enum { CONVERGED, COLD };
  static const char *const starts[] = {[CONVERGED] = "converged", [COLD] = "cold", NULL};
  static const KeySpec choice = {.name = "start", .type = KEY_CHOICE, .choices = starts};
  int start = CONVERGED;
  if (node != NULL && keys_read_value(reader, &choice, node, &start))
    *(gboolean *)field = start == COLD;
}

/* Read elsewhere: variants and sweep change the tree before it is read. */
static void read_nothing(KeyReader *reader, const Node *node, gpointer field) {
  (void)reader;
  (void)node;
  (void)field;
}

#define BODY(field) OFFSET(Design, field)

static const KeySpec scenario_specs[] = {
    {"name", KEY_TEXT, KEY_ONE, BODY(name), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "[a-z0-9-]+, unique; stands in every output row", 0},
    {"title", KEY_TEXT, KEY_ONE, BODY(title), 0, "", BASIS_NONE, NULL, "one line for people", 0},
    {"models", KEY_CUSTOM, KEY_ONE, BODY(models), 0, NULL, BASIS_NONE, NULL,
     "clouds to run under; by default azure and aws", .read = read_models},
    {"duration", KEY_DURATION, KEY_ONE, BODY(duration), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "how long a run lasts, at most 250 years", 0},
    {"seed", KEY_COUNT, KEY_ONE, BODY(seed), 0, "1", BASIS_NONE, NULL, "seed; --seed wins",
     .least = 0, .most = G_MAXINT64},
    {"runs", KEY_COUNT, KEY_ONE, BODY(runs), 0, "1", BASIS_NONE, NULL, "replications; --runs wins",
     .least = 1, .most = 10000000},
    {"month", KEY_DURATION, KEY_ONE, BODY(month), 0, "30d", BASIS_MEASURED, "AWS-10.4",
     "what prices by the month are for", 0},
    {"start", KEY_CUSTOM, KEY_ONE, BODY(cold_start), 0, "converged", BASIS_NONE, NULL,
     "converged, or cold: everything boots at 0", .read = read_start},
    {"liveness", KEY_CHOICE, KEY_ONE, BODY(liveness), 0, "lazy", BASIS_NONE, NULL,
     "lazy (quiet sessions cost nothing), or packet (every message)", .choices = liveness_modes},
    {"link_delay", KEY_DURATION, KEY_ONE, BODY(link_delay), 0, "500us", BASIS_ASSUMED, NULL,
     "one-way delay between an appliance and a route server; no source gives one", 0},
    {"tcp_timeout", KEY_DURATION, KEY_ONE, BODY(tcp_timeout), 0, "1s", BASIS_DOCUMENTED,
     "RFC 6298 2.1", "first TCP retransmission; doubles up to 60 s", 0},
    {"failover", KEY_CHOICE, KEY_ONE, BODY(failover), 0, "route-server", BASIS_NONE, NULL,
     "what moves traffic when an appliance fails: route-server, load-balancer or api (a script)",
     .choices = failover_methods},
    {"load_balancer", KEY_CUSTOM, KEY_ONE, BODY(load_balancer), 0, NULL, BASIS_NONE, NULL,
     "traits of the load balancer, by model", .read = scenario_read_load_balancer},
    {"api_failover", KEY_CUSTOM, KEY_ONE, BODY(api_failover), 0, NULL, BASIS_NONE, NULL,
     "traits of the script and of the API that it calls, by model",
     .read = scenario_read_api_failover},
    {"load_balancers", KEY_BLOCK, KEY_MAP, BODY(load_balancers), 0, NULL, BASIS_NONE, "AZ-5.13",
     "internal load balancers that announcements may name as their next hop",
     .table = &scenario_load_balancer_keys},
    {"networks", KEY_BLOCK, KEY_MAP, BODY(networks), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "a VNet or VPC each", .table = &network_keys},
    {"route_servers", KEY_CUSTOM, KEY_ONE, BODY(route_servers), KEY_NESTED, NULL, BASIS_NONE, NULL,
     "route servers by name", .read = scenario_read_route_servers},
    {"nvas", KEY_CUSTOM, KEY_ONE, BODY(nvas), KEY_NESTED, NULL, BASIS_NONE, NULL,
     "network virtual appliances by name", .read = scenario_read_nvas},
    {"sites", KEY_BLOCK, KEY_MAP, BODY(sites), 0, NULL, BASIS_NONE, NULL,
     "anything outside the cloud; `internet` is built in", .table = &scenario_site_keys},
    {"peerings", KEY_CUSTOM, KEY_ONE, BODY(peerings), KEY_NESTED, NULL, BASIS_NONE, NULL,
     "peerings of networks", .read = read_peerings},
    {"gateways", KEY_CUSTOM, KEY_ONE, BODY(gateways), KEY_NESTED, NULL, BASIS_NONE, NULL,
     "gateways", .read = scenario_read_gateways},
    {"circuits", KEY_CUSTOM, KEY_ONE, BODY(circuits), KEY_NESTED, NULL, BASIS_NONE, NULL,
     "private lines between a site and gateways", .read = scenario_read_circuits},
    {"links", KEY_BLOCK, KEY_LIST, BODY(links), 0, NULL, BASIS_NONE, NULL,
     "how far places are from each other", .table = &scenario_link_keys},
    {"route_tables", KEY_BLOCK, KEY_MAP, BODY(route_tables), 0, NULL, BASIS_NONE, NULL,
     "UDR tables, AWS route tables", .table = &scenario_route_table_keys},
    {"route_maps", KEY_BLOCK, KEY_MAP, BODY(route_maps), 0, NULL, BASIS_NONE, NULL,
     "route maps, bound in `azure` blocks", .table = &scenario_route_map_keys},
    {"traffic", KEY_BLOCK, KEY_MAP, BODY(traffic), 0, NULL, BASIS_NONE, NULL, "flows by name",
     .table = &traffic_keys},
    {"probes", KEY_BLOCK, KEY_MAP, BODY(probes), 0, NULL, BASIS_NONE, NULL,
     "what a person measuring would see", .table = &probe_keys},
    {"events", KEY_CUSTOM, KEY_ONE, BODY(events), KEY_NESTED, NULL, BASIS_NONE, NULL,
     "what happens", .read = scenario_read_events},
    {"expect", KEY_BLOCK, KEY_LIST, BODY(expect), 0, NULL, BASIS_NONE, NULL, "tests of the design",
     .table = &scenario_expect_keys},
    {"measured", KEY_BLOCK, KEY_LIST, BODY(measured), 0, NULL, BASIS_NONE, NULL,
     "what somebody published", .table = &scenario_measured_keys},
    {"variants", KEY_CUSTOM, KEY_ONE, BODY(head), 0, NULL, BASIS_NONE, NULL,
     "named sets of changes, compared side by side", .read = read_nothing},
    {"sweep", KEY_CUSTOM, KEY_ONE, BODY(head), 0, NULL, BASIS_NONE, NULL,
     "paths with lists of values: every combination is a variant", .read = read_nothing},
};

const KeyTable scenario_keys = KEY_TABLE("", Design, scenario_specs);

void scenario_keys_foreach(KeyVisit visit, gpointer data) {
  keys_foreach(&scenario_keys, visit, data);
  keys_foreach(&scenario_server_keys, visit, data);
  keys_foreach(&scenario_nva_keys, visit, data);
  keys_foreach(&scenario_gateway_keys, visit, data);
  keys_foreach(&peering_keys, visit, data);
  keys_foreach(&scenario_peer_keys, visit, data);
  for (guint i = 0; i < nva_class_count(); i++)
    if (nva_class_at(i)->keys != NULL)
      keys_foreach(nva_class_at(i)->keys, visit, data);
  keys_foreach(&scenario_event_keys, visit, data);
  scenario_gateway_keys_foreach(visit, data);
  for (guint i = 0; i < cloud_count(); i++) {
    const CloudClass *cloud = cloud_at(i);
    keys_foreach(cloud->server->keys, visit, data);
    const KeyTable *own[] = {cloud->peers->keys,
                             cloud->fabric->peering_keys,
                             cloud->fabric->appliance_keys,
                             cloud->fabric->transit_keys,
                             cloud->failover->load_balancer_keys,
                             cloud->failover->api_keys,
                             cloud->fabric->nat_keys};
    for (guint j = 0; j < G_N_ELEMENTS(own); j++)
      if (own[j] != NULL)
        keys_foreach(own[j], visit, data);
  }
}

Design *scenario_read_design(KeyReader *reader, const Node *root) {
  Design *design = keys_read(reader, &scenario_keys, root);
  scenario_read_bounds(reader, design);
  scenario_complete(reader, design);
  return design;
}
