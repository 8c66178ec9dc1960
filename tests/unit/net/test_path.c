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
      Trip trip;
      net_node_adjust(pair->nodes[side], cases[i].reason, NULL, +1);
      for (NodeReason reason = 0; reason < NODE_REASONS; reason++)
        cr_assert_eq(net_node_is(pair->nodes[side], reason), reason == cases[i].reason);
      cr_assert_eq(net_node_forwards(pair->nodes[side]), cases[i].forwards);
      cr_assert_eq(path_is_usable(pair->path), cases[i].usable);
      cr_assert_eq(path_is_steady(pair->path), cases[i].steady);
      cr_assert_eq(path_transmit(pair->path, side, &trip), cases[i].sends);
      cr_assert_eq(path_meets_nobody(pair->path, !side, &trip), cases[i].reason == NODE_DARK);
      net_node_adjust(pair->nodes[side], cases[i].reason, NULL, -1);
      cr_assert(net_node_forwards(pair->nodes[side]));
      cr_assert(path_is_usable(pair->path));
      cr_assert(path_is_steady(pair->path));
    }
}

Test(path, overlapping_reasons_are_counted) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  NetNode *node = pair->nodes[0];
  net_node_adjust(node, NODE_CUT, NULL, +1);
  cr_assert_eq(pair->node_calls, 1);
  cr_assert_eq(pair->path_calls, 1);
  net_node_adjust(node, NODE_CUT, NULL, +1); /* the same again changes nothing */
  cr_assert_eq(pair->node_calls, 1);
  cr_assert_eq(pair->path_calls, 1);
  net_node_adjust(node, NODE_DARK, NULL, +1); /* another reason does */
  cr_assert_eq(pair->node_calls, 2);
  net_node_adjust(node, NODE_CUT, NULL, -1); /* one is left */
  cr_assert(net_node_is(node, NODE_CUT));
  cr_assert_eq(pair->node_calls, 2);
  net_node_adjust(node, NODE_CUT, NULL, -1);
  cr_assert_not(net_node_is(node, NODE_CUT));
  cr_assert(path_is_usable(pair->path));
  cr_assert_not(path_is_steady(pair->path), "still dark");
  cr_assert_eq(pair->node_calls, 3);
  net_node_adjust(node, NODE_DARK, NULL, -1);
  cr_assert(path_is_steady(pair->path));
  cr_assert_eq(pair->node_calls, 4);
  cr_assert_eq(pair->path_calls, 4);
}

Test(path, taking_away_what_is_not_there_aborts, .signal = SIGABRT) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  net_node_adjust(pair->nodes[0], NODE_CUT, NULL, +1);
  net_node_adjust(pair->nodes[0], NODE_DARK, NULL, -1);
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
  net_node_adjust(pair->nodes[1], NODE_CONTROL_CUT, NULL, +1);
  path_cut(pair->path, -1);
  cr_assert_not(path_is_usable(pair->path));
  net_node_adjust(pair->nodes[1], NODE_CONTROL_CUT, NULL, -1);
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
  net_node_adjust(pair->nodes[0], NODE_CUT, NULL, +1);
  cr_assert_eq(calls, 1);
  cr_assert_not(path_is_usable(other));
  net_node_adjust(pair->nodes[1], NODE_CUT, NULL, +1);
  cr_assert_eq(calls, 1, "the other path does not touch this node");
}

/* ---- because of what ---------------------------------------------------------------- */

/* One thing that happens to a pair, at a second of its own: bed_at() makes record n of the n-th. */
typedef struct {
  Pair *pair;
  guint side;
  NodeReason reason;
  gconstpointer holder;
  int by;
  const Impairment *impairment;
} Happening;

static void happen(gpointer data) {
  const Happening *what = data;
  if (what->impairment != NULL && what->by > 0)
    path_impair(what->pair->path, what->impairment);
  else if (what->impairment != NULL)
    path_unimpair(what->pair->path, what->impairment);
  else
    net_node_adjust(what->pair->nodes[what->side], what->reason, what->holder, what->by);
}

