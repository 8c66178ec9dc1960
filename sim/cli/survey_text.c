/* What a survey found, for people: a sentence for each model, the ranking, and pairs. */
#include <math.h>
#include <string.h>

#include "survey_private.h"

/* ---- ranking -------------------------------------------------------------------------------- */

/* A quantile that falls among runs that were not over lies above every other. */
static double or_more(double quantile) { return isnan(quantile) ? HUGE_VAL : quantile; }

static int compare_doubles(double left, double right) { return (left < right) - (left > right); }

/* The worst first; what is equal stays in the order of the table. */
static int compare_lines(gconstpointer a, gconstpointer b) {
  const SurveyLine *left = *(const SurveyLine *const *)a, *right = *(const SurveyLine *const *)b;
  int order = compare_doubles(left->lost, right->lost);
  if (order == 0)
    order = (left->losing < right->losing) - (left->losing > right->losing);
  if (order == 0)
    order = compare_doubles(or_more(left->outage_p95), or_more(right->outage_p95));
  return order != 0 ? order : compare_doubles(left->interrupted, right->interrupted);
}

GPtrArray *survey_ranked(const SurveyFound *found) {
  GPtrArray *lines = g_ptr_array_new();
  for (guint i = 0; i < found->lines->len; i++) {
    SurveyLine *line = found->lines->pdata[i];
    if (line->second == NULL)
      g_ptr_array_add(lines, line);
  }
  g_ptr_array_sort(lines, compare_lines);
  return lines;
}

/* ---- the finding ---------------------------------------------------------------------------- */

static void append_share(GString *out, double share) {
  const double percent = 100 * share;
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  const char *format = percent == floor(percent) || percent >= 9.995 ? "%.0f" : "%.2g";
  g_string_append(out, g_ascii_formatd(text, sizeof text, format, percent));
  g_string_append(out, " %");
}

static void append_name(GString *out, const SurveyLine *line, guint kinds) {
  g_string_append(out, line->first);
  if (kinds > 1)
    g_string_append_printf(out, " %s", line->how);
}

/* How many of the ranked ones lose flows for good; *elements: of how many elements they are. */
static guint count_points(const GPtrArray *lines, guint *elements) {
  g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
  guint count = 0;
  while (count < lines->len && ((const SurveyLine *)lines->pdata[count])->losing > 0)
    g_hash_table_add(names, (gpointer)((const SurveyLine *)lines->pdata[count++])->first);
  *elements = g_hash_table_size(names);
  return count;
}

static void append_points(GString *out, const GPtrArray *lines, guint points, guint kinds) {
  static const guint most = 4;
  for (guint i = 0; i < MIN(points, most); i++) {
    const SurveyLine *line = lines->pdata[i];
    g_string_append(out, i > 0 ? ", " : ": ");
    append_name(out, line, kinds);
    g_string_append(out, " (");
    append_share(out, line->lost);
    g_string_append(out, i == 0 ? " of flows lost for good" : "");
    if (line->losing < line->runs)
      g_string_append_printf(out, ", in %u of %u runs", line->losing, line->runs);
    g_string_append_c(out, ')');
  }
  if (points > most)
    g_string_append_printf(out, " and %u more", points - most);
}

static void append_quantile(GString *out, double quantile) {
  if (isnan(quantile))
    g_string_append(out, "not over");
  else
    append_seconds(out, quantile);
}

static void append_worst_of_rest(GString *out, const SurveyLine *worst, guint kinds) {
  if (worst->interrupted <= 0) {
    g_string_append(out, "no failure interrupts any flow");
    return;
  }
  append_name(out, worst, kinds);
  g_string_append(out, " costs most: outage ");
  append_quantile(out, worst->outage_p50);
  g_string_append(out, " in the median, p95 ");
  append_quantile(out, worst->outage_p95);
}

