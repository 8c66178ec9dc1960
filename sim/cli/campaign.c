/* routesim campaign: years of random failures, and the minutes of downtime in them. */
#include "routesim/batch/campaign.h"

#include <math.h>
#include <string.h>

#include "campaign_private.h"

#define USUAL_YEARS 100
#define WORST_TOLD 5
#define MINUTE 60.0

/* ---- tables ---------------------------------------------------------------------------------- */

/* The cells of one file and model: variants, of which the first is the file as it stands. */
typedef struct {
  const Campaign *campaign;
  guint first, count;
  const Options *options; /* for the commands of worst.csv */
} Group;

static RowKey key_of(const CampaignCell *cell) {
  return (RowKey){.scenario = cell->scenario->design->name,
                  .model = cell->cloud->name,
                  .variant = cell->scenario->variant->name,
                  .seed = cell->seed};
}

static void add_row(Report *report, const CampaignCell *cell, const char *measure, const char *unit,
                    CampaignEstimate estimate) {
  const RowKey key = key_of(cell);
  const CampaignRow row = {
      cell->year_count, measure,       unit,           estimate.estimate,
      estimate.low,     estimate.high, CAMPAIGN_LEVEL, campaign_methods[cell->plan.method]};
  campaign_rows_add(report, &key, &row);
}

static void add_rows(Report *report, const CampaignCell *cell, const CampaignCell *base) {
  for (guint i = 0; i < CAMPAIGN_MEASURE_COUNT; i++) {
    const CampaignMeasure measure = (CampaignMeasure)i;
    add_row(report, cell, campaign_measure_name(measure), campaign_measure_unit(measure),
            campaign_estimate(cell, measure));
  }
  if (cell != base)
    add_row(report, cell, "downtime_weighted:minus:base",
            campaign_measure_unit(CAMPAIGN_DOWNTIME_WEIGHTED), campaign_difference(cell, base));
}

static void add_causes(Report *report, const CampaignCell *cell) {
  const RowKey key = key_of(cell);
  g_autoptr(GArray) causes = campaign_causes(cell);
  double sum = 0;
  for (guint i = 0; i < causes->len; i++)
    sum += g_array_index(causes, CampaignCause, i).weighted;
  for (guint i = 0; i < causes->len; i++) {
    const CampaignCause *cause = &g_array_index(causes, CampaignCause, i);
    campaign_causes_add(report, &key, cell->plan.sources[cause->source].name, cause->how->name,
                        cause->other >= 0 ? cell->plan.sources[cause->other].name : NULL,
                        cause->weighted / MINUTE / cell->year_count,
                        sum > 0 ? cause->weighted / sum : 0);
  }
}

typedef struct {
  guint place;
  double weighted;
} Year;

static int compare_years(gconstpointer a, gconstpointer b) {
  const Year *left = a, *right = b;
  const int order = (left->weighted < right->weighted) - (left->weighted > right->weighted);
  return order != 0 ? order : (left->place > right->place) - (left->place < right->place);
}

static void append_quoted(GString *out, const char *option, const char *word) {
  g_autofree char *quoted = g_shell_quote(word);
  g_string_append_printf(out, "%s %s", option, quoted);
}

/* The call that shows the year alone, with all that changed it. */
static char *replay_of(const CampaignCell *cell, const Options *options, guint32 year) {
  GString *out = g_string_new(NULL);
  append_quoted(out, "routesim campaign", options->arguments[0]);
  g_string_append_printf(out, " --model %s --seed %" G_GUINT64_FORMAT " --run %u",
                         cell->cloud->name, cell->seed, year);
  if (cell->plan.method != CAMPAIGN_PLAIN)
    g_string_append_printf(out, " --method %s", campaign_methods[cell->plan.method]);
  if (options->traits_file != NULL)
    append_quoted(out, " --traits", options->traits_file);
  for (guint i = 0; options->set != NULL && options->set[i] != NULL; i++)
    append_quoted(out, " --set", options->set[i]);
  if (options->liveness != NULL)
    append_quoted(out, " --liveness", options->liveness);
  return g_string_free(out, FALSE);
}

static void add_worst(Report *report, const CampaignCell *cell, const Options *options) {
  RowKey key = key_of(cell);
  g_autoptr(GArray) years = g_array_new(FALSE, FALSE, sizeof(Year));
  for (guint i = 0; i < cell->year_count; i++) {
    const Year year = {i, cell->years[i].weighted};
    if (year.weighted > 0)
      g_array_append_val(years, year);
  }
  g_array_sort(years, compare_years);
  for (guint i = 0; i < MIN(years->len, WORST_TOLD); i++) {
    const Year *year = &g_array_index(years, Year, i);
    key.run = cell->first_year + year->place;
    g_autofree char *command = replay_of(cell, options, key.run);
    campaign_worst_add(report, &key, year->weighted / MINUTE, command);
  }
}

