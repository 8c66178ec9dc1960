/* The key tables of the scenario language, and what cannot be said in a table: events,
 * blocks that each cloud defines, bounds that depend on a measure. */
#include <string.h>

#include "routesim/scenario/scenario.h"
#include "scenario_private.h"

#define OFFSET(Struct, field) G_STRUCT_OFFSET(Struct, field)

/* ---- networks --------------------------------------------------------------------------- */

static const KeySpec subnet_specs[] = {
    {"prefix", KEY_PREFIX, KEY_ONE, OFFSET(ScenarioSubnet, prefix), KEY_REQUIRED, NULL, BASIS_NONE,
     NULL, "address range, inside one of the network's", 0},
    {"zone", KEY_NAME, KEY_ONE, OFFSET(ScenarioSubnet, zone), 0, NULL, BASIS_NONE, NULL,
     "availability zone; the default of what stands in the subnet", 0},
    {"vms", KEY_COUNT, KEY_ONE, OFFSET(ScenarioSubnet, vms), 0, "2", BASIS_NONE, NULL,
     "hosts, each with one NIC, that traffic comes from and goes to", .least = 0, .most = 50000},
};
static const KeyTable subnet_keys = KEY_TABLE("networks.*.subnets.*", ScenarioSubnet, subnet_specs);

static const KeySpec network_specs[] = {
    {"prefixes", KEY_PREFIX, KEY_LIST, OFFSET(ScenarioNetwork, prefixes), KEY_REQUIRED, NULL,
     BASIS_NONE, NULL, "address space, IPv4 and IPv6", 0},
    {"region", KEY_NAME, KEY_ONE, OFFSET(ScenarioNetwork, region), 0, NULL, BASIS_NONE, NULL,
     "region, for the names of zones", 0},
    {"subnets", KEY_BLOCK, KEY_MAP, OFFSET(ScenarioNetwork, subnets), 0, NULL, BASIS_NONE, NULL,
     "subnets by name", .table = &subnet_keys},
};
static const KeyTable network_keys = KEY_TABLE("networks.*", ScenarioNetwork, network_specs);

/* ---- route servers and peers -------------------------------------------------------------- */

static const KeySpec server_specs[] = {
    {"network", KEY_NAME, KEY_ONE, OFFSET(ScenarioRouteServer, network), KEY_REQUIRED, NULL,
     BASIS_NONE, NULL, "network that it serves", 0},
};
static const KeyTable server_keys =
    KEY_TABLE("route_servers.*", ScenarioRouteServer, server_specs);

static const char *const jitters[] = {"rfc", "off", NULL};

static void read_bfd_jitter(KeyReader *reader, const Node *node, gpointer field) {
  static const KeySpec choice = {.name = "jitter", .type = KEY_CHOICE, .choices = jitters};
  int value = 0;
  if (node != NULL && keys_read_value(reader, &choice, node, &value))
    *(gboolean *)field = value == 1;
}

static const KeySpec bfd_specs[] = {
    {"interval", KEY_DURATION, KEY_ONE, OFFSET(ScenarioBfd, interval), 0, "300ms", BASIS_MEASURED,
     "AWS-3.9", "transmit and receive interval of the appliance", 0},
    {"multiplier", KEY_COUNT, KEY_ONE, OFFSET(ScenarioBfd, multiplier), 0, "3", BASIS_MEASURED,
     "AWS-3.9", "detection multiplier of the appliance", .least = 1, .most = 255},
    {"jitter", KEY_CUSTOM, KEY_ONE, OFFSET(ScenarioBfd, jitter_off), 0, "rfc", BASIS_DOCUMENTED,
     "RFC 5880 6.8.7", "rfc, or off", .read = read_bfd_jitter},
};
static const KeyTable bfd_keys = KEY_TABLE("nvas.*.peers.*.bfd", ScenarioBfd, bfd_specs);

static const KeySpec peer_specs[] = {
    {"keepalive", KEY_DURATION, KEY_ONE, OFFSET(ScenarioPeer, keepalive), 0, "30s",
     BASIS_DOCUMENTED, "RFC 4271 10", "keepalive interval of the appliance", 0},
    {"hold", KEY_DURATION, KEY_ONE, OFFSET(ScenarioPeer, hold), 0, "90s", BASIS_DOCUMENTED,
     "RFC 4271 10", "hold time that the appliance offers: 0, or at least 3s", 0},
    {"keepalive_jitter", KEY_CHOICE, KEY_ONE, OFFSET(ScenarioPeer, keepalive_jitter), 0, "rfc",
     BASIS_DOCUMENTED, "RFC 4271 10", "rfc (0.75 to 1 of the interval), or off",
     .choices = jitters},
    {"bfd", KEY_BLOCK, KEY_ONE, OFFSET(ScenarioPeer, bfd), 0, NULL, BASIS_NONE, "AWS-3.1",
     "BFD beside BGP, where the cloud has it", .table = &bfd_keys},
};
static const KeyTable peer_keys = KEY_TABLE("nvas.*.peers.*", ScenarioPeer, peer_specs);

