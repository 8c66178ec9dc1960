/* Files and their variants: text to tree, tree to one design for each variant. */
#include <string.h>

#include "routesim/language/compose.h"
#include "variants_private.h"

/* No further variant is read when so many are told. */
#define ENOUGH_ERRORS 100

struct ScenarioFile {
  Arena *arena;
  const char *path;
  char *text;
  gsize length;
  ScenarioChecker checker;
  ScenarioTraits *traits; /* of the file's own key, or NULL */
  gboolean lacks_traits;
  GPtrArray *scenarios; /* Scenario * */
};

void scenario_file_free(ScenarioFile *file) {
  if (file == NULL)
    return;
  g_free(file->text);
  arena_free(file->arena);
}

guint scenario_file_count(const ScenarioFile *file) { return file->scenarios->len; }
const Scenario *scenario_file_get(const ScenarioFile *file, guint index) {
  return file->scenarios->pdata[index];
}
const char *scenario_file_text(const ScenarioFile *file, gsize *length) {
  *length = file->length;
  return file->text;
}

const ScenarioTraits *scenario_file_traits(const ScenarioFile *file) { return file->traits; }
gboolean scenario_file_lacks_traits(const ScenarioFile *file) { return file->lacks_traits; }

/* ---- variants -------------------------------------------------------------------------- */

const char *scenario_variant_meant(const char *word) {
  return word == NULL || word[0] == '\0' ? SCENARIO_BASE : word;
}

/* ---- loading ----------------------------------------------------------------------------- */

/* Variants are made of the file before the command line changes each of them. */
static void check_command_line(KeyReader *reader, const Setting *setting) {
  static const char *const makers[] = {"variants", "sweep", "sampling", NULL};
  g_auto(GStrv) steps = g_strsplit(setting->path, ".", 2);
  if (steps[0] != NULL && g_strv_contains(makers, steps[0]))
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, setting->mark,
                    "--set changes what variants hold, and cannot change '%s', which makes them",
                    steps[0]);
}

static void add_command_line(KeyReader *reader, const ScenarioSetting *settings, guint count,
                             GArray *out) {
  for (guint i = 0; i < count; i++) {
    g_autofree char *source = g_strdup_printf("--set %s", settings[i].path);
    const Node *value =
        compose_value(reader->arena, source, settings[i].value, reader->diagnostics);
    if (value == NULL)
      continue;
    if (strcmp(settings[i].path, "traits") == 0) { /* they are set before */
      diagnostics_add(reader->diagnostics, SEVERITY_ERROR, value->mark,
                      "--set comes too late for 'traits': use --traits FILE");
      continue;
    }
    const Setting setting = {settings[i].path, value, value->mark};
    check_command_line(reader, &setting);
    g_array_append_val(out, setting);
  }
}

/* The file that the key names stands beside the scenario, unless its name begins at the root. */
static void read_own_traits(ScenarioFile *file, KeyReader *reader, Node *root) {
  const Node *named = node_get(root, "traits");
  g_autoptr(GError) error = NULL;
  gsize length;
  if (node_is_absent(named) || named->kind != NODE_SCALAR)
    return; /* what is no text, its key tells */
  g_autofree char *folder = g_path_get_dirname(file->path);
  g_autofree char *path = g_path_is_absolute(named->text) || strcmp(folder, ".") == 0
                              ? g_strdup(named->text)
                              : g_build_filename(folder, named->text, NULL);
  char *text = compose_read_file(path, &length, &error);
  if (text == NULL) {
    file->lacks_traits = TRUE;
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, named->mark, "cannot read %s: %s", path,
                    error->message);
    return;
  }
  arena_own(file->arena, text, g_free);
  file->traits = arena_new0(file->arena, ScenarioTraits);
  *file->traits = (ScenarioTraits){arena_strdup(file->arena, path), text, length};
  scenario_apply_traits(reader, root, file->traits);
}

/* `name` NULL: the file as it stands. */
static const ScenarioVariant *describe_variant(Arena *arena, const char *name,
                                               const GArray *settings) {
  ScenarioVariant *variant = arena_new0(arena, ScenarioVariant);
  ScenarioSetting *copies = arena_array(arena, ScenarioSetting, settings->len + 1);
  for (guint i = 0; i < settings->len; i++) {
    const Setting *setting = &g_array_index(settings, Setting, i);
    GString *text = g_string_new(NULL);
    node_append_flow(setting->value, text);
    copies[i] = (ScenarioSetting){setting->path, arena_strdup(arena, text->str)};
    g_string_free(text, TRUE);
  }
  *variant =
      (ScenarioVariant){name != NULL ? name : SCENARIO_BASE, name == NULL, copies, settings->len};
  return variant;
}

/* A section of the file that could not be read has nothing to set; that was told. */
static gboolean leads_to_unread(const ScenarioFile *file, const char *path) {
  if (file->scenarios->len == 0)
    return FALSE;
  g_auto(GStrv) steps = g_strsplit(path, ".", 2);
  return steps[0] != NULL && !keys_sound(&scenario_file_get(file, 0)->design->head, steps[0]);
}

