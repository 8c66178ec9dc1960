/* Measures of balance; see the header. Sums run in the order of the shares. */
#include "routesim/metric/balance.h"

typedef struct {
  guint ways;
  double sum, squares, most, offered, cross;
} Totals;

static Totals totals_of(const BalanceShare *shares, guint count) {
  Totals totals = {0};
  for (guint i = 0; i < count; i++) {
    const double bits = (double)shares[i].bits_per_second;
    totals.offered += bits;
    if (!shares[i].delivered || shares[i].bits_per_second == 0)
      continue;
    totals.ways++;
    totals.sum += bits;
    totals.squares += bits * bits;
    totals.most = MAX(totals.most, bits);
    totals.cross += shares[i].cross_zone ? bits : 0;
  }
  return totals;
}

static gboolean ways(const BalanceShare *shares, guint count, double *value) {
  *value = totals_of(shares, count).ways;
  return TRUE;
}

/* Jain, Chiu and Hawe 1984: 1 where all ways carry the same, 1/n where one carries all. */
static gboolean jain(const BalanceShare *shares, guint count, double *value) {
  const Totals totals = totals_of(shares, count);
  if (totals.ways > 0)
    *value = totals.sum * totals.sum / (totals.ways * totals.squares);
  return totals.ways > 0;
}

static gboolean max_over_mean(const BalanceShare *shares, guint count, double *value) {
  const Totals totals = totals_of(shares, count);
  if (totals.ways > 0)
    *value = totals.most * totals.ways / totals.sum;
  return totals.ways > 0;
}

static gboolean cross_zone(const BalanceShare *shares, guint count, double *value) {
  const Totals totals = totals_of(shares, count);
  if (totals.ways > 0)
    *value = totals.cross / totals.sum;
  return totals.ways > 0;
}

static gboolean delivered(const BalanceShare *shares, guint count, double *value) {
  const Totals totals = totals_of(shares, count);
  if (totals.offered > 0)
    *value = totals.sum / totals.offered;
  return totals.offered > 0;
}

static const BalanceMeasure measures[] = {
    {"ways", "ways that carry something", ways},
    {"jain", "Jain's index over the ways in use: 1 is even", jain},
    {"max_over_mean", "the busiest way over the mean of those in use", max_over_mean},
    {"cross_zone", "share of delivered bits that cross zones", cross_zone},
    {"delivered", "share of offered bits that are delivered", delivered},
};

guint balance_measure_count(void) { return G_N_ELEMENTS(measures); }
const BalanceMeasure *balance_measure_at(guint index) { return &measures[index]; }
