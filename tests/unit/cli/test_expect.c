/* Expectations against a summary that is written by hand. */
#include <criterion/criterion.h>
#include <string.h>

#include "workspace.h"
#include "support/heard.h"

TestSuite(expect, .init = workspace_make, .fini = workspace_remove);

#define HEADER                                                                                     \
  "scenario,model,variant,event,how,measure,unit,runs,n,censored,mean,min,p50,p95,p99,max\n"

/* `expect: [WHAT]` is judged by these rows; "" where all holds. */
static void assert_judged(const char *what, const char *rows, const char *expected) {
  g_autofree char *more =
      g_strdup_printf("expect: [%s]\nvariants: {slow: {nvas.fw-a.boot: 1s}}\n", what);
  g_autofree char *text = workspace_scenario("x", more);
  g_autofree char *summary = g_strconcat(HEADER, rows, NULL);
  workspace_write("x.yaml", text);
  Options options = workspace_options("x.yaml");
  Loaded loaded = workspace_load(&options);
  heard_begin();
  const Status status = check_expectations(loaded.files->pdata[0], summary);
  g_autofree char *said = heard_end(), *shown = workspace_relative(said);
  cr_assert_str_eq(shown, expected, "%s", shown);
  cr_assert_eq(status, expected[0] == '\0' ? STATUS_DONE : STATUS_EXPECT);
  loaded_clear(&loaded);
  options_clear(&options);
}

#define MOST "{model: aws, event: 0, measure: outage, stat: p95, at_most: 5s}"
#define LEAST "{model: aws, event: 0, measure: outage, stat: p95, at_least: 5s}"
#define ROW(value) "x,aws,base,0,shutdown,outage,s,5,5,0,1,1,1," value ",9,9\n"
#define SAID "x.yaml:13:10: expect failed: outage p95 of event 0 under aws is "

/* A bound is within it. */
Test(expect, bounds) {
  assert_judged(MOST, ROW("5.000000"), "");
  assert_judged(LEAST, ROW("5.000000"), "");
  assert_judged(MOST, ROW("5.000001"), SAID "5.000001 s, at most 5 s\n");
  assert_judged(LEAST, ROW("4.500000"), SAID "4.5 s, at least 5 s\n");
}

/* Whatever a row is about, it is judged by an expectation about just that. */
Test(expect, rows_of_something_else) {
  assert_judged(MOST,
                "y,aws,base,0,shutdown,outage,s,5,5,0,1,1,1,9,9,9\n"
                "x,azure,base,0,shutdown,outage,s,5,5,0,1,1,1,9,9,9\n"
                "x,aws,slow,0,shutdown,outage,s,5,5,0,1,1,1,9,9,9\n"
                "x,aws,base,1,restore,outage,s,5,5,0,1,1,1,9,9,9\n"
                "x,aws,base,0,shutdown,detected,s,5,5,0,1,1,1,9,9,9\n",
                "");
}

Test(expect, of_a_variant) {
  assert_judged("{model: aws, event: 0, variant: slow, measure: outage, stat: median, at_most: 5s}",
                "x,aws,slow,0,shutdown,outage,s,5,5,0,1,1,6.000000,1,1,9\n" ROW("1"),
                "x.yaml:13:10: expect failed: outage median of event 0 under aws, variant slow, is "
                "6 s, at most 5 s\n");
}

/* Without a model, under each. */
Test(expect, under_every_model) {
  assert_judged(
      "{event: 0, measure: outage, stat: max, at_most: 5s}",
      "x,azure,base,0,shutdown,outage,s,5,5,0,1,1,1,1,1,7.000000\n"
      "x,aws,base,0,shutdown,outage,s,5,5,0,1,1,1,1,1,8.000000\n",
      "x.yaml:13:10: expect failed: outage max of event 0 under azure is 7 s, at most 5 s\n"
      "x.yaml:13:10: expect failed: outage max of event 0 under aws is 8 s, at most 5 s\n");
}

/* What never happened lies within no bound. */
Test(expect, what_never_happened) {
  const char *const row = "x,aws,base,0,shutdown,outage,s,5,0,0,,,,,,\n";
  assert_judged(MOST, row, SAID "empty: it never happened, at most 5 s\n");
  assert_judged(LEAST, row, SAID "empty: it never happened, at least 5 s\n");
}

/* What was not over at the end is longer than any bound. */
Test(expect, what_was_not_over) {
  const char *const row = "x,aws,base,0,shutdown,outage,s,5,5,2,,1,1,,,\n";
  assert_judged(MOST, row, SAID "not known: not over at the end in 2 of 5 runs, at most 5 s\n");
  assert_judged(LEAST, row, "");
}

/* In the order of the file, not of the rows. */
Test(expect, order) {
  assert_judged(
      "{model: aws, event: 0, measure: outage, stat: median, at_most: 1s}, "
      "{model: aws, event: 0, measure: detected, stat: median, at_most: 1s}",
      "x,aws,base,0,shutdown,detected,s,5,5,0,1,1,2.000000,1,1,1\n"
      "x,aws,base,0,shutdown,outage,s,5,5,0,1,1,3.000000,1,1,1\n",
      "x.yaml:13:10: expect failed: outage median of event 0 under aws is 3 s, at most 1 s\n"
      "x.yaml:13:78: expect failed: detected median of event 0 under aws is 2 s, at most "
      "1 s\n");
}
