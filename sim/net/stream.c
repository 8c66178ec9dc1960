/* TCP as routing sees it; see the header. */
#include "routesim/net/stream.h"

static const char retransmission[] = "TCP retransmission";

#define MOST_TIMEOUT sim_time_s(60) /* RFC 6298 (2.5) */

typedef enum { SYN, SYN_ACK, ACK, DATA, FIN, RST } SegmentType;
typedef enum { CLOSED, SYN_SENT, SYN_RECEIVED, OPEN } State; /* RFC 9293 3.3.2 */

typedef struct {
  SegmentType type;
  guint connection;
  gconstpointer message;
  RecordId cause;
  LifeProof proof;
} Segment;

/* One end, and the direction that leaves it. */
typedef struct {
  Stream *stream;
  guint side;
  State state;
  guint connection; /* which one this end believes in */
  const StreamEvents *events;
  gpointer data;
  Agenda *in_flight;
  SimTime last_arrival; /* of what was sent: order is kept ... */
  SimTime last_nominal; /* ... the same, were nothing amiss ... */
  GArray *last_late_by; /* Hindrance, beyond that: what made it late; as the others below, NULL
                           until something is amiss for the first time */
  GQueue waiting;       /* Segment*: lost at least once, or behind such a one ... */
  GArray *lost_by;      /* ... the first of them, last time, by these Hindrances ... */
  SimTime lost_nominal; /* ... when it would have arrived, were nothing amiss */
  Timer *retransmit;
  SimTime timeout;
  GQueue orphaned; /* Segment*: of the connection before, closed and not yet through ... */
  Timer *orphan_retransmit;
  SimTime orphan_timeout;
  GArray *late_by;    /* Hindrance, of the segment looked at last */
  RecordId forgot_by; /* what ended the connection that this end no longer knows */
  gboolean ghost;     /* it has no power: what waits would be retransmitted */
} End;

struct Stream {
  Engine *engine;
  Path *path;
  SimTime initial_timeout;
  guint connections; /* numbers handed out */
  End ends[2];
};

static void arrive(gpointer data, gpointer item);
static void retransmit_due(gpointer data);
static void orphan_due(gpointer data);

static void clear_queues(gpointer data) {
  Stream *stream = data;
  for (guint side = 0; side < 2; side++) {
    g_queue_clear(&stream->ends[side].waiting);
    g_queue_clear(&stream->ends[side].orphaned);
  }
}

static void keep_queue(const GQueue *queue, GByteArray *kept) {
  g_byte_array_append(kept, (const guint8 *)&queue->length, sizeof queue->length);
  for (const GList *link = queue->head; link != NULL; link = link->next)
    g_byte_array_append(kept, (const guint8 *)&link->data, sizeof link->data);
}

static void keep_queues(gpointer data, GByteArray *kept) {
  const Stream *stream = data;
  for (guint side = 0; side < 2; side++) {
    keep_queue(&stream->ends[side].waiting, kept);
    keep_queue(&stream->ends[side].orphaned, kept);
  }
}

static void restore_queue(GQueue *queue, const guint8 **kept) {
  guint length;
  gpointer segment;
  g_queue_init(queue);
  for (arena_take_kept(kept, &length, sizeof length); length > 0; length--) {
    arena_take_kept(kept, &segment, sizeof segment);
    g_queue_push_tail(queue, segment);
  }
}

static void restore_queues(gpointer data, const guint8 **kept) {
  Stream *stream = data;
  for (guint side = 0; side < 2; side++) {
    restore_queue(&stream->ends[side].waiting, kept);
    restore_queue(&stream->ends[side].orphaned, kept);
  }
}

static const ArenaKind queues_kind = {
    .destroy = clear_queues, .keep = keep_queues, .drop = clear_queues, .restore = restore_queues};

void stream_set_timeout_ground(Stream *stream, Ground ground) {
  const Stage *stage = stage_new(engine_arena(stream->engine), retransmission, ground, NULL);
  for (guint side = 0; side < 2; side++) {
    timer_set_stage(stream->ends[side].retransmit, stage);
    timer_set_stage(stream->ends[side].orphan_retransmit, stage);
  }
}

