/* What gateways and circuits' edges take and tell, session by session. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/cloud/shipped.h"
#include "routesim/cloud/gateway.h"
#include "support/cloud_lab.h"
#include "support/duo.h"
#include "support/facts.h"

static void no_server(CloudLab *lab, gpointer data) {
  (void)data;
  lab->hub->has_route_server = FALSE;
}

/* Without a route server in the network: what is left is the gateway's own business. */
static CloudLab *new_lab(Bed *bed) {
  return cloud_lab_new_with(bed, &azure_cloud, "{}", 0, no_server, NULL);
}

static Gateway *new_gateway(CloudLab *lab, GatewayKind kind) {
  const GatewayConfig config = {
      .name = "g",
      .kind = kind,
      .subnet = lab->nva,
      .traits = cloud_lab_read(lab->bed, azure_cloud.gateways->kinds[kind].keys, "{}"),
      .active_active = TRUE,
      .has_neighbors = TRUE};
  return gateway_new(&azure_cloud, &lab->topology, &config);
}

static Circuit *new_circuit(CloudLab *lab) {
  const CircuitClass *class = azure_cloud.circuits;
  const CircuitConfig config = {.name = "c1",
                                .class = class,
                                .traits = cloud_lab_read(lab->bed, class->keys, "{}"),
                                .asn = class->asn,
                                .first_address = bed_address("169.254.128.0")};
  return circuit_new(&lab->topology, &config);
}

typedef struct {
  BgpSpeaker *speaker;
  const char *name, *address;
  const BgpRole *role; /* of this end, as the far end sees it */
  gboolean remove_private_as, as_override;
} Side;

/* A session that is up; the role of each side is what the other end takes it for. */
static void join(Bed *bed, const Side *a, const Side *b) {
  const Side *sides[2] = {a, b};
  BgpEnd ends[2];
  for (guint i = 0; i < 2; i++)
    ends[i] = (BgpEnd){.speaker = sides[i]->speaker,
                       .name = sides[i]->name,
                       .role = sides[!i]->role,
                       .address = bed_address(sides[i]->address),
                       .keepalive = sim_time_s(10),
                       .hold = sim_time_s(30),
                       .keepalive_jitter_off = TRUE,
                       .passive = i == 1,
                       .establish = bed_constant(bed, sim_time_s(1)),
                       .connect_retry = sim_time_s(120),
                       .remove_private_as = sides[i]->remove_private_as,
                       .as_override = sides[i]->as_override};
  const char *name = arena_printf(bed->arena, "%s~%s", a->name, b->name);
  Path *path =
      path_new(bed->engine, name, net_node_new(bed->engine, a->name),
               net_node_new(bed->engine, b->name), bed_constant(bed, sim_time_ms(1)), 1, 0);
  const BgpSessionConfig config = {.stream = name, .tcp_timeout = sim_time_s(1), .seed = 1};
  bgp_session_begin_established(bgp_session_new(bed->engine, path, ends, &config));
}

static BgpSpeaker *outside(Bed *bed, const char *name, guint32 asn) {
  return net_speaker(bed, name, asn, NULL);
}

static void say(Bed *bed, BgpSpeaker *speaker, const char *prefix, guint32 asn, guint times) {
  const BgpAttributes bare = {.origin = BGP_ORIGIN_IGP};
  bgp_originate(speaker, bed_prefix(prefix), bgp_attributes_prepend(bed->arena, &bare, asn, times));
}

/* A VPN gateway tells sites of its networks and of what is elsewhere, also of what holds a network,
 * but neither of 0.0.0.0/0 nor of parts of the networks; it takes nothing equal to or inside a
 * network from a site, but what holds one. */
