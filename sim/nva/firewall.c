/* A stateful firewall: each session lives in the one that saw it open. Facts: AZ-6.14, AWS-6.2. */
#include "nva_private.h"

const NvaClass nva_class_firewall = {
    .name = "firewall",
    .stateful = TRUE,
    .meaning = "stateful: it drops packets of a session that it did not see open"};
