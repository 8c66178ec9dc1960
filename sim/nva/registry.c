/* Kinds by place and by name. */
#include <string.h>

#include "nva_private.h"

#define ROW(kind) &nva_class_##kind,
static const NvaClass *const classes[] = {NVA_KINDS(ROW)};
#undef ROW

guint nva_class_count(void) { return G_N_ELEMENTS(classes); }
const NvaClass *nva_class_at(guint index) { return classes[index]; }

const NvaClass *nva_class_find(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(classes); i++)
    if (strcmp(classes[i]->name, name) == 0)
      return classes[i];
  return NULL;
}
