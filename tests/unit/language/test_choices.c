/* Who names what there is not is told all that there is: clouds, measures, kinds and software. */
#include <criterion/criterion.h>
#include <string.h>

#include "routesim/cloud/cloud.h"
#include "routesim/fault/fault.h"
#include "routesim/metric/metric.h"
#include "routesim/nva/nva.h"
#include "support/story.h"

#define TOP                                                                                        \
  "name: x\nduration: 1m\n"                                                                        \
  "networks: {hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24}}}}\n"

typedef const char *(*NameAt)(guint index);

static void assert_all(const char *text, guint count, NameAt name_at) {
  g_autofree char *said = story_diagnostics(text);
  for (guint i = 0; i < count; i++)
    if (name_at(i) != NULL)
      cr_expect_not_null(strstr(said, name_at(i)), "no %s in: %s", name_at(i), said);
}

static const char *bound_at(guint index) {
  return measure_spec((Measure)index)->bounds ? measure_name((Measure)index) : NULL;
}
static const char *cloud_name_at(guint index) { return cloud_at(index)->name; }
static const char *class_at(guint index) { return nva_class_at(index)->name; }
static const char *software_at(guint index) { return nva_software_at(index)->name; }
static const char *fault_at(guint index) { return fault_kind_at(index)->name; }

Test(choices, all_are_told) {
  assert_all("models: [zzzzzzzz]\n" TOP, cloud_count(), cloud_name_at);
  assert_all(TOP "load_balancer: {zzzzzzzz: {}}\n", cloud_count(), cloud_name_at);
  assert_all(TOP "expect: [{measure: zzzzzzzz, at_most: 1s}]\n", MEASURE_COUNT, bound_at);
  assert_all(TOP "nvas: {fw: {kind: zzzzzzzz, subnet: hub/app, asn: 65010}}\n", nva_class_count(),
             class_at);
  assert_all(TOP "nvas: {fw: {software: zzzzzzzz, subnet: hub/app, asn: 65010}}\n",
             nva_software_count(), software_at);
  assert_all(TOP "events: [{at: 1s, fail: fw, how: zzzzzzzz}]\n", fault_kind_count(), fault_at);
}
