/* Files of traits: which paths they may name, and where these lead. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/check/check.h"

#define SCENARIO                                                                                   \
  "name: x\nduration: 1m\nmodels: [azure, aws]\n"                                                  \
  "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {nva: {prefix: 10.0.1.0/24}}}}\n"            \
  "route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {e: hub/nva},"                  \
  " propagate_to: [hub/nva]}}}\n"                                                                  \
  "nvas:\n"                                                                                        \
  "  a: {subnet: hub/nva, asn: 65010, peers: {rs: }, boot: 9s}\n"                                  \
  "  b: {subnet: hub/nva, asn: 65011, peers: {rs: }}\n"                                            \
  "events: [{at: 1s, fail: a, how: silent}]\n"                                                     \
  "variants: {own: {nvas.a.boot: 5s}}\n"

static ScenarioFile *read(const char *traits, Diagnostics *diagnostics) {
  static ScenarioTraits file;
  file = (ScenarioTraits){"t.yaml", traits, strlen(traits)};
  const ScenarioChanges changes = {.traits = &file, .traits_count = 1};
  return check_read_changed("x.yaml", g_strdup(SCENARIO), strlen(SCENARIO), &changes, diagnostics);
}

/* What stands at the keys of a variant; NULL: nothing. */
static char *value_at(const ScenarioFile *file, guint variant, const char *const *keys) {
  const Node *node = scenario_file_get(file, variant)->design->head.node;
  for (; *keys != NULL && node != NULL; keys++)
    node = node_get(node, *keys);
  GString *text = g_string_new(NULL);
  if (node != NULL)
    node_append_flow(node, text);
  return g_string_free(text, FALSE);
}

static void assert_value(const char *traits, guint variant, const char *path,
                         const char *expected) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(ScenarioFile) file = read(traits, diagnostics);
  g_auto(GStrv) keys = g_strsplit(path, "/", -1);
  g_autofree char *found = value_at(file, variant, (const char *const *)keys);
  g_autoptr(GString) told = g_string_new(NULL);
  diagnostics_append(diagnostics, FALSE, told);
  cr_assert_eq(diagnostics_errors(diagnostics), 0u, "%s: %s", traits, told->str);
  cr_assert_str_eq(found, expected, "%s: %s is %s", traits, path, found);
}

Test(traits, lead_where_variants_lead) {
  assert_value("nvas.*.boot: 7s", 0, "nvas/a/boot", "7s");
  assert_value("nvas.*.boot: 7s", 0, "nvas/b/boot", "7s");
  assert_value("nvas.b.boot: 7s", 0, "nvas/a/boot", "9s");
  assert_value("nvas.b*.boot: 7s", 0, "nvas/b/boot", "7s");
  assert_value("nvas.b.boot: 7s\nnvas.*.boot: 8s", 0, "nvas/b/boot", "7s"); /* the special wins */
  assert_value("link_delay: 2ms", 0, "link_delay", "2ms");
  assert_value("nvas.*.peers.*.hold: 12s", 0, "nvas/b/peers/rs/hold", "12s"); /* `rs:` is empty */
}

/* A variant comes after them. */
Test(traits, before_variants) {
  assert_value("nvas.*.boot: 7s", 1, "nvas/a/boot", "5s");
  assert_value("nvas.*.boot: 7s", 1, "nvas/b/boot", "7s");
}

/* The azure block is not in the file, and has its defaults all the same. */
Test(traits, short_paths_and_blocks_of_clouds) {
  assert_value("azure.program: {uniform: [1s, 2s]}", 0, "route_servers/rs/azure/program",
               "{uniform: [1s, 2s]}");
  assert_value("route_servers.*.azure.program: 2s", 0, "route_servers/rs/azure", "{program: 2s}");
}

static void assert_told(const char *traits, Severity severity, guint line, const char *message) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(ScenarioFile) file = read(traits, diagnostics);
  for (guint i = 0; i < diagnostics_count(diagnostics); i++) {
    const Diagnostic *one = diagnostics_get(diagnostics, i);
    if (one->severity == severity && one->mark.line == line &&
        g_strcmp0(one->mark.source->name, "t.yaml") == 0 && strstr(one->message, message) != NULL)
      return;
  }
  g_autoptr(GString) told = g_string_new(NULL);
  diagnostics_append(diagnostics, FALSE, told);
  cr_assert_fail("%s: not told '%s' in line %u, but\n%s", traits, message, line, told->str);
}

Test(traits, told_at_their_place) {
  assert_told("link_delay: 1ms\nprogram: 2s\n", SEVERITY_ERROR, 2,
              "'program' may be 'route_servers.*.azure.program' or 'route_servers.*.aws.program'");
  assert_told("azure.progam: 2s", SEVERITY_ERROR, 1, "did you mean 'azure.program'?");
  assert_told("nvas.*.bot: 2s", SEVERITY_ERROR, 1, "did you mean 'nvas.*.boot'?");
  assert_told("name: y", SEVERITY_ERROR, 1, "cannot change 'name'");
  assert_told("traits: y", SEVERITY_ERROR, 1, "cannot change 'traits'");
  assert_told("azure.program: 2", SEVERITY_ERROR, 1, "needs a unit");
  assert_told("gateways.*.azure.program: 2s", SEVERITY_WARNING, 1, "no place");
  assert_told("azure.program: 2s\nroute_servers.*.azure.program: 3s", SEVERITY_ERROR, 2,
              "set twice");
  assert_told("[1, 2]", SEVERITY_ERROR, 1, "expected a mapping");
  assert_told("", SEVERITY_ERROR, 0, "the file is empty");
}
