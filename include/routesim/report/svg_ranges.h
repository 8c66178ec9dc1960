/* A picture of ranges: a row for each thing, a bar from one value to another on an axis of seconds
 * or minutes, and beside it, where there is one, a share. For what elements cost, what designs cost
 * in a year, and what an answer hangs on. Its marks have titles; see svg.h for what all pictures
 * keep to. */
#pragma once
#include "routesim/cloud/cloud.h"

typedef struct {
  char *label;
  double from, to; /* `to` infinite: it goes on beyond the axis */
  double mark;     /* a line at this value; NaN: none */
  double share;    /* from 0 to 1; NaN: none */
  char *says;      /* what the title of the bar says */
} SvgRange;

typedef struct {
  const CloudClass *cloud;
  char *heading;
  const char *quantity;   /* "outage, s": below the axis */
  const char *share_name; /* "lost for good"; NULL: no row has a share */
  GArray *ranges;         /* SvgRange, from the top */
} SvgRangePanel;

/* SvgRangePanel, for which svg_range_panels_free() frees all texts. */
GArray *svg_range_panels_new(void);
SvgRangePanel *svg_range_panel_add(GArray *panels, const CloudClass *cloud, char *heading,
                                   const char *quantity, const char *share_name);
void svg_range_add(SvgRangePanel *panel, char *label, char *says, double from, double to,
                   double mark, double share);
void svg_range_panels_free(GArray *panels);

/* `note`: a line below the title; NULL: none. */
void svg_ranges(const char *scenario, const char *title, const char *note, const GArray *panels,
                GString *out);
