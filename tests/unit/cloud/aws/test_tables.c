/* What an AWS route server installs in which table, what it may not, and why. */
#include <criterion/criterion.h>
#include <string.h>

#include "../../../../sim/cloud/aws/aws_private.h"
#include "support/cloud_lab.h"
#include "support/facts.h"

#define SETTINGS(more)                                                                             \
  "{asn: 64512, endpoints: {e1: hub/nva}, propagate_to: [hub/app], program: 1s" more "}"

/* ---- the database as text ------------------------------------------------------------- */

static void append_installation(const RouteInstallation *installation, gpointer data) {
  GString *out = data;
  prefix_append(installation->prefix, out);
  const BgpPeer *source = installation->source;
  g_string_append_printf(out, " %s %s", source != NULL ? bgp_peer_remote_name(source) : "nobody",
                         installation->in_fib        ? "in-fib"
                         : installation->passed_over ? "passed-over"
                                                     : "in-rib");
  if (installation->table != NULL)
    g_string_append_printf(out, " %s %s", installation->table,
                           installation->installed ? "installed" : "rejected");
  const char *fact = installation->reason == NULL ? NULL : strstr(installation->reason, "(AWS-");
  g_string_append(out, fact != NULL ? fact : "");
  g_string_append(out, "; ");
}

/* "192.168.0.0/16 fw-a in-fib hub/app installed; ", with the fact of a rejection. */
static char *database(const CloudLab *lab) {
  GString *out = g_string_new(NULL);
  route_server_foreach_installation(lab->server, append_installation, out);
  return g_string_free(out, FALSE);
}

static void assert_database(const CloudLab *lab, const char *expected) {
  g_autofree char *text = database(lab);
  cr_assert_str_eq(text, expected, "\nis:     %s\nshould: %s", text, expected);
}

/* While routes persist the FIB is what it was when the last session ended, whatever the RIB has
 * learned meanwhile: that is in the FIB which is in the tables, also where nobody announces it any
 * longer. Then the best route is. */
Test(aws_tables, the_database_tells_the_fib_that_persists) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &aws_cloud, SETTINGS(", persist_routes: 2m"), 2);
  static const char *const prefixes[] = {"192.168.0.0/16", "192.168.7.0/24"};
  for (guint i = 0; i < 2; i++)
    for (guint j = 0; j < 2; j++)
      cloud_lab_say(lab, i, prefixes[j], cloud_lab_attributes(lab, i, i, -1));
  cloud_lab_begin(lab);
  cloud_lab_stop(lab, 0);
  bed_run(bed, sim_time_s(200)); /* so fw-b leads when its session, the last one, ends */
  cloud_lab_stop(lab, 1);
  bed_run(bed, sim_time_s(1000));
  assert_database(lab, "192.168.0.0/16 fw-b in-fib hub/app installed; "
                       "192.168.7.0/24 fw-b in-fib hub/app installed; ");
  cloud_lab_say(lab, 1, "192.168.7.0/24", NULL);
  for (guint i = 0; i < 2; i++)
    cloud_lab_start(lab, i); /* Established at 1002.004 */
  bed_run(bed, sim_time_s(1100));
  assert_database(lab, "192.168.0.0/16 fw-a passed-over; 192.168.0.0/16 fw-b in-fib hub/app "
                       "installed; 192.168.7.0/24 fw-a passed-over; 192.168.7.0/24 fw-b in-fib "
                       "hub/app installed; ");
  bed_run(bed, sim_time_s(1200));
  assert_database(lab, "192.168.0.0/16 fw-a in-fib hub/app installed; 192.168.0.0/16 fw-b in-rib; "
                       "192.168.7.0/24 fw-a in-fib hub/app installed; ");
  FACTS("AWS-1.12", "AWS-6.13");
}

/* Who announces again what the FIB has from him is in the FIB by his own name, though another who
 * came back with him is better: he stands first in the RIB, or second. */
