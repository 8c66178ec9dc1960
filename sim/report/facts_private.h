/* The table that tests/support/facts-to-c.awk makes of scenarios/facts.md at
 * build time. */
#pragma once
#include "routesim/report/facts.h"

extern const FactRow fact_rows[];
extern const guint fact_rows_count;
