/* The composer: trees and marks, every slip with its words and place, hostile files. */
#include "routesim/language/compose.h"
#include "support/effort.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  Arena *arena;
  Diagnostics *diagnostics;
  Node *root;
} Composed;

static Composed compose_bytes(const char *bytes, gsize length) {
  Composed composed = {.arena = arena_new(), .diagnostics = diagnostics_new()};
  composed.root = compose_document(composed.arena, "x.yaml", bytes, length, composed.diagnostics);
  return composed;
}

static Composed compose_text(const char *text) { return compose_bytes(text, strlen(text)); }

static void composed_clear(Composed *composed) {
  diagnostics_free(composed->diagnostics);
  arena_free(composed->arena);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Composed, composed_clear)

static char *flow_of(const Node *node) {
  GString *out = g_string_new(NULL);
  node_append_flow(node, out);
  return g_string_free(out, FALSE);
}

static void assert_tree(const char *text, const char *flow) {
  g_auto(Composed) composed = compose_text(text);
  cr_assert_eq(diagnostics_count(composed.diagnostics), 0, "%s: %s", text,
               diagnostics_count(composed.diagnostics) > 0
                   ? diagnostics_get(composed.diagnostics, 0)->message
                   : "");
  g_autofree char *got = flow_of(composed.root);
  cr_assert_str_eq(got, flow, "%s gave %s", text, got);
}

static void assert_message(const Composed *composed, guint index, Severity severity, guint line,
                           guint column, const char *message) {
  cr_assert_lt(index, diagnostics_count(composed->diagnostics), "no message: %s", message);
  const Diagnostic *item = diagnostics_get(composed->diagnostics, index);
  cr_assert_eq(item->severity, severity, "%s", message);
  cr_assert_str_eq(item->message, message);
  cr_assert(item->mark.line == line && item->mark.column == column, "%u:%u, not %u:%u, for: %s",
            item->mark.line, item->mark.column, line, column, message);
}

/* ---- trees ----------------------------------------------------------------------------- */

Test(compose, trees) {
  assert_tree("a: 1\nb: [x, {c: d}]\n", "{a: 1, b: [x, {c: d}]}");
  assert_tree("a:\n  - 1\n  - b: 2\n    c: 3\n", "{a: [1, {b: 2, c: 3}]}");
  assert_tree("---\na: 1\n...\n", "{a: 1}");
  assert_tree("%YAML 1.1\n---\na: x%TAG\n", "{a: x%TAG}");
  assert_tree("# note\na: 1 # another\n", "{a: 1}");
  assert_tree("a:\nb: ~\nc: ''\n", "{a: , b: , c: ''}");
  assert_tree("a: [9s, 30s]\n", "{a: [9s, 30s]}");
  assert_tree("{\"json\": [1, true, null]}", "{json: [1, true, null]}");
}

Test(compose, scalars_are_text) {
  assert_tree("{off: off, 012: 012, t: 12:30:45, y: yes, f: 1.50}",
              "{012: 012, f: 1.50, off: off, t: 12:30:45, y: yes}");
  g_auto(Composed) composed = compose_text("a: 'x'\nb: \"y\"\nc: z\nd: |\n  w\n");
  cr_assert(node_get(composed.root, "a")->quoted);
  cr_assert(node_get(composed.root, "b")->quoted);
  cr_assert_not(node_get(composed.root, "c")->quoted);
  cr_assert(node_get(composed.root, "d")->quoted);
  cr_assert_str_eq(node_get(composed.root, "d")->text, "w\n");
}

