/* The heart of the simulator's speed: a quiet session costs nothing, and yet expires as one
 * that sends every message. Packet and lazy agree exactly without jitter, in distribution
 * with it, and both with renewal theory. */
#include <criterion/criterion.h>
#include <math.h>

#include "support/beat.h"
#include "support/law.h"

static const LivenessJitter none = {1, 1};

/* ---- random histories -------------------------------------------------------------- */

typedef enum {
  CUT,
  MEND,
  DARK,
  LIGHT,
  CONTROL_CUT,
  CONTROL_MEND,
  LOSS,
  NO_LOSS,
  SLOW,
  NOT_SLOW,
  SLOW_LOSS,
  NO_SLOW_LOSS,
  OTHER,
  END_SENDING,
  BEGIN,
} Kind;

typedef struct {
  Kind kind;
  SimTime at;
} Happening;

#define MOST_HAPPENINGS 24

typedef struct {
  SimTime interval, timeout, delay;
  gboolean steady; /* from the start, or begun by the first BEGIN */
  Happening list[MOST_HAPPENINGS];
  guint count;
  SimTime end;
} History;

static const Impairment loss = {.loss = 0.5}, slow = {.delay = {70000000}},
                        slow_loss = {.loss = 0.2, .delay = {30000000}};

typedef struct {
  Beat *beat;
  const History *history;
  const Happening *what;
} Item;

static void happen(gpointer data) {
  const Item *item = data;
  Beat *beat = item->beat;
  switch (item->what->kind) {
  case CUT:
    path_cut(beat->path, +1);
    break;
  case MEND:
    path_cut(beat->path, -1);
    break;
  case DARK:
    net_node_adjust(beat->nodes[0], NODE_DARK, NULL, +1);
    break;
  case LIGHT:
    net_node_adjust(beat->nodes[0], NODE_DARK, NULL, -1);
    break;
  case CONTROL_CUT:
    net_node_adjust(beat->nodes[1], NODE_CONTROL_CUT, NULL, +1);
    break;
  case CONTROL_MEND:
    net_node_adjust(beat->nodes[1], NODE_CONTROL_CUT, NULL, -1);
    break;
  case LOSS:
    path_impair(beat->path, &loss);
    break;
  case NO_LOSS:
    path_unimpair(beat->path, &loss);
    break;
  case SLOW:
    path_impair(beat->path, &slow);
    break;
  case NOT_SLOW:
    path_unimpair(beat->path, &slow);
    break;
  case SLOW_LOSS:
    path_impair(beat->path, &slow_loss);
    break;
  case NO_SLOW_LOSS:
    path_unimpair(beat->path, &slow_loss);
    break;
  case OTHER:
    beat_send_other(beat);
    break;
  case END_SENDING:
    liveness_end_sending(beat->liveness);
    break;
  case BEGIN:
    if (!beat->listening && beat->awaited.ns == 0)
      beat_begin(beat, item->history->interval, item->history->timeout);
    break;
  }
}

static guint64 below(RandomStream *random, guint64 limit) { return random_bits(random) % limit; }

/* From 0 to `most`, a multiple of `grain`. */
static gint64 some(RandomStream *random, gint64 most, gint64 grain) {
  return (gint64)below(random, (guint64)(most / grain) + 1) * grain;
}

static void add(History *history, Kind kind, gint64 ns) {
  if (history->count < MOST_HAPPENINGS && ns >= 0)
    history->list[history->count++] = (Happening){kind, sim_time_ns(ns)};
}

/* Mostly short spells, so that many sessions survive and are looked at again; some on a
 * coarse grid, so that things coincide to the nanosecond. */
