#include "routesim/base/distribution.h"

#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#define DAY (86400 * SIM_SECOND)
#define LONGEST (250 * 365 * DAY)

static const SimTime observed[] = {{900000000}, {1000000000}, {1220000000}, {5600000000}};

static const Distribution constant_law = {.kind = DISTRIBUTION_CONSTANT, .a = {1500000000}};
static const Distribution uniform_law = {
    .kind = DISTRIBUTION_UNIFORM, .a = {500000000}, .b = {5500000000}};
static const Distribution normal_law = {
    .kind = DISTRIBUTION_NORMAL, .a = {2000000000}, .b = {300000000}};
static const Distribution lognormal_law = {
    .kind = DISTRIBUTION_LOGNORMAL, .a = {1800000000}, .b = {5000000000}};
static const Distribution exponential_law = {.kind = DISTRIBUTION_EXPONENTIAL, .a = {90 * DAY}};
static const Distribution table_law = {
    .kind = DISTRIBUTION_TABLE, .count = G_N_ELEMENTS(observed), .table = observed};

static double uniform_cdf(double x) { return gsl_cdf_flat_P(x, 0.5, 5.5); }
static double normal_cdf(double x) { return gsl_cdf_gaussian_P(x - 2, 0.3); }
static double lognormal_cdf(double x) {
  return gsl_cdf_lognormal_P(x, log(1.8), log(5 / 1.8) / gsl_cdf_ugaussian_Pinv(0.95));
}
static double exponential_cdf(double x) { return gsl_cdf_exponential_P(x, 90 * 86400.0); }

static const struct {
  const char *name;
  const Distribution *law;
  double (*cdf)(double); /* of seconds, by GSL; NULL for a law with steps */
  double mean, deviation;
} laws[] = {
    {"constant", &constant_law, NULL, 1.5, 0},
    {"uniform", &uniform_law, uniform_cdf, 3, 1.4433756729740645},
    {"normal", &normal_law, normal_cdf, 2, 0.3},
    /* exp(mu + sigma^2 / 2) and so on, with sigma = ln(5 / 1.8) / 1.6448536269514722 */
    {"lognormal", &lognormal_law, lognormal_cdf, 2.1829596693364377, 1.4978},
    {"exponential", &exponential_law, exponential_cdf, 7776000, 7776000},
    {"table", &table_law, NULL, 2.18, 1.9778},
};

