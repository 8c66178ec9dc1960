/* Records and their causes: what a handler schedules inherits what it was caused by. */
#include "routesim/engine/engine.h"

#include <criterion/criterion.h>
#include <signal.h>

static const TraceKind FAULT = {"fault"}, STEP = {"step"}, END = {"end"};
static const Stage hold = {"hold timer", BASIS_DOCUMENTED, "RFC 4271 6.5"};
static const Stage program = {"programming", BASIS_ASSUMED, "X-1"};

typedef struct {
  Engine *engine;
  Timer *next;
  const TraceKind *kind;
  const char *subject;
  gboolean becomes_cause; /* what follows is due to this record */
  RecordId record;
} Step;

static void take_step(gpointer data) {
  Step *step = data;
  step->record = engine_record(step->engine, step->kind, step->subject, NULL, 0, NULL);
  if (step->becomes_cause)
    engine_set_cause(step->engine, step->record);
  if (step->next != NULL)
    timer_arm_after(step->next, sim_time_s(1));
}

static Timer *step_timer(Step *step, Engine *engine, const char *name, const TraceKind *kind,
                         gboolean becomes_cause) {
  *step = (Step){.engine = engine, .kind = kind, .subject = name, .becomes_cause = becomes_cause};
  return timer_new(engine_owner(engine, name), PHASE_TIMER, take_step, step);
}

Test(trace, a_record_is_kept_as_it_was_given) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  static const int detail = 7;
  engine_seal(engine);
  cr_assert_eq(engine_record_count(engine), 0);
  engine_run(engine, sim_time_s(3));
  const RecordId id = engine_record(engine, &FAULT, "who", "whom", -5, &detail);
  cr_assert_eq(id, 1);
  cr_assert_eq(engine_record_count(engine), 1);
  const TraceRecord *record = engine_record_get(engine, id);
  cr_assert_eq(record->at.ns, 3 * SIM_SECOND);
  cr_assert_eq(record->kind, &FAULT);
  cr_assert_str_eq(record->subject, "who");
  cr_assert_str_eq(record->object, "whom");
  cr_assert_eq(record->value, -5);
  cr_assert_eq(record->detail, &detail);
  cr_assert_eq(record->cause, 0);
  cr_assert_eq(record->root, id);
  cr_assert_null(record->stage);
  cr_assert_eq(engine_record_root(engine, 0), 0);
}

Test(trace, causes_pass_through_timers) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  Step steps[4];
  Timer *timers[4];
  timers[0] = step_timer(&steps[0], engine, "z", &FAULT, TRUE);
  timers[1] = step_timer(&steps[1], engine, "y", &STEP, TRUE);
  timers[2] = step_timer(&steps[2], engine, "x", &STEP, FALSE);
  timers[3] = step_timer(&steps[3], engine, "w", &END, FALSE);
  for (guint i = 0; i < 3; i++)
    steps[i].next = timers[i + 1];
  engine_seal(engine);
  timer_arm(timers[0], sim_time_s(1));
  engine_run(engine, sim_time_s(10));
  const RecordId *const ids[] = {&steps[0].record, &steps[1].record, &steps[2].record,
                                 &steps[3].record};
  cr_assert_eq(engine_record_get(engine, *ids[0])->cause, 0);
  cr_assert_eq(engine_record_get(engine, *ids[1])->cause, *ids[0]);
  cr_assert_eq(engine_record_get(engine, *ids[2])->cause, *ids[1]);
  /* The third one did not become the cause: what it armed is due to the second. */
  cr_assert_eq(engine_record_get(engine, *ids[3])->cause, *ids[1]);
  for (guint i = 0; i < 4; i++) {
    cr_assert_eq(engine_record_get(engine, *ids[i])->root, *ids[0]);
    cr_assert_eq(engine_record_root(engine, *ids[i]), *ids[0]);
    cr_assert_eq(engine_record_get(engine, *ids[i])->at.ns, (gint64)(i + 1) * SIM_SECOND);
  }
}

