/* Columns as data, and how a row fills them. Scripts rely on their names, order and meaning. */
#include "routesim/report/rows.h"

/* The columns that several tables share. */
#define SCENARIO                                                                                   \
  { "scenario", COLUMN_TEXT, "`name` of the file" }
#define MODEL                                                                                      \
  { "model", COLUMN_TEXT, "the cloud, as in `models`" }
#define VARIANT                                                                                    \
  { "variant", COLUMN_TEXT, "`base` for the file as it stands" }
#define RUN                                                                                        \
  { "run", COLUMN_COUNT, "number of the replication, from 0" }
#define FROM                                                                                       \
  { "from_s", COLUMN_TIME, "start of a stretch of the run in which nothing changed" }
#define TO                                                                                         \
  { "to_s", COLUMN_TIME, "its end" }
#define TRAFFIC                                                                                    \
  { "traffic", COLUMN_TEXT, "name of the entry of `traffic`" }
#define DIRECTION                                                                                  \
  { "direction", COLUMN_TEXT, "`forward` or `reverse`" }
#define RUN_KEY SCENARIO, MODEL, VARIANT, RUN
#define STRETCH RUN_KEY, FROM, TO, TRAFFIC, DIRECTION

/* The columns before the measures, which are the rows of METRIC_MEASURES. */
static const Column failover_columns[] = {
    RUN_KEY,
    {"seed", COLUMN_COUNT, "that the run drew from"},
    {"event", COLUMN_COUNT, "number of the event, from 0"},
    {"at_s", COLUMN_TIME,
     "when it happened; the other times count from here; with all measures empty "
     "where a drawn time is no earlier than the end of the run, so that it never did"},
    {"target", COLUMN_TEXT, "what failed, changed or came back"},
    {"how", COLUMN_TEXT, "kind of failure; `restore` for a restoration"},
};
static void add_restored_by(Report *report, const MetricRow *row) {
  char number[16];
  if (row->never_happened || sim_time_is_never(row->restored)) {
    report_empty(report);
  } else if (row->restored_by_network) {
    report_text(report, "network");
  } else {
    g_snprintf(number, sizeof number, "%u", row->restored_by);
    report_text(report, number);
  }
}

static void add_censored(Report *report, const MetricRow *row) {
  if (row->never_happened)
    report_empty(report);
  else
    report_count(report, row->censored ? 1 : 0);
}

static void add_measure(Report *report, const MetricRow *row, Measure measure) {
  if (row->never_happened)
    report_empty(report);
  else if (measure_is_time(measure))
    report_time(report, measure_time(row, measure));
  else
    report_count(report, measure_count(row, measure));
}

/* What stands behind a measure and is none: it says how the measure ended. */
static const struct {
  Measure behind;
  Column column;
  void (*add)(Report *report, const MetricRow *row);
} failover_ends[] = {
    {MEASURE_RESTORED,
     {"restored_by", COLUMN_TEXT, "`network`, or the number of the event that repaired it"},
     add_restored_by},
    {MEASURE_OUTAGE,
     {"censored", COLUMN_COUNT, "1 where the run ended before the flow came back, else 0"},
     add_censored},
};

static const Column traffic_columns[] = {
    STRETCH,
    {"via", COLUMN_TEXT,
     "what carries it, or `dropped:REASON`: [where flows go](#where-flows-go-via-in-trafficcsv)"},
    {"flows", COLUMN_COUNT, "that go this way"},
    {"bits_per_s", COLUMN_COUNT, "their rate"},
    {"share", COLUMN_NUMBER, "of the flows of this entry, from 0 to 1"},
};

static const Column balance_columns[] = {
    STRETCH,
    {"measure", COLUMN_TEXT,
     "`ways`, `delivered`, `jain`, `max_over_mean` or `cross_zone`: "
     "[how evenly](#how-evenly-balancecsv)"},
    {"value", COLUMN_NUMBER, "of the measure"},
};

static const Column route_columns[] = {
    RUN_KEY,
    {"at_s", COLUMN_TIME, "when the table changed"},
    {"table", COLUMN_TEXT, "the route table, or the NICs of a subnet at an instance"},
    {"prefix", COLUMN_TEXT, "of the route"},
    {"action", COLUMN_TEXT, "`install`, `replace` or `remove`"},
    {"next_hops", COLUMN_TEXT, "after the change"},
    {"origin", COLUMN_TEXT, "as the cloud names it"},
    {"cause", COLUMN_TEXT, "the event at the root, or what else set it off"},
};

