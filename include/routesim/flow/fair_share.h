/* Max-min fair sharing by progressive filling: all demands grow together; one stops when it has
 * what it asks for, or when something that it uses is full. Knows nothing of networks. The
 * arithmetic is
 * + - * / in the order of the arrays, so the same input gives the same bits. */
#pragma once
#include <glib.h>

#define FAIR_SHARE_MET G_MAXUINT

typedef struct {
  double demand;     /* of each of its flows */
  guint flows;       /* more than 0 */
  const guint *uses; /* indices of resources, each once */
  guint use_count;
  double rate; /* answer: of each of its flows, ... */
  guint full;  /* ... and the resource that keeps it from more; FAIR_SHARE_MET: it has all */
} FairDemand;

/* `capacity` of each of `resources` resources, for all flows that use it together. */
void fair_share_solve(FairDemand *demands, guint count, const double *capacity, guint resources);
