/* Checks of route servers, appliances and their peers. */
#include <string.h>

#include "check_private.h"

/* ---- route servers and appliances ------------------------------------------------------------ */

static void check_cloud_timers(DesignCheck *check, const Node *block);

void check_server(DesignCheck *check, const DesignRouteServer *server) {
  if (tell_need(check, "network", &server->network, check->design->networks) == NULL)
    return;
  for (guint c = 0; c < cloud_count(); c++)
    if (server->clouds[c] != NULL)
      check_cloud_timers(check, server->clouds[c]);
  for (guint c = 0; c < cloud_count(); c++) {
    const CloudClass *cloud = cloud_at(c);
    if (!check->design->models[c])
      continue;
    if (server->configs[c] == NULL &&
        (!keys_sound(&server->head, cloud->name) || !keys_sound(&check->design->head, "models")))
      continue;
    if (server->configs[c] == NULL) {
      tell_error(check, server->head.mark,
                 "route server '%s' has no `%s:` block, which model %s needs (or name the other "
                 "models in `models:`)",
                 server->head.name, cloud->name, cloud->name);
      continue;
    }
    const guint told = diagnostics_told(check->reader->diagnostics);
    cloud_ask(check, cloud);
    cloud->checks->server(check, server);
    cloud_ask(check, NULL);
    if (keys_all_sound(server->configs[c]) && diagnostics_told(check->reader->diagnostics) == told)
      g_hash_table_add(check->trusted, server->configs[c]);
  }
}

static SimTime most_of(const Duration *duration) {
  return distribution_quantile(&duration->law, 1 - 0x1p-53);
}

/* The field of the OPEN has whole seconds. What stands in a file has to be such; where a law draws
 * any value, the session rounds it. */
void check_whole_seconds(DesignCheck *check, const Duration *hold) {
  const Distribution *law = &hold->law;
  gboolean whole = law->kind != DISTRIBUTION_CONSTANT || law->a.ns % SIM_SECOND == 0;
  for (guint i = 0; law->kind == DISTRIBUTION_TABLE && i < law->count; i++)
    whole &= law->table[i].ns % SIM_SECOND == 0;
  if (!whole)
    tell_error(check, hold->mark, "a hold time is a whole number of seconds (RFC 4271 4.2)");
}

/* Either end of a session has a `hold` and a `keepalive`. */
void check_session_timers(DesignCheck *check, const Duration *keepalive, const Duration *hold) {
  const gboolean none = most_of(hold).ns == 0;
  if (!none && check_least_of(hold).ns < 3 * SIM_SECOND)
    tell_error(check, hold->mark, "a hold time is 0 or at least 3s (RFC 4271 4.2)");
  else
    check_whole_seconds(check, hold);
  if (most_of(hold).ns > 65535 * SIM_SECOND)
    tell_error(check, hold->mark, "a hold time is at most 65535s (RFC 4271 4.2)");
  if (!none && check_least_of(keepalive).ns < SIM_SECOND)
    tell_error(check, keepalive->mark, "a keepalive interval is at least 1s (RFC 4271 4.4)");
}

void check_bfd_interval(DesignCheck *check, const Duration *interval) {
  if (check_least_of(interval).ns < 1000 || most_of(interval).ns > 4294 * SIM_SECOND)
    tell_error(check, interval->mark, "a BFD interval is from 1us to 4294s (RFC 5880 4.1)");
}

/* The same keys stand in a cloud's block, whose struct only the cloud knows. */
static void check_cloud_timers(DesignCheck *check, const Node *block) {
  const Node *keepalive = node_get(block, "keepalive"), *hold = node_get(block, "hold");
  const Node *interval = node_get(node_get(block, "bfd"), "interval");
  Duration read[2] = {{.law = distribution_constant(sim_time_s(1))},
                      {.law = distribution_constant(sim_time_s(3))}};
  Duration bfd;
  if (keepalive != NULL)
    keys_read_duration(check->reader, keepalive, &read[0]);
  if (hold != NULL)
    keys_read_duration(check->reader, hold, &read[1]);
  check_session_timers(check, &read[0], &read[1]);
  if (interval != NULL && keys_read_duration(check->reader, interval, &bfd))
    check_bfd_interval(check, &bfd);
}

