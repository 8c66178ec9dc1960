/* Sessions over a real path and a real stream: the state machine of RFC 4271 section 8. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/duo.h"

static void start_0(gpointer data) { bgp_peer_start(((Duo *)data)->peers[0]); }
static void start_1(gpointer data) { bgp_peer_start(((Duo *)data)->peers[1]); }
static void stop_0(gpointer data) { bgp_peer_stop(((Duo *)data)->peers[0], BGP_CEASE_SHUTDOWN); }
static void cut(gpointer data) { path_cut(((Duo *)data)->path, +1); }
static void mend(gpointer data) { path_cut(((Duo *)data)->path, -1); }

/* Both ends started at 0; Established at 2.004 and 2.005 s. */
static Duo *started(Bed *bed, const DuoConfig *config) {
  Duo *duo = duo_new(bed, config);
  bed_at(bed, SIM_TIME_ZERO, start_1, duo);
  bed_at(bed, SIM_TIME_ZERO, start_0, duo);
  return duo;
}

static void assert_states(const Duo *duo, BgpState first, BgpState second) {
  const BgpState expected[2] = {first, second};
  for (guint i = 0; i < 2; i++) {
    const BgpState is = bgp_peer_state(duo->peers[i]);
    cr_assert_eq(is, expected[i], "%.4f s: end %u is %s, not %s",
                 sim_time_seconds(engine_now(duo->bed->engine)), i, bgp_state_name(is),
                 bgp_state_name(expected[i]));
  }
}

/* "22.204 a hold timer expired, " for each session that went down, from `since` on. */
static void assert_downs(const Duo *duo, SimTime since, const char *expected) {
  g_autoptr(GString) out = g_string_new(NULL);
  for (RecordId id = 1; id <= engine_record_count(duo->bed->engine); id++) {
    const TraceRecord *record = engine_record_get(duo->bed->engine, id);
    if (record->kind == &BGP_SESSION_DOWN && record->at.ns >= since.ns)
      g_string_append_printf(out, "%.3f %s %s, ", sim_time_seconds(record->at), record->subject,
                             bgp_down_reason_name((BgpDownReason)record->value));
  }
  cr_assert_str_eq(out->str, expected, "is:     %s\nshould: %s", out->str, expected);
}

/* ---- opening ----------------------------------------------------------------------- */

Test(session, opens_step_by_step) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = started(bed, &config);
  static const struct {
    gint64 at_us;
    BgpState states[2];
  } steps[] = {
      {0, {BGP_IDLE, BGP_ACTIVE}}, /* a passive end is ready at once */
      {1999999, {BGP_IDLE, BGP_ACTIVE}},
      {2000000, {BGP_CONNECT, BGP_ACTIVE}},           /* SYN */
      {2001000, {BGP_CONNECT, BGP_ACTIVE}},           /* SYN-ACK */
      {2002000, {BGP_OPEN_SENT, BGP_ACTIVE}},         /* ACK, OPEN */
      {2003000, {BGP_OPEN_SENT, BGP_OPEN_CONFIRM}},   /* OPEN, KEEPALIVE */
      {2004000, {BGP_ESTABLISHED, BGP_OPEN_CONFIRM}}, /* KEEPALIVE */
      {2005000, {BGP_ESTABLISHED, BGP_ESTABLISHED}},
  };
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
    bed_run(bed, sim_time_ns(steps[i].at_us * 1000));
    assert_states(duo, steps[i].states[0], steps[i].states[1]);
  }
  const TraceRecord *last;
  cr_assert_eq(bed_count(bed, &BGP_SESSION_UP, &last), 2);
  cr_assert_str_eq(last->subject, "b");
  cr_assert_str_eq(last->object, "a");
  bed_run(bed, sim_time_s(100000));
  assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
  cr_assert_eq(bed_count(bed, &BGP_SESSION_UP, NULL), 2);
  cr_assert_eq(bed_count(bed, &BGP_SESSION_DOWN, NULL), 0);
}

