#include "routesim/base/keys.h"

#include <criterion/criterion.h>
#include <string.h>

static const Mark nowhere = {NULL, 0, 0, 0, 0};

typedef struct {
  BlockHead head;
  gint64 size;
} Leaf;

typedef struct {
  BlockHead head;
  const char *text;
  NameRef name;
  gboolean on;
  gint64 count;
  Duration span;
  gint64 rate;
  double share;
  AddressValue address;
  PrefixValue prefix;
  int choice;
  Leaf *leaf, *always;
  GPtrArray *list, *leaves;
  const Node *raw;
} Everything;

#define FIELD(name) G_STRUCT_OFFSET(Everything, name)

static const KeySpec leaf_specs[] = {
    {"size", KEY_COUNT, KEY_ONE, G_STRUCT_OFFSET(Leaf, size), KEY_REQUIRED, .least = 1, .most = 9},
};
static const KeyTable leaf_keys = KEY_TABLE("leaves.*", Leaf, leaf_specs);

static const KeySpec always_specs[] = {
    {"size", KEY_COUNT, KEY_ONE, G_STRUCT_OFFSET(Leaf, size), 0, "5"},
};
static const KeyTable always_keys = KEY_TABLE("always", Leaf, always_specs);

static const char *const choices[] = {"silent", "cut", NULL};

static const KeySpec specs[] = {
    {"text", KEY_TEXT, KEY_ONE, FIELD(text), 0, ""},
    {"name", KEY_NAME, KEY_ONE, FIELD(name)},
    {"on", KEY_BOOL, KEY_ONE, FIELD(on), 0, "on"},
    {"count", KEY_COUNT, KEY_ONE, FIELD(count), 0, "7", .least = -3, .most = 70},
    {"span", KEY_DURATION, KEY_ONE, FIELD(span), 0, "uniform 1s 3s"},
    {"rate", KEY_RATE, KEY_ONE, FIELD(rate), 0, "1.5Gbps"},
    {"share", KEY_SHARE, KEY_ONE, FIELD(share), 0, "12.5%"},
    {"address", KEY_ADDRESS, KEY_ONE, FIELD(address)},
    {"prefix", KEY_PREFIX, KEY_ONE, FIELD(prefix)},
    {"choice", KEY_CHOICE, KEY_ONE, FIELD(choice), 0, "cut", .choices = choices},
    {"leaf", KEY_BLOCK, KEY_ONE, FIELD(leaf), .table = &leaf_keys},
    {"always", KEY_BLOCK, KEY_ONE, FIELD(always), KEY_ALWAYS, .table = &always_keys},
    {"list", KEY_NAME, KEY_LIST, FIELD(list)},
    {"leaves", KEY_BLOCK, KEY_MAP, FIELD(leaves), .table = &leaf_keys},
    {"raw", KEY_NODE, KEY_ONE, FIELD(raw)},
};
static const KeyTable everything = KEY_TABLE("", Everything, specs);

typedef struct {
  Arena *arena;
  Diagnostics *diagnostics;
  KeyReader reader;
  Node *root;
} Bed;

static Bed bed_new(void) {
  Bed bed = {.arena = arena_new(), .diagnostics = diagnostics_new()};
  bed.reader = (KeyReader){bed.arena, bed.diagnostics};
  bed.root = node_new(bed.arena, NODE_MAPPING, nowhere);
  return bed;
}

static void bed_clear(Bed *bed) {
  diagnostics_free(bed->diagnostics);
  arena_free(bed->arena);
}

static Node *word(Bed *bed, const char *text) { return node_new_scalar(bed->arena, text, nowhere); }

static Node *put(Bed *bed, Node *mapping, const char *key, Node *value) {
  node_put(mapping, word(bed, key), value);
  return value;
}

static Node *mapping(Bed *bed) { return node_new(bed->arena, NODE_MAPPING, nowhere); }
static Node *list(Bed *bed, const char *const *words) {
  Node *node = node_new(bed->arena, NODE_SEQUENCE, nowhere);
  for (; *words != NULL; words++)
    g_ptr_array_add(node->values, word(bed, *words));
  return node;
}

