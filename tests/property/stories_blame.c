/* The rule of blame, held to what would have been: an event that has an outage, or the end of a
 * session, is one without which it is gone or begins elsewhere, with the same luck. Where it is
 * there all the same, another event must suffice for it, and this one too: such cases are counted
 * apart, and verified by taking away the other ones, alone and with this one.
 *
 * An event is taken away in its place: it happens behind the end of the run, so that the numbers of
 * the others, which name streams of luck, are what they were. The stories are exact (nothing is
 * drawn but by jitter of a retry), so that taking away what does not matter moves nothing.
 *
 * PROPERTY_DESIGNS=2000 tries so many (`make check-all` does). */
#include <criterion/criterion.h>
#include <string.h>

#include "property/windows.h"
#include "support/topology.h"

/* Stories of one test run, at -O2. */
#define COUNT TOPOLOGY_COUNT(60)
#define PARTS 2

/* Of this process, which is one part. */
static struct {
  guint64 outages, sessions, double_causes, third_events, resumed, kept_out, runs;
} counted;

/* What happened to somebody at a moment, because of an event (-1: of none). */
typedef struct {
  const char *kind, *subject, *object;
  SimTime at;
  int event;
  const FlowInterruption *over; /* which flows; NULL: a session */
  const FlowStop *stop;         /* what stops them */
  RecordId record;              /* where it began */
  const TraceRecord *let;       /* the session whose change waited for its turn; NULL: none did */
} Claim;

/* ---- runs --------------------------------------------------------------------------------- */

typedef struct {
  const Scenario *scenario;
  const CloudClass *cloud;
  guint64 seed;
} Setting;

typedef struct {
  RunResult *result;
  GArray *claims; /* Claim */
} Telling;

static guint32 greatest_common_divisor(guint32 a, guint32 b) {
  return b == 0 ? a : greatest_common_divisor(b, a % b);
}

/* Some hash may have both residues (the Chinese remainder theorem). */
static gboolean may_share_flows(const FlowInterruption *a, const FlowInterruption *b) {
  gboolean may = a->first == b->first;
  for (guint i = 0; i < G_N_ELEMENTS(a->residue) && may; i++) {
    const guint32 common = greatest_common_divisor(a->modulus[i], b->modulus[i]);
    may = a->residue[i] % common == b->residue[i] % common;
  }
  return may;
}

static gboolean is_about(const Claim *a, const Claim *b) {
  return a->kind == b->kind && strcmp(a->subject, b->subject) == 0 &&
         g_strcmp0(a->object, b->object) == 0 &&
         (a->over == NULL || may_share_flows(a->over, b->over));
}

/* The session whose change waited, in what led to it. */
static const TraceRecord *let_through(const Engine *engine, RecordId id) {
  gboolean waited = FALSE;
  for (; id != 0; id = engine_record_get(engine, id)->cause) {
    const TraceRecord *record = engine_record_get(engine, id);
    waited |= record->kind == &CLOUD_RELEASED;
    if (waited && (record->kind == &BGP_SESSION_UP || record->kind == &BGP_SESSION_DOWN))
      return record;
  }
  return NULL;
}

static GArray *claims_of(const Engine *engine) {
  GArray *claims = g_array_new(FALSE, FALSE, sizeof(Claim));
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    const FlowInterruption *over = record->kind == &FLOW_RESTORED ? record->detail : NULL;
    Claim claim = {record->kind->name,
                   record->subject,
                   record->object,
                   record->at,
                   windows_event_of(engine, id),
                   over,
                   NULL,
                   id,
                   NULL};
    if (over != NULL && over->down != 0 && over->since.ns < record->at.ns) {
      claim.at = over->since;
      claim.event = windows_event_of(engine, over->down);
      claim.record = over->down;
      claim.stop = engine_record_get(engine, over->down)->detail;
    } else if (record->kind != &BGP_SESSION_DOWN && record->kind != &BFD_SESSION_DOWN) {
      continue;
    }
    claim.let = let_through(engine, claim.record);
    g_array_append_val(claims, claim);
  }
  return claims;
}

/* The run without the events whose bits are set. */
static Telling tell_without(const Setting *setting, const gboolean *without) {
  const Design *all = setting->scenario->design;
  g_autoptr(GPtrArray) events = g_ptr_array_new();
  g_autofree DesignEvent *moved = g_new0(DesignEvent, all->events->len + 1);
  for (guint i = 0; i < all->events->len; i++) {
    moved[i] = *(const DesignEvent *)all->events->pdata[i];
    if (without[i]) {
      moved[i].at.law = distribution_constant(sim_time_add(all->duration.law.a, sim_time_s(1)));
      moved[i].later = SIM_TIME_ZERO;
    }
    g_ptr_array_add(events, &moved[i]);
  }
  Design body = *all;
  Scenario scenario = *setting->scenario;
  body.events = events;
  scenario.design = &body;
  const RunOptions options = {.seed = setting->seed};
  RunResult *result = run_scenario(&scenario, setting->cloud, &options);
  counted.runs++;
  return (Telling){result, claims_of(result->engine)};
}

