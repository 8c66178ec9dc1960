/* routesim compare: models and variants side by side, event by event. */
#include <math.h>
#include <string.h>

#include "compare_private.h"

/* More variants than this are counted in a heading. */
#define MOST_OWNERS 4u
/* More columns than this do not fit a terminal: then cells are rows. */
#define MOST_COLUMNS 5

/* `chosen` gets the measures that are compared and say something of this event; how many. */
static guint choose_measures(const Batch *batch, guint event, Measure chosen[MEASURE_COUNT]) {
  guint count = 0;
  for (guint measure = 0; measure < MEASURE_COUNT; measure++)
    if (measure_spec((Measure)measure)->compared && says_something(batch, event, (Measure)measure))
      chosen[count++] = (Measure)measure;
  return count;
}

static void append_value(GString *out, const Summary *summary, Measure measure, double value) {
  if (isnan(value) && summary->n > 0)
    g_string_append(out, "not over");
  else
    append_measure(out, measure, value);
}

/* A cell shows the value of one run; of many the median and the 95th percentile, where they
 * differ. */
static void add_value(Report *report, const BatchCell *cell, guint event, Measure measure) {
  g_autoptr(GString) text = g_string_new(NULL);
  if (event < cell->event_count) {
    const Summary summary = batch_summary(cell, event, measure);
    append_value(text, &summary, measure, summary.p50);
    g_autoptr(GString) high = g_string_new(NULL);
    append_value(high, &summary, measure, summary.p95);
    if (strcmp(high->str, text->str) != 0)
      g_string_append_printf(text, " / %s", high->str);
  }
  report_text(report, text->str);
}

/* Measures are rows, models and variants columns. */
static void print_event(Report *report, const Batch *batch, guint event, const char *heading) {
  const guint cells = batch_count(batch);
  g_autofree Column *columns = g_new0(Column, cells + 1);
  g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func(g_free);
  columns[0] = (Column){"measure", COLUMN_TEXT};
  for (guint i = 0; i < cells; i++) {
    char *title = cell_title(batch_cell(batch, i));
    g_ptr_array_add(titles, title);
    columns[i + 1] = (Column){title, COLUMN_FIGURE};
  }
  report_begin(report, "event", heading, columns, cells + 1);
  Measure told[MEASURE_COUNT];
  const guint count = choose_measures(batch, event, told);
  for (guint i = 0; i < count; i++) {
    g_autofree char *title = measure_title(told[i]);
    report_text(report, title);
    for (guint j = 0; j < cells; j++)
      add_value(report, batch_cell(batch, j), event, told[i]);
  }
  report_end(report);
}

/* The wide form is the same with models and variants as rows, without columns that say nothing. */
static void print_event_wide(Report *report, const Batch *batch, guint event, const char *heading) {
  Column columns[MEASURE_COUNT + 2] = {{"variant", COLUMN_TEXT}, {"model", COLUMN_TEXT}};
  Measure told[MEASURE_COUNT];
  const guint count = choose_measures(batch, event, told);
  g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < count; i++) {
    char *title = measure_title(told[i]);
    g_ptr_array_add(titles, title);
    columns[i + 2] = (Column){title, COLUMN_FIGURE};
  }
  report_begin(report, "event", heading, columns, count + 2);
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    report_text(report, cell->scenario->variant->name);
    report_text(report, cell->cloud->name);
    for (guint j = 0; j < count; j++)
      add_value(report, cell, event, told[j]);
  }
  report_end(report);
}

static gboolean is_alike(const MetricRow *a, const MetricRow *b) {
  return strcmp(a->target, b->target) == 0 && strcmp(a->how, b->how) == 0 && a->at.ns == b->at.ns;
}

/* Variants may break another thing, in another way, at another time. */
static gboolean all_break_alike(const Batch *batch, guint event) {
  const MetricRow *first = batch_row(batch_cell_of_event(batch, event), 0, event);
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    if (event < cell->event_count && !is_alike(batch_row(cell, 0, event), first))
      return FALSE;
  }
  return TRUE;
}

