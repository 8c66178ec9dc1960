/* Checks of expectations about who reaches whom. */
#include <string.h>

#include "check_private.h"

static gboolean has_key(const DesignExpect *expect, const char *key) {
  return node_get(expect->head.node, key) != NULL;
}

gboolean check_reach(DesignCheck *check, const DesignExpect *expect) {
  static const char *const of_measures[] = {"event", "measure", "stat", "at_most", "at_least"};
  static const char *const of_reach[] = {"is", "at"};
  if (expect->reach->len == 0) {
    for (guint i = 0; i < G_N_ELEMENTS(of_reach); i++)
      if (has_key(expect, of_reach[i]))
        tell_error(check, expect->head.mark, "`%s` belongs to an expectation with `reach`",
                   of_reach[i]);
    if (!has_key(expect, "measure") && keys_sound(&expect->head, "measure") &&
        keys_sound(&expect->head, "reach"))
      tell_error(check, expect->head.mark, "an expectation has `measure` or `reach`");
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS(of_measures); i++)
    if (has_key(expect, of_measures[i]))
      tell_error(check, expect->head.mark, "`%s` has no meaning beside `reach`", of_measures[i]);
  if (!keys_sound(&expect->head, "reach"))
    return TRUE; /* told */
  if (expect->reach->len != 2) {
    tell_error(check, expect->head.mark, "`reach` takes two places: from and to");
    return TRUE;
  }
  const NameRef *from = expect->reach->pdata[0], *to = expect->reach->pdata[1];
  const gboolean here = check_is_of_variant(check, &expect->variant);
  for (guint i = 0; here && i < 2; i++) {
    check_hosts(check, expect->reach->pdata[i], i == 0 ? "from" : "to");
    check_end(check, expect->reach->pdata[i], i == 0);
  }
  if (strcmp(from->text, to->text) == 0)
    tell_error(check, to->mark, "both places are '%s'", to->text);
  if (expect->reach_at.law.kind != DISTRIBUTION_CONSTANT ||
      (here && expect->reach_at.law.a.ns > check->design->duration.law.a.ns))
    tell_error(check, expect->reach_at.mark, "`at` is one moment, within the run");
  return TRUE;
}