/* A copy of `table` with one raw key for each cloud, at `offset`. */
static KeyTable *with_clouds(Arena *arena, const KeyTable *table, gsize offset) {
  KeySpec *specs = arena_array(arena, KeySpec, table->count + cloud_count());
  memcpy(specs, table->keys, table->count * sizeof *specs);
  for (guint i = 0; i < cloud_count(); i++)
    specs[table->count + i] = (KeySpec){.name = cloud_at(i)->name,
                                        .type = KEY_NODE,
                                        .offset = offset + i * sizeof(const Node *),
                                        .doc = "what only this model has"};
  KeyTable *both = arena_new0(arena, KeyTable);
  *both = *table;
  both->keys = specs;
  both->count = table->count + cloud_count();
  return both;
}

static int compare_heads(gconstpointer a, gconstpointer b) {
  return strcmp((*(BlockHead *const *)a)->name, (*(BlockHead *const *)b)->name);
}

/* A mapping of names to blocks of a table with clouds. */
static GPtrArray *read_map_with_clouds(KeyReader *reader, const KeyTable *table, gsize offset,
                                       const Node *node) {
  GPtrArray *blocks = arena_ptr_array(reader->arena);
  if (node == NULL)
    return blocks;
  if (node->kind != NODE_MAPPING) {
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                    "expected a mapping, found %s", node_kind_name(node));
    return blocks;
  }
  const KeyTable *full = with_clouds(reader->arena, table, offset);
  for (guint i = 0; i < node->keys->len; i++) {
    const Node *key = node->keys->pdata[i], *value = node->values->pdata[i];
    g_ptr_array_add(blocks, keys_read_named(reader, full, key, value));
  }
  g_ptr_array_sort(blocks, compare_heads);
  return blocks;
}

static void read_route_servers(KeyReader *reader, const Node *node, gpointer field) {
  GPtrArray *servers = read_map_with_clouds(reader, &server_keys,
                                            OFFSET(ScenarioRouteServer, clouds), node);
  for (guint i = 0; i < servers->len; i++) {
    ScenarioRouteServer *server = servers->pdata[i];
    for (guint c = 0; c < cloud_count(); c++)
      if (server->clouds[c] != NULL)
        server->configs[c] = keys_read(reader, cloud_at(c)->keys, server->clouds[c]);
  }
  *(GPtrArray **)field = servers;
}

static void read_peers(KeyReader *reader, const Node *node, gpointer field) {
  GPtrArray *peers =
      read_map_with_clouds(reader, &peer_keys, OFFSET(ScenarioPeer, clouds), node);
  for (guint i = 0; i < peers->len; i++) {
    ScenarioPeer *peer = peers->pdata[i];
    for (guint c = 0; c < cloud_count(); c++) {
      const CloudClass *cloud = cloud_at(c);
      if (peer->clouds[c] == NULL)
        continue;
      if (cloud->peer_keys != NULL)
        peer->configs[c] = keys_read(reader, cloud->peer_keys, peer->clouds[c]);
      else if (node_get(peer->clouds[c], "bfd") != NULL && cloud->bfd_refusal != NULL)
        diagnostics_add(reader->diagnostics, SEVERITY_ERROR, peer->clouds[c]->mark, "%s",
                        cloud->bfd_refusal);
      else
        diagnostics_add(reader->diagnostics, SEVERITY_ERROR, peer->clouds[c]->mark,
                        "%s has no settings of its own for a peer", cloud->title);
    }
  }
  *(GPtrArray **)field = peers;
}

/* ---- appliances, sites, routes --------------------------------------------------------------- */

static void read_kind(KeyReader *reader, const Node *node, gpointer field) {
  const char *names[16] = {NULL};
  const KeySpec choice = {.name = "kind", .type = KEY_CHOICE, .choices = names};
  for (guint i = 0; i < nva_class_count(); i++)
    names[i] = nva_class_at(i)->name;
  if (node != NULL)
    keys_read_value(reader, &choice, node, field);
}

static const KeySpec announcement_specs[] = {
    {"prefix", KEY_PREFIX, KEY_ONE, OFFSET(ScenarioAnnouncement, prefix), 0, NULL, BASIS_NONE, NULL,
     "prefix to announce", 0},
    {"site", KEY_NAME, KEY_ONE, OFFSET(ScenarioAnnouncement, site), 0, NULL, BASIS_NONE, NULL,
     "in place of `prefix`: the prefixes of this site, while the link to it is up", 0},
    {"prepend", KEY_COUNT, KEY_ONE, OFFSET(ScenarioAnnouncement, prepend), 0, "0", BASIS_NONE,
     "RFC 4271 5.1.2", "how often its own AS number is added to the AS path", .least = 0,
     .most = 20},
    {"med", KEY_COUNT, KEY_ONE, OFFSET(ScenarioAnnouncement, med), 0, "-1", BASIS_NONE,
     "RFC 4271 5.1.4", "MULTI_EXIT_DISC; -1: none", .least = -1, .most = G_MAXUINT32},
    {"community", KEY_NAME, KEY_LIST, OFFSET(ScenarioAnnouncement, communities), 0, NULL,
     BASIS_NONE, "RFC 1997", "communities: no-advertise, no-export, or AS:VALUE", 0},
    {"next_hop", KEY_NAME, KEY_ONE, OFFSET(ScenarioAnnouncement, next_hop), 0, NULL, BASIS_NONE,
     "AZ-5.13", "an address or another appliance, in place of itself", 0},
};
static const KeyTable announcement_keys =
    KEY_TABLE("nvas.*.advertise", ScenarioAnnouncement, announcement_specs);

