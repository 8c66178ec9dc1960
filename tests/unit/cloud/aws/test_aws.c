/* AWS VPC Route Server on the shared machine. */
#include "routesim/cloud/shipped.h"

#include <criterion/criterion.h>
#include <string.h>

#include "support/cloud_lab.h"
#include "support/facts.h"

#define PREFIX "192.168.0.0/16"
/* Two endpoints in the appliances' subnet; programming takes 1 s. */
#define SETTINGS(more)                                                                             \
  "{asn: 64512, endpoints: {e1: hub/nva, e2: hub/nva}, propagate_to: [hub/app], program: 1s" more  \
  "}"

static CloudLab *lab_new(Bed *bed, const char *settings, guint appliances) {
  CloudLab *lab = cloud_lab_new(bed, &aws_cloud, settings, appliances);
  cr_assert_eq(cloud_lab_table_count(lab), 1);
  for (guint i = 0; i < appliances; i++)
    cr_assert_eq(lab->appliances[i].sessions->len, 2);
  return lab;
}

static void cut_path(gpointer data) { path_cut(data, +1); }
static void mend_path(gpointer data) { path_cut(data, -1); }

/* ---- the winner -------------------------------------------------------------------- */

/* AS numbers differ, and yet MEDs are compared. Appliance addresses fall with their names: fw-c has
 * the lowest. */
Test(aws, the_winner) {
  static const struct {
    const char *what, *settings;
    guint prepend[3];
    gint64 med[3];
    const char *hops;
  } cases[] = {
      {"AS path before MED", SETTINGS(""), {0, 1, 1}, {100, 0, 0}, "fw-a"},
      {"MED before the address", SETTINGS(""), {1, 1, 1}, {20, 10, 30}, "fw-b"},
      {"no MED counts as 0 (AWS-4.11)", SETTINGS(""), {1, 1, 1}, {0, -1, 5}, "fw-b"},
      {"the lowest address", SETTINGS(""), {0, 0, 0}, {5, 5, 5}, "fw-c"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = lab_new(bed, cases[i].settings, 3);
    for (guint j = 0; j < 3; j++)
      cloud_lab_say(lab, j, PREFIX,
                    cloud_lab_attributes(lab, j, cases[i].prepend[j], cases[i].med[j]));
    cloud_lab_begin(lab);
    cloud_lab_assert_hops(lab, 0, PREFIX, cases[i].hops); /* AWS-4.3, AWS-4.4, AWS-5.1, AWS-13.7 */
    const BgpEntry *entry =
        bgp_find(route_server_unit_speaker(route_server_unit(lab->server, 0)), bed_prefix(PREFIX));
    cr_assert_eq(entry->candidates->len, 6, "AWS-4.1: one for each prefix and peer");
    /* AWS-1.1: one RIB and one AS number, however many endpoints hear. */
    const BgpSpeaker *speaker = route_server_unit_speaker(route_server_unit(lab->server, 0));
    cr_assert_eq(route_server_unit_count(lab->server), 1);
    cr_assert_eq(bgp_speaker_asn(speaker), 64512);
    cr_assert_eq(entry->selected_count, 1);
    cr_assert_str_eq(bgp_peer_local_name(entry->selected[0]->source), "rs/e1", "%s", cases[i].what);
  }
  FACTS("AWS-1.1", "AWS-4.3", "AWS-4.4", "AWS-4.7", "AWS-4.8", "AWS-4.9", "AWS-4.10", "AWS-4.16",
        "AWS-5.1", "AWS-13.6", "AWS-13.7");
}

Test(aws, prefer_oldest_keeps_the_first_winner) {
  for (guint oldest = 0; oldest < 2; oldest++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = lab_new(bed, oldest ? SETTINGS(", prefer_oldest: on") : SETTINGS(""), 3);
    cloud_lab_begin(lab);
    for (guint i = 0; i < 3; i++)
      cloud_lab_say_at(lab, 1000 * (i + 1), i, PREFIX, cloud_lab_attributes(lab, i, 0, -1));
    bed_run(bed, sim_time_s(10));
    cloud_lab_assert_changes(lab, 0,
                             oldest ? "2.001 hub/app install fw-a, "
                                    : "2.001 hub/app install fw-a, 3.001 hub/app replace fw-b, "
                                      "4.001 hub/app replace fw-c, ");
  }
}

Test(aws, no_change_interval) { /* AWS-6.19 */
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, SETTINGS(""), 1);
  cloud_lab_begin(lab);
  for (guint i = 0; i < 4; i++)
    cloud_lab_say_at(lab, 10000 + 2000 * i, 0, PREFIX,
                     i % 2 == 0 ? cloud_lab_attributes(lab, 0, 0, -1) : NULL);
  bed_run(bed, sim_time_s(100));
  cloud_lab_assert_changes(
      lab, 0,
      "11.001 hub/app install fw-a, 13.001 hub/app remove, 15.001 hub/app install fw-a, "
      "17.001 hub/app remove, ");
  FACTS("AWS-6.19");
}

