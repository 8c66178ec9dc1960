/* The heap against the simplest engine that can be: a list of timers, all of them looked
 * at for the next one. Every firing does random things to random timers, in both. */
#include "routesim/base/random.h"
#include "routesim/engine/engine.h"

#include <criterion/criterion.h>
#include <string.h>

#define OWNERS 7
#define TIMERS 40

typedef struct Lockstep Lockstep;

typedef struct {
  Lockstep *lockstep;
  guint index, sequence; /* among its owner's */
  const char *owner;
  Phase phase;
  Timer *timer;
  gboolean armed; /* the model's */
  gint64 deadline;
} Entry;

struct Lockstep {
  Engine *engine;
  RandomStream random;
  Entry entries[TIMERS];
  guint64 fired;
  guint operations;
};

static gboolean comes_before(const Entry *a, const Entry *b) {
  if (a->deadline != b->deadline)
    return a->deadline < b->deadline;
  if (a->phase != b->phase)
    return a->phase < b->phase;
  const int names = strcmp(a->owner, b->owner);
  return names != 0 ? names < 0 : a->sequence < b->sequence;
}

static Entry *model_next(Lockstep *lockstep) {
  Entry *next = NULL;
  for (guint i = 0; i < TIMERS; i++) {
    Entry *entry = &lockstep->entries[i];
    if (entry->armed && (next == NULL || comes_before(entry, next)))
      next = entry;
  }
  return next;
}

static guint draw(Lockstep *lockstep, guint below) {
  return (guint)(random_bits(&lockstep->random) % below);
}

static void arm(Entry *entry, gint64 at) {
  entry->armed = TRUE;
  entry->deadline = at;
  timer_arm(entry->timer, sim_time_ns(at));
}

/* `phase` is the earliest that may be posted to at this instant. */
static void operate(Lockstep *lockstep, Phase phase) {
  Entry *entry = &lockstep->entries[draw(lockstep, TIMERS)];
  const gint64 now = engine_now(lockstep->engine).ns;
  const gint64 soonest = entry->phase >= phase ? now : now + 1;
  const gint64 little = draw(lockstep, 20); /* not inside MAX, which evaluates it twice */
  lockstep->operations++;
  switch (draw(lockstep, 8)) {
  case 0:
    entry->armed = FALSE;
    timer_cancel(entry->timer);
    break;
  case 1: /* as it is */
    if (entry->armed && entry->deadline >= soonest)
      arm(entry, entry->deadline);
    break;
  case 2: /* a little later, as a hold timer restarts */
    arm(entry, MAX(soonest, (entry->armed ? entry->deadline : now) + little / 4));
    break;
  case 3: /* earlier */
    if (entry->armed)
      arm(entry, MAX(soonest, entry->deadline - little));
    break;
  case 4: /* at once */
    arm(entry, soonest);
    break;
  case 5: /* at the very instant of another one */
    if (lockstep->entries[0].armed)
      arm(entry, MAX(soonest, lockstep->entries[0].deadline));
    break;
  case 6: /* far away */
    arm(entry, now + 1 + draw(lockstep, 2000));
    break;
  default: /* few distinct instants, so that many meet */
    arm(entry, now + 1 + draw(lockstep, 12));
  }
}

static void fire(gpointer data) {
  Entry *entry = data;
  Lockstep *lockstep = entry->lockstep;
  const Entry *expected = model_next(lockstep);
  cr_assert_not_null(expected, "firing %" G_GUINT64_FORMAT ": nothing is armed", lockstep->fired);
  cr_assert_eq(expected, entry,
               "firing %" G_GUINT64_FORMAT ": timer %u at %" G_GINT64_FORMAT
               ", but %u at %" G_GINT64_FORMAT " comes before",
               lockstep->fired, entry->index, engine_now(lockstep->engine).ns, expected->index,
               expected->deadline);
  cr_assert_eq(entry->deadline, engine_now(lockstep->engine).ns);
  entry->armed = FALSE;
  lockstep->fired++;
  /* On average a little more than one armed for one fired, held down by cancels. */
  const guint count = draw(lockstep, 4);
  for (guint i = 0; i < count; i++)
    operate(lockstep, entry->phase);
}

static void run_lockstep(guint64 seed, guint64 *fired, guint *operations) {
  static const char *const owners[OWNERS] = {"rs/1", "fw-b", "A", "fw-a", "rs/0", "b", "rs/10"};
  g_autoptr(Arena) arena = arena_new();
  Lockstep lockstep = {.engine = engine_new(arena), .random = random_stream(seed, 0, "model")};
  guint sequences[OWNERS] = {0};
  for (guint i = 0; i < TIMERS; i++) {
    Entry *entry = &lockstep.entries[i];
    const guint owner = draw(&lockstep, OWNERS);
    *entry = (Entry){.lockstep = &lockstep,
                     .index = i,
                     .sequence = sequences[owner]++,
                     .owner = owners[owner],
                     .phase = (Phase)draw(&lockstep, 7)};
    entry->timer =
        timer_new(engine_owner(lockstep.engine, entry->owner), entry->phase, fire, entry);
  }
  for (guint i = 0; i < 10; i++) /* some are armed before the seal */
    operate(&lockstep, PHASE_FAULT);
  engine_seal(lockstep.engine);
  for (gint64 until = 0; until < 4000; until += 1 + draw(&lockstep, 40)) {
    engine_run(lockstep.engine, sim_time_ns(until));
    const Entry *next = model_next(&lockstep);
    cr_assert(next == NULL || next->deadline > until, "timer %u did not fire",
              next != NULL ? next->index : 0);
    for (guint i = 0; i < TIMERS; i++)
      cr_assert_eq(timer_is_armed(lockstep.entries[i].timer), lockstep.entries[i].armed);
    for (guint i = draw(&lockstep, 6); i > 0; i--)
      operate(&lockstep, PHASE_FAULT);
  }
  cr_assert_eq(engine_events(lockstep.engine), lockstep.fired);
  *fired += lockstep.fired;
  *operations += lockstep.operations;
}

Test(model, fires_as_a_sorted_list_would) {
  guint64 fired = 0;
  guint operations = 0;
  for (guint64 seed = 1; seed <= 60; seed++)
    run_lockstep(seed, &fired, &operations);
  cr_assert_gt(fired, 20000, "only %" G_GUINT64_FORMAT " firings", fired);
  cr_assert_gt(operations, 20000, "only %u operations", operations);
}

/* As many timers as several levels of the heap hold. */
typedef struct {
  Engine *engine;
  gint64 last;
  guint fired;
} Many;

static void in_order(gpointer data) {
  Many *many = data;
  cr_assert_geq(engine_now(many->engine).ns, many->last);
  many->last = engine_now(many->engine).ns;
  many->fired++;
}

Test(model, a_deep_heap_keeps_time) {
  for (guint count = 1; count < 6000; count = count * 3 + 1) {
    g_autoptr(Arena) arena = arena_new();
    Many many = {.engine = engine_new(arena)};
    RandomStream random = random_stream(count, 0, "deep");
    Owner *owner = engine_owner(many.engine, "o");
    g_autofree Timer **timers = g_new(Timer *, count);
    for (guint i = 0; i < count; i++)
      timers[i] = timer_new(owner, PHASE_TIMER, in_order, &many);
    engine_seal(many.engine);
    for (guint i = 0; i < count; i++)
      timer_arm(timers[i], sim_time_ns((gint64)(random_bits(&random) % 100000)));
    engine_run(many.engine, sim_time_ns(100000));
    cr_assert_eq(many.fired, count);
  }
}
