/* Node trees: access, copies, paths, and the way back to text. */
#include "routesim/base/node.h"

#include <criterion/criterion.h>
#include <string.h>

static const Mark nowhere = {NULL, 0, 0, 0, 0};

static Node *scalar(Arena *arena, const char *text) {
  return node_new_scalar(arena, text, nowhere);
}

static Node *quoted(Arena *arena, const char *text) {
  Node *node = scalar(arena, text);
  node->quoted = TRUE;
  return node;
}

static Node *list_of(Arena *arena, Node *first, Node *second) {
  Node *list = node_new(arena, NODE_SEQUENCE, nowhere);
  g_ptr_array_add(list->values, first);
  g_ptr_array_add(list->values, second);
  return list;
}

static Node *mapping_of(Arena *arena, const char *key, Node *value) {
  Node *mapping = node_new(arena, NODE_MAPPING, nowhere);
  node_put(mapping, scalar(arena, key), value);
  return mapping;
}

static void put(Arena *arena, Node *mapping, const char *key, Node *value) {
  node_put(mapping, scalar(arena, key), value);
}

static void assert_flow(const Node *node, const char *expected) {
  g_autoptr(GString) out = g_string_new(NULL);
  node_append_flow(node, out);
  cr_assert_str_eq(out->str, expected);
}

/* {nvas: {fw-a: {hold: 9s, peers: {rs: {hold: 9s}}}, fw-b: {...}, lb: {peers: {}}}, list: [...]} */
static Node *example(Arena *arena) {
  Node *nvas = node_new(arena, NODE_MAPPING, nowhere);
  for (guint i = 0; i < 2; i++) {
    Node *peers = mapping_of(arena, "rs", mapping_of(arena, "hold", scalar(arena, "9s")));
    Node *nva = mapping_of(arena, "hold", scalar(arena, "9s"));
    put(arena, nva, "peers", peers);
    put(arena, nvas, i == 0 ? "fw-a" : "fw-b", nva);
  }
  put(arena, nvas, "lb", mapping_of(arena, "peers", node_new(arena, NODE_MAPPING, nowhere)));
  Node *root = mapping_of(arena, "nvas", nvas);
  put(arena, root, "list",
      list_of(arena, mapping_of(arena, "at", scalar(arena, "1s")),
              mapping_of(arena, "at", scalar(arena, "2s"))));
  return root;
}

static const char *text_at(const Node *root, const char *path) {
  g_auto(GStrv) steps = g_strsplit(path, ".", -1);
  for (guint i = 0; steps[i] != NULL && root != NULL; i++)
    root = root->kind == NODE_SEQUENCE ? root->values->pdata[steps[i][0] - '0']
                                       : node_get(root, steps[i]);
  return root != NULL ? root->text : "absent";
}

Test(node, new_nodes) {
  g_autoptr(Arena) arena = arena_new();
  const Source source = {"x.yaml", "", 0};
  char text[] = "abc";
  const Node *node = node_new_scalar(arena, text, (Mark){&source, 3, 4, 3, 7});
  text[0] = 'X';
  cr_assert_str_eq(node->text, "abc", "the text is a copy");
  cr_assert_eq(node->mark.line, 3);
  cr_assert_eq(node->mark.source, &source);
  cr_assert_not(node->quoted);
  cr_assert_eq(node_new(arena, NODE_MAPPING, nowhere)->keys->len, 0);
  cr_assert_eq(node_new(arena, NODE_SEQUENCE, nowhere)->values->len, 0);
}

Test(node, kind_names) {
  g_autoptr(Arena) arena = arena_new();
  cr_assert_str_eq(node_kind_name(node_new(arena, NODE_SCALAR, nowhere)), "a value");
  cr_assert_str_eq(node_kind_name(node_new(arena, NODE_SEQUENCE, nowhere)), "a list");
  cr_assert_str_eq(node_kind_name(node_new(arena, NODE_MAPPING, nowhere)), "a mapping");
}

