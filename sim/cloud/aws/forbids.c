/* Which rule of AWS keeps packets from arriving: what keeps a route to the place out of the route
 * table, else the first of a list that applies. A rule that holds routes back is named only where
 * what it holds back is there. */
#include <string.h>

#include "aws_private.h"
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

/* A written route leads there, and the peering does not carry it. */
static gboolean refused_by_the_peering(const Question *question) {
  return is(question, DROP_PEERING_REFUSES);
}

/* A virtual private gateway was handed what it knows no way for. */
static gboolean unknown_to_the_gateway(const Question *question) {
  return cloud_table_knows_no_way(question->block) && question->block->at->hidden;
}

/* An internet gateway serves interfaces of its own VPC. */
static gboolean not_translated(const Question *question) {
  return is(question, DROP_NOT_TRANSLATED);
}

static gboolean behind_an_appliance(const CloudPlace *place) {
  return place->subnet == NULL && place->network != NULL && place->door == CLOUD_PEER_APPLIANCE;
}

/* ---- what there is to hold back ------------------------------------------------------------- */

/* What the unit would write for the address; NULL: it knows no route. */
static const RoutePlan *plan_for(const RouteServerUnit *unit, IpAddress address) {
  const BgpEntry *entry = bgp_match(route_server_unit_speaker(unit), address);
  return entry != NULL ? route_server_wanted(unit, entry->prefix) : NULL;
}

/* A route server of the network has a route to the place (that it can install). */
static gboolean a_server_has(const Question *question, const CloudNetwork *network,
                             gboolean to_install) {
  for (guint i = 0; i < question->servers->len; i++) {
    const RouteServer *server = question->servers->pdata[i];
    for (guint j = 0; j < route_server_unit_count(server); j++) {
      const RoutePlan *plan = plan_for(route_server_unit(server, j), question->block->to.address);
      if (route_server_config(server)->network == network && plan != NULL &&
          (!to_install || plan->count > 0))
        return TRUE;
    }
  }
  return FALSE;
}

static gboolean a_server_knows(const Question *question, const CloudNetwork *network) {
  return a_server_has(question, network, FALSE);
}
static gboolean a_server_installs(const Question *question, const CloudNetwork *network) {
  return a_server_has(question, network, TRUE);
}

/* The route leads out to the Internet, which is no way to a site. */
static gboolean is_way_out(const Question *question, const RouteView *route) {
  for (guint i = 0; i < question->topology->edges->len; i++) {
    const CloudEdge *edge = question->topology->edges->pdata[i];
    if (edge->kind == CLOUD_EDGE_INTERNET && route->hop_count > 0 &&
        ip_address_equal(edge->address, route->hops[0].address))
      return TRUE;
  }
  return FALSE;
}

/* Hosts of the network have a way there. */
static gboolean a_table_leads(const Question *question, const CloudNetwork *network) {
  const CloudPlace *to = &question->block->to;
  RouteView route;
  for (guint i = 0; i < network->subnets->len; i++) {
    const CloudSubnet *subnet = network->subnets->pdata[i];
    for (guint j = 0; j < subnet->tables->len; j++)
      if (route_table_match(subnet->tables->pdata[j], to->address, &route) &&
          (to->internet || !is_way_out(question, &route)))
        return TRUE;
  }
  return FALSE;
}

/* TRUE where the place is in its network, or is one that this leads on to. */
static gboolean is_there(const Question *question) {
  const CloudPlace *to = &question->block->to;
  return to->subnet != NULL || a_server_installs(question, to->network) ||
         a_table_leads(question, to->network);
}

/* ---- between sites ------------------------------------------------------------------------- */

static gboolean has_session_with_server(const Question *question, const BgpSpeaker *speaker) {
  const GPtrArray *peers = bgp_speaker_peers((BgpSpeaker *)speaker);
  for (guint i = 0; i < peers->len; i++)
    if (bgp_peer_state(peers->pdata[i]) == BGP_ESTABLISHED &&
        route_servers_unit_with(question->servers,
                                bgp_peer_speaker(bgp_peer_far(peers->pdata[i]))) != NULL)
      return TRUE;
  return FALSE;
}

/* Would the site hear what its appliance heard from a route server? */
static gboolean hears_of_a_server(const Question *question) {
  const CloudBlock *block = question->block;
  BgpSpeaker *door = block->from.speaker;
  if (door == NULL || block->speaker == NULL || !has_session_with_server(question, door))
    return FALSE;
  const GPtrArray *peers = bgp_speaker_peers(block->speaker);
  gboolean relays = block->speaker == door;
  for (guint i = 0; i < peers->len; i++) {
    BgpPeer *far = bgp_peer_far(peers->pdata[i]);
    relays |= bgp_peer_speaker(far) == door && bgp_peer_relays(far);
  }
  return relays;
}

