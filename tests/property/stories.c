/* Stories: random designs under both clouds in which impairments, flaps, overlapping failures,
 * boots and returns meet, at random moments and on a grid. Read independently, failovers.csv,
 * traffic.csv, routes.csv and the trace agree: no count above the flows, no time before its event
 * or behind the end, lost bytes are the integral of what was dropped, each interruption has its
 * event or is of none, `lazy` tells what `packet` tells, and a walk that was not made again,
 * because nothing that it met had changed, would have come to the same.
 *
 * As many again are exact: no jitter and no distributions, so that the two modes agree to the byte.
 * PROPERTY_DESIGNS=20000 tries so many of either kind (`make check-all` does). */
#include "property/stories.h"

#include <criterion/criterion.h>

#include "support/topology.h"

/* Stories of one kind in one test run, at -O2. */
#define COUNT TOPOLOGY_COUNT(150)
#define PARTS 2

static guint64 checks; /* of this process, which is one part */

static char *tells(const Scenario *scenario, const CloudClass *cloud, guint64 seed,
                   gboolean exact) {
  const RunOptions options = {.seed = seed, .detail = TRUE};
  g_autoptr(RunResult) result = run_scenario(scenario, cloud, &options);
  Windows windows = {.scenario = scenario, .cloud = cloud, .result = result};
  char *complaint = windows_events(&windows);
  if (complaint == NULL)
    complaint = stories_rows(&windows, seed);
  if (complaint == NULL && exact)
    complaint = stories_modes(&windows, seed);
  if (complaint == NULL && !exact)
    complaint = stories_walks(&windows, seed);
  checks += windows.checks;
  return complaint;
}

static char *spread_tells(const char *text, const Scenario *scenario, const CloudClass *cloud,
                          guint64 seed) {
  (void)text;
  return tells(scenario, cloud, seed, FALSE);
}

static char *exact_tells(const char *text, const Scenario *scenario, const CloudClass *cloud,
                         guint64 seed) {
  (void)text;
  return tells(scenario, cloud, seed, TRUE);
}

static void check_part(guint part, gboolean exact) {
  const TopologyOptions options = {.wide = TRUE, .eventful = TRUE, .exact = exact};
  const guint stories = topology_check_part(part, PARTS, exact ? 600001 : 500001, COUNT, &options,
                                            exact ? exact_tells : spread_tells);
  if (topology_is_long())
    g_printerr("stories%s, part %u: %u stories, %" G_GUINT64_FORMAT " checks\n",
               exact ? " without jitter" : "", part, stories, checks);
}

Test(stories, hold_0) { check_part(0, FALSE); }
Test(stories, hold_1) { check_part(1, FALSE); }
Test(stories_exact, hold_0) { check_part(0, TRUE); }
Test(stories_exact, hold_1) { check_part(1, TRUE); }