Test(aws_tables, what_persists_and_is_announced_again_has_its_source) {
  for (guint first = 0; first < 2; first++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = cloud_lab_new(bed, &aws_cloud, SETTINGS(", persist_routes: 2m"), 2);
    const guint other = 1 - first;
    cloud_lab_say(lab, first, "192.168.0.0/16", cloud_lab_attributes(lab, first, 1, -1));
    cloud_lab_begin(lab);
    cloud_lab_stop(lab, 0);
    cloud_lab_stop(lab, 1);
    bed_run(bed, sim_time_s(1000));
    cloud_lab_say(lab, other, "192.168.0.0/16", cloud_lab_attributes(lab, other, 0, -1));
    for (guint i = 0; i < 2; i++)
      cloud_lab_start(lab, i);
    bed_run(bed, sim_time_s(1060)); /* of the two minutes one is over */
    assert_database(lab, first == 0 ? "192.168.0.0/16 fw-a in-fib hub/app installed; "
                                      "192.168.0.0/16 fw-b passed-over; "
                                    : "192.168.0.0/16 fw-a passed-over; "
                                      "192.168.0.0/16 fw-b in-fib hub/app installed; ");
  }
}

/* The I-th of many prefixes, 20.0.I.0/24. */
static Prefix many(guint i) { return prefix_make(ip_address_v4(0x14000000u + (i << 8)), 24); }

static guint count_in_app(const CloudLab *lab, const RouteOrigin *origin) {
  guint count = 0;
  RouteView view;
  for (guint i = 0; i < 200; i++)
    count += route_table_find(lab->app->tables->pdata[0], many(i), origin, &view);
  return count;
}

static void say_many(CloudLab *lab, guint appliance, guint first, guint count,
                     const BgpAttributes *attributes) {
  for (guint i = first; i < first + count; i++)
    bgp_originate(lab->appliances[appliance].speaker, many(i), attributes);
}

typedef struct {
  CloudLab *lab;
  guint first, count;
} Withdrawal;

static void withdraw_many(gpointer data) {
  const Withdrawal *withdrawal = data;
  say_many(withdrawal->lab, 0, withdrawal->first, withdrawal->count, NULL);
}

/* ---- status (AWS-1.11) ---------------------------------------------------------------- */

Test(aws_tables, each_route_has_its_status) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &aws_cloud, SETTINGS(""), 2);
  BgpAttributes *nobody = arena_new0(bed->arena, BgpAttributes);
  nobody->next_hop = bed_address("10.0.7.7");
  cloud_lab_say(lab, 0, "192.168.0.0/16", cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 1, "192.168.0.0/16", cloud_lab_attributes(lab, 1, 1, -1));
  cloud_lab_say(lab, 0, "192.168.7.0/24", nobody);
  cloud_lab_begin(lab);
  assert_database(lab, "192.168.0.0/16 fw-a in-fib hub/app installed; "
                       "192.168.0.0/16 fw-b in-rib; "
                       "192.168.7.0/24 fw-a in-fib hub/app rejected(AWS-4.19); ");
}

/* The database is whole, whether or not a table is propagated to. */
Test(aws_tables, the_database_without_a_table) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(
      bed, &aws_cloud, "{asn: 64512, endpoints: {e1: hub/nva}, propagate_to: [], program: 1s}", 2);
  cloud_lab_say(lab, 0, "192.168.0.0/16", cloud_lab_attributes(lab, 0, 0, 0));
  cloud_lab_say(lab, 1, "192.168.0.0/16", cloud_lab_attributes(lab, 1, 0, 10));
  cloud_lab_begin(lab);
  assert_database(lab, "192.168.0.0/16 fw-a in-fib; 192.168.0.0/16 fw-b in-rib; ");
  FACTS("AWS-4.1", "AWS-4.2");
}

/* AWS-4.19: not even an appliance of another VPC is a network interface of this one. */
static void set_up_peered(CloudLab *lab, gpointer data) {
  Element **element = data;
  const ElementConfig config = {.name = "stranger",
                                .node = net_node_new(lab->bed->engine, "stranger"),
                                .address = bed_address("10.9.0.4"),
                                .network = network_new(lab->fabric, "other")};
  *element = element_new(lab->fabric, &config);
}

