/* Health checks and the route daemon behind them: two debounced readings in a row.
 *
 * A reader asks in a fixed rhythm, but only while the answer differs from what it believes;
 * all other readings would change nothing. So a network that is well costs nothing. */
#include "nva_private.h"

const TraceKind NVA_HEALTH = {"health-changed"};
const char nva_own_health[] = "announcement";

/* What passes until a target is down, or up again, and until the daemon behind believes it. */
static const char *const stage_names[4] = {"health check", "health check, recovering",
                                           "route health poll", "route health poll, recovering"};

typedef struct {
  NvaMonitor *monitor;
  const char *name;
  NvaTargetIsWell read;
  gpointer data;
  SimTime interval, phase;
  guint fall, rise;
  const Stage *stages[2]; /* what passes until it goes down, and up */
  gboolean up;
  guint streak; /* readings in a row that say otherwise */
  Timer *timer;
} Reader;

struct NvaMonitor {
  Nva *nva;
  const DesignHealth *health;
  SimTime check;
  Owner *owner;
  GPtrArray *checks;   /* Reader *, one for each target */
  Reader *daemon;      /* reads the checks; NULL: they speak for themselves */
  RecordId checked_by; /* the last change of a check's mind */
  gboolean begun, dark;
};

static void arm_for_next(Reader *reader) {
  const SimTime now = engine_now(reader->monitor->nva->engine);
  const gint64 step = reader->interval.ns, since = now.ns - reader->phase.ns;
  const gint64 turns = since <= 0 ? 0 : (since + step - 1) / step;
  gint64 at = reader->phase.ns + turns * step;
  if (reader->streak > 0 && at <= now.ns)
    at += step; /* the reading of this moment has been taken */
  timer_set_stage(reader->timer, reader->stages[!reader->up]);
  timer_arm(reader->timer, sim_time_ns(at));
}

/* The answer may have changed. */
static void look(Reader *reader) {
  RecordId because;
  if (!timer_is_armed(reader->timer) && reader->read(reader->data, &because) != reader->up)
    arm_for_next(reader);
}

static void believe(Reader *reader, gboolean up);

/* The last reading decides, and so does what is behind that one. */
static void reading_due(gpointer data) {
  Reader *reader = data;
  RecordId because = 0;
  if (reader->read(reader->data, &because) == reader->up) {
    reader->streak = 0;
    return;
  }
  reader->streak++;
  if (reader->streak >= (reader->up ? reader->fall : reader->rise)) {
    engine_blame(reader->monitor->nva->engine, because);
    believe(reader, !reader->up);
  } else {
    arm_for_next(reader);
  }
}

/* ---- from the checks to the announcement ------------------------------------------------ */

/* `need` is a rule over the states of all targets. Facts: AZ-9.15. */
static gboolean enough_up(gpointer data, RecordId *because) {
  const NvaMonitor *monitor = data;
  *because = monitor->checked_by;
  const guint all = monitor->checks->len;
  guint up = 0;
  for (guint i = 0; i < all; i++)
    up += ((const Reader *)monitor->checks->pdata[i])->up;
  const guint need = (guint)monitor->health->need;
  return up >= (need == HEALTH_NEED_ALL ? all : MIN(need, all));
}

static gboolean is_enough(NvaMonitor *monitor) {
  RecordId because;
  return enough_up(monitor, &because);
}

static void set_announced(NvaMonitor *monitor, gboolean up) {
  if (monitor->nva->healthy == up)
    return;
  monitor->nva->healthy = up;
  nva_refresh_announcements(monitor->nva);
}

static void believe(Reader *reader, gboolean up) {
  NvaMonitor *monitor = reader->monitor;
  Engine *engine = monitor->nva->engine;
  reader->up = up;
  reader->streak = 0;
  engine_go_on(engine, &NVA_HEALTH, monitor->nva->config.design->head.name, reader->name, up, NULL);
  if (reader == monitor->daemon) {
    set_announced(monitor, up);
    return;
  }
  monitor->checked_by = engine_cause(engine);
  if (monitor->daemon != NULL)
    look(monitor->daemon);
  else
    set_announced(monitor, is_enough(monitor));
}

/* ---- making ------------------------------------------------------------------------------- */

