/* Classes of flows and what happens to them; see the header. */
#include "routesim/flow/traffic.h"

#include <string.h>

#include "traffic_private.h"

const TraceKind FLOW_INTERRUPTED = {"flows-interrupted"};
const TraceKind FLOW_STOP_MOVED = {"flows-stop-elsewhere"};
const TraceKind FLOW_RESTORED = {"flows-restored"};
const TraceKind FLOW_MOVED = {"flows-moved"};
const TraceKind FLOW_GONE = {"flows-gone"};
const TraceKind FLOW_KEPT_OUT = {"flows-kept-out"};
const TraceKind FLOW_BROKEN = {"sessions-broken"};
const TraceKind FLOW_SHARES = {"traffic-shares"};

static void evaluate_all(Traffic *traffic);
static void evaluate_due(gpointer data) { evaluate_all(data); }

static void look_between(gpointer data);

static void fabric_did_change(gpointer data) {
  Traffic *traffic = data;
  if (!traffic->begun)
    return;
  traffic->changed_by = engine_cause(traffic->engine);
  engine_watch_turns(traffic->engine, look_between, traffic);
  if (!timer_is_armed(traffic->evaluate_timer))
    timer_arm(traffic->evaluate_timer, engine_now(traffic->engine));
}

Traffic *traffic_new(Fabric *fabric, gboolean detail, guint64 seed, guint32 run) {
  Engine *engine = fabric_engine(fabric);
  Arena *arena = engine_arena(engine);
  Traffic *traffic = arena_new0(arena, Traffic);
  traffic->fabric = fabric;
  traffic->engine = engine;
  traffic->arena = arena;
  traffic->detail = detail;
  traffic->seed = seed;
  traffic->run = run;
  traffic->items = arena_ptr_array(arena);
  traffic->probes = arena_ptr_array(arena);
  traffic->labels = arena_own(arena, g_hash_table_new(g_str_hash, g_str_equal),
                              (GDestroyNotify)g_hash_table_unref);
  traffic->evaluate_timer =
      timer_new(engine_owner(engine, "traffic"), PHASE_FLOW, evaluate_due, traffic);
  fabric_watch(fabric, fabric_did_change, traffic);
  return traffic;
}

/* ---- sets and their hashes --------------------------------------------------------- */

static void add_set(Traffic *traffic, TrafficItem *item, const RouteTable *from_table,
                    const RouteTable *to_table, guint first, guint flows) {
  FlowSet *set = arena_new0(traffic->arena, FlowSet);
  FlowClass *class = arena_new0(traffic->arena, FlowClass);
  set->config = &item->config;
  set->from_table = from_table;
  set->to_table = to_table;
  set->first = first;
  set->flows = flows;
  set->modulus[0] = set->modulus[1] = 1;
  set->classes = arena_ptr_array(traffic->arena);
  class->flows = flows;
  g_ptr_array_add(set->classes, class);
  g_ptr_array_add(item->sets, set);
}

static guint group_count(const TrafficEnd *end) {
  return end->subnet != NULL ? subnet_group_count(end->subnet) : 1;
}

static guint hosts_up_to(const TrafficEnd *end, guint group, guint *all) {
  guint before = 0;
  *all = 0;
  if (end->subnet == NULL) {
    *all = 1;
    return group;
  }
  for (guint i = 0; i < subnet_group_count(end->subnet); i++) {
    if (i < group)
      before += subnet_group_hosts(end->subnet, i);
    *all += subnet_group_hosts(end->subnet, i);
  }
  return before;
}

/* Flows are shared out over groups in proportion to their hosts; rounding is by
 * cumulative share, so that all flows are placed. */
static guint share_up_to(guint flows, const TrafficEnd *end, guint group) {
  guint all;
  const guint before = hosts_up_to(end, group, &all);
  return all == 0 ? 0 : (guint)((guint64)flows * before / all);
}

