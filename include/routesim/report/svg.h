/* Two pictures as self-contained SVG text: colours that colour-blind people can tell apart, a white
 * ground, a <title> for every mark. Valid XML whatever names and titles hold. The same input gives
 * the same bytes. A picture that would be of one colour or one line says so in words. */
#pragma once
#include "routesim/run/run.h"

/* Variants that one picture can show: a sweep may have thousands. */
#define SVG_MOST_VARIANTS 40

/* What one variant did with the traffic in one run, under one model. */
typedef struct {
  const CloudClass *cloud;
  const char *variant; /* NULL: the file has none, so none is named */
  const RunTrafficRow *traffic;
  guint traffic_count;
  const MetricRow *events;
  guint event_count;
} TimelineLane;

/* Share of all flows by `via` over time, in both directions: a row for each variant, a column for
 * each model, events marked. What is lost and what is gone with its hosts has a fill of its own.
 * Shows the time around the events of replication `run`. Lanes come variant by variant. */
void svg_timeline(const char *scenario, const char *title, SimTime duration, guint32 run,
                  const TimelineLane *lanes, guint count, GString *out);

/* The share of its traffic, from 0 to 1, that is dropped just before `at` in the worse direction:
 * what did not pass before is no outage of what happens then. */
double svg_lost_before(const TimelineLane *lane, SimTime at);

/* A number of each run of one variant, under one model. */
typedef struct {
  const CloudClass *cloud;
  double *values; /* ascending, of the runs in which it happened and was over */
  guint count;
  guint censored;     /* runs that ended before it was over */
  guint runs;         /* all */
  double lost_before; /* svg_lost_before of the first run, at the event */
} RunCurve;

/* What others measured of the same. */
typedef struct {
  const CloudClass *cloud;
  const char *source;
  double low, high;
} RunBand;

/* One variant and what is asked of it: a curve for each model. */
typedef struct {
  const char *variant;  /* NULL: as in TimelineLane */
  char *subject;        /* "event 0: fw-a silent" */
  const char *quantity; /* "outage": what its axis counts, without the unit */
  MeasureUnit unit;
  GArray *curves; /* RunCurve; none where the variant has no such event */
  GArray *bands;  /* RunBand */
} RunPanel;

typedef struct {
  const RunPanel *panels;
  guint count, columns; /* of panels, which stand row by row */
  guint left_out;       /* variants that no panel shows */
  const char *note;     /* what no panel shows else, a line; NULL: nothing */
} RunCurves;

/* Share of runs in which the quantity was at most x, as step curves. All panels of one unit
 * share one axis, which is logarithmic where the values span more than a factor of 30; columns may
 * be of different units. A panel without a curve says why. */
void svg_run_curves(const char *scenario, const char *title, const RunCurves *curves, GString *out);
/* In words: each of `lines` is a sentence. */
void svg_words(const char *scenario, const char *title, const GPtrArray *lines, GString *out);