Test(trace, rearming_takes_the_new_cause_and_chains_stay_apart) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  Step steps[3];
  Timer *first = step_timer(&steps[0], engine, "first", &FAULT, TRUE);
  Timer *second = step_timer(&steps[1], engine, "second", &FAULT, TRUE);
  Timer *both = step_timer(&steps[2], engine, "both", &END, FALSE);
  steps[0].next = steps[1].next = both;
  engine_seal(engine);
  timer_arm(first, sim_time_ms(100));
  timer_arm(second, sim_time_ms(600)); /* re-arms `both` before it fires */
  engine_run(engine, sim_time_s(10));
  const TraceRecord *end = engine_record_get(engine, steps[2].record);
  cr_assert_eq(end->at.ns, sim_time_ms(1600).ns);
  cr_assert_eq(end->cause, steps[1].record);
  cr_assert_eq(end->root, steps[1].record);
  cr_assert_eq(engine_record_get(engine, steps[1].record)->cause, 0,
               "the second fault is nobody's fault");
}

/* Items of one agenda keep the causes under which they were added. */
typedef struct {
  Engine *engine;
  RecordId seen[8];
  guint count;
} Seen;

static void see(gpointer data, gpointer item) {
  Seen *seen = data;
  const guint index = GPOINTER_TO_UINT(item);
  seen->seen[index] = engine_cause(seen->engine);
  /* What one handler calls the cause must not reach the next item. */
  engine_set_cause(seen->engine, engine_record(seen->engine, &STEP, "agenda", NULL, 0, NULL));
  seen->count++;
}

Test(trace, agenda_items_keep_their_causes) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  Seen seen = {.engine = engine};
  Agenda *agenda = agenda_new(engine_owner(engine, "a"), PHASE_DELIVER, see, &seen);
  engine_seal(engine);
  RecordId causes[6];
  static const gint64 due[] = {50, 10, 50, 5, 50, 10};
  for (guint i = 0; i < 6; i++) {
    engine_set_cause(engine, 0);
    causes[i] = engine_record(engine, &FAULT, "f", NULL, i, NULL);
    engine_set_cause(engine, causes[i]);
    agenda_add(agenda, sim_time_ns(due[i]), GUINT_TO_POINTER(i));
  }
  engine_run(engine, sim_time_ns(100));
  cr_assert_eq(seen.count, 6);
  for (guint i = 0; i < 6; i++)
    cr_assert_eq(seen.seen[i], causes[i], "item %u", i);
}

/* Two records of one handler, the second a consequence of the first. */
typedef struct {
  Engine *engine;
  RecordId first, beside, second, third;
} Chain;

static void record_chain(gpointer data) {
  Chain *chain = data;
  chain->first = engine_record(chain->engine, &STEP, "s", NULL, 1, NULL);
  chain->beside = engine_record(chain->engine, &STEP, "s", NULL, 2, NULL);
  engine_set_cause(chain->engine, chain->first);
  chain->second = engine_record(chain->engine, &STEP, "s", NULL, 3, NULL);
  engine_set_cause(chain->engine, chain->second);
  chain->third = engine_record(chain->engine, &STEP, "s", NULL, 4, NULL);
}

Test(trace, a_stage_stands_on_the_first_records_of_a_handler_only) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  Chain chain = {.engine = engine};
  Timer *timer = timer_new(engine_owner(engine, "o"), PHASE_TIMER, record_chain, &chain);
  timer_set_stage(timer, &hold);
  engine_seal(engine);
  const RecordId fault = engine_record(engine, &FAULT, "f", NULL, 0, NULL);
  engine_set_cause(engine, fault);
  timer_arm(timer, sim_time_s(15));
  engine_run(engine, sim_time_s(20));
  cr_assert_eq(engine_record_get(engine, chain.first)->stage, &hold);
  cr_assert_eq(engine_record_get(engine, chain.beside)->stage, &hold);
  cr_assert_eq(engine_record_get(engine, chain.first)->cause, fault);
  cr_assert_eq(engine_record_get(engine, chain.beside)->cause, fault);
  cr_assert_null(engine_record_get(engine, chain.second)->stage);
  cr_assert_eq(engine_record_get(engine, chain.second)->cause, chain.first);
  cr_assert_null(engine_record_get(engine, chain.third)->stage);
  cr_assert_eq(engine_record_get(engine, chain.third)->root, fault);
}

