/* Batches: the same rows by any number of threads, in their places, and word of how far they are.
 */
#include <criterion/criterion.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "routesim/check/check.h"
#include "routesim/batch/batch.h"
#include "support/effort.h"

static const char text[] =
    "name: batch\n"
    "duration: 3m\n"
    "runs: 5\n"
    "networks:\n"
    "  hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24, vms: 4}, "
    "nva: {prefix: 10.0.1.0/24}}}\n"
    "route_servers:\n"
    "  rs: {network: hub, aws: {asn: 65000, endpoints: {e1: hub/nva}, propagate_to: [hub/app]}}\n"
    "nvas:\n"
    "  fw: {kind: router, subnet: hub/nva, asn: 65010, boot: 5m, "
    "peers: {rs: {hold: 9s, keepalive: 3s}}, advertise: [{site: dc}]}\n"
    "sites: {dc: {prefixes: [192.168.0.0/16], via: [fw]}}\n"
    "traffic: {t: {from: hub/app, to: dc, flows: 10, rate: 8Mbps}}\n"
    "probes:\n"
    "  often: {from: hub/app, to: dc, every: 100ms}\n"
    "  seldom: {from: hub/app, to: dc, every: 10s}\n"
    "events:\n"
    "  - {at: 20s, fail: fw, how: silent}\n"
    "  - {at: 40s, restore: fw}\n"
    "variants: {quick: {nvas.fw.boot: 1s}}\n";

static ScenarioFile *read_text(void) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  ScenarioFile *file = check_read("batch.yaml", g_strdup(text), strlen(text), NULL, 0, diagnostics);
  cr_assert_eq(diagnostics_errors(diagnostics), 0);
  return file;
}

static Batch *run(ScenarioFile *file, const BatchOptions *options) {
  GError *error = NULL;
  Batch *batch = batch_run(file, options, &error);
  cr_assert_null(error);
  return batch;
}

/* Whatever a cell holds, as text. */
static char *told(const BatchCell *cell) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < cell->run_count; i++) {
    for (guint event = 0; event < cell->event_count; event++) {
      const MetricRow *row = batch_row(cell, i, event);
      g_string_append_printf(out, "run %u event %u: outage %" G_GINT64_FORMAT "\n", i, event,
                             row->outage.ns);
    }
    for (guint probe = 0; probe < cell->probe_count; probe++) {
      const ProbeResult *result = &cell->probes[i * cell->probe_count + probe];
      g_string_append_printf(out,
                             "run %u %s: %" G_GUINT64_FORMAT " sent, %" G_GUINT64_FORMAT " lost\n",
                             i, result->name, (guint64)result->sent, (guint64)result->lost);
    }
  }
  return g_string_free(out, FALSE);
}

Test(batch, any_number_of_threads_tells_the_same) {
  g_autoptr(ScenarioFile) file = read_text();
  const BatchOptions alone = {.jobs = 1}, together = {.jobs = 7};
  g_autoptr(Batch) first = run(file, &alone);
  g_autoptr(Batch) second = run(file, &together);
  cr_assert_eq(batch_count(first), 4, "two variants under two models");
  cr_assert_eq(batch_count(second), 4);
  for (guint i = 0; i < 4; i++) {
    const BatchCell *one = batch_cell(first, i), *other = batch_cell(second, i);
    g_autofree char *this = told(one), *that = told(other);
    cr_assert_eq(one->cloud, other->cloud);
    cr_assert_eq(one->scenario, other->scenario);
    cr_assert_str_eq(this, that);
  }
}

/* In steps of two, three and none, or at once. */
Test(batch, that_grew_is_as_if_it_had_run_at_once) {
  g_autoptr(ScenarioFile) file = read_text();
  const BatchOptions few = {.jobs = 2, .runs = 2, .detail_all = TRUE};
  const BatchOptions all = {.jobs = 1, .runs = 5, .detail_all = TRUE};
  g_autoptr(Batch) grown = run(file, &few);
  g_autoptr(Batch) whole = run(file, &all);
  GError *error = NULL;
  cr_assert(batch_grow(grown, 5, &few, &error));
  cr_assert(batch_grow(grown, 5, &few, &error));
  for (guint i = 0; i < batch_count(whole); i++) {
    const BatchCell *one = batch_cell(grown, i), *other = batch_cell(whole, i);
    g_autofree char *this = told(one), *that = told(other);
    cr_assert_eq(one->run_count, 5);
    cr_assert_str_eq(this, that);
    for (guint run = 0; run < 5; run++)
      cr_assert_eq(one->details[run]->route_count, other->details[run]->route_count);
  }
}

/* 1800 probes each 100 ms, 18 each 10 s, and one more or less by when the first is. */
Test(batch, a_cell_has_the_rows_of_its_runs_and_the_probes_of_each) {
  g_autoptr(ScenarioFile) file = read_text();
  const BatchOptions options = {.jobs = 2};
  g_autoptr(Batch) batch = run(file, &options);
  const BatchCell *cell = batch_cell(batch, 0);
  cr_assert_eq(cell->run_count, 5);
  cr_assert_eq(cell->event_count, 2);
  cr_assert_eq(cell->probe_count, 2);
  for (guint i = 0; i < cell->run_count; i++) {
    const ProbeResult *probes = &cell->probes[i * 2];
    cr_assert_str_eq(probes[0].name, "often");
    cr_assert_str_eq(probes[1].name, "seldom");
    cr_assert_geq(probes[0].sent, 1799);
    cr_assert_leq(probes[1].sent, 19);
    cr_assert_gt(probes[0].lost, 0);
    cr_assert_gt(batch_row(cell, i, 0)->outage.ns, 0);
    cr_assert_eq(batch_row(cell, i, 1)->outage.ns, 0, "the return has no outage");
    cr_assert_not_null(cell->details[0]);
    cr_assert(i == 0 || cell->details[i] == NULL, "detail of the first run only");
  }
}

