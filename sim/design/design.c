/* What everybody asks of a design: who is where, who leads to whom, and what is told to whom. */
#include <string.h>

#include "routesim/design/design.h"

gpointer design_find(const GPtrArray *blocks, const char *name) {
  for (guint i = 0; i < blocks->len; i++)
    if (strcmp(((BlockHead *)blocks->pdata[i])->name, name) == 0)
      return blocks->pdata[i];
  return NULL;
}

gboolean design_names_hold(const GPtrArray *names, const char *name) {
  for (guint i = 0; i < names->len; i++)
    if (g_strcmp0(((const NameRef *)names->pdata[i])->text, name) == 0)
      return TRUE;
  return FALSE;
}

/* Where the names of a scenario are made. */
static const struct {
  gsize offset;
  const char *key;
} sections[] = {
    {G_STRUCT_OFFSET(Design, networks), "networks"},
    {G_STRUCT_OFFSET(Design, route_servers), "route_servers"},
    {G_STRUCT_OFFSET(Design, nvas), "nvas"},
    {G_STRUCT_OFFSET(Design, sites), "sites"},
    {G_STRUCT_OFFSET(Design, peerings), "peerings"},
    {G_STRUCT_OFFSET(Design, gateways), "gateways"},
    {G_STRUCT_OFFSET(Design, circuits), "circuits"},
    {G_STRUCT_OFFSET(Design, route_tables), "route_tables"},
    {G_STRUCT_OFFSET(Design, load_balancers), "load_balancers"},
    {G_STRUCT_OFFSET(Design, route_maps), "route_maps"},
    {G_STRUCT_OFFSET(Design, traffic), "traffic"},
    {G_STRUCT_OFFSET(Design, probes), "probes"},
};

gboolean design_is_read(const Design *design, const GPtrArray *blocks) {
  for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
    if (G_STRUCT_MEMBER(const GPtrArray *, design, sections[i].offset) == blocks)
      return keys_sound(&design->head, sections[i].key);
  return TRUE;
}

const DesignSiteLink *design_site_link(const Design *design, const DesignSite *site,
                                       const char *name) {
  for (guint i = 0; site->via.links != NULL && i < site->via.links->len; i++) {
    const DesignSiteLink *link = site->via.links->pdata[i];
    const DesignGateway *gateway = design_find(design->gateways, link->head.name);
    if (strcmp(link->head.name, name) == 0 ||
        (gateway != NULL && design_names_hold(gateway->circuits, name)))
      return link;
  }
  return NULL;
}

gboolean design_link_speaks_bgp(const DesignSiteLink *link) {
  return link == NULL || (link->bgp && !link->clients);
}

gboolean design_site_has_router(const Design *design, const DesignSite *site) {
  if (site->via.links != NULL)
    return TRUE;
  for (guint i = 0; i < design->circuits->len; i++)
    if (g_strcmp0(((const DesignCircuit *)design->circuits->pdata[i])->site.text,
                  site->head.name) == 0)
      return TRUE;
  return FALSE;
}

gboolean design_circuit_leads_to(const Design *design, const DesignGateway *gateway,
                                 const DesignSite *site) {
  for (guint i = 0; i < design->circuits->len; i++) {
    const DesignCircuit *circuit = design->circuits->pdata[i];
    if (g_strcmp0(circuit->site.text, site->head.name) == 0 &&
        design_names_hold(gateway->circuits, circuit->head.name))
      return TRUE;
  }
  return FALSE;
}

gboolean design_site_is_behind(const Design *design, const DesignSite *site, const char *network) {
  for (guint i = 0; i < design->gateways->len; i++) {
    const DesignGateway *gateway = design->gateways->pdata[i];
    if (g_strcmp0(gateway->network.text, network) == 0 &&
        (design_names_hold(site->via.names, gateway->head.name) ||
         design_circuit_leads_to(design, gateway, site)))
      return TRUE;
  }
  return FALSE;
}

gboolean design_is_conditional(const DesignAnnouncement *announcement) {
  return announcement->when == DESIGN_ANNOUNCE_HEALTHY ||
         (announcement->vip.given && announcement->vip.when == DESIGN_ANNOUNCE_HEALTHY);
}

gboolean design_has_own_list(const DesignPeer *peer) {
  return peer->head.node != NULL && node_get(peer->head.node, "advertise") != NULL;
}

const GPtrArray *design_list_for(const DesignPeer *peer, const struct CloudClass *cloud,
                                 const char *part) {
  for (guint i = 0; i < peer->part_lists->len; i++) {
    const DesignPartList *list = peer->part_lists->pdata[i];
    if (list->cloud == cloud && strcmp(list->part, part) == 0)
      return list->advertise;
  }
  return design_has_own_list(peer) ? peer->advertise : NULL;
}

/* Is the key `advertise` there, also with an empty list? */
static gboolean design_says_advertise(const BlockHead *head) {
  return head->node != NULL && node_get(head->node, "advertise") != NULL;
}

static void add_list(GArray *told, const GPtrArray *announcements) {
  for (guint i = 0; i < announcements->len; i++) {
    const DesignSiteAnnouncement *how = announcements->pdata[i];
    for (gint64 j = 0; j < how->count; j++) {
      DesignTold one = {.how = how};
      if (prefix_following(how->prefix.value, (guint64)j, &one.prefix))
        g_array_append_val(told, one);
    }
  }
}

GArray *design_site_told(const Design *design, const DesignSite *site, const char *link) {
  GArray *told = g_array_new(FALSE, FALSE, sizeof(DesignTold));
  const DesignSiteLink *said = link != NULL ? design_site_link(design, site, link) : NULL;
  if (said != NULL && design_says_advertise(&said->head))
    add_list(told, said->advertise);
  else if (design_says_advertise(&site->head))
    add_list(told, site->advertise);
  else
    for (guint i = 0; i < site->prefixes->len; i++) {
      const DesignTold one = {((const PrefixValue *)site->prefixes->pdata[i])->value, NULL};
      g_array_append_val(told, one);
    }
  return told;
}
