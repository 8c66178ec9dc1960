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
/* At most two decimals, rounded half up, without locale. */
void svg_number(GString *out, double value);
void svg_escape(GString *out, const char *text);

typedef enum { SVG_START, SVG_MIDDLE, SVG_END } SvgAnchor;
typedef struct {
  double size;
  const char *colour;
  SvgAnchor anchor;
  gboolean bold;
} SvgFont;
void svg_text(GString *out, double x, double y, const SvgFont *font, const char *text);
/* The title of a picture, made smaller where it would not fit into `width`. */
void svg_heading(GString *out, double x, double y, double width, const char *text);
/* How wide a text will be, on the safe side. */
double svg_text_width(const SvgFont *font, const char *text);
/* `dash` NULL: solid. `title` NULL: none. */
void svg_line(GString *out, double x1, double y1, double x2, double y2, const char *colour,
              double width, const char *dash, const char *title);
void svg_rect(GString *out, double x, double y, double width, double height, const char *fill,
              const char *stroke);

/* A distance between ticks of 1, 2 or 5 times a power of ten, so that about `wanted` of
 * them fit into `span`. */
double svg_nice_step(double span, guint wanted);
/* "28.6 s": short, for people. */
void svg_seconds(GString *out, double seconds);
/* A tick's value with as many decimals as `step` asks for. */
void svg_tick_value(GString *out, double value, double step);