/* Its machine boots for longer than the run lasts, and in the variant for a second. */
Test(batch, a_summary_is_that_of_all_runs_of_a_cell) {
  g_autoptr(ScenarioFile) file = read_text();
  const BatchOptions options = {.jobs = 2};
  g_autoptr(Batch) batch = run(file, &options);
  const BatchCell *quick = batch_cell(batch, 2);
  gint64 greatest = 0;
  for (guint i = 0; i < quick->run_count; i++)
    greatest = MAX(greatest, batch_row(quick, i, 0)->outage.ns);
  const Summary over = batch_summary(quick, 0, MEASURE_OUTAGE);
  const Summary open = batch_summary(batch_cell(batch, 0), 0, MEASURE_OUTAGE);
  cr_assert_eq(over.n, 5);
  cr_assert_eq(over.censored, 0);
  cr_assert_float_eq(over.max, (double)greatest / SIM_SECOND, 1e-9);
  cr_assert_eq(open.n, 5);
  cr_assert_eq(open.censored, 5);
}

Test(batch, options_choose_runs_seeds_models_and_detail) {
  g_autoptr(ScenarioFile) file = read_text();
  const BatchOptions all = {.jobs = 2, .detail_all = TRUE, .seed_given = TRUE, .seed = 7};
  const BatchOptions third = {.jobs = 2,
                              .only_run_given = TRUE,
                              .only_run = 3,
                              .no_detail = TRUE,
                              .seed_given = TRUE,
                              .seed = 7,
                              .model = cloud_at(1)};
  const BatchOptions two = {.jobs = 9, .runs = 2};
  g_autoptr(Batch) everything = run(file, &all);
  g_autoptr(Batch) one = run(file, &third);
  g_autoptr(Batch) few = run(file, &two);
  cr_assert_eq(batch_count(one), 2, "two variants under one model");
  for (guint i = 0; i < 2; i++) {
    const BatchCell *cell = batch_cell(one, i), *whole = batch_cell(everything, 2 * i + 1);
    cr_assert_eq(cell->cloud, cloud_at(1));
    cr_assert_eq(whole->cloud, cloud_at(1));
    cr_assert_eq(cell->run_count, 1);
    cr_assert_eq(cell->first_run, 3);
    cr_assert_eq(cell->seed, 7);
    cr_assert_null(cell->details);
    cr_assert_eq(batch_row(cell, 0, 0)->outage.ns, batch_row(whole, 3, 0)->outage.ns);
    for (guint place = 0; place < 5; place++)
      cr_assert_not_null(whole->details[place]);
  }
  cr_assert_eq(batch_cell(few, 0)->run_count, 2);
}

#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33) /* has mallinfo2() */
/* Bytes that the process has of malloc() and has not given back. */
static gsize memory_in_use(void) {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/* What it held of its runs is given back with it; a first one leaves what is made once a process.
 * Where another allocator stands in for glibc's, as a sanitizer's does, it tells of nothing. */
Test(batch, what_is_freed_leaves_nothing_behind) {
  g_autoptr(ScenarioFile) file = read_text();
  const BatchOptions options = {.jobs = 2, .detail_all = TRUE};
  batch_free(run(file, &options));
  const gsize before = memory_in_use();
  Batch *batch = run(file, &options);
  const gsize held = memory_in_use() - before;
  batch_free(batch);
  const gsize left = memory_in_use() - before;
  cr_assert(held < 1000000 || left < held / 10 || left > G_MAXSSIZE,
            "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " bytes are left", left, held);
}
#endif

typedef struct {
  guint calls;
  guint64 last, all;
} Progress;

static void progress(gpointer data, guint64 done, guint64 all) {
  Progress *seen = data;
  cr_assert_leq(seen->last, done);
  cr_assert_leq(done, all);
  *seen = (Progress){seen->calls + 1, done, all};
}

#define OFTEN_US 100000 /* between two words of how far it is */

static guint64 words_of(ScenarioFile *file, guint runs) {
  Progress seen = {0};
  const BatchOptions options = {
      .jobs = 2, .runs = runs, .no_detail = TRUE, .progress = progress, .progress_data = &seen};
  const gint64 start = g_get_monotonic_time();
  g_autoptr(Batch) batch = run(file, &options);
  const gint64 took = g_get_monotonic_time() - start;
  cr_assert(seen.calls == 0 || seen.all == 4 * (guint64)runs);
  cr_assert_leq((gint64)seen.calls, took / OFTEN_US + 2, "%u in %" G_GINT64_FORMAT " us",
                seen.calls, took);
  return seen.calls;
}

/* It is told now and then, and not oftener, so a batch that is done before that tells nothing: one
 * of more than a second does. */
Test(batch, tells_how_far_it_is) {
  effort_at_most(120);
  g_autoptr(ScenarioFile) file = read_text();
  guint64 words = 0;
  for (guint runs = 400; words < 12 && runs < 10000000; runs *= 2)
    words = words_of(file, runs);
  cr_assert_geq(words, 12);
}
