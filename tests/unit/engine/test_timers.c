/* Timers re-arm in place; the agenda is many items on one timer. */
#include "routesim/engine/engine.h"

#include <criterion/criterion.h>
#include <signal.h>

typedef struct {
  Engine *engine;
  GArray *times; /* gint64: when it fired */
} Log;

static void log_time(gpointer data) {
  Log *log = data;
  const gint64 now = engine_now(log->engine).ns;
  g_array_append_val(log->times, now);
}

typedef struct {
  Arena *arena;
  Engine *engine;
  Timer *timer;
  Log log;
} Bed;

static Bed bed_new(void) {
  Bed bed = {.arena = arena_new()};
  bed.engine = engine_new(bed.arena);
  return bed;
}

/* One timer whose firings are logged. */
static void bed_init(Bed *bed) {
  *bed = bed_new();
  bed->log = (Log){bed->engine, g_array_new(FALSE, FALSE, sizeof(gint64))};
  bed->timer = timer_new(engine_owner(bed->engine, "o"), PHASE_TIMER, log_time, &bed->log);
  engine_seal(bed->engine);
}

static void bed_clear(Bed *bed) {
  g_array_unref(bed->log.times);
  arena_free(bed->arena);
}

static void assert_times(const Bed *bed, const gint64 *expected, guint count, const char *what) {
  cr_assert_eq(bed->log.times->len, count, "%s: fired %u times", what, bed->log.times->len);
  for (guint i = 0; i < count; i++)
    cr_assert_eq(g_array_index(bed->log.times, gint64, i), expected[i]);
}

/* The timer goes from one deadline to another before either comes. */
Test(timer, the_last_arming_counts) {
  static const struct {
    const char *what;
    gint64 deadlines[4]; /* 0 ends; -1 cancels */
    gint64 fires;        /* 0: never */
  } cases[] = {
      {"once", {10}, 10},
      {"later", {10, 20}, 20},
      {"earlier", {20, 10}, 10},
      {"the same", {10, 10}, 10},
      {"earlier and back", {20, 10, 20}, 20},
      {"earlier, later", {20, 10, 30}, 30},
      {"earlier twice", {30, 20, 10}, 10},
      {"earlier twice and back", {30, 20, 10, 30}, 30},
      {"cancelled", {10, -1}, 0},
      {"cancelled, again the same", {10, -1, 10}, 10},
      {"cancelled, again earlier", {20, -1, 10}, 10},
      {"cancelled, again later", {10, -1, 20}, 20},
      {"cancelled after moving", {20, 10, -1}, 0},
      {"cancelled twice", {20, -1, -1}, 0},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    Bed bed;
    bed_init(&bed);
    for (guint j = 0; j < 4 && cases[i].deadlines[j] != 0; j++) {
      if (cases[i].deadlines[j] < 0) {
        timer_cancel(bed.timer);
        cr_assert_not(timer_is_armed(bed.timer));
      } else {
        timer_arm(bed.timer, sim_time_ns(cases[i].deadlines[j]));
        cr_assert(timer_is_armed(bed.timer));
        cr_assert_eq(timer_deadline(bed.timer).ns, cases[i].deadlines[j]);
      }
    }
    engine_run(bed.engine, sim_time_ns(100));
    assert_times(&bed, &cases[i].fires, cases[i].fires != 0, cases[i].what);
    cr_assert_not(timer_is_armed(bed.timer));
    /* Nothing stale is left that could fire for a later arming. */
    timer_arm(bed.timer, sim_time_ns(200));
    engine_run(bed.engine, sim_time_ns(300));
    cr_assert_eq(bed.log.times->len, (cases[i].fires != 0) + 1u, "%s", cases[i].what);
    bed_clear(&bed);
  }
}

/* An old key of the same instant must not fire a timer twice: here the timer fires at 10,
 * is armed for 20 again, and a key for 20 is left behind from before. */
Test(timer, a_stale_key_for_the_very_instant_fires_nothing) {
  Bed bed;
  bed_init(&bed);
  timer_arm(bed.timer, sim_time_ns(20));
  timer_arm(bed.timer, sim_time_ns(10));
  engine_run(bed.engine, sim_time_ns(10));
  timer_arm(bed.timer, sim_time_ns(20));
  engine_run(bed.engine, sim_time_ns(40));
  static const gint64 expected[] = {10, 20};
  assert_times(&bed, expected, 2, "stale");
  bed_clear(&bed);
}

