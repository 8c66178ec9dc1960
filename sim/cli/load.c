/* From words of the command line to loaded scenarios. */
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli_private.h"
#include "routesim/check/check.h"
#include "routesim/report/facts.h"

static int compare_paths(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Links to folders are not followed below the first, so that no circle can hold us. */
static gboolean is_folder(const char *path, gboolean follow) {
  GStatBuf status;
  return (follow ? g_stat(path, &status) : g_lstat(path, &status)) == 0 && S_ISDIR(status.st_mode);
}

static Status find_below(const char *folder, GPtrArray *paths) {
  g_autoptr(GDir) dir = g_access(folder, R_OK | X_OK) == 0 ? g_dir_open(folder, 0, NULL) : NULL;
  Status status = STATUS_DONE;
  const char *name;
  if (dir == NULL) {
    complain("cannot read %s: %s", folder, g_strerror(errno));
    return STATUS_IO;
  }
  while ((name = g_dir_read_name(dir)) != NULL) {
    if (name[0] == '.')
      continue;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (is_folder(path, FALSE))
      status = status_worse(status, find_below(path, paths));
    else if (g_str_has_suffix(name, ".yaml"))
      g_ptr_array_add(paths, g_steal_pointer(&path));
  }
  return status;
}

/* Every *.yaml below `folder`, in any order. */
static Status find_scenarios(const char *folder, GPtrArray *paths) {
  const guint before = paths->len;
  const Status status = find_below(folder, paths);
  if (status != STATUS_DONE || paths->len > before)
    return status;
  complain("there is no *.yaml file in %s", folder);
  return STATUS_CALL;
}

/* ---- sources of measurements ----------------------------------------------------------------- */

/* "AWS-12.3": capitals, and two numbers. */
static gboolean looks_like_fact(const char *word) {
  const gsize letters = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  const char *number = word + letters + 1;
  if (letters == 0 || word[letters] != '-')
    return FALSE;
  const gsize first = strspn(number, "0123456789");
  const gsize second = number[first] == '.' ? strspn(number + first + 1, "0123456789") : 0;
  return first > 0 && second > 0 && number[first + 1 + second] == '\0';
}

/* A source is free text; an id in it is one of a fact that is built in, which no check below could
 * know. */
static void check_source(const DesignMeasured *measured, Diagnostics *diagnostics) {
  const Node *node = node_get(measured->head.node, "source");
  g_auto(GStrv) words = g_strsplit_set(measured->source, " ,;:()", -1);
  for (guint i = 0; node != NULL && words[i] != NULL; i++) {
    if (!looks_like_fact(words[i]) || fact_find(words[i]) != NULL)
      continue;
    g_autofree const char **ids = g_new0(const char *, fact_count() + 1);
    for (guint j = 0; j < fact_count(); j++)
      ids[j] = fact_at(j)->id;
    const char *near = closest_name(words[i], ids);
    g_autofree char *meant = suggestion(words[i], ids);
    diagnostics_add(diagnostics, SEVERITY_ERROR, node->mark, "there is no fact '%s'%s", words[i],
                    meant);
    if (near != NULL)
      diagnostics_hint(diagnostics, "did you mean '%s'?", near);
  }
}

static void check_sources(const ScenarioFile *file, Diagnostics *diagnostics) {
  if (file == NULL || scenario_file_count(file) == 0)
    return;
  const GPtrArray *all = scenario_file_get(file, 0)->design->measured;
  for (guint i = 0; i < all->len; i++)
    check_source(all->pdata[i], diagnostics);
}

/* ---- loading --------------------------------------------------------------------------------- */

ScenarioChanges scenario_changes(const Options *options) {
  return (ScenarioChanges){.settings = options->settings,
                           .count = options->setting_count,
                           .traits = &options->traits,
                           .traits_count = options->traits.text != NULL};
}

Status load_diagnosed(const Options *options, const char *path, ScenarioFile **file,
                      Diagnostics *diagnostics) {
  g_autoptr(GError) error = NULL;
  const ScenarioChanges changes = scenario_changes(options);
  *file = check_load_changed(path, &changes, diagnostics, &error);
  if (error != NULL) {
    complain("cannot read %s: %s", path, error->message);
    return STATUS_IO;
  }
  check_sources(*file, diagnostics);
  if (*file != NULL && scenario_file_lacks_traits(*file))
    return STATUS_IO;
  return diagnostics_errors(diagnostics) > 0 ? STATUS_CALL : STATUS_DONE;
}

void tell_diagnostics(const Options *options, Diagnostics *diagnostics) {
  if (options->quiet)
    diagnostics_keep_errors(diagnostics);
  if (diagnostics_count(diagnostics) == 0)
    return;
  g_autoptr(GString) text = g_string_new(NULL);
  diagnostics_append(diagnostics, colour_wanted(), text);
  fputs(text->str, stderr);
}

Status load_file(const Options *options, const char *path, ScenarioFile **file) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  const Status status = load_diagnosed(options, path, file, diagnostics);
  tell_diagnostics(options, diagnostics);
  return status;
}

