/* What a design comes to under one cloud: questions that a Design cannot answer alone. */
#pragma once
#include "routesim/cloud/gateway.h"
#include "routesim/design/design.h"

/* Does a cloud of the scenario keep the subnet for its route servers or gateways? */
gboolean cloud_keeps_subnet(const Design *design, const DesignSubnet *subnet);

/* The subnets of `network` that a peering is limited to under a cloud (NameRef *, with the name of
 * the network or without); NULL: it joins all of them. */
const GPtrArray *cloud_peering_limits(const DesignPeering *peering, guint cloud,
                                      const char *network);
/* Is it one of those? `peering` NULL: of one's own network. */
gboolean cloud_peering_includes(const DesignPeering *peering, guint cloud, const char *network,
                                const DesignSubnet *subnet);
/* Why packets of `network`, or of a subnet of it (else NULL), cannot go straight to `hop`: an
 * address, appliance or load balancer; NULL: they can, or nobody knows where that is. */
const char *cloud_hop_beyond(Arena *arena, const Design *design, guint cloud, const char *network,
                             const DesignSubnet *subnet, const char *hop);

/* The class of a vpn or circuit gateway; NULL: it is of another kind. */
const GatewayClass *cloud_gateway_class(const CloudClass *cloud, const DesignGateway *gateway);
/* Where a network has one gateway for everything: the one of the other kind; NULL: none. */
const DesignGateway *cloud_other_side(const Design *design, const CloudClass *cloud,
                                      const DesignGateway *gateway);
/* Of a vpn or circuit gateway; one for both sides. */
guint32 cloud_gateway_asn(const Design *design, const CloudClass *cloud,
                          const DesignGateway *gateway);
