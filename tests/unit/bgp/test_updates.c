/* What speakers tell each other: replacing, withdrawing, refusing, passing on. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/duo.h"

#define PREFIX "10.9.0.0/16"

static const BgpAttributes bare = {.origin = BGP_ORIGIN_IGP};

/* ---- two speakers ------------------------------------------------------------------ */

static Duo *established(Bed *bed, const DuoConfig *config) {
  Duo *duo = duo_new(bed, config);
  bgp_session_begin_established(duo->session);
  return duo;
}

Test(updates, announce_replace_withdraw) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = established(bed, &config);
  BgpAttributes *better = bgp_attributes_prepend(bed->arena, &bare, 65001, 2);
  better->has_med = TRUE;
  better->med = 7;
  net_say_at(bed, 1000, duo->speakers[0], PREFIX, &bare);
  net_say_at(bed, 2000, duo->speakers[0], PREFIX, better);
  net_say_at(bed, 3000, duo->speakers[0], PREFIX, NULL);
  bed_run(bed, sim_time_ms(999));
  net_assert_route(duo->speakers[1], PREFIX, "none");
  bed_run(bed, sim_time_ms(1000));
  net_assert_route(duo->speakers[0], PREFIX, "self");
  net_assert_route(duo->speakers[1], PREFIX, "none");
  bed_run(bed, sim_time_ms(1001));
  net_assert_route(duo->speakers[1], PREFIX, "10.0.0.1 65001");
  const TraceRecord *arrived;
  cr_assert_eq(bed_count(bed, &BGP_ANNOUNCED, &arrived), 1);
  cr_assert_eq(arrived->value, BGP_ARRIVED_NEW);
  bed_run(bed, sim_time_ms(2001)); /* one UPDATE, no withdrawal in between */
  net_assert_route(duo->speakers[1], PREFIX, "10.0.0.1 65001 65001 65001 med 7");
  cr_assert_eq(bed_count(bed, &BGP_ANNOUNCED, &arrived), 2);
  cr_assert_eq(arrived->value, BGP_ARRIVED_AGAIN);
  cr_assert_eq(bed_count(bed, &BGP_WITHDRAWN, NULL), 0);
  cr_assert_eq(bgp_find(duo->speakers[1], bed_prefix(PREFIX))->candidates->len, 1);
  bed_run(bed, sim_time_ms(3001));
  net_assert_route(duo->speakers[1], PREFIX, "none");
  cr_assert_eq(bed_count(bed, &BGP_WITHDRAWN, NULL), 1);
  const TraceRecord *selected;
  cr_assert_eq(bed_count(bed, &BGP_SELECTED, &selected), 6);
  cr_assert_eq(((const BgpSelection *)selected->detail)->count, 0);
}

Test(updates, saying_the_same_again_sends_nothing) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = established(bed, &config);
  BgpAttributes copy = bare;
  for (guint i = 1; i <= 5; i++)
    net_say_at(bed, 1000 * i, duo->speakers[0], PREFIX, i % 2 ? &bare : &copy);
  net_say_at(bed, 7000, duo->speakers[0], "10.8.0.0/16", NULL); /* never announced */
  bed_run(bed, sim_time_s(10));
  cr_assert_eq(bed_count(bed, &BGP_ANNOUNCED, NULL), 1);
  cr_assert_eq(bed_count(bed, &BGP_WITHDRAWN, NULL), 0);
}

/* Back and forth within one instant, before the decision: nothing has happened. */
Test(updates, only_the_state_at_the_decision_is_told) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = established(bed, &config);
  net_say_at(bed, 1000, duo->speakers[0], PREFIX, &bare);
  net_say_at(bed, 1000, duo->speakers[0], PREFIX, NULL);
  net_say_at(bed, 2000, duo->speakers[0], "10.1.0.0/16", NULL);
  net_say_at(bed, 2000, duo->speakers[0], "10.1.0.0/16", &bare);
  bed_run(bed, sim_time_s(10));
  net_assert_route(duo->speakers[1], PREFIX, "none");
  net_assert_route(duo->speakers[1], "10.1.0.0/16", "10.0.0.1 65001");
  cr_assert_eq(bed_count(bed, &BGP_ANNOUNCED, NULL), 1);
  cr_assert_eq(bed_count(bed, &BGP_WITHDRAWN, NULL), 0);
}

