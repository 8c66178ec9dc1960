/* Ways of flows as the series of a picture: which there are, and how much goes by each. */
#include <string.h>

#include "svg_private.h"

/* Light enough for dark lines over them, and none like what is lost (Okabe and Ito 2008). Dotted,
 * each serves a second way. */
static const char *const colours[] = {"#56B4E9", "#E69F00", "#009E73",
                                      "#CC79A7", "#F0E442", "#0072B2"};
#define MOST_WAYS (2 * G_N_ELEMENTS(colours))

/* Behind the ways, in the order of the stack from below. */
enum { SERIES_MORE, SERIES_LOST, SERIES_GONE, SERIES_COUNT };

/* ---- names --------------------------------------------------------------------------------- */

static gboolean is_lost(const RunTrafficRow *row) { return row->dropped != DROP_NONE; }
static gboolean is_gone(const RunTrafficRow *row) { return row->dropped == DROP_HOST_DOWN; }

/* The way back over the same elements is the same way, named as the way there. Caller frees. */
static char *way_of(const RunTrafficRow *row) {
  if (row->direction != FLOW_REVERSE || strchr(row->via, '+') == NULL)
    return g_strdup(row->via);
  g_auto(GStrv) parts = g_strsplit(row->via, "+", -1);
  const guint count = g_strv_length(parts);
  for (guint i = 0; i < count / 2; i++) {
    char *other = parts[i];
    parts[i] = parts[count - 1 - i];
    parts[count - 1 - i] = other;
  }
  return g_strjoinv("+", parts);
}

static double weight_of(const SvgWays *ways, const RunTrafficRow *row) {
  return ways->by_load ? (double)row->bits_per_second : (double)row->flows;
}

typedef struct {
  char *name;
  double amount; /* weight by time, over all lanes */
} Way;

static Way *way_named(GArray *all, const char *name) {
  for (guint i = 0; i < all->len; i++)
    if (strcmp(g_array_index(all, Way, i).name, name) == 0)
      return &g_array_index(all, Way, i);
  const Way way = {g_strdup(name), 0};
  g_array_append_val(all, way);
  return &g_array_index(all, Way, all->len - 1);
}

/* The most used first; of equals the first by name. */
static int compare_amounts(gconstpointer a, gconstpointer b) {
  const Way *left = a, *right = b;
  if (left->amount != right->amount)
    return left->amount < right->amount ? 1 : -1;
  return strcmp(left->name, right->name);
}

static int compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void clear_way(gpointer data) { g_free(((Way *)data)->name); }

/* What does not fit through an element is load, not flows: then the picture is of load. */
static gboolean lacks_capacity(const TimelineLane *lanes, guint count) {
  for (guint i = 0; i < count; i++)
    for (guint j = 0; j < lanes[i].traffic_count; j++)
      if (lanes[i].traffic[j].dropped == DROP_CAPACITY)
        return TRUE;
  return FALSE;
}

SvgWays *svg_ways_new(const TimelineLane *lanes, guint count) {
  SvgWays *ways = g_new0(SvgWays, 1);
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Way));
  g_array_set_clear_func(all, clear_way);
  ways->by_load = lacks_capacity(lanes, count);
  ways->names = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < count; i++)
    for (guint j = 0; j < lanes[i].traffic_count; j++) {
      const RunTrafficRow *row = &lanes[i].traffic[j];
      ways->gone |= is_gone(row);
      ways->lost |= is_lost(row) && !is_gone(row);
      if (is_lost(row))
        continue;
      g_autofree char *name = way_of(row);
      way_named(all, name)->amount +=
          weight_of(ways, row) * sim_time_seconds(sim_time_sub(row->to, row->from));
    }
  g_array_sort(all, compare_amounts);
  for (guint i = 0; i < MIN(all->len, MOST_WAYS); i++)
    g_ptr_array_add(ways->names, g_strdup(g_array_index(all, Way, i).name));
  g_ptr_array_sort(ways->names, compare_names);
  ways->more = all->len - ways->names->len;
  return ways;
}

void svg_ways_free(SvgWays *ways) {
  g_ptr_array_unref(ways->names);
  g_free(ways);
}

guint svg_ways_series(const SvgWays *ways) { return ways->names->len + SERIES_COUNT; }

static gboolean is_series(const SvgWays *ways, guint series, guint which) {
  return series == ways->names->len + which;
}

gboolean svg_ways_has(const SvgWays *ways, guint series) {
  return is_series(ways, series, SERIES_MORE)   ? ways->more > 0
         : is_series(ways, series, SERIES_GONE) ? ways->gone
         : is_series(ways, series, SERIES_LOST) ? ways->lost
                                                : TRUE;
}

char *svg_ways_name(const SvgWays *ways, guint series) {
  if (is_series(ways, series, SERIES_MORE))
    return g_strdup_printf("%u more ways", ways->more);
  return g_strdup(is_series(ways, series, SERIES_GONE)   ? "gone with their hosts"
                  : is_series(ways, series, SERIES_LOST) ? "dropped"
                                                         : ways->names->pdata[series]);
}

char *svg_ways_paint(const SvgWays *ways, guint series) {
  if (is_series(ways, series, SERIES_MORE))
    return g_strdup("fill=\"#999999\"");
  if (is_series(ways, series, SERIES_GONE))
    return g_strdup("fill=\"url(#gone)\" stroke=\"#777777\" stroke-width=\"1\"");
  if (is_series(ways, series, SERIES_LOST)) /* the outline keeps the shortest of outages visible */
    return g_strdup("fill=\"url(#lost)\" stroke=\"#8a3324\" stroke-width=\"1\"");
  return series < G_N_ELEMENTS(colours)
             ? g_strdup_printf("fill=\"%s\"", colours[series])
             : g_strdup_printf("fill=\"url(#dots-%u)\"", series - (guint)G_N_ELEMENTS(colours));
}

