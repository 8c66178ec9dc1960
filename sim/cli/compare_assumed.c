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
    add_trait(list, cloud->server->keys, cloud, FAILOVER_ROUTE_SERVER, path, spec);
    add_trait(list, cloud->failover->load_balancer_keys, cloud, FAILOVER_LOAD_BALANCER, path, spec);
    add_trait(list, cloud->failover->api_keys, cloud, FAILOVER_API, path, spec);
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

/* ---- the values that were used -------------------------------------------------------------- */

/* One value of a trait, where it stands, and in what it was used. */
typedef struct {
  char *value;
  char *where; /* "f.yaml:14", "--set"; NULL: the default */
  gboolean is_line;
  GPtrArray *names; /* char *: "variant slow", whose value it is */
} Use;

static void use_clear(gpointer data) {
  Use *use = data;
  g_free(use->value);
  g_free(use->where);
  g_ptr_array_unref(use->names);
}

static const Node *find_in(const Node *block, const char *name) {
  g_auto(GStrv) steps = g_strsplit(name, ".", -1);
  for (guint i = 0; steps[i] != NULL && block != NULL; i++)
    block = node_get(block, steps[i]);
  return block;
}

static gboolean is_in_file(const Scenario *scenario, const Node *node) {
  const Source *source = node->mark.source;
  return source != NULL && node->mark.line > 0 && strcmp(source->name, scenario->path) == 0;
}

/* The line of the file that set it, or what else did. */
static char *place_of(const Scenario *scenario, const Node *node) {
  const Source *source = node->mark.source;
  return is_in_file(scenario, node) ? g_strdup_printf("%s:%u", source->name, node->mark.line)
                                    : g_strdup(source != NULL ? source->name : "--set");
}

