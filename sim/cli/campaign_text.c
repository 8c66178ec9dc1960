/* What a campaign found, for people: a sentence, the table that goes into a review, and causes. */
#include <math.h>
#include <string.h>

#include "campaign_private.h"
#include "routesim/report/csv.h"
#include "routesim/report/svg_ranges.h"

/* ---- what is there -----------------------------------------------------------------------------
 */

/* One variant under one model. */
typedef struct {
  char *model, *variant;
  guint years;
  CampaignEstimate measures[CAMPAIGN_MEASURE_COUNT];
  gboolean has_difference;
  CampaignEstimate difference;
} Line;

typedef struct {
  char *model, *variant, *component, *how, *with;
  double minutes, share;
} Cause;

static void free_line(gpointer data) {
  Line *line = data;
  g_free(line->model);
  g_free(line->variant);
  g_free(line);
}

static void free_cause(gpointer data) {
  Cause *cause = data;
  g_free(cause->model);
  g_free(cause->variant);
  g_free(cause->component);
  g_free(cause->how);
  g_free(cause->with);
  g_free(cause);
}

static Line *line_for(GPtrArray *lines, const CsvRecords *records) {
  const char *model = csv_text(records, "model"), *variant = csv_text(records, "variant");
  Line *last = lines->len > 0 ? lines->pdata[lines->len - 1] : NULL;
  if (last != NULL && strcmp(last->model, model) == 0 && strcmp(last->variant, variant) == 0)
    return last;
  Line *line = g_new0(Line, 1);
  line->model = g_strdup(model);
  line->variant = g_strdup(variant);
  line->years = (guint)csv_count(records, "years");
  g_ptr_array_add(lines, line);
  return line;
}

static GPtrArray *read_lines(const char *rows) {
  GPtrArray *lines = g_ptr_array_new_with_free_func(free_line);
  CsvRecords records = csv_records(rows);
  while (csv_records_next(&records)) {
    Line *line = line_for(lines, &records);
    const CampaignEstimate interval = {csv_number(&records, "estimate"),
                                       csv_number(&records, "low"), csv_number(&records, "high")};
    const char *name = csv_text(&records, "measure");
    guint measure = 0;
    while (measure < CAMPAIGN_MEASURE_COUNT &&
           strcmp(campaign_measure_name((CampaignMeasure)measure), name) != 0)
      measure++;
    if (measure < CAMPAIGN_MEASURE_COUNT) {
      line->measures[measure] = interval;
    } else {
      line->difference = interval;
      line->has_difference = TRUE;
    }
  }
  csv_records_end(&records);
  return lines;
}

static GPtrArray *read_causes(const char *text) {
  GPtrArray *causes = g_ptr_array_new_with_free_func(free_cause);
  CsvRecords records = csv_records(text);
  while (csv_records_next(&records)) {
    Cause *cause = g_new0(Cause, 1);
    *cause = (Cause){g_strdup(csv_text(&records, "model")),
                     g_strdup(csv_text(&records, "variant")),
                     g_strdup(csv_text(&records, "component")),
                     g_strdup(csv_text(&records, "how")),
                     g_strdup(csv_text(&records, "with")),
                     csv_number(&records, "minutes"),
                     csv_number(&records, "share")};
    g_ptr_array_add(causes, cause);
  }
  csv_records_end(&records);
  return causes;
}

/* ---- figures ------------------------------------------------------------------------------------
 */

/* Three figures that count, and no more. */
static void append_figure(GString *out, double value) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  const double size = fabs(value);
  const int decimals = size >= 100 || size <= 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  g_autofree char *format = g_strdup_printf("%%.%df", decimals);
  g_string_append(out, g_ascii_formatd(text, sizeof text, format, value));
}

static void append_interval(GString *out, const CampaignEstimate *interval) {
  append_figure(out, interval->estimate);
  if (isnan(interval->low) || interval->low == interval->high)
    return;
  g_string_append(out, " (");
  append_figure(out, interval->low);
  g_string_append(out, " to ");
  append_figure(out, interval->high);
  g_string_append_c(out, ')');
}

/* Of the weighted downtime, whose minutes have the figures that a share of six decimals lacks. */
static void append_availability(GString *out, double minutes) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append(
      out, g_ascii_formatd(text, sizeof text, "%.6f", 100 * (1 - minutes / CAMPAIGN_MINUTES)));
  g_string_append(out, " %");
}

/* ---- the sentence -------------------------------------------------------------------------------
 */

static gboolean is_of(const Cause *cause, const Line *line) {
  return strcmp(cause->model, line->model) == 0 && strcmp(cause->variant, line->variant) == 0;
}

static void append_cause(GString *out, const Cause *cause) {
  g_string_append_printf(out, "%s %s", cause->component, cause->how);
  if (cause->with[0] != '\0')
    g_string_append_printf(out, " while %s is down", cause->with);
}

