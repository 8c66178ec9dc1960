/* Where the traffic of one scenario went, over time: a row for each variant, a column for each
 * model, and in each a strip for either direction. */
#include <string.h>

#include "svg_private.h"

#define LEFT 64.0
#define RIGHT 24.0
#define ONE_COLUMN 872.0
#define MORE_COLUMNS 500.0
#define COLUMN_GAP 48.0
#define LABELS_TOP 70.0
#define LABEL_ROW 15.0   /* height of a row of event labels */
#define CAPTION 24.0     /* room for the caption above a lane, where it takes one row */
#define CAPTION_ROW 16.0 /* each further row */
#define MOST_CAPTION_ROWS 3
#define STRIP_GAP 4.0 /* between both directions */
#define LANE_GAP 10.0
#define MOST_LABEL_ROWS 4
#define MOST_LABELS 200

typedef struct {
  SimTime from, to;
} Window;

/* Where what stands. */
typedef struct {
  const TimelineLane *lanes;
  guint count;
  GPtrArray *clouds; /* const CloudClass *: columns */
  guint rows;        /* drawn */
  guint left_out;    /* variants beyond these */
  Window window;
  SvgWays *ways;
  double width, column, strip, top; /* of the picture, a column, a strip, the first lane */
  double caption;                   /* the highest of all */
  guint32 seen;                     /* bit by bit: series that the legend has to name */
} Layout;

/* ---- layout -------------------------------------------------------------------------------- */

static double left_of(const Layout *layout, guint column) {
  return LEFT + column * (layout->column + COLUMN_GAP);
}

static double lane_height(const Layout *layout) {
  return FLOW_DIRECTIONS * layout->strip + STRIP_GAP;
}

static double top_of(const Layout *layout, guint row) {
  return layout->top + row * (lane_height(layout) + layout->caption + LANE_GAP);
}

static double bottom_of(const Layout *layout) {
  return top_of(layout, layout->rows - 1) + lane_height(layout);
}

static double x_of(const Layout *layout, guint column, SimTime at) {
  const Window *window = &layout->window;
  const SimTime inside = sim_time_min(sim_time_max(at, window->from), window->to);
  return left_of(layout, column) + layout->column *
                                       sim_time_seconds(sim_time_sub(inside, window->from)) /
                                       sim_time_seconds(sim_time_sub(window->to, window->from));
}

static guint column_of(const Layout *layout, const CloudClass *cloud) {
  guint column = 0;
  while (column < layout->clouds->len && layout->clouds->pdata[column] != cloud)
    column++;
  return column;
}

/* Lanes come variant by variant: a new row begins where the name changes. */
static gboolean begins_row(const TimelineLane *lanes, guint index) {
  return index == 0 || g_strcmp0(lanes[index].variant, lanes[index - 1].variant) != 0;
}

/* The base of this model, as whose events the labels above are. */
static const TimelineLane *first_of(const Layout *layout, guint column) {
  for (guint i = 0; i < layout->count; i++)
    if (column_of(layout, layout->lanes[i].cloud) == column)
      return &layout->lanes[i];
  g_assert_not_reached();
}

/* The window is from a little before the first event to a little after the last change; where there
 * is no event, all of the run. */
static Window window_of(SimTime duration, const TimelineLane *lanes, guint count) {
  SimTime first = SIM_TIME_NEVER, last = SIM_TIME_ZERO;
  for (guint i = 0; i < count; i++) {
    for (guint j = 0; j < lanes[i].event_count; j++)
      if (lanes[i].events[j].at.ns <= duration.ns) {
        first = sim_time_min(first, lanes[i].events[j].at);
        last = lanes[i].events[j].censored ? duration : sim_time_max(last, lanes[i].events[j].at);
      }
    for (guint j = 0; j < lanes[i].traffic_count; j++)
      last = sim_time_max(last, lanes[i].traffic[j].from);
  }
  if (sim_time_is_never(first))
    return (Window){SIM_TIME_ZERO, duration};
  if (last.ns <= first.ns)
    last = sim_time_add(first, sim_time_s(1));
  const SimTime padding =
      sim_time_max(sim_time_ns(sim_time_sub(last, first).ns / 10), sim_time_ms(500));
  const SimTime from = sim_time_max(sim_time_sub(first, padding), SIM_TIME_ZERO);
  return (Window){from, sim_time_max(sim_time_min(sim_time_add(last, padding), duration),
                                     sim_time_add(from, sim_time_ms(500)))};
}

