/* Result folders: parts and a journal while a batch runs, whole files at its end. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "results_private.h"
#include "routesim/report/journal.h"
#include "routesim/report/manifest.h"

#define WHOLE "." /* the piece that is everything: no other is called so */
#define BUFFER_SIZE 65536

struct ResultFolder {
  const Options *options;
  const Loaded *loaded;
  FolderPlan plan;
  char *path;
  char *journal_name, *parts_name, *manifest_name; /* in the folder */
  char *parts;                                     /* its path */
  ManifestOption *own; /* options that this call has beside the plan's; ends without a name */
  guint runs;          /* that --until-ci ended with; 0: it has not, or is not asked for */
  Journal *journal;
  GPtrArray *checksums; /* char * of traits: of the call, then of each file; NULL: it has none */
  GPtrArray *texts; /* GString of each table, once the folder is finished; of most it is empty */
};

static Status tell_error(const GError *error) {
  complain("%s", error->message);
  return STATUS_IO;
}

/* ---- what a folder will hold -------------------------------------------------------- */

/* NULL where there are none. Caller frees. */
static char *checksum_of(const ScenarioTraits *traits) {
  return traits == NULL || traits->text == NULL
             ? NULL
             : g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)traits->text,
                                           traits->length);
}

/* Of the call first, then of each file. */
static GPtrArray *checksums_of(const Options *options, const GPtrArray *files) {
  GPtrArray *checksums = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(checksums, checksum_of(&options->traits));
  for (guint i = 0; i < files->len; i++)
    g_ptr_array_add(checksums, checksum_of(scenario_file_traits(files->pdata[i])));
  return checksums;
}

static ManifestScenario manifest_scenario(const ResultFolder *folder, guint index) {
  const Options *options = folder->options;
  const ScenarioFile *file = folder->loaded->files->pdata[index];
  const Design *body = scenario_file_get(file, 0)->design;
  const BatchOptions *batch = &options->batch;
  ManifestScenario scenario = {.name = body->name,
                               .seed = batch->seed_given ? batch->seed : (guint64)body->seed,
                               .first_run = batch->only_run_given ? batch->only_run : 0,
                               .runs =
                                   folder->runs > 0 ? folder->runs : planned_runs(options, body)};
  scenario.text = scenario_file_text(file, &scenario.length);
  scenario.traits = folder->checksums->pdata[index + 1];
  return scenario;
}

static ManifestOptions manifest_options(const ResultFolder *folder) {
  const Options *options = folder->options;
  return (ManifestOptions){.model =
                               options->batch.model != NULL ? options->batch.model->name : NULL,
                           .liveness = options->liveness,
                           .detail_all = options->batch.detail_all,
                           .traits = folder->checksums->pdata[0],
                           .own = folder->own,
                           .settings = (const char *const *)options->set};
}

static void state_given(Journal *journal, const char *label, const char *value) {
  if (value != NULL)
    journal_state(journal, label, value);
}

static void state_own(Journal *journal, const ManifestOption *option) {
  g_autofree char *label = g_strconcat("--", option->name, NULL);
  state_given(journal, label, option->value);
}

static void state_options(const ResultFolder *folder, const ManifestOptions *options) {
  Journal *journal = folder->journal;
  g_autofree char *set =
      folder->options->set != NULL ? g_strjoinv(" --set ", folder->options->set) : NULL;
  g_autofree char *format = g_strdup_printf("%d", MANIFEST_FORMAT);
  journal_state(journal, "version of routesim", ROUTESIM_VERSION);
  journal_state(journal, "format of the results", format);
  state_given(journal, "--model", options->model);
  state_given(journal, "--liveness", options->liveness);
  state_given(journal, "--detail", options->detail_all ? "all" : NULL);
  state_given(journal, "--set", set);
  state_given(journal, "SHA-256 of --traits", options->traits);
  state_given(journal, "--plots", folder->options->plots);
  for (const ManifestOption *own = options->own; own != NULL && own->name != NULL; own++)
    state_own(journal, own);
}

static void state_number(Journal *journal, const char *what, const char *name, guint64 number) {
  g_autofree char *label = g_strdup_printf("%s of scenario %s", what, name);
  g_autofree char *value = g_strdup_printf("%" G_GUINT64_FORMAT, number);
  journal_state(journal, label, value);
}

