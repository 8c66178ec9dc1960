/* Where what stands in a picture: areas, curves, ticks and labels by their coordinates, as whoever
 * looks at it measures them. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "../../../sim/report/svg_private.h"

/* ---- reading coordinates --------------------------------------------------------------------- */

typedef struct {
  char *element, *anchor, *paint;
  char *text;                     /* what stands in it, titles included */
  double left, top, right, below; /* what it covers; of a <text> the point that it is put at */
  double stroke;                  /* how wide its line is */
} Shape;

typedef struct {
  GPtrArray *shapes; /* Shape *, in the order of the file */
  GPtrArray *open;   /* those within which the parser is */
  double width, height;
  char *box; /* the viewBox */
} Drawing;

static void cover(Shape *shape, double x, double y) {
  shape->left = MIN(shape->left, x);
  shape->right = MAX(shape->right, x);
  shape->top = MIN(shape->top, y);
  shape->below = MAX(shape->below, y);
}

/* Commands of paths here take one point each. */
static void cover_path(Shape *shape, const char *data) {
  for (const char *at = data; *at != '\0';) {
    char *end = NULL;
    if (*at != 'M' && *at != 'L') {
      cr_assert_eq(*at, 'Z', "%s", at);
      at++;
      continue;
    }
    const double x = g_ascii_strtod(at + 1, &end);
    cr_assert_eq(*end, ' ', "two numbers stand apart: %s", at);
    cover(shape, x, g_ascii_strtod(end + 1, (char **)&at));
  }
}

static double number_of(const char **names, const char **values, const char *name) {
  for (guint i = 0; names[i] != NULL; i++)
    if (strcmp(names[i], name) == 0)
      return g_ascii_strtod(values[i], NULL);
  return 0;
}

static void replace(char **text, const char *by) {
  g_free(*text);
  *text = g_strdup(by);
}

static void start(GMarkupParseContext *context, const char *element, const char **names,
                  const char **values, gpointer data, GError **error) {
  Drawing *drawing = data;
  Shape *shape = g_new0(Shape, 1);
  (void)context;
  (void)error;
  *shape = (Shape){.element = g_strdup(element),
                   .anchor = g_strdup("start"),
                   .paint = g_strdup("none"),
                   .text = g_strdup(""),
                   .left = HUGE_VAL,
                   .top = HUGE_VAL,
                   .right = -HUGE_VAL,
                   .below = -HUGE_VAL,
                   .stroke = number_of(names, values, "stroke-width")};
  const double x = number_of(names, values, "x"), y = number_of(names, values, "y");
  for (guint i = 0; names[i] != NULL; i++) {
    if (strcmp(names[i], "d") == 0)
      cover_path(shape, values[i]);
    if (strcmp(names[i], "viewBox") == 0)
      drawing->box = g_strdup(values[i]);
    if (strcmp(names[i], "text-anchor") == 0)
      replace(&shape->anchor, values[i]);
    if ((strcmp(names[i], "fill") == 0 || strcmp(names[i], "stroke") == 0) &&
        strcmp(values[i], "none") != 0)
      replace(&shape->paint, values[i]);
  }
  if (strcmp(element, "line") == 0) {
    cover(shape, number_of(names, values, "x1"), number_of(names, values, "y1"));
    cover(shape, number_of(names, values, "x2"), number_of(names, values, "y2"));
  } else if (strcmp(element, "text") == 0 || strcmp(element, "rect") == 0) {
    cover(shape, x, y);
    cover(shape, x + number_of(names, values, "width"), y + number_of(names, values, "height"));
  } else if (strcmp(element, "svg") == 0) {
    drawing->width = number_of(names, values, "width");
    drawing->height = number_of(names, values, "height");
  }
  g_ptr_array_add(drawing->shapes, shape);
  g_ptr_array_add(drawing->open, shape);
}

static void end(GMarkupParseContext *context, const char *element, gpointer data, GError **error) {
  Drawing *drawing = data;
  (void)context;
  (void)element;
  (void)error;
  g_ptr_array_remove_index(drawing->open, drawing->open->len - 1);
}

static void characters(GMarkupParseContext *context, const char *text, gsize length, gpointer data,
                       GError **error) {
  Drawing *drawing = data;
  (void)context;
  (void)error;
  for (guint i = 0; i < drawing->open->len; i++) {
    Shape *shape = drawing->open->pdata[i];
    g_autofree char *before = shape->text, *more = g_strndup(text, length);
    shape->text = g_strconcat(before, more, NULL);
  }
}

