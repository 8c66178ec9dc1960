/* Who reaches whom, and which rule of the cloud forbids the rest. */
#include <string.h>

#include "inspect_private.h"

/* ---- places ---------------------------------------------------------------------------- */

static InspectionPlace *add_place(Inspection *inspection, const char *name, TrafficEnd end,
                                  CloudPlace place) {
  InspectionPlace *made = arena_new0(inspection->arena, InspectionPlace);
  *made = (InspectionPlace){name, end, place, FALSE};
  made->place.address = traffic_end_address(&end);
  g_ptr_array_add(inspection->places, made);
  return made;
}

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
static CloudPlace place_of_site(const World *world, const ScenarioSite *site) {
  for (guint i = 0; i < site->via.names->len; i++) {
    const CloudPlace place =
        place_behind(world, ((const NameRef *)site->via.names->pdata[i])->text);
    if (place.network != NULL)
      return place;
  }
  for (guint i = 0; i < world->body->circuits->len; i++) {
    const ScenarioCircuit *circuit = world->body->circuits->pdata[i];
    for (guint j = 0;
         strcmp(circuit->site.text, site->head.name) == 0 && j < world->body->gateways->len; j++) {
      const ScenarioGateway *gateway = world->body->gateways->pdata[j];
      if (scenario_names_hold(gateway->circuits, circuit->head.name))
        return place_behind(world, gateway->head.name);
    }
  }
  return (CloudPlace){.subnet = NULL};
}

static const CloudSubnet *cloud_subnet_of(const World *world, const Subnet *subnet) {
  return subnet != NULL ? cloud_find_subnet(&world->topology, subnet_name(subnet)) : NULL;
}

/* The address alone, whatever stands there. */
gboolean inspection_add_address(Inspection *inspection, const char *text) {
  const World *world = inspection->world;
  IpAddress address;
  if (!ip_address_parse(text, &address))
    return FALSE;
  for (guint i = 0; i < inspection->places->len; i++) {
    const InspectionPlace *known = inspection->places->pdata[i];
    if (known->is_address && ip_address_equal(known->place.address, address))
      return TRUE;
  }
  const TrafficEnd end = world_traffic_end(world, text);
  const WorldSite *site = end.site != NULL ? world_site(world, site_name(end.site)) : NULL;
  CloudPlace place = {.subnet = cloud_subnet_of(world, end.subnet)};
  if (place.subnet != NULL)
    place.network = place.subnet->network;
  else if (site != NULL && site->config != NULL)
    place = place_of_site(world, site->config);
  else
    place.internet = site != NULL;
  add_place(inspection, arena_strdup(inspection->arena, text), end, place)->is_address = TRUE;
  return TRUE;
}

static void add_named(Inspection *inspection, const NameRef *end) {
  if (end->text != NULL)
    inspection_add_address(inspection, end->text);
}

static void find_addresses(Inspection *inspection) {
  const ScenarioBody *body = inspection->world->body;
  for (guint i = 0; i < body->traffic->len; i++)
    add_named(inspection, &((const ScenarioTraffic *)body->traffic->pdata[i])->to);
  for (guint i = 0; i < body->probes->len; i++)
    add_named(inspection, &((const ScenarioProbe *)body->probes->pdata[i])->to);
  for (guint i = 0; i < body->expect->len; i++) {
    const GPtrArray *reach = ((const ScenarioExpect *)body->expect->pdata[i])->reach;
    if (reach->len == 2)
      add_named(inspection, reach->pdata[1]);
  }
}

void inspection_find_places(Inspection *inspection) {
  const World *world = inspection->world;
  for (guint i = 0; i < world->topology.networks->len; i++) {
    const CloudNetwork *network = world->topology.networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const CloudSubnet *subnet = network->subnets->pdata[j];
      if (subnet->hosts > 0)
        add_place(inspection, subnet->name, (TrafficEnd){.subnet = subnet->subnet},
                  (CloudPlace){.subnet = subnet, .network = network});
    }
  }
  for (guint i = 0; i < world->sites->len; i++) {
    const WorldSite *site = world->sites->pdata[i];
    const TrafficEnd end = {.site = site->site};
    if (site->config == NULL)
      add_place(inspection, site_name(site->site), end, (CloudPlace){.internet = TRUE});
    else if (site->config->prefixes->len > 0)
      add_place(inspection, site_name(site->site), end, place_of_site(world, site->config));
  }
  find_addresses(inspection);
}

