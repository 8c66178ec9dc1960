/* Measures of balance against values by hand. */
#include "routesim/metric/balance.h"

#include <criterion/criterion.h>
#include <string.h>

static double value_of(const char *name, const BalanceShare *shares, guint count) {
  double value = -1;
  for (guint i = 0; i < balance_measure_count(); i++)
    if (strcmp(balance_measure_at(i)->name, name) == 0)
      return balance_measure_at(i)->compute(shares, count, &value) ? value : -1;
  cr_assert(FALSE, "no measure %s", name);
  return -1;
}

#define ASSERT(name, is)                                                                           \
  cr_assert_float_eq(value_of(name, shares, G_N_ELEMENTS(shares)), is, 1e-12, "%s", name)

Test(balance, even) {
  const BalanceShare shares[] = {{"a", 250, TRUE, FALSE},
                                 {"b", 250, TRUE, TRUE},
                                 {"c", 250, TRUE, FALSE},
                                 {"d", 250, TRUE, FALSE}};
  ASSERT("ways", 4);
  ASSERT("jain", 1);
  ASSERT("max_over_mean", 1);
  ASSERT("cross_zone", 0.25);
  ASSERT("delivered", 1);
}

Test(balance, uneven_and_dropped) {
  const BalanceShare shares[] = {
      {"a", 300, TRUE, TRUE}, {"b", 100, TRUE, FALSE}, {"dropped:loop", 600, FALSE, FALSE}};
  ASSERT("ways", 2);
  ASSERT("jain", 160000.0 / (2 * 100000.0)); /* 400^2 / (2 (300^2 + 100^2)) */
  ASSERT("max_over_mean", 1.5);
  ASSERT("cross_zone", 0.75);
  ASSERT("delivered", 0.4);
}

/* One way alone is as even as can be. */
Test(balance, one_way) {
  const BalanceShare shares[] = {{"a", 300, TRUE, FALSE}, {"dropped:loop", 100, FALSE, FALSE}};
  ASSERT("ways", 1);
  ASSERT("jain", 1);
  ASSERT("max_over_mean", 1);
  ASSERT("cross_zone", 0);
  ASSERT("delivered", 0.75);
}

Test(balance, nothing_delivered) {
  const BalanceShare shares[] = {{"dropped:no-route", 1000, FALSE, FALSE}};
  ASSERT("ways", 0);
  ASSERT("jain", -1);
  ASSERT("max_over_mean", -1);
  ASSERT("cross_zone", -1);
  ASSERT("delivered", 0);
}