Test(compose, marks) {
  g_auto(Composed) composed = compose_text("name: x\nnets:\n  hub: {é: [10, 'b c']}\n");
  const Node *nets = node_get(composed.root, "nets"), *hub = node_get(nets, "hub");
  const Node *key = nets->keys->pdata[0], *list = node_get(hub, "é");
  cr_assert_str_eq(key->mark.source->name, "x.yaml");
  cr_assert(key->mark.line == 3 && key->mark.column == 3 && key->mark.end_column == 6);
  cr_assert(hub->mark.line == 3 && hub->mark.column == 8 && hub->mark.end_column == 24);
  cr_assert(list->mark.column == 12, "columns count characters");
  const Node *item = list->values->pdata[1];
  cr_assert(item->mark.column == 17 && item->mark.end_column == 22);
}

Test(compose, byte_order_mark_and_line_ends) {
  assert_tree("\xef\xbb\xbf"
              "a: 1\r\nb:\r\n  - 2\r\n",
              "{a: 1, b: [2]}");
  assert_tree("a: 1\rb: 2\r", "{a: 1, b: 2}");
  g_auto(Composed) composed = compose_text("\xef\xbb\xbf"
                                           "a: 1\r\nb: 2\r\n");
  const Node *first = composed.root->keys->pdata[0], *second = composed.root->keys->pdata[1];
  cr_assert(first->mark.line == 1 && first->mark.column == 1);
  cr_assert(second->mark.line == 2 && second->mark.column == 1);
}

Test(compose, anchors_aliases_and_merge_keys) {
  assert_tree("a: &x [1, 2]\nb: *x\n", "{a: [1, 2], b: [1, 2]}");
  assert_tree("a: &x 1\nb: &x 2\nc: *x\n", "{a: 1, b: 2, c: 2}");
  assert_tree("a: &x k\nb: {*x : 1}\n", "{a: k, b: {k: 1}}");
  assert_tree("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}\nc: {q: 4, <<: *x}\n",
              "{a: {p: 1, q: 2}, b: {p: 1, q: 3}, c: {p: 1, q: 4}}");
  assert_tree("a: &x {p: 1}\nb: {<<: [*x, {p: 2, r: 5}]}\n", "{a: {p: 1}, b: {p: 1, r: 5}}");
  assert_tree("a: {'<<': 1}\n", "{a: {<<: 1}}");
  g_auto(Composed) composed = compose_text("a: &x {p: 1}\nb: *x\nc:\n  <<: *x\n  p: 2\n");
  const Node *alias = node_get(composed.root, "b");
  cr_assert(alias->mark.line == 2 && alias->mark.column == 4, "an alias stands where it stands");
  const Node *key = node_get(composed.root, "c")->keys->pdata[0];
  cr_assert_eq(key->mark.line, 5, "the key that wins is the one that is marked");
  ((Node *)node_get(alias, "p"))->text = "changed";
  cr_assert_str_eq(node_get(node_get(composed.root, "a"), "p")->text, "1", "aliases are copies");
}

/* ---- what is refused ---------------------------------------------------------------------- */

typedef struct {
  const char *text;
  guint line, column;
  const char *message;
  guint note_line, note_column; /* 0: no note */
  const char *note;
} SlipCase;

