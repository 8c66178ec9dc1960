/* VPN and circuit (ExpressRoute, Direct Connect) gateways: elements with sites behind
 * them. Where a cloud's gateways exchange routes with its route server, each instance is
 * a BGP speaker; elsewhere the cloud itself puts their routes into its tables. */
#pragma once
#include "routesim/cloud/cloud.h"

typedef enum { GATEWAY_VPN, GATEWAY_CIRCUIT } GatewayKind;
#define GATEWAY_MOST_INSTANCES 2

/* Tags of sessions with gateways, for decision processes. */
extern const char gateway_tag_vpn[];
extern const char gateway_tag_circuit[];

typedef struct {
  const char *name; /* "er" */
  GatewayKind kind;
  CloudSubnet *subnet; /* where its interfaces stand */
} GatewayConfig;

typedef struct Gateway Gateway;

Gateway *gateway_new(const CloudClass *class, CloudTopology *topology,
                     const GatewayConfig *config);
const char *gateway_name(const Gateway *gateway);
const char *gateway_tag(const Gateway *gateway);
CloudNetwork *gateway_network(const Gateway *gateway);
guint gateway_instance_count(const Gateway *gateway);
const char *gateway_instance_name(const Gateway *gateway, guint index); /* "er/0" */
Element *gateway_instance_element(const Gateway *gateway, guint index);
NetNode *gateway_instance_node(const Gateway *gateway, guint index);
/* NULL where the cloud's gateways do not speak BGP with route servers. */
BgpSpeaker *gateway_instance_speaker(const Gateway *gateway, guint index);
/* A site behind it has `prefix`, and AS number `asn`. */
void gateway_reach(Gateway *gateway, Prefix prefix, guint32 asn);
