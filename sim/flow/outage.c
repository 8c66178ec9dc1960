/* What becomes of classes of flows as their fates change: interruptions, broken sessions, and flows
 * that are gone with their hosts. */
#include <string.h>

#include "traffic_private.h"

const TraceKind FLOW_INTERRUPTED = {"flows-interrupted"};
const TraceKind FLOW_STOP_MOVED = {"flows-stop-elsewhere"};
const TraceKind FLOW_RESTORED = {"flows-restored"};
const TraceKind FLOW_GONE = {"flows-gone"};
const TraceKind FLOW_KEPT_OUT = {"flows-kept-out"};
const TraceKind FLOW_BROKEN = {"sessions-broken"};

/* ---- sessions ------------------------------------------------------------------------ */

/* TRUE where `root` is on the list already; classes that split share what they had in common. */
static gboolean note_root(Traffic *traffic, const RootList **list, RecordId root) {
  if (has_root(*list, root))
    return TRUE;
  RootList *added = arena_new0(traffic->arena, RootList);
  *added = (RootList){root, *list};
  *list = added;
  return FALSE;
}

static gboolean holds_state(const FlowClass *class, const Element *element) {
  for (guint i = 0; i < class->holder_count; i++)
    if (element_shares_state(class->holders[i], element))
      return TRUE;
  return FALSE;
}

/* The state of a holder that lost power is gone, unless another has it too. */
static gboolean state_died(const FlowClass *class, RecordId *cause) {
  for (guint i = 0; i < class->holder_count; i++)
    if (element_state_is_lost(class->holders[i], cause))
      return TRUE;
  return FALSE;
}

/* Some firewall that packets reach now, on whatever way, did not see the session open. */
static gboolean meets_stranger(const FlowClass *class) {
  for (guint i = 0; i < class->fate->holder_count; i++)
    if (!holds_state(class, class->fate->holders[i]))
      return TRUE;
  return FALSE;
}

typedef enum { SESSIONS_FOLLOW, SESSIONS_STAY, SESSIONS_STRANDED } Balanced;

/* Where a balancer hands new sessions elsewhere, open ones follow them, stay with a member that
 * still passes them on, or stay with one that does not. Facts: AZ-10.4, AWS-11.10. */
static Balanced balanced_sessions(const FlowSet *set, const FlowClass *class, RecordId *cause) {
  Balanced balanced = SESSIONS_FOLLOW;
  for (guint leg = 0; leg < FLOW_DIRECTIONS; leg++) {
    const BalancerPin *was = &class->pinned[leg], *is = &class->fate->pinned[leg];
    if (was->balancer == NULL || was->balancer != is->balancer || was->element == is->element ||
        !balancer_keeps(was->balancer, was->element, set->config->udp))
      continue;
    const NetNode *node = element_node(was->element);
    balanced = SESSIONS_STAY;
    if (net_node_forwards(node))
      continue;
    *cause = net_node_forwards_since(node);
    return SESSIONS_STRANDED;
  }
  return balanced;
}

/* An attempt that falls into an interruption fails, whatever it promised before. */
static gboolean is_opening(const Traffic *traffic, const FlowClass *class) {
  return class->opening != NULL &&
         (class->down != 0 || engine_now(traffic->engine).ns < class->opens_at.ns);
}

/* Packets pass again. Attempts run every `reconnect` from the moment that they stopped at first. */
static void open_again(const Traffic *traffic, const FlowSet *set, FlowClass *class) {
  FlowInterruption *opening = class->opening;
  const gint64 step = set->config->reconnect.ns;
  const gint64 passed = engine_now(traffic->engine).ns - opening->since.ns;
  const gint64 attempts = MAX((passed + step - 1) / step, 1);
  /* Classes that split share it: the last one counts. */
  opening->session_outage = sim_time_max(opening->session_outage, sim_time_ns(attempts * step));
  class->opens_at = sim_time_add(opening->since, sim_time_ns(attempts * step));
}

/* What took the hosts of flows counts them as gone, and interrupts nothing of them. */
static gboolean counts_for(const Traffic *traffic, const FlowClass *class, RecordId cause) {
  return !has_root(class->gone_roots, engine_record_root(traffic->engine, cause));
}

