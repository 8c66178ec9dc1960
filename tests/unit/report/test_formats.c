/* One document in every format, byte for byte, as worked out by hand. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "routesim/report/format.h"

static const Column columns[] = {{"text", COLUMN_TEXT},
                                 {"figure", COLUMN_FIGURE},
                                 {"count", COLUMN_COUNT},
                                 {"time", COLUMN_TIME},
                                 {"number", COLUMN_NUMBER}};
static const Column lone[] = {{"n", COLUMN_COUNT}};

static char *document(const char *name) {
  GString *text = g_string_new(NULL);
  Output *output = output_memory(text);
  Report *report = report_new(report_format_find(name), output);
  report_heading(report, "Head");
  report_note(report, "A note.");
  report_begin(report, "cells", "Cells", columns, G_N_ELEMENTS(columns));
  report_text(report, "plain");
  report_text(report, "7 of 9");
  report_count(report, 0);
  report_time(report, sim_time_ms(1500));
  report_number(report, 0.25);
  report_text(report, "a,\"b\"");
  report_text(report, "1");
  report_count(report, G_MAXUINT64);
  report_time(report, SIM_TIME_NEVER);
  report_number(report, NAN);
  report_text(report, "x|y");
  report_text(report, NULL);
  report_count(report, 10);
  report_time(report, sim_time_ns(1000));
  report_number(report, -2.5);
  report_text(report, "長é");
  report_text(report, "");
  report_empty(report);
  report_raw(report, "");
  report_raw(report, "1e10");
  report_end(report);
  report_begin(report, "none", NULL, lone, 1);
  report_end(report);
  report_note(report, "One.");
  report_note(report, "Two.");
  report_finish(report);
  cr_assert(output_close(output, NULL));
  return g_string_free(text, FALSE);
}

/* The rows of the first table, each cell by the width that the format gives its column. */
static char *rows(const char *line, const char *empty, const char *bar) {
  GString *out = g_string_new(NULL);
  g_string_append_printf(out, line, "text", "figure", "count", "time", "number");
  g_string_append(out, bar);
  g_string_append_printf(out, line, "plain", "7 of 9", "0", "1.500000", "0.250000");
  g_string_append_printf(out, line, "a,\"b\"", "1", "18446744073709551615", empty, empty);
  g_string_append_printf(out, line, empty[0] == '\0' ? "x\\|y" : "x|y", empty, "10", "0.000001",
                         "-2.500000");
  /* Three columns wide, two runes of five bytes. */
  g_string_append_printf(out, line, "長é  ", empty, empty, empty, "1e10");
  return g_string_free(out, FALSE);
}

static void assert_document(const char *format, const char *expected) {
  g_autofree char *text = document(format);
  cr_assert_str_eq(text, expected, "%s:\n%s\nexpected:\n%s", format, text, expected);
}

Test(formats, a_table_for_people) {
  g_autofree char *body = rows("  %-5s  %6s  %20s  %8s  %9s\n", "-", "");
  g_autofree char *expected =
      g_strconcat("Head\nA note.\n\nCells\n", body, "\n  n\n\nOne.\nTwo.\n", NULL);
  assert_document("table", expected);
}

Test(formats, markdown) {
  g_autofree char *body =
      rows("| %-5s | %6s | %20s | %8s | %9s |\n", "",
           "| ----- | -----: | -------------------: | -------: | --------: |\n");
  g_autofree char *expected = g_strconcat("## Head\n\nA note.\n\n**Cells**\n\n", body,
                                          "\n|   n |\n| --: |\n\nOne.\n\nTwo.\n", NULL);
  assert_document("markdown", expected);
}

Test(formats, csv) {
  assert_document("csv", "text,figure,count,time,number\n"
                         "plain,7 of 9,0,1.500000,0.250000\n"
                         "\"a,\"\"b\"\"\",1,18446744073709551615,,\n"
                         "x|y,,10,0.000001,-2.500000\n"
                         "長é,,,,1e10\n"
                         "\n"
                         "n\n");
}

