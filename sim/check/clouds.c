/* What each cloud says of appliances, networks, route tables and gateways. */
#include <string.h>

#include "check_private.h"

/* ---- route tables ------------------------------------------------------------------------ */

/* `routes`: the table's own, or those that an event gives it. */
static void check_table(DesignCheck *check, const CloudClass *cloud, const DesignRouteTable *table,
                        const GPtrArray *routes) {
  const Design *design = check->design;
  const DesignGateway *gateway =
      table->gateway.text != NULL ? design_find(design->gateways, table->gateway.text) : NULL;
  if (cloud->checks->table != NULL && design_find(design->networks, table->network.text) != NULL &&
      (gateway == NULL || keys_sound(&gateway->head, "kind")))
    cloud->checks->table(check, table, routes);
}

/* Tables of gateways are a matter of clouds whose gateways have some. */
static void check_gateway_table(DesignCheck *check, const CloudClass *cloud,
                                const DesignRouteTable *table) {
  if (table->gateway.text != NULL && cloud->edges == NULL)
    diagnostics_add(check->reader->diagnostics, SEVERITY_WARNING, table->gateway.mark,
                    "%s has no route tables of gateways%s: ignored under %s", cloud->title,
                    clouds_cite(NULL, check->reader->arena, RULE_GATEWAY_TABLES), cloud->name);
}

static void check_tables_under(DesignCheck *check, const CloudClass *cloud) {
  const Design *design = check->design;
  for (guint i = 0; i < design->route_tables->len; i++) {
    const DesignRouteTable *table = design->route_tables->pdata[i];
    cloud_ask(check, NULL);
    check_gateway_table(check, cloud, table);
    cloud_ask(check, cloud);
    check_table(check, cloud, table, table->routes);
  }
  for (guint i = 0; i < design->events->len; i++) {
    const DesignEvent *event = design->events->pdata[i];
    const DesignRouteTable *table = event->action == EVENT_SET_ROUTES
                                        ? design_find(design->route_tables, event->ends[0])
                                        : NULL;
    if (table != NULL)
      check_table(check, cloud, table, event->routes);
  }
}

/* ---- gateways ---------------------------------------------------------------------------- */

static void check_transit(DesignCheck *check, const CloudClass *cloud,
                          const DesignGateway *gateway) {
  if (gateway->kind != DESIGN_GATEWAY_TRANSIT)
    return;
  if (cloud->edges == NULL) {
    tell_warning(check, gateway->head.mark,
                 "%s has no transit gateway%s: ignored under %s, routes to it drop", cloud->title,
                 clouds_cite(NULL, check->reader->arena, RULE_TRANSIT), cloud->name);
    return;
  }
  if (gateway->configs[cloud_place(cloud)] == NULL) {
    if (keys_sound(&gateway->head, cloud->name))
      tell_error(check, gateway->head.mark,
                 "transit gateway '%s' has no `%s:` block, which names the networks that it joins",
                 gateway->head.name, cloud->name);
    return;
  }
  cloud_ask(check, cloud);
  cloud->edges->check_transit(check, gateway);
  cloud_ask(check, NULL);
}

static void check_nat(DesignCheck *check, const CloudClass *cloud, const DesignGateway *gateway) {
  if (gateway->kind != DESIGN_GATEWAY_NAT || gateway->subnet.text == NULL ||
      design_find_subnet(check->design, gateway->subnet.text, NULL) == NULL)
    return; /* of another kind, or told */
  if (cloud->edges == NULL) {
    tell_warning(check, gateway->head.mark,
                 "under %s a NAT gateway is a property of subnets and nothing that a route names: "
                 "'%s' is ignored there, and a route to it leads to the Internet",
                 cloud->name, gateway->head.name);
    return;
  }
  cloud_ask(check, cloud);
  cloud->edges->check_nat(check, gateway);
  cloud_ask(check, NULL);
}

static void check_under(DesignCheck *check, const CloudClass *cloud) {
  const Design *design = check->design;
  cloud_ask(check, cloud);
  for (guint i = 0; cloud->checks->appliance != NULL && i < design->nvas->len; i++)
    cloud->checks->appliance(check, design->nvas->pdata[i]);
  for (guint i = 0; cloud->checks->network != NULL && i < design->networks->len; i++)
    cloud->checks->network(check, design->networks->pdata[i]);
  check_tables_under(check, cloud);
  cloud_ask(check, NULL);
  for (guint i = 0; i < design->gateways->len; i++) {
    check_transit(check, cloud, design->gateways->pdata[i]);
    check_nat(check, cloud, design->gateways->pdata[i]);
  }
}

void check_clouds(DesignCheck *check) {
  for (guint c = 0; c < cloud_count(); c++)
    if (check->design->models[c])
      check_under(check, cloud_at(c));
}