void traffic_add(Traffic *traffic, const TrafficConfig *config) {
  TrafficItem *item = arena_new0(traffic->arena, TrafficItem);
  item->config = *config;
  item->sets = arena_ptr_array(traffic->arena);
  item->overloads = arena_growing_array(traffic->arena, sizeof(Overload));
  g_ptr_array_add(traffic->items, item);
  guint first = 0;
  for (guint i = 0; i < group_count(&config->from); i++) {
    const guint in_group = share_up_to(config->flows, &config->from, i + 1) -
                           share_up_to(config->flows, &config->from, i);
    for (guint j = 0; j < group_count(&config->to); j++) {
      const guint flows = share_up_to(in_group, &config->to, j + 1) -
                          share_up_to(in_group, &config->to, j);
      if (flows == 0)
        continue;
      add_set(traffic, item,
              config->from.subnet != NULL ? subnet_group_table(config->from.subnet, i) : NULL,
              config->to.subnet != NULL ? subnet_group_table(config->to.subnet, j) : NULL, first,
              flows);
      first += flows;
    }
  }
}

void flow_hashes(guint64 seed, guint32 run, const char *traffic, guint direction, guint32 *hashes,
                 guint count) {
  g_autofree char *name = g_strdup_printf("flow/%s/%u", traffic, direction);
  RandomStream stream = random_stream(seed, run, name);
  const guint64 key = random_bits(&stream);
  for (guint i = 0; i < count; i++) /* splitmix64: a counter through a bijective finaliser */
    hashes[i] = (guint32)(random_mix64(key + (guint64)i * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)) >> 32);
}

void flow_count_residues(const guint32 *hashes, guint count, guint modulus, guint *counts) {
  /* Lemire, Kaser and Kurz 2019: the remainder by multiplication, exact for 32 bits. */
  const guint64 inverse = G_MAXUINT64 / modulus + 1;
  for (guint i = 0; i < count; i++) {
    const guint64 low = inverse * hashes[i];
    counts[(guint)(((unsigned __int128)low * modulus) >> 64)]++;
  }
}

