/* A batch over threads, one run a task. Rows are kept by place, so that neither the number of
 * threads nor the order in which runs end can show in the result. */
#include "routesim/batch/batch.h"

#include <string.h>

#include "routesim/batch/pool.h"

struct Batch {
  GPtrArray *cells; /* BatchCell * */
};

typedef struct {
  const BatchOptions *options;
  GPtrArray *cells;
  GArray *first; /* guint64, by cell: number of its first run among all */
  guint from;    /* runs that each cell has already */
} Work;

/* ---- cells -------------------------------------------------------------------------- */

static void cell_free(gpointer data) {
  BatchCell *cell = data;
  for (guint i = 0; cell->details != NULL && i < cell->run_count; i++)
    run_result_free(cell->details[i]);
  g_free(cell->details);
  g_free(cell->rows);
  g_free(cell->probes);
  g_free(cell);
}

/* Room for the rows of so many runs. */
static void make_room(BatchCell *cell, guint runs) {
  const gsize rows = (gsize)runs * cell->event_count, probes = (gsize)runs * cell->probe_count;
  cell->rows = g_renew(MetricRow, cell->rows, rows);
  cell->probes = g_renew(ProbeResult, cell->probes, probes);
  if (cell->details != NULL) {
    cell->details = g_renew(RunResult *, cell->details, runs);
    for (guint i = cell->run_count; i < runs; i++)
      cell->details[i] = NULL;
  }
  cell->run_count = runs;
}

static BatchCell *cell_new(const Scenario *scenario, const CloudClass *cloud,
                           const BatchOptions *options) {
  const Design *body = scenario->design;
  BatchCell *cell = g_new0(BatchCell, 1);
  cell->scenario = scenario;
  cell->cloud = cloud;
  cell->seed = options->seed_given ? options->seed : (guint64)body->seed;
  cell->first_run = options->only_run_given ? options->only_run : 0;
  cell->run_count = options->only_run_given ? 1
                    : options->runs > 0     ? options->runs
                                            : (guint)body->runs;
  cell->event_count = body->events->len;
  cell->rows = g_new0(MetricRow, (gsize)cell->run_count * cell->event_count);
  cell->probe_count = body->probes->len;
  cell->probes = g_new0(ProbeResult, (gsize)cell->run_count * cell->probe_count);
  if (!options->no_detail)
    cell->details = g_new0(RunResult *, cell->run_count);
  return cell;
}

static void add_cells(GPtrArray *cells, const ScenarioFile *file, const BatchOptions *options) {
  for (guint variant = 0; variant < scenario_file_count(file); variant++) {
    const Scenario *scenario = scenario_file_get(file, variant);
    for (guint i = 0; i < cloud_count(); i++)
      if (scenario->design->models[i] && (options->model == NULL || options->model == cloud_at(i)))
        g_ptr_array_add(cells, cell_new(scenario, cloud_at(i), options));
  }
}

/* ---- runs --------------------------------------------------------------------------- */

static gboolean wants_detail(const BatchOptions *options, guint place) {
  return !options->no_detail && (place == 0 || options->detail_all);
}

/* Copies what outlives the run; names in rows belong to the scenario. */
static void keep_rows(BatchCell *cell, guint place, const RunResult *result) {
  g_assert(result->row_count == cell->event_count && result->probe_count == cell->probe_count);
  if (cell->event_count > 0)
    memcpy(cell->rows + (gsize)place * cell->event_count, result->rows,
           sizeof *cell->rows * cell->event_count);
  for (guint i = 0; i < cell->probe_count; i++) {
    ProbeResult *probe = &cell->probes[(gsize)place * cell->probe_count + i];
    *probe = result->probes[i];
    probe->name = ((const DesignProbe *)cell->scenario->design->probes->pdata[i])->head.name;
  }
}

/* The cell of the run of this number among all: the last that begins with it or before. */
static guint cell_of(const Work *work, guint64 number) {
  guint low = 0, high = work->cells->len;
  while (high - low > 1) {
    const guint middle = low + (high - low) / 2;
    if (g_array_index(work->first, guint64, middle) <= number)
      low = middle;
    else
      high = middle;
  }
  return low;
}

