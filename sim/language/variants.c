/* Variants that a file names: sets of changes, each at a path. */
#include <string.h>

#include "variants_private.h"

Variant *variant_new(Arena *arena, GPtrArray *variants, const char *name) {
  Variant *variant = arena_new0(arena, Variant);
  variant->name = name;
  variant->settings = arena_growing_array(arena, sizeof(Setting));
  g_ptr_array_add(variants, variant);
  return variant;
}

static gboolean is_plain_name(const char *name) {
  return name[0] != '\0' && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name);
}

int setting_compare(gconstpointer a, gconstpointer b) {
  return strcmp(((const Setting *)a)->path, ((const Setting *)b)->path);
}

void variant_check_path(KeyReader *reader, const Node *path) {
  static const char *const fixed[] = {"name",     "variants", "sweep",
                                      "sampling", "expect",   "measured"};
  for (guint i = 0; i < G_N_ELEMENTS(fixed); i++) {
    const gsize length = strlen(fixed[i]);
    if (strncmp(path->text, fixed[i], length) == 0 &&
        (path->text[length] == '\0' || path->text[length] == '.'))
      diagnostics_add(reader->diagnostics, SEVERITY_ERROR, path->mark,
                      "a variant cannot change '%s'", fixed[i]);
  }
}

void scenario_read_variants(KeyReader *reader, const Node *node, GPtrArray *variants) {
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
    Variant *variant = variant_new(reader->arena, variants, key->text);
    variant->mark = key->mark;
    if (changes->kind != NODE_MAPPING) {
      diagnostics_add(reader->diagnostics, SEVERITY_ERROR, changes->mark,
                      "expected a mapping of paths to values, found %s", node_kind_name(changes));
      continue;
    }
    for (guint j = 0; j < changes->keys->len; j++) {
      const Node *path = changes->keys->pdata[j];
      const Setting setting = {path->text, changes->values->pdata[j], path->mark};
      variant_check_path(reader, path);
      g_array_append_val(variant->settings, setting);
    }
    g_array_sort(variant->settings, setting_compare);
  }
}

int variant_compare(gconstpointer a, gconstpointer b) {
  const Variant *left = *(Variant *const *)a, *right = *(Variant *const *)b;
  int order = left->is_swept - right->is_swept;
  for (guint i = 0; order == 0 && left->is_swept && i < left->settings->len; i++)
    order = quantity_compare_nodes(g_array_index(left->settings, Setting, i).value,
                                   g_array_index(right->settings, Setting, i).value);
  return order != 0 ? order : strcmp(left->name, right->name);
}
