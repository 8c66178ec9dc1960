/* The program's answers held against the oracle's. */
#pragma once
#include "oracle/oracle.h"

/* What one design came to. */
typedef struct {
  guint64 checks;     /* answers that were compared */
  char *disagreement; /* the first one, of the first kind that has any; NULL: none */
  const char *kind;   /* "refused", "rib", "table", "reach", "way" */
} Comparison;

void comparison_clear(Comparison *comparison);
Comparison compare_design(const Design *design);
/* The smallest design found that still disagrees in the same way. */
Design compare_shrink(const Design *design, const char *kind);
