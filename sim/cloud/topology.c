/* Helpers on the topology that clouds build on. */
#include <string.h>

#include "routesim/cloud/cloud.h"

SimTime cloud_draw_setting(const CloudTopology *topology, const char *name, const char *key,
                           const Duration *duration) {
  if (duration->law.kind == DISTRIBUTION_CONSTANT)
    return duration->law.a;
  g_autofree char *stream_name = g_strdup_printf("setting/%s.%s", name, key);
  RandomStream stream = random_stream(topology->seed, topology->run, stream_name);
  return distribution_draw(&duration->law, &stream);
}

static gboolean is_free(const GArray *taken, Prefix prefix) {
  for (guint i = 0; i < taken->len; i++)
    if (prefix_overlaps(g_array_index(taken, Prefix, i), prefix))
      return FALSE;
  return TRUE;
}

/* The search goes from the top of the address space down, where people rarely put subnets. */
gboolean cloud_topmost_free(const Prefix *spaces, guint count, guint length, const GArray *taken,
                            Prefix *out) {
  for (guint i = 0; i < count; i++) {
    const Prefix space = spaces[i];
    const guint bits = ip_family_bits(space.address.family);
    if (space.address.family != IP_V4 || space.length > length)
      continue;
    const guint64 step = G_GUINT64_CONSTANT(1) << (bits - length);
    for (guint64 left = prefix_size(space) / step; left > 0; left--) {
      *out = prefix_make(ip_address_add(space.address, (left - 1) * step), length);
      if (is_free(taken, *out))
        return TRUE;
    }
  }
  return FALSE;
}

gboolean cloud_free_prefix(CloudTopology *topology, CloudNetwork *network, guint length,
                           Prefix *out) {
  g_autoptr(GArray) spaces = g_array_new(FALSE, FALSE, sizeof(Prefix));
  g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(Prefix));
  Prefix found;
  for (guint i = 0; i < network_prefix_count(network->network); i++) {
    const Prefix space = network_prefix(network->network, i);
    g_array_append_val(spaces, space);
  }
  for (guint i = 0; i < network->subnets->len; i++) {
    const Prefix subnet = subnet_prefix(((const CloudSubnet *)network->subnets->pdata[i])->subnet);
    g_array_append_val(taken, subnet);
  }
  if (network->reserved == NULL)
    network->reserved = arena_growing_array(topology->arena, sizeof(Prefix));
  g_array_append_vals(taken, network->reserved->data, network->reserved->len);
  if (!cloud_topmost_free((const Prefix *)spaces->data, spaces->len, length, taken, &found))
    return FALSE;
  g_array_append_val(network->reserved, found);
  *out = found;
  return TRUE;
}

gboolean cloud_is_near(const CloudTopology *topology, const CloudNetwork *network,
                       IpAddress address) {
  gboolean near = network_contains(network->network, address);
  for (guint i = 0; i < topology->peerings->len && !near; i++) {
    const CloudPeering *peering = topology->peerings->pdata[i];
    near = (peering->from == network && network_contains(peering->to->network, address)) ||
           (peering->to == network && network_contains(peering->from->network, address));
  }
  return near;
}

CloudSubnet *cloud_find_subnet(const CloudTopology *topology, const char *name) {
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      CloudSubnet *subnet = network->subnets->pdata[j];
      if (!subnet->hidden && strcmp(subnet->name, name) == 0)
        return subnet;
    }
  }
  return NULL;
}

CloudEdge *cloud_find_edge(const CloudTopology *topology, const char *name) {
  for (guint i = 0; i < topology->edges->len; i++) {
    CloudEdge *edge = topology->edges->pdata[i];
    if (strcmp(edge->name, name) == 0)
      return edge;
  }
  return NULL;
}

CloudUserTable *cloud_find_user_table(const CloudTopology *topology, const char *name) {
  for (guint i = 0; i < topology->user_tables->len; i++) {
    CloudUserTable *table = topology->user_tables->pdata[i];
    if (strcmp(table->name, name) == 0)
      return table;
  }
  return NULL;
}

CloudTarget *cloud_find_target(const CloudTopology *topology, const char *name) {
  for (guint i = 0; topology->targets != NULL && i < topology->targets->len; i++) {
    CloudTarget *target = topology->targets->pdata[i];
    if (strcmp(target->name, name) == 0)
      return target;
  }
  return NULL;
}

const CloudTarget *cloud_target_at(const CloudTopology *topology, IpAddress address) {
  for (guint i = 0; topology->targets != NULL && i < topology->targets->len; i++) {
    const CloudTarget *target = topology->targets->pdata[i];
    for (guint j = 0; j < target->count; j++)
      if (ip_address_equal(target->hops[j].address, address))
        return target;
  }
  return NULL;
}

const NextHop *cloud_user_route_hops(const CloudUserRoute *route, guint *count) {
  *count = route->target != NULL ? route->target->count : 1;
  return route->target != NULL ? route->target->hops : &route->hop;
}

/* ---- peerings ------------------------------------------------------------------------ */

static const GPtrArray *limits_of(const CloudPeering *peering, const CloudNetwork *side) {
  const GPtrArray *limits = peering->limits[side == peering->from ? 0 : 1];
  return limits != NULL && limits->len > 0 ? limits : NULL;
}

const CloudPeering *cloud_peering_between(const CloudTopology *topology, const CloudNetwork *a,
                                          const CloudNetwork *b) {
  for (guint i = 0; i < topology->peerings->len; i++) {
    const CloudPeering *peering = topology->peerings->pdata[i];
    if ((peering->from == a && peering->to == b) || (peering->from == b && peering->to == a))
      return peering;
  }
  return NULL;
}

gboolean cloud_peering_is_limited(const CloudPeering *peering) {
  return limits_of(peering, peering->from) != NULL || limits_of(peering, peering->to) != NULL;
}

gboolean cloud_peering_has(const CloudPeering *peering, const CloudSubnet *subnet) {
  const GPtrArray *limits = limits_of(peering, subnet->network);
  return limits == NULL || g_ptr_array_find((GPtrArray *)limits, subnet, NULL);
}

/* The subnets of `network` that `from` knows of; NULL: the whole network is known. */
static const GPtrArray *known_limits(const CloudTopology *topology, const CloudNetwork *from,
                                     const CloudNetwork *network) {
  for (guint i = 0; from != network && i < topology->peerings->len; i++) {
    const CloudPeering *peering = topology->peerings->pdata[i];
    if ((peering->from == from && peering->to == network) ||
        (peering->from == network && peering->to == from))
      return limits_of(peering, network);
  }
  return NULL;
}

guint cloud_known_range_count(const CloudTopology *topology, const CloudNetwork *from,
                              const CloudNetwork *network) {
  const GPtrArray *limits = known_limits(topology, from, network);
  return limits != NULL ? limits->len : network_prefix_count(network->network);
}

Prefix cloud_known_range(const CloudTopology *topology, const CloudNetwork *from,
                         const CloudNetwork *network, guint index) {
  const GPtrArray *limits = known_limits(topology, from, network);
  return limits != NULL ? subnet_prefix(((const CloudSubnet *)limits->pdata[index])->subnet)
                        : network_prefix(network->network, index);
}
