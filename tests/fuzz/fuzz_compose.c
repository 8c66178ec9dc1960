/* Any bytes at all: the composer gives a tree or an error, in bounded time and memory, and both can
 * be printed. `make fuzz` builds it, with clang's libFuzzer, and runs it for a minute. */
#include <stdint.h>
#include <string.h>

#include "routesim/base/keys.h"
#include "routesim/language/compose.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
  BlockHead head;
  GPtrArray *durations, *rates;
} Block;

static const KeySpec specs[] = {
    {"duration", KEY_DURATION, KEY_LIST, G_STRUCT_OFFSET(Block, durations), .doc = ""},
    {"rate", KEY_RATE, KEY_LIST, G_STRUCT_OFFSET(Block, rates), .doc = ""},
};
static const KeyTable table = KEY_TABLE("", Block, specs);

/* Marks point into their source, or at nothing. */
static void check_node(const Node *node, guint depth) {
  g_assert(depth <= 64);
  g_assert(node->mark.source != NULL && node->mark.line > 0 && node->mark.column > 0);
  g_assert(g_utf8_validate(node->text, -1, NULL));
  for (guint i = 0; node->keys != NULL && i < node->keys->len; i++)
    g_assert(((const Node *)node->keys->pdata[i])->kind == NODE_SCALAR);
  for (guint i = 0; node->values != NULL && i < node->values->len; i++)
    check_node(node->values->pdata[i], depth + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(Arena) arena = arena_new();
  g_autoptr(Diagnostics) diagnostics = diagnostics_new();
  g_autoptr(GString) out = g_string_new(NULL);
  g_autofree char *text = g_malloc(size + 1);
  memcpy(text, data, size);
  text[size] = '\0';
  const Node *root = compose_document(arena, "fuzz.yaml", text, size, diagnostics);
  g_assert(root != NULL || diagnostics_errors(diagnostics) > 0);
  if (root != NULL) {
    KeyReader reader = {arena, diagnostics};
    check_node(root, 0);
    keys_read(&reader, &table, root);
    node_set_path(arena, node_copy(arena, root), "a.*.b", root, root->mark, diagnostics);
    node_append_flow(root, out);
  }
  const Node *value = compose_value(arena, "--set", text, diagnostics);
  if (value != NULL)
    node_append_flow(value, out);
  g_string_truncate(out, 0);
  diagnostics_append(diagnostics, TRUE, out);
  g_assert(g_utf8_validate(out->str, (gssize)out->len, NULL));
  return 0;
}
