/* Transit gateways of AWS. */
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
