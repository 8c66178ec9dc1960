/* Classes of flows and what happens to them; see the header. */
#include "routesim/flow/traffic.h"

#include <string.h>

#include "overload_private.h"
#include "probe_private.h"

const TraceKind FLOW_MOVED = {"flows-moved"};
const TraceKind FLOW_SHARES = {"traffic-shares"};
const char *const flow_directions[] = {[FLOW_FORWARD] = "forward", [FLOW_REVERSE] = "reverse"};

static void evaluate_all(Traffic *traffic);
static void await_ends(const Traffic *traffic);
static void sessions_end(gpointer data);

static void evaluate_due(gpointer data) {
  evaluate_all(data);
  await_ends(data);
}

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
  traffic->labels = arena_hash_table(arena, g_str_hash, g_str_equal);
  traffic->ways = ways_new(arena);
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
  class->fate = &class->fates[0];
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
  item->overloads = arena_growing_array(traffic->arena, sizeof(Account));
  item->spared = arena_growing_array(traffic->arena, sizeof(Account));
  item->eased = arena_growing_array(traffic->arena, sizeof(Account));
  item->full = arena_growing_array(traffic->arena, sizeof(FullElement));
  item->traffic = traffic;
  item->end_timer =
      timer_new(engine_owner(traffic->engine, config->name), PHASE_FLOW, sessions_end, item);
  g_ptr_array_add(traffic->items, item);
  guint first = 0;
  for (guint i = 0; i < group_count(&config->from); i++) {
    const guint in_group = share_up_to(config->flows, &config->from, i + 1) -
                           share_up_to(config->flows, &config->from, i);
    for (guint j = 0; j < group_count(&config->to); j++) {
      const guint flows =
          share_up_to(in_group, &config->to, j + 1) - share_up_to(in_group, &config->to, j);
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
    hashes[i] =
        (guint32)(random_mix64(key + (guint64)i * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)) >> 32);
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

/* What is left of a class as its flows are handed out to those that it splits into, so that their
 * sums are its own, to the bit. */
typedef struct {
  guint flows;
  gint64 missed, missed_anyway;
} Rest;

static gint64 take_part(gint64 *rest, guint flows, guint all) {
  const gint64 part = (gint64)((__int128)*rest * flows / all);
  *rest -= part;
  return part;
}

static void hand_out(Rest *rest, FlowClass *child) {
  child->missed = take_part(&rest->missed, child->flows, rest->flows);
  child->missed_anyway = take_part(&rest->missed_anyway, child->flows, rest->flows);
  rest->flows -= child->flows;
}

/* All classes of a set are split so that `direction` is known modulo `by`. */
static void split_set(Traffic *traffic, FlowSet *set, guint direction, guint by) {
  const guint before[FLOW_DIRECTIONS] = {set->modulus[0], set->modulus[1]};
  guint modulus[FLOW_DIRECTIONS] = {before[0], before[1]};
  modulus[direction] *= by / greatest_common_divisor(modulus[direction], by);
  const guint32 *hash0 = modulus[0] > 1 ? hashes_of(traffic, set, 0) : NULL;
  const guint32 *hash1 = modulus[1] > 1 ? hashes_of(traffic, set, 1) : NULL;
  const guint cells = modulus[0] * modulus[1];
  g_autofree guint *counts = g_new0(guint, cells);
  if (hash0 != NULL && hash1 == NULL)
    flow_count_residues(hash0, set->flows, cells, counts);
  else if (hash0 == NULL && hash1 != NULL)
    flow_count_residues(hash1, set->flows, cells, counts);
  else {
    g_assert(hash0 != NULL && hash1 != NULL); /* whoever asks names more than one residue */
    for (guint i = 0; i < set->flows; i++)
      counts[(hash0[i] % modulus[0]) * modulus[1] + hash1[i] % modulus[1]]++;
  }
  GPtrArray *classes = arena_ptr_array(traffic->arena);
  for (guint c = 0; c < set->classes->len; c++) {
    const FlowClass *parent = set->classes->pdata[c];
    Rest rest = {parent->flows, parent->missed, parent->missed_anyway};
    for (guint r0 = parent->residue[0]; r0 < modulus[0]; r0 += before[0])
      for (guint r1 = parent->residue[1]; r1 < modulus[1]; r1 += before[1]) {
        if (counts[r0 * modulus[1] + r1] == 0)
          continue;
        FlowClass *child = arena_new0(traffic->arena, FlowClass);
        *child = *parent; /* with its history */
        child->known = (Known){.reads = {.count = 0}};
        child->fate = &child->fates[parent->fate == &parent->fates[0] ? 0 : 1];
        child->residue[0] = r0;
        child->residue[1] = r1;
        child->flows = counts[r0 * modulus[1] + r1];
        hand_out(&rest, child);
        g_ptr_array_add(classes, child);
      }
  }
  set->classes = classes;
  memcpy(set->modulus, modulus, sizeof modulus);
}

/* ---- evaluation ------------------------------------------------------------------------ */

static gboolean hosts_dark(const TrafficEnd *end) {
  return end->subnet != NULL && subnet_is_dark(end->subnet);
}

static gboolean is_known(const Traffic *traffic, const FlowClass *class) {
  const Known *known = &class->known;
  for (guint i = 0; i < FLOW_DIRECTIONS; i++)
    if (known->pinned[i].balancer != class->pinned[i].balancer ||
        known->pinned[i].element != class->pinned[i].element)
      return FALSE;
  return !traffic->walks_anew && fabric_reads_hold(traffic->fabric, &known->reads);
}

/* 0, or what the class must be split by. */
static guint find_fate(Traffic *traffic, const FlowSet *set, FlowClass *class, guint *direction) {
  const HashClass hash[FLOW_DIRECTIONS] = {
      {.residue = class->residue[0], .modulus = set->modulus[0], .pinned = class->pinned[0]},
      {.residue = class->residue[1], .modulus = set->modulus[1], .pinned = class->pinned[1]}};
  const TrafficConfig *config = set->config;
  Known *known = &class->known;
  if (is_known(traffic, class))
    return 0;
  Fate *fate = &class->fates[class->fate == &class->fates[0] ? 1 : 0];
  *fate = (Fate){.deliverable = FALSE};
  known->fate = fate;
  memcpy(known->pinned, class->pinned, sizeof known->pinned);
  fabric_reads_begin(traffic->fabric, &known->reads);
  const guint split = fate_find(traffic, &config->from, &config->to, set->from_table, set->to_table,
                                hash, fate, direction);
  fabric_reads_end(traffic->fabric);
  if (split != 0)
    known->reads = (FabricReads){.count = 0}; /* this is no fate */
  return split;
}

static void evaluate_class(Traffic *traffic, FlowSet *set, FlowClass *class, guint *split_by,
                           guint *split_direction) {
  *split_by = find_fate(traffic, set, class, split_direction);
  if (*split_by != 0)
    return;
  const Fate *before = class->fate;
  class->fate = class->known.fate;
  if (class->gone || traffic->looking) {
    outage_look(traffic, class);
    if (traffic->looking)
      class->fate = before;
    return;
  }
  outage_follow(traffic, set, class);
  if (!traffic->begun)
    memcpy(class->marked, class->fate->ways, sizeof class->fate->ways);
}

static void evaluate_set(Traffic *traffic, FlowSet *set) {
  const gboolean dark = hosts_dark(&set->config->from) || hosts_dark(&set->config->to);
  for (guint i = 0; i < set->classes->len; i++) {
    FlowClass *class = set->classes->pdata[i];
    guint split_by = 0, direction = 0;
    if (dark != class->gone && !traffic->looking) {
      class->gone = dark;
      (dark ? outage_flows_go : outage_flows_return)(traffic, set, class);
    } else if (class->gone && !dark) {
      outage_flows_return(traffic, set, class); /* what is looked at is due to their return, too */
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
      ENGINE_DUE_TO(traffic->engine, cause);
      evaluate_set(traffic, item->sets->pdata[s]);
    }
  }
}

/* The state between two things that happen at one instant. */
static void look(Traffic *traffic) {
  traffic->looking = TRUE;
  evaluate_sets(traffic, traffic->changed_by);
  traffic->looking = FALSE;
}

static void look_between(gpointer data) {
  Traffic *traffic = data;
  engine_watch_turns(traffic->engine, NULL, NULL);
  look(traffic);
}

void traffic_walk(Traffic *traffic) {
  const gboolean anew = traffic->walks_anew;
  traffic->walks_anew = TRUE;
  look(traffic);
  traffic->walks_anew = anew;
}

void traffic_walk_always(Traffic *traffic) { traffic->walks_anew = TRUE; }

static int compare_shares(gconstpointer a, gconstpointer b) {
  return way_compare(((const FlowShare *)a)->way, ((const FlowShare *)b)->way);
}

static void add_share(GArray *shares, const FlowWay *way, guint flows, gint64 lacking) {
  for (guint i = 0; i < shares->len; i++) {
    FlowShare *share = &g_array_index(shares, FlowShare, i);
    if (share->way == way) {
      share->flows += flows;
      share->lacking += lacking;
      return;
    }
  }
  const FlowShare share = {way, flows, lacking};
  g_array_append_val(shares, share);
}

static void record_shares(Traffic *traffic, TrafficItem *item, guint direction) {
  g_autoptr(GArray) shares = g_array_new(FALSE, FALSE, sizeof(FlowShare));
  for (guint s = 0; s < item->sets->len; s++) {
    const FlowSet *set = item->sets->pdata[s];
    for (guint c = 0; c < set->classes->len; c++) {
      const FlowClass *class = set->classes->pdata[c];
      add_share(shares, way_shown(traffic, class, direction), class->flows,
                class->lacking[direction]);
    }
  }
  if (item->lacking[direction] > 0)
    add_share(shares, way_dropped(traffic, DROP_CAPACITY), 0, -item->lacking[direction]);
  g_array_sort(shares, compare_shares);
  FlowShares *last = &item->last_shares[direction];
  gboolean same = last->count == shares->len;
  for (guint i = 0; i < shares->len && same; i++) {
    const FlowShare *share = &g_array_index(shares, FlowShare, i);
    same = share->way == last->shares[i].way && share->flows == last->shares[i].flows &&
           share->lacking == last->shares[i].lacking;
  }
  if (same)
    return;
  FlowShare *copy = arena_array(traffic->arena, FlowShare, shares->len);
  memcpy(copy, shares->data, shares->len * sizeof *copy);
  *last = (FlowShares){(FlowDirection)direction, shares->len, copy, item->config.flows,
                       item->config.bits_per_second};
  FlowShares *detail = arena_new0(traffic->arena, FlowShares);
  *detail = *last;
  engine_record(traffic->engine, &FLOW_SHARES, item->config.name, flow_directions[direction], 0,
                detail);
}

static void evaluate_all(Traffic *traffic) {
  engine_watch_turns(traffic->engine, NULL, NULL);
  evaluate_sets(traffic, engine_cause(traffic->engine));
  overload_share(traffic);
  for (guint i = 0; traffic->detail && i < traffic->items->len; i++)
    for (guint direction = 0; direction < FLOW_DIRECTIONS; direction++)
      record_shares(traffic, traffic->items->pdata[i], direction);
}

void traffic_begin(Traffic *traffic) {
  evaluate_all(traffic);
  traffic->begun = TRUE;
  for (guint i = 0; i < traffic->probes->len; i++)
    probe_begin(traffic->probes->pdata[i]);
}

static gboolean has_state_at(const FlowClass *class, const NetNode *node) {
  for (guint i = 0; i < class->holder_count; i++)
    if (element_state_is_at(class->holders[i], node))
      return TRUE;
  return FALSE;
}

gboolean traffic_has_state_at(const Traffic *traffic, const NetNode *node) {
  for (guint i = 0; i < traffic->items->len; i++) {
    const TrafficItem *item = traffic->items->pdata[i];
    for (guint s = 0; s < item->sets->len; s++) {
      const FlowSet *set = item->sets->pdata[s];
      for (guint c = 0; c < set->classes->len; c++)
        if (has_state_at(set->classes->pdata[c], node))
          return TRUE;
    }
  }
  return FALSE;
}

guint64 traffic_stopped(const Traffic *traffic, SimTime since) {
  guint64 flows = 0;
  for (guint i = 0; i < traffic->items->len; i++) {
    const TrafficItem *item = traffic->items->pdata[i];
    for (guint s = 0; s < item->sets->len; s++) {
      const FlowSet *set = item->sets->pdata[s];
      for (guint c = 0; c < set->classes->len; c++) {
        const FlowClass *class = set->classes->pdata[c];
        if (class->down != 0 && engine_record_get(traffic->engine, class->down)->at.ns >= since.ns)
          flows += class->flows;
      }
    }
  }
  return flows;
}

guint64 traffic_flows(const Traffic *traffic) {
  guint64 flows = 0;
  for (guint i = 0; i < traffic->items->len; i++)
    flows += ((const TrafficItem *)traffic->items->pdata[i])->config.flows;
  return flows;
}

typedef void (*ClassVisit)(Traffic *traffic, FlowSet *set, FlowClass *class, gpointer data);

static void foreach_class_of(const TrafficItem *item, ClassVisit visit, gpointer data) {
  for (guint s = 0; s < item->sets->len; s++) {
    FlowSet *set = item->sets->pdata[s];
    for (guint c = 0; c < set->classes->len; c++)
      visit(item->traffic, set, set->classes->pdata[c], data);
  }
}

static void foreach_class(const Traffic *traffic, ClassVisit visit, gpointer data) {
  for (guint i = 0; i < traffic->items->len; i++)
    foreach_class_of(traffic->items->pdata[i], visit, data);
}

/* ---- sessions that end in their own time ------------------------------------------------- */

static void look_for_handed_out(Traffic *traffic, FlowSet *set, FlowClass *class, gpointer data) {
  (void)traffic, (void)set;
  *(gboolean *)data |= outage_is_handed_out(class);
}

/* Who is good for a balancer may have changed just now: whoever was handed elsewhere meanwhile
 * comes back with the session that its user opens next. */
static void await_ends(const Traffic *traffic) {
  for (guint i = 0; i < traffic->items->len; i++) {
    const TrafficItem *item = traffic->items->pdata[i];
    gboolean handed_out = FALSE;
    foreach_class_of(item, look_for_handed_out, &handed_out);
    if (handed_out && !timer_is_armed(item->end_timer))
      timer_arm_after(item->end_timer, item->config.sessions_last);
  }
}

static void end_sessions(Traffic *traffic, FlowSet *set, FlowClass *class, gpointer data) {
  (void)set, (void)data;
  outage_sessions_end(traffic, class);
}

static void sessions_end(gpointer data) {
  const TrafficItem *item = data;
  foreach_class_of(item, end_sessions, NULL);
  evaluate_all(item->traffic);
}

typedef struct {
  const RecordId *events;
  guint count;
  FlowsHit hit;
} HitBy;

static gboolean has_any(const RootList *roots, const RootList *but, const HitBy *by) {
  for (guint i = 0; i < by->count; i++)
    if (has_root(roots, by->events[i]) && !has_root(but, by->events[i]))
      return TRUE;
  return FALSE;
}

static void count_hit(Traffic *traffic, FlowSet *set, FlowClass *class, gpointer data) {
  HitBy *by = data;
  (void)traffic;
  (void)set;
  if (has_any(class->down_roots, NULL, by))
    by->hit.interrupted += class->flows;
  if (has_any(class->broken_roots, class->gone_roots, by))
    by->hit.broken += class->flows;
}

FlowsHit traffic_hit_by(Traffic *traffic, const RecordId *events, guint count) {
  HitBy by = {.events = events, .count = count};
  foreach_class(traffic, count_hit, &by);
  return by.hit;
}

static void mark_class(Traffic *traffic, FlowSet *set, FlowClass *class, gpointer data) {
  guint64 *moved = data;
  (void)set;
  gboolean differs = FALSE;
  for (guint direction = 0; direction < FLOW_DIRECTIONS; direction++) {
    const FlowWay *way = way_shown(traffic, class, direction);
    differs |= class->marked[direction] != way;
    class->marked[direction] = way;
  }
  if (differs && !class->gone)
    *moved += class->flows;
}

void traffic_mark(Traffic *traffic, RecordId cause) {
  guint64 moved = 0;
  foreach_class(traffic, mark_class, &moved);
  if (cause == 0)
    return;
  ENGINE_DUE_TO(traffic->engine, cause);
  engine_record(traffic->engine, &FLOW_MOVED, "traffic", NULL, (gint64)moved, NULL);
}

static void end_class(Traffic *traffic, FlowSet *set, FlowClass *class, gpointer data) {
  (void)data;
  outage_end(traffic, set, class);
}

void traffic_end(Traffic *traffic) {
  foreach_class(traffic, end_class, NULL);
  blame_end(traffic);
  for (guint i = 0; i < traffic->probes->len; i++)
    probe_end(traffic->probes->pdata[i]);
}