Test(updates, a_session_that_comes_up_tells_all_and_one_that_goes_down_takes_all) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = duo_new(bed, &config);
  bgp_originate(duo->speakers[0], bed_prefix(PREFIX), &bare);
  bgp_originate(duo->speakers[0], bed_prefix("10.8.0.0/16"), &bare);
  bgp_originate(duo->speakers[1], bed_prefix("10.7.0.0/16"), &bare);
  bgp_peer_start(duo->peers[0]);
  bgp_peer_start(duo->peers[1]);
  bed_run(bed, sim_time_ms(2006));
  net_assert_route(duo->speakers[1], PREFIX, "10.0.0.1 65001");
  net_assert_route(duo->speakers[1], "10.8.0.0/16", "10.0.0.1 65001");
  net_assert_route(duo->speakers[0], "10.7.0.0/16", "10.0.0.2 65002");
  bgp_peer_stop(duo->peers[0], BGP_CEASE_SHUTDOWN);
  bed_run(bed, sim_time_ms(2008));
  net_assert_route(duo->speakers[1], PREFIX, "none");
  net_assert_route(duo->speakers[1], "10.8.0.0/16", "none");
  net_assert_route(duo->speakers[0], "10.7.0.0/16", "none");
  net_assert_route(duo->speakers[0], PREFIX, "self");
}

Test(updates, held_back_routes) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = established(bed, &config);
  net_say_at(bed, 1000, duo->speakers[0], PREFIX, &bare);
  bed_run(bed, sim_time_s(2));
  bgp_peer_hold_back(duo->peers[0], TRUE);
  bed_run(bed, sim_time_s(3));
  net_assert_route(duo->speakers[1], PREFIX, "none");
  cr_assert_eq(bgp_peer_state(duo->peers[1]), BGP_ESTABLISHED);
  bgp_peer_hold_back(duo->peers[0], FALSE);
  bed_run(bed, sim_time_s(4));
  net_assert_route(duo->speakers[1], PREFIX, "10.0.0.1 65001");
}

Test(updates, a_process_that_ends_forgets_silently) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = established(bed, &config);
  net_say_at(bed, 1000, duo->speakers[0], PREFIX, &bare);
  bed_run(bed, sim_time_s(2));
  const guint records = engine_record_count(bed->engine);
  bgp_peer_die(duo->peers[1], FALSE);
  bgp_speaker_clear(duo->speakers[1]);
  net_assert_route(duo->speakers[1], PREFIX, "none");
  /* Only who watches it from outside sees that its session is over. */
  cr_assert_eq(engine_record_count(bed->engine), records + 1);
  cr_assert_eq(engine_record_get(bed->engine, records + 1)->kind, &BGP_SESSION_ENDED);
}

/* ---- attributes on the way --------------------------------------------------------- */

/* a - b - c in a row; what c sees of a. */
typedef struct {
  Bed *bed;
  BgpSpeaker *speakers[3];
} Row;

static Row row_new(Bed *bed, const guint32 asns[3], gboolean obeys, gboolean reflects) {
  static const char *const names[] = {"a", "b", "c"};
  Row row = {bed, {NULL}};
  for (guint i = 0; i < 3; i++) {
    const BgpSpeakerConfig config = {.name = names[i],
                                     .asn = asns[i],
                                     .router_id = ip_address_v4(0x0A000001 + i),
                                     .profile = &bgp_profile_rfc4271,
                                     .obeys_no_advertise = obeys,
                                     .obeys_no_export = obeys,
                                     .reflects = reflects};
    row.speakers[i] = net_speaker_with(bed, &config, NULL, NULL);
  }
  bgp_session_begin_established(
      net_join(bed, row.speakers[0], "10.0.0.1", row.speakers[1], "10.0.0.2"));
  bgp_session_begin_established(
      net_join(bed, row.speakers[1], "10.0.1.2", row.speakers[2], "10.0.1.3"));
  return row;
}

static const guint32 three_ases[] = {65001, 65002, 65003};