static const KeySpec nva_specs[] = {
    {"kind", KEY_CUSTOM, KEY_ONE, OFFSET(ScenarioNva, kind), 0, "router", BASIS_NONE, NULL,
     "router, firewall (stateful), sd-wan", .read = read_kind},
    {"subnet", KEY_NAME, KEY_ONE, OFFSET(ScenarioNva, subnet), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "subnet of its interface", 0},
    {"address", KEY_ADDRESS, KEY_ONE, OFFSET(ScenarioNva, address), 0, NULL, BASIS_NONE, NULL,
     "address of its interface; by default the fourth of the subnet, then on by name", 0},
    {"asn", KEY_COUNT, KEY_ONE, OFFSET(ScenarioNva, asn), KEY_REQUIRED, NULL, BASIS_NONE,
     "RFC 6793", "its AS number", .least = 1, .most = 4294967294},
    {"zone", KEY_NAME, KEY_ONE, OFFSET(ScenarioNva, zone), 0, NULL, BASIS_NONE, NULL,
     "availability zone; by default its subnet's", 0},
    {"peers", KEY_CUSTOM, KEY_ONE, OFFSET(ScenarioNva, peers), 0, NULL, BASIS_NONE, NULL,
     "route servers that it peers with", .read = read_peers},
    {"advertise", KEY_BLOCK, KEY_LIST, OFFSET(ScenarioNva, advertise), 0, NULL, BASIS_NONE, NULL,
     "what it announces", .table = &announcement_keys},
    {"establish", KEY_DURATION, KEY_ONE, OFFSET(ScenarioNva, establish), 0, "uniform 1s 3s",
     BASIS_ASSUMED, "AWS-2.9, AZ-2.17",
     "from ready (or a failed session) to the next attempt to connect", 0},
    {"connect_retry", KEY_DURATION, KEY_ONE, OFFSET(ScenarioNva, connect_retry), 0, "120s",
     BASIS_DOCUMENTED, "RFC 4271 10", "ConnectRetryTimer, with jitter 0.75 to 1", 0},
    {"boot", KEY_DURATION, KEY_ONE, OFFSET(ScenarioNva, boot), 0, "180s", BASIS_MEASURED,
     "AWS-12.7", "from power back to a running BGP process", 0},
};
static const KeyTable nva_keys = KEY_TABLE("nvas.*", ScenarioNva, nva_specs);

static const KeySpec site_specs[] = {
    {"prefixes", KEY_PREFIX, KEY_LIST, OFFSET(ScenarioSite, prefixes), KEY_REQUIRED, NULL,
     BASIS_NONE, NULL, "its address ranges; traffic goes to the first", 0},
    {"via", KEY_NAME, KEY_LIST, OFFSET(ScenarioSite, via), 0, NULL, BASIS_NONE, NULL,
     "appliances and gateways that reach it; it answers over the one that a session came through", 0},
    {"asn", KEY_COUNT, KEY_ONE, OFFSET(ScenarioSite, asn), 0, "65100", BASIS_NONE, "RFC 6996",
     "its AS number, in the AS path of what a gateway learns from it", .least = 1,
     .most = 4294967294},
};
static const KeyTable site_keys = KEY_TABLE("sites.*", ScenarioSite, site_specs);

static const KeySpec peering_specs[] = {
    {"from", KEY_NAME, KEY_ONE, OFFSET(ScenarioPeering, from), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "network (the spoke, where it matters)", 0},
    {"to", KEY_NAME, KEY_ONE, OFFSET(ScenarioPeering, to), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "network (the hub)", 0},
    {"use_remote_gateway", KEY_BOOL, KEY_ONE, OFFSET(ScenarioPeering, use_remote_gateway), 0, "off",
     BASIS_DOCUMENTED, "AZ-6.1", "`from` uses the route server and gateways of `to`", 0},
};
static const KeyTable peering_keys = KEY_TABLE("peerings.*", ScenarioPeering, peering_specs);

static const char *const gateway_kinds[] = {"internet", "vpn", "circuit", NULL};
static const KeySpec gateway_specs[] = {
    {"kind", KEY_CHOICE, KEY_ONE, OFFSET(ScenarioGateway, kind), KEY_REQUIRED, NULL, BASIS_NONE,
     "AWS-11.1, AZ-8.1", "internet, vpn or circuit (ExpressRoute; VGW with Direct Connect)",
     .choices = gateway_kinds},
    {"network", KEY_NAME, KEY_ONE, OFFSET(ScenarioGateway, network), KEY_REQUIRED, NULL, BASIS_NONE,
     NULL, "network that it belongs to", 0},
};
static const KeyTable gateway_keys = KEY_TABLE("gateways.*", ScenarioGateway, gateway_specs);

static const KeySpec route_specs[] = {
    {"to", KEY_PREFIX, KEY_ONE, OFFSET(ScenarioRoute, to), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "destination", 0},
    {"via", KEY_NAME, KEY_ONE, OFFSET(ScenarioRoute, via), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "an appliance, a peering, an internet gateway, an address, internet, local or none", 0},
};
static const KeyTable route_keys = KEY_TABLE("route_tables.*.routes", ScenarioRoute, route_specs);