gboolean inspection_place_sends(const Inspection *inspection, guint index) {
  return !((const InspectionPlace *)inspection->places->pdata[index])->is_address;
}

gboolean inspection_is_pair(const Inspection *inspection, guint from, guint to) {
  const InspectionPlace *a = inspection->places->pdata[from], *b = inspection->places->pdata[to];
  return from != to && inspection_place_sends(inspection, from) &&
         (a->end.site == NULL || a->end.site != b->end.site);
}

guint inspection_place_count(const Inspection *inspection) { return inspection->places->len; }
const char *inspection_place(const Inspection *inspection, guint index) {
  return ((const InspectionPlace *)inspection->places->pdata[index])->name;
}

/* ---- one question -------------------------------------------------------------------------- */

typedef struct {
  Inspection *inspection;
  const InspectionPlace *from, *to;
  GPtrArray *ways[2]; /* const char *: of what gets through */
  guint yes, no;
  Reachability answer;
} Question;

const char *inspection_join(Arena *arena, const GPtrArray *ways) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < ways->len; i++)
    g_string_append_printf(text, "%s%s", i > 0 ? " or " : "", (const char *)ways->pdata[i]);
  const char *kept = ways->len > 0 ? arena_strdup(arena, text->str) : NULL;
  g_string_free(text, TRUE);
  return kept;
}

/* Whom packets of the leg were for at last: answers to what was translated are for who did it. */
static CloudPlace place_of(const World *world, const CloudPlace *end, IpAddress address) {
  if (address.family == IP_NONE || ip_address_equal(address, end->address))
    return *end;
  CloudPlace place = {.subnet = cloud_subnet_of(world, fabric_owner(world->fabric, address).subnet),
                      .address = address};
  place.network = place.subnet != NULL ? place.subnet->network : NULL;
  return place;
}

/* Why the first that does not get through does not. */
static void blame(Question *question, const FlowFate *fate) {
  const World *world = question->inspection->world;
  const InspectionPlace *ends[2] = {question->from, question->to};
  const InspectionPlace *from = ends[fate->broken], *to = ends[!fate->broken];
  const CloudPlace at_last = place_of(world, &to->place, fate->legs[fate->broken].to);
  const CloudBlock block = inspection_block(world, fate, from->place, at_last);
  question->answer.reason = fate->reason;
  question->answer.where = fate->where != NULL ? fate->where : from->name;
  question->answer.because = inspection_because(world, fate);
  if (world->cloud->forbids != NULL)
    question->answer.rule = world->cloud->forbids(&world->topology, world->servers, &block);
}

static void take_fate(const FlowFate *fate, gpointer data) {
  Question *question = data;
  if (!fate->deliverable) {
    if (question->no++ == 0)
      blame(question, fate);
    return;
  }
  question->yes++;
  for (guint leg = 0; leg < 2; leg++)
    if (!g_ptr_array_find_with_equal_func(question->ways[leg], fate->via[leg], g_str_equal, NULL))
      g_ptr_array_add(question->ways[leg], (gpointer)fate->via[leg]);
}

Reachability inspection_reach(Inspection *inspection, guint from, guint to) {
  g_autoptr(GPtrArray) forward = g_ptr_array_new();
  g_autoptr(GPtrArray) reverse = g_ptr_array_new();
  Question question = {.inspection = inspection,
                       .from = inspection->places->pdata[from],
                       .to = inspection->places->pdata[to],
                       .ways = {forward, reverse}};
  traffic_foreach_fate(inspection->world->traffic, &question.from->end, &question.to->end,
                       take_fate, &question);
  question.answer.verdict = question.no == 0    ? REACH_YES
                            : question.yes == 0 ? REACH_NO
                                                : REACH_PARTLY;
  question.answer.forward = inspection_join(inspection->arena, forward);
  question.answer.reverse = inspection_join(inspection->arena, reverse);
  return question.answer;
}