static const char one[] = "one", two[] = "two";

static void run_happenings(Bed *bed, Pair *pair, Happening *list, guint count) {
  for (guint i = 0; i < count; i++) {
    list[i].pair = pair;
    bed_at(bed, sim_time_s(i + 1), happen, &list[i]);
  }
}

static PacketFate fate_of(const Engine *engine, const GArray *met, SimTime slack, RecordId *by) {
  return packet_fate(engine, met, slack, by);
}

/* 0: nothing. */
static RecordId kept_away_by(const Bed *bed, const Trip *trip) {
  RecordId by;
  return trip->hindrances == NULL ||
                 fate_of(bed->engine, trip->hindrances, sim_time_ms(1), &by) == PACKET_IN_TIME
             ? 0
             : by;
}

/* What keeps a packet of side 0 away after each second. */
static void assert_lost_by(Bed *bed, Pair *pair, const RecordId *expected, guint count) {
  Trip trip;
  for (guint second = 1; second <= count; second++) {
    bed_run(bed, sim_time_s(second));
    cr_assert_eq(path_transmit(pair->path, 0, &trip), expected[second - 1] == 0);
    const RecordId by = kept_away_by(bed, &trip);
    cr_assert_eq(by, expected[second - 1], "after %u s: %u", second, by);
    cr_assert_eq(trip.nominal.ns, sim_time_ms(1).ns);
  }
}

Test(path, of_overlapping_isolations_the_first_that_still_holds_keeps_a_packet_away) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  Happening list[] = {
      {.side = 0, .reason = NODE_CONTROL_CUT, .holder = one, .by = +1},
      {.side = 0, .reason = NODE_CONTROL_CUT, .holder = two, .by = +1},
      {.side = 1, .reason = NODE_CUT, .holder = one, .by = +1},
      {.side = 0, .reason = NODE_CONTROL_CUT, .holder = one, .by = -1}, /* 2 still holds */
      {.side = 0, .reason = NODE_CONTROL_CUT, .holder = two, .by = -1}, /* 3 still holds */
      {.side = 1, .reason = NODE_NOT_FORWARDING, .holder = one, .by = +1},
      {.side = 1, .reason = NODE_CUT, .holder = one, .by = -1},
  };
  static const RecordId expected[] = {1, 1, 1, 2, 3, 3, 0};
  run_happenings(bed, pair, list, G_N_ELEMENTS(list));
  assert_lost_by(bed, pair, expected, G_N_ELEMENTS(expected));
}

Test(path, of_losses_the_largest_and_of_equal_ones_the_first_keeps_a_packet_away) {
  static const Impairment shaky = {.jitter = {1}}, some = {.loss = 0.0001}, all = {.loss = 1},
                          also_all = {.loss = 1};
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  Happening list[] = {
      {.impairment = &shaky, .by = +1},    {.impairment = &some, .by = +1},
      {.impairment = &all, .by = +1},      {.impairment = &also_all, .by = +1},
      {.impairment = &all, .by = -1},      {.side = 1, .reason = NODE_CUT, .by = +1},
      {.impairment = &also_all, .by = -1},
  };
  static const RecordId expected[] = {0, 0, 3, 3, 4, 4, 6};
  run_happenings(bed, pair, list, G_N_ELEMENTS(list));
  assert_lost_by(bed, pair, expected, G_N_ELEMENTS(expected));
}