Test(node, get_and_put) {
  g_autoptr(Arena) arena = arena_new();
  Node *mapping = mapping_of(arena, "a", scalar(arena, "1"));
  put(arena, mapping, "b", scalar(arena, "2"));
  put(arena, mapping, "a", scalar(arena, "3"));
  cr_assert_eq(mapping->keys->len, 2, "put replaces");
  cr_assert_str_eq(node_get(mapping, "a")->text, "3");
  cr_assert_str_eq(node_get(mapping, "b")->text, "2");
  cr_assert_null(node_get(mapping, "c"));
  cr_assert_null(node_get(node_get(mapping, "a"), "a"), "a value has no keys");
  cr_assert_null(node_get(list_of(arena, mapping, mapping), "a"), "nor has a list");
  cr_assert_null(node_get(NULL, "a"));
}

Test(node, copy_is_deep) {
  g_autoptr(Arena) arena = arena_new();
  Node *root = example(arena);
  Node *held = node_get(node_get(node_get(root, "nvas"), "fw-a"), "hold");
  held->quoted = TRUE;
  held->mark.line = 7;
  g_autoptr(Arena) other = arena_new();
  const Node *copy = node_copy(other, root);
  const Node *copied = node_get(node_get(node_get(copy, "nvas"), "fw-a"), "hold");
  cr_assert_neq(copied, held);
  cr_assert(copied->quoted);
  cr_assert_eq(copied->mark.line, 7);
  held->text = "changed";
  put(arena, node_get(root, "nvas"), "new", scalar(arena, "1"));
  cr_assert_str_eq(copied->text, "9s");
  cr_assert_null(node_get(node_get(copy, "nvas"), "new"));
}

typedef struct {
  const char *path;
  guint places;
  const char *look, *text; /* what stands where, afterwards */
} SetCase;

Test(node, set_path) {
  static const SetCase cases[] = {
      {"nvas.fw-a.hold", 1, "nvas.fw-a.hold", "new"},
      {"nvas.fw-a.hold", 1, "nvas.fw-b.hold", "9s"},
      {"nvas.*.peers.rs.hold", 2, "nvas.fw-b.peers.rs.hold", "new"},
      {"nvas.fw-*.hold", 2, "nvas.fw-b.hold", "new"},
      {"nvas.fw-*.hold", 2, "nvas.lb.hold", "absent"},
      {"nvas.fw-?.peers.*.hold", 2, "nvas.fw-a.peers.rs.hold", "new"},
      {"nvas.lb.asn", 1, "nvas.lb.asn", "new"}, /* the last step may be missing */
      {"nvas.*.asn", 3, "nvas.lb.asn", "new"},
      {"duration", 1, "duration", "new"},
      {"list.1.at", 1, "list.1.at", "new"},
      {"list.1.at", 1, "list.0.at", "1s"},
      {"list.*.at", 2, "list.0.at", "new"},
      {"list.0", 1, "list.0", "new"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Node *root = example(arena);
    cr_assert_eq(
        node_set_path(arena, root, cases[i].path, scalar(arena, "new"), nowhere, diagnostics),
        cases[i].places, "%s", cases[i].path);
    cr_assert_str_eq(text_at(root, cases[i].look), cases[i].text, "%s then %s", cases[i].path,
                     cases[i].look);
    cr_assert_eq(diagnostics_count(diagnostics), 0, "%s", cases[i].path);
  }
}

Test(node, set_path_that_leads_nowhere) {
  static const struct {
    const char *path, *message;
  } cases[] = {
      {"nvsa.fw-a.hold", "no 'nvsa' on the path 'nvsa.fw-a.hold' (did you mean 'nvas'?)"},
      {"nvas.fw-aa.hold", "no 'fw-aa' on the path 'nvas.fw-aa.hold' (did you mean 'fw-a'?)"},
      {"nvas.*.peesr.rs.hold", "no 'peesr' on the path 'nvas.*.peesr.rs.hold' (did you mean "
                               "'peers'?)"},
      {"nvas.unlike.hold", "no 'unlike' on the path 'nvas.unlike.hold'"},
      {"nvas.xy-*.hold", "the path 'nvas.xy-*.hold' matches nothing"},
      {"list.2.at", "the path 'list.2.at' matches nothing"},
      {"list.x", "the path 'list.x' matches nothing"},
      {"list.-1", "the path 'list.-1' matches nothing"},
      {"nvas.fw-a.hold.x", "the path 'nvas.fw-a.hold.x' matches nothing"},
      {"", "the path '' matches nothing"},
      {"nvas.", "the path 'nvas.' matches nothing"},
      {".nvas", "the path '.nvas' matches nothing"},
      {"nvas..hold", "the path 'nvas..hold' matches nothing"},
  };
  const Source source = {"--set", "1", 1};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Node *root = example(arena);
    g_autoptr(GString) before = g_string_new(NULL), after = g_string_new(NULL);
    node_append_flow(root, before);
    cr_assert_eq(node_set_path(arena, root, cases[i].path, scalar(arena, "new"),
                               (Mark){&source, 1, 1, 1, 2}, diagnostics),
                 0, "%s", cases[i].path);
    cr_assert_eq(diagnostics_errors(diagnostics), 1, "%s", cases[i].path);
    const Diagnostic *error = diagnostics_get(diagnostics, 0);
    cr_assert_str_eq(error->message, cases[i].message);
    cr_assert_eq(error->mark.source, &source);
    node_append_flow(root, after);
    cr_assert_str_eq(after->str, before->str, "nothing changed for %s", cases[i].path);
  }
}

