/* Rows of a batch, as every command and every file has them. */
#include <string.h>

#include "results_private.h"
#include "routesim/report/csv.h"

/* ---- rows --------------------------------------------------------------------------- */

static RowKey key_of(const BatchCell *cell, guint place) {
  return (RowKey){.scenario = cell->scenario->design->name,
                  .model = cell->cloud->name,
                  .variant = cell->scenario->variant->name,
                  .seed = cell->seed,
                  .run = cell->first_run + place};
}

static void write_run(Report *report, RowsKind kind, const BatchCell *cell, guint place) {
  const RowKey key = key_of(cell, place);
  const RunResult *detail = cell->details != NULL ? cell->details[place] : NULL;
  if (kind == ROWS_FAILOVERS)
    for (guint event = 0; event < cell->event_count; event++)
      rows_add_failover(report, &key, event, batch_row(cell, place, event));
  else if (kind == ROWS_PROBES)
    for (guint i = 0; i < cell->probe_count; i++)
      rows_add_probe(report, &key, &cell->probes[(gsize)place * cell->probe_count + i]);
  else if (kind == ROWS_TRAFFIC && detail != NULL)
    rows_add_traffic(report, &key, detail);
  else if (kind == ROWS_BALANCE && detail != NULL)
    rows_add_balance(report, &key, detail);
  else if (kind == ROWS_ROUTES && detail != NULL)
    rows_add_routes(report, &key, detail);
}

static void write_summary(Report *report, const BatchCell *cell) {
  const RowKey key = key_of(cell, 0);
  for (guint event = 0; event < cell->event_count; event++)
    for (guint measure = 0; measure < MEASURE_COUNT; measure++) {
      if (!measure_stands_in((Measure)measure, MEASURE_IN_SUMMARY))
        continue;
      const Summary summary = batch_summary(cell, event, (Measure)measure);
      const Intervals intervals = batch_intervals(cell, event, (Measure)measure);
      rows_add_summary(report, &key, event, batch_row(cell, 0, event)->how, (Measure)measure,
                       &summary, &intervals);
    }
}

/* Each variant has one row, whatever the number of its models. */
static void write_variant(Report *report, const Batch *batch, guint index) {
  const Scenario *scenario = batch_cell(batch, index)->scenario;
  if (index == 0 || batch_cell(batch, index - 1)->scenario != scenario)
    rows_add_variant(report, scenario->design->name, scenario->variant);
}

void write_rows(Report *report, RowsKind kind, const Batch *batch) {
  rows_begin(report, kind);
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    if (kind == ROWS_SUMMARY)
      write_summary(report, cell);
    else if (kind == ROWS_VARIANTS)
      write_variant(report, batch, i);
    else
      for (guint place = 0; place < cell->run_count; place++)
        write_run(report, kind, cell, place);
  }
  report_end(report);
}

char *summary_text(const Batch *batch) {
  GString *text = g_string_new(NULL);
  Output *output = output_memory(text);
  Report *report = report_new(report_format_find("csv"), output);
  write_rows(report, ROWS_SUMMARY, batch);
  report_finish(report);
  output_close(output, NULL);
  return g_string_free(text, FALSE);
}

void copy_csv(Report *report, const char *csv) {
  g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(g_free);
  const char *cursor = csv;
  csv_next(&cursor, fields); /* the header */
  while (csv_next(&cursor, fields))
    for (guint i = 0; i < fields->len; i++)
      report_raw(report, fields->pdata[i]);
}

void join_csv(GString *all, const char *csv) {
  const char *header_end = strchr(csv, '\n');
  if (all->len == 0)
    g_string_append(all, csv);
  else if (header_end != NULL)
    g_string_append(all, header_end + 1);
}

gboolean says_something(const Batch *batch, guint event, Measure measure) {
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    if (event >= cell->event_count)
      continue;
    if (measure == MEASURE_OUTAGE && batch_row(cell, 0, event)->flows > 0)
      return TRUE;
    const Summary summary = batch_summary(cell, event, measure);
    if (summary.n > 0 && !(summary.max <= 0))
      return TRUE;
  }
  return FALSE;
}

guint32 planned_runs(const Options *options, const Design *body) {
  if (options->batch.only_run_given)
    return 1;
  return options->batch.runs > 0 ? options->batch.runs : (guint32)body->runs;
}