Stream *stream_new(Owner *owner, Path *path, SimTime initial_timeout) {
  static const Stage stage = {retransmission, BASIS_DOCUMENTED, "RFC 6298 2.1"};
  Engine *engine = owner_engine(owner);
  Stream *stream = arena_new0(engine_arena(engine), Stream);
  stream->engine = engine;
  stream->path = path;
  stream->initial_timeout = initial_timeout;
  for (guint side = 0; side < 2; side++) {
    End *end = &stream->ends[side];
    end->stream = stream;
    end->side = side;
    g_queue_init(&end->waiting);
    end->in_flight = agenda_new(owner, PHASE_DELIVER, arrive, end);
    end->retransmit = timer_new(owner, PHASE_TIMER, retransmit_due, end);
    timer_set_stage(end->retransmit, &stage);
    g_queue_init(&end->orphaned);
    end->orphan_retransmit = timer_new(owner, PHASE_TIMER, orphan_due, end);
    timer_set_stage(end->orphan_retransmit, &stage);
  }
  arena_own_kind(engine_arena(engine), stream, &queues_kind);
  return stream;
}

void stream_attach(Stream *stream, guint side, const StreamEvents *events, gpointer data) {
  stream->ends[side].events = events;
  stream->ends[side].data = data;
}

/* ---- what does not arrive, or not in time --------------------------------------------------- */

static void tell_missed(const End *end, const Trip *trip, RecordId because) {
  if (end->events != NULL && end->events->missed != NULL)
    end->events->missed(end->data, trip, because);
}

static void note_proof(const Segment *segment, gboolean *any, RecordId *because) {
  if (segment->proof == PROVES_NOTHING)
    return;
  const RecordId own = segment->proof == PROVES_LIFE_BY_ITSELF ? 0 : segment->cause;
  *because = *any ? MIN(*because, own) : own;
  *any = TRUE;
}

/* What is sent, and all that waits and would go along: does any of it prove life, and is it sent
 * only *because something happened (0: it would be sent anyway)? */
static gboolean proves_life(const End *end, const Segment *sent, RecordId *because) {
  gboolean any = FALSE;
  if (sent != NULL)
    note_proof(sent, &any, because);
  for (const GList *link = end->waiting.head; link != NULL; link = link->next)
    note_proof(link->data, &any, because);
  return any;
}

static guint length_of(const GArray *hindrances) {
  return hindrances != NULL ? hindrances->len : 0;
}

static GArray *emptied(const End *end, GArray *hindrances) {
  if (hindrances == NULL)
    return arena_growing_array(engine_arena(end->stream->engine), sizeof(Hindrance));
  return g_array_set_size(hindrances, 0);
}

/* An attempt failed: it would have taken along all that waits. */
static void attempt_failed(End *end, const Segment *sent, const Trip *trip) {
  RecordId because;
  end->lost_by = emptied(end, end->lost_by);
  g_array_append_vals(end->lost_by, trip->hindrances->data, trip->hindrances->len);
  end->lost_nominal = sim_time_add(engine_now(end->stream->engine), trip->nominal);
  if (proves_life(end, sent, &because))
    tell_missed(end, trip, because);
}

/* Order is kept: what comes behind a late segment is as late, and because of the same. Makes `trip`
 * say what that is to it. */
static void fall_in_line(End *end, Trip *trip) {
  const SimTime now = engine_now(end->stream->engine);
  const SimTime alone = sim_time_add(now, trip->nominal);
  const SimTime nominal = sim_time_max(alone, end->last_nominal);
  if (length_of(end->last_late_by) + length_of(trip->hindrances) > 0)
    end->late_by = emptied(end, end->late_by);
  hindrances_join(end->late_by, trip->hindrances, sim_time_sub(nominal, alone));
  hindrances_join(end->late_by, end->last_late_by, sim_time_sub(nominal, end->last_nominal));
  trip->delay = sim_time_sub(sim_time_max(sim_time_add(now, trip->delay), end->last_arrival), now);
  trip->nominal = sim_time_sub(nominal, now);
  trip->hindrances = trip->delay.ns > trip->nominal.ns || !trip->arrives ? end->late_by : NULL;
}

