/* routesim survey: every element fails in turn, and what that costs is ranked. */
#include "routesim/batch/survey.h"

#include <string.h>

#include "survey_private.h"

#define USUAL_RUNS 20

/* ---- kinds of failure ----------------------------------------------------------------------- */

static void add_once(GPtrArray *kinds, const FaultKind *kind) {
  if (!g_ptr_array_find(kinds, kind, NULL))
    g_ptr_array_add(kinds, (gpointer)kind);
}

static gboolean add_word(GPtrArray *kinds, const char *word) {
  const FaultKind *kind = fault_kind_find(word);
  if (kind != NULL)
    add_once(kinds, kind);
  for (guint i = 0; strcmp(word, "all") == 0 && i < fault_kind_count(); i++)
    add_once(kinds, fault_kind_at(i));
  return kind != NULL || strcmp(word, "all") == 0;
}

static void complain_about_kind(const char *word) {
  g_autofree const char **names = g_new0(const char *, fault_kind_count() + 2);
  for (guint i = 0; i < fault_kind_count(); i++)
    names[i] = fault_kind_at(i)->name;
  names[fault_kind_count()] = "all";
  g_autofree char *near = suggestion(word, names);
  g_autofree char *all = g_strjoinv(", ", (char **)names);
  complain("--how does not take '%s'%s; there are: %s", word, near, all);
}

/* FaultKind *; NULL after a message. The caller's. */
static GPtrArray *kinds_of(const Options *options) {
  GPtrArray *kinds = g_ptr_array_new();
  g_auto(GStrv) words = g_strsplit(options->how != NULL ? options->how : "silent", ",", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (!add_word(kinds, words[i])) {
      complain_about_kind(words[i]);
      g_ptr_array_unref(kinds);
      return NULL;
    }
  return kinds;
}

/* ---- running cell by cell ------------------------------------------------------------------- */

typedef struct {
  const Options *options;
  Survey *survey;
  ResultFolder *folder;                /* NULL: none was asked for */
  GString *tables[SURVEY_TABLE_COUNT]; /* CSV; used where there is no folder */
} Work;

static void write_table(Report *report, guint table, gconstpointer data) {
  const Survey *survey = data;
  const SurveyCell *cell = survey_cell_run(survey);
  const RowKey key = {.scenario = cell->scenario->design->name,
                      .model = cell->cloud->name,
                      .variant = cell->scenario->variant->name};
  SurveyTotals totals;
  g_autoptr(GArray) outcomes = survey_outcomes(survey, &totals);
  survey_table_begin(report, (SurveyTable)table);
  if (table == SURVEY_TABLE_TOTALS)
    survey_totals_add(report, &key, cell->element_count, cell->case_count, &totals);
  for (guint i = 0; table == SURVEY_TABLE_ROWS && i < outcomes->len; i++) {
    const SurveyOutcome *outcome = &g_array_index(outcomes, SurveyOutcome, i);
    survey_rows_add(report, &key, cell->run_count, outcome,
                    survey_element(survey, outcome->summary.load_at));
  }
  report_end(report);
}

static void keep_table(Work *work, guint table) {
  g_autoptr(GString) text = g_string_new(NULL);
  Output *output = output_memory(text);
  Report *report = report_new(report_format_find("csv"), output);
  write_table(report, table, work->survey);
  report_finish(report);
  output_close(output, NULL);
  join_csv(work->tables[table], text->str);
}

static Status keep_cell(Work *work, guint index) {
  if (work->folder != NULL) {
    g_autoptr(GPtrArray) files = result_files_new();
    return result_folder_add(work->folder, index, files, write_table, work->survey);
  }
  for (guint table = 0; table < SURVEY_TABLE_COUNT; table++)
    keep_table(work, table);
  return STATUS_DONE;
}

static Status run_cells(Work *work, Progress *progress) {
  Status status = STATUS_DONE;
  for (guint i = 0; i < survey_count(work->survey) && status == STATUS_DONE; i++) {
    g_autoptr(GError) error = NULL;
    if (work->folder != NULL && result_folder_has(work->folder, i))
      continue;
    if (!survey_run(work->survey, i, &error)) {
      progress_end(progress);
      complain("%s", error->message);
      return STATUS_IO;
    }
    progress_end(progress);
    status = keep_cell(work, i);
    progress->before += survey_cell(work->survey, i)->run_count;
  }
  return status;
}

static guint64 count_runs(const Work *work) {
  guint64 runs = 0;
  for (guint i = 0; i < survey_count(work->survey); i++)
    if (work->folder == NULL || !result_folder_has(work->folder, i))
      runs += survey_cell(work->survey, i)->run_count;
  return runs;
}

static Status run_survey(Work *work, BatchOptions *batch) {
  Progress progress;
  if (work->folder != NULL && result_folder_is_complete(work->folder))
    return STATUS_DONE;
  progress_begin(&progress, work->options, count_runs(work));
  batch->progress = progress.enabled ? progress_update : NULL;
  batch->progress_data = &progress;
  Status status = run_cells(work, &progress);
  progress_end(&progress);
  if (work->folder != NULL && status == STATUS_DONE)
    status = result_folder_finish(work->folder);
  return status;
}

/* ---- what is said of it --------------------------------------------------------------------- */

static void print_rows(Report *report, const char *rows) {
  survey_table_begin(report, SURVEY_TABLE_ROWS);
  copy_csv(report, rows);
  report_end(report);
}

static Status print(const Options *options, const GPtrArray *found, const char *rows, guint kinds) {
  Output *output = output_stdout();
  Report *report = report_new(options->format, output);
  if (report_format_is_data(options->format))
    print_rows(report, rows);
  else
    survey_print(report, found, kinds);
  report_finish(report);
  return finish_stdout(output);
}

static Status draw(const Work *work, const Loaded *loaded, const GPtrArray *found, guint kinds) {
  const Design *design = scenario_file_get(loaded->files->pdata[0], 0)->design;
  g_autofree char *name = g_strconcat(design->name, "-survey.svg", NULL);
  g_autoptr(GString) picture = g_string_new(NULL);
  survey_picture(picture, design, found, kinds);
  return write_one_picture(work->options, name, picture);
}

static Status tell(const Work *work, const Loaded *loaded, guint kinds) {
  g_autoptr(Arena) arena = arena_new();
  char *texts[SURVEY_TABLE_COUNT];
  Status status = STATUS_DONE;
  for (guint table = 0; table < SURVEY_TABLE_COUNT; table++)
    texts[table] = work->folder != NULL ? result_folder_text(work->folder, table, &status)
                                        : g_strdup(work->tables[table]->str);
  if (status == STATUS_DONE) {
    const GPtrArray *found =
        survey_tables_read(arena, texts[SURVEY_TABLE_ROWS], texts[SURVEY_TABLE_TOTALS]);
    if (!work->options->batch.only_run_given)
      for (guint i = 0; i < loaded->files->len; i++)
        status = status_worse(status, survey_judge(loaded->files->pdata[i], found));
    status = status_worse(status, draw(work, loaded, found, kinds));
    status = status_worse(status, print(work->options, found, texts[SURVEY_TABLE_ROWS], kinds));
  }
  for (guint table = 0; table < SURVEY_TABLE_COUNT; table++)
    g_free(texts[table]);
  return status;
}

/* ---- the command ---------------------------------------------------------------------------- */

/* A cell may stand in the name of a file by its number: a variant is called as anybody likes. */
static GPtrArray *pieces_of(const Survey *survey) {
  GPtrArray *pieces = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < survey_count(survey); i++)
    g_ptr_array_add(pieces,
                    g_strdup_printf("%s.%u", survey_cell(survey, i)->scenario->design->name, i));
  return pieces;
}

