/* Rows as text, which pictures a file has, and the bar that tells how far a batch is. */
#define _XOPEN_SOURCE 700 /* pseudo-terminals */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "workspace.h"
#include "support/heard.h"

TestSuite(results, .init = workspace_make, .fini = workspace_remove);

/* ---- CSV ---------------------------------------------------------------------------- */

Test(results, tables_are_joined_below_one_header) {
  g_autoptr(GString) all = g_string_new(NULL);
  join_csv(all, "a,b\n1,2\n");
  join_csv(all, "a,b\n3,4\n");
  join_csv(all, "a,b\n");
  cr_assert_str_eq(all->str, "a,b\n1,2\n3,4\n");
}

/* As written: a number stays the text that it was, and what was quoted is quoted again. */
Test(results, rows_are_copied_as_they_are) {
  static const Column columns[] = {{"a", COLUMN_TEXT}, {"b", COLUMN_NUMBER}};
  g_autoptr(GString) out = g_string_new(NULL);
  Output *output = output_memory(out);
  Report *report = report_new(report_format_find("csv"), output);
  report_begin(report, "t", NULL, columns, 2);
  copy_csv(report, "a,b\n\"x, \"\"y\"\"\",1.50\n,\n");
  report_end(report);
  report_finish(report);
  output_close(output, NULL);
  cr_assert_str_eq(out->str, "a,b\n\"x, \"\"y\"\"\",1.50\n,\n", "%s", out->str);
}

Test(results, how_many_runs) {
  const Design body = {.runs = 40};
  Options options = {.quiet = TRUE};
  cr_assert_eq(planned_runs(&options, &body), 40);
  options.batch.runs = 7;
  cr_assert_eq(planned_runs(&options, &body), 7);
  options.batch.only_run_given = TRUE;
  cr_assert_eq(planned_runs(&options, &body), 1);
}

/* ---- a batch ------------------------------------------------------------------------ */

typedef struct {
  Options options;
  Loaded loaded;
  Batch *batch;
} Ran;

static Ran ran(const char *text) {
  Ran ran = {.options = workspace_options("x.yaml")};
  workspace_write("x.yaml", text);
  ran.options.plots = g_strdup("plots");
  ran.loaded = workspace_load(&ran.options);
  ran.batch = workspace_run(&ran.options, &ran.loaded, 0);
  return ran;
}

static void ran_clear(Ran *ran) {
  batch_free(ran->batch);
  loaded_clear(&ran->loaded);
  options_clear(&ran->options);
}

/* Where there are flows, that there was no outage is an answer; that nothing was lost is none. */
Test(results, what_says_something) {
  g_autofree char *text = workspace_scenario(
      "x", "variants: {none: {events: [{at: 60s, fail: fw-b, how: shutdown}]}}\n");
  Ran it = ran(text);
  cr_assert(says_something(it.batch, 0, MEASURE_OUTAGE));
  cr_assert(says_something(it.batch, 0, MEASURE_DETECTED));
  cr_assert_not(says_something(it.batch, 0, MEASURE_RESTORED) &&
                says_something(it.batch, 1, MEASURE_RESTORED));
  cr_assert_not(says_something(it.batch, 1, MEASURE_OUTAGE), "there is no event 1");
  ran_clear(&it);
}

static char *replaced(const char *text, const char *from, const char *to) {
  GString *out = g_string_new(text);
  cr_assert_eq(g_string_replace(out, from, to, 0), 1);
  return g_string_free(out, FALSE);
}

/* Two probes, of which one asks every second and one five times as often: each is summed up for
 * itself, over all runs. */
