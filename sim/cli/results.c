/* Result folders: parts while a batch runs, whole files at its end. */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "results_private.h"
#include "routesim/report/csv.h"
#include "routesim/report/manifest.h"

#define PARTS ".parts"

struct ResultFolder {
  const Options *options;
  const Loaded *loaded;
  char *path, *parts;
  char *manifest;     /* text to be */
  GPtrArray *entries; /* char *: of each file, with what its pictures depend on */
};

/* ---- rows --------------------------------------------------------------------------- */

static RowKey key_of(const BatchCell *cell, guint place) {
  return (RowKey){.scenario = cell->scenario->body->name,
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
      const Summary summary = batch_summary(cell, event, (Measure)measure);
      rows_add_summary(report, &key, event, batch_row(cell, 0, event)->how, (Measure)measure,
                       &summary);
    }
}

/* Once for each variant, not for each model of it. */
static void write_variant(Report *report, const Batch *batch, guint index) {
  const Scenario *scenario = batch_cell(batch, index)->scenario;
  if (index == 0 || batch_cell(batch, index - 1)->scenario != scenario)
    rows_add_variant(report, scenario->body->name, scenario->variant);
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

/* ---- what a folder will hold -------------------------------------------------------- */

guint32 planned_runs(const Options *options, const ScenarioBody *body) {
  if (options->batch.only_run_given)
    return 1;
  return options->batch.runs > 0 ? options->batch.runs : (guint32)body->runs;
}

static ManifestScenario manifest_scenario(const Options *options, const ScenarioFile *file) {
  const ScenarioBody *body = scenario_file_get(file, 0)->body;
  const BatchOptions *batch = &options->batch;
  ManifestScenario scenario = {.name = body->name,
                               .seed = batch->seed_given ? batch->seed : (guint64)body->seed,
                               .first_run = batch->only_run_given ? batch->only_run : 0,
                               .runs = planned_runs(options, body)};
  scenario.text = scenario_file_text(file, &scenario.length);
  return scenario;
}

static void describe(ResultFolder *folder) {
  const Options *options = folder->options;
  const GPtrArray *files = folder->loaded->files;
  const ManifestOptions manifest = {
      .model = options->batch.model != NULL ? options->batch.model->name : NULL,
      .liveness = options->liveness,
      .detail_all = options->batch.detail_all,
      .settings = (const char *const *)options->set};
  g_autofree ManifestScenario *scenarios = g_new0(ManifestScenario, files->len + 1);
  folder->entries = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < files->len; i++) {
    scenarios[i] = manifest_scenario(options, files->pdata[i]);
    g_autofree char *entry = manifest_entry(&manifest, &scenarios[i]);
    g_ptr_array_add(folder->entries,
                    g_strconcat(entry, options->plots != NULL ? options->plots : "", "\n", NULL));
  }
  folder->manifest = manifest_text(&manifest, scenarios, files->len);
}

static Status make_folder(const char *path) {
  if (g_mkdir_with_parents(path, 0777) == 0)
    return STATUS_DONE;
  complain("cannot write %s: %s", path, g_strerror(errno));
  return STATUS_IO;
}

ResultFolder *result_folder_open(const Options *options, const Loaded *loaded, Status *status) {
  *status = STATUS_DONE;
  if (options->out == NULL)
    return NULL;
  ResultFolder *folder = g_new0(ResultFolder, 1);
  folder->options = options;
  folder->loaded = loaded;
  folder->path = g_strdup(options->out);
  folder->parts = g_build_filename(options->out, PARTS, NULL);
  describe(folder);
  *status = make_folder(folder->path);
  if (*status == STATUS_DONE)
    return folder;
  result_folder_free(folder);
  return NULL;
}

void result_folder_free(ResultFolder *folder) {
  if (folder == NULL)
    return;
  g_free(folder->path);
  g_free(folder->parts);
  g_free(folder->manifest);
  g_ptr_array_unref(folder->entries);
  g_free(folder);
}

/* ---- resuming ----------------------------------------------------------------------- */

static gboolean file_holds(const char *directory, const char *name, const char *text) {
  g_autofree char *path = g_build_filename(directory, name, NULL);
  g_autofree char *found = NULL;
  return g_file_get_contents(path, &found, NULL, NULL) && strcmp(found, text) == 0;
}

static gboolean has_plots(const ResultFolder *folder, guint file) {
  if (folder->options->plots == NULL)
    return TRUE;
  g_autoptr(GPtrArray) names = plot_names(folder->loaded->files->pdata[file], folder->options);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename(folder->options->plots, names->pdata[i], NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
      return FALSE;
  }
  return TRUE;
}

