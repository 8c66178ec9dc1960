/* Networks, elements, sites, and the walk of a packet through them. */
#include "routesim/net/fabric.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "support/bed.h"

static const RouteOrigin bgp = {"BGP", 2, TRUE, FALSE};
static const RouteOrigin user = {"User", 1, FALSE, FALSE};

#define ELEMENTS 10

/* A hub with elements at 10.0.1.4 on, each with a table of its own, and a site "dc". */
typedef struct {
  Bed *bed;
  Fabric *fabric;
  Network *hub;
  RouteTable *table; /* of the hosts */
  NetNode *nodes[ELEMENTS];
  Element *elements[ELEMENTS];
  RouteTable *tables[ELEMENTS];
  Site *dc, *internet;
  NetNode *links[ELEMENTS];
  gboolean knows[ELEMENTS];
  Passage passage;
} Lab;

static IpAddress element_ip(guint index) { return ip_address_v4(0x0A000104u + index); }

static gboolean knows(gpointer data, IpAddress address, gboolean last, Prefix *known) {
  (void)last;
  *known = prefix_host(address);
  return *(const gboolean *)data;
}

static Lab *lab_new(Bed *bed, guint elements) {
  Lab *lab = arena_new0(bed->arena, Lab);
  lab->bed = bed;
  lab->fabric = fabric_new(bed->engine);
  lab->hub = network_new(lab->fabric, "hub");
  network_add_prefix(lab->hub, bed_prefix("10.0.0.0/16"));
  lab->table = route_table_new(lab->fabric, "hosts");
  subnet_add_group(subnet_new(lab->hub, "hub/hosts", bed_prefix("10.0.0.0/16")), lab->table, 1);
  lab->dc = site_new(lab->fabric, "dc");
  site_add_prefix(lab->dc, bed_prefix("192.168.0.0/16"));
  lab->internet = site_new(lab->fabric, "internet");
  fabric_set_internet(lab->fabric, lab->internet);
  for (guint i = 0; i < elements; i++) {
    const char *name = arena_printf(bed->arena, "fw-%c", 'a' + (char)i);
    lab->nodes[i] = net_node_new(bed->engine, name);
    lab->tables[i] = route_table_new(lab->fabric, name);
    const ElementConfig config = {name,     lab->nodes[i],  element_ip(i),
                                  lab->hub, lab->tables[i], i % 2 == 0};
    lab->elements[i] = element_new(lab->fabric, &config);
    element_set_knows(lab->elements[i], knows, &lab->knows[i]);
  }
  return lab;
}

static void join(Lab *lab, guint element) {
  lab->links[element] = site_link(lab->dc, lab->elements[element]);
}

static void route_via(RouteTable *table, const char *prefix, guint first, guint count) {
  NextHop hops[ELEMENTS];
  for (guint i = 0; i < count; i++)
    hops[i] = (NextHop){.kind = HOP_ELEMENT, .address = element_ip(first + i)};
  cr_assert(route_table_put(table, bed_prefix(prefix), &bgp, hops, count));
}

static void route_to(const Lab *lab, RouteTable *table, const char *prefix, HopKind kind) {
  const NextHop hop = {.kind = kind, .network = kind == HOP_LOCAL ? lab->hub : NULL};
  cr_assert(route_table_put(table, bed_prefix(prefix), &user, &hop, 1));
}

/* "delivered fw-a fw-b", "link-down fw-a" or "split 2". */
static void assert_passage(const Lab *lab, const char *expected) {
  const Passage *passage = &lab->passage;
  g_autoptr(GString) text = g_string_new(NULL);
  if (passage->split != 0) {
    g_string_printf(text, "split %u", passage->split);
  } else {
    g_string_append(text, passage->delivered ? "delivered" : drop_reason_name(passage->reason));
    for (guint i = 0; i < passage->via_count; i++)
      g_string_append_printf(text, " %s", element_name(passage->via[i]));
    cr_assert(passage->delivered == (passage->reason == DROP_NONE));
  }
  cr_assert_str_eq(text->str, expected, "is: %s, should: %s", text->str, expected);
}

