/* The composer; see the header. */
#include "routesim/language/compose.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

#include "routesim/base/memory.h"

#define MOST_BYTES ((gsize)10 << 20)
#define MOST_DEPTH 64
#define MOST_NODES 1000000

static void set_error(GError **error, int number) {
  g_set_error_literal(error, G_FILE_ERROR, g_file_error_from_errno(number), g_strerror(number));
}

/* A device or a pipe could hold us for ever; standard input is the user's own doing. */
static FILE *open_regular(const char *path, GError **error) {
  struct stat status;
  FILE *file = NULL;
  if (stat(path, &status) != 0 || (S_ISREG(status.st_mode) && (file = fopen(path, "rb")) == NULL))
    set_error(error, errno);
  else if (S_ISDIR(status.st_mode))
    set_error(error, EISDIR);
  else if (file == NULL)
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                "not a regular file; '-' reads standard input");
  return file;
}

char *compose_read_file(const char *path, gsize *length, GError **error) {
  const gboolean standard = strcmp(path, "-") == 0;
  FILE *file = standard ? stdin : open_regular(path, error);
  if (file == NULL)
    return NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  char buffer[65536];
  gsize got;
  errno = 0;
  /* One byte above the limit is enough to refuse it. */
  while (text->len <= MOST_BYTES && (got = fread(buffer, 1, sizeof buffer, file)) > 0)
    g_string_append_len(text, buffer, (gssize)got);
  const int failure = ferror(file) ? errno : 0;
  if (!standard)
    fclose(file);
  if (failure != 0) {
    set_error(error, failure);
    return NULL;
  }
  *length = text->len;
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* ---- the composer --------------------------------------------------------------------- */

typedef struct {
  Node *node;
  Node *key;         /* mapping: the key that waits for its value */
  GHashTable *set;   /* mapping: its own keys so far, to their nodes */
  GHashTable *place; /* mapping: all keys, merged ones too, to their place in it, from 1 */
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

static guint height(const Node *node) {
  guint below = 0;
  for (guint i = 0; node->values != NULL && i < node->values->len; i++) {
    const guint levels = height(node->values->pdata[i]); /* MAX() would ask twice */
    below = MAX(below, levels);
  }
  return below + (node->kind != NODE_SCALAR);
}

static gboolean take_depth(Composer *composer, guint levels, Mark mark) {
  if (composer->open->len + levels <= MOST_DEPTH)
    return TRUE;
  fail(composer, mark, "nested too deeply: a scenario needs no more than 64 levels");
  return FALSE;
}

static gboolean take_nodes(Composer *composer, gsize count, Mark mark) {
  composer->nodes += count;
  if (composer->nodes <= MOST_NODES)
    return TRUE;
  fail(composer, mark,
       "too many nodes: the file, with its aliases expanded, is larger than a "
       "scenario can be");
  return FALSE;
}

static void close_open(gpointer data) {
  const Open *open = data;
  if (open->set != NULL) {
    g_hash_table_unref(open->set);
    g_hash_table_unref(open->place);
  }
}

static void put(Open *open, Node *key, Node *value) {
  const guint place = GPOINTER_TO_UINT(g_hash_table_lookup(open->place, key->text));
  if (place > 0) {
    open->node->keys->pdata[place - 1] = key;
    open->node->values->pdata[place - 1] = value;
    return;
  }
  g_ptr_array_add(open->node->keys, key);
  g_ptr_array_add(open->node->values, value);
  g_hash_table_insert(open->place, (gpointer)key->text, GUINT_TO_POINTER(open->node->keys->len));
}

/* `<<: *anchor` adds the keys that are not there themselves. */
static void merge(Composer *composer, Open *open, const Node *value) {
  if (value->kind == NODE_SEQUENCE) {
    for (guint i = 0; i < value->values->len; i++)
      merge(composer, open, value->values->pdata[i]);
    return;
  }
  if (value->kind != NODE_MAPPING) {
    fail(composer, value->mark, "'<<' merges mappings only, as in '<<: *name'");
    return;
  }
  for (guint i = 0; i < value->keys->len; i++) {
    Node *key = value->keys->pdata[i];
    if (!g_hash_table_contains(open->place, key->text))
      put(open, key, value->values->pdata[i]);
  }
}

static void add_key(Composer *composer, Open *open, Node *node) {
  open->key = node;
  if (node->kind != NODE_SCALAR) {
    diagnostics_add(composer->diagnostics, SEVERITY_ERROR, node->mark,
                    "a key is one word, found %s", node_kind_name(node));
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
}

static void add_value(Composer *composer, Open *open, Node *node) {
  Node *key = open->key;
  open->key = NULL;
  if (key->kind != NODE_SCALAR) /* reported */
    return;
  if (strcmp(key->text, "<<") == 0 && !key->quoted) {
    merge(composer, open, node);
    return;
  }
  put(open, key, node); /* a merged one of the same name gives way */
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
  /* A node is counted before it is copied: a bomb is refused at the alias. */
  if (take_nodes(composer, count_nodes(target), mark) &&
      take_depth(composer, height(target), mark)) {
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
  if (!take_depth(composer, 1, mark) || !take_nodes(composer, 1, mark))
    return;
  Node *node = node_new(composer->arena, kind, mark);
  remember(composer, anchor, node);
  /* The node is added when it ends, so that an alias inside finds it open. */
  Open open = {.node = node};
  if (kind == NODE_MAPPING) {
    open.set = g_hash_table_new(g_str_hash, g_str_equal);
    open.place = g_hash_table_new(g_str_hash, g_str_equal);
  }
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

typedef struct {
  const char *problem; /* part of libyaml's message */
  const char *at;      /* the characters that this is about; NULL: any */
  const char *words;
} Slip;

static const Slip slips[] = {
    {"cannot start any token", "\t", "a tab cannot indent: use spaces"},
    {"found a tab character", NULL, "a tab cannot indent: use spaces"},
    {"cannot start any token", "@", "a value cannot start with '@': put it in quotes"},
    {"cannot start any token", "`", "a value cannot start with '`': put it in quotes"},
    {"cannot start any token", "%", "a value cannot start with '%': put it in quotes"},
    {"expected node content", ",", "a comma with nothing before it"},
    {"expected node content", ":",
     "a value in brackets cannot start with ':': put it in quotes, "
     "as in '::1'"},
    {"found unexpected ':'", NULL, "put a value with this ':' in quotes, as in 'fd00::'"},
    {"expected node content", "]}", "a closing bracket that closes nothing here"},
    {"expected node content", NULL, "a value is missing here"},
    {"expected ',' or ']'", NULL, "expected ',' or ']': a list was opened and not closed"},
    {"expected ',' or '}'", NULL, "expected ',' or '}': a mapping was opened and not closed"},
    {"expected key", "-", "a list item cannot stand among the keys of a mapping"},
    {"expected '-' indicator", NULL,
     "a key cannot stand among the items of a list: is it indented "
     "as it should be?"},
    {"sequence entries are not allowed", NULL,
     "a list item cannot stand on the line of its key: "
     "put it on the next line"},
    {"mapping keys are not allowed", NULL, "a value cannot start with '? ': put it in quotes"},
    {"could not find expected ':'", NULL, "a key without ': ' behind it"},
    {"expected alphabetic or numeric", NULL,
     "a name must follow '*' or '&': if no alias is meant, "
     "put the value in quotes"},
    {"unknown escape character", NULL, "unknown escape: single quotes keep a backslash as it is"},
    {"expected comment or line break", NULL,
     "text behind '|' or '>': put the value in quotes, or "
     "its text on the next line"},
    {"unexpected end of stream", NULL, "the quotes that open here are never closed"},
    {"unexpected document indicator", NULL, "the quotes that open here are never closed"},
    {"<document start>", NULL, "text behind the end of the document"},
    {"directive", NULL, "a line cannot start with '%': put the value in quotes"},
    {"tag", NULL, "a value that starts with '!': put it in quotes"},
};

/* What libyaml was about when it stumbled, for a note; what is not here goes without one. */
static const struct {
  const char *context, *words;
} contexts[] = {
    {"while parsing a flow sequence", "the list was opened here"},
    {"while parsing a flow mapping", "the mapping was opened here"},
    {"while parsing a block mapping", "the mapping begins here"},
    {"while parsing a block collection", "the list begins here"},
    {"while scanning a block scalar", "the text begins here"},
};

/* Everything before `bad` is text. Lines as libyaml counts them. */
static Mark mark_of_byte(const char *text, const char *bad, const Source *source) {
  guint line = 1, column = 1;
  for (; text < bad; text = g_utf8_next_char(text)) {
    const gunichar character = g_utf8_get_char(text);
    column++;
    if (character == '\n' || (character == '\r' && text[1] != '\n') || character == 0x85 ||
        character == 0x2028 || character == 0x2029) {
      line++;
      column = 1;
    }
  }
  return (Mark){source, line, column, line, column + 1};
}

/* The text at a mark: libyaml counts characters. */
static const char *text_at(const Composer *composer, yaml_mark_t mark) {
  const char *at = composer->source->text, *end = at + composer->source->length;
  for (gsize i = 0; i < mark.index && at < end; i++)
    at = g_utf8_next_char(at);
  return at;
}

/* Is there anything but blanks on the line before `at`? */
static gboolean is_within_line(const Composer *composer, const char *at) {
  while (at > composer->source->text && strchr(" \t", at[-1]) != NULL)
    at--;
  return at > composer->source->text && strchr("\r\n", at[-1]) == NULL;
}

static const char *plain_words(const Composer *composer, const yaml_parser_t *parser) {
  const char *at = text_at(composer, parser->problem_mark), *problem = parser->problem;
  for (guint i = 0; i < G_N_ELEMENTS(slips); i++)
    if (strstr(problem, slips[i].problem) != NULL &&
        (slips[i].at == NULL || (*at != '\0' && strchr(slips[i].at, *at) != NULL)))
      return slips[i].words;
  if (strstr(problem, "expected key") != NULL)
    return is_within_line(composer, at) ? "text behind the end of a value: put all of it in quotes"
                                        : "indented otherwise than the keys above";
  if (strstr(problem, "mapping values are not allowed") == NULL)
    return problem;
  const char *line = at;
  while (line > composer->source->text && strchr("\r\n", line[-1]) == NULL)
    line--;
  return g_strstr_len(line, at - line, ": ") != NULL
             ? "a second ': ' on this line: put the value in quotes"
             : "a key cannot stand here: the line above may lack a ': ' (with the space), or be "
               "indented otherwise";
}

/* The end of the file is where its last word ends. */
static Mark mark_of_problem(const Composer *composer, const yaml_parser_t *parser) {
  const char *text = composer->source->text, *at = text_at(composer, parser->problem_mark);
  if (at < text + composer->source->length)
    return point(composer, parser->problem_mark);
  while (at > text && g_ascii_isspace(at[-1]))
    at--;
  return mark_of_byte(text, at, composer->source);
}

/* A key without a colon is noticed on the next line, quotes at the end of the file: the
 * place to look at is where they begin. */
static Mark place_of(const Composer *composer, const yaml_parser_t *parser, const char **words) {
  const gboolean key = strstr(parser->problem, "could not find expected ':'") != NULL;
  if (parser->context == NULL || (!key && strstr(*words, "open here") == NULL))
    return mark_of_problem(composer, parser);
  Mark mark = point(composer, parser->context_mark);
  const char *at = text_at(composer, parser->context_mark);
  const char *colon = at + strcspn(at, ":\r\n");
  if (key && *colon == ':') {
    *words = "a space must follow the ':' of a key";
    mark.column += (guint)g_utf8_strlen(at, colon - at);
    mark.end_column = mark.column + 1;
  }
  return mark;
}

static void report_syntax(Composer *composer, const yaml_parser_t *parser) {
  composer->failed = TRUE;
  g_assert(parser->problem != NULL);
  const char *words = plain_words(composer, parser);
  const Mark mark = place_of(composer, parser, &words);
  diagnostics_add(composer->diagnostics, SEVERITY_ERROR, mark, "%s", words);
  if (parser->context == NULL)
    return;
  const Mark origin = point(composer, parser->context_mark);
  for (guint i = 0; i < G_N_ELEMENTS(contexts); i++)
    if (strcmp(parser->context, contexts[i].context) == 0 &&
        (origin.line != mark.line || origin.column < mark.column))
      diagnostics_add(composer->diagnostics, SEVERITY_NOTE, origin, "%s", contexts[i].words);
}

static void compose(Composer *composer) {
  yaml_parser_t parser;
  yaml_event_t event;
  gboolean done = FALSE;
  if (!yaml_parser_initialize(&parser))
    memory_exhausted();
  yaml_parser_set_input_string(&parser, (const unsigned char *)composer->source->text,
                               composer->source->length);
  while (!done && !composer->failed) {
    if (!yaml_parser_parse(&parser, &event)) {
      if (parser.error == YAML_MEMORY_ERROR)
        memory_exhausted();
      report_syntax(composer, &parser);
      break;
    }
    take_event(composer, &event);
    done = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
}

/* YAML 1.1 5.1: tab, line ends, and what can be printed. */
static gboolean is_printable(gunichar character) {
  return (character >= 0xa0 && character != 0xfeff && (character < 0xfffe || character > 0xffff)) ||
         character == '\t' || character == '\n' || character == '\r' || character == 0x85 ||
         (character >= 0x20 && character < 0x7f);
}

/* libyaml gives no place for a bad byte, and would take UTF-16. */
static gboolean is_text(Composer *composer) {
  const char *text = composer->source->text, *at = text, *bad;
  const gssize length = (gssize)composer->source->length;
  const gboolean valid = g_utf8_validate(text, length, &bad);
  while (at < bad && is_printable(g_utf8_get_char(at)))
    at = g_utf8_next_char(at);
  if (valid && at == bad)
    return TRUE;
  /* Messages quote the line: they get one that is text. */
  g_autofree char *clean = g_utf8_make_valid(text, length);
  Source *source = arena_new0(composer->arena, Source);
  *source = (Source){composer->source->name, arena_strdup(composer->arena, clean), strlen(clean)};
  const Mark mark = mark_of_byte(text, at, source);
  if (length >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
    fail(composer, mark, "the file is UTF-16: save it as UTF-8");
  else if (at < bad || *bad == '\0')
    diagnostics_add(composer->diagnostics, SEVERITY_ERROR, mark,
                    "control character 0x%02x: a scenario is plain text",
                    (guint)(at < bad ? g_utf8_get_char(at) : 0));
  else
    diagnostics_add(composer->diagnostics, SEVERITY_ERROR, mark, "byte 0x%02x is not UTF-8 text",
                    (guint)(guchar)*bad);
  composer->failed = TRUE;
  return FALSE;
}

static gboolean begins_line(const char *text, const char *at) {
  const gsize before = (gsize)(at - text);
  return before == 0 || at[-1] == '\n' || at[-1] == '\r' ||
         (before >= 2 && memcmp(at - 2, "\xc2\x85", 2) == 0) ||
         (before >= 3 && memcmp(at - 3, "\xe2\x80\xa8", 3) == 0) ||
         (before >= 3 && memcmp(at - 3, "\xe2\x80\xa9", 3) == 0);
}

/* libyaml compares each %TAG with all before it, and no event comes in between that could
 * count them: a file of them would hold us for hours. */
static gboolean has_no_tags(Composer *composer) {
  const char *text = composer->source->text;
  for (const char *at = strstr(text, "%TAG"); at != NULL; at = strstr(at + 1, "%TAG"))
    if (begins_line(text, at)) {
      fail(composer, mark_of_byte(text, at, composer->source), "a scenario has no use for '%TAG'");
      return FALSE;
    }
  return TRUE;
}

static gboolean is_nothing(const Node *root) {
  return root->kind == NODE_SCALAR && !root->quoted && root->text[0] == '\0';
}

static Node *compose_source(Arena *arena, const Source *source, Diagnostics *diagnostics) {
  Composer composer = {.arena = arena, .source = source, .diagnostics = diagnostics};
  composer.open = g_array_new(FALSE, FALSE, sizeof(Open));
  g_array_set_clear_func(composer.open, close_open);
  composer.anchors = g_hash_table_new(g_str_hash, g_str_equal);
  if (is_text(&composer) && has_no_tags(&composer))
    compose(&composer);
  g_array_unref(composer.open);
  g_hash_table_unref(composer.anchors);
  return composer.failed ? NULL : composer.root;
}

Node *compose_file(Arena *arena, const char *name, const char *bytes, gsize length,
                   Diagnostics *diagnostics, const char *needs) {
  Source *source = arena_new0(arena, Source);
  /* Neither columns nor quotations shall hold the byte order mark. */
  const gsize skip = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  *source = (Source){arena_strdup(arena, name), bytes + skip, length - skip};
  const Mark whole = {source, 0, 0, 0, 0};
  if (length > MOST_BYTES) {
    diagnostics_add(diagnostics, SEVERITY_ERROR, whole, "the file is larger than 10 MB");
    return NULL;
  }
  const guint before = diagnostics_errors(diagnostics);
  Node *root = compose_source(arena, source, diagnostics);
  if (root != NULL && is_nothing(root))
    root = NULL;
  if (root == NULL && diagnostics_errors(diagnostics) == before)
    diagnostics_add(diagnostics, SEVERITY_ERROR, whole, "the file is empty: %s", needs);
  return root;
}

Node *compose_document(Arena *arena, const char *name, const char *bytes, gsize length,
                       Diagnostics *diagnostics) {
  return compose_file(arena, name, bytes, length, diagnostics,
                      "a scenario needs at least name, duration and networks");
}

Node *compose_value(Arena *arena, const char *name, const char *text, Diagnostics *diagnostics) {
  Source *source = arena_new0(arena, Source);
  *source = (Source){arena_strdup(arena, name), arena_strdup(arena, text), strlen(text)};
  const guint before = diagnostics_errors(diagnostics);
  Node *node = compose_source(arena, source, diagnostics);
  if (node == NULL && diagnostics_errors(diagnostics) == before)
    node = node_new_scalar(arena, "", (Mark){source, 1, 1, 1, 1});
  return node;
}
