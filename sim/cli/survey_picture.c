/* What a survey found, as a picture: a bar for each element whose failure costs something. */
#include <math.h>

#include "routesim/report/svg_ranges.h"
#include "survey_private.h"

static char *label_of(const SurveyLine *line, guint kinds) {
  return kinds > 1 ? g_strdup_printf("%s %s", line->first, line->how) : g_strdup(line->first);
}

static void append_quantile(GString *out, const char *name, double quantile) {
  g_string_append(out, name);
  if (isnan(quantile))
    g_string_append(out, "not over before it is restored");
  else
    append_seconds(out, quantile);
}

static char *says_of(const SurveyLine *line) {
  GString *out = g_string_new(line->first);
  g_string_append_printf(out, " %s: outage in the median ", line->how);
  append_quantile(out, "", line->outage_p50);
  append_quantile(out, ", p95 ", line->outage_p95);
  return g_string_free(out, FALSE);
}

static void add_lines(SvgRangePanel *panel, const SurveyFound *found, guint kinds) {
  g_autoptr(GPtrArray) lines = survey_ranked(found);
  for (guint i = 0; i < lines->len; i++) {
    const SurveyLine *line = lines->pdata[i];
    if (!survey_costs_nothing(line))
      svg_range_add(panel, label_of(line, kinds), says_of(line), 0,
                    isnan(line->outage_p95) ? HUGE_VAL : line->outage_p95, line->outage_p50,
                    line->lost);
  }
}

void survey_picture(GString *out, const Design *design, const GPtrArray *found, guint kinds) {
  GArray *panels = svg_range_panels_new();
  for (guint i = 0; i < found->len; i++) {
    const SurveyFound *one = found->pdata[i];
    SvgRangePanel *panel =
        svg_range_panel_add(panels, cloud_find(one->model), survey_name(one),
                            "outage, s: up to p95; the line is the median", "lost for good");
    add_lines(panel, one, kinds);
  }
  svg_ranges(design->name, design->title,
             "Each element fails by itself; those that cost nothing are left out.", panels, out);
  svg_range_panels_free(panels);
}
