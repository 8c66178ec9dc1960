/* What a load balancer and a script have in common; see the header. */
#include "routesim/cloud/failover.h"

const TraceKind FAILOVER_TAKEN_OUT = {"taken-out"};
const TraceKind FAILOVER_PUT_BACK = {"put-back"};

const char *const failover_methods[] = {[FAILOVER_ROUTE_SERVER] = "route-server",
                                        [FAILOVER_LOAD_BALANCER] = "load-balancer",
                                        [FAILOVER_API] = "api",
                                        NULL};

const char *const api_triggers[] = {
    [API_TRIGGER_POLL] = "poll", [API_TRIGGER_DEVICE] = "device", NULL};

void failover_record_operator(const CloudTopology *topology, const FailoverConfig *config,
                              guint member, gboolean out) {
  const char *name = g_array_index(config->members, FailoverMember, member).name;
  engine_set_cause(topology->engine,
                   engine_record(topology->engine, out ? &FAILOVER_TAKEN_OUT : &FAILOVER_PUT_BACK,
                                 config->name, name, 0, NULL));
}

gboolean failover_user_has_route(const FailoverConfig *config, const RouteTable *table,
                                 Prefix prefix) {
  RouteView ignored;
  return route_table_find(table, prefix, config->class->static_origin, &ignored);
}
