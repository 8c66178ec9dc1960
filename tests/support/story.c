/* Stories; see the header. */
#include "routesim/check/check.h"

#include "support/story.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

static const char base[] = "name: story\n"
                           "duration: 10m\n"
                           "networks:\n"
                           "  hub:\n"
                           "    prefixes: [10.0.0.0/16]\n"
                           "    region: west\n"
                           "    subnets:\n"
                           "      app: {prefix: 10.0.0.0/24, zone: a, vms: 20}\n"
                           "      a: {prefix: 10.0.1.0/24, zone: a, vms: 0}\n"
                           "      b: {prefix: 10.0.2.0/24, zone: b, vms: 0}\n"
                           "route_servers:\n"
                           "  rs:\n"
                           "    network: hub\n"
                           "    azure: {branch_to_branch: off}\n"
                           "    aws:\n"
                           "      asn: 65000\n"
                           "      endpoints: {a1: hub/a, a2: hub/a, b1: hub/b, b2: hub/b}\n"
                           "      propagate_to: [hub/app]\n"
                           "sites:\n"
                           "  dc: {prefixes: [192.168.0.0/16], via: [fw-a, fw-b]}\n"
                           "traffic:\n"
                           "  flows: {from: hub/app, to: dc, flows: 1000, rate: 1Gbps}\n";

struct Story {
  ScenarioFile *file;
  Diagnostics *diagnostics;
};

static char *write_text(const char *text) {
  char *path = NULL;
  const int file = g_file_open_tmp("routesim-story-XXXXXX.yaml", &path, NULL);
  cr_assert_geq(file, 0);
  close(file);
  cr_assert(g_file_set_contents(path, text, -1, NULL));
  return path;
}

static Story *load(const char *text, const char *set) {
  Story *story = g_new0(Story, 1);
  g_autofree char *path = write_text(text);
  g_auto(GStrv) parts = set != NULL ? g_strsplit(set, "=", 2) : NULL;
  const ScenarioSetting setting = {set != NULL ? parts[0] : "", set != NULL ? parts[1] : ""};
  story->diagnostics = diagnostics_new();
  story->file = check_load(path, &setting, set != NULL, story->diagnostics, NULL);
  unlink(path);
  return story;
}

static Story *load_right(const char *text, const char *set) {
  Story *story = load(text, set);
  if (story->file == NULL || diagnostics_errors(story->diagnostics) > 0) {
    g_autoptr(GString) said = g_string_new(NULL);
    diagnostics_append(story->diagnostics, FALSE, said);
    cr_assert_fail("the scenario is wrong:\n%s%s", said->str, text);
  }
  return story;
}

char *story_diagnostics(const char *text) {
  Story *story = load(text, NULL);
  GString *said = g_string_new(NULL);
  for (guint i = 0; i < diagnostics_count(story->diagnostics); i++) {
    const Diagnostic *one = diagnostics_get(story->diagnostics, i);
    g_string_append_printf(said, "%s: %s\n",
                           one->severity == SEVERITY_ERROR     ? "error"
                           : one->severity == SEVERITY_WARNING ? "warning"
                                                               : "note",
                           one->message);
  }
  story_free(story);
  return g_string_free(said, FALSE);
}

Story *story_text(const char *text) { return load_right(text, NULL); }

Story *story_file(const char *path, const char *set) {
  g_autofree char *text = NULL;
  cr_assert(g_file_get_contents(path, &text, NULL, NULL), "no %s", path);
  return load_right(text, set);
}

Story *story_new(const char *nvas, const char *more) { return story_new_set(nvas, more, NULL); }

Story *story_new_set(const char *nvas, const char *more, const char *set) {
  g_autofree char *text = g_strconcat(base, "nvas:\n", nvas, more, NULL);
  return load_right(text, set);
}

void story_free(Story *story) {
  scenario_file_free(story->file);
  diagnostics_free(story->diagnostics);
  g_free(story);
}

