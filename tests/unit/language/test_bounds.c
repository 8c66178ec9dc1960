/* The bounds of numbers: the reference states those of every key, and a standard or a fact gives
 * some of them. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/language/scenario.h"
#include "support/facts.h"

#define REFERENCE "scenarios/README.md"

/* "number, 1 to 10", "number, at least 0" or, where any will do, "number"; the caller frees. */
static char *type_of(const KeySpec *spec) {
  const char *type = spec->arity == KEY_LIST ? "list of number" : "number";
  if (spec->least == 0 && spec->most == 0)
    return g_strdup(type);
  if (spec->most == G_MAXINT64)
    return g_strdup_printf("%s, at least %" G_GINT64_FORMAT, type, spec->least);
  return g_strdup_printf("%s, %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, type, spec->least,
                         spec->most);
}

typedef struct {
  char *text;
  guint keys;
} Reference;

static void check_row(const char *path, const KeySpec *spec, gpointer data) {
  Reference *reference = data;
  if (spec->type != KEY_COUNT)
    return;
  g_autofree char *type = type_of(spec);
  g_autofree char *row = g_strdup_printf("\n| `%s` | %s |", path, type);
  cr_expect_not_null(strstr(reference->text, row), "%s has no row of %s with the type '%s'",
                     REFERENCE, path, type);
  reference->keys++;
}

Test(bounds, of_every_number_are_in_the_reference) {
  Reference reference = {0};
  cr_assert(g_file_get_contents(REFERENCE, &reference.text, NULL, NULL), "cannot read " REFERENCE);
  scenario_keys_foreach(check_row, &reference);
  g_free(reference.text);
  cr_assert_gt(reference.keys, 60u);
}

/* ---- those that somebody else gave ---------------------------------------------------------- */

static const struct {
  const char *path;
  gint64 least, most;
  const char *why;
} given[] = {
    {"route_servers.*.aws.asn", 1, 4294967295, "AWS-2.1"},
    /* RFC 6793 4: of four octets; RFC 7607: 0 is nobody's, and here says that it is the right one;
     * RFC 7300: the last is nobody's. */
    {"sites.*.asn", 1, 4294967294, "RFC 7300"},
    {"gateways.*.azure.asn", 1, 4294967294, "RFC 7300"},
    {"gateways.*.aws.asn", 1, 4294967294, "RFC 7300"},
    {"nvas.*.peers.*.asn", 0, 4294967294, "RFC 7300"},
    {"nvas.*.peers.*.strip_as", 1, 4294967294, "RFC 7300"},
    /* RFC 4271 4.3: a four-octet unsigned integer; -1 is none here. */
    {"nvas.*.advertise.med", -1, 4294967295, "RFC 4271 4.3"},
    {"sites.*.advertise.med", -1, 4294967295, "RFC 4271 4.3"},
    /* RFC 5880 4.1: an octet; 6.8.6: with 0 a packet is discarded. */
    {"nvas.*.peers.*.bfd.multiplier", 1, 255, "RFC 5880"},
    {"route_servers.*.aws.bfd.multiplier", 1, 255, "RFC 5880"},
    {"sites.*.via.*.detect.bfd.multiplier", 1, 255, "RFC 5880"},
    {"circuits.*.bfd.multiplier", 1, 255, "RFC 5880"},
    {"route_servers.*.azure.max_paths", 1, 8, "AZ-6.12"},
    {"route_servers.*.aws.limits.static_routes", 1, 1000, "AWS-9.8"},
};

static void look_at(const char *path, const KeySpec *spec, gpointer data) {
  gboolean *found = data;
  for (guint i = 0; i < G_N_ELEMENTS(given); i++)
    if (spec->type == KEY_COUNT && strcmp(path, given[i].path) == 0) {
      cr_expect_eq(spec->least, given[i].least, "%s: %s", path, given[i].why);
      cr_expect_eq(spec->most, given[i].most, "%s: %s", path, given[i].why);
      found[i] = TRUE;
    }
}

Test(bounds, of_a_standard_or_a_fact) {
  gboolean found[G_N_ELEMENTS(given)] = {FALSE};
  scenario_keys_foreach(look_at, found);
  for (guint i = 0; i < G_N_ELEMENTS(given); i++)
    cr_expect(found[i], "no key %s", given[i].path);
  FACTS("AWS-2.1", "AWS-9.8", "AZ-6.12");
}
