/* What calibrate prints for programs: a row for each trait. */
#pragma once
#include "routesim/report/rows.h"

extern const Column calibration_columns[];
extern const guint calibration_column_count;
void calibration_rows_begin(Report *report);

typedef struct {
  const char *measure; /* "outage", "probe:NAME" */
  guint event;
  const char *trait, *before, *law; /* `before` NULL: the scenario says none */
  double low, median, high, level;
  guint n, fitted, judged;
  double distance_before, critical_before, distance, critical;
} CalibrationRow;
/* Variant and run of `key` do not matter. */
void calibration_rows_add(Report *report, const RowKey *key, const CalibrationRow *row);
