/* routesim calibrate: traits fitted to what a user measured. */
#include "routesim/batch/calibrate.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "cli_private.h"
#include "text_private.h"
#include "routesim/base/shown.h"
#include "routesim/batch/gaps.h"
#include "routesim/language/compose.h"
#include "routesim/report/calibration_rows.h"

#define LITTLE 1.5 /* an interval whose ends are farther apart by a factor tells little */

/* What was measured, of what, and what came of it. */
typedef struct {
  const Options *options;
  const Design *design;
  const char *measure;
  char *text; /* of the data */
  gsize length;
  Gaps *gaps;
  CalibrationResult *result;
} Measured;

static void measured_clear(Measured *measured) {
  g_free(measured->text);
  gaps_free(measured->gaps);
  calibration_result_free(measured->result);
}

/* ---- for programs -----------------------------------------------------------------------------
 */

static void print_rows(Report *report, const Measured *measured) {
  const CalibrationResult *result = measured->result;
  const RowKey key = {.scenario = measured->design->name, .model = result->cloud->name};
  calibration_rows_begin(report);
  for (guint i = 0; i < result->trait_count; i++) {
    const CalibrationTrait *trait = &result->traits[i];
    const CalibrationRow row = {measured->measure, measured->options->event,
                                trait->path,       trait->before,
                                trait->law,        trait->low,
                                trait->median,     isinf(trait->high) ? NAN : trait->high,
                                CALIBRATION_LEVEL, result->count,
                                result->fitted,    result->judged,
                                result->before,    result->before_critical,
                                result->after,     result->after_critical};
    calibration_rows_add(report, &key, &row);
  }
  report_end(report);
}

/* ---- for people --------------------------------------------------------------------------------
 */

#define LONG_LAW 72 /* characters; what is longer stands in traits.yaml */

static void note(Report *report, const char *text) {
  g_autofree char *lines = text_wrapped(text);
  report_note(report, lines);
}

static void append_law(GString *out, const char *law) {
  guint values = 1;
  for (const char *at = law; *at != '\0'; at++)
    values += *at == ',';
  if (strlen(law) > LONG_LAW)
    g_string_append_printf(out, "a table of %u values", values);
  else
    g_string_append(out, law);
}

static void append_interval(GString *out, const CalibrationTrait *trait) {
  g_string_append_printf(out, ", with %g %% between ", 100 * CALIBRATION_LEVEL);
  append_seconds(out, trait->low);
  g_string_append(out, " and ");
  if (isinf(trait->high))
    g_string_append(out, "any length");
  else
    append_seconds(out, trait->high);
}

static void print_trait(Report *report, const Measured *measured, const CalibrationTrait *trait) {
  const CalibrationResult *result = measured->result;
  g_autoptr(GString) out = g_string_new(NULL);
  g_string_append_printf(out, "%s: the median of %s is ", result->cloud->name, trait->path);
  append_seconds(out, trait->median);
  append_interval(out, trait);
  g_string_append_printf(out, " (n = %u).", result->count);
  note(report, out->str);
  g_string_assign(out, "Fitted: ");
  append_law(out, trait->law);
  if (trait->before != NULL) {
    g_string_append(out, "; before: ");
    append_law(out, trait->before);
  }
  note(report, out->str);
}

/* How little so few values say. */
static void print_little(Report *report, const Measured *measured, const CalibrationTrait *trait) {
  g_autoptr(GString) out = g_string_new(NULL);
  if (trait->low > 0 && trait->high <= LITTLE * trait->low)
    return;
  g_string_append_printf(out, "%u values tell little of %s: the ends of that interval ",
                         measured->result->count, trait->path);
  if (trait->low > 0 && !isinf(trait->high))
    g_string_append_printf(out, "are apart by a factor of %.1f", trait->high / trait->low);
  else
    g_string_append(out, "leave open how much of it there is");
  g_string_append(out, ". More values, or gaps that hold less beside it, tell more.");
  note(report, out->str);
}

