/* Facts by execution: a test that passed says which facts it holds.
 *
 * FACTS("AZ-1.2", "AZ-13.2"); stands as the last statement of a Criterion test, so that it is
 * reached only when every assertion before it passed. It appends one line to the file `ran` of the
 * folder that the environment names in ROUTESIM_FACTS, and does nothing where that is not set. An
 * id that scenarios/facts.md does not have fails the test. `make facts` reads what was appended. */
#ifndef TESTS_SUPPORT_FACTS_H
#define TESTS_SUPPORT_FACTS_H

#include <stddef.h>

#define FACTS(...) facts_held(__FILE__, (const char *const[]){__VA_ARGS__, NULL})

/* The running test of the source `file` holds the facts `ids`, which NULL ends. */
void facts_held(const char *file, const char *const *ids);

#endif
