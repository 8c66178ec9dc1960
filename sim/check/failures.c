/* What can fail how, and checks of what fails at random. */
#include <math.h>
#include <string.h>

#include "check_private.h"
#include "routesim/check/names.h"
#include "routesim/design/failures.h"
#include "routesim/fault/fault.h"

/* ---- kinds ----------------------------------------------------------------------------------- */

gboolean check_is_link(const Design *design, const char *name) {
  const DesignTarget target = design_target(design, name);
  return target.kind == DESIGN_TARGET_LINK || (target.kind == DESIGN_TARGET_CIRCUIT &&
                                               design_find(design->circuits, target.rest) != NULL);
}

gboolean check_can_fail(const Design *design, const char *target, const FaultKind *how) {
  return check_is_link(design, target)
             ? how->for_links
             : how->scope != FAULT_OF_APPLIANCES || design_find(design->nvas, target) != NULL;
}

/* ---- numbers --------------------------------------------------------------------------------- */

static void check_span(DesignCheck *check, const DesignFailure *failure, const char *key,
                       const Duration *span) {
  if (span->given && keys_sound(&failure->head, key) && distribution_mean(&span->law).ns <= 0)
    tell_error(check, span->mark, "`%s` is above 0", key);
}

static gboolean has(const DesignFailure *failure, const char *key) {
  return node_get(failure->head.node, key) != NULL;
}

/* How often it fails and for how long; or only how it is maintained. */
static void check_spans(DesignCheck *check, const DesignFailure *failure) {
  const BlockHead *head = &failure->head;
  const gboolean fails = has(failure, "mtbf") || has(failure, "availability");
  check_span(check, failure, "mtbf", &failure->mtbf);
  check_span(check, failure, "mttr", &failure->mttr);
  if (has(failure, "mtbf") && has(failure, "availability"))
    tell_error(check, head->mark, "`availability` stands in place of `mtbf`");
  if (!fails && !has(failure, "maintenance"))
    tell_error(check, head->mark, "a failure has `mtbf` or `availability`, or `maintenance`");
  if (fails && !has(failure, "mttr"))
    tell_error(check, head->mark, "what fails is repaired: `mttr` is missing");
  if (!fails && has(failure, "mttr"))
    tell_error(check, head->mark, "`mttr` has no meaning without `mtbf` or `availability`");
  if (!fails && has(failure, "how"))
    tell_error(check, head->mark, "`how` has no meaning without `mtbf` or `availability`");
  if (has(failure, "availability") && keys_sound(head, "availability") &&
      !(failure->availability > 0 && failure->availability < 1))
    tell_error(check, node_get(head->node, "availability")->mark,
               "`availability` is above 0%% and below 100%%: what never fails needs no entry");
}

static void check_shares(DesignCheck *check, const DesignFailure *failure) {
  double sum = 0;
  for (guint i = 0; i < failure->how->len; i++)
    sum += g_array_index(failure->how, DesignHowShare, i).share;
  if (keys_sound(&failure->head, "how") && fabs(sum - 1) > 1e-9)
    tell_error(check, node_get(failure->head.node, "how")->mark,
               "the shares of `how` add up to %g%%, not to 100%%", 100 * sum);
}

static void check_maintenance(DesignCheck *check, const DesignMaintenance *maintenance) {
  const Duration *const spans[] = {&maintenance->every, &maintenance->takes};
  const char *const keys[] = {"every", "takes"};
  for (guint i = 0; i < G_N_ELEMENTS(spans); i++)
    if (keys_sound(&maintenance->head, keys[i]) && distribution_mean(&spans[i]->law).ns <= 0)
      tell_error(check, spans[i]->mark, "`%s` is above 0", keys[i]);
}

/* ---- names ----------------------------------------------------------------------------------- */

static void check_target(DesignCheck *check, const DesignFailure *failure) {
  const gboolean one = has(failure, "target"), all = has(failure, "together");
  if (one && all)
    tell_error(check, failure->head.mark, "`together` stands in place of `target`");
  if (!one && !all)
    tell_error(check, failure->head.mark, "a failure has a `target`, or `together`");
}

void check_failures(DesignCheck *check) {
  for (guint i = 0; i < check->design->failures->len; i++) {
    const DesignFailure *failure = check->design->failures->pdata[i];
    check_target(check, failure);
    check_spans(check, failure);
    check_shares(check, failure);
    if (failure->maintenance != NULL)
      check_maintenance(check, failure->maintenance);
  }
}

/* Names of all models. */
static void tell_unknown_name(DesignCheck *check, const GPtrArray *models, const NameRef *name) {
  g_autoptr(GPtrArray) all = g_ptr_array_new();
  for (guint m = 0; m < models->len; m++) {
    const GPtrArray *elements = check_names_elements(models->pdata[m]);
    for (guint i = 0; i < elements->len; i++)
      g_ptr_array_add(all, elements->pdata[i]);
  }
  tell_unknown(check, "thing that can fail", name, all);
}

static void check_kinds(DesignCheck *check, const DesignFailure *failure, const NameRef *name,
                        const char *target) {
  for (guint i = 0; i < failure->how->len; i++) {
    const FaultKind *kind = g_array_index(failure->how, DesignHowShare, i).kind;
    if (!check_can_fail(check->design, target, kind))
      tell_error(check, name->mark, "'%s' cannot fail as %s", target, kind->name);
  }
  if (failure->maintenance != NULL && failure->maintenance->how != NULL &&
      !check_can_fail(check->design, target, failure->maintenance->how))
    tell_error(check, name->mark, "'%s' cannot be taken down by %s", target,
               failure->maintenance->how->name);
}

static void check_name(DesignCheck *check, const GPtrArray *models, const DesignFailure *failure,
                       const NameRef *name) {
  g_autoptr(GPtrArray) matched = g_ptr_array_new();
  for (guint m = 0; m < models->len; m++)
    check_names_match(models->pdata[m], check_names_elements(models->pdata[m]), name->text,
                      matched);
  if (matched->len == 0)
    tell_unknown_name(check, models, name);
  for (guint i = 0; i < matched->len; i++) {
    guint first = 0;
    while (strcmp(matched->pdata[first], matched->pdata[i]) != 0)
      first++;
    if (first == i)
      check_kinds(check, failure, name, matched->pdata[i]);
  }
}

void check_failing_names(DesignCheck *check, const GPtrArray *models) {
  for (guint i = 0; i < check->design->failures->len; i++) {
    const DesignFailure *failure = check->design->failures->pdata[i];
    if (failure->target.text != NULL)
      check_name(check, models, failure, &failure->target);
    for (guint j = 0; j < failure->together->len; j++)
      check_name(check, models, failure, failure->together->pdata[j]);
  }
}
