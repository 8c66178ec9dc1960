/* Azure Route Server on the shared machine. */
#include "routesim/cloud/shipped.h"

#include <criterion/criterion.h>
#include <string.h>

#include "support/cloud_lab.h"
#include "support/facts.h"

#define PREFIX "10.9.0.0/16"

/* ---- the 30 s interval (AZ-6.18, AZ-6.19) ------------------------------------------ */

/* One way through each instance's half of the NICs; both see the same. Programming takes 1 s. */
static CloudLab *lab_new(Bed *bed, guint appliances) {
  CloudLab *lab = cloud_lab_new(bed, &azure_cloud, "{program: 1s}", appliances);
  cr_assert_eq(cloud_lab_table_count(lab), 2);
  return lab;
}

#define BOTH(time, what) time " hub/app@rs/0 " what ", " time " hub/app@rs/1 " what ", "

Test(azure, a_first_change_is_immediate) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, 1);
  cloud_lab_begin(lab);
  cloud_lab_say_at(lab, 100000, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  bed_run(bed, sim_time_s(300));
  cloud_lab_assert_changes(lab, 0, BOTH("101.001", "install fw-a"));
  cr_assert_eq(bed_count(bed, &CLOUD_DAMPED, NULL), 0);
}

Test(azure, an_implicit_replacement_after_quiet_is_immediate) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, 2);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 1, PREFIX, cloud_lab_attributes(lab, 1, 1, -1));
  cloud_lab_begin(lab);
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a");
  /* fw-a makes its path longer than that of fw-b: one UPDATE, one change. */
  cloud_lab_say_at(lab, 100000, 0, PREFIX, cloud_lab_attributes(lab, 0, 2, -1));
  bed_run(bed, sim_time_s(300));
  cloud_lab_assert_changes(lab, 0, BOTH("101.001", "replace fw-b"));
}

Test(azure, withdraw_then_announce_costs_the_interval) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, 1);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  cloud_lab_say_at(lab, 100000, 0, PREFIX, NULL);
  cloud_lab_say_at(lab, 110000, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  bed_run(bed, sim_time_s(300));
  cloud_lab_assert_changes(lab, 0, BOTH("101.001", "remove") BOTH("131.001", "install fw-a"));
  const TraceRecord *damped;
  cr_assert_eq(bed_count(bed, &CLOUD_DAMPED, &damped), 2);
  cr_assert_eq(damped->value, sim_time_s(20).ns);
  cr_assert_eq(damped->at.ns, sim_time_ms(110001).ns);
  /* The change that waited knows what it waited for, and how much of it was the interval. */
  const TraceRecord *programmed;
  bed_count(bed, &CLOUD_PROGRAMMED, &programmed);
  const TraceRecord *released = engine_record_get(bed->engine, programmed->cause);
  cr_assert_eq(released->kind, &CLOUD_RELEASED);
  cr_assert_eq(released->at.ns, sim_time_ms(130001).ns);
  cr_assert_str_eq(released->stage->fact, "AZ-6.18");
  cr_assert_eq(released->stage->basis, BASIS_MEASURED);
  cr_assert_eq(engine_record_get(bed->engine, released->cause)->kind, &CLOUD_DAMPED);
}

/* A change that takes the place of one that waits has waited for the interval, too. */
Test(azure, a_change_that_comes_while_one_waits_knows_the_interval) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, 2);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  cloud_lab_say_at(lab, 100000, 0, PREFIX, NULL);
  cloud_lab_say_at(lab, 110000, 1, PREFIX, cloud_lab_attributes(lab, 1, 2, -1));
  cloud_lab_say_at(lab, 120000, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  bed_run(bed, sim_time_s(300));
  cloud_lab_assert_changes(lab, 0, BOTH("101.001", "remove") BOTH("131.001", "install fw-a"));
  const TraceRecord *programmed;
  bed_count(bed, &CLOUD_PROGRAMMED, &programmed);
  const TraceRecord *released = engine_record_get(bed->engine, programmed->cause);
  cr_assert_eq(released->kind, &CLOUD_RELEASED);
  cr_assert_eq(engine_record_get(bed->engine, released->cause)->at.ns, sim_time_ms(120001).ns);
  cr_assert_not_null(released->stage);
  cr_assert_str_eq(released->stage->fact, "AZ-6.18");
  FACTS("AZ-6.18");
}

