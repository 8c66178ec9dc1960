/* Max-min fair sharing: cases by hand, and what makes an allocation max-min fair. */
#include "routesim/flow/fair_share.h"

#include <criterion/criterion.h>

#include "routesim/base/random.h"

Test(fair_share, one_resource) {
  static const guint uses[] = {0};
  const double capacity[] = {100};
  /* Three ask for 10, 40 and 200 each: the small one gets all, the others share the rest. */
  FairDemand demands[] = {{10, 1, uses, 1, 0}, {40, 1, uses, 1, 0}, {200, 1, uses, 1, 0}};
  fair_share_solve(demands, 3, capacity, 1);
  cr_assert_float_eq(demands[0].rate, 10, 1e-9);
  cr_assert_float_eq(demands[1].rate, 40, 1e-9);
  cr_assert_float_eq(demands[2].rate, 50, 1e-9);
}

/* A long flow over both, two short ones over one each: the classic case. */
Test(fair_share, two_resources) {
  static const guint both[] = {0, 1}, first[] = {0}, second[] = {1};
  const double capacity[] = {10, 20};
  FairDemand demands[] = {{100, 1, both, 2, 0}, {100, 1, first, 1, 0}, {100, 1, second, 1, 0}};
  fair_share_solve(demands, 3, capacity, 2);
  cr_assert_float_eq(demands[0].rate, 5, 1e-9);
  cr_assert_float_eq(demands[1].rate, 5, 1e-9);
  cr_assert_float_eq(demands[2].rate, 15, 1e-9);
}

Test(fair_share, flows_count_one_by_one) {
  static const guint uses[] = {0};
  const double capacity[] = {100};
  FairDemand demands[] = {{10, 30, uses, 1, 0}, {10, 10, uses, 1, 0}, {7, 5, uses, 0, 0}};
  fair_share_solve(demands, 3, capacity, 1);
  cr_assert_float_eq(demands[0].rate, 2.5, 1e-9);
  cr_assert_float_eq(demands[1].rate, 2.5, 1e-9);
  cr_assert_float_eq(demands[2].rate, 7, 1e-9, "who uses nothing has what it asks for");
}

/* Two resources that are full at the same moment, but for rounding: for some n, n times 1e9/n is a
 * hair more than 1e9, which must not stop the filling. */
Test(fair_share, resources_full_at_once) {
  static const guint first[] = {0}, second[] = {1};
  const double capacity[] = {1e9, 1e9};
  for (guint n = 1; n < 3000; n++) {
    FairDemand demands[] = {{1e9 + 1, n, first, 1, 0}, {1e9 + 1, n, second, 1, 0}};
    fair_share_solve(demands, 2, capacity, 2);
    for (guint i = 0; i < 2; i++)
      cr_assert_float_eq(demands[i].rate * n, 1e9, 1, "%u flows: %g", n, demands[i].rate * n);
  }
}

/* No resource above its capacity; whoever has less than it asks for uses a full resource at which
 * nobody has more. */
Test(fair_share, is_max_min_fair) {
  for (guint round = 0; round < 2000; round++) {
    RandomStream stream = random_stream(round, 0, "fair-share");
    const guint resources = 1 + random_bits(&stream) % 5, count = 1 + random_bits(&stream) % 12;
    double capacity[5], used[5] = {0};
    guint uses[12][5];
    FairDemand demands[12];
    for (guint r = 0; r < resources; r++)
      capacity[r] = 1 + (double)(random_bits(&stream) % 1000);
    for (guint i = 0; i < count; i++) {
      guint n = 0;
      for (guint r = 0; r < resources; r++)
        if (random_bits(&stream) % 2 == 0)
          uses[i][n++] = r;
      demands[i] = (FairDemand){(double)(random_bits(&stream) % 300),
                                1 + (guint)(random_bits(&stream) % 4), uses[i], n, -1};
    }
    fair_share_solve(demands, count, capacity, resources);
    for (guint i = 0; i < count; i++)
      for (guint j = 0; j < demands[i].use_count; j++)
        used[uses[i][j]] += demands[i].rate * demands[i].flows;
    for (guint r = 0; r < resources; r++)
      cr_assert_leq(used[r], capacity[r] * (1 + 1e-9));
    for (guint i = 0; i < count; i++) {
      gboolean bound = demands[i].rate >= demands[i].demand * (1 - 1e-9);
      for (guint j = 0; j < demands[i].use_count; j++) {
        const guint r = uses[i][j];
        gboolean most = used[r] >= capacity[r] * (1 - 1e-9);
        for (guint k = 0; k < count; k++)
          for (guint l = 0; l < demands[k].use_count; l++)
            most &= uses[k][l] != r || demands[k].rate <= demands[i].rate * (1 + 1e-9);
        bound |= most;
      }
      cr_assert(bound, "round %u: demand %u", round, i);
    }
  }
}
