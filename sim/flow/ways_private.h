/* The ways of a traffic, of which it has each once: so two that are the same pointer are the same.
 */
#pragma once
#include "routesim/flow/traffic.h"

/* Without any way yet; the caller frees. */
GHashTable *ways_new(Arena *arena);
/* The way of a packet that was walked, and of one that does not arrive. */
const FlowWay *way_of(Traffic *traffic, const Passage *passage);
const FlowWay *way_dropped(Traffic *traffic, DropReason reason);
/* In the order of rows: by text, and what passes nobody before an element that is called so. */
int way_compare(const FlowWay *a, const FlowWay *b);
