/* Every rule about the members of a cloud's classes: a cloud that breaks one ends the program. */
#include <criterion/criterion.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "routesim/cloud/gateway.h"

/* A cloud whose classes may be spoilt. */
typedef struct {
  CloudClass cloud;
  FabricClass fabric;
  SubnetPeeringClass subnet_peering;
  EdgeClass edges;
  ApplianceClass appliances;
  RouteServerClass server;
  BgpProfile profile;
  RouteOrigin origin, static_origin;
  Stage program_stage;
  PeersClass peers;
  RouteMapClass route_maps;
  GatewayClass gateways;
  CircuitClass circuits;
  FailoverClass failover;
  ChecksClass checks;
  TellingClass telling;
} Copy;

static void copy_cloud(Copy *copy, const char *name) {
  copy->cloud = *cloud_find(name);
#define COPY(class, member)                                                                        \
  if ((class).member != NULL) {                                                                    \
    copy->member = *(class).member;                                                                \
    (class).member = &copy->member;                                                                \
  }
  COPY(copy->cloud, fabric)
  COPY(copy->cloud, subnet_peering)
  COPY(copy->cloud, edges)
  COPY(copy->cloud, appliances)
  COPY(copy->cloud, server)
  COPY(copy->cloud, peers)
  COPY(copy->cloud, route_maps)
  COPY(copy->cloud, gateways)
  COPY(copy->cloud, circuits)
  COPY(copy->cloud, failover)
  COPY(copy->cloud, checks)
  COPY(copy->cloud, telling)
  COPY(copy->fabric, static_origin)
  COPY(copy->server, profile)
  COPY(copy->server, origin)
  COPY(copy->server, program_stage)
}

/* A copy of a shipped cloud breaks the rule of this number; NULL: there are no more. */
static const char *spoil(Copy *c, guint which) {
  guint number = 0;
#define WITH(name, ...)                                                                            \
  if (number++ == which) {                                                                         \
    copy_cloud(c, name);                                                                           \
    c->__VA_ARGS__;                                                                                \
    return name ": " #__VA_ARGS__;                                                                 \
  }
#define WITHOUT(member)                                                                            \
  WITH("azure", member = NULL)                                                                     \
  WITH("aws", member = NULL)
  WITHOUT(cloud.name)
  WITHOUT(cloud.title)
  WITHOUT(cloud.facts)
  WITH("aws", cloud.facts = "AWS")
  WITHOUT(cloud.fabric)
  WITHOUT(cloud.server)
  WITHOUT(cloud.peers)
  WITHOUT(cloud.gateways)
  WITHOUT(cloud.failover)
  WITHOUT(cloud.checks)
  WITHOUT(cloud.telling)
  WITHOUT(fabric.build_tables)
  WITHOUT(fabric.static_origin)
  WITH("aws", static_origin.dynamic = TRUE)
  WITH("azure", subnet_peering.keys = NULL)
  WITH("azure", subnet_peering.subnets = NULL)
  WITH("azure", subnet_peering.most_subnets = 0)
  WITH("azure", subnet_peering.fact = NULL)
  WITH("aws", appliances.keys = NULL)
  WITH("aws", appliances.transit_refusal = NULL)
  WITH("aws", edges.transit_keys = NULL)
  WITH("aws", edges.check_transit = NULL)
  WITH("aws", edges.nat_keys = NULL)
  WITH("aws", edges.check_nat = NULL)
  WITH("aws", edges.nat_boot = NULL)
  WITHOUT(server.keys)
  WITHOUT(server.profile)
  WITH("aws", profile.rule_count = 0)
  WITH("aws", profile.multipath_rules = 1, c->profile.max_paths = 0)
  WITH("aws", profile.max_paths = PLAN_MOST_HOPS + 1)
  WITHOUT(server.origin)
  WITH("aws", origin.dynamic = FALSE)
  WITHOUT(server.program_stage)
  WITH("aws", program_stage.basis = BASIS_NONE)
  WITHOUT(server.build)
  WITHOUT(server.liveness)
  WITHOUT(server.boot)
  WITHOUT(server.plan)
  WITHOUT(server.advertise)
  WITH("aws", server.admit = NULL)
  WITHOUT(peers.part_at)
  WITHOUT(peers.peers_with)
  WITH("aws", peers.keys = NULL)
  WITH("azure", peers.keys = NULL)
  WITH("azure", route_maps.of_peer = NULL)
  WITH("azure", route_maps.of_gateway = NULL)
  WITH("azure", route_maps.refuse_asn = NULL)
  WITH("azure", route_maps.keeps_community = NULL)
  WITHOUT(gateways.profile)
  WITH("azure", gateways.instances = 0)
  WITH("azure", gateways.instances = GATEWAY_MOST_INSTANCES + 1)
  WITHOUT(gateways.kinds[0].keys)
  WITHOUT(gateways.kinds[GATEWAY_KINDS - 1].origin)
  WITHOUT(gateways.kinds[GATEWAY_KINDS - 1].static_origin)
  WITHOUT(circuits.keys)
  WITHOUT(circuits.profile)
  WITH("azure", circuits.edges = 0)
  WITH("azure", circuits.edges = CIRCUIT_MOST_EDGES + 1)
  WITH("azure", circuits.most_fact = NULL)
  WITH("azure", circuits.most_on_gateway = 0, c->circuits.most_in_location = 0)
  WITH("aws", circuits.most_fact = "AWS-3.5")
  WITHOUT(failover.load_balancer_keys)
  WITHOUT(failover.api_keys)
  WITH("azure", failover.least_probe_fact = NULL)
  WITH("azure", failover.least_probe_interval.ns = 0)
  WITH("aws", failover.most_deregistration_fact = NULL)
  WITH("aws", failover.most_deregistration_delay.ns = 0)
  WITHOUT(checks.server)
  WITHOUT(checks.refuse_asn)
  WITH("azure", cloud.rules[RULE_DELETION_CUTS] = NULL)
  WITH("aws", cloud.rules[RULE_TRANSIT] = "AZ-8.5")
  return NULL;
}

/* The status of a process that asks whether the copy is whole. */
static int status_of(const Copy *copy) {
  int status = 0;
  const pid_t child = fork();
  if (child == 0) {
    (void)close(STDERR_FILENO);
    (void)signal(SIGABRT, SIG_DFL);
    cloud_assert_whole(&copy->cloud);
    _exit(0);
  }
  cr_assert_gt(child, 0);
  cr_assert_eq(waitpid(child, &status, 0), child);
  return status;
}

Test(whole, a_copy_of_each_shipped_cloud_is) {
  for (guint i = 0; i < cloud_count(); i++) {
    Copy copy;
    copy_cloud(&copy, cloud_at(i)->name);
    cr_assert_eq(status_of(&copy), 0, "%s", cloud_at(i)->name);
  }
}

Test(whole, a_cloud_that_breaks_a_rule_ends_the_program) {
  Copy copy;
  const char *what;
  for (guint which = 0; (what = spoil(&copy, which)) != NULL; which++) {
    const int status = status_of(&copy);
    cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "%s", what);
  }
}
