/* routesim check: is a scenario right? */
#include "cli_private.h"

static void append_count(GString *out, guint count, const char *one, const char *many) {
  g_string_append_printf(out, "%s%u %s", out->len > 0 ? ", " : "", count, count == 1 ? one : many);
}

static void append_counts(GString *out, const ScenarioFile *file) {
  const ScenarioBody *body = scenario_file_get(file, 0)->body;
  guint models = 0;
  for (guint i = 0; i < cloud_count(); i++)
    models += body->models[i] ? 1 : 0;
  append_count(out, models, "model", "models");
  append_count(out, body->events->len, "event", "events");
  append_count(out, scenario_file_count(file) - 1, "variant", "variants");
}

static Status run(const Options *options) {
  Output *output = output_stdout();
  Status status = STATUS_DONE;
  for (guint i = 0; options->arguments[i] != NULL; i++) {
    g_autoptr(ScenarioFile) file = NULL;
    const Status own = load_file(options, options->arguments[i], &file);
    status = status_worse(status, own);
    if (own != STATUS_DONE)
      continue;
    g_autoptr(GString) counts = g_string_new(NULL);
    append_counts(counts, file);
    output_text(output, options->arguments[i]);
    output_text(output, ": ok (");
    output_text(output, counts->str);
    output_text(output, ")\n");
  }
  return status_worse(status, finish_stdout(output));
}

const Command command_check = {
    .name = "check",
    .arguments = "FILE...",
    .summary = "Checks scenarios and tells every error at once",
    .options = OPTION_LOAD,
    .least = 1,
    .most = G_MAXUINT,
    .run = run,
};
