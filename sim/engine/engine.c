/* Clock, total order and timers; see the header for the contract.
 *
 * The queue is an implicit 4-ary heap of 16-byte keys. The low half of a key is its
 * place in the order and, below that, where its timer lies, so no position is tracked:
 * a timer that moved later is looked at again when its old key comes up, one that moved
 * earlier leaves a stale key behind. Timers lie in slabs, one cache line each. The root
 * is left in place while its handler runs, so that the usual "fire and re-arm" is one
 * sift. */
#define _DEFAULT_SOURCE /* madvise() */
#include "routesim/engine/engine.h"

#include <string.h>
#include <sys/mman.h>

#include "engine_private.h"

#define ARITY 4u
/* An order: phase (3 bits), ordinal by owner's rank and own sequence (29), slot (32). The
 * ordinal is unique, so the slot never decides. */
#define PHASE_SHIFT 61
#define ORDINAL_SHIFT 32
#define MOST_TIMERS (1u << 29)
/* Slab k holds FIRST_SLAB << k timers. */
#define FIRST_SLAB_SHIFT 6
#define FIRST_SLAB (1u << FIRST_SLAB_SHIFT)
#define MOST_SLABS 24
#define HUGE_PAGE (2u << 20)
#define PREFETCH_FROM 500
#define NOT_QUEUED G_MAXINT64  /* later than any deadline: arming must queue */
#define BEFORE_SEAL G_MININT64 /* earlier than any: arming must not queue yet */
#define NOT_ARMED G_MAXINT64

typedef struct {
  gint64 time;
  guint64 order; /* phase, ordinal, slot */
} Key;

struct Owner {
  Engine *engine;
  const char *name;
  GPtrArray *timers; /* Timer*, in the owner's own sequence */
};

/* 64 bytes: one cache line. */
struct Timer {
  gint64 deadline; /* or NOT_ARMED */
  gint64 queued;   /* time of the live key, NOT_QUEUED or BEFORE_SEAL */
  TimerHandler handler;
  gpointer data;
  const Stage *stage;
  Engine *engine;
  guint64 order;
  RecordId cause;
  LegId leg; /* that the wait is; 0: nothing caused it */
};

G_STATIC_ASSERT(sizeof(struct Timer) == 64);

struct Engine {
  Key *heap; /* [0] is the root; children of one node share a cache line */
  guint32 count, room;
  gboolean vacant; /* the root's handler runs and nothing took its place yet */
  gboolean sealed;
  Timer *slabs[MOST_SLABS]; /* see timer_of() */
  guint32 timer_count;
  gint64 now;
  Timer *current;
  guint64 current_order;
  RecordId cause, handler_cause;
  LegId passed;        /* the last leg from `handler_cause` to the handler */
  LegId found;         /* the one leg since a cause that a handler itself found ... */
  RecordId found_from; /* ... which is this ... */
  guint64 found_by;    /* ... while so many events had happened */
  guint64 events;
  TimerHandler turn_handler; /* see engine_watch_turns(); NULL: none */
  gpointer turn_data;
  Arena *arena;
  GPtrArray *owners;
  GHashTable *owners_by_name;
  GArray *records;
  struct Leg *legs; /* [0] is "no time" */
  guint leg_count, leg_room;
  LegId spare_legs; /* that nobody refers to, linked by `before` */
  gpointer heap_block;
};

/* One wait on the way from a cause to what it led to. It lasts until the next one begins, the last
 * until the record; a chain of them leads back to the cause. */
typedef struct Leg {
  const Stage *stage;
  gint64 from;
  LegId before;  /* 0: the first one */
  guint holders; /* timers, agenda items, records and legs that refer to it */
} Leg;

static inline gboolean key_before(Key a, Key b) {
  const unsigned __int128 left = ((unsigned __int128)(guint64)a.time << 64) | a.order;
  const unsigned __int128 right = ((unsigned __int128)(guint64)b.time << 64) | b.order;
  return left < right;
}

/* ---- memory ------------------------------------------------------------------ */

/* Large blocks ask for huge pages: with a million timers waiting, address translation
 * would cost more than the heap itself. */
