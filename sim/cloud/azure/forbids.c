/* Which rule of Azure keeps packets from arriving: the first of a table that applies. */
#include <string.h>

#include "describe.h"

/* ---- what the rules ask ------------------------------------------------------------------ */

static const CloudPeering *peering_between(const CloudTopology *topology, const CloudNetwork *a,
                                           const CloudNetwork *b) {
  for (guint i = 0; i < topology->peerings->len; i++) {
    const CloudPeering *peering = topology->peerings->pdata[i];
    if ((peering->from == a && peering->to == b) || (peering->from == b && peering->to == a))
      return peering;
  }
  return NULL;
}

static gboolean uses_gateway_of(const CloudTopology *topology, const CloudNetwork *spoke,
                                const CloudNetwork *hub) {
  for (guint i = 0; i < topology->peerings->len; i++) {
    const CloudPeering *peering = topology->peerings->pdata[i];
    if (peering->from == spoke && peering->to == hub && peering->use_remote_gateway)
      return TRUE;
  }
  return FALSE;
}

static const RouteServer *server_in(const GPtrArray *servers, const CloudNetwork *network) {
  for (guint i = 0; i < servers->len; i++)
    if (route_server_config(servers->pdata[i])->network == network)
      return servers->pdata[i];
  return NULL;
}

typedef struct {
  const CloudTopology *topology;
  const GPtrArray *servers;
  const CloudBlock *block;
} Question;

static gboolean is(const Question *question, const char *reason) {
  return strcmp(question->block->reason, reason) == 0;
}

/* Without a word of the user's: a route of one's own to nowhere is no rule of the cloud. */
static gboolean no_way_in_table(const Question *question) {
  const CloudBlock *block = question->block;
  return block->at != NULL && (is(question, "no-route") || is(question, "blackhole")) &&
         (block->origin == NULL || !block->origin->written);
}

/* The route that they followed came by BGP. */
static gboolean by_bgp(const Question *question) {
  return question->block->origin != NULL && question->block->origin->dynamic;
}

/* Between two sites before one route server, with branch-to-branch off. */
static gboolean between_branches(const Question *question) {
  const CloudPlace *from = &question->block->from, *to = &question->block->to;
  const RouteServer *server;
  if (!is(question, "not-announced") || from->network == NULL || from->network != to->network ||
      from->subnet != NULL || to->subnet != NULL)
    return FALSE;
  server = server_in(question->servers, from->network);
  return server != NULL && !azure_branch_to_branch(route_server_config(server)->config);
}

static gboolean appliance_to_appliance(const Question *question) {
  return between_branches(question) && question->block->from.door == CLOUD_PEER_APPLIANCE &&
         question->block->to.door == CLOUD_PEER_APPLIANCE;
}

static gboolean site_to_internet(const Question *question) {
  return is(question, "not-announced") && question->block->to.internet &&
         question->block->from.door == CLOUD_PEER_APPLIANCE &&
         question->block->from.network != NULL;
}

static gboolean propagation_off(const Question *question) {
  const CloudSubnet *at = question->block->at;
  return no_way_in_table(question) && question->block->to.subnet == NULL &&
         at->user_table != NULL && !at->user_table->propagate;
}

/* The peering is there, but the spoke does not use what stands in the hub. */
static gboolean gateway_transit_off(const Question *question) {
  const CloudBlock *block = question->block;
  if (!no_way_in_table(question) || block->to.subnet != NULL || block->to.network == NULL)
    return FALSE;
  return peering_between(question->topology, block->at->network, block->to.network) != NULL &&
         !uses_gateway_of(question->topology, block->at->network, block->to.network);
}

static gboolean not_peered(const Question *question) {
  const CloudBlock *block = question->block;
  return no_way_in_table(question) && block->to.subnet == NULL && block->to.network != NULL &&
         block->to.network != block->at->network &&
         peering_between(question->topology, block->at->network, block->to.network) == NULL;
}

/* An appliance told the route server of a way, and that does not inject it: the prefix lies in a
 * VNet that it serves. */
static gboolean range_of_a_served_vnet(const Question *question) {
  const CloudBlock *block = question->block;
  if (!no_way_in_table(question))
    return FALSE;
  const RouteServerUnit *unit =
      route_servers_unit_of(question->servers, block->at->tables->pdata[0]);
  const BgpEntry *entry =
      unit != NULL ? bgp_match(route_server_unit_speaker(unit), block->to.address) : NULL;
  const RoutePlan *plan = entry != NULL ? route_server_wanted(unit, entry->prefix) : NULL;
  return plan != NULL && entry->selected_count > 0 && entry->selected[0]->source != NULL &&
         plan->count == 0;
}

/* Nothing else is known of private space than the system's own routes to nowhere. */
static gboolean dropped_by_the_system(const Question *question) {
  return no_way_in_table(question) && is(question, "blackhole");
}

static gboolean no_such_gateway(const Question *question) {
  return is(question, "blackhole") && question->block->refused_gateway;
}
static gboolean next_hop_is_nobody(const Question *question) {
  return is(question, "no-such-next-hop") && by_bgp(question);
}
static gboolean loops(const Question *question) {
  return is(question, "loop") && by_bgp(question) && question->block->by_appliances;
}
static gboolean is_between_balancers(const Question *question) {
  return is(question, "asymmetric") && question->block->by_balancers;
}
static gboolean is_asymmetric(const Question *question) {
  return is(question, "asymmetric") && question->block->by_hash;
}
static gboolean beyond_a_peering(const Question *question) {
  return is(question, "next-hop-out-of-reach") || is(question, "peering-refuses");
}
static gboolean not_translated(const Question *question) {
  return is(question, "not-translated") && question->block->by_appliances;
}

/* ---- the rules ------------------------------------------------------------------------------ */

static const struct {
  const char *facts;
  gboolean (*applies)(const Question *question);
} rules[] = {
    {"AZ-5.4", appliance_to_appliance},
    {"AZ-5.3", between_branches},
    {"AZ-5.1", site_to_internet},
    {"AZ-6.7", propagation_off},
    {"AZ-6.8", gateway_transit_off},
    {"AZ-6.1", not_peered},
    {"AZ-6.4", range_of_a_served_vnet},
    {"AZ-6.6", dropped_by_the_system},
    {"AZ-6.8, AZ-6.25", no_such_gateway},
    {"AZ-5.13", next_hop_is_nobody},
    {"AZ-5.12", loops},
    {"AZ-10.6", is_between_balancers},
    {"AZ-6.14", is_asymmetric},
    {"AZ-6.23", beyond_a_peering},
    {"AZ-6.26", not_translated},
};

const char *azure_forbids(const CloudTopology *topology, const GPtrArray *servers,
                          const CloudBlock *block) {
  const Question question = {topology, servers, block};
  for (guint i = 0; i < G_N_ELEMENTS(rules); i++)
    if (rules[i].applies(&question))
      return rules[i].facts;
  return NULL;
}
