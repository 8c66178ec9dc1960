/* Sessions: the state machine of RFC 4271 section 8 at each end. */
#include "routesim/bgp/speaker.h"

#include "bgp_private.h"

const TraceKind BGP_SESSION_UP = {"bgp-session-up"};
const TraceKind BGP_SESSION_DOWN = {"bgp-session-down"};
const TraceKind BGP_SESSION_ENDED = {"bgp-session-ended"};
const TraceKind BGP_REFRESH_ASKED = {"route-refresh"};

static const char *const state_names[] = {
    [BGP_IDLE] = "Idle",
    [BGP_CONNECT] = "Connect",
    [BGP_ACTIVE] = "Active",
    [BGP_OPEN_SENT] = "OpenSent",
    [BGP_OPEN_CONFIRM] = "OpenConfirm",
    [BGP_ESTABLISHED] = "Established",
};

static const char *const reason_names[] = {
    [BGP_DOWN_HOLD_TIMER] = "hold timer expired",
    [BGP_DOWN_NOTIFICATION] = "NOTIFICATION received",
    [BGP_DOWN_TCP_CLOSED] = "TCP closed",
    [BGP_DOWN_TCP_RESET] = "TCP reset",
    [BGP_DOWN_BFD] = "BFD down",
    [BGP_DOWN_PREFIX_LIMIT] = "prefix limit exceeded",
    [BGP_DOWN_RESET] = "reset by this end",
};

/* RFC 4271 8.2.2: "a HoldTimer value of 4 minutes is suggested" in OpenSent. */
#define OPEN_HOLD_TIME sim_time_s(240)

/* The types of messages (RFC 4271 4.1; RFC 2918 section 3). */
typedef enum { OPEN, UPDATE, NOTIFICATION, KEEPALIVE, ROUTE_REFRESH } MessageType;

typedef struct {
  MessageType type;
  guint32 asn;          /* OPEN */
  SimTime hold;         /* OPEN */
  guint8 code, subcode; /* NOTIFICATION */
  BgpUpdate update;     /* UPDATE */
  gboolean end_of_rib;  /* UPDATE: an empty one */
} Message;

/* Names as in RFC 4271 8.1; those for optional attributes that nobody here sets are
 * left out. */
typedef enum {
  AUTOMATIC_START,
  MANUAL_STOP,
  CONNECT_RETRY_TIMER_EXPIRES,
  HOLD_TIMER_EXPIRES,
  TCP_CONNECTION_CONFIRMED,
  TCP_CONNECTION_FAILS,
  TCP_CONNECTION_RESET,
  BGP_OPEN_RECEIVED,
  BGP_OPEN_MSG_ERR,
  NOTIF_MSG,
  KEEPALIVE_MSG,
  UPDATE_MSG,
  BFD_IS_DOWN,
  PROCESS_ENDS,
  ROUTE_REFRESH_MSG,
} Event;

struct BgpSession {
  Path *path;
  Stream *stream;
  BgpPeer peers[2];
};

static void handle(BgpPeer *peer, Event event, const Message *message);

const char *bgp_state_name(BgpState state) { return state_names[state]; }
const char *bgp_down_reason_name(BgpDownReason reason) { return reason_names[reason]; }

static Engine *engine_of(const BgpPeer *peer) { return peer->speaker->engine; }

/* ---- messages ------------------------------------------------------------------- */

static Message *new_message(BgpPeer *peer, MessageType type) {
  Message *message = arena_new0(engine_arena(engine_of(peer)), Message);
  message->type = type;
  return message;
}

/* RFC 4271 8.2.2: UPDATE and KEEPALIVE restart the far end's HoldTimer, and nothing else does. */
static LifeProof life_proof(const Message *message) {
  if (message->type == KEEPALIVE)
    return PROVES_LIFE_BY_ITSELF;
  return message->type == UPDATE && !message->end_of_rib ? PROVES_LIFE_BY_NEWS : PROVES_NOTHING;
}

