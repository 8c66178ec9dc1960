/* The tables that users' scripts rely on, column by column: failovers, summary, variants, probes,
 * traffic, routes and balance. Each adder writes one row (or the rows of one run) into a
 * table that its begin function began. */
#pragma once
#include "routesim/report/format.h"
#include "routesim/run/run.h"

typedef enum {
  ROWS_FAILOVERS,
  ROWS_SUMMARY,
  ROWS_VARIANTS,
  ROWS_PROBES,
  ROWS_TRAFFIC,
  ROWS_ROUTES,
  ROWS_BALANCE,
} RowsKind;
#define ROWS_COUNT 7

/* "failovers": the table's key; its file is NAME.csv. */
const char *rows_name(RowsKind kind);
/* Column, in their order, each with its meaning. Caller frees. */
GArray *rows_columns(RowsKind kind);
void rows_begin(Report *report, RowsKind kind);

/* Which run a row is of. */
typedef struct {
  const char *scenario, *model, *variant; /* SCENARIO_BASE: the file as it stands */
  guint64 seed;
  guint32 run;
} RowKey;

void rows_add_failover(Report *report, const RowKey *key, guint event, const MetricRow *row);
void rows_add_probe(Report *report, const RowKey *key, const ProbeResult *probe);
/* All rows of a run with detail. */
void rows_add_traffic(Report *report, const RowKey *key, const RunResult *result);
void rows_add_balance(Report *report, const RowKey *key, const RunResult *result);
void rows_add_routes(Report *report, const RowKey *key, const RunResult *result);
/* The run of `key` does not matter. `how` is the event's. */
void rows_add_summary(Report *report, const RowKey *key, guint event, const char *how,
                      Measure measure, const Summary *summary, const Intervals *intervals);
void rows_add_variant(Report *report, const char *scenario, const ScenarioVariant *variant);
