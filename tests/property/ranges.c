/* What nobody has published has a plausible range: every trait whose default is assumed or measured
 * tells how far it can lie to either side and why, in values that its key takes, and stands in
 * scenarios/README.md with that. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/design/design.h"
#include "routesim/language/compose.h"
#include "routesim/language/scenario.h"
#include "routesim/nva/nva.h"
#include "routesim/report/facts.h"

#define REFERENCE "scenarios/README.md"
#define JUDGEMENT "judgement: "

/* These are no behaviour that could be otherwise than the model has it. */
static const struct {
  const char *path, *reason;
} without_range[] = {
    {"month", "it says what prices by the month are for, as the one bill does (AWS-10.4)"},
    {"gateways.*.aws.asn", "it is a number that users choose, and this is only one of their range"},
    {"route_servers.*.azure.base_price", "it is a price, which moves no route"},
};

static const char *reason_without(const char *path) {
  for (guint i = 0; i < G_N_ELEMENTS(without_range); i++)
    if (strcmp(without_range[i].path, path) == 0)
      return without_range[i].reason;
  return NULL;
}

typedef struct {
  guint ranges, wrong;
  GHashTable *seen;  /* path -> its row of the reference; owns both */
  GString *expected; /* the rows in the order in which the keys are visited */
} Ranges;

static void complain(Ranges *ranges, const char *path, const char *what) {
  cr_log_error("%s: %s", path, what);
  ranges->wrong++;
}

static gboolean is_trait(const KeySpec *spec) {
  return spec->basis == BASIS_ASSUMED || spec->basis == BASIS_MEASURED;
}

static gboolean has_range(const KeySpec *spec) {
  return spec->low != NULL && spec->high != NULL && spec->why != NULL;
}

/* Every key is visited; `visit` counts the ranges that it looks at. */
static Ranges check_all(KeyVisit visit) {
  Ranges ranges = {0, 0, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                   g_string_new(NULL)};
  scenario_keys_foreach(visit, &ranges);
  cr_expect_gt(ranges.ranges, 70u, "only %u ranges were found", ranges.ranges);
  cr_expect_eq(ranges.wrong, 0u, "%u complaints, %u ranges", ranges.wrong, ranges.ranges);
  return ranges;
}

static void ranges_clear(Ranges *ranges) {
  g_hash_table_unref(ranges->seen);
  g_string_free(ranges->expected, TRUE);
}

/* ---- who has one --------------------------------------------------------------------------- */

static void check_presence(const char *path, const KeySpec *spec, gpointer data) {
  Ranges *ranges = data;
  const gboolean any = spec->low != NULL || spec->high != NULL || spec->why != NULL;
  const gboolean excused = is_trait(spec) && reason_without(path) != NULL;
  ranges->ranges += has_range(spec);
  if (excused)
    g_hash_table_replace(ranges->seen, g_strdup(path), g_strdup(""));
  if (any && !has_range(spec))
    complain(ranges, path, "has a part of a range");
  else if (any && (excused || !is_trait(spec)))
    complain(ranges, path, excused ? "has a range, and stands in without_range" : "is no trait");
  else if (!any && is_trait(spec) && !excused)
    complain(ranges, path, "has neither a range nor a reason in without_range");
}

Test(ranges, every_trait_that_is_not_documented_has_one_or_a_reason) {
  Ranges ranges = check_all(check_presence);
  for (guint i = 0; i < G_N_ELEMENTS(without_range); i++) {
    cr_expect(g_hash_table_contains(ranges.seen, without_range[i].path),
              "%s in without_range is no such trait", without_range[i].path);
    cr_expect_gt(strlen(without_range[i].reason), 0u, "%s", without_range[i].path);
  }
  ranges_clear(&ranges);
}

/* ---- values that its key takes -------------------------------------------------------------- */

typedef union {
  Duration duration;
  gint64 count;
  double share;
  gboolean on;
  int choice;
  DesignForwards forwards; /* the one KEY_CUSTOM */
} Value;

