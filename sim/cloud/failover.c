/* What a load balancer and a script have in common; see the header. */
#include "routesim/cloud/cloud.h"

const TraceKind FAILOVER_TAKEN_OUT = {"taken-out"};
const TraceKind FAILOVER_PUT_BACK = {"put-back"};

const char *const api_triggers[] = {
    [API_TRIGGER_POLL] = "poll", [API_TRIGGER_DEVICE] = "device", NULL};

void failover_record_operator(const CloudTopology *topology, const FailoverConfig *config,
                              guint member, gboolean out) {
  const char *name = g_array_index(config->members, FailoverMember, member).name;
  engine_go_on(topology->engine, out ? &FAILOVER_TAKEN_OUT : &FAILOVER_PUT_BACK, config->name, name,
               0, NULL);
}

const RouteOrigin *failover_origin(const CloudTopology *topology, const FailoverConfig *config,
                                   const RouteTable *table, Prefix prefix) {
  const CloudClass *class = config->class;
  const char *why = NULL;
  RouteView ignored;
  const RouteOrigin *origin = class->failover->written_origin != NULL
                                  ? class->failover->written_origin(topology, table, prefix, &why)
                                  : class->fabric->static_origin;
  if (origin != NULL)
    return route_table_find(table, prefix, origin, &ignored) ? NULL : origin;
  RouteRejection *rejection = arena_new0(topology->arena, RouteRejection);
  *rejection = (RouteRejection){prefix, why};
  engine_record(topology->engine, &CLOUD_REJECTED, config->name, route_table_name(table), 0,
                rejection);
  return NULL;
}
