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

/* The route server whose instances program the NICs of `network`: its own, or that of a
 * peered VNet that it uses as remote gateway (AZ-6.1). */
const RouteServerConfig *azure_server_over(const CloudTopology *topology,
                                           const CloudNetwork *network,
                                           const GPtrArray *peerings) {
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
