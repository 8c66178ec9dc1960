/* What a survey measures of a failure, over its runs: the columns of survey.csv that an expectation
 * may be about. Their meanings stand with the columns (report/survey_rows.h). */
#pragma once
#include "routesim/base/statistics.h"

typedef enum {
  SURVEY_DETECTED,
  SURVEY_OUTAGE,
  SURVEY_LOST_FOR_GOOD,
  SURVEY_FLOWS_INTERRUPTED,
  SURVEY_SESSIONS_BROKEN,
  SURVEY_RETURN_SESSIONS_BROKEN,
  SURVEY_LOAD,
  SURVEY_MEASURE_COUNT
} SurveyMeasure;

/* "outage", "lost_for_good_share"; in their order, NULL-terminated. */
extern const char *const survey_measure_names[];
/* Seconds; else a share, or a load over a capacity. */
gboolean survey_measure_is_time(SurveyMeasure measure);
/* The column that has this statistic; NULL: a survey does not tell it. */
const char *survey_measure_column(SurveyMeasure measure, Statistic statistic);
/* The one that is meant where none is said: the highest that there is. */
Statistic survey_measure_usual(SurveyMeasure measure);
