/* The discrete-event engine: clock, total event order, timers, and a trace in
 * which every record has a cause. It knows nothing of networks.
 *
 *     Owner "rs/0" --- Timer ----+
 *                  \-- Agenda ---+--> queue by (time, phase, rank of owner, number) --> handler
 *     Owner "fw-a" --- Timer ----+                                                        |
 *                        ^                                                                |
 *                        +------ arms itself or others, with the current cause -----------+
 *                                                                                         |
 *                               trace: record <-- cause -- record <-- cause -- record <---+
 *
 * Whoever does something later is an Owner with a name, and has Timers. A Timer is an object with
 * one handler that re-arms in place, so the number of queue entries is bounded by the number of
 * timers that wait. Several items that wait for their own moments (messages in flight, pushes under
 * way) share an Agenda, which arms one timer for the first of them.
 *
 * Order of events: time, then phase, then the owner's rank by name, then the owner's own sequence
 * number. No pointer, hash order or order of construction can influence it.
 *
 * While a handler runs, the engine knows the record that it is due to: the one that was current
 * when the timer was armed. What the handler records has that cause, and so has what it arms. A
 * wait between two records is a leg, with the Stage that says what passed and what its length rests
 * on. So an outage can be followed back, record by record, to the event that brought it, and every
 * moment between has a name. For what happens by timers the model code does nothing; where one
 * handler calls others, or a silence has to be blamed, it says so (ENGINE_DUE_TO, engine_blame).
 *
 * Owners and timers are made first; engine_seal() ranks them; then engine_run() takes one event
 * after the other. All memory is the arena's. Misuse (posting into the past, or at the current
 * instant into an earlier phase) is an assertion, in every build. */
#pragma once
#include "routesim/base/arena.h"
#include "routesim/base/keys.h"
#include "routesim/base/time.h"

/* Within one instant, in this order. */
typedef enum {
  PHASE_FAULT,   /* things break and are repaired */
  PHASE_DELIVER, /* messages arrive */
  PHASE_TIMER,   /* protocol timers */
  PHASE_DECIDE,  /* decision processes, on all that arrived */
  PHASE_PROGRAM, /* route tables change */
  PHASE_FLOW,    /* traffic follows the tables */
  PHASE_PROBE,   /* somebody measures */
} Phase;

typedef struct Engine Engine;
typedef struct Owner Owner;
typedef struct Timer Timer;
typedef void (*TimerHandler)(gpointer data);

Engine *engine_new(Arena *arena);
/* The owner called `name` (copied); made on first use. Only before engine_seal(). */
Owner *engine_owner(Engine *engine, const char *name);
/* Owners get their ranks, by strcmp() of their names. Timers may be armed before. */
void engine_seal(Engine *engine);
gboolean engine_is_sealed(const Engine *engine);
Engine *owner_engine(const Owner *owner);
/* Every event up to and including `until` runs; the clock stands there afterwards. */
void engine_run(Engine *engine, SimTime until);
SimTime engine_now(const Engine *engine);
/* TRUE where all is over that was due at `at` in `phase`. */
gboolean engine_is_past(const Engine *engine, SimTime at, Phase phase);
/* How many handlers ran. */
guint64 engine_events(const Engine *engine);
/* What every timer waits for, by timer (gint64: nanoseconds); the caller's. And whether one of them
 * waits for the same moment still: what only goes on, like keepalives, waits for another by then.
 */
GArray *engine_waits(const Engine *engine);
gboolean engine_still_waits(const Engine *engine, const GArray *waits);
/* Things that happen at one instant happen one after the other all the same: `handler` runs between
 * two handlers of an instant that do not go back to the same, until it is taken away (NULL). It may
 * look at what is, and neither records nor arms anything. One at a time. */
void engine_watch_turns(Engine *engine, void (*handler)(gpointer data), gpointer data);

/* ---- timers ------------------------------------------------------------- */

/* A step of a process that takes time, and what its length rests on. */
typedef struct {
  const char *name; /* "hold timer" */
  Basis basis;
  const char *fact; /* id or clause */
} Stage;
/* A stage with what its number rests on, and the `rule` (or NULL) where that cites nothing. */
const Stage *stage_new(Arena *arena, const char *name, Ground ground, const char *rule);

Timer *timer_new(Owner *owner, Phase phase, TimerHandler handler, gpointer data);
/* `stage`, which is borrowed, names what passes while the timer waits. */
void timer_set_stage(Timer *timer, const Stage *stage);
/* Arms, or re-arms, for `at` (not before now). What its handler does is caused by
 * what causes this call. Moving a deadline later costs no queue operation. */
void timer_arm(Timer *timer, SimTime at);
void timer_arm_after(Timer *timer, SimTime delay);
/* A cancelled timer is armed for `at`; what had armed it stays what its handler is due to. */
void timer_resume(Timer *timer, SimTime at);
/* The timer whose handler runs; NULL: none does. The benchmark asks: a handler that a million
 * timers share finds the one to arm again. */
