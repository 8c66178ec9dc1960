/* What a cloud's network makes of an appliance as its operator has configured it.
 *
 * An appliance forwards what is not addressed to it, and a cloud may drop that until somebody says
 * that it is meant: a setting of the machine, in the cloud's block in the design's appliance. Only
 * a cloud with this class has such a block (`CloudClass.appliances` NULL: each appliance passes on
 * what it will). What an appliance's sessions ask for is peers.h's business. */
#pragma once
#include "routesim/base/keys.h"
#include "routesim/net/fabric.h"

/* Every member is there. */
typedef struct {
  const KeyTable *keys; /* `nvas.*.CLOUD` */
  /* Why an appliance so configured passes on no traffic of others; DROP_NONE: it does. */
  DropReason (*transit_refusal)(gconstpointer config);
} ApplianceClass;
