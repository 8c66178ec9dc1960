/* Route tables of the user's own. */
#include "language_private.h"

#define OFFSET(Struct, field) G_STRUCT_OFFSET(Struct, field)
static const KeySpec route_specs[] = {
    {"to", KEY_PREFIX, KEY_ONE, OFFSET(DesignRoute, to), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "destination", 0},
    {"via", KEY_NAME, KEY_ONE, OFFSET(DesignRoute, via), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "an appliance, a peering, a gateway, an address, internet, local or none",
     .choices = design_via_words},
    {"prefix_list", KEY_NAME, KEY_ONE, OFFSET(DesignRoute, prefix_list), 0, NULL, BASIS_DOCUMENTED,
     "AWS-11.1", "managed prefix list that it comes from: such routes yield to static ones (aws)",
     0},
};
const KeyTable scenario_route_keys = KEY_TABLE("route_tables.*.routes", DesignRoute, route_specs);

static const KeySpec table_specs[] = {
    {"network", KEY_NAME, KEY_ONE, OFFSET(DesignRouteTable, network), KEY_REQUIRED, NULL,
     BASIS_NONE, NULL, "network that it belongs to", 0},
    {"subnets", KEY_NAME, KEY_LIST, OFFSET(DesignRouteTable, subnets), 0, NULL, BASIS_NONE, NULL,
     "subnets that follow it; a subnet in none has its own", 0},
    {"gateway", KEY_NAME, KEY_ONE, OFFSET(DesignRouteTable, gateway), 0, NULL, BASIS_DOCUMENTED,
     "AWS-5.2, AWS-5.15, AWS-5.27",
     "internet, vpn or circuit gateway whose inbound traffic follows it, in place of subnets (aws)",
     0},
    {"propagate", KEY_BOOL, KEY_ONE, OFFSET(DesignRouteTable, propagate), 0, "on", BASIS_DOCUMENTED,
     "AZ-6.7",
     "routes of gateways and route servers enter it; under aws "
     "`propagate_to` decides",
     0},
    {"routes", KEY_BLOCK, KEY_LIST, OFFSET(DesignRouteTable, routes), 0, NULL, BASIS_NONE, NULL,
     "static routes", .table = &scenario_route_keys},
};
const KeyTable scenario_route_table_keys =
    KEY_TABLE("route_tables.*", DesignRouteTable, table_specs);
