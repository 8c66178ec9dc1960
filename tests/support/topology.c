/* Random scenarios: reading, checking and shrinking; see the header. */
#include "routesim/check/check.h"

#include "support/topology.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Designs that fail one property, until it gives up. */
#define MOST_FAILURES 3

ScenarioFile *topology_load(const char *text, char **why) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  ScenarioFile *file =
      check_read("topology.yaml", g_strdup(text), strlen(text), NULL, 0, diagnostics);
  if (diagnostics_errors(diagnostics) == 0)
    return file;
  if (why != NULL) {
    GString *said = g_string_new(NULL);
    diagnostics_append(diagnostics, FALSE, said);
    *why = g_string_free(said, FALSE);
  }
  scenario_file_free(file);
  return NULL;
}

char *topology_without_events(const char *text) {
  const char *events = strstr(text, "\nevents:\n");
  return events != NULL ? g_strndup(text, (gsize)(events + 1 - text)) : g_strdup(text);
}

/* ---- checking and shrinking
 * ------------------------------------------------------------------------ */

static guint indent_of(const char *line) {
  guint indent = (guint)strspn(line, " ");
  /* Items of a list stand as deep as the key of the list, and belong to it. */
  return 2 * indent + (line[indent] == '-' ? 1 : 0);
}

/* Without line `at` and what belongs to it. */
static char *without(char **lines, guint at) {
  GString *text = g_string_new(NULL);
  guint next = at + 1;
  while (lines[next] != NULL && lines[next][0] != '\0' &&
         indent_of(lines[next]) > indent_of(lines[at]))
    next++;
  for (guint i = 0; lines[i] != NULL; i++)
    if ((i < at || i >= next) && lines[i][0] != '\0')
      g_string_append_printf(text, "%s\n", lines[i]);
  return g_string_free(text, FALSE);
}

static char *complaint_about(const char *text, const CloudClass *cloud, guint64 seed,
                             TopologyProperty property) {
  g_autoptr(ScenarioFile) file = topology_load(text, NULL);
  const Scenario *scenario = file != NULL ? scenario_file_get(file, 0) : NULL;
  return scenario != NULL && scenario->design->models[cloud_place(cloud)]
             ? property(text, scenario, cloud, seed)
             : NULL;
}

/* A complaint without its numbers and the particulars behind a bracket: what kind it is of. */
static char *kind_of(const char *complaint) {
  GString *kind = g_string_new(NULL);
  for (const char *at = complaint; *at != '\0' && *at != '{' && *at != '('; at++)
    if (!g_ascii_isdigit(*at) && *at != '.')
      g_string_append_c(kind, *at);
  return g_string_free(kind, FALSE);
}

static gboolean is_of_kind(const char *complaint, const char *kind) {
  g_autofree char *own = complaint != NULL ? kind_of(complaint) : NULL;
  return g_strcmp0(own, kind) == 0;
}

/* Line after line is left out, as long as the property still fails for the same reason. */
static char *shrink(const char *text, const CloudClass *cloud, guint64 seed,
                    TopologyProperty property, const char *complained) {
  char *least = g_strdup(text);
  g_autofree char *kind = kind_of(complained);
  gboolean smaller = TRUE;
  while (smaller) {
    g_auto(GStrv) lines = g_strsplit(least, "\n", -1);
    smaller = FALSE;
    for (guint i = g_strv_length(lines); i-- > 0 && !smaller;) {
      if (lines[i][0] == '\0')
        continue;
      char *candidate = without(lines, i);
      g_autofree char *complaint = complaint_about(candidate, cloud, seed, property);
      if (is_of_kind(complaint, kind)) {
        g_free(least);
        least = g_steal_pointer(&candidate);
        smaller = TRUE;
      }
      g_free(candidate);
    }
  }
  return least;
}

/* The message says how the design fails, and what is left of it. */
static void report(const char *text, const CloudClass *cloud, guint64 seed,
                   TopologyProperty property, const char *complaint) {
  g_autofree char *least = shrink(text, cloud, seed, property, complaint);
  g_autofree char *last = complaint_about(least, cloud, seed, property);
  g_printerr("seed %" G_GUINT64_FORMAT ", %s: %s; of what is left: %s\n%s"
             "replay: PROPERTY_FIRST=%" G_GUINT64_FORMAT
             " PROPERTY_DESIGNS=1 build/tests/property --filter='%s/*'\n",
             seed, cloud->name, complaint, last, least, seed, criterion_current_test->category);
}

static guint check_one(const Scenario *scenario, const char *text, guint64 seed,
                       TopologyProperty property) {
  guint failures = 0;
  for (guint i = 0; i < cloud_count(); i++) {
    if (!scenario->design->models[i])
      continue;
    g_autofree char *complaint = property(text, scenario, cloud_at(i), seed);
    if (complaint == NULL)
      continue;
    report(text, cloud_at(i), seed, property, complaint);
    failures++;
  }
  return failures;
}

void topology_check(guint64 first, guint count, const TopologyOptions *options,
                    TopologyProperty property) {
  const char *told = g_getenv("PROPERTY_FAILURES");
  const guint most = told != NULL ? (guint)atoi(told) : MOST_FAILURES;
  guint failures = 0, refused = 0;
  for (guint64 seed = first; seed < first + count && failures < most; seed++) {
    g_autofree char *text = topology_text(seed, options), *why = NULL;
    if (g_getenv("PROPERTY_TRACE") != NULL) /* which one crashes? */
      g_printerr("seed %" G_GUINT64_FORMAT "\n%s", seed, text);
    g_autoptr(ScenarioFile) file = topology_load(text, &why);
    cr_assert(file != NULL || options->wide, "seed %" G_GUINT64_FORMAT " is no scenario:\n%s\n%s",
              seed, why, text);
    if (file != NULL)
      failures += check_one(scenario_file_get(file, 0), text, seed, property);
    else if (++refused && g_getenv("PROPERTY_REFUSED") != NULL)
      g_printerr("seed %" G_GUINT64_FORMAT ": %s\n", seed, why);
  }
  cr_assert_leq(refused, count / 5 + 5, "%u of %u designs are no scenarios", refused, count);
  cr_assert_eq(failures, 0);
}

static guint64 number_of(const char *variable, guint64 otherwise) {
  const char *value = g_getenv(variable);
  return value != NULL ? g_ascii_strtoull(value, NULL, 10) : otherwise;
}

guint topology_check_part(guint part, guint parts, guint64 first, guint count,
                          const TopologyOptions *options, TopologyProperty property) {
  const guint64 all = number_of("PROPERTY_DESIGNS", count);
  const guint64 from = all * part / parts, to = all * (part + 1) / parts;
  topology_check(number_of("PROPERTY_FIRST", first) + from, (guint)(to - from), options, property);
  return (guint)(to - from);
}

gboolean topology_is_long(void) { return g_getenv("PROPERTY_DESIGNS") != NULL; }
