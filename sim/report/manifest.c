/* manifest.json by hand: a dozen fields in a fixed order. */
#include "routesim/report/manifest.h"

#include "format_private.h"

static void append_text_or_null(GString *out, const char *text) {
  if (text == NULL)
    g_string_append(out, "null");
  else
    json_append_string(out, text);
}

static void append_traits(GString *out, const char *sha256) {
  if (sha256 != NULL)
    g_string_append_printf(out, ", \"traits_sha256\": \"%s\"", sha256);
}

static void append_options(GString *out, const ManifestOptions *options) {
  g_string_append(out, "{\"model\": ");
  append_text_or_null(out, options->model);
  g_string_append(out, ", \"liveness\": ");
  append_text_or_null(out, options->liveness);
  for (const ManifestOption *own = options->own; own != NULL && own->name != NULL; own++) {
    g_string_append_printf(out, ", \"%s\": ", own->name);
    append_text_or_null(out, own->value);
  }
  g_string_append_printf(out, ", \"detail\": \"%s\", \"set\": [",
                         options->detail_all ? "all" : "first");
  for (guint i = 0; options->settings != NULL && options->settings[i] != NULL; i++) {
    if (i > 0)
      g_string_append(out, ", ");
    json_append_string(out, options->settings[i]);
  }
  g_string_append_c(out, ']');
  append_traits(out, options->traits);
  g_string_append_c(out, '}');
}

static void append_scenario(GString *out, const ManifestScenario *scenario) {
  g_autofree char *checksum = g_compute_checksum_for_data(
      G_CHECKSUM_SHA256, (const guchar *)scenario->text, scenario->length);
  g_string_append(out, "{\"name\": ");
  json_append_string(out, scenario->name);
  g_string_append_printf(
      out, ", \"seed\": %" G_GUINT64_FORMAT ", \"first_run\": %u, \"runs\": %u, \"sha256\": \"%s\"",
      scenario->seed, scenario->first_run, scenario->runs, checksum);
  append_traits(out, scenario->traits);
  g_string_append_c(out, '}');
}

static void append_program(GString *out) {
  g_string_append_printf(out, "\"format\": %d", MANIFEST_FORMAT);
  g_string_append(out, ", \"program\": \"routesim " ROUTESIM_VERSION "\"");
}

char *manifest_text(const ManifestOptions *options, const ManifestScenario *scenarios,
                    guint count) {
  GString *out = g_string_new("{\n  ");
  append_program(out);
  g_string_append(out, ",\n  \"options\": ");
  append_options(out, options);
  g_string_append(out, ",\n  \"scenarios\": [");
  for (guint i = 0; i < count; i++) {
    g_string_append(out, i == 0 ? "\n    " : ",\n    ");
    append_scenario(out, &scenarios[i]);
  }
  g_string_append(out, "\n  ]\n}\n");
  return g_string_free(out, FALSE);
}
