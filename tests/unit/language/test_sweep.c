/* Sweeps: ranges and distributions beside lists, the full product and the Latin hypercube. What is
 * expected is worked out by hand beside each test. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "routesim/language/scenario.h"
#include "support/story.h"

#define TOP                                                                                        \
  "name: x\nduration: 1m\nnetworks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: "      \
  "10.0.0.0/24}}}}\n"

static void check_nothing(KeyReader *reader, const Design *design, gboolean sound) {
  (void)reader;
  (void)design;
  (void)sound;
}

static ScenarioFile *read_file(const char *more) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  char *text = g_strconcat(TOP, more, NULL);
  const ScenarioChanges unchanged = {0};
  ScenarioFile *file =
      scenario_file_read("x.yaml", text, strlen(text), &unchanged, check_nothing, diagnostics);
  g_autoptr(GString) said = g_string_new(NULL);
  diagnostics_append(diagnostics, FALSE, said);
  cr_assert_eq(diagnostics_count(diagnostics), 0u, "%s", said->str);
  return file;
}

/* The variants behind the file as it stands, in their order, between spaces. Caller frees. */
static char *names_of(const char *more) {
  g_autoptr(ScenarioFile) file = read_file(more);
  GString *names = g_string_new(NULL);
  for (guint i = 1; i < scenario_file_count(file); i++)
    g_string_append_printf(names, "%s%s", i > 1 ? " " : "",
                           scenario_file_get(file, i)->variant->name);
  return g_string_free(names, FALSE);
}

static void assert_names(const char *more, const char *expected) {
  g_autofree char *names = names_of(more);
  cr_expect_str_eq(names, expected, "%s", names);
}

/* ---- ranges ------------------------------------------------------------------------------ */

/* (180 - 9) / 4 = 42.75: 9, 51.75, 94.5, 137.25, 180, to whole seconds, halves up. */
Test(sweep, a_range_has_equal_steps_rounded_to_the_last_place_of_its_ends) {
  assert_names("sweep: {month: {from: 9s, to: 180s, points: 5}}\n",
               "month=9s month=52s month=95s month=137s month=180s");
  assert_names("sweep: {month: {from: 9.0s, to: 180s, points: 5}}\n",
               "month=9s month=51.8s month=94.5s month=137.3s month=180s");
  assert_names("sweep: {month: {from: 1m, to: 90s, points: 3}}\n", "month=60s month=75s month=90s");
}

Test(sweep, a_range_of_scale_log_has_equal_factors) {
  assert_names("sweep: {month: {from: 1s, to: 100s, points: 3, scale: log}}\n",
               "month=1s month=10s month=100s");
  assert_names("sweep: {month: {from: 1s, to: 16s, points: 5, scale: log}}\n",
               "month=1s month=2s month=4s month=8s month=16s");
}

Test(sweep, a_range_is_of_whatever_has_an_order) {
  assert_names("sweep: {traffic.t.rate: {from: 1Mbps, to: 2Gbps, points: 2}}\n"
               "traffic: {t: {from: hub/app, to: internet}}\n",
               "rate=1Mbps rate=2000Mbps");
  assert_names("sweep: {runs: {from: 1, to: 9, points: 3}}\n", "runs=1 runs=5 runs=9");
}

/* ---- order and names --------------------------------------------------------------------- */

Test(sweep, variants_come_by_value_and_named_ones_first) {
  assert_names("sweep: {month: [90s, 1m, 500ms, 2d]}\nvariants: {z: {month: 1d}}\n",
               "z month=500ms month=1m month=90s month=2d");
}

Test(sweep, the_full_product_has_lists_and_ranges) {
  assert_names("sweep: {tcp_timeout: [2s, 1s], month: {from: 1d, to: 3d, points: 2}}\n",
               "month=1d,tcp_timeout=1s month=1d,tcp_timeout=2s "
               "month=3d,tcp_timeout=1s month=3d,tcp_timeout=2s");
}

/* Two paths that end alike are told apart by the step before. */
Test(sweep, names_say_which_path_has_the_value) {
  assert_names("sweep: {probes.p.every: [1s], probes.q.every: [2s], month: [3d]}\n"
               "probes: {p: {from: hub/app, to: internet}, q: {from: hub/app, to: internet}}\n",
               "month=3d,p.every=1s,q.every=2s");
}

/* ---- Latin hypercubes -------------------------------------------------------------------- */

#define POINTS 10
#define LATIN "sampling: {method: latin-hypercube, points: 10}\n"

/* What each variant sets at a path, in seconds, by the order of the variants. */
static void values_of(const char *more, const char *path, double values[POINTS]) {
  g_autoptr(ScenarioFile) file = read_file(more);
  cr_assert_eq(scenario_file_count(file), POINTS + 1u);
  for (guint i = 0; i < POINTS; i++) {
    const ScenarioVariant *variant = scenario_file_get(file, i + 1)->variant;
    const char *why;
    SimTime time = SIM_TIME_NEVER;
    for (guint j = 0; j < variant->count; j++)
      if (strcmp(variant->settings[j].path, path) == 0)
        cr_assert(sim_time_parse(variant->settings[j].value, &time, &why), "%s", why);
    values[i] = sim_time_seconds(time);
  }
}

