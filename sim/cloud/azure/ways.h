/* User routes that lead the packets of BGP sessions away from a route server (check_tables.c). */
#pragma once
#include "azure_private.h"

/* User routes, and the VNet of a route server that they may lead away from. */
typedef struct {
  const Design *design;
  const char *from;        /* the network of their table */
  const GPtrArray *routes; /* DesignRoute * */
  const DesignNetwork *network;
} AzureWays;
typedef void (*AzureAwayVisit)(gconstpointer asker, gconstpointer data, const DesignRoute *route);
/* Every route that leads away from an instance is visited: the two have the first addresses that
 * azure hands out. `beats`: only those that are no shorter than the system's, to the VNet.
 * Facts: AZ-1.3. */
void azure_foreach_away(const AzureWays *ways, gboolean beats, AzureAwayVisit visit,
                        gconstpointer asker, gconstpointer data);