static Layout layout_of(SimTime duration, const TimelineLane *lanes, guint count) {
  Layout layout = {.lanes = lanes, .clouds = g_ptr_array_new()};
  guint rows = 0;
  for (guint i = 0; i < count; i++) {
    rows += begins_row(lanes, i) ? 1 : 0;
    if (rows <= SVG_MOST_VARIANTS)
      layout.count = i + 1;
    if (column_of(&layout, lanes[i].cloud) == layout.clouds->len)
      g_ptr_array_add(layout.clouds, (gpointer)lanes[i].cloud);
  }
  layout.rows = MIN(rows, SVG_MOST_VARIANTS);
  layout.left_out = rows - layout.rows;
  layout.window = window_of(duration, lanes, layout.count);
  layout.ways = svg_ways_new(lanes, layout.count);
  layout.column = layout.clouds->len == 1 ? ONE_COLUMN : MORE_COLUMNS;
  layout.width = left_of(&layout, layout.clouds->len - 1) + layout.column + RIGHT;
  layout.strip = rows == 1 ? 76 : rows <= 4 ? 52 : 34;
  return layout;
}

/* ---- strips -------------------------------------------------------------------------------- */

/* Where a strip stands, and what it shows. */
typedef struct {
  const Layout *layout;
  const SvgStack *stack;
  FlowDirection direction;
  guint column;
  double bottom;
} Strip;

/* One edge of an area, as steps; backwards for the lower one. */
static void append_edge(GString *out, const Strip *strip, guint series, guint from, guint to,
                        gboolean backwards) {
  for (guint n = from; n < to; n++) {
    const guint i = backwards ? to - 1 - (n - from) : n;
    const double left = x_of(strip->layout, strip->column, svg_stack_break(strip->stack, i));
    const double right = x_of(strip->layout, strip->column, svg_stack_break(strip->stack, i + 1));
    const double y =
        strip->bottom - strip->layout->strip * svg_stack_below(strip->stack, series, i);
    svg_point(out, !backwards && n == from ? 'M' : 'L', backwards ? right : left, y);
    svg_point(out, 'L', backwards ? left : right, y);
  }
}

static gboolean is_visible(const Strip *strip, guint series, guint i) {
  const Window *window = &strip->layout->window;
  return svg_stack_below(strip->stack, series + 1, i) > svg_stack_below(strip->stack, series, i) &&
         svg_stack_break(strip->stack, i + 1).ns > window->from.ns &&
         svg_stack_break(strip->stack, i).ns < window->to.ns;
}

/* An area for each stretch of time in which the series has a share. */
static void draw_series(GString *out, const Strip *strip, guint series) {
  const SvgWays *ways = strip->layout->ways;
  g_autofree char *paint = svg_ways_paint(ways, series), *name = svg_ways_name(ways, series);
  const guint count = svg_stack_stretches(strip->stack);
  for (guint i = 0; i < count; i++) {
    guint end = i;
    while (end < count && is_visible(strip, series, end))
      end++;
    if (end == i)
      continue;
    g_string_append(out, "<path d=\"");
    append_edge(out, strip, series + 1, i, end, FALSE);
    append_edge(out, strip, series, i, end, TRUE);
    g_string_append_printf(out, "Z\" %s><title>%s: ", paint, flow_directions[strip->direction]);
    svg_escape(out, name);
    g_string_append(out, " from ");
    svg_seconds(out, sim_time_seconds(svg_stack_break(strip->stack, i)));
    g_string_append(out, " to ");
    svg_seconds(out, sim_time_seconds(svg_stack_break(strip->stack, end)));
    g_string_append(out, "</title></path>\n");
    i = end - 1;
  }
}

/* A colour that nobody finds in the picture has no place in the legend; its <title> has the name.
 * Only what is lost or gone has an outline that shows it however short it is. */
#define LEAST_SEEN 0.5

static guint32 seen_in(const Layout *layout, const TimelineLane *lane, FlowDirection direction) {
  const guint column = column_of(layout, lane->cloud);
  g_autoptr(SvgStack) stack = svg_stack_new(layout->ways, lane, direction);
  guint32 seen = 0;
  for (guint i = 0; i < svg_stack_stretches(stack); i++) {
    const double width = x_of(layout, column, svg_stack_break(stack, i + 1)) -
                         x_of(layout, column, svg_stack_break(stack, i));
    for (guint series = 0; width >= LEAST_SEEN && series < svg_ways_series(layout->ways); series++)
      if (svg_stack_below(stack, series + 1, i) > svg_stack_below(stack, series, i))
        seen |= 1u << series;
  }
  return seen;
}