static gpointer new_block(gsize size) {
  const gboolean large = size >= HUGE_PAGE;
  const gsize whole = large ? (size + HUGE_PAGE - 1) & ~(gsize)(HUGE_PAGE - 1) : size;
  gpointer block = g_aligned_alloc(1, whole, large ? HUGE_PAGE : 64);
#ifdef MADV_HUGEPAGE
  if (large)
    madvise(block, whole, MADV_HUGEPAGE); /* a wish: its failure changes nothing */
#endif
  return block;
}

/* ---- heap ---------------------------------------------------------------- */

static void heap_reserve(Engine *engine, guint32 room) {
  /* Three keys of padding put every group of four children on one cache line. */
  gpointer block = new_block((room + 3) * sizeof(Key));
  Key *heap = (Key *)block + 3;
  if (engine->count > 0)
    memcpy(heap, engine->heap, engine->count * sizeof(Key));
  g_aligned_free(engine->heap_block);
  engine->heap_block = block;
  engine->heap = heap;
  engine->room = room;
}

static void sift_up(Engine *engine, guint32 index, Key key) {
  Key *heap = engine->heap;
  while (index > 0) {
    const guint32 parent = (index - 1) / ARITY;
    if (!key_before(key, heap[parent]))
      break;
    heap[index] = heap[parent];
    index = parent;
  }
  heap[index] = key;
}

static inline guint32 least_child(const Key *heap, guint32 first, guint32 count) {
  if (G_LIKELY(first + ARITY <= count)) {
    const guint32 a = first + (key_before(heap[first + 1], heap[first]) ? 1 : 0);
    const guint32 b = first + 2 + (key_before(heap[first + 3], heap[first + 2]) ? 1 : 0);
    return key_before(heap[b], heap[a]) ? b : a;
  }
  guint32 least = first;
  for (guint32 child = first + 1; child < count; child++)
    if (key_before(heap[child], heap[least]))
      least = child;
  return least;
}

/* Slabs double, so the highest bit of slot + FIRST_SLAB tells the slab. */
static inline Timer *timer_in(const Engine *engine, guint32 slot) {
  const guint32 place = slot + FIRST_SLAB;
  const guint32 top = 31 - (guint32)__builtin_clz(place);
  return &engine->slabs[top - FIRST_SLAB_SHIFT][place - (1u << top)];
}

static inline Timer *timer_of(const Engine *engine, Key key) {
  return timer_in(engine, (guint32)key.order);
}

/* `key` takes the place of the root, from where it sinks until the order is right. */
static void sift_down(Engine *engine, Key key) {
  Key *heap = engine->heap;
  const guint32 count = engine->count;
  guint32 index = 0, first = 1;
  while (first < count) {
    const guint32 child = least_child(heap, first, count);
    if (!key_before(heap[child], key))
      break;
    heap[index] = heap[child];
    /* What rises to the third level fires soon: fetch its timer, where there are more than
     * the first cache holds. */
    if (index - 5 < 16 && count > PREFETCH_FROM)
      __builtin_prefetch(timer_of(engine, heap[child]), 1);
    index = child;
    first = index * ARITY + 1;
  }
  heap[index] = key;
}

static void heap_pop(Engine *engine) {
  engine->count--;
  if (engine->count > 0)
    sift_down(engine, engine->heap[engine->count]);
}

static void heap_push(Engine *engine, Key key) {
  if (engine->vacant) {
    engine->vacant = FALSE;
    sift_down(engine, key);
    return;
  }
  if (engine->count == engine->room)
    heap_reserve(engine, engine->room * 2);
  engine->count++;
  sift_up(engine, engine->count - 1, key);
}

/* ---- engine ----------------------------------------------------------------- */

static void engine_dispose(gpointer data) {
  Engine *engine = data;
  g_aligned_free(engine->heap_block);
  for (guint i = 0; i < MOST_SLABS; i++)
    g_aligned_free(engine->slabs[i]);
  g_hash_table_unref(engine->owners_by_name);
  g_array_unref(engine->records);
  g_free(engine->legs);
}

