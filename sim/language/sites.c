/* Sites and their routers, gateways, circuits, and how far places are from each other. */
#include "language_private.h"
#include "routesim/cloud/design.h"

#define OFFSET(Struct, field) G_STRUCT_OFFSET(Struct, field)

/* ---- sites -------------------------------------------------------------------------------- */

/* The keys of BFD between a site's router and whatever its link leads to. */
#define BFD_SPECS                                                                                  \
  {"interval",                                                                                     \
   KEY_DURATION,                                                                                   \
   KEY_ONE,                                                                                        \
   OFFSET(DesignBfd, interval),                                                                    \
   .fallback = "300ms",                                                                            \
   .basis = BASIS_DOCUMENTED,                                                                      \
   .fact = "AZ-8.10, AWS-3.10",                                                                    \
   .doc = "transmit and receive interval of the site's router"},                                   \
      {"multiplier",                                                                               \
       KEY_COUNT,                                                                                  \
       KEY_ONE,                                                                                    \
       OFFSET(DesignBfd, multiplier),                                                              \
       .fallback = "3",                                                                            \
       .basis = BASIS_DOCUMENTED,                                                                  \
       .fact = "AZ-8.10, AWS-3.10",                                                                \
       .doc = "detection multiplier",                                                              \
       .least = 1,                                                                                 \
       .most = 255},                                                                               \
  {                                                                                                \
    "jitter", KEY_CHOICE, KEY_ONE, OFFSET(DesignBfd, jitter),                                      \
        .fallback = "rfc", .basis = BASIS_DOCUMENTED, .fact = "RFC 5880 6.8.7",                    \
        .doc = "rfc, or off", .choices = liveness_jitters                                          \
  }

static const KeySpec detect_bfd_specs[] = {BFD_SPECS};
static const KeyTable detect_bfd_keys =
    KEY_TABLE("sites.*.via.*.detect.bfd", DesignBfd, detect_bfd_specs);

static const KeySpec detect_specs[] = {
    {"keepalive", KEY_DURATION, KEY_ONE, OFFSET(DesignDetect, keepalive), .basis = BASIS_DOCUMENTED,
     .fact = "RFC 4271 10",
     .doc = "keepalive interval of the site's router; by default that of the gateway or circuit, "
            "30s with "
            "an appliance"},
    {"hold", KEY_DURATION, KEY_ONE, OFFSET(DesignDetect, hold), .basis = BASIS_DOCUMENTED,
     .fact = "RFC 4271 10",
     .doc = "hold time that it offers; by default that of the gateway or circuit, 90s with an "
            "appliance"},
    {"keepalive_jitter", KEY_CHOICE, KEY_ONE, OFFSET(DesignDetect, keepalive_jitter),
     .fallback = "rfc", .basis = BASIS_DOCUMENTED, .fact = "RFC 4271 10",
     .doc = "rfc (0.75 to 1 of the interval), or off", .choices = liveness_jitters},
    {"bfd", KEY_BLOCK, KEY_ONE, OFFSET(DesignDetect, bfd), .fact = "RFC 5882 4.3",
     .doc = "BFD beside BGP", .table = &detect_bfd_keys},
};
static const KeyTable detect_keys = KEY_TABLE("sites.*.via.*.detect", DesignDetect, detect_specs);

static const KeySpec link_specs[] = {
    {"prefer", KEY_COUNT, KEY_ONE, OFFSET(DesignSiteLink, prefer), .fallback = "100",
     .doc = "the link with the highest number wins among those that are up; equal ones share",
     .least = 0, .most = 4294967295},
    {"bgp", KEY_BOOL, KEY_ONE, OFFSET(DesignSiteLink, bgp), .fallback = "on",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-8.1, AWS-11.1, AWS-11.14",
     .doc =
         "off: the site's prefixes are static at a vpn gateway: azure's hands them on to the route "
         "server, aws's propagates them to route tables and tells no neighbor of them; the session "
         "only watches the tunnel"},
    {"clients", KEY_BOOL, KEY_ONE, OFFSET(DesignSiteLink, clients), .fallback = "off",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-5.5",
     .doc = "the site is point-to-site clients of a vpn gateway: as `bgp: off`, and they reach the "
            "networks "
            "only"},
    {"advertise", KEY_BLOCK, KEY_LIST, OFFSET(DesignSiteLink, advertise), .fact = "AZ-8.19",
     .doc = "what the site announces over this link, in place of its own list",
     .table = &scenario_site_announcement_keys},
    {"detect", KEY_BLOCK, KEY_ONE, OFFSET(DesignSiteLink, detect), .flags = KEY_ALWAYS,
     .doc = "timers of the session over the link", .table = &detect_keys},
};
static const KeyTable site_link_keys = KEY_TABLE("sites.*.via.*", DesignSiteLink, link_specs);

