/* Sections whose content is commented out. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/language/scenario.h"
#include "support/story.h"

#define TOP                                                                                        \
  "name: x\nduration: 1m\nnetworks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: "      \
  "10.0.0.0/24}}}}\n"

/* They are as if they were not there. */
Test(empty, sections_are_as_if_absent) {
  static const char *const sections[] = {
      "traffic",       "probes",     "events",        "expect",       "measured",
      "links",         "variants",   "sweep",         "sampling",     "sites",
      "nvas",          "gateways",   "circuits",      "route_tables", "peerings",
      "route_servers", "route_maps", "load_balancer", "api_failover"};
  for (guint i = 0; i < G_N_ELEMENTS(sections); i++) {
    g_autofree char *text = g_strdup_printf(TOP "%s:\n", sections[i]);
    g_autofree char *said = story_diagnostics(text);
    cr_expect_str_eq(said, "", "%s: %s", sections[i], said);
  }
}

Test(empty, a_sweep_of_no_paths_has_no_variants) {
  g_autofree char *said = story_diagnostics(TOP "sweep: {}\n");
  cr_assert_str_eq(said, "", "%s", said);
}

/* One value is a list like any other, none is none. */
Test(empty, a_path_of_a_sweep_has_values) {
  g_autofree char *one = story_diagnostics(TOP "sweep: {duration: [2m]}\n");
  cr_assert_str_eq(one, "", "%s", one);
  g_autofree char *none = story_diagnostics(TOP "sweep: {duration: []}\n");
  cr_assert(g_str_has_prefix(none, "error: the list of 'duration' is empty"), "%s", none);
}
