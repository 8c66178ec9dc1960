#include "routesim/scenario/compose.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  Arena *arena;
  Diagnostics *diagnostics;
  char *text;
  Node *root;
} Composed;

static Composed compose_bytes(const char *bytes, gsize length) {
  Composed composed = {.arena = arena_new(), .diagnostics = diagnostics_new()};
  composed.text = g_memdup2(bytes, length + 1);
  composed.text[length] = '\0';
  composed.root =
      compose_document(composed.arena, "x.yaml", composed.text, length, composed.diagnostics);
  return composed;
}

static Composed compose(const char *text) { return compose_bytes(text, strlen(text)); }

static void composed_clear(Composed *composed) {
  diagnostics_free(composed->diagnostics);
  arena_free(composed->arena);
  g_free(composed->text);
}

static void assert_tree(const char *text, const char *flow) {
  Composed composed = compose(text);
  g_autoptr(GString) out = g_string_new(NULL);
  cr_assert_eq(diagnostics_count(composed.diagnostics), 0u, "%s: %s", text,
               diagnostics_count(composed.diagnostics) > 0
                   ? diagnostics_get(composed.diagnostics, 0)->message
                   : "");
  cr_assert_not_null(composed.root, "%s", text);
  node_append_flow(composed.root, out);
  cr_assert_str_eq(out->str, flow, "%s gave %s", text, out->str);
  composed_clear(&composed);
}

/* Refused at this line and column, with these words; nothing else is wrong with it. */
static void assert_refused_bytes(const char *bytes, gsize length, guint line, guint column,
                                 const char *words) {
  Composed composed = compose_bytes(bytes, length);
  cr_assert_geq(diagnostics_errors(composed.diagnostics), 1u, "%s", bytes);
  const Diagnostic *first = diagnostics_get(composed.diagnostics, 0);
  cr_assert_not_null(strstr(first->message, words), "%s gave: %s", bytes, first->message);
  cr_assert(first->mark.line == line && first->mark.column == column, "%s: %s at %u:%u", bytes,
            first->message, first->mark.line, first->mark.column);
  /* Printing must survive whatever the file holds. */
  g_autoptr(GString) out = g_string_new(NULL);
  diagnostics_append(composed.diagnostics, FALSE, out);
  cr_assert(g_utf8_validate(out->str, -1, NULL));
  composed_clear(&composed);
}

static void assert_refused(const char *text, guint line, guint column, const char *words) {
  assert_refused_bytes(text, strlen(text), line, column, words);
}

Test(compose, trees) {
  assert_tree("a: 1\nb: [x, y]\n", "{a: 1, b: [x, y]}");
  assert_tree("a:\n  b:\n  - {c: d}\n", "{a: {b: [{c: d}]}}");
  assert_tree("a:\nb: ~\n", "{a: , b: }");
  assert_tree("a: 012\nb: off\nc: 12:30\nd: 1.0\n", "{a: 012, b: off, c: 12:30, d: 1.0}");
  assert_tree("a: \"x\\ty\"\nb: 'it''s'\n", "{a: x\ty, b: it's}");
  assert_tree("---\na: 1\n...\n", "{a: 1}");
  assert_tree("# comment\na: 1 # more\n", "{a: 1}");
  assert_tree("a: 1\r\nb: 2\r\n", "{a: 1, b: 2}");
  assert_tree("\xef\xbb\xbf" "a: 1\n", "{a: 1}");
}

Test(compose, aliases_are_copies) {
  assert_tree("a: &x {k: 1}\nb: *x\n", "{a: {k: 1}, b: {k: 1}}");
  assert_tree("a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}\n", "{a: {k: 1, l: 2}, b: {k: 3, l: 2}}");
  assert_tree("a: &x {k: 1, l: 2}\nb: {k: 3, <<: *x}\n", "{a: {k: 1, l: 2}, b: {k: 3, l: 2}}");
  assert_tree("a: &x {k: 1}\nb: &y {k: 2, m: 3}\nc: {<<: [*x, *y]}\n",
              "{a: {k: 1}, b: {k: 2, m: 3}, c: {k: 1, m: 3}}");
  assert_tree("a: &x 1\nb: &x 2\nc: *x\n", "{a: 1, b: 2, c: 2}");
}

