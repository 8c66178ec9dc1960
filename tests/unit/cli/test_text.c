/* Numbers as people read them, exit statuses and suggestions. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "../../../sim/cli/results_private.h"

static void assert_appended(void (*append)(GString *, double), double value, const char *expected) {
  g_autoptr(GString) out = g_string_new(NULL);
  append(out, value);
  cr_assert_str_eq(out->str, expected, "%.17g is %s, not %s", value, out->str, expected);
}

/* Three digits, and a unit in which they stand above 1; no time has no unit below seconds. */
Test(text, seconds) {
  static const struct {
    double value;
    const char *expected;
  } cases[] = {{0, "0 s"},          {28.64, "28.6 s"},    {1234.5, "1234.5 s"}, {9.994, "9.99 s"},
               {9.996, "10.0 s"},   {0.9996, "1.00 s"},   {0.9994, "999 ms"},   {0.35, "350 ms"},
               {0.0123, "12.3 ms"}, {0.00123, "1.23 ms"}, {0.0005, "500 us"},   {2e-6, "2.00 us"},
               {NAN, "-"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_appended(append_seconds, cases[i].value, cases[i].expected);
}

Test(text, bytes) {
  static const struct {
    double value;
    const char *expected;
  } cases[] = {{0, "0 B"},          {999, "999 B"},      {999.6, "1.00 kB"}, {12345, "12.3 kB"},
               {3.58e9, "3.58 GB"}, {255.4e6, "255 MB"}, {1e18, "1.00 EB"},  {1e21, "1000 EB"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_appended(append_bytes, cases[i].value, cases[i].expected);
}

static void assert_measure(void (*append)(GString *, Measure, double), Measure measure,
                           double value, const char *expected) {
  g_autoptr(GString) out = g_string_new("to 10 ");
  append(out, measure, value);
  cr_assert_str_eq(out->str + strlen("to 10 "), expected, "is %s, not %s", out->str, expected);
}

Test(text, measures) {
  assert_measure(append_measure, MEASURE_OUTAGE, 30, "30.0 s");
  assert_measure(append_measure, MEASURE_LOST_BYTES, 1e6, "1.00 MB");
  assert_measure(append_measure, MEASURE_FLOWS_MOVED, 1000, "1000");
  assert_measure(append_measure, MEASURE_FLOWS_MOVED, 603.5, "603.5");
  assert_measure(append_measure, MEASURE_FLOWS_MOVED, NAN, "-");
}

/* As far as a microsecond, without zeros at the end, but with those before the point. */
Test(text, exact_measures) {
  assert_measure(append_exact, MEASURE_OUTAGE, 27.954974, "27.954974 s");
  assert_measure(append_exact, MEASURE_OUTAGE, 12.5, "12.5 s");
  assert_measure(append_exact, MEASURE_OUTAGE, 60, "60 s");
  assert_measure(append_exact, MEASURE_LOST_BYTES, 1000, "1000 B");
  assert_measure(append_exact, MEASURE_SESSIONS_BROKEN, 100, "100");
}

Test(text, titles) {
  g_autofree char *title = measure_title(MEASURE_SESSION_OUTAGE);
  cr_assert_str_eq(title, "session outage");
}

/* An error of the machine is worse than one of the call, that than an expectation. */
Test(text, the_worst_status_counts) {
  static const Status rising[] = {STATUS_DONE, STATUS_EXPECT, STATUS_CALL, STATUS_IO};
  for (guint i = 0; i < G_N_ELEMENTS(rising); i++)
    for (guint j = 0; j < G_N_ELEMENTS(rising); j++)
      cr_assert_eq(status_worse(rising[i], rising[j]), rising[MAX(i, j)]);
  cr_assert(STATUS_DONE == 0 && STATUS_EXPECT == 1 && STATUS_CALL == 2 && STATUS_IO == 3,
            "the reference says so");
}

Test(text, suggestions) {
  static const char *const names[] = {"compare", "check", NULL};
  g_autofree char *near = suggestion("comprae", names), *far = suggestion("stream", names);
  cr_assert_str_eq(near, " (did you mean 'compare'?)");
  cr_assert_str_eq(far, "");
}
