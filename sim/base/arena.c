/* A bump allocator over a list of chunks. The first chunk holds the arena itself and is large
 * enough for a small run, so that such a run costs one malloc and one free; later chunks double
 * up to a limit. Memory is zeroed piece by piece as it is handed out: a run that needs 3 KiB
 * doesn't pay for clearing 16. */
#include "routesim/base/arena.h"

#include <stddef.h>
#include <string.h>

enum { ALIGNMENT = 16, FIRST_CHUNK = 16 << 10, LARGEST_CHUNK = 1 << 20 };

typedef struct Chunk Chunk;
struct Chunk {
  Chunk *older;
  gsize size; /* with this head */
};

typedef struct Owned Owned;
struct Owned {
  Owned *older;
  gpointer object;
  GDestroyNotify destroy;
};

struct Arena {
  char *next, *end; /* what is left of the chunk in use */
  Chunk *newest;
  Owned *owned;
  gsize next_size;
};

#define ALIGNED(size) (((gsize)(size) + ALIGNMENT - 1) & ~(gsize)(ALIGNMENT - 1))

G_STATIC_ASSERT(sizeof(Chunk) % ALIGNMENT == 0);
G_STATIC_ASSERT(G_ALIGNOF(max_align_t) <= ALIGNMENT);

static Chunk *chunk_new(gsize size, Chunk *older) {
  Chunk *chunk = g_malloc(size);
  g_assert(GPOINTER_TO_SIZE(chunk) % ALIGNMENT == 0);
  chunk->older = older;
  chunk->size = size;
  return chunk;
}

Arena *arena_new(void) {
  Chunk *chunk = chunk_new(FIRST_CHUNK, NULL);
  char *start = (char *)(chunk + 1);
  Arena *arena = (Arena *)start;
  *arena = (Arena){
      .next = start + ALIGNED(sizeof(Arena)),
      .end = (char *)chunk + FIRST_CHUNK,
      .newest = chunk,
      .next_size = (gsize)2 * FIRST_CHUNK,
  };
  return arena;
}

void arena_free(Arena *arena) {
  if (arena == NULL)
    return;
  /* An object is unlinked before it is destroyed, so that a destructor may still use the arena. */
  for (Owned *owned; (owned = arena->owned) != NULL;) {
    arena->owned = owned->older;
    owned->destroy(owned->object);
  }
  /* The oldest chunk holds the arena and goes last. */
  for (Chunk *chunk = arena->newest; chunk != NULL;) {
    Chunk *older = chunk->older;
    g_free(chunk);
    chunk = older;
  }
}

/* The slow path: `size` is aligned and doesn't fit into what is left. */
static char *alloc_from_new_chunk(Arena *arena, gsize size) {
  /* A large piece gets a chunk of its own, and what is left of the one in use is not lost. */
  if (size > arena->next_size / 4) {
    Chunk *own = chunk_new(sizeof(Chunk) + size, arena->newest);
    arena->newest = own;
    return (char *)(own + 1);
  }
  Chunk *chunk = chunk_new(arena->next_size, arena->newest);
  arena->newest = chunk;
  arena->next_size = MIN(arena->next_size * 2, (gsize)LARGEST_CHUNK);
  char *piece = (char *)(chunk + 1);
  arena->next = piece + size;
  arena->end = (char *)chunk + chunk->size;
  return piece;
}

gpointer arena_alloc(Arena *arena, gsize size) {
  g_assert(size <= G_MAXSSIZE - sizeof(Chunk) - ALIGNMENT);
  /* Even an empty piece has an address of its own. */
  const gsize aligned = ALIGNED(MAX(size, 1));
  char *piece = arena->next;
  if (G_LIKELY(aligned <= (gsize)(arena->end - piece)))
    arena->next = piece + aligned;
  else
    piece = alloc_from_new_chunk(arena, aligned);
  return memset(piece, 0, aligned);
}

char *arena_strdup(Arena *arena, const char *text) {
  if (text == NULL)
    return NULL;
  const gsize size = strlen(text) + 1;
  return memcpy(arena_alloc(arena, size), text, size);
}

char *arena_printf(Arena *arena, const char *format, ...) {
  char brief[256];
  va_list arguments;
  va_start(arguments, format);
  const int length = g_vsnprintf(brief, sizeof brief, format, arguments);
  va_end(arguments);
  g_assert(length >= 0);
  char *text = arena_alloc(arena, (gsize)length + 1);
  if ((gsize)length < sizeof brief)
    return memcpy(text, brief, (gsize)length + 1);
  va_start(arguments, format);
  g_vsnprintf(text, (gulong)length + 1, format, arguments);
  va_end(arguments);
  return text;
}

char *arena_concat(Arena *arena, const char *first, ...) {
  va_list texts;
  gsize size = 1;
  va_start(texts, first);
  for (const char *text = first; text != NULL; text = va_arg(texts, const char *))
    size += strlen(text);
  va_end(texts);
  char *joined = arena_alloc(arena, size), *end = joined;
  va_start(texts, first);
  for (const char *text = first; text != NULL; text = va_arg(texts, const char *))
    end = g_stpcpy(end, text);
  va_end(texts);
  return joined;
}

const char *arena_decimal(Arena *arena, guint number) {
  char digits[] = "4294967295";
  guint first = G_N_ELEMENTS(digits) - 1;
  do
    digits[--first] = (char)('0' + number % 10);
  while ((number /= 10) > 0);
  return arena_strdup(arena, digits + first);
}

gpointer arena_own(Arena *arena, gpointer object, GDestroyNotify destroy) {
  g_assert(object != NULL && destroy != NULL);
  Owned *owned = arena_new0(arena, Owned);
  *owned = (Owned){.older = arena->owned, .object = object, .destroy = destroy};
  arena->owned = owned;
  return object;
}

static void unref_ptr_array(gpointer array) { g_ptr_array_unref(array); }

GPtrArray *arena_ptr_array(Arena *arena) {
  return arena_own(arena, g_ptr_array_new(), unref_ptr_array);
}

static void unref_array(gpointer array) { g_array_unref(array); }

GArray *arena_growing_array(Arena *arena, gsize size) {
  return arena_own(arena, g_array_new(FALSE, FALSE, (guint)size), unref_array);
}
