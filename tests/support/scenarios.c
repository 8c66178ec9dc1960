/* A walk over folders; see the header. */
#include "routesim/check/check.h"

#include "support/scenarios.h"

#include <criterion/criterion.h>
#include <string.h>

static int compare_paths(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void walk(const char *folder, GPtrArray *paths) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  cr_assert_not_null(dir, "cannot read %s", folder);
  while ((name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
      walk(path, paths);
    else if (g_str_has_suffix(name, ".yaml"))
      g_ptr_array_add(paths, g_steal_pointer(&path));
  }
}

GPtrArray *scenarios_find(const char *folder) {
  GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
  walk(folder, paths);
  g_ptr_array_sort(paths, compare_paths);
  return paths;
}

ScenarioFile *scenarios_load(const char *path) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(GString) text = g_string_new(NULL);
  ScenarioFile *file = check_load(path, NULL, 0, diagnostics, NULL);
  diagnostics_append(diagnostics, FALSE, text);
  cr_assert_not_null(file, "cannot read %s", path);
  cr_assert_eq(diagnostics_errors(diagnostics), 0u, "%s", text->str);
  return file;
}

guint scenarios_each(const char *folder, ScenariosVisit visit, gpointer data) {
  g_autoptr(GPtrArray) paths = scenarios_find(folder);
  for (guint i = 0; i < paths->len; i++) {
    g_autoptr(ScenarioFile) file = scenarios_load(paths->pdata[i]);
    for (guint v = 0; v < scenario_file_count(file); v++)
      visit(scenario_file_get(file, v), data);
  }
  return paths->len;
}