static const SlipCase slips[] = {
    {"a:\n\tb: 2\n", 2, 1, "a tab cannot indent: use spaces", 0, 0, NULL},
    {"a: é\n\tb: 2\n", 2, 1, "a tab cannot indent: use spaces", 0, 0, NULL},
    {"é: @x\n", 1, 4, "a value cannot start with '@': put it in quotes", 0, 0, NULL},
    {"a: `x`\n", 1, 4, "a value cannot start with '`': put it in quotes", 0, 0, NULL},
    {"a: %x\n", 1, 4, "a value cannot start with '%': put it in quotes", 0, 0, NULL},
    {"a: [1,,2]\n", 1, 7, "a comma with nothing before it", 0, 0, NULL},
    {"a: {b: 1,,c: 2}\n", 1, 10, "a comma with nothing before it", 0, 0, NULL},
    {"# x\r\n%TAG !a! b\n---\na: 1\n", 2, 1, "a scenario has no use for '%TAG'", 0, 0, NULL},
    {"%FOO\n---\na: 1\n", 1, 5, "a line cannot start with '%': put the value in quotes", 0, 0,
     NULL},
    {"...\n", 1, 1, "a value is missing here", 0, 0, NULL},
    {"a: ]\n", 1, 4, "a closing bracket that closes nothing here", 0, 0, NULL},
    {"a: [::/0]\n", 1, 5,
     "a value in brackets cannot start with ':': put it in quotes, as in "
     "'::1'",
     0, 0, NULL},
    {"a: [fd00::]\n", 1, 10, "put a value with this ':' in quotes, as in 'fd00::'", 0, 0, NULL},
    {"m: [azure, aws\nb: 2\n", 2, 2, "expected ',' or ']': a list was opened and not closed", 1, 4,
     "the list was opened here"},
    {"m: {a: 1\n\n", 1, 9, "expected ',' or '}': a mapping was opened and not closed", 1, 4,
     "the mapping was opened here"},
    {"a: \"x\nb: 2\n", 1, 4, "the quotes that open here are never closed", 0, 0, NULL},
    {"a: 1\nkey:value\nb: 2\n", 2, 4, "a space must follow the ':' of a key", 0, 0, NULL},
    {"a: 1\nkey\nb: 2\n", 2, 1, "a key without ': ' behind it", 0, 0, NULL},
    {"a: b: c\n", 1, 5, "a second ': ' on this line: put the value in quotes", 0, 0, NULL},
    {"key:value\nb: 2\n", 2, 2,
     "a key cannot stand here: the line above may lack a ': ' (with "
     "the space), or be indented otherwise",
     0, 0, NULL},
    {"a:\n    b: 1\n  c: 2\n", 3, 3, "indented otherwise than the keys above", 1, 1,
     "the mapping begins here"},
    {"a: 'x' y\n", 1, 8, "text behind the end of a value: put all of it in quotes", 1, 1,
     "the mapping begins here"},
    {"a: 1\n- b\n", 2, 1, "a list item cannot stand among the keys of a mapping", 1, 1,
     "the mapping begins here"},
    {"a:\n  - 1\n  b: 2\n", 3, 3,
     "a key cannot stand among the items of a list: is it indented "
     "as it should be?",
     2, 3, "the list begins here"},
    {"a: - b\n", 1, 4, "a list item cannot stand on the line of its key: put it on the next line",
     0, 0, NULL},
    {"a: *\n", 1, 5,
     "a name must follow '*' or '&': if no alias is meant, put the value in "
     "quotes",
     0, 0, NULL},
    {"a: \"\\q\"\n", 1, 5, "unknown escape: single quotes keep a backslash as it is", 0, 0, NULL},
    {"a: *x\n", 1, 4, "there is no anchor '&x'", 0, 0, NULL},
    {"a: &x [*x]\n", 1, 8, "an alias inside what it stands for", 0, 0, NULL},
    {"a: &x {b: {c: *x}}\n", 1, 15, "an alias inside what it stands for", 0, 0, NULL},
    {"a: {<<: 5}\n", 1, 9, "'<<' merges mappings only, as in '<<: *name'", 0, 0, NULL},
    {"a: 1\n---\nb: 2\n", 2, 1, "a second document: one file holds one scenario", 0, 0, NULL},
    {"a: 1\nb: \xff\n", 2, 4, "byte 0xff is not UTF-8 text", 0, 0, NULL},
    {"é\xc3", 1, 2, "byte 0xc3 is not UTF-8 text", 0, 0, NULL},
    {"a: 1\r\nb: x\x01\n", 2, 5, "control character 0x01: a scenario is plain text", 0, 0, NULL},
    {"\xff\xfe"
     "a",
     1, 1, "the file is UTF-16: save it as UTF-8", 0, 0, NULL},
};