static const Column probe_columns[] = {
    RUN_KEY,
    {"probe", COLUMN_TEXT, "name of the entry of `probes`"},
    {"sent", COLUMN_COUNT, "packets"},
    {"lost", COLUMN_COUNT, "those that no answer came for"},
    {"longest_gap_s", COLUMN_TIME, "longest time without an answer"},
};

static const Column summary_columns[] = {
    SCENARIO,
    MODEL,
    VARIANT,
    {"event", COLUMN_COUNT, "number of the event, from 0"},
    {"how", COLUMN_TEXT, "as in failovers.csv"},
    {"measure", COLUMN_TEXT, "a column of failovers.csv, without its `_s`"},
    {"unit", COLUMN_TEXT, "of mean, min, the quantiles and max: `s`, `B` or `flows`"},
    {"runs", COLUMN_COUNT, "all of them"},
    {"n", COLUMN_COUNT, "runs in which it happened"},
    {"censored", COLUMN_COUNT, "runs that ended before it was over"},
    {"mean", COLUMN_NUMBER, "over the runs in which it happened and was over"},
    {"min", COLUMN_NUMBER, "least"},
    {"p50", COLUMN_NUMBER, "median; quantiles are exact (type 7), empty among censored runs"},
    {"p95", COLUMN_NUMBER, "95th percentile"},
    {"p99", COLUMN_NUMBER, "99th percentile"},
    {"max", COLUMN_NUMBER, "greatest"},
    {"mean_low", COLUMN_NUMBER,
     "[interval](#how-sure-a-summary-is) of the mean; empty below two runs, and where any is "
     "censored"},
    {"mean_high", COLUMN_NUMBER, "its other end"},
    {"p50_low", COLUMN_NUMBER,
     "interval of the median; an end that the runs are too few to give is empty"},
    {"p50_high", COLUMN_NUMBER, "its other end"},
    {"p95_low", COLUMN_NUMBER, "interval of the 95th percentile"},
    {"p95_high", COLUMN_NUMBER, "its other end"},
    {"p99_low", COLUMN_NUMBER, "interval of the 99th percentile"},
    {"p99_high", COLUMN_NUMBER, "its other end"},
    {"level", COLUMN_NUMBER, "probability with which an interval holds what it is of: 0.95"},
};

static const Column variant_columns[] = {
    SCENARIO,
    {"variant", COLUMN_TEXT, "its name; `base` sets nothing and has no row"},
    {"key", COLUMN_TEXT, "path that it sets"},
    {"value", COLUMN_TEXT, "to what"},
};

static const struct {
  const char *name;
  const Column *columns;
  guint count;
} tables[ROWS_COUNT] = {
    [ROWS_FAILOVERS] = {"failovers", failover_columns, G_N_ELEMENTS(failover_columns)},
    [ROWS_SUMMARY] = {"summary", summary_columns, G_N_ELEMENTS(summary_columns)},
    [ROWS_VARIANTS] = {"variants", variant_columns, G_N_ELEMENTS(variant_columns)},
    [ROWS_PROBES] = {"probes", probe_columns, G_N_ELEMENTS(probe_columns)},
    [ROWS_TRAFFIC] = {"traffic", traffic_columns, G_N_ELEMENTS(traffic_columns)},
    [ROWS_BALANCE] = {"balance", balance_columns, G_N_ELEMENTS(balance_columns)},
    [ROWS_ROUTES] = {"routes", route_columns, G_N_ELEMENTS(route_columns)},
};

const char *rows_name(RowsKind kind) { return tables[kind].name; }

static void append_measures(GArray *columns) {
  for (guint measure = 0; measure < MEASURE_COUNT; measure++) {
    const MeasureSpec *spec = measure_spec((Measure)measure);
    const Column column = {spec->column,
                           measure_is_time((Measure)measure) ? COLUMN_TIME : COLUMN_COUNT,
                           spec->meaning};
    if (!measure_stands_in((Measure)measure, MEASURE_IN_FAILOVERS))
      continue;
    g_array_append_val(columns, column);
    for (guint i = 0; i < G_N_ELEMENTS(failover_ends); i++)
      if (failover_ends[i].behind == measure)
        g_array_append_val(columns, failover_ends[i].column);
  }
}

