/* Appliances of a world, what can fail in it, and what appliances announce. */
#include <string.h>

#include "world_private.h"

/* ---- appliances and sites ------------------------------------------------------------------ */

static gboolean session_is_up(const World *world, const char *site, const char *nva) {
  for (guint i = 0; i < world->sessions->len; i++) {
    const WorldSession *session = world->sessions->pdata[i];
    if (strcmp(session->ends[0], site) == 0 && strcmp(session->ends[1], nva) == 0)
      return bgp_peer_state(bgp_session_peer(session->bgp, 1)) == BGP_ESTABLISHED;
  }
  return FALSE;
}

/* What the site announces may be passed on by `nva`: its link is up, and where the site has a
 * router, the session over it. */
static gboolean site_is_near(const World *world, const char *name, const char *nva) {
  const WorldSite *site = world_site(world, name);
  if (site->router != NULL)
    return session_is_up(world, name, nva);
  for (guint i = 0; i < site->links->len; i++)
    if (strcmp(site->link_names->pdata[i], nva) == 0)
      return !net_node_is(site->links->pdata[i], NODE_CUT) &&
             !net_node_is(site->links->pdata[i], NODE_DARK);
  return FALSE;
}

/* Do these two hold their sessions in common, by the word of one of them? */
static gboolean are_synced(const DesignNva *a, const DesignNva *b) {
  const char *of_a = a->state_sync.text, *of_b = b->state_sync.text;
  return (of_a != NULL && strcmp(of_a, b->head.name) == 0) ||
         (of_b != NULL && strcmp(of_b, a->head.name) == 0) ||
         (of_a != NULL && of_b != NULL && strcmp(of_a, of_b) == 0);
}

/* The first name of all that it is synchronised with, also over others; NULL: with none. */
static const char *state_group(const World *world, const DesignNva *config) {
  const GPtrArray *nvas = world->design->nvas;
  g_autofree gboolean *in = g_new0(gboolean, nvas->len);
  gboolean grown = TRUE;
  guint count = 0;
  const char *first = NULL;
  for (guint i = 0; i < nvas->len; i++)
    in[i] = nvas->pdata[i] == config;
  while (grown) {
    grown = FALSE;
    for (guint i = 0; i < nvas->len; i++)
      for (guint j = 0; in[i] && j < nvas->len; j++)
        if (!in[j] && are_synced(nvas->pdata[i], nvas->pdata[j]))
          in[j] = grown = TRUE;
  }
  for (guint i = nvas->len; i-- > 0;)
    if (in[i]) {
      first = ((DesignNva *)nvas->pdata[i])->head.name;
      count++;
    }
  return count > 1 ? first : NULL;
}

static void process_started(gpointer data) { nva_process_started(data); }

static DropReason transit_refusal(const World *world, const DesignNva *config) {
  const CloudClass *cloud = world->cloud;
  return cloud->appliances != NULL
             ? cloud->appliances->transit_refusal(config->configs[cloud_place(cloud)])
             : DROP_NONE;
}

static gboolean next_hop_is_near(gpointer data, IpAddress address) {
  const WorldNva *nva = data;
  return cloud_is_near(nva->topology, nva->subnet->network, address) ||
         (nva->outer != NULL && cloud_is_near(nva->topology, nva->outer->network, address));
}

void world_build_nva(World *world, const DesignNva *config) {
  WorldNva *nva = arena_new0(world->arena, WorldNva);
  nva->config = config;
  nva->topology = &world->topology;
  nva->subnet = cloud_find_subnet(&world->topology, config->subnet.text);
  if (config->interfaces != NULL)
    nva->outer = cloud_find_subnet(&world->topology, config->interfaces->out.text);
  const NvaConfig made = {.design = config,
                          .outer_table = nva->outer != NULL ? nva->outer->tables->pdata[0] : NULL,
                          .tunnels = world_nva_tunnels(world, config),
                          .state_group = state_group(world, config),
                          .network = nva->subnet->network->network,
                          .table = nva->subnet->tables->pdata[0],
                          .reaches = next_hop_is_near,
                          .reaches_data = nva,
                          .refuses_transit = transit_refusal(world, config),
                          .zone =
                              config->zone.text != NULL ? config->zone.text : nva->subnet->zone};
  nva->nva =
      nva_new(world->engine, world->fabric, &made, world->options->seed, world->options->run);
  nva->victim = world_add_victim(world, config->head.name, nva_node(nva->nva),
                                 nva_speaker(nva->nva), config->boot.law);
  nva->victim->crash_forwards = config->crash_forwards;
  nva->victim->stops_silently = config->stop_is_silent;
  nva->victim->process_started = process_started;
  nva->victim->data = nva->nva;
  g_ptr_array_add(world->nvas, nva);
}