static guint32 seen_series(const Layout *layout) {
  const SvgWays *ways = layout->ways;
  guint32 seen = 0;
  for (guint series = ways->names->len; series < svg_ways_series(ways); series++)
    seen |= svg_ways_has(ways, series) ? 1u << series : 0;
  for (guint i = 0; i < layout->count; i++)
    for (guint j = 0; j < FLOW_DIRECTIONS; j++)
      seen |= seen_in(layout, &layout->lanes[i], (FlowDirection)j);
  return seen;
}

static void draw_strip(GString *out, const Layout *layout, const TimelineLane *lane,
                       FlowDirection direction, double top) {
  static const SvgFont axis = {.size = 11, .colour = SVG_GREY, .anchor = SVG_END};
  const guint column = column_of(layout, lane->cloud);
  const double left = left_of(layout, column), bottom = top + layout->strip;
  g_autoptr(SvgStack) stack = svg_stack_new(layout->ways, lane, direction);
  const Strip strip = {layout, stack, direction, column, bottom};
  svg_rect(out, left, top, layout->column, layout->strip, "fill=\"#f7f7f7\"");
  for (guint series = 0; series < svg_ways_series(layout->ways); series++)
    draw_series(out, &strip, series);
  svg_line(out, left, bottom, left + layout->column, bottom, SVG_GREY, 1, NULL, NULL);
  if (column > 0)
    return;
  svg_text(out, left - 6, top + layout->strip / 2 + 4, &axis, flow_directions[direction]);
  if (layout->strip < 50)
    return;
  svg_text(out, left - 6, top + 10, &axis, "100 %");
  svg_text(out, left - 6, bottom, &axis, "0 %");
}

/* ---- events -------------------------------------------------------------------------------- */

/* Labels stand in rows above the lanes, each in the first row where it has room; what has
 * none keeps its lines and their <title>. Returns how many rows were used; draws nothing
 * where `out` is NULL. */
static guint draw_event_labels(GString *out, const Layout *layout, guint column) {
  static const SvgFont right = {.size = 12, .colour = SVG_INK, .anchor = SVG_START},
                       left = {.size = 12, .colour = SVG_INK, .anchor = SVG_END};
  const TimelineLane *lane = first_of(layout, column);
  const double edge = left_of(layout, column);
  double ends[MOST_LABEL_ROWS] = {edge, edge, edge, edge};
  guint used = 0;
  for (guint i = 0; i < MIN(lane->event_count, MOST_LABELS); i++) {
    const MetricRow *event = &lane->events[i];
    if (event->at.ns > layout->window.to.ns)
      continue;
    g_autofree char *label = g_strdup_printf("%u: %s %s", i, event->target, event->how);
    const double x = x_of(layout, column, event->at);
    const double width = MIN(svg_text_width(&right, label), layout->column - 4);
    const gboolean turned = x + 4 + width > edge + layout->column;
    const double start = turned ? MAX(x - 4 - width, edge) : x + 4;
    guint row = 0;
    while (row < MOST_LABEL_ROWS && ends[row] > start)
      row++;
    if (row == MOST_LABEL_ROWS)
      continue;
    ends[row] = start + width + 10;
    used = MAX(used, row + 1);
    if (out == NULL)
      continue;
    const double y = LABELS_TOP + LABEL_ROW * row;
    svg_line(out, x, y, x, y + 12, SVG_INK, 1, NULL, NULL);
    svg_text_within(out, turned ? start + width : start, y + 10, width, turned ? &left : &right,
                    label);
  }
  return used;
}

/* The lines are within a lane only, so that none crosses a caption. */
static void draw_event_lines(GString *out, const Layout *layout, const TimelineLane *lane,
                             double top) {
  for (guint i = 0; i < MIN(lane->event_count, MOST_LABELS); i++) {
    const MetricRow *event = &lane->events[i];
    if (event->at.ns > layout->window.to.ns)
      continue;
    g_autofree char *label = g_strdup_printf("event %u: %s %s", i, event->target, event->how);
    const double x = x_of(layout, column_of(layout, lane->cloud), event->at);
    svg_line(out, x, top, x, top + lane_height(layout), SVG_INK, 1, "3 3", label);
  }
}

/* ---- captions ------------------------------------------------------------------------------ */

/* Variants may break another thing, or in another way, than the file as it stands. */
static gboolean is_told_above(const TimelineLane *first, const MetricRow *event, guint index) {
  return index < first->event_count && strcmp(first->events[index].target, event->target) == 0 &&
         strcmp(first->events[index].how, event->how) == 0;
}

