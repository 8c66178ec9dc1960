/* See the header. */
#include "oracle/program.h"

#include <glib/gstdio.h>
#include <string.h>

#include "routesim/check/check.h"
#include "routesim/cloud/shipped.h"
#include "routesim/run/inspect.h"

struct Program {
  char *text;
  ScenarioFile *file;
  Inspection *inspection;
  const CloudClass *cloud;
  RunResult *run;            /* made when it is asked for */
  const GPtrArray *listings; /* CloudListing * */
};

static char *errors_of(Diagnostics *diagnostics) {
  GString *said = g_string_new(NULL);
  diagnostics_append(diagnostics, FALSE, said);
  return g_string_free(said, FALSE);
}

Program *program_new(const char *text, const char *cloud, char **why) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(ScenarioFile) file =
      check_read("oracle.yaml", g_strdup(text), strlen(text), NULL, 0, diagnostics);
  if (diagnostics_errors(diagnostics) > 0) {
    *why = errors_of(diagnostics);
    return NULL;
  }
  const RunOptions options = {.seed = 1};
  Program *program = g_new0(Program, 1);
  program->text = g_strdup(text);
  program->file = g_steal_pointer(&file);
  program->cloud = strcmp(cloud, "aws") == 0 ? &aws_cloud : &azure_cloud;
  program->inspection = inspection_new(scenario_file_get(program->file, 0), program->cloud,
                                       &options, (SimTime){G_GINT64_CONSTANT(1000000000)});
  program->listings = inspection_listings(program->inspection, NULL);
  return program;
}

void program_free(Program *program) {
  if (program->run != NULL)
    run_result_free(program->run);
  inspection_free(program->inspection);
  scenario_file_free(program->file);
  g_free(program->text);
  g_free(program);
}

/* ---- show ------------------------------------------------------------------------------------ */

static const CloudListing *listing_at(const Program *program, guint listing) {
  return program->listings->pdata[listing];
}

guint program_listing_count(const Program *program) { return program->listings->len; }

gboolean program_listing_is(const Program *program, guint listing, const char *key,
                            const char *name) {
  const CloudListing *at = listing_at(program, listing);
  if (strcmp(at->key, key) != 0)
    return FALSE;
  for (guint i = 0; i < at->names->len; i++)
    if (strcmp(at->names->pdata[i], name) == 0)
      return TRUE;
  return FALSE;
}

const char *program_listing_title(const Program *program, guint listing) {
  return listing_at(program, listing)->title;
}

const char *program_listing_name(const Program *program, guint listing) {
  const CloudListing *at = listing_at(program, listing);
  return at->names->len > 0 ? at->names->pdata[0] : "";
}

guint program_row_count(const Program *program, guint listing) {
  return listing_at(program, listing)->rows->len;
}

const char *program_cell(const Program *program, guint listing, guint row, const char *column) {
  const CloudListing *at = listing_at(program, listing);
  const char *const *cells = at->rows->pdata[row];
  for (guint i = 0; i < at->column_count; i++)
    if (strcmp(at->columns[i], column) == 0)
      return cells[i] != NULL ? cells[i] : "-";
  g_error("no column %s", column);
}

/* ---- reach
 * --------------------------------------------------------------------------------------- */

guint program_place_count(const Program *program) {
  return inspection_place_count(program->inspection);
}

const char *program_place(const Program *program, guint place) {
  return inspection_place(program->inspection, place);
}

gboolean program_is_pair(const Program *program, guint from, guint to) {
  return inspection_is_pair(program->inspection, from, to);
}

ProgramReach program_reach(Program *program, guint from, guint to) {
  const Reachability reach = inspection_reach(program->inspection, from, to);
  return (ProgramReach){(guint)reach.verdict, reach.forward, reach.reverse,
                        drop_reason_name(reach.reason), reach.where};
}

guint program_delivered(Program *program, const char *traffic) {
  const RunOptions options = {.seed = 1, .detail = TRUE};
  guint delivered[2] = {0, 0}, all[2] = {0, 0};
  if (program->run == NULL)
    program->run = run_scenario(scenario_file_get(program->file, 0), program->cloud, &options);
  for (guint i = 0; i < program->run->traffic_count; i++) {
    const RunTrafficRow *row = &program->run->traffic[i];
    const guint back = row->direction == FLOW_REVERSE;
    if (strcmp(row->traffic, traffic) != 0 || row->from.ns != 0)
      continue;
    all[back] += row->flows;
    delivered[back] += g_str_has_prefix(row->via, "dropped:") ? 0 : row->flows;
  }
  const guint there = all[0] == 0 ? 0 : delivered[0] * 1000 / all[0];
  const guint back = all[1] == 0 ? 0 : delivered[1] * 1000 / all[1];
  return MIN(there, back);
}

/* ---- the commands ---------------------------------------------------------------------------- */

static char *output_of(const char *routesim, const char *command, const char *path) {
  const char *arguments[] = {routesim,   command, path,      "--at", "1s",
                             "--format", "json",  "--quiet", NULL};
  char *output = NULL;
  g_autoptr(GError) error = NULL;
  if (!g_spawn_sync(NULL, (char **)arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL,
                    NULL, &error))
    g_error("%s: %s", routesim, error->message);
  return output;
}

static void expect_text(const char *output, const char *wanted, guint *wrong, char **why) {
  if (strstr(output, wanted) != NULL)
    return;
  if ((*wrong)++ == 0)
    *why = g_strdup_printf("not printed: %s", wanted);
}

static void compare_show(const Program *program, const char *output, guint *wrong, char **why) {
  for (guint i = 0; i < program->listings->len; i++) {
    const CloudListing *listing = listing_at(program, i);
    for (guint j = 0; j < listing->rows->len; j++) {
      const char *const *cells = listing->rows->pdata[j];
      g_autoptr(GString) wanted = g_string_new(NULL);
      for (guint k = 0; k < listing->column_count; k++)
        g_string_append_printf(
            wanted, cells[k] != NULL && cells[k][0] != 0 ? ", \"%s\": \"%s\"" : ", \"%s\": null",
            listing->columns[k], cells[k]);
      expect_text(output, wanted->str, wrong, why);
    }
  }
}

guint program_compare_commands(Program *program, const char *routesim, char **why) {
  static const char *const verdicts[] = {"no", "partly", "yes"};
  g_autofree char *path = NULL;
  const int descriptor = g_file_open_tmp("oracle-XXXXXX.yaml", &path, NULL);
  g_assert(descriptor >= 0 && g_close(descriptor, NULL));
  g_assert(g_file_set_contents(path, program->text, -1, NULL));
  g_autofree char *show = output_of(routesim, "show", path);
  g_autofree char *reach = output_of(routesim, "reach", path);
  guint wrong = 0;
  compare_show(program, show, &wrong, why);
  const guint count = program_place_count(program);
  for (guint i = 0; i < count; i++)
    for (guint j = 0; j < count; j++) {
      if (!program_is_pair(program, i, j))
        continue;
      g_autofree char *wanted = g_strdup_printf(
          "\"from\": \"%s\", \"to\": \"%s\", \"reaches\": \"%s\"", program_place(program, i),
          program_place(program, j), verdicts[program_reach(program, i, j).verdict]);
      expect_text(reach, wanted, &wrong, why);
    }
  g_unlink(path);
  return wrong;
}
