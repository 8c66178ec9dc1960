/* Key tables: from nodes to structs, with every mistake reported. */
#include "routesim/base/keys.h"

#include <string.h>

const char *basis_name(Basis basis) {
  static const char *const names[] = {"none", "documented", "measured", "assumed"};
  return names[basis];
}

static void error_at(KeyReader *reader, Mark mark, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void error_at(KeyReader *reader, Mark mark, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  diagnostics_add(reader->diagnostics, SEVERITY_ERROR, mark, "%s", text);
}

static gboolean is_empty(const Node *node) {
  return node->kind == NODE_SCALAR && !node->quoted && node->text[0] == '\0';
}

static gboolean need_scalar(KeyReader *reader, const char *what, const Node *node) {
  if (node->kind != NODE_SCALAR) {
    error_at(reader, node->mark, "'%s' expects a value, found %s", what, node_kind_name(node));
    return FALSE;
  }
  if (is_empty(node)) {
    error_at(reader, node->mark, "'%s' has no value", what);
    return FALSE;
  }
  return TRUE;
}

/* ---- numbers with units ----------------------------------------------------------------- */

static gboolean read_count(KeyReader *reader, const KeySpec *spec, const Node *node, gint64 *out) {
  if (!g_ascii_string_to_signed(node->text, 10, G_MININT64, G_MAXINT64, out, NULL)) {
    error_at(reader, node->mark, "'%s' is not a whole number", node->text);
    return FALSE;
  }
  if ((spec->least != 0 || spec->most != 0) && (*out < spec->least || *out > spec->most)) {
    error_at(reader, node->mark,
             "%s is out of range: from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, node->text,
             spec->least, spec->most);
    return FALSE;
  }
  return TRUE;
}

/* Reads digits with at most `places` decimals as an integer of 10^-places; *end is
 * where the number stops. */
static gboolean read_decimal(const char *text, guint places, gint64 *out, const char **end) {
  gint64 value = 0;
  guint digits = 0, decimals = 0;
  gboolean point = FALSE;
  for (; g_ascii_isdigit(*text) || (*text == '.' && !point); text++) {
    if (*text == '.') {
      point = TRUE;
      continue;
    }
    if ((point && decimals == places) || value > (G_MAXINT64 - 9) / 10)
      return FALSE;
    value = value * 10 + (*text - '0');
    digits++;
    decimals += point;
  }
  for (; decimals < places; decimals++) {
    if (value > G_MAXINT64 / 10)
      return FALSE;
    value *= 10;
  }
  *out = value;
  *end = text;
  return digits > 0 && text[-1] != '.';
}

static gboolean read_rate(KeyReader *reader, const Node *node, gint64 *out) {
  static const struct {
    const char *unit;
    gint64 scale; /* in thousandths */
  } units[] = {{"bps", 1}, {"kbps", 1000}, {"Mbps", 1000000}, {"Gbps", 1000000000},
               {"Tbps", G_GINT64_CONSTANT(1000000000000)}};
  gint64 thousandths;
  const char *unit;
  if (read_decimal(node->text, 3, &thousandths, &unit)) {
    for (guint i = 0; i < G_N_ELEMENTS(units); i++)
      if (strcmp(unit, units[i].unit) == 0 && thousandths <= G_MAXINT64 / units[i].scale) {
        *out = thousandths * units[i].scale / 1000;
        return TRUE;
      }
  }
  error_at(reader, node->mark, "'%s' is not a rate: a number with bps, kbps, Mbps or Gbps, as in "
                               "1Gbps", node->text);
  return FALSE;
}

static gboolean read_share(KeyReader *reader, const Node *node, double *out) {
  gint64 millionths;
  const char *unit;
  if (!read_decimal(node->text, 6, &millionths, &unit) || strcmp(unit, "%") != 0 ||
      millionths > 100000000) {
    error_at(reader, node->mark, "'%s' is not a share: a number from 0%% to 100%%, as in 5%%",
             node->text);
    return FALSE;
  }
  *out = (double)millionths / 1e8;
  return TRUE;
}

static gboolean read_bool(KeyReader *reader, const Node *node, gboolean *out) {
  *out = strcmp(node->text, "on") == 0 || strcmp(node->text, "true") == 0;
  if (*out || strcmp(node->text, "off") == 0 || strcmp(node->text, "false") == 0)
    return TRUE;
  error_at(reader, node->mark, "'%s' is neither on nor off (true and false will do as well)",
           node->text);
  return FALSE;
}

static gboolean read_choice(KeyReader *reader, const KeySpec *spec, const Node *node, int *out) {
  for (int i = 0; spec->choices[i] != NULL; i++)
    if (strcmp(spec->choices[i], node->text) == 0) {
      *out = i;
      return TRUE;
    }
  const char *near = closest_name(node->text, spec->choices);
  g_autofree char *all = g_strjoinv(", ", (char **)spec->choices);
  if (near != NULL)
    error_at(reader, node->mark, "'%s' cannot be '%s' (did you mean '%s'?); it is one of: %s",
             spec->name, node->text, near, all);
  else
    error_at(reader, node->mark, "'%s' cannot be '%s'; it is one of: %s", spec->name, node->text,
             all);
  return FALSE;
}

/* ---- durations ----------------------------------------------------------------------------- */

static gboolean read_span(KeyReader *reader, const Node *node, SimTime *out) {
  const char *why = NULL;
  if (node == NULL)
    return FALSE;
  if (!need_scalar(reader, "a duration", node))
    return FALSE;
  if (sim_time_parse(node->text, out, &why))
    return TRUE;
  gint64 ignored;
  const char *end;
  if (read_decimal(node->text, 9, &ignored, &end) && *end == '\0')
    error_at(reader, node->mark, "a duration needs a unit, as in %ss", node->text);
  else
    error_at(reader, node->mark, "'%s' is not a duration: %s", node->text, why);
  return FALSE;
}

static gboolean read_pair(KeyReader *reader, const Node *node, const char *first,
                          const char *second, Distribution *law) {
  const Node *a = node_get(node, first), *b = node_get(node, second);
  if (node->kind != NODE_MAPPING || a == NULL || b == NULL || node->keys->len != 2) {
    error_at(reader, node->mark, "expected {%s: ..., %s: ...}", first, second);
    return FALSE;
  }
  const gboolean ok = read_span(reader, a, &law->a);
  return read_span(reader, b, &law->b) && ok;
}

static gboolean read_uniform(KeyReader *reader, const Node *node, Distribution *law) {
  law->kind = DISTRIBUTION_UNIFORM;
  if (node->kind != NODE_SEQUENCE || node->values->len != 2) {
    error_at(reader, node->mark, "'uniform' expects two durations, as in [60s, 90s]");
    return FALSE;
  }
  const gboolean ok = read_span(reader, node->values->pdata[0], &law->a);
  if (!read_span(reader, node->values->pdata[1], &law->b) || !ok)
    return FALSE;
  if (law->a.ns > law->b.ns)
    error_at(reader, node->mark, "the first bound is above the second");
  return law->a.ns <= law->b.ns;
}

static gboolean read_normal(KeyReader *reader, const Node *node, Distribution *law) {
  law->kind = DISTRIBUTION_NORMAL;
  return read_pair(reader, node, "mean", "sd", law);
}

static gboolean read_lognormal(KeyReader *reader, const Node *node, Distribution *law) {
  law->kind = DISTRIBUTION_LOGNORMAL;
  if (!read_pair(reader, node, "median", "p95", law))
    return FALSE;
  if (law->a.ns <= 0 || law->b.ns <= law->a.ns)
    error_at(reader, node->mark, "'p95' is above 'median', and both above 0");
  return law->a.ns > 0 && law->b.ns > law->a.ns;
}

static gboolean read_exponential(KeyReader *reader, const Node *node, Distribution *law) {
  law->kind = DISTRIBUTION_EXPONENTIAL;
  return read_span(reader, node, &law->a);
}

static int compare_times(gconstpointer a, gconstpointer b) {
  const SimTime *x = a, *y = b;
  return (x->ns > y->ns) - (x->ns < y->ns);
}

static gboolean read_table(KeyReader *reader, const Node *node, Distribution *law) {
  gboolean ok = TRUE;
  law->kind = DISTRIBUTION_TABLE;
  if (node->kind != NODE_SEQUENCE || node->values->len == 0) {
    error_at(reader, node->mark, "'table' expects a list of durations");
    return FALSE;
  }
  SimTime *table = arena_array(reader->arena, SimTime, node->values->len);
  for (guint i = 0; i < node->values->len; i++)
    ok &= read_span(reader, node->values->pdata[i], &table[i]);
  qsort(table, node->values->len, sizeof *table, compare_times);
  law->table = table;
  law->count = node->values->len;
  return ok;
}

static const struct {
  const char *name;
  gboolean (*read)(KeyReader *reader, const Node *node, Distribution *law);
} laws[] = {{"uniform", read_uniform},
            {"normal", read_normal},
            {"lognormal", read_lognormal},
            {"exponential", read_exponential},
            {"table", read_table}};

gboolean keys_read_duration(KeyReader *reader, const Node *node, Duration *out) {
  Distribution law = {.kind = DISTRIBUTION_CONSTANT};
  out->mark = node->mark;
  if (node->kind != NODE_MAPPING) {
    if (!read_span(reader, node, &law.a))
      return FALSE;
    out->law = law;
    out->given = TRUE;
    return TRUE;
  }
  for (guint i = 0; node->keys->len == 1 && i < G_N_ELEMENTS(laws); i++) {
    const Node *key = node->keys->pdata[0];
    if (strcmp(key->text, laws[i].name) != 0)
      continue;
    if (!laws[i].read(reader, node->values->pdata[0], &law))
      return FALSE;
    out->law = law;
    out->given = TRUE;
    return TRUE;
  }
  error_at(reader, node->mark, "expected a duration, or one of {uniform: [a, b]}, {normal: {mean:, "
                               "sd:}}, {lognormal: {median:, p95:}}, {exponential: mean}, "
                               "{table: [...]}");
  return FALSE;
}

/* ---- single values --------------------------------------------------------------------------- */

static gboolean read_address(KeyReader *reader, const Node *node, AddressValue *out) {
  out->mark = node->mark;
  out->given = ip_address_parse(node->text, &out->value);
  if (!out->given)
    error_at(reader, node->mark, "'%s' is not an address", node->text);
  return out->given;
}

static gboolean read_prefix(KeyReader *reader, const Node *node, PrefixValue *out) {
  const char *why = NULL;
  out->mark = node->mark;
  out->given = prefix_parse(node->text, &out->value, &why);
  if (!out->given)
    error_at(reader, node->mark, "'%s' is not a prefix: %s", node->text, why);
  return out->given;
}

gboolean keys_read_value(KeyReader *reader, const KeySpec *spec, const Node *node, gpointer field) {
  if (spec->type == KEY_DURATION)
    return keys_read_duration(reader, node, field);
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
    *(NameRef *)field = (NameRef){node->text, node->mark};
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

/* ---- lists and maps ----------------------------------------------------------------------------- */

static gsize size_of(KeyType type) {
  static const gsize sizes[] = {
      [KEY_TEXT] = sizeof(const char *),    [KEY_NAME] = sizeof(NameRef),
      [KEY_BOOL] = sizeof(gboolean),        [KEY_COUNT] = sizeof(gint64),
      [KEY_DURATION] = sizeof(Duration),    [KEY_RATE] = sizeof(gint64),
      [KEY_SHARE] = sizeof(double),         [KEY_ADDRESS] = sizeof(AddressValue),
      [KEY_PREFIX] = sizeof(PrefixValue),   [KEY_CHOICE] = sizeof(int),
      [KEY_BLOCK] = sizeof(gpointer),       [KEY_NODE] = sizeof(const Node *),
      [KEY_CUSTOM] = sizeof(gpointer),
  };
  return sizes[type];
}

static void read_list(KeyReader *reader, const KeySpec *spec, const Node *node, GPtrArray *list) {
  const gboolean bare = node->kind != NODE_SEQUENCE;
  for (guint i = 0; i < (bare ? 1 : node->values->len); i++) {
    const Node *item = bare ? node : node->values->pdata[i];
    if (spec->type == KEY_BLOCK) {
      g_ptr_array_add(list, keys_read(reader, spec->table, item));
      continue;
    }
    gpointer value = arena_alloc(reader->arena, size_of(spec->type));
    if (keys_read_value(reader, spec, item, value))
      g_ptr_array_add(list, value);
  }
}

static gboolean is_plain_name(const char *name) {
  if (!g_ascii_isalnum(name[0]))
    return FALSE;
  for (; *name != '\0'; name++)
    if (!g_ascii_isalnum(*name) && *name != '.' && *name != '_' && *name != '-')
      return FALSE;
  return TRUE;
}

static int compare_heads(gconstpointer a, gconstpointer b) {
  return strcmp((*(BlockHead *const *)a)->name, (*(BlockHead *const *)b)->name);
}

static void read_map(KeyReader *reader, const KeySpec *spec, const Node *node, GPtrArray *map) {
  g_assert(spec->type == KEY_BLOCK);
  if (is_empty(node))
    return;
  if (node->kind != NODE_MAPPING) {
    error_at(reader, node->mark, "'%s' expects a mapping of names, found %s", spec->name,
             node_kind_name(node));
    return;
  }
  for (guint i = 0; i < node->keys->len; i++) {
    const Node *key = node->keys->pdata[i], *value = node->values->pdata[i];
    if (!is_plain_name(key->text))
      error_at(reader, key->mark, "'%s' is not a name: letters, digits, '.', '_' and '-', starting "
                                  "with a letter or digit", key->text);
    BlockHead *head = keys_read(reader, spec->table, is_empty(value) ? NULL : value);
    head->name = key->text;
    head->mark = key->mark;
    g_ptr_array_add(map, head);
  }
  g_ptr_array_sort(map, compare_heads);
}

/* ---- blocks -------------------------------------------------------------------------------------- */

/* "uniform a b", "table a b c", "lognormal m p95", "normal m sd", or one duration. */
static void read_fallback_duration(KeyReader *reader, const KeySpec *spec, Duration *out) {
  g_auto(GStrv) words = g_strsplit(spec->fallback, " ", -1);
  const guint count = g_strv_length(words);
  const guint first = count > 1 ? 1 : 0;
  SimTime *times = arena_array(reader->arena, SimTime, count);
  for (guint i = first; i < count; i++) {
    const gboolean valid = sim_time_parse(words[i], &times[i - first], NULL);
    g_assert(valid);
  }
  out->law = distribution_constant(times[0]);
  if (count == 1)
    return;
  out->law.a = times[0];
  out->law.b = times[1];
  if (strcmp(words[0], "uniform") == 0) {
    out->law.kind = DISTRIBUTION_UNIFORM;
  } else if (strcmp(words[0], "normal") == 0) {
    out->law.kind = DISTRIBUTION_NORMAL;
  } else if (strcmp(words[0], "lognormal") == 0) {
    out->law.kind = DISTRIBUTION_LOGNORMAL;
  } else {
    g_assert_cmpstr(words[0], ==, "table");
    qsort(times, count - 1, sizeof *times, compare_times);
    out->law = (Distribution){.kind = DISTRIBUTION_TABLE, .count = count - 1, .table = times};
  }
}

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
  if (spec->fallback == NULL)
    return;
  if (spec->type == KEY_DURATION) {
    read_fallback_duration(reader, spec, field);
    return;
  }
  Node *node = node_new_scalar(reader->arena, spec->fallback, (Mark){NULL, 0, 0, 0, 0});
  node->quoted = TRUE; /* an empty default is a value */
  const gboolean valid = keys_read_value(reader, spec, node, field);
  g_assert(valid);
}

static void read_field(KeyReader *reader, const KeySpec *spec, const Node *node, gpointer field) {
  if (node == NULL) {
    read_fallback(reader, spec, field);
  } else if (spec->arity == KEY_ONE) {
    if (!keys_read_value(reader, spec, node, field) && spec->type != KEY_DURATION)
      read_fallback(reader, spec, field);
  } else {
    GPtrArray *items = arena_ptr_array(reader->arena);
    *(GPtrArray **)field = items;
    if (spec->arity == KEY_LIST)
      read_list(reader, spec, node, items);
    else
      read_map(reader, spec, node, items);
  }
}

static void report_unknown(KeyReader *reader, const KeyTable *table, const Node *key) {
  g_autofree const char **names = g_new0(const char *, table->count + 1);
  for (guint i = 0; i < table->count; i++)
    names[i] = table->keys[i].name;
  const char *near = closest_name(key->text, names);
  if (near != NULL) {
    error_at(reader, key->mark, "unknown key '%s' (did you mean '%s'?)", key->text, near);
  } else if (table->count <= 12) {
    g_autofree char *all = g_strjoinv(", ", (char **)names);
    error_at(reader, key->mark, "unknown key '%s'; the keys here are: %s", key->text, all);
  } else {
    error_at(reader, key->mark, "unknown key '%s'", key->text);
  }
}

void keys_read_into(KeyReader *reader, const KeyTable *table, const Node *node, gpointer block) {
  BlockHead *head = block;
  head->node = node;
  if (node != NULL)
    head->mark = node->mark;
  if (node != NULL && node->kind != NODE_MAPPING) {
    error_at(reader, node->mark, "expected a mapping%s%s, found %s",
             table->path[0] != '\0' ? " for " : "", table->path, node_kind_name(node));
    node = NULL;
  }
  for (guint i = 0; node != NULL && i < node->keys->len; i++) {
    gboolean known = FALSE;
    for (guint j = 0; j < table->count && !known; j++)
      known = strcmp(((const Node *)node->keys->pdata[i])->text, table->keys[j].name) == 0;
    if (!known)
      report_unknown(reader, table, node->keys->pdata[i]);
  }
  for (guint i = 0; i < table->count; i++) {
    const KeySpec *spec = &table->keys[i];
    const Node *value = node != NULL ? node_get(node, spec->name) : NULL;
    if (value == NULL && (spec->flags & KEY_REQUIRED) && node != NULL)
      error_at(reader, node->mark, "the key '%s' is missing", spec->name);
    read_field(reader, spec, value, (char *)block + spec->offset);
  }
}

gpointer keys_read(KeyReader *reader, const KeyTable *table, const Node *node) {
  gpointer block = arena_alloc(reader->arena, table->size);
  keys_read_into(reader, table, node, block);
  return block;
}

/* ---- listing ------------------------------------------------------------------------------------- */

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
