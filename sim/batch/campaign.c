/* All years of a campaign, and what they come to; see the header. */
#include "routesim/batch/campaign.h"

#include <math.h>
#include <string.h>

#include "routesim/batch/pool.h"
#include "routesim/check/names.h"

#define MINUTE 60.0

/* Of the years of a cell that have ended, in whatever order (Welford). */
typedef struct {
  guint years;
  double mean, squares;
} SoFar;

struct Campaign {
  Arena *arena;
  GPtrArray *cells; /* CampaignCell * */
  const BatchOptions *options;
  CampaignMethod method;
  guint first, count; /* the cells that run */
  GMutex lock;        /* of `so_far`, by cell */
  SoFar *so_far;
};

/* ---- sources ------------------------------------------------------------------------ */

typedef struct {
  Campaign *campaign;
  const CheckNames *names;
  const GPtrArray *elements;
  const DesignFailure *failure;
  GArray *sources;
} Sources;

static void add_source(const Sources *to, const char *name, GPtrArray *targets,
                       gboolean is_maintenance) {
  const CampaignSource source = {name, to->failure, (const char *const *)targets->pdata,
                                 targets->len, is_maintenance};
  g_array_append_val(to->sources, source);
}

static GPtrArray *matched(const Sources *to, const char *pattern) {
  GPtrArray *targets = arena_ptr_array(to->campaign->arena);
  check_names_match(to->names, to->elements, pattern, targets);
  return targets;
}

static void add_each(const Sources *to, const GPtrArray *targets) {
  for (guint i = 0; i < targets->len; i++) {
    GPtrArray *one = arena_ptr_array(to->campaign->arena);
    g_ptr_array_add(one, targets->pdata[i]);
    add_source(to, targets->pdata[i], one, FALSE);
  }
}

static void add_together(const Sources *to) {
  const DesignFailure *failure = to->failure;
  GPtrArray *targets = arena_ptr_array(to->campaign->arena);
  g_autoptr(GString) name = g_string_new(NULL);
  for (guint i = 0; i < failure->together->len; i++) {
    const char *target = ((const NameRef *)failure->together->pdata[i])->text;
    check_names_match(to->names, to->elements, target, targets);
    g_string_append_printf(name, "%s%s", i > 0 ? "+" : "", target);
  }
  if (targets->len > 0)
    add_source(to, arena_strdup(to->campaign->arena, name->str), targets, FALSE);
}

static void add_failure(const Sources *to) {
  const DesignFailure *failure = to->failure;
  const gboolean fails = failure->mttr.given;
  if (fails && failure->together->len > 0)
    add_together(to);
  if (failure->target.text == NULL)
    return;
  GPtrArray *targets = matched(to, failure->target.text);
  if (fails)
    add_each(to, targets);
  if (failure->maintenance != NULL && targets->len > 0)
    add_source(to, failure->target.text, targets, TRUE);
}

/* ---- cells -------------------------------------------------------------------------- */

static void add_cell(Campaign *campaign, const Scenario *scenario, const CloudClass *cloud) {
  const BatchOptions *batch = campaign->options;
  const Design *design = scenario->design;
  Sources sources = {.campaign = campaign,
                     .names = check_names_new(campaign->arena, design, cloud),
                     .sources = arena_growing_array(campaign->arena, sizeof(CampaignSource))};
  sources.elements = check_names_elements(sources.names);
  for (guint i = 0; i < design->failures->len; i++) {
    sources.failure = design->failures->pdata[i];
    add_failure(&sources);
  }
  CampaignCell *cell = arena_new0(campaign->arena, CampaignCell);
  *cell = (CampaignCell){.scenario = scenario,
                         .cloud = cloud,
                         .seed = batch->seed_given ? batch->seed : (guint64)design->seed,
                         .first_year = batch->only_run_given ? batch->only_run : 0,
                         .year_count = batch->only_run_given ? 1 : batch->runs,
                         .plan = {(const CampaignSource *)sources.sources->data,
                                  sources.sources->len, campaign->method}};
  g_ptr_array_add(campaign->cells, cell);
}

static void add_file(Campaign *campaign, const ScenarioFile *file) {
  const CloudClass *only = campaign->options->model;
  for (guint i = 0; i < cloud_count(); i++)
    for (guint variant = 0; variant < scenario_file_count(file); variant++) {
      const Scenario *scenario = scenario_file_get(file, variant);
      if (scenario->design->models[i] && (only == NULL || only == cloud_at(i)))
        add_cell(campaign, scenario, cloud_at(i));
    }
}

