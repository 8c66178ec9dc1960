/* What the files of the language share. */
#pragma once
#include "routesim/language/scenario.h"
#include "routesim/cloud/failover.h"
#include "routesim/cloud/gateway.h"
#include "routesim/fault/fault.h"
#include "routesim/metric/metric.h"
#include "routesim/nva/nva.h"

/* `root` is a whole tree; what is wrong goes to the reader's diagnostics. */
Design *scenario_read_design(KeyReader *reader, const Node *root);
/* Parts of the language that a file of its own reads. */
void scenario_read_route_servers(KeyReader *reader, const Node *node, gpointer field);
void scenario_read_nvas(KeyReader *reader, const Node *node, gpointer field);
/* A copy of `table` with one raw key for each cloud, at `offset`; and such a block as the cloud's
 * `keys` read it (NULL: it has no settings of its own for `thing`, an error where there are). */
const KeyTable *scenario_with_clouds(Arena *arena, const KeyTable *table, gsize offset);
gpointer scenario_read_cloud_block(KeyReader *reader, const CloudClass *cloud, const KeyTable *keys,
                                   const Node *block, const char *thing);
GPtrArray *scenario_read_peers(KeyReader *reader, const NvaSoftware *software, const Node *node);
/* The value is on, off or a duration. */
void scenario_read_forwards(KeyReader *reader, const char *key, const NameRef *name,
                            DesignForwards *forwards);
void scenario_read_gateways(KeyReader *reader, const Node *node, gpointer field);
void scenario_read_circuits(KeyReader *reader, const Node *node, gpointer field);
/* A mapping of names to blocks whose struct has one raw key for each cloud at `offset`. */
GPtrArray *scenario_read_map_with_clouds(KeyReader *reader, const KeyTable *table, gsize offset,
                                         const Node *node);
extern const KeyTable scenario_site_keys, scenario_link_keys, scenario_site_announcement_keys;
void scenario_gateway_keys_foreach(KeyVisit visit, gpointer data);
void scenario_read_load_balancer(KeyReader *reader, const Node *node, gpointer field);
void scenario_read_api_failover(KeyReader *reader, const Node *node, gpointer field);
void scenario_read_events(KeyReader *reader, const Node *node, gpointer field);
/* What follows from what stands in a file: names, and what a cloud has where nothing is said. */
void scenario_complete(KeyReader *reader, Design *design);
/* Bounds and measured values, whose unit the measure tells. */
void scenario_read_bounds(KeyReader *reader, Design *design);
extern const KeyTable scenario_route_map_keys;
extern const KeyTable scenario_load_balancer_keys;
extern const KeyTable scenario_server_keys, scenario_peer_keys, scenario_nva_keys,
    scenario_gateway_keys, scenario_route_table_keys, scenario_route_keys,
    scenario_announcement_keys, scenario_event_keys, scenario_expect_keys, scenario_measured_keys;
