/* Who is to blame for silence, by what was missed: see the header's rule. */
#include <criterion/criterion.h>

#include "support/beat.h"

#define TIMEOUT 30 /* seconds; the last message is heard at 0, and the expiry at 30 */

typedef struct {
  guint at; /* seconds: when it would have arrived */
  Hindrance met[3];
  RecordId because;
} Message;

typedef struct {
  const char *what;
  Message missed[3];
  RecordId blamed;
} Silence;

#define LATE(since, seconds)                                                                       \
  {                                                                                                \
    since, { (seconds) * 1000000000LL }                                                            \
  }
#define LOST(since)                                                                                \
  { since, SIM_TIME_NEVER }

/* Records 1 to 3 are events of their own; record 4 is what event 1 led to. */
static const Silence silences[] = {
    {"nothing was missed: the timers cannot agree", {{0}}, 0},
    {"the last one", {{10, {LOST(1)}, 0}, {20, {LOST(2)}, 0}, {29, {LOST(3)}, 0}}, 3},
    {"the last one in whatever order they were told", {{20, {LOST(2)}, 0}, {10, {LOST(1)}, 0}}, 2},
    {"at the moment of the expiry it would still have saved all",
     {{20, {LOST(2)}, 0}, {30, {LOST(1)}, 0}},
     1},
    {"what would have come later would have saved nobody",
     {{20, {LOST(2)}, 0}, {31, {LOST(1)}, 0}},
     2},
    {"what was only as late as it could be was not missed",
     {{10, {LOST(1)}, 0}, {20, {LATE(2, 10)}, 0}},
     1},
    {"of two at one moment the first", {{20, {LOST(3)}, 0}, {20, {LOST(2)}, 0}}, 2},
    {"of two that kept it away the first", {{20, {LOST(2), LOST(3)}, 0}}, 2},
    {"what one event alone kept away says more than what several did",
     {{10, {LOST(3)}, 0}, {20, {LOST(2), LOST(3)}, 0}},
     3},
    {"a standing delay keeps nothing away but the very last one",
     {{15, {LATE(1, 2), LOST(2)}, 0}, {29, {LATE(1, 2), LOST(2)}, 0}},
     2},
    {"of several, the first that is enough for all of them",
     {{10, {LATE(1, 2), LOST(2), LOST(3)}, 0}, {29, {LATE(1, 2), LOST(2), LOST(3)}, 0}},
     2},
    {"where none is enough for all, the one that was for most of the last ones",
     {{10, {LOST(1), LOST(2)}, 0}, {20, {LOST(2), LOST(3)}, 0}, {25, {LOST(1), LOST(3)}, 0}},
     3},
    {"what was over before the last chance did not take it",
     {{5, {LOST(1)}, 0}, {15, {LOST(1), LOST(2)}, 0}, {25, {LOST(2), LOST(3)}, 0}},
     2},
    {"of two that kept as many away the first",
     {{5, {LOST(1)}, 0}, {15, {LOST(2), LOST(3)}, 0}, {25, {LOST(2), LOST(3)}, 0}},
     2},
    {"news saves nobody from what it tells of", {{10, {LOST(2)}, 0}, {20, {LOST(1)}, 1}}, 2},
    {"nor from what led to it", {{10, {LOST(2)}, 0}, {20, {LOST(1)}, 4}}, 2},
    {"but from something else", {{10, {LOST(2)}, 0}, {20, {LOST(3)}, 1}}, 3},
    {"and is better than nothing", {{10, {LOST(1)}, 4}, {20, {LATE(3, 5)}, 0}}, 1},
    {"news does not count among those that are kept away",
     {{10, {LOST(1)}, 1}, {20, {LOST(2), LOST(3)}, 0}},
     2},
};

typedef struct {
  Beat *beat;
  const Message *message;
} Telling;

static void tell(gpointer data) {
  const Telling *telling = data;
  const Message *message = telling->message;
  g_autoptr(GArray) hindrances = g_array_new(FALSE, FALSE, sizeof(Hindrance));
  for (guint i = 0; i < G_N_ELEMENTS(message->met) && message->met[i].since != 0; i++)
    g_array_append_val(hindrances, message->met[i]);
  const Trip trip = {.nominal = sim_time_s(message->at), .hindrances = hindrances};
  liveness_missed(telling->beat->liveness, &trip, message->because);
}

