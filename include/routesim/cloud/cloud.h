/* The seam for clouds: what a cloud is made of, and the registry of those that scenarios may name,
 * of which shipped.h has a row each.
 *
 * A cloud is a folder of sim/cloud/ and a CloudClass: a name, and one small class struct for each
 * purpose, each with a header that reads as its manual page.
 *
 *     header            what it is about                                       first asked by
 *     fabric.h          tables, subnets, and what joins networks               world/, run/
 *     subnet_peering.h  peerings that join some subnets only                   language/, check/
 *     edge.h            gateways at the edge: internet, transit, NAT           world/, check/
 *     appliance.h       what it lets an appliance pass on                      language/, world/
 *     route_server.h    the route server: import, plan, advertise              route_server.c
 *     peers.h           which parts of a route server an appliance peers with  world/, check/
 *     route_map.h       route maps: on which sessions, what they cannot do     world/, check/
 *     gateway.h         VPN and circuit gateways                               gateway.c, world/
 *     circuit.h         circuits: what stands behind a circuit gateway         circuit.c, world/
 *     failover.h        what people use in its place: load balancer, API       world/, check/
 *     checks.h          what the cloud refuses of a design                     check/
 *     rules.h           the facts by which it has rules that others may share  check/, cli/
 *     telling.h         listings, rules behind losses, alarms, prices          run/, world/, cli/
 *
 * The rest of sim/cloud/ is what clouds have in common: the machine that drives a route server
 * (route_server.c, installation.c), gateways and routers at the edge (gateway.c, router.c,
 * circuit.c), what stands in place of a route server, and where news of a way ends (withheld.c). A
 * mechanism is there once and asks the class where clouds differ; it compares no name of a cloud.
 * So what two clouds do differently can be read in their hooks, `plan` and `advertise` first.
 *
 * Classes stand on topology.h, the networks that the world fills in from the design. Everything
 * behind a class is constant: a run's state hangs off its topology and its route servers.
 *
 * Each header says of every member whether it may be NULL; cloud_assert_whole() asks that of each
 * cloud once, when it is registered, so that a hook that is missing stops the program there, with
 * the name of the cloud. */
#pragma once
#include "routesim/cloud/appliance.h"
#include "routesim/cloud/checks.h"
#include "routesim/cloud/circuit.h"
#include "routesim/cloud/edge.h"
#include "routesim/cloud/fabric.h"
#include "routesim/cloud/failover.h"
#include "routesim/cloud/peers.h"
#include "routesim/cloud/route_map.h"
#include "routesim/cloud/route_server.h"
#include "routesim/cloud/rules.h"
#include "routesim/cloud/subnet_peering.h"
#include "routesim/cloud/telling.h"
#include "routesim/cloud/topology.h"

typedef struct GatewayClass GatewayClass;

/* All pointers are there, but for those of which it is said what NULL means: where a cloud has none
 * of something, nothing else of its classes has to say so. */
struct CloudClass {
  const char *name;  /* as in `models` and as the key of its blocks */
  const char *title; /* of its route server, for people */
  const char *facts; /* what the ids of facts about it begin with, up to the hyphen: "AZ-" */
  /* Only scenarios whose `models` name it run under it. FALSE: those that name no models, too; as
   * that changes what such scenarios give, it is for the clouds that were there first. */
  gboolean only_named;
  const FabricClass *fabric;
  const SubnetPeeringClass *subnet_peering; /* NULL: a peering joins all subnets of both sides */
  const EdgeClass *edges;                   /* NULL: gateways at the edge are no elements */
  const ApplianceClass *appliances;         /* NULL: it has no settings of theirs */
  const RouteServerClass *server;
  const PeersClass *peers;
  const RouteMapClass *route_maps; /* NULL: no session has any */
  const GatewayClass *gateways;
  const CircuitClass *circuits; /* NULL: it has none, and nothing comes of a design's */
  const FailoverClass *failover;
  const ChecksClass *checks;
  const TellingClass *telling;
  const char *rules[CLOUD_RULES]; /* fact ids, separated by ", "; NULL: it has no such rule */
};

/* Every cloud that a scenario may name, in the order of output. */
guint cloud_count(void);
const CloudClass *cloud_at(guint index);
const CloudClass *cloud_find(const char *name);
/* Its index in the registry. */
guint cloud_place(const CloudClass *cloud);
/* The cloud comes behind those that are shipped. This is for the time before the first design is
 * read, and on the first thread only: from then on the registry does not change. Tests
 * bring their toy this way: the seam holds only while a cloud from outside fits in. */
void cloud_register(const CloudClass *cloud);
/* The program ends where a member is missing that must be there, or that belongs to another one. */
void cloud_assert_whole(const CloudClass *cloud);
/* The facts of a list, separated by ", ", without those about other clouds; all where no more than
 * these are there. */
const char *cloud_own_facts(const CloudClass *cloud, Arena *arena, const char *facts);