static void assert_walk(Lab *lab, const char *to, guint residue, guint modulus,
                        const char *expected) {
  const Packet packet = {.to = bed_address(to), .hash = {residue, modulus}};
  fabric_walk_from_table(lab->fabric, lab->table, &packet, &lab->passage);
  assert_passage(lab, expected);
}

static void assert_walk_from_dc(Lab *lab, guint element, const char *to, const char *expected) {
  const Packet packet = {.to = bed_address(to), .hash = {0, 1}};
  fabric_walk_from_site(lab->fabric, lab->dc, lab->elements[element], &packet, &lab->passage);
  assert_passage(lab, expected);
}

/* ---- networks and subnets ---------------------------------------------------------- */

Test(fabric, networks_and_subnets) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 0);
  network_add_prefix(lab->hub, bed_prefix("fd00::/48"));
  cr_assert_str_eq(network_name(lab->hub), "hub");
  cr_assert_eq(network_prefix_count(lab->hub), 2);
  cr_assert(prefix_equal(network_prefix(lab->hub, 1), bed_prefix("fd00::/48")));
  cr_assert(network_contains(lab->hub, bed_address("10.0.255.255")));
  cr_assert(network_contains(lab->hub, bed_address("fd00::1")));
  cr_assert_not(network_contains(lab->hub, bed_address("10.1.0.0")));
  Subnet *subnet = subnet_new(lab->hub, "hub/app", bed_prefix("10.0.2.0/24"));
  cr_assert_str_eq(subnet_name(subnet), "hub/app");
  cr_assert(prefix_equal(subnet_prefix(subnet), bed_prefix("10.0.2.0/24")));
  RouteTable *other = route_table_new(lab->fabric, "other");
  subnet_add_group(subnet, lab->table, 30);
  subnet_add_group(subnet, other, 12);
  cr_assert_eq(subnet_group_count(subnet), 2);
  cr_assert_eq(subnet_group_table(subnet, 1), other);
  cr_assert_eq(subnet_group_hosts(subnet, 0), 30);
}

static void count_call(gpointer data) { ++*(guint *)data; }

Test(fabric, dark_subnets_are_counted) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 0);
  Subnet *subnet = subnet_new(lab->hub, "hub/app", bed_prefix("10.0.2.0/24"));
  guint calls = 0;
  fabric_watch(lab->fabric, count_call, &calls);
  cr_assert_not(subnet_is_dark(subnet));
  subnet_adjust_dark(subnet, +1);
  subnet_adjust_dark(subnet, +1);
  subnet_adjust_dark(subnet, -1);
  cr_assert(subnet_is_dark(subnet));
  subnet_adjust_dark(subnet, -1);
  cr_assert_not(subnet_is_dark(subnet));
  cr_assert_geq(calls, 2);
}

Test(fabric, lighting_a_subnet_that_is_lit_aborts, .signal = SIGABRT) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 0);
  subnet_adjust_dark(subnet_new(lab->hub, "hub/app", bed_prefix("10.0.2.0/24")), -1);
}

Test(fabric, nodes_and_links_tell_the_fabric) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 1);
  guint calls = 0;
  join(lab, 0);
  fabric_watch(lab->fabric, count_call, &calls);
  net_node_adjust(lab->nodes[0], NODE_NOT_FORWARDING, NULL, +1);
  cr_assert_eq(calls, 1);
  net_node_adjust(lab->links[0], NODE_CUT, NULL, +1);
  cr_assert_eq(calls, 2);
  cr_assert_str_eq(net_node_name(lab->links[0]), "link/dc/fw-a");
  element_serve(lab->elements[0], bed_prefix("10.100.0.1/32"), TRUE);
  cr_assert_eq(calls, 3);
}

