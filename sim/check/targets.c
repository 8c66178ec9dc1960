/* Checks of what events name: things that can fail, and sessions between them.
 *
 * Names that may fail differ by model and by what the model makes of a block. Where nothing is
 * wrong with the scenario, the names of each model are asked; else the names are compared with
 * those that the file defines. */
#include <string.h>

#include "check_private.h"
#include "routesim/check/names.h"

/* ---- as the file has them -------------------------------------------------------------------- */

/* What stands behind "NAME/" in `target`, "" where it is NAME itself; NULL: it is another. */
static const char *part_of(const char *name, const char *target) {
  const gsize length = strlen(name);
  if (strncmp(name, target, length) != 0)
    return NULL;
  return target[length] == '\0'  ? target + length
         : target[length] == '/' ? target + length + 1
                                 : NULL;
}

/* TRUE for "a" where `named`, and for "0" where `numbered`. */
static gboolean is_part(const char *part, gboolean named, gboolean numbered) {
  guint64 number;
  return part[0] == '\0' || named ||
         (numbered && g_ascii_string_to_unsigned(part, 10, 0, 1000, &number, NULL));
}

/* Something that could not be read may be in the zone, or be the region. */
static gboolean has_unread_zone(const Design *design) {
  for (guint i = 0; i < design->networks->len; i++) {
    const DesignNetwork *network = design->networks->pdata[i];
    if (!keys_sound(&network->head, "region") || !keys_sound(&network->head, "subnets"))
      return TRUE;
    for (guint j = 0; j < network->subnets->len; j++)
      if (!keys_sound(network->subnets->pdata[j], "zone"))
        return TRUE;
  }
  for (guint i = 0; i < design->nvas->len; i++)
    if (!keys_sound(design->nvas->pdata[i], "zone"))
      return TRUE;
  return !keys_sound(&design->head, "networks");
}

static gboolean names_zone(const Design *design, const DesignTarget *target) {
  if (has_unread_zone(design))
    return TRUE;
  for (guint i = 0; i < design->networks->len; i++) {
    const DesignNetwork *network = design->networks->pdata[i];
    if (!design_place_has_network(&target->place, network))
      continue;
    for (guint j = 0; j < network->subnets->len; j++)
      if (g_strcmp0(((const DesignSubnet *)network->subnets->pdata[j])->zone.text, target->zone) ==
          0)
        return TRUE;
    for (guint j = 0; j < design->nvas->len; j++)
      if (g_strcmp0(((const DesignNva *)design->nvas->pdata[j])->zone.text, target->zone) == 0)
        return TRUE;
  }
  return FALSE;
}

/* "dc/fw-a", "dc/c1/0". */
static gboolean names_link(const Design *design, const char *rest) {
  for (guint i = 0; i < design->sites->len; i++) {
    const DesignSite *site = design->sites->pdata[i];
    const char *far_end = part_of(site->head.name, rest);
    if (far_end == NULL || far_end[0] == '\0')
      continue;
    for (guint j = 0; j < site->via.names->len; j++)
      if (part_of(((const NameRef *)site->via.names->pdata[j])->text, far_end) != NULL)
        return TRUE;
    for (guint j = 0; j < design->circuits->len; j++) {
      const DesignCircuit *circuit = design->circuits->pdata[j];
      const char *part = part_of(circuit->head.name, far_end);
      if (strcmp(circuit->site.text, site->head.name) == 0 && part != NULL && part[0] != '\0')
        return TRUE;
    }
    return !keys_sound(&site->head, "via");
  }
  return FALSE;
}

