/* Balancers: whom they hand flows to, and which open sessions they keep. */
#include <criterion/criterion.h>

#include "routesim/net/fabric.h"
#include "support/bed.h"
#include "support/facts.h"

static const RouteOrigin origin = {"User", 1, FALSE, FALSE};

typedef struct {
  Fabric *fabric;
  Balancer *balancer;
  RouteTable *table;
  Element *members[3];
} Lab;

static void lab_init(Lab *lab, Bed *bed, gboolean fails_open) {
  static const char *const names[] = {"fw-a", "fw-b", "fw-c"};
  const BalancerConfig config = {
      .name = "lb", .keeps_tcp = TRUE, .keeps_udp = FALSE, .fails_open = fails_open};
  lab->fabric = fabric_new(bed->engine);
  Network *network = network_new(lab->fabric, "hub");
  lab->balancer = balancer_new(lab->fabric, &config);
  lab->table = route_table_new(lab->fabric, "app");
  Site *site = site_new(lab->fabric, "dc");
  site_add_prefix(site, bed_prefix("192.168.0.0/16"));
  for (guint i = 0; i < 3; i++) {
    const ElementConfig element = {.name = names[i],
                                   .node = net_node_new(bed->engine, names[i]),
                                   .address = ip_address_v4(0x0A000104u + i),
                                   .network = network};
    lab->members[i] = element_new(lab->fabric, &element);
    site_link(site, lab->members[i]);
    balancer_add(lab->balancer, lab->members[i]);
  }
  const NextHop hop = {.kind = HOP_BALANCER, .balancer = lab->balancer};
  route_table_put(lab->table, bed_prefix("192.168.0.0/16"), &origin, &hop, 1);
}

static Passage walk(const Lab *lab, HashClass hash) {
  Passage passage;
  const Packet packet = {.to = bed_address("192.168.0.1"), .hash = hash};
  fabric_walk_from_table(lab->fabric, lab->table, &packet, &passage);
  return passage;
}

static HashClass known(const Lab *lab, guint32 residue, guint32 modulus, const Element *pinned) {
  return (HashClass){.modulus = 1,
                     .pin_residue = residue,
                     .pin_modulus = modulus,
                     .pinned = {pinned != NULL ? lab->balancer : NULL, pinned}};
}

/* By the hash of the 5-tuple that both directions share. */
Test(balancer, asks_for_the_hash_and_spreads_by_it) {
  g_autoptr(Bed) bed = bed_new();
  Lab lab;
  lab_init(&lab, bed, FALSE);
  const Passage unknown = walk(&lab, (HashClass){0, 1});
  cr_assert_eq(unknown.split, 3);
  cr_assert(unknown.split_pin);
  for (guint i = 0; i < 6; i++) {
    const Passage passage = walk(&lab, known(&lab, i, 6, NULL));
    cr_assert(passage.delivered);
    cr_assert_eq(passage.via[0], lab.members[i % 3]);
    cr_assert_eq(passage.pin_count, 1);
    cr_assert_eq(passage.pins[0].element, lab.members[i % 3]);
    cr_assert_eq(passage.pins[0].balancer, lab.balancer);
  }
  FACTS("AZ-10.5");
}

/* A flow stays with a good member whatever its hash; new ones go to good members only. */
Test(balancer, stays_with_a_good_member) {
  g_autoptr(Bed) bed = bed_new();
  Lab lab;
  lab_init(&lab, bed, FALSE);
  cr_assert_eq(walk(&lab, known(&lab, 0, 3, lab.members[2])).via[0], lab.members[2]);
  balancer_take_out(lab.balancer, lab.members[2], TRUE);
  cr_assert_eq(walk(&lab, known(&lab, 1, 6, lab.members[2])).via[0], lab.members[1]);
  balancer_set_healthy(lab.balancer, lab.members[1], FALSE);
  cr_assert_eq(walk(&lab, known(&lab, 1, 6, lab.members[2])).via[0], lab.members[0]);
  balancer_take_out(lab.balancer, lab.members[2], FALSE);
  cr_assert_eq(walk(&lab, known(&lab, 1, 6, NULL)).via[0], lab.members[2]);
}

