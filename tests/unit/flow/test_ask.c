/* Asking about flows that need not exist: every group of hosts, every equal next hop. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/flow/traffic.h"
#include "support/bed.h"
#include "support/facts.h"

static const RouteOrigin bgp = {"BGP", 2, TRUE, FALSE};
static const RouteOrigin system_route = {"Default", 4, FALSE, FALSE};

typedef struct {
  Bed *bed;
  Fabric *fabric;
  Network *hub;
  Subnet *app;
  RouteTable *groups[3], *behind[3];
  NetNode *nodes[3];
  Element *elements[3];
  Site *dc, *internet;
  Traffic *traffic;
} Lab;

static NextHop to_element(guint index) {
  return (NextHop){.kind = HOP_ELEMENT, .address = ip_address_v4(0x0A000104u + index)};
}

/* Three elements before the site "dc"; hub/app in three groups, the last without hosts. */
static Lab *lab_new(Bed *bed, gboolean stateful) {
  static const guint hosts[] = {2, 3, 0};
  Lab *lab = arena_new0(bed->arena, Lab);
  lab->bed = bed;
  lab->fabric = fabric_new(bed->engine);
  lab->hub = network_new(lab->fabric, "hub");
  network_add_prefix(lab->hub, bed_prefix("10.0.0.0/16"));
  lab->app = subnet_new(lab->hub, "hub/app", bed_prefix("10.0.2.0/24"));
  lab->dc = site_new(lab->fabric, "dc");
  site_add_prefix(lab->dc, bed_prefix("192.168.0.0/16"));
  lab->internet = site_new(lab->fabric, "internet");
  site_add_prefix(lab->internet, bed_prefix("203.0.113.1/32"));
  fabric_set_internet(lab->fabric, lab->internet);
  const NextHop local = {.kind = HOP_LOCAL, .network = lab->hub};
  for (guint i = 0; i < 3; i++) {
    const char *name = arena_printf(bed->arena, "fw-%c", 'a' + (char)i);
    lab->groups[i] = route_table_new(lab->fabric, arena_printf(bed->arena, "app/%u", i));
    subnet_add_group(lab->app, lab->groups[i], hosts[i]);
    lab->nodes[i] = net_node_new(bed->engine, name);
    lab->behind[i] = route_table_new(lab->fabric, name);
    route_table_put(lab->behind[i], bed_prefix("10.0.0.0/16"), &system_route, &local, 1);
    const ElementConfig config = {name,     lab->nodes[i],  to_element(i).address,
                                  lab->hub, lab->behind[i], stateful};
    lab->elements[i] = element_new(lab->fabric, &config);
    site_link(lab->dc, lab->elements[i]);
  }
  lab->traffic = traffic_new(lab->fabric, FALSE, 1, 0);
  return lab;
}

static void lead(RouteTable *table, const char *prefix, guint first, guint count) {
  NextHop hops[3];
  for (guint i = 0; i < count; i++)
    hops[i] = to_element(first + i);
  route_table_put(table, bed_prefix(prefix), &bgp, hops, count);
}

static void note(const FlowFate *fate, gpointer data) {
  GString *out = data;
  if (fate->deliverable)
    g_string_append_printf(out, "%s/%s, ", fate->ways[0]->text, fate->ways[1]->text);
  else
    g_string_append_printf(out, "%s %u, ", drop_reason_name(fate->reason), fate->broken);
}

static void assert_fates(const Lab *lab, TrafficEnd from, TrafficEnd to, const char *expected) {
  g_autoptr(GString) out = g_string_new(NULL);
  traffic_foreach_fate(lab->traffic, &from, &to, note, out);
  cr_assert_str_eq(out->str, expected, "%s, not %s", out->str, expected);
}

