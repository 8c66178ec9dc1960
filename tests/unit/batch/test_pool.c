/* The pool: each task once, whatever the number of threads. */
#include <criterion/criterion.h>

#include "routesim/batch/pool.h"

enum { TASKS = 1000 };

typedef struct {
  int times[TASKS]; /* that each was done */
  guint64 told;     /* the most that progress said is done */
} Seen;

static void count(gpointer data, guint64 number) {
  g_atomic_int_inc(&((Seen *)data)->times[number]);
}

static void note(gpointer data, guint64 done, guint64 all) {
  Seen *seen = data;
  cr_assert(done >= seen->told && done <= all);
  seen->told = done;
}

Test(pool, does_each_task_once) {
  static const guint jobs[] = {1, 3, 1024};
  for (guint i = 0; i < G_N_ELEMENTS(jobs); i++) {
    Seen seen = {.told = 0};
    const PoolWork work = {TASKS, jobs[i], count, &seen, note, &seen};
    GError *error = NULL;
    cr_assert(pool_run(&work, &error));
    cr_assert_null(error);
    for (guint task = 0; task < TASKS; task++)
      cr_assert_eq(seen.times[task], 1, "%u threads: task %u", jobs[i], task);
  }
}

Test(pool, without_tasks_is_done) {
  const PoolWork work = {.tasks = 0, .jobs = 2, .task = count};
  cr_assert(pool_run(&work, NULL));
}