/* ---- one step ---------------------------------------------------------------------- */

Test(fabric, where_a_walk_can_end) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 1);
  assert_walk(lab, "10.0.2.9", 0, 1, "no-route");
  route_to(lab, lab->table, "10.0.0.0/16", HOP_LOCAL);
  assert_walk(lab, "10.0.2.9", 0, 1, "delivered");
  route_to(lab, lab->table, "10.5.0.0/16", HOP_LOCAL);
  assert_walk(lab, "10.5.0.1", 0, 1, "no-route"); /* a local route to what is not there */
  route_to(lab, lab->table, "172.16.0.0/12", HOP_NONE);
  assert_walk(lab, "172.16.0.1", 0, 1, "blackhole");
  route_to(lab, lab->table, "0.0.0.0/0", HOP_INTERNET);
  assert_walk(lab, "203.0.113.1", 0, 1, "delivered");
  assert_walk(lab, "192.168.0.1", 0, 1, "not-on-internet"); /* belongs to the site */
  route_via(lab->table, "192.168.0.0/16", 1 << 20, 1);      /* an address that nobody has */
  assert_walk(lab, "192.168.0.1", 0, 1, "no-such-next-hop");
  route_via(lab->table, "192.168.0.0/16", 5, 1); /* one that hosts have */
  assert_walk(lab, "192.168.0.1", 0, 1, "next-hop-is-a-host");
}

Test(fabric, an_element_delivers_what_it_serves_and_its_own_address) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 1);
  route_via(lab->table, "10.100.0.0/16", 0, 1);
  route_via(lab->table, "10.0.1.4/32", 0, 1);
  assert_walk(lab, "10.100.0.1", 0, 1, "no-route fw-a");
  assert_walk(lab, "10.0.1.4", 0, 1, "delivered fw-a");
  element_serve(lab->elements[0], bed_prefix("10.100.0.1/32"), TRUE);
  assert_walk(lab, "10.100.0.1", 0, 1, "delivered fw-a");
  assert_walk(lab, "10.100.0.2", 0, 1, "no-route fw-a");
  element_serve(lab->elements[0], bed_prefix("10.100.0.1/32"), FALSE);
  assert_walk(lab, "10.100.0.1", 0, 1, "no-route fw-a");
}

Test(fabric, elements_by_address) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 2);
  cr_assert_eq(fabric_element_at(lab->fabric, element_ip(1)), lab->elements[1]);
  cr_assert_null(fabric_element_at(lab->fabric, element_ip(2)));
  cr_assert(element_is_stateful(lab->elements[0]));
  cr_assert_not(element_is_stateful(lab->elements[1]));
  cr_assert_eq(element_node(lab->elements[1]), lab->nodes[1]);
  cr_assert(ip_address_equal(element_address(lab->elements[1]), element_ip(1)));
}

/* Who owns an address is worked out anew once somebody comes to own something. */
Test(fabric, owners_that_come_later) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 1);
  const IpAddress inside = bed_address("10.0.0.200"), outside = bed_address("172.16.0.9");
  Subnet *subnet = subnet_new(lab->hub, "hub/late", bed_prefix("10.0.0.128/25"));
  cr_assert_eq(fabric_owner(lab->fabric, inside).kind, OWNER_VACANT);
  cr_assert(ip_address_equal(subnet_host_address(subnet), bed_address("10.0.0.132")));
  subnet_add_group(subnet, lab->table, 1);
  cr_assert_eq(fabric_owner(lab->fabric, inside).kind, OWNER_HOST);
  cr_assert_eq(fabric_owner(lab->fabric, inside).subnet, subnet);
  element_add_address(lab->elements[0], bed_address("10.0.0.132"));
  cr_assert_eq(fabric_owner(lab->fabric, bed_address("10.0.0.132")).kind, OWNER_ELEMENT);
  cr_assert(ip_address_equal(subnet_host_address(subnet), bed_address("10.0.0.133")));
  cr_assert_eq(fabric_owner(lab->fabric, outside).kind, OWNER_NOBODY);
  site_add_prefix(lab->dc, bed_prefix("172.16.0.0/24"));
  cr_assert_eq(fabric_owner(lab->fabric, outside).site, lab->dc);
}

