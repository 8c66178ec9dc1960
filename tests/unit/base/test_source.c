/* Diagnostics: what is kept, in which order it is printed, where the caret stands. */
#include "routesim/base/source.h"
#include "support/effort.h"

#include <criterion/criterion.h>
#include <string.h>

static Source source_of(const char *text) { return (Source){"x.yaml", text, strlen(text)}; }

static Mark mark_at(const Source *source, guint line, guint column, guint width) {
  return (Mark){source, line, column, line, column + width};
}

static void assert_printed(Diagnostics *diagnostics, const char *expected) {
  g_autoptr(GString) out = g_string_new(NULL);
  diagnostics_append(diagnostics, FALSE, out);
  cr_assert_str_eq(out->str, expected, "printed:\n%s\nexpected:\n%s", out->str, expected);
}

/* One error at a place of `text`. */
static void assert_quoted(const char *text, Mark mark, const char *expected) {
  const Source source = source_of(text);
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  mark.source = &source;
  diagnostics_add(diagnostics, SEVERITY_ERROR, mark, "wrong");
  assert_printed(diagnostics, expected);
}

Test(source, prints_as_a_compiler_does) {
  const Source source = source_of("name: x\nroute_servers:\n  rs:\n    persist_rotues: off\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  diagnostics_add(diagnostics, SEVERITY_ERROR, mark_at(&source, 4, 5, 14), "unknown key '%s'",
                  "persist_rotues");
  assert_printed(diagnostics, "x.yaml:4:5: error: unknown key 'persist_rotues'\n"
                              "    4 |     persist_rotues: off\n"
                              "      |     ^~~~~~~~~~~~~~\n");
}

