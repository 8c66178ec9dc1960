/* The composer; see the header. */
#include "routesim/scenario/compose.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

#define MOST_BYTES (10 * 1024 * 1024)
#define MOST_DEPTH 64
#define MOST_NODES 1000000

char *compose_read_file(const char *path, gsize *length, GError **error) {
  const gboolean standard = strcmp(path, "-") == 0;
  FILE *file = standard ? stdin : fopen(path, "rb");
  struct stat status;
  if (file == NULL || fstat(fileno(file), &status) != 0) {
    const int saved = errno;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(saved), "%s", g_strerror(saved));
    return NULL;
  }
  if (S_ISDIR(status.st_mode)) {
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_ISDIR, "is a directory");
    fclose(file);
    return NULL;
  }
  g_autoptr(GString) text = g_string_new(NULL);
  char buffer[65536];
  gsize got;
  while ((got = fread(buffer, 1, sizeof buffer, file)) > 0 && text->len <= MOST_BYTES)
    g_string_append_len(text, buffer, (gssize)got);
  const int saved = errno;
  const gboolean failed = ferror(file) != 0;
  if (!standard)
    fclose(file);
  if (failed) {
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(saved), "%s", g_strerror(saved));
    return NULL;
  }
  *length = text->len;
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* ---- the composer --------------------------------------------------------------------- */

typedef struct {
  Node *node;
  Node *key;       /* mapping: the key that waits for its value */
  GHashTable *set; /* mapping: keys so far, to their nodes */
} Open;

typedef struct {
  Arena *arena;
  const Source *source;
  Diagnostics *diagnostics;
  GArray *open;        /* Open */
  GHashTable *anchors; /* name to Node */
  Node *root;
  guint documents;
  gsize nodes;
  gboolean failed;
} Composer;

static Mark mark_of(const Composer *composer, yaml_mark_t start, yaml_mark_t end) {
  return (Mark){composer->source, (guint)start.line + 1, (guint)start.column + 1,
                (guint)end.line + 1, (guint)end.column + 1};
}

static Mark point(const Composer *composer, yaml_mark_t at) {
  return (Mark){composer->source, (guint)at.line + 1, (guint)at.column + 1, (guint)at.line + 1,
                (guint)at.column + 2};
}

static void fail(Composer *composer, Mark mark, const char *message) {
  diagnostics_add(composer->diagnostics, SEVERITY_ERROR, mark, "%s", message);
  composer->failed = TRUE;
}

static gsize count_nodes(const Node *node) {
  gsize count = 1;
  for (guint i = 0; node->values != NULL && i < node->values->len; i++)
    count += count_nodes(node->values->pdata[i]) + (node->keys != NULL ? 1 : 0);
  return count;
}

static gboolean take_nodes(Composer *composer, gsize count, Mark mark) {
  composer->nodes += count;
  if (composer->nodes <= MOST_NODES)
    return TRUE;
  fail(composer, mark, "too many nodes: the file, with its aliases expanded, is larger than a "
                       "scenario can be");
  return FALSE;
}

static void close_open(gpointer data) {
  const Open *open = data;
  if (open->set != NULL)
    g_hash_table_unref(open->set);
}

/* `<<: *anchor`: keys that are not there themselves. */
static void merge(Composer *composer, Open *open, const Node *value) {
  if (value->kind == NODE_SEQUENCE) {
    for (guint i = 0; i < value->values->len; i++)
      merge(composer, open, value->values->pdata[i]);
    return;
  }
  if (value->kind != NODE_MAPPING) {
    fail(composer, value->mark, "'<<' merges mappings only");
    return;
  }
  for (guint i = 0; i < value->keys->len; i++)
    if (node_get(open->node, ((const Node *)value->keys->pdata[i])->text) == NULL)
      node_put(open->node, value->keys->pdata[i], value->values->pdata[i]);
}

static void add_key(Composer *composer, Open *open, Node *node) {
  if (node->kind != NODE_SCALAR) {
    fail(composer, node->mark, "a key must be a plain word");
    return;
  }
  const Node *first = g_hash_table_lookup(open->set, node->text);
  if (first != NULL) {
    diagnostics_add(composer->diagnostics, SEVERITY_ERROR, node->mark, "the key '%s' stands twice",
                    node->text);
    diagnostics_add(composer->diagnostics, SEVERITY_NOTE, first->mark, "it stands here first");
  } else {
    g_hash_table_insert(open->set, (gpointer)node->text, node);
  }
  open->key = node;
}

