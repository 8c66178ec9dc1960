/* Checks of expectations about a survey. */
#include <string.h>

#include "check_private.h"
#include "routesim/fault/fault.h"
#include "routesim/metric/survey_measures.h"

static gboolean has_key(const DesignExpect *expect, const char *key) {
  return node_get(expect->head.node, key) != NULL;
}

static void check_how(DesignCheck *check, const NameRef *how) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  if (how->text == NULL || fault_kind_find(how->text) != NULL)
    return;
  for (guint i = 0; i < fault_kind_count(); i++)
    g_ptr_array_add(names, (gpointer)fault_kind_at(i)->name);
  tell_unknown(check, "kind of failure", how, names);
}

static void check_statistic(DesignCheck *check, const DesignExpect *expect) {
  const SurveyMeasure measure = (SurveyMeasure)expect->measure;
  g_autoptr(GString) there = g_string_new(NULL);
  if (survey_measure_column(measure, expect->stat) != NULL)
    return;
  for (guint i = 0; summary_statistics[i] != NULL; i++)
    if (i != STATISTIC_MEDIAN && survey_measure_column(measure, (Statistic)i) != NULL)
      g_string_append_printf(there, "%s%s", there->len > 0 ? " or " : "", summary_statistics[i]);
  tell_error(check, expect->head.mark, "a survey tells no %s of %s: `stat` is %s",
             summary_statistics[expect->stat], survey_measure_names[measure], there->str);
}

gboolean check_survey(DesignCheck *check, const DesignExpect *expect) {
  static const char *const of_survey[] = {"how", "except"};
  static const char *const of_others[] = {"event", "reach", "is", "at"};
  const BlockHead *head = &expect->head;
  if (expect->survey == EXPECT_NO_SURVEY) {
    for (guint i = 0; i < G_N_ELEMENTS(of_survey); i++)
      if (has_key(expect, of_survey[i]))
        tell_error(check, head->mark, "`%s` belongs to an expectation with `survey`", of_survey[i]);
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS(of_others); i++)
    if (has_key(expect, of_others[i]))
      tell_error(check, head->mark, "`%s` has no meaning beside `survey`", of_others[i]);
  check_how(check, &expect->how);
  if (!has_key(expect, "measure"))
    tell_error(check, head->mark, "an expectation about a survey has a `measure`");
  else if (keys_sound(head, "measure") && keys_sound(head, "stat"))
    check_statistic(check, expect);
  return TRUE;
}