static void telling_clear(Telling *telling) {
  g_array_unref(telling->claims);
  run_result_free(telling->result);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Telling, telling_clear)

/* That there is no route is another outage than that both directions go different ways. */
static gboolean is_same_stop(const FlowStop *a, const FlowStop *b) {
  return a == NULL || b == NULL
             ? a == b
             : a->reason == b->reason && g_strcmp0(a->where.name, b->where.name) == 0;
}

/* Two changes that wait for one gate happen at one moment, whichever of them there is. */
static gboolean is_same_change(const TraceRecord *a, const TraceRecord *b) {
  return a == NULL || b == NULL ? a == b
                                : a->kind == b->kind && strcmp(a->subject, b->subject) == 0 &&
                                      strcmp(a->object, b->object) == 0;
}

/* The same happens to the same at the same moment, because of whatever; NULL: it does not. */
static const Claim *find_again(const Telling *telling, const Claim *claim) {
  const Claim *found = NULL;
  for (guint i = 0; i < telling->claims->len; i++) {
    const Claim *one = &g_array_index(telling->claims, Claim, i);
    if (is_about(one, claim) && one->at.ns == claim->at.ns &&
        is_same_stop(one->stop, claim->stop) && is_same_change(one->let, claim->let) &&
        (found == NULL || found->event < 0))
      found = one;
  }
  return found;
}

/* The event does the same to the same, at whatever moment. */
static gboolean has_claim(const Telling *telling, const Claim *claim) {
  for (guint i = 0; i < telling->claims->len; i++) {
    const Claim *one = &g_array_index(telling->claims, Claim, i);
    if (is_about(one, claim) && one->event == claim->event)
      return TRUE;
  }
  return FALSE;
}

/* The event does it in `telling` too; or it does there what led to it in `before`: of several that
 * ended a session, or would have, what follows from its end is the first one's. */
static gboolean suffices(const Telling *telling, const Telling *before, const Claim *claim) {
  if (has_claim(telling, claim))
    return TRUE;
  for (RecordId id = claim->record; id != 0;
       id = engine_record_get(before->result->engine, id)->cause)
    for (guint i = 0; i < before->claims->len; i++) {
      const Claim *step = &g_array_index(before->claims, Claim, i);
      if (step->record == id && has_claim(telling, step))
        return TRUE;
    }
  return FALSE;
}

/* ---- what would have been ----------------------------------------------------------------- */

static char *complain(const Claim *claim, const char *what, int other) {
  return g_strdup_printf("%s (event %d: %s of %s %s at %.9f s; event %d)", what, claim->event,
                         claim->kind, claim->subject, claim->object != NULL ? claim->object : "",
                         sim_time_seconds(claim->at), other);
}

static gboolean suffices_without(const Setting *setting, const Telling *before, const Claim *claim,
                                 const gboolean *without) {
  g_auto(Telling) alone = tell_without(setting, without);
  return suffices(&alone, before, claim);
}

/* It is there without the event too: so others suffice for it, and this one does. */
static char *check_double_cause(const Setting *setting, const Telling *before, const Claim *claim) {
  const guint count = setting->scenario->design->events->len;
  g_autofree gboolean *without = g_new0(gboolean, count + 1);
  int other = -1;
  without[claim->event] = TRUE;
  for (guint i = 0; i <= count; i++) {
    g_auto(Telling) telling = tell_without(setting, without);
    const Claim *again = find_again(&telling, claim);
    if (again == NULL)
      break;
    if (again->event < 0)
      return complain(claim, "it happens without the event that has it, and then no event has it",
                      other);
    without[other = again->event] = TRUE;
  }
  without[claim->event] = FALSE;
  counted.double_causes++;
  if (suffices_without(setting, before, claim, without))
    return NULL;
  /* A third event may forestall it, or undo it before it is done, as the other one kept it from. */
  for (guint i = 0; i < count; i++) {
    if (without[i] || (int)i == claim->event)
      continue;
    without[i] = TRUE;
    const gboolean enough = suffices_without(setting, before, claim, without);
    without[i] = FALSE;
    if (enough) {
      counted.third_events++;
      return NULL;
    }
  }
  return complain(claim, "it happens without the event that has it, and not without another",
                  other);
}