static void sessions_break(Traffic *traffic, const FlowSet *set, FlowClass *class, RecordId cause) {
  const RecordId root = engine_record_root(traffic->engine, cause);
  if (class->broken_meanwhile || is_opening(traffic, class))
    return; /* what is broken, and not open again yet, cannot break */
  if (class->down == 0 && !counts_for(traffic, class, cause))
    return;
  class->broken_meanwhile = TRUE;
  if (root != 0 && note_root(traffic, &class->broken_roots, root))
    return; /* once an event */
  ENGINE_DUE_TO(traffic->engine, cause);
  engine_record(traffic->engine, &FLOW_BROKEN, set->config->name, NULL, class->flows, NULL);
}

static void note_balancer(FlowClass *class) {
  memcpy(class->pinned, class->fate->pinned, sizeof class->pinned);
}

/* What led flows away from where the state of their sessions lives: the first that chose another
 * way for them. What stops packets on a way, and lets them pass again, leads nobody anywhere. Where
 * nothing chose, `otherwise`. */
static RecordId led_away_by(FlowClass *class, gboolean known, RecordId otherwise) {
  const Fate *fate = class->fate;
  if (known && (fate->deliverable || fate->holder_count > 0)) {
    class->home_by = fate->chosen_by;
    class->led_away_by = 0;
  } else if (class->led_away_by == 0 && fate->chosen_by > class->home_by) {
    class->led_away_by = fate->chosen_by;
  }
  return class->led_away_by != 0 ? class->led_away_by : otherwise;
}

static void open_sessions(FlowClass *class) {
  class->was_open = TRUE;
  class->home_by = class->fate->chosen_by;
  class->led_away_by = 0;
  note_balancer(class);
  class->holder_count = class->fate->holder_count;
  memcpy(class->holders, class->fate->holders, sizeof class->holders);
}

/* ---- interruptions -------------------------------------------------------------------- */

typedef enum { OVER_RESTORED, OVER_CENSORED, OVER_GONE } Over;

/* Which flows they are, and what they offer. */
static void describe_flows(const FlowSet *set, const FlowClass *class, FlowInterruption *over) {
  over->flows = class->flows;
  over->first = set->first;
  memcpy(over->residue, class->residue, sizeof over->residue);
  memcpy(over->modulus, set->modulus, sizeof over->modulus);
  over->bits_per_second = traffic_offered(set->config, class->flows);
}

static void leave(const Traffic *traffic, FlowClass *class, FlowInterruption *over) {
  OverList *left = arena_new0(traffic->arena, OverList);
  *left = (OverList){over, class->left};
  class->left = left;
}

/* Nobody tries on: broken sessions that would have opened later than now never do. Classes that
 * split share the ends of their hosts and of the run too. */
static void stop_opening(const Traffic *traffic, FlowClass *class, Over how) {
  FlowInterruption *opening = class->opening;
  if (!is_opening(traffic, class))
    return;
  opening->session_outage = sim_time_sub(engine_now(traffic->engine), opening->since);
  opening->session_censored = how == OVER_CENSORED;
}

static void close_interruption(Traffic *traffic, const FlowSet *set, FlowClass *class, Over how) {
  const SimTime now = engine_now(traffic->engine);
  FlowInterruption *over = arena_new0(traffic->arena, FlowInterruption);
  describe_flows(set, class, over);
  over->since = class->since;
  over->resumed = class->resumed;
  over->down = class->down;
  over->missed_anyway = class->missed_anyway;
  if (class->down != 0 && over->since.ns < now.ns)
    over->again = note_root(traffic, &class->down_roots, class->down_root);
  over->censored = how == OVER_CENSORED;
  over->gone = how == OVER_GONE;
  over->session_outage = sim_time_sub(now, class->since);
  if (class->broken_meanwhile && set->config->reconnect.ns > 0)
    class->opening = over;
  if (class->opening != NULL && how == OVER_RESTORED)
    open_again(traffic, set, class);
  else
    stop_opening(traffic, class, how);
  engine_record(traffic->engine, &FLOW_RESTORED, set->config->name, NULL, class->flows, over);
  if (how == OVER_GONE)
    leave(traffic, class, over);
  class->down = 0;
  class->broken_meanwhile = FALSE;
}

static RecordId record_stop(Traffic *traffic, const FlowSet *set, FlowClass *class,
                            const TraceKind *kind) {
  FlowStop *stop = arena_new0(traffic->arena, FlowStop);
  *stop = class->stop = (FlowStop){class->fate->reason, class->fate->where};
  return engine_record(traffic->engine, kind, set->config->name, NULL, class->flows, stop);
}

/* What the walk met last; but where that is of before, what it no longer meets has changed (a
 * gateway that does not know the way any more, say), and that is what made it walk anew. */