Test(azure, exactly_at_the_end_of_the_interval_is_free_again) {
  static const struct {
    gint64 again_ms;
    const char *installed;
  } cases[] = {{129999, BOTH("131.001", "install fw-a")},
               {130000, BOTH("131.001", "install fw-a")},
               {130001, BOTH("131.002", "install fw-a")},
               {190000, BOTH("191.001", "install fw-a")}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = lab_new(bed, 1);
    cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
    cloud_lab_begin(lab);
    cloud_lab_say_at(lab, 100000, 0, PREFIX, NULL);
    cloud_lab_say_at(lab, cases[i].again_ms, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
    bed_run(bed, sim_time_s(300));
    cloud_lab_assert_changes(lab, 102000, cases[i].installed);
  }
}

Test(azure, the_latest_state_is_installed_at_the_end_of_the_wait) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, 3);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  cloud_lab_say_at(lab, 100000, 0, PREFIX, NULL);
  cloud_lab_say_at(lab, 105000, 1, PREFIX, cloud_lab_attributes(lab, 1, 1, -1));
  cloud_lab_say_at(lab, 110000, 1, PREFIX, NULL);
  cloud_lab_say_at(lab, 120000, 2, PREFIX, cloud_lab_attributes(lab, 2, 0, -1));
  cloud_lab_say_at(lab, 125000, 1, PREFIX, cloud_lab_attributes(lab, 1, 0, -1));
  bed_run(bed, sim_time_s(300));
  cloud_lab_assert_changes(lab, 0, BOTH("101.001", "remove") BOTH("131.001", "install fw-b fw-c"));
}