/* Why the appliance peers with nothing by an interface in `subnet`; NULL: it does. */
static const char *refusal_from(const CloudClass *cloud, const DesignRouteServer *server,
                                const char *subnet, const DesignPeer *peer) {
  const guint c = cloud_place(cloud);
  return cloud->peers->refuse != NULL
             ? cloud->peers->refuse(server->configs[c], subnet, peer->configs[c])
             : NULL;
}

/* Nothing is said where the endpoints, the peer's choice of them or the appliance's subnet are
 * wrong themselves: that was told already. */
static void check_parts(DesignCheck *check, const CloudClass *cloud,
                        const DesignRouteServer *server, const DesignNva *nva,
                        const DesignPeer *peer) {
  const BlockHead *config = peer->configs[cloud_place(cloud)];
  const gboolean known = design_find_subnet(check->design, nva->subnet.text, NULL) != NULL &&
                         keys_sound(&peer->head, cloud->name) &&
                         (config == NULL || keys_all_sound(config));
  if (!known || !g_hash_table_contains(check->trusted, server->configs[cloud_place(cloud)]))
    return;
  const char *why = refusal_from(cloud, server, nva->subnet.text, peer);
  if (why != NULL && nva->interfaces != NULL)
    why = refusal_from(cloud, server, nva->interfaces->out.text, peer);
  if (why != NULL)
    tell_error(check, peer->head.mark, "'%s' has nothing to peer with under %s: %s", nva->head.name,
               cloud->name, why);
}

static void check_peer(DesignCheck *check, const DesignNva *nva, const DesignPeer *peer) {
  const DesignRouteServer *server = design_find(check->design->route_servers, peer->head.name);
  const gboolean asn_known = keys_sound(&nva->head, "asn");
  check_session_timers(check, &peer->keepalive, &peer->hold);
  if (peer->bfd != NULL)
    check_bfd_interval(check, &peer->bfd->interval);
  check_nva_peer(check, nva, peer, server);
  if (server == NULL)
    return;
  if (peer->asn != 0 && asn_known && peer->asn != nva->asn)
    tell_warning(check, peer->head.mark,
                 "the route server was told AS number %" G_GINT64_FORMAT
                 ", and '%s' has %" G_GINT64_FORMAT ": the session never comes up (RFC 4271 6.2)%s",
                 peer->asn, nva->head.name, nva->asn, check_cite(check, RULE_WRONG_ASN));
  for (guint c = 0; c < cloud_count(); c++) {
    const CloudClass *cloud = cloud_at(c);
    if (!check->design->models[c])
      continue;
    if (peer->bfd != NULL && cloud->peers->bfd_refusal != NULL)
      tell_warning(check, peer->bfd->head.mark, "%s: ignored under %s", cloud->peers->bfd_refusal,
                   cloud->name);
    if (server->configs[c] == NULL)
      continue;
    const char *why =
        asn_known ? cloud->checks->refuse_asn(server->configs[c], (guint32)nva->asn) : NULL;
    if (why != NULL)
      tell_error(check, nva->head.mark, "AS number %" G_GINT64_FORMAT " cannot peer under %s: %s",
                 nva->asn, cloud->name, why);
    check_parts(check, cloud, server, nva, peer);
    check_route_maps_of_peer(check, cloud, peer->configs[c]);
  }
}

void check_nva(DesignCheck *check, const DesignNva *nva) {
  tell_need_subnet(check, &nva->subnet, NULL);
  if (design_find(check->design->route_servers, nva->head.name) != NULL)
    tell_error(check, nva->head.mark, "'%s' is the name of something else already", nva->head.name);
  for (guint i = 0; i < nva->peers->len; i++)
    check_peer(check, nva, nva->peers->pdata[i]);
  check_announcements(check, nva, nva->advertise);
  for (guint i = 0; i < nva->peers->len; i++) {
    const DesignPeer *peer = nva->peers->pdata[i];
    check_announcements(check, nva, peer->advertise);
    for (guint j = 0; j < peer->part_lists->len; j++)
      check_announcements(check, nva, ((DesignPartList *)peer->part_lists->pdata[j])->advertise);
  }
  check_nva_parts(check, nva);
}