static char *check_event(const Setting *setting, const Telling *telling, int event) {
  g_autofree gboolean *without = g_new0(gboolean, setting->scenario->design->events->len + 1);
  without[event] = TRUE;
  g_auto(Telling) fewer = tell_without(setting, without);
  char *complaint = NULL;
  for (guint i = 0; i < telling->claims->len && complaint == NULL; i++) {
    const Claim *claim = &g_array_index(telling->claims, Claim, i);
    if (claim->over != NULL && claim->over->resumed) {
      counted.resumed += claim->event == event;
      continue; /* it begins with the return of its hosts, whatever it began with */
    }
    if (claim->event != event)
      continue;
    *(claim->kind == FLOW_RESTORED.name ? &counted.outages : &counted.sessions) += 1;
    if (find_again(&fewer, claim) != NULL)
      complaint = check_double_cause(setting, telling, claim);
  }
  return complaint;
}

/* ---- what is nobody's ---------------------------------------------------------------------- */

/* The event, or -1, that these flows do not pass because of at `at`; -2: they do. */
static int stopped_at(const Engine *engine, const char *traffic, const FlowInterruption *flows,
                      SimTime at) {
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    const FlowInterruption *over = record->detail;
    if ((record->kind == &FLOW_KEPT_OUT || (record->kind == &FLOW_RESTORED && over->down != 0)) &&
        strcmp(record->subject, traffic) == 0 && over->since.ns <= at.ns && at.ns < record->at.ns &&
        may_share_flows(over, flows))
      return windows_event_of(engine, record->kind == &FLOW_KEPT_OUT ? id : over->down);
  }
  return -2;
}

/* What took the hosts of flows has none of their outage once they are back. So it must be what
 * stops them: not another event, without which they would pass. */
static char *check_kept_out(const Setting *setting, const Telling *telling) {
  const Engine *engine = telling->result->engine;
  const guint count = setting->scenario->design->events->len;
  g_autofree gboolean *without = g_new0(gboolean, count + 1);
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    const FlowInterruption *kept = record->detail;
    const int event = windows_event_of(engine, id);
    if (record->kind != &FLOW_KEPT_OUT)
      continue;
    counted.kept_out++;
    without[event] = TRUE;
    g_auto(Telling) fewer = tell_without(setting, without);
    without[event] = FALSE;
    const int other = stopped_at(fewer.result->engine, record->subject, kept, kept->since);
    if (other < 0)
      continue;
    without[other] = TRUE;
    g_auto(Telling) apart = tell_without(setting, without);
    without[other] = FALSE;
    if (stopped_at(apart.result->engine, record->subject, kept, kept->since) == -2)
      return g_strdup_printf("flows of %s are kept out at %.9f s by event %d, which took their "
                             "hosts, but would pass without event %d",
                             record->subject, sim_time_seconds(kept->since), event, other);
  }
  return NULL;
}

static char *blame_is_right(const char *text, const Scenario *scenario, const CloudClass *cloud,
                            guint64 seed) {
  const Setting setting = {scenario, cloud, seed};
  const guint count = scenario->design->events->len;
  g_autofree gboolean *none = g_new0(gboolean, count + 1);
  g_auto(Telling) telling = tell_without(&setting, none);
  char *complaint = NULL;
  (void)text;
  complaint = check_kept_out(&setting, &telling);
  for (guint event = 0; event < count && complaint == NULL; event++) {
    gboolean has_any = FALSE;
    for (guint i = 0; i < telling.claims->len; i++)
      has_any |= g_array_index(telling.claims, Claim, i).event == (int)event;
    if (has_any)
      complaint = check_event(&setting, &telling, (int)event);
  }
  return complaint;
}

static void check_part(guint part) {
  static const TopologyOptions options = {.wide = TRUE, .eventful = TRUE, .exact = TRUE};
  const guint stories = topology_check_part(part, PARTS, 700001, COUNT, &options, blame_is_right);
  if (topology_is_long())
    g_printerr("blame, part %u: %u stories; %" G_GUINT64_FORMAT " outages and %" G_GUINT64_FORMAT
               " ends of sessions checked by %" G_GUINT64_FORMAT " runs; %" G_GUINT64_FORMAT
               " with two sufficient causes, %" G_GUINT64_FORMAT
               " of them with a third event away too; %" G_GUINT64_FORMAT
               " outages that began while the hosts were away not checked; %" G_GUINT64_FORMAT
               " times flows were kept out\n",
               part, stories, counted.outages, counted.sessions, counted.runs,
               counted.double_causes, counted.third_events, counted.resumed, counted.kept_out);
}

Test(blame, follows_what_would_have_been_0) { check_part(0); }
Test(blame, follows_what_would_have_been_1) { check_part(1); }