Test(trace, a_stage_belongs_to_its_timer_alone) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  Chain staged = {.engine = engine}, plain = {.engine = engine};
  Timer *with = timer_new(engine_owner(engine, "a"), PHASE_TIMER, record_chain, &staged);
  Timer *without = timer_new(engine_owner(engine, "b"), PHASE_TIMER, record_chain, &plain);
  Seen seen = {.engine = engine};
  Agenda *agenda = agenda_new(engine_owner(engine, "c"), PHASE_PROGRAM, see, &seen);
  timer_set_stage(with, &hold);
  agenda_set_stage(agenda, &program);
  engine_seal(engine);
  timer_arm(with, sim_time_s(1));
  timer_arm(without, sim_time_s(1));
  agenda_add(agenda, sim_time_s(1), GUINT_TO_POINTER(0));
  engine_run(engine, sim_time_s(1));
  cr_assert_eq(engine_record_get(engine, staged.first)->stage, &hold);
  cr_assert_null(engine_record_get(engine, plain.first)->stage);
  const RecordId last = engine_record_count(engine);
  cr_assert_eq(engine_record_get(engine, last)->stage, &program);
  /* After the run nothing is left of the last handler. */
  cr_assert_eq(engine_cause(engine), 0);
  const RecordId after = engine_record(engine, &END, "e", NULL, 0, NULL);
  cr_assert_null(engine_record_get(engine, after)->stage);
  cr_assert_eq(engine_record_get(engine, after)->cause, 0);
}

/* A handler that finds out what it is due to: the stage then stands on what follows. */
typedef struct {
  Engine *engine;
  RecordId blamed, record, deeper;
  Timer *own;
} Blamer;

static void blame(gpointer data) {
  Blamer *blamer = data;
  cr_assert_eq(engine_current_timer(blamer->engine), blamer->own);
  engine_blame(blamer->engine, blamer->blamed);
  blamer->record = engine_record(blamer->engine, &STEP, "s", NULL, 0, NULL);
  engine_set_cause(blamer->engine, blamer->record);
  blamer->deeper = engine_record(blamer->engine, &STEP, "s", NULL, 0, NULL);
}

static void blamer_begin(Blamer *blamer, Engine *engine) {
  *blamer = (Blamer){.engine = engine};
  blamer->own = timer_new(engine_owner(engine, "o"), PHASE_TIMER, blame, blamer);
  timer_set_stage(blamer->own, &hold);
  engine_seal(engine);
}

Test(trace, blame_moves_the_cause_and_keeps_the_stage) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  Blamer blamer;
  blamer_begin(&blamer, engine);
  const RecordId first = engine_record(engine, &FAULT, "f", NULL, 0, NULL);
  blamer.blamed = engine_record(engine, &FAULT, "g", NULL, 0, NULL);
  engine_set_cause(engine, first);
  timer_arm(blamer.own, sim_time_s(1));
  engine_run(engine, sim_time_s(2));
  cr_assert_eq(engine_record_get(engine, blamer.record)->cause, blamer.blamed);
  cr_assert_eq(engine_record_get(engine, blamer.record)->root, blamer.blamed);
  cr_assert_eq(engine_record_get(engine, blamer.record)->stage, &hold);
  cr_assert_null(engine_record_get(engine, blamer.deeper)->stage);
  cr_assert_null(engine_current_timer(engine));
}

Test(trace, many_records_keep_cause_before_effect) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  engine_seal(engine);
  for (guint i = 0; i < 10000; i++) { /* a tree: each fifth starts a chain of its own */
    engine_set_cause(engine, i % 5 == 0 ? 0 : i - i % 5 + (i % 5 - 1) / 2 + 1);
    engine_record(engine, &STEP, "s", NULL, i, NULL);
  }
  for (RecordId id = 1; id <= 10000; id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    cr_assert_lt(record->cause, id);
    cr_assert_eq(record->root, id - (id - 1) % 5);
    cr_assert_eq(record->value, (gint64)id - 1);
  }
}

Test(trace, record_zero_cannot_be_read, .signal = SIGABRT) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  engine_record_get(engine, 0);
}

Test(trace, a_cause_must_exist, .signal = SIGABRT) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  engine_set_cause(engine, 1);
}

