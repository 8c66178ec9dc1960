/* The distribution of a measure over runs, as step curves in panels. */
#include <math.h>
#include <string.h>

#include "routesim/base/random.h"
#include "svg_private.h"

#define LEFT 64.0
#define RIGHT 28.0
#define TOP 74.0
#define COLUMN_GAP 56.0
#define LOG_FROM_RATIO 30.0 /* wider spans: a logarithmic axis */
#define TEXT_ROW 18.0       /* above a panel: its heading, and a line for each curve */
#define BELOW 36.0          /* room for the numbers of an axis */

typedef struct {
  gboolean logarithmic;
  double low, high; /* of the measure */
  double step;      /* linear: between ticks */
} Axis;

/* Where what stands; one size for all panels. */
typedef struct {
  const RunCurves *all;
  gboolean split;       /* a heading does not fit into one line */
  Axis times, counts;   /* of the panels of either kind */
  guint texts;          /* lines above each panel */
  double width, height; /* of what is inside a panel's axes */
} Layout;

/* Inside of one panel. */
typedef struct {
  const Layout *layout;
  const Axis *axis;
  double left, top;
} Place;

static gboolean is_time(const RunPanel *panel) { return panel->unit == UNIT_SECONDS; }

static const Axis *axis_at(const Layout *layout, const RunPanel *panel) {
  return is_time(panel) ? &layout->times : &layout->counts;
}

/* ---- axis ---------------------------------------------------------------------------------- */

static double x_of(const Place *place, double value) {
  const Axis *axis = place->axis;
  const double width = place->layout->width;
  if (!axis->logarithmic)
    return place->left + width * (value - axis->low) / (axis->high - axis->low);
  const double low = portable_log(axis->low), high = portable_log(axis->high);
  return place->left + width * (portable_log(MAX(value, axis->low)) - low) / (high - low);
}

static double y_of(const Place *place, double share) {
  return place->top + place->layout->height * (1 - share);
}

static double power_at_most(double value) {
  double power = 1;
  while (power > value)
    power /= 10;
  while (power * 10 <= value)
    power *= 10;
  return power;
}

static const RunBand *band_at(const RunPanel *panel, guint index) {
  return &g_array_index(panel->bands, RunBand, index);
}

static void take_range(const RunPanel *panel, double *low, double *high) {
  for (guint i = 0; i < panel->curves->len; i++) {
    const RunCurve *curve = &g_array_index(panel->curves, RunCurve, i);
    if (curve->count == 0)
      continue;
    *low = MIN(*low, curve->values[0]);
    *high = MAX(*high, curve->values[curve->count - 1]);
  }
  for (guint i = 0; i < panel->bands->len; i++) {
    const RunBand *band = band_at(panel, i);
    *low = MIN(*low, band->low);
    *high = MAX(*high, band->high);
  }
}

static Axis axis_of(const RunCurves *all, gboolean of_time, guint ticks) {
  double low = HUGE_VAL, high = 0;
  for (guint i = 0; i < all->count; i++)
    if (is_time(&all->panels[i]) == of_time)
      take_range(&all->panels[i], &low, &high);
  Axis axis = {.low = 0, .high = 1, .step = of_time ? 0.2 : 1};
  if (high <= 0)
    return axis;
  axis.logarithmic = low > 0 && high / low > LOG_FROM_RATIO;
  if (axis.logarithmic) {
    axis.low = power_at_most(low);
    axis.high = power_at_most(high);
    while (axis.high < high)
      axis.high += power_at_most(high);
    return axis;
  }
  if (low > 0.5 * high) /* far from 0: no use in showing it */
    axis.low = low;
  axis.step = svg_nice_step(high - axis.low > 0 ? high - axis.low : high, ticks);
  if (!of_time)
    axis.step = MAX(axis.step, 1);
  axis.low = axis.step * floor(axis.low / axis.step);
  while (axis.low > 0 && axis.low > low - axis.step / 4)
    axis.low -= axis.step;
  axis.low = MAX(axis.low, 0);
  axis.high = axis.step * (floor(high / axis.step) + 1);
  return axis;
}

