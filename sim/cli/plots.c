/* Pictures of a batch, scenario by scenario: every variant under every model. What they are called
 * follows from the file alone; what the one over runs is of follows from the results. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results_private.h"
#include "routesim/report/svg.h"

/* More than so many events beside each other nobody reads. */
#define MOST_SUBJECTS 3

static gboolean has_timeline(const Design *body) { return body->traffic->len > 0; }
static gboolean has_curves(const Design *body, const Options *options) {
  return planned_runs(options, body) > 1 && body->events->len > 0;
}

/* Without traffic there is no outage; then it is what others measured, or when routes change. */
static const char *curves_suffix(const Design *body) {
  return body->traffic->len > 0    ? "-outage-cdf.svg"
         : body->measured->len > 0 ? "-measured-cdf.svg"
                                   : "-programmed-cdf.svg";
}

/* Names of the pictures of a file (char *). */
static GPtrArray *plot_names(const ScenarioFile *file, const Options *options) {
  const Design *body = scenario_file_get(file, 0)->design;
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  if (has_timeline(body))
    g_ptr_array_add(names, g_strconcat(body->name, "-timeline.svg", NULL));
  if (has_curves(body, options))
    g_ptr_array_add(names, g_strconcat(body->name, curves_suffix(body), NULL));
  return names;
}

/* What a lane is called; NULL where there is nothing to tell apart. */
static const char *name_of_variant(const ScenarioFile *file, const BatchCell *cell) {
  return scenario_file_count(file) > 1 ? cell->scenario->variant->name : NULL;
}

/* ---- over time ----------------------------------------------------------------------------- */

/* The first run of a cell. */
static TimelineLane lane_of(const ScenarioFile *file, const BatchCell *cell) {
  return (TimelineLane){.cloud = cell->cloud,
                        .variant = name_of_variant(file, cell),
                        .traffic = cell->details[0]->traffic,
                        .traffic_count = cell->details[0]->traffic_count,
                        .events = cell->rows,
                        .event_count = cell->event_count};
}

static void draw_timeline(const ScenarioFile *file, const Batch *batch, GString *out) {
  const Design *body = scenario_file_get(file, 0)->design;
  const guint count = batch_count(batch);
  g_autofree TimelineLane *lanes = g_new0(TimelineLane, count);
  SimTime duration = SIM_TIME_ZERO;
  for (guint i = 0; i < count; i++) {
    const BatchCell *cell = batch_cell(batch, i);
    duration = sim_time_max(duration, cell->scenario->design->duration.law.a);
    lanes[i] = lane_of(file, cell);
  }
  svg_timeline(body->name, body->title, duration, batch_cell(batch, 0)->first_run, lanes, count,
               out);
}

/* ---- over runs: what is asked of each ------------------------------------------------------ */

/* A number of each run: a measure of an event, or the longest gap of a probe. */
typedef struct {
  const char *probe; /* NULL: a measure */
  Measure measure;
  guint event;
} Subject;

/* FALSE where it never happened in this run. */
static gboolean value_of(const BatchCell *cell, guint run, const Subject *subject, double *value,
                         gboolean *censored) {
  *censored = FALSE;
  if (subject->probe == NULL)
    return subject->event < cell->event_count &&
           measure_value(batch_row(cell, run, subject->event), subject->measure, value, censored);
  for (guint i = 0; i < cell->probe_count; i++) {
    const ProbeResult *probe = &cell->probes[(gsize)run * cell->probe_count + i];
    if (strcmp(probe->name, subject->probe) == 0) {
      *value = sim_time_seconds(probe->longest_gap);
      return TRUE;
    }
  }
  return FALSE;
}

/* How the values of a subject spread over all cells and runs. */
typedef struct {
  Subject subject;
  double low, high;
  guint known, censored, never;
} Spread;

static Spread spread_of(const Batch *batch, Subject subject) {
  Spread spread = {.subject = subject, .low = HUGE_VAL, .high = -HUGE_VAL};
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    for (guint run = 0; run < cell->run_count; run++) {
      gboolean censored;
      double value = 0;
      if (!value_of(cell, run, &subject, &value, &censored)) {
        spread.never++;
      } else if (censored) {
        spread.censored++;
      } else {
        spread.known++;
        spread.low = MIN(spread.low, value);
        spread.high = MAX(spread.high, value);
      }
    }
  }
  return spread;
}

/* A picture of anything else would be of one straight line, or of none. */
static gboolean varies(const Spread *spread) {
  return spread->known > 0 &&
         (spread->low < spread->high || spread->censored > 0 || spread->never > 0);
}