static RecordId what_changed(const Traffic *traffic, const FlowClass *class) {
  const RecordId met = class->fate->changed_by;
  const gboolean now =
      met != 0 && engine_record_get(traffic->engine, met)->at.ns == engine_now(traffic->engine).ns;
  return now ? met : MAX(met, traffic->due_to);
}

/* What took the hosts stopped the flows: what does now? Where a way ends at what came later, that;
 * else what led it there. As long as one of both ways is still due to what took the hosts, or to
 * their return, nothing else is needed to stop the flows. Of two others the first. */
static RecordId what_is_left(const Traffic *traffic, const FlowClass *class) {
  RecordId first = class->stopped_by;
  for (guint i = 0; i < class->fate->end_count; i++) {
    const WayEnd *end = &class->fate->ends[i];
    const RecordId by = end->ended_by > class->stopped_by ? end->ended_by : end->led_by;
    if (by <= class->stopped_by || !counts_for(traffic, class, by) ||
        engine_record_root(traffic->engine, by) == class->back_root)
      return class->stopped_by;
    first = i == 0 ? by : MIN(first, by);
  }
  return first;
}

/* Whatever alternates, what stops flows at first has them until they pass; but what counts for
 * nothing makes room for what does. */
static RecordId what_stops(const Traffic *traffic, const FlowClass *class) {
  if (!class->stopped)
    return what_changed(traffic, class);
  return counts_for(traffic, class, class->stopped_by) ? class->stopped_by
                                                       : what_is_left(traffic, class);
}

void outage_look(const Traffic *traffic, FlowClass *class) {
  if (!class->fate->deliverable)
    class->stopped_by = what_stops(traffic, class);
  class->stopped = !class->fate->deliverable;
}

/* Interruptions that ended with the flows are over for them as soon as they pass. */
static void note_passing(const Traffic *traffic, FlowClass *class, RecordId because) {
  for (const OverList *left = class->left; left != NULL; left = left->next) {
    left->over->flows_back += class->flows;
    left->over->back_at = engine_now(traffic->engine);
    left->over->back_by = because;
  }
  class->left = NULL;
}

static void end_keeping_out(Traffic *traffic, const FlowSet *set, FlowClass *class) {
  if (!class->kept_out)
    return;
  class->kept_out = FALSE;
  if (class->kept.since.ns == engine_now(traffic->engine).ns)
    return;
  FlowInterruption *kept = arena_new0(traffic->arena, FlowInterruption);
  *kept = class->kept;
  describe_flows(set, class, kept);
  ENGINE_DUE_TO(traffic->engine, class->kept_by);
  engine_record(traffic->engine, &FLOW_KEPT_OUT, set->config->name, NULL, class->flows, kept);
}

/* Flows are kept out that do not pass though nothing interrupts them. */
static void keep_out(const Traffic *traffic, FlowClass *class) {
  if (class->kept_out)
    return;
  class->kept_out = TRUE;
  class->kept = (FlowInterruption){.since = engine_now(traffic->engine)};
  class->kept_by = class->stopped_by;
}

static void begin_interruption(Traffic *traffic, const FlowSet *set, FlowClass *class,
                               gboolean resumed) {
  class->since = engine_now(traffic->engine);
  class->resumed = resumed;
  if (!is_opening(traffic, class))
    class->opening = NULL;
  class->missed_anyway = class->missed;
  class->missed = 0;
  class->down = record_stop(traffic, set, class, &FLOW_INTERRUPTED);
  class->down_root = engine_record_root(traffic->engine, class->down);
}

static void follow_stop(Traffic *traffic, const FlowSet *set, FlowClass *class, RecordId stopped_by,
                        gboolean resumed) {
  const Fate *fate = class->fate;
  if (class->down != 0) {
    if (class->stop.reason != fate->reason || !drop_place_is(class->stop.where, fate->where))
      record_stop(traffic, set, class, &FLOW_STOP_MOVED);
  } else if (counts_for(traffic, class, stopped_by)) {
    end_keeping_out(traffic, set, class);
    begin_interruption(traffic, set, class, resumed);
  } else {
    keep_out(traffic, class);
  }
}

