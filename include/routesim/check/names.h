/* What the names of events mean under one cloud: things that can fail, and sessions between them.
 *
 * They follow from the Design, from what each cloud says of the parts of its route servers and
 * gateways, and from what kinds of appliances add. A world of the same Design and cloud has the
 * same names (world_resolve(), world_paths_between()); a test holds both to each other. */
#pragma once
#include "routesim/cloud/cloud.h"
#include "routesim/fault/fault.h"

typedef struct CheckNames CheckNames;

/* Of a design in which nothing is wrong; hangs off the arena. */
CheckNames *check_names_new(Arena *arena, const Design *design, const CloudClass *cloud);
/* `things` gets what `name` means: single things, by name (const char *). FALSE: nothing is called
 * so. */
gboolean check_names_resolve(const CheckNames *names, const char *name, GPtrArray *things);
/* All single things, by their names (const char *). */
const GPtrArray *check_names_things(const CheckNames *names);
/* Does a session stand between something of the one name and something of the other? */
gboolean check_names_have_session(const CheckNames *names, const char *a, const char *b);

/* What `names` has, each element once: appliances and their parts, groups of these, parts of route
 * servers and whole ones, gateways and their instances, routers of sites, links, circuits and their
 * edges, zones. Of two names for the same things one is there, the shorter. const char *, the
 * arena's. */
GPtrArray *check_names_elements(const CheckNames *names);
/* Those of `elements` that the pattern matches, in which '*' stands for any text; or, without one,
 * the name itself where it means something. const char *, appended. */
void check_names_match(const CheckNames *names, const GPtrArray *elements, const char *pattern,
                       GPtrArray *matched);
/* May this fail in this way? A link fails silent or cut, and some kinds are of appliances only. */
gboolean check_can_fail(const Design *design, const char *target, const FaultKind *how);
