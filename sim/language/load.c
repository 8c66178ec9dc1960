/* Files and their variants: text to tree, tree to one design for each variant. */
#include <string.h>

#include "routesim/language/compose.h"
#include "language_private.h"

/* A sweep of more combinations than this is surely a mistake. */
#define MOST_VARIANTS 10000
/* No further variant is read when so many are told. */
#define ENOUGH_ERRORS 100

struct ScenarioFile {
  Arena *arena;
  const char *path;
  char *text;
  gsize length;
  ScenarioChecker checker;
  GPtrArray *scenarios; /* Scenario * */
};

/* One value to set at a path of the tree. */
typedef struct {
  const char *path;
  const Node *value;
  Mark mark;
} Setting;

typedef struct {
  const char *name;
  Mark mark;
  GArray *settings; /* Setting */
} Variant;

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

/* ---- variants -------------------------------------------------------------------------- */

const char *scenario_variant_meant(const char *word) {
  return word == NULL || word[0] == '\0' ? SCENARIO_BASE : word;
}

static Variant *new_variant(Arena *arena, GPtrArray *variants, const char *name) {
  Variant *variant = arena_new0(arena, Variant);
  variant->name = name;
  variant->settings = arena_growing_array(arena, sizeof(Setting));
  g_ptr_array_add(variants, variant);
  return variant;
}

static gboolean is_plain_name(const char *name) {
  return name[0] != '\0' && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name);
}

/* Changes take effect in the order of their paths, so that the order of keys in the file
 * cannot matter; a '*' comes before every name, so the special wins over the general. */
static int compare_settings(gconstpointer a, gconstpointer b) {
  return strcmp(((const Setting *)a)->path, ((const Setting *)b)->path);
}

/* What makes a file the file that it is, and what is said once, of all its variants. */
static void check_setting(KeyReader *reader, const Node *path) {
  static const char *const fixed[] = {"name", "variants", "sweep", "expect", "measured"};
  for (guint i = 0; i < G_N_ELEMENTS(fixed); i++) {
    const gsize length = strlen(fixed[i]);
    if (strncmp(path->text, fixed[i], length) == 0 &&
        (path->text[length] == '\0' || path->text[length] == '.'))
      diagnostics_add(reader->diagnostics, SEVERITY_ERROR, path->mark,
                      "a variant cannot change '%s'", fixed[i]);
  }
}

static void read_variants(KeyReader *reader, const Node *node, GPtrArray *variants) {
  if (node_is_absent(node))
    return;
  if (node->kind != NODE_MAPPING) {
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                    "expected a mapping of names to changes, found %s", node_kind_name(node));
    return;
  }
  for (guint i = 0; i < node->keys->len; i++) {
    const Node *key = node->keys->pdata[i], *changes = node->values->pdata[i];
    if (!is_plain_name(key->text))
      diagnostics_add(reader->diagnostics, SEVERITY_ERROR, key->mark,
                      "the name of a variant is of a-z, 0-9 and -");
    if (strcmp(key->text, SCENARIO_BASE) == 0)
      diagnostics_add(reader->diagnostics, SEVERITY_ERROR, key->mark,
                      "'" SCENARIO_BASE "' is the file as it stands: no variant is called so");
    Variant *variant = new_variant(reader->arena, variants, key->text);
    variant->mark = key->mark;
    if (changes->kind != NODE_MAPPING) {
      diagnostics_add(reader->diagnostics, SEVERITY_ERROR, changes->mark,
                      "expected a mapping of paths to values, found %s", node_kind_name(changes));
      continue;
    }
    for (guint j = 0; j < changes->keys->len; j++) {
      const Node *path = changes->keys->pdata[j];
      const Setting setting = {path->text, changes->values->pdata[j], path->mark};
      check_setting(reader, path);
      g_array_append_val(variant->settings, setting);
    }
    g_array_sort(variant->settings, compare_settings);
  }
}

static int compare_sweep_paths(gconstpointer a, gconstpointer b, gpointer data) {
  const Node *node = data;
  return strcmp(((const Node *)node->keys->pdata[*(const guint *)a])->text,
                ((const Node *)node->keys->pdata[*(const guint *)b])->text);
}