Test(compose, slips) {
  for (gsize i = 0; i < G_N_ELEMENTS(slips); i++) {
    const SlipCase *slip = &slips[i];
    g_auto(Composed) composed = compose_text(slip->text);
    cr_assert_null(composed.root, "%s", slip->text);
    assert_message(&composed, 0, SEVERITY_ERROR, slip->line, slip->column, slip->message);
    cr_assert_eq(diagnostics_count(composed.diagnostics), slip->note != NULL ? 2 : 1, "%s",
                 slip->text);
    if (slip->note != NULL)
      assert_message(&composed, 1, SEVERITY_NOTE, slip->note_line, slip->note_column, slip->note);
    g_autoptr(GString) out = g_string_new(NULL);
    diagnostics_append(composed.diagnostics, FALSE, out);
    cr_assert(g_utf8_validate(out->str, (gssize)out->len, NULL));
    cr_assert_not_null(strchr(out->str, '^'), "the line is quoted:\n%s", out->str);
  }
}

Test(compose, nul_character) {
  g_auto(Composed) composed = compose_bytes("a: 1\nb: x\0y\n", 12);
  cr_assert_null(composed.root);
  assert_message(&composed, 0, SEVERITY_ERROR, 2, 5,
                 "control character 0x00: a scenario is plain text");
  g_auto(Composed) escaped = compose_text("a: \"x\\0y\"\n");
  cr_assert_null(escaped.root);
  assert_message(&escaped, 0, SEVERITY_ERROR, 1, 4, "a value holds a NUL character");
}

Test(compose, duplicate_keys) {
  g_auto(Composed) composed = compose_text("a: 1\nb: {c: 1, 'c': 2}\na: 2\na: 3\n");
  cr_assert_not_null(composed.root, "reading goes on");
  cr_assert_eq(diagnostics_errors(composed.diagnostics), 3);
  assert_message(&composed, 0, SEVERITY_ERROR, 2, 11, "the key 'c' stands twice");
  assert_message(&composed, 1, SEVERITY_NOTE, 2, 5, "it stands here first");
  assert_message(&composed, 2, SEVERITY_ERROR, 3, 1, "the key 'a' stands twice");
  assert_message(&composed, 3, SEVERITY_NOTE, 1, 1, "it stands here first");
  assert_message(&composed, 4, SEVERITY_ERROR, 4, 1, "the key 'a' stands twice");
  assert_message(&composed, 5, SEVERITY_NOTE, 1, 1, "it stands here first");
}

Test(compose, keys_that_are_no_words) {
  g_auto(Composed) composed = compose_text("[a]: 1\n{b: 2}: 1\nc: 3\n");
  cr_assert_eq(diagnostics_count(composed.diagnostics), 2);
  assert_message(&composed, 0, SEVERITY_ERROR, 1, 1, "a key is one word, found a list");
  assert_message(&composed, 1, SEVERITY_ERROR, 2, 1, "a key is one word, found a mapping");
  g_autofree char *flow = flow_of(composed.root);
  cr_assert_str_eq(flow, "{c: 3}");
}

Test(compose, empty_files) {
  static const char *const texts[] = {
      "", "\n\n", "# nothing\n", "---\n", "---\n...\n", "\xef\xbb\xbf", "~"};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_auto(Composed) composed = compose_text(texts[i]);
    cr_assert_null(composed.root);
    cr_assert_eq(diagnostics_count(composed.diagnostics), 1);
    assert_message(&composed, 0, SEVERITY_ERROR, 0, 0,
                   "the file is empty: a scenario needs at least name, duration and networks");
  }
}

/* ---- limits --------------------------------------------------------------------------------- */

static char *repeat(const char *before, const char *part, guint count, const char *after) {
  GString *text = g_string_new(before);
  for (guint i = 0; i < count; i++)
    g_string_append(text, part);
  g_string_append(text, after);
  return g_string_free(text, FALSE);
}