Test(aws_tables, a_next_hop_in_another_vpc_is_rejected) {
  g_autoptr(Bed) bed = bed_new();
  Element *element;
  CloudLab *lab = cloud_lab_new_with(bed, &aws_cloud, SETTINGS(""), 1, set_up_peered, &element);
  BgpAttributes *other = arena_new0(bed->arena, BgpAttributes);
  other->next_hop = element_address(element);
  cloud_lab_say(lab, 0, "192.168.0.0/16", other);
  cloud_lab_begin(lab);
  assert_database(lab, "192.168.0.0/16 fw-a in-fib hub/app rejected(AWS-4.19); ");
}

/* ---- static routes (AWS-5.8, AWS-5.9, AWS-5.11, AWS-5.24, AWS-13.14)
 * ---------------------------------------- */

typedef struct {
  const char *to;
  gboolean prefix_list;
  CloudUserTable *table;
  const CloudEdge *edge;
} OwnTable;

static GArray *one_route(CloudLab *lab, const char *to, gboolean prefix_list) {
  GArray *routes = arena_own(lab->bed->arena, g_array_new(FALSE, FALSE, sizeof(CloudUserRoute)),
                             (GDestroyNotify)g_array_unref);
  const CloudUserRoute route = {
      to != NULL ? bed_prefix(to) : bed_prefix("0.0.0.0/0"), {.kind = HOP_NONE}, prefix_list};
  if (to != NULL)
    g_array_append_val(routes, route);
  return routes;
}

static void set_up_table(CloudLab *lab, gpointer data) {
  OwnTable *own = data;
  own->table = arena_new0(lab->bed->arena, CloudUserTable);
  *own->table = (CloudUserTable){.name = "own",
                                 .network = lab->hub,
                                 .propagate = TRUE,
                                 .gateway = own->edge != NULL ? own->edge->name : NULL,
                                 .edge = own->edge,
                                 .routes = one_route(lab, own->to, own->prefix_list)};
  g_ptr_array_add(lab->topology.user_tables, own->table);
  if (own->edge == NULL)
    lab->app->user_table = own->table;
}

static void drop_static(gpointer data) {
  CloudLab *lab = data;
  aws_cloud.fabric->set_user_routes(&lab->topology, lab->app->user_table,
                                    one_route(lab, NULL, FALSE));
}