GArray *rows_columns(RowsKind kind) {
  GArray *columns = g_array_new(FALSE, FALSE, sizeof(Column));
  g_array_append_vals(columns, tables[kind].columns, tables[kind].count);
  if (kind == ROWS_FAILOVERS)
    append_measures(columns);
  return columns;
}

void rows_begin(Report *report, RowsKind kind) {
  g_autoptr(GArray) columns = rows_columns(kind);
  report_begin(report, tables[kind].name, NULL, (const Column *)columns->data, columns->len);
}

static void add_key(Report *report, const RowKey *key) {
  report_text(report, key->scenario);
  report_text(report, key->model);
  report_text(report, key->variant);
}

void rows_add_failover(Report *report, const RowKey *key, guint event, const MetricRow *row) {
  add_key(report, key);
  report_count(report, key->run);
  report_count(report, key->seed);
  report_count(report, event);
  report_time(report, row->never_happened ? SIM_TIME_NEVER : row->at);
  report_text(report, row->target);
  report_text(report, row->how);
  for (guint measure = 0; measure < MEASURE_COUNT; measure++) {
    if (!measure_stands_in((Measure)measure, MEASURE_IN_FAILOVERS))
      continue;
    add_measure(report, row, (Measure)measure);
    for (guint i = 0; i < G_N_ELEMENTS(failover_ends); i++)
      if (failover_ends[i].behind == measure)
        failover_ends[i].add(report, row);
  }
}

void rows_add_probe(Report *report, const RowKey *key, const ProbeResult *probe) {
  add_key(report, key);
  report_count(report, key->run);
  report_text(report, probe->name);
  report_count(report, probe->sent);
  report_count(report, probe->lost);
  report_time(report, probe->longest_gap);
}

void rows_add_traffic(Report *report, const RowKey *key, const RunResult *result) {
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    add_key(report, key);
    report_count(report, key->run);
    report_time(report, row->from);
    report_time(report, row->to);
    report_text(report, row->traffic);
    report_text(report, flow_directions[row->direction]);
    report_text(report, row->via);
    report_count(report, row->flows);
    report_count(report, (guint64)row->bits_per_second);
    report_number(report, row->share);
  }
}

void rows_add_balance(Report *report, const RowKey *key, const RunResult *result) {
  for (guint i = 0; i < result->balance_count; i++) {
    const RunBalanceRow *row = &result->balance[i];
    add_key(report, key);
    report_count(report, key->run);
    report_time(report, row->from);
    report_time(report, row->to);
    report_text(report, row->traffic);
    report_text(report, flow_directions[row->direction]);
    report_text(report, row->measure);
    report_number(report, row->value);
  }
}

void rows_add_routes(Report *report, const RowKey *key, const RunResult *result) {
  for (guint i = 0; i < result->route_count; i++) {
    const RunRouteRow *row = &result->routes[i];
    add_key(report, key);
    report_count(report, key->run);
    report_time(report, row->at);
    report_text(report, row->table);
    report_text(report, row->prefix);
    report_text(report, row->action);
    report_text(report, row->next_hops);
    report_text(report, row->origin);
    report_text(report, row->cause);
  }
}

static void add_interval(Report *report, Interval interval) {
  report_number(report, interval.low);
  report_number(report, interval.high);
}

void rows_add_summary(Report *report, const RowKey *key, guint event, const char *how,
                      Measure measure, const Summary *summary, const Intervals *intervals) {
  add_key(report, key);
  report_count(report, event);
  report_text(report, how);
  report_text(report, measure_name(measure));
  report_text(report, measure_unit_name(measure));
  report_count(report, summary->runs);
  report_count(report, summary->n);
  report_count(report, summary->censored);
  report_number(report, summary->mean);
  report_number(report, summary->min);
  report_number(report, summary->p50);
  report_number(report, summary->p95);
  report_number(report, summary->p99);
  report_number(report, summary->max);
  add_interval(report, intervals->mean);
  add_interval(report, intervals->p50);
  add_interval(report, intervals->p95);
  add_interval(report, intervals->p99);
  report_number(report, INTERVAL_LEVEL);
}

void rows_add_variant(Report *report, const char *scenario, const ScenarioVariant *variant) {
  for (guint i = 0; i < variant->count; i++) {
    report_text(report, scenario);
    report_text(report, variant->name);
    report_text(report, variant->settings[i].path);
    report_text(report, variant->settings[i].value);
  }
}
