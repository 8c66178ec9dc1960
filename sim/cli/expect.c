/* Expectations, judged by the summary as it is written: so a batch that went on where a killed
 * one stopped judges as the other would have. */
#include <string.h>

#include "results_private.h"
#include "routesim/report/csv.h"

/* Places of the columns that matter. */
typedef struct {
  int scenario, model, variant, event, measure, runs, n, censored;
} SummaryColumns;

static SummaryColumns find_columns(const GPtrArray *header) {
  return (SummaryColumns){csv_column(header, "scenario"), csv_column(header, "model"),
                          csv_column(header, "variant"),  csv_column(header, "event"),
                          csv_column(header, "measure"),  csv_column(header, "runs"),
                          csv_column(header, "n"),        csv_column(header, "censored")};
}

/* The median stands in the column of its other name. */
static const char *statistic_column(const DesignExpect *expect) {
  return summary_statistics[expect->stat == STATISTIC_MEDIAN ? STATISTIC_P50 : expect->stat];
}

static gboolean is_about(const DesignExpect *expect, const SummaryColumns *columns,
                         const GPtrArray *row) {
  const char *variant = scenario_variant_meant(expect->variant.text);
  return expect->reach->len == 0 && expect->survey == EXPECT_NO_SURVEY &&
         (expect->model.text == NULL ||
          strcmp(expect->model.text, row->pdata[columns->model]) == 0) &&
         strcmp(variant, row->pdata[columns->variant]) == 0 &&
         g_ascii_strtoll(row->pdata[columns->event], NULL, 10) == expect->event &&
         strcmp(measure_name((Measure)expect->measure), row->pdata[columns->measure]) == 0;
}

static void append_finding(GString *out, const DesignExpect *expect, const SummaryColumns *columns,
                           const GPtrArray *row, const char *value) {
  const Measure measure = (Measure)expect->measure;
  g_autofree char *title = measure_title(measure);
  g_string_append_printf(out, ": expect failed: %s %s of event %" G_GINT64_FORMAT " under %s",
                         title, summary_statistics[expect->stat], expect->event,
                         (const char *)row->pdata[columns->model]);
  if (expect->variant.text != NULL)
    g_string_append_printf(out, ", variant %s,", expect->variant.text);
  g_string_append(out, " is ");
  if (value[0] != '\0') {
    g_autoptr(GString) text = g_string_new(NULL);
    append_exact(text, measure, g_ascii_strtod(value, NULL));
    g_string_append(out, text->str);
  } else if (strcmp(row->pdata[columns->n], "0") == 0) {
    g_string_append(out, "empty: it never happened");
  } else {
    g_string_append_printf(out, "not known: not over at the end in %s of %s runs",
                           (const char *)row->pdata[columns->censored],
                           (const char *)row->pdata[columns->runs]);
  }
}

static void append_bound(GString *out, const DesignExpect *expect, const char *words,
                         double bound) {
  g_autoptr(GString) text = g_string_new(NULL);
  append_exact(text, (Measure)expect->measure, bound);
  g_string_append_printf(out, ", %s %s", words, text->str);
}

static GString *new_verdict(GPtrArray *verdicts, const ScenarioFile *file,
                            const DesignExpect *expect) {
  GString *out = g_string_new(NULL);
  append_expect_place(out, &expect->head.mark, file);
  g_ptr_array_add(verdicts, out);
  return out;
}

/* What never happened fails both bounds; what was not over in time lies above any. */
static void judge(const ScenarioFile *file, const DesignExpect *expect,
                  const SummaryColumns *columns, const GPtrArray *row, const GPtrArray *header,
                  GPtrArray *verdicts) {
  const int column = csv_column(header, statistic_column(expect));
  const char *value = row->pdata[column];
  const gboolean known = value[0] != '\0';
  const gboolean happened = strcmp(row->pdata[columns->n], "0") != 0;
  const double number = known ? g_ascii_strtod(value, NULL) : 0;
  if (expect->has_at_most && (!known || number > expect->at_most)) {
    GString *out = new_verdict(verdicts, file, expect);
    append_finding(out, expect, columns, row, value);
    append_bound(out, expect, "at most", expect->at_most);
  }
  if (expect->has_at_least && (!happened || (known && number < expect->at_least))) {
    GString *out = new_verdict(verdicts, file, expect);
    append_finding(out, expect, columns, row, value);
    append_bound(out, expect, "at least", expect->at_least);
  }
}

