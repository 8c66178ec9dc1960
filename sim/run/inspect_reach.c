/* Who reaches whom, and which rule of the cloud forbids the rest. */
#include <string.h>

#include "inspect_private.h"

/* ---- places ---------------------------------------------------------------------------- */

static InspectionPlace *add_place(Inspection *inspection, const char *name, TrafficEnd end) {
  InspectionPlace *made = arena_new0(inspection->arena, InspectionPlace);
  *made = (InspectionPlace){name, end, inspection_place_of(inspection->world, &end), FALSE};
  g_ptr_array_add(inspection->places, made);
  return made;
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
  add_place(inspection, arena_strdup(inspection->arena, text), end)->is_address = TRUE;
  return TRUE;
}

static void add_named(Inspection *inspection, const NameRef *end) {
  if (end->text != NULL)
    inspection_add_address(inspection, end->text);
}

static void find_addresses(Inspection *inspection) {
  const Design *design = inspection->world->design;
  for (guint i = 0; i < design->traffic->len; i++)
    add_named(inspection, &((const DesignTraffic *)design->traffic->pdata[i])->to);
  for (guint i = 0; i < design->probes->len; i++)
    add_named(inspection, &((const DesignProbe *)design->probes->pdata[i])->to);
  for (guint i = 0; i < design->expect->len; i++) {
    const GPtrArray *reach = ((const DesignExpect *)design->expect->pdata[i])->reach;
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
        add_place(inspection, subnet->name, (TrafficEnd){.subnet = subnet->subnet});
    }
  }
  for (guint i = 0; i < world->sites->len; i++) {
    const WorldSite *site = world->sites->pdata[i];
    const TrafficEnd end = {.site = site->site};
    if (site->config == NULL || site->config->prefixes->len > 0)
      add_place(inspection, site_name(site->site), end);
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
  GPtrArray *ways[2]; /* const FlowWay *: of what gets through */
  guint yes, no;
  guint passing; /* of those that get through, those that pass something */
  Reachability answer;
} Question;

/* "a or b"; NULL: none. */
static const char *join_ways(Arena *arena, const GPtrArray *ways) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < ways->len; i++)
    g_string_append_printf(text, "%s%s", i > 0 ? " or " : "",
                           ((const FlowWay *)ways->pdata[i])->text);
  const char *kept = ways->len > 0 ? arena_strdup(arena, text->str) : NULL;
  g_string_free(text, TRUE);
  return kept;
}

/* Why the first that does not get through does not. */
static void blame(Question *question, const FlowFate *fate) {
  const World *world = question->inspection->world;
  const InspectionPlace *ends[2] = {question->from, question->to};
  const InspectionPlace *from = ends[fate->broken], *to = ends[!fate->broken];
  question->answer.reason = fate->reason;
  question->answer.where = fate->where.name != NULL ? fate->where.name : from->name;
  question->answer.because = inspection_because(world, fate);
  question->answer.rule = inspection_rule(world, fate, from->place, to->place);
}

static void take_fate(const FlowFate *fate, gpointer data) {
  Question *question = data;
  if (!fate->deliverable) {
    if (question->no++ == 0)
      blame(question, fate);
    return;
  }
  question->yes++;
  question->passing += fate->legs[0].via_count + fate->legs[1].via_count > 0 ? 1 : 0;
  for (guint leg = 0; leg < 2; leg++)
    if (!g_ptr_array_find(question->ways[leg], fate->ways[leg], NULL))
      g_ptr_array_add(question->ways[leg], (gpointer)fate->ways[leg]);
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
  question.answer.direct = question.yes > 0 && question.passing == 0;
  question.answer.forward = join_ways(inspection->arena, forward);
  question.answer.reverse = join_ways(inspection->arena, reverse);
  return question.answer;
}
