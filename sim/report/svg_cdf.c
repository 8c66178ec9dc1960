/* The distribution of outages over runs, as step curves. */
#include <math.h>
#include <string.h>

#include "routesim/base/random.h"
#include "svg_private.h"

#define WIDTH 760.0
#define LEFT 64.0
#define RIGHT 28.0
#define PLOT_HEIGHT 300.0
#define LOG_FROM_RATIO 30.0 /* wider spans: a logarithmic axis */

typedef struct {
  gboolean logarithmic;
  double low, high; /* seconds */
  double step;      /* linear: between ticks */
  double top;       /* of the plot */
} Axes;

static double x_of(const Axes *axes, double seconds) {
  const double width = WIDTH - LEFT - RIGHT;
  if (!axes->logarithmic)
    return LEFT + width * (seconds - axes->low) / (axes->high - axes->low);
  const double low = portable_log(axes->low), high = portable_log(axes->high);
  return LEFT + width * (portable_log(MAX(seconds, axes->low)) - low) / (high - low);
}

static double y_of(const Axes *axes, double share) { return axes->top + PLOT_HEIGHT * (1 - share); }

static double power_at_most(double value) {
  double power = 1;
  while (power > value)
    power /= 10;
  while (power * 10 <= value)
    power *= 10;
  return power;
}

static Axes make_axes(const OutageCurve *curves, guint count, double top) {
  double low = HUGE_VAL, high = 0;
  for (guint i = 0; i < count; i++)
    if (curves[i].count > 0) {
      low = MIN(low, curves[i].outages[0]);
      high = MAX(high, curves[i].outages[curves[i].count - 1]);
    }
  Axes axes = {.top = top, .low = 0, .high = 1, .step = 0.2};
  if (high <= 0)
    return axes;
  axes.logarithmic = low > 0 && high / low > LOG_FROM_RATIO;
  if (axes.logarithmic) {
    axes.low = power_at_most(low);
    axes.high = power_at_most(high);
    while (axes.high < high)
      axes.high += power_at_most(high);
    return axes;
  }
  if (low > 0.5 * high) /* far from 0: no use in showing it */
    axes.low = low;
  axes.step = svg_nice_step(high - axes.low > 0 ? high - axes.low : high, 8);
  axes.low = axes.step * floor(axes.low / axes.step);
  while (axes.low > 0 && axes.low > low - axes.step / 4)
    axes.low -= axes.step;
  axes.low = MAX(axes.low, 0);
  axes.high = axes.step * (floor(high / axes.step) + 1);
  return axes;
}

static void draw_tick(GString *out, const Axes *axes, double value, double step) {
  static const SvgFont font = {12, SVG_GREY, SVG_MIDDLE, FALSE};
  g_autoptr(GString) label = g_string_new(NULL);
  const double x = x_of(axes, value), bottom = axes->top + PLOT_HEIGHT;
  svg_tick_value(label, value, step);
  svg_line(out, x, axes->top, x, bottom, SVG_GRID, 1, NULL, NULL);
  svg_text(out, x, bottom + 18, &font, label->str);
}

static void draw_axes(GString *out, const Axes *axes) {
  static const SvgFont side = {12, SVG_GREY, SVG_END, FALSE};
  static const SvgFont below = {13, SVG_INK, SVG_MIDDLE, FALSE};
  for (guint percent = 0; percent <= 100; percent += 25) {
    char label[8];
    const double y = y_of(axes, percent / 100.0);
    g_snprintf(label, sizeof label, "%u %%", percent);
    svg_line(out, LEFT, y, WIDTH - RIGHT, y, SVG_GRID, 1, NULL, NULL);
    svg_text(out, LEFT - 8, y + 4, &side, label);
  }
  if (axes->logarithmic) {
    static const double factors[] = {1, 2, 5};
    const gboolean wide = axes->high / axes->low > 1e4;
    double power = axes->low;
    while (power <= axes->high * 1.0001) {
      for (guint i = 0; i < (wide ? 1 : G_N_ELEMENTS(factors)); i++)
        if (power * factors[i] <= axes->high * 1.0001)
          draw_tick(out, axes, power * factors[i], power);
      power *= 10;
    }
  } else {
    const guint ticks = (guint)((axes->high - axes->low) / axes->step + 0.5);
    for (guint i = 0; i <= ticks; i++)
      draw_tick(out, axes, axes->low + i * axes->step, axes->step);
  }
  svg_text(out, LEFT + (WIDTH - LEFT - RIGHT) / 2, axes->top + PLOT_HEIGHT + 42, &below,
           axes->logarithmic ? "outage of event 0 in seconds (logarithmic)"
                             : "outage of event 0 in seconds");
}

