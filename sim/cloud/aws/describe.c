/* AWS as the aws command line shows it. */
#include "describe.h"

#include <string.h>

/* ---- aws ec2 describe-route-tables ----------------------------------------------------- */

static const char *const route_columns[] = {"Destination", "Target", "State", "Origin"};

typedef struct {
  const CloudTopology *topology;
  const CloudNetwork *network;
  CloudListing *listing;
} RouteListing;

static const char *target_of(const RouteListing *to, const NextHop *hop) {
  if (hop->kind == HOP_LOCAL && hop->network == to->network->network)
    return "local";
  const char *name = cloud_text_hop(to->topology, hop);
  return hop->kind == HOP_LOCAL ? arena_printf(to->topology->arena, "peering with %s", name) : name;
}

/* AWS-5.7, AWS-6.17: a route whose interface is gone, or stands in an instance without power,
 * is a blackhole. */
static const char *state_of(const RouteListing *to, const NextHop *hop) {
  if (hop->kind == HOP_NONE)
    return "blackhole";
  if (hop->kind != HOP_ELEMENT)
    return "active";
  const Element *element = fabric_element_at(to->topology->fabric, hop->address);
  return element != NULL && !net_node_is(element_node(element), NODE_DARK) ? "active" : "blackhole";
}

/* A table holds one route to a prefix: what a better origin hides is not in it (AWS-5.8). */
static void add_route(const RouteView *route, gpointer data) {
  const RouteListing *to = data;
  Arena *arena = to->topology->arena;
  for (guint i = 0; route->active && i < route->hop_count; i++) {
    const char *const cells[] = {cloud_text_prefix(arena, route->prefix),
                                 target_of(to, &route->hops[i]), state_of(to, &route->hops[i]),
                                 route->origin->name};
    cloud_listing_add(arena, to->listing, cells);
  }
}

static void describe_table(const CloudTopology *topology, const RouteTable *table,
                           const CloudNetwork *network, GPtrArray *listings) {
  RouteListing to = {topology, network, NULL};
  GString *title = g_string_new("aws ec2 describe-route-tables: ");
  g_string_append(title, route_table_name(table));
  to.listing = cloud_listing_new(topology->arena, listings, "route-table", route_table_name(table),
                                 NULL, route_columns, G_N_ELEMENTS(route_columns));
  for (guint i = 0; i < network->subnets->len; i++) {
    const CloudSubnet *subnet = network->subnets->pdata[i];
    if (subnet->user_table == NULL || subnet->user_table->table != table)
      continue;
    g_string_append(title, to.listing->names->len == 1 ? " of " : ", ");
    g_string_append(title, subnet->name);
    g_ptr_array_add(to.listing->names, (gpointer)subnet->name);
  }
  to.listing->title = arena_strdup(topology->arena, title->str);
  g_string_free(title, TRUE);
  route_table_foreach(table, add_route, &to);
}

/* ---- aws ec2 get-route-server-routing-database ------------------------------------------- */

/* AWS-1.11. */
static const char *const database_columns[] = {"Prefix",
                                               "AsPaths",
                                               "Med",
                                               "NextHopIp",
                                               "RouteServerEndpointId",
                                               "RouteServerPeerId",
                                               "RouteStatus",
                                               "RouteTableId",
                                               "RouteInstallationStatus",
                                               "RouteInstallationStatusReason"};

typedef struct {
  const CloudTopology *topology;
  const RouteServer *server;
  const RouteServerUnit *unit;
  CloudListing *listing;
} Database;

static gboolean holds(const RouteView *route, const RoutePlan *plan) {
  return plan != NULL && plan->count > 0 && route->hop_count == plan->count &&
         route->hops[0].kind == plan->hops[0].kind &&
         ip_address_equal(route->hops[0].address, plan->hops[0].address);
}

/* Installed or rejected, with a reason; neither while the change is on its way. */
static void installation(const Database *database, const BgpEntry *entry, const RouteTable *table,
                         const char **status, const char **reason) {
  const RoutePlan *plan = route_server_wanted(database->unit, entry->prefix);
  const RouteOrigin *origin = route_server_class(database->server)->origin;
  RouteView route;
  *status = *reason = NULL;
  if (plan != NULL && plan->rejected != NULL) {
    *status = "rejected";
    *reason = plan->rejected;
  } else if (!route_table_find(table, entry->prefix, origin, &route) || !holds(&route, plan)) {
    *reason = aws_routes_are_persisted(database->server)
                  ? "persisted routes are in force (AWS-1.12)"
                  : "on its way to the route table";
  } else if (!route.active) {
    *status = "rejected";
    *reason = "the route table holds a static route to the prefix (AWS-5.8)";
  } else {
    *status = "installed";
  }
}

static void add_candidate(const Database *database, const BgpEntry *entry,
                          const BgpCandidate *candidate) {
  Arena *arena = database->topology->arena;
  const BgpAttributes *attributes = candidate->attributes;
  const gboolean best = bgp_entry_place(entry, candidate->source) == 0;
  const guint tables = route_server_table_count(database->server);
  const char *cells[] = {cloud_text_prefix(arena, entry->prefix),
                         cloud_text_as_path(arena, attributes, " "),
                         attributes->has_med ? arena_printf(arena, "%u", attributes->med) : NULL,
                         cloud_text_address(arena, attributes->next_hop),
                         candidate->endpoint,
                         bgp_peer_remote_name(candidate->source),
                         best ? "in-fib" : "in-rib",
                         NULL,
                         NULL,
                         NULL};
  for (guint i = 0; best && i < tables; i++) {
    const RouteTable *table = route_server_table(database->server, i);
    cells[7] = route_table_name(table);
    installation(database, entry, table, &cells[8], &cells[9]);
    cloud_listing_add(arena, database->listing, cells);
  }
  if (!best || tables == 0)
    cloud_listing_add(arena, database->listing, cells);
}

static void add_entry(const BgpEntry *entry, gpointer data) {
  for (guint i = 0; i < entry->candidates->len; i++)
    add_candidate(data, entry, entry->candidates->pdata[i]);
}

static void describe_database(const CloudTopology *topology, const RouteServer *server,
                              GPtrArray *listings) {
  Database database = {topology, server, route_server_unit(server, 0), NULL};
  const char *title = arena_printf(
      topology->arena, "aws ec2 get-route-server-routing-database: %s (AreRoutesPersisted: %s)",
      route_server_name(server), aws_routes_are_persisted(server) ? "true" : "false");
  database.listing =
      cloud_listing_new(topology->arena, listings, "routing-database", route_server_name(server),
                        title, database_columns, G_N_ELEMENTS(database_columns));
  bgp_foreach(route_server_unit_speaker(database.unit), add_entry, &database);
}

/* A gateway has no subnet here: the one that the model gives it is nothing that people see. */
void aws_describe(const CloudTopology *topology, const GPtrArray *servers, GPtrArray *listings) {
  for (guint i = 0; i < topology->user_tables->len; i++) {
    const CloudUserTable *user = topology->user_tables->pdata[i];
    describe_table(topology, user->table, user->network, listings);
  }
  for (guint i = 0; i < topology->networks->len; i++) {
    const CloudNetwork *network = topology->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const CloudSubnet *subnet = network->subnets->pdata[j];
      if (subnet->user_table == NULL && !g_str_has_suffix(subnet->name, "/GatewaySubnet"))
        describe_table(topology, subnet->tables->pdata[0], network, listings);
    }
  }
  for (guint i = 0; i < servers->len; i++)
    describe_database(topology, servers->pdata[i], listings);
}
