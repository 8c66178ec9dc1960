/* The total order of events: time, phase, owner by name, owner's own sequence. */
#include "routesim/engine/engine.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

/* What fires writes its letter; the text is the order. */
typedef struct {
  GString *out;
  const char *letter;
} Letter;

static void write_letter(gpointer data) {
  const Letter *letter = data;
  g_string_append(letter->out, letter->letter);
}

static Timer *letter_timer(Engine *engine, const char *owner, Phase phase, GString *out,
                           const char *letter) {
  Letter *data = arena_new0(engine_arena(engine), Letter);
  *data = (Letter){out, letter};
  return timer_new(engine_owner(engine, owner), phase, write_letter, data);
}

Test(order, time_comes_first) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(GString) out = g_string_new(NULL);
  Engine *engine = engine_new(arena);
  /* Owner, phase and sequence all speak for the later one. */
  Timer *late = letter_timer(engine, "a", PHASE_FAULT, out, "late ");
  Timer *early = letter_timer(engine, "z", PHASE_PROBE, out, "early ");
  engine_seal(engine);
  timer_arm(late, sim_time_ns(2));
  timer_arm(early, sim_time_ns(1));
  engine_run(engine, sim_time_ns(2));
  cr_assert_str_eq(out->str, "early late ");
}

Test(order, phases_follow_one_another_within_an_instant) {
  static const char *const names[] = {"FAULT ",   "DELIVER ", "TIMER ", "DECIDE ",
                                      "PROGRAM ", "FLOW ",    "PROBE "};
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(GString) out = g_string_new(NULL);
  Engine *engine = engine_new(arena);
  Timer *timers[7];
  for (int phase = PHASE_PROBE; phase >= PHASE_FAULT; phase--) {
    /* The owner's name speaks for the opposite order. */
    char owner[2] = {(char)('z' - phase), '\0'};
    timers[phase] = letter_timer(engine, owner, (Phase)phase, out, names[phase]);
  }
  engine_seal(engine);
  for (int phase = PHASE_PROBE; phase >= PHASE_FAULT; phase--)
    timer_arm(timers[phase], sim_time_s(1));
  engine_run(engine, sim_time_s(1));
  cr_assert_str_eq(out->str, "FAULT DELIVER TIMER DECIDE PROGRAM FLOW PROBE ");
}

static void permute(const guint *input, guint count, guint64 number, guint *out) {
  guint rest[8];
  memcpy(rest, input, count * sizeof *rest);
  for (guint i = 0; i < count; i++) {
    const guint pick = (guint)(number % (count - i));
    number /= count - i;
    out[i] = rest[pick];
    memmove(&rest[pick], &rest[pick + 1], (count - i - pick - 1) * sizeof *rest);
  }
}

/* Names that a locale, a case-blind or a numeric order would sort otherwise. */
static const char *const owner_names[] = {"", "Z", "a", "aa", "b10", "b9"};
static const char *const owner_letters[] = {"0", "1", "2", "3", "4", "5"};

Test(order, owners_rank_by_name_whatever_the_order_of_creation_and_arming) {
  static const guint identity[] = {0, 1, 2, 3, 4, 5};
  for (guint64 number = 0; number < 720; number++) {
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(GString) out = g_string_new(NULL);
    Engine *engine = engine_new(arena);
    Timer *timers[6];
    guint creation[6], arming[6];
    permute(identity, 6, number, creation);
    permute(identity, 6, (number * 7919 + 11) % 720, arming);
    for (guint i = 0; i < 6; i++)
      timers[creation[i]] = letter_timer(engine, owner_names[creation[i]], PHASE_TIMER, out,
                                         owner_letters[creation[i]]);
    if (number % 2 == 0) /* timers may be armed before the seal */
      engine_seal(engine);
    for (guint i = 0; i < 6; i++)
      timer_arm(timers[arming[i]], sim_time_s(1));
    if (number % 2 == 1)
      engine_seal(engine);
    engine_run(engine, sim_time_s(1));
    cr_assert_str_eq(out->str, "012345", "order of creation %" G_GUINT64_FORMAT ": %s", number,
                     out->str);
  }
}

Test(order, one_owners_timers_fire_in_their_own_sequence) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(GString) out = g_string_new(NULL);
  Engine *engine = engine_new(arena);
  Timer *timers[20];
  for (guint i = 0; i < 20; i++) {
    /* Another owner's timers between them change nothing. */
    letter_timer(engine, "other", PHASE_TIMER, out, "?");
    timers[i] =
        letter_timer(engine, "one", PHASE_TIMER, out, arena_printf(arena, "%c", 'a' + (char)i));
  }
  engine_seal(engine);
  for (guint i = 20; i-- > 0;)
    timer_arm(timers[i], sim_time_ms(5));
  engine_run(engine, sim_time_ms(5));
  cr_assert_str_eq(out->str, "abcdefghijklmnopqrst");
}

Test(order, an_owner_is_made_once) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  char name[] = "fw-a";
  Owner *owner = engine_owner(engine, name);
  name[3] = 'b'; /* the name was copied */
  cr_assert_eq(engine_owner(engine, "fw-a"), owner);
  cr_assert_neq(engine_owner(engine, "fw-b"), owner);
  cr_assert_eq(owner_engine(owner), engine);
}

