/* AWS VPC Route Server: failover orchestration.
 *
 *     appliance --BGP--> endpoint a1 --+
 *     appliance --BGP--> endpoint b1 --+--> one RIB --> one FIB --> route tables that are named
 *                                            (the winner alone)       (admitted, or rejected)
 *
 * Endpoints stand in subnets, and an appliance peers with those in its own, or with those that it
 * names. All endpoints feed one RIB, so a route leaves with the last session of its appliance. Of
 * the routes to a prefix one wins, and its appliance's network interface becomes the target in each
 * table of `propagate_to`, where a stronger route of the same prefix can keep it out. Nothing is
 * advertised to anybody. A session may be watched by BFD, and routes can be persisted: kept,
 * frozen, while all sessions are down.
 *
 * In sim/cloud/aws/: aws.c has the traits, the decision process and the class with `plan` and
 * `advertise`; tables.c what stands in route tables and what they admit; persist.c persisted routes
 * and the return of sessions; transit.c and aws_gateways.c transit and virtual private gateways;
 * relations.c which endpoint an appliance peers with; check.c and check_tables.c what is refused;
 * describe.c and states.c what the API shows; forbids.c the rule behind a loss; failover.c the
 * traits of what people use in its place. A subnet has one table, which its own or others share;
 * gateways at the edge are elements with tables of their own. Facts: AWS-1 to AWS-8. */
#pragma once
#include "routesim/cloud/cloud.h"

extern const CloudClass aws_cloud;
