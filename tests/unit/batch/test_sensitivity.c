/* The joint range over what nobody has published: the same for `sensitivity`, which moves each
 * trait alone besides, and for `compare --ranges`, which does not. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "routesim/batch/sensitivity.h"
#include "routesim/check/check.h"

static const char text[] =
    "name: joint\n"
    "duration: 5m\n"
    "runs: 3\n"
    "networks:\n"
    "  hub: {prefixes: [10.0.0.0/16], subnets: {app: {prefix: 10.0.0.0/24, vms: 4}, "
    "nva: {prefix: 10.0.1.0/24}}}\n"
    "route_servers:\n"
    "  rs: {network: hub, aws: {asn: 65000, endpoints: {e1: hub/nva}, propagate_to: [hub/app]}}\n"
    "nvas:\n"
    "  a: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{site: dc}]}\n"
    "  b: {subnet: hub/nva, asn: 65010, peers: {rs: }, advertise: [{site: dc, prepend: 2}]}\n"
    "sites: {dc: {prefixes: [192.168.0.0/16], via: [a, b]}}\n"
    "traffic: {t: {from: hub/app, to: dc}}\n"
    "events: [{at: 20s, fail: a, how: silent}, {at: 4m, fail: b, how: crash}]\n"
    "variants: {slow: {nvas.*.peers.rs.hold: 60s}}\n";

static ScenarioFile *read_text(void) {
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  ScenarioFile *file = check_read("joint.yaml", g_strdup(text), strlen(text), NULL, 0, diagnostics);
  cr_assert_eq(diagnostics_errors(diagnostics), 0);
  return file;
}

static Sensitivity *run(ScenarioFile *file, const SensitivityOptions *options) {
  GError *error = NULL;
  Sensitivity *sensitivity = sensitivity_run(file, options, &error);
  cr_assert_null(error);
  return sensitivity;
}

static gboolean same(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

static void assert_same_ranges(const Sensitivity *one, const Sensitivity *other) {
  cr_assert_eq(sensitivity_count(one), 4u, "two variants under two models");
  cr_assert_eq(sensitivity_count(other), 4u);
  for (guint i = 0; i < 4; i++) {
    const SensitivityCell *left = sensitivity_cell(one, i), *right = sensitivity_cell(other, i);
    cr_assert_eq(left->event_count, 2u);
    for (guint event = 0; event < 2; event++) {
      const SensitivityRange *a = &left->ranges[event], *b = &right->ranges[event];
      cr_expect(same(a->base, b->base) && a->least == b->least && a->most == b->most,
                "cell %u event %u: %g; %g to %g, and %g; %g to %g", i, event, a->base, a->least,
                a->most, b->base, b->least, b->most);
    }
  }
}

/* `ranges`: one that no check lets pass leaves its trait out of both. */
static void assert_joint_is_joint(const char *const *ranges) {
  g_autoptr(ScenarioFile) file = read_text();
  const BatchOptions batch = {.jobs = 2};
  const SensitivityOptions whole = {
      .measure = MEASURE_OUTAGE, .statistic = STATISTIC_P50, .ranges = ranges, .batch = &batch};
  GError *error = NULL;
  g_autoptr(Batch) base = batch_run(file, &batch, &error);
  SensitivityOptions joint = whole;
  joint.joint_only = TRUE;
  joint.base = base;
  g_autoptr(Sensitivity) one = run(file, &whole);
  g_autoptr(Sensitivity) other = run(file, &joint);
  assert_same_ranges(one, other);
  const SensitivityRange *first = sensitivity_range(one, sensitivity_cell(one, 0));
  cr_expect(first->least < first->base && first->base < first->most, "%g; %g to %g", first->base,
            first->least, first->most);
  cr_expect_gt(sensitivity_cell(one, 0)->effects->len, 0u);
  cr_expect_eq(sensitivity_cell(other, 0)->effects->len, 0u);
}

Test(sensitivity, the_joint_points_are_the_same_without_each_trait_alone) {
  assert_joint_is_joint(NULL);
}

Test(sensitivity, a_trait_that_is_refused_is_left_out_of_the_joint_points_too) {
  static const char *const ranges[] = {"azure.program=1s..nonsense", NULL};
  assert_joint_is_joint(ranges);
}