gboolean result_folder_is_complete(const ResultFolder *folder) {
  if (!folder->options->resume || !file_holds(folder->path, "manifest.json", folder->manifest))
    return FALSE;
  for (guint kind = 0; kind < ROWS_COUNT; kind++) {
    g_autofree char *name = g_strconcat(rows_name((RowsKind)kind), ".csv", NULL);
    g_autofree char *path = g_build_filename(folder->path, name, NULL);
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
      return FALSE;
  }
  for (guint i = 0; i < folder->loaded->files->len; i++)
    if (!has_plots(folder, i))
      return FALSE;
  return TRUE;
}

static const char *scenario_name(const ResultFolder *folder, guint file) {
  return scenario_file_get(folder->loaded->files->pdata[file], 0)->body->name;
}

static char *part_name(const ResultFolder *folder, guint file, RowsKind kind) {
  return g_strdup_printf("%s.%s.csv", scenario_name(folder, file), rows_name(kind));
}

static char *entry_name(const ResultFolder *folder, guint file) {
  return g_strdup_printf("%s.json", scenario_name(folder, file));
}

gboolean result_folder_has(const ResultFolder *folder, guint file) {
  g_autofree char *name = entry_name(folder, file);
  return folder->options->resume && file_holds(folder->parts, name, folder->entries->pdata[file]) &&
         has_plots(folder, file);
}

/* ---- writing ------------------------------------------------------------------------ */

static Status close_output(Output *output) {
  g_autoptr(GError) error = NULL;
  if (output_close(output, &error))
    return STATUS_DONE;
  complain("%s", error->message);
  return STATUS_IO;
}

static Status write_part(const ResultFolder *folder, guint file, RowsKind kind,
                         const Batch *batch) {
  g_autofree char *name = part_name(folder, file, kind);
  Output *output = output_file(folder->parts, name, FALSE);
  Report *report = report_new(report_format_find("csv"), output);
  write_rows(report, kind, batch);
  report_finish(report);
  return close_output(output);
}

Status result_folder_add(ResultFolder *folder, guint file, const Batch *batch) {
  g_autofree char *entry = entry_name(folder, file);
  g_autofree char *entry_path = g_build_filename(folder->parts, entry, NULL);
  Status status = make_folder(folder->parts);
  g_unlink(entry_path); /* says that the part is whole: last to come, first to go */
  for (guint kind = 0; kind < ROWS_COUNT && status == STATUS_DONE; kind++)
    status = write_part(folder, file, (RowsKind)kind, batch);
  if (status != STATUS_DONE)
    return status;
  Output *output = output_file(folder->parts, entry, FALSE);
  output_text(output, folder->entries->pdata[file]);
  return close_output(output);
}

/* The header comes from the first part alone. */
static Status append_part(const ResultFolder *folder, guint file, RowsKind kind, Output *output) {
  g_autofree char *name = part_name(folder, file, kind);
  g_autofree char *path = g_build_filename(folder->parts, name, NULL);
  g_autoptr(GMappedFile) part = g_mapped_file_new(path, FALSE, NULL);
  if (part == NULL) {
    complain("cannot read %s", path);
    return STATUS_IO;
  }
  const char *text = g_mapped_file_get_contents(part);
  const gsize length = g_mapped_file_get_length(part);
  const char *body = file == 0 || length == 0 ? text : memchr(text, '\n', length);
  if (body != NULL && file > 0)
    body++;
  if (body != NULL)
    output_write(output, body, length - (gsize)(body - text));
  return STATUS_DONE;
}

static Status join_parts(const ResultFolder *folder, RowsKind kind) {
  g_autofree char *name = g_strconcat(rows_name(kind), ".csv", NULL);
  Output *output = output_file(folder->path, name, TRUE);
  for (guint i = 0; i < folder->loaded->files->len && !output_failed(output); i++)
    if (append_part(folder, i, kind, output) != STATUS_DONE) {
      output_abandon(output);
      return STATUS_IO;
    }
  return close_output(output);
}

/* Also what batches of other options left there. */
static void remove_parts(const ResultFolder *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder->parts, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder->parts, name, NULL);
    g_unlink(path);
  }
  g_rmdir(folder->parts);
}

Status result_folder_finish(ResultFolder *folder) {
  g_autofree char *manifest = g_build_filename(folder->path, "manifest.json", NULL);
  Status status = STATUS_DONE;
  g_unlink(manifest); /* from here on the rows are no longer those that it describes */
  for (guint kind = 0; kind < ROWS_COUNT && status == STATUS_DONE; kind++)
    status = join_parts(folder, (RowsKind)kind);
  if (status != STATUS_DONE)
    return status;
  Output *output = output_file(folder->path, "manifest.json", TRUE);
  output_text(output, folder->manifest);
  status = close_output(output);
  if (status == STATUS_DONE)
    remove_parts(folder);
  return status;
}

char *result_folder_summary(const ResultFolder *folder, Status *status) {
  g_autofree char *path = g_build_filename(folder->path, "summary.csv", NULL);
  char *text = NULL;
  if (g_file_get_contents(path, &text, NULL, NULL))
    return text;
  complain("cannot read %s", path);
  *status = STATUS_IO;
  return NULL;
}