/* Timers lie in slabs that stay where they are once the engine is sealed, and so do the owners. */
static void engine_keep(gpointer data, GByteArray *kept) {
  const Engine *engine = data;
  g_assert(engine->sealed && !engine->vacant);
  g_byte_array_append(kept, (const guint8 *)engine->heap, engine->count * (guint)sizeof(Key));
  g_byte_array_append(kept, (const guint8 *)engine->legs, engine->leg_count * (guint)sizeof(Leg));
  g_byte_array_append(kept, (const guint8 *)&engine->records->len, sizeof engine->records->len);
  g_byte_array_append(kept, (const guint8 *)engine->records->data,
                      engine->records->len * (guint)sizeof(TraceRecord));
  for (guint32 slot = 0; slot < engine->timer_count; slot++)
    g_byte_array_append(kept, (const guint8 *)timer_in(engine, slot), sizeof(Timer));
}

static void engine_drop(gpointer data) {
  Engine *engine = data;
  g_aligned_free(engine->heap_block);
  g_free(engine->legs);
}

static void engine_restore(gpointer data, const guint8 **kept) {
  Engine *engine = data;
  guint records;
  const guint32 count = engine->count;
  engine->heap_block = NULL;
  engine->count = 0;
  heap_reserve(engine, engine->room);
  engine->count = count;
  engine->legs = g_new(Leg, engine->leg_room);
  arena_take_kept(kept, engine->heap, count * sizeof(Key));
  arena_take_kept(kept, engine->legs, engine->leg_count * sizeof(Leg));
  arena_take_kept(kept, &records, sizeof records);
  g_array_set_size(engine->records, records);
  arena_take_kept(kept, engine->records->data, records * sizeof(TraceRecord));
  for (guint32 slot = 0; slot < engine->timer_count; slot++)
    arena_take_kept(kept, timer_in(engine, slot), sizeof(Timer));
}

static const ArenaKind engine_kind = {
    .destroy = engine_dispose, .keep = engine_keep, .drop = engine_drop, .restore = engine_restore};

Engine *engine_new(Arena *arena) {
  Engine *engine = arena_new0(arena, Engine);
  engine->arena = arena;
  engine->owners = arena_ptr_array(arena);
  engine->owners_by_name = g_hash_table_new(g_str_hash, g_str_equal);
  engine->records = g_array_sized_new(FALSE, TRUE, sizeof(TraceRecord), 256);
  g_array_set_size(engine->records, 1); /* record 0 is "no record" */
  engine->leg_room = 256;
  engine->leg_count = 1;
  engine->legs = g_new(Leg, engine->leg_room);
  engine->legs[0] = (Leg){.stage = NULL};
  heap_reserve(engine, 61);
  arena_own_kind(arena, engine, &engine_kind);
  return engine;
}

Owner *engine_owner(Engine *engine, const char *name) {
  g_assert(!engine->sealed);
  Owner *owner = g_hash_table_lookup(engine->owners_by_name, name);
  if (owner == NULL) {
    owner = arena_new0(engine->arena, Owner);
    owner->engine = engine;
    owner->name = arena_strdup(engine->arena, name);
    owner->timers = arena_ptr_array(engine->arena);
    g_ptr_array_add(engine->owners, owner);
    g_hash_table_insert(engine->owners_by_name, (gpointer)owner->name, owner);
  }
  return owner;
}

static int compare_owners(gconstpointer a, gconstpointer b) {
  const Owner *left = *(Owner *const *)a, *right = *(Owner *const *)b;
  return strcmp(left->name, right->name); /* names are unique: a total order */
}

void engine_seal(Engine *engine) {
  g_assert(!engine->sealed);
  g_ptr_array_sort(engine->owners, compare_owners);
  engine->sealed = TRUE;
  guint64 ordinal = 0;
  for (guint i = 0; i < engine->owners->len; i++) {
    const Owner *owner = engine->owners->pdata[i];
    for (guint j = 0; j < owner->timers->len; j++) {
      Timer *timer = owner->timers->pdata[j];
      timer->order |= ordinal++ << ORDINAL_SHIFT;
      timer->queued = timer->deadline != NOT_ARMED ? timer->deadline : NOT_QUEUED;
      if (timer->queued != NOT_QUEUED) {
        heap_push(engine, (Key){timer->queued, timer->order});
      }
    }
  }
}

gboolean engine_is_sealed(const Engine *engine) { return engine->sealed; }

