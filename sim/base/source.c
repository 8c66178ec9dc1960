/* Diagnostics: collected, ordered by place, printed as a compiler prints them. */
#include "routesim/base/source.h"

#include <string.h>

#include "routesim/base/shown.h"

#define MOST_ERRORS 100
#define MOST_WIDTH 110   /* of a source line in a message, in characters */
#define MOST_MESSAGE 800 /* characters */
#define LONGEST_NAME 60  /* that gets a suggestion */
#define MOST_PARTS 3     /* of the runs that a message names */

/* One message: what others see comes first. */
typedef struct {
  Diagnostic shown;
  char *text;       /* without the parts */
  GPtrArray *parts; /* char *: of the runs in which it holds; NULL: in all */
} Item;

struct Diagnostics {
  GPtrArray *items; /* Item * */
  GHashTable *seen; /* severity, place and message as one text, to its Item, or to NULL; and without
                       a place where the message is about all of the runs */
  guint errors;
  guint told;         /* errors, also those that were there already */
  gboolean dropped;   /* the last one, so that its notes go with it */
  const char *within; /* or NULL */
  const char *under;  /* or NULL */
};

static void free_item(gpointer data) {
  Item *item = data;
  g_free((gpointer)item->shown.message);
  g_free((gpointer)item->shown.hint);
  g_free(item->text);
  g_clear_pointer(&item->parts, g_ptr_array_unref);
  g_free(item);
}

Diagnostics *diagnostics_new(void) {
  Diagnostics *diagnostics = g_new0(Diagnostics, 1);
  diagnostics->items = g_ptr_array_new_with_free_func(free_item);
  diagnostics->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return diagnostics;
}

void diagnostics_free(Diagnostics *diagnostics) {
  if (diagnostics == NULL)
    return;
  g_ptr_array_unref(diagnostics->items);
  g_hash_table_unref(diagnostics->seen);
  g_free(diagnostics);
}

static char *place_key(Mark mark) {
  return g_strdup_printf("error at %p %u %u", (gconstpointer)mark.source, mark.line, mark.column);
}

gboolean diagnostics_has_error_at(const Diagnostics *diagnostics, Mark mark) {
  g_autofree char *key = place_key(mark);
  return g_hash_table_contains(diagnostics->seen, key);
}

/* ---- parts of the runs --------------------------------------------------------------------- */

static char *with_parts(const Item *item) {
  GString *out = g_string_new(item->text);
  for (guint i = 0; i < MIN(item->parts->len, MOST_PARTS); i++)
    g_string_append_printf(out, "%s%s", i == 0 ? " (" : ", ", (char *)item->parts->pdata[i]);
  if (item->parts->len > MOST_PARTS)
    g_string_append_printf(out, " and %u more", item->parts->len - MOST_PARTS);
  return g_string_free(g_string_append_c(out, ')'), FALSE);
}

/* It holds in this part as well; one that holds in all says nothing of parts. */
static void add_part(Item *item, const char *within) {
  if (item->parts == NULL || within == NULL ||
      g_ptr_array_find_with_equal_func(item->parts, within, g_str_equal, NULL))
    return;
  g_ptr_array_add(item->parts, g_strdup(within));
  g_free((gpointer)item->shown.message);
  item->shown.message = with_parts(item);
}

/* ---- adding -------------------------------------------------------------------------------- */

static Item *new_item(Severity severity, Mark mark, const char *text, const char *within) {
  Item *item = g_new0(Item, 1);
  item->text = g_strdup(text);
  item->shown = (Diagnostic){severity, mark, g_strdup(text), NULL};
  if (within != NULL && severity != SEVERITY_NOTE) {
    item->parts = g_ptr_array_new_with_free_func(g_free);
    add_part(item, within);
  }
  return item;
}