Test(azure, a_wait_for_what_is_there_already_changes_nothing) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, 2);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  cloud_lab_say_at(lab, 100000, 0, PREFIX, NULL);
  cloud_lab_say_at(lab, 110000, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say_at(lab, 115000, 0, PREFIX, NULL);
  bed_run(bed, sim_time_s(139));
  cloud_lab_assert_changes(lab, 0, BOTH("101.001", "remove"));
  /* Nothing was given out at 130 s, so no new interval has begun. */
  cloud_lab_say_at(lab, 140000, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  bed_run(bed, sim_time_s(300));
  cloud_lab_assert_changes(lab, 102000, BOTH("141.001", "install fw-a"));
}

Test(azure, each_prefix_waits_for_itself) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, 1);
  cloud_lab_begin(lab);
  cloud_lab_say_at(lab, 100000, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say_at(lab, 110000, 0, "10.8.0.0/16", cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say_at(lab, 120000, 0, PREFIX, NULL);
  bed_run(bed, sim_time_s(300));
  cloud_lab_assert_changes(lab, 0,
                           BOTH("101.001", "install fw-a") BOTH("111.001", "install fw-a")
                               BOTH("131.001", "remove"));
}

/* Whatever appliances do: two changes of one table and prefix are 30 s apart, and in the end
 * the tables have what was said last. */
Test(azure, changes_are_thirty_seconds_apart_under_any_flapping) {
  for (guint64 round = 0; round < 20; round++) {
    g_autoptr(Bed) bed = bed_new();
    RandomStream random = random_stream(round, 0, "flaps");
    CloudLab *lab = lab_new(bed, 3);
    static const char *const prefixes[] = {PREFIX, "10.8.0.0/16"};
    const BgpAttributes *now[3][2] = {{NULL}};
    cloud_lab_begin(lab);
    gint64 at = 1000;
    for (guint i = 0; i < 60; i++) {
      const guint64 bits = random_bits(&random);
      const guint who = bits % 3, what = bits >> 8 & 1;
      at += (gint64)((bits >> 16) % 15000);
      now[who][what] =
          (bits >> 9 & 3) == 0 ? NULL : cloud_lab_attributes(lab, who, bits >> 11 & 1, -1);
      cloud_lab_say_at(lab, at, who, prefixes[what], now[who][what]);
    }
    bed_run(bed, sim_time_ms(at + 32000));
    SimTime last[2][2] = {{{-SIM_SECOND * 1000}, {-SIM_SECOND * 1000}},
                          {{-SIM_SECOND * 1000}, {-SIM_SECOND * 1000}}};
    guint changes = 0;
    for (RecordId id = 1; id <= engine_record_count(bed->engine); id++) {
      const TraceRecord *record = engine_record_get(bed->engine, id);
      if (record->kind != &CLOUD_PROGRAMMED)
        continue;
      const TableChange *change = record->detail;
      if (!g_str_has_prefix(change->table, "hub/app"))
        continue;
      const guint table = change->table[strlen(change->table) - 1] - '0';
      const guint prefix = prefix_equal(change->prefix, bed_prefix(prefixes[1]));
      cr_assert_geq(record->at.ns - last[table][prefix].ns, sim_time_s(30).ns,
                    "round %u: changes at %.3f and %.3f", (guint)round,
                    sim_time_seconds(last[table][prefix]), sim_time_seconds(record->at));
      last[table][prefix] = record->at;
      changes++;
    }
    cr_assert_gt(changes, 20);
    for (guint what = 0; what < 2; what++) {
      g_autoptr(GString) expected = g_string_new(NULL);
      guint shortest = G_MAXUINT;
      for (guint who = 0; who < 3; who++)
        if (now[who][what] != NULL)
          shortest = MIN(shortest, now[who][what]->as_path_length);
      for (guint who = 0; who < 3; who++)
        if (now[who][what] != NULL && now[who][what]->as_path_length == shortest)
          g_string_append_printf(expected, "%sfw-%c", expected->len > 0 ? " " : "",
                                 'a' + (char)who);
      for (guint table = 0; table < 2; table++)
        cloud_lab_assert_hops(lab, table, prefixes[what],
                              expected->len > 0 ? expected->str : "none");
    }
  }
  FACTS("AZ-6.19");
}

/* ---- two instances ----------------------------------------------------------------- */

static void cut_path(gpointer data) { path_cut(data, +1); }
static void mend_path(gpointer data) { path_cut(data, -1); }

Test(azure, each_instance_falls_back_for_itself) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, 2);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 1, PREFIX, cloud_lab_attributes(lab, 1, 1, -1));
  cloud_lab_begin(lab);
  bed_at(bed, sim_time_s(100), cut_path, lab->appliances[0].paths->pdata[0]);
  bed_run(bed, sim_time_s(200));
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-b");
  cloud_lab_assert_hops(lab, 1, PREFIX, "fw-a"); /* its session with fw-a lives */
  /* The wait of one instance is none of the other's. */
  cloud_lab_say_at(lab, 210000, 1, PREFIX, cloud_lab_attributes(lab, 1, 0, -1));
  cloud_lab_say_at(lab, 215000, 1, PREFIX, NULL);
  bed_run(bed, sim_time_s(300));
  cloud_lab_assert_changes(lab, 200000,
                           "211.001 hub/app@rs/1 replace fw-a fw-b, 216.001 hub/app@rs/0 remove, "
                           "241.001 hub/app@rs/1 replace fw-a, ");
}

Test(azure, nics_are_shared_out_between_the_instances) {
  static const struct {
    const char *settings;
    guint tables, hosts[2];
  } cases[] = {{"{}", 2, {5, 5}},
               {"{nic_share: 30%}", 2, {3, 7}},
               {"{nic_share: 100%}", 1, {10, 0}},
               {"{nic_share: 0%}", 2, {0, 10}}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = cloud_lab_new(bed, &azure_cloud, cases[i].settings, 1);
    cr_assert_eq(cloud_lab_table_count(lab), cases[i].tables, "%s", cases[i].settings);
    for (guint j = 0; j < cases[i].tables; j++)
      cr_assert_eq(subnet_group_hosts(lab->app->subnet, j), cases[i].hosts[j]);
  }
  FACTS("AZ-1.5", "AZ-14.16");
}