Test(gateway, a_vpn_gateway_filters) {
  static const struct {
    const char *prefix;
    gboolean told, taken;
  } cases[] = {{"10.0.0.0/16", TRUE, FALSE},  {"10.0.5.0/24", FALSE, FALSE},
               {"10.0.0.0/8", TRUE, TRUE},    {"0.0.0.0/0", FALSE, TRUE},
               {"0.0.0.0/1", TRUE, TRUE},     {"128.0.0.0/1", TRUE, TRUE},
               {"172.16.0.0/16", TRUE, TRUE}, {"10.1.0.0/16", TRUE, TRUE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    for (guint way = 0; way < 2; way++) {
      g_autoptr(Bed) bed = bed_new();
      CloudLab *lab = new_lab(bed);
      Gateway *gateway = new_gateway(lab, GATEWAY_VPN);
      BgpSpeaker *own = gateway_instance_speaker(gateway, 0);
      BgpSpeaker *site = outside(bed, "site", 65100), *other = outside(bed, "other", 65200);
      join(bed, &(Side){site, "site", "192.0.2.1", &gateway_role_site},
           &(Side){own, "g/0", "10.0.2.4", NULL});
      join(bed, &(Side){other, "other", "192.0.2.2", &gateway_role_server},
           &(Side){own, "g/0", "10.0.2.4", NULL});
      say(bed, way == 0 ? other : site, cases[i].prefix, 65300, 1);
      bgp_converge((BgpSpeaker *[]){own, site, other}, 3);
      const BgpEntry *entry = bgp_find(way == 0 ? site : own, bed_prefix(cases[i].prefix));
      gboolean heard = FALSE;
      for (guint c = 0; entry != NULL && c < entry->candidates->len; c++)
        heard |= ((const BgpCandidate *)entry->candidates->pdata[c])->source != NULL;
      cr_assert_eq(heard, way == 0 ? cases[i].told : cases[i].taken, "%s %s", cases[i].prefix,
                   way == 0 ? "told" : "taken");
    }
  FACTS("AZ-8.4", "AZ-8.18");
}

/* An edge (12076) sees the whole path; the site sees 12076 alone, so that a prepend does not show;
 * a public AS number stays. */
Test(gateway, paths_at_edge_and_site) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = new_lab(bed);
  Gateway *gateway = new_gateway(lab, GATEWAY_CIRCUIT);
  BgpSpeaker *own = gateway_instance_speaker(gateway, 0);
  BgpSpeaker *edge = router_speaker(circuit_edge(new_circuit(lab), 0));
  BgpSpeaker *site = outside(bed, "site", 65100), *server = outside(bed, "rs", 65515);
  cr_assert_eq(bgp_speaker_asn(edge), 12076);
  cr_assert_eq(bgp_speaker_asn(own), 65515);
  join(bed, &(Side){server, "rs/0", "10.0.2.9", &gateway_role_server},
       &(Side){own, "g/0", "10.0.2.6", NULL});
  join(bed, &(Side){own, "g/0", "10.0.2.6", NULL},
       &(Side){edge, "c1/0", "169.254.128.0", &gateway_role_edge, .remove_private_as = TRUE});
  join(bed, &(Side){site, "site", "192.0.2.1", &gateway_role_site},
       &(Side){edge, "c1/0", "169.254.128.0", &gateway_role_edge, .remove_private_as = TRUE});
  say(bed, server, "10.255.0.1/32", 65010, 3);
  say(bed, server, "10.255.0.2/32", 3320, 1);
  bgp_converge((BgpSpeaker *[]){server, own, edge, site}, 4);
  net_assert_route(edge, "10.255.0.1/32", "10.0.2.6 65515 65010 65010 65010");
  net_assert_route(site, "10.255.0.1/32", "169.254.128.0 12076");
  net_assert_route(site, "10.255.0.2/32", "169.254.128.0 12076 3320");
  net_assert_route(site, "10.0.0.0/16", "169.254.128.0 12076");
  FACTS("AZ-8.3", "AZ-8.14", "AZ-8.15");
}

/* Between two networks on one circuit the edge takes the shorter path. */
Test(gateway, an_edge_takes_the_shortest_path) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = new_lab(bed);
  BgpSpeaker *edge = router_speaker(circuit_edge(new_circuit(lab), 0));
  BgpSpeaker *west = outside(bed, "west", 64999), *east = outside(bed, "east", 64998);
  join(bed, &(Side){west, "west", "10.1.0.4", NULL},
       &(Side){edge, "c1/0", "169.254.128.0", &gateway_role_edge});
  join(bed, &(Side){east, "east", "10.2.0.4", NULL},
       &(Side){edge, "c1/0", "169.254.128.0", &gateway_role_edge});
  say(bed, west, "10.255.0.1/32", 65010, 1);
  say(bed, east, "10.255.0.1/32", 65010, 3);
  bgp_converge((BgpSpeaker *[]){west, east, edge}, 3);
  net_assert_route(edge, "10.255.0.1/32", "10.1.0.4 64999 65010");
  FACTS("AZ-8.15");
}