Test(fabric, a_node_that_does_not_forward) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 1);
  route_via(lab->table, "192.168.0.0/16", 0, 1);
  join(lab, 0);
  assert_walk(lab, "192.168.0.1", 0, 1, "delivered fw-a");
  net_node_adjust(lab->nodes[0], NODE_NOT_FORWARDING, NULL, +1);
  assert_walk(lab, "192.168.0.1", 0, 1, "next-hop-down");
  net_node_adjust(lab->nodes[0], NODE_NOT_FORWARDING, NULL, -1);
  /* Control faults alone leave the data plane as it is. */
  net_node_adjust(lab->nodes[0], NODE_CONTROL_CUT, NULL, +1);
  assert_walk(lab, "192.168.0.1", 0, 1, "delivered fw-a");
}

Test(fabric, links_of_a_site) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 2);
  route_via(lab->table, "192.168.0.0/16", 0, 1);
  assert_walk(lab, "192.168.0.1", 0, 1, "no-route fw-a"); /* no link */
  join(lab, 0);
  assert_walk(lab, "192.168.0.1", 0, 1, "delivered fw-a");
  net_node_adjust(lab->links[0], NODE_CUT, NULL, +1);
  assert_walk(lab, "192.168.0.1", 0, 1, "link-down fw-a");
  net_node_adjust(lab->links[0], NODE_CUT, NULL, -1);
  net_node_adjust(lab->links[0], NODE_DARK, NULL, +1);
  assert_walk(lab, "192.168.0.1", 0, 1, "link-down fw-a");
  net_node_adjust(lab->links[0], NODE_DARK, NULL, -1);
  assert_walk(lab, "192.168.0.1", 0, 1, "delivered fw-a");
}

/* ---- several steps ----------------------------------------------------------------- */

Test(fabric, elements_pass_on_by_their_own_tables) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 3);
  join(lab, 2);
  route_via(lab->table, "192.168.0.0/16", 0, 1);
  route_via(lab->tables[0], "192.168.0.0/16", 1, 1);
  route_via(lab->tables[1], "192.168.0.0/16", 2, 1);
  assert_walk(lab, "192.168.0.1", 0, 1, "delivered fw-a fw-b fw-c");
  net_node_adjust(lab->nodes[1], NODE_NOT_FORWARDING, NULL, +1);
  assert_walk(lab, "192.168.0.1", 0, 1, "next-hop-down fw-a");
}

Test(fabric, a_loop_is_found) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 3);
  route_via(lab->table, "192.168.0.0/16", 0, 1);
  route_via(lab->tables[0], "192.168.0.0/16", 0, 1);
  assert_walk(lab, "192.168.0.1", 0, 1, "loop fw-a");
  route_via(lab->tables[0], "192.168.0.0/16", 1, 1);
  route_via(lab->tables[1], "192.168.0.0/16", 2, 1);
  route_via(lab->tables[2], "192.168.0.0/16", 0, 1);
  assert_walk(lab, "192.168.0.1", 0, 1, "loop fw-a fw-b fw-c");
}

Test(fabric, a_walk_is_at_most_eight_elements_long) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 10);
  route_via(lab->table, "192.168.0.0/16", 0, 1);
  for (guint i = 0; i < 9; i++)
    route_via(lab->tables[i], "192.168.0.0/16", i + 1, 1);
  join(lab, 7);
  assert_walk(lab, "192.168.0.1", 0, 1, "delivered fw-a fw-b fw-c fw-d fw-e fw-f fw-g fw-h");
  Lab *longer = lab_new(bed, 10);
  route_via(longer->table, "192.168.0.0/16", 0, 1);
  for (guint i = 0; i < 9; i++)
    route_via(longer->tables[i], "192.168.0.0/16", i + 1, 1);
  join(longer, 8);
  assert_walk(longer, "192.168.0.1", 0, 1, "too-many-hops fw-a fw-b fw-c fw-d fw-e fw-f fw-g fw-h");
}