static gboolean names_thing(const Design *design, const char *target) {
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    const char *part = part_of(nva->head.name, target);
    const gboolean parts = nva->kind->checks_parts || !keys_sound(&nva->head, "kind");
    if (part != NULL && is_part(part, parts, FALSE))
      return TRUE;
  }
  for (guint i = 0; i < design->route_servers->len; i++) {
    const BlockHead *server = design->route_servers->pdata[i];
    if (part_of(server->name, target) != NULL)
      return TRUE;
  }
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *gateway = design->gateways->pdata[i];
    const char *part = part_of(gateway->head.name, target);
    if (part != NULL && is_part(part, FALSE, TRUE))
      return TRUE;
  }
  for (guint i = 0; i < design->sites->len; i++) {
    const DesignSite *site = design->sites->pdata[i];
    if (strcmp(site->head.name, target) == 0 && design_site_has_router(design, site))
      return TRUE;
  }
  return FALSE;
}

/* "c1", "c1/0". */
static gboolean names_circuit(const Design *design, const char *rest) {
  for (guint i = 0; i < design->circuits->len; i++) {
    const char *part = part_of(((const BlockHead *)design->circuits->pdata[i])->name, rest);
    if (part != NULL && is_part(part, FALSE, TRUE))
      return TRUE;
  }
  return FALSE;
}

gboolean check_is_target(const Design *design, const char *name) {
  const DesignTarget target = design_target(design, name);
  switch (target.kind) {
  case DESIGN_TARGET_ZONE:
    return names_zone(design, &target);
  case DESIGN_TARGET_LINK:
    return names_link(design, target.rest);
  case DESIGN_TARGET_CIRCUIT:
    return names_circuit(design, target.rest);
  case DESIGN_TARGET_PART:
    return TRUE;
  case DESIGN_TARGET_THING:
    return name[0] != '\0' && names_thing(design, name);
  }
  g_assert_not_reached();
}

/* ---- as each model has them ------------------------------------------------------------------ */

/* The ends of what the moment of an event can be. */
static SimTime earliest(const DesignEvent *event) {
  return sim_time_add(check_least_of(&event->at), event->later);
}
static SimTime latest(const DesignEvent *event) {
  return sim_time_add(distribution_quantile(&event->at.law, 1 - 0x1p-53), event->later);
}

/* An event that something fails by under this name; the first that there is, or that can come
 * before `restore` does. NULL: none. */
static const DesignEvent *failure_of(const Design *design, const DesignEvent *restore,
                                     gboolean before) {
  for (guint i = 0; i < design->events->len; i++) {
    const DesignEvent *event = design->events->pdata[i];
    if (event->action == EVENT_FAIL && strcmp(event->target, restore->target) == 0 &&
        (!before || earliest(event).ns <= latest(restore).ns))
      return event;
  }
  return NULL;
}

static void check_restore(DesignCheck *check, const DesignEvent *event) {
  if (failure_of(check->design, event, FALSE) == NULL)
    tell_warning(check, event->target_mark,
                 "nothing fails under the name '%s', so there is nothing to restore",
                 event->target);
  else if (failure_of(check->design, event, TRUE) == NULL)
    tell_warning(check, event->target_mark,
                 "'%s' fails only later, so there is nothing to restore yet", event->target);
}

/* TRUE where the event names something that fails. */
static gboolean names_targets(const DesignEvent *event) {
  return event->action == EVENT_FAIL || event->action == EVENT_RESTORE ||
         event->action == EVENT_IMPAIR;
}

/* "zone/west/a", "zone/hub/a" */
static void add_zone_names(const Design *design, GPtrArray *made) {
  for (guint i = 0; i < design->networks->len; i++) {
    const DesignNetwork *network = design->networks->pdata[i];
    const char *const places[] = {network->region.text, network->head.name};
    for (guint j = 0; j < network->subnets->len; j++) {
      const char *zone = ((const DesignSubnet *)network->subnets->pdata[j])->zone.text;
      for (guint k = 0; zone != NULL && k < G_N_ELEMENTS(places); k++)
        if (places[k] != NULL)
          g_ptr_array_add(made, g_strdup_printf("zone/%s/%s", places[k], zone));
    }
  }
}

