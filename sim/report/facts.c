/* The facts that are built in, by id and by place. */
#include "routesim/report/facts.h"

#include "facts_private.h"

#include <string.h>

const FactRow *fact_find(const char *id) {
  for (guint i = 0; i < fact_rows_count; i++)
    if (strcmp(fact_rows[i].id, id) == 0)
      return &fact_rows[i];
  return NULL;
}

const FactRow *fact_at(guint index) {
  g_assert(index < fact_rows_count);
  return &fact_rows[index];
}

guint fact_count(void) { return fact_rows_count; }
