/* Elements and numbers of a picture. */
#include "routesim/report/svg.h"

#include <string.h>

#include "routesim/base/shown.h"
#include "svg_private.h"

static const char *const colours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7"};

const char *svg_cloud_colour(const CloudClass *cloud) {
  for (guint i = 0; i < cloud_count(); i++)
    if (cloud_at(i) == cloud)
      return colours[i % G_N_ELEMENTS(colours)];
  return SVG_INK;
}

void svg_number(GString *out, double value) {
  gint64 hundredths = (gint64)(value < 0 ? -value * 100 + 0.5 : value * 100 + 0.5);
  if (value < 0 && hundredths > 0)
    g_string_append_c(out, '-');
  g_string_append_printf(out, "%" G_GINT64_FORMAT, hundredths / 100);
  hundredths %= 100;
  if (hundredths % 10 != 0)
    g_string_append_printf(out, ".%02d", (int)hundredths);
  else if (hundredths != 0)
    g_string_append_printf(out, ".%d", (int)hundredths / 10);
}

void svg_point(GString *out, char command, double x, double y) {
  g_string_append_c(out, command);
  svg_number(out, x);
  g_string_append_c(out, ' ');
  svg_number(out, y);
}

void svg_escape(GString *out, const char *text) {
  g_autofree char *shown = shown_text(text), *escaped = g_markup_escape_text(shown, -1);
  g_string_append(out, escaped);
}

static void attribute(GString *out, const char *name, double value) {
  g_string_append_printf(out, " %s=\"", name);
  svg_number(out, value);
  g_string_append_c(out, '"');
}

void svg_open(GString *out, double width, double height, const char *title) {
  g_string_append(out, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
  attribute(out, "width", width);
  attribute(out, "height", height);
  g_string_append(out, " viewBox=\"0 0 ");
  svg_number(out, width);
  g_string_append_c(out, ' ');
  svg_number(out, height);
  g_string_append(out, "\" font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\""
                       " role=\"img\">\n<title>");
  svg_escape(out, title);
  g_string_append(out, "</title>\n");
  svg_rect(out, 0, 0, width, height, "fill=\"#ffffff\"");
}

void svg_close(GString *out) { g_string_append(out, "</svg>\n"); }

void svg_text(GString *out, double x, double y, const SvgFont *font, const char *text) {
  static const char *const anchors[] = {"start", "middle", "end"};
  g_string_append(out, "<text");
  attribute(out, "x", x);
  attribute(out, "y", y);
  attribute(out, "font-size", font->size);
  g_string_append_printf(out, " fill=\"%s\"", font->colour);
  if (font->anchor != SVG_START)
    g_string_append_printf(out, " text-anchor=\"%s\"", anchors[font->anchor]);
  if (font->bold)
    g_string_append(out, " font-weight=\"bold\"");
  g_string_append_c(out, '>');
  svg_escape(out, text);
  g_string_append(out, "</text>\n");
}

/* The width in parts of the font's size, as in DejaVu Sans, the widest of the fonts that viewers
 * fall back to. */
static double width_of(gunichar rune) {
  if (rune < 0x80 && strchr("ijlI|'.,:;! /()[]-", (int)rune) != NULL)
    return 0.4;
  if (rune < 0x80 && strchr("frt", (int)rune) != NULL)
    return 0.45;
  if (rune < 0x80 && strchr("csz", (int)rune) != NULL)
    return 0.56;
  if (rune < 0x80 && strchr("mwMW%@", (int)rune) != NULL)
    return 0.98;
  if (g_unichar_iswide(rune))
    return 1;
  return g_unichar_isupper(rune) ? 0.72 : rune == '+' || rune == '=' || rune == '>' ? 0.84 : 0.64;
}

double svg_text_width(const SvgFont *font, const char *text) {
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  double width = 0;
  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char(c))
    width += width_of(g_utf8_get_char(c));
  return width * font->size * (font->bold ? 1.1 : 1);
}

