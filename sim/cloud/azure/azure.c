/* Azure Route Server: traits, profile and hooks. */
#include "routesim/cloud/azure.h"

#include <string.h>

#include "azure_private.h"
#include "routesim/cloud/gateway.h"

/* ---- traits -------------------------------------------------------------------------- */

typedef enum { TOTAL_LOSS_FREEZE, TOTAL_LOSS_FLUSH } TotalLoss;

typedef struct {
  BlockHead head;
  gboolean branch_to_branch;
  int routing_preference;
  Duration keepalive, hold;
  Duration process, program, table_jitter, change_interval;
  Duration takeover, boot;
  double nic_share;
  gint64 max_paths;
  int total_loss;
} AzureConfig;

static const char *const routing_preferences[] = {"expressroute", "vpn", "aspath", NULL};
static const char *const total_losses[] = {"freeze", "flush", NULL};

#define FIELD(name) G_STRUCT_OFFSET(AzureConfig, name)

static const KeySpec azure_specs[] = {
    {"branch_to_branch", KEY_BOOL, KEY_ONE, FIELD(branch_to_branch), 0, "off", BASIS_DOCUMENTED,
     "AZ-5.3", "exchange routes between gateways and appliances, and among appliances", 0},
    {"routing_preference", KEY_CHOICE, KEY_ONE, FIELD(routing_preference), 0, "expressroute",
     BASIS_DOCUMENTED, "AZ-4.10", "hub routing preference", .choices = routing_preferences},
    {"keepalive", KEY_DURATION, KEY_ONE, FIELD(keepalive), 0, "60s", BASIS_DOCUMENTED, "AZ-2.8",
     "keepalive interval that the instances offer", 0},
    {"hold", KEY_DURATION, KEY_ONE, FIELD(hold), 0, "180s", BASIS_DOCUMENTED, "AZ-2.8",
     "hold time that the instances offer; the smaller of both ends counts (AZ-2.9)", 0},
    {"process", KEY_DURATION, KEY_ONE, FIELD(process), 0, "0s", BASIS_ASSUMED, "AZ-14.7",
     "from a change in the RIB to the decision; 0: part of `program`", 0},
    {"program", KEY_DURATION, KEY_ONE, FIELD(program), 0,
     "table 0.90s 1.00s 1.22s 1.50s 1.50s 1.53s 1.77s 1.85s 2.42s 4.14s 4.20s 5.19s 5.60s",
     BASIS_ASSUMED, "AZ-11.6", "from the decision to the NICs' routes, one draw for each batch", 0},
    {"table_jitter", KEY_DURATION, KEY_ONE, FIELD(table_jitter), 0, "0s", BASIS_ASSUMED, "AZ-14.8",
     "added to `program` for each group of NICs", 0},
    {"change_interval", KEY_DURATION, KEY_ONE, FIELD(change_interval), 0, "30s", BASIS_MEASURED,
     "AZ-6.18", "a prefix changes again on an instance no earlier than this", 0},
    {"takeover", KEY_DURATION, KEY_ONE, FIELD(takeover), 0, "0s", BASIS_ASSUMED, "AZ-7.6",
     "after the loss of an instance, until the other one programs its NICs", 0},
    {"boot", KEY_DURATION, KEY_ONE, FIELD(boot), 0, "60s", BASIS_ASSUMED, "AZ-1.16",
     "from power back to the BGP process of an instance", 0},
    {"nic_share", KEY_SHARE, KEY_ONE, FIELD(nic_share), 0, "50%", BASIS_ASSUMED, "AZ-14.16",
     "NICs of a subnet that instance 0 programs", 0},
    {"max_paths", KEY_COUNT, KEY_ONE, FIELD(max_paths), 0, "8", BASIS_DOCUMENTED, "AZ-6.12",
     "equal next hops at most", .least = 1, .most = 8},
    {"total_loss", KEY_CHOICE, KEY_ONE, FIELD(total_loss), 0, "freeze", BASIS_ASSUMED, "AZ-7.8",
     "what the NICs keep when both instances are lost", .choices = total_losses},
};

