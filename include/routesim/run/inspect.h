/* Looking into one run at a moment: the state as tables, who reaches whom, and why a flow takes
 * its way. An inspection is a run that stopped there: the same seed and run number give the state
 * that the whole run had. It owns all that it gives out. */
#pragma once
#include "routesim/run/run.h"

typedef struct Inspection Inspection;

/* The run goes up to and including `at` (no later than the end of the scenario). It never fails. */
Inspection *inspection_new(const Scenario *scenario, const CloudClass *cloud,
                           const RunOptions *options, SimTime at);
void inspection_free(Inspection *inspection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Inspection, inspection_free)

/* ---- state --------------------------------------------------------------------------- */

/* Networks, subnets and their tables, as they are at that moment: property tests hold what is
 * printed to them. */
const CloudTopology *inspection_topology(const Inspection *inspection);

/* What the cloud's own tools print, then the sessions and the RIB of every speaker
 * (CloudListing *). `name`: only what one of its names is; a name stands for all behind it
 * ("hub" for "hub/app"). NULL: all. */
GPtrArray *inspection_listings(Inspection *inspection, const char *name);

/* ---- who reaches whom ------------------------------------------------------------------ */

/* Subnets with hosts, by name, then sites, then the Internet, then the addresses that the scenario
 * sends to and that inspection_add_address() added. */
guint inspection_place_count(const Inspection *inspection);
const char *inspection_place(const Inspection *inspection, guint index);
/* FALSE for an address: it only receives. */
gboolean inspection_place_sends(const Inspection *inspection, guint index);
/* Two places between which a session can be thought of: the first one sends, and is not where the
 * second one is. */
gboolean inspection_is_pair(const Inspection *inspection, guint from, guint to);
/* One more place, where it is not there yet; FALSE where the text is no address. */
gboolean inspection_add_address(Inspection *inspection, const char *text);

typedef enum { REACH_NO, REACH_PARTLY, REACH_YES } ReachVerdict;

/* A new session between two places; NULL texts where they mean nothing. With REACH_PARTLY some
 * hosts, or some choices among equal next hops, get through and others do not. */
typedef struct {
  ReachVerdict verdict;
  const char *forward, *reverse; /* "sdwan+er/0 or sdwan+er/1", of what gets through */
  gboolean direct;               /* what gets through passes nothing, there and back */
  DropReason reason;             /* of the first that does not */
  const char *where;   /* table or element that ended it, or the site that it never left */
  const char *because; /* the reason in a sentence */
  const char *rule;    /* fact ids of the rule that forbids it, separated by ", " */
} Reachability;

Reachability inspection_reach(Inspection *inspection, guint from, guint to);

/* ---- why this way ------------------------------------------------------------------------ */

/* One look-up on the way of some flows of a traffic. */
typedef struct {
  FlowDirection direction;
  const char *way;                        /* as in traffic.csv */
  guint step;                             /* from 0; 0 begins a way */
  const char *at;                         /* the table, element or site that decides */
  const char *prefix, *next_hop, *origin; /* the route that matched; NULL: none */
  const char *why; /* who put it there and what decided, or what ended the way */
} WayStep;

/* Every way that flows between the ends of a traffic take: WayStep *. */
GPtrArray *inspection_ways(Inspection *inspection, const char *traffic);
