/* A survey: every element of every variant and model fails in turn, many runs each, over threads.
 *
 *     files x variants x models --> SurveyCell: cases (element, kind) x runs, one cell at a time
 *       a task of the pool: the next run, as a world at the moment of the failure
 *         each case fails from there, and leaves its row; then the world is brought back
 *           with pairs: the same again from where the first one has settled
 *     the rows of a cell --> SurveyOutcome: each failure over all runs, and the pairs to tell
 *
 * The elements are those that the model has (check/names.h), and a kind that makes no sense for one
 * is left out. Rows are kept by place, so the result depends on no number of threads. */
#pragma once
#include "routesim/batch/batch.h"
#include "routesim/run/survey.h"

/* All cases of one variant under one model. */
typedef struct {
  const Scenario *scenario;
  const CloudClass *cloud;
  guint64 seed;
  guint first_run, run_count;
  const SurveyCase *cases; /* by element's name, then kind */
  guint case_count, element_count;
} SurveyCell;

typedef struct {
  const BatchOptions *batch;   /* of which detail is left aside */
  const FaultKind *const *how; /* kinds, in their order ... */
  guint how_count;             /* ... at least one */
  gboolean pairs;              /* ordered pairs of the same kind, too */
} SurveyOptions;

typedef struct Survey Survey;

/* Nothing has run. The options and files are borrowed for as long as the survey. */
Survey *survey_new(ScenarioFile *const *files, guint count, const SurveyOptions *options);
void survey_free(Survey *survey);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Survey, survey_free)
/* In the order: file, variant, model. */
guint survey_count(const Survey *survey);
const SurveyCell *survey_cell(const Survey *survey, guint index);

/* Every run of the cell; the rows of another that ran before are gone. FALSE and a GError
 * (G_THREAD_ERROR) where the threads asked for cannot be had. */
gboolean survey_run(Survey *survey, guint index, GError **error);

/* The cell that ran last. */
const SurveyCell *survey_cell_run(const Survey *survey);
/* Of it: the rows of a case, by run. */
const SurveyRow *survey_rows(const Survey *survey, guint number);
/* The rows of a pair, by run; of a proven one those of `first` alone. NULL: no such pair. */
const SurveyRow *survey_pair(const Survey *survey, guint first, guint second);
/* The name of what has this address in the cell's worlds; NULL of IP_NONE. */
const char *survey_element(const Survey *survey, IpAddress address);

/* SurveyOutcome of the cell that ran last: all cases in their order, then the pairs that cost more
 * than both failures apart or whose second one mends, the worst first. Caller frees. */
GArray *survey_outcomes(const Survey *survey, SurveyTotals *totals);
