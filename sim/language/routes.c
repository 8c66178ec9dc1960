/* Route tables of the user's own. */
#include "language_private.h"

#define OFFSET(Struct, field) G_STRUCT_OFFSET(Struct, field)
static const KeySpec route_specs[] = {
    {"to", KEY_PREFIX, KEY_ONE, OFFSET(DesignRoute, to), .flags = KEY_REQUIRED,
     .doc = "destination"},
    {"via", KEY_NAME, KEY_ONE, OFFSET(DesignRoute, via), .flags = KEY_REQUIRED,
     .doc = "an appliance, a peering, a gateway, an address, internet, local or none",
     .choices = design_via_words},
    {"prefix_list", KEY_NAME, KEY_ONE, OFFSET(DesignRoute, prefix_list), .basis = BASIS_DOCUMENTED,
     .fact = "AWS-11.1",
     .doc = "managed prefix list that it comes from, where there are some: it yields to static "
            "routes"},
};
const KeyTable scenario_route_keys = KEY_TABLE("route_tables.*.routes", DesignRoute, route_specs);

static const KeySpec table_specs[] = {
    {"network", KEY_NAME, KEY_ONE, OFFSET(DesignRouteTable, network), .flags = KEY_REQUIRED,
     .doc = "network that it belongs to"},
    {"subnets", KEY_NAME, KEY_LIST, OFFSET(DesignRouteTable, subnets),
     .doc = "subnets that follow it; a subnet in none has its own"},
    {"gateway", KEY_NAME, KEY_ONE, OFFSET(DesignRouteTable, gateway), .basis = BASIS_DOCUMENTED,
     .fact = "AWS-5.2, AWS-5.15, AWS-5.27",
     .doc = "internet, vpn or circuit gateway whose inbound traffic follows it, in place of "
            "subnets, where gateways have tables"},
    {"propagate", KEY_BOOL, KEY_ONE, OFFSET(DesignRouteTable, propagate), .fallback = "on",
     .basis = BASIS_DOCUMENTED, .fact = "AZ-6.7",
     .doc = "routes of gateways and route servers enter it, unless `propagate_to` decides"},
    {"routes", KEY_BLOCK, KEY_LIST, OFFSET(DesignRouteTable, routes), .doc = "static routes",
     .table = &scenario_route_keys},
};
const KeyTable scenario_route_table_keys =
    KEY_TABLE("route_tables.*", DesignRouteTable, table_specs);
