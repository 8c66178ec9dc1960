/* With jitter, packet and lazy agree in distribution; and both with renewal theory: the age
 * of the last message when the path fails follows the stationary law of the period, so a
 * session with hold time H expires H less that age later. Seeds are fixed: what passes here
 * passes always. */
#include <criterion/criterion.h>
#include <math.h>

#include "support/beat.h"
#include "support/law.h"

static const LivenessJitter none = {1, 1}, rfc4271 = {0.75, 1}, rfc5880_one = {0.75, 0.9};

#define NEVER 1e9 /* where a session survives: beyond every other value */

typedef struct {
  const char *what;
  gint64 interval_ms, timeout_ms;
  LivenessJitter jitter;
  gboolean fresh;        /* begun at 0 by a message, in place of long ago */
  gboolean ends;         /* the sender ends at `at`, in place of the last cut */
  gint64 cut_ms, for_ms; /* a first, short cut; 0: none */
  gint64 at_ms;          /* the cut that stays */
} Look;

static void cut(gpointer data) { path_cut(((Beat *)data)->path, +1); }
static void mend(gpointer data) { path_cut(((Beat *)data)->path, -1); }
static void end_sending(gpointer data) { liveness_end_sending(((Beat *)data)->liveness); }

typedef struct {
  Beat *beat;
  SimTime interval, timeout;
} Beginning;

static void begin(gpointer data) {
  const Beginning *beginning = data;
  beat_begin(beginning->beat, beginning->interval, beginning->timeout);
}

#define DELAY sim_time_ms(1)

/* First expiries of `count` independent sessions, in seconds after the last failure and the
 * delay. */
static void expire_all(const Look *look, LivenessMode mode, guint64 seed, double *values,
                       guint count) {
  for (guint first = 0; first < count; first += 250) {
    g_autoptr(Bed) bed = bed_new();
    Beat *beats[250];
    const guint several = MIN(250, count - first);
    for (guint i = 0; i < several; i++) {
      const BeatConfig config = {mode, look->jitter, DELAY, seed, first + i};
      Beat *beat = beats[i] = beat_new(bed, arena_printf(bed->arena, "beat-%u", i), &config);
      const SimTime interval = sim_time_ms(look->interval_ms),
                    timeout = sim_time_ms(look->timeout_ms);
      if (look->fresh) {
        Beginning *beginning = arena_new0(bed->arena, Beginning);
        *beginning = (Beginning){beat, interval, timeout};
        bed_at(bed, SIM_TIME_ZERO, begin, beginning);
      } else {
        beat_begin_steady(beat, interval, timeout);
      }
    }
    for (guint i = 0; i < several && look->cut_ms > 0; i++)
      bed_at(bed, sim_time_ms(look->cut_ms), cut, beats[i]);
    for (guint i = 0; i < several && look->cut_ms > 0; i++)
      bed_at(bed, sim_time_ms(look->cut_ms + look->for_ms), mend, beats[i]);
    for (guint i = 0; i < several; i++)
      bed_at(bed, sim_time_ms(look->at_ms), look->ends ? end_sending : cut, beats[i]);
    bed_run(bed, sim_time_ms(look->at_ms + look->timeout_ms * 3));
    for (guint i = 0; i < several; i++)
      values[first + i] = beats[i]->expiries->len == 0
                              ? NEVER
                              : (double)(g_array_index(beats[i]->expiries, gint64, 0) - DELAY.ns -
                                         sim_time_ms(look->at_ms).ns) /
                                    1e9;
  }
}

#define SAMPLES 5000

static void compare_looks(const Look *looks, guint count) {
  g_autofree double *packet = g_new(double, SAMPLES), *lazy = g_new(double, SAMPLES);
  for (guint i = 0; i < count; i++) {
    /* Seeds of their own, so that the two samples are independent. */
    expire_all(&looks[i], LIVENESS_PACKET, 1000 + i, packet, SAMPLES);
    expire_all(&looks[i], LIVENESS_LAZY, 2000 + i, lazy, SAMPLES);
    assert_same_law(packet, SAMPLES, lazy, SAMPLES, looks[i].what);
  }
}

Test(liveness_law, first_look) {
  static const Look looks[] = {
      {"a long time after the start", 5000, 15000, {0.75, 1}, .at_ms = 1000000},
      {"shortly after the start", 5000, 15000, {0.75, 1}, .at_ms = 3000},
      {"just about as far as periods are drawn one by one",
       5000,
       15000,
       {0.75, 1},
       .at_ms = 320000},
      {"the sender ends after a long time", 5000, 15000, {0.75, 1}, .ends = TRUE, .at_ms = 1000000},
      {"a wide jitter", 5000, 15000, {0.1, 1}, .at_ms = 900000},
      {"BFD 300 ms x 3", 300, 900, {0.75, 1}, .at_ms = 60000},
  };
  compare_looks(looks, G_N_ELEMENTS(looks));
}

