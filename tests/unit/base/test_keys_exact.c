/* Key tables to the letter: exact rates, the words and the place of each message, defaults
 * that are bugs. What a table does as a whole is in test_keys.c. */
#include "routesim/base/keys.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

typedef struct {
  BlockHead head;
  gint64 asn;
  const char *text;
} Leaf;

static const KeySpec leaf_specs[] = {
    {"asn", KEY_COUNT, KEY_ONE, G_STRUCT_OFFSET(Leaf, asn), KEY_REQUIRED, .least = 1,
     .most = G_MAXINT64},
    {"text", KEY_TEXT, KEY_ONE, G_STRUCT_OFFSET(Leaf, text), 0, "none"},
};
static const KeyTable leaf_keys = KEY_TABLE("leaves.*", Leaf, leaf_specs);

typedef struct {
  BlockHead head;
  const char *text;
  gboolean flag;
  gint64 count, plain, rate;
  double share;
  Duration hold;
  int choice;
  guint custom;
  Leaf *leaf;
  GPtrArray *names, *items, *leaves;
} Top;

static const char *const colours[] = {"red", "green", "blue", NULL};

static void read_custom(KeyReader *reader, const Node *node, gpointer field) {
  const KeySpec spec = {.name = "custom", .type = KEY_COUNT};
  gint64 value = 7;
  if (node != NULL)
    keys_read_value(reader, &spec, node, &value);
  *(guint *)field = (guint)value;
}

#define TOP(field) G_STRUCT_OFFSET(Top, field)
static const KeySpec top_specs[] = {
    {"text", KEY_TEXT, KEY_ONE, TOP(text)},
    {"flag", KEY_BOOL, KEY_ONE, TOP(flag)},
    {"count", KEY_COUNT, KEY_ONE, TOP(count), 0, "3", .least = 0, .most = 9},
    {"plain", KEY_COUNT, KEY_ONE, TOP(plain)},
    {"rate", KEY_RATE, KEY_ONE, TOP(rate)},
    {"share", KEY_SHARE, KEY_ONE, TOP(share)},
    {"hold", KEY_DURATION, KEY_ONE, TOP(hold), 0, "90s"},
    {"choice", KEY_CHOICE, KEY_ONE, TOP(choice), 0, "green", .choices = colours},
    {"custom", KEY_CUSTOM, KEY_ONE, TOP(custom), .read = read_custom},
    {"leaf", KEY_BLOCK, KEY_ONE, TOP(leaf), .table = &leaf_keys},
    {"names", KEY_NAME, KEY_LIST, TOP(names)},
    {"items", KEY_BLOCK, KEY_LIST, TOP(items), .table = &leaf_keys},
    {"leaves", KEY_BLOCK, KEY_MAP, TOP(leaves), .table = &leaf_keys},
};
static const KeyTable top_keys = KEY_TABLE("top", Top, top_specs);

/* ---- nodes by hand: base cannot link the composer -------------------------------------- */

typedef struct {
  Arena *arena;
  Diagnostics *diagnostics;
  KeyReader reader;
  Node *root;
} Bench;

static Bench bench_new(void) {
  Bench bench = {.arena = arena_new(), .diagnostics = diagnostics_new()};
  bench.reader = (KeyReader){bench.arena, bench.diagnostics};
  bench.root = node_new(bench.arena, NODE_MAPPING, (Mark){NULL, 1, 1, 1, 1});
  return bench;
}

static void bench_clear(Bench *bench) {
  diagnostics_free(bench->diagnostics);
  arena_free(bench->arena);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Bench, bench_clear)

/* Values stand in line 1, column 10; the n-th key of a mapping in column 1 of line n. */
static Node *value(Bench *bench, const char *text) {
  return node_new_scalar(bench->arena, text, (Mark){NULL, 1, 10, 1, 11});
}

static void put(Bench *bench, Node *mapping, const char *key, Node *node) {
  const guint line = mapping->keys->len + 1;
  node_put(mapping, node_new_scalar(bench->arena, key, (Mark){NULL, line, 1, line, 2}), node);
}

static Node *mapping(Bench *bench, const char *key, Node *node) {
  Node *made = node_new(bench->arena, NODE_MAPPING, (Mark){NULL, 1, 10, 1, 11});
  put(bench, made, key, node);
  return made;
}

/* "a b c" */
static Node *list(Bench *bench, const char *words) {
  Node *made = node_new(bench->arena, NODE_SEQUENCE, (Mark){NULL, 1, 10, 1, 11});
  g_auto(GStrv) items = g_strsplit(words, " ", -1);
  for (guint i = 0; items[i] != NULL; i++)
    g_ptr_array_add(made->values, value(bench, items[i]));
  return made;
}