/* Was it told before? What is the file's is told once, wherever a variant has it. */
static gboolean is_told(const Diagnostics *diagnostics, Severity severity, const char *key,
                        const char *anywhere) {
  gpointer found = NULL;
  if (g_hash_table_lookup_extended(diagnostics->seen, key, NULL, &found)) {
    if (found != NULL)
      add_part(found, diagnostics->within);
    return TRUE;
  }
  return severity != SEVERITY_ERROR && diagnostics->within != NULL &&
         g_hash_table_contains(diagnostics->seen, anywhere);
}

static void take(Diagnostics *diagnostics, Severity severity, Mark mark, const char *message) {
  g_autofree char *key = g_strdup_printf("%d %p %u %u %s", severity, (gconstpointer)mark.source,
                                         mark.line, mark.column, message);
  g_autofree char *anywhere = g_strdup_printf("%d anywhere %s", severity, message);
  diagnostics->dropped = TRUE;
  if (is_told(diagnostics, severity, key, anywhere))
    return;
  diagnostics->dropped = severity == SEVERITY_ERROR && diagnostics->errors++ >= MOST_ERRORS;
  Item *item = NULL;
  if (!diagnostics->dropped) {
    item = new_item(severity, mark, message, diagnostics->within);
    g_ptr_array_add(diagnostics->items, item);
  }
  g_hash_table_insert(diagnostics->seen, g_steal_pointer(&key), item);
  if (diagnostics->within == NULL)
    g_hash_table_insert(diagnostics->seen, g_steal_pointer(&anywhere), NULL);
  if (severity == SEVERITY_ERROR)
    g_hash_table_insert(diagnostics->seen, place_key(mark), NULL);
}

void diagnostics_add(Diagnostics *diagnostics, Severity severity, Mark mark, const char *format,
                     ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_autofree char *message = severity == SEVERITY_WARNING && diagnostics->under != NULL
                                 ? g_strdup_printf("%s (under %s)", text, diagnostics->under)
                                 : g_steal_pointer(&text);
  diagnostics->told += severity == SEVERITY_ERROR;
  if (severity != SEVERITY_NOTE)
    take(diagnostics, severity, mark, message);
  else if (!diagnostics->dropped) /* notes are kept or dropped with what they belong to */
    g_ptr_array_add(diagnostics->items, new_item(severity, mark, message, NULL));
}

void diagnostics_hint(Diagnostics *diagnostics, const char *format, ...) {
  if (diagnostics->dropped || diagnostics->items->len == 0)
    return;
  Diagnostic *last = diagnostics->items->pdata[diagnostics->items->len - 1];
  va_list arguments;
  va_start(arguments, format);
  g_free((gpointer)last->hint);
  last->hint = g_strdup_vprintf(format, arguments);
  va_end(arguments);
}

void diagnostics_set_within(Diagnostics *diagnostics, const char *within) {
  diagnostics->within = within;
}

guint diagnostics_errors(const Diagnostics *diagnostics) { return diagnostics->errors; }

static gboolean is_no_error(gpointer key, gpointer item, gpointer data) {
  (void)key;
  (void)data;
  return item != NULL && ((const Item *)item)->shown.severity != SEVERITY_ERROR;
}

void diagnostics_keep_errors(Diagnostics *diagnostics) {
  gboolean error = FALSE; /* the last one that is no note was one */
  guint kept = 0;
  g_hash_table_foreach_remove(diagnostics->seen, is_no_error, NULL);
  for (guint i = 0; i < diagnostics->items->len; i++) {
    Diagnostic *item = diagnostics->items->pdata[i];
    error = item->severity == SEVERITY_NOTE ? error : item->severity == SEVERITY_ERROR;
    if (error)
      diagnostics->items->pdata[kept++] = item;
    else
      free_item(item);
  }
  g_ptr_array_set_free_func(diagnostics->items, NULL);
  g_ptr_array_set_size(diagnostics->items, (gint)kept);
  g_ptr_array_set_free_func(diagnostics->items, free_item);
}

void diagnostics_set_under(Diagnostics *diagnostics, const char *model) {
  diagnostics->under = model;
}

guint diagnostics_told(const Diagnostics *diagnostics) { return diagnostics->told; }
guint diagnostics_count(const Diagnostics *diagnostics) { return diagnostics->items->len; }
const Diagnostic *diagnostics_get(const Diagnostics *diagnostics, guint index) {
  return diagnostics->items->pdata[index];
}