static void write_table(Report *report, guint table, gconstpointer data) {
  const Group *group = data;
  campaign_table_begin(report, (CampaignTable)table);
  for (guint i = 0; i < group->count; i++) {
    const CampaignCell *cell = campaign_cell(group->campaign, group->first + i);
    if (table == CAMPAIGN_TABLE_ROWS)
      add_rows(report, cell, campaign_cell(group->campaign, group->first));
    else if (table == CAMPAIGN_TABLE_CAUSES)
      add_causes(report, cell);
    else
      add_worst(report, cell, group->options);
  }
  report_end(report);
}

/* ---- running, model by model -------------------------------------------------------------------
 */

typedef struct {
  const Options *options;
  const Loaded *loaded;
  Campaign *campaign;
  GArray *groups;                        /* Group */
  ResultFolder *folder;                  /* NULL: none was asked for */
  GString *tables[CAMPAIGN_TABLE_COUNT]; /* CSV; used where there is no folder */
} Work;

static void find_groups(Work *work) {
  work->groups = g_array_new(FALSE, FALSE, sizeof(Group));
  for (guint i = 0; i < campaign_count(work->campaign); i++) {
    const CampaignCell *cell = campaign_cell(work->campaign, i);
    Group *last =
        work->groups->len > 0 ? &g_array_index(work->groups, Group, work->groups->len - 1) : NULL;
    if (last != NULL && campaign_cell(work->campaign, last->first)->cloud == cell->cloud) {
      last->count++;
      continue;
    }
    const Group group = {work->campaign, i, 1, work->options};
    g_array_append_val(work->groups, group);
  }
}

static void keep_table(Work *work, guint table, const Group *group) {
  g_autoptr(GString) text = g_string_new(NULL);
  Output *output = output_memory(text);
  Report *report = report_new(report_format_find("csv"), output);
  write_table(report, table, group);
  report_finish(report);
  output_close(output, NULL);
  join_csv(work->tables[table], text->str);
}

static Status keep_group(Work *work, guint number) {
  const Group *group = &g_array_index(work->groups, Group, number);
  if (work->folder != NULL) {
    g_autoptr(GPtrArray) files = result_files_new();
    return result_folder_add(work->folder, number, files, write_table, group);
  }
  for (guint table = 0; table < CAMPAIGN_TABLE_COUNT; table++)
    keep_table(work, table, group);
  return STATUS_DONE;
}

static guint64 count_years(const Work *work, const Group *group) {
  guint64 years = 0;
  for (guint i = 0; i < group->count; i++)
    years += campaign_cell(work->campaign, group->first + i)->year_count;
  return years;
}

static Status run_group(Work *work, guint number, Progress *progress) {
  const Group *group = &g_array_index(work->groups, Group, number);
  g_autoptr(GError) error = NULL;
  if (work->folder != NULL && result_folder_has(work->folder, number))
    return STATUS_DONE;
  const gboolean done = campaign_run(work->campaign, group->first, group->count, &error);
  progress_end(progress);
  if (!done) {
    complain("%s", error->message);
    return STATUS_IO;
  }
  progress->before += count_years(work, group);
  return keep_group(work, number);
}

typedef struct {
  Progress bar;
  Campaign *campaign;
} Shown;

static void show_progress(gpointer data, guint64 done, guint64 all) {
  Shown *shown = data;
  const double width = campaign_width_so_far(shown->campaign);
  g_autofree char *note = isnan(width) ? NULL : g_strdup_printf("interval %.3g min wide", width);
  shown->bar.note = note;
  progress_update(&shown->bar, done, all);
  shown->bar.note = NULL;
}

static Status run_campaign(Work *work, BatchOptions *batch) {
  Shown shown = {.campaign = work->campaign};
  guint64 years = 0;
  Status status = STATUS_DONE;
  if (work->folder != NULL && result_folder_is_complete(work->folder))
    return STATUS_DONE;
  for (guint i = 0; i < work->groups->len; i++)
    if (work->folder == NULL || !result_folder_has(work->folder, i))
      years += count_years(work, &g_array_index(work->groups, Group, i));
  progress_begin(&shown.bar, work->options, years);
  shown.bar.what = "years";
  batch->progress = shown.bar.enabled ? show_progress : NULL;
  batch->progress_data = &shown;
  for (guint i = 0; i < work->groups->len && status == STATUS_DONE; i++)
    status = run_group(work, i, &shown.bar);
  if (work->folder != NULL && status == STATUS_DONE)
    status = result_folder_finish(work->folder);
  return status;
}

/* ---- what is said of it -------------------------------------------------------------------------
 */

static void print_rows(Report *report, const char *rows) {
  campaign_table_begin(report, CAMPAIGN_TABLE_ROWS);
  copy_csv(report, rows);
  report_end(report);
}

static void print_years(const Work *work, Report *report) {
  for (guint i = 0; i < campaign_count(work->campaign); i++)
    campaign_print_year(report, campaign_cell(work->campaign, i));
}

static Status draw(const Work *work, const char *rows) {
  const Design *design = scenario_file_get(work->loaded->files->pdata[0], 0)->design;
  g_autofree char *name = g_strconcat(design->name, "-campaign.svg", NULL);
  g_autoptr(GString) picture = g_string_new(NULL);
  campaign_picture(picture, design, rows);
  return write_one_picture(work->options, name, picture);
}

