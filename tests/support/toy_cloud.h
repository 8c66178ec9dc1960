/* A third cloud that lives only in tests: it keeps the seam between the machine and the
 * clouds honest. One instance with a process of its own, at most two equal next hops, all
 * routes passed on between appliances; each subnet has one table. */
#pragma once
#include "routesim/cloud/cloud.h"

extern const CloudClass toy_cloud;
