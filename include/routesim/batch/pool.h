/* A pool of threads that share a counted piece of work: tasks 0, 1, ... each done once.
 *
 * What a task finds is kept by its number, in a place of its own, so neither the number of threads
 * nor the order in which tasks end can show in the result. Tasks share nothing that changes; the
 * calling thread waits for them, and tells how far they are now and then. */
#pragma once
#include <glib.h>

typedef struct {
  guint64 tasks;
  guint jobs; /* threads, at least 1 */
  /* In any of the threads. */
  void (*task)(gpointer data, guint64 number);
  gpointer data;
  /* In the calling thread; NULL: nobody asks. */
  void (*progress)(gpointer data, guint64 done, guint64 all);
  gpointer progress_data;
} PoolWork;

/* Returns when all tasks are done. FALSE and a GError (G_THREAD_ERROR) where the threads asked for
 * cannot be had; then no task has begun, or those that have are done. */
gboolean pool_run(const PoolWork *work, GError **error);
