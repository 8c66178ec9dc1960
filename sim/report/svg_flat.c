/* A timeline on which nothing changes, in words. */
#include <string.h>

#include "svg_private.h"

static gboolean same_rows(const TimelineLane *a, const TimelineLane *b) {
  gboolean same = a->traffic_count == b->traffic_count;
  for (guint i = 0; same && i < a->traffic_count; i++) {
    const RunTrafficRow *one = &a->traffic[i], *other = &b->traffic[i];
    same = one->direction == other->direction && strcmp(one->via, other->via) == 0 &&
           strcmp(one->traffic, other->traffic) == 0 && one->flows == other->flows &&
           one->bits_per_second == other->bits_per_second;
  }
  return same;
}

gboolean svg_is_flat(const TimelineLane *lanes, guint count) {
  for (guint i = 0; i < count; i++) {
    for (guint j = 0; j < lanes[i].traffic_count; j++)
      if (lanes[i].traffic[j].from.ns > 0)
        return FALSE;
    if (!same_rows(&lanes[0], &lanes[i]))
      return FALSE;
  }
  return TRUE;
}

static void append_shares(GString *text, const SvgWays *ways, const TimelineLane *lane,
                          FlowDirection direction) {
  g_autoptr(SvgStack) stack = svg_stack_new(ways, lane, direction);
  guint told = 0;
  for (guint series = 0; series < svg_ways_series(ways); series++) {
    const double share = svg_stack_stretches(stack) == 0 ? 0
                                                         : svg_stack_below(stack, series + 1, 0) -
                                                               svg_stack_below(stack, series, 0);
    if (share <= 0)
      continue;
    g_autofree char *name = svg_ways_name(ways, series);
    g_string_append(text, told++ == 0 ? ": " : ", ");
    svg_number(text, share * 100);
    g_string_append_printf(text, " %% %s", name);
  }
}

void svg_tell_flat(const char *scenario, const char *title, const SvgWays *ways,
                   const TimelineLane *lanes, guint count, GString *out) {
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(lines,
                  g_strdup(count > 1 ? "No way of any flow changes in this run; every variant and "
                                       "model is alike."
                                     : "No way of any flow changes in this run."));
  for (guint i = 0; i < FLOW_DIRECTIONS; i++) {
    GString *text = g_string_new(flow_directions[i]);
    append_shares(text, ways, &lanes[0], (FlowDirection)i);
    g_ptr_array_add(lines, g_string_free(text, FALSE));
  }
  svg_words(scenario, title, lines, out);
}