static const Everything *read_right(Bed *bed) {
  const Everything *read = keys_read(&bed->reader, &everything, bed->root);
  cr_assert_eq(
      diagnostics_count(bed->diagnostics), 0u, "%s",
      diagnostics_count(bed->diagnostics) > 0 ? diagnostics_get(bed->diagnostics, 0)->message : "");
  return read;
}

/* One wrong value under `key`, whose message holds `words`. */
static void assert_refused(const char *key, const char *text, const char *words) {
  Bed bed = bed_new();
  put(&bed, bed.root, key, word(&bed, text));
  keys_read(&bed.reader, &everything, bed.root);
  cr_assert_eq(diagnostics_errors(bed.diagnostics), 1u, "%s: %s", key, text);
  cr_assert_not_null(strstr(diagnostics_get(bed.diagnostics, 0)->message, words), "%s: %s gave: %s",
                     key, text, diagnostics_get(bed.diagnostics, 0)->message);
  bed_clear(&bed);
}

Test(keys, defaults) {
  Bed bed = bed_new();
  const Everything *read = read_right(&bed);
  cr_assert_str_eq(read->text, "");
  cr_assert_null(read->name.text);
  cr_assert(read->on);
  cr_assert_eq(read->count, 7);
  cr_assert_eq(read->span.law.kind, DISTRIBUTION_UNIFORM);
  cr_assert_eq(read->span.law.b.ns, 3 * SIM_SECOND);
  cr_assert_not(read->span.given);
  cr_assert_eq(read->rate, 1500000000);
  cr_assert_eq(read->share, 0.125);
  cr_assert_eq(read->choice, 1);
  cr_assert_null(read->leaf);
  cr_assert_eq(read->always->size, 5, "a block that always exists");
  cr_assert_eq(read->list->len, 0u);
  cr_assert_eq(read->leaves->len, 0u);
  cr_assert_null(read->raw);
  bed_clear(&bed);
}

Test(keys, values) {
  Bed bed = bed_new();
  put(&bed, bed.root, "text", word(&bed, "a title"));
  put(&bed, bed.root, "name", word(&bed, "fw-a"));
  put(&bed, bed.root, "on", word(&bed, "false"));
  put(&bed, bed.root, "count", word(&bed, "-3"));
  put(&bed, bed.root, "span", word(&bed, "1.5s"));
  put(&bed, bed.root, "rate", word(&bed, "250Mbps"));
  put(&bed, bed.root, "share", word(&bed, "100%"));
  put(&bed, bed.root, "address", word(&bed, "10.0.0.4"));
  put(&bed, bed.root, "prefix", word(&bed, "10.0.0.0/8"));
  put(&bed, bed.root, "choice", word(&bed, "silent"));
  const Everything *read = read_right(&bed);
  cr_assert_str_eq(read->text, "a title");
  cr_assert_str_eq(read->name.text, "fw-a");
  cr_assert_not(read->on);
  cr_assert_eq(read->count, -3);
  cr_assert_eq(read->span.law.kind, DISTRIBUTION_CONSTANT);
  cr_assert_eq(read->span.law.a.ns, SIM_SECOND * 3 / 2);
  cr_assert(read->span.given);
  cr_assert_eq(read->rate, 250000000);
  cr_assert_eq(read->share, 1.0);
  cr_assert(read->address.given);
  cr_assert_eq(read->prefix.value.length, 8u);
  cr_assert_eq(read->choice, 0);
  bed_clear(&bed);
}