Test(session, names) {
  static const char *const states[] = {"Idle",     "Connect",     "Active",
                                       "OpenSent", "OpenConfirm", "Established"};
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  const Duo *duo = duo_new(bed, &config);
  for (BgpState state = BGP_IDLE; state <= BGP_ESTABLISHED; state++)
    cr_assert_str_eq(bgp_state_name(state), states[state]);
  for (BgpDownReason reason = BGP_DOWN_HOLD_TIMER; reason <= BGP_DOWN_BFD; reason++)
    cr_assert_str_not_empty(bgp_down_reason_name(reason));
  cr_assert_str_eq(bgp_peer_name(duo->peers[0]), "a>b");
  cr_assert_str_eq(bgp_peer_local_name(duo->peers[1]), "b");
  cr_assert_str_eq(bgp_peer_remote_name(duo->peers[1]), "a");
  cr_assert_eq(bgp_peer_far(duo->peers[0]), duo->peers[1]);
  cr_assert_eq(bgp_peer_speaker(duo->peers[0]), duo->speakers[0]);
  cr_assert_eq(bgp_speaker_asn(duo->speakers[0]), 65001);
  cr_assert(ip_address_equal(bgp_peer_local_address(duo->peers[1]), bed_address("10.0.0.2")));
  cr_assert(ip_address_equal(bgp_peer_remote_address(duo->peers[1]), bed_address("10.0.0.1")));
  cr_assert_eq(bgp_speaker_peers(duo->speakers[0])->len, 1);
}

Test(session, an_end_that_was_not_started_refuses) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = duo_new(bed, &config);
  bed_at(bed, SIM_TIME_ZERO, start_0, duo);
  bed_at(bed, sim_time_s(21), start_1, duo);
  for (gint64 second = 0; second < 21; second++) {
    bed_run(bed, sim_time_s(second));
    cr_assert_lt(bgp_peer_state(duo->peers[0]), BGP_OPEN_SENT);
    cr_assert_eq(bgp_peer_state(duo->peers[1]), BGP_IDLE);
  }
  bed_run(bed, sim_time_ms(23100)); /* the next attempt, 2 s after the last refusal */
  assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
  cr_assert_eq(bed_count(bed, &BGP_SESSION_DOWN, NULL), 0, "it was never up");
}

Test(session, opening_waits_for_a_path) {
  static const struct {
    gint64 mended_ms, least_ms, most_ms; /* Established between these */
  } cases[] = {
      {5001, 9004, 9005},     /* SYN at 2, 3, 5, 9 s */
      {30000, 33004, 33005},  /* 17, 33 s */
      {70000, 92000, 122100}, /* the ConnectRetryTimer, 90 to 120 s, is before SYN at 125 s */
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    const DuoConfig config = duo_default();
    Duo *duo = started(bed, &config);
    bed_at(bed, SIM_TIME_ZERO, cut, duo);
    bed_at(bed, sim_time_ms(cases[i].mended_ms), mend, duo);
    bed_run(bed, sim_time_ms(cases[i].least_ms - 1));
    cr_assert_lt(bgp_peer_state(duo->peers[0]), BGP_ESTABLISHED, "case %u", i);
    bed_run(bed, sim_time_ms(cases[i].most_ms));
    assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
  }
}

Test(session, the_connect_retry_timer_has_jitter_from_three_quarters) {
  gint64 least = G_MAXINT64, most = 0;
  for (guint64 seed = 1; seed <= 300; seed++) {
    g_autoptr(Bed) bed = bed_new();
    DuoConfig config = duo_default();
    config.connect_retry = sim_time_s(40);
    config.seed = seed;
    Duo *duo = started(bed, &config);
    bed_at(bed, SIM_TIME_ZERO, cut, duo);
    bed_at(bed, sim_time_s(20), mend, duo); /* SYN at 17, then 33 s: too late */
    config.establish = sim_time_s(2);
    const TraceRecord *up;
    bed_run(bed, sim_time_s(100));
    cr_assert_eq(bed_count(bed, &BGP_SESSION_UP, &up), 2);
    least = MIN(least, up->at.ns);
    most = MAX(most, up->at.ns);
  }
  /* Retry at 2 + 30 to 42 s, unless the SYN of 33 s comes first. */
  cr_assert_geq(least, sim_time_ms(32005).ns);
  cr_assert_leq(most, sim_time_ms(33005).ns);
  cr_assert_lt(least, sim_time_ms(32200).ns);
}

Test(session, an_open_that_is_never_answered_ends_after_four_minutes) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_ns(2002500000), cut, duo); /* TCP is open at one end */
  bed_run(bed, sim_time_ms(242001));
  cr_assert_eq(bgp_peer_state(duo->peers[0]), BGP_OPEN_SENT);
  bed_run(bed, sim_time_ms(242002)); /* RFC 4271 8.2.2 */
  cr_assert_eq(bgp_peer_state(duo->peers[0]), BGP_IDLE);
  bed_run(bed, sim_time_ms(244002));
  cr_assert_eq(bgp_peer_state(duo->peers[0]), BGP_CONNECT);
  cr_assert_eq(bed_count(bed, &BGP_SESSION_DOWN, NULL), 0);
  bed_at(bed, sim_time_s(300), mend, duo);
  bed_run(bed, sim_time_s(1000));
  assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
}

