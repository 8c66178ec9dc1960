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
  const ArenaKind *kind; /* or NULL */
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

static gpointer own(Arena *arena, gpointer object, GDestroyNotify destroy, const ArenaKind *kind) {
  g_assert(object != NULL && destroy != NULL);
  Owned *owned = arena_new0(arena, Owned);
  *owned = (Owned){arena->owned, object, destroy, kind};
  arena->owned = owned;
  return object;
}

gpointer arena_own(Arena *arena, gpointer object, GDestroyNotify destroy) {
  return own(arena, object, destroy, NULL);
}

gpointer arena_own_kind(Arena *arena, gpointer object, const ArenaKind *kind) {
  return own(arena, object, kind->destroy, kind);
}

/* ---- containers --------------------------------------------------------------------- */

static void keep_bytes(GByteArray *kept, gconstpointer bytes, gsize size) {
  g_byte_array_append(kept, bytes, (guint)size);
}

void arena_take_kept(const guint8 **kept, gpointer to, gsize size) {
  if (size > 0)
    memcpy(to, *kept, size);
  *kept += size;
}

static void unref_ptr_array(gpointer array) { g_ptr_array_unref(array); }

static void keep_ptr_array(gpointer object, GByteArray *kept) {
  const GPtrArray *array = object;
  keep_bytes(kept, &array->len, sizeof array->len);
  keep_bytes(kept, array->pdata, array->len * sizeof *array->pdata);
}

static void restore_ptr_array(gpointer object, const guint8 **kept) {
  GPtrArray *array = object;
  guint length;
  arena_take_kept(kept, &length, sizeof length);
  if (array->len != length)
    g_ptr_array_set_size(array, (gint)length);
  arena_take_kept(kept, array->pdata, length * sizeof *array->pdata);
}

GPtrArray *arena_ptr_array(Arena *arena) {
  static const ArenaKind kind = {
      .destroy = unref_ptr_array, .keep = keep_ptr_array, .restore = restore_ptr_array};
  return arena_own_kind(arena, g_ptr_array_new(), &kind);
}

static void unref_array(gpointer array) { g_array_unref(array); }

static void keep_array(gpointer object, GByteArray *kept) {
  GArray *array = object;
  keep_bytes(kept, &array->len, sizeof array->len);
  keep_bytes(kept, array->data, (gsize)array->len * g_array_get_element_size(array));
}

static void restore_array(gpointer object, const guint8 **kept) {
  GArray *array = object;
  guint length;
  arena_take_kept(kept, &length, sizeof length);
  if (array->len != length)
    g_array_set_size(array, length);
  arena_take_kept(kept, array->data, (gsize)length * g_array_get_element_size(array));
}

GArray *arena_growing_array(Arena *arena, gsize size) {
  static const ArenaKind kind = {
      .destroy = unref_array, .keep = keep_array, .restore = restore_array};
  return arena_own_kind(arena, g_array_new(FALSE, FALSE, (guint)size), &kind);
}

static void unref_hash_table(gpointer table) { g_hash_table_unref(table); }

static void keep_hash_table(gpointer object, GByteArray *kept) {
  const guint count = g_hash_table_size(object);
  gpointer pair[2];
  GHashTableIter iter;
  keep_bytes(kept, &count, sizeof count);
  g_hash_table_iter_init(&iter, object);
  while (g_hash_table_iter_next(&iter, &pair[0], &pair[1]))
    keep_bytes(kept, pair, sizeof pair);
}

/* Keys may lie in memory that is gone by now: all go, and those of the moment come back. */
static void restore_hash_table(gpointer object, const guint8 **kept) {
  guint count;
  gpointer pair[2];
  g_hash_table_remove_all(object);
  for (arena_take_kept(kept, &count, sizeof count); count > 0; count--) {
    arena_take_kept(kept, pair, sizeof pair);
    g_hash_table_insert(object, pair[0], pair[1]);
  }
}

GHashTable *arena_hash_table(Arena *arena, GHashFunc hash, GEqualFunc equal) {
  static const ArenaKind kind = {
      .destroy = unref_hash_table, .keep = keep_hash_table, .restore = restore_hash_table};
  return arena_own_kind(arena, g_hash_table_new(hash, equal), &kind);
}

/* ---- marks -------------------------------------------------------------------------- */

/* Chunks and objects are in the lists of the arena as they were: the newest first. */
struct ArenaMark {
  const Chunk *newest;
  const Owned *owned;
  GByteArray *chunks, *objects;
};

/* Only what was handed out of the chunk in use is worth keeping. */
static gsize used_size(const Arena *arena, const Chunk *chunk) {
  const char *start = (const char *)chunk;
  const gboolean in_use = arena->next >= start && arena->next <= start + chunk->size;
  return in_use ? (gsize)(arena->next - start) : chunk->size;
}

ArenaMark *arena_mark(Arena *arena) {
  ArenaMark *mark = g_new0(ArenaMark, 1);
  mark->newest = arena->newest;
  mark->owned = arena->owned;
  mark->chunks = g_byte_array_new();
  mark->objects = g_byte_array_new();
  for (const Chunk *chunk = arena->newest; chunk != NULL; chunk = chunk->older) {
    const gsize size = used_size(arena, chunk);
    keep_bytes(mark->chunks, &size, sizeof size);
    keep_bytes(mark->chunks, chunk, size);
  }
  for (const Owned *owned = arena->owned; owned != NULL; owned = owned->older) {
    g_assert(owned->kind != NULL);
    owned->kind->keep(owned->object, mark->objects);
  }
  return mark;
}

static void drop_what_came_after(Arena *arena, const ArenaMark *mark) {
  while (arena->owned != mark->owned) {
    const Owned *owned = arena->owned;
    arena->owned = owned->older;
    owned->destroy(owned->object);
  }
  for (const Owned *owned = arena->owned; owned != NULL; owned = owned->older)
    if (owned->kind->drop != NULL)
      owned->kind->drop(owned->object);
  while (arena->newest != mark->newest) {
    Chunk *chunk = arena->newest;
    arena->newest = chunk->older;
    g_free(chunk);
  }
}

void arena_return_to(Arena *arena, const ArenaMark *mark) {
  drop_what_came_after(arena, mark);
  const guint8 *kept = mark->chunks->data;
  for (Chunk *chunk = arena->newest; chunk != NULL; chunk = chunk->older) {
    gsize size;
    arena_take_kept(&kept, &size, sizeof size);
    arena_take_kept(&kept, chunk, size);
  }
  kept = mark->objects->data;
  for (const Owned *owned = arena->owned; owned != NULL; owned = owned->older)
    owned->kind->restore(owned->object, &kept);
}

void arena_mark_free(ArenaMark *mark) {
  if (mark == NULL)
    return;
  g_byte_array_unref(mark->chunks);
  g_byte_array_unref(mark->objects);
  g_free(mark);
}
