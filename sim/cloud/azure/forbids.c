/* Which rule of Azure keeps packets from arriving: the first of a table that applies. A rule that
 * holds routes back is named only where what it holds back is there: somebody else has a route, and
 * without the rule it would have come. */
#include <string.h>

#include "azure_private.h"
#include "describe.h"
#include "routesim/cloud/withheld.h"

/* ---- what the rules ask ------------------------------------------------------------------ */

typedef struct {
  const CloudTopology *topology;
  const GPtrArray *servers;
  const CloudBlock *block;
} Question;

static gboolean is(const Question *question, DropReason reason) {
  return question->block->reason == reason;
}

/* The route that they followed came by BGP. */
static gboolean by_bgp(const Question *question) {
  return question->block->origin != NULL && question->block->origin->dynamic;
}

/* Who programs the NIC whose table ended it; NULL: nobody does. */
static RouteServerUnit *own_unit(const Question *question) {
  return question->block->table != NULL
             ? route_servers_unit_of(question->servers, question->block->table)
             : NULL;
}

/* ---- news that ends between two speakers ----------------------------------------------------- */

static RouteServerUnit *unit_of(const Question *question, const BgpPeer *peer) {
  return route_servers_unit_with(question->servers, bgp_peer_speaker(peer));
}

static const CloudNetwork *network_of_unit(const RouteServerUnit *unit) {
  return route_server_config(route_server_unit_server(unit))->network;
}

/* What the best route came from is to the one that has it; NULL: an appliance. */
static const BgpRole *source_role(const CloudWithheld *withheld) {
  const BgpPeer *source = withheld->entry->selected[0]->source;
  return source != NULL ? bgp_peer_role(source) : NULL;
}

/* A route server knows a way that others told it, and tells nobody there of it. */
static gboolean server_is_silent(const Question *question, const CloudWithheld *withheld) {
  return withheld->sent == NULL && withheld->entry->selected[0]->source != NULL &&
         unit_of(question, withheld->peer) != NULL;
}

/* TRUE where those who lack the way are clients. */
static gboolean is_for_clients(BgpSpeaker *speaker) {
  const GPtrArray *peers = bgp_speaker_peers(speaker);
  for (guint i = 0; i < peers->len; i++)
    if (bgp_peer_role(bgp_peer_far(peers->pdata[i])) == &gateway_role_clients)
      return TRUE;
  return FALSE;
}

static gboolean is_marked(const CloudWithheld *withheld) {
  return bgp_attributes_has_community(withheld->entry->selected[0]->attributes, BGP_NO_ADVERTISE);
}

/* A VPN gateway tells nobody of the default route, whoever tells it. */
static gboolean default_to_a_vpn_site(const Question *question, const CloudWithheld *withheld) {
  const BgpRole *role = bgp_peer_role(withheld->peer);
  return cloud_site_knows_no_way(question->block) && withheld->sent == NULL &&
         withheld->entry->prefix.length == 0 &&
         (role == &gateway_role_vpn || role == &gateway_role_site || role == &gateway_role_static ||
          role == &gateway_role_clients);
}

/* Point-to-site clients hear of networks only, whatever else holds the rest back, and a gateway
 * marks what it tells of them: only its networks are to use that. */
static gboolean point_to_site(const Question *question, const CloudWithheld *withheld) {
  if (is_for_clients(question->block->speaker))
    return TRUE;
  return server_is_silent(question, withheld) && is_marked(withheld) &&
         source_role(withheld) == &gateway_role_vpn;
}

/* A route map of the session drops it, on one side or the other. */
static gboolean dropped_by_map(const Question *question, const CloudWithheld *withheld) {
  const Prefix prefix = withheld->entry->prefix;
  (void)question;
  return withheld->sent != NULL
             ? bgp_peer_drops_inbound(bgp_peer_far(withheld->peer), prefix, withheld->sent)
             : bgp_peer_drops_outbound(withheld->peer, prefix,
                                       withheld->entry->selected[0]->attributes);
}

static gboolean marked_no_advertise(const Question *question, const CloudWithheld *withheld) {
  return server_is_silent(question, withheld) && is_marked(withheld);
}