Campaign *campaign_new(ScenarioFile *const *files, guint count, CampaignMethod method,
                       const BatchOptions *options) {
  Campaign *campaign = g_new0(Campaign, 1);
  campaign->arena = arena_new();
  campaign->cells = g_ptr_array_new();
  campaign->options = options;
  campaign->method = method;
  for (guint i = 0; i < count; i++)
    add_file(campaign, files[i]);
  g_mutex_init(&campaign->lock);
  campaign->so_far = arena_array(campaign->arena, SoFar, campaign->cells->len + 1);
  return campaign;
}

static void forget_years(const CampaignCell *cell) {
  for (guint i = 0; cell->years != NULL && i < cell->year_count; i++)
    g_free(cell->years[i].causes);
  g_free(cell->years);
}

void campaign_free(Campaign *campaign) {
  if (campaign == NULL)
    return;
  for (guint i = 0; i < campaign->cells->len; i++)
    forget_years(campaign->cells->pdata[i]);
  g_ptr_array_unref(campaign->cells);
  g_mutex_clear(&campaign->lock);
  arena_free(campaign->arena);
  g_free(campaign);
}

guint campaign_count(const Campaign *campaign) { return campaign->cells->len; }

const CampaignCell *campaign_cell(const Campaign *campaign, guint index) {
  g_assert(index < campaign->cells->len);
  return campaign->cells->pdata[index];
}

/* ---- years -------------------------------------------------------------------------- */

static void count_in(Campaign *campaign, guint index, double minutes) {
  g_mutex_lock(&campaign->lock);
  SoFar *so_far = &campaign->so_far[index];
  const double before = minutes - so_far->mean;
  so_far->mean += before / ++so_far->years;
  so_far->squares += before * (minutes - so_far->mean);
  g_mutex_unlock(&campaign->lock);
}

double campaign_width_so_far(Campaign *campaign) {
  double widest = 0;
  g_mutex_lock(&campaign->lock);
  for (guint i = campaign->first; i < campaign->first + campaign->count && !isnan(widest); i++) {
    const SoFar *so_far = &campaign->so_far[i];
    const double width = 2 * mean_uncertainty(so_far->years, so_far->squares);
    widest = width <= widest ? widest : width;
  }
  g_mutex_unlock(&campaign->lock);
  return widest;
}

static void do_year(gpointer data, guint64 number) {
  Campaign *campaign = data;
  const BatchOptions *batch = campaign->options;
  guint index = campaign->first;
  while (number >= campaign_cell(campaign, index)->year_count)
    number -= campaign_cell(campaign, index++)->year_count;
  const CampaignCell *cell = campaign_cell(campaign, index);
  const RunOptions options = {.seed = cell->seed,
                              .run = cell->first_year + (guint)number,
                              .liveness_given = TRUE,
                              .liveness = batch->liveness_given ? batch->liveness : LIVENESS_LAZY};
  cell->years[number] = campaign_year(cell->scenario->design, cell->cloud, &options, &cell->plan);
  count_in(campaign, index, cell->years[number].weighted / MINUTE);
}

gboolean campaign_run(Campaign *campaign, guint first, guint count, GError **error) {
  const BatchOptions *batch = campaign->options;
  PoolWork work = {.jobs = batch->jobs,
                   .task = do_year,
                   .data = campaign,
                   .progress = batch->progress,
                   .progress_data = batch->progress_data};
  campaign->first = first;
  campaign->count = count;
  for (guint i = first; i < first + count; i++) {
    CampaignCell *cell = campaign->cells->pdata[i];
    cell->years = g_new0(CampaignYear, cell->year_count);
    work.tasks += cell->year_count;
  }
  return pool_run(&work, error);
}

/* ---- estimates ---------------------------------------------------------------------- */

static const struct {
  const char *name, *unit;
} measures[CAMPAIGN_MEASURE_COUNT] = {
    [CAMPAIGN_DOWNTIME_ANY] = {"downtime_any", "min"},
    [CAMPAIGN_DOWNTIME_WEIGHTED] = {"downtime_weighted", "min"},
    [CAMPAIGN_DOWNTIME_ALL] = {"downtime_all", "min"},
    [CAMPAIGN_AVAILABILITY] = {"availability", "share"},
    [CAMPAIGN_NINES] = {"nines", "nines"},
    [CAMPAIGN_FAILURES] = {"failures", "failures"},
    [CAMPAIGN_SESSIONS_BROKEN] = {"sessions_broken", "sessions"},
    [CAMPAIGN_WORST_OUTAGE] = {"worst_outage", "s"},
};