static void draw_tick(GString *out, const Place *place, double value, double step) {
  static const SvgFont font = {.size = 12, .colour = SVG_GREY, .anchor = SVG_MIDDLE};
  g_autoptr(GString) label = g_string_new(NULL);
  const double x = x_of(place, value), bottom = y_of(place, 0);
  svg_tick_value(label, value, step);
  svg_line(out, x, place->top, x, bottom, SVG_GRID, 1, NULL, NULL);
  svg_text(out, x, bottom + 18, &font, label->str);
}

static void draw_log_ticks(GString *out, const Place *place) {
  static const double factors[] = {1, 2, 5};
  const Axis *axis = place->axis;
  /* A label needs about 40 pixels; a decade has three, or one. */
  double decades = 0;
  for (double power = axis->low; power < axis->high; power *= 10)
    decades++;
  const gboolean wide = decades * 3 * 40 > place->layout->width;
  for (double power = axis->low; power <= axis->high * 1.0001; power *= 10)
    for (guint i = 0; i < (wide ? 1 : G_N_ELEMENTS(factors)); i++)
      if (power * factors[i] <= axis->high * 1.0001)
        draw_tick(out, place, power * factors[i], power);
}

static void draw_axes(GString *out, const Place *place) {
  static const SvgFont side = {.size = 12, .colour = SVG_GREY, .anchor = SVG_END};
  const Layout *layout = place->layout;
  const Axis *axis = place->axis;
  for (guint percent = 0; percent <= 100; percent += layout->height < 200 ? 50 : 25) {
    char label[8];
    const double y = y_of(place, percent / 100.0);
    g_snprintf(label, sizeof label, "%u %%", percent);
    svg_line(out, place->left, y, place->left + layout->width, y, SVG_GRID, 1, NULL, NULL);
    svg_text(out, place->left - 8, y + 4, &side, label);
  }
  if (axis->logarithmic) {
    draw_log_ticks(out, place);
    return;
  }
  const guint ticks = (guint)((axis->high - axis->low) / axis->step + 0.5);
  for (guint i = 0; i <= ticks; i++)
    draw_tick(out, place, axis->low + i * axis->step, axis->step);
}

/* ---- curves -------------------------------------------------------------------------------- */

/* Curves of different models that coincide are all to be seen: those over the first are dashed,
 * each in its own way. */
static const char *dash_of(guint index) {
  static const char *const dashes[] = {NULL, "7 3", "2 4", "1 7"};
  return dashes[index % G_N_ELEMENTS(dashes)];
}

/* Steps closer than a fifth of a pixel look the same as one: thousands of runs stay small. Of runs
 * none of which was over there is no line, but a sentence above. */
static void draw_curve(GString *out, const Place *place, const RunCurve *curve, guint index) {
  if (curve->count == 0)
    return;
  const double runs = curve->runs;
  double last_x = x_of(place, curve->values[0]), last_y = y_of(place, 0);
  g_string_append_printf(out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2.2\"",
                         svg_cloud_colour(curve->cloud));
  if (dash_of(index) != NULL)
    g_string_append_printf(out, " stroke-dasharray=\"%s\"", dash_of(index));
  g_string_append(out, " d=\"");
  svg_point(out, 'M', last_x, last_y);
  for (guint i = 0; i < curve->count; i++) {
    const gboolean last = i + 1 == curve->count;
    if (!last && curve->values[i + 1] <= curve->values[i])
      continue;
    const double x = x_of(place, curve->values[i]), y = y_of(place, (i + 1) / runs);
    if (!last && x - last_x < 0.2 && last_y - y < 0.2)
      continue;
    svg_point(out, 'L', x, last_y);
    svg_point(out, 'L', x, y);
    last_x = x;
    last_y = y;
  }
  if (curve->count < curve->runs) /* those that were not over, or never came, lie further right */
    svg_point(out, 'L', place->left + place->layout->width, last_y);
  g_string_append(out, "\"><title>");
  svg_escape(out, curve->cloud->title);
  g_string_append(out, "</title></path>\n");
}

/* Each has a part of the height, in the order of the words above: of bands over each other nobody
 * could tell which is which, and the mixture would be a colour that the words do not have. */
