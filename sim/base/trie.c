/* A path-compressed binary trie (Morrison 1968) for each family. A node stands for a prefix: it
 * has a value, or it is a fork with two children, or both; so n prefixes need fewer than 2n nodes
 * of 48 bytes. Parents are shorter than their children and the zero branch comes first, hence
 * pre-order is prefix_compare() order. Removed nodes are kept for the next trie_set(). */
#include "routesim/base/trie.h"

typedef struct Node Node;
struct Node {
  guint64 hi, lo;
  Node *child[2];
  gpointer value; /* NULL in a mere fork */
  guint8 length;
};

struct Trie {
  Arena *arena;
  Node *v4, *v6;
  Node *spare; /* linked by child[0] */
  guint size;
};

Trie *trie_new(Arena *arena) {
  Trie *trie = arena_new0(arena, Trie);
  trie->arena = arena;
  return trie;
}

static Node *root_of(const Trie *trie, IpAddress address) {
  g_assert(address.family == IP_V4 || address.family == IP_V6);
  return address.family == IP_V4 ? trie->v4 : trie->v6;
}

static Node **root_link(Trie *trie, Prefix prefix) {
  g_assert(prefix.address.family == IP_V4 || prefix.address.family == IP_V6);
  g_assert(prefix.length <= ip_family_bits(prefix.address.family));
  return prefix.address.family == IP_V4 ? &trie->v4 : &trie->v6;
}

static guint common_bits(const Node *node, IpAddress address) {
  const guint64 hi = node->hi ^ address.hi, lo = node->lo ^ address.lo;
  if (hi != 0)
    return (guint)__builtin_clzll(hi);
  return lo != 0 ? 64 + (guint)__builtin_clzll(lo) : 128;
}

static gboolean node_holds(const Node *node, IpAddress address) {
  return common_bits(node, address) >= node->length;
}

/* The child that goes on towards `address`; there is none below the longest prefix. */
static Node *node_next(const Node *node, IpAddress address) {
  return node->length < 128 ? node->child[ip_address_bit(address, node->length)] : NULL;
}

static Prefix node_prefix(const Node *node, guint8 family) {
  return (Prefix){{node->hi, node->lo, family}, node->length};
}

static Node *node_new(Trie *trie, Prefix prefix, gpointer value) {
  Node *node = trie->spare;
  if (node != NULL)
    trie->spare = node->child[0];
  else
    node = arena_new0(trie->arena, Node);
  *node = (Node){
      .hi = prefix.address.hi, .lo = prefix.address.lo, .length = prefix.length, .value = value};
  return node;
}

static void node_discard(Trie *trie, Node *node) {
  node->child[0] = trie->spare;
  trie->spare = node;
}

void trie_set(Trie *trie, Prefix prefix, gpointer value) {
  g_assert(value != NULL);
  Node **link = root_link(trie, prefix);
  for (Node *node; (node = *link) != NULL;) {
    const guint shared = MIN(common_bits(node, prefix.address), prefix.length);
    if (shared < node->length) {
      Node *added = node_new(trie, prefix, value);
      Node *above = added;
      if (shared < prefix.length) {
        above = node_new(trie, prefix_make(prefix.address, shared), NULL);
        above->child[ip_address_bit(prefix.address, shared)] = added;
      }
      const IpAddress address = node_prefix(node, prefix.address.family).address;
      above->child[ip_address_bit(address, shared)] = node;
      *link = above;
      trie->size++;
      return;
    }
    if (node->length == prefix.length) {
      trie->size += node->value == NULL;
      node->value = value;
      return;
    }
    link = &node->child[ip_address_bit(prefix.address, node->length)];
  }
  *link = node_new(trie, prefix, value);
  trie->size++;
}

gpointer trie_get(const Trie *trie, Prefix prefix) {
  Node *node = root_of(trie, prefix.address);
  while (node != NULL && node->length < prefix.length)
    node = node_next(node, prefix.address);
  return node != NULL && node->length == prefix.length && node_holds(node, prefix.address)
             ? node->value
             : NULL;
}

/* A node that has no value any more and doesn't fork goes. */
static void drop_if_idle(Trie *trie, Node **link) {
  Node *node = *link;
  if (node->value != NULL || (node->child[0] != NULL && node->child[1] != NULL))
    return;
  *link = node->child[0] != NULL ? node->child[0] : node->child[1];
  node_discard(trie, node);
}

gpointer trie_remove(Trie *trie, Prefix prefix) {
  Node **link = root_link(trie, prefix), **parent = NULL;
  while (*link != NULL && (*link)->length < prefix.length) {
    parent = link;
    link = &(*link)->child[ip_address_bit(prefix.address, (*link)->length)];
  }
  Node *node = *link;
  if (node == NULL || node->length != prefix.length || !node_holds(node, prefix.address))
    return NULL;
  const gpointer value = node->value;
  if (value == NULL)
    return NULL;
  node->value = NULL;
  trie->size--;
  drop_if_idle(trie, link);
  if (parent != NULL)
    drop_if_idle(trie, parent);
  return value;
}

guint trie_size(const Trie *trie) { return trie->size; }

gpointer trie_match(const Trie *trie, IpAddress address, Prefix *matched) {
  const Node *best = NULL;
  for (const Node *node = root_of(trie, address); node != NULL && node_holds(node, address);
       node = node_next(node, address))
    if (node->value != NULL)
      best = node;
  if (best == NULL)
    return NULL;
  if (matched != NULL)
    *matched = node_prefix(best, address.family);
  return best->value;
}

guint trie_shortest_match(const Trie *trie, IpAddress address, guint otherwise) {
  const Node *node = root_of(trie, address);
  while (node != NULL && node_holds(node, address) && node->value == NULL)
    node = node_next(node, address);
  return node != NULL && node_holds(node, address) ? node->length : otherwise;
}

guint trie_match_all(const Trie *trie, IpAddress address, gpointer *values, guint most) {
  gpointer found[TRIE_DEEPEST];
  guint count = 0;
  for (const Node *node = root_of(trie, address); node != NULL && node_holds(node, address);
       node = node_next(node, address))
    if (node->value != NULL)
      found[count++] = node->value;
  for (guint i = 0; i < MIN(count, most); i++)
    values[i] = found[count - 1 - i];
  return count;
}

static void visit_below(const Node *node, guint8 family, TrieVisit visit, gpointer data) {
  if (node == NULL)
    return;
  if (node->value != NULL)
    visit(node_prefix(node, family), node->value, data);
  visit_below(node->child[0], family, visit, data);
  visit_below(node->child[1], family, visit, data);
}

void trie_foreach(const Trie *trie, TrieVisit visit, gpointer data) {
  visit_below(trie->v4, IP_V4, visit, data);
  visit_below(trie->v6, IP_V6, visit, data);
}
