/* routesim sensitivity: which number that nobody has published the answer hangs on. */
#include "routesim/batch/sensitivity.h"

#include <math.h>
#include <string.h>

#include "results_private.h"
#include "routesim/report/sensitivity_rows.h"
#include "routesim/report/svg_ranges.h"

/* ---- for programs --------------------------------------------------------------------------- */

static double sum_of_spans(const SensitivityCell *cell) {
  double sum = 0;
  for (guint i = 0; i < cell->effects->len; i++)
    sum += sensitivity_span(&g_array_index(cell->effects, SensitivityEffect, i));
  return sum;
}

static double share_of(const SensitivityEffect *effect, double sum) {
  const double span = sensitivity_span(effect);
  return sum > 0 && !isinf(sum) ? span / sum : isinf(span) ? NAN : 0;
}

typedef struct {
  const Options *options;
  const Sensitivity *sensitivity;
} Answer;

static SensitivityRow row_of(const Answer *answer) {
  return (SensitivityRow){.event = answer->options->event,
                          .measure = measure_name(answer->options->measure),
                          .stat = summary_statistics[answer->options->statistic]};
}

static void add_rows(Report *report, const Answer *answer, const SensitivityCell *cell) {
  const RowKey key = {.scenario = cell->scenario->design->name,
                      .model = cell->cloud->name,
                      .variant = cell->scenario->variant->name};
  const SensitivityRange *range = sensitivity_range(answer->sensitivity, cell);
  const double sum = sum_of_spans(cell);
  for (guint i = 0; i < cell->effects->len; i++) {
    const SensitivityEffect *effect = &g_array_index(cell->effects, SensitivityEffect, i);
    const SensitivityTrait *trait = effect->trait;
    SensitivityRow row = row_of(answer);
    row.trait = trait->path;
    row.basis = basis_name(trait->is_set ? BASIS_SET : trait->spec->basis);
    row.fact = trait->is_set ? NULL : trait->spec->fact;
    row.low = trait->low;
    row.high = trait->high;
    row.at_low = effect->at_low;
    row.at_high = effect->at_high;
    row.share = share_of(effect, sum);
    sensitivity_rows_add(report, &key, &row);
  }
  SensitivityRow all = row_of(answer);
  all.trait = "all";
  all.at_low = range->least;
  all.at_high = range->most;
  all.share = NAN;
  sensitivity_rows_add(report, &key, &all);
}

static void write_rows_of(Report *report, guint table, gconstpointer data) {
  const Answer *answer = data;
  (void)table;
  sensitivity_rows_begin(report);
  for (guint i = 0; i < sensitivity_count(answer->sensitivity); i++)
    add_rows(report, answer, sensitivity_cell(answer->sensitivity, i));
  report_end(report);
}

/* ---- for people ------------------------------------------------------------------------------ */

#define TOLD 3 /* traits in the sentence */
#define BAR 24 /* characters of the picture */

static void append_answer(GString *out, const Answer *answer, double value) {
  append_answered(out, answer->options->measure, value);
}

static void append_title(GString *out, const Answer *answer, const SensitivityCell *cell) {
  g_autofree char *title = measure_title(answer->options->measure);
  g_string_append(out, cell->cloud->name);
  if (!cell->scenario->variant->is_base)
    g_string_append_printf(out, ", variant %s", cell->scenario->variant->name);
  g_string_append_printf(out, ": %s %s of event %u is ", title,
                         summary_statistics[answer->options->statistic], answer->options->event);
  append_answer(out, answer, sensitivity_range(answer->sensitivity, cell)->base);
}

static guint count_moving(const SensitivityCell *cell) {
  guint count = 0;
  while (count < cell->effects->len &&
         sensitivity_span(&g_array_index(cell->effects, SensitivityEffect, count)) > 0)
    count++;
  return count;
}

static void append_strongest(GString *out, const Answer *answer, const SensitivityCell *cell) {
  const guint moving = count_moving(cell);
  for (guint i = 0; i < MIN(moving, TOLD); i++) {
    const SensitivityEffect *effect = &g_array_index(cell->effects, SensitivityEffect, i);
    g_string_append_printf(out, "%s%s (%s to %s: ", i > 0 ? ", " : ". It hangs on ",
                           effect->trait->path, effect->trait->low, effect->trait->high);
    append_answer(out, answer, effect->at_low);
    g_string_append(out, " to ");
    append_answer(out, answer, effect->at_high);
    g_string_append_c(out, ')');
  }
  if (moving == 0)
    g_string_append_printf(out, ". None of %u traits moves it", cell->effects->len);
}

static void print_finding(Report *report, const Answer *answer, const SensitivityCell *cell) {
  const SensitivityRange *range = sensitivity_range(answer->sensitivity, cell);
  g_autoptr(GString) out = g_string_new(NULL);
  append_title(out, answer, cell);
  if (!isnan(range->base)) {
    append_unpublished(out, answer->options->measure, range->least, range->most);
    append_strongest(out, answer, cell);
  }
  g_string_append_c(out, '.');
  report_note(report, out->str);
}