void svg_ways_define(GString *out, const SvgWays *ways) {
  g_string_append(out, "<defs>"
                       "<pattern id=\"lost\" width=\"6\" height=\"6\" "
                       "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
                       "<rect width=\"6\" height=\"6\" fill=\"#f2dedb\"/>"
                       "<rect width=\"2.5\" height=\"6\" fill=\"#a8564a\"/></pattern>"
                       "<pattern id=\"gone\" width=\"8\" height=\"8\" "
                       "patternUnits=\"userSpaceOnUse\">"
                       "<rect width=\"8\" height=\"8\" fill=\"#f4f4f4\"/>"
                       "<rect y=\"3.5\" width=\"8\" height=\"1\" fill=\"#aaaaaa\"/>"
                       "<rect x=\"3.5\" width=\"1\" height=\"8\" fill=\"#aaaaaa\"/></pattern>");
  for (guint i = G_N_ELEMENTS(colours); i < ways->names->len; i++) {
    const guint index = i - (guint)G_N_ELEMENTS(colours);
    g_string_append_printf(out,
                           "<pattern id=\"dots-%u\" width=\"7\" height=\"7\" "
                           "patternUnits=\"userSpaceOnUse\">"
                           "<rect width=\"7\" height=\"7\" fill=\"%s\"/>"
                           "<circle cx=\"3.5\" cy=\"3.5\" r=\"1.7\" fill=\"#ffffff\"/></pattern>",
                           index, colours[index]);
  }
  g_string_append(out, "</defs>\n");
}

/* ---- shares over time ---------------------------------------------------------------------- */

static guint series_of(const SvgWays *ways, const RunTrafficRow *row) {
  if (is_lost(row))
    return ways->names->len + (guint)(is_gone(row) ? SERIES_GONE : SERIES_LOST);
  g_autofree char *name = way_of(row);
  for (guint i = 0; i < ways->names->len; i++)
    if (strcmp(ways->names->pdata[i], name) == 0)
      return i;
  return ways->names->len + SERIES_MORE;
}

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

static GArray *collect_breaks(const TimelineLane *lane, FlowDirection direction) {
  GArray *all = g_array_new(FALSE, FALSE, sizeof(SimTime));
  for (guint i = 0; i < lane->traffic_count; i++)
    if (lane->traffic[i].direction == direction) {
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

SvgStack *svg_stack_new(const SvgWays *ways, const TimelineLane *lane, FlowDirection direction) {
  SvgStack *stack = g_new0(SvgStack, 1);
  stack->breaks = collect_breaks(lane, direction);
  stack->series = svg_ways_series(ways);
  stack->width = stack->breaks->len + 1;
  stack->sums = g_new0(double, (gsize)stack->width * stack->series);
  for (guint i = 0; i < lane->traffic_count; i++) { /* differences first ... */
    const RunTrafficRow *row = &lane->traffic[i];
    if (row->direction != direction)
      continue;
    double *own = stack->sums + (gsize)stack->width * series_of(ways, row);
    own[break_index(stack->breaks, row->from)] += weight_of(ways, row);
    own[break_index(stack->breaks, row->to)] -= weight_of(ways, row);
  }
  for (guint series = 0; series < stack->series; series++) { /* ... then sums over time, ... */
    double *own = stack->sums + (gsize)stack->width * series;
    for (guint i = 1; i < stack->width; i++)
      own[i] += own[i - 1];
  }
  for (guint series = 1; series < stack->series; series++) /* ... then over series */
    for (guint i = 0; i < stack->width; i++)
      stack->sums[(gsize)stack->width * series + i] +=
          stack->sums[(gsize)stack->width * (series - 1) + i];
  return stack;
}

void svg_stack_free(SvgStack *stack) {
  g_array_unref(stack->breaks);
  g_free(stack->sums);
  g_free(stack);
}

/* What of it is dropped. */
static double svg_stack_lost(const SvgWays *ways, const SvgStack *stack, guint index) {
  const guint series = ways->names->len + SERIES_LOST;
  return svg_stack_below(stack, series + 1, index) - svg_stack_below(stack, series, index);
}

guint svg_stack_stretches(const SvgStack *stack) {
  return stack->breaks->len > 0 ? stack->breaks->len - 1 : 0;
}

SimTime svg_stack_break(const SvgStack *stack, guint index) {
  return g_array_index(stack->breaks, SimTime, index);
}

double svg_stack_below(const SvgStack *stack, guint series, guint index) {
  const double all = stack->sums[(gsize)stack->width * (stack->series - 1) + index];
  return series == 0 || all <= 0 ? 0
                                 : stack->sums[(gsize)stack->width * (series - 1) + index] / all;
}

double svg_ways_lost_before(const SvgWays *ways, const TimelineLane *lane, SimTime at) {
  double lost = 0;
  for (guint i = 0; i < FLOW_DIRECTIONS; i++) {
    g_autoptr(SvgStack) stack = svg_stack_new(ways, lane, (FlowDirection)i);
    for (guint j = 0; j < svg_stack_stretches(stack); j++)
      if (svg_stack_break(stack, j).ns < at.ns && svg_stack_break(stack, j + 1).ns >= at.ns)
        lost = MAX(lost, svg_stack_lost(ways, stack, j));
  }
  return lost;
}

double svg_lost_before(const TimelineLane *lane, SimTime at) {
  g_autoptr(SvgWays) ways = svg_ways_new(lane, 1);
  return svg_ways_lost_before(ways, lane, at);
}
