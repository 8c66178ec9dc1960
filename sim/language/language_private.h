/* What the files of the language share. */
#pragma once
#include "routesim/language/scenario.h"
#include "routesim/cloud/failover.h"
#include "routesim/cloud/gateway.h"
#include "routesim/fault/fault.h"
#include "routesim/metric/metric.h"
#include "routesim/nva/nva.h"

/* How far `establish` can plausibly lie to either side, of an appliance and of a site's router. */
#define SCENARIO_ESTABLISH_RANGE                                                                   \
  .low = "350ms", .high = "5700ms",                                                                \
  .why = "D-10: the least and the greatest time until a BIRD's routes were back after a FIN or "   \
         "Cease"

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
/* What a file of traits says is set in the tree. */
void scenario_apply_traits(KeyReader *reader, Node *root, const ScenarioTraits *traits);
/* TRUE, and told at `mark`, where `path` is of what `what` ("a variant") cannot change. */
gboolean scenario_tell_fixed(KeyReader *reader, const char *what, const char *path, Mark mark);
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
/* NULL after an error that is told. */
void scenario_read_fault_kind(KeyReader *reader, const NameRef *name, const FaultKind **kind);
/* What follows from what stands in `failures`. */
void scenario_read_failures(KeyReader *reader, Design *design);
extern const KeyTable scenario_failure_keys;
extern const KeyTable scenario_route_map_keys;
extern const KeyTable scenario_load_balancer_keys;
extern const KeyTable scenario_server_keys, scenario_peer_keys, scenario_nva_keys,
    scenario_gateway_keys, scenario_route_table_keys, scenario_route_keys,
    scenario_announcement_keys, scenario_event_keys, scenario_expect_keys, scenario_measured_keys;