/* What was not over costs most; of equals the first event. */
static int compare_costs(gconstpointer a, gconstpointer b) {
  const Spread *left = a, *right = b;
  if ((left->censored > 0) != (right->censored > 0))
    return left->censored > 0 ? -1 : 1;
  if (left->high != right->high)
    return left->high > right->high ? -1 : 1;
  return left->subject.event < right->subject.event ? -1 : 1;
}

static int compare_events(gconstpointer a, gconstpointer b) {
  const Spread *left = a, *right = b;
  return left->subject.event < right->subject.event ? -1 : 1;
}

/* Spread: the events in which the measure varies, those that cost most, in the order of events. */
static GArray *events_that_matter(const Batch *batch, Measure measure) {
  GArray *spreads = g_array_new(FALSE, FALSE, sizeof(Spread));
  for (guint event = 0; event < batch_event_count(batch); event++) {
    const Spread spread = spread_of(batch, (Subject){NULL, measure, event});
    if (varies(&spread))
      g_array_append_val(spreads, spread);
  }
  g_array_sort(spreads, compare_costs);
  g_array_set_size(spreads, MIN(spreads->len, MOST_SUBJECTS));
  g_array_sort(spreads, compare_events);
  return spreads;
}

static Subject subject_of(const DesignMeasured *measured) {
  return measured->probe.text != NULL
             ? (Subject){.probe = measured->probe.text}
             : (Subject){NULL, (Measure)measured->measure, (guint)measured->event};
}

static gboolean same_subject(const Subject *a, const Subject *b) {
  return g_strcmp0(a->probe, b->probe) == 0 && a->measure == b->measure && a->event == b->event;
}

static gboolean has_subject(const GArray *spreads, const Subject *subject) {
  for (guint i = 0; i < spreads->len; i++)
    if (same_subject(&g_array_index(spreads, Spread, i).subject, subject))
      return TRUE;
  return FALSE;
}

/* Spread: what others measured in seconds, in the order of the file: also a number that is the same
 * in all runs lies beside theirs or within. */
static GArray *what_was_measured(const Design *body, const Batch *batch) {
  GArray *spreads = g_array_new(FALSE, FALSE, sizeof(Spread));
  for (guint i = 0; i < body->measured->len && spreads->len < MOST_SUBJECTS; i++) {
    const Subject subject = subject_of(body->measured->pdata[i]);
    const Spread spread = spread_of(batch, subject);
    if (spread.known > 0 && measure_is_time(subject.measure) && !has_subject(spreads, &subject))
      g_array_append_val(spreads, spread);
  }
  return spreads;
}

/* What an outage costs first; where no event costs any, what else an event does. */
static guint curve_rank(const MeasureSpec *spec) { return spec->curve_rank; }

static gboolean same_in_all_runs(const BatchCell *a, const BatchCell *b, const Subject *subject) {
  gboolean same = a->run_count == b->run_count;
  for (guint run = 0; same && run < a->run_count; run++) {
    gboolean one_censored = FALSE, other_censored = FALSE;
    double one = 0, other = 0;
    same = value_of(a, run, subject, &one, &one_censored) ==
               value_of(b, run, subject, &other, &other_censored) &&
           one == other && one_censored == other_censored;
  }
  return same;
}

static const BatchCell *first_under(const Batch *batch, const CloudClass *cloud) {
  guint i = 0;
  while (batch_cell(batch, i)->cloud != cloud)
    i++;
  return batch_cell(batch, i);
}

/* TRUE where some variant differs from the file as it stands, under the same model. A picture of
 * what all variants share tells nothing of what they are there for. */
static gboolean tells_variants_apart(const Batch *batch, const GArray *spreads) {
  for (guint i = 0; i < batch_count(batch); i++)
    for (guint j = 0; j < spreads->len; j++) {
      const BatchCell *cell = batch_cell(batch, i);
      if (!same_in_all_runs(first_under(batch, cell->cloud), cell,
                            &g_array_index(spreads, Spread, j).subject))
        return TRUE;
    }
  return FALSE;
}

static const char *quantity_of(const Subject *subject) {
  const char *curve = subject->probe == NULL ? measure_spec(subject->measure)->curve : NULL;
  return curve != NULL ? curve : "time";
}