/* How many runs a call with --until-ci ends with is not part of the call. */
static void state_scenario(const ResultFolder *folder, const ManifestScenario *scenario) {
  Journal *journal = folder->journal;
  g_autofree char *given = g_strdup_printf("scenario %s", scenario->name);
  g_autofree char *label = g_strdup_printf("SHA-256 of scenario %s", scenario->name);
  g_autofree char *sha256 = g_compute_checksum_for_data(
      G_CHECKSUM_SHA256, (const guchar *)scenario->text, scenario->length);
  journal_state(journal, given, "given");
  state_number(journal, "seed", scenario->name, scenario->seed);
  state_number(journal, "first run", scenario->name, scenario->first_run);
  if (folder->options->until == NULL)
    state_number(journal, "number of runs", scenario->name, scenario->runs);
  journal_state(journal, label, sha256);
  g_autofree char *traits = g_strdup_printf("SHA-256 of the traits of scenario %s", scenario->name);
  state_given(journal, traits, scenario->traits);
}

/* The call, as the journal has it. */
static void describe(ResultFolder *folder) {
  const GPtrArray *files = folder->loaded->files;
  const ManifestOptions manifest = manifest_options(folder);
  state_options(folder, &manifest);
  for (guint i = 0; i < files->len; i++) {
    const ManifestScenario scenario = manifest_scenario(folder, i);
    state_scenario(folder, &scenario);
  }
}

/* Caller frees. */
static char *manifest_of(const ResultFolder *folder) {
  const GPtrArray *files = folder->loaded->files;
  const ManifestOptions manifest = manifest_options(folder);
  g_autofree ManifestScenario *scenarios = g_new0(ManifestScenario, files->len + 1);
  for (guint i = 0; i < files->len; i++)
    scenarios[i] = manifest_scenario(folder, i);
  return manifest_text(&manifest, scenarios, files->len);
}

/* The plan's own options, and those of --until-ci where that is given. The values are copied: a
 * plan is the caller's, and the manifest is written when its words may be gone. */
static ManifestOption *own_options(const Options *options, const FolderPlan *plan) {
  GArray *own = g_array_new(TRUE, TRUE, sizeof(ManifestOption));
  const ManifestOption until[] = {{"until-ci", options->until},
                                  {"measure", measure_name(options->measure)},
                                  {"stat", summary_statistics[options->statistic]},
                                  {"runs", options->most}};
  for (const ManifestOption *option = plan->options; option != NULL && option->name != NULL;
       option++)
    g_array_append_val(own, *option);
  if (options->until != NULL)
    g_array_append_vals(own, until, G_N_ELEMENTS(until));
  for (guint i = 0; i < own->len; i++) {
    ManifestOption *option = &g_array_index(own, ManifestOption, i);
    option->value = g_strdup(option->value);
  }
  return (ManifestOption *)g_array_free(own, FALSE);
}

static guint piece_count(const ResultFolder *folder) { return folder->plan.pieces->len; }

static const char *piece_name(const ResultFolder *folder, guint piece) {
  return folder->plan.pieces->pdata[piece];
}

static guint table_count(const ResultFolder *folder) {
  return g_strv_length((char **)folder->plan.tables);
}

static char *part_name(const ResultFolder *folder, guint piece, guint table) {
  return g_strdup_printf("%s.%s.csv", piece_name(folder, piece), folder->plan.tables[table]);
}

static char *csv_name(const ResultFolder *folder, guint table) {
  return g_strconcat(folder->plan.tables[table], ".csv", NULL);
}

/* ---- parts -------------------------------------------------------------------------- */

static Status make_folder(const char *path) {
  if (g_mkdir_with_parents(path, 0777) == 0)
    return STATUS_DONE;
  complain("cannot write %s: %s", path, g_strerror(errno));
  return STATUS_IO;
}

/* Parts are below the folder and nowhere else: a link could lead to files of others. */
static Status make_parts(const ResultFolder *folder) {
  struct stat status;
  g_autoptr(GError) error = NULL;
  if (make_folder(folder->parts) != STATUS_DONE)
    return STATUS_IO;
  if (lstat(folder->parts, &status) != 0 || !S_ISDIR(status.st_mode)) {
    complain("cannot write %s: it is a link", folder->parts);
    return STATUS_IO;
  }
  return output_sync_folder(folder->path, &error) ? STATUS_DONE : tell_error(error);
}

