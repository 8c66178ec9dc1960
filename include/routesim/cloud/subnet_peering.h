/* Peerings of some subnets of two networks, where the cloud lets users limit one so.
 *
 * A design's peering joins all of both networks, unless the cloud's block in it names subnets of
 * either side: then the others neither see the far side nor are seen by it. Only a cloud with this
 * class has such a block (`CloudClass.subnet_peering` NULL: it has none). The names are asked for
 * once, when the design is read (DesignPeering.limits), and again where they are checked; that the
 * subnets exist, and on which side, is check/'s business. */
#pragma once
#include "routesim/base/keys.h"

/* Every member is there. */
typedef struct {
  const KeyTable *keys; /* `peerings.*.CLOUD` */
  /* Names of the subnets (NameRef *) that a peering so configured is limited to, of `from` (side 0)
   * or `to` (side 1); empty: it is not. */
  const GPtrArray *(*subnets)(gconstpointer config, guint side);
  guint most_subnets; /* of one side */
  const char *fact;   /* that a peering may be limited so, and to how many */
} SubnetPeeringClass;
