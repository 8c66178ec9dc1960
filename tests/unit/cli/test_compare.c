/* What compare puts side by side: shares of flows, what others measured, prices, and notes. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "../../../sim/cli/compare_private.h"
#include "workspace.h"

TestSuite(compare, .init = workspace_make, .fini = workspace_remove);

/* ---- shares ------------------------------------------------------------------------- */

#define ROW(first, last, way, count)                                                               \
  {                                                                                                \
    .from = {(first)*SIM_SECOND}, .to = {(last)*SIM_SECOND}, .direction = FLOW_FORWARD,            \
    .via = way, .flows = count, .bits_per_second = (count)*100                                     \
  }

/* Events at 60 s, and, where `second` is not 0, then; the run ends at 300 s. "fw-a 100 0, ". */
static void assert_shares(RunTrafficRow *rows, guint count, gint64 second, const char *expected) {
  Design design = {.duration = {.law = {.a = sim_time_s(300)}}};
  const Scenario scenario = {.design = &design};
  MetricRow events[2] = {{.at = sim_time_s(60)}, {.at = sim_time_s(second)}};
  RunResult run = {.traffic = rows, .traffic_count = count};
  RunResult *details[] = {&run};
  const BatchCell cell = {.scenario = &scenario,
                          .event_count = second != 0 ? 2 : 1,
                          .rows = events,
                          .run_count = 1,
                          .details = details};
  const ViaShares shares = compare_shares(&cell);
  g_autoptr(GString) told = g_string_new(shares.by_load ? "load: " : "");
  for (guint i = 0; i < shares.ways->len; i++) {
    const ViaShare *share = &g_array_index(shares.ways, ViaShare, i);
    g_string_append_printf(told, "%s %d %d, ", share->via,
                           (int)(shares.by_load ? share->bits_before : (gint64)share->before),
                           (int)(shares.by_load ? share->bits_after : (gint64)share->after));
  }
  cr_assert_str_eq(told->str, expected, "%s", told->str);
  g_array_unref(shares.ways);
}

/* By name, just before the event and at the end. */
Test(compare, shares) {
  RunTrafficRow rows[] = {ROW(0, 60, "fw-b", 40), ROW(60, 65, "dropped", 100),
                          ROW(0, 60, "fw-a", 60), ROW(65, 300, "fw-b", 100)};
  assert_shares(rows, G_N_ELEMENTS(rows), 0, "fw-a 60 0, fw-b 40 100, ");
}

/* A row that goes on through the event counts on both sides. */
Test(compare, shares_that_stay) {
  RunTrafficRow rows[] = {ROW(0, 300, "fw-a", 60), ROW(0, 60, "fw-b", 40)};
  assert_shares(rows, G_N_ELEMENTS(rows), 0, "fw-a 60 60, fw-b 40 0, ");
}

/* Rows of one way add up, also of several traffics. */
Test(compare, shares_of_several_traffics) {
  RunTrafficRow rows[] = {ROW(0, 300, "fw-a", 60), ROW(0, 300, "fw-a", 5)};
  assert_shares(rows, G_N_ELEMENTS(rows), 0, "fw-a 65 65, ");
}

/* Just before the next event that is later: what that one does is its own. */
Test(compare, shares_until_the_next_event) {
  RunTrafficRow rows[] = {ROW(0, 60, "fw-a", 9), ROW(60, 200, "fw-b", 9), ROW(200, 300, "fw-a", 9)};
  assert_shares(rows, G_N_ELEMENTS(rows), 200, "fw-a 9 0, fw-b 0 9, ");
  assert_shares(rows, G_N_ELEMENTS(rows), 60, "fw-a 9 9, ");
}

Test(compare, shares_of_one_direction) {
  RunTrafficRow rows[] = {ROW(0, 300, "fw-a", 60), ROW(0, 300, "fw-b", 40)};
  rows[1].direction = FLOW_REVERSE;
  assert_shares(rows, G_N_ELEMENTS(rows), 0, "fw-a 60 60, ");
}

/* Flows that lack capacity keep their way, so that only their load tells. */
Test(compare, shares_of_load) {
  RunTrafficRow rows[] = {ROW(0, 300, "fw-a", 60), ROW(60, 300, "dropped:capacity", 2)};
  rows[1].dropped = DROP_CAPACITY;
  assert_shares(rows, G_N_ELEMENTS(rows), 0, "load: dropped:capacity 0 200, fw-a 6000 6000, ");
}

/* ---- measured ----------------------------------------------------------------------- */

Test(compare, agreement) {
  static const struct {
    double low, high, least, median, most;
    const char *expected;
  } cases[] = {
      {1, 2, 1.5, 1.5, 1.5, "yes"},     {1, 2, 0, 1, 9, "yes"}, /* a bound is within */
      {1, 2, 0, 2, 9, "yes"},           {5, 5, 0, 5, 9, "yes"}, /* one number was measured */
      {1, 2, 0.5, 0.6, 1, "some runs"}, {1, 2, 2, 3, 4, "some runs"},
      {1, 2, 0, 3, 4, "some runs"}, /* lies between the runs, though none may be there */
      {1, 2, 0.1, 0.5, 0.9, "no"},      {1, 2, 2.1, 3, 4, "no"},
      {1, 2, NAN, NAN, NAN, "no"}, /* never */
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const DesignMeasured measured = {.low = cases[i].low, .high = cases[i].high};
    const Summary summary = {.min = cases[i].least, .p50 = cases[i].median, .max = cases[i].most};
    cr_assert_str_eq(compare_agreement(&measured, &summary), cases[i].expected, "case %u", i);
  }
}

