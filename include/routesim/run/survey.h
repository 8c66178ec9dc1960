/* What it costs when one thing fails, or one after the other.
 *
 *     design without its events --> SurveyWorld, converged, at a random phase
 *       survey_fail(first) .. settled     --> SurveyRow: outage, what is lost for good, the load
 *         survey_fail(second) .. settled  --> SurveyRow of the pair
 *       survey_return(first) .. settled   --> SurveyRow: what the return broke
 *
 * The network has settled when nothing of it changed for ten minutes (no table, session or flow: no
 * record) and nobody waits for a moment that was fixed before these; it has a day for that, or an
 * hour where it does not settle with nothing failed. What a run finds is read off the same trace
 * and by the same folds as the rows of failovers.csv, so a failure costs here what it costs in a
 * scenario that has it as an event.
 *
 * Several things can be tried from one state: a SurveyMark keeps what the world is, and the world
 * is brought back to it (arena_mark()), which costs less than to build one anew.
 */
#pragma once
#include "routesim/base/statistics.h"
#include "routesim/run/run.h"

typedef struct {
  const char *target; /* as `fail:` takes it */
  const FaultKind *how;
} SurveyCase;

typedef struct {
  gboolean proven;          /* of a pair: it is proven that the second changes nothing */
  gboolean settled;         /* FALSE: a day later the network still changed */
  SimTime at;               /* when the first one failed */
  SimTime detected;         /* of the last failure, from there on; NEVER: nobody noticed */
  SimTime outage;           /* by any failure; NEVER: only a restoration ended it, if that did */
  guint64 flows;            /* all of them ... */
  guint64 gone;             /* ... of which so many went with their own hosts */
  guint64 lost;             /* of the rest, undeliverable when the network had settled */
  guint64 interrupted;      /* undeliverable for a time */
  guint64 sessions_broken;  /* by the failures ... */
  guint64 returning_broken; /* ... and by the return */
  double load;              /* when settled: offered over capacity, of the busiest element ... */
  IpAddress load_at;        /* ... which has this address; IP_NONE: none has a capacity */
} SurveyRow;

typedef struct SurveyWorld SurveyWorld;

/* A run of the design without its events, duration, start and probes, in which any of the cases may
 * happen. All are borrowed. It stands at the moment of the first failure. */
SurveyWorld *survey_world_new(const Design *design, const CloudClass *cloud,
                              const RunOptions *options, const SurveyCase *cases, guint count);
void survey_world_free(SurveyWorld *survey);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SurveyWorld, survey_world_free)
/* A case happens, and the network settles. */
void survey_fail(SurveyWorld *survey, guint number);
/* The world is again what it was at the mark, one of its own. Marks end with survey_mark_free(). */
typedef struct ArenaMark SurveyMark;
SurveyMark *survey_mark(SurveyWorld *survey);
void survey_return_to(SurveyWorld *survey, const SurveyMark *mark);
void survey_mark_free(SurveyMark *mark);
/* Is it proven that the case would change nothing for any flow as things stand? FALSE: who knows.
 * After survey_ask(), which walks all flows, and before anything happens. */
void survey_ask(SurveyWorld *survey);
gboolean survey_is_cold(const SurveyWorld *survey, guint number);
/* Ends the run, of which nothing but freeing is left, and tells what became of it. */
void survey_finish(SurveyWorld *survey, SurveyRow *row);
/* The same of what failed and then comes back: `row` is of the failure, but for what the return
 * broke, and that the network settled after both. */
void survey_return(SurveyWorld *survey, guint number, SurveyRow *row);
/* The name of SurveyRow.load_at, which any world of the same design and cloud knows; NULL: none. */
const char *survey_world_element(const SurveyWorld *survey, IpAddress load_at);

/* What a failure comes to over runs. Shares are of the flows whose hosts did not fail. */
typedef struct {
  Summary detected, outage; /* seconds; an outage that only the restoration ended is censored */
  double lost, interrupted, sessions_broken, returning_broken; /* means of shares */
  double gone, lost_of_all;                                    /* of all flows */
  guint losing, unsettled; /* runs that lost flows for good, and that never settled */
  double load;             /* the most of any run ... */
  IpAddress load_at;       /* ... and where; IP_NONE: nothing has a capacity */
} SurveySummary;
SurveySummary survey_summary(const SurveyRow *rows, guint count);

/* What a failure, or a pair of them, came to. */
typedef struct {
  const SurveyCase *first, *second; /* second NULL: one failure alone */
  SurveySummary summary;
  gboolean mends; /* of a pair: the second one brings back flows that the first one stopped */
} SurveyOutcome;
typedef struct {
  guint pairs;         /* ordered ones, all of them */
  guint64 runs_made;   /* of pairs ... */
  guint64 runs_proven; /* ... and runs of which it is proven that the second changes nothing */
} SurveyTotals;
