/* Numbers as people read them. */
#include <math.h>
#include <string.h>

#include "results_private.h"

static void append_decimals(GString *out, double value, guint decimals) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  const char format[] = {'%', '.', (char)('0' + decimals), 'f', '\0'};
  g_string_append(out, g_ascii_formatd(text, sizeof text, format, value));
}

static void append_three_digits(GString *out, double value) {
  append_decimals(out, value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
}

void append_seconds(GString *out, double seconds) {
  if (isnan(seconds)) {
    g_string_append_c(out, '-');
  } else if (seconds >= 0.9995 || seconds <= 0) {
    append_decimals(out, seconds, seconds >= 9.995 ? 1 : seconds > 0 ? 2 : 0);
    g_string_append(out, " s");
  } else if (seconds >= 0.001) {
    append_three_digits(out, seconds * 1e3);
    g_string_append(out, " ms");
  } else {
    append_three_digits(out, seconds * 1e6);
    g_string_append(out, " us");
  }
}

void append_bytes(GString *out, double bytes) {
  static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  guint unit = 0;
  while (bytes >= 999.5 && unit + 1 < G_N_ELEMENTS(units)) {
    bytes /= 1000;
    unit++;
  }
  if (unit == 0)
    append_decimals(out, bytes, 0);
  else
    append_three_digits(out, bytes);
  g_string_append_printf(out, " %s", units[unit]);
}

void append_measure(GString *out, Measure measure, double value) {
  if (isnan(value))
    g_string_append_c(out, '-');
  else if (measure_is_time(measure))
    append_seconds(out, value);
  else if (measure_spec(measure)->unit == UNIT_BYTES)
    append_bytes(out, value);
  else if (value == floor(value))
    append_decimals(out, value, 0);
  else
    append_decimals(out, value, 1);
}

void append_answered(GString *out, Measure measure, double value) {
  if (isinf(value))
    g_string_append(out, "not over");
  else
    append_measure(out, measure, value);
}

void append_unpublished(GString *out, Measure measure, double least, double most) {
  g_string_append(out, "; ");
  append_answered(out, measure, least);
  g_string_append(out, " to ");
  append_answered(out, measure, most);
  g_string_append(out, " over what nobody has published");
}

void append_exact(GString *out, Measure measure, double value) {
  report_append_number(value, out);
  if (strchr(out->str, '.') != NULL)
    while (out->str[out->len - 1] == '0')
      g_string_truncate(out, out->len - 1);
  if (out->str[out->len - 1] == '.')
    g_string_truncate(out, out->len - 1);
  if (measure_is_time(measure))
    g_string_append(out, " s");
  else if (measure_spec(measure)->unit == UNIT_BYTES)
    g_string_append(out, " B");
}

char *measure_title(Measure measure) {
  char *title = g_strdup(measure_name(measure));
  return g_strdelimit(title, "_", ' ');
}

void append_expect_place(GString *out, const Mark *mark, const ScenarioFile *file) {
  const char *path = scenario_file_get(file, 0)->path;
  g_string_append(out, mark->source != NULL ? mark->source->name : path);
  if (mark->line > 0)
    g_string_append_printf(out, ":%u:%u", mark->line, mark->column);
}

#define LINE_WIDTH 80

char *text_wrapped(const char *text) {
  g_auto(GStrv) words = g_strsplit(text, " ", -1);
  g_autoptr(GString) out = g_string_new(NULL);
  glong column = 0;
  for (guint i = 0; words[i] != NULL; i++) {
    const glong width = g_utf8_strlen(words[i], -1);
    const gboolean fits = column + 1 + width <= LINE_WIDTH;
    if (i > 0)
      g_string_append(out, fits ? " " : "\n  ");
    column = (i == 0 ? 0 : fits ? column + 1 : 2) + width;
    g_string_append(out, words[i]);
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}