Test(node, set_path_copies_and_fills_what_is_empty) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  Node *root = example(arena);
  put(arena, root, "sites", mapping_of(arena, "dc", scalar(arena, "")));
  Node *value = list_of(arena, scalar(arena, "1"), scalar(arena, "2"));
  cr_assert_eq(node_set_path(arena, root, "sites.dc.via", value, nowhere, diagnostics), 1);
  cr_assert_eq(node_set_path(arena, root, "nvas.*.via", value, nowhere, diagnostics), 3);
  cr_assert_eq(node_set_path(arena, root, "nvas.*.via", value, nowhere, diagnostics), 3);
  ((Node *)value->values->pdata[0])->text = "changed";
  cr_assert_str_eq(text_at(root, "sites.dc.via.0"), "1");
  cr_assert_str_eq(text_at(root, "nvas.lb.via.0"), "1");
  ((Node *)node_get(node_get(node_get(root, "nvas"), "lb"), "via")->values->pdata[0])->text = "x";
  cr_assert_str_eq(text_at(root, "nvas.fw-a.via.0"), "1", "each place has its own");
}

Test(node, append_flow) {
  g_autoptr(Arena) arena = arena_new();
  assert_flow(scalar(arena, "30s"), "30s");
  assert_flow(quoted(arena, "30s"), "30s");
  assert_flow(list_of(arena, scalar(arena, "9s"), scalar(arena, "30s")), "[9s, 30s]");
  assert_flow(node_new(arena, NODE_MAPPING, nowhere), "{}");
  Node *mapping =
      mapping_of(arena, "uniform", list_of(arena, scalar(arena, "1s"), scalar(arena, "2s")));
  assert_flow(mapping, "{uniform: [1s, 2s]}");
  put(arena, mapping, "a", scalar(arena, ""));
  assert_flow(mapping, "{a: , uniform: [1s, 2s]}");
}

Test(node, append_flow_quotes_what_needs_it) {
  static const struct {
    const char *text, *flow;
  } cases[] = {
      {"10.0.0.0/16", "10.0.0.0/16"},
      {"2001:db8::/32", "2001:db8::/32"},
      {"::/0", "'::/0'"},
      {"fd00::", "'fd00::'"},
      {"a, b", "'a, b'"},
      {"a: b", "'a: b'"},
      {"it's", "it's"},
      {"'x'", "'''x'''"},
      {"", "''"},
      {"~", "'~'"},
      {"*", "'*'"},
      {"- x", "'- x'"},
      {"-1", "-1"},
      {"x #y", "'x #y'"},
      {"x ", "'x '"},
      {"a\nb\"", "\"a\\x0ab\\\"\""},
  };
  g_autoptr(Arena) arena = arena_new();
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_flow(quoted(arena, cases[i].text), cases[i].flow);
  assert_flow(mapping_of(arena, "a: b", scalar(arena, "c")), "{'a: b': c}");
}
