/* Health checks and the route daemon: when each of them changes its mind, and why. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/nva/nva.h"
#include "support/bed.h"
#include "support/facts.h"

#define MOST_TARGETS 4
#define VIP "10.255.0.1/32"

typedef struct {
  Bed *bed;
  Fabric *fabric;
  Nva *nva;
  gboolean well[MOST_TARGETS];
  RecordId turned_by[MOST_TARGETS];
} Lab;

typedef struct {
  const Lab *lab;
  guint number;
} LabTarget;

static gboolean is_well(gpointer data, RecordId *because) {
  const LabTarget *target = data;
  *because = target->lab->turned_by[target->number];
  return target->lab->well[target->number];
}

/* One appliance that announces VIP while it is healthy, and `targets` things that it checks. */
static Lab *lab_new(Bed *bed, const DesignHealth *health, guint targets) {
  Lab *lab = arena_new0(bed->arena, Lab);
  const NvaAnnouncement vip = {.prefix = bed_prefix(VIP), .healthy_only = TRUE};
  lab->bed = bed;
  lab->fabric = fabric_new(bed->engine);
  Network *hub = network_new(lab->fabric, "hub");
  network_add_prefix(hub, bed_prefix("10.0.0.0/16"));
  DesignHealth *grounded = arena_new0(bed->arena, DesignHealth);
  *grounded = *health;
  DesignNva *design = arena_new0(bed->arena, DesignNva);
  *design = (DesignNva){.head = {.name = "lb-a"},
                        .kind = nva_class_find("router"),
                        .asn = 65010,
                        .legs = {bed_address("10.0.1.4")},
                        .health = grounded,
                        .loop_check = TRUE};
  const NvaConfig config = {
      .design = design, .network = hub, .table = route_table_new(lab->fabric, "hub/a")};
  lab->nva = nva_new(bed->engine, lab->fabric, &config, 1, 0);
  static const Ground grounds[4] = {{BASIS_ASSUMED, "AZ-9.16"},
                                    {BASIS_ASSUMED, "AZ-9.17"},
                                    {BASIS_DOCUMENTED, "AZ-9.13, AZ-9.14"},
                                    {BASIS_ASSUMED, "AZ-9.17"}};
  memcpy(grounded->grounds, grounds, sizeof grounds);
  nva_set_health(lab->nva, health->check.law.a, health->poll.law.a);
  for (guint i = 0; i < targets; i++) {
    LabTarget *which = arena_new0(bed->arena, LabTarget);
    *which = (LabTarget){lab, i};
    const NvaTarget target = {arena_printf(bed->arena, "target/%u", i), is_well, which};
    lab->well[i] = TRUE;
    nva_add_target(lab->nva, &target);
  }
  nva_announce(lab->nva, NULL, &vip, 1);
  nva_begin(lab->nva, FALSE);
  return lab;
}

typedef struct {
  Lab *lab;
  guint target;
  gboolean well;
} Turn;

static void turn(gpointer data) {
  const Turn *to = data;
  to->lab->well[to->target] = to->well;
  to->lab->turned_by[to->target] = engine_cause(to->lab->bed->engine);
  fabric_touch(to->lab->fabric);
}

static void turn_at(Lab *lab, gint64 at_ms, guint target, gboolean well) {
  Turn *to = arena_new0(lab->bed->arena, Turn);
  *to = (Turn){lab, target, well};
  bed_at(lab->bed, sim_time_ms(at_ms), turn, to);
}

/* Seconds at which `object` went up or down for the n-th time; -1: never. */
static double changed_at(const Bed *bed, const char *object, gboolean up, guint n) {
  for (RecordId id = 1; id <= engine_record_count(bed->engine); id++) {
    const TraceRecord *record = engine_record_get(bed->engine, id);
    if (record->kind == &NVA_HEALTH && strcmp(record->object, object) == 0 && record->value == up &&
        n-- == 0)
      return (double)record->at.ns / SIM_SECOND;
  }
  return -1;
}

static const char *stage_of(const Bed *bed, const char *object, gboolean up) {
  for (RecordId id = 1; id <= engine_record_count(bed->engine); id++) {
    const TraceRecord *record = engine_record_get(bed->engine, id);
    if (record->kind == &NVA_HEALTH && strcmp(record->object, object) == 0 && record->value == up)
      return record->stage->fact;
  }
  return NULL;
}

static gboolean is_announced(const Lab *lab) {
  const BgpEntry *entry = bgp_find(nva_speaker(lab->nva), bed_prefix(VIP));
  return entry != NULL && entry->selected_count > 0;
}

static const DesignHealth haproxy = {.check.law.a = {2 * SIM_SECOND},
                                     .fall = 3,
                                     .rise = 2,
                                     .need = 1,
                                     .poll.law.a = {SIM_SECOND},
                                     .poll_fall = 3,
                                     .poll_rise = 1};
static const DesignHealth checks_only = {
    .check.law.a = {2 * SIM_SECOND}, .fall = 3, .rise = 2, .need = 1};

#define assert_within(value, least, most)                                                          \
  cr_assert((value) >= (least) && (value) <= (most), "%s is %g, not within %g and %g", #value,     \
            (double)(value), (double)(least), (double)(most))