/* What the file names; `made` owns what is put together. */
static void add_written_names(DesignCheck *check, GPtrArray *all, GPtrArray *made) {
  const Design *design = check->design;
  const GPtrArray *const sections[] = {design->nvas, design->route_servers, design->gateways};
  for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
    tell_add_names(check, all, sections[i]);
  g_autoptr(GPtrArray) circuits = g_ptr_array_new();
  tell_add_names(check, circuits, design->circuits);
  for (guint i = 0; i < circuits->len; i++)
    g_ptr_array_add(made, g_strconcat("circuit/", circuits->pdata[i], NULL));
  add_zone_names(design, made);
  for (guint i = 0; i < design->sites->len; i++) {
    const DesignSite *site = design->sites->pdata[i];
    for (guint j = 0; j < site->via.names->len; j++)
      g_ptr_array_add(made, g_strdup_printf("link/%s/%s", site->head.name,
                                            ((const NameRef *)site->via.names->pdata[j])->text));
  }
}

/* `models` are the CheckNames * of each model; NULL: nobody knows, and the file is asked. */
static void add_target_names(DesignCheck *check, const GPtrArray *models, GPtrArray *all,
                             GPtrArray *made) {
  add_written_names(check, all, made);
  for (guint i = 0; models == NULL && i < made->len; i++)
    g_ptr_array_add(all, made->pdata[i]);
  for (guint m = 0; models != NULL && m < models->len; m++) {
    const GPtrArray *things = check_names_things(models->pdata[m]);
    for (guint i = 0; i < made->len; i++) {
      g_autoptr(GPtrArray) meant = g_ptr_array_new();
      if (check_names_resolve(models->pdata[m], made->pdata[i], meant))
        g_ptr_array_add(all, made->pdata[i]);
    }
    for (guint i = 0; i < things->len; i++)
      g_ptr_array_add(all, things->pdata[i]);
  }
}

static void tell_unknown_target(DesignCheck *check, const GPtrArray *models, const char *target,
                                Mark mark) {
  const NameRef name = {target, mark, 0};
  g_autoptr(GPtrArray) all = g_ptr_array_new();
  g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);
  add_target_names(check, models, all, made);
  tell_unknown(check, "thing that can fail", &name, all);
}

/* The file has it, and no model has it fail. */
static void tell_unfailing(DesignCheck *check, const GPtrArray *models, const char *target,
                           Mark mark) {
  const DesignGateway *gateway = design_find(check->design->gateways, target);
  if (gateway != NULL) {
    tell_error(check, mark, "'%s' is %s %s gateway, which fails under no model of this scenario",
               target, gateway->kind == DESIGN_GATEWAY_INTERNET ? "an" : "a",
               design_gateway_kinds[gateway->kind]);
    return;
  }
  g_autoptr(GPtrArray) all = g_ptr_array_new();
  g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);
  add_target_names(check, models, all, made);
  g_ptr_array_add(all, NULL);
  const char *near = closest_name(target, (const char *const *)all->pdata);
  tell_error(check, mark, "'%s' exists under no model of this scenario%s%s%s", target,
             near != NULL ? " (did you mean '" : "", near != NULL ? near : "",
             near != NULL ? "'?)" : "");
  if (near != NULL)
    diagnostics_hint(check->reader->diagnostics, "did you mean '%s'?", near);
}

/* The names of an event: two ends, or one target. */
static guint names_of(const DesignEvent *event, const char *names[2]) {
  const gboolean two = event->action == EVENT_IMPAIR;
  names[0] = two ? event->ends[0] : event->target;
  names[1] = two ? event->ends[1] : NULL;
  return two ? 2 : 1;
}

/* TRUE after a zone of a place that there is twice was told. */
static gboolean tell_two_places(DesignCheck *check, const DesignEvent *event) {
  const char *names[2];
  const guint count = names_of(event, names);
  for (guint k = 0; k < count; k++) {
    const DesignTarget target = design_target(check->design, names[k]);
    if (target.kind == DESIGN_TARGET_ZONE &&
        check_place(check, target.place.name, event->target_mark, DESIGN_PLACES_OF_ZONES))
      return TRUE;
  }
  return FALSE;
}

