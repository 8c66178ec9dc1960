/* What users call their things decides nothing: a design gives the same answers whatever its
 * circuits, sites, appliances, gateways, networks and subnets are called, like each other too. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/flow/traffic.h"
#include "routesim/run/inspect.h"
#include "support/story.h"

/* Each "<...>" stands for one name. Links and a zone fail, so that targets are looked up too. */
static const char design[] =
    "name: names\nduration: 30m\nlink_delay: 1ms\n"
    "networks:\n"
    "  <network>:\n    prefixes: [10.0.0.0/16]\n    region: <region>\n    subnets:\n"
    "      <subnet>: {prefix: 10.0.0.0/24, zone: <zone>}\n"
    "      <inner>: {prefix: 10.0.1.0/24, zone: z, vms: 0}\n"
    "  <spoke>:\n    prefixes: [10.1.0.0/16]\n    subnets: {hosts: {prefix: 10.1.0.0/24}}\n"
    "  third: {prefixes: [10.2.0.0/16]}\n"
    "peerings:\n"
    "  <peering>: {from: <spoke>, to: <network>, use_remote_gateway: on}\n"
    "  <back>: {from: <spoke>, to: third}\n"
    "route_tables:\n"
    "  <table>: {network: <spoke>, subnets: [hosts], routes: [{to: 10.0.0.0/16, via: <peering>}]}\n"
    "route_servers:\n"
    "  <server>:\n    network: <network>\n    azure: {branch_to_branch: on}\n"
    "    aws: {asn: 65000, endpoints: {<endpoint>: <network>/<inner>}, "
    "propagate_to: [<network>/<subnet>]}\n"
    "nvas:\n"
    "  <appliance>:\n    kind: sd-wan\n    subnet: <network>/<inner>\n    asn: 65010\n"
    "    peers: {<server>: {}}\n    advertise: [{site: <branch>}, {site: <depot>}]\n"
    "gateways:\n"
    "  <line>: {kind: circuit, network: <network>, circuits: [<circuit>, <second>]}\n"
    "  <tunnel>: {kind: vpn, network: <network>}\n"
    "circuits:\n  <circuit>: {site: <office>, weight: 9}\n  <second>: {site: <office>}\n"
    "sites:\n"
    "  <office>: {prefixes: [192.168.0.0/16], asn: 65100}\n"
    "  <branch>: {prefixes: [172.16.0.0/16], asn: 65101, via: {<appliance>: {}}}\n"
    "  <shop>: {prefixes: [172.17.0.0/16], asn: 65102, via: {<tunnel>: {}}}\n"
    "  <depot>: {prefixes: [172.18.0.0/16], via: [<appliance>]}\n"
    "traffic:\n"
    "  <traffic>: {from: <network>/<subnet>, to: <office>, flows: 10}\n"
    "  out-to-the-depot: {from: <network>/<subnet>, to: <depot>, flows: 10}\n"
    "  in-from-the-depot: {from: <depot>, to: <network>/<subnet>, flows: 10}\n"
    "events:\n"
    "  - {at: 60s, fail: circuit/<circuit>, how: cut}\n"
    "  - {at: 400s, fail: link/<branch>/<appliance>, how: cut}\n"
    "  - {at: 800s, fail: zone/<region>/<zone>}\n";

/* Each name by itself as `word`, the others unlike any word: the slot's own name and "-q". */
static char *text_with(const char *slot, const char *word) {
  GString *text = g_string_new(NULL);
  for (const char *at = design; *at != '\0'; at++) {
    if (*at != '<') {
      g_string_append_c(text, *at);
      continue;
    }
    const char *end = strchr(at, '>');
    g_autofree char *name = g_strndup(at + 1, (gsize)(end - at - 1));
    if (g_strcmp0(name, slot) == 0)
      g_string_append(text, word);
    else
      g_string_append_printf(text, "%s-q", name);
    at = end;
  }
  return g_string_free(text, FALSE);
}

