/* From the text of a file to a tree of nodes: libyaml's events under an own composer that
 * keeps marks, refuses what a scenario has no use for, and bounds what a hostile file can
 * cost (size, depth, aliases). */
#pragma once
#include "routesim/base/node.h"

/* What a regular file holds, or standard input for "-". Caller frees with g_free(). Errors are
 * of G_FILE_ERROR, in plain words. */
char *compose_read_file(const char *path, gsize *length, GError **error);
/* The one document of `bytes` (which must outlive the tree: messages quote it); NULL after
 * an error that ends the file. */
Node *compose_document(Arena *arena, const char *name, const char *bytes, gsize length,
                       Diagnostics *diagnostics);
/* The same of a file of another kind: an empty one is told to be one, with what it `needs`. */
Node *compose_file(Arena *arena, const char *name, const char *bytes, gsize length,
                   Diagnostics *diagnostics, const char *needs);
/* A value given on the command line, in YAML flow syntax: "30s", "[9s, 30s]". Its marks are in
 * a source named "--set". NULL after an error. */
Node *compose_value(Arena *arena, const char *name, const char *text, Diagnostics *diagnostics);