static void add_value(Composer *composer, Open *open, Node *node) {
  Node *key = open->key;
  open->key = NULL;
  if (strcmp(key->text, "<<") == 0 && !key->quoted) {
    merge(composer, open, node);
    return;
  }
  /* The set knows this key; a merged one of the same name gives way. */
  for (guint i = 0; i < open->node->keys->len; i++)
    if (strcmp(((const Node *)open->node->keys->pdata[i])->text, key->text) == 0) {
      open->node->values->pdata[i] = node;
      return;
    }
  g_ptr_array_add(open->node->keys, key);
  g_ptr_array_add(open->node->values, node);
}

static void add_node(Composer *composer, Node *node) {
  if (composer->open->len == 0) {
    composer->root = node;
    return;
  }
  Open *open = &g_array_index(composer->open, Open, composer->open->len - 1);
  if (open->node->kind == NODE_SEQUENCE)
    g_ptr_array_add(open->node->values, node);
  else if (open->key == NULL)
    add_key(composer, open, node);
  else
    add_value(composer, open, node);
}

static void remember(Composer *composer, const yaml_char_t *anchor, Node *node) {
  if (anchor != NULL)
    g_hash_table_insert(composer->anchors, arena_strdup(composer->arena, (const char *)anchor),
                        node);
}

static void take_alias(Composer *composer, const yaml_event_t *event) {
  const char *name = (const char *)event->data.alias.anchor;
  const Mark mark = mark_of(composer, event->start_mark, event->end_mark);
  const Node *target = g_hash_table_lookup(composer->anchors, name);
  if (target == NULL) {
    diagnostics_add(composer->diagnostics, SEVERITY_ERROR, mark, "there is no anchor '&%s'", name);
    composer->failed = TRUE;
    return;
  }
  for (guint i = 0; i < composer->open->len; i++)
    if (g_array_index(composer->open, Open, i).node == target) {
      fail(composer, mark, "an alias inside what it stands for");
      return;
    }
  /* Counted before it is copied: a bomb is refused at the alias. */
  if (take_nodes(composer, count_nodes(target), mark)) {
    Node *copy = node_copy(composer->arena, target);
    copy->mark = mark;
    add_node(composer, copy);
  }
}

static void take_scalar(Composer *composer, const yaml_event_t *event) {
  const Mark mark = mark_of(composer, event->start_mark, event->end_mark);
  const char *text = (const char *)event->data.scalar.value;
  if (!take_nodes(composer, 1, mark))
    return;
  if (strlen(text) != event->data.scalar.length) {
    fail(composer, mark, "a value holds a NUL character");
    return;
  }
  Node *node = node_new_scalar(composer->arena, text, mark);
  node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
  if (!node->quoted && strcmp(text, "~") == 0)
    node->text = "";
  remember(composer, event->data.scalar.anchor, node);
  add_node(composer, node);
}

static void take_start(Composer *composer, const yaml_event_t *event, NodeKind kind,
                       const yaml_char_t *anchor) {
  const Mark mark = mark_of(composer, event->start_mark, event->end_mark);
  if (composer->open->len == MOST_DEPTH) {
    fail(composer, mark, "nested too deeply: a scenario needs no more than 64 levels");
    return;
  }
  if (!take_nodes(composer, 1, mark))
    return;
  Node *node = node_new(composer->arena, kind, mark);
  remember(composer, anchor, node);
  /* Added when it ends, so that an alias inside finds it open. */
  const Open open = {node, NULL,
                     kind == NODE_MAPPING ? g_hash_table_new(g_str_hash, g_str_equal) : NULL};
  g_array_append_val(composer->open, open);
}

static void take_end(Composer *composer, const yaml_event_t *event) {
  Open *open = &g_array_index(composer->open, Open, composer->open->len - 1);
  Node *node = open->node;
  if (node->mark.line == (guint)event->end_mark.line + 1)
    node->mark.end_column = (guint)event->end_mark.column + 1;
  g_array_set_size(composer->open, composer->open->len - 1);
  add_node(composer, node);
}

static void take_event(Composer *composer, const yaml_event_t *event) {
  switch (event->type) {
  case YAML_DOCUMENT_START_EVENT:
    if (composer->documents++ > 0)
      fail(composer, point(composer, event->start_mark),
           "a second document: one file holds one scenario");
    break;
  case YAML_ALIAS_EVENT:
    take_alias(composer, event);
    break;
  case YAML_SCALAR_EVENT:
    take_scalar(composer, event);
    break;
  case YAML_SEQUENCE_START_EVENT:
    take_start(composer, event, NODE_SEQUENCE, event->data.sequence_start.anchor);
    break;
  case YAML_MAPPING_START_EVENT:
    take_start(composer, event, NODE_MAPPING, event->data.mapping_start.anchor);
    break;
  case YAML_SEQUENCE_END_EVENT:
  case YAML_MAPPING_END_EVENT:
    take_end(composer, event);
    break;
  default:
    break;
  }
}

