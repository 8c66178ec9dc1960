/* A bed for tests: an engine, its arena, and a script of things that happen. */
#pragma once
#include "routesim/base/distribution.h"
#include "routesim/engine/engine.h"

typedef struct {
  Arena *arena;
  Engine *engine;
  Agenda *script;
} Bed;

/* One thing that happens is one record, and the cause of what follows. */
extern const TraceKind BED_EVENT;

Bed *bed_new(void);
void bed_free(Bed *bed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bed, bed_free)

/* `act(data)` is called at `at`, before all else of that instant. The bed may run already. */
typedef void (*BedAct)(gpointer data);
void bed_at(Bed *bed, SimTime at, BedAct act, gpointer data);
/* The engine is sealed where that has not been done, then run. */
void bed_run(Bed *bed, SimTime until);
/* A constant law that the bed owns. */
const Distribution *bed_constant(Bed *bed, SimTime value);
const Distribution *bed_uniform(Bed *bed, SimTime low, SimTime high);
/* Records of `kind`; the last one in *last (NULL: none), which may be NULL. */
guint bed_count(const Bed *bed, const TraceKind *kind, const TraceRecord **last);
Prefix bed_prefix(const char *text);
IpAddress bed_address(const char *text);
