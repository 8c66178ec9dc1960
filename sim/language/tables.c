/* The key tables of the scenario language, from the top; blocks with more to them have files of
 * their own. */
#include <string.h>

#include "variants_private.h"

#define OFFSET(Struct, field) G_STRUCT_OFFSET(Struct, field)

/* ---- networks --------------------------------------------------------------------------- */

static const KeySpec subnet_specs[] = {
    {"prefix", KEY_PREFIX, KEY_ONE, OFFSET(DesignSubnet, prefix), .flags = KEY_REQUIRED,
     .doc = "address range, inside one of the network's"},
    {"zone", KEY_NAME, KEY_ONE, OFFSET(DesignSubnet, zone),
     .doc = "availability zone; the default of what stands in the subnet"},
    {"vms", KEY_COUNT, KEY_ONE, OFFSET(DesignSubnet, vms), .fallback = "2",
     .doc = "hosts, each with one NIC, that traffic comes from and goes to", .least = 0,
     .most = 50000},
};
static const KeyTable subnet_keys = KEY_TABLE("networks.*.subnets.*", DesignSubnet, subnet_specs);

static const KeySpec network_specs[] = {
    {"prefixes", KEY_PREFIX, KEY_LIST, OFFSET(DesignNetwork, prefixes), .flags = KEY_REQUIRED,
     .doc = "address space, IPv4 and IPv6"},
    {"region", KEY_NAME, KEY_ONE, OFFSET(DesignNetwork, region),
     .doc = "region, for the names of zones"},
    {"subnets", KEY_BLOCK, KEY_MAP, OFFSET(DesignNetwork, subnets), .doc = "subnets by name",
     .table = &subnet_keys},
};
static const KeyTable network_keys = KEY_TABLE("networks.*", DesignNetwork, network_specs);

/* ---- peerings, tables, traffic --------------------------------------------- */

static const KeySpec peering_specs[] = {
    {"from", KEY_NAME, KEY_ONE, OFFSET(DesignPeering, from), .flags = KEY_REQUIRED,
     .doc = "network (the spoke, where it matters)"},
    {"to", KEY_NAME, KEY_ONE, OFFSET(DesignPeering, to), .flags = KEY_REQUIRED,
     .doc = "network (the hub)"},
    {"use_remote_gateway", KEY_BOOL, KEY_ONE, OFFSET(DesignPeering, use_remote_gateway),
     .fallback = "off", .basis = BASIS_DOCUMENTED, .fact = "AZ-6.1, AZ-1.17",
     .doc = "`from` uses the route server and gateways of `to`; under azure one peering of a "
            "network, and "
            "none where it has its own"},
    {"connected", KEY_BOOL, KEY_ONE, OFFSET(DesignPeering, connected), .fallback = "on",
     .fact = "AZ-2.16", .doc = "there from the start; off: an event `connect` makes it"},
};
static const KeyTable peering_keys = KEY_TABLE("peerings.*", DesignPeering, peering_specs);

static void read_peerings(KeyReader *reader, const Node *node, gpointer field) {
  GPtrArray *peerings =
      scenario_read_map_with_clouds(reader, &peering_keys, OFFSET(DesignPeering, clouds), node);
  for (guint i = 0; i < peerings->len; i++) {
    DesignPeering *peering = peerings->pdata[i];
    for (guint c = 0; c < cloud_count(); c++) {
      const SubnetPeeringClass *class = cloud_at(c)->subnet_peering;
      peering->configs[c] = scenario_read_cloud_block(
          reader, cloud_at(c), class != NULL ? class->keys : NULL, peering->clouds[c], "a peering");
    }
  }
  *(GPtrArray **)field = peerings;
}

static const KeySpec traffic_specs[] = {
    {"from", KEY_NAME, KEY_ONE, OFFSET(DesignTraffic, from), .flags = KEY_REQUIRED,
     .doc = "a subnet or a site", .choices = design_end_words},
    {"to", KEY_NAME, KEY_ONE, OFFSET(DesignTraffic, to), .flags = KEY_REQUIRED,
     .doc = "a site, a subnet or an address", .choices = design_end_words},
    {"flows", KEY_COUNT, KEY_ONE, OFFSET(DesignTraffic, flows), .fallback = "1000",
     .doc = "flows, each with a 5-tuple of its own", .least = 1, .most = 10000000},
    {"rate", KEY_RATE, KEY_ONE, OFFSET(DesignTraffic, rate), .fallback = "1Gbps",
     .doc = "what all flows together offer"},
    {"reconnect", KEY_DURATION, KEY_ONE, OFFSET(DesignTraffic, reconnect), .fallback = "5s",
     .basis = BASIS_ASSUMED, .fact = "AWS-6.2",
     .doc = "an application gives a dead session up, and tries anew, this often", .low = "1s",
     .high = "60s",
     .why = "judgement: impatient clients give a session up after 1 s, and the usual timeouts of "
            "proxies and database drivers end at 60 s."},
    {"sessions_last", KEY_DURATION, KEY_ONE, OFFSET(DesignTraffic, sessions_last), .fallback = "1h",
     .basis = BASIS_ASSUMED, .fact = "AZ-10.4",
     .doc =
         "how long a session lives at the most: the next one its user opens goes to any member of "
         "a load balancer that takes new flows",
     .low = "1m", .high = "8h",
     .why = "judgement: a request of the web is over within a minute, and pools of connections to "
            "databases are kept for a working day.",
     .least = KEY_RETRY_LEAST},
    {"protocol", KEY_CHOICE, KEY_ONE, OFFSET(DesignTraffic, protocol), .fallback = "tcp",
     .fact = "AZ-10.4",
     .doc = "tcp, or udp: a load balancer may treat the open sessions of either otherwise",
     .choices = design_protocols},
};
static const KeyTable traffic_keys = KEY_TABLE("traffic.*", DesignTraffic, traffic_specs);

