/* Health checks: when a change is reported, and that nothing happens otherwise. */
#include "routesim/net/health_check.h"

#include <criterion/criterion.h>

#include "support/bed.h"
#include "support/facts.h"

typedef struct {
  Bed *bed;
  NetNode *node;
  HealthCheck *check;
  SimTime changed_at[8];
  gboolean healthy[8];
  guint changes;
} Lab;

static void changed(gpointer data, gboolean healthy) {
  Lab *lab = data;
  cr_assert_lt(lab->changes, G_N_ELEMENTS(lab->changed_at));
  cr_assert_eq(healthy, health_check_is_healthy(lab->check));
  lab->changed_at[lab->changes] = engine_now(lab->bed->engine);
  lab->healthy[lab->changes++] = healthy;
}

static void break_node(gpointer data) {
  net_node_adjust(((Lab *)data)->node, NODE_NOT_FORWARDING, NULL, +1);
}
static void mend_node(gpointer data) {
  net_node_adjust(((Lab *)data)->node, NODE_NOT_FORWARDING, NULL, -1);
}

static void lab_init(Lab *lab, Bed *bed, gint64 interval_s, gint64 timeout_s, guint unhealthy,
                     guint healthy, guint32 run) {
  static const Stage stage = {"check", BASIS_DOCUMENTED, "RFC 4271"};
  static const Stage *const stages[2] = {&stage, &stage};
  const HealthCheckTimes times = {sim_time_s(interval_s), sim_time_s(timeout_s), unhealthy,
                                  healthy};
  *lab = (Lab){.bed = bed, .node = net_node_new(bed->engine, "fw-a")};
  lab->check =
      health_check_new(bed->engine, "lb/fw-a", lab->node, &times, stages, 1, run, changed, lab);
}

/* 3 misses 5 s apart: 10 to 15 s; 2 misses 10 s apart, and 5 s until the last one is known: 15 to
 * 25 s; back after as many answers as it says, without a time-out. */
Test(health_check, misses_and_answers_in_a_row) {
  static const struct {
    gint64 interval, timeout;
    guint unhealthy, healthy;
    double down_least, down_most, up_least, up_most;
  } cases[] = {
      {5, 0, 3, 3, 10, 15, 10, 15}, {10, 5, 2, 5, 15, 25, 40, 50}, {60, 0, 1, 1, 0, 60, 0, 60}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    double least = G_MAXDOUBLE, most = 0;
    for (guint32 run = 0; run < 200; run++) {
      g_autoptr(Bed) bed = bed_new();
      Lab lab;
      lab_init(&lab, bed, cases[i].interval, cases[i].timeout, cases[i].unhealthy, cases[i].healthy,
               run);
      bed_at(bed, sim_time_s(100), break_node, &lab);
      bed_at(bed, sim_time_s(300), mend_node, &lab);
      bed_run(bed, sim_time_s(600));
      cr_assert_eq(lab.changes, 2);
      const double down = sim_time_seconds(lab.changed_at[0]) - 100,
                   up = sim_time_seconds(lab.changed_at[1]) - 300;
      cr_assert(!lab.healthy[0] && lab.healthy[1]);
      cr_assert(down >= cases[i].down_least && down <= cases[i].down_most, "%g", down);
      cr_assert(up >= cases[i].up_least && up <= cases[i].up_most, "%g", up);
      least = MIN(least, down);
      most = MAX(most, down);
    }
    /* The phase is spread over the whole interval. */
    cr_assert_gt(most - least, 0.9 * (double)cases[i].interval);
  }
  FACTS("AWS-11.9", "AZ-10.3");
}

Test(health_check, a_short_break_is_forgotten) {
  g_autoptr(Bed) bed = bed_new();
  Lab lab;
  lab_init(&lab, bed, 5, 0, 3, 3, 0);
  for (guint i = 0; i < 5; i++) { /* two misses at most each time: never three in a row */
    bed_at(bed, sim_time_s(100 + 60 * i), break_node, &lab);
    bed_at(bed, sim_time_s(109 + 60 * i), mend_node, &lab);
  }
  bed_run(bed, sim_time_s(1000));
  cr_assert_eq(lab.changes, 0);
}

Test(health_check, a_healthy_year_costs_nothing) {
  g_autoptr(Bed) bed = bed_new();
  Lab lab;
  lab_init(&lab, bed, 1, 0, 3, 3, 0);
  bed_run(bed, sim_time_s(365 * 86400));
  cr_assert_eq(engine_events(bed->engine), 0);
}

