/* Route maps of a cloud's route server: on which sessions they are, and what they cannot do.
 *
 * A design has `route_maps` with rules; that a session has one is said in the cloud's own blocks:
 * in an appliance's peer, and in the route server for its sessions with gateways. A cloud with this
 * class is asked for their names while a design is checked and when the world makes the sessions;
 * what a map does to a route is bgp/'s business (BgpRouteMap). Without it (`CloudClass.route_maps`
 * NULL) no session has any. */
#pragma once
#include "routesim/base/keys.h"

/* Every member is there, and so is PeersClass.keys, the block of an appliance's peer. Names are
 * those of the inbound and the outbound map; each may have no text. */
typedef struct {
  /* Those of a session with an appliance, by the block of its peer. */
  void (*of_peer)(gconstpointer peer_config, const NameRef *names[2]);
  /* The `index`-th gateway whose session with a route server so configured has some; FALSE: there
   * are no more. */
  gboolean (*of_gateway)(gconstpointer config, guint index, NameRef *gateway,
                         const NameRef *names[2]);
  /* Why a rule may not put this AS number into a path, or look for it there (`matched`) (static,
   * with fact id); NULL: it may. */
  const char *(*refuse_asn)(guint32 asn, gboolean matched);
  /* What a rule must not take away with this community, and why ("communities of ... away: they
   * are ...", static, with fact id); NULL: it may. */
  const char *(*keeps_community)(guint32 community);
} RouteMapClass;
