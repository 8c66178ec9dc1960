/* The assumptions that numbers lean on: traits of the clouds whose default no source gives. */
#include <string.h>

#include "compare_private.h"

typedef struct {
  const CloudClass *cloud;
  const char *name; /* "program", "bfd.interval" */
  const KeySpec *spec;
  FailoverMethod method; /* that it belongs to */
} Trait;

typedef struct {
  GArray *traits;   /* Trait */
  GPtrArray *names; /* owns names */
} TraitList;

/* What stands in a block of the cloud, under this name. */
static void add_trait(TraitList *list, const KeyTable *table, const CloudClass *cloud,
                      FailoverMethod method, const char *path, const KeySpec *spec) {
  if (table == NULL || !g_str_has_prefix(path, table->path) || path[strlen(table->path)] != '.')
    return;
  const char *own = path + strlen(table->path) + 1;
  char *name = method == FAILOVER_ROUTE_SERVER
                   ? g_strdup(own)
                   : g_strdup_printf("%s.%s", failover_methods[method], own);
  const Trait trait = {cloud, name, spec, method};
  g_ptr_array_add(list->names, name);
  g_array_append_val(list->traits, trait);
}

static void visit(const char *path, const KeySpec *spec, gpointer data) {
  TraitList *list = data;
  if (spec->basis != BASIS_ASSUMED || spec->fallback == NULL)
    return;
  for (guint i = 0; i < cloud_count(); i++) {
    const CloudClass *cloud = cloud_at(i);
    add_trait(list, cloud->keys, cloud, FAILOVER_ROUTE_SERVER, path, spec);
    add_trait(list, cloud->load_balancer_keys, cloud, FAILOVER_LOAD_BALANCER, path, spec);
    add_trait(list, cloud->api_failover_keys, cloud, FAILOVER_API, path, spec);
  }
}

static TraitList find_traits(void) {
  TraitList list = {g_array_new(FALSE, FALSE, sizeof(Trait)),
                    g_ptr_array_new_with_free_func(g_free)};
  scenario_keys_foreach(visit, &list);
  return list;
}

static void traits_clear(TraitList *list) {
  g_array_unref(list->traits);
  g_ptr_array_unref(list->names);
}

/* TRUE where a block holds a value for the trait. */
static gboolean is_set_in(const Node *block, const char *name) {
  g_auto(GStrv) steps = g_strsplit(name, ".", -1);
  for (guint i = 0; steps[i] != NULL && block != NULL; i++)
    block = node_get(block, steps[i]);
  return block != NULL;
}

static gboolean is_set(const ScenarioFile *file, const Trait *trait) {
  const guint index = cloud_place(trait->cloud);
  for (guint i = 0; trait->method != FAILOVER_ROUTE_SERVER && i < scenario_file_count(file); i++) {
    const ScenarioBody *body = scenario_file_get(file, i)->body;
    const BlockHead *block = trait->method == FAILOVER_API ? body->api_failover[index]
                                                           : body->load_balancer[index];
    if (block->node != NULL && is_set_in(block->node, strchr(trait->name, '.') + 1))
      return TRUE;
  }
  if (trait->method != FAILOVER_ROUTE_SERVER)
    return FALSE;
  for (guint i = 0; i < scenario_file_count(file); i++) {
    const GPtrArray *servers = scenario_file_get(file, i)->body->route_servers;
    for (guint j = 0; j < servers->len; j++) {
      const Node *block = ((const ScenarioRouteServer *)servers->pdata[j])->clouds[index];
      if (block != NULL && is_set_in(block, trait->name))
        return TRUE;
    }
  }
  return FALSE;
}

static gboolean ran(const Loaded *loaded, const Options *options, const CloudClass *cloud) {
  if (options->batch.model != NULL)
    return options->batch.model == cloud;
  for (guint i = 0; i < loaded->files->len; i++)
    if (scenario_file_get(loaded->files->pdata[i], 0)->body->models[cloud_place(cloud)])
      return TRUE;
  return FALSE;
}

/* TRUE where some variant of some file fails over in this way. */
static gboolean is_used(const Loaded *loaded, FailoverMethod method) {
  for (guint i = 0; i < loaded->files->len; i++) {
    const ScenarioFile *file = loaded->files->pdata[i];
    for (guint j = 0; j < scenario_file_count(file); j++)
      if (scenario_file_get(file, j)->body->failover == (int)method)
        return TRUE;
  }
  return FALSE;
}

/* "table of 13 values, 0.90s to 5.60s" is enough of one. */
static char *default_text(const KeySpec *spec) {
  g_auto(GStrv) words = g_strsplit(spec->fallback, " ", -1);
  const guint count = g_strv_length(words);
  if (strcmp(words[0], "table") == 0 && count > 2)
    return g_strdup_printf("one of %u values from %s to %s", count - 1, words[1], words[count - 1]);
  if (strcmp(words[0], "uniform") == 0 && count == 3)
    return g_strdup_printf("uniform from %s to %s", words[1], words[2]);
  return g_strdup(spec->fallback);
}

/* Names of the scenarios that set the trait; NULL for none. */
static char *who_sets(const Loaded *loaded, const Trait *trait) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < loaded->files->len; i++) {
    const ScenarioFile *file = loaded->files->pdata[i];
    if (is_set(file, trait))
      g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "",
                             scenario_file_get(file, 0)->body->name);
  }
  return g_string_free(out, out->len == 0);
}

void compare_assumed_table(Report *report, const Loaded *loaded, const Options *options) {
  static const Column columns[] = {{"model", COLUMN_TEXT},
                                   {"trait", COLUMN_TEXT},
                                   {"default", COLUMN_TEXT},
                                   {"fact", COLUMN_TEXT},
                                   {"set_by", COLUMN_TEXT}};
  TraitList list = find_traits();
  report_begin(report, "assumed", NULL, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < list.traits->len; i++) {
    const Trait *trait = &g_array_index(list.traits, Trait, i);
    g_autofree char *who = who_sets(loaded, trait);
    if (!ran(loaded, options, trait->cloud) || !is_used(loaded, trait->method))
      continue;
    report_text(report, trait->cloud->name);
    report_text(report, trait->name);
    report_text(report, trait->spec->fallback);
    report_text(report, trait->spec->fact);
    report_text(report, who);
  }
  report_end(report);
  traits_clear(&list);
}

void compare_assumed_notes(Report *report, const Loaded *loaded, const Options *options) {
  TraitList list = find_traits();
  report_heading(report, "Assumptions that the numbers lean on");
  for (guint i = 0; i < cloud_count(); i++) {
    const CloudClass *cloud = cloud_at(i);
    g_autoptr(GString) line = g_string_new(NULL);
    if (!ran(loaded, options, cloud))
      continue;
    for (guint j = 0; j < list.traits->len; j++) {
      const Trait *trait = &g_array_index(list.traits, Trait, j);
      if (trait->cloud != cloud || !is_used(loaded, trait->method))
        continue;
      g_autofree char *who = who_sets(loaded, trait), *value = default_text(trait->spec);
      g_string_append_printf(line, "%s %s %s (%s", line->len > 0 ? ";" : "", trait->name, value,
                             trait->spec->fact);
      if (who != NULL)
        g_string_append_printf(line, "; set by %s", who);
      g_string_append_c(line, ')');
    }
    g_autofree char *note = g_strdup_printf("%s:%s", cloud->name, line->str);
    report_note(report, note);
  }
  traits_clear(&list);
}