static void send_message(BgpPeer *peer, const Message *message) {
  stream_send(peer->stream, peer->side, message, life_proof(message));
}

static const Message keepalive = {.type = KEEPALIVE};

static void send_keepalive(BgpPeer *peer) { send_message(peer, &keepalive); }

static void send_open(BgpPeer *peer) {
  Message *message = new_message(peer, OPEN);
  message->asn = peer->speaker->config.asn;
  message->hold = peer->end.hold;
  send_message(peer, message);
}

static void send_notification(BgpPeer *peer, BgpErrorCode code, guint subcode) {
  Message *message = new_message(peer, NOTIFICATION);
  message->code = (guint8)code;
  message->subcode = (guint8)subcode;
  send_message(peer, message);
}

void bgp_peer_send_pending(BgpPeer *peer) {
  Arena *arena = engine_arena(engine_of(peer));
  BgpUpdate *pending = &peer->pending;
  if (pending->announced == NULL && pending->withdrawn == NULL)
    return;
  if (pending->announced == NULL)
    pending->announced = arena_ptr_array(arena);
  if (pending->withdrawn == NULL)
    pending->withdrawn = arena_growing_array(arena, sizeof(Prefix));
  Message *message = new_message(peer, UPDATE);
  message->update = *pending;
  *pending = (BgpUpdate){NULL, NULL};
  if (peer->speaker->direct) {
    peer->far->speaker->session->receive(peer->far,
                                         &message->update); /* limits: see bgp_converge() */
    return;
  }
  send_message(peer, message);
  liveness_sent(peer->keepalives); /* RFC 4271 4.4 and 8.2.2: restarts the KeepaliveTimer */
}

/* Not every speaker sends this one (RFC 4724 is optional), so it restarts no timer: it
 * stands for "the first UPDATEs are through", which a real one tells by waiting. */
void bgp_peer_send_end_of_rib(BgpPeer *peer) {
  static const Message end_of_rib = {.type = UPDATE, .end_of_rib = TRUE};
  send_message(peer, &end_of_rib);
}

static void take_end_of_rib(BgpPeer *peer) {
  const BgpSpeaker *speaker = peer->speaker;
  peer->synced = TRUE;
  if (speaker->policy != NULL && speaker->policy->synced != NULL)
    speaker->policy->synced(speaker->data, peer);
}

/* ---- the state machine ------------------------------------------------------------ */

static void stop_timers(BgpPeer *peer) {
  timer_cancel(peer->start_timer);
  timer_cancel(peer->connect_retry_timer);
  timer_cancel(peer->open_timer);
}

/* A hold time is what both ends made of it, and the clause says what follows from any: so what
 * passes meanwhile is documented, unless the number itself is an assumption. */
static const char hold_name[] = "hold timer";
static const Stage hold_stage = {hold_name, BASIS_DOCUMENTED, "RFC 4271 6.5"};
static const Stage open_stage = {"hold timer of a session that opens", BASIS_DOCUMENTED,
                                 "RFC 4271 8.2.2"};
static const Stage keepalive_stage = {"wait for a KEEPALIVE", BASIS_DOCUMENTED, "RFC 4271 4.4"};

static void set_hold_stage(BgpPeer *peer, Ground ground) {
  const Stage *stage = ground.basis == BASIS_ASSUMED
                           ? stage_new(engine_arena(engine_of(peer)), hold_name, ground, NULL)
                           : &hold_stage;
  liveness_set_stages(peer->hold, &keepalive_stage, stage);
}

/* RFC 4271 section 10: ConnectRetryTimer with jitter 0.75 to 1. */
static void arm_connect_retry(BgpPeer *peer, Timer *timer) {
  const double factor = 0.75 + 0.25 * random_uniform(&peer->random);
  timer_set_stage(timer, peer->retry_stage);
  timer_arm_after(timer, sim_time_ns((gint64)((double)peer->end.connect_retry.ns * factor)));
}