Test(source, counts_errors_and_gives_them_back) {
  const Source source = source_of("a: 1\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  cr_assert_eq(diagnostics_errors(diagnostics), 0);
  diagnostics_add(diagnostics, SEVERITY_WARNING, mark_at(&source, 1, 1, 1), "odd");
  diagnostics_add(diagnostics, SEVERITY_ERROR, mark_at(&source, 1, 4, 1), "%d is wrong", 1);
  diagnostics_add(diagnostics, SEVERITY_NOTE, mark_at(&source, 1, 1, 1), "see here");
  cr_assert_eq(diagnostics_errors(diagnostics), 1);
  cr_assert_eq(diagnostics_count(diagnostics), 3);
  const Diagnostic *error = diagnostics_get(diagnostics, 1);
  cr_assert_eq(error->severity, SEVERITY_ERROR);
  cr_assert_str_eq(error->message, "1 is wrong");
  cr_assert_eq(error->mark.column, 4);
}

Test(source, drops_what_was_said_at_the_same_place) {
  const Source source = source_of("a: 1\nb: 2\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  diagnostics_add(diagnostics, SEVERITY_ERROR, mark_at(&source, 1, 1, 1), "wrong");
  diagnostics_add(diagnostics, SEVERITY_ERROR, mark_at(&source, 1, 1, 1), "wrong");
  diagnostics_add(diagnostics, SEVERITY_NOTE, mark_at(&source, 2, 1, 1), "of the dropped one");
  cr_assert_eq(diagnostics_count(diagnostics), 1);
  diagnostics_add(diagnostics, SEVERITY_ERROR, mark_at(&source, 1, 1, 1), "otherwise wrong");
  diagnostics_add(diagnostics, SEVERITY_ERROR, mark_at(&source, 2, 1, 1), "wrong");
  diagnostics_add(diagnostics, SEVERITY_WARNING, mark_at(&source, 1, 1, 1), "wrong");
  cr_assert_eq(diagnostics_count(diagnostics), 4);
  cr_assert_eq(diagnostics_errors(diagnostics), 3);
}

/* A warning that is new in a variant is told at each place there; one that the file told before at
 * none. */
Test(source, tells_each_place_of_what_is_new_in_a_variant) {
  const Source source = source_of("a: 1\nb: 2\nc: 3\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  diagnostics_add(diagnostics, SEVERITY_WARNING, mark_at(&source, 1, 1, 1), "old");
  diagnostics_set_within(diagnostics, "in variant 'one'");
  for (guint line = 2; line <= 3; line++) {
    diagnostics_add(diagnostics, SEVERITY_WARNING, mark_at(&source, line, 1, 1), "old");
    diagnostics_add(diagnostics, SEVERITY_WARNING, mark_at(&source, line, 1, 1), "new");
  }
  cr_assert_eq(diagnostics_count(diagnostics), 3);
  diagnostics_set_within(diagnostics, "in variant 'two'");
  diagnostics_add(diagnostics, SEVERITY_WARNING, mark_at(&source, 1, 1, 1), "new");
  cr_assert_eq(diagnostics_count(diagnostics), 4, "each may set it at a line of its own");
}

/* What holds in several variants, at one place, names each; of many the first three. */
Test(source, names_every_variant_in_which_it_holds) {
  const Source source = source_of("a: 1\n");
  static const char *const messages[] = {"m (in one)", "m (in one, in two)",
                                         "m (in one, in two, in six)",
                                         "m (in one, in two, in six and 1 more)"};
  static const char *const parts[] = {"in one", "in two", "in six", "in ten"};
  for (Severity severity = SEVERITY_ERROR; severity <= SEVERITY_WARNING; severity++) {
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
      diagnostics_set_within(diagnostics, parts[i]);
      for (guint twice = 0; twice < 2; twice++) {
        diagnostics_add(diagnostics, severity, mark_at(&source, 1, 1, 1), "m");
        diagnostics_add(diagnostics, SEVERITY_NOTE, mark_at(&source, 1, 1, 1), "a note");
      }
      cr_assert_eq(diagnostics_count(diagnostics), 2);
      cr_assert_str_eq(diagnostics_get(diagnostics, 0)->message, messages[i]);
    }
  }
}

/* What holds for the file as it stands holds in its variants too: they are not named. */
Test(source, names_no_variant_of_what_is_the_files) {
  const Source source = source_of("a: 1\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  diagnostics_add(diagnostics, SEVERITY_WARNING, mark_at(&source, 1, 1, 1), "old");
  diagnostics_set_within(diagnostics, "in one");
  diagnostics_add(diagnostics, SEVERITY_WARNING, mark_at(&source, 1, 1, 1), "old");
  cr_assert_eq(diagnostics_count(diagnostics), 1);
  cr_assert_str_eq(diagnostics_get(diagnostics, 0)->message, "old");
  diagnostics_keep_errors(diagnostics);
  cr_assert_eq(diagnostics_count(diagnostics), 0);
}

Test(source, two_errors_may_share_a_note) {
  const Source source = source_of("a: 1\na: 2\na: 3\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  for (guint line = 2; line <= 3; line++) {
    diagnostics_add(diagnostics, SEVERITY_ERROR, mark_at(&source, line, 1, 1), "twice");
    diagnostics_add(diagnostics, SEVERITY_NOTE, mark_at(&source, 1, 1, 1), "first here");
  }
  cr_assert_eq(diagnostics_count(diagnostics), 4);
}

Test(source, keeps_a_hundred_errors_and_counts_the_rest) {
  const Source source = source_of("a: 1\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  for (guint i = 0; i < 150; i++) {
    diagnostics_add(diagnostics, SEVERITY_ERROR, mark_at(&source, 1, 1, 1), "error %u", i);
    diagnostics_add(diagnostics, SEVERITY_NOTE, mark_at(&source, 1, 1, 1), "note %u", i);
  }
  cr_assert_eq(diagnostics_errors(diagnostics), 150);
  cr_assert_eq(diagnostics_count(diagnostics), 200, "100 errors, each with its note");
  g_autoptr(GString) out = g_string_new(NULL);
  diagnostics_append(diagnostics, FALSE, out);
  cr_assert(g_str_has_suffix(out->str, "\nand 50 more errors\n"));
  cr_assert_null(strstr(out->str, "100\n"), "no note of an error that was not kept");
}

Test(source, orders_by_place_and_keeps_notes_behind_their_error) {
  const Source source = source_of("one\ntwo\nthree\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  diagnostics_add(diagnostics, SEVERITY_ERROR, mark_at(&source, 3, 2, 1), "last");
  diagnostics_add(diagnostics, SEVERITY_NOTE, mark_at(&source, 1, 1, 1), "of the last");
  diagnostics_add(diagnostics, SEVERITY_WARNING, mark_at(&source, 3, 1, 1), "middle");
  diagnostics_add(diagnostics, SEVERITY_ERROR, mark_at(&source, 2, 9, 1), "first");
  assert_printed(diagnostics, "x.yaml:2:9: error: first\n"
                              "    2 | two\n"
                              "      |     ^\n"
                              "x.yaml:3:1: warning: middle\n"
                              "    3 | three\n"
                              "      | ^\n"
                              "x.yaml:3:2: error: last\n"
                              "    3 | three\n"
                              "      |  ^\n"
                              "x.yaml:1:1: note: of the last\n"
                              "    1 | one\n"
                              "      | ^\n");
}

Test(source, does_not_mix_sources) {
  const Source file = source_of("one\ntwo\n");
  const Source setting = {"--set", "30", 2};
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  diagnostics_add(diagnostics, SEVERITY_ERROR, mark_at(&file, 2, 1, 3), "b");
  diagnostics_add(diagnostics, SEVERITY_ERROR, mark_at(&setting, 1, 1, 2), "c");
  diagnostics_add(diagnostics, SEVERITY_ERROR, mark_at(&file, 1, 1, 3), "a");
  assert_printed(diagnostics, "x.yaml:1:1: error: a\n    1 | one\n      | ^~~\n"
                              "x.yaml:2:1: error: b\n    2 | two\n      | ^~~\n"
                              "--set:1:1: error: c\n    1 | 30\n      | ^~\n");
}

Test(source, names_what_has_no_place) {
  const Source source = source_of("a: 1\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  diagnostics_add(diagnostics, SEVERITY_ERROR, (Mark){&source, 0, 0, 0, 0}, "empty");
  diagnostics_add(diagnostics, SEVERITY_ERROR, (Mark){NULL, 0, 0, 0, 0}, "nowhere");
  assert_printed(diagnostics, "x.yaml: error: empty\nroutesim: error: nowhere\n");
}

Test(source, colours_only_when_asked) {
  const Source source = source_of("a\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(GString) out = g_string_new(NULL);
  diagnostics_add(diagnostics, SEVERITY_ERROR, mark_at(&source, 1, 1, 1), "wrong");
  diagnostics_append(diagnostics, TRUE, out);
  cr_assert_str_eq(out->str, "\033[1mx.yaml:1:1:\033[0m \033[1;31merror:\033[0m wrong\n"
                             "    1 | a\n      | ^\n");
}

Test(source, caret_stays_under_its_character) {
  /* Behind a tab, a wide character (two cells) and a combining one (none). */
  assert_quoted("\tab", (Mark){NULL, 1, 2, 1, 4},
                "x.yaml:1:2: error: wrong\n"
                "    1 | \tab\n"
                "      | \t^~\n");
  assert_quoted("日本: x", (Mark){NULL, 1, 5, 1, 6},
                "x.yaml:1:5: error: wrong\n"
                "    1 | 日本: x\n"
                "      |       ^\n");
  assert_quoted("日本: x", (Mark){NULL, 1, 1, 1, 3},
                "x.yaml:1:1: error: wrong\n"
                "    1 | 日本: x\n"
                "      | ^~~~\n");
  assert_quoted("e\xcc\x81: x", (Mark){NULL, 1, 5, 1, 6},
                "x.yaml:1:5: error: wrong\n"
                "    1 | e\xcc\x81: x\n"
                "      |    ^\n");
}

Test(source, caret_past_the_end_and_over_many_lines) {
  assert_quoted("ab\ncd\n", (Mark){NULL, 1, 3, 1, 4},
                "x.yaml:1:3: error: wrong\n"
                "    1 | ab\n"
                "      |   ^\n");
  assert_quoted("ab\ncd\n", (Mark){NULL, 1, 1, 2, 2},
                "x.yaml:1:1: error: wrong\n"
                "    1 | ab\n"
                "      | ^~\n");
  assert_quoted("ab", (Mark){NULL, 1, 2, 1, 2},
                "x.yaml:1:2: error: wrong\n"
                "    1 | ab\n"
                "      |  ^\n");
  assert_quoted("ab", (Mark){NULL, 9, 1, 9, 1}, "x.yaml:9:1: error: wrong\n");
}

Test(source, finds_lines_whatever_ends_them) {
  static const char *const breaks[] = {"\n",       "\r\n",         "\r",
                                       "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};
  for (gsize i = 0; i < G_N_ELEMENTS(breaks); i++) {
    g_autofree char *text = g_strconcat("a", breaks[i], breaks[i], "bcd", breaks[i], "e", NULL);
    assert_quoted(text, (Mark){NULL, 3, 2, 3, 3},
                  "x.yaml:3:2: error: wrong\n"
                  "    3 | bcd\n"
                  "      |  ^\n");
  }
}

Test(source, cuts_long_lines_around_the_caret) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < 5000; i++)
    g_string_append(text, i == 2500 ? "X" : "é");
  const Source source = {"x.yaml", text->str, text->len};
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(GString) out = g_string_new(NULL);
  diagnostics_add(diagnostics, SEVERITY_ERROR, mark_at(&source, 1, 2501, 1), "wrong");
  diagnostics_append(diagnostics, FALSE, out);
  g_auto(GStrv) lines = g_strsplit(out->str, "\n", -1);
  cr_assert_str_eq(lines[0], "x.yaml:1:2501: error: wrong");
  cr_assert_lt(g_utf8_strlen(lines[1], -1), 130);
  cr_assert(g_str_has_prefix(lines[1], "    1 | ...é"));
  cr_assert(g_str_has_suffix(lines[1], "é..."));
  const glong caret = g_utf8_strlen(lines[2], strchr(lines[2], '^') - lines[2]);
  cr_assert_eq(*g_utf8_offset_to_pointer(lines[1], caret), 'X');
  g_string_free(text, TRUE);
}

Test(source, shows_no_control_character) {
  assert_quoted("a\033[31mb\xc2\x9b\xe2\x80\xae", (Mark){NULL, 1, 7, 1, 8},
                "x.yaml:1:7: error: wrong\n"
                "    1 | a\xef\xbf\xbd[31mb\xef\xbf\xbd\xef\xbf\xbd\n"
                "      |       ^\n");
  const Source source = source_of("a\n");
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autofree char *long_text = g_strnfill(100000, 'x');
  diagnostics_add(diagnostics, SEVERITY_ERROR, (Mark){&source, 0, 0, 0, 0}, "'\033[2J\n'");
  assert_printed(diagnostics, "x.yaml: error: '\xef\xbf\xbd[2J\xef\xbf\xbd'\n");
  diagnostics_add(diagnostics, SEVERITY_ERROR, (Mark){&source, 0, 0, 0, 0}, "%s", long_text);
  g_autoptr(GString) out = g_string_new(NULL);
  diagnostics_append(diagnostics, FALSE, out);
  cr_assert_lt(out->len, 1000);
}

Test(source, many_messages_on_many_lines_are_quick) {
  effort_at_most(20);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < 50000; i++)
    g_string_append(text, "some: text that is not short at all\n");
  const Source source = {"x.yaml", text->str, text->len};
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(GString) out = g_string_new(NULL);
  for (guint i = 50000; i > 0; i--)
    diagnostics_add(diagnostics, SEVERITY_WARNING, mark_at(&source, i, 1, 4), "odd");
  diagnostics_append(diagnostics, FALSE, out);
  cr_assert_eq(diagnostics_count(diagnostics), 50000);
  g_string_free(text, TRUE);
}

Test(source, closest_name) {
  static const char *const names[] = {"persist_routes", "asn", "hold", "keepalive", NULL};
  static const struct {
    const char *word, *near;
  } cases[] = {
      {"persist_rotues", "persist_routes"}, /* a swap of neighbours */
      {"ans", "asn"},                       /* one edit: a swap, though a third of 3 is 1 */
      {"asm", "asn"},
      {"as", "asn"}, /* at least one edit, however short */
      {"amsn", "asn"},
      {"nas", NULL}, /* two edits */
      {"keep-alive", "keepalive"},
      {"kepalvie", "keepalive"},
      {"keeplive_interval", NULL},
      {"holdtime", NULL},
      {"x", NULL},
      {"", NULL},
      {"asn", "asn"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *near = closest_name(cases[i].word, names);
    cr_assert_str_eq(near != NULL ? near : "none", cases[i].near != NULL ? cases[i].near : "none",
                     "for '%s'", cases[i].word);
  }
  g_autofree char *endless = g_strnfill(100000, 'a');
  cr_assert_null(closest_name(endless, names));
}

Test(source, closest_name_takes_the_nearest_then_the_first) {
  static const char *const names[] = {"interface", "interval", "internal", NULL};
  cr_assert_str_eq(closest_name("intervall", names), "interval");
  cr_assert_str_eq(closest_name("interxal", names), "interval", "the first of two equals");
}
