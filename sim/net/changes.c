/* Who is told that something changed, and what an answer was worked out from; see fabric.h. */
#include "fabric_private.h"

typedef struct {
  ChangeHandler handler;
  gpointer data;
} FabricWatch;

void fabric_watch(Fabric *fabric, ChangeHandler handler, gpointer data) {
  FabricWatch *watch = arena_new0(fabric->arena, FabricWatch);
  *watch = (FabricWatch){handler, data};
  g_ptr_array_add(fabric->watches, watch);
}

/* ---- what was read ------------------------------------------------------------------- */

static PartState *state_of(const Fabric *fabric, FabricPart part) {
  return &g_array_index(fabric->parts, PartState, part);
}

FabricPart fabric_part_new(Fabric *fabric) {
  const PartState state = {0};
  g_array_append_val(fabric->parts, state);
  return fabric->parts->len - 1;
}

void fabric_note(const Fabric *fabric, FabricPart part) {
  FabricReads *reads = fabric->reading;
  if (reads == NULL || state_of(fabric, part)->noted_in == fabric->answers)
    return;
  state_of(fabric, part)->noted_in = fabric->answers;
  if (reads->count == reads->room) {
    const guint room = MAX(2 * reads->room, 16);
    FabricPart *parts = arena_array(fabric->arena, FabricPart, room);
    for (guint i = 0; i < reads->count; i++)
      parts[i] = reads->parts[i];
    reads->parts = parts;
    reads->room = room;
  }
  reads->parts[reads->count++] = part;
}

void fabric_reads_begin(Fabric *fabric, FabricReads *reads) {
  fabric->answers++;
  fabric->reading = reads;
  reads->count = 0;
  reads->at = fabric->changes;
}

void fabric_reads_end(Fabric *fabric) { fabric->reading = NULL; }

gboolean fabric_reads_hold(const Fabric *fabric, const FabricReads *reads) {
  if (reads->parts == NULL || fabric->touched_at > reads->at)
    return FALSE;
  for (guint i = 0; reads->at < fabric->changes && i < reads->count; i++)
    if (state_of(fabric, reads->parts[i])->changed_at > reads->at)
      return FALSE;
  return TRUE;
}

/* ---- what changed -------------------------------------------------------------------- */

static void tell_all(const Fabric *fabric) {
  for (guint i = 0; i < fabric->watches->len; i++) {
    const FabricWatch *watch = fabric->watches->pdata[i];
    watch->handler(watch->data);
  }
}

void fabric_changed(Fabric *fabric, FabricPart part) {
  fabric->changes++;
  state_of(fabric, part)->changed_at = fabric->changes;
  state_of(fabric, FABRIC_ANYTHING)->changed_at = fabric->changes;
  tell_all(fabric);
}

void fabric_touch(Fabric *fabric) {
  fabric->changes++;
  fabric->touched_at = fabric->changes;
  tell_all(fabric);
}

void fabric_owners_changed(Fabric *fabric) {
  fabric->claimed++;
  fabric->changes++;
  fabric->touched_at = fabric->changes;
}