static void shape_free(gpointer data) {
  Shape *shape = data;
  g_free(shape->element);
  g_free(shape->anchor);
  g_free(shape->paint);
  g_free(shape->text);
  g_free(shape);
}

static void drawing_free(Drawing *drawing) {
  g_ptr_array_unref(drawing->shapes);
  g_ptr_array_unref(drawing->open);
  g_free(drawing->box);
  g_free(drawing);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Drawing, drawing_free)

static Drawing *read_drawing(const GString *svg) {
  static const GMarkupParser parser = {
      .start_element = start, .end_element = end, .text = characters};
  Drawing *drawing = g_new0(Drawing, 1);
  drawing->shapes = g_ptr_array_new_with_free_func(shape_free);
  drawing->open = g_ptr_array_new();
  g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new(&parser, 0, drawing, NULL);
  cr_assert(g_markup_parse_context_parse(context, svg->str, (gssize)svg->len, NULL));
  return drawing;
}

static Drawing *drawing_of(double seconds, const TimelineLane *lanes, guint count) {
  g_autoptr(GString) svg = g_string_new(NULL);
  svg_timeline("name", "title", sim_time_ns((gint64)(seconds * 1e9)), 0, lanes, count, svg);
  return read_drawing(svg);
}

/* The `nth` of the shapes of a kind whose text begins so; fails the test where there is none. */
static const Shape *shape_of(const Drawing *drawing, const char *element, const char *text,
                             guint nth) {
  for (guint i = 0; i < drawing->shapes->len; i++) {
    const Shape *shape = drawing->shapes->pdata[i];
    if (strcmp(shape->element, element) == 0 && g_str_has_prefix(shape->text, text) && nth-- == 0)
      return shape;
  }
  cr_assert_fail("there is no %s of '%s'", element, text);
  return NULL;
}

/* ---- what is drawn --------------------------------------------------------------------------- */

/* One model: from 64 to 936 of a picture that is 960 wide. */
#define FIRST 64.0
#define LAST 936.0
#define BY 0.011 /* two decimals are written */

static RunTrafficRow row(double from_s, double to_s, FlowDirection direction, const char *via,
                         guint64 flows) {
  return (RunTrafficRow){.from = sim_time_ns((gint64)(from_s * 1e9)),
                         .to = sim_time_ns((gint64)(to_s * 1e9)),
                         .traffic = "t",
                         .direction = direction,
                         .via = via,
                         .flows = flows,
                         .bits_per_second = (gint64)flows * 1000,
                         .share = 1};
}

#define ROWS(rows) (rows), G_N_ELEMENTS(rows)

/* Each way's area begins where the one before it ends, at its share of the time and of the height;
 * together they fill the strip of their direction, down to the line below it. */
Test(svg_layout, areas_meet) {
  const RunTrafficRow rows[] = {
      row(0, 25, FLOW_FORWARD, "a", 10), row(25, 75, FLOW_FORWARD, "b", 10),
      row(75, 100, FLOW_FORWARD, "a", 5), row(75, 100, FLOW_FORWARD, "b", 5),
      row(0, 100, FLOW_REVERSE, "a", 10)};
  const TimelineLane lane = {cloud_at(0), NULL, ROWS(rows), NULL, 0};
  g_autoptr(Drawing) drawing = drawing_of(100, &lane, 1);
  const Shape *first = shape_of(drawing, "path", "forward: a", 0);
  const Shape *middle = shape_of(drawing, "path", "forward: b", 0);
  const Shape *last = shape_of(drawing, "path", "forward: a", 1);
  const Shape *back = shape_of(drawing, "path", "reverse: a", 0);
  cr_assert_float_eq(first->left, FIRST, BY);
  cr_assert_float_eq(first->right, FIRST + 872 / 4.0, BY);
  cr_assert_float_eq(middle->left, first->right, BY);
  cr_assert_float_eq(middle->right, LAST, BY, "b has a part of the last quarter too");
  cr_assert_float_eq(last->left, FIRST + 872 * 3 / 4.0, BY);
  cr_assert_float_eq(last->right, LAST, BY);
  cr_assert_float_eq(first->below - first->top, 76, BY, "all flows: the height of a strip");
  cr_assert_float_eq(middle->below - middle->top, 76, BY);
  cr_assert_float_eq(last->below - last->top, 38, BY, "half of them");
  cr_assert_float_eq(first->below, last->below, BY);
  cr_assert_float_eq(back->left, FIRST, BY);
  cr_assert_float_eq(back->right, LAST, BY);
  cr_assert_gt(back->top, first->below);
  guint lines = 0;
  for (guint i = 0; i < drawing->shapes->len; i++) {
    const Shape *line = drawing->shapes->pdata[i];
    if (strcmp(line->element, "line") != 0 || line->right - line->left < 100)
      continue;
    const Shape *above = lines++ == 0 ? first : back;
    cr_assert_float_eq(line->left, FIRST, BY);
    cr_assert_float_eq(line->right, LAST, BY);
    cr_assert_float_eq(line->top, above->below, BY);
  }
  cr_assert_eq(lines, 2);
}

