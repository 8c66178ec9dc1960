/* What the parts of an inspection share. */
#pragma once
#include "routesim/scenario/inspect.h"
#include "scenario_private.h"

typedef struct {
  const char *name;
  TrafficEnd end;
  CloudPlace place;
} InspectionPlace;

struct Inspection {
  Arena *arena;
  World *world;
  GPtrArray *places; /* InspectionPlace * */
};

/* "a or b"; keeps each once. `ways` are const char *. */
const char *inspection_join(Arena *arena, const GPtrArray *ways);
void inspection_find_places(Inspection *inspection);
