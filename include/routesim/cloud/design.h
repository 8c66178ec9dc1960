/* What a design comes to under one cloud: questions that a Design cannot answer alone.
 *
 * A Design is neutral: how far a packet gets without anybody between, whose routes enter a table,
 * or what a gateway's AS number is when nobody gives one, only a class says. Checks ask these,
 * those in a cloud's folder too, and so does the world where it needs the same answer.
 * cloud_ask() sets whom a DesignCheck asks; what takes a CloudClass asks that one. Nothing here
 * changes a design, and what is returned is borrowed, unless a line says otherwise. */
#pragma once
#include "routesim/cloud/gateway.h"
#include "routesim/design/tell.h"

/* From here on, this cloud's rules are told: warnings say so where there are other models. NULL: no
 * more. */
void cloud_ask(DesignCheck *check, const CloudClass *cloud);
/* What the cloud that is asked now has of a block (`configs`); NULL: nothing. */
gconstpointer cloud_config(const DesignCheck *check, const gpointer configs[]);

/* Does a cloud of the scenario keep the subnet for its route servers or gateways? */
gboolean cloud_keeps_subnet(const Design *design, const DesignSubnet *subnet);

/* Why packets of `network`, or of a subnet of it (else NULL), cannot go straight to `hop`: an
 * address, appliance or load balancer; NULL: they can, or nobody knows where that is. */
const char *cloud_hop_beyond(const DesignCheck *check, const char *network,
                             const DesignSubnet *subnet, const char *hop);
/* The same of those who follow the table: of the first subnet from which it is so. A table that
 * nothing follows is asked about its network. */
const char *cloud_table_hop_beyond(const DesignCheck *check, const DesignRouteTable *table,
                                   const char *hop);
/* What is known in network `to` of the ranges of `network` (Prefix): as cloud_known_range() has it.
 * The caller frees. */
GArray *cloud_known_ranges(const DesignCheck *check, const DesignNetwork *network, const char *to);
/* Do routes of a route server in network `by` enter the table of this subnet of `network`, if that
 * is served at all? */
gboolean cloud_feeds(const DesignCheck *check, const char *by, const DesignNetwork *network,
                     const DesignSubnet *subnet);

/* What the cloud says of a vpn or circuit gateway's kind; NULL: it is of another one. */
const GatewayKindClass *cloud_gateway_kind(const CloudClass *cloud, const DesignGateway *gateway);
/* Where a network has one gateway for everything: the one of the other kind; NULL: none. */
const DesignGateway *cloud_other_side(const Design *design, const CloudClass *cloud,
                                      const DesignGateway *gateway);
/* Has the gateway, or its other side, circuits or sites with routers of their own? */
gboolean cloud_gateway_has_neighbors(const Design *design, const CloudClass *cloud,
                                     const DesignGateway *gateway);
/* Of a vpn or circuit gateway; one for both sides. */
guint32 cloud_gateway_asn(const Design *design, const CloudClass *cloud,
                          const DesignGateway *gateway);