/* A gateway told the tables of the network of a way. */
static gboolean a_gateway_told(const Question *question, const CloudNetwork *network) {
  RouteView route;
  for (guint i = 0; i < network->subnets->len; i++) {
    const CloudSubnet *subnet = network->subnets->pdata[i];
    for (guint j = 0; j < subnet->tables->len; j++)
      if (route_table_match(subnet->tables->pdata[j], question->block->to.address, &route) &&
          route.origin->dynamic)
        return TRUE;
  }
  return FALSE;
}

/* A route server, or a gateway beside it, has what somebody lacks, who would hear of it had the
 * route server told its peers. */
static gboolean from_an_appliance(const Question *question) {
  BgpSpeaker *speaker = question->block->speaker;
  gboolean withheld = FALSE;
  if (speaker == NULL || !cloud_site_knows_no_way(question->block) ||
      !behind_an_appliance(&question->block->from))
    return FALSE;
  g_autoptr(GArray) found = cloud_find_withheld(speaker, question->block->to.address);
  for (guint i = 0; i < found->len; i++) {
    const BgpPeer *peer = g_array_index(found, CloudWithheld, i).peer;
    withheld |= route_servers_unit_with(question->servers, bgp_peer_speaker(peer)) != NULL;
  }
  return withheld || (found->len == 0 && hears_of_a_server(question) &&
                      a_gateway_told(question, question->block->from.network));
}

/* A gateway learns nothing from the route server, so it cannot know of the appliance's site. */
static gboolean from_a_gateway(const Question *question) {
  const CloudPlace *from = &question->block->from;
  return cloud_site_knows_no_way(question->block) && from->door == CLOUD_PEER_GATEWAY &&
         behind_an_appliance(&question->block->to) && a_server_knows(question, from->network);
}

/* ---- from hosts ---------------------------------------------------------------------------- */

static gboolean leaves_its_network(const Question *question) {
  const CloudBlock *block = question->block;
  return cloud_table_knows_no_way(block) && block->to.network != NULL &&
         block->to.network != block->at->network;
}

static gboolean over_a_peering(const Question *question) {
  const CloudNetwork *to = question->block->to.network;
  return leaves_its_network(question) && is_there(question) &&
         cloud_peering_between(question->topology, question->block->at->network, to) != NULL;
}

/* A site with static routes and another one behind the same virtual private gateway. */
static gboolean between_sites_of_a_gateway(const Question *question) {
  const CloudPlace *from = &question->block->from, *to = &question->block->to;
  return is(question, DROP_NOT_ANNOUNCED) && from->subnet == NULL && to->subnet == NULL &&
         from->network != NULL && from->network == to->network &&
         from->door == CLOUD_PEER_GATEWAY && to->door == CLOUD_PEER_GATEWAY;
}

static gboolean over_a_peering_to_an_appliance(const Question *question) {
  return over_a_peering(question) && behind_an_appliance(&question->block->to) &&
         a_server_installs(question, question->block->to.network);
}

static gboolean to_an_appliance_elsewhere(const Question *question) {
  return leaves_its_network(question) && behind_an_appliance(&question->block->to) &&
         a_server_installs(question, question->block->to.network);
}

/* What the route server writes elsewhere leads to the very element that asked. */
static gboolean leads_back(const Question *question) {
  const CloudBlock *block = question->block;
  const CloudNetwork *network = block->at->network;
  RouteView route;
  for (guint i = 0; block->passed != NULL && i < network->subnets->len; i++) {
    const CloudSubnet *subnet = network->subnets->pdata[i];
    for (guint j = 0; j < subnet->tables->len; j++)
      if (route_table_match(subnet->tables->pdata[j], block->to.address, &route) &&
          route.origin->dynamic &&
          (ip_address_equal(route.hops[0].address, element_address(block->passed)) ||
           ip_address_equal(route.hops[0].address, element_nat_address(block->passed))))
        return TRUE;
  }
  return FALSE;
}

/* A route server of the VPC has the route, but none writes to the table of the subnet. */
static gboolean not_propagated(const Question *question) {
  const CloudBlock *block = question->block;
  return cloud_table_knows_no_way(block) && a_server_installs(question, block->at->network) &&
         route_servers_unit_of(question->servers, block->at->tables->pdata[0]) == NULL &&
         !leads_back(question);
}