static NvaAnnouncement announcement_of(const World *world, const DesignAnnouncement *from,
                                       Prefix prefix) {
  NvaAnnouncement to = {.prefix = prefix,
                        .prepend = (guint)from->prepend,
                        .has_med = from->med >= 0,
                        .med = from->med >= 0 ? (guint32)from->med : 0,
                        .healthy_only = design_is_conditional(from)};
  guint32 *communities = arena_array(world->arena, guint32, from->communities->len + 1);
  for (guint i = 0; i < from->communities->len; i++)
    bgp_community_parse(((NameRef *)from->communities->pdata[i])->text, &communities[i]);
  to.communities = communities;
  to.community_count = from->communities->len;
  const char *hop = from->next_hop.text;
  const Design *design = world->design;
  const DesignLoadBalancer *balancer =
      hop != NULL ? design_find(design->load_balancers, hop) : NULL;
  const DesignNva *named = hop != NULL ? design_find(design->nvas, hop) : NULL;
  if (balancer != NULL)
    to.next_hop = balancer->address.value;
  else if (hop != NULL && !ip_address_parse(hop, &to.next_hop))
    to.next_hop = named->legs[0];
  return to;
}

static Prefix prefix_of(const WorldNva *nva, const DesignAnnouncement *from) {
  Prefix prefix = from->prefix.value;
  if (from->vip.given)
    prefix = nva->config->virtual_address.value;
  return prefix;
}

GArray *world_announcements(const World *world, const WorldNva *nva, const GPtrArray *advertise) {
  GArray *list = g_array_new(FALSE, FALSE, sizeof(NvaAnnouncement));
  for (guint i = 0; i < advertise->len; i++) {
    const DesignAnnouncement *from = advertise->pdata[i];
    if (from->site.text == NULL) {
      for (gint64 j = 0; j < from->count; j++) {
        Prefix prefix = prefix_of(nva, from);
        prefix_following(prefix, (guint64)j, &prefix);
        const NvaAnnouncement announcement = announcement_of(world, from, prefix);
        g_array_append_val(list, announcement);
      }
      continue;
    }
    const DesignSite *site = design_find(world->design->sites, from->site.text);
    g_autoptr(GArray) told = design_site_told(world->design, site, nva_name(nva->nva));
    for (guint j = 0; j < told->len && site_is_near(world, from->site.text, nva_name(nva->nva));
         j++) {
      const NvaAnnouncement announcement =
          announcement_of(world, from, g_array_index(told, DesignTold, j).prefix);
      g_array_append_val(list, announcement);
    }
  }
  return list;
}

/* `scope` tells the lists of an appliance apart: a list of somebody's own is its own scope. */
static void announce_list(World *world, WorldNva *nva, const GPtrArray *scope,
                          const GPtrArray *advertise) {
  g_autoptr(GArray) list = world_announcements(world, nva, advertise);
  nva_announce(nva->nva, scope, (const NvaAnnouncement *)list->data, list->len);
}

static void announce_to_peer(World *world, WorldNva *nva, const DesignPeer *peer) {
  if (design_has_own_list(peer))
    announce_list(world, nva, peer->advertise, peer->advertise);
  for (guint i = 0; i < peer->part_lists->len; i++) {
    const DesignPartList *list = peer->part_lists->pdata[i];
    if (list->cloud == world->cloud)
      announce_list(world, nva, list->advertise, list->advertise);
  }
}

void world_announce(World *world, WorldNva *nva, const GPtrArray *advertise) {
  nva->advertise = advertise;
  announce_list(world, nva, NULL, advertise);
  for (guint i = 0; i < nva->config->peers->len; i++)
    announce_to_peer(world, nva, nva->config->peers->pdata[i]);
  for (guint i = 0; i < nva->config->sites->len; i++) {
    const DesignNvaSite *site = nva->config->sites->pdata[i];
    announce_list(world, nva, site->advertise, site->advertise);
  }
}