static void check_as_written(DesignCheck *check, const DesignEvent *event) {
  const char *names[2];
  const guint count = names_of(event, names);
  for (guint k = 0; k < count; k++)
    if (!check_is_target(check->design, names[k]))
      tell_unknown_target(check, NULL, names[k], event->target_mark);
}

/* `names` are the CheckNames * of each model. */
static void check_under_models(DesignCheck *check, const DesignEvent *event,
                               const GPtrArray *names) {
  const Design *design = check->design;
  const char *own[2];
  const guint count = names_of(event, own);
  gboolean anywhere = FALSE, everywhere = TRUE, sessions = FALSE;
  const char *unknown = own[0];
  for (guint m = 0; m < names->len; m++) {
    gboolean known = TRUE;
    for (guint k = 0; k < count; k++) {
      g_autoptr(GPtrArray) things = g_ptr_array_new();
      const gboolean one = check_names_resolve(names->pdata[m], own[k], things);
      unknown = one ? unknown : own[k];
      known &= one;
    }
    if (event->action == EVENT_IMPAIR && known)
      sessions |= check_names_have_session(names->pdata[m], event->ends[0], event->ends[1]);
    anywhere |= known;
    everywhere &= known;
  }
  if (event->action == EVENT_IMPAIR && anywhere && !sessions &&
      design->failover == FAILOVER_ROUTE_SERVER)
    tell_error(check, event->target_mark, "there is no session between '%s' and '%s'",
               event->ends[0], event->ends[1]);
  if (event->action == EVENT_RESTORE && anywhere)
    check_restore(check, event);
  if (!anywhere && check_is_target(design, unknown))
    tell_unfailing(check, names, unknown, event->target_mark);
  else if (!anywhere)
    tell_unknown_target(check, names, unknown, event->target_mark);
  else if (!everywhere)
    tell_warning(check, event->target_mark,
                 "'%s' does not exist under every model: the event does nothing there", unknown);
}

/* Elements that an expectation leaves out. `names` as above. */
static void check_excepted(DesignCheck *check, const DesignExpect *expect, gboolean sound,
                           const GPtrArray *names) {
  for (guint i = 0; i < expect->except->len; i++) {
    const NameRef *name = expect->except->pdata[i];
    g_autoptr(GPtrArray) things = g_ptr_array_new();
    gboolean known = FALSE;
    for (guint m = 0; sound && m < names->len; m++)
      known |= check_names_resolve(names->pdata[m], name->text, things);
    if (!known && check_is_target(check->design, name->text) && sound)
      tell_unfailing(check, names, name->text, name->mark);
    else if (!known && !check_is_target(check->design, name->text))
      tell_unknown_target(check, sound ? names : NULL, name->text, name->mark);
  }
}

void check_targets(DesignCheck *check, gboolean sound) {
  const Design *design = check->design;
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint c = 0; sound && c < cloud_count(); c++)
    if (design->models[c])
      g_ptr_array_add(names, check_names_new(arena, design, cloud_at(c)));
  for (guint i = 0; i < design->events->len; i++) {
    const DesignEvent *event = design->events->pdata[i];
    if (event->flap != i || !names_targets(event))
      continue; /* the first part of this flap spoke for it; peerings and settings do not fail */
    if (tell_two_places(check, event))
      continue;
    if (sound)
      check_under_models(check, event, names);
    else
      check_as_written(check, event);
  }
  if (sound)
    check_failing_names(check, names);
  for (guint i = 0; i < design->expect->len; i++) {
    const DesignExpect *expect = design->expect->pdata[i];
    if (check_is_of_variant(check, &expect->variant))
      check_excepted(check, expect, sound, names);
  }
}
