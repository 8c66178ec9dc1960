/* What the files of this folder share. */
#pragma once
#include "routesim/cloud/gateway.h"

extern const GatewayClass aws_gateways[GATEWAY_KINDS];
