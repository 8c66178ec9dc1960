/* A scenario file as a tree of marked nodes: what the YAML composer makes and
 * key tables read. Scalars are text; what they mean is the key's business (so
 * "off", "012" and "12:30" hold no surprise). Nodes live in an arena. */
#pragma once
#include "routesim/base/arena.h"
#include "routesim/base/source.h"

typedef enum { NODE_SCALAR, NODE_SEQUENCE, NODE_MAPPING } NodeKind;

typedef struct Node Node;
struct Node {
  NodeKind kind;
  Mark mark;
  const char *text;  /* scalar: its text */
  gboolean quoted;   /* scalar: written in quotes or as a block */
  GPtrArray *keys;   /* mapping: Node*, scalars, in file order */
  GPtrArray *values; /* mapping: Node*, parallel to keys; sequence: its items */
};

Node *node_new(Arena *arena, NodeKind kind, Mark mark);
Node *node_new_scalar(Arena *arena, const char *text, Mark mark);
/* Nothing stands there: no node, or a key without a value, as of a section whose lines are all
 * commented out. */
gboolean node_is_absent(const Node *node);
/* "a mapping", "a list", "a value": for messages. */
const char *node_kind_name(const Node *node);
/* The value under `key` of a mapping, or NULL; also NULL for another kind. */
Node *node_get(const Node *mapping, const char *key);
void node_put(Node *mapping, Node *key, Node *value);
/* A deep copy into `arena` (sources stay borrowed). */
Node *node_copy(Arena *arena, const Node *node);

/* Every place that `path` names ("nvas.*.peers.rs.hold"; '*' is any key, a
 * glob such as "fw-*" works, a number is a list index, and where a key has dots
 * the whole of it is meant) becomes a copy of `value`. A
 * last step that is missing is added; a missing step before it is an error with
 * a suggestion, as is a path that matches nothing. The result is the number of places
 * set; 0 after an error in `diagnostics` at `mark`. */
guint node_set_path(Arena *arena, Node *root, const char *path, const Node *value, Mark mark,
                    Diagnostics *diagnostics);

/* `out` gets the node as a line of YAML flow syntax ("[9s, 30s]"), mappings by key: for output. */
void node_append_flow(const Node *node, GString *out);
