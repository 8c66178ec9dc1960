/* Places in a scenario file, and what is said about them.
 *
 * Diagnostics are collected, so that all errors of a file appear in one pass,
 * and printed as a compiler prints them: file, line, column, the line itself, a
 * caret line. Marks stay on built objects so that late checks can point too. */
#pragma once
#include <glib.h>

typedef struct {
  const char *name; /* as the user named the file */
  const char *text; /* whole text, valid UTF-8, NUL-terminated */
  gsize length;
} Source;

/* A span in one source. Lines and columns count from 1, columns in characters.
 * line == 0: no place in it (then only the file's name is printed). */
typedef struct {
  const Source *source; /* borrowed; NULL for "--set" and the like */
  guint line, column;
  guint end_line, end_column; /* one past the end */
} Mark;

/* Advice is what the network shows when it runs, in what is not wrong as it stands. */
typedef enum { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE, SEVERITY_ADVICE } Severity;

typedef struct {
  Severity severity;
  Mark mark;
  const char *message;
  const char *hint; /* what may be meant, which the message says too; NULL: none */
} Diagnostic;

typedef struct Diagnostics Diagnostics;

Diagnostics *diagnostics_new(void);
void diagnostics_free(Diagnostics *diagnostics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Diagnostics, diagnostics_free)

/* A message equal to one already there, at the same place, is dropped; a warning within a part of
 * the runs (diagnostics_set_within()) also where it was told of all of them at another place. More
 * than 100 errors: the rest are counted, not kept. Marks' sources must outlive
 * the diagnostics. */
void diagnostics_add(Diagnostics *diagnostics, Severity severity, Mark mark, const char *format,
                     ...) G_GNUC_PRINTF(4, 5);
/* Errors and warnings from here on that were not there yet end with "(`within`)": what holds for a
 * part of the runs only, or for several, which it then names. NULL: no more. Borrowed until then.
 */
void diagnostics_set_within(Diagnostics *diagnostics, const char *within);
/* Warnings from here on end with "(under `model`)". */
void diagnostics_set_under(Diagnostics *diagnostics, const char *model);
/* What the message added last says of what may be meant, for editors. */
void diagnostics_hint(Diagnostics *diagnostics, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Errors that are kept or counted. */
guint diagnostics_errors(const Diagnostics *diagnostics);
/* Errors that were told, also those that were there already: did this part of the work find any? */
guint diagnostics_told(const Diagnostics *diagnostics);
/* Was an error told that begins at this place? */
gboolean diagnostics_has_error_at(const Diagnostics *diagnostics, Mark mark);
guint diagnostics_count(const Diagnostics *diagnostics);
const Diagnostic *diagnostics_get(const Diagnostics *diagnostics, guint index);
/* The same in the order of their printing; the array is the caller's, what it points to is not. */
GPtrArray *diagnostics_ordered(const Diagnostics *diagnostics);
/* All but errors and their notes are forgotten. */
void diagnostics_keep_errors(Diagnostics *diagnostics);
/* All are put in order of place (a note stays behind what it belongs to) and appended as
 *   x.yaml:14:9: error: unknown key 'ans' (did you mean 'asn'?)
 *      14 |   ans: 1
 *         |   ^~~
 * with ANSI colours when `colour`. Long lines are cut around the caret; tabs
 * and wide characters keep the caret in place; control characters are shown as
 * a replacement mark. */
void diagnostics_append(Diagnostics *diagnostics, gboolean colour, GString *out);

/* The name in `names` (NULL-terminated) nearest to `word` within a third of its
 * length (at least 1 edit; a swap of neighbours is one), or NULL. */
const char *closest_name(const char *word, const char *const *names);
