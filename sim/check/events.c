/* Checks of events and of what is expected of them. */
#include <string.h>

#include "check_private.h"
#include "routesim/check/names.h"

/* ---- events -------------------------------------------------------------------------------- */

static void check_forwarding(DesignCheck *check, const DesignEvent *event) {
  if (event->how != NULL && event->how->takes_power && event->forwards.given && event->forwards.on)
    tell_warning(check, event->forwards_mark,
                 "'forwards' does nothing here: what is %s has no power, and forwards nothing",
                 event->how->name);
}

static void check_failure(DesignCheck *check, const DesignEvent *event) {
  if (event->how == NULL || !check_is_target(check->design, event->target))
    return; /* told */
  if (check_can_fail(check->design, event->target, event->how))
    return;
  if (check_is_link(check->design, event->target))
    tell_error(check, event->mark, "a link can fail silent or cut, not %s", event->how->name);
  else
    tell_error(check, event->mark, "'%s' makes sense for an appliance only, not for '%s'",
               event->how->name, event->target);
}

/* A gateway in the network of the route server; NULL: there is none. */
static const DesignGateway *gateway_beside(const Design *design, const DesignRouteServer *server) {
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *gateway = design->gateways->pdata[i];
    if ((gateway->kind == DESIGN_GATEWAY_VPN || gateway->kind == DESIGN_GATEWAY_CIRCUIT) &&
        strcmp(gateway->network.text, server->network.text) == 0)
      return gateway;
  }
  return NULL;
}

/* Who stops a whole route server in an orderly way deletes it, and beside a gateway that may cost
 * more than its sessions. It is told, because no kind of failure here shows it. */
static void check_deletion(DesignCheck *check, const DesignEvent *event) {
  const DesignRouteServer *server = design_find(check->design->route_servers, event->target);
  if (server == NULL || event->how == NULL || event->how->calls_standby == STANDBY_UNPLANNED)
    return;
  const DesignGateway *gateway = gateway_beside(check->design, server);
  for (guint c = 0; gateway != NULL && c < cloud_count(); c++)
    if (check->design->models[c] && cloud_at(c)->telling->deletion_cuts != NULL)
      tell_warning(check, event->target_mark,
                   "to delete '%s', or to create it, cuts '%s' off from on-premises for %s under "
                   "%s%s: here its sessions end, and no more",
                   server->head.name, gateway->head.name, cloud_at(c)->telling->deletion_cuts,
                   cloud_at(c)->name,
                   cloud_cite(cloud_at(c), check->reader->arena, RULE_DELETION_CUTS));
}

static void check_new_routes(DesignCheck *check, const DesignEvent *event) {
  const NameRef name = {event->ends[0], event->target_mark};
  if (tell_need(check, "route table", &name, check->design->route_tables) == NULL)
    return;
  check_routes(check, event->routes);
}

static void check_persist(DesignCheck *check, const DesignEvent *event) {
  const NameRef name = {event->target, event->target_mark};
  if (tell_need(check, "route server", &name, check->design->route_servers) == NULL)
    return;
  for (guint c = 0; c < cloud_count(); c++)
    if (check->design->models[c] && cloud_at(c)->server->persist == NULL)
      diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, event->target_mark,
                      "%s has no persisted routes%s: the event does nothing under %s",
                      cloud_at(c)->title, clouds_cite(NULL, check->reader->arena, RULE_PERSISTS),
                      cloud_at(c)->name);
}

/* The share of the draws of a law that are no earlier than `bound`. */
static double share_from(const Distribution *law, SimTime bound) {
  double below = 0, from = 1;
  guint late = 0;
  for (guint i = 0; law->kind == DISTRIBUTION_TABLE && i < law->count; i++)
    late += law->table[i].ns >= bound.ns ? 1 : 0;
  if (law->kind == DISTRIBUTION_TABLE)
    return (double)late / law->count;
  for (guint i = 0; i < 40; i++) { /* quantiles grow: their places are halved */
    const double middle = (below + from) / 2;
    if (distribution_quantile(law, middle).ns >= bound.ns)
      from = middle;
    else
      below = middle;
  }
  return 1 - from;
}

