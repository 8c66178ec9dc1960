/* routesim run: one scenario, every model; the finding, and a row for each event. */
#include <math.h>
#include <string.h>

#include "results_private.h"
#include "routesim/report/peer_log.h"

/* ---- the finding: what the worst event did ------------------------------------------ */

/* The event with the longest median outage; one that was not over in most runs is the worst. */
static guint worst_event(const BatchCell *cell) {
  guint worst = 0;
  double longest = -1;
  for (guint event = 0; event < cell->event_count; event++) {
    const Summary summary = batch_summary(cell, event, MEASURE_OUTAGE);
    if (summary.n == 0)
      continue; /* it never happened */
    const double outage = isnan(summary.p50) ? HUGE_VAL : summary.p50;
    if (outage > longest) {
      longest = outage;
      worst = event;
    }
  }
  return worst;
}

static double median(const BatchCell *cell, guint event, Measure measure) {
  return batch_summary(cell, event, measure).p50;
}

static void append_outage(GString *out, const BatchCell *cell, guint event) {
  const Summary summary = batch_summary(cell, event, MEASURE_OUTAGE);
  if (summary.censored == summary.n) {
    g_string_append(out, "an outage that does not end within the run");
  } else if (summary.max <= 0) {
    g_string_append(out, "no outage");
    if (summary.runs > 1)
      g_string_append_printf(out, " in any of %u runs", summary.n);
  } else if (summary.runs == 1) {
    g_string_append(out, "outage ");
    append_seconds(out, summary.max);
  } else {
    g_string_append(out, "outage ");
    append_seconds(out, summary.p50);
    g_string_append(out, " in the median, p95 ");
    append_seconds(out, summary.p95);
    g_string_append_printf(out, ", of %u runs", summary.n);
    if (summary.censored > 0)
      g_string_append_printf(out, " (%u not over at the end)", summary.censored);
  }
  if (summary.n < summary.runs)
    g_string_append_printf(out, " (in %u more it never happened)", summary.runs - summary.n);
}

static void append_steps(GString *out, const BatchCell *cell, guint event) {
  const double detected = median(cell, event, MEASURE_DETECTED);
  const double programmed = median(cell, event, MEASURE_PROGRAMMED);
  if (isnan(detected))
    g_string_append(out, "not noticed by any session");
  else
    g_string_append(out, "detected after ");
  if (!isnan(detected))
    append_seconds(out, detected);
  if (isnan(programmed))
    return;
  const gboolean later = !isnan(detected) && programmed >= detected;
  g_string_append(out, ", last route change ");
  if (!later)
    g_string_append(out, "after ");
  append_seconds(out, later ? programmed - detected : programmed);
  if (later)
    g_string_append(out, " later");
}

static void append_flows(GString *out, const BatchCell *cell, guint event) {
  static const struct {
    Measure measure;
    const char *words;
  } parts[] = {{MEASURE_FLOWS_INTERRUPTED, "interrupted"},
               {MEASURE_FLOWS_MOVED, "moved"},
               {MEASURE_FLOWS_GONE, "gone with their host"}};
  const guint64 flows = batch_row(cell, 0, event)->flows;
  gboolean first = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    const double count = median(cell, event, parts[i].measure);
    if (count <= 0)
      continue;
    g_string_append(out, ", ");
    append_measure(out, parts[i].measure, count);
    if (first)
      g_string_append_printf(out, " of %" G_GUINT64_FORMAT " flows", flows);
    g_string_append_printf(out, " %s", parts[i].words);
    first = FALSE;
  }
  const double broken = median(cell, event, MEASURE_SESSIONS_BROKEN);
  if (broken > 0) {
    g_string_append(out, ", ");
    append_measure(out, MEASURE_SESSIONS_BROKEN, broken);
    g_string_append(out, " sessions broken");
  }
}

/* What did not arrive before the event cannot be interrupted by it: so many flows of the first run,
 * and why. */
