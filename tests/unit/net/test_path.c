/* Nodes with overlapping faults, and the health of the paths between them. */
#include "routesim/net/path.h"

#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>

#include "support/bed.h"

typedef struct {
  Bed *bed;
  NetNode *nodes[2];
  Path *path;
  guint node_calls, path_calls;
} Pair;

static void count_call(gpointer data) { ++*(guint *)data; }

static Pair *pair_new(Bed *bed, const Distribution *delay) {
  Pair *pair = arena_new0(bed->arena, Pair);
  pair->bed = bed;
  pair->nodes[0] = net_node_new(bed->engine, "fw-a");
  pair->nodes[1] = net_node_new(bed->engine, "rs/0");
  pair->path = path_new(bed->engine, "fw-a~rs/0", pair->nodes[0], pair->nodes[1], delay, 1, 0);
  net_node_watch(pair->nodes[0], count_call, &pair->node_calls);
  path_watch(pair->path, count_call, &pair->path_calls);
  return pair;
}

Test(path, names_and_sides) {
  g_autoptr(Bed) bed = bed_new();
  const Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  cr_assert_str_eq(net_node_name(pair->nodes[0]), "fw-a");
  cr_assert_str_eq(path_name(pair->path), "fw-a~rs/0");
  cr_assert_eq(path_node(pair->path, 0), pair->nodes[0]);
  cr_assert_eq(path_node(pair->path, 1), pair->nodes[1]);
}

Test(path, what_each_reason_does_to_node_and_path) {
  static const struct {
    NodeReason reason;
    gboolean forwards, usable, steady, sends;
  } cases[] = {
      /* A packet towards a host without power still travels; nobody takes it. */
      {NODE_DARK, FALSE, TRUE, FALSE, FALSE},
      {NODE_CUT, TRUE, FALSE, FALSE, FALSE},
      {NODE_CONTROL_CUT, TRUE, FALSE, FALSE, FALSE},
      {NODE_NOT_FORWARDING, FALSE, TRUE, TRUE, TRUE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    for (guint side = 0; side < 2; side++) {
      g_autoptr(Bed) bed = bed_new();
      Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
      SimTime delay;
      net_node_adjust(pair->nodes[side], cases[i].reason, +1);
      for (NodeReason reason = 0; reason < NODE_REASONS; reason++)
        cr_assert_eq(net_node_is(pair->nodes[side], reason), reason == cases[i].reason);
      cr_assert_eq(net_node_forwards(pair->nodes[side]), cases[i].forwards);
      cr_assert_eq(path_is_usable(pair->path), cases[i].usable);
      cr_assert_eq(path_is_steady(pair->path), cases[i].steady);
      cr_assert_eq(path_transmit(pair->path, side, &delay), cases[i].sends);
      net_node_adjust(pair->nodes[side], cases[i].reason, -1);
      cr_assert(net_node_forwards(pair->nodes[side]));
      cr_assert(path_is_usable(pair->path));
      cr_assert(path_is_steady(pair->path));
    }
}

Test(path, overlapping_reasons_are_counted) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  NetNode *node = pair->nodes[0];
  net_node_adjust(node, NODE_CUT, +1);
  cr_assert_eq(pair->node_calls, 1);
  cr_assert_eq(pair->path_calls, 1);
  net_node_adjust(node, NODE_CUT, +1); /* the same again changes nothing */
  cr_assert_eq(pair->node_calls, 1);
  cr_assert_eq(pair->path_calls, 1);
  net_node_adjust(node, NODE_DARK, +1); /* another reason does */
  cr_assert_eq(pair->node_calls, 2);
  net_node_adjust(node, NODE_CUT, -1); /* one is left */
  cr_assert(net_node_is(node, NODE_CUT));
  cr_assert_eq(pair->node_calls, 2);
  net_node_adjust(node, NODE_CUT, -1);
  cr_assert_not(net_node_is(node, NODE_CUT));
  cr_assert(path_is_usable(pair->path));
  cr_assert_not(path_is_steady(pair->path), "still dark");
  cr_assert_eq(pair->node_calls, 3);
  net_node_adjust(node, NODE_DARK, -1);
  cr_assert(path_is_steady(pair->path));
  cr_assert_eq(pair->node_calls, 4);
  cr_assert_eq(pair->path_calls, 4);
}

Test(path, taking_away_what_is_not_there_aborts, .signal = SIGABRT) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  net_node_adjust(pair->nodes[0], NODE_CUT, +1);
  net_node_adjust(pair->nodes[0], NODE_DARK, -1);
}

