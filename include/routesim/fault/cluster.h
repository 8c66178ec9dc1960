/* A cluster: appliances of which one works at a time.
 *
 * A passive member is alive, but passes nothing on, has no sessions and answers no probe. When the
 * active one has failed (no power, cut off, its process gone), as its peers see it, the first
 * passive member by name that is well takes its place after a while; the one that failed is a
 * passive member from then on, and stays one when it is back. */
#pragma once
#include "routesim/fault/fault.h"

typedef struct {
  FaultVictim *victim;
  gboolean active;                /* at first; one member is */
  const Distribution *takes_over; /* from the failure of the active one until it works */
} ClusterMember;

typedef struct Cluster Cluster;

/* Members in the order of their names. Before the engine is sealed, and before sessions begin. */
Cluster *cluster_new(Engine *engine, const char *name, const ClusterMember *members, guint count,
                     guint64 seed, guint32 run);

/* A member took over. Subject: that one; object: the one in whose place it is. */
extern const TraceKind CLUSTER_TAKEOVER;