Test(formats, json) {
  assert_document(
      "json", "{\n  \"cells\": [\n"
              "    {\"text\": \"plain\", \"figure\": \"7 of 9\", \"count\": 0, \"time\": 1.500000,"
              " \"number\": 0.250000},\n"
              "    {\"text\": \"a,\\\"b\\\"\", \"figure\": \"1\", \"count\": 18446744073709551615,"
              " \"time\": null, \"number\": null},\n"
              "    {\"text\": \"x|y\", \"figure\": null, \"count\": 10, \"time\": 0.000001,"
              " \"number\": -2.500000},\n"
              "    {\"text\": \"長é\", \"figure\": null, \"count\": null, \"time\": null,"
              " \"number\": 1e10}\n"
              "  ],\n  \"none\": []\n}\n");
}

/* A text of several lines, with what each format has to escape, in a table of its own. */
static void assert_cell(const char *format, const char *cell, const char *expected) {
  static const Column column[] = {{"t", COLUMN_TEXT}, {"n", COLUMN_COUNT}};
  GString *text = g_string_new(NULL);
  Output *output = output_memory(text);
  Report *report = report_new(report_format_find(format), output);
  report_begin(report, "k", NULL, column, G_N_ELEMENTS(column));
  report_text(report, cell);
  report_count(report, 1);
  report_end(report);
  report_finish(report);
  cr_assert(output_close(output, NULL));
  cr_assert_str_eq(text->str, expected, "%s:\n%s", format, text->str);
  g_string_free(text, TRUE);
}

Test(formats, what_has_to_be_escaped) {
  assert_cell("csv", "a\nb", "t,n\n\"a\nb\",1\n");
  assert_cell("csv", "a\rb",
              "t,n\na\xef\xbf\xbd"
              "b,1\n");
  assert_cell("csv", "a;b 'c'", "t,n\na;b 'c',1\n");
  assert_cell("json", "a\n\t\\b\x1f ",
              "{\n  \"k\": [\n    {\"t\": \"a\\u000a\\u0009\\\\b\\u001f \", \"n\": 1}\n  ]\n}\n");
  assert_cell("markdown", "a\nb", "| t   |   n |\n| --- | --: |\n| a b |   1 |\n");
  /* A mark above a letter takes no room. */
  assert_cell("table", "ae\xcc\x81", "  t   n\n  ae\xcc\x81  1\n");
}

Test(formats, a_document_without_a_table) {
  static const char *const expected[] = {"", "", "{}\n", ""};
  for (guint i = 0; report_format_names[i] != NULL; i++) {
    GString *text = g_string_new(NULL);
    Output *output = output_memory(text);
    const ReportFormat *format = report_format_find(report_format_names[i]);
    cr_assert_str_eq(report_format_name(format), report_format_names[i]);
    cr_assert_eq(report_format_is_data(format), i == 1 || i == 2);
    Report *report = report_new(format, output);
    cr_assert_eq(report_format(report), format);
    report_finish(report);
    cr_assert(output_close(output, NULL));
    cr_assert_str_eq(text->str, expected[i]);
    g_string_free(text, TRUE);
  }
  cr_assert_null(report_format_find("tables"));
}

Test(formats, numbers_beyond_what_a_time_holds) {
  static const struct {
    double number;
    const char *text;
  } rows_of[] = {{0, "0.000000"},
                 {0.0000004994, "0.000000"},
                 {0.0000004996, "0.000001"},
                 {1.0000005, "1.000001"},
                 {-0.5, "-0.500000"},
                 {8999999999.5, "8999999999.500000"},
                 {9e9, "9000000000.000000"},
                 {1e19, "10000000000000000000.000000"}};
  for (guint i = 0; i < G_N_ELEMENTS(rows_of); i++) {
    GString *text = g_string_new(NULL);
    report_append_number(rows_of[i].number, text);
    cr_assert_str_eq(text->str, rows_of[i].text);
    g_string_free(text, TRUE);
  }
}
