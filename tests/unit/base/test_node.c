#include "routesim/base/node.h"

#include <criterion/criterion.h>
#include <string.h>

static const Mark nowhere = {NULL, 0, 0, 0, 0};

/* Trees from a small notation: "{a: {b: 1}, l: [x, y]}"; no quotes, no errors. */
static const char *skip_blanks(const char *text) { return text + strspn(text, " ,"); }

static Node *parse(Arena *arena, const char **text) {
  *text = skip_blanks(*text);
  if (**text != '{' && **text != '[') {
    const gsize length = strcspn(*text, ",:}] ");
    g_autofree char *word = g_strndup(*text, length);
    *text += length;
    return node_new_scalar(arena, word, nowhere);
  }
  const gboolean mapping = **text == '{';
  Node *node = node_new(arena, mapping ? NODE_MAPPING : NODE_SEQUENCE, nowhere);
  for (*text = skip_blanks(*text + 1); **text != '}' && **text != ']'; *text = skip_blanks(*text)) {
    Node *item = parse(arena, text);
    if (mapping) {
      ++*text; /* the colon */
      node_put(node, item, parse(arena, text));
    } else {
      g_ptr_array_add(node->values, item);
    }
  }
  ++*text;
  return node;
}

static Node *tree(Arena *arena, const char *text) { return parse(arena, &text); }

static void assert_flow(const Node *node, const char *expected) {
  g_autoptr(GString) out = g_string_new(NULL);
  node_append_flow(node, out);
  cr_assert_str_eq(out->str, expected, "%s, not %s", out->str, expected);
}

Test(node, mappings_and_lists) {
  g_autoptr(Arena) arena = arena_new();
  Node *root = tree(arena, "{a: 1, b: {c: 2}}");
  cr_assert_str_eq(node_get(root, "a")->text, "1");
  cr_assert_null(node_get(root, "z"));
  cr_assert_null(node_get(node_get(root, "a"), "a"), "a value has no keys");
  cr_assert_null(node_get(NULL, "a"));
  node_put(root, node_new_scalar(arena, "a", nowhere), node_new_scalar(arena, "7", nowhere));
  cr_assert_eq(root->keys->len, 2u, "the second put replaces");
  cr_assert_str_eq(node_get(root, "a")->text, "7");
  cr_assert_str_eq(node_kind_name(root), "a mapping");
  cr_assert_str_eq(node_kind_name(node_get(root, "a")), "a value");
}

Test(node, one_line_by_key_whatever_the_order) {
  g_autoptr(Arena) arena = arena_new();
  assert_flow(tree(arena, "{b: [2, 1], a: {d: x, c: y}}"), "{a: {c: y, d: x}, b: [2, 1]}");
  assert_flow(tree(arena, "[]"), "[]");
  assert_flow(tree(arena, "word"), "word");
}

Test(node, a_copy_shares_nothing) {
  g_autoptr(Arena) arena = arena_new();
  Node *root = tree(arena, "{a: {b: [1, 2]}}");
  Node *copy = node_copy(arena, root);
  g_ptr_array_add(node_get(node_get(copy, "a"), "b")->values, tree(arena, "3"));
  assert_flow(root, "{a: {b: [1, 2]}}");
  assert_flow(copy, "{a: {b: [1, 2, 3]}}");
}

/* ---- paths ------------------------------------------------------------------------------- */

typedef struct {
  const char *before, *path, *value, *after;
  guint places;
} PathCase;

Test(node, paths_set_every_place_that_they_name) {
  static const PathCase cases[] = {
      {"{a: 1}", "a", "2", "{a: 2}", 1},
      {"{a: {b: 1}}", "a.b", "2", "{a: {b: 2}}", 1},
      {"{a: {b: 1}}", "a.c", "2", "{a: {b: 1, c: 2}}", 1}, /* a last step may be missing */
      {"{a: {x: {h: 1}, y: {h: 2}}}", "a.*.h", "3", "{a: {x: {h: 3}, y: {h: 3}}}", 2},
      {"{a: {fw-a: {h: 1}, r: {h: 2}}}", "a.fw-*.h", "3", "{a: {fw-a: {h: 3}, r: {h: 2}}}", 1},
      {"{a: {fw-a: {h: 1}, fw-bb: {h: 2}}}", "a.fw-?.h", "3", "{a: {fw-a: {h: 3}, fw-bb: {h: 2}}}", 1},
      {"{l: [1, 2, 3]}", "l.1", "9", "{l: [1, 9, 3]}", 1},
      {"{l: [{h: 1}, {h: 2}]}", "l.0.h", "9", "{l: [{h: 9}, {h: 2}]}", 1},
      {"{l: [{h: 1}, {h: 2}]}", "l.*.h", "9", "{l: [{h: 9}, {h: 9}]}", 2},
      {"{a: {x: 1, y: 2}}", "a.*", "[3]", "{a: {x: [3], y: [3]}}", 2},
      {"{a: 1}", "a", "{b: {c: 2}}", "{a: {b: {c: 2}}}", 1},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Node *root = tree(arena, cases[i].before);
    const guint places = node_set_path(arena, root, cases[i].path,
                                       tree(arena, cases[i].value), nowhere, diagnostics);
    cr_assert_eq(diagnostics_errors(diagnostics), 0u, "%s", cases[i].path);
    cr_assert_eq(places, cases[i].places, "%s: %u places", cases[i].path, places);
    assert_flow(root, cases[i].after);
  }
}

static void assert_refused(const char *before, const char *path, const char *words) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  Node *root = tree(arena, before);
  const guint places =
      node_set_path(arena, root, path, tree(arena, "9"), nowhere, diagnostics);
  cr_assert_eq(places, 0u, "%s", path);
  cr_assert_eq(diagnostics_errors(diagnostics), 1u, "%s", path);
  cr_assert_not_null(strstr(diagnostics_get(diagnostics, 0)->message, words), "%s: %s", path,
                     diagnostics_get(diagnostics, 0)->message);
  assert_flow(root, before);
}

Test(node, paths_that_lead_nowhere_are_errors) {
  assert_refused("{nvas: {fw-a: {boot: 1}}}", "nvas.fw-b.boot", "did you mean 'fw-a'");
  assert_refused("{nvas: {fw-a: {boot: 1}}}", "nvsa.fw-a.boot", "did you mean 'nvas'");
  assert_refused("{nvas: {fw-a: {boot: 1}}}", "nvas.x*.boot", "matches nothing");
  assert_refused("{a: 1}", "a.b", "matches nothing");
  assert_refused("{l: [1, 2]}", "l.2", "matches nothing");
  assert_refused("{l: [1, 2]}", "l.-1", "matches nothing");
  assert_refused("{l: [1, 2]}", "l.x", "matches nothing");
  assert_refused("{a: 1}", "", "matches nothing");
}