/* ---- syntax errors ------------------------------------------------------------------------- */

/* What people mean, by the character at the place of the error. */
static const char *plain_words(const Composer *composer, const yaml_parser_t *parser) {
  const gsize at = parser->problem_mark.index;
  const char *text = composer->source->text;
  const char character = at < composer->source->length ? text[at] : '\0';
  if (character == '\t')
    return "a tab cannot indent: use spaces";
  if (character == '@' || character == '`')
    return "a value cannot start with '@' or '`': put it in quotes";
  if (character == '%')
    return "a value cannot start with '%': put it in quotes";
  if (character == ',')
    return "a comma with nothing before it";
  if (strstr(parser->problem, "could not find expected ':'") != NULL)
    return "a key without ': ' behind it (a space must follow the colon)";
  if (strstr(parser->problem, "mapping values are not allowed") != NULL)
    return "a second ': ' on this line: put the value in quotes";
  return parser->problem;
}

static void report_syntax(Composer *composer, const yaml_parser_t *parser) {
  composer->failed = TRUE;
  diagnostics_add(composer->diagnostics, SEVERITY_ERROR, point(composer, parser->problem_mark),
                  "%s", parser->problem != NULL ? plain_words(composer, parser) : "not YAML");
  if (parser->context != NULL && parser->context_mark.line != parser->problem_mark.line)
    diagnostics_add(composer->diagnostics, SEVERITY_NOTE, point(composer, parser->context_mark),
                    "%s that began here", parser->context);
}

static void compose(Composer *composer) {
  yaml_parser_t parser;
  yaml_event_t event;
  gboolean done = FALSE;
  if (!yaml_parser_initialize(&parser))
    g_error("out of memory");
  yaml_parser_set_input_string(&parser, (const unsigned char *)composer->source->text,
                               composer->source->length);
  while (!done && !composer->failed) {
    if (!yaml_parser_parse(&parser, &event)) {
      report_syntax(composer, &parser);
      break;
    }
    take_event(composer, &event);
    done = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
}

/* libyaml counts neither lines nor columns for a bad byte. */
static gboolean is_text(Composer *composer) {
  const char *text = composer->source->text;
  const char *bad = text;
  if (g_utf8_validate(text, (gssize)composer->source->length, &bad))
    return TRUE;
  Mark mark = {composer->source, 1, 1, 1, 2};
  for (const char *at = text; at < bad; at = g_utf8_next_char(at)) {
    mark.column++;
    if (*at == '\n') {
      mark.line++;
      mark.column = 1;
    }
  }
  /* No quotation: the line is no text. */
  diagnostics_add(composer->diagnostics, SEVERITY_ERROR, (Mark){composer->source, 0, 0, 0, 0},
                  "line %u, column %u: byte 0x%02x is not UTF-8 text", mark.line, mark.column,
                  (guint)(guchar)*bad);
  composer->failed = TRUE;
  return FALSE;
}

static Node *compose_source(Arena *arena, const Source *source, Diagnostics *diagnostics) {
  Composer composer = {.arena = arena, .source = source, .diagnostics = diagnostics};
  composer.open = g_array_new(FALSE, FALSE, sizeof(Open));
  g_array_set_clear_func(composer.open, close_open);
  composer.anchors = g_hash_table_new(g_str_hash, g_str_equal);
  if (is_text(&composer))
    compose(&composer);
  g_array_unref(composer.open);
  g_hash_table_unref(composer.anchors);
  return composer.failed ? NULL : composer.root;
}

Node *compose_document(Arena *arena, const char *name, const char *bytes, gsize length,
                       Diagnostics *diagnostics) {
  Source *source = arena_new0(arena, Source);
  *source = (Source){arena_strdup(arena, name), bytes, length};
  const Mark whole = {source, 0, 0, 0, 0};
  if (length > MOST_BYTES) {
    diagnostics_add(diagnostics, SEVERITY_ERROR, whole, "the file is larger than 10 MB");
    return NULL;
  }
  const guint before = diagnostics_errors(diagnostics);
  Node *root = compose_source(arena, source, diagnostics);
  if (root == NULL && diagnostics_errors(diagnostics) == before)
    diagnostics_add(diagnostics, SEVERITY_ERROR, (Mark){source, 1, 1, 1, 2},
                    "the file is empty: a scenario needs at least name, duration and networks");
  return root;
}

Node *compose_value(Arena *arena, const char *text, Diagnostics *diagnostics) {
  Source *source = arena_new0(arena, Source);
  *source = (Source){"--set", arena_strdup(arena, text), strlen(text)};
  Node *node = compose_source(arena, source, diagnostics);
  return node != NULL ? node : node_new_scalar(arena, "", (Mark){source, 1, 1, 1, 2});
}