Test(timer, moving_a_deadline_again_and_again_fires_once) {
  Bed bed;
  bed_init(&bed);
  for (gint64 at = 1000; at > 0; at--) /* each one earlier: a thousand stale keys */
    timer_arm(bed.timer, sim_time_ns(at + 1000));
  for (gint64 at = 1; at <= 5000; at++) /* each one later */
    timer_arm(bed.timer, sim_time_ns(at + 1000));
  engine_run(bed.engine, sim_time_ns(10000));
  static const gint64 expected[] = {6000};
  assert_times(&bed, expected, 1, "moved");
  cr_assert_eq(engine_events(bed.engine), 1);
  bed_clear(&bed);
}

/* A hold timer: restarted before it ends, it never ends. */
typedef struct {
  Bed *bed;
  Timer *own;
  guint left;
} Keepalive;

static void restart_hold(gpointer data) {
  Keepalive *keepalive = data;
  timer_arm_after(keepalive->bed->timer, sim_time_s(15));
  if (--keepalive->left > 0)
    timer_arm_after(keepalive->own, sim_time_s(5));
}

Test(timer, restarted_from_other_handlers) {
  Bed bed = bed_new();
  bed.log = (Log){bed.engine, g_array_new(FALSE, FALSE, sizeof(gint64))};
  bed.timer = timer_new(engine_owner(bed.engine, "hold"), PHASE_TIMER, log_time, &bed.log);
  Keepalive keepalive = {.bed = &bed, .left = 100};
  keepalive.own =
      timer_new(engine_owner(bed.engine, "peer"), PHASE_DELIVER, restart_hold, &keepalive);
  engine_seal(bed.engine);
  timer_arm(keepalive.own, SIM_TIME_ZERO);
  engine_run(bed.engine, sim_time_s(10000));
  const gint64 expected[] = {(99 * 5 + 15) * SIM_SECOND};
  assert_times(&bed, expected, 1, "hold");
  cr_assert_eq(engine_events(bed.engine), 101);
  bed_clear(&bed);
}

typedef struct {
  Engine *engine;
  Timer *own;
  guint left, fired;
} Repeat;

static void rearm_now(gpointer data) {
  Repeat *repeat = data;
  repeat->fired++;
  cr_assert_eq(engine_now(repeat->engine).ns, 7);
  cr_assert_not(timer_is_armed(repeat->own)); /* it is free while its handler runs */
  if (repeat->left-- > 0)
    timer_arm_after(repeat->own, SIM_TIME_ZERO);
}

Test(timer, may_rearm_itself_for_this_instant) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  Repeat repeat = {.engine = engine, .left = 3};
  repeat.own = timer_new(engine_owner(engine, "o"), PHASE_TIMER, rearm_now, &repeat);
  engine_seal(engine);
  timer_arm(repeat.own, sim_time_ns(7));
  engine_run(engine, sim_time_ns(8));
  cr_assert_eq(repeat.fired, 4);
}

/* It fires once, at its new time, even where its old key still waits. */
Test(timer, a_cancelled_timer_is_resumed) {
  for (gint64 at = 5; at <= 20; at += 15) {
    Bed bed;
    bed_init(&bed);
    timer_arm(bed.timer, sim_time_ns(10));
    timer_cancel(bed.timer);
    timer_resume(bed.timer, sim_time_ns(at));
    engine_run(bed.engine, sim_time_ns(100));
    assert_times(&bed, &at, 1, "resumed");
    bed_clear(&bed);
  }
}

Test(timer, resuming_an_armed_timer_aborts, .signal = SIGABRT) {
  Bed bed;
  bed_init(&bed);
  timer_arm(bed.timer, sim_time_ns(10));
  timer_resume(bed.timer, sim_time_ns(20));
}

Test(timer, asking_an_idle_timer_for_its_deadline_aborts, .signal = SIGABRT) {
  Bed bed;
  bed_init(&bed);
  timer_deadline(bed.timer);
}

/* ---- agenda ------------------------------------------------------------------------ */

typedef struct {
  Engine *engine;
  Agenda *agenda;
  GString *out;
} Book;

