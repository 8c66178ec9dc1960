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
  guint set;
  /* The first step that was missing, and where: said only when no place was found, for
   * behind a '*' not every place need have the rest of the path. */
  const char *missing;
  const Node *missing_in;
  Mark mark;
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

/* How many steps name one key, which may have dots; *step becomes that key. */
static guint steps_of_key(const SetPath *set, const Node *mapping, guint depth, const char **step) {
  *step = set->steps[depth];
  for (guint i = 0; i < mapping->keys->len; i++) {
    const char *key = ((const Node *)mapping->keys->pdata[i])->text;
    const char *rest = key;
    guint taken = 0;
    while (depth + taken < set->count && g_str_has_prefix(rest, set->steps[depth + taken])) {
      rest += strlen(set->steps[depth + taken++]);
      if (*rest != '.')
        break;
      rest++;
    }
    if (taken > 1 && *rest == '\0' && rest[-1] != '.') {
      *step = key;
      return taken;
    }
  }
  return 1;
}

static void set_in_mapping(SetPath *set, Node *mapping, guint depth) {
  const char *step;
  const guint taken = steps_of_key(set, mapping, depth, &step);
  const gboolean last = depth + taken == set->count;
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
      set_at(set, mapping->values->pdata[i], depth + taken);
    }
  }
  if (found || is_pattern(step))
    return;
  if (last) {
    node_put(mapping, node_new_scalar(set->arena, step, set->mark),
             node_copy(set->arena, set->value));
    set->set++;
  } else if (set->missing == NULL) {
    set->missing = step;
    set->missing_in = mapping;
  }
}

static void set_at(SetPath *set, Node *node, guint depth) {
  if (node->kind == NODE_SCALAR && !node->quoted && node->text[0] == '\0')
    *node = *node_new(set->arena, NODE_MAPPING, node->mark); /* `rs:` with nothing in it yet */
  if (node->kind == NODE_SEQUENCE)
    set_in_list(set, node, depth);
  else if (node->kind == NODE_MAPPING)
    set_in_mapping(set, node, depth);
}

static void report_missing(const SetPath *set, Diagnostics *diagnostics) {
  if (set->missing == NULL) {
    diagnostics_add(diagnostics, SEVERITY_ERROR, set->mark, "the path '%s' matches nothing",
                    set->path);
    return;
  }
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; i < set->missing_in->keys->len; i++)
    g_ptr_array_add(names, (gpointer)((const Node *)set->missing_in->keys->pdata[i])->text);
  g_ptr_array_add(names, NULL);
  const char *near = closest_name(set->missing, (const char *const *)names->pdata);
  if (near == NULL) {
    diagnostics_add(diagnostics, SEVERITY_ERROR, set->mark, "no '%s' on the path '%s'",
                    set->missing, set->path);
    return;
  }
  for (guint i = 0; i < set->missing_in->keys->len; i++) {
    const Node *key = set->missing_in->keys->pdata[i];
    if (strcmp(key->text, near) == 0 && diagnostics_has_error_at(diagnostics, key->mark))
      return; /* it is the key that is misspelt, not the path */
  }
  diagnostics_add(diagnostics, SEVERITY_ERROR, set->mark,
                  "no '%s' on the path '%s' (did you mean '%s'?)", set->missing, set->path, near);
  diagnostics_hint(diagnostics, "did you mean '%s'?", near);
}

guint node_set_path(Arena *arena, Node *root, const char *path, const Node *value, Mark mark,
                    Diagnostics *diagnostics) {
  g_auto(GStrv) steps = g_strsplit(path, ".", -1);
  SetPath set = {.arena = arena,
                 .path = path,
                 .steps = steps,
                 .count = g_strv_length(steps),
                 .value = value,
                 .mark = mark};
  if (set.count > 0 && !g_strv_contains((const char *const *)steps, ""))
    set_at(&set, root, 0);
  if (set.set == 0)
    report_missing(&set, diagnostics);
  return set.set;
}

/* Plain text that YAML would read back as something else, or not at all. */
static gboolean needs_quotes(const Node *node) {
  const char *text = node->text;
  if (text[0] == '\0')
    return node->quoted;
  const char last = text[strlen(text) - 1];
  return strpbrk(text, ",[]{}") != NULL || strchr(" #&*!|>'\"%@`?:", text[0]) != NULL ||
         last == ' ' || last == ':' || strstr(text, ": ") != NULL || strstr(text, ":?") != NULL ||
         strstr(text, " #") != NULL || (text[0] == '-' && (text[1] == ' ' || text[1] == '\0')) ||
         g_str_has_prefix(text, "---") || g_str_has_prefix(text, "...") || strcmp(text, "~") == 0;
}

static gboolean has_controls(const char *text) {
  while (*text != '\0' && !g_ascii_iscntrl(*text))
    text++;
  return *text != '\0';
}

static void append_scalar(const Node *node, GString *out) {
  const gboolean controls = has_controls(node->text); /* only double quotes can say these */
  const char *quote = controls ? "\"" : needs_quotes(node) ? "'" : "";
  g_string_append(out, quote);
  for (const char *at = node->text; *at != '\0'; at++) {
    if (controls && g_ascii_iscntrl(*at))
      g_string_append_printf(out, "\\x%02x", (guint)*at);
    else if (controls && strchr("\"\\", *at) != NULL)
      g_string_append_printf(out, "\\%c", *at);
    else if (*quote == '\'' && *at == '\'')
      g_string_append(out, "''");
    else
      g_string_append_c(out, *at);
  }
  g_string_append(out, quote);
}

static void append_key(const Node *key, GString *out) {
  append_scalar(key, out);
  g_string_append(out, ": ");
}

static int compare_keys(gconstpointer a, gconstpointer b, gpointer data) {
  const Node *mapping = data;
  return strcmp(((const Node *)mapping->keys->pdata[*(const guint *)a])->text,
                ((const Node *)mapping->keys->pdata[*(const guint *)b])->text);
}

void node_append_flow(const Node *node, GString *out) {
  if (node->kind == NODE_SCALAR) {
    append_scalar(node, out);
    return;
  }
  const gboolean mapping = node->kind == NODE_MAPPING;
  g_autofree guint *order = g_new(guint, node->values->len);
  for (guint i = 0; i < node->values->len; i++)
    order[i] = i;
  if (mapping)
    g_qsort_with_data(order, (gint)node->keys->len, sizeof *order, compare_keys, (gpointer)node);
  g_string_append_c(out, mapping ? '{' : '[');
  for (guint i = 0; i < node->values->len; i++) {
    if (i > 0)
      g_string_append(out, ", ");
    if (mapping)
      append_key(node->keys->pdata[order[i]], out);
    node_append_flow(node->values->pdata[order[i]], out);
  }
  g_string_append_c(out, mapping ? '}' : ']');
}

gboolean node_is_absent(const Node *node) {
  return node == NULL || (node->kind == NODE_SCALAR && !node->quoted && node->text[0] == '\0');
}
