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

SimTime distribution_draw(const Distribution *law, RandomStream *stream) {
  return distribution_quantile(law, random_uniform(stream));
}

double distribution_mean(const Distribution *law) {
  const double a = sim_time_seconds(law->a), b = sim_time_seconds(law->b);
  switch (law->kind) {
  case DISTRIBUTION_CONSTANT:
  case DISTRIBUTION_NORMAL:
  case DISTRIBUTION_EXPONENTIAL:
    return a;
  case DISTRIBUTION_UNIFORM:
    return (a + b) / 2;
  case DISTRIBUTION_LOGNORMAL: {
    const double sigma = lognormal_sigma(law);
    return a * portable_exp(sigma * sigma / 2);
  }
  case DISTRIBUTION_TABLE: {
    g_assert(law->count > 0);
    double sum = 0;
    for (guint i = 0; i < law->count; i++)
      sum += sim_time_seconds(law->table[i]);
    return sum / law->count;
  }
  }
  g_assert_not_reached();
}

/* "0.5" for 500 of 1000: exact, as each unit below is a power of ten. */
static void append_decimal(gint64 ns, gint64 unit, GString *out) {
  g_string_append_printf(out, "%" G_GINT64_FORMAT, ns / unit);
  gint64 rest = ns % unit;
  for (const char *point = "."; rest > 0; point = "") {
    rest *= 10;
    g_string_append_printf(out, "%s%" G_GINT64_FORMAT, point, rest / unit);
    rest %= unit;
  }
}

/* Two bounds read best in one unit: "0.5s..5.5s" instead of "500ms..5500ms". */
static void append_range(SimTime low, SimTime high, GString *out) {
  static const struct {
    const char *name;
    gint64 ns;
  } units[] = {{"s", SIM_SECOND}, {"ms", 1000000}, {"us", 1000}, {"ns", 1}};
  if (low.ns < 0 || (low.ns % SIM_SECOND == 0 && high.ns % SIM_SECOND == 0)) {
    sim_time_append_human(low, out);
    g_string_append(out, "..");
    sim_time_append_human(high, out);
    return;
  }
  guint i = 0;
  while (i + 1 < G_N_ELEMENTS(units) && high.ns < units[i].ns)
    i++;
  append_decimal(low.ns, units[i].ns, out);
  g_string_append_printf(out, "%s..", units[i].name);
  append_decimal(high.ns, units[i].ns, out);
  g_string_append(out, units[i].name);
}

static void append_two(const char *before_a, SimTime a, const char *before_b, SimTime b,
                       GString *out) {
  g_string_append(out, before_a);
  sim_time_append_human(a, out);
  g_string_append(out, before_b);
  sim_time_append_human(b, out);
}

void distribution_append(const Distribution *law, GString *out) {
  switch (law->kind) {
  case DISTRIBUTION_CONSTANT:
    sim_time_append_human(law->a, out);
    return;
  case DISTRIBUTION_UNIFORM:
    g_string_append(out, "uniform ");
    append_range(law->a, law->b, out);
    return;
  case DISTRIBUTION_NORMAL:
    append_two("normal mean ", law->a, " sd ", law->b, out);
    return;
  case DISTRIBUTION_LOGNORMAL:
    append_two("lognormal median ", law->a, " p95 ", law->b, out);
    return;
  case DISTRIBUTION_EXPONENTIAL:
    g_string_append(out, "exponential mean ");
    sim_time_append_human(law->a, out);
    return;
  case DISTRIBUTION_TABLE: {
    g_assert(law->count > 0);
    SimTime low = law->table[0], high = low;
    for (guint i = 1; i < law->count; i++) {
      low = sim_time_min(low, law->table[i]);
      high = sim_time_max(high, law->table[i]);
    }
    g_string_append_printf(out, "table of %u value%s ", law->count, law->count == 1 ? "" : "s");
    append_range(low, high, out);
    return;
  }
  }
  g_assert_not_reached();
}
