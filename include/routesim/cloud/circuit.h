/* Circuits: what stands behind a circuit gateway.
 *
 * A circuit is a private line from a site into a cloud. It ends in the provider's edges, routers
 * that belong to nobody's network: the gateways on the circuit have sessions with each of them, and
 * so has the site's router.
 *
 *     instances of gateways --- edges of the circuit --- router of the site
 *
 * A cloud says by its CircuitClass what an edge is: its AS number, how it decides, what it passes
 * on. The world makes a circuit where a gateway of the design is on it, before any session, and
 * joins the two sides; from then on an edge answers its sessions by itself. A circuit lives as long
 * as its run. */
#pragma once
#include "routesim/cloud/router.h"
#include "routesim/cloud/topology.h"

#define CIRCUIT_MOST_EDGES 2

/* The numbers of one circuit: the struct of every class's `keys`. Keys that a class has not stay
 * 0. */
typedef struct {
  BlockHead head;
  Duration keepalive, hold;             /* of the provider's edges */
  Duration least_keepalive, least_hold; /* that they negotiate down to */
  Duration bfd_interval;
  Duration converge;          /* from the loss of the site at an edge until gateways hear of it */
  gint64 maintenance_prepend; /* planned work at an edge: AS numbers put in front; 0: withdraws */
  gboolean premium;
  gint64 most_learned, most_learned_premium; /* prefixes from the site */
} CircuitTraits;

/* Every member is there, but for those of which it is said what 0 or NULL means. */
typedef struct {
  const KeyTable *keys; /* CircuitTraits: `circuits.*.CLOUD` */
  guint edges;          /* 1 to CIRCUIT_MOST_EDGES */
  guint32 asn;          /* of the edges; 0: the gateway's */
  const BgpProfile *profile;
  gboolean joins_networks; /* networks at one circuit reach each other by its edges */
  gboolean strips_private; /* private AS numbers, towards the site */
  guint most_on_gateway, most_in_location; /* circuits of one gateway; 0: any number */
  const char *most_fact;                   /* with either of the two; NULL: none is limited */
} CircuitClass;

typedef struct {
  const char *name;
  const CircuitClass *class;
  const CircuitTraits *traits;
  guint32 asn;             /* of the edges */
  IpAddress first_address; /* of the edges, one after the other */
} CircuitConfig;

typedef struct Circuit Circuit;

Circuit *circuit_new(CloudTopology *topology, const CircuitConfig *config);
const CircuitConfig *circuit_config(const Circuit *circuit);
guint circuit_edge_count(const Circuit *circuit);
Router *circuit_edge(const Circuit *circuit, guint index); /* "c1/0" */