/* As `--set` would read it; FALSE where it would tell an error. */
static gboolean read_value(Arena *arena, const KeySpec *spec, const char *text, Value *value) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  KeyReader reader = {.arena = arena, .diagnostics = diagnostics};
  const Node *node = compose_value(arena, spec->name, text, diagnostics);
  memset(value, 0, sizeof *value);
  return node != NULL && keys_read_value(&reader, spec, node, value) &&
         diagnostics_errors(diagnostics) == 0;
}

/* What puts values of a key into an order; FALSE: they are words, which have none. */
static gboolean order_of(const KeySpec *spec, const Value *value, double *place) {
  if (spec->type == KEY_DURATION)
    *place = (double)distribution_mean(&value->duration.law).ns;
  else if (spec->type == KEY_COUNT)
    *place = (double)value->count;
  else if (spec->type == KEY_SHARE)
    *place = value->share;
  else
    return FALSE;
  return TRUE;
}

static void default_value(Arena *arena, const KeySpec *spec, Value *value) {
  if (spec->type == KEY_DURATION)
    value->duration.law = keys_default_law(arena, spec);
  else
    read_value(arena, spec, spec->fallback, value);
}

static void check_values(const char *path, const KeySpec *spec, gpointer data) {
  Ranges *ranges = data;
  if (!has_range(spec))
    return;
  g_autoptr(Arena) arena = arena_new();
  Value low, high, usual = {.count = 0};
  double from, to, at = 0;
  ranges->ranges++;
  if (!read_value(arena, spec, spec->low, &low) || !read_value(arena, spec, spec->high, &high)) {
    complain(ranges, path, "has a range whose ends its key does not take");
    return;
  }
  if (strcmp(spec->low, spec->high) == 0)
    complain(ranges, path, "has a range of one value");
  if (!order_of(spec, &low, &from) || !order_of(spec, &high, &to))
    return;
  default_value(arena, spec, &usual);
  order_of(spec, &usual, &at);
  if (!(from < to))
    complain(ranges, path, "has a range that goes downwards, or nowhere");
  if (at < from || at > to)
    complain(ranges, path, "has a default outside of its range");
}

Test(ranges, both_ends_can_be_set_and_hold_the_default_between_them) {
  Ranges ranges = check_all(check_values);
  ranges_clear(&ranges);
}

/* A word is one of two that are opposites, or of three the ones that the facts tell apart; and the
 * default is one of the two. */
static void check_words(const char *path, const KeySpec *spec, gpointer data) {
  Ranges *ranges = data;
  ranges->ranges += has_range(spec);
  if (!has_range(spec) || spec->type == KEY_DURATION || spec->type == KEY_COUNT ||
      spec->type == KEY_SHARE)
    return;
  if (strcmp(spec->fallback, spec->low) != 0 && strcmp(spec->fallback, spec->high) != 0)
    complain(ranges, path, "has a default that is neither of its two words");
}

Test(ranges, a_default_that_is_a_word_is_one_of_the_two) {
  Ranges ranges = check_all(check_words);
  ranges_clear(&ranges);
}

/* ---- software, whose defaults take the place of the language's ------------------------------ */

typedef struct {
  const char *path;
  const NvaDefault *value;
  gboolean found;
} Default;

/* The range is the key's, whatever runs on the appliance; a key whose own default is documented has
 * none. */
static void check_default(const char *path, const KeySpec *spec, gpointer data) {
  Default *usual = data;
  if (strcmp(path, usual->path) != 0)
    return;
  usual->found = TRUE;
  cr_expect(has_range(spec) || spec->basis == BASIS_DOCUMENTED, "%s has no range", path);
  if (!has_range(spec) || spec->type != KEY_DURATION)
    return;
  g_autoptr(Arena) arena = arena_new();
  KeySpec own = *spec;
  own.fallback = usual->value->value;
  Value low, high;
  cr_assert(read_value(arena, spec, spec->low, &low) && read_value(arena, spec, spec->high, &high));
  const Distribution law = keys_default_law(arena, &own);
  const gint64 mean = distribution_mean(&law).ns;
  cr_expect(mean >= distribution_mean(&low.duration.law).ns &&
                mean <= distribution_mean(&high.duration.law).ns,
            "%s: %s lies outside of the range", path, own.fallback);
}

