/* Checks of events and of what is expected of them. */
#include <string.h>

#include "scenario_private.h"

/* ---- events -------------------------------------------------------------------------------- */

/* A link of a site, or a whole circuit: the links of its edges. */
static gboolean is_link_target(const ScenarioBody *body, const char *name) {
  g_auto(GStrv) steps = g_strsplit(name, "/", 3);
  const guint count = g_strv_length(steps);
  /* "link/a1" would be the endpoint of a route server called link. */
  return (count == 3 && strcmp(steps[0], "link") == 0) ||
         (count == 2 && strcmp(steps[0], "circuit") == 0 &&
          scenario_find(body->circuits, steps[1]) != NULL);
}

static gboolean is_appliance(const ScenarioBody *body, const char *name) {
  return scenario_find(body->nvas, name) != NULL;
}

static void check_failure(Check *check, const ScenarioEvent *event) {
  if (event->how == NULL)
    return;
  if (is_link_target(check->body, event->target) && !event->how->for_links)
    check_error(check, event->mark, "a link can fail silent or cut, not %s", event->how->name);
  else if (event->how->scope == FAULT_OF_APPLIANCES && !is_appliance(check->body, event->target))
    check_error(check, event->mark, "'%s' makes sense for an appliance only, not for '%s'",
                event->how->name, event->target);
}

static gboolean fails_somewhere(const ScenarioBody *body, const char *target) {
  for (guint i = 0; i < body->events->len; i++) {
    const ScenarioEvent *event = body->events->pdata[i];
    if (event->action == EVENT_FAIL && strcmp(event->target, target) == 0)
      return TRUE;
  }
  return FALSE;
}

static void check_new_routes(Check *check, const ScenarioEvent *event) {
  const NameRef name = {event->ends[0], event->target_mark};
  if (check_need(check, "route table", &name, check->body->route_tables) == NULL)
    return;
  for (guint i = 0; i < event->routes->len; i++)
    check_via(check, &((ScenarioRoute *)event->routes->pdata[i])->via);
}

static void check_persist(Check *check, const ScenarioEvent *event) {
  const NameRef name = {event->target, event->target_mark};
  if (check_need(check, "route server", &name, check->body->route_servers) == NULL)
    return;
  for (guint c = 0; c < cloud_count(); c++)
    if (check->body->models[c] && cloud_at(c)->persist == NULL)
      diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, event->target_mark,
                      "%s has no persisted routes (AWS-6.11): the event does nothing under %s",
                      cloud_at(c)->title, cloud_at(c)->name);
}

void check_events(Check *check) {
  const ScenarioBody *body = check->body;
  const SimTime end = body->duration.law.a;
  for (guint i = 0; i < body->events->len; i++) {
    const ScenarioEvent *event = body->events->pdata[i];
    if (event->at.law.kind == DISTRIBUTION_CONSTANT &&
        event->later.ns > end.ns - event->at.law.a.ns)
      check_error(check, event->at.mark, "the event is later than the end of the run");
    if (event->action == EVENT_FAIL)
      check_failure(check, event);
    if (event->action == EVENT_SET && !is_appliance(body, event->ends[0]))
      check_error(check, event->target_mark, "unknown appliance '%s'", event->ends[0]);
    if (event->action == EVENT_SET_ROUTES)
      check_new_routes(check, event);
    if (event->action == EVENT_PERSIST)
      check_persist(check, event);
    if (event->action == EVENT_CONNECT) {
      const NameRef name = {event->target, event->target_mark};
      const ScenarioPeering *peering = check_need(check, "peering", &name, body->peerings);
      if (peering != NULL && peering->connected)
        check_error(check, event->target_mark,
                    "peering '%s' is there from the start; give it `connected: off`",
                    event->target);
    }
    if (event->advertise != NULL)
      check_announcements(check, scenario_find(body->nvas, event->ends[0]), event->advertise);
  }
}

