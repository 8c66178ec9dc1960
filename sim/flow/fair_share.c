/* Progressive filling; see the header. */
#include "routesim/flow/fair_share.h"

typedef struct {
  double *left;      /* capacity that is not given out */
  guint64 *active;   /* flows that still grow */
  gboolean *stopped; /* by demand */
} Filling;

static void stop(Filling *filling, FairDemand *demand, guint index, double rate, guint full) {
  filling->stopped[index] = TRUE;
  demand->rate = rate;
  demand->full = full;
  for (guint i = 0; i < demand->use_count; i++)
    filling->active[demand->uses[i]] -= demand->flows;
}

static gboolean uses(const FairDemand *demand, guint resource) {
  for (guint i = 0; i < demand->use_count; i++)
    if (demand->uses[i] == resource)
      return TRUE;
  return FALSE;
}

/* How far all may grow until the first resource is full; *full becomes that one, or FAIR_SHARE_MET
 * where a demand is met before. -1: nobody grows any more. */
static double next_step(const Filling *filling, const FairDemand *demands, guint count,
                        guint resources, double level, guint *full) {
  double step = -1;
  *full = FAIR_SHARE_MET;
  for (guint i = 0; i < count; i++)
    if (!filling->stopped[i] && (step < 0 || demands[i].demand - level < step))
      step = demands[i].demand - level;
  for (guint r = 0; step >= 0 && r < resources; r++) {
    if (filling->active[r] == 0)
      continue;
    /* Rounding may have taken a hair more than there was; nobody shrinks for it. */
    const double room = MAX(filling->left[r], 0) / (double)filling->active[r];
    if (room < step) {
      step = room;
      *full = r;
    }
  }
  return step;
}

void fair_share_solve(FairDemand *demands, guint count, const double *capacity, guint resources) {
  g_autofree double *left = g_new0(double, resources + 1);
  g_autofree guint64 *active = g_new0(guint64, resources + 1);
  g_autofree gboolean *stopped = g_new0(gboolean, count + 1);
  Filling filling = {left, active, stopped};
  double level = 0;
  guint full;
  for (guint r = 0; r < resources; r++)
    left[r] = capacity[r];
  for (guint i = 0; i < count; i++)
    for (guint j = 0; j < demands[i].use_count; j++)
      active[demands[i].uses[j]] += demands[i].flows;
  for (;;) {
    const double step = next_step(&filling, demands, count, resources, level, &full);
    if (step < 0)
      return;
    for (guint r = 0; r < resources; r++)
      left[r] -= step * (double)active[r];
    level += step;
    for (guint i = 0; i < count; i++) {
      if (stopped[i])
        continue;
      if (full != FAIR_SHARE_MET && uses(&demands[i], full))
        stop(&filling, &demands[i], i, level, full);
      else if (full == FAIR_SHARE_MET && demands[i].demand <= level)
        stop(&filling, &demands[i], i, demands[i].demand, full);
    }
  }
}