/* The value is such as [fw-a, fw-b], or {fw-a: {prefer: 200}, fw-b: {}}. */
static void read_via(KeyReader *reader, const Node *node, gpointer field) {
  static const KeySpec name_spec = {.name = "via", .type = KEY_NAME};
  DesignVia *via = field;
  *via = (DesignVia){arena_ptr_array(reader->arena), NULL};
  if (node == NULL)
    return;
  if (node->kind != NODE_MAPPING) {
    const guint count = node->kind == NODE_SEQUENCE ? node->values->len : 1;
    for (guint i = 0; i < count; i++) {
      const Node *item = node->kind == NODE_SEQUENCE ? node->values->pdata[i] : node;
      NameRef *name = arena_new0(reader->arena, NameRef);
      if (keys_read_value(reader, &name_spec, item, name))
        g_ptr_array_add(via->names, name);
    }
    return;
  }
  via->links = arena_ptr_array(reader->arena);
  for (guint i = 0; i < node->keys->len; i++)
    g_ptr_array_add(via->links, keys_read_named(reader, &site_link_keys, node->keys->pdata[i],
                                                node->values->pdata[i]));
  g_ptr_array_sort(via->links, block_head_compare);
  for (guint i = 0; i < via->links->len; i++) {
    const DesignSiteLink *link = via->links->pdata[i];
    NameRef *name = arena_new0(reader->arena, NameRef);
    *name = (NameRef){link->head.name, link->head.mark, 0};
    g_ptr_array_add(via->names, name);
  }
}

static const KeySpec site_specs[] = {
    {"prefixes", KEY_PREFIX, KEY_LIST, OFFSET(DesignSite, prefixes), .flags = KEY_REQUIRED,
     .doc = "its address ranges, but for what lies in a longer range of somebody else; traffic "
            "goes to "
            "the "
            "first; 0.0.0.0/0: it has a way out to the Internet"},
    {"advertise", KEY_BLOCK, KEY_LIST, OFFSET(DesignSite, advertise), .fact = "AZ-8.19",
     .doc = "what it announces, in place of its prefixes; at a gateway without BGP: its static "
            "prefixes",
     .table = &scenario_site_announcement_keys},
    {"via", KEY_CUSTOM, KEY_ONE, OFFSET(DesignSite, via),
     .doc =
         "appliances, gateways and circuits that reach it; a list: it answers over the one that a "
         "session came through; a mapping: its own router chooses",
     .read = read_via},
    {"asn", KEY_COUNT, KEY_ONE, OFFSET(DesignSite, asn), .fallback = "65100", .fact = "RFC 6996",
     .doc = "its AS number", .least = 1, .most = 4294967294},
    {"transit", KEY_BOOL, KEY_ONE, OFFSET(DesignSite, transit), .fallback = "off",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-5.6",
     .doc = "its router tells each link what it learned over the others: a WAN that joins "
            "circuits"},
    {"establish", KEY_DURATION, KEY_ONE, OFFSET(DesignSite, establish), .fallback = "uniform 1s 3s",
     .basis = BASIS_ASSUMED, .fact = "AWS-2.9, AZ-2.17",
     .doc = "its own router: from ready (or a failed session) to the next attempt to connect",
     SCENARIO_ESTABLISH_RANGE, .least = KEY_RETRY_LEAST},
    {"connect_retry", KEY_DURATION, KEY_ONE, OFFSET(DesignSite, connect_retry), .fallback = "120s",
     .basis = BASIS_DOCUMENTED, .fact = "RFC 4271 10", .doc = "its own router: ConnectRetryTimer",
     .least = KEY_RETRY_LEAST},
};
const KeyTable scenario_site_keys = KEY_TABLE("sites.*", DesignSite, site_specs);

