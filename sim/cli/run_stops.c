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

/* ---- what was stopped before an event -------------------------------------------------------- */

/* More reasons than this are counted. */
#define MOST_REASONS 3

GArray *stops_before(const BatchCell *cell, guint event) {
  const RunResult *first = cell->details != NULL ? cell->details[0] : NULL;
  if (first == NULL || batch_row(cell, 0, event)->never_happened)
    return g_array_new(FALSE, FALSE, sizeof(MetricStop));
  return metric_stops_before(first->engine, &FAULT_EVENT, event);
}

guint64 count_stopped(const GArray *stops) {
  guint64 flows = 0;
  for (guint i = 0; i < stops->len; i++)
    flows += g_array_index(stops, MetricStop, i).flows;
  return flows;
}

void append_reasons(GString *out, const GArray *stops) {
  for (guint i = 0; i < MIN(stops->len, MOST_REASONS); i++) {
    const MetricStop *stop = &g_array_index(stops, MetricStop, i);
    g_string_append(out, i > 0 ? ", " : "");
    if (stops->len > 1)
      g_string_append_printf(out, "%" G_GUINT64_FORMAT " ", stop->flows);
    g_string_append(out, drop_reason_name(stop->reason));
    if (stop->where.name != NULL)
      g_string_append_printf(out, " at %s", stop->where.name);
  }
  if (stops->len > MOST_REASONS)
    g_string_append_printf(out, " and %u more", stops->len - MOST_REASONS);
}
