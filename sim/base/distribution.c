/* Laws of durations, drawn through the inverse distribution function: one uniform a draw whatever
 * the law, so that changing a law leaves every other draw where it was. Only the portable
 * functions of random.h are used: libm would make draws depend on the CPU. */
#include "routesim/base/distribution.h"

#include <math.h>

const char *basis_name(Basis basis) {
  static const char *const names[BASIS_COUNT] = {"none", "documented", "measured", "assumed",
                                                 "set"};
  return names[basis];
}

/* sim_time_parse() lets no longer duration in. */
static const gint64 longest_ns = SIM_SECOND * 86400 * 365 * 250;

static SimTime clamped(gint64 ns) { return sim_time_ns(CLAMP(ns, 0, longest_ns)); }

static SimTime quantised(double ns) {
  const double whole = floor(ns + 0.5);
  /* They are compared as doubles: converting a larger one would be undefined. */
  return whole >= (double)longest_ns ? sim_time_ns(longest_ns) : clamped((gint64)MAX(whole, 0));
}

/* The standard deviation of the logarithm; 0 where median and 95th percentile leave no room for
 * one (the check of the keys has refused that earlier). */
static double lognormal_sigma(const Distribution *law) {
  static const double normal_p95 = 1.6448536269514722;
  if (law->a.ns <= 0 || law->b.ns <= law->a.ns)
    return 0;
  return portable_log((double)law->b.ns / (double)law->a.ns) / normal_p95;
}

SimTime distribution_quantile(const Distribution *law, double u) {
  g_assert(u > 0 && u < 1);
  const double a = (double)law->a.ns, b = (double)law->b.ns;
  switch (law->kind) {
  case DISTRIBUTION_CONSTANT:
    return clamped(law->a.ns);
  case DISTRIBUTION_UNIFORM:
    return quantised(a + u * (b - a));
  case DISTRIBUTION_NORMAL:
    return quantised(a + b * portable_normal_quantile(u));
  case DISTRIBUTION_LOGNORMAL:
    return quantised(a * portable_exp(lognormal_sigma(law) * portable_normal_quantile(u)));
  case DISTRIBUTION_EXPONENTIAL:
    return quantised(-a * portable_log(1 - u));
  case DISTRIBUTION_TABLE: {
    g_assert(law->count > 0);
    const guint index = (guint)floor(u * law->count);
    return clamped(law->table[MIN(index, law->count - 1)].ns);
  }
  }
  g_assert_not_reached();
}

/* Of a normal law whose values below 0 are 0. */
static double mean_above_0(double mean, double deviation) {
  if (deviation <= 0)
    return MAX(mean, 0);
  const double x = mean / deviation, density = portable_exp(-x * x / 2) / sqrt(2 * G_PI);
  return mean * erfc(-x / G_SQRT2) / 2 + deviation * density;
}

SimTime distribution_mean(const Distribution *law) {
  const double sigma = lognormal_sigma(law);
  double sum = 0;
  switch (law->kind) {
  case DISTRIBUTION_CONSTANT:
  case DISTRIBUTION_EXPONENTIAL:
    return clamped(law->a.ns);
  case DISTRIBUTION_NORMAL:
    return quantised(mean_above_0((double)law->a.ns, (double)law->b.ns));
  case DISTRIBUTION_UNIFORM:
    return quantised(((double)law->a.ns + (double)law->b.ns) / 2);
  case DISTRIBUTION_LOGNORMAL:
    return quantised((double)law->a.ns * portable_exp(sigma * sigma / 2));
  case DISTRIBUTION_TABLE:
    for (guint i = 0; i < law->count; i++)
      sum += (double)law->table[i].ns;
    return quantised(sum / law->count);
  }
  g_assert_not_reached();
}

SimTime distribution_draw(const Distribution *law, RandomStream *stream) {
  return distribution_quantile(law, random_uniform(stream));
}
