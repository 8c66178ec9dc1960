/* What tests have to know of a kind of failure that its row in sim/fault/fault.c does not say. The
 * kinds are those of that table: of one that nobody described here the test fails, and says so. */
#pragma once
#include "routesim/fault/fault.h"

/* FALSE where the data plane alone is dead: no session ends, no route goes, nobody is told. */
gboolean fault_is_heard(const FaultKind *kind);

typedef gboolean (*FaultKindFits)(const FaultKind *kind);
/* What can happen to a link; to what is no appliance; to an appliance. */
gboolean fault_fits_links(const FaultKind *kind);
gboolean fault_fits_parts(const FaultKind *kind);
gboolean fault_fits_appliances(const FaultKind *kind);
/* The kind number `index` of those that fit; NULL: there are no more. */
const FaultKind *fault_that_fits(FaultKindFits fits, guint index);
guint fault_fitting(FaultKindFits fits);
