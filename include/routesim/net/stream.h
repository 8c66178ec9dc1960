/* A TCP connection between the two ends of a path, as far as routing sees it:
 * three-way opening, ordered delivery, retransmission with doubling time-outs (RFC
 * 6298) when a segment is lost or the path is cut, FIN, and RST from a host that
 * does not know the connection. At most one connection lives at each end; windows
 * and congestion are left out (routing messages are small). */
#pragma once
#include "routesim/net/path.h"

typedef struct Stream Stream;

typedef enum {
  STREAM_CLOSED_BY_PEER, /* FIN */
  STREAM_RESET,          /* RST: refused, or unknown at the far end */
} StreamClose;

/* Does a message keep the far end from giving up? News do, and are sent because of something. */
typedef enum { PROVES_NOTHING, PROVES_LIFE_BY_ITSELF, PROVES_LIFE_BY_NEWS } LifeProof;

typedef struct {
  gboolean (*accepts)(gpointer data); /* may a connection be opened by the other end? */
  void (*opened)(gpointer data);
  void (*received)(gpointer data, gconstpointer message);
  void (*closed)(gpointer data, StreamClose how);
  /* An attempt of this side to send something that proves its life does not arrive, or is late;
   * retransmissions are attempts too. It is sent only `because` something happened; 0: anyway.
   * NULL: nobody asks. */
  void (*missed)(gpointer data, const Trip *trip, RecordId because);
} StreamEvents;

/* `initial_timeout` is the first retransmission time-out (RFC 6298 section 2). */
Stream *stream_new(Owner *owner, Path *path, SimTime initial_timeout);
/* What the time-out rests on, where that is not the RFC. */
void stream_set_timeout_ground(Stream *stream, Ground ground);
void stream_attach(Stream *stream, guint side, const StreamEvents *events, gpointer data);
/* Opens; what was open at this side is forgotten. */
void stream_connect(Stream *stream, guint side);
/* Both sides are connected from the start; no events. */
void stream_begin_open(Stream *stream);
/* What this side sends next, and would arrive then, does: nothing that it sent waits to be
 * retransmitted, or arrives later. */
gboolean stream_delivers_by(const Stream *stream, guint side, SimTime arrival);
/* `message` is borrowed until the run ends. Ignored where the side is not open. */
void stream_send(Stream *stream, guint side, gconstpointer message, LifeProof proof);
/* How a message would fare that the side does not send, as its owner ended at `ended_by`: what
 * waits behind a lost segment is kept away by what lost that. */
void stream_would_send(Stream *stream, guint side, RecordId ended_by, Trip *trip);
/* The record that made the far end forget the connection of `side`; 0 where it still knows it. */
RecordId stream_forgotten_by(const Stream *stream, guint side);
/* What `side` sent in between is under way without having been sent one by one: it arrives then. */
void stream_put_under_way(Stream *stream, guint side, gconstpointer message, SimTime arrival);
/* The FIN goes behind what was sent. */
void stream_close(Stream *stream, guint side);
/* The host lost power: nothing is sent, nothing retransmitted, all forgotten. What it would have
 * retransmitted is told as missed. */
void stream_vanish(Stream *stream, guint side);