/* The table for programs, without its header, of a scenario with these lines behind it. */
static char *rows_of(const char *more, const CompareTable *table,
                     void (*add)(Report *, const Batch *)) {
  g_autofree char *text = workspace_scenario("x", more);
  workspace_write("x.yaml", text);
  Options options = workspace_options("x.yaml");
  Loaded loaded = workspace_load(&options);
  g_autoptr(Batch) batch = workspace_run(&options, &loaded, 0);
  g_autoptr(GString) out = g_string_new(NULL);
  Output *output = output_memory(out);
  Report *report = report_new(report_format_find("csv"), output);
  report_begin(report, table->key, NULL, table->columns, table->count);
  add(report, batch);
  report_end(report);
  report_finish(report);
  output_close(output, NULL);
  loaded_clear(&loaded);
  options_clear(&options);
  const char *header_end = strchr(out->str, '\n');
  cr_assert_not_null(header_end);
  return g_strdup(header_end + 1);
}

/* Of a variant beside that, and otherwise beside the file as it stands; in the order of the file;
 * with the basis of the fact that the source is, if it is one.
 * rs hears of an orderly stop after the delay of the link, 500 us. */
Test(compare, measured_rows_stand_beside_what_they_are_about) {
  g_autofree char *rows = rows_of(
      "variants: {far: {link_delay: 2ms}}\n"
      "measured:\n"
      "  - {model: aws, variant: far, event: 0, measure: detected, low: 1ms, high: 3ms, "
      "source: B}\n"
      "  - {model: aws, event: 0, measure: detected, low: 1ms, high: 3ms, source: AWS-12.8, "
      "used_to_set: [aws.hold, aws.keepalive], note: far off}\n",
      &compare_measured_table, compare_add_measured);
  cr_assert_str_eq(
      rows,
      "x,aws,far,0,detected,B,validation,0.001000,0.003000,0.002000,0.002000,0.002000,"
      "yes,,\n"
      "x,aws,base,0,detected,AWS-12.8,\"calibration of aws.hold, aws.keepalive\",0.001000,"
      "0.003000,0.000500,0.000500,0.000500,no,far off,assumed\n",
      "%s", rows);
}

Test(compare, nothing_was_measured) {
  g_autofree char *rows = rows_of("", &compare_measured_table, compare_add_measured);
  cr_assert_str_eq(rows, "");
}

/* ---- prices ------------------------------------------------------------------------- */

/* 45 cents an hour over 30 days of 24 hours are 324 dollars. */
Test(compare, price_of_a_month) {
  static const struct {
    gint64 cents;
    guint count;
    gint64 hours;
    const char *expected;
  } cases[] = {{45, 1, 720, "324.00"}, {75, 4, 720, "2160.00"}, {45, 1, 730, "328.50"},
               {1, 1, 5, "0.05"},      {0, 1, 720, "0.00"},     {-1, 3, 720, "not known"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const CloudPrice price = {"part", cases[i].count, cases[i].cents, NULL};
    g_autofree char *text = compare_month_price(&price, sim_time_s(cases[i].hours * 3600));
    cr_assert_str_eq(text, cases[i].expected);
  }
}

/* Parts of one kind add up, and what a variant does not change is told once (AWS-10.4: 0.75 dollars
 * an endpoint and hour). */
Test(compare, prices_are_told_once) {
  g_autofree char *rows = rows_of("variants: {same: {runs: 2}, script: {failover: api}}\n",
                                  &compare_price_table, compare_add_price);
  cr_assert_str_eq(rows,
                   "x,aws,base,route server,1,0.00,AWS-10.4\n"
                   "x,aws,base,route server endpoint,2,1080.00,AWS-10.4\n"
                   "x,aws,script,script,1,not known,\n",
                   "%s", rows);
}

/* ---- notes -------------------------------------------------------------------------- */

Test(compare, wrapping) {
  static const char eighty[] =
      "12345678 012345678 012345678 012345678 012345678 012345678 012345678 0123456789";
  g_autofree char *fits = text_wrapped(eighty);
  cr_assert_eq(strlen(eighty), 79);
  cr_assert_str_eq(fits, eighty);
  g_autofree char *one_more = g_strconcat(eighty, " x", NULL);
  g_autofree char *broken = text_wrapped(one_more);
  cr_assert_str_eq(broken + 79, "\n  x");
  g_autofree char *word = g_strnfill(90, 'w');
  g_autofree char *text = g_strdup_printf("a %s b", word);
  g_autofree char *wrapped = text_wrapped(text), *expected = g_strdup_printf("a\n  %s\n  b", word);
  cr_assert_str_eq(wrapped, expected);
}

Test(compare, titles_of_cells) {
  g_autofree char *text = workspace_scenario("x", "variants: {far: {link_delay: 2ms}}\n");
  workspace_write("x.yaml", text);
  Options options = workspace_options("x.yaml");
  Loaded loaded = workspace_load(&options);
  g_autoptr(Batch) batch = workspace_run(&options, &loaded, 0);
  g_autofree char *base = cell_title(batch_cell(batch, 0)), *far = cell_title(batch_cell(batch, 1));
  cr_assert_str_eq(base, "aws");
  cr_assert_str_eq(far, "aws far");
  loaded_clear(&loaded);
  options_clear(&options);
}
