/* A batch over a pool of threads, one run a task. Rows are kept by place, so that neither the
 * number of threads nor the order in which runs end can show in the result.
 *
 * What crosses threads does so under one pthread mutex: GLib's own locks are futexes inside a
 * library without instrumentation, which ThreadSanitizer cannot see. */
#include "routesim/batch/batch.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#define PROGRESS_INTERVAL_NS 100000000

struct Batch {
  GPtrArray *cells; /* BatchCell * */
};

typedef struct {
  guint cell, place; /* the run's place within its cell */
} Task;

typedef struct {
  const BatchOptions *options;
  GPtrArray *cells;
  guint64 all;
  pthread_mutex_t mutex;
  pthread_cond_t finished; /* all runs are done */
  guint64 done;
} Work;

/* ---- cells --------------------------------------------------------------------------- */

static void cell_free(gpointer data) {
  BatchCell *cell = data;
  for (guint i = 0; cell->details != NULL && i < cell->run_count; i++)
    run_result_free(cell->details[i]);
  g_free(cell->details);
  g_free(cell->rows);
  g_free(cell->probes);
  g_free(cell);
}

static BatchCell *cell_new(const Scenario *scenario, const CloudClass *cloud,
                           const BatchOptions *options) {
  const ScenarioBody *body = scenario->body;
  BatchCell *cell = g_new0(BatchCell, 1);
  cell->scenario = scenario;
  cell->cloud = cloud;
  cell->seed = options->seed_given ? options->seed : (guint64)body->seed;
  cell->first_run = options->only_run_given ? options->only_run : 0;
  cell->run_count = options->only_run_given ? 1
                    : options->runs > 0     ? options->runs
                                            : (guint)body->runs;
  cell->event_count = body->events->len;
  cell->rows = g_new0(MetricRow, (gsize)cell->run_count * cell->event_count + 1);
  cell->probe_count = body->probes->len;
  cell->probes = g_new0(ProbeResult, (gsize)cell->run_count * cell->probe_count + 1);
  if (!options->no_detail)
    cell->details = g_new0(RunResult *, cell->run_count);
  return cell;
}

static void add_cells(GPtrArray *cells, const ScenarioFile *file, const BatchOptions *options) {
  for (guint variant = 0; variant < scenario_file_count(file); variant++) {
    const Scenario *scenario = scenario_file_get(file, variant);
    for (guint i = 0; i < cloud_count(); i++)
      if (scenario->body->models[i] && (options->model == NULL || options->model == cloud_at(i)))
        g_ptr_array_add(cells, cell_new(scenario, cloud_at(i), options));
  }
}

/* ---- runs ---------------------------------------------------------------------------- */

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
    probe->name = ((const ScenarioProbe *)cell->scenario->body->probes->pdata[i])->head.name;
  }
}

static void run_task(gpointer task_data, gpointer work_data) {
  const Task *task = task_data;
  Work *work = work_data;
  pthread_mutex_lock(&work->mutex); /* pairs with the unlock after the tasks were made */
  const Task own = *task;
  BatchCell *cell = work->cells->pdata[own.cell];
  const BatchOptions *options = work->options;
  pthread_mutex_unlock(&work->mutex);

  const RunOptions run = {.seed = cell->seed,
                          .run = cell->first_run + own.place,
                          .detail = wants_detail(options, own.place),
                          .liveness_given = options->liveness_given,
                          .liveness = options->liveness};
  g_autoptr(RunResult) result = run_scenario(cell->scenario, cell->cloud, &run);

  pthread_mutex_lock(&work->mutex);
  keep_rows(cell, own.place, result);
  if (run.detail)
    cell->details[own.place] = g_steal_pointer(&result);
  if (++work->done == work->all)
    pthread_cond_signal(&work->finished);
  pthread_mutex_unlock(&work->mutex);
}

static GArray *make_tasks(const GPtrArray *cells) {
  GArray *tasks = g_array_new(FALSE, FALSE, sizeof(Task));
  for (guint i = 0; i < cells->len; i++) {
    const BatchCell *cell = cells->pdata[i];
    for (guint place = 0; place < cell->run_count; place++) {
      const Task task = {i, place};
      g_array_append_val(tasks, task);
    }
  }
  return tasks;
}

/* Waits for the runs in this thread, which tells how far they are now and then. */
static void wait_for_runs(Work *work) {
  const BatchOptions *options = work->options;
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  pthread_mutex_lock(&work->mutex);
  while (work->done < work->all) {
    if (options->progress == NULL) {
      pthread_cond_wait(&work->finished, &work->mutex);
      continue;
    }
    next.tv_nsec += PROGRESS_INTERVAL_NS;
    next.tv_sec += next.tv_nsec / SIM_SECOND;
    next.tv_nsec %= SIM_SECOND;
    while (work->done < work->all &&
           pthread_cond_timedwait(&work->finished, &work->mutex, &next) == 0)
      ;
    const guint64 done = work->done;
    pthread_mutex_unlock(&work->mutex);
    options->progress(options->progress_data, done, work->all);
    pthread_mutex_lock(&work->mutex);
  }
  pthread_mutex_unlock(&work->mutex);
}

static void run_all(GPtrArray *cells, const BatchOptions *options) {
  g_autoptr(GArray) tasks = make_tasks(cells);
  if (tasks->len == 0)
    return;
  Work work = {.options = options, .cells = cells, .all = tasks->len};
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&work.finished, &attributes);
  pthread_condattr_destroy(&attributes);
  pthread_mutex_init(&work.mutex, NULL);
  pthread_mutex_lock(&work.mutex); /* publishes the tasks and cells */
  pthread_mutex_unlock(&work.mutex);

  GError *error = NULL;
  const guint threads = MIN(MAX(options->jobs, 1), tasks->len);
  GThreadPool *pool = g_thread_pool_new(run_task, &work, (int)threads, TRUE, &error);
  if (pool == NULL)
    g_error("cannot start %u threads: %s", threads, error->message);
  for (guint i = 0; i < tasks->len; i++)
    g_thread_pool_push(pool, &g_array_index(tasks, Task, i), NULL);
  wait_for_runs(&work);
  g_thread_pool_free(pool, FALSE, TRUE);
  pthread_mutex_destroy(&work.mutex);
  pthread_cond_destroy(&work.finished);
}

Batch *batch_run(ScenarioFile *const *files, guint count, const BatchOptions *options) {
  Batch *batch = g_new0(Batch, 1);
  batch->cells = g_ptr_array_new_with_free_func(cell_free);
  for (guint i = 0; i < count; i++)
    add_cells(batch->cells, files[i], options);
  run_all(batch->cells, options);
  return batch;
}

void batch_free(Batch *batch) {
  if (batch == NULL)
    return;
  g_ptr_array_unref(batch->cells);
  g_free(batch);
}

/* ---- reading ------------------------------------------------------------------------- */

guint batch_count(const Batch *batch) { return batch->cells->len; }

const BatchCell *batch_cell(const Batch *batch, guint index) {
  g_assert(index < batch->cells->len);
  return batch->cells->pdata[index];
}

const MetricRow *batch_row(const BatchCell *cell, guint run, guint event) {
  g_assert(run < cell->run_count && event < cell->event_count);
  return &cell->rows[(gsize)run * cell->event_count + event];
}

Summary batch_summary(const BatchCell *cell, guint event, Measure measure) {
  g_autofree const MetricRow **rows = g_new(const MetricRow *, cell->run_count + 1);
  for (guint run = 0; run < cell->run_count; run++)
    rows[run] = batch_row(cell, run, event);
  return measure_summary(measure, rows, cell->run_count);
}
