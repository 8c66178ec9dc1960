/* Which traits a design has, where they stand in its file, and the values between their ends. */
#include <math.h>
#include <string.h>

#include "sensitivity_private.h"

const CloudClass *sensitivity_cloud_of(const char *path) {
  g_auto(GStrv) steps = g_strsplit(path, ".", -1);
  for (guint i = 0; steps[i] != NULL; i++)
    if (cloud_find(steps[i]) != NULL)
      return cloud_find(steps[i]);
  return NULL;
}

/* ---- where a trait stands ----------------------------------------------------------------- */

typedef struct {
  const char *path;
  char **block;      /* as SensitivityTrait has them */
  const Node *value; /* NULL: the default */
} Place;

typedef struct {
  Arena *arena;
  const Design *design;
  char **steps;
  GArray *places; /* Place */
} Search;

/* A block that is read with its defaults where a file has none: of a cloud, and of the method. */
static gboolean is_there_anyway(const Search *search, guint step) {
  const char *name = search->steps[step];
  const FailoverMethod method = search->design->failover;
  return cloud_find(name) != NULL ||
         (step == 0 && method == FAILOVER_LOAD_BALANCER && strcmp(name, "load_balancer") == 0) ||
         (step == 0 && method == FAILOVER_API && strcmp(name, "api_failover") == 0);
}

static char *join(const char *place, const char *key) {
  return place[0] != '\0' ? g_strconcat(place, ".", key, NULL) : g_strdup(key);
}

/* Nothing stands at `place`: the blocks from `step` on are written there around the value, unless a
 * block would come to be by that which does more than hold it. */
static void add_written(const Search *search, const char *place, guint step) {
  const guint count = g_strv_length(search->steps) - step;
  char **block = arena_array(search->arena, char *, count + 1);
  for (guint i = 0; i < count; i++) {
    if (i + 1 < count && !is_there_anyway(search, step + i))
      return;
    block[i] = arena_strdup(search->arena, search->steps[step + i]);
  }
  const Place one = {arena_strdup(search->arena, place), block, NULL};
  g_array_append_val(search->places, one);
}

static void find_places(const Search *search, const Node *node, const char *place, guint step) {
  const char *name = search->steps[step];
  if (name == NULL) {
    const Place one = {arena_strdup(search->arena, place), arena_new0(search->arena, char *), node};
    g_array_append_val(search->places, one);
    return;
  }
  if (node_is_absent(node)) {
    add_written(search, place, step);
    return;
  }
  if (node->kind != NODE_MAPPING)
    return; /* a list: what stands in it keeps its defaults */
  for (guint i = 0; i < node->keys->len; i++) {
    const char *key = ((const Node *)node->keys->pdata[i])->text;
    g_autofree char *below = join(place, key);
    if (strcmp(name, "*") == 0 || strcmp(key, name) == 0)
      find_places(search, node->values->pdata[i], below, step + 1);
  }
  if (strcmp(name, "*") == 0 || node_get(node, name) != NULL)
    return;
  g_autofree char *below = join(place, name);
  if (search->steps[step + 1] != NULL && is_there_anyway(search, step)) {
    add_written(search, below, step + 1);
  } else if (search->steps[step + 1] == NULL) {
    const Place one = {arena_strdup(search->arena, below), arena_new0(search->arena, char *), NULL};
    g_array_append_val(search->places, one);
  }
}

/* ---- values -------------------------------------------------------------------------------- */

/* What lies in order, as one number; FALSE: a word, or a law with several values. */
static gboolean number_of(const KeySpec *spec, const char *text, double *number) {
  const char *why;
  char *end;
  SimTime time;
  if (spec->type == KEY_DURATION) {
    const gboolean is_time = sim_time_parse(text, &time, &why);
    *number = is_time ? (double)time.ns : 0;
    return is_time;
  }
  *number = g_ascii_strtod(text, &end);
  return (spec->type == KEY_COUNT && end != text && *end == '\0') ||
         (spec->type == KEY_SHARE && end != text && strcmp(end, "%") == 0);
}

/* In the largest unit that tells it whole. */
static const char *duration_text(Arena *arena, gint64 ns) {
  static const struct {
    gint64 ns;
    const char *name;
  } units[] = {
      {SIM_SECOND, "s"}, {SIM_SECOND / 1000, "ms"}, {SIM_SECOND / 1000000, "us"}, {1, "ns"}};
  guint i = 0;
  while (ns % units[i].ns != 0)
    i++;
  return arena_printf(arena, "%" G_GINT64_FORMAT "%s", ns / units[i].ns, units[i].name);
}