/* The longest beginning that leaves room for an ellipsis. Caller frees. */
static char *shortened(const SvgFont *font, double width, const char *text) {
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  g_autoptr(GString) kept = g_string_new(NULL);
  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char(c)) {
    const gsize before = kept->len;
    g_string_append_unichar(kept, g_utf8_get_char(c));
    if (svg_text_width(font, kept->str) + font->size <= width)
      continue;
    g_string_truncate(kept, before);
    break;
  }
  g_string_append(kept, "\u2026");
  return g_string_free(g_steal_pointer(&kept), FALSE);
}

void svg_text_within(GString *out, double x, double y, double width, const SvgFont *font,
                     const char *text) {
  if (svg_text_width(font, text) <= width) {
    svg_text(out, x, y, font, text);
    return;
  }
  g_autofree char *beginning = shortened(font, width, text);
  g_string_append(out, "<g><title>");
  svg_escape(out, text);
  g_string_append(out, "</title>");
  svg_text(out, x, y, font, beginning);
  g_string_append(out, "</g>\n");
}

void svg_heading(GString *out, double x, double y, double width, const char *text) {
  SvgFont font = {.size = 17, .colour = SVG_INK, .anchor = SVG_START, .bold = TRUE};
  while (font.size > 12 && svg_text_width(&font, text) > width)
    font.size -= 1;
  svg_text_within(out, x, y, width, &font, text);
}

void svg_line(GString *out, double x1, double y1, double x2, double y2, const char *colour,
              double width, const char *dash, const char *title) {
  g_string_append(out, "<line");
  attribute(out, "x1", x1);
  attribute(out, "y1", y1);
  attribute(out, "x2", x2);
  attribute(out, "y2", y2);
  g_string_append_printf(out, " stroke=\"%s\"", colour);
  attribute(out, "stroke-width", width);
  if (dash != NULL)
    g_string_append_printf(out, " stroke-dasharray=\"%s\"", dash);
  if (title == NULL) {
    g_string_append(out, "/>\n");
    return;
  }
  g_string_append(out, "><title>");
  svg_escape(out, title);
  g_string_append(out, "</title></line>\n");
}

void svg_rect(GString *out, double x, double y, double width, double height, const char *paint) {
  g_string_append(out, "<rect");
  attribute(out, "x", x);
  attribute(out, "y", y);
  attribute(out, "width", width);
  attribute(out, "height", height);
  g_string_append_printf(out, " %s/>\n", paint);
}

double svg_nice_step(double span, guint wanted) {
  static const double factors[] = {1, 2, 5};
  double power = 1e-9;
  while (power < 1e12) {
    for (guint i = 0; i < G_N_ELEMENTS(factors); i++)
      if (span / (power * factors[i]) <= wanted)
        return power * factors[i];
    power *= 10;
  }
  return power;
}

static void append_decimals(GString *out, double value, guint decimals) {
  static const double powers[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};
  const gint64 scale = (gint64)powers[decimals];
  const gint64 whole = (gint64)(value * powers[decimals] + 0.5);
  g_string_append_printf(out, "%" G_GINT64_FORMAT, whole / scale);
  if (decimals > 0)
    g_string_append_printf(out, ".%0*" G_GINT64_FORMAT, (int)decimals, whole % scale);
}

void svg_tick_value(GString *out, double value, double step) {
  guint decimals = 0;
  for (double rest = step; rest < 0.99 && decimals < 6; rest *= 10)
    decimals++;
  append_decimals(out, value, decimals);
}

void svg_seconds(GString *out, double seconds) {
  if (seconds <= 0)
    g_string_append_c(out, '0');
  else if (seconds >= 10)
    append_decimals(out, seconds, 1);
  else
    append_decimals(out, seconds, seconds >= 1 || seconds < 0.0005 ? 2 : 3);
  g_string_append(out, " s");
}
