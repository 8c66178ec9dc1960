/* Running loaded files, one by one: each is a batch of its own, so that memory holds the rows
 * of one file and a killed batch loses one. */
#include "results_private.h"

static guint64 count_runs(const Options *options, const ScenarioFile *file) {
  guint64 runs = 0;
  for (guint i = 0; i < scenario_file_count(file); i++) {
    const Design *body = scenario_file_get(file, i)->design;
    for (guint j = 0; j < cloud_count(); j++)
      if (body->models[j] && (options->batch.model == NULL || options->batch.model == cloud_at(j)))
        runs += planned_runs(options, body);
  }
  return runs;
}

static gboolean is_kept(const ResultFolder *folder, guint file) {
  return folder != NULL && result_folder_has(folder, file);
}

static Status run_file(const Options *options, const Loaded *loaded, guint file,
                       const BatchOptions *batch_options, ResultFolder *folder, Progress *progress,
                       FileDone done, gpointer data) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Batch) batch = batch_run(loaded->files->pdata[file], batch_options, &error);
  progress_end(progress);
  if (batch == NULL) {
    complain("%s", error->message);
    return STATUS_IO;
  }
  const Status status = write_results(folder, options, loaded, file, batch);
  return status == STATUS_DONE ? done(data, file, batch) : status;
}

Status run_files(const Options *options, const Loaded *loaded, ResultFolder *folder,
                 gboolean detail, FileDone done, gpointer data) {
  BatchOptions batch_options = options->batch;
  Progress progress;
  guint64 all = 0;
  int held;
  Status status = plots_folder_hold(options, &held);
  for (guint i = 0; i < loaded->files->len; i++)
    if (!is_kept(folder, i))
      all += count_runs(options, loaded->files->pdata[i]);
  progress_begin(&progress, options, all);
  batch_options.no_detail = !detail && folder == NULL && options->plots == NULL;
  batch_options.progress = progress.enabled ? progress_update : NULL;
  batch_options.progress_data = &progress;
  for (guint i = 0; i < loaded->files->len && status != STATUS_IO; i++) {
    if (is_kept(folder, i))
      continue;
    status = status_worse(
        status, run_file(options, loaded, i, &batch_options, folder, &progress, done, data));
    progress.before += count_runs(options, loaded->files->pdata[i]);
  }
  progress_end(&progress);
  plots_folder_release(held);
  return status;
}

/* ---- commands that print what they ran ---------------------------------------------- */

typedef struct {
  Printer printer;
  const PrintHooks *hooks;
} Printing;

static Status print_file(gpointer data, guint file, const Batch *batch) {
  const Printing *printing = data;
  const Printer *printer = &printing->printer;
  printing->hooks->print(printer, file, batch);
  if (printer->options->batch.only_run_given)
    return STATUS_DONE;
  if (!printer->options->quiet)
    warn_of_idle_expectations(printer->loaded->files->pdata[file], batch);
  g_autofree char *summary = summary_text(batch);
  return check_expectations(printer->loaded->files->pdata[file], summary);
}

static Status run_loaded(const Options *options, const Loaded *loaded, const PrintHooks *hooks) {
  Status status;
  ResultFolder *folder = result_folder_open(options, loaded, &status);
  if (status != STATUS_DONE)
    return status;
  Output *output = output_stdout();
  Report *report = report_new(options->format, output);
  Printing printing = {{options, loaded, report, hooks->data}, hooks};
  status = run_files(options, loaded, folder, hooks->detail, print_file, &printing);
  if (hooks->finish != NULL)
    hooks->finish(&printing.printer);
  if (folder != NULL && status != STATUS_IO)
    status = status_worse(status, result_folder_finish(folder));
  report_finish(report);
  result_folder_free(folder);
  return status_worse(status, finish_stdout(output));
}

Status run_and_print(const Options *options, const PrintHooks *hooks) {
  Loaded loaded;
  Status status = load_scenarios(options, hooks->folders, &loaded);
  if (status == STATUS_DONE)
    status = run_loaded(options, &loaded, hooks);
  loaded_clear(&loaded);
  return status;
}