Test(compose, marks_point_at_what_they_mark) {
  Composed composed = compose("name: x\nnvas:\n  fw-a: {asn: 65010,\n         kind: firewall}\n");
  const Node *nva = node_get(node_get(composed.root, "nvas"), "fw-a");
  const Node *asn = node_get(nva, "asn"), *kind = node_get(nva, "kind");
  cr_assert_eq(nva->mark.line, 3u);
  cr_assert_eq(nva->mark.column, 9u);
  cr_assert_eq(asn->mark.column, 15u);
  cr_assert_eq(asn->mark.end_column, 20u);
  cr_assert_eq(kind->mark.line, 4u);
  cr_assert_eq(kind->mark.column, 16u);
  composed_clear(&composed);
}

Test(compose, quotes_tell_the_empty_text_from_no_value) {
  Composed composed = compose("a: \"\"\nb:\n");
  cr_assert(node_get(composed.root, "a")->quoted);
  cr_assert_not(node_get(composed.root, "b")->quoted);
  composed_clear(&composed);
}

Test(compose, what_a_scenario_has_no_use_for) {
  assert_refused("a: 1\na: 2\n", 2, 1, "stands twice");
  assert_refused("{a: 1, 'a': 2}\n", 1, 8, "stands twice");
  assert_refused("a: 1\n---\nb: 2\n", 2, 1, "second document");
  assert_refused("[a, b]: c\n", 1, 1, "key");
  assert_refused("a: *nobody\n", 1, 4, "no anchor '&nobody'");
  assert_refused("a: &x [*x]\n", 1, 8, "inside what it stands for");
  assert_refused("a: &x {b: {c: *x}}\n", 1, 15, "inside what it stands for");
  assert_refused("<<: word\n", 1, 5, "merges mappings");
}

Test(compose, slips_of_the_hand) {
  assert_refused("a:\n\tb: 1\n", 2, 1, "tab");
  assert_refused("a: @b\n", 1, 4, "quotes");
  assert_refused("a: b: c\n", 1, 5, "quotes");
  assert_refused("a: [b, c\n", 1, 9, "','");
  assert_refused("a: %x\n", 1, 4, "quotes");
  /* libyaml counts characters, the text is bytes. */
  assert_refused("t: \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\na: @b\n", 2, 4, "quotes");
}

Test(compose, what_is_no_text) {
  assert_refused("a: caf\xe9\n", 1, 7, "0xe9");
  assert_refused("a: 1\nb: \xc3", 2, 4, "0xc3");
  assert_refused("a: x\001y\n", 1, 5, "0x01");
  assert_refused("a: \xef\xbf\xbe\n", 1, 4, "");
  assert_refused_bytes("a: 1\nb: \0\n", 10, 2, 4, "0x00");
  assert_refused_bytes("\377\376a\000:\000", 6, 1, 1, "UTF-");
}

Test(compose, an_empty_file_says_what_is_needed) {
  static const char *const texts[] = {"", "\n\n", "# nothing\n", "---\n", "--- ~\n", "...\n"};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    Composed composed = compose(texts[i]);
    cr_assert_null(composed.root);
    cr_assert_eq(diagnostics_errors(composed.diagnostics), 1u, "'%s'", texts[i]);
    cr_assert_not_null(strstr(diagnostics_get(composed.diagnostics, 0)->message, "empty"));
    composed_clear(&composed);
  }
}

/* ---- hostile files ------------------------------------------------------------------------------ */

