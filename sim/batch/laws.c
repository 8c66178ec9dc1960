/* Laws that a trait may have, and how they are written. */
#include <math.h>
#include <string.h>

#include "laws_private.h"

#define P95 1.6448536269514722 /* normal quantiles */
#define P75 0.6744897501960817
#define LEAST 1e-6 /* seconds */
#define KNOT_VALUES 49

const double law_knots[LAW_NUMBERS] = {0, 0.1, 0.3, 0.5, 0.7, 0.9, 1};

guint law_numbers(LawKind kind) {
  static const guint numbers[] = {[LAW_CONSTANT] = 1,       [LAW_EXPONENTIAL] = 1, [LAW_OWN] = 1,
                                  [LAW_LOGNORMAL] = 2,      [LAW_UNIFORM] = 2,     [LAW_NORMAL] = 2,
                                  [LAW_KNOTS] = LAW_NUMBERS};
  return numbers[kind];
}

/* From 0 to 1. */
static double share_at(double x) { return 1 / (1 + portable_exp(-CLAMP(x, -30, 30))); }
static double place_of_share(double share) {
  const double inside = CLAMP(share, 0.001, 0.999);
  return portable_log(inside / (1 - inside));
}

static double length_at(double x) { return portable_exp(CLAMP(x, -14, 23)); }
static double place_of_length(double length) { return portable_log(fmax(length, LEAST)); }

/* Each knot is above the one before, by any length. */
static void set_knots(Law *law, const double *place) {
  law->count = LAW_NUMBERS;
  for (guint i = 0; i < LAW_NUMBERS; i++)
    law->values[i] = length_at(place[i]) + (i > 0 ? law->values[i - 1] : 0);
}

void law_start_knots(const Law *law, double *place) {
  double last = 0;
  for (guint i = 0; i < LAW_NUMBERS; i++) {
    const double u = CLAMP(law_knots[i], 0.01, 0.99);
    const double value = law_quantile(law, u, portable_normal_quantile(u));
    place[i] = place_of_length(fmax(value - last, 1e-3 * value));
    last = fmax(value, last);
  }
}

Law law_at(LawKind kind, const Distribution *own, const double *place) {
  Law law = {.kind = kind, .a = length_at(place[0]), .own = own};
  if (kind == LAW_LOGNORMAL)
    law.b = portable_exp(CLAMP(place[1], -7, 1.5));
  else if (kind == LAW_NORMAL)
    law.b = law.a * share_at(place[1]);
  if (kind == LAW_KNOTS)
    set_knots(&law, place);
  if (kind != LAW_UNIFORM)
    return law;
  const double half = law.a * share_at(place[1]);
  law.b = law.a + half;
  law.a -= half;
  return law;
}

static double own_median(const Distribution *own) {
  return sim_time_seconds(distribution_quantile(own, 0.5));
}

void law_start(LawKind kind, const Distribution *own, double low, double median, double high,
               double *place) {
  const double middle = fmax(median, LEAST), half = fmax(high - low, 1e-3 * middle);
  place[0] = place_of_length(middle);
  place[1] = 0;
  if (kind == LAW_EXPONENTIAL)
    place[0] = place_of_length(middle / G_LN2);
  else if (kind == LAW_OWN)
    place[0] = place_of_length(middle / own_median(own));
  else if (kind == LAW_LOGNORMAL)
    place[1] = portable_log(
        CLAMP(portable_log(fmax(high, LEAST) / fmax(low, 0.02 * middle)) / (2 * P75), 0.02, 3));
  else if (kind == LAW_NORMAL)
    place[1] = place_of_share(half / (2 * P75) / middle);
  else if (kind == LAW_UNIFORM)
    place[1] = place_of_share(half / middle);
}

static double knots_quantile(const Law *law, double u) {
  guint k = 1;
  while (k + 1 < LAW_NUMBERS && law_knots[k] < u)
    k++;
  const double from = law_knots[k - 1], to = law_knots[k];
  return law->values[k - 1] +
         (law->values[k] - law->values[k - 1]) * CLAMP((u - from) / (to - from), 0, 1);
}

double law_quantile(const Law *law, double u, double z) {
  switch (law->kind) {
  case LAW_CONSTANT:
    return law->a;
  case LAW_EXPONENTIAL:
    return -law->a * portable_log(1 - u);
  case LAW_OWN:
    return law->a * sim_time_seconds(distribution_quantile(law->own, u));
  case LAW_LOGNORMAL:
    return law->a * portable_exp(law->b * z);
  case LAW_UNIFORM:
    return law->a + u * (law->b - law->a);
  case LAW_NORMAL:
    return fmax(law->a + law->b * z, 0);
  case LAW_KNOTS:
    return knots_quantile(law, u);
  case LAW_TABLE:
    return law->values[MIN((guint)(u * law->count), law->count - 1)];
  }
  g_assert_not_reached();
}

