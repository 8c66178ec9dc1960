/* What probes saw, over the runs of a cell. */
#include <string.h>

#include "results_private.h"

typedef double (*ProbeValue)(const ProbeResult *probe);

static double gap_of(const ProbeResult *probe) { return sim_time_seconds(probe->longest_gap); }
static double lost_of(const ProbeResult *probe) { return (double)probe->lost; }
static double answered_of(const ProbeResult *probe) { return (double)(probe->sent - probe->lost); }

static Summary probe_summary(const BatchCell *cell, const char *name, ProbeValue value) {
  g_autofree double *values = g_new(double, cell->run_count + 1);
  guint count = 0;
  for (guint run = 0; run < cell->run_count; run++)
    for (guint i = 0; i < cell->probe_count; i++) {
      const ProbeResult *probe = &cell->probes[(gsize)run * cell->probe_count + i];
      if (strcmp(probe->name, name) == 0)
        values[count++] = value(probe);
    }
  return summary_of(values, count, 0, cell->run_count);
}

Summary probe_gap(const BatchCell *cell, const char *probe) {
  return probe_summary(cell, probe, gap_of);
}

gboolean probe_is_never_answered(const BatchCell *cell, const char *probe) {
  const Summary answered = probe_summary(cell, probe, answered_of);
  return answered.n > 0 && answered.max <= 0;
}

static void add_measure(Report *report, Measure like, double value) {
  g_autoptr(GString) text = g_string_new(NULL);
  append_measure(text, like, value);
  report_text(report, text->str);
}

static void add_probe(Report *report, const BatchCell *cell, const char *name) {
  const Summary gap = probe_gap(cell, name), lost = probe_summary(cell, name, lost_of);
  report_text(report, name);
  report_text(report, cell->cloud->name);
  report_text(report, cell->scenario->variant->name);
  report_count(report, gap.runs);
  add_measure(report, MEASURE_FLOWS_MOVED, lost.p50);
  add_measure(report, MEASURE_OUTAGE, gap.min);
  add_measure(report, MEASURE_OUTAGE, gap.p50);
  add_measure(report, MEASURE_OUTAGE, gap.p95);
  add_measure(report, MEASURE_OUTAGE, gap.max);
}

/* Variants may have probes of their own. */
static guint most_probes(const Batch *batch) {
  guint most = 0;
  for (guint i = 0; i < batch_count(batch); i++)
    most = MAX(most, batch_cell(batch, i)->probe_count);
  return most;
}

void print_probes(Report *report, const Batch *batch) {
  static const Column columns[] = {
      {"probe", COLUMN_TEXT},
      {"model", COLUMN_TEXT},
      {"variant", COLUMN_TEXT, .usual = SCENARIO_BASE},
      {"runs", COLUMN_COUNT},
      {"lost, median", COLUMN_FIGURE},
      {"gap, least", COLUMN_FIGURE},
      {"median", COLUMN_FIGURE},
      {"p95", COLUMN_FIGURE},
      {"most", COLUMN_FIGURE},
  };
  const guint probes = most_probes(batch);
  if (probes == 0)
    return;
  report_begin(report, "probes", "Probes: packets lost, and the longest gap of a run", columns,
               G_N_ELEMENTS(columns));
  for (guint probe = 0; probe < probes; probe++)
    for (guint i = 0; i < batch_count(batch); i++)
      if (probe < batch_cell(batch, i)->probe_count)
        add_probe(report, batch_cell(batch, i), batch_cell(batch, i)->probes[probe].name);
  report_end(report);
}