static int by_text(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* `word` for the usual name of `slot` (NULL: as it is), and then alternatives in order: their names
 * decide in which one they are told. */
static char *in_terms_of(const char *text, const char *slot, const char *word) {
  g_autofree char *usual = g_strdup_printf("%s-q", slot != NULL ? slot : "");
  g_auto(GStrv) pieces = g_strsplit(text != NULL ? text : "-", slot != NULL ? usual : "\n", -1);
  g_autofree char *said = g_strjoinv(word, pieces);
  g_auto(GStrv) parts = g_strsplit(said, " or ", -1);
  qsort(parts, g_strv_length(parts), sizeof *parts, by_text);
  return g_strjoinv(" or ", parts);
}

static char *answer(Inspection *inspection, guint from, guint to, const char *slot,
                    const char *word) {
  const Reachability cell = inspection_reach(inspection, from, to);
  const char *const texts[] = {inspection_place(inspection, from), inspection_place(inspection, to),
                               cell.forward, cell.reverse, cell.where};
  char *parts[G_N_ELEMENTS(texts)];
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    parts[i] = in_terms_of(texts[i], slot, word);
  char *line = g_strdup_printf("%s to %s: %d by %s, back by %s, %s at %s, %s", parts[0], parts[1],
                               cell.verdict, parts[2], parts[3],
                               cell.reason != DROP_NONE ? drop_reason_name(cell.reason) : "-",
                               parts[4], cell.rule != NULL ? cell.rule : "-");
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(parts[i]);
  return line;
}

typedef struct {
  Story *story;
  Inspection *inspection;
} Look;

/* At the design with `word` for the usual name of `slot`; NULL: as it is. */
static Look look_at(const char *slot, const char *word, const char *model, gint64 seconds) {
  static const RunOptions options = {.seed = 1};
  g_autofree char *text = text_with(slot, word);
  Look look = {.story = story_text(text)};
  look.inspection =
      inspection_new(story_scenario(look.story), cloud_find(model), &options, sim_time_s(seconds));
  return look;
}

/* At the design with its usual names: the same for all words, and worked out once. */
static Inspection *usual(const char *model, gint64 seconds) {
  static struct {
    const char *model;
    gint64 seconds;
    Look look;
  } known[4];
  for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
    if (known[i].model == NULL) {
      known[i].model = model;
      known[i].seconds = seconds;
      known[i].look = look_at(NULL, "", model, seconds);
    }
    if (strcmp(known[i].model, model) == 0 && known[i].seconds == seconds)
      return known[i].look.inspection;
  }
  g_assert_not_reached();
}

/* How many ways its flows take, and where these are decided. */
static void add_ways(GPtrArray *lines, Inspection *inspection, const char *traffic,
                     const char *slot, const char *word) {
  const GPtrArray *steps = inspection_ways(inspection, traffic);
  for (guint i = 0; i < steps->len; i++) {
    const WayStep *step = steps->pdata[i];
    g_autofree char *way = in_terms_of(step->way, slot, word);
    g_autofree char *at = in_terms_of(step->at, slot, word);
    g_ptr_array_add(lines, g_strdup_printf("%s %s, step %u: %s at %s, %s", traffic,
                                           flow_directions[step->direction], step->step, way, at,
                                           step->prefix != NULL ? step->prefix : "-"));
  }
}

/* Who reaches whom how; `word` in place of the usual name of `slot` (NULL: as it is). */
static char *answers(Inspection *inspection, const char *slot, const char *word) {
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  const guint count = inspection_place_count(inspection);
  for (guint i = 0; i < count * count; i++)
    if (i / count != i % count)
      g_ptr_array_add(lines, answer(inspection, i / count, i % count, slot, word));
  add_ways(lines, inspection, "out-to-the-depot", slot, word);
  add_ways(lines, inspection, "in-from-the-depot", slot, word);
  g_ptr_array_sort(lines, by_text);
  g_ptr_array_add(lines, NULL);
  return g_strjoinv("\n", (char **)lines->pdata);
}

