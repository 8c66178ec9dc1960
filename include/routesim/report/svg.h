/* Two pictures as self-contained SVG text: colours that colour-blind people can tell
 * apart, a white ground, a <title> for every mark. The same input gives the same bytes. */
#pragma once
#include "routesim/scenario/run.h"

/* What one model did with the traffic in one run. */
typedef struct {
  const CloudClass *cloud;
  const RunTrafficRow *traffic; /* only the forward direction is drawn */
  guint traffic_count;
  const MetricRow *events;
  guint event_count;
} TimelineLane;

/* Share of all flows by `via` over time, a lane for each model, events marked. Shows
 * the time around the events. */
void svg_timeline(const char *scenario, const char *title, SimTime duration,
                  const TimelineLane *lanes, guint count, GString *out);

/* How long the outage of event 0 was in each run of one model. */
typedef struct {
  const CloudClass *cloud;
  const double *outages; /* seconds, ascending, of the runs where it ended */
  guint count;
  guint censored; /* runs that ended before it did */
} OutageCurve;

/* Share of runs whose outage was at most x, a step curve for each model; the axis is
 * logarithmic where the values span more than a factor of 30. */
void svg_outage_cdf(const char *scenario, const char *title, const OutageCurve *curves, guint count,
                    GString *out);
