/* What follows from what stands in a file: full names, addresses that are not said, and what a
 * cloud or a kind of appliance makes of its blocks. */
#include <string.h>

#include "language_private.h"
#include "routesim/cloud/design.h"
#include "routesim/net/fabric.h"
#include "routesim/nva/nva.h"

/* Subnets get their full names; the default of `vms` is not for one where no VM may stand. */
static void complete_subnets(KeyReader *reader, Design *design) {
  for (guint i = 0; i < design->networks->len; i++) {
    const DesignNetwork *network = design->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      DesignSubnet *subnet = network->subnets->pdata[j];
      subnet->full_name =
          arena_printf(reader->arena, "%s/%s", network->head.name, subnet->head.name);
      if (cloud_keeps_subnet(design, subnet) && node_get(subnet->head.node, "vms") == NULL)
        subnet->vms = 0;
    }
  }
}

static gboolean has_required_key(const KeyTable *table) {
  for (guint i = 0; i < table->count; i++)
    if (table->keys[i].flags & KEY_REQUIRED)
      return TRUE;
  return FALSE;
}

/* A route server without a block of a cloud is as the cloud makes one, where that needs no word. */
static void complete_servers(KeyReader *reader, Design *design) {
  for (guint i = 0; i < design->route_servers->len; i++) {
    DesignRouteServer *server = design->route_servers->pdata[i];
    for (guint c = 0; c < cloud_count(); c++) {
      const CloudClass *cloud = cloud_at(c);
      if (design->models[c] && server->configs[c] == NULL &&
          keys_sound(&server->head, cloud->name) && keys_sound(&design->head, "models") &&
          !has_required_key(cloud->server->keys))
        server->configs[c] = keys_read(reader, cloud->server->keys, NULL);
    }
  }
}

static gboolean stands_in(const DesignNva *nva, guint leg, const DesignSubnet *subnet) {
  const char *name = leg == 0                  ? nva->subnet.text
                     : nva->interfaces != NULL ? nva->interfaces->out.text
                                               : NULL;
  return g_strcmp0(name, subnet->full_name) == 0;
}

/* Appliances without an address get the first that clouds hand out and nobody was given, in the
 * order of their names; second legs come behind. Where a subnet is too small, the last ones have
 * none. */
static void give_addresses(Design *design, const DesignSubnet *subnet) {
  IpAddress next = subnet->prefix.value.address;
  for (guint leg = 0; leg < 2; leg++)
    for (guint i = 0; i < design->nvas->len; i++) {
      DesignNva *nva = design->nvas->pdata[i];
      if (!stands_in(nva, leg, subnet) || (leg == 0 && nva->address.given))
        continue;
      while (prefix_contains(subnet->prefix.value, next) &&
             (subnet_keeps(subnet->prefix.value, next) || design_is_given(design, next)))
        next = ip_address_add(next, 1);
      if (!prefix_contains(subnet->prefix.value, next))
        return;
      nva->legs[leg] = next;
      next = ip_address_add(next, 1);
    }
}

static void complete_addresses(Design *design) {
  for (guint i = 0; i < design->nvas->len; i++) {
    DesignNva *nva = design->nvas->pdata[i];
    if (nva->address.given)
      nva->legs[0] = nva->address.value;
  }
  for (guint i = 0; i < design->networks->len; i++) {
    const DesignNetwork *network = design->networks->pdata[i];
    for (guint j = 0; j < network->subnets->len; j++) {
      const DesignSubnet *subnet = network->subnets->pdata[j];
      if (subnet->prefix.given)
        give_addresses(design, subnet);
    }
  }
}

/* Peerings get the subnets that each cloud limits them to. */
static void complete_peerings(Design *design) {
  for (guint i = 0; i < design->peerings->len; i++) {
    DesignPeering *peering = design->peerings->pdata[i];
    for (guint c = 0; c < cloud_count(); c++)
      for (guint side = 0; peering->configs[c] != NULL && side < 2; side++) {
        const GPtrArray *names = cloud_at(c)->subnet_peering->subnets(peering->configs[c], side);
        peering->limits[c][side] = names->len > 0 ? names : NULL;
      }
  }
}

/* Appliances get the address that their kind answers for; nothing is known of a kind that could not
 * be read. */
static void complete_appliances(Design *design) {
  for (guint i = 0; i < design->nvas->len; i++) {
    DesignNva *nva = design->nvas->pdata[i];
    const NvaClass *class = nva->kind;
    nva->virtual_address.given =
        class->virtual_address != NULL && keys_sound(&nva->head, "kind") &&
        nva->class_keys != NULL &&
        class->virtual_address(nva->class_keys, &nva->virtual_address.value);
  }
}

/* The ends of links get the places that they name. */
static void complete_links(Design *design) {
  for (guint i = 0; i < design->links->len; i++) {
    DesignLink *link = design->links->pdata[i];
    for (guint j = 0; j < MIN(link->between->len, G_N_ELEMENTS(link->ends)); j++)
      link->ends[j] =
          design_place(design, ((const NameRef *)link->between->pdata[j])->text, DESIGN_PLACES);
  }
}

void scenario_complete(KeyReader *reader, Design *design) {
  complete_subnets(reader, design);
  complete_servers(reader, design);
  complete_peerings(design);
  complete_appliances(design);
  complete_addresses(design);
  complete_links(design);
}