static const KeyTable azure_keys = KEY_TABLE("route_servers.*.azure", AzureConfig, azure_specs);

/* ---- decision process ------------------------------------------------------------------ */

/* AZ-4.1, AZ-4.2: only the length of the AS path; AZ-4.3: MED is carried, not compared. */
static guint circuit_first(const BgpCandidate **candidates, guint count) {
  return bgp_keep_tagged(candidates, count, gateway_tag_circuit, TRUE);
}
static guint circuit_last(const BgpCandidate **candidates, guint count) {
  return bgp_keep_tagged(candidates, count, gateway_tag_circuit, FALSE);
}

/* AZ-4.10: the hub routing preference comes first; AZ-4.13: ties of `aspath` go to
 * ExpressRoute. */
static const BgpRule expressroute_rules[] = {
    {"hub routing preference: ExpressRoute", "AZ-4.10", circuit_first},
    {"shortest AS path", "AZ-4.1", bgp_filter_as_path_length},
};
static const BgpRule vpn_rules[] = {
    {"hub routing preference: VPN", "AZ-4.10", circuit_last},
    {"shortest AS path", "AZ-4.1", bgp_filter_as_path_length},
};
static const BgpRule aspath_rules[] = {
    {"shortest AS path", "AZ-4.1", bgp_filter_as_path_length},
    {"ExpressRoute wins the tie", "AZ-4.13", circuit_first},
};

/* In the order of `routing_preferences`. */
static const BgpProfile azure_profiles[] = {
    {"azure", expressroute_rules, 2, 2, 8},
    {"azure, VPN preferred", vpn_rules, 2, 2, 8},
    {"azure, AS path", aspath_rules, 2, 2, 8},
};

/* ---- tables ----------------------------------------------------------------------------- */

/* AZ-6.2: UDR, then BGP, then system. AZ-6.3: VNet and peering beat longer BGP routes. */
static const RouteOrigin user_origin = {"User", 1, FALSE, FALSE};
const RouteOrigin azure_gateway_origin = {"VirtualNetworkGateway", 2, TRUE, FALSE};
static const RouteOrigin local_origin = {"VNetLocal", 3, FALSE, TRUE};
static const RouteOrigin peering_origin = {"VNetPeering", 3, FALSE, TRUE};
static const RouteOrigin system_origin = {"Default", 4, FALSE, FALSE};

static void put_network(RouteTable *table, const CloudNetwork *network, const RouteOrigin *origin) {
  const NextHop hop = {.kind = HOP_LOCAL, .network = network->network};
  for (guint i = 0; i < network_prefix_count(network->network); i++)
    route_table_put(table, network_prefix(network->network, i), origin, &hop, 1);
}

static void put_text(RouteTable *table, const char *text, HopKind kind) {
  const NextHop hop = {.kind = kind};
  const char *why;
  Prefix prefix;
  const gboolean valid = prefix_parse(text, &prefix, &why);
  g_assert(valid);
  route_table_put(table, prefix, &system_origin, &hop, 1);
}

/* AZ-6.5, AZ-6.6: the Internet by default, nothing for private ranges outside. */
static void put_system_routes(const CloudTopology *topology, RouteTable *table,
                              const CloudNetwork *network) {
  put_text(table, "0.0.0.0/0", HOP_INTERNET);
  put_text(table, "10.0.0.0/8", HOP_NONE);
  put_text(table, "172.16.0.0/12", HOP_NONE);
  put_text(table, "192.168.0.0/16", HOP_NONE);
  put_text(table, "100.64.0.0/10", HOP_NONE);
  put_network(table, network, &local_origin);
  for (guint i = 0; i < topology->peerings->len; i++) {
    const CloudPeering *peering = topology->peerings->pdata[i];
    if (peering->from == network)
      put_network(table, peering->to, &peering_origin);
    else if (peering->to == network)
      put_network(table, peering->from, &peering_origin);
  }
}

/* The route server whose instances program the NICs of `network`: its own, or that of a
 * peered VNet that it uses as remote gateway (AZ-6.1). */