/* ---- gateways ------------------------------------------------------------------------------- */

static const KeySpec gateway_specs[] = {
    {"kind", KEY_CHOICE, KEY_ONE, OFFSET(DesignGateway, kind), .flags = KEY_REQUIRED,
     .fact = "AWS-11.1, AZ-8.1",
     .doc = "internet, vpn, circuit (ExpressRoute; VGW with Direct Connect), transit or nat",
     .choices = design_gateway_kinds},
    {"network", KEY_NAME, KEY_ONE, OFFSET(DesignGateway, network),
     .doc = "network that it belongs to; a transit gateway belongs to none, a nat one to its "
            "subnet's"},
    {"subnet", KEY_NAME, KEY_ONE, OFFSET(DesignGateway, subnet), .fact = "AWS-5.14",
     .doc = "subnet that a nat gateway stands in, whose zone and route table are its own"},
    {"active_active", KEY_BOOL, KEY_ONE, OFFSET(DesignGateway, active_active), .fallback = "on",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-8.1, AZ-8.7",
     .doc = "off: one instance works, and a standby takes over its addresses when it fails"},
    {"circuits", KEY_NAME, KEY_LIST, OFFSET(DesignGateway, circuits), .fact = "AZ-8.12",
     .doc = "circuits that it is connected to, of kind circuit"},
    {"capacity", KEY_RATE, KEY_ONE, OFFSET(DesignGateway, capacity), .fallback = "0bps",
     .doc = "what each instance can pass on in each direction in which packets cross it, shared "
            "max-min "
            "fairly among flows; 0: "
            "without limit; of kind vpn, circuit or nat"},
};
const KeyTable scenario_gateway_keys = KEY_TABLE("gateways.*", DesignGateway, gateway_specs);

/* A transit gateway's block says what it joins, so there is none by default. */
static void read_gateway_clouds(KeyReader *reader, DesignGateway *gateway) {
  if (!keys_sound(&gateway->head, "kind"))
    return; /* told */
  for (guint c = 0; c < cloud_count(); c++) {
    const CloudClass *cloud = cloud_at(c);
    const GatewayKindClass *kind = cloud_gateway_kind(cloud, gateway);
    const KeyTable *keys = gateway->kind == DESIGN_GATEWAY_TRANSIT && cloud->edges != NULL
                               ? cloud->edges->transit_keys
                               : NULL;
    if (kind != NULL)
      gateway->configs[c] = keys_read(reader, kind->keys, gateway->clouds[c]);
    else if (gateway->kind == DESIGN_GATEWAY_NAT && cloud->edges != NULL)
      gateway->configs[c] = keys_read(reader, cloud->edges->nat_keys, gateway->clouds[c]);
    else if (gateway->clouds[c] != NULL)
      gateway->configs[c] = scenario_read_cloud_block(reader, cloud, keys, gateway->clouds[c],
                                                      "a gateway of this kind");
  }
}

/* The subnet of a NAT gateway, as "hub/pub", names its network too. */
static void read_network_of_nat(KeyReader *reader, DesignGateway *gateway) {
  const char *slash = gateway->subnet.text != NULL ? strrchr(gateway->subnet.text, '/') : NULL;
  if (gateway->kind != DESIGN_GATEWAY_NAT || gateway->network.text != NULL || slash == NULL)
    return;
  gateway->network.text = arena_printf(reader->arena, "%.*s", (int)(slash - gateway->subnet.text),
                                       gateway->subnet.text);
  gateway->network.mark = gateway->subnet.mark;
}

void scenario_read_gateways(KeyReader *reader, const Node *node, gpointer field) {
  GPtrArray *gateways = scenario_read_map_with_clouds(reader, &scenario_gateway_keys,
                                                      OFFSET(DesignGateway, clouds), node);
  for (guint i = 0; i < gateways->len; i++) {
    read_gateway_clouds(reader, gateways->pdata[i]);
    read_network_of_nat(reader, gateways->pdata[i]);
  }
  *(GPtrArray **)field = gateways;
}

