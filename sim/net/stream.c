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
  SimTime last_arrival; /* of what was sent: order is kept */
  GQueue waiting;       /* Segment*: lost at least once, or behind such a one */
  Timer *retransmit;
  SimTime timeout;
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

static void clear_queues(gpointer data) {
  Stream *stream = data;
  g_queue_clear(&stream->ends[0].waiting);
  g_queue_clear(&stream->ends[1].waiting);
}

void stream_set_timeout_ground(Stream *stream, Ground ground) {
  const Stage *stage = stage_new(engine_arena(stream->engine), retransmission, ground, NULL);
  for (guint side = 0; side < 2; side++)
    timer_set_stage(stream->ends[side].retransmit, stage);
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
  }
  arena_own(engine_arena(engine), stream, clear_queues);
  return stream;
}

void stream_attach(Stream *stream, guint side, const StreamEvents *events, gpointer data) {
  stream->ends[side].events = events;
  stream->ends[side].data = data;
}

/* FALSE where the segment is lost or nobody is there to take it. */
static gboolean transmit(End *end, Segment *segment) {
  Path *path = end->stream->path;
  SimTime delay;
  if (!path_transmit(path, end->side, &delay) || net_node_is(path_node(path, !end->side), NODE_DARK))
    return FALSE;
  const SimTime arrival =
      sim_time_max(sim_time_add(engine_now(end->stream->engine), delay), end->last_arrival);
  end->last_arrival = arrival;
  agenda_set_stage(end->in_flight, path_stage(path));
  agenda_add(end->in_flight, arrival, segment);
  return TRUE;
}

static void send_segment(End *end, SegmentType type, guint connection, gconstpointer message) {
  Segment *segment = arena_new0(engine_arena(end->stream->engine), Segment);
  *segment = (Segment){type, connection, message, engine_cause(end->stream->engine)};
  if (type == RST) {
    transmit(end, segment); /* never retransmitted */
    return;
  }
  if (g_queue_is_empty(&end->waiting) && transmit(end, segment))
    return;
  if (g_queue_is_empty(&end->waiting)) {
    end->timeout = end->stream->initial_timeout;
    timer_arm_after(end->retransmit, end->timeout);
  }
  g_queue_push_tail(&end->waiting, segment);
}

static void retransmit_due(gpointer data) {
  End *end = data;
  Engine *engine = end->stream->engine;
  while (!g_queue_is_empty(&end->waiting)) {
    Segment *segment = g_queue_peek_head(&end->waiting);
    /* A connection that opens now does so because of what changed since the last attempt;
     * news that was late keeps its own cause. */
    const gboolean opening = segment->type <= ACK;
    engine_set_cause(engine, opening ? MAX(segment->cause, path_changed_by(end->stream->path))
                                     : segment->cause);
    if (!transmit(end, segment))
      break;
    g_queue_pop_head(&end->waiting);
  }
  if (g_queue_is_empty(&end->waiting))
    return;
  end->timeout = sim_time_min(sim_time_ns(end->timeout.ns * 2), MOST_TIMEOUT);
  timer_arm_after(end->retransmit, end->timeout);
}

static void forget(End *end) {
  g_queue_clear(&end->waiting);
  timer_cancel(end->retransmit);
}

static void closed(End *end, StreamClose how) {
  end->state = CLOSED;
  forget(end);
  if (end->events != NULL)
    end->events->closed(end->data, how);
}

/* A connection that is only half open stands in nobody's way: every attempt comes from a port of
 * its own, and a far end that opens anew has given the earlier one up. */
static void take_syn(End *end, guint connection) {
  const gboolean listens = end->state == CLOSED || end->state == SYN_RECEIVED;
  if (listens && end->events != NULL && end->events->accepts(end->data)) {
    forget(end); /* the far end opens anew: it no longer knows what is left of the old one */
    end->state = SYN_RECEIVED;
    end->connection = connection;
    send_segment(end, SYN_ACK, connection, NULL);
  } else {
    send_segment(end, RST, connection, NULL);
  }
}

static void take(End *end, const Segment *segment) {
  const gboolean known = end->state != CLOSED && end->connection == segment->connection;
  if (segment->type == SYN) {
    take_syn(end, segment->connection);
    return;
  }
  if (!known) { /* RFC 9293 3.10.7.1: a segment for no connection is answered by RST */
    if (segment->type != RST && segment->type != FIN)
      send_segment(end, RST, segment->connection, NULL);
    return;
  }
  switch (segment->type) {
  case SYN_ACK:
  case ACK:
    end->state = OPEN;
    if (segment->type == SYN_ACK)
      send_segment(end, ACK, segment->connection, NULL);
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
  End *end = &stream->ends[!from->side];
  if (!net_node_is(path_node(stream->path, end->side), NODE_DARK))
    take(end, item);
}

void stream_connect(Stream *stream, guint side) {
  End *end = &stream->ends[side];
  forget(end);
  end->state = SYN_SENT;
  end->connection = ++stream->connections;
  send_segment(end, SYN, end->connection, NULL);
}

void stream_begin_open(Stream *stream) {
  stream->connections++;
  for (guint side = 0; side < 2; side++) {
    stream->ends[side].state = OPEN;
    stream->ends[side].connection = stream->connections;
  }
}

gboolean stream_is_open(const Stream *stream, guint side) {
  return stream->ends[side].state == OPEN;
}

gboolean stream_is_clear(const Stream *stream, guint side) {
  return stream->ends[side].waiting.length == 0;
}

void stream_send(Stream *stream, guint side, gconstpointer message) {
  End *end = &stream->ends[side];
  if (end->state == OPEN)
    send_segment(end, DATA, end->connection, message);
}

void stream_close(Stream *stream, guint side) {
  End *end = &stream->ends[side];
  if (end->state == OPEN)
    send_segment(end, FIN, end->connection, NULL);
  end->state = CLOSED; /* the orphaned socket goes on retransmitting */
}

void stream_vanish(Stream *stream, guint side) {
  End *end = &stream->ends[side];
  end->state = CLOSED;
  forget(end);
}