/* Each push draws its own delay, so a later one may arrive before an earlier one, which must
 * not undo it. */
Test(aws, a_late_push_does_not_undo_a_newer_one) {
  guint overtaken = 0;
  for (guint round = 0; round < 20; round++) {
    g_autoptr(Bed) bed = bed_new();
    CloudLab *lab = cloud_lab_new(bed, &aws_cloud,
                                  "{asn: 64512, endpoints: {e1: hub/nva}, propagate_to: [hub/app], "
                                  "program: {uniform: [0s, 10s]}}",
                                  2);
    cloud_lab_begin(lab);
    for (guint i = 0; i < 8; i++) {
      const guint who = i % 2;
      cloud_lab_say_at(lab, 1000 * (round + 1) + 700 * i, who, PREFIX,
                       i % 4 < 2 ? cloud_lab_attributes(lab, who, 0, -1) : NULL);
    }
    cloud_lab_say_at(lab, 1000 * (round + 1) + 6000, 0, PREFIX,
                     cloud_lab_attributes(lab, 0, 0, -1));
    bed_run(bed, sim_time_s(100));
    cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a");
    overtaken += bed_count(bed, &CLOUD_PROGRAMMED, NULL) < 7;
  }
  cr_assert_gt(overtaken, 5, "in %u of 20 rounds one push overtook another", overtaken);
}

/* ---- one RIB for all endpoints (AWS-1.1) ----------------------------------------------------- */

Test(aws, a_route_leaves_with_the_last_session_of_its_appliance) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, SETTINGS(""), 2);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 1, PREFIX, cloud_lab_attributes(lab, 1, 1, -1));
  cloud_lab_begin(lab);
  for (guint i = 0; i < 2; i++) /* AWS-6.3 */
    bed_at(bed, sim_time_s(100 * (i + 1)), cut_path, lab->appliances[0].paths->pdata[i]);
  bed_run(bed, sim_time_s(190));
  cr_assert_eq(bed_count(bed, &BGP_SESSION_DOWN, NULL), 2);
  cloud_lab_assert_changes(lab, 0, "");
  bed_run(bed, sim_time_s(300));
  const TraceRecord *down;
  bed_count(bed, &BGP_SESSION_DOWN, &down);
  g_autofree char *changes = cloud_lab_changes(lab, SIM_TIME_ZERO);
  cr_assert(g_str_has_suffix(changes, " hub/app replace fw-b, "), "%s", changes);
  cr_assert_eq(bed_count(bed, &CLOUD_PROGRAMMED, NULL), 1);
  FACTS("AWS-6.3");
}

Test(aws, a_lost_endpoint_is_no_loss) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, SETTINGS(""), 1);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(100));
  cloud_lab_lose_part(lab, 0);
  bed_run(bed, sim_time_s(200));
  cr_assert_eq(route_server_unit_established(route_server_unit(lab->server, 0)), 1);
  cloud_lab_assert_changes(lab, 0, "");
  cloud_lab_lose_part(lab, 1); /* AWS-6.4: as loss of the sessions */
  bed_run(bed, sim_time_s(300));
  cloud_lab_assert_hops(lab, 0, PREFIX, "none");
  FACTS("AWS-6.4");
}

