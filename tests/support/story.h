/* A scenario told in a test: YAML text, read by the real loader, run once or often. What a fact
 * says of a whole system is asserted on the rows that a user would see.
 *
 * The text is the base below with `more` after it, so that a test says only what matters:
 * network "hub" 10.0.0.0/16 with subnets app (20 hosts, zone a), a (zone a), b (zone b); traffic
 * "flows" of 1000 from hub/app to site "dc" 192.168.0.0/16 behind fw-a and fw-b; route server
 * "rs", under aws with endpoints a1, a2 in hub/a and b1, b2 in hub/b, propagating to hub/app. */
#pragma once
#include "routesim/run/run.h"

typedef struct Story Story;

/* `nvas` and `more` are YAML: the block under `nvas:` (indented by two), and further top-level
 * keys. Fails the test where the scenario is wrong. */
Story *story_new(const char *nvas, const char *more);
/* The whole text, nothing added. */
Story *story_text(const char *text);
/* A shipped scenario, its path as seen from the top of the tree. `set`: NULL, or as below. */
Story *story_file(const char *path, const char *set);
/* What is wrong with a text, one message a line (severity: text); the caller frees. */
char *story_diagnostics(const char *text);
void story_free(Story *story);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Story, story_free)

/* `set` is "PATH=VALUE", as on the command line. */
Story *story_new_set(const char *nvas, const char *more, const char *set);
const Scenario *story_scenario(const Story *story); /* the first of its variants */
const Design *story_body(const Story *story);
RunResult *story_run(const Story *story, const char *model, guint run);
/* Least and greatest of a measure over the first `runs` runs, in seconds or counts. Fails the
 * test where a run has no value. */
typedef struct {
  double least, greatest;
} StoryRange;
StoryRange story_range(const Story *story, const char *model, guint event, const char *measure,
                       guint runs);
/* TRUE where no run has a value: it never happened. */
gboolean story_never(const Story *story, const char *model, guint event, const char *measure,
                     guint runs);
void story_assert_range(StoryRange range, double least, double greatest);
/* A message of this severity about the text has the words. */
void story_assert_says(const char *text, const char *severity, const char *words);
/* By which way the first flows of a direction go; "": there are none. Owned by `result`. */
const char *story_way(const RunResult *result, const char *direction);
/* The share of its traffic that goes by `via` at a moment; 0: none does. */
double story_share(const RunResult *result, SimTime at, const char *direction, const char *via);
/* How many flows of a traffic (NULL: of all) go by `via` at a moment. */
guint story_flows(const RunResult *result, const char *traffic, gint64 at_s, const char *direction,
                  const char *via);
/* Next hops of `prefix` in `table` at the end, as routes.csv shows them; "" where the last
 * change took them out, NULL where there was no change. Owned by `result`. */
const char *story_hops(const RunResult *result, const char *table, const char *prefix);

/* Two appliances of a kind with the same announcement but for what `b_more` adds. */
#define STORY_PAIR(kind, peers, b_more)                                                            \
  "  fw-a: {kind: " kind ", subnet: hub/a, asn: 65010, peers: {rs: " peers                         \
  "}, advertise: [{prefix: 192.168.0.0/16}]}\n"                                                    \
  "  fw-b: {kind: " kind ", subnet: hub/b, asn: 65010, peers: {rs: " peers                         \
  "}, advertise: [{prefix: 192.168.0.0/16" b_more "}]}\n"
