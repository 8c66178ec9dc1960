/* The words for kinds of things in a file, by kind, and those that stand where names do. */
#include <string.h>

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

/* With as many steps behind it as a name of this kind has: "link/a1" is the endpoint of a route
 * server called link. */
static const struct {
  const char *word; /* with its slash */
  guint least, most;
} targets[] = {[DESIGN_TARGET_ZONE] = {"zone/", 2, 2},
               [DESIGN_TARGET_LINK] = {"link/", 2, G_MAXUINT},
               [DESIGN_TARGET_CIRCUIT] = {"circuit/", 1, G_MAXUINT}};

DesignTargetKind design_target_kind(const char *target, const char **rest) {
  for (guint kind = DESIGN_TARGET_ZONE; kind < G_N_ELEMENTS(targets); kind++) {
    guint steps = 1;
    if (!g_str_has_prefix(target, targets[kind].word))
      continue;
    *rest = target + strlen(targets[kind].word);
    for (const char *at = *rest; *at != '\0'; at++)
      steps += *at == '/' ? 1 : 0;
    if (steps >= targets[kind].least && steps <= targets[kind].most)
      return (DesignTargetKind)kind;
  }
  *rest = target;
  return DESIGN_TARGET_THING;
}