static const KeySpec table_specs[] = {
    {"network", KEY_NAME, KEY_ONE, OFFSET(ScenarioRouteTable, network), KEY_REQUIRED, NULL,
     BASIS_NONE, NULL, "network that it belongs to", 0},
    {"subnets", KEY_NAME, KEY_LIST, OFFSET(ScenarioRouteTable, subnets), 0, NULL, BASIS_NONE, NULL,
     "subnets that follow it; a subnet in none has its own", 0},
    {"propagate", KEY_BOOL, KEY_ONE, OFFSET(ScenarioRouteTable, propagate), 0, "on",
     BASIS_DOCUMENTED, "AZ-6.7", "routes of gateways and route servers enter it; under aws "
     "`propagate_to` decides", 0},
    {"routes", KEY_BLOCK, KEY_LIST, OFFSET(ScenarioRouteTable, routes), 0, NULL, BASIS_NONE, NULL,
     "static routes", .table = &route_keys},
};
static const KeyTable table_keys = KEY_TABLE("route_tables.*", ScenarioRouteTable, table_specs);

static const KeySpec traffic_specs[] = {
    {"from", KEY_NAME, KEY_ONE, OFFSET(ScenarioTraffic, from), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "a subnet or a site", 0},
    {"to", KEY_NAME, KEY_ONE, OFFSET(ScenarioTraffic, to), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "a site, a subnet or an address", 0},
    {"flows", KEY_COUNT, KEY_ONE, OFFSET(ScenarioTraffic, flows), 0, "1000", BASIS_NONE, NULL,
     "flows, each with a 5-tuple of its own", .least = 1, .most = 10000000},
    {"rate", KEY_RATE, KEY_ONE, OFFSET(ScenarioTraffic, rate), 0, "1Gbps", BASIS_NONE, NULL,
     "what all flows together offer", 0},
    {"reconnect", KEY_DURATION, KEY_ONE, OFFSET(ScenarioTraffic, reconnect), 0, "5s", BASIS_ASSUMED,
     "AWS-6.2", "an application gives a dead session up, and tries anew, this often", 0},
};
static const KeyTable traffic_keys = KEY_TABLE("traffic.*", ScenarioTraffic, traffic_specs);

static const KeySpec probe_specs[] = {
    {"from", KEY_NAME, KEY_ONE, OFFSET(ScenarioProbe, from), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "a subnet (its first host) or a site", 0},
    {"to", KEY_NAME, KEY_ONE, OFFSET(ScenarioProbe, to), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "a site, a subnet or an address", 0},
    {"every", KEY_DURATION, KEY_ONE, OFFSET(ScenarioProbe, every), 0, "1s", BASIS_NONE, NULL,
     "a new connection is tried this often", 0},
};
static const KeyTable probe_keys = KEY_TABLE("probes.*", ScenarioProbe, probe_specs);

/* ---- expectations ------------------------------------------------------------------------------ */

static void read_measure(KeyReader *reader, const Node *node, gpointer field) {
  const char *names[MEASURE_COUNT + 1] = {NULL};
  const KeySpec choice = {.name = "measure", .type = KEY_CHOICE, .choices = names};
  for (guint i = 0; i < MEASURE_COUNT; i++)
    names[i] = measure_name((Measure)i);
  *(int *)field = MEASURE_OUTAGE;
  if (node != NULL)
    keys_read_value(reader, &choice, node, field);
}

static void read_statistic(KeyReader *reader, const Node *node, gpointer field) {
  const KeySpec choice = {.name = "stat", .type = KEY_CHOICE, .choices = summary_statistics};
  if (node != NULL)
    keys_read_value(reader, &choice, node, field);
}

/* Seconds for a measure of time, else a count. */
static gboolean read_bound(KeyReader *reader, const Node *node, int measure, double *value) {
  if (node == NULL)
    return FALSE;
  if (measure_is_time((Measure)measure)) {
    Duration duration;
    if (!keys_read_duration(reader, node, &duration))
      return FALSE;
    if (duration.law.kind != DISTRIBUTION_CONSTANT) {
      diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                      "a bound is one duration, not a distribution");
      return FALSE;
    }
    *value = sim_time_seconds(duration.law.a);
  } else {
    static const KeySpec count_spec = {.name = "bound", .type = KEY_COUNT};
    gint64 count = 0;
    if (!keys_read_value(reader, &count_spec, node, &count))
      return FALSE;
    *value = (double)count;
  }
  return TRUE;
}

static const KeySpec expect_specs[] = {
    {"model", KEY_NAME, KEY_ONE, OFFSET(ScenarioExpect, model), 0, NULL, BASIS_NONE, NULL,
     "model; by default every one", 0},
    {"event", KEY_COUNT, KEY_ONE, OFFSET(ScenarioExpect, event), 0, "0", BASIS_NONE, NULL,
     "number of the event, from 0", .least = 0, .most = 100000},
    {"variant", KEY_NAME, KEY_ONE, OFFSET(ScenarioExpect, variant), 0, NULL, BASIS_NONE, NULL,
     "variant; by default the file as it stands", 0},
    {"measure", KEY_CUSTOM, KEY_ONE, OFFSET(ScenarioExpect, measure), KEY_REQUIRED, NULL,
     BASIS_NONE, NULL, "a measure of summary.csv", .read = read_measure},
    {"stat", KEY_CUSTOM, KEY_ONE, OFFSET(ScenarioExpect, stat), 0, "mean", BASIS_NONE, NULL,
     "mean, min, p50, median, p95, p99 or max, over the runs", .read = read_statistic},
    {"at_most", KEY_NODE, KEY_ONE, OFFSET(ScenarioExpect, at_most_node), 0, NULL, BASIS_NONE, NULL,
     "upper bound: a duration, or a count", 0},
    {"at_least", KEY_NODE, KEY_ONE, OFFSET(ScenarioExpect, at_least_node), 0, NULL, BASIS_NONE, NULL,
     "lower bound", 0},
};
static const KeyTable expect_keys = KEY_TABLE("expect", ScenarioExpect, expect_specs);

