/* Columns as data, and how a row fills them. Scripts rely on their names, order and meaning. */
#include "routesim/report/rows.h"

static const Column failover_columns[] = {
    {"scenario", COLUMN_TEXT},
    {"model", COLUMN_TEXT},
    {"variant", COLUMN_TEXT},
    {"run", COLUMN_COUNT},
    {"seed", COLUMN_COUNT},
    {"event", COLUMN_COUNT},
    {"at_s", COLUMN_TIME},
    {"target", COLUMN_TEXT},
    {"how", COLUMN_TEXT},
    {"detected_s", COLUMN_TIME},
    {"withdrawn_s", COLUMN_TIME},
    {"decided_s", COLUMN_TIME},
    {"programmed_s", COLUMN_TIME},
    {"restored_s", COLUMN_TIME},
    {"restored_by", COLUMN_TEXT},
    {"outage_s", COLUMN_TIME},
    {"censored", COLUMN_COUNT},
    {"session_outage_s", COLUMN_TIME},
    {"lost_bytes", COLUMN_COUNT},
    {"flows", COLUMN_COUNT},
    {"flows_interrupted", COLUMN_COUNT},
    {"flows_moved", COLUMN_COUNT},
    {"flows_gone", COLUMN_COUNT},
    {"sessions_broken", COLUMN_COUNT},
};

static const Column traffic_columns[] = {
    {"scenario", COLUMN_TEXT}, {"model", COLUMN_TEXT},       {"variant", COLUMN_TEXT},
    {"run", COLUMN_COUNT},     {"from_s", COLUMN_TIME},      {"to_s", COLUMN_TIME},
    {"traffic", COLUMN_TEXT},  {"direction", COLUMN_TEXT},   {"via", COLUMN_TEXT},
    {"flows", COLUMN_COUNT},   {"bits_per_s", COLUMN_COUNT}, {"share", COLUMN_NUMBER},
};

static const Column balance_columns[] = {
    {"scenario", COLUMN_TEXT}, {"model", COLUMN_TEXT},     {"variant", COLUMN_TEXT},
    {"run", COLUMN_COUNT},     {"from_s", COLUMN_TIME},    {"to_s", COLUMN_TIME},
    {"traffic", COLUMN_TEXT},  {"direction", COLUMN_TEXT}, {"measure", COLUMN_TEXT},
    {"value", COLUMN_NUMBER},
};

static const Column route_columns[] = {
    {"scenario", COLUMN_TEXT}, {"model", COLUMN_TEXT},  {"variant", COLUMN_TEXT},
    {"run", COLUMN_COUNT},     {"at_s", COLUMN_TIME},   {"table", COLUMN_TEXT},
    {"prefix", COLUMN_TEXT},   {"action", COLUMN_TEXT}, {"next_hops", COLUMN_TEXT},
    {"origin", COLUMN_TEXT},   {"cause", COLUMN_TEXT},
};

static const Column probe_columns[] = {
    {"scenario", COLUMN_TEXT}, {"model", COLUMN_TEXT},         {"variant", COLUMN_TEXT},
    {"run", COLUMN_COUNT},     {"probe", COLUMN_TEXT},         {"sent", COLUMN_COUNT},
    {"lost", COLUMN_COUNT},    {"longest_gap_s", COLUMN_TIME},
};

static const Column summary_columns[] = {
    {"scenario", COLUMN_TEXT}, {"model", COLUMN_TEXT}, {"variant", COLUMN_TEXT},
    {"event", COLUMN_COUNT},   {"how", COLUMN_TEXT},   {"measure", COLUMN_TEXT},
    {"runs", COLUMN_COUNT},    {"n", COLUMN_COUNT},    {"censored", COLUMN_COUNT},
    {"mean", COLUMN_NUMBER},   {"min", COLUMN_NUMBER}, {"p50", COLUMN_NUMBER},
    {"p95", COLUMN_NUMBER},    {"p99", COLUMN_NUMBER}, {"max", COLUMN_NUMBER},
};

static const Column variant_columns[] = {
    {"scenario", COLUMN_TEXT},
    {"variant", COLUMN_TEXT},
    {"key", COLUMN_TEXT},
    {"value", COLUMN_TEXT},
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

void rows_begin(Report *report, RowsKind kind) {
  report_begin(report, tables[kind].name, NULL, tables[kind].columns, tables[kind].count);
}

static void add_key(Report *report, const RowKey *key) {
  report_text(report, key->scenario);
  report_text(report, key->model);
  report_text(report, key->variant);
}

static void add_restored_by(Report *report, const MetricRow *row) {
  char number[16];
  if (sim_time_is_never(row->restored)) {
    report_empty(report);
  } else if (row->restored_by_network) {
    report_text(report, "network");
  } else {
    g_snprintf(number, sizeof number, "%u", row->restored_by);
    report_text(report, number);
  }
}

void rows_add_failover(Report *report, const RowKey *key, guint event, const MetricRow *row) {
  add_key(report, key);
  report_count(report, key->run);
  report_count(report, key->seed);
  report_count(report, event);
  report_time(report, row->at);
  report_text(report, row->target);
  report_text(report, row->how);
  report_time(report, row->detected);
  report_time(report, row->withdrawn);
  report_time(report, row->decided);
  report_time(report, row->programmed);
  report_time(report, row->restored);
  add_restored_by(report, row);
  report_time(report, row->outage);
  report_count(report, row->censored ? 1 : 0);
  report_time(report, row->session_outage);
  report_count(report, row->lost_bytes);
  report_count(report, row->flows);
  report_count(report, row->flows_interrupted);
  report_count(report, row->flows_moved);
  report_count(report, row->flows_gone);
  report_count(report, row->sessions_broken);
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
    report_text(report, row->direction);
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
    report_text(report, row->direction);
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

void rows_add_summary(Report *report, const RowKey *key, guint event, const char *how,
                      Measure measure, const Summary *summary) {
  add_key(report, key);
  report_count(report, event);
  report_text(report, how);
  report_text(report, measure_name(measure));
  report_count(report, summary->runs);
  report_count(report, summary->n);
  report_count(report, summary->censored);
  report_number(report, summary->mean);
  report_number(report, summary->min);
  report_number(report, summary->p50);
  report_number(report, summary->p95);
  report_number(report, summary->p99);
  report_number(report, summary->max);
}

void rows_add_variant(Report *report, const char *scenario, const ScenarioVariant *variant) {
  for (guint i = 0; i < variant->count; i++) {
    report_text(report, scenario);
    report_text(report, variant->name);
    report_text(report, variant->settings[i].path);
    report_text(report, variant->settings[i].value);
  }
}
