/* Owners of addresses and the boundaries on a packet's way. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/net/fabric.h"
#include "support/bed.h"
#include "support/facts.h"

static const RouteOrigin user = {"User", 1, FALSE, FALSE};

/* Two networks, "a" and "b", each with hosts in a subnet "hosts", none in "empty", and an element
 * in "fw"; a site "dc" that covers more than it has; and the Internet. */
typedef struct {
  Bed *bed;
  Fabric *fabric;
  Network *networks[2];
  Subnet *hosts[2], *empty[2], *stands[2];
  RouteTable *tables[2]; /* of the hosts */
  RouteTable *own[2];    /* of the elements */
  Element *elements[2];
  Site *dc, *internet;
  Passage passage;
} Lab;

static void add_network(Lab *lab, guint n, SourceTranslation snat) {
  const char *const names[] = {"a", "b"}, *const appliances[] = {"fw-a", "fw-b"};
  Arena *arena = lab->bed->arena;
  Network *network = lab->networks[n] = network_new(lab->fabric, names[n]);
  network_add_prefix(network, bed_prefix(arena_printf(arena, "10.%u.0.0/16", n)));
  lab->tables[n] = route_table_new(lab->fabric, arena_printf(arena, "%s hosts", names[n]));
  lab->own[n] = route_table_new(lab->fabric, arena_printf(arena, "%s own", appliances[n]));
  lab->hosts[n] = subnet_new(network, arena_printf(arena, "%s/hosts", names[n]),
                             bed_prefix(arena_printf(arena, "10.%u.1.0/24", n)));
  lab->empty[n] = subnet_new(network, arena_printf(arena, "%s/empty", names[n]),
                             bed_prefix(arena_printf(arena, "10.%u.2.0/24", n)));
  lab->stands[n] = subnet_new(network, arena_printf(arena, "%s/fw", names[n]),
                              bed_prefix(arena_printf(arena, "10.%u.3.0/24", n)));
  subnet_add_group(lab->hosts[n], lab->tables[n], 4);
  const ElementConfig config = {.name = appliances[n],
                                .node = net_node_new(lab->bed->engine, appliances[n]),
                                .address = bed_address(arena_printf(arena, "10.%u.3.4", n)),
                                .network = network,
                                .table = lab->own[n],
                                .snat = snat};
  lab->elements[n] = element_new(lab->fabric, &config);
}

static Lab *lab_new(Bed *bed, SourceTranslation snat) {
  Lab *lab = arena_new0(bed->arena, Lab);
  lab->bed = bed;
  lab->fabric = fabric_new(bed->engine);
  for (guint n = 0; n < 2; n++)
    add_network(lab, n, snat);
  lab->dc = site_new(lab->fabric, "dc");
  site_add_prefix(lab->dc, bed_prefix("10.0.0.0/8"));
  lab->internet = site_new(lab->fabric, "internet");
  fabric_set_internet(lab->fabric, lab->internet);
  return lab;
}

static void put(const Lab *lab, RouteTable *table, const char *prefix, HopKind kind, gint n) {
  const NextHop hop = {.kind = kind,
                       .network = kind == HOP_LOCAL ? lab->networks[n] : NULL,
                       .address = kind == HOP_ELEMENT ? element_address(lab->elements[n])
                                                      : (IpAddress){.family = IP_NONE}};
  route_table_put(table, bed_prefix(prefix), &user, &hop, 1);
}

/* "delivered fw-a" or "peering-refuses at p". */
static const char *told(Lab *lab) {
  const Passage *passage = &lab->passage;
  GString *text =
      g_string_new(passage->delivered ? "delivered" : drop_reason_name(passage->reason));
  for (guint i = 0; passage->delivered && i < passage->via_count; i++)
    g_string_append_printf(text, " %s", element_name(passage->via[i]));
  if (!passage->delivered)
    g_string_append_printf(text, " at %s", passage->where.name);
  const char *kept = arena_strdup(lab->bed->arena, text->str);
  g_string_free(text, TRUE);
  return kept;
}