Test(azure, a_lost_instance_hands_its_nics_over) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &azure_cloud, "{program: 1s, takeover: 10s}", 2);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(100));
  cloud_lab_lose_part(lab, 0);
  bed_run(bed, sim_time_s(105));
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a"); /* AZ-7.6: they keep what they have */
  /* A change before the take-over reaches only the other half. */
  cloud_lab_say_at(lab, 106000, 1, PREFIX, cloud_lab_attributes(lab, 1, 0, -1));
  bed_run(bed, sim_time_ms(107500));
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a");
  cloud_lab_assert_hops(lab, 1, PREFIX, "fw-a fw-b");
  bed_run(bed, sim_time_s(112));
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a fw-b");
  /* AZ-7.7: now the survivor programs all. */
  cloud_lab_say_at(lab, 140000, 0, PREFIX, NULL);
  bed_run(bed, sim_time_s(142));
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-b");
  cloud_lab_assert_hops(lab, 1, PREFIX, "fw-b");
  /* Back, with sessions, the instance has its NICs again. */
  cloud_lab_return_part(lab, 0);
  bed_run(bed, sim_time_s(300));
  cr_assert_eq(route_server_unit_established(route_server_unit(lab->server, 0)), 2);
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-b");
  bed_at(bed, sim_time_s(301), cut_path, lab->appliances[1].paths->pdata[0]);
  bed_run(bed, sim_time_s(400));
  cloud_lab_assert_hops(lab, 0, PREFIX, "none");
  cloud_lab_assert_hops(lab, 1, PREFIX, "fw-b");
  bed_at(bed, sim_time_s(401), mend_path, lab->appliances[1].paths->pdata[0]);
  bed_run(bed, sim_time_s(600));
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-b");
  FACTS("AZ-7.6", "AZ-7.7");
}

static void assert_hops_of_both(CloudLab *lab, Bed *bed, guint at_ms, const char *first,
                                const char *second) {
  bed_run(bed, sim_time_ms(at_ms));
  cloud_lab_assert_hops(lab, 0, PREFIX, first);
  cloud_lab_assert_hops(lab, 1, PREFIX, second);
}

/* A takeover counts from the loss of what programmed the NICs, whatever ends meanwhile. */
Test(azure, a_take_over_goes_on_while_sessions_end) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &azure_cloud, "{program: 1s, takeover: 20s}", 2);
  for (guint i = 0; i < 2; i++)
    cloud_lab_say(lab, i, PREFIX, cloud_lab_attributes(lab, i, 0, -1));
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(100));
  cloud_lab_lose_part(lab, 0);
  bed_run(bed, sim_time_s(101));
  cloud_lab_stop(lab, 1);
  assert_hops_of_both(lab, bed, 120900, "fw-a fw-b", "fw-a");
  assert_hops_of_both(lab, bed, 121100, "fw-a", "fw-a");
  FACTS("AZ-7.6");
}

/* Nor is a loss shortened by an earlier one that the instance came back from in time. */
Test(azure, a_second_loss_has_a_take_over_of_its_own) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &azure_cloud, "{program: 1s, takeover: 60s}", 2);
  for (guint i = 0; i < 2; i++)
    cloud_lab_say(lab, i, PREFIX, cloud_lab_attributes(lab, i, 0, -1));
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(100));
  cloud_lab_lose_part(lab, 0);
  bed_run(bed, sim_time_s(110));
  cloud_lab_return_part(lab, 0);
  bed_run(bed, sim_time_s(150));
  cr_assert(route_server_unit_is_ready(route_server_unit(lab->server, 0)));
  bed_run(bed, sim_time_s(155));
  cloud_lab_lose_part(lab, 0);
  bed_run(bed, sim_time_s(156));
  cloud_lab_stop(lab, 1);
  assert_hops_of_both(lab, bed, 215900, "fw-a fw-b", "fw-a");
  assert_hops_of_both(lab, bed, 216100, "fw-a", "fw-a");
}

/* The instance is back before its NICs were handed over. What was withdrawn while it was away
 * must go, though it never hears of it. */
Test(azure, an_instance_that_is_back_before_the_take_over) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &azure_cloud, "{program: 1s, takeover: 90s}", 2);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 1, "10.8.0.0/16", cloud_lab_attributes(lab, 1, 0, -1));
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(100));
  cloud_lab_lose_part(lab, 0);
  cloud_lab_say_at(lab, 120000, 0, PREFIX, NULL);
  bed_run(bed, sim_time_s(160));
  cloud_lab_return_part(lab, 0);
  bed_run(bed, sim_time_s(1000));
  for (guint table = 0; table < 2; table++) {
    cloud_lab_assert_hops(lab, table, "10.8.0.0/16", "fw-b");
    cloud_lab_assert_hops(lab, table, PREFIX, "none");
  }
  /* Nor does anything else go, not even for a moment: its table waits for all appliances. */
  for (RecordId id = 1; id <= engine_record_count(bed->engine); id++) {
    const TraceRecord *record = engine_record_get(bed->engine, id);
    cr_assert(record->kind != &CLOUD_PROGRAMMED ||
                  prefix_equal(((const TableChange *)record->detail)->prefix, bed_prefix(PREFIX)),
              "%.3f s: a route changes that nobody changed", sim_time_seconds(record->at));
  }
}

