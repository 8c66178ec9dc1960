/* Every kind that a scenario may name, in the order of messages. */
#include <string.h>

#include "nva_private.h"

static const NvaClass *const classes[] = {&nva_class_router, &nva_class_firewall, &nva_class_sd_wan,
                                          &nva_class_load_balancer};

guint nva_class_count(void) { return G_N_ELEMENTS(classes); }
const NvaClass *nva_class_at(guint index) { return classes[index]; }

const NvaClass *nva_class_find(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(classes); i++)
    if (strcmp(classes[i]->name, name) == 0)
      return classes[i];
  return NULL;
}
