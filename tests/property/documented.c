/* The language reference keeps up with the key tables: every key path stands in
 * scenarios/README.md with its default, every default rests on something, and every fact
 * that a key cites exists; and every column of the CSV files, with its meaning. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/net/drop.h"
#include "routesim/report/facts.h"
#include "routesim/report/rows.h"
#include "routesim/language/scenario.h"

#define REFERENCE "scenarios/README.md"

typedef struct {
  char *text;
  guint keys, wrong;
} Reference;

static void complain(Reference *reference, const char *path, const char *what) {
  cr_log_error("%s: %s", path, what);
  reference->wrong++;
}

static void check_all(KeyVisit visit) {
  Reference reference = {NULL, 0, 0};
  const gboolean read = g_file_get_contents(REFERENCE, &reference.text, NULL, NULL);
  cr_assert(read, "cannot read " REFERENCE);
  scenario_keys_foreach(visit, &reference);
  g_free(reference.text);
  cr_expect_gt(reference.keys, 100u, "only %u keys were found", reference.keys);
  cr_expect_eq(reference.wrong, 0u, "%u of %u keys", reference.wrong, reference.keys);
}

/* ---- every key is in the reference -------------------------------------------------------- */

/* The row of a table that begins with the path in backticks; NULL if there is none. */
static char *find_row(const Reference *reference, const char *path) {
  g_autofree char *start = g_strdup_printf("\n| `%s` |", path);
  const char *row = strstr(reference->text, start);
  return row != NULL ? g_strndup(row + 1, strcspn(row + 1, "\n")) : NULL;
}

/* Each word, because the reference writes "uniform 1s 3s" as {uniform: [1s, 3s]}. */
static gboolean has_words(const char *row, const char *text) {
  g_auto(GStrv) words = g_strsplit(text, " ", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (strstr(row, words[i]) == NULL)
      return FALSE;
  return TRUE;
}

static void check_row(const char *path, const KeySpec *spec, gpointer data) {
  Reference *reference = data;
  g_autofree char *row = find_row(reference, path);
  reference->keys++;
  if (row == NULL) {
    complain(reference, path, "is not in " REFERENCE);
    return;
  }
  if (spec->basis != BASIS_NONE && strstr(row, basis_name(spec->basis)) == NULL)
    complain(reference, path, "has another basis in " REFERENCE);
  if (spec->fact != NULL && strstr(row, spec->fact) == NULL)
    complain(reference, path, "cites something else in " REFERENCE);
  if (spec->basis != BASIS_NONE && spec->fallback != NULL && !has_words(row, spec->fallback))
    complain(reference, path, "has another default in " REFERENCE);
  if ((spec->flags & KEY_REQUIRED) && strstr(row, "required") == NULL)
    complain(reference, path, "is not said to be required in " REFERENCE);
}

Test(documented, every_key_is_in_the_reference) { check_all(check_row); }

/* ---- every default rests on something ------------------------------------------------------- */

/* "RFC 4271 10": a number, and perhaps a clause. */
static gboolean is_rfc(const char *cited) {
  return g_regex_match_simple("^RFC [1-9][0-9]*( [0-9]+(\\.[0-9]+)*)?$", cited, 0, 0);
}

static void check_basis(const char *path, const KeySpec *spec, gpointer data) {
  Reference *reference = data;
  reference->keys++;
  if (spec->basis == BASIS_NONE || spec->fallback == NULL || spec->fact != NULL)
    return;
  if (strcmp(path, "link_delay") != 0) /* no source gives one, as its row says */
    complain(reference, path, "has a default that cites nothing");
}

Test(documented, every_default_cites_a_fact_or_a_clause) { check_all(check_basis); }

static void check_facts(const char *path, const KeySpec *spec, gpointer data) {
  Reference *reference = data;
  reference->keys++;
  if (spec->fact == NULL)
    return;
  g_auto(GStrv) cited = g_strsplit(spec->fact, ", ", -1);
  for (guint i = 0; cited[i] != NULL; i++)
    if (!is_rfc(cited[i]) && fact_find(cited[i]) == NULL)
      complain(reference, path, "cites what is neither a fact nor an RFC");
}

Test(documented, every_cited_fact_exists) { check_all(check_facts); }

/* ---- every column is in the reference -------------------------------------------------------- */

/* The table below the heading of a file, to its last row; "" where there is none. */
static char *find_table(const char *text, const char *name) {
  g_autofree char *start =
      g_strdup_printf("\n### %s.csv\n\n| column | meaning |\n| --- | --- |\n", name);
  const char *table = strstr(text, start);
  if (table == NULL)
    return g_strdup("");
  table += strlen(start);
  const char *end = strstr(table, "\n\n");
  return end != NULL ? g_strndup(table, (gsize)(end + 1 - table)) : g_strdup(table);
}

/* In the order of the file, none missing and none besides. */
Test(documented, every_column_is_in_the_reference) {
  g_autofree char *text = NULL;
  cr_assert(g_file_get_contents(REFERENCE, &text, NULL, NULL), "cannot read " REFERENCE);
  for (guint kind = 0; kind < ROWS_COUNT; kind++) {
    const char *name = rows_name((RowsKind)kind);
    g_autoptr(GArray) columns = rows_columns((RowsKind)kind);
    g_autoptr(GString) expected = g_string_new(NULL);
    g_autofree char *found = find_table(text, name);
    for (guint i = 0; i < columns->len; i++) {
      const Column *column = &g_array_index(columns, Column, i);
      cr_assert_not_null(column->meaning, "%s.csv: %s has no meaning", name, column->name);
      g_string_append_printf(expected, "| `%s` | %s |\n", column->name, column->meaning);
    }
    cr_expect_str_eq(found, expected->str, "%s.csv in " REFERENCE, name);
  }
}

/* The same of what stands behind `dropped:`. */
Test(documented, every_reason_is_in_the_reference) {
  static const char start[] = "\n| via | why |\n| --- | --- |\n";
  g_autofree char *text = NULL;
  g_autoptr(GString) expected = g_string_new(NULL);
  cr_assert(g_file_get_contents(REFERENCE, &text, NULL, NULL), "cannot read " REFERENCE);
  const char *table = strstr(text, start);
  cr_assert_not_null(table, "no table of reasons in " REFERENCE);
  table += strlen(start);
  g_autofree char *found = g_strndup(table, (gsize)(strstr(table, "\n\n") + 1 - table));
  for (guint i = DROP_NONE + 1; i < DROP_REASONS; i++)
    g_string_append_printf(expected, "| `%s` | %s |\n", drop_reason_label((DropReason)i),
                           drop_reason_meaning((DropReason)i));
  cr_expect_str_eq(found, expected->str, "the reasons in " REFERENCE);
}

/* The newest stands last, so that scripts that count columns go on. */
Test(documented, the_order_of_the_columns_of_measures_stays) {
  g_autoptr(GArray) columns = rows_columns(ROWS_FAILOVERS);
  guint at = 0;
  for (guint i = 0; i < MEASURE_COUNT; i++) {
    const MeasureSpec *spec = measure_spec((Measure)i);
    const gboolean is_time = strcmp(measure_unit_name((Measure)i), "s") == 0;
    g_autofree char *name = g_strconcat(spec->name, is_time ? "_s" : "", NULL);
    if (!measure_stands_in((Measure)i, MEASURE_IN_FAILOVERS))
      continue;
    while (at < columns->len && strcmp(g_array_index(columns, Column, at).name, name) != 0)
      at++;
    cr_expect_lt(at, columns->len, "%s is no column behind the one before it", name);
  }
}