static const char *const slots[] = {
    "network", "region", "subnet", "zone",     "inner",     "spoke", "peering",
    "back",    "table",  "server", "endpoint", "appliance", "line",  "tunnel",
    "circuit", "second", "office", "branch",   "shop",      "depot", "traffic",
};

/* What the language or the program itself says, and the names of clouds for things. */
static const char *const words[] = {
    "route-server", "sister",       "static",     "clients", "site",      "vpn",
    "circuit",      "server",       "edge",       "gateway", "internet",  "none",
    "local",        "direct",       "data-plane", "any",     "all",       "zone",
    "link",         "hub",          "base",       "azure",   "aws",       "dropped",
    "loop",         "announcement", "nva",        "transit", "blackhole", "host",
    "fabric",       "gateways",     "0",          "1",       "rs",        "GatewaySubnet",
};

/* A site of that name is built in, routes go by these words, and Azure keeps these names of subnets
 * for itself. */
static gboolean is_taken(const char *slot, const char *word) {
  const gboolean subnet = strcmp(slot, "subnet") == 0 || strcmp(slot, "inner") == 0;
  const gboolean site = strcmp(slot, "office") == 0 || strcmp(slot, "branch") == 0 ||
                        strcmp(slot, "shop") == 0 || strcmp(slot, "depot") == 0;
  const gboolean next_hop =
      strcmp(word, "internet") == 0 || strcmp(word, "none") == 0 || strcmp(word, "local") == 0;
  return (site && strcmp(word, "internet") == 0) || (strcmp(slot, "peering") == 0 && next_hop) ||
         (subnet && strcmp(word, "GatewaySubnet") == 0);
}

static void compare(const char *slot, const char *word, const char *model, gint64 seconds) {
  const Look look = look_at(slot, word, model, seconds);
  g_autofree char *expected = answers(usual(model, seconds), slot, word);
  g_autofree char *found = answers(look.inspection, NULL, word);
  g_auto(GStrv) is = g_strsplit(found, "\n", -1), was = g_strsplit(expected, "\n", -1);
  cr_assert_eq(g_strv_length(is), g_strv_length(was));
  for (guint i = 0; is[i] != NULL; i++)
    cr_assert_str_eq(is[i], was[i], "%s at %d s, <%s> called '%s': %s, but otherwise %s", model,
                     (int)seconds, slot, word, is[i], was[i]);
  inspection_free(look.inspection);
  story_free(look.story);
}

/* One slot in four, so that processors share the work. */
static void check_words(guint part) {
  for (guint i = part; i < G_N_ELEMENTS(slots); i += 4)
    for (guint j = 0; j < G_N_ELEMENTS(words); j++) {
      if (!is_taken(slots[i], words[j]))
        compare(slots[i], words[j], "aws", 1500);
      for (gint64 at = 0; at <= 1500 && !is_taken(slots[i], words[j]); at += 1500)
        compare(slots[i], words[j], "azure", at);
    }
}

Test(names, no_word_is_special_0) { check_words(0); }
Test(names, no_word_is_special_1) { check_words(1); }
Test(names, no_word_is_special_2) { check_words(2); }
Test(names, no_word_is_special_3) { check_words(3); }

/* Two things may have one name, unless it could mean either of them: then that is said of the name.
 * Routes go by names of peerings, appliances and gateways. */
static gboolean is_refused(const char *slot, const char *word) {
  g_autofree char *text = text_with(slot, word);
  g_autofree char *said = story_diagnostics(text);
  g_auto(GStrv) lines = g_strsplit(said, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    if (!g_str_has_prefix(lines[i], "error"))
      continue;
    cr_assert_not_null(strstr(lines[i], word), "<%s> called '%s': %s", slot, word, lines[i]);
    return TRUE;
  }
  return FALSE;
}