static void assert_too_deep(const char *before, const char *part, guint column) {
  g_autofree char *text = repeat(before, part, 100000, "");
  g_auto(Composed) composed = compose_text(text);
  cr_assert_null(composed.root);
  assert_message(&composed, 0, SEVERITY_ERROR, 1, column,
                 "nested too deeply: a scenario needs no more than 64 levels");
}

Test(compose, depth) {
  effort_at_most(20);
  assert_too_deep("", "[", 65);
  assert_too_deep("a: ", "[", 67);
  assert_too_deep("", "- ", 129);
  assert_too_deep("", "{a: ", 257);
  assert_too_deep("", "? ", 129);
  assert_too_deep("", "[{a: ", 161);
  g_autofree char *open = repeat("", "[", 64, "");
  g_autofree char *most = repeat(open, "]", 64, "");
  assert_tree(most, most);
}

Test(compose, depth_counts_what_aliases_bring) {
  g_autofree char *open = repeat("a: &x ", "[", 40, "");
  g_autofree char *half = repeat(open, "]", 40, "\n");
  g_autofree char *fits = g_strconcat(half, "b: [*x]\n", NULL);
  g_auto(Composed) composed = compose_text(fits);
  cr_assert_not_null(composed.root);
  g_autofree char *more = g_strconcat(half, "b: ", NULL);
  g_autofree char *deeper = repeat(more, "[", 24, "*x");
  g_auto(Composed) refused = compose_text(deeper);
  cr_assert_null(refused.root);
  assert_message(&refused, 0, SEVERITY_ERROR, 2, 28,
                 "nested too deeply: a scenario needs no more than 64 levels");
}

/* `before`, so many aliases of it in a list, and what is said of them; NULL: nothing. */
static void assert_aliases(const char *before, guint count, const char *message) {
  g_autofree char *text = repeat(before, "*x, ", count, "]\n");
  g_auto(Composed) composed = compose_text(text);
  cr_assert_eq(composed.root == NULL, message != NULL, "%u aliases", count);
  if (message != NULL)
    cr_assert_str_eq(diagnostics_get(composed.diagnostics, 0)->message, message);
}

/* An alias weighs as much as what it stands for: a list of 9,999 words is 10,000 nodes, a mapping
 * of 4,999 words 9,999, and four more are the file and what holds the aliases. */
Test(compose, an_alias_counts_all_that_it_stands_for) {
  static const char *const too_many = "too many nodes: the file, with its aliases expanded, is "
                                      "larger than a scenario can be";
  g_autofree char *list = repeat("a: &x [", "w, ", 9999, "]\nb: [");
  assert_aliases(list, 98, NULL); /* 990,004 */
  assert_aliases(list, 99, too_many);
  g_autoptr(GString) mapping = g_string_new("a: &x {");
  for (guint i = 0; i < 4999; i++)
    g_string_append_printf(mapping, "k%u: w, ", i);
  g_string_append(mapping, "}\nb: [");
  assert_aliases(mapping->str, 99, NULL); /* 999,904 */
  assert_aliases(mapping->str, 100, too_many);
}

/* As deep as its deepest part, wherever that stands: 1 + 40 levels here, and 64 are too few for
 * `b` with 23 lists around them. */
Test(compose, an_alias_is_as_deep_as_its_deepest_part) {
  g_autofree char *open = repeat("a: &x [w, ", "[", 40, "");
  g_autofree char *deep = repeat(open, "]", 40, ", w]\nb: ");
  g_autofree char *most = repeat(deep, "[", 22, "*x");
  g_autofree char *fits = repeat(most, "]", 22, "\n");
  g_autofree char *more = repeat(deep, "[", 23, "*x");
  g_auto(Composed) composed = compose_text(fits);
  cr_assert_not_null(composed.root);
  g_auto(Composed) refused = compose_text(more);
  cr_assert_null(refused.root);
  assert_message(&refused, 0, SEVERITY_ERROR, 2, 27,
                 "nested too deeply: a scenario needs no more than 64 levels");
}

