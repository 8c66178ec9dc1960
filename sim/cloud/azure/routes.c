/* What Azure Route Server takes, chooses, installs and passes on. */
#include "azure_private.h"

#include <string.h>

#define RELAYED (65517u << 16 | 65517u) /* Facts: AZ-4.9. */

/* ---- decision process ------------------------------------------------------------------ */

static guint circuit_first(const BgpCandidate **candidates, guint count) {
  return bgp_keep_role(candidates, count, &gateway_role_circuit, TRUE);
}
static guint circuit_last(const BgpCandidate **candidates, guint count) {
  return bgp_keep_role(candidates, count, &gateway_role_circuit, FALSE);
}

/* The hub routing preference comes first, without a step for static routes and whether or not
 * branches are joined; so by default a gateway's copy wins. Of the AS path only the length counts.
 * MED is carried, not compared, and local preference does not come from another AS (RFC 4271
 * 5.1.5). Ties of `aspath` go to ExpressRoute.
 * Facts: AZ-4.1 to AZ-4.4, AZ-4.10 to AZ-4.14, AZ-13.4, AZ-13.5. */
static const BgpRule expressroute_rules[] = {
    {"hub routing preference: ExpressRoute", "AZ-4.10", circuit_first},
    {"shortest AS path", "AZ-4.1", bgp_filter_as_path_length},
};
static const BgpRule vpn_rules[] = {
    {"hub routing preference: VPN", "AZ-4.10", circuit_last},
    {"shortest AS path", "AZ-4.1", bgp_filter_as_path_length},
};
static const BgpRule aspath_rules[] = {
    {"shortest AS path", "AZ-4.1", bgp_filter_as_path_length},
    {"ExpressRoute wins the tie", "AZ-4.13", circuit_first},
};

const BgpProfile azure_profiles[] = {
    [PREFER_EXPRESSROUTE] = {.name = "azure",
                             .rules = expressroute_rules,
                             .rule_count = 2,
                             .multipath_rules = 2,
                             .max_paths = 8},
    [PREFER_VPN] = {.name = "azure, VPN preferred",
                    .rules = vpn_rules,
                    .rule_count = 2,
                    .multipath_rules = 2,
                    .max_paths = 8},
    [PREFER_AS_PATH] = {.name = "azure, AS path",
                        .rules = aspath_rules,
                        .rule_count = 2,
                        .multipath_rules = 2,
                        .max_paths = 8},
};

/* ---- taking and installing ---------------------------------------------------------------- */

/* The check for 65515 in the path is the speaker's (RFC 4271 9.1.2), and comes before route maps;
 * so an appliance between two route servers has to strip it. Facts: AZ-4.15, AZ-4.16, AZ-9.23. */
const char *azure_import(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer, Prefix prefix,
                         const BgpAttributes *attributes) {
  (void)server;
  (void)unit;
  (void)peer;
  (void)attributes;
  return prefix.address.family == IP_V6 ? "Azure Route Server has no IPv6 (AZ-1.11)" : NULL;
}

/* A prefix equal to or inside the address space of the VNet, or of one that uses this route server,
 * is never injected; so traffic within a VNet cannot be steered. A VNet that is merely peered is
 * not meant: its range enters the spokes. Facts: AZ-6.4, AZ-6.9, AZ-6.22. */
static gboolean inside_served(const RouteServer *server, Prefix prefix) {
  const CloudTopology *topology = route_server_topology(server);
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    const CloudNetwork *own = route_server_config(server)->network;
    const guint count = azure_serves(topology, route_server_config(server), network)
                            ? cloud_known_range_count(topology, own, network)
                            : 0;
    for (guint j = 0; j < count; j++)
      if (prefix_covers(cloud_known_range(topology, own, network, j), prefix))
        return TRUE;
  }
  return FALSE;
}

