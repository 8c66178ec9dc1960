/* routesim batch: many files and runs; rows into a folder, or their summary on standard output. */
#include <string.h>

#include "results_private.h"
#include "routesim/base/shown.h"
#include "routesim/report/csv.h"

/* ---- the summary for people: a row for each event ----------------------------------- */

static const Column columns[] = {
    {"scenario", COLUMN_TEXT},
    {"model", COLUMN_TEXT},
    {"variant", COLUMN_TEXT, .usual = SCENARIO_BASE},
    {"event", COLUMN_COUNT},
    {"how", COLUMN_TEXT},
    {"runs", COLUMN_COUNT},
    {"detected, median", COLUMN_FIGURE},
    {"outage, median", COLUMN_FIGURE},
    {"p95", COLUMN_FIGURE},
    {"max", COLUMN_FIGURE},
    {"not over", COLUMN_COUNT},
};

/* An event has a row for each measure in summary.csv; these are the fields that one line shows. */
static const char *const key_fields[] = {"scenario", "model", "variant", "event", "how", "runs"};
static const char *const outage_fields[] = {"p50", "p95", "max"};

static void add_seconds(Report *report, const char *value, gboolean censored) {
  g_autoptr(GString) text = g_string_new(NULL);
  if (value[0] != '\0')
    append_seconds(text, g_ascii_strtod(value, NULL));
  else if (censored)
    g_string_append(text, "not over");
  report_text(report, text->str);
}

static const char *field(const GPtrArray *header, const GPtrArray *row, const char *name) {
  return row->pdata[csv_column(header, name)];
}

static void add_line(Report *report, const char *detected, const GPtrArray *header,
                     const GPtrArray *outage) {
  const char *not_over = field(header, outage, "censored");
  for (guint i = 0; i < G_N_ELEMENTS(key_fields); i++)
    report_raw(report, field(header, outage, key_fields[i]));
  add_seconds(report, detected, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS(outage_fields); i++)
    add_seconds(report, field(header, outage, outage_fields[i]), strcmp(not_over, "0") != 0);
  report_raw(report, not_over);
}

static void print_short(Report *report, const char *summary) {
  g_autoptr(GPtrArray) header = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) row = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *detected = NULL;
  const char *cursor = summary;
  csv_next(&cursor, header);
  report_begin(report, "summary", NULL, columns, G_N_ELEMENTS(columns));
  while (csv_next(&cursor, row)) {
    if (row->len < header->len)
      continue;
    const char *measure = field(header, row, "measure");
    if (strcmp(measure, measure_name(MEASURE_DETECTED)) == 0) {
      g_free(detected);
      detected = g_strdup(field(header, row, "p50"));
    } else if (strcmp(measure, measure_name(MEASURE_OUTAGE)) == 0) {
      add_line(report, detected != NULL ? detected : "", header, row);
    }
  }
  report_end(report);
}

/* ---- the command -------------------------------------------------------------------- */

typedef struct {
  const Options *options;
  const Loaded *loaded;
  GString *summary; /* NULL: the folder keeps it */
} Collected;

static Status collect(gpointer data, guint file, const Batch *batch) {
  Collected *collected = data;
  if (!collected->options->quiet && !collected->options->batch.only_run_given)
    warn_of_idle_expectations(collected->loaded->files->pdata[file], batch);
  if (collected->summary == NULL)
    return STATUS_DONE;
  g_autofree char *text = summary_text(batch);
  join_csv(collected->summary, text);
  return STATUS_DONE;
}

static void print_written(Output *output, const Options *options, const Loaded *loaded) {
  g_autoptr(GString) text = g_string_new(NULL);
  shown_append(text, options->out, -1);
  g_string_append(text, ": manifest.json");
  for (guint kind = 0; kind < ROWS_COUNT; kind++)
    g_string_append_printf(text, ", %s.csv", rows_name((RowsKind)kind));
  g_string_append_printf(text, " of %u scenario%s\n", loaded->files->len,
                         loaded->files->len == 1 ? "" : "s");
  if (options->plots != NULL) {
    shown_append(text, options->plots, -1);
    g_string_append(text, ": pictures\n");
  }
  output_text(output, text->str);
}

static Status print_summary(const Options *options, const Loaded *loaded, const char *summary) {
  Output *output = output_stdout();
  Report *report = report_new(options->format, output);
  if (options->out != NULL && !options->format_given)
    print_written(output, options, loaded);
  else if (!report_format_is_data(options->format))
    print_short(report, summary);
  else {
    rows_begin(report, ROWS_SUMMARY);
    copy_csv(report, summary);
    report_end(report);
  }
  report_finish(report);
  return finish_stdout(output);
}

static Status run_loaded(const Options *options, const Loaded *loaded) {
  Status status;
  ResultFolder *folder = batch_folder_open(options, loaded, &status);
  if (status != STATUS_DONE)
    return status;
  Collected collected = {options, loaded, folder == NULL ? g_string_new(NULL) : NULL};
  g_autofree char *summary = NULL;
  if (folder == NULL || !result_folder_is_complete(folder)) {
    status = run_files(options, loaded, folder, FALSE, collect, &collected);
    if (folder != NULL && status == STATUS_DONE)
      status = result_folder_finish(folder);
  }
  if (folder == NULL)
    summary = g_string_free(collected.summary, FALSE);
  else if (status == STATUS_DONE)
    summary = result_folder_text(folder, ROWS_SUMMARY, &status);
  for (guint i = 0; i < loaded->files->len && status < STATUS_CALL; i++)
    if (!options->batch.only_run_given)
      status = status_worse(status, check_expectations(loaded->files->pdata[i], summary));
  if (status < STATUS_CALL)
    status = status_worse(status, print_summary(options, loaded, summary));
  result_folder_free(folder);
  return status;
}

static Status run(const Options *options) { return with_scenarios(options, TRUE, run_loaded); }

const Command command_batch = {
    .name = "batch",
    .arguments = "PATH...",
    .summary = "Runs files and folders of scenarios, many times, and writes the CSV files",
    .description =
        "A folder stands for every *.yaml file below it. With --out DIR, DIR holds failovers.csv,\n"
        "summary.csv, variants.csv, probes.csv, traffic.csv, routes.csv, balance.csv and\n"
        "manifest.json, whose columns scenarios/README.md tells; without it the summary is\n"
        "printed. A batch that was killed goes on with --resume, which proves what is there by\n"
        "DIR/.journal and refuses another call than it was begun with.",
    .options =
        OPTION_FORMAT | OPTION_LOAD | OPTION_RUNS | OPTION_DETAIL | OPTION_RESUME | OPTION_UNTIL,
    .least = 1,
    .most = G_MAXUINT,
    .run = run,
};