static gboolean between_branches(const Question *question, const CloudWithheld *withheld) {
  if (!server_is_silent(question, withheld))
    return FALSE;
  RouteServerUnit *unit = unit_of(question, withheld->peer);
  return !azure_advertise(route_server_unit_server(unit), unit, withheld->peer, withheld->entry);
}

static gboolean appliance_to_appliance(const Question *question, const CloudWithheld *withheld) {
  return between_branches(question, withheld) && source_role(withheld) == NULL &&
         bgp_peer_role(withheld->peer) == NULL;
}

/* A route server refuses a path that has been through one before. */
static gboolean refused_by_server(const Question *question, const CloudWithheld *withheld) {
  return cloud_withheld_as_loop(withheld) &&
         unit_of(question, bgp_peer_far(withheld->peer)) != NULL;
}

/* It refuses what an appliance told another one because the circuit that it came by leads to
 * both. */
static gboolean over_one_circuit(const Question *question, const CloudWithheld *withheld) {
  return refused_by_server(question, withheld) && question->block->to.subnet == NULL &&
         bgp_peer_role(bgp_peer_far(withheld->peer)) == &gateway_role_circuit;
}

static gboolean refused_by_sister(const Question *question, const CloudWithheld *withheld) {
  return cloud_withheld_as_loop(withheld) && unit_of(question, withheld->peer) != NULL &&
         bgp_peer_role(withheld->peer) == NULL;
}

/* A route server has no IPv6, and takes none. */
static gboolean has_no_ipv6(const Question *question, const CloudWithheld *withheld) {
  return withheld->sent != NULL && withheld->entry->prefix.address.family == IP_V6 &&
         unit_of(question, bgp_peer_far(withheld->peer)) != NULL;
}

static const struct {
  const char *facts;
  gboolean (*applies)(const Question *question, const CloudWithheld *withheld);
} news_rules[] = {
    {"AZ-1.11", has_no_ipv6},           {"AZ-8.4", default_to_a_vpn_site},
    {"AZ-5.5", point_to_site},          {"AZ-4.7", marked_no_advertise},
    {"AZ-5.4", appliance_to_appliance}, {"AZ-5.3", between_branches},
    {"AZ-5.6", over_one_circuit},       {"AZ-4.15", refused_by_server},
    {"AZ-4.17", refused_by_sister},     {"AZ-9.18, AZ-9.20", dropped_by_map},
};

static const char *rule_of_news(const Question *question, const CloudWithheld *withheld) {
  for (guint i = 0; i < G_N_ELEMENTS(news_rules); i++)
    if (news_rules[i].applies(question, withheld))
      return news_rules[i].facts;
  return NULL;
}

/* A session that would have brought the news has ended for what else it brought. Where a gateway
 * tells NICs itself, nobody's choice is behind their tables, and the place's own router is asked.
 */
static const char *limit_of_news(const Question *question) {
  const CloudBlock *block = question->block;
  BgpSpeaker *speaker = block->speaker != NULL ? block->speaker : block->to.speaker;
  return speaker != NULL ? cloud_find_broken_limit(speaker, block->to.address) : NULL;
}

/* The peering over which a route server that tells `speaker` of networks would tell it of `to`;
 * NULL: none does. */
static const CloudPeering *peering_of_servers(const Question *question, const BgpSpeaker *speaker,
                                              const CloudNetwork *to) {
  const GPtrArray *peers = bgp_speaker_peers(speaker);
  const CloudPeering *found = NULL;
  for (guint i = 0; i < peers->len && (found == NULL || !found->use_remote_gateway); i++) {
    RouteServerUnit *unit = unit_of(question, bgp_peer_far(peers->pdata[i]));
    const CloudPeering *peering =
        unit != NULL ? cloud_peering_between(question->topology, network_of_unit(unit), to) : NULL;
    found = peering != NULL ? peering : found;
  }
  return found;
}

/* The peering over which a site is told of hosts; NULL: it stands before their own network, or
 * before none that is peered with it. */
static const CloudPeering *peering_to_hosts(const Question *question) {
  const CloudPlace *from = &question->block->from, *to = &question->block->to;
  if (!cloud_site_knows_no_way(question->block) || to->subnet == NULL)
    return NULL;
  if (from->door == CLOUD_PEER_GATEWAY)
    return cloud_peering_between(question->topology, from->network, to->network);
  return from->speaker != NULL ? peering_of_servers(question, from->speaker, to->network) : NULL;
}