static SimTime send_in_line(End *end, const Trip *trip) {
  const SimTime now = engine_now(end->stream->engine);
  end->last_nominal = sim_time_add(now, trip->nominal);
  end->last_arrival = sim_time_add(now, trip->delay);
  if (length_of(end->last_late_by) + length_of(trip->hindrances) > 0)
    end->last_late_by = emptied(end, end->last_late_by);
  if (trip->hindrances != NULL)
    g_array_append_vals(end->last_late_by, trip->hindrances->data, trip->hindrances->len);
  return end->last_arrival;
}

/* FALSE where the segment is lost or nobody is there to take it. */
static gboolean transmit(End *end, Segment *segment) {
  Path *path = end->stream->path;
  RecordId because;
  Trip trip;
  trip.arrives =
      path_transmit(path, end->side, &trip) && !net_node_is(path_node(path, !end->side), NODE_DARK);
  fall_in_line(end, &trip);
  if (!trip.arrives) {
    attempt_failed(end, segment, &trip);
    return FALSE;
  }
  if (trip.hindrances != NULL && proves_life(end, segment, &because))
    tell_missed(end, &trip, because);
  agenda_set_stage(end->in_flight, path_stage(path));
  agenda_add(end->in_flight, send_in_line(end, &trip), segment);
  return TRUE;
}

/* What is sent now waits behind a segment that was lost: for that, and for as long as that one
 * would have taken. */
static void wait_behind(End *end, Trip *trip) {
  fall_in_line(end, trip);
  if (end->waiting.length == 0)
    return;
  const SimTime nominal = sim_time_add(engine_now(end->stream->engine), trip->nominal);
  if (end->late_by == NULL || trip->hindrances == NULL)
    end->late_by = emptied(end, end->late_by);
  hindrances_join(end->late_by, end->lost_by, sim_time_sub(nominal, end->lost_nominal));
  trip->hindrances = end->late_by;
}

void stream_would_send(Stream *stream, guint side, RecordId ended_by, Trip *trip) {
  path_would_transmit_but(stream->path, side, ended_by, trip);
  wait_behind(&stream->ends[side], trip);
}

static void wait_for_retransmission(End *end, SimTime timeout) {
  end->timeout = timeout;
  timer_arm_after(end->retransmit, timeout);
}

static void send_segment(End *end, SegmentType type, guint connection, gconstpointer message,
                         LifeProof proof) {
  Segment *segment = arena_new0(engine_arena(end->stream->engine), Segment);
  *segment = (Segment){type, connection, message, engine_cause(end->stream->engine), proof};
  if (type == RST) {
    transmit(end, segment); /* never retransmitted */
    return;
  }
  if (!g_queue_is_empty(&end->waiting)) {
    Trip trip;
    path_would_transmit(end->stream->path, end->side, &trip);
    wait_behind(end, &trip);
    RecordId because;
    gboolean any = FALSE;
    note_proof(segment, &any, &because);
    if (any)
      tell_missed(end, &trip, because);
  } else if (transmit(end, segment)) {
    return;
  } else {
    wait_for_retransmission(end, end->stream->initial_timeout);
  }
  g_queue_push_tail(&end->waiting, segment);
}

static void forget(End *end) {
  g_queue_clear(&end->waiting);
  end->ghost = FALSE;
  timer_cancel(end->retransmit);
}

static guint losses_of(const GArray *hindrances) {
  guint losses = 0;
  for (guint i = 0; i < hindrances->len; i++)
    losses += sim_time_is_never(g_array_index(hindrances, Hindrance, i).by);
  return losses;
}

/* Whoever has no power retransmits nothing; but this is when it would. */
static void would_retransmit(End *end) {
  const End *far = &end->stream->ends[!end->side];
  Trip trip;
  if (far->state != OPEN || far->connection != end->connection) {
    forget(end); /* nobody waits for it any more */
    return;
  }
  path_would_transmit_but(end->stream->path, end->side, end->forgot_by, &trip);
  fall_in_line(end, &trip);
  attempt_failed(end, NULL, &trip);
  if (losses_of(end->lost_by) == 1)
    forget(end); /* all of it would have gone */
}