/* With all down no new flow; open to all. */
Test(balancer, with_no_good_member) {
  for (guint open = 0; open < 2; open++) {
    g_autoptr(Bed) bed = bed_new();
    Lab lab;
    lab_init(&lab, bed, open == 1);
    for (guint i = 0; i < 3; i++)
      balancer_set_healthy(lab.balancer, lab.members[i], FALSE);
    const Passage passage = walk(&lab, known(&lab, 1, 3, NULL));
    cr_assert_eq(passage.delivered, open == 1);
    if (open == 0)
      cr_assert_eq(passage.reason, DROP_NO_HEALTHY_MEMBER);
  }
  FACTS("AWS-11.11", "AZ-10.4");
}

Test(balancer, keeps_open_sessions_until_they_are_released) {
  g_autoptr(Bed) bed = bed_new();
  Lab lab;
  lab_init(&lab, bed, FALSE);
  balancer_set_healthy(lab.balancer, lab.members[0], FALSE);
  cr_assert(balancer_keeps(lab.balancer, lab.members[0], FALSE));
  cr_assert_not(balancer_keeps(lab.balancer, lab.members[0], TRUE));
  balancer_release(lab.balancer, lab.members[0], TRUE);
  cr_assert_not(balancer_keeps(lab.balancer, lab.members[0], FALSE));
  cr_assert(balancer_keeps(lab.balancer, lab.members[1], FALSE));
  balancer_release(lab.balancer, lab.members[0], FALSE);
  cr_assert(balancer_keeps(lab.balancer, lab.members[0], FALSE));
}

/* The other direction's member where that met this balancer, or a part of the same one; otherwise
 * by this direction's own hash. */
Test(balancer, follows_the_other_direction_only_where_that_met_it) {
  static const BalancerConfig parts = {.name = "part", .part_of = &parts};
  g_autoptr(Bed) bed = bed_new();
  Lab lab;
  lab_init(&lab, bed, FALSE);
  const Balancer *part = balancer_new(lab.fabric, &parts);
  struct {
    const Balancer *met;
    guint member;
  } cases[] = {{lab.balancer, 2}, {part, 1}, {NULL, 1}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const Passage other = {.delivered = TRUE,
                           .pin_count = cases[i].met != NULL,
                           .pins = {{cases[i].met, lab.members[2]}}};
    HashClass hash = known(&lab, 0, 3, NULL);
    hash.other = &other;
    hash.residue = 1;
    hash.modulus = 3;
    const Passage passage = walk(&lab, hash);
    cr_assert_eq(passage.via[0], lab.members[cases[i].member]);
    hash.modulus = 1;
    const Passage unknown = walk(&lab, hash);
    cr_assert_eq(unknown.split, cases[i].met == lab.balancer ? 0 : 3);
    cr_assert_not(unknown.split_pin);
  }
  FACTS("AZ-10.6");
}

Test(balancer, parts_of_one_choose_as_one) {
  g_autoptr(Bed) bed = bed_new();
  Lab lab;
  lab_init(&lab, bed, FALSE);
  const BalancerConfig parts = {.name = "part", .part_of = &lab};
  Balancer *part[2];
  RouteTable *tables[2];
  for (guint i = 0; i < 2; i++) {
    part[i] = balancer_new(lab.fabric, &parts);
    for (guint j = 0; j < 3; j++)
      balancer_add(part[i], lab.members[j]);
    tables[i] = route_table_new(lab.fabric, i == 0 ? "there" : "back");
    const NextHop hop = {.kind = HOP_BALANCER, .balancer = part[i]};
    route_table_put(tables[i], bed_prefix("192.168.0.0/16"), &origin, &hop, 1);
  }
  lab.table = tables[0];
  const Passage there = walk(&lab, known(&lab, 2, 3, NULL));
  HashClass hash = known(&lab, 0, 3, NULL);
  hash.other = &there;
  lab.table = tables[1];
  cr_assert_eq(walk(&lab, hash).via[0], lab.members[2]);
}
