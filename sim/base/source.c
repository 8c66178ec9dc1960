/* Diagnostics: collected, ordered by place, printed as a compiler prints them. */
#include "routesim/base/source.h"

#include <string.h>

#define MOST_ERRORS 100
#define MOST_WIDTH 110 /* of a source line in a message */

struct Diagnostics {
  GPtrArray *items; /* Diagnostic * */
  guint errors;
};

static void free_item(gpointer data) {
  Diagnostic *item = data;
  g_free((gpointer)item->message);
  g_free(item);
}

Diagnostics *diagnostics_new(void) {
  Diagnostics *diagnostics = g_new0(Diagnostics, 1);
  diagnostics->items = g_ptr_array_new_with_free_func(free_item);
  return diagnostics;
}

void diagnostics_free(Diagnostics *diagnostics) {
  if (diagnostics == NULL)
    return;
  g_ptr_array_unref(diagnostics->items);
  g_free(diagnostics);
}

static gboolean same_place(Mark a, Mark b) {
  return a.source == b.source && a.line == b.line && a.column == b.column;
}

void diagnostics_add(Diagnostics *diagnostics, Severity severity, Mark mark, const char *format,
                     ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  for (guint i = 0; i < diagnostics->items->len; i++) {
    const Diagnostic *item = diagnostics->items->pdata[i];
    if (item->severity == severity && same_place(item->mark, mark) &&
        strcmp(item->message, message) == 0)
      return;
  }
  if (severity == SEVERITY_ERROR && diagnostics->errors++ >= MOST_ERRORS)
    return;
  Diagnostic *item = g_new0(Diagnostic, 1);
  *item = (Diagnostic){severity, mark, g_steal_pointer(&message)};
  g_ptr_array_add(diagnostics->items, item);
}

guint diagnostics_errors(const Diagnostics *diagnostics) { return diagnostics->errors; }
guint diagnostics_count(const Diagnostics *diagnostics) { return diagnostics->items->len; }
const Diagnostic *diagnostics_get(const Diagnostics *diagnostics, guint index) {
  return diagnostics->items->pdata[index];
}

/* ---- printing -------------------------------------------------------------------------- */

static const char *find_line(const Source *source, guint line, gsize *length) {
  const char *at = source->text, *end = source->text + source->length;
  for (guint i = 1; i < line && at < end; i++) {
    const char *next = memchr(at, '\n', (gsize)(end - at));
    if (next == NULL)
      return NULL;
    at = next + 1;
  }
  const char *stop = at < end ? memchr(at, '\n', (gsize)(end - at)) : at;
  *length = (gsize)((stop != NULL ? stop : end) - at);
  if (*length > 0 && at[*length - 1] == '\r')
    --*length;
  return at;
}

static void append_shown(GString *out, gunichar character) {
  if (character != '\t' && (character < 0x20 || character == 0x7f))
    g_string_append_unichar(out, 0xFFFD);
  else
    g_string_append_unichar(out, character);
}

/* The line and, under it, carets from the mark's column to its end on this line. */
static void append_line(const Mark *mark, const char *line, gsize length, GString *out) {
  GString *shown = g_string_new(NULL), *carets = g_string_new(NULL);
  const char *at = line, *end = line + length;
  const guint first = mark->column > MOST_WIDTH - 20 ? mark->column - (MOST_WIDTH - 40) : 1;
  const guint stop = mark->end_line == mark->line ? mark->end_column : G_MAXUINT;
  guint column = 1;
  if (first > 1) {
    g_string_append(shown, "...");
    g_string_append(carets, "   ");
  }
  for (; at < end && column < first + MOST_WIDTH; at = g_utf8_next_char(at), column++) {
    const gunichar character = g_utf8_get_char(at);
    if (column < first)
      continue;
    append_shown(shown, character);
    const gboolean under = column >= mark->column && (column == mark->column || column < stop);
    const char *filler = column < mark->column ? (character == '\t' ? "\t" : " ")
                         : !under              ? ""
                         : column == mark->column ? "^"
                                                  : "~";
    g_string_append(carets, filler);
    if (g_unichar_iswide(character) && *filler != '\0' && *filler != '\t')
      g_string_append(carets, *filler == '^' ? "~" : filler);
  }
  if (at < end)
    g_string_append(shown, "...");
  if (column <= mark->column)
    g_string_append_printf(carets, "%*s^", (int)MIN(mark->column - column, 1), "");
  g_string_append_printf(out, "%5u | %s\n      | %s\n", mark->line, shown->str, carets->str);
  g_string_free(shown, TRUE);
  g_string_free(carets, TRUE);
}