static int compare_doubles(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

Test(distribution, draws_follow_the_law) {
  enum { COUNT = 50000 };
  static double draws[COUNT];
  for (gsize i = 0; i < G_N_ELEMENTS(laws); i++) {
    RandomStream stream = random_stream(42, 0, laws[i].name);
    double sum = 0;
    for (guint j = 0; j < COUNT; j++) {
      RandomStream copy = stream;
      const SimTime t = distribution_draw(laws[i].law, &stream);
      cr_assert_eq(stream.draws, j + 1, "%s: one uniform a draw", laws[i].name);
      cr_assert_eq(t.ns, distribution_quantile(laws[i].law, random_uniform(&copy)).ns);
      sum += draws[j] = sim_time_seconds(t);
    }
    const double error = 4 * laws[i].deviation / sqrt(COUNT);
    cr_assert_float_eq(sum / COUNT, laws[i].mean, error + 1e-9, "%s: mean of draws %g",
                       laws[i].name, sum / COUNT);
    if (laws[i].cdf == NULL)
      continue;
    /* Kolmogorov and Smirnov, at a level of one in a thousand. */
    qsort(draws, COUNT, sizeof *draws, compare_doubles);
    double distance = 0;
    for (guint j = 0; j < COUNT; j++) {
      const double p = laws[i].cdf(draws[j]);
      distance = fmax(distance, fmax((j + 1.0) / COUNT - p, p - (double)j / COUNT));
    }
    cr_assert_lt(distance * sqrt(COUNT), 1.95, "%s: %g", laws[i].name, distance * sqrt(COUNT));
  }
}

/* Values below 0 are 0: 10 min Phi(1/2) + 20 min phi(1/2) = 13.955931 min. */
Test(distribution, the_mean_of_a_normal_law_that_is_cut) {
  const Distribution law = {.kind = DISTRIBUTION_NORMAL, .a = {600000000000}, .b = {1200000000000}};
  const Distribution whole = {.kind = DISTRIBUTION_NORMAL, .a = {600000000000}, .b = {1000000}};
  cr_assert_float_eq(sim_time_seconds(distribution_mean(&law)), 837.35587, 1e-4);
  cr_assert_eq(distribution_mean(&whole).ns, 600000000000);
}

Test(distribution, quantiles) {
  for (gsize i = 0; i < G_N_ELEMENTS(laws); i++) {
    SimTime before = SIM_TIME_ZERO;
    for (guint j = 1; j < 1000; j++) {
      const SimTime t = distribution_quantile(laws[i].law, j / 1000.0);
      cr_assert_geq(t.ns, before.ns, "%s is not monotonic", laws[i].name);
      before = t;
      if (laws[i].cdf != NULL)
        cr_assert_float_eq(laws[i].cdf(sim_time_seconds(t)), j / 1000.0, 1e-8, "%s", laws[i].name);
    }
  }
  cr_assert_eq(distribution_quantile(&uniform_law, 0.5).ns, 3000000000);
  cr_assert_eq(distribution_quantile(&normal_law, 0.5).ns, 2000000000);
  cr_assert_eq(distribution_quantile(&lognormal_law, 0.5).ns, 1800000000);
  cr_assert_eq(distribution_quantile(&lognormal_law, 0.95).ns, 5000000000);
  const Distribution minute = {.kind = DISTRIBUTION_EXPONENTIAL, .a = {60 * SIM_SECOND}};
  cr_assert_eq(distribution_quantile(&minute, 0.5).ns, 41588830834); /* 60 ln 2 */
  cr_assert_eq(distribution_quantile(&minute, 0.75).ns, 83177661667);

  /* Rounded to the nearest nanosecond, half up. */
  const Distribution narrow = {.kind = DISTRIBUTION_UNIFORM, .a = {10}, .b = {12}};
  cr_assert_eq(distribution_quantile(&narrow, 0.2).ns, 10);
  cr_assert_eq(distribution_quantile(&narrow, 0.25).ns, 11);
  cr_assert_eq(distribution_quantile(&narrow, 0.74).ns, 11);
  cr_assert_eq(distribution_quantile(&narrow, 0.75).ns, 12);

  static const double u[] = {0x1p-53, 0.25 - 0x1p-53, 0.25, 0.49, 0.5, 0.75, 1 - 0x1p-53};
  static const guint index[] = {0, 0, 1, 1, 2, 3, 3};
  for (gsize i = 0; i < G_N_ELEMENTS(u); i++)
    cr_assert_eq(distribution_quantile(&table_law, u[i]).ns, observed[index[i]].ns, "%a", u[i]);
  const double low = 0x1p-53, high = 1 - 0x1p-53;
  const Distribution wide_normal = {
      .kind = DISTRIBUTION_NORMAL, .a = {SIM_SECOND}, .b = {SIM_SECOND}};
  cr_assert_eq(distribution_quantile(&wide_normal, low).ns, 0, "never below 0");
  cr_assert_eq(distribution_quantile(&wide_normal, 0.15).ns, 0, "one deviation is at 0.1587");
  cr_assert_gt(distribution_quantile(&wide_normal, 0.16).ns, 0);
  const Distribution negative = distribution_constant(sim_time_ns(-5));
  cr_assert_eq(distribution_quantile(&negative, 0.5).ns, 0);
  const Distribution never = distribution_constant(SIM_TIME_NEVER);
  cr_assert_eq(distribution_quantile(&never, 0.5).ns, LONGEST);
  const Distribution ages = {.kind = DISTRIBUTION_EXPONENTIAL, .a = {LONGEST}};
  cr_assert_eq(distribution_quantile(&ages, high).ns, LONGEST);
  const Distribution spread = {.kind = DISTRIBUTION_LOGNORMAL, .a = {1}, .b = {LONGEST}};
  cr_assert_eq(distribution_quantile(&spread, high).ns, LONGEST);
  cr_assert_eq(distribution_quantile(&spread, low).ns, 0);

  /* A 95th percentile that isn't above the median: the median, always. */
  for (gint64 p95 = 0; p95 <= 1800000000; p95 += 900000000) {
    const Distribution flat = {.kind = DISTRIBUTION_LOGNORMAL, .a = {1800000000}, .b = {p95}};
    cr_assert_eq(distribution_quantile(&flat, low).ns, 1800000000);
    cr_assert_eq(distribution_quantile(&flat, 0.99).ns, 1800000000);
  }
  const Distribution nothing = {.kind = DISTRIBUTION_LOGNORMAL, .b = {SIM_SECOND}};
  cr_assert_eq(distribution_quantile(&nothing, 0.9).ns, 0);
}

/* To the nanosecond, on any machine; the exponential law with a mean of 90 days is the one where
 * libm's last bit showed. */
Test(distribution, golden_draws) {
  static const gint64 golden[][6] = {
      {1500000000, 1500000000, 1500000000, 1500000000, 1500000000, 1500000000},
      {934931786, 1657282722, 2023498489, 3924924718, 4033637251, 2745281903},
      {1592135327, 1779782452, 1846720710, 2144505340, 2163154825, 1961586272},
      {773634175, 1140935294, 1310537418, 2427763470, 2523337263, 1662387633},
      {707650647391599, 2047095542387390, 2825887335231045, 8982328538702054, 9538452935161118,
       4635450885523670},
      {900000000, 900000000, 1000000000, 1220000000, 1220000000, 1000000000},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(laws); i++) {
    RandomStream stream = random_stream(42, 7, "program/rs");
    for (gsize j = 0; j < G_N_ELEMENTS(golden[i]); j++) {
      const gint64 ns = distribution_draw(laws[i].law, &stream).ns;
      cr_assert_eq(ns, golden[i][j], "%s: %" G_GINT64_FORMAT, laws[i].name, ns);
    }
  }
  guint64 folded = 0;
  RandomStream stream = random_stream(42, 7, "fold");
  for (guint i = 0; i < 200000; i++) {
    const Distribution *law = laws[i % G_N_ELEMENTS(laws)].law;
    folded = random_mix64(folded ^ (guint64)distribution_draw(law, &stream).ns);
  }
  cr_assert_eq(folded, G_GUINT64_CONSTANT(0xc9132ed02ff6207d), "%" G_GINT64_MODIFIER "x", folded);
}
