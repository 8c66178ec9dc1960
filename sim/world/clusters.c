/* Clusters of a world, and sessions that do not begin because an end of theirs is passive. */
#include <string.h>

#include "routesim/fault/cluster.h"
#include "world_private.h"

static gboolean is_of(const WorldNva *nva, const char *name) {
  return nva->config->cluster != NULL && strcmp(nva->config->cluster->name.text, name) == 0;
}

static void build_cluster(World *world, const char *name) {
  g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(ClusterMember));
  for (guint i = 0; i < world->nvas->len; i++) {
    const WorldNva *nva = world->nvas->pdata[i];
    if (!is_of(nva, name))
      continue;
    const ClusterMember member = {nva->victim, nva->config->cluster->state == DESIGN_CLUSTER_ACTIVE,
                                  &nva->config->cluster->takes_over.law};
    g_array_append_val(members, member);
  }
  cluster_new(world->engine, name, (const ClusterMember *)members->data, members->len,
              world->options->seed, world->options->run);
}

void world_build_clusters(World *world) {
  for (guint i = 0; i < world->nvas->len; i++) {
    const WorldNva *nva = world->nvas->pdata[i];
    gboolean first = nva->config->cluster != NULL;
    for (guint j = 0; first && j < i; j++)
      first = !is_of(world->nvas->pdata[j], nva->config->cluster->name.text);
    if (first)
      build_cluster(world, nva->config->cluster->name.text);
  }
}

gboolean world_end_runs(const World *world, const WorldSession *session, guint side) {
  const FaultVictim *victim = world_victim(world, session->ends[side]);
  return victim == NULL || victim->stops == 0;
}
