#include "routesim/base/arena.h"

#include <criterion/criterion.h>
#include <string.h>

Test(arena, pieces_are_zeroed_aligned_and_apart) {
  /* Dirty the heap first, so that memory that is merely fresh doesn't pass for zeroed. */
  for (gsize size = 1 << 10; size <= 2 << 20; size *= 2) {
    void *dirt = g_malloc(size);
    memset(dirt, 0xa5, size);
    g_free(dirt);
  }
  g_autoptr(Arena) arena = arena_new();
  enum { COUNT = 20000 };
  static guint8 *pieces[COUNT];
  static gsize sizes[COUNT];
  gsize total = 0;
  for (guint i = 0; i < COUNT; i++) {
    /* Mostly small, now and then larger than what is left of a chunk, or than any chunk. */
    sizes[i] = i % 1000 == 999 ? (gsize)i * 150 : i % 97 == 0 ? 5000 : i % 131;
    pieces[i] = arena_alloc(arena, sizes[i]);
    cr_assert_not_null(pieces[i]);
    cr_assert_eq(GPOINTER_TO_SIZE(pieces[i]) % 16, 0, "piece %u is not aligned", i);
    for (gsize j = 0; j < sizes[i]; j++)
      cr_assert_eq(pieces[i][j], 0, "piece %u is not zeroed", i);
    if (sizes[i] > 0)
      memset(pieces[i], (int)(i % 255 + 1), sizes[i]);
    total += sizes[i];
  }
  cr_assert_gt(total, 10 << 20, "the test must outgrow the largest chunk");
  for (guint i = 0; i < COUNT; i++)
    for (gsize j = 0; j < sizes[i]; j++)
      cr_assert_eq(pieces[i][j], i % 255 + 1, "piece %u was overwritten", i);
  cr_assert_neq(arena_alloc(arena, 0), arena_alloc(arena, 0));

  /* Small ones fill a chunk to its last byte and no further (the sanitizer sees that). */
  for (guint i = 0; i < 100000; i++)
    memset(arena_alloc(arena, 16), 0xff, 16);

  /* A large piece doesn't cost the chunk in use. */
  const char *before = arena_alloc(arena, 16);
  arena_alloc(arena, 8 << 20);
  const char *after = arena_alloc(arena, 16);
  cr_assert_eq(after - before, 16);
}

Test(arena, text) {
  g_autoptr(Arena) arena = arena_new();
  char original[] = "route server";
  const char *copy = arena_strdup(arena, original);
  original[0] = 'R';
  cr_assert_str_eq(copy, "route server");
  cr_assert_null(arena_strdup(arena, NULL));
  cr_assert_str_eq(arena_strdup(arena, ""), "");
  cr_assert_str_eq(arena_printf(arena, "%s/%d", "fw", 7), "fw/7");
  for (gsize length = 250; length < 262; length++) {
    g_autofree char *expected = g_strnfill(length, 'x');
    cr_assert_str_eq(arena_printf(arena, "%s", expected), expected);
  }
  g_autofree char *huge = g_strnfill(100000, 'y');
  cr_assert_str_eq(arena_printf(arena, "%s", huge), huge);
}

Test(arena, joined_text) {
  g_autoptr(Arena) arena = arena_new();
  cr_assert_str_eq(arena_concat(arena, "", NULL), "");
  cr_assert_str_eq(arena_concat(arena, "fw", "", "/", "7", NULL), "fw/7");
  cr_assert_str_eq(arena_decimal(arena, 0), "0");
  cr_assert_str_eq(arena_decimal(arena, 10), "10");
  cr_assert_str_eq(arena_decimal(arena, G_MAXUINT), "4294967295");
}

typedef struct {
  GString *order;
  char name;
} Witness;

static void testify(gpointer data) {
  Witness *witness = data;
  g_string_append_c(witness->order, witness->name);
}