/* ---- equal next hops --------------------------------------------------------------- */

Test(fabric, equal_next_hops_split_until_the_hash_is_known) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 5);
  for (guint i = 0; i < 5; i++)
    join(lab, i);
  for (guint count = 2; count <= 5; count++) {
    route_via(lab->table, "192.168.0.0/16", 0, count);
    g_autofree char *split = g_strdup_printf("split %u", count);
    assert_walk(lab, "192.168.0.1", 0, 1, split);
    assert_walk(lab, "192.168.0.1", 0, count + 1, split);
    for (guint modulus = count; modulus <= 60; modulus += count)
      for (guint residue = 0; residue < modulus; residue++) {
        g_autofree char *expected =
            g_strdup_printf("delivered fw-%c", 'a' + (char)(residue % count));
        assert_walk(lab, "192.168.0.1", residue, modulus, expected);
      }
  }
}

Test(fabric, a_split_behind_a_split) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 5);
  for (guint i = 2; i < 5; i++)
    join(lab, i);
  route_via(lab->table, "192.168.0.0/16", 0, 2);
  route_via(lab->tables[0], "192.168.0.0/16", 2, 3);
  route_via(lab->tables[1], "192.168.0.0/16", 2, 1);
  assert_walk(lab, "192.168.0.1", 0, 1, "split 2");
  assert_walk(lab, "192.168.0.1", 0, 2, "split 3"); /* first one taken, three behind it */
  assert_walk(lab, "192.168.0.1", 1, 2, "delivered fw-b fw-c");
  assert_walk(lab, "192.168.0.1", 4, 6, "delivered fw-a fw-d");
  cr_assert_eq(lab->passage.via_count, 2);
}

Test(fabric, a_dead_next_hop_stays_in_the_choice) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 2);
  join(lab, 0);
  join(lab, 1);
  route_via(lab->table, "192.168.0.0/16", 0, 2);
  net_node_adjust(lab->nodes[1], NODE_NOT_FORWARDING, NULL, +1);
  assert_walk(lab, "192.168.0.1", 0, 2, "delivered fw-a");
  assert_walk(lab, "192.168.0.1", 1, 2, "next-hop-down");
}

/* ---- from a site ------------------------------------------------------------------- */

Test(fabric, the_way_back_from_a_site) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 2);
  route_to(lab, lab->tables[0], "10.0.0.0/16", HOP_LOCAL);
  assert_walk_from_dc(lab, 0, "10.0.2.9", "no-route"); /* no link */
  join(lab, 0);
  assert_walk_from_dc(lab, 0, "10.0.2.9", "delivered fw-a");
  assert_walk_from_dc(lab, 0, "10.7.2.9", "no-route fw-a");
  net_node_adjust(lab->links[0], NODE_CUT, NULL, +1);
  assert_walk_from_dc(lab, 0, "10.0.2.9", "link-down");
  net_node_adjust(lab->links[0], NODE_CUT, NULL, -1);
  net_node_adjust(lab->nodes[0], NODE_NOT_FORWARDING, NULL, +1);
  assert_walk_from_dc(lab, 0, "10.0.2.9", "next-hop-down");
}

Test(fabric, between_sites_over_two_elements) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 2);
  Site *branch = site_new(lab->fabric, "branch");
  site_add_prefix(branch, bed_prefix("172.20.0.0/16"));
  join(lab, 0);
  NetNode *link = site_link(branch, lab->elements[1]);
  route_via(lab->tables[0], "172.20.0.0/16", 1, 1);
  assert_walk_from_dc(lab, 0, "172.20.0.1", "delivered fw-a fw-b");
  net_node_adjust(link, NODE_CUT, NULL, +1);
  assert_walk_from_dc(lab, 0, "172.20.0.1", "link-down fw-a fw-b");
}

