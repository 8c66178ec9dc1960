/* Expectations about a survey, judged by its rows as they are written. */
#include <math.h>
#include <string.h>

#include "routesim/fault/fault.h"
#include "routesim/metric/survey_measures.h"
#include "survey_private.h"

typedef struct {
  const ScenarioFile *file;
  const DesignExpect *expect;
  int column;
  Status status;
} Judge;

static gboolean is_excepted(const DesignExpect *expect, const SurveyLine *line) {
  for (guint i = 0; i < expect->except->len; i++) {
    const char *name = ((const NameRef *)expect->except->pdata[i])->text;
    if (strcmp(name, line->first) == 0 || g_strcmp0(name, line->second) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean is_about(const DesignExpect *expect, const SurveyLine *line) {
  return (expect->model.text == NULL || strcmp(expect->model.text, line->model) == 0) &&
         strcmp(scenario_variant_meant(expect->variant.text), line->variant) == 0 &&
         (expect->how.text == NULL || strcmp(expect->how.text, line->how) == 0) &&
         (expect->survey == EXPECT_SURVEY_PAIRS) == (line->second != NULL) &&
         !is_excepted(expect, line);
}

static void append_value(GString *out, const DesignExpect *expect, double value) {
  g_autoptr(GString) text = g_string_new(NULL);
  report_append_number(value, text);
  while (text->str[text->len - 1] == '0')
    g_string_truncate(text, text->len - 1);
  if (text->str[text->len - 1] == '.')
    g_string_truncate(text, text->len - 1);
  g_string_append_printf(out, "%s%s", text->str,
                         survey_measure_is_time((SurveyMeasure)expect->measure) ? " s" : "");
}

static void tell_broken(Judge *judge, const SurveyLine *line, double value, const char *words,
                        double bound) {
  const DesignExpect *expect = judge->expect;
  g_autoptr(GString) out = g_string_new(NULL);
  append_expect_place(out, &expect->head.mark, judge->file);
  g_string_append_printf(out, ": expect failed: %s of %s",
                         survey_measure_column((SurveyMeasure)expect->measure, expect->stat),
                         line->first);
  if (line->second != NULL)
    g_string_append_printf(out, ", then %s,", line->second);
  g_string_append_printf(out, " %s under %s", line->how, line->model);
  if (expect->variant.text != NULL)
    g_string_append_printf(out, ", variant %s,", expect->variant.text);
  g_string_append(out, " is ");
  if (isnan(value))
    g_string_append(out, expect->measure == SURVEY_OUTAGE ? "not over before it is restored"
                                                          : "empty: nobody notices");
  else
    append_value(out, expect, value);
  g_string_append_printf(out, ", %s ", words);
  append_value(out, expect, bound);
  tell_line(out->str);
  judge->status = STATUS_EXPECT;
}

/* An empty field of a time is one that was not over, or that nobody noticed: it lies above any
 * bound. What has no capacity has no load, and nothing to judge. */
static void judge_line(Judge *judge, const SurveyLine *line) {
  const DesignExpect *expect = judge->expect;
  const char *field = line->fields->pdata[judge->column];
  const gboolean known = field[0] != '\0';
  const double value = known ? g_ascii_strtod(field, NULL) : NAN;
  if (!known && !survey_measure_is_time((SurveyMeasure)expect->measure))
    return;
  if (expect->has_at_most && (!known || value > expect->at_most))
    tell_broken(judge, line, value, "at most", expect->at_most);
  if (expect->has_at_least && known && value < expect->at_least)
    tell_broken(judge, line, value, "at least", expect->at_least);
}

static int column_of(const DesignExpect *expect) {
  guint count;
  const Column *columns = survey_table_columns(SURVEY_TABLE_ROWS, &count);
  const char *name = survey_measure_column((SurveyMeasure)expect->measure, expect->stat);
  for (guint i = 0; i < count; i++)
    if (strcmp(columns[i].name, name) == 0)
      return (int)i;
  g_assert_not_reached();
}

static gboolean asks_for_pairs(const GPtrArray *found) {
  for (guint i = 0; i < found->len; i++)
    if (((const SurveyFound *)found->pdata[i])->pairs > 0)
      return TRUE;
  return FALSE;
}

static void tell_left(const ScenarioFile *file, const DesignExpect *expect, const char *why) {
  g_autoptr(GString) out = g_string_new(NULL);
  append_expect_place(out, &expect->head.mark, file);
  g_string_append_printf(out, ": note: not judged: %s", why);
  tell_line(out->str);
}

/* Nothing that was asked for is of its kind: then it is said, lest it seem to hold. */
static gboolean is_asked(const DesignExpect *expect, const GPtrArray *found) {
  for (guint i = 0; i < found->len; i++) {
    const GPtrArray *lines = ((const SurveyFound *)found->pdata[i])->lines;
    for (guint j = 0; expect->how.text != NULL && j < lines->len; j++)
      if (strcmp(expect->how.text, ((const SurveyLine *)lines->pdata[j])->how) == 0)
        return TRUE;
  }
  return expect->how.text == NULL;
}

static Status judge_one(const ScenarioFile *file, const DesignExpect *expect,
                        const GPtrArray *found) {
  Judge judge = {file, expect, column_of(expect), STATUS_DONE};
  if (expect->survey == EXPECT_SURVEY_PAIRS && !asks_for_pairs(found))
    tell_left(file, expect, "it is about pairs, which --pairs asks for");
  else if (!is_asked(expect, found))
    tell_left(file, expect, "nothing was failed in this way, which --how asks for");
  for (guint i = 0; i < found->len; i++) {
    const GPtrArray *lines = ((const SurveyFound *)found->pdata[i])->lines;
    for (guint j = 0; j < lines->len; j++)
      if (is_about(expect, lines->pdata[j]))
        judge_line(&judge, lines->pdata[j]);
  }
  return judge.status;
}

Status survey_judge(const ScenarioFile *file, const GPtrArray *found) {
  const GPtrArray *expected = scenario_file_get(file, 0)->design->expect;
  Status status = STATUS_DONE;
  for (guint i = 0; i < expected->len; i++) {
    const DesignExpect *expect = expected->pdata[i];
    if (expect->survey != EXPECT_NO_SURVEY)
      status = status_worse(status, judge_one(file, expect, found));
  }
  return status;
}

void tell_survey_expectations(const ScenarioFile *file) {
  const GPtrArray *expected = scenario_file_get(file, 0)->design->expect;
  for (guint i = 0; i < expected->len; i++) {
    const DesignExpect *expect = expected->pdata[i];
    if (expect->survey != EXPECT_NO_SURVEY)
      tell_left(file, expect, "it is about a survey: routesim survey judges it");
  }
}