/* Every combination of the values of every path; a variant is named after them. */
static void read_sweep(KeyReader *reader, const Node *node, GPtrArray *variants) {
  guint64 all = 1;
  if (node_is_absent(node) || (node->kind == NODE_MAPPING && node->keys->len == 0))
    return;
  if (node->kind != NODE_MAPPING) {
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                    "expected a mapping of paths to lists, found %s", node_kind_name(node));
    return;
  }
  g_autofree guint *order = g_new(guint, node->keys->len); /* as compare_settings() */
  for (guint i = 0; i < node->keys->len; i++) {
    const Node *values = node->values->pdata[i];
    order[i] = i;
    check_setting(reader, node->keys->pdata[i]);
    if (values->kind != NODE_SEQUENCE || values->values->len == 0) {
      diagnostics_add(reader->diagnostics, SEVERITY_ERROR, values->mark,
                      "expected a list of values, found %s", node_kind_name(values));
      return;
    }
    all *= values->values->len;
    if (all > MOST_VARIANTS) {
      diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark,
                      "the sweep has more than %d combinations", MOST_VARIANTS);
      return;
    }
  }
  g_qsort_with_data(order, (gint)node->keys->len, sizeof *order, compare_sweep_paths,
                    (gpointer)node);
  for (guint64 combination = 0; combination < all; combination++) {
    GString *name = g_string_new(NULL);
    Variant *variant = new_variant(reader->arena, variants, NULL);
    guint64 rest = combination;
    for (guint i = node->keys->len; i-- > 0;) { /* the last path varies fastest */
      const GPtrArray *values = ((const Node *)node->values->pdata[order[i]])->values;
      const Node *path = node->keys->pdata[order[i]], *value = values->pdata[rest % values->len];
      const Setting setting = {path->text, value, path->mark};
      const char *last = strrchr(path->text, '.');
      GString *part = g_string_new(last != NULL ? last + 1 : path->text);
      g_string_append_c(part, '=');
      node_append_flow(value, part);
      g_string_append(part, name->len > 0 ? "," : "");
      rest /= values->len;
      g_string_prepend(name, part->str);
      g_string_free(part, TRUE);
      g_array_append_val(variant->settings, setting);
    }
    g_array_sort(variant->settings, compare_settings);
    variant->name = arena_strdup(reader->arena, name->str);
    variant->mark = node->mark;
    g_string_free(name, TRUE);
  }
}

static int compare_variants(gconstpointer a, gconstpointer b) {
  return strcmp((*(Variant *const *)a)->name, (*(Variant *const *)b)->name);
}

/* ---- loading ----------------------------------------------------------------------------- */

static void add_command_line(KeyReader *reader, const ScenarioSetting *settings, guint count,
                             GArray *out) {
  for (guint i = 0; i < count; i++) {
    g_autofree char *source = g_strdup_printf("--set %s", settings[i].path);
    const Node *value =
        compose_value(reader->arena, source, settings[i].value, reader->diagnostics);
    if (value == NULL)
      continue;
    const Setting setting = {settings[i].path, value, value->mark};
    g_array_append_val(out, setting);
  }
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
                                 const ScenarioSetting *settings, guint count,
                                 ScenarioChecker checker, Diagnostics *diagnostics) {
  Arena *arena = arena_new();
  ScenarioFile *file = arena_new0(arena, ScenarioFile);
  KeyReader reader = {arena, diagnostics, &scenario_hints};
  *file = (ScenarioFile){.arena = arena,
                         .path = arena_strdup(arena, path),
                         .text = text,
                         .length = length,
                         .checker = checker,
                         .scenarios = arena_ptr_array(arena)};
  const Node *root = compose_document(arena, file->path, text, length, diagnostics);
  if (root == NULL)
    return file; /* with no scenario: the diagnostics say why */
  GPtrArray *variants = arena_ptr_array(arena);
  g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(Setting));
  g_autoptr(GArray) command_line = g_array_new(FALSE, FALSE, sizeof(Setting));
  add_command_line(&reader, settings, count, command_line);
  read_variants(&reader, node_get(root, "variants"), variants);
  read_sweep(&reader, node_get(root, "sweep"), variants);
  g_ptr_array_sort(variants, compare_variants);
  add_scenario(file, &reader, root, NULL, none, command_line);
  for (guint i = 0; i < variants->len && diagnostics_errors(diagnostics) < ENOUGH_ERRORS; i++) {
    const Variant *variant = variants->pdata[i];
    if (i > 0 && strcmp(variant->name, ((Variant *)variants->pdata[i - 1])->name) == 0)
      diagnostics_add(diagnostics, SEVERITY_ERROR, variant->mark, "two variants are called '%s'",
                      variant->name);
    add_scenario(file, &reader, root, variant->name, variant->settings, command_line);
  }
  if (diagnostics_errors(diagnostics) < ENOUGH_ERRORS)
    check_variant_names(&reader, file);
  return file;
}
