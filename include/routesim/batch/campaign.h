/* A campaign: many years of random failures, of every variant under every model, over threads.
 *
 *     files x models x variants --> CampaignCell: sources (run/campaign.h) x years
 *       a task of the pool: one year of one cell
 *     the years of a cell --> CampaignEstimate: a mean with its interval, for each measure
 *     the years of a cell and of base --> the difference, year by year, with its own interval
 *
 * Years are independent of each other, so that a mean of them has Student's interval; variants
 * share their luck, so that most of it is not in their difference. Years are kept by place: the
 * result depends on no number of threads. */
#pragma once
#include "routesim/batch/batch.h"
#include "routesim/run/campaign.h"

typedef struct {
  const Scenario *scenario;
  const CloudClass *cloud;
  guint64 seed;
  guint first_year, year_count;
  CampaignPlan plan;
  CampaignYear *years; /* NULL: it has not run */
} CampaignCell;

typedef struct Campaign Campaign;

#define CAMPAIGN_LEVEL INTERVAL_LEVEL

/* Of each variant that has `failures`; nothing has run. The options (of which runs are years) and
 * files are borrowed for as long as the campaign. */
Campaign *campaign_new(ScenarioFile *const *files, guint count, CampaignMethod method,
                       const BatchOptions *options);
void campaign_free(Campaign *campaign);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Campaign, campaign_free)
/* In the order: file, model, variant. */
guint campaign_count(const Campaign *campaign);
const CampaignCell *campaign_cell(const Campaign *campaign, guint index);
/* Every year of the cells of one file and model: `count` of them from `first` on. FALSE and a
 * GError (G_THREAD_ERROR) where the threads asked for cannot be had. */
gboolean campaign_run(Campaign *campaign, guint first, guint count, GError **error);
/* For whoever watches it run, from its progress function or after it: how wide the interval of
 * downtime_weighted is by the years that have ended so far, in minutes, of the cell where it is the
 * widest; NaN where one has ended fewer than two. The order in which years end shows in the last
 * digits: results are campaign_estimate()'s. */
double campaign_width_so_far(Campaign *campaign);

typedef enum {
  CAMPAIGN_DOWNTIME_ANY,
  CAMPAIGN_DOWNTIME_WEIGHTED,
  CAMPAIGN_DOWNTIME_ALL,
  CAMPAIGN_AVAILABILITY,
  CAMPAIGN_NINES,
  CAMPAIGN_FAILURES,
  CAMPAIGN_SESSIONS_BROKEN,
  CAMPAIGN_WORST_OUTAGE,
  CAMPAIGN_MEASURE_COUNT
} CampaignMeasure;

/* In a year; NaN where it is not known. */
typedef struct {
  double estimate, low, high; /* the interval holds the true mean with CAMPAIGN_LEVEL */
} CampaignEstimate;
const char *campaign_measure_name(CampaignMeasure measure);
const char *campaign_measure_unit(CampaignMeasure measure);
CampaignEstimate campaign_estimate(const CampaignCell *cell, CampaignMeasure measure);
/* The weighted downtime of a cell less that of another with the same years. */
CampaignEstimate campaign_difference(const CampaignCell *cell, const CampaignCell *base);
/* Causes of all years, by source, kind and other; `weighted` is the sum. Caller frees. */
GArray *campaign_causes(const CampaignCell *cell);
