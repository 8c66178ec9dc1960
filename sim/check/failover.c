/* Checks of what stands in place of the route servers: numbers that no health check can have, and
 * designs that a load balancer or a script cannot carry. */
#include <string.h>

#include "check_private.h"

static void check_probe(DesignCheck *check, const Duration *interval, const Duration *timeout,
                        const char *what) {
  if (check_least_of(interval).ns <= 0)
    tell_error(check, interval->mark, "%s is more than 0", what);
  else if (timeout->law.kind != DISTRIBUTION_CONSTANT ||
           timeout->law.a.ns > check_least_of(interval).ns)
    tell_error(check, timeout->given ? timeout->mark : interval->mark,
               "'timeout' is one duration, and not longer than %s", what);
}

/* Each cloud has bounds for the checks of its own balancer. */
static void check_load_balancer(DesignCheck *check, const CloudClass *cloud,
                                const LoadBalancerConfig *config) {
  check_probe(check, &config->interval, &config->timeout, "the interval of the health check");
  if (check_least_of(&config->interval).ns < cloud->failover->least_probe_interval.ns) {
    g_autoptr(GString) least = g_string_new(NULL);
    sim_time_append_human(cloud->failover->least_probe_interval, least);
    tell_error(check, config->interval.mark, "the interval of the health check is at least %s (%s)",
               least->str, cloud->failover->least_probe_fact);
  }
  const SimTime most = cloud->failover->most_deregistration_delay;
  if (most.ns > 0 &&
      distribution_quantile(&config->deregistration_delay.law, 1 - 0x1p-53).ns > most.ns)
    tell_error(check, config->deregistration_delay.mark,
               "a deregistration delay is at most %.0fs (%s)", sim_time_seconds(most),
               cloud->failover->most_deregistration_fact);
}

/* ---- appliances ------------------------------------------------------------------------------ */

static void check_announcement(DesignCheck *check, const DesignAnnouncement *announcement) {
  if (announcement->next_hop.text != NULL)
    tell_error(check, announcement->next_hop.mark,
               "a load balancer or a script sends to the appliance itself: a next hop in its place "
               "needs `failover: route-server`%s",
               check_cite(check, RULE_FOREIGN_NEXT_HOP));
  if (design_is_conditional(announcement))
    tell_error(check, announcement->head.mark,
               "nobody hears that the appliance takes back what it announces while healthy: that "
               "needs `failover: route-server`%s",
               check_cite(check, RULE_TAKES_BACK));
  if (check->design->failover == FAILOVER_LOAD_BALANCER &&
      (announcement->prepend > 0 || announcement->med >= 0))
    tell_warning(
        check, announcement->head.mark,
        "a load balancer shares flows over all healthy appliances: `prepend` and `med` mean "
        "nothing to it%s",
        check_cite(check, RULE_BALANCER_SHARES));
}

static void check_member(DesignCheck *check, const DesignNva *nva) {
  gboolean peers = FALSE;
  for (guint i = 0; i < nva->peers->len; i++) {
    const DesignPeer *peer = nva->peers->pdata[i];
    const GPtrArray *list = design_has_own_list(peer) ? peer->advertise : nva->advertise;
    if (design_find(check->design->route_servers, peer->head.name) == NULL)
      continue; /* another appliance */
    for (guint j = 0; (!peers || list != nva->advertise) && j < list->len; j++)
      check_announcement(check, list->pdata[j]);
    peers = TRUE;
  }
  if (!peers || nva->interfaces == NULL || nva->snat != SNAT_OFF ||
      check->design->failover != FAILOVER_LOAD_BALANCER)
    return;
  for (guint i = 0; i < cloud_count(); i++)
    if (check->design->models[i] && cloud_at(i)->failover->two_leg_rule != NULL)
      tell_warning(check, nva->head.mark, "%s", cloud_at(i)->failover->two_leg_rule);
}

/* ---- what nobody hears ----------------------------------------------------------------------- */

static gboolean is_server(const Design *design, const char *target) {
  for (guint i = 0; i < design->route_servers->len; i++) {
    const char *name = ((DesignRouteServer *)design->route_servers->pdata[i])->head.name;
    const gsize length = strlen(name);
    if (strncmp(name, target, length) == 0 && (target[length] == '\0' || target[length] == '/'))
      return TRUE;
  }
  return FALSE;
}

/* TRUE for two appliances that watch each other under every model. */
static gboolean hits_heartbeats(const Design *design, const DesignEvent *event) {
  for (guint i = 0; i < cloud_count(); i++) {
    const ApiFailoverConfig *config = design->api_failover[i];
    if (design->models[i] && (config == NULL || config->trigger != API_TRIGGER_DEVICE))
      return FALSE;
  }
  return design->failover == FAILOVER_API && event->action == EVENT_IMPAIR &&
         design_find(design->nvas, event->ends[0]) != NULL &&
         design_find(design->nvas, event->ends[1]) != NULL;
}

