/* routesim check: is a scenario right? */
#include <string.h>

#include "cli_private.h"
#include "routesim/base/shown.h"
#include "routesim/report/findings.h"
#include "routesim/run/advise.h"

static void append_count(GString *out, guint count, const char *one, const char *many) {
  g_string_append_printf(out, "%s%u %s", out->len > 0 ? ", " : "", count, count == 1 ? one : many);
}

static void append_counts(GString *out, const ScenarioFile *file) {
  const Design *body = scenario_file_get(file, 0)->design;
  guint models = 0;
  for (guint i = 0; i < cloud_count(); i++)
    models += body->models[i] ? 1 : 0;
  append_count(out, models, "model", "models");
  append_count(out, body->events->len, "event", "events");
  append_count(out, scenario_file_count(file) - 1, "variant", "variants");
}

static void tell_ok(Output *output, const char *path, const ScenarioFile *file) {
  g_autoptr(GString) counts = g_string_new(NULL);
  g_autofree char *line = NULL, *shown = shown_text(path);
  append_counts(counts, file);
  line = g_strdup_printf("%s: ok (%s)\n", shown, counts->str);
  output_text(output, line);
}

/* Where what is found goes: to people, as a report, or as one JSON array. */
typedef struct {
  const Options *options;
  Output *output;
  Report *report; /* NULL: to people, or JSON */
  GString *json;  /* NULL: not wanted */
  guint count;    /* of JSON objects */
} Findings;

static void tell(Findings *findings, const char *path, Diagnostics *diagnostics) {
  if (findings->options->quiet)
    diagnostics_keep_errors(diagnostics);
  if (findings->json != NULL)
    findings_append_json(diagnostics, path, &findings->count, findings->json);
  else if (findings->report != NULL)
    findings_rows(findings->report, diagnostics, path);
  else
    tell_diagnostics(findings->options, diagnostics);
}

static Status check_one(Findings *findings, const char *path) {
  g_autoptr(ScenarioFile) file = NULL;
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  const Status status = load_diagnosed(findings->options, path, &file, diagnostics);
  if (status == STATUS_DONE && !findings->options->quiet)
    scenario_file_advise(file, diagnostics);
  tell(findings, path, diagnostics);
  if (status == STATUS_DONE && findings->json == NULL && findings->report == NULL)
    tell_ok(findings->output, path, file);
  return status;
}

static void begin(Findings *findings) {
  const char *format =
      findings->options->format_given ? report_format_name(findings->options->format) : "table";
  if (strcmp(format, "json") == 0) {
    findings->json = g_string_new("[");
  } else if (strcmp(format, "table") != 0) {
    findings->report = report_new(findings->options->format, findings->output);
    findings_begin(findings->report);
  }
}

static void end(Findings *findings) {
  if (findings->report != NULL) {
    report_end(findings->report);
    report_finish(findings->report);
  }
  if (findings->json == NULL)
    return;
  g_string_append(findings->json, findings->count > 0 ? "\n]\n" : "]\n");
  output_text(findings->output, findings->json->str);
  g_string_free(findings->json, TRUE);
}

static Status run(const Options *options) {
  Findings findings = {.options = options, .output = output_stdout()};
  Status status = STATUS_DONE;
  begin(&findings);
  for (guint i = 0; options->arguments[i] != NULL; i++)
    status = status_worse(status, check_one(&findings, options->arguments[i]));
  end(&findings);
  return status_worse(status, finish_stdout(findings.output));
}

const Command command_check = {
    .name = "check",
    .arguments = "FILE...",
    .summary = "Checks scenarios and tells every error at once",
    .description =
        "Errors refuse a scenario. A warning tells of something that cannot work, or is\n"
        "paid for and does nothing; advice, where there is no error, of what only the\n"
        "network shows when it runs. Neither changes the exit status.\n"
        "--format json is for editors and CI: an array with an object for each.",
    .options = OPTION_FORMAT | OPTION_LOAD | OPTION_QUIET,
    .least = 1,
    .most = G_MAXUINT,
    .run = run,
};
