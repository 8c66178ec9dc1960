/* Azure Route Server: BGP as a service. Two instances with AS number 65515, ECMP next
 * hops programmed into the NICs of the VNet and of peered VNets that use it, exchange
 * with gateways when branch-to-branch is on. Facts: AZ-1 to AZ-8. */
#pragma once
#include "routesim/cloud/cloud.h"

extern const CloudClass azure_cloud;
