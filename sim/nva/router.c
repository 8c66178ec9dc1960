/* A plain router: passes every packet on. */
#include "nva_private.h"

const NvaClass nva_class_router = {.name = "router", .meaning = "passes every packet on"};
