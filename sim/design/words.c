/* The words for kinds of things in a file, by kind. */
#include "routesim/design/design.h"

const char *const failover_methods[] = {[FAILOVER_ROUTE_SERVER] = "route-server",
                                        [FAILOVER_LOAD_BALANCER] = "load-balancer",
                                        [FAILOVER_API] = "api",
                                        NULL};

const char *const design_gateway_kinds[] = {
    [DESIGN_GATEWAY_INTERNET] = "internet", [DESIGN_GATEWAY_VPN] = "vpn",
    [DESIGN_GATEWAY_CIRCUIT] = "circuit",   [DESIGN_GATEWAY_TRANSIT] = "transit",
    [DESIGN_GATEWAY_NAT] = "nat",           NULL};

const char *const design_cluster_states[] = {
    [DESIGN_CLUSTER_ACTIVE] = "active", [DESIGN_CLUSTER_PASSIVE] = "passive", NULL};

const char *const design_announce_times[] = {
    [DESIGN_ANNOUNCE_ALWAYS] = "always", [DESIGN_ANNOUNCE_HEALTHY] = "healthy", NULL};

const char *const design_rule_nexts[] = {
    [DESIGN_RULE_TERMINATES] = "terminate", [DESIGN_RULE_CONTINUES] = "continue", NULL};

const char *const design_protocols[] = {[DESIGN_TCP] = "tcp", [DESIGN_UDP] = "udp", NULL};

const char *const design_persist_actions[] = {[DESIGN_PERSIST_ENABLE] = "enable",
                                              [DESIGN_PERSIST_DISABLE] = "disable",
                                              [DESIGN_PERSIST_RESET] = "reset",
                                              NULL};
