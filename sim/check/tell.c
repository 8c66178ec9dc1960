/* What checks of several subjects need beside telling. */
#include <string.h>

#include "check_private.h"

const char *check_cite(const DesignCheck *check, CloudRule rule) {
  return clouds_cite(check->design->models, check->reader->arena, rule);
}

const char *check_cloud_with(const DesignCheck *check, gboolean (*has)(const CloudClass *cloud)) {
  const CloudClass *found = NULL;
  for (guint c = cloud_count(); c > 0; c--) {
    const gboolean better =
        found == NULL || check->design->models[c - 1] || !check->design->models[cloud_place(found)];
    if (has(cloud_at(c - 1)) && better)
      found = cloud_at(c - 1);
  }
  return found != NULL ? found->name : "CLOUD";
}

gboolean check_is_of_variant(const DesignCheck *check, const NameRef *variant) {
  return strcmp(scenario_variant_meant(variant->text), check->design->variant) == 0;
}

/* The ends of what a duration can be in a run. */
SimTime check_least_of(const Duration *duration) {
  return distribution_quantile(&duration->law, 0x1p-53);
}

gboolean check_place(DesignCheck *check, const char *name, Mark mark, guint kinds) {
  static const struct {
    DesignPlaceKind kind;
    const char *what;
  } places[] = {{DESIGN_PLACE_NETWORK, "a network"},
                {DESIGN_PLACE_REGION, "a region"},
                {DESIGN_PLACE_SITE, "a site"},
                {DESIGN_PLACE_CIRCUIT, "a circuit"},
                {DESIGN_PLACE_LOCATION, "a location of circuits"}};
  const guint all = name != NULL ? design_place_kinds(check->design, name, kinds) : 0;
  g_autoptr(GString) said = g_string_new(NULL);
  if ((all & (all - 1)) == 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(places); i++)
    if (all & places[i].kind)
      g_string_append_printf(said, "%s%s", said->len > 0 ? " and of " : "of ", places[i].what);
  tell_error(check, mark, "'%s' is the name %s: give each a name of its own", name, said->str);
  return TRUE;
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
