/* What the files of traffic share. */
#pragma once
#include "fate_private.h"
#include "ways_private.h"

/* Interruptions that ended with the flows. */
typedef struct OverList OverList;
struct OverList {
  FlowInterruption *over;
  const OverList *next;
};

/* Roots of causes that did something to flows, each of which counts once. */
typedef struct RootList RootList;
struct RootList {
  RecordId root;
  const RootList *next;
};

static inline gboolean has_root(const RootList *list, RecordId root) {
  for (const RootList *known = list; known != NULL; known = known->next)
    if (known->root == root)
      return TRUE;
  return FALSE;
}

/* The last fate that was walked, between two things at one instant too; of flows that were pinned
 * so. It holds as long as nothing changes that the walks met. */
typedef struct {
  FabricReads reads;
  BalancerPin pinned[FLOW_DIRECTIONS];
  const Fate *fate;
} Known;

typedef struct {
  guint32 residue[FLOW_DIRECTIONS];
  guint flows;
  gboolean gone, returned; /* their hosts have no power; ... have it again just now */
  /* At the last look they would not pass, hosts aside, since this. Kept where no interruption tells
   * it: while they are gone, or kept out, and within an instant. */
  gboolean stopped;
  RecordId stopped_by;
  RecordId back_root;    /* of what brought their hosts back last */
  gboolean kept_out;     /* their hosts are there: what took these stops them still, or anew */
  FlowInterruption kept; /* ... and how far that has come */
  RecordId kept_by;
  Fate fates[2];    /* what both of these point to */
  const Fate *fate; /* that they have */
  Known known;
  const FlowWay *marked[FLOW_DIRECTIONS]; /* ways at the last mark */
  gboolean was_open;                      /* a session was opened at some time */
  guint holder_count;                     /* how many elements hold the sessions' state */
  const Element *holders[MOST_HOLDERS];
  RecordId home_by;                    /* the choice that led there when it last did, and ... */
  RecordId led_away_by;                /* ... the first one since that leads elsewhere; 0: none */
  BalancerPin pinned[FLOW_DIRECTIONS]; /* whom balancers handed the open sessions to */
  RecordId down;                       /* FLOW_INTERRUPTED, while interrupted */
  FlowStop stop;                       /* why and where, of that or a later look */
  SimTime since;
  gboolean resumed;             /* as in FlowInterruption */
  RecordId down_root;           /* root of this or the last interruption */
  const RootList *down_roots;   /* of all that lasted: counted once an event */
  gboolean broken_meanwhile;    /* its sessions broke during this interruption */
  FlowInterruption *opening;    /* whose broken sessions try to open; NULL: none do */
  SimTime opens_at;             /* the first attempt that succeeds, unless packets stop before it */
  const RootList *gone_roots;   /* of what took their hosts: there they count as gone and no more */
  const OverList *left;         /* ended with their hosts, and they have not passed since */
  const RootList *broken_roots; /* of every FLOW_BROKEN: counted once an event */
  gint64 offered[FLOW_DIRECTIONS];      /* bits per second, and of these ... */
  gint64 lacking[FLOW_DIRECTIONS];      /* ... what capacity does not let pass */
  const Element *full[FLOW_DIRECTIONS]; /* that does not let it pass; NULL: nothing lacks */
  gint64 missed;        /* bits per second that do not fit, while nothing interrupts them */
  gint64 missed_anyway; /* ... when what interrupts them now began */
} FlowClass;

/* Flows of one traffic between one source group and one destination group. */
typedef struct {
  const TrafficConfig *config;
  guint first;                             /* of the traffic's flows: names its stream of hashes */
  const RouteTable *from_table, *to_table; /* NULL at a site's or address's end */
  guint flows;
  guint32 *hashes[FLOW_DIRECTIONS]; /* made when first needed */
  guint modulus[FLOW_DIRECTIONS];
  GPtrArray *classes;
} FlowSet;

typedef struct {
  TrafficConfig config;
  GPtrArray *sets; /* FlowSet * */
  FlowShares last_shares[FLOW_DIRECTIONS];
  gint64 lacking[FLOW_DIRECTIONS]; /* of all its classes */
  gint64 overload_at_start;        /* bits per second that did not fit at first */
  GArray *overloads;               /* Account: what does not fit beyond that, by its cause */
  GArray *spared;         /* Account: what fits instead of flows that are interrupted, by that */
  GArray *eased;          /* Account: what would not fit, by its cause, but for something else */
  SimTime overload_since; /* the last change of these */
  GArray *full;           /* FullElement, at the last look */
  Traffic *traffic;
  Timer *end_timer; /* when the sessions have ended that balancers handed out */
} TrafficItem;

struct Traffic {
  Fabric *fabric;
  Engine *engine;
  Arena *arena;
  gboolean detail;
  guint64 seed;
  guint32 run;
  GPtrArray *items;  /* TrafficItem * */
  GPtrArray *probes; /* Probe * */
  Timer *evaluate_timer;
  RecordId due_to;     /* what made it look at all flows now */
  RecordId changed_by; /* the last change that it was told of */
  gboolean looking;    /* in between: nothing is recorded */
  gboolean walks_anew; /* whatever is known */
  gboolean begun;
  gboolean limited; /* some way has an element with a capacity */
  GHashTable *labels;
  GHashTable *ways; /* FlowWay *: each once */
};

/* What flows of the class offer in either direction, of all that the traffic offers. */
static inline gint64 traffic_offered(const TrafficConfig *config, guint flows) {
  return (gint64)((__int128)config->bits_per_second * flows / config->flows);
}
/* The way that flows are shown at: of flows that are gone none is told. */
const FlowWay *way_shown(Traffic *traffic, const FlowClass *class, guint direction);
/* A new fate of a class whose hosts are there. */
void outage_follow(Traffic *traffic, const FlowSet *set, FlowClass *class);
/* ... and of one that is gone, or between two things that happen at one instant: nothing is
 * recorded. */
void outage_look(const Traffic *traffic, FlowClass *class);
/* The hosts at either end lose power, and have it again; before the fate that follows from that. */
void outage_flows_go(Traffic *traffic, const FlowSet *set, FlowClass *class);
void outage_flows_return(Traffic *traffic, const FlowSet *set, FlowClass *class);
/* TRUE where a balancer handed out the sessions, or what is left of them. */
gboolean outage_is_handed_out(const FlowClass *class);
/* Those that pass end in their own time; the next look finds where the balancer hands the next
 * ones. */
void outage_sessions_end(const Traffic *traffic, FlowClass *class);
/* The run ends. */
void outage_end(Traffic *traffic, const FlowSet *set, FlowClass *class);