/* An item is written as "item@time "; above 90 it adds another one for now, two digits lower. */
static void serve(gpointer data, gpointer item) {
  Book *book = data;
  const gint number = GPOINTER_TO_INT(item);
  g_string_append_printf(book->out, "%d@%" G_GINT64_FORMAT " ", number,
                         engine_now(book->engine).ns);
  if (number > 90)
    agenda_add(book->agenda, engine_now(book->engine), GINT_TO_POINTER(number - 90));
  if (number == 50) { /* before and behind what is waiting */
    agenda_add(book->agenda, sim_time_ns(engine_now(book->engine).ns + 1), GINT_TO_POINTER(51));
    agenda_add(book->agenda, sim_time_ns(engine_now(book->engine).ns + 1000), GINT_TO_POINTER(52));
  }
}

typedef struct {
  gint64 due;
  gint item;
} Item;

static char *serve_all(const Item *items, guint count) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  Book book = {engine, NULL, g_string_new(NULL)};
  book.agenda = agenda_new(engine_owner(engine, "o"), PHASE_DELIVER, serve, &book);
  engine_seal(engine);
  for (guint i = 0; i < count; i++)
    agenda_add(book.agenda, sim_time_ns(items[i].due), GINT_TO_POINTER(items[i].item));
  engine_run(engine, sim_time_ns(10000));
  return g_string_free(book.out, FALSE);
}

Test(agenda, serves_by_time_then_by_the_order_of_adding) {
  static const Item items[] = {{30, 1}, {10, 2}, {20, 3}, {10, 4}, {30, 5}, {10, 6}, {5, 7}};
  g_autofree char *text = serve_all(items, G_N_ELEMENTS(items));
  cr_assert_str_eq(text, "7@5 2@10 4@10 6@10 3@20 1@30 5@30 ");
}

Test(agenda, handlers_may_add_for_now_and_for_later) {
  static const Item items[] = {{10, 91}, {10, 2}, {20, 50}, {40, 3}};
  g_autofree char *text = serve_all(items, G_N_ELEMENTS(items));
  cr_assert_str_eq(text, "91@10 2@10 1@10 50@20 51@21 3@40 52@1020 ");
}

Test(agenda, keeps_its_order_while_it_grows) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  Book book = {engine, NULL, g_string_new(NULL)};
  g_autoptr(GString) expected = g_string_new(NULL);
  book.agenda = agenda_new(engine_owner(engine, "o"), PHASE_DELIVER, serve, &book);
  engine_seal(engine);
  /* Served and added in turns, so that the waiting part wanders through the array. */
  for (gint64 round = 0; round < 300; round++) {
    for (gint64 i = 0; i < 1 + round % 7; i++)
      agenda_add(book.agenda, sim_time_ns(round * 10 + 20 + i % 3), GINT_TO_POINTER(i + 1));
    engine_run(engine, sim_time_ns(round * 10 + 9));
  }
  engine_run(engine, sim_time_ns(100000));
  for (gint64 round = 0; round < 300; round++)
    for (gint64 offset = 0; offset < 3; offset++)
      for (gint64 i = 0; i < 1 + round % 7; i++)
        if (i % 3 == offset)
          g_string_append_printf(expected, "%d@%" G_GINT64_FORMAT " ", (gint)i + 1,
                                 round * 10 + 20 + offset);
  cr_assert_str_eq(book.out->str, expected->str);
  g_string_free(book.out, TRUE);
}

Test(agenda, cleared_serves_nothing_and_is_ready_again) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  Book book = {engine, NULL, g_string_new(NULL)};
  book.agenda = agenda_new(engine_owner(engine, "o"), PHASE_DELIVER, serve, &book);
  engine_seal(engine);
  for (gint i = 1; i < 20; i++)
    agenda_add(book.agenda, sim_time_ns(i), GINT_TO_POINTER(i));
  engine_run(engine, sim_time_ns(2));
  agenda_clear(book.agenda);
  engine_run(engine, sim_time_ns(50));
  cr_assert_str_eq(book.out->str, "1@1 2@2 ");
  cr_assert_eq(engine_events(engine), 2);
  agenda_add(book.agenda, sim_time_ns(60), GINT_TO_POINTER(60));
  engine_run(engine, sim_time_ns(70));
  cr_assert_str_eq(book.out->str, "1@1 2@2 60@60 ");
  g_string_free(book.out, TRUE);
}

Test(agenda, adding_into_the_past_aborts, .signal = SIGABRT) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  Book book = {engine, NULL, g_string_new(NULL)};
  book.agenda = agenda_new(engine_owner(engine, "o"), PHASE_DELIVER, serve, &book);
  engine_seal(engine);
  engine_run(engine, sim_time_ns(100));
  agenda_add(book.agenda, sim_time_ns(99), NULL);
}