static ResultFolder *open_folder(const Options *options, const Loaded *loaded, const Survey *survey,
                                 const GPtrArray *kinds, Status *status) {
  static const char *tables[SURVEY_TABLE_COUNT + 1];
  g_autoptr(GString) how = g_string_new(NULL);
  g_autoptr(GPtrArray) pieces = pieces_of(survey);
  for (guint i = 0; i < kinds->len; i++)
    g_string_append_printf(how, "%s%s", i > 0 ? "," : "",
                           ((const FaultKind *)kinds->pdata[i])->name);
  for (guint table = 0; table < SURVEY_TABLE_COUNT; table++)
    tables[table] = survey_table_name((SurveyTable)table);
  const ManifestOption own[] = {
      {"how", how->str}, {"pairs", options->pairs ? "on" : "off"}, {NULL, NULL}};
  const FolderPlan plan = {.word = "survey",
                           .tables = tables,
                           .copied = (1U << SURVEY_TABLE_COUNT) - 1,
                           .pieces = pieces,
                           .options = own};
  return result_folder_open(options, loaded, &plan, status);
}

static Status survey_files(const Options *options, const Loaded *loaded, const GPtrArray *kinds) {
  BatchOptions batch = options->batch;
  const SurveyOptions survey_options = {&batch, (const FaultKind *const *)kinds->pdata, kinds->len,
                                        options->pairs};
  Status status;
  batch.runs = batch.runs > 0 ? batch.runs : USUAL_RUNS;
  g_autoptr(Survey) survey =
      survey_new((ScenarioFile *const *)loaded->files->pdata, loaded->files->len, &survey_options);
  Work work = {.options = options, .survey = survey};
  work.folder = open_folder(options, loaded, survey, kinds, &status);
  if (status != STATUS_DONE)
    return status;
  for (guint table = 0; table < SURVEY_TABLE_COUNT; table++)
    work.tables[table] = g_string_new(NULL);
  status = run_survey(&work, &batch);
  if (status == STATUS_DONE)
    status = tell(&work, loaded, kinds->len);
  for (guint table = 0; table < SURVEY_TABLE_COUNT; table++)
    g_string_free(work.tables[table], TRUE);
  result_folder_free(work.folder);
  return status;
}

static Status run(const Options *options) {
  Loaded loaded;
  g_autoptr(GPtrArray) kinds = kinds_of(options);
  if (kinds == NULL)
    return STATUS_CALL;
  Status status = load_scenarios(options, FALSE, &loaded);
  if (status == STATUS_DONE)
    status = survey_files(options, &loaded, kinds);
  loaded_clear(&loaded);
  return status;
}

const Command command_survey = {
    .name = "survey",
    .arguments = "FILE",
    .summary = "Fails every element in turn, and ranks what that costs",
    .description =
        "Takes the network and the traffic of the scenario, and leaves its events, duration and\n"
        "start aside. A single point of failure is what takes flows with it for good whose own\n"
        "hosts are there. With --out DIR, DIR holds survey.csv, survey_totals.csv and\n"
        "survey.manifest.json; expectations about a survey are judged here alone.",
    .options = OPTION_FORMAT | OPTION_LOAD | OPTION_RUNS | OPTION_RESUME | OPTION_SURVEY,
    .least = 1,
    .most = 1,
    .run = run,
};