static Status tell(const Work *work) {
  char *texts[CAMPAIGN_TABLE_COUNT];
  Status status = STATUS_DONE;
  for (guint table = 0; table < CAMPAIGN_TABLE_COUNT; table++)
    texts[table] = work->folder != NULL ? result_folder_text(work->folder, table, &status)
                                        : g_strdup(work->tables[table]->str);
  if (status == STATUS_DONE) {
    Output *output = output_stdout();
    Report *report = report_new(work->options->format, output);
    if (report_format_is_data(work->options->format))
      print_rows(report, texts[CAMPAIGN_TABLE_ROWS]);
    else if (work->options->batch.only_run_given)
      print_years(work, report);
    else
      campaign_print(report, texts[CAMPAIGN_TABLE_ROWS], texts[CAMPAIGN_TABLE_CAUSES],
                     texts[CAMPAIGN_TABLE_WORST]);
    report_finish(report);
    status = draw(work, texts[CAMPAIGN_TABLE_ROWS]);
    status = status_worse(status, finish_stdout(output));
  }
  for (guint table = 0; table < CAMPAIGN_TABLE_COUNT; table++)
    g_free(texts[table]);
  return status;
}

/* ---- the command --------------------------------------------------------------------------------
 */

static ResultFolder *open_folder(const Work *work, Status *status) {
  static const char *tables[CAMPAIGN_TABLE_COUNT + 1];
  g_autoptr(GPtrArray) pieces = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < work->groups->len; i++) {
    const CampaignCell *cell =
        campaign_cell(work->campaign, g_array_index(work->groups, Group, i).first);
    g_ptr_array_add(pieces,
                    g_strdup_printf("%s.%s", cell->scenario->design->name, cell->cloud->name));
  }
  for (guint table = 0; table < CAMPAIGN_TABLE_COUNT; table++)
    tables[table] = campaign_table_name((CampaignTable)table);
  const ManifestOption own[] = {{"method", campaign_methods[work->options->method]}, {NULL, NULL}};
  const FolderPlan plan = {.word = "campaign",
                           .options = own,
                           .tables = tables,
                           .copied = (1U << CAMPAIGN_TABLE_COUNT) - 1,
                           .pieces = pieces};
  return result_folder_open(work->options, work->loaded, &plan, status);
}

/* Somebody has to fail, in a way that the method can draw. */
static Status check_sources(const Work *work) {
  gboolean any = FALSE;
  for (guint i = 0; i < campaign_count(work->campaign); i++) {
    const CampaignPlan *plan = &campaign_cell(work->campaign, i)->plan;
    const CampaignSource *refused = campaign_refuses(plan);
    any |= plan->count > 0;
    if (refused == NULL)
      continue;
    complain("--method %s cannot draw %s: %s; --method plain can", campaign_methods[plan->method],
             refused->name,
             refused->is_maintenance ? "it is maintained at fixed times"
                                     : "its time between failures is not exponential");
    return STATUS_CALL;
  }
  if (any)
    return STATUS_DONE;
  complain("%s has nothing that fails at random: a campaign needs `failures`",
           work->options->arguments[0]);
  return STATUS_CALL;
}

static Status run_loaded(const Options *options, const Loaded *loaded) {
  BatchOptions batch = options->batch;
  batch.runs = batch.runs > 0 ? batch.runs : USUAL_YEARS;
  g_autoptr(Campaign) campaign =
      campaign_new((ScenarioFile *const *)loaded->files->pdata, loaded->files->len,
                   (CampaignMethod)options->method, &batch);
  Work work = {.options = options, .loaded = loaded, .campaign = campaign};
  Status status = check_sources(&work);
  if (status != STATUS_DONE)
    return status;
  find_groups(&work);
  work.folder = open_folder(&work, &status);
  for (guint table = 0; table < CAMPAIGN_TABLE_COUNT; table++)
    work.tables[table] = g_string_new(NULL);
  if (status == STATUS_DONE)
    status = run_campaign(&work, &batch);
  if (status == STATUS_DONE)
    status = tell(&work);
  for (guint table = 0; table < CAMPAIGN_TABLE_COUNT; table++)
    g_string_free(work.tables[table], TRUE);
  g_array_unref(work.groups);
  result_folder_free(work.folder);
  return status;
}

static Status run(const Options *options) { return with_scenarios(options, FALSE, run_loaded); }

const Command command_campaign = {
    .name = "campaign",
    .arguments = "FILE",
    .summary = "Years of random failures: minutes of downtime a year, nines, causes",
    .description =
        "Takes the network, the traffic and `failures` of the scenario, and leaves its events,\n"
        "duration and start aside. Years are independent; variants share their luck. With --out\n"
        "DIR, DIR holds campaign.csv, causes.csv, worst.csv and campaign.manifest.json. --run N "
        "is\n"
        "year N alone, with all that happened in it.",
    .options = OPTION_FORMAT | OPTION_LOAD | OPTION_RUNS | OPTION_RESUME | OPTION_YEARS,
    .least = 1,
    .most = 1,
    .run = run,
};
