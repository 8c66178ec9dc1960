/* Running loaded files, one by one: each is a batch of its own, so that memory holds the rows
 * of one file and a killed batch loses one. */
#include "results_private.h"

/* Variants under models. */
static guint count_cells(const Options *options, const ScenarioFile *file) {
  guint cells = 0;
  for (guint i = 0; i < scenario_file_count(file); i++)
    for (guint j = 0; j < cloud_count(); j++)
      cells += scenario_file_get(file, i)->design->models[j] &&
               (options->batch.model == NULL || options->batch.model == cloud_at(j));
  return cells;
}

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

typedef struct {
  Options options; /* with --until-ci as many runs as were found to be enough */
  const Loaded *loaded;
  ResultFolder *folder;
  BatchOptions batch;
  Progress progress;
  GPtrArray *grown; /* Batch * by file, of --until-ci; those that were handed on are NULL */
} Running;

static Status tell_error(const GError *error) {
  complain("%s", error->message);
  return STATUS_IO;
}

static Batch *batch_of(Running *running, guint file, GError **error) {
  if (file < running->grown->len)
    return g_steal_pointer(&running->grown->pdata[file]);
  return batch_run(running->loaded->files->pdata[file], &running->batch, error);
}

static Status run_file(Running *running, guint file, FileDone done, gpointer data) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Batch) batch = batch_of(running, file, &error);
  progress_end(&running->progress);
  if (batch == NULL)
    return tell_error(error);
  const Status status =
      write_results(running->folder, &running->options, running->loaded, file, batch);
  return status == STATUS_DONE ? done(data, file, batch) : status;
}

static Status run_each(Running *running, FileDone done, gpointer data) {
  Status status = STATUS_DONE;
  for (guint i = 0; i < running->loaded->files->len && status != STATUS_IO; i++) {
    if (is_kept(running->folder, i))
      continue;
    status = status_worse(status, run_file(running, i, done, data));
    running->progress.before += count_runs(&running->options, running->loaded->files->pdata[i]);
  }
  return status;
}

/* ---- until an interval is narrow enough ---------------------------------------------- */

static void free_batch(gpointer batch) { batch_free(batch); }

/* Every file gets `runs` runs, of which it has `had`. */
static Status grow_all(Running *running, guint had, guint runs) {
  g_autoptr(GError) error = NULL;
  running->batch.runs = runs;
  for (guint i = 0; i < running->loaded->files->len; i++) {
    ScenarioFile *file = running->loaded->files->pdata[i];
    if (had == 0)
      g_ptr_array_add(running->grown, batch_run(file, &running->batch, &error));
    else
      batch_grow(running->grown->pdata[i], runs, &running->batch, &error);
    if (error != NULL)
      return tell_error(error);
    running->progress.before += (guint64)count_cells(&running->options, file) * (runs - had);
  }
  return STATUS_DONE;
}

/* Runs of all files at once: one number of runs is enough for all of their rows. */
static Status grow_until(Running *running, guint *runs) {
  const Options *options = &running->options;
  Status status = STATUS_DONE;
  UntilWidest widest = {NULL, 0, 0, 0};
  guint64 cells = 0;
  for (guint i = 0; i < running->loaded->files->len; i++)
    cells += count_cells(options, running->loaded->files->pdata[i]);
  *runs = 0;
  for (guint next = until_first(options); next > *runs && status == STATUS_DONE;) {
    running->progress.all = cells * next;
    status = grow_all(running, *runs, next);
    if (status != STATUS_DONE)
      break;
    *runs = next;
    widest = until_widest(options, running->grown);
    g_free(running->progress.note);
    running->progress.note = until_note(options, &widest);
    if (widest.share > 1)
      next = until_next(options, next);
  }
  progress_end(&running->progress);
  if (status == STATUS_DONE && !options->quiet)
    until_tell(options, running->grown, &widest);
  return status;
}

/* From here on the call is as if --runs had said how many. */
static Status settle_runs(Running *running) {
  guint runs = running->folder != NULL ? result_folder_runs(running->folder) : 0;
  const Status status = runs == 0 ? grow_until(running, &runs) : STATUS_DONE;
  running->options.batch.runs = running->batch.runs = runs;
  return status == STATUS_DONE && running->folder != NULL
             ? result_folder_set_runs(running->folder, runs)
             : status;
}

/* ---- all files ------------------------------------------------------------------------ */

static Status run_all(Running *running, FileDone done, gpointer data) {
  const Options *options = &running->options;
  Status status = options->until != NULL ? settle_runs(running) : STATUS_DONE;
  guint64 all = 0;
  for (guint i = 0; i < running->loaded->files->len; i++)
    if (!is_kept(running->folder, i))
      all += count_runs(options, running->loaded->files->pdata[i]);
  running->progress.all = all;
  running->progress.before = 0;
  return status == STATUS_DONE ? run_each(running, done, data) : status;
}

Status run_files(const Options *options, const Loaded *loaded, ResultFolder *folder,
                 gboolean detail, FileDone done, gpointer data) {
  Running running = {.options = *options,
                     .loaded = loaded,
                     .folder = folder,
                     .batch = options->batch,
                     .grown = g_ptr_array_new_with_free_func(free_batch)};
  int held;
  Status status = plots_folder_hold(options, &held);
  progress_begin(&running.progress, options, 0);
  running.batch.no_detail = !detail && folder == NULL && options->plots == NULL;
  running.batch.progress = running.progress.enabled ? progress_update : NULL;
  running.batch.progress_data = &running.progress;
  if (status == STATUS_DONE)
    status = run_all(&running, done, data);
  progress_end(&running.progress);
  g_free(running.progress.note);
  g_ptr_array_unref(running.grown);
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
  ResultFolder *folder = batch_folder_open(options, loaded, &status);
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
