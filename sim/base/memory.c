/* GLib aborts where malloc() fails, and takes no function that would do anything else
 * (g_mem_set_vtable() does nothing since 2.46). Its message comes first. */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "routesim/base/memory.h"

#include <gsl/gsl_errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#define THREAD_SPACE (256u << 20) /* bytes: a heap, a stack, and what both are aligned by */
#define PROBE_SPACE (1u << 20)    /* what glibc asks for where its heap cannot grow */
#define STATUS 3                  /* what could not be had, as what could not be read or written */

void memory_exhausted(void) {
  static const char words[] = "routesim: out of memory\n";
  static gint told; /* several threads may notice at once */
  if (g_atomic_int_compare_and_exchange(&told, 0, 1) &&
      write(STDERR_FILENO, words, sizeof words - 1) < 0)
    _exit(STATUS);
  _exit(STATUS);
}

/* GSlice (up to GLib 2.74) and a log message that itself finds no memory abort without a word to
 * anybody. An abort for want of memory is one that comes while the system gives none: a small
 * mapping tells, which is all that malloc() had left to try. Any other goes on as it would have. */
static void on_abort(int number) {
  void *probe = mmap(NULL, PROBE_SPACE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe == MAP_FAILED)
    memory_exhausted();
  munmap(probe, PROBE_SPACE);
  raise(number);
}

/* gmem.c and gslice.c: "%s: failed to allocate %u bytes", gstrfuncs.c: "failed to allocate memory".
 */
static void on_message(const char *domain, GLogLevelFlags level, const char *message,
                       gpointer data) {
  if ((level & G_LOG_LEVEL_ERROR) != 0 && message != NULL &&
      strstr(message, "failed to allocate") != NULL)
    memory_exhausted();
  g_log_default_handler(domain, level, message, data);
}

static void on_gsl_error(const char *reason, const char *file, int line, int error) {
  if (error == GSL_ENOMEM)
    memory_exhausted();
  g_error("GSL: %s (%s:%d)", reason, file, line);
}

void memory_watch(void) {
  static const int signals[] = {SIGABRT, SIGTRAP}; /* of assertions, and of fatal messages */
  struct sigaction action = {.sa_handler = on_abort, .sa_flags = (int)SA_RESETHAND | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    sigaction(signals[i], &action, NULL);
  g_log_set_default_handler(on_message, NULL);
  gsl_set_error_handler(on_gsl_error);
}

void memory_expect_threads(guint count) {
#ifdef M_ARENA_MAX
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
      limit.rlim_cur / (count + 1) < THREAD_SPACE)
    mallopt(M_ARENA_MAX, 1);
#else
  (void)count;
#endif
}