static void append_stopped(GString *out, const BatchCell *cell, guint event) {
  const MetricRow *row = batch_row(cell, 0, event);
  g_autoptr(GArray) stops = stops_before(cell, event);
  const guint64 stopped = count_stopped(stops);
  if (stopped == 0)
    return;
  if (stopped == row->flows)
    g_string_append_printf(out, "none of %" G_GUINT64_FORMAT " flows arrived before it (",
                           row->flows);
  else
    g_string_append_printf(
        out, "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " flows did not arrive before it (",
        stopped, row->flows);
  append_reasons(out, stops);
  g_string_append(out, "); ");
}

/* Probes know of no event: their gaps are those of the whole run. */
static void append_probes(GString *out, const BatchCell *cell) {
  for (guint i = 0; i < cell->probe_count; i++) {
    const char *name = cell->probes[i].name;
    g_string_append(out, i > 0 ? "; " : " Over the whole run, ");
    if (probe_is_never_answered(cell, name)) {
      g_string_append_printf(out, "%s is never answered", name);
      continue;
    }
    const Summary gap = probe_gap(cell, name);
    g_string_append_printf(out, "the longest gap of %s is ", name);
    append_seconds(out, gap.p50);
    if (gap.max > gap.p50) {
      g_string_append(out, " in the median, ");
      append_seconds(out, gap.max);
      g_string_append(out, " at most");
    }
  }
  if (cell->probe_count > 0)
    g_string_append_c(out, '.');
}

/* Where another event repaired it, the outage rests on when that came. */
static gboolean is_repaired(const MetricRow *row) {
  return !row->never_happened && !sim_time_is_never(row->restored) && !row->restored_by_network;
}

static void append_repair(GString *out, const BatchCell *cell, guint event) {
  guint repaired = 0;
  for (guint run = 0; run < cell->run_count; run++)
    repaired += is_repaired(batch_row(cell, run, event)) ? 1 : 0;
  if (repaired == 0)
    return;
  if (cell->run_count == 1)
    g_string_append_printf(out, " It ended with event %u.", batch_row(cell, 0, event)->restored_by);
  else
    g_string_append_printf(out, " In %u of %u runs a later event ended it.", repaired,
                           cell->run_count);
}

/* What the outage rests on, on average over the runs where the network ended it. */
static void append_basis(GString *out, const BatchCell *cell, guint event) {
  static const struct {
    Basis basis;
    const char *words;
  } parts[] = {{BASIS_ASSUMED, "assumed"},
               {BASIS_MEASURED, "measured"},
               {BASIS_DOCUMENTED, "documented"},
               {BASIS_SET, "set by the scenario"},
               {BASIS_NONE, "from no stage with a basis"}};
  gboolean first = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    double sum = 0;
    guint runs = 0;
    for (guint run = 0; run < cell->run_count; run++) {
      const MetricRow *row = batch_row(cell, run, event);
      if (row->never_happened || row->censored || is_repaired(row))
        continue;
      sum += sim_time_seconds(row->outage_basis.by_basis[parts[i].basis]);
      runs++;
    }
    if (runs == 0 || sum / runs < 0.0005)
      continue;
    g_string_append(out, first ? " " : ", ");
    append_seconds(out, sum / runs);
    g_string_append_printf(out, "%s %s",
                           !first                ? ""
                           : cell->run_count > 1 ? " of the mean"
                                                 : " of it",
                           parts[i].words);
    first = FALSE;
  }
  if (!first)
    g_string_append_c(out, '.');
}

static void append_event(GString *out, const BatchCell *cell) {
  const guint event = worst_event(cell);
  const MetricRow *row = batch_row(cell, 0, event);
  g_string_append_printf(out, "event %u (%s %s): ", event, row->target, row->how);
  if (batch_summary(cell, event, MEASURE_FLOWS).n == 0) {
    g_string_append(out, "never happened: it was due when the run was over.");
    return;
  }
  if (row->flows > 0) {
    append_stopped(out, cell, event);
    append_outage(out, cell, event);
    g_string_append(out, " (");
    append_steps(out, cell, event);
    g_string_append_c(out, ')');
    append_flows(out, cell, event);
  } else {
    append_steps(out, cell, event);
  }
  g_string_append_c(out, '.');
  append_repair(out, cell, event);
  append_basis(out, cell, event);
}

static void append_finding(GString *out, const BatchCell *cell) {
  if (cell->event_count > 0)
    append_event(out, cell);
  else
    g_string_append(out, "nothing happens: the scenario has no events.");
  append_probes(out, cell);
}

static const Column finding_columns[] = {
    {"model", COLUMN_TEXT}, {"variant", COLUMN_TEXT}, {"finding", COLUMN_TEXT}};