Test(results, probes_are_told_apart_over_runs) {
  g_autofree char *one = workspace_scenario(
      "x", "probes: {often: {from: hub/app, to: dc, every: 200ms}, seldom: {from: hub/app, to: dc, "
           "every: 1s}}\n");
  g_autofree char *several = replaced(one, "runs: 1\n", "runs: 3\n");
  Ran it = ran(several);
  const BatchCell *cell = batch_cell(it.batch, 0);
  cr_assert_eq(cell->probe_count, 2);
  for (guint i = 0; i < 2; i++) {
    double least = INFINITY, most = 0;
    for (guint run = 0; run < cell->run_count; run++) {
      const double gap = sim_time_seconds(cell->probes[run * 2 + i].longest_gap);
      least = MIN(least, gap);
      most = MAX(most, gap);
    }
    const Summary summary = probe_gap(cell, cell->probes[i].name);
    cr_assert_eq(summary.n, 3);
    cr_assert_eq(summary.min, least);
    cr_assert_eq(summary.max, most);
  }
  ran_clear(&it);
}

/* All that a run with detail knows of a kind is a row of its table. */
Test(results, rows_of_a_run_with_detail) {
  g_autofree char *text = workspace_scenario("x", "");
  Ran it = ran(text);
  const RunResult *detail = batch_cell(it.batch, 0)->details[0];
  const struct {
    RowsKind kind;
    guint count;
  } kinds[] = {{ROWS_TRAFFIC, detail->traffic_count},
               {ROWS_BALANCE, detail->balance_count},
               {ROWS_ROUTES, detail->route_count}};
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    g_autoptr(GString) out = g_string_new(NULL);
    Output *output = output_memory(out);
    Report *report = report_new(report_format_find("csv"), output);
    write_rows(report, kinds[i].kind, it.batch);
    report_finish(report);
    output_close(output, NULL);
    guint lines = 0;
    for (const char *at = out->str; *at != '\0'; at++)
      lines += *at == '\n' ? 1 : 0;
    cr_assert_gt(kinds[i].count, 0, "%s", rows_name(kinds[i].kind));
    cr_assert_eq(lines, kinds[i].count + 1, "%s: %u lines", rows_name(kinds[i].kind), lines);
  }
  ran_clear(&it);
}

static Status note_name(gpointer data, const char *directory, const char *name,
                        const GString *text) {
  cr_assert_str_eq(directory, "plots");
  cr_assert(g_str_has_prefix(text->str, "<svg") || g_str_has_prefix(text->str, "<?xml"));
  g_string_append_printf(data, "%s ", name);
  return STATUS_DONE;
}

static void assert_pictures(const char *text, const char *expected) {
  Ran it = ran(text);
  g_autoptr(GString) names = g_string_new(NULL);
  cr_assert_eq(write_plots(it.loaded.files->pdata[0], &it.options, it.batch, note_name, names),
               STATUS_DONE);
  cr_assert_str_eq(names->str, expected, "%s", names->str);
  ran_clear(&it);
}

/* A timeline where there is traffic, and curves where there are several runs of some event: of the
 * outage, or without traffic of what others measured, or of when tables change. */
Test(results, pictures_of_a_file) {
  g_autofree char *one = workspace_scenario("x", "");
  g_autofree char *several = replaced(one, "runs: 1\n", "runs: 3\n");
  g_autofree char *silent =
      replaced(several, "traffic: {app-to-dc: {from: hub/app, to: dc, flows: 100}}\n", "");
  g_autofree char *measured = g_strconcat(
      silent,
      "measured: [{model: aws, event: 0, measure: detected, low: 1s, high: 1s, source: A}]\n",
      NULL);
  g_autofree char *uneventful =
      replaced(several, "events: [{at: 60s, fail: fw-a, how: shutdown}]\n", "");
  assert_pictures(one, "x-timeline.svg ");
  assert_pictures(several, "x-timeline.svg x-outage-cdf.svg ");
  assert_pictures(silent, "x-programmed-cdf.svg ");
  assert_pictures(measured, "x-measured-cdf.svg ");
  assert_pictures(uneventful, "x-timeline.svg ");
}

static Status refuse(gpointer data, const char *directory, const char *name, const GString *text) {
  (void)directory, (void)name, (void)text;
  ++*(guint *)data;
  return STATUS_IO;
}