Test(ranges, defaults_of_software_lie_within_those_of_their_keys) {
  guint count = 0;
  for (guint i = 0; i < nva_software_count(); i++) {
    const NvaDefaults *defaults = &nva_software_at(i)->defaults;
    for (guint j = 0; j < defaults->count; j++) {
      if (defaults->rows[j].basis == BASIS_DOCUMENTED)
        continue;
      g_autofree char *path = g_strconcat("nvas.*.", defaults->rows[j].key, NULL);
      Default usual = {path, &defaults->rows[j], FALSE};
      scenario_keys_foreach(check_default, &usual);
      cr_expect(usual.found, "%s: no key %s", nva_software_at(i)->name, path);
      count++;
    }
  }
  cr_expect_gt(count, 10u, "only %u defaults of software were found", count);
}

/* ---- what gives it --------------------------------------------------------------------------- */

#define FACT_ID "(?:AWS-[0-9]+\\.[0-9]+|AZ-[0-9]+\\.[0-9]+|D-[0-9]+)"

static gboolean begins_well(const char *why) {
  return g_str_has_prefix(why, JUDGEMENT)
             ? g_str_has_suffix(why, ".")
             : g_regex_match_simple("^" FACT_ID "(?:, " FACT_ID ")*: [^ ]", why, 0, 0);
}

static void check_why(const char *path, const KeySpec *spec, gpointer data) {
  Ranges *ranges = data;
  if (!has_range(spec))
    return;
  ranges->ranges++;
  if (!begins_well(spec->why))
    complain(ranges, path, "names neither facts nor a judgement that is a sentence");
  g_autoptr(GRegex) ids = g_regex_new(FACT_ID, 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  for (g_regex_match(ids, spec->why, 0, &match); g_match_info_matches(match);
       g_match_info_next(match, NULL)) {
    g_autofree char *id = g_match_info_fetch(match, 0);
    if (fact_find(id) == NULL)
      complain(ranges, path, "cites what is no fact");
  }
}

Test(ranges, every_one_says_what_gives_it) {
  Ranges ranges = check_all(check_why);
  ranges_clear(&ranges);
}

/* ---- the reference ------------------------------------------------------------------------- */

/* Gateways of several kinds have keys of one path, which `--set` cannot tell apart. */
static void append_row(const char *path, const KeySpec *spec, gpointer data) {
  Ranges *ranges = data;
  if (!has_range(spec))
    return;
  ranges->ranges++;
  g_autofree char *row =
      g_strdup_printf("| `%s` | `%s` | `%s` | %s |\n", path, spec->low, spec->high, spec->why);
  const char *before = g_hash_table_lookup(ranges->seen, path);
  if (before != NULL && strcmp(before, row) != 0)
    complain(ranges, path, "has two ranges");
  if (before != NULL)
    return;
  g_string_append(ranges->expected, row);
  g_hash_table_insert(ranges->seen, g_strdup(path), g_steal_pointer(&row));
}

Test(ranges, every_one_is_in_the_reference) {
  static const char head[] = "\n| path | low | high | why |\n| --- | --- | --- | --- |\n";
  g_autofree char *text = NULL;
  cr_assert(g_file_get_contents(REFERENCE, &text, NULL, NULL), "cannot read " REFERENCE);
  Ranges ranges = check_all(append_row);
  const char *table = strstr(text, head);
  cr_assert_not_null(table, "no table of ranges in " REFERENCE);
  table += strlen(head);
  const char *end = strstr(table, "\n\n");
  g_autofree char *found = g_strndup(table, end != NULL ? (gsize)(end + 1 - table) : strlen(table));
  cr_expect_str_eq(found, ranges.expected->str, "the ranges in " REFERENCE ": is\n%s, not\n%s",
                   found, ranges.expected->str);
  ranges_clear(&ranges);
}