/* ---- what passed between a cause and its effect ---------------------------------------------- */

/* Two waits and a third in an agenda, and only then a record. */
typedef struct {
  Engine *engine;
  Timer *second;
  Agenda *third;
  RecordId record, late_cause;
  gboolean tells;            /* by a record of its own, after the first wait */
  RecordId cause_on_the_way; /* found after the second */
} Relay;

static void relay_first(gpointer data) {
  Relay *relay = data;
  if (relay->tells)
    engine_set_cause(relay->engine, engine_record(relay->engine, &STEP, "r", NULL, 0, NULL));
  timer_arm_after(relay->second, sim_time_s(2));
}
static void relay_second(gpointer data) {
  Relay *relay = data;
  if (relay->late_cause != 0)
    engine_set_cause(relay->engine, relay->late_cause);
  if (relay->cause_on_the_way != 0)
    engine_set_cause_on_the_way(relay->engine, relay->cause_on_the_way);
  agenda_add(relay->third, sim_time_add(engine_now(relay->engine), sim_time_s(3)), NULL);
}
static void relay_third(gpointer data, gpointer item) {
  Relay *relay = data;
  (void)item;
  relay->record = engine_record(relay->engine, &STEP, "s", NULL, 0, NULL);
}

static const Stage wait_stage = {"wait", BASIS_ASSUMED, "A"};

/* Waits of 1, 2 and 3 s by these stages, after a fault at 10 s. */
static void relay_begin(Relay *relay, Arena *arena, const Stage *one, const Stage *two,
                        const Stage *three) {
  *relay = (Relay){.engine = engine_new(arena)};
  Owner *owner = engine_owner(relay->engine, "o");
  Timer *first = timer_new(owner, PHASE_TIMER, relay_first, relay);
  relay->second = timer_new(owner, PHASE_TIMER, relay_second, relay);
  relay->third = agenda_new(owner, PHASE_DELIVER, relay_third, relay);
  timer_set_stage(first, one);
  timer_set_stage(relay->second, two);
  agenda_set_stage(relay->third, three);
  engine_seal(relay->engine);
  engine_run(relay->engine, sim_time_s(10));
  engine_set_cause(relay->engine, engine_record(relay->engine, &FAULT, "f", NULL, 0, NULL));
  timer_arm_after(first, sim_time_s(1));
}

/* What passed before its record, once that is made. */
static GArray *relay_end(Relay *relay) {
  engine_run(relay->engine, sim_time_s(20));
  return engine_record_passed(relay->engine, relay->record);
}

static void assert_passed(const Passed *passed, const Stage *stage, double from, double to) {
  cr_assert_eq(passed->stage, stage);
  cr_assert_float_eq(sim_time_seconds(passed->from), from, 1e-9);
  cr_assert_float_eq(sim_time_seconds(passed->to), to, 1e-9);
}

Test(trace, every_wait_between_a_cause_and_its_effect_is_kept) {
  g_autoptr(Arena) arena = arena_new();
  Relay relay;
  relay_begin(&relay, arena, &hold, &wait_stage, &program);
  g_autoptr(GArray) passed = relay_end(&relay);
  cr_assert_eq(passed->len, 3);
  assert_passed(&g_array_index(passed, Passed, 0), &hold, 10, 11);
  assert_passed(&g_array_index(passed, Passed, 1), &wait_stage, 11, 13);
  assert_passed(&g_array_index(passed, Passed, 2), &program, 13, 16);
  cr_assert_eq(engine_record_get(relay.engine, relay.record)->stage, &program);
}

Test(trace, waits_of_one_stage_are_one) {
  g_autoptr(Arena) arena = arena_new();
  Relay relay;
  relay_begin(&relay, arena, &hold, &hold, &program);
  g_autoptr(GArray) passed = relay_end(&relay);
  cr_assert_eq(passed->len, 2);
  assert_passed(&g_array_index(passed, Passed, 0), &hold, 10, 13);
}

/* What a step leads to at once, by a timer that has a stage of its own, waited for the step alone.
 */
typedef struct {
  Engine *engine;
  Timer *at_once;
  RecordId record;
} Relapse;