Test(path, only_what_takes_something_away_relieves_it) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  static const Impairment shaky = {.jitter = {1}};
  Happening list[] = {
      {.side = 0, .reason = NODE_CUT, .holder = one, .by = +1},
      {.side = 0, .reason = NODE_CUT, .holder = two, .by = +1},
      {.side = 0, .reason = NODE_CUT, .holder = one, .by = -1}, /* it is still cut */
      {.side = 0, .reason = NODE_CUT, .holder = two, .by = -1},
      {.impairment = &shaky, .by = +1},
      {.side = 1, .reason = NODE_NOT_FORWARDING, .by = +1},
      {.side = 1, .reason = NODE_NOT_FORWARDING, .by = -1}, /* no matter to control traffic */
      {.impairment = &shaky, .by = -1},
  };
  static const RecordId relieved[] = {0, 0, 0, 4, 4, 4, 4, 8};
  run_happenings(bed, pair, list, G_N_ELEMENTS(list));
  for (guint second = 1; second <= G_N_ELEMENTS(relieved); second++) {
    bed_run(bed, sim_time_s(second));
    cr_assert_eq(path_relieved_since(pair->path, 0), relieved[second - 1], "after %u s", second);
  }
}

/* A session was lost by the first event and opens anew: because of whichever end's process came
 * back last, and where neither went away, because of that event alone. */
Test(path, a_session_opens_anew_because_of_the_process_that_came_back_last) {
  static const struct {
    Relief returned[2];
    RecordId by;
  } cases[] = {
      {{{0, {0}}, {0, {0}}}, 1},
      {{{2, {2 * SIM_SECOND}}, {0, {0}}}, 2},
      {{{0, {0}}, {2, {2 * SIM_SECOND}}}, 2},
      {{{3, {3 * SIM_SECOND}}, {2, {2 * SIM_SECOND}}}, 3},
      {{{2, {2 * SIM_SECOND}}, {3, {3 * SIM_SECOND}}}, 3},
  };
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  Happening list[] = {
      /* of three events: what they do is no matter to the path */
      {.side = 0, .reason = NODE_NOT_FORWARDING, .by = +1},
      {.side = 1, .reason = NODE_NOT_FORWARDING, .by = +1},
      {.side = 1, .reason = NODE_NOT_FORWARDING, .by = -1},
  };
  run_happenings(bed, pair, list, G_N_ELEMENTS(list));
  bed_run(bed, sim_time_s(4));
  const Relief up = {0, SIM_TIME_ZERO};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    cr_assert_eq(path_reopened_by(pair->path, 1, up, cases[i].returned), cases[i].by, "case %u", i);
}

/* Traffic does not see an isolation of the control plane; what passes nothing on does so since the
 * first of what keeps it from it, and passes on since the last of that ended. */
Test(path, a_node_tells_since_when_it_forwards_or_does_not) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  const NetNode *node = pair->nodes[0];
  Happening list[] = {
      {.reason = NODE_NOT_FORWARDING, .holder = one, .by = +1},
      {.reason = NODE_DARK, .holder = two, .by = +1},
      {.reason = NODE_CONTROL_CUT, .holder = one, .by = +1},
      {.reason = NODE_NOT_FORWARDING, .holder = one, .by = -1}, /* dark since 2 */
      {.reason = NODE_DARK, .holder = two, .by = -1},
      {.reason = NODE_CONTROL_CUT, .holder = one, .by = -1},
  };
  static const RecordId since[] = {1, 1, 1, 2, 5, 5}, changed[] = {1, 2, 2, 4, 5, 5};
  run_happenings(bed, pair, list, G_N_ELEMENTS(list));
  for (guint second = 1; second <= G_N_ELEMENTS(since); second++) {
    bed_run(bed, sim_time_s(second));
    cr_assert_eq(net_node_forwards_since(node), since[second - 1], "after %u s", second);
    cr_assert_eq(net_node_changed_by(node), changed[second - 1], "after %u s", second);
  }
}

typedef struct {
  const char *what;
  gint64 slack_ms;
  Hindrance met[4];
  PacketFate fate;
  RecordId by;
} Kept;

#define LATE(since, ms)                                                                            \
  {                                                                                                \
    since, { (ms) * 1000000LL }                                                                    \
  }
#define LOST(since)                                                                                \
  { since, SIM_TIME_NEVER }