/* What batches of other options left there goes too. */
static void remove_parts(const ResultFolder *folder) {
  struct stat status;
  if (lstat(folder->parts, &status) != 0 || !S_ISDIR(status.st_mode))
    return;
  g_autoptr(GDir) dir = g_dir_open(folder->parts, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder->parts, name, NULL);
    if (g_str_has_suffix(name, ".csv") || g_str_has_suffix(name, ".json") ||
        g_str_has_suffix(name, ".tmp"))
      g_unlink(path);
  }
  g_rmdir(folder->parts);
}

/* ---- resuming ----------------------------------------------------------------------- */

static Status refuse(const ResultFolder *folder, Status status, const char *why) {
  complain("cannot go on in %s: %s; without --resume all of it is done again", folder->path, why);
  return status;
}

static Status prove_file(const ResultFolder *folder, const JournalFile *file) {
  const char *directory = file->is_picture ? folder->options->plots : folder->path;
  g_autofree char *refuted = file_proof_refute(&file->proof, directory, file->name);
  if (refuted == NULL)
    return STATUS_DONE;
  g_autofree char *why = g_strdup_printf("%s/%s %s", directory, file->name, refuted);
  return refuse(folder, STATUS_IO, why);
}

/* `whole`: the parts are gone, and what they were joined to is proven apart. */
static Status prove_piece(const ResultFolder *folder, const char *piece, gboolean whole) {
  const GPtrArray *files = journal_piece(folder->journal, piece);
  Status status = STATUS_DONE;
  for (guint i = 0; files != NULL && i < files->len && status == STATUS_DONE; i++) {
    const JournalFile *file = files->pdata[i];
    if (!whole || file->is_picture)
      status = prove_file(folder, file);
  }
  return status;
}

gboolean result_folder_is_complete(const ResultFolder *folder) {
  return journal_piece(folder->journal, WHOLE) != NULL;
}

gboolean result_folder_has(const ResultFolder *folder, guint piece) {
  return journal_piece(folder->journal, piece_name(folder, piece)) != NULL;
}

/* Everything that will not be done again is what this call would have done, byte for byte. */
static Status prove(const ResultFolder *folder) {
  g_autofree char *other = journal_refute(folder->journal);
  const gboolean whole = result_folder_is_complete(folder);
  if (other != NULL)
    return refuse(folder, STATUS_CALL, other);
  if (whole)
    remove_parts(folder);
  Status status = whole ? prove_piece(folder, WHOLE, FALSE) : STATUS_DONE;
  for (guint i = 0; i < piece_count(folder) && status == STATUS_DONE; i++)
    status = prove_piece(folder, piece_name(folder, i), whole);
  return status;
}

/* ---- opening ------------------------------------------------------------------------ */

static Status begin(ResultFolder *folder) {
  g_autoptr(GError) error = NULL;
  if (!journal_begin(folder->journal, &error) || !output_sync_folder(folder->path, &error))
    return tell_error(error);
  remove_parts(folder);
  return STATUS_DONE;
}

