/* Numbers as people read them. */
#pragma once
#include "routesim/metric/metric.h"

void append_seconds(GString *out, double seconds); /* "28.6 s", "350 ms" */
void append_bytes(GString *out, double bytes);     /* "3.58 GB" */
/* The value of a measure: seconds, bytes or a count; "-" for NaN. */
void append_measure(GString *out, Measure measure, double value);
/* The same of an answer over runs, which is infinite where it falls among those not over. */
void append_answered(GString *out, Measure measure, double value);
/* "; 25.0 s to 38.0 s over what nobody has published" */
void append_unpublished(GString *out, Measure measure, double least, double most);
/* Six decimals without the zeros at their end, and the unit: for comparing. */
void append_exact(GString *out, Measure measure, double value);
/* "session outage": as people say it. Caller frees. */
char *measure_title(Measure measure);
/* Whole words, at most 80 columns of them on a line; what follows the first line stands two further
 * in. A word that is longer has a line of its own. Caller frees. */
char *text_wrapped(const char *text);