static gboolean has_event(const BatchCell *cell, guint event) { return event < cell->event_count; }

/* The variants that have the event, once each for all of their models. */
static void append_owners(GString *out, const Batch *batch, guint event) {
  g_autoptr(GPtrArray) owners = g_ptr_array_new();
  gboolean all = TRUE;
  for (guint i = 0; i < batch_count(batch); i++) {
    const BatchCell *cell = batch_cell(batch, i);
    gpointer name = (gpointer)cell->scenario->variant->name;
    all &= has_event(cell, event);
    if (has_event(cell, event) &&
        !g_ptr_array_find_with_equal_func(owners, name, g_str_equal, NULL))
      g_ptr_array_add(owners, name);
  }
  for (guint i = 0; !all && i < MIN(owners->len, MOST_OWNERS); i++)
    g_string_append_printf(out, "%s%s", i == 0 ? "; only in " : ", ", (char *)owners->pdata[i]);
  if (!all && owners->len > MOST_OWNERS)
    g_string_append_printf(out, " and %u more", owners->len - MOST_OWNERS);
}

static char *event_heading(const Batch *batch, guint event) {
  const BatchCell *cell = batch_cell_of_event(batch, event);
  const MetricRow *row = batch_row(cell, 0, event);
  GString *heading = g_string_new(NULL);
  g_string_append_printf(heading, "Event %u%s at ", event, row->never_happened ? ", due" : "");
  append_exact(heading, MEASURE_OUTAGE, sim_time_seconds(row->at));
  g_string_append_printf(heading, ": %s %s", row->target, row->how);
  if (!all_break_alike(batch, event))
    g_string_append(heading, ", or as the variant says");
  append_owners(heading, batch, event);
  if (cell->run_count > 1)
    g_string_append_printf(heading, " (%u runs: median / p95)", cell->run_count);
  return g_string_free(heading, FALSE);
}

/* `ranges` NULL: they are not asked for. */
static void print_events(Report *report, const Batch *batch, const Sensitivity *ranges) {
  for (guint event = 0; event < batch_event_count(batch); event++) {
    g_autofree char *heading = event_heading(batch, event);
    if (batch_count(batch) <= MOST_COLUMNS)
      print_event(report, batch, event, heading);
    else
      print_event_wide(report, batch, event, heading);
    if (ranges != NULL)
      compare_ranges_notes(report, ranges, event);
  }
}

/* ---- for programs: one table of each kind over all files ---------------------------- */

enum { SECTION_DISTRIBUTION, SECTION_MEASURED, SECTION_PRICE, SECTION_COUNT };

static const struct {
  const CompareTable *table;
  void (*add)(Report *report, const Batch *batch);
} sections[SECTION_COUNT] = {{&compare_distribution_table, compare_add_distribution},
                             {&compare_measured_table, compare_add_measured},
                             {&compare_price_table, compare_add_price}};

/* Rows wait as CSV until the last file is done. */
typedef struct {
  GString *summary;
  GString *texts[SECTION_COUNT];
  GString *ranges; /* of --ranges */
} Gathered;

static Report *begin_csv(const CompareTable *table, GString *text, Output **output) {
  *output = output_memory(text);
  Report *report = report_new(report_format_find("csv"), *output);
  report_begin(report, table->key, NULL, table->columns, table->count);
  return report;
}

static void end_csv(Report *report, Output *output, GString *all, const GString *text) {
  report_end(report);
  report_finish(report);
  output_close(output, NULL);
  join_csv(all, text->str);
}

static void gather(Gathered *gathered, const Batch *batch, const Sensitivity *ranges) {
  g_autofree char *summary = summary_text(batch);
  join_csv(gathered->summary, summary);
  for (guint i = 0; i < SECTION_COUNT; i++) {
    g_autoptr(GString) text = g_string_new(NULL);
    Output *output;
    Report *report = begin_csv(sections[i].table, text, &output);
    sections[i].add(report, batch);
    end_csv(report, output, gathered->texts[i], text);
  }
  if (ranges != NULL) {
    g_autoptr(GString) text = g_string_new(NULL);
    Output *output;
    Report *report = begin_csv(&compare_ranges_table, text, &output);
    compare_add_ranges(report, ranges);
    end_csv(report, output, gathered->ranges, text);
  }
}