static void print_judgement(Report *report, const CalibrationResult *result) {
  g_autoptr(GString) out = g_string_new(NULL);
  if (result->one_left_out)
    g_string_append_printf(out,
                           "All %u values are fitted, and each is judged by what is fitted "
                           "to the others",
                           result->count);
  else
    g_string_append_printf(out, "%u of %u values are fitted, and the other %u judge",
                           result->fitted, result->count, result->judged);
  g_string_append_printf(
      out, ". KS distance: %.3f before (critical value %.3f), %.3f after (%.3f; %s).",
      result->before, result->before_critical, result->after, result->after_critical,
      result->after <= result->after_critical ? "they agree" : "they differ");
  note(report, out->str);
  if (result->before <= result->before_critical)
    note(report, "What the scenario has agrees with the data too: they do not call for "
                 "another law.");
  if (result->after > result->after_critical)
    note(report, "No law of the language gives these gaps through this scenario: its "
                 "timers, its traffic or --measure may be others than where they were "
                 "measured.");
}

static void print_quantiles(Report *report, const CalibrationResult *result) {
  static const Column columns[] = {{"quantile", COLUMN_FIGURE},
                                   {"measured", COLUMN_FIGURE},
                                   {"before", COLUMN_FIGURE},
                                   {"after", COLUMN_FIGURE}};
  report_begin(report, "quantiles", "Gaps, measured and as the model gives them", columns,
               G_N_ELEMENTS(columns));
  for (guint i = 0; i < CALIBRATION_QUANTILES; i++) {
    const double values[] = {result->measured[i], result->with_before[i], result->with_after[i]};
    g_autofree char *percent = g_strdup_printf("%g %%", result->percent[i]);
    report_text(report, percent);
    for (guint j = 0; j < G_N_ELEMENTS(values); j++) {
      g_autoptr(GString) text = g_string_new(NULL);
      append_seconds(text, values[j]);
      report_text(report, text->str);
    }
  }
  report_end(report);
}

static void print_log(Report *report, const Gaps *gaps) {
  g_autoptr(GString) out = g_string_new(NULL);
  if (gaps->form == GAPS_COLUMN)
    return;
  g_string_append_printf(out, "The log has %u interruptions", gaps->seconds->len);
  if (gaps->stray > 0)
    g_string_append_printf(out, ", and %u packets lost alone, which are none", gaps->stray);
  g_string_append(out, "; one packet every ");
  append_seconds(out, gaps->interval);
  g_string_append(out, ": no gap is known better than that.");
  note(report, out->str);
}

static Status print(const Measured *measured) {
  Output *output = output_stdout();
  Report *report = report_new(measured->options->format, output);
  const CalibrationResult *result = measured->result;
  if (report_format_is_data(measured->options->format)) {
    print_rows(report, measured);
  } else {
    for (guint i = 0; i < result->trait_count; i++)
      print_trait(report, measured, &result->traits[i]);
    for (guint i = 0; i < result->trait_count; i++)
      print_little(report, measured, &result->traits[i]);
    print_judgement(report, result);
    print_log(report, measured->gaps);
    print_quantiles(report, result);
  }
  report_finish(report);
  return finish_stdout(output);
}

/* ---- traits.yaml
 * --------------------------------------------------------------------------------- */

static void append_source(GString *out, const Measured *measured) {
  const CalibrationResult *result = measured->result;
  g_autofree char *sha256 = g_compute_checksum_for_data(
      G_CHECKSUM_SHA256, (const guchar *)measured->text, measured->length);
  g_string_append(out, "# Fitted by routesim calibrate: for --traits, or `traits:` of a scenario.\n"
                       "# source: ");
  shown_append(out, measured->options->data, -1);
  g_string_append_printf(out, ", SHA-256 %s\n# as: ", sha256);
  shown_append(out, measured->measure, -1);
  if (!g_str_has_prefix(measured->measure, "probe:"))
    g_string_append_printf(out, " of event %u", measured->options->event);
  g_string_append_printf(out, " of scenario %s under %s\n# n: %u\n", measured->design->name,
                         result->cloud->name, result->count);
  if (result->one_left_out)
    g_string_append_printf(out, "# fitted to all, each judged by the others\n");
  else
    g_string_append_printf(out, "# fitted to %u, judged by %u\n", result->fitted, result->judged);
  g_string_append_printf(out, "# KS distance: %.3f before, %.3f after, critical value %.3f\n",
                         result->before, result->after, result->after_critical);
}

static void append_traits(GString *out, const CalibrationResult *result) {
  for (guint i = 0; i < result->trait_count; i++) {
    const CalibrationTrait *trait = &result->traits[i];
    g_string_append(out, "# median: ");
    append_seconds(out, trait->median);
    append_interval(out, trait);
    g_string_append_printf(out, "\n%s: %s\n", trait->path, trait->law);
  }
}