/* The root's timer is not due: its key is stale, or it moved. */
static void tidy_root(Engine *engine, Key key, Timer *timer) {
  if (timer->queued != key.time) { /* left behind when the timer moved earlier */
    heap_pop(engine);
  } else if (timer->deadline == NOT_ARMED) {
    timer->queued = NOT_QUEUED;
    heap_pop(engine);
  } else { /* moved later meanwhile */
    timer->queued = timer->deadline;
    sift_down(engine, (Key){timer->queued, key.order});
  }
}

static inline void leave_leg(Engine *engine, LegId leg) {
  while (leg != 0 && --engine->legs[leg].holders == 0) {
    const LegId before = engine->legs[leg].before;
    engine->legs[leg].before = engine->spare_legs;
    engine->spare_legs = leg;
    leg = before;
  }
}

static gboolean is_turn(const Engine *engine, Key key, const Timer *timer) {
  return key.time == engine->now &&
         (timer->cause == 0 ||
          engine_record_root(engine, timer->cause) != engine_record_root(engine, engine->cause));
}

static inline void serve_root(Engine *engine, Key key, Timer *timer) {
  if (G_UNLIKELY(timer->deadline != key.time || timer->queued != key.time)) {
    tidy_root(engine, key, timer);
  } else {
    g_assert(key.time > engine->now ||
             (key.order >> PHASE_SHIFT) >= (engine->current_order >> PHASE_SHIFT));
    if (G_UNLIKELY(engine->turn_handler != NULL) && is_turn(engine, key, timer))
      engine->turn_handler(engine->turn_data);
    engine->now = key.time;
    engine->current_order = key.order;
    engine->cause = engine->handler_cause = timer->cause;
    const LegId led_here = engine->passed = timer->leg;
    timer->leg = 0;
    engine->events++;
    timer->deadline = NOT_ARMED;
    timer->queued = NOT_QUEUED;
    engine->vacant = TRUE;
    engine->current = timer;
    timer->handler(timer->data);
    if (engine->vacant) {
      engine->vacant = FALSE;
      heap_pop(engine);
    }
    leave_leg(engine, led_here);
  }
}

void engine_run(Engine *engine, SimTime until) {
  g_assert(engine->sealed);
  g_assert(until.ns >= engine->now);
  while (engine->count > 0) {
    const Key key = engine->heap[0];
    if (key.time > until.ns)
      break;
    g_assert(key.time >= engine->now);
    serve_root(engine, key, timer_of(engine, key));
  }
  engine->now = until.ns;
  engine->current_order = 0;
  engine->cause = engine->handler_cause = 0;
  engine->passed = 0;
  engine->found_from = 0;
  engine->current = NULL;
}

void engine_watch_turns(Engine *engine, TimerHandler handler, gpointer data) {
  engine->turn_handler = handler;
  engine->turn_data = data;
}

SimTime engine_now(const Engine *engine) { return (SimTime){engine->now}; }
gboolean engine_is_past(const Engine *engine, SimTime at, Phase phase) {
  return at.ns < engine->now ||
         (at.ns == engine->now && engine->current_order >> PHASE_SHIFT > (guint64)phase);
}
guint64 engine_events(const Engine *engine) { return engine->events; }

GArray *engine_waits(const Engine *engine) {
  GArray *waits = g_array_sized_new(FALSE, FALSE, sizeof(gint64), engine->timer_count);
  g_array_set_size(waits, engine->timer_count);
  for (guint32 slot = 0; slot < engine->timer_count; slot++)
    g_array_index(waits, gint64, slot) = timer_in(engine, slot)->deadline;
  return waits;
}

gboolean engine_still_waits(const Engine *engine, const GArray *waits) {
  for (guint32 slot = 0; slot < waits->len; slot++) {
    const gint64 deadline = timer_in(engine, slot)->deadline;
    if (deadline != NOT_ARMED && deadline == g_array_index(waits, gint64, slot))
      return TRUE;
  }
  return FALSE;
}

Arena *engine_arena(Engine *engine) { return engine->arena; }

/* ---- what passed between a cause and now --------------------------------------- */

static gint64 time_of(const Engine *engine, RecordId id) {
  return g_array_index(engine->records, TraceRecord, id).at.ns;
}

