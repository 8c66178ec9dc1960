/* Liveness of one direction; see the header for the two implementations. They are
 * one piece of code: lazy is packet with its timers put away while the path is
 * steady, which is why they agree. */
#include "routesim/net/liveness.h"

#include <math.h>

/* Beyond so many periods a renewal process with this jitter has forgotten where it
 * began: the stationary law replaces drawing them one by one. */
#define PERIODS_DRAWN 64

struct Liveness {
  Engine *engine;
  Path *path;
  guint from;
  LivenessMode mode;
  LivenessJitter jitter;
  RandomStream stream;
  const LivenessEvents *events;
  gpointer data;
  gboolean sending, listening;
  gboolean quiet; /* the timers are put away ... */
  SimTime unseen; /* ... before this message, the first that was not really sent ... */
  SimTime quiet_delay; /* ... and while the path had this delay */
  SimTime interval, timeout;
  SimTime last, next; /* sender: last message, next one */
  SimTime heard;      /* receiver: arrival of the last message */
  Timer *send_timer, *expiry_timer;
  const Stage *stage; /* of the expiry */
  guint health;   /* of the path, when last looked at: see path_health() */
  RecordId blame; /* what last made the path worse, or ended the sender */
};

static gboolean has_jitter(const Liveness *liveness) { return liveness->jitter.low < 1; }

static SimTime scaled(SimTime interval, double factor) {
  return sim_time_max(sim_time_ns((gint64)floor((double)interval.ns * factor + 0.5)),
                      sim_time_ns(1));
}

static SimTime draw_period(Liveness *liveness) {
  if (!has_jitter(liveness))
    return liveness->interval;
  const LivenessJitter jitter = liveness->jitter;
  const double u = random_uniform(&liveness->stream);
  return scaled(liveness->interval, jitter.low + (jitter.high - jitter.low) * u);
}

/* The period that holds `now` is longer than others in proportion to its length
 * (inspection paradox); `now` lies anywhere in it. */
static void draw_stationary(Liveness *liveness, SimTime now) {
  const LivenessJitter jitter = liveness->jitter;
  const double position = random_uniform(&liveness->stream);
  SimTime period = liveness->interval;
  if (has_jitter(liveness)) {
    const double low = jitter.low * jitter.low, high = jitter.high * jitter.high;
    period = scaled(period, sqrt(low + (high - low) * random_uniform(&liveness->stream)));
  }
  const SimTime age = scaled(period, position);
  liveness->last = sim_time_sub(now, age);
  liveness->next = sim_time_add(liveness->last, period);
}

/* Brings last < now <= next about. */
static void roll(Liveness *liveness) {
  const SimTime now = engine_now(liveness->engine);
  if (liveness->interval.ns == 0 || liveness->next.ns >= now.ns)
    return;
  const gint64 interval = liveness->interval.ns;
  if (!has_jitter(liveness)) {
    const gint64 periods = (now.ns - liveness->next.ns - 1) / interval;
    liveness->last = sim_time_ns(liveness->next.ns + periods * interval);
    liveness->next = sim_time_ns(liveness->last.ns + interval);
    return;
  }
  if ((now.ns - liveness->next.ns) / interval > PERIODS_DRAWN) {
    draw_stationary(liveness, now);
    return;
  }
  while (liveness->next.ns < now.ns) {
    liveness->last = liveness->next;
    liveness->next = sim_time_add(liveness->last, draw_period(liveness));
  }
}

static void arm_expiry(Liveness *liveness) {
  if (liveness->listening && liveness->timeout.ns > 0)
    timer_arm(liveness->expiry_timer, sim_time_add(liveness->heard, liveness->timeout));
}

static void become_loud(Liveness *liveness) {
  if (!liveness->quiet)
    return;
  liveness->quiet = FALSE;
  roll(liveness);
  /* What went while the path was steady arrives. */
  if (liveness->last.ns >= liveness->unseen.ns)
    liveness->heard =
        sim_time_max(liveness->heard, sim_time_add(liveness->last, liveness->quiet_delay));
  if (liveness->sending)
    timer_arm(liveness->send_timer, liveness->next);
  arm_expiry(liveness);
}

static void be_quiet(Liveness *liveness) {
  liveness->quiet = TRUE;
  liveness->unseen = liveness->next;
  liveness->quiet_delay = path_steady_delay(liveness->path);
  timer_cancel(liveness->send_timer);
  timer_cancel(liveness->expiry_timer);
}

static void become_quiet_if_steady(Liveness *liveness) {
  if (liveness->quiet || liveness->mode == LIVENESS_PACKET || !liveness->sending ||
      !liveness->listening || !path_is_steady(liveness->path))
    return;
  if (liveness->events->clear != NULL && !liveness->events->clear(liveness->data))
    return;
  if (liveness->timeout.ns > 0) {
    if (liveness->interval.ns == 0 || liveness->interval.ns >= liveness->timeout.ns)
      return; /* it will expire all by itself */
    const SimTime arrival = sim_time_add(liveness->next, path_steady_delay(liveness->path));
    if (arrival.ns >= liveness->heard.ns + liveness->timeout.ns)
      return; /* the next message would come too late */
  }
  be_quiet(liveness);
}