static History random_history(guint64 number, gboolean delays_change) {
  static const Kind begins[] = {CUT, CUT, CUT, DARK, CONTROL_CUT, LOSS, SLOW, SLOW_LOSS};
  static const Kind ends[] = {MEND,         MEND,    MEND,     LIGHT,
                              CONTROL_MEND, NO_LOSS, NOT_SLOW, NO_SLOW_LOSS};
  const guint kinds = G_N_ELEMENTS(begins) - (delays_change ? 0 : 2);
  RandomStream random = random_stream(number, 0, "history");
  History history = {.steady = below(&random, 4) > 0};
  const gboolean coarse = below(&random, 3) == 0;
  const gint64 grain = coarse ? 250000000 : 1;
  gint64 interval = coarse ? (gint64)(1 + below(&random, 24)) * grain
                           : 1000000 + (gint64)below(&random, 6 * SIM_SECOND);
  gint64 timeout = interval * (gint64)(2 + below(&random, 3));
  if (!coarse)
    timeout += (gint64)below(&random, (guint64)interval) - interval / 2;
  history.interval = sim_time_ns(interval);
  history.timeout = sim_time_ns(timeout);
  history.delay = sim_time_ns(coarse ? grain * (gint64)below(&random, 2)
                                     : (gint64)below(&random, (guint64)interval / 4 + 1));
  gint64 at = 0;
  for (guint i = 0; i < 2 + below(&random, 6); i++) {
    const guint which = (guint)below(&random, kinds);
    /* A gap of up to 200 intervals now and then: beyond what is drawn one by one. */
    const gint64 gap = interval * (below(&random, 4) == 0 ? 200 : 4);
    at += some(&random, gap, grain);
    const gint64 longest = below(&random, 4) == 0 ? timeout * 3 / 2 : timeout / 2;
    const gint64 spell = some(&random, longest, grain);
    add(&history, begins[which], at);
    add(&history, ends[which], at + spell);
    if (below(&random, 3) == 0) /* overlaps with the next one */
      at += spell / 2 / grain * grain;
    else
      at += spell;
    if (below(&random, 3) == 0)
      add(&history, OTHER, at + some(&random, interval * 2, grain));
    if (below(&random, 3) == 0)
      add(&history, BEGIN, at + some(&random, interval * 2, grain));
  }
  if (below(&random, 3) == 0)
    add(&history, END_SENDING, at + some(&random, interval * 9, grain));
  if (!history.steady)
    add(&history, BEGIN, some(&random, interval, grain));
  history.end = sim_time_ns(at + 10 * timeout + 10 * interval);
  /* A list that overflowed may lack an end; that is a history too, but not of taking away
   * what was never added: ends stand behind their beginnings. */
  return history;
}

typedef struct {
  GArray *expiries;
  guint64 events, emitted;
} Outcome;

static Outcome live_through(const History *history, LivenessMode mode, LivenessJitter jitter,
                            guint64 seed) {
  g_autoptr(Bed) bed = bed_new();
  const BeatConfig config = {mode, jitter, history->delay, seed, 0};
  Beat *beat = beat_new(bed, "beat", &config);
  Item items[MOST_HAPPENINGS];
  for (guint i = 0; i < history->count; i++) {
    items[i] = (Item){beat, history, &history->list[i]};
    bed_at(bed, history->list[i].at, happen, &items[i]);
  }
  if (history->steady)
    beat_begin_steady(beat, history->interval, history->timeout);
  bed_run(bed, history->end);
  return (Outcome){g_array_ref(beat->expiries), engine_events(bed->engine), beat->emitted};
}

static void assert_same_expiries(const History *history, const Outcome *packet, const Outcome *lazy,
                                 guint64 number) {
  const guint count = MIN(packet->expiries->len, lazy->expiries->len);
  for (guint i = 0; i < count; i++)
    cr_assert_eq(g_array_index(packet->expiries, gint64, i),
                 g_array_index(lazy->expiries, gint64, i),
                 "history %" G_GUINT64_FORMAT ", expiry %u: packet %" G_GINT64_FORMAT
                 ", lazy %" G_GINT64_FORMAT " ns (interval %" G_GINT64_FORMAT
                 ", timeout %" G_GINT64_FORMAT ", delay %" G_GINT64_FORMAT ")",
                 number, i, g_array_index(packet->expiries, gint64, i),
                 g_array_index(lazy->expiries, gint64, i), history->interval.ns,
                 history->timeout.ns, history->delay.ns);
  cr_assert_eq(packet->expiries->len, lazy->expiries->len,
               "history %" G_GUINT64_FORMAT ": %u expiries with packet, %u with lazy", number,
               packet->expiries->len, lazy->expiries->len);
}

