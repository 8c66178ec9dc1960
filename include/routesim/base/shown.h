/* Text of others on its way to people: titles, notes, names of files, words of a call.
 *
 * What a terminal would obey (control characters, escape sequences of either kind), what would
 * reorder or hide text (marks of direction, of no width), line ends, and bytes that are no UTF-8
 * are shown as U+FFFD, so that one text stays one line. Whoever writes to a terminal, a picture or
 * a table takes text through here, once. */
#pragma once
#include <glib.h>

/* TRUE for what has no shape of its own: controls, formats, separators of lines and paragraphs, and
 * what XML 1.0 forbids (section 2.2). */
gboolean shown_is_control(gunichar character);
/* `text` is `length` bytes of any kind (-1: up to the NUL). */
void shown_append(GString *out, const char *text, gssize length);
/* The same as a text of its own. Caller frees. */
char *shown_text(const char *text);