static const Top *read_top(Bench *bench) {
  return keys_read(&bench->reader, &top_keys, bench->root);
}

/* Exactly one message, this error; none for NULL. */
static void assert_said(const Bench *bench, guint line, guint column, const char *message) {
  const guint count = diagnostics_count(bench->diagnostics);
  const Diagnostic *first = count > 0 ? diagnostics_get(bench->diagnostics, 0) : NULL;
  if (message == NULL) {
    cr_assert_null(first, "unexpected: %s", first->message);
    return;
  }
  cr_assert_eq(count, 1, "%u messages, expected: %s", count, message);
  cr_assert_eq(first->severity, SEVERITY_ERROR);
  cr_assert_str_eq(first->message, message);
  cr_assert(first->mark.line == line && first->mark.column == column, "at %u:%u: %s",
            first->mark.line, first->mark.column, message);
}

/* ---- values ------------------------------------------------------------------------------ */

Test(keys_exact, words) {
#define NEITHER(word) "'" word "' is neither on nor off (nor true or false)"
#define NO_RATE(word)                                                                              \
  "'" word "' is not a rate: a number with bps, kbps, Mbps, Gbps or Tbps, as in 1Gbps"
#define NO_BITS(word) "'" word "' is not a whole number of bits per second, or too large"
#define NO_SHARE(word) "'" word "' is not a share: a number from 0% to 100%, as in 5%"
  static const struct {
    const char *key, *text, *message;
  } cases[] = {
      {"flag", "on", NULL},
      {"flag", "false", NULL},
      {"flag", "yes", NEITHER("yes") "; did you mean 'on'?"},
      {"flag", "No", NEITHER("No") "; did you mean 'off'?"},
      {"flag", "TRUE", NEITHER("TRUE") "; did you mean 'true'?"},
      {"flag", "maybe", NEITHER("maybe")},
      {"count", "10", "10 is out of range: from 0 to 9"},
      {"count", "1.0", "'1.0' is not a whole number"},
      {"count", " 1", "' 1' is not a whole number"},
      {"plain", "9223372036854775807", NULL},
      {"plain", "9223372036854775808", "9223372036854775808 is out of range"},
      {"rate", "1000", NO_RATE("1000")},
      {"rate", "1mbps", NO_RATE("1mbps")},
      {"rate", "1 Gbps", NO_RATE("1 Gbps")},
      {"rate", ".Gbps", NO_RATE(".Gbps")},
      {"rate", "1.Gbps", NO_RATE("1.Gbps")},
      {"rate", "1.2.3Gbps", NO_RATE("1.2.3Gbps")},
      {"rate", "0.5bps", NO_BITS("0.5bps")},
      {"rate", "1.0000000001Gbps", NO_BITS("1.0000000001Gbps")},
      {"rate", "9223372037Gbps", NO_BITS("9223372037Gbps")},
      {"share", "0%", NULL},
      {"share", "100%", NULL},
      {"share", "100.001%", NO_SHARE("100.001%")},
      {"share", "-1%", NO_SHARE("-1%")},
      {"share", "0.05", NO_SHARE("0.05")},
      {"share", "%", NO_SHARE("%")},
      {"hold", "0s", NULL},
      {"hold", "30", "a duration needs a unit, as in 30s"},
      {"hold", "0.5", "a duration needs a unit, as in 0.5s"},
      {"hold", "0", "a duration needs a unit, as in 0s"},
      {"hold", "-5s", "'-5s' is not a duration: a duration cannot be negative"},
      {"choice", "gren",
       "'choice' cannot be 'gren' (did you mean 'green'?); it is one of: red, "
       "green, blue"},
      {"choice", "purple", "'choice' cannot be 'purple'; it is one of: red, green, blue"},
      {"text", "", "'text' has no value"},
      {"flag", "", "'flag' has no value"},
      {"hold", "", "'hold' has no value"},
      {"leaf", "", "'leaf' has no value"},
      {"names", "", "'names' has no value"},
      {"items", "", NULL}, /* the elements of both may be commented out */
      {"leaves", "", NULL},
      {"leaf", "x", "expected a mapping for leaves.*, found a value"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(Bench) bench = bench_new();
    put(&bench, bench.root, cases[i].key, value(&bench, cases[i].text));
    read_top(&bench);
    assert_said(&bench, 1, 10, cases[i].message);
  }
}

Test(keys_exact, rates) {
  static const struct {
    const char *text;
    gint64 bits;
  } cases[] = {
      {"0bps", 0},
      {"64kbps", 64000},
      {"1Mbps", 1000000},
      {"2.5Gbps", 2500000000},
      {"0.000000001Gbps", 1},
      {"1.000000001Gbps", 1000000001},
      {"1.10kbps", 1100},
      {"3.00bps", 3},
      {"9223372036854775807bps", G_MAXINT64},
      {"9223372036.854775807Gbps", G_MAXINT64},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(Bench) bench = bench_new();
    put(&bench, bench.root, "rate", value(&bench, cases[i].text));
    cr_assert_eq(read_top(&bench)->rate, cases[i].bits, "%s", cases[i].text);
    assert_said(&bench, 0, 0, NULL);
  }
}

Test(keys_exact, booleans) {
  static const char *const words[] = {"off", "on", "false", "true"};
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
    g_auto(Bench) bench = bench_new();
    put(&bench, bench.root, "flag", value(&bench, words[i]));
    cr_assert_eq(read_top(&bench)->flag, i % 2 == 1, "%s", words[i]);
  }
}

