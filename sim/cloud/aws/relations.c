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
