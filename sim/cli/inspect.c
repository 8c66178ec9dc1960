/* From a call to one scenario variant to look into. */
#include <string.h>

#include "inspect_private.h"
#include "routesim/report/facts.h"

/* A sweep has more variants than anybody reads. */
#define MOST_LISTED 20u

static char *listed(const char *const *names, guint count) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < MIN(count, MOST_LISTED); i++)
    g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", names[i]);
  if (count > MOST_LISTED)
    g_string_append_printf(out, " and %u more", count - MOST_LISTED);
  return g_string_free(out, FALSE);
}

static Status find_variant(const Options *options, Inspected *inspected) {
  const guint count = scenario_file_count(inspected->file);
  g_autofree const char **names = g_new0(const char *, count + 1);
  const char *meant = scenario_variant_meant(options->variant);
  for (guint i = 0; i < count; i++) {
    inspected->scenario = scenario_file_get(inspected->file, i);
    const char *name = inspected->scenario->variant->name;
    if (strcmp(name, meant) == 0)
      return STATUS_DONE;
    names[i] = name;
  }
  g_autofree char *near = suggestion(options->variant, names);
  g_autofree char *all = listed(names, count);
  complain("the scenario has no variant '%s'%s; there %s: %s", options->variant, near,
           count > 1 ? "are" : "is", all);
  return STATUS_CALL;
}

static Status check_call(const Options *options, const Inspected *inspected) {
  const Design *body = inspected->scenario->design;
  gboolean any = FALSE;
  for (guint i = 0; i < cloud_count(); i++)
    any |= inspected_wants(options, inspected, cloud_at(i));
  if (!any) {
    complain("the scenario does not name the model %s", options->batch.model->name);
    return STATUS_CALL;
  }
  if (options->at.ns > body->duration.law.a.ns) {
    g_autoptr(GString) end = g_string_new(NULL);
    sim_time_append_human(body->duration.law.a, end);
    complain("--at is behind the end of the run, %s", end->str);
    return STATUS_CALL;
  }
  return STATUS_DONE;
}

Status inspected_load(const Options *options, Inspected *inspected) {
  *inspected = (Inspected){NULL};
  Status status = load_file(options, options->arguments[0], &inspected->file);
  if (status == STATUS_DONE)
    status = find_variant(options, inspected);
  if (status == STATUS_DONE)
    status = check_call(options, inspected);
  if (status != STATUS_DONE)
    return status;
  const Design *body = inspected->scenario->design;
  inspected->run =
      (RunOptions){.seed = options->batch.seed_given ? options->batch.seed : (guint64)body->seed,
                   .run = options->batch.only_run,
                   .liveness_given = options->batch.liveness_given,
                   .liveness = options->batch.liveness};
  return STATUS_DONE;
}

void inspected_clear(Inspected *inspected) { scenario_file_free(inspected->file); }

gboolean inspected_wants(const Options *options, const Inspected *inspected,
                         const CloudClass *cloud) {
  for (guint i = 0; i < cloud_count(); i++)
    if (cloud_at(i) == cloud)
      return inspected->scenario->design->models[i] &&
             (options->batch.model == NULL || options->batch.model == cloud);
  return FALSE;
}

char *inspected_title(const Inspected *inspected, const SimTime *at) {
  const Scenario *scenario = inspected->scenario;
  GString *title = g_string_new(scenario->design->name);
  if (!scenario->variant->is_base)
    g_string_append_printf(title, ", variant %s", scenario->variant->name);
  if (at != NULL) {
    g_string_append(title, ", at ");
    sim_time_append_human(*at, title);
  }
  return g_string_free(title, FALSE);
}

char *fact_sentences(const char *ids) {
  GString *out = g_string_new(NULL);
  g_auto(GStrv) words = g_strsplit(ids, ", ", -1);
  for (guint i = 0; words[i] != NULL; i++) {
    const FactRow *fact = fact_find(words[i]);
    g_string_append_printf(out, "%s%s", out->len > 0 ? "; " : "", words[i]);
    if (fact != NULL)
      g_string_append_printf(out, " '%s: %s' (%s)", fact->fact, fact->value, fact->basis);
  }
  return g_string_free(out, FALSE);
}