/* ---- circuits ------------------------------------------------------------------------------ */

static const KeySpec circuit_bfd_specs[] = {BFD_SPECS};
static const KeyTable circuit_bfd_keys = KEY_TABLE("circuits.*.bfd", DesignBfd, circuit_bfd_specs);

static const KeySpec circuit_specs[] = {
    {"site", KEY_NAME, KEY_ONE, OFFSET(DesignCircuit, site), .flags = KEY_REQUIRED,
     .doc = "site at its end, which has a router of its own then"},
    {"location", KEY_NAME, KEY_ONE, OFFSET(DesignCircuit, location), .fact = "AZ-8.12",
     .doc = "where it meets the provider, for `links`"},
    {"keepalive", KEY_DURATION, KEY_ONE, OFFSET(DesignCircuit, keepalive),
     .basis = BASIS_DOCUMENTED, .fact = "AZ-8.9, AWS-3.5",
     .doc = "keepalive interval of the site's router; by default the provider's"},
    {"hold", KEY_DURATION, KEY_ONE, OFFSET(DesignCircuit, hold), .basis = BASIS_DOCUMENTED,
     .fact = "AZ-8.9, AWS-3.5", .doc = "hold time that it offers; by default the provider's"},
    {"keepalive_jitter", KEY_CHOICE, KEY_ONE, OFFSET(DesignCircuit, keepalive_jitter),
     .fallback = "rfc", .basis = BASIS_DOCUMENTED, .fact = "RFC 4271 10",
     .doc = "rfc (0.75 to 1 of the interval), or off; at both ends", .choices = liveness_jitters},
    {"bfd", KEY_BLOCK, KEY_ONE, OFFSET(DesignCircuit, bfd), .fact = "AZ-8.10, AWS-3.10",
     .doc = "BFD of the site's router; without it there is none, although the "
            "provider's end has it",
     .table = &circuit_bfd_keys},
    {"weight", KEY_COUNT, KEY_ONE, OFFSET(DesignCircuit, weight), .fallback = "0",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-8.12",
     .doc = "weight of the gateways' connections with it: the highest wins, equal ones share",
     .least = 0, .most = 32000},
};
static const KeyTable circuit_keys = KEY_TABLE("circuits.*", DesignCircuit, circuit_specs);

static void read_circuit_clouds(KeyReader *reader, DesignCircuit *circuit) {
  for (guint c = 0; c < cloud_count(); c++)
    if (cloud_at(c)->circuits != NULL)
      circuit->configs[c] = keys_read(reader, cloud_at(c)->circuits->keys, circuit->clouds[c]);
}

void scenario_read_circuits(KeyReader *reader, const Node *node, gpointer field) {
  GPtrArray *circuits =
      scenario_read_map_with_clouds(reader, &circuit_keys, OFFSET(DesignCircuit, clouds), node);
  for (guint i = 0; i < circuits->len; i++)
    read_circuit_clouds(reader, circuits->pdata[i]);
  *(GPtrArray **)field = circuits;
}

/* ---- distances ----------------------------------------------------------------------------- */

static const KeySpec distance_specs[] = {
    {"between", KEY_NAME, KEY_LIST, OFFSET(DesignLink, between), .flags = KEY_ENDS | KEY_REQUIRED,
     .doc = "two places: networks, regions, sites, circuits or their locations"},
    {"delay", KEY_DURATION, KEY_ONE, OFFSET(DesignLink, delay), .flags = KEY_REQUIRED,
     .doc = "one-way delay of what sessions send from one to the other; the first item that fits "
            "counts"},
};
const KeyTable scenario_link_keys = KEY_TABLE("links", DesignLink, distance_specs);

void scenario_gateway_keys_foreach(KeyVisit visit, gpointer data) {
  keys_foreach(&site_link_keys, visit, data);
  keys_foreach(&circuit_keys, visit, data);
  for (guint c = 0; c < cloud_count(); c++) {
    for (guint kind = 0; kind < GATEWAY_KINDS; kind++)
      keys_foreach(cloud_at(c)->gateways->kinds[kind].keys, visit, data);
    if (cloud_at(c)->circuits != NULL)
      keys_foreach(cloud_at(c)->circuits->keys, visit, data);
  }
}