static SimTime twice(SimTime timeout) {
  return sim_time_min(sim_time_ns(timeout.ns * 2), MOST_TIMEOUT);
}

static void retransmit_due(gpointer data) {
  End *end = data;
  Engine *engine = end->stream->engine;
  if (end->ghost)
    would_retransmit(end);
  while (!end->ghost && !g_queue_is_empty(&end->waiting)) {
    Segment *segment = g_queue_peek_head(&end->waiting);
    /* A connection that opens now does so because of what was mended since the last attempt;
     * news that was late keeps its own cause. */
    const gboolean opening = segment->type <= ACK;
    engine_set_cause(engine, opening ? path_relieved_since(end->stream->path, segment->cause)
                                     : segment->cause);
    if (!transmit(end, segment))
      break;
    g_queue_pop_head(&end->waiting);
  }
  if (!g_queue_is_empty(&end->waiting))
    wait_for_retransmission(end, twice(end->timeout));
}

/* The kernel goes on with a socket that its process has closed, whatever the process does next. */
static void orphan_due(gpointer data) {
  End *end = data;
  Path *path = end->stream->path;
  Engine *engine = end->stream->engine;
  Trip trip;
  while (!g_queue_is_empty(&end->orphaned)) {
    Segment *segment = g_queue_peek_head(&end->orphaned);
    engine_set_cause(engine, segment->cause);
    if (!path_transmit(path, end->side, &trip) ||
        net_node_is(path_node(path, !end->side), NODE_DARK))
      break;
    agenda_set_stage(end->in_flight, path_stage(path));
    agenda_add(end->in_flight, sim_time_add(engine_now(engine), trip.delay),
               g_queue_pop_head(&end->orphaned));
  }
  if (g_queue_is_empty(&end->orphaned))
    return;
  end->orphan_timeout = twice(end->orphan_timeout);
  timer_arm_after(end->orphan_retransmit, end->orphan_timeout);
}

static void forget_orphan(End *end) {
  g_queue_clear(&end->orphaned);
  timer_cancel(end->orphan_retransmit);
}

/* What waits of a connection that was closed is retransmitted beside the next one. */
static void leave_orphan(End *end) {
  const Segment *last = g_queue_peek_tail(&end->waiting);
  if (end->ghost || last == NULL || last->type != FIN)
    return;
  forget_orphan(end);
  while (!g_queue_is_empty(&end->waiting))
    g_queue_push_tail(&end->orphaned, g_queue_pop_head(&end->waiting));
  end->orphan_timeout = end->timeout;
  timer_arm(end->orphan_retransmit, timer_deadline(end->retransmit));
}

/* The one place where a state changes. What the far end still sends for a connection finds out what
 * ended it; an attempt that fails is no such end. */
static void change_state(End *end, State state) {
  if (end->state == OPEN && state != OPEN)
    end->forgot_by = engine_cause(end->stream->engine);
  end->state = state;
}

static void closed(End *end, StreamClose how) {
  change_state(end, CLOSED);
  forget(end);
  if (end->events != NULL)
    end->events->closed(end->data, how);
}

/* Whoever goes on with a connection that this end forgot learns of what made it forget. */
static void send_reset(End *end, const Segment *segment) {
  if (segment->type == DATA && end->forgot_by != 0)
    engine_set_cause(end->stream->engine, end->forgot_by);
  send_segment(end, RST, segment->connection, NULL, PROVES_NOTHING);
}

/* A connection that is only half open stands in nobody's way: every attempt comes from a port of
 * its own, and a far end that opens anew has given the earlier one up. */
static void take_syn(End *end, const Segment *segment) {
  const gboolean listens = end->state == CLOSED || end->state == SYN_RECEIVED;
  if (listens && end->events != NULL && end->events->accepts(end->data)) {
    forget(end); /* the far end opens anew: it no longer knows what is left of the old one */
    change_state(end, SYN_RECEIVED);
    end->connection = segment->connection;
    send_segment(end, SYN_ACK, segment->connection, NULL, PROVES_NOTHING);
  } else {
    send_reset(end, segment);
  }
}

