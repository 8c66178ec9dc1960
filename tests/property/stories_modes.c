/* Two ways to the same: `lazy` against `packet`, the CSV files of a run, byte by byte; and walks
 * made at every change against those made where they could differ, record by record. */
#include <string.h>

#include "property/stories.h"
#include "routesim/report/rows.h"

static void add_rows(Report *report, RowsKind kind, const RowKey *key, const RunResult *result) {
  rows_begin(report, kind);
  if (kind == ROWS_TRAFFIC)
    rows_add_traffic(report, key, result);
  if (kind == ROWS_ROUTES)
    rows_add_routes(report, key, result);
  for (guint i = 0; kind == ROWS_FAILOVERS && i < result->row_count; i++)
    rows_add_failover(report, key, i, &result->rows[i]);
  for (guint i = 0; kind == ROWS_PROBES && i < result->probe_count; i++)
    rows_add_probe(report, key, &result->probes[i]);
  report_end(report);
}

/* One file after the other. */
static GString *files_of(const Windows *windows, LivenessMode mode, guint64 seed) {
  static const RowsKind kinds[] = {ROWS_TRAFFIC, ROWS_ROUTES, ROWS_PROBES, ROWS_FAILOVERS};
  const RunOptions options = {
      .seed = seed, .detail = TRUE, .liveness_given = TRUE, .liveness = mode};
  const RowKey key = {windows->scenario->design->name, windows->cloud->name, "", seed, 0};
  g_autoptr(RunResult) result = run_scenario(windows->scenario, windows->cloud, &options);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    Output *output = output_memory(text);
    Report *report = report_new(report_format_find("csv"), output);
    add_rows(report, kinds[i], &key, result);
    report_finish(report);
    output_close(output, NULL);
  }
  return text;
}

/* The first line that differs. */
static char *difference(const GString *lazy, const GString *packet) {
  g_auto(GStrv) left = g_strsplit(lazy->str, "\n", -1);
  g_auto(GStrv) right = g_strsplit(packet->str, "\n", -1);
  guint i = 0;
  while (left[i] != NULL && g_strcmp0(left[i], right[i]) == 0)
    i++;
  return g_strdup_printf("lazy and packet differ (lazy: %s, packet: %s)",
                         left[i] != NULL ? left[i] : "nothing",
                         right[i] != NULL ? right[i] : "nothing");
}

char *stories_modes(Windows *windows, guint64 seed) {
  g_autoptr(GString) lazy = files_of(windows, LIVENESS_LAZY, seed);
  g_autoptr(GString) packet = files_of(windows, LIVENESS_PACKET, seed);
  windows->checks++;
  return g_string_equal(lazy, packet) ? NULL : difference(lazy, packet);
}

static gboolean is_same_record(const TraceRecord *one, const TraceRecord *other) {
  return one->kind == other->kind && one->at.ns == other->at.ns && one->cause == other->cause &&
         one->value == other->value && g_strcmp0(one->subject, other->subject) == 0 &&
         g_strcmp0(one->object, other->object) == 0;
}

char *stories_walks(Windows *windows, guint64 seed) {
  const RunOptions options = {.seed = seed, .detail = TRUE, .walks_anew = TRUE};
  g_autoptr(RunResult) anew = run_scenario(windows->scenario, windows->cloud, &options);
  const Engine *known = windows->result->engine;
  const guint count = MIN(engine_record_count(known), engine_record_count(anew->engine));
  windows->checks += count;
  for (guint i = 1; i < count; i++) {
    const TraceRecord *record = engine_record_get(known, i);
    if (!is_same_record(record, engine_record_get(anew->engine, i)))
      return g_strdup_printf(
          "a walk that was not made again would have changed record %u, %s of %s", i,
          record->kind->name, record->subject);
  }
  return engine_record_count(known) == engine_record_count(anew->engine)
             ? NULL
             : g_strdup("walks that were not made again would have changed how much is recorded");
}