static void append_finding(GString *out, const SurveyFound *found, const GPtrArray *lines,
                           guint kinds) {
  guint elements;
  const guint points = count_points(lines, &elements);
  if (points > 0)
    g_string_append_printf(out, "%u of %u elements %s of failure", elements, found->elements,
                           elements == 1 ? "is a single point" : "are single points");
  else
    g_string_append_printf(out, "none of %u elements is a single point of failure",
                           found->elements);
  append_points(out, lines, points, kinds);
  if (points < lines->len) {
    g_string_append(out, points > 0 ? ". Of the rest, " : "; ");
    append_worst_of_rest(out, lines->pdata[points], kinds);
  }
  g_string_append_c(out, '.');
}

char *survey_name(const SurveyFound *found) {
  return strcmp(found->variant, SCENARIO_BASE) == 0
             ? g_strdup(found->model)
             : g_strdup_printf("%s, variant %s", found->model, found->variant);
}

static void print_finding(Report *report, const SurveyFound *found, const GPtrArray *lines,
                          guint kinds) {
  g_autofree char *name = survey_name(found);
  g_autoptr(GString) text = g_string_new(name);
  g_string_append(text, ": ");
  append_finding(text, found, lines, kinds);
  report_note(report, text->str);
}

/* ---- the table ------------------------------------------------------------------------------ */

static const Column columns[] = {
    {"element", COLUMN_TEXT},
    {"how", COLUMN_TEXT, .usual = "silent"},
    {"lost for good", COLUMN_FIGURE},
    {"outage", COLUMN_FIGURE},
    {"p95", COLUMN_FIGURE},
    {"flows hit", COLUMN_FIGURE},
    {"broken", COLUMN_FIGURE},
    {"on return", COLUMN_FIGURE},
    {"gone", COLUMN_FIGURE, .usual = "0 %"},
    {"load", COLUMN_FIGURE, .usual = ""},
};

gboolean survey_costs_nothing(const SurveyLine *line) {
  return line->interrupted <= 0 && line->sessions_broken <= 0 && line->returning_broken <= 0 &&
         line->gone <= 0 && !(line->load > 1) && line->unsettled == 0 && line->losing == 0;
}

static void add_share(Report *report, double share) {
  g_autoptr(GString) text = g_string_new(NULL);
  if (!isnan(share))
    append_share(text, share);
  report_text(report, text->str);
}

static void add_quantile(Report *report, double quantile) {
  g_autoptr(GString) text = g_string_new(NULL);
  append_quantile(text, quantile);
  report_text(report, text->str);
}

static void add_line(Report *report, const SurveyLine *line) {
  report_text(report, line->first);
  report_text(report, line->how);
  add_share(report, line->lost);
  add_quantile(report, line->outage_p50);
  add_quantile(report, line->outage_p95);
  add_share(report, line->interrupted);
  add_share(report, line->sessions_broken);
  add_share(report, line->returning_broken);
  add_share(report, line->gone);
  add_share(report, line->load);
}

static void list_name(GString *out, const char *heading, const SurveyLine *line, guint kinds) {
  g_string_append(out, out->len > 0 ? ", " : heading);
  append_name(out, line, kinds);
}

static gboolean never_settles(const GPtrArray *lines) {
  gboolean never = lines->len > 0;
  for (guint i = 0; i < lines->len; i++) {
    const SurveyLine *line = lines->pdata[i];
    never &= line->unsettled == line->runs;
  }
  return never;
}

/* What changes nothing is one line below the table. */
static void print_ranking(Report *report, const SurveyFound *found, const GPtrArray *lines,
                          guint kinds) {
  g_autofree char *heading = survey_name(found);
  g_autoptr(GString) nothing = g_string_new(NULL);
  g_autoptr(GString) unsettled = g_string_new(NULL);
  g_autoptr(GString) gone = g_string_new(NULL);
  const gboolean never = never_settles(lines);
  report_begin(report, "survey", heading, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < lines->len; i++) {
    const SurveyLine *line = lines->pdata[i];
    if (survey_costs_nothing(line)) {
      list_name(nothing, "Costs nothing: ", line, kinds);
      continue;
    }
    add_line(report, line);
    if (line->unsettled > 0 && !never)
      list_name(unsettled, "Does not settle within a day: ", line, kinds);
    if (line->gone >= 1)
      list_name(gone, "Takes the hosts of all flows with it: ", line, kinds);
  }
  report_end(report);
  if (never)
    g_string_append(unsettled, "The network never settles, whether anything fails or not: what is "
                               "lost for good is what an hour after the failure was lost.");
  const GString *const notes[] = {nothing, gone, unsettled};
  for (guint i = 0; i < G_N_ELEMENTS(notes); i++)
    if (notes[i]->len > 0)
      report_note(report, notes[i]->str);
}

