/* Durations and the laws that may stand in their place. */
#include "routesim/base/keys.h"

#include <string.h>

#include "keys_private.h"

static gboolean read_span(KeyReader *reader, const Node *node, SimTime *out) {
  const char *why = NULL;
  if (node == NULL)
    return FALSE;
  if (node->kind != NODE_SCALAR || node_is_absent(node)) {
    key_error(reader, node->mark, "expected a duration such as 30s, found %s",
              node_is_absent(node) ? "nothing" : node_kind_name(node));
    return FALSE;
  }
  if (sim_time_parse(node->text, out, &why))
    return TRUE;
  gint64 ignored;
  const char *end;
  if (key_read_decimal(node->text, 9, &ignored, &end) && *end == '\0')
    key_error(reader, node->mark, "a duration needs a unit, as in %ss", node->text);
  else
    key_error(reader, node->mark, "'%s' is not a duration: %s", node->text, why);
  return FALSE;
}

static gboolean read_pair(KeyReader *reader, const Node *node, const char *first,
                          const char *second, Distribution *law) {
  const Node *a = node_get(node, first), *b = node_get(node, second);
  if (node->kind != NODE_MAPPING || a == NULL || b == NULL || node->keys->len != 2) {
    key_error(reader, node->mark, "expected {%s: ..., %s: ...}", first, second);
    return FALSE;
  }
  const gboolean ok = read_span(reader, a, &law->a);
  return read_span(reader, b, &law->b) && ok;
}

static gboolean read_uniform(KeyReader *reader, const Node *node, Distribution *law) {
  law->kind = DISTRIBUTION_UNIFORM;
  if (node->kind != NODE_SEQUENCE || node->values->len != 2) {
    key_error(reader, node->mark, "'uniform' expects two durations, as in [60s, 90s]");
    return FALSE;
  }
  const gboolean ok = read_span(reader, node->values->pdata[0], &law->a);
  if (!read_span(reader, node->values->pdata[1], &law->b) || !ok)
    return FALSE;
  if (law->a.ns > law->b.ns)
    key_error(reader, node->mark, "the first bound is above the second");
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
    key_error(reader, node->mark, "'p95' is above 'median', and both above 0");
  return law->a.ns > 0 && law->b.ns > law->a.ns;
}

static gboolean read_exponential(KeyReader *reader, const Node *node, Distribution *law) {
  law->kind = DISTRIBUTION_EXPONENTIAL;
  return read_span(reader, node, &law->a);
}

int key_compare_times(gconstpointer a, gconstpointer b) {
  const SimTime *x = a, *y = b;
  return (x->ns > y->ns) - (x->ns < y->ns);
}

static gboolean read_table(KeyReader *reader, const Node *node, Distribution *law) {
  gboolean ok = TRUE;
  law->kind = DISTRIBUTION_TABLE;
  if (node->kind != NODE_SEQUENCE || node->values->len == 0) {
    key_error(reader, node->mark, "'table' expects a list of durations");
    return FALSE;
  }
  SimTime *table = arena_array(reader->arena, SimTime, node->values->len);
  for (guint i = 0; i < node->values->len; i++)
    ok &= read_span(reader, node->values->pdata[i], &table[i]);
  qsort(table, node->values->len, sizeof *table, key_compare_times);
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

/* The name of a law that is near to a word, or NULL. */
static const char *closest_law(const char *word) {
  const char *names[G_N_ELEMENTS(laws) + 1] = {NULL};
  for (guint i = 0; i < G_N_ELEMENTS(laws); i++)
    names[i] = laws[i].name;
  return closest_name(word, names);
}

gboolean keys_looks_like_law(const Node *node) {
  return node->kind == NODE_MAPPING && node->keys->len == 1 &&
         closest_law(((const Node *)node->keys->pdata[0])->text) != NULL;
}

gboolean keys_read_duration(KeyReader *reader, const Node *node, Duration *out) {
  Distribution law = {.kind = DISTRIBUTION_CONSTANT};
  out->mark = node->mark;
  if (node->kind != NODE_MAPPING) {
    if (!read_span(reader, node, &law.a))
      return FALSE;
    out->law = law;
    out->law.ground.basis = BASIS_SET;
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
    out->law.ground.basis = BASIS_SET;
    out->given = TRUE;
    return TRUE;
  }
  const Node *key = node->keys->len == 1 ? node->keys->pdata[0] : NULL;
  const char *near = key != NULL ? closest_law(key->text) : NULL;
  if (near != NULL) {
    key_error(reader, key->mark, "unknown distribution '%s' (did you mean '%s'?)", key->text, near);
    diagnostics_hint(reader->diagnostics, "did you mean '%s'?", near);
    return FALSE;
  }
  key_error(reader, node->mark,
            "expected a duration, or one of {uniform: [a, b]}, {normal: {mean:, "
            "sd:}}, {lognormal: {median:, p95:}}, {exponential: mean}, "
            "{table: [...]}");
  return FALSE;
}

/* ---- defaults ------------------------------------------------------------------------------- */

/* A law is "uniform a b", "normal mean sd", "lognormal median p95", "exponential mean",
 * "table a b c" or one duration. */
static Distribution read_default_law(Arena *arena, const char *text) {
  g_auto(GStrv) words = g_strsplit(text, " ", -1);
  const guint count = g_strv_length(words);
  const guint first = count > 1 ? 1 : 0;
  SimTime *times = arena_array(arena, SimTime, count);
  for (guint i = first; i < count; i++) {
    const gboolean valid = sim_time_parse(words[i], &times[i - first], NULL);
    g_assert(valid);
  }
  Distribution law = distribution_constant(times[0]);
  if (count == 1)
    return law;
  if (strcmp(words[0], "table") == 0) {
    qsort(times, count - 1, sizeof *times, key_compare_times);
    return (Distribution){.kind = DISTRIBUTION_TABLE, .count = count - 1, .table = times};
  }
  if (strcmp(words[0], "exponential") == 0) {
    g_assert_cmpuint(count, ==, 2);
    law.kind = DISTRIBUTION_EXPONENTIAL;
    return law;
  }
  g_assert_cmpuint(count, ==, 3);
  law.b = times[1];
  if (strcmp(words[0], "uniform") == 0) {
    g_assert(times[0].ns <= times[1].ns);
    law.kind = DISTRIBUTION_UNIFORM;
  } else if (strcmp(words[0], "normal") == 0) {
    law.kind = DISTRIBUTION_NORMAL;
  } else {
    g_assert_cmpstr(words[0], ==, "lognormal");
    g_assert(times[0].ns > 0 && times[0].ns < times[1].ns);
    law.kind = DISTRIBUTION_LOGNORMAL;
  }
  return law;
}

Distribution keys_default_law(Arena *arena, const KeySpec *spec) {
  g_assert(spec->type == KEY_DURATION && spec->fallback != NULL);
  Distribution law = read_default_law(arena, spec->fallback);
  law.ground = key_spec_ground(spec);
  return law;
}
