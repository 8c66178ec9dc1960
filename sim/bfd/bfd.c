/* BFD, asynchronous mode; see the header. */
#include "routesim/bfd/bfd.h"

const TraceKind BFD_SESSION_UP = {"bfd-session-up"};
const TraceKind BFD_SESSION_DOWN = {"bfd-session-down"};
const TraceKind BFD_SESSION_ENDED = {"bfd-session-ended"};

/* RFC 5880 6.8.3: at least one second while the session is not Up. */
#define SLOW_INTERVAL sim_time_s(1)

static const Stage detection = {"BFD detection time", BASIS_DOCUMENTED, "RFC 5880 6.8.4"};
static const Stage next_packet = {"wait for a BFD packet", BASIS_DOCUMENTED, "RFC 5880 6.8.7"};
static const Stage slow = {"BFD packet, one a second while not Up", BASIS_DOCUMENTED,
                           "RFC 5880 6.8.3"};

typedef struct {
  BfdSession *session;
  guint side;
  BfdEnd config;
  BfdState state;
  guint32 turns; /* how many times that changed */
  gboolean running;
  Liveness *packets;  /* that this end sends while Up */
  Liveness *detector; /* the far end's, listened to here */
  Timer *slow_timer;  /* sends while not Up ... */
  gboolean asleep;    /* ... and is put away, as nobody hears it, ... */
  SimTime unheard;    /* ... before this packet ... */
  gboolean leaves;    /* ... of those that leave, or do not, ... */
  SimTime delay;      /* ... and take this long, ... */
  const Stage *way;   /* ... because of this, ... */
  RecordId late_by;   /* ... and late because of that, or 0 */
  Agenda *in_flight;  /* packets that left this end: states */
  RandomStream random;
  RecordId up_by;       /* what it did last in order to be Up */
  Relief up;            /* the last time */
  Relief returned;      /* its process */
  SimTime far_interval; /* DesiredMinTxInterval in the far end's last packet */
  BfdHandler handler;
  gpointer data;
} End;

struct BfdSession {
  Engine *engine;
  LivenessMode mode;
  Path *path;
  LivenessJitter jitter[2]; /* by sending side */
  End ends[2];
};

static const char *const state_names[] = {
    [BFD_ADMIN_DOWN] = "AdminDown", [BFD_DOWN] = "Down", [BFD_INIT] = "Init", [BFD_UP] = "Up"};

const char *bfd_state_name(BfdState state) { return state_names[state]; }

BfdState bfd_transition(BfdState local, BfdState received, BfdDiagnostic *diagnostic) {
  /* Rows: the local state; columns: the state in the packet. */
  static const BfdState next[4][4] = {
      [BFD_ADMIN_DOWN] = {BFD_ADMIN_DOWN, BFD_ADMIN_DOWN, BFD_ADMIN_DOWN, BFD_ADMIN_DOWN},
      [BFD_DOWN] = {BFD_DOWN, BFD_INIT, BFD_UP, BFD_DOWN},
      [BFD_INIT] = {BFD_DOWN, BFD_INIT, BFD_UP, BFD_UP},
      [BFD_UP] = {BFD_DOWN, BFD_DOWN, BFD_UP, BFD_UP},
  };
  const BfdState state = next[local][received];
  *diagnostic = state == BFD_DOWN && local > BFD_DOWN ? BFD_DIAG_NEIGHBOR_DOWN : BFD_DIAG_NONE;
  return state;
}

SimTime bfd_detection_time(SimTime receive_interval, SimTime sender_interval,
                           guint sender_multiplier) {
  return sim_time_ns(sim_time_max(receive_interval, sender_interval).ns * sender_multiplier);
}

static End *far_of(End *end) { return &end->session->ends[!end->side]; }

static SimTime interval_towards(const End *sender) {
  const End *receiver = &sender->session->ends[!sender->side];
  return sim_time_max(sender->config.interval, receiver->config.interval);
}

/* DesiredMinTxInterval, as an end in this state says it (6.8.3). */
static SimTime desired_interval(const End *end, BfdState state) {
  return state == BFD_UP ? end->config.interval : sim_time_max(end->config.interval, SLOW_INTERVAL);
}

/* The detection time follows from what the far end said last (6.8.4). */
static SimTime detection_time_at(End *end) {
  return bfd_detection_time(end->config.interval, end->far_interval,
                            far_of(end)->config.multiplier);
}

/* ---- packets ---------------------------------------------------------------------- */

/* A packet of a session that is Init or Up restarts the far end's detection time (6.8.4). */
static gboolean proves_life(BfdState state) { return state >= BFD_INIT; }

/* A packet in flight is the state that it says, whether the sender has turned to another since, and
 * what made it late (0: nothing). */
