/* The clouds that scenarios may name; see shipped.h.
 *
 * The registry is filled once, before anything reads it, and constant from then on; so the threads
 * of a batch share it without a lock. */
#include "routesim/cloud/shipped.h"

#include <string.h>

#define POINTER(name) &name##_cloud,
static const CloudClass *const shipped[] = {CLOUDS_SHIPPED(POINTER)};
_Static_assert(G_N_ELEMENTS(shipped) <= CLOUD_MOST, "a Design has room for each cloud");

static struct {
  const CloudClass *clouds[CLOUD_MOST];
  guint count;
} registry;

static void append(const CloudClass *cloud) {
  cloud_assert_whole(cloud);
  g_assert(registry.count < CLOUD_MOST);
  for (guint i = 0; i < registry.count; i++) {
    g_assert(strcmp(registry.clouds[i]->name, cloud->name) != 0);
    g_assert(strcmp(registry.clouds[i]->facts, cloud->facts) != 0);
  }
  registry.clouds[registry.count++] = cloud;
}

static gpointer append_shipped(gpointer unused) {
  for (guint i = 0; i < G_N_ELEMENTS(shipped); i++)
    append(shipped[i]);
  return unused;
}

static void fill(void) {
  static GOnce once = G_ONCE_INIT;
  g_once(&once, append_shipped, NULL);
}

void cloud_register(const CloudClass *cloud) {
  fill();
  append(cloud);
}

guint cloud_count(void) {
  fill();
  return registry.count;
}

const CloudClass *cloud_at(guint index) {
  g_assert(index < cloud_count());
  return registry.clouds[index];
}

const CloudClass *cloud_find(const char *name) {
  for (guint i = 0; i < cloud_count(); i++)
    if (strcmp(cloud_at(i)->name, name) == 0)
      return cloud_at(i);
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

static void append_cited(GString *cited, const CloudClass *cloud, CloudRule rule) {
  if (cloud->rules[rule] != NULL)
    g_string_append_printf(cited, "%s%s", cited->len == 0 ? " (" : ", ", cloud->rules[rule]);
}

static const char *close_cited(GString *cited, Arena *arena) {
  if (cited->len > 0)
    g_string_append_c(cited, ')');
  return arena_strdup(arena, cited->str);
}

const char *cloud_cite(const CloudClass *cloud, Arena *arena, CloudRule rule) {
  g_autoptr(GString) cited = g_string_new(NULL);
  append_cited(cited, cloud, rule);
  return close_cited(cited, arena);
}

const char *clouds_cite(const gboolean *clouds, Arena *arena, CloudRule rule) {
  g_autoptr(GString) cited = g_string_new(NULL);
  for (guint i = 0; i < cloud_count(); i++)
    if (clouds == NULL || clouds[i])
      append_cited(cited, cloud_at(i), rule);
  return close_cited(cited, arena);
}
