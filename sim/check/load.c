/* Reading a file together with its checks. */
#include "routesim/check/check.h"
#include "routesim/language/compose.h"

ScenarioFile *check_load_changed(const char *path, const ScenarioChanges *changes,
                                 Diagnostics *diagnostics, GError **error) {
  gsize length;
  char *text = compose_read_file(path, &length, error);
  return text == NULL ? NULL : check_read_changed(path, text, length, changes, diagnostics);
}

ScenarioFile *check_read_changed(const char *path, char *text, gsize length,
                                 const ScenarioChanges *changes, Diagnostics *diagnostics) {
  return scenario_file_read(path, text, length, changes, check_design, diagnostics);
}

ScenarioFile *check_load(const char *path, const ScenarioSetting *settings, guint count,
                         Diagnostics *diagnostics, GError **error) {
  const ScenarioChanges changes = {.settings = settings, .count = count};
  return check_load_changed(path, &changes, diagnostics, error);
}

ScenarioFile *check_read(const char *path, char *text, gsize length,
                         const ScenarioSetting *settings, guint count, Diagnostics *diagnostics) {
  const ScenarioChanges changes = {.settings = settings, .count = count};
  return check_read_changed(path, text, length, &changes, diagnostics);
}