static const RouteServerConfig *server_for(const CloudTopology *topology,
                                           const CloudNetwork *network) {
  for (guint i = 0; i < topology->route_servers->len; i++) {
    const RouteServerConfig *config = topology->route_servers->pdata[i];
    if (config->network == network)
      return config;
    for (guint j = 0; j < topology->peerings->len; j++) {
      const CloudPeering *peering = topology->peerings->pdata[j];
      if (peering->from == network && peering->to == config->network &&
          peering->use_remote_gateway)
        return config;
    }
  }
  return NULL;
}

static RouteTable *add_table(CloudTopology *topology, CloudSubnet *subnet, const char *name,
                             guint hosts) {
  RouteTable *table = route_table_new(topology->fabric, name);
  put_system_routes(topology, table, subnet->network);
  for (guint i = 0; subnet->user_table != NULL && i < subnet->user_table->routes->len; i++) {
    const CloudUserRoute *route =
        &g_array_index(subnet->user_table->routes, CloudUserRoute, i);
    route_table_put(table, route->to, &user_origin, &route->hop, 1);
  }
  subnet_add_group(subnet->subnet, table, hosts);
  g_ptr_array_add(subnet->tables, table);
  return table;
}

/* Each NIC is fed by one instance, a fixed share by NIC (AZ-1.5, AZ-14.16). */
static void build_subnet_tables(CloudTopology *topology, CloudSubnet *subnet) {
  const RouteServerConfig *server = server_for(topology, subnet->network);
  if (server == NULL) {
    add_table(topology, subnet, subnet->name, subnet->hosts);
    return;
  }
  const AzureConfig *config = server->config;
  const guint first = (guint)((double)subnet->hosts * config->nic_share + 0.5);
  for (guint i = 0; i < 2; i++) {
    char name[200];
    const guint hosts = i == 0 ? first : subnet->hosts - first;
    if (hosts == 0 && i > 0)
      continue; /* the first group stays: appliances and gateways stand in it */
    g_snprintf(name, sizeof name, "%s@%s/%u", subnet->name, server->name, i);
    add_table(topology, subnet, name, hosts);
  }
}

static void azure_build_tables(CloudTopology *topology) {
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++)
      build_subnet_tables(topology, network->subnets->pdata[j]);
  }
}

/* ---- building ----------------------------------------------------------------------------- */

/* What an instance originates: the address spaces of its VNet and of peered VNets that
 * use it (AZ-5.1). */
static void originate_networks(CloudTopology *topology, const CloudNetwork *own,
                               BgpSpeaker *speaker, const RouteServerConfig *server) {
  BgpAttributes *attributes = arena_new0(topology->arena, BgpAttributes);
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    if (network != own && server_for(topology, network) != server)
      continue;
    for (guint j = 0; j < network_prefix_count(network->network); j++)
      bgp_originate(speaker, network_prefix(network->network, j), attributes);
  }
}

static void feed_tables(RouteServer *server, CloudTopology *topology, RouteServerUnit *units[2]) {
  const RouteServerConfig *own = route_server_config(server);
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    const RouteServerConfig *config = server_for(topology, network);
    if (config == NULL || strcmp(config->name, own->name) != 0)
      continue;
    for (guint j = 0; j < network->subnets->len; j++) {
      const CloudSubnet *subnet = network->subnets->pdata[j];
      if (subnet->user_table != NULL && !subnet->user_table->propagate)
        continue; /* AZ-6.7 */
      for (guint k = 0; k < subnet->tables->len; k++)
        route_server_feed(server, units[k], subnet->tables->pdata[k]);
    }
  }
}

static const RouteServerConfig *config_named(const CloudTopology *topology, const char *name) {
  for (guint i = 0; i < topology->route_servers->len; i++)
    if (strcmp(((RouteServerConfig *)topology->route_servers->pdata[i])->name, name) == 0)
      return topology->route_servers->pdata[i];
  g_assert_not_reached();
}

