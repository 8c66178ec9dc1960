/* Gateways at the edge of networks: internet, transit and NAT gateways.
 *
 * Under one cloud they are elements that packets walk through: next hops name them, they have route
 * tables, and what arrives from outside follows these. Under another (`CloudClass.edges` NULL) the
 * cloud itself is the way out: a route to the internet needs no gateway, a NAT gateway is a
 * property of a subnet, there are no transit gateways, and no gateway has a table.
 *
 * The world lists those of the design (CloudEdge, in topology.h) before it asks for the tables of
 * the fabric, which make their elements. An internet gateway has nothing that a scenario could set.
 * A NAT gateway stands in a subnet, has an address there, and fails with its zone or by itself. A
 * transit gateway belongs to no network: its block names those that it joins, so that it is checked
 * and built only where it has one. */
#pragma once
#include "routesim/base/keys.h"
#include "routesim/design/design.h"

/* Every member is there. The two checks tell what the cloud refuses of a gateway, as the hooks of
 * checks.h do. */
typedef struct {
  const KeyTable *transit_keys; /* `gateways.*.CLOUD` of a transit gateway */
  void (*check_transit)(DesignCheck *check, const DesignGateway *gateway);
  const KeyTable *nat_keys; /* `gateways.*.CLOUD` of a NAT gateway */
  void (*check_nat)(DesignCheck *check, const DesignGateway *gateway);
  /* How long a NAT gateway is away when power comes back to it. */
  Distribution (*nat_boot)(gconstpointer config);
} EdgeClass;
