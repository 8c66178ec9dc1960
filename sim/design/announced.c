/* What appliances announce to route servers, and what sites tell gateways. */
#include <string.h>

#include "routesim/design/design.h"

static void add_site(GArray *announced, const Design *design, const DesignNva *nva,
                     const DesignSite *site, const DesignAnnounced *like) {
  g_autoptr(GArray) told = design_site_told(design, site, nva->head.name);
  for (guint i = 0; i < told->len; i++) {
    DesignAnnounced one = *like;
    one.first = g_array_index(told, DesignTold, i).prefix;
    g_array_append_val(announced, one);
  }
}

static void add_announcement(GArray *announced, const Design *design, const DesignNva *nva,
                             const DesignAnnouncement *announcement) {
  const DesignSite *site =
      announcement->site.text != NULL ? design_find(design->sites, announcement->site.text) : NULL;
  const NameRef *hop = announcement->next_hop.text != NULL ? &announcement->next_hop : NULL;
  const Mark marks[] = {announcement->head.mark, announcement->prefix.mark,
                        announcement->site.mark};
  DesignAnnounced each[G_N_ELEMENTS(marks)];
  for (guint i = 0; i < G_N_ELEMENTS(marks); i++)
    each[i] = (DesignAnnounced){.count = 1,
                                .mark = marks[i],
                                .hop = hop != NULL ? hop->text : nva->head.name,
                                .hop_mark = hop != NULL ? hop->mark : marks[i]};
  if (announcement->vip.given && nva->virtual_address.given) {
    each[0].first = nva->virtual_address.value;
    g_array_append_val(announced, each[0]);
  }
  if (announcement->prefix.given) {
    each[1].first = announcement->prefix.value;
    each[1].count = (guint64)announcement->count;
    g_array_append_val(announced, each[1]);
  }
  if (site != NULL)
    add_site(announced, design, nva, site, &each[2]);
}

GArray *design_announced(const Design *design, const DesignNva *nva, const GPtrArray *list) {
  GArray *announced = g_array_new(FALSE, FALSE, sizeof(DesignAnnounced));
  for (guint i = 0; i < list->len; i++)
    add_announcement(announced, design, nva, list->pdata[i]);
  return announced;
}

/* The longest of the lists that parts of the peer are announced. */
static const GPtrArray *longest_list(const DesignNva *nva, const DesignPeer *peer,
                                     const struct CloudClass *cloud) {
  const GPtrArray *longest = design_has_own_list(peer) ? peer->advertise : nva->advertise;
  for (guint i = 0; i < peer->part_lists->len; i++) {
    const DesignPartList *list = peer->part_lists->pdata[i];
    if (list->cloud == cloud && list->advertise->len > longest->len)
      longest = list->advertise;
  }
  return longest;
}

static void free_peer(gpointer data) {
  DesignServerPeer *peer = data;
  g_array_unref(peer->announced);
  g_free(peer);
}

GPtrArray *design_server_peers(const Design *design, const DesignRouteServer *server,
                               const struct CloudClass *cloud) {
  GPtrArray *peers = g_ptr_array_new_with_free_func(free_peer);
  for (guint i = 0; i < design->nvas->len; i++) {
    const DesignNva *nva = design->nvas->pdata[i];
    const DesignPeer *block = design_find(nva->peers, server->head.name);
    const DesignNetwork *network = NULL, *outer = NULL;
    const DesignSubnet *subnet =
        block != NULL ? design_find_subnet(design, nva->subnet.text, &network) : NULL;
    if (subnet == NULL)
      continue; /* it peers with others, or the error is told */
    if (nva->interfaces != NULL)
      design_find_subnet(design, nva->interfaces->out.text, &outer);
    DesignServerPeer *peer = g_new0(DesignServerPeer, 1);
    *peer = (DesignServerPeer){
        nva,    block, network,
        subnet, outer, design_announced(design, nva, longest_list(nva, block, cloud))};
    g_ptr_array_add(peers, peer);
  }
  return peers;
}

guint64 design_count_announced(const DesignServerPeer *peer) {
  guint64 count = 0;
  for (guint i = 0; i < peer->announced->len; i++)
    count += g_array_index(peer->announced, DesignAnnounced, i).count;
  return count;
}

GArray *design_told_behind(const Design *design, const char *network) {
  GArray *prefixes = g_array_new(FALSE, FALSE, sizeof(Prefix));
  for (guint i = 0; i < design->sites->len; i++) {
    const DesignSite *site = design->sites->pdata[i];
    g_autoptr(GArray) told = design_site_told(design, site, NULL);
    for (guint j = 0; design_site_is_behind(design, site, network) && j < told->len; j++)
      g_array_append_val(prefixes, g_array_index(told, DesignTold, j).prefix);
  }
  return prefixes;
}
