/* The order of keys in a mapping cannot matter: every scenario of the tree, with the entries
 * of all its mappings shuffled, gives the same variants and the same results, field by field.
 * Lists keep their order, since there it means something. */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "routesim/base/random.h"
#include "routesim/language/compose.h"
#include "routesim/run/run.h"
#include "support/scenarios.h"

#define SHUFFLES 3
#define RUNS 3
#define MOST_VARIANTS 8 /* of one file, for each shuffle */

/* ---- shuffling and writing ------------------------------------------------------------------ */

static void swap(GPtrArray *items, guint a, guint b) {
  const gpointer kept = items->pdata[a];
  items->pdata[a] = items->pdata[b];
  items->pdata[b] = kept;
}

static void shuffle(Node *node, RandomStream *stream) {
  for (guint i = 0; node->values != NULL && i < node->values->len; i++)
    shuffle(node->values->pdata[i], stream);
  if (node->kind != NODE_MAPPING)
    return;
  for (guint i = node->keys->len; i > 1; i--) { /* Fisher and Yates */
    const guint other = (guint)(random_bits(stream) % i);
    swap(node->keys, i - 1, other);
    swap(node->values, i - 1, other);
  }
}

static void append_scalar(const Node *node, GString *out) {
  if (node->text[0] == '\0' && !node->quoted)
    return; /* no value is not the empty text */
  g_string_append_c(out, '"');
  for (const char *at = node->text; *at != '\0'; at++) {
    if (*at == '"' || *at == '\\')
      g_string_append_c(out, '\\');
    if ((guchar)*at < 0x20)
      g_string_append_printf(out, "\\x%02x", (guint)(guchar)*at);
    else
      g_string_append_c(out, *at);
  }
  g_string_append_c(out, '"');
}

static void append_node(const Node *node, GString *out) {
  if (node->kind == NODE_SCALAR) {
    append_scalar(node, out);
    return;
  }
  g_string_append(out, node->kind == NODE_MAPPING ? "{\n" : "[\n");
  for (guint i = 0; i < node->values->len; i++) {
    if (i > 0)
      g_string_append(out, ",\n");
    if (node->kind == NODE_MAPPING) {
      append_scalar(node->keys->pdata[i], out);
      g_string_append(out, ": ");
    }
    append_node(node->values->pdata[i], out);
  }
  g_string_append(out, node->kind == NODE_MAPPING ? "\n}" : "\n]");
}

/* A temporary file with the same scenario in another order of keys. */
static char *write_shuffled(const char *path, guint number) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *bytes = NULL;
  char *name = NULL;
  gsize length;
  RandomStream stream = random_stream(20261123, number, path);
  bytes = compose_read_file(path, &length, NULL);
  cr_assert_not_null(bytes, "cannot read %s", path);
  Node *root = compose_document(arena, path, bytes, length, diagnostics);
  cr_assert_not_null(root, "cannot compose %s", path);
  shuffle(root, &stream);
  append_node(root, text);
  g_string_append_c(text, '\n');
  const int descriptor = g_file_open_tmp("routesim-shuffle-XXXXXX", &name, NULL);
  cr_assert_geq(descriptor, 0);
  close(descriptor);
  cr_assert(g_file_set_contents(name, text->str, (gssize)text->len, NULL));
  return name;
}

/* ---- comparing: field by field, since padding may differ ------------------------------------- */

#define SAME(a, b, field) ((a)->field == (b)->field)
#define SAME_TIME(a, b, field) ((a)->field.ns == (b)->field.ns)
#define SAME_TEXT(a, b, field) (g_strcmp0((a)->field, (b)->field) == 0)

