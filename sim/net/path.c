/* Nodes, and paths between them; see the header. */
#include "routesim/net/path.h"

#include "routesim/net/drop.h"

typedef struct {
  ChangeHandler handler;
  gpointer data;
} Watch;

/* One that keeps a node from doing its part. */
typedef struct {
  NodeReason reason;
  gconstpointer holder;
  RecordId since;
} Hold;

struct NetNode {
  Engine *engine;
  const char *name;
  guint reasons[NODE_REASONS]; /* how many of `holds` */
  GArray *holds;               /* Hold, in the order in which they began */
  RecordId changed_by;         /* of what traffic sees */
  RecordId forwards_again_by;
  Relief relief; /* of what control traffic sees: something was taken away */
  Ground sight;
  GPtrArray *paths;
  GPtrArray *watches;
  gboolean asked; /* see net_node_was_asked(): no part of what the node is */
};

typedef struct {
  const Impairment *impairment;
  RecordId since;
} ActiveImpairment;

struct Path {
  Engine *engine;
  const char *name;
  NetNode *nodes[2];
  NetNode *link; /* or NULL */
  const Distribution *delay;
  const Stage *stage;
  GArray *cuts;        /* RecordId, in the order in which they began */
  Relief relief;       /* of the path itself */
  Relief opened;       /* the same of what had closed it */
  GArray *impairments; /* ActiveImpairment, in the order in which they began */
  GArray *hindrances;  /* Hindrance, of the packet looked at last */
  GPtrArray *watches;
  RandomStream streams[2];
};

static void add_watch(Engine *engine, GPtrArray *watches, ChangeHandler handler, gpointer data) {
  Watch *watch = arena_new0(engine_arena(engine), Watch);
  *watch = (Watch){handler, data};
  g_ptr_array_add(watches, watch);
}

/* Whoever is told may find another cause, which is no business of the next. */
static void tell(Engine *engine, GPtrArray *watches) {
  for (guint i = 0; i < watches->len; i++) {
    const Watch *watch = watches->pdata[i];
    ENGINE_KEEP_CAUSE(engine);
    watch->handler(watch->data);
  }
}

/* ---- nodes ------------------------------------------------------------------ */

NetNode *net_node_new(Engine *engine, const char *name) {
  Arena *arena = engine_arena(engine);
  NetNode *node = arena_new0(arena, NetNode);
  node->engine = engine;
  node->name = arena_strdup(arena, name);
  node->holds = arena_growing_array(arena, sizeof(Hold));
  node->paths = arena_ptr_array(arena);
  node->watches = arena_ptr_array(arena);
  return node;
}

const char *net_node_name(const NetNode *node) { return node->name; }

/* Traffic does not see that control traffic is cut off, nor control traffic what ails the data
 * plane. */
static gboolean is_seen_by_traffic(NodeReason reason) { return reason != NODE_CONTROL_CUT; }
static gboolean is_seen_by_control(NodeReason reason) {
  return reason == NODE_DARK || reason == NODE_CUT || reason == NODE_CONTROL_CUT;
}

static void add_hold(NetNode *node, NodeReason reason, gconstpointer holder) {
  const Hold hold = {reason, holder, engine_cause(node->engine)};
  g_array_append_val(node->holds, hold);
  node->reasons[reason]++;
}

static void take_hold(NetNode *node, NodeReason reason, gconstpointer holder) {
  guint i = 0;
  while (i < node->holds->len && (g_array_index(node->holds, Hold, i).reason != reason ||
                                  g_array_index(node->holds, Hold, i).holder != holder))
    i++;
  g_assert(i < node->holds->len);
  g_array_remove_index(node->holds, i);
  node->reasons[reason]--;
}

static void note_change(NetNode *node, NodeReason reason, gboolean forwarded, int by) {
  const RecordId cause = engine_cause(node->engine);
  if (is_seen_by_traffic(reason))
    node->changed_by = cause;
  if (!forwarded && net_node_forwards(node))
    node->forwards_again_by = cause;
  if (by < 0 && is_seen_by_control(reason))
    node->relief = (Relief){cause, engine_now(node->engine)};
}