static void rejected_while_it_stands(gboolean prefix_list, const char *before) {
  g_autoptr(Bed) bed = bed_new();
  OwnTable own = {"192.168.0.0/16", prefix_list, NULL, NULL};
  CloudLab *lab = cloud_lab_new_with(bed, &aws_cloud, SETTINGS(""), 1, set_up_table, &own);
  cloud_lab_say(lab, 0, "192.168.0.0/16", cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  assert_database(lab, before);
  const TraceRecord *record;
  cr_assert_eq(bed_count(bed, &CLOUD_REJECTED, &record), 1, "a warning is logged");
  cr_assert_str_eq(record->object, "own");
  bed_at(bed, sim_time_s(10), drop_static, lab);
  bed_run(bed, sim_time_ms(10990));
  assert_database(lab, before);
  bed_run(bed, sim_time_s(11)); /* AWS-5.9, AWS-5.24: with a push of its own */
  assert_database(lab, "192.168.0.0/16 fw-a in-fib own installed; ");
}

/* A written route to a block is the local route with another target, one that leads to local is its
 * restoration. */
Test(aws_tables, the_target_of_local) {
  static const struct {
    HopKind kind;
    const char *origin;
  } cases[] = {{HOP_NONE, "CreateRoute"}, {HOP_LOCAL, "CreateRouteTable"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    OwnTable own = {"10.0.0.0/16", FALSE, NULL, NULL};
    RouteView view;
    CloudLab *lab = cloud_lab_new_with(bed, &aws_cloud, SETTINGS(""), 1, set_up_table, &own);
    GArray *routes = one_route(lab, "10.0.0.0/16", FALSE);
    g_array_index(routes, CloudUserRoute, 0).hop =
        (NextHop){.kind = cases[i].kind, .network = lab->hub->network};
    aws_cloud.fabric->set_user_routes(&lab->topology, own.table, routes);
    cr_assert(route_table_match(own.table->table, bed_address("10.0.7.7"), &view));
    cr_assert_str_eq(view.origin->name, cases[i].origin);
    cr_assert_eq(view.hops[0].kind, cases[i].kind);
  }
  FACTS("AWS-5.20");
}

Test(aws_tables, so_does_a_prefix_list_route) {
  rejected_while_it_stands(TRUE, "192.168.0.0/16 fw-a in-fib own rejected(AWS-5.11); ");
  FACTS("AWS-5.11");
}

Test(aws_tables, a_static_route_keeps_one_to_the_same_prefix_out) {
  rejected_while_it_stands(FALSE, "192.168.0.0/16 fw-a in-fib own rejected(AWS-5.8); ");
  FACTS("AWS-5.8", "AWS-5.9", "AWS-13.14");
}

/* Where all stand, static before prefix list before propagated. */
Test(aws_tables, the_order_of_origins) {
  const RouteOrigin *const order[] = {&aws_local_origin, &aws_static_origin,
                                      &aws_prefix_list_origin, &aws_advertisement_origin,
                                      &aws_vgw_origin};
  g_autoptr(Bed) bed = bed_new();
  Fabric *fabric = fabric_new(bed->engine);
  RouteTable *table = route_table_new(fabric, "t");
  const NextHop hop = {.kind = HOP_NONE};
  RouteView view;
  for (guint i = G_N_ELEMENTS(order); i-- > 0;) {
    route_table_put(table, bed_prefix("192.168.0.0/16"), order[i], &hop, 1);
    cr_assert(route_table_match(table, bed_address("192.168.1.1"), &view));
    cr_assert_str_eq(view.origin->name, order[i]->name);
  }
  FACTS("AWS-11.1");
}

/* ---- virtual private gateways (AWS-5.10, AWS-5.13) -------------------------------------- */

static void put_vgw(CloudLab *lab, const char *prefix) {
  const NextHop hop = {.kind = HOP_NONE};
  route_table_put(lab->app->tables->pdata[0], bed_prefix(prefix), &aws_vgw_origin, &hop, 1);
}

Test(aws_tables, a_vgw_route_to_the_same_prefix) {
  for (guint vgw = 0; vgw < 2; vgw++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab =
        cloud_lab_new(bed, &aws_cloud, vgw ? SETTINGS(", rs_vs_vgw: vgw") : SETTINGS(""), 1);
    RouteView view;
    put_vgw(lab, "192.168.0.0/16");
    cloud_lab_say(lab, 0, "192.168.0.0/16", cloud_lab_attributes(lab, 0, 0, -1));
    cloud_lab_begin(lab);
    assert_database(lab, vgw ? "192.168.0.0/16 fw-a in-fib hub/app rejected(AWS-5.10); "
                             : "192.168.0.0/16 fw-a in-fib hub/app installed; ");
    cr_assert(route_table_match(lab->app->tables->pdata[0], bed_address("192.168.1.1"), &view));
    cr_assert_str_eq(view.origin->name,
                     vgw ? "EnableVgwRoutePropagation" : "Advertisement"); /* AWS-5.6, AWS-13.15 */
  }
  FACTS("AWS-5.6", "AWS-13.15");
}

Test(aws_tables, local_beats_a_longer_vgw_route_but_not_one_of_the_route_server) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &aws_cloud, SETTINGS(""), 1);
  RouteView view;
  const RouteTable *table = lab->app->tables->pdata[0];
  put_vgw(lab, "10.0.2.0/24");
  cr_assert(route_table_match(table, bed_address("10.0.2.99"), &view));
  cr_assert_str_eq(view.origin->name, "CreateRouteTable"); /* AWS-5.13 */
  cloud_lab_say(lab, 0, "10.0.2.0/24", cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  cr_assert(route_table_match(table, bed_address("10.0.2.99"), &view));
  cr_assert_str_eq(view.origin->name, "Advertisement"); /* AWS-5.12 */
  FACTS("AWS-5.12", "AWS-5.13");
}

/* ---- tables of subnets and of gateways (AWS-5.2, AWS-5.12, AWS-5.14, AWS-5.15, AWS-5.19) --- */

static const struct {
  const char *prefix, *in_subnet_table, *in_edge_table;
} inside[] = {
    {"10.0.1.0/24", "installed", "installed"}, /* a whole subnet */
    {"10.0.1.0/25", "rejected(AWS-5.14)", "rejected(AWS-5.19)"},
    {"10.0.1.7/32", "rejected(AWS-5.14)", "rejected(AWS-5.19)"},
    {"10.0.0.0/22", "rejected(AWS-5.14)", "rejected(AWS-5.19)"}, /* several subnets */
    {"10.0.0.0/16", "rejected(AWS-11.1)", "installed"},          /* a block of the VPC */
    {"10.0.0.0/15", "installed", "rejected(AWS-5.15)"},
    {"192.168.0.0/16", "installed", "rejected(AWS-5.15)"},
    {"0.0.0.0/0", "installed", "rejected(AWS-5.15)"},
};

Test(aws_tables, inside_the_vpc_rules_differ_by_kind_of_table) {
  static const CloudEdge igw = {.name = "igw", .kind = CLOUD_EDGE_INTERNET};
  for (guint edge = 0; edge < 2; edge++)
    for (guint i = 0; i < G_N_ELEMENTS(inside); i++) {
      g_autoptr(Bed) bed = bed_new();
      OwnTable own = {NULL, FALSE, NULL, edge ? &igw : NULL};
      CloudLab *lab = cloud_lab_new_with(
          bed, &aws_cloud,
          "{asn: 64512, endpoints: {e1: hub/nva}, propagate_to: [own], program: 1s}", 1,
          set_up_table, &own);
      g_autofree char *expected =
          g_strdup_printf("%s fw-a in-fib own %s; ", inside[i].prefix,
                          edge ? inside[i].in_edge_table : inside[i].in_subnet_table);
      cloud_lab_say(lab, 0, inside[i].prefix, cloud_lab_attributes(lab, 0, 0, -1));
      cloud_lab_begin(lab);
      assert_database(lab, expected);
    }
  FACTS("AWS-5.15");
}

/* ---- IPv6 (AWS-2.6) -------------------------------------------------------------------- */

static void add_ipv6(CloudLab *lab, gpointer data) {
  (void)data;
  network_add_prefix(lab->hub->network, bed_prefix("2001:db8:1::/56"));
}

Test(aws_tables, ipv6_routes_need_a_vpc_with_ipv6) {
  for (guint with = 0; with < 2; with++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab =
        cloud_lab_new_with(bed, &aws_cloud, SETTINGS(""), 1, with ? add_ipv6 : NULL, NULL);
    cloud_lab_say(lab, 0, "2001:db8:9::/48", cloud_lab_attributes(lab, 0, 0, -1));
    cloud_lab_begin(lab);
    assert_database(lab, with ? "2001:db8:9::/48 fw-a in-fib hub/app installed; "
                              : "2001:db8:9::/48 fw-a in-fib hub/app rejected(AWS-2.6); ");
  }
  FACTS("AWS-2.6");
}

/* ---- limits (AWS-9.5 to AWS-9.9, AWS-13.11) ---------------------------------------------- */

Test(aws_tables, routes_beyond_the_limit_of_a_peer_wait_in_the_rib) { /* AWS-9.5, AWS-9.9 */
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(
      bed, &aws_cloud, SETTINGS(", limits: {fib_routes: 1000, propagated_routes: 1000}"), 1);
  say_many(lab, 0, 0, 103, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  g_autofree char *text = database(lab);
  cr_assert_eq(count_in_app(lab, aws_cloud.server->origin), 100);
  cr_assert(g_str_has_suffix(text, "20.0.99.0/24 fw-a in-fib hub/app installed; "
                                   "20.0.100.0/24 fw-a in-rib(AWS-9.5); "
                                   "20.0.101.0/24 fw-a in-rib(AWS-9.5); "
                                   "20.0.102.0/24 fw-a in-rib(AWS-9.5); "),
            "the first to come; those that come together in order: %s", text);
  Withdrawal two = {lab, 10, 2};
  bed_at(bed, sim_time_s(10), withdraw_many, &two);
  bed_run(bed, sim_time_s(20));
  cr_assert_eq(count_in_app(lab, aws_cloud.server->origin), 100, "who waits takes the place");
  g_autofree char *later = database(lab);
  cr_assert(strstr(later, "20.0.101.0/24 fw-a in-fib hub/app installed") != NULL);
  cr_assert(strstr(later, "20.0.102.0/24 fw-a in-rib(AWS-9.5)") != NULL);
  cr_assert_eq(bed_count(bed, &BGP_SESSION_DOWN, NULL), 0, "the session stays up");
  FACTS("AWS-9.5", "AWS-9.9");
}

/* The limit counts for each session: what another peer announces is another's. */
Test(aws_tables, a_route_beyond_one_peers_limit_may_come_from_another) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &aws_cloud, SETTINGS(", limits: {routes_per_peer: 1}"), 2);
  cloud_lab_say(lab, 0, "20.0.0.0/24", cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 0, "20.0.1.0/24", cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 1, "20.0.1.0/24", cloud_lab_attributes(lab, 1, 3, -1));
  cloud_lab_begin(lab);
  assert_database(lab, "20.0.0.0/24 fw-a in-fib hub/app installed; "
                       "20.0.1.0/24 fw-a in-rib(AWS-9.5); "
                       "20.0.1.0/24 fw-b in-fib hub/app installed; ");
}

