/* Transit gateways of AWS: the gateway in the middle that VPCs are attached to, a subnet for each
 * zone.
 *
 * Its tables are its own: an attachment follows the one that names it, or the default one, and
 * into them come static routes and the ranges of attached VPCs, never what a route server
 * learned. A block of a scenario becomes an AwsTransitConfig, which checks and the world read;
 * what is built of it lives behind the CloudEdge, which relays packets, and belongs to the
 * topology's arena. */
#pragma once
#include "routesim/cloud/cloud.h"

typedef struct {
  BlockHead head;         /* name */
  GPtrArray *attachments; /* NameRef * */
  gboolean propagate;
  GPtrArray *routes; /* DesignRoute * */
} AwsTransitTable;

typedef struct {
  BlockHead head;
  GPtrArray *attach; /* NameRef * */
  gboolean appliance_mode;
  GPtrArray *routes; /* DesignRoute * */
  GPtrArray *tables; /* AwsTransitTable *, by name */
} AwsTransitConfig;

extern const KeyTable aws_transit_keys;
/* The gateway of `edge` is made after the tables of all subnets. */
void aws_build_transit(CloudTopology *topology, CloudEdge *edge);
/* What AWS refuses of a transit gateway that has a block of its own. */
void aws_check_transit(DesignCheck *check, const DesignGateway *gateway);