Test(updates, next_hop_self_and_as_path_on_every_step) {
  g_autoptr(Bed) bed = bed_new();
  const Row row = row_new(bed, three_ases, TRUE, FALSE);
  net_say_at(bed, 1000, row.speakers[0], PREFIX, &bare);
  bed_run(bed, sim_time_s(2));
  net_assert_route(row.speakers[1], PREFIX, "10.0.0.1 65001");
  net_assert_route(row.speakers[2], PREFIX, "10.0.1.2 65002 65001");
}

Test(updates, med_and_local_preference_stay_within_the_as) {
  g_autoptr(Bed) bed = bed_new();
  const Row row = row_new(bed, three_ases, TRUE, FALSE);
  BgpAttributes *attributes = bgp_attributes_prepend(bed->arena, &bare, 0, 0);
  attributes->has_med = attributes->has_local_pref = TRUE;
  attributes->med = 50;
  attributes->local_pref = 200;
  net_say_at(bed, 1000, row.speakers[0], PREFIX, attributes);
  bed_run(bed, sim_time_s(2));
  net_assert_route(row.speakers[0], PREFIX, "self med 50 pref 200");
  /* RFC 4271 5.1.4: to the neighboring AS; 5.1.5: not outside. */
  net_assert_route(row.speakers[1], PREFIX, "10.0.0.1 65001 med 50");
  net_assert_route(row.speakers[2], PREFIX, "10.0.1.2 65002 65001");
}

Test(updates, a_next_hop_that_was_set_is_kept_by_its_originator) {
  g_autoptr(Bed) bed = bed_new();
  const Row row = row_new(bed, three_ases, TRUE, FALSE);
  BgpAttributes *attributes = bgp_attributes_prepend(bed->arena, &bare, 0, 0);
  attributes->next_hop = bed_address("10.0.0.99");
  net_say_at(bed, 1000, row.speakers[0], PREFIX, attributes);
  bed_run(bed, sim_time_s(2));
  net_assert_route(row.speakers[1], PREFIX, "10.0.0.99 65001");
  net_assert_route(row.speakers[2], PREFIX, "10.0.1.2 65002 65001");
}

Test(updates, ibgp_keeps_the_path_and_does_not_go_on_to_ibgp) {
  static const guint32 one_as[] = {65001, 65001, 65001}, mixed[] = {65009, 65001, 65001};
  for (guint reflects = 0; reflects < 2; reflects++) {
    g_autoptr(Bed) bed = bed_new();
    const Row row = row_new(bed, one_as, TRUE, reflects);
    BgpAttributes *attributes = bgp_attributes_prepend(bed->arena, &bare, 0, 0);
    attributes->has_med = attributes->has_local_pref = TRUE;
    attributes->med = 50;
    attributes->local_pref = 200;
    net_say_at(bed, 1000, row.speakers[0], PREFIX, attributes);
    bed_run(bed, sim_time_s(2));
    net_assert_route(row.speakers[1], PREFIX, "10.0.0.1 med 50 pref 200");
    net_assert_route(row.speakers[2], PREFIX, reflects ? "10.0.0.1 med 50 pref 200" : "none");
  }
  /* What came over eBGP goes on to iBGP, with its next hop (RFC 4271 5.1.3). */
  g_autoptr(Bed) bed = bed_new();
  const Row row = row_new(bed, mixed, TRUE, FALSE);
  net_say_at(bed, 1000, row.speakers[0], PREFIX, &bare);
  bed_run(bed, sim_time_s(2));
  net_assert_route(row.speakers[2], PREFIX, "10.0.0.1 65009");
}

Test(updates, a_path_with_the_own_as_is_refused) {
  static const guint32 ases[] = {65001, 65002, 65001}; /* c has a's number */
  g_autoptr(Bed) bed = bed_new();
  const Row row = row_new(bed, ases, TRUE, FALSE);
  net_say_at(bed, 1000, row.speakers[0], PREFIX, &bare);
  bed_run(bed, sim_time_s(2));
  net_assert_route(row.speakers[1], PREFIX, "10.0.0.1 65001");
  net_assert_route(row.speakers[2], PREFIX, "none");
  const TraceRecord *refused;
  cr_assert_eq(bed_count(bed, &BGP_REFUSED, &refused), 1);
  cr_assert_str_eq(refused->subject, "c");
  cr_assert(strstr(refused->detail, "RFC 4271 9.1.2") != NULL);
}

