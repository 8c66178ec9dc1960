/* Checks of what stands in place of the route servers: numbers that no health check can have, and
 * designs that a load balancer or a script cannot carry. */
#include "scenario_private.h"

static void check_probe(Check *check, const Duration *interval, const Duration *timeout,
                        const char *what) {
  if (check_least_of(interval).ns <= 0)
    check_error(check, interval->mark, "%s is more than 0", what);
  else if (timeout->law.kind != DISTRIBUTION_CONSTANT ||
           timeout->law.a.ns > check_least_of(interval).ns)
    check_error(check, timeout->given ? timeout->mark : interval->mark,
                "'timeout' is one duration, and not longer than %s", what);
}

/* AZ-10.1: Azure takes no probe interval below 5 s. */
static void check_load_balancer(Check *check, const CloudClass *cloud,
                                const LoadBalancerConfig *config) {
  check_probe(check, &config->interval, &config->timeout, "the interval of the health check");
  if (check_least_of(&config->interval).ns < cloud->least_probe_interval.ns) {
    g_autoptr(GString) least = g_string_new(NULL);
    sim_time_append_human(cloud->least_probe_interval, least);
    check_error(check, config->interval.mark, "the interval of the health check is at least %s (%s)",
                least->str, cloud->least_probe_fact);
  }
}

static void check_announcement(Check *check, const ScenarioAnnouncement *announcement) {
  if (announcement->next_hop.text != NULL)
    check_error(check, announcement->next_hop.mark,
                "a load balancer or a script sends to the appliance itself: a next hop in its place "
                "needs `failover: route-server` (AZ-5.13)");
}

static void check_own_gateways(Check *check) {
  const ScenarioBody *body = check->body;
  for (guint i = 0; i < body->route_servers->len; i++) {
    const ScenarioRouteServer *server = body->route_servers->pdata[i];
    for (guint j = 0; j < body->gateways->len; j++) {
      const ScenarioGateway *gateway = body->gateways->pdata[j];
      if (gateway->kind != SCENARIO_INTERNET && gateway->network.text != NULL &&
          g_strcmp0(gateway->network.text, server->network.text) == 0)
        diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, gateway->head.mark,
                        "without a route server nothing tells gateway '%s' what the appliances have: "
                        "what stands behind it does not reach them (AZ-5.3, AWS-8.1)",
                        gateway->head.name);
    }
  }
}

static gboolean is_in_a_network(const ScenarioBody *body, IpAddress address) {
  for (guint i = 0; i < body->networks->len; i++) {
    const ScenarioNetwork *network = body->networks->pdata[i];
    for (guint j = 0; j < network->prefixes->len; j++)
      if (prefix_contains(((PrefixValue *)network->prefixes->pdata[j])->value, address))
        return TRUE;
  }
  return FALSE;
}

static void check_front_ends(Check *check) {
  const ScenarioBody *body = check->body;
  for (guint i = 0; i < body->load_balancers->len; i++) {
    const ScenarioLoadBalancer *balancer = body->load_balancers->pdata[i];
    if (!is_in_a_network(body, balancer->address.value))
      check_error(check, balancer->address.mark, "the front end is in no network");
    for (guint j = 0; j < balancer->members->len; j++)
      check_need(check, "appliance", balancer->members->pdata[j], body->nvas);
  }
}

void check_failover(Check *check) {
  const ScenarioBody *body = check->body;
  check_front_ends(check);
  for (guint i = 0; i < cloud_count(); i++) {
    if (body->load_balancer[i] != NULL)
      check_load_balancer(check, cloud_at(i), body->load_balancer[i]);
    const ApiFailoverConfig *api = body->api_failover[i];
    if (api != NULL)
      check_probe(check, &api->poll, &api->timeout, "the interval of the polls");
  }
  if (body->failover == FAILOVER_ROUTE_SERVER)
    return;
  for (guint i = 0; i < body->nvas->len; i++) {
    const ScenarioNva *nva = body->nvas->pdata[i];
    for (guint j = 0; nva->peers->len > 0 && j < nva->advertise->len; j++)
      check_announcement(check, nva->advertise->pdata[j]);
  }
  check_own_gateways(check);
}
