/* Bars from one value to another, row by row; see the header. */
#include "routesim/report/svg_ranges.h"

#include <math.h>

#include "svg_private.h"

#define LABELS 300.0 /* room for the names of rows */
#define BARS 420.0   /* ... for the axis */
#define SHARES 110.0 /* ... for bars of shares, with their numbers behind */
#define GAP 24.0
#define EDGE 24.0
#define TOP 66.0 /* above the first panel */
#define ROW 20.0
#define HEADING 26.0 /* of a panel */
#define AXIS 44.0    /* below its rows: numbers, and what they are of */
#define BAR 12.0
#define TICKS 5
#define WIDTH (EDGE + LABELS + BARS + GAP + SHARES + 50 + EDGE)

/* ---- panels ------------------------------------------------------------------------------------
 */

GArray *svg_range_panels_new(void) { return g_array_new(FALSE, FALSE, sizeof(SvgRangePanel)); }

SvgRangePanel *svg_range_panel_add(GArray *panels, const CloudClass *cloud, char *heading,
                                   const char *quantity, const char *share_name) {
  const SvgRangePanel panel = {cloud, heading, quantity, share_name,
                               g_array_new(FALSE, FALSE, sizeof(SvgRange))};
  g_array_append_val(panels, panel);
  return &g_array_index(panels, SvgRangePanel, panels->len - 1);
}

void svg_range_add(SvgRangePanel *panel, char *label, char *says, double from, double to,
                   double mark, double share) {
  const SvgRange range = {label, from, to, mark, share, says};
  g_array_append_val(panel->ranges, range);
}

void svg_range_panels_free(GArray *panels) {
  for (guint i = 0; i < panels->len; i++) {
    const SvgRangePanel *panel = &g_array_index(panels, SvgRangePanel, i);
    for (guint j = 0; j < panel->ranges->len; j++) {
      g_free(g_array_index(panel->ranges, SvgRange, j).label);
      g_free(g_array_index(panel->ranges, SvgRange, j).says);
    }
    g_array_unref(panel->ranges);
    g_free(panel->heading);
  }
  g_array_unref(panels);
}

/* ---- the axis -----------------------------------------------------------------------------------
 */

typedef struct {
  double low, high, step;
} Axis;

static void widen(Axis *axis, double value) {
  if (isfinite(value)) {
    axis->low = fmin(axis->low, value);
    axis->high = fmax(axis->high, value);
  }
}

/* From 0, unless all of it lies in the upper half: then what differs would not be seen. */
static Axis axis_for(const SvgRangePanel *panel) {
  Axis axis = {HUGE_VAL, 0, 1};
  for (guint i = 0; i < panel->ranges->len; i++) {
    const SvgRange *range = &g_array_index(panel->ranges, SvgRange, i);
    widen(&axis, range->from);
    widen(&axis, range->to);
    widen(&axis, range->mark);
  }
  if (!isfinite(axis.low) || axis.low < axis.high / 2)
    axis.low = 0;
  if (axis.high <= axis.low)
    axis.high = axis.low + 1;
  axis.step = svg_nice_step(axis.high - axis.low, TICKS);
  axis.low = axis.step * floor(axis.low / axis.step);
  axis.high = axis.step * ceil(axis.high / axis.step);
  return axis;
}

static double x_of(const Axis *axis, double value) {
  const double place = (value - axis->low) / (axis->high - axis->low);
  return EDGE + LABELS + BARS * CLAMP(isinf(value) ? 1 : place, 0, 1);
}

static void draw_axis(GString *out, const Axis *axis, const char *quantity, double top,
                      double bottom) {
  static const SvgFont numbers = {.size = 11, .colour = SVG_GREY, .anchor = SVG_MIDDLE};
  const guint ticks = (guint)floor((axis->high - axis->low) / axis->step + 0.5);
  for (guint i = 0; i <= ticks; i++) {
    const double value = axis->low + i * axis->step, x = x_of(axis, value);
    g_autoptr(GString) label = g_string_new(NULL);
    svg_tick_value(label, value, axis->step);
    svg_line(out, x, top, x, bottom, SVG_GRID, 1, NULL, NULL);
    svg_text(out, x, bottom + 14, &numbers, label->str);
  }
  svg_text(out, EDGE + LABELS + BARS / 2, bottom + 30, &numbers, quantity);
}

/* ---- rows ---------------------------------------------------------------------------------------
 */

