/* Defaults of a kind or a software take the place of the language's own, key by key. */
#include <criterion/criterion.h>

#include "routesim/nva/nva.h"

static const KeySpec specs[] = {
    {.name = "hold", .type = KEY_DURATION, .fallback = "90s"},
    {.name = "snat", .type = KEY_DURATION, .fallback = "off"},
};
static const KeyTable table = {.path = "nvas.*", .keys = specs, .count = G_N_ELEMENTS(specs)};

static const NvaDefault rows[] = {
    {"snat", "on", BASIS_DOCUMENTED, "AZ-6.14"},
    {"peers.*.hold", "240s", BASIS_MEASURED, "D-2"},
    {"no-such-key", "1s", BASIS_MEASURED, "D-2"},
};
static const NvaDefaults defaults = NVA_DEFAULTS(rows);

Test(nva_defaults, replace_those_below_their_prefix) {
  g_autoptr(Arena) arena = arena_new();
  const KeyTable *own = nva_defaults_apply(&defaults, &table, "", arena);
  const KeyTable *of_peers = nva_defaults_apply(&defaults, &table, "peers.*.", arena);
  cr_assert_eq(own->count, table.count);
  cr_assert_str_eq(own->keys[0].fallback, "90s");
  cr_assert_str_eq(own->keys[1].fallback, "on");
  cr_assert_eq(own->keys[1].basis, BASIS_DOCUMENTED);
  cr_assert_str_eq(own->keys[1].fact, "AZ-6.14");
  cr_assert_str_eq(of_peers->keys[0].fallback, "240s");
  cr_assert_str_eq(of_peers->keys[1].fallback, "off");
  cr_assert_str_eq(specs[1].fallback, "off", "the table itself stays");
}
