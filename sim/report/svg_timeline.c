/* Where the traffic of one scenario went, over time: a lane for each model. */
#include <string.h>

#include "svg_private.h"

#define WIDTH 960.0
#define LEFT 64.0
#define RIGHT 24.0
#define LANE_HEIGHT 120.0
#define LANE_GAP 44.0  /* room for the caption above a lane */
#define LABEL_ROW 15.0 /* height of a row of event labels */
#define MOST_LABEL_ROWS 4
#define MOST_LABELS 200

/* Light enough for dark text beside them; the hatch is for what is lost. */
static const char *const fills[] = {"#56B4E9", "#E69F00", "#009E73", "#CC79A7",
                                    "#F0E442", "#0072B2", "#999999"};

typedef struct {
  SimTime from, to;
} Window;

static double x_of(const Window *window, SimTime at) {
  const double width = WIDTH - LEFT - RIGHT;
  const SimTime inside = sim_time_min(sim_time_max(at, window->from), window->to);
  return LEFT + width * sim_time_seconds(sim_time_sub(inside, window->from)) /
                    sim_time_seconds(sim_time_sub(window->to, window->from));
}

static gboolean is_drawn(const RunTrafficRow *row) {
  return strcmp(row->direction, "forward") == 0;
}
static gboolean is_dropped(const char *via) { return g_str_has_prefix(via, "dropped:"); }

/* From a little before the first event to a little after the last change. */
static Window window_of(SimTime duration, const TimelineLane *lanes, guint count) {
  SimTime first = duration, last = SIM_TIME_ZERO;
  for (guint i = 0; i < count; i++) {
    for (guint j = 0; j < lanes[i].event_count; j++)
      if (lanes[i].events[j].at.ns <= duration.ns) {
        first = sim_time_min(first, lanes[i].events[j].at);
        last = lanes[i].events[j].censored ? duration : sim_time_max(last, lanes[i].events[j].at);
      }
    for (guint j = 0; j < lanes[i].traffic_count; j++)
      last = sim_time_max(last, lanes[i].traffic[j].from);
  }
  if (last.ns <= first.ns)
    last = sim_time_add(first, sim_time_s(1));
  const SimTime padding =
      sim_time_max(sim_time_ns(sim_time_sub(last, first).ns / 10), sim_time_ms(500));
  return (Window){sim_time_max(sim_time_sub(first, padding), SIM_TIME_ZERO),
                  first.ns == duration.ns ? duration
                                          : sim_time_min(sim_time_add(last, padding), duration)};
}

/* ---- shares ------------------------------------------------------------------------- */

static int compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static gboolean has_name(const GPtrArray *names, const char *name) {
  for (guint i = 0; i < names->len; i++)
    if (strcmp(names->pdata[i], name) == 0)
      return TRUE;
  return FALSE;
}

/* Every `via` of all lanes by name; all that is dropped goes by "" and stands last. */
static GPtrArray *collect_vias(const TimelineLane *lanes, guint count) {
  GPtrArray *vias = g_ptr_array_new();
  for (guint i = 0; i < count; i++)
    for (guint j = 0; j < lanes[i].traffic_count; j++) {
      const RunTrafficRow *row = &lanes[i].traffic[j];
      if (is_drawn(row) && !is_dropped(row->via) && !has_name(vias, row->via))
        g_ptr_array_add(vias, (gpointer)row->via);
    }
  g_ptr_array_sort(vias, compare_names);
  g_ptr_array_add(vias, (gpointer) "");
  return vias;
}

static guint via_index(const GPtrArray *vias, const char *via) {
  for (guint i = 0; i + 1 < vias->len; i++)
    if (strcmp(vias->pdata[i], via) == 0)
      return i;
  return vias->len - 1;
}

typedef struct {
  GArray *breaks; /* SimTime, ascending: the share is constant between neighbours */
  double *flows;  /* [via * breaks + break]: stacked up to and including this via */
  guint via_count;
} Stack;

static int compare_times(gconstpointer a, gconstpointer b) {
  const gint64 left = ((const SimTime *)a)->ns, right = ((const SimTime *)b)->ns;
  return (left > right) - (left < right);
}

