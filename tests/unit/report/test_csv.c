/* CSV read back: RFC 4180 with either end of line. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/report/csv.h"

/* Each record's fields in brackets, a line for each. */
static void assert_records(const char *text, const char *expected) {
  g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GString) seen = g_string_new(NULL);
  const char *cursor = text;
  while (csv_next(&cursor, fields)) {
    for (guint i = 0; i < fields->len; i++)
      g_string_append_printf(seen, "[%s]", (const char *)fields->pdata[i]);
    g_string_append_c(seen, ';');
  }
  cr_assert_eq(*cursor, '\0');
  cr_assert_str_eq(seen->str, expected, "%s", seen->str);
}

Test(csv, fields_and_records) {
  assert_records("", "");
  assert_records("a", "[a];");
  assert_records("a,b\nc,d\n", "[a][b];[c][d];");
  assert_records("a,,\r\n,x", "[a][][];[][x];");
  assert_records("\n\r\n", "[];[];");
}

Test(csv, quoted_fields) {
  assert_records("\"a,b\",\"c\"\"d\"\n", "[a,b][c\"d];");
  assert_records("\"two\r\nlines\"\r\nx", "[two\r\nlines];[x];");
  assert_records("\"\",\"\"\"\"", "[][\"];");
  /* Not closed: the rest is the field. */
  assert_records("\"abc", "[abc];");
  assert_records("\"a\"b,c", "[ab][c];");
}

Test(csv, columns_by_name) {
  g_autoptr(GPtrArray) header = g_ptr_array_new_with_free_func(g_free);
  const char *cursor = "scenario,model,run\n";
  cr_assert(csv_next(&cursor, header));
  cr_assert_eq(csv_column(header, "scenario"), 0);
  cr_assert_eq(csv_column(header, "run"), 2);
  cr_assert_eq(csv_column(header, "runs"), -1);
}