static void draw_bar(GString *out, const SvgRange *range, const Axis *axis, const char *colour,
                     double y) {
  const double left = x_of(axis, fmin(range->from, range->to));
  const double right = x_of(axis, fmax(range->from, range->to));
  g_autofree char *paint = g_strdup_printf("fill=\"%s\" fill-opacity=\"0.75\"", colour);
  g_string_append(out, "<g><title>");
  svg_escape(out, range->says);
  g_string_append(out, "</title>\n");
  svg_rect(out, left, y + (ROW - BAR) / 2, fmax(right - left, 2), BAR, paint);
  if (isinf(range->to) || isinf(range->from)) { /* an arrow: it goes on */
    const double middle = y + ROW / 2;
    svg_line(out, right, middle - 7, right + 7, middle, colour, 2, NULL, NULL);
    svg_line(out, right, middle + 7, right + 7, middle, colour, 2, NULL, NULL);
  }
  if (isfinite(range->mark)) {
    const double x = x_of(axis, range->mark);
    svg_line(out, x, y + 2, x, y + ROW - 2, SVG_INK, 2, NULL, NULL);
  }
  g_string_append(out, "</g>\n");
}

static void draw_share(GString *out, double share, double y) {
  static const SvgFont numbers = {.size = 11, .colour = SVG_INK, .anchor = SVG_START};
  const double left = EDGE + LABELS + BARS + GAP, width = SHARES * CLAMP(share, 0, 1);
  g_autoptr(GString) text = g_string_new(NULL);
  svg_number(text, 100 * share);
  g_string_append(text, " %");
  svg_rect(out, left, y + (ROW - BAR) / 2, width, BAR, "fill=\"#b2182b\"");
  svg_text(out, left + width + 5, y + ROW / 2 + 4, &numbers, text->str);
}

/* Where no row has a share, there is room for the numbers: on paper nobody can point at a bar. */
static void draw_numbers(GString *out, const SvgRange *range, double y) {
  static const SvgFont numbers = {.size = 11, .colour = SVG_INK, .anchor = SVG_START};
  g_autofree char *text = range->from == range->to
                              ? g_strdup_printf("%.3g", range->to)
                              : g_strdup_printf("%.3g to %.3g", range->from, range->to);
  svg_text(out, EDGE + LABELS + BARS + GAP, y + ROW / 2 + 4, &numbers, text);
}

static void draw_row(GString *out, const SvgRangePanel *panel, const SvgRange *range,
                     const Axis *axis, double y) {
  static const SvgFont names = {.size = 12, .colour = SVG_INK, .anchor = SVG_START};
  svg_text_within(out, EDGE, y + ROW / 2 + 4, LABELS - 10, &names, range->label);
  draw_bar(out, range, axis, svg_cloud_colour(panel->cloud), y);
  if (!isnan(range->share))
    draw_share(out, range->share, y);
  if (panel->share_name == NULL && isfinite(range->from) && isfinite(range->to))
    draw_numbers(out, range, y);
}

static double height_of(const SvgRangePanel *panel) {
  return HEADING + ROW * panel->ranges->len + AXIS;
}

static void draw_panel(GString *out, const SvgRangePanel *panel, double y) {
  static const SvgFont heading = {.size = 13, .colour = SVG_INK, .anchor = SVG_START, .bold = TRUE};
  static const SvgFont side = {.size = 11, .colour = SVG_GREY, .anchor = SVG_START};
  const Axis axis = axis_for(panel);
  const double top = y + HEADING, bottom = top + ROW * panel->ranges->len;
  svg_text_within(out, EDGE, y + 16, LABELS + BARS, &heading, panel->heading);
  if (panel->share_name != NULL)
    svg_text(out, EDGE + LABELS + BARS + GAP, y + 16, &side, panel->share_name);
  draw_axis(out, &axis, panel->quantity, top, bottom);
  for (guint i = 0; i < panel->ranges->len; i++)
    draw_row(out, panel, &g_array_index(panel->ranges, SvgRange, i), &axis, top + ROW * i);
}

void svg_ranges(const char *scenario, const char *title, const char *note, const GArray *panels,
                GString *out) {
  static const SvgFont small = {.size = 12, .colour = SVG_GREY, .anchor = SVG_START};
  double height = TOP;
  for (guint i = 0; i < panels->len; i++)
    height += height_of(&g_array_index(panels, SvgRangePanel, i));
  svg_open(out, WIDTH, height, title[0] != '\0' ? title : scenario);
  svg_heading(out, EDGE, 30, WIDTH - 2 * EDGE, title[0] != '\0' ? title : scenario);
  if (note != NULL)
    svg_text_within(out, EDGE, 50, WIDTH - 2 * EDGE, &small, note);
  double y = TOP;
  for (guint i = 0; i < panels->len; i++) {
    draw_panel(out, &g_array_index(panels, SvgRangePanel, i), y);
    y += height_of(&g_array_index(panels, SvgRangePanel, i));
  }
  svg_close(out);
}
