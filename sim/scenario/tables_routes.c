/* Route tables of the user's own. */
#include "scenario_private.h"

#define OFFSET(Struct, field) G_STRUCT_OFFSET(Struct, field)
static const KeySpec route_specs[] = {
    {"to", KEY_PREFIX, KEY_ONE, OFFSET(ScenarioRoute, to), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "destination", 0},
    {"via", KEY_NAME, KEY_ONE, OFFSET(ScenarioRoute, via), KEY_REQUIRED, NULL, BASIS_NONE, NULL,
     "an appliance, a peering, a gateway, an address, internet, local or none", 0},
    {"prefix_list", KEY_NAME, KEY_ONE, OFFSET(ScenarioRoute, prefix_list), 0, NULL,
     BASIS_DOCUMENTED, "AWS-11.1",
     "managed prefix list that it comes from: such routes yield to static ones (aws)", 0},
};
const KeyTable scenario_route_keys = KEY_TABLE("route_tables.*.routes", ScenarioRoute, route_specs);

static const KeySpec table_specs[] = {
    {"network", KEY_NAME, KEY_ONE, OFFSET(ScenarioRouteTable, network), KEY_REQUIRED, NULL,
     BASIS_NONE, NULL, "network that it belongs to", 0},
    {"subnets", KEY_NAME, KEY_LIST, OFFSET(ScenarioRouteTable, subnets), 0, NULL, BASIS_NONE, NULL,
     "subnets that follow it; a subnet in none has its own", 0},
    {"gateway", KEY_NAME, KEY_ONE, OFFSET(ScenarioRouteTable, gateway), 0, NULL, BASIS_DOCUMENTED,
     "AWS-5.2, AWS-5.15, AWS-5.27",
     "internet, vpn or circuit gateway whose inbound traffic follows it, in place of subnets (aws)", 0},
    {"propagate", KEY_BOOL, KEY_ONE, OFFSET(ScenarioRouteTable, propagate), 0, "on",
     BASIS_DOCUMENTED, "AZ-6.7",
     "routes of gateways and route servers enter it; under aws "
     "`propagate_to` decides",
     0},
    {"routes", KEY_BLOCK, KEY_LIST, OFFSET(ScenarioRouteTable, routes), 0, NULL, BASIS_NONE, NULL,
     "static routes", .table = &scenario_route_keys},
};
const KeyTable scenario_route_table_keys = KEY_TABLE("route_tables.*", ScenarioRouteTable, table_specs);