static inline LegId new_leg(Engine *engine) {
  const LegId spare = engine->spare_legs;
  if (spare != 0) {
    engine->spare_legs = engine->legs[spare].before;
    return spare;
  }
  if (G_UNLIKELY(engine->leg_count == engine->leg_room)) {
    engine->leg_room *= 2;
    engine->legs = g_renew(Leg, engine->legs, engine->leg_room);
  }
  return engine->leg_count++;
}

/* The last of the legs from the current cause until now. Where those that led to the handler
 * begin later, the cause is one that the handler itself found: its timer's stage is what passed. */
static inline LegId passed_since_cause(Engine *engine) {
  const RecordId cause = engine->cause;
  if (G_LIKELY(cause == engine->handler_cause && engine->passed != 0))
    return engine->passed;
  if (cause == 0 || time_of(engine, cause) == engine->now)
    return 0;
  if (engine->passed != 0 && time_of(engine, engine->handler_cause) <= time_of(engine, cause))
    return engine->passed;
  if (engine->found_from != cause || engine->found_by != engine->events) {
    const Stage *stage = engine->current != NULL ? engine->current->stage : NULL;
    leave_leg(engine, engine->found);
    engine->found = new_leg(engine);
    engine->legs[engine->found] = (Leg){stage, time_of(engine, cause), 0, 1};
    engine->found_from = cause;
    engine->found_by = engine->events;
  }
  return engine->found;
}

/* The leg that follows `before`; the caller holds it. */
static inline LegId next_leg(Engine *engine, LegId before, const Stage *stage, SimTime from,
                             SimTime until) {
  engine->legs[before].holders++;
  if (until.ns == from.ns || (before != 0 && engine->legs[before].stage == stage))
    return before; /* no time will pass, or the same goes on */
  const LegId leg = new_leg(engine);
  engine->legs[leg] = (Leg){stage, from.ns, before, 1};
  return leg;
}

/* The caller holds what this returns, and no longer `own`. */
static inline LegId begin_leg(Engine *engine, const Stage *stage, SimTime until, LegId own) {
  const LegId leg = next_leg(engine, passed_since_cause(engine), stage, engine_now(engine), until);
  leave_leg(engine, own);
  return leg;
}

void engine_leave_leg(Engine *engine, LegId leg) { leave_leg(engine, leg); }

LegId engine_begin_leg(Engine *engine, const Stage *stage, SimTime until) {
  return engine->cause == 0 ? 0 : begin_leg(engine, stage, until, 0);
}

LegId engine_begin_leg_behind(const Timer *timer, const Stage *stage, SimTime from, SimTime until) {
  return timer->cause == 0 ? 0 : next_leg(timer->engine, timer->leg, stage, from, until);
}

RecordId timer_cause(const Timer *timer) { return timer->cause; }

/* They are found from the last to the first. */
static void turn_round(GArray *all) {
  for (guint i = 0; i < all->len / 2; i++) {
    const Passed early = g_array_index(all, Passed, i);
    g_array_index(all, Passed, i) = g_array_index(all, Passed, all->len - 1 - i);
    g_array_index(all, Passed, all->len - 1 - i) = early;
  }
}

GArray *engine_record_passed(const Engine *engine, RecordId id) {
  const TraceRecord *record = engine_record_get(engine, id);
  GArray *all = g_array_new(FALSE, FALSE, sizeof(Passed));
  const SimTime since = {record->cause != 0 ? time_of(engine, record->cause) : record->at.ns};
  SimTime to = record->at;
  for (LegId next = record->passed; next != 0 && to.ns > since.ns;) {
    const Leg *leg = &engine->legs[next];
    const SimTime from = sim_time_max((SimTime){leg->from}, since);
    Passed *later = all->len > 0 ? &g_array_index(all, Passed, all->len - 1) : NULL;
    const Passed passed = {leg->stage, from, to};
    if (later != NULL && later->stage == leg->stage)
      later->from = from;
    else
      g_array_append_val(all, passed);
    to = from;
    next = leg->before;
  }
  turn_round(all);
  return all;
}