Test(aws, nothing_is_advertised) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, SETTINGS(""), 2);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  const BgpEntry *entry = bgp_find(lab->appliances[1].speaker, bed_prefix(PREFIX));
  cr_assert(entry == NULL || entry->candidates->len == 0); /* AWS-8.1, AWS-13.8 */
  cr_assert_null(bgp_match(lab->appliances[1].speaker, bed_address("10.0.0.1")));
  FACTS("AWS-8.1", "AWS-13.8");
}

Test(aws, a_next_hop_that_is_nobodys_is_not_installed) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, SETTINGS(""), 2);
  BgpAttributes *other = arena_new0(bed->arena, BgpAttributes);
  BgpAttributes *nobody = arena_new0(bed->arena, BgpAttributes);
  other->next_hop = lab->appliances[1].address;
  nobody->next_hop = bed_address("10.0.7.7");
  cloud_lab_say(lab, 0, PREFIX, other);
  cloud_lab_say(lab, 0, "192.168.7.0/24", nobody);
  cloud_lab_begin(lab);
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-b"); /* AWS-4.19 */
  cloud_lab_assert_hops(lab, 0, "192.168.7.0/24", "none");
  FACTS("AWS-4.19");
}

/* Only the tables that are named are written to. */
Test(aws, tables_that_are_not_named_stay_as_they_are) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, SETTINGS(""), 1);
  RouteView view;
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  cr_assert_not(route_table_find(lab->nva->tables->pdata[0], bed_prefix(PREFIX),
                                 aws_cloud.server->origin, &view));
  FACTS("AWS-1.9");
}

/* ---- persisted routes (AWS-6.7 to AWS-6.13) ---------------------------------------- */

#define PERSIST SETTINGS(", persist_routes: 2m")

Test(aws, without_persistence_routes_leave_with_the_sessions) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, SETTINGS(""), 1);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(100));
  cloud_lab_stop(lab, 0);
  bed_run(bed, sim_time_s(200));
  cloud_lab_assert_changes(lab, 0, "101.001 hub/app remove, "); /* AWS-6.6 */
  cr_assert_eq(bed_count(bed, &CLOUD_PERSISTED, NULL), 0);
  FACTS("AWS-6.6");
}

Test(aws, persisted_routes_stay_without_limit_while_all_sessions_are_down) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, PERSIST, 2);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(100));
  for (guint i = 0; i < 2; i++)
    cloud_lab_stop(lab, i);
  bed_run(bed, sim_time_s(100 + 86400)); /* AWS-6.8: a day, not two minutes */
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a");
  const TraceRecord *persisted;
  cr_assert_eq(bed_count(bed, &CLOUD_PERSISTED, &persisted), 1);
  cr_assert_eq(persisted->value, 1);
  cr_assert_eq(persisted->at.ns, sim_time_ms(100001).ns);
  cloud_lab_assert_changes(lab, 0, "");
  FACTS("AWS-6.8");
}

/* The wait runs from the first session that is back; then what was not announced again goes. */
Test(aws, after_the_return_routes_stay_for_the_duration) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, PERSIST, 2);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 0, "192.168.7.0/24", cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(100));
  for (guint i = 0; i < 2; i++)
    cloud_lab_stop(lab, i);
  bed_run(bed, sim_time_s(1000));
  cloud_lab_say(lab, 0, "192.168.7.0/24", NULL); /* no longer announced when it comes back */
  cloud_lab_say(lab, 1, "192.168.8.0/24", cloud_lab_attributes(lab, 1, 0, -1));
  cloud_lab_start(lab, 0); /* Established at 1002.004; 1122 s ends the wait */
  cloud_lab_start(lab, 1);
  bed_run(bed, sim_time_s(1122));
  cr_assert_eq(route_server_unit_established(route_server_unit(lab->server, 0)), 4);
  cloud_lab_assert_changes(lab, 0, ""); /* AWS-6.13: not even the new route */
  bed_run(bed, sim_time_s(1200));
  const TraceRecord *over;
  cr_assert_eq(bed_count(bed, &CLOUD_PERSISTED, &over), 2);
  cr_assert_eq(over->value, 0);
  cr_assert_geq(over->at.ns, sim_time_ms(1122004).ns);
  cr_assert_leq(over->at.ns, sim_time_ms(1122010).ns);
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a");
  cloud_lab_assert_hops(lab, 0, "192.168.7.0/24", "none");
  cloud_lab_assert_hops(lab, 0, "192.168.8.0/24", "fw-b");
  g_autofree char *changes = cloud_lab_changes(lab, SIM_TIME_ZERO);
  cr_assert(strstr(changes, "remove") != NULL && strstr(changes, "install fw-b") != NULL);
  cr_assert_eq(bed_count(bed, &CLOUD_PROGRAMMED, NULL), 2, "%s", changes);
  FACTS("AWS-6.13");
}