/* Of a uniform law each tenth has one value; of a range by factors each tenth of the logarithm. */
static void assert_strata(const double values[POINTS], double (*place)(double value)) {
  gboolean hit[POINTS] = {FALSE};
  for (guint i = 0; i < POINTS; i++) {
    const int stratum = (int)floor(place(values[i]) * POINTS);
    cr_assert(stratum >= 0 && stratum < POINTS, "%g", values[i]);
    cr_expect(!hit[stratum], "two values in tenth %d", stratum);
    hit[stratum] = TRUE;
  }
}
static double place_uniform(double value) { return (value - 100) / 900; }
static double place_log(double value) { return log10(value / 10) / 2; }
/* Median 60 s and 95th percentile 180 s; the normal distribution function by erfc. */
static double place_lognormal(double value) {
  const double sigma = log(3.0) / 1.6448536269514722;
  return erfc(-log(value / 60) / sigma / sqrt(2)) / 2;
}

Test(sweep, each_stratum_of_each_path_has_one_point) {
  double values[POINTS];
  const char *more = LATIN "sweep:\n"
                           "  month: {uniform: [100.000s, 1000s]}\n"
                           "  tcp_timeout: {from: 10.000s, to: 1000s, scale: log}\n"
                           "  link_delay: {lognormal: {median: 60.000s, p95: 180s}}\n";
  values_of(more, "month", values);
  assert_strata(values, place_uniform);
  values_of(more, "tcp_timeout", values);
  assert_strata(values, place_log);
  values_of(more, "link_delay", values);
  assert_strata(values, place_lognormal);
}

/* Ten points over two values: five each. */
Test(sweep, a_list_is_shared_out_evenly) {
  double values[POINTS];
  guint ones = 0;
  values_of(LATIN "sweep: {tcp_timeout: [1s, 2s], month: {uniform: [1s, 1000s]}}\n", "tcp_timeout",
            values);
  for (guint i = 0; i < POINTS; i++)
    ones += values[i] == 1;
  cr_expect_eq(ones, 5u, "%u", ones);
}

#define MONTH "month: {uniform: [1s, 100000s]}"
#define TIMEOUT "tcp_timeout: {uniform: [1s, 100000s]}"
#define DELAY "link_delay: {uniform: [1s, 100000s]}"

/* Variants are ordered by `link_delay`, then `month`: so the third path is put first, where it
 * changes their order, and pairs are looked up. */
Test(sweep, a_further_path_moves_no_other) {
  double month[POINTS], timeout[POINTS], more_month[POINTS], more_timeout[POINTS];
  values_of(LATIN "sweep: {" MONTH ", " TIMEOUT "}\n", "month", month);
  values_of(LATIN "sweep: {" MONTH ", " TIMEOUT "}\n", "tcp_timeout", timeout);
  values_of(LATIN "sweep: {" DELAY ", " MONTH ", " TIMEOUT "}\n", "month", more_month);
  values_of(LATIN "sweep: {" DELAY ", " MONTH ", " TIMEOUT "}\n", "tcp_timeout", more_timeout);
  for (guint i = 0; i < POINTS; i++) {
    guint j = 0;
    while (j < POINTS && more_month[j] != month[i])
      j++;
    cr_assert_lt(j, POINTS, "%g", month[i]);
    cr_expect_eq(more_timeout[j], timeout[i], "%g beside %g", more_timeout[j], month[i]);
  }
}

Test(sweep, the_seed_and_the_path_draw_and_their_order_does_not) {
  g_autofree char *one = names_of(LATIN "sweep: {" MONTH ", " TIMEOUT "}\n");
  g_autofree char *other = names_of(LATIN "sweep: {" TIMEOUT ", " MONTH "}\n");
  g_autofree char *seeded = names_of("seed: 2\n" LATIN "sweep: {" MONTH ", " TIMEOUT "}\n");
  double month[POINTS], timeout[POINTS];
  values_of(LATIN "sweep: {" MONTH ", " TIMEOUT "}\n", "month", month);
  values_of(LATIN "sweep: {" MONTH ", " TIMEOUT "}\n", "tcp_timeout", timeout);
  cr_expect(memcmp(month, timeout, sizeof month) != 0, "two paths have one stream");
  cr_expect_str_eq(one, other);
  cr_expect_str_neq(one, seeded);
}

/* ---- what is wrong ------------------------------------------------------------------------- */

Test(sweep, points_that_rounding_makes_one_are_told) {
  story_assert_says(TOP LATIN "sweep: {month: {uniform: [1d, 3d]}}\n", "error",
                    "two of 10 points are 'month=");
}

Test(sweep, what_samples_nothing_is_told) {
  story_assert_says(TOP LATIN, "error", "there is no sweep to sample");
  story_assert_says(TOP "sampling: {points: 3}\nsweep: {month: [1d]}\n", "error",
                    "'points' is of `method: latin-hypercube`");
  story_assert_says(TOP "sampling: {method: latin-hypercube}\nsweep: {month: [1d]}\n", "error",
                    "needs 'points'");
}
