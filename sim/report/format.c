/* The document: cells become text here, once for all formats. */
#include "routesim/report/format.h"

#include <math.h>
#include <string.h>

#include "format_private.h"

static const ReportFormat *const formats[] = {&report_table, &report_csv, &report_json,
                                              &report_markdown};
const char *const report_format_names[] = {"table", "csv", "json", "markdown", NULL};

const ReportFormat *report_format_find(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
    if (strcmp(formats[i]->name, name) == 0)
      return formats[i];
  return NULL;
}

const char *report_format_name(const ReportFormat *format) { return format->name; }
gboolean report_format_is_data(const ReportFormat *format) { return format->is_data; }
const ReportFormat *report_format(const Report *report) { return report->format; }

static void cell_clear(gpointer data) { g_string_free(((Cell *)data)->text, TRUE); }

Report *report_new(const ReportFormat *format, Output *output) {
  Report *report = g_new0(Report, 1);
  report->format = format;
  report->output = output;
  report->cells = g_array_new(FALSE, TRUE, sizeof(Cell));
  g_array_set_clear_func(report->cells, cell_clear);
  report->line = g_string_new(NULL);
  report->kept = g_ptr_array_new_with_free_func(g_free);
  return report;
}

void report_finish(Report *report) {
  g_assert(report->columns == NULL);
  if (report->format->finish != NULL)
    report->format->finish(report);
  g_array_unref(report->cells);
  g_string_free(report->line, TRUE);
  g_ptr_array_unref(report->kept);
  g_free(report);
}

void report_begin(Report *report, const char *key, const char *heading, const Column *columns,
                  guint count) {
  g_assert(report->columns == NULL && count > 0);
  report->key = key;
  report->heading = heading;
  report->columns = g_memdup2(columns, count * sizeof *columns);
  report->column_count = count;
  report->filled = 0;
  report->rows = 0;
  while (report->cells->len < count) {
    const Cell cell = {g_string_new(NULL), TRUE};
    g_array_append_val(report->cells, cell);
  }
  report->format->begin(report);
  report->tables++;
  report->blocks++;
}

void report_end(Report *report) {
  g_assert(report->columns != NULL && report->filled == 0);
  report->format->end(report);
  g_clear_pointer(&report->columns, g_free);
  report->after_note = FALSE;
}

void report_heading(Report *report, const char *text) {
  g_assert(report->columns == NULL);
  if (report->format->heading != NULL)
    report->format->heading(report, text);
  report->blocks++;
  report->after_note = TRUE;
}

void report_note(Report *report, const char *text) {
  g_assert(report->columns == NULL);
  if (report->format->note != NULL)
    report->format->note(report, text);
  report->blocks++;
  report->after_note = TRUE;
}

/* ---- cells -------------------------------------------------------------------------- */

static Cell *next_cell(Report *report, ColumnType type) {
  const ColumnType wanted = report->columns[report->filled].type;
  g_assert(type == wanted || (type == COLUMN_TEXT && wanted == COLUMN_FIGURE));
  Cell *cell = &g_array_index(report->cells, Cell, report->filled);
  g_string_truncate(cell->text, 0);
  cell->empty = FALSE;
  return cell;
}

static void cell_done(Report *report) {
  if (++report->filled < report->column_count)
    return;
  report->filled = 0;
  report->format->row(report, (const Cell *)report->cells->data);
  report->rows++;
}

void report_text(Report *report, const char *text) {
  Cell *cell = next_cell(report, COLUMN_TEXT);
  cell->empty = text == NULL || text[0] == '\0';
  if (!cell->empty)
    g_string_append(cell->text, text);
  cell_done(report);
}

void report_count(Report *report, guint64 count) {
  char digits[24], *end = digits + sizeof digits, *start = end;
  Cell *cell = next_cell(report, COLUMN_COUNT);
  do
    *--start = (char)('0' + count % 10);
  while ((count /= 10) > 0);
  g_string_append_len(cell->text, start, end - start);
  cell_done(report);
}

void report_time(Report *report, SimTime time) {
  Cell *cell = next_cell(report, COLUMN_TIME);
  cell->empty = sim_time_is_never(time);
  if (!cell->empty)
    sim_time_append(time, cell->text);
  cell_done(report);
}

void report_append_number(double number, GString *out) {
  char text[G_ASCII_DTOSTR_BUF_SIZE * 2];
  if (number >= 0 && number < 9e9)
    sim_time_append(sim_time_ns((gint64)(number * 1e9 + 0.5)), out);
  else
    g_string_append(out, g_ascii_formatd(text, sizeof text, "%.6f", number));
}

void report_number(Report *report, double number) {
  Cell *cell = next_cell(report, COLUMN_NUMBER);
  cell->empty = isnan(number);
  if (!cell->empty)
    report_append_number(number, cell->text);
  cell_done(report);
}

void report_empty(Report *report) {
  Cell *cell = next_cell(report, report->columns[report->filled].type);
  cell->empty = TRUE;
  cell_done(report);
}

void report_raw(Report *report, const char *text) {
  Cell *cell = next_cell(report, report->columns[report->filled].type);
  cell->empty = text[0] == '\0';
  g_string_append(cell->text, text);
  cell_done(report);
}
