/* Distribution before and after, and measured ranges. */
#include <math.h>
#include <string.h>

#include "compare_private.h"
#include "routesim/report/facts.h"

char *cell_title(const BatchCell *cell) {
  const ScenarioVariant *variant = cell->scenario->variant;
  return variant->is_base ? g_strdup(cell->cloud->name)
                          : g_strdup_printf("%s %s", cell->cloud->name, variant->name);
}

/* ---- distribution ------------------------------------------------------------------- */

static const Column distribution_columns[] = {
    {"scenario", COLUMN_TEXT},     {"model", COLUMN_TEXT},         {"variant", COLUMN_TEXT},
    {"via", COLUMN_TEXT},          {"flows_before", COLUMN_COUNT}, {"share_before", COLUMN_NUMBER},
    {"flows_after", COLUMN_COUNT}, {"share_after", COLUMN_NUMBER},
};
const CompareTable compare_distribution_table = {"distribution", distribution_columns,
                                                 G_N_ELEMENTS(distribution_columns)};

static ViaShare *share_of(GArray *shares, const char *via) {
  for (guint i = 0; i < shares->len; i++)
    if (strcmp(g_array_index(shares, ViaShare, i).via, via) == 0)
      return &g_array_index(shares, ViaShare, i);
  const ViaShare share = {.via = via};
  g_array_append_val(shares, share);
  return &g_array_index(shares, ViaShare, shares->len - 1);
}

/* Shares of `whole`: 1, or 100 for percent. */
static double before_of(const ViaShares *shares, const ViaShare *share, double whole) {
  return shares->by_load ? whole * (double)share->bits_before / (double)shares->bits
                         : whole * (double)share->before / (double)shares->flows;
}

static double after_of(const ViaShares *shares, const ViaShare *share, double whole) {
  return shares->by_load ? whole * (double)share->bits_after / (double)shares->bits
                         : whole * (double)share->after / (double)shares->flows;
}

static int compare_vias(gconstpointer a, gconstpointer b) {
  return strcmp(((const ViaShare *)a)->via, ((const ViaShare *)b)->via);
}

static gboolean holds_until(const RunTrafficRow *row, SimTime moment) {
  return row->from.ns < moment.ns && row->to.ns >= moment.ns;
}

static void add_row(ViaShares *shares, const RunTrafficRow *row, SimTime at, SimTime next) {
  const gboolean before = holds_until(row, at), after = holds_until(row, next);
  if (row->direction != FLOW_FORWARD || (!before && !after))
    return;
  ViaShare *share = share_of(shares->ways, row->via);
  share->before += before ? row->flows : 0;
  share->bits_before += before ? row->bits_per_second : 0;
  share->after += after ? row->flows : 0;
  share->bits_after += after ? row->bits_per_second : 0;
  shares->flows += after ? row->flows : 0;
  shares->bits += after ? (guint64)row->bits_per_second : 0;
  shares->by_load |= row->dropped == DROP_CAPACITY;
}

ViaShares compare_shares(const BatchCell *cell) {
  ViaShares shares = {.ways = g_array_new(FALSE, FALSE, sizeof(ViaShare))};
  if (cell->event_count == 0 || cell->rows[0].never_happened || cell->details == NULL ||
      cell->details[0] == NULL)
    return shares;
  const RunResult *run = cell->details[0];
  const SimTime at = cell->rows[0].at, duration = cell->scenario->design->duration.law.a;
  SimTime next = duration;
  for (guint i = 1; i < cell->event_count; i++)
    if (cell->rows[i].at.ns > at.ns)
      next = sim_time_min(next, cell->rows[i].at);
  for (guint i = 0; i < run->traffic_count; i++)
    add_row(&shares, &run->traffic[i], at, next);
  g_array_sort(shares.ways, compare_vias);
  return shares;
}

void compare_add_distribution(Report *report, const Batch *batch) {
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    const ViaShares shares = compare_shares(cell);
    for (guint j = 0; j < shares.ways->len; j++) {
      const ViaShare *share = &g_array_index(shares.ways, ViaShare, j);
      report_text(report, cell->scenario->design->name);
      report_text(report, cell->cloud->name);
      report_text(report, cell->scenario->variant->name);
      report_text(report, share->via);
      report_count(report, share->before);
      report_number(report, before_of(&shares, share, 1));
      report_count(report, share->after);
      report_number(report, after_of(&shares, share, 1));
    }
    g_array_unref(shares.ways);
  }
}

