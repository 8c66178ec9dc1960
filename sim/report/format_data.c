/* Formats for programs: CSV and JSON. */
#include <string.h>

#include "format_private.h"

/* ---- CSV (RFC 4180, LF) ------------------------------------------------------------- */

static void append_csv_field(GString *line, const char *text, gsize length) {
  if (strcspn(text, ",\"\r\n") == length) {
    g_string_append_len(line, text, (gssize)length);
    return;
  }
  g_string_append_c(line, '"');
  for (gsize i = 0; i < length; i++) {
    if (text[i] == '"')
      g_string_append_c(line, '"');
    g_string_append_c(line, text[i]);
  }
  g_string_append_c(line, '"');
}

static void write_line(Report *report) {
  g_string_append_c(report->line, '\n');
  output_write(report->output, report->line->str, report->line->len);
  g_string_truncate(report->line, 0);
}

/* Tables after the first stand behind an empty line: only what is meant for one goes there. */
static void csv_begin(Report *report) {
  if (report->tables > 0)
    write_line(report);
  for (guint i = 0; i < report->column_count; i++) {
    if (i > 0)
      g_string_append_c(report->line, ',');
    append_csv_field(report->line, report->columns[i].name, strlen(report->columns[i].name));
  }
  write_line(report);
}

static void csv_row(Report *report, const Cell *cells) {
  for (guint i = 0; i < report->column_count; i++) {
    if (i > 0)
      g_string_append_c(report->line, ',');
    if (!cells[i].empty)
      append_csv_field(report->line, cells[i].text->str, cells[i].text->len);
  }
  write_line(report);
}

static void nothing(Report *report) { (void)report; }

const ReportFormat report_csv = {
    .name = "csv", .is_data = TRUE, .begin = csv_begin, .row = csv_row, .end = nothing};

/* ---- JSON (RFC 8259) ---------------------------------------------------------------- */

void json_append_string(GString *line, const char *text) {
  g_string_append_c(line, '"');
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == '"' || *c == '\\')
      g_string_append_c(line, '\\');
    if ((guchar)*c < 0x20)
      g_string_append_printf(line, "\\u%04x", (guint)(guchar)*c);
    else
      g_string_append_c(line, *c);
  }
  g_string_append_c(line, '"');
}

static void json_begin(Report *report) {
  g_string_append(report->line, report->tables == 0 ? "{\n  " : ",\n  ");
  json_append_string(report->line, report->key);
  g_string_append(report->line, ": [");
  output_write(report->output, report->line->str, report->line->len);
  g_string_truncate(report->line, 0);
}

static gboolean is_json_number(ColumnType type) {
  return type == COLUMN_COUNT || type == COLUMN_TIME || type == COLUMN_NUMBER;
}

static void json_row(Report *report, const Cell *cells) {
  GString *line = report->line;
  g_string_append(line, report->rows == 0 ? "\n    {" : ",\n    {");
  for (guint i = 0; i < report->column_count; i++) {
    if (i > 0)
      g_string_append(line, ", ");
    json_append_string(line, report->columns[i].name);
    g_string_append(line, ": ");
    if (cells[i].empty)
      g_string_append(line, "null");
    else if (is_json_number(report->columns[i].type))
      g_string_append_len(line, cells[i].text->str, (gssize)cells[i].text->len);
    else
      json_append_string(line, cells[i].text->str);
  }
  g_string_append_c(line, '}');
  output_write(report->output, line->str, line->len);
  g_string_truncate(line, 0);
}

static void json_end(Report *report) {
  output_text(report->output, report->rows == 0 ? "]" : "\n  ]");
}

static void json_finish(Report *report) {
  output_text(report->output, report->tables == 0 ? "{}\n" : "\n}\n");
}

const ReportFormat report_json = {.name = "json",
                                  .is_data = TRUE,
                                  .begin = json_begin,
                                  .row = json_row,
                                  .end = json_end,
                                  .finish = json_finish};
