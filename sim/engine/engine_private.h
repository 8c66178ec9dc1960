/* What the engine's own files share. */
#pragma once
#include "routesim/engine/engine.h"

/* The leg of a wait from now to `until`, of what the current cause leads to; 0 where nothing does, or
 * no time has passed or will. It may take the place of `own`, if nothing has built on that yet
 * (0: none). */
LegId engine_begin_leg(Engine *engine, const Stage *stage, SimTime until, LegId own);
/* Arms for what was caused, and began to wait, before. */
void timer_arm_for(Timer *timer, SimTime at, RecordId cause, LegId leg);