static const KeySpec measured_specs[] = {
    {"model", KEY_NAME, KEY_ONE, OFFSET(ScenarioMeasured, model), KEY_REQUIRED, NULL, BASIS_NONE,
     NULL, "model that it was measured on", 0},
    {"event", KEY_COUNT, KEY_ONE, OFFSET(ScenarioMeasured, event), 0, "0", BASIS_NONE, NULL,
     "number of the event, from 0", .least = 0, .most = 100000},
    {"variant", KEY_NAME, KEY_ONE, OFFSET(ScenarioMeasured, variant), 0, NULL, BASIS_NONE, NULL,
     "variant; by default the file as it stands", 0},
    {"measure", KEY_CUSTOM, KEY_ONE, OFFSET(ScenarioMeasured, measure), 0, "outage", BASIS_NONE,
     NULL, "a measure of summary.csv", .read = read_measure},
    {"probe", KEY_NAME, KEY_ONE, OFFSET(ScenarioMeasured, probe), 0, NULL, BASIS_NONE, NULL,
     "in place of a measure: the longest gap of this probe", 0},
    {"low", KEY_NODE, KEY_ONE, OFFSET(ScenarioMeasured, low_node), KEY_REQUIRED, NULL, BASIS_NONE,
     NULL, "lower end of what was measured", 0},
    {"high", KEY_NODE, KEY_ONE, OFFSET(ScenarioMeasured, high_node), KEY_REQUIRED, NULL, BASIS_NONE,
     NULL, "upper end of what was measured", 0},
    {"source", KEY_TEXT, KEY_ONE, OFFSET(ScenarioMeasured, source), KEY_REQUIRED, NULL, BASIS_NONE,
     NULL, "fact id of the measurement", 0},
    {"used_to_set", KEY_NAME, KEY_LIST, OFFSET(ScenarioMeasured, used_to_set), 0, NULL, BASIS_NONE,
     NULL, "traits that it fixed: then it calibrates and does not validate", 0},
    {"note", KEY_TEXT, KEY_ONE, OFFSET(ScenarioMeasured, note), 0, NULL, BASIS_NONE, NULL,
     "why the result differs, where it does", 0},
};
static const KeyTable measured_keys = KEY_TABLE("measured", ScenarioMeasured, measured_specs);

/* ---- events --------------------------------------------------------------------------------------- */

typedef struct {
  BlockHead head;
  Duration at;
  NameRef fail, restore, flap, how, set, plane, forwards;
  GPtrArray *impair; /* NameRef * */
  Duration wait, down, up, delay, jitter, span;
  gint64 times;
  double loss;
  const Node *to;
} RawEvent;

static const KeySpec event_specs[] = {
    {"at", KEY_DURATION, KEY_ONE, OFFSET(RawEvent, at), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "when, from the start", 0},
    {"fail", KEY_NAME, KEY_ONE, OFFSET(RawEvent, fail), 0, NULL, BASIS_NONE, NULL,
     "what fails, by name", 0},
    {"how", KEY_NAME, KEY_ONE, OFFSET(RawEvent, how), 0, "silent", BASIS_NONE, NULL,
     "kind of failure", 0},
    {"forwards", KEY_NAME, KEY_ONE, OFFSET(RawEvent, forwards), 0, NULL, BASIS_NONE, NULL,
     "whether the data plane goes on: on, off or for a duration; by default as the kind says", 0},
    {"wait", KEY_DURATION, KEY_ONE, OFFSET(RawEvent, wait), 0, "30s", BASIS_ASSUMED, "AZ-6.18",
     "drain: from the withdrawal to the stop; the default lets a change interval pass", 0},
    {"restore", KEY_NAME, KEY_ONE, OFFSET(RawEvent, restore), 0, NULL, BASIS_NONE, NULL,
     "what is repaired: ends every failure of this name", 0},
    {"flap", KEY_NAME, KEY_ONE, OFFSET(RawEvent, flap), 0, NULL, BASIS_NONE, NULL,
     "what fails and is repaired several times; each stands as two events", 0},
    {"down", KEY_DURATION, KEY_ONE, OFFSET(RawEvent, down), 0, "30s", BASIS_NONE, NULL,
     "flap: time failed", 0},
    {"up", KEY_DURATION, KEY_ONE, OFFSET(RawEvent, up), 0, "30s", BASIS_NONE, NULL,
     "flap: time repaired", 0},
    {"times", KEY_COUNT, KEY_ONE, OFFSET(RawEvent, times), 0, "1", BASIS_NONE, NULL,
     "flap: how often", .least = 1, .most = 1000},
    {"impair", KEY_NAME, KEY_LIST, OFFSET(RawEvent, impair), 0, NULL, BASIS_NONE, NULL,
     "the two ends (an appliance and a route server) whose control traffic suffers", 0},
    {"loss", KEY_SHARE, KEY_ONE, OFFSET(RawEvent, loss), 0, "0%", BASIS_NONE, NULL,
     "impair: share of packets lost, each way", 0},
    {"delay", KEY_DURATION, KEY_ONE, OFFSET(RawEvent, delay), 0, "0s", BASIS_NONE, NULL,
     "impair: added one-way delay", 0},
    {"jitter", KEY_DURATION, KEY_ONE, OFFSET(RawEvent, jitter), 0, "0s", BASIS_NONE, NULL,
     "impair: added one-way delay, uniform from 0 to this", 0},
    {"for", KEY_DURATION, KEY_ONE, OFFSET(RawEvent, span), 0, NULL, BASIS_NONE, NULL,
     "impair: how long; without it, to the end", 0},
    {"plane", KEY_NAME, KEY_ONE, OFFSET(RawEvent, plane), 0, "control", BASIS_NONE, NULL,
     "impair: control", 0},
    {"set", KEY_NAME, KEY_ONE, OFFSET(RawEvent, set), 0, NULL, BASIS_NONE, NULL,
     "a setting that changes: nvas.NAME.advertise", 0},
    {"to", KEY_NODE, KEY_ONE, OFFSET(RawEvent, to), 0, NULL, BASIS_NONE, NULL, "set: its new value",
     0},
};
static const KeyTable event_keys = KEY_TABLE("events", RawEvent, event_specs);