static const Column columns[] = {
    {"trait", COLUMN_TEXT},     {"low", COLUMN_FIGURE},
    {"high", COLUMN_FIGURE},    {"at low", COLUMN_FIGURE},
    {"at high", COLUMN_FIGURE}, {"from the least to the most", COLUMN_TEXT},
};

static guint place_in(const SensitivityRange *range, double value) {
  const double span = range->most - range->least;
  if (!(span > 0) || isinf(span))
    return isinf(value) ? BAR - 1 : 0;
  const double place = floor((value - range->least) / span * (BAR - 1) + 0.5);
  return (guint)CLAMP(place, 0, BAR - 1);
}

/* The bar reaches from one end to the other; "|" is the answer as it stands. */
static void add_bar(Report *report, const SensitivityRange *range,
                    const SensitivityEffect *effect) {
  char bar[BAR + 1];
  const guint a = place_in(range, effect->at_low), b = place_in(range, effect->at_high);
  memset(bar, '.', BAR);
  memset(bar + MIN(a, b), '#', MAX(a, b) - MIN(a, b) + 1);
  bar[place_in(range, range->base)] = '|';
  bar[BAR] = '\0';
  report_text(report, bar);
}

static void add_answer(Report *report, const Answer *answer, double value) {
  g_autoptr(GString) text = g_string_new(NULL);
  append_answer(text, answer, value);
  report_text(report, text->str);
}

static void print_tornado(Report *report, const Answer *answer, const SensitivityCell *cell) {
  const guint moving = count_moving(cell);
  g_autoptr(GString) heading = g_string_new(cell->cloud->name);
  if (!cell->scenario->variant->is_base)
    g_string_append_printf(heading, ", variant %s", cell->scenario->variant->name);
  if (moving == 0)
    return;
  report_begin(report, "sensitivity", heading->str, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < moving; i++) {
    const SensitivityEffect *effect = &g_array_index(cell->effects, SensitivityEffect, i);
    g_autofree char *name =
        g_strconcat(effect->trait->path, effect->trait->is_set ? " (set)" : "", NULL);
    report_text(report, name);
    report_text(report, effect->trait->low);
    report_text(report, effect->trait->high);
    add_answer(report, answer, effect->at_low);
    add_answer(report, answer, effect->at_high);
    add_bar(report, sensitivity_range(answer->sensitivity, cell), effect);
  }
  report_end(report);
  if (moving < cell->effects->len) {
    g_autofree char *rest = g_strdup_printf("%u other traits were moved, and change nothing.",
                                            cell->effects->len - moving);
    report_note(report, rest);
  }
}

static void print_refused(Report *report, const Sensitivity *sensitivity) {
  const GPtrArray *traits = sensitivity_traits(sensitivity);
  for (guint i = 0; i < traits->len; i++) {
    const SensitivityTrait *trait = traits->pdata[i];
    if (trait->refused == NULL)
      continue;
    g_autofree char *text = g_strdup_printf("Not moved: %s, %s", trait->path, trait->refused);
    report_note(report, text);
  }
  const char *why;
  const guint refused = sensitivity_refused(sensitivity, &why);
  if (refused > 0) {
    g_autofree char *text = g_strdup_printf(
        "%u of %u joint points are none that a check lets pass, the first because: %s", refused,
        SENSITIVITY_POINTS, why);
    report_note(report, text);
  }
}

/* ---- the picture ------------------------------------------------------------------------------
 */

static void add_effect(SvgRangePanel *panel, const Answer *answer, const SensitivityCell *cell,
                       const SensitivityEffect *effect) {
  const SensitivityTrait *trait = effect->trait;
  GString *says = g_string_new(trait->path);
  g_string_append_printf(says, ": %s to %s gives ", trait->low, trait->high);
  append_answer(says, answer, effect->at_low);
  g_string_append(says, " to ");
  append_answer(says, answer, effect->at_high);
  svg_range_add(panel, g_strconcat(trait->path, trait->is_set ? " (set)" : "", NULL),
                g_string_free(says, FALSE), effect->at_low, effect->at_high,
                sensitivity_range(answer->sensitivity, cell)->base, NAN);
}

static void add_all(SvgRangePanel *panel, const SensitivityRange *range) {
  svg_range_add(panel, g_strdup("all together"), g_strdup("the least and the most of all points"),
                range->least, range->most, range->base, NAN);
}

static Status draw(const Loaded *loaded, const Answer *answer) {
  const Design *design = scenario_file_get(loaded->files->pdata[0], 0)->design;
  g_autofree char *name = g_strconcat(design->name, "-sensitivity.svg", NULL);
  g_autofree char *title = measure_title(answer->options->measure);
  g_autofree char *quantity =
      g_strdup_printf("%s %s of event %u%s; the line is the answer as it stands", title,
                      summary_statistics[answer->options->statistic], answer->options->event,
                      measure_is_time(answer->options->measure) ? ", s" : "");
  g_autoptr(GString) picture = g_string_new(NULL);
  GArray *panels = svg_range_panels_new();
  for (guint i = 0; i < sensitivity_count(answer->sensitivity); i++) {
    const SensitivityCell *cell = sensitivity_cell(answer->sensitivity, i);
    g_autoptr(GString) heading = g_string_new(cell->cloud->name);
    if (!cell->scenario->variant->is_base)
      g_string_append_printf(heading, ", variant %s", cell->scenario->variant->name);
    SvgRangePanel *panel =
        svg_range_panel_add(panels, cell->cloud, g_strdup(heading->str), quantity, NULL);
    add_all(panel, sensitivity_range(answer->sensitivity, cell));
    for (guint j = 0; j < count_moving(cell); j++)
      add_effect(panel, answer, cell, &g_array_index(cell->effects, SensitivityEffect, j));
  }
  svg_ranges(design->name, design->title, "What each trait that nobody has published moves.",
             panels, picture);
  svg_range_panels_free(panels);
  return write_one_picture(answer->options, name, picture);
}

