/* Advice that a design gives only when it runs: nothing in the file is wrong, and yet something of
 * it does no work. Every variant is run under every model, and looked at where it starts and where
 * it ends (after the last event). Told is, each thing once:
 *   - traffic of which no flow arrives at either moment;
 *   - routes to appliances over which no packet arrives at either moment, though the table leads
 *     packets for some place there;
 *   - what the cloud asks of the network around it, and the scenario cannot say.
 * What an `expect: [{reach: [A, B], is: off}]` says is meant, and not told. */
#pragma once
#include "routesim/language/scenario.h"

/* What it adds is SEVERITY_ADVICE. It is only for a file in which nothing is wrong. */
void scenario_file_advise(const ScenarioFile *file, Diagnostics *diagnostics);
