/* Which rule of AWS keeps packets from arriving: the first of a table that applies. */
#include <string.h>

#include "describe.h"

/* ---- what the rules ask ------------------------------------------------------------------ */

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

/* A written route leads there, and the peering does not carry it. */
static gboolean refused_by_the_peering(const Question *question) {
  return is(question, "peering-refuses");
}

/* A virtual private gateway was handed what it knows no way for. */
static gboolean unknown_to_the_gateway(const Question *question) {
  return no_way_in_table(question) && question->block->at->hidden;
}

/* An internet gateway serves interfaces of its own VPC. */
static gboolean not_translated(const Question *question) { return is(question, "not-translated"); }

static gboolean leaves_its_network(const Question *question) {
  const CloudBlock *block = question->block;
  return no_way_in_table(question) && block->to.network != NULL &&
         block->to.network != block->at->network;
}

static gboolean peering_between(const CloudTopology *topology, const CloudNetwork *a,
                                const CloudNetwork *b) {
  for (guint i = 0; i < topology->peerings->len; i++) {
    const CloudPeering *peering = topology->peerings->pdata[i];
    if ((peering->from == a && peering->to == b) || (peering->from == b && peering->to == a))
      return TRUE;
  }
  return FALSE;
}

static gboolean are_peered(const Question *question) {
  return peering_between(question->topology, question->block->at->network,
                         question->block->to.network);
}

static gboolean behind_an_appliance(const CloudPlace *place) {
  return place->subnet == NULL && place->network != NULL && place->door == CLOUD_PEER_APPLIANCE;
}

static gboolean from_an_appliance(const Question *question) {
  return is(question, "not-announced") && behind_an_appliance(&question->block->from);
}

/* A gateway learns nothing from the route server, so it cannot know of the appliance's site. */
static gboolean from_a_gateway(const Question *question) {
  const CloudPlace *from = &question->block->from;
  return is(question, "not-announced") && from->subnet == NULL && from->network != NULL &&
         from->door == CLOUD_PEER_GATEWAY && behind_an_appliance(&question->block->to);
}

/* A site with static routes and another one behind the same virtual private gateway. */
static gboolean between_sites_of_a_gateway(const Question *question) {
  const CloudPlace *from = &question->block->from, *to = &question->block->to;
  return is(question, "not-announced") && from->subnet == NULL && to->subnet == NULL &&
         from->network != NULL && from->network == to->network &&
         from->door == CLOUD_PEER_GATEWAY && to->door == CLOUD_PEER_GATEWAY;
}

static gboolean over_a_peering_to_an_appliance(const Question *question) {
  return leaves_its_network(question) && are_peered(question) &&
         behind_an_appliance(&question->block->to);
}

static gboolean over_a_peering(const Question *question) {
  return leaves_its_network(question) && are_peered(question);
}

static gboolean to_an_appliance_elsewhere(const Question *question) {
  return leaves_its_network(question) && behind_an_appliance(&question->block->to);
}

/* In its own VPC, but no route server writes to the table of the subnet. */
static gboolean not_propagated(const Question *question) {
  const CloudBlock *block = question->block;
  return no_way_in_table(question) && behind_an_appliance(&block->to) &&
         block->to.network == block->at->network &&
         route_servers_unit_of(question->servers, block->at->tables->pdata[0]) == NULL;
}

/* Both VPCs are peered with a third: nothing leads through it. */
static gboolean over_two_peerings(const Question *question) {
  if (!leaves_its_network(question))
    return FALSE;
  for (guint i = 0; i < question->topology->networks->len; i++) {
    const CloudNetwork *middle = question->topology->networks->pdata[i];
    if (peering_between(question->topology, question->block->at->network, middle) &&
        peering_between(question->topology, middle, question->block->to.network))
      return TRUE;
  }
  return FALSE;
}

/* An element that forwards by tables of its own ended it: a transit gateway, which only learns
 * the ranges of VPCs. */
static gboolean not_in_a_transit_table(const Question *question) {
  return question->block->at == NULL && is(question, "no-route") &&
         behind_an_appliance(&question->block->to);
}

/* The route server knows a route, but cannot install it. */
static gboolean next_hop_is_no_interface(const Question *question) {
  const CloudBlock *block = question->block;
  const RouteServerUnit *unit =
      no_way_in_table(question)
          ? route_servers_unit_of(question->servers, block->at->tables->pdata[0])
          : NULL;
  const BgpEntry *entry =
      unit != NULL ? bgp_match(route_server_unit_speaker(unit), block->to.address) : NULL;
  const RoutePlan *plan = entry != NULL ? route_server_wanted(unit, entry->prefix) : NULL;
  return plan != NULL && plan->rejected != NULL;
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
  for (guint i = 0; i < G_N_ELEMENTS(rules); i++)
    if (rules[i].applies(&question))
      return rules[i].facts;
  return NULL;
}
