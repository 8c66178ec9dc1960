/* Why flows take their way: each look-up, the route that matched, who put it there, and which
 * rule of the decision process chose it. */
#include <string.h>

#include "inspect_private.h"

/* A way that is told. */
typedef struct {
  const FlowWay *way;
  const RouteTable *table; /* that its hosts follow */
} Told;

typedef struct {
  const World *world;
  TrafficEnd ends[2];
  GPtrArray *steps[2]; /* by leg */
  GArray *told[2];     /* Told: by leg */
} Question;

/* ---- why a table holds a route -------------------------------------------------------------- */

static void append_candidate(GString *out, const World *world, const BgpSpeaker *speaker,
                             const BgpCandidate *candidate) {
  const char *own = bgp_speaker_name(speaker);
  g_string_append(out,
                  candidate->source != NULL ? bgp_peer_remote_name(candidate->source) : "itself");
  if (candidate->endpoint != NULL && strcmp(candidate->endpoint, own) != 0)
    g_string_append_printf(out, " at %s", candidate->endpoint);
  g_string_append_printf(out, " [AS path %s",
                         cloud_text_as_path(world->arena, candidate->attributes, " "));
  if (candidate->attributes->has_med)
    g_string_append_printf(out, ", MED %u", candidate->attributes->med);
  g_string_append_c(out, ']');
}

/* "rs/0 chose fw-a [AS path 65010] over fw-b [AS path 65010 65010] by shortest AS path (AZ-4.1)":
 * for each candidate that lost, the rule that it lost by. */
static char *choice_text(const World *world, const BgpSpeaker *speaker, const BgpEntry *entry) {
  GString *text = g_string_new(bgp_speaker_name(speaker));
  guint others = 0;
  if (entry == NULL || entry->selected_count == 0) {
    g_string_append(text, " has no route any more: the change is on its way");
    return g_string_free(text, FALSE);
  }
  g_string_append(text, entry->candidates->len > entry->selected_count ? " chose "
                        : entry->selected_count > 1                    ? " uses "
                                                                       : " knows only ");
  for (guint i = 0; i < entry->selected_count; i++) {
    g_string_append(text, i > 0 ? " and " : "");
    append_candidate(text, world, speaker, entry->selected[i]);
  }
  for (guint i = 0; i < entry->candidates->len; i++) {
    const BgpCandidate *candidate = entry->candidates->pdata[i];
    if (bgp_entry_place(entry, candidate->source) >= 0)
      continue;
    const BgpRule *rule = bgp_speaker_prefers(speaker, entry->selected[0], candidate);
    g_string_append(text, others++ > 0 ? ", over " : " over ");
    append_candidate(text, world, speaker, candidate);
    if (rule != NULL)
      g_string_append_printf(text, " by %s (%s)", rule->name, rule->clause);
  }
  return g_string_free(text, FALSE);
}

static const char *why_route(const World *world, const RouteTable *table, const RouteView *route) {
  const RouteServerUnit *unit = route_servers_unit_of(world->servers, table);
  if (route->origin != world->cloud->server->origin || unit == NULL)
    return NULL;
  const BgpSpeaker *speaker = route_server_unit_speaker(unit);
  g_autofree char *text = choice_text(world, speaker, bgp_find(speaker, route->prefix));
  return arena_strdup(world->arena, text);
}

/* ---- steps --------------------------------------------------------------------------------- */

static WayStep *add_step(Question *question, guint leg, const char *way, guint number,
                         const char *at) {
  WayStep *step = arena_new0(question->world->arena, WayStep);
  *step = (WayStep){.direction = (FlowDirection)leg, .way = way, .step = number, .at = at};
  g_ptr_array_add(question->steps[leg], step);
  return step;
}

static void look_up(Question *question, WayStep *step, const RouteTable *table, IpAddress to) {
  const World *world = question->world;
  RouteView route;
  if (!route_table_match(table, to, &route)) {
    step->why = "no route matches";
    return;
  }
  step->prefix = cloud_text_prefix(world->arena, route.prefix);
  step->next_hop =
      cloud_text_hops(&world->topology, world->arena, route.hops, route.hop_count, " or ");
  step->origin = route.origin->name;
  step->why = why_route(world, table, &route);
}

