/* Where packets ended in the first run of each model, so that loops and blackholes have a place. */
#include "results_private.h"
#include "routesim/fault/fault.h"
#include "routesim/metric/stops.h"

static const Column columns[] = {
    {"model", COLUMN_TEXT},   {"variant", COLUMN_TEXT}, {"traffic", COLUMN_TEXT},
    {"flows", COLUMN_COUNT},  {"reason", COLUMN_TEXT},  {"where", COLUMN_TEXT},
    {"since_s", COLUMN_TIME}, {"event", COLUMN_COUNT},
};
static const Column columns_for_people[] = {
    {"model", COLUMN_TEXT},  {"traffic", COLUMN_TEXT}, {"flows", COLUMN_COUNT},
    {"reason", COLUMN_TEXT}, {"where", COLUMN_TEXT},   {"since", COLUMN_FIGURE},
    {"event", COLUMN_COUNT},
};

static void add_stop(Report *report, const BatchCell *cell, const MetricStop *stop, gboolean data) {
  report_text(report, cell->cloud->name);
  if (data)
    report_text(report, cell->scenario->variant->name);
  report_text(report, stop->traffic);
  report_count(report, stop->flows);
  report_text(report, drop_reason_name(stop->reason));
  report_text(report, stop->where.name);
  if (data) {
    report_time(report, stop->since);
  } else {
    g_autoptr(GString) since = g_string_new(NULL);
    append_seconds(since, sim_time_seconds(stop->since));
    report_text(report, since->str);
  }
  if (stop->event < 0)
    report_empty(report);
  else
    report_count(report, (guint)stop->event);
}

void print_stops(Report *report, const Batch *batch) {
  const gboolean data = report_format_is_data(report_format(report));
  gboolean begun = data;
  if (data)
    report_begin(report, "stops", NULL, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    if (!data && !cell->scenario->variant->is_base)
      continue;
    g_autoptr(GArray) stops = metric_stops(cell->details[0]->engine, &FAULT_EVENT);
    if (!begun && stops->len > 0)
      report_begin(report, "stops", "Where packets ended (first run)", columns_for_people,
                   G_N_ELEMENTS(columns_for_people));
    begun |= stops->len > 0;
    for (guint j = 0; j < stops->len; j++)
      add_stop(report, cell, &g_array_index(stops, MetricStop, j), data);
  }
  if (begun)
    report_end(report);
}
