/* Laws that a trait may have, as places in which one is looked for and as text. */
#pragma once
#include "routesim/base/distribution.h"

/* Kinds of laws that are tried, those of fewer numbers first. */
typedef enum {
  LAW_CONSTANT,
  LAW_EXPONENTIAL,
  LAW_OWN, /* that of the scenario, made longer or shorter */
  LAW_LOGNORMAL,
  LAW_UNIFORM,
  LAW_NORMAL,
  LAW_KNOTS, /* any form: seven quantiles, and straight lines between them */
  LAW_KINDS,
  LAW_TABLE = LAW_KINDS, /* of values that come from the data, not from numbers that are fitted */
} LawKind;

#define LAW_NUMBERS 7       /* at the most */
#define LAW_TABLE_VALUES 99 /* at the most */

extern const double law_knots[LAW_NUMBERS]; /* shares of KNOTS, from 0 to 1 */

/* In seconds: CONSTANT a; EXPONENTIAL mean a; OWN factor a; LOGNORMAL median a, sigma b; UNIFORM
 * from a to b; NORMAL mean a, standard deviation b. */
typedef struct {
  LawKind kind;
  double a, b;
  const Distribution *own; /* OWN */
  guint count;             /* TABLE, KNOTS */
  double values[LAW_TABLE_VALUES];
} Law;

guint law_numbers(LawKind kind);
/* The law at a place of the plane (or line) in which it is looked for: no place is outside. */
Law law_at(LawKind kind, const Distribution *own, const double *place);
/* The place of a law that is near to one with these quartiles. */
void law_start(LawKind kind, const Distribution *own, double low, double median, double high,
               double *place);
void law_start_knots(const Law *law, double *place);
/* `z` is the normal quantile of `u`, which whoever asks often has at hand. */
double law_quantile(const Law *law, double u, double z);
double law_median(const Law *law);
/* As a scenario writes it, in whole milliseconds, below 10 ms microseconds. Caller frees. */
char *law_text(const Law *law);
char *law_text_of(const Distribution *own, double factor);