static void append_point(GString *out, char command, double x, double y) {
  g_string_append_c(out, command);
  svg_number(out, x);
  g_string_append_c(out, ' ');
  svg_number(out, y);
}

/* Steps closer than a fifth of a pixel look the same as one: thousands of runs stay small. */
static void draw_curve(GString *out, const Axes *axes, const OutageCurve *curve) {
  const double runs = (double)curve->count + curve->censored;
  double last_x = x_of(axes, curve->count > 0 ? curve->outages[0] : axes->low);
  double last_y = y_of(axes, 0);
  g_string_append_printf(out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2.2\" d=\"",
                         svg_cloud_colour(curve->cloud));
  append_point(out, 'M', last_x, last_y);
  for (guint i = 0; i < curve->count; i++) {
    const gboolean last = i + 1 == curve->count;
    if (!last && curve->outages[i + 1] <= curve->outages[i])
      continue;
    const double x = x_of(axes, curve->outages[i]), y = y_of(axes, (i + 1) / runs);
    if (!last && x - last_x < 0.2 && last_y - y < 0.2)
      continue;
    append_point(out, 'L', x, last_y);
    append_point(out, 'L', x, y);
    last_x = x;
    last_y = y;
  }
  if (curve->censored > 0) /* those that were not over lie further to the right */
    append_point(out, 'L', x_of(axes, axes->high), last_y);
  g_string_append(out, "\"><title>");
  svg_escape(out, curve->cloud->title);
  g_string_append(out, "</title></path>\n");
}

static Summary summarise(const OutageCurve *curve) {
  g_autofree double *values = g_new(double, curve->count + 1);
  for (guint i = 0; i < curve->count; i++)
    values[i] = curve->outages[i];
  return summary_of(values, curve->count, curve->censored, curve->count + curve->censored);
}

static void append_quantile(GString *text, const char *name, double value) {
  g_string_append_printf(text, ", %s ", name);
  if (isnan(value))
    g_string_append(text, "not over");
  else
    svg_seconds(text, value);
}

static double draw_legend(GString *out, const OutageCurve *curves, guint count, double y) {
  static const SvgFont font = {13, SVG_INK, SVG_START, FALSE};
  for (guint i = 0; i < count; i++) {
    const OutageCurve *curve = &curves[i];
    const Summary summary = summarise(curve);
    g_autoptr(GString) text = g_string_new(curve->cloud->name);
    g_string_append_printf(text, ": %u runs", curve->count + curve->censored);
    append_quantile(text, "median", summary.p50);
    append_quantile(text, "p95", summary.p95);
    if (curve->censored > 0)
      g_string_append_printf(text, "; in %u not over at the end", curve->censored);
    svg_line(out, LEFT, y - 4, LEFT + 22, y - 4, svg_cloud_colour(curve->cloud), 3, NULL, NULL);
    svg_text(out, LEFT + 30, y, &font, text->str);
    y += 20;
  }
  return y;
}

void svg_outage_cdf(const char *scenario, const char *title, const OutageCurve *curves, guint count,
                    GString *out) {
  static const SvgFont sub = {13, SVG_GREY, SVG_START, FALSE};
  const double legend_top = 80, top = legend_top + 20.0 * count + 4;
  const Axes axes = make_axes(curves, count, top);
  g_autofree char *full = g_strdup_printf("%s: share of runs by outage", scenario);
  svg_open(out, WIDTH, top + PLOT_HEIGHT + 60, full);
  svg_heading(out, LEFT, 32, WIDTH - LEFT - RIGHT, title[0] != '\0' ? title : scenario);
  svg_text(out, LEFT, 52, &sub, "Share of runs whose outage was at most so long");
  draw_legend(out, curves, count, legend_top);
  draw_axes(out, &axes);
  for (guint i = 0; i < count; i++)
    draw_curve(out, &axes, &curves[i]);
  svg_line(out, LEFT, axes.top + PLOT_HEIGHT, WIDTH - RIGHT, axes.top + PLOT_HEIGHT, SVG_GREY, 1,
           NULL, NULL);
  svg_close(out);
}
