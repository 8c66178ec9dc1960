/* Running a scenario: from typed scenario, model and run number to rows. One run is a
 * value: it owns its memory, shares nothing, and depends on nothing but its arguments. */
#pragma once
#include "routesim/language/scenario.h"
#include "routesim/world/world.h"

/* One row of traffic.csv. */
typedef struct {
  SimTime from, to;
  const char *traffic;
  FlowDirection direction;
  const char *via;    /* as in FlowShare, ... */
  DropReason dropped; /* ... as is this */
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

/* Never fails: what could be wrong was refused when the file was read. */
RunResult *run_scenario(const Scenario *scenario, const CloudClass *cloud,
                        const RunOptions *options);
void run_result_free(RunResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RunResult, run_result_free)
