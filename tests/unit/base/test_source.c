#include "routesim/base/source.h"

#include <criterion/criterion.h>
#include <string.h>

static Source source_of(const char *text) { return (Source){"x.yaml", text, strlen(text)}; }

static Mark span(const Source *source, guint line, guint column, guint length) {
  return (Mark){source, line, column, line, column + length};
}

static void assert_prints(Diagnostics *diagnostics, const char *expected) {
  g_autoptr(GString) out = g_string_new(NULL);
  diagnostics_append(diagnostics, FALSE, out);
  cr_assert_str_eq(out->str, expected, "printed:\n%s", out->str);
}

Test(source, an_error_as_a_compiler_prints_it) {
  const Source source = source_of("a: 1\nnvas:\n  ans: 1\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  diagnostics_add(diagnostics, SEVERITY_ERROR, span(&source, 3, 3, 3),
                  "unknown key '%s' (did you mean '%s'?)", "ans", "asn");
  assert_prints(diagnostics, "x.yaml:3:3: error: unknown key 'ans' (did you mean 'asn'?)\n"
                             "    3 |   ans: 1\n"
                             "      |   ^~~\n");
}

Test(source, by_place_and_notes_behind_what_they_belong_to) {
  const Source source = source_of("one\ntwo\nthree\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  diagnostics_add(diagnostics, SEVERITY_ERROR, span(&source, 3, 1, 5), "late");
  diagnostics_add(diagnostics, SEVERITY_NOTE, span(&source, 1, 1, 3), "for the late one");
  diagnostics_add(diagnostics, SEVERITY_WARNING, span(&source, 2, 1, 3), "early");
  cr_assert_eq(diagnostics_errors(diagnostics), 1u);
  cr_assert_eq(diagnostics_count(diagnostics), 3u);
  assert_prints(diagnostics, "x.yaml:2:1: warning: early\n    2 | two\n      | ^~~\n"
                             "x.yaml:3:1: error: late\n    3 | three\n      | ^~~~~\n"
                             "x.yaml:1:1: note: for the late one\n    1 | one\n      | ^~~\n");
}

Test(source, the_same_message_at_the_same_place_is_said_once) {
  const Source source = source_of("one\ntwo\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  for (guint i = 0; i < 5; i++) {
    diagnostics_add(diagnostics, SEVERITY_ERROR, span(&source, 2, 1, 3), "again");
    diagnostics_add(diagnostics, SEVERITY_NOTE, span(&source, 1, 1, 3), "with its note");
  }
  cr_assert_eq(diagnostics_errors(diagnostics), 1u);
  cr_assert_eq(diagnostics_count(diagnostics), 2u);
}

Test(source, more_than_a_hundred_errors_are_counted) {
  const Source source = source_of("text\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(GString) out = g_string_new(NULL);
  for (guint i = 0; i < 1000; i++) {
    diagnostics_add(diagnostics, SEVERITY_ERROR, span(&source, 1, 1, 4), "number %u", i);
    diagnostics_add(diagnostics, SEVERITY_NOTE, span(&source, 1, 1, 4), "note %u", i);
  }
  cr_assert_eq(diagnostics_errors(diagnostics), 1000u);
  cr_assert_leq(diagnostics_count(diagnostics), 200u, "notes go with their errors");
  diagnostics_append(diagnostics, FALSE, out);
  cr_assert_not_null(strstr(out->str, "900 more errors"));
}

Test(source, without_a_place_only_the_name_is_printed) {
  const Source source = source_of("text\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  diagnostics_add(diagnostics, SEVERITY_ERROR, (Mark){&source, 0, 0, 0, 0}, "too large");
  assert_prints(diagnostics, "x.yaml: error: too large\n");
}

Test(source, every_line_end_of_yaml_counts) {
  static const char *const ends[] = {"\n", "\r", "\r\n", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
    g_autofree char *text = g_strdup_printf("one%stwo%sthree", ends[i], ends[i]);
    const Source source = source_of(text);
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    diagnostics_add(diagnostics, SEVERITY_ERROR, span(&source, 3, 1, 5), "here");
    assert_prints(diagnostics, "x.yaml:3:1: error: here\n    3 | three\n      | ^~~~~\n");
  }
}

Test(source, tabs_and_accents_keep_the_caret_in_place) {
  const Source tabs = source_of("\ta: b\n"), accents = source_of("caf\xc3\xa9: x\n");
  g_autoptr(Diagnostics) first = diagnostics_new();
  g_autoptr(Diagnostics) second = diagnostics_new();
  diagnostics_add(first, SEVERITY_ERROR, span(&tabs, 1, 5, 1), "b");
  assert_prints(first, "x.yaml:1:5: error: b\n    1 | \ta: b\n      | \t   ^\n");
  diagnostics_add(second, SEVERITY_ERROR, span(&accents, 1, 7, 1), "x");
  assert_prints(second, "x.yaml:1:7: error: x\n    1 | caf\xc3\xa9: x\n      |       ^\n");
}

Test(source, nothing_of_a_file_reaches_the_terminal_raw) {
  const Source source = source_of("a\033[31mb\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(GString) out = g_string_new(NULL);
  diagnostics_add(diagnostics, SEVERITY_ERROR, span(&source, 1, 1, 1), "odd");
  diagnostics_append(diagnostics, FALSE, out);
  cr_assert_null(strchr(out->str, '\033'));
}

Test(source, a_long_line_is_cut_around_the_caret) {
  g_autofree char *text = g_strnfill(100000, 'x');
  const Source source = source_of(text);
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(GString) out = g_string_new(NULL);
  text[50000] = '!';
  diagnostics_add(diagnostics, SEVERITY_ERROR, span(&source, 1, 50001, 1), "here");
  diagnostics_append(diagnostics, FALSE, out);
  cr_assert_lt(out->len, 500u);
  const char *quoted = strchr(out->str, '\n') + 1, *carets = strchr(quoted, '\n') + 1;
  cr_assert_eq(strchr(quoted, '!') - quoted, strchr(carets, '^') - carets);
}

Test(source, marks_beyond_the_text_are_harmless) {
  static const char *const texts[] = {"", "a", "a\n", "\n"};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    for (guint line = 1; line < 4; line++)
      for (guint column = 1; column < 4; column++) {
        const Source source = source_of(texts[i]);
        g_autoptr(Diagnostics) diagnostics = diagnostics_new();
        g_autoptr(GString) out = g_string_new(NULL);
        diagnostics_add(diagnostics, SEVERITY_ERROR, span(&source, line, column, 3), "where");
        diagnostics_append(diagnostics, FALSE, out);
        cr_assert(g_str_has_prefix(out->str, "x.yaml:"));
      }
}

static void assert_closest(const char *word, const char *expected) {
  static const char *const names[] = {"silent", "cut", "crash", "freeze", "persist_routes", NULL};
  const char *near = closest_name(word, names);
  cr_assert_eq(g_strcmp0(near, expected), 0, "%s: %s, not %s", word, near, expected);
}

Test(source, the_nearest_name) {
  assert_closest("silnet", "silent"); /* a swap of neighbours is one edit */
  assert_closest("freze", "freeze");
  assert_closest("cat", "cut");
  assert_closest("persist_rotues", "persist_routes");
  assert_closest("persistroutes", "persist_routes");
  assert_closest("x", NULL);
  assert_closest("", NULL);
  assert_closest("shutdown", NULL);
  g_autofree char *long_word = g_strnfill(100000, 'x');
  assert_closest(long_word, NULL);
}