Test(session, open_confirm_ends_after_the_hold_time) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_ns(2003500000), cut, duo); /* the OPEN of a has arrived, no KEEPALIVE */
  bed_run(bed, sim_time_ms(17002));
  cr_assert_eq(bgp_peer_state(duo->peers[1]), BGP_OPEN_CONFIRM);
  bed_run(bed, sim_time_ms(17003));
  cr_assert_neq(bgp_peer_state(duo->peers[1]), BGP_OPEN_CONFIRM);
}

/* The far end goes away at each moment of the opening: this end starts again, and nothing is
 * recorded as a session that went down. */
Test(session, the_far_end_goes_away_while_opening) {
  for (guint how = 0; how < 3; how++)
    for (gint64 at_us = 2000500; at_us < 2005000; at_us += 500) {
      g_autoptr(Bed) bed = bed_new();
      const DuoConfig config = duo_default();
      Duo *duo = started(bed, &config);
      bed_run(bed, sim_time_ns(at_us * 1000));
      if (how == 0)
        bgp_peer_stop(duo->peers[1], BGP_CEASE_SHUTDOWN);
      else
        bgp_peer_die(duo->peers[1], how == 1);
      cr_assert_eq(bgp_peer_state(duo->peers[1]), BGP_IDLE);
      bed_run(bed, sim_time_s(30));
      cr_assert_neq(bgp_peer_state(duo->peers[0]), BGP_ESTABLISHED);
      /* What b sent at 2.003 s makes this end Established, whatever b did next; so it goes down. */
      cr_assert_eq(bed_count(bed, &BGP_SESSION_DOWN, NULL), at_us >= 2003000,
                   "how %u, %" G_GINT64_FORMAT " us", how, at_us);
      bgp_peer_start(duo->peers[1]);
      bed_run(bed, sim_time_s(300));
      assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
    }
}

/* RFC 4271 8.2.2: a start event is ignored where the machine runs already. */
Test(session, a_second_start_changes_nothing) {
  for (guint end = 0; end < 2; end++)
    for (gint64 at_us = 500; at_us < 2006000; at_us += at_us < 2000000 ? 499750 : 500) {
      g_autoptr(Bed) bed = bed_new();
      const DuoConfig config = duo_default();
      Duo *duo = started(bed, &config);
      bed_run(bed, sim_time_ns(at_us * 1000));
      const BgpState before = bgp_peer_state(duo->peers[end]);
      bgp_peer_start(duo->peers[end]);
      cr_assert_eq(bgp_peer_state(duo->peers[end]), before, "%" G_GINT64_FORMAT " us", at_us);
      bed_run(bed, sim_time_ms(2005));
      assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
    }
}

/* ---- negotiation ------------------------------------------------------------------- */

/* The hold time is the smaller offer (RFC 4271 4.2); each end keeps its own keepalive, but
 * at most a third of the hold time (4.4). */
Test(session, hold_time_and_keepalive_are_negotiated) {
  static const struct {
    gint64 keepalive[2], hold[2], agreed_ms, sends_ms[2];
  } cases[] = {
      {{5, 5}, {15, 15}, 15000, {5000, 5000}},
      {{60, 5}, {180, 15}, 15000, {5000, 5000}},
      {{2, 60}, {180, 30}, 30000, {2000, 10000}},
      {{60, 60}, {10, 180}, 10000, {10000 / 3, 10000 / 3}},
      {{1, 3}, {90, 9}, 9000, {1000, 3000}},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Bed) bed = bed_new();
    DuoConfig config = duo_default();
    for (guint side = 0; side < 2; side++) {
      config.ends[side].keepalive = sim_time_s(cases[i].keepalive[side]);
      config.ends[side].hold = sim_time_s(cases[i].hold[side]);
    }
    Duo *duo = started(bed, &config);
    bed_at(bed, sim_time_s(100), cut, duo);
    bed_run(bed, sim_time_s(99));
    gint64 expiry[2];
    for (guint side = 0; side < 2; side++) {
      const SimTime hold = bgp_peer_hold(duo->peers[side]);
      cr_assert_eq(hold.ns, sim_time_ms(cases[i].agreed_ms).ns, "case %u", i);
      /* The far end sends every so often since it received the OPEN. */
      const gint64 first = sim_time_ms(side == 0 ? 2003 : 2004).ns;
      const gint64 agreed = sim_time_ms(cases[i].agreed_ms).ns;
      const gint64 sends = MIN(sim_time_s(cases[i].keepalive[!side]).ns, agreed / 3);
      cr_assert_eq(sends / 1000000, cases[i].sends_ms[!side]);
      expiry[side] = first + (sim_time_s(100).ns - 1 - first) / sends * sends + 1000000 + agreed;
    }
    bed_run(bed, sim_time_s(200));
    for (RecordId id = 1; id <= engine_record_count(bed->engine); id++) {
      const TraceRecord *record = engine_record_get(bed->engine, id);
      if (record->kind != &BGP_SESSION_DOWN)
        continue;
      cr_assert_eq(record->value, BGP_DOWN_HOLD_TIMER);
      cr_assert_eq(record->at.ns, expiry[record->subject[0] - 'a'],
                   "case %u: %s goes down at %.6f, not at %.6f", i, record->subject,
                   sim_time_seconds(record->at),
                   sim_time_seconds(sim_time_ns(expiry[record->subject[0] - 'a'])));
    }
    cr_assert_eq(bed_count(bed, &BGP_SESSION_DOWN, NULL), 2);
  }
}

