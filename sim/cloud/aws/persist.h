/* Persisted routes of a route server, and the return of its sessions.
 *
 * When the last session of a server that persists has ended, its routes stay as they were,
 * frozen, until somebody has been back for the wait, or the action `disable` or `reset` ends it.
 * Who comes back settles first, where a scenario wants that (`fail_back`): until then its routes
 * yield to those in use. An AwsState is the server's own part here (route_server_data()); the
 * session hook and the persist hook of the class lead into it. */
#pragma once
#include "aws_private.h"

/* The states of ModifyRouteServer's persist-routes action. Facts: AWS-6.11. */
typedef enum {
  AWS_PERSIST_DISABLED,
  AWS_PERSIST_ENABLING,
  AWS_PERSIST_ENABLED,
  AWS_PERSIST_RESETTING,
  AWS_PERSIST_DISABLING,
} AwsPersistState;

typedef struct {
  AwsPersistState persist;
  gboolean persisted; /* AreRoutesPersisted */
  Timer *persist_timer, *modify_timer;
  SimTime persist_wait;
  DesignPersist action; /* in progress, while `modify_timer` runs */
  RandomStream modify_stream, fail_back_stream;
  Agenda *settling;          /* BgpPeer * */
  GHashTable *settles_until; /* SimTime *, by BgpPeer * */
} AwsState;

void aws_persist_begin(RouteServer *server, AwsState *state);
void aws_persist(RouteServer *server, DesignPersist action);
gboolean aws_session(RouteServer *server, RouteServerUnit *unit, BgpPeer *peer, gboolean up);
const char *aws_persist_state_name(AwsPersistState state);
/* TRUE while the persisted copy is in force. Facts: AWS-1.12. */
gboolean aws_routes_are_persisted(const RouteServer *server);
