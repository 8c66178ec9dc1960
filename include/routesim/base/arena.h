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

/* What an owned object is made of beside the arena's memory, for arena_mark(). */
typedef struct {
  GDestroyNotify destroy;
  /* What the object is now is appended, and made it again. Between both, when the arena's memory
   * has not been brought back yet, `drop` gives up what the object holds outside; NULL: nothing
   * that its memory points to. */
  void (*keep)(gpointer object, GByteArray *kept);
  void (*drop)(gpointer object);
  void (*restore)(gpointer object, const guint8 **kept);
} ArenaKind;

/* The arena takes ownership of `object`, destroys it as its kind says, and returns it. Without a
 * kind, the arena cannot be marked. */
gpointer arena_own(Arena *arena, gpointer object, GDestroyNotify destroy);
gpointer arena_own_kind(Arena *arena, gpointer object, const ArenaKind *kind);
/* Bytes that `keep` appended, for `restore`: into `to`, in the order in which they were kept. */
void arena_take_kept(const guint8 **kept, gpointer to, gsize size);

/* All that the arena holds at a moment. It can be brought back to that moment as often as needed:
 * every object is at its address again with what it held, and what came after is gone. So one world
 * is built once, and tried in many ways. */
typedef struct ArenaMark ArenaMark;
ArenaMark *arena_mark(Arena *arena);
void arena_return_to(Arena *arena, const ArenaMark *mark);
void arena_mark_free(ArenaMark *mark);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ArenaMark, arena_mark_free)

/* A new GPtrArray that the arena owns; its elements are not freed with it. */
GPtrArray *arena_ptr_array(Arena *arena);
/* A new GHashTable of pointers; its keys and values are not freed with it. */
GHashTable *arena_hash_table(Arena *arena, GHashFunc hash, GEqualFunc equal);
/* The same of elements of `size` bytes each. */
GArray *arena_growing_array(Arena *arena, gsize size);

#define arena_new0(arena, Type) ((Type *)arena_alloc((arena), sizeof(Type)))
#define arena_array(arena, Type, count) ((Type *)arena_alloc((arena), sizeof(Type) * (count)))