#define SELDOM 0.005 /* a tail that no batch is likely to meet is no news */

static void check_moment(DesignCheck *check, const DesignEvent *event) {
  const Design *design = check->design;
  const Distribution *law = &event->at.law;
  if (!keys_sound(&design->head, "duration"))
    return; /* told */
  const SimTime bound = sim_time_sub(design->duration.law.a, event->later);
  const double share = bound.ns <= 0 ? 1 : share_from(law, bound);
  if (law->kind == DISTRIBUTION_CONSTANT && law->a.ns > bound.ns)
    tell_error(check, event->at.mark, "the event is later than the end of the run");
  else if (law->kind == DISTRIBUTION_CONSTANT && share > 0)
    tell_error(check, event->at.mark,
               "the event is at the end of the run, where nothing has time to happen");
  else if (share > 1 - 1e-9)
    tell_error(check, event->at.mark,
               "the event never happens: no draw of `at` is earlier than the end of the run");
  else if (share > SELDOM)
    tell_warning(check, event->at.mark,
                 "in about %.0f%% of the runs the event never happens: there `at` is no earlier "
                 "than the end of the run",
                 share * 100);
}

/* Whoever has a list of its own is not told by the appliance's. */
static void check_reach_of_list(DesignCheck *check, const DesignEvent *event,
                                const DesignNva *nva) {
  g_autoptr(GString) names = g_string_new(NULL);
  guint apart = 0;
  for (guint i = 0; i < nva->peers->len; i++) {
    const DesignPeer *peer = nva->peers->pdata[i];
    const char *name = peer->head.name;
    if (design_has_own_list(peer))
      g_string_append_printf(names, "%s'%s'", apart++ > 0 ? ", " : "", name);
    for (guint j = 0; j < peer->part_lists->len; j++) {
      const DesignPartList *list = peer->part_lists->pdata[j];
      if (check->design->models[cloud_place(list->cloud)])
        g_string_append_printf(names, "%s'%s/%s'", apart++ > 0 ? ", " : "", name, list->part);
    }
  }
  for (guint i = 0; i < nva->sites->len; i++)
    g_string_append_printf(names, "%s'%s'", apart++ > 0 ? ", " : "",
                           ((const DesignNvaSite *)nva->sites->pdata[i])->head.name);
  if (apart > 0)
    tell_warning(check, event->target_mark, "what '%s' tells %s does not change: %s of %s own",
                 nva->head.name, names->str, apart > 1 ? "they have lists" : "it has a list",
                 apart > 1 ? "their" : "its");
}

void check_events(DesignCheck *check) {
  const Design *design = check->design;
  for (guint i = 0; i < design->events->len; i++) {
    const DesignEvent *event = design->events->pdata[i];
    check_moment(check, event);
    if (event->action == EVENT_FAIL)
      check_failure(check, event);
    if (event->action == EVENT_FAIL && event->flap == i) { /* once for all of a flap */
      check_forwarding(check, event);
      check_deletion(check, event);
    }
    if (event->action == EVENT_SET) {
      const NameRef name = {event->ends[0], event->target_mark};
      const DesignNva *nva = tell_need(check, "appliance", &name, design->nvas);
      if (nva != NULL)
        check_reach_of_list(check, event, nva);
    }
    if (event->action == EVENT_SET_ROUTES)
      check_new_routes(check, event);
    if (event->action == EVENT_PERSIST)
      check_persist(check, event);
    if (event->action == EVENT_CONNECT) {
      const NameRef name = {event->target, event->target_mark};
      const DesignPeering *peering = tell_need(check, "peering", &name, design->peerings);
      if (peering != NULL && peering->connected && keys_sound(&peering->head, "connected"))
        tell_error(check, event->target_mark,
                   "peering '%s' is there from the start; give it `connected: off`", event->target);
    }
    if (event->advertise != NULL)
      check_announcements(check, design_find(design->nvas, event->ends[0]), event->advertise);
  }
}

static void check_number(DesignCheck *check, Mark mark, gint64 event) {
  if (event >= (gint64)check->design->events->len && keys_sound(&check->design->head, "events"))
    tell_error(check, mark, "there is no event %" G_GINT64_FORMAT, event);
}