/* Beside what all variants have in common, the first measure that tells them apart, if any. */
static void add_difference(GArray *spreads, const Batch *batch) {
  if (spreads->len == 0 || batch_count(batch) < 2 || tells_variants_apart(batch, spreads))
    return;
  Measure telling[MEASURE_COUNT];
  const guint count = measure_ranked(curve_rank, telling);
  for (guint i = 0; i < count; i++) {
    g_autoptr(GArray) others = events_that_matter(batch, telling[i]);
    if (!tells_variants_apart(batch, others))
      continue;
    g_array_set_size(spreads, MIN(spreads->len, MOST_SUBJECTS - 1));
    g_array_append_vals(spreads, others->data, MIN(others->len, MOST_SUBJECTS - spreads->len));
    return;
  }
}

/* Spread: what the picture is of; empty where all runs are alike. */
static GArray *choose_subjects(const Design *body, const Batch *batch) {
  GArray *spreads = what_was_measured(body, batch);
  if (body->traffic->len == 0 && spreads->len > 0)
    return spreads;
  Measure telling[MEASURE_COUNT];
  const guint count = measure_ranked(curve_rank, telling);
  for (guint i = 0; i < count; i++) {
    g_array_unref(spreads);
    spreads = events_that_matter(batch, telling[i]);
    if (spreads->len > 0)
      break;
  }
  add_difference(spreads, batch);
  return spreads;
}

/* ---- over runs: panels --------------------------------------------------------------------- */

/* `owned` keeps the values. */
static RunCurve curve_of(const BatchCell *cell, const Subject *subject, GPtrArray *owned) {
  RunCurve curve = {
      .cloud = cell->cloud, .values = g_new(double, cell->run_count), .runs = cell->run_count};
  g_ptr_array_add(owned, curve.values);
  for (guint run = 0; run < cell->run_count; run++) {
    gboolean censored;
    double value = 0;
    if (!value_of(cell, run, subject, &value, &censored))
      continue;
    if (censored)
      curve.censored++;
    else
      curve.values[curve.count++] = value;
  }
  qsort(curve.values, curve.count, sizeof *curve.values, double_compare);
  return curve;
}

static void add_bands(RunPanel *panel, const BatchCell *cell, const Subject *subject) {
  const GPtrArray *all = cell->scenario->design->measured;
  for (guint i = 0; i < all->len; i++) {
    const DesignMeasured *measured = all->pdata[i];
    const Subject about = subject_of(measured);
    const RunBand band = {cell->cloud, measured->source, measured->low, measured->high};
    if (same_subject(&about, subject) && strcmp(measured->model.text, cell->cloud->name) == 0 &&
        strcmp(scenario_variant_meant(measured->variant.text), cell->scenario->variant->name) == 0)
      g_array_append_val(panel->bands, band);
  }
}

/* "event 0: fw-a silent"; before it which measure, where one is given. */
static char *name_of_subject(const BatchCell *cell, const Subject *subject, const char *measure) {
  if (subject->probe != NULL)
    return g_strdup_printf("longest gap of %s", subject->probe);
  if (subject->event >= cell->event_count)
    return g_strdup_printf("there is no event %u", subject->event);
  const MetricRow *row = batch_row(cell, 0, subject->event);
  return g_strdup_printf("%s%sevent %u: %s %s", measure != NULL ? measure : "",
                         measure != NULL ? ", " : "", subject->event, row->target, row->how);
}

static void clear_panel(gpointer data) {
  RunPanel *panel = data;
  g_free(panel->subject);
  g_array_unref(panel->curves);
  g_array_unref(panel->bands);
}

/* The cells of one scenario stand together; returns where the next one begins. */
static guint end_of_variant(const Batch *batch, guint from) {
  guint end = from + 1;
  while (end < batch_count(batch) &&
         batch_cell(batch, end)->scenario == batch_cell(batch, from)->scenario)
    end++;
  return end;
}

/* One variant and subject: a curve for each model. */
static RunPanel panel_of(const ScenarioFile *file, const Batch *batch, guint from,
                         const Subject *subject, gboolean mixed, GPtrArray *owned) {
  const BatchCell *first = batch_cell(batch, from);
  const gboolean without_traffic = first->scenario->design->traffic->len == 0;
  const gboolean measured = without_traffic && first->scenario->design->measured->len > 0;
  const char *measure = without_traffic ? measure_name(subject->measure)
                        : mixed         ? quantity_of(subject)
                                        : NULL;
  RunPanel panel = {name_of_variant(file, first),
                    name_of_subject(first, subject, measure),
                    measured ? "time" : quantity_of(subject),
                    measure_spec(subject->measure)->unit,
                    g_array_new(FALSE, FALSE, sizeof(RunCurve)),
                    g_array_new(FALSE, FALSE, sizeof(RunBand))};
  for (guint i = from; i < end_of_variant(batch, from); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    if (subject->probe == NULL && subject->event >= cell->event_count)
      continue;
    RunCurve curve = curve_of(cell, subject, owned);
    if (subject->probe == NULL && !without_traffic) {
      const TimelineLane lane = lane_of(file, cell);
      curve.lost_before = svg_lost_before(&lane, batch_row(cell, 0, subject->event)->at);
    }
    g_array_append_val(panel.curves, curve);
    add_bands(&panel, cell, subject);
  }
  return panel;
}