static void azure_build(RouteServer *server, CloudTopology *topology) {
  const RouteServerConfig *own = route_server_config(server);
  const AzureConfig *config = own->config;
  CloudNetwork *network = own->network;
  RouteServerUnit *units[2];
  Prefix subnet = network_prefix(network->network, 0);
  const RouteServerTimes times = {
      .process = &config->process.law,
      .program = &config->program.law,
      .table_jitter = &config->table_jitter.law,
      .change_interval =
          cloud_draw_setting(topology, own->name, "azure.change_interval", &config->change_interval),
      .takeover = cloud_draw_setting(topology, own->name, "azure.takeover", &config->takeover),
  };
  BgpProfile *profile = arena_new0(topology->arena, BgpProfile);
  *profile = azure_profiles[config->routing_preference];
  profile->max_paths = (guint)config->max_paths;
  route_server_set_times(server, &times);
  cloud_free_prefix(topology, network, 26, &subnet); /* RouteServerSubnet, AZ-1.2 */
  for (guint i = 0; i < 2; i++) {
    const char *name = arena_printf(topology->arena, "%s/%u", own->name, i);
    const IpAddress address = ip_address_add(subnet.address, 4 + i); /* AZ-1.3 */
    const char *zone = network->zones->len == 0
                           ? NULL
                           : network->zones->pdata[MIN(i, network->zones->len - 1)];
    units[i] = route_server_add_unit(server, name, AZURE_ASN, address, profile);
    route_server_add_part(server, units[i], name, address, zone, TRUE);
    originate_networks(topology, network, route_server_unit_speaker(units[i]),
                       config_named(topology, own->name));
  }
  feed_tables(server, topology, units);
}

static void azure_peer_parts(RouteServer *server, const PeerRequest *request, GPtrArray *parts) {
  (void)request;
  for (guint i = 0; i < route_server_part_count(server); i++) /* AZ-2.6: both instances */
    g_ptr_array_add(parts, route_server_part(server, i));
}

static guint azure_count_peer_parts(gconstpointer config, const char *subnet,
                                    gconstpointer peer_config, const char **why) {
  (void)config;
  (void)subnet;
  (void)peer_config;
  *why = NULL;
  return 2;
}

static CloudLiveness azure_liveness(RouteServer *server) {
  const RouteServerConfig *own = route_server_config(server);
  const AzureConfig *config = own->config;
  const CloudTopology *topology = route_server_topology(server);
  return (CloudLiveness){
      .keepalive = cloud_draw_setting(topology, own->name, "azure.keepalive", &config->keepalive),
      .hold = cloud_draw_setting(topology, own->name, "azure.hold", &config->hold),
  };
}

static Distribution azure_boot(gconstpointer config) { return ((const AzureConfig *)config)->boot.law; }

/* ---- checks ---------------------------------------------------------------------------------- */

static void azure_check(const CloudCheck *check) {
  if (check->network_siblings > 0)
    diagnostics_add(check->diagnostics, SEVERITY_ERROR, check->mark,
                    "network '%s' has more than one route server: azure allows exactly one for "
                    "each VNet (AZ-1.1)",
                    check->network);
}

/* AZ-2.2, AZ-2.3, AZ-2.5. */
static const char *azure_refuse_asn(gconstpointer config, guint32 asn) {
  static const struct {
    guint32 first, last;
    const char *why;
  } refused[] = {
      {65515, 65515, "65515 is the route server's own (AZ-2.2)"},
      {8074, 8075, "reserved by Azure (AZ-2.5)"},
      {12076, 12076, "reserved by Azure (AZ-2.5)"},
      {65517, 65520, "reserved by Azure (AZ-2.5)"},
      {23456, 23456, "reserved by IANA (AZ-2.5)"},
      {64496, 64511, "reserved by IANA (AZ-2.5)"},
      {65535, 65551, "reserved by IANA (AZ-2.5)"},
      {65536, G_MAXUINT32, "Azure takes 2-byte AS numbers only (AZ-2.3)"},
  };
  (void)config;
  for (guint i = 0; i < G_N_ELEMENTS(refused); i++)
    if (asn >= refused[i].first && asn <= refused[i].last)
      return refused[i].why;
  return NULL;
}

