/* The law of a duration. Wherever a scenario has a duration, a distribution may
 * stand; a plain duration is the constant law. */
#pragma once
#include "routesim/base/random.h"
#include "routesim/base/time.h"

/* What a number rests on. A scenario's own value is set; no default of ours is. */
typedef enum { BASIS_NONE, BASIS_DOCUMENTED, BASIS_MEASURED, BASIS_ASSUMED, BASIS_SET } Basis;
#define BASIS_COUNT 5
const char *basis_name(Basis basis); /* "documented" ... */

typedef struct {
  Basis basis;
  const char *fact; /* id or clause of what gives the default; NULL: none does */
} Ground;

typedef enum {
  DISTRIBUTION_CONSTANT,    /* a */
  DISTRIBUTION_UNIFORM,     /* from a to b */
  DISTRIBUTION_NORMAL,      /* mean a, standard deviation b, cut at 0 (draws below 0 are 0) */
  DISTRIBUTION_LOGNORMAL,   /* median a, 95th percentile b */
  DISTRIBUTION_EXPONENTIAL, /* mean a */
  DISTRIBUTION_TABLE,       /* each of `count` values in `table` as likely */
} DistributionKind;

typedef struct {
  DistributionKind kind;
  SimTime a, b;
  guint count;
  const SimTime *table; /* borrowed */
  Ground ground;        /* what the law itself rests on; draws do not ask */
} Distribution;

static inline Distribution distribution_constant(SimTime value) {
  return (Distribution){.kind = DISTRIBUTION_CONSTANT, .a = value};
}

/* The value below which a share `u` of the draws falls, 0 < u < 1. Never below
 * 0; capped at 250 years. */
SimTime distribution_quantile(const Distribution *law, double u);
/* The mean of the draws, as far as nothing is cut: of a normal law `a`. */
SimTime distribution_mean(const Distribution *law);
/* One draw: exactly one uniform of the stream, also for a constant. */
SimTime distribution_draw(const Distribution *law, RandomStream *stream);