/* "Not drawn, as it is 0 in every run: event 1 (fw-a restore)": that an event costs nothing is an
 * answer too. NULL where there is none such; caller frees. */
static char *events_without_cost(const Batch *batch, Measure measure) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint event = 0; event < batch_event_count(batch); event++) {
    const Spread spread = spread_of(batch, (Subject){NULL, measure, event});
    if (varies(&spread) || spread.high != 0)
      continue;
    const MetricRow *row = batch_row(batch_cell_of_event(batch, event), 0, event);
    g_string_append_printf(text, "%s event %u (%s %s)",
                           text->len > 0 ? "," : "Not drawn, as it is 0 in every run:", event,
                           row->target, row->how);
  }
  return text->len > 0 ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

static void draw_panels(const ScenarioFile *file, const Batch *batch, const GArray *spreads,
                        GString *out) {
  const Design *body = scenario_file_get(file, 0)->design;
  g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GArray) panels = g_array_new(FALSE, FALSE, sizeof(RunPanel));
  const Subject *first = &g_array_index(spreads, Spread, 0).subject;
  const gboolean mixed =
      first->measure != g_array_index(spreads, Spread, spreads->len - 1).subject.measure;
  guint variants = 0;
  g_array_set_clear_func(panels, clear_panel);
  for (guint from = 0; from < batch_count(batch); from = end_of_variant(batch, from))
    if (variants++ < SVG_MOST_VARIANTS)
      for (guint i = 0; i < spreads->len; i++) {
        const RunPanel panel =
            panel_of(file, batch, from, &g_array_index(spreads, Spread, i).subject, mixed, owned);
        g_array_append_val(panels, panel);
      }
  g_autofree char *note =
      body->traffic->len > 0 && !mixed ? events_without_cost(batch, first->measure) : NULL;
  const RunCurves curves = {.note = note,
                            .panels = (const RunPanel *)panels->data,
                            .count = panels->len,
                            .columns = spreads->len > 1 ? spreads->len : MIN(panels->len, 2),
                            .left_out = variants - MIN(variants, SVG_MOST_VARIANTS)};
  svg_run_curves(body->name, body->title, &curves, out);
}

/* Nothing differs from run to run: then words say what all of them have. */
static void tell_outages(const ScenarioFile *file, const Batch *batch, GString *out) {
  const Design *body = scenario_file_get(file, 0)->design;
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  const BatchCell *first = batch_cell(batch, 0);
  g_ptr_array_add(lines, g_strdup_printf("All %u runs are alike, under every variant and model.",
                                         first->run_count));
  for (guint event = 0; event < batch_event_count(batch); event++) {
    const MetricRow *row = batch_row(batch_cell_of_event(batch, event), 0, event);
    GString *line = g_string_new(NULL);
    g_string_append_printf(line, "event %u (%s %s): outage ", event, row->target, row->how);
    append_seconds(line, row->never_happened ? NAN : sim_time_seconds(row->outage));
    if (row->censored)
      g_string_append(line, ", and not over");
    g_ptr_array_add(lines, g_string_free(line, FALSE));
  }
  svg_words(body->name, body->title, lines, out);
}

static void draw_curves(const ScenarioFile *file, const Batch *batch, GString *out) {
  g_autoptr(GArray) spreads = choose_subjects(scenario_file_get(file, 0)->design, batch);
  if (spreads->len > 0)
    draw_panels(file, batch, spreads, out);
  else
    tell_outages(file, batch, out);
}

/* ---- the pictures of a file ---------------------------------------------------------------- */

Status write_plots(const ScenarioFile *file, const Options *options, const Batch *batch,
                   PictureDone done, gpointer data) {
  g_autoptr(GPtrArray) names = plot_names(file, options);
  Status status = STATUS_DONE;
  for (guint i = 0; batch_count(batch) > 0 && i < names->len && status == STATUS_DONE; i++) {
    g_autoptr(GString) text = g_string_new(NULL);
    if (g_str_has_suffix(names->pdata[i], "-timeline.svg"))
      draw_timeline(file, batch, text);
    else
      draw_curves(file, batch, text);
    status = done(data, options->plots, names->pdata[i], text);
  }
  return status;
}