Test(path, mending_what_is_whole_aborts, .signal = SIGABRT) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  path_cut(pair->path, -1);
}

Test(path, cuts_of_the_path_and_of_both_nodes_overlap) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  path_cut(pair->path, +1);
  path_cut(pair->path, +1);
  net_node_adjust(pair->nodes[1], NODE_CONTROL_CUT, +1);
  path_cut(pair->path, -1);
  cr_assert_not(path_is_usable(pair->path));
  net_node_adjust(pair->nodes[1], NODE_CONTROL_CUT, -1);
  cr_assert_not(path_is_usable(pair->path));
  path_cut(pair->path, -1);
  cr_assert(path_is_usable(pair->path));
  cr_assert(path_is_steady(pair->path));
}

Test(path, one_node_tells_all_its_paths) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  NetNode *third = net_node_new(bed->engine, "rs/1");
  Path *other = path_new(bed->engine, "fw-a~rs/1", pair->nodes[0], third,
                         bed_constant(bed, sim_time_ms(1)), 1, 0);
  guint calls = 0;
  path_watch(other, count_call, &calls);
  net_node_adjust(pair->nodes[0], NODE_CUT, +1);
  cr_assert_eq(calls, 1);
  cr_assert_not(path_is_usable(other));
  net_node_adjust(pair->nodes[1], NODE_CUT, +1);
  cr_assert_eq(calls, 1, "the other path does not touch this node");
}

/* ---- who changed it ---------------------------------------------------------------- */

static void cut_first(gpointer data) { net_node_adjust(((Pair *)data)->nodes[0], NODE_CUT, +1); }
static void cut_path(gpointer data) { path_cut(((Pair *)data)->path, +1); }

Test(path, remembers_the_record_that_changed_it) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  cr_assert_eq(path_changed_by(pair->path), 0);
  bed_at(bed, sim_time_s(1), cut_first, pair);
  bed_at(bed, sim_time_s(2), cut_path, pair);
  bed_at(bed, sim_time_s(3), cut_first, pair); /* no change: it was cut */
  bed_run(bed, sim_time_s(1));
  cr_assert_eq(net_node_changed_by(pair->nodes[0]), 1);
  cr_assert_eq(net_node_changed_by(pair->nodes[1]), 0);
  cr_assert_eq(path_changed_by(pair->path), 1);
  bed_run(bed, sim_time_s(5));
  cr_assert_eq(net_node_changed_by(pair->nodes[0]), 1);
  cr_assert_eq(path_changed_by(pair->path), 2);
}

/* ---- delay, loss, jitter ----------------------------------------------------------- */

Test(path, constant_delay_is_steady_and_never_zero) {
  g_autoptr(Bed) bed = bed_new();
  SimTime delay;
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(3)));
  cr_assert(path_transmit(pair->path, 0, &delay));
  cr_assert_eq(delay.ns, sim_time_ms(3).ns);
  cr_assert_eq(path_steady_delay(pair->path).ns, sim_time_ms(3).ns);
  Pair *none = pair_new(bed, bed_constant(bed, SIM_TIME_ZERO));
  cr_assert(path_transmit(none->path, 1, &delay));
  cr_assert_eq(delay.ns, 1);
  cr_assert_eq(path_steady_delay(none->path).ns, 1);
}

Test(path, a_law_is_drawn_for_each_packet_and_is_not_steady) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_uniform(bed, sim_time_ms(10), sim_time_ms(20)));
  double sum = 0;
  cr_assert(path_is_usable(pair->path));
  cr_assert_not(path_is_steady(pair->path));
  for (guint i = 0; i < 10000; i++) {
    SimTime delay;
    cr_assert(path_transmit(pair->path, i % 2, &delay));
    cr_assert_geq(delay.ns, sim_time_ms(10).ns);
    cr_assert_leq(delay.ns, sim_time_ms(20).ns);
    sum += sim_time_seconds(delay);
  }
  /* Standard error of the mean of 10,000: 10 ms / sqrt(12 * 10000). */
  cr_assert_float_eq(sum / 10000, 0.015, 4 * 0.010 / sqrt(120000.0));
}