static void event_error(KeyReader *reader, Mark mark, const char *text) {
  diagnostics_add(reader->diagnostics, SEVERITY_ERROR, mark, "%s", text);
}

static void read_how(KeyReader *reader, const NameRef *name, const FaultKind **kind) {
  const char *names[32] = {NULL};
  *kind = fault_kind_find(name->text);
  if (*kind != NULL)
    return;
  for (guint i = 0; i < fault_kind_count(); i++)
    names[i] = fault_kind_at(i)->name;
  const char *near = closest_name(name->text, names);
  g_autofree char *all = g_strjoinv(", ", (char **)names);
  if (near != NULL)
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, name->mark,
                    "unknown kind of failure '%s' (did you mean '%s'?)", name->text, near);
  else
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, name->mark,
                    "unknown kind of failure '%s'; there are: %s", name->text, all);
}

static void read_forwards(KeyReader *reader, const NameRef *name, FaultForwards *forwards) {
  const char *why;
  if (name->text == NULL)
    return;
  forwards->given = TRUE;
  forwards->on = strcmp(name->text, "on") == 0 || strcmp(name->text, "true") == 0;
  if (forwards->on || strcmp(name->text, "off") == 0 || strcmp(name->text, "false") == 0)
    return;
  forwards->on = TRUE;
  if (!sim_time_parse(name->text, &forwards->span, &why))
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, name->mark,
                    "'forwards' is on, off or a duration: %s", why);
}

static ScenarioEvent *add_event(KeyReader *reader, GPtrArray *events, const RawEvent *raw,
                                EventAction action, const NameRef *target) {
  ScenarioEvent *event = arena_new0(reader->arena, ScenarioEvent);
  event->action = action;
  event->mark = raw->head.mark;
  event->at = raw->at;
  event->flap = events->len;
  event->target = target->text;
  event->target_mark = target->mark;
  g_ptr_array_add(events, event);
  return event;
}

static void add_failure(KeyReader *reader, GPtrArray *events, const RawEvent *raw,
                        const NameRef *target) {
  ScenarioEvent *event = add_event(reader, events, raw, EVENT_FAIL, target);
  read_how(reader, &raw->how, &event->how);
  read_forwards(reader, &raw->forwards, &event->forwards);
  event->wait = raw->wait;
}

static void add_flap(KeyReader *reader, GPtrArray *events, const RawEvent *raw) {
  const guint first = events->len;
  gint64 later = 0;
  if (raw->down.law.kind != DISTRIBUTION_CONSTANT || raw->up.law.kind != DISTRIBUTION_CONSTANT) {
    event_error(reader, raw->flap.mark, "'down' and 'up' are one duration each, no distributions");
    return;
  }
  if ((raw->down.law.a.ns / 2 + raw->up.law.a.ns / 2) > G_MAXINT64 / 4 / raw->times) {
    event_error(reader, raw->flap.mark, "the flap takes longer than a run can");
    return;
  }
  for (gint64 i = 0; i < raw->times; i++) {
    add_failure(reader, events, raw, &raw->flap);
    ((ScenarioEvent *)events->pdata[events->len - 1])->later = sim_time_ns(later);
    later += raw->down.law.a.ns;
    add_event(reader, events, raw, EVENT_RESTORE, &raw->flap)->later = sim_time_ns(later);
    later += raw->up.law.a.ns;
  }
  for (guint i = first; i < events->len; i++)
    ((ScenarioEvent *)events->pdata[i])->flap = first;
}

static void add_impairment(KeyReader *reader, GPtrArray *events, const RawEvent *raw) {
  if (raw->impair->len != 2) {
    event_error(reader, raw->head.mark, "'impair' takes two ends, as in [fw-a, rs]");
    return;
  }
  const NameRef *a = raw->impair->pdata[0], *b = raw->impair->pdata[1];
  ScenarioEvent *event = add_event(reader, events, raw, EVENT_IMPAIR, a);
  event->target = arena_printf(reader->arena, "%s~%s", a->text, b->text);
  event->ends[0] = a->text;
  event->ends[1] = b->text;
  event->loss = raw->loss;
  event->delay = raw->delay;
  event->jitter = raw->jitter;
  event->span = raw->span;
  if (strcmp(raw->plane.text, "control") != 0)
    event_error(reader, raw->plane.mark,
                "only the control plane can be impaired in this version; for the data plane use "
                "how: freeze");
}