const Stage *stage_new(Arena *arena, const char *name, Ground ground, const char *rule) {
  Stage *stage = arena_new0(arena, Stage);
  *stage = (Stage){name, ground.basis, ground.fact != NULL ? ground.fact : rule};
  return stage;
}

/* ---- timers ----------------------------------------------------------------- */

/* Slabs stay where they are: timers are handed out as pointers. */
static Timer *next_slot(Engine *engine) {
  const guint32 slot = engine->timer_count++;
  const guint32 place = slot + FIRST_SLAB;
  g_assert(slot < MOST_TIMERS);
  if ((place & (place - 1)) == 0) { /* the first slot of a slab */
    const gsize size = place * sizeof(Timer);
    Timer *slab = new_block(size);
    memset(slab, 0, size);
    engine->slabs[31 - (guint32)__builtin_clz(place) - FIRST_SLAB_SHIFT] = slab;
  }
  return timer_in(engine, slot);
}

Timer *timer_new(Owner *owner, Phase phase, TimerHandler handler, gpointer data) {
  g_assert(!owner->engine->sealed);
  Timer *timer = next_slot(owner->engine);
  timer->engine = owner->engine;
  timer->handler = handler;
  timer->data = data;
  timer->order = (guint64)phase << PHASE_SHIFT | (owner->engine->timer_count - 1);
  timer->deadline = NOT_ARMED;
  timer->queued = BEFORE_SEAL;
  g_ptr_array_add(owner->timers, timer);
  return timer;
}

void timer_set_stage(Timer *timer, const Stage *stage) { timer->stage = stage; }

static inline void timer_queue(Timer *timer, SimTime at) {
  Engine *engine = timer->engine;
  g_assert(at.ns > engine->now ||
           (at.ns == engine->now &&
            (timer->order >> PHASE_SHIFT) >= (engine->current_order >> PHASE_SHIFT)));
  g_assert(at.ns != NOT_ARMED);
  timer->deadline = at.ns;
  if (timer->queued <= at.ns)
    return; /* its key comes up early enough to look again */
  timer->queued = at.ns;
  heap_push(engine, (Key){at.ns, timer->order});
}

void timer_arm(Timer *timer, SimTime at) {
  Engine *engine = timer->engine;
  timer->cause = engine->cause;
  if (engine->cause != 0) {
    timer->leg = begin_leg(engine, timer->stage, at, timer->leg);
  } else {
    leave_leg(engine, timer->leg);
    timer->leg = 0;
  }
  timer_queue(timer, at);
}

void timer_arm_for(Timer *timer, SimTime at, RecordId cause, LegId leg) {
  timer->cause = cause;
  timer->leg = leg;
  timer_queue(timer, at);
}

void timer_resume(Timer *timer, SimTime at) {
  g_assert(!timer_is_armed(timer));
  timer_queue(timer, at);
}

void timer_arm_after(Timer *timer, SimTime delay) {
  timer_arm(timer, sim_time_add((SimTime){timer->engine->now}, delay));
}

Timer *engine_current_timer(const Engine *engine) { return engine->current; }

void timer_cancel(Timer *timer) { timer->deadline = NOT_ARMED; }
gboolean timer_is_armed(const Timer *timer) { return timer->deadline != NOT_ARMED; }

SimTime timer_deadline(const Timer *timer) {
  g_assert(timer->deadline != NOT_ARMED);
  return (SimTime){timer->deadline};
}

Engine *owner_engine(const Owner *owner) { return owner->engine; }

/* ---- trace ------------------------------------------------------------------ */

/* The last that took time. One that takes none stands on what its timer leads to at once, and on
 * nothing beyond. */
static const Stage *stage_of(const Engine *engine, LegId passed) {
  if (passed != 0)
    return engine->legs[passed].stage;
  return engine->current != NULL && engine->cause == engine->handler_cause ? engine->current->stage
                                                                           : NULL;
}

RecordId engine_record(Engine *engine, const TraceKind *kind, const char *subject,
                       const char *object, gint64 value, gconstpointer detail) {
  const RecordId id = engine->records->len;
  const RecordId cause = engine->cause;
  const LegId passed = passed_since_cause(engine);
  engine->legs[passed].holders++;
  const TraceRecord record = {
      .at = {engine->now},
      .cause = cause,
      .root = cause != 0 ? engine_record_get(engine, cause)->root : id,
      .kind = kind,
      .passed = passed,
      .stage = stage_of(engine, passed),
      .subject = subject,
      .object = object,
      .value = value,
      .detail = detail,
  };
  g_array_append_val(engine->records, record);
  return id;
}

