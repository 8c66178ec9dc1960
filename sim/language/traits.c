/* Files of traits: paths of the reference with values, set in the tree before variants. */
#include <string.h>

#include "routesim/language/compose.h"
#include "language_private.h"

/* ---- keys of the reference ------------------------------------------------------------------ */

typedef struct {
  const char *path;
  const KeySpec *spec;
} Key;

typedef struct {
  Arena *arena;
  GHashTable *seen;
  GArray *keys; /* Key, as the reference has them */
} Keys;

static void add_key(const char *path, const KeySpec *spec, gpointer data) {
  const Keys *keys = data;
  if (g_hash_table_contains(keys->seen, path))
    return;
  const Key key = {arena_strdup(keys->arena, path), spec};
  g_hash_table_add(keys->seen, (gpointer)key.path);
  g_array_append_val(keys->keys, key);
}

static GArray *all_keys(Arena *arena) {
  Keys keys = {arena, arena_hash_table(arena, g_str_hash, g_str_equal),
               arena_growing_array(arena, sizeof(Key))};
  scenario_keys_foreach(add_key, &keys);
  return keys.keys;
}

static gboolean is_number(const char *step) {
  return step[0] != '\0' && strspn(step, "0123456789") == strlen(step);
}

/* What users write in full: a name or a pattern for each '*', and items of lists by number or not.
 */
static gboolean is_full(char **steps, char **key) {
  while (*steps != NULL && *key != NULL) {
    if (strcmp(*key, *steps) == 0 || strcmp(*key, "*") == 0)
      key++;
    else if (!is_number(*steps) && strcmp(*steps, "*") != 0)
      return FALSE;
    steps++;
  }
  return *steps == NULL && *key == NULL;
}

static gboolean is_tail(char **steps, char **key) {
  const guint own = g_strv_length(steps), all = g_strv_length(key);
  for (guint i = 0; own < all && i < own; i++)
    if (strcmp(steps[i], key[all - own + i]) != 0)
      return FALSE;
  return own < all;
}

/* ---- places --------------------------------------------------------------------------------- */

/* `steps` is what the user wrote, and `key` the path of the reference that it means. */
typedef struct {
  Arena *arena;
  const Node *root;
  char **steps, **key;
  const Node *value; /* NULL: places are only counted */
  Mark mark;
  gboolean in_list; /* what stands in a list keeps its defaults */
  guint places;
  const Node *first; /* value that was there */
} Walk;

static gboolean names_model(const Node *models, const CloudClass *cloud) {
  if (node_is_absent(models))
    return !cloud->only_named;
  if (models->kind != NODE_SEQUENCE)
    return strcmp(models->text, cloud->name) == 0;
  for (guint i = 0; i < models->values->len; i++)
    if (strcmp(((const Node *)models->values->pdata[i])->text, cloud->name) == 0)
      return TRUE;
  return FALSE;
}

/* A block of a cloud that the scenario does not run under is no place. */
static gboolean is_of_no_model(const Walk *walk, char **key) {
  const CloudClass *cloud = strcmp(*key, "*") != 0 ? cloud_find(*key) : NULL;
  return cloud != NULL && !names_model(node_get(walk->root, "models"), cloud);
}

/* A block that is read with its defaults where a file has none: of a cloud, and of the method. */
static gboolean is_there_anyway(const Walk *walk, char **key) {
  const Node *method = node_get(walk->root, "failover");
  const char *word = method != NULL && method->kind == NODE_SCALAR ? method->text : "";
  if (key != walk->key)
    return cloud_find(*key) != NULL;
  return (strcmp(*key, "load_balancer") == 0 &&
          strcmp(word, failover_methods[FAILOVER_LOAD_BALANCER]) == 0) ||
         (strcmp(*key, "api_failover") == 0 && strcmp(word, failover_methods[FAILOVER_API]) == 0);
}

static void walk_to(Walk *walk, Node *node, char **steps, char **key);

static void walk_list(Walk *walk, const Node *list, char **steps, char **key) {
  const gboolean by_number = is_number(*steps), all = strcmp(*steps, "*") == 0;
  const gboolean was_in_list = walk->in_list;
  walk->in_list = TRUE;
  for (guint i = 0; i < list->values->len; i++)
    if (!by_number || g_ascii_strtoull(*steps, NULL, 10) == i)
      walk_to(walk, list->values->pdata[i], by_number || all ? steps + 1 : steps, key);
  walk->in_list = was_in_list;
}

static void set_value(Walk *walk, Node *mapping, guint index) {
  walk->places++;
  if (walk->first == NULL)
    walk->first = mapping->values->pdata[index];
  if (walk->value != NULL)
    mapping->values->pdata[index] = node_copy(walk->arena, walk->value);
}

