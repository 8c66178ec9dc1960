/* Objects and their states, as the EC2 API names them. Only states that a run can reach occur:
 * objects are there from the start, so nothing is `pending` or `deleting`. */
#include "persist.h"

static void tell(AwsObjectVisit visit, gpointer data, const char *kind, const char *name,
                 const char *state, const char *detail) {
  const AwsObject object = {kind, name, state, detail};
  visit(&object, data);
}

/* It is `modifying` while a persist-routes action is on its way.
 * Facts: AWS-1.2, AWS-1.3, AWS-1.10, AWS-1.12, AWS-6.11. */
static void describe_server(const RouteServer *server, AwsObjectVisit visit, gpointer data) {
  const AwsState *state = route_server_data(server);
  tell(visit, data, "route-server", route_server_name(server),
       timer_is_armed(state->modify_timer) ? "modifying" : "available", NULL);
  tell(visit, data, "association", route_server_config(server)->network->name, "associated", NULL);
  tell(visit, data, "persist-routes", route_server_name(server),
       aws_persist_state_name(state->persist),
       aws_routes_are_persisted(server) ? "AreRoutesPersisted" : NULL);
}

/* A peer is `available` whether BGP is up or not. Facts: AWS-1.5, AWS-1.7, AWS-1.9. */
void aws_objects(const RouteServer *server, AwsObjectVisit visit, gpointer data) {
  const AwsConfig *config = route_server_config(server)->config;
  const GPtrArray *peers =
      bgp_speaker_peers(route_server_unit_speaker(route_server_unit(server, 0)));
  describe_server(server, visit, data);
  for (guint i = 0; i < route_server_part_count(server); i++) {
    const RouteServerPart *part = route_server_part(server, i);
    const gboolean dark = net_node_is(route_server_part_node(part), NODE_DARK);
    tell(visit, data, "endpoint", route_server_part_name(part), dark ? "failed" : "available",
         NULL);
  }
  for (guint i = 0; i < config->propagate_to->len; i++)
    tell(visit, data, "propagation", ((const NameRef *)config->propagate_to->pdata[i])->text,
         "available", NULL);
  for (guint i = 0; i < peers->len; i++) {
    const BgpPeer *peer = peers->pdata[i];
    tell(visit, data, "peer", bgp_peer_name(peer), "available",
         bgp_peer_state(peer) == BGP_ESTABLISHED ? "bgp up" : "bgp down");
  }
}