Test(session, hold_time_zero_means_no_keepalives_and_no_expiry) {
  for (guint who = 0; who < 2; who++) {
    g_autoptr(Bed) bed = bed_new();
    DuoConfig config = duo_default();
    config.ends[who].hold = SIM_TIME_ZERO; /* one zero is enough: it is the smaller one */
    Duo *duo = started(bed, &config);
    bed_run(bed, sim_time_s(10));
    assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
    cr_assert_eq(bgp_peer_hold(duo->peers[0]).ns, 0);
    const guint64 events = engine_events(bed->engine);
    bed_run(bed, sim_time_s(1000));
    cr_assert_eq(engine_events(bed->engine), events, "nothing is sent");
    bed_at(bed, sim_time_s(1001), cut, duo);
    bed_run(bed, sim_time_s(100000));
    assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
  }
}

/* RFC 4271 4.2: the field of an OPEN has whole seconds, to which a drawn hold time is rounded. */
Test(session, offers_whole_seconds) {
  static const struct {
    gint64 drawn_ms, offered_s;
  } cases[] = {{30000, 30}, {30499, 30}, {30500, 31}, {3000, 3}, {0, 0}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    for (guint who = 0; who < 2; who++) {
      g_autoptr(Bed) bed = bed_new();
      DuoConfig config = duo_default();
      config.ends[who].hold = sim_time_ms(cases[i].drawn_ms);
      config.ends[!who].hold = sim_time_s(90);
      Duo *duo = started(bed, &config);
      bed_run(bed, sim_time_s(10));
      for (guint side = 0; side < 2; side++)
        cr_assert_eq(bgp_peer_hold(duo->peers[side]).ns, sim_time_s(cases[i].offered_s).ns);
    }
}

/* ---- going down and coming back ---------------------------------------------------- */

Test(session, hold_timers_expire_and_the_session_comes_back) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_s(100), cut, duo);
  bed_at(bed, sim_time_s(200), mend, duo);
  bed_run(bed, sim_time_s(150));
  /* Keepalives of a go at 2.004 + 5 n, those of b at 2.003 + 5 n. */
  assert_downs(duo, SIM_TIME_ZERO, "112.004 a hold timer expired, 112.005 b hold timer expired, ");
  assert_states(duo, BGP_CONNECT, BGP_ACTIVE);
  bed_run(bed, sim_time_s(400));
  assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
  cr_assert_eq(bed_count(bed, &BGP_SESSION_UP, NULL), 4);
  assert_downs(duo, sim_time_s(150), "");
}

static void check_hold_timer_records(LivenessMode mode) {
  g_autoptr(Bed) bed = bed_new();
  DuoConfig config = duo_default();
  config.mode = mode;
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_s(100), cut, duo);
  bed_run(bed, sim_time_s(150));
  const TraceRecord *event;
  const RecordId by_event = engine_record_count(bed->engine) - 2;
  bed_count(bed, &BED_EVENT, &event);
  cr_assert_eq(engine_record_get(bed->engine, by_event), event);
  for (RecordId id = by_event + 1; id <= by_event + 2; id++) {
    const TraceRecord *down = engine_record_get(bed->engine, id);
    cr_assert_eq(down->kind, &BGP_SESSION_DOWN);
    cr_assert_eq(down->root, by_event);
    cr_assert_eq(down->cause, by_event, "%s: the cause is record %u, not the cut", down->subject,
                 down->cause);
    cr_assert_not_null(down->stage, "%s: nothing says that a hold timer passed", down->subject);
    cr_assert_str_eq(down->stage->name, "hold timer");
  }
}