/* ---- routes ----------------------------------------------------------------------------------- */

static const char *azure_import(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer,
                                Prefix prefix, const BgpAttributes *attributes) {
  (void)server;
  (void)unit;
  (void)peer;
  (void)attributes;
  return prefix.address.family == IP_V6 ? "Azure Route Server has no IPv6 (AZ-1.11)" : NULL;
}

/* AZ-6.4: a prefix equal to or inside the address space of the VNet, or of a peered one,
 * is never injected. */
static gboolean inside_networks(const RouteServer *server, Prefix prefix) {
  const CloudTopology *topology = route_server_topology(server);
  const CloudNetwork *own = route_server_config(server)->network;
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    gboolean near = network == own;
    for (guint j = 0; j < topology->peerings->len && !near; j++) {
      const CloudPeering *peering = topology->peerings->pdata[j];
      near = (peering->from == network && peering->to == own) ||
             (peering->to == network && peering->from == own);
    }
    for (guint j = 0; near && j < network_prefix_count(network->network); j++)
      if (prefix_covers(network_prefix(network->network, j), prefix))
        return TRUE;
  }
  return FALSE;
}

/* Every equal path becomes a next hop, as the appliance gave it (AZ-4.1, AZ-5.8). */
static void azure_plan(const RouteServer *server, const BgpEntry *entry, RoutePlan *plan) {
  if (entry->selected[0]->source == NULL || inside_networks(server, entry->prefix))
    return;
  for (guint i = 0; i < entry->selected_count && plan->count < PLAN_MOST_HOPS; i++) {
    const NextHop hop = {.kind = HOP_ELEMENT, .address = entry->selected[i]->attributes->next_hop};
    gboolean known = FALSE;
    for (guint j = 0; j < plan->count; j++)
      known |= ip_address_equal(plan->hops[j].address, hop.address);
    if (!known)
      plan->hops[plan->count++] = hop;
  }
}

/* VNet prefixes go to every appliance (AZ-5.1); what others announced goes on, to
 * appliances and gateways, only with branch-to-branch (AZ-5.2 to AZ-5.4). */
static gboolean azure_advertise(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer,
                                const BgpEntry *entry) {
  const AzureConfig *config = route_server_config(server)->config;
  (void)unit;
  if (entry->selected[0]->source == NULL)
    return bgp_peer_tag(peer) == NULL; /* a gateway knows its network */
  return config->branch_to_branch;
}

/* ---- instances coming and going (AZ-7.5 to AZ-7.8) --------------------------------------------- */

static void azure_part_changed(RouteServer *server, RouteServerPart *part, gboolean up) {
  const AzureConfig *config = route_server_config(server)->config;
  (void)part;
  if (!up && config->total_loss == TOTAL_LOSS_FLUSH)
    route_server_flush_if_all_dead(server);
}

static const Stage program_stage = {"programming of NICs", BASIS_ASSUMED, "AZ-11.6"};
static const Stage interval_stage = {"30 s change interval", BASIS_MEASURED, "AZ-6.18"};

const CloudClass azure_cloud = {
    .name = "azure",
    .title = "Azure Route Server",
    .keys = &azure_keys,
    .profile = &azure_profiles[0],
    .origin = &azure_gateway_origin,
    .program_stage = &program_stage,
    .interval_stage = &interval_stage,
    .gateways = azure_gateways,
    .advertises_networks = TRUE, /* AZ-5.1 */
    .bfd_refusal = "Azure Route Server has no BFD (AZ-2.13)",
    .check = azure_check,
    .refuse_asn = azure_refuse_asn,
    .build_tables = azure_build_tables,
    .build = azure_build,
    .peer_parts = azure_peer_parts,
    .count_peer_parts = azure_count_peer_parts,
    .liveness = azure_liveness,
    .boot = azure_boot,
    .import = azure_import,
    .plan = azure_plan,
    .advertise = azure_advertise,
    .part_changed = azure_part_changed,
};