static void copy_section(Report *report, const CompareTable *table, const GString *rows) {
  report_begin(report, table->key, NULL, table->columns, table->count);
  copy_csv(report, rows->str);
  report_end(report);
}

static void print_gathered(const Printer *printer) {
  const Gathered *gathered = printer->data;
  Report *report = printer->report;
  rows_begin(report, ROWS_SUMMARY);
  copy_csv(report, gathered->summary->str);
  report_end(report);
  if (printer->options->format == report_format_find("csv"))
    return; /* one table: no more fits into CSV */
  for (guint i = 0; i < SECTION_COUNT; i++)
    copy_section(report, sections[i].table, gathered->texts[i]);
  if (printer->options->spans)
    copy_section(report, &compare_ranges_table, gathered->ranges);
  compare_assumed_table(report, printer->loaded, printer->options);
}

/* ---- the command -------------------------------------------------------------------- */

static void print_title(Report *report, const Loaded *loaded, guint file, const Design *body) {
  g_autofree char *line =
      body->title[0] != '\0'
          ? g_strdup_printf("%s: %s", body->name, body->title)
          : g_strdup_printf("%s (%s)", body->name, (const char *)loaded->paths->pdata[file]);
  report_heading(report, line);
}

static void print(const Printer *printer, guint file, const Batch *batch) {
  Report *report = printer->report;
  if (batch_count(batch) == 0) /* does not name the model asked for */
    return;
  g_autoptr(Sensitivity) ranges =
      printer->options->spans ? compare_ranges_run(printer, file, batch) : NULL;
  if (report_format_is_data(printer->options->format)) {
    gather(printer->data, batch, ranges);
    return;
  }
  print_title(report, printer->loaded, file, batch_cell(batch, 0)->scenario->design);
  print_events(report, batch, ranges);
  compare_distribution(report, batch);
  print_probes(report, batch);
  compare_measured(report, batch);
  compare_price(report, batch);
}

static void finish(const Printer *printer) {
  if (report_format_is_data(printer->options->format))
    print_gathered(printer);
  else
    compare_assumed_notes(printer->report, printer->loaded, printer->options);
}

static Status run(const Options *options) {
  if (options->spans && options->format == report_format_find("csv")) {
    complain("--ranges has no place in CSV, which is one table: --format json has it");
    return STATUS_CALL;
  }
  Gathered gathered = {g_string_new(NULL),
                       {g_string_new(NULL), g_string_new(NULL), g_string_new(NULL)},
                       g_string_new(NULL)};
  const PrintHooks hooks = {
      .folders = TRUE, .detail = TRUE, .print = print, .finish = finish, .data = &gathered};
  const Status status = run_and_print(options, &hooks);
  g_string_free(gathered.summary, TRUE);
  g_string_free(gathered.ranges, TRUE);
  for (guint i = 0; i < SECTION_COUNT; i++)
    g_string_free(gathered.texts[i], TRUE);
  return status;
}

const Command command_compare = {
    .name = "compare",
    .arguments = "FILE...",
    .summary = "Puts models and variants side by side",
    .description =
        "Shows detection, programming, outage, loss and distribution, event by event, then what\n"
        "others measured or state where the scenario tells it, and the assumptions that the\n"
        "numbers lean on. A folder stands for every *.yaml file below it. With --ranges it says "
        "how\n"
        "far the median outage can lie over what nobody has published.",
    .options =
        OPTION_FORMAT | OPTION_LOAD | OPTION_RUNS | OPTION_DETAIL | OPTION_UNTIL | OPTION_SPAN,
    .least = 1,
    .most = G_MAXUINT,
    .run = run,
};
