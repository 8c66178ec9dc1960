/* How much work a test may be. */
#pragma once
#include <criterion/criterion.h>
#include <sys/resource.h>

/* Of a test that repeats one thing over many seeds, to be sure of a share: under sanitizers, which
 * make it many times slower, it tells nothing that the tests beside it do not. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNDER_SANITIZERS true
#else
#define UNDER_SANITIZERS false
#endif

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
