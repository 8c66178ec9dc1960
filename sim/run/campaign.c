/* The run of a year, and the downtime in it; see the header. */
#include "routesim/run/campaign.h"

#include <math.h>
#include <string.h>

#include "campaign_private.h"
#include "routesim/fault/fault.h"
#include "run_private.h"

static GPtrArray *events_of(Arena *arena, const GArray *moments) {
  GPtrArray *events = arena_ptr_array(arena);
  for (guint i = 0; i < moments->len; i++) {
    const Moment *moment = &g_array_index(moments, Moment, i);
    DesignEvent *event = arena_new0(arena, DesignEvent);
    *event =
        *scenario_event(arena, moment->begins ? EVENT_FAIL : EVENT_RESTORE,
                        arena_strdup(arena, moment->target), moment->begins ? moment->how : NULL);
    event->at.law = distribution_constant(sim_time_ns(moment->at));
    event->flap = i;
    g_ptr_array_add(events, event);
  }
  return events;
}

GPtrArray *campaign_events(Arena *arena, const RunOptions *options, const CampaignPlan *plan) {
  GArray *years = campaign_draw_year(options, plan);
  GPtrArray *events = events_of(arena, g_array_index(years, YearDraw, 0).moments);
  campaign_draw_free(years);
  return events;
}

/* ---- downtime ----------------------------------------------------------------------------------
 */

/* Some flows begin not to pass, or pass again. */
typedef struct {
  guint period;
  gint64 at;
  gint64 flows; /* below 0: they pass again */
} Turn;

typedef struct {
  const World *world;
  const GArray *moments, *weights; /* see YearDraw */
  GArray *turns;                   /* Turn */
  GArray *causes;                  /* CampaignCause, of all that was read */
  double all_weights;
  CampaignYear year;
} Reading;

static const DesignTraffic *traffic_named(const Design *design, const char *name) {
  return design_find(design->traffic, name);
}

/* What one flow of a traffic counts. */
static double weight_of(const Design *design, const DesignTraffic *traffic) {
  gint64 rate = 0;
  for (guint i = 0; i < design->traffic->len; i++)
    rate += ((const DesignTraffic *)design->traffic->pdata[i])->rate;
  return rate == 0 ? 1 : (double)traffic->rate / (double)traffic->flows;
}

/* The source that was down at that moment beside this one: of several the one since longest. */
static gint64 other_down(const Reading *reading, guint source, gint64 at) {
  for (guint i = 0; i < reading->moments->len; i++) {
    const Moment *begin = &g_array_index(reading->moments, Moment, i);
    if (begin->at > at)
      break;
    if (begin->begins && begin->source != source && begin->over_at > at)
      return begin->source;
  }
  return -1;
}

static void add_cause(Reading *reading, const CampaignCause *cause) {
  for (guint i = 0; i < reading->causes->len; i++) {
    CampaignCause *known = &g_array_index(reading->causes, CampaignCause, i);
    if (known->source == cause->source && known->how == cause->how &&
        known->other == cause->other) {
      known->weighted += cause->weighted;
      return;
    }
  }
  g_array_append_vals(reading->causes, cause, 1);
}

/* What the record goes back to; NULL: to nobody, as with flows that never passed. */
static const Moment *moment_of(const Reading *reading, RecordId id) {
  const Engine *engine = reading->world->engine;
  const RecordId root = id != 0 ? engine_record_root(engine, id) : 0;
  if (root == 0 || engine_record_get(engine, root)->kind != &FAULT_EVENT)
    return NULL;
  return &g_array_index(reading->moments, Moment, (guint)engine_record_get(engine, root)->value);
}

static double weight_at(const Reading *reading, guint period) {
  return g_array_index(reading->weights, double, period);
}

static void note_interruption(Reading *reading, const TraceRecord *record) {
  const FlowInterruption *over = record->detail;
  const Moment *moment = moment_of(reading, over->down);
  if (moment == NULL)
    return;
  const double lasted = sim_time_seconds(sim_time_sub(record->at, over->since));
  const double weight = weight_at(reading, moment->period);
  const Turn turns[] = {{moment->period, over->since.ns, record->value},
                        {moment->period, record->at.ns, -record->value}};
  const Design *design = reading->world->design;
  const CampaignCause cause = {
      moment->source, moment->how, other_down(reading, moment->source, over->since.ns),
      weight * lasted * (double)record->value *
          weight_of(design, traffic_named(design, record->subject)) / reading->all_weights};
  g_array_append_vals(reading->turns, turns, G_N_ELEMENTS(turns));
  add_cause(reading, &cause);
  reading->year.weighted += cause.weighted;
  reading->year.worst = MAX(reading->year.worst, lasted);
}