static void draw_band(GString *out, const Place *place, const RunPanel *panel, guint index) {
  const RunBand *band = band_at(panel, index);
  const double low = x_of(place, band->low), high = x_of(place, band->high);
  const double height = place->layout->height / panel->bands->len;
  g_string_append(out, "<g><title>");
  svg_escape(out, band->source);
  g_string_append(out, ": measured</title>");
  g_autofree char *paint =
      g_strdup_printf("fill=\"%s\" fill-opacity=\"0.15\"", svg_cloud_colour(band->cloud));
  svg_rect(out, low, place->top + index * height, MAX(high - low, 3), height, paint);
  g_string_append(out, "</g>\n");
}

/* ---- what stands above a panel ------------------------------------------------------------- */

static void append_value(GString *text, const RunPanel *panel, double value) {
  if (is_time(panel))
    svg_seconds(text, value);
  else
    svg_number(text, value);
}

static void append_quantile(GString *text, const RunPanel *panel, const char *name, double value) {
  g_string_append_printf(text, ", %s ", name);
  if (isnan(value))
    g_string_append(text, "not over");
  else
    append_value(text, panel, value);
}

/* "azure: 200 runs, median 29.9 s, p95 33.9 s" */
static char *words_of(const RunCurve *curve, const RunPanel *panel) {
  GString *text = g_string_new(curve->cloud->name);
  const guint never = curve->runs - curve->count - curve->censored;
  if (curve->count == 0) {
    g_string_append_printf(text, ": %s in any of %u runs",
                           curve->censored > 0 ? "not over at the end" : "never", curve->runs);
    return g_string_free(text, FALSE);
  }
  const Summary summary = summary_of(curve->values, curve->count, curve->censored, curve->runs);
  g_string_append_printf(text, ": %u runs", curve->runs);
  if (curve->count == curve->runs && curve->values[0] == curve->values[curve->count - 1]) {
    g_string_append(text, ", each ");
    append_value(text, panel, curve->values[0]);
    return g_string_free(text, FALSE);
  }
  append_quantile(text, panel, "median", summary.p50);
  append_quantile(text, panel, "p95", summary.p95);
  if (curve->censored > 0)
    g_string_append_printf(text, "; in %u not over at the end", curve->censored);
  if (never > 0)
    g_string_append_printf(text, "; in %u never", never);
  return g_string_free(text, FALSE);
}

/* "dropped before, in the first run: azure 50 %": without an outage, but also without traffic, is
 * no merit. NULL where all passed; caller frees. */
static char *lost_before(const RunPanel *panel) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < panel->curves->len; i++) {
    const RunCurve *curve = &g_array_index(panel->curves, RunCurve, i);
    if (curve->lost_before <= 0)
      continue;
    g_string_append(text, text->len > 0 ? ", " : "dropped before, in the first run: ");
    g_string_append_printf(text, "%s ", curve->cloud->name);
    svg_number(text, curve->lost_before * 100);
    g_string_append(text, " %");
  }
  return text->len > 0 ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

static void draw_texts(GString *out, const Place *place, const RunPanel *panel, double y) {
  static const SvgFont bold = {.size = 13, .colour = SVG_INK, .anchor = SVG_START, .bold = TRUE};
  static const SvgFont font = {.size = 12, .colour = SVG_INK, .anchor = SVG_START};
  const double most = place->layout->width;
  double x = place->left;
  if (panel->variant != NULL) {
    const double room = MIN(svg_text_width(&bold, panel->variant), most * 0.6);
    svg_text_within(out, x, y, room, &bold, panel->variant);
    x += room + 10;
  }
  if (place->layout->split) {
    x = place->left;
    y += TEXT_ROW;
  }
  svg_text_within(out, x, y, place->left + most - x, &font, panel->subject);
  for (guint i = 0; i < panel->curves->len; i++) {
    const RunCurve *curve = &g_array_index(panel->curves, RunCurve, i);
    g_autofree char *words = words_of(curve, panel);
    y += TEXT_ROW;
    svg_line(out, place->left, y - 4, place->left + 22, y - 4, svg_cloud_colour(curve->cloud), 3,
             dash_of(i), NULL);
    svg_text_within(out, place->left + 28, y, most - 28, &font, words);
  }
  for (guint i = 0; i < panel->bands->len; i++) {
    const RunBand *band = band_at(panel, i);
    g_autoptr(GString) words = g_string_new(NULL);
    g_string_append_printf(words, "%s: measured ", band->source);
    append_value(words, panel, band->low);
    if (band->high > band->low) {
      g_string_append(words, " to ");
      append_value(words, panel, band->high);
    }
    g_autofree char *paint =
        g_strdup_printf("fill=\"%s\" fill-opacity=\"0.15\"", svg_cloud_colour(band->cloud));
    y += TEXT_ROW;
    svg_rect(out, place->left, y - 11, 22, 14, paint);
    svg_text_within(out, place->left + 28, y, most - 28, &font, words->str);
  }
  g_autofree char *before = lost_before(panel);
  if (before != NULL)
    svg_text_within(out, place->left, y + TEXT_ROW, most, &font, before);
}

