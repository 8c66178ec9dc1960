/* Advice from the settled network: traffic that arrives at no time, routes that carry nothing or
 * that no table takes, gateways that nobody uses. */
#include "routesim/run/advise.h"

#include <string.h>

#include "inspect_private.h"

/* A look at every pair of places costs their square; a sweep of timers has one network. */
#define MOST_PLACES 60
#define MOST_VARIANTS_LOOKED_AT 20
#define MOMENTS 2 /* the start and the end */

/* A way that a table leads packets, and what became of them. */
typedef struct {
  const char *prefix, *hops, *table;
  const char *written; /* see written_in() */
  DropReason reason;
  const char *where;
  guint carried, lost;
  Mark mark;
} Lead;

typedef struct {
  const Scenario *scenario;
  const CloudClass *cloud;
  Inspection *moments[MOMENTS];
  Diagnostics *diagnostics;
  GPtrArray *told;  /* const char *: pairs of places that were told of, "hub/app dc" */
  GPtrArray *leads; /* Lead * */
} Advice;

static void advise(const Advice *advice, Mark mark, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void advise(const Advice *advice, Mark mark, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  diagnostics_add(advice->diagnostics, SEVERITY_ADVICE, mark, "%s (under %s)", text,
                  advice->cloud->name);
}

/* ---- pairs of places ------------------------------------------------------------------------ */

static Arena *arena_of(const Advice *advice) { return advice->moments[0]->arena; }

static gboolean is_told(const Advice *advice, const char *from, const char *to) {
  g_autofree char *pair = g_strdup_printf("%s %s", from, to);
  return g_ptr_array_find_with_equal_func(advice->told, pair, g_str_equal, NULL);
}

static void set_told(Advice *advice, const char *from, const char *to) {
  g_ptr_array_add(advice->told, (gpointer)arena_printf(arena_of(advice), "%s %s", from, to));
}

static void take_expectations(Advice *advice) {
  const GPtrArray *expected = advice->scenario->design->expect;
  for (guint i = 0; i < expected->len; i++) {
    const DesignExpect *expect = expected->pdata[i];
    if (expect->reach->len == 2 && !expect->is)
      set_told(advice, ((const NameRef *)expect->reach->pdata[0])->text,
               ((const NameRef *)expect->reach->pdata[1])->text);
  }
}

/* ---- traffic -------------------------------------------------------------------------------- */

typedef struct {
  gboolean arrives;
  DropReason reason;
  const char *where;
} Outcome;

static void take_outcome(const FlowFate *fate, gpointer data) {
  Outcome *outcome = data;
  outcome->arrives |= fate->deliverable;
  if (fate->deliverable || outcome->reason != DROP_NONE)
    return;
  outcome->reason = fate->reason;
  outcome->where = fate->where.name;
}

static void look_at_traffic(Advice *advice, const DesignTraffic *traffic) {
  Outcome outcome = {FALSE, DROP_NONE, NULL};
  const char *from = traffic->from.text, *to = traffic->to.text;
  for (guint i = 0; i < MOMENTS; i++) {
    const World *world = advice->moments[i]->world;
    const TrafficEnd ends[2] = {world_traffic_end(world, from), world_traffic_end(world, to)};
    traffic_foreach_fate(world->traffic, &ends[0], &ends[1], take_outcome, &outcome);
  }
  if (outcome.arrives || outcome.reason == DROP_NONE || is_told(advice, from, to))
    return;
  set_told(advice, from, to);
  advise(advice, traffic->head.mark,
         "no flow of '%s' arrives, neither at the start nor at the end: %s%s%s", traffic->head.name,
         drop_reason_name(outcome.reason), outcome.where != NULL ? " at " : "",
         outcome.where != NULL ? outcome.where : "");
}

/* ---- routes that lead nowhere ---------------------------------------------------------------- */

/* The table of the user's that has the route; NULL: no user wrote it. */
static const char *written_in(const World *world, const RouteTable *table, const RouteView *route) {
  const CloudSubnet *subnet = inspection_subnet_of(world, table);
  if (!route->origin->written)
    return NULL;
  return subnet != NULL && subnet->user_table != NULL ? subnet->user_table->name
                                                      : route_table_name(table);
}

/* The user's route, or else the appliance that `hop` names. */
static Mark mark_of(const Design *design, const char *table, Prefix prefix, const char *hop) {
  for (guint i = 0; table != NULL && i < design->route_tables->len; i++) {
    const DesignRouteTable *written = design->route_tables->pdata[i];
    const GPtrArray *routes = written->routes;
    for (guint j = 0; j < routes->len; j++) {
      const DesignRoute *route = routes->pdata[j];
      if (strcmp(written->head.name, table) == 0 && prefix_equal(route->to.value, prefix) &&
          strcmp(route->via.text, hop) == 0)
        return route->via.mark;
    }
  }
  const DesignNva *nva = design_find(design->nvas, hop);
  return nva != NULL ? nva->head.mark : design->head.mark;
}

static Lead *lead_of(Advice *advice, const World *world, const RouteTable *table,
                     const RouteView *route) {
  const char *prefix = cloud_text_prefix(world->arena, route->prefix);
  const char *hops =
      cloud_text_hops(&world->topology, world->arena, route->hops, route->hop_count, " or ");
  const char *written = written_in(world, table, route);
  for (guint i = 0; i < advice->leads->len; i++) {
    Lead *lead = advice->leads->pdata[i];
    if (strcmp(lead->prefix, prefix) == 0 && strcmp(lead->hops, hops) == 0 &&
        g_strcmp0(lead->written, written) == 0)
      return lead;
  }
  Lead *lead = arena_new0(world->arena, Lead);
  *lead = (Lead){.prefix = prefix,
                 .hops = hops,
                 .table = route_table_name(table),
                 .written = written,
                 .mark = mark_of(advice->scenario->design, written, route->prefix,
                                 cloud_text_hop(&world->topology, &route->hops[0]))};
  g_ptr_array_add(advice->leads, lead);
  return lead;
}

typedef struct {
  Advice *advice;
  const World *world;
  gboolean blames; /* what hosts send in vain counts against the route that they take */
} Question;

static gboolean leads_to_appliance(const World *world, const RouteView *route) {
  for (guint i = 0; i < route->hop_count; i++)
    if (route->hops[i].kind != HOP_ELEMENT ||
        design_find(world->design->nvas, cloud_text_hop(&world->topology, &route->hops[i])) == NULL)
      return FALSE;
  return route->hop_count > 0;
}

/* NULL: the route that was found leads to no appliance. */
static Lead *lead_at(const Question *question, const PassageLookUp *look_up) {
  RouteView route;
  return route_table_match(look_up->table, look_up->to, &route) &&
                 leads_to_appliance(question->world, &route)
             ? lead_of(question->advice, question->world, look_up->table, &route)
             : NULL;
}

/* A table leads whatever comes by it on the way: from a gateway or an appliance in its subnet, or
 * in from the Internet. */
static void credit(const Question *question, const Passage *leg) {
  for (guint i = 0; leg->delivered && i < leg->look_up_count; i++) {
    Lead *lead = lead_at(question, &leg->look_ups[i]);
    if (lead != NULL)
      lead->carried++;
  }
}

static void take_lead(const FlowFate *fate, gpointer data) {
  const Question *question = data;
  const Passage *forward = &fate->legs[0];
  credit(question, forward);
  credit(question, &fate->legs[1]);
  if (!question->blames || forward->delivered || fate->tables[0] == NULL ||
      forward->look_up_count == 0)
    return;
  Lead *lead = lead_at(question, &forward->look_ups[0]);
  if (lead != NULL && lead->lost++ == 0) {
    lead->reason = forward->reason;
    lead->where = forward->where.name;
  }
}

static void look_at_pairs(Advice *advice, const Inspection *inspection) {
  const GPtrArray *places = inspection->places;
  for (guint i = 0; places->len <= MOST_PLACES && i < places->len; i++)
    for (guint j = 0; j < places->len; j++) {
      const InspectionPlace *from = places->pdata[i], *to = places->pdata[j];
      Question question = {advice, inspection->world, !is_told(advice, from->name, to->name)};
      if (inspection_is_pair(inspection, i, j))
        traffic_foreach_fate(inspection->world->traffic, &from->end, &to->end, take_lead,
                             &question);
    }
}

/* A warning told of the very route that it cannot work. */
static gboolean is_warned_at(const Advice *advice, Mark mark) {
  for (guint i = 0; i < diagnostics_count(advice->diagnostics); i++) {
    const Diagnostic *item = diagnostics_get(advice->diagnostics, i);
    if (item->severity == SEVERITY_WARNING && item->mark.source == mark.source &&
        item->mark.line == mark.line && item->mark.column == mark.column)
      return TRUE;
  }
  return FALSE;
}

static gboolean is_barren(const Lead *lead) { return lead->carried == 0 && lead->lost > 0; }

/* Routes by the same next hops are told together, by the first. */
static gboolean are_together(const Lead *a, const Lead *b) {
  return is_barren(a) && is_barren(b) && strcmp(a->hops, b->hops) == 0 && a->reason == b->reason;
}

static void tell_leads(const Advice *advice) {
  for (guint i = 0; i < advice->leads->len; i++) {
    const Lead *lead = advice->leads->pdata[i];
    gboolean told = FALSE;
    guint more = 0;
    for (guint j = 0; j < advice->leads->len; j++) {
      told |= j < i && are_together(lead, advice->leads->pdata[j]);
      more += j > i && are_together(lead, advice->leads->pdata[j]);
    }
    if (told || !is_barren(lead) || is_warned_at(advice, lead->mark))
      continue;
    g_autofree char *others =
        more > 0 ? g_strdup_printf(" and to %u more prefix%s", more, more > 1 ? "es" : "") : NULL;
    advise(
        advice, lead->mark,
        "the route to %s%s by %s carries nothing, neither at the start nor at the end: in %s its "
        "packets end with %s%s%s",
        lead->prefix, others != NULL ? others : "", lead->hops, lead->table,
        drop_reason_name(lead->reason), lead->where != NULL ? " at " : "",
        lead->where != NULL ? lead->where : "");
  }
}

/* ---- sessions that a limit keeps down -------------------------------------------------------- */

/* Who stands at an end called "NAME" or "NAME/PART": sites and appliances by themselves, what
 * belongs to a cloud by its block. */
static Mark mark_of_end(const Design *design, const char *name, const char *peer) {
  const DesignNva *nva = design_find(design->nvas, name);
  const GPtrArray *const sections[] = {design->sites, design->circuits, design->gateways};
  const BlockHead *head = nva != NULL ? design_find(nva->peers, peer) : NULL;
  for (guint i = 0; head == NULL && i < G_N_ELEMENTS(sections); i++)
    head = design_find(sections[i], name);
  return head != NULL ? head->mark : nva != NULL ? nva->head.mark : design->head.mark;
}

static char *without_part(const char *end) { return g_strndup(end, strcspn(end, "/")); }

static void look_at_limits(const Advice *advice) {
  const World *world = advice->moments[0]->world;
  for (guint i = 0; i < world->sessions->len; i++) {
    const WorldSession *session = world->sessions->pdata[i];
    for (guint side = 0; side < 2; side++) {
      const BgpPeer *peer = bgp_session_peer(session->bgp, side);
      const char *fact = bgp_peer_broken_limit(peer);
      if (fact == NULL)
        continue;
      g_autofree char *own = without_part(bgp_peer_local_name(peer));
      g_autofree char *other = without_part(bgp_peer_remote_name(peer));
      const Mark mark = mark_of_end(advice->scenario->design, other, own);
      if (!is_warned_at(advice, mark))
        advise(advice, mark,
               "too many prefixes keep the session of '%s' with '%s' down from the start (%s)", own,
               other, fact);
    }
  }
}

/* ---- routes that no table takes -------------------------------------------------------------- */

/* A route of an appliance in the database of a route server. */
typedef struct {
  const char *server, *from; /* "rs", "fw-a" */
  Prefix prefix;
  const char *reason; /* NULL: a table has it, or nothing keeps it out */
  guint moments;      /* at how many of the moments it was kept out */
  guint seen;         /* the last one that it was looked at, from 1 */
  Mark mark;          /* where it is announced, ... */
  gboolean announced; /* ... if it is */
} Offer;

typedef struct {
  const Advice *advice;
  GPtrArray *offers;  /* Offer *, in the order in which they are met */
  GHashTable *places; /* each of them by server, appliance and prefix */
  const char *server;
  guint moment; /* from 1 */
} Offers;

static gboolean find_in(const Design *design, const DesignNva *nva, const GPtrArray *list,
                        Prefix prefix, Mark *mark) {
  g_autoptr(GArray) announced = design_announced(design, nva, list);
  for (guint i = 0; i < announced->len; i++) {
    const DesignAnnounced *one = &g_array_index(announced, DesignAnnounced, i);
    Prefix last = one->first;
    prefix_following(one->first, one->count - 1, &last);
    if (prefix_compare(one->first, prefix) > 0 || prefix_compare(prefix, last) > 0)
      continue;
    *mark = one->mark;
    return TRUE;
  }
  return FALSE;
}

/* Where a list of the appliance announces it; FALSE: it passes on what others told it, and nobody
 * wrote that. */
static gboolean is_announced(const Design *design, const char *server, const char *from,
                             Prefix prefix, Mark *mark) {
  const DesignNva *nva = design_find(design->nvas, from);
  const DesignPeer *peer = nva != NULL ? design_find(nva->peers, server) : NULL;
  return peer != NULL &&
         find_in(design, nva, design_has_own_list(peer) ? peer->advertise : nva->advertise, prefix,
                 mark);
}

static guint hash_offer(gconstpointer key) {
  const Offer *offer = key;
  const IpAddress *first = &offer->prefix.address;
  const guint64 address = first->hi * 31 + first->lo;
  return (g_str_hash(offer->from) * 31 + offer->prefix.length) * 31 +
         (guint)(address ^ address >> 32);
}

static gboolean is_same_offer(gconstpointer a, gconstpointer b) {
  const Offer *left = a, *right = b;
  return prefix_equal(left->prefix, right->prefix) && strcmp(left->from, right->from) == 0 &&
         strcmp(left->server, right->server) == 0;
}

static Offer *offer_of(const Offers *offers, Prefix prefix, const char *from) {
  Offer sought = {.server = offers->server, .from = from, .prefix = prefix};
  Offer *offer = g_hash_table_lookup(offers->places, &sought);
  if (offer != NULL)
    return offer;
  Arena *arena = arena_of(offers->advice);
  offer = arena_new0(arena, Offer);
  *offer = (Offer){.server = arena_strdup(arena, offers->server),
                   .from = arena_strdup(arena, from),
                   .prefix = prefix};
  offer->announced =
      is_announced(offers->advice->scenario->design, offers->server, from, prefix, &offer->mark);
  g_ptr_array_add(offers->offers, offer);
  g_hash_table_add(offers->places, offer);
  return offer;
}

/* One table that takes it is enough. */
static void take_installation(const RouteInstallation *installation, gpointer data) {
  const Offers *offers = data;
  if (!installation->in_fib || installation->table == NULL)
    return;
  Offer *offer = offer_of(offers, installation->prefix, bgp_peer_remote_name(installation->source));
  const gboolean first = offer->seen < offers->moment;
  const gboolean out = !installation->installed && installation->reason != NULL;
  offer->seen = offers->moment;
  if (first && out) {
    offer->moments++;
    offer->reason = installation->reason;
  } else if (!first && !out && offer->reason != NULL) {
    offer->moments--;
    offer->reason = NULL;
  }
}

static gboolean is_kept_out(const Offer *offer) {
  return offer->announced && offer->moments == MOMENTS;
}

static guint hash_reason(gconstpointer key) {
  const Offer *offer = key;
  return (g_str_hash(offer->server) * 31 + g_str_hash(offer->from)) * 31 +
         g_str_hash(offer->reason);
}

/* Those of one appliance that one reason keeps out are told together, by the first. */
static gboolean are_told_together(gconstpointer a, gconstpointer b) {
  const Offer *left = a, *right = b;
  return strcmp(left->server, right->server) == 0 && strcmp(left->from, right->from) == 0 &&
         strcmp(left->reason, right->reason) == 0;
}

static void tell_offer(const Advice *advice, const Offer *offer, guint more) {
  g_autofree char *prefix = prefix_to_string(offer->prefix);
  g_autofree char *others =
      more > 0 ? g_strdup_printf(" and %u more prefix%s", more, more > 1 ? "es" : "") : NULL;
  advise(advice, offer->mark,
         "no route table takes %s%s of '%s' from '%s', neither at the start nor at the end: %s",
         prefix, others != NULL ? others : "", offer->from, offer->server, offer->reason);
}

static void tell_offers(const Advice *advice, const GPtrArray *offers) {
  g_autoptr(GHashTable) others = g_hash_table_new(hash_reason, are_told_together);
  g_autoptr(GPtrArray) first = g_ptr_array_new();
  for (guint i = 0; i < offers->len; i++) {
    Offer *offer = offers->pdata[i];
    gpointer more;
    if (!is_kept_out(offer))
      continue;
    if (g_hash_table_lookup_extended(others, offer, NULL, &more)) {
      g_hash_table_insert(others, offer, GUINT_TO_POINTER(GPOINTER_TO_UINT(more) + 1));
    } else {
      g_hash_table_insert(others, offer, NULL);
      g_ptr_array_add(first, offer);
    }
  }
  for (guint i = 0; i < first->len; i++) {
    const Offer *offer = first->pdata[i];
    if (!is_warned_at(advice, offer->mark))
      tell_offer(advice, offer, GPOINTER_TO_UINT(g_hash_table_lookup(others, offer)));
  }
}

static void look_at_offers(const Advice *advice) {
  g_autoptr(GPtrArray) all = g_ptr_array_new();
  g_autoptr(GHashTable) places = g_hash_table_new(hash_offer, is_same_offer);
  for (guint i = 0; i < MOMENTS; i++) {
    const GPtrArray *servers = advice->moments[i]->world->servers;
    for (guint j = 0; j < servers->len; j++) {
      Offers offers = {advice, all, places, route_server_name(servers->pdata[j]), i + 1};
      route_server_foreach_installation(servers->pdata[j], take_installation, &offers);
    }
  }
  tell_offers(advice, all);
}

/* ---- gateways that nobody uses --------------------------------------------------------------- */

static gboolean any_leads_to(const GPtrArray *routes, const char *gateway) {
  for (guint i = 0; routes != NULL && i < routes->len; i++)
    if (strcmp(((const DesignRoute *)routes->pdata[i])->via.text, gateway) == 0)
      return TRUE;
  return FALSE;
}

/* Routes that an event brings count too. */
static gboolean is_routed_to(const Design *design, const char *gateway) {
  for (guint i = 0; i < design->route_tables->len; i++)
    if (any_leads_to(((const DesignRouteTable *)design->route_tables->pdata[i])->routes, gateway))
      return TRUE;
  for (guint i = 0; i < design->events->len; i++)
    if (any_leads_to(((const DesignEvent *)design->events->pdata[i])->routes, gateway))
      return TRUE;
  return FALSE;
}

static gboolean has_sites(const Design *design, const DesignGateway *gateway) {
  for (guint i = 0; i < design->sites->len; i++)
    if (design_names_hold(((const DesignSite *)design->sites->pdata[i])->via.names,
                          gateway->head.name))
      return TRUE;
  return gateway->circuits->len > 0;
}

static void look_at_gateways(const Advice *advice) {
  const Design *design = advice->scenario->design;
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *gateway = design->gateways->pdata[i];
    const char *name = gateway->head.name;
    const gboolean is_nat = gateway->kind == DESIGN_GATEWAY_NAT && advice->cloud->edges != NULL;
    const gboolean leads_out =
        gateway->kind == DESIGN_GATEWAY_VPN || gateway->kind == DESIGN_GATEWAY_CIRCUIT;
    if (is_warned_at(advice, gateway->head.mark))
      continue;
    if (is_nat && !is_routed_to(design, name))
      advise(advice, gateway->head.mark,
             "no route leads to NAT gateway '%s': it is paid for and does nothing", name);
    else if (leads_out && !has_sites(design, gateway))
      advise(advice, gateway->head.mark,
             "no site is behind %s gateway '%s': it is paid for and does nothing",
             design_gateway_kinds[gateway->kind], name);
  }
}