/* "100.0 -> 50.0 %", or one number where nothing changed. */
static void add_change(Report *report, const ViaShares *shares, const char *via) {
  g_autofree char *text = NULL;
  for (guint i = 0; i < shares->ways->len; i++) {
    const ViaShare *share = &g_array_index(shares->ways, ViaShare, i);
    if (strcmp(share->via, via) != 0)
      continue;
    const double before = before_of(shares, share, 100), after = after_of(shares, share, 100);
    text = before == after ? g_strdup_printf("%.1f %%", after)
                           : g_strdup_printf("%.1f -> %.1f %%", before, after);
  }
  report_text(report, text);
}

static int compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every way of every cell, by name. */
static GPtrArray *all_vias(const ViaShares *shares, guint count) {
  GPtrArray *vias = g_ptr_array_new();
  for (guint i = 0; i < count; i++)
    for (guint j = 0; j < shares[i].ways->len; j++) {
      const char *via = g_array_index(shares[i].ways, ViaShare, j).via;
      if (!g_ptr_array_find_with_equal_func(vias, via, g_str_equal, NULL))
        g_ptr_array_add(vias, (gpointer)via);
    }
  g_ptr_array_sort(vias, compare_names);
  return vias;
}

void compare_distribution(Report *report, const Batch *batch) {
  const guint cells = batch_count(batch);
  g_autofree ViaShares *shares = g_new0(ViaShares, cells);
  gboolean by_load = FALSE;
  for (guint i = 0; i < cells; i++) {
    shares[i] = compare_shares(batch_cell(batch, i));
    by_load |= shares[i].by_load;
  }
  g_autoptr(GPtrArray) vias = all_vias(shares, cells);
  g_autofree Column *columns = g_new0(Column, vias->len + 1);
  columns[0] = (Column){"under", COLUMN_TEXT};
  /* What stands side by side is of one kind. */
  for (guint i = 0; i < cells; i++)
    shares[i].by_load = by_load;
  for (guint i = 0; i < vias->len; i++)
    columns[i + 1] = (Column){vias->pdata[i], COLUMN_FIGURE};
  if (vias->len > 0) {
    report_begin(report, "distribution",
                 by_load ? "Share of load by way, before -> after event 0"
                         : "Share of flows by way, before -> after event 0",
                 columns, vias->len + 1);
    for (guint i = 0; i < cells; i++) {
      g_autofree char *title = cell_title(batch_cell(batch, i));
      report_text(report, title);
      for (guint j = 0; j < vias->len; j++)
        add_change(report, &shares[i], vias->pdata[j]);
    }
    report_end(report);
  }
  for (guint i = 0; i < cells; i++)
    g_array_unref(shares[i].ways);
}

/* ---- measured ----------------------------------------------------------------------- */

static const Column measured_columns[] = {
    {"scenario", COLUMN_TEXT}, {"model", COLUMN_TEXT}, {"variant", COLUMN_TEXT},
    {"event", COLUMN_COUNT},   {"what", COLUMN_TEXT},  {"source", COLUMN_TEXT},
    {"use", COLUMN_TEXT},      {"low", COLUMN_NUMBER}, {"high", COLUMN_NUMBER},
    {"p50", COLUMN_NUMBER},    {"min", COLUMN_NUMBER}, {"max", COLUMN_NUMBER},
    {"inside", COLUMN_TEXT},   {"note", COLUMN_TEXT},  {"basis", COLUMN_TEXT},
};
const CompareTable compare_measured_table = {"measured", measured_columns,
                                             G_N_ELEMENTS(measured_columns)};

static Summary modelled(const BatchCell *cell, const DesignMeasured *measured) {
  if (measured->probe.text != NULL)
    return probe_gap(cell, measured->probe.text);
  if (measured->event >= (gint64)cell->event_count)
    return summary_of(NULL, 0, 0, cell->run_count);
  return batch_summary(cell, (guint)measured->event, (Measure)measured->measure);
}

static gboolean is_about(const DesignMeasured *measured, const BatchCell *cell) {
  const char *variant = scenario_variant_meant(measured->variant.text);
  return (measured->model.text == NULL || strcmp(measured->model.text, cell->cloud->name) == 0) &&
         strcmp(variant, cell->scenario->variant->name) == 0;
}

const char *compare_agreement(const DesignMeasured *measured, const Summary *summary) {
  if (summary->p50 >= measured->low && summary->p50 <= measured->high)
    return "yes";
  return summary->min <= measured->high && summary->max >= measured->low ? "some runs" : "no";
}

static char *what_of(const DesignMeasured *measured) {
  return measured->probe.text != NULL ? g_strdup_printf("longest gap of %s", measured->probe.text)
                                      : measure_title((Measure)measured->measure);
}

