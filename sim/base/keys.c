/* Key tables: from nodes to structs, with every mistake reported. */
#include "routesim/base/keys.h"

#include <string.h>

#include "keys_private.h"

/* ---- what is wrong with a block ------------------------------------------------------------- */

/* These stand in place of keys: all of them, and one that the table does not have. */
static const char whole_block[] = "*", unknown_key[] = "?";

static gboolean names_unsound(const BlockHead *head, const char *key) {
  return head->unsound != NULL &&
         g_ptr_array_find_with_equal_func(head->unsound, key, g_str_equal, NULL);
}

gboolean keys_sound(const BlockHead *head, const char *key) {
  return !names_unsound(head, key) && !names_unsound(head, whole_block);
}

gboolean keys_all_sound(const BlockHead *head) {
  return head->unsound == NULL || head->unsound->len == 0;
}

void keys_set_unsound(Arena *arena, BlockHead *head, const char *key) {
  if (head->unsound == NULL)
    head->unsound = arena_ptr_array(arena);
  if (!names_unsound(head, key))
    g_ptr_array_add(head->unsound, arena_strdup(arena, key));
}

static gboolean need_value(KeyReader *reader, const char *what, const Node *node) {
  if (node_is_absent(node))
    key_error(reader, node->mark, "'%s' has no value", what);
  return !node_is_absent(node);
}

static gboolean need_scalar(KeyReader *reader, const char *what, const Node *node) {
  if (node->kind != NODE_SCALAR)
    key_error(reader, node->mark, "'%s' expects a value, found %s", what, node_kind_name(node));
  return node->kind == NODE_SCALAR && need_value(reader, what, node);
}

/* ---- numbers with units ----------------------------------------------------------------- */

static gboolean read_count(KeyReader *reader, const KeySpec *spec, const Node *node, gint64 *out) {
  g_autoptr(GError) error = NULL;
  const gboolean bounded = spec->least != 0 || spec->most != 0;
  const gboolean number =
      g_ascii_string_to_signed(node->text, 10, G_MININT64, G_MAXINT64, out, &error);
  if (!number && error->code == G_NUMBER_PARSER_ERROR_INVALID) {
    key_error(reader, node->mark, "'%s' is not a whole number", node->text);
    return FALSE;
  }
  if (number && (!bounded || (*out >= spec->least && *out <= spec->most)))
    return TRUE;
  if (!bounded)
    key_error(reader, node->mark, "%s is out of range", node->text);
  else if (spec->most == G_MAXINT64)
    key_error(reader, node->mark, "%s is out of range: at least %" G_GINT64_FORMAT, node->text,
              spec->least);
  else
    key_error(reader, node->mark,
              "%s is out of range: from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, node->text,
              spec->least, spec->most);
  return FALSE;
}

/* `value` times 10^`power`; FALSE where that is no whole number of 64 bits. */
static gboolean scale(gint64 value, int power, gint64 *out) {
  for (; power < 0; power++) {
    if (value % 10 != 0)
      return FALSE;
    value /= 10;
  }
  for (; power > 0; power--) {
    if (value > G_MAXINT64 / 10)
      return FALSE;
    value *= 10;
  }
  *out = value;
  return TRUE;
}

static gboolean read_rate(KeyReader *reader, const Node *node, gint64 *out) {
  static const struct {
    const char *unit;
    int power;
  } units[] = {{"bps", 0}, {"kbps", 3}, {"Mbps", 6}, {"Gbps", 9}, {"Tbps", 12}};
  const char *point = strchr(node->text, '.');
  const guint places = point != NULL ? (guint)strspn(point + 1, "0123456789") : 0;
  const char *unit;
  gint64 value;
  if (key_read_decimal(node->text, places, &value, &unit))
    for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
      if (strcmp(unit, units[i].unit) != 0)
        continue;
      if (scale(value, units[i].power - (int)places, out))
        return TRUE;
      key_error(reader, node->mark, "'%s' is not a whole number of bits per second, or too large",
                node->text);
      return FALSE;
    }
  key_error(reader, node->mark,
            "'%s' is not a rate: a number with bps, kbps, Mbps, Gbps or Tbps, as in 1Gbps",
            node->text);
  return FALSE;
}

