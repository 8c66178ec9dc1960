/* The event log of a route server's peers, in the cloud's own vocabulary: one JSON object a line,
 * made of the trace. Only messages and states that an endpoint sees are events; routes that leave
 * with their session have none of their own. Facts: AWS-10.1. */
#pragma once
#include "routesim/run/run.h"

/* `out` gets all events of a run with detail, as they happened. */
void peer_log_append(const RunResult *result, const Design *body, GString *out);