static void take(End *end, const Segment *segment) {
  const gboolean known = end->state != CLOSED && end->connection == segment->connection;
  if (segment->type == SYN) {
    take_syn(end, segment);
    return;
  }
  if (!known) { /* RFC 9293 3.10.7.1: a segment for no connection is answered by RST */
    if (segment->type != RST && segment->type != FIN)
      send_reset(end, segment);
    return;
  }
  switch (segment->type) {
  case SYN_ACK:
  case ACK:
    change_state(end, OPEN);
    if (segment->type == SYN_ACK)
      send_segment(end, ACK, segment->connection, NULL, PROVES_NOTHING);
    end->events->opened(end->data);
    break;
  case DATA:
    end->events->received(end->data, segment->message);
    break;
  case FIN:
    closed(end, STREAM_CLOSED_BY_PEER);
    break;
  case RST:
    closed(end, STREAM_RESET);
    break;
  case SYN:
    g_assert_not_reached();
  }
}

static void arrive(gpointer data, gpointer item) {
  const End *from = data;
  Stream *stream = from->stream;
  const Segment *segment = item;
  const gboolean proves = segment->proof != PROVES_NOTHING;
  Trip trip;
  if (!path_meets_nobody(stream->path, from->side, proves ? &trip : NULL))
    take(&stream->ends[!from->side], segment);
  else if (proves)
    tell_missed(from, &trip, segment->proof == PROVES_LIFE_BY_ITSELF ? 0 : segment->cause);
}

void stream_connect(Stream *stream, guint side) {
  End *end = &stream->ends[side];
  change_state(end, CLOSED);
  leave_orphan(end);
  forget(end);
  change_state(end, SYN_SENT);
  end->connection = ++stream->connections;
  send_segment(end, SYN, end->connection, NULL, PROVES_NOTHING);
}

void stream_begin_open(Stream *stream) {
  stream->connections++;
  for (guint side = 0; side < 2; side++) {
    stream->ends[side].state = OPEN;
    stream->ends[side].connection = stream->connections;
  }
}

gboolean stream_delivers_by(const Stream *stream, guint side, SimTime arrival) {
  const End *end = &stream->ends[side];
  return end->waiting.length == 0 && end->last_arrival.ns <= arrival.ns;
}

void stream_send(Stream *stream, guint side, gconstpointer message, LifeProof proof) {
  End *end = &stream->ends[side];
  if (end->state == OPEN)
    send_segment(end, DATA, end->connection, message, proof);
}

void stream_put_under_way(Stream *stream, guint side, gconstpointer message, SimTime arrival) {
  End *end = &stream->ends[side];
  Segment *segment = arena_new0(engine_arena(stream->engine), Segment);
  *segment = (Segment){DATA, end->connection, message, 0, PROVES_LIFE_BY_ITSELF};
  end->last_arrival = sim_time_max(end->last_arrival, arrival);
  end->last_nominal = sim_time_max(end->last_nominal, arrival);
  ENGINE_DUE_TO(stream->engine, 0); /* a message by itself is due to nothing */
  agenda_set_stage(end->in_flight, path_stage(stream->path));
  agenda_add(end->in_flight, arrival, segment);
}

void stream_close(Stream *stream, guint side) {
  End *end = &stream->ends[side];
  if (end->state == OPEN)
    send_segment(end, FIN, end->connection, NULL, PROVES_NOTHING);
  change_state(end, CLOSED); /* the orphaned socket goes on retransmitting */
}

void stream_vanish(Stream *stream, guint side) {
  End *end = &stream->ends[side];
  const gboolean waits = end->state == OPEN && !g_queue_is_empty(&end->waiting);
  change_state(end, CLOSED);
  forget_orphan(end);
  if (waits)
    end->ghost = TRUE;
  else
    forget(end);
}

RecordId stream_forgotten_by(const Stream *stream, guint side) {
  const End *end = &stream->ends[side], *far = &stream->ends[!side];
  const gboolean knows = far->state != CLOSED && far->connection == end->connection;
  return knows ? 0 : far->forgot_by;
}
