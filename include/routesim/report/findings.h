/* What is said about scenarios (errors, warnings, advice), for editors, CI and other programs: one
 * object or row each, in the order in which people read them. */
#pragma once
#include "routesim/base/source.h"
#include "routesim/report/format.h"

/* Ids of facts that a message names, in its order, each once: "AZ-2.6". Of words of the message
 * alone: what it quotes from a file, a name for example, is none. Free with g_ptr_array_unref(). */
GPtrArray *findings_facts(const char *message);
/* `out` gets JSON objects (RFC 8259), with a comma before all but the first of `count`, which
 * grows:
 * {"file", "line", "column", "end_line", "end_column", "severity", "message", "facts", "hint"};
 * columns count characters from 1, ends are one past the last; null where there is no place and no
 * hint. `file` names what has no source of its own. */
void findings_append_json(const Diagnostics *diagnostics, const char *file, guint *count,
                          GString *out);
/* The same as rows of the table that findings_begin() began. */
void findings_begin(Report *report);
void findings_rows(Report *report, const Diagnostics *diagnostics, const char *file);