Test(fabric, a_site_takes_the_first_link_that_is_up_and_knows_a_way) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 3);
  RecordId changed_by = 0;
  const IpAddress to = bed_address("10.0.2.9");
  for (guint i = 0; i < 3; i++)
    join(lab, 2 - i); /* in the order of the links, not of the names */
  cr_assert_null(site_way_to(lab->dc, to, &changed_by));
  lab->knows[0] = lab->knows[1] = TRUE;
  cr_assert_eq(site_way_to(lab->dc, to, &changed_by), lab->elements[1]);
  lab->knows[2] = TRUE;
  cr_assert_eq(site_way_to(lab->dc, to, &changed_by), lab->elements[2]);
  net_node_adjust(lab->links[2], NODE_CUT, NULL, +1);
  cr_assert_eq(site_way_to(lab->dc, to, &changed_by), lab->elements[1]);
  net_node_adjust(lab->links[1], NODE_DARK, NULL, +1);
  cr_assert_eq(site_way_to(lab->dc, to, &changed_by), lab->elements[0]);
  element_set_knows(lab->elements[0], NULL, NULL);
  cr_assert_null(site_way_to(lab->dc, to, &changed_by));
}

Test(fabric, the_longest_prefix_tells_sites_apart) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 1);
  Site *inner = site_new(lab->fabric, "inner");
  site_add_prefix(inner, bed_prefix("192.168.7.0/24"));
  join(lab, 0);
  route_via(lab->table, "192.168.0.0/16", 0, 1);
  assert_walk(lab, "192.168.1.1", 0, 1, "delivered fw-a");
  assert_walk(lab, "192.168.7.1", 0, 1, "no-route fw-a"); /* fw-a has no link to it */
  cr_assert_str_eq(site_name(inner), "inner");
  cr_assert(ip_address_equal(site_address(inner), bed_address("192.168.7.1")));
  Site *host = site_new(lab->fabric, "host");
  site_add_prefix(host, bed_prefix("192.168.8.8/32"));
  cr_assert(ip_address_equal(site_address(host), bed_address("192.168.8.8")));
}

/* ---- who changed it ---------------------------------------------------------------- */

static void fail_a(gpointer data) {
  net_node_adjust(((Lab *)data)->nodes[0], NODE_NOT_FORWARDING, NULL, +1);
}
static void cut_link_a(gpointer data) {
  net_node_adjust(((Lab *)data)->links[0], NODE_CUT, NULL, +1);
}
static void mend_a(gpointer data) {
  net_node_adjust(((Lab *)data)->nodes[0], NODE_NOT_FORWARDING, NULL, -1);
}

Test(fabric, a_walk_names_the_latest_change_that_it_met) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, 2);
  join(lab, 0);
  join(lab, 1);
  route_via(lab->table, "192.168.0.0/16", 0, 2);
  bed_at(bed, sim_time_s(1), fail_a, lab);
  bed_at(bed, sim_time_s(2), cut_link_a, lab);
  bed_at(bed, sim_time_s(3), mend_a, lab);
  bed_run(bed, sim_time_s(2));
  assert_walk(lab, "192.168.0.1", 0, 2, "next-hop-down");
  cr_assert_eq(lab->passage.changed_by, 1, "the link was not met");
  assert_walk(lab, "192.168.0.1", 1, 2, "delivered fw-b");
  cr_assert_eq(lab->passage.changed_by, 0);
  bed_run(bed, sim_time_s(3));
  assert_walk(lab, "192.168.0.1", 0, 2, "link-down fw-a");
  cr_assert_eq(lab->passage.changed_by, 3);
  assert_walk_from_dc(lab, 0, "10.0.2.9", "link-down");
  cr_assert_eq(lab->passage.changed_by, 2);
}
