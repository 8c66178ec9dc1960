/* Where packets ended during a run, and why: loops, blackholes, dead next hops, and what is full
 * ("capacity", where flows pass but some of their load does not). A fold over the trace of
 * flows. */
#pragma once
#include "routesim/flow/traffic.h"

typedef struct {
  const char *traffic; /* of the run, as is `where` */
  DropReason reason;
  DropPlace where; /* as in FlowStop */
  guint64 flows;   /* the most that came to end there at one moment */
  SimTime since;   /* the first time */
  int event;       /* that led to it then; -1: it was so from the start */
} MetricStop;

/* In the order of the first time; the caller frees the array, whose strings stay the run's.
 * `event_kind`: records of events, with their number as value. */
GArray *metric_stops(const Engine *engine, const TraceKind *event_kind);

/* What does not pass just before this event, which happened, by reason and place, in the order in
 * which it began; `traffic` is the first of each, `flows` those of all. The caller frees. */
GArray *metric_stops_before(const Engine *engine, const TraceKind *event_kind, guint event);
