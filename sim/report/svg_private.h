/* Pieces that the pictures share. Lengths are in pixels; y grows downwards. */
#pragma once
#include "routesim/report/svg.h"

#define SVG_INK "#222222"
#define SVG_GREY "#666666"
#define SVG_GRID "#dddddd"

/* The colour of a model, by its place in the registry (Okabe and Ito 2008). */
const char *svg_cloud_colour(const CloudClass *cloud);

/* <svg> with a white ground and a <title>. */
void svg_open(GString *out, double width, double height, const char *title);
void svg_close(GString *out);
/* `out` gets at most two decimals, rounded half up, without locale. */
void svg_number(GString *out, double value);
/* `out`, the data of a path, gets a command that takes one point, such as 'M' or 'L'. */
void svg_point(GString *out, char command, double x, double y);
/* `out` gets the text of an element or value of an attribute, valid in XML whatever it holds. */
void svg_escape(GString *out, const char *text);

typedef enum { SVG_START, SVG_MIDDLE, SVG_END } SvgAnchor;
typedef struct {
  double size;
  const char *colour;
  SvgAnchor anchor;
  gboolean bold;
} SvgFont;
void svg_text(GString *out, double x, double y, const SvgFont *font, const char *text);
/* Its beginning and an ellipsis where it does not fit into `width`; then a <title> has it all. */
void svg_text_within(GString *out, double x, double y, double width, const SvgFont *font,
                     const char *text);
/* The title of a picture, made smaller where it would not fit into `width`. */
void svg_heading(GString *out, double x, double y, double width, const char *text);
/* How wide a text will be, on the safe side. */
double svg_text_width(const SvgFont *font, const char *text);
/* `dash` NULL: solid. `title` NULL: none. */
void svg_line(GString *out, double x1, double y1, double x2, double y2, const char *colour,
              double width, const char *dash, const char *title);
/* `paint`: attributes, as they stand in the element. */
void svg_rect(GString *out, double x, double y, double width, double height, const char *paint);

/* A distance between ticks of 1, 2 or 5 times a power of ten, so that about `wanted` of
 * them fit into `span`. */
double svg_nice_step(double span, guint wanted);
/* "28.6 s": short, for people. */
void svg_seconds(GString *out, double seconds);
/* A tick's value with as many decimals as `step` asks for. */
void svg_tick_value(GString *out, double value, double step);

/* ---- the series of a timeline: ways, and what is gone and lost ------------------------------ */

typedef struct {
  GPtrArray *names; /* char *: ways with a paint of their own, by name, read from the sender */
  guint more;       /* ways that share one */
  gboolean gone, lost;
  gboolean by_load; /* shares are of the offered load, not of flows */
} SvgWays;

SvgWays *svg_ways_new(const TimelineLane *lanes, guint count);
void svg_ways_free(SvgWays *ways);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvgWays, svg_ways_free)
/* How many series there may be; which of them there are, from below; and how one is called (caller
 * frees) and painted (attributes of an element; caller frees). */
guint svg_ways_series(const SvgWays *ways);
gboolean svg_ways_has(const SvgWays *ways, guint series);
char *svg_ways_name(const SvgWays *ways, guint series);
char *svg_ways_paint(const SvgWays *ways, guint series);
/* The <defs> that the paints refer to. */
void svg_ways_define(GString *out, const SvgWays *ways);

/* The shares of one lane in one direction, constant between breaks. */
typedef struct {
  GArray *breaks; /* SimTime, ascending */
  guint series, width;
  double *sums; /* [series * width + break]: of this series and those below it */
} SvgStack;

SvgStack *svg_stack_new(const SvgWays *ways, const TimelineLane *lane, FlowDirection direction);
void svg_stack_free(SvgStack *stack);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvgStack, svg_stack_free)
/* Stretch `index` lies between breaks `index` and `index` + 1. */
guint svg_stack_stretches(const SvgStack *stack);
SimTime svg_stack_break(const SvgStack *stack, guint index);
/* What all series below `series` have of stretch `index`, from 0 to 1. */
double svg_stack_below(const SvgStack *stack, guint series, guint index);
/* The share that is dropped just before `at`, in the worse direction. */
double svg_ways_lost_before(const SvgWays *ways, const TimelineLane *lane, SimTime at);

/* Nothing changes over time, and all lanes are alike: a picture would be of one colour. */
gboolean svg_is_flat(const TimelineLane *lanes, guint count);
/* What there is then, in words, because there is nothing to see. */
void svg_tell_flat(const char *scenario, const char *title, const SvgWays *ways,
                   const TimelineLane *lanes, guint count, GString *out);