Test(aws, a_better_route_within_the_wait_wins_at_its_end) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, PERSIST, 2);
  cloud_lab_say(lab, 1, PREFIX, cloud_lab_attributes(lab, 1, 2, -1));
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(100));
  for (guint i = 0; i < 2; i++)
    cloud_lab_stop(lab, i);
  bed_run(bed, sim_time_s(200));
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_start(lab, 0);
  bed_run(bed, sim_time_s(400));
  g_autofree char *changes = cloud_lab_changes(lab, SIM_TIME_ZERO);
  cr_assert(g_str_has_prefix(changes, "323.0"), "%s", changes); /* 202 + 120 + 1 s */
  cr_assert(g_str_has_suffix(changes, " hub/app replace fw-a, "), "%s", changes);
}

Test(aws, one_session_of_several_is_an_ordinary_withdrawal) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, PERSIST, 2);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 1, PREFIX, cloud_lab_attributes(lab, 1, 1, -1));
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(100));
  cloud_lab_stop(lab, 0); /* AWS-6.9: fw-b lives */
  bed_run(bed, sim_time_s(110));
  cloud_lab_assert_changes(lab, 0, "101.001 hub/app replace fw-b, ");
  cloud_lab_say_at(lab, 120000, 1, PREFIX, NULL); /* a withdrawal is believed */
  bed_run(bed, sim_time_s(130));
  cloud_lab_assert_changes(lab, 110000, "121.001 hub/app remove, ");
  cr_assert_eq(bed_count(bed, &CLOUD_PERSISTED, NULL), 0);
  FACTS("AWS-6.9");
}

Test(aws, all_down_again_within_the_wait_starts_it_anew) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, PERSIST, 1);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(100));
  cloud_lab_stop(lab, 0);
  cloud_lab_say(lab, 0, PREFIX, NULL);
  bed_run(bed, sim_time_s(200));
  cloud_lab_start(lab, 0); /* up at 202 s */
  bed_run(bed, sim_time_s(300));
  cloud_lab_stop(lab, 0); /* down again before 322 s */
  bed_run(bed, sim_time_s(1000));
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a");
  cloud_lab_start(lab, 0);
  bed_run(bed, sim_time_s(1121));
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a");
  bed_run(bed, sim_time_s(1124));
  cloud_lab_assert_hops(lab, 0, PREFIX, "none");
  cr_assert_eq(bed_count(bed, &CLOUD_PERSISTED, NULL), 2);
}

/* The last session to go takes the winner that was left: its appliance's. */
Test(aws, what_persists_is_the_state_of_the_last_session) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, PERSIST, 2);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 1, PREFIX, cloud_lab_attributes(lab, 1, 1, -1));
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(100));
  cloud_lab_stop(lab, 0);
  bed_run(bed, sim_time_s(200));
  cloud_lab_stop(lab, 1);
  bed_run(bed, sim_time_s(10000));
  cloud_lab_assert_changes(lab, 0, "101.001 hub/app replace fw-b, ");
}

/* Of two sessions to one appliance, the first that ends leaves nothing behind that the other
 * would not have. */
Test(aws, persistence_after_silent_loss) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, PERSIST, 1);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  for (guint i = 0; i < 2; i++) {
    bed_at(bed, sim_time_s(100), cut_path, lab->appliances[0].paths->pdata[i]);
    bed_at(bed, sim_time_s(1000), mend_path, lab->appliances[0].paths->pdata[i]);
  }
  bed_run(bed, sim_time_s(2000));
  cr_assert_eq(route_server_unit_established(route_server_unit(lab->server, 0)), 2);
  cloud_lab_assert_changes(lab, 0, "");
  cr_assert_eq(bed_count(bed, &CLOUD_PERSISTED, NULL), 2);
}