Test(arena, owned_objects_go_last_one_first) {
  g_autoptr(GString) order = g_string_new(NULL);
  Arena *arena = arena_new();
  for (char name = 'a'; name <= 'e'; name++) {
    /* In the arena itself: memory has to outlive the destructors. */
    Witness *witness = arena_new0(arena, Witness);
    *witness = (Witness){order, name};
    cr_assert_eq(arena_own(arena, witness, testify), witness);
  }
  cr_assert_str_eq(order->str, "");
  arena_free(arena);
  cr_assert_str_eq(order->str, "edcba");
  arena_free(NULL);

  Arena *other = arena_new();
  GPtrArray *array = arena_ptr_array(other);
  cr_assert_eq(array->len, 0);
  for (guint i = 0; i < 100; i++)
    g_ptr_array_add(array, arena_new0(other, guint64));
  cr_assert_eq(array->len, 100);
  g_ptr_array_ref(array);
  arena_free(other);
  cr_assert_eq(array->len, 100, "the arena holds one reference and gives back one");
  g_ptr_array_unref(array);
}

/* ---- marks -------------------------------------------------------------------------- */

typedef struct {
  guint numbers[100];
  GPtrArray *names;
  GArray *values; /* guint64 */
  GHashTable *by_name;
} Kept;

static void fill(Kept *kept, Arena *arena, guint from, guint to) {
  for (guint i = from; i < to; i++) {
    char *name = arena_printf(arena, "name %u", i);
    const guint64 value = i;
    kept->numbers[i % 100] = i;
    g_ptr_array_add(kept->names, name);
    g_array_append_val(kept->values, value);
    g_hash_table_insert(kept->by_name, name, GUINT_TO_POINTER(i + 1));
  }
}

static void assert_holds(const Kept *kept, guint count) {
  cr_assert_eq(kept->names->len, count);
  cr_assert_eq(kept->values->len, count);
  cr_assert_eq(g_hash_table_size(kept->by_name), count);
  for (guint i = 0; i < count; i++) {
    g_autofree char *name = g_strdup_printf("name %u", i);
    cr_assert_str_eq(kept->names->pdata[i], name);
    cr_assert_eq(g_array_index(kept->values, guint64, i), i);
    cr_assert_eq(GPOINTER_TO_UINT(g_hash_table_lookup(kept->by_name, name)), i + 1);
  }
}

/* What came after a mark is gone, what was overwritten is back, at its address, and again. */
Test(arena, comes_back_to_a_mark) {
  static const guint more[] = {1, 5000, 0, 300};
  g_autoptr(Arena) arena = arena_new();
  Kept *kept = arena_new0(arena, Kept);
  kept->names = arena_ptr_array(arena);
  kept->values = arena_growing_array(arena, sizeof(guint64));
  kept->by_name = arena_hash_table(arena, g_str_hash, g_str_equal);
  fill(kept, arena, 0, 700);
  const Kept before = *kept;
  g_autoptr(ArenaMark) mark = arena_mark(arena);
  for (guint i = 0; i < G_N_ELEMENTS(more); i++) {
    fill(kept, arena, 700, 700 + more[i]);
    GPtrArray *late = arena_ptr_array(arena);
    g_ptr_array_add(late, kept);
    if (i == 1)
      g_ptr_array_set_size(kept->names, 3);
    arena_return_to(arena, mark);
    cr_assert_arr_eq(&before, kept, sizeof before);
    assert_holds(kept, 700);
  }
  fill(kept, arena, 700, 900);
  assert_holds(kept, 900);
}

/* A mark within what follows another one. */
Test(arena, marks_nest) {
  g_autoptr(Arena) arena = arena_new();
  GPtrArray *names = arena_ptr_array(arena);
  g_ptr_array_add(names, arena_strdup(arena, "first"));
  g_autoptr(ArenaMark) outer = arena_mark(arena);
  for (guint round = 0; round < 3; round++) {
    g_ptr_array_add(names, arena_strdup(arena, "second"));
    g_autoptr(ArenaMark) inner = arena_mark(arena);
    for (guint i = 0; i < 3; i++) {
      g_ptr_array_add(names, arena_strdup(arena, "third"));
      arena_return_to(arena, inner);
      cr_assert_eq(names->len, 2);
      cr_assert_str_eq(names->pdata[1], "second");
    }
    arena_return_to(arena, outer);
    cr_assert_eq(names->len, 1);
    cr_assert_str_eq(names->pdata[0], "first");
  }
}
