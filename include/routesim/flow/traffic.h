/* Traffic as classes of flows, their fate, and the sessions that they carry.
 *
 *     TrafficConfig --> sets, one for each pair of groups of hosts
 *                         +--> classes, by hash modulo the next hops that a walk met
 *                                +--> Fate: both walks, the state that they meet, who is to blame
 *                                       +--> outage: interrupted, restored, broken, gone
 *     capacity of elements --> overload: what fits  --> blame: whose fault the rest is
 *
 * The flows of one traffic that share source and destination group are a set. A set
 * starts as one class; where a walk meets n equal next hops, the set's flows are
 * counted by hash modulo n once, and the class splits. So a route change costs a walk
 * for each class, not for each flow, and a class keeps its history when it splits.
 *
 * The fabric tells whenever something changed that a walk could meet. Once for each such instant,
 * in PHASE_FLOW, every class is walked anew; between two handlers of one instant it is only looked
 * at, so as to know who stopped a flow first. A flow is deliverable when a new session of it would
 * pass in both directions: both walks end well, and the stateful elements on both are the same
 * (fate.c). What follows for the flows is recorded (outage.c): an interruption begins, ends, or
 * finds another reason; an open session breaks that meets a firewall which did not see it open. An
 * interruption belongs to what made the flow undeliverable: the latest change that the walk met.
 * Then capacity is shared out (overload.c), and what does not fit is charged to what brought it
 * (blame.c).
 *
 * Nothing here moves packets: rates and bytes are worked out from the times between changes. A
 * probe is the exception, one new connection at a time (probe.c), and whoever asks what would
 * become of a session between two ends gets it from the same walks (ask.c). Metrics read the
 * records, and nothing else of this folder. */
#pragma once
#include "routesim/net/fabric.h"

typedef struct Traffic Traffic;

/* One end: a subnet, a site, or (as a destination) an address that an element serves. */
typedef struct {
  Subnet *subnet;
  Site *site;
  IpAddress address; /* IP_NONE unless given */
} TrafficEnd;

/* What packets to this end are addressed to. */
IpAddress traffic_end_address(const TrafficEnd *end);

typedef struct {
  const char *name;
  TrafficEnd from, to;
  guint flows;
  gint64 bits_per_second; /* of all flows together, in the direction from -> to */
  SimTime reconnect;      /* an application gives a dead session up, and tries anew, this often */
  SimTime sessions_last;  /* so long after balancers chose, all sessions have ended once */
  gboolean udp; /* TCP otherwise: a balancer may keep open sessions of one and not the other */
} TrafficConfig;

typedef struct {
  const char *name;
  TrafficEnd from, to;
  SimTime every;
} ProbeConfig;

/* What a probe saw. */
typedef struct {
  const char *name;
  guint64 sent, lost;
  SimTime longest_gap; /* from the first lost probe to the next one answered */
} ProbeResult;

/* With `detail` every change of the distribution is recorded. */
Traffic *traffic_new(Fabric *fabric, gboolean detail, guint64 seed, guint32 run);
void traffic_add(Traffic *traffic, const TrafficConfig *config);
void traffic_add_probe(Traffic *traffic, const ProbeConfig *config);
/* All flows are looked at for the first time; sessions open where they can. This comes after the
 * converged start, before the engine runs. */
void traffic_begin(Traffic *traffic);
guint64 traffic_flows(const Traffic *traffic);
/* How many flows changed their way since the last mark is recorded as a consequence of
 * `cause`; the present ways are marked. */
void traffic_mark(Traffic *traffic, RecordId cause);
/* Interruptions and gaps that are open at the end of the run (`now`) are censored. */
void traffic_end(Traffic *traffic);
guint traffic_probe_count(const Traffic *traffic);
ProbeResult traffic_probe(const Traffic *traffic, guint index);

/* All flows are walked once more as things stand, and nothing is recorded: so whoever they meet is
 * asked. */
void traffic_walk(Traffic *traffic);
/* From here on flows are walked anew at every change, also those that met nothing of it: the same
 * comes out of that, later. For whoever wants proof. */
void traffic_walk_always(Traffic *traffic);
/* Flows that do not pass now, and have not since `since` or later: their hosts are there. */
guint64 traffic_stopped(const Traffic *traffic, SimTime since);
/* Sessions have state there, though no packet of theirs may come by any more. */
gboolean traffic_has_state_at(const Traffic *traffic, const NetNode *node);
/* Flows that any of these events (records) interrupted, and whose sessions any of them broke: each
 * once, as the run has ended. */
typedef struct {
  guint64 interrupted, broken;
} FlowsHit;
FlowsHit traffic_hit_by(Traffic *traffic, const RecordId *events, guint count);
/* The element to which most is offered now, for what it can pass: *load is the one over the other,
 * which may exceed 1. NULL: no flow meets an element with a capacity. */
const Element *traffic_busiest(const Traffic *traffic, double *load);

/* ---- ways ------------------------------------------------------------------------- */

/* What carries flows in one direction: the elements that they pass, in order, or why they do not
 * arrive. A traffic has each way once: two are the same where their pointers are, whatever they are
 * called. */