void net_node_adjust(NetNode *node, NodeReason reason, gconstpointer holder, int by) {
  const gboolean forwarded = net_node_forwards(node);
  g_assert(by == 1 || by == -1);
  if (by > 0)
    add_hold(node, reason, holder);
  else
    take_hold(node, reason, holder);
  if (node->reasons[reason] > (by > 0 ? 1u : 0u))
    return; /* it was already so, or still is */
  note_change(node, reason, forwarded, by);
  for (guint i = 0; i < node->paths->len; i++) {
    Path *path = node->paths->pdata[i];
    tell(node->engine, path->watches);
  }
  tell(node->engine, node->watches);
}

static void note_asked(const NetNode *node) { ((NetNode *)node)->asked = TRUE; }
gboolean net_node_was_asked(const NetNode *node) { return node->asked; }
void net_node_forget_asked(NetNode *node) { node->asked = FALSE; }

gboolean net_node_is(const NetNode *node, NodeReason reason) {
  note_asked(node);
  return node->reasons[reason] > 0;
}

/* The first of all that began at some record; nothing at all where `any` is not set. */
typedef struct {
  gboolean any;
  RecordId since;
} First;

static void note_first(First *first, RecordId since) {
  first->since = first->any ? MIN(first->since, since) : since;
  first->any = TRUE;
}

static void note_reason(First *first, const NetNode *node, NodeReason reason) {
  for (guint i = 0; net_node_is(node, reason) && i < node->holds->len; i++)
    if (g_array_index(node->holds, Hold, i).reason == reason)
      note_first(first, g_array_index(node->holds, Hold, i).since);
}

RecordId net_node_since(const NetNode *node, NodeReason reason) {
  First first = {FALSE, 0};
  note_reason(&first, node, reason);
  g_assert(first.any);
  return first.since;
}

/* TRUE where the node passes nothing on because of itself: it has no power, has not booted yet, or
 * its data plane is dead. */
static gboolean net_node_has_failed(const NetNode *node) {
  return net_node_is(node, NODE_DARK) || net_node_is(node, NODE_NOT_FORWARDING);
}

gboolean net_node_forwards(const NetNode *node) {
  return !net_node_has_failed(node) && !net_node_is(node, NODE_PASSIVE);
}

DropReason net_node_why_idle(const NetNode *node) {
  return net_node_has_failed(node) ? DROP_NEXT_HOP_DOWN : DROP_NEXT_HOP_PASSIVE;
}

static void note_idle(First *first, const NetNode *node) {
  note_reason(first, node, NODE_DARK);
  note_reason(first, node, NODE_NOT_FORWARDING);
  note_reason(first, node, NODE_PASSIVE);
}

RecordId net_node_forwards_since(const NetNode *node) {
  First first = {FALSE, node->forwards_again_by};
  note_idle(&first, node);
  return first.since;
}

RecordId net_node_fails_since(const NetNode *node) {
  First first = {FALSE, 0};
  note_idle(&first, node);
  note_reason(&first, node, NODE_CUT);
  return first.since;
}

void net_node_set_sight(NetNode *node, Ground sight) { node->sight = sight; }

Ground net_node_sight(const NetNode *node) {
  const gboolean failed = net_node_is(node, NODE_DARK) || net_node_is(node, NODE_CUT) ||
                          net_node_is(node, NODE_CONTROL_CUT);
  return failed ? node->sight : (Ground){BASIS_NONE, NULL};
}

RecordId net_node_changed_by(const NetNode *node) {
  note_asked(node);
  return node->changed_by;
}

void net_node_watch(NetNode *node, ChangeHandler handler, gpointer data) {
  add_watch(node->engine, node->watches, handler, data);
}

guint net_node_watch_count(const NetNode *node) { return node->watches->len; }

/* ---- paths ------------------------------------------------------------------- */

