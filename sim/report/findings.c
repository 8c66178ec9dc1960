/* Diagnostics as JSON objects and as rows. */
#include "routesim/report/findings.h"

#include <string.h>

#include "format_private.h"
#include "routesim/report/facts.h"

static const char *const severities[] = {[SEVERITY_ERROR] = "error",
                                         [SEVERITY_WARNING] = "warning",
                                         [SEVERITY_NOTE] = "note",
                                         [SEVERITY_ADVICE] = "advice"};

/* ---- facts ---------------------------------------------------------------------------------- */

/* Ids stand between spaces, brackets and commas; names stand in quotes. */
GPtrArray *findings_facts(const char *message) {
  GPtrArray *ids = g_ptr_array_new();
  for (const char *at = message; *at != '\0';) {
    const gsize skipped = strspn(at, " (,;:");
    const gsize length = strcspn(at + skipped, " (),;:");
    g_autofree char *word = g_strndup(at + skipped, length);
    const FactRow *fact = fact_find(word);
    if (fact != NULL && !g_ptr_array_find_with_equal_func(ids, fact->id, g_str_equal, NULL))
      g_ptr_array_add(ids, (gpointer)fact->id);
    at += skipped + length;
    at += *at == ')' ? 1 : 0;
  }
  return ids;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void append_text(GString *out, const char *key, const char *text) {
  g_string_append_printf(out, ", \"%s\": ", key);
  if (text == NULL) {
    g_string_append(out, "null");
    return;
  }
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  json_append_string(out, valid);
}

static void append_number(GString *out, const char *key, guint number) {
  if (number > 0)
    g_string_append_printf(out, ", \"%s\": %u", key, number);
  else
    g_string_append_printf(out, ", \"%s\": null", key);
}

static const char *file_of(const Diagnostic *item, const char *file) {
  return item->mark.source != NULL ? item->mark.source->name : file;
}

/* An item without a place has no end either. */
static Mark place_of(const Diagnostic *item) {
  static const Mark none = {0};
  return item->mark.source != NULL && item->mark.line > 0 ? item->mark : none;
}

static void append_object(const Diagnostic *item, const char *file, GString *out) {
  const Mark place = place_of(item);
  g_autoptr(GPtrArray) facts = findings_facts(item->message);
  g_autofree char *name = g_utf8_make_valid(file_of(item, file), -1);
  g_string_append(out, "{\"file\": ");
  json_append_string(out, name);
  append_number(out, "line", place.line);
  append_number(out, "column", place.column);
  append_number(out, "end_line", place.end_line);
  append_number(out, "end_column", place.end_column);
  append_text(out, "severity", severities[item->severity]);
  append_text(out, "message", item->message);
  g_string_append(out, ", \"facts\": [");
  for (guint i = 0; i < facts->len; i++) {
    g_string_append(out, i > 0 ? ", " : "");
    json_append_string(out, facts->pdata[i]);
  }
  g_string_append_c(out, ']');
  append_text(out, "hint", item->hint);
  g_string_append_c(out, '}');
}

void findings_append_json(const Diagnostics *diagnostics, const char *file, guint *count,
                          GString *out) {
  g_autoptr(GPtrArray) ordered = diagnostics_ordered(diagnostics);
  for (guint i = 0; i < ordered->len; i++) {
    g_string_append(out, (*count)++ > 0 ? ",\n  " : "\n  ");
    append_object(ordered->pdata[i], file, out);
  }
}

/* ---- rows ----------------------------------------------------------------------------------- */

void findings_begin(Report *report) {
  static const Column columns[] = {
      {"file", COLUMN_TEXT},      {"line", COLUMN_COUNT},       {"column", COLUMN_COUNT},
      {"end_line", COLUMN_COUNT}, {"end_column", COLUMN_COUNT}, {"severity", COLUMN_TEXT},
      {"message", COLUMN_TEXT},   {"facts", COLUMN_TEXT},       {"hint", COLUMN_TEXT}};
  report_begin(report, "findings", NULL, columns, G_N_ELEMENTS(columns));
}

static void report_place(Report *report, guint number) {
  if (number > 0)
    report_count(report, number);
  else
    report_empty(report);
}

void findings_rows(Report *report, const Diagnostics *diagnostics, const char *file) {
  g_autoptr(GPtrArray) ordered = diagnostics_ordered(diagnostics);
  for (guint i = 0; i < ordered->len; i++) {
    const Diagnostic *item = ordered->pdata[i];
    const Mark place = place_of(item);
    g_autoptr(GPtrArray) facts = findings_facts(item->message);
    g_ptr_array_add(facts, NULL);
    g_autofree char *ids = g_strjoinv(", ", (char **)facts->pdata);
    report_text(report, file_of(item, file));
    report_place(report, place.line);
    report_place(report, place.column);
    report_place(report, place.end_line);
    report_place(report, place.end_column);
    report_text(report, severities[item->severity]);
    report_text(report, item->message);
    report_text(report, ids[0] != '\0' ? ids : NULL);
    report_text(report, item->hint);
  }
}
