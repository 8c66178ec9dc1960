/* How much work a test may be. */
#pragma once
#include <criterion/criterion.h>
#include <sys/resource.h>

/* From here on the test ends, as one that failed, when it has used so many seconds of a processor:
 * of its own time, so that it does not matter what else the machine does. */
static inline void effort_at_most(rlim_t seconds) {
  struct rusage used;
  struct rlimit limit;
  cr_assert_eq(getrusage(RUSAGE_SELF, &used), 0);
  cr_assert_eq(getrlimit(RLIMIT_CPU, &limit), 0);
  limit.rlim_cur = (rlim_t)used.ru_utime.tv_sec + (rlim_t)used.ru_stime.tv_sec + seconds;
  cr_assert_eq(setrlimit(RLIMIT_CPU, &limit), 0);
}
