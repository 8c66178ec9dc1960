/* What the engine's own files share. */
#pragma once
#include "routesim/engine/engine.h"

/* A leg that begins now, of what the current cause leads to; 0 where nothing does. It may take the
 * place of `own`, which nothing has built on yet (0: none). */
LegId engine_begin_leg(Engine *engine, const Stage *stage, LegId own);
/* Arms for what was caused, and began to wait, before. */
void timer_arm_for(Timer *timer, SimTime at, RecordId cause, LegId leg);

