/* An SD-WAN edge: a router with sites behind it. */
#include "nva_private.h"

const NvaClass nva_class_sd_wan = {
    .name = "sd-wan", .meaning = "passes every packet on: a router with sites behind it"};
