/* See the header. */
#include "routesim/check/check.h"

#include "support/replay.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static ScenarioFile *load(const char *text, Diagnostics *diagnostics) {
  g_autofree char *path = NULL;
  const int handle = g_file_open_tmp("replay-XXXXXX.yaml", &path, NULL);
  cr_assert_geq(handle, 0);
  close(handle);
  cr_assert(g_file_set_contents(path, text, -1, NULL));
  ScenarioFile *file = check_load(path, NULL, 0, diagnostics, NULL);
  g_unlink(path);
  return file;
}

Replay *replay_new(const char *text, const char *model) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  Replay *replay = g_new0(Replay, 1);
  replay->file = load(text, diagnostics);
  if (diagnostics_errors(diagnostics) > 0) {
    g_autoptr(GString) said = g_string_new(NULL);
    diagnostics_append(diagnostics, FALSE, said);
    cr_assert_fail("%s", said->str);
  }
  const RunOptions options = {.seed = 1, .detail = TRUE};
  replay->result = run_scenario(scenario_file_get(replay->file, 0), cloud_find(model), &options);
  return replay;
}

void replay_free(Replay *replay) {
  run_result_free(replay->result);
  scenario_file_free(replay->file);
  g_free(replay);
}

char *replay_ways(const Replay *replay, const char *traffic, const char *direction, double at) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < replay->result->traffic_count; i++) {
    const RunTrafficRow *row = &replay->result->traffic[i];
    if (strcmp(row->traffic, traffic) == 0 &&
        strcmp(flow_directions[row->direction], direction) == 0 &&
        sim_time_seconds(row->from) <= at && at < sim_time_seconds(row->to))
      g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", row->via);
  }
  return g_string_free(out, FALSE);
}

void replay_assert_ways(const Replay *replay, const char *traffic, const char *direction, double at,
                        const char *expected) {
  g_autofree char *ways = replay_ways(replay, traffic, direction, at);
  cr_assert_str_eq(ways, expected, "%s %s at %.3f s: %s, not %s", traffic, direction, at, ways,
                   expected);
}

double replay_change(const Replay *replay, const char *table, const char *prefix, double since,
                     const char **hops) {
  for (guint i = 0; i < replay->result->route_count; i++) {
    const RunRouteRow *row = &replay->result->routes[i];
    if (strcmp(row->table, table) != 0 || strcmp(row->prefix, prefix) != 0 ||
        sim_time_seconds(row->at) < since)
      continue;
    if (hops != NULL)
      *hops = row->next_hops;
    return sim_time_seconds(row->at);
  }
  return -1;
}

guint replay_count(const Replay *replay, const TraceKind *kind, const char *subject) {
  const Engine *engine = replay->result->engine;
  guint count = 0;
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    count += record->kind == kind && strcmp(record->subject, subject) == 0;
  }
  return count;
}

double replay_first(const Replay *replay, const TraceKind *kind, const char *subject,
                    double since) {
  const Engine *engine = replay->result->engine;
  for (RecordId id = 1; id <= engine_record_count(engine); id++) {
    const TraceRecord *record = engine_record_get(engine, id);
    if (record->kind == kind && strcmp(record->subject, subject) == 0 &&
        sim_time_seconds(record->at) >= since)
      return sim_time_seconds(record->at);
  }
  return -1;
}

char *replay_trouble(const char *text) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(ScenarioFile) file = load(text, diagnostics);
  GString *said = g_string_new(NULL);
  diagnostics_append(diagnostics, FALSE, said);
  (void)file;
  return g_string_free(said, FALSE);
}
