/* The program held to an oracle of its own on random designs.
 *
 * ORACLE=20000 checks so many designs, SEED=n begins at that number; ORACLE_FOUND=n goes on until n
 * of them disagreed. Each that does is shrunk to a small one, and printed with both answers. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "oracle/compare.h"
#include "support/topology.h"

static guint64 setting(const char *name, guint64 otherwise) {
  const char *value = g_getenv(name);
  return value != NULL && value[0] != '\0' ? g_ascii_strtoull(value, NULL, 10) : otherwise;
}

static void tell(const Design *design, guint64 seed, const Comparison *comparison) {
  const Design least = compare_shrink(design, comparison->kind);
  Comparison last = compare_design(&least);
  g_autofree char *text = design_text(&least, "oracle");
  g_printerr("==== %s, design %" G_GUINT64_FORMAT ", %s\n%s\n%s\n", design_clouds[design->cloud],
             seed, last.kind, last.disagreement, text);
  comparison_clear(&last);
}

static void check_designs(DesignCloud cloud) {
  const guint64 first = setting("SEED", 1), count = setting("ORACLE", TOPOLOGY_COUNT(1500));
  const guint64 most = setting("ORACLE_FOUND", 1);
  guint64 found = 0, checks = 0;
  for (guint64 seed = first; seed < first + count && found < most; seed++) {
    const Design design = design_draw(seed, cloud, FALSE);
    Comparison comparison = compare_design(&design);
    checks += comparison.checks;
    if (comparison.disagreement != NULL) {
      found++;
      tell(&design, seed, &comparison);
    }
    comparison_clear(&comparison);
  }
  g_printerr("%s: %" G_GUINT64_FORMAT " checks\n", design_clouds[cloud], checks);
  cr_assert_eq(found, 0, "%" G_GUINT64_FORMAT " designs disagree", found);
}

Test(oracle, azure, .timeout = 36000) { check_designs(DESIGN_AZURE); }
Test(oracle, aws, .timeout = 36000) { check_designs(DESIGN_AWS); }
