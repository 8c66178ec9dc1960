/* The measures of a survey, and where survey.csv has them. */
#include "routesim/metric/survey_measures.h"

const char *const survey_measure_names[] = {[SURVEY_DETECTED] = "detected",
                                            [SURVEY_OUTAGE] = "outage",
                                            [SURVEY_LOST_FOR_GOOD] = "lost_for_good_share",
                                            [SURVEY_FLOWS_INTERRUPTED] = "flows_interrupted_share",
                                            [SURVEY_SESSIONS_BROKEN] = "sessions_broken_share",
                                            [SURVEY_RETURN_SESSIONS_BROKEN] =
                                                "return_sessions_broken_share",
                                            [SURVEY_LOAD] = "load_most",
                                            NULL};

static const struct {
  SurveyMeasure measure;
  Statistic statistic;
  const char *column;
} columns[] = {
    /* Of each measure the usual one first. */
    {SURVEY_DETECTED, STATISTIC_P50, "detected_p50_s"},
    {SURVEY_OUTAGE, STATISTIC_P95, "outage_p95_s"},
    {SURVEY_OUTAGE, STATISTIC_P50, "outage_p50_s"},
    {SURVEY_LOST_FOR_GOOD, STATISTIC_MEAN, "lost_for_good_share"},
    {SURVEY_FLOWS_INTERRUPTED, STATISTIC_MEAN, "flows_interrupted_share"},
    {SURVEY_SESSIONS_BROKEN, STATISTIC_MEAN, "sessions_broken_share"},
    {SURVEY_RETURN_SESSIONS_BROKEN, STATISTIC_MEAN, "return_sessions_broken_share"},
    {SURVEY_LOAD, STATISTIC_MAX, "load_most"},
};

gboolean survey_measure_is_time(SurveyMeasure measure) { return measure <= SURVEY_OUTAGE; }

const char *survey_measure_column(SurveyMeasure measure, Statistic statistic) {
  const Statistic meant = statistic == STATISTIC_MEDIAN ? STATISTIC_P50 : statistic;
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
    if (columns[i].measure == measure && columns[i].statistic == meant)
      return columns[i].column;
  return NULL;
}

Statistic survey_measure_usual(SurveyMeasure measure) {
  guint place = 0;
  while (columns[place].measure != measure)
    place++;
  return columns[place].statistic;
}
