/* Measures by name, their values in a row, and their summaries over runs. */
#include <criterion/criterion.h>
#include <math.h>

#include "routesim/metric/metric.h"

/* Every field another number, in the order of the list, so that none is taken for its neighbour. */
#define VALUE_SECONDS(number) sim_time_s(number)
#define VALUE_BYTES(number) (guint64)(number)
#define VALUE_FLOWS(number) (guint64)(number)
static MetricRow row_of(gint64 first) {
#define ROW(ID, field, UNIT, ...) .field = VALUE_##UNIT(first + MEASURE_##ID + 1),
  return (MetricRow){METRIC_MEASURES(ROW)};
#undef ROW
}

Test(measure, each_has_its_field) {
  const MetricRow row = row_of(0);
  for (guint i = 0; i < MEASURE_COUNT; i++) {
    const Measure measure = (Measure)i;
    gboolean censored = TRUE;
    double value = NAN;
    cr_assert(measure_value(&row, measure, &value, &censored));
    cr_assert_eq(value, i + 1, "%s: %g", measure_name(measure), value);
    cr_assert_not(censored);
  }
}

/* What the end of the run cuts off with the flows, and nothing else. */
Test(measure, some_end_with_the_flows) {
  static const Measure those[] = {MEASURE_RESTORED, MEASURE_OUTAGE, MEASURE_SESSION_OUTAGE,
                                  MEASURE_LOST_BYTES};
  MetricRow row = row_of(0);
  guint count = 0;
  row.censored = TRUE;
  for (guint i = 0; i < MEASURE_COUNT; i++) {
    gboolean censored = FALSE;
    double value;
    cr_assert(measure_value(&row, (Measure)i, &value, &censored));
    count += censored ? 1 : 0;
  }
  for (guint i = 0; i < G_N_ELEMENTS(those); i++) {
    gboolean censored = FALSE;
    double value;
    cr_assert(measure_value(&row, those[i], &value, &censored));
    cr_assert(censored, "%s", measure_name(those[i]));
  }
  cr_assert_eq(count, G_N_ELEMENTS(those));
}

/* Whoever judges a bound reads summary.csv, and a measure stands in both files or in none. */
Test(measure, files_and_bounds_agree) {
  for (guint i = 0; i < MEASURE_COUNT; i++) {
    const MeasureSpec *spec = measure_spec((Measure)i);
    cr_expect(spec->files == 0 || spec->files == MEASURE_IN_BOTH, "%s", spec->name);
    cr_expect(!spec->bounds || measure_stands_in((Measure)i, MEASURE_IN_SUMMARY), "%s", spec->name);
    cr_expect_eq(spec->curve_rank > 0, spec->curve != NULL, "%s", spec->name);
  }
}

static guint curve_rank(const MeasureSpec *spec) { return spec->curve_rank; }

Test(measure, ranks_give_an_order) {
  Measure ranked[MEASURE_COUNT];
  const guint count = measure_ranked(curve_rank, ranked);
  cr_assert_gt(count, 1u);
  cr_assert_eq(ranked[0], MEASURE_OUTAGE);
  for (guint i = 0; i < count; i++)
    cr_assert_gt(measure_spec(ranked[i])->curve_rank,
                 i > 0 ? measure_spec(ranked[i - 1])->curve_rank : 0);
}

Test(measure, what_never_happened_has_no_value) {
  MetricRow row = row_of(0);
  row.detected = SIM_TIME_NEVER;
  gboolean censored = TRUE;
  double value = 0;
  cr_assert_not(measure_value(&row, MEASURE_DETECTED, &value, &censored));
  cr_assert_not(censored);
}

/* Of four runs: 1 s, 11 s, never, and one whose outage was not over. */
Test(measure, summaries) {
  MetricRow all[] = {row_of(10), row_of(0), row_of(0), row_of(0)};
  const MetricRow *const rows[] = {&all[0], &all[1], &all[2], &all[3]};
  all[2].detected = SIM_TIME_NEVER;
  all[3].censored = TRUE;
  const Summary detected = measure_summary(MEASURE_DETECTED, rows, 4);
  cr_assert_eq(detected.runs, 4);
  cr_assert_eq(detected.n, 3);
  cr_assert_eq(detected.censored, 0);
  cr_assert_eq(detected.min, 1);
  cr_assert_eq(detected.p50, 1);
  cr_assert_eq(detected.max, 11);
  cr_assert_float_eq(detected.mean, 13.0 / 3, 1e-12);
  cr_assert_float_eq(detected.p95, 10, 1e-12); /* type 7: 1 + 0.9 of 10 */
  cr_assert_float_eq(detected.p99, 10.8, 1e-12);
  const Summary outage = measure_summary(MEASURE_OUTAGE, rows, 4); /* 6, 6, 16, beyond */
  cr_assert_eq(outage.n, 4);
  cr_assert_eq(outage.censored, 1);
  cr_assert_eq(outage.min, 6);
  cr_assert_eq(outage.p50, 11);
  cr_assert(isnan(outage.p95) && isnan(outage.max) && isnan(outage.mean));
}

/* The flows passed again, and the run ended before their sessions were open: that alone is cut. */
Test(measure, a_session_outage_may_be_cut_off_alone) {
  MetricRow row = row_of(0);
  gboolean censored;
  double value;
  row.session_censored = TRUE;
  cr_assert(measure_value(&row, MEASURE_SESSION_OUTAGE, &value, &censored));
  cr_assert(censored);
  cr_assert(measure_value(&row, MEASURE_OUTAGE, &value, &censored));
  cr_assert_not(censored);
  cr_assert_eq(value, MEASURE_OUTAGE + 1);
}
