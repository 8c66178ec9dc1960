/* Reading a file together with its checks. */
#include "routesim/check/check.h"
#include "routesim/language/compose.h"

ScenarioFile *check_load(const char *path, const ScenarioSetting *settings, guint count,
                         Diagnostics *diagnostics, GError **error) {
  gsize length;
  char *text = compose_read_file(path, &length, error);
  return text == NULL ? NULL : check_read(path, text, length, settings, count, diagnostics);
}

ScenarioFile *check_read(const char *path, char *text, gsize length,
                         const ScenarioSetting *settings, guint count, Diagnostics *diagnostics) {
  return scenario_file_read(path, text, length, settings, count, check_design, diagnostics);
}
