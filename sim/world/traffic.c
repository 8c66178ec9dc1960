/* Traffic and probes of a world. */
#include <string.h>

#include "world_private.h"

/* ---- traffic ------------------------------------------------------------------------------- */

/* The hosts of a subnet, a site or the Internet that have the address; else the address alone, for
 * which whatever serves it answers. */
static TrafficEnd end_at(const World *world, IpAddress address) {
  const AddressOwner owner = fabric_owner(world->fabric, address);
  TrafficEnd end = {.address = address};
  if (owner.kind == OWNER_HOST)
    end.subnet = (Subnet *)owner.subnet;
  else if (owner.kind == OWNER_SITE || owner.kind == OWNER_INTERNET)
    end.site = (Site *)owner.site;
  return end;
}

TrafficEnd world_traffic_end(const World *world, const char *name) {
  const CloudSubnet *subnet = cloud_find_subnet(&world->topology, name);
  const WorldSite *site = world_site(world, name);
  IpAddress address = {.family = IP_NONE};
  if (subnet != NULL)
    return (TrafficEnd){.subnet = subnet->subnet};
  if (site != NULL)
    return (TrafficEnd){.site = site->site};
  ip_address_parse(name, &address);
  return end_at(world, address);
}

void world_build_traffic(World *world) {
  world->traffic =
      traffic_new(world->fabric, world->options->detail, world->options->seed, world->options->run);
  if (world->options->walks_anew)
    traffic_walk_always(world->traffic);
  for (guint i = 0; i < world->design->traffic->len; i++) {
    const DesignTraffic *from = world->design->traffic->pdata[i];
    const TrafficConfig config = {
        .name = from->head.name,
        .from = world_traffic_end(world, from->from.text),
        .to = world_traffic_end(world, from->to.text),
        .flows = (guint)from->flows,
        .bits_per_second = from->rate,
        .udp = from->protocol == DESIGN_UDP,
        .reconnect = world_draw(world, from->head.name, "reconnect", &from->reconnect),
        .sessions_last = world_draw(world, from->head.name, "sessions_last", &from->sessions_last)};
    traffic_add(world->traffic, &config);
  }
  for (guint i = 0; i < world->design->probes->len; i++) {
    const DesignProbe *from = world->design->probes->pdata[i];
    const ProbeConfig config = {.name = from->head.name,
                                .from = world_traffic_end(world, from->from.text),
                                .to = world_traffic_end(world, from->to.text),
                                .every = world_draw(world, from->head.name, "every", &from->every)};
    traffic_add_probe(world->traffic, &config);
  }
}
