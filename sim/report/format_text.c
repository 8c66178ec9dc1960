/* Formats for people: aligned tables for a terminal, and Markdown. Both keep a table until its
 * end, to know how wide its columns are. */
#include <string.h>

#include "format_private.h"
#include "routesim/base/shown.h"

static guint display_width(const char *text) {
  guint width = 0;
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
    const gunichar rune = g_utf8_get_char(c);
    width += g_unichar_iszerowidth(rune) ? 0 : g_unichar_iswide(rune) ? 2 : 1;
  }
  return width;
}

static gboolean right_aligned(const Column *column) { return column->type != COLUMN_TEXT; }

static const char *kept_cell(const Report *report, guint row, guint column) {
  return report->kept->pdata[row * report->column_count + column];
}

static guint column_width(const Report *report, guint column, guint least) {
  guint width = MAX(least, display_width(report->columns[column].name));
  for (guint row = 0; row < report->rows; row++)
    width = MAX(width, display_width(kept_cell(report, row, column)));
  return width;
}

static void append_padded(GString *line, const char *text, guint width, gboolean right) {
  const guint own = display_width(text), padding = width > own ? width - own : 0;
  for (guint i = 0; right && i < padding; i++)
    g_string_append_c(line, ' ');
  g_string_append(line, text);
  for (guint i = 0; !right && i < padding; i++)
    g_string_append_c(line, ' ');
}

static void write_line(Report *report) {
  gsize length = report->line->len;
  while (length > 0 && report->line->str[length - 1] == ' ')
    length--;
  g_string_truncate(report->line, length);
  g_string_append_c(report->line, '\n');
  output_write(report->output, report->line->str, report->line->len);
  g_string_truncate(report->line, 0);
}

static void begin(Report *report) { g_ptr_array_set_size(report->kept, 0); }

/* The text on one line, safe for a terminal. */
static char *plain(const char *text) {
  g_autofree char *one_line = g_strdelimit(g_strdup(text), "\r\n\t", ' ');
  return shown_text(one_line);
}

/* A note has lines of its own: each as `render` makes it. */
static char *by_line(const char *text, char *(*render)(const char *)) {
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    char *line = render(lines[i]);
    g_free(lines[i]);
    lines[i] = line;
  }
  return g_strjoinv("\n", lines);
}

static void write_block(Report *report, const char *before, char *text) {
  output_text(report->output, before);
  output_text(report->output, text);
  output_text(report->output, "\n");
  g_free(text);
}

/* ---- terminal ----------------------------------------------------------------------- */

#define EMPTY "-"

static void table_row(Report *report, const Cell *cells) {
  for (guint i = 0; i < report->column_count; i++)
    g_ptr_array_add(report->kept, plain(cells[i].empty ? EMPTY : cells[i].text->str));
}

/* Whether every row holds what a reader takes for granted. */
static gboolean says_nothing(const Report *report, guint column) {
  const char *usual = report->columns[column].usual;
  if (usual == NULL || report->rows == 0)
    return FALSE;
  for (guint row = 0; row < report->rows; row++)
    if (strcmp(kept_cell(report, row, column), usual[0] != '\0' ? usual : EMPTY) != 0)
      return FALSE;
  return TRUE;
}

static void table_end(Report *report) {
  g_autofree guint *widths = g_new0(guint, report->column_count); /* 0: left out */
  if (report->blocks > 1)
    output_text(report->output, "\n");
  if (report->heading != NULL) {
    g_autofree char *heading = plain(report->heading);
    g_string_append(report->line, heading);
    write_line(report);
  }
  for (guint i = 0; i < report->column_count; i++) {
    const Column *column = &report->columns[i];
    if (says_nothing(report, i))
      continue;
    widths[i] = column_width(report, i, 1);
    g_string_append(report->line, "  ");
    append_padded(report->line, column->name, widths[i], right_aligned(column));
  }
  write_line(report);
  for (guint row = 0; row < report->rows; row++) {
    for (guint i = 0; i < report->column_count; i++) {
      if (widths[i] == 0)
        continue;
      g_string_append(report->line, "  ");
      append_padded(report->line, kept_cell(report, row, i), widths[i],
                    right_aligned(&report->columns[i]));
    }
    write_line(report);
  }
}

