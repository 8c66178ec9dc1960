/* Prefix limits (RFC 4271 6.7, RFC 4486) and ROUTE-REFRESH (RFC 2918). */
#include <criterion/criterion.h>
#include <string.h>

#include "support/duo.h"
#include "support/facts.h"

static const BgpAttributes bare = {.origin = BGP_ORIGIN_IGP};

/* "a" announces, "b" has the limit. */
static Duo *limited(Bed *bed, guint most, BgpPrefixCount count) {
  DuoConfig config = duo_default();
  config.ends[1].prefix_limit = (BgpPrefixLimit){most, count};
  return duo_new(bed, &config);
}

static void announce(Duo *duo, guint from, guint count, const BgpAttributes *attributes) {
  for (guint i = from; i < from + count; i++) {
    const Prefix prefix = prefix_make(ip_address_v4(0x0A100000u + (i << 8)), 24);
    bgp_originate(duo->speakers[0], prefix, attributes);
  }
}

static void converge(Duo *duo) { bgp_converge(duo->speakers, 2); }

static void assert_down(const Bed *bed, guint count, BgpDownReason near, gint64 at_ms) {
  guint seen = 0;
  for (RecordId id = 1; id <= engine_record_count(bed->engine); id++) {
    const TraceRecord *record = engine_record_get(bed->engine, id);
    if (record->kind != &BGP_SESSION_DOWN)
      continue;
    if (seen == 0) {
      cr_assert_str_eq(record->subject, "b");
      cr_assert_eq((BgpDownReason)record->value, near);
      cr_assert_eq(record->at.ns, sim_time_ms(at_ms).ns, "%.6f", sim_time_seconds(record->at));
    }
    seen++;
  }
  cr_assert_eq(seen, 2 * count, "%u ends went down, not %u", seen, 2 * count);
}

typedef struct {
  Duo *duo;
  guint from, count;
  const BgpAttributes *attributes;
} Act;
static void act(gpointer data) {
  const Act *what = data;
  announce(what->duo, what->from, what->count, what->attributes);
}

