/* Measures by name, their values in a row, and their summaries over runs. */
#include <criterion/criterion.h>
#include <math.h>

#include "routesim/metric/metric.h"

/* Every field another number, so that none is taken for its neighbour. */
static MetricRow row_of(gint64 first) {
  return (MetricRow){.detected = sim_time_s(first + 1),
                     .withdrawn = sim_time_s(first + 2),
                     .decided = sim_time_s(first + 3),
                     .programmed = sim_time_s(first + 4),
                     .restored = sim_time_s(first + 5),
                     .outage = sim_time_s(first + 6),
                     .session_outage = sim_time_s(first + 7),
                     .lost_bytes = (guint64)first + 8,
                     .flows_interrupted = (guint64)first + 9,
                     .flows_moved = (guint64)first + 10,
                     .flows_gone = (guint64)first + 11,
                     .sessions_broken = (guint64)first + 12,
                     .alarm = sim_time_s(first + 13),
                     .flows = (guint64)first + 14};
}

static const struct {
  const char *name;
  gboolean is_time, ends_with_flows;
  double number;
} known[] = {{"detected", TRUE, FALSE, 1},       {"withdrawn", TRUE, FALSE, 2},
             {"decided", TRUE, FALSE, 3},        {"programmed", TRUE, FALSE, 4},
             {"restored", TRUE, TRUE, 5},        {"outage", TRUE, TRUE, 6},
             {"session_outage", TRUE, TRUE, 7},  {"lost_bytes", FALSE, TRUE, 8},
             {"flows_interrupted", FALSE, FALSE, 9}, {"flows_moved", FALSE, FALSE, 10},
             {"flows_gone", FALSE, FALSE, 11},   {"sessions_broken", FALSE, FALSE, 12},
             {"alarm", TRUE, FALSE, 13},         {"flows", FALSE, FALSE, 14}};

Test(measure, each_by_its_name) {
  MetricRow row = row_of(0);
  cr_assert_eq(G_N_ELEMENTS(known), MEASURE_COUNT);
  for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
    Measure measure;
    gboolean censored = TRUE;
    double value = NAN;
    cr_assert(measure_find(known[i].name, &measure), "%s", known[i].name);
    cr_assert_str_eq(measure_name(measure), known[i].name);
    cr_assert_eq(measure_is_time(measure), known[i].is_time, "%s", known[i].name);
    row.censored = FALSE;
    cr_assert(measure_value(&row, measure, &value, &censored));
    cr_assert_eq(value, known[i].number, "%s: %g", known[i].name, value);
    cr_assert_not(censored);
    row.censored = TRUE;
    cr_assert(measure_value(&row, measure, &value, &censored));
    cr_assert_eq(censored, known[i].ends_with_flows, "%s", known[i].name);
  }
  Measure none;
  cr_assert_not(measure_find("out", &none));
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
  cr_assert_eq(value, 6);
}

Test(measure, statistics_by_name) {
  const Summary summary = {.mean = 1, .min = 2, .p50 = 3, .p95 = 4, .p99 = 5, .max = NAN};
  static const double values[] = {1, 2, 3, 3, 4, 5};
  double value;
  for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
    cr_assert(summary_statistic(&summary, summary_statistics[i], &value));
    cr_assert_eq(value, values[i], "%s", summary_statistics[i]);
  }
  cr_assert_not(summary_statistic(&summary, "max", &value));
  cr_assert_not(summary_statistic(&summary, "p42", &value));
  cr_assert_null(summary_statistics[7]);
}
