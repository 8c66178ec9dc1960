/* Longest-prefix-match map from Prefix to a pointer: a path-compressed binary
 * trie for each address family. Values are borrowed. Iteration is in the order
 * of prefix_compare(), whatever the order of insertion. */
#pragma once
#include "routesim/base/arena.h"
#include "routesim/base/prefix.h"

typedef struct Trie Trie;

/* A trie that lives in `arena`. */
Trie *trie_new(Arena *arena);
/* A value that is there is replaced; `value` must not be NULL. */
void trie_set(Trie *trie, Prefix prefix, gpointer value);
gpointer trie_get(const Trie *trie, Prefix prefix);
/* The result is the value that was there, or NULL. */
gpointer trie_remove(Trie *trie, Prefix prefix);
guint trie_size(const Trie *trie);
/* The value of the longest prefix that holds `address`; NULL for none. */
gpointer trie_match(const Trie *trie, IpAddress address, Prefix *matched);
/* The length of the shortest prefix that holds `address`; `otherwise` for none. */
guint trie_shortest_match(const Trie *trie, IpAddress address, guint otherwise);

/* How many prefixes may hold one address: one of each length, from 0 to 128. */
#define TRIE_DEEPEST 129
/* `values` gets every value whose prefix holds `address`, longest first;
 * the result is how many there are (at most TRIE_DEEPEST; at most `most` are written). */
guint trie_match_all(const Trie *trie, IpAddress address, gpointer *values, guint most);

typedef void (*TrieVisit)(Prefix prefix, gpointer value, gpointer data);
/* The order is that of prefix_compare(). The trie must not change meanwhile. */
void trie_foreach(const Trie *trie, TrieVisit visit, gpointer data);