static void free_verdict(gpointer verdict) { g_string_free(verdict, TRUE); }
static void free_verdicts(gpointer verdicts) { g_ptr_array_unref(verdicts); }

/* Verdicts come in the order of the file. */
static Status tell_verdicts(const GPtrArray *by_expect) {
  Status status = STATUS_DONE;
  for (guint i = 0; i < by_expect->len; i++) {
    const GPtrArray *verdicts = by_expect->pdata[i];
    for (guint j = 0; j < verdicts->len; j++)
      tell_line(((const GString *)verdicts->pdata[j])->str);
    if (verdicts->len > 0)
      status = STATUS_EXPECT;
  }
  return status;
}

Status check_expectations(const ScenarioFile *file, const char *summary) {
  const Design *body = scenario_file_get(file, 0)->design;
  g_autoptr(GPtrArray) header = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) row = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) verdicts = g_ptr_array_new_with_free_func(free_verdicts);
  const char *cursor = summary;
  const Status status = check_reach_expectations(file);
  tell_survey_expectations(file);
  if (body->expect->len == 0 || !csv_next(&cursor, header))
    return status;
  const SummaryColumns columns = find_columns(header);
  for (guint i = 0; i < body->expect->len; i++)
    g_ptr_array_add(verdicts, g_ptr_array_new_with_free_func(free_verdict));
  while (csv_next(&cursor, row)) {
    if (row->len < header->len || strcmp(row->pdata[columns.scenario], body->name) != 0)
      continue;
    for (guint i = 0; i < body->expect->len; i++)
      if (is_about(body->expect->pdata[i], &columns, row))
        judge(file, body->expect->pdata[i], &columns, row, header, verdicts->pdata[i]);
  }
  return status_worse(status, tell_verdicts(verdicts));
}

/* ---- what holds for want of flows ------------------------------------------------------------ */

/* Measures that are 0 where an event finds nothing to stop. */
static gboolean needs_flows(Measure measure) {
  return measure == MEASURE_OUTAGE || measure == MEASURE_SESSION_OUTAGE ||
         measure == MEASURE_FLOWS_INTERRUPTED || measure == MEASURE_SESSIONS_BROKEN ||
         measure == MEASURE_LOST_BYTES;
}

static void warn_if_idle(const ScenarioFile *file, const DesignExpect *expect,
                         const BatchCell *cell) {
  const char *variant = scenario_variant_meant(expect->variant.text);
  const guint event = (guint)expect->event;
  if (expect->reach->len > 0 || expect->survey != EXPECT_NO_SURVEY || !expect->has_at_most ||
      !needs_flows((Measure)expect->measure) || expect->event >= (gint64)cell->event_count ||
      strcmp(variant, cell->scenario->variant->name) != 0 ||
      (expect->model.text != NULL && strcmp(expect->model.text, cell->cloud->name) != 0))
    return;
  const Summary summary = batch_summary(cell, event, (Measure)expect->measure);
  g_autoptr(GArray) stops = stops_before(cell, event);
  const guint64 flows = batch_row(cell, 0, event)->flows;
  if (flows == 0 || count_stopped(stops) < flows || summary.n == 0 || !(summary.max <= 0))
    return;
  g_autoptr(GString) out = g_string_new(NULL);
  append_expect_place(out, &expect->head.mark, file);
  g_string_append_printf(out,
                         ": warning: this holds only because none of %" G_GUINT64_FORMAT
                         " flows arrived before event %u under %s",
                         flows, event, cell->cloud->name);
  if (!cell->scenario->variant->is_base)
    g_string_append_printf(out, ", variant %s", variant);
  g_string_append(out, " (");
  append_reasons(out, stops);
  g_string_append_c(out, ')');
  tell_line(out->str);
}

void warn_of_idle_expectations(const ScenarioFile *file, const Batch *batch) {
  const GPtrArray *expected = scenario_file_get(file, 0)->design->expect;
  for (guint i = 0; i < expected->len; i++)
    for (guint j = 0; j < batch_count(batch); j++)
      warn_if_idle(file, expected->pdata[i], batch_cell(batch, j));
}