static void table_heading(Report *report, const char *text) {
  write_block(report, report->blocks > 0 ? "\n" : "", plain(text));
}

static void table_note(Report *report, const char *text) {
  write_block(report, report->blocks > 0 && !report->after_note ? "\n" : "", by_line(text, plain));
}

const ReportFormat report_table = {.name = "table",
                                   .begin = begin,
                                   .row = table_row,
                                   .end = table_end,
                                   .heading = table_heading,
                                   .note = table_note};

/* ---- Markdown (GitHub's tables) ----------------------------------------------------- */

/* What starts something anywhere in a line, and what only at the start of a block, before a space
 * or twice (CommonMark 0.30, sections 2.4, 4 and 6; GFM 4.10 and 6.5). Within a word '_' is a
 * letter, and brackets are a link only by what follows them. */
#define MARKS_ANYWHERE "\\`*|~"
#define MARKS_BLOCK "#+-=>"

static gboolean needs_backslash(const char *line, const char *at) {
  if (*at == '_')
    return at == line || !g_ascii_isalnum(at[-1]) || !g_ascii_isalnum(at[1]);
  if (*at == ']')
    return at[1] != '\0' && strchr("([:", at[1]) != NULL;
  return strchr(MARKS_ANYWHERE, *at) != NULL ||
         (at == line && strchr(MARKS_BLOCK, *at) != NULL && (at[1] == ' ' || at[1] == *at));
}

/* No HTML gets through, neither tags nor entities. */
static char *escape_markdown(const char *text) {
  g_autofree char *line = plain(text);
  GString *out = g_string_new(NULL);
  for (const char *c = line; *c != '\0'; c++) {
    if (*c == '<' || *c == '&') {
      g_string_append(out, *c == '<' ? "&lt;" : "&amp;");
      continue;
    }
    if (needs_backslash(line, c))
      g_string_append_c(out, '\\');
    g_string_append_c(out, *c);
  }
  return g_string_free(out, FALSE);
}

static void markdown_row(Report *report, const Cell *cells) {
  for (guint i = 0; i < report->column_count; i++)
    g_ptr_array_add(report->kept, escape_markdown(cells[i].empty ? "" : cells[i].text->str));
}

static void markdown_rule(Report *report, const guint *widths) {
  for (guint i = 0; i < report->column_count; i++) {
    const gboolean right = right_aligned(&report->columns[i]);
    g_string_append(report->line, "| ");
    for (guint j = right ? 1 : 0; j < widths[i]; j++)
      g_string_append_c(report->line, '-');
    g_string_append(report->line, right ? ": " : " ");
  }
  g_string_append_c(report->line, '|');
  write_line(report);
}

static void markdown_end(Report *report) {
  g_autofree guint *widths = g_new0(guint, report->column_count);
  if (report->blocks > 1)
    output_text(report->output, "\n");
  if (report->heading != NULL) {
    g_autofree char *heading = escape_markdown(report->heading);
    g_string_append_printf(report->line, "**%s**", heading);
    write_line(report);
    write_line(report);
  }
  for (guint i = 0; i < report->column_count; i++) {
    widths[i] = column_width(report, i, 3);
    g_string_append(report->line, "| ");
    append_padded(report->line, report->columns[i].name, widths[i],
                  right_aligned(&report->columns[i]));
    g_string_append_c(report->line, ' ');
  }
  g_string_append_c(report->line, '|');
  write_line(report);
  markdown_rule(report, widths);
  for (guint row = 0; row < report->rows; row++) {
    for (guint i = 0; i < report->column_count; i++) {
      g_string_append(report->line, "| ");
      append_padded(report->line, kept_cell(report, row, i), widths[i],
                    right_aligned(&report->columns[i]));
      g_string_append_c(report->line, ' ');
    }
    g_string_append_c(report->line, '|');
    write_line(report);
  }
}

static void markdown_heading(Report *report, const char *text) {
  write_block(report, report->blocks > 0 ? "\n## " : "## ", escape_markdown(text));
}

static void markdown_note(Report *report, const char *text) {
  write_block(report, report->blocks > 0 ? "\n" : "", by_line(text, escape_markdown));
}

const ReportFormat report_markdown = {.name = "markdown",
                                      .begin = begin,
                                      .row = markdown_row,
                                      .end = markdown_end,
                                      .heading = markdown_heading,
                                      .note = markdown_note};