Test(session, hold_timer_records_know_cause_and_stage_with_lazy) {
  check_hold_timer_records(LIVENESS_LAZY);
}
Test(session, hold_timer_records_know_cause_and_stage_with_packet) {
  check_hold_timer_records(LIVENESS_PACKET);
}

/* The record at the root of every session that went down because of silence. */
static void assert_silenced_at(const Bed *bed, SimTime at, guint sessions) {
  guint downs = 0;
  for (RecordId id = 1; id <= engine_record_count(bed->engine); id++) {
    const TraceRecord *record = engine_record_get(bed->engine, id);
    if (record->kind != &BGP_SESSION_DOWN)
      continue;
    downs++;
    cr_assert_eq(engine_record_get(bed->engine, record->root)->at.ns, at.ns,
                 "%s: due to what happened at %.3f s", record->subject,
                 sim_time_seconds(engine_record_get(bed->engine, record->root)->at));
  }
  cr_assert_eq(downs, sessions);
}

/* Two cuts overlap and the first one ends: that alone would have broken nothing. The second keeps
 * away the last message that would still have come in time, and the repair keeps away none. */
Test(session, the_cut_that_still_holds_is_to_blame) {
  for (LivenessMode mode = LIVENESS_LAZY; mode <= LIVENESS_PACKET; mode++) {
    g_autoptr(Bed) bed = bed_new();
    DuoConfig config = duo_default();
    config.mode = mode;
    Duo *duo = started(bed, &config);
    bed_at(bed, sim_time_s(100), cut, duo);
    bed_at(bed, sim_time_s(101), cut, duo);
    bed_at(bed, sim_time_s(102), mend, duo);
    bed_run(bed, sim_time_s(150));
    assert_silenced_at(bed, sim_time_s(101), 2);
  }
}

Test(session, a_cut_shorter_than_the_rest_of_the_hold_time_is_survived) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = started(bed, &config);
  /* The keepalive of 102.004 is lost, and sent again at 103 and 105 s. */
  bed_at(bed, sim_time_s(100), cut, duo);
  bed_at(bed, sim_time_s(104), mend, duo);
  bed_run(bed, sim_time_s(1000));
  assert_downs(duo, SIM_TIME_ZERO, "");
}

/* When `who` gives up after a cut at 100 s. */
static gint64 given_up_at(guint64 seed, gboolean jitter_0, const char *who) {
  g_autoptr(Bed) bed = bed_new();
  DuoConfig config = duo_default();
  config.seed = seed;
  config.ends[0].jitter = jitter_0;
  config.ends[1].jitter = !jitter_0;
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_s(100), cut, duo);
  bed_run(bed, sim_time_s(120));
  for (RecordId id = engine_record_count(bed->engine); id > 0; id--) {
    const TraceRecord *record = engine_record_get(bed->engine, id);
    if (record->kind == &BGP_SESSION_DOWN && strcmp(record->subject, who) == 0)
      return record->at.ns;
  }
  return -1;
}

/* RFC 4271 section 10: each speaker jitters its own timers. What "a" sends, "b" waits for. */
Test(session, jitter_belongs_to_the_end_that_sends) {
  guint differ[2][2] = {{0, 0}, {0, 0}};
  static const char *const names[] = {"a", "b"};
  for (guint jitter_0 = 0; jitter_0 < 2; jitter_0++)
    for (guint who = 0; who < 2; who++)
      for (guint64 seed = 2; seed <= 10; seed++)
        differ[jitter_0][who] +=
            given_up_at(seed, jitter_0, names[who]) != given_up_at(1, jitter_0, names[who]);
  cr_assert_eq(differ[0][0], 9, "b jitters, and a waits for it");
  cr_assert_eq(differ[0][1], 0);
  cr_assert_eq(differ[1][0], 0);
  cr_assert_eq(differ[1][1], 9);
}

/* The path is whole again, but TCP tries its lost segment only at 102 + 1 + 2 + 4 + 8 = 117 s. */
Test(session, a_cut_ends_too_late_for_the_next_retransmission) {
  for (LivenessMode mode = LIVENESS_LAZY; mode <= LIVENESS_PACKET; mode++) {
    g_autoptr(Bed) bed = bed_new();
    DuoConfig config = duo_default();
    config.mode = mode;
    config.ends[0].keepalive = config.ends[1].keepalive = sim_time_s(2);
    Duo *duo = started(bed, &config);
    bed_at(bed, sim_time_ms(101000), cut, duo);
    bed_at(bed, sim_time_ms(111000), mend, duo);
    bed_run(bed, sim_time_ms(115500));
    cr_assert_eq(bed_count(bed, &BGP_SESSION_DOWN, NULL), 2, "%s: %u went down",
                 mode == LIVENESS_LAZY ? "lazy" : "packet",
                 bed_count(bed, &BGP_SESSION_DOWN, NULL));
  }
}