#define TURNS 0x10000000u
static gpointer packet_from(const End *end, BfdState state, RecordId late_by) {
  return GSIZE_TO_POINTER((gsize)(end->turns % TURNS) << 35 | (gsize)late_by << 3 |
                          (gsize)(state + 1));
}
static BfdState state_in(gpointer packet) { return (BfdState)((GPOINTER_TO_SIZE(packet) & 7) - 1); }
static RecordId late_by(gpointer packet) { return (RecordId)(GPOINTER_TO_SIZE(packet) >> 3); }
static gboolean is_stale(const End *sender, gpointer packet) {
  return GPOINTER_TO_SIZE(packet) >> 35 != sender->turns % TURNS;
}

/* A far end that has no power now may have it again when the packet comes: that makes none late. */
static RecordId first_delay(const GArray *met) {
  for (guint i = 0; met != NULL && i < met->len; i++)
    if (!sim_time_is_never(g_array_index(met, Hindrance, i).by))
      return g_array_index(met, Hindrance, i).since;
  return 0;
}

static void send_packet(End *end) {
  Engine *engine = end->session->engine;
  Trip trip;
  const gboolean arrives = path_transmit(end->session->path, end->side, &trip);
  if (trip.hindrances != NULL && proves_life(end->state))
    liveness_missed(end->packets, &trip, 0);
  if (!arrives)
    return;
  agenda_set_stage(end->in_flight, path_stage(end->session->path));
  agenda_add(end->in_flight, sim_time_add(engine_now(engine), trip.delay),
             packet_from(end, end->state, first_delay(trip.hindrances)));
}

/* ---- slow packets ------------------------------------------------------------------ */

static SimTime draw_slow_interval(End *end) {
  const LivenessJitter jitter = end->session->jitter[end->side];
  const SimTime interval = sim_time_max(SLOW_INTERVAL, interval_towards(end));
  const double factor = jitter.low + (jitter.high - jitter.low) * random_uniform(&end->random);
  return sim_time_ns((gint64)((double)interval.ns * factor));
}

/* What it sends says Down, nobody hears it, and no later draw depends on it. */
static gboolean is_unheard(const End *end) {
  const Path *path = end->session->path;
  const End *far = &end->session->ends[!end->side];
  return !proves_life(end->state) && path_draws_nothing(path) &&
         !(path_is_usable(path) && far->running && !path_meets_nobody(path, end->side, NULL));
}

static RecordId standing_delay(const Path *path) {
  g_autoptr(GArray) standing = g_array_new(FALSE, FALSE, sizeof(Hindrance));
  path_standing_hindrances(path, standing);
  return first_delay(standing);
}

/* Under lazy, an end that nobody hears costs nothing. */
static void fall_asleep(End *end) {
  if (end->session->mode != LIVENESS_LAZY || end->asleep || !timer_is_armed(end->slow_timer) ||
      !is_unheard(end))
    return;
  end->asleep = TRUE;
  end->unheard = timer_deadline(end->slow_timer);
  end->leaves = path_leaves(end->session->path, end->side);
  end->delay = path_steady_delay(end->session->path);
  end->way = path_stage(end->session->path);
  end->late_by = standing_delay(end->session->path);
  timer_cancel(end->slow_timer);
}

/* As if it had sent every packet until now: those still under way may yet be heard. */
static void wake_up(End *end) {
  const Engine *engine = end->session->engine;
  if (!end->asleep)
    return;
  end->asleep = FALSE;
  while (engine_is_past(engine, end->unheard, PHASE_TIMER)) {
    const SimTime arrival = sim_time_add(end->unheard, end->delay);
    if (end->leaves && !engine_is_past(engine, arrival, PHASE_DELIVER)) {
      agenda_set_stage(end->in_flight, end->way);
      agenda_add_for(end->in_flight, end->slow_timer, end->unheard, arrival,
                     packet_from(end, end->state, end->late_by));
    }
    end->unheard = sim_time_add(end->unheard, draw_slow_interval(end));
  }
  timer_resume(end->slow_timer, end->unheard);
}

static void arm_slow(End *end) {
  timer_arm_after(end->slow_timer, draw_slow_interval(end));
  fall_asleep(end);
}

static void cancel_slow(End *end) {
  end->asleep = FALSE;
  timer_cancel(end->slow_timer);
}

/* Somebody may hear it again, or nobody any more. */
static void reconsider(End *end) {
  wake_up(end);
  fall_asleep(end);
}

static void path_changed(gpointer data) {
  BfdSession *session = data;
  for (guint side = 0; side < 2; side++)
    reconsider(&session->ends[side]);
}

