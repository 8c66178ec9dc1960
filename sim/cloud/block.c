/* What the rules of every cloud ask of packets that do not arrive; see telling.h. */
#include "routesim/cloud/telling.h"

gboolean cloud_table_knows_no_way(const CloudBlock *block) {
  return block->at != NULL && (block->reason == DROP_NO_ROUTE || block->reason == DROP_BLACKHOLE) &&
         (block->origin == NULL || !block->origin->written);
}

gboolean cloud_site_knows_no_way(const CloudBlock *block) {
  return block->at == NULL && block->from.subnet == NULL &&
         (block->reason == DROP_NOT_ANNOUNCED ||
          (block->reason == DROP_NO_ROUTE && block->speaker != NULL));
}