/* A tick has 70 pixels at least, so that there are twelve distances at most, each as long as a
 * clock has it: the least that is. */
Test(svg_layout, ticks_are_those_of_a_clock) {
  static const struct {
    double span, step;
    const char *last;
  } cases[] = {{4, 0.5, "4.0 s"},
               {10, 1, "10 s"},
               {12, 1, "12 s"},
               {13, 2, "12 s"},
               {24, 2, "24 s"},
               {50, 5, "50 s"},
               {100, 10, "100 s"},
               {170, 15, "2:45"},
               {350, 30, "5:30"},
               {700, 60, "11:00"},
               {1400, 120, "22:00"},
               {3000, 300, "50:00"},
               {7000, 600, "1:50:00"},
               {10000, 900, "2:45:00"},
               {20000, 1800, "5:30:00"},
               {43000, 3600, "11:00:00"},
               {80000, 7200, "22:00:00"},
               {170000, 14400, "44:00:00"},
               {250000, 21600, "66:00:00"},
               {500000, 43200, "132:00:00"},
               {1000000, 86400, "day 11"},
               {2000000, 172800, "day 22"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const double half = cases[i].span / 2;
    const RunTrafficRow rows[] = {row(0, half, FLOW_FORWARD, "a", 10),
                                  row(half, cases[i].span, FLOW_FORWARD, "b", 10)};
    const TimelineLane lane = {cloud_at(0), NULL, ROWS(rows), NULL, 0};
    g_autoptr(Drawing) drawing = drawing_of(cases[i].span, &lane, 1);
    const double distance = 872 * cases[i].step / cases[i].span;
    cr_assert_geq(distance, 70);
    const char *last = "";
    guint ticks = 0;
    for (guint j = 0; j < drawing->shapes->len; j++) {
      const Shape *label = drawing->shapes->pdata[j];
      if (strcmp(label->anchor, "middle") != 0 || g_str_has_prefix(label->text, "time from"))
        continue;
      const Shape *mark = drawing->shapes->pdata[j - 1];
      cr_assert_str_eq(mark->element, "line");
      cr_assert_float_eq(mark->left, label->left, BY, "%s", label->text);
      cr_assert_float_eq(mark->right, label->left, BY, "%s", label->text);
      cr_assert_gt(label->top, mark->below);
      cr_assert_float_eq(label->left, FIRST + ticks * distance, BY, "%g s: %s", cases[i].span,
                         label->text);
      ticks++;
      last = label->text;
    }
    cr_assert_eq(ticks, (guint)(cases[i].span / cases[i].step) + 1, "%g s", cases[i].span);
    cr_assert_str_eq(last, cases[i].last);
  }
}

/* The label of an event is beside its line: behind it, or before it where there is no room behind.
 * It never leaves its column, however long it is: of one with room on neither side all is shown. */
Test(svg_layout, labels_of_events_stay_within) {
  static const char longest[] =
      "a-target-with-a-name-that-is-much-too-long-for-the-half-of-a-picture-to-hold-it-in-one-line";
  static const struct {
    guint at;
    const char *target, *anchor;
    double beside; /* its end from the line; 0: it has room on neither side */
  } cases[] = {{10, "fw", "start", 4}, {95, "fw", "end", -4}, {60, longest, "end", 0}};
  static const SvgFont font = {.size = 12, .colour = SVG_INK, .anchor = SVG_START};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const RunTrafficRow rows[] = {row(0, 99, FLOW_FORWARD, "a", 10),
                                  row(99, 100, FLOW_FORWARD, "b", 10)};
    const MetricRow events[] = {
        {.at = sim_time_s(1), .target = "x", .how = "cut", .flows = 10},
        {.at = sim_time_s(cases[i].at), .target = cases[i].target, .how = "cut", .flows = 10}};
    const TimelineLane lane = {cloud_at(0), NULL, ROWS(rows), ROWS(events)};
    g_autoptr(Drawing) drawing = drawing_of(100, &lane, 1);
    g_autofree char *words = g_strdup_printf("1: %s cut", cases[i].target);
    const Shape *label = shape_of(drawing, "text", words, 0);
    const double width = svg_text_width(&font, words);
    const gboolean before = strcmp(label->anchor, "end") == 0;
    cr_assert_str_eq(label->anchor, cases[i].anchor);
    cr_assert_geq(before ? label->left - width : label->left, FIRST - BY, "%s", words);
    cr_assert_leq(before ? label->left : label->left + width, LAST + BY, "%s", words);
    if (cases[i].beside == 0)
      continue;
    const double beside = label->left - (FIRST + 872 * cases[i].at / 100.0);
    cr_assert_float_eq(beside, cases[i].beside, BY, "%s", words);
  }
}