Test(liveness_law, second_look_after_a_short_cut) {
  static const Look looks[] = {
      {"within the same period",
       5000,
       15000,
       {0.75, 1},
       .cut_ms = 1000000,
       .for_ms = 1000,
       .at_ms = 1002000},
      {"at once, after most of a period",
       5000,
       15000,
       {0.75, 1},
       .cut_ms = 1000000,
       .for_ms = 3500,
       .at_ms = 1003600},
      {"a little later",
       5000,
       15000,
       {0.75, 1},
       .cut_ms = 1000000,
       .for_ms = 7000,
       .at_ms = 1012000},
      {"some periods later",
       5000,
       15000,
       {0.75, 1},
       .cut_ms = 1000000,
       .for_ms = 9000,
       .at_ms = 1050000},
      {"a long time later",
       5000,
       15000,
       {0.75, 1},
       .cut_ms = 1000000,
       .for_ms = 3000,
       .at_ms = 2000000},
      {"some do not survive the first cut",
       5000,
       15000,
       {0.75, 1},
       .cut_ms = 1000000,
       .for_ms = 12000,
       .at_ms = 1013000},
      {"the sender ends behind a cut",
       5000,
       15000,
       {0.75, 1},
       .ends = TRUE,
       .cut_ms = 1000000,
       .for_ms = 6000,
       .at_ms = 1007000},
      {"BFD 300 ms x 3", 300, 900, {0.75, 1}, .cut_ms = 60000, .for_ms = 350, .at_ms = 60500},
  };
  compare_looks(looks, G_N_ELEMENTS(looks));
}

Test(liveness_law, sessions_begun_during_the_run) {
  static const Look looks[] = {
      {"before the second message", 5000, 15000, {0.75, 1}, .fresh = TRUE, .at_ms = 2000},
      {"about when the second message goes", 5000, 15000, {0.75, 1}, .fresh = TRUE, .at_ms = 4400},
      {"after some periods", 5000, 15000, {0.75, 1}, .fresh = TRUE, .at_ms = 33000},
      {"as far as periods are drawn one by one",
       5000,
       15000,
       {0.75, 1},
       .fresh = TRUE,
       .at_ms = 330000},
      {"a long time after", 5000, 15000, {0.75, 1}, .fresh = TRUE, .at_ms = 1000000},
      {"behind a short cut",
       5000,
       15000,
       {0.75, 1},
       .fresh = TRUE,
       .cut_ms = 11000,
       .for_ms = 2000,
       .at_ms = 15000},
      {"BFD 300 ms x 3", 300, 900, {0.75, 1}, .fresh = TRUE, .at_ms = 1000},
  };
  compare_looks(looks, G_N_ELEMENTS(looks));
}

/* ---- renewal theory ---------------------------------------------------------------- */

static double age_below(double age, gpointer data) { return age_distribution(data, age); }

typedef struct {
  const char *what;
  double interval, timeout; /* seconds */
  LivenessJitter jitter;
} Law;

static const Law laws[] = {
    {"hold 15 s, keepalive 5 s", 5, 15, {1, 1}},
    {"hold 15 s, keepalive 5 s, jitter", 5, 15, {0.75, 1}},
    {"hold 180 s, keepalive 60 s", 60, 180, {1, 1}},
    {"hold 180 s, keepalive 60 s, jitter", 60, 180, {0.75, 1}},
    {"hold 30 s, keepalive 10 s, jitter", 10, 30, {0.75, 1}},
    {"BFD 1 s x 3", 1, 3, {1, 1}},
    {"BFD 1 s x 3, jitter", 1, 3, {0.75, 1}},
    {"BFD 300 ms x 3, jitter", 0.3, 0.9, {0.75, 1}},
    {"BFD 1 s x 1, jitter", 1, 1, {0.75, 0.9}},
};

static Look look_of(const Law *law, gint64 at_ms) {
  return (Look){law->what, (gint64)(law->interval * 1000 + 0.5),
                (gint64)(law->timeout * 1000 + 0.5), law->jitter, .at_ms = at_ms};
}

static AgeLaw age_law_of(const Law *law) {
  return (AgeLaw){law->interval * law->jitter.low, law->interval * law->jitter.high};
}

#define RUNS 1000