Test(compose, alias_bombs) {
  effort_at_most(20);
  GString *text = g_string_new("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
  for (guint i = 1; i < 12; i++) {
    g_string_append_printf(text, "a%u: &a%u [", i, i);
    for (guint j = 0; j < 10; j++)
      g_string_append_printf(text, "%s*a%u", j > 0 ? ", " : "", i - 1);
    g_string_append(text, "]\n");
  }
  g_auto(Composed) composed = compose_bytes(text->str, text->len);
  cr_assert_null(composed.root);
  cr_assert_eq(diagnostics_count(composed.diagnostics), 1);
  const Diagnostic *error = diagnostics_get(composed.diagnostics, 0);
  cr_assert_str_eq(error->message, "too many nodes: the file, with its aliases expanded, is larger "
                                   "than a scenario can be");
  /* a4 stands for 111,111 nodes, and as many were counted before it. */
  cr_assert_eq(error->mark.line, 6, "at the alias, not at the end: line %u", error->mark.line);
  cr_assert_gt(error->mark.column, 10);
  g_string_free(text, TRUE);
}

Test(compose, large_files_are_read_in_linear_time) {
  effort_at_most(60);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < 300000; i++)
    g_string_append_printf(text, "key-%u: 1\n", i);
  g_auto(Composed) wide = compose_bytes(text->str, text->len);
  cr_assert_eq(wide.root->keys->len, 300000);
  g_string_truncate(text, 0);
  g_string_append(text, "base: &x {");
  for (guint i = 0; i < 100000; i++)
    g_string_append_printf(text, "key-%u: 1, ", i);
  g_string_append(text, "}\ncopy: {<<: *x, key-5: 2}\n");
  g_auto(Composed) merged = compose_bytes(text->str, text->len);
  cr_assert_eq(node_get(merged.root, "copy")->keys->len, 100000);
  g_string_free(text, TRUE);
}

Test(compose, size) {
  const gsize limit = 10 * 1024 * 1024;
  g_autofree char *bytes = g_strnfill(limit + 1, ' ');
  memcpy(bytes, "a: 1", 4);
  g_auto(Composed) most = compose_bytes(bytes, limit);
  cr_assert_not_null(most.root);
  g_auto(Composed) more = compose_bytes(bytes, limit + 1);
  cr_assert_null(more.root);
  assert_message(&more, 0, SEVERITY_ERROR, 0, 0, "the file is larger than 10 MB");
}

Test(compose, a_file_of_directives_is_quick) {
  effort_at_most(20);
  g_autofree char *tags = repeat("", "%TAG !a! b\n", 500000, "---\na: 1\n");
  g_auto(Composed) composed = compose_text(tags);
  cr_assert_null(composed.root);
  assert_message(&composed, 0, SEVERITY_ERROR, 1, 1, "a scenario has no use for '%TAG'");
}

/* A line ends as YAML 1.1 says (4.1.4): with LF, CR, NEL, LS or PS. */
Test(compose, a_directive_begins_a_line_of_any_kind) {
  static const char *const ends[] = {"\n",       "\r",           "\r\n",
                                     "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};
  static const char *const others[] = {" ", "\xc3\x85", "\xe2\x80\xaa", "\xe2\x80\xa7"};
  for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
    g_autofree char *text = g_strconcat("# x", ends[i], "%TAG !a! b\n---\na: 1\n", NULL);
    g_auto(Composed) composed = compose_text(text);
    cr_assert_null(composed.root, "after the end of a line %zu", i);
    cr_assert_str_eq(diagnostics_get(composed.diagnostics, 0)->message,
                     "a scenario has no use for '%TAG'");
  }
  for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
    g_autofree char *text = g_strconcat("# x", others[i], "%TAG !a! b\n---\na: 1\n", NULL);
    assert_tree(text, "{a: 1}");
  }
}

