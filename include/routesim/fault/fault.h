/* Failures: what can happen to a thing, by kind, and its end.
 *
 * A victim is whatever can fail, reduced to what failing touches: its node, the ends of
 * its BGP and BFD sessions, the hosts that go dark with it. The world makes one for each name that
 * events may use (an appliance, a part of a route server, a link, a zone's hosts). A kind is a row
 * of a table: what fails, what others see of it, and a pair of functions. A fault is one kind at
 * work on some victims.
 *
 *     event --> Fault (kind) --> effect on each victim --> NetNode: dark, cut, not forwarding
 *                                                      --> BgpPeer, BfdSession: stop, die
 *                                                      --> Subnet: hosts dark
 *
 * Faults may overlap, and each takes back only what it did: so victims count what keeps them down,
 * and nodes keep a reason for each. fault_begin() and fault_end() are called by the run when the
 * event and its `restore` are due; between them a fault has timers of its own (forwarding that goes
 * on for a while, the stop behind a drain), and after them a boot: power comes back at once, a
 * process when it has booted, with nothing learned. Nobody is told that a fault is over: sessions
 * and tables find out as they would.
 *
 * Where somebody stands by, a standby takes the victim's place after a while, as if the failure
 * were over, and the fault goes on at what is out of use; of a cluster (cluster.h) the members are
 * victims of their own. */
#pragma once
#include "routesim/bfd/bfd.h"
#include "routesim/bgp/speaker.h"
#include "routesim/design/design.h"
#include "routesim/net/fabric.h"

typedef struct {
  BfdSession *session;
  guint side;
} BfdSessionEnd;

typedef void (*ProcessHandler)(gpointer data);

typedef struct {
  const char *name;
  NetNode *node;           /* NULL: hosts only */
  GPtrArray *peers;        /* BgpPeer *: this victim's ends */
  GArray *bfd_ends;        /* BfdSessionEnd */
  BgpSpeaker *speaker;     /* whose RIBs die with the process; NULL: they live elsewhere */
  gboolean shared_process; /* sessions end here, but the process that holds their state does
                              not: a loss of power is only silence. Facts: AWS-6.4. */
  Distribution boot;       /* from power back to the process */
  GPtrArray *subnets;      /* Subnet *: hosts that go dark with it */
  GPtrArray *tenants;      /* FaultVictim *: what these hosts run, and lose power with; or NULL */
  ProcessHandler process_ended, process_started; /* or NULL */
  gpointer data;
  void (*held_back)(gpointer data, gboolean on); /* planned work: it is taken out of use, or put
                                                    back; or NULL */
  gpointer held_back_data;
  /* A standby takes its place so long after an orderly stop, or after any other failure; NULL:
   * there is none. */
  const Distribution *standby_planned, *standby_unplanned;
  guint drain_prepend;  /* planned maintenance makes its routes so much longer; 0: withdraws them */
  SimTime standby_from; /* when the one it took the place of has booted; 0 at first */
  DesignForwards crash_forwards; /* in place of what the kind says of a crash */
  gboolean stops_silently;       /* an orderly stop closes TCP, without NOTIFICATION */
  guint stops;                   /* what keeps its process from running; 0 at first */
  ProcessHandler stops_changed;  /* or NULL */
  gpointer stops_data;
  guint holds;      /* faults that keep it from announcing; 0 at first */
  guint powerless;  /* faults that keep power away; 0 at first */
  gpointer booting; /* the boot that began last; NULL at first */
  gpointer effects; /* what faults do to who has a standby; NULL at first */
} FaultVictim;

typedef enum { FAULT_OF_ALL, FAULT_OF_APPLIANCES } FaultScope;

/* When a standby is called: at once, after a failure or an orderly stop; or by the kind
 * itself, when it stops what worked until then. */
typedef enum { STANDBY_UNPLANNED, STANDBY_PLANNED, STANDBY_LATER } StandbyCall;

typedef struct Fault Fault;

/* A kind is a row of the table in sim/fault/fault.c with its two functions, and its line in the
 * reference. */
typedef struct FaultKind {
  const char *name;       /* "silent": as in `how` */
  const char *what;       /* what fails, as the reference has it */
  const char *seen;       /* what the far end sees, likewise */
  FaultScope scope;       /* FAULT_OF_APPLIANCES: an error on parts of route servers and zones */
  gboolean for_links;     /* makes sense for a site's link */
  gboolean forwards;      /* by default, the data plane goes on ... */
  SimTime forwards_for;   /* ... or for so long (0: as `forwards` says) ... */
  Ground forwards_ground; /* ... and what that rests on */
  gboolean is_crash;      /* the victim's own `crash_forwards` wins */
  void (*begin)(Fault *fault, FaultVictim *victim);
  void (*end)(Fault *fault, FaultVictim *victim);
  StandbyCall calls_standby;
  gboolean takes_power; /* of what the victim's hosts run, too */
} FaultKind;

guint fault_kind_count(void);
const FaultKind *fault_kind_at(guint index);
const FaultKind *fault_kind_find(const char *name);

typedef struct {
  const char *name; /* unique: owner of its timers */
  const FaultKind *kind;
  DesignForwards forwards;
  SimTime drain_wait; /* `drain`: from the withdrawal to the stop */
  Ground drain_ground;
  guint64 seed;
  guint32 run;
} FaultConfig;

/* A fault is made before the engine is sealed; nothing happens yet. `victims` are FaultVictim *. */
Fault *fault_new(Engine *engine, const FaultConfig *config, GPtrArray *victims);
/* The current cause is the record of the event. */
void fault_begin(Fault *fault);
/* What is active ends; power comes back at once, processes after their boot. */
void fault_end(Fault *fault);

/* The victim's process ends in good order, unless it does not run, and does not run again until
 * the release; without a fault. */
void fault_hold_process(Engine *engine, FaultVictim *victim);
void fault_release_process(Engine *engine, FaultVictim *victim);

/* An event of the scenario happens. Subject: target; object: how; value: its number. */
extern const TraceKind FAULT_EVENT;
/* A standby took the place of what failed. Subject: the victim. */
extern const TraceKind FAULT_STANDBY;
/* What went on for a while after the failure is over. Subject: the victim; value: a FaultStop. */
typedef enum { FAULT_STOPPED_FORWARDING, FAULT_STOPPED_ALL } FaultStop;
extern const TraceKind FAULT_STOPPED;
/* What lost power runs again. Subject: the victim. */
extern const TraceKind FAULT_BOOTED;