Path *path_new(Engine *engine, const char *name, NetNode *a, NetNode *b, const Distribution *delay,
               guint64 seed, guint32 run) {
  Arena *arena = engine_arena(engine);
  Path *path = arena_new0(arena, Path);
  path->engine = engine;
  path->name = arena_strdup(arena, name);
  path->nodes[0] = a;
  path->nodes[1] = b;
  path->delay = delay;
  path->stage = stage_new(arena, "message on its way", delay->ground, NULL);
  path->cuts = arena_growing_array(arena, sizeof(RecordId));
  path->impairments = arena_growing_array(arena, sizeof(ActiveImpairment));
  path->hindrances = arena_growing_array(arena, sizeof(Hindrance));
  path->watches = arena_ptr_array(arena);
  for (guint side = 0; side < 2; side++) {
    const char *stream = arena_concat(arena, "path/", name, side == 0 ? "/0" : "/1", NULL);
    path->streams[side] = random_stream(seed, run, stream);
    g_ptr_array_add(path->nodes[side]->paths, path);
  }
  return path;
}

const char *path_name(const Path *path) { return path->name; }
gboolean path_touches(const Path *path, const NetNode *node) {
  return path->nodes[0] == node || path->nodes[1] == node || path->link == node;
}

NetNode *path_node(const Path *path, guint side) { return path->nodes[side]; }

static void path_changed(Path *path, gboolean relieved, gboolean opened) {
  if (relieved)
    path->relief = (Relief){engine_cause(path->engine), engine_now(path->engine)};
  if (opened)
    path->opened = path->relief;
  tell(path->engine, path->watches);
}

void path_cut(Path *path, int by) {
  const RecordId cause = engine_cause(path->engine);
  g_assert(by == 1 || (by == -1 && path->cuts->len > 0));
  if (by > 0)
    g_array_append_val(path->cuts, cause);
  else
    g_array_remove_index(path->cuts, 0);
  path_changed(path, by < 0, by < 0);
}

static const Impairment *impairment_at(const Path *path, guint i) {
  return g_array_index(path->impairments, ActiveImpairment, i).impairment;
}

void path_impair(Path *path, const Impairment *impairment) {
  const ActiveImpairment active = {impairment, engine_cause(path->engine)};
  g_array_append_val(path->impairments, active);
  path_changed(path, FALSE, FALSE);
}

static gboolean is_felt(const Impairment *impairment) {
  return impairment->loss > 0 || impairment->delay.ns > 0 || impairment->jitter.ns > 0;
}

/* Loss of all is as good as a cut. */
static gboolean is_closing(const Impairment *impairment) { return impairment->loss >= 1; }

void path_unimpair(Path *path, const Impairment *impairment) {
  guint i = 0;
  while (i < path->impairments->len && impairment_at(path, i) != impairment)
    i++;
  g_assert(i < path->impairments->len);
  g_array_remove_index(path->impairments, i);
  path_changed(path, is_felt(impairment), is_closing(impairment));
}

void path_set_link(Path *path, NetNode *link) {
  g_assert(path->link == NULL);
  path->link = link;
  g_ptr_array_add(link->paths, path);
}

void path_watch(Path *path, ChangeHandler handler, gpointer data) {
  add_watch(path->engine, path->watches, handler, data);
}

gboolean path_is_usable(const Path *path) {
  for (guint side = 0; side < 2; side++)
    if (net_node_is(path->nodes[side], NODE_CUT) ||
        net_node_is(path->nodes[side], NODE_CONTROL_CUT))
      return FALSE;
  if (path->link != NULL &&
      (net_node_is(path->link, NODE_CUT) || net_node_is(path->link, NODE_DARK)))
    return FALSE;
  return path->cuts->len == 0;
}

gboolean path_draws_nothing(const Path *path) {
  if (path->delay->kind != DISTRIBUTION_CONSTANT)
    return FALSE;
  for (guint i = 0; i < path->impairments->len; i++) {
    const Impairment *impairment = impairment_at(path, i);
    if (impairment->loss > 0 || impairment->jitter.ns > 0)
      return FALSE;
  }
  return TRUE;
}