const Scenario *story_scenario(const Story *story) { return scenario_file_get(story->file, 0); }

const Design *story_body(const Story *story) { return story_scenario(story)->design; }

RunResult *story_run(const Story *story, const char *model, guint run) {
  const Scenario *scenario = scenario_file_get(story->file, 0);
  const RunOptions options = {.seed = (guint64)scenario->design->seed, .run = run, .detail = TRUE};
  return run_scenario(scenario, cloud_find(model), &options);
}

/* TRUE where the run has a value. */
static gboolean value_of(const RunResult *result, guint event, const char *measure, double *value) {
  guint which = 0;
  gboolean censored;
  while (which < MEASURE_COUNT && strcmp(measure_name((Measure)which), measure) != 0)
    which++;
  cr_assert_lt(which, MEASURE_COUNT, "no measure '%s'", measure);
  cr_assert_lt(event, result->row_count);
  return measure_value(&result->rows[event], (Measure)which, value, &censored) && !censored;
}

StoryRange story_range(const Story *story, const char *model, guint event, const char *measure,
                       guint runs) {
  StoryRange range = {G_MAXDOUBLE, -1};
  for (guint run = 0; run < runs; run++) {
    g_autoptr(RunResult) result = story_run(story, model, run);
    double value;
    cr_assert(value_of(result, event, measure, &value), "%s run %u: no %s of event %u", model, run,
              measure, event);
    range.least = MIN(range.least, value);
    range.greatest = MAX(range.greatest, value);
  }
  return range;
}

gboolean story_never(const Story *story, const char *model, guint event, const char *measure,
                     guint runs) {
  for (guint run = 0; run < runs; run++) {
    g_autoptr(RunResult) result = story_run(story, model, run);
    double value;
    if (value_of(result, event, measure, &value))
      return FALSE;
  }
  return TRUE;
}

const char *story_hops(const RunResult *result, const char *table, const char *prefix) {
  const char *hops = NULL;
  for (guint i = 0; i < result->route_count; i++) {
    const RunRouteRow *row = &result->routes[i];
    if (strcmp(row->table, table) == 0 && strcmp(row->prefix, prefix) == 0)
      hops = row->next_hops;
  }
  return hops;
}

void story_assert_range(StoryRange range, double least, double greatest) {
  cr_assert_geq(range.least, least, "%g is below %g", range.least, least);
  cr_assert_leq(range.greatest, greatest, "%g is above %g", range.greatest, greatest);
}

void story_assert_says(const char *text, const char *severity, const char *words) {
  g_autofree char *said = story_diagnostics(text);
  g_auto(GStrv) lines = g_strsplit(said, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix(lines[i], severity) && strstr(lines[i], words) != NULL)
      return;
  cr_assert_fail("no %s with '%s' in:\n%s", severity, words, said);
}

const char *story_way(const RunResult *result, const char *direction) {
  for (guint i = 0; i < result->traffic_count; i++)
    if (strcmp(flow_directions[result->traffic[i].direction], direction) == 0)
      return result->traffic[i].via;
  return "";
}

guint story_flows(const RunResult *result, const char *traffic, gint64 at_s, const char *direction,
                  const char *via) {
  guint flows = 0;
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (row->from.ns <= at_s * SIM_SECOND && row->to.ns > at_s * SIM_SECOND &&
        (traffic == NULL || strcmp(row->traffic, traffic) == 0) &&
        strcmp(flow_directions[row->direction], direction) == 0 && strcmp(row->via, via) == 0)
      flows += row->flows;
  }
  return flows;
}

double story_share(const RunResult *result, SimTime at, const char *direction, const char *via) {
  for (guint i = 0; i < result->traffic_count; i++) {
    const RunTrafficRow *row = &result->traffic[i];
    if (row->from.ns <= at.ns && at.ns < row->to.ns &&
        strcmp(flow_directions[row->direction], direction) == 0 && strcmp(row->via, via) == 0)
      return row->share;
  }
  return 0;
}