RecordId engine_cause(const Engine *engine) { return engine->cause; }

RecordId engine_go_on(Engine *engine, const TraceKind *kind, const char *subject,
                      const char *object, gint64 value, gconstpointer detail) {
  return engine->cause = engine_record(engine, kind, subject, object, value, detail);
}

void engine_set_cause(Engine *engine, RecordId cause) {
  g_assert(cause < engine->records->len);
  engine->cause = cause;
}

/* The legs of the way to `to`, and from there until `until`, that are later than `since`, the last
 * one first. */
static GArray *legs_since(const Engine *engine, LegId last, RecordId to, gint64 since,
                          gint64 until) {
  GArray *legs = g_array_new(FALSE, FALSE, sizeof(Leg));
  while (until > since) {
    const gint64 begin = MAX(since, to != 0 ? time_of(engine, to) : since);
    for (LegId id = last; id != 0 && until > begin; id = engine->legs[id].before) {
      const Leg leg = {engine->legs[id].stage, MAX(engine->legs[id].from, begin), 0, 1};
      if (leg.from < until)
        g_array_append_val(legs, leg);
      until = MIN(until, leg.from);
    }
    if (to == 0)
      break;
    last = engine_record_get(engine, to)->passed;
    to = engine_record_get(engine, to)->cause;
    until = begin;
  }
  return legs;
}

/* These legs, the last one first, are what passed since `cause`, as long as this handler runs. */
static void find_legs(Engine *engine, const GArray *legs, RecordId cause) {
  LegId last = 0;
  for (guint i = legs->len; i-- > 0;) {
    const LegId leg = new_leg(engine);
    engine->legs[leg] = g_array_index(legs, Leg, i);
    engine->legs[leg].before = last;
    last = leg;
  }
  if (last == 0)
    return;
  leave_leg(engine, engine->found);
  engine->found = last;
  engine->found_from = cause;
  engine->found_by = engine->events;
}

void engine_set_cause_on_the_way(Engine *engine, RecordId cause) {
  engine_set_cause(engine, cause);
  if (cause == 0 || engine->handler_cause == 0 ||
      time_of(engine, engine->handler_cause) <= time_of(engine, cause))
    return;
  g_autoptr(GArray) legs = legs_since(engine, engine->passed, engine->handler_cause,
                                      time_of(engine, cause), engine->now);
  find_legs(engine, legs, cause);
}

void engine_keep_way(Engine *engine, EngineWay *way) {
  const LegId passed = passed_since_cause(engine);
  engine->legs[passed].holders++;
  leave_leg(engine, way->passed);
  *way = (EngineWay){engine->cause, passed, engine_now(engine)};
}

void engine_wait_for_way(Engine *engine, const EngineWay *way) {
  const RecordId cause = engine->cause;
  if (cause == 0 || way->at.ns <= time_of(engine, cause))
    return;
  g_autoptr(GArray) legs =
      legs_since(engine, passed_since_cause(engine), cause, way->at.ns, engine->now);
  g_autoptr(GArray) before =
      legs_since(engine, way->passed, way->cause, time_of(engine, cause), way->at.ns);
  g_array_append_vals(legs, before->data, before->len);
  find_legs(engine, legs, cause);
  engine->handler_cause = cause;
  engine->passed = 0;
}

void engine_blame(Engine *engine, RecordId cause) {
  engine_set_cause(engine, cause);
  engine->handler_cause = cause;
  engine->passed = 0;
}

guint engine_record_count(const Engine *engine) { return engine->records->len - 1; }

const TraceRecord *engine_record_get(const Engine *engine, RecordId id) {
  g_assert(id > 0 && id < engine->records->len);
  return &g_array_index(engine->records, TraceRecord, id);
}

RecordId engine_record_root(const Engine *engine, RecordId id) {
  return id == 0 ? 0 : engine_record_get(engine, id)->root;
}