/* ---- actions on persisted routes (AWS-6.11, AWS-6.12) ------------------------------- */

typedef struct {
  CloudLab *lab;
  DesignPersist action;
} Acting;

static void act(gpointer data) {
  const Acting *acting = data;
  aws_cloud.server->persist(acting->lab->server, acting->action);
}

/* All sessions end at 100 s; the operator acts at 200 s. */
static CloudLab *lab_with_action(Bed *bed, const char *settings, DesignPersist action) {
  CloudLab *lab = lab_new(bed, settings, 1);
  Acting *acting = arena_new0(bed->arena, Acting);
  *acting = (Acting){lab, action};
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_begin(lab);
  bed_at(bed, sim_time_s(200), act, acting);
  bed_run(bed, sim_time_s(100));
  cloud_lab_stop(lab, 0);
  bed_run(bed, sim_time_s(300));
  return lab;
}

Test(aws, reset_empties_what_is_persisted_at_once) { /* AWS-6.12 */
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_with_action(bed, PERSIST, DESIGN_PERSIST_RESET);
  const TraceRecord *record;
  cloud_lab_assert_changes(lab, 0, "201.000 hub/app remove, ");
  cr_assert_eq(bed_count(bed, &CLOUD_PERSISTED, &record), 2);
  cr_assert_eq(record->at.ns, sim_time_s(200).ns);
  cloud_lab_start(lab, 0); /* it stays enabled: the next time routes persist again */
  bed_run(bed, sim_time_s(400));
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a");
  cloud_lab_stop(lab, 0);
  bed_run(bed, sim_time_s(1000));
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a");
  FACTS("AWS-6.12");
}

Test(aws, disable_ends_persistence) { /* AWS-6.11 */
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_with_action(bed, PERSIST, DESIGN_PERSIST_DISABLE);
  cloud_lab_assert_changes(lab, 0, "201.000 hub/app remove, ");
  cloud_lab_start(lab, 0);
  bed_run(bed, sim_time_s(400));
  cloud_lab_stop(lab, 0);
  bed_run(bed, sim_time_s(1000));
  cloud_lab_assert_hops(lab, 0, PREFIX, "none");
  FACTS("AWS-6.11");
}

Test(aws, enable_comes_too_late_for_what_is_gone) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_with_action(bed, SETTINGS(", modify: 20s"), DESIGN_PERSIST_ENABLE);
  cloud_lab_assert_changes(lab, 0, "101.001 hub/app remove, "); /* AWS-6.6 */
  cloud_lab_start(lab, 0);
  bed_run(bed, sim_time_s(400));
  cloud_lab_stop(lab, 0);
  bed_run(bed, sim_time_s(1000));
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a");
  FACTS("AWS-6.6");
}

/* The wait is one minute by default. */
Test(aws, the_default_wait) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_with_action(bed, SETTINGS(", persist_routes: on"), DESIGN_PERSIST_ENABLE);
  cloud_lab_say(lab, 0, PREFIX, NULL);
  cloud_lab_start(lab, 0); /* Established at 302.004 */
  bed_run(bed, sim_time_s(362));
  cloud_lab_assert_hops(lab, 0, PREFIX, "fw-a");
  bed_run(bed, sim_time_ms(363100));
  cloud_lab_assert_hops(lab, 0, PREFIX, "none");
  FACTS("AWS-6.10", "AWS-13.9");
}

/* ---- fail-back (AWS-6.14, AWS-6.15) -------------------------------------------------- */

/* fw-a, which is better, stops at 100 s and starts at 200 s: Established at 202.004. */
static void fail_back(const char *settings, const char *expected) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, settings, 2);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 0, "192.168.7.0/24", cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 1, PREFIX, cloud_lab_attributes(lab, 1, 1, -1));
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(100));
  cloud_lab_stop(lab, 0);
  bed_run(bed, sim_time_s(200));
  cloud_lab_start(lab, 0);
  bed_run(bed, sim_time_s(400));
  cloud_lab_assert_changes(lab, 150000, expected);
}