/* Over a shared circuit a gateway hears of the other network's appliances, and its route server
 * refuses them by AZ-4.15; a WAN that puts its own AS number in place of 12076 passes them from one
 * circuit to another. */
Test(gateway, a_shared_circuit_is_no_way_between_route_servers) {
  for (guint joined = 0; joined < 2; joined++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = new_lab(bed);
    Gateway *gateway = new_gateway(lab, GATEWAY_CIRCUIT);
    BgpSpeaker *own = gateway_instance_speaker(gateway, 0);
    BgpSpeaker *edge = router_speaker(circuit_edge(new_circuit(lab), 0));
    BgpSpeaker *neighbor = outside(bed, "neighbor", joined ? 65100 : 64999);
    BgpSpeaker *server = outside(bed, "rs", 65515);
    join(bed, &(Side){server, "rs/0", "10.0.2.9", &gateway_role_server},
         &(Side){own, "g/0", "10.0.2.6", &gateway_role_circuit});
    join(bed, &(Side){own, "g/0", "10.0.2.6", NULL},
         &(Side){edge, "c1/0", "169.254.128.0", &gateway_role_edge});
    join(bed, &(Side){neighbor, "neighbor", "192.0.2.1", NULL, .as_override = joined},
         &(Side){edge, "c1/0", "169.254.128.0", &gateway_role_edge});
    say(bed, neighbor, "10.255.0.1/32", joined ? 12076 : 65515, 1);
    bgp_converge((BgpSpeaker *[]){neighbor, edge, own, server}, 4);
    net_assert_route(own, "10.255.0.1/32",
                     joined ? "169.254.128.0 12076 65100 65100"
                            : "169.254.128.0 12076 64999 65515");
    g_autofree char *at_server = net_route_text(server, "10.255.0.1/32");
    cr_assert_eq(strcmp(at_server, "none") != 0, joined, "%s", at_server);
  }
  FACTS("AZ-4.15", "AZ-5.6");
}

/* The local route wins over a longer one of a virtual private gateway; not over a longer one of a
 * route server. */
Test(gateway, local_routes_of_aws) {
  static const struct { gboolean by_server, local; } cases[] = {{TRUE, FALSE}, {FALSE, TRUE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = cloud_lab_new(bed, &aws_cloud, "{asn: 64512, endpoints: {e1: hub/nva}}", 1);
    RouteTable *table = lab->app->tables->pdata[0];
    const RouteOrigin *origin = cases[i].by_server ? aws_cloud.server->origin
                                                   : aws_cloud.gateways->kinds[GATEWAY_VPN].origin;
    const NextHop hop = {.kind = HOP_ELEMENT, .address = lab->appliances[0].address};
    RouteView view;
    route_table_put(table, bed_prefix("10.0.1.0/25"), origin, &hop, 1);
    cr_assert(route_table_match(table, bed_address("10.0.1.5"), &view));
    cr_assert_eq(view.hops[0].kind == HOP_LOCAL, cases[i].local, "%s", origin->name);
  }
  FACTS("AWS-5.12", "AWS-5.13");
}
