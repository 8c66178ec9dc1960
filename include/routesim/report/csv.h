/* Reading CSV back: RFC 4180, with LF or CRLF. */
#pragma once
#include <glib.h>

/* The record that starts at *cursor becomes `fields` (char *, owned by the array), and
 * *cursor stands behind it. FALSE at the end of the text. */
gboolean csv_next(const char **cursor, GPtrArray *fields);
/* The place of `name` among the fields of a header; -1 where it is not there. */
int csv_column(const GPtrArray *header, const char *name);