/* There are `count` histories to compare. */
static void compare_modes(guint64 count, gboolean delays_change) {
  guint expiries = 0, quiet = 0;
  guint64 packet_events = 0, lazy_events = 0;
  for (guint64 number = 1; number <= count; number++) {
    const History history = random_history(number, delays_change);
    const Outcome packet = live_through(&history, LIVENESS_PACKET, none, number);
    const Outcome lazy = live_through(&history, LIVENESS_LAZY, none, number);
    assert_same_expiries(&history, &packet, &lazy, number);
    expiries += packet.expiries->len;
    quiet += packet.expiries->len == 0;
    packet_events += packet.events;
    lazy_events += lazy.events;
    g_array_unref(packet.expiries);
    g_array_unref(lazy.expiries);
  }
  /* The histories are worth something only if both outcomes are common. */
  cr_assert_gt(expiries, count / 3, "%u expiries", expiries);
  cr_assert_gt(quiet, count / 8, "%u histories without any", quiet);
  cr_assert_lt(lazy_events * 2, packet_events);
}

Test(liveness, packet_and_lazy_expire_at_the_same_nanosecond_without_jitter) {
  compare_modes(4000, FALSE);
}

Test(liveness, packet_and_lazy_agree_while_delays_change) { compare_modes(4000, TRUE); }

/* ---- single histories, by hand ----------------------------------------------------- */

/* When the session expires under one mode; -1: never. The phase is drawn by the seed, so the
 * history is given relative to a message: `origin` is the first one sent after 100 s. */
static gint64 expiry_of(LivenessMode mode, guint64 seed, const Happening *list, guint count,
                        gint64 *origin, RecordId *silenced_by) {
  const SimTime interval = sim_time_s(5), timeout = sim_time_s(15);
  g_autoptr(Bed) bed = bed_new();
  const BeatConfig config = {mode, none, sim_time_ms(10), seed, 0};
  Beat *beat = beat_new(bed, "beat", &config);
  const History history = {.interval = interval, .timeout = timeout};
  Item items[MOST_HAPPENINGS];
  Happening moved[MOST_HAPPENINGS];
  SimTime last, next;
  beat_begin_steady(beat, interval, timeout);
  bed_run(bed, sim_time_s(100));
  liveness_look(beat->liveness, &last, &next);
  *origin = next.ns;
  for (guint i = 0; i < count; i++) {
    moved[i] = (Happening){list[i].kind, sim_time_add(next, list[i].at)};
    items[i] = (Item){beat, &history, &moved[i]};
    bed_at(bed, moved[i].at, happen, &items[i]);
  }
  bed_run(bed, sim_time_s(1000));
  *silenced_by = beat->silenced_by;
  return beat->expiries->len > 0 ? g_array_index(beat->expiries, gint64, 0) : -1;
}

static void assert_expiry(const Happening *list, guint count, gint64 after_ms, const char *what) {
  for (LivenessMode mode = LIVENESS_LAZY; mode <= LIVENESS_PACKET; mode++)
    for (guint64 seed = 1; seed <= 3; seed++) {
      gint64 origin;
      RecordId ignored;
      const gint64 expiry = expiry_of(mode, seed, list, count, &origin, &ignored);
      const gint64 after = expiry < 0 ? -1 : expiry - origin;
      const gint64 expected = after_ms < 0 ? -1 : sim_time_ms(after_ms).ns;
      cr_assert_eq(after, expected,
                   "%s, %s: expires %" G_GINT64_FORMAT " ns after a message, not %" G_GINT64_FORMAT,
                   what, mode == LIVENESS_LAZY ? "lazy" : "packet", after, expected);
    }
}
#define ASSERT_EXPIRY(what, after_ms, ...)                                                         \
  do {                                                                                             \
    static const Happening list[] = {__VA_ARGS__};                                                 \
    assert_expiry(list, G_N_ELEMENTS(list), after_ms, what);                                       \
  } while (0)
#define AT(kind, ms)                                                                               \
  {                                                                                                \
    kind, { (ms) * G_GINT64_CONSTANT(1000000) }                                                    \
  }