/* Every 2 s, three failures in a row: 4 to 6 s by the phase, which does not change. */
Test(health, a_target_is_down_after_fall_failures) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, &checks_only, 1);
  turn_at(lab, 10000, 0, FALSE);
  turn_at(lab, 30000, 0, TRUE);
  turn_at(lab, 51000, 0, FALSE);
  bed_run(bed, sim_time_s(70));
  const double first = changed_at(bed, "target/0", FALSE, 0);
  assert_within(first - 10, 4, 6);
  assert_within(changed_at(bed, "target/0", FALSE, 1) - 51, 4, 6);
  const double apart = changed_at(bed, "target/0", FALSE, 1) - first;
  cr_assert_float_eq(apart / 2, (double)(gint64)(apart / 2 + 0.5), 1e-9);
  cr_assert_str_eq(stage_of(bed, "target/0", FALSE), "AZ-9.16");
  FACTS("AZ-9.16");
}

/* A short failure begins to count, and is over before the next reading: what fails then is to
 * blame. */
Test(health, the_last_reading_decides_and_what_is_behind_that) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, &checks_only, 1);
  const TraceRecord *down;
  turn_at(lab, 10000, 0, FALSE);
  turn_at(lab, 10100, 0, TRUE);
  turn_at(lab, 10200, 0, FALSE);
  bed_run(bed, sim_time_s(30));
  cr_assert_eq(bed_count(bed, &NVA_HEALTH, &down), 1);
  const RecordId cause = down->cause;
  cr_assert_eq(engine_record_get(bed->engine, cause)->at.ns, sim_time_ms(10200).ns);
}

/* Two successes bring a target up, 2 to 4 s. */
Test(health, a_target_is_up_after_rise_successes) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, &checks_only, 1);
  turn_at(lab, 10000, 0, FALSE);
  turn_at(lab, 30000, 0, TRUE);
  bed_run(bed, sim_time_s(60));
  assert_within(changed_at(bed, "target/0", TRUE, 0) - 30, 2, 4);
  cr_assert(is_announced(lab));
  FACTS("AZ-9.17");
}

/* The daemon reads every 1 s and withdraws after three bad readings. */
Test(health, the_daemon_withdraws_after_three_bad_readings) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, &haproxy, 1);
  turn_at(lab, 10000, 0, FALSE);
  bed_run(bed, sim_time_s(40));
  const double down = changed_at(bed, "target/0", FALSE, 0);
  assert_within(changed_at(bed, "announcement", FALSE, 0) - down, 2, 3);
  cr_assert_str_eq(stage_of(bed, "announcement", FALSE), "AZ-9.13, AZ-9.14");
  cr_assert_not(is_announced(lab));
  FACTS("AZ-9.13", "AZ-9.14");
}

/* One good reading announces again. */
Test(health, one_good_reading_announces_again) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, &haproxy, 1);
  turn_at(lab, 10000, 0, FALSE);
  turn_at(lab, 40000, 0, TRUE);
  bed_run(bed, sim_time_s(60));
  const double up = changed_at(bed, "target/0", TRUE, 0);
  assert_within(changed_at(bed, "announcement", TRUE, 0) - up, 0, 1);
  cr_assert(is_announced(lab));
  FACTS("AZ-9.17");
}

/* Failures count in a row: one success between them starts the count anew. */
Test(health, a_short_failure_is_forgotten) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, &haproxy, 1);
  for (gint64 at = 10000; at < 40000; at += 6000) {
    turn_at(lab, at, 0, FALSE);
    turn_at(lab, at + 3900, 0, TRUE); /* two checks at most fall into it */
  }
  bed_run(bed, sim_time_s(60));
  cr_assert_eq(bed_count(bed, &NVA_HEALTH, NULL), 0u);
  cr_assert(is_announced(lab));
}

/* The prefix goes by a rule over the states of all backends. */
Test(health, the_rule_over_targets_decides) {
  static const struct {
    guint need, dead;
    gboolean announced;
  } cases[] = {{1, 3, TRUE},  {1, 4, FALSE}, {2, 2, TRUE},
               {2, 3, FALSE}, {0, 0, TRUE},  {0, 1, FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    DesignHealth health = haproxy;
    health.need = cases[i].need;
    Lab *lab = lab_new(bed, &health, MOST_TARGETS);
    for (guint dead = 0; dead < cases[i].dead; dead++)
      turn_at(lab, 10000, dead, FALSE);
    bed_run(bed, sim_time_s(40));
    cr_assert_eq(is_announced(lab), cases[i].announced, "case %u", i);
  }
  FACTS("AZ-9.15");
}

/* A network that is well costs nothing, however long it runs. */
Test(health, nothing_happens_while_all_is_well) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, &haproxy, MOST_TARGETS);
  bed_run(bed, sim_time_s(1));
  const guint64 events = engine_events(bed->engine);
  bed_run(bed, sim_time_s(1000000));
  cr_assert_eq(engine_events(bed->engine), events);
  cr_assert(is_announced(lab));
}

typedef struct {
  NetNode *node;
  int by;
} Power;

static void power(gpointer data) {
  const Power *to = data;
  net_node_adjust(to->node, NODE_DARK, NULL, to->by);
}

/* The checks die with the power, and afterwards everything has to prove itself again. */
Test(health, after_a_loss_of_power_nothing_is_believed) {
  g_autoptr(Bed) bed = bed_new();
  Lab *lab = lab_new(bed, &checks_only, 1);
  Power off = {nva_node(lab->nva), 1}, on = {nva_node(lab->nva), -1};
  bed_at(bed, sim_time_s(10), power, &off);
  bed_at(bed, sim_time_s(20), power, &on);
  bed_run(bed, sim_time_s(19));
  cr_assert_not(is_announced(lab));
  bed_run(bed, sim_time_s(40));
  cr_assert_eq(changed_at(bed, "target/0", FALSE, 0), -1, "a dead check says nothing");
  assert_within(changed_at(bed, "target/0", TRUE, 0) - 20, 2, 4);
  cr_assert(is_announced(lab));
}
