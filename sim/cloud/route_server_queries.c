/* What everybody asks of a route server, and what its cloud sets; see route_server.h. */
#include "route_server_private.h"

/* ---- the server itself --------------------------------------------------------------------- */

const CloudClass *route_server_class(const RouteServer *server) { return server->class; }
const char *route_server_name(const RouteServer *server) { return server->config.name; }
const RouteServerConfig *route_server_config(const RouteServer *server) { return &server->config; }
CloudTopology *route_server_topology(const RouteServer *server) { return server->topology; }
void route_server_set_times(RouteServer *server, const RouteServerTimes *times) {
  server->times = *times;
}
void route_server_set_limits(RouteServer *server, const RouteServerLimits *limits) {
  server->limits = *limits;
}
void route_server_set_speech(RouteServer *server, const RouteServerSpeech *speech) {
  server->speech = *speech;
}
void route_server_set_flushes(RouteServer *server, gboolean flushes) { server->flushes = flushes; }
gpointer route_server_data(const RouteServer *server) { return server->data; }
void route_server_set_data(RouteServer *server, gpointer data) { server->data = data; }

/* ---- units, parts and tables --------------------------------------------------------------- */

guint route_server_unit_established(const RouteServerUnit *unit) {
  const GPtrArray *peers = bgp_speaker_peers(unit->speaker);
  guint count = 0;
  for (guint i = 0; i < peers->len; i++)
    count += bgp_peer_state(peers->pdata[i]) == BGP_ESTABLISHED;
  return count;
}

guint route_server_unit_count(const RouteServer *server) { return server->units->len; }
RouteServerUnit *route_server_unit(const RouteServer *server, guint index) {
  return server->units->pdata[index];
}
BgpSpeaker *route_server_unit_speaker(const RouteServerUnit *unit) { return unit->speaker; }
const char *route_server_unit_name(const RouteServerUnit *unit) { return unit->name; }
RouteServer *route_server_unit_server(const RouteServerUnit *unit) { return unit->server; }
guint route_server_part_count(const RouteServer *server) { return server->parts->len; }
RouteServerPart *route_server_part(const RouteServer *server, guint index) {
  return server->parts->pdata[index];
}
const char *route_server_part_name(const RouteServerPart *part) { return part->name; }
const char *route_server_part_zone(const RouteServerPart *part) { return part->zone; }
NetNode *route_server_part_node(const RouteServerPart *part) { return part->node; }
IpAddress route_server_part_address(const RouteServerPart *part) { return part->address; }
RouteServerUnit *route_server_part_unit(const RouteServerPart *part) { return part->unit; }
gboolean route_server_part_owns_process(const RouteServerPart *part) { return part->own_process; }

void route_server_parts_for(RouteServer *server, const char *subnet, gconstpointer peer_config,
                            GPtrArray *parts) {
  for (guint i = 0; i < server->parts->len; i++)
    if (server->class->peers->peers_with(server->config.config, i, subnet, peer_config))
      g_ptr_array_add(parts, server->parts->pdata[i]);
}

guint route_server_table_count(const RouteServer *server) { return server->feeds->len; }
RouteTable *route_server_table(const RouteServer *server, guint index) {
  return ((const Feed *)server->feeds->pdata[index])->table;
}
RouteServerUnit *route_server_table_unit(const RouteServer *server, guint index) {
  return ((const Feed *)server->feeds->pdata[index])->unit;
}

RouteServerUnit *route_servers_unit_of(const GPtrArray *servers, const RouteTable *table) {
  for (guint i = 0; i < servers->len; i++) {
    const RouteServer *server = servers->pdata[i];
    for (guint j = 0; j < server->feeds->len; j++)
      if (route_server_table(server, j) == table && route_server_table_unit(server, j) != NULL)
        return route_server_table_unit(server, j);
  }
  return NULL;
}

RouteServerUnit *route_servers_unit_with(const GPtrArray *servers, const BgpSpeaker *speaker) {
  for (guint i = 0; i < servers->len; i++) {
    const RouteServer *server = servers->pdata[i];
    for (guint j = 0; j < route_server_unit_count(server); j++)
      if (route_server_unit_speaker(route_server_unit(server, j)) == speaker)
        return route_server_unit(server, j);
  }
  return NULL;
}

const RoutePlan *route_server_wanted(const RouteServerUnit *unit, Prefix prefix) {
  const Want *want = trie_get(unit->wants, prefix);
  return want != NULL ? &want->wanted : NULL;
}