Test(aws_tables, prefixes_beyond_the_fib_wait_in_the_rib) { /* AWS-9.6 */
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab =
      cloud_lab_new(bed, &aws_cloud, SETTINGS(", limits: {propagated_routes: 1000}"), 2);
  say_many(lab, 0, 0, 60, cloud_lab_attributes(lab, 0, 0, -1));
  say_many(lab, 1, 60, 45, cloud_lab_attributes(lab, 1, 0, -1));
  cloud_lab_begin(lab);
  cr_assert_eq(count_in_app(lab, aws_cloud.server->origin), 100);
  cr_assert_eq(bed_count(bed, &CLOUD_REJECTED, NULL), 5);
  g_autofree char *text = database(lab);
  cr_assert(strstr(text, "20.0.99.0/24 fw-b in-fib hub/app installed; "
                         "20.0.100.0/24 fw-b in-rib(AWS-9.6); ") != NULL,
            "%s", text);
  Withdrawal three = {lab, 0, 3};
  bed_at(bed, sim_time_s(10), withdraw_many, &three);
  bed_run(bed, sim_time_s(20));
  cr_assert_eq(count_in_app(lab, aws_cloud.server->origin), 100);
  g_autofree char *later = database(lab);
  cr_assert(strstr(later, "20.0.102.0/24 fw-b in-fib hub/app installed; "
                          "20.0.103.0/24 fw-b in-rib(AWS-9.6); ") != NULL,
            "%s", later);
  FACTS("AWS-9.6");
}