static void append_event(GString *text, const TimelineLane *first, const MetricRow *event,
                         guint index) {
  g_string_append_printf(text, "%sevent %u", text->len > 0 ? "; " : "", index);
  if (!is_told_above(first, event, index))
    g_string_append_printf(text, " (%s %s)", event->target, event->how);
  g_string_append(text, ": ");
  if (event->outage.ns > 0) {
    g_string_append(text, "outage ");
    svg_seconds(text, sim_time_seconds(event->outage));
    if (event->censored)
      g_string_append(text, " and not over");
  } else {
    g_string_append(text, "no outage");
  }
  if (event->flows_gone > 0)
    g_string_append_printf(text, ", %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " flows gone",
                           event->flows_gone, event->flows);
  if (event->sessions_broken > 0)
    g_string_append_printf(text, ", %" G_GUINT64_FORMAT " sessions broken", event->sessions_broken);
}

static gboolean costs_something(const MetricRow *event) {
  return event->outage.ns > 0 || event->flows_gone > 0 || event->sessions_broken > 0;
}

static double lost_before(const Layout *layout, const TimelineLane *lane) {
  SimTime first = layout->window.to;
  for (guint i = 0; i < lane->event_count; i++)
    first = sim_time_min(first, lane->events[i].at);
  return svg_ways_lost_before(layout->ways, lane, first);
}

/* What did not pass before is no outage of any event. */
static void append_before(GString *text, const Layout *layout, const TimelineLane *lane) {
  const double lost = lost_before(layout, lane);
  if (lost <= 0)
    return;
  g_string_append(text, "; ");
  svg_number(text, lost * 100);
  g_string_append(text, lane->event_count > 0 ? " % dropped before" : " % dropped");
}

/* The longest outage first, as the beginning is what has room for sure. A session breaks also where
 * no packet is lost, so what moved is told as well as what was out. */
static void append_caption(GString *text, const Layout *layout, const TimelineLane *lane) {
  const TimelineLane *first = first_of(layout, column_of(layout, lane->cloud));
  guint worst = 0;
  for (guint i = 1; i < lane->event_count; i++)
    if (lane->events[i].outage.ns > lane->events[worst].outage.ns)
      worst = i;
  for (guint place = 0; place < lane->event_count; place++) {
    const guint i = place == 0 ? worst : place <= worst ? place - 1 : place;
    const MetricRow *event = &lane->events[i];
    if (costs_something(event) || !is_told_above(first, event, i))
      append_event(text, first, event, i);
  }
  if (text->len == 0)
    g_string_append(text, lane->event_count > 0 ? "no outage" : "no event");
  append_before(text, layout, lane);
}

static const SvgFont caption_font = {.size = 13, .colour = SVG_INK, .anchor = SVG_START},
                     variant_font = {
                         .size = 13, .colour = SVG_INK, .anchor = SVG_START, .bold = TRUE};

static SvgFont name_font(const TimelineLane *lane) {
  return (SvgFont){
      .size = 14, .colour = svg_cloud_colour(lane->cloud), .anchor = SVG_START, .bold = TRUE};
}

static double variant_width(const Layout *layout, const TimelineLane *lane) {
  return MIN(svg_text_width(&variant_font, lane->variant), layout->column * 0.55);
}

/* What the names of the model and the variant take of the first row. */
static double names_width(const Layout *layout, const TimelineLane *lane) {
  const SvgFont name = name_font(lane);
  const double width = svg_text_width(&name, lane->cloud->name) + 8;
  return lane->variant == NULL ? width : width + variant_width(layout, lane) + 10;
}

/* A row for as much as has room in it: what a reader has on paper must not be cut. Rows end after a
 * comma or a semicolon, and the first one begins behind the names. The last has all the rest. */
static GPtrArray *caption_rows(const Layout *layout, const TimelineLane *lane) {
  GPtrArray *rows = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GString) text = g_string_new(NULL), row = g_string_new(NULL);
  double room = layout->column - names_width(layout, lane);
  append_caption(text, layout, lane);
  for (const char *from = text->str; *from != '\0';) {
    const gsize length = strcspn(from, ",;"), taken = length + (from[length] != '\0' ? 1 : 0);
    g_autofree char *piece = g_strndup(from, taken);
    g_autofree char *longer = g_strconcat(row->str, piece, NULL);
    if (rows->len + 1 < MOST_CAPTION_ROWS && svg_text_width(&caption_font, longer) > room) {
      g_ptr_array_add(rows, g_strdup(row->str));
      g_string_assign(row, piece + strspn(piece, " "));
      room = layout->column;
    } else {
      g_string_append(row, piece);
    }
    from += taken;
  }
  g_ptr_array_add(rows, g_strdup(row->str));
  return rows;
}

