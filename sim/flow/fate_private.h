/* What becomes of flows: their ways there and back, and what both mean. */
#pragma once
#include "routesim/flow/traffic.h"

#define MOST_HOLDERS PASSAGE_MOST_ELEMENTS

/* Where a way ends short of the other end: the record of what it ends at, and of what led there
 * last, whatever that did. */
typedef struct {
  RecordId ended_by, led_by;
} WayEnd;

/* A packet meets what can pass only so much in each direction: that in which the packet crosses it,
 * whichever way of a session it goes. */
typedef struct {
  const Element *element;
  gboolean outward;
} Crossing;

typedef struct {
  gboolean deliverable;
  guint end_count; /* none where deliverable; one where both directions pass, but not alike */
  WayEnd ends[FLOW_DIRECTIONS];
  DropReason reason;
  DropPlace where;
  RecordId changed_by;
  const FlowWay *ways[FLOW_DIRECTIONS];
  RecordId chosen_by; /* the latest change to what chose either way */
  guint holder_count; /* stateful elements that a session opened now leaves state in */
  const Element *holders[MOST_HOLDERS];
  BalancerPin pinned[FLOW_DIRECTIONS]; /* by the last balancer of each way */
} Fate;

/* What has a capacity on the way of a direction that arrives, whether or not the other does: so
 * many, in the order in which they are met. */
guint fate_crossings(const TrafficEnd *from, const TrafficEnd *to, const Fate *fate, guint leg,
                     Crossing crossings[MOST_HOLDERS]);
/* Both walks of flows of this hash; returns 0, or the modulus that direction *direction must
 * be split by. Where it returns 0, *direction is the one that knows its own way, which the other
 * may follow. */
guint fate_walk(Traffic *traffic, const TrafficEnd *from, const TrafficEnd *to,
                const RouteTable *from_table, const RouteTable *to_table,
                const HashClass hash[FLOW_DIRECTIONS], Passage legs[FLOW_DIRECTIONS],
                guint *direction);
/* What both walks mean; of two that failed, leg `first` tells the reason. */
void fate_judge(Traffic *traffic, guint first, Passage legs[FLOW_DIRECTIONS], Fate *fate);
/* `fate` is that of flows of this hash; the result is 0, or the modulus that direction
 * *direction must be split by. */
guint fate_find(Traffic *traffic, const TrafficEnd *from, const TrafficEnd *to,
                const RouteTable *from_table, const RouteTable *to_table,
                const HashClass hash[FLOW_DIRECTIONS], Fate *fate, guint *direction);
