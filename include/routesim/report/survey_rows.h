/* survey.csv: a row for each failure of a survey, over all its runs; and survey_totals.csv: how
 * much was asked of each variant and model. What is written is also what is read back: commands
 * print and judge by these rows, so that a survey that went on where a killed one stopped says the
 * same. */
#pragma once
#include "routesim/report/rows.h"
#include "routesim/run/survey.h"

typedef enum { SURVEY_TABLE_ROWS, SURVEY_TABLE_TOTALS } SurveyTable;
#define SURVEY_TABLE_COUNT 2

/* "survey": its file is NAME.csv. */
const char *survey_table_name(SurveyTable table);
/* Column, in their order, each with its meaning. */
const Column *survey_table_columns(SurveyTable table, guint *count);
void survey_table_begin(Report *report, SurveyTable table);
/* The run of `key` does not matter. `load_at`: the name of the summary's element. */
void survey_rows_add(Report *report, const RowKey *key, guint runs, const SurveyOutcome *outcome,
                     const char *load_at);
void survey_totals_add(Report *report, const RowKey *key, guint elements, guint failures,
                       const SurveyTotals *totals);

/* A row of survey.csv. Shares are of flows; NaN where the field is empty. */
typedef struct {
  const char *scenario, *model, *variant, *first, *how;
  const char *second; /* NULL: one failure alone */
  guint runs, losing, unsettled;
  double outage_p50, outage_p95; /* seconds; NaN: not over */
  double lost, interrupted, sessions_broken, returning_broken, gone;
  double load;
  const GPtrArray *fields; /* as written: char *, in the order of the columns */
} SurveyLine;
/* Those of one variant under one model, in the order of the table. */
typedef struct {
  const char *scenario, *model, *variant;
  guint elements, failures, pairs;
  guint64 runs_made, runs_proven; /* of pairs */
  GPtrArray *lines;               /* SurveyLine * */
} SurveyFound;
/* What both tables say: SurveyFound * in their order, all the arena's. */
GPtrArray *survey_tables_read(Arena *arena, const char *rows, const char *totals);
