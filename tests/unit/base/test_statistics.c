#include "routesim/base/statistics.h"
#include "routesim/base/random.h"

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

/* ---- intervals ----------------------------------------------------------------------------- */

/* Of 20 values the 6th and the 15th: P(B < 6) = (1 + 20 + 190 + 1140 + 4845 + 15504) / 2^20 =
 * 21700 / 1048576 = 0.0207, and with the next term, 38760, 0.0577. */
Test(statistics, the_interval_of_a_median_of_20_values) {
  double values[20];
  for (guint i = 0; i < 20; i++)
    values[i] = i + 1;
  const Intervals all = summary_intervals(values, 20, 0);
  cr_expect_eq(all.p50.low, 6);
  cr_expect_eq(all.p50.high, 15);
  /* 0.95^20 = 0.36: the greatest is below the 95th percentile that often. The lower end is the
   * 17th: P(B < 17) = 0.0159, P(B < 18) = 0.0755. */
  cr_expect_eq(all.p95.low, 17);
  cr_expect(isnan(all.p95.high));
  cr_expect(isnan(all.p99.high));
  /* Six are censored, one more than leaves the 15th known; the lower end is as it was. */
  const Intervals some = summary_intervals(values, 14, 6);
  cr_expect_eq(some.p50.low, 6);
  cr_expect(isnan(some.p50.high));
  cr_expect(isnan(some.mean.low) && isnan(some.mean.high));
}

/* 2^-5 = 0.031 lies below the least of five, 2^-6 = 0.016 below that of six. The 95th percentile
 * has an upper end from 0.95^n <= 0.025 on: n = 72, where 0.95^71 = 0.0262. */
Test(statistics, too_few_values_have_no_interval) {
  double values[73];
  for (guint i = 0; i < 73; i++)
    values[i] = i + 1;
  cr_expect(isnan(summary_intervals(values, 5, 0).p50.low));
  cr_expect(isnan(summary_intervals(values, 5, 0).p50.high));
  cr_expect_eq(summary_intervals(values, 6, 0).p50.low, 1);
  cr_expect_eq(summary_intervals(values, 6, 0).p50.high, 6);
  cr_expect(isnan(summary_intervals(values, 71, 0).p95.high));
  cr_expect_eq(summary_intervals(values, 72, 0).p95.high, 72);
  cr_expect(isnan(summary_intervals(values, 1, 0).mean.low));
  cr_expect(isnan(summary_intervals(values, 0, 0).p50.low));
}

/* 1, 2, 3, 4: mean 2.5, deviation sqrt(5/3); t of 3 degrees at 0.975 is 3.182446305284263 in every
 * table: 3.182446305 * sqrt(5/3) / 2 = 2.0542602. */
Test(statistics, the_interval_of_a_mean_is_students) {
  const double values[] = {1, 2, 3, 4};
  const Interval interval = mean_interval(values, 4);
  cr_expect(fabs(interval.low - (2.5 - 2.0542602)) < 1e-6, "%.9f", interval.low);
  cr_expect(fabs(interval.high - (2.5 + 2.0542602)) < 1e-6, "%.9f", interval.high);
  const double same[] = {7, 7, 7};
  cr_expect(mean_interval(same, 3).low == 7 && mean_interval(same, 3).high == 7);
}

#define SAMPLES 4000
#define SIZE 20

/* How often the intervals of `SAMPLES` samples hold what they are of: within four standard
 * deviations of the share that theory gives. */
static void assert_covers(guint hits, double share) {
  const double found = (double)hits / SAMPLES;
  cr_expect(fabs(found - share) < 4 * sqrt(share * (1 - share) / SAMPLES), "%g, not %g", found,
            share);
}

static gboolean holds(Interval interval, double value) {
  return interval.low <= value && value <= interval.high;
}

/* The mean of normal values: 0.95 exactly. The median of any: P(6 <= B < 15) = 1 - 2 * 0.0207 =
 * 0.9586 (B is the number of values below it); of an exponential law it is log 2. */
Test(statistics, intervals_hold_as_often_as_they_say) {
  RandomStream stream = random_stream(11, 0, "intervals");
  guint mean = 0, median = 0;
  for (guint sample = 0; sample < SAMPLES; sample++) {
    double normal[SIZE], exponential[SIZE];
    for (guint i = 0; i < SIZE; i++) {
      normal[i] = 3 + 2 * portable_normal_quantile(random_uniform(&stream));
      exponential[i] = -portable_log(random_uniform(&stream));
    }
    qsort(exponential, SIZE, sizeof *exponential, double_compare);
    mean += holds(mean_interval(normal, SIZE), 3);
    median += holds(summary_intervals(exponential, SIZE, 0).p50, log(2));
  }
  assert_covers(mean, 0.95);
  assert_covers(median, 1 - 2 * 21700 / 1048576.0);
}

/* Ranks l and u of the 95th percentile of 200 uniform values hold it with P(l <= B < u), of at
 * least 0.95 and, as ranks are whole, not much more: B = 190 +- 3.1, whose steps weigh up to 0.13.
 */
Test(statistics, the_interval_of_a_high_quantile_is_no_wider_than_it_has_to_be) {
  double values[200];
  for (guint i = 0; i < 200; i++)
    values[i] = i + 1;
  const Interval interval = summary_intervals(values, 200, 0).p95;
  double weights[201], inside = 0, below = 0, above = 0;
  for (guint k = 0; k <= 200; k++)
    weights[k] =
        exp(lgamma(201) - lgamma(k + 1) - lgamma(201 - k) + k * log(0.95) + (200 - k) * log(0.05));
  for (guint k = 0; k <= 200; k++) {
    inside += k >= interval.low && k < interval.high ? weights[k] : 0;
    below += k < interval.low + 1 ? weights[k] : 0;
    above += k >= interval.high - 1 ? weights[k] : 0;
  }
  cr_expect_geq(inside, 0.95, "%g to %g: %g", interval.low, interval.high, inside);
  cr_expect_gt(below, 0.025, "a higher rank would do: %g", below);
  cr_expect_gt(above, 0.025, "a lower rank would do: %g", above);
}
