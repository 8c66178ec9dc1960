/* Rules that a cloud may have, and of which code tells that knows no cloud. The rule is told in the
 * same words for each cloud; by which fact a cloud has it is a member of its class, so that every
 * message cites the facts of the clouds that it is about and of no other. */
#pragma once
#include "routesim/base/arena.h"

typedef enum {
  /* Of its route server. */
  RULE_WRONG_ASN,        /* a peer of another AS number than it was told never comes up */
  RULE_PEER_IS_FIXED,    /* a peer cannot be changed, only made anew */
  RULE_PERSISTS,         /* its routes may outlive their sessions, if an operator says so */
  RULE_DELETION_CUTS,    /* to make or delete it cuts gateways beside it off */
  RULE_TELLS_GATEWAYS,   /* what gateways and appliances hear of each other is through it */
  RULE_FOREIGN_NEXT_HOP, /* it takes next hops that are not the peer itself */
  RULE_TAKES_BACK,       /* a healthy appliance takes back what it announces */
  RULE_LOGS_PEERS,       /* it keeps an event log of its peers */
  RULE_MOVES_NO_ADDRESS, /* it moves routes alone: a public address stays where it is */
  RULE_ROUTE_MAPS,       /* what its route maps cannot do */
  /* Of tables and gateways. */
  RULE_ONE_STATIC,      /* two static routes of a table never share a prefix */
  RULE_GATEWAY_TABLES,  /* gateways at the edge have route tables */
  RULE_TRANSIT,         /* it has transit gateways */
  RULE_ONE_A_NETWORK,   /* what GatewayClass.one_a_network says */
  RULE_STATIC_SITES,    /* sites behind a VPN gateway may be static */
  RULE_VPN_CLIENTS,     /* VPN gateways serve clients */
  RULE_PAIR_PEERS_ONCE, /* two networks have one peering at most */
  /* Of what stands in place of a route server. */
  RULE_BALANCER_SHARES,        /* a load balancer shares flows over all its members */
  RULE_BALANCER_KEEPS_ADDRESS, /* ... and keeps its public address */
  RULE_API_MOVES_ADDRESS,      /* its API moves a public address to another appliance */
  RULE_DEVICES_WATCH,          /* appliances that watch each other notice what nobody else does */
  CLOUD_RULES
} CloudRule;

typedef struct CloudClass CloudClass;

/* " (AZ-5.16)": by which facts the cloud has the rule; "" where it names none. */
const char *cloud_cite(const CloudClass *cloud, Arena *arena, CloudRule rule);
/* The same of all of these: a flag for each, as in Design.models; NULL: of every cloud. */
const char *clouds_cite(const gboolean *clouds, Arena *arena, CloudRule rule);