/* Interval 5 s, timeout 15 s, delay 10 ms; times from a message on. */
Test(liveness, single_histories) {
  ASSERT_EXPIRY("cut just behind a message", 15010, AT(CUT, 1));
  ASSERT_EXPIRY("cut just before the next", 15010, AT(CUT, 4999));
  ASSERT_EXPIRY("cut with a message: it is lost", 10010, AT(CUT, 0));
  ASSERT_EXPIRY("mended with a message: it arrives", -1, AT(CUT, 1), AT(MEND, 10000));
  ASSERT_EXPIRY("mended just too late", 15010, AT(CUT, 1), AT(MEND, 15001));
  ASSERT_EXPIRY("mended in time", -1, AT(CUT, 1), AT(MEND, 14999));
  ASSERT_EXPIRY("the sender ends", 15010, AT(END_SENDING, 3000));
  ASSERT_EXPIRY("the sender loses power for a while", -1, AT(DARK, 1000), AT(LIGHT, 9000));
  ASSERT_EXPIRY("another message restarts both timers", 18010, AT(OTHER, 3000), AT(CUT, 3001));
  ASSERT_EXPIRY("a second cut", 20010, AT(CUT, 1), AT(MEND, 4000), AT(CUT, 6000));
}

/* Which of the happenings, from 1, has the silence. */
static void assert_silenced(const Happening *list, guint count, RecordId expected,
                            const char *what) {
  for (LivenessMode mode = LIVENESS_LAZY; mode <= LIVENESS_PACKET; mode++) {
    gint64 origin;
    RecordId silenced_by;
    cr_assert_geq(expiry_of(mode, 1, list, count, &origin, &silenced_by), 0, "%s: no silence",
                  what);
    cr_assert_eq(silenced_by, expected, "%s, %s: %u", what,
                 mode == LIVENESS_LAZY ? "lazy" : "packet", silenced_by);
  }
}
#define ASSERT_SILENCED(what, expected, ...)                                                       \
  do {                                                                                             \
    static const Happening list[] = {__VA_ARGS__};                                                 \
    assert_silenced(list, G_N_ELEMENTS(list), expected, what);                                     \
  } while (0)

/* The message of 15 s is the last one that would be heard in time, at 15.01 s. */
Test(liveness, silence_is_due_to_what_kept_the_last_message_away) {
  ASSERT_SILENCED("one cut", 1, AT(CUT, 1));
  ASSERT_SILENCED("of two the first", 1, AT(CUT, 1), AT(CONTROL_CUT, 2));
  ASSERT_SILENCED("the first is over by then", 2, AT(CUT, 1), AT(CONTROL_CUT, 2), AT(MEND, 12000));
  ASSERT_SILENCED("over, and cut anew", 3, AT(CUT, 1), AT(MEND, 6000), AT(CUT, 7000));
  ASSERT_SILENCED("mended just too late", 1, AT(CUT, 1), AT(MEND, 15001));
  ASSERT_SILENCED("the sender ends", 1, AT(END_SENDING, 3000));
  ASSERT_SILENCED("it ends, then a cut", 1, AT(END_SENDING, 3000), AT(CUT, 4000));
  ASSERT_SILENCED("a cut, then it ends", 1, AT(CUT, 1), AT(END_SENDING, 3000));
  ASSERT_SILENCED("the same, and mended in time", 2, AT(CUT, 1), AT(END_SENDING, 3000),
                  AT(MEND, 12000));
  ASSERT_SILENCED("power lost, then a cut", 1, AT(DARK, 1), AT(CUT, 2));
  ASSERT_SILENCED("power is back, the cut stays", 2, AT(DARK, 1), AT(CUT, 2), AT(LIGHT, 9000));
  ASSERT_SILENCED("slower before matters not", 2, AT(SLOW, 1), AT(CUT, 2));
}

Test(liveness, a_message_that_was_lost_is_not_taken_for_heard_at_the_second_cut) {
  ASSERT_EXPIRY("cut, one message lost, mended, cut", 15010, AT(CUT, 1000), AT(MEND, 6000),
                AT(CUT, 7000));
  ASSERT_EXPIRY("cut, one message lost, mended, the sender ends", 15010, AT(CUT, 1000),
                AT(MEND, 6000), AT(END_SENDING, 7000));
}

Test(liveness, a_new_delay_does_not_hold_for_what_was_sent_before) {
  ASSERT_EXPIRY("slower, then cut", 15010, AT(SLOW, 1000), AT(CUT, 2000));
  ASSERT_EXPIRY("slower, one message, cut", 20080, AT(SLOW, 1000), AT(CUT, 6000));
  ASSERT_EXPIRY("cut by an impairment that delays as well", 15010, AT(SLOW_LOSS, 1000),
                AT(CUT, 1001));
}