static void append_main_cause(GString *out, const Line *line, const GPtrArray *causes) {
  for (guint i = 0; i < causes->len; i++) {
    const Cause *cause = causes->pdata[i];
    if (!is_of(cause, line))
      continue;
    g_string_append_printf(out, "; %.0f %% of it by ", 100 * cause->share);
    append_cause(out, cause);
    return;
  }
}

static void print_finding(Report *report, const Line *line, const GPtrArray *causes) {
  g_autoptr(GString) out = g_string_new(line->model);
  if (strcmp(line->variant, SCENARIO_BASE) != 0)
    g_string_append_printf(out, ", variant %s", line->variant);
  g_string_append(out, ": ");
  if (line->measures[CAMPAIGN_DOWNTIME_ANY].estimate <= 0) {
    g_string_append_printf(out, "no downtime in %u years", line->years);
  } else {
    append_interval(out, &line->measures[CAMPAIGN_DOWNTIME_WEIGHTED]);
    g_string_append(out, " min of downtime a year, ");
    append_availability(out, line->measures[CAMPAIGN_DOWNTIME_WEIGHTED].estimate);
    append_main_cause(out, line, causes);
  }
  g_string_append_c(out, '.');
  report_note(report, out->str);
}

/* ---- the tables ---------------------------------------------------------------------------------
 */

static const Column columns[] = {
    {"model", COLUMN_TEXT},
    {"variant", COLUMN_TEXT, .usual = SCENARIO_BASE},
    {"downtime, min/year", COLUMN_FIGURE},
    {"of any flow", COLUMN_FIGURE},
    {"of all", COLUMN_FIGURE},
    {"availability", COLUMN_FIGURE},
    {"nines", COLUMN_FIGURE},
    {"failures", COLUMN_FIGURE},
    {"broken", COLUMN_FIGURE},
    {"worst", COLUMN_FIGURE},
    {"less base", COLUMN_FIGURE, .usual = ""},
};

static void add_figure(Report *report, double value) {
  g_autoptr(GString) text = g_string_new(NULL);
  if (!isnan(value))
    append_figure(text, value);
  report_text(report, text->str);
}

static void add_interval(Report *report, const CampaignEstimate *interval) {
  g_autoptr(GString) text = g_string_new(NULL);
  append_interval(text, interval);
  report_text(report, text->str);
}

static void add_line(Report *report, const Line *line) {
  g_autoptr(GString) availability = g_string_new(NULL);
  g_autoptr(GString) worst = g_string_new(NULL);
  append_availability(availability, line->measures[CAMPAIGN_DOWNTIME_WEIGHTED].estimate);
  append_seconds(worst, line->measures[CAMPAIGN_WORST_OUTAGE].estimate);
  report_text(report, line->model);
  report_text(report, line->variant);
  add_interval(report, &line->measures[CAMPAIGN_DOWNTIME_WEIGHTED]);
  add_figure(report, line->measures[CAMPAIGN_DOWNTIME_ANY].estimate);
  add_figure(report, line->measures[CAMPAIGN_DOWNTIME_ALL].estimate);
  report_text(report, availability->str);
  add_figure(report, line->measures[CAMPAIGN_NINES].estimate);
  add_figure(report, line->measures[CAMPAIGN_FAILURES].estimate);
  add_figure(report, line->measures[CAMPAIGN_SESSIONS_BROKEN].estimate);
  report_text(report, worst->str);
  if (line->has_difference)
    add_interval(report, &line->difference);
  else
    report_text(report, "");
}

static const Column cause_columns[] = {
    {"model", COLUMN_TEXT},   {"variant", COLUMN_TEXT, .usual = SCENARIO_BASE},
    {"cause", COLUMN_TEXT},   {"min/year", COLUMN_FIGURE},
    {"share", COLUMN_FIGURE},
};
#define CAUSES_TOLD 5 /* of each variant and model */

static void add_causes(Report *report, const Line *line, const GPtrArray *causes) {
  guint told = 0;
  for (guint i = 0; i < causes->len && told < CAUSES_TOLD; i++) {
    const Cause *cause = causes->pdata[i];
    if (!is_of(cause, line))
      continue;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *share = g_strdup_printf("%.0f %%", 100 * cause->share);
    append_cause(text, cause);
    report_text(report, line->model);
    report_text(report, line->variant);
    report_text(report, text->str);
    add_figure(report, cause->minutes);
    report_text(report, share);
    told++;
  }
}

static void print_worst(Report *report, const char *worst) {
  CsvRecords records = csv_records(worst);
  if (csv_records_next(&records)) {
    g_autoptr(GString) out = g_string_new("The worst year of ");
    g_string_append_printf(out, "%s: ", csv_text(&records, "model"));
    append_figure(out, csv_number(&records, "downtime"));
    g_string_append_printf(out, " min, `%s`", csv_text(&records, "command"));
    report_note(report, out->str);
  }
  csv_records_end(&records);
}

