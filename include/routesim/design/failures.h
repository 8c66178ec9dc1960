/* What fails at random, and what is taken down on purpose: for years of a campaign. A run of the
 * scenario itself knows nothing of it. */
#pragma once
#include "routesim/base/keys.h"

struct FaultKind;

/* A kind of failure, and how often it is that one. */
typedef struct {
  const struct FaultKind *kind;
  double share; /* of all failures of the block; the shares of a block add up to 1 */
} DesignHowShare;

typedef enum { MAINTENANCE_ONE_BY_ONE, MAINTENANCE_TOGETHER } MaintenanceOrder;

typedef struct {
  BlockHead head;
  Duration every; /* from the end of one window to the next */
  Duration takes; /* until what was taken down is brought back */
  Duration pause; /* one by one: from there to the next one */
  NameRef how_name;
  const struct FaultKind *how; /* NULL: it could not be read */
  int order;                   /* a MaintenanceOrder */
} DesignMaintenance;

typedef struct {
  BlockHead head;
  NameRef target;      /* a name that `fail:` takes; with '*' each that matches, by itself */
  GPtrArray *together; /* NameRef *, in place of `target`: these fail at one moment */
  Duration mtbf;       /* from a repair to the next failure */
  Duration mttr;       /* from a failure to its repair */
  double availability; /* 0: not given; else `mtbf` follows from it, and it is a promise */
  GArray *how;         /* DesignHowShare; at least one, where it could be read */
  DesignMaintenance *maintenance; /* or NULL */
} DesignFailure;
