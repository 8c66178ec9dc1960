/* Azure Route Server: BGP as a service.
 *
 *     appliance --BGP--> instance 0 --> RIB --> equal paths --> its share of the NICs
 *          |                 |   ^ branch-to-branch
 *          |                 v   v
 *          |             gateways (VPN, ExpressRoute) --> sites
 *          +----BGP--> instance 1 --> RIB --> equal paths --> the other NICs
 *
 * Two instances with AS number 65515 stand in RouteServerSubnet, and an appliance peers with both.
 * Each has a RIB of its own, decides for itself, and programs its share of the NICs of the VNet and
 * of peered VNets that use it; when one is lost, the other takes its NICs over. All equal paths
 * become next hops, over which flows are shared by hash. A prefix changes again on an instance no
 * earlier than 30 s after its last change. Instances announce the ranges of the networks to
 * appliances, and with branch-to-branch on they pass on what gateways and appliances told them.
 *
 * In sim/cloud/azure/: azure.c has the traits and the class; routes.c what is taken, chosen,
 * installed and passed on (`import`, `plan`, `advertise`); tables.c the system routes of NICs, the
 * instances that feed them, and peerings that come; azure_gateways.c VPN and ExpressRoute gateways;
 * relations.c which instance an appliance peers with; check.c and check_tables.c what is refused;
 * describe.c what the command line shows; forbids.c the rule behind a loss; failover.c the traits
 * of what people use in its place. The cloud itself is the way out to the Internet.
 * Facts: AZ-1 to AZ-8. */
#pragma once
#include "routesim/cloud/cloud.h"

extern const CloudClass azure_cloud;