static void add_setting(KeyReader *reader, GPtrArray *events, const RawEvent *raw) {
  ScenarioEvent *event = add_event(reader, events, raw, EVENT_SET, &raw->set);
  g_auto(GStrv) steps = g_strsplit(raw->set.text, ".", -1);
  if (g_strv_length(steps) != 3 || strcmp(steps[0], "nvas") != 0 ||
      strcmp(steps[2], "advertise") != 0) {
    event_error(reader, raw->set.mark,
                "what can change during a run is nvas.NAME.advertise; use a variant for the rest");
    return;
  }
  event->ends[0] = arena_strdup(reader->arena, steps[1]);
  event->advertise = arena_ptr_array(reader->arena);
  if (raw->to == NULL || raw->to->kind != NODE_SEQUENCE) {
    event_error(reader, raw->head.mark, "'set' needs `to:` with a list of announcements");
    return;
  }
  for (guint i = 0; i < raw->to->values->len; i++)
    g_ptr_array_add(event->advertise,
                    keys_read(reader, &announcement_keys, raw->to->values->pdata[i]));
}

/* A key of another kind of event would be without effect: surely not what is meant. */
static void check_event_keys(KeyReader *reader, const Node *item, const char *action) {
  static const struct {
    const char *key, *actions;
  } belongs[] = {{"how", "fail flap"},   {"forwards", "fail flap"}, {"wait", "fail flap"},
                 {"down", "flap"},       {"up", "flap"},            {"times", "flap"},
                 {"loss", "impair"},     {"delay", "impair"},       {"jitter", "impair"},
                 {"for", "impair"},      {"plane", "impair"},       {"to", "set"}};
  for (guint i = 0; item->kind == NODE_MAPPING && i < item->keys->len; i++) {
    const Node *key = item->keys->pdata[i];
    for (guint j = 0; j < G_N_ELEMENTS(belongs); j++)
      if (strcmp(key->text, belongs[j].key) == 0 && strstr(belongs[j].actions, action) == NULL)
        diagnostics_add(reader->diagnostics, SEVERITY_ERROR, key->mark,
                        "'%s' has no meaning beside '%s'", key->text, action);
  }
}

static void read_events(KeyReader *reader, const Node *node, gpointer field) {
  GPtrArray *events = arena_ptr_array(reader->arena);
  *(GPtrArray **)field = events;
  if (node == NULL)
    return;
  if (node->kind != NODE_SEQUENCE) {
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                    "expected a list of events, found %s", node_kind_name(node));
    return;
  }
  for (guint i = 0; i < node->values->len; i++) {
    const Node *item = node->values->pdata[i];
    const RawEvent *raw = keys_read(reader, &event_keys, item);
    const guint actions = (raw->fail.text != NULL) + (raw->restore.text != NULL) +
                          (raw->flap.text != NULL) + (raw->impair->len > 0) +
                          (raw->set.text != NULL);
    if (actions != 1) {
      event_error(reader, item->mark,
                  "an event does exactly one of: fail, restore, flap, impair, set");
      continue;
    }
    check_event_keys(reader, item,
                     raw->fail.text != NULL      ? "fail"
                     : raw->restore.text != NULL ? "restore"
                     : raw->flap.text != NULL    ? "flap"
                     : raw->impair->len > 0      ? "impair"
                                                 : "set");
    if (raw->fail.text != NULL)
      add_failure(reader, events, raw, &raw->fail);
    else if (raw->restore.text != NULL)
      add_event(reader, events, raw, EVENT_RESTORE, &raw->restore);
    else if (raw->flap.text != NULL)
      add_flap(reader, events, raw);
    else if (raw->impair->len > 0)
      add_impairment(reader, events, raw);
    else
      add_setting(reader, events, raw);
  }
}

/* ---- the top ----------------------------------------------------------------------------------------- */