static void go_on_at_once(gpointer data) {
  const Relapse *relapse = data;
  timer_arm_after(relapse->at_once, SIM_TIME_ZERO);
}

static void record_relapse(gpointer data) {
  Relapse *relapse = data;
  relapse->record = engine_record(relapse->engine, &STEP, "s", NULL, 0, NULL);
}

Test(trace, a_wait_of_no_time_is_no_stage) {
  g_autoptr(Arena) arena = arena_new();
  Relapse relapse = {.engine = engine_new(arena)};
  Owner *owner = engine_owner(relapse.engine, "o");
  Timer *waits = timer_new(owner, PHASE_TIMER, go_on_at_once, &relapse);
  relapse.at_once = timer_new(owner, PHASE_TIMER, record_relapse, &relapse);
  timer_set_stage(waits, &hold);
  timer_set_stage(relapse.at_once, &program);
  engine_seal(relapse.engine);
  engine_run(relapse.engine, sim_time_s(10));
  engine_set_cause(relapse.engine, engine_record(relapse.engine, &FAULT, "f", NULL, 0, NULL));
  timer_arm_after(waits, sim_time_s(5));
  engine_run(relapse.engine, sim_time_s(20));
  g_autoptr(GArray) passed = engine_record_passed(relapse.engine, relapse.record);
  cr_assert_eq(passed->len, 1);
  assert_passed(&g_array_index(passed, Passed, 0), &hold, 10, 15);
  cr_assert_eq(engine_record_get(relapse.engine, relapse.record)->stage, &hold);
}

/* What succeeds because of something that came later has waited since then only. */
Test(trace, a_later_cause_cuts_off_the_waits_before_it) {
  g_autoptr(Arena) arena = arena_new();
  Relay relay;
  relay_begin(&relay, arena, &hold, &wait_stage, &program);
  engine_run(relay.engine, sim_time_s(12));
  relay.late_cause = engine_record(relay.engine, &FAULT, "g", NULL, 0, NULL);
  g_autoptr(GArray) passed = relay_end(&relay);
  cr_assert_eq(passed->len, 2);
  assert_passed(&g_array_index(passed, Passed, 0), &wait_stage, 12, 13);
  assert_passed(&g_array_index(passed, Passed, 1), &program, 13, 16);
}

/* A cause came to pass at this time while a relay that tells was on its way: the relay's waits. */
static GArray *waits_since(Relay *relay, Arena *arena, SimTime at) {
  relay_begin(relay, arena, &hold, &wait_stage, &program);
  relay->tells = TRUE;
  engine_run(relay->engine, at);
  relay->cause_on_the_way = engine_record(relay->engine, &FAULT, "g", NULL, 0, NULL);
  return relay_end(relay);
}

/* The record that lies between is no border: what was on its way before it is what passed. */
Test(trace, a_cause_on_the_way_keeps_the_later_part_of_the_way) {
  g_autoptr(Arena) arena = arena_new();
  Relay relay;
  g_autoptr(GArray) passed = waits_since(&relay, arena, sim_time_ms(10500));
  cr_assert_eq(passed->len, 3);
  assert_passed(&g_array_index(passed, Passed, 0), &hold, 10.5, 11);
  assert_passed(&g_array_index(passed, Passed, 1), &wait_stage, 11, 13);
  assert_passed(&g_array_index(passed, Passed, 2), &program, 13, 16);
  g_autoptr(GArray) later = waits_since(&relay, arena, sim_time_s(12));
  cr_assert_eq(later->len, 2);
  assert_passed(&g_array_index(later, Passed, 0), &wait_stage, 12, 13);
  assert_passed(&g_array_index(later, Passed, 1), &program, 13, 16);
}

/* ---- a way that was waited for ---- */

typedef struct {
  Engine *engine;
  Timer *far, *own;
  EngineWay way;
  gboolean waited;
  RecordId record;
} Waiter;

static void far_is_ready(gpointer data) {
  Waiter *waiter = data;
  engine_keep_way(waiter->engine, &waiter->way);
}

static void own_is_due(gpointer data) {
  Waiter *waiter = data;
  if (waiter->waited)
    engine_wait_for_way(waiter->engine, &waiter->way);
  waiter->record = engine_record(waiter->engine, &STEP, "s", NULL, 0, NULL);
}