/* ---- printing -------------------------------------------------------------------------- */

/* Length of the line break at `at`, or 0. Those of YAML 1.1: LF, CR, CR LF, NEL, LS, PS. */
static gsize break_at(const char *at, const char *end) {
  const gsize left = (gsize)(end - at);
  if (left >= 2 && at[0] == '\r' && at[1] == '\n')
    return 2;
  if (at[0] == '\n' || at[0] == '\r')
    return 1;
  if (left >= 2 && memcmp(at, "\xc2\x85", 2) == 0)
    return 2;
  if (left >= 3 && (memcmp(at, "\xe2\x80\xa8", 3) == 0 || memcmp(at, "\xe2\x80\xa9", 3) == 0))
    return 3;
  return 0;
}

static const char *line_end(const char *at, const char *end) {
  while (at < end && break_at(at, end) == 0)
    at++;
  return at;
}

/* Where a line begins. Lines are asked for in rising order: the search goes on from the last. */
typedef struct {
  const Source *source;
  guint line;
  const char *at;
} Cursor;

static const char *find_line(Cursor *cursor, const Source *source, guint line, gsize *length) {
  const char *end = source->text + source->length;
  if (cursor->source != source || cursor->line > line)
    *cursor = (Cursor){source, 1, source->text};
  while (cursor->line < line) {
    const char *stop = line_end(cursor->at, end);
    if (stop == end)
      return NULL;
    cursor->at = stop + break_at(stop, end);
    cursor->line++;
  }
  *length = (gsize)(line_end(cursor->at, end) - cursor->at);
  return cursor->at;
}

/* A tab stays: the carets stand under what is behind it. */
static void append_shown(GString *out, gunichar character) {
  g_string_append_unichar(out,
                          character != '\t' && shown_is_control(character) ? 0xFFFD : character);
}

/* A message may quote the file, at any length. */
static void append_message(const char *message, GString *out) {
  g_autofree char *shown = shown_text(message);
  const gboolean whole = g_utf8_strlen(shown, -1) <= MOST_MESSAGE;
  const char *end = whole ? NULL : g_utf8_offset_to_pointer(shown, MOST_MESSAGE);
  g_string_append_len(out, shown, whole ? -1 : end - shown);
  g_string_append(out, whole ? "" : "...");
}

/* Cells of a terminal. */
static guint width(gunichar character) {
  if (shown_is_control(character)) /* its replacement mark */
    return 1;
  return g_unichar_iszerowidth(character) ? 0 : g_unichar_iswide(character) ? 2 : 1;
}

/* The line and, under it, carets from the mark's column to its end on this line. */
static void append_line(const Mark *mark, const char *line, gsize length, GString *out) {
  static const char *const tildes[] = {"", "~", "~~"};
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
    const gboolean under = column > mark->column && column < stop;
    if (column < mark->column && character == '\t')
      g_string_append_c(carets, '\t');
    else if (column < mark->column)
      g_string_append_printf(carets, "%*s", (int)width(character), "");
    else if (column == mark->column)
      g_string_append(carets, width(character) == 2 ? "^~" : "^");
    else if (under)
      g_string_append(carets, tildes[width(character)]);
  }
  if (at < end)
    g_string_append(shown, "...");
  if (column <= mark->column) /* past the end, where something is missing */
    g_string_append_printf(carets, "%*s^", (int)MIN(mark->column - column, 1), "");
  g_string_append_printf(out, "%5u | %s\n      | %s\n", mark->line, shown->str, carets->str);
  g_string_free(shown, TRUE);
  g_string_free(carets, TRUE);
}