static void append_item(const Diagnostic *item, gboolean colour, GString *out) {
  static const char *const names[] = {"error", "warning", "note"};
  static const char *const colours[] = {"\033[1;31m", "\033[1;35m", "\033[1;36m"};
  const Mark *mark = &item->mark;
  const char *name = mark->source != NULL ? mark->source->name : "routesim";
  g_string_append_printf(out, "%s%s", colour ? "\033[1m" : "", name);
  if (mark->line > 0)
    g_string_append_printf(out, ":%u:%u", mark->line, mark->column);
  g_string_append_printf(out, ":%s %s%s:%s %s\n", colour ? "\033[0m" : "",
                         colour ? colours[item->severity] : "", names[item->severity],
                         colour ? "\033[0m" : "", item->message);
  if (mark->source == NULL || mark->line == 0)
    return;
  gsize length = 0;
  const char *line = find_line(mark->source, mark->line, &length);
  if (line != NULL)
    append_line(mark, line, length, out);
}

typedef struct {
  const Diagnostic *item;
  guint index;  /* in order of arrival */
  guint anchor; /* a note goes with what it belongs to: the one before it */
} Ordered;

static int compare_ordered(gconstpointer a, gconstpointer b, gpointer data) {
  const Ordered *left = a, *right = b;
  const Ordered *all = data;
  const Diagnostic *x = all[left->anchor].item, *y = all[right->anchor].item;
  if (x != y) {
    if (x->mark.line != y->mark.line)
      return x->mark.line < y->mark.line ? -1 : 1;
    if (x->mark.column != y->mark.column)
      return x->mark.column < y->mark.column ? -1 : 1;
  }
  return left->index < right->index ? -1 : left->index > right->index;
}

void diagnostics_append(Diagnostics *diagnostics, gboolean colour, GString *out) {
  const guint count = diagnostics->items->len;
  g_autofree Ordered *by_index = g_new0(Ordered, count + 1);
  g_autofree Ordered *sorted = g_new0(Ordered, count + 1);
  for (guint i = 0; i < count; i++) {
    const Diagnostic *item = diagnostics->items->pdata[i];
    const gboolean note = item->severity == SEVERITY_NOTE && i > 0;
    by_index[i] = sorted[i] = (Ordered){item, i, note ? by_index[i - 1].anchor : i};
  }
  g_qsort_with_data(sorted, (gint)count, sizeof *sorted, compare_ordered, by_index);
  for (guint i = 0; i < count; i++)
    append_item(sorted[i].item, colour, out);
  if (diagnostics->errors > MOST_ERRORS)
    g_string_append_printf(out, "and %u more errors\n", diagnostics->errors - MOST_ERRORS);
}

/* ---- suggestions ------------------------------------------------------------------------- */

/* Optimal string alignment: insert, delete, replace, swap of neighbours cost 1 each. */
static guint distance(const char *a, const char *b) {
  const gsize n = strlen(a), m = strlen(b);
  if (n > 60 || m > 60)
    return G_MAXUINT;
  guint table[62][62];
  for (gsize i = 0; i <= n; i++)
    table[i][0] = (guint)i;
  for (gsize j = 0; j <= m; j++)
    table[0][j] = (guint)j;
  for (gsize i = 1; i <= n; i++)
    for (gsize j = 1; j <= m; j++) {
      const guint replaced = table[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
      table[i][j] = MIN(MIN(table[i - 1][j], table[i][j - 1]) + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        table[i][j] = MIN(table[i][j], table[i - 2][j - 2] + 1);
    }
  return table[n][m];
}

const char *closest_name(const char *word, const char *const *names) {
  const guint limit = MAX(1, (guint)strlen(word) / 3);
  const char *best = NULL;
  guint best_distance = limit + 1;
  for (; *names != NULL; names++) {
    const guint edits = distance(word, *names);
    if (edits < best_distance) {
      best = *names;
      best_distance = edits;
    }
  }
  return best;
}