static char *use_of(const DesignMeasured *measured) {
  GString *out = g_string_new(measured->used_to_set->len > 0 ? "calibration of " : "validation");
  for (guint i = 0; i < measured->used_to_set->len; i++)
    g_string_append_printf(out, "%s%s", i > 0 ? ", " : "",
                           ((const NameRef *)measured->used_to_set->pdata[i])->text);
  return g_string_free(out, FALSE);
}

/* What the facts say of the source: "measured", or that it is documented or assumed, which proves
 * less; NULL: it is none of them. */
static const char *basis_of(const DesignMeasured *measured) {
  g_auto(GStrv) ids = g_strsplit_set(measured->source, " ,;:()", -1);
  for (guint i = 0; ids[i] != NULL; i++) {
    const FactRow *fact = fact_find(ids[i]);
    if (fact != NULL)
      return fact->basis;
  }
  return NULL;
}

static void add_measured_row(Report *report, const BatchCell *cell,
                             const DesignMeasured *measured) {
  const Summary summary = modelled(cell, measured);
  g_autofree char *what = what_of(measured), *use = use_of(measured);
  report_text(report, cell->scenario->design->name);
  report_text(report, cell->cloud->name);
  report_text(report, cell->scenario->variant->name);
  report_count(report, (guint64)measured->event);
  report_text(report, what);
  report_text(report, measured->source);
  report_text(report, use);
  report_number(report, measured->low);
  report_number(report, measured->high);
  report_number(report, summary.p50);
  report_number(report, summary.min);
  report_number(report, summary.max);
  report_text(report, compare_agreement(measured, &summary));
  report_text(report, measured->note);
  report_text(report, basis_of(measured));
}

/* Every range beside the cell that it is about, in the order of the file. */
static void measured_foreach(Report *report, const Batch *batch,
                             void (*add)(Report *, const BatchCell *, const DesignMeasured *)) {
  if (batch_count(batch) == 0)
    return;
  const GPtrArray *all = batch_cell(batch, 0)->scenario->design->measured;
  for (guint i = 0; i < all->len; i++)
    for (guint j = 0; j < batch_count(batch); j++)
      if (is_about(all->pdata[i], batch_cell(batch, j)))
        add(report, batch_cell(batch, j), all->pdata[i]);
}

void compare_add_measured(Report *report, const Batch *batch) {
  measured_foreach(report, batch, add_measured_row);
}

static void add_measured_line(Report *report, const BatchCell *cell,
                              const DesignMeasured *measured) {
  const Measure measure =
      measured->probe.text != NULL ? MEASURE_OUTAGE : (Measure)measured->measure;
  const Summary summary = modelled(cell, measured);
  g_autofree char *what = what_of(measured), *use = use_of(measured), *title = cell_title(cell);
  g_autoptr(GString) range = g_string_new(NULL);
  g_autoptr(GString) result = g_string_new(NULL);
  append_measure(range, measure, measured->low);
  if (measured->high > measured->low) {
    g_string_append(range, " to ");
    append_measure(range, measure, measured->high);
  }
  append_measure(result, measure, summary.p50);
  if (summary.runs > 1) {
    g_string_append(result, " [");
    append_measure(result, measure, summary.min);
    g_string_append(result, " to ");
    append_measure(result, measure, summary.max);
    g_string_append_c(result, ']');
  }
  report_text(report, measured->source);
  report_text(report, basis_of(measured));
  report_text(report, title);
  report_count(report, (guint64)measured->event);
  report_text(report, what);
  report_text(report, range->str);
  report_text(report, result->str);
  report_text(report, compare_agreement(measured, &summary));
  report_text(report, use);
}

void compare_measured(Report *report, const Batch *batch) {
  static const Column columns[] = {
      {"source", COLUMN_TEXT},        {"basis", COLUMN_TEXT},  {"under", COLUMN_TEXT},
      {"event", COLUMN_COUNT},        {"what", COLUMN_TEXT},   {"range", COLUMN_FIGURE},
      {"model gives", COLUMN_FIGURE}, {"inside", COLUMN_TEXT}, {"use", COLUMN_TEXT},
  };
  const GPtrArray *all = batch_cell(batch, 0)->scenario->design->measured;
  if (all->len == 0)
    return;
  report_begin(report, "measured",
               batch_cell(batch, 0)->run_count > 1
                   ? "What others measured or state, and the model's median [min to max]"
                   : "What others measured or state, and what the model gives",
               columns, G_N_ELEMENTS(columns));
  measured_foreach(report, batch, add_measured_line);
  report_end(report);
  for (guint i = 0; i < all->len; i++) {
    const DesignMeasured *measured = all->pdata[i];
    if (measured->note == NULL || measured->note[0] == '\0')
      continue;
    g_autofree char *note = g_strdup_printf("%s: %s", measured->source, measured->note);
    report_note(report, note);
  }
}