static void read_models(KeyReader *reader, const Node *node, gpointer field) {
  gboolean *models = field;
  const char *names[9] = {NULL};
  const KeySpec choice = {.name = "models", .type = KEY_CHOICE, .choices = names};
  for (guint i = 0; i < cloud_count(); i++) {
    names[i] = cloud_at(i)->name;
    models[i] = node == NULL;
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
  static const char *const starts[] = {"converged", "cold", NULL};
  static const KeySpec choice = {.name = "start", .type = KEY_CHOICE, .choices = starts};
  int index = 0;
  if (node != NULL && keys_read_value(reader, &choice, node, &index))
    *(gboolean *)field = index == 1;
}

static const char *const liveness_modes[] = {"lazy", "packet", NULL};

/* Read elsewhere: variants and sweep change the tree before it is read. */
static void read_nothing(KeyReader *reader, const Node *node, gpointer field) {
  (void)reader;
  (void)node;
  (void)field;
}

#define BODY(field) OFFSET(ScenarioBody, field)

static const KeySpec scenario_specs[] = {
    {"name", KEY_TEXT, KEY_ONE, BODY(name), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "[a-z0-9-]+, unique; stands in every output row", 0},
    {"title", KEY_TEXT, KEY_ONE, BODY(title), 0, "", BASIS_NONE, NULL, "one line for people", 0},
    {"models", KEY_CUSTOM, KEY_ONE, BODY(models), 0, NULL, BASIS_NONE, NULL,
     "clouds to run under; by default all", .read = read_models},
    {"duration", KEY_DURATION, KEY_ONE, BODY(duration), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "how long a run lasts, at most 250 years", 0},
    {"seed", KEY_COUNT, KEY_ONE, BODY(seed), 0, "1", BASIS_NONE, NULL, "seed; --seed wins",
     .least = 0, .most = G_MAXINT64},
    {"runs", KEY_COUNT, KEY_ONE, BODY(runs), 0, "1", BASIS_NONE, NULL, "replications; --runs wins",
     .least = 1, .most = 10000000},
    {"start", KEY_CUSTOM, KEY_ONE, BODY(cold_start), 0, "converged", BASIS_NONE, NULL,
     "converged, or cold: everything boots at 0", .read = read_start},
    {"liveness", KEY_CHOICE, KEY_ONE, BODY(liveness), 0, "lazy", BASIS_NONE, NULL,
     "lazy (quiet sessions cost nothing), or packet (every message)", .choices = liveness_modes},
    {"link_delay", KEY_DURATION, KEY_ONE, BODY(link_delay), 0, "500us", BASIS_ASSUMED, NULL,
     "one-way delay between an appliance and a route server; no source gives one", 0},
    {"tcp_timeout", KEY_DURATION, KEY_ONE, BODY(tcp_timeout), 0, "1s", BASIS_DOCUMENTED,
     "RFC 6298 2.1", "first TCP retransmission; doubles up to 60 s", 0},
    {"networks", KEY_BLOCK, KEY_MAP, BODY(networks), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "a VNet or VPC each", .table = &network_keys},
    {"route_servers", KEY_CUSTOM, KEY_ONE, BODY(route_servers), 0, NULL, BASIS_NONE, NULL,
     "route servers by name", .read = read_route_servers},
    {"nvas", KEY_BLOCK, KEY_MAP, BODY(nvas), 0, NULL, BASIS_NONE, NULL,
     "network virtual appliances by name", .table = &nva_keys},
    {"sites", KEY_BLOCK, KEY_MAP, BODY(sites), 0, NULL, BASIS_NONE, NULL,
     "anything outside the cloud; `internet` is built in", .table = &site_keys},
    {"peerings", KEY_BLOCK, KEY_MAP, BODY(peerings), 0, NULL, BASIS_NONE, NULL,
     "peerings of networks", .table = &peering_keys},
    {"gateways", KEY_BLOCK, KEY_MAP, BODY(gateways), 0, NULL, BASIS_NONE, NULL, "gateways",
     .table = &gateway_keys},
    {"route_tables", KEY_BLOCK, KEY_MAP, BODY(route_tables), 0, NULL, BASIS_NONE, NULL,
     "UDR tables, AWS route tables", .table = &table_keys},
    {"traffic", KEY_BLOCK, KEY_MAP, BODY(traffic), 0, NULL, BASIS_NONE, NULL, "flows by name",
     .table = &traffic_keys},
    {"probes", KEY_BLOCK, KEY_MAP, BODY(probes), 0, NULL, BASIS_NONE, NULL,
     "what a person measuring would see", .table = &probe_keys},
    {"events", KEY_CUSTOM, KEY_ONE, BODY(events), 0, NULL, BASIS_NONE, NULL, "what happens",
     .read = read_events},
    {"expect", KEY_BLOCK, KEY_LIST, BODY(expect), 0, NULL, BASIS_NONE, NULL,
     "tests of the design", .table = &expect_keys},
    {"measured", KEY_BLOCK, KEY_LIST, BODY(measured), 0, NULL, BASIS_NONE, NULL,
     "what somebody published", .table = &measured_keys},
    {"variants", KEY_CUSTOM, KEY_ONE, BODY(head), 0, NULL, BASIS_NONE, NULL,
     "named sets of changes, compared side by side", .read = read_nothing},
    {"sweep", KEY_CUSTOM, KEY_ONE, BODY(head), 0, NULL, BASIS_NONE, NULL,
     "paths with lists of values: every combination is a variant", .read = read_nothing},
};

const KeyTable scenario_keys = KEY_TABLE("", ScenarioBody, scenario_specs);

void scenario_keys_foreach(KeyVisit visit, gpointer data) {
  keys_foreach(&scenario_keys, visit, data);
  keys_foreach(&server_keys, visit, data);
  keys_foreach(&peer_keys, visit, data);
  keys_foreach(&event_keys, visit, data);
  for (guint i = 0; i < cloud_count(); i++) {
    keys_foreach(cloud_at(i)->keys, visit, data);
    if (cloud_at(i)->peer_keys != NULL)
      keys_foreach(cloud_at(i)->peer_keys, visit, data);
  }
}

ScenarioBody *scenario_read_body(KeyReader *reader, const Node *root) {
  ScenarioBody *body = keys_read(reader, &scenario_keys, root);
  for (guint i = 0; i < body->expect->len; i++) {
    ScenarioExpect *expect = body->expect->pdata[i];
    expect->has_at_most =
        read_bound(reader, expect->at_most_node, expect->measure, &expect->at_most);
    expect->has_at_least =
        read_bound(reader, expect->at_least_node, expect->measure, &expect->at_least);
  }
  for (guint i = 0; i < body->measured->len; i++) {
    ScenarioMeasured *measured = body->measured->pdata[i];
    const int measure = measured->probe.text != NULL ? MEASURE_OUTAGE : measured->measure;
    read_bound(reader, measured->low_node, measure, &measured->low);
    read_bound(reader, measured->high_node, measure, &measured->high);
  }
  return body;
}
