/* compare --ranges: how far the median outage can lie over all that nobody has published, by the
 * joint points of `routesim sensitivity`. */
#include <math.h>

#include "compare_private.h"

static const Column range_columns[] = {
    {"scenario", COLUMN_TEXT}, {"model", COLUMN_TEXT},   {"variant", COLUMN_TEXT},
    {"event", COLUMN_COUNT},   {"measure", COLUMN_TEXT}, {"stat", COLUMN_TEXT},
    {"value", COLUMN_NUMBER},  {"least", COLUMN_NUMBER}, {"most", COLUMN_NUMBER},
};
const CompareTable compare_ranges_table = {"ranges", range_columns, G_N_ELEMENTS(range_columns)};

#define HEADLINE MEASURE_OUTAGE
#define HEADLINE_STAT STATISTIC_P50

Sensitivity *compare_ranges_run(const Printer *printer, guint file, const Batch *base) {
  const Options *options = printer->options;
  BatchOptions batch = options->batch;
  const ScenarioChanges changes = scenario_changes(options);
  const SensitivityOptions call = {.measure = HEADLINE,
                                   .statistic = HEADLINE_STAT,
                                   .batch = &batch,
                                   .changes = &changes,
                                   .joint_only = TRUE,
                                   .base = base};
  g_autoptr(GError) error = NULL;
  Progress progress;
  batch.runs = batch_cell(base, 0)->run_count;
  progress_begin(&progress, options, 0);
  progress.what = "batches";
  batch.progress = progress.enabled ? progress_update : NULL;
  batch.progress_data = &progress;
  Sensitivity *sensitivity = sensitivity_run(printer->loaded->files->pdata[file], &call, &error);
  progress_end(&progress);
  if (sensitivity == NULL)
    complain("%s", error->message);
  return sensitivity;
}

/* Empty where it is not over, or never happened. */
static void add_answer(Report *report, double value) {
  report_number(report, isinf(value) ? NAN : value);
}

void compare_add_ranges(Report *report, const Sensitivity *sensitivity) {
  for (guint i = 0; i < sensitivity_count(sensitivity); i++) {
    const SensitivityCell *cell = sensitivity_cell(sensitivity, i);
    for (guint event = 0; event < cell->event_count; event++) {
      const SensitivityRange *range = &cell->ranges[event];
      report_text(report, cell->scenario->design->name);
      report_text(report, cell->cloud->name);
      report_text(report, cell->scenario->variant->name);
      report_count(report, event);
      report_text(report, measure_name(HEADLINE));
      report_text(report, summary_statistics[HEADLINE_STAT]);
      add_answer(report, range->base);
      add_answer(report, range->least);
      add_answer(report, range->most);
    }
  }
}

/* What never happened has no range, and what is 0 throughout says nothing. */
static gboolean is_told(const SensitivityRange *range) {
  return !isnan(range->base) && range->most > 0;
}

void compare_ranges_notes(Report *report, const Sensitivity *sensitivity, guint event) {
  g_autofree char *measure = measure_title(HEADLINE);
  for (guint i = 0; i < sensitivity_count(sensitivity); i++) {
    const SensitivityCell *cell = sensitivity_cell(sensitivity, i);
    if (event >= cell->event_count || !is_told(&cell->ranges[event]))
      continue;
    const SensitivityRange *range = &cell->ranges[event];
    g_autoptr(GString) line = g_string_new(cell->cloud->name);
    if (!cell->scenario->variant->is_base)
      g_string_append_printf(line, " %s", cell->scenario->variant->name);
    g_string_append_printf(line, ": %s median ", measure);
    append_answered(line, HEADLINE, range->base);
    append_unpublished(line, HEADLINE, range->least, range->most);
    g_autofree char *lines = text_wrapped(line->str);
    report_note(report, lines);
  }
}