/* A relief that is due to the current cause. */
static Relief relief_now(const BgpPeer *peer) {
  const Engine *engine = engine_of(peer);
  return (Relief){engine_cause(engine), engine_now(engine)};
}

/* The one place where a state changes, but for sessions that begin Established: these never
 * changed. */
static void change_state(BgpPeer *peer, BgpState state) {
  const BgpState before = peer->state;
  peer->state = state;
  peer->synced = FALSE;
  if (state == BGP_ESTABLISHED && before != BGP_ESTABLISHED) {
    peer->broke_limit = FALSE;
    engine_go_on(engine_of(peer), &BGP_SESSION_UP, peer->end.name, peer->far->end.name, 0, NULL);
    peer->opened = relief_now(peer);
    liveness_begin_listening(peer->hold, peer->hold_time);
    peer->speaker->session->up(peer);
  } else if (before == BGP_ESTABLISHED && state != BGP_ESTABLISHED) {
    liveness_end_sending(peer->keepalives);
    liveness_end_listening(peer->hold);
    peer->pending = (BgpUpdate){NULL, NULL};
    peer->speaker->session->down(peer);
  } else if (before == BGP_OPEN_CONFIRM && state != BGP_ESTABLISHED) {
    liveness_end_sending(peer->keepalives);
  }
}

/* An end becomes Idle, and starts anew later (DampPeerOscillations with IdleHoldTimer, RFC 4271
 * 8.1.1), unless it was stopped. A passive end is ready at once. */
static void become_idle(BgpPeer *peer) {
  stop_timers(peer);
  change_state(peer, BGP_IDLE);
  if (peer->stopped)
    return;
  timer_set_stage(peer->start_timer, peer->establish_stage);
  timer_arm_after(peer->start_timer, peer->end.passive || peer->end.establish == NULL
                                         ? SIM_TIME_ZERO
                                         : distribution_draw(peer->end.establish, &peer->random));
}

static void session_down(BgpPeer *peer, BgpDownReason reason) {
  Engine *engine = engine_of(peer);
  if (peer->state == BGP_ESTABLISHED)
    engine_go_on(engine, &BGP_SESSION_DOWN, peer->end.name, peer->far->end.name, reason, NULL);
  become_idle(peer);
}

/* This end is at its end, and noticed nothing: only who watches it from outside does. */
static void end_session(BgpPeer *peer) {
  if (peer->state == BGP_ESTABLISHED)
    engine_record(engine_of(peer), &BGP_SESSION_ENDED, peer->end.name, peer->far->end.name, 0,
                  NULL);
  become_idle(peer);
}

/* The negotiated Hold Time is the smaller of both (RFC 4271 4.2); keepalives go at
 * most every third of it (4.4). */
static void negotiate(BgpPeer *peer, SimTime offered) {
  if (peer->end.fixed_timers) {
    peer->hold_time = peer->end.hold;
    peer->keepalive_time = peer->end.keepalive;
    set_hold_stage(peer, peer->end.hold_ground);
    return;
  }
  peer->hold_time = sim_time_min(peer->end.hold, offered);
  peer->keepalive_time = sim_time_min(peer->end.keepalive, sim_time_ns(peer->hold_time.ns / 3));
  /* Of two that offer the same, the one that does not assume it is enough. */
  const gboolean own =
      peer->end.hold.ns < offered.ns ||
      (peer->end.hold.ns == offered.ns && peer->end.hold_ground.basis != BASIS_ASSUMED);
  set_hold_stage(peer, own ? peer->end.hold_ground : peer->far->end.hold_ground);
}

static void begin_connect(BgpPeer *peer) {
  Engine *engine = engine_of(peer);
  /* If this attempt succeeds, then because of what was mended since what ended the session. */
  const Relief returned[2] = {peer->returned, peer->far->returned};
  engine_set_cause_on_the_way(
      engine, path_reopened_by(peer->path, engine_cause(engine), peer->opened, returned));
  engine_keep_way(engine, &peer->ready);
  if (peer->end.passive) {
    change_state(peer, BGP_ACTIVE);
    return;
  }
  change_state(peer, BGP_CONNECT);
  arm_connect_retry(peer, peer->connect_retry_timer);
  stream_connect(peer->stream, peer->side);
}