/* A key that is missing, or a block that would hold it. */
static void add_below(Walk *walk, Node *mapping, char **steps, char **key) {
  Node *name = node_new_scalar(walk->arena, *key, walk->mark), *value;
  if (key[1] == NULL) {
    walk->places += !walk->in_list;
    value = walk->value != NULL ? node_copy(walk->arena, walk->value) : NULL;
  } else {
    if (!is_there_anyway(walk, key))
      return;
    value = node_new(walk->arena, NODE_MAPPING, walk->mark);
    walk_to(walk, value, steps + 1, key + 1);
  }
  if (walk->value != NULL && !walk->in_list)
    node_put(mapping, name, value);
}

static void walk_mapping(Walk *walk, Node *mapping, char **steps, char **key) {
  const gboolean is_name = strcmp(*key, "*") == 0;
  gboolean found = FALSE;
  for (guint i = 0; i < mapping->keys->len; i++) {
    const char *own = ((const Node *)mapping->keys->pdata[i])->text;
    if (is_name ? !g_pattern_match_simple(*steps, own) : strcmp(*key, own) != 0)
      continue;
    found = TRUE;
    if (key[1] == NULL)
      set_value(walk, mapping, i);
    else
      walk_to(walk, mapping->values->pdata[i], steps + 1, key + 1);
  }
  if (!found && !is_name)
    add_below(walk, mapping, steps, key);
}

static void walk_to(Walk *walk, Node *node, char **steps, char **key) {
  if (*steps == NULL || is_of_no_model(walk, key))
    return;
  if (node_is_absent(node)) { /* `rs:` with nothing in it yet */
    if (walk->value == NULL)
      node = node_new(walk->arena, NODE_MAPPING, node->mark);
    else
      *node = *node_new(walk->arena, NODE_MAPPING, node->mark);
  }
  if (node->kind == NODE_SEQUENCE)
    walk_list(walk, node, steps, key);
  else if (node->kind == NODE_MAPPING)
    walk_mapping(walk, node, steps, key);
}

/* Where `value` is NULL, `first` gets the first that was there. */
static guint set_places(Arena *arena, const Node *root, char **steps, const char *path,
                        const Node *value, Mark mark, const Node **first) {
  g_auto(GStrv) key = g_strsplit(path, ".", -1);
  Walk walk = {arena, root, steps, key, value, mark, FALSE, 0, NULL};
  walk_to(&walk, (Node *)root, steps, key);
  if (first != NULL)
    *first = walk.first;
  return walk.places;
}

static guint count_places(Arena *arena, const Node *root, const char *path) {
  g_auto(GStrv) steps = g_strsplit(path, ".", -1);
  return set_places(arena, root, steps, path, NULL, root->mark, NULL);
}

/* ---- names ---------------------------------------------------------------------------------- */

/* What stands in the reference most like it: all of a path, or as much of its end. */
static const char *nearest(Arena *arena, const GArray *keys, const char *name, guint count) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; i < keys->len; i++) {
    g_auto(GStrv) key = g_strsplit(g_array_index(keys, Key, i).path, ".", -1);
    const guint all = g_strv_length(key);
    if (all >= count) {
      g_autofree char *tail = g_strjoinv(".", key + all - count);
      g_ptr_array_add(names, arena_strdup(arena, tail));
    }
  }
  g_ptr_array_add(names, NULL);
  return closest_name(name, (const char *const *)names->pdata);
}

static char *tell_unknown(Arena *arena, const GArray *keys, const char *name, char **steps) {
  const char *near = nearest(arena, keys, name, g_strv_length(steps));
  if (near == NULL)
    return arena_printf(arena, "the reference has no trait '%s'", name);
  return arena_printf(arena, "the reference has no trait '%s' (did you mean '%s'?)", name, near);
}

static char *tell_several(Arena *arena, const GArray *meant, const char *name) {
  g_autoptr(GString) out = g_string_new(NULL);
  for (guint i = 0; i < meant->len; i++)
    g_string_append_printf(out, "%s'%s'",
                           i == 0               ? ""
                           : i + 1 < meant->len ? ", "
                                                : " or ",
                           g_array_index(meant, Key, i).path);
  return arena_printf(arena, "'%s' may be %s: write one of them", name, out->str);
}

/* Of several that end alike, those count that this scenario has. */
static void drop_absent(Arena *arena, const Node *root, GArray *meant) {
  for (guint i = meant->len; i-- > 0 && meant->len > 1;)
    if (count_places(arena, root, g_array_index(meant, Key, i).path) == 0)
      g_array_remove_index(meant, i);
}