static double highest_caption(const Layout *layout) {
  guint most = 1;
  for (guint i = 0; i < layout->count; i++) {
    g_autoptr(GPtrArray) rows = caption_rows(layout, &layout->lanes[i]);
    most = MAX(most, rows->len);
  }
  return CAPTION + (most - 1) * CAPTION_ROW;
}

static void draw_caption(GString *out, const Layout *layout, const TimelineLane *lane, double top) {
  const SvgFont name = name_font(lane);
  const double left = left_of(layout, column_of(layout, lane->cloud));
  const double names = names_width(layout, lane);
  g_autoptr(GPtrArray) rows = caption_rows(layout, lane);
  double y = top - 7 - (rows->len - 1) * CAPTION_ROW;
  svg_text(out, left, y, &name, lane->cloud->name);
  if (lane->variant != NULL) {
    const double width = variant_width(layout, lane);
    svg_text_within(out, left + names - 10 - width, y, width, &variant_font, lane->variant);
  }
  for (guint i = 0; i < rows->len; i++, y += CAPTION_ROW) {
    const double indent = i == 0 ? names : 0;
    if (*(const char *)rows->pdata[i] != '\0')
      svg_text_within(out, left + indent, y, layout->column - indent, &caption_font,
                      rows->pdata[i]);
  }
}

static void draw_lane(GString *out, const Layout *layout, const TimelineLane *lane, double top) {
  draw_caption(out, layout, lane, top);
  for (guint i = 0; i < FLOW_DIRECTIONS; i++)
    draw_strip(out, layout, lane, (FlowDirection)i, top + i * (layout->strip + STRIP_GAP));
  draw_event_lines(out, layout, lane, top);
}

/* ---- axis and legend ----------------------------------------------------------------------- */

static double time_step(double span, guint most) {
  static const double steps[] = {1,   2,   5,    10,   15,   30,    60,    120,   300,
                                 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400};
  if (span < 8)
    return svg_nice_step(span, most);
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
    if (span / steps[i] <= most)
      return steps[i];
  return 86400 * svg_nice_step(span / 86400, most);
}

typedef enum { CLOCK_SECONDS, CLOCK_MINUTES, CLOCK_HOURS, CLOCK_DAYS } Clock;

/* All ticks of an axis that ends at `last` look alike. */
static Clock clock_of(double step, double last) {
  return step < 1 || last < 120 ? CLOCK_SECONDS
         : step >= 86400        ? CLOCK_DAYS
         : last < 3600          ? CLOCK_MINUTES
                                : CLOCK_HOURS;
}

static void append_clock(GString *out, Clock clock, double seconds, double step) {
  const gint64 whole = (gint64)(seconds + 0.5);
  if (clock == CLOCK_SECONDS) {
    svg_tick_value(out, seconds, step);
    g_string_append(out, " s");
  } else if (clock == CLOCK_DAYS)
    g_string_append_printf(out, "day %" G_GINT64_FORMAT, whole / 86400);
  else if (clock == CLOCK_MINUTES)
    g_string_append_printf(out, "%" G_GINT64_FORMAT ":%02d", whole / 60, (int)(whole % 60));
  else
    g_string_append_printf(out, "%" G_GINT64_FORMAT ":%02d:%02d", whole / 3600,
                           (int)(whole / 60 % 60), (int)(whole % 60));
}

/* Minutes and seconds look like hours and minutes, so the title tells which they are. */
static void draw_time_axis(GString *out, const Layout *layout, guint column, double y) {
  static const SvgFont font = {.size = 12, .colour = SVG_GREY, .anchor = SVG_MIDDLE};
  static const char *const titles[] = {"time from the start of the run in seconds",
                                       "time from the start of the run in minutes:seconds",
                                       "time from the start of the run in hours:minutes:seconds",
                                       "time from the start of the run in days"};
  const double from = sim_time_seconds(layout->window.from);
  const double to = sim_time_seconds(layout->window.to);
  const double step = time_step(to - from, (guint)(layout->column / 70));
  const Clock clock = clock_of(step, to);
  gint64 tick = (gint64)(from / step);
  if ((double)tick * step < from)
    tick++;
  for (; (double)tick * step <= to; tick++) {
    g_autoptr(GString) label = g_string_new(NULL);
    const double x =
        left_of(layout, column) + layout->column * ((double)tick * step - from) / (to - from);
    append_clock(label, clock, (double)tick * step, step);
    svg_line(out, x, y, x, y + 5, SVG_GREY, 1, NULL, NULL);
    svg_text(out, x, y + 19, &font, label->str);
  }
  svg_text(out, left_of(layout, column) + layout->column / 2, y + 37, &font, titles[clock]);
}