/* Records 1 to 3 are events of their own, and 4 is what 1 led to. */
static const Kept kept[] = {
    {"all of it is not enough", 6000, {LATE(1, 2000), LATE(2, 4000)}, PACKET_IN_TIME, 0},
    {"the large one", 6000, {LATE(1, 1), LATE(2, 8000)}, KEPT_BY_ONE, 2},
    {"either is enough", 6000, {LATE(1, 8000), LATE(2, 10000)}, KEPT_BY_SEVERAL, 1},
    {"the small one is not", 9000, {LATE(1, 8000), LATE(2, 10000)}, KEPT_BY_ONE, 2},
    {"both halves are needed", 6000, {LATE(1, 5000), LATE(2, 5500)}, KEPT_BY_ONE, 1},
    {"without 1 it is late all the same",
     6000,
     {LATE(1, 10), LATE(2, 5000), LATE(3, 5500)},
     KEPT_BY_ONE,
     2},
    {"any two are enough", 6000, {LATE(1, 4000), LATE(2, 4000), LATE(3, 4000)}, KEPT_BY_SEVERAL, 1},
    {"lost, and in time otherwise", 6000, {LATE(1, 6000), LOST(2)}, KEPT_BY_ONE, 2},
    {"lost, and late otherwise", 6000, {LATE(1, 6001), LOST(2)}, KEPT_BY_SEVERAL, 1},
    {"lost twice", 6000, {LATE(1, 1), LOST(2), LOST(3)}, KEPT_BY_SEVERAL, 2},
    {"lost twice by one event", 6000, {LOST(1), LOST(4)}, KEPT_BY_ONE, 1},
    {"late twice by one event",
     6000,
     {LATE(1, 4000), LATE(2, 1000), LATE(4, 4000)},
     KEPT_BY_ONE,
     1},
};

Test(path, a_packet_is_kept_away_by_that_without_which_it_would_have_been_in_time) {
  static const TraceKind kind = {"event"};
  g_autoptr(Bed) bed = bed_new();
  for (RecordId id = 1; id <= 4; id++) {
    engine_set_cause(bed->engine, id == 4 ? 1 : 0);
    engine_record(bed->engine, &kind, "x", NULL, 0, NULL);
  }
  for (guint i = 0; i < G_N_ELEMENTS(kept); i++) {
    g_autoptr(GArray) met = g_array_new(FALSE, FALSE, sizeof(Hindrance));
    RecordId by = 0;
    for (guint k = 0; k < 4 && kept[i].met[k].since != 0; k++)
      g_array_append_val(met, kept[i].met[k]);
    const PacketFate fate = fate_of(bed->engine, met, sim_time_ms(kept[i].slack_ms), &by);
    cr_assert_eq(fate, kept[i].fate, "%s: %d", kept[i].what, fate);
    cr_assert(fate == PACKET_IN_TIME || by == kept[i].by, "%s: by %u", kept[i].what, by);
  }
}

/* What is asked of a packet that is not sent shifts no draw of those that are. */
Test(path, a_packet_that_would_be_sent_draws_nothing) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_uniform(bed, sim_time_ms(1), sim_time_ms(9)));
  Trip would, first;
  path_would_transmit_but(pair->path, 0, 7, &would);
  cr_assert_not(would.arrives);
  cr_assert_eq(would.hindrances->len, 1);
  cr_assert_eq(g_array_index(would.hindrances, Hindrance, 0).since, 7);
  cr_assert(path_transmit(pair->path, 0, &first));
  cr_assert_eq(first.delay.ns, would.nominal.ns);
}

/* ---- delay, loss, jitter ----------------------------------------------------------- */

Test(path, constant_delay_is_steady_and_never_zero) {
  g_autoptr(Bed) bed = bed_new();
  Trip trip;
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(3)));
  cr_assert(path_transmit(pair->path, 0, &trip));
  cr_assert_eq(trip.delay.ns, sim_time_ms(3).ns);
  cr_assert_eq(path_steady_delay(pair->path).ns, sim_time_ms(3).ns);
  Pair *none = pair_new(bed, bed_constant(bed, SIM_TIME_ZERO));
  cr_assert(path_transmit(none->path, 1, &trip));
  cr_assert_eq(trip.delay.ns, 1);
  cr_assert_eq(path_steady_delay(none->path).ns, 1);
}

