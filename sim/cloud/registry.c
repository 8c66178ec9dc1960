/* The clouds that scenarios may name. A new one is a folder and a row here. */
#include <string.h>

#include "routesim/cloud/aws.h"
#include "routesim/cloud/azure.h"

static const CloudClass *const clouds[] = {&azure_cloud, &aws_cloud};
_Static_assert(G_N_ELEMENTS(clouds) <= CLOUD_MOST, "a Design has room for each cloud");

guint cloud_count(void) { return G_N_ELEMENTS(clouds); }
const CloudClass *cloud_at(guint index) { return clouds[index]; }

const CloudClass *cloud_find(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(clouds); i++)
    if (strcmp(clouds[i]->name, name) == 0)
      return clouds[i];
  return NULL;
}

guint cloud_place(const CloudClass *cloud) {
  for (guint i = 0; i < cloud_count(); i++)
    if (cloud_at(i) == cloud)
      return i;
  g_assert_not_reached();
}

static gboolean is_of_another(const CloudClass *cloud, const char *fact) {
  for (guint i = 0; i < cloud_count(); i++)
    if (cloud_at(i) != cloud && g_str_has_prefix(fact, cloud_at(i)->facts))
      return TRUE;
  return FALSE;
}

const char *cloud_own_facts(const CloudClass *cloud, Arena *arena, const char *facts) {
  g_auto(GStrv) all = g_strsplit(facts, ", ", -1);
  g_autoptr(GString) own = g_string_new(NULL);
  for (guint i = 0; all[i] != NULL; i++)
    if (!is_of_another(cloud, all[i]))
      g_string_append_printf(own, "%s%s", own->len > 0 ? ", " : "", all[i]);
  return own->len > 0 ? arena_strdup(arena, own->str) : facts;
}