/* Variants stand below each other, at one distance, and models beside each other: no lane covers
 * another, and the axis is below them all. */
Test(svg_layout, lanes_cover_nothing) {
  const RunTrafficRow rows[] = {row(0, 60, FLOW_FORWARD, "a", 10),
                                row(60, 100, FLOW_FORWARD, "b", 10),
                                row(0, 100, FLOW_REVERSE, "a", 10)};
  const TimelineLane lanes[] = {
      {cloud_at(0), "base", ROWS(rows), NULL, 0},  {cloud_at(1), "base", ROWS(rows), NULL, 0},
      {cloud_at(0), "other", ROWS(rows), NULL, 0}, {cloud_at(1), "other", ROWS(rows), NULL, 0},
      {cloud_at(0), "third", ROWS(rows), NULL, 0}, {cloud_at(1), "third", ROWS(rows), NULL, 0}};
  g_autoptr(Drawing) drawing = drawing_of(100, lanes, G_N_ELEMENTS(lanes));
  g_autofree char *box = g_strdup_printf("0 0 %g %g", drawing->width, drawing->height);
  cr_assert_str_eq(drawing->box, box);
  const double axis = shape_of(drawing, "text", "time from", 0)->top;
  double tops[3];
  for (guint i = 0; i < 3; i++) {
    const Shape *left = shape_of(drawing, "path", "forward: a", 2 * i);
    const Shape *right = shape_of(drawing, "path", "forward: b", 2 * i + 1);
    const Shape *back = shape_of(drawing, "path", "reverse: a", 2 * i);
    tops[i] = left->top;
    cr_assert_float_eq(left->top, right->top, BY, "one row");
    cr_assert_gt(right->left, shape_of(drawing, "path", "forward: b", 2 * i)->right);
    cr_assert_leq(right->right, drawing->width);
    cr_assert_gt(back->top, left->below);
    cr_assert_lt(back->below, axis);
    if (i > 0)
      cr_assert_gt(left->top, shape_of(drawing, "path", "reverse: a", 2 * i - 2)->below);
  }
  cr_assert_float_eq(tops[2] - tops[1], tops[1] - tops[0], BY);
  for (guint i = 0; i < drawing->shapes->len; i++) {
    const Shape *shape = drawing->shapes->pdata[i];
    if (strcmp(shape->element, "path") == 0 || strcmp(shape->element, "text") == 0 ||
        strcmp(shape->element, "line") == 0)
      cr_assert(shape->left >= 0 && shape->right <= drawing->width && shape->top >= 0 &&
                    shape->below <= drawing->height,
                "%s: %s", shape->element, shape->text);
  }
}

/* Below the picture each way that is to be seen has its name beside a patch of its paint. */
Test(svg_layout, names_stand_beside_their_paint) {
  const RunTrafficRow rows[] = {row(0, 60, FLOW_FORWARD, "by-fw-a", 10),
                                row(60, 100, FLOW_FORWARD, "by-fw-b", 10)};
  static const char *const ways[] = {"by-fw-a", "by-fw-b"};
  const TimelineLane lane = {cloud_at(0), NULL, ROWS(rows), NULL, 0};
  g_autoptr(Drawing) drawing = drawing_of(100, &lane, 1);
  for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
    g_autofree char *title = g_strconcat("forward: ", ways[i], NULL);
    const Shape *area = shape_of(drawing, "path", title, 0);
    const Shape *name = shape_of(drawing, "text", ways[i], 0), *patch = NULL;
    for (guint j = 0; j < drawing->shapes->len && patch == NULL; j++) {
      const Shape *shape = drawing->shapes->pdata[j];
      if (strcmp(shape->element, "rect") == 0 && shape->right <= name->left &&
          shape->right > name->left - 10 && shape->top < name->top && shape->below > name->top)
        patch = shape;
    }
    cr_assert_not_null(patch, "%s", ways[i]);
    cr_assert_str_eq(patch->paint, area->paint, "%s", ways[i]);
    cr_assert_gt(name->top, area->below);
  }
}