const char *campaign_measure_name(CampaignMeasure measure) { return measures[measure].name; }
const char *campaign_measure_unit(CampaignMeasure measure) { return measures[measure].unit; }

static double value_of(const CampaignYear *year, CampaignMeasure measure) {
  switch (measure) {
  case CAMPAIGN_DOWNTIME_ANY:
    return year->any / MINUTE;
  case CAMPAIGN_DOWNTIME_WEIGHTED:
  case CAMPAIGN_AVAILABILITY:
  case CAMPAIGN_NINES:
    return year->weighted / MINUTE;
  case CAMPAIGN_DOWNTIME_ALL:
    return year->all / MINUTE;
  case CAMPAIGN_FAILURES:
    return year->failures;
  case CAMPAIGN_SESSIONS_BROKEN:
    return year->sessions_broken;
  case CAMPAIGN_WORST_OUTAGE:
    return year->worst;
  case CAMPAIGN_MEASURE_COUNT:
    break;
  }
  g_assert_not_reached();
}

static CampaignEstimate mean_of(const double *values, guint count) {
  const Interval interval = mean_interval(values, count);
  double sum = 0;
  for (guint i = 0; i < count; i++)
    sum += values[i];
  return (CampaignEstimate){sum / count, interval.low, interval.high};
}

static double availability_of(double minutes) { return 1 - minutes / CAMPAIGN_MINUTES; }

/* Never down is more nines than can be told. */
static double nines_of(double minutes) {
  return minutes > 0 ? -log10(minutes / CAMPAIGN_MINUTES) : NAN;
}

static CampaignEstimate turned(CampaignEstimate downtime, double (*turn)(double minutes)) {
  return (CampaignEstimate){turn(downtime.estimate), turn(downtime.high), turn(downtime.low)};
}

CampaignEstimate campaign_estimate(const CampaignCell *cell, CampaignMeasure measure) {
  g_autofree double *values = g_new(double, cell->year_count);
  for (guint i = 0; i < cell->year_count; i++)
    values[i] = value_of(&cell->years[i], measure);
  CampaignEstimate estimate = mean_of(values, cell->year_count);
  estimate.low = fmax(estimate.low, 0); /* NaN where nothing is known would become 0 */
  if (cell->year_count < 2)
    estimate.low = NAN;
  return measure == CAMPAIGN_AVAILABILITY ? turned(estimate, availability_of)
         : measure == CAMPAIGN_NINES      ? turned(estimate, nines_of)
                                          : estimate;
}

CampaignEstimate campaign_difference(const CampaignCell *cell, const CampaignCell *base) {
  g_autofree double *values = g_new(double, cell->year_count);
  g_assert(cell->year_count == base->year_count);
  for (guint i = 0; i < cell->year_count; i++)
    values[i] = value_of(&cell->years[i], CAMPAIGN_DOWNTIME_WEIGHTED) -
                value_of(&base->years[i], CAMPAIGN_DOWNTIME_WEIGHTED);
  return mean_of(values, cell->year_count);
}

/* ---- causes ------------------------------------------------------------------------- */

static int compare_causes(gconstpointer a, gconstpointer b) {
  const CampaignCause *left = a, *right = b;
  int order = (left->weighted < right->weighted) - (left->weighted > right->weighted);
  if (order == 0)
    order = (left->source > right->source) - (left->source < right->source);
  if (order == 0)
    order = strcmp(left->how->name, right->how->name);
  return order != 0 ? order : (left->other > right->other) - (left->other < right->other);
}

static void add_cause(GArray *causes, const CampaignCause *cause) {
  for (guint i = 0; i < causes->len; i++) {
    CampaignCause *known = &g_array_index(causes, CampaignCause, i);
    if (known->source == cause->source && known->how == cause->how &&
        known->other == cause->other) {
      known->weighted += cause->weighted;
      return;
    }
  }
  g_array_append_vals(causes, cause, 1);
}

/* The most downtime first. */
GArray *campaign_causes(const CampaignCell *cell) {
  GArray *causes = g_array_new(FALSE, FALSE, sizeof(CampaignCause));
  for (guint i = 0; i < cell->year_count; i++)
    for (guint j = 0; j < cell->years[i].cause_count; j++)
      add_cause(causes, &cell->years[i].causes[j]);
  g_array_sort(causes, compare_causes);
  return causes;
}
