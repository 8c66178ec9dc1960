/* Pictures of a batch, scenario by scenario, of the file as it stands (not its variants). */
#include <stdlib.h>
#include <string.h>

#include "results_private.h"
#include "routesim/report/svg.h"

static gboolean has_timeline(const ScenarioBody *body) { return body->traffic->len > 0; }
static gboolean has_cdf(const ScenarioBody *body, const Options *options) {
  return planned_runs(options, body) > 1 && body->events->len > 0 && body->traffic->len > 0;
}

/* Names of the pictures of a file (char *). */
static GPtrArray *plot_names(const ScenarioFile *file, const Options *options) {
  const ScenarioBody *body = scenario_file_get(file, 0)->body;
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  if (has_timeline(body))
    g_ptr_array_add(names, g_strconcat(body->name, "-timeline.svg", NULL));
  if (has_cdf(body, options))
    g_ptr_array_add(names, g_strconcat(body->name, "-outage-cdf.svg", NULL));
  return names;
}

/* The cells of the file as it stands, one a model. */
static GPtrArray *base_cells(const Batch *batch) {
  GPtrArray *cells = g_ptr_array_new();
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    if (cell->scenario->variant->is_base)
      g_ptr_array_add(cells, (gpointer)cell);
  }
  return cells;
}

static void draw_timeline(const ScenarioBody *body, const GPtrArray *cells, GString *out) {
  g_autofree TimelineLane *lanes = g_new0(TimelineLane, cells->len);
  for (guint i = 0; i < cells->len; i++) {
    const BatchCell *cell = cells->pdata[i];
    lanes[i] = (TimelineLane){cell->cloud, cell->details[0]->traffic,
                              cell->details[0]->traffic_count, cell->rows, cell->event_count};
  }
  svg_timeline(body->name, body->title, body->duration.law.a, lanes, cells->len, out);
}

static int compare_numbers(const void *left, const void *right) {
  const double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static void draw_cdf(const ScenarioBody *body, const GPtrArray *cells, GString *out) {
  g_autofree OutageCurve *curves = g_new0(OutageCurve, cells->len);
  g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < cells->len; i++) {
    const BatchCell *cell = cells->pdata[i];
    double *outages = g_new(double, cell->run_count);
    curves[i] = (OutageCurve){.cloud = cell->cloud, .outages = outages};
    g_ptr_array_add(owned, outages);
    for (guint run = 0; run < cell->run_count; run++) {
      const MetricRow *row = batch_row(cell, run, 0);
      if (row->censored)
        curves[i].censored++;
      else
        outages[curves[i].count++] = sim_time_seconds(row->outage);
    }
    qsort(outages, curves[i].count, sizeof *outages, compare_numbers);
  }
  svg_outage_cdf(body->name, body->title, curves, cells->len, out);
}

Status write_plots(const ScenarioFile *file, const Options *options, const Batch *batch,
                   PictureDone done, gpointer data) {
  const ScenarioBody *body = scenario_file_get(file, 0)->body;
  g_autoptr(GPtrArray) cells = base_cells(batch);
  g_autoptr(GPtrArray) names = plot_names(file, options);
  Status status = STATUS_DONE;
  for (guint i = 0; cells->len > 0 && i < names->len && status == STATUS_DONE; i++) {
    g_autoptr(GString) text = g_string_new(NULL);
    if (g_str_has_suffix(names->pdata[i], "-timeline.svg"))
      draw_timeline(body, cells, text);
    else
      draw_cdf(body, cells, text);
    status = done(data, options->plots, names->pdata[i], text);
  }
  return status;
}
