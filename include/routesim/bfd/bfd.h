/* BFD in asynchronous mode (RFC 5880) between the two ends of a path, serving
 * subscribers such as a BGP session (RFC 5882).
 *
 * A BfdSession has two ends, each with a state and timers of its own, on one Path. Each end sends
 * packets that say its state; what comes in moves the state of the other one, by a state machine
 * that is a pure function. When a session comes up or goes down at an end, that end's subscriber is
 * called, which resets a BGP session (bgp_peer_bfd_down()), or is a device that watches another.
 *
 *     end 0  --- packets, a Liveness of end 0 --->  end 1: silence for the detection time: Down
 *     end 1  --- packets, a Liveness of end 1 --->  end 0
 *
 * Transmission is jittered; the interval in each direction is the larger of what the sender wants
 * and the receiver takes, and never below 1 s while the session is not Up (section 6.8.3). While a
 * session is Up its packets are a Liveness each way, so a quiet session costs nothing under
 * LIVENESS_LAZY (liveness.h). An end that is not Up sends its slow packets one by one, unless
 * nobody can hear them: then it sleeps.
 *
 * Faults start and stop ends (bfd_session_start(), bfd_session_stop()); a path that is cut, or a
 * node without power, needs no call, as its packets do not arrive. */
#pragma once
#include "routesim/net/liveness.h"

typedef enum { BFD_ADMIN_DOWN, BFD_DOWN, BFD_INIT, BFD_UP } BfdState; /* RFC 5880 4.1 */
typedef enum {
  BFD_DIAG_NONE = 0,
  BFD_DIAG_TIME_EXPIRED = 1,
  BFD_DIAG_NEIGHBOR_DOWN = 3,
  BFD_DIAG_ADMIN_DOWN = 7,
} BfdDiagnostic;
const char *bfd_state_name(BfdState state);

/* The next state of an end in `local` that receives a packet with `received` (RFC
 * 5880 6.8.6); *diagnostic is set where the session goes down. */
BfdState bfd_transition(BfdState local, BfdState received, BfdDiagnostic *diagnostic);
/* Detection time of the end that takes packets at `receive_interval` at best from one
 * that wants to send every `sender_interval` with `sender_multiplier` (6.8.4). */
SimTime bfd_detection_time(SimTime receive_interval, SimTime sender_interval,
                           guint sender_multiplier);

typedef struct BfdSession BfdSession;
/* The handler is called at an end whose session came up or went down. */
typedef void (*BfdHandler)(gpointer data, BfdState state, BfdDiagnostic diagnostic);

typedef struct {
  const char *name; /* of the end: "rs/a1" */
  SimTime interval; /* DesiredMinTxInterval and RequiredMinRxInterval */
  guint multiplier;
  Ground interval_ground, multiplier_ground; /* what these rest on */
  gboolean jitter_off;                       /* of what this end sends (RFC 5880 6.8.7) */
} BfdEnd;

/* `stream` names the session's random streams. */
BfdSession *bfd_session_new(Engine *engine, Path *path, const BfdEnd ends[2], const char *stream,
                            LivenessMode mode, guint64 seed, guint32 run);
/* What passes until an end misses the other, in place of the RFC's detection time; borrowed. */
void bfd_session_set_stage(BfdSession *session, const Stage *stage);
void bfd_session_subscribe(BfdSession *session, guint side, BfdHandler handler, gpointer data);
/* Up since long. */
void bfd_session_begin_up(BfdSession *session);
/* The end's BFD process starts (from Down), or ends: without a word, or, with
 * `administratively`, after telling the far end (AdminDown). */
void bfd_session_start(BfdSession *session, guint side);
void bfd_session_stop(BfdSession *session, guint side, gboolean administratively);
gboolean bfd_session_runs(const BfdSession *session, guint side);
BfdState bfd_session_state(const BfdSession *session, guint side);

/* Trace. Subject is the end, object the far end. */
extern const TraceKind BFD_SESSION_UP;
extern const TraceKind BFD_SESSION_DOWN;  /* value: BfdDiagnostic */
extern const TraceKind BFD_SESSION_ENDED; /* the end's process did: nothing follows from it */
