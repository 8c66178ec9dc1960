/* Who peers with which instance, and whose NICs a route server programs. */
#include <string.h>

#include "azure_private.h"

const char azure_gateway_subnet[] = "GatewaySubnet";

gboolean azure_peers_with(const AzurePeerConfig *peer, guint instance) {
  for (guint i = 0; peer != NULL && i < peer->instances->len; i++)
    if (*(const gint64 *)peer->instances->pdata[i] == (gint64)instance)
      return TRUE;
  return peer == NULL || peer->instances->len == 0;
}

/* The least zone of the network's subnets that comes behind `before`, which is NULL for the first;
 * NULL: none. */
static const char *next_zone(const DesignNetwork *network, const char *before) {
  const char *next = NULL;
  for (guint i = 0; i < network->subnets->len; i++) {
    const char *zone = ((const DesignSubnet *)network->subnets->pdata[i])->zone.text;
    if (zone != NULL && (before == NULL || strcmp(zone, before) > 0) &&
        (next == NULL || strcmp(zone, next) < 0))
      next = zone;
  }
  return next;
}

/* The instances stand in different zones where there are some. Facts: AZ-1.6. */
gboolean azure_part_at(const Design *design, const DesignRouteServer *server, gconstpointer config,
                       guint index, CloudPart *part) {
  static const char *const names[AZURE_INSTANCES] = {"0", "1"};
  const DesignNetwork *network = design_find(design->networks, server->network.text);
  (void)config;
  if (index >= AZURE_INSTANCES)
    return FALSE;
  const char *first = next_zone(network, NULL);
  const char *second = index > 0 && first != NULL ? next_zone(network, first) : NULL;
  *part = (CloudPart){names[index], second != NULL ? second : first};
  return TRUE;
}

/* The route server whose instances program the NICs of `network`: its own, or that of a
 * peered VNet that it uses as remote gateway. Facts: AZ-6.1. */
const RouteServerConfig *azure_server_over(const CloudTopology *topology,
                                           const CloudNetwork *network, const GPtrArray *peerings) {
  for (guint i = 0; i < topology->route_servers->len; i++) {
    const RouteServerConfig *config = topology->route_servers->pdata[i];
    if (config->network == network)
      return config;
    for (guint j = 0; peerings != NULL && j < peerings->len; j++) {
      const CloudPeering *peering = peerings->pdata[j];
      if (peering->from == network && peering->to == config->network && peering->use_remote_gateway)
        return config;
    }
  }
  return NULL;
}

const RouteServerConfig *azure_server_of(const CloudTopology *topology,
                                         const CloudNetwork *network) {
  return azure_server_over(topology, network, topology->peerings);
}

gboolean azure_serves(const CloudTopology *topology, const RouteServerConfig *server,
                      const CloudNetwork *network) {
  const RouteServerConfig *over = azure_server_of(topology, network);
  return over != NULL && strcmp(over->name, server->name) == 0;
}