static int compare_turns(gconstpointer a, gconstpointer b) {
  const Turn *left = a, *right = b;
  const int order = (left->period > right->period) - (left->period < right->period);
  return order != 0 ? order : (left->at > right->at) - (left->at < right->at);
}

static void integrate(Reading *reading, gint64 flows) {
  gint64 down = 0, since = 0;
  g_array_sort(reading->turns, compare_turns);
  for (guint i = 0; i < reading->turns->len; i++) {
    const Turn *turn = &g_array_index(reading->turns, Turn, i);
    const double lasted =
        sim_time_seconds(sim_time_ns(MAX(turn->at - since, 0))) * weight_at(reading, turn->period);
    reading->year.any += down > 0 ? lasted : 0;
    reading->year.all += flows > 0 && down >= flows ? lasted : 0;
    down += turn->flows;
    since = turn->at;
  }
}

static int compare_causes(gconstpointer a, gconstpointer b) {
  const CampaignCause *left = a, *right = b;
  int order = (left->source > right->source) - (left->source < right->source);
  if (order == 0)
    order = strcmp(left->how->name, right->how->name);
  return order != 0 ? order : (left->other > right->other) - (left->other < right->other);
}

static void note_broken(Reading *reading, RecordId id, gint64 sessions) {
  const Moment *moment = moment_of(reading, id);
  if (moment != NULL)
    reading->year.sessions_broken += weight_at(reading, moment->period) * (double)sessions;
}

static void read_trace(Reading *reading) {
  const Engine *engine = reading->world->engine;
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    if (record->kind == &FLOW_RESTORED)
      note_interruption(reading, record);
    else if (record->kind == &FLOW_BROKEN)
      note_broken(reading, id, record->value);
  }
}

static double sum_of_weights(const Design *design) {
  double sum = 0;
  for (guint i = 0; i < design->traffic->len; i++) {
    const DesignTraffic *traffic = design->traffic->pdata[i];
    sum += weight_of(design, traffic) * (double)traffic->flows;
  }
  return sum;
}

static double count_failures(const Reading *reading) {
  double failures = 0;
  for (guint i = 0; i < reading->moments->len; i++) {
    const Moment *moment = &g_array_index(reading->moments, Moment, i);
    failures += moment->begins ? weight_at(reading, moment->period) : 0;
  }
  return failures;
}

static void read_one(Reading *reading, const World *world, const YearDraw *draw) {
  reading->world = world;
  reading->moments = draw->moments;
  reading->weights = draw->weights;
  reading->all_weights = sum_of_weights(world->design);
  g_array_set_size(reading->turns, 0);
  read_trace(reading);
  integrate(reading, (gint64)traffic_flows(world->traffic));
  reading->year.failures += count_failures(reading);
}

/* ---- the year ----------------------------------------------------------------------------------
 */

static const Design *design_for(Arena *arena, const Design *design, const YearDraw *draw) {
  Design *own = arena_new0(arena, Design);
  *own = *design;
  own->events = events_of(arena, draw->moments);
  own->probes = arena_ptr_array(arena);
  own->cold_start = FALSE;
  own->duration.law = distribution_constant(sim_time_ns(draw->until));
  return own;
}

static void run_one(Reading *reading, const Design *design, const CloudClass *cloud,
                    const RunOptions *options, const YearDraw *draw) {
  g_autoptr(Arena) arena = arena_new();
  World *world = world_begin(arena, design_for(arena, design, draw), cloud, options);
  engine_run(world->engine, sim_time_ns(draw->until));
  traffic_end(world->traffic);
  read_one(reading, world, draw);
}

static CampaignYear end_reading(Reading *reading, CampaignMethod method) {
  g_array_sort(reading->causes, compare_causes);
  if (method != CAMPAIGN_PLAIN)
    reading->year.worst = NAN; /* a mean of weights is no mean of the longest */
  reading->year.cause_count = reading->causes->len;
  reading->year.causes = (CampaignCause *)g_array_free(reading->causes, FALSE);
  g_array_unref(reading->turns);
  return reading->year;
}

CampaignYear campaign_year(const Design *design, const CloudClass *cloud, const RunOptions *options,
                           const CampaignPlan *plan) {
  GArray *years = campaign_draw_year(options, plan);
  Reading reading = {.turns = g_array_new(FALSE, FALSE, sizeof(Turn)),
                     .causes = g_array_new(FALSE, FALSE, sizeof(CampaignCause))};
  for (guint i = 0; i < years->len; i++) {
    const YearDraw *draw = &g_array_index(years, YearDraw, i);
    if (draw->moments->len > 0)
      run_one(&reading, design, cloud, options, draw);
  }
  campaign_draw_free(years);
  return end_reading(&reading, plan->method);
}