Test(compose, noise) {
  effort_at_most(60);
  guint32 state = 1; /* any fixed generator will do */
  for (guint round = 0; round < 3000; round++) {
    char bytes[65] = "";
    static const char alphabet[] = "ab:-,[]{}&*!|>'\"%@`#?<~ \t\n\r\xc3\xa9\xff";
    const gsize length = round % 64;
    for (gsize i = 0; i < length; i++) {
      state = state * 1664525 + 1013904223;
      bytes[i] = alphabet[(state >> 16) % (sizeof alphabet - 1)];
    }
    g_auto(Composed) composed = compose_bytes(bytes, length);
    g_autoptr(GString) out = g_string_new(NULL);
    diagnostics_append(composed.diagnostics, FALSE, out);
    cr_assert(g_utf8_validate(out->str, (gssize)out->len, NULL));
    cr_assert(composed.root != NULL || diagnostics_errors(composed.diagnostics) > 0);
    for (guint i = 0; i < diagnostics_count(composed.diagnostics); i++)
      cr_assert_null(strstr(diagnostics_get(composed.diagnostics, i)->message, "octet"),
                     "our own check comes first");
  }
}

/* ---- values -------------------------------------------------------------------------------- */

static void assert_value(const char *text, const char *flow) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  const Node *node = compose_value(arena, "--set", text, diagnostics);
  cr_assert_not_null(node, "%s", text);
  cr_assert_eq(diagnostics_count(diagnostics), 0, "%s", text);
  g_autofree char *got = flow_of(node);
  cr_assert_str_eq(got, flow);
  cr_assert_str_eq(node->mark.source->name, "--set");
  cr_assert(node->mark.line == 1 && node->mark.column == 1);
}

Test(compose, values) {
  assert_value("180s", "180s");
  assert_value("[9s, 30s]", "[9s, 30s]");
  assert_value("{uniform: [1s, 2s]}", "{uniform: [1s, 2s]}");
  assert_value("10.0.0.0/16", "10.0.0.0/16");
  assert_value("", "");
  assert_value("'a: b'", "'a: b'");
}

Test(compose, values_refused) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  char text[] = "[9s, 30s";
  cr_assert_null(compose_value(arena, "--set", text, diagnostics));
  memset(text, 'x', sizeof text - 1); /* the messages have their own copy */
  g_autoptr(GString) out = g_string_new(NULL);
  diagnostics_append(diagnostics, FALSE, out);
  cr_assert_str_eq(out->str, "--set:1:9: error: expected ',' or ']': a list was opened and not "
                             "closed\n"
                             "    1 | [9s, 30s\n"
                             "      |         ^\n"
                             "--set:1:1: note: the list was opened here\n"
                             "    1 | [9s, 30s\n"
                             "      | ^\n");
}

Test(compose, values_survive_the_way_to_text_and_back) {
  static const char *const texts[] = {
      "x",  "",   "~", "a: b", "- a", "[", "::/0", "fd00::", "it's",     "'",    "\"\\\"", "\n\t",
      "#",  "?",  "-", "---",  "*a",  "|", "a #b", " a ",    "2001::/3", "a:?b", "... x",  "&a",
      "!t", "%d", "@", "`",    ">",   "é", "a,b",  "x\x7f",  "a\rb",     "true"};
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    Node *list = node_new(arena, NODE_SEQUENCE, (Mark){NULL, 0, 0, 0, 0});
    Node *item = node_new_scalar(arena, texts[i], list->mark);
    item->quoted = TRUE;
    g_ptr_array_add(list->values, item);
    g_autofree char *flow = flow_of(list);
    const Node *back = compose_value(arena, "--set", flow, diagnostics);
    cr_assert_not_null(back, "%s", flow);
    cr_assert_str_eq(((const Node *)back->values->pdata[0])->text, texts[i], "by way of %s", flow);
    g_autofree char *alone = flow_of(item);
    cr_assert_str_eq(compose_value(arena, "--set", alone, diagnostics)->text, texts[i],
                     "by way of %s", alone);
  }
}

