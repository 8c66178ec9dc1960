/* Reading CSV back: RFC 4180, with LF or CRLF.
 *
 * What a batch wrote is what is read, be it in this call or in one that went before: expectations
 * are judged by the rows of summary.csv, not by numbers kept beside them, and `batch` prints from
 * them too. So this reads what format.h writes, quotes included; text that is no CSV becomes some
 * fields or other, and nothing is an error. */
#pragma once
#include <glib.h>

/* The record that starts at *cursor becomes `fields` (char *, owned by the array), and
 * *cursor stands behind it. FALSE at the end of the text. */
gboolean csv_next(const char **cursor, GPtrArray *fields);
/* The place of `name` among the fields of a header; -1 where it is not there. */
int csv_column(const GPtrArray *header, const char *name);