static Status write_traits(const Measured *measured) {
  const char *folder = measured->options->out;
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  append_source(text, measured);
  append_traits(text, measured->result);
  if (g_mkdir_with_parents(folder, 0777) != 0) {
    complain("cannot write %s: %s", folder, g_strerror(errno));
    return STATUS_IO;
  }
  Output *output = output_file(folder, "traits.yaml", TRUE);
  output_write(output, text->str, text->len);
  if (output_close(output, &error) && output_sync_folder(folder, &error))
    return STATUS_DONE;
  complain("%s", error->message);
  return STATUS_IO;
}

/* ---- the command
 * ---------------------------------------------------------------------------------- */

static Status read_data(Measured *measured) {
  g_autoptr(GError) error = NULL;
  const char *path = measured->options->data;
  measured->text = compose_read_file(path, &measured->length, &error);
  if (measured->text == NULL) {
    complain("cannot read %s: %s", path, error->message);
    return STATUS_IO;
  }
  measured->gaps = gaps_read(path, measured->text, measured->length, &error);
  if (measured->gaps != NULL)
    return STATUS_DONE;
  complain("%s", error->message);
  return STATUS_CALL;
}

static CalibrationResult *fit(Measured *measured, const ScenarioFile *file, GError **error) {
  const Options *options = measured->options;
  const ScenarioChanges changes = scenario_changes(options);
  BatchOptions batch = options->batch;
  Progress progress;
  g_auto(GStrv) names = g_strsplit(options->fit, ",", -1);
  const CalibrationOptions call = {.fit = (const char *const *)names,
                                   .measure = measured->measure,
                                   .event = options->event,
                                   .batch = &batch,
                                   .changes = &changes};
  progress_begin(&progress, options, 0);
  batch.progress = progress.enabled ? progress_update : NULL;
  batch.progress_data = &progress;
  g_autoptr(Calibration) calibration = calibration_new(file, &call, error);
  CalibrationResult *result =
      calibration == NULL
          ? NULL
          : calibration_fit(calibration, (const double *)measured->gaps->seconds->data,
                            measured->gaps->seconds->len, error);
  progress_end(&progress);
  return result;
}

static Status run_measured(Measured *measured, const ScenarioFile *file) {
  g_autoptr(GError) error = NULL;
  Status status = read_data(measured);
  if (status != STATUS_DONE)
    return status;
  measured->result = fit(measured, file, &error);
  if (measured->result == NULL) {
    complain("%s", error->message);
    return error->domain == G_OPTION_ERROR ? STATUS_CALL : STATUS_IO;
  }
  status = write_traits(measured);
  return status_worse(status, print(measured));
}

static gboolean check_call(const Options *options) {
  const char *const needed[][3] = {
      {"data", options->data, "FILE: what was measured"},
      {"fit", options->fit, "TRAIT,...: what is fitted to that, such as azure.program"},
      {"out", options->out, "DIR: where traits.yaml is written"}};
  for (guint i = 0; i < G_N_ELEMENTS(needed); i++)
    if (needed[i][1] == NULL) {
      complain("calibrate needs --%s %s", needed[i][0], needed[i][2]);
      return FALSE;
    }
  return TRUE;
}

static Status run(const Options *options) {
  Loaded loaded;
  if (!check_call(options))
    return STATUS_CALL;
  Status status = load_scenarios(options, FALSE, &loaded);
  if (status == STATUS_DONE) {
    const ScenarioFile *file = loaded.files->pdata[0];
    Measured measured = {.options = options,
                         .design = scenario_file_get(file, 0)->design,
                         .measure = options->gaps != NULL ? options->gaps : "outage"};
    status = run_measured(&measured, file);
    measured_clear(&measured);
  }
  loaded_clear(&loaded);
  return status;
}

const Command command_calibrate = {
    .name = "calibrate",
    .arguments = "FILE",
    .summary = "Fits traits to what you measured in your own cloud",
    .description =
        "Reads how long traffic was out, once for each event, finds the law of a trait with which\n"
        "the scenario gives such gaps, with a 90 % interval of its median, and writes\n"
        "DIR/traits.yaml for --traits. scenarios/measure.md tells how to measure.",
    .options = OPTION_FORMAT | OPTION_LOAD | OPTION_FIT,
    .least = 1,
    .most = 1,
    .run = run,
};