Test(path, impairments_add_up_and_go_again) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  static const Impairment slow = {.delay = {50000000}}, slower = {.delay = {7000000}};
  static const Impairment shaky = {.delay = {1000000}, .jitter = {4000000}};
  SimTime delay;
  path_impair(pair->path, &slow);
  path_impair(pair->path, &slower);
  path_impair(pair->path, &slow); /* twice the same counts twice */
  cr_assert_eq(pair->path_calls, 3);
  cr_assert(path_is_steady(pair->path), "constant delay alone is steady");
  cr_assert_eq(path_steady_delay(pair->path).ns, sim_time_ms(108).ns);
  cr_assert(path_transmit(pair->path, 1, &delay));
  cr_assert_eq(delay.ns, sim_time_ms(108).ns);
  path_impair(pair->path, &shaky);
  cr_assert_not(path_is_steady(pair->path));
  gint64 least = G_MAXINT64, most = 0;
  for (guint i = 0; i < 2000; i++) {
    cr_assert(path_transmit(pair->path, 0, &delay));
    least = MIN(least, delay.ns);
    most = MAX(most, delay.ns);
  }
  cr_assert_geq(least, sim_time_ms(109).ns);
  cr_assert_leq(most, sim_time_ms(113).ns);
  cr_assert_lt(least, sim_time_ms(110).ns);
  cr_assert_gt(most, sim_time_ms(112).ns);
  path_unimpair(pair->path, &slow);
  path_unimpair(pair->path, &shaky);
  cr_assert(path_is_steady(pair->path));
  cr_assert_eq(path_steady_delay(pair->path).ns, sim_time_ms(58).ns);
  path_unimpair(pair->path, &slower);
  path_unimpair(pair->path, &slow);
  cr_assert_eq(path_steady_delay(pair->path).ns, sim_time_ms(1).ns);
}

Test(path, loss_is_a_share_and_independent_causes_multiply) {
  g_autoptr(Bed) bed = bed_new();
  static const Impairment loss = {.loss = 0.3}, more = {.loss = 0.5}, all = {.loss = 1};
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  SimTime delay;
  for (guint round = 0; round < 3; round++) {
    static const double passes[] = {0.7, 0.35, 0};
    const Impairment *const added[] = {&loss, &more, &all};
    guint arrived = 0;
    path_impair(pair->path, added[round]);
    cr_assert(path_is_usable(pair->path));
    cr_assert_not(path_is_steady(pair->path));
    for (guint i = 0; i < 10000; i++)
      arrived += path_transmit(pair->path, i % 2, &delay);
    const double p = passes[round];
    cr_assert_float_eq(arrived / 10000.0, p, 4 * sqrt(p * (1 - p) / 10000) + 1e-12, "%g of %g",
                       arrived / 10000.0, p);
  }
}

Test(path, removing_an_impairment_that_is_not_there_aborts, .signal = SIGABRT) {
  g_autoptr(Bed) bed = bed_new();
  static const Impairment slow = {.delay = {1}};
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  path_unimpair(pair->path, &slow);
}

/* The luck of a path depends on its name and direction, not on other paths or on when it
 * was made. */
Test(path, draws_belong_to_the_name_and_the_direction) {
  SimTime first[2][50];
  for (guint round = 0; round < 2; round++) {
    g_autoptr(Bed) bed = bed_new();
    const Distribution *law = bed_uniform(bed, sim_time_ms(1), sim_time_ms(9));
    Pair *noise = pair_new(bed, law); /* same name, drawn from as well */
    SimTime ignored;
    for (guint i = 0; i < round * 17; i++)
      path_transmit(noise->path, 0, &ignored);
    Pair *pair = pair_new(bed, law);
    guint same = 0;
    for (guint i = 0; i < 50; i++) {
      SimTime back;
      cr_assert(path_transmit(pair->path, 0, &first[round][i]));
      cr_assert(path_transmit(pair->path, 1, &back));
      same += back.ns == first[round][i].ns;
    }
    cr_assert_eq(same, 0, "both directions draw the same");
  }
  for (guint i = 0; i < 50; i++)
    cr_assert_eq(first[0][i].ns, first[1][i].ns);
}
