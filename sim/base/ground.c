/* What the values of keys rest on. */
#include <string.h>

#include "routesim/base/keys.h"

Ground key_spec_ground(const KeySpec *spec) {
  return (Ground){spec->basis, spec->fact != NULL ? spec->fact : spec->name};
}

/* An assumption stays one, whatever it is multiplied with. */
static int weakness(Basis basis) {
  static const Basis order[] = {BASIS_NONE, BASIS_DOCUMENTED, BASIS_SET, BASIS_MEASURED,
                                BASIS_ASSUMED};
  for (int i = 0; i < BASIS_COUNT; i++)
    if (order[i] == basis)
      return i;
  g_assert_not_reached();
}

Ground keys_ground(Arena *arena, const KeyTable *table, const Node *block,
                   const char *const *names) {
  Ground ground = {BASIS_NONE, NULL};
  for (; *names != NULL; names++)
    for (guint i = 0; i < table->count; i++) {
      const KeySpec *spec = &table->keys[i];
      if (strcmp(spec->name, *names) != 0)
        continue;
      const gboolean given =
          block != NULL && block->kind == NODE_MAPPING && node_get(block, spec->name) != NULL;
      Ground own = key_spec_ground(spec);
      if (given)
        own.basis = BASIS_SET;
      if (weakness(own.basis) > weakness(ground.basis))
        ground = own;
      else if (own.basis == ground.basis && ground.fact != NULL &&
               strcmp(own.fact, ground.fact) != 0)
        ground.fact = arena_printf(arena, "%s, %s", ground.fact, own.fact);
    }
  return ground;
}