static Status print(const Answer *answer) {
  Output *output = output_stdout();
  Report *report = report_new(answer->options->format, output);
  const Sensitivity *sensitivity = answer->sensitivity;
  if (report_format_is_data(answer->options->format)) {
    write_rows_of(report, 0, answer);
  } else {
    for (guint i = 0; i < sensitivity_count(sensitivity); i++)
      print_finding(report, answer, sensitivity_cell(sensitivity, i));
    for (guint i = 0; i < sensitivity_count(sensitivity); i++)
      print_tornado(report, answer, sensitivity_cell(sensitivity, i));
    print_refused(report, sensitivity);
  }
  report_finish(report);
  return finish_stdout(output);
}

/* ---- the command ------------------------------------------------------------------------------
 */

static Status write_folder(const Options *options, const Loaded *loaded, const Answer *answer) {
  static const char *const tables[] = {"sensitivity", NULL};
  g_autoptr(GPtrArray) pieces = g_ptr_array_new();
  g_autoptr(GPtrArray) files = result_files_new();
  g_autofree char *event = g_strdup_printf("%u", options->event);
  g_autofree char *ranges = options->ranges != NULL ? g_strjoinv(" ", options->ranges) : NULL;
  const ManifestOption own[] = {{"event", event},
                                {"measure", measure_name(options->measure)},
                                {"stat", summary_statistics[options->statistic]},
                                {"range", ranges},
                                {NULL, NULL}};
  Status status;
  g_ptr_array_add(pieces, (gpointer)scenario_file_get(loaded->files->pdata[0], 0)->design->name);
  const FolderPlan plan = {
      .word = "sensitivity", .tables = tables, .pieces = pieces, .options = own};
  ResultFolder *folder = result_folder_open(options, loaded, &plan, &status);
  if (folder == NULL)
    return status;
  status = result_folder_add(folder, 0, files, write_rows_of, answer);
  if (status == STATUS_DONE)
    status = result_folder_finish(folder);
  result_folder_free(folder);
  return status;
}

static Status check_event(const Options *options, ScenarioFile *file) {
  const guint events = scenario_file_get(file, 0)->design->events->len;
  if (options->event < events)
    return STATUS_DONE;
  complain("--event %u: %s has %u event%s, from 0", options->event, options->arguments[0], events,
           events == 1 ? "" : "s");
  return STATUS_CALL;
}

static Status run_loaded(const Options *options, const Loaded *loaded) {
  BatchOptions batch = options->batch;
  const ScenarioChanges changes = scenario_changes(options);
  const SensitivityOptions call = {.event = options->event,
                                   .measure = options->measure,
                                   .statistic = options->statistic,
                                   .ranges = (const char *const *)options->ranges,
                                   .batch = &batch,
                                   .changes = &changes};
  g_autoptr(GError) error = NULL;
  Progress progress;
  Status status = check_event(options, loaded->files->pdata[0]);
  if (status != STATUS_DONE)
    return status;
  progress_begin(&progress, options, 0);
  progress.what = "batches";
  batch.progress = progress.enabled ? progress_update : NULL;
  batch.progress_data = &progress;
  g_autoptr(Sensitivity) sensitivity = sensitivity_run(loaded->files->pdata[0], &call, &error);
  progress_end(&progress);
  if (sensitivity == NULL) {
    complain("%s", error->message);
    return error->domain == G_OPTION_ERROR ? STATUS_CALL : STATUS_IO;
  }
  const Answer answer = {options, sensitivity};
  status = options->out != NULL ? write_folder(options, loaded, &answer) : STATUS_DONE;
  status = status_worse(status, draw(loaded, &answer));
  return status_worse(status, print(&answer));
}

static Status run(const Options *options) { return with_scenarios(options, FALSE, run_loaded); }

const Command command_sensitivity = {
    .name = "sensitivity",
    .arguments = "FILE",
    .summary = "Which number that nobody has published the answer hangs on",
    .description =
        "Moves every trait that is assumed or measured through its plausible range (listed in\n"
        "scenarios/README.md), one by one and all together, with the same luck, and ranks what\n"
        "that does to one answer. With --out DIR, DIR holds sensitivity.csv.",
    .options = OPTION_FORMAT | OPTION_LOAD | OPTION_RUNS | OPTION_ANSWER,
    .least = 1,
    .most = 1,
    .run = run,
};