static void assert_walk(Lab *lab, const char *to, const char *expected) {
  const Packet packet = {.from = bed_address("10.0.1.4"), .to = bed_address(to), .hash = {0, 1}};
  fabric_walk_from_subnet(lab->fabric, lab->hosts[0], lab->tables[0], &packet, &lab->passage);
  cr_assert_str_eq(told(lab), expected, "%s: %s, not %s", to, told(lab), expected);
}

Test(walk, every_address_has_one_owner) {
  static const struct {
    const char *address;
    OwnerKind kind;
  } cases[] = {
      {"10.0.1.77", OWNER_HOST},     {"10.0.2.77", OWNER_VACANT},    {"10.0.9.1", OWNER_VACANT},
      {"10.0.3.4", OWNER_ELEMENT},   {"10.0.3.5", OWNER_VACANT},     {"10.9.9.9", OWNER_SITE},
      {"8.8.8.8", OWNER_INTERNET},   {"192.168.0.1", OWNER_NOBODY},  {"172.31.0.1", OWNER_NOBODY},
      {"100.64.0.1", OWNER_NOBODY},  {"224.0.0.1", OWNER_NOBODY},    {"127.0.0.1", OWNER_NOBODY},
      {"169.254.1.1", OWNER_NOBODY}, {"172.32.0.1", OWNER_INTERNET}, {"2600::1", OWNER_INTERNET},
      {"fd00::1", OWNER_NOBODY},     {"10.0.1.0", OWNER_VACANT},     {"10.0.1.3", OWNER_VACANT},
      {"10.0.1.4", OWNER_HOST},      {"10.0.1.254", OWNER_HOST},     {"10.0.1.255", OWNER_VACANT}};
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, SNAT_OFF);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    cr_assert_eq(fabric_owner(lab->fabric, bed_address(cases[i].address)).kind, cases[i].kind, "%s",
                 cases[i].address);
  subnet_add_host(lab->empty[0], bed_address("10.0.2.77"));
  cr_assert_eq(fabric_owner(lab->fabric, bed_address("10.0.2.77")).kind, OWNER_HOST);
  cr_assert_eq(fabric_owner(lab->fabric, bed_address("10.0.2.78")).kind, OWNER_VACANT);
}

Test(walk, a_local_route_delivers_to_what_stands_there) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, SNAT_OFF);
  put(lab, lab->tables[0], "10.0.0.0/16", HOP_LOCAL, 0);
  assert_walk(lab, "10.0.1.9", "delivered");
  assert_walk(lab, "10.0.3.4", "delivered fw-a");
  assert_walk(lab, "10.0.2.9", "no-host at a/empty");
  assert_walk(lab, "10.0.9.9", "no-host at a");
  subnet_adjust_dark(lab->hosts[0], +1);
  assert_walk(lab, "10.0.1.9", "host-down at a/hosts");
  const Packet aside = {.to = bed_address("10.0.1.9"), .hash = {0, 1}, .hosts_aside = TRUE};
  fabric_walk_from_subnet(lab->fabric, lab->hosts[0], lab->tables[0], &aside, &lab->passage);
  cr_assert_str_eq(told(lab), "delivered");
  net_node_adjust(element_node(lab->elements[0]), NODE_NOT_FORWARDING, NULL, +1);
  assert_walk(lab, "10.0.3.4", "next-hop-down at fw-a");
}

/* Of what ended the walk, and not of what else it met: a later change to what it passed before. */
Test(walk, it_tells_what_it_ended_at) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, SNAT_OFF);
  const NetNode *node = element_node(lab->elements[0]);
  const RecordId down = engine_record(bed->engine, &BED_EVENT, "down", NULL, 0, NULL);
  engine_set_cause(bed->engine, down);
  net_node_adjust((NetNode *)node, NODE_NOT_FORWARDING, NULL, +1);
  const RecordId route = engine_record(bed->engine, &BED_EVENT, "route", NULL, 0, NULL);
  engine_set_cause(bed->engine, route);
  put(lab, lab->tables[0], "10.0.0.0/16", HOP_LOCAL, 0);
  put(lab, lab->tables[0], "8.0.0.0/8", HOP_NONE, 0);
  assert_walk(lab, "10.0.3.4", "next-hop-down at fw-a");
  cr_assert_eq(passage_ended_by(&lab->passage), down);
  cr_assert_eq(lab->passage.changed_by, route);
  assert_walk(lab, "8.8.8.8", "blackhole at a hosts");
  cr_assert_eq(passage_ended_by(&lab->passage), route);
  assert_walk(lab, "10.9.9.9", "no-route at a hosts");
  cr_assert_eq(passage_ended_by(&lab->passage), 0, "it was always so");
}