/* RFC 7606 treats it as withdrawn: the route that was there before must go. */
Test(updates, a_refused_replacement_takes_the_old_route_away) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = established(bed, &config);
  net_say_at(bed, 1000, duo->speakers[0], PREFIX, &bare);
  net_say_at(bed, 2000, duo->speakers[0], PREFIX,
             bgp_attributes_prepend(bed->arena, &bare, 65002, 1));
  bed_run(bed, sim_time_ms(1500));
  net_assert_route(duo->speakers[1], PREFIX, "10.0.0.1 65001");
  bed_run(bed, sim_time_s(3));
  net_assert_route(duo->speakers[1], PREFIX, "none");
}

Test(updates, well_known_communities) {
  static const guint32 advertise = BGP_NO_ADVERTISE, export = BGP_NO_EXPORT;
  static const guint32 other = 65010u << 16 | 1;
  static const guint32 b_and_c_in_one_as[] = {65001, 65002, 65002};
  static const struct {
    const guint32 *community;
    gboolean obeys, one_as;
    const char *seen_by_c;
  } cases[] = {
      {&advertise, TRUE, FALSE, "none"},
      {&advertise, TRUE, TRUE, "none"},
      {&advertise, FALSE, FALSE, "10.0.1.2 65002 65001"},
      {&export, TRUE, FALSE, "none"},
      {&export, TRUE, TRUE, "10.0.0.1 65001"}, /* within the AS it may go on */
      {&export, FALSE, FALSE, "10.0.1.2 65002 65001"},
      {&other, TRUE, FALSE, "10.0.1.2 65002 65001"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    const Row row =
        row_new(bed, cases[i].one_as ? b_and_c_in_one_as : three_ases, cases[i].obeys, FALSE);
    BgpAttributes *attributes = bgp_attributes_prepend(bed->arena, &bare, 0, 0);
    attributes->communities = cases[i].community;
    attributes->community_count = 1;
    net_say_at(bed, 1000, row.speakers[0], PREFIX, attributes);
    bed_run(bed, sim_time_s(2));
    net_assert_route(row.speakers[1], PREFIX, "10.0.0.1 65001"); /* who sets it sends it */
    net_assert_route(row.speakers[2], PREFIX, cases[i].seen_by_c);
  }
}

Test(updates, nothing_goes_back_where_the_best_came_from) {
  g_autoptr(Bed) bed = bed_new();
  const Row row = row_new(bed, three_ases, TRUE, FALSE);
  net_say_at(bed, 1000, row.speakers[0], PREFIX, &bare);
  bed_run(bed, sim_time_s(2));
  cr_assert_eq(bed_count(bed, &BGP_ANNOUNCED, NULL), 2);
  cr_assert_eq(bed_count(bed, &BGP_REFUSED, NULL), 0, "it came back");
  /* When b's own route becomes the best, a hears of it, and of its end. */
  net_say_at(bed, 3000, row.speakers[1], PREFIX, &bare);
  bed_run(bed, sim_time_s(4));
  net_assert_route(row.speakers[1], PREFIX, "self");
  cr_assert_eq(bgp_find(row.speakers[0], bed_prefix(PREFIX))->candidates->len, 2);
  net_say_at(bed, 5000, row.speakers[1], PREFIX, NULL);
  bed_run(bed, sim_time_s(6));
  cr_assert_eq(bgp_find(row.speakers[0], bed_prefix(PREFIX))->candidates->len, 1);
  net_assert_route(row.speakers[1], PREFIX, "10.0.0.1 65001");
}

/* ---- policy hooks ------------------------------------------------------------------ */

typedef struct {
  guint imports, exports, selections, ups, downs;
  guint synced, routes_when_synced;
  gboolean shut; /* nothing may go out */
  gboolean keep; /* routes of a session that went down */
  RecordId cause_in_hook;
  Engine *engine;
} Hooks;

static const char *refuse_one(gpointer data, BgpPeer *peer, Prefix prefix,
                              const BgpAttributes *attributes) {
  Hooks *hooks = data;
  (void)peer;
  (void)attributes;
  hooks->imports++;
  return prefix_equal(prefix, bed_prefix("10.8.0.0/16")) ? "not that one" : NULL;
}

static gboolean export_one(gpointer data, BgpPeer *peer, const BgpEntry *entry) {
  Hooks *hooks = data;
  (void)peer;
  hooks->exports++;
  return !hooks->shut && !prefix_equal(entry->prefix, bed_prefix("10.7.0.0/16"));
}

static void count_selection(gpointer data, const BgpEntry *entry) {
  Hooks *hooks = data;
  (void)entry;
  hooks->selections++;
  hooks->cause_in_hook = engine_cause(hooks->engine);
}

static gboolean count_session(gpointer data, BgpPeer *peer, gboolean up) {
  Hooks *hooks = data;
  (void)peer;
  if (up)
    hooks->ups++;
  else
    hooks->downs++;
  return !hooks->keep;
}

/* Everything that was announced must be there when the far end says that it is through. */
static void count_synced(gpointer data, BgpPeer *peer) {
  Hooks *hooks = data;
  const BgpEntry *entry = bgp_find(bgp_peer_speaker(peer), bed_prefix(PREFIX));
  cr_assert(bgp_peer_is_synced(peer));
  hooks->synced++;
  hooks->routes_when_synced = entry != NULL ? entry->candidates->len : 0;
}

static const BgpPolicy hooked = {refuse_one, export_one, count_selection, count_session,
                                 count_synced};

Test(updates, policy_hooks) {
  g_autoptr(Bed) bed = bed_new();
  Hooks hooks = {.engine = bed->engine};
  DuoConfig config = duo_default();
  config.ends[1].policy = &hooked;
  config.ends[1].data = &hooks;
  Duo *duo = established(bed, &config);
  cr_assert_eq(hooks.ups, 1);
  net_say_at(bed, 1000, duo->speakers[0], PREFIX, &bare);
  net_say_at(bed, 1000, duo->speakers[0], "10.8.0.0/16", &bare);
  net_say_at(bed, 1000, duo->speakers[1], "10.7.0.0/16", &bare);
  net_say_at(bed, 1000, duo->speakers[1], "10.6.0.0/16", &bare);
  bed_run(bed, sim_time_s(2));
  cr_assert_eq(hooks.imports, 2);
  net_assert_route(duo->speakers[1], PREFIX, "10.0.0.1 65001");
  net_assert_route(duo->speakers[1], "10.8.0.0/16", "none");
  net_assert_route(duo->speakers[0], "10.7.0.0/16", "none");
  net_assert_route(duo->speakers[0], "10.6.0.0/16", "10.0.0.2 65002");
  cr_assert_eq(hooks.selections, 3);
  cr_assert_eq(engine_record_get(bed->engine, hooks.cause_in_hook)->kind, &BGP_SELECTED);
  const TraceRecord *refused;
  cr_assert_eq(bed_count(bed, &BGP_REFUSED, &refused), 1);
  cr_assert_str_eq(refused->detail, "not that one");
}

/* End-of-RIB (RFC 4724 section 2) comes behind the first announcements of each session. */
Test(updates, an_end_says_when_it_has_told_all) {
  g_autoptr(Bed) bed = bed_new();
  Hooks hooks = {.engine = bed->engine};
  DuoConfig config = duo_default();
  config.ends[1].policy = &hooked;
  config.ends[1].data = &hooks;
  Duo *duo = duo_new(bed, &config);
  bgp_originate(duo->speakers[0], bed_prefix(PREFIX), &bare);
  for (guint round = 0; round < 3; round++) {
    bgp_peer_start(duo->peers[0]);
    if (round == 0)
      bgp_peer_start(duo->peers[1]);
    bed_run(bed, sim_time_ms(10000 * round + 2004));
    cr_assert_not(bgp_peer_is_synced(duo->peers[1]));
    cr_assert_eq(hooks.synced, round);
    bed_run(bed, sim_time_ms(10000 * round + 2005));
    cr_assert(bgp_peer_is_synced(duo->peers[1]));
    cr_assert_eq(hooks.synced, round + 1);
    cr_assert_eq(hooks.routes_when_synced, 1);
    bgp_peer_stop(duo->peers[0], BGP_CEASE_SHUTDOWN);
    bed_run(bed, sim_time_ms(10000 * (round + 1)));
    cr_assert_not(bgp_peer_is_synced(duo->peers[1]));
  }
}

Test(updates, a_decision_that_is_due) {
  g_autoptr(Bed) bed = bed_new();
  BgpSpeaker *a = net_speaker(bed, "a", 65001, NULL);
  bed_run(bed, sim_time_s(1));
  cr_assert(sim_time_is_never(bgp_decision_due(a)));
  bgp_originate(a, bed_prefix(PREFIX), &bare);
  cr_assert_eq(bgp_decision_due(a).ns, sim_time_s(1).ns);
  bed_run(bed, sim_time_s(2));
  cr_assert(sim_time_is_never(bgp_decision_due(a)));
}

Test(updates, an_export_policy_that_changes) {
  g_autoptr(Bed) bed = bed_new();
  Hooks hooks = {.engine = bed->engine};
  DuoConfig config = duo_default();
  config.ends[1].policy = &hooked;
  config.ends[1].data = &hooks;
  Duo *duo = established(bed, &config);
  net_say_at(bed, 1000, duo->speakers[1], "10.6.0.0/16", &bare);
  bed_run(bed, sim_time_s(2));
  net_assert_route(duo->speakers[0], "10.6.0.0/16", "10.0.0.2 65002");
  for (guint round = 0; round < 2; round++) {
    hooks.shut = round == 0;
    bgp_refresh_exports(duo->speakers[1]);
    bed_run(bed, sim_time_s(3 + round));
    net_assert_route(duo->speakers[0], "10.6.0.0/16", hooks.shut ? "none" : "10.0.0.2 65002");
  }
}

Test(updates, routes_of_a_lost_session_may_be_kept_and_flushed_later) {
  g_autoptr(Bed) bed = bed_new();
  Hooks hooks = {.engine = bed->engine, .keep = TRUE};
  DuoConfig config = duo_default();
  config.ends[1].policy = &hooked;
  config.ends[1].data = &hooks;
  Duo *duo = established(bed, &config);
  net_say_at(bed, 1000, duo->speakers[0], PREFIX, &bare);
  net_say_at(bed, 1000, duo->speakers[0], "10.5.0.0/16", &bare);
  bed_run(bed, sim_time_s(2));
  bgp_peer_stop(duo->peers[0], BGP_CEASE_SHUTDOWN);
  bed_run(bed, sim_time_s(3));
  cr_assert_eq(hooks.downs, 1);
  net_assert_route(duo->speakers[1], PREFIX, "10.0.0.1 65001");
  /* The session is back and one of the two routes is announced again. */
  bgp_originate(duo->speakers[0], bed_prefix("10.5.0.0/16"), NULL);
  bgp_peer_start(duo->peers[0]);
  bed_run(bed, sim_time_s(10));
  cr_assert_eq(bgp_peer_state(duo->peers[1]), BGP_ESTABLISHED);
  net_assert_route(duo->speakers[1], "10.5.0.0/16", "10.0.0.1 65001");
  bgp_flush(duo->speakers[1], duo->peers[1]);
  bed_run(bed, sim_time_s(11));
  net_assert_route(duo->speakers[1], PREFIX, "10.0.0.1 65001");
  net_assert_route(duo->speakers[1], "10.5.0.0/16", "none");
  bgp_peer_stop(duo->peers[0], BGP_CEASE_SHUTDOWN);
  bed_run(bed, sim_time_s(12));
  bgp_flush(duo->speakers[1], duo->peers[1]); /* none is up: all go */
  bed_run(bed, sim_time_s(13));
  net_assert_route(duo->speakers[1], PREFIX, "none");
}

/* It takes half a second to decide. */
static BgpSpeaker *slow_speaker(Bed *bed) {
  static const Stage stage = {"processing", BASIS_ASSUMED, "X-1"};
  const BgpSpeakerConfig slow = {.name = "b",
                                 .asn = 65002,
                                 .router_id = ip_address_v4(2),
                                 .profile = &bgp_profile_rfc4271,
                                 .process = bed_constant(bed, sim_time_ms(500)),
                                 .process_stage = &stage};
  return net_speaker_with(bed, &slow, NULL, NULL);
}

Test(updates, a_processing_delay_gathers_what_arrives_meanwhile) {
  g_autoptr(Bed) bed = bed_new();
  BgpSpeaker *a = net_speaker(bed, "a", 65001, NULL);
  BgpSpeaker *b = slow_speaker(bed);
  bgp_session_begin_established(net_join(bed, a, "10.0.0.1", b, "10.0.0.2"));
  net_say_at(bed, 1000, a, PREFIX, &bare);
  net_say_at(bed, 1300, a, "10.8.0.0/16", &bare);
  bed_run(bed, sim_time_ms(1500));
  net_assert_route(b, PREFIX, "none");
  bed_run(bed, sim_time_ms(1501));
  net_assert_route(b, PREFIX, "10.0.0.1 65001");
  net_assert_route(b, "10.8.0.0/16", "10.0.0.1 65001");
  const TraceRecord *selected;
  bed_count(bed, &BGP_SELECTED, &selected);
  cr_assert_eq(selected->at.ns, sim_time_ms(1501).ns);
}

/* Of what arrives before one decision, the choice is due to what took the chosen route away, and
 * not to news of the other one that came first. */
Test(updates, a_choice_is_due_to_what_took_the_best_away) {
  g_autoptr(Bed) bed = bed_new();
  BgpSpeaker *near = net_speaker(bed, "near", 65001, NULL);
  BgpSpeaker *far = net_speaker(bed, "far", 65003, NULL);
  BgpSpeaker *b = slow_speaker(bed);
  bgp_session_begin_established(net_join(bed, near, "10.0.0.1", b, "10.0.0.2"));
  bgp_session_begin_established(net_join(bed, far, "10.0.0.3", b, "10.0.0.2"));
  net_say_at(bed, 1000, near, PREFIX, &bare);
  net_say_at(bed, 1000, far, PREFIX, bgp_attributes_prepend(bed->arena, &bare, 65003, 1));
  net_say_at(bed, 3000, far, PREFIX, bgp_attributes_prepend(bed->arena, &bare, 65003, 2));
  net_say_at(bed, 3100, near, PREFIX, NULL);
  bed_run(bed, sim_time_s(3));
  net_assert_route(b, PREFIX, "10.0.0.1 65001");
  bed_run(bed, sim_time_s(4));
  net_assert_route(b, PREFIX, "10.0.0.3 65003 65003 65003");
  const TraceRecord *selected = NULL;
  for (RecordId id = 1; id <= engine_record_count(bed->engine); id++) {
    const TraceRecord *record = engine_record_get(bed->engine, id);
    if (record->kind == &BGP_SELECTED && strcmp(record->subject, "b") == 0)
      selected = record;
  }
  cr_assert_eq(selected->at.ns, sim_time_ms(3501).ns);
  cr_assert_eq(engine_record_get(bed->engine, selected->cause)->kind, &BGP_WITHDRAWN);
}

/* ---- queries ----------------------------------------------------------------------- */

static void count_entry(const BgpEntry *entry, gpointer data) {
  if (entry->selected_count > 0)
    ++*(guint *)data;
}

Test(updates, queries) {
  g_autoptr(Bed) bed = bed_new();
  BgpSpeaker *a = net_speaker(bed, "a", 65001, NULL);
  guint count = 0;
  bgp_originate(a, bed_prefix("10.0.0.0/8"), &bare);
  bgp_originate(a, bed_prefix("10.1.0.0/16"), &bare);
  cr_assert(bgp_decide_now(a));
  cr_assert_not(bgp_decide_now(a));
  cr_assert(prefix_equal(bgp_match(a, bed_address("10.1.2.3"))->prefix, bed_prefix("10.1.0.0/16")));
  bgp_originate(a, bed_prefix("10.1.0.0/16"), NULL);
  bgp_decide_now(a);
  cr_assert(prefix_equal(bgp_match(a, bed_address("10.1.2.3"))->prefix, bed_prefix("10.0.0.0/8")));
  cr_assert_null(bgp_match(a, bed_address("11.1.2.3")));
  bgp_foreach(a, count_entry, &count);
  cr_assert_eq(count, 1);
}
