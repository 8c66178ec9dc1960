/* The facts that code, warnings and reports cite by id, such as AZ-2.8: the rows
 * of scenarios/facts.md, built into the program, in the order of that file.
 * Rows and strings are constants: borrowed, never freed. */
#pragma once
#include <glib.h>

typedef struct {
  const char *id;     /* AWS-n.m, AZ-n.m or D-n */
  const char *fact;   /* what it is about, in a line */
  const char *value;  /* the number, the rule or the default */
  const char *basis;  /* documented, measured, assumed or inferred */
  const char *source; /* names and addresses; "none" for a bare assumption */
} FactRow;

/* The fact with this id, written exactly so; NULL if there is none. */
const FactRow *fact_find(const char *id);
/* `index` is below fact_count(). */
const FactRow *fact_at(guint index);
guint fact_count(void);
