/* Who peers with which part of a route server.
 *
 * A design says `peers: {rs: ...}`; what that comes to is the cloud's to say: both instances, the
 * endpoints in the appliance's own subnet, or those that a block names. The same questions are
 * asked twice: while a design is only checked, before any world has parts (events name them,
 * messages say that there is nothing to peer with), and when the world makes its sessions. So the
 * class answers them from configurations alone: part `index` of a design is part `index` of the
 * world, in the order of names, and the conformance suite compares the two.
 *
 * What a peer's block says of one part alone is told here too; the mechanism is the world's. The
 * route maps that it names are route_map.h's business. */
#pragma once
#include "routesim/base/keys.h"
#include "routesim/design/design.h"

/* A part of a route server that is only described. */
typedef struct {
  const char *name; /* without the server's: "e1" */
  const char *zone; /* NULL: in none */
} CloudPart;

/* Every member is there, but for those of which it is said what NULL means. */
typedef struct {
  /* The `index`-th part that a route server so configured will have, by name; FALSE: there are no
   * more. */
  gboolean (*part_at)(const Design *design, const DesignRouteServer *server, gconstpointer config,
                      guint index, CloudPart *part);
  /* Does an appliance whose interface stands in `subnet` peer with it? `peer_config`: struct of
   * `keys`, or NULL. */
  gboolean (*peers_with)(gconstpointer config, guint index, const char *subnet,
                         gconstpointer peer_config);
  /* Why it peers with none (static, with fact id), or NULL: it does with some. NULL hook: with some
   * always. */
  const char *(*refuse)(gconstpointer config, const char *subnet, gconstpointer peer_config);
  const char *bfd_refusal; /* why its route server has no BFD, with fact id; NULL: it has */

  const KeyTable *keys; /* its block in an appliance's peer; NULL: it has none */
  /* The `index`-th of the parts that such a block names, and what it says of that part (raw; NULL:
   * nothing). FALSE: there are no more. NULL hook: it names none. Never there without `keys`. */
  gboolean (*named_part)(gconstpointer peer_config, guint index, const char **part,
                         const Node **block);
} PeersClass;
