/* The weakest ground of several keys. */
#include "routesim/base/keys.h"

#include <criterion/criterion.h>
#include <string.h>

typedef struct {
  BlockHead head;
  gint64 plain, published, guessed, guessed_too, seen;
} Block;

#define KEY(name, basis, fact)                                                                     \
  { #name, KEY_COUNT, KEY_ONE, G_STRUCT_OFFSET(Block, name), 0, "1", basis, fact }

static const KeySpec specs[] = {
    KEY(plain, BASIS_NONE, NULL),       KEY(published, BASIS_DOCUMENTED, "F-1"),
    KEY(guessed, BASIS_ASSUMED, "F-2"), KEY(guessed_too, BASIS_ASSUMED, "F-3"),
    KEY(seen, BASIS_MEASURED, NULL),
};
static const KeyTable table = KEY_TABLE("block", Block, specs);

static void expect(const char *const *names, Basis basis, const char *fact) {
  g_autoptr(Arena) arena = arena_new();
  const Ground ground = keys_ground(arena, &table, NULL, names);
  cr_assert_eq(ground.basis, basis);
  cr_assert(fact == NULL ? ground.fact == NULL : strcmp(ground.fact, fact) == 0, "%s", ground.fact);
}

#define EXPECT(basis, fact, ...) expect((const char *const[]){__VA_ARGS__, NULL}, basis, fact)

Test(ground, an_assumption_is_the_weakest_wherever_it_stands) {
  EXPECT(BASIS_ASSUMED, "F-2", "published", "guessed");
  EXPECT(BASIS_ASSUMED, "F-2", "guessed", "published");
  EXPECT(BASIS_ASSUMED, "F-2", "guessed", "seen");
  EXPECT(BASIS_MEASURED, "seen", "published", "seen");
  EXPECT(BASIS_DOCUMENTED, "F-1", "plain", "published");
}

Test(ground, equal_ones_are_told_together_once) {
  EXPECT(BASIS_ASSUMED, "F-2, F-3", "guessed", "guessed_too");
  EXPECT(BASIS_ASSUMED, "F-2", "guessed", "guessed");
}

Test(ground, what_rests_on_nothing_has_none) { EXPECT(BASIS_NONE, NULL, "plain", "plain"); }

Test(ground, what_the_block_sets_is_weaker_than_a_document) {
  g_autoptr(Arena) arena = arena_new();
  const Mark nowhere = {NULL, 0, 0, 0, 0};
  Node *block = node_new(arena, NODE_MAPPING, nowhere);
  node_put(block, node_new_scalar(arena, "guessed", nowhere), node_new_scalar(arena, "2", nowhere));
  const char *const both[] = {"published", "guessed", NULL};
  const Ground ground = keys_ground(arena, &table, block, both);
  cr_assert_eq(ground.basis, BASIS_SET);
  cr_assert_str_eq(ground.fact, "F-2");
}