Test(walk, a_peering_carries_what_lies_behind_it) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, SNAT_OFF);
  put(lab, lab->tables[0], "10.0.0.0/8", HOP_LOCAL, 1);
  assert_walk(lab, "10.1.1.9", "peering-refuses at a hosts"); /* there is none */
  Peering *peering = peering_new(lab->fabric, "p", lab->networks[1], lab->networks[0]);
  assert_walk(lab, "10.1.1.9", "delivered");
  assert_walk(lab, "10.1.3.4", "delivered fw-b");
  assert_walk(lab, "10.9.9.9", "peering-refuses at p");   /* the site's */
  assert_walk(lab, "10.0.1.200", "peering-refuses at p"); /* the sender's own network */
  peering_limit(peering, lab->stands[1]);
  assert_walk(lab, "10.1.1.9", "peering-refuses at p");
  assert_walk(lab, "10.1.3.4", "delivered fw-b");
  peering_limit(peering, lab->stands[0]);
  assert_walk(lab, "10.1.3.4", "peering-refuses at p");
  peering_limit(peering, lab->hosts[0]);
  assert_walk(lab, "10.1.3.4", "delivered fw-b");
  peering_set_up(peering, FALSE);
  assert_walk(lab, "10.1.3.4", "peering-refuses at a hosts");
  FACTS("AWS-8.6", "AZ-5.16", "AZ-6.23");
}

/* The route stays chosen, and its packets are dropped. */
Test(walk, a_next_hop_is_here_or_behind_a_peering) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, SNAT_OFF);
  put(lab, lab->tables[0], "10.1.0.0/16", HOP_ELEMENT, 1);
  put(lab, lab->tables[0], "10.0.0.0/8", HOP_ELEMENT, 0);
  put(lab, lab->own[1], "10.1.0.0/16", HOP_LOCAL, 1);
  assert_walk(lab, "10.1.1.9", "next-hop-out-of-reach at a hosts");
  peering_new(lab->fabric, "p", lab->networks[0], lab->networks[1]);
  assert_walk(lab, "10.1.1.9", "delivered fw-b");
  FACTS("AZ-6.23");
}

/* An address of a network, a site or the Internet does not end at who announces a range around it;
 * one that nobody has does, unless a default or wider than anybody's range. */
Test(walk, announcing_is_not_owning) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, SNAT_OFF);
  Element *fw = lab->elements[0];
  put(lab, lab->tables[0], "0.0.0.0/0", HOP_ELEMENT, 0);
  put(lab, lab->own[0], "0.0.0.0/0", HOP_ELEMENT, 0);
  element_serve(fw, bed_prefix("10.0.0.0/8"), TRUE);
  element_serve(fw, bed_prefix("172.16.0.0/12"), TRUE);
  element_serve(fw, bed_prefix("0.0.0.0/0"), TRUE);
  element_serve(fw, bed_prefix("0.0.0.0/1"), TRUE);
  element_serve(fw, bed_prefix("203.0.113.0/24"), TRUE);
  assert_walk(lab, "10.1.1.9", "loop at fw-a");      /* a host's */
  assert_walk(lab, "10.9.9.9", "loop at fw-a");      /* the site's */
  assert_walk(lab, "8.8.8.8", "loop at fw-a");       /* the Internet's */
  assert_walk(lab, "172.20.0.1", "delivered fw-a");  /* nobody's */
  assert_walk(lab, "203.0.113.7", "delivered fw-a"); /* nobody else's */
  assert_walk(lab, "192.168.1.1", "loop at fw-a");
  element_own(fw, bed_prefix("10.9.9.9/32"), TRUE);
  assert_walk(lab, "10.9.9.9", "delivered fw-a");
  put(lab, lab->own[0], "172.20.0.0/16", HOP_ELEMENT, 1); /* it knows better, and cannot */
  assert_walk(lab, "172.20.0.1", "next-hop-out-of-reach at fw-a own");
  put(lab, lab->own[0], "10.1.1.0/24", HOP_NONE, 0);
  assert_walk(lab, "10.1.1.9", "blackhole at fw-a own");
  FACTS("AZ-5.12");
}

