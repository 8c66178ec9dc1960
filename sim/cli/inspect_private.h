/* What the commands share that look into one run: show, reach, explain. */
#pragma once
#include "cli_private.h"
#include "routesim/run/inspect.h"

/* One variant of one file, and how to run it. */
typedef struct {
  ScenarioFile *file; /* owned */
  const Scenario *scenario;
  RunOptions run;
} Inspected;

/* The first argument is the file; what is wrong with it, or its variant, goes to standard error. */
Status inspected_load(const Options *options, Inspected *inspected);
void inspected_clear(Inspected *inspected);
/* TRUE where the call asks for this model and the scenario names it. */
gboolean inspected_wants(const Options *options, const Inspected *inspected,
                         const CloudClass *cloud);
/* "firewall-pair, variant cut, at 90s". Caller frees. */
char *inspected_title(const Inspected *inspected, const SimTime *at);

/* What each cited fact says: "AWS-8.1 'Prefixes sent to peers: none ...'", joined by "; ".
 * `ids`: separated by ", ". Caller frees. */
char *fact_sentences(const char *ids);
