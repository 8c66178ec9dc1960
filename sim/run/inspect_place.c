/* Where the ends of flows stand, as the clouds know it. */
#include <string.h>

#include "inspect_private.h"

static CloudPlace place_behind(const World *world, const char *name) {
  CloudPlace place = {.subnet = NULL};
  const WorldNva *nva = world_nva(world, name);
  if (nva != NULL) {
    place.network = nva->subnet->network;
    place.door = CLOUD_PEER_APPLIANCE;
    place.speaker = nva_speaker(nva->nva);
  }
  for (guint i = 0; nva == NULL && i < world->gateways->len; i++)
    if (strcmp(gateway_name(world->gateways->pdata[i]), name) == 0) {
      place.network = gateway_network(world->gateways->pdata[i]);
      place.door = CLOUD_PEER_GATEWAY;
      place.speaker = gateway_instance_speaker(world->gateways->pdata[i], 0);
    }
  return place;
}

/* A site stands behind the first thing that it is linked to, or the first gateway on a circuit
 * that ends there. */
static CloudPlace place_of_site(const World *world, const DesignSite *site) {
  for (guint i = 0; i < site->via.names->len; i++) {
    const CloudPlace place =
        place_behind(world, ((const NameRef *)site->via.names->pdata[i])->text);
    if (place.network != NULL)
      return place;
  }
  for (guint i = 0; i < world->design->circuits->len; i++) {
    const DesignCircuit *circuit = world->design->circuits->pdata[i];
    for (guint j = 0;
         strcmp(circuit->site.text, site->head.name) == 0 && j < world->design->gateways->len;
         j++) {
      const DesignGateway *gateway = world->design->gateways->pdata[j];
      if (design_names_hold(gateway->circuits, circuit->head.name))
        return place_behind(world, gateway->head.name);
    }
  }
  return (CloudPlace){.subnet = NULL};
}

const CloudSubnet *inspection_cloud_subnet(const World *world, const Subnet *subnet) {
  for (guint i = 0; i < world->topology.networks->len; i++) {
    const CloudNetwork *network = world->topology.networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const CloudSubnet *found = network->subnets->pdata[j];
      if (found->subnet == subnet)
        return found;
    }
  }
  return NULL;
}

CloudPlace inspection_place_of(const World *world, const TrafficEnd *end) {
  const WorldSite *site = end->site != NULL ? world_site(world, site_name(end->site)) : NULL;
  CloudPlace place = {.subnet = inspection_cloud_subnet(world, end->subnet)};
  if (place.subnet != NULL)
    place.network = place.subnet->network;
  else if (site != NULL && site->config != NULL)
    place = place_of_site(world, site->config);
  else
    place.internet = site != NULL;
  place.address = traffic_end_address(end);
  return place;
}
