/* The assumptions that numbers lean on: traits of the clouds whose default no source gives. */
#include <string.h>

#include "compare_private.h"
#include "text_private.h"
#include "routesim/cloud/fabric.h"
#include "routesim/cloud/failover.h"
#include "routesim/cloud/gateway.h"
#include "routesim/cloud/route_server.h"

/* Whose block a trait stands in. */
typedef enum {
  OWNER_SERVER,
  OWNER_LOAD_BALANCER,
  OWNER_API,
  OWNER_VPN_GATEWAY,
  OWNER_CIRCUIT_GATEWAY,
  OWNER_NAT_GATEWAY,
  OWNER_CIRCUIT,
  OWNER_COUNT
} TraitOwner;

/* What tells apart traits of one name; those of route servers need no word. */
static const char *const owner_words[OWNER_COUNT] = {
    [OWNER_LOAD_BALANCER] = "load-balancer", [OWNER_API] = "api",
    [OWNER_VPN_GATEWAY] = "vpn-gateway",     [OWNER_CIRCUIT_GATEWAY] = "circuit-gateway",
    [OWNER_NAT_GATEWAY] = "nat-gateway",     [OWNER_CIRCUIT] = "circuit"};

typedef struct {
  const CloudClass *cloud;
  TraitOwner owner;
  const char *name; /* "program", "bfd.interval", "circuit.converge" */
  const char *own;  /* ... in its block: "converge" */
  const KeySpec *spec;
} Trait;

typedef struct {
  GArray *traits;   /* Trait */
  GPtrArray *names; /* owns names */
  /* The table that is being visited. */
  const CloudClass *cloud;
  TraitOwner owner;
  const KeyTable *table;
} TraitList;

static void visit(const char *path, const KeySpec *spec, gpointer data) {
  TraitList *list = data;
  if (spec->basis != BASIS_ASSUMED || spec->fallback == NULL)
    return;
  const char *word = owner_words[list->owner];
  char *name = g_strconcat(word != NULL ? word : "", word != NULL ? "." : "",
                           path + strlen(list->table->path) + 1, NULL);
  const Trait trait = {list->cloud, list->owner, name,
                       word != NULL ? name + strlen(word) + 1 : name, spec};
  g_ptr_array_add(list->names, name);
  g_array_append_val(list->traits, trait);
}

static void find_traits_of(TraitList *list, const CloudClass *cloud) {
  const KeyTable *const tables[OWNER_COUNT] = {
      [OWNER_SERVER] = cloud->server->keys,
      [OWNER_LOAD_BALANCER] = cloud->failover->load_balancer_keys,
      [OWNER_API] = cloud->failover->api_keys,
      [OWNER_VPN_GATEWAY] = cloud->gateways->kinds[GATEWAY_VPN].keys,
      [OWNER_CIRCUIT_GATEWAY] = cloud->gateways->kinds[GATEWAY_CIRCUIT].keys,
      [OWNER_NAT_GATEWAY] = cloud->edges != NULL ? cloud->edges->nat_keys : NULL,
      [OWNER_CIRCUIT] = cloud->circuits != NULL ? cloud->circuits->keys : NULL};
  list->cloud = cloud;
  for (TraitOwner owner = 0; owner < OWNER_COUNT; owner++) {
    list->owner = owner;
    list->table = tables[owner];
    if (list->table != NULL)
      keys_foreach(list->table, visit, list);
  }
}

static TraitList find_traits(void) {
  TraitList list = {.traits = g_array_new(FALSE, FALSE, sizeof(Trait)),
                    .names = g_ptr_array_new_with_free_func(g_free)};
  for (guint i = 0; i < cloud_count(); i++)
    find_traits_of(&list, cloud_at(i));
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
 * variant, and the block where there are several. */
static char *name_of_use(const Loaded *loaded, const Scenario *scenario, const char *block) {
  g_autoptr(GString) name = g_string_new(NULL);
  const ScenarioVariant *variant = scenario->variant;
  if (loaded->files->len > 1)
    g_string_append(name, scenario->design->name);
  if (!variant->is_base)
    g_string_append_printf(name, "%svariant %s", name->len > 0 ? " " : "", variant->name);
  else if (name->len == 0)
    g_string_append(name, "the file");
  if (block != NULL)
    g_string_append_printf(name, " at %s", block);
  return g_string_free(g_steal_pointer(&name), FALSE);
}

/* A block that has the trait; `node` NULL: with all its defaults. */
typedef struct {
  const char *name; /* of the thing; NULL: the scenario's */
  const Node *node;
} TraitBlock;

static void add_block(GArray *blocks, const char *name, const Node *node) {
  const TraitBlock block = {name, node};
  g_array_append_val(blocks, block);
}

static void add_gateways(GArray *blocks, const Design *body, DesignGatewayKind kind, guint cloud) {
  for (guint i = 0; i < body->gateways->len; i++) {
    const DesignGateway *gateway = body->gateways->pdata[i];
    if (gateway->kind == kind)
      add_block(blocks, gateway->head.name, gateway->clouds[cloud]);
  }
}

/* The blocks of a scenario that have the trait; a scenario's load balancer and script have it where
 * they are what moves its traffic. Caller unrefs. */
static GArray *blocks_of(const Trait *trait, const Design *body) {
  const guint cloud = cloud_place(trait->cloud);
  GArray *blocks = g_array_new(FALSE, FALSE, sizeof(TraitBlock));
  switch (trait->owner) {
  case OWNER_SERVER:
    for (guint i = 0; i < body->route_servers->len; i++) {
      const DesignRouteServer *server = body->route_servers->pdata[i];
      add_block(blocks, server->head.name, server->clouds[cloud]);
    }
    break;
  case OWNER_LOAD_BALANCER:
    if (body->failover == FAILOVER_LOAD_BALANCER)
      add_block(blocks, NULL, ((const BlockHead *)body->load_balancer[cloud])->node);
    break;
  case OWNER_API:
    if (body->failover == FAILOVER_API)
      add_block(blocks, NULL, ((const BlockHead *)body->api_failover[cloud])->node);
    break;
  case OWNER_VPN_GATEWAY:
    add_gateways(blocks, body, DESIGN_GATEWAY_VPN, cloud);
    break;
  case OWNER_CIRCUIT_GATEWAY:
    add_gateways(blocks, body, DESIGN_GATEWAY_CIRCUIT, cloud);
    break;
  case OWNER_NAT_GATEWAY:
    add_gateways(blocks, body, DESIGN_GATEWAY_NAT, cloud);
    break;
  case OWNER_CIRCUIT:
    for (guint i = 0; i < body->circuits->len; i++) {
      const DesignCircuit *circuit = body->circuits->pdata[i];
      add_block(blocks, circuit->head.name, circuit->clouds[cloud]);
    }
    break;
  default:
    g_assert_not_reached();
  }
  return blocks;
}

static void note_uses_of(GArray *uses, const Trait *trait, const Loaded *loaded,
                         const Scenario *scenario) {
  g_autoptr(GArray) blocks = blocks_of(trait, scenario->design);
  for (guint i = 0; i < blocks->len; i++) {
    const TraitBlock *block = &g_array_index(blocks, TraitBlock, i);
    g_autofree char *in = name_of_use(loaded, scenario, blocks->len > 1 ? block->name : NULL);
    note_use(uses, trait, scenario, find_in(block->node, trait->own), in);
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
      if (is_run(options, scenario, trait->cloud))
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

#define MOST_NAMES 4u

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
    g_autofree char *lines = text_wrapped(note);
    report_note(report, lines);
  }
  traits_clear(&list);
}
