/* What AWS refuses, by what it is about. */
#pragma once
#include "aws_private.h"

/* What a route server and an appliance may not ask for stands in check.c, ... */
void aws_check_server(DesignCheck *check, const DesignRouteServer *server);
void aws_check_unused(DesignCheck *check, const DesignRouteServer *server);
void aws_check_appliance(DesignCheck *check, const DesignNva *nva);
const char *aws_refuse_asn(gconstpointer config, guint32 asn);
/* ... and what tables and gateways may not, in check_tables.c. */
void aws_check_table(DesignCheck *check, const DesignRouteTable *table, const GPtrArray *routes);
void aws_check_nat(DesignCheck *check, const DesignGateway *gateway);