/* As above: what is sent at 112 s waits behind the segment that the first cut lost, and would have
 * passed otherwise, a second cut or not. */
Test(session, what_waits_behind_a_lost_segment_is_kept_away_by_what_lost_that) {
  for (LivenessMode mode = LIVENESS_LAZY; mode <= LIVENESS_PACKET; mode++) {
    g_autoptr(Bed) bed = bed_new();
    DuoConfig config = duo_default();
    config.mode = mode;
    config.ends[0].keepalive = config.ends[1].keepalive = sim_time_s(2);
    Duo *duo = started(bed, &config);
    bed_at(bed, sim_time_ms(101000), cut, duo);
    bed_at(bed, sim_time_ms(111000), mend, duo);
    bed_at(bed, sim_time_ms(111500), cut, duo);
    bed_at(bed, sim_time_ms(115900), mend, duo);
    bed_run(bed, sim_time_ms(116500));
    assert_silenced_at(bed, sim_time_s(101), 2);
  }
}

/* Keepalives go at 102.004, 107.004 and 112.004, hold times end at 112.005 and 112.006. The one of
 * 102 is lost by the first cut, and sent again at 103, 105, 109 s: by then the second one keeps it
 * away, which has the session. */
Test(session, a_retransmission_is_an_attempt_too) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_ms(101000), cut, duo);
  bed_at(bed, sim_time_ms(104000), mend, duo);
  bed_at(bed, sim_time_ms(104500), cut, duo);
  bed_run(bed, sim_time_s(113));
  assert_silenced_at(bed, sim_time_ms(104500), 2);
}

static void die_0(gpointer data) { bgp_peer_die(((Duo *)data)->peers[0], FALSE); }

/* The dead end would have sent the lost keepalive again at 103 s, when the path was whole: its
 * death has the session. Where the path is whole only later than that was possible, the cut has it.
 */
Test(session, a_dead_end_keeps_away_what_it_would_have_sent) {
  for (guint late = 0; late < 2; late++) {
    g_autoptr(Bed) bed = bed_new();
    const DuoConfig config = duo_default();
    Duo *duo = started(bed, &config);
    bed_at(bed, sim_time_ms(101000), cut, duo);
    bed_at(bed, sim_time_ms(102500), die_0, duo);
    bed_at(bed, sim_time_ms(late ? 112500 : 102800), mend, duo);
    bed_run(bed, sim_time_s(113));
    const TraceRecord *down;
    bed_count(bed, &BGP_SESSION_DOWN, &down);
    cr_assert_str_eq(down->subject, "b");
    cr_assert_eq(engine_record_get(bed->engine, down->root)->at.ns,
                 sim_time_ms(late ? 101000 : 102500).ns);
  }
}

static void live_0(gpointer data) { bgp_peer_start(((Duo *)data)->peers[0]); }
static void shake(gpointer data) {
  static const Impairment shaky = {.jitter = {1000}};
  path_impair(((Duo *)data)->path, &shaky);
}

/* A host that forgot a connection resets it: due to what made it forget, and not to what disturbs
 * the path meanwhile, nor to its return. */
Test(session, a_reset_is_due_to_what_made_the_far_end_forget) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_ms(100000), die_0, duo);
  bed_at(bed, sim_time_ms(100500), live_0, duo);
  bed_at(bed, sim_time_ms(101000), shake, duo);
  bed_run(bed, sim_time_ms(102100));
  RecordId last = engine_record_count(bed->engine);
  while (engine_record_get(bed->engine, last)->kind != &BGP_SESSION_DOWN)
    last--;
  const TraceRecord *down = engine_record_get(bed->engine, last);
  cr_assert_eq(down->value, BGP_DOWN_TCP_RESET);
  cr_assert_eq(engine_record_get(bed->engine, down->cause)->at.ns, sim_time_s(100).ns);
  g_autoptr(GArray) passed = engine_record_passed(bed->engine, last);
  cr_assert_str_eq(g_array_index(passed, Passed, 0).stage->name, "wait for a KEEPALIVE");
}