/* The AS number that this end was told of the far end (RFC 4271 6.2). Facts: AWS-2.4. */
static guint32 expected_asn(const BgpPeer *peer) {
  return peer->end.remote_asn != 0 ? peer->end.remote_asn : peer->far->speaker->config.asn;
}

static void take_open(BgpPeer *peer, const Message *message) {
  if (message->asn != expected_asn(peer)) {
    handle(peer, BGP_OPEN_MSG_ERR, message);
    return;
  }
  negotiate(peer, message->hold);
  change_state(peer, BGP_OPEN_CONFIRM);
  liveness_begin_sending(peer->keepalives, peer->keepalive_time);
  send_keepalive(peer);
  if (peer->hold_time.ns > 0)
    timer_arm_after(peer->open_timer, peer->hold_time);
  else
    timer_cancel(peer->open_timer);
}

static void handle_before_established(BgpPeer *peer, Event event, const Message *message) {
  switch (event) {
  case AUTOMATIC_START:
    if (peer->state == BGP_IDLE)
      begin_connect(peer);
    break;
  case CONNECT_RETRY_TIMER_EXPIRES:
    if (peer->state == BGP_CONNECT || peer->state == BGP_ACTIVE)
      begin_connect(peer);
    break;
  case TCP_CONNECTION_CONFIRMED:
    if (peer->state != BGP_CONNECT && peer->state != BGP_ACTIVE)
      break;
    timer_cancel(peer->connect_retry_timer);
    change_state(peer, BGP_OPEN_SENT);
    timer_arm_after(peer->open_timer, OPEN_HOLD_TIME);
    send_open(peer);
    break;
  case BGP_OPEN_RECEIVED:
    if (peer->state == BGP_OPEN_SENT)
      take_open(peer, message);
    break;
  case KEEPALIVE_MSG:
    if (peer->state == BGP_OPEN_CONFIRM) {
      timer_cancel(peer->open_timer);
      change_state(peer, BGP_ESTABLISHED);
    }
    break;
  case BGP_OPEN_MSG_ERR:
    send_notification(peer, BGP_ERROR_OPEN, BGP_OPEN_BAD_PEER_AS);
    stream_close(peer->stream, peer->side);
    become_idle(peer);
    break;
  case HOLD_TIMER_EXPIRES:
    send_notification(peer, BGP_ERROR_HOLD_TIMER, 0);
    stream_close(peer->stream, peer->side);
    become_idle(peer);
    break;
  case TCP_CONNECTION_RESET:
    if (peer->state == BGP_CONNECT)
      peer->refused_at = engine_now(engine_of(peer));
    G_GNUC_FALLTHROUGH;
  case TCP_CONNECTION_FAILS:
  case NOTIF_MSG:
    stream_close(peer->stream, peer->side);
    become_idle(peer);
    break;
  default:
    break;
  }
}

static void end_with(BgpPeer *peer, BgpErrorCode code, guint subcode, BgpDownReason reason) {
  send_notification(peer, code, subcode);
  peer->broke_limit = reason == BGP_DOWN_PREFIX_LIMIT;
  stream_close(peer->stream, peer->side);
  session_down(peer, reason);
}

/* Who announced too much gains nothing by being quick: it waits for its ConnectRetryTimer. */
static void take_notification(BgpPeer *peer, const Message *message) {
  stream_close(peer->stream, peer->side);
  session_down(peer, BGP_DOWN_NOTIFICATION);
  if (message->code == BGP_CEASE && message->subcode == BGP_CEASE_MAXIMUM_PREFIXES &&
      !peer->stopped && !peer->end.passive)
    arm_connect_retry(peer, peer->start_timer);
}