/* Nothing is drawn behind a picture that could not be written. */
Test(results, a_picture_that_cannot_be_written) {
  g_autofree char *text = workspace_scenario("x", ""),
                  *several = replaced(text, "runs: 1", "runs: 3");
  Ran it = ran(several);
  guint asked = 0;
  cr_assert_eq(write_plots(it.loaded.files->pdata[0], &it.options, it.batch, refuse, &asked),
               STATUS_IO);
  cr_assert_eq(asked, 1);
  ran_clear(&it);
}

/* ---- the bar ------------------------------------------------------------------------ */

/* Standard error is one end of this terminal, of no size, for which 80 columns stand. */
static int terminal(void) {
  const int far_end = posix_openpt(O_RDWR | O_NOCTTY);
  cr_assert(far_end >= 0 && grantpt(far_end) == 0 && unlockpt(far_end) == 0);
  const int near_end = open(ptsname(far_end), O_RDWR | O_NOCTTY);
  cr_assert_geq(near_end, 0);
  cr_assert_geq(dup2(near_end, STDERR_FILENO), 0);
  cr_assert_eq(fcntl(far_end, F_SETFL, O_NONBLOCK), 0);
  return far_end;
}

#define HOUR (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

static void assert_drawn(int far_end, const char *expected) {
  char text[400] = "";
  const ssize_t length = read(far_end, text, sizeof text - 1);
  text[MAX(length, 0)] = '\0';
  cr_assert_str_eq(text, expected);
}

/* With --quiet there is none, and none for what is soon over. The moments are those that the bar
 * keeps, so that nobody waits. */
Test(results, bar) {
  const Options options = {.quiet = FALSE}, quiet = {.quiet = TRUE};
  const int far_end = terminal();
  Progress progress;
  progress_begin(&progress, &quiet, 8);
  cr_assert_not(progress.enabled);
  progress_begin(&progress, &options, 8);
  cr_assert(progress.enabled);
  progress.started += HOUR; /* it begins in an hour */
  progress_update(&progress, 1, 4);
  assert_drawn(far_end, "");
  progress.started -= 2 * HOUR;
  progress.before = 4;
  progress_update(&progress, 1, 4);
  cr_assert(progress.shown);
  /* Five runs in an hour: the other three take 3/5 of it. The figures take 39 columns, the brackets
   * and a margin 4, which leaves 37 of 80 for the bar: 37 * 5 / 8 are 23. */
  g_autofree char *done = g_strnfill(23, '#');
  g_autofree char *drawn =
      g_strdup_printf("\r\033[K[%s%14s] 5 of 8 runs, 0.1 a minute, 2160 s left", done, "");
  assert_drawn(far_end, drawn);
  progress.last += HOUR; /* it was drawn just now */
  progress_update(&progress, 2, 4);
  assert_drawn(far_end, "");
  progress_end(&progress);
  assert_drawn(far_end, "\r\033[K");
  progress_end(&progress);
  assert_drawn(far_end, "");
}

/* Without a terminal a line of figures comes now and then, the first after ten seconds. */
Test(results, figures_for_a_log) {
  const Options options = {.quiet = FALSE};
  Progress progress;
  heard_begin();
  progress_begin(&progress, &options, 8);
  progress.started -= 5 * G_USEC_PER_SEC;
  progress_update(&progress, 1, 8);
  progress.started -= 5 * G_USEC_PER_SEC;
  progress_update(&progress, 2, 8);
  progress_update(&progress, 3, 8); /* at once */
  progress.last -= 10 * G_USEC_PER_SEC;
  progress.started -= 10 * G_USEC_PER_SEC;
  progress.note = (char *)"interval 2.10 s wide";
  progress_update(&progress, 4, 8);
  progress_end(&progress);
  g_autofree char *said = heard_end();
  cr_assert_str_eq(said, "routesim: 2 of 8 runs, 12.0 a minute, 30 s left\n"
                         "routesim: 4 of 8 runs, 12.0 a minute, 20 s left, interval 2.10 s wide\n");
}
