/* What the files of a run share. */
#pragma once
#include "routesim/run/run.h"

/* Rows of balance.csv; after those of traffic.csv. */
void run_collect_balance(World *world, RunResult *result);