/* The result is the y below it; nothing is drawn while only measuring (`out` NULL). */
static double draw_legend(GString *out, const Layout *layout, double y) {
  static const SvgFont font = {.size = 13, .colour = SVG_INK, .anchor = SVG_START};
  const double most = layout->width - LEFT - RIGHT;
  double x = LEFT;
  for (guint series = 0; series < svg_ways_series(layout->ways); series++) {
    if ((layout->seen & 1u << series) == 0)
      continue;
    g_autofree char *name = svg_ways_name(layout->ways, series);
    const double width = MIN(20 + svg_text_width(&font, name) + 16, most);
    if (x > LEFT && x + width > layout->width - RIGHT) {
      x = LEFT;
      y += 22;
    }
    if (out != NULL) {
      g_autofree char *paint = svg_ways_paint(layout->ways, series);
      svg_rect(out, x, y - 11, 14, 14, paint);
      svg_text_within(out, x + 20, y, width - 20, &font, name);
    }
    x += width;
  }
  if (layout->left_out > 0) {
    static const SvgFont note = {.size = 13, .colour = SVG_GREY, .anchor = SVG_START};
    g_autofree char *text =
        g_strdup_printf("%u more variants are not drawn: failovers.csv has them", layout->left_out);
    y += 22;
    if (out != NULL)
      svg_text(out, LEFT, y, &note, text);
  }
  return y + 18;
}

/* ---- the picture --------------------------------------------------------------------------- */

static void draw_head(GString *out, const char *scenario, const char *title, guint32 run,
                      const Layout *layout) {
  static const SvgFont sub = {.size = 13, .colour = SVG_GREY, .anchor = SVG_START};
  const double most = layout->width - LEFT - RIGHT;
  g_autofree char *words =
      g_strdup_printf("Share of %s by the way taken, in both directions (run %u). "
                      "Ways are named as packets forward meet them.",
                      layout->ways->by_load ? "the offered load" : "flows", run);
  svg_heading(out, LEFT, 32, most, title[0] != '\0' ? title : scenario);
  svg_text_within(out, LEFT, 52, most, &sub, words);
}

static void draw_rows(GString *out, const Layout *layout) {
  guint row = 0;
  for (guint i = 0; i < layout->count; i++) {
    row += i > 0 && begins_row(layout->lanes, i) ? 1 : 0;
    draw_lane(out, layout, &layout->lanes[i], top_of(layout, row));
  }
}

void svg_timeline(const char *scenario, const char *title, SimTime duration, guint32 run,
                  const TimelineLane *lanes, guint count, GString *out) {
  g_assert(count > 0);
  Layout layout = layout_of(duration, lanes, count);
  guint label_rows = 0;
  for (guint column = 0; column < layout.clouds->len; column++)
    label_rows = MAX(label_rows, draw_event_labels(NULL, &layout, column));
  layout.caption = highest_caption(&layout);
  layout.seen = seen_series(&layout);
  layout.top = LABELS_TOP + LABEL_ROW * label_rows + layout.caption;
  const double bottom = bottom_of(&layout), legend = bottom + 62;
  if (svg_is_flat(lanes, count)) {
    svg_tell_flat(scenario, title, layout.ways, lanes, count, out);
  } else {
    g_autofree char *full = g_strdup_printf("%s: share of %s by way, over time", scenario,
                                            layout.ways->by_load ? "load" : "flows");
    svg_open(out, layout.width, draw_legend(NULL, &layout, legend), full);
    svg_ways_define(out, layout.ways);
    draw_head(out, scenario, title, run, &layout);
    draw_rows(out, &layout);
    for (guint column = 0; column < layout.clouds->len; column++) {
      draw_event_labels(out, &layout, column);
      draw_time_axis(out, &layout, column, bottom);
    }
    draw_legend(out, &layout, legend);
    svg_close(out);
  }
  svg_ways_free(layout.ways);
  g_ptr_array_unref(layout.clouds);
}