Test(compose, depth_is_bounded, .timeout = 30) {
  static const char *const openers[] = {"[", "{a: ", "- ", "? ", "[{a: "};
  for (guint i = 0; i < G_N_ELEMENTS(openers); i++) {
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint j = 0; j < 100000; j++)
      g_string_append(text, openers[i]);
    Composed composed = compose(text->str);
    cr_assert_null(composed.root);
    cr_assert_not_null(strstr(diagnostics_get(composed.diagnostics, 0)->message, "64"));
    composed_clear(&composed);
  }
}

/* Ten times itself, nine times over: 10^9 nodes if it were expanded. */
Test(compose, a_bomb_is_refused_at_the_alias, .timeout = 30) {
  g_autoptr(GString) text = g_string_new("a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
  for (guint i = 1; i < 10; i++) {
    g_string_append_printf(text, "a%u: &a%u [", i, i);
    for (guint j = 0; j < 10; j++)
      g_string_append_printf(text, "%s*a%u", j > 0 ? ", " : "", i - 1);
    g_string_append(text, "]\n");
  }
  Composed composed = compose(text->str);
  cr_assert_null(composed.root);
  cr_assert_not_null(strstr(diagnostics_get(composed.diagnostics, 0)->message, "too many nodes"));
  composed_clear(&composed);
}

Test(compose, many_keys_take_no_time, .timeout = 30) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < 200000; i++)
    g_string_append_printf(text, "key%u: 1\n", i);
  Composed composed = compose(text->str);
  cr_assert_not_null(composed.root);
  cr_assert_eq(composed.root->keys->len, 200000u);
  composed_clear(&composed);
}

Test(compose, size_is_bounded) {
  const gsize length = 11 * 1024 * 1024;
  g_autofree char *text = g_strnfill(length, '#');
  Composed composed = compose_bytes(text, length);
  cr_assert_null(composed.root);
  cr_assert_not_null(strstr(diagnostics_get(composed.diagnostics, 0)->message, "10 MB"));
  composed_clear(&composed);
}

/* ---- values of the command line, files ------------------------------------------------------------ */

Test(compose, values) {
  static const struct {
    const char *text, *flow;
  } cases[] = {{"30s", "30s"}, {"[9s, 30s]", "[9s, 30s]"}, {"{a: 1}", "{a: 1}"}, {"", ""}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(GString) out = g_string_new(NULL);
    const Node *node = compose_value(arena, cases[i].text, diagnostics);
    cr_assert_eq(diagnostics_count(diagnostics), 0u, "%s", cases[i].text);
    cr_assert_not_null(node);
    node_append_flow(node, out);
    cr_assert_str_eq(out->str, cases[i].flow);
  }
}

Test(compose, a_broken_value_is_an_error) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  compose_value(arena, "[9s, 30s", diagnostics);
  cr_assert_eq(diagnostics_errors(diagnostics), 1u);
  cr_assert_str_eq(diagnostics_get(diagnostics, 0)->mark.source->name, "--set");
}

Test(compose, files) {
  g_autoptr(GError) missing = NULL;
  g_autoptr(GError) directory = NULL;
  char *name = NULL;
  gsize length = 0;
  cr_assert_null(compose_read_file("/nowhere/at/all", &length, &missing));
  cr_assert(g_error_matches(missing, G_FILE_ERROR, G_FILE_ERROR_NOENT));
  cr_assert_null(compose_read_file("/", &length, &directory));
  cr_assert(g_error_matches(directory, G_FILE_ERROR, G_FILE_ERROR_ISDIR));
  close(g_file_open_tmp("routesim-compose-XXXXXX", &name, NULL));
  cr_assert(g_file_set_contents(name, "a\0b\n", 4, NULL));
  g_autofree char *text = compose_read_file(name, &length, NULL);
  cr_assert_eq(length, 4u);
  cr_assert_eq(memcmp(text, "a\0b\n", 5), 0, "with a NUL behind the end");
  g_unlink(name);
  g_free(name);
}