static void handle_established(BgpPeer *peer, Event event, const Message *message) {
  switch (event) {
  case KEEPALIVE_MSG:
    liveness_heard(peer->hold);
    break;
  case UPDATE_MSG:
    if (message->end_of_rib) {
      take_end_of_rib(peer);
      break;
    }
    liveness_heard(peer->hold);
    if (!peer->speaker->session->receive(peer, &message->update))
      end_with(peer, BGP_CEASE, BGP_CEASE_MAXIMUM_PREFIXES, BGP_DOWN_PREFIX_LIMIT);
    break;
  case ROUTE_REFRESH_MSG:
    peer->speaker->session->refresh(peer);
    break;
  case HOLD_TIMER_EXPIRES:
    end_with(peer, BGP_ERROR_HOLD_TIMER, 0, BGP_DOWN_HOLD_TIMER);
    break;
  case BFD_IS_DOWN:
    end_with(peer, BGP_CEASE, BGP_CEASE_BFD_DOWN, BGP_DOWN_BFD);
    break;
  case NOTIF_MSG:
    take_notification(peer, message);
    break;
  case TCP_CONNECTION_FAILS:
    session_down(peer, BGP_DOWN_TCP_CLOSED);
    break;
  case TCP_CONNECTION_RESET:
    session_down(peer, BGP_DOWN_TCP_RESET);
    break;
  default:
    break;
  }
}

/* Whatever it leads to, the cause of whoever calls stays the caller's. */
static void handle(BgpPeer *peer, Event event, const Message *message) {
  ENGINE_KEEP_CAUSE(engine_of(peer));
  if (event == MANUAL_STOP || event == PROCESS_ENDS)
    end_session(peer);
  else if (peer->state == BGP_ESTABLISHED)
    handle_established(peer, event, message);
  else
    handle_before_established(peer, event, message);
}

/* ---- where events come from --------------------------------------------------------- */

static void start_due(gpointer data) { handle(data, AUTOMATIC_START, NULL); }
static void connect_retry_due(gpointer data) { handle(data, CONNECT_RETRY_TIMER_EXPIRES, NULL); }
static void open_timer_due(gpointer data) { handle(data, HOLD_TIMER_EXPIRES, NULL); }

static gboolean tcp_accepts(gpointer data) {
  const BgpPeer *peer = data;
  Engine *engine = engine_of(peer);
  if (peer->state != BGP_ACTIVE && peer->state != BGP_CONNECT)
    return FALSE;
  /* A connection is due to the end that became ready last, and attempts before were in vain. */
  const RecordId cause = MAX(engine_cause(engine), peer->ready.cause);
  engine_set_cause(engine, cause);
  if (cause != 0 && peer->far->refused_at.ns > engine_record_get(engine, cause)->at.ns)
    engine_wait_for_way(engine, &peer->ready);
  return TRUE;
}

static void tcp_opened(gpointer data) { handle(data, TCP_CONNECTION_CONFIRMED, NULL); }

static void tcp_received(gpointer data, gconstpointer item) {
  static const Event events[] = {[OPEN] = BGP_OPEN_RECEIVED,
                                 [UPDATE] = UPDATE_MSG,
                                 [NOTIFICATION] = NOTIF_MSG,
                                 [KEEPALIVE] = KEEPALIVE_MSG,
                                 [ROUTE_REFRESH] = ROUTE_REFRESH_MSG};
  const Message *message = item;
  handle(data, events[message->type], message);
}

static void tcp_closed(gpointer data, StreamClose how) {
  handle(data, how == STREAM_RESET ? TCP_CONNECTION_RESET : TCP_CONNECTION_FAILS, NULL);
}

static void tcp_missed(gpointer data, const Trip *trip, RecordId because) {
  liveness_missed(((BgpPeer *)data)->keepalives, trip, because);
}

