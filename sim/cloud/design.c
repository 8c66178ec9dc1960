/* What a design comes to under one cloud; see the header. */
#include "routesim/cloud/design.h"

#include <string.h>

void cloud_ask(DesignCheck *check, const CloudClass *cloud) {
  check->cloud = cloud;
  check->place = cloud != NULL ? cloud_place(cloud) : 0;
  tell_under(check, cloud != NULL ? cloud->name : NULL);
}

gboolean cloud_keeps_subnet(const Design *design, const DesignSubnet *subnet) {
  for (guint c = 0; c < cloud_count(); c++) {
    const FabricClass *fabric = cloud_at(c)->fabric;
    if (design->models[c] && (g_strcmp0(fabric->dedicated_subnet, subnet->head.name) == 0 ||
                              g_strcmp0(fabric->gateway_subnet, subnet->head.name) == 0))
      return TRUE;
  }
  return FALSE;
}

/* ---- gateways ------------------------------------------------------------------------------- */

const GatewayKindClass *cloud_gateway_kind(const CloudClass *cloud, const DesignGateway *gateway) {
  switch (gateway->kind) {
  case DESIGN_GATEWAY_VPN:
    return &cloud->gateways->kinds[GATEWAY_VPN];
  case DESIGN_GATEWAY_CIRCUIT:
    return &cloud->gateways->kinds[GATEWAY_CIRCUIT];
  default:
    return NULL;
  }
}

const DesignGateway *cloud_other_side(const Design *design, const CloudClass *cloud,
                                      const DesignGateway *gateway) {
  if (cloud->gateways->one_a_network == NULL || cloud_gateway_kind(cloud, gateway) == NULL)
    return NULL;
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *other = design->gateways->pdata[i];
    if (other != gateway && cloud_gateway_kind(cloud, other) != NULL &&
        g_strcmp0(other->network.text, gateway->network.text) == 0)
      return other;
  }
  return NULL;
}

static gboolean has_own_neighbors(const Design *design, const DesignGateway *gateway) {
  if (gateway->circuits->len > 0)
    return TRUE;
  for (guint i = 0; i < design->sites->len; i++) {
    const DesignSite *site = design->sites->pdata[i];
    if (design_site_has_router(design, site) &&
        design_names_hold(site->via.names, gateway->head.name))
      return TRUE;
  }
  return FALSE;
}

gboolean cloud_gateway_has_neighbors(const Design *design, const CloudClass *cloud,
                                     const DesignGateway *gateway) {
  const DesignGateway *other = cloud_other_side(design, cloud, gateway);
  return has_own_neighbors(design, gateway) || (other != NULL && has_own_neighbors(design, other));
}

/* The number is the one that either side says, where the other says nothing. */
guint32 cloud_gateway_asn(const Design *design, const CloudClass *cloud,
                          const DesignGateway *gateway) {
  const guint c = cloud_place(cloud);
  const DesignGateway *other = cloud_other_side(design, cloud, gateway);
  const guint32 unsaid = cloud->gateways->asn;
  const GatewayTraits *own = gateway->configs[c];
  const GatewayTraits *theirs = other != NULL ? other->configs[c] : own;
  const gint64 asn = own->asn != unsaid ? own->asn : theirs->asn;
  return asn != 0 ? (guint32)asn : unsaid;
}