static gboolean find_key(Arena *arena, const Node *root, const char *name, Key *found,
                         const char **wrong) {
  const GArray *keys = all_keys(arena);
  g_auto(GStrv) steps = g_strsplit(name, ".", -1);
  g_autoptr(GArray) meant = g_array_new(FALSE, FALSE, sizeof(Key));
  for (guint i = 0; i < keys->len; i++) {
    const Key key = g_array_index(keys, Key, i);
    g_auto(GStrv) full = g_strsplit(key.path, ".", -1);
    if (is_full(steps, full)) {
      *found = key;
      return TRUE;
    }
    if (name[0] != '\0' && is_tail(steps, full))
      g_array_append_val(meant, key);
  }
  drop_absent(arena, root, meant);
  if (meant->len == 1)
    *found = g_array_index(meant, Key, 0);
  else
    *wrong =
        meant->len == 0 ? tell_unknown(arena, keys, name, steps) : tell_several(arena, meant, name);
  return meant->len == 1;
}

const KeySpec *scenario_find_trait(Arena *arena, const Design *design, const char *name,
                                   ScenarioTraitPlace *place, const char **wrong) {
  Key key;
  const Node *root = design->head.node;
  if (!find_key(arena, root, name, &key, wrong))
    return NULL;
  g_auto(GStrv) steps = g_strsplit(name, ".", -1), full = g_strsplit(key.path, ".", -1);
  const gboolean whole = is_full(steps, full);
  place->key = key.path;
  place->path = arena_strdup(arena, whole ? name : key.path);
  place->places =
      set_places(arena, root, whole ? steps : full, key.path, NULL, root->mark, &place->value);
  return key.spec;
}

/* What makes a file the file that it is, and what is said once, of all its variants. */
gboolean scenario_tell_fixed(KeyReader *reader, const char *what, const char *path, Mark mark) {
  static const char *const fixed[] = {"name", "traits", "variants", "sweep", "expect", "measured"};
  for (guint i = 0; i < G_N_ELEMENTS(fixed); i++) {
    const gsize length = strlen(fixed[i]);
    if (strncmp(path, fixed[i], length) == 0 && (path[length] == '\0' || path[length] == '.')) {
      diagnostics_add(reader->diagnostics, SEVERITY_ERROR, mark, "%s cannot change '%s'", what,
                      fixed[i]);
      return TRUE;
    }
  }
  return FALSE;
}

/* ---- a file ---------------------------------------------------------------------------------- */

typedef struct {
  const char *path, *key; /* where it is set, and what the reference calls that */
  const Node *name, *value;
} Trait;

/* As variants do: a '*' comes before every name, so the special wins over the general. */
static int compare_traits(gconstpointer a, gconstpointer b) {
  return strcmp(((const Trait *)a)->path, ((const Trait *)b)->path);
}

static void read_trait(KeyReader *reader, const Node *root, const Node *name, const Node *value,
                       GArray *traits) {
  const char *wrong;
  Key key;
  if (scenario_tell_fixed(reader, "a file of traits", name->text, name->mark))
    return;
  if (!find_key(reader->arena, root, name->text, &key, &wrong)) {
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, name->mark, "%s", wrong);
    return;
  }
  g_auto(GStrv) steps = g_strsplit(name->text, ".", -1), full = g_strsplit(key.path, ".", -1);
  const Trait trait = {is_full(steps, full) ? name->text : key.path, key.path, name, value};
  g_array_append_val(traits, trait);
}

static void apply_trait(KeyReader *reader, Node *root, const Trait *trait) {
  g_auto(GStrv) steps = g_strsplit(trait->path, ".", -1);
  if (set_places(reader->arena, root, steps, trait->key, trait->value, trait->name->mark, NULL) ==
      0)
    diagnostics_add(reader->diagnostics, SEVERITY_WARNING, trait->name->mark,
                    "this scenario has no place for '%s'", trait->path);
}

void scenario_apply_traits(KeyReader *reader, Node *root, const ScenarioTraits *file) {
  const Node *tree = compose_file(reader->arena, file->name, file->text, file->length,
                                  reader->diagnostics, "a file of traits has paths with values");
  g_autoptr(GArray) traits = g_array_new(FALSE, FALSE, sizeof(Trait));
  if (tree == NULL || root->kind != NODE_MAPPING)
    return;
  if (tree->kind != NODE_MAPPING) {
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, tree->mark,
                    "expected a mapping of paths to values, found %s", node_kind_name(tree));
    return;
  }
  for (guint i = 0; i < tree->keys->len; i++)
    read_trait(reader, root, tree->keys->pdata[i], tree->values->pdata[i], traits);
  g_array_sort(traits, compare_traits);
  for (guint i = 0; i < traits->len; i++) {
    const Trait *trait = &g_array_index(traits, Trait, i);
    if (i > 0 && compare_traits(trait, trait - 1) == 0)
      diagnostics_add(reader->diagnostics, SEVERITY_ERROR, trait->name->mark,
                      "'%s' is set twice, here and in line %u", trait->path,
                      trait[-1].name->mark.line);
    apply_trait(reader, root, trait);
  }
}