static guint greatest_common_divisor(guint a, guint b) {
  while (b != 0) {
    const guint rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

static const guint32 *hashes_of(Traffic *traffic, FlowSet *set, guint direction) {
  if (set->hashes[direction] == NULL) {
    g_autofree char *name = g_strdup_printf("%s/%u", set->config->name, set->first);
    guint32 *hashes = arena_array(traffic->arena, guint32, set->flows);
    flow_hashes(traffic->seed, traffic->run, name, direction, hashes, set->flows);
    set->hashes[direction] = hashes;
  }
  return set->hashes[direction];
}

/* Splits all classes of a set so that `direction` is known modulo `by`. */
static void split_set(Traffic *traffic, FlowSet *set, guint direction, guint by) {
  const guint before[DIRECTIONS] = {set->modulus[0], set->modulus[1]};
  guint modulus[DIRECTIONS] = {before[0], before[1]};
  modulus[direction] *= by / greatest_common_divisor(modulus[direction], by);
  const guint32 *hash0 = modulus[0] > 1 ? hashes_of(traffic, set, 0) : NULL;
  const guint32 *hash1 = modulus[1] > 1 ? hashes_of(traffic, set, 1) : NULL;
  const guint cells = modulus[0] * modulus[1];
  g_autofree guint *counts = g_new0(guint, cells);
  if (hash0 != NULL && hash1 == NULL)
    flow_count_residues(hash0, set->flows, cells, counts);
  else if (hash0 == NULL && hash1 != NULL)
    flow_count_residues(hash1, set->flows, cells, counts);
  else
    for (guint i = 0; i < set->flows; i++)
      counts[(hash0[i] % modulus[0]) * modulus[1] + hash1[i] % modulus[1]]++;
  GPtrArray *classes = arena_ptr_array(traffic->arena);
  for (guint c = 0; c < set->classes->len; c++) {
    const FlowClass *parent = set->classes->pdata[c];
    for (guint r0 = parent->residue[0]; r0 < modulus[0]; r0 += before[0])
      for (guint r1 = parent->residue[1]; r1 < modulus[1]; r1 += before[1]) {
        if (counts[r0 * modulus[1] + r1] == 0)
          continue;
        FlowClass *child = arena_new0(traffic->arena, FlowClass);
        *child = *parent; /* with its history */
        child->residue[0] = r0;
        child->residue[1] = r1;
        child->flows = counts[r0 * modulus[1] + r1];
        g_ptr_array_add(classes, child);
      }
  }
  set->classes = classes;
  memcpy(set->modulus, modulus, sizeof modulus);
}

/* ---- sessions ------------------------------------------------------------------------ */

static gboolean has_root(const RootList *list, RecordId root) {
  for (const RootList *known = list; known != NULL; known = known->next)
    if (known->root == root)
      return TRUE;
  return FALSE;
}

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
  for (guint i = 0; i < class->fate.holder_count; i++)
    if (!holds_state(class, class->fate.holders[i]))
      return TRUE;
  return FALSE;
}

typedef enum { SESSIONS_FOLLOW, SESSIONS_STAY, SESSIONS_STRANDED } Balanced;

/* What open sessions do where a balancer hands new ones elsewhere: follow them, stay with a member
 * that still passes them on, or stay with one that does not (AZ-10.4, AWS-11.10). */
static Balanced balanced_sessions(const FlowSet *set, const FlowClass *class, RecordId *cause) {
  Balanced balanced = SESSIONS_FOLLOW;
  for (guint leg = 0; leg < DIRECTIONS; leg++) {
    const BalancerPin *was = &class->pinned[leg], *is = &class->fate.pinned[leg];
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

static void sessions_break(Traffic *traffic, const FlowSet *set, FlowClass *class,
                           RecordId cause) {
  const RecordId root = engine_record_root(traffic->engine, cause);
  if (class->broken_meanwhile || is_opening(traffic, class))
    return; /* what is broken, and not open again yet, cannot break */
  if (class->down == 0 && !counts_for(traffic, class, cause))
    return;
  class->broken_meanwhile = TRUE;
  if (root != 0 && note_root(traffic, &class->broken_roots, root))
    return; /* once an event */
  engine_set_cause(traffic->engine, cause);
  engine_record(traffic->engine, &FLOW_BROKEN, set->config->name, NULL, class->flows, NULL);
}

static void note_balancer(FlowClass *class) {
  memcpy(class->pinned, class->fate.pinned, sizeof class->pinned);
}

static void open_sessions(FlowClass *class) {
  class->was_open = TRUE;
  note_balancer(class);
  class->holder_count = class->fate.holder_count;
  memcpy(class->holders, class->fate.holders, sizeof class->holders);
}

/* ---- interruptions -------------------------------------------------------------------- */

typedef enum { OVER_RESTORED, OVER_CENSORED, OVER_GONE } Over;

/* Which flows they are, and what they offer. */
static void describe_flows(const FlowSet *set, const FlowClass *class, FlowInterruption *over) {
  over->flows = class->flows;
  over->first = set->first;
  memcpy(over->residue, class->residue, sizeof over->residue);
  memcpy(over->modulus, set->modulus, sizeof over->modulus);
  over->bits_per_second =
      (gint64)((__int128)set->config->bits_per_second * class->flows / set->config->flows);
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
  if (class->down != 0 && over->since.ns < now.ns)
    over->again = note_root(traffic, &class->down_roots, class->down_root);
  over->censored = how == OVER_CENSORED;
  over->gone = how == OVER_GONE;
  over->session_broken = class->broken_meanwhile;
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
  *stop = class->stop = (FlowStop){class->fate.reason, class->fate.where};
  return engine_record(traffic->engine, kind, set->config->name, NULL, class->flows, stop);
}

/* What the walk met last; but where that is of before, what it no longer meets has changed (a
 * gateway that does not know the way any more, say), and that is what made it walk anew. */
static RecordId what_changed(const Traffic *traffic, const FlowClass *class) {
  const RecordId met = class->fate.changed_by;
  const gboolean now = met != 0 && engine_record_get(traffic->engine, met)->at.ns ==
                                       engine_now(traffic->engine).ns;
  return now ? met : MAX(met, traffic->due_to);
}

/* What took the hosts stopped the flows: what does now? Where a way ends at what came later, that;
 * else what led it there. As long as one of both ways is still due to what took the hosts, or to
 * their return, nothing else is needed to stop the flows. Of two others the first. */
static RecordId what_is_left(const Traffic *traffic, const FlowClass *class) {
  RecordId first = class->stopped_by;
  for (guint i = 0; i < class->fate.end_count; i++) {
    const WayEnd *end = &class->fate.ends[i];
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

static void look_on(const Traffic *traffic, FlowClass *class) {
  if (!class->fate.deliverable)
    class->stopped_by = what_stops(traffic, class);
  class->stopped = !class->fate.deliverable;
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
  const RecordId cause = engine_cause(traffic->engine);
  FlowInterruption *kept = arena_new0(traffic->arena, FlowInterruption);
  *kept = class->kept;
  describe_flows(set, class, kept);
  engine_set_cause(traffic->engine, class->kept_by);
  engine_record(traffic->engine, &FLOW_KEPT_OUT, set->config->name, NULL, class->flows, kept);
  engine_set_cause(traffic->engine, cause);
}

/* They do not pass, and nothing interrupts them. */
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
  class->down = record_stop(traffic, set, class, &FLOW_INTERRUPTED);
  class->down_root = engine_record_root(traffic->engine, class->down);
}

static void follow_stop(Traffic *traffic, const FlowSet *set, FlowClass *class,
                        RecordId stopped_by, gboolean resumed) {
  const Fate *fate = &class->fate;
  if (class->down != 0) {
    if (strcmp(class->stop.reason, fate->reason) != 0 ||
        g_strcmp0(class->stop.where, fate->where) != 0)
      record_stop(traffic, set, class, &FLOW_STOP_MOVED);
  } else if (counts_for(traffic, class, stopped_by)) {
    end_keeping_out(traffic, set, class);
    begin_interruption(traffic, set, class, resumed);
  } else {
    keep_out(traffic, class);
  }
}

/* `returned`: their hosts have just come back. */
static void follow_fate(Traffic *traffic, const FlowSet *set, FlowClass *class,
                        gboolean returned) {
  Engine *engine = traffic->engine;
  const Fate *fate = &class->fate;
  const gboolean resumed = class->stopped && (returned || class->kept_out);
  look_on(traffic, class);
  const RecordId changed_by =
      class->stopped ? class->stopped_by : what_changed(traffic, class);
  RecordId died_by = 0;
  engine_set_cause(engine, changed_by);
  if (!fate->deliverable)
    follow_stop(traffic, set, class, changed_by, resumed);
  else
    end_keeping_out(traffic, set, class);
  class->stopped = class->kept_out;
  if (class->was_open && state_died(class, &died_by))
    sessions_break(traffic, set, class, died_by);
  const gboolean known = !meets_stranger(class);
  const Balanced balanced =
      class->was_open ? balanced_sessions(set, class, &died_by) : SESSIONS_FOLLOW;
  if (balanced == SESSIONS_STRANDED && fate->deliverable)
    sessions_break(traffic, set, class, died_by);
  else if (class->was_open && !known && balanced == SESSIONS_FOLLOW)
    sessions_break(traffic, set, class, changed_by);
  if (!fate->deliverable)
    return;
  note_passing(traffic, class, changed_by);
  const gboolean stay = balanced == SESSIONS_STAY && !class->broken_meanwhile;
  if (class->down != 0) {
    engine_set_cause(engine, changed_by);
    close_interruption(traffic, set, class, OVER_RESTORED);
  } else if (class->broken_meanwhile) {
    /* Broken without an interruption of the network: a session outage all the same. */
    engine_set_cause(engine, changed_by);
    class->since = engine_now(engine);
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

/* ---- evaluation ------------------------------------------------------------------------ */

static gboolean hosts_dark(const TrafficEnd *end) {
  return end->subnet != NULL && subnet_is_dark(end->subnet);
}

static void evaluate_class(Traffic *traffic, FlowSet *set, FlowClass *class, guint *split_by,
                           guint *split_direction) {
  const HashClass hash[DIRECTIONS] = {
      {.residue = class->residue[0], .modulus = set->modulus[0], .pinned = class->pinned[0]},
      {.residue = class->residue[1], .modulus = set->modulus[1], .pinned = class->pinned[1]}};
  const TrafficConfig *config = set->config;
  Fate fate = {.deliverable = FALSE};
  *split_by = fate_find(traffic, &config->from, &config->to, set->from_table, set->to_table, hash,
                        &fate, split_direction);
  if (*split_by != 0)
    return;
  const Fate before = class->fate;
  class->fate = fate;
  if (class->gone || traffic->looking) {
    look_on(traffic, class);
    class->fate = traffic->looking ? before : fate;
    return;
  }
  follow_fate(traffic, set, class, class->returned);
  class->returned = FALSE;
  if (!traffic->begun)
    memcpy(class->marked_via, fate.via, sizeof fate.via);
}

/* Of the hosts at both ends. */
static RecordId hosts_changed_by(const FlowSet *set) {
  const TrafficEnd *ends[] = {&set->config->from, &set->config->to};
  RecordId latest = 0;
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
    if (ends[i]->subnet != NULL)
      latest = MAX(latest, subnet_changed_by(ends[i]->subnet));
  return latest;
}

/* Their own host failed: for what took it they count as gone and nowhere else, whatever else that
 * does to them once their hosts are back; their sessions end with it, and what interrupted them
 * before keeps what it did. */
static void flows_go(Traffic *traffic, const FlowSet *set, FlowClass *class) {
  const RecordId before = engine_cause(traffic->engine), cause = hosts_changed_by(set);
  engine_set_cause(traffic->engine, cause);
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
  engine_set_cause(traffic->engine, before);
}

static void flows_return(Traffic *traffic, const FlowSet *set, FlowClass *class) {
  class->returned = TRUE;
  class->back_root = engine_record_root(traffic->engine, hosts_changed_by(set));
}

static void evaluate_set(Traffic *traffic, FlowSet *set) {
  const gboolean dark = hosts_dark(&set->config->from) || hosts_dark(&set->config->to);
  for (guint i = 0; i < set->classes->len; i++) {
    FlowClass *class = set->classes->pdata[i];
    guint split_by = 0, direction = 0;
    if (dark != class->gone && !traffic->looking) {
      class->gone = dark;
      (dark ? flows_go : flows_return)(traffic, set, class);
    }
    evaluate_class(traffic, set, class, &split_by, &direction);
    if (split_by != 0) {
      /* Nothing of this class was touched; those before it are met again, unchanged. */
      split_set(traffic, set, direction, split_by);
      i = G_MAXUINT; /* from the first again: ++ makes it 0 */
    }
  }
}

static void evaluate_sets(Traffic *traffic, RecordId cause) {
  traffic->due_to = cause;
  for (guint i = 0; i < traffic->items->len; i++) {
    const TrafficItem *item = traffic->items->pdata[i];
    for (guint s = 0; s < item->sets->len; s++) {
      engine_set_cause(traffic->engine, cause);
      evaluate_set(traffic, item->sets->pdata[s]);
    }
  }
  engine_set_cause(traffic->engine, cause);
}

/* The state between two things that happen at one instant. */
static void look_between(gpointer data) {
  Traffic *traffic = data;
  const RecordId cause = engine_cause(traffic->engine);
  engine_watch_turns(traffic->engine, NULL, NULL);
  traffic->looking = TRUE;
  evaluate_sets(traffic, traffic->changed_by);
  traffic->looking = FALSE;
  engine_set_cause(traffic->engine, cause);
}

static int compare_shares(gconstpointer a, gconstpointer b) {
  return strcmp(((const FlowShare *)a)->via, ((const FlowShare *)b)->via);
}

/* Of flows that are gone, no way is told. */
static const char *shown_via(const FlowClass *class, guint direction) {
  return class->gone ? "dropped:host-down" : class->fate.via[direction];
}

static void add_share(GArray *shares, const char *via, guint flows, gint64 lacking) {
  for (guint i = 0; i < shares->len; i++) {
    FlowShare *share = &g_array_index(shares, FlowShare, i);
    if (strcmp(share->via, via) == 0) {
      share->flows += flows;
      share->lacking += lacking;
      return;
    }
  }
  const FlowShare share = {via, flows, lacking};
  g_array_append_val(shares, share);
}

static void record_shares(Traffic *traffic, TrafficItem *item, guint direction) {
  static const char *const names[DIRECTIONS] = {"forward", "reverse"};
  g_autoptr(GArray) shares = g_array_new(FALSE, FALSE, sizeof(FlowShare));
  for (guint s = 0; s < item->sets->len; s++) {
    const FlowSet *set = item->sets->pdata[s];
    for (guint c = 0; c < set->classes->len; c++) {
      const FlowClass *class = set->classes->pdata[c];
      add_share(shares, shown_via(class, direction),
                class->flows, class->gone ? 0 : class->lacking[direction]);
    }
  }
  if (item->lacking[direction] > 0)
    add_share(shares, "dropped:capacity", 0, -item->lacking[direction]);
  g_array_sort(shares, compare_shares);
  FlowShares *last = &item->last_shares[direction];
  gboolean same = last->count == shares->len;
  for (guint i = 0; i < shares->len && same; i++) {
    const FlowShare *share = &g_array_index(shares, FlowShare, i);
    same = strcmp(share->via, last->shares[i].via) == 0 && share->flows == last->shares[i].flows &&
           share->lacking == last->shares[i].lacking;
  }
  if (same)
    return;
  FlowShare *copy = arena_array(traffic->arena, FlowShare, shares->len);
  memcpy(copy, shares->data, shares->len * sizeof *copy);
  *last = (FlowShares){shares->len, copy, item->config.flows, item->config.bits_per_second};
  FlowShares *detail = arena_new0(traffic->arena, FlowShares);
  *detail = *last;
  engine_record(traffic->engine, &FLOW_SHARES, item->config.name, names[direction], 0, detail);
}

static void evaluate_all(Traffic *traffic) {
  engine_watch_turns(traffic->engine, NULL, NULL);
  evaluate_sets(traffic, engine_cause(traffic->engine));
  overload_share(traffic);
  for (guint i = 0; traffic->detail && i < traffic->items->len; i++)
    for (guint direction = 0; direction < DIRECTIONS; direction++)
      record_shares(traffic, traffic->items->pdata[i], direction);
}

void traffic_begin(Traffic *traffic) {
  evaluate_all(traffic);
  traffic->begun = TRUE;
  for (guint i = 0; i < traffic->probes->len; i++)
    probe_begin(traffic->probes->pdata[i]);
}

guint64 traffic_flows(const Traffic *traffic) {
  guint64 flows = 0;
  for (guint i = 0; i < traffic->items->len; i++)
    flows += ((const TrafficItem *)traffic->items->pdata[i])->config.flows;
  return flows;
}

typedef void (*ClassVisit)(Traffic *traffic, FlowSet *set, FlowClass *class, gpointer data);

static void foreach_class(Traffic *traffic, ClassVisit visit, gpointer data) {
  for (guint i = 0; i < traffic->items->len; i++) {
    const TrafficItem *item = traffic->items->pdata[i];
    for (guint s = 0; s < item->sets->len; s++) {
      FlowSet *set = item->sets->pdata[s];
      for (guint c = 0; c < set->classes->len; c++)
        visit(traffic, set, set->classes->pdata[c], data);
    }
  }
}

static void mark_class(Traffic *traffic, FlowSet *set, FlowClass *class, gpointer data) {
  guint64 *moved = data;
  (void)traffic;
  (void)set;
  gboolean differs = FALSE;
  for (guint direction = 0; direction < DIRECTIONS; direction++) {
    const char *via = shown_via(class, direction);
    differs |= g_strcmp0(class->marked_via[direction], via) != 0;
    class->marked_via[direction] = via;
  }
  if (differs && !class->gone)
    *moved += class->flows;
}

void traffic_mark(Traffic *traffic, RecordId cause) {
  guint64 moved = 0;
  const RecordId before = engine_cause(traffic->engine);
  foreach_class(traffic, mark_class, &moved);
  if (cause == 0)
    return;
  engine_set_cause(traffic->engine, cause);
  engine_record(traffic->engine, &FLOW_MOVED, "traffic", NULL, (gint64)moved, NULL);
  engine_set_cause(traffic->engine, before);
}

static void end_class(Traffic *traffic, FlowSet *set, FlowClass *class, gpointer data) {
  (void)data;
  end_keeping_out(traffic, set, class);
  if (class->down != 0) {
    engine_set_cause(traffic->engine, class->down);
    close_interruption(traffic, set, class, OVER_CENSORED);
  }
  stop_opening(traffic, class, OVER_CENSORED);
}

void traffic_end(Traffic *traffic) {
  foreach_class(traffic, end_class, NULL);
  overload_end(traffic);
  for (guint i = 0; i < traffic->probes->len; i++)
    probe_end(traffic->probes->pdata[i]);
  engine_set_cause(traffic->engine, 0);
}