static Reader *add_reader(NvaMonitor *monitor, const NvaTarget *target, SimTime interval,
                          guint fall, guint rise, guint first_stage) {
  const Nva *nva = monitor->nva;
  Arena *arena = engine_arena(nva->engine);
  Reader *reader = arena_new0(arena, Reader);
  reader->monitor = monitor;
  reader->name = target->name;
  reader->read = target->well;
  reader->data = target->data;
  reader->interval = interval;
  reader->fall = fall;
  reader->rise = rise;
  for (guint i = 0; i < 2; i++)
    reader->stages[i] = stage_new(arena, stage_names[first_stage + i],
                                  monitor->health->grounds[first_stage + i], NULL);
  reader->up = TRUE;
  const Distribution phase = {.kind = DISTRIBUTION_UNIFORM, .b = interval};
  RandomStream stream = random_stream(
      nva->seed, nva->run,
      arena_printf(arena, "health/%s/%s", nva->config.design->head.name, target->name));
  reader->phase = distribution_draw(&phase, &stream);
  reader->timer = timer_new(monitor->owner, PHASE_TIMER, reading_due, reader);
  return reader;
}

static void look_at_all(gpointer data) {
  NvaMonitor *monitor = data;
  for (guint i = 0; monitor->begun && !monitor->dark && i < monitor->checks->len; i++) {
    ENGINE_KEEP_CAUSE(monitor->nva->engine);
    look(monitor->checks->pdata[i]);
  }
  if (monitor->begun && !monitor->dark && monitor->daemon != NULL)
    look(monitor->daemon);
}

static void doubt(Reader *reader) {
  timer_cancel(reader->timer);
  reader->up = FALSE;
  reader->streak = 0;
}

/* Nothing is known of anything: everything has to prove itself again. */
static void forget_all(NvaMonitor *monitor) {
  for (guint i = 0; i < monitor->checks->len; i++)
    doubt(monitor->checks->pdata[i]);
  if (monitor->daemon != NULL)
    doubt(monitor->daemon);
  set_announced(monitor, FALSE);
}

/* The checks live and die with the appliance's power. */
static void node_changed(gpointer data) {
  NvaMonitor *monitor = data;
  const gboolean dark = net_node_is(monitor->nva->node, NODE_DARK);
  if (dark != monitor->dark) {
    monitor->dark = dark;
    if (dark)
      forget_all(monitor);
  }
  look_at_all(monitor);
}

void nva_set_health(Nva *nva, SimTime check, SimTime poll) {
  Arena *arena = engine_arena(nva->engine);
  NvaMonitor *monitor = arena_new0(arena, NvaMonitor);
  monitor->nva = nva;
  monitor->health = nva->config.design->health;
  monitor->check = check;
  monitor->owner =
      engine_owner(nva->engine, arena_printf(arena, "health/%s", nva->config.design->head.name));
  monitor->checks = arena_ptr_array(arena);
  if (poll.ns > 0) {
    const NvaTarget announcement = {nva_own_health, enough_up, monitor};
    monitor->daemon = add_reader(monitor, &announcement, poll, (guint)monitor->health->poll_fall,
                                 (guint)monitor->health->poll_rise, 2);
  }
  nva->monitor = monitor;
  fabric_watch(nva->fabric, look_at_all, monitor);
  net_node_watch(nva->node, node_changed, monitor);
}

void nva_add_target(Nva *nva, const NvaTarget *target) {
  NvaMonitor *monitor = nva->monitor;
  const DesignHealth *health = monitor->health;
  g_ptr_array_add(monitor->checks, add_reader(monitor, target, monitor->check, (guint)health->fall,
                                              (guint)health->rise, 0));
}

void nva_monitor_begin(NvaMonitor *monitor, gboolean cold) {
  for (guint i = 0; i < monitor->checks->len; i++) {
    Reader *reader = monitor->checks->pdata[i];
    RecordId because;
    doubt(reader);
    reader->up = !cold && reader->read(reader->data, &because);
  }
  if (monitor->daemon != NULL) {
    doubt(monitor->daemon);
    monitor->daemon->up = is_enough(monitor);
  }
  set_announced(monitor, is_enough(monitor));
  monitor->begun = TRUE;
  look_at_all(monitor);
}
