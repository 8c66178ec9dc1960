/* Words that people bring from elsewhere: what they are called at the level where they stand. */
#include "routesim/base/keys.h"

#include <string.h>

#include "keys_private.h"

const char *keys_value_hint(const KeyReader *reader, const char *key, const char *word) {
  for (guint i = 0; reader->hints != NULL && i < reader->hints->value_count; i++) {
    const ValueHint *hint = &reader->hints->values[i];
    if (g_ascii_strcasecmp(hint->word, word) == 0 &&
        (hint->key == NULL || strcmp(hint->key, key) == 0))
      return hint->value;
  }
  return NULL;
}

/* What stands behind `path` and a dot in `target`; NULL: it is not below. */
static const char *below(const char *path, const char *target) {
  const gsize length = strlen(path);
  if (length == 0)
    return target;
  return strncmp(path, target, length) == 0 && target[length] == '.' ? target + length + 1 : NULL;
}

/* 3 the very level, 2 below it, 1 elsewhere. */
static guint nearness(const KeyTable *table, const KeyHint *hint) {
  const char *rest = hint->path != NULL ? below(table->path, hint->path) : NULL;
  return rest == NULL ? 1 : strchr(rest, '.') == NULL ? 3 : strchr(rest, '*') == NULL ? 2 : 1;
}

const KeyHint *key_hint_for(const KeyReader *reader, const KeyTable *table, const char *word) {
  const KeyHint *best = NULL;
  for (guint i = 0; reader->hints != NULL && i < reader->hints->key_count; i++) {
    const KeyHint *hint = &reader->hints->keys[i];
    if (strcmp(hint->word, word) == 0 &&
        (best == NULL || nearness(table, hint) > nearness(table, best)))
      best = hint;
  }
  return best;
}

char *key_hint_text(const KeyTable *table, const KeyHint *hint) {
  GString *text = g_string_new(NULL);
  if (hint->path != NULL && nearness(table, hint) == 3) {
    g_string_append_printf(text, "here that is '%s'", below(table->path, hint->path));
  } else if (hint->path != NULL && nearness(table, hint) == 2) {
    g_auto(GStrv) steps = g_strsplit(below(table->path, hint->path), ".", -1);
    const guint count = g_strv_length(steps);
    g_autofree char *path = g_strjoinv(": {", steps);
    g_string_append_printf(text, "here that is `%s: ...", path);
    for (guint i = 1; i < count; i++)
      g_string_append_c(text, '}');
    g_string_append_c(text, '`');
  } else if (hint->path != NULL) {
    g_string_append_printf(text, "here that is `%s`", hint->path);
  }
  if (hint->says != NULL)
    g_string_append_printf(text, "%s%s", hint->path != NULL ? ", " : "", hint->says);
  return g_string_free(text, FALSE);
}

const char *key_hint_beside(const KeyTable *table, const KeyHint *hint) {
  return hint->path != NULL && nearness(table, hint) == 3 ? below(table->path, hint->path) : NULL;
}
