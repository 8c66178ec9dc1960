/* Many runs: every model, variant and replication of a set of scenarios, over threads.
 *
 *     files x variants x models --> BatchCell, each with `run_count` runs
 *     pool: a task is the next run of the next cell: run_scenario(), keep its rows, free the run
 *
 * A cell is all runs of one variant under one model, with room for the rows of each. A thread of
 * the pool (pool.h) takes the next run that nobody took, makes its world, runs it, copies the rows
 * to their place in the cell and frees everything else; of runs whose detail is asked for (run 0,
 * or all) the whole RunResult stays. So memory grows with events times runs, and not with what a
 * run does.
 *
 * A run is a value: it shares nothing with another but the scenario and the clouds, which are
 * constant. Rows are kept by place, run r of a cell draws from the streams of (seed, r), and
 * whoever prints goes through cells in their order: so the result does not depend on the threads'
 * number or speed.
 *
 * Writing, journals and going on after a kill are cli/'s business, which hands in one file at a
 * time. */
#pragma once
#include "routesim/run/run.h"

/* All runs of one scenario variant under one model. */
typedef struct {
  const Scenario *scenario;
  const CloudClass *cloud;
  guint64 seed;
  guint first_run, run_count; /* runs first_run .. first_run + run_count - 1 */
  guint event_count;
  MetricRow *rows; /* run by run, event by event */
  guint probe_count;
  ProbeResult *probes; /* run by run */
  RunResult **details; /* by run; NULL where no detail was asked for */
} BatchCell;

typedef struct {
  guint jobs; /* threads, at least 1 */
  gboolean seed_given;
  guint64 seed;
  guint runs;              /* 0: as each scenario says */
  gboolean only_run_given; /* --run N */
  guint32 only_run;
  gboolean detail_all; /* detail of every run, not only of run 0 */
  gboolean no_detail;
  const CloudClass *model; /* NULL: every model that a scenario names */
  gboolean liveness_given;
  LivenessMode liveness;
  void (*progress)(gpointer data, guint64 done,
                   guint64 all); /* in the calling thread; may be NULL */
  gpointer progress_data;
} BatchOptions;

typedef struct Batch Batch;

/* Every variant of the file runs. NULL and a GError (G_THREAD_ERROR) where the threads asked for
 * cannot be had. */
Batch *batch_run(ScenarioFile *file, const BatchOptions *options, GError **error);
/* The cells of a batch, which have as many runs each, get more of them, up to `runs`: they are then
 * as if batch_run() had made them all. `options` are those of batch_run(). FALSE and a GError as
 * there; then the batch can only be freed. */
gboolean batch_grow(Batch *batch, guint runs, const BatchOptions *options, GError **error);
void batch_free(Batch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Batch, batch_free)
/* In the order: variant, model. */
guint batch_count(const Batch *batch);
const BatchCell *batch_cell(const Batch *batch, guint index);
/* Variants may have events of their own: the most that any cell has, and the first cell that has
 * the event of this number, which is below that. */
guint batch_event_count(const Batch *batch);
const BatchCell *batch_cell_of_event(const Batch *batch, guint event);
/* The summary of one measure of one event over the runs of a cell. */
Summary batch_summary(const BatchCell *cell, guint event, Measure measure);
/* ... and how far its statistics can lie from those of endless runs. */
Intervals batch_intervals(const BatchCell *cell, guint event, Measure measure);
/* The row of one run (by place) and event. */
const MetricRow *batch_row(const BatchCell *cell, guint run, guint event);
