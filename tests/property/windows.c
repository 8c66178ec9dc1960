/* One truth, many windows: `reach`, `show`, `explain`, traffic.csv, routes.csv and failovers.csv
 * are read off the same network, so on random designs at random moments they say the same.
 *
 * PROPERTY_DESIGNS=20000 tries so many designs (`make check-all` does); PROPERTY_FIRST=N begins
 * with that one. */
#include "property/windows.h"

#include <criterion/criterion.h>
#include <string.h>

#include "routesim/base/random.h"
#include "support/topology.h"

/* Designs of one test, at -O2. */
#define COUNT TOPOLOGY_COUNT(200)
#define PARTS 4
#define MOMENTS 2

typedef char *(*WindowsCheck)(Windows *windows);

static const WindowsCheck of_moments[] = {windows_ways, windows_tables, windows_replay};
static const WindowsCheck of_runs[] = {windows_stops, windows_events};

static char *check_all(Windows *windows, const WindowsCheck *checks, guint count) {
  char *complaint = NULL;
  for (guint i = 0; i < count && complaint == NULL; i++)
    complaint = checks[i](windows);
  return complaint;
}

/* Any moment, or one at which something has just happened. */
static SimTime draw_moment(RandomStream *stream, const Windows *windows) {
  const SimTime end = windows->scenario->design->duration.law.a;
  const Engine *engine = windows->result->engine;
  const guint64 draw = random_bits(stream);
  const guint count = engine_record_count(engine);
  if (count == 0 || draw % 2 == 0)
    return sim_time_ns((gint64)(random_bits(stream) % (guint64)end.ns));
  const SimTime at = engine_record_get(engine, 1 + (RecordId)(random_bits(stream) % count))->at;
  return sim_time_min(at, sim_time_ns(end.ns - 1));
}

static guint64 checks; /* of this process, which is one part */

static char *windows_agree(const char *text, const Scenario *scenario, const CloudClass *cloud,
                           guint64 seed) {
  const RunOptions options = {.seed = seed, .detail = TRUE};
  g_autoptr(RunResult) result = run_scenario(scenario, cloud, &options);
  g_autoptr(Inspection) start = inspection_new(scenario, cloud, &options, SIM_TIME_ZERO);
  RandomStream stream = random_stream(seed, 0, "moments");
  Windows windows = {scenario, cloud, result, start, start, SIM_TIME_ZERO, 0};
  (void)text;
  char *complaint = check_all(&windows, of_runs, G_N_ELEMENTS(of_runs));
  if (complaint == NULL)
    complaint = check_all(&windows, of_moments, G_N_ELEMENTS(of_moments));
  for (guint i = 0; i < MOMENTS && complaint == NULL; i++) {
    windows.at = draw_moment(&stream, &windows);
    g_autoptr(Inspection) look = inspection_new(scenario, cloud, &options, windows.at);
    windows.look = look;
    complaint = check_all(&windows, of_moments, G_N_ELEMENTS(of_moments));
  }
  checks += windows.checks;
  return complaint;
}

static void check_part(guint part) {
  static const TopologyOptions wide = {.wide = TRUE};
  const guint designs =
      topology_check_part(part, PARTS, 400001, PARTS * COUNT, &wide, windows_agree);
  if (topology_is_long())
    g_printerr("windows, part %u: %u designs, %" G_GUINT64_FORMAT " checks\n", part, designs,
               checks);
}

Test(windows, agree_0) { check_part(0); }
Test(windows, agree_1) { check_part(1); }
Test(windows, agree_2) { check_part(2); }
Test(windows, agree_3) { check_part(3); }

int windows_place(const Inspection *inspection, const char *name) {
  for (guint i = 0; i < inspection_place_count(inspection); i++)
    if (strcmp(inspection_place(inspection, i), name) == 0)
      return (int)i;
  return -1;
}

int windows_event_of(const Engine *engine, RecordId id) {
  const RecordId root = engine_record_root(engine, id);
  const TraceRecord *record = root != 0 ? engine_record_get(engine, root) : NULL;
  return record != NULL && record->kind == &FAULT_EVENT ? (int)record->value : -1;
}

char *windows_complain(const MetricRow *row, guint event, const char *what, double left,
                       double right) {
  return g_strdup_printf("%s (event %u, %s %s): %.9g and %.9g", what, event, row->how, row->target,
                         left, right);
}