/* Held and incoming together: 5 known ones again are 10. */
Test(limits, what_is_sent_again_counts_twice) {
  static const struct {
    guint most;
    BgpPrefixCount count;
    gboolean falls;
  } cases[] = {{10, BGP_COUNT_HELD_AND_INCOMING, FALSE},
               {9, BGP_COUNT_HELD_AND_INCOMING, TRUE},
               {5, BGP_COUNT_HELD, FALSE},
               {0, BGP_COUNT_HELD_AND_INCOMING, FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    Duo *duo = limited(bed, cases[i].most, cases[i].count);
    Act again = {duo, 0, 5, bgp_attributes_prepend(bed->arena, &bare, 65001, 1)};
    bgp_session_begin_established(duo->session);
    announce(duo, 0, 5, &bare);
    converge(duo);
    cr_assert_eq(bgp_peer_route_count(duo->peers[1]), 5);
    bed_at(bed, sim_time_s(10), act, &again);
    bed_run(bed, sim_time_s(11));
    assert_down(bed, cases[i].falls, BGP_DOWN_PREFIX_LIMIT, 10001);
    cr_assert_eq(bgp_peer_route_count(duo->peers[1]), cases[i].falls ? 0 : 5);
  }
  FACTS("AZ-3.3");
}

Test(limits, held_alone_counts_what_would_be_there) {
  g_autoptr(Bed) bed = bed_new();
  Duo *duo = limited(bed, 5, BGP_COUNT_HELD);
  Act more = {duo, 5, 1, &bare};
  bgp_session_begin_established(duo->session);
  announce(duo, 0, 5, &bare);
  converge(duo);
  bed_at(bed, sim_time_s(10), act, &more);
  bed_run(bed, sim_time_s(11));
  assert_down(bed, 1, BGP_DOWN_PREFIX_LIMIT, 10001);
}

/* A withdrawal in the same UPDATE makes room. */
Test(limits, withdrawals_come_first) {
  g_autoptr(Bed) bed = bed_new();
  Duo *duo = limited(bed, 5, BGP_COUNT_HELD);
  Act fewer = {duo, 0, 3, NULL}, more = {duo, 5, 3, &bare};
  bgp_session_begin_established(duo->session);
  announce(duo, 0, 5, &bare);
  converge(duo);
  bed_at(bed, sim_time_s(10), act, &fewer);
  bed_at(bed, sim_time_s(10), act, &more);
  bed_run(bed, sim_time_s(11));
  assert_down(bed, 0, 0, 0);
  cr_assert_eq(bgp_peer_route_count(duo->peers[1]), 5);
}

/* What is refused as a loop is no route. */
Test(limits, loops_do_not_count) {
  g_autoptr(Bed) bed = bed_new();
  Duo *duo = limited(bed, 5, BGP_COUNT_HELD_AND_INCOMING);
  Act loops = {duo, 20, 9, bgp_attributes_prepend(bed->arena, &bare, 65002, 1)};
  bgp_session_begin_established(duo->session);
  announce(duo, 0, 5, &bare);
  converge(duo);
  bed_at(bed, sim_time_s(10), act, &loops);
  bed_run(bed, sim_time_s(11));
  assert_down(bed, 0, 0, 0);
}

/* The far end waits for its ConnectRetryTimer (90 to 120 s), sends one full table, and stays;
 * beyond the limit it falls again and again. */
Test(limits, the_far_end_comes_back_and_stays_or_loops) {
  for (guint within = 0; within < 2; within++) {
    g_autoptr(Bed) bed = bed_new();
    Duo *duo = limited(bed, 9, BGP_COUNT_HELD_AND_INCOMING);
    const guint count = within ? 5 : 10;
    Act again = {duo, 0, count, bgp_attributes_prepend(bed->arena, &bare, 65001, 1)};
    bgp_session_begin_established(duo->session);
    announce(duo, 0, within ? 5 : 9, &bare);
    converge(duo);
    bed_at(bed, sim_time_s(10), act, &again);
    bed_run(bed, sim_time_s(99));
    cr_assert_neq(bgp_peer_state(duo->peers[0]), BGP_ESTABLISHED);
    bed_run(bed, sim_time_s(131));
    cr_assert_eq(bgp_peer_state(duo->peers[0]) == BGP_ESTABLISHED, within);
    bed_run(bed, sim_time_s(1000));
    const guint downs = bed_count(bed, &BGP_SESSION_DOWN, NULL);
    cr_assert(within ? downs == 2 : downs > 12, "%u ends went down", downs);
  }
}

/* A start that is converged beyond the limit has the session down for long: the end that announced
 * too much is between two attempts, and loops. */
Test(limits, a_converged_start_beyond_the_limit) {
  g_autoptr(Bed) bed = bed_new();
  Duo *duo = limited(bed, 3, BGP_COUNT_HELD_AND_INCOMING);
  bgp_session_begin_established(duo->session);
  announce(duo, 0, 4, &bare);
  converge(duo);
  cr_assert_neq(bgp_peer_state(duo->peers[0]), BGP_ESTABLISHED);
  cr_assert_neq(bgp_peer_state(duo->peers[1]), BGP_ESTABLISHED);
  cr_assert_eq(bgp_peer_route_count(duo->peers[1]), 0);
  bed_run(bed, sim_time_s(500));
  cr_assert(bed_count(bed, &BGP_SESSION_DOWN, NULL) >= 6);
  cr_assert_neq(bgp_peer_state(duo->peers[1]), BGP_ESTABLISHED);
}

/* ---- routes in use ---------------------------------------------------------------------- */

static void say(Bed *bed, BgpSpeaker *source, gint64 at_s, guint route, gboolean there) {
  const char *prefix = arena_printf(bed->arena, "10.1.%u.0/24", route);
  net_say_at(bed, at_s * 1000, source, prefix, there ? &bare : NULL);
}

static void assert_in_use(Bed *bed, const BgpSpeaker *taker, gint64 at_s, const char *expected) {
  g_autoptr(GString) used = g_string_new(NULL);
  bed_run(bed, sim_time_ms(at_s * 1000 + 500));
  for (guint route = 0; route < 5; route++) {
    g_autofree char *prefix = g_strdup_printf("10.1.%u.0/24", route);
    g_autofree char *text = net_route_text(taker, prefix);
    if (strcmp(text, "none") != 0)
      g_string_append_printf(used, "%u", route);
  }
  cr_assert_str_eq(used->str, expected, "%" G_GINT64_FORMAT " s: %s in use, not %s", at_s,
                   used->str, expected);
}

/* Two of a peer are in use, the first to come; whichever goes, the first of those that wait takes
 * the place of one in use, and one that waited leaves no place. Facts: AWS-9.9. */
Test(limits, of_one_peer_the_first_to_come_are_in_use) {
  g_autoptr(Bed) bed = bed_new();
  const BgpSpeakerConfig config = {.name = "taker",
                                   .asn = 65000,
                                   .router_id = ip_address_v4(0x0A000001u),
                                   .profile = &bgp_profile_rfc4271,
                                   .peer_routes = 2};
  BgpSpeaker *taker = net_speaker_with(bed, &config, NULL, NULL);
  BgpSpeaker *source = net_speaker(bed, "source", 65001, NULL);
  bgp_session_begin_established(net_join(bed, source, "10.0.0.2", taker, "10.0.0.1"));
  for (guint i = 0; i < 4; i++)
    say(bed, source, 1 + i, 3 - i, TRUE); /* 3, 2, 1, 0 */
  assert_in_use(bed, taker, 4, "23");
  say(bed, source, 5, 0, FALSE); /* it waited */
  assert_in_use(bed, taker, 5, "23");
  say(bed, source, 6, 4, TRUE);
  assert_in_use(bed, taker, 6, "23");
  say(bed, source, 7, 3, FALSE);
  assert_in_use(bed, taker, 7, "12");
  say(bed, source, 8, 2, FALSE);
  assert_in_use(bed, taker, 8, "14");
  say(bed, source, 9, 1, FALSE);
  assert_in_use(bed, taker, 9, "4");
  say(bed, source, 10, 0, TRUE);
  assert_in_use(bed, taker, 10, "04");
}

/* ---- ROUTE-REFRESH ---------------------------------------------------------------------- */

static void ask(gpointer data) { bgp_peer_ask_refresh(((Duo *)data)->peers[1]); }

Test(refresh, everything_is_sent_again_and_nothing_changes) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = duo_new(bed, &config);
  bgp_session_begin_established(duo->session);
  announce(duo, 0, 7, &bare);
  converge(duo);
  bed_at(bed, sim_time_s(10), ask, duo);
  bed_run(bed, sim_time_s(20));
  const TraceRecord *asked;
  cr_assert_eq(bed_count(bed, &BGP_REFRESH_ASKED, &asked), 1);
  cr_assert_str_eq(asked->subject, "b");
  cr_assert_eq(asked->value, 0);
  cr_assert_eq(bed_count(bed, &BGP_ANNOUNCED, NULL), 7);
  cr_assert_eq(bed_count(bed, &BGP_SELECTED, NULL), 0);
  cr_assert_eq(bed_count(bed, &BGP_SESSION_DOWN, NULL), 0);
  cr_assert_eq(bgp_peer_route_count(duo->peers[1]), 7);
}

Test(refresh, who_does_not_know_it_is_reset) {
  g_autoptr(Bed) bed = bed_new();
  DuoConfig config = duo_default();
  config.ends[0].no_route_refresh = TRUE;
  Duo *duo = duo_new(bed, &config);
  bgp_session_begin_established(duo->session);
  announce(duo, 0, 7, &bare);
  converge(duo);
  bed_at(bed, sim_time_s(10), ask, duo);
  bed_run(bed, sim_time_s(11));
  assert_down(bed, 1, BGP_DOWN_RESET, 10000);
  bed_run(bed, sim_time_s(20)); /* the ordinary way back, no ConnectRetryTimer */
  cr_assert_eq(bgp_peer_state(duo->peers[1]), BGP_ESTABLISHED);
  cr_assert_eq(bgp_peer_route_count(duo->peers[1]), 7);
}

Test(refresh, without_a_session_nothing_happens) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = duo_new(bed, &config);
  bed_at(bed, sim_time_s(10), ask, duo);
  bed_run(bed, sim_time_s(11));
  cr_assert_eq(bed_count(bed, &BGP_REFRESH_ASKED, NULL), 0);
}
