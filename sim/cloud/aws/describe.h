/* What people see of AWS: its own tools' tables, and the rule behind what does not work. */
#pragma once
#include "routesim/cloud/cloud.h"

void aws_describe(const CloudTopology *topology, const GPtrArray *servers, GPtrArray *listings);
const char *aws_forbids(const CloudTopology *topology, const GPtrArray *servers,
                        const CloudBlock *block);
/* How often monitoring looks at its sessions, and its prices: hooks of TellingClass. */
SimTime aws_alarm_interval(RouteServer *server);
guint aws_prices(gconstpointer config, CloudPrice *prices);