/* ---- the picture --------------------------------------------------------------------------- */

static gboolean has_curve(const RunPanel *panel) {
  for (guint i = 0; i < panel->curves->len; i++)
    if (g_array_index(panel->curves, RunCurve, i).count > 0)
      return TRUE;
  return FALSE;
}

/* Where no panel of a row has a curve it needs room for words only. */
static double row_height(const Layout *layout, guint row) {
  const RunCurves *all = layout->all;
  const double texts = TEXT_ROW * layout->texts + 14;
  for (guint i = row * all->columns; i < MIN((row + 1) * all->columns, all->count); i++)
    if (has_curve(&all->panels[i]))
      return texts + layout->height + BELOW;
  return texts;
}

static double row_top(const Layout *layout, guint row) {
  double top = TOP;
  for (guint i = 0; i < row; i++)
    top += row_height(layout, i);
  return top;
}

static void draw_panel(GString *out, const Layout *layout, guint index) {
  const RunPanel *panel = &layout->all->panels[index];
  const double texts = TEXT_ROW * layout->texts;
  const guint row = index / layout->all->columns, column = index % layout->all->columns;
  const Place place = {layout, axis_at(layout, panel), LEFT + column * (layout->width + COLUMN_GAP),
                       row_top(layout, row) + texts};
  draw_texts(out, &place, panel, place.top - texts + 6);
  if (!has_curve(panel)) /* the words above say it all */
    return;
  draw_axes(out, &place);
  for (guint i = 0; i < panel->bands->len; i++)
    draw_band(out, &place, panel, i);
  for (guint i = 0; i < panel->curves->len; i++)
    draw_curve(out, &place, &g_array_index(panel->curves, RunCurve, i), i);
  svg_line(out, place.left, y_of(&place, 0), place.left + layout->width, y_of(&place, 0), SVG_GREY,
           1, NULL, NULL);
}

/* "outage in seconds (logarithmic)": of the panels of one column. */
static char *axis_title(const Layout *layout, guint column) {
  const RunPanel *panel = &layout->all->panels[column];
  return g_strconcat(panel->quantity, is_time(panel) ? " in seconds" : "",
                     axis_at(layout, panel)->logarithmic ? " (logarithmic)" : "", NULL);
}

/* The titles of all columns, each once. */
static GPtrArray *axis_titles(const Layout *layout) {
  GPtrArray *titles = g_ptr_array_new_with_free_func(g_free);
  for (guint column = 0; column < layout->all->columns; column++) {
    g_autofree char *title = axis_title(layout, column);
    if (!g_ptr_array_find_with_equal_func(titles, title, g_str_equal, NULL))
      g_ptr_array_add(titles, g_steal_pointer(&title));
  }
  return titles;
}

/* "runs by outage in seconds, and by sessions broken". Caller frees. */
static char *joined(const GPtrArray *titles) {
  GString *text = g_string_new("runs by ");
  for (guint i = 0; i < titles->len; i++)
    g_string_append_printf(text, "%s%s", i == 0 ? "" : ", and by ", (char *)titles->pdata[i]);
  return g_string_free(text, FALSE);
}