static gboolean subnet_not_told(const Question *question) {
  const CloudPeering *peering = peering_to_hosts(question);
  return peering != NULL && peering->use_remote_gateway &&
         !cloud_peering_has(peering, question->block->to.subnet);
}

/* TRUE where it has a gateway or route server of its own, beside which a network uses no other
 * one's. */
static gboolean serves_itself(const Question *question, const CloudNetwork *network) {
  const GPtrArray *gateways = question->block->gateways;
  for (guint i = 0; gateways != NULL && i < gateways->len; i++)
    if (gateway_network(gateways->pdata[i]) == network)
      return TRUE;
  return network->has_route_server;
}

static gboolean spoke_not_told(const Question *question) {
  const CloudPeering *peering = peering_to_hosts(question);
  return peering != NULL && !peering->use_remote_gateway;
}

static gboolean self_served_not_told(const Question *question) {
  return spoke_not_told(question) && serves_itself(question, question->block->to.network);
}

/* Of hosts that a peering keeps from a site only their network's own ranges are news: whoever is
 * told of a range around them, as the default one, still lacks those. */
static gboolean is_to_the_point(const Question *question, const CloudWithheld *withheld) {
  const CloudPlace *to = &question->block->to;
  if (!subnet_not_told(question) && !spoke_not_told(question))
    return TRUE;
  for (guint i = 0; i < network_prefix_count(to->network->network); i++)
    if (prefix_covers(network_prefix(to->network->network, i), withheld->entry->prefix))
      return TRUE;
  return FALSE;
}

/* The nearest place where a rule holds the news back, or refuses it. */
static const char *rule_between_speakers(const Question *question) {
  const CloudBlock *block = question->block;
  const char *facts = NULL;
  if (!(cloud_table_knows_no_way(block) || cloud_site_knows_no_way(block)))
    return NULL;
  g_autoptr(GArray) found =
      block->speaker != NULL ? cloud_find_withheld(block->speaker, block->to.address) : NULL;
  for (guint i = 0; found != NULL && facts == NULL && i < found->len; i++) {
    const CloudWithheld *withheld = &g_array_index(found, CloudWithheld, i);
    if (is_to_the_point(question, withheld))
      facts = rule_of_news(question, withheld);
  }
  return facts != NULL ? facts : limit_of_news(question);
}

/* ---- routes that NICs would take ------------------------------------------------------------ */

static gboolean has_default_of_its_own(const CloudSubnet *subnet, IpFamily family) {
  const CloudUserTable *user = subnet->user_table;
  for (guint i = 0; user != NULL && i < user->routes->len; i++) {
    const Prefix to = g_array_index(user->routes, CloudUserRoute, i).to;
    if (to.length == 0 && to.address.family == family)
      return TRUE;
  }
  return FALSE;
}

/* Would the table that ended it lead on with a route to `prefix` too? An equal one comes before the
 * system's to nowhere, and a default one takes those away, unless the user's own default route
 * stands before it. Facts: AZ-6.20. */
static gboolean would_help(const Question *question, Prefix prefix) {
  const CloudBlock *block = question->block;
  RouteView route;
  if (block->table == NULL || !route_table_match(block->table, block->to.address, &route))
    return TRUE;
  return prefix.length >= route.prefix.length ||
         (prefix.length == 0 && !has_default_of_its_own(block->at, prefix.address.family));
}

/* A table of `network` has a learned route, whose next hop stands in `within`; NULL: anywhere. */
static gboolean a_table_leads(const Question *question, const CloudNetwork *network,
                              const CloudNetwork *within) {
  const IpAddress address = question->block->to.address;
  RouteView route;
  for (guint i = 0; i < network->subnets->len; i++) {
    const CloudSubnet *subnet = network->subnets->pdata[i];
    for (guint j = 0; j < subnet->tables->len; j++)
      if (route_table_match(subnet->tables->pdata[j], address, &route) && route.origin->dynamic &&
          (within == NULL || network_contains(within->network, route.hops[0].address)) &&
          would_help(question, route.prefix))
        return TRUE;
  }
  return FALSE;
}

