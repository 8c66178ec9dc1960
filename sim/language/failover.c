/* What stands in place of the route servers: the key `failover` and its two blocks, each with a
 * part for every cloud. */
#include "language_private.h"

#define FRONT(field) G_STRUCT_OFFSET(DesignLoadBalancer, field)

static const KeySpec load_balancer_specs[] = {
    {"address", KEY_ADDRESS, KEY_ONE, FRONT(address), .flags = KEY_REQUIRED,
     .basis = BASIS_DOCUMENTED, .fact = "AZ-5.13",
     .doc = "its front end, which announcements name as their next hop"},
    {"members", KEY_NAME, KEY_LIST, FRONT(members), .flags = KEY_REQUIRED,
     .basis = BASIS_DOCUMENTED, .fact = "AZ-5.14", .doc = "appliances behind it"},
};
const KeyTable scenario_load_balancer_keys =
    KEY_TABLE("load_balancers.*", DesignLoadBalancer, load_balancer_specs);

typedef const KeyTable *(*TableOf)(const CloudClass *cloud);

static const KeyTable *load_balancer_of(const CloudClass *cloud) {
  return cloud->failover->load_balancer_keys;
}
static const KeyTable *api_failover_of(const CloudClass *cloud) {
  return cloud->failover->api_keys;
}

static void tell_unknown(KeyReader *reader, const Node *key, TableOf table_of) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; i < cloud_count(); i++)
    if (table_of(cloud_at(i)) != NULL)
      g_ptr_array_add(names, (gpointer)cloud_at(i)->name);
  g_ptr_array_add(names, NULL);
  g_autofree char *all = g_strjoinv(", ", (char **)names->pdata);
  diagnostics_add(reader->diagnostics, SEVERITY_ERROR, key->mark,
                  "unknown model '%s'; there are: %s", key->text, all);
}

static void read_blocks(KeyReader *reader, const Node *node, TableOf table_of, gpointer *configs) {
  if (node_is_absent(node)) {
    node = NULL;
  } else if (node->kind != NODE_MAPPING) {
    diagnostics_add(reader->diagnostics, SEVERITY_ERROR, node->mark, "expected a mapping, found %s",
                    node_kind_name(node));
    node = NULL;
  }
  for (guint i = 0; node != NULL && i < node->keys->len; i++) {
    const Node *key = node->keys->pdata[i];
    const CloudClass *cloud = cloud_find(key->text);
    if (cloud == NULL || table_of(cloud) == NULL)
      tell_unknown(reader, key, table_of);
  }
  for (guint i = 0; i < cloud_count(); i++) {
    const CloudClass *cloud = cloud_at(i);
    if (table_of(cloud) != NULL)
      configs[i] =
          keys_read(reader, table_of(cloud), node != NULL ? node_get(node, cloud->name) : NULL);
  }
}

void scenario_read_load_balancer(KeyReader *reader, const Node *node, gpointer field) {
  read_blocks(reader, node, load_balancer_of, field);
}

void scenario_read_api_failover(KeyReader *reader, const Node *node, gpointer field) {
  read_blocks(reader, node, api_failover_of, field);
}