/* One title where one is enough, else one below each column. */
static void draw_axis_titles(GString *out, const Layout *layout, const GPtrArray *titles,
                             double y) {
  static const SvgFont font = {.size = 13, .colour = SVG_INK, .anchor = SVG_MIDDLE};
  const double step = layout->width + COLUMN_GAP;
  const guint columns = layout->all->columns;
  if (titles->len == 1) {
    svg_text(out, LEFT + (columns * step - COLUMN_GAP) / 2, y, &font, titles->pdata[0]);
    return;
  }
  for (guint column = 0; column < columns; column++) {
    g_autofree char *title = axis_title(layout, column);
    svg_text(out, LEFT + column * step + layout->width / 2, y, &font, title);
  }
}

static gboolean fits_one_line(const RunPanel *panel, double width) {
  static const SvgFont bold = {.size = 13, .colour = SVG_INK, .anchor = SVG_START, .bold = TRUE};
  static const SvgFont font = {.size = 12, .colour = SVG_INK, .anchor = SVG_START};
  return panel->variant == NULL ||
         svg_text_width(&bold, panel->variant) + 10 + svg_text_width(&font, panel->subject) <=
             width;
}

static Layout layout_of(const RunCurves *all) {
  Layout layout = {.all = all};
  layout.width = all->columns == 1 ? 668 : 400;
  layout.height = all->count == 1 ? 300 : 150;
  for (guint i = 0; i < all->count; i++) {
    const RunPanel *panel = &all->panels[i];
    g_autofree char *before = lost_before(panel);
    layout.texts =
        MAX(layout.texts, 1 + panel->curves->len + panel->bands->len + (before != NULL ? 1 : 0));
    layout.split |= !fits_one_line(panel, layout.width);
  }
  layout.texts += layout.split ? 1 : 0;
  layout.times = axis_of(all, TRUE, (guint)(layout.width / 80));
  layout.counts = axis_of(all, FALSE, (guint)(layout.width / 80));
  return layout;
}

void svg_run_curves(const char *scenario, const char *title, const RunCurves *curves,
                    GString *out) {
  static const SvgFont sub = {.size = 13, .colour = SVG_GREY, .anchor = SVG_START};
  g_assert(curves->count > 0 && curves->columns > 0);
  const Layout layout = layout_of(curves);
  const guint rows = (curves->count + curves->columns - 1) / curves->columns;
  const double inside = curves->columns * layout.width + (curves->columns - 1) * COLUMN_GAP;
  const double bottom = row_top(&layout, rows) + 6;
  g_autoptr(GPtrArray) titles = axis_titles(&layout);
  g_autofree char *runs = joined(titles);
  g_autofree char *words = g_strconcat("Share of ", runs, NULL);
  g_autofree char *full = g_strconcat(scenario, ": share of ", runs, NULL);
  const guint notes = (curves->left_out > 0 ? 1 : 0) + (curves->note != NULL ? 1 : 0);
  svg_open(out, LEFT + inside + RIGHT, bottom + 16 + 22 * notes, full);
  svg_heading(out, LEFT, 32, inside, title[0] != '\0' ? title : scenario);
  svg_text(out, LEFT, 52, &sub, words);
  for (guint i = 0; i < curves->count; i++)
    draw_panel(out, &layout, i);
  draw_axis_titles(out, &layout, titles, bottom);
  if (curves->left_out > 0) {
    g_autofree char *note =
        g_strdup_printf("%u more variants are not drawn: summary.csv has them", curves->left_out);
    svg_text(out, LEFT, bottom + 22, &sub, note);
  }
  if (curves->note != NULL)
    svg_text_within(out, LEFT, bottom + 22 * notes, inside, &sub, curves->note);
  svg_close(out);
}

void svg_words(const char *scenario, const char *title, const GPtrArray *lines, GString *out) {
  static const SvgFont font = {.size = 13, .colour = SVG_INK, .anchor = SVG_START};
  const double width = 872;
  svg_open(out, LEFT + width + RIGHT, TOP + 20 * lines->len, scenario);
  svg_heading(out, LEFT, 32, width, title[0] != '\0' ? title : scenario);
  for (guint i = 0; i < lines->len; i++)
    svg_text_within(out, LEFT, 62 + 20 * i, width, &font, lines->pdata[i]);
  svg_close(out);
}