/* What it tells of but does not inject leaves the address to a shorter prefix. */
static const BgpEntry *injected(const RouteServerUnit *unit, IpAddress address) {
  const BgpSpeaker *speaker = route_server_unit_speaker(unit);
  const BgpEntry *entry = NULL;
  while ((entry = bgp_match_wider(speaker, address, entry)) != NULL) {
    const RoutePlan *plan = route_server_wanted(unit, entry->prefix);
    if (plan != NULL && plan->count > 0)
      return entry;
  }
  return NULL;
}

static gboolean unit_injects(const RouteServerUnit *unit, IpAddress address) {
  return injected(unit, address) != NULL;
}

/* A gateway of the network leads there: by a site's word, or by what its user wrote. */
static gboolean a_gateway_leads(const Question *question, const CloudNetwork *network) {
  const GPtrArray *gateways = question->block->gateways;
  Prefix prefix;
  for (guint i = 0; gateways != NULL && i < gateways->len; i++)
    if (gateway_network(gateways->pdata[i]) == network &&
        gateway_leads(gateways->pdata[i], question->block->to.address, &prefix) &&
        would_help(question, prefix))
      return TRUE;
  return FALSE;
}

/* Has what stands in `hub` a route for NICs that are served from there, and would it help? */
static gboolean is_offered(const Question *question, const CloudNetwork *hub) {
  for (guint i = 0; i < question->servers->len; i++) {
    const RouteServer *server = question->servers->pdata[i];
    for (guint j = 0; j < route_server_unit_count(server); j++) {
      const BgpEntry *entry = injected(route_server_unit(server, j), question->block->to.address);
      if (route_server_config(server)->network == hub && entry != NULL &&
          would_help(question, entry->prefix))
        return TRUE;
    }
  }
  return a_table_leads(question, hub, hub) || a_gateway_leads(question, hub);
}

/* The peering by which `network` uses what stands in another; NULL: none, what it has is its own.
 */
static const CloudPeering *remote_peering(const Question *question, const CloudNetwork *network) {
  for (guint i = 0; i < question->topology->peerings->len; i++) {
    const CloudPeering *peering = question->topology->peerings->pdata[i];
    if (peering->from == network && peering->use_remote_gateway)
      return peering;
  }
  return NULL;
}

/* The network whose route server or gateway the NICs of `network` follow. */
static const CloudNetwork *hub_of(const Question *question, const CloudNetwork *network) {
  const CloudPeering *peering = remote_peering(question, network);
  return peering != NULL ? peering->to : network;
}

static gboolean propagation_off(const Question *question) {
  const CloudSubnet *at = question->block->at;
  return cloud_table_knows_no_way(question->block) && at->user_table != NULL &&
         !at->user_table->propagate &&
         (a_table_leads(question, at->network, NULL) ||
          is_offered(question, hub_of(question, at->network)));
}

/* The hosts there, or the route server and gateways that it would use, are on the other side of a
 * peering that leaves one of the two subnets out. */
static gboolean peering_left_out(const Question *question) {
  const CloudBlock *block = question->block;
  const CloudPlace *to = &block->to;
  if (!cloud_table_knows_no_way(block))
    return FALSE;
  const CloudPeering *peering =
      to->subnet != NULL
          ? cloud_peering_between(question->topology, block->at->network, to->network)
          : NULL;
  if (peering != NULL)
    return !cloud_peering_has(peering, block->at) || !cloud_peering_has(peering, to->subnet);
  const CloudPeering *remote = remote_peering(question, block->at->network);
  return remote != NULL && !cloud_peering_has(remote, block->at) &&
         is_offered(question, remote->to);
}

/* The NIC is served by nothing, or from another network, and a third one has what it lacks. */
static gboolean is_offered_elsewhere(const Question *question, gboolean peered) {
  const CloudNetwork *own = question->block->at->network;
  const CloudNetwork *hub = hub_of(question, own);
  for (guint i = 0; i < question->topology->networks->len; i++) {
    const CloudNetwork *other = question->topology->networks->pdata[i];
    const gboolean joined = cloud_peering_between(question->topology, own, other) != NULL;
    if (other != own && other != hub && joined == peered && is_offered(question, other))
      return TRUE;
  }
  return FALSE;
}

static gboolean is_unserved(const Question *question) {
  const CloudNetwork *own = question->block->at->network;
  return !own->has_route_server && hub_of(question, own) == own;
}

/* The peering is there, but the spoke does not use what stands in that hub: it uses another one's,
 * or none. */