Test(liveness_law, one_session_expires_as_renewal_theory_says) {
  for (guint i = 0; i < G_N_ELEMENTS(laws); i++)
    for (LivenessMode mode = LIVENESS_LAZY; mode <= LIVENESS_PACKET; mode++) {
      const Law *law = &laws[i];
      AgeLaw age = age_law_of(law);
      double values[RUNS];
      /* Once near the start, once far from it, where lazy draws anew. */
      const Look look = look_of(law, (gint64)(law->interval * 1000 * (i % 2 ? 40 : 150)));
      expire_all(&look, mode, 77 + i, values, RUNS);
      for (guint j = 0; j < RUNS; j++) {
        cr_assert_geq(values[j], law->timeout - age.high, "%s: %g", law->what, values[j]);
        cr_assert_leq(values[j], law->timeout, "%s: %g", law->what, values[j]);
        values[j] = law->timeout - values[j]; /* the age of the last message */
      }
      assert_mean(values, RUNS, age_moments(&age, 1, FALSE), law->what);
      assert_has_law(values, RUNS, age_below, &age, law->what);
    }
}

/* Sessions fail together; the first expiry is that of the oldest last message. */
Test(liveness_law, first_and_last_of_two_and_four_sessions) {
  for (guint i = 0; i < G_N_ELEMENTS(laws); i++)
    for (guint sessions = 2; sessions <= 4; sessions += 2) {
      const Law *law = &laws[i];
      const AgeLaw age = age_law_of(law);
      g_autofree double *values = g_new(double, RUNS *sessions);
      double oldest[RUNS], youngest[RUNS];
      const Look look = look_of(law, (gint64)(law->interval * 1000 * (i % 2 ? 150 : 7)));
      expire_all(&look, i % 2 ? LIVENESS_LAZY : LIVENESS_PACKET, 99 + i, values, RUNS * sessions);
      for (guint run = 0; run < RUNS; run++) {
        oldest[run] = 0;
        youngest[run] = law->timeout;
        for (guint j = 0; j < sessions; j++) {
          oldest[run] = MAX(oldest[run], law->timeout - values[run * sessions + j]);
          youngest[run] = MIN(youngest[run], law->timeout - values[run * sessions + j]);
        }
      }
      assert_mean(oldest, RUNS, age_moments(&age, sessions, FALSE), law->what);
      assert_mean(youngest, RUNS, age_moments(&age, sessions, TRUE), law->what);
    }
}

/* The integration against the numbers that people quote. */
Test(liveness_law, numbers_to_two_decimals) {
  static const struct {
    double interval, timeout;
    LivenessJitter jitter;
    double one, first, last;
  } cases[] = {
      {5, 15, {1, 1}, 12.50, 11.67, 13.33},
      {5, 15, {0.75, 1}, 12.80, 12.05, 13.54},
      {1, 3, {1, 1}, 2.50, 2.33, 2.67},
      {1, 3, {0.75, 1}, 2.56, 2.41, 2.71},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const AgeLaw age = {cases[i].interval * cases[i].jitter.low,
                        cases[i].interval * cases[i].jitter.high};
    cr_assert_float_eq(cases[i].timeout - age_moments(&age, 1, FALSE).mean, cases[i].one, 0.005);
    cr_assert_float_eq(cases[i].timeout - age_moments(&age, 2, FALSE).mean, cases[i].first, 0.005);
    cr_assert_float_eq(cases[i].timeout - age_moments(&age, 2, TRUE).mean, cases[i].last, 0.005);
  }
  /* And against the closed form E[A] = E[X^2] / 2 E[X]. */
  const AgeLaw age = {3.75, 5};
  const double square = (5.0 * 5 + 5 * 3.75 + 3.75 * 3.75) / 3;
  cr_assert_float_eq(age_moments(&age, 1, FALSE).mean, square / (2 * 4.375), 1e-9);
}

/* ---- what `look` tells ------------------------------------------------------------- */

typedef struct {
  GArray *ages, *periods;
} Seen;

static void look_at_all(LivenessMode mode, LivenessJitter jitter, guint64 seed, SimTime at,
                        Seen *seen) {
  seen->ages = g_array_new(FALSE, FALSE, sizeof(double));
  seen->periods = g_array_new(FALSE, FALSE, sizeof(double));
  for (guint run = 0; run < SAMPLES; run += 250) {
    g_autoptr(Bed) bed = bed_new();
    Beat *beats[250];
    for (guint i = 0; i < 250; i++) {
      const BeatConfig config = {mode, jitter, DELAY, seed, run + i};
      beats[i] = beat_new(bed, arena_printf(bed->arena, "beat-%u", i), &config);
      beat_begin_steady(beats[i], sim_time_s(5), sim_time_s(15));
    }
    bed_run(bed, at);
    for (guint i = 0; i < 250; i++) {
      SimTime last, next;
      liveness_look(beats[i]->liveness, &last, &next);
      cr_assert_leq(last.ns, at.ns);
      cr_assert_geq(next.ns, at.ns);
      const double age = sim_time_seconds(sim_time_sub(at, last)),
                   period = sim_time_seconds(sim_time_sub(next, last));
      g_array_append_val(seen->ages, age);
      g_array_append_val(seen->periods, period);
    }
  }
}

