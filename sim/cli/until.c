/* --until-ci: runs until the interval of one statistic is narrow enough in every row. */
#include <math.h>
#include <string.h>

#include "results_private.h"

/* Runs double from here on, so that no more than half of them were one look too many; without
 * --runs there are no more than that. */
#define FIRST_RUNS 100
#define MOST_RUNS 10000

static guint most_runs(const Options *options) {
  return options->batch.runs > 0 ? options->batch.runs : MOST_RUNS;
}

guint until_first(const Options *options) { return MIN(FIRST_RUNS, most_runs(options)); }

guint until_next(const Options *options, guint runs) {
  return runs > most_runs(options) / 2 ? most_runs(options) : 2 * runs;
}

/* ---- widths ------------------------------------------------------------------------------ */

static double width_of(const Options *options, const BatchCell *cell, guint event) {
  const Intervals all = batch_intervals(cell, event, options->measure);
  const Interval interval = intervals_of(&all, options->statistic);
  const double width = interval.high - interval.low;
  return isnan(width) ? HUGE_VAL : width;
}

/* How many of `allowed` widths fit into this one; nothing is narrower than 0. */
static double share_of(double width, double allowed) {
  return width <= 0 ? 0 : allowed > 0 ? width / allowed : HUGE_VAL;
}

static gboolean is_lost(const Options *options, const Summary *summary) {
  return options->statistic == STATISTIC_MEAN && summary->censored > 0;
}

static void look_at(const Options *options, const BatchCell *cell, guint event,
                    UntilWidest *widest) {
  const Summary summary = batch_summary(cell, event, options->measure);
  if (summary.n == 0 || is_lost(options, &summary))
    return;
  const double value = summary_value(&summary, options->statistic);
  const double width = width_of(options, cell, event);
  const double share = share_of(width, options->until_is_share ? options->until_width * fabs(value)
                                                               : options->until_width);
  if (widest->cell == NULL || !(share <= widest->share))
    *widest = (UntilWidest){cell, event, width, share};
}

typedef void (*RowVisit)(const Options *options, const BatchCell *cell, guint event, gpointer data);

static void foreach_row(const Options *options, const GPtrArray *batches, RowVisit visit,
                        gpointer data) {
  for (guint i = 0; i < batches->len; i++)
    for (guint j = 0; j < batch_count(batches->pdata[i]); j++) {
      const BatchCell *cell = batch_cell(batches->pdata[i], j);
      for (guint event = 0; event < cell->event_count; event++)
        visit(options, cell, event, data);
    }
}

static void visit_widest(const Options *options, const BatchCell *cell, guint event,
                         gpointer data) {
  look_at(options, cell, event, data);
}

UntilWidest until_widest(const Options *options, const GPtrArray *batches) {
  UntilWidest widest = {NULL, 0, 0, 0};
  foreach_row(options, batches, visit_widest, &widest);
  return widest;
}

/* ---- words ------------------------------------------------------------------------------- */

char *until_note(const Options *options, const UntilWidest *widest) {
  GString *note = g_string_new(NULL);
  if (widest->cell != NULL && !isinf(widest->width)) {
    g_string_append(note, "interval ");
    append_measure(note, options->measure, widest->width);
    g_string_append(note, " wide");
  }
  return g_string_free(note, FALSE);
}

static char *row_title(const Options *options, const BatchCell *cell, guint event) {
  g_autofree char *title = measure_title(options->measure);
  const gboolean is_base = cell->scenario->variant->is_base;
  return g_strdup_printf("%s: %s %s of event %u under %s%s%s", cell->scenario->design->name, title,
                         summary_statistics[options->statistic], event, cell->cloud->name,
                         is_base ? "" : ", variant ", is_base ? "" : cell->scenario->variant->name);
}

static void tell_lost(const Options *options, const BatchCell *cell, guint event, gpointer data) {
  const Summary summary = batch_summary(cell, event, options->measure);
  (void)data;
  if (!is_lost(options, &summary))
    return;
  g_autofree char *title = row_title(options, cell, event);
  complain("%s has no interval: not over at the end in %u of %u runs; --stat p50 may have one",
           title, summary.censored, summary.runs);
}

void until_tell(const Options *options, const GPtrArray *batches, const UntilWidest *widest) {
  foreach_row(options, batches, tell_lost, NULL);
  if (widest->cell == NULL || widest->share <= 1)
    return;
  g_autofree char *title = row_title(options, widest->cell, widest->event);
  g_autofree char *note = until_note(options, widest);
  complain("%s: %s after %u runs, not within --until-ci %s", title,
           note[0] != '\0' ? note : "no interval", widest->cell->run_count, options->until);
}