static gboolean same_row(const MetricRow *a, const MetricRow *b) {
  for (guint i = 0; i < G_N_ELEMENTS(a->outage_basis.by_basis); i++)
    if (!SAME_TIME(a, b, outage_basis.by_basis[i]))
      return FALSE;
#define SAME_SECONDS SAME_TIME
#define SAME_BYTES SAME
#define SAME_FLOWS SAME
#define ROW(ID, field, UNIT, ...) &&SAME_##UNIT(a, b, field)
  return SAME_TIME(a, b, at) && SAME_TEXT(a, b, target) && SAME_TEXT(a, b, how) &&
         SAME(a, b, restored_by_network) && SAME(a, b, restored_by) && SAME(a, b, censored) &&
         SAME(a, b, session_censored) METRIC_MEASURES(ROW);
#undef ROW
}

static gboolean same_probe(const ProbeResult *a, const ProbeResult *b) {
  return SAME_TEXT(a, b, name) && SAME(a, b, sent) && SAME(a, b, lost) &&
         SAME_TIME(a, b, longest_gap);
}

static gboolean same_traffic(const RunTrafficRow *a, const RunTrafficRow *b) {
  return SAME_TIME(a, b, from) && SAME_TIME(a, b, to) && SAME_TEXT(a, b, traffic) &&
         SAME(a, b, direction) && SAME_TEXT(a, b, via) && SAME(a, b, flows) &&
         SAME(a, b, bits_per_second) && SAME(a, b, share);
}

static gboolean same_route(const RunRouteRow *a, const RunRouteRow *b) {
  return SAME_TIME(a, b, at) && SAME_TEXT(a, b, table) && SAME_TEXT(a, b, prefix) &&
         SAME_TEXT(a, b, action) && SAME_TEXT(a, b, next_hops) && SAME_TEXT(a, b, origin) &&
         SAME_TEXT(a, b, cause);
}

static void compare_results(const RunResult *a, const RunResult *b, const char *where) {
  cr_assert_eq(a->row_count, b->row_count, "%s: rows", where);
  cr_assert_eq(a->probe_count, b->probe_count, "%s: probes", where);
  cr_assert_eq(a->traffic_count, b->traffic_count, "%s: rows of traffic", where);
  cr_assert_eq(a->route_count, b->route_count, "%s: rows of routes", where);
  for (guint i = 0; i < a->row_count; i++)
    cr_assert(same_row(&a->rows[i], &b->rows[i]), "%s: event %u", where, i);
  for (guint i = 0; i < a->probe_count; i++)
    cr_assert(same_probe(&a->probes[i], &b->probes[i]), "%s: probe %u", where, i);
  for (guint i = 0; i < a->traffic_count; i++)
    cr_assert(same_traffic(&a->traffic[i], &b->traffic[i]), "%s: traffic row %u", where, i);
  for (guint i = 0; i < a->route_count; i++)
    cr_assert(same_route(&a->routes[i], &b->routes[i]), "%s: route row %u", where, i);
}

static void compare_runs(const Scenario *a, const Scenario *b) {
  for (guint i = 0; i < cloud_count(); i++)
    for (guint32 run = 0; run < RUNS && a->design->models[i]; run++) {
      const RunOptions options = {.seed = (guint64)a->design->seed, .run = run, .detail = TRUE};
      g_autoptr(RunResult) left = run_scenario(a, cloud_at(i), &options);
      g_autoptr(RunResult) right = run_scenario(b, cloud_at(i), &options);
      g_autofree char *where = g_strdup_printf("%s, variant '%s', %s, run %u", a->path,
                                               a->variant->name, cloud_at(i)->name, run);
      compare_results(left, right, where);
    }
}

/* Names and what they set: the rows of variants.csv. */
static void compare_variants(const Scenario *a, const Scenario *b) {
  cr_assert_str_eq(a->variant->name, b->variant->name, "%s", a->path);
  cr_assert_eq(a->variant->count, b->variant->count, "%s", a->path);
  for (guint i = 0; i < a->variant->count; i++) {
    cr_assert_str_eq(a->variant->settings[i].path, b->variant->settings[i].path, "%s", a->path);
    cr_assert_str_eq(a->variant->settings[i].value, b->variant->settings[i].value, "%s", a->path);
  }
  for (guint i = 0; i < cloud_count(); i++)
    cr_assert_eq(a->design->models[i], b->design->models[i], "%s", a->path);
}

