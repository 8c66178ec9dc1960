/* What the parts of an inspection share. */
#pragma once
#include "routesim/run/inspect.h"
#include "routesim/world/world.h"

typedef struct {
  const char *name;
  TrafficEnd end;
  CloudPlace place;
  gboolean is_address;
} InspectionPlace;

struct Inspection {
  Arena *arena;
  World *world;
  GPtrArray *places; /* InspectionPlace * */
};

/* The subnet whose hosts follow the table; NULL: none's do. */
const CloudSubnet *inspection_subnet_of(const World *world, const RouteTable *table);
/* The same subnet as the clouds know it; NULL for NULL. */
const CloudSubnet *inspection_cloud_subnet(const World *world, const Subnet *subnet);
CloudPlace inspection_place_of(const World *world, const TrafficEnd *end);
/* Why flows do not pass: the facts of the cloud's rule behind it, or NULL, and in a sentence.
 * `from` sends what does not arrive. */
const char *inspection_rule(const World *world, const FlowFate *fate, CloudPlace from,
                            CloudPlace to);
const char *inspection_because(const World *world, const FlowFate *fate);
void inspection_find_places(Inspection *inspection);
