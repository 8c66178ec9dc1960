/* The words for kinds of things in a file, by kind, and those that stand where names do. */
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

const char *const design_planes[] = {
    [DESIGN_PLANE_CONTROL] = "control", [DESIGN_PLANE_DATA] = "data", NULL};

const char *const design_persist_actions[] = {[DESIGN_PERSIST_ENABLE] = "enable",
                                              [DESIGN_PERSIST_DISABLE] = "disable",
                                              [DESIGN_PERSIST_RESET] = "reset",
                                              NULL};

const char *const design_via_words[] = {[DESIGN_VIA_INTERNET - 1] = "internet",
                                        [DESIGN_VIA_LOCAL - 1] = "local",
                                        [DESIGN_VIA_NONE - 1] = "none",
                                        NULL};

const char *const design_end_words[] = {[DESIGN_END_INTERNET - 1] = "internet", NULL};

const char *const design_check_words[] = {[DESIGN_CHECKS_DATA_PLANE - 1] = "data-plane", NULL};