static const StreamEvents stream_events = {.accepts = tcp_accepts,
                                           .opened = tcp_opened,
                                           .received = tcp_received,
                                           .closed = tcp_closed,
                                           .missed = tcp_missed};

static void keepalive_due(gpointer data) { send_keepalive(data); }
static void hold_expired(gpointer data) {
  handle(((BgpPeer *)data)->far, HOLD_TIMER_EXPIRES, NULL);
}

static gboolean stream_clear(gpointer data, SimTime arrival) {
  const BgpPeer *peer = data;
  return stream_delivers_by(peer->stream, peer->side, arrival);
}

static RecordId forgotten_by(gpointer data) {
  const BgpPeer *peer = data;
  return stream_forgotten_by(peer->stream, peer->side);
}

static void would_keep_alive(gpointer data, RecordId ended_by, Trip *trip) {
  const BgpPeer *peer = data;
  stream_would_send(peer->stream, peer->side, ended_by, trip);
}

static void keepalive_under_way(gpointer data, SimTime arrival) {
  const BgpPeer *peer = data;
  stream_put_under_way(peer->stream, peer->side, &keepalive, arrival);
}

/* The liveness of one direction belongs to its sender; the far end listens. */
static const LivenessEvents liveness_events = {.emit = keepalive_due,
                                               .expired = hold_expired,
                                               .clear = stream_clear,
                                               .meets = forgotten_by,
                                               .would = would_keep_alive,
                                               .under_way = keepalive_under_way};

/* ---- making and steering -------------------------------------------------------------- */

/* The Hold Time of an OPEN has whole seconds (RFC 4271 4.2): a drawn one is rounded to the nearest.
 */
static SimTime whole_seconds(SimTime time) {
  return sim_time_s((time.ns + SIM_SECOND / 2) / SIM_SECOND);
}

static const Stage retry_stage = {"ConnectRetryTimer", BASIS_DOCUMENTED, "RFC 4271 10"};

static void init_peer(BgpSession *session, guint side, const BgpEnd *end, const BgpEnd *far,
                      const BgpSessionConfig *config, Owner *owner) {
  BgpPeer *peer = &session->peers[side];
  Arena *arena = engine_arena(end->speaker->engine);
  peer->speaker = end->speaker;
  peer->end = *end;
  peer->end.hold = whole_seconds(end->hold);
  peer->far = &session->peers[!side];
  peer->path = session->path;
  peer->stream = session->stream;
  peer->side = side;
  peer->name = arena_concat(arena, end->name, ">", far->name, NULL);
  peer->stopped = TRUE;
  peer->sent = trie_new(arena);
  bgp_peer_clear_mapped(peer);
  const char *stream = arena_concat(arena, config->stream, side == 0 ? "/0" : "/1", NULL);
  peer->random =
      random_stream(config->seed, config->run, arena_concat(arena, "bgp/", stream, NULL));
  peer->start_timer = timer_new(owner, PHASE_TIMER, start_due, peer);
  peer->connect_retry_timer = timer_new(owner, PHASE_TIMER, connect_retry_due, peer);
  peer->open_timer = timer_new(owner, PHASE_TIMER, open_timer_due, peer);
  timer_set_stage(peer->open_timer, &open_stage);
  if (end->establish != NULL)
    peer->establish_stage =
        stage_new(arena, "wait before connecting", end->establish->ground, NULL);
  peer->retry_stage = end->connect_retry_ground.basis == BASIS_NONE
                          ? &retry_stage
                          : stage_new(arena, retry_stage.name, end->connect_retry_ground, NULL);
  const LivenessJitter jitter = {end->keepalive_jitter_off ? 1 : 0.75, 1}; /* RFC 4271 10 */
  const char *keepalives = arena_concat(arena, "keepalive/", stream, NULL);
  peer->keepalives = liveness_new(owner, session->path, side, config->liveness, jitter, keepalives,
                                  config->seed, config->run, &liveness_events, peer);
  stream_attach(session->stream, side, &stream_events, peer);
}