static const KeySpec probe_specs[] = {
    {"from", KEY_NAME, KEY_ONE, OFFSET(DesignProbe, from), .flags = KEY_REQUIRED,
     .doc = "a subnet (its first host) or a site", .choices = design_end_words},
    {"to", KEY_NAME, KEY_ONE, OFFSET(DesignProbe, to), .flags = KEY_REQUIRED,
     .doc = "a site, a subnet or an address", .choices = design_end_words},
    {"every", KEY_DURATION, KEY_ONE, OFFSET(DesignProbe, every), .fallback = "1s",
     .doc = "a new connection is tried this often"},
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
    if (!keys_read_value(reader, &choice, item, &index))
      continue;
    if (models[index])
      diagnostics_add(reader->diagnostics, SEVERITY_WARNING, item->mark,
                      "'%s' stands twice in 'models': once is enough", item->text);
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

/* Read elsewhere: traits, variants, sweep and sampling change the tree before it is read. */
static void read_nothing(KeyReader *reader, const Node *node, gpointer field) {
  (void)reader;
  (void)node;
  (void)field;
}

#define BODY(field) OFFSET(Design, field)

static const KeySpec scenario_specs[] = {
    {"name", KEY_TEXT, KEY_ONE, BODY(name), .flags = KEY_REQUIRED,
     .doc = "[a-z0-9-]+, unique; stands in every output row"},
    {"title", KEY_TEXT, KEY_ONE, BODY(title), .fallback = "", .doc = "one line for people"},
    {"models", KEY_CUSTOM, KEY_ONE, BODY(models),
     .doc = "clouds to run under; by default azure and aws", .read = read_models},
    {"duration", KEY_DURATION, KEY_ONE, BODY(duration), .flags = KEY_REQUIRED,
     .doc = "how long a run lasts, at most 250 years"},
    {"seed", KEY_COUNT, KEY_ONE, BODY(seed), .fallback = "1", .doc = "seed; --seed wins",
     .least = 0, .most = G_MAXINT64},
    {"runs", KEY_COUNT, KEY_ONE, BODY(runs), .fallback = "1", .doc = "replications; --runs wins",
     .least = 1, .most = 10000000},
    {"month", KEY_DURATION, KEY_ONE, BODY(month), .fallback = "30d", .basis = BASIS_MEASURED,
     .fact = "AWS-10.4", .doc = "what prices by the month are for"},
    {"start", KEY_CUSTOM, KEY_ONE, BODY(cold_start), .fallback = "converged",
     .doc = "converged, or cold: everything boots at 0", .read = read_start},
    {"liveness", KEY_CHOICE, KEY_ONE, BODY(liveness), .fallback = "lazy",
     .doc = "lazy (quiet sessions cost nothing), or packet (every message)",
     .choices = liveness_modes},
    {"link_delay", KEY_DURATION, KEY_ONE, BODY(link_delay), .fallback = "500us",
     .basis = BASIS_ASSUMED,
     .doc = "one-way delay between an appliance and a route server; no source gives one",
     .low = "100us", .high = "2ms",
     .why = "judgement: packets take some 0.1 ms one way within a zone, and at most some 2 ms "
            "between zones of a region; what is farther away has a link of its own."},
    {"tcp_timeout", KEY_DURATION, KEY_ONE, BODY(tcp_timeout), .fallback = "1s",
     .basis = BASIS_DOCUMENTED, .fact = "RFC 6298 2.1",
     .doc = "first TCP retransmission; doubles up to 60 s"},
    {"failover", KEY_CHOICE, KEY_ONE, BODY(failover), .fallback = "route-server",
     .doc = "what moves traffic when an appliance fails: route-server, load-balancer or api (a "
            "script)",
     .choices = failover_methods},
    {"load_balancer", KEY_CUSTOM, KEY_ONE, BODY(load_balancer),
     .doc = "traits of the load balancer, by model", .read = scenario_read_load_balancer},
    {"api_failover", KEY_CUSTOM, KEY_ONE, BODY(api_failover),
     .doc = "traits of the script and of the API that it calls, by model",
     .read = scenario_read_api_failover},
    {"load_balancers", KEY_BLOCK, KEY_MAP, BODY(load_balancers), .fact = "AZ-5.13",
     .doc = "internal load balancers that announcements may name as their next hop",
     .table = &scenario_load_balancer_keys},
    {"networks", KEY_BLOCK, KEY_MAP, BODY(networks), .flags = KEY_REQUIRED,
     .doc = "a VNet or VPC each", .table = &network_keys},
    {"route_servers", KEY_CUSTOM, KEY_ONE, BODY(route_servers), .flags = KEY_NESTED,
     .doc = "route servers by name", .read = scenario_read_route_servers},
    {"nvas", KEY_CUSTOM, KEY_ONE, BODY(nvas), .flags = KEY_NESTED,
     .doc = "network virtual appliances by name", .read = scenario_read_nvas},
    {"sites", KEY_BLOCK, KEY_MAP, BODY(sites),
     .doc = "anything outside the cloud; `internet` is built in", .table = &scenario_site_keys},
    {"peerings", KEY_CUSTOM, KEY_ONE, BODY(peerings), .flags = KEY_NESTED,
     .doc = "peerings of networks", .read = read_peerings},
    {"gateways", KEY_CUSTOM, KEY_ONE, BODY(gateways), .flags = KEY_NESTED, .doc = "gateways",
     .read = scenario_read_gateways},
    {"circuits", KEY_CUSTOM, KEY_ONE, BODY(circuits), .flags = KEY_NESTED,
     .doc = "private lines between a site and gateways", .read = scenario_read_circuits},
    {"links", KEY_BLOCK, KEY_LIST, BODY(links), .doc = "how far places are from each other",
     .table = &scenario_link_keys},
    {"route_tables", KEY_BLOCK, KEY_MAP, BODY(route_tables), .doc = "route tables that users write",
     .table = &scenario_route_table_keys},
    {"route_maps", KEY_BLOCK, KEY_MAP, BODY(route_maps),
     .doc = "route maps, bound in the blocks of clouds that have some",
     .table = &scenario_route_map_keys},
    {"traffic", KEY_BLOCK, KEY_MAP, BODY(traffic), .doc = "flows by name", .table = &traffic_keys},
    {"probes", KEY_BLOCK, KEY_MAP, BODY(probes), .doc = "what a person measuring would see",
     .table = &probe_keys},
    {"events", KEY_CUSTOM, KEY_ONE, BODY(events), .flags = KEY_NESTED, .doc = "what happens",
     .read = scenario_read_events},
    {"failures", KEY_BLOCK, KEY_LIST, BODY(failures), .doc = "what fails at random, in campaigns",
     .table = &scenario_failure_keys},
    {"expect", KEY_BLOCK, KEY_LIST, BODY(expect), .doc = "tests of the design",
     .table = &scenario_expect_keys},
    {"measured", KEY_BLOCK, KEY_LIST, BODY(measured), .doc = "what somebody published",
     .table = &scenario_measured_keys},
    {"traits", KEY_TEXT, KEY_ONE, BODY(traits),
     .doc = "a file of paths and values, such as `calibrate` writes, set before variants; "
            "relative to this one"},
    {"variants", KEY_CUSTOM, KEY_ONE, BODY(head),
     .doc = "named sets of changes, compared side by side", .read = read_nothing},
    {"sweep", KEY_CUSTOM, KEY_ONE, BODY(head),
     .doc = "paths with lists, ranges or distributions of values, of which variants are made",
     .read = read_nothing},
    {"sampling", KEY_CUSTOM, KEY_ONE, BODY(head),
     .doc = "which combinations of the sweep are variants; by default all", .read = read_nothing},
};

static const KeyTable root_keys = KEY_TABLE("", Design, scenario_specs);

void scenario_keys_foreach(KeyVisit visit, gpointer data) {
  keys_foreach(&root_keys, visit, data);
  keys_foreach(&scenario_range_keys, visit, data);
  keys_foreach(&scenario_sampling_keys, visit, data);
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
                             cloud->subnet_peering != NULL ? cloud->subnet_peering->keys : NULL,
                             cloud->appliances != NULL ? cloud->appliances->keys : NULL,
                             cloud->edges != NULL ? cloud->edges->transit_keys : NULL,
                             cloud->failover->load_balancer_keys,
                             cloud->failover->api_keys,
                             cloud->edges != NULL ? cloud->edges->nat_keys : NULL};
    for (guint j = 0; j < G_N_ELEMENTS(own); j++)
      if (own[j] != NULL)
        keys_foreach(own[j], visit, data);
  }
}

Design *scenario_read_design(KeyReader *reader, const Node *root) {
  Design *design = keys_read(reader, &root_keys, root);
  scenario_read_bounds(reader, design);
  scenario_read_failures(reader, design);
  scenario_complete(reader, design);
  return design;
}