static const char *text_of(Arena *arena, const KeySpec *spec, double number) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  const double whole = floor(number + 0.5);
  if (spec->type == KEY_DURATION)
    return duration_text(arena, (gint64)whole);
  if (spec->type == KEY_COUNT)
    return arena_printf(arena, "%" G_GINT64_FORMAT,
                        MAX((gint64)whole, spec->least != spec->most ? spec->least : 0));
  return arena_printf(arena, "%s%%", g_ascii_formatd(text, sizeof text, "%.6f", MIN(number, 100)));
}

const char *sensitivity_value_at(Arena *arena, const SensitivityTrait *trait, double place) {
  double low, high;
  if (!number_of(trait->spec, trait->low, &low) || !number_of(trait->spec, trait->high, &high))
    return place < 0.5 ? trait->low : trait->high;
  if (trait->spec->type == KEY_COUNT && trait->spec->fallback != NULL && !trait->is_set)
    return place < 1 / 3. ? trait->low : place < 2 / 3. ? trait->spec->fallback : trait->high;
  if (trait->spec->type == KEY_DURATION && fmod(low, SIM_SECOND) == 0 &&
      fmod(high, SIM_SECOND) == 0) /* such as hold times, which must be whole seconds */
    return text_of(arena, trait->spec,
                   low + floor((high - low) / SIM_SECOND * place + 0.5) * SIM_SECOND);
  return text_of(arena, trait->spec, low + (high - low) * place);
}

/* ---- settings -------------------------------------------------------------------------------- */

/* What stands at a place, or under a key there: a value, or keys. */
typedef struct {
  const char *key; /* of the root's children their path */
  const char *value;
  GPtrArray *below; /* Branch * */
} Branch;

struct ValueTree {
  Arena *arena;
  Branch root;
};

ValueTree *value_tree_new(Arena *arena) {
  ValueTree *tree = arena_new0(arena, ValueTree);
  *tree = (ValueTree){arena, {.below = arena_ptr_array(arena)}};
  return tree;
}

static Branch *branch_at(const ValueTree *tree, const Branch *under, const char *key) {
  for (guint i = 0; i < under->below->len; i++) {
    Branch *branch = under->below->pdata[i];
    if (strcmp(branch->key, key) == 0)
      return branch;
  }
  Branch *branch = arena_new0(tree->arena, Branch);
  *branch = (Branch){.key = key, .below = arena_ptr_array(tree->arena)};
  g_ptr_array_add(under->below, branch);
  return branch;
}

void value_tree_add(ValueTree *tree, const SensitivityTrait *trait, const char *value) {
  for (guint i = 0; i < trait->places->len; i++) {
    Branch *branch = branch_at(tree, &tree->root, trait->places->pdata[i]);
    char **keys = trait->blocks->pdata[i];
    for (guint k = 0; keys[k] != NULL; k++)
      branch = branch_at(tree, branch, keys[k]);
    branch->value = value;
  }
}

static void append_branch(GString *out, const Branch *branch) {
  if (branch->value != NULL) {
    g_string_append(out, branch->value);
    return;
  }
  for (guint i = 0; i < branch->below->len; i++) {
    const Branch *below = branch->below->pdata[i];
    g_string_append_printf(out, "%s%s: ", i == 0 ? "{" : ", ", below->key);
    append_branch(out, below);
  }
  g_string_append_c(out, '}');
}

GArray *value_tree_settings(const ValueTree *tree) {
  GArray *settings = g_array_new(FALSE, FALSE, sizeof(ScenarioSetting));
  for (guint i = 0; i < tree->root.below->len; i++) {
    const Branch *place = tree->root.below->pdata[i];
    g_autoptr(GString) text = g_string_new(NULL);
    append_branch(text, place);
    const ScenarioSetting setting = {place->key, arena_strdup(tree->arena, text->str)};
    g_array_append_val(settings, setting);
  }
  return settings;
}

/* ---- traits ---------------------------------------------------------------------------------- */

typedef struct {
  Arena *arena;
  const Design *design;
  GHashTable *seen; /* paths */
  GPtrArray *traits;
} Finder;

