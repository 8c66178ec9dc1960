/* What `survey` prints and judges, of tables that are there (report/survey_rows.h). */
#pragma once
#include "results_private.h"
#include "routesim/report/survey_rows.h"

/* For people: a finding in a sentence for each SurveyFound, then the rankings. `kinds`: how many
 * kinds of failure were asked for. */
void survey_print(Report *report, const GPtrArray *found, guint kinds);
/* The same as a picture: elements by outage and by the share of flows lost for good. */
void survey_picture(GString *out, const Design *design, const GPtrArray *found, guint kinds);
/* The lines of single failures, the worst first; the caller's. */
GPtrArray *survey_ranked(const SurveyFound *found);
/* "azure", "aws, variant slow-timers". Caller frees. */
char *survey_name(const SurveyFound *found);
/* Nothing of it need be shown: no flow, session or load changes. */
gboolean survey_costs_nothing(const SurveyLine *line);
/* Every `expect` about a survey is judged by the rows; told are those that do not hold, and those
 * about pairs where no pair was asked for. */
Status survey_judge(const ScenarioFile *file, const GPtrArray *found);
