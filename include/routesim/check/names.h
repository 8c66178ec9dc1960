/* What the names of events mean under one cloud: things that can fail, and sessions between them.
 *
 * They follow from the Design, from what each cloud says of the parts of its route servers and
 * gateways, and from what kinds of appliances add. A world of the same Design and cloud has the
 * same names (world_resolve(), world_paths_between()); a test holds both to each other. */
#pragma once
#include "routesim/cloud/cloud.h"

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