/* A value that is set is moved by the factors that the range has around the default. */
static void move_around(Arena *arena, SensitivityTrait *trait, const Node *value) {
  const KeySpec *spec = trait->spec;
  double low, high, usual, own;
  if (value->kind != NODE_SCALAR || spec->fallback == NULL || !number_of(spec, trait->low, &low) ||
      !number_of(spec, trait->high, &high) || !number_of(spec, spec->fallback, &usual) ||
      !number_of(spec, value->text, &own) || usual <= 0 || own <= 0)
    return;
  trait->low = text_of(arena, spec, own * low / usual);
  trait->high = text_of(arena, spec, own * high / usual);
}

static char *flow_of(const Node *node) {
  GString *text = g_string_new(NULL);
  if (node != NULL)
    node_append_flow(node, text);
  return g_string_free(text, FALSE);
}

static SensitivityTrait *add_trait(const Finder *finder, const char *path, const KeySpec *spec,
                                   const Node *value) {
  SensitivityTrait *trait = arena_new0(finder->arena, SensitivityTrait);
  *trait = (SensitivityTrait){.path = path,
                              .spec = spec,
                              .is_set = value != NULL,
                              .low = spec->low,
                              .high = spec->high,
                              .places = arena_ptr_array(finder->arena),
                              .blocks = arena_ptr_array(finder->arena)};
  if (value != NULL)
    move_around(finder->arena, trait, value);
  g_ptr_array_add(finder->traits, trait);
  return trait;
}

/* Places of one value are moved together: those of the default, and of each that is set. */
static void add_traits(const Finder *finder, const char *path, const KeySpec *spec,
                       const GArray *places) {
  g_autoptr(GHashTable) by_value = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < places->len; i++) {
    const Place *place = &g_array_index(places, Place, i);
    char *value = flow_of(place->value);
    SensitivityTrait *trait = g_hash_table_lookup(by_value, value);
    if (trait == NULL) {
      trait = add_trait(finder, place->value != NULL ? place->path : path, spec, place->value);
      g_hash_table_insert(by_value, value, trait);
    } else {
      g_free(value);
    }
    g_ptr_array_add(trait->places, (gpointer)place->path);
    g_ptr_array_add(trait->blocks, place->block);
  }
}

static void visit(const char *path, const KeySpec *spec, gpointer data) {
  const Finder *finder = data;
  const CloudClass *cloud = sensitivity_cloud_of(path);
  if (spec->low == NULL || g_hash_table_contains(finder->seen, path) ||
      (cloud != NULL && !finder->design->models[cloud_place(cloud)]))
    return;
  char *own = arena_strdup(finder->arena, path);
  g_hash_table_add(finder->seen, own);
  g_auto(GStrv) steps = g_strsplit(path, ".", -1);
  g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));
  const Search search = {finder->arena, finder->design, steps, places};
  find_places(&search, finder->design->head.node, "", 0);
  add_traits(finder, own, spec, places);
}

/* ---- ranges of the call ------------------------------------------------------------------------
 */

static gboolean set_range(const Finder *finder, const char *text, GError **error) {
  const char *equals = strchr(text, '='), *dots = equals != NULL ? strstr(equals, "..") : NULL;
  gboolean found = FALSE;
  if (dots == NULL || dots == equals + 1 || dots[2] == '\0') {
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "--range takes TRAIT=LOW..HIGH, as in route_servers.*.azure.program=1s..5s, not "
                "'%s'",
                text);
    return FALSE;
  }
  g_autofree char *name = g_strndup(text, (gsize)(equals - text));
  for (guint i = 0; i < finder->traits->len; i++) {
    SensitivityTrait *trait = finder->traits->pdata[i];
    if (!g_str_has_suffix(trait->path, name))
      continue;
    trait->low = arena_printf(finder->arena, "%.*s", (int)(dots - equals - 1), equals + 1);
    trait->high = arena_strdup(finder->arena, dots + 2);
    found = TRUE;
  }
  if (!found)
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "--range: this scenario has no trait '%s' that can be moved", name);
  return found;
}

GPtrArray *sensitivity_find_traits(Arena *arena, const Design *design, const char *const *ranges,
                                   GError **error) {
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  Finder finder = {arena, design, seen, arena_ptr_array(arena)};
  scenario_keys_foreach(visit, &finder);
  for (guint i = 0; ranges != NULL && ranges[i] != NULL; i++)
    if (!set_range(&finder, ranges[i], error))
      return NULL;
  return finder.traits;
}