/* 2: steady; 1: packets may arrive; 0: none can. */
static guint path_health(const Path *path) {
  if (path_is_steady(path))
    return 2;
  return path_is_usable(path) && !net_node_is(path_node(path, 0), NODE_DARK) &&
         !net_node_is(path_node(path, 1), NODE_DARK);
}

static void path_changed(gpointer data) {
  Liveness *liveness = data;
  const guint health = path_health(liveness->path);
  if (health < liveness->health)
    liveness->blame = engine_cause(liveness->engine); /* a repair is never to blame */
  liveness->health = health;
  become_loud(liveness); /* settles what went at the old delay */
  become_quiet_if_steady(liveness);
}

/* A message by itself has no cause; what it sets off (a reset by a host that forgot the
 * connection, say) is due to what last disturbed the two ends. */
static void send_due(gpointer data) {
  Liveness *liveness = data;
  liveness->last = engine_now(liveness->engine);
  liveness->next = sim_time_add(liveness->last, draw_period(liveness));
  engine_set_cause(liveness->engine, 0); /* the next one is due to nothing either */
  timer_arm(liveness->send_timer, liveness->next);
  engine_blame(liveness->engine, liveness->blame);
  liveness->events->emit(liveness->data);
}

/* What a listener finds out that has failed itself rests on something else. */
static const Stage *expiry_stage(const Liveness *liveness) {
  const Ground sight = net_node_sight(path_node(liveness->path, !liveness->from));
  if (sight.basis == BASIS_NONE || liveness->stage == NULL)
    return liveness->stage;
  return stage_new(engine_arena(liveness->engine), liveness->stage->name, sight, NULL);
}

static void expiry_due(gpointer data) {
  Liveness *liveness = data;
  timer_set_stage(liveness->expiry_timer, expiry_stage(liveness));
  engine_blame(liveness->engine, liveness->blame);
  liveness->events->expired(liveness->data);
}

Liveness *liveness_new(Owner *owner, Path *path, guint from, LivenessMode mode,
                       LivenessJitter jitter, const char *name, guint64 seed, guint32 run,
                       const LivenessEvents *events, gpointer data) {
  Engine *engine = owner_engine(owner);
  Liveness *liveness = arena_new0(engine_arena(engine), Liveness);
  liveness->engine = engine;
  liveness->path = path;
  liveness->from = from;
  liveness->mode = mode;
  liveness->jitter = jitter;
  liveness->stream = random_stream(seed, run, name);
  liveness->events = events;
  liveness->data = data;
  liveness->send_timer = timer_new(owner, PHASE_TIMER, send_due, liveness);
  liveness->expiry_timer = timer_new(owner, PHASE_TIMER, expiry_due, liveness);
  liveness->health = path_health(path);
  path_watch(path, path_changed, liveness);
  return liveness;
}

void liveness_set_stages(Liveness *liveness, const Stage *sends, const Stage *expires) {
  liveness->stage = expires;
  timer_set_stage(liveness->send_timer, sends);
  timer_set_stage(liveness->expiry_timer, expires);
}

void liveness_begin_steady(Liveness *liveness, SimTime interval, SimTime timeout) {
  const SimTime now = engine_now(liveness->engine);
  liveness->interval = interval;
  liveness->timeout = timeout;
  liveness->sending = interval.ns > 0;
  liveness->listening = TRUE;
  if (interval.ns > 0)
    draw_stationary(liveness, now);
  else
    liveness->last = liveness->next = now;
  liveness->heard =
      sim_time_add(liveness->last, path_steady_delay(liveness->path));
  be_quiet(liveness);
  if (liveness->mode == LIVENESS_PACKET || !path_is_steady(liveness->path))
    become_loud(liveness);
}

void liveness_begin_sending(Liveness *liveness, SimTime interval) {
  become_loud(liveness);
  liveness->interval = interval;
  liveness->sending = interval.ns > 0;
  if (liveness->sending)
    liveness_sent(liveness);
}

void liveness_begin_listening(Liveness *liveness, SimTime timeout) {
  become_loud(liveness);
  liveness->timeout = timeout;
  liveness->listening = TRUE;
  liveness_heard(liveness);
}

void liveness_sent(Liveness *liveness) {
  if (!liveness->sending)
    return;
  liveness->last = engine_now(liveness->engine);
  liveness->next = sim_time_add(liveness->last, draw_period(liveness));
  if (!liveness->quiet)
    timer_arm(liveness->send_timer, liveness->next);
}

void liveness_heard(Liveness *liveness) {
  if (!liveness->listening)
    return;
  liveness->heard = sim_time_max(liveness->heard, engine_now(liveness->engine));
  if (liveness->quiet)
    return;
  arm_expiry(liveness);
  become_quiet_if_steady(liveness);
}

void liveness_end_sending(Liveness *liveness) {
  become_loud(liveness);
  if (liveness->health > 0) /* otherwise nothing came through anyhow */
    liveness->blame = engine_cause(liveness->engine);
  liveness->sending = FALSE;
  timer_cancel(liveness->send_timer);
}

void liveness_end_listening(Liveness *liveness) {
  become_loud(liveness);
  liveness->listening = FALSE;
  timer_cancel(liveness->expiry_timer);
}

void liveness_look(Liveness *liveness, SimTime *last, SimTime *next) {
  g_assert(liveness->sending);
  roll(liveness);
  *last = liveness->last;
  *next = liveness->next;
}