/* Keepalives no more often than the hold time: no event has that they come too late. */
Test(session, timers_that_cannot_agree_are_no_events_doing) {
  g_autoptr(Bed) bed = bed_new();
  DuoConfig config = duo_default();
  config.ends[0].fixed_timers = TRUE;
  config.ends[0].keepalive = sim_time_s(20);
  config.ends[0].hold = sim_time_s(15);
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_s(10), shake, duo);
  bed_run(bed, sim_time_s(30));
  const TraceRecord *down;
  cr_assert_geq(bed_count(bed, &BGP_SESSION_DOWN, &down), 1);
  for (RecordId id = 1; id <= engine_record_count(bed->engine); id++) {
    const TraceRecord *record = engine_record_get(bed->engine, id);
    if (record->kind == &BGP_SESSION_DOWN && record->value == BGP_DOWN_HOLD_TIMER)
      cr_assert_eq(record->cause, 0);
  }
}

Test(session, manual_stop_sends_a_notification_and_stays_down) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_s(10), stop_0, duo);
  bed_run(bed, sim_time_s(1000));
  assert_downs(duo, SIM_TIME_ZERO, "10.001 b NOTIFICATION received, ");
  assert_states(duo, BGP_IDLE, BGP_ACTIVE);
  bed_at(bed, sim_time_s(1001), start_0, duo);
  bed_run(bed, sim_time_s(1004));
  assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
}

/* Who is stopped while it waits to connect, connects or has sent its OPEN waits for nothing more.
 */
Test(session, who_is_stopped_while_it_opens_stays_down) {
  static const gint64 stopped_at_us[] = {1000000, 2000500, 2002500};
  for (guint i = 0; i < G_N_ELEMENTS(stopped_at_us); i++) {
    g_autoptr(Bed) bed = bed_new();
    const DuoConfig config = duo_default();
    Duo *duo = started(bed, &config);
    bed_at(bed, sim_time_ns(stopped_at_us[i] * 1000), stop_0, duo);
    bed_run(bed, sim_time_s(1000));
    cr_assert_eq(bgp_peer_state(duo->peers[0]), BGP_IDLE, "stopped at %d us",
                 (int)stopped_at_us[i]);
    cr_assert_eq(bed_count(bed, &BGP_SESSION_UP, NULL), 0);
  }
}

static void stop_1(gpointer data) { bgp_peer_stop(((Duo *)data)->peers[1], BGP_CEASE_SHUTDOWN); }

Test(session, stopped_by_the_passive_end) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_s(10), stop_1, duo);
  bed_run(bed, sim_time_ms(10500));
  assert_downs(duo, SIM_TIME_ZERO, "10.001 a NOTIFICATION received, ");
  bed_run(bed, sim_time_s(100)); /* it tries again and again, and is refused */
  cr_assert_neq(bgp_peer_state(duo->peers[0]), BGP_ESTABLISHED);
  cr_assert_eq(bgp_peer_state(duo->peers[1]), BGP_IDLE);
  bed_at(bed, sim_time_s(100), start_1, duo);
  bed_run(bed, sim_time_ms(102100));
  assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
}

static void crash_0(gpointer data) { bgp_peer_die(((Duo *)data)->peers[0], TRUE); }
static void vanish_0(gpointer data) { bgp_peer_die(((Duo *)data)->peers[0], FALSE); }
static void darken_0(gpointer data) {
  net_node_adjust(((Duo *)data)->nodes[0], NODE_DARK, NULL, +1);
}
static void lighten_0(gpointer data) {
  net_node_adjust(((Duo *)data)->nodes[0], NODE_DARK, NULL, -1);
}
static void fail_bfd_0(gpointer data) { bgp_peer_bfd_down(((Duo *)data)->peers[0]); }

Test(session, a_process_that_ends_lets_the_kernel_close_tcp) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_s(10), crash_0, duo);
  bed_run(bed, sim_time_s(100));
  assert_downs(duo, SIM_TIME_ZERO, "10.001 b TCP closed, ");
  assert_states(duo, BGP_IDLE, BGP_ACTIVE);
}

Test(session, a_host_that_lost_its_memory_resets_tcp) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_s(10), vanish_0, duo);
  bed_run(bed, sim_time_s(100));
  /* The next keepalive of b goes at 12.003 s and is answered by RST. */
  assert_downs(duo, SIM_TIME_ZERO, "12.005 b TCP reset, ");
}

Test(session, a_host_without_power_is_noticed_by_the_hold_timer_alone) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_s(10), vanish_0, duo);
  bed_at(bed, sim_time_s(10), darken_0, duo);
  bed_at(bed, sim_time_s(100), lighten_0, duo);
  bed_at(bed, sim_time_s(100), start_0, duo);
  bed_run(bed, sim_time_s(99));
  /* The last keepalive of a went at 7.004 s. */
  assert_downs(duo, SIM_TIME_ZERO, "22.005 b hold timer expired, ");
  bed_run(bed, sim_time_s(103));
  assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
}