static void make_records(Engine *engine) {
  static const TraceKind kind = {"event"};
  for (RecordId id = 1; id <= 4; id++) {
    engine_set_cause(engine, id == 4 ? 1 : 0);
    const RecordId made = engine_record(engine, &kind, "x", NULL, 0, NULL);
    cr_assert_eq(made, id);
  }
}

static void begin(gpointer data) {
  Beat *beat = data;
  beat->listening = TRUE;
  liveness_begin_listening(beat->liveness, sim_time_s(TIMEOUT));
}

Test(liveness, silence_is_due_to_what_kept_the_last_chance_away) {
  static const BeatConfig config = {LIVENESS_PACKET, {1, 1}, {1000000}, 1, 0};
  for (guint i = 0; i < G_N_ELEMENTS(silences); i++) {
    g_autoptr(Bed) bed = bed_new();
    Telling tellings[G_N_ELEMENTS(silences[i].missed)];
    Beat *beat = beat_new(bed, "beat", &config);
    make_records(bed->engine);
    bed_at(bed, SIM_TIME_ZERO, begin, beat);
    for (guint k = 0; k < G_N_ELEMENTS(tellings) && silences[i].missed[k].at > 0; k++) {
      tellings[k] = (Telling){beat, &silences[i].missed[k]};
      bed_at(bed, SIM_TIME_ZERO, tell, &tellings[k]);
    }
    bed_run(bed, sim_time_s(2 * TIMEOUT));
    cr_assert_eq(beat->expiries->len, 1);
    cr_assert_eq(beat->silenced_by, silences[i].blamed, "%s: %u", silences[i].what,
                 beat->silenced_by);
  }
}

/* ---- what came late ------------------------------------------------------------------------ */

/* Since record 1 all comes 5 s later. */
#define STEADILY_LATE                                                                              \
  {                                                                                                \
    .since = 1, .by = {5 * SIM_SECOND}, .steadily = { 5 * SIM_SECOND }                             \
  }

/* It should have come after 10 s, and comes after 15. */
static void tell_late(gpointer data) {
  const Beat *beat = data;
  const Hindrance late = STEADILY_LATE;
  g_autoptr(GArray) hindrances = g_array_new(FALSE, FALSE, sizeof(Hindrance));
  g_array_append_val(hindrances, late);
  const Trip trip = {.arrives = TRUE,
                     .nominal = sim_time_s(10),
                     .delay = sim_time_s(15),
                     .hindrances = hindrances};
  liveness_missed(beat->liveness, &trip, 0);
}

static void hear(gpointer data) { liveness_heard(((Beat *)data)->liveness); }

/* A listener that heard a late message bears that delay; so it does where two of them come at one
 * moment. Of two more, the first is lost, and would have come at 38 s; the other comes at 48 s. The
 * listener gives up at 45 s, because of what took the first. Who bore nothing would take the other
 * one, nominally of 43 s, for the last chance, and lay the silence to the delay. */
Test(liveness, two_late_messages_at_one_moment_are_as_one) {
  static const BeatConfig config = {LIVENESS_PACKET, {1, 1}, {1000000}, 1, 0};
  static const Message lost[] = {{18, {STEADILY_LATE, LOST(3)}, 0}, {28, {STEADILY_LATE}, 0}};
  for (guint count = 1; count <= 3; count++) {
    g_autoptr(Bed) bed = bed_new();
    Beat *beat = beat_new(bed, "beat", &config);
    Telling tellings[] = {{beat, &lost[0]}, {beat, &lost[1]}};
    make_records(bed->engine);
    bed_at(bed, SIM_TIME_ZERO, begin, beat);
    for (guint i = 0; i < count; i++)
      bed_at(bed, SIM_TIME_ZERO, tell_late, beat);
    for (guint i = 0; i < count; i++)
      bed_at(bed, sim_time_s(15), hear, beat);
    for (guint i = 0; i < G_N_ELEMENTS(tellings); i++)
      bed_at(bed, sim_time_s(15), tell, &tellings[i]);
    bed_run(bed, sim_time_s(3 * TIMEOUT));
    cr_assert_eq(beat->expiries->len, 1);
    cr_assert_eq(beat->silenced_by, 3, "%u messages: %u", count, beat->silenced_by);
  }
}