static gboolean has_session_between(const ScenarioBody *body, const CloudClass *cloud,
                                    const char *const ends[2]) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(GPtrArray) paths = g_ptr_array_new();
  const RunOptions options = {.seed = (guint64)body->seed};
  world_paths_between(world_new(arena, body, cloud, &options), ends[0], ends[1], paths);
  return paths->len > 0;
}

/* Of something that fails. */
static gboolean names_targets(const ScenarioEvent *event) {
  return event->action == EVENT_FAIL || event->action == EVENT_RESTORE ||
         event->action == EVENT_IMPAIR;
}

/* Names that may fail differ by model, so a trial world of each is asked. */
void check_targets(Check *check) {
  const ScenarioBody *body = check->body;
  for (guint i = 0; i < body->events->len; i++) {
    const ScenarioEvent *event = body->events->pdata[i];
    gboolean anywhere = FALSE, everywhere = TRUE, sessions = FALSE;
    if (event->flap != i || event->action == EVENT_CONNECT)
      continue; /* the first part of this flap spoke for it; peerings do not fail */
    for (guint c = 0; c < cloud_count(); c++) {
      if (!body->models[c] || !names_targets(event))
        continue;
      const char *const *names = event->action == EVENT_IMPAIR ? event->ends : &event->target;
      gboolean known = TRUE;
      for (guint k = 0; k < (event->action == EVENT_IMPAIR ? 2 : 1); k++)
        known &= scenario_has_target(body, cloud_at(c), names[k]);
      if (event->action == EVENT_IMPAIR && known)
        sessions |= has_session_between(body, cloud_at(c), event->ends);
      anywhere |= known;
      everywhere &= known;
    }
    if (event->action == EVENT_IMPAIR && anywhere && !sessions &&
        body->failover == FAILOVER_ROUTE_SERVER)
      check_error(check, event->target_mark, "there is no session between '%s' and '%s'",
                  event->ends[0], event->ends[1]);
    if (event->action == EVENT_RESTORE && anywhere && !fails_somewhere(body, event->target))
      diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, event->target_mark,
                      "nothing fails under the name '%s', so there is nothing to restore",
                      event->target);
    if (!names_targets(event) || everywhere)
      continue;
    if (!anywhere) {
      g_autoptr(GPtrArray) names = g_ptr_array_new();
      const char *target = event->action == EVENT_IMPAIR ? event->ends[0] : event->target;
      const NameRef name = {target, event->target_mark};
      check_add_names(names, body->nvas);
      check_add_names(names, body->route_servers);
      check_unknown(check, "thing that can fail", &name, names);
    } else {
      diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, event->target_mark,
                      "'%s' does not exist under every model: the event does nothing there",
                      event->target);
    }
  }
}

void check_expected(Check *check) {
  const ScenarioBody *body = check->body;
  for (guint i = 0; i < body->expect->len; i++) {
    const ScenarioExpect *expect = body->expect->pdata[i];
    if (expect->model.text != NULL && cloud_find(expect->model.text) == NULL)
      check_error(check, expect->model.mark, "unknown model '%s'", expect->model.text);
    if (check_reach(check, expect))
      continue;
    if (expect->event >= (gint64)body->events->len)
      check_error(check, expect->head.mark, "there is no event %" G_GINT64_FORMAT, expect->event);
    if (!expect->has_at_most && !expect->has_at_least)
      check_error(check, expect->head.mark, "an expectation has `at_most`, `at_least` or both");
  }
  for (guint i = 0; i < body->measured->len; i++) {
    const ScenarioMeasured *measured = body->measured->pdata[i];
    if (measured->event >= (gint64)body->events->len)
      check_error(check, measured->head.mark, "there is no event %" G_GINT64_FORMAT,
                  measured->event);
    if (cloud_find(measured->model.text) == NULL)
      check_error(check, measured->model.mark, "unknown model '%s'", measured->model.text);
    if (measured->low > measured->high)
      check_error(check, measured->low_node->mark, "'low' is above 'high'");
    if (measured->probe.text != NULL)
      check_need(check, "probe", &measured->probe, body->probes);
  }
}

/* Of the run itself: these are one value for all runs. */