static void slow_due(gpointer data) {
  End *end = data;
  arm_slow(end);
  send_packet(end);
}

/* ---- states ------------------------------------------------------------------------ */

/* The one place where a state changes. What was sent before is stale from then on. */
static void turn_to(End *end, BfdState state) {
  end->state = state;
  end->turns++;
}

static void change_state(End *end, BfdState state, BfdDiagnostic diagnostic) {
  Engine *engine = end->session->engine;
  const BfdState before = end->state;
  if (state == before)
    return;
  wake_up(end);
  turn_to(end, state);
  if (state == BFD_UP) {
    /* It gets through now because of what was mended since what took it down. */
    const Relief returned[2] = {end->returned, far_of(end)->returned};
    engine_set_cause_on_the_way(
        engine, path_reopened_by(end->session->path, engine_cause(engine), end->up, returned));
    cancel_slow(end);
    liveness_begin_sending(end->packets, interval_towards(end));
    liveness_begin_listening(end->detector, detection_time_at(end));
  } else if (before == BFD_UP) {
    liveness_end_sending(end->packets);
    liveness_end_listening(end->detector);
    arm_slow(end);
  }
  fall_asleep(end);
  if (state != BFD_UP && before != BFD_UP)
    return;
  engine_go_on(engine, state == BFD_UP ? &BFD_SESSION_UP : &BFD_SESSION_DOWN, end->config.name,
               far_of(end)->config.name, diagnostic, NULL);
  end->up_by = engine_cause(engine);
  if (state == BFD_UP)
    end->up = (Relief){end->up_by, engine_now(engine)};
  if (end->handler != NULL)
    end->handler(end->data, state, diagnostic);
}

static void packet_arrives(gpointer data, gpointer item) {
  End *end = far_of(data);
  const BfdState received = state_in(item);
  const gboolean proves = proves_life(received);
  Trip trip;
  if (path_meets_nobody(end->session->path, !end->side, proves ? &trip : NULL)) {
    if (proves)
      liveness_missed(end->detector, &trip, 0);
    return;
  }
  if (!end->running)
    return;
  const SimTime said = desired_interval(far_of(end), received);
  const gboolean anew = said.ns != end->far_interval.ns;
  end->far_interval = said;
  if (end->state == BFD_UP && proves && anew)
    liveness_begin_listening(end->detector, detection_time_at(end));
  else if (end->state == BFD_UP && proves)
    liveness_heard(end->detector);
  const BfdState before = end->state;
  /* Down that its sender says no more, or by itself, does harm only because it comes late. */
  Engine *engine = end->session->engine;
  if (!proves && late_by(item) != 0 && (engine_cause(engine) == 0 || is_stale(far_of(end), item)))
    engine_set_cause(engine, late_by(item));
  BfdDiagnostic diagnostic;
  const BfdState next = bfd_transition(before, received, &diagnostic);
  change_state(end, next, diagnostic);
  if (end->running && end->state != before)
    send_packet(end); /* 6.8.7: a change is told at once */
}

/* The Liveness of a direction belongs to its sender. */
static void interval_passed(gpointer data) { send_packet(data); }

static void detection_time_passed(gpointer data) {
  End *end = far_of(data);
  change_state(end, BFD_DOWN, BFD_DIAG_TIME_EXPIRED);
  send_packet(end);
}

/* A far end that is not Up yet becomes so by a packet of one that is: due to what made that Up, or
 * to what was mended since. */
static RecordId raised_by(gpointer data) {
  End *end = data;
  return far_of(end)->state == BFD_UP ? 0 : path_relieved_since(end->session->path, end->up_by);
}

/* Only an end that is Up is quiet. */
static void packet_under_way(gpointer data, SimTime arrival) {
  End *end = data;
  ENGINE_DUE_TO(end->session->engine, 0); /* a packet by itself is due to nothing */
  agenda_set_stage(end->in_flight, path_stage(end->session->path));
  agenda_add(end->in_flight, arrival, packet_from(end, BFD_UP, 0));
}

/* The far end goes by another detection time until it hears that this one is Up. */
static gboolean is_known_up(gpointer data, SimTime arrival) {
  End *end = data;
  (void)arrival;
  return far_of(end)->far_interval.ns == end->config.interval.ns;
}

static const LivenessEvents liveness_events = {.emit = interval_passed,
                                               .expired = detection_time_passed,
                                               .clear = is_known_up,
                                               .meets = raised_by,
                                               .under_way = packet_under_way};

/* ---- making and steering ------------------------------------------------------------ */