/* Nothing has changed while the instance was away, so its return takes no route away, neither
 * at once nor while it still decides on what its appliances tell it. */
Test(azure, an_instance_that_returns_makes_no_hole) {
  static const char *const settings[] = {"{program: 1s}", "{program: 1s, process: 500ms}"};
  for (guint i = 0; i < 2; i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = cloud_lab_new(bed, &azure_cloud, settings[i], 2);
    cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
    cloud_lab_say(lab, 1, "10.8.0.0/16", cloud_lab_attributes(lab, 1, 0, -1));
    cloud_lab_begin(lab);
    bed_run(bed, sim_time_s(100));
    cloud_lab_lose_part(lab, 0);
    bed_run(bed, sim_time_s(200));
    cloud_lab_return_part(lab, 0);
    bed_run(bed, sim_time_s(1000));
    cr_assert_eq(route_server_unit_established(route_server_unit(lab->server, 0)), 2);
    g_autofree char *changes = cloud_lab_changes(lab, SIM_TIME_ZERO);
    cr_assert_str_eq(changes, "", "%s: %s", settings[i], changes);
  }
}

Test(azure, both_instances_lost) {
  static const char *const settings[] = {"{program: 1s}", "{program: 1s, total_loss: flush}"};
  for (guint i = 0; i < 2; i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = cloud_lab_new(bed, &azure_cloud, settings[i], 1);
    cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
    cloud_lab_begin(lab);
    bed_run(bed, sim_time_s(100));
    cloud_lab_lose_part(lab, 0);
    bed_run(bed, sim_time_s(110));
    for (guint table = 0; table < 2; table++)
      cloud_lab_assert_hops(lab, table, PREFIX, "fw-a");
    cloud_lab_lose_part(lab, 1);
    bed_run(bed, sim_time_s(3600)); /* AZ-7.8 */
    for (guint table = 0; table < 2; table++)
      cloud_lab_assert_hops(lab, table, PREFIX, i == 0 ? "fw-a" : "none");
    /* Whatever happened meanwhile: when they are back the tables follow the appliances. */
    cloud_lab_say(lab, 0, PREFIX, NULL);
    cloud_lab_say(lab, 0, "10.8.0.0/16", cloud_lab_attributes(lab, 0, 0, -1));
    cloud_lab_return_part(lab, 0);
    cloud_lab_return_part(lab, 1);
    bed_run(bed, sim_time_s(3900));
    for (guint table = 0; table < 2; table++) {
      cloud_lab_assert_hops(lab, table, PREFIX, "none");
      cloud_lab_assert_hops(lab, table, "10.8.0.0/16", "fw-a");
    }
  }
  FACTS("AZ-7.8");
}

/* ---- what is planned and advertised ------------------------------------------------ */

Test(azure, equal_paths_share_up_to_the_limit) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &azure_cloud, "{max_paths: 3}", 5);
  for (guint i = 0; i < 5; i++)
    cloud_lab_say(lab, 4 - i, PREFIX, cloud_lab_attributes(lab, 4 - i, i == 3 ? 1 : 0, 100 - i));
  cloud_lab_begin(lab);
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a fw-c fw-d"); /* by name; fw-b's path is longer */
  FACTS("AZ-6.12", "AZ-14.10");
}

/* An address that is nobody's in BGP. */
Test(azure, one_next_hop_is_used_once) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, 3);
  for (guint i = 0; i < 3; i++) {
    BgpAttributes *attributes = arena_new0(bed->arena, BgpAttributes);
    if (i < 2)
      attributes->next_hop = bed_address("10.0.2.100"); /* an internal load balancer */
    cloud_lab_say(lab, i, PREFIX, attributes);
  }
  cloud_lab_begin(lab);
  cloud_lab_assert_hops(lab, 1, PREFIX, "10.0.2.100 fw-c");
  FACTS("AZ-5.13");
}

