/* AWS as the aws command line shows it. */
#include "describe.h"

#include "aws_private.h"
#include "persist.h"

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

/* A table holds one route to a prefix: what a better origin hides is not in it. Facts: AWS-5.8. */
static void add_route(const RouteView *route, gpointer data) {
  const RouteListing *to = data;
  Arena *arena = to->topology->arena;
  for (guint i = 0; route->active && i < route->hop_count; i++) {
    const char *const cells[] = {cloud_text_prefix(arena, route->prefix),
                                 target_of(to, &route->hops[i]),
                                 aws_route_state(to->topology, route), route->origin->name};
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

/* The API names its fields so. Facts: AWS-1.11. */
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
  CloudListing *listing;
} Database;

/* A route is installed or rejected, with a reason; neither while the change is on its way. */
static void add_installation(const RouteInstallation *installation, gpointer data) {
  const Database *database = data;
  Arena *arena = database->topology->arena;
  const BgpAttributes *attributes = installation->attributes;
  const BgpPeer *source = installation->source;
  const char *status = NULL, *reason = installation->reason;
  if (installation->table != NULL && installation->installed)
    status = "installed";
  else if (installation->table != NULL && reason != NULL)
    status = "rejected";
  else if (installation->table != NULL)
    reason = "on its way to the route table";
  else if (installation->passed_over)
    reason = "persisted routes are in force (AWS-1.12)";
  const char *const cells[] = {cloud_text_prefix(arena, installation->prefix),
                               cloud_text_as_path(arena, attributes, " "),
                               attributes->has_med ? arena_printf(arena, "%u", attributes->med)
                                                   : NULL,
                               cloud_text_address(arena, attributes->next_hop),
                               source != NULL ? bgp_peer_local_name(source) : NULL,
                               source != NULL ? bgp_peer_remote_name(source) : NULL,
                               installation->in_fib ? "in-fib" : "in-rib",
                               installation->table,
                               status,
                               reason};
  cloud_listing_add(arena, database->listing, cells);
}

static void describe_database(const CloudTopology *topology, const RouteServer *server,
                              GPtrArray *listings) {
  Database database = {topology, NULL};
  const char *title = arena_printf(
      topology->arena, "aws ec2 get-route-server-routing-database: %s (AreRoutesPersisted: %s)",
      route_server_name(server), aws_routes_are_persisted(server) ? "true" : "false");
  database.listing =
      cloud_listing_new(topology->arena, listings, "routing-database", route_server_name(server),
                        title, database_columns, G_N_ELEMENTS(database_columns));
  route_server_foreach_installation(server, add_installation, &database);
}

/* ---- aws ec2 describe-route-servers, -endpoints, -peers, get-route-server-... ------------- */

static const char *const object_columns[] = {"Object", "Name", "State", "Detail"};

static void add_object(const AwsObject *object, gpointer data) {
  const Database *objects = data;
  const char *const cells[] = {object->kind, object->name, object->state, object->detail};
  cloud_listing_add(objects->topology->arena, objects->listing, cells);
}

static void describe_objects(const CloudTopology *topology, const RouteServer *server,
                             GPtrArray *listings) {
  const char *name = route_server_name(server);
  const char *title = arena_printf(topology->arena, "aws ec2 describe-route-servers: %s", name);
  Database objects = {topology, cloud_listing_new(topology->arena, listings, "objects", name, title,
                                                  object_columns, G_N_ELEMENTS(object_columns))};
  aws_objects(server, add_object, &objects);
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
      if (subnet->user_table == NULL && !subnet->hidden)
        describe_table(topology, subnet->tables->pdata[0], network, listings);
    }
  }
  for (guint i = 0; i < servers->len; i++) {
    describe_objects(topology, servers->pdata[i], listings);
    describe_database(topology, servers->pdata[i], listings);
  }
}

/* ---- monitoring, and what a month costs ------------------------------------------------- */

SimTime aws_alarm_interval(RouteServer *server) {
  const RouteServerConfig *own = route_server_config(server);
  const AwsConfig *config = own->config;
  return cloud_draw_setting(route_server_topology(server), own->name, "aws.alarm_interval",
                            &config->alarm_interval);
}

guint aws_prices(gconstpointer config, CloudPrice *prices) {
  const AwsConfig *own = config;
  prices[0] = (CloudPrice){"route server", 1, 0, "AWS-10.4"};
  prices[1] =
      (CloudPrice){"route server endpoint", own->endpoints->len, own->endpoint_price, "AWS-10.4"};
  return 2;
}