static const char *name_of(const Loaded *loaded, guint index) {
  return scenario_file_get(loaded->files->pdata[index], 0)->design->name;
}

/* Two scenarios of one name could not be told apart in the rows. */
static Status check_names(const Loaded *loaded) {
  Status status = STATUS_DONE;
  g_autoptr(GHashTable) first = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < loaded->files->len; i++) {
    const char *name = name_of(loaded, i);
    const char *other = g_hash_table_lookup(first, name);
    if (other == NULL) {
      g_hash_table_insert(first, (gpointer)name, loaded->paths->pdata[i]);
      continue;
    }
    complain("%s and %s are both named '%s'", other, (const char *)loaded->paths->pdata[i], name);
    status = STATUS_CALL;
  }
  return status;
}

static Status expand(const Options *options, gboolean folders, GPtrArray *paths) {
  Status status = STATUS_DONE;
  for (guint i = 0; options->arguments[i] != NULL; i++) {
    const char *argument = options->arguments[i];
    if (folders && is_folder(argument, TRUE))
      status = status_worse(status, find_scenarios(argument, paths));
    else
      g_ptr_array_add(paths, g_strdup(argument));
  }
  g_ptr_array_sort(paths, compare_paths);
  for (guint i = paths->len; i-- > 1;) /* named twice: meant once */
    if (strcmp(paths->pdata[i], paths->pdata[i - 1]) == 0)
      g_ptr_array_remove_index(paths, i);
  return status;
}

static gboolean names_model(const Loaded *loaded, const CloudClass *model) {
  for (guint i = 0; i < loaded->files->len; i++) {
    const ScenarioFile *file = loaded->files->pdata[i];
    for (guint j = 0; j < cloud_count(); j++)
      if (cloud_at(j) == model && scenario_file_get(file, 0)->design->models[j])
        return TRUE;
  }
  return FALSE;
}

Status load_scenarios(const Options *options, gboolean folders, Loaded *loaded) {
  loaded->paths = g_ptr_array_new_with_free_func(g_free);
  loaded->files = g_ptr_array_new_with_free_func((GDestroyNotify)scenario_file_free);
  Status status = expand(options, folders, loaded->paths);
  for (guint i = 0; i < loaded->paths->len; i++) {
    ScenarioFile *file = NULL;
    status = status_worse(status, load_file(options, loaded->paths->pdata[i], &file));
    if (file != NULL)
      g_ptr_array_add(loaded->files, file);
  }
  if (status == STATUS_DONE)
    status = check_names(loaded);
  if (status == STATUS_DONE && options->batch.model != NULL &&
      !names_model(loaded, options->batch.model)) {
    complain("no scenario given names the model %s", options->batch.model->name);
    status = STATUS_CALL;
  }
  return status;
}

void loaded_clear(Loaded *loaded) {
  g_ptr_array_unref(loaded->files);
  g_ptr_array_unref(loaded->paths);
}

Status with_scenarios(const Options *options, gboolean folders,
                      Status (*work)(const Options *options, const Loaded *loaded)) {
  Loaded loaded;
  Status status = load_scenarios(options, folders, &loaded);
  if (status == STATUS_DONE)
    status = work(options, &loaded);
  loaded_clear(&loaded);
  return status;
}
