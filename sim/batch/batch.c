/* A batch over threads, one run a task. Rows are kept by place, so that neither the number of
 * threads nor the order in which runs end can show in the result.
 *
 * Threads take runs and publish results under one pthread mutex. GThreadPool and GMutex would do
 * the same with futexes inside a library without instrumentation, where ThreadSanitizer cannot
 * see that they order anything. */
#include "routesim/batch/batch.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "routesim/base/memory.h"

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
  pthread_mutex_t mutex;   /* guards what follows, and the rows of all cells */
  pthread_cond_t finished; /* all runs are done */
  Task next;
  guint64 done;
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

/* What outlives the run is copied; names in rows belong to the scenario. */
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

/* Whoever holds it already, or lets go what it does not hold, is told so. */
static void lock(Work *work) {
  const int refused = pthread_mutex_lock(&work->mutex);
  g_assert(refused == 0);
}

static void unlock(Work *work) {
  const int refused = pthread_mutex_unlock(&work->mutex);
  g_assert(refused == 0);
}

/* The next run that nobody took; FALSE after the last. Within the mutex. */
static gboolean take_task(Work *work, Task *task) {
  const GPtrArray *cells = work->cells;
  while (work->next.cell < cells->len &&
         work->next.place == ((const BatchCell *)cells->pdata[work->next.cell])->run_count)
    work->next = (Task){work->next.cell + 1, 0};
  *task = work->next;
  if (task->cell == cells->len)
    return FALSE;
  work->next.place++;
  return TRUE;
}

/* What a run left is kept within the mutex. */
static void publish(Work *work, const Task *task, RunResult *result, gboolean detail) {
  BatchCell *cell = work->cells->pdata[task->cell];
  keep_rows(cell, task->place, result);
  if (detail)
    cell->details[task->place] = result;
  if (++work->done == work->all)
    pthread_cond_signal(&work->finished);
}

static gpointer run_tasks(gpointer data) {
  Work *work = data;
  const BatchOptions *options = work->options;
  Task task;
  lock(work);
  while (take_task(work, &task)) {
    const BatchCell *cell = work->cells->pdata[task.cell];
    unlock(work);
    const RunOptions run = {.seed = cell->seed,
                            .run = cell->first_run + task.place,
                            .detail = wants_detail(options, task.place),
                            .liveness_given = options->liveness_given,
                            .liveness = options->liveness};
    RunResult *result = run_scenario(cell->scenario, cell->cloud, &run);
    lock(work);
    publish(work, &task, result, run.detail);
    if (!run.detail) {
      unlock(work);
      run_result_free(result);
      lock(work);
    }
  }
  unlock(work);
  return NULL;
}

/* This thread waits for the runs, and tells how far they are now and then. */
static void wait_for_runs(Work *work) {
  const BatchOptions *options = work->options;
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  lock(work);
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
    unlock(work);
    options->progress(options->progress_data, done, work->all);
    lock(work);
  }
  unlock(work);
}

static void init_work(Work *work) {
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_cond_init(&work->finished, &clock);
  pthread_condattr_destroy(&clock);
  pthread_mutexattr_t checked;
  pthread_mutexattr_init(&checked);
  pthread_mutexattr_settype(&checked, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&work->mutex, &checked);
  pthread_mutexattr_destroy(&checked);
  for (guint i = 0; i < work->cells->len; i++)
    work->all += ((const BatchCell *)work->cells->pdata[i])->run_count;
}

/* All of them, or none that finds a run left. */
static gboolean start_threads(Work *work, guint count, GPtrArray *threads, GError **error) {
  g_autoptr(GError) refusal = NULL;
  for (guint i = 0; i < count; i++) {
    GThread *thread = g_thread_try_new("run", run_tasks, work, &refusal);
    if (thread == NULL) {
      work->next = (Task){work->cells->len, 0};
      g_set_error(error, G_THREAD_ERROR, G_THREAD_ERROR_AGAIN,
                  "cannot start thread %u of %u: the system allows no more threads or memory",
                  i + 1, count);
      return FALSE;
    }
    g_ptr_array_add(threads, thread);
  }
  return TRUE;
}

static gboolean run_all(GPtrArray *cells, const BatchOptions *options, GError **error) {
  Work work = {.options = options, .cells = cells};
  init_work(&work);
  const guint count = (guint)MIN(options->jobs, work.all);
  g_autoptr(GPtrArray) threads = g_ptr_array_new();
  memory_expect_threads(count);
  lock(&work);
  const gboolean started = start_threads(&work, count, threads, error);
  unlock(&work);
  if (started)
    wait_for_runs(&work);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join(threads->pdata[i]);
  pthread_mutex_destroy(&work.mutex);
  pthread_cond_destroy(&work.finished);
  return started;
}

Batch *batch_run(ScenarioFile *file, const BatchOptions *options, GError **error) {
  Batch *batch = g_new0(Batch, 1);
  batch->cells = g_ptr_array_new_with_free_func(cell_free);
  add_cells(batch->cells, file, options);
  if (run_all(batch->cells, options, error))
    return batch;
  batch_free(batch);
  return NULL;
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

Summary batch_summary(const BatchCell *cell, guint event, Measure measure) {
  g_autofree const MetricRow **rows = g_new(const MetricRow *, cell->run_count);
  for (guint run = 0; run < cell->run_count; run++)
    rows[run] = batch_row(cell, run, event);
  return measure_summary(measure, rows, cell->run_count);
}