/* Both VPCs are peered with a third: nothing leads through it. */
static gboolean over_two_peerings(const Question *question) {
  const CloudTopology *topology = question->topology;
  const CloudNetwork *to = question->block->to.network;
  if (!leaves_its_network(question) || !is_there(question))
    return FALSE;
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *middle = topology->networks->pdata[i];
    if (cloud_peering_between(topology, question->block->at->network, middle) != NULL &&
        cloud_peering_between(topology, middle, to) != NULL)
      return TRUE;
  }
  return FALSE;
}

/* An element that forwards by tables of its own ended it: a transit gateway, which only learns
 * the ranges of VPCs. */
static gboolean not_in_a_transit_table(const Question *question) {
  const CloudBlock *block = question->block;
  return block->at == NULL && block->table != NULL && block->speaker == NULL &&
         is(question, DROP_NO_ROUTE) && behind_an_appliance(&question->block->to) &&
         a_server_installs(question, question->block->to.network);
}

/* A route server knows a route, but cannot install it: here or where the place is. */
static gboolean next_hop_is_no_interface(const Question *question) {
  const CloudBlock *block = question->block;
  if (!cloud_table_knows_no_way(block))
    return FALSE;
  for (guint i = 0; i < question->servers->len; i++) {
    const RouteServer *server = question->servers->pdata[i];
    const CloudNetwork *network = route_server_config(server)->network;
    for (guint j = 0; j < route_server_unit_count(server); j++) {
      const RoutePlan *plan = plan_for(route_server_unit(server, j), block->to.address);
      if ((network == block->at->network || network == block->to.network) && plan != NULL &&
          plan->rejected != NULL)
        return TRUE;
    }
  }
  return FALSE;
}

/* ---- what is there, and kept out of a table ------------------------------------------------- */

typedef struct {
  const CloudBlock *block;
  Prefix prefix;      /* the longest that leads to the place */
  const char *reason; /* or NULL */
} KeptOut;

static void look_at_installation(const RouteInstallation *installation, gpointer data) {
  KeptOut *found = data;
  const CloudBlock *block = found->block;
  if (installation->reason == NULL || installation->installed ||
      !prefix_contains(installation->prefix, block->to.address) ||
      (installation->table != NULL &&
       strcmp(installation->table, route_table_name(block->table)) != 0) ||
      (found->reason != NULL && installation->prefix.length <= found->prefix.length))
    return;
  found->prefix = installation->prefix;
  found->reason = installation->reason;
}

/* What the route server of the table that was asked knows, and the table or its FIB does not take;
 * NULL: nothing. Every such reason ends with its facts in brackets. */
static const char *kept_out(const Question *question) {
  KeptOut found = {.block = question->block, .reason = NULL};
  if (!cloud_table_knows_no_way(question->block) || question->block->table == NULL)
    return NULL;
  const RouteServerUnit *unit = route_servers_unit_of(question->servers, question->block->table);
  if (unit != NULL)
    route_server_foreach_installation(route_server_unit_server(unit), look_at_installation, &found);
  if (found.reason == NULL &&
      route_table_lacks_place(question->block->table, question->block->to.address))
    found.reason = aws_table_full;
  const char *facts = found.reason != NULL ? strrchr(found.reason, '(') : NULL;
  if (facts == NULL)
    return NULL;
  g_autofree char *inside = g_strndup(facts + 1, strlen(facts) - 2);
  return g_intern_string(inside);
}

/* ---- the rules ------------------------------------------------------------------------------ */

static const struct {
  const char *facts;
  gboolean (*applies)(const Question *question);
} rules[] = {
    {"AWS-8.6", refused_by_the_peering},
    {"AWS-5.21", not_translated},
    {"AWS-5.26", unknown_to_the_gateway},
    {"AWS-8.1", from_an_appliance},
    {"AWS-5.3, AWS-8.7", from_a_gateway},
    {"AWS-11.14", between_sites_of_a_gateway},
    {"AWS-8.4, AWS-8.6", over_a_peering_to_an_appliance},
    {"AWS-8.6", over_a_peering},
    {"AWS-8.6", over_two_peerings},
    {"AWS-8.4", to_an_appliance_elsewhere},
    {"AWS-4.19", next_hop_is_no_interface},
    {"AWS-1.9", not_propagated},
    {"AWS-8.5", not_in_a_transit_table},
};

const char *aws_forbids(const CloudTopology *topology, const GPtrArray *servers,
                        const CloudBlock *block) {
  const Question question = {topology, servers, block};
  const char *facts = kept_out(&question);
  if (facts != NULL)
    return facts;
  for (guint i = 0; i < G_N_ELEMENTS(rules); i++)
    if (rules[i].applies(&question))
      return rules[i].facts;
  return NULL;
}
