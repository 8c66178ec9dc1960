/* Failing things and waiting until the network has settled; see the header. */
#include "routesim/run/survey.h"

#include "routesim/base/random.h"
#include "run_private.h"
#include "survey_private.h"

/* What did not change for so long has settled; what still changes after a day does not. */
#define QUIET (600 * SIM_SECOND)
#define LONGEST (86400 * SIM_SECOND)
/* Where even the whole network never settles, as with timers that cannot agree, nobody waits a day
 * for each failure. */
#define LONGEST_UNSETTLED (3600 * SIM_SECOND)
/* A failure comes at a random phase of whatever goes on, from so long on after the start. */
#define START (60 * SIM_SECOND)
#define PHASE_SPAN (60 * SIM_SECOND)
#define MOST_STEPS 4 /* two failures, and their ends */

/* ---- one run ------------------------------------------------------------------------------ */

/* The design as the survey takes it: no events of its own, and time enough. */
static const Design *design_for_survey(Arena *arena, const Design *design) {
  Design *own = arena_new0(arena, Design);
  *own = *design;
  own->events = arena_ptr_array(arena);
  own->probes = arena_ptr_array(arena);
  own->cold_start = FALSE;
  own->duration.law =
      distribution_constant(sim_time_ns(START + PHASE_SPAN + MOST_STEPS * (LONGEST + QUIET)));
  return own;
}

static SimTime phase_of(const RunOptions *options) {
  RandomStream stream = random_stream(options->seed, options->run, "survey/phase");
  return sim_time_ns(START + (gint64)(random_uniform(&stream) * PHASE_SPAN));
}

static void add_case(SurveyWorld *survey, const SurveyCase *one) {
  World *world = survey->world;
  const DesignEvent *failure = scenario_event(survey->arena, EVENT_FAIL, one->target, one->how);
  const guint number = survey->failures->len;
  const DesignEvent *restoration = scenario_event(survey->arena, EVENT_RESTORE, one->target, NULL);
  g_ptr_array_add(survey->failures, run_event_new(world, 2 * number, failure));
  g_ptr_array_add(survey->restorations, run_event_new(world, 2 * number + 1, restoration));
}

/* Runs until nothing has changed for a while and nobody waits; FALSE: that never came. */
static gboolean settle(const World *world, gint64 longest) {
  Engine *engine = world->engine;
  const SimTime last = sim_time_add(engine_now(engine), sim_time_ns(longest));
  while (engine_now(engine).ns < last.ns) {
    g_autoptr(GArray) waits = engine_waits(engine);
    const guint records = engine_record_count(engine);
    engine_run(engine, sim_time_add(engine_now(engine), sim_time_ns(QUIET)));
    if (engine_record_count(engine) == records && !engine_still_waits(engine, waits))
      return TRUE;
  }
  return FALSE;
}

static gint64 longest_of(SurveyWorld *survey) {
  g_autoptr(ArenaMark) healthy = arena_mark(survey->arena);
  const gboolean settles = settle(survey->world, LONGEST_UNSETTLED);
  arena_return_to(survey->arena, healthy);
  return settles ? LONGEST : LONGEST_UNSETTLED;
}

SurveyWorld *survey_world_new(const Design *design, const CloudClass *cloud,
                              const RunOptions *options, const SurveyCase *cases, guint count) {
  Arena *arena = arena_new();
  SurveyWorld *survey = arena_new0(arena, SurveyWorld);
  survey->arena = arena;
  survey->options = *options;
  survey->settled = TRUE;
  survey->failures = arena_ptr_array(arena);
  survey->restorations = arena_ptr_array(arena);
  survey->world = world_new(arena, design_for_survey(arena, design), cloud, &survey->options);
  for (guint i = 0; i < count; i++)
    add_case(survey, &cases[i]);
  engine_seal(survey->world->engine);
  traffic_begin(survey->world->traffic);
  survey->at = phase_of(options);
  engine_run(survey->world->engine, survey->at);
  survey->longest = longest_of(survey);
  return survey;
}

void survey_world_free(SurveyWorld *survey) {
  if (survey != NULL)
    arena_free(survey->arena);
}

const char *survey_world_element(const SurveyWorld *survey, IpAddress load_at) {
  return load_at.family == IP_NONE
             ? NULL
             : element_name(fabric_element_at(survey->world->fabric, load_at));
}

static void let_happen(SurveyWorld *survey, WorldEvent *event) {
  const World *world = survey->world;
  run_event_at(event, engine_now(world->engine));
  survey->settled &= settle(world, survey->longest);
}

void survey_fail(SurveyWorld *survey, guint number) {
  const World *world = survey->world;
  let_happen(survey, survey->failures->pdata[number]);
  survey->lost = traffic_stopped(world->traffic, survey->at);
  const Element *busiest = traffic_busiest(world->traffic, &survey->load);
  survey->load_at = busiest != NULL ? element_address(busiest) : (IpAddress){.family = IP_NONE};
}