/* No NIC takes a BGP route equal to or inside the range of its own VNet or of one that its VNet is
 * peered with, and none lists one. Facts: AZ-6.21, AZ-6.22. */
const char *azure_admit(const RouteServer *server, const RouteTable *table, Prefix prefix,
                        const RoutePlan *plan) {
  (void)plan;
  return route_table_would_use(table, prefix, route_server_class(server)->server->origin)
             ? NULL
             : "the range of a VNet that the NIC's own VNet is peered with (AZ-6.22)";
}

/* Every equal path becomes a next hop, as the appliance gave it, whoever that is, and nobody asks
 * whether it lives. Of paths that differ in length only the shortest is installed; the standby's
 * longer one when that goes away. Facts: AZ-4.1, AZ-5.8, AZ-5.13, AZ-5.15, AZ-6.15, AZ-7.4. */
void azure_plan(const RouteServer *server, const BgpEntry *entry, RoutePlan *plan) {
  if (entry->selected[0]->source == NULL || inside_served(server, entry->prefix))
    return;
  for (guint i = 0; i < entry->selected_count; i++)
    route_plan_add(
        plan, (NextHop){.kind = HOP_ELEMENT, .address = entry->selected[i]->attributes->next_hop});
}

/* ---- passing on --------------------------------------------------------------------------- */

static gboolean from_appliance(const BgpEntry *entry) {
  const BgpPeer *source = entry->selected[0]->source;
  return source != NULL && bgp_peer_role(source) == NULL;
}

/* What appliances say goes to gateways and back with branch-to-branch, and to other appliances
 * never or as the scenario has it. Facts: AZ-5.2 to AZ-5.4. */
gboolean azure_passes_on(gconstpointer config, gboolean among_appliances) {
  const AzureConfig *azure = config;
  return among_appliances && azure->reflection != REFLECT_WITH_BRANCHES
             ? azure->reflection == REFLECT_ALWAYS
             : azure->branch_to_branch;
}

/* VNet prefixes go to every appliance, without spokes that do not use the route server; what others
 * announced goes on, between gateways and appliances only with branch-to-branch, among appliances
 * as the trait says, and withdrawals in the same second. NO_ADVERTISE (RFC 1997) is the speaker's
 * business, and so is a path with the appliance's own AS number inside, which a sister of the same
 * AS drops. Facts: AZ-4.7, AZ-4.17, AZ-5.1, AZ-5.2, AZ-5.3, AZ-5.4, AZ-6.17, AZ-11.5, AZ-13.12. */
gboolean azure_advertise(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer,
                         const BgpEntry *entry) {
  const gboolean to_appliance = bgp_peer_role(peer) == NULL;
  (void)unit;
  if (entry->selected[0]->source == NULL)
    return to_appliance; /* a gateway knows its network */
  return azure_passes_on(route_server_config(server)->config,
                         to_appliance && from_appliance(entry));
}

/* What goes from appliance to appliance gets a community; the rest of the AS path and the
 * communities is kept, AS numbers in four bytes. Facts: AZ-2.4, AZ-4.5, AZ-4.6, AZ-4.9. */
const BgpAttributes *azure_rewrite(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer,
                                   const BgpEntry *entry, const BgpAttributes *attributes) {
  const AzureConfig *config = route_server_config(server)->config;
  Arena *arena = route_server_topology(server)->arena;
  (void)unit;
  if (!config->relay_community || bgp_peer_role(peer) != NULL || !from_appliance(entry) ||
      bgp_attributes_has_community(attributes, RELAYED))
    return attributes;
  BgpAttributes *copy = arena_new0(arena, BgpAttributes);
  guint32 *communities = arena_array(arena, guint32, attributes->community_count + 1);
  *copy = *attributes;
  if (attributes->community_count > 0)
    memcpy(communities, attributes->communities, attributes->community_count * sizeof *communities);
  communities[copy->community_count++] = RELAYED;
  copy->communities = communities;
  return copy;
}