/* The far end is ready at 14 s, after the hold stage, this one at 16 s, after its own wait; both
 * wait since 10 s, or this one since a fault at `own`. */
static GArray *waits_of_two(Arena *arena, gboolean waited, SimTime own) {
  Waiter *waiter = arena_new0(arena, Waiter);
  waiter->engine = engine_new(arena);
  Owner *owner = engine_owner(waiter->engine, "o");
  waiter->waited = waited;
  waiter->far = timer_new(owner, PHASE_TIMER, far_is_ready, waiter);
  waiter->own = timer_new(owner, PHASE_TIMER, own_is_due, waiter);
  timer_set_stage(waiter->far, &hold);
  timer_set_stage(waiter->own, &wait_stage);
  engine_seal(waiter->engine);
  engine_run(waiter->engine, sim_time_s(10));
  engine_set_cause(waiter->engine, engine_record(waiter->engine, &FAULT, "f", NULL, 0, NULL));
  timer_arm(waiter->far, sim_time_s(14));
  if (own.ns > sim_time_s(10).ns) {
    engine_run(waiter->engine, own);
    engine_set_cause(waiter->engine, engine_record(waiter->engine, &FAULT, "g", NULL, 0, NULL));
  }
  timer_arm(waiter->own, sim_time_s(16));
  engine_run(waiter->engine, sim_time_s(20));
  return engine_record_passed(waiter->engine, waiter->record);
}

/* What was in vain until the other way had been gone is not what passed until then. A way that was
 * gone before the cause came to pass takes no part. */
Test(trace, a_way_that_was_waited_for_is_what_passed_first) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(GArray) alone = waits_of_two(arena, FALSE, sim_time_s(10));
  cr_assert_eq(alone->len, 1);
  assert_passed(&g_array_index(alone, Passed, 0), &wait_stage, 10, 16);
  g_autoptr(GArray) both = waits_of_two(arena, TRUE, sim_time_s(10));
  cr_assert_eq(both->len, 2);
  assert_passed(&g_array_index(both, Passed, 0), &hold, 10, 14);
  assert_passed(&g_array_index(both, Passed, 1), &wait_stage, 14, 16);
  g_autoptr(GArray) within = waits_of_two(arena, TRUE, sim_time_s(13));
  cr_assert_eq(within->len, 2);
  assert_passed(&g_array_index(within, Passed, 0), &hold, 13, 14);
  assert_passed(&g_array_index(within, Passed, 1), &wait_stage, 14, 16);
  g_autoptr(GArray) behind = waits_of_two(arena, TRUE, sim_time_s(15));
  cr_assert_eq(behind->len, 1);
  assert_passed(&g_array_index(behind, Passed, 0), &wait_stage, 15, 16);
}

/* An earlier cause, which the handler found: its timer's stage is what passed since. */
Test(trace, an_earlier_cause_has_the_stage_of_the_timer_alone) {
  g_autoptr(Arena) arena = arena_new();
  Engine *engine = engine_new(arena);
  Blamer blamer;
  blamer_begin(&blamer, engine);
  engine_run(engine, sim_time_s(5));
  blamer.blamed = engine_record(engine, &FAULT, "g", NULL, 0, NULL);
  engine_run(engine, sim_time_s(7));
  engine_set_cause(engine, engine_record(engine, &FAULT, "f", NULL, 0, NULL));
  timer_arm_after(blamer.own, sim_time_s(1));
  engine_run(engine, sim_time_s(9));
  g_autoptr(GArray) passed = engine_record_passed(engine, blamer.record);
  cr_assert_eq(passed->len, 1);
  assert_passed(&g_array_index(passed, Passed, 0), &hold, 5, 8);
  g_autoptr(GArray) nothing = engine_record_passed(engine, blamer.deeper);
  cr_assert_eq(nothing->len, 0);
}

/* A sender repeats what mostly leads to nothing, several pieces at once on the wire: what the
 * others waited is forgotten, and what the few waited that a record tells of is kept. */
typedef struct {
  Engine *engine;
  Timer *send_timer;
  Agenda *wire;
  guint sent;
  GArray *records; /* RecordId */
} Sender;

