/* What checks of several subjects need beside telling. */
#include <string.h>

#include "check_private.h"

const char *check_cite(const DesignCheck *check, const char *facts) {
  g_autoptr(GString) cited = g_string_new(NULL);
  g_auto(GStrv) ids = g_strsplit(facts, ", ", -1);
  for (guint i = 0; ids[i] != NULL; i++)
    for (guint c = 0; c < cloud_count(); c++)
      if (check->design->models[c] && cloud_at(c)->facts != NULL &&
          g_str_has_prefix(ids[i], cloud_at(c)->facts))
        g_string_append_printf(cited, "%s%s", cited->len == 0 ? " (" : ", ", ids[i]);
  if (cited->len > 0)
    g_string_append_c(cited, ')');
  return arena_strdup(check->reader->arena, cited->str);
}

/* The ends of what a duration can be in a run. */
SimTime check_least_of(const Duration *duration) {
  return distribution_quantile(&duration->law, 0x1p-53);
}

gboolean check_word(DesignCheck *check, const NameRef *name, gboolean named) {
  if (name->word == 0)
    return FALSE;
  if (named)
    tell_error(check, name->mark,
               "'%s' is a word of the language here, and something is called so: give that "
               "another name",
               name->text);
  return TRUE;
}
