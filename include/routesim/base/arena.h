/* One owner for many small pieces of memory.
 *
 * A run, and a scenario, allocate everything from one arena and free it at
 * once, so that no run can leak into the next and no object needs a destructor.
 * Memory comes zeroed. Things with a destructor of their own (a GPtrArray, say)
 * are handed over with arena_own() and destroyed with the arena, last one first.
 * Allocation failure aborts, as everywhere in GLib. */
#pragma once
#include <glib.h>

typedef struct Arena Arena;

Arena *arena_new(void);
void arena_free(Arena *arena);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Arena, arena_free)

/* The block is `size` zeroed bytes, aligned for any type; valid until arena_free(). */
gpointer arena_alloc(Arena *arena, gsize size);
char *arena_strdup(Arena *arena, const char *text);
char *arena_printf(Arena *arena, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The texts, joined; NULL ends them. For names that every run makes: a tenth of what a format
 * costs. */
char *arena_concat(Arena *arena, const char *first, ...) G_GNUC_NULL_TERMINATED;
/* The number's decimal digits. */
const char *arena_decimal(Arena *arena, guint number);

/* The arena becomes the owner of `object`, which is the result. */
gpointer arena_own(Arena *arena, gpointer object, GDestroyNotify destroy);

/* A new GPtrArray that the arena owns; its elements are not freed with it. */
GPtrArray *arena_ptr_array(Arena *arena);
/* The same of elements of `size` bytes each. */
GArray *arena_growing_array(Arena *arena, gsize size);

#define arena_new0(arena, Type) ((Type *)arena_alloc((arena), sizeof(Type)))
#define arena_array(arena, Type, count) ((Type *)arena_alloc((arena), sizeof(Type) * (count)))
