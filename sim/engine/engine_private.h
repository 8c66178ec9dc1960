/* What the engine's own files share. */
#pragma once
#include "routesim/engine/engine.h"

/* The leg of a wait from now to `until`, of what the current cause leads to; 0 where nothing does,
 * or no time has passed or will. The caller holds it until engine_leave_leg(), or until a timer
 * that was armed for it has fired. */
LegId engine_begin_leg(Engine *engine, const Stage *stage, SimTime until);
/* The leg of a wait from `from` to `until` that the handler of `timer`, which was cancelled, would
 * have begun had it been called at `from`. The caller holds it. */
LegId engine_begin_leg_behind(const Timer *timer, const Stage *stage, SimTime from, SimTime until);
RecordId timer_cause(const Timer *timer);
/* The wait is over, or given up. What nobody holds any more is forgotten: what repeats itself for
 * years costs no memory, unless a record tells of it. */
void engine_leave_leg(Engine *engine, LegId leg);
/* The timer waits for what was caused, and began to wait, before; it does not hold the leg. */
void timer_arm_for(Timer *timer, SimTime at, RecordId cause, LegId leg);