gboolean path_is_steady(const Path *path) {
  return path_is_usable(path) && path_draws_nothing(path) &&
         !net_node_is(path->nodes[0], NODE_DARK) && !net_node_is(path->nodes[1], NODE_DARK);
}

SimTime path_steady_delay(const Path *path) {
  SimTime delay = path->delay->a;
  for (guint i = 0; i < path->impairments->len; i++)
    delay = sim_time_add(delay, impairment_at(path, i)->delay);
  return sim_time_max(delay, sim_time_ns(1));
}

/* ---- packets ---------------------------------------------------------------------------- */

static void lose_for(GArray *hindrances, const NetNode *node,
                     gboolean (*matters)(NodeReason reason)) {
  for (guint i = 0; i < node->holds->len; i++)
    if (matters(g_array_index(node->holds, Hold, i).reason))
      hinder_for_ever(hindrances, g_array_index(node->holds, Hold, i).since);
}

static gboolean is_dark(NodeReason reason) { return reason == NODE_DARK; }
static gboolean is_link_down(NodeReason reason) {
  return reason == NODE_DARK || reason == NODE_CUT;
}

/* The list is kept and emptied, as every packet asks, and nearly always nothing is amiss. */
static void forget_hindrances(const Path *path) {
  if (path->hindrances->len > 0)
    g_array_set_size(path->hindrances, 0);
}

/* What keeps every packet from `side` away, now, is noted. */
static void note_what_is_closed(const Path *path) {
  GArray *all = path->hindrances;
  for (guint end = 0; end < 2; end++)
    lose_for(all, path->nodes[end], is_seen_by_control);
  if (path->link != NULL)
    lose_for(all, path->link, is_link_down);
  for (guint i = 0; i < path->cuts->len; i++)
    hinder_for_ever(all, g_array_index(path->cuts, RecordId, i));
  for (guint i = 0; i < path->impairments->len; i++)
    if (is_closing(impairment_at(path, i)))
      hinder_for_ever(all, g_array_index(path->impairments, ActiveImpairment, i).since);
}

static SimTime draw_delay(const Path *path, RandomStream *stream) {
  return path->delay->kind == DISTRIBUTION_CONSTANT ? path->delay->a
                                                    : distribution_draw(path->delay, stream);
}

static SimTime at_least_some(SimTime delay) { return sim_time_max(delay, sim_time_ns(1)); }

static SimTime draw_lateness(const Impairment *impairment, RandomStream *stream) {
  const Distribution jitter = {.kind = DISTRIBUTION_UNIFORM, .b = impairment->jitter};
  return impairment->jitter.ns == 0
             ? impairment->delay
             : sim_time_add(impairment->delay, distribution_draw(&jitter, stream));
}

/* The impairment that loses most at random; of equal ones the first. */
static RecordId loses_most(const Path *path) {
  guint most = 0;
  for (guint i = 1; i < path->impairments->len; i++)
    if (impairment_at(path, i)->loss > impairment_at(path, most)->loss)
      most = i;
  return g_array_index(path->impairments, ActiveImpairment, most).since;
}

/* The impairments of one packet. The first that loses it ends the draws from `stream`. */
static void suffer(const Path *path, RandomStream *stream, Trip *trip) {
  RandomStream would;
  for (guint i = 0; i < path->impairments->len; i++) {
    const Impairment *impairment = impairment_at(path, i);
    const gboolean lost = impairment->loss > 0 && random_uniform(stream) < impairment->loss;
    if (lost && trip->arrives) {
      would = *stream;
      stream = &would;
      trip->arrives = FALSE;
      hinder_for_ever(path->hindrances, loses_most(path));
    }
    const SimTime by = draw_lateness(impairment, stream);
    trip->delay = sim_time_add(trip->delay, by);
    if (by.ns > 0)
      hinder(path->hindrances, g_array_index(path->impairments, ActiveImpairment, i).since, by,
             impairment->delay);
  }
}