Test(keys, wrong_values_say_what_would_be_right) {
  assert_refused("on", "yes", "on");
  assert_refused("count", "2e1", "whole number");
  assert_refused("count", "0x10", "whole number");
  assert_refused("count", "71", "-3 to 70");
  assert_refused("count", "-4", "-3 to 70");
  assert_refused("count", "99999999999999999999", "out of range");
  assert_refused("span", "30", "unit");
  assert_refused("span", "30 s", "duration");
  assert_refused("span", "-5s", "negative");
  assert_refused("span", "5 parsecs", "duration");
  assert_refused("span", "251y", "250 years");
  assert_refused("rate", "1000", "1Gbps");
  assert_refused("rate", "1GBps", "1Gbps");
  assert_refused("rate", "-1bps", "rate");
  assert_refused("rate", "99999999Tbps", "too large");
  assert_refused("share", "0.05", "5%");
  assert_refused("share", "101%", "100%");
  assert_refused("address", "10.0.0.256", "address");
  assert_refused("prefix", "10.0.0.1/8", "bits");
  assert_refused("prefix", "10.0.0.0", "prefix");
  assert_refused("choice", "silnet", "did you mean 'silent'");
  assert_refused("coutn", "1", "did you mean 'count'");
  assert_refused("span", "", "span");
  assert_refused("count", "", "no value");
  assert_refused("leaf", "5", "mapping");
  assert_refused("leaves", "5", "mapping");
}

Test(keys, all_that_is_wrong_is_said) {
  Bed bed = bed_new();
  put(&bed, bed.root, "count", word(&bed, "x"));
  put(&bed, bed.root, "span", word(&bed, "x"));
  put(&bed, bed.root, "unknown", word(&bed, "x"));
  put(&bed, put(&bed, put(&bed, bed.root, "leaves", mapping(&bed)), "a", mapping(&bed)), "size",
      word(&bed, "10"));
  const Everything *read = keys_read(&bed.reader, &everything, bed.root);
  cr_assert_eq(diagnostics_errors(bed.diagnostics), 4u);
  cr_assert_eq(read->count, 7, "what could not be read has its default");
  bed_clear(&bed);
}

Test(keys, maps_are_sorted_by_name) {
  Bed bed = bed_new();
  static const char *const names[] = {"fw-b", "10", "fw-a", "9"};
  static const char *const sorted[] = {"10", "9", "fw-a", "fw-b"};
  Node *leaves = put(&bed, bed.root, "leaves", mapping(&bed));
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    put(&bed, put(&bed, leaves, names[i], mapping(&bed)), "size", word(&bed, "1"));
  const Everything *read = read_right(&bed);
  for (guint i = 0; i < G_N_ELEMENTS(sorted); i++)
    cr_assert_str_eq(((Leaf *)read->leaves->pdata[i])->head.name, sorted[i]);
  bed_clear(&bed);
}

/* `fw-a:` with nothing behind it still lacks what a block must have. */
Test(keys, an_empty_block_lacks_its_required_keys) {
  Bed bed = bed_new();
  put(&bed, put(&bed, bed.root, "leaves", mapping(&bed)), "fw-a", word(&bed, ""));
  const Everything *read = keys_read(&bed.reader, &everything, bed.root);
  cr_assert_eq(diagnostics_errors(bed.diagnostics), 1u);
  cr_assert_not_null(strstr(diagnostics_get(bed.diagnostics, 0)->message, "'size' is missing"));
  cr_assert_eq(read->leaves->len, 1u);
  bed_clear(&bed);
}

Test(keys, names_of_a_map_are_plain) {
  static const char *const bad[] = {"", "a b", "a/b", "-a", "caf\xc3\xa9", "#0"};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    Bed bed = bed_new();
    put(&bed, put(&bed, put(&bed, bed.root, "leaves", mapping(&bed)), bad[i], mapping(&bed)),
        "size", word(&bed, "1"));
    keys_read(&bed.reader, &everything, bed.root);
    cr_assert_eq(diagnostics_errors(bed.diagnostics), 1u, "'%s'", bad[i]);
    bed_clear(&bed);
  }
}

Test(keys, a_list_takes_one_bare_item) {
  Bed bed = bed_new();
  put(&bed, bed.root, "list", word(&bed, "fw-a"));
  const Everything *read = read_right(&bed);
  cr_assert_eq(read->list->len, 1u);
  cr_assert_str_eq(((NameRef *)read->list->pdata[0])->text, "fw-a");
  bed_clear(&bed);
}

/* ---- distributions -------------------------------------------------------------------------- */