static gboolean read_share(KeyReader *reader, const Node *node, double *out) {
  gint64 millionths;
  const char *unit;
  if (!key_read_decimal(node->text, 6, &millionths, &unit) || strcmp(unit, "%") != 0 ||
      millionths > 100000000) {
    key_error(reader, node->mark, "'%s' is not a share: a number from 0%% to 100%%, as in 5%%",
              node->text);
    return FALSE;
  }
  *out = (double)millionths / 1e8;
  return TRUE;
}

static gboolean read_bool(KeyReader *reader, const Node *node, gboolean *out) {
  static const struct {
    const char *word;
    gboolean value;
  } words[] = {{"on", TRUE}, {"off", FALSE}, {"true", TRUE}, {"false", FALSE}},
    meant[] = {{"yes", TRUE}, {"no", FALSE}, {"y", TRUE},       {"n", FALSE},
               {"1", TRUE},   {"0", FALSE},  {"enabled", TRUE}, {"disabled", FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (strcmp(node->text, words[i].word) == 0) {
      *out = words[i].value;
      return TRUE;
    }
  const char *hint = NULL;
  for (guint i = 0; i < G_N_ELEMENTS(words) && hint == NULL; i++)
    if (g_ascii_strcasecmp(node->text, words[i].word) == 0)
      hint = words[i].word;
  for (guint i = 0; i < G_N_ELEMENTS(meant) && hint == NULL; i++)
    if (g_ascii_strcasecmp(node->text, meant[i].word) == 0)
      hint = meant[i].value ? "on" : "off";
  key_error(reader, node->mark, "'%s' is neither on nor off (nor true or false)%s%s%s", node->text,
            hint != NULL ? "; did you mean '" : "", hint != NULL ? hint : "",
            hint != NULL ? "'?" : "");
  if (hint != NULL)
    diagnostics_hint(reader->diagnostics, "did you mean '%s'?", hint);
  return FALSE;
}

/* The choice that is meant: written otherwise, called otherwise elsewhere, or misspelt. */
static const char *choice_meant(const KeyReader *reader, const KeySpec *spec, const char *text) {
  const char *hint = keys_value_hint(reader, spec->name, text);
  for (guint i = 0; spec->choices[i] != NULL; i++)
    if (g_ascii_strcasecmp(spec->choices[i], text) == 0 || g_strcmp0(spec->choices[i], hint) == 0)
      return spec->choices[i];
  return closest_name(text, spec->choices);
}

/* Where a choice has on and off, their other spellings mean them too. */
static const char *choice_word(const char *text) {
  return strcmp(text, "true") == 0 ? "on" : strcmp(text, "false") == 0 ? "off" : text;
}

static gboolean read_choice(KeyReader *reader, const KeySpec *spec, const Node *node, int *out) {
  for (int i = 0; spec->choices[i] != NULL; i++)
    if (strcmp(spec->choices[i], node->text) == 0 ||
        strcmp(spec->choices[i], choice_word(node->text)) == 0) {
      *out = i;
      return TRUE;
    }
  const char *near = choice_meant(reader, spec, node->text);
  g_autofree char *all = g_strjoinv(", ", (char **)spec->choices);
  if (near == NULL) {
    key_error(reader, node->mark, "'%s' cannot be '%s'; it is one of: %s", spec->name, node->text,
              all);
    return FALSE;
  }
  key_error(reader, node->mark, "'%s' cannot be '%s' (did you mean '%s'?); it is one of: %s",
            spec->name, node->text, near, all);
  diagnostics_hint(reader->diagnostics, "did you mean '%s'?", near);
  return FALSE;
}

/* ---- single values --------------------------------------------------------------------------- */

static gboolean read_address(KeyReader *reader, const Node *node, AddressValue *out) {
  out->mark = node->mark;
  out->given = ip_address_parse(node->text, &out->value);
  if (!out->given)
    key_error(reader, node->mark, "'%s' is not an address", node->text);
  return out->given;
}

static gboolean read_prefix(KeyReader *reader, const Node *node, PrefixValue *out) {
  const char *why = NULL;
  out->mark = node->mark;
  out->given = prefix_parse(node->text, &out->value, &why);
  if (!out->given)
    key_error(reader, node->mark, "'%s' is not a prefix: %s", node->text, why);
  return out->given;
}

/* What takes no time and is done again and again would hold a run at one instant for ever. A draw
 * can be as small as the smallest that the generator makes. */
static gboolean takes_time(KeyReader *reader, const KeySpec *spec, const Duration *duration) {
  if (distribution_quantile(&duration->law, 0x1p-53).ns >= spec->least)
    return TRUE;
  g_autofree char *ground = spec->fact != NULL ? g_strdup_printf(" (%s)", spec->fact) : NULL;
  g_autoptr(GString) least = g_string_new(NULL);
  sim_time_append_human(sim_time_ns(spec->least), least);
  key_error(reader, duration->mark,
            "'%s' is at least %s: what takes no time and is done again never ends%s", spec->name,
            least->str, ground != NULL ? ground : "");
  return FALSE;
}

static NameRef name_or_word(const KeySpec *spec, const Node *node) {
  NameRef name = {node->text, node->mark, 0};
  for (int i = 0; spec->choices != NULL && spec->choices[i] != NULL; i++)
    if (strcmp(spec->choices[i], node->text) == 0)
      name.word = i + 1;
  return name;
}

gboolean keys_read_value(KeyReader *reader, const KeySpec *spec, const Node *node, gpointer field) {
  if ((spec->type == KEY_DURATION || spec->type == KEY_BLOCK) &&
      !need_value(reader, spec->name, node))
    return FALSE;
  if (spec->type == KEY_DURATION) {
    if (!keys_read_duration(reader, node, field) || !takes_time(reader, spec, field))
      return FALSE;
    ((Duration *)field)->law.ground.fact = key_spec_ground(spec).fact;
    return TRUE;
  }
  if (spec->type == KEY_NODE) {
    *(const Node **)field = node;
    return TRUE;
  }
  if (spec->type == KEY_BLOCK) {
    *(gpointer *)field = keys_read(reader, spec->table, node);
    return TRUE;
  }
  if (spec->type == KEY_CUSTOM) {
    spec->read(reader, node, field);
    return TRUE;
  }
  if (!need_scalar(reader, spec->name, node))
    return FALSE;
  switch (spec->type) {
  case KEY_TEXT:
    *(const char **)field = node->text;
    return TRUE;
  case KEY_NAME:
    *(NameRef *)field = name_or_word(spec, node);
    return TRUE;
  case KEY_BOOL:
    return read_bool(reader, node, field);
  case KEY_COUNT:
    return read_count(reader, spec, node, field);
  case KEY_RATE:
    return read_rate(reader, node, field);
  case KEY_SHARE:
    return read_share(reader, node, field);
  case KEY_ADDRESS:
    return read_address(reader, node, field);
  case KEY_PREFIX:
    return read_prefix(reader, node, field);
  case KEY_CHOICE:
    return read_choice(reader, spec, node, field);
  default:
    g_assert_not_reached();
  }
}

_Static_assert(sizeof(KeyType) == sizeof(int), "KEY_CHOICE fills any enum as it fills an int");

/* ---- lists and maps ---------------------------------------------------------------------- */

static gsize size_of(KeyType type) {
  static const gsize sizes[] = {
      [KEY_TEXT] = sizeof(const char *),  [KEY_NAME] = sizeof(NameRef),
      [KEY_BOOL] = sizeof(gboolean),      [KEY_COUNT] = sizeof(gint64),
      [KEY_DURATION] = sizeof(Duration),  [KEY_RATE] = sizeof(gint64),
      [KEY_SHARE] = sizeof(double),       [KEY_ADDRESS] = sizeof(AddressValue),
      [KEY_PREFIX] = sizeof(PrefixValue), [KEY_CHOICE] = sizeof(int),
      [KEY_BLOCK] = sizeof(gpointer),     [KEY_NODE] = sizeof(const Node *),
      [KEY_CUSTOM] = sizeof(gpointer),
  };
  return sizes[type];
}

/* A name that stands in a list twice says nothing the second time. */
static void warn_of_twin(KeyReader *reader, const KeySpec *spec, const GPtrArray *list,
                         const NameRef *name) {
  const gboolean is_set = spec->type == KEY_NAME && (spec->flags & KEY_ENDS) == 0;
  for (guint i = 0; is_set && i < list->len; i++)
    if (strcmp(((const NameRef *)list->pdata[i])->text, name->text) == 0) {
      diagnostics_add(reader->diagnostics, SEVERITY_WARNING, name->mark,
                      "'%s' stands twice in '%s': once is enough", name->text, spec->name);
      return;
    }
}

/* FALSE where an item was left out. */
static gboolean read_list(KeyReader *reader, const KeySpec *spec, const Node *node,
                          GPtrArray *list) {
  const gboolean bare = node->kind != NODE_SEQUENCE;
  gboolean whole = TRUE;
  if (!bare && node->values->len == 0 && (spec->flags & KEY_REQUIRED)) {
    key_error(reader, node->mark, "'%s' needs at least one item", spec->name);
    whole = FALSE;
  }
  for (guint i = 0; i < (bare ? 1 : node->values->len); i++) {
    const Node *item = bare ? node : node->values->pdata[i];
    gpointer value = arena_alloc(reader->arena, size_of(spec->type));
    const gboolean read = keys_read_value(reader, spec, item, value);
    if (read)
      warn_of_twin(reader, spec, list, value);
    if (read)
      g_ptr_array_add(list, spec->type == KEY_BLOCK ? *(gpointer *)value : value);
    whole &= read;
  }
  return whole;
}

static gboolean is_plain_name(const char *name) {
  if (!g_ascii_isalnum(name[0]))
    return FALSE;
  for (; *name != '\0'; name++)
    if (!g_ascii_isalnum(*name) && *name != '.' && *name != '_' && *name != '-')
      return FALSE;
  return TRUE;
}

int block_head_compare(gconstpointer a, gconstpointer b) {
  return strcmp((*(BlockHead *const *)a)->name, (*(BlockHead *const *)b)->name);
}

gpointer keys_read_named(KeyReader *reader, const KeyTable *table, const Node *key,
                         const Node *value) {
  if (!is_plain_name(key->text))
    key_error(reader, key->mark,
              "'%s' is not a name: letters, digits, '.', '_' and '-', starting "
              "with a letter or digit",
              key->text);
  BlockHead *head =
      keys_read(reader, table,
                node_is_absent(value) ? node_new(reader->arena, NODE_MAPPING, key->mark) : value);
  head->name = key->text;
  head->mark = key->mark;
  return head;
}

/* FALSE where it is none. */
static gboolean read_map(KeyReader *reader, const KeySpec *spec, const Node *node, GPtrArray *map) {
  g_assert(spec->type == KEY_BLOCK);
  if (!need_value(reader, spec->name, node))
    return FALSE;
  if (node->kind != NODE_MAPPING) {
    key_error(reader, node->mark, "'%s' expects a mapping of names, found %s", spec->name,
              node_kind_name(node));
    return FALSE;
  }
  for (guint i = 0; i < node->keys->len; i++) {
    const Node *key = node->keys->pdata[i], *value = node->values->pdata[i];
    g_ptr_array_add(map, keys_read_named(reader, spec->table, key, value));
  }
  g_ptr_array_sort(map, block_head_compare);
  return TRUE;
}

/* ---- blocks ------------------------------------------------------------------------------ */

static void read_fallback(KeyReader *reader, const KeySpec *spec, gpointer field) {
  if (spec->arity != KEY_ONE) {
    *(GPtrArray **)field = arena_ptr_array(reader->arena);
    return;
  }
  if (spec->type == KEY_BLOCK && (spec->flags & KEY_ALWAYS)) {
    *(gpointer *)field = keys_read(reader, spec->table, NULL);
    return;
  }
  if (spec->type == KEY_CUSTOM) {
    spec->read(reader, NULL, field);
    return;
  }
  if (spec->type == KEY_NAME && (spec->flags & KEY_REQUIRED))
    ((NameRef *)field)->text = ""; /* that nothing is called; its absence was told */
  if (spec->type == KEY_TEXT && (spec->flags & KEY_REQUIRED))
    *(const char **)field = "";
  if (spec->fallback == NULL)
    return;
  if (spec->type == KEY_DURATION) {
    ((Duration *)field)->given = FALSE;
    ((Duration *)field)->law = keys_default_law(reader->arena, spec);
    return;
  }
  Node *node = node_new_scalar(reader->arena, spec->fallback, (Mark){NULL, 0, 0, 0, 0});
  node->quoted = TRUE; /* an empty default is a value */
  const gboolean valid = keys_read_value(reader, spec, node, field);
  g_assert(valid);
}

static gboolean read_one(KeyReader *reader, const KeySpec *spec, const Node *node, gpointer field) {
  const guint told = diagnostics_told(reader->diagnostics);
  const gboolean read = keys_read_value(reader, spec, node, field);
  if (!read)
    read_fallback(reader, spec, field);
  if (spec->type != KEY_CUSTOM)
    return read;
  return diagnostics_told(reader->diagnostics) == told ||
         ((spec->flags & KEY_NESTED) && (*(GPtrArray *const *)field)->len > 0);
}

/* A section of blocks that are all commented out is as if it was not there. */
static gboolean is_absent(const KeySpec *spec, const Node *node) {
  const gboolean of_blocks = (spec->type == KEY_BLOCK && spec->arity != KEY_ONE) ||
                             (spec->type == KEY_CUSTOM && (spec->flags & KEY_NESTED));
  return node == NULL || (of_blocks && !(spec->flags & KEY_REQUIRED) && node_is_absent(node));
}

/* FALSE after an error about the value itself, not about one of the blocks in it. */
static gboolean read_field(KeyReader *reader, const KeySpec *spec, const Node *node,
                           gpointer field) {
  if (is_absent(spec, node)) {
    read_fallback(reader, spec, field);
    return TRUE;
  }
  if (spec->arity == KEY_ONE)
    return read_one(reader, spec, node, field);
  GPtrArray *items = arena_ptr_array(reader->arena);
  *(GPtrArray **)field = items;
  return spec->arity == KEY_LIST ? read_list(reader, spec, node, items)
                                 : read_map(reader, spec, node, items);
}

/* The result is the key of the table that is meant, or NULL. */
static const char *report_unknown(KeyReader *reader, const KeyTable *table, const Node *key) {
  g_autofree const char **names = g_new0(const char *, table->count + 1);
  for (guint i = 0; i < table->count; i++)
    names[i] = table->keys[i].name;
  const KeyHint *hint = key_hint_for(reader, table, key->text);
  if (hint != NULL) {
    g_autofree char *text = key_hint_text(table, hint);
    key_error(reader, key->mark, "unknown key '%s'; %s", key->text, text);
    diagnostics_hint(reader->diagnostics, "%s", text);
    return key_hint_beside(table, hint);
  }
  const char *near = closest_name(key->text, names);
  if (near != NULL) {
    key_error(reader, key->mark, "unknown key '%s' (did you mean '%s'?)", key->text, near);
    diagnostics_hint(reader->diagnostics, "did you mean '%s'?", near);
  } else if (table->count <= 12) {
    g_autofree char *all = g_strjoinv(", ", (char **)names);
    key_error(reader, key->mark, "unknown key '%s'; the keys here are: %s", key->text, all);
  } else {
    key_error(reader, key->mark, "unknown key '%s'", key->text);
  }
  return near;
}

/* A table whose only key is "*": the names are the users' own. */
static gboolean has_free_names(const KeyTable *table) {
  return table->count == 1 && strcmp(table->keys[0].name, "*") == 0;
}

static void report_unknown_keys(KeyReader *reader, const KeyTable *table, const Node *node,
                                BlockHead *head) {
  for (guint i = 0; i < node->keys->len; i++) {
    const Node *key = node->keys->pdata[i];
    gboolean known = FALSE;
    for (guint j = 0; j < table->count && !known; j++)
      known = strcmp(key->text, table->keys[j].name) == 0;
    if (known)
      continue;
    const char *meant = report_unknown(reader, table, key);
    keys_set_unsound(reader->arena, head, unknown_key);
    if (meant != NULL && node_get(node, meant) == NULL)
      keys_set_unsound(reader->arena, head, meant);
  }
}

static const Node *expect_mapping(KeyReader *reader, const KeyTable *table, const Node *node,
                                  BlockHead *head) {
  if (node == NULL || node->kind == NODE_MAPPING)
    return node;
  key_error(reader, node->mark, "expected a mapping%s%s, found %s",
            table->path[0] != '\0' ? " for " : "", table->path,
            node_is_absent(node) ? "nothing" : node_kind_name(node));
  keys_set_unsound(reader->arena, head, whole_block);
  return NULL;
}

/* The same into a struct that exists. */
static void keys_read_into(KeyReader *reader, const KeyTable *table, const Node *node,
                           gpointer block) {
  BlockHead *head = block;
  head->node = node;
  if (node != NULL)
    head->mark = node->mark;
  node = expect_mapping(reader, table, node, head);
  const gboolean free_names = has_free_names(table);
  if (node != NULL && !free_names)
    report_unknown_keys(reader, table, node, head);
  for (guint i = 0; i < table->count; i++) {
    const KeySpec *spec = &table->keys[i];
    const Node *value = node == NULL ? NULL : free_names ? node : node_get(node, spec->name);
    gboolean sound = TRUE;
    if (value == NULL && (spec->flags & KEY_REQUIRED) && node != NULL &&
        keys_sound(head, spec->name)) {
      key_error(reader, node->mark, "the key '%s' is missing", spec->name);
      sound = FALSE;
    }
    sound &= read_field(reader, spec, value, (char *)block + spec->offset);
    if (!sound)
      keys_set_unsound(reader->arena, head, spec->name);
  }
}

gpointer keys_read(KeyReader *reader, const KeyTable *table, const Node *node) {
  gpointer block = arena_alloc(reader->arena, table->size);
  keys_read_into(reader, table, node, block);
  return block;
}

/* ---- listing ----------------------------------------------------------------------------- */

void keys_foreach(const KeyTable *table, KeyVisit visit, gpointer data) {
  for (guint i = 0; i < table->count; i++) {
    const KeySpec *spec = &table->keys[i];
    g_autofree char *path =
        g_strdup_printf("%s%s%s", table->path, table->path[0] != '\0' ? "." : "", spec->name);
    visit(path, spec, data);
    if (spec->table != NULL)
      keys_foreach(spec->table, visit, data);
  }
}

const char *keys_fact(const KeyTable *table, const char *key) {
  for (guint i = 0; i < table->count; i++)
    if (strcmp(table->keys[i].name, key) == 0)
      return table->keys[i].fact;
  return NULL;
}
