/* Health checks; see the header. */
#include "routesim/net/health_check.h"

const TraceKind HEALTH_CHECK_GAVE_UP = {"health-check-gave-up"};
const TraceKind HEALTH_CHECK_GOOD_AGAIN = {"health-check-good-again"};

struct HealthCheck {
  Engine *engine;
  const char *name;
  NetNode *target;
  HealthCheckTimes times;
  SimTime phase;          /* of the first probe; one each interval from there */
  gboolean reported;      /* healthy */
  guint against;          /* probes in a row that say otherwise ... */
  RecordId decided_by;    /* ... the last of them because of this */
  GArray *losses;         /* SimTime: when it was given up */
  const Stage *stages[2]; /* what passes until it gives up, and until it is good again */
  Timer *probe_timer;
  Timer *report_timer; /* the last miss is known */
  HealthCheckChanged changed;
  gpointer data;
};

static void report(HealthCheck *check) {
  check->reported = !check->reported;
  check->against = 0;
  if (!check->reported && check->times.flap_window.ns > 0) {
    const SimTime now = engine_now(check->engine);
    g_array_append_val(check->losses, now);
  }
  engine_blame(check->engine, check->decided_by);
  engine_go_on(check->engine, check->reported ? &HEALTH_CHECK_GOOD_AGAIN : &HEALTH_CHECK_GAVE_UP,
               check->name, net_node_name(check->target), 0, NULL);
  check->changed(check->data, check->reported);
}

/* The next probe that is still to be sent at `now`. */
static SimTime next_probe(const HealthCheck *check, SimTime now) {
  const gint64 interval = check->times.interval.ns;
  if (now.ns < check->phase.ns)
    return check->phase;
  const gint64 sent = (now.ns - check->phase.ns) / interval + 1;
  return sim_time_ns(check->phase.ns + sent * interval);
}

/* Probes matter only while they may say something new. */
static void look_on(HealthCheck *check) {
  const gboolean news = net_node_forwards(check->target) != check->reported;
  if ((news || check->against > 0) && !timer_is_armed(check->probe_timer) &&
      !timer_is_armed(check->report_timer)) {
    timer_set_stage(check->probe_timer, check->stages[!check->reported]);
    timer_arm(check->probe_timer, next_probe(check, engine_now(check->engine)));
  }
}

/* How many probes in a row change what is reported: a target that flaps is taken back later.
 * Facts: AZ-10.7. */
static guint probes_needed(const HealthCheck *check) {
  const gint64 since = engine_now(check->engine).ns - check->times.flap_window.ns;
  guint losses = 1;
  if (check->reported)
    return check->times.unhealthy;
  for (guint i = 0; i + 1 < check->losses->len; i++)
    losses += g_array_index(check->losses, SimTime, i).ns >= since;
  return losses * check->times.healthy;
}

static void probe_due(gpointer data) {
  HealthCheck *check = data;
  const gboolean answered = net_node_forwards(check->target);
  check->against = answered != check->reported ? check->against + 1 : 0;
  check->decided_by = net_node_forwards_since(check->target);
  if (check->against > 0 && check->against >= probes_needed(check)) {
    if (!answered && check->times.timeout.ns > 0)
      timer_arm_after(check->report_timer, check->times.timeout);
    else
      report(check);
  }
  look_on(check);
}

static void report_due(gpointer data) {
  HealthCheck *check = data;
  report(check);
  look_on(check);
}

/* Before the start nothing is news: what makes a node passive comes before what checks it. */
static void target_changed(gpointer data) {
  const HealthCheck *check = data;
  g_assert(engine_is_sealed(check->engine));
  look_on(data);
}

HealthCheck *health_check_new(Engine *engine, const char *name, NetNode *target,
                              const HealthCheckTimes *times, const Stage *const stages[2],
                              guint64 seed, guint32 run, HealthCheckChanged changed,
                              gpointer data) {
  Arena *arena = engine_arena(engine);
  HealthCheck *check = arena_new0(arena, HealthCheck);
  g_assert(times->interval.ns > 0 && times->timeout.ns <= times->interval.ns &&
           times->unhealthy > 0 && times->healthy > 0);
  check->engine = engine;
  check->name = arena_strdup(arena, name);
  check->target = target;
  check->times = *times;
  check->reported = net_node_forwards(target); /* it has been so for long */
  check->changed = changed;
  check->data = data;
  check->losses = arena_growing_array(arena, sizeof(SimTime));
  const Distribution phase = {.kind = DISTRIBUTION_UNIFORM, .b = times->interval};
  RandomStream stream = random_stream(seed, run, arena_printf(arena, "health-check/%s", name));
  check->phase = distribution_draw(&phase, &stream);
  Owner *owner = engine_owner(engine, arena_printf(arena, "health-check/%s", name));
  check->probe_timer = timer_new(owner, PHASE_TIMER, probe_due, check);
  check->report_timer = timer_new(owner, PHASE_TIMER, report_due, check);
  check->stages[0] = stages[0];
  check->stages[1] = stages[1];
  timer_set_stage(check->report_timer, stages[0]); /* it waits for an answer that never comes */
  net_node_watch(target, target_changed, check);
  return check;
}

gboolean health_check_is_healthy(const HealthCheck *check) { return check->reported; }