Test(aws_tables, propagated_routes_beyond_the_limit_of_a_table_are_rejected) { /* AWS-9.7 */
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &aws_cloud, SETTINGS(""), 1);
  for (guint i = 0; i < 4; i++) { /* those of a virtual private gateway count too */
    g_autofree char *prefix = g_strdup_printf("19.0.%u.0/24", i);
    put_vgw(lab, prefix);
  }
  say_many(lab, 0, 0, 98, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  cr_assert_eq(count_in_app(lab, aws_cloud.server->origin), 96);
  g_autofree char *text = database(lab);
  cr_assert(g_str_has_suffix(text, "20.0.95.0/24 fw-a in-fib hub/app installed; "
                                   "20.0.96.0/24 fw-a in-fib hub/app rejected(AWS-9.7); "
                                   "20.0.97.0/24 fw-a in-fib hub/app rejected(AWS-9.7); "),
            "%s", text);
  Withdrawal one = {lab, 5, 1};
  bed_at(bed, sim_time_s(10), withdraw_many, &one);
  bed_run(bed, sim_time_s(20));
  g_autofree char *later = database(lab);
  cr_assert(g_str_has_suffix(later, "20.0.96.0/24 fw-a in-fib hub/app installed; "
                                    "20.0.97.0/24 fw-a in-fib hub/app rejected(AWS-9.7); "),
            "%s", later);
  FACTS("AWS-9.7");
}