Test(ask, every_group_with_hosts_and_every_next_hop_once) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, FALSE);
  const TrafficEnd app = {.subnet = lab->app}, dc = {.site = lab->dc};
  lead(lab->groups[0], "192.168.0.0/16", 0, 3);
  lead(lab->groups[1], "192.168.0.0/16", 1, 1);
  assert_fates(lab, app, dc, "fw-a/fw-a, fw-b/fw-b, fw-c/fw-c, fw-b/fw-b, ");
  assert_fates(lab, dc, app, "fw-a/fw-a, fw-b/fw-b, fw-c/fw-c, fw-b/fw-b, ");
  net_node_adjust(lab->nodes[1], NODE_NOT_FORWARDING, NULL, 1);
  assert_fates(lab, app, dc, "fw-a/fw-a, next-hop-down 0, fw-c/fw-c, next-hop-down 0, ");
}

/* Each direction chooses among equal next hops by itself. */
Test(ask, both_directions_choose_and_stateful_ones_must_agree) {
  for (guint stateful = 0; stateful < 2; stateful++) {
    g_autoptr(Bed) bed = bed_new();
    Lab *lab = lab_new(bed, stateful == 1);
    Subnet *web = subnet_new(lab->hub, "spoke/web", bed_prefix("10.9.0.0/24"));
    RouteTable *table = route_table_new(lab->fabric, "web");
    const TrafficEnd one = {.subnet = lab->app}, other = {.subnet = web};
    subnet_add_group(web, table, 1);
    network_add_prefix(lab->hub, bed_prefix("10.9.0.0/24"));
    lead(lab->groups[0], "10.9.0.0/24", 0, 2);
    lead(lab->groups[1], "10.9.0.0/24", 0, 1);
    lead(table, "10.0.2.0/24", 0, 2);
    for (guint i = 0; i < 3; i++) {
      const NextHop local = {.kind = HOP_LOCAL, .network = lab->hub};
      route_table_put(lab->behind[i], bed_prefix("10.9.0.0/24"), &system_route, &local, 1);
    }
    assert_fates(lab, one, other,
                 stateful == 1
                     ? "fw-a/fw-a, asymmetric 0, asymmetric 0, fw-b/fw-b, fw-a/fw-a, asymmetric 0, "
                     : "fw-a/fw-a, fw-a/fw-b, fw-b/fw-a, fw-b/fw-b, fw-a/fw-a, fw-a/fw-b, ");
  }
  FACTS("AZ-6.14");
}

/* What the cloud's own way out takes out comes back by it; nobody opens a session that way. */
Test(ask, the_internet_answers_but_does_not_call) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, FALSE);
  const TrafficEnd app = {.subnet = lab->app}, internet = {.site = lab->internet};
  const NextHop out = {.kind = HOP_INTERNET};
  for (guint i = 0; i < 2; i++)
    route_table_put(lab->groups[i], bed_prefix("0.0.0.0/0"), &system_route, &out, 1);
  assert_fates(lab, app, internet, "direct/direct, direct/direct, ");
  assert_fates(lab, internet, app, "not-announced 0, not-announced 0, ");
}

Test(ask, the_leg_that_fails_first_tells_the_reason_and_the_look_ups) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, FALSE);
  const TrafficEnd app = {.subnet = lab->app}, dc = {.site = lab->dc},
                   internet = {.site = lab->internet};
  assert_fates(lab, app, dc, "no-route 0, no-route 0, ");
  assert_fates(lab, dc, app, "no-route 1, no-route 1, ");
  assert_fates(lab, dc, internet, "not-announced 0, ");
}

static void check_look_ups(const FlowFate *fate, gpointer data) {
  const Lab *lab = data;
  cr_assert_eq(fate->legs[0].look_up_count, 1);
  cr_assert_eq(fate->legs[0].look_ups[0].table, fate->tables[0]);
  cr_assert_eq(fate->legs[1].look_up_count, 1);
  cr_assert_eq(fate->legs[1].look_ups[0].table, lab->behind[0]);
}

Test(ask, a_walk_tells_which_tables_it_asked) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, FALSE);
  const TrafficEnd app = {.subnet = lab->app}, dc = {.site = lab->dc};
  for (guint i = 0; i < 2; i++)
    lead(lab->groups[i], "192.168.0.0/16", 0, 1);
  traffic_foreach_fate(lab->traffic, &app, &dc, check_look_ups, lab);
}