Test(order, time_beyond_32_bits_of_seconds) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(GString) out = g_string_new(NULL);
  Engine *engine = engine_new(arena);
  const gint64 year = 365 * 86400 * SIM_SECOND;
  Timer *far = letter_timer(engine, "a", PHASE_FAULT, out, "far ");
  Timer *near = letter_timer(engine, "b", PHASE_PROBE, out, "near ");
  engine_seal(engine);
  timer_arm(far, sim_time_ns(250 * year));
  timer_arm(near, sim_time_ns(250 * year - 1));
  engine_run(engine, sim_time_ns(250 * year));
  cr_assert_str_eq(out->str, "near far ");
}

/* ---- running ----------------------------------------------------------------------- */

Test(order, run_includes_its_end_and_leaves_the_clock_there) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(GString) out = g_string_new(NULL);
  Engine *engine = engine_new(arena);
  Timer *at = letter_timer(engine, "a", PHASE_TIMER, out, "at ");
  Timer *after = letter_timer(engine, "a", PHASE_TIMER, out, "after ");
  engine_seal(engine);
  timer_arm(at, sim_time_ns(100));
  timer_arm(after, sim_time_ns(101));
  engine_run(engine, sim_time_ns(50));
  cr_assert_eq(engine_now(engine).ns, 50);
  cr_assert_str_empty(out->str);
  engine_run(engine, sim_time_ns(100));
  cr_assert_eq(engine_now(engine).ns, 100);
  cr_assert_str_eq(out->str, "at ");
  cr_assert_eq(engine_events(engine), 1);
  engine_run(engine, sim_time_ns(1000));
  cr_assert_str_eq(out->str, "at after ");
  cr_assert_eq(engine_now(engine).ns, 1000);
  cr_assert_eq(engine_events(engine), 2);
}

typedef struct {
  Timer *other;
  gint64 offset;
} Poster;

static void post(gpointer data) {
  const Poster *poster = data;
  timer_arm_after(poster->other, sim_time_ns(poster->offset));
}

/* One timer of `phase` at 10 ns arms one of `other_phase` `offset` ns later. */
static void post_from(Phase phase, Phase other_phase, gint64 offset, GString *out) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  Poster *poster = arena_new0(arena, Poster);
  poster->offset = offset;
  poster->other = letter_timer(engine, "a", other_phase, out, "x");
  Timer *first = timer_new(engine_owner(engine, "b"), phase, post, poster);
  engine_seal(engine);
  timer_arm(first, sim_time_ns(10));
  engine_run(engine, sim_time_ns(20));
}

Test(order, posting_now_into_the_same_or_a_later_phase_runs_now) {
  for (int phase = PHASE_FAULT; phase <= PHASE_PROBE; phase++)
    for (int other = phase; other <= PHASE_PROBE; other++) {
      g_autoptr(GString) out = g_string_new(NULL);
      post_from((Phase)phase, (Phase)other, 0, out);
      cr_assert_str_eq(out->str, "x", "phase %d into %d", phase, other);
    }
}

Test(order, posting_later_into_an_earlier_phase_is_fine) {
  g_autoptr(GString) out = g_string_new(NULL);
  post_from(PHASE_PROBE, PHASE_FAULT, 1, out);
  cr_assert_str_eq(out->str, "x");
}

Test(order, posting_now_into_an_earlier_phase_aborts, .signal = SIGABRT) {
  g_autoptr(GString) out = g_string_new(NULL);
  post_from(PHASE_TIMER, PHASE_DELIVER, 0, out);
}

Test(order, posting_into_the_past_aborts, .signal = SIGABRT) {
  g_autoptr(GString) out = g_string_new(NULL);
  post_from(PHASE_FAULT, PHASE_PROBE, -1, out);
}

Test(order, posting_into_the_past_between_runs_aborts, .signal = SIGABRT) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(GString) out = g_string_new(NULL);
  Engine *engine = engine_new(arena);
  Timer *timer = letter_timer(engine, "a", PHASE_PROBE, out, "x");
  engine_seal(engine);
  engine_run(engine, sim_time_ns(10));
  timer_arm(timer, sim_time_ns(9));
}

Test(order, between_runs_every_phase_of_the_instant_is_open) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(GString) out = g_string_new(NULL);
  Engine *engine = engine_new(arena);
  Timer *probe = letter_timer(engine, "a", PHASE_PROBE, out, "probe ");
  Timer *fault = letter_timer(engine, "a", PHASE_FAULT, out, "fault ");
  engine_seal(engine);
  timer_arm(probe, sim_time_ns(10));
  engine_run(engine, sim_time_ns(10));
  timer_arm(fault, sim_time_ns(10));
  engine_run(engine, sim_time_ns(10));
  cr_assert_str_eq(out->str, "probe fault ");
}

Test(order, making_an_owner_after_the_seal_aborts, .signal = SIGABRT) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  engine_seal(engine);
  engine_owner(engine, "late");
}

Test(order, making_a_timer_after_the_seal_aborts, .signal = SIGABRT) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  Owner *owner = engine_owner(engine, "early");
  engine_seal(engine);
  timer_new(owner, PHASE_TIMER, post, NULL);
}

Test(order, running_before_the_seal_aborts, .signal = SIGABRT) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  engine_run(engine, sim_time_s(1));
}

Test(order, running_into_the_past_aborts, .signal = SIGABRT) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  engine_seal(engine);
  engine_run(engine, sim_time_s(2));
  engine_run(engine, sim_time_s(1));
}