void campaign_print(Report *report, const char *rows, const char *causes, const char *worst) {
  g_autoptr(GPtrArray) lines = read_lines(rows);
  g_autoptr(GPtrArray) all = read_causes(causes);
  for (guint i = 0; i < lines->len; i++)
    print_finding(report, lines->pdata[i], all);
  g_autofree char *heading =
      g_strdup_printf("%u years each, means with their 95 %% interval",
                      lines->len > 0 ? ((const Line *)lines->pdata[0])->years : 0);
  report_begin(report, "campaign", heading, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < lines->len; i++)
    add_line(report, lines->pdata[i]);
  report_end(report);
  if (all->len > 0) {
    report_begin(report, "causes", "What stops flows", cause_columns, G_N_ELEMENTS(cause_columns));
    for (guint i = 0; i < lines->len; i++)
      add_causes(report, lines->pdata[i], all);
    report_end(report);
  }
  print_worst(report, worst);
}

/* ---- the picture
 * --------------------------------------------------------------------------------- */

static char *says_of(const Line *line) {
  GString *out = g_string_new(line->variant);
  g_string_append(out, ": ");
  append_interval(out, &line->measures[CAMPAIGN_DOWNTIME_WEIGHTED]);
  g_string_append(out, " min of downtime a year");
  return g_string_free(out, FALSE);
}

void campaign_picture(GString *out, const Design *design, const char *rows) {
  g_autoptr(GPtrArray) lines = read_lines(rows);
  GArray *panels = svg_range_panels_new();
  SvgRangePanel *panel = NULL;
  for (guint i = 0; i < lines->len; i++) {
    const Line *line = lines->pdata[i];
    const CampaignEstimate *down = &line->measures[CAMPAIGN_DOWNTIME_WEIGHTED];
    if (i == 0 || strcmp(((const Line *)lines->pdata[i - 1])->model, line->model) != 0)
      panel = svg_range_panel_add(panels, cloud_find(line->model), g_strdup(line->model),
                                  "downtime, minutes a year; the line is the mean", NULL);
    svg_range_add(panel, g_strdup(line->variant), says_of(line),
                  isnan(down->low) ? down->estimate : down->low,
                  isnan(down->high) ? down->estimate : down->high, down->estimate, NAN);
  }
  svg_ranges(design->name, design->title, "Means over the years, with their 95 % interval.", panels,
             out);
  svg_range_panels_free(panels);
}

/* ---- one year
 * ------------------------------------------------------------------------------------ */

static const Column event_columns[] = {
    {"at", COLUMN_FIGURE},
    {"what", COLUMN_TEXT},
};

/* "day 12 03:15:07.250", from day 0. */
static void append_moment(GString *out, SimTime at) {
  const gint64 seconds = at.ns / SIM_SECOND;
  g_string_append_printf(out, "day %d %02d:%02d:%02d.%03d", (int)(seconds / 86400),
                         (int)(seconds / 3600 % 24), (int)(seconds / 60 % 60), (int)(seconds % 60),
                         (int)(at.ns % SIM_SECOND / 1000000));
}

void campaign_print_year(Report *report, const CampaignCell *cell) {
  const RunOptions options = {.seed = cell->seed, .run = cell->first_year};
  const CampaignYear *year = &cell->years[0];
  g_autoptr(Arena) arena = arena_new();
  const GPtrArray *events = campaign_events(arena, &options, &cell->plan);
  g_autofree char *heading = g_strdup_printf(
      "%s%s%s, year %u", cell->cloud->name, cell->scenario->variant->is_base ? "" : ", variant ",
      cell->scenario->variant->is_base ? "" : cell->scenario->variant->name, cell->first_year);
  report_begin(report, "year", heading, event_columns, G_N_ELEMENTS(event_columns));
  for (guint i = 0; i < events->len; i++) {
    const DesignEvent *event = events->pdata[i];
    g_autoptr(GString) at = g_string_new(NULL);
    g_autofree char *what = event->action == EVENT_FAIL
                                ? g_strdup_printf("%s fails: %s", event->target, event->how->name)
                                : g_strdup_printf("%s is back", event->target);
    append_moment(at, event->at.law.a);
    report_text(report, at->str);
    report_text(report, what);
  }
  report_end(report);
  g_autoptr(GString) out = g_string_new("Downtime ");
  append_figure(out, year->weighted / 60);
  g_string_append(out, " min, of any flow ");
  append_figure(out, year->any / 60);
  g_string_append(out, " min, the longest ");
  append_seconds(out, year->worst);
  g_string_append_c(out, '.');
  report_note(report, out->str);
}