BgpSession *bgp_session_new(Engine *engine, Path *path, const BgpEnd ends[2],
                            const BgpSessionConfig *config) {
  Arena *arena = engine_arena(engine);
  BgpSession *session = arena_new0(arena, BgpSession);
  const char *name = arena_concat(arena, "session/", path_name(path), NULL);
  Owner *owner = engine_owner(engine, name);
  session->path = path;
  session->stream = stream_new(owner, path, config->tcp_timeout);
  if (config->tcp_timeout_ground.basis != BASIS_NONE)
    stream_set_timeout_ground(session->stream, config->tcp_timeout_ground);
  for (guint side = 0; side < 2; side++)
    init_peer(session, side, &ends[side], &ends[!side], config, owner);
  for (guint side = 0; side < 2; side++) {
    BgpPeer *peer = &session->peers[side];
    peer->hold = peer->far->keepalives;
    liveness_set_stages(peer->hold, &keepalive_stage, &hold_stage);
    bgp_speaker_add_peer(peer->speaker, peer);
  }
  return session;
}

BgpPeer *bgp_session_peer(const BgpSession *session, guint side) {
  return (BgpPeer *)&session->peers[side];
}

/* TRUE where one end sends keepalives no more often than the other end's hold time: such a
 * session opens, expires and opens again. */
static gboolean cannot_last(const BgpSession *session) {
  for (guint side = 0; side < 2; side++)
    if (expected_asn(&session->peers[side]) != session->peers[!side].speaker->config.asn)
      return TRUE;
  for (guint side = 0; side < 2; side++) {
    const BgpPeer *peer = &session->peers[side];
    if (peer->far->hold_time.ns > 0 &&
        (peer->keepalive_time.ns == 0 || peer->keepalive_time.ns >= peer->far->hold_time.ns))
      return TRUE;
  }
  return FALSE;
}

void bgp_session_begin_established(BgpSession *session) {
  for (guint side = 0; side < 2; side++)
    negotiate(&session->peers[side], session->peers[!side].end.hold);
  if (cannot_last(session)) {
    for (guint side = 0; side < 2; side++)
      bgp_peer_start(&session->peers[side]);
    return;
  }
  stream_begin_open(session->stream);
  for (guint side = 0; side < 2; side++) {
    BgpPeer *peer = &session->peers[side];
    peer->stopped = FALSE;
    peer->state = BGP_ESTABLISHED;
    peer->synced = TRUE;
  }
  for (guint side = 0; side < 2; side++) {
    BgpPeer *peer = &session->peers[side];
    liveness_begin_steady(peer->keepalives, peer->keepalive_time, peer->far->hold_time);
    BgpSpeaker *speaker = peer->speaker;
    if (speaker->policy != NULL && speaker->policy->session != NULL)
      speaker->policy->session(speaker->data, peer, TRUE);
  }
}

/* Whoever tries on is anywhere between two attempts. */
void bgp_peer_begin_ended(BgpPeer *peer, gboolean stopped) {
  BgpPeer *far = peer->far;
  peer->stopped |= stopped;
  for (guint side = 0; side < 2; side++) {
    BgpPeer *end = side == 0 ? peer : far;
    stream_vanish(end->stream, end->side);
    become_idle(end);
  }
  peer->broke_limit = TRUE;
  if (far->stopped || far->end.passive)
    return;
  timer_set_stage(far->start_timer, far->retry_stage);
  timer_arm_after(far->start_timer, sim_time_ns((gint64)((double)far->end.connect_retry.ns *
                                                         random_uniform(&far->random))));
}

/* RFC 4271 8.2.2: outside Idle start events are ignored, and so they are in an Idle that ends by
 * itself: what goes on has a connection of its own. */
void bgp_peer_start(BgpPeer *peer) {
  if (!peer->stopped)
    return;
  peer->stopped = FALSE;
  peer->returned = relief_now(peer);
  become_idle(peer);
}