Test(keys_exact, a_list_in_place_of_something_else) {
  static const struct {
    const char *key, *message;
  } cases[] = {
      {"leaf", "expected a mapping for leaves.*, found a list"},
      {"leaves", "'leaves' expects a mapping of names, found a list"},
      {"text", "'text' expects a value, found a list"},
      {"hold", "expected a duration such as 30s, found a list"},
      {"custom", "'custom' expects a value, found a list"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(Bench) bench = bench_new();
    put(&bench, bench.root, cases[i].key, list(&bench, "a b"));
    read_top(&bench);
    assert_said(&bench, 1, 10, cases[i].message);
  }
}

Test(keys_exact, quoted_empty_text_is_a_value) {
  g_auto(Bench) bench = bench_new();
  Node *empty = value(&bench, "");
  empty->quoted = TRUE;
  put(&bench, bench.root, "text", empty);
  cr_assert_str_eq(read_top(&bench)->text, "");
  assert_said(&bench, 0, 0, NULL);
}

Test(keys_exact, a_bad_value_leaves_the_default) {
  g_auto(Bench) bench = bench_new();
  put(&bench, bench.root, "count", value(&bench, "many"));
  put(&bench, bench.root, "hold", value(&bench, "soon"));
  put(&bench, bench.root, "choice", value(&bench, "purple"));
  const Top *top = read_top(&bench);
  cr_assert_eq(diagnostics_errors(bench.diagnostics), 3);
  cr_assert_eq(top->count, 3);
  cr_assert_eq(top->hold.law.a.ns, 90 * SIM_SECOND);
  cr_assert_not(top->hold.given);
  cr_assert_eq(top->choice, 1);
  cr_assert_eq(top->custom, 7);
}

/* ---- laws -------------------------------------------------------------------------------- */

static void assert_law(const char *law, const char *words, const char *message) {
  g_auto(Bench) bench = bench_new();
  Duration out = {.given = FALSE};
  Node *argument;
  g_auto(GStrv) pair = g_strsplit(words, "=", -1);
  if (g_strv_length(pair) == 4) { /* "mean=2s=sd=3s" */
    argument = mapping(&bench, pair[0], value(&bench, pair[1]));
    put(&bench, argument, pair[2], value(&bench, pair[3]));
  } else {
    argument = words[0] == '[' ? list(&bench, words + 1) : value(&bench, words);
  }
  const gboolean read = keys_read_duration(&bench.reader, mapping(&bench, law, argument), &out);
  cr_assert_eq(read, message == NULL, "%s %s", law, words);
  cr_assert_eq(out.given, read);
  const guint column = message != NULL && g_str_has_prefix(message, "unknown") ? 1 : 10;
  assert_said(&bench, 1, column, message);
}

Test(keys_exact, laws) {
  assert_law("uniform", "[5s 5s", NULL);
  assert_law("uniform", "[90s 60s", "the first bound is above the second");
  assert_law("uniform", "[1s 2s 3s", "'uniform' expects two durations, as in [60s, 90s]");
  assert_law("uniform", "[1s 2", "a duration needs a unit, as in 2s");
  assert_law("uniform", "5s", "'uniform' expects two durations, as in [60s, 90s]");
  assert_law("normal", "sd=3s=mean=2s", NULL);
  assert_law("normal", "mean=5s=p95=9s", "expected {mean: ..., sd: ...}");
  assert_law("normal", "[2s 3s", "expected {mean: ..., sd: ...}");
  assert_law("lognormal", "median=5s=p95=5s", "'p95' is above 'median', and both above 0");
  assert_law("lognormal", "median=0s=p95=5s", "'p95' is above 'median', and both above 0");
  assert_law("exponential", "[1s", "expected a duration such as 30s, found a list");
  assert_law("table", "[1s", NULL);
  assert_law("table", "1s", "'table' expects a list of durations");
  assert_law("unifrom", "5s", "unknown distribution 'unifrom' (did you mean 'uniform'?)");
  assert_law("pareto", "5s",
             "expected a duration, or one of {uniform: [a, b]}, {normal: {mean:, sd:}}, "
             "{lognormal: {median:, p95:}}, {exponential: mean}, {table: [...]}");
}

static Distribution default_of(Bench *bench, const char *fallback) {
  const KeySpec specs[] = {
      {.name = "hold", .type = KEY_DURATION, .offset = TOP(hold), .fallback = fallback}};
  const KeyTable table = KEY_TABLE("top", Top, specs);
  const Top *top = keys_read(&bench->reader, &table, NULL);
  cr_assert_not(top->hold.given, "a default is not given");
  const Distribution law = keys_default_law(bench->reader.arena, &specs[0]);
  cr_assert(law.kind == top->hold.law.kind && law.a.ns == top->hold.law.a.ns &&
            law.count == top->hold.law.count);
  cr_assert_str_eq(law.ground.fact, "hold", "without a source by the key's name");
  return top->hold.law;
}

Test(keys_exact, default_laws) {
  g_auto(Bench) bench = bench_new();
  Distribution law = default_of(&bench, "30s");
  cr_assert(law.kind == DISTRIBUTION_CONSTANT && law.a.ns == 30 * SIM_SECOND);
  law = default_of(&bench, "uniform 500ms 5500ms");
  cr_assert(law.kind == DISTRIBUTION_UNIFORM && law.a.ns == SIM_SECOND / 2);
  cr_assert_eq(law.b.ns, 11 * SIM_SECOND / 2);
  law = default_of(&bench, "table 1s 0.9s 1.22s");
  cr_assert(law.kind == DISTRIBUTION_TABLE && law.count == 3);
  cr_assert(law.table[0].ns == 900000000 && law.table[2].ns == 1220000000, "sorted");
  law = default_of(&bench, "lognormal 1.8s 5s");
  cr_assert(law.kind == DISTRIBUTION_LOGNORMAL && law.b.ns == 5 * SIM_SECOND);
  law = default_of(&bench, "normal 2s 300ms");
  cr_assert(law.kind == DISTRIBUTION_NORMAL && law.b.ns == 300000000);
  law = default_of(&bench, "exponential 90d");
  cr_assert(law.kind == DISTRIBUTION_EXPONENTIAL && law.a.ns == 90 * 86400 * SIM_SECOND);
}

static void read_bad_default(const char *fallback) {
  Bench bench = bench_new();
  default_of(&bench, fallback);
}

Test(keys_exact, default_without_a_unit_is_a_bug, .signal = SIGABRT) { read_bad_default("30"); }
Test(keys_exact, default_of_no_law_is_a_bug, .signal = SIGABRT) { read_bad_default("gamma 1s 2s"); }
Test(keys_exact, default_upside_down_is_a_bug, .signal = SIGABRT) {
  read_bad_default("uniform 5s 1s");
}

/* ---- blocks ------------------------------------------------------------------------------ */

Test(keys_exact, unknown_keys) {
  g_auto(Bench) near = bench_new();
  put(&near, near.root, "asn", value(&near, "1"));
  put(&near, near.root, "tetx", value(&near, "1"));
  keys_read(&near.reader, &leaf_keys, near.root);
  assert_said(&near, 2, 1, "unknown key 'tetx' (did you mean 'text'?)");
  g_auto(Bench) far = bench_new();
  put(&far, far.root, "asn", value(&far, "1"));
  put(&far, far.root, "something", value(&far, "1"));
  keys_read(&far.reader, &leaf_keys, far.root);
  assert_said(&far, 2, 1, "unknown key 'something'; the keys here are: asn, text");
  cr_assert_gt(G_N_ELEMENTS(top_specs), 12);
  g_auto(Bench) many = bench_new();
  put(&many, many.root, "something", value(&many, "1"));
  read_top(&many);
  assert_said(&many, 1, 1, "unknown key 'something'");
}

Test(keys_exact, required_keys) {
  g_auto(Bench) bench = bench_new();
  keys_read(&bench.reader, &leaf_keys, bench.root);
  assert_said(&bench, 1, 1, "the key 'asn' is missing");
  g_auto(Bench) low = bench_new();
  put(&low, low.root, "asn", value(&low, "0"));
  keys_read(&low.reader, &leaf_keys, low.root);
  assert_said(&low, 1, 10, "0 is out of range: at least 1");
  g_auto(Bench) absent = bench_new();
  keys_read(&absent.reader, &leaf_keys, NULL);
  assert_said(&absent, 0, 0, NULL);
}

Test(keys_exact, elements_know_their_key) {
  g_auto(Bench) bench = bench_new();
  Node *leaves = mapping(&bench, "z", mapping(&bench, "asn", value(&bench, "1")));
  put(&bench, leaves, "a", mapping(&bench, "asn", value(&bench, "2")));
  put(&bench, bench.root, "leaves", leaves);
  const Leaf *first = read_top(&bench)->leaves->pdata[0];
  cr_assert_str_eq(first->head.name, "a");
  cr_assert(first->head.mark.line == 2 && first->head.mark.column == 1);
  cr_assert_eq(first->head.node, node_get(leaves, "a"));
  cr_assert_eq(first->asn, 2);
}

Test(keys_exact, lists_keep_their_order_and_the_good_items) {
  g_auto(Bench) bench = bench_new();
  const KeySpec specs[] = {{"names", KEY_PREFIX, KEY_LIST, TOP(names)}};
  const KeyTable table = KEY_TABLE("top", Top, specs);
  put(&bench, bench.root, "names", list(&bench, "10.2.0.0/16 x 10.1.0.0/16"));
  const Top *top = keys_read(&bench.reader, &table, bench.root);
  cr_assert_eq(diagnostics_errors(bench.diagnostics), 1);
  cr_assert_eq(top->names->len, 2);
  const PrefixValue *last = top->names->pdata[1];
  cr_assert(ip_address_equal(last->value.address, ip_address_v4(0x0a010000)));
}

Test(keys_exact, a_bare_block_is_a_list_of_one) {
  g_auto(Bench) bench = bench_new();
  put(&bench, bench.root, "items", mapping(&bench, "asn", value(&bench, "65000")));
  const Top *top = read_top(&bench);
  assert_said(&bench, 0, 0, NULL);
  cr_assert_eq(top->items->len, 1);
  cr_assert_eq(((Leaf *)top->items->pdata[0])->asn, 65000);
}

Test(keys_exact, a_table_of_free_names) {
  const KeySpec specs[] = {{"*", KEY_BLOCK, KEY_MAP, TOP(leaves), .table = &leaf_keys}};
  const KeyTable table = KEY_TABLE("free", Top, specs);
  g_auto(Bench) bench = bench_new();
  put(&bench, bench.root, "x", mapping(&bench, "asn", value(&bench, "1")));
  const Top *top = keys_read(&bench.reader, &table, bench.root);
  assert_said(&bench, 0, 0, NULL);
  cr_assert_eq(top->leaves->len, 1);
  cr_assert_str_eq(((Leaf *)top->leaves->pdata[0])->head.name, "x");
}

/* ---- what was not understood --------------------------------------------------------------- */

/* Whatever is wrong with a value, its key is not sound afterwards, has its default, and takes no
 * other key along. */
Test(keys, a_value_that_is_wrong_leaves_its_key_unsound_and_no_other) {
  static const struct {
    const char *key, *text;
  } wrong[] = {{"flag", "perhaps"}, {"count", "many"},   {"count", "10"},  {"plain", "x"},
               {"rate", "fast"},    {"share", "half"},   {"hold", "soon"}, {"choice", "greeen"},
               {"choice", "q"},     {"custom", "eleven"}};
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_auto(Bench) bench = bench_new();
    put(&bench, bench.root, wrong[i].key, value(&bench, wrong[i].text));
    put(&bench, bench.root, "text", value(&bench, "fine"));
    const Top *top = read_top(&bench);
    cr_assert_eq(diagnostics_errors(bench.diagnostics), 1, "%s: %s", wrong[i].key, wrong[i].text);
    cr_assert_not(keys_sound(&top->head, wrong[i].key), "%s: %s", wrong[i].key, wrong[i].text);
    cr_assert(keys_sound(&top->head, "text"));
    cr_assert_eq(top->count, 3);
    cr_assert_eq(top->choice, 1, "%s: %s", wrong[i].key, wrong[i].text);
    cr_assert_eq(top->hold.law.a.ns, sim_time_s(90).ns);
  }
}