static void check_event(DesignCheck *check, const DesignEvent *event) {
  if (event->action == EVENT_SET)
    tell_warning(
        check, event->target_mark,
        "without a route server nobody hears what appliances announce: the event moves no route");
  else if ((event->action == EVENT_IMPAIR && !hits_heartbeats(check->design, event)) ||
           (event->action == EVENT_FAIL && is_server(check->design, event->target)))
    tell_warning(
        check, event->target_mark,
        "route servers have no sessions under another kind of `failover`: the event does nothing");
}

static void check_own_gateways(DesignCheck *check) {
  const Design *design = check->design;
  for (guint i = 0; i < design->route_servers->len; i++) {
    const DesignRouteServer *server = design->route_servers->pdata[i];
    for (guint j = 0; j < design->gateways->len; j++) {
      const DesignGateway *gateway = design->gateways->pdata[j];
      if ((gateway->kind == DESIGN_GATEWAY_VPN || gateway->kind == DESIGN_GATEWAY_CIRCUIT) &&
          gateway->network.text != NULL &&
          g_strcmp0(gateway->network.text, server->network.text) == 0)
        diagnostics_add(
            check->reader->diagnostics, SEVERITY_WARNING, gateway->head.mark,
            "without a route server nothing tells gateway '%s' what the appliances have: "
            "what stands behind it does not reach them%s",
            gateway->head.name, check_cite(check, RULE_TELLS_GATEWAYS));
    }
  }
}

static void check_members(DesignCheck *check) {
  const Design *design = check->design;
  for (guint i = 0; i < design->load_balancers->len; i++) {
    const DesignLoadBalancer *balancer = design->load_balancers->pdata[i];
    if (design_find(design->nvas, balancer->head.name) != NULL)
      tell_error(check, balancer->head.mark,
                 "'%s' is the name of an appliance already: a `next_hop` could mean either",
                 balancer->head.name);
    for (guint j = 0; j < balancer->members->len; j++)
      tell_need(check, "appliance", balancer->members->pdata[j], design->nvas);
  }
}

static void check_api_failover(DesignCheck *check, const ApiFailoverConfig *config) {
  check_probe(check, &config->poll, &config->timeout, "the interval of the polls");
  if (check_least_of(&config->heartbeat).ns <= 0)
    tell_error(check, config->heartbeat.mark, "the interval of the heartbeats is more than 0");
}

static guint count_members(const Design *design, const DesignRouteServer *server) {
  guint count = 0;
  for (guint i = 0; i < design->nvas->len; i++)
    count +=
        design_find(((const DesignNva *)design->nvas->pdata[i])->peers, server->head.name) != NULL;
  return count;
}

/* Nobody but another appliance makes the call. Facts: AWS-12.22. */
static void check_watchers(DesignCheck *check) {
  const Design *design = check->design;
  for (guint i = 0; i < cloud_count(); i++) {
    const ApiFailoverConfig *config = design->api_failover[i];
    if (design->failover != FAILOVER_API || !design->models[i] || config == NULL ||
        config->trigger != API_TRIGGER_DEVICE)
      continue;
    for (guint j = 0; j < design->route_servers->len; j++) {
      const DesignRouteServer *server = design->route_servers->pdata[j];
      if (count_members(design, server) == 1)
        diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, server->head.mark,
                        "under %s one appliance alone stands behind '%s': with `trigger: device` "
                        "nobody notices when it fails%s",
                        cloud_at(i)->name, server->head.name,
                        cloud_cite(cloud_at(i), check->reader->arena, RULE_DEVICES_WATCH));
    }
  }
}

void check_failover(DesignCheck *check) {
  const Design *design = check->design;
  check_members(check);
  for (guint i = 0; i < cloud_count(); i++) {
    if (design->load_balancer[i] != NULL)
      check_load_balancer(check, cloud_at(i), design->load_balancer[i]);
    if (design->api_failover[i] != NULL)
      check_api_failover(check, design->api_failover[i]);
  }
  check_watchers(check);
  if (design->failover == FAILOVER_ROUTE_SERVER)
    return;
  if (design->route_servers->len == 0 && keys_sound(&design->head, "route_servers"))
    tell_error(check, node_get(design->head.node, "failover")->mark,
               "nothing to stand in place of: the scenario has no route server that appliances "
               "peer with");
  for (guint i = 0; i < design->nvas->len; i++)
    check_member(check, design->nvas->pdata[i]);
  for (guint i = 0; i < design->events->len; i++)
    check_event(check, design->events->pdata[i]);
  check_own_gateways(check);
}