static guint break_index(const GArray *breaks, SimTime at) {
  guint low = 0, high = breaks->len;
  while (low < high) {
    const guint middle = low + (high - low) / 2;
    if (g_array_index(breaks, SimTime, middle).ns < at.ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static GArray *collect_breaks(const TimelineLane *lane) {
  GArray *all = g_array_new(FALSE, FALSE, sizeof(SimTime));
  for (guint i = 0; i < lane->traffic_count; i++)
    if (is_drawn(&lane->traffic[i])) {
      g_array_append_val(all, lane->traffic[i].from);
      g_array_append_val(all, lane->traffic[i].to);
    }
  g_array_sort(all, compare_times);
  guint kept = 0;
  for (guint i = 0; i < all->len; i++)
    if (kept == 0 || g_array_index(all, SimTime, i).ns != g_array_index(all, SimTime, kept - 1).ns)
      g_array_index(all, SimTime, kept++) = g_array_index(all, SimTime, i);
  g_array_set_size(all, kept);
  return all;
}

static Stack stack_of(const TimelineLane *lane, const GPtrArray *vias) {
  Stack stack = {.breaks = collect_breaks(lane), .via_count = vias->len};
  const guint width = stack.breaks->len + 1;
  stack.flows = g_new0(double, (gsize)width * vias->len);
  for (guint i = 0; i < lane->traffic_count; i++) { /* differences first ... */
    const RunTrafficRow *row = &lane->traffic[i];
    if (!is_drawn(row))
      continue;
    double *own = stack.flows + (gsize)width * via_index(vias, row->via);
    own[break_index(stack.breaks, row->from)] += row->flows;
    own[break_index(stack.breaks, row->to)] -= row->flows;
  }
  for (guint via = 0; via < vias->len; via++) { /* ... then sums over time, then over vias */
    double *own = stack.flows + (gsize)width * via;
    for (guint i = 1; i < width; i++)
      own[i] += own[i - 1];
  }
  for (guint via = 1; via < vias->len; via++)
    for (guint i = 0; i < width; i++)
      stack.flows[(gsize)width * via + i] += stack.flows[(gsize)width * (via - 1) + i];
  return stack;
}

static double stacked(const Stack *stack, guint upto, guint index) {
  const guint width = stack->breaks->len + 1;
  const double all = stack->flows[(gsize)width * (stack->via_count - 1) + index];
  return upto == 0 || all <= 0 ? 0 : stack->flows[(gsize)width * (upto - 1) + index] / all;
}

/* ---- areas -------------------------------------------------------------------------- */

static void append_corner(GString *out, char command, double x, double y) {
  g_string_append_c(out, command);
  svg_number(out, x);
  g_string_append_c(out, ' ');
  svg_number(out, y);
}

/* One edge of an area, as steps; backwards for the lower one. */
static void append_edge(GString *out, const Stack *stack, guint upto, const Window *window,
                        double bottom, guint from, guint to, gboolean backwards) {
  for (guint n = from; n < to; n++) {
    const guint i = backwards ? to - 1 - (n - from) : n;
    const double left = x_of(window, g_array_index(stack->breaks, SimTime, i));
    const double right = x_of(window, g_array_index(stack->breaks, SimTime, i + 1));
    const double y = bottom - LANE_HEIGHT * stacked(stack, upto, i);
    append_corner(out, !backwards && n == from ? 'M' : 'L', backwards ? right : left, y);
    append_corner(out, 'L', backwards ? left : right, y);
  }
}

static gboolean is_visible(const Stack *stack, guint via, guint i, const Window *window) {
  return stacked(stack, via + 1, i) > stacked(stack, via, i) &&
         g_array_index(stack->breaks, SimTime, i + 1).ns > window->from.ns &&
         g_array_index(stack->breaks, SimTime, i).ns < window->to.ns;
}

static void draw_area(GString *out, const Stack *stack, const GPtrArray *vias, guint via,
                      const Window *window, double bottom) {
  const gboolean lost = via + 1 == vias->len;
  const guint count = stack->breaks->len == 0 ? 0 : stack->breaks->len - 1;
  guint i = 0;
  while (i < count) {
    if (!is_visible(stack, via, i, window)) {
      i++;
      continue;
    }
    guint end = i;
    while (end < count && is_visible(stack, via, end, window))
      end++;
    g_string_append(out, "<path d=\"");
    append_edge(out, stack, via + 1, window, bottom, i, end, FALSE);
    append_edge(out, stack, via, window, bottom, i, end, TRUE);
    if (lost) /* the outline keeps the shortest of outages visible */
      g_string_append(out, "Z\" fill=\"url(#lost)\" stroke=\"#8a3324\" stroke-width=\"1\"><title>");
    else
      g_string_append_printf(out, "Z\" fill=\"%s\"><title>", fills[via % G_N_ELEMENTS(fills)]);
    svg_escape(out, lost ? "dropped" : vias->pdata[via]);
    g_string_append(out, " from ");
    svg_seconds(out, sim_time_seconds(g_array_index(stack->breaks, SimTime, i)));
    g_string_append(out, " to ");
    svg_seconds(out, sim_time_seconds(g_array_index(stack->breaks, SimTime, end)));
    g_string_append(out, "</title></path>\n");
    i = end;
  }
}

/* ---- events ------------------------------------------------------------------------- */

/* Labels stand in rows above the lanes, each in the first row where it has room; what has
 * none keeps its lines and their <title>. Returns how many rows were used; draws nothing
 * where `out` is NULL. */
static guint draw_event_labels(GString *out, const TimelineLane *lane, const Window *window,
                               double top) {
  static const SvgFont right = {12, SVG_INK, SVG_START, FALSE},
                       left = {12, SVG_INK, SVG_END, FALSE};
  double ends[MOST_LABEL_ROWS] = {0, 0, 0, 0};
  guint used = 0;
  for (guint i = 0; i < MIN(lane->event_count, MOST_LABELS); i++) {
    const MetricRow *event = &lane->events[i];
    if (event->at.ns > window->to.ns)
      continue;
    g_autofree char *label = g_strdup_printf("%u: %s %s", i, event->target, event->how);
    const double x = x_of(window, event->at), width = svg_text_width(&right, label);
    const gboolean turned = x + 4 + width > WIDTH - RIGHT;
    const double start = turned ? x - 4 - width : x + 4;
    guint row = 0;
    while (row < MOST_LABEL_ROWS && ends[row] > start)
      row++;
    if (row == MOST_LABEL_ROWS)
      continue;
    ends[row] = start + width + 10;
    used = MAX(used, row + 1);
    if (out == NULL)
      continue;
    svg_line(out, x, top + LABEL_ROW * row, x, top + LABEL_ROW * row + 12, SVG_INK, 1, NULL, NULL);
    svg_text(out, turned ? x - 4 : start, top + LABEL_ROW * row + 10, turned ? &left : &right,
             label);
  }
  return used;
}

/* Within a lane only, so that no line crosses a caption. */
static void draw_event_lines(GString *out, const TimelineLane *lane, const Window *window,
                             double top) {
  for (guint i = 0; i < MIN(lane->event_count, MOST_LABELS); i++) {
    const MetricRow *event = &lane->events[i];
    if (event->at.ns > window->to.ns)
      continue;
    g_autofree char *label = g_strdup_printf("event %u: %s %s", i, event->target, event->how);
    const double x = x_of(window, event->at);
    svg_line(out, x, top, x, top + LANE_HEIGHT, SVG_INK, 1, "3 3", label);
  }
}

/* ---- lanes -------------------------------------------------------------------------- */

static void append_caption(GString *text, const TimelineLane *lane) {
  guint told = 0;
  for (guint i = 0; i < lane->event_count; i++) {
    const MetricRow *row = &lane->events[i];
    if (row->outage.ns == 0)
      continue;
    if (told++ == 4) {
      g_string_append(text, ", ...");
      return;
    }
    g_string_append_printf(text, "%sevent %u: outage ", told == 1 ? "" : ", ", i);
    svg_seconds(text, sim_time_seconds(row->outage));
    if (row->censored)
      g_string_append(text, " and not over");
  }
  if (told == 0)
    g_string_append(text, "no outage");
}

static void draw_lane(GString *out, const TimelineLane *lane, const GPtrArray *vias,
                      const Window *window, double top) {
  const SvgFont name = {15, svg_cloud_colour(lane->cloud), SVG_START, TRUE};
  static const SvgFont caption = {13, SVG_INK, SVG_START, FALSE};
  static const SvgFont axis = {12, SVG_GREY, SVG_END, FALSE};
  g_autoptr(GString) text = g_string_new(NULL);
  const double bottom = top + LANE_HEIGHT;
  append_caption(text, lane);
  svg_text(out, LEFT, top - 10, &name, lane->cloud->name);
  svg_text(out, LEFT + svg_text_width(&name, lane->cloud->name) + 12, top - 10, &caption,
           text->str);
  svg_rect(out, LEFT, top, WIDTH - LEFT - RIGHT, LANE_HEIGHT, "#f7f7f7", NULL);
  Stack stack = stack_of(lane, vias);
  for (guint via = 0; via < vias->len; via++)
    draw_area(out, &stack, vias, via, window, bottom);
  g_array_unref(stack.breaks);
  g_free(stack.flows);
  draw_event_lines(out, lane, window, top);
  svg_text(out, LEFT - 8, top + 10, &axis, "100 %");
  svg_text(out, LEFT - 8, top + LANE_HEIGHT / 2 + 4, &axis, "50 %");
  svg_text(out, LEFT - 8, bottom, &axis, "0 %");
  svg_line(out, LEFT, bottom, WIDTH - RIGHT, bottom, SVG_GREY, 1, NULL, NULL);
}

/* ---- axis and legend ---------------------------------------------------------------- */

static double time_step(double span) {
  static const double steps[] = {1,   2,   5,    10,   15,   30,    60,    120,   300,
                                 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400};
  if (span < 8)
    return svg_nice_step(span, 8);
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
    if (span / steps[i] <= 10)
      return steps[i];
  return 86400 * svg_nice_step(span / 86400, 10);
}

/* All ticks of an axis that ends at `last` look alike. */
static void append_clock(GString *out, double seconds, double step, double last) {
  const gint64 whole = (gint64)(seconds + 0.5);
  if (step < 1 || last < 120) {
    svg_tick_value(out, seconds, step);
    g_string_append(out, " s");
  } else if (step >= 86400)
    g_string_append_printf(out, "day %" G_GINT64_FORMAT, whole / 86400);
  else if (last < 3600)
    g_string_append_printf(out, "%" G_GINT64_FORMAT ":%02d", whole / 60, (int)(whole % 60));
  else
    g_string_append_printf(out, "%" G_GINT64_FORMAT ":%02d:%02d", whole / 3600,
                           (int)(whole / 60 % 60), (int)(whole % 60));
}

static void draw_time_axis(GString *out, const Window *window, double y) {
  static const SvgFont font = {12, SVG_GREY, SVG_MIDDLE, FALSE};
  const double from = sim_time_seconds(window->from), to = sim_time_seconds(window->to);
  const double step = time_step(to - from);
  gint64 tick = (gint64)(from / step);
  if ((double)tick * step < from)
    tick++;
  for (; (double)tick * step <= to; tick++) {
    g_autoptr(GString) label = g_string_new(NULL);
    const double x = LEFT + (WIDTH - LEFT - RIGHT) * ((double)tick * step - from) / (to - from);
    append_clock(label, (double)tick * step, step, to);
    svg_line(out, x, y, x, y + 5, SVG_GREY, 1, NULL, NULL);
    svg_text(out, x, y + 19, &font, label->str);
  }
}

static gboolean loses(const TimelineLane *lanes, guint count) {
  for (guint i = 0; i < count; i++)
    for (guint j = 0; j < lanes[i].traffic_count; j++)
      if (is_drawn(&lanes[i].traffic[j]) && is_dropped(lanes[i].traffic[j].via))
        return TRUE;
  return FALSE;
}

/* Returns the y below it; draws nothing while only measuring (`out` NULL). */
static double draw_legend(GString *out, const GPtrArray *vias, gboolean with_lost, double y) {
  static const SvgFont font = {13, SVG_INK, SVG_START, FALSE};
  double x = LEFT;
  for (guint i = 0; i < vias->len; i++) {
    const gboolean lost = i + 1 == vias->len;
    if (lost && !with_lost)
      continue;
    const char *name = lost ? "dropped" : vias->pdata[i];
    const double width = 20 + svg_text_width(&font, name) + 16;
    if (x > LEFT && x + width > WIDTH - RIGHT) {
      x = LEFT;
      y += 22;
    }
    if (out != NULL) {
      svg_rect(out, x, y - 11, 14, 14, lost ? "url(#lost)" : fills[i % G_N_ELEMENTS(fills)],
               lost ? "#8a3324" : NULL);
      svg_text(out, x + 20, y, &font, name);
    }
    x += width;
  }
  return y + 18;
}

void svg_timeline(const char *scenario, const char *title, SimTime duration,
                  const TimelineLane *lanes, guint count, GString *out) {
  static const SvgFont sub = {13, SVG_GREY, SVG_START, FALSE};
  g_assert(count > 0);
  g_autoptr(GPtrArray) vias = collect_vias(lanes, count);
  const Window window = window_of(duration, lanes, count);
  const gboolean lost = loses(lanes, count);
  const double labels = 70;
  const double rows = draw_event_labels(NULL, &lanes[0], &window, 0);
  const double first = labels + LABEL_ROW * rows + LANE_GAP - 16;
  const double bottom = first + count * LANE_HEIGHT + (count - 1) * LANE_GAP;
  const double legend = bottom + 46, height = draw_legend(NULL, vias, lost, legend);
  g_autofree char *full = g_strdup_printf("%s: share of flows by way, over time", scenario);
  svg_open(out, WIDTH, height, full);
  g_string_append(out, "<defs><pattern id=\"lost\" width=\"6\" height=\"6\" "
                       "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
                       "<rect width=\"6\" height=\"6\" fill=\"#f2dedb\"/>"
                       "<rect width=\"2.5\" height=\"6\" fill=\"#a8564a\"/></pattern></defs>\n");
  svg_heading(out, LEFT, 32, WIDTH - LEFT - RIGHT, title[0] != '\0' ? title : scenario);
  svg_text(out, LEFT, 52, &sub, "Share of flows by the way that they take (run 0)");
  for (guint i = 0; i < count; i++)
    draw_lane(out, &lanes[i], vias, &window, first + i * (LANE_HEIGHT + LANE_GAP));
  draw_event_labels(out, &lanes[0], &window, labels);
  draw_time_axis(out, &window, bottom);
  draw_legend(out, vias, lost, legend);
  svg_close(out);
}