/* ---- states (AWS-5.7, AWS-6.17; AWS-1.2, AWS-1.3, AWS-1.5, AWS-1.7, AWS-1.9, AWS-1.10)
 * ---------------------------------------- */

Test(aws_tables, a_route_to_a_stopped_instance_is_a_blackhole) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &aws_cloud, SETTINGS(""), 1);
  RouteView view;
  Passage passage;
  const HashClass any = {0, 1};
  const RouteTable *table = lab->app->tables->pdata[0];
  cloud_lab_say(lab, 0, "192.168.0.0/16", cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  cr_assert(route_table_match(table, bed_address("192.168.1.1"), &view));
  cr_assert_str_eq(aws_route_state(&lab->topology, &view), "active");
  net_node_adjust(lab->appliances[0].node, NODE_CUT, NULL, +1); /* the instance still runs */
  cr_assert_str_eq(aws_route_state(&lab->topology, &view), "active");
  net_node_adjust(lab->appliances[0].node, NODE_DARK, NULL, +1);
  net_node_adjust(lab->appliances[0].node, NODE_NOT_FORWARDING, NULL, +1);
  cr_assert_str_eq(aws_route_state(&lab->topology, &view), "blackhole");
  /* AWS-13.16: it drops, though a shorter prefix leads elsewhere. */
  const NextHop internet = {.kind = HOP_INTERNET};
  route_table_put(lab->app->tables->pdata[0], bed_prefix("0.0.0.0/0"), &aws_static_origin,
                  &internet, 1);
  const Packet packet = {.to = bed_address("192.168.1.1"), .hash = any};
  fabric_walk_from_table(lab->fabric, table, &packet, &passage);
  cr_assert_not(passage.delivered);
  cr_assert_eq(passage.reason, DROP_NEXT_HOP_DOWN);
  FACTS("AWS-5.7", "AWS-6.17", "AWS-13.16");
}

static void append_object(const AwsObject *object, gpointer data) {
  g_string_append_printf(data, "%s %s %s%s%s; ", object->kind, object->name, object->state,
                         object->detail != NULL ? " " : "",
                         object->detail != NULL ? object->detail : "");
}

static void assert_objects(const CloudLab *lab, const char *expected) {
  g_autoptr(GString) text = g_string_new(NULL);
  aws_objects(lab->server, append_object, text);
  cr_assert_str_eq(text->str, expected, "\nis:     %s\nshould: %s", text->str, expected);
}

static void disable(gpointer data) {
  aws_cloud.server->persist(((CloudLab *)data)->server, DESIGN_PERSIST_DISABLE);
}

Test(aws_tables, objects_and_their_states) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &aws_cloud, SETTINGS(", persist_routes: on, modify: 10s"), 1);
  cloud_lab_begin(lab);
  assert_objects(lab, "route-server rs available; association hub associated; "
                      "persist-routes rs enabled; endpoint rs/e1 available; "
                      "propagation hub/app available; peer rs/e1>fw-a available bgp up; ");
  cloud_lab_stop(lab, 0);
  bed_run(bed, sim_time_s(1));
  cloud_lab_lose_part(lab, 0);
  bed_at(bed, sim_time_s(5), disable, lab);
  bed_run(bed, sim_time_s(6));
  assert_objects(lab, "route-server rs modifying; association hub associated; "
                      "persist-routes rs disabling AreRoutesPersisted; endpoint rs/e1 failed; "
                      "propagation hub/app available; peer rs/e1>fw-a available bgp down; ");
  bed_run(bed, sim_time_s(16));
  assert_objects(lab, "route-server rs available; association hub associated; "
                      "persist-routes rs disabled; endpoint rs/e1 failed; "
                      "propagation hub/app available; peer rs/e1>fw-a available bgp down; ");
  FACTS("AWS-1.2", "AWS-1.3", "AWS-1.5", "AWS-1.7", "AWS-1.9", "AWS-1.10", "AWS-1.12");
}