/* People get a line for each model, of the file as it stands; JSON has a table. */
static void print_findings(Report *report, const Batch *batch) {
  const gboolean as_table = report_format_is_data(report_format(report));
  if (as_table)
    report_begin(report, "findings", NULL, finding_columns, G_N_ELEMENTS(finding_columns));
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    const ScenarioVariant *variant = cell->scenario->variant;
    g_autoptr(GString) text = g_string_new(NULL);
    append_finding(text, cell);
    if (as_table) {
      report_text(report, cell->cloud->name);
      report_text(report, variant->name);
      report_text(report, text->str);
    } else if (variant->is_base) {
      g_autofree char *line = g_strdup_printf("%s: %s", cell->cloud->name, text->str);
      report_note(report, line);
    }
  }
  if (as_table)
    report_end(report);
}

/* ---- a row for each event and model ------------------------------------------------- */

static guint run_rank(const MeasureSpec *spec) { return spec->run_rank; }

static void add_measure(Report *report, const BatchCell *cell, guint event, Measure measure) {
  g_autoptr(GString) text = g_string_new(NULL);
  const Summary summary = batch_summary(cell, event, measure);
  if (isnan(summary.p50) && summary.censored > 0)
    g_string_append(text, "not over");
  else
    append_measure(text, measure, summary.p50);
  report_text(report, text->str);
}

/* Columns of the table: what says something of any event. */
typedef struct {
  Measure measures[MEASURE_COUNT];
  guint count;
} EventTable;

static EventTable choose_columns(const Batch *batch) {
  EventTable table = {.count = 0};
  Measure shown[MEASURE_COUNT];
  const guint count = measure_ranked(run_rank, shown);
  for (guint i = 0; i < count; i++)
    for (guint event = 0; event < batch_event_count(batch); event++)
      if (says_something(batch, event, shown[i])) {
        table.measures[table.count++] = shown[i];
        break;
      }
  return table;
}

static void add_event(Report *report, const BatchCell *cell, guint event, const EventTable *table) {
  const MetricRow *row = batch_row(cell, 0, event);
  g_autofree char *what = g_strdup_printf("%u: %s %s", event, row->target, row->how);
  report_text(report, what);
  report_text(report, cell->cloud->name);
  report_text(report, cell->scenario->variant->name);
  for (guint i = 0; i < table->count; i++)
    add_measure(report, cell, event, table->measures[i]);
}

static void print_events(Report *report, const Batch *batch) {
  Column columns[MEASURE_COUNT + 3] = {{"event", COLUMN_TEXT},
                                       {"model", COLUMN_TEXT},
                                       {"variant", COLUMN_TEXT, .usual = SCENARIO_BASE}};
  g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func(g_free);
  const EventTable table = choose_columns(batch);
  const BatchCell *first = batch_cell(batch, 0);
  guint count = 3;
  if (batch_event_count(batch) == 0)
    return;
  for (guint i = 0; i < table.count; i++) {
    g_ptr_array_add(titles, measure_title(table.measures[i]));
    columns[count++] = (Column){titles->pdata[i], COLUMN_FIGURE};
  }
  g_autofree char *heading =
      first->run_count > 1 ? g_strdup_printf("Medians of %u runs", first->run_count) : NULL;
  report_begin(report, "events", heading, columns, count);
  for (guint event = 0; event < batch_event_count(batch); event++)
    for (guint i = 0; i < batch_count(batch); i++)
      if (event < batch_cell(batch, i)->event_count)
        add_event(report, batch_cell(batch, i), event, &table);
  report_end(report);
}

/* ---- trace -------------------------------------------------------------------------- */

/* A trace has all of its columns always, because it is read with awk. */
static const Column trace_columns[] = {
    {"model", COLUMN_TEXT},  {"variant", COLUMN_TEXT}, {"id", COLUMN_COUNT},
    {"at_s", COLUMN_TIME},   {"kind", COLUMN_TEXT},    {"subject", COLUMN_TEXT},
    {"object", COLUMN_TEXT}, {"value", COLUMN_FIGURE}, {"cause", COLUMN_COUNT},
    {"stage", COLUMN_TEXT},
};

