/* AWS VPC Route Server: failover orchestration. Endpoints learn routes into one RIB,
 * one winner for each prefix is written to the route tables named to it; nothing is
 * advertised. BFD, persisted routes. Facts: AWS-1 to AWS-8. */
#pragma once
#include "routesim/cloud/cloud.h"

extern const CloudClass aws_cloud;
