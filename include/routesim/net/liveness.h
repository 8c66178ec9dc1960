/* One direction of a session's liveness: a sender that repeats a message, a
 * receiver that gives up when none came for a while. BGP keepalives with the hold
 * timer, and BFD packets with the detection time, are both this.
 *
 * Two implementations behind one interface. LIVENESS_PACKET sends every message.
 * LIVENESS_LAZY schedules nothing while the path is steady and both ends do their
 * part: then no message can change anything. When that ends, it puts on their way the
 * messages that would be, works out when the last one went (exactly without jitter;
 * with jitter one period after the other, or from the stationary law of the renewal
 * process when the last known one is long ago), and goes on message by message until
 * all is well again.
 *
 * Silence has a cause: what kept away the last message that would have come in time. The owner
 * tells of every attempt that did not arrive so (liveness_missed()); a sender that has ended goes
 * on as a ghost, by the phase already drawn, and its messages are kept away by its end. Where
 * several events each kept that message away, it is the one that had kept away most of those before
 * it without a gap; of equal ones the first.
 *
 * The transport is the owner's: `emit` is asked to send one message, the owner
 * reports liveness_heard() for any message that arrives (RFC 4271 section 8: any
 * UPDATE or KEEPALIVE restarts the hold timer) and liveness_sent() for any other
 * message that restarts the interval (RFC 4271 section 4.4). */
#pragma once
#include "routesim/net/path.h"

/* Each with the words for it in a scenario, NULL-terminated. */
typedef enum { LIVENESS_LAZY, LIVENESS_PACKET } LivenessMode;
extern const char *const liveness_modes[];
/* As the RFC of the protocol has it, or none. */
typedef enum { LIVENESS_JITTER_RFC, LIVENESS_JITTER_OFF } LivenessJitterKind;
extern const char *const liveness_jitters[];

/* Each interval is multiplied by a uniform draw from `low` to `high`; both 1: no
 * jitter. RFC 4271 section 10: 0.75 to 1. RFC 5880 section 6.8.7: 0.75 to 1, or to
 * 0.9 with a multiplier of 1. */
typedef struct {
  double low, high;
} LivenessJitter;

typedef struct Liveness Liveness;

typedef struct {
  void (*emit)(gpointer data);    /* the sender's interval has passed */
  void (*expired)(gpointer data); /* the receiver heard nothing for its timeout */
  /* The sender's next message, which would arrive at `arrival`, does: nothing stands before it.
   * NULL: nothing ever does. */
  gboolean (*clear)(gpointer data, SimTime arrival);
  /* A message by itself has no cause; but what it sets off at a far end that no longer knows of
   * this one is due to what made it forget, which is this record. 0: it knows. NULL: always 0. */
  RecordId (*meets)(gpointer data);
  /* How a message would fare that the sender does not send, as it ended at `ended_by`; NULL: as the
   * path has it. */
  void (*would)(gpointer data, RecordId ended_by, Trip *trip);
  /* A message that was not really sent while all was quiet is under way, and arrives then: in the
   * order of these calls, and before what is sent from now on. */
  void (*under_way)(gpointer data, SimTime arrival);
} LivenessEvents;

/* `from` is the sender's side of `path`; `name` names the random stream. */
Liveness *liveness_new(Owner *owner, Path *path, guint from, LivenessMode mode,
                       LivenessJitter jitter, const char *name, guint64 seed, guint32 run,
                       const LivenessEvents *events, gpointer data);
/* What passes from the failure to the next message, where that is what tells of it, and to the
 * expiry. Of a listener that has failed itself the ground is another: see net_node_set_sight(). */
void liveness_set_stages(Liveness *liveness, const Stage *sends, const Stage *expires);

/* Both ends have done their part for long: the phase is drawn from the stationary
 * law. An interval of 0 sends nothing, a timeout of 0 never expires. */
void liveness_begin_steady(Liveness *liveness, SimTime interval, SimTime timeout);
/* A message was sent (arrived) just now. */
void liveness_begin_sending(Liveness *liveness, SimTime interval);
void liveness_begin_listening(Liveness *liveness, SimTime timeout);
void liveness_sent(Liveness *liveness);
void liveness_heard(Liveness *liveness);
/* A message that is sent now, and would be heard, does not arrive, or is late. It is sent only
 * `because` something happened, and so saves nobody from that; 0: it would be sent anyway. */
void liveness_missed(Liveness *liveness, const Trip *trip, RecordId because);
/* Due to the current cause. */
void liveness_end_sending(Liveness *liveness);
void liveness_end_listening(Liveness *liveness);

/* The interval between the last message sent before now and the next one; both
 * are drawn if they were not known. Only while sending. Tests of the laws ask: a quiet session
 * shows its age in no other way. */
void liveness_look(Liveness *liveness, SimTime *last, SimTime *next);