Test(health_check, what_it_reports_is_due_to_the_break) {
  g_autoptr(Bed) bed = bed_new();
  const TraceRecord *gave_up, *event;
  Lab lab;
  lab_init(&lab, bed, 5, 1, 3, 3, 0);
  bed_at(bed, sim_time_s(100), break_node, &lab);
  bed_run(bed, sim_time_s(200));
  cr_assert_eq(bed_count(bed, &HEALTH_CHECK_GAVE_UP, &gave_up), 1);
  cr_assert_eq(bed_count(bed, &BED_EVENT, &event), 1);
  cr_assert_eq(engine_record_get(bed->engine, gave_up->root), event);
  cr_assert_str_eq(gave_up->stage->name, "check");
}

static void isolate_node(gpointer data) {
  net_node_adjust(((Lab *)data)->node, NODE_CONTROL_CUT, NULL, +1);
}
static void darken_node(gpointer data) {
  net_node_adjust(((Lab *)data)->node, NODE_DARK, NULL, +1);
}

/* The event that kept away the last probe that would still have been answered: of two breaks the
 * one that was there by then, of two that were the first; and never one that the data plane does
 * not see. */
Test(health_check, what_it_reports_is_due_to_what_kept_the_last_probe_away) {
  static const struct {
    gint64 mends_at_s, darkens_at_s, expected_s;
  } cases[] = {{500, 104, 100}, {105, 104, 104}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    const TraceRecord *gave_up;
    Lab lab;
    lab_init(&lab, bed, 5, 1, 3, 3, 0);
    bed_at(bed, sim_time_s(100), break_node, &lab);
    bed_at(bed, sim_time_s(101), isolate_node, &lab);
    bed_at(bed, sim_time_s(cases[i].darkens_at_s), darken_node, &lab);
    bed_at(bed, sim_time_s(cases[i].mends_at_s), mend_node, &lab);
    bed_at(bed, sim_time_s(106), isolate_node, &lab);
    bed_run(bed, sim_time_s(200));
    cr_assert_eq(bed_count(bed, &HEALTH_CHECK_GAVE_UP, &gave_up), 1);
    cr_assert_eq(engine_record_get(bed->engine, gave_up->root)->at.ns,
                 sim_time_s(cases[i].expected_s).ns);
  }
}

static void flap(gpointer data) {
  Lab *lab = data;
  const gboolean down = net_node_is(lab->node, NODE_NOT_FORWARDING);
  net_node_adjust(lab->node, NODE_NOT_FORWARDING, NULL, down ? -1 : +1);
}

/* One that flaps waits longer: after its second loss within the window it takes twice as many
 * answers, after the third three times; a loss long ago does not count. */
Test(health_check, one_that_flaps_is_taken_back_later) {
  static const Stage stage = {"check", BASIS_DOCUMENTED, "AZ-10.7"};
  static const Stage *const stages[2] = {&stage, &stage};
  const HealthCheckTimes times = {sim_time_s(5), SIM_TIME_ZERO, 3, 3,
                                  .flap_window = sim_time_s(300)};
  g_autoptr(Bed) bed = bed_new();
  Lab lab = {.bed = bed, .node = net_node_new(bed->engine, "fw-a")};
  lab.check =
      health_check_new(bed->engine, "lb/fw-a", lab.node, &times, stages, 1, 0, changed, &lab);
  for (guint i = 0; i < 3; i++) {
    bed_at(bed, sim_time_s(100 + 80 * i), flap, &lab);
    bed_at(bed, sim_time_s(130 + 80 * i), flap, &lab);
  }
  bed_at(bed, sim_time_s(1000), flap, &lab);
  bed_at(bed, sim_time_s(1030), flap, &lab);
  bed_run(bed, sim_time_s(1200));
  cr_assert_eq(lab.changes, 8);
  static const guint answers[] = {3, 6, 9, 3};
  for (guint i = 0; i < 4; i++) {
    const gint64 mended = (i < 3 ? 130 + 80 * i : 1030) * SIM_SECOND;
    const gint64 took = lab.changed_at[2 * i + 1].ns - mended;
    cr_assert(lab.healthy[2 * i + 1]);
    cr_assert(took > (answers[i] - 1) * 5 * SIM_SECOND && took <= answers[i] * 5 * SIM_SECOND,
              "loss %u: %g s", i, took / 1e9);
  }
  FACTS("AZ-10.7");
}