Timer *engine_current_timer(const Engine *engine);
void timer_cancel(Timer *timer);
gboolean timer_is_armed(const Timer *timer);
/* The deadline; only while armed. */
SimTime timer_deadline(const Timer *timer);

/* Several items waiting for their own moments, served by one timer. */
typedef struct Agenda Agenda;
typedef void (*AgendaHandler)(gpointer data, gpointer item);

Agenda *agenda_new(Owner *owner, Phase phase, AgendaHandler handler, gpointer data);
/* `stage` names what passes while items wait that are added from now on. */
void agenda_set_stage(Agenda *agenda, const Stage *stage);
/* Items due at one instant are served in the order of these calls. */
void agenda_add(Agenda *agenda, SimTime due, gpointer item);
/* The same, as if `timer` had not been cancelled, and its handler had done so at `from`. */
void agenda_add_for(Agenda *agenda, const Timer *timer, SimTime from, SimTime due, gpointer item);
void agenda_clear(Agenda *agenda);

/* ---- trace ------------------------------------------------------------------ */

/* A kind of record is a static object; its address identifies it. */
typedef struct {
  const char *name;
} TraceKind;

typedef guint32 RecordId; /* 0: no record, the state at the start */
typedef guint32 LegId;    /* the engine's own */

typedef struct {
  SimTime at;
  RecordId cause;
  RecordId root; /* the record at the start of the chain (itself for a first one) */
  const TraceKind *kind;
  LegId passed;         /* see engine_record_passed() */
  const Stage *stage;   /* the last of what passed between the cause and this; NULL: nothing */
  const char *subject;  /* who; borrowed for the run */
  const char *object;   /* about whom, or NULL */
  gint64 value;         /* of the kind's own meaning */
  gconstpointer detail; /* of the kind's own type, or NULL */
} TraceRecord;

/* The record is caused by the current cause, which stays the current one. */
RecordId engine_record(Engine *engine, const TraceKind *kind, const char *subject,
                       const char *object, gint64 value, gconstpointer detail);
/* The same, and what follows is due to this record. */
RecordId engine_go_on(Engine *engine, const TraceKind *kind, const char *subject,
                      const char *object, gint64 value, gconstpointer detail);
RecordId engine_cause(const Engine *engine);
/* All that follows is due to `cause`, up to the end of the handler, or to that of the block of
 * whoever called it with one of the macros below. A call without a macro is right where just that
 * is meant: where a handler finds out what it is due to, also what it arms behind a loop (a segment
 * that goes once more), or where a hook settles this for who asks it. What only some lines are due
 * to is a block with ENGINE_DUE_TO. */
void engine_set_cause(Engine *engine, RecordId cause);
/* Whatever a block calls may have found another cause: when the block ends, by whichever way, the
 * cause is again what it was here. */
#define ENGINE_KEEP_CAUSE(engine)                                                                  \
  g_auto(CauseScope) G_PASTE(cause_scope_, __LINE__) G_GNUC_UNUSED = cause_scope_begin(engine)
/* What follows in this block is due to `cause`, and what comes behind it to what it was before. */
#define ENGINE_DUE_TO(engine, cause)                                                               \
  ENGINE_KEEP_CAUSE(engine);                                                                       \
  engine_set_cause(engine, cause)
/* What the two macros are made of. */
typedef struct {
  Engine *engine;
  RecordId cause;
} CauseScope;
static inline CauseScope cause_scope_begin(Engine *engine) {
  return (CauseScope){engine, engine_cause(engine)};
}
static inline void cause_scope_end(CauseScope *scope) {
  engine_set_cause(scope->engine, scope->cause);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CauseScope, cause_scope_end)
/* The cause came to pass while what led here was under way: what passed since then
 * is the later part of that way. */
void engine_set_cause_on_the_way(Engine *engine, RecordId cause);
/* What led to a moment; zeroes at first. */
typedef struct {
  RecordId cause;
  LegId passed;
  SimTime at;
} EngineWay;
/* `way` becomes what led to now. */
void engine_keep_way(Engine *engine, EngineWay *way);
/* What led to the running handler had been in vain until what `way` led to: up to then that is what
 * passed since the current cause, and what led here is only the rest. */
void engine_wait_for_way(Engine *engine, const EngineWay *way);
/* What the running handler does is due to `cause` and not to what armed its timer: the
 * timer's stage is what passed since `cause`. */
void engine_blame(Engine *engine, RecordId cause);
guint engine_record_count(const Engine *engine);
/* Records count from 1. */
const TraceRecord *engine_record_get(const Engine *engine, RecordId id);
/* What the time from the record's cause to the record went into, in its order and without gaps;
 * the caller's. Empty where no time passed. */
typedef struct {
  const Stage *stage; /* NULL: nobody says */
  SimTime from, to;
} Passed;
GArray *engine_record_passed(const Engine *engine, RecordId id); /* Passed */
/* The first record of the chain that led to `id`; 0 for 0. */
RecordId engine_record_root(const Engine *engine, RecordId id);
Arena *engine_arena(Engine *engine);