Test(azure, the_networks_own_ranges_are_not_injected) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, 1);
  static const struct {
    const char *prefix, *hops;
  } cases[] = {{"10.0.0.0/16", "none"},
               {"10.0.1.0/24", "none"},
               {"10.0.0.0/15", "fw-a"},
               {"10.1.0.0/16", "fw-a"},
               {"0.0.0.0/0", "fw-a"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    cloud_lab_say(lab, 0, cases[i].prefix, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    cloud_lab_assert_hops(lab, 0, cases[i].prefix, cases[i].hops); /* AZ-6.4 */
  FACTS("AZ-6.4");
}

Test(azure, no_ipv6) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, 1);
  cloud_lab_begin(lab);
  cloud_lab_say_at(lab, 1000, 0, "fd00:9::/48", cloud_lab_attributes(lab, 0, 0, -1));
  bed_run(bed, sim_time_s(10));
  const TraceRecord *refused;
  cr_assert_eq(bed_count(bed, &BGP_REFUSED, &refused), 2);
  cr_assert(strstr(refused->detail, "AZ-1.11") != NULL);
  cloud_lab_assert_hops(lab, 0, "fd00:9::/48", "none");
}

static gboolean has_route(const CloudLab *lab, guint appliance, const char *prefix) {
  const BgpEntry *entry = bgp_find(lab->appliances[appliance].speaker, bed_prefix(prefix));
  for (guint i = 0; entry != NULL && i < entry->selected_count; i++)
    if (entry->selected[i]->source != NULL)
      return TRUE;
  return FALSE;
}

Test(azure, what_appliances_are_told) {
  for (guint branch = 0; branch < 2; branch++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = cloud_lab_new(bed, &azure_cloud,
                                  branch ? "{branch_to_branch: on}" : "{branch_to_branch: off}", 2);
    cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
    cloud_lab_begin(lab);
    cr_assert(has_route(lab, 0, "10.0.0.0/16"), "AZ-5.1");
    cr_assert(has_route(lab, 1, "10.0.0.0/16"));
    cr_assert_eq((guint)has_route(lab, 1, PREFIX), branch, "AZ-5.2 to AZ-5.4");
    cr_assert_not(has_route(lab, 0, PREFIX));
  }
}

/* Its own; more than two bytes; reserved ones. */
Test(azure, as_numbers_that_may_not_peer) {
  static const struct {
    guint32 asn;
    gboolean refused;
  } cases[] = {{65515, TRUE}, {8074, TRUE},   {8075, TRUE},        {12076, TRUE},  {65517, TRUE},
               {65520, TRUE}, {23456, TRUE},  {64496, TRUE},       {64511, TRUE},  {65535, TRUE},
               {65551, TRUE}, {65536, TRUE},  {4200000000u, TRUE}, {65001, FALSE}, {64512, FALSE},
               {1, FALSE},    {65514, FALSE}, {65516, FALSE},      {65521, FALSE}, {65534, FALSE},
               {64495, FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *why = azure_cloud.checks->refuse_asn(NULL, cases[i].asn);
    cr_assert_eq(why != NULL, cases[i].refused, "%u: %s", cases[i].asn, why);
    cr_assert(why == NULL || strstr(why, "AZ-2.") != NULL);
  }
  FACTS("AZ-2.2", "AZ-2.3", "AZ-2.5");
}

/* One draw for each batch: what an instance gives out at one instant travels together. */
Test(azure, one_programming_delay_for_each_batch) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(bed, &azure_cloud, "{nic_share: 100%}", 1);
  cloud_lab_begin(lab);
  for (guint i = 0; i < 40; i++) {
    const char *prefix = arena_printf(bed->arena, "10.%u.0.0/16", 100 + i);
    cloud_lab_say_at(lab, 1000 + 50000 * (i / 10), 0, prefix, cloud_lab_attributes(lab, 0, 0, -1));
  }
  bed_run(bed, sim_time_s(300));
  g_autoptr(GHashTable) times = g_hash_table_new(NULL, NULL);
  guint changes = 0;
  for (RecordId id = 1; id <= engine_record_count(bed->engine); id++) {
    const TraceRecord *record = engine_record_get(bed->engine, id);
    if (record->kind != &CLOUD_PROGRAMMED)
      continue;
    changes += g_str_has_prefix(((const TableChange *)record->detail)->table, "hub/app");
    g_hash_table_add(times, GSIZE_TO_POINTER((gsize)record->at.ns));
  }
  cr_assert_eq(changes, 40);
  cr_assert_eq(g_hash_table_size(times), 4, "%u moments", g_hash_table_size(times));
}