static void check_shared(guint part) {
  guint shared = 0;
  for (guint i = part; i < G_N_ELEMENTS(slots); i += 4)
    for (guint j = 0; j < G_N_ELEMENTS(slots); j++) {
      g_autofree char *word = g_strdup_printf("%s-q", slots[j]);
      if (i == j || is_refused(slots[i], word))
        continue;
      compare(slots[i], word, "aws", 1500);
      compare(slots[i], word, "azure", 0);
      shared++;
    }
  cr_assert_gt(shared, 50);
}

Test(names, may_be_shared_0) { check_shared(0); }
Test(names, may_be_shared_1) { check_shared(1); }
Test(names, may_be_shared_2) { check_shared(2); }
Test(names, may_be_shared_3) { check_shared(3); }

Test(names, any_length) {
  g_autofree char *name = g_strnfill(300, 'n');
  for (guint i = 0; i < G_N_ELEMENTS(slots); i++) {
    compare(slots[i], name, "azure", 1500);
    compare(slots[i], name, "aws", 1500);
  }
}

/* Of flows with long names too, each direction and each traffic has hashes of its own. */
Test(names, hashes_use_the_whole_name) {
  static const guint lengths[] = {4, 140, 150, 151, 152, 160, 200, 300, 1000};
  for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
    guint32 first[8], back[8], other[8];
    g_autofree char *name = g_strnfill(lengths[i], 'n'), *longer = g_strconcat(name, "x", NULL);
    flow_hashes(1, 0, name, 0, first, G_N_ELEMENTS(first));
    flow_hashes(1, 0, name, 1, back, G_N_ELEMENTS(back));
    flow_hashes(1, 0, longer, 0, other, G_N_ELEMENTS(other));
    cr_assert(memcmp(first, back, sizeof first) != 0, "%u characters: directions", lengths[i]);
    cr_assert(memcmp(first, other, sizeof first) != 0, "%u characters: names", lengths[i]);
  }
}

/* Names may have dots, in paths too. */
Test(names, dots_in_the_path_of_a_variant) {
  static const struct {
    const char *path;
    gint64 of_short, of_long;
  } cases[] = {{"nvas.fw.asn=65099", 65099, 65011},
               {"nvas.fw.1.asn=65099", 65010, 65099},
               {"nvas.*.asn=65099", 65099, 65099}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Story) story =
        story_new_set("  fw: {subnet: hub/a, asn: 65010}\n  fw.1: {subnet: hub/a, asn: 65011}\n"
                      "  fw-a: {subnet: hub/a, asn: 65012}\n  fw-b: {subnet: hub/b, asn: 65013}\n",
                      "", cases[i].path);
    const GPtrArray *nvas = story_body(story)->nvas; /* by name: fw, fw-a, fw-b, fw.1 */
    cr_assert_eq(((const DesignNva *)nvas->pdata[0])->asn, cases[i].of_short);
    cr_assert_eq(((const DesignNva *)nvas->pdata[3])->asn, cases[i].of_long);
  }
}

Test(names, dots_in_the_path_of_a_setting) {
  static const char text[] = "name: dots\nmodels: [azure]\nduration: 5m\n"
                             "networks: {hub: {prefixes: [10.0.0.0/16], subnets: "
                             "{app: {prefix: 10.0.0.0/24}, nva: {prefix: 10.0.1.0/24, vms: 0}}}}\n"
                             "route_servers: {rs: {network: hub}}\n"
                             "nvas: {fw.1.b: {subnet: hub/nva, asn: 65010, peers: {rs: {}}}}\n"
                             "events: [{at: 10s, set: nvas.fw.1.b.advertise, "
                             "to: [{prefix: 172.16.0.0/16}]}]\n";
  g_autoptr(Story) story = story_text(text);
  g_autoptr(RunResult) result = story_run(story, "azure", 0);
  cr_assert_str_eq(story_hops(result, "hub/app@rs/0", "172.16.0.0/16"), "fw.1.b");
}
