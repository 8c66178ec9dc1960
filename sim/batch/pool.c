/* Threads that take tasks by their numbers; see the header.
 *
 * They take them under one pthread mutex. GThreadPool and GMutex would do the same with futexes
 * inside a library without instrumentation, where ThreadSanitizer cannot see that they order
 * anything. */
#include "routesim/batch/pool.h"

#include <pthread.h>
#include <time.h>

#include "routesim/base/memory.h"
#include "routesim/base/time.h"

#define PROGRESS_INTERVAL_NS 100000000

typedef struct {
  const PoolWork *work;
  pthread_mutex_t mutex;   /* guards what follows */
  pthread_cond_t finished; /* all tasks are done */
  guint64 next, done;
} Pool;

/* Whoever holds it already, or lets go what it does not hold, is told so. */
static void lock(Pool *pool) {
  const int refused = pthread_mutex_lock(&pool->mutex);
  g_assert(refused == 0);
}

static void unlock(Pool *pool) {
  const int refused = pthread_mutex_unlock(&pool->mutex);
  g_assert(refused == 0);
}

static gpointer do_tasks(gpointer data) {
  Pool *pool = data;
  const PoolWork *work = pool->work;
  lock(pool);
  while (pool->next < work->tasks) {
    const guint64 number = pool->next++;
    unlock(pool);
    work->task(work->data, number);
    lock(pool);
    if (++pool->done == work->tasks)
      pthread_cond_signal(&pool->finished);
  }
  unlock(pool);
  return NULL;
}

/* This thread waits for the tasks, and tells how far they are now and then. */
static void wait_for_tasks(Pool *pool) {
  const PoolWork *work = pool->work;
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  lock(pool);
  while (pool->done < work->tasks) {
    if (work->progress == NULL) {
      pthread_cond_wait(&pool->finished, &pool->mutex);
      continue;
    }
    next.tv_nsec += PROGRESS_INTERVAL_NS;
    next.tv_sec += next.tv_nsec / SIM_SECOND;
    next.tv_nsec %= SIM_SECOND;
    while (pool->done < work->tasks &&
           pthread_cond_timedwait(&pool->finished, &pool->mutex, &next) == 0)
      ;
    const guint64 done = pool->done;
    unlock(pool);
    work->progress(work->progress_data, done, work->tasks);
    lock(pool);
  }
  unlock(pool);
}

static void init_pool(Pool *pool) {
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_cond_init(&pool->finished, &clock);
  pthread_condattr_destroy(&clock);
  pthread_mutexattr_t checked;
  pthread_mutexattr_init(&checked);
  pthread_mutexattr_settype(&checked, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&pool->mutex, &checked);
  pthread_mutexattr_destroy(&checked);
}

/* All of them, or none that finds a task left. */
static gboolean start_threads(Pool *pool, guint count, GPtrArray *threads, GError **error) {
  g_autoptr(GError) refusal = NULL;
  for (guint i = 0; i < count; i++) {
    GThread *thread = g_thread_try_new("run", do_tasks, pool, &refusal);
    if (thread == NULL) {
      pool->next = pool->work->tasks;
      g_set_error(error, G_THREAD_ERROR, G_THREAD_ERROR_AGAIN,
                  "cannot start thread %u of %u: the system allows no more threads or memory",
                  i + 1, count);
      return FALSE;
    }
    g_ptr_array_add(threads, thread);
  }
  return TRUE;
}

gboolean pool_run(const PoolWork *work, GError **error) {
  Pool pool = {.work = work};
  const guint count = (guint)MIN(work->jobs, work->tasks);
  g_autoptr(GPtrArray) threads = g_ptr_array_new();
  init_pool(&pool);
  memory_expect_threads(count);
  lock(&pool);
  const gboolean started = start_threads(&pool, count, threads, error);
  unlock(&pool);
  if (started)
    wait_for_tasks(&pool);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join(threads->pdata[i]);
  pthread_mutex_destroy(&pool.mutex);
  pthread_cond_destroy(&pool.finished);
  return started;
}