/* A curve begins at its least value and no run, and ends at its greatest and all of them; at each
 * number of an axis there is a line from side to side. */
Test(svg_layout, curves_stand_in_their_axes) {
  double values[] = {10, 20, 25, 40};
  const RunCurve curve = {cloud_at(0), values, 4, 0, 4, 0};
  RunPanel panel = {NULL,
                    g_strdup("event"),
                    "outage",
                    UNIT_SECONDS,
                    g_array_new(FALSE, FALSE, sizeof(RunCurve)),
                    g_array_new(FALSE, FALSE, sizeof(RunBand))};
  g_array_append_val(panel.curves, curve);
  const RunCurves all = {&panel, 1, 1, 0, NULL};
  g_autoptr(GString) svg = g_string_new(NULL);
  svg_run_curves("name", "title", &all, svg);
  g_autoptr(Drawing) drawing = read_drawing(svg);
  const Shape *path = shape_of(drawing, "path", "", 0);
  cr_assert_float_eq(path->left, shape_of(drawing, "text", "10", 1)->left, BY, "after 100 %%");
  cr_assert_float_eq(path->right, shape_of(drawing, "text", "40", 0)->left, BY);
  double left = HUGE_VAL, right = -HUGE_VAL;
  guint across = 0, upright = 0, shares = 0, numbers = 0;
  for (guint i = 0; i < drawing->shapes->len; i++) {
    const Shape *shape = drawing->shapes->pdata[i];
    const gboolean is_text = strcmp(shape->element, "text") == 0;
    shares += is_text && strcmp(shape->anchor, "end") == 0;
    numbers += is_text && strcmp(shape->anchor, "middle") == 0 &&
               strspn(shape->text, "0123456789.") == strlen(shape->text);
    if (strcmp(shape->element, "line") != 0 || strcmp(shape->paint, SVG_GRID) != 0)
      continue;
    if (shape->top == shape->below) {
      across++;
      left = MIN(left, shape->left);
      right = MAX(right, shape->right);
    } else {
      upright++;
      cr_assert_float_eq(shape->left, shape->right, BY);
      cr_assert_float_eq(shape->top, path->top, BY);
      cr_assert_float_eq(shape->below, path->below, BY);
    }
  }
  cr_assert(across >= 3 && upright >= 4);
  cr_assert_eq(across, shares);
  cr_assert_eq(upright, numbers);
  cr_assert(left < path->left && right >= path->right);
  const Shape *words = shape_of(drawing, "text", "azure: 4 runs", 0), *key = NULL;
  for (guint i = 0; i < drawing->shapes->len; i++) {
    const Shape *shape = drawing->shapes->pdata[i];
    if (strcmp(shape->element, "line") == 0 && strcmp(shape->paint, path->paint) == 0)
      key = shape;
  }
  cr_assert_not_null(key, "the words above have a piece of the curve's colour");
  cr_assert(key->right < words->left && key->top < words->top && key->top > words->top - 12);
  cr_assert(path->stroke > 0 && key->stroke >= path->stroke, "as easy to see as the curve");
  g_free(panel.subject);
  g_array_unref(panel.curves);
  g_array_unref(panel.bands);
}

/* 1, 2 or 5 times a power of ten: the least with which no more than so many fit. */
Test(svg_layout, nice_steps) {
  static const struct {
    double span;
    guint wanted;
    double step;
  } cases[] = {{10, 10, 1}, {10, 9, 2},  {10, 5, 2},  {10, 4, 5},      {10, 2, 5},
               {10, 1, 10}, {1, 4, 0.5}, {1, 5, 0.2}, {5000, 10, 500}, {0.003, 6, 0.0005}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    cr_assert_float_eq(svg_nice_step(cases[i].span, cases[i].wanted), cases[i].step,
                       cases[i].step * 1e-9, "%g in %u", cases[i].span, cases[i].wanted);
}