/* As it stands in the table, but of a table of values how many they are and the ends. */
static char *default_text(const KeySpec *spec) {
  if (spec->type != KEY_DURATION)
    return g_strdup(spec->fallback);
  g_autoptr(Arena) arena = arena_new();
  const Distribution law = keys_default_law(arena, spec);
  g_autoptr(GString) text = g_string_new(NULL);
  switch (law.kind) {
  case DISTRIBUTION_TABLE:
    g_string_append_printf(text, "one of %u values from ", law.count);
    sim_time_append_human(law.table[0], text);
    g_string_append(text, " to ");
    sim_time_append_human(law.table[law.count - 1], text);
    break;
  case DISTRIBUTION_UNIFORM:
    g_string_append(text, "uniform from ");
    sim_time_append_human(law.a, text);
    g_string_append(text, " to ");
    sim_time_append_human(law.b, text);
    break;
  default:
    g_string_append(text, spec->fallback);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* `node` NULL: the default. */
static void note_use(GArray *uses, const Trait *trait, const Scenario *scenario, const Node *node,
                     const char *in) {
  g_autoptr(GString) text = g_string_new(NULL);
  if (node != NULL)
    node_append_flow(node, text);
  g_autofree char *where = node != NULL ? place_of(scenario, node) : NULL;
  g_autofree char *value = node != NULL ? g_strdup(text->str) : default_text(trait->spec);
  Use *use = NULL;
  for (guint i = 0; i < uses->len && use == NULL; i++) {
    Use *other = &g_array_index(uses, Use, i);
    if (strcmp(other->value, value) == 0 && g_strcmp0(other->where, where) == 0)
      use = other;
  }
  if (use == NULL) {
    const Use made = {g_steal_pointer(&value), g_steal_pointer(&where),
                      node != NULL && is_in_file(scenario, node),
                      g_ptr_array_new_with_free_func(g_free)};
    g_array_append_val(uses, made);
    use = &g_array_index(uses, Use, uses->len - 1);
  }
  g_ptr_array_add(use->names, g_strdup(in));
}

/* What tells one use of a trait from others: the scenario where there are several files, the
 * variant, and the route server where there are several. */
static char *name_of_use(const Loaded *loaded, const Scenario *scenario, const char *server) {
  g_autoptr(GString) name = g_string_new(NULL);
  const ScenarioVariant *variant = scenario->variant;
  if (loaded->files->len > 1)
    g_string_append(name, scenario->design->name);
  if (!variant->is_base)
    g_string_append_printf(name, "%svariant %s", name->len > 0 ? " " : "", variant->name);
  else if (name->len == 0)
    g_string_append(name, "the file");
  if (server != NULL)
    g_string_append_printf(name, " at %s", server);
  return g_string_free(g_steal_pointer(&name), FALSE);
}

static void note_uses_of(GArray *uses, const Trait *trait, const Loaded *loaded,
                         const Scenario *scenario) {
  const guint index = cloud_place(trait->cloud);
  const Design *body = scenario->design;
  if (trait->method != FAILOVER_ROUTE_SERVER) {
    const BlockHead *block =
        trait->method == FAILOVER_API ? body->api_failover[index] : body->load_balancer[index];
    g_autofree char *in = name_of_use(loaded, scenario, NULL);
    note_use(uses, trait, scenario, find_in(block->node, strchr(trait->name, '.') + 1), in);
    return;
  }
  for (guint i = 0; i < body->route_servers->len; i++) {
    const DesignRouteServer *server = body->route_servers->pdata[i];
    g_autofree char *in =
        name_of_use(loaded, scenario, body->route_servers->len > 1 ? server->head.name : NULL);
    note_use(uses, trait, scenario, find_in(server->clouds[index], trait->name), in);
  }
}

static gboolean is_run(const Options *options, const Scenario *scenario, const CloudClass *cloud) {
  return (options->batch.model == NULL || options->batch.model == cloud) &&
         scenario->design->models[cloud_place(cloud)];
}

/* The values of a trait in all that ran with it; none where nothing did. */
static GArray *uses_of(const Trait *trait, const Loaded *loaded, const Options *options) {
  GArray *uses = g_array_new(FALSE, FALSE, sizeof(Use));
  g_array_set_clear_func(uses, use_clear);
  for (guint i = 0; i < loaded->files->len; i++) {
    const ScenarioFile *file = loaded->files->pdata[i];
    for (guint j = 0; j < scenario_file_count(file); j++) {
      const Scenario *scenario = scenario_file_get(file, j);
      if (is_run(options, scenario, trait->cloud) &&
          (trait->method == FAILOVER_ROUTE_SERVER || scenario->design->failover == trait->method))
        note_uses_of(uses, trait, loaded, scenario);
    }
  }
  return uses;
}

/* ---- for programs ---------------------------------------------------------------------------- */

void compare_assumed_table(Report *report, const Loaded *loaded, const Options *options) {
  static const Column columns[] = {{"model", COLUMN_TEXT},   {"trait", COLUMN_TEXT},
                                   {"default", COLUMN_TEXT}, {"fact", COLUMN_TEXT},
                                   {"set_by", COLUMN_TEXT},  {"value", COLUMN_TEXT},
                                   {"set_at", COLUMN_TEXT}};
  TraitList list = find_traits();
  report_begin(report, "assumed", NULL, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < list.traits->len; i++) {
    const Trait *trait = &g_array_index(list.traits, Trait, i);
    g_autoptr(GArray) uses = uses_of(trait, loaded, options);
    for (guint j = 0; j < uses->len; j++) {
      const Use *use = &g_array_index(uses, Use, j);
      g_autoptr(GString) names = g_string_new(NULL);
      for (guint k = 0; k < use->names->len; k++)
        g_string_append_printf(names, "%s%s", k > 0 ? ", " : "", (char *)use->names->pdata[k]);
      report_text(report, trait->cloud->name);
      report_text(report, trait->name);
      report_text(report, trait->spec->fallback);
      report_text(report, trait->spec->fact);
      report_text(report, use->where != NULL ? names->str : NULL);
      report_text(report, use->where != NULL ? use->value : trait->spec->fallback);
      report_text(report, use->where);
    }
  }
  report_end(report);
  traits_clear(&list);
}

/* ---- for people ------------------------------------------------------------------------------ */

#define LINE_WIDTH 80
#define MOST_NAMES 4u

char *compare_wrapped(const char *text) {
  g_auto(GStrv) words = g_strsplit(text, " ", -1);
  g_autoptr(GString) out = g_string_new(NULL);
  glong column = 0;
  for (guint i = 0; words[i] != NULL; i++) {
    const glong width = g_utf8_strlen(words[i], -1);
    const gboolean fits = column + 1 + width <= LINE_WIDTH;
    if (i > 0)
      g_string_append(out, fits ? " " : "\n  ");
    column = (i == 0 ? 0 : fits ? column + 1 : 2) + width;
    g_string_append(out, words[i]);
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

/* The value of most, which needs no names; the first of equals. */
static guint usual_use(const GArray *uses) {
  guint usual = 0;
  for (guint i = 1; i < uses->len; i++)
    if (g_array_index(uses, Use, i).names->len > g_array_index(uses, Use, usual).names->len)
      usual = i;
  return usual;
}

static void append_place(GString *line, const Use *use) {
  if (use->where != NULL)
    g_string_append_printf(line, "set %s %s", use->is_line ? "at" : "by", use->where);
}

/* ", 180s in variant slow (set at f.yaml:60)" */
static void append_other_use(GString *line, const Use *use) {
  g_string_append_printf(line, ", %s in ", use->value);
  for (guint i = 0; i < MIN(use->names->len, MOST_NAMES); i++)
    g_string_append_printf(line, "%s%s", i > 0 ? ", " : "", (char *)use->names->pdata[i]);
  if (use->names->len > MOST_NAMES)
    g_string_append_printf(line, " and %u more", use->names->len - MOST_NAMES);
  g_string_append(line, " (");
  append_place(line, use);
  g_string_append(line, use->where != NULL ? ")" : "default)");
}

/* "hold 30s (AWS-3.7)", "hold 90s (set at f.yaml:14; default 30s, AWS-3.7)", and behind it what
 * differs from that. */
static void append_trait(GString *line, const Trait *trait, const GArray *uses) {
  const guint usual = usual_use(uses);
  const Use *use = &g_array_index(uses, Use, usual);
  g_autofree char *value = default_text(trait->spec);
  g_string_append_printf(line, "%s %s %s (", line->len > 0 ? ";" : "", trait->name, use->value);
  append_place(line, use);
  if (use->where != NULL)
    g_string_append_printf(line, "; default %s, ", value);
  g_string_append_printf(line, "%s)", trait->spec->fact);
  for (guint i = 0; i < uses->len; i++)
    if (i != usual)
      append_other_use(line, &g_array_index(uses, Use, i));
}

void compare_assumed_notes(Report *report, const Loaded *loaded, const Options *options) {
  TraitList list = find_traits();
  gboolean any = FALSE;
  for (guint i = 0; i < cloud_count(); i++) {
    const CloudClass *cloud = cloud_at(i);
    g_autoptr(GString) line = g_string_new(NULL);
    for (guint j = 0; j < list.traits->len; j++) {
      const Trait *trait = &g_array_index(list.traits, Trait, j);
      g_autoptr(GArray) uses = uses_of(trait, loaded, options);
      if (trait->cloud == cloud && uses->len > 0)
        append_trait(line, trait, uses);
    }
    if (line->len == 0)
      continue;
    if (!any)
      report_heading(report, "Assumptions that the numbers lean on");
    any = TRUE;
    g_autofree char *note = g_strdup_printf("%s:%s", cloud->name, line->str);
    g_autofree char *lines = compare_wrapped(note);
    report_note(report, lines);
  }
  traits_clear(&list);
}