static void add_record(Report *report, const BatchCell *cell, RecordId id) {
  const TraceRecord *record = engine_record_get(cell->details[0]->engine, id);
  g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, record->value);
  report_text(report, cell->cloud->name);
  report_text(report, cell->scenario->variant->name);
  report_count(report, id);
  report_time(report, record->at);
  report_text(report, record->kind->name);
  report_text(report, record->subject);
  report_text(report, record->object);
  report_text(report, value);
  if (record->cause != 0)
    report_count(report, record->cause);
  else
    report_empty(report);
  report_text(report, record->stage != NULL ? record->stage->name : NULL);
}

/* Records are made in the order of time. */
static void print_trace(Report *report, const Batch *batch) {
  report_begin(report, "trace", "Trace of the first run", trace_columns,
               G_N_ELEMENTS(trace_columns));
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    const guint count = engine_record_count(cell->details[0]->engine);
    for (RecordId id = 1; id <= count; id++)
      add_record(report, cell, id);
  }
  report_end(report);
}

/* ---- the peers' event log ------------------------------------------------------------- */

/* The log is of the file as it stands, under the model that keeps one. */
static void collect_peer_log(const Batch *batch, GString *log) {
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    if (cell->cloud->telling->peer_log && cell->scenario->variant->is_base)
      peer_log_append(cell->details[0], cell->scenario->design, log);
  }
}

/* Which model writes one is known before anything runs. */
static gboolean may_log_peers(const Options *options) {
  if (options->peer_log == NULL)
    return TRUE;
  if (output_is(options->peer_log, options->arguments[0])) {
    complain("--peer-log: %s is the scenario itself", options->peer_log);
    return FALSE;
  }
  if (options->batch.model == NULL || options->batch.model->telling->peer_log)
    return TRUE;
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(GString) others = g_string_new(NULL);
  for (guint i = 0; i < cloud_count(); i++)
    if (cloud_at(i)->telling->peer_log)
      g_string_append_printf(others, "; %s does%s", cloud_at(i)->title,
                             cloud_cite(cloud_at(i), arena, RULE_LOGS_PEERS));
  complain("--peer-log: %s keeps no event log of its peers%s", options->batch.model->title,
           others->str);
  return FALSE;
}

static Status write_peer_log(const char *path, const GString *log) {
  g_autoptr(GError) error = NULL;
  Output *output = output_path(path);
  output_write(output, log->str, log->len);
  if (output_close(output, &error))
    return STATUS_DONE;
  complain("%s", error->message);
  return STATUS_IO;
}

/* ---- the command -------------------------------------------------------------------- */

static void print(const Printer *printer, guint file, const Batch *batch) {
  Report *report = printer->report;
  const Options *options = printer->options;
  (void)file;
  if (options->peer_log != NULL)
    collect_peer_log(batch, printer->data);
  if (options->format == report_format_find("csv")) { /* one table: no more fits into CSV */
    if (options->trace)
      print_trace(report, batch);
    else
      write_rows(report, ROWS_FAILOVERS, batch);
    return;
  }
  print_findings(report, batch);
  if (report_format_is_data(options->format)) {
    write_rows(report, ROWS_FAILOVERS, batch);
    write_rows(report, ROWS_PROBES, batch);
  } else {
    print_events(report, batch);
    print_probes(report, batch);
  }
  print_stops(report, batch);
  if (options->trace)
    print_trace(report, batch);
}

static Status run(const Options *options) {
  g_autoptr(GString) log = g_string_new(NULL);
  const PrintHooks hooks = {.detail = TRUE, .print = print, .data = log};
  if (!may_log_peers(options))
    return STATUS_CALL;
  const Status status = run_and_print(options, &hooks);
  if (options->peer_log == NULL || status == STATUS_CALL || status == STATUS_IO)
    return status;
  return status_worse(status, write_peer_log(options->peer_log, log));
}

const Command command_run = {
    .name = "run",
    .arguments = "FILE",
    .summary = "Runs one scenario under every model and tells what happened",
    .description =
        "With --out DIR the CSV files are written there too. With --format csv the rows\n"
        "of failovers.csv are printed, or with --trace the records of the first run.",
    .options = OPTION_FORMAT | OPTION_LOAD | OPTION_RUNS | OPTION_DETAIL | OPTION_TRACE,
    .least = 1,
    .most = 1,
    .run = run,
};
