/* Kinds of failure; see the header. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/fault_kinds.h"

static const struct {
  const char *name;
  gboolean heard;
} known[] = {{"silent", TRUE}, {"cut", TRUE},      {"crash", TRUE},   {"shutdown", TRUE},
             {"drain", TRUE},  {"withdraw", TRUE}, {"freeze", FALSE}, {"isolate", TRUE}};

gboolean fault_is_heard(const FaultKind *kind) {
  for (guint i = 0; i < G_N_ELEMENTS(known); i++)
    if (strcmp(known[i].name, kind->name) == 0)
      return known[i].heard;
  cr_assert_fail(
      "no test knows the kind of failure '%s': say in tests/support/fault_kinds.c whether "
      "anybody hears of it",
      kind->name);
  return FALSE;
}

gboolean fault_fits_links(const FaultKind *kind) { return kind->for_links; }
gboolean fault_fits_parts(const FaultKind *kind) { return kind->scope == FAULT_OF_ALL; }
gboolean fault_fits_appliances(const FaultKind *kind) {
  (void)kind;
  return TRUE;
}

const FaultKind *fault_that_fits(FaultKindFits fits, guint index) {
  for (guint i = 0; i < fault_kind_count(); i++)
    if (fits(fault_kind_at(i)) && index-- == 0)
      return fault_kind_at(i);
  return NULL;
}

guint fault_fitting(FaultKindFits fits) {
  guint count = 0;
  while (fault_that_fits(fits, count) != NULL)
    count++;
  return count;
}