static void init_end(BfdSession *session, guint side, const BfdEnd *config, const char *stream,
                     LivenessMode mode, Owner *owner, guint64 seed, guint32 run) {
  End *end = &session->ends[side];
  Arena *arena = engine_arena(session->engine);
  const char *own = arena_concat(arena, stream, side == 0 ? "/0" : "/1", NULL);
  const char *name = arena_concat(arena, "bfd/", own, NULL);
  end->session = session;
  end->side = side;
  end->config = *config;
  end->state = BFD_DOWN;
  end->packets = liveness_new(owner, session->path, side, mode, session->jitter[side], name, seed,
                              run, &liveness_events, end);
  end->slow_timer = timer_new(owner, PHASE_TIMER, slow_due, end);
  timer_set_stage(end->slow_timer, &slow);
  end->in_flight = agenda_new(owner, PHASE_DELIVER, packet_arrives, end);
  name = arena_concat(arena, "bfd-slow/", own, NULL);
  end->random = random_stream(seed, run, name);
}

/* The clause says what follows from any numbers: so it is documented, unless one of those that
 * count at `end` is an assumption. Of equal intervals the one that is not is enough. */
static const Stage *detection_stage(Arena *arena, const BfdEnd *end, const BfdEnd *sender) {
  const BfdEnd *slower = sender->interval.ns > end->interval.ns ? sender : end;
  if (sender->interval.ns == end->interval.ns && slower->interval_ground.basis == BASIS_ASSUMED)
    slower = sender;
  const Ground ground = slower->interval_ground.basis == BASIS_ASSUMED ? slower->interval_ground
                                                                       : sender->multiplier_ground;
  return ground.basis == BASIS_ASSUMED ? stage_new(arena, detection.name, ground, NULL)
                                       : &detection;
}

BfdSession *bfd_session_new(Engine *engine, Path *path, const BfdEnd ends[2], const char *stream,
                            LivenessMode mode, guint64 seed, guint32 run) {
  Arena *arena = engine_arena(engine);
  BfdSession *session = arena_new0(arena, BfdSession);
  session->engine = engine;
  session->mode = mode;
  session->path = path;
  for (guint side = 0; side < 2; side++) { /* 6.8.7 */
    const gboolean jitter = !ends[side].jitter_off;
    session->jitter[side] =
        (LivenessJitter){jitter ? 0.75 : 1, jitter && ends[side].multiplier == 1 ? 0.9 : 1};
  }
  const char *name = arena_concat(arena, "bfd/", path_name(path), NULL);
  Owner *owner = engine_owner(engine, name);
  for (guint side = 0; side < 2; side++)
    init_end(session, side, &ends[side], stream, mode, owner, seed, run);
  for (guint side = 0; side < 2; side++) {
    session->ends[side].detector = session->ends[!side].packets;
    liveness_set_stages(session->ends[side].detector, &next_packet,
                        detection_stage(arena, &ends[side], &ends[!side]));
  }
  path_watch(path, path_changed, session);
  return session;
}

void bfd_session_set_stage(BfdSession *session, const Stage *stage) {
  for (guint side = 0; side < 2; side++)
    liveness_set_stages(session->ends[side].detector, &next_packet, stage);
}

void bfd_session_subscribe(BfdSession *session, guint side, BfdHandler handler, gpointer data) {
  session->ends[side].handler = handler;
  session->ends[side].data = data;
}

void bfd_session_begin_up(BfdSession *session) {
  for (guint side = 0; side < 2; side++) {
    End *end = &session->ends[side];
    end->running = TRUE;
    end->state = BFD_UP;
    far_of(end)->far_interval = end->config.interval;
    liveness_begin_steady(end->packets, interval_towards(end), detection_time_at(far_of(end)));
  }
}

void bfd_session_start(BfdSession *session, guint side) {
  End *end = &session->ends[side];
  end->running = TRUE;
  turn_to(end, BFD_DOWN);
  end->returned = (Relief){engine_cause(session->engine), engine_now(session->engine)};
  arm_slow(end);
  reconsider(far_of(end));
}

void bfd_session_stop(BfdSession *session, guint side, gboolean administratively) {
  End *end = &session->ends[side];
  if (!end->running)
    return;
  if (end->state == BFD_UP) {
    engine_record(session->engine, &BFD_SESSION_ENDED, end->config.name, far_of(end)->config.name,
                  0, NULL);
    liveness_end_sending(end->packets);
    liveness_end_listening(end->detector);
  }
  turn_to(end, BFD_ADMIN_DOWN);
  if (administratively)
    send_packet(end);
  end->running = FALSE;
  cancel_slow(end);
  fall_asleep(far_of(end));
}

BfdState bfd_session_state(const BfdSession *session, guint side) {
  return session->ends[side].state;
}

gboolean bfd_session_runs(const BfdSession *session, guint side) {
  return session->ends[side].running;
}