static void assert_law(Bed *bed, const char *name, Node *argument, DistributionKind kind) {
  Duration read = {.given = FALSE};
  Node *node = mapping(bed);
  put(bed, node, name, argument);
  cr_assert(keys_read_duration(&bed->reader, node, &read), "%s", name);
  cr_assert_eq(read.law.kind, kind, "%s", name);
  cr_assert(read.given);
}

static void assert_no_law(Bed *bed, const char *name, Node *argument) {
  Duration read = {.given = FALSE};
  Node *node = mapping(bed);
  const guint before = diagnostics_errors(bed->diagnostics);
  put(bed, node, name, argument);
  cr_assert_not(keys_read_duration(&bed->reader, node, &read), "%s", name);
  /* Equal messages at no place are one. */
  cr_assert_geq(diagnostics_errors(bed->diagnostics), before);
}

static Node *pair(Bed *bed, const char *a, const char *first, const char *b, const char *second) {
  Node *node = mapping(bed);
  put(bed, node, a, word(bed, first));
  put(bed, node, b, word(bed, second));
  return node;
}

Test(keys, distributions) {
  static const char *const bounds[] = {"60s", "90s", NULL}, *const wrong_way[] = {"90s", "60s",
                                                                                  NULL};
  static const char *const one[] = {"60s", NULL}, *const none[] = {NULL};
  static const char *const table[] = {"5s", "1s", "3s", NULL};
  Bed bed = bed_new();
  assert_law(&bed, "uniform", list(&bed, bounds), DISTRIBUTION_UNIFORM);
  assert_law(&bed, "normal", pair(&bed, "mean", "2s", "sd", "300ms"), DISTRIBUTION_NORMAL);
  assert_law(&bed, "lognormal", pair(&bed, "median", "1s", "p95", "5s"), DISTRIBUTION_LOGNORMAL);
  assert_law(&bed, "exponential", word(&bed, "90d"), DISTRIBUTION_EXPONENTIAL);
  assert_law(&bed, "table", list(&bed, table), DISTRIBUTION_TABLE);
  cr_assert_eq(diagnostics_count(bed.diagnostics), 0u);
  assert_no_law(&bed, "uniform", list(&bed, wrong_way));
  assert_no_law(&bed, "uniform", list(&bed, one));
  assert_no_law(&bed, "uniform", word(&bed, "60s"));
  assert_no_law(&bed, "normal", pair(&bed, "mean", "2s", "variance", "3s"));
  assert_no_law(&bed, "lognormal", pair(&bed, "median", "5s", "p95", "1s"));
  assert_no_law(&bed, "lognormal", pair(&bed, "median", "0s", "p95", "1s"));
  assert_no_law(&bed, "table", list(&bed, none));
  assert_no_law(&bed, "gamma", word(&bed, "1s"));
  bed_clear(&bed);
}

Test(keys, a_table_is_sorted) {
  static const char *const words[] = {"5s", "1s", "3s", NULL};
  Bed bed = bed_new();
  Duration read = {.given = FALSE};
  Node *node = mapping(&bed);
  put(&bed, node, "table", list(&bed, words));
  cr_assert(keys_read_duration(&bed.reader, node, &read));
  cr_assert_eq(read.law.count, 3u);
  for (guint i = 0; i < 3; i++)
    cr_assert_eq(read.law.table[i].ns, (2 * (gint64)i + 1) * SIM_SECOND);
  bed_clear(&bed);
}

/* ---- listing -------------------------------------------------------------------------------- */

static void note_path(const char *path, const KeySpec *spec, gpointer data) {
  (void)spec;
  g_string_append_printf(data, "%s ", path);
}

Test(keys, paths_as_users_write_them) {
  g_autoptr(GString) paths = g_string_new(NULL);
  keys_foreach(&everything, note_path, paths);
  cr_assert_not_null(strstr(paths->str, "leaves leaves.*.size "));
  cr_assert_not_null(strstr(paths->str, "always always.size "));
  cr_assert(g_str_has_prefix(paths->str, "text name on "));
}