/* ---- files --------------------------------------------------------------------------------- */

typedef struct {
  char *folder, *file;
} Place;

static Place place_new(void) {
  Place place = {.folder = g_dir_make_tmp("routesim-XXXXXX", NULL)};
  place.file = g_build_filename(place.folder, "x.yaml", NULL);
  return place;
}

static void place_clear(Place *place) {
  g_unlink(place->file);
  g_rmdir(place->folder);
  g_free(place->file);
  g_free(place->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

static void assert_unreadable(const char *path, GFileError code, const char *message) {
  g_autoptr(GError) error = NULL;
  gsize length;
  cr_assert_null(compose_read_file(path, &length, &error));
  cr_assert(g_error_matches(error, G_FILE_ERROR, (gint)code), "%s: %d", error->message,
            error->code);
  cr_assert_str_eq(error->message, message);
}

Test(compose, reads_files) {
  g_auto(Place) place = place_new();
  gsize length = 0;
  cr_assert(g_file_set_contents(place.file, "a\0b", 3, NULL));
  g_autofree char *text = compose_read_file(place.file, &length, NULL);
  cr_assert_eq(length, 3);
  cr_assert_eq(memcmp(text, "a\0b", 4), 0, "with a NUL behind the end");
  cr_assert(g_file_set_contents(place.file, "", 0, NULL));
  g_autofree char *empty = compose_read_file(place.file, &length, NULL);
  cr_assert_not_null(empty);
  cr_assert_eq(length, 0);
}

Test(compose, files_that_cannot_be_read) {
  g_auto(Place) place = place_new();
  assert_unreadable(place.file, G_FILE_ERROR_NOENT, "No such file or directory");
  assert_unreadable(place.folder, G_FILE_ERROR_ISDIR, "Is a directory");
  assert_unreadable("/dev/null", G_FILE_ERROR_FAILED,
                    "not a regular file; '-' reads standard input");
  cr_assert_eq(mkfifo(place.file, 0600), 0);
  assert_unreadable(place.file, G_FILE_ERROR_FAILED,
                    "not a regular file; '-' reads standard input");
  g_unlink(place.file);
  if (geteuid() != 0) { /* root may read everything */
    cr_assert(g_file_set_contents(place.file, "a", 1, NULL));
    g_chmod(place.file, 0);
    assert_unreadable(place.file, G_FILE_ERROR_ACCES, "Permission denied");
  }
}

Test(compose, stops_reading_above_the_limit) {
  g_auto(Place) place = place_new();
  gsize length = 0;
  cr_assert(g_file_set_contents(place.file, "", 0, NULL));
  cr_assert_eq(truncate(place.file, (off_t)1 << 30), 0, "a sparse file of a gigabyte");
  g_autofree char *text = compose_read_file(place.file, &length, NULL);
  cr_assert_not_null(text);
  cr_assert_gt(length, 10 * 1024 * 1024);
  cr_assert_lt(length, 11 * 1024 * 1024);
}

Test(compose, reads_standard_input) {
  g_auto(Place) place = place_new();
  gsize length = 0;
  cr_assert(g_file_set_contents(place.file, "a: 1\n", 5, NULL));
  cr_assert_not_null(freopen(place.file, "rb", stdin));
  g_autofree char *text = compose_read_file("-", &length, NULL);
  cr_assert_str_eq(text, "a: 1\n");
  cr_assert_eq(length, 5);
}

/* What opens but cannot be read: by its path a folder is refused before that. */
Test(compose, standard_input_that_cannot_be_read) {
  g_auto(Place) place = place_new();
  cr_assert_not_null(freopen(place.folder, "rb", stdin));
  assert_unreadable("-", G_FILE_ERROR_ISDIR, "Is a directory");
}
