/* Numbers as people read them. */
#pragma once
#include "routesim/metric/metric.h"

void append_seconds(GString *out, double seconds); /* "28.6 s", "350 ms" */
void append_bytes(GString *out, double bytes);     /* "3.58 GB" */
/* The value of a measure: seconds, bytes or a count; "-" for NaN. */
void append_measure(GString *out, Measure measure, double value);
/* Six decimals without the zeros at their end, and the unit: for comparing. */
void append_exact(GString *out, Measure measure, double value);
/* "session outage": as people say it. Caller frees. */
char *measure_title(Measure measure);