/* A pipe or device holds nothing. */
static gboolean has_file(const ResultFolder *folder, const char *name) {
  g_autofree char *path = g_build_filename(folder->path, name, NULL);
  return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

/* TRUE where there are results of whatever batch: whole ones, or parts of one that was killed. */
static gboolean has_results(const ResultFolder *folder) {
  gboolean any =
      has_file(folder, folder->manifest_name) || g_file_test(folder->parts, G_FILE_TEST_IS_DIR);
  for (guint table = 0; table < table_count(folder) && !any; table++) {
    g_autofree char *name = csv_name(folder, table);
    any = has_file(folder, name);
  }
  return any;
}

/* Where no batch was begun there is nothing to go on from, and nothing to prove; but results that
 * came from elsewhere, or whose journal was cut, are not taken for some of this batch. */
static Status resume(ResultFolder *folder) {
  const char *damage = journal_damage(folder->journal);
  if (damage != NULL)
    return refuse(folder, STATUS_IO, damage);
  if (journal_is_begun(folder->journal))
    return prove(folder);
  if (!has_results(folder))
    return begin(folder);
  journal_discard(folder->journal);
  return refuse(folder, STATUS_IO, "it has results, but no journal that proves them");
}

static Status open_folder(ResultFolder *folder) {
  g_autoptr(GError) error = NULL;
  if (make_folder(folder->path) != STATUS_DONE)
    return STATUS_IO;
  folder->journal = journal_open(folder->path, folder->journal_name, &error);
  if (folder->journal == NULL)
    return tell_error(error);
  describe(folder);
  return folder->options->resume ? resume(folder) : begin(folder);
}

/* The files of `batch` have no word before them, since others came later. */
static void name_files(ResultFolder *folder) {
  const char *word = folder->plan.word != NULL ? folder->plan.word : "";
  const char *dot = folder->plan.word != NULL ? "." : "";
  folder->journal_name = g_strconcat(dot, word, ".journal", NULL);
  folder->parts_name = g_strconcat(dot, word, ".parts", NULL);
  folder->manifest_name = g_strconcat(word, dot, "manifest.json", NULL);
  folder->parts = g_build_filename(folder->path, folder->parts_name, NULL);
}

static void free_text(gpointer text) { g_string_free(text, TRUE); }

ResultFolder *result_folder_open(const Options *options, const Loaded *loaded,
                                 const FolderPlan *plan, Status *status) {
  *status = STATUS_DONE;
  if (options->out == NULL)
    return NULL;
  ResultFolder *folder = g_new0(ResultFolder, 1);
  folder->options = options;
  folder->loaded = loaded;
  folder->plan = *plan;
  folder->own = own_options(options, plan);
  g_ptr_array_ref(folder->plan.pieces);
  folder->path = g_strdup(options->out);
  folder->checksums = checksums_of(options, loaded->files);
  folder->texts = g_ptr_array_new_with_free_func(free_text);
  for (guint table = 0; table < table_count(folder); table++)
    g_ptr_array_add(folder->texts, g_string_new(NULL));
  name_files(folder);
  *status = open_folder(folder);
  if (*status == STATUS_DONE)
    return folder;
  result_folder_free(folder);
  return NULL;
}

void result_folder_free(ResultFolder *folder) {
  if (folder == NULL)
    return;
  journal_free(folder->journal);
  g_ptr_array_unref(folder->texts);
  g_ptr_array_unref(folder->checksums);
  g_ptr_array_unref(folder->plan.pieces);
  g_free(folder->path);
  g_free(folder->journal_name);
  g_free(folder->parts_name);
  g_free(folder->manifest_name);
  g_free(folder->parts);
  for (ManifestOption *option = folder->own; option->name != NULL; option++)
    g_free((char *)option->value);
  g_free(folder->own);
  g_free(folder);
}

Status plots_folder_hold(const Options *options, int *held) {
  *held = -1;
  if (options->plots == NULL)
    return STATUS_DONE;
  if (make_folder(options->plots) != STATUS_DONE)
    return STATUS_IO;
  *held = g_open(options->plots, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (*held < 0 || flock(*held, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
    return STATUS_DONE; /* or where folders take no locks */
  complain("%s is in use: another process writes its pictures there", options->plots);
  return STATUS_IO;
}

void plots_folder_release(int held) {
  if (held >= 0)
    close(held);
}

/* ---- writing ------------------------------------------------------------------------ */

/* What `output` holds is added to `files` once it is closed. */
static Status keep(Output *output, const char *name, gboolean is_picture, GPtrArray *files) {
  FileProof proof;
  g_autoptr(GError) error = NULL;
  if (!output_close_proved(output, &proof, &error))
    return tell_error(error);
  g_ptr_array_add(files, journal_file_new(name, is_picture, &proof));
  return STATUS_DONE;
}

static Status write_part(const ResultFolder *folder, guint piece, guint table, TableWriter write,
                         gconstpointer rows, GPtrArray *files) {
  g_autofree char *name = part_name(folder, piece, table);
  g_autofree char *below = g_build_filename(folder->parts_name, name, NULL);
  g_autofree char *path = g_build_filename(folder->path, below, NULL);
  g_unlink(path); /* nobody else has a claim on what is here: a part is always a file */
  Output *output = output_file(folder->parts, name, TRUE);
  Report *report = report_new(report_format_find("csv"), output);
  write(report, table, rows);
  report_finish(report);
  return keep(output, below, FALSE, files);
}

static Status write_picture(gpointer data, const char *directory, const char *name,
                            const GString *text) {
  Output *output = output_file(directory, name, TRUE);
  output_write(output, text->str, text->len);
  return keep(output, name, TRUE, data);
}

Status write_one_picture(const Options *options, const char *name, const GString *text) {
  g_autoptr(GPtrArray) files = result_files_new();
  g_autoptr(GError) error = NULL;
  int held;
  if (options->plots == NULL)
    return STATUS_DONE;
  Status status = plots_folder_hold(options, &held);
  if (status == STATUS_DONE)
    status = write_picture(files, options->plots, name, text);
  if (status == STATUS_DONE && !output_sync_folder(options->plots, &error))
    status = tell_error(error);
  plots_folder_release(held);
  return status;
}

/* Without a folder of results pictures are all there is. */
static Status write_pictures(const ScenarioFile *file, const Options *options, const Batch *batch,
                             GPtrArray *files) {
  g_autoptr(GError) error = NULL;
  if (options->plots == NULL)
    return STATUS_DONE;
  const Status status = write_plots(file, options, batch, write_picture, files);
  if (status != STATUS_DONE)
    return status;
  return output_sync_folder(options->plots, &error) ? STATUS_DONE : tell_error(error);
}

Status result_folder_add(ResultFolder *folder, guint piece, GPtrArray *files, TableWriter write,
                         gconstpointer rows) {
  g_autoptr(GError) error = NULL;
  Status status = make_parts(folder);
  for (guint table = 0; table < table_count(folder) && status == STATUS_DONE; table++)
    status = write_part(folder, piece, table, write, rows, files);
  if (status != STATUS_DONE)
    return status;
  if (!output_sync_folder(folder->parts, &error) ||
      !journal_add(folder->journal, piece_name(folder, piece), g_ptr_array_ref(files), &error))
    return tell_error(error);
  return STATUS_DONE;
}

GPtrArray *result_files_new(void) { return g_ptr_array_new_with_free_func(journal_file_free); }

static void write_batch_rows(Report *report, guint table, gconstpointer batch) {
  write_rows(report, (RowsKind)table, batch);
}

Status write_results(ResultFolder *folder, const Options *options, const Loaded *loaded, guint file,
                     const Batch *batch) {
  g_autoptr(GPtrArray) files = result_files_new();
  const Status status = write_pictures(loaded->files->pdata[file], options, batch, files);
  return folder == NULL || status != STATUS_DONE
             ? status
             : result_folder_add(folder, file, files, write_batch_rows, batch);
}

/* ---- finishing ---------------------------------------------------------------------- */

/* Only the first part is handed on with its header. */
static void hand_on(const char *bytes, gsize length, gboolean *in_header, Output *output,
                    GString *copy) {
  const char *end = *in_header ? memchr(bytes, '\n', length) : NULL;
  const gsize skipped = end != NULL ? (gsize)(end + 1 - bytes) : *in_header ? length : 0;
  *in_header = *in_header && end == NULL;
  output_write(output, bytes + skipped, length - skipped);
  if (copy != NULL)
    g_string_append_len(copy, bytes + skipped, (gssize)(length - skipped));
}

static Status append_part(const ResultFolder *folder, guint piece, guint table, Output *output) {
  g_autofree char *name = part_name(folder, piece, table);
  g_autofree char *path = g_build_filename(folder->parts, name, NULL);
  g_autofree char *bytes = g_malloc(BUFFER_SIZE);
  const int part = g_open(path, O_RDONLY | O_CLOEXEC, 0);
  GString *copy = (folder->plan.copied & 1U << table) != 0 ? folder->texts->pdata[table] : NULL;
  gboolean in_header = piece > 0;
  ssize_t length = -1;
  while (part >= 0 && (length = read(part, bytes, BUFFER_SIZE)) > 0)
    hand_on(bytes, (gsize)length, &in_header, output, copy);
  if (length < 0)
    complain("cannot read %s: %s", path, g_strerror(errno));
  if (part >= 0)
    close(part);
  return length < 0 ? STATUS_IO : STATUS_DONE;
}

static Status join_parts(const ResultFolder *folder, guint table, GPtrArray *files) {
  g_autofree char *name = csv_name(folder, table);
  Output *output = output_file(folder->path, name, TRUE);
  for (guint i = 0; i < piece_count(folder) && !output_failed(output); i++)
    if (append_part(folder, i, table, output) != STATUS_DONE) {
      output_abandon(output);
      return STATUS_IO;
    }
  return keep(output, name, FALSE, files);
}

/* From here on the rows are no longer those that an older manifest describes. */
static void forget_manifest(const ResultFolder *folder) {
  g_autofree char *path = g_build_filename(folder->path, folder->manifest_name, NULL);
  if (output_replaces(path))
    g_unlink(path);
}

static Status write_whole(const ResultFolder *folder, GPtrArray *files) {
  g_autoptr(GError) error = NULL;
  g_autofree char *manifest = manifest_of(folder);
  Status status = STATUS_DONE;
  forget_manifest(folder);
  for (guint table = 0; table < table_count(folder) && status == STATUS_DONE; table++)
    status = join_parts(folder, table, files);
  if (status != STATUS_DONE)
    return status;
  Output *output = output_file(folder->path, folder->manifest_name, TRUE);
  output_text(output, manifest);
  status = keep(output, folder->manifest_name, FALSE, files);
  if (status == STATUS_DONE && !output_sync_folder(folder->path, &error))
    return tell_error(error);
  return status;
}

static gboolean all_known(const GPtrArray *files) {
  for (guint i = 0; i < files->len; i++)
    if (!((const JournalFile *)files->pdata[i])->proof.known)
      return FALSE;
  return TRUE;
}

/* What went to a pipe or device is nowhere to go on from: the next batch does it again. */
static Status end_journal(ResultFolder *folder, GPtrArray *files) {
  g_autoptr(GError) error = NULL;
  const gboolean done = all_known(files)
                            ? journal_add(folder->journal, WHOLE, g_ptr_array_ref(files), &error)
                            : journal_begin(folder->journal, &error);
  return done ? STATUS_DONE : tell_error(error);
}

Status result_folder_finish(ResultFolder *folder) {
  g_autoptr(GPtrArray) files = result_files_new();
  for (guint table = 0; table < folder->texts->len; table++)
    g_string_truncate(folder->texts->pdata[table], 0);
  Status status = write_whole(folder, files);
  if (status == STATUS_DONE)
    status = end_journal(folder, files);
  if (status == STATUS_DONE)
    remove_parts(folder);
  return status;
}

/* A piece without files, whose name is the number. */
static char *runs_piece(guint runs) { return g_strdup_printf("runs %u", runs); }

guint result_folder_runs(const ResultFolder *folder) {
  guint before = 0;
  for (guint runs = until_first(folder->options); runs > before;
       before = runs, runs = until_next(folder->options, runs)) {
    g_autofree char *piece = runs_piece(runs);
    if (journal_piece(folder->journal, piece) != NULL)
      return runs;
  }
  return 0;
}

Status result_folder_set_runs(ResultFolder *folder, guint runs) {
  g_autofree char *piece = runs_piece(runs);
  g_autoptr(GError) error = NULL;
  folder->runs = runs;
  if (journal_piece(folder->journal, piece) != NULL ||
      journal_add(folder->journal, piece, result_files_new(), &error))
    return STATUS_DONE;
  return tell_error(error);
}

char *result_folder_text(const ResultFolder *folder, guint table, Status *status) {
  g_autofree char *name = csv_name(folder, table);
  g_autofree char *path = g_build_filename(folder->path, name, NULL);
  const GString *copy = folder->texts->pdata[table];
  char *text = NULL;
  if (copy->len > 0)
    return g_strdup(copy->str);
  if (g_file_get_contents(path, &text, NULL, NULL))
    return text;
  complain("cannot read %s", path);
  *status = STATUS_IO;
  return NULL;
}

static FolderPlan batch_plan(const Loaded *loaded) {
  static const char *tables[ROWS_COUNT + 1];
  GPtrArray *pieces = g_ptr_array_new();
  for (guint kind = 0; kind < ROWS_COUNT; kind++)
    tables[kind] = rows_name((RowsKind)kind);
  for (guint i = 0; i < loaded->files->len; i++)
    g_ptr_array_add(pieces, (gpointer)scenario_file_get(loaded->files->pdata[i], 0)->design->name);
  return (FolderPlan){.tables = tables, .pieces = pieces, .copied = 1U << ROWS_SUMMARY};
}

ResultFolder *batch_folder_open(const Options *options, const Loaded *loaded, Status *status) {
  const FolderPlan plan = batch_plan(loaded);
  ResultFolder *folder = result_folder_open(options, loaded, &plan, status);
  g_ptr_array_unref(plan.pieces);
  return folder;
}
