/* The language reference keeps up with the key tables: every key path stands in
 * scenarios/README.md with its default, every default rests on something, and every fact
 * that a key cites exists; and every column of the CSV files, with its meaning. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/fault/fault.h"
#include "routesim/net/drop.h"
#include "routesim/nva/nva.h"
#include "routesim/report/calibration_rows.h"
#include "routesim/report/campaign_rows.h"
#include "routesim/report/facts.h"
#include "routesim/report/rows.h"
#include "routesim/report/sensitivity_rows.h"
#include "routesim/report/survey_rows.h"
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

static void assert_columns(const char *text, const char *name, const Column *columns, guint count) {
  g_autoptr(GString) expected = g_string_new(NULL);
  g_autofree char *found = find_table(text, name);
  for (guint i = 0; i < count; i++) {
    cr_assert_not_null(columns[i].meaning, "%s.csv: %s has no meaning", name, columns[i].name);
    g_string_append_printf(expected, "| `%s` | %s |\n", columns[i].name, columns[i].meaning);
  }
  cr_expect_str_eq(found, expected->str, "%s.csv in " REFERENCE, name);
}

/* In the order of the file, none missing and none besides. */
Test(documented, every_column_is_in_the_reference) {
  g_autofree char *text = NULL;
  cr_assert(g_file_get_contents(REFERENCE, &text, NULL, NULL), "cannot read " REFERENCE);
  for (guint kind = 0; kind < ROWS_COUNT; kind++) {
    g_autoptr(GArray) columns = rows_columns((RowsKind)kind);
    assert_columns(text, rows_name((RowsKind)kind), (const Column *)columns->data, columns->len);
  }
  for (guint table = 0; table < SURVEY_TABLE_COUNT; table++) {
    guint count;
    const Column *columns = survey_table_columns((SurveyTable)table, &count);
    assert_columns(text, survey_table_name((SurveyTable)table), columns, count);
  }
  assert_columns(text, "calibration", calibration_columns, calibration_column_count);
  assert_columns(text, "sensitivity", sensitivity_columns, sensitivity_column_count);
  for (guint table = 0; table < CAMPAIGN_TABLE_COUNT; table++) {
    guint count;
    const Column *columns = campaign_table_columns((CampaignTable)table, &count);
    assert_columns(text, campaign_table_name((CampaignTable)table), columns, count);
  }
}

/* ---- every kind of thing is in the reference --------------------------------------------- */

/* The rows of the only table under this heading. */
static void assert_table(const char *heading, const GString *expected) {
  g_autofree char *text = NULL;
  cr_assert(g_file_get_contents(REFERENCE, &text, NULL, NULL), "cannot read " REFERENCE);
  g_autofree char *start = g_strconcat("\n", heading, "\n| --- |", NULL);
  const char *table = strstr(text, start);
  cr_assert_not_null(table, "no table '%s' in " REFERENCE, heading);
  table = strchr(table + strlen(start), '\n') + 1;
  g_autofree char *found = g_strndup(table, (gsize)(strstr(table, "\n\n") + 1 - table));
  cr_expect_str_eq(found, expected->str, "%s in " REFERENCE ": is\n%s, not\n%s", heading, found,
                   expected->str);
}

/* What stands behind `dropped:`. */
Test(documented, every_reason_is_in_the_reference) {
  g_autoptr(GString) expected = g_string_new(NULL);
  for (guint i = DROP_NONE + 1; i < DROP_REASONS; i++)
    g_string_append_printf(expected, "| `%s` | %s |\n", drop_reason_label((DropReason)i),
                           drop_reason_meaning((DropReason)i));
  assert_table("| via | why |", expected);
}

static void append_forwards(GString *text, const FaultKind *kind) {
  g_string_append(text, kind->forwards ? "on" : "off");
  if (kind->forwards_for.ns > 0)
    g_string_printf(text, "%ds", (int)(kind->forwards_for.ns / SIM_SECOND));
  else if (kind->calls_standby == STANDBY_LATER)
    g_string_append(text, " until it stops");
}

Test(documented, every_kind_of_failure_is_in_the_reference) {
  g_autoptr(GString) expected = g_string_new(NULL);
  for (guint i = 0; i < fault_kind_count(); i++) {
    const FaultKind *kind = fault_kind_at(i);
    g_autoptr(GString) forwards = g_string_new(NULL);
    append_forwards(forwards, kind);
    g_string_append_printf(expected, "| `%s` | %s | %s | %s |\n", kind->name, kind->what,
                           kind->seen, forwards->str);
  }
  assert_table("| how | what fails | the far end sees | forwards by default |", expected);
}

Test(documented, every_kind_of_appliance_is_in_the_reference) {
  g_autoptr(GString) expected = g_string_new(NULL);
  for (guint i = 0; i < nva_class_count(); i++)
    g_string_append_printf(expected, "| `%s` | %s |\n", nva_class_at(i)->name,
                           nva_class_at(i)->meaning);
  assert_table("| kind | what it does |", expected);
}

/* One row may hold several keys of one basis. */
static gboolean has_default(char *const *rows, const NvaSoftware *software,
                            const NvaDefault *value) {
  g_autofree char *start = g_strdup_printf("| %s |", software->name);
  g_autofree char *key = g_strdup_printf("`%s`", value->key);
  for (; *rows != NULL; rows++)
    if (g_str_has_prefix(*rows, start) && strstr(*rows, key) != NULL &&
        has_words(*rows, value->value) && strstr(*rows, basis_name(value->basis)) != NULL &&
        strstr(*rows, value->fact) != NULL)
      return TRUE;
  return FALSE;
}

Test(documented, every_default_of_a_software_is_in_the_reference) {
  g_autofree char *text = NULL;
  cr_assert(g_file_get_contents(REFERENCE, &text, NULL, NULL), "cannot read " REFERENCE);
  g_auto(GStrv) rows = g_strsplit(text, "\n", -1);
  for (guint i = 0; i < nva_software_count(); i++) {
    const NvaSoftware *software = nva_software_at(i);
    for (guint j = 0; j < software->defaults.count; j++)
      cr_expect(has_default(rows, software, &software->defaults.rows[j]), "%s: %s", software->name,
                software->defaults.rows[j].key);
  }
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
