/* What the tables of keys of azure fill: its blocks in a design. */
#pragma once
#include "routesim/cloud/design.h"

/* Nobody can choose these. Facts: AZ-1.1, AZ-1.3, AZ-2.1, AZ-14.1, AZ-14.2. */
#define AZURE_ASN 65515
#define AZURE_INSTANCES 2
#define AZURE_SUBNET "RouteServerSubnet"

typedef enum { TOTAL_LOSS_FREEZE, TOTAL_LOSS_FLUSH } TotalLoss;
typedef enum { REFLECT_WITH_BRANCHES, REFLECT_ALWAYS, REFLECT_NEVER } Reflection;
typedef enum { PREFER_EXPRESSROUTE, PREFER_VPN, PREFER_AS_PATH } RoutingPreference;
typedef enum { HASH_MODULO, HASH_RESILIENT } EcmpHash;

/* Its block in a route server. */
typedef struct {
  BlockHead head;
  NameRef subnet;
  gboolean branch_to_branch;
  Reflection reflection;
  RoutingPreference routing_preference;
  gboolean obey_no_export, relay_community;
  Duration keepalive, hold;
  LivenessJitterKind keepalive_jitter;
  Duration process, program, table_jitter, change_interval;
  Duration takeover, boot, alarm_interval;
  gint64 base_price, unit_price;
  double nic_share;
  gint64 max_paths;
  EcmpHash ecmp_hash;
  gint64 hash_buckets;
  TotalLoss total_loss;
  gint64 max_peers, max_routes_per_peer, max_routes_total, max_networks;
  BgpPrefixCount limit_count;
  gint64 routing_infrastructure_units;
  GPtrArray *gateways; /* AzureGatewayConfig *, by name */
} AzureConfig;

/* Route maps of a gateway's connection. */
typedef struct {
  BlockHead head;
  NameRef inbound, outbound;
} AzureGatewayConfig;

/* Its block in a peering. */
typedef struct {
  BlockHead head;
  GPtrArray *subnets[2]; /* NameRef *: of `from` and of `to`; empty: all */
} AzurePeeringConfig;

/* Its block in an appliance's peer. */
typedef struct {
  BlockHead head;
  GPtrArray *instances; /* gint64 *: 0, 1; empty: both */
  NameRef inbound, outbound;
} AzurePeerConfig;