static void run_one(gpointer data, guint64 number) {
  const Work *work = data;
  const BatchOptions *options = work->options;
  const guint index = cell_of(work, number);
  BatchCell *cell = work->cells->pdata[index];
  const guint place = work->from + (guint)(number - g_array_index(work->first, guint64, index));
  const RunOptions run = {.seed = cell->seed,
                          .run = cell->first_run + place,
                          .detail = wants_detail(options, place),
                          .liveness_given = options->liveness_given,
                          .liveness = options->liveness};
  RunResult *result = run_scenario(cell->scenario, cell->cloud, &run);
  keep_rows(cell, place, result);
  if (run.detail)
    cell->details[place] = result;
  else
    run_result_free(result);
}

/* All runs from place `from` on. */
static gboolean run_all(GPtrArray *cells, guint from, const BatchOptions *options, GError **error) {
  g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(guint64));
  Work work = {options, cells, first, from};
  guint64 all = 0;
  for (guint i = 0; i < cells->len; i++) {
    g_array_append_val(first, all);
    all += ((const BatchCell *)cells->pdata[i])->run_count - from;
  }
  const PoolWork pool = {.tasks = all,
                         .jobs = options->jobs,
                         .task = run_one,
                         .data = &work,
                         .progress = options->progress,
                         .progress_data = options->progress_data};
  return pool_run(&pool, error);
}

Batch *batch_run(ScenarioFile *file, const BatchOptions *options, GError **error) {
  Batch *batch = g_new0(Batch, 1);
  batch->cells = g_ptr_array_new_with_free_func(cell_free);
  add_cells(batch->cells, file, options);
  if (run_all(batch->cells, 0, options, error))
    return batch;
  batch_free(batch);
  return NULL;
}

gboolean batch_grow(Batch *batch, guint runs, const BatchOptions *options, GError **error) {
  const guint from = batch_count(batch) > 0 ? batch_cell(batch, 0)->run_count : 0;
  for (guint i = 0; i < batch->cells->len; i++) {
    BatchCell *cell = batch->cells->pdata[i];
    g_assert(cell->run_count == from && runs >= from);
    make_room(cell, runs);
  }
  return run_all(batch->cells, from, options, error);
}

void batch_free(Batch *batch) {
  if (batch == NULL)
    return;
  g_ptr_array_unref(batch->cells);
  g_free(batch);
}

/* ---- reading ------------------------------------------------------------------------ */

guint batch_count(const Batch *batch) { return batch->cells->len; }

const BatchCell *batch_cell(const Batch *batch, guint index) {
  g_assert(index < batch->cells->len);
  return batch->cells->pdata[index];
}

guint batch_event_count(const Batch *batch) {
  guint count = 0;
  for (guint i = 0; i < batch_count(batch); i++)
    count = MAX(count, batch_cell(batch, i)->event_count);
  return count;
}

const BatchCell *batch_cell_of_event(const Batch *batch, guint event) {
  for (guint i = 0; i < batch_count(batch); i++)
    if (event < batch_cell(batch, i)->event_count)
      return batch_cell(batch, i);
  g_assert_not_reached();
}

const MetricRow *batch_row(const BatchCell *cell, guint run, guint event) {
  g_assert(run < cell->run_count && event < cell->event_count);
  return &cell->rows[(gsize)run * cell->event_count + event];
}

/* Of one event, run by run. Caller frees. */
static const MetricRow **rows_of(const BatchCell *cell, guint event) {
  const MetricRow **rows = g_new(const MetricRow *, cell->run_count);
  for (guint run = 0; run < cell->run_count; run++)
    rows[run] = batch_row(cell, run, event);
  return rows;
}

Summary batch_summary(const BatchCell *cell, guint event, Measure measure) {
  g_autofree const MetricRow **rows = rows_of(cell, event);
  return measure_summary(measure, rows, cell->run_count);
}

Intervals batch_intervals(const BatchCell *cell, guint event, Measure measure) {
  g_autofree const MetricRow **rows = rows_of(cell, event);
  return measure_intervals(measure, rows, cell->run_count);
}
