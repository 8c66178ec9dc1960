/* Text of others in every format: what a terminal, Markdown, CSV, JSON and XML would obey. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/base/shown.h"
#include "routesim/report/format.h"

#define MARK "\xef\xbf\xbd"
/* ESC, BEL, C1 CSI, a right-to-left override, a separator, a zero width space, no UTF-8, DEL. */
#define EVIL "\033[31m\a\xc2\x9b\xe2\x80\xae\xe2\x80\xa8\xe2\x80\x8b\xff\x7f"
#define EVIL_SHOWN MARK "[31m" MARK MARK MARK MARK MARK MARK MARK

static const Column columns[] = {{"text", COLUMN_TEXT}};

/* A table of one cell, with a heading over it. Caller frees. */
static char *printed(const char *format, const char *heading, const char *cell) {
  GString *out = g_string_new(NULL);
  Output *output = output_memory(out);
  Report *report = report_new(report_format_find(format), output);
  if (heading != NULL)
    report_heading(report, heading);
  report_begin(report, "table", NULL, columns, 1);
  report_text(report, cell);
  report_end(report);
  report_finish(report);
  output_close(output, NULL);
  return g_string_free(out, FALSE);
}

static void assert_cell(const char *format, const char *cell, const char *wanted) {
  g_autofree char *text = printed(format, NULL, cell);
  cr_assert_not_null(strstr(text, wanted), "%s: no '%s' in:\n%s", format, wanted, text);
}

Test(shown, marks_what_would_be_obeyed) {
  g_autofree char *shown = shown_text("a" EVIL "\r\n\tz\xc3\xa9\xe2\x82");
  cr_assert_str_eq(shown, "a" EVIL_SHOWN MARK MARK MARK "z\xc3\xa9" MARK MARK);
}

Test(shown, marks_what_xml_forbids) {
  g_autofree char *shown = shown_text("\xef\xbf\xbe\xef\xbf\xbf\xf0\x9f\xbf\xbe");
  cr_assert_str_eq(shown, MARK MARK MARK);
}

Test(shown, in_tables) {
  assert_cell("table", EVIL "two\r\nlines", "\n  " EVIL_SHOWN "two  lines\n");
  g_autofree char *text = printed("table", "title\n" EVIL, "x");
  cr_assert(g_str_has_prefix(text, "title " EVIL_SHOWN "\n"), "%s", text);
}

Test(shown, in_markdown) {
  assert_cell("markdown", EVIL, "| " EVIL_SHOWN " |");
  assert_cell("markdown", "a|b\nc", "| a\\|b c |");
  assert_cell("markdown", "<script>&amp;", "| &lt;script>&amp;amp; |");
  assert_cell("markdown", "`x` *y* _z_ a_b ~~w~~ \\",
              "| \\`x\\` \\*y\\* \\_z\\_ a_b \\~\\~w\\~\\~ \\\\ |");
  assert_cell("markdown", "[a](b) ![c][d] [1, 2]", "| [a\\](b) ![c\\][d] [1, 2] |");
  g_autofree char *text = printed("markdown", "# x\n- y", "z");
  cr_assert(g_str_has_prefix(text, "## \\# x - y\n"), "%s", text);
}

Test(shown, in_csv) {
  assert_cell("csv", EVIL, "\n" EVIL_SHOWN "\n");
  assert_cell("csv", "a \"b\", c", "\n\"a \"\"b\"\", c\"\n");
  assert_cell("csv", "\"\n\"", "\n\"\"\"\n\"\"\"\n");
  assert_cell("csv", "a\r\nb\n", "\n\"a" MARK "\nb\n\"\n");
  assert_cell("csv", "caf\xc3\xa9", "\ncaf\xc3\xa9\n");
}

Test(shown, in_json_without_loss) {
  assert_cell("json", "a\033\xc2\x9b\xe2\x80\xae\xf3\xa0\x80\x81\"\\\n\xff",
              "\"a\\u001b\\u009b\\u202e\\udb40\\udc01\\\"\\\\\\u000a" MARK "\"");
}
