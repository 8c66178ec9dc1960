/* Who is told that something changed; see fabric.h. */
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

void fabric_changed(Fabric *fabric) {
  for (guint i = 0; i < fabric->watches->len; i++) {
    const FabricWatch *watch = fabric->watches->pdata[i];
    watch->handler(watch->data);
  }
}

void fabric_touch(Fabric *fabric) { fabric_changed(fabric); }

void fabric_owners_changed(Fabric *fabric) { fabric->claimed++; }