enum { ROUNDS = 500, EACH = 7 };

static void send_again(gpointer data) {
  Sender *sender = data;
  const guint number = ++sender->sent;
  if (number < ROUNDS)
    timer_arm_after(sender->send_timer, sim_time_s(1));
  agenda_add(sender->wire, sim_time_add(engine_now(sender->engine), sim_time_ms(2500)),
             GUINT_TO_POINTER(number));
}

static void piece_arrives(gpointer data, gpointer item) {
  Sender *sender = data;
  if (GPOINTER_TO_UINT(item) % EACH != 0)
    return;
  const RecordId record = engine_record(sender->engine, &STEP, "s", NULL, 0, NULL);
  g_array_append_val(sender->records, record);
}

Test(trace, what_led_to_nothing_takes_nothing_from_the_rest) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(RecordId));
  Sender sender = {.engine = engine_new(arena), .records = records};
  Owner *owner = engine_owner(sender.engine, "o");
  sender.send_timer = timer_new(owner, PHASE_TIMER, send_again, &sender);
  sender.wire = agenda_new(owner, PHASE_DELIVER, piece_arrives, &sender);
  timer_set_stage(sender.send_timer, &hold);
  agenda_set_stage(sender.wire, &program);
  engine_seal(sender.engine);
  engine_run(sender.engine, sim_time_s(10));
  engine_set_cause(sender.engine, engine_record(sender.engine, &FAULT, "f", NULL, 0, NULL));
  timer_arm_after(sender.send_timer, sim_time_s(1));
  engine_run(sender.engine, sim_time_s(1000));
  cr_assert_eq(records->len, ROUNDS / EACH);
  for (guint i = 0; i < records->len; i++) {
    const double sent = 10 + (i + 1) * EACH;
    g_autoptr(GArray) passed =
        engine_record_passed(sender.engine, g_array_index(records, RecordId, i));
    cr_assert_eq(passed->len, 2);
    assert_passed(&g_array_index(passed, Passed, 0), &hold, 10, sent);
    assert_passed(&g_array_index(passed, Passed, 1), &program, sent, sent + 2.5);
  }
}

/* Two timers call each other by turns: a chain of waits, of which only a record at its end tells.
 */
typedef struct {
  Engine *engine;
  Timer *turns[2];
  guint left;
  gboolean tells;
  RecordId record;
} Rally;

enum { LONG_RALLY = 1000 };

static void return_ball(gpointer data) {
  Rally *rally = data;
  if (--rally->left > 0)
    timer_arm_after(rally->turns[rally->left % 2], sim_time_s(1));
  else if (rally->tells)
    rally->record = engine_record(rally->engine, &END, "s", NULL, 0, NULL);
}

static void play_rally(Rally *rally) {
  rally->left = LONG_RALLY;
  engine_set_cause(rally->engine, engine_record(rally->engine, &FAULT, "f", NULL, 0, NULL));
  timer_arm_after(rally->turns[0], sim_time_s(1));
  engine_run(rally->engine, sim_time_add(engine_now(rally->engine), sim_time_s(LONG_RALLY + 1)));
  cr_assert_eq(rally->left, 0);
}

/* A leg's number is its place, so that of the last one tells how many there were at once. */
Test(trace, a_chain_of_waits_that_nothing_tells_of_is_forgotten_whole) {
  g_autoptr(Arena) arena = arena_new();
  Rally rally = {.engine = engine_new(arena)};
  Owner *owner = engine_owner(rally.engine, "o");
  for (guint i = 0; i < 2; i++) {
    rally.turns[i] = timer_new(owner, PHASE_TIMER, return_ball, &rally);
    timer_set_stage(rally.turns[i], i == 0 ? &hold : &program);
  }
  engine_seal(rally.engine);
  for (guint i = 0; i < 10; i++)
    play_rally(&rally);
  rally.tells = TRUE;
  play_rally(&rally);
  g_autoptr(GArray) passed = engine_record_passed(rally.engine, rally.record);
  cr_assert_eq(passed->len, LONG_RALLY);
  cr_assert_lt(engine_record_get(rally.engine, rally.record)->passed, 2 * LONG_RALLY);
}
