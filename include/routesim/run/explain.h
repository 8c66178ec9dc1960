/* What led to an outage: a reader of the trace of a run that is over. Walks from the end of an
 * interruption back over the causes to the event, and tells each step with what passed meanwhile.
 * Results live in the run's arena. */
#pragma once
#include "routesim/run/run.h"

typedef struct {
  SimTime at;
  SimTime took;       /* since its cause; NEVER for the first */
  SimTime counts;     /* of a way back: the part of `took` that belongs to the outage */
  const char *what;   /* "rs/0 chooses fw-b for 192.168.0.0/16" */
  const char *passed; /* what took the time: "hold timer"; NULL: nothing that has a name */
  const Stage *stage; /* what its length rests on; NULL: no trait */
  const char *fact;   /* of the stage, but for facts about another cloud */
} ExplainedStep;

/* The longest interruption of any flow because of an event; one that was not over counts as the
 * longest. */
typedef struct {
  const char *traffic;
  guint flows;
  DropReason reason;    /* of the walk */
  const char *where;    /* that it ended at: "fw-a"; or NULL */
  SimTime since, until; /* `until` is the end of the run where `censored` */
  gboolean censored;
  gboolean gone;       /* it ended with the flows, whose own host failed */
  GPtrArray *stopped;  /* ExplainedStep *: from the event to the stop */
  GPtrArray *restored; /* from the event that ended it to the end; empty where censored */
  gboolean repaired;   /* another event ended it */
  guint repaired_by;
  SimTime waited; /* from `since` to that event: with what `restored` counts, all of it */
} Explanation;

/* `traffic` NULL: of any. FALSE where no flow was interrupted because of the event. */
gboolean explain_outage(const RunResult *result, guint event, const char *traffic,
                        Explanation *out);
/* What the event cost: lost_bytes, sessions_broken and session_outage of *row; `traffic` as
 * above. */
void explain_losses(const RunResult *result, guint event, const char *traffic, MetricRow *row);
/* From the event to the last change of a route table that it caused; empty where none. */
GPtrArray *explain_last_change(const RunResult *result, guint event);
