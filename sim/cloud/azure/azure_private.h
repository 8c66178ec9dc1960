/* What the files of this folder share. */
#pragma once
#include "routesim/cloud/gateway.h"

#define AZURE_ASN 65515 /* AZ-2.1: fixed */

/* Of what a route server or a gateway puts into NICs' routes (AZ-5.8). */
extern const RouteOrigin azure_gateway_origin;
extern const GatewayClass azure_gateways[GATEWAY_KINDS];