Test(aws, who_returns_takes_over_as_soon_as_it_wins) { /* AWS-6.14, AWS-13.10 */
  fail_back(SETTINGS(""), "203.005 hub/app replace fw-a, 203.005 hub/app install fw-a, ");
  FACTS("AWS-6.14", "AWS-13.10");
}

/* What nobody else has is not held back. */
Test(aws, a_fail_back_delay_holds_back_what_others_have) {
  fail_back(SETTINGS(", fail_back: 70s"),
            "203.005 hub/app install fw-a, 273.005 hub/app replace fw-a, ");
}

/* Both stop at 100 s; fw-b is back at 200 s and fw-a 5 s later. What is in use waits for nothing,
 * and is replaced once. */
Test(aws, a_fail_back_delay_is_no_reason_to_move_to_and_fro) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = lab_new(bed, SETTINGS(", fail_back: 70s"), 2);
  cloud_lab_say(lab, 0, PREFIX, cloud_lab_attributes(lab, 0, 0, -1));
  cloud_lab_say(lab, 1, PREFIX, cloud_lab_attributes(lab, 1, 1, -1));
  cloud_lab_begin(lab);
  bed_run(bed, sim_time_s(100));
  for (guint i = 0; i < 2; i++)
    cloud_lab_stop(lab, i);
  bed_run(bed, sim_time_s(200));
  cloud_lab_start(lab, 1);
  bed_run(bed, sim_time_s(205));
  cloud_lab_start(lab, 0);
  bed_run(bed, sim_time_s(400));
  cloud_lab_assert_changes(lab, 150000,
                           "203.005 hub/app install fw-b, 278.005 hub/app replace fw-a, ");
}

/* ---- endpoints --------------------------------------------------------------------- */

Test(aws, appliances_peer_with_the_endpoints_of_their_subnet_or_those_they_name) {
  g_autoptr(Bed) bed = bed_new();
  CloudLab *lab = cloud_lab_new(
      bed, &aws_cloud,
      "{asn: 64512, endpoints: {e2: hub/nva, e1: hub/app, e3: hub/nva}, propagate_to: [hub/app]}",
      0);
  static const struct {
    const char *peer, *subnet, *parts;
  } cases[] = {{NULL, "nva", "rs/e2 rs/e3 "},
               {NULL, "app", "rs/e1 "},
               {"{endpoints: [e1, e3]}", "nva", "rs/e1 rs/e3 "},
               {"{endpoints: [e9]}", "nva", ""}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    g_autoptr(GString) text = g_string_new(NULL);
    gpointer peer =
        cases[i].peer == NULL ? NULL : cloud_lab_read(bed, aws_cloud.peers->keys, cases[i].peer);
    CloudSubnet *subnet = strcmp(cases[i].subnet, "nva") == 0 ? lab->nva : lab->app;
    route_server_parts_for(lab->server, subnet->name, peer, parts);
    for (guint j = 0; j < parts->len; j++)
      g_string_append_printf(text, "%s ", route_server_part_name(parts->pdata[j]));
    cr_assert_str_eq(text->str, cases[i].parts);
    cr_assert_eq(aws_cloud.peers->refuse(route_server_config(lab->server)->config, subnet->name,
                                         peer) == NULL,
                 parts->len > 0);
  }
}

static void stand_at_the_tenth(CloudLab *lab, gpointer data) {
  (void)data;
  const ElementConfig element = {.name = "fw-x",
                                 .node = net_node_new(lab->bed->engine, "fw-x"),
                                 .address = ip_address_v4(0x0A00020Au),
                                 .network = lab->hub->network};
  element_new(lab->fabric, &element);
}

/* The address of an endpoint is AWS's choice, and nobody else's already. */
Test(aws, endpoints_have_addresses_of_their_own) {
  g_autoptr(Bed) bed = bed_new();
  const CloudLab *lab =
      cloud_lab_new_with(bed, &aws_cloud, SETTINGS(""), 1, stand_at_the_tenth, NULL);
  for (guint i = 0; i < 2; i++) {
    g_autoptr(GString) address = g_string_new(NULL);
    ip_address_append(route_server_part_address(route_server_part(lab->server, i)), address);
    cr_assert_str_eq(address->str, i == 0 ? "10.0.2.11" : "10.0.2.12");
  }
  FACTS("AWS-1.4");
}
