/* What people see of Azure: its own tools' tables, and the rule behind what does not work. */
#pragma once
#include "routesim/cloud/cloud.h"

void azure_describe(const CloudTopology *topology, const GPtrArray *servers, GPtrArray *listings);
const char *azure_forbids(const CloudTopology *topology, const GPtrArray *servers,
                          const CloudBlock *block);
