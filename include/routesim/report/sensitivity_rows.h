/* sensitivity.csv: a row for each trait that was moved, and one for all together. */
#pragma once
#include "routesim/report/rows.h"

extern const Column sensitivity_columns[];
extern const guint sensitivity_column_count;
void sensitivity_rows_begin(Report *report);

/* NaN, and an infinite number, are empty fields. */
typedef struct {
  guint event;
  const char *measure, *stat;
  const char *trait, *basis, *fact; /* "all" of all together; then no basis */
  const char *low, *high;           /* NULL of all together */
  double at_low, at_high, share;
} SensitivityRow;
/* The run of `key` does not matter. */
void sensitivity_rows_add(Report *report, const RowKey *key, const SensitivityRow *row);