/* Back before the far end has noticed anything: the new connection is refused until the old
 * one is gone, which the far end's next keepalive brings about. */
Test(session, a_host_that_is_back_early) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_ms(7500), vanish_0, duo);
  bed_at(bed, sim_time_ms(7600), start_0, duo);
  bed_run(bed, sim_time_s(20));
  assert_downs(duo, SIM_TIME_ZERO, "12.005 b TCP reset, ");
  assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
}

Test(session, bfd_takes_the_session_down_at_once) {
  g_autoptr(Bed) bed = bed_new();
  const DuoConfig config = duo_default();
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_s(1), fail_bfd_0, duo); /* not up yet: nothing to do */
  bed_at(bed, sim_time_s(10), fail_bfd_0, duo);
  bed_run(bed, sim_time_s(11));
  assert_downs(duo, SIM_TIME_ZERO, "10.000 a BFD down, 10.001 b NOTIFICATION received, ");
  bed_run(bed, sim_time_s(20));
  assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
  cr_assert_eq(bed_count(bed, &BGP_SESSION_UP, NULL), 4);
}

/* One hold timer expires; its NOTIFICATION reaches the other end while that still waits. */
Test(session, a_notification_overtakes_the_other_hold_timer) {
  g_autoptr(Bed) bed = bed_new();
  DuoConfig config = duo_default();
  config.ends[0].keepalive = sim_time_s(1); /* b has heard a lately; a has not heard b */
  Duo *duo = started(bed, &config);
  bed_at(bed, sim_time_ms(101500), cut, duo); /* b sent at 97.003; a at 101.004 */
  bed_at(bed, sim_time_ms(112500), mend, duo);
  bed_run(bed, sim_time_ms(114500));
  /* a sent at 102.004 and tried again after 1, 3, 7 s and would at 117.004; its NOTIFICATION
   * waits behind, so that b's hold timer is first after all. */
  assert_downs(duo, SIM_TIME_ZERO, "112.004 a hold timer expired, ");
  bed_run(bed, sim_time_ms(116900));
  assert_downs(duo, sim_time_s(113), "116.005 b hold timer expired, ");
}

Test(session, begun_established) {
  for (LivenessMode mode = LIVENESS_LAZY; mode <= LIVENESS_PACKET; mode++) {
    g_autoptr(Bed) bed = bed_new();
    DuoConfig config = duo_default();
    config.mode = mode;
    Duo *duo = duo_new(bed, &config);
    bgp_session_begin_established(duo->session);
    assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
    cr_assert_eq(bgp_peer_hold(duo->peers[1]).ns, sim_time_s(15).ns);
    bed_run(bed, sim_time_s(3600));
    assert_states(duo, BGP_ESTABLISHED, BGP_ESTABLISHED);
    if (mode == LIVENESS_LAZY)
      cr_assert_eq(engine_events(bed->engine), 0);
    else
      cr_assert_gt(engine_events(bed->engine), 2 * 2 * 700);
    bed_at(bed, sim_time_s(3700), cut, duo);
    bed_run(bed, sim_time_s(3720));
    const TraceRecord *down;
    cr_assert_eq(bed_count(bed, &BGP_SESSION_DOWN, &down), 2);
    cr_assert_geq(down->at.ns, sim_time_s(3710).ns);
    cr_assert_leq(down->at.ns, sim_time_ms(3715001).ns);
  }
}

/* ---- keepalives and updates -------------------------------------------------------- */

static void announce_0(gpointer data) {
  Duo *duo = data;
  bgp_originate(duo->speakers[0], bed_prefix("10.9.0.0/16"),
                arena_new0(duo->bed->arena, BgpAttributes));
}

/* RFC 4271 4.4: an UPDATE takes the place of a KEEPALIVE, at both ends. */
Test(session, an_update_restarts_keepalive_and_hold_timer) {
  for (LivenessMode mode = LIVENESS_LAZY; mode <= LIVENESS_PACKET; mode++) {
    g_autoptr(Bed) bed = bed_new();
    DuoConfig config = duo_default();
    config.mode = mode;
    Duo *duo = started(bed, &config);
    /* Without it, keepalives would go at 7.004 and 12.004; with it, at 15.5. */
    bed_at(bed, sim_time_ms(10500), announce_0, duo);
    bed_at(bed, sim_time_ms(14000), cut, duo);
    bed_run(bed, sim_time_s(60));
    assert_downs(duo, SIM_TIME_ZERO, "25.501 b hold timer expired, 27.004 a hold timer expired, ");
  }
}