static void apply(const ScenarioFile *file, KeyReader *reader, Node *tree, const GArray *settings) {
  for (guint i = 0; i < settings->len; i++) {
    const Setting *setting = &g_array_index(settings, Setting, i);
    if (!leads_to_unread(file, setting->path))
      node_set_path(reader->arena, tree, setting->path, setting->value, setting->mark,
                    reader->diagnostics);
  }
}

/* `name` NULL: the file as it stands. */
static void add_scenario(ScenarioFile *file, KeyReader *reader, const Node *root, const char *name,
                         const GArray *own, const GArray *command_line) {
  Node *tree = node_copy(file->arena, root);
  const guint told = diagnostics_told(reader->diagnostics);
  apply(file, reader, tree, own);
  apply(file, reader, tree, command_line);
  if (name != NULL) /* its places are the file's, where what was wrong as it stands was told */
    diagnostics_set_within(reader->diagnostics, arena_printf(file->arena, "in variant '%s'", name));
  Design *design = scenario_read_design(reader, tree);
  design->variant = scenario_variant_meant(name);
  file->checker(reader, design, diagnostics_told(reader->diagnostics) == told);
  diagnostics_set_within(reader->diagnostics, NULL);
  Scenario *scenario = arena_new0(file->arena, Scenario);
  *scenario = (Scenario){design, describe_variant(file->arena, name, own), file->path};
  g_ptr_array_add(file->scenarios, scenario);
}

static void tell_unknown_variant(KeyReader *reader, const ScenarioFile *file, const NameRef *name) {
  g_autofree const char **names = g_new0(const char *, file->scenarios->len + 1);
  for (guint i = 0; i < file->scenarios->len; i++)
    names[i] = scenario_file_get(file, i)->variant->name;
  const char *near = closest_name(name->text, names);
  if (near == NULL) {
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, name->mark, "unknown variant '%s'",
                    name->text);
    return;
  }
  diagnostics_add(reader->diagnostics, SEVERITY_ERROR, name->mark,
                  "unknown variant '%s' (did you mean '%s'?)", name->text, near);
  diagnostics_hint(reader->diagnostics, "did you mean '%s'?", near);
}

static void check_variant_names(KeyReader *reader, const ScenarioFile *file) {
  const Design *design = scenario_file_get(file, 0)->design;
  const guint blocks = design->expect->len + design->measured->len;
  for (guint i = 0; i < blocks; i++) {
    const NameRef *name =
        i < design->expect->len
            ? &((DesignExpect *)design->expect->pdata[i])->variant
            : &((DesignMeasured *)design->measured->pdata[i - design->expect->len])->variant;
    const char *meant = scenario_variant_meant(name->text);
    gboolean known = FALSE;
    for (guint j = 0; j < file->scenarios->len && !known; j++)
      known = strcmp(scenario_file_get(file, j)->variant->name, meant) == 0;
    if (!known)
      tell_unknown_variant(reader, file, name);
  }
}

ScenarioFile *scenario_file_read(const char *path, char *text, gsize length,
                                 const ScenarioChanges *changes, ScenarioChecker checker,
                                 Diagnostics *diagnostics) {
  Arena *arena = arena_new();
  ScenarioFile *file = arena_new0(arena, ScenarioFile);
  KeyReader reader = {arena, diagnostics, &scenario_hints};
  *file = (ScenarioFile){.arena = arena,
                         .path = arena_strdup(arena, path),
                         .text = text,
                         .length = length,
                         .checker = checker,
                         .scenarios = arena_ptr_array(arena)};
  Node *root = compose_document(arena, file->path, text, length, diagnostics);
  if (root == NULL)
    return file; /* with no scenario: the diagnostics say why */
  GPtrArray *variants = arena_ptr_array(arena);
  g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(Setting));
  g_autoptr(GArray) command_line = g_array_new(FALSE, FALSE, sizeof(Setting));
  read_own_traits(file, &reader, root);
  for (guint i = 0; i < changes->traits_count; i++)
    scenario_apply_traits(&reader, root, &changes->traits[i]);
  add_command_line(&reader, changes->settings, changes->count, command_line);
  if (!changes->base_only) {
    scenario_read_variants(&reader, node_get(root, "variants"), variants);
    scenario_read_sweep(&reader, root, variants);
  }
  g_ptr_array_sort(variants, variant_compare);
  add_scenario(file, &reader, root, NULL, none, command_line);
  for (guint i = 0; i < variants->len && diagnostics_errors(diagnostics) < ENOUGH_ERRORS; i++) {
    const Variant *variant = variants->pdata[i];
    if (i > 0 && strcmp(variant->name, ((Variant *)variants->pdata[i - 1])->name) == 0)
      diagnostics_add(diagnostics, SEVERITY_ERROR, variant->mark, "two variants are called '%s'",
                      variant->name);
    add_scenario(file, &reader, root, variant->name, variant->settings, command_line);
  }
  if (!changes->base_only && diagnostics_errors(diagnostics) < ENOUGH_ERRORS)
    check_variant_names(&reader, file);
  return file;
}