/* The inspection paradox: the period that holds a moment is longer than others. */
static double period_below(double period, gpointer data) {
  const AgeLaw *law = data;
  const double low = law->low * law->low, high = law->high * law->high;
  return CLAMP((period * period - low) / (high - low), 0, 1);
}

Test(liveness_law, the_period_that_holds_a_moment) {
  AgeLaw age = {3.75, 5};
  static const gint64 moments[] = {1, 100, 3000};
  for (guint i = 0; i < G_N_ELEMENTS(moments); i++)
    for (LivenessMode mode = LIVENESS_LAZY; mode <= LIVENESS_PACKET; mode++) {
      Seen seen;
      look_at_all(mode, rfc4271, 5 + i, sim_time_s(moments[i]), &seen);
      assert_has_law((double *)(gpointer)seen.ages->data, SAMPLES, age_below, &age, "age");
      assert_has_law((double *)(gpointer)seen.periods->data, SAMPLES, period_below, &age, "period");
      g_array_unref(seen.ages);
      g_array_unref(seen.periods);
    }
}

Test(liveness_law, looking_changes_nothing_without_jitter) {
  for (guint64 seed = 1; seed < 200; seed++) {
    SimTime last[2], next[2];
    for (guint often = 0; often < 2; often++) {
      g_autoptr(Bed) bed = bed_new();
      const BeatConfig config = {LIVENESS_LAZY, none, DELAY, seed, 0};
      Beat *beat = beat_new(bed, "beat", &config);
      beat_begin_steady(beat, sim_time_s(5), sim_time_s(15));
      for (guint i = 0; i < (often ? 50u : 0u); i++) {
        bed_run(bed, sim_time_ms(i * 1777));
        liveness_look(beat->liveness, &last[often], &next[often]);
      }
      bed_run(bed, sim_time_s(100));
      liveness_look(beat->liveness, &last[often], &next[often]);
      cr_assert_eq(engine_events(bed->engine), 0, "a quiet session costs nothing");
    }
    cr_assert_eq(last[0].ns, last[1].ns);
    cr_assert_eq(next[0].ns, next[1].ns);
  }
}

/* ---- edges ------------------------------------------------------------------------- */

Test(liveness_law, no_interval_and_no_timeout) {
  for (LivenessMode mode = LIVENESS_LAZY; mode <= LIVENESS_PACKET; mode++) {
    g_autoptr(Bed) bed = bed_new();
    const BeatConfig config = {mode, rfc4271, DELAY, 1, 0};
    Beat *silent = beat_new(bed, "silent", &config); /* hold 0: neither sends nor expires */
    Beat *deaf = beat_new(bed, "deaf", &config);     /* sends, never expires */
    beat_begin_steady(silent, SIM_TIME_ZERO, SIM_TIME_ZERO);
    beat_begin_steady(deaf, sim_time_s(5), SIM_TIME_ZERO);
    bed_at(bed, sim_time_s(50), cut, silent);
    bed_at(bed, sim_time_s(50), cut, deaf);
    bed_run(bed, sim_time_s(100000));
    cr_assert_eq(silent->expiries->len, 0);
    cr_assert_eq(deaf->expiries->len, 0);
    cr_assert_eq(silent->emitted, 0);
  }
}

/* BFD with a multiplier of 1 leaves 10 % between the longest period and the timeout (RFC 5880
 * 6.8.7): on a steady path it must not expire by itself. */
Test(liveness_law, a_multiplier_of_one_does_not_expire_by_itself) {
  for (LivenessMode mode = LIVENESS_LAZY; mode <= LIVENESS_PACKET; mode++) {
    g_autoptr(Bed) bed = bed_new();
    const BeatConfig config = {mode, rfc5880_one, DELAY, 1, 0};
    Beat *beat = beat_new(bed, "beat", &config);
    beat_begin_steady(beat, sim_time_s(1), sim_time_s(1));
    bed_run(bed, sim_time_s(10000));
    cr_assert_eq(beat->expiries->len, 0);
  }
}
