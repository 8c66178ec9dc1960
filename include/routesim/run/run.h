/* Running a scenario: from typed scenario, model and run number to rows.
 *
 *     Scenario, CloudClass, RunOptions
 *       -> world_begin(): a world with its events, sealed         inspect.h stops here, at a moment
 *       -> engine_run() until `duration`: events, faults, timers
 *       -> trace -> folds (metric.h) -> RunResult: rows, and with `detail` what the other CSV files
 * hold
 *                     ^
 *                     explain.h reads the same trace, step by step
 *
 * One run is a value: it owns its memory, one arena, shares nothing, and depends on nothing but its
 * arguments; the same ones give the same rows, whatever else the process does. Each event of the
 * scenario is a WorldEvent with a timer; when it is due it is recorded, and what it does (a fault
 * begins or ends, a path is impaired, routes are written, a peering comes) is due to that record.
 *
 * Three readers stand beside run.c. An Inspection runs the same run up to a moment and asks what
 * is: tables, who reaches whom and by which rule not, and why flows take their way. An Explanation
 * walks from an outage back over the causes in the trace. Advice looks at where variants start and
 * end, and tells what does no work. None of them has a model of its own: tables, walks and records
 * are those of a run, so that what they say and what the CSV files say cannot differ. */
#pragma once
#include "routesim/language/scenario.h"
#include "routesim/world/world.h"

/* One row of traffic.csv. */
typedef struct {
  SimTime from, to;
  const char *traffic;
  FlowDirection direction;
  const FlowWay *way;
  const char *via;    /* its text ... */
  DropReason dropped; /* ... and reason */
  guint flows;
  gint64 bits_per_second;
  double share;
} RunTrafficRow;

/* One row of balance.csv. */
typedef struct {
  SimTime from, to;
  const char *traffic;
  FlowDirection direction;
  const char *measure;
  double value;
} RunBalanceRow;

/* One row of routes.csv. */
typedef struct {
  SimTime at;
  const char *table, *prefix, *action, *next_hops, *origin, *cause;
} RunRouteRow;

typedef struct {
  Arena *arena; /* owns everything below */
  const Engine *engine;
  const CloudTopology *topology;
  const CloudClass *cloud;
  const GPtrArray *servers; /* RouteServer *, by name, as the run left them */
  MetricRow *rows;
  guint row_count;
  ProbeResult *probes;
  guint probe_count;
  RunTrafficRow *traffic; /* with `detail` */
  guint traffic_count;
  RunBalanceRow *balance; /* with `detail` */
  guint balance_count;
  RunRouteRow *routes; /* with `detail` */
  guint route_count;
  guint64 events; /* handlers run */
} RunResult;

/* A run never fails: what could be wrong was refused when the file was read. */
RunResult *run_scenario(const Scenario *scenario, const CloudClass *cloud,
                        const RunOptions *options);
void run_result_free(RunResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RunResult, run_result_free)
