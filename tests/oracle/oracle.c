/* The program held to an oracle of its own: on random designs, and on the full product of origins,
 * lengths and exceptions. What disagrees is shrunk to a small design, and printed with both
 * answers.
 *
 * ORACLE=20000 checks so many random designs of each cloud, from number SEED on (1); PRODUCT=1
 * takes every combination of the product, 50 one in fifty; ORACLE_FOUND=n goes on until n designs
 * disagreed. */
#include <criterion/criterion.h>
#include <string.h>

#include "oracle/compare.h"
#include "oracle/product.h"
#include "oracle/program.h"
#include "support/count.h"

static guint64 setting(const char *name, guint64 otherwise) {
  const char *value = g_getenv(name);
  return value != NULL && value[0] != '\0' ? g_ascii_strtoull(value, NULL, 10) : otherwise;
}

typedef struct {
  guint64 designs, checks, found;
  guint64 each; /* The command line is slow to ask: one design in so many. */
} Sum;

static void check(const Design *design, const char *what, guint64 number, Sum *sum) {
  const char *routesim = sum->designs % sum->each == 0 ? g_getenv("ROUTESIM") : NULL;
  Comparison comparison = compare_design(design, routesim);
  sum->designs++;
  sum->checks += comparison.checks;
  if (comparison.disagreement != NULL) {
    const Design least =
        strcmp(comparison.kind, "command") == 0 ? *design : compare_shrink(design, comparison.kind);
    Comparison last = compare_design(&least, routesim);
    g_autofree char *text = design_text(&least, "oracle");
    g_printerr("==== %s, %s %" G_GUINT64_FORMAT ", %s\n%s\n%s\n", design_clouds[design->cloud],
               what, number, last.kind, last.disagreement, text);
    comparison_clear(&last);
    sum->found++;
  }
  comparison_clear(&comparison);
}

static void conclude(DesignCloud cloud, const char *what, const Sum *sum) {
  g_printerr("%s, %s: %" G_GUINT64_FORMAT " designs, %" G_GUINT64_FORMAT " checks\n",
             design_clouds[cloud], what, sum->designs, sum->checks);
  cr_assert_eq(sum->found, 0, "%" G_GUINT64_FORMAT " designs disagree", sum->found);
}

static void check_designs(DesignCloud cloud) {
  const guint64 first = setting("SEED", 1), count = setting("ORACLE", TOPOLOGY_COUNT(2500));
  Sum sum = {.each = 50};
  for (guint64 i = first; i < first + count && sum.found < setting("ORACLE_FOUND", 1); i++) {
    const Design design = design_draw(i, cloud);
    check(&design, "design", i, &sum);
  }
  conclude(cloud, "random", &sum);
}

static void check_product(DesignCloud cloud) {
  const guint64 every = MAX(setting("PRODUCT", 30000 / MAX(TOPOLOGY_COUNT(400), 1)), 1);
  const guint64 first = setting("SEED", 1);
  Sum sum = {.each = 1000};
  for (guint64 i = first % every;
       i < product_count(cloud) && sum.found < setting("ORACLE_FOUND", 1); i += every) {
    const Design design = product_design(cloud, i);
    check(&design, "combination", i, &sum);
  }
  conclude(cloud, "product", &sum);
}

Test(oracle, random_azure) { check_designs(DESIGN_AZURE); }
Test(oracle, random_aws) { check_designs(DESIGN_AWS); }
Test(oracle, product_azure) { check_product(DESIGN_AZURE); }
Test(oracle, product_aws) { check_product(DESIGN_AWS); }