void outage_follow(Traffic *traffic, const FlowSet *set, FlowClass *class) {
  const Fate *fate = class->fate;
  const gboolean resumed = class->stopped && (class->returned || class->kept_out);
  outage_look(traffic, class);
  const RecordId changed_by = class->stopped ? class->stopped_by : what_changed(traffic, class);
  RecordId died_by = 0;
  class->returned = FALSE;
  ENGINE_DUE_TO(traffic->engine, changed_by);
  if (!fate->deliverable)
    follow_stop(traffic, set, class, changed_by, resumed);
  else
    end_keeping_out(traffic, set, class);
  class->stopped = class->kept_out;
  if (class->was_open && state_died(class, &died_by))
    sessions_break(traffic, set, class, died_by);
  const gboolean known = !meets_stranger(class);
  const RecordId led_by = led_away_by(class, known, changed_by);
  const Balanced balanced =
      class->was_open ? balanced_sessions(set, class, &died_by) : SESSIONS_FOLLOW;
  if (balanced == SESSIONS_STRANDED && fate->deliverable)
    sessions_break(traffic, set, class, died_by);
  else if (class->was_open && !known && balanced == SESSIONS_FOLLOW)
    sessions_break(traffic, set, class, led_by);
  if (!fate->deliverable)
    return;
  note_passing(traffic, class, changed_by);
  const gboolean stay = balanced == SESSIONS_STAY && !class->broken_meanwhile;
  if (class->down != 0) {
    close_interruption(traffic, set, class, OVER_RESTORED);
  } else if (class->broken_meanwhile) {
    /* The sessions broke without an interruption of the network: a session outage all the same. */
    class->since = engine_now(traffic->engine);
    class->resumed = FALSE;
    close_interruption(traffic, set, class, OVER_RESTORED);
  }
  if (stay)
    return;
  if (!class->was_open || !known || class->holder_count != fate->holder_count)
    open_sessions(class);
  else
    note_balancer(class);
}

/* ---- hosts that fail, and the end ---------------------------------------------------- */

/* The latest change of the hosts at both ends, or at those that are dark. */
static RecordId hosts_changed_by(const FlowSet *set, gboolean dark) {
  const TrafficEnd *ends[] = {&set->config->from, &set->config->to};
  RecordId latest = 0;
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
    if (ends[i]->subnet != NULL && (!dark || subnet_is_dark(ends[i]->subnet)))
      latest = MAX(latest, subnet_changed_by(ends[i]->subnet));
  return latest;
}

/* Their own host failed: for what took it they count as gone and nowhere else, whatever else that
 * does to them once their hosts are back; their sessions end with it, and what interrupted them
 * before keeps what it did. */
void outage_flows_go(Traffic *traffic, const FlowSet *set, FlowClass *class) {
  const RecordId cause = hosts_changed_by(set, TRUE);
  ENGINE_DUE_TO(traffic->engine, cause);
  end_keeping_out(traffic, set, class);
  if (class->down != 0) {
    class->stopped = TRUE;
    class->stopped_by = engine_record_get(traffic->engine, class->down)->cause;
    close_interruption(traffic, set, class, OVER_GONE);
  }
  stop_opening(traffic, class, OVER_GONE);
  class->was_open = FALSE;
  class->broken_meanwhile = FALSE;
  class->opening = NULL;
  const RecordId root = engine_record_root(traffic->engine, cause);
  if (root != 0) {
    note_root(traffic, &class->gone_roots, root);
    note_root(traffic, &class->broken_roots, root);
  }
  class->holder_count = 0;
  memset(class->pinned, 0, sizeof class->pinned);
  engine_record(traffic->engine, &FLOW_GONE, set->config->name, NULL, class->flows, NULL);
}

gboolean outage_is_handed_out(const FlowClass *class) {
  return class->pinned[FLOW_FORWARD].balancer != NULL ||
         class->pinned[FLOW_REVERSE].balancer != NULL;
}

void outage_sessions_end(const Traffic *traffic, FlowClass *class) {
  if (!outage_is_handed_out(class) || class->down != 0 || is_opening(traffic, class))
    return;
  class->was_open = FALSE;
  class->holder_count = 0;
  memset(class->pinned, 0, sizeof class->pinned);
}

void outage_flows_return(Traffic *traffic, const FlowSet *set, FlowClass *class) {
  class->returned = TRUE;
  class->back_root = engine_record_root(traffic->engine, hosts_changed_by(set, FALSE));
}

void outage_end(Traffic *traffic, const FlowSet *set, FlowClass *class) {
  end_keeping_out(traffic, set, class);
  if (class->down != 0) {
    ENGINE_DUE_TO(traffic->engine, class->down);
    close_interruption(traffic, set, class, OVER_CENSORED);
  }
  stop_opening(traffic, class, OVER_CENSORED);
}
