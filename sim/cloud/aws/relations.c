/* Who peers with which endpoint, and what has no place. */
#include <string.h>

#include "aws_private.h"

const char aws_table_full[] = "the table has as many propagated routes as it may (AWS-9.7)";

static gboolean is_asked_for(const AwsPeerConfig *asked, const char *name) {
  for (guint i = 0; i < asked->endpoints->len; i++)
    if (strcmp(((NameRef *)asked->endpoints->pdata[i])->text, name) == 0)
      return TRUE;
  return FALSE;
}

gboolean aws_peers_with(const AwsEndpoint *endpoint, const char *subnet,
                        const AwsPeerConfig *asked) {
  if (asked != NULL && asked->endpoints->len > 0)
    return is_asked_for(asked, endpoint->name);
  return strcmp(endpoint->subnet, subnet) == 0;
}

gboolean aws_part_at(const Design *design, const DesignRouteServer *server, gconstpointer config,
                     guint index, CloudPart *part) {
  const GPtrArray *endpoints = ((const AwsConfig *)config)->endpoints;
  (void)server;
  if (index >= endpoints->len)
    return FALSE;
  const AwsEndpoint *endpoint = endpoints->pdata[index];
  const DesignSubnet *subnet = design_find_subnet(design, endpoint->subnet, NULL);
  *part = (CloudPart){endpoint->name, subnet != NULL ? subnet->zone.text : NULL};
  return TRUE;
}

gboolean aws_peers_with_part(gconstpointer config, guint index, const char *subnet,
                             gconstpointer peer_config) {
  return aws_peers_with(((const AwsConfig *)config)->endpoints->pdata[index], subnet, peer_config);
}

static gboolean has_endpoint(const AwsConfig *config, const char *name) {
  for (guint i = 0; i < config->endpoints->len; i++)
    if (strcmp(((AwsEndpoint *)config->endpoints->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean asks_for_unknown(const AwsConfig *config, const AwsPeerConfig *asked) {
  for (guint i = 0; asked != NULL && i < asked->endpoints->len; i++)
    if (!has_endpoint(config, ((NameRef *)asked->endpoints->pdata[i])->text))
      return TRUE;
  return FALSE;
}

guint aws_count_parts(const AwsConfig *config, const char *subnet, const AwsPeerConfig *asked) {
  guint count = 0;
  for (guint i = 0; !asks_for_unknown(config, asked) && i < config->endpoints->len; i++)
    count += aws_peers_with(config->endpoints->pdata[i], subnet, asked);
  return count;
}

const char *aws_refuse_peer(gconstpointer config, const char *subnet, gconstpointer peer_config) {
  if (asks_for_unknown(config, peer_config))
    return "`aws: {endpoints: [...]}` names an endpoint that the route server does not have";
  return aws_count_parts(config, subnet, peer_config) > 0
             ? NULL
             : "no endpoint of the route server stands in the appliance's subnet, and "
               "`aws: {endpoints: [...]}` names none (AWS-2.8)";
}
