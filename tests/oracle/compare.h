/* The program's answers held against the oracle's. */
#pragma once
#include "oracle/oracle.h"

/* What one design came to. */
typedef struct {
  guint64 checks;     /* answers that were compared */
  char *disagreement; /* the first one, of the first kind that has any; NULL: none */
  const char *kind;   /* "refused", "rib", "table", "reach", "way", "command" */
} Comparison;

void comparison_clear(Comparison *comparison);
/* `routesim`: the program, whose commands are held to its library too; or NULL. */
Comparison compare_design(const Design *design, const char *routesim);
/* The smallest design found that still disagrees in the same way. */
Design compare_shrink(const Design *design, const char *kind);