Test(path, a_law_is_drawn_for_each_packet_and_is_not_steady) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_uniform(bed, sim_time_ms(10), sim_time_ms(20)));
  double sum = 0;
  cr_assert(path_is_usable(pair->path));
  cr_assert_not(path_is_steady(pair->path));
  for (guint i = 0; i < 10000; i++) {
    Trip trip;
    cr_assert(path_transmit(pair->path, i % 2, &trip));
    cr_assert_geq(trip.delay.ns, sim_time_ms(10).ns);
    cr_assert_leq(trip.delay.ns, sim_time_ms(20).ns);
    sum += sim_time_seconds(trip.delay);
  }
  /* Standard error of the mean of 10,000: 10 ms / sqrt(12 * 10000). */
  cr_assert_float_eq(sum / 10000, 0.015, 4 * 0.010 / sqrt(120000.0));
}

Test(path, impairments_add_up_and_go_again) {
  g_autoptr(Bed) bed = bed_new();
  Pair *pair = pair_new(bed, bed_constant(bed, sim_time_ms(1)));
  static const Impairment slow = {.delay = {50000000}}, slower = {.delay = {7000000}};
  static const Impairment shaky = {.delay = {1000000}, .jitter = {4000000}};
  Trip trip;
  path_impair(pair->path, &slow);
  path_impair(pair->path, &slower);
  path_impair(pair->path, &slow); /* twice the same counts twice */
  cr_assert_eq(pair->path_calls, 3);
  cr_assert(path_is_steady(pair->path), "constant delay alone is steady");
  cr_assert_eq(path_steady_delay(pair->path).ns, sim_time_ms(108).ns);
  cr_assert(path_transmit(pair->path, 1, &trip));
  cr_assert_eq(trip.delay.ns, sim_time_ms(108).ns);
  path_impair(pair->path, &shaky);
  cr_assert_not(path_is_steady(pair->path));
  gint64 least = G_MAXINT64, most = 0;
  for (guint i = 0; i < 2000; i++) {
    cr_assert(path_transmit(pair->path, 0, &trip));
    least = MIN(least, trip.delay.ns);
    most = MAX(most, trip.delay.ns);
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
  Trip trip;
  for (guint round = 0; round < 3; round++) {
    static const double passes[] = {0.7, 0.35, 0};
    const Impairment *const added[] = {&loss, &more, &all};
    guint arrived = 0;
    path_impair(pair->path, added[round]);
    cr_assert(path_is_usable(pair->path));
    cr_assert_not(path_is_steady(pair->path));
    for (guint i = 0; i < 10000; i++)
      arrived += path_transmit(pair->path, i % 2, &trip);
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
  Trip first[2][50];
  for (guint round = 0; round < 2; round++) {
    g_autoptr(Bed) bed = bed_new();
    const Distribution *law = bed_uniform(bed, sim_time_ms(1), sim_time_ms(9));
    Pair *noise = pair_new(bed, law); /* same name, drawn from as well */
    Trip ignored;
    for (guint i = 0; i < round * 17; i++)
      path_transmit(noise->path, 0, &ignored);
    Pair *pair = pair_new(bed, law);
    guint same = 0;
    for (guint i = 0; i < 50; i++) {
      Trip back;
      cr_assert(path_transmit(pair->path, 0, &first[round][i]));
      cr_assert(path_transmit(pair->path, 1, &back));
      same += back.delay.ns == first[round][i].delay.ns;
    }
    cr_assert_eq(same, 0, "both directions draw the same");
  }
  for (guint i = 0; i < 50; i++)
    cr_assert_eq(first[0][i].delay.ns, first[1][i].delay.ns);
}
