#include "routesim/base/statistics.h"

#include <criterion/criterion.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static gboolean close_to(double a, double b) { return fabs(a - b) <= 1e-12 * fmax(1, fabs(b)); }

Test(statistics, known_values) {
  double four[] = {4, 1, 3, 2};
  const Summary s = summary_of(four, 4, 0, 10);
  cr_assert_eq(s.runs, 10);
  cr_assert_eq(s.n, 4);
  cr_assert_eq(s.censored, 0);
  cr_assert_eq(s.mean, 2.5);
  cr_assert_eq(s.min, 1);
  cr_assert_eq(s.max, 4);
  /* Type 7 in R: quantile(1:4, c(.5, .95, .99)) */
  cr_assert_eq(s.p50, 2.5);
  cr_assert(close_to(s.p95, 3.85));
  cr_assert(close_to(s.p99, 3.97));
  for (guint i = 0; i < 4; i++)
    cr_assert_eq(four[i], i + 1, "the values are sorted in place");

  double one[] = {7.5};
  const Summary single = summary_of(one, 1, 0, 1);
  cr_assert_eq(single.n, 1);
  cr_assert(single.mean == 7.5 && single.min == 7.5 && single.max == 7.5);
  cr_assert(single.p50 == 7.5 && single.p95 == 7.5 && single.p99 == 7.5);

  const Summary none = summary_of(NULL, 0, 0, 3);
  cr_assert_eq(none.runs, 3);
  cr_assert_eq(none.n, 0);
  cr_assert(isnan(none.mean) && isnan(none.min) && isnan(none.max));
  cr_assert(isnan(none.p50) && isnan(none.p95) && isnan(none.p99));
}

Test(statistics, censored_values) {
  /* Positions for n = 101: p50 at 50, p95 at 95, p99 at 99, with no weight beyond. */
  for (guint censored = 0; censored <= 101; censored++) {
    double values[101];
    const guint count = 101 - censored;
    for (guint i = 0; i < count; i++)
      values[i] = count - 1 - i;
    const Summary s = summary_of(values, count, censored, 200);
    cr_assert_eq(s.n, 101);
    cr_assert_eq(s.censored, censored);
    cr_assert(count > 0 ? s.min == 0 : isnan(s.min));
    cr_assert(count > 50 ? s.p50 == 50 : isnan(s.p50), "%u censored: p50 %g", censored, s.p50);
    cr_assert(count > 95 ? close_to(s.p95, 95) : isnan(s.p95), "%u: p95 %g", censored, s.p95);
    cr_assert(count > 99 ? close_to(s.p99, 99) : isnan(s.p99), "%u: p99 %g", censored, s.p99);
    cr_assert_eq(isnan(s.mean) != 0, censored > 0);
    cr_assert_eq(isnan(s.max) != 0, censored > 0);
  }
  /* n = 4: p50 lies between the second and the third. */
  double three[] = {10, 30, 20};
  cr_assert_eq(summary_of(three, 3, 1, 4).p50, 25);
  cr_assert(isnan(summary_of(three, 3, 1, 4).p95));
  double two[] = {10, 20};
  cr_assert(isnan(summary_of(two, 2, 2, 4).p50), "the upper neighbour is censored");
  cr_assert_eq(summary_of(two, 2, 1, 3).p50, 20, "a censored neighbour without weight is unused");

  /* Where a quantile is known, it is that of any completion, for every n. */
  for (guint n = 1; n <= 300; n++)
    for (guint censored = 0; censored <= n; censored += 1 + n / 7) {
      double values[300], complete[300];
      for (guint i = 0; i < n; i++)
        values[i] = complete[i] = i < n - censored ? sqrt(i + 1.0) : 1e6;
      const Summary s = summary_of(values, n - censored, censored, n);
      const double quantiles[] = {s.p50, s.p95, s.p99};
      static const guint percent[] = {50, 95, 99};
      for (guint q = 0; q < 3; q++) {
        const double exact =
            gsl_stats_quantile_from_sorted_data(complete, 1, n, percent[q] / 100.0);
        const gboolean known = censored == 0 || (n - 1) * percent[q] <= (n - censored) * 100 - 100;
        if (n == censored || !known)
          cr_assert(isnan(quantiles[q]), "n %u, %u censored, p%u", n, censored, percent[q]);
        else /* GSL's position is a rounded product: beside 1e6 that shows */
          cr_assert(fabs(quantiles[q] - exact) < 1e-6, "n %u, %u censored, p%u: %g %g", n, censored,
                    percent[q], quantiles[q], exact);
      }
    }
}

Test(statistics, order_of_runs_is_nothing) {
  enum { COUNT = 5000 };
  static double values[COUNT], shuffled[COUNT];
  guint64 bits = 3;
  for (guint i = 0; i < COUNT; i++) {
    bits = bits * G_GUINT64_CONSTANT(6364136223846793005) + 1442695040888963407;
    values[i] = ldexp((double)(bits >> 11), -(int)(bits >> 58));
  }
  double plain = 0;
  for (guint i = 0; i < COUNT; i++) {
    shuffled[i * 1237u % COUNT] = values[i]; /* 1237 and 5000 have no common divisor */
    plain += values[i];
  }
  const Summary a = summary_of(values, COUNT, 0, COUNT);
  cr_assert_neq(plain / COUNT, a.mean, "the sample must be one that shows the order of a sum");
  const Summary b = summary_of(shuffled, COUNT, 0, COUNT);
  cr_assert_eq(a.mean, b.mean);
  cr_assert(a.p50 == b.p50 && a.p95 == b.p95 && a.p99 == b.p99 && a.min == b.min && a.max == b.max);
  cr_assert(close_to(a.mean / gsl_stats_mean(values, 1, COUNT), 1));
}
