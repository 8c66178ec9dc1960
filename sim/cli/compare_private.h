/* The parts of a comparison. */
#pragma once
#include "results_private.h"

/* "aws", "aws slow-timers". Caller frees. */
char *cell_title(const BatchCell *cell);

/* A table for programs; the adders write its rows for one file. */
typedef struct {
  const char *key;
  const Column *columns;
  guint count;
} CompareTable;

/* Shares of flows by their way, before and after event 0, in run 0. */
extern const CompareTable compare_distribution_table;
void compare_add_distribution(Report *report, const Batch *batch);
void compare_distribution(Report *report, const Batch *batch);

/* What somebody measured beside what the model gives. */
extern const CompareTable compare_measured_table;
void compare_add_measured(Report *report, const Batch *batch);
void compare_measured(Report *report, const Batch *batch);

/* What a month costs, and who holds a public address after a failover. */
extern const CompareTable compare_price_table;
void compare_add_price(Report *report, const Batch *batch);
void compare_price(Report *report, const Batch *batch);

/* The assumed traits of every cloud that ran: defaults, and who sets them otherwise. */
void compare_assumed_table(Report *report, const Loaded *loaded, const Options *options);
void compare_assumed_notes(Report *report, const Loaded *loaded, const Options *options);