static gboolean gateway_transit_off(const Question *question) {
  return cloud_table_knows_no_way(question->block) && is_offered_elsewhere(question, TRUE);
}

static gboolean transit_beside_its_own(const Question *question) {
  return gateway_transit_off(question) && serves_itself(question, question->block->at->network);
}

static gboolean not_peered(const Question *question) {
  return cloud_table_knows_no_way(question->block) && is_unserved(question) &&
         is_offered_elsewhere(question, FALSE);
}

/* An appliance told the route server of a way, and that does not inject it: the prefix is, or lies
 * in, the range of a VNet that it serves, which the route server itself tells of. */
static gboolean range_of_a_served_vnet(const Question *question) {
  const RouteServerUnit *unit =
      cloud_table_knows_no_way(question->block) ? own_unit(question) : NULL;
  const BgpEntry *entry =
      unit != NULL ? bgp_match(route_server_unit_speaker(unit), question->block->to.address) : NULL;
  return entry != NULL && entry->learned != NULL &&
         !unit_injects(unit, question->block->to.address);
}

/* ---- appliances that peer with one instance ------------------------------------------------- */

static gboolean has_peer_on(const BgpSpeaker *speaker, const RouteServerUnit *unit) {
  const GPtrArray *peers = bgp_speaker_peers(speaker);
  for (guint i = 0; i < peers->len; i++)
    if (bgp_peer_speaker(bgp_peer_far(peers->pdata[i])) == route_server_unit_speaker(unit))
      return TRUE;
  return FALSE;
}

/* An appliance told the sister of `unit` this, and has no session with `unit` itself. */
static gboolean told_to_the_other_only(const RouteServerUnit *unit, const BgpEntry *entry) {
  const BgpPeer *source = entry->selected[0]->source;
  return source != NULL && bgp_peer_role(source) == NULL &&
         !has_peer_on(bgp_peer_speaker(bgp_peer_far(source)), unit);
}

static RouteServerUnit *sister_of(const RouteServerUnit *unit) {
  const RouteServer *server = route_server_unit_server(unit);
  for (guint i = 0; i < route_server_unit_count(server); i++)
    if (route_server_unit(server, i) != unit)
      return route_server_unit(server, i);
  return NULL;
}

/* The NIC's own instance lacks what it would program, were it told as its sister is. */
static gboolean nic_of_the_other_instance(const Question *question) {
  const IpAddress address = question->block->to.address;
  const RouteServerUnit *unit =
      cloud_table_knows_no_way(question->block) ? own_unit(question) : NULL;
  const RouteServerUnit *sister = unit != NULL ? sister_of(unit) : NULL;
  const CloudSubnet *at = question->block->at;
  if (sister == NULL || unit_injects(unit, address) ||
      (at->user_table != NULL && !at->user_table->propagate))
    return FALSE;
  const BgpEntry *entry = injected(sister, address);
  return entry != NULL && told_to_the_other_only(unit, entry);
}

/* An appliance, and its site, would be told by that instance alone. */
static gboolean told_by_the_other_instance(const Question *question) {
  BgpSpeaker *speaker =
      cloud_site_knows_no_way(question->block) ? question->block->from.speaker : NULL;
  const IpAddress address = question->block->to.address;
  const GPtrArray *peers = speaker != NULL ? bgp_speaker_peers(speaker) : NULL;
  for (guint i = 0; peers != NULL && i < peers->len; i++) {
    BgpPeer *far = bgp_peer_far(peers->pdata[i]);
    RouteServerUnit *unit = unit_of(question, far);
    RouteServerUnit *sister = unit != NULL ? sister_of(unit) : NULL;
    const BgpEntry *entry =
        sister != NULL ? bgp_match(route_server_unit_speaker(sister), address) : NULL;
    if (entry != NULL && bgp_match(bgp_peer_speaker(far), address) == NULL &&
        !has_peer_on(speaker, sister) &&
        azure_advertise(route_server_unit_server(sister), sister, far, entry))
      return TRUE;
  }
  return FALSE;
}

static gboolean misses_an_instance(const Question *question) {
  return nic_of_the_other_instance(question) || told_by_the_other_instance(question);
}

/* ---- the rest ------------------------------------------------------------------------------- */