void bgp_peer_stop(BgpPeer *peer, guint subcode) {
  peer->stopped = TRUE;
  peer->broke_limit = subcode == BGP_CEASE_MAXIMUM_PREFIXES;
  if (peer->state >= BGP_OPEN_SENT)
    send_notification(peer, BGP_CEASE, subcode);
  stream_close(peer->stream, peer->side);
  handle(peer, MANUAL_STOP, NULL);
}

void bgp_peer_die(BgpPeer *peer, gboolean kernel_lives) {
  peer->stopped = TRUE;
  if (kernel_lives)
    stream_close(peer->stream, peer->side);
  else
    stream_vanish(peer->stream, peer->side);
  handle(peer, PROCESS_ENDS, NULL);
}

void bgp_peer_ask_refresh(BgpPeer *peer) {
  Engine *engine = engine_of(peer);
  const gboolean resets = peer->far->end.no_route_refresh;
  if (peer->state != BGP_ESTABLISHED)
    return;
  engine_go_on(engine, &BGP_REFRESH_ASKED, peer->end.name, peer->far->end.name, resets, NULL);
  if (resets)
    end_with(peer, BGP_CEASE, BGP_CEASE_RESET, BGP_DOWN_RESET);
  else
    send_message(peer, new_message(peer, ROUTE_REFRESH));
}

void bgp_peer_bfd_down(BgpPeer *peer) { handle(peer, BFD_IS_DOWN, NULL); }

gboolean bgp_peer_is_synced(const BgpPeer *peer) { return peer->synced; }

const char *bgp_peer_name(const BgpPeer *peer) { return peer->name; }
const char *bgp_peer_local_name(const BgpPeer *peer) { return peer->end.name; }
const char *bgp_peer_remote_name(const BgpPeer *peer) { return peer->far->end.name; }
IpAddress bgp_peer_remote_address(const BgpPeer *peer) { return peer->far->end.address; }
IpAddress bgp_peer_local_address(const BgpPeer *peer) { return peer->end.address; }
BgpState bgp_peer_state(const BgpPeer *peer) { return peer->state; }
const char *bgp_peer_broken_limit(const BgpPeer *peer) {
  return peer->broke_limit ? peer->end.prefix_limit.fact : NULL;
}
BgpSpeaker *bgp_peer_speaker(const BgpPeer *peer) { return peer->speaker; }
BgpPeer *bgp_peer_far(const BgpPeer *peer) { return peer->far; }
const BgpRole *bgp_peer_role(const BgpPeer *peer) { return peer->end.role; }
gconstpointer bgp_peer_connection(const BgpPeer *peer) { return peer->end.connection; }
const BgpAttributes *bgp_peer_sent(const BgpPeer *peer, Prefix prefix) {
  return peer->state == BGP_ESTABLISHED ? trie_get(peer->sent, prefix) : NULL;
}

gboolean bgp_peer_relays(BgpPeer *peer) {
  const BgpPolicy *policy = peer->speaker->policy;
  return policy == NULL || policy->relays == NULL || policy->relays(peer->speaker->data, peer);
}

static gboolean drops(const BgpPeer *peer, const BgpRouteMap *map, Prefix prefix,
                      const BgpAttributes *attributes) {
  return map != NULL &&
         !bgp_route_map_apply(map, engine_arena(peer->speaker->engine), &prefix, &attributes);
}

gboolean bgp_peer_drops_inbound(const BgpPeer *peer, Prefix prefix,
                                const BgpAttributes *attributes) {
  return drops(peer, peer->end.inbound, prefix, attributes);
}

gboolean bgp_peer_drops_outbound(const BgpPeer *peer, Prefix prefix,
                                 const BgpAttributes *attributes) {
  return drops(peer, peer->end.outbound, prefix, attributes);
}

SimTime bgp_peer_hold(const BgpPeer *peer) {
  g_assert(peer->state == BGP_ESTABLISHED);
  return peer->hold_time;
}