/* A packet whose draws are from `stream`; it leaves where the path is open. */
static void travel(const Path *path, RandomStream *stream, gboolean leaves, Trip *trip) {
  forget_hindrances(path);
  note_what_is_closed(path);
  const SimTime nominal = draw_delay(path, stream);
  *trip = (Trip){.arrives = leaves, .nominal = at_least_some(nominal), .delay = nominal};
  suffer(path, stream, trip);
  trip->delay = at_least_some(trip->delay);
  trip->hindrances = path->hindrances->len > 0 ? path->hindrances : NULL;
}

void path_would_transmit(const Path *path, guint side, Trip *trip) {
  RandomStream stream = path->streams[side];
  travel(path, &stream, FALSE, trip);
}

void path_would_transmit_but(const Path *path, guint side, RecordId ended_by, Trip *trip) {
  path_would_transmit(path, side, trip);
  hinder_for_ever(path->hindrances, ended_by);
  trip->hindrances = path->hindrances;
}

void path_standing_hindrances(const Path *path, GArray *all) {
  for (guint i = 0; i < path->impairments->len; i++)
    if (impairment_at(path, i)->delay.ns > 0)
      hinder(all, g_array_index(path->impairments, ActiveImpairment, i).since,
             impairment_at(path, i)->delay, impairment_at(path, i)->delay);
}

gboolean path_leaves(const Path *path, guint side) {
  return path_is_usable(path) && !net_node_is(path->nodes[side], NODE_DARK);
}

gboolean path_transmit(Path *path, guint side, Trip *trip) {
  RandomStream would = path->streams[side];
  const gboolean leaves = path_leaves(path, side);
  travel(path, leaves ? &path->streams[side] : &would, leaves, trip);
  return trip->arrives;
}

gboolean path_meets_nobody(const Path *path, guint side, Trip *trip) {
  const NetNode *node = path->nodes[!side];
  if (!net_node_is(node, NODE_DARK))
    return FALSE;
  if (trip == NULL)
    return TRUE;
  forget_hindrances(path);
  lose_for(path->hindrances, node, is_dark);
  *trip = (Trip){.arrives = FALSE, .hindrances = path->hindrances};
  return TRUE;
}

/* ---- what packets rest on ---------------------------------------------------------------- */

const Stage *path_stage(const Path *path) {
  static const Stage impaired = {"message on its way", BASIS_SET, "impair"};
  return path->impairments->len > 0 ? &impaired : path->stage;
}

static void take_later(Relief *latest, Relief other) {
  if (other.at.ns > latest->at.ns || (other.at.ns == latest->at.ns && other.by > latest->by))
    *latest = other;
}

/* `latest` becomes the latest relief of whatever the path runs over. */
static void take_reliefs_of_nodes(const Path *path, Relief *latest) {
  take_later(latest, path->nodes[0]->relief);
  take_later(latest, path->nodes[1]->relief);
  if (path->link != NULL)
    take_later(latest, path->link->relief);
}

static Relief by_record(const Engine *engine, RecordId id) {
  return (Relief){id, id != 0 ? engine_record_get(engine, id)->at : SIM_TIME_ZERO};
}

RecordId path_relieved_since(const Path *path, RecordId cause) {
  Relief latest = by_record(path->engine, cause);
  take_later(&latest, path->relief);
  take_reliefs_of_nodes(path, &latest);
  return latest.by;
}

/* From before the cause only what had closed the way counts: sessions open over a bad one, too. */
RecordId path_reopened_by(const Path *path, RecordId cause, Relief up, const Relief returned[2]) {
  const Engine *engine = path->engine;
  const RecordId root = engine_record_root(engine, cause);
  Relief latest = by_record(engine, root);
  take_later(&latest, up);
  const RecordId before = latest.by;
  take_later(&latest, path->opened);
  take_reliefs_of_nodes(path, &latest);
  take_later(&latest, returned[0]);
  take_later(&latest, returned[1]);
  const Relief own = by_record(engine, cause);
  if (latest.by == before)
    latest = own;
  else if (engine_record_root(engine, latest.by) == root)
    take_later(&latest, own);
  if (path->relief.at.ns > own.at.ns)
    take_later(&latest, path->relief);
  return latest.by;
}