/* A route server tells the appliance before the site of networks alone. */
static gboolean site_to_internet(const Question *question) {
  const CloudPlace *from = &question->block->from;
  const GPtrArray *peers = from->door == CLOUD_PEER_APPLIANCE && from->speaker != NULL
                               ? bgp_speaker_peers(from->speaker)
                               : NULL;
  if (peers == NULL || !cloud_site_knows_no_way(question->block) || !question->block->to.internet)
    return FALSE;
  for (guint i = 0; i < peers->len; i++)
    if (bgp_peer_state(peers->pdata[i]) == BGP_ESTABLISHED &&
        unit_of(question, bgp_peer_far(peers->pdata[i])) != NULL)
      return TRUE;
  return FALSE;
}

/* Nothing else is known of private space than the system's own routes to nowhere. */
static gboolean dropped_by_the_system(const Question *question) {
  return cloud_table_knows_no_way(question->block) && is(question, DROP_BLACKHOLE);
}

static gboolean no_such_gateway(const Question *question) {
  return is(question, DROP_BLACKHOLE) && question->block->refused_gateway;
}
static gboolean next_hop_is_nobody(const Question *question) {
  return is(question, DROP_NO_SUCH_NEXT_HOP) && by_bgp(question);
}
static gboolean loops(const Question *question) {
  return is(question, DROP_LOOP) && by_bgp(question) && question->block->by_appliances;
}
static gboolean follows_its_own_default(const Question *question) {
  return loops(question) && question->block->by_default;
}
static gboolean is_between_balancers(const Question *question) {
  return is(question, DROP_ASYMMETRIC) && question->block->by_balancers;
}
static gboolean is_asymmetric(const Question *question) {
  return is(question, DROP_ASYMMETRIC) && question->block->by_hash;
}
/* A peering leads to the next hop's network, but not from this subnet or not to that one. */
static gboolean limited_peering(const Question *question) {
  const CloudBlock *block = question->block;
  const CloudPeering *peering =
      block->at != NULL && block->hop_network != NULL
          ? cloud_peering_between(question->topology, block->at->network, block->hop_network)
          : NULL;
  return peering != NULL && cloud_peering_is_limited(peering) &&
         (is(question, DROP_NEXT_HOP_OUT_OF_REACH) || is(question, DROP_PEERING_REFUSES));
}
static gboolean beyond_a_peering(const Question *question) {
  return is(question, DROP_NEXT_HOP_OUT_OF_REACH) || is(question, DROP_PEERING_REFUSES);
}
static gboolean not_translated(const Question *question) {
  return is(question, DROP_NOT_TRANSLATED) && question->block->by_appliances;
}

/* ---- the rules ------------------------------------------------------------------------------ */

static const struct {
  const char *facts;
  gboolean (*applies)(const Question *question);
} rules[] = {
    {"AZ-5.1", site_to_internet},
    {"AZ-5.16", subnet_not_told},
    {"AZ-1.17", self_served_not_told},
    {"AZ-6.8", spoke_not_told},
    {"AZ-6.7", propagation_off},
    {"AZ-5.16", peering_left_out},
    {"AZ-1.17", transit_beside_its_own},
    {"AZ-6.8", gateway_transit_off},
    {"AZ-6.1", not_peered},
    {"AZ-6.4", range_of_a_served_vnet},
    {"AZ-6.6", dropped_by_the_system},
    {"AZ-6.8, AZ-6.25", no_such_gateway},
    {"AZ-5.13", next_hop_is_nobody},
    {"AZ-5.11", follows_its_own_default},
    {"AZ-5.12", loops},
    {"AZ-10.6", is_between_balancers},
    {"AZ-6.14", is_asymmetric},
    {"AZ-5.16", limited_peering},
    {"AZ-6.23", beyond_a_peering},
    {"AZ-6.26", not_translated},
};

const char *azure_forbids(const CloudTopology *topology, const GPtrArray *servers,
                          const CloudBlock *block) {
  const Question question = {topology, servers, block};
  const char *facts =
      misses_an_instance(&question) ? "AZ-2.6, AZ-2.7" : rule_between_speakers(&question);
  if (facts != NULL)
    return facts;
  for (guint i = 0; i < G_N_ELEMENTS(rules); i++)
    if (rules[i].applies(&question))
      return rules[i].facts;
  return NULL;
}