/* Of many variants each shuffle runs some, beginning where the last one stopped. */
static void compare_files(const ScenarioFile *a, const ScenarioFile *b, guint number) {
  const guint count = scenario_file_count(a);
  cr_assert_eq(count, scenario_file_count(b));
  for (guint i = 0; i < count; i++)
    compare_variants(scenario_file_get(a, i), scenario_file_get(b, i));
  for (guint i = 0; i < MIN(count, MOST_VARIANTS); i++) {
    const guint index = (number * MOST_VARIANTS + i) % count;
    compare_runs(scenario_file_get(a, index), scenario_file_get(b, index));
  }
}

Test(shuffle, the_order_of_keys_cannot_matter) {
  g_autoptr(GPtrArray) paths = scenarios_find("scenarios");
  cr_assert_gt(paths->len, 0u);
  for (guint i = 0; i < paths->len; i++) {
    g_autoptr(ScenarioFile) original = scenarios_load(paths->pdata[i]);
    for (guint number = 0; number < SHUFFLES; number++) {
      g_autofree char *name = write_shuffled(paths->pdata[i], number);
      g_autoptr(ScenarioFile) shuffled = scenarios_load(name);
      g_unlink(name);
      compare_files(original, shuffled, number);
    }
  }
}

/* What the scenarios of the tree do not hold: changes that overlap, values that are mappings. */
static const char overlapping[] =
    "name: overlapping\n"
    "duration: 5m\n"
    "networks:\n"
    "  hub:\n"
    "    prefixes: [10.0.0.0/16]\n"
    "    subnets: {app: {prefix: 10.0.0.0/24}, nva: {prefix: 10.0.1.0/24}}\n"
    "route_servers:\n"
    "  rs:\n"
    "    network: hub\n"
    "    aws: {asn: 65000, endpoints: {e1: hub/nva}, propagate_to: [hub/app]}\n"
    "nvas:\n"
    "  a: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{site: dc}]}\n"
    "  b: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{site: dc, prepend: 1}]}\n"
    "sites: {dc: {prefixes: [192.168.0.0/16], via: [a, b]}}\n"
    "traffic: {t: {from: hub/app, to: dc}, u: {from: hub/nva, to: dc}}\n"
    "events: [{at: 60s, fail: a, how: silent}]\n"
    "variants:\n"
    "  x: {nvas.a.peers.rs.hold: 9s, nvas.*.peers.rs.hold: 60s, nvas.*.peers.rs.keepalive: 3s}\n"
    "  y: {nvas.a.peers.rs: {hold: 9s, keepalive: 3s}, nvas.*.peers.rs: {}}\n"
    "sweep:\n"
    "  nvas.*.peers.rs.hold: [9s, 30s]\n"
    "  nvas.*.peers.rs.bfd: [{interval: 300ms, multiplier: 3}, {interval: 1s, multiplier: 3}]\n";

Test(shuffle, overlapping_changes_have_an_order_of_their_own) {
  char *name = NULL;
  const int descriptor = g_file_open_tmp("routesim-shuffle-XXXXXX", &name, NULL);
  cr_assert_geq(descriptor, 0);
  close(descriptor);
  cr_assert(g_file_set_contents(name, overlapping, -1, NULL));
  g_autoptr(ScenarioFile) original = scenarios_load(name);
  cr_assert_eq(scenario_file_count(original), 7u);
  for (guint number = 0; number < 8; number++) {
    g_autofree char *other = write_shuffled(name, number);
    g_autoptr(ScenarioFile) shuffled = scenarios_load(other);
    g_unlink(other);
    compare_files(original, shuffled, number);
  }
  g_unlink(name);
  g_free(name);
}