/* ---- pairs ---------------------------------------------------------------------------------- */

static const Column pair_columns[] = {
    {"first", COLUMN_TEXT},
    {"then", COLUMN_TEXT},
    {"how", COLUMN_TEXT, .usual = "silent"},
    {"lost for good", COLUMN_FIGURE},
    {"outage", COLUMN_FIGURE},
    {"p95", COLUMN_FIGURE},
    {"", COLUMN_TEXT, .usual = ""},
};
#define PAIRS_TOLD 20

static const SurveyLine *alone(const SurveyFound *found, const SurveyLine *pair) {
  for (guint i = 0; i < found->lines->len; i++) {
    const SurveyLine *line = found->lines->pdata[i];
    if (line->second == NULL && strcmp(line->first, pair->first) == 0 &&
        strcmp(line->how, pair->how) == 0)
      return line;
  }
  g_assert_not_reached();
}

static double lost_of_all(const SurveyLine *line) { return line->lost * (1 - line->gone); }

static void add_pair(Report *report, const SurveyFound *found, const SurveyLine *pair) {
  const gboolean mends = lost_of_all(pair) + pair->gone < lost_of_all(alone(found, pair));
  report_text(report, pair->first);
  report_text(report, pair->second);
  report_text(report, pair->how);
  add_share(report, pair->lost);
  add_quantile(report, pair->outage_p50);
  add_quantile(report, pair->outage_p95);
  report_text(report, mends ? "mends" : "");
}

static void print_pairs(Report *report, const SurveyFound *found) {
  guint told = 0, all = 0;
  for (guint i = 0; i < found->lines->len; i++)
    all += ((const SurveyLine *)found->lines->pdata[i])->second != NULL;
  g_autofree char *name = survey_name(found);
  g_autofree char *heading = g_strdup_printf("%s: pairs that cost more than both apart, or mend%s",
                                             name, all > PAIRS_TOLD ? "; the worst" : "");
  if (all > 0)
    report_begin(report, "pairs", heading, pair_columns, G_N_ELEMENTS(pair_columns));
  for (guint i = 0; i < found->lines->len && told < PAIRS_TOLD; i++) {
    const SurveyLine *line = found->lines->pdata[i];
    if (line->second == NULL)
      continue;
    add_pair(report, found, line);
    told++;
  }
  if (all > 0)
    report_end(report);
  g_autofree char *note =
      g_strdup_printf("Of %u ordered pairs %u cost more than both failures apart, or mend, and %u "
                      "no more: %" G_GUINT64_FORMAT " runs were made, %" G_GUINT64_FORMAT
                      " are proven to be without effect.",
                      found->pairs, all, found->pairs - all, found->runs_made, found->runs_proven);
  report_note(report, note);
}

/* ---- all of it ------------------------------------------------------------------------------ */

void survey_print(Report *report, const GPtrArray *found, guint kinds) {
  g_autoptr(GPtrArray) rankings = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
  for (guint i = 0; i < found->len; i++) {
    g_ptr_array_add(rankings, survey_ranked(found->pdata[i]));
    print_finding(report, found->pdata[i], rankings->pdata[i], kinds);
  }
  for (guint i = 0; i < found->len; i++) {
    const SurveyFound *one = found->pdata[i];
    print_ranking(report, one, rankings->pdata[i], kinds);
    if (one->pairs > 0)
      print_pairs(report, one);
  }
}