typedef struct {
  const char *text;   /* "fw-a", "fw-a+er/0", FLOW_DIRECT or "dropped:REASON" */
  DropReason dropped; /* DROP_NONE: they arrive */
  guint count;
  const Element *elements[PASSAGE_MOST_ELEMENTS];
} FlowWay;
/* The text where they pass nobody. */
#define FLOW_DIRECT "direct"

/* ---- asking about flows that need not exist --------------------------------------- */

/* What would become, now, of a new session. */
typedef struct {
  gboolean deliverable;
  DropReason reason;      /* DROP_NONE where deliverable */
  DropPlace where;        /* likewise */
  guint broken;           /* leg that tells the reason: 0 forward, 1 reverse */
  const FlowWay *ways[2]; /* forward, reverse */
  Passage legs[2];
  const RouteTable *tables[2]; /* that the hosts of each end follow; NULL: none there */
} FlowFate;
typedef void (*FlowFateVisit)(const FlowFate *fate, gpointer data);
/* Once for each group of hosts at either end, and each choice among equal next hops. */
void traffic_foreach_fate(Traffic *traffic, const TrafficEnd *from, const TrafficEnd *to,
                          FlowFateVisit visit, gpointer data);

/* ---- trace: subject is the traffic's name -------------------------------------- */

/* An interruption that is over, or (censored) was not when the run ended, or (gone) ended with the
 * flows. */
typedef struct {
  guint flows;
  /* Which: of those that share both ends' groups and begin with number `first`, the ones whose hash
   * of a direction (0: forward) has this residue. */
  guint first;
  guint32 residue[2], modulus[2];
  SimTime since;
  RecordId down;    /* the FLOW_INTERRUPTED record; 0: only sessions broke */
  gboolean resumed; /* what stops them came before `since`, while they were gone or kept out */
  gboolean again;   /* these flows were interrupted by the same event before */
  gint64 bits_per_second; /* that these flows offer */
  gint64 missed_anyway;   /* ... of which so many did not fit just before */
  gboolean censored;
  gboolean gone;             /* their own host failed meanwhile: from there on they are gone ... */
  guint flows_back;          /* ... and so many of them passed again later on, ... */
  SimTime back_at;           /* ... the last of them here, ... */
  RecordId back_by;          /* ... because of this */
  SimTime session_outage;    /* until broken sessions are open again; from `since` */
  gboolean session_censored; /* the run ended before they were */
} FlowInterruption;

/* What a rate makes of a span, in whole bytes. */
static inline gint64 flow_bytes(gint64 bits_per_second, SimTime span) {
  return (gint64)((__int128)bits_per_second * span.ns / 8 / SIM_SECOND);
}

/* Why flows do not pass. */
typedef struct {
  DropReason reason;
  DropPlace where; /* that the packets ended at; of a loop all that they go round by: "fw-a > fw-b >
                      fw-a" */
} FlowStop;

extern const TraceKind FLOW_INTERRUPTED; /* value: flows; detail: const FlowStop * */
extern const TraceKind FLOW_STOP_MOVED;  /* the same: they still do not pass, for another reason */
extern const TraceKind FLOW_RESTORED;    /* value: flows; detail: const FlowInterruption * */
extern const TraceKind FLOW_MOVED;       /* value: flows */
extern const TraceKind FLOW_GONE;        /* value: flows whose own host failed */
/* Flows whose hosts were there, and that what took these (the cause) kept from passing, since their
 * return or again later on: until now. They count as gone there, and are in no interruption. Value:
 * flows; detail: const FlowInterruption *, of which which they are, `since` and the rate. */
extern const TraceKind FLOW_KEPT_OUT;
extern const TraceKind FLOW_BROKEN; /* value: flows whose session broke */
extern const TraceKind FLOW_FULL;   /* as FLOW_INTERRUPTED, of flows that lack capacity */
/* Value: bytes that did not fit since the last look, below 0 where others passed in place of flows
 * that the cause interrupted. */
extern const TraceKind FLOW_OVERLOAD;
extern const TraceKind FLOW_SHARES; /* object: name of the direction; detail: const FlowShares * */

/* There, from the end that begins a session, and back; with their names in every file. */
typedef enum { FLOW_FORWARD, FLOW_REVERSE, FLOW_DIRECTIONS } FlowDirection;
extern const char *const flow_directions[FLOW_DIRECTIONS];

typedef struct {
  const FlowWay *way;
  guint flows;
  gint64 lacking; /* bits per second of theirs that capacity does not let pass; below 0 for
                     DROP_CAPACITY, which has them and no flows */
} FlowShare;

typedef struct {
  FlowDirection direction;
  guint count;
  const FlowShare *shares; /* in the order of ways: by text */
  guint64 flows;           /* of the traffic */
  gint64 bits_per_second;
} FlowShares;

/* 32 bits of a 5-tuple hash for flow `index` of a traffic, by direction. For the
 * benchmark and tests: counts of `count` hashes by residue. */
void flow_hashes(guint64 seed, guint32 run, const char *traffic, guint direction, guint32 *hashes,
                 guint count);
void flow_count_residues(const guint32 *hashes, guint count, guint modulus, guint *counts);