/* Of an even number of values the mean of both in the middle, as of data. */
double law_median(const Law *law) {
  const guint half = law->count / 2;
  if (law->kind == LAW_TABLE && law->count % 2 == 0)
    return (law->values[half - 1] + law->values[half]) / 2;
  return law_quantile(law, 0.5, 0);
}

/* ---- text ----------------------------------------------------------------------------------- */

/* Two digits at the least: whole microseconds below 10 ms, whole milliseconds above. */
static SimTime rounded(double seconds) {
  const gint64 step = seconds < 0.01 ? 1000 : 1000000;
  return sim_time_ns((gint64)floor(seconds * 1e9 / (double)step + 0.5) * step);
}

static void append(GString *out, SimTime time) { sim_time_append_human(time, out); }

static void append_one(GString *out, const char *before, SimTime a, const char *after) {
  g_string_append(out, before);
  append(out, a);
  g_string_append(out, after);
}

static void append_pair(GString *out, const char *before, SimTime a, const char *between, SimTime b,
                        const char *after) {
  g_string_append(out, before);
  append(out, a);
  g_string_append(out, between);
  append(out, b);
  g_string_append(out, after);
}

static void append_table(GString *out, const SimTime *values, guint count) {
  g_string_append(out, "{table: [");
  for (guint i = 0; i < count; i++) {
    g_string_append(out, i > 0 ? ", " : "");
    append(out, values[i]);
  }
  g_string_append(out, "]}");
}

/* The median stands in for one that is to be above it. */
static SimTime above(SimTime time, double seconds) {
  return sim_time_max(rounded(seconds), sim_time_add(time, sim_time_ns(1000)));
}

static void append_own(GString *out, const Distribution *own, double factor) {
  const SimTime a = rounded(factor * sim_time_seconds(own->a));
  const SimTime b = rounded(factor * sim_time_seconds(own->b));
  g_autofree SimTime *values = g_new(SimTime, own->count + 1);
  for (guint i = 0; i < own->count; i++)
    values[i] = rounded(factor * sim_time_seconds(own->table[i]));
  switch (own->kind) {
  case DISTRIBUTION_CONSTANT:
    append(out, a);
    return;
  case DISTRIBUTION_UNIFORM:
    append_pair(out, "{uniform: [", a, ", ", b, "]}");
    return;
  case DISTRIBUTION_NORMAL:
    append_pair(out, "{normal: {mean: ", a, ", sd: ", b, "}}");
    return;
  case DISTRIBUTION_LOGNORMAL:
    append_pair(out, "{lognormal: {median: ", a,
                ", p95: ", above(a, factor * sim_time_seconds(own->b)), "}}");
    return;
  case DISTRIBUTION_EXPONENTIAL:
    append_one(out, "{exponential: ", a, "}");
    return;
  case DISTRIBUTION_TABLE:
    append_table(out, values, own->count);
    return;
  }
}

/* Where it is straight, some values of it. */
static void append_values(GString *out, const Law *law) {
  SimTime values[LAW_TABLE_VALUES];
  const guint count = law->kind == LAW_KNOTS ? KNOT_VALUES : law->count;
  for (guint i = 0; i < count; i++)
    values[i] =
        rounded(law->kind == LAW_KNOTS ? knots_quantile(law, (i + 0.5) / count) : law->values[i]);
  append_table(out, values, count);
}

char *law_text_of(const Distribution *own, double factor) {
  GString *out = g_string_new(NULL);
  append_own(out, own, factor);
  return g_string_free(out, FALSE);
}

char *law_text(const Law *law) {
  GString *out = g_string_new(NULL);
  const SimTime a = rounded(law->a);
  if (law->kind == LAW_CONSTANT)
    append(out, a);
  else if (law->kind == LAW_EXPONENTIAL)
    append_one(out, "{exponential: ", a, "}");
  else if (law->kind == LAW_OWN)
    append_own(out, law->own, law->a);
  else if (law->kind == LAW_LOGNORMAL)
    append_pair(out, "{lognormal: {median: ", a,
                ", p95: ", above(a, law->a * portable_exp(law->b * P95)), "}}");
  else if (law->kind == LAW_UNIFORM)
    append_pair(out, "{uniform: [", a, ", ", rounded(law->b), "]}");
  else if (law->kind == LAW_NORMAL)
    append_pair(out, "{normal: {mean: ", a, ", sd: ", rounded(law->b), "}}");
  else
    append_values(out, law);
  return g_string_free(out, FALSE);
}