static void append_item(const Diagnostic *item, Cursor *cursor, gboolean colour, GString *out) {
  static const char *const names[] = {"error", "warning", "note", "advice"};
  static const char *const colours[] = {"\033[1;31m", "\033[1;35m", "\033[1;36m", "\033[1;36m"};
  const Mark *mark = &item->mark;
  const char *name = mark->source != NULL ? mark->source->name : "routesim";
  g_string_append(out, colour ? "\033[1m" : "");
  shown_append(out, name, -1);
  if (mark->line > 0)
    g_string_append_printf(out, ":%u:%u", mark->line, mark->column);
  g_string_append_printf(out, ":%s %s%s:%s ", colour ? "\033[0m" : "",
                         colour ? colours[item->severity] : "", names[item->severity],
                         colour ? "\033[0m" : "");
  append_message(item->message, out);
  g_string_append_c(out, '\n');
  if (mark->source == NULL || mark->line == 0)
    return;
  gsize length = 0;
  const char *line = find_line(cursor, mark->source, mark->line, &length);
  if (line != NULL)
    append_line(mark, line, length, out);
}

typedef struct {
  const Diagnostic *item;
  guint anchor; /* a note goes with what it belongs to: the one before it */
  guint source; /* the first item of the same source */
} Ordered;

/* What is equal stays in the order of arrival: the sort is stable. */
static int compare_ordered(gconstpointer a, gconstpointer b, gpointer data) {
  const Ordered *all = data, *x = &all[((const Ordered *)a)->anchor],
                *y = &all[((const Ordered *)b)->anchor];
  const Mark *left = &x->item->mark, *right = &y->item->mark;
  if (x->source != y->source)
    return x->source < y->source ? -1 : 1;
  if (left->line != right->line)
    return left->line < right->line ? -1 : 1;
  return (left->column > right->column) - (left->column < right->column);
}

GPtrArray *diagnostics_ordered(const Diagnostics *diagnostics) {
  const guint count = diagnostics->items->len;
  GPtrArray *ordered = g_ptr_array_sized_new(count);
  g_autofree Ordered *by_index = g_new0(Ordered, count + 1);
  g_autofree Ordered *sorted = g_new0(Ordered, count + 1);
  g_autoptr(GHashTable) sources = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < count; i++) {
    const Diagnostic *item = diagnostics->items->pdata[i];
    const gboolean note = item->severity == SEVERITY_NOTE && i > 0;
    gpointer first;
    if (!g_hash_table_lookup_extended(sources, item->mark.source, NULL, &first)) {
      first = GUINT_TO_POINTER(i);
      g_hash_table_insert(sources, (gpointer)item->mark.source, first);
    }
    by_index[i] = sorted[i] =
        (Ordered){item, note ? by_index[i - 1].anchor : i, GPOINTER_TO_UINT(first)};
  }
  g_qsort_with_data(sorted, (gint)count, sizeof *sorted, compare_ordered, by_index);
  for (guint i = 0; i < count; i++)
    g_ptr_array_add(ordered, (gpointer)sorted[i].item);
  return ordered;
}

void diagnostics_append(Diagnostics *diagnostics, gboolean colour, GString *out) {
  g_autoptr(GPtrArray) ordered = diagnostics_ordered(diagnostics);
  Cursor cursor = {NULL, 0, NULL};
  for (guint i = 0; i < ordered->len; i++) {
    const Diagnostic *item = ordered->pdata[i];
    Cursor aside = {NULL, 0, NULL}; /* a note points elsewhere */
    append_item(item, item->severity == SEVERITY_NOTE ? &aside : &cursor, colour, out);
  }
  if (diagnostics->errors > MOST_ERRORS)
    g_string_append_printf(out, "and %u more error%s\n", diagnostics->errors - MOST_ERRORS,
                           diagnostics->errors == MOST_ERRORS + 1 ? "" : "s");
}

/* ---- suggestions ------------------------------------------------------------------------- */

/* Optimal string alignment: insert, delete, replace, swap of neighbours cost 1 each. */
static guint distance(const char *a, const char *b) {
  const gsize n = strlen(a), m = strlen(b);
  if (n > LONGEST_NAME || m > LONGEST_NAME)
    return G_MAXUINT;
  guint table[LONGEST_NAME + 1][LONGEST_NAME + 1];
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
