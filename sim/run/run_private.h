/* What the files of a run share. */
#pragma once
#include "routesim/run/run.h"

/* A world with its events, sealed, ready for engine_run(). `options` stay the caller's. */
World *world_begin(Arena *arena, const Design *design, const CloudClass *cloud,
                   const RunOptions *options);
/* Rows of balance.csv; after those of traffic.csv. */
void run_collect_balance(World *world, RunResult *result);
