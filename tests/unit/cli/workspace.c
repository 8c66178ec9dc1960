/* See the header. */
#include "workspace.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

static char *folder;

void workspace_make(void) { folder = g_dir_make_tmp("cli-XXXXXX", NULL); }

static void remove_below(const char *path) {
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *below = g_build_filename(path, name, NULL);
    if (g_file_test(below, G_FILE_TEST_IS_DIR) && !g_file_test(below, G_FILE_TEST_IS_SYMLINK))
      remove_below(below);
    g_remove(below);
  }
}

void workspace_remove(void) {
  remove_below(folder);
  g_rmdir(folder);
  g_free(folder);
}

char *workspace_path(const char *name) { return g_build_filename(folder, name, NULL); }

void workspace_write(const char *name, const char *text) {
  g_autofree char *path = workspace_path(name), *above = g_path_get_dirname(path);
  cr_assert_eq(g_mkdir_with_parents(above, 0777), 0);
  cr_assert(g_file_set_contents(path, text, -1, NULL));
}

char *workspace_read(const char *name) {
  g_autofree char *path = workspace_path(name);
  char *text = NULL;
  cr_assert(g_file_get_contents(path, &text, NULL, NULL), "no %s", path);
  return text;
}

char *workspace_relative(const char *said) {
  g_autofree char *prefix = g_strconcat(folder, "/", NULL);
  GString *text = g_string_new(said);
  g_string_replace(text, prefix, "", 0);
  return g_string_free(text, FALSE);
}

gboolean workspace_has(const char *name) {
  g_autofree char *path = workspace_path(name);
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

char *workspace_scenario(const char *name, const char *more) {
  return g_strdup_printf(
      "name: %s\n"
      "duration: 5m\n"
      "runs: 1\n"
      "models: [aws]\n"
      "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}, "
      "nva: {prefix: 10.0.1.0/24}}}}\n"
      "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {e1: hub/nva, e2: hub/nva}, "
      "propagate_to: [hub/app]}}}\n"
      "nvas:\n"
      "  fw-a: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{site: dc}]}\n"
      "  fw-b: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{site: dc, prepend: 2}]}\n"
      "sites: {dc: {prefixes: [192.168.0.0/16], via: [fw-a, fw-b]}}\n"
      "traffic: {app-to-dc: {from: hub/app, to: dc, flows: 100}}\n"
      "events: [{at: 60s, fail: fw-a, how: shutdown}]\n"
      "%s",
      name, more);
}

Options workspace_options(const char *arguments) {
  Options options = {.batch = {.jobs = 1}, .quiet = TRUE};
  options.format = report_format_find("table");
  options.arguments = g_strsplit(arguments, " ", -1);
  for (guint i = 0; options.arguments[i] != NULL; i++) {
    g_autofree char *name = options.arguments[i];
    options.arguments[i] = workspace_path(name);
  }
  return options;
}

Loaded workspace_load(const Options *options) {
  Loaded loaded;
  cr_assert_eq(load_scenarios(options, TRUE, &loaded), STATUS_DONE);
  return loaded;
}

Batch *workspace_run(const Options *options, const Loaded *loaded, guint file) {
  GError *error = NULL;
  Batch *batch = batch_run(loaded->files->pdata[file], &options->batch, &error);
  cr_assert_null(error);
  return batch;
}
