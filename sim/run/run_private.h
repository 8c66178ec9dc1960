/* What the files of a run share. */
#pragma once
#include "routesim/run/run.h"

/* A world with its events, sealed, ready for engine_run(). `options` stay the caller's. */
World *world_begin(Arena *arena, const Design *design, const CloudClass *cloud,
                   const RunOptions *options);
/* Fills the rows of a run that is over, and what its probes saw. */
void run_fold(World *world, RunResult *result);
/* The events of the design, each at its time. */
void run_add_events(World *world);
/* Makes an event, before the engine is sealed; `number` is its own among those that are made. It
 * becomes the world's next event by run_event_at(), which may be while the world runs, between two
 * calls of engine_run(). The config stays the caller's. */
WorldEvent *run_event_new(World *world, guint number, const DesignEvent *config);
void run_event_at(WorldEvent *event, SimTime at);
MetricEvent run_event_for_metrics(const WorldEvent *event);
/* Rows of balance.csv; after those of traffic.csv. */
void run_collect_balance(World *world, RunResult *result);
