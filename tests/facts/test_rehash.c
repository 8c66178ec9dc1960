/* What a changed set of next hops does to flows: exactly, by counting hashes, and in a run. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "support/bed.h"
#include "support/facts.h"
#include "support/story.h"

static const RouteOrigin origin = {"test", 0, TRUE, FALSE};

typedef struct {
  Fabric *fabric;
  RouteTable *table;
  Element *elements[8];
} Lab;

static void lab_init(Lab *lab, Bed *bed, guint buckets) {
  lab->fabric = fabric_new(bed->engine);
  lab->table = route_table_new(lab->fabric, "t");
  route_table_set_buckets(lab->table, buckets);
  for (guint i = 0; i < 8; i++) {
    char name[8];
    g_snprintf(name, sizeof name, "fw-%u", i);
    const ElementConfig config = {.name = name,
                                  .node = net_node_new(bed->engine, name),
                                  .address = ip_address_v4(0x0A000104 + i)};
    lab->elements[i] = element_new(lab->fabric, &config);
    element_serve(lab->elements[i], bed_prefix("192.168.0.1/32"), TRUE);
  }
}

/* The next hops whose bit is set in `mask`. */
static void put(Lab *lab, guint mask) {
  NextHop hops[8];
  guint count = 0;
  for (guint i = 0; i < 8; i++)
    if (mask >> i & 1)
      hops[count++] = (NextHop){.kind = HOP_ELEMENT, .address = element_address(lab->elements[i])};
  route_table_put(lab->table, bed_prefix("192.168.0.1/32"), &origin, hops, count);
}

static const Element *way_of(const Lab *lab, guint32 hash) {
  Passage passage;
  const Packet packet = {.to = bed_address("192.168.0.1"),
                         .hash = {.residue = hash % 840, .modulus = 840}};
  fabric_walk_from_table(lab->fabric, lab->table, &packet, &passage);
  cr_assert(passage.delivered && passage.via_count == 1);
  return passage.via[0];
}

/* Of the 840 values of a hash, how many change their way between two sets although their old way is
 * still there, and how many have an old way that is still there. */
static void count_moves(Lab *lab, guint before, guint after, guint *moved, guint *kept_way) {
  const Element *old[840];
  *moved = *kept_way = 0;
  put(lab, before);
  for (guint32 h = 0; h < 840; h++)
    old[h] = way_of(lab, h);
  put(lab, after);
  for (guint32 h = 0; h < 840; h++)
    for (guint i = 0; i < 8; i++)
      if (old[h] == lab->elements[i] && (after >> i & 1)) {
        (*kept_way)++;
        *moved += way_of(lab, h) != old[h];
      }
}

/* The closed form: of survivors' flows (n-2)/(n-1) move, whichever of the n goes. */
Test(rehash, modulo_moves_most_flows_of_survivors) {
  for (guint n = 2; n <= 8; n++)
    for (guint gone = 0; gone < n; gone++) {
      g_autoptr(Bed) bed = bed_new();
      Lab lab;
      guint moved, kept_way;
      lab_init(&lab, bed, 0);
      cr_assert_eq(840 % (n * (n - 1)), 0, "a hash modulo 840 counts n = %u exactly", n);
      count_moves(&lab, (1u << n) - 1, ((1u << n) - 1) & ~(1u << gone), &moved, &kept_way);
      cr_assert_eq(kept_way, 840 * (n - 1) / n);
      cr_assert_eq(moved * (n - 1), kept_way * (n - 2), "n %u: %u of %u", n, moved, kept_way);
    }
  FACTS("AZ-6.13", "AZ-14.11");
}

Test(rehash, resilient_moves_none_of_them) {
  for (guint n = 2; n <= 8; n++)
    for (guint gone = 0; gone < n; gone++) {
      g_autoptr(Bed) bed = bed_new();
      const guint all = (1u << n) - 1;
      Lab lab;
      guint moved, kept_way, held[8] = {0};
      lab_init(&lab, bed, 120);
      count_moves(&lab, all, all & ~(1u << gone), &moved, &kept_way);
      cr_assert_eq(moved, 0);
      /* It returns, and takes its share of 1/n, no more. */
      count_moves(&lab, all & ~(1u << gone), all, &moved, &kept_way);
      cr_assert_eq(kept_way, 840);
      cr_assert_leq(moved, 840 / 120 * (120 / n + 1));
      for (guint32 h = 0; h < 840; h++)
        for (guint i = 0; i < n; i++)
          held[i] += way_of(&lab, h) == lab.elements[i];
      for (guint i = 0; i < n; i++)
        cr_assert(held[i] >= 840 / 120 * (120 / n) && held[i] <= 840 / 120 * (120 / n + 1));
    }
  FACTS("AZ-6.13");
}

/* The same in a run, within 4 standard deviations of what independent hashes give; up to eight ways
 * at once. Of 120 buckets the second of n next hops has 120/n, or one more where it is among the
 * first that the rest is given to. */
Test(rehash, sessions_on_healthy_nodes) {
  static const guint flows = 12000;
  for (guint n = 3; n <= 8; n++)
    for (guint resilient = 0; resilient < 2; resilient++) {
      g_autoptr(GString) nvas = g_string_new(NULL);
      for (guint i = 0; i < n; i++)
        g_string_append_printf(
            nvas,
            "  fw-%c: {kind: firewall, subnet: hub/a, asn: 65010, peers: {rs: {}}, "
            "advertise: [{prefix: 192.168.0.0/16}]}\n",
            'a' + i);
      g_autofree char *text = g_strdup_printf(
          "name: rehash\nduration: 5m\nmodels: [azure]\n"
          "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "
          "a: {prefix: 10.0.1.0/24, vms: 0}}}}\n"
          "route_servers: {rs: {network: hub, azure: {ecmp_hash: %s}}}\n"
          "sites: {dc: {prefixes: [192.168.0.0/16], via: [fw-a, fw-b, fw-c%s%s%s%s%s]}}\n"
          "traffic: {flows: {from: hub/app, to: dc, flows: %u}}\n"
          "events: [{at: 60s, fail: fw-b, how: silent}]\nnvas:\n%s",
          resilient ? "resilient" : "modulo", n > 3 ? ", fw-d" : "", n > 4 ? ", fw-e" : "",
          n > 5 ? ", fw-f" : "", n > 6 ? ", fw-g" : "", n > 7 ? ", fw-h" : "", flows, nvas->str);
      g_autoptr(Story) story = story_text(text);
      g_autoptr(RunResult) result = story_run(story, "azure", 0);
      const double survivors = (n - 1.0) / n * (n - 2.0) / (n - 1.0);
      const double share =
          resilient ? (120 / n + (1 < 120 % n ? 1 : 0)) / 120.0 : 1.0 / n + survivors;
      const double sigma = sqrt(flows * share * (1 - share));
      cr_assert_float_eq((double)result->rows[0].sessions_broken, flows * share, 4 * sigma,
                         "n %u resilient %u: %u", n, resilient,
                         (guint)result->rows[0].sessions_broken);
    }
  FACTS("AZ-6.12", "AZ-14.10");
}
