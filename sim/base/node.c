/* Trees of marked nodes. */
#include "routesim/base/node.h"

#include <string.h>

Node *node_new(Arena *arena, NodeKind kind, Mark mark) {
  Node *node = arena_new0(arena, Node);
  node->kind = kind;
  node->mark = mark;
  node->text = "";
  if (kind != NODE_SCALAR)
    node->values = arena_ptr_array(arena);
  if (kind == NODE_MAPPING)
    node->keys = arena_ptr_array(arena);
  return node;
}

Node *node_new_scalar(Arena *arena, const char *text, Mark mark) {
  Node *node = node_new(arena, NODE_SCALAR, mark);
  node->text = arena_strdup(arena, text);
  return node;
}

const char *node_kind_name(const Node *node) {
  static const char *const names[] = {"a value", "a list", "a mapping"};
  return names[node->kind];
}

Node *node_get(const Node *mapping, const char *key) {
  if (mapping == NULL || mapping->kind != NODE_MAPPING)
    return NULL;
  for (guint i = 0; i < mapping->keys->len; i++)
    if (strcmp(((const Node *)mapping->keys->pdata[i])->text, key) == 0)
      return mapping->values->pdata[i];
  return NULL;
}

void node_put(Node *mapping, Node *key, Node *value) {
  g_assert(mapping->kind == NODE_MAPPING);
  for (guint i = 0; i < mapping->keys->len; i++)
    if (strcmp(((const Node *)mapping->keys->pdata[i])->text, key->text) == 0) {
      mapping->values->pdata[i] = value;
      return;
    }
  g_ptr_array_add(mapping->keys, key);
  g_ptr_array_add(mapping->values, value);
}

Node *node_copy(Arena *arena, const Node *node) {
  Node *copy = node_new(arena, node->kind, node->mark);
  copy->text = arena_strdup(arena, node->text);
  copy->quoted = node->quoted;
  for (guint i = 0; node->keys != NULL && i < node->keys->len; i++)
    g_ptr_array_add(copy->keys, node_copy(arena, node->keys->pdata[i]));
  for (guint i = 0; node->values != NULL && i < node->values->len; i++)
    g_ptr_array_add(copy->values, node_copy(arena, node->values->pdata[i]));
  return copy;
}

/* ---- paths ------------------------------------------------------------------------------- */

typedef struct {
  Arena *arena;
  const char *path;
  char **steps;
  guint count;
  const Node *value;
  Mark mark;
  Diagnostics *diagnostics;
  guint set;
  gboolean suggested;
} SetPath;

static gboolean is_pattern(const char *step) { return strpbrk(step, "*?") != NULL; }

static void set_at(SetPath *set, Node *node, guint depth);

static void set_in_list(SetPath *set, Node *list, guint depth) {
  const char *step = set->steps[depth];
  guint64 index = 0;
  const gboolean all = strcmp(step, "*") == 0;
  if (!all && !g_ascii_string_to_unsigned(step, 10, 0, G_MAXUINT32, &index, NULL))
    return;
  for (guint i = 0; i < list->values->len; i++) {
    if (!all && i != index)
      continue;
    if (depth + 1 == set->count) {
      list->values->pdata[i] = node_copy(set->arena, set->value);
      set->set++;
    } else {
      set_at(set, list->values->pdata[i], depth + 1);
    }
  }
}

static void suggest(SetPath *set, const Node *mapping, const char *step) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; i < mapping->keys->len; i++)
    g_ptr_array_add(names, (gpointer)((const Node *)mapping->keys->pdata[i])->text);
  g_ptr_array_add(names, NULL);
  const char *near = closest_name(step, (const char *const *)names->pdata);
  set->suggested = TRUE;
  if (near != NULL)
    diagnostics_add(set->diagnostics, SEVERITY_ERROR, set->mark,
                    "no '%s' on the path '%s' (did you mean '%s'?)", step, set->path, near);
  else
    diagnostics_add(set->diagnostics, SEVERITY_ERROR, set->mark, "no '%s' on the path '%s'", step,
                    set->path);
}

static void set_in_mapping(SetPath *set, Node *mapping, guint depth) {
  const char *step = set->steps[depth];
  const gboolean last = depth + 1 == set->count;
  gboolean found = FALSE;
  for (guint i = 0; i < mapping->keys->len; i++) {
    const char *key = ((const Node *)mapping->keys->pdata[i])->text;
    if (is_pattern(step) ? !g_pattern_match_simple(step, key) : strcmp(step, key) != 0)
      continue;
    found = TRUE;
    if (last) {
      mapping->values->pdata[i] = node_copy(set->arena, set->value);
      set->set++;
    } else {
      set_at(set, mapping->values->pdata[i], depth + 1);
    }
  }
  if (found || is_pattern(step))
    return;
  if (last) {
    node_put(mapping, node_new_scalar(set->arena, step, set->mark),
             node_copy(set->arena, set->value));
    set->set++;
  } else {
    suggest(set, mapping, step);
  }
}

static void set_at(SetPath *set, Node *node, guint depth) {
  if (node->kind == NODE_SEQUENCE)
    set_in_list(set, node, depth);
  else if (node->kind == NODE_MAPPING)
    set_in_mapping(set, node, depth);
}

guint node_set_path(Arena *arena, Node *root, const char *path, const Node *value, Mark mark,
                    Diagnostics *diagnostics) {
  g_auto(GStrv) steps = g_strsplit(path, ".", -1);
  SetPath set = {arena, path, steps, g_strv_length(steps), value, mark, diagnostics, 0, FALSE};
  if (set.count > 0 && path[0] != '\0')
    set_at(&set, root, 0);
  if (set.suggested)
    return 0;
  if (set.set == 0)
    diagnostics_add(diagnostics, SEVERITY_ERROR, mark, "the path '%s' matches nothing", path);
  return set.set;
}

void node_append_flow(const Node *node, GString *out) {
  if (node->kind == NODE_SCALAR) {
    g_string_append(out, node->text);
    return;
  }
  const gboolean mapping = node->kind == NODE_MAPPING;
  g_string_append_c(out, mapping ? '{' : '[');
  for (guint i = 0; i < node->values->len; i++) {
    if (i > 0)
      g_string_append(out, ", ");
    if (mapping)
      g_string_append_printf(out, "%s: ", ((const Node *)node->keys->pdata[i])->text);
    node_append_flow(node->values->pdata[i], out);
  }
  g_string_append_c(out, mapping ? '}' : ']');
}