static const char *end_of(const Question *question, const FlowFate *fate, guint leg) {
  const TrafficEnd *to = &question->ends[!leg];
  const Passage *passage = &fate->legs[leg];
  Arena *arena = question->world->arena;
  if (!passage->delivered && !fate->deliverable && leg == fate->broken) {
    const World *world = question->world;
    const CloudPlace from = inspection_place_of(world, &question->ends[leg]);
    const char *rule = inspection_rule(world, fate, from, inspection_place_of(world, to));
    return arena_printf(arena, "dropped: %s: %s%s%s%s", drop_reason_name(passage->reason),
                        inspection_because(world, fate), rule != NULL ? " (" : "",
                        rule != NULL ? rule : "", rule != NULL ? ")" : "");
  }
  if (!passage->delivered)
    return arena_printf(arena, "dropped: %s", drop_reason_name(passage->reason));
  if (to->site != NULL && passage->ended_at == NULL)
    return arena_printf(arena, "hands over to %s", site_name(to->site));
  return "delivered";
}

/* Who sends on this leg, where that is no host: a site, or the element that serves an address and
 * answers by its own routes. */
static const char *sender(const Question *question, const FlowFate *fate, guint leg) {
  const TrafficEnd *from = &question->ends[leg];
  const Element *serving = fate->legs[!leg].ended_at;
  if (from->subnet != NULL)
    return NULL;
  if (serving != NULL)
    return element_name(serving);
  return from->site != NULL ? site_name(from->site) : NULL;
}

/* The sender, then look-ups and elements by turns, then the end. An element is a step of its own
 * where no look-up follows it: it hands over itself. */
static void tell_leg(Question *question, const FlowFate *fate, guint leg) {
  const Passage *passage = &fate->legs[leg];
  const char *way = fate->ways[leg]->text, *from = sender(question, fate, leg);
  const Element *serving = fate->legs[!leg].ended_at;
  const gboolean answers = from != NULL && serving != NULL && question->ends[leg].subnet == NULL;
  guint number = 0, told = answers ? 1 : 0;
  if (from != NULL)
    add_step(question, leg, way, number++, from)->why =
        answers ? "answers"
        : passage->via_count > 0
            ? arena_printf(question->world->arena, "sends to %s", element_name(passage->via[0]))
            : end_of(question, fate, leg);
  for (guint i = 0; i < passage->look_up_count; i++) {
    const PassageLookUp *asked = &passage->look_ups[i];
    look_up(question, add_step(question, leg, way, number++, route_table_name(asked->table)),
            asked->table, asked->to);
    told = MAX(told, asked->passed);
  }
  /* The last element ends the way where nothing was looked up behind it. */
  if (passage->via_count > told)
    add_step(question, leg, way, number, element_name(passage->via[passage->via_count - 1]))->why =
        end_of(question, fate, leg);
  else if (passage->look_up_count > 0 || number == 0)
    add_step(question, leg, way, number, "end")->why = end_of(question, fate, leg);
}

static gboolean is_told(const GArray *told, const Told *one) {
  for (guint i = 0; i < told->len; i++) {
    const Told *other = &g_array_index(told, Told, i);
    if (other->way == one->way && other->table == one->table)
      return TRUE;
  }
  return FALSE;
}

static void take_fate(const FlowFate *fate, gpointer data) {
  Question *question = data;
  for (guint leg = 0; leg < 2; leg++) {
    const Told one = {fate->ways[leg], fate->tables[leg]};
    if (is_told(question->told[leg], &one))
      continue;
    g_array_append_val(question->told[leg], one);
    tell_leg(question, fate, leg);
  }
}

GPtrArray *inspection_ways(Inspection *inspection, const char *name) {
  const World *world = inspection->world;
  const DesignTraffic *traffic = design_find(world->design->traffic, name);
  Question question = {
      .world = world,
      .steps = {arena_ptr_array(inspection->arena), arena_ptr_array(inspection->arena)},
      .told = {arena_growing_array(inspection->arena, sizeof(Told)),
               arena_growing_array(inspection->arena, sizeof(Told))}};
  g_assert(traffic != NULL);
  question.ends[0] = world_traffic_end(world, traffic->from.text);
  question.ends[1] = world_traffic_end(world, traffic->to.text);
  traffic_foreach_fate(world->traffic, &question.ends[0], &question.ends[1], take_fate, &question);
  for (guint i = 0; i < question.steps[1]->len; i++)
    g_ptr_array_add(question.steps[0], question.steps[1]->pdata[i]);
  return question.steps[0];
}
