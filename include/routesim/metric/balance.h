/* How evenly a traffic is spread over its ways, moment by moment: measures over the shares of one
 * traffic and direction during one interval. A measure is a row of one table; what it needs is in
 * BalanceShare. */
#pragma once
#include <glib.h>

/* What one way carries. */
typedef struct {
  const char *via;
  gint64 bits_per_second;
  gboolean delivered;  /* FALSE: "dropped:..." */
  gboolean cross_zone; /* two places in a row on it are known to lie in different zones */
} BalanceShare;

typedef struct {
  const char *name; /* as in balance.csv */
  const char *doc;
  /* FALSE where it has no value: nothing was delivered. */
  gboolean (*compute)(const BalanceShare *shares, guint count, double *value);
} BalanceMeasure;

guint balance_measure_count(void);
const BalanceMeasure *balance_measure_at(guint index); /* in the order of output */