static void check_model(DesignCheck *check, const NameRef *model) {
  const CloudClass *cloud = cloud_find(model->text);
  if (model->text[0] == '\0')
    return; /* told */
  if (cloud == NULL)
    tell_error(check, model->mark, "unknown model '%s'", model->text);
  else if (!check->design->models[cloud_place(cloud)] && keys_sound(&check->design->head, "models"))
    tell_warning(check, model->mark,
                 "the scenario does not run under model '%s': this is never judged", model->text);
}

static void check_bounds(DesignCheck *check, const DesignExpect *expect) {
  const BlockHead *head = &expect->head;
  if (!keys_sound(head, "at_most") || !keys_sound(head, "at_least") || !keys_sound(head, "measure"))
    return; /* told */
  if (expect->at_most_node == NULL && expect->at_least_node == NULL)
    tell_error(check, head->mark, "an expectation has `at_most`, `at_least` or both");
  if (expect->has_at_most && expect->has_at_least && expect->at_least > expect->at_most)
    tell_error(check, expect->at_least_node->mark,
               "`at_least` is above `at_most`: nothing can be both");
}

static void check_one_expected(DesignCheck *check, const DesignExpect *expect) {
  const gboolean here = check_is_of_variant(check, &expect->variant);
  if (here && expect->model.text != NULL)
    check_model(check, &expect->model);
  if (!keys_sound(&expect->head, "survey"))
    return; /* nobody knows what it is about */
  const gboolean about_survey = check_survey(check, expect);
  if (!about_survey && check_reach(check, expect))
    return;
  if (!about_survey && here)
    check_number(check, expect->head.mark, expect->event);
  check_bounds(check, expect);
}

/* ---- traits -------------------------------------------------------------------------------- */

/* Keys of the reference are looked for by the end of their path. */
typedef struct {
  char **steps; /* of the name */
  guint count;
  gboolean known;
  GPtrArray *ends; /* owns: of as many steps */
} TraitSearch;

static void look_at_key(const char *path, const KeySpec *spec, gpointer data) {
  TraitSearch *search = data;
  g_auto(GStrv) steps = g_strsplit(path, ".", -1);
  const guint count = g_strv_length(steps);
  (void)spec;
  if (count < search->count)
    return;
  char **end = steps + count - search->count;
  gboolean same = TRUE;
  for (guint i = 0; i < search->count; i++)
    same &= strcmp(end[i], "*") == 0 || strcmp(end[i], search->steps[i]) == 0;
  search->known |= same;
  g_ptr_array_add(search->ends, g_strjoinv(".", end));
}

static void check_trait(DesignCheck *check, const NameRef *name) {
  g_auto(GStrv) steps = g_strsplit(name->text, ".", -1);
  g_autoptr(GPtrArray) ends = g_ptr_array_new_with_free_func(g_free);
  TraitSearch search = {steps, g_strv_length(steps), FALSE, ends};
  scenario_keys_foreach(look_at_key, &search);
  if (!search.known)
    tell_unknown(check, "trait", name, ends);
}

static void check_one_measured(DesignCheck *check, const DesignMeasured *measured) {
  const gboolean here = check_is_of_variant(check, &measured->variant);
  if (here) {
    check_number(check, measured->head.mark, measured->event);
    check_model(check, &measured->model);
  }
  if (measured->low > measured->high && keys_sound(&measured->head, "measure") &&
      keys_sound(&measured->head, "low") && keys_sound(&measured->head, "high"))
    tell_error(check, measured->low_node->mark, "'low' is above 'high'");
  for (guint i = 0; i < measured->used_to_set->len; i++)
    check_trait(check, measured->used_to_set->pdata[i]);
  if (here && measured->probe.text != NULL)
    tell_need(check, "probe", &measured->probe, check->design->probes);
}

void check_expected(DesignCheck *check) {
  for (guint i = 0; i < check->design->expect->len; i++)
    check_one_expected(check, check->design->expect->pdata[i]);
  for (guint i = 0; i < check->design->measured->len; i++)
    check_one_measured(check, check->design->measured->pdata[i]);
}