/* ---- what the cloud asks of the network around it -------------------------------------------- */

static void look_at_bfd(const Advice *advice) {
  const Design *design = advice->scenario->design;
  for (guint i = 0; advice->cloud->telling->bfd_advice != NULL && i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    for (guint j = 0; j < nva->peers->len; j++) {
      const DesignPeer *peer = nva->peers->pdata[j];
      if (peer->bfd == NULL || design_find(design->route_servers, peer->head.name) == NULL)
        continue;
      advise(advice, peer->bfd->head.mark, "%s", advice->cloud->telling->bfd_advice);
      return;
    }
  }
}

/* ---- all ------------------------------------------------------------------------------------- */

static void look_at(Advice *advice) {
  const Design *design = advice->scenario->design;
  const RunOptions options = {.seed = (guint64)design->seed};
  const SimTime times[MOMENTS] = {SIM_TIME_ZERO, design->duration.law.a};
  for (guint i = 0; i < MOMENTS; i++)
    advice->moments[i] = inspection_new(advice->scenario, advice->cloud, &options, times[i]);
  take_expectations(advice);
  for (guint i = 0; i < design->traffic->len; i++)
    look_at_traffic(advice, design->traffic->pdata[i]);
  for (guint i = 0; i < MOMENTS; i++)
    look_at_pairs(advice, advice->moments[i]);
  tell_leads(advice);
  look_at_limits(advice);
  look_at_offers(advice);
  look_at_gateways(advice);
  look_at_bfd(advice);
  for (guint i = 0; i < MOMENTS; i++)
    inspection_free(advice->moments[i]);
}

void scenario_file_advise(const ScenarioFile *file, Diagnostics *diagnostics) {
  const guint count = MIN(scenario_file_count(file), 1 + MOST_VARIANTS_LOOKED_AT);
  for (guint i = 0; i < count; i++)
    for (guint c = 0; c < cloud_count(); c++) {
      const Scenario *scenario = scenario_file_get(file, i);
      g_autoptr(GPtrArray) told = g_ptr_array_new();
      g_autoptr(GPtrArray) leads = g_ptr_array_new();
      Advice advice = {.scenario = scenario,
                       .cloud = cloud_at(c),
                       .diagnostics = diagnostics,
                       .told = told,
                       .leads = leads};
      g_autofree char *within = g_strdup_printf("in variant '%s'", scenario->variant->name);
      if (!scenario->design->models[c])
        continue;
      diagnostics_set_within(diagnostics, i > 0 ? within : NULL);
      look_at(&advice);
      diagnostics_set_within(diagnostics, NULL);
    }
}
