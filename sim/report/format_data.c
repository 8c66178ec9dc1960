/* Formats for programs: CSV and JSON. */
#include <string.h>

#include "format_private.h"
#include "routesim/base/shown.h"

/* ---- CSV (RFC 4180, LF) ------------------------------------------------------------- */

/* Most fields: nothing in them that a reader of CSV or a terminal takes for more than text. */
static gboolean is_plain(const char *text, gsize length) {
  for (gsize i = 0; i < length; i++)
    if ((guchar)text[i] < ' ' || (guchar)text[i] >= 0x7f || text[i] == ',' || text[i] == '"')
      return FALSE;
  return TRUE;
}

/* CSV can quote a line end and has no way to write another control character but as it is. */
static void append_csv_text(GString *line, const char *text, gsize length) {
  const gsize before = line->len;
  for (const char *end = text + length; text < end; text++) {
    const char *stop = memchr(text, '\n', (gsize)(end - text));
    if (stop == NULL)
      stop = end;
    shown_append(line, text, stop - text);
    if (stop < end)
      g_string_append_c(line, '\n');
    text = stop;
  }
  if (strpbrk(line->str + before, ",\"\n") == NULL)
    return;
  for (gsize i = before; i < line->len; i++)
    if (line->str[i] == '"')
      g_string_insert_c(line, (gssize)i++, '"');
  g_string_insert_c(line, (gssize)before, '"');
  g_string_append_c(line, '"');
}

static void append_csv_field(GString *line, const char *text, gsize length) {
  if (is_plain(text, length))
    g_string_append_len(line, text, (gssize)length);
  else
    append_csv_text(line, text, length);
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

static void append_json_control(GString *line, gunichar character) {
  if (character > 0xffff) {
    character -= 0x10000;
    g_string_append_printf(line, "\\u%04x", 0xd800 + (guint)(character >> 10));
    character = 0xdc00 + (character & 0x3ff);
  }
  g_string_append_printf(line, "\\u%04x", (guint)character);
}

void json_append_string(GString *line, const char *text) {
  const char *end = text + strlen(text);
  g_string_append_c(line, '"');
  while (text < end) {
    const gunichar character = g_utf8_get_char_validated(text, end - text);
    const gboolean valid = character != (gunichar)-1 && character != (gunichar)-2;
    if (character == '"' || character == '\\')
      g_string_append_c(line, '\\');
    if (valid && shown_is_control(character))
      append_json_control(line, character);
    else
      g_string_append_unichar(line, valid ? character : 0xFFFD);
    text = valid ? g_utf8_next_char(text) : text + 1;
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
