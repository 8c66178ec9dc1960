/* The parts of a comparison. */
#pragma once
#include "results_private.h"
#include "routesim/batch/sensitivity.h"

/* "aws", "aws slow-timers". Caller frees. */
char *cell_title(const BatchCell *cell);

/* The ways of one cell, by name, just before event 0 and just before the next event or the end.
 * Flows that lack capacity keep their way, so where some do, shares are of the load. */
typedef struct {
  const char *via;
  guint64 before, after; /* flows */
  gint64 bits_before, bits_after;
} ViaShare;
typedef struct {
  GArray *ways; /* ViaShare; empty where there is no traffic, event or detail; owned */
  guint64 flows, bits;
  gboolean by_load;
} ViaShares;
ViaShares compare_shares(const BatchCell *cell);

/* "yes": the median lies in what was measured; "some runs": any run does, or all that was measured
 * lies between the runs; "no". */
const char *compare_agreement(const DesignMeasured *measured, const Summary *summary);

/* What so many of them cost in a month, as "324.00", or "not known". Caller frees. */
char *compare_month_price(const CloudPrice *price, SimTime month);

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

/* How far the median outage of each event can lie over what nobody has published: the joint points
 * of `sensitivity` around what ran (--ranges). NULL after an error, which is told. Caller frees. */
extern const CompareTable compare_ranges_table;
Sensitivity *compare_ranges_run(const Printer *printer, guint file, const Batch *base);
void compare_add_ranges(Report *report, const Sensitivity *sensitivity);
/* A line for each variant under each model. */
void compare_ranges_notes(Report *report, const Sensitivity *sensitivity, guint event);
