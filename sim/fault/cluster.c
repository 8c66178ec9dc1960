/* Clusters; see the header. */
#include "routesim/fault/cluster.h"

const TraceKind CLUSTER_TAKEOVER = {"cluster-takeover"};

typedef struct {
  ClusterMember config;
  gboolean passive;
  RandomStream stream;
} Member;

struct Cluster {
  Engine *engine;
  Member *members;
  guint count;
  Member *active;
  gboolean changing; /* who that is */
  Timer *timer;      /* the active one has failed, and another is about to work */
};

/* A member is well that has not failed; being passive keeps its process from running, and is no
 * failure. */
static gboolean is_well(const Member *member) {
  const FaultVictim *victim = member->config.victim;
  return !net_node_is(victim->node, NODE_DARK) && !net_node_is(victim->node, NODE_CUT) &&
         victim->stops == (member->passive ? 1 : 0);
}

/* The first passive one that is well; NULL: none is. */
static Member *successor_of(const Cluster *cluster) {
  for (guint i = 0; i < cluster->count; i++)
    if (cluster->members[i].passive && is_well(&cluster->members[i]))
      return &cluster->members[i];
  return NULL;
}

static void look(gpointer data) {
  const Cluster *cluster = data;
  if (cluster->changing)
    return;
  Member *successor = successor_of(cluster);
  if (is_well(cluster->active) || successor == NULL) {
    timer_cancel(cluster->timer);
  } else if (!timer_is_armed(cluster->timer)) {
    const Distribution *law = successor->config.takes_over;
    timer_set_stage(cluster->timer, stage_new(engine_arena(cluster->engine),
                                              "takeover in the cluster", law->ground, NULL));
    timer_arm_after(cluster->timer, distribution_draw(law, &successor->stream));
  }
}

static void set_passive(Engine *engine, Member *member, gboolean passive) {
  FaultVictim *victim = member->config.victim;
  ENGINE_KEEP_CAUSE(engine);
  member->passive = passive;
  net_node_adjust(victim->node, NODE_PASSIVE, member, passive ? 1 : -1);
  if (passive)
    fault_hold_process(engine, victim);
  else
    fault_release_process(engine, victim);
}

static void takeover_due(gpointer data) {
  Cluster *cluster = data;
  Engine *engine = cluster->engine;
  Member *old = cluster->active, *successor = successor_of(cluster);
  g_assert(successor != NULL); /* else the timer would not run */
  engine_go_on(engine, &CLUSTER_TAKEOVER, successor->config.victim->name, old->config.victim->name,
               0, NULL);
  cluster->changing = TRUE;
  set_passive(engine, old, TRUE);
  set_passive(engine, successor, FALSE);
  cluster->active = successor;
  cluster->changing = FALSE;
  look(cluster);
}

Cluster *cluster_new(Engine *engine, const char *name, const ClusterMember *members, guint count,
                     guint64 seed, guint32 run) {
  Arena *arena = engine_arena(engine);
  Cluster *cluster = arena_new0(arena, Cluster);
  const char *owner = arena_printf(arena, "cluster/%s", name);
  cluster->engine = engine;
  cluster->count = count;
  cluster->members = arena_array(arena, Member, count);
  cluster->timer = timer_new(engine_owner(engine, owner), PHASE_FAULT, takeover_due, cluster);
  for (guint i = 0; i < count; i++) {
    Member *member = &cluster->members[i];
    FaultVictim *victim = members[i].victim;
    member->config = members[i];
    member->stream =
        random_stream(seed, run, arena_printf(arena, "cluster/%s/%s", name, victim->name));
    if (members[i].active)
      cluster->active = member;
    else
      set_passive(engine, member, TRUE);
  }
  g_assert(cluster->active != NULL);
  for (guint i = 0; i < count; i++) { /* only now: what makes a member passive is no news */
    net_node_watch(members[i].victim->node, look, cluster);
    members[i].victim->stops_changed = look;
    members[i].victim->stops_data = cluster;
  }
  return cluster;
}