static void survey_restore(SurveyWorld *survey, guint number) {
  let_happen(survey, survey->restorations->pdata[number]);
}

/* What all failures did, of which a flow may have met several: it counts once. */
static void add_measures(const SurveyWorld *survey, const RunResult *result, SurveyRow *row) {
  RecordId failures[MOST_STEPS];
  guint count = 0;
  for (guint i = 0; i < result->row_count; i++) {
    const WorldEvent *event = survey->world->events->pdata[i];
    const MetricRow *measures = &result->rows[i];
    row->flows = measures->flows;
    if (event->config->action == EVENT_RESTORE || measures->never_happened)
      continue;
    g_assert(count < MOST_STEPS);
    failures[count++] = event->record;
    row->detected = measures->detected;
    row->outage = sim_time_max(row->outage, measures->outage);
    row->gone += measures->flows_gone;
  }
  const FlowsHit hit = traffic_hit_by(survey->world->traffic, failures, count);
  row->interrupted = hit.interrupted;
  row->sessions_broken = hit.broken;
  if (row->lost > 0)
    row->outage = SIM_TIME_NEVER;
}

static RunResult end_run(SurveyWorld *survey) {
  World *world = survey->world;
  RunResult result = {.arena = survey->arena};
  traffic_mark(world->traffic, world->last_event);
  traffic_end(world->traffic);
  run_fold(world, &result);
  return result;
}

/* By all that happened, as often as it did. */
static guint64 count_broken(const RunResult *result) {
  guint64 broken = 0;
  for (guint i = 0; i < result->row_count; i++)
    broken += result->rows[i].sessions_broken;
  return broken;
}

/* Returns how many sessions all that happened broke. */
static guint64 finish(SurveyWorld *survey, SurveyRow *row) {
  const RunResult result = end_run(survey);
  *row = (SurveyRow){.settled = survey->settled,
                     .at = survey->at,
                     .lost = survey->lost,
                     .load = survey->load,
                     .load_at = survey->load_at};
  add_measures(survey, &result, row);
  return count_broken(&result);
}

void survey_finish(SurveyWorld *survey, SurveyRow *row) { finish(survey, row); }

SurveyMark *survey_mark(SurveyWorld *survey) { return arena_mark(survey->arena); }

void survey_return_to(SurveyWorld *survey, const SurveyMark *mark) {
  arena_return_to(survey->arena, mark);
}

void survey_mark_free(SurveyMark *mark) { arena_mark_free(mark); }

void survey_return(SurveyWorld *survey, guint number, SurveyRow *row) {
  SurveyMark *settled = survey_mark(survey);
  const guint64 broken = finish(survey, row);
  survey_return_to(survey, settled);
  survey_restore(survey, number);
  const RunResult back = end_run(survey);
  row->returning_broken = count_broken(&back) - broken;
  row->settled = survey->settled;
  survey_mark_free(settled);
}

/* ---- over runs ---------------------------------------------------------------------------- */

static Summary times_of(const SurveyRow *rows, guint count,
                        SimTime (*time_of)(const SurveyRow *row), gboolean never_is_censored) {
  g_autofree double *values = g_new(double, count);
  guint known = 0, never = 0;
  for (guint i = 0; i < count; i++) {
    const SimTime time = time_of(&rows[i]);
    if (sim_time_is_never(time))
      never++;
    else
      values[known++] = sim_time_seconds(time);
  }
  return summary_of(values, known, never_is_censored ? never : 0, count);
}

static SimTime detected_of(const SurveyRow *row) { return row->detected; }
static SimTime outage_of(const SurveyRow *row) { return row->outage; }

static void add_share(double *mean, guint64 some, const SurveyRow *row, guint runs) {
  if (row->flows > row->gone)
    *mean += (double)some / (double)(row->flows - row->gone) / runs;
}

SurveySummary survey_summary(const SurveyRow *rows, guint count) {
  SurveySummary summary = {.detected = times_of(rows, count, detected_of, FALSE),
                           .outage = times_of(rows, count, outage_of, TRUE)};
  for (guint i = 0; i < count; i++) {
    const SurveyRow *row = &rows[i];
    add_share(&summary.lost, row->lost, row, count);
    add_share(&summary.interrupted, row->interrupted, row, count);
    add_share(&summary.sessions_broken, row->sessions_broken, row, count);
    add_share(&summary.returning_broken, row->returning_broken, row, count);
    summary.lost_of_all += row->flows > 0 ? (double)row->lost / (double)row->flows / count : 0;
    summary.gone += row->flows > 0 ? (double)row->gone / (double)row->flows / count : 0;
    summary.losing += row->lost > 0;
    summary.unsettled += !row->settled;
    if (row->load_at.family != IP_NONE &&
        (summary.load_at.family == IP_NONE || row->load > summary.load)) {
      summary.load = row->load;
      summary.load_at = row->load_at;
    }
  }
  return summary;
}