/* The cloud's way out answers to the interface that sends; a gateway to interfaces of its network.
 * */
Test(walk, who_gets_out_to_the_internet) {
  for (guint snat = SNAT_OFF; snat <= SNAT_ON; snat++) {
    g_autoptr(Bed) bed = bed_new();
    Lab *lab = lab_new(bed, (SourceTranslation)snat);
    const char *const through[] = {"not-translated at fw-a", "delivered fw-a", "delivered fw-a"};
    put(lab, lab->tables[0], "0.0.0.0/0", HOP_INTERNET, 0);
    assert_walk(lab, "8.8.8.8", "delivered");
    assert_walk(lab, "192.168.1.1", "not-on-internet at a hosts");
    assert_walk(lab, "10.1.1.9", "not-on-internet at a hosts");
    put(lab, lab->tables[0], "0.0.0.0/0", HOP_ELEMENT, 0);
    put(lab, lab->own[0], "0.0.0.0/0", HOP_INTERNET, 0);
    put(lab, lab->own[0], "10.0.0.0/16", HOP_LOCAL, 0);
    assert_walk(lab, "8.8.8.8", through[snat]);
    assert_walk(lab, "10.0.1.9", "delivered fw-a");
    cr_assert_eq(lab->passage.translated[0], snat == SNAT_ON);
    /* A packet that belongs to a session from outside is not translated anew. */
    const Packet answer = {.from = bed_address("10.0.1.4"),
                           .to = bed_address("8.8.8.8"),
                           .hash = {0, 1},
                           .answers = TRUE};
    fabric_walk_from_subnet(lab->fabric, lab->hosts[0], lab->tables[0], &answer, &lab->passage);
    cr_assert_str_eq(told(lab), through[snat]); /* it was translated inwards */
    cr_assert_not(lab->passage.translated[0]);
  }
  FACTS("AWS-5.21", "AZ-6.26");
}

static Element *add_exit(Lab *lab, guint n) {
  const ElementConfig config = {.name = "igw",
                                .node = net_node_new(lab->bed->engine, "igw"),
                                .address = bed_address("169.254.1.1"),
                                .network = lab->networks[n],
                                .table = lab->tables[n],
                                .internet_exit = TRUE};
  Element *exit = element_new(lab->fabric, &config);
  site_link(lab->internet, exit);
  return exit;
}

Test(walk, an_exit_is_for_interfaces_of_its_own_network) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, SNAT_OFF);
  Element *exit = add_exit(lab, 1);
  const NextHop hop = {.kind = HOP_ELEMENT, .address = element_address(exit)};
  peering_new(lab->fabric, "p", lab->networks[0], lab->networks[1]);
  route_table_put(lab->tables[0], bed_prefix("0.0.0.0/0"), &user, &hop, 1);
  assert_walk(lab, "8.8.8.8", "next-hop-out-of-reach at a hosts");
  put(lab, lab->tables[0], "0.0.0.0/0", HOP_ELEMENT, 1);
  route_table_put(lab->own[1], bed_prefix("0.0.0.0/0"), &user, &hop, 1);
  assert_walk(lab, "8.8.8.8", "not-translated at igw"); /* a host of the other network */
  assert_walk(lab, "192.168.1.1", "not-on-internet at igw");
  const Packet own = {
      .from = bed_address("10.1.1.4"), .to = bed_address("8.8.8.8"), .hash = {0, 1}};
  fabric_walk_from_subnet(lab->fabric, lab->hosts[1], lab->own[1], &own, &lab->passage);
  cr_assert_str_eq(told(lab), "delivered igw");
  /* Inwards, to its own network alone. */
  put(lab, lab->tables[1], "10.0.0.0/8", HOP_LOCAL, 1);
  static const char *const cases[][2] = {{"10.1.1.9", "delivered igw"},
                                         {"10.0.1.9", "not-translated at igw"},
                                         {"10.9.9.9", "not-translated at igw"},
                                         {"10.1.2.9", "no-host at b/empty"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const Packet in = {
        .from = bed_address("8.8.8.8"), .to = bed_address(cases[i][0]), .hash = {0, 1}};
    fabric_walk_from_site(lab->fabric, lab->internet, exit, &in, &lab->passage);
    cr_assert_str_eq(told(lab), cases[i][1], "%s: %s", cases[i][0], told(lab));
  }
}

