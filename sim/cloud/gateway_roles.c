/* What somebody is to a gateway, and which networks use it. */
#include "gateway_private.h"

const BgpRole gateway_role_vpn = {"VPN gateway"};
const BgpRole gateway_role_circuit = {"circuit gateway"};
const BgpRole gateway_role_server = {"route server"};
const BgpRole gateway_role_sister = {"sister instance"};
const BgpRole gateway_role_side = {"other side of the gateway"};
const BgpRole gateway_role_edge = {"edge of a circuit"};
const BgpRole gateway_role_site = {"site"};
const BgpRole gateway_role_static = {"site with static routes"};
const BgpRole gateway_role_clients = {"point-to-site clients"};

/* The peering over which `network` uses the gateway; NULL: none. */
static const CloudPeering *used_over(const Gateway *gateway, const CloudNetwork *network) {
  const gboolean lent = gateway->cloud->fabric->peerings_end == NULL;
  for (guint i = 0; lent && i < gateway->topology->peerings->len; i++) {
    const CloudPeering *peering = gateway->topology->peerings->pdata[i];
    if (peering->from == network && peering->to == gateway->config.subnet->network &&
        peering->use_remote_gateway)
      return peering;
  }
  return NULL;
}

gboolean gateway_serves(const Gateway *gateway, const CloudNetwork *network) {
  return network == gateway->config.subnet->network || used_over(gateway, network) != NULL;
}

gboolean gateway_serves_subnet(const Gateway *gateway, const CloudSubnet *subnet) {
  const CloudPeering *peering = used_over(gateway, subnet->network);
  return subnet->network == gateway->config.subnet->network ||
         (peering != NULL && cloud_peering_has(peering, subnet));
}

gboolean gateway_role_is_outside(const BgpRole *role) {
  return role != NULL && role != &gateway_role_server && role != &gateway_role_sister &&
         role != &gateway_role_side;
}

/* ---- static routes --------------------------------------------------------------------------- */

gboolean gateway_has_tunnel(const GatewayInstance *instance, const Site *site) {
  for (guint i = 0; i < instance->watches->len; i++) {
    const GatewayWatch *watch = instance->watches->pdata[i];
    if (watch->site == site)
      return !watch->down;
  }
  return TRUE;
}

gboolean gateway_has_static(const GatewayInstance *instance, Prefix prefix) {
  const GPtrArray *statics = instance->gateway->statics;
  for (guint i = 0; i < statics->len; i++) {
    const GatewayStatic *one = statics->pdata[i];
    if (prefix_equal(one->prefix, prefix) && gateway_has_tunnel(instance, one->site))
      return TRUE;
  }
  return FALSE;
}
