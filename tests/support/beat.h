/* One direction of liveness over a bare path, for tests: messages are datagrams, and the
 * receiver ends listening when it expires. */
#pragma once
#include "routesim/net/liveness.h"
#include "support/bed.h"

typedef struct {
  Bed *bed;
  NetNode *nodes[2]; /* sender, receiver */
  Path *path;
  Liveness *liveness;
  Agenda *in_flight;
  gboolean listening;
  SimTime awaited; /* timeout from the next message on; 0: none */
  guint64 emitted, heard;
  GArray *expiries;     /* gint64, nanoseconds */
  RecordId silenced_by; /* the cause of the last one */
} Beat;

typedef struct {
  LivenessMode mode;
  LivenessJitter jitter;
  SimTime delay;
  guint64 seed;
  guint32 run;
} BeatConfig;

Beat *beat_new(Bed *bed, const char *name, const BeatConfig *config);
void beat_begin_steady(Beat *beat, SimTime interval, SimTime timeout);
/* The sender begins with a message; the receiver begins with the next one that arrives. */
void beat_begin(Beat *beat, SimTime interval, SimTime timeout);
/* A message of another kind: it restarts the interval, and is heard. */
void beat_send_other(Beat *beat);