/* What a site announces beyond its hosts, it takes to the Internet itself. */
Test(walk, a_site_may_have_a_way_out_of_its_own) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, SNAT_OFF);
  put(lab, lab->tables[0], "0.0.0.0/0", HOP_ELEMENT, 0);
  site_link(lab->dc, lab->elements[0]);
  assert_walk(lab, "10.9.9.9", "delivered fw-a");
  assert_walk(lab, "8.8.8.8", "no-route at fw-a own");
  site_add_prefix(lab->dc, bed_prefix("0.0.0.0/0"));
  assert_walk(lab, "8.8.8.8", "delivered fw-a");
  assert_walk(lab, "192.168.1.1", "no-route at fw-a own"); /* not the Internet's */
  FACTS("AZ-8.19");
}

/* By its own table what belongs to the networks leaves by the inner leg, the rest by the outer one,
 * whatever the tables of the two subnets say. */
Test(walk, an_appliance_chooses_its_own_leg) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, SNAT_OFF);
  RouteTable *inner = route_table_new(lab->fabric, "inner");
  RouteTable *outer = route_table_new(lab->fabric, "outer");
  const ElementConfig config = {.name = "two",
                                .node = net_node_new(bed->engine, "two"),
                                .address = bed_address("10.0.3.9"),
                                .network = lab->networks[0],
                                .table = inner,
                                .outer = outer};
  Element *two = element_new(lab->fabric, &config);
  element_add_address(two, bed_address("10.0.2.9"));
  const NextHop via = {.kind = HOP_ELEMENT, .address = bed_address("10.0.3.9")};
  route_table_put(lab->tables[0], bed_prefix("0.0.0.0/0"), &user, &via, 1);
  put(lab, outer, "0.0.0.0/0", HOP_INTERNET, 0);
  put(lab, outer, "10.0.0.0/8", HOP_LOCAL, 0);
  put(lab, inner, "10.0.0.0/16", HOP_LOCAL, 0);
  put(lab, inner, "0.0.0.0/0", HOP_NONE, 0);
  assert_walk(lab, "10.0.1.200", "delivered two");
  cr_assert_eq(lab->passage.look_ups[1].table, inner);
  cr_assert_eq(lab->passage.subnet, lab->stands[0]);
  assert_walk(lab, "8.8.8.8", "not-translated at two");
  cr_assert_eq(lab->passage.look_ups[1].table, outer);
  assert_walk(lab, "10.0.2.200", "no-host at a/empty"); /* its outer leg's own subnet */
  cr_assert_eq(lab->passage.look_ups[1].table, outer);
  route_table_put(inner, bed_prefix("10.0.1.0/24"), &user, &via, 1);
  assert_walk(lab, "10.0.1.200", "loop at two");
  subnet_set_on_link(lab->stands[0], TRUE);
  const Packet near = {
      .from = bed_address("10.0.1.4"), .to = bed_address("10.0.3.4"), .hash = {0, 1}};
  fabric_walk_from_subnet(lab->fabric, lab->hosts[0], lab->tables[0], &near, &lab->passage);
  cr_assert_str_eq(told(lab), "delivered two fw-a");
  cr_assert_eq(lab->passage.look_up_count, 1); /* within a subnet no table is asked */
}
