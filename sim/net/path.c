/* Nodes, and paths between them; see the header. */
#include "routesim/net/path.h"

typedef struct {
  ChangeHandler handler;
  gpointer data;
} Watch;

struct NetNode {
  Engine *engine;
  const char *name;
  guint reasons[NODE_REASONS];
  RecordId changed_by;
  Ground sight;
  GPtrArray *paths;
  GPtrArray *watches;
};

struct Path {
  Engine *engine;
  const char *name;
  NetNode *nodes[2];
  NetNode *link; /* or NULL */
  const Distribution *delay;
  const Stage *stage;
  guint cuts;
  RecordId changed_by; /* of the path itself */
  GPtrArray *impairments;
  GPtrArray *watches;
  RandomStream streams[2];
};

static void add_watch(Engine *engine, GPtrArray *watches, ChangeHandler handler, gpointer data) {
  Watch *watch = arena_new0(engine_arena(engine), Watch);
  *watch = (Watch){handler, data};
  g_ptr_array_add(watches, watch);
}

static void tell(GPtrArray *watches) {
  for (guint i = 0; i < watches->len; i++) {
    const Watch *watch = watches->pdata[i];
    watch->handler(watch->data);
  }
}

/* ---- nodes ------------------------------------------------------------------ */

NetNode *net_node_new(Engine *engine, const char *name) {
  Arena *arena = engine_arena(engine);
  NetNode *node = arena_new0(arena, NetNode);
  node->engine = engine;
  node->name = arena_strdup(arena, name);
  node->paths = arena_ptr_array(arena);
  node->watches = arena_ptr_array(arena);
  return node;
}

const char *net_node_name(const NetNode *node) { return node->name; }

void net_node_adjust(NetNode *node, NodeReason reason, int by) {
  const RecordId cause = engine_cause(node->engine);
  g_assert(by == 1 || (by == -1 && node->reasons[reason] > 0));
  node->reasons[reason] += by;
  if (node->reasons[reason] > (by > 0 ? 1u : 0u))
    return; /* it was already so, or still is */
  node->changed_by = cause;
  for (guint i = 0; i < node->paths->len; i++) {
    Path *path = node->paths->pdata[i];
    tell(path->watches);
    engine_set_cause(node->engine, cause);
  }
  tell(node->watches);
  engine_set_cause(node->engine, cause);
}

gboolean net_node_is(const NetNode *node, NodeReason reason) { return node->reasons[reason] > 0; }

gboolean net_node_has_failed(const NetNode *node) {
  return net_node_is(node, NODE_DARK) || net_node_is(node, NODE_NOT_FORWARDING);
}

gboolean net_node_forwards(const NetNode *node) {
  return !net_node_has_failed(node) && !net_node_is(node, NODE_PASSIVE);
}

void net_node_set_sight(NetNode *node, Ground sight) { node->sight = sight; }

Ground net_node_sight(const NetNode *node) {
  const gboolean failed = net_node_is(node, NODE_DARK) || net_node_is(node, NODE_CUT) ||
                          net_node_is(node, NODE_CONTROL_CUT);
  return failed ? node->sight : (Ground){BASIS_NONE, NULL};
}

RecordId net_node_changed_by(const NetNode *node) { return node->changed_by; }

void net_node_watch(NetNode *node, ChangeHandler handler, gpointer data) {
  add_watch(node->engine, node->watches, handler, data);
}

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
  path->impairments = arena_ptr_array(arena);
  path->watches = arena_ptr_array(arena);
  for (guint side = 0; side < 2; side++) {
    const char *stream = arena_concat(arena, "path/", name, side == 0 ? "/0" : "/1", NULL);
    path->streams[side] = random_stream(seed, run, stream);
    g_ptr_array_add(path->nodes[side]->paths, path);
  }
  return path;
}

const char *path_name(const Path *path) { return path->name; }
NetNode *path_node(const Path *path, guint side) { return path->nodes[side]; }

static void path_changed(Path *path) {
  const RecordId cause = engine_cause(path->engine);
  path->changed_by = cause;
  tell(path->watches);
  engine_set_cause(path->engine, cause);
}

void path_cut(Path *path, int by) {
  g_assert(by == 1 || (by == -1 && path->cuts > 0));
  path->cuts += by;
  path_changed(path);
}

void path_impair(Path *path, const Impairment *impairment) {
  g_ptr_array_add(path->impairments, (gpointer)impairment);
  path_changed(path);
}

void path_unimpair(Path *path, const Impairment *impairment) {
  gboolean was_there = g_ptr_array_remove(path->impairments, (gpointer)impairment);
  g_assert(was_there);
  path_changed(path);
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
  return path->cuts == 0;
}

gboolean path_is_steady(const Path *path) {
  if (!path_is_usable(path) || path->delay->kind != DISTRIBUTION_CONSTANT ||
      net_node_is(path->nodes[0], NODE_DARK) || net_node_is(path->nodes[1], NODE_DARK))
    return FALSE;
  for (guint i = 0; i < path->impairments->len; i++) {
    const Impairment *impairment = path->impairments->pdata[i];
    if (impairment->loss > 0 || impairment->jitter.ns > 0)
      return FALSE;
  }
  return TRUE;
}

SimTime path_steady_delay(const Path *path) {
  SimTime delay = path->delay->a;
  for (guint i = 0; i < path->impairments->len; i++)
    delay = sim_time_add(delay, ((const Impairment *)path->impairments->pdata[i])->delay);
  return sim_time_max(delay, sim_time_ns(1));
}

gboolean path_transmit(Path *path, guint side, SimTime *delay) {
  RandomStream *stream = &path->streams[side];
  if (!path_is_usable(path) || net_node_is(path->nodes[side], NODE_DARK))
    return FALSE;
  SimTime total = path->delay->kind == DISTRIBUTION_CONSTANT
                      ? path->delay->a
                      : distribution_draw(path->delay, stream);
  for (guint i = 0; i < path->impairments->len; i++) {
    const Impairment *impairment = path->impairments->pdata[i];
    const Distribution jitter = {.kind = DISTRIBUTION_UNIFORM, .b = impairment->jitter};
    if (impairment->loss > 0 && random_uniform(stream) < impairment->loss)
      return FALSE;
    total = sim_time_add(total, impairment->delay);
    if (impairment->jitter.ns > 0)
      total = sim_time_add(total, distribution_draw(&jitter, stream));
  }
  *delay = sim_time_max(total, sim_time_ns(1));
  return TRUE;
}

const Stage *path_stage(const Path *path) {
  static const Stage impaired = {"message on its way", BASIS_SET, "impair"};
  return path->impairments->len > 0 ? &impaired : path->stage;
}

RecordId path_changed_by(const Path *path) {
  const RecordId link = path->link != NULL ? path->link->changed_by : 0;
  return MAX(MAX(path->changed_by, link),
             MAX(path->nodes[0]->changed_by, path->nodes[1]->changed_by));
}
