/* What the engine's own files share. */
#pragma once
#include "routesim/engine/engine.h"

/* Makes what the timer's handler does be caused by `cause`. */
void timer_set_cause(Timer *timer, RecordId cause);

